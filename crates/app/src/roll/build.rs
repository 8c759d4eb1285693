//! Making the ledger in memory from what is known.

use std::collections::HashMap;
use std::fmt::Write;

use domain::{Field, Stage};
use engine::known::Said;
use engine::lifecycle::OsClaim;
use engine::parallel::in_runs;
use engine::{Chart, Known};
use jiff::civil::Date;

use super::values::{Gathering, Values};
use super::{
    BESIDE, CELLS, LEDGER_FIELDS, Line, Lines, NEEDED, NOT_SEARCHED, Names, ZONE, cell_of,
};
use crate::devices;

/// Every device as a row.
pub(crate) fn lines_of(known: &Known<'_>, today: Date) -> Lines {
    Lines::of(&drafts(known, today))
}

/// A row before its words have numbers.
struct Draft {
    sort: String,
    line: Line,
    /// The cells one after another, and where each ends.
    text: String,
    ends: [u32; CELLS],
    /// What it can be found by besides, each with a line end after it.
    also: String,
}

impl Draft {
    fn cell(&self, cell: usize) -> &str {
        let start = if cell == 0 { 0 } else { self.ends[cell - 1] };
        &self.text[start as usize..self.ends[cell] as usize]
    }

    /// The cells that are not empty, by number.
    fn filled(&self) -> impl Iterator<Item = (usize, &str)> {
        (0..CELLS).map(|cell| (cell, self.cell(cell))).filter(|(_, text)| !text.is_empty())
    }
}

/// Every device as a row, in the order of the list.
fn drafts(known: &Known<'_>, today: Date) -> Vec<Draft> {
    let mut charts: Vec<Chart<'_>> = known.charts().collect();
    // As the documents name them, so that they are read as they lie in memory.
    charts.sort_by_cached_key(|chart| chart.device.members.first().copied());
    let runs = in_runs(&charts, |run| {
        let mut stages = HashMap::new();
        run.iter().map(|chart| draft(known, chart, today, &mut stages)).collect::<Vec<_>>()
    });
    let mut drafts: Vec<Draft> = runs.into_iter().flatten().collect();
    drafts.sort_by(|one, other| (&one.sort, one.line.id).cmp(&(&other.sort, other.line.id)));
    drafts
}

/// What the support table says, by what it was asked: most devices run what many others run.
type Stages<'k> = HashMap<OsClaim<'k>, (Stage, String)>;

fn draft<'k>(known: &Known<'_>, chart: &Chart<'k>, today: Date, stages: &mut Stages<'k>) -> Draft {
    let mut draft = Draft {
        sort: devices::list_key(chart),
        line: line(chart),
        text: String::with_capacity(256),
        ends: [0; CELLS],
        also: String::new(),
    };
    let said = chart.said();
    for (cell, field) in LEDGER_FIELDS.iter().enumerate() {
        let start = draft.text.len();
        let observed = add_value(&mut draft.text, chart, &said, *field);
        draft.line.observed |= u64::from(observed) << cell;
        draft.ends[cell] = draft.text.len() as u32;
        draft.line.unknown |= NEEDED.contains(field) && is_nothing(&draft.text[start..]);
    }
    beside(&mut draft, known, chart, today, stages);
    draft
}

fn is_nothing(value: &str) -> bool {
    matches!(value, "" | "不明")
}

fn line(chart: &Chart<'_>) -> Line {
    Line {
        id: chart.device.id,
        seen: i64::MIN,
        observed: 0,
        filled: 0,
        first: 0,
        place: 0,
        department: 0,
        zone: 0,
        kind: chart.kind(),
        status: chart.status(),
        stage: Stage::Unknown,
        in_ledger: chart.is_listed(),
        unknown: false,
    }
}

/// What is declared of a field, as the ledger shows it.
pub(crate) fn declared_text(chart: &Chart<'_>, field: Field) -> String {
    let mut text = String::new();
    let observed = add_value(&mut text, chart, &chart.said(), field);
    if observed { String::new() } else { text }
}

