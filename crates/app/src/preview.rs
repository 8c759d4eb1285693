//! What would become of each row, before anything counts: the devices as they are now, and as they would be with the files added.
//!
//! All files of one upload are looked at together, against the list as it is at that moment. Nothing is stored.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::{
    DeviceId, Field, ImportId, Layer, Message, Observation, ObservationRef, Place, Warning,
};
use engine::{Chart, Derivation, Known, World, derive};
use formats::reading::{LeftOut, TableRead};
use reference::Catalogue;
use serde::{Deserialize, Serialize};

use crate::books::Books;
use crate::import::{Arrival, Hall, add_to_books};
use crate::views::{FileView, WarningView};
use crate::words::say_again;
use crate::{Act, App, AppError, ImportOptions, NewFile, Step};

/// Rows of one document that a preview tells of one by one; beyond them only those with a warning, and no more of these.
const MOST_ROWS: usize = 5_000;

/// Rows of an earlier edition that are missing in the new one and told of one by one.
const MOST_MISSING: usize = 200;

/// What would become of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(default)]
pub struct PreviewView {
    /// What it was read as. `devices_new` and the like count what is first met in this document.
    pub file: FileView,
    /// How many rows come to what.
    pub tally: PreviewTally,
    /// Its rows in the order of reading.
    pub rows: Vec<PreviewRow>,
    /// Rows that are not told of one by one.
    pub left_off: u64,
    /// Devices of the edition before that no row of this one names.
    pub missing: Vec<MissingRow>,
    /// How many of these there are.
    pub missing_count: u64,
}

/// How many rows come to what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(default)]
pub struct PreviewTally {
    /// Rows that bring a device not known before.
    pub new: u64,
    /// Rows of a device that is known, and of which something else would be known.
    pub changed: u64,
    /// Rows that say what is known already.
    pub same: u64,
    /// Rows of a device that another row of the same upload brings.
    pub joined: u64,
    /// Rows that tell of no device of their own, such as a backup run or a setting.
    pub noted: u64,
    /// Rows that were not read.
    pub not_read: u64,
}

/// What would become of one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewRow {
    /// Where it stands: `sheet!row#part`.
    pub place: String,
    /// The sheet.
    pub sheet: Option<String>,
    /// The row, line or item, from 1.
    pub row: u32,
    /// What kind of statement it is, by key; empty for a row that states nothing.
    pub kind: String,
    /// What stands there, of a row that was not read.
    pub text: String,
    /// The main fields it states: `asset_number`, `name`, `os`, `addresses`, `macs` and the like, as they are shown.
    pub fields: BTreeMap<String, String>,
    /// What becomes of it.
    pub outcome: Outcome,
    /// What a person should know of it.
    pub warnings: Vec<CellWarning>,
}

/// What becomes of a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Outcome {
    /// It says what is known of a device.
    Same {
        /// The device.
        id: String,
        /// What people call it.
        label: String,
    },
    /// Something else would be known of a device.
    Changed {
        /// The device.
        id: String,
        /// What people call it.
        label: String,
        /// What would change.
        changes: Vec<FieldChange>,
    },
    /// It brings a device.
    New,
    /// It is of a device that an earlier row of the same upload brings.
    Joined {
        /// The file of that row.
        file: String,
        /// Its place there: `sheet!row:column#part`.
        place: String,
    },
    /// It tells of no device of its own.
    Noted,
    /// It was not read.
    NotRead {
        /// Why, by key.
        reason: String,
    },
    /// Nothing follows from it: it only carries a warning.
    Nothing,
}

/// A field that would have another value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The field; `address` and `mac` are of its cards.
    pub field: String,
    /// The value now; none where there is none.
    pub old: Option<String>,
    /// The value it would have.
    pub new: String,
}

/// A warning about a row or one cell of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CellWarning {
    /// The field of the cell, where the column is known.
    pub field: Option<String>,
    /// The place: `sheet!row:column#part`.
    pub place: String,
    /// What.
    pub message: String,
    /// What it was said of.
    #[serde(with = "crate::words::kept", default, skip_serializing_if = "Option::is_none")]
    pub(crate) said_of: Option<Message>,
}

