//! When a certificate ends, read off its DER (RFC 5280, 4.1): a walk of five steps, for which a parser would be a large guest.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

const SEQUENCE: u8 = 0x30;
const INTEGER: u8 = 0x02;
/// The version, explicitly tagged.
const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// `notAfter` of a certificate; none where it is not one.
pub(crate) fn end(certificate: &[u8]) -> Option<Timestamp> {
    let (SEQUENCE, certificate, _) = element(certificate)? else { return None };
    let (SEQUENCE, mut rest, _) = element(certificate)? else { return None };
    if rest.first() == Some(&VERSION) {
        rest = element(rest)?.2;
    }
    // The serial number, the algorithm and the issuer stand before the validity.
    for tag in [INTEGER, SEQUENCE, SEQUENCE] {
        let (found, _, next) = element(rest)?;
        rest = (found == tag).then_some(next)?;
    }
    let (SEQUENCE, validity, _) = element(rest)? else { return None };
    let (_, _, not_after) = element(validity)?;
    let (tag, text, _) = element(not_after)?;
    moment(tag, std::str::from_utf8(text).ok()?)
}

/// Tag, content and what follows.
fn element(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = bytes.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match *first {
        short @ 0..=0x7f => (usize::from(short), rest),
        long @ 0x81..=0x83 => {
            let (digits, rest) = rest.split_at_checked(usize::from(long & 0x7f))?;
            (digits.iter().fold(0, |number, digit| number << 8 | usize::from(*digit)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((*tag, content, rest))
}

fn moment(tag: u8, text: &str) -> Option<Timestamp> {
    // Years of two digits are of 1950 to 2049 (4.1.2.5.1).
    let text = match tag {
        UTC_TIME if text.get(..2)? < "50" => format!("20{text}"),
        UTC_TIME => format!("19{text}"),
        GENERALIZED_TIME => text.to_owned(),
        _ => return None,
    };
    let local = DateTime::strptime("%Y%m%d%H%M%SZ", text).ok()?;
    Offset::UTC.to_timestamp(local).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(year: i32) -> Vec<u8> {
        let mut params = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        params.not_after = rcgen::date_time_ymd(year, 3, 1);
        let pair = rcgen::KeyPair::generate().unwrap();
        params.self_signed(&pair).unwrap().der().to_vec()
    }

    #[test]
    fn the_end_is_read_in_both_ways_of_writing_it() {
        for year in [2031, 2055] {
            let expected = format!("{year}-03-01T00:00:00Z").parse().unwrap();
            assert_eq!(end(&made(year)), Some(expected));
        }
    }

    #[test]
    fn what_is_cut_off_or_damaged_has_no_end_and_breaks_nothing() {
        let whole = made(2031);
        for length in 0..200 {
            assert_eq!(end(&whole[..length]), None);
        }
        for at in 0..200 {
            for bit in 0..8 {
                let mut damaged = whole.clone();
                damaged[at] ^= 1 << bit;
                let _ = end(&damaged);
            }
        }
    }
}
