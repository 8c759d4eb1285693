//! The hospital in a few numbers, with what is not known counted apart and never as good.
//!
//! [`Picture`] is what the documents in force tell of each device: dear to make, and the same until a document, a word on identity
//! or a zone changes ([`App::picture_mark`]). [`Picture::vitals`] lays what was found today over it, which costs little.

use std::collections::{BTreeMap, HashMap};

use domain::{
    Completeness, Coverage, DeviceId, DeviceKind, Digest, Field, FindingState, ImportState,
    MatterKind, ObservationKind, RunResult, Severity, Stage, Status,
};
use engine::backups;
use engine::lifecycle::OsClaim;
use engine::protection::{Report, Stated, stated};
use engine::{Chart, Known};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use store::View;

use crate::books::Books;
use crate::{App, AppError, Board, feeds};

/// What was last seen, or told by a console, longer ago says nothing about today, in days: as NET002 and AVP006 have it.
const STALE_AFTER: i32 = 30;

/// A trial of bringing a backup back counts for so many days: as BKP003 has it.
const TRIAL_HOLDS: i32 = 365;

/// Within how many days the end of support is near: as LIF002 has it.
const NEAR: i32 = 365;

/// Within how many days the end of a decision is told beforehand.
const DECISION_NEAR: i32 = 14;

/// Rules that say that protection is not as it should be.
const UNPROTECTED: [&str; 6] = ["AVP001", "AVP002", "AVP005", "AVP007", "AVP008", "AVP009"];

/// What the documents in force tell of each device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    devices: Vec<Fact>,
    zones: Vec<String>,
    sources: Sources,
    backups: Backups,
    ends: Vec<Ending>,
}

/// Which kinds of documents are there at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Sources {
    /// A ledger.
    pub ledger: bool,
    /// Something that saw the network.
    pub looks: bool,
    /// A console of malware protection, or reports of machines on themselves.
    pub console: bool,
    /// A list of backups.
    pub backups: bool,
    /// When the newest document came in.
    #[serde(skip)]
    pub newest: Option<Timestamp>,
}

/// Backups, by what they look after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Backups {
    /// Systems with a backup.
    pub groups: u64,
    /// Those whose backup was brought back as a trial within a year.
    pub proven: u64,
}

/// Support that ends before long, for devices of one product and day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ending {
    /// The day.
    pub day: String,
    /// The product, or the device where its ledger alone says so.
    pub what: String,
    /// How many devices.
    pub devices: u64,
    /// The device, where it is one.
    pub device: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Fact {
    id: DeviceId,
    zone: Option<usize>,
    listed: bool,
    declared: bool,
    /// Whether it is expected to be seen.
    expected: bool,
    sight: Sight,
    support: Support,
    protection: Protection,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sight {
    Seen,
    /// Its network was looked at, and it was not there.
    Missed,
    /// Nobody looked.
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Support {
    Ended,
    Near,
    There,
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Protection {
    /// A console or the machine told within the last weeks.
    Told,
    /// The ledger says that there is none.
    None,
    /// The question does not arise, or the manufacturer does not permit it.
    NotAsked,
    Unknown,
}

/// The numbers at the head of the morning's page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Vitals {
    /// Devices in use that a ledger lists and that are expected to be seen.
    pub listed: u64,
    /// Those of them that were seen in the last 30 days.
    pub seen: u64,
    /// Those whose network was looked at and that were not there.
    pub missed: u64,
    /// Those about which nobody looked.
    pub sight_unknown: u64,
    /// Devices that were seen, and that nobody declares.
    pub only_seen: u64,
    /// Listed devices whose support has ended.
    pub ended: u64,
    /// Those whose support ends within twelve months.
    pub near: u64,
    /// Those of which no end is known.
    pub support_unknown: u64,
    /// Listed devices that the question of malware protection concerns.
    pub protectable: u64,
    /// Those whose protection is known not to be as it should.
    pub unprotected: u64,
    /// Those of which it is not known.
    pub protection_unknown: u64,
    /// Backups.
    pub backups: Backups,
    /// Which kinds of documents are there.
    pub sources: Sources,
    /// Zones, by name.
    pub zones: Vec<ZoneVital>,
    /// Support that ends before long, the first first.
    pub endings: Vec<Ending>,
}

/// The devices of a zone by what is wrong with them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct ZoneVital {
    /// Its name.
    pub name: String,
    /// Devices in it.
    pub devices: u64,
    /// With an urgent finding about which nothing is decided.
    pub urgent: u64,
    /// With a warning, and nothing more urgent.
    pub warning: u64,
    /// Of which too little is known to say that nothing is wrong.
    pub unknown: u64,
    /// With neither.
    pub fine: u64,
}

/// A decision that ends soon.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DecisionEnding {
    /// The finding.
    pub key: String,
    /// The last day on which it holds.
    pub until: String,
    /// What was decided.
    pub state: String,
}

