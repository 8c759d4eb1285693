//! Percent-encoding of versions (vers-spec, "Normalized, canonical representation"; RFC 3986 clause 2.1).

use std::fmt::{self, Write as _};

/// Letters, digits, `.-_~` and the colon stand as they are.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b".-_~:".contains(&byte)
}

/// Writes a version encoded.
pub(super) fn write(version: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for byte in version.bytes() {
        if is_plain(byte) {
            f.write_char(char::from(byte))?;
        } else {
            write!(f, "%{byte:02X}")?;
        }
    }
    Ok(())
}

/// Decodes once; `None` if it is wrongly encoded.
pub(super) fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || rest.next().and_then(|byte| char::from(byte).to_digit(16));
            let (high, low) = (digit()?, digit()?);
            bytes.push((high * 16 + low) as u8);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// Whether what is encoded must be, and with capital letters. The colon of a date is a matter of its own.
pub(super) fn is_canonical(text: &str) -> bool {
    let mut encoded = text.split('%').skip(1).filter_map(|part| part.get(..2));
    encoded.all(|digits| {
        let byte = u8::from_str_radix(digits, 16).unwrap_or(0);
        !digits.bytes().any(|digit| digit.is_ascii_lowercase()) && (byte == b':' || !is_plain(byte))
    })
}
