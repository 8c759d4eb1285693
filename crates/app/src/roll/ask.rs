//! What is asked of the list, and what is found.

use std::collections::BTreeMap;

use domain::{DeviceKind, Field, Severity, Stage, Status};

use super::search::Needles;
use super::{Line, Roll, rank};

/// Marks that a device can bear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// 見えない: it should have been seen on its network, and was not.
    Unseen,
    /// 台帳にない: no ledger lists it.
    Unlisted,
    /// わからない項目あり: something that everybody must know of a device is not known.
    Unknown,
}

impl Mark {
    /// Every mark.
    pub const ALL: [Self; 3] = [Self::Unseen, Self::Unlisted, Self::Unknown];

    /// The word of addresses and texts.
    pub fn key(self) -> &'static str {
        match self {
            Self::Unseen => "unseen",
            Self::Unlisted => "unlisted",
            Self::Unknown => "unknown",
        }
    }

    /// The mark with this key.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mark| mark.key() == key)
    }
}

/// In which order the rows stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Listed devices by their number, then the others by name and address.
    #[default]
    List,
    /// By the value of a field.
    Field(Field),
    /// By when they were last seen, the newest first.
    Seen,
    /// By when their support ends, the earliest first.
    Support,
    /// By their findings, the most urgent first.
    Findings,
}

/// What is asked of the list.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    /// What was typed: words that must all be there.
    pub search: String,
    /// The place, as written.
    pub place: Option<String>,
    /// The department, as written.
    pub department: Option<String>,
    /// The zone.
    pub zone: Option<String>,
    /// The kind; the inner none asks for devices of which nobody knows it.
    pub kind: Option<Option<DeviceKind>>,
    /// The state its ledger gives.
    pub status: Option<Option<Status>>,
    /// Where the support stands.
    pub stage: Option<Stage>,
    /// A mark.
    pub mark: Option<Mark>,
    /// A severity of which there is an open finding.
    pub severity: Option<Severity>,
    /// The order.
    pub order: Order,
    /// The other way round.
    pub descending: bool,
}

/// How many rows there would be with each choice of a filter, while the other filters stay as they are.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    /// By place.
    pub places: Vec<(String, u32)>,
    /// By department.
    pub departments: Vec<(String, u32)>,
    /// By zone.
    pub zones: Vec<(String, u32)>,
    /// By kind.
    pub kinds: BTreeMap<Option<DeviceKind>, u32>,
    /// By state.
    pub states: BTreeMap<Option<Status>, u32>,
    /// By where the support stands.
    pub stages: BTreeMap<Stage, u32>,
    /// By mark: unseen, unlisted, unknown.
    pub marks: [u32; 3],
    /// By severity: urgent, warning, notice, unknown.
    pub severities: [u32; 4],
}

/// What was found.
#[derive(Debug, Clone)]
pub struct Found {
    /// The rows, in their order.
    pub rows: Vec<u32>,
    /// What each filter would leave.
    pub counts: Counts,
}

/// The filters, in the order of the bits that say which of them a row fails.
const FILTERS: u32 = 8;

/// Counts while the rows pass; places and the like by their code.
struct Tally {
    counts: Counts,
    places: Vec<u32>,
    departments: Vec<u32>,
    zones: Vec<u32>,
}

/// The ask with names looked up.
struct Wanted<'a> {
    ask: &'a Ask,
    place: Option<Option<u16>>,
    department: Option<Option<u16>>,
    zone: Option<Option<u16>>,
}

impl Roll {
    /// The rows that fit, and what each filter would leave.
    pub fn find(&self, ask: &Ask) -> Found {
        let lines = &self.lines;
        let holding = lines.holding(&Needles::of(&ask.search));
        let code = |names: &super::Names, name: &Option<String>| {
            name.as_ref().map(|name| {
                names
                    .0
                    .iter()
                    .position(|known| **known == **name)
                    .and_then(|at| u16::try_from(at).ok())
            })
        };
        let wanted = Wanted {
            ask,
            place: code(&lines.places, &ask.place),
            department: code(&lines.departments, &ask.department),
            zone: code(&lines.zones, &ask.zone),
        };
        let mut tally = Tally {
            counts: Counts::default(),
            places: vec![0; lines.places.0.len()],
            departments: vec![0; lines.departments.0.len()],
            zones: vec![0; lines.zones.0.len()],
        };
        let mut fits = vec![false; lines.rows.len()];
        for (index, line) in lines.rows.iter().enumerate() {
            if !holding[index] {
                continue;
            }
            let fails = self.fails(&wanted, index, line);
            fits[index] = fails == 0;
            self.count(&mut tally, index, line, fails);
        }
        Found { rows: self.ordered(ask, &fits), counts: self.named(tally) }
    }

