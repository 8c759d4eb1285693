//! URIs of CPE 2.2: `cpe:/a:microsoft:internet_explorer:8.0.6001:beta` (NISTIR 7695 clause 6.1).

use super::attribute::{Token, push_canonical, push_quoted, tokens};
use super::{Attribute, Cpe, CpeError, Forms, Key};

/// The attributes of a URI, in its order.
const ORDER: [Key; 7] =
    [Key::Part, Key::Vendor, Key::Product, Key::Version, Key::Update, Key::Edition, Key::Language];

/// What may be packed into the edition, between tildes (clause 6.1.2.1).
const PACKED: [Key; 5] = [Key::Edition, Key::SwEdition, Key::TargetSw, Key::TargetHw, Key::Other];

/// Reads what follows `cpe:/` (clause 6.1.3). Attributes that are missing at the end are any.
pub(super) fn unbind(text: &str) -> Result<Cpe, CpeError> {
    let mut forms = Forms::default();
    let mut parts = text.split(':');
    for (key, part) in ORDER.into_iter().zip(parts.by_ref()) {
        match part.strip_prefix('~').filter(|_| key == Key::Edition) {
            Some(packed) => unpack(packed, &mut forms)?,
            None => forms.set(key, decode(part)?),
        }
    }
    if parts.next().is_some() { Err(CpeError::Count) } else { forms.build() }
}

fn unpack(text: &str, forms: &mut Forms) -> Result<(), CpeError> {
    let mut parts = text.split('~');
    for key in PACKED {
        forms.set(key, decode(parts.next().ok_or(CpeError::Count)?)?);
    }
    if parts.next().is_some() { Err(CpeError::Count) } else { Ok(()) }
}

/// `%01` is a question mark and `%02` a star that stand for other letters; every other form stands for its letter.
fn decode(text: &str) -> Result<String, CpeError> {
    match text {
        "" => return Ok("*".into()),
        "-" => return Ok("-".into()),
        _ => {}
    }
    let mut quoted = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            push_quoted(letter, &mut quoted);
            continue;
        }
        let mut digit = || letters.next().and_then(|letter| letter.to_digit(16));
        let (Some(high), Some(low)) = (digit(), digit()) else { return Err(CpeError::Quoting) };
        match (high * 16 + low) as u8 {
            1 => quoted.push('?'),
            2 => quoted.push('*'),
            byte @ 0x21..=0x7e => push_quoted(char::from(byte), &mut quoted),
            _ => return Err(CpeError::Quoting),
        }
    }
    let mut form = String::with_capacity(quoted.len());
    push_canonical(&quoted, &mut form)?;
    Ok(form)
}

/// Clause 6.1.2.
pub(super) fn bind(cpe: &Cpe) -> String {
    let mut text = String::from("cpe:/");
    for key in ORDER {
        let packed = key == Key::Edition
            && PACKED[1..].iter().any(|packed| cpe.get(*packed) != Attribute::Any);
        if packed {
            for key in PACKED {
                text.push('~');
                encode(cpe.get(key), &mut text);
            }
        } else {
            encode(cpe.get(key), &mut text);
        }
        text.push(':');
    }
    let length = text.trim_end_matches(':').len();
    text.truncate(length.max("cpe:/".len()));
    text
}

fn encode(attribute: Attribute<'_>, text: &mut String) {
    let value = match attribute {
        Attribute::Any => return,
        Attribute::Na => return text.push('-'),
        Attribute::Value(value) => value,
    };
    // A hyphen alone would mean "not applicable".
    if value.as_formatted() == "\\-" {
        return text.push_str("%2d");
    }
    for token in tokens(value.as_formatted()) {
        match token {
            Token::Many => text.push_str("%02"),
            Token::One => text.push_str("%01"),
            Token::Letter(letter)
                if letter.is_ascii()
                    && !(letter.is_ascii_alphanumeric() || "._-".contains(letter)) =>
            {
                text.push_str(&format!("%{:02x}", u32::from(letter)));
            }
            Token::Letter(letter) => text.push(letter),
        }
    }
}
