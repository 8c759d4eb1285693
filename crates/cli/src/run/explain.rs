//! `mimawari explain [CODE]`

use std::process::ExitCode;

use app::{AppError, RuleView};
use clap::ArgMatches;
use reference::Catalogue;
use serde_json::json;

use super::Done;
use crate::markdown;
use crate::output::{self, Failure};
use crate::table::Table;

/// Needs no data folder: a rule is the same in every hospital.
pub(super) fn run(args: &ArgMatches, texts: &Catalogue) -> Done {
    if args.get_flag("markdown") {
        output::text(&markdown::rules())?;
        return Ok(ExitCode::SUCCESS);
    }
    let rules = app::rules(texts);
    match args.get_one::<String>("code") {
        Some(code) => {
            let found = rules.into_iter().find(|rule| rule.code.eq_ignore_ascii_case(code));
            let rule = found
                .ok_or_else(|| Failure::new(texts, &AppError::NoRule(code.clone()).message()))?;
            if args.get_flag("json") {
                output::json(&rule)?;
            } else {
                output::text(&told(texts, &rule))?;
            }
        }
        None if args.get_flag("json") => output::json(&json!({ "rules": rules }))?,
        None => {
            let mut table =
                Table::new(["column.rule", "column.name"].map(|key| texts.text(key).into_owned()));
            rules.into_iter().for_each(|rule| table.row([rule.code, rule.name]));
            output::text(&table.render())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn told(texts: &Catalogue, rule: &RuleView) -> String {
    let mut text = format!("{}  {}\n\n{}\n", rule.code, rule.name, rule.why);
    for remedy in &rule.remedies {
        text.push_str(&format!("→ {remedy}\n"));
    }
    text.push_str(&format!("\n{}: {}\n", texts.text("column.clause"), rule.clause));
    text
}
