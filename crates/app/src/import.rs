//! Bringing files in, taking them back, and taking them up again.
//!
//! One file is one change: its bytes, its observations, the devices that follow and the audit entry are stored together or not at all.

use std::borrow::Cow;
use std::collections::BTreeMap;

use domain::{
    Coverage, Digest, Import, ImportId, ImportState, Keeping, Message, Observation, ObservationRef,
    Source, SourceId, msg,
};
use engine::{Recorded, derive};
use formats::reading::{Dated, Input, Mapping, Reading, Refusal};
use jiff::{Timestamp, Unit};
use serde_json::json;
use store::Packing;

use crate::books::Books;
use crate::collector::{self, Beside, Collected, Manifest};
use crate::devices::{self, Changes};
use crate::parts_lists::PartsHeadView;
use crate::source_name::{family, source_of, tables_of};
use crate::unpack::{self, Archive};
use crate::views::{ColumnView, FileView, ImportRowView, ImportView, TableView, WarningView};
use crate::{Act, App, AppError, support, words};

mod hall;
mod mapping;

pub(crate) use hall::Hall;
use hall::{Followed, follow};
pub use mapping::mapping_from_json;
pub(crate) use mapping::mapping_to_json;

/// A file that came in.
#[derive(Debug)]
pub struct NewFile {
    /// The path as the user gave it.
    pub path: String,
    /// All of it; or why it could not even be read, such as that it is too large.
    pub bytes: Result<Cow<'static, [u8]>, Message>,
    /// When the file was last changed, where that is known.
    pub modified: Option<Timestamp>,
}

/// Answers that belong to what is imported.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// Read and derive, but store nothing.
    pub dry_run: bool,
    /// When what the files say was so.
    pub captured_at: Option<Timestamp>,
    /// The series they belong to.
    pub source: Option<String>,
    /// Which column is which; remembered for the source.
    pub mapping: Option<Mapping>,
}

/// What an import is doing, for a progress bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Reading a file.
    Reading,
    /// Deciding which observations are one device.
    Joining,
    /// Writing.
    Storing,
}

/// Told what an import is doing: the number of the file, from 0, and the step.
pub type Progress<'p> = &'p mut dyn FnMut(usize, Step);

/// A file as it was read, with the answers that belong to it.
pub(crate) struct Arrival {
    path: String,
    bytes: Cow<'static, [u8]>,
    /// How much of the bytes is kept: a masked copy where the reader gave one.
    keeping: Keeping,
    size: u64,
    digest: Digest,
    packing: Packing,
    source: SourceId,
    captured_at: Timestamp,
    captured_from: &'static str,
    /// It came from a folder of the collecting script, where many machines may give the same bytes.
    is_collected: bool,
    /// How many observations there are; they themselves move on into the books.
    observations: u64,
    pub(crate) reading: Reading,
}

/// A file with what is known of it from the folder it lay in.
struct Document {
    path: String,
    bytes: Cow<'static, [u8]>,
    modified: Option<Timestamp>,
    collected: Option<Collected>,
    /// The size it had when it was collected, where that is another now.
    size_before: Option<u64>,
}

impl App {
    /// Imports `files` one by one. A refused file is told in its view, and changes nothing but the record.
    ///
    /// # Errors
    ///
    /// What the store says; files before the one that failed are in.
    pub fn import(
        &self,
        files: impl IntoIterator<Item = NewFile>,
        options: &ImportOptions,
        act: &Act,
        progress: Progress<'_>,
    ) -> Result<ImportView, AppError> {
        let mut views = Vec::new();
        let mut hall = Hall::default();
        let mut files = files.into_iter().enumerate();
        while let Some((index, file)) = files.next() {
            hall.closes = files.size_hint().1 == Some(0);
            let step = &mut |step| progress(index, step);
            self.bring(&mut hall, file, options, act, step, &mut views)?;
        }
        Ok(ImportView { files: views.into_iter().map(FileView::into_answer).collect() })
    }

    /// Imports one file, or every file of a zip.
    pub(crate) fn bring(
        &self,
        hall: &mut Hall,
        file: NewFile,
        options: &ImportOptions,
        act: &Act,
        step: &mut dyn FnMut(Step),
        views: &mut Vec<FileView>,
    ) -> Result<(), AppError> {
        match &file.bytes {
            Ok(bytes) if unpack::is_archive(bytes) => {
                hall.closes = false;
                self.import_archive(hall, &file.path, bytes, options, act, step, views)
            }
            _ => {
                views.extend(self.import_one(hall, file, options, act, step)?);
                Ok(())
            }
        }
    }

