//! The command line: one place for the name, the help and the parsing of every command and option.
//!
//! The help stands in the texts under `cli.COMMAND…`; this file names the keys.

use clap::builder::NonEmptyStringValueParser;
use clap::{Arg, ArgAction, Command, value_parser};
use domain::{FindingState, Probe, Role, Severity, ZoneKind};
use reference::Catalogue;

use crate::time;

mod changes;
mod inquiries;
mod notices;
mod parts;
mod products;
mod vex;
mod weaknesses;

/// The whole command line, speaking the language of `texts`.
pub(crate) fn build(texts: &Catalogue) -> Command {
    let t = |key: &str| texts.text(key).into_owned();
    let commands = [
        serve(&t),
        import(&t),
        imports(&t),
        devices(&t),
        device(&t),
        queue(&t),
        findings(&t),
        decide(&t),
        zones(&t),
        list("systems", t("cli.systems.about"), &t),
        list("departments", t("cli.departments.about"), &t),
        list("lines", t("cli.lines.about"), &t),
        list("ports", t("cli.ports.about"), &t),
        list("jobs", t("cli.jobs.about"), &t),
        list("scans", t("cli.scans.about"), &t),
        round(&t),
        explain(&t),
        feeds(&t),
        match_parts(&t),
        parts::build(&t),
        weaknesses::build(&t),
        products::build(&t),
        vex::vex(&t),
        inquiries::build(&t),
        changes::build(&t),
        notices::build(&t),
        backup(&t),
        audit(&t),
        user(&t),
        help(&t),
    ];
    let root = Command::new("mimawari")
        .version(env!("CARGO_PKG_VERSION"))
        .about(t("cli.about"))
        .after_help(t("cli.first_steps"))
        .disable_help_subcommand(true)
        .subcommands(commands);
    global_options(dress(root, texts), &t)
}

/// Gives a command and all below it headings in the language of `texts`, and our own help option.
fn dress(command: Command, texts: &Catalogue) -> Command {
    let t = |key: &str| texts.text(key).into_owned();
    let names: Vec<String> =
        command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    let has_version = command.get_version().is_some();
    let template = format!(
        "{{about-with-newline}}\n{}\n  {{usage}}\n\n{{all-args}}{{after-help}}",
        texts.text("cli.heading_usage")
    );
    let mut command = command
        .disable_help_flag(true)
        .disable_version_flag(true)
        .help_template(template)
        .subcommand_help_heading(t("cli.heading_commands"))
        .subcommand_value_name(t("cli.value_command"))
        .next_help_heading(t("cli.heading_options"))
        .mut_args(|arg| {
            let heading =
                if arg.is_positional() { "cli.heading_arguments" } else { "cli.heading_options" };
            arg.help_heading(texts.text(heading).into_owned())
        })
        .arg(
            Arg::new("help")
                .long("help")
                .short('h')
                .action(ArgAction::Help)
                .help(t("cli.help_option")),
        );
    if has_version {
        command = command.arg(
            Arg::new("version")
                .long("version")
                .short('V')
                .action(ArgAction::Version)
                .help(t("cli.version_option")),
        );
    }
    names
        .into_iter()
        .fold(command, |command, name| command.mut_subcommand(name, |sub| dress(sub, texts)))
}

fn global_options(command: Command, t: &dyn Fn(&str) -> String) -> Command {
    let heading = t("cli.heading_global");
    let global = |arg: Arg| arg.global(true).help_heading(heading.clone()).display_order(100);
    command
        .arg(global(
            Arg::new("data")
                .long("data")
                .value_name(t("cli.value_folder"))
                .default_value("./mimawari-data")
                .hide_default_value(true)
                .value_parser(value_parser!(std::path::PathBuf))
                .help(t("cli.data")),
        ))
        .arg(global(
            Arg::new("facility")
                .long("facility")
                .value_name(t("cli.value_name"))
                .default_value("main")
                .hide_default_value(true)
                .help(t("cli.facility")),
        ))
        .arg(global(
            Arg::new("lang")
                .long("lang")
                .value_name("ja|en")
                .value_parser(["ja", "en"])
                .hide_possible_values(true)
                .help(t("cli.lang")),
        ))
        .arg(global(Arg::new("json").long("json").action(ArgAction::SetTrue).help(t("cli.json"))))
}

