//! What each column of a device means, and how sure that is.

use domain::{Confidence, Message, VersionRule, Writing, fold, msg};
use notation::cpe::{Cpe, Key};
use notation::purl::{Parts, Purl};

use super::find::{Hit, Kind, Maker, Ready, Row, Settled, Text};
use super::version::{self, Read};
use super::{Named, What, Written};
use crate::advisories::judge::Machine;
use crate::lifecycle::is_nothing;
use crate::lifecycle::token::is_firmware;

/// More programs in one cell than this are no list of programs; the rest of the cell is one name.
const MOST_PROGRAMS: usize = 64;

/// Every column's answer.
pub(super) fn name(ready: &Ready<'_>, written: &Written<'_>) -> Vec<Named> {
    let mut named = Vec::new();
    named.extend(hardware(written));
    let system = system(ready, written);
    if !system.iter().any(|one| one.what == What::Firmware) {
        named.extend(firmware(ready, written, system.is_empty()));
    }
    named.extend(system);
    let machine = machine(written);
    let is_machine =
        |one: &Named| matches!(one.what, What::Hardware | What::Firmware) && one.scheme.is_none();
    for one in named.iter_mut().filter(|one| is_machine(one)) {
        one.machine.clone_from(&machine);
    }
    let programs = programs(written);
    let shared = programs.len() > 1 && programs.iter().all(|(_, version)| version.is_empty());
    for (program, version) in programs {
        let mut found = software(ready, program, version, written.maker);
        if shared && says(written.software_version) {
            found.iter_mut().for_each(|one| ask_whose(one, written.software_version));
        }
        named.extend(found);
    }
    named
}

/// A version in a cell of its own beside several programs is told to each that has none, and given to none.
fn ask_whose(named: &mut Named, version: &str) {
    if named.version.is_none() {
        named.reason =
            msg!("products.version_whose", name = named.name.as_str(), version = version.trim());
    }
}

/// A cell that says something: neither blank, nor "none", nor "not known".
fn says(cell: &str) -> bool {
    // Longer ones say more than that, and need no folding to be seen to.
    const LONGEST: usize = 64;
    let cell = cell.trim();
    let unknown = ["不明", "フメイ", "unknown", "?", "未確認", "要確認"];
    let blank = || is_nothing(cell) || unknown.contains(&domain::fold(cell).as_str());
    !cell.is_empty() && (cell.len() > LONGEST || !blank())
}

/// The machine, where both its maker and its model are written.
fn machine(written: &Written<'_>) -> Option<Machine> {
    let is_whole = says(written.maker) && says(written.model);
    let [maker, model] = [written.maker, written.model].map(|cell| cell.trim().to_owned());
    is_whole.then_some(Machine { maker, model, serial: None })
}

/// The device itself is known by its maker and model only: advisories of makers name it so.
fn hardware(written: &Written<'_>) -> Option<Named> {
    if !says(written.model) {
        return None;
    }
    let maker = if says(written.maker) { written.maker.trim() } else { "" };
    let name = format!("{maker} {}", written.model.trim()).trim().to_owned();
    let reason = msg!("products.hardware", text = name.as_str());
    let text = fold(&name);
    let cells = [name.clone(), String::new()];
    Some(Named { cells, ..by_name(What::Hardware, name, None, reason, text) })
}

/// The answer for a cell and its version's, told what was written there.
fn of_cells(what: What, [name, version]: [&str; 2], named: Vec<Named>) -> Vec<Named> {
    let own = |one: Named| {
        let cells = [name, version].map(str::to_owned);
        Named { writing: Writing { what, ..one.writing }, cells, ..one }
    };
    named.into_iter().map(own).collect()
}

/// The operating system, or the firmware that the OS column names.
fn system(ready: &Ready<'_>, written: &Written<'_>) -> Vec<Named> {
    let os = if says(written.os) { written.os } else { "" };
    let os_version = if says(written.os_version) { written.os_version } else { "" };
    of_cells(What::Os, [os, os_version], system_of(ready, os, os_version, written.maker))
}

pub(super) fn system_of(ready: &Ready<'_>, os: &str, os_version: &str, maker: &str) -> Vec<Named> {
    let text = Text::new(os, os_version);
    if let Some(hit) = ready.find(&text, |row, _| row.is_os()) {
        return meant(ready, &text, hit, maker);
    }
    let rows = ready.by_build(&text);
    let end = text.split.saturating_sub(1);
    if !rows.is_empty() {
        let hit = Hit { rows: rows.clone(), kind: Kind::Full, start: 0, end };
        let settled = match rows.as_slice() {
            [one] => Settled::One(*one),
            _ => Settled::Several(rows, false),
        };
        return answer(ready, &text, &hit, settled, maker);
    }
    if let Some(hit) = ready.find(&text, |_, kind| kind != Kind::Short) {
        return meant(ready, &text, hit, maker);
    }
    if is_firmware(os) {
        return Vec::new();
    }
    vec![unlisted(What::Os, os, os_version)]
}