    /// Imports every file of a zip, each as if it had come by itself.
    #[expect(clippy::too_many_arguments, reason = "the loop of `import`, taken out of it")]
    fn import_archive(
        &self,
        hall: &mut Hall,
        path: &str,
        bytes: &[u8],
        options: &ImportOptions,
        act: &Act,
        progress: &mut dyn FnMut(Step),
        views: &mut Vec<FileView>,
    ) -> Result<(), AppError> {
        let mut archive = match Archive::open(bytes) {
            Ok(archive) => archive,
            Err(message) => {
                views.push(self.refused(path, Some(Digest::of(bytes)), &message, options, act)?);
                return Ok(());
            }
        };
        for entry in archive.entries() {
            let file = NewFile {
                path: format!("{path}/{}", entry.name),
                bytes: archive.read(&entry).map(Cow::Owned),
                modified: entry.modified,
            };
            views.extend(self.import_one(hall, file, options, act, progress)?);
        }
        Ok(())
    }

    /// Takes the manifest of a folder of the collecting script: it tells of the files beside it, and is no evidence itself.
    fn take_manifest(
        &self,
        hall: &mut Hall,
        path: &str,
        bytes: &[u8],
    ) -> Result<FileView, Message> {
        let manifest = Manifest::read(bytes)?;
        let view = FileView {
            path: path.to_owned(),
            kind: Some(collector::KIND.to_owned()),
            digest: Some(Digest::of(bytes).to_string()),
            rows: manifest.outputs.len() as u64,
            warnings: self.warning_views(&manifest.warnings),
            ..FileView::default()
        };
        hall.folders.add(path, manifest);
        Ok(view)
    }

