//! The rules: what is wrong, why, and what to do. One file a rule.
//!
//! A rule is a small pure function of what is known and the date. Its name, its reason with the clause it comes from, and its
//! remedy stand in the catalogue under `rule.CODE.…`; what it says of a finding stands under `CODE.…`.

use std::collections::{BTreeMap, BTreeSet};

use domain::message::Arg;
use domain::{
    DeviceId, Digest, Field, Finding, FindingKey, Message, ObservationRef, RuleCode, Severity,
    SourceId, Subject,
};
use jiff::civil::Date;

use crate::known::{Chart, Known, Seen};
use crate::world::Recorded;

mod weak;

pub(crate) use weak::gates;

pub use cnx004::says_yes;

/// One rule.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Its code: family and number. Never used again for another rule.
    pub code: RuleCode,
    /// The rule itself.
    pub check: fn(&Known<'_>, Date, &mut Findings),
}

macro_rules! rules {
    ($($module:ident = $code:literal,)*) => {
        $(mod $module;)*

        /// Every rule, by code.
        pub const RULES: &[Rule] = &[$(Rule {
            // Found out while this is compiled.
            code: RuleCode::new($code).expect("a code is short"),
            check: $module::check,
        },)*];
    };
}

rules! {
    acc001 = "ACC001",
    acc002 = "ACC002",
    acc003 = "ACC003",
    avp001 = "AVP001",
    avp002 = "AVP002",
    avp003 = "AVP003",
    avp004 = "AVP004",
    avp005 = "AVP005",
    avp006 = "AVP006",
    avp007 = "AVP007",
    avp008 = "AVP008",
    avp009 = "AVP009",
    bkp001 = "BKP001",
    bkp002 = "BKP002",
    bkp003 = "BKP003",
    bkp004 = "BKP004",
    bkp005 = "BKP005",
    cnx001 = "CNX001",
    cnx002 = "CNX002",
    cnx003 = "CNX003",
    cnx004 = "CNX004",
    fwu001 = "FWU001",
    fwu002 = "FWU002",
    fwu003 = "FWU003",
    fwu004 = "FWU004",
    fwu005 = "FWU005",
    fwu006 = "FWU006",
    led001 = "LED001",
    led002 = "LED002",
    led003 = "LED003",
    led004 = "LED004",
    led005 = "LED005",
    led006 = "LED006",
    led007 = "LED007",
    led008 = "LED008",
    led009 = "LED009",
    led010 = "LED010",
    led011 = "LED011",
    led012 = "LED012",
    led013 = "LED013",
    lif001 = "LIF001",
    lif002 = "LIF002",
    lif003 = "LIF003",
    lif004 = "LIF004",
    lif005 = "LIF005",
    lif006 = "LIF006",
    lif007 = "LIF007",
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
    net012 = "NET012",
    net013 = "NET013",
    net014 = "NET014",
    net015 = "NET015",
    net016 = "NET016",
    net017 = "NET017",
    net018 = "NET018",
    scn001 = "SCN001",
    scn002 = "SCN002",
    vul001 = "VUL001",
    vul002 = "VUL002",
    vul003 = "VUL003",
    vul004 = "VUL004",
    vul005 = "VUL005",
    vul006 = "VUL006",
}

/// What the rules found, by key.
#[derive(Debug)]
pub struct Findings {
    rule: RuleCode,
    found: BTreeMap<FindingKey, Finding>,
}

impl Findings {
    /// Runs every rule on what is known on `today`.
    pub fn of(known: &Known<'_>, today: Date) -> Vec<Finding> {
        let mut found = BTreeMap::new();
        for rule in RULES {
            let mut findings = Self { rule: rule.code, found };
            (rule.check)(known, today, &mut findings);
            found = findings.found;
        }
        found.into_values().collect()
    }

    /// Adds what the current rule says of `subject`. Of two findings with one key the first stays.
    fn add(&mut self, subject: Subject, said: Said) {
        let key = FindingKey { rule: self.rule, subject };
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

/// Rows of ledgers that share a fault: one finding for each ledger names them all.
#[derive(Debug, Default)]
struct Rows<'a>(BTreeMap<&'a SourceId, Vec<(String, String, ObservationRef)>>);

impl<'a> Rows<'a> {
    /// Adds the row `at` of `chart`.
    fn add(&mut self, known: &Known<'a>, chart: &Chart<'_>, at: ObservationRef) {
        if let Some(imported) = known.world.import(at.import) {
            let rows = self.0.entry(&imported.import.source).or_default();
            rows.push((chart.label(), chart.mark(), at));
        }
    }

    /// Adds one finding for each ledger; `say` gives title, reason and remedy from its name, how many rows there are, and their
    /// devices.
    fn tell(
        self,
        findings: &mut Findings,
        severity: Severity,
        say: impl Fn(&SourceId, usize, Arg) -> [Message; 3],
    ) {
        for (source, mut rows) in self.0 {
            rows.sort();
            let labels: Vec<String> = rows.iter().map(|(label, ..)| label.clone()).collect();
            let [title, reason, remedy] = say(source, rows.len(), names(&labels));
            findings.add(
                Subject::Source(source.clone()),
                Said {
                    severity,
                    device: None,
                    title,
                    reason,
                    remedy,
                    evidence: rows.iter().map(|(.., at)| *at).collect(),
                    rests_on: rows.into_iter().map(|(_, mark, _)| mark).collect(),
                },
            );
        }
    }
}

/// The setting as the subject of a finding: its device, its kind and its name in the configuration.
fn setting_subject(setting: &Recorded, chart: &Chart<'_>) -> Subject {
    let (kind, name) = (value(setting, Field::Setting), value(setting, Field::SettingName));
    Subject::Setting(chart.device.id, format!("{kind}/{name}"))
}

/// What `recorded` says of `field`; empty where it says nothing.
fn value(recorded: &Recorded, field: Field) -> &str {
    recorded.observation.facts.value(field).unwrap_or_default()
}

/// Everything `recorded` says of `field`, sorted, each once.
fn all(recorded: &Recorded, field: Field) -> Vec<String> {
    let of_field = recorded.observation.facts.iter().filter(|fact| fact.field == field);
    let values: BTreeSet<String> = of_field.map(|fact| fact.value.to_owned()).collect();
    values.into_iter().collect()
}

/// The places that show these sightings, each once.
fn places<'s>(seen: impl IntoIterator<Item = &'s Seen>) -> Vec<ObservationRef> {
    let places: BTreeSet<ObservationRef> = seen.into_iter().map(|seen| seen.at).collect();
    places.into_iter().collect()
}

/// At most this many names are told in one sentence; how many more there are stands behind them, as `(+12)`.
const NAMES_TOLD: usize = 10;

/// The first names of a list.
pub(crate) fn names(names: &[String]) -> Arg {
    let mut told: Vec<Arg> = names.iter().take(NAMES_TOLD).map(Arg::from).collect();
    if names.len() > NAMES_TOLD {
        told.push(Arg::Text(format!("(+{})", names.len() - NAMES_TOLD)));
    }
    Arg::List(told)
}
