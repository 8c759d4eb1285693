//! Well-formed names as text: `wfn:[part="a",vendor="microsoft",update=NA]` (NISTIR 7695 clause 5).

use super::attribute::{Token, push_canonical, push_quoted, tokens};
use super::{Attribute, Cpe, CpeError, Forms, Key};

/// Reads what follows `wfn:[`. Attributes that are not named are any.
pub(super) fn read(text: &str) -> Result<Cpe, CpeError> {
    let mut forms = Forms::default();
    let mut seen = [false; 11];
    let mut rest = text.strip_suffix(']').ok_or(CpeError::Count)?;
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=').ok_or(CpeError::Key)?;
        let known = Key::ALL.into_iter().find(|key| key.as_str() == name.trim());
        let key = known.ok_or(CpeError::Key)?;
        if std::mem::replace(&mut seen[key as usize], true) {
            return Err(CpeError::Key);
        }
        let (form, after) = read_attribute(after)?;
        forms.set(key, form);
        rest = match after.trim_start() {
            "" => "",
            more => more.strip_prefix(',').ok_or(CpeError::Count)?,
        };
    }
    forms.build()
}

/// The form of a formatted string.
fn read_attribute(text: &str) -> Result<(String, &str), CpeError> {
    if let Some(rest) = text.strip_prefix("ANY") {
        return Ok(("*".into(), rest));
    }
    if let Some(rest) = text.strip_prefix("NA") {
        return Ok(("-".into(), rest));
    }
    let inside = text.strip_prefix('"').ok_or(CpeError::Quoting)?;
    let mut quoted = false;
    for (at, letter) in inside.char_indices() {
        match letter {
            _ if quoted => quoted = false,
            '\\' => quoted = true,
            '"' => {
                let (value, rest) = inside.split_at_checked(at).ok_or(CpeError::Quoting)?;
                let mut form = String::with_capacity(value.len());
                push_canonical(value, &mut form)?;
                return Ok((form, rest.get(1..).unwrap_or_default()));
            }
            _ => {}
        }
    }
    Err(CpeError::Quoting)
}

/// Every attribute, in the order of the formatted string.
pub(super) fn write(cpe: &Cpe) -> String {
    let each = Key::ALL.into_iter().map(|key| match cpe.get(key) {
        Attribute::Any => format!("{}=ANY", key.as_str()),
        Attribute::Na => format!("{}=NA", key.as_str()),
        Attribute::Value(value) => format!("{}=\"{}\"", key.as_str(), quoted(value.as_formatted())),
    });
    format!("wfn:[{}]", each.collect::<Vec<_>>().join(","))
}

/// With a backslash before dots and hyphens too.
fn quoted(form: &str) -> String {
    let mut text = String::with_capacity(form.len());
    for token in tokens(form) {
        match token {
            Token::Many => text.push('*'),
            Token::One => text.push('?'),
            Token::Letter(letter) => push_quoted(letter, &mut text),
        }
    }
    text
}