impl App {
    /// What the documents in force tell on `today`.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn picture(&self, today: Date) -> Result<Picture, AppError> {
        let books = self.facility()?.read(Books::load)?;
        Ok(books.with_known(|known, _| picture_of(known, &books, today)))
    }

    /// Whenever it is the same, [`App::picture`] of a day is the same.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn picture_mark(&self) -> Result<Digest, AppError> {
        self.facility()?.read(|view: &View| {
            let mut active = view.imports()?;
            active.retain(|import| import.state == ImportState::Active);
            let active: Vec<u32> = active.iter().map(|import| import.id.0).collect();
            let (decisions, zones) = (view.identity_decisions()?, view.zones()?);
            let (feeds, vex) = (feeds::mark(view)?, view.vex_mark()?);
            let dates = feeds::dates_mark(view)?;
            let parts = view.matters(MatterKind::Attachment)?.len();
            let writings = view.matters(MatterKind::Writing)?.len();
            let text = format!(
                "{active:?} {decisions:?} {zones:?} {feeds:?} {dates:?} {vex:?} {parts} {writings}"
            );
            Ok(Digest::of(text.as_bytes()))
        })
    }
}

/// The picture of what `books` hold.
pub(crate) fn picture_of(known: &Known<'_>, books: &Books, today: Date) -> Picture {
    let mut picture = picture(known, today);
    picture.sources.newest = books.imports.iter().map(|import| import.imported_at).max();
    picture
}

impl Board {
    /// Decisions that hold, and end within a fortnight of `today`; the first first.
    pub fn decisions_ending(&self, today: Date) -> Vec<DecisionEnding> {
        let near = |until: Date| (until - today).get_days() <= DECISION_NEAR;
        let mut ending: Vec<DecisionEnding> = self
            .rows()
            .filter(|row| row.state != FindingState::Open)
            .filter_map(|row| Some((row, row.until.filter(|until| near(*until))?)))
            .map(|(row, until)| DecisionEnding {
                key: row.key().to_string(),
                until: until.to_string(),
                state: row.state.key().to_owned(),
            })
            .collect();
        ending.sort_by(|one, other| (&one.until, &one.key).cmp(&(&other.until, &other.key)));
        ending
    }
}

impl Picture {
    /// The numbers, with what `board` says is wrong.
    pub fn vitals(&self, board: &Board) -> Vitals {
        let (worst, unprotected) = by_device(board);
        let mut vitals = Vitals {
            sources: self.sources,
            backups: self.backups,
            endings: self.ends.clone(),
            zones: self
                .zones
                .iter()
                .map(|name| ZoneVital { name: name.clone(), ..ZoneVital::default() })
                .collect(),
            ..Vitals::default()
        };
        for device in &self.devices {
            vitals.count(device, unprotected.contains_key(&device.id));
            if let Some(zone) = device.zone.and_then(|zone| vitals.zones.get_mut(zone)) {
                zone.count(device, worst.get(&device.id).copied());
            }
        }
        vitals
    }
}

