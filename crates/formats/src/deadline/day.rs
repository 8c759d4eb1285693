//! Days as people write them into sentences. The text is half-width and in lower case.

use jiff::civil::{Date, Weekday};

/// A day in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Written {
    /// What it can mean: `4/12/2026` is two days.
    pub(super) days: Vec<Date>,
    /// The day of the week beside it.
    pub(super) weekday: Option<Weekday>,
    /// Where it begins.
    pub(super) start: usize,
    /// Where it ends, with its day of the week.
    pub(super) end: usize,
}

/// Days of one piece of text that are looked at.
const MOST: usize = 100;

/// Every day of `text`, in order.
pub(super) fn days(text: &str, sent: Option<Date>) -> Vec<Written> {
    let mut found = Vec::new();
    let mut rest_from = 0;
    for (start, first) in text.char_indices() {
        if start < rest_from || found.len() == MOST || !begins(first) {
            continue;
        }
        let (Some(before), Some(own)) = (text.get(..start), text.get(start..)) else { continue };
        if is_inside(before, first) {
            continue;
        }
        if let Some((days, rest)) = read(own, sent) {
            let (weekday, rest) = weekday(rest);
            let end = text.len() - rest.len();
            found.push(Written { days, weekday, start, end });
            rest_from = end;
        }
    }
    found
}

/// What a reading gives: the days, and the text behind them.
type Read<'t> = Option<(Vec<Date>, &'t str)>;

fn read(text: &str, sent: Option<Date>) -> Read<'_> {
    let read = era(text).or_else(|| year_first(text)).or_else(|| year_last(text));
    read.or_else(|| month_first(text, sent)).or_else(|| english(text, sent))
}

/// Letters with which a day begins: a digit, `令和`, `R`, a name of a month.
fn begins(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '令'
}

/// Whether what begins with `first` is the rest of a longer number, of a word, or of a day with another year.
fn is_inside(before: &str, first: char) -> bool {
    let near = before.chars().next_back();
    let last = before.trim_end().chars().next_back();
    let is_number = |before: &str| before.ends_with(|c: char| c.is_ascii_alphanumeric());
    // `17:30`, `1.2/3` and `CVE-2026-12` are no days; `期限:12/4` and `期限…12/4` are.
    let mark = before.strip_suffix(['/', '-', '.', ':']);
    let is_joined =
        is_number(before) || mark.is_some_and(is_number) || matches!(near, Some('_' | '#'));
    let is_this_year = ["本年", "今年"].iter().any(|year| before.trim_end().ends_with(year));
    let is_of_year = matches!(last, Some('年' | '月')) && !is_this_year;
    is_joined || first.is_ascii_digit() && is_of_year
}

/// A number of at most `most` digits, and what follows.
fn number(text: &str, most: usize) -> Option<(i16, &str)> {
    let text = text.trim_start_matches(' ');
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = text.split_at_checked(digits).filter(|_| (1..=most).contains(&digits))?;
    Some((number.parse().ok()?, rest))
}

/// What follows one of `marks`.
fn after<'t>(text: &'t str, marks: &[char]) -> Option<&'t str> {
    text.trim_start_matches(' ').strip_prefix(marks)
}

/// Month and day behind a year, and what follows: `12月4日`, `12/4`, `12.4`, `12-04`.
fn month_and_day(text: &str) -> Option<(i16, i16, &str)> {
    let (month, rest) = number(text, 2)?;
    let (day, rest) = number(after(rest, &['月', '/', '.', '-'])?, 2)?;
    let rest = after(rest, &['日']).unwrap_or(rest);
    (!rest.starts_with(|c: char| c.is_ascii_digit())).then_some((month, day, rest))
}

fn date(year: i16, month: i16, day: i16) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// `令和8年12月4日`, `R8.12.4`, `令和元年`.
fn era(text: &str) -> Read<'_> {
    let names = ["令和", "令", "r"];
    let rest = names.iter().find_map(|name| text.strip_prefix(name))?;
    let rest = rest.trim_start_matches([' ', '.']);
    let (year, rest) = match rest.strip_prefix('元') {
        Some(rest) => (1, rest),
        None => number(rest, 2)?,
    };
    let (month, day, rest) = month_and_day(after(rest, &['年', '/', '.', '-'])?)?;
    // 令和 1 is 2019 (元号を改める政令, 2019).
    Some((vec![date(2018 + year, month, day)?], rest))
}

/// `2026年12月4日`, `2026/12/4`, `2026-12-04`, `2026.12.4`.
fn year_first(text: &str) -> Read<'_> {
    let (year, rest) = number(text, 4).filter(|(year, _)| *year >= 1900)?;
    let (month, day, rest) = month_and_day(after(rest, &['年', '/', '.', '-'])?)?;
    Some((vec![date(year, month, day)?], rest))
}

/// `12/4/2026`, `4.12.2026`: month or day first, both where both can be.
fn year_last(text: &str) -> Read<'_> {
    let (one, rest) = number(text, 2)?;
    let (other, rest) = number(rest.strip_prefix(['/', '.'])?, 2)?;
    let (year, rest) =
        number(rest.strip_prefix(['/', '.'])?, 4).filter(|(year, _)| *year >= 1900)?;
    let mut days: Vec<Date> =
        [date(year, one, other), date(year, other, one)].into_iter().flatten().collect();
    days.dedup();
    (!days.is_empty()).then_some((days, rest))
}

