//! Records of CSV as `Export-Csv` and `/fo csv` write them.

use crate::text;

/// The records of a text one by one, with the line each begins on.
#[derive(Debug)]
pub(super) struct Records<'t> {
    reader: csv::Reader<&'t [u8]>,
    record: csv::StringRecord,
    ends: bool,
    total: u64,
}

impl<'t> Records<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let first = text::lines(text).find(|line| is_content(line.text));
        let reader = csv::ReaderBuilder::new()
            .delimiter(delimiter(first.map_or("", |line| line.text)))
            .flexible(true)
            .has_headers(false)
            .from_reader(text.as_bytes());
        let ends = text.ends_with(['\n', '\r']);
        Self { reader, record: csv::StringRecord::new(), ends, total: text.len() as u64 }
    }

    /// The next record that holds something; a `#TYPE` line is none.
    pub(super) fn next(&mut self) -> Option<(u32, Vec<String>)> {
        loop {
            if !self.reader.read_record(&mut self.record).unwrap_or(false) {
                return None;
            }
            let is_type = self.record.get(0).is_some_and(|cell| cell.starts_with("#TYPE"));
            let is_blank = self.record.iter().all(|cell| cell.trim().is_empty());
            if !is_type && !is_blank {
                let line = self.record.position().map_or(0, csv::Position::line);
                let cells = self.record.iter().map(|cell| cell.trim().to_owned()).collect();
                return Some((u32::try_from(line).unwrap_or(u32::MAX), cells));
            }
        }
    }

    /// Whether the record just read is whole: the last one of a text without a line end may be cut.
    pub(super) fn is_whole(&self) -> bool {
        self.ends || self.reader.position().byte() < self.total
    }

    /// Whether the first record of a text's beginning is a header in which `is_own` finds its columns.
    pub(super) fn header(head: &str, is_own: impl Fn(&[String]) -> bool) -> bool {
        let mut lines = text::lines(head).filter(|line| is_content(line.text));
        let Some(first) = lines.next() else { return false };
        let mark = char::from(delimiter(first.text));
        // Headers hold no delimiter within their quotes.
        let cells = first.text.split(mark).map(|cell| cell.trim().trim_matches('"').to_owned());
        is_own(&cells.collect::<Vec<_>>())
    }
}

fn is_content(line: &str) -> bool {
    !line.trim().is_empty() && !line.starts_with("#TYPE") && !line.starts_with("\"#TYPE")
}

/// The delimiter that the header uses most.
fn delimiter(header: &str) -> u8 {
    let count = |mark: u8| header.bytes().filter(|byte| *byte == mark).count();
    [b',', b'\t', b';'].into_iter().max_by_key(|mark| (count(*mark), *mark == b',')).unwrap_or(b',')
}
