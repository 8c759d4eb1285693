//! `mimawari changes`: what is to be updated or set otherwise.

use clap::{Arg, ArgAction, Command, value_parser};
use domain::{ChangeKind, ChangeOutcome};
use jiff::civil::DateTime;

use super::{Texts, csv_flag, keys};
use crate::time;

pub(super) fn build(t: Texts<'_>) -> Command {
    let number = || {
        Arg::new("number")
            .value_name(t("cli.value_number"))
            .required(true)
            .value_parser(value_parser!(u32))
            .help(t("cli.changes.number"))
    };
    let text = |name: &'static str, help: &str| {
        Arg::new(name).long(name).value_name(t("cli.value_text")).required(true).help(t(help))
    };
    let day = || {
        Arg::new("on")
            .long("on")
            .value_name("YYYY-MM-DD")
            .required(true)
            .value_parser(time::parse_date)
            .help(t("cli.changes.on"))
    };
    let moment = |name: &'static str, help: &str| {
        Arg::new(name)
            .long(name)
            .value_name("YYYY-MM-DDTHH:MM")
            .required(true)
            .value_parser(|text: &str| text.parse::<DateTime>())
            .help(t(help))
    };
    Command::new("changes")
        .about(t("cli.changes.about"))
        .after_help(t("cli.changes.examples"))
        .arg(csv_flag(t))
        .subcommand(plan(t))
        .subcommand(Command::new("show").about(t("cli.changes.show")).arg(number()))
        .subcommand(
            Command::new("agree")
                .about(t("cli.changes.agree"))
                .arg(number())
                .arg(moment("from", "cli.changes.from"))
                .arg(moment("to", "cli.changes.to"))
                .arg(text("with", "cli.changes.with")),
        )
        .subcommand(
            Command::new("record")
                .about(t("cli.changes.record"))
                .arg(number())
                .arg(text("device", "cli.changes.device").value_name(t("cli.value_device")))
                .arg(
                    text("outcome", "cli.changes.outcome")
                        .value_name("done|failed|not_needed")
                        .value_parser(keys(ChangeOutcome::ALL.iter().map(|outcome| outcome.key())))
                        .hide_possible_values(true),
                )
                .arg(text("note", "cli.changes.note").required(false))
                .arg(day()),
        )
        .subcommand(
            Command::new("tell")
                .about(t("cli.changes.tell"))
                .arg(number())
                .arg(text("to", "cli.changes.whom"))
                .arg(text("text", "cli.changes.text"))
                .arg(day()),
        )
        .subcommand(
            Command::new("cancel")
                .about(t("cli.changes.cancel"))
                .arg(number())
                .arg(text("reason", "cli.changes.reason")),
        )
}

fn plan(t: Texts<'_>) -> Command {
    let text = |name: &'static str, help: &str| {
        Arg::new(name).long(name).value_name(t("cli.value_text")).help(t(help))
    };
    Command::new("plan")
        .about(t("cli.changes.plan"))
        .arg(
            text("kind", "cli.changes.kind")
                .value_name("update|setting")
                .default_value(ChangeKind::Update.key())
                .value_parser(keys(ChangeKind::ALL.iter().map(|kind| kind.key())))
                .hide_possible_values(true),
        )
        .arg(text("what", "cli.changes.what").required(true))
        .arg(text("product", "cli.changes.product"))
        .arg(
            text("vulnerability", "cli.changes.vulnerability")
                .value_name("CVE")
                .action(ArgAction::Append),
        )
        .arg(
            text("device", "cli.changes.devices")
                .value_name(t("cli.value_device"))
                .action(ArgAction::Append)
                .required(true),
        )
        .arg(text("performer", "cli.changes.performer").required(true))
        .arg(text("instruction", "cli.changes.instruction"))
        .arg(
            Arg::new("inquiry")
                .long("inquiry")
                .value_name(t("cli.value_number"))
                .value_parser(value_parser!(u32))
                .help(t("cli.changes.inquiry")),
        )
}
