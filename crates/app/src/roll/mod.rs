//! The ledger in memory (機器台帳): every device as one compact row with the text that is searched, so that a list of 30,000 devices
//! answers while somebody types.
//!
//! The words of all rows are kept each once and by number; a row itself is a few dozen bytes and the numbers of its words. It is made
//! anew when what it rests on has changed, and is never changed itself.

mod ask;
mod build;
mod search;
mod sort;
mod values;

use std::sync::Arc;

use domain::{DeviceId, DeviceKind, Field, Severity, Stage, Status};

pub use ask::{Ask, Counts, Found, Mark, Order};
pub(crate) use build::{declared_text, is_day, lines_of};
pub use search::search_fold;

use crate::board::Board;
use search::Needles;
use values::Values;

/// The fields that a row carries, in the order in which a ledger lists them.
#[rustfmt::skip]
pub const LEDGER_FIELDS: &[Field] = &[
    Field::AssetNumber, Field::Kind, Field::Name, Field::GenericName, Field::Maker, Field::Model, Field::Serial,
    Field::Os, Field::OsVersion, Field::Software, Field::SoftwareVersion, Field::Address, Field::Mac, Field::Addressing,
    Field::Hostname, Field::Location, Field::Department, Field::Users, Field::Registered, Field::Status, Field::RetiredOn,
    Field::SupportEnd, Field::Antivirus, Field::RemoteMaintenance, Field::Contractor, Field::ServiceContract, Field::DeviceClass,
    Field::SpecialMaintenance, Field::InstallationManaged, Field::ApprovalNumber, Field::JmdnCode, Field::Gtin,
    Field::InspectedOn, Field::InspectionDue, Field::DurableYears, Field::NetworkConnection, Field::Quantity,
    Field::ConfirmedOn, Field::Presence, Field::Remark, Field::About,
];

/// What a row carries besides: addresses seen on the wire, the name of its zone, and when its support ends.
const BESIDE: usize = 3;
const SEEN_ADDRESSES: usize = LEDGER_FIELDS.len();
const ZONE: usize = SEEN_ADDRESSES + 1;
const SUPPORT_ENDS: usize = ZONE + 1;
const CELLS: usize = LEDGER_FIELDS.len() + BESIDE;

/// Cells by which no row is found: their words are the program's own, or stand elsewhere in the row.
const NOT_SEARCHED: u64 = not_searched();

const fn not_searched() -> u64 {
    let mut set = 1 << SUPPORT_ENDS;
    let mut cell = 0;
    while cell < LEDGER_FIELDS.len() {
        let own = matches!(LEDGER_FIELDS[cell], Field::About | Field::Addressing | Field::Presence);
        set |= (own as u64) << cell;
        cell += 1;
    }
    set
}

/// The columns of the ministry's example of a ledger (医療機関におけるサイバーセキュリティ対策チェックリストマニュアル, 令和5年6月,
/// p.6), in its order.
#[rustfmt::skip]
pub const FORM_FIELDS: [Field; 12] = [
    Field::AssetNumber, Field::Maker, Field::Os, Field::Software, Field::SoftwareVersion, Field::Address, Field::Hostname,
    Field::Location, Field::Users, Field::Registered, Field::Status, Field::Remark,
];

/// Without these nobody can say where a device is, what it runs, or whether it is in use.
const NEEDED: [Field; 5] = [Field::Maker, Field::Os, Field::Location, Field::Users, Field::Status];

/// The ledger at one moment.
#[derive(Debug)]
pub struct Roll {
    /// The number of the record's last entry when it was made.
    pub moment: u64,
    lines: Arc<Lines>,
    /// For each row its findings, the most urgent first: urgent, warning, notice, unknown.
    findings: Vec<[u16; 4]>,
    unseen: Vec<bool>,
}

/// The rows, without what changes from round to round.
#[derive(Debug)]
pub struct Lines {
    rows: Vec<Line>,
    values: Values,
    /// The value of each cell that is not empty, row by row.
    cells: Vec<u32>,
    /// Values by which a row can be found besides its cells, row by row.
    also: Vec<u32>,
    /// Where those of each row end.
    also_ends: Vec<u32>,
    places: Names,
    departments: Names,
    zones: Names,
    orders: sort::Orders,
    /// The rows by id.
    by_id: Vec<u32>,
}

