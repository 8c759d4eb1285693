//! `mimawari round`

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;

use app::{FindingView, RoundView};
use clap::ArgMatches;
use domain::{FindingState, msg};
use jiff::civil::Date;

use super::{Desk, Done, mark};
use crate::output::{self, Failure};
use crate::time;

pub(super) fn run(args: &ArgMatches, desk: &Desk) -> Done {
    let date = args.get_one::<Date>("date").copied().unwrap_or_else(time::today);
    show(desk, date)?;
    Ok(ExitCode::SUCCESS)
}

/// Does the round for `date` and prints it.
pub(super) fn show(desk: &Desk, date: Date) -> Result<(), Failure> {
    let round = desk.app.round(date, &desk.act()).map_err(|error| desk.fail(&error))?;
    if desk.json {
        return output::json(&round);
    }
    output::text(&told(desk, date, &round))
}

fn told(desk: &Desk, date: Date, round: &RoundView) -> String {
    if round.devices == 0 {
        return desk.say(&msg!("cli.round.nothing", date = date));
    }
    let mut text = desk.say(&msg!("cli.round.title", date = date, devices = round.devices));
    text.push_str(&format!(
        "\n{}\n\n",
        desk.say(&msg!(
            "cli.round.counts",
            new = round.new.len(),
            gone = round.gone.len(),
            standing = round.standing.len()
        ))
    ));
    section(desk, &mut text, "cli.round.new", &round.new);
    section(desk, &mut text, "cli.round.gone", &round.gone);
    // What people have settled for now is not told again every morning.
    let (open, settled): (Vec<_>, Vec<_>) = round.standing.iter().cloned().partition(is_open);
    section(desk, &mut text, "cli.round.standing", &open);
    if !settled.is_empty() {
        text.push_str(&desk.say(&msg!("cli.round.settled", findings = settled.len())));
        text.push_str("\n\n");
    }
    text.push_str(&desk.text("cli.round.next"));
    text
}

/// Whether nobody has decided anything about the finding that still holds.
fn is_open(finding: &FindingView) -> bool {
    finding.state == FindingState::Open.key()
}

/// So many findings of one rule are told one by one; the others are a number and the command that lists them.
const TOLD: usize = 6;

fn section(desk: &Desk, text: &mut String, title: &str, findings: &[FindingView]) {
    if findings.is_empty() {
        return;
    }
    text.push_str(&format!("■ {}\n\n", desk.text(title)));
    // Findings come the most urgent first; rules keep the order in which they first come.
    let mut order: Vec<&str> = Vec::new();
    let mut by_rule: BTreeMap<&str, Vec<&FindingView>> = BTreeMap::new();
    for finding in findings {
        if !by_rule.contains_key(finding.rule.as_str()) {
            order.push(&finding.rule);
        }
        by_rule.entry(&finding.rule).or_default().push(finding);
    }
    for rule in order {
        family(desk, text, rule, &by_rule[rule]);
    }
}

fn family(desk: &Desk, text: &mut String, rule: &str, findings: &[&FindingView]) {
    let name = desk.text(&format!("rule.{rule}.name"));
    let count = desk.say(&msg!("cli.round.cases", cases = findings.len()));
    text.push_str(&format!("{rule}  {name}  {count}\n"));
    for finding in findings.iter().take(TOLD) {
        let severity = desk.word("severity", Some(&finding.severity));
        let decided = match finding.decision {
            Some(_) => format!("[{}] ", desk.word("finding_state", Some(&finding.state))),
            None => String::new(),
        };
        text.push_str(&format!(
            "  {} {severity}  {decided}{}\n      {}\n",
            mark(&finding.severity),
            finding.title,
            finding.reason
        ));
    }
    if findings.len() > TOLD {
        let more = msg!("cli.round.more", more = findings.len() - TOLD, rule = rule);
        text.push_str(&format!("  {}\n", desk.say(&more)));
    }
    // One rule may have a remedy for each case, such as one for medical devices.
    let remedies: BTreeSet<&str> = findings.iter().map(|finding| finding.remedy.as_str()).collect();
    for remedy in remedies.iter().take(3) {
        text.push_str(&format!("  → {remedy}\n"));
    }
    text.push('\n');
}
