//! `mimawari notices`: what was sent round.

use clap::{Arg, ArgAction, ArgGroup, Command, value_parser};
use domain::{NoticeSender, Role, Tlp};

use super::{Texts, csv_flag, flag, keys};
use crate::time;

pub(super) fn build(t: Texts<'_>) -> Command {
    let number = || {
        Arg::new("number")
            .value_name(t("cli.value_number"))
            .required(true)
            .value_parser(value_parser!(u32))
            .help(t("cli.notices.number"))
    };
    let reason = || text(t, "reason", "cli.notices.reason").required(true);
    Command::new("notices")
        .about(t("cli.notices.about"))
        .after_help(t("cli.notices.examples"))
        .arg(csv_flag(t))
        .subcommand(add(t))
        .subcommand(
            Command::new("mail")
                .about(t("cli.notices.mail"))
                .arg(eml(t, "eml", "cli.notices.mail_file").required(true)),
        )
        .subcommand(Command::new("show").about(t("cli.notices.show")).arg(number()))
        .subcommand(triage(t).arg(number()))
        .subcommand(
            Command::new("answer")
                .about(t("cli.notices.answer"))
                .arg(number())
                .arg(text(t, "to", "cli.notices.to").required(true))
                .arg(day(t, "on", "cli.notices.on").required(true))
                .arg(text(t, "done", "cli.notices.done"))
                .arg(text(t, "text", "cli.notices.answer_text").required(true)),
        )
        .subcommand(
            Command::new("due")
                .about(t("cli.notices.set_due"))
                .arg(number())
                .arg(day(t, "until", "cli.notices.due").required(true)),
        )
        .subcommand(Command::new("lift").about(t("cli.notices.lift")).arg(number()).arg(reason()))
        .subcommand(
            Command::new("withdraw").about(t("cli.notices.withdraw")).arg(number()).arg(reason()),
        )
}

fn text(t: Texts<'_>, name: &'static str, help: &str) -> Arg {
    Arg::new(name).long(name).value_name(t("cli.value_text")).help(t(help))
}

fn eml(t: Texts<'_>, name: &'static str, help: &str) -> Arg {
    let parser = value_parser!(std::path::PathBuf);
    Arg::new(name).value_name(t("cli.value_file")).value_parser(parser).help(t(help))
}

fn day(t: Texts<'_>, name: &'static str, help: &str) -> Arg {
    Arg::new(name).long(name).value_name("YYYY-MM-DD").value_parser(time::parse_date).help(t(help))
}

fn add(t: Texts<'_>) -> Command {
    Command::new("add")
        .about(t("cli.notices.add"))
        .arg(
            text(t, "sender", "cli.notices.sender")
                .value_name("ceptoar|ministry|authority|vendor")
                .required(true)
                .value_parser(keys(NoticeSender::ALL.iter().map(|sender| sender.key())))
                .hide_possible_values(true),
        )
        .arg(eml(t, "mail", "cli.notices.add_mail").long("mail"))
        .arg(text(t, "name", "cli.notices.name").required_unless_present("mail"))
        .arg(text(t, "title", "cli.notices.title").required_unless_present("mail"))
        .arg(day(t, "sent", "cli.notices.sent").required_unless_present("mail"))
        .arg(text(t, "way", "cli.notices.way").required_unless_present("mail"))
        .arg(text(t, "text", "cli.notices.text"))
        .arg(
            Arg::new("file")
                .long("file")
                .value_name(t("cli.value_file"))
                .value_parser(value_parser!(std::path::PathBuf))
                .help(t("cli.notices.file")),
        )
        .group(ArgGroup::new("words").args(["text", "file", "mail"]).required(true).multiple(true))
        .arg(text(t, "to", "cli.notices.to").requires("due"))
        .arg(day(t, "due", "cli.notices.due").requires("to"))
        .arg(
            text(t, "tlp", "cli.notices.tlp")
                .value_name("clear|green|amber|amber_strict|red")
                .value_parser(keys(Tlp::ALL.iter().map(|mark| mark.key())))
                .hide_possible_values(true),
        )
        .arg(flag("embargo").help(t("cli.notices.embargo")))
        .arg(day(t, "until", "cli.notices.until").requires("embargo"))
        .arg(
            text(t, "reader", "cli.notices.roles")
                .value_name("ROLE")
                .value_parser(keys(Role::ALL.iter().map(|role| role.key())))
                .action(ArgAction::Append)
                .requires("embargo"),
        )
}

fn triage(t: Texts<'_>) -> Command {
    let many = |name: &'static str, help: &str| text(t, name, help).action(ArgAction::Append);
    Command::new("triage")
        .about(t("cli.notices.triage"))
        .arg(many("meant", "cli.notices.meant"))
        .arg(many("not-meant", "cli.notices.not_meant"))
        .arg(many("device", "cli.notices.device").value_name(t("cli.value_device")))
        .arg(
            flag("none")
                .conflicts_with_all(["meant", "not-meant", "device"])
                .requires("reason")
                .help(t("cli.notices.none")),
        )
        .arg(text(t, "reason", "cli.notices.reason"))
}
