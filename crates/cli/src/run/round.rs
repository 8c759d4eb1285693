//! `mimawari round`

use std::collections::BTreeMap;
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
    // A rule may have a remedy for each case, such as one for medical devices: each stands below the findings it is for.
    let groups = by_remedy(findings);
    let of_each = TOLD.div_ceil(groups.len().max(1));
    let mut told = 0;
    for (remedy, cases) in &groups {
        let shown = &cases[..cases.len().min(of_each)];
        told += shown.len();
        shown.iter().for_each(|finding| text.push_str(&case(desk, finding)));
        text.push_str(&format!("  → {remedy}\n"));
    }
    if findings.len() > told {
        let more = msg!("cli.round.more", more = findings.len() - told, rule = rule);
        text.push_str(&format!("  {}\n", desk.say(&more)));
    }
    text.push('\n');
}

/// The findings of each remedy, in the order in which the remedies first come.
fn by_remedy<'f>(findings: &[&'f FindingView]) -> Vec<(&'f str, Vec<&'f FindingView>)> {
    let mut groups: Vec<(&str, Vec<&FindingView>)> = Vec::new();
    for finding in findings {
        match groups.iter_mut().find(|(remedy, _)| *remedy == finding.remedy) {
            Some((_, cases)) => cases.push(finding),
            None => groups.push((&finding.remedy, vec![finding])),
        }
    }
    groups
}

fn case(desk: &Desk, finding: &FindingView) -> String {
    let severity = desk.word("severity", Some(&finding.severity));
    let decided = match finding.decision {
        Some(_) => format!("[{}] ", desk.word("finding_state", Some(&finding.state))),
        None => String::new(),
    };
    let (title, reason) = (&finding.title, &finding.reason);
    let lapsed = finding.lapsed.as_ref().map(|why| format!("      {why}\n")).unwrap_or_default();
    format!("  {} {severity}  {decided}{title}\n      {reason}\n{lapsed}", mark(&finding.severity))
}