/// The firmware, by its own cell or by the machine it runs on.
fn firmware(ready: &Ready<'_>, written: &Written<'_>, alone: bool) -> Vec<Named> {
    let own = if says(written.firmware) { written.firmware } else { "" };
    let text = Text::new(own, "");
    if let Some(hit) = ready.find(&text, |row, _| row.is_os()) {
        return of_cells(What::Firmware, [own, ""], meant(ready, &text, hit, written.maker));
    }
    let stated = is_firmware(written.os) && !written.os.trim().is_empty();
    let os_version = if is_firmware(written.os) { written.os_version } else { "" };
    let version = [own, os_version].into_iter().find(|cell| version::bare(cell).is_some());
    let model = Text::new(written.model, version.unwrap_or_default());
    let by_model = ready.find(&model, |row, kind| row.is_firmware() && kind != Kind::Short);
    if let Some(hit) = by_model.filter(|hit| hit.end < model.split)
        && let Some(named) = of_model(ready, &model, hit, written)
    {
        let cells = [written.model, version.unwrap_or_default()];
        let mut named = of_cells(What::Firmware, cells, named);
        // Another maker may use the same model.
        let maker = fold(written.maker);
        named.iter_mut().for_each(|one| one.writing.text.insert_str(0, &maker));
        return named;
    }
    if own.is_empty() && !(stated && alone) {
        return Vec::new();
    }
    let machine =
        [written.maker, written.model].map(|cell| if says(cell) { cell.trim() } else { "" });
    let name = machine.join(" ").trim().to_owned();
    let version = [own, os_version].into_iter().find_map(version::bare);
    let (name, version) = match (name.is_empty(), own.is_empty()) {
        (false, _) => (name, version),
        (true, false) => (own.trim().to_owned(), None),
        (true, true) => (written.os.trim().to_owned(), version),
    };
    let reason = msg!("products.firmware_unlisted", text = name.as_str());
    let text = fold(&version::stem(&name).0);
    let cells = [name.clone(), version.clone().unwrap_or_default()];
    vec![Named { cells, ..by_name(What::Firmware, name, version, reason, text) }]
}

/// The firmware of a model, unless the maker is known to make other things.
fn of_model(ready: &Ready<'_>, text: &Text, hit: Hit, written: &Written<'_>) -> Option<Vec<Named>> {
    let fits = |at: &usize| {
        ready.row(*at).is_some_and(|row| ready.maker(row, written.maker) != Maker::Other)
    };
    let rows: Vec<usize> = hit.rows.iter().copied().filter(fits).collect();
    if rows.is_empty() {
        return None;
    }
    // What follows the model in its own cell is the model's, not a version.
    let hit =
        Hit { rows, kind: if hit.kind == Kind::Full { Kind::Brand } else { hit.kind }, ..hit };
    let hit = Hit { end: text.split.saturating_sub(1), start: 0, ..hit };
    Some(meant(ready, text, hit, written.maker))
}

/// The programs of a cell, each with its version. A version of several programs together is nobody's.
fn programs<'a>(written: &Written<'a>) -> Vec<(&'a str, &'a str)> {
    let cut = |cell: &'a str| -> Vec<&'a str> {
        let parts = cell.splitn(MOST_PROGRAMS, ['、', '，', ';', '；', '\n']).map(str::trim);
        parts.filter(|part| says(part)).collect()
    };
    let (names, versions) = (cut(written.software), cut(written.software_version));
    match names.as_slice() {
        [name] => vec![(*name, written.software_version)],
        names if names.len() == versions.len() => names.iter().copied().zip(versions).collect(),
        names => names.iter().map(|name| (*name, "")).collect(),
    }
}

fn software(ready: &Ready<'_>, program: &str, version: &str, maker: &str) -> Vec<Named> {
    of_cells(What::Software, [program, version], software_of(ready, program, version, maker))
}

