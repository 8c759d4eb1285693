//! Words and numbers of what people write for an operating system.

use domain::fold::half_width;

/// A word, or a number with its dots.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Token {
    /// `22`, `8.1`, `10.0.19045`.
    Number(String),
    /// Letters of one script, in lower case.
    Word(String),
}

impl Token {
    pub(crate) fn is_number(&self) -> bool {
        matches!(self, Self::Number(_))
    }

    /// A number with two dots or more, which no marketing name has.
    pub(crate) fn is_kernel(&self) -> bool {
        matches!(self, Self::Number(number) if number.matches('.').count() >= 2)
    }

    pub(crate) fn is_word(&self, word: &str) -> bool {
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

/// A token and where it stands in the folded text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) token: Token,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// A text with full width, case and marks made equal: what [`pieces`] cuts.
pub(crate) fn folded(text: &str) -> String {
    let text: String =
        text.chars().take(MOST_LETTERS).filter(|c| !matches!(c, '™' | '®' | '©')).collect();
    half_width(&text).to_lowercase()
}

/// Cuts a text into words and numbers, with full width, case and marks made equal. What says only how wide the processor is goes.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    pieces(&folded(text)).into_iter().map(|piece| piece.token).collect()
}

/// Cuts a [`folded`] text into words and numbers. What says only how wide the processor is goes.
pub(crate) fn pieces(folded: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut rest = folded;
    while let Some(first) = rest.chars().next() {
        let class = Class::of(first);
        let length = run(rest, class);
        let start = folded.len() - rest.len();
        let (piece, after) = rest.split_at(length);
        let token = match class {
            Class::Digit => Some(Token::Number(piece.to_owned())),
            Class::Latin | Class::Other => Some(Token::Word(piece.to_owned())),
            Class::Mark => None,
        };
        found.extend(token.map(|token| Piece { token, start, end: start + length }));
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
fn without_width(found: Vec<Piece>) -> Vec<Piece> {
    let mut kept: Vec<Piece> = Vec::with_capacity(found.len());
    for piece in found {
        let is_width = |number: &Token| matches!(number, Token::Number(n) if matches!(n.as_str(), "32" | "64" | "86"));
        let last = kept.last().map(|piece| &piece.token);
        let after_x = is_width(&piece.token) && last.is_some_and(|word| word.is_word("x"));
        let is_bit = piece.token.is_word("bit") || piece.token.is_word("ビット");
        if after_x || (is_bit && last.is_some_and(is_width)) {
            kept.pop();
        } else {
            kept.push(piece);
        }
    }
    kept
}

/// Writes `service pack` and `サービスパック` as `sp`.
fn with_service_pack(found: Vec<Piece>) -> Vec<Piece> {
    let mut kept: Vec<Piece> = Vec::with_capacity(found.len());
    for piece in found {
        let sp = |start| Piece { token: Token::Word("sp".to_owned()), start, end: piece.end };
        let service = kept.last().filter(|last| last.token.is_word("service"));
        if let Some(start) = service.map(|last| last.start)
            && piece.token.is_word("pack")
        {
            kept.pop();
            kept.push(sp(start));
        } else if piece.token.is_word("サービスパック") {
            kept.push(sp(piece.start));
        } else {
            kept.push(piece);
        }
    }
    kept
}

/// Whether the release `name` stands in `written`; its last number may be written more finely.
pub(crate) fn holds(written: &[Token], name: &[Token]) -> bool {
    let Some((last, before)) = name.split_last() else { return false };
    written.windows(name.len()).any(|window| match window.split_last() {
        Some((own_last, own_before)) => own_before == before && own_last.refines(last),
        None => false,
    })
}

/// Whether an OS column says that it is firmware, which has no name of its own.
pub(crate) fn is_firmware(os: &str) -> bool {
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