    /// Imports one file. None where there is nothing to tell of it: the manifest beside it said that its command failed.
    fn import_one(
        &self,
        hall: &mut Hall,
        file: NewFile,
        options: &ImportOptions,
        act: &Act,
        progress: &mut dyn FnMut(Step),
    ) -> Result<Option<FileView>, AppError> {
        progress(Step::Reading);
        let NewFile { path, bytes, modified } = file;
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(message) => return self.refused(&path, None, &message, options, act).map(Some),
        };
        if collector::is_manifest(&bytes) {
            let taken = self.take_manifest(hall, &path, &bytes);
            return taken
                .or_else(|message| {
                    self.refused(&path, Some(Digest::of(&bytes)), &message, options, act)
                })
                .map(Some);
        }
        let (collected, size_before) = match hall.folders.beside(&path, bytes.len() as u64) {
            Beside::Failed => return Ok(None),
            Beside::Listed(collected, size) => (Some(collected), size),
            Beside::Nothing => (None, None),
        };
        let file = Document { path, bytes, modified, collected, size_before };
        self.import_document(hall, file, options, act, progress).map(Some)
    }

    fn import_document(
        &self,
        hall: &mut Hall,
        file: Document,
        options: &ImportOptions,
        act: &Act,
        progress: &mut dyn FnMut(Step),
    ) -> Result<FileView, AppError> {
        let Document { path, bytes, modified, collected, size_before } = file;
        let machine = collected.as_ref().map(|collected| collected.machine.as_str());
        // The document is made ready to be kept while it is being read.
        let (packing, reading) = std::thread::scope(|scope| {
            let packing = scope.spawn(|| Packing::of(&bytes));
            let reading = self.read_file(&path, &bytes, machine, options);
            (packing.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)), reading)
        });
        let digest = packing.digest();
        let mut reading = match reading {
            Ok(reading) => reading,
            Err(refusal) => {
                return self.refused(&path, Some(digest), &refusal.message, options, act);
            }
        };
        if let Some(before) = size_before {
            let message = msg!("collector.size_differs", before = before, now = bytes.len());
            reading.warn(domain::Place::DOCUMENT, message);
        }
        let source = source(options, &reading, collected.as_ref(), file_name(&path));
        let collected_at = collected.as_ref().and_then(|collected| collected.at);
        let (captured_at, captured_from) =
            capture_time(options, &reading, collected_at, modified, act);
        // As exact as it is kept: files unpacked within one millisecond must rank alike now and when they are read again.
        let captured_at = captured_at.round(Unit::Millisecond).unwrap_or(captured_at);
        let (size, observations) = (bytes.len() as u64, reading.observations.len() as u64);
        let keeping = keeping(&reading);
        let mut arrival = Arrival {
            path,
            bytes,
            keeping,
            size,
            digest,
            packing,
            source,
            captured_at,
            captured_from,
            is_collected: collected.is_some(),
            observations,
            reading,
        };
        if let Some(earlier) = self.same_before(&arrival, options)? {
            return Ok(self.view_of(&arrival, None, Changes::default(), Some(earlier)));
        }
        if let Some(rehearsal) = &mut hall.rehearsal {
            let view = self.view_of(&arrival, None, Changes::default(), None);
            rehearsal.add(&mut arrival, &view, act);
            return Ok(view);
        }
        if options.dry_run {
            return self.rehearse(&mut arrival, act, progress);
        }
        match self.take_in(hall, &mut arrival, options, act, progress) {
            Ok((id, changes)) => Ok(self.view_of(&arrival, Some(id), changes, None)),
            // Somebody else brought the same in while this was being read.
            Err(AppError::AlreadyIn(earlier)) => {
                Ok(self.view_of(&arrival, None, Changes::default(), Some(earlier)))
            }
            Err(error) => Err(error),
        }
    }

    fn refused(
        &self,
        path: &str,
        digest: Option<Digest>,
        message: &Message,
        options: &ImportOptions,
        act: &Act,
    ) -> Result<FileView, AppError> {
        let error = self.catalogue().say(message);
        if !options.dry_run {
            let detail = json!({
                "file": file_name(path),
                "digest": digest.map(|digest| digest.to_string()),
                "reason": words::to_json(message),
            });
            let subject = digest.map_or_else(String::new, |digest| format!("evidence:{digest}"));
            self.facility()?.record(act.entry("import.refused", subject, &detail))?;
        }
        Ok(FileView {
            path: path.to_owned(),
            error: Some(error),
            error_of: Some(message.clone()),
            digest: digest.map(|digest| digest.to_string()),
            ..FileView::default()
        })
    }

    /// Reads a document, with the mapping that a person gave now or for its source before.
    fn read_file(
        &self,
        path: &str,
        bytes: &[u8],
        machine: Option<&str>,
        options: &ImportOptions,
    ) -> Result<Reading, Refusal> {
        let name = file_name(path);
        let read = |mapping| formats::registry::read(&Input { name, bytes, mapping, machine });
        if let Some(mapping) = &options.mapping {
            return read(Some(mapping));
        }
        if let Some(table) = support::read(bytes) {
            return table;
        }
        let first = read(None);
        let kind = first.as_ref().map_or("table", |reading| reading.kind);
        let hint = first.as_ref().ok().and_then(|reading| reading.source_hint.clone());
        match self.remembered(&candidates(options, hint.as_deref(), kind, name)) {
            Some(mapping) => read(Some(&mapping)).or(first),
            None => first,
        }
    }

    /// The mapping that a person gave before for the first of these sources that has one.
    fn remembered(&self, sources: &[SourceId]) -> Option<Mapping> {
        let kept = self.facility().ok()?.read(|view| {
            let answers = sources.iter().map(|source| view.mapping(source, fingerprint()));
            answers.collect::<Result<Vec<_>, _>>()
        });
        mapping_from_json(&kept.ok()?.into_iter().flatten().next()?)
    }

    /// The active import that brought the same bytes before. A copy under another name is no second ledger, unless somebody says so.
    fn same_before(
        &self,
        arrival: &Arrival,
        options: &ImportOptions,
    ) -> Result<Option<ImportId>, AppError> {
        self.facility()?.read(|view| same(view, arrival, options))
    }

    fn rehearse(
        &self,
        arrival: &mut Arrival,
        act: &Act,
        progress: &mut dyn FnMut(Step),
    ) -> Result<FileView, AppError> {
        progress(Step::Joining);
        let changes = self.facility()?.read(|view| {
            let mut books = Books::load(view)?;
            let next = ImportId(view.imports()?.last().map_or(1, |import| import.id.0 + 1));
            let import = arrival.import(next, act);
            add_to_books(&mut books, &import, &mut arrival.reading);
            let derivation = derive(&books.world(), None);
            devices::compare(view, &derivation)
        })?;
        Ok(self.view_of(arrival, None, changes, None))
    }

    fn take_in(
        &self,
        hall: &mut Hall,
        arrival: &mut Arrival,
        options: &ImportOptions,
        act: &Act,
        progress: &mut dyn FnMut(Step),
    ) -> Result<(ImportId, Changes), AppError> {
        let entry = act.entry("import", String::new(), &json!({}));
        let facility = self.facility()?;
        std::thread::scope(|scope| {
            facility.change(entry, |change| {
                if let Some(earlier) = same(change.view(), arrival, options)? {
                    return Err(AppError::AlreadyIn(earlier));
                }
                let mut books = hall.open(change.view())?;
                arrival.keep(change)?;
                // From here on only the observations are needed: a large file gives its memory back.
                arrival.bytes = Cow::Borrowed(&[]);
                arrival.packing = Packing::of(&[]);
                let mut import = arrival.import(ImportId(0), act);
                import.id = change.add_import(&import)?;
                change.add_coverage(&arrival.coverage(import.id))?;
                change.set_source(&Source {
                    id: import.source.clone(),
                    kind: import.kind.clone(),
                    newest: None,
                    // How fresh it is expected to be is a person's word and stays.
                    freshness_days: crate::sources::freshness(change.view(), &import.source)?,
                })?;
                if let Some(mapping) = &options.mapping {
                    change.set_mapping(&store::MappingRow {
                        source: import.source.clone(),
                        fingerprint: fingerprint(),
                        mapping: mapping_to_json(mapping),
                    })?;
                }
                books.read_support(change.view(), &import)?;
                progress(Step::Joining);
                let before = books.observations.len();
                add_to_books(&mut books, &import, &mut arrival.reading);
                let (changes, followed) = if books.is_silent(&import) {
                    (Changes::default(), Followed { grown: hall.grown.take(), growth: None })
                } else {
                    follow(change, &books, &import, before, hall.grown.take(), progress)?
                };
                let view = self.view_of(arrival, Some(import.id), changes, None);
                change.set_import_report(
                    import.id,
                    &serde_json::to_string(&view).unwrap_or_default(),
                )?;
                change.entry().subject = format!("import:{}", import.id);
                change.detail(detail(&import, &view).to_string());
                let Followed { grown, growth } = followed;
                let left = hall.leave(books, grown, change.view().audit_head()?.0 + 1);
                // To give back the memory of a large hospital takes a while: it is done while the change is written to the disk.
                scope.spawn(move || drop((left, growth)));
                Ok((import.id, changes))
            })
        })
    }

    /// Every import, in the order they happened.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn imports(&self) -> Result<Vec<ImportRowView>, AppError> {
        let imports = self.facility()?.read(store::View::imports)?;
        Ok(imports.iter().map(import_row).collect())
    }

    /// Takes an import back: its observations no longer count, and the devices are derived without it.
    ///
    /// # Errors
    ///
    /// [`AppError::ImportState`] where that was done before, and what the store says.
    pub fn undo_import(&self, id: ImportId, act: &Act) -> Result<FileView, AppError> {
        self.set_state(id, ImportState::Undone, act)
    }

    /// Takes an import up again.
    ///
    /// # Errors
    ///
    /// [`AppError::ImportState`] where it counts already, and what the store says.
    pub fn redo_import(&self, id: ImportId, act: &Act) -> Result<FileView, AppError> {
        self.set_state(id, ImportState::Active, act)
    }

    fn set_state(&self, id: ImportId, state: ImportState, act: &Act) -> Result<FileView, AppError> {
        let word = if state == ImportState::Active { "import.redo" } else { "import.undo" };
        let entry = act.entry(word, format!("import:{id}"), &json!({}));
        self.facility()?.change(entry, |change| {
            let import = change.view().import(id)?;
            if import.state == state {
                let message = match state {
                    ImportState::Active => msg!("app.import_active", import = id.0),
                    ImportState::Undone => msg!("app.import_undone", import = id.0),
                };
                return Err(AppError::ImportState(id, message));
            }
            change.set_import_state(id, state)?;
            let changes = devices::derive_and_write(change)?;
            change.detail(
                json!({
                    "file": import.file_name,
                    "digest": import.evidence.to_string(),
                    "devices_new": changes.new,
                    "devices_changed": changes.changed,
                    "devices_gone": changes.gone,
                })
                .to_string(),
            );
            Ok(FileView {
                path: import.file_name.clone(),
                kind: Some(import.kind.clone()),
                encoding: import.encoding.clone(),
                import: Some(id.0),
                source: Some(import.source.to_string()),
                digest: Some(import.evidence.to_string()),
                captured_at: Some(import.captured_at.to_string()),
                rows: import.rows,
                devices_new: changes.new,
                devices_changed: changes.changed,
                devices_gone: changes.gone,
                ..FileView::default()
            })
        })
    }

    fn view_of(
        &self,
        arrival: &Arrival,
        id: Option<ImportId>,
        changes: Changes,
        already: Option<ImportId>,
    ) -> FileView {
        let reading = &arrival.reading;
        let numbers = |map: &BTreeMap<&'static str, u64>| {
            map.iter().map(|(word, n)| ((*word).to_owned(), *n)).collect()
        };
        FileView {
            path: arrival.path.clone(),
            kind: Some(reading.kind.to_owned()),
            error: None,
            error_of: None,
            encoding: reading.encoding.map(str::to_owned),
            import: id.or(already).map(|id| id.0),
            already: already.map(|id| id.0),
            source: Some(arrival.source.to_string()),
            digest: Some(arrival.digest.to_string()),
            captured_at: Some(arrival.captured_at.to_string()),
            captured_from: Some(arrival.captured_from.to_owned()),
            rows: reading.rows,
            observations: arrival.observations,
            devices_new: changes.new,
            devices_changed: changes.changed,
            devices_gone: changes.gone,
            skipped: numbers(&reading.skipped),
            counts: numbers(&reading.counts),
            parts: reading.parts.as_deref().map(PartsHeadView::of),
            tables: reading.tables.iter().map(table_view).collect(),
            warnings: self.warning_views(&reading.warnings),
            questions: reading
                .questions
                .iter()
                .map(|question| self.said_at(&question.place, &question.message))
                .collect(),
        }
    }

    fn warning_views(&self, warnings: &[domain::Warning]) -> Vec<WarningView> {
        warnings.iter().map(|warning| self.said_at(&warning.place, &warning.message)).collect()
    }

    pub(crate) fn said_at(&self, place: &domain::Place, message: &Message) -> WarningView {
        WarningView {
            place: place.to_string(),
            message: self.catalogue().say(message),
            said_of: Some(message.clone()),
        }
    }
}

