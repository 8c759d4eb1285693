//! The rules: what is wrong, why, and what to do. One file a rule.
//!
//! A rule is a small pure function of what is known and the date. Its name, its reason with the clause it comes from, and its
//! remedy stand in the catalogue under `rule.CODE.…`; what it says of a finding stands under `CODE.…`.

use std::collections::{BTreeMap, BTreeSet};

use domain::message::Arg;
use domain::{DeviceId, Digest, Finding, FindingKey, Message, ObservationRef, Severity, Subject};
use jiff::civil::Date;

use crate::known::{Known, Seen};

/// One rule.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its code: family and number. Never used again for another rule.
    pub code: &'static str,
    /// The rule itself.
    pub check: fn(&Known<'_>, Date, &mut Findings),
}

macro_rules! rules {
    ($($module:ident = $code:literal,)*) => {
        $(mod $module;)*

        /// Every rule, by code.
        pub const RULES: &[Rule] = &[$(Rule { code: $code, check: $module::check },)*];
    };
}

rules! {
    led001 = "LED001",
    led002 = "LED002",
    led003 = "LED003",
    led004 = "LED004",
    led005 = "LED005",
    led006 = "LED006",
    led007 = "LED007",
    lif001 = "LIF001",
    lif002 = "LIF002",
    lif003 = "LIF003",
    lif004 = "LIF004",
    lif005 = "LIF005",
    lif006 = "LIF006",
    net001 = "NET001",
    net002 = "NET002",
    net003 = "NET003",
    net004 = "NET004",
    net005 = "NET005",
    net006 = "NET006",
    net007 = "NET007",
    net008 = "NET008",
    net009 = "NET009",
    net010 = "NET010",
    net011 = "NET011",
}

/// What the rules found, by key.
#[derive(Debug, Default)]
pub struct Findings {
    rule: &'static str,
    found: BTreeMap<FindingKey, Finding>,
}

impl Findings {
    /// Runs every rule on what is known on `today`.
    pub fn of(known: &Known<'_>, today: Date) -> Vec<Finding> {
        let mut findings = Self::default();
        for rule in RULES {
            findings.rule = rule.code;
            (rule.check)(known, today, &mut findings);
        }
        findings.found.into_values().collect()
    }

    /// Adds what the current rule says of `subject`. Of two findings with one key the first stays.
    fn add(&mut self, subject: Subject, said: Said) {
        let key = FindingKey { rule: self.rule.to_owned(), subject };
        let basis = Digest::of_parts(said.rests_on.iter().map(std::string::String::as_bytes));
        let finding = Finding {
            key: key.clone(),
            severity: said.severity,
            device: said.device,
            title: said.title,
            reason: said.reason,
            remedy: said.remedy,
            evidence: said.evidence,
            basis,
        };
        self.found.entry(key).or_insert(finding);
    }
}

/// What a rule says of one subject.
struct Said {
    severity: Severity,
    device: Option<DeviceId>,
    title: Message,
    reason: Message,
    remedy: Message,
    evidence: Vec<ObservationRef>,
    /// The facts a decision about it would rest on. Nothing that changes from day to day belongs here.
    rests_on: Vec<String>,
}

/// The places that show these sightings, each once.
fn places<'s>(seen: impl IntoIterator<Item = &'s Seen>) -> Vec<ObservationRef> {
    let places: BTreeSet<ObservationRef> = seen.into_iter().map(|seen| seen.at).collect();
    places.into_iter().collect()
}

/// At most this many names are told in one sentence; how many more there are stands behind them, as `(+12)`.
const NAMES_TOLD: usize = 10;

/// The first names of a list.
fn names(names: &[String]) -> Arg {
    let mut told: Vec<Arg> = names.iter().take(NAMES_TOLD).map(Arg::from).collect();
    if names.len() > NAMES_TOLD {
        told.push(Arg::Text(format!("(+{})", names.len() - NAMES_TOLD)));
    }
    Arg::List(told)
}