/// A device of the edition before that the new one does not name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingRow {
    /// The device.
    pub id: String,
    /// What people call it.
    pub label: String,
    /// Where it stood: `sheet!row:column#part`.
    pub place: String,
}

/// The books with the files of a preview added.
pub(crate) struct Rehearsal {
    books: Books,
    before: Derivation,
    /// How many imports and looks the books held before.
    imports: usize,
    coverage: usize,
    next: ImportId,
    documents: Vec<Read>,
}

/// A document that was read and added.
struct Read {
    import: ImportId,
    file: String,
    view: FileView,
    warnings: Vec<Warning>,
    left_out: Vec<LeftOut>,
    tables: Vec<TableRead>,
}

impl Rehearsal {
    fn open(view: &store::View) -> Result<Self, AppError> {
        let books = Books::load(view)?;
        let before = derive(&books.world(), None);
        let next = ImportId(view.imports()?.last().map_or(1, |import| import.id.0 + 1));
        let (imports, coverage) = (books.imports.len(), books.coverage.len());
        Ok(Self { books, before, imports, coverage, next, documents: Vec::new() })
    }

    /// Adds a document that was read.
    pub(crate) fn add(&mut self, arrival: &mut Arrival, view: &FileView, act: &Act) {
        let import = arrival.import(self.next, act);
        self.next.0 += 1;
        let reading = &mut arrival.reading;
        self.documents.push(Read {
            import: import.id,
            file: import.file_name.clone(),
            view: view.clone(),
            warnings: reading.warnings.clone(),
            left_out: std::mem::take(&mut reading.left_out),
            tables: reading.tables.clone(),
        });
        add_to_books(&mut self.books, &import, reading);
    }

    /// The world as it is without the documents.
    fn world_before(&self) -> World<'_> {
        let books = &self.books;
        World::new(
            books.imports.get(..self.imports).unwrap_or_default(),
            &books.observations,
            books.coverage.get(..self.coverage).unwrap_or_default(),
            &books.decisions,
            reference::layers::shipped(),
        )
    }

    /// What would become of every document.
    fn tell(self, app: &App) -> Vec<PreviewView> {
        let (old_world, new_world) = (self.world_before(), self.books.world());
        let after = derive(&new_world, Some(&self.before));
        let support = self.books.support.as_ref().unwrap_or(reference::lifecycle::shipped());
        let tables = crate::tables(support);
        let old = Known::new(&old_world, &self.before, tables, &self.books.zones);
        let new = Known::new(&new_world, &after, tables, &self.books.zones);
        let first = self.documents.first().map_or(self.next, |document| document.import);
        let files = self.documents.iter().map(|document| (document.import, document.file.as_str()));
        let mut teller = Teller {
            app,
            old: &old,
            new: &new,
            first,
            files: files.collect(),
            brought: HashMap::new(),
        };
        self.documents.iter().map(|document| teller.document(document)).collect()
    }
}

/// Tells of rows, in the order of reading.
struct Teller<'t> {
    app: &'t App,
    old: &'t Known<'t>,
    new: &'t Known<'t>,
    /// The first of the imports that are not there yet.
    first: ImportId,
    files: BTreeMap<ImportId, &'t str>,
    /// The row that brought each new device.
    brought: HashMap<DeviceId, (ImportId, Place)>,
}

