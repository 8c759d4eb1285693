//! Percent-encoding as package URLs use it (purl-spec, "Character encoding"; RFC 3986 clause 2.1).

use std::fmt;

use super::PurlError;

/// Writes a text encoded: all but letters, digits, `.-_~` and the colon.
pub(super) struct Encoded<'a>(pub(super) &'a str);

impl fmt::Display for Encoded<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some(at) = rest.bytes().position(|byte| !is_plain(byte)) {
            let letter = rest.get(at..).and_then(|rest| rest.chars().next());
            let end = at + letter.map_or(1, char::len_utf8);
            f.write_str(rest.get(..at).unwrap_or_default())?;
            for byte in rest.get(at..end).unwrap_or_default().bytes() {
                write!(f, "%{byte:02X}")?;
            }
            rest = rest.get(end..).unwrap_or_default();
        }
        f.write_str(rest)
    }
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b".-_~:".contains(&byte)
}

/// Decodes once.
pub(super) fn decode(text: &str) -> Result<String, PurlError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|byte| char::from(byte).to_digit(16));
        match (digit(), digit()) {
            (Some(high), Some(low)) => bytes.push((high * 16 + low) as u8),
            _ => return Err(PurlError::BadEncoding),
        }
    }
    String::from_utf8(bytes).map_err(|_| PurlError::BadEncoding)
}

/// Decodes each segment; a slash is none of their letters.
pub(super) fn decode_segments(text: Option<&str>) -> Result<Option<String>, PurlError> {
    let Some(text) = text else { return Ok(None) };
    let mut decoded = Vec::new();
    for segment in text.split('/') {
        let segment = decode(segment)?;
        if segment.contains('/') {
            return Err(PurlError::EncodedSlash);
        }
        decoded.push(segment);
    }
    Ok(Some(decoded.join("/")))
}