/// Adds the value of a field; whether it was only observed.
fn add_value(text: &mut String, chart: &Chart<'_>, said: &Said<'_>, field: Field) -> bool {
    match field {
        Field::Address => {
            let mut addresses: Vec<_> =
                declared_bindings(chart).filter_map(|binding| binding.address).collect();
            addresses.sort();
            add_lines(text, addresses);
            false
        }
        Field::Mac => add_macs(text, chart),
        Field::About => {
            let _ = write!(text, "{}", chart.device.anchor);
            false
        }
        _ => {
            let declared = said.declared(field);
            let observed = declared.is_none();
            let Some(fact) = declared.or_else(|| said.observed(field)) else { return false };
            // Days are kept as such, so that they sort and export as days; every other value as its document wrote it.
            text.push_str(if is_day(field) { fact.value } else { fact.shown() });
            observed
        }
    }
}

/// The cards that are declared; where none is, those that were seen.
fn add_macs(text: &mut String, chart: &Chart<'_>) -> bool {
    let mut declared: Vec<_> = declared_bindings(chart).filter_map(|binding| binding.mac).collect();
    declared.sort();
    let observed = declared.is_empty();
    match observed {
        true => add_lines(text, chart.macs()),
        false => add_lines(text, declared),
    }
    observed && !text.is_empty()
}

/// What declarations say of cards and addresses: those in force, or, where none is, the last ones.
fn declared_bindings<'k>(chart: &Chart<'k>) -> impl Iterator<Item = domain::Binding> + use<'k> {
    let world = chart.known().world;
    let declared = chart
        .device
        .declared
        .iter()
        .filter_map(move |at| Some((world.in_force(*at), world.observation(*at)?)));
    let declared: Vec<_> = declared.filter(|(_, said)| !said.bindings.is_empty()).collect();
    let any_in_force = declared.iter().any(|(in_force, _)| *in_force);
    declared
        .into_iter()
        .filter(move |(in_force, _)| *in_force || !any_in_force)
        .flat_map(|(_, said)| said.bindings.iter().cloned())
}

/// Whether a field holds a day.
pub(crate) fn is_day(field: Field) -> bool {
    matches!(
        field,
        Field::Registered
            | Field::RetiredOn
            | Field::SupportEnd
            | Field::InspectedOn
            | Field::InspectionDue
            | Field::ConfirmedOn
    )
}

fn add_lines<T: std::fmt::Display + PartialEq>(
    text: &mut String,
    values: impl IntoIterator<Item = T>,
) {
    let start = text.len();
    let mut last = None;
    for value in values {
        if last.as_ref() == Some(&value) {
            continue;
        }
        if text.len() > start {
            text.push('\n');
        }
        let _ = write!(text, "{value}");
        last = Some(value);
    }
}

/// What a row carries besides its fields.
fn beside<'k>(
    draft: &mut Draft,
    known: &Known<'_>,
    chart: &Chart<'k>,
    today: Date,
    stages: &mut Stages<'k>,
) {
    let seen = chart.sightings();
    draft.line.seen = seen.first().map_or(i64::MIN, |seen| seen.time.as_second());
    let zone = chart.addresses().find_map(|(_, address)| known.zone_of(address));
    let mut addresses: Vec<std::net::Ipv4Addr> = Vec::new();
    for seen in &seen {
        if !addresses.contains(&seen.address) && addresses.len() < 8 {
            addresses.push(seen.address);
        }
    }
    let (stage, ends) = support(chart, today, stages);
    draft.line.stage = stage;
    let first = LEDGER_FIELDS.len();
    add_lines(&mut draft.text, addresses);
    draft.ends[first] = draft.text.len() as u32;
    draft.text.push_str(zone.map_or("", |zone| &zone.name));
    draft.ends[first + 1] = draft.text.len() as u32;
    draft.text.push_str(&ends);
    draft.ends[first + BESIDE - 1] = draft.text.len() as u32;
    draft.also = found_by(draft, chart);
}