impl Teller<'_> {
    fn document(&mut self, document: &Read) -> PreviewView {
        let mut view = PreviewView { file: document.view.clone(), ..PreviewView::default() };
        let mut warnings = self.warnings(document);
        let (mut new, mut changed) = (BTreeSet::new(), BTreeSet::new());
        let mut rows: Vec<(Place, PreviewRow)> = Vec::new();
        let own = self.new.world.observations().filter(|seen| seen.at.import == document.import);
        for recorded in own {
            let place = recorded.observation.place.clone();
            let outcome = self.outcome(recorded.at, &recorded.observation);
            view.tally.count(&outcome);
            match &outcome {
                Outcome::New => new.extend(self.new.chart_of(recorded.at).map(|c| c.device.id)),
                Outcome::Changed { id, .. } => drop(changed.insert(id.clone())),
                _ => {}
            }
            let said = warnings.remove(&row_of(&place)).unwrap_or_default();
            if rows.len() >= MOST_ROWS && (said.is_empty() || rows.len() >= 2 * MOST_ROWS) {
                view.left_off += 1;
                continue;
            }
            rows.push((place, row(&recorded.observation, outcome, said)));
        }
        for left_out in &document.left_out {
            let said = warnings.remove(&row_of(&left_out.place)).unwrap_or_default();
            rows.push((left_out.place.clone(), not_read(left_out, said)));
        }
        for (place, said) in warnings.into_iter().take(MOST_ROWS) {
            if place.row > 0 {
                rows.push((place.clone(), blank(&place, String::new(), Outcome::Nothing, said)));
            }
        }
        self.in_order(document, &mut rows);
        view.tally.not_read = document.view.skipped.values().sum();
        view.file.devices_new = new.len() as u64;
        view.file.devices_changed = changed.len() as u64;
        view.rows = rows.into_iter().map(|(_, row)| row).collect();
        self.missing(document, &mut view);
        view
    }

    /// Sorts rows as they stand: sheets in the order of the workbook.
    fn in_order(&self, document: &Read, rows: &mut [(Place, PreviewRow)]) {
        let sheets: Vec<&str> =
            document.tables.iter().filter_map(|table| table.sheet.as_deref()).collect();
        let number = |place: &Place| {
            let sheet = place.sheet.as_deref();
            sheet.and_then(|sheet| sheets.iter().position(|known| *known == sheet))
        };
        rows.sort_by_key(|(place, _)| (number(place), place.row, place.part));
    }

    /// What is to be said of each row.
    fn warnings(&self, document: &Read) -> BTreeMap<Place, Vec<CellWarning>> {
        let mut said: BTreeMap<Place, Vec<CellWarning>> = BTreeMap::new();
        for warning in &document.warnings {
            let WarningView { place, message, said_of } =
                self.app.said_at(&warning.place, &warning.message);
            let field = field_of(document, &warning.place).map(|field| field.key().to_owned());
            let row = said.entry(row_of(&warning.place)).or_default();
            row.push(CellWarning { field, place, message, said_of });
        }
        said
    }

    fn outcome(&mut self, at: ObservationRef, observation: &Observation) -> Outcome {
        if !observation.kind.names_a_device() {
            return Outcome::Noted;
        }
        let Some(chart) = self.new.chart_of(at) else { return Outcome::Nothing };
        let earlier = chart.device.members.iter().find(|member| member.import < self.first);
        let before = earlier.and_then(|member| self.old.chart_of(*member));
        let Some(before) = before else { return self.brings(at, observation, &chart) };
        let (id, label) = (before.device.id.to_string(), before.label());
        let changes = changes(at, observation, &before, &chart);
        match changes.is_empty() {
            true => Outcome::Same { id, label },
            false => Outcome::Changed { id, label, changes },
        }
    }

    /// The row of a device that nothing spoke of before; the first such row brings it.
    fn brings(&mut self, at: ObservationRef, seen: &Observation, chart: &Chart<'_>) -> Outcome {
        match self.brought.get(&chart.device.id) {
            Some((import, place)) => Outcome::Joined {
                file: self.files.get(import).copied().unwrap_or_default().to_owned(),
                place: place.to_string(),
            },
            None => {
                self.brought.insert(chart.device.id, (at.import, seen.place.clone()));
                Outcome::New
            }
        }
    }

    /// Devices that the edition before names and this one does not.
    fn missing(&self, document: &Read, view: &mut PreviewView) {
        let Some(imported) = self.new.world.import(document.import) else { return };
        let source = &imported.import.source;
        let older = self.old.world.imports().filter(|known| {
            known.import.source == *source
                && known.superseded_at.is_none()
                && known.import.captured_at <= imported.import.captured_at
        });
        for edition in older {
            let rows = self.old.world.observations().filter(|seen| {
                seen.at.import == edition.import.id && seen.observation.kind.names_a_device()
            });
            for row in rows {
                let named = self.new.chart_of(row.at).is_some_and(|chart| {
                    chart.device.members.iter().any(|member| member.import == document.import)
                });
                let Some(chart) = self.old.chart_of(row.at).filter(|_| !named) else { continue };
                view.missing_count += 1;
                if view.missing.len() < MOST_MISSING {
                    view.missing.push(MissingRow {
                        id: chart.device.id.to_string(),
                        label: chart.label(),
                        place: row.observation.place.to_string(),
                    });
                }
            }
        }
    }
}

