//! `mimawari findings`

use std::process::ExitCode;

use app::FindingView;
use clap::ArgMatches;
use domain::msg;
use serde_json::json;

use super::{Desk, Done, mark};
use crate::{output, time};

pub(super) fn run(args: &ArgMatches, desk: &Desk) -> Done {
    let rule = args.get_one::<String>("rule");
    if let Some(code) = rule {
        desk.app.rule(code).map_err(|error| desk.fail(&error))?;
    }
    // A round done for a day to come is read with the decisions that hold on that day.
    let round = desk.app.last_round().map_err(|error| desk.fail(&error))?;
    let day = round.map_or_else(time::today, |round| round.max(time::today()));
    let mut findings =
        desk.app.findings(args.get_flag("all"), day).map_err(|error| desk.fail(&error))?;
    if let Some(rule) = rule {
        findings.retain(|finding| finding.rule.eq_ignore_ascii_case(rule));
    }
    if let Some(severity) = args.get_one::<String>("severity") {
        findings.retain(|finding| finding.severity == *severity);
    }
    if desk.json {
        output::json(&json!({ "findings": findings }))?;
    } else if args.get_flag("csv") {
        table(desk, findings)?;
    } else {
        let text = match round {
            None => desk.text("cli.findings.no_round"),
            Some(date) => {
                let told: String = findings.iter().map(|finding| told(desk, finding)).collect();
                format!(
                    "{told}{}",
                    desk.say(&msg!("cli.findings.count", findings = findings.len(), date = date))
                )
            }
        };
        output::text(&text)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn table(desk: &Desk, findings: Vec<FindingView>) -> Result<(), output::Failure> {
    let header = desk.header([
        "column.severity",
        "column.rule",
        "column.title",
        "column.reason",
        "column.remedy",
        "column.state",
        "column.opened",
        "column.closed",
        "column.key",
    ]);
    let rows = findings.into_iter().map(|finding| {
        vec![
            desk.word("severity", Some(&finding.severity)),
            finding.rule,
            finding.title,
            finding.reason,
            finding.remedy,
            desk.word("finding_state", Some(&finding.state)),
            finding.opened,
            finding.closed.unwrap_or_default(),
            finding.key,
        ]
    });
    output::csv(&header, rows)
}

/// A finding in full: what is so, why, what to do, and where it stands.
pub(super) fn told(desk: &Desk, finding: &FindingView) -> String {
    let severity = desk.word("severity", Some(&finding.severity));
    let state = desk.word("finding_state", Some(&finding.state));
    let mut text = format!("{} {severity}  {}\n", mark(&finding.severity), finding.title);
    text.push_str(&format!("    {}\n    → {}\n", finding.reason, finding.remedy));
    text.push_str(&format!("    {} [{state}]  {}\n", finding.rule, finding.key));
    if let Some(lapsed) = &finding.lapsed {
        text.push_str(&format!("    {lapsed}\n"));
    }
    if let Some(decision) = &finding.decision {
        let until = decision.until.clone().unwrap_or_default();
        text.push_str(&format!(
            "    {} {} {until} {}\n",
            decision.by,
            time::shown(&decision.at),
            decision.reason
        ));
    }
    text.push('\n');
    text
}
