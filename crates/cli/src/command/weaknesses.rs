//! `mimawari weaknesses`: its help and its parsing.

use clap::{Arg, Command};

use super::{Texts, csv_flag, keys};

/// By what a list can be ordered.
const BY: [&str; 4] = ["vulnerability", "product", "device", "vendor"];

pub(super) fn build(t: Texts<'_>) -> Command {
    Command::new("weaknesses")
        .about(t("cli.weaknesses.about"))
        .after_help(t("cli.weaknesses.examples"))
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(
            Command::new("list")
                .about(t("cli.weaknesses.list"))
                .arg(
                    Arg::new("by")
                        .long("by")
                        .value_name("vulnerability|product|device|vendor")
                        .value_parser(keys(BY.into_iter()))
                        .default_value("vulnerability")
                        .hide_possible_values(true)
                        .help(t("cli.weaknesses.by")),
                )
                .arg(csv_flag(t)),
        )
        .subcommand(
            Command::new("show").about(t("cli.weaknesses.show")).arg(
                Arg::new("of")
                    .value_name(t("cli.weaknesses.value_of"))
                    .required(true)
                    .help(t("cli.weaknesses.of")),
            ),
        )
        .subcommand(Command::new("unjudged").about(t("cli.weaknesses.unjudged")).arg(csv_flag(t)))
}