/// Every name and address by which somebody may look for it, whoever stated it, where no cell holds it.
fn found_by(draft: &Draft, chart: &Chart<'_>) -> String {
    let mut also = String::new();
    let mut add = |piece: &str| {
        let is_searched = |cell: usize| NOT_SEARCHED & 1 << cell == 0;
        let mut cells = draft.filled().filter(|(cell, _)| is_searched(*cell));
        if !cells.any(|(_, text)| text.contains(piece)) && also.lines().all(|known| known != piece)
        {
            also.push_str(piece);
            also.push('\n');
        }
    };
    for (_, said) in chart.members() {
        if let Some(name) = said.facts.get(Field::Hostname) {
            add(name.shown());
        }
    }
    for mac in chart.macs() {
        let mac = mac.to_string();
        add(&mac);
        add(&mac.replace('-', ""));
    }
    for (_, address) in chart.addresses() {
        add(&address.to_string());
    }
    also
}

/// What the support table says of its operating system.
fn support<'k>(chart: &Chart<'k>, today: Date, stages: &mut Stages<'k>) -> (Stage, String) {
    let claim = chart.os_claim();
    let found = stages.entry(claim).or_insert_with(|| {
        let os = chart.known().os_match(claim);
        let ends = os.entry().and_then(|entry| entry.eos.or(entry.eol));
        (os.stage(today), ends.map_or_else(String::new, |ends| ends.to_string()))
    });
    found.clone()
}

impl Lines {
    fn of(drafts: &[Draft]) -> Self {
        let mut lines = Self {
            rows: Vec::with_capacity(drafts.len()),
            values: Values::default(),
            cells: Vec::new(),
            also: Vec::new(),
            also_ends: Vec::with_capacity(drafts.len()),
            places: Names::default(),
            departments: Names::default(),
            zones: Names::default(),
            orders: super::sort::Orders::default(),
            by_id: (0..).take(drafts.len()).collect(),
        };
        let mut gathering = Gathering::default();
        let mut codes = [HashMap::new(), HashMap::new(), HashMap::new()];
        for draft in drafts {
            lines.add(draft, &mut gathering, &mut codes);
        }
        lines.values = gathering.finish();
        lines.cells.shrink_to_fit();
        lines.also.shrink_to_fit();
        let rows = &lines.rows;
        lines.by_id.sort_unstable_by_key(|row| rows[*row as usize].id);
        lines
    }

    fn add<'d>(
        &mut self,
        draft: &'d Draft,
        gathering: &mut Gathering<'d>,
        codes: &mut [HashMap<String, u16>; 3],
    ) {
        let mut line = Line { first: self.cells.len() as u32, ..draft.line };
        for (cell, text) in draft.filled() {
            line.filled |= 1 << cell;
            self.cells.push(gathering.number(text, NOT_SEARCHED & 1 << cell == 0));
        }
        self.also.extend(draft.also.lines().map(|text| gathering.number(text, true)));
        self.also_ends.push(self.also.len() as u32);
        let of = |field| cell_of(field).map_or("", |cell| draft.cell(cell).trim());
        let [places, departments, zones] = codes;
        line.place = self.places.code(of(Field::Location), places);
        line.department = self.departments.code(of(Field::Department), departments);
        line.zone = self.zones.code(draft.cell(ZONE), zones);
        self.rows.push(line);
    }
}

impl Names {
    /// The code of `name`; the last one stands for all names where there are more than it can count.
    fn code(&mut self, name: &str, codes: &mut HashMap<String, u16>) -> u16 {
        if let Some(code) = codes.get(name) {
            return *code;
        }
        let code = u16::try_from(self.0.len()).unwrap_or(u16::MAX);
        if code == u16::MAX {
            return code - 1;
        }
        self.0.push(name.into());
        codes.insert(name.to_owned(), code);
        code
    }
}
