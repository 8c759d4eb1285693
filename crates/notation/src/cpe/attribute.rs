//! The value of an attribute, and how two of them compare.

use super::CpeError;

/// What a name says of an attribute.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Attribute {
    /// Any value (NISTIR 7695 clause 5.3.1): nothing is said.
    #[default]
    Any,
    /// Not applicable: there is no such thing.
    Na,
    /// A value.
    Value(Value),
}

/// A value as well-formed names quote it (NISTIR 7695 clause 5.3.2): a backslash before all but letters, digits and `_`, and
/// before those stars and question marks that are no wildcards.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Value {
    wfn: Box<str>,
    /// Without the backslashes, where there are any.
    plain: Option<Box<str>>,
    wild: bool,
}

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

impl Value {
    /// From a quoted text; small letters are used throughout (NISTIR 7695 clause 5.3.2). What should be quoted and is not, like
    /// the dots of formatted strings, is quoted.
    fn of_wfn(text: &str) -> Result<Self, CpeError> {
        if text.is_empty() {
            return Err(CpeError::Empty);
        }
        check(text)?;
        let mut quoted = String::with_capacity(text.len());
        for token in tokens(text) {
            match token {
                Token::Many => quoted.push('*'),
                Token::One => quoted.push('?'),
                Token::Letter(letter) => push_quoted(letter, &mut quoted),
            }
        }
        Ok(Self::unchecked(&quoted))
    }

    pub(super) fn unchecked(text: &str) -> Self {
        let wfn = text.to_ascii_lowercase().into_boxed_str();
        let plain = wfn.contains('\\').then(|| without_quotes(&wfn).into_boxed_str());
        let wild = tokens(&wfn).any(|token| matches!(token, Token::Many | Token::One));
        Self { wfn, plain, wild }
    }

    /// Quoted, as in a well-formed name.
    pub fn as_wfn(&self) -> &str {
        &self.wfn
    }

    /// As a person writes it, without backslashes.
    pub fn as_plain(&self) -> &str {
        self.plain.as_deref().unwrap_or(&self.wfn)
    }

    /// Whether a star or a question mark stands for other letters.
    pub fn is_wild(&self) -> bool {
        self.wild
    }

    /// NISTIR 7696 table 6-2, for two values.
    fn relation(&self, target: &Self) -> Relation {
        if self.wfn == target.wfn {
            return Relation::Equal;
        }
        match (self.wild, target.wild) {
            (_, true) => Relation::Undefined,
            (false, false) => Relation::Disjoint,
            (true, false) if matches(&self.wfn, &target.wfn) => Relation::Superset,
            (true, false) => Relation::Disjoint,
        }
    }
}

impl Attribute {
    /// A value from plain text, of which every letter stands for itself. Blanks become underscores (NISTIR 7695 clause 5.3.2).
    pub fn of_plain(text: &str) -> Result<Self, CpeError> {
        let mut quoted = String::with_capacity(text.len());
        for letter in text.trim().chars() {
            push_quoted(if letter.is_whitespace() { '_' } else { letter }, &mut quoted);
        }
        Value::of_wfn(&quoted).map(Self::Value)
    }

    /// From a quoted text. A star alone stands for all letters there can be: any value.
    pub(super) fn of_wfn(text: &str) -> Result<Self, CpeError> {
        if text == "*" { Ok(Self::Any) } else { Value::of_wfn(text).map(Self::Value) }
    }

    /// The value, if there is one.
    pub fn value(&self) -> Option<&Value> {
        match self {
            Self::Value(value) => Some(value),
            _ => None,
        }
    }

    /// NISTIR 7696 table 6-2.
    pub fn relation(&self, target: &Self) -> Relation {
        match (self, target) {
            (Self::Any, Self::Any) | (Self::Na, Self::Na) => Relation::Equal,
            (Self::Value(source), Self::Value(target)) => source.relation(target),
            (_, Self::Value(target)) if target.wild => Relation::Undefined,
            (Self::Any, _) => Relation::Superset,
            (_, Self::Any) => Relation::Subset,
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

/// Adds a letter that stands for itself.
pub(super) fn push_quoted(letter: char, quoted: &mut String) {
    if !(letter.is_alphanumeric() || letter == '_') {
        quoted.push('\\');
    }
    quoted.push(letter);
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
    let (mut pattern, mut text) = (tokens_of(pattern), tokens_of(text));
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

fn tokens_of(text: &str) -> Rest<'_> {
    Rest(text)
}

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