/// Names that many rows share, each once; the first is the empty one.
#[derive(Debug, Default)]
struct Names(Vec<Box<str>>);

/// One device.
#[derive(Debug, Clone, Copy)]
struct Line {
    id: DeviceId,
    /// When it was last seen on the wire, in seconds; `i64::MIN` where it never was.
    seen: i64,
    /// Cells that were only observed, by their number.
    observed: u64,
    /// Cells that are not empty, by their number.
    filled: u64,
    /// Where the first of them stands among the cells of all rows.
    first: u32,
    place: u16,
    department: u16,
    zone: u16,
    kind: Option<DeviceKind>,
    status: Option<Status>,
    stage: Stage,
    in_ledger: bool,
    unknown: bool,
}

/// A row as it is shown.
#[derive(Debug, Clone, Copy)]
pub struct RollRow<'r> {
    roll: &'r Roll,
    index: u32,
}

impl Roll {
    /// Puts the findings of `board` to the rows.
    pub fn of(lines: Arc<Lines>, board: &Board) -> Self {
        let mut findings = vec![[0; 4]; lines.rows.len()];
        let mut unseen = vec![false; lines.rows.len()];
        const NOT_SEEN: &str = "NET002";
        for row in board.open() {
            let Some(index) = row.device().and_then(|id| lines.index(id)) else { continue };
            let index = index as usize;
            findings[index][rank(row.severity)] += 1;
            unseen[index] |= row.rule == NOT_SEEN;
        }
        Self { moment: board.moment, lines, findings, unseen }
    }

    /// How many devices there are.
    pub fn len(&self) -> usize {
        self.lines.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.lines.rows.is_empty()
    }

    /// The row with this number.
    pub fn row(&self, index: u32) -> RollRow<'_> {
        RollRow { roll: self, index }
    }

    /// The row of the device with this id.
    pub fn device(&self, id: DeviceId) -> Option<RollRow<'_>> {
        self.lines.index(id).map(|index| self.row(index))
    }

    /// About how many bytes it keeps.
    pub fn weight(&self) -> usize {
        let lines = &self.lines;
        let numbers = [&lines.cells, &lines.also, &lines.also_ends, &lines.by_id];
        lines.values.weight()
            + 4 * numbers.into_iter().map(Vec::capacity).sum::<usize>()
            + lines.rows.capacity() * size_of::<Line>()
            + self.findings.capacity() * 9
    }
}

/// The place of a severity among the counts of a row.
fn rank(severity: Severity) -> usize {
    match severity {
        Severity::Urgent => 0,
        Severity::Warning => 1,
        Severity::Notice => 2,
        Severity::Unknown => 3,
    }
}

impl Lines {
    /// The row of the device with this id.
    fn index(&self, id: DeviceId) -> Option<u32> {
        let at = self.by_id.binary_search_by_key(&id, |row| self.rows[*row as usize].id).ok()?;
        self.by_id.get(at).copied()
    }

    fn cell(&self, row: u32, cell: usize) -> &str {
        let line = &self.rows[row as usize];
        if line.filled & 1 << cell == 0 {
            return "";
        }
        let before = line.filled & ((1 << cell) - 1);
        self.values.get(self.cells[line.first as usize + before.count_ones() as usize])
    }

    /// Of each row, whether it holds every word that is looked for.
    fn holding(&self, needles: &Needles) -> Vec<bool> {
        let mut fits = vec![true; self.rows.len()];
        for word in needles.words() {
            let holding = self.values.holding(word);
            for (row, fits) in fits.iter_mut().enumerate().filter(|(_, fits)| **fits) {
                *fits = self.searched(row).any(|value| holding.has(value));
            }
        }
        fits
    }

    /// The values by which a row can be found.
    fn searched(&self, row: usize) -> impl Iterator<Item = u32> {
        let line = &self.rows[row];
        let cells = self.cells[line.first as usize..].iter().zip(bits(line.filled));
        let cells =
            cells.filter(|(_, cell)| NOT_SEARCHED & 1 << cell == 0).map(|(value, _)| *value);
        let start = if row == 0 { 0 } else { self.also_ends[row - 1] as usize };
        cells.chain(self.also[start..self.also_ends[row] as usize].iter().copied())
    }
}

