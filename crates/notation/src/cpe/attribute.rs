//! The value of an attribute, and how two of them compare.

use std::borrow::Cow;

use super::CpeError;

/// What a name says of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Attribute<'a> {
    /// Any value (NISTIR 7695 clause 5.3.1): nothing is said.
    Any,
    /// Not applicable: there is no such thing.
    Na,
    /// A value.
    Value(Value<'a>),
}

/// A value as formatted strings quote it (NISTIR 7695 clause 6.2): a backslash before all but letters, digits and `._-`, and
/// before those stars and question marks that are no wildcards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Value<'a>(pub(super) &'a str);

/// How a source stands to a target (NISTIR 7696 clause 6.1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// The source names all that the target does, and more.
    Superset,
    /// Both name the same.
    Equal,
    /// The target names all that the source does, and more.
    Subset,
    /// Nothing is named by both.
    Disjoint,
    /// The specification defines no relation.
    Undefined,
}

impl<'a> Value<'a> {
    /// Quoted, as in a formatted string.
    pub fn as_formatted(self) -> &'a str {
        self.0
    }

    /// As a person writes it, without backslashes; copied only where there are any.
    pub fn plain(self) -> Cow<'a, str> {
        if self.0.contains('\\') { without_quotes(self.0).into() } else { self.0.into() }
    }

    /// Whether a star or a question mark stands for other letters.
    pub fn is_wild(self) -> bool {
        self.0.contains(['*', '?'])
            && tokens(self.0).any(|token| !matches!(token, Token::Letter(_)))
    }

    /// NISTIR 7696 table 6-2, for two values.
    fn relation(self, target: Value<'_>) -> Relation {
        if self.0 == target.0 {
            return Relation::Equal;
        }
        match (self.is_wild(), target.is_wild()) {
            (_, true) => Relation::Undefined,
            (false, false) => Relation::Disjoint,
            (true, false) if matches(self.0, target.0) => Relation::Superset,
            (true, false) => Relation::Disjoint,
        }
    }
}

impl<'a> Attribute<'a> {
    /// From its form in a formatted string, already canonical.
    pub(super) fn of_formatted(text: &'a str) -> Self {
        match text {
            "*" => Self::Any,
            "-" => Self::Na,
            _ => Self::Value(Value(text)),
        }
    }

    /// Its form in a formatted string.
    pub fn as_formatted(self) -> &'a str {
        match self {
            Self::Any => "*",
            Self::Na => "-",
            Self::Value(value) => value.0,
        }
    }

    /// The value, if there is one.
    pub fn value(self) -> Option<Value<'a>> {
        match self {
            Self::Value(value) => Some(value),
            _ => None,
        }
    }

    /// NISTIR 7696 table 6-2.
    pub fn relation(self, target: Attribute<'_>) -> Relation {
        match (self, target) {
            (Self::Any, Attribute::Any) | (Self::Na, Attribute::Na) => Relation::Equal,
            (Self::Value(source), Attribute::Value(target)) => source.relation(target),
            (_, Attribute::Value(target)) if target.is_wild() => Relation::Undefined,
            (Self::Any, _) => Relation::Superset,
            (_, Attribute::Any) => Relation::Subset,
            _ => Relation::Disjoint,
        }
    }
}

impl Relation {
    /// Of two attributes for both together (NISTIR 7696 table 6-4).
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Disjoint, _) | (_, Self::Disjoint) => Self::Disjoint,
            (one, other) if one == other => one,
            (Self::Equal, other) => other,
            (one, Self::Equal) => one,
            _ => Self::Undefined,
        }
    }
}

/// A letter of a quoted value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// `*`: any letters, or none.
    Many,
    /// `?`: one letter.
    One,
    /// A letter that stands for itself.
    Letter(char),
}