/// The active import in `view` that brought the same as `arrival`.
fn same(
    view: &store::View,
    arrival: &Arrival,
    options: &ImportOptions,
) -> Result<Option<ImportId>, AppError> {
    let asked = options.source.is_some() || options.mapping.is_some() || arrival.is_collected;
    let before = view.imports_of(arrival.digest)?;
    let same = before
        .into_iter()
        .filter(|import| import.state == ImportState::Active)
        .find(|import| !asked || import.source == arrival.source);
    Ok(same.map(|import| import.id))
}

impl Arrival {
    /// Keeps the document, or in its place the copy without secrets, or nothing: then the document's own bytes never reach the disk.
    fn keep(&mut self, change: &mut store::Change) -> Result<(), AppError> {
        match (self.keeping, self.reading.masked.take()) {
            (Keeping::Distilled, _) => {}
            (_, Some(copy)) => change.keep_masked(self.digest, &copy)?,
            (_, None) => change.keep_packed(&self.bytes, &self.packing)?,
        }
        Ok(())
    }

    pub(crate) fn import(&self, id: ImportId, act: &Act) -> Import {
        Import {
            id,
            evidence: self.digest,
            file_name: file_name(&self.path).to_owned(),
            size: self.size,
            keeping: self.keeping,
            source: self.source.clone(),
            kind: self.reading.kind.to_owned(),
            reader_version: self.reading.version,
            encoding: self.reading.encoding.map(str::to_owned),
            captured_at: self.captured_at,
            imported_at: act.now,
            imported_by: act.actor.to_string(),
            rows: self.reading.rows,
            state: ImportState::Active,
        }
    }

