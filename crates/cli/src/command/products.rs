//! `mimawari products`: its help and its parsing.

use clap::{Arg, ArgAction, Command};
use domain::What;

use super::{Texts, csv_flag, keys};

pub(super) fn build(t: Texts<'_>) -> Command {
    let product = |help: &str| Arg::new("product").value_name(t("cli.value_name")).help(t(help));
    Command::new("products")
        .about(t("cli.products.about"))
        .after_help(t("cli.products.examples"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(
            Command::new("list")
                .about(t("cli.products.list"))
                .arg(
                    Arg::new("open")
                        .long("open")
                        .action(ArgAction::SetTrue)
                        .help(t("cli.products.open")),
                )
                .arg(csv_flag(t)),
        )
        .subcommand(said(t, "confirm", "cli.products.confirm").arg(product("cli.products.product")))
        .subcommand(
            said(t, "refuse", "cli.products.refuse").arg(product("cli.products.not_product")),
        )
        .subcommand(said(t, "reopen", "cli.products.reopen"))
}

/// A command that says something of a writing.
fn said(t: Texts<'_>, name: &'static str, about: &str) -> Command {
    Command::new(name)
        .about(t(about))
        .arg(
            Arg::new("writing")
                .value_name(t("cli.value_text"))
                .required(true)
                .help(t("cli.products.writing")),
        )
        .arg(
            Arg::new("what")
                .long("what")
                .value_name("hardware|firmware|os|software")
                .value_parser(keys(What::ALL.iter().map(|what| what.key())))
                .hide_possible_values(true)
                .help(t("cli.products.what")),
        )
        .arg(
            Arg::new("reason")
                .long("reason")
                .value_name(t("cli.value_text"))
                .help(t("cli.products.reason")),
        )
}