    /// Which filters the row fails, as bits.
    fn fails(&self, wanted: &Wanted<'_>, index: usize, line: &Line) -> u32 {
        let ask = wanted.ask;
        let code =
            |asked: Option<Option<u16>>, own: u16| asked.is_some_and(|code| code != Some(own));
        let failed = [
            code(wanted.place, line.place),
            code(wanted.department, line.department),
            code(wanted.zone, line.zone),
            ask.kind.is_some_and(|kind| kind != line.kind),
            ask.status.is_some_and(|status| status != line.status),
            ask.stage.is_some_and(|stage| stage != line.stage),
            ask.mark.is_some_and(|mark| !self.bears(mark, index, line)),
            ask.severity.is_some_and(|severity| self.findings[index][rank(severity)] == 0),
        ];
        (0..FILTERS).zip(failed).map(|(bit, failed)| u32::from(failed) << bit).sum()
    }

    fn bears(&self, mark: Mark, index: usize, line: &Line) -> bool {
        match mark {
            Mark::Unseen => self.unseen[index],
            Mark::Unlisted => !line.in_ledger,
            Mark::Unknown => line.unknown,
        }
    }

    /// Counts the row for every filter that is the only one it fails, or for all where it fails none.
    fn count(&self, tally: &mut Tally, index: usize, line: &Line, fails: u32) {
        let alone = |bit: u32| fails & !(1 << bit) == 0;
        let counts = &mut tally.counts;
        if alone(0) {
            tally.places[usize::from(line.place)] += 1;
        }
        if alone(1) {
            tally.departments[usize::from(line.department)] += 1;
        }
        if alone(2) {
            tally.zones[usize::from(line.zone)] += 1;
        }
        if alone(3) {
            *counts.kinds.entry(line.kind).or_default() += 1;
        }
        if alone(4) {
            *counts.states.entry(line.status).or_default() += 1;
        }
        if alone(5) {
            *counts.stages.entry(line.stage).or_default() += 1;
        }
        if alone(6) {
            for (mark, count) in Mark::ALL.into_iter().zip(&mut counts.marks) {
                *count += u32::from(self.bears(mark, index, line));
            }
        }
        if alone(7) {
            for (own, count) in self.findings[index].iter().zip(&mut counts.severities) {
                *count += u32::from(*own > 0);
            }
        }
    }

    fn named(&self, tally: Tally) -> Counts {
        let named = |names: &super::Names, counts: Vec<u32>| {
            let all = names.0.iter().zip(counts).filter(|(_, count)| *count > 0);
            all.map(|(name, count)| (name.to_string(), count)).collect()
        };
        Counts {
            places: named(&self.lines.places, tally.places),
            departments: named(&self.lines.departments, tally.departments),
            zones: named(&self.lines.zones, tally.zones),
            ..tally.counts
        }
    }

    fn ordered(&self, ask: &Ask, fits: &[bool]) -> Vec<u32> {
        let lines = &self.lines;
        let keep = |rows: &[u32]| -> Vec<u32> {
            rows.iter().copied().filter(|row| fits[*row as usize]).collect()
        };
        let listed = || (0..).zip(fits).filter(|(_, fits)| **fits).map(|(row, _)| row).collect();
        let mut rows: Vec<u32> = match ask.order {
            Order::List => listed(),
            Order::Field(field) => lines.by_field(field).map_or_else(listed, keep),
            Order::Seen => keep(&lines.by_seen()),
            Order::Support => keep(&lines.by_support()),
            Order::Findings => {
                let mut rows: Vec<u32> = listed();
                rows.sort_by_key(|row| std::cmp::Reverse(self.findings[*row as usize]));
                rows
            }
        };
        if ask.descending {
            rows.reverse();
        }
        rows
    }
}