pub(super) fn software_of(
    ready: &Ready<'_>,
    program: &str,
    version: &str,
    maker: &str,
) -> Vec<Named> {
    let text = Text::new(program, version);
    if let Some(hit) = ready.find(&text, |row, _| !row.is_os()) {
        return meant(ready, &text, hit, maker);
    }
    // A system in the column of programs counts only where nothing else is said: 電子カルテ(Windows 10版) is no Windows.
    let hit = ready.find(&text, |row, _| row.is_os()).map(|hit| with_tail(&text, hit));
    let alone = |hit: &Hit| {
        let rows = hit.rows.iter().filter_map(|at| ready.row(*at));
        rows.into_iter().all(|row| {
            let scheme = version::scheme(&row.row.scheme);
            let read = version::read(&text, hit.end, &row.row.version, scheme);
            ready.other_words(&text, row, hit, read.range.as_ref()).is_empty()
        })
    };
    if let Some(hit) = hit.filter(alone) {
        return meant(ready, &text, hit, maker);
    }
    vec![unlisted(What::Software, program, version)]
}

/// What no table lists, under its own name.
fn unlisted(what: What, name: &str, version: &str) -> Named {
    let reason = msg!("products.by_name", text = name.trim());
    let text = fold(&version::stem(name).0);
    by_name(what, name.trim().to_owned(), version::bare(version), reason, text)
}

/// What is known by its name alone; `text` is what was written, folded.
fn by_name(
    what: What,
    name: String,
    version: Option<String>,
    reason: Message,
    text: String,
) -> Named {
    Named {
        what,
        name,
        cpes: Vec::new(),
        purl: None,
        version,
        least: None,
        scheme: None,
        confidence: Confidence::Candidate,
        reason,
        writing: Writing { what, text },
        cells: Default::default(),
        machine: None,
        is_banner: false,
        said: None,
        before: Vec::new(),
    }
}

/// The products that a writing in `text` means.
fn meant(ready: &Ready<'_>, text: &Text, hit: Hit, maker: &str) -> Vec<Named> {
    let hit = with_tail(text, hit);
    let settled = ready.settle(&hit, text);
    answer(ready, text, &hit, settled, maker)
}

fn answer(ready: &Ready<'_>, text: &Text, hit: &Hit, settled: Settled, maker: &str) -> Vec<Named> {
    let shown = text.shown.as_str();
    let names = |rows: &[usize]| -> Vec<&str> {
        rows.iter().filter_map(|at| Some(ready.row(*at)?.row.name.as_str())).collect()
    };
    match settled {
        Settled::One(at) => {
            ready.row(at).map(|row| one(ready, text, row, hit, maker, None)).into_iter().collect()
        }
        Settled::Several(rows, by_release) => {
            let names = names(&rows);
            let reason = if by_release {
                msg!("products.ask_release", text = shown, names = names)
            } else {
                msg!("products.ask_product", text = shown, names = names)
            };
            let rows = rows.iter().filter_map(|at| ready.row(*at));
            let candidate = |row| Named {
                confidence: Confidence::Candidate,
                reason: reason.clone(),
                ..one(ready, text, row, hit, maker, None)
            };
            rows.map(candidate).collect()
        }
        Settled::Unlisted(rows) => {
            let what = rows.first().and_then(|at| ready.row(*at)).map_or(What::Software, what);
            let reason = msg!("products.release_unlisted", text = shown, names = names(&rows));
            vec![by_name(what, shown.to_owned(), None, reason, fold(shown))]
        }
    }
}

/// The rest of a model belongs to it: the `60E` of `FortiGate-60E` is no version.
pub(super) fn with_tail(text: &Text, hit: Hit) -> Hit {
    let rest = text.folded.get(hit.end..).unwrap_or_default();
    if !matches!(hit.kind, Kind::Brand | Kind::Model) || !rest.starts_with('-') {
        return hit;
    }
    Hit { end: hit.end + rest.find(char::is_whitespace).unwrap_or(rest.len()), ..hit }
}

pub(super) fn what(row: &Row<'_>) -> What {
    match (row.is_os(), row.is_firmware()) {
        (true, true) => What::Firmware,
        (true, false) => What::Os,
        (false, _) => What::Software,
    }
}

/// One row, with what was written of its version; `said` where a person said that it is meant.
pub(super) fn one(
    ready: &Ready<'_>,
    text: &Text,
    row: &Row<'_>,
    hit: &Hit,
    maker: &str,
    said: Option<&Message>,
) -> Named {
    let scheme = version::scheme(&row.row.scheme);
    let read = version::read(text, hit.end, &row.row.version, scheme);
    let (confidence, reason) = match said {
        Some(said) => judge_said(row, &read, said),
        None => judge(ready, text, row, hit, &read, maker),
    };
    let what = what(row);
    // Where several products share what is written, the version may be what tells which.
    let writing = match hit.rows.len() > 1 || !row.row.releases.is_empty() {
        true => fold(&text.folded),
        false => fold(&text.name_without(read.range.as_ref())),
    };
    Named {
        what,
        name: row.row.name.clone(),
        cpes: row.row.names.iter().filter_map(|name| cpe(row, name, &read)).collect(),
        purl: row
            .row
            .purl
            .as_deref()
            .and_then(|purl| with_version(purl, read.version.as_deref().filter(|_| !read.coarse))),
        version: read.whole.or(read.version),
        least: None,
        scheme: Some(scheme),
        confidence,
        reason,
        writing: Writing { what, text: writing },
        cells: Default::default(),
        machine: None,
        is_banner: false,
        said: None,
        before: Vec::new(),
    }
}