/// The letters of a quoted value. A backslash at the end stands for itself; no value that was read has one.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = Token> + '_ {
    let mut letters = text.chars();
    std::iter::from_fn(move || {
        Some(match letters.next()? {
            '*' => Token::Many,
            '?' => Token::One,
            '\\' => Token::Letter(letters.next().unwrap_or('\\')),
            letter => Token::Letter(letter),
        })
    })
}

/// Adds a letter that stands for itself, with a backslash as the quickest way to be safe from being something else.
pub(super) fn push_quoted(letter: char, quoted: &mut String) {
    if !(letter.is_alphanumeric() || letter == '_') {
        quoted.push('\\');
    }
    quoted.push(letter);
}

/// Adds a quoted value in its canonical form: of small letters (NISTIR 7695 clause 5.3.2), quoted where formatted strings ask
/// for it. A star alone stands for all letters there can be: any value.
pub(super) fn push_canonical(quoted: &str, text: &mut String) -> Result<(), CpeError> {
    check(quoted)?;
    let before = text.len();
    for token in tokens(quoted) {
        match token {
            Token::Many => text.push('*'),
            Token::One => text.push('?'),
            Token::Letter(letter) => {
                if !(letter.is_alphanumeric() || "._-".contains(letter)) {
                    text.push('\\');
                }
                text.push(letter.to_ascii_lowercase());
            }
        }
    }
    // A hyphen alone would mean "not applicable".
    if text.get(before..) == Some("-") {
        text.insert(before, '\\');
    }
    Ok(())
}

fn without_quotes(text: &str) -> String {
    let letter = |token| match token {
        Token::Many => '*',
        Token::One => '?',
        Token::Letter(letter) => letter,
    };
    tokens(text).map(letter).collect()
}

/// No blanks, and no backslash without a letter. Wildcards stand at the beginning or the end only: one star, or any number
/// of question marks (NISTIR 7695 clause 5.3.2).
fn check(text: &str) -> Result<(), CpeError> {
    if text.is_empty() {
        return Err(CpeError::Empty);
    }
    if text.chars().any(|letter| letter.is_whitespace() || letter.is_control()) {
        return Err(CpeError::Letter);
    }
    let quotes = text.len() - text.trim_end_matches('\\').len();
    if quotes % 2 == 1 {
        return Err(CpeError::Quoting);
    }
    let middle = text.strip_prefix('*').unwrap_or_else(|| text.trim_start_matches('?'));
    let mut letters = tokens(middle).skip_while(|token| matches!(token, Token::Letter(_)));
    let sound = match letters.next() {
        None => true,
        Some(Token::Many) => letters.next().is_none(),
        Some(_) => letters.all(|token| token == Token::One),
    };
    sound.then_some(()).ok_or(CpeError::Wildcard)
}

/// Whether a value with wildcards matches one without. Of two stars only the last is ever gone back to, so the work is at
/// most the product of the lengths.
fn matches(pattern: &str, text: &str) -> bool {
    let (mut pattern, mut text) = (Rest(pattern), Rest(text));
    let mut back: Option<(Rest<'_>, Rest<'_>)> = None;
    loop {
        match (pattern.peek(), text.peek()) {
            (Some(Token::Many), _) => {
                pattern.advance();
                back = Some((pattern, text));
                continue;
            }
            (None, None) => return true,
            (Some(Token::One), Some(_)) => {}
            (Some(Token::Letter(one)), Some(Token::Letter(other))) if one == other => {}
            _ => {
                let Some((after_star, from)) = back.as_mut() else { return false };
                if from.peek().is_none() {
                    return false;
                }
                from.advance();
                (pattern, text) = (*after_star, *from);
                continue;
            }
        }
        pattern.advance();
        text.advance();
    }
}

/// What is left of a quoted value.
#[derive(Clone, Copy)]
struct Rest<'a>(&'a str);

impl Rest<'_> {
    fn peek(&self) -> Option<Token> {
        tokens(self.0).next()
    }

    fn advance(&mut self) {
        let mut letters = self.0.chars();
        if letters.next() == Some('\\') {
            letters.next();
        }
        self.0 = letters.as_str();
    }
}
