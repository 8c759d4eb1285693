//! Whether the words around a day make it one by which an answer is asked for. Everything is half-width and in lower case.

use super::{english, japanese};

/// Letters that are looked at on either side of a day.
const LOOKED_AT: usize = 120;

/// Bytes that a line may have which only names a last day.
const MOST_OF_NAME: usize = 200;

/// What stands around a day in its sentence.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around<'t> {
    pub(super) before: &'t str,
    pub(super) after: &'t str,
}

/// A name of a last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    /// Of an answer: `回答期限`.
    OfAnswer,
    /// Of nothing that is said: `期限`.
    Bare,
}

impl<'t> Around<'t> {
    /// Of what stands before a day and behind it, the nearest letters.
    pub(super) fn of(before: &'t str, after: &'t str) -> Self {
        let start = before.char_indices().rev().take(LOOKED_AT).last().map_or(0, |(at, _)| at);
        let end = after.char_indices().nth(LOOKED_AT).map_or(after.len(), |(at, _)| at);
        Self {
            before: before.get(start..).unwrap_or_default(),
            after: after.get(..end).unwrap_or_default(),
        }
    }

    pub(super) fn holds(self, words: &[&str]) -> bool {
        words.iter().any(|word| self.before.contains(word) || self.after.contains(word))
    }
}

/// Whether the day is one by which an answer is asked for. `is_declined` says that the whole text asks for none: then a last day that
/// nothing says more of is none.
pub(super) fn is_asked(around: &Around<'_>, is_declined: bool) -> bool {
    let others = [&japanese::APPLICATIONS[..], &japanese::OTHERS, &english::OTHERS];
    let is_bare = !is_declined && !others.into_iter().any(|words| around.holds(words));
    match japanese::name(around).or_else(|| english::name(around)) {
        Some(Name::OfAnswer) => true,
        Some(Name::Bare) if is_bare => true,
        _ => japanese::is_until(around) || english::is_by(around),
    }
}

/// Whether the day that follows `between` is what the day before it was moved to: `12月4日から12月11日に延長`.
pub(super) fn moves_on(between: &str) -> bool {
    let rest = japanese::without_clock(between);
    let marks = ["から", "より", "を", "→", "⇒", "->", "~"];
    marks.iter().any(|mark| rest.starts_with(mark)) && between.chars().count() <= 16
}

/// Whether a text says that nobody waits for an answer. What it says all the same in so many words counts more.
pub(super) fn declines(text: &str) -> bool {
    let lower = text.to_lowercase();
    japanese::DECLINES.iter().chain(&english::DECLINES).any(|word| lower.contains(word))
}

/// Whether a line names a last day and does not say it: `【回答期限】`.
pub(super) fn names_deadline(line: &str) -> bool {
    // A longer line is a sentence, and need not be folded to know that.
    if line.len() > MOST_OF_NAME {
        return false;
    }
    let plain = domain::fold::half_width(line).to_ascii_lowercase();
    let line = plain.trim_end_matches(|c: char| " :)]】」』>は".contains(c));
    let is_short = line.chars().count() <= 30 && !line.contains(|c: char| c.is_ascii_digit());
    let mut names = japanese::NAMES.iter().chain(&["deadline"]);
    is_short && names.any(|name| line.ends_with(name))
}