impl PreviewView {
    /// Says every sentence anew, in the language of `texts`.
    pub(crate) fn say_again(&mut self, texts: &Catalogue) {
        self.file.say_again(texts);
        for warning in self.rows.iter_mut().flat_map(|row| &mut row.warnings) {
            say_again(texts, &mut warning.message, warning.said_of.as_ref());
        }
    }
}

impl PreviewTally {
    fn count(&mut self, outcome: &Outcome) {
        match outcome {
            Outcome::Same { .. } => self.same += 1,
            Outcome::Changed { .. } => self.changed += 1,
            Outcome::New => self.new += 1,
            Outcome::Joined { .. } => self.joined += 1,
            Outcome::Noted => self.noted += 1,
            Outcome::NotRead { .. } | Outcome::Nothing => {}
        }
    }
}

/// The row without the column or the part.
fn row_of(place: &Place) -> Place {
    Place { column: 0, part: 0, ..place.clone() }
}

/// What the column of a place was read as.
fn field_of(document: &Read, place: &Place) -> Option<Field> {
    let of_sheet = |table: &&TableRead| table.sheet.as_deref() == place.sheet.as_deref();
    let table = document.tables.iter().find(of_sheet)?;
    let at = table.numbers.iter().position(|number| *number == place.column)?;
    table.columns.get(at)?.1
}

/// What the device would state otherwise because of this row.
fn changes(
    at: ObservationRef,
    observation: &Observation,
    before: &Chart<'_>,
    after: &Chart<'_>,
) -> Vec<FieldChange> {
    let mut changes = Vec::new();
    for layer in [Layer::Declared, Layer::Observed] {
        let known = before.layer(layer);
        for (fact, from) in after.layer(layer) {
            let old = known.iter().find(|(old, _)| old.field == fact.field).map(|(old, _)| old);
            if from == at && old.is_none_or(|old| old.value != fact.value) {
                changes.push(FieldChange {
                    field: fact.field.key().to_owned(),
                    old: old.map(|old| old.shown().to_owned()),
                    new: fact.shown().to_owned(),
                });
            }
        }
    }
    changes.extend(new_cards(observation, before));
    changes
}

/// Addresses and MACs that the device was not known by.
fn new_cards(observation: &Observation, before: &Chart<'_>) -> Vec<FieldChange> {
    let addresses: BTreeSet<String> =
        before.addresses().map(|(_, address)| address.to_string()).collect();
    let macs: BTreeSet<String> = before.macs().map(|mac| mac.to_string()).collect();
    let mut changes: Vec<FieldChange> = Vec::new();
    let mut add = |field: &str, known: &BTreeSet<String>, new: Option<String>| {
        let Some(new) = new.filter(|new| !known.contains(new)) else { return };
        let old: Vec<&str> = known.iter().map(String::as_str).collect();
        let old = (!old.is_empty()).then(|| old.join(", "));
        let change = FieldChange { field: field.to_owned(), old, new };
        if !changes.contains(&change) {
            changes.push(change);
        }
    };
    for binding in &observation.bindings {
        add("address", &addresses, binding.ipv4().map(|address| address.to_string()));
        add("mac", &macs, binding.mac.map(|mac| mac.to_string()));
    }
    changes
}

