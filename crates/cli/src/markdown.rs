//! The pages of `docs/` that the program writes itself: `docs/cli.md` and `docs/rules.md`.

use std::fmt::Write as _;

use clap::Command;
use domain::Field;
use reference::{Catalogue, Language};

use crate::command;

/// Said at the top of each page.
const GENERATED: &str =
    "<!-- Written by `cargo xtask generate` from the program itself. Do not edit by hand. -->";

/// The command line, in English with the keys of its JSON, as `docs/cli.md`.
pub(crate) fn commands() -> String {
    let mut root = command::build(&Catalogue::load(Language::En));
    root.build();
    let mut page = format!("{GENERATED}\n\n# The command line\n\n{CONTRACT}\n");
    section(&mut page, &mut root, "mimawari", 2);
    page.push_str(KEYS);
    fields(&mut page);
    page
}

/// Every field that a mapping may name, in both languages.
fn fields(page: &mut String) {
    let (ja, en) = (Catalogue::load(Language::Ja), Catalogue::load(Language::En));
    page.push_str("\n| Field | 日本語 | English |\n|---|---|---|\n");
    for field in Field::ALL {
        let key = format!("field.{}", field.key());
        let _ = writeln!(page, "| `{}` | {} | {} |", field.key(), ja.text(&key), en.text(&key));
    }
}

fn section(page: &mut String, command: &mut Command, path: &str, level: usize) {
    if command.is_hide_set() {
        return;
    }
    let help = command.render_help().to_string();
    let _ = writeln!(page, "{} `{path}`\n\n```text\n{}\n```\n", "#".repeat(level), trimmed(&help));
    let names: Vec<String> =
        command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    for name in names {
        if let Some(sub) = command.find_subcommand_mut(&name) {
            section(page, sub, &format!("{path} {name}"), level + 1);
        }
    }
}

