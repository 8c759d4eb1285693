//! Well-formed names as text: `wfn:[part="a",vendor="microsoft",update=NA]` (NISTIR 7695 clause 5).

use super::{Attribute, Cpe, CpeError, Key};

/// Reads what follows `wfn:[`. Attributes that are not named are any.
pub(super) fn read(text: &str) -> Result<Cpe, CpeError> {
    let mut cpe = Cpe::default();
    let mut seen = [false; 11];
    let mut rest = text.strip_suffix(']').ok_or(CpeError::Count)?;
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=').ok_or(CpeError::Key)?;
        let known = Key::ALL.into_iter().find(|key| key.as_str() == name.trim());
        let key = known.ok_or(CpeError::Key)?;
        if std::mem::replace(&mut seen[key as usize], true) {
            return Err(CpeError::Key);
        }
        let (attribute, after) = read_attribute(after)?;
        cpe.attributes[key as usize] = attribute;
        rest = match after.trim_start() {
            "" => "",
            more => more.strip_prefix(',').ok_or(CpeError::Count)?,
        };
    }
    Ok(cpe)
}

fn read_attribute(text: &str) -> Result<(Attribute, &str), CpeError> {
    if let Some(rest) = text.strip_prefix("ANY") {
        return Ok((Attribute::Any, rest));
    }
    if let Some(rest) = text.strip_prefix("NA") {
        return Ok((Attribute::Na, rest));
    }
    let inside = text.strip_prefix('"').ok_or(CpeError::Quoting)?;
    let mut quoted = false;
    for (at, letter) in inside.char_indices() {
        match letter {
            _ if quoted => quoted = false,
            '\\' => quoted = true,
            '"' => {
                let (value, rest) = inside.split_at_checked(at).ok_or(CpeError::Quoting)?;
                return Ok((Attribute::of_wfn(value)?, rest.get(1..).unwrap_or_default()));
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
        Attribute::Value(value) => format!("{}=\"{}\"", key.as_str(), value.as_wfn()),
    });
    format!("wfn:[{}]", each.collect::<Vec<_>>().join(","))
}
