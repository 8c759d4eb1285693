//! What the headers of an answer say, as far as fetching needs it (RFC 9110).

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use ureq::http::HeaderMap;

/// A header's value, where it is plain text.
pub(crate) fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name)?.to_str().ok().map(str::trim).filter(|text| !text.is_empty())
}

/// The length of the content (8.6).
pub(crate) fn length(headers: &HeaderMap) -> Option<u64> {
    text(headers, "content-length")?.parse().ok()
}

/// Whether the content comes in pieces of which the last says that it is the last (RFC 9112, 7.1): a cut is noticed.
pub(crate) fn tells_its_end(headers: &HeaderMap) -> bool {
    text(headers, "transfer-encoding").is_some_and(|coding| coding.eq_ignore_ascii_case("chunked"))
}

/// First byte, and the length of the whole, of a part that was sent (14.4).
pub(crate) fn content_range(headers: &HeaderMap) -> Option<(u64, u64)> {
    let range = text(headers, "content-range")?.strip_prefix("bytes ")?;
    let (span, total) = range.split_once('/')?;
    let (first, last) = span.split_once('-')?;
    let (first, last, total): (u64, u64, u64) =
        (first.parse().ok()?, last.parse().ok()?, total.parse().ok()?);
    (first <= last && last.checked_add(1) == Some(total)).then_some((first, total))
}

/// What tells one version of the content from every other, byte for byte: a strong entity tag (8.8.3), else a date of change that
/// lies before the answer's own (8.8.2.2). Only with this is a download taken up again (13.1.5).
pub(crate) fn strong_validator(headers: &HeaderMap) -> Option<String> {
    if let Some(tag) = text(headers, "etag") {
        return (!tag.starts_with("W/")).then(|| tag.to_owned());
    }
    let changed = text(headers, "last-modified")?;
    let old = moment(changed)? < moment(text(headers, "date")?)?;
    old.then(|| changed.to_owned())
}

/// How long to wait before asking again (10.2.3): seconds, or a date beside the answer's own.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let after = text(headers, "retry-after")?;
    if let Ok(seconds) = after.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let wait = moment(after)?.duration_since(moment(text(headers, "date")?)?);
    Some(Duration::try_from(wait).unwrap_or_default())
}

/// Whether it is a page for people: what a proxy or a login sends in place of a file.
pub(crate) fn is_page(headers: &HeaderMap) -> bool {
    text(headers, "content-type")
        .is_some_and(|kind| kind.to_ascii_lowercase().starts_with("text/html"))
}

/// A date of HTTP (5.6.7).
fn moment(written: &str) -> Option<Timestamp> {
    DateTimeParser::new().parse_timestamp(written).ok()
}

#[cfg(test)]
mod tests {
    use ureq::http::HeaderValue;

    use super::*;

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        lines
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn a_part_is_one_that_goes_to_the_end() {
        for (line, expected) in [
            ("bytes 100-199/200", Some((100, 200))),
            ("bytes 0-0/1", Some((0, 1))),
            ("bytes 100-150/200", None),
            ("bytes 100-199/*", None),
            ("bytes */200", None),
            ("bytes 200-199/200", None),
            ("bytes 0-18446744073709551615/0", None),
        ] {
            assert_eq!(content_range(&headers(&[("content-range", line)])), expected, "{line}");
        }
    }

    #[test]
    fn a_weak_tag_and_a_date_of_this_very_second_take_nothing_up_again() {
        const SUNDAY: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
        const LATER: &str = "Sun, 06 Nov 1994 08:49:38 GMT";
        for (lines, expected) in [
            (vec![("etag", "\"a\"")], Some("\"a\"")),
            (vec![("etag", "W/\"a\""), ("last-modified", SUNDAY), ("date", LATER)], None),
            (vec![("last-modified", SUNDAY), ("date", LATER)], Some(SUNDAY)),
            (vec![("last-modified", SUNDAY), ("date", SUNDAY)], None),
            (vec![("last-modified", SUNDAY)], None),
            (vec![("last-modified", "yesterday"), ("date", LATER)], None),
        ] {
            assert_eq!(strong_validator(&headers(&lines)).as_deref(), expected, "{lines:?}");
        }
    }

    #[test]
    fn waiting_is_told_in_seconds_or_by_a_date() {
        let date = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
        let of =
            |value| retry_after(&headers(&[("retry-after", value), date])).map(|d| d.as_secs());
        assert_eq!(of("120"), Some(120));
        assert_eq!(of("Sun, 06 Nov 1994 08:50:07 GMT"), Some(30));
        assert_eq!(of("Sun, 06 Nov 1994 08:00:00 GMT"), Some(0), "it has passed");
        assert_eq!(of("soon"), None);
    }
}
