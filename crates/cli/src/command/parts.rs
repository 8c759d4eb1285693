//! `mimawari parts`: its help and its parsing.

use clap::{Arg, ArgAction, ArgGroup, Command, value_parser};

use super::{Texts, csv_flag};

pub(super) fn build(t: Texts<'_>) -> Command {
    let number = |name: &'static str, help: &str| {
        Arg::new(name)
            .value_name(t("cli.value_number"))
            .required(true)
            .value_parser(value_parser!(u32))
            .help(t(help))
    };
    Command::new("parts")
        .about(t("cli.parts.about"))
        .after_help(t("cli.parts.examples"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(Command::new("list").about(t("cli.parts.list")).arg(csv_flag(t)))
        .subcommand(
            Command::new("show")
                .about(t("cli.parts.show"))
                .arg(number("number", "cli.parts.number"))
                .arg(csv_flag(t)),
        )
        .subcommand(attach(t, number("number", "cli.parts.number")))
        .subcommand(
            Command::new("compare")
                .about(t("cli.parts.compare"))
                .arg(number("old", "cli.parts.old"))
                .arg(number("new", "cli.parts.new"))
                .arg(csv_flag(t)),
        )
}

fn attach(t: Texts<'_>, number: Arg) -> Command {
    let text = |name: &'static str, help: &str| {
        Arg::new(name).long(name).value_name(t("cli.value_text")).help(t(help))
    };
    Command::new("attach")
        .about(t("cli.parts.attach"))
        .after_help(t("cli.parts.attach_examples"))
        .arg(number)
        .arg(Arg::new("product").value_name(t("cli.value_name")).help(t("cli.parts.product")))
        .arg(Arg::new("apart").long("apart").action(ArgAction::SetTrue).help(t("cli.parts.apart")))
        .group(ArgGroup::new("to").args(["product", "apart"]).required(true))
        .arg(text("release", "cli.parts.release").conflicts_with("apart"))
        .arg(text("reason", "cli.parts.reason"))
}
