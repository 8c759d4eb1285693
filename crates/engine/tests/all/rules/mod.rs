//! Cases of rules: for each one what must be said, and the neighbouring cases of which nothing may be said.

mod connections;
mod decided;
mod feeds;
mod keeping;
mod laws;
mod led;
mod ledgers;
mod lif;
mod matters;
mod net;
mod notices;
mod protection;
mod vulnerabilities;
mod weighing;
mod writings;

use domain::{Finding, Subject};
use engine::weaknesses::Advisories;
use engine::{Findings, Known, RULES, derive};
use jiff::civil::Date;
use testkit::{Hospital, shelf};

use feeds::Hand;

/// The day on which the cases are looked at, unless they say otherwise.
const TODAY: &str = "2026-11-20";

/// Everything rules find in `hospital` on `day`, handed to `look`. Nobody asks for vulnerabilities.
fn look<T>(hospital: &Hospital, day: &str, look: impl FnOnce(&Known<'_>, Vec<Finding>) -> T) -> T {
    look_at(hospital, None, day, look)
}

/// The same with what is at hand of vulnerabilities.
fn look_with<T>(
    hospital: &Hospital,
    hand: &Hand,
    day: &str,
    look: impl FnOnce(&Known<'_>, Vec<Finding>) -> T,
) -> T {
    hand.lend(|advisories| look_at(hospital, Some(advisories), day, look))
}

fn look_at<T>(
    hospital: &Hospital,
    advisories: Option<Advisories<'_>>,
    day: &str,
    look: impl FnOnce(&Known<'_>, Vec<Finding>) -> T,
) -> T {
    let world = hospital.world();
    let derivation = derive(&world, None);
    let shelf = shelf();
    let known = Known::new(&world, &derivation, shelf.tables(), &hospital.zones)
        .expecting(&hospital.sources)
        .with_accounts(&hospital.accounts)
        .with_inquiries(&hospital.inquiries)
        .with_changes(&hospital.changes)
        .with_notices(&hospital.notices)
        .with_writings(&hospital.writings);
    let known = match advisories {
        Some(advisories) => known.with_advisories(advisories),
        None => known,
    };
    let findings = Findings::of(&known, day.parse::<Date>().unwrap());
    look(&known, findings)
}

/// What a finding speaks of, without ids: a device by what people call it.
fn subject(known: &Known<'_>, finding: &Finding) -> String {
    match &finding.key.subject {
        Subject::Device(id) => known.chart(*id).unwrap().label(),
        Subject::Port(id, name) | Subject::Setting(id, name) => {
            format!("{} {name}", known.chart(*id).unwrap().label())
        }
        other => other.to_string(),
    }
}

/// A finding in one line: `CODE SUBJECT SEVERITY TITLE REASON REMEDY`, the last three by key without the code; what rules
/// about weaknesses add to a reason by its whole key.
fn line(known: &Known<'_>, finding: &Finding) -> String {
    let code = &finding.key.rule;
    let texts = [&finding.title, &finding.reason, &finding.remedy].map(|message| {
        let (owner, key) = message.key.split_once('.').unwrap();
        if owner == "weak" {
            return &*message.key;
        }
        assert_eq!(owner, code.as_str(), "a rule speaks in its own words");
        key
    });
    let severity = finding.severity.key();
    format!("{code} {} {severity} {}", subject(known, finding), texts.join(" "))
}

/// What rule `code` finds in `hospital` on `day`, as lines in order.
fn found(code: &str, hospital: &str, day: &str) -> Vec<String> {
    assert!(RULES.iter().any(|rule| rule.code == code), "there is no rule {code}");
    look(&Hospital::read(hospital), day, |known, findings| {
        let of_rule = findings.iter().filter(|finding| finding.key.rule == code);
        let mut lines: Vec<String> = of_rule.map(|finding| line(known, finding)).collect();
        lines.sort();
        lines
    })
}

/// Compares what rule `code` finds with `expected`, one finding a line.
#[track_caller]
fn check(code: &str, hospital: &str, day: &str, expected: &str) {
    let expected: Vec<&str> = expected.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    let mut sorted: Vec<String> = expected.iter().map(|said| format!("{code} {said}")).collect();
    sorted.sort();
    assert_eq!(found(code, hospital, day), sorted, "{hospital}");
}

/// Checks that rule `code` says nothing on [`TODAY`] of any of these hospitals, each with the reason why not.
#[track_caller]
fn silent(code: &str, cases: &[(&str, &str)]) {
    for (why, hospital) in cases {
        assert_eq!(
            found(code, hospital, TODAY),
            Vec::<String>::new(),
            "{code} keeps silent: {why}"
        );
    }
}

/// The placeholders' values in what `code` says of the only thing it finds.
fn values(code: &str, hospital: &str, day: &str) -> String {
    look(&Hospital::read(hospital), day, |_, findings| {
        let mut of_rule = findings.iter().filter(|finding| finding.key.rule == code);
        let (Some(finding), None) = (of_rule.next(), of_rule.next()) else {
            panic!("{code} does not find exactly one thing in {hospital}")
        };
        told(finding)
    })
}

/// The placeholders' values in title and reason.
fn told(finding: &Finding) -> String {
    values_of(finding.title.args.iter().chain(&finding.reason.args))
}

fn values_of<'m>(
    args: impl IntoIterator<Item = &'m (std::borrow::Cow<'static, str>, domain::message::Arg)>,
) -> String {
    let said = args.into_iter().map(|(name, value)| format!("{name}={}", written(value)));
    said.collect::<Vec<_>>().join("; ")
}

fn written(value: &domain::message::Arg) -> String {
    use domain::message::Arg;
    match value {
        Arg::Date(date) => date.to_string(),
        Arg::List(values) => values.iter().map(written).collect::<Vec<_>>().join(", "),
        Arg::Number(number) => number.to_string(),
        Arg::Place(place) => place.to_string(),
        Arg::Said(message) => values_of(&message.args),
        Arg::Term(key) => format!("[{key}]"),
        Arg::Text(text) => text.clone(),
    }
}