/// `12月4日` and `12/4`, without a year.
fn month_first(text: &str, sent: Option<Date>) -> Read<'_> {
    let (month, rest) = number(text, 2)?;
    if let Some(rest) = rest.strip_prefix('/') {
        let (day, rest) = number(rest, 2)?;
        // What goes on is another number: `26/12/4`, `12/4.5`.
        let goes_on = rest.starts_with(['/', '-', '.'])
            && rest.get(1..).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
        let is_whole = !goes_on && !rest.starts_with(|c: char| c.is_ascii_alphanumeric());
        return Some((vec![next(sent?, month, day)?], rest)).filter(|_| is_whole);
    }
    let (day, rest) = number(after(rest, &['月'])?, 2)?;
    let is_day = rest.trim_start_matches(' ').starts_with(['日', '(']);
    let rest = after(rest, &['日']).unwrap_or(rest);
    Some((vec![next(sent?, month, day)?], rest)).filter(|_| is_day)
}

/// The first such day on or after `sent`: of a leap day within eight years.
fn next(sent: Date, month: i16, day: i16) -> Option<Date> {
    let years = sent.year()..=sent.year().saturating_add(8);
    years.filter_map(|year| date(year, month, day)).find(|day| *day >= sent)
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// `4 December 2026`, `the 4th of December`, `Dec. 4, 2026`, with its year or without.
fn english(text: &str, sent: Option<Date>) -> Read<'_> {
    let (day, month, rest) = match number(text, 2) {
        Some((day, rest)) => {
            let rest = ordinal(rest).trim_start_matches(' ');
            let rest = rest.strip_prefix("of ").unwrap_or(rest);
            let (month, rest) = month(rest)?;
            (day, month, rest)
        }
        None => {
            let (month, rest) = month(text)?;
            let (day, rest) = number(rest, 2)?;
            (day, month, ordinal(rest))
        }
    };
    if rest.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    let year = number(rest.trim_start_matches([',', ' ']), 4);
    match year.filter(|(year, _)| *year >= 1900) {
        Some((year, rest)) => Some((vec![date(year, month, day)?], rest)),
        None => Some((vec![next(sent?, month, day)?], rest)),
    }
}

fn ordinal(text: &str) -> &str {
    ["st", "nd", "rd", "th"].iter().find_map(|end| text.strip_prefix(end)).unwrap_or(text)
}

/// A month by its name or the first letters of it, and what follows.
fn month(text: &str) -> Option<(i16, &str)> {
    let letters = text.bytes().take_while(u8::is_ascii_lowercase).count();
    let (name, rest) = text.split_at_checked(letters)?;
    let is_short = |month: &str| {
        name.len() == 3 && month.starts_with(name) || name == "sept" && month == "september"
    };
    let at = MONTHS.iter().position(|month| *month == name || is_short(month))?;
    Some((i16::try_from(at + 1).ok()?, rest.strip_prefix('.').unwrap_or(rest)))
}

/// The day of the week behind a day, and what follows: `(金)`, `(金・祝)`, `金曜日`, `(Fri)`.
fn weekday(text: &str) -> (Option<Weekday>, &str) {
    let own = text.trim_start_matches(' ');
    if let Some(inside) = own.strip_prefix('(') {
        let end = inside.char_indices().take(12).find(|(_, c)| *c == ')').map(|(at, _)| at);
        let inside_and_rest =
            end.and_then(|end| Some((inside.get(..end)?, inside.get(end + 1..)?)));
        return match inside_and_rest.and_then(|(inside, rest)| Some((named(inside)?, rest))) {
            Some((weekday, rest)) => (Some(weekday), rest),
            None => (None, text),
        };
    }
    let mut letters = own.chars();
    let day = letters.next().and_then(japanese);
    let rest = letters.as_str();
    let rest = ["曜日", "曜"].iter().find_map(|end| rest.strip_prefix(end));
    match day.zip(rest) {
        Some((weekday, rest)) => (Some(weekday), rest),
        None => (None, text),
    }
}

fn named(inside: &str) -> Option<Weekday> {
    let mut letters = inside.trim().chars();
    let first = letters.next()?;
    // `(日本時間)` is no Sunday.
    let is_alone = letters
        .next()
        .is_none_or(|next| !next.is_alphabetic() || matches!(next, '曜' | '祝' | '休'));
    japanese(first).filter(|_| is_alone).or_else(|| {
        let names = [
            ("mon", Weekday::Monday),
            ("tue", Weekday::Tuesday),
            ("wed", Weekday::Wednesday),
            ("thu", Weekday::Thursday),
            ("fri", Weekday::Friday),
            ("sat", Weekday::Saturday),
            ("sun", Weekday::Sunday),
        ];
        names.iter().find(|(name, _)| inside.starts_with(name)).map(|(_, weekday)| *weekday)
    })
}

fn japanese(letter: char) -> Option<Weekday> {
    Some(match letter {
        '月' => Weekday::Monday,
        '火' => Weekday::Tuesday,
        '水' => Weekday::Wednesday,
        '木' => Weekday::Thursday,
        '金' => Weekday::Friday,
        '土' => Weekday::Saturday,
        '日' => Weekday::Sunday,
        _ => return None,
    })
}