fn row(observation: &Observation, outcome: Outcome, warnings: Vec<CellWarning>) -> PreviewRow {
    let mut row = blank(&observation.place, String::new(), outcome, warnings);
    row.kind = observation.kind.key().to_owned();
    const SHOWN: [Field; 9] = [
        Field::AssetNumber,
        Field::Name,
        Field::Hostname,
        Field::Kind,
        Field::Maker,
        Field::Model,
        Field::Os,
        Field::Location,
        Field::Status,
    ];
    for field in SHOWN {
        if let Some(fact) = observation.facts.get(field) {
            row.fields.insert(field.key().to_owned(), fact.shown().to_owned());
        }
    }
    let addresses = observation.bindings.iter().filter_map(|binding| binding.address);
    let macs = observation.bindings.iter().filter_map(|binding| binding.mac);
    listed(&mut row, Field::Address, addresses.map(|address| address.to_string()));
    listed(&mut row, Field::Mac, macs.map(|mac| mac.to_string()));
    row
}

fn listed(row: &mut PreviewRow, field: Field, values: impl Iterator<Item = String>) {
    let mut known: Vec<String> = Vec::new();
    for value in values {
        if !known.contains(&value) {
            known.push(value);
        }
    }
    if !known.is_empty() {
        row.fields.insert(field.key().to_owned(), known.join(", "));
    }
}

fn not_read(left_out: &LeftOut, warnings: Vec<CellWarning>) -> PreviewRow {
    let outcome = Outcome::NotRead { reason: left_out.reason.to_owned() };
    blank(&left_out.place, left_out.text.clone(), outcome, warnings)
}

fn blank(place: &Place, text: String, outcome: Outcome, warnings: Vec<CellWarning>) -> PreviewRow {
    PreviewRow {
        place: place.to_string(),
        sheet: place.sheet.as_deref().map(str::to_owned),
        row: place.row,
        kind: String::new(),
        text,
        fields: BTreeMap::new(),
        outcome,
        warnings,
    }
}

impl App {
    /// Reads `files`, each with the answers that belong to it, and says what would become of every row. Nothing is stored.
    ///
    /// For each file it gives its documents: one, or those of a zip. They are all looked at together, against the list as it is.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn preview(
        &self,
        files: impl IntoIterator<Item = (NewFile, ImportOptions)>,
        act: &Act,
        progress: crate::Progress<'_>,
    ) -> Result<Vec<Vec<PreviewView>>, AppError> {
        let rehearsal = self.facility()?.read(Rehearsal::open)?;
        let mut hall = Hall::default();
        hall.rehearsal.replace(rehearsal);
        let (mut views, mut ends) = (Vec::new(), Vec::new());
        for (index, (file, options)) in files.into_iter().enumerate() {
            let options = ImportOptions { dry_run: true, ..options };
            let step = &mut |step| progress(index, step);
            self.bring(&mut hall, file, &options, act, step, &mut views)?;
            ends.push(views.len());
        }
        progress(ends.len().saturating_sub(1), Step::Joining);
        let told = hall.rehearsal.take().map(|rehearsal| rehearsal.tell(self)).unwrap_or_default();
        Ok(by_file(views, told, &ends))
    }
}

/// Puts what was told of documents beside those of which nothing was: refused, known already, manifests.
fn by_file(views: Vec<FileView>, told: Vec<PreviewView>, ends: &[usize]) -> Vec<Vec<PreviewView>> {
    let mut told = told.into_iter().peekable();
    let mut all = views.into_iter().map(|file| {
        let is_told = |view: &PreviewView| {
            (&view.file.path, &view.file.digest) == (&file.path, &file.digest)
                && file.error.is_none()
                && file.already.is_none()
        };
        let found = told.next_if(is_told);
        found.unwrap_or(PreviewView { file, ..PreviewView::default() })
    });
    let mut start = 0;
    let mut files = Vec::new();
    for end in ends {
        files.push(all.by_ref().take(end - start).collect());
        start = *end;
    }
    files
}