fn trimmed(help: &str) -> String {
    help.trim().lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// Every rule in both languages, as `docs/rules.md`.
pub(crate) fn rules() -> String {
    let mut page = format!("{GENERATED}\n\n# 規則 / Rules\n\n");
    let (ja, en) = (Catalogue::load(Language::Ja), Catalogue::load(Language::En));
    let pairs: Vec<_> = app::rules(&ja).into_iter().zip(app::rules(&en)).collect();
    page.push_str("| | | |\n|---|---|---|\n");
    for (ja, en) in &pairs {
        let _ = writeln!(
            page,
            "| [{}](#{}) | {} | {} |",
            ja.code,
            ja.code.to_lowercase(),
            ja.name,
            en.name
        );
    }
    for (ja, en) in &pairs {
        let _ = writeln!(page, "\n## {}\n", ja.code);
        for (rule, clause, remedy) in [(ja, "根拠", "すること"), (en, "Clause", "What to do")]
        {
            let _ = writeln!(page, "**{}** {}\n", rule.name, rule.why);
            for text in &rule.remedies {
                let _ = writeln!(page, "- {remedy}: {text}");
            }
            let _ = writeln!(page, "- {clause}: {}\n", rule.clause);
        }
    }
    page
}

const CONTRACT: &str = "\
The command line is a contract: scripts depend on it, and it changes only by adding.

- `--json` prints one document to stdout, with stable keys in `snake_case`. Progress and messages go to stderr.
- Exit code 0: done. 1: the input or the state is wrong; the message says what and where. 2: the command line is wrong.
- Days are `YYYY-MM-DD`. Moments are RFC 3339 in UTC. Places are `sheet!row:column#part`, each part only where it is known; rows count from 1.
- Commands work while another one runs; each change waits for its turn.
";

const KEYS: &str = "\
## Keys of `--json`

Every document may gain keys; none changes its meaning. A value that is not known is `null`, never missing and never a guess.

| Command | Keys |
|---|---|
| `import` | `files[] {path, kind, error, encoding, import, already, source, digest, captured_at, captured_from, rows, observations, devices_new, devices_changed, devices_gone, skipped {reason: number}, counts {word: number}, tables[] {sheet, taken_as, header_row, columns[] {header, field}, devices}, warnings[] {place, message}, questions[] {place, message}}`; a refused file has `kind: null` and `error`; the same bytes again, under any name unless `--source` or `--mapping` is given, have `already`, the number of the import that brought it; `captured_from` is `given`, `document`, `file` or `now` |
| `imports` | `imports[] {id, state, file, kind, source, rows, captured_at, imported_at, imported_by, digest, size}`; state is `active` or `undone` |
| `imports undo`, `imports redo` | one object as in `files[]` |
| `devices` | `devices[] {id, asset_number, name, kind, maker, model, os, os_version, software, software_version, location, status, zone, interfaces[] {mac, vendor, addresses[], hostnames[], sightings[] {address, declared, first_seen, last_seen, count}}, declared {field: {value, written, source, place, import}}, observed {same}, lifecycle {stage, eol, eos, product, source, stated_end}}`; stage is `supported`, `limited_support`, `end_of_support` or `unknown` |
| `device` | one object as in `devices[]`, with `aliases[]`, `signs[]`, `observations[] {import, source, file, place, kind, layer, captured_at}`, `findings[]` and `heard[] {said, kind, program, system, machine, import, place}`: what its programs and it itself said of themselves in its newest scans, and what can be read from it |
| `device merge`, `device split`, `device undo` | `{devices_new, devices_changed, devices_gone}` |
| `queue` | `queue[] {one, one_label, other, other_label, link, against, against_key}` |
| `round` | `{date, devices, new[], gone[], standing[], audit_head}` of findings |
| `findings` | `findings[] {key, rule, severity, device_id, subject, title, reason, remedy, evidence[] {import, source, place}, state, decision {state, until, reason, by, at}, lapsed, opened, closed}`; `lapsed` says what was decided and holds no more; severity is `urgent`, `warning`, `notice` or `unknown`; state is `open`, `in_hand`, `accepted`, `mitigated`, `not_affected` or `closed` |
| `decide` | one finding |
| `zones` | `zones[] {name, networks[], kind, probe, devices, medical, unlisted, suggested}` |
| `systems` | `systems[] {name, devices, versions[], departments[], contractors[], jobs[]}` |
| `departments` | `departments[] {name, devices, medical, persons[]}` |
| `lines` | `lines[] {device_id, device, kind, name, description, peer, algorithms[], enabled, contractor, remote_maintenance}`; kind is `line`, `tunnel`, `dial_in`, `remote_access` or, where the ledger alone says so, `remote_maintenance` |
| `ports` | `ports[] {switch_id, switch, port, vlans[], device_ids[], devices[], neighbours[]}` |
| `jobs` | `jobs[] {group, job, runs, failed, last_result, last_run, last_success, generations, medium, off_the_network, last_restore}`; results are `success`, `warning`, `failed`, `unfinished` or `unrecognised`; media are `tape`, `removable`, `disk`, `share` or `cloud` |
| `scans` | `scans[] {source, kind, date, hosts, items {severity: number}, due}` |
| `explain` | `rules[] {code, name, why, clause, remedies[]}`, or one of them |
| `feeds fetch` | `{folder, files[] {name, file, url, state, bytes, resumed, error}}`; state is `fetched`, `unchanged` or `failed`; `resumed` are bytes that were there before; exit code 1 where one failed |
| `feeds fetch --list` | `feeds[] {name, about, changes, usual, verified, files[] {name, file, url}}`; changes is `often`, `daily` or `weekly`; `verified` says whether the address was ever asked |
| `feeds bundle` | `{file, size, made_at, fingerprint, key, key_made, entries[] {name, size, sha256}}` |
| `feeds withdraw` | what is at hand, as `feeds` of `feeds import` |
| `feeds keys` | `keys[] {fingerprint, since, by, newest}`; `newest` is when the newest bundle of it was made |
| `backup create` | `{file, size, chunks, encrypted, replaced, damaged_evidence[], warnings[], backup {format, program, created_at, facility, step, digest, records, bytes, tables {name: number}, facilities[] {id, name, entries, head, broken_at}}}`; `digest` is over all records and the same on every machine |
| `backup verify` | `{file, whole, reason, problem, size, chunks, encrypted, damaged_evidence[], warnings[], backup}`; reason is `damaged`, `truncated`, `passphrase_needed`, `wrong_passphrase`, `newer_format` or `not_a_backup`; exit code 1 where it is not whole |
| `backup restore` | `{file, data, kept_aside, encrypted, damaged_evidence[], warnings[], backup, audit {whole, entries, head, broken_at, problem}}` |
| `audit` | `entries[] {seq, at, actor, act, subject, detail, previous, hash}` |
| `audit verify` | `{whole, entries, head, broken_at, problem}` |

## A mapping for `import --mapping`

A JSON object; each key may be left out. It is remembered for the source.

```json
{\"sheet\": \"機器一覧\", \"header_row\": 3, \"columns\": {\"端末\": \"hostname\", \"備考2\": null}}
```

The fields are these; `null` leaves a column alone.
";
