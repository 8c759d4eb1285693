//! How English asks for an answer by a day.

use super::asked::{Around, Name};

/// An answer: the beginnings of words.
const REPLIES: [&str; 16] = [
    "repl",
    "respon",
    "answer",
    "feedback",
    "acknowledg",
    "report back",
    "report to",
    "submi",
    "return",
    "let us know",
    "get back to us",
    "confirm",
    "send us",
    "send back",
    "inform us",
    "questionnaire",
];

/// What else has a last day: the beginnings of words.
pub(super) const OTHERS: [&str; 10] = [
    "patch",
    "updat",
    "remediat",
    "mitigat",
    "registration",
    "appli",
    "apply",
    "expire",
    "support",
    "install",
];

/// That no answer is asked for.
pub(super) const DECLINES: [&str; 7] = [
    "no reply is",
    "no response is",
    "no answer is",
    "no reply need",
    "no response need",
    "not need to reply",
    "not need to respond",
];

/// Whether a sentence speaks of an answer, and not of one that its writer gives or had.
fn asks_for_reply(around: &Around<'_>) -> bool {
    REPLIES.iter().any(|word| begins_word(around.before, word) || begins_word(around.after, word))
        && !is_own(around)
}

/// Whether a sentence tells of what its writer does, or of what was done, and asks for nothing.
fn is_own(around: &Around<'_>) -> bool {
    let own =
        ["we will", "we'll", "we shall", "we plan", "we expect", "we intend", "i will", "i'll"];
    let told = [" was ", " were ", " had ", " has "];
    let asks = ["please", "must", "should", "kindly", "request", " ask", "require", "need"];
    around.holds(&own) || around.holds(&told) && !around.holds(&asks)
}

fn begins_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| is_beginning(text, at))
}

fn is_beginning(text: &str, at: usize) -> bool {
    let before = text.get(..at).and_then(|before| before.chars().next_back());
    !before.is_some_and(char::is_alphanumeric)
}

/// The name of a last day that stands before it: `Deadline for replies:`, `Your answer is due on`.
pub(super) fn name(around: &Around<'_>) -> Option<Name> {
    let before = around.before;
    let names = ["deadline", "due date", "due", "closing date"];
    let ends = names.iter().filter_map(|name| Some((before.rfind(name)?, *name)));
    let (at, name) = ends.max_by_key(|(at, name)| at + name.len())?;
    let (owner, gap) = (before.get(..at)?, before.get(at + name.len()..)?);
    if !is_gap(gap) || !is_beginning(before, at) {
        return None;
    }
    let is_others = OTHERS.iter().any(|other| begins_word(owner, other));
    if asks_for_reply(around) && !is_others {
        return Some(Name::OfAnswer);
    }
    let is_bare = name == "deadline" && !owner.contains(char::is_alphabetic);
    is_bare.then_some(Name::Bare)
}

/// Words that may stand between a name, or `by`, and the day.
const FILLERS: [&str; 43] = [
    "",
    "is",
    "are",
    "on",
    "by",
    "at",
    "the",
    "a",
    "for",
    "your",
    "this",
    "of",
    "to",
    "date",
    "reply",
    "replies",
    "response",
    "responses",
    "answer",
    "answers",
    "no",
    "later",
    "than",
    "before",
    "extended",
    "end",
    "close",
    "business",
    "day",
    "cob",
    "eod",
    "noon",
    "midnight",
    "am",
    "pm",
    "p.m.",
    "a.m.",
    "p.m",
    "a.m",
    "jst",
    "utc",
    "latest",
    "local",
];

const WEEKDAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

fn is_gap(gap: &str) -> bool {
    let gap = match gap.trim_start().strip_prefix('(').and_then(|inside| inside.split_once(')')) {
        Some((_, rest)) => rest,
        None => gap,
    };
    gap.split([' ', '(', ')', '=', '-', ':']).all(is_filler)
}

fn is_filler(word: &str) -> bool {
    let word = word.trim_end_matches([',', ':', ')']);
    let is_day = |day: &&str| *day == word || word.len() == 3 && day.starts_with(word);
    let clock = word.trim_end_matches(['a', 'p', 'm', 'h']);
    let is_clock = clock.chars().all(|c| c.is_ascii_digit() || c == ':');
    is_clock || FILLERS.contains(&word) || WEEKDAYS.iter().any(is_day)
}

/// Whether an answer is asked for by the day: `Please reply by Friday, 4 December 2026`.
pub(super) fn is_by(around: &Around<'_>) -> bool {
    let Some(asked) = before_by(around.before) else { return false };
    if is_own(around) {
        return false;
    }
    let ends = |word: &str| {
        let at = asked.rfind(word).filter(|at| is_beginning(asked, *at))?;
        asked.get(at + word.len()..)
    };
    // The nearest word before it says what is to be done by the day.
    let nearest = REPLIES.iter().filter_map(|word| ends(word)).min_by_key(|rest| rest.len());
    let between = nearest.unwrap_or(asked);
    let is_said = nearest.is_some() || REPLIES.iter().any(|word| begins_word(around.after, word));
    is_said && !OTHERS.iter().any(|other| begins_word(between, other))
}

/// What stands before the `by` of a day; none where there is no such word.
fn before_by(before: &str) -> Option<&str> {
    let mut rest = before.trim_end();
    for _ in 0..10 {
        let (head, word) = rest.rsplit_once(char::is_whitespace).unwrap_or(("", rest));
        let word = word.trim_start_matches(['(', '[']);
        let head = head.trim_end();
        match word.trim_end_matches(':') {
            "by" => return Some(head),
            "than" => {
                let later = head.strip_suffix("later")?.trim_end();
                return later.strip_suffix("no").or_else(|| later.strip_suffix("not"));
            }
            word if !word.is_empty() && is_filler(word) => rest = head,
            _ => return None,
        }
    }
    None
}