type Texts<'t> = &'t dyn Fn(&str) -> String;

fn serve(t: Texts<'_>) -> Command {
    let file = |name: &'static str, help: &str| {
        Arg::new(name)
            .long(name)
            .value_name(t("cli.value_file"))
            .value_parser(value_parser!(std::path::PathBuf))
            .help(t(help))
    };
    Command::new("serve")
        .about(t("cli.serve.about"))
        .after_help(t("cli.serve.examples"))
        .arg(
            Arg::new("listen")
                .long("listen")
                .value_name("127.0.0.1:8080")
                .value_parser(value_parser!(std::net::SocketAddr))
                .help(t("cli.serve.listen")),
        )
        .arg(file("certificate", "cli.serve.certificate").requires("key"))
        .arg(file("key", "cli.serve.key").requires("certificate"))
        .arg(Arg::new("database").long("database").value_name("URL").help(t("cli.serve.database")))
        .arg(flag("demo").help(t("cli.serve.demo")))
        .arg(file("log-file", "cli.serve.log_file"))
        .arg(
            Arg::new("log-keep")
                .long("log-keep")
                .value_name("N")
                .value_parser(value_parser!(u32).range(1..=1000))
                .default_value("5")
                .help(t("cli.serve.log_keep")),
        )
        .arg(
            Arg::new("log-format")
                .long("log-format")
                .value_name("text|json")
                .value_parser(["text", "json"])
                .default_value("text")
                .hide_possible_values(true)
                .help(t("cli.serve.log_format")),
        )
        .arg(Arg::new("syslog").long("syslog").value_name("URL").help(t("cli.serve.syslog")))
}

fn user(t: Texts<'_>) -> Command {
    let login = || {
        Arg::new("login")
            .value_name(t("cli.value_login"))
            .required(true)
            .value_parser(NonEmptyStringValueParser::new())
            .help(t("cli.user.login"))
    };
    Command::new("user")
        .about(t("cli.user.about"))
        .subcommand(
            Command::new("add")
                .about(t("cli.user.add"))
                .arg(login())
                .arg(
                    Arg::new("name")
                        .long("name")
                        .value_name(t("cli.value_name"))
                        .help(t("cli.user.name")),
                )
                .arg(
                    Arg::new("role")
                        .long("role")
                        .value_name("administrator|operator|clinical_engineer|executive|inspector")
                        .default_value(Role::Operator.key())
                        .value_parser(keys(Role::ALL.iter().map(|role| role.key())))
                        .hide_possible_values(true)
                        .help(t("cli.user.role")),
                )
                .arg(
                    Arg::new("until")
                        .long("until")
                        .value_name(t("cli.value_date"))
                        .value_parser(time::parse_date)
                        .help(t("cli.user.until")),
                ),
        )
        .subcommand(Command::new("reset").about(t("cli.user.reset")).arg(login()))
}

fn import(t: Texts<'_>) -> Command {
    Command::new("import")
        .about(t("cli.import.about"))
        .after_help(t("cli.import.examples"))
        .arg(
            Arg::new("files")
                .value_name(t("cli.value_file"))
                .num_args(1..)
                .value_parser(value_parser!(std::path::PathBuf))
                .required_unless_present("demo")
                .conflicts_with("demo")
                .help(t("cli.import.files")),
        )
        .arg(flag("demo").help(t("cli.import.demo")))
        .arg(flag("dry-run").help(t("cli.import.dry_run")))
        .arg(
            Arg::new("captured-at")
                .long("captured-at")
                .value_name(t("cli.value_time"))
                .value_parser(time::parse_timestamp)
                .help(t("cli.import.captured_at")),
        )
        .arg(
            Arg::new("mapping")
                .long("mapping")
                .value_name(t("cli.value_file"))
                .value_parser(value_parser!(std::path::PathBuf))
                .help(t("cli.import.mapping")),
        )
        .arg(
            Arg::new("source")
                .long("source")
                .value_name(t("cli.value_name"))
                .value_parser(NonEmptyStringValueParser::new())
                .help(t("cli.import.source")),
        )
}