    fn coverage(&self, id: ImportId) -> Vec<Coverage> {
        self.reading
            .coverage
            .iter()
            .map(|look| Coverage { import: id, at: self.captured_at, ..look.clone() })
            .collect()
    }
}

/// How much of a document is kept, by what was read of it.
fn keeping(reading: &Reading) -> Keeping {
    match reading.masked {
        _ if reading.distilled => Keeping::Distilled,
        Some(_) => Keeping::Masked,
        None => Keeping::Whole,
    }
}

/// Moves what was read into the books.
pub(crate) fn add_to_books(books: &mut Books, import: &Import, reading: &mut Reading) {
    books.imports.push(import.clone());
    let record = |(seq, mut observation): (u32, Observation)| {
        observation.bindings.shrink_to_fit();
        Recorded { at: ObservationRef { import: import.id, seq }, observation }
    };
    // As much as is needed, or as it grows by many small files, more at once: or each would move all before it.
    books.observations.reserve(reading.observations.len());
    books.observations.extend((0..).zip(std::mem::take(&mut reading.observations)).map(record));
    let at = import.captured_at;
    books.coverage.extend(reading.coverage.iter().map(|look| Coverage {
        import: import.id,
        at,
        ..look.clone()
    }));
}

fn source(
    options: &ImportOptions,
    reading: &Reading,
    collected: Option<&Collected>,
    file_name: &str,
) -> SourceId {
    match (collected, &reading.source_hint) {
        // The collecting script gives the files of every machine the same names.
        (Some(collected), None) if options.source.is_none() => {
            SourceId::new(&format!("{}/{}", family(reading.kind), collected.machine.to_lowercase()))
        }
        (_, hint) => series(options, hint.as_deref(), reading.kind, file_name),
    }
}

