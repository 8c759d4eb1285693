//! `mimawari vex`: its help and its parsing.

use clap::builder::NonEmptyStringValueParser;
use clap::{Arg, ArgAction, Command, value_parser};
use domain::{Control, Justification, VexOrigin, VexScope, VexStatus};

use super::{Texts, csv_flag, keys};
use crate::time;

pub(super) fn vex(t: Texts<'_>) -> Command {
    Command::new("vex")
        .about(t("cli.vex.about"))
        .after_help(t("cli.vex.examples"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands([decide(t), undo(t), list(t), export(t)])
}

fn decide(t: Texts<'_>) -> Command {
    let text = |name: &'static str, help: &str| {
        Arg::new(name).long(name).value_name(t("cli.value_text")).help(t(help))
    };
    let statuses = VexStatus::ALL.iter().map(|one| one.key());
    let justifications = Justification::ALL.iter().map(|one| one.key());
    Command::new("decide")
        .about(t("cli.vex.decide"))
        .after_help(t("cli.vex.decide_examples"))
        .arg(
            Arg::new("vulnerability")
                .value_name("CVE")
                .required(true)
                .value_parser(NonEmptyStringValueParser::new())
                .help(t("cli.vex.vulnerability")),
        )
        .arg(
            Arg::new("product")
                .value_name(t("cli.value_name"))
                .required(true)
                .value_parser(NonEmptyStringValueParser::new())
                .help(t("cli.vex.product")),
        )
        .arg(
            word(
                t,
                ("status", "cli.vex.status"),
                "not_affected|affected|fixed|under_investigation",
                statuses,
            )
            .required(true),
        )
        .arg(
            word(
                t,
                ("scope", "cli.vex.scope"),
                "version|product",
                VexScope::ALL.iter().map(|one| one.key()),
            )
            .default_value(VexScope::Version.key()),
        )
        .arg(
            word(t, ("justification", "cli.vex.justification"), "KEY", justifications)
                .hide_possible_values(false),
        )
        .arg(text("impact", "cli.vex.impact"))
        .arg(text("action", "cli.vex.action"))
        .arg(
            word(
                t,
                ("control", "cli.vex.control"),
                "KEY",
                Control::ALL.iter().map(|one| one.key()),
            )
            .action(ArgAction::Append)
            .hide_possible_values(false),
        )
        .arg(
            Arg::new("device")
                .long("device")
                .value_name(t("cli.value_device"))
                .action(ArgAction::Append)
                .help(t("cli.vex.device")),
        )
        .arg(
            Arg::new("review")
                .long("review")
                .value_name(t("cli.value_date"))
                .value_parser(time::parse_date)
                .help(t("cli.vex.review")),
        )
        .arg(
            word(
                t,
                ("origin", "cli.vex.origin"),
                "vendor_answer|own_test|own_judgement|document",
                VexOrigin::ALL.iter().map(|one| one.key()),
            )
            .required(true),
        )
        .arg(text("reason", "cli.vex.reason").required(true))
}

/// An option that takes one of `words`.
fn word(
    t: Texts<'_>,
    (name, help): (&'static str, &str),
    shown: &'static str,
    words: impl Iterator<Item = &'static str>,
) -> Arg {
    Arg::new(name)
        .long(name)
        .value_name(shown)
        .value_parser(keys(words))
        .hide_possible_values(true)
        .help(t(help))
}

fn undo(t: Texts<'_>) -> Command {
    Command::new("undo")
        .about(t("cli.vex.undo"))
        .arg(
            Arg::new("number")
                .value_name(t("cli.value_number"))
                .required(true)
                .value_parser(value_parser!(u32))
                .help(t("cli.vex.number")),
        )
        .arg(
            Arg::new("reason")
                .long("reason")
                .value_name(t("cli.value_text"))
                .required(true)
                .help(t("cli.vex.undo_reason")),
        )
}

fn list(t: Texts<'_>) -> Command {
    Command::new("list").about(t("cli.vex.list")).arg(csv_flag(t))
}

fn export(t: Texts<'_>) -> Command {
    Command::new("export")
        .about(t("cli.vex.export"))
        .after_help(t("cli.vex.export_examples"))
        .arg(
            word(t, ("format", "cli.vex.format"), "openvex|csaf", ["openvex", "csaf"].into_iter())
                .required(true),
        )
        .arg(
            Arg::new("out")
                .long("out")
                .value_name(t("cli.value_file"))
                .value_parser(value_parser!(std::path::PathBuf))
                .help(t("cli.vex.out")),
        )
        .arg(
            Arg::new("publisher")
                .long("publisher")
                .value_name(t("cli.value_name"))
                .value_parser(NonEmptyStringValueParser::new())
                .help(t("cli.vex.publisher")),
        )
        .arg(
            Arg::new("namespace")
                .long("namespace")
                .value_name("URL")
                .value_parser(NonEmptyStringValueParser::new())
                .help(t("cli.vex.namespace")),
        )
        .arg(
            Arg::new("date")
                .long("date")
                .value_name(t("cli.value_date"))
                .value_parser(time::parse_date)
                .help(t("cli.vex.date")),
        )
}