/// How sure it is that `row` is meant, and why; the greatest doubt is told.
fn judge(
    ready: &Ready<'_>,
    text: &Text,
    row: &Row<'_>,
    hit: &Hit,
    read: &Read,
    maker: &str,
) -> (Confidence, Message) {
    let name = row.row.name.as_str();
    let shown = text.shown.as_str();
    let words = ready.other_words(text, row, hit, read.range.as_ref());
    let sure_of_maker = hit.kind != Kind::Model || ready.maker(row, maker) == Maker::Fits;
    if row.row.names.is_empty() {
        (Confidence::Candidate, msg!("products.not_in_nvd", name = name))
    } else if !words.is_empty() {
        (Confidence::Candidate, msg!("products.words", text = shown, name = name, words = words))
    } else if !sure_of_maker {
        (Confidence::Candidate, msg!("products.maker", text = shown, name = name))
    } else if let Some(doubt) = doubt_of_version(name, read) {
        (Confidence::Likely, doubt)
    } else if let Some(rest) = &read.rest {
        (Confidence::Likely, msg!("products.version_rest", text = shown, name = name, rest = rest))
    } else if hit.kind == Kind::Short {
        (Confidence::Likely, msg!("products.short", text = shown, name = name))
    } else if matches!(hit.kind, Kind::Brand | Kind::Model) {
        (Confidence::Likely, msg!("products.model", text = shown, name = name))
    } else {
        (Confidence::Exact, msg!("products.exact", text = shown, name = name))
    }
}

/// The same where a person said that it is meant: what is left to doubt is the version, and whether advisories have a name for it.
fn judge_said(row: &Row<'_>, read: &Read, said: &Message) -> (Confidence, Message) {
    let name = row.row.name.as_str();
    if row.row.names.is_empty() && row.row.purl.is_none() {
        return (Confidence::Likely, msg!("products.not_in_nvd", name = name));
    }
    match doubt_of_version(name, read) {
        Some(doubt) => (Confidence::Likely, doubt),
        None => (Confidence::Exact, said.clone()),
    }
}

/// Why the version of the product is not known.
fn doubt_of_version(name: &str, read: &Read) -> Option<Message> {
    match (&read.unread, &read.version) {
        (Some(unread), _) => Some(msg!("products.version_unread", name = name, version = unread)),
        (None, None) => Some(msg!("products.version_missing", name = name)),
        (None, Some(version)) if read.coarse => {
            Some(msg!("products.version_coarse", name = name, version = version))
        }
        _ => None,
    }
}

/// The CPE name of a row: `vendor:product`, or `vendor:product@version` where the version is the name's.
fn cpe(row: &Row<'_>, name: &str, read: &Read) -> Option<Cpe> {
    let (name, own) = name.split_once('@').map_or((name, None), |(name, own)| (name, Some(own)));
    let (vendor, product) = name.split_once(':')?;
    let mut cpe = Cpe::default()
        .with_plain(Key::Part, row.row.part.key())
        .and_then(|cpe| cpe.with_plain(Key::Vendor, vendor))
        .and_then(|cpe| cpe.with_plain(Key::Product, product))
        .ok()?;
    // A line of versions is no version: 118 would stand before 118.0.5993.
    let whole = row.row.version != VersionRule::Beside && !read.coarse;
    let written = read.version.as_deref().filter(|_| whole);
    for (key, value) in [(Key::Version, own.or(written)), (Key::Update, read.update.as_deref())] {
        if let Some(value) = value {
            cpe = cpe.with_plain(key, value).ok()?;
        }
    }
    Some(cpe)
}

fn with_version(purl: &str, version: Option<&str>) -> Option<Purl> {
    let purl: Purl = purl.parse().ok()?;
    Purl::build(&Parts {
        kind: purl.kind(),
        namespace: purl.namespace(),
        name: purl.name(),
        version,
        ..Parts::default()
    })
    .ok()
}
