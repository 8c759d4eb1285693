//! One import of the past: its report, its evidence, and what taking it back or up again would do.

use domain::{ImportId, ImportState};
use serde::Serialize;
use store::StoreError;

use crate::devices::{self, Changes};
use crate::import::import_row;
use crate::views::{FileView, ImportRowView};
use crate::{Act, App, AppError, DEMO_FILES};

/// One import with its report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportDetailView {
    /// What the list says of it.
    pub import: ImportRowView,
    /// How much of the bytes is kept: `whole`, `masked` or `distilled`; `let_go` where their time was over.
    pub keeping: String,
    /// Text encoding.
    pub encoding: Option<String>,
    /// What was said when it came in; none where that was not kept.
    pub report: Option<FileView>,
}

/// What an act would change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct TurnView {
    /// Devices that would come.
    pub new: u64,
    /// Devices of which something else would be known.
    pub changed: u64,
    /// Devices that would go.
    pub gone: u64,
}

/// The kept bytes of an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceBytes {
    /// The name the file had.
    pub file_name: String,
    /// What is kept of it.
    pub bytes: Vec<u8>,
    /// Whether this is a copy in which secrets are masked.
    pub is_masked: bool,
}

/// Why a rehearsal in a change ends without a change.
enum Rehearsed {
    Done(Changes),
    Failed(AppError),
}

impl From<StoreError> for Rehearsed {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<AppError> for Rehearsed {
    fn from(error: AppError) -> Self {
        Self::Failed(error)
    }
}

impl App {
    /// One import with its report.
    ///
    /// # Errors
    ///
    /// [`AppError::NoImport`], and what the store says.
    pub fn import_detail(&self, id: ImportId) -> Result<ImportDetailView, AppError> {
        self.facility()?.read(|view| {
            let import = view.import(id).map_err(missing)?;
            let report = view.import_report(id)?;
            Ok(ImportDetailView {
                import: import_row(&import),
                keeping: match view.evidence_size(import.evidence)? {
                    None if import.keeping != domain::Keeping::Distilled => "let_go".to_owned(),
                    _ => import.keeping.key().to_owned(),
                },
                encoding: import.encoding.clone(),
                report: report.and_then(|json| self.report(&json)),
            })
        })
    }

    /// A report as it was kept, in the language that is spoken here.
    fn report(&self, json: &str) -> Option<FileView> {
        let mut report: FileView = serde_json::from_str(json).ok()?;
        report.say_again(self.catalogue());
        Some(report.into_answer())
    }

    /// What is kept of the bytes of an import.
    ///
    /// # Errors
    ///
    /// [`AppError::NoImport`] where there is none, or nothing is kept of it; and what the store says.
    pub fn import_evidence(&self, id: ImportId) -> Result<EvidenceBytes, AppError> {
        self.facility()?.read(|view| {
            let import = view.import(id).map_err(missing)?;
            let bytes = view.evidence(import.evidence)?.ok_or(AppError::NoImport(id))?;
            let is_masked = import.keeping == domain::Keeping::Masked;
            Ok(EvidenceBytes { file_name: import.file_name, bytes, is_masked })
        })
    }

    /// What undoing an import that counts, or redoing one that does not, would change. Nothing is changed.
    ///
    /// # Errors
    ///
    /// [`AppError::NoImport`], and what the store says.
    pub fn rehearse_import_state(&self, id: ImportId, act: &Act) -> Result<TurnView, AppError> {
        // It is done in a change that is then taken back as a whole: so it cannot differ from what the act does.
        let entry = act.entry("rehearsal", String::new(), &serde_json::json!({}));
        let outcome: Result<(), Rehearsed> = self.facility()?.change(entry, |change| {
            let import = change.view().import(id).map_err(missing)?;
            let other = match import.state {
                ImportState::Active => ImportState::Undone,
                ImportState::Undone => ImportState::Active,
            };
            change.set_import_state(id, other)?;
            let books = crate::books::Books::load(change.view())?;
            let derivation = engine::derive(&books.world(), None);
            Err(Rehearsed::Done(devices::compare(change.view(), &derivation)?))
        });
        match outcome {
            Err(Rehearsed::Done(Changes { new, changed, gone })) => {
                Ok(TurnView { new, changed, gone })
            }
            Err(Rehearsed::Failed(error)) => Err(error),
            Ok(()) => Ok(TurnView { new: 0, changed: 0, gone: 0 }),
        }
    }

    /// A mark of what the list of devices rests on: the imports that count and what people said of identity.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn list_mark(&self) -> Result<String, AppError> {
        self.facility()?.read(|view| {
            let imports = view.imports()?;
            let counting = imports.iter().filter(|import| import.state == ImportState::Active);
            let mut parts: Vec<String> = counting.map(|import| import.id.to_string()).collect();
            parts.push(format!("{:?}", view.identity_decisions()?));
            Ok(domain::Digest::of_parts(parts.iter().map(String::as_bytes)).to_string())
        })
    }

    /// Whether nothing was ever imported but the demo hospital.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn may_import_demo(&self) -> Result<bool, AppError> {
        let known: Vec<String> =
            DEMO_FILES.iter().map(|file| domain::Digest::of(file.bytes).to_string()).collect();
        Ok(self.imports()?.iter().all(|import| known.contains(&import.digest)))
    }
}

/// Makes of "there is no such import" what pages answer as such.
fn missing(error: StoreError) -> AppError {
    match error {
        StoreError::NoImport { import } => AppError::NoImport(import),
        other => other.into(),
    }
}
