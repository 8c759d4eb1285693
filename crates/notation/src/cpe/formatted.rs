//! Formatted strings: `cpe:2.3:a:microsoft:internet_explorer:8.0.6001:beta:*:*:*:*:*:*` (NISTIR 7695 clause 6.2).

use std::fmt::{self, Write as _};

use super::attribute::{Token, tokens};
use super::{Attribute, Cpe, CpeError};

/// Reads what follows `cpe:2.3:` (clause 6.2.3).
pub(super) fn unbind(text: &str) -> Result<Cpe, CpeError> {
    let mut cpe = Cpe::default();
    let mut rest = Some(text);
    for attribute in &mut cpe.attributes {
        let (value, after) = split(rest.ok_or(CpeError::Count)?);
        *attribute = read(value)?;
        rest = after;
    }
    if rest.is_some() { Err(CpeError::Count) } else { Ok(cpe) }
}

/// Up to the first colon without a backslash.
fn split(text: &str) -> (&str, Option<&str>) {
    let mut quoted = false;
    for (at, letter) in text.char_indices() {
        match letter {
            _ if quoted => quoted = false,
            '\\' => quoted = true,
            ':' => return (text.get(..at).unwrap_or_default(), text.get(at + 1..)),
            _ => {}
        }
    }
    (text, None)
}

/// Letters that well-formed names quote and formatted strings do not, like the dot, get their backslash.
fn read(text: &str) -> Result<Attribute, CpeError> {
    if text == "-" { Ok(Attribute::Na) } else { Attribute::of_wfn(text) }
}

/// Dots, hyphens and underscores need no backslash; a hyphen alone would mean "not applicable".
pub(super) fn write(attribute: &Attribute, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let value = match attribute {
        Attribute::Any => return f.write_str("*"),
        Attribute::Na => return f.write_str("-"),
        Attribute::Value(value) => value,
    };
    if value.as_wfn() == "\\-" {
        return f.write_str("\\-");
    }
    for token in tokens(value.as_wfn()) {
        match token {
            Token::Many => f.write_str("*")?,
            Token::One => f.write_str("?")?,
            Token::Letter(letter) if letter.is_alphanumeric() || "._-".contains(letter) => {
                f.write_char(letter)?;
            }
            Token::Letter(letter) => write!(f, "\\{letter}")?,
        }
    }
    Ok(())
}