fn series(options: &ImportOptions, hint: Option<&str>, kind: &str, file_name: &str) -> SourceId {
    match (&options.source, hint) {
        (Some(name), _) => SourceId::new(name),
        (None, Some(hint)) => SourceId::new(hint),
        (None, None) => source_of(kind, file_name),
    }
}

/// The sources under which a mapping for this file may be remembered.
///
/// Without its mapping a table may be unknown, or look like one of another family: then its own source cannot be told yet.
fn candidates(
    options: &ImportOptions,
    hint: Option<&str>,
    kind: &str,
    file_name: &str,
) -> Vec<SourceId> {
    let mut sources = vec![series(options, hint, kind, file_name)];
    if options.source.is_none() && hint.is_none() {
        sources.extend(tables_of(file_name));
    }
    sources
}

/// When what the document says was so: as the user says, as the document says, as the collecting script says, as the file's date
/// says, or now.
fn capture_time(
    options: &ImportOptions,
    reading: &Reading,
    collected: Option<Timestamp>,
    modified: Option<Timestamp>,
    act: &Act,
) -> (Timestamp, &'static str) {
    if let Some(given) = options.captured_at {
        return (given, "given");
    }
    let dated = reading.dated.and_then(|dated| match dated {
        // A day is taken at its end, so that it is not older than what was captured on it.
        Dated::Day(day) => engine::known::JAPAN.to_timestamp(day.at(23, 59, 59, 0)).ok(),
        Dated::Local(time) => engine::known::JAPAN.to_timestamp(time).ok(),
    });
    let known = [(dated, "document"), (collected, "collected"), (modified, "file")];
    let found = known.into_iter().find_map(|(time, from)| Some((time?, from)));
    found.unwrap_or((act.now, "now"))
}

pub(crate) fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

fn table_view(table: &formats::reading::TableRead) -> TableView {
    TableView {
        sheet: table.sheet.clone(),
        taken_as: table.taken_as.to_owned(),
        header_row: table.header_row,
        columns: table
            .columns
            .iter()
            .map(|(header, field)| ColumnView {
                header: header.clone(),
                field: field.map(|field| field.key().to_owned()),
            })
            .collect(),
        devices: table.devices,
    }
}

pub(crate) fn import_row(import: &Import) -> ImportRowView {
    ImportRowView {
        id: import.id.0,
        state: import.state.key().to_owned(),
        file: import.file_name.clone(),
        kind: import.kind.clone(),
        source: import.source.to_string(),
        rows: import.rows,
        captured_at: import.captured_at.to_string(),
        imported_at: import.imported_at.to_string(),
        imported_by: import.imported_by.clone(),
        digest: import.evidence.to_string(),
        size: import.size,
    }
}

fn detail(import: &Import, view: &FileView) -> serde_json::Value {
    json!({
        "file": import.file_name,
        "digest": import.evidence.to_string(),
        "size": import.size,
        "kind": import.kind,
        "keeping": import.keeping.key(),
        "source": import.source.as_str(),
        "captured_at": import.captured_at.to_string(),
        "observations": view.observations,
        "devices_new": view.devices_new,
        "devices_changed": view.devices_changed,
        "devices_gone": view.devices_gone,
    })
}

/// A source has one mapping; the header's digest would tell several apart.
fn fingerprint() -> Digest {
    Digest([0; 32])
}
