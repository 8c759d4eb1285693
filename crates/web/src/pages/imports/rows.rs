//! The rows of a document, one page of them, in words.

use app::{Outcome, PreviewRow, PreviewView};

use super::{Cut, known_word, place_word};
use crate::frame::Frame;

/// Rows on one page: such a page stays well below 300 kB.
const PAGE: usize = 100;

/// Columns that can be shown, the most telling first; those that no row has are left out.
const COLUMNS: [&str; 7] = ["asset_number", "name", "hostname", "os", "address", "mac", "location"];

/// Which rows are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Only {
    All,
    New,
    Changed,
    NotRead,
    Warned,
}

impl Only {
    pub(super) const ALL: [Self; 5] =
        [Self::All, Self::New, Self::Changed, Self::NotRead, Self::Warned];

    pub(super) fn of(key: &str) -> Self {
        Self::ALL.into_iter().find(|only| only.key() == key).unwrap_or(Self::All)
    }

    pub(super) fn key(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::New => "new",
            Self::Changed => "changed",
            Self::NotRead => "not_read",
            Self::Warned => "warned",
        }
    }

    fn takes(self, row: &PreviewRow) -> bool {
        match self {
            Self::All => true,
            Self::New => row.outcome == Outcome::New,
            Self::Changed => matches!(row.outcome, Outcome::Changed { .. }),
            Self::NotRead => matches!(row.outcome, Outcome::NotRead { .. }),
            Self::Warned => !row.warnings.is_empty(),
        }
    }
}

/// One page of rows.
pub(super) struct Rows {
    /// The heads of the columns.
    pub(super) heads: Vec<String>,
    pub(super) has_sheets: bool,
    pub(super) rows: Vec<RowView>,
    pub(super) cut: Cut,
    /// Each filter with how many rows it shows.
    pub(super) filters: Vec<(Only, String, usize)>,
}

/// A cell of a row.
pub(super) struct Cell {
    pub(super) text: String,
    /// Whether a warning is about it.
    pub(super) is_marked: bool,
    /// Whether it is a number or an address, which is not broken over two lines.
    pub(super) is_code: bool,
}

/// A row in words.
pub(super) struct RowView {
    pub(super) sheet: String,
    pub(super) place: String,
    pub(super) cells: Vec<Cell>,
    /// What stands there, where nothing was read from it.
    pub(super) text: String,
    pub(super) tone: &'static str,
    pub(super) sign: &'static str,
    pub(super) word: String,
    /// The id and name of the device it is about.
    pub(super) device: Option<(String, String)>,
    pub(super) changes: Vec<String>,
    pub(super) warnings: Vec<(String, String)>,
}

impl Rows {
    pub(super) fn of(frame: &Frame, preview: &PreviewView, only: Only, page: usize) -> Self {
        let has = |column: &&str| preview.rows.iter().any(|row| row.fields.contains_key(*column));
        let columns: Vec<&str> = COLUMNS.into_iter().filter(|column| has(column)).collect();
        let fitting: Vec<&PreviewRow> = preview.rows.iter().filter(|row| only.takes(row)).collect();
        let cut = Cut::of(fitting.len(), page, PAGE);
        let shown = fitting.get(cut.from..cut.to).unwrap_or_default();
        let count = |only: Only| preview.rows.iter().filter(|row| only.takes(row)).count();
        let filters =
            Only::ALL.map(|only| (only, known_word(frame, "web.only", only.key()), count(only)));
        Self {
            heads: columns.iter().map(|column| frame.word("field", column).into_owned()).collect(),
            has_sheets: preview.rows.iter().any(|row| row.sheet.is_some()),
            rows: shown.iter().map(|row| view(frame, row, &columns)).collect(),
            cut,
            filters: filters.into(),
        }
    }

    /// How many columns a row without any takes.
    pub(super) fn width(&self) -> usize {
        self.heads.len().max(1)
    }
}

fn view(frame: &Frame, row: &PreviewRow, columns: &[&str]) -> RowView {
    let cell = |column: &&str| {
        let is_marked =
            row.warnings.iter().any(|warning| warning.field.as_deref() == Some(*column));
        let text = row.fields.get(*column).cloned().unwrap_or_default();
        let is_code = matches!(*column, "asset_number" | "address" | "mac") && text.len() < 24;
        Cell { text, is_marked, is_code }
    };
    let part = row.place.rsplit_once('#').map(|(_, part)| format!("-{part}")).unwrap_or_default();
    let (sign, tone, word, device) = outcome(frame, row);
    let changes = match &row.outcome {
        Outcome::Changed { changes, .. } => {
            changes.iter().map(|change| said(frame, change)).collect()
        }
        _ => Vec::new(),
    };
    let is_read = !row.fields.is_empty();
    RowView {
        sheet: row.sheet.clone().unwrap_or_default(),
        place: format!("{}{part}", row.row),
        cells: if is_read { columns.iter().map(cell).collect() } else { Vec::new() },
        text: row.text.clone(),
        tone,
        sign,
        word,
        device,
        changes,
        warnings: row
            .warnings
            .iter()
            .map(|warning| (place_word(frame, &warning.place), warning.message.clone()))
            .collect(),
    }
}

/// Sign, colour, word and device for what becomes of a row.
fn outcome(
    frame: &Frame,
    row: &PreviewRow,
) -> (&'static str, &'static str, String, Option<(String, String)>) {
    let text = |key: &str| frame.t(key).into_owned();
    match &row.outcome {
        Outcome::Same { id, label } => {
            ("=", "plain", text("web.outcome.same"), Some((id.clone(), label.clone())))
        }
        Outcome::Changed { id, label, .. } => {
            ("▲", "warn", text("web.outcome.changed"), Some((id.clone(), label.clone())))
        }
        Outcome::New => ("+", "ok", text("web.outcome.new"), None),
        Outcome::Joined { file, place } => {
            let place = place_word(frame, place);
            ("+", "plain", frame.t2("web.outcome.joined", "file", file, "place", &place), None)
        }
        Outcome::Noted => ("・", "plain", known_word(frame, "observation", &row.kind), None),
        Outcome::NotRead { reason } => ("–", "unknown", known_word(frame, "skipped", reason), None),
        Outcome::Nothing => ("–", "unknown", text("web.outcome.nothing"), None),
    }
}

/// A changed field in words: what it was, and what it would be.
fn said(frame: &Frame, change: &app::FieldChange) -> String {
    let field = frame.word("field", &change.field);
    match &change.old {
        Some(old) => format!("{field}: {old} → {}", change.new),
        None => format!("{field}: → {}", change.new),
    }
}