fn imports(t: Texts<'_>) -> Command {
    let number = || {
        Arg::new("id")
            .value_name(t("cli.value_number"))
            .required(true)
            .value_parser(value_parser!(u32))
            .help(t("cli.imports.id"))
    };
    Command::new("imports")
        .about(t("cli.imports.about"))
        .subcommand(Command::new("undo").about(t("cli.imports.undo")).arg(number()))
        .subcommand(Command::new("redo").about(t("cli.imports.redo")).arg(number()))
}

fn devices(t: Texts<'_>) -> Command {
    Command::new("devices")
        .about(t("cli.devices.about"))
        .arg(
            Arg::new("search")
                .value_name(t("cli.value_words"))
                .num_args(0..)
                .help(t("cli.devices.search")),
        )
        .arg(csv_flag(t))
}

fn device(t: Texts<'_>) -> Command {
    let device = |name: &'static str| {
        Arg::new(name).value_name(t("cli.value_device")).required(true).help(t("cli.device.name"))
    };
    Command::new("device")
        .about(t("cli.device.about"))
        .after_help(t("cli.device.examples"))
        .args_conflicts_with_subcommands(true)
        .subcommand_negates_reqs(true)
        .arg(device("device"))
        .subcommand(
            Command::new("merge")
                .about(t("cli.device.merge"))
                .arg(device("one"))
                .arg(device("other")),
        )
        .subcommand(
            Command::new("apart")
                .about(t("cli.device.apart"))
                .arg(device("one"))
                .arg(device("other")),
        )
        .subcommand(
            Command::new("split").about(t("cli.device.split")).arg(device("device")).arg(
                Arg::new("signs")
                    .value_name(t("cli.value_sign"))
                    .num_args(1..)
                    .required(true)
                    .help(t("cli.device.signs")),
            ),
        )
        .subcommand(Command::new("undo").about(t("cli.device.undo")))
}

fn queue(t: Texts<'_>) -> Command {
    Command::new("queue").about(t("cli.queue.about")).arg(csv_flag(t))
}

fn findings(t: Texts<'_>) -> Command {
    Command::new("findings")
        .about(t("cli.findings.about"))
        .arg(
            Arg::new("rule")
                .long("rule")
                .value_name(t("cli.value_code"))
                .help(t("cli.findings.rule")),
        )
        .arg(
            Arg::new("severity")
                .long("severity")
                .value_name("urgent|warning|notice|unknown")
                .value_parser(keys(Severity::ALL.iter().map(|severity| severity.key())))
                .hide_possible_values(true)
                .help(t("cli.findings.severity")),
        )
        .arg(flag("all").help(t("cli.findings.all")))
        .arg(csv_flag(t))
}

fn decide(t: Texts<'_>) -> Command {
    Command::new("decide")
        .about(t("cli.decide.about"))
        .after_help(t("cli.decide.examples"))
        .arg(
            Arg::new("finding")
                .value_name(t("cli.value_finding"))
                .required(true)
                .help(t("cli.decide.finding")),
        )
        .arg(
            Arg::new("state")
                .long("state")
                .value_name("open|in_hand|accepted|mitigated|not_affected")
                .required(true)
                .value_parser(keys(
                    FindingState::ALL
                        .iter()
                        .filter(|s| **s != FindingState::Closed)
                        .map(|s| s.key()),
                ))
                .hide_possible_values(true)
                .help(t("cli.decide.state")),
        )
        .arg(
            Arg::new("until")
                .long("until")
                .value_name(t("cli.value_date"))
                .value_parser(time::parse_date)
                .help(t("cli.decide.until")),
        )
        .arg(
            Arg::new("reason")
                .long("reason")
                .value_name(t("cli.value_text"))
                .required(true)
                .help(t("cli.decide.reason")),
        )
}

