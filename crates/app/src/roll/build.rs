//! Making the ledger in memory from what is known.

use std::collections::HashMap;
use std::fmt::Write;

use domain::{Field, Stage};
use engine::known::Said;
use engine::lifecycle::OsClaim;
use engine::parallel::in_runs;
use engine::{Chart, Known};
use jiff::civil::Date;

use super::search::search_fold_onto;
use super::{BESIDE, CELLS, LEDGER_FIELDS, Line, Lines, NEEDED, Names};
use crate::devices;

/// Every device as a row.
pub(crate) fn lines_of(known: &Known<'_>, today: Date) -> Lines {
    Lines::of(drafts(known, today))
}

/// A row on its way into the long texts.
struct Draft {
    sort: String,
    line: Line,
    /// The cells one after another, and where each ends.
    text: String,
    ends: [u32; CELLS],
    search: String,
}

impl Draft {
    /// The cells that are not empty, by number, and where each ends.
    fn filled_ends(&self) -> impl Iterator<Item = (usize, u32)> {
        let starts = std::iter::once(0).chain(self.ends);
        let cells = starts.zip(self.ends).enumerate().filter(|(_, (start, end))| start < end);
        cells.map(|(cell, (_, end))| (cell, end))
    }

    fn filled(&self) -> usize {
        self.filled_ends().count()
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
        search: String::with_capacity(256),
    };
    let said = chart.said();
    for (cell, field) in LEDGER_FIELDS.iter().enumerate() {
        let start = draft.text.len();
        let observed = add_value(&mut draft.text, chart, &said, *field);
        draft.line.observed |= u64::from(observed) << cell;
        draft.ends[cell] = draft.text.len() as u32;
        let is_searched = !matches!(field, Field::About | Field::Addressing | Field::Presence);
        if is_searched && draft.text.len() > start {
            search_fold_onto(&mut draft.search, &draft.text[start..]);
            draft.search.push('\n');
        }
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
    search_beside(draft, chart);
}

/// Every name and address by which somebody may look for it, whoever stated it.
fn search_beside(draft: &mut Draft, chart: &Chart<'_>) {
    let mut piece = String::new();
    let mut add = |search: &mut String, fill: &dyn Fn(&mut String)| {
        piece.clear();
        fill(&mut piece);
        // What is found already need not stand there twice.
        if !search.contains(piece.as_str()) {
            search.push_str(&piece);
            search.push('\n');
        }
    };
    let search = &mut draft.search;
    for (_, said) in chart.members() {
        if let Some(name) = said.facts.get(Field::Hostname) {
            add(search, &|piece| search_fold_onto(piece, name.shown()));
        }
    }
    for mac in chart.macs() {
        let plain = mac.to_string().replace('-', "");
        add(search, &|piece| _ = write!(piece, "{mac}"));
        add(search, &|piece| piece.push_str(&plain));
    }
    for (_, address) in chart.addresses() {
        add(search, &|piece| _ = write!(piece, "{address}"));
    }
    let start = draft.ends[LEDGER_FIELDS.len()] as usize;
    let zone = &draft.text[start..draft.ends[LEDGER_FIELDS.len() + 1] as usize];
    add(search, &|piece| search_fold_onto(piece, zone));
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
    fn of(drafts: Vec<Draft>) -> Self {
        let mut lines = Self {
            rows: Vec::with_capacity(drafts.len()),
            text: String::with_capacity(drafts.iter().map(|draft| draft.text.len()).sum()),
            ends: Vec::with_capacity(drafts.iter().map(Draft::filled).sum()),
            search: String::with_capacity(drafts.iter().map(|draft| draft.search.len()).sum()),
            search_ends: Vec::with_capacity(drafts.len()),
            places: Names::default(),
            departments: Names::default(),
            zones: Names::default(),
            orders: super::sort::Orders::default(),
            by_id: (0..).take(drafts.len()).collect(),
        };
        let mut codes = [HashMap::new(), HashMap::new(), HashMap::new()];
        for (index, draft) in (0..).zip(drafts) {
            lines.add(index, draft, &mut codes);
        }
        let rows = &lines.rows;
        lines.by_id.sort_unstable_by_key(|row| rows[*row as usize].id);
        lines
    }

    fn add(&mut self, index: u32, draft: Draft, codes: &mut [HashMap<String, u16>; 3]) {
        let start = self.text.len() as u32;
        let mut line = Line { first: self.ends.len() as u32, ..draft.line };
        for (cell, end) in draft.filled_ends() {
            line.filled |= 1 << cell;
            self.ends.push(start + end);
        }
        self.text.push_str(&draft.text);
        self.search.push_str(&draft.search);
        self.search_ends.push(self.search.len() as u32);
        self.rows.push(line);
        let [places, departments, zones] = codes;
        let cell = |field| super::cell_of(field).map_or("", |cell| self.cell(index, cell));
        let (place, department) = (cell(Field::Location).trim(), cell(Field::Department).trim());
        let zone = self.cell(index, super::ZONE);
        let [place, department, zone] = [place, department, zone].map(str::to_owned);
        line.place = self.places.code(place, places);
        line.department = self.departments.code(department, departments);
        line.zone = self.zones.code(zone, zones);
        self.rows.last_mut().into_iter().for_each(|last| *last = line);
    }
}

impl Names {
    /// The code of `name`; the last one stands for all names where there are more than it can count.
    fn code(&mut self, name: String, codes: &mut HashMap<String, u16>) -> u16 {
        if let Some(code) = codes.get(&name) {
            return *code;
        }
        let code = u16::try_from(self.0.len()).unwrap_or(u16::MAX);
        if code == u16::MAX {
            return code - 1;
        }
        self.0.push(name.as_str().into());
        codes.insert(name, code);
        code
    }
}
