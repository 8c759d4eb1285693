//! What all tables of one document share: the reading so far, and what was already seen.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use domain::message::Arg;
use domain::{Message, Place, msg};

pub(crate) use super::duplicates::Before;
use super::duplicates::Duplicates;
use crate::network::mask::mask_line;
use crate::reading::Reading;
use crate::text::excerpt;

/// How many messages of one kind are kept one by one; of the rest only the number is told.
///
/// A person who sees a thousand rows with the same trouble mends the column, and memory stays bounded.
const MOST_ALIKE: u32 = 1_000;

/// A text longer than this is cut before it is quoted, in characters: what [`excerpt`] leaves of it.
const QUOTED: usize = 60;

/// Raised whenever the same bytes would read differently.
const VERSION: u16 = 2;

/// The reading so far.
#[derive(Debug)]
pub(crate) struct Book {
    pub(crate) reading: Reading,
    pub(crate) duplicates: Duplicates,
    said: HashMap<Cow<'static, str>, Said>,
    /// What is asked once for a column, with the first place and how many more there are.
    columns: BTreeMap<OfColumn, (Place, u32)>,
}

/// What is said, of which sheet and column.
type OfColumn = (Cow<'static, str>, Option<Arc<str>>, u16);

/// What has the same answer for a whole column, and what is said of the other cells in sum.
const OF_COLUMNS: [&str; 2] = ["value.date_ambiguous", "value.date_never"];

#[derive(Debug)]
struct Said {
    times: u32,
    /// Where the first stands that was not kept.
    passed_at: Option<Place>,
}

impl Default for Book {
    fn default() -> Self {
        Self {
            reading: Reading::new("", VERSION),
            duplicates: Duplicates::default(),
            said: HashMap::new(),
            columns: BTreeMap::new(),
        }
    }
}

impl Book {
    /// Tells a person something about a place.
    pub(crate) fn warn(&mut self, place: Place, message: Message) {
        if self.may_say(&place, &message) {
            self.reading.warn(place, quotable(message));
        }
    }

    /// Asks a person something.
    pub(crate) fn ask(&mut self, place: Place, message: Message) {
        if self.may_say(&place, &message) {
            self.reading.ask(place, quotable(message));
        }
    }

    fn may_say(&mut self, place: &Place, message: &Message) -> bool {
        if OF_COLUMNS.contains(&&*message.key) && place.column != 0 {
            let column = (message.key.clone(), place.sheet.clone(), place.column);
            if let Some((_, more)) = self.columns.get_mut(&column) {
                *more = more.saturating_add(1);
                return false;
            }
            self.columns.insert(column, (place.clone(), 0));
        }
        let said =
            self.said.entry(message.key.clone()).or_insert(Said { times: 0, passed_at: None });
        said.times = said.times.saturating_add(1);
        if said.times > MOST_ALIKE && said.passed_at.is_none() {
            said.passed_at = Some(place.clone());
        }
        said.times <= MOST_ALIKE
    }

    /// The reading, with what was not said one by one said in sum.
    pub(crate) fn finish(mut self) -> Reading {
        let mut passed: Vec<_> = self
            .said
            .into_values()
            .filter_map(|said| Some((said.passed_at?, said.times - MOST_ALIKE)))
            .collect();
        passed.sort();
        for ((key, ..), (place, more)) in
            self.columns.into_iter().filter(|(_, (_, more))| *more > 0)
        {
            let message = match &*key {
                "value.date_never" => msg!("value.date_never_more", count = more),
                _ => msg!("value.date_ambiguous_more", count = more),
            };
            self.reading.warn(place, message);
        }
        for (place, times) in passed {
            self.reading.warn(place, msg!("ledger.more_alike", count = times));
        }
        self.reading
    }
}

/// The message with no more of a cell in it than a sentence bears, for a cell may hold a megabyte; and without what somebody noted
/// down there as a password.
fn quotable(mut message: Message) -> Message {
    for (_, value) in &mut message.args {
        if let Arg::Text(text) = value {
            if text.chars().nth(QUOTED).is_some() {
                *text = excerpt(text);
            }
            *text = mask_line(text);
        }
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_cell_is_not_quoted_whole() {
        let mut book = Book::default();
        book.warn(Place::line(2), msg!("ledger.row_alone", text = "長".repeat(100_000)));
        book.ask(Place::line(3), msg!("ledger.row_alone", text = "長".repeat(60)));
        let reading = book.finish();
        let said: Vec<_> = reading.warnings.iter().map(|warning| &warning.message).collect();
        let cut = msg!("ledger.row_alone", text = "長".repeat(60) + "…");
        assert_eq!(said, [&cut, &msg!("ledger.row_alone", text = "長".repeat(60))]);
    }

    #[test]
    fn a_password_in_a_cell_is_not_quoted() {
        let mut book = Book::default();
        book.warn(Place::line(2), msg!("ledger.row_alone", text = "保守用 PW=Himitsu"));
        let said = &book.finish().warnings[0].message;
        assert_eq!(*said, msg!("ledger.row_alone", text = "保守用 PW=****"));
    }

    #[test]
    fn what_a_column_asks_is_asked_once() {
        let mut book = Book::default();
        let ask = |book: &mut Book, row: u32, column: u16| {
            let message = msg!("value.date_ambiguous", text = "01/02/2026");
            book.ask(Place::line(row).at_column(column), message);
        };
        for (row, column) in [(2, 5), (3, 5), (3, 6), (4, 5)] {
            ask(&mut book, row, column);
        }
        let reading = book.finish();
        let asked: Vec<_> = reading.questions.iter().map(|asked| asked.place.to_string()).collect();
        assert_eq!(asked, ["2:5", "3:6"]);
        let last = reading.warnings.last().unwrap();
        assert_eq!(last.message, msg!("value.date_ambiguous_more", count = 2u32));
    }

    #[test]
    fn many_messages_of_one_kind_are_told_in_sum() {
        let mut book = Book::default();
        for row in 1..=1_003 {
            book.warn(Place::line(row), msg!("ledger.row_hidden"));
        }
        let reading = book.finish();
        assert_eq!(reading.warnings.len(), 1_001);
        let last = reading.warnings.last().unwrap();
        assert_eq!((last.place.row, &*last.message.key), (1_001, "ledger.more_alike"));
    }
}