fn zones(t: Texts<'_>) -> Command {
    let name = || {
        Arg::new("name")
            .value_name(t("cli.value_name"))
            .required(true)
            .value_parser(NonEmptyStringValueParser::new())
            .help(t("cli.zones.name"))
    };
    Command::new("zones")
        .about(t("cli.zones.about"))
        .arg(csv_flag(t))
        .subcommand(
            Command::new("set")
                .about(t("cli.zones.set"))
                .arg(name())
                .arg(
                    Arg::new("networks")
                        .value_name("CIDR")
                        .num_args(1..)
                        .required(true)
                        .value_parser(|text: &str| text.parse::<domain::Network>())
                        .help(t("cli.zones.networks")),
                )
                .arg(
                    Arg::new("kind")
                        .long("kind")
                        .value_name(t("cli.value_kind"))
                        .default_value(ZoneKind::Unclassified.key())
                        .value_parser(keys(ZoneKind::ALL.iter().map(|kind| kind.key())))
                        .help(t("cli.zones.kind")),
                )
                .arg(
                    Arg::new("probe")
                        .long("probe")
                        .value_name("passive|gentle|normal")
                        .default_value(Probe::Passive.key())
                        .value_parser(keys(Probe::ALL.iter().map(|probe| probe.key())))
                        .hide_possible_values(true)
                        .help(t("cli.zones.probe")),
                ),
        )
        .subcommand(Command::new("remove").about(t("cli.zones.remove")).arg(name()))
}

/// A command that prints one list.
fn list(name: &'static str, about: String, t: Texts<'_>) -> Command {
    Command::new(name).about(about).arg(csv_flag(t))
}

fn round(t: Texts<'_>) -> Command {
    Command::new("round").about(t("cli.round.about")).arg(
        Arg::new("date")
            .long("date")
            .value_name("YYYY-MM-DD")
            .value_parser(time::parse_date)
            .help(t("cli.round.date")),
    )
}

fn explain(t: Texts<'_>) -> Command {
    Command::new("explain")
        .about(t("cli.explain.about"))
        .arg(Arg::new("code").value_name(t("cli.value_code")).help(t("cli.explain.code")))
        .arg(flag("markdown").hide(true))
}

