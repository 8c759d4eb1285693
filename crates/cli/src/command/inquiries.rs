//! `mimawari inquiries`: what vendors are asked about vulnerabilities.

use clap::{Arg, ArgAction, Command, value_parser};
use domain::InquiryItem;

use super::{Texts, csv_flag, flag, keys};
use crate::time;

pub(super) fn build(t: Texts<'_>) -> Command {
    let number = || {
        Arg::new("number")
            .value_name(t("cli.value_number"))
            .required(true)
            .value_parser(value_parser!(u32))
            .help(t("cli.inquiries.number"))
    };
    let file = |help: &str| {
        Arg::new("file")
            .value_name(t("cli.value_file"))
            .required(true)
            .value_parser(value_parser!(std::path::PathBuf))
            .help(t(help))
    };
    let text = |name: &'static str, help: &str| {
        Arg::new(name).long(name).value_name(t("cli.value_text")).required(true).help(t(help))
    };
    let day = |name: &'static str, help: &str| {
        Arg::new(name)
            .long(name)
            .value_name("YYYY-MM-DD")
            .required(true)
            .value_parser(time::parse_date)
            .help(t(help))
    };
    Command::new("inquiries")
        .about(t("cli.inquiries.about"))
        .after_help(t("cli.inquiries.examples"))
        .arg(csv_flag(t))
        .subcommand(draft(t))
        .subcommand(Command::new("show").about(t("cli.inquiries.show")).arg(number()))
        .subcommand(Command::new("letter").about(t("cli.inquiries.letter")).arg(number()))
        .subcommand(
            Command::new("sheet")
                .about(t("cli.inquiries.sheet"))
                .arg(number())
                .arg(file("cli.inquiries.sheet_file")),
        )
        .subcommand(
            Command::new("sent")
                .about(t("cli.inquiries.sent"))
                .arg(number())
                .arg(day("on", "cli.inquiries.on"))
                .arg(text("to", "cli.inquiries.to"))
                .arg(text("how", "cli.inquiries.how")),
        )
        .subcommand(
            Command::new("due")
                .about(t("cli.inquiries.due"))
                .arg(number())
                .arg(day("until", "cli.inquiries.until")),
        )
        .subcommand(
            Command::new("answer")
                .about(t("cli.inquiries.answer"))
                .arg(number())
                .arg(text("vulnerability", "cli.inquiries.of"))
                .arg(
                    text("item", "cli.inquiries.item")
                        .value_name("resolution_schedule|resolution_method|score|exploitability_index|exploit_method|interim_mitigation")
                        .value_parser(keys(InquiryItem::ALL.iter().map(|item| item.key())))
                        .hide_possible_values(true),
                )
                .arg(text("text", "cli.inquiries.text")),
        )
        .subcommand(
            Command::new("read")
                .about(t("cli.inquiries.read"))
                .arg(number())
                .arg(file("cli.inquiries.read_file"))
                .arg(flag("dry-run").help(t("cli.inquiries.dry_run"))),
        )
        .subcommand(
            Command::new("withdraw")
                .about(t("cli.inquiries.withdraw"))
                .arg(number())
                .arg(text("reason", "cli.inquiries.reason")),
        )
}

fn draft(t: Texts<'_>) -> Command {
    let text = |name: &'static str, help: &str| {
        Arg::new(name).long(name).value_name(t("cli.value_text")).help(t(help))
    };
    Command::new("draft")
        .about(t("cli.inquiries.draft"))
        .arg(
            Arg::new("number")
                .long("number")
                .value_name(t("cli.value_number"))
                .value_parser(value_parser!(u32))
                .help(t("cli.inquiries.again")),
        )
        .arg(text("product", "cli.inquiries.product").required(true))
        .arg(
            text("vulnerability", "cli.inquiries.vulnerability")
                .value_name("CVE")
                .action(ArgAction::Append)
                .required(true),
        )
        .arg(text("vendor", "cli.inquiries.vendor").required(true))
        .arg(text("contact", "cli.inquiries.contact").required(true))
        .arg(text("note", "cli.inquiries.note"))
        .arg(
            Arg::new("due")
                .long("due")
                .value_name("YYYY-MM-DD")
                .required(true)
                .value_parser(time::parse_date)
                .help(t("cli.inquiries.until")),
        )
}
