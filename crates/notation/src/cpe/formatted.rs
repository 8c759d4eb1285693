//! Formatted strings: `cpe:2.3:a:microsoft:internet_explorer:8.0.6001:beta:*:*:*:*:*:*` (NISTIR 7695 clause 6.2).

use super::attribute::push_canonical;
use super::{Cpe, CpeError};

/// Reads what follows `cpe:2.3:` (clause 6.2.3).
pub(super) fn unbind(text: &str) -> Result<Cpe, CpeError> {
    let mut rest = Some(text);
    let cpe = Cpe::assemble(text.len(), |_, written| {
        let (value, after) = split(rest.ok_or(CpeError::Count)?);
        rest = after;
        if value == "-" {
            written.push('-');
            return Ok(());
        }
        push_canonical(value, written)
    })?;
    if rest.is_some() { Err(CpeError::Count) } else { Ok(cpe) }
}

/// Up to the first colon without a backslash.
fn split(text: &str) -> (&str, Option<&str>) {
    let mut quoted = false;
    for (at, letter) in text.bytes().enumerate() {
        match letter {
            _ if quoted => quoted = false,
            b'\\' => quoted = true,
            b':' => return (text.get(..at).unwrap_or_default(), text.get(at + 1..)),
            _ => {}
        }
    }
    (text, None)
}
