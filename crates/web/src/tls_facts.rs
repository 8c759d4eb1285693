//! What a certificate says of itself, as far as the desk shows it: until when it counts.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// The end of the validity of an X.509 certificate in DER (RFC 5280, 4.1); `None` where it cannot be read.
pub(crate) fn not_after(der: &[u8]) -> Option<Timestamp> {
    const SEQUENCE: u8 = 0x30;
    const VERSION: u8 = 0xa0;
    let (certificate, _) = part(der, SEQUENCE)?;
    let (mut rest, _) = part(certificate, SEQUENCE)?;
    // Version (may be missing), serial number, algorithm and issuer stand before it.
    if rest.first() == Some(&VERSION) {
        rest = any_part(rest)?.2;
    }
    for _ in 0..3 {
        rest = any_part(rest)?.2;
    }
    let (validity, _) = part(rest, SEQUENCE)?;
    let (_, _, after) = any_part(validity)?;
    let (tag, time, _) = any_part(after)?;
    instant(tag, time)
}

/// Tag and content of the first part, and what follows it.
fn any_part(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match usize::from(first) {
        short @ 0..=127 => (short, rest),
        // A certificate longer than four bytes can tell is none.
        long => {
            let count = long - 128;
            if !(1..=4).contains(&count) || rest.len() < count {
                return None;
            }
            let (digits, rest) = rest.split_at(count);
            let length = digits.iter().fold(0usize, |sum, byte| (sum << 8) | usize::from(*byte));
            (length, rest)
        }
    };
    (length <= rest.len()).then(|| {
        let (content, after) = rest.split_at(length);
        (tag, content, after)
    })
}

fn part(bytes: &[u8], expected: u8) -> Option<(&[u8], &[u8])> {
    let (tag, content, after) = any_part(bytes)?;
    (tag == expected).then_some((content, after))
}

/// `UTCTime` (two digits of the year: 50 to 49) or `GeneralizedTime`.
fn instant(tag: u8, text: &[u8]) -> Option<Timestamp> {
    const UTC_TIME: u8 = 0x17;
    const GENERALIZED: u8 = 0x18;
    let text = std::str::from_utf8(text).ok()?.strip_suffix('Z')?;
    let written = match tag {
        UTC_TIME => {
            let century = if text.get(..2)?.parse::<u8>().ok()? < 50 { "20" } else { "19" };
            format!("{century}{text}")
        }
        GENERALIZED => text.to_owned(),
        _ => return None,
    };
    let time = DateTime::strptime("%Y%m%d%H%M%S", written).ok()?;
    TimeZone::UTC.to_timestamp(time).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_certificate_is_read_and_damage_is_no_end() {
        let mut params = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        for year in [2031, 2061] {
            params.not_after = rcgen::date_time_ymd(year, 11, 22);
            let der = params.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap();
            let expected: Timestamp = format!("{year}-11-22T00:00:00Z").parse().unwrap();
            assert_eq!(not_after(der.der()), Some(expected));
            for length in 0..200 {
                assert_eq!(not_after(&der.der()[..length]), None, "{length}");
            }
        }
        for bad in
            [&[][..], &[0x30, 0x84, 0xff, 0xff, 0xff, 0xff], &[0x30, 0x80], b"\x30\x89aaaaaaaaa"]
        {
            assert_eq!(not_after(bad), None);
        }
    }
}
