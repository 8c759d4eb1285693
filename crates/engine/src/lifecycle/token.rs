//! Words and numbers of what people write for an operating system.

use domain::fold::half_width;

/// A word, or a number with its dots.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Token {
    /// `22`, `8.1`, `10.0.19045`.
    Number(String),
    /// Letters of one script, in lower case.
    Word(String),
}

impl Token {
    pub(super) fn is_number(&self) -> bool {
        matches!(self, Self::Number(_))
    }

    /// A number with two dots or more, which no marketing name has.
    pub(super) fn is_kernel(&self) -> bool {
        matches!(self, Self::Number(number) if number.matches('.').count() >= 2)
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(self, Self::Word(own) if own == word)
    }

    /// Whether this, as written, is `name` or a finer version of it: `7.0.5` is a 7.0, and 22H2 is no 22H20.
    fn refines(&self, name: &Self) -> bool {
        match (self, name) {
            (Self::Number(own), Self::Number(name)) => {
                let rest = own.strip_prefix(name.as_str());
                rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            }
            _ => self == name,
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Digit,
    Latin,
    Other,
    Mark,
}

impl Class {
    fn of(c: char) -> Self {
        match c {
            // Marks that NFKC would glue to the word before them.
            '™' | '®' | '©' => Self::Mark,
            _ if c.is_ascii_digit() => Self::Digit,
            _ if c.is_ascii_alphabetic() => Self::Latin,
            _ if c.is_alphanumeric() || c == 'ー' => Self::Other,
            _ => Self::Mark,
        }
    }
}

/// Longer cells than this are no name of an operating system; what follows is not looked at.
const MOST_LETTERS: usize = 300;

/// Cuts a text into words and numbers, with full width, case and marks made equal. What says only how wide the processor is goes.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let text: String =
        text.chars().take(MOST_LETTERS).filter(|c| !matches!(c, '™' | '®' | '©')).collect();
    let text = half_width(&text).to_lowercase();
    let mut found = Vec::new();
    let mut rest = text.as_str();
    while let Some(first) = rest.chars().next() {
        let class = Class::of(first);
        let length = run(rest, class);
        let (piece, after) = rest.split_at(length);
        match class {
            Class::Digit => found.push(Token::Number(piece.to_owned())),
            Class::Latin | Class::Other => found.push(Token::Word(piece.to_owned())),
            Class::Mark => {}
        }
        rest = after;
    }
    with_service_pack(without_width(found))
}

/// How many bytes at the start of `text` are of one class; a dot between two digits belongs to the number.
fn run(text: &str, class: Class) -> usize {
    let mut letters = text.char_indices().peekable();
    while let Some((at, c)) = letters.next() {
        let next_is_digit = letters.peek().is_some_and(|(_, next)| next.is_ascii_digit());
        let dot = class == Class::Digit && c == '.' && next_is_digit;
        if Class::of(c) != class && !dot {
            return at;
        }
    }
    text.len()
}

/// Drops `x64`, `x86`, `32bit` and `64ビット`: no release, though they hold numbers.
fn without_width(found: Vec<Token>) -> Vec<Token> {
    let mut kept: Vec<Token> = Vec::with_capacity(found.len());
    for token in found {
        let is_width = |number: &Token| matches!(number, Token::Number(n) if matches!(n.as_str(), "32" | "64" | "86"));
        let last = kept.last();
        let after_x = is_width(&token) && last.is_some_and(|word| word.is_word("x"));
        let is_bit = token.is_word("bit") || token.is_word("ビット");
        if after_x || (is_bit && last.is_some_and(is_width)) {
            kept.pop();
        } else {
            kept.push(token);
        }
    }
    kept
}

/// Writes `service pack` and `サービスパック` as `sp`.
fn with_service_pack(found: Vec<Token>) -> Vec<Token> {
    let mut kept: Vec<Token> = Vec::with_capacity(found.len());
    for token in found {
        if token.is_word("pack") && kept.last().is_some_and(|word| word.is_word("service")) {
            kept.pop();
            kept.push(Token::Word("sp".to_owned()));
        } else if token.is_word("サービスパック") {
            kept.push(Token::Word("sp".to_owned()));
        } else {
            kept.push(token);
        }
    }
    kept
}

/// Whether the release `name` stands in `written`; its last number may be written more finely.
pub(super) fn holds(written: &[Token], name: &[Token]) -> bool {
    let Some((last, before)) = name.split_last() else { return false };
    written.windows(name.len()).any(|window| match window.split_last() {
        Some((own_last, own_before)) => own_before == before && own_last.refines(last),
        None => false,
    })
}

/// Whether an OS column says that it is firmware, which has no name of its own.
pub(super) fn is_firmware(os: &str) -> bool {
    let os = domain::fold(os);
    os.is_empty()
        || ["ファ-ムウェア", "ファ-ムウエア", "firmware", "組込", "専用"]
            .iter()
            .any(|word| os.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let show = |token| match token {
            Token::Number(text) | Token::Word(text) => text,
        };
        tokens(text).into_iter().map(show).collect()
    }

    #[test]
    fn texts_are_cut_where_digits_begin_and_scripts_change() {
        for (text, expected) in [
            ("Ｗｉｎ１０", vec!["win", "10"]),
            ("LTSB2016", vec!["ltsb", "2016"]),
            ("2019(1809)", vec!["2019", "1809"]),
            ("Windows® 10™ IoT\nLTSC", vec!["windows", "10", "iot", "ltsc"]),
            ("6.1.7601 Service Pack 1 ビルド 7601", vec!["6.1.7601", "sp", "1", "ビルド", "7601"]),
            ("Windows 7 (64ビット)", vec!["windows", "7"]),
            ("Windows 10 Pro x64 32bit", vec!["windows", "10", "pro"]),
            ("組込みLinux", vec!["組込み", "linux"]),
            ("Rev.14.01.38", vec!["rev", "14.01.38"]),
            ("v7.0.", vec!["v", "7.0"]),
            ("", vec![]),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn a_finer_number_holds_the_coarser_one_and_not_its_digits() {
        let holds = |written: &str, name: &str| holds(&tokens(written), &tokens(name));
        assert!(holds("v7.0.5", "7.0"));
        assert!(holds("10.0.19045.3448", "10.0.19045"));
        assert!(!holds("7.05", "7.0"));
        assert!(!holds("Windows 8.1x", "win 8"));
        assert!(!holds("7", ""));
    }
}
