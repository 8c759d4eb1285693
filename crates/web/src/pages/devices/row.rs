//! One row of the list, as templates ask for it.

use app::{RollRow, seen_mark};
use domain::{Field, Stage, Status};
use jiff::civil::Date;

use crate::frame::Frame;

/// A row, and the day on which it is shown.
pub(crate) struct Shown<'r> {
    row: RollRow<'r>,
    today: Date,
}

/// An address, and who says so.
pub(crate) struct Address<'r> {
    pub(crate) text: &'r str,
    /// `declared`, `observed`, or nothing where there is nothing to tell apart.
    pub(crate) from: &'static str,
}

/// A cell that can be put right where it stands.
pub(crate) struct InPlace<'r> {
    /// The field, by key.
    pub(crate) field: &'static str,
    /// What is declared.
    pub(crate) value: &'r str,
    /// The mark of what the person sees.
    pub(crate) seen: String,
}

/// The field that a column holds alone and as plain text; none where a cell tells several or is chosen from a list.
fn plain_field(column: &str) -> Option<Field> {
    match column {
        "number" => Some(Field::AssetNumber),
        "place" => Some(Field::Location),
        "model" | "contractor" | "remote_maintenance" | "antivirus" | "registered"
        | "support_end" | "remark" => Field::from_key(column),
        _ => None,
    }
}

/// Addresses of one device that a list shows.
const ADDRESSES: usize = 4;

impl<'r> Shown<'r> {
    pub(crate) fn new(row: RollRow<'r>, today: Date) -> Self {
        Self { row, today }
    }

    pub(crate) fn id(&self) -> String {
        self.row.id().to_string()
    }

    pub(crate) fn label(&self) -> String {
        self.row.label()
    }

    /// The value of the field with this key.
    pub(crate) fn text(&self, key: &str) -> &'r str {
        Field::from_key(key).map_or("", |field| self.row.value(field))
    }

    /// What is needed to put the cell of this column right in its place.
    pub(crate) fn in_place(&self, column: &str) -> Option<InPlace<'r>> {
        let field = plain_field(column)?;
        let value = self.row.declared(field);
        Some(InPlace { field: field.key(), value, seen: seen_mark([(self.row.id(), value)]) })
    }

    /// Whether the value of the field with this key was only observed.
    pub(crate) fn is_observed(&self, key: &str) -> bool {
        Field::from_key(key).is_some_and(|field| self.row.is_observed(field))
    }

    /// The second line: its name, kind and maker, as far as the label does not say them.
    pub(crate) fn subtitle(&self, frame: &Frame) -> String {
        let kind = self.row.kind().map(|kind| frame.word("kind", kind.key()).into_owned());
        let kind = kind.unwrap_or_else(|| self.row.value(Field::Kind).to_owned());
        let name = self.row.value(Field::Name);
        let name = if name == self.label() { "" } else { name };
        joined(&[name, &kind, self.row.value(Field::Maker)])
    }

    /// Department and person.
    pub(crate) fn who(&self) -> String {
        let [department, users] =
            [Field::Department, Field::Users].map(|field| self.row.value(field));
        joined(&[department, users])
    }

    /// Operating system with its version.
    pub(crate) fn os(&self) -> String {
        let (os, version) = (self.row.value(Field::Os), self.row.value(Field::OsVersion));
        let version = if os.contains(version) { "" } else { version };
        format!("{os} {version}").trim().to_owned()
    }

    /// Software with its version.
    pub(crate) fn software(&self) -> String {
        let values = [Field::Software, Field::SoftwareVersion].map(|field| self.row.value(field));
        values.join(" ").trim().to_owned()
    }

    /// Its addresses: once where declaration and wire agree, and each with who says so where they do not.
    pub(crate) fn addresses(&self) -> Vec<Address<'r>> {
        let declared: Vec<&str> = self.row.addresses().collect();
        let newest = self.row.seen_addresses().next();
        let elsewhere = newest.filter(|seen| !declared.contains(seen));
        let from = match (declared.is_empty(), elsewhere) {
            (false, Some(_)) => "declared",
            _ => "",
        };
        let declared = declared.into_iter().take(ADDRESSES).map(|text| Address { text, from });
        let seen = elsewhere.map(|text| Address { text, from: "observed" });
        declared.chain(seen).collect()
    }

    pub(crate) fn zone(&self) -> &'r str {
        self.row.zone()
    }

    pub(crate) fn stage(&self) -> &'static str {
        self.row.stage().key()
    }

    pub(crate) fn support_ends(&self) -> &'r str {
        self.row.support_ends()
    }

    /// The class and the sign of the chip that tells of the support.
    pub(crate) fn support_chip(&self) -> (&'static str, &'static str) {
        match self.row.stage() {
            Stage::Supported => ("ok", "✓"),
            Stage::LimitedSupport => ("warn", "▲"),
            Stage::EndOfSupport => ("danger", "●"),
            Stage::Unknown => ("unknown", "?"),
        }
    }

    /// Whether its ledger says that it is not in use: told beside the name.
    pub(crate) fn idle(&self) -> Option<&'static str> {
        let idle = self.row.status().filter(|status| *status != Status::InUse)?;
        (idle != Status::Unrecognised).then(|| idle.key())
    }

    /// Whether no ledger lists it.
    pub(crate) fn is_unlisted(&self) -> bool {
        !self.row.is_in_ledger()
    }

    /// Whether it should have been seen and was not.
    pub(crate) fn is_unseen(&self) -> bool {
        self.row.is_unseen()
    }

    /// When it was seen: the time where that was today, else the day.
    pub(crate) fn seen(&self, frame: &Frame) -> String {
        let Some(seen) = self.row.last_seen() else { return String::new() };
        let day = app::day_of(seen);
        if day == self.today {
            let clock = app::clock_of(seen);
            return clock.split(' ').next_back().unwrap_or_default().to_owned();
        }
        frame.date(&day)
    }

    /// Its findings: severity and number, the most urgent first.
    pub(crate) fn findings(&self) -> Vec<(&'static str, u16)> {
        let severities = ["urgent", "warning", "notice", "unknown"];
        severities.into_iter().zip(self.row.findings()).filter(|(_, count)| *count > 0).collect()
    }
}

fn joined(parts: &[&str]) -> String {
    let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    parts.join("・")
}
