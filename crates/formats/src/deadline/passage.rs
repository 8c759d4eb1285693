//! A text in the pieces in which a day and the words for it stand together: sentences, whose lines mails break anywhere.

/// From how many columns on a line is taken to be broken by its width. Mails are broken at 60 to 78.
const BROKEN: usize = 50;

/// Letters that a piece may have.
const MOST: usize = 2_000;

/// The sentences and items of `text`.
pub(super) fn passages(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = String::new();
    for line in text.lines().map(str::trim) {
        if line.is_empty() || !joins(&open, line) || open.len() > MOST {
            // A name of a deadline that stands alone is filled by what comes next, empty lines or not.
            if line.is_empty() && super::asked::names_deadline(&open) {
                continue;
            }
            sentences(&open, &mut found);
            open.clear();
        } else if open.ends_with(|c: char| c.is_ascii()) {
            open.push(' ');
        }
        open.push_str(line);
    }
    sentences(&open, &mut found);
    found
}

/// Whether `next` goes on where `line` was broken.
fn joins(line: &str, next: &str) -> bool {
    let Some(last) = line.chars().next_back() else { return false };
    if super::asked::names_deadline(line) {
        return true;
    }
    if matches!(last, '。' | '.' | '!' | '?' | '！' | '？' | ':' | '：') || is_item(next) {
        return false;
    }
    let goes_on = matches!(last, '、' | ',' | '，' | 'ぁ'..='ん')
        || next.starts_with(|first: char| first.is_ascii_lowercase());
    goes_on || columns(line) >= BROKEN
}

/// Whether a line begins something of its own: a mark, a number, a name with a colon.
fn is_item(line: &str) -> bool {
    const MARKS: &str = "・●○■□◆◇▼▽※★☆【[(（<＜「『*-–—•>＞#=＝";
    let Some(first) = line.chars().next() else { return true };
    let rest = line.trim_start_matches(|c: char| c.is_numeric());
    let is_numbered = rest.len() < line.len() && rest.starts_with(['.', ')', '）', '．']);
    let is_named = line.chars().take(12).any(|c| matches!(c, ':' | '：'))
        && !line.starts_with(|c: char| c.is_numeric());
    MARKS.contains(first) || is_numbered || is_named
}

/// How wide a line is where letters of Japan take two columns.
fn columns(line: &str) -> usize {
    line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// Adds the sentences of `line`.
fn sentences(line: &str, found: &mut Vec<String>) {
    let mut start = 0;
    for (at, mark) in line.char_indices() {
        let end = at + mark.len_utf8();
        let rest = line.get(end..).unwrap_or_default();
        let ends = match mark {
            '。' | '｡' | '！' | '？' => true,
            '!' | '?' => rest.is_empty() || rest.starts_with(' '),
            '.' => is_full_stop(line.get(start..at).unwrap_or_default(), rest),
            _ => false,
        };
        if ends {
            push(line.get(start..end).unwrap_or_default(), found);
            start = end;
        }
    }
    push(line.get(start..).unwrap_or_default(), found);
}

/// Whether a point ends a sentence, and no abbreviation such as `Dec. 4` or `5 p.m. JST`.
fn is_full_stop(before: &str, rest: &str) -> bool {
    let goes_on = rest.strip_prefix(' ').map(str::trim_start);
    let begins = goes_on.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()));
    let word = before.rsplit(' ').next().unwrap_or_default();
    begins && (word.chars().count() > 4 || word.chars().all(|c| c.is_ascii_digit()))
}

fn push(sentence: &str, found: &mut Vec<String>) {
    let sentence = sentence.trim();
    if !sentence.is_empty() {
        found.push(sentence.to_owned());
    }
}