impl Vitals {
    fn count(&mut self, device: &Fact, unprotected: bool) {
        self.only_seen += u64::from(!device.declared);
        if !device.listed {
            return;
        }
        if device.expected {
            self.listed += 1;
            match device.sight {
                Sight::Seen => self.seen += 1,
                Sight::Missed => self.missed += 1,
                Sight::Unknown => self.sight_unknown += 1,
            }
        }
        match device.support {
            Support::Ended => self.ended += 1,
            Support::Near => self.near += 1,
            Support::Unknown => self.support_unknown += 1,
            Support::There => {}
        }
        self.count_protection(device.protection, unprotected);
    }

    fn count_protection(&mut self, protection: Protection, unprotected: bool) {
        match protection {
            _ if unprotected => self.unprotected += 1,
            Protection::None => self.unprotected += 1,
            Protection::Unknown => self.protection_unknown += 1,
            Protection::Told => {}
            Protection::NotAsked => return,
        }
        self.protectable += 1;
    }
}

impl ZoneVital {
    fn count(&mut self, device: &Fact, worst: Option<Severity>) {
        self.devices += 1;
        match worst {
            Some(Severity::Urgent) => self.urgent += 1,
            Some(Severity::Warning) => self.warning += 1,
            _ if device.is_known() => self.fine += 1,
            _ => self.unknown += 1,
        }
    }
}

impl Fact {
    /// Whether enough is known to say that nothing is wrong.
    fn is_known(&self) -> bool {
        self.sight == Sight::Seen
            && self.support != Support::Unknown
            && self.protection != Protection::Unknown
    }
}

/// The most urgent open finding of each device; and those whose protection is wrong, whatever was decided.
fn by_device(board: &Board) -> (HashMap<DeviceId, Severity>, HashMap<DeviceId, ()>) {
    let (mut worst, mut unprotected) = (HashMap::new(), HashMap::new());
    for row in board.rows() {
        let Some(device) = row.device() else { continue };
        if row.state == FindingState::Open {
            // The rows stand the most urgent first.
            worst.entry(device).or_insert(row.severity);
        }
        if UNPROTECTED.contains(&row.rule.as_str()) {
            unprotected.insert(device, ());
        }
    }
    (worst, unprotected)
}

fn picture(known: &Known<'_>, today: Date) -> Picture {
    let looks = fresh_looks(known, today);
    let names: BTreeMap<&str, usize> =
        known.zones.iter().enumerate().map(|(at, zone)| (zone.name.as_str(), at)).collect();
    let mut ends: BTreeMap<(Date, String), (u64, DeviceId)> = BTreeMap::new();
    let (mut devices, mut stages) = (Vec::new(), Stages::new());
    for chart in known.charts().filter(|chart| !chart.is_retired()) {
        let listed = chart.is_in_a_ledger();
        let (support, ending) = support(&chart, today, &mut stages);
        if let Some((day, what)) = ending.filter(|_| listed) {
            ends.entry((day, what)).or_insert((0, chart.device.id)).0 += 1;
        }
        devices.push(Fact {
            id: chart.device.id,
            zone: chart
                .addresses()
                .find_map(|(_, address)| known.zone_of(address))
                .and_then(|zone| names.get(zone.name.as_str()).copied()),
            listed,
            declared: chart.is_declared(),
            expected: !matches!(chart.status(), Some(Status::Spare | Status::Stopped)),
            sight: sight(&chart, &looks, today),
            support,
            protection: protection(&chart, today),
        });
    }
    devices.shrink_to_fit();
    Picture {
        devices,
        zones: known.zones.iter().map(|zone| zone.name.clone()).collect(),
        sources: sources(known),
        backups: proven(known, today),
        ends: ends.into_iter().map(ending_view).collect(),
    }
}

fn ending_view(((day, what), (devices, first)): ((Date, String), (u64, DeviceId))) -> Ending {
    let device = (devices == 1).then(|| first.to_string());
    Ending { day: day.to_string(), what, devices, device }
}

/// Looks that say something about today.
fn fresh_looks<'k>(known: &'k Known<'_>, today: Date) -> Vec<&'k Coverage> {
    let says = |look: &&Coverage| {
        matches!(look.completeness, Completeness::Neighbours | Completeness::Scan)
            && (today - known.day(look.at)).get_days() <= STALE_AFTER
    };
    known.looks().into_iter().filter(says).collect()
}