fn feeds(t: Texts<'_>) -> Command {
    let path = |name: &'static str, value: &str, help: &str| {
        let parser = value_parser!(std::path::PathBuf);
        Arg::new(name).value_name(t(value)).required(true).value_parser(parser).help(t(help))
    };
    let import = Command::new("import")
        .about(t("cli.feeds.import"))
        .after_help(t("cli.feeds.import_examples"))
        .arg(path("files", "cli.value_file", "cli.feeds.files").num_args(1..))
        .arg(
            Arg::new("trust")
                .long("trust")
                .value_name(t("cli.value_fingerprint"))
                .value_parser(NonEmptyStringValueParser::new())
                .help(t("cli.feeds.trust")),
        )
        .arg(flag("allow-older").help(t("cli.feeds.allow_older")));
    let fetch = Command::new("fetch")
        .about(t("cli.feeds.fetch"))
        .after_help(t("cli.feeds.fetch_examples"))
        .arg(
            path("folder", "cli.value_folder", "cli.feeds.folder")
                .required(false)
                .required_unless_present("list"),
        )
        .arg(
            Arg::new("only")
                .long("only")
                .value_name(t("cli.value_name"))
                .action(ArgAction::Append)
                .value_parser(NonEmptyStringValueParser::new())
                .help(t("cli.feeds.only")),
        )
        .arg(flag("list").help(t("cli.feeds.list")));
    let bundle = Command::new("bundle")
        .about(t("cli.feeds.bundle"))
        .after_help(t("cli.feeds.bundle_examples"))
        .arg(path("out", "cli.value_file", "cli.feeds.out"))
        .arg(path("files", "cli.value_file", "cli.feeds.bundle_files").num_args(1..))
        .arg(path("key", "cli.value_file", "cli.feeds.key").long("key"));
    let fingerprint = Arg::new("fingerprint")
        .value_name(t("cli.value_fingerprint"))
        .required(true)
        .help(t("cli.feeds.forget_fingerprint"));
    let keys = Command::new("keys")
        .about(t("cli.feeds.keys"))
        .subcommand(Command::new("forget").about(t("cli.feeds.forget")).arg(fingerprint));
    let withdraw = Command::new("withdraw").about(t("cli.feeds.withdraw"));
    Command::new("feeds")
        .about(t("cli.feeds.about"))
        .after_help(t("cli.feeds.examples"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([import, status_of_feeds(t), fetch, bundle, keys, withdraw])
}

fn status_of_feeds(t: Texts<'_>) -> Command {
    Command::new("status").about(t("cli.feeds.status")).arg(csv_flag(t))
}

fn match_parts(t: Texts<'_>) -> Command {
    Command::new("match")
        .about(t("cli.match.about"))
        .after_help(t("cli.match.examples"))
        .arg(
            Arg::new("files")
                .value_name("SBOM")
                .num_args(1..)
                .required(true)
                .value_parser(value_parser!(std::path::PathBuf))
                .help(t("cli.match.files")),
        )
        .arg(
            Arg::new("feeds")
                .long("feeds")
                .value_name(t("cli.value_file"))
                .value_parser(value_parser!(std::path::PathBuf))
                .help(t("cli.match.feeds")),
        )
        .arg(csv_flag(t))
}

fn backup(t: Texts<'_>) -> Command {
    let file = |name: &'static str, help: &str| {
        Arg::new(name)
            .value_name(t("cli.value_file"))
            .value_parser(value_parser!(std::path::PathBuf))
            .help(t(help))
    };
    let passphrase =
        || file("passphrase-file", "cli.backup.passphrase_file").long("passphrase-file");
    let create = Command::new("create")
        .about(t("cli.backup.create"))
        .arg(file("out", "cli.backup.out"))
        .arg(passphrase())
        .arg(flag("encrypt").help(t("cli.backup.encrypt")))
        .arg(flag("force").help(t("cli.backup.force_create")))
        .arg(flag("in-data-folder").help(t("cli.backup.in_data_folder")));
    let verify = Command::new("verify")
        .about(t("cli.backup.verify"))
        .arg(file("file", "cli.backup.file").required(true))
        .arg(passphrase());
    let restore = Command::new("restore")
        .about(t("cli.backup.restore"))
        .arg(file("file", "cli.backup.file").required(true))
        .arg(passphrase())
        .arg(flag("force").help(t("cli.backup.force_restore")));
    Command::new("backup")
        .about(t("cli.backup.about"))
        .after_help(t("cli.backup.examples"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([create, verify, restore])
}

fn audit(t: Texts<'_>) -> Command {
    Command::new("audit")
        .about(t("cli.audit.about"))
        .arg(
            Arg::new("last")
                .long("last")
                .value_name(t("cli.value_count"))
                .default_value("20")
                .value_parser(value_parser!(u64))
                .help(t("cli.audit.last")),
        )
        .subcommand(
            Command::new("verify").about(t("cli.audit.verify")).arg(
                Arg::new("head")
                    .long("head")
                    .value_name("SHA-256")
                    .action(ArgAction::Append)
                    .value_parser(|text: &str| text.parse::<domain::Digest>())
                    .help(t("cli.audit.head")),
            ),
        )
}

fn help(t: Texts<'_>) -> Command {
    Command::new("help")
        .about(t("cli.help.about"))
        .arg(
            Arg::new("command")
                .value_name(t("cli.value_command"))
                .num_args(0..)
                .help(t("cli.help.command")),
        )
        .arg(flag("markdown").hide(true))
        .arg(Arg::new("page").long("page").value_parser(["api", "openapi", "roles"]).hide(true))
}

fn flag(name: &'static str) -> Arg {
    Arg::new(name).long(name).action(ArgAction::SetTrue)
}

fn csv_flag(t: Texts<'_>) -> Arg {
    flag("csv").conflicts_with("json").help(t("cli.csv"))
}

fn keys(keys: impl Iterator<Item = &'static str>) -> clap::builder::PossibleValuesParser {
    clap::builder::PossibleValuesParser::new(keys.collect::<Vec<_>>())
}
