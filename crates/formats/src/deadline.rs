//! The day by which a text asks for an answer.
//!
//! A day counts only with words that make it a deadline, and only for an answer: `回答期限`, `12月4日までにご回答ください`, `please reply by`.
//! A day that merely stands there, and one by which something else is to be done, is none. What is found is a proposal, with the words
//! that it was read from; where days differ, it is not chosen between them.

mod asked;
mod day;
mod english;
mod japanese;
mod passage;

use domain::fold::half_width;
use jiff::civil::Date;

use asked::{Around, is_asked};
use day::Written;
use passage::passages;

/// A day by which an answer is asked for, as a text says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// The day.
    pub day: Date,
    /// The words that say so.
    pub words: String,
    /// Whether the day of the week beside it is that of another day.
    pub is_contradicted: bool,
}

/// Deadlines that are told of one text.
const MOST: usize = 10;

/// Letters that are shown of the words around a day.
const SHOWN: usize = 80;

/// The deadlines of a text, each day once, in their order. A day without its year is the first such day on or after `sent`, and none
/// where that is not known.
pub fn deadlines(text: &str, sent: Option<Date>) -> Vec<Deadline> {
    let is_declined = asked::declines(text);
    let mut found: Vec<Deadline> = Vec::new();
    for written in passages(text) {
        let plain = half_width(&written);
        let lower = plain.to_ascii_lowercase();
        for day in asked_of(&lower, sent, is_declined) {
            if found.len() < MOST {
                add(&mut found, &day, &words(&written, &plain, &day));
            }
        }
    }
    found
}

/// The days of a passage by which it asks for an answer, and those that they were moved to.
fn asked_of(passage: &str, sent: Option<Date>, is_declined: bool) -> Vec<Written> {
    let mut asked: Vec<Written> = Vec::new();
    for day in day::days(passage, sent) {
        let (before, after) = (passage.get(..day.start), passage.get(day.end..));
        let around = Around::of(before.unwrap_or_default(), after.unwrap_or_default());
        let between = asked.last().and_then(|last| passage.get(last.end..day.start));
        if is_asked(&around, is_declined) || between.is_some_and(asked::moves_on) {
            asked.push(day);
        }
    }
    asked
}

fn add(found: &mut Vec<Deadline>, written: &Written, words: &str) {
    for day in &written.days {
        let weekday = written.weekday;
        let is_contradicted = weekday.is_some_and(|weekday| weekday != day.weekday());
        if !found.iter().any(|known| known.day == *day) {
            found.push(Deadline { day: *day, words: words.to_owned(), is_contradicted });
        }
    }
}

/// The passage as it is written; of a long one what stands around the day.
fn words(written: &str, plain: &str, day: &Written) -> String {
    let written = written.trim();
    if written.chars().count() <= SHOWN {
        return written.to_owned();
    }
    let (before, rest) = plain.split_at_checked(day.start).unwrap_or(("", plain));
    let skipped = before.chars().count().saturating_sub(SHOWN / 2);
    let shown: String = plain.chars().skip(skipped).take(SHOWN).collect();
    let start = if skipped > 0 { "…" } else { "" };
    let is_cut = before.chars().count() + rest.chars().count() > skipped + SHOWN;
    format!("{start}{}{}", shown.trim(), if is_cut { "…" } else { "" })
}

/// Reads any bytes as a text with deadlines.
pub fn fuzz(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for sent in [None, Some(Date::constant(2026, 11, 20)), Some(Date::MAX)] {
        let found = deadlines(&text, sent);
        assert!(found.len() <= MOST + 1);
        assert!(found.iter().all(|one| one.words.chars().count() <= SHOWN + 2), "{found:?}");
    }
}

#[cfg(test)]
mod tests;