/// As NET002 has it: missed is what was not there when its network was looked at last, however lately it was there before.
fn sight(chart: &Chart<'_>, looks: &[&Coverage], today: Date) -> Sight {
    let known = chart.known();
    let last = chart.sightings().first().map(|seen| known.day(seen.time));
    let addresses = chart.fixed_addresses();
    let covers = |look: &&&Coverage| addresses.iter().any(|at| look.network.contains(*at));
    // The looks stand the newest first.
    let looked = looks.iter().find(covers).map(|look| known.day(look.at));
    match (last, looked) {
        (Some(last), Some(looked)) if last >= looked => Sight::Seen,
        (_, Some(_)) => Sight::Missed,
        (Some(last), None) if (today - last).get_days() <= STALE_AFTER => Sight::Seen,
        _ => Sight::Unknown,
    }
}

/// What the support table says, by what is claimed: most devices run what many others run.
type Stages<'k> = HashMap<OsClaim<'k>, (Stage, Option<Date>)>;

/// Where the support stands; and where it ends before long, when and of what.
fn support<'k>(
    chart: &Chart<'k>,
    today: Date,
    stages: &mut Stages<'k>,
) -> (Support, Option<(Date, String)>) {
    let claim = chart.os_claim();
    let (stage, eos) = *stages.entry(claim).or_insert_with(|| {
        let os = chart.known().os_match(claim);
        (os.stage(today), os.eos())
    });
    let stated = chart.stated_support_end();
    if stage == Stage::EndOfSupport || stated.is_some_and(|end| end <= today) {
        return (Support::Ended, None);
    }
    let near = |end: &Date| *end > today && (*end - today).get_days() <= NEAR;
    let of_os = eos.filter(near).map(|end| (end, chart.os_name()));
    let of_row = stated.filter(near).map(|end| (end, chart.label()));
    match of_os.or(of_row) {
        Some(ending) => (Support::Near, Some(ending)),
        None if stage == Stage::Unknown && stated.is_none() => (Support::Unknown, None),
        None => (Support::There, None),
    }
}

fn protection(chart: &Chart<'_>, today: Date) -> Protection {
    let asked = |report: &Report<'_>| chart.known().captured_on(report.at);
    if let Some(report) = Report::of(chart) {
        let fresh = (today - asked(&report)).get_days() <= STALE_AFTER;
        return if fresh { Protection::Told } else { Protection::Unknown };
    }
    let word = chart.declared(Field::Antivirus).map(|fact| stated(fact.shown()));
    match word {
        Some(Stated::No) => Protection::None,
        Some(Stated::NotPermitted | Stated::NotApplicable) => Protection::NotAsked,
        None if is_without_programs(chart) => Protection::NotAsked,
        // What the ledger alone says, nobody has confirmed.
        Some(Stated::Yes | Stated::Unknown) | None => Protection::Unknown,
    }
}

/// Whether it is a thing that takes no programs of others.
fn is_without_programs(chart: &Chart<'_>) -> bool {
    matches!(chart.kind(), Some(DeviceKind::Network | DeviceKind::Printer))
}

fn sources(known: &Known<'_>) -> Sources {
    let has = |kind| !known.of_kind(kind).is_empty();
    Sources {
        ledger: known.ledger_rows().next().is_some(),
        looks: !known.looks().is_empty(),
        console: has(ObservationKind::ConsoleRow) || has(ObservationKind::HostReport),
        backups: !backups::jobs(known).is_empty(),
        newest: None,
    }
}

fn proven(known: &Known<'_>, today: Date) -> Backups {
    let trials = backups::trials(known);
    let groups = backups::groups(known);
    let is_proven = |group: &&backups::Group<'_>| {
        trials.iter().any(|trial| {
            trial.result == RunResult::Success
                && group.is_tried_by(trial)
                && trial.day.is_some_and(|day| (today - day).get_days() <= TRIAL_HOLDS)
        })
    };
    Backups { groups: groups.len() as u64, proven: groups.iter().filter(is_proven).count() as u64 }
}