/// The numbers of the bits that are set, rising.
fn bits(mut set: u64) -> impl Iterator<Item = u32> {
    std::iter::from_fn(move || {
        let lowest = (set != 0).then(|| set.trailing_zeros())?;
        set &= set - 1;
        Some(lowest)
    })
}

impl<'r> RollRow<'r> {
    fn line(&self) -> &'r Line {
        &self.roll.lines.rows[self.index as usize]
    }

    /// The id of the device.
    pub fn id(&self) -> DeviceId {
        self.line().id
    }

    /// The value of a field: what is declared, else what was observed; a day in ISO 8601. Empty where nothing is known.
    pub fn value(&self, field: Field) -> &'r str {
        cell_of(field).map_or("", |cell| self.roll.lines.cell(self.index, cell))
    }

    /// Whether the value of the field was only observed, and nobody declares it.
    pub fn is_observed(&self, field: Field) -> bool {
        cell_of(field).is_some_and(|cell| self.line().observed & 1 << cell != 0)
    }

    /// The value of a field where somebody declares it.
    pub fn declared(&self, field: Field) -> &'r str {
        if self.is_observed(field) { "" } else { self.value(field) }
    }

    /// What people call it: computer name, else its name, else an address, else a card, else its id.
    pub fn label(&self) -> String {
        let names = [Field::Hostname, Field::Name].map(|field| self.value(field));
        let seen = self.seen_addresses().next().unwrap_or_default();
        let others = [seen, self.addresses().next().unwrap_or_default(), self.value(Field::Mac)];
        let named = names.into_iter().chain(others).find(|name| !name.is_empty());
        named.map_or_else(
            || self.id().to_string(),
            |name| name.lines().next().unwrap_or_default().to_owned(),
        )
    }

    /// The same with the number of its ledger, as a chart is headed.
    pub fn full_label(&self) -> String {
        match self.value(Field::AssetNumber) {
            "" => self.label(),
            number
                if self.value(Field::Hostname).is_empty() && self.value(Field::Name).is_empty() =>
            {
                number.to_owned()
            }
            number => format!("{} ({number})", self.label()),
        }
    }

    /// The addresses that are declared.
    pub fn addresses(&self) -> std::str::Lines<'r> {
        self.value(Field::Address).lines()
    }

    /// The addresses that were seen on the wire, the newest first.
    pub fn seen_addresses(&self) -> std::str::Lines<'r> {
        self.roll.lines.cell(self.index, SEEN_ADDRESSES).lines()
    }

    /// Its zone; empty where it is in none.
    pub fn zone(&self) -> &'r str {
        self.roll.lines.cell(self.index, ZONE)
    }

    /// What kind of thing it is.
    pub fn kind(&self) -> Option<DeviceKind> {
        self.line().kind
    }

    /// What state its ledger gives.
    pub fn status(&self) -> Option<Status> {
        self.line().status
    }

    /// Where its operating system stands in its life.
    pub fn stage(&self) -> Stage {
        self.line().stage
    }

    /// The day on which the support of its operating system ends or ended; empty where nobody knows.
    pub fn support_ends(&self) -> &'r str {
        self.roll.lines.cell(self.index, SUPPORT_ENDS)
    }

    /// When it was last seen on the wire.
    pub fn last_seen(&self) -> Option<jiff::Timestamp> {
        jiff::Timestamp::from_second(self.line().seen).ok().filter(|_| self.line().seen != i64::MIN)
    }

    /// Whether a ledger lists it.
    pub fn is_in_ledger(&self) -> bool {
        self.line().in_ledger
    }

    /// Whether it should have been seen and was not.
    pub fn is_unseen(&self) -> bool {
        self.roll.unseen[self.index as usize]
    }

    /// The findings about which nothing is decided: urgent, warning, notice, unknown.
    pub fn findings(&self) -> [u16; 4] {
        self.roll.findings[self.index as usize]
    }
}

/// Where a field stands among the cells of a row.
fn cell_of(field: Field) -> Option<usize> {
    LEDGER_FIELDS.iter().position(|known| *known == field)
}
