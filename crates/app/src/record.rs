//! The record as people look through it and take it along.

use domain::{AuditLink, fold};
use jiff::civil::Date;
use serde::Serialize;

use crate::audit::entry_view;
use crate::views::AuditEntryView;
use crate::{App, AppError, clock_of, day_of};

/// Entries that are read at once.
const RUN: u64 = 1000;

/// Which entries are looked for; what is empty lets every entry pass.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RecordFilter {
    /// Part of who acted.
    pub who: String,
    /// Part of what was done, to what, or its particulars.
    pub what: String,
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub to: Option<Date>,
}

/// A page of the record, the newest entry first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordPage {
    /// The entries.
    pub entries: Vec<AuditEntryView>,
    /// The number before which the next page begins; none where nothing older passes.
    pub older: Option<u64>,
}

impl App {
    /// At most `most` entries that pass `filter`, from before the number `before` back.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn record_page(
        &self,
        filter: &RecordFilter,
        before: Option<u64>,
        most: usize,
    ) -> Result<RecordPage, AppError> {
        self.facility()?.read(|view| {
            let (last, _) = view.audit_head()?;
            let mut next = before.map_or(last, |before| before.saturating_sub(1).min(last));
            let mut entries = Vec::new();
            while next > 0 {
                let first = next.saturating_sub(RUN - 1).max(1);
                for link in view.audit_entries(first..=next)?.iter().rev() {
                    if !filter.passes(link) {
                        continue;
                    }
                    if entries.len() == most {
                        return Ok(RecordPage { entries, older: Some(link.seq + 1) });
                    }
                    entries.push(entry_view(link));
                }
                next = first - 1;
            }
            Ok(RecordPage { entries, older: None })
        })
    }

    /// Every entry that passes, the oldest first, one JSON document a line; with the hashes, so that anybody can verify the chain.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn record_as_lines(&self, filter: &RecordFilter) -> Result<Vec<u8>, AppError> {
        let mut bytes = Vec::new();
        self.each_entry(filter, |entry| {
            bytes.extend(serde_json::to_vec(&entry).unwrap_or_default());
            bytes.push(b'\n');
        })?;
        Ok(bytes)
    }

    /// Every entry that passes, the oldest first, as a table that Excel opens; nothing in it can become a formula.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn record_as_table(
        &self,
        filter: &RecordFilter,
        header: &[String],
    ) -> Result<Vec<u8>, AppError> {
        // The mark by which Excel knows UTF-8.
        let mut text = String::from("\u{feff}");
        push_row(&mut text, header);
        self.each_entry(filter, |entry| {
            let at = entry.at.parse().map_or_else(|_| entry.at.clone(), clock_of);
            let detail = entry.detail.to_string();
            let row = [entry.seq.to_string(), at, entry.actor, entry.act, entry.subject, detail];
            push_row(&mut text, &[row.as_slice(), &[entry.hash]].concat());
        })?;
        Ok(text.into_bytes())
    }

    fn each_entry(
        &self,
        filter: &RecordFilter,
        mut take: impl FnMut(AuditEntryView),
    ) -> Result<(), AppError> {
        self.facility()?.read(|view| {
            let (last, _) = view.audit_head()?;
            let mut first = 1;
            while first <= last {
                let end = (first + RUN - 1).min(last);
                let links = view.audit_entries(first..=end)?;
                links.iter().filter(|link| filter.passes(link)).for_each(|l| take(entry_view(l)));
                first = end + 1;
            }
            Ok(())
        })
    }
}

impl RecordFilter {
    fn passes(&self, link: &AuditLink) -> bool {
        let entry = &link.entry;
        let day = day_of(entry.at);
        let holds = |text: &str, part: &str| fold(text).contains(&fold(part));
        let is_what = || {
            [&entry.act, &entry.subject, &entry.detail].iter().any(|text| holds(text, &self.what))
        };
        self.from.is_none_or(|from| from <= day)
            && self.to.is_none_or(|to| day <= to)
            && (self.who.is_empty() || holds(&entry.actor.0, &self.who))
            && (self.what.is_empty() || is_what())
    }
}

pub(crate) fn push_row(text: &mut String, cells: &[String]) {
    let cells: Vec<String> = cells.iter().map(|cell| table_cell(cell)).collect();
    text.push_str(&cells.join(","));
    text.push_str("\r\n");
}

/// A cell in quotes; what Excel would take for a formula gets an apostrophe before it.
fn table_cell(cell: &str) -> String {
    let is_formula = cell.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
        || cell.starts_with(['\t', '\r', '\n']);
    let guard = if is_formula { "'" } else { "" };
    format!("\"{guard}{}\"", cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_or_breaks_out_of_its_quotes() {
        for (cell, written) in [
            ("login", "\"login\""),
            ("=1+1", "\"'=1+1\""),
            ("  @SUM(A1)", "\"'  @SUM(A1)\""),
            ("-2", "\"'-2\""),
            ("a\",=1", "\"a\"\",=1\""),
            ("\t=1", "\"'\t=1\""),
        ] {
            assert_eq!(table_cell(cell), written);
        }
    }
}
