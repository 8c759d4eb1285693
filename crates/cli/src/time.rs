//! Days and times as people type them.

use std::time::SystemTime;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

/// Japan's time, which Japanese hospitals write without a mark.
const JAPAN: Offset = Offset::constant(9);

/// A day: `2026-11-20`.
pub(crate) fn parse_date(text: &str) -> Result<Date, jiff::Error> {
    text.replace('/', "-").parse()
}

/// A moment: `2026-11-20`, `2026-11-20 09:00` (Japan's time), or with its own offset such as `2026-11-20T09:00:00+09:00`.
pub(crate) fn parse_timestamp(text: &str) -> Result<Timestamp, jiff::Error> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(moment);
    }
    let text = text.replace('/', "-");
    let local = match text.parse::<Date>() {
        Ok(day) if !text.contains(':') => day.at(12, 0, 0, 0),
        _ => text.parse::<DateTime>()?,
    };
    JAPAN.to_timestamp(local)
}

/// Now.
pub(crate) fn now() -> Timestamp {
    Timestamp::try_from(SystemTime::now()).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Today, in Japan.
pub(crate) fn today() -> Date {
    JAPAN.to_datetime(now()).date()
}

/// A moment in Japan as it can stand in the name of a file: `20261120-0900`.
pub(crate) fn stamp(moment: Timestamp) -> String {
    JAPAN.to_datetime(moment).strftime("%Y%m%d-%H%M").to_string()
}

/// A kept moment (RFC 3339, UTC) as a person in Japan reads it: `2026-11-20 09:00`.
pub(crate) fn shown(kept: &str) -> String {
    match kept.parse::<Timestamp>() {
        Ok(moment) => JAPAN.to_datetime(moment).strftime("%Y-%m-%d %H:%M").to_string(),
        Err(_) => kept.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_may_be_a_day_a_local_time_or_carry_its_offset() {
        for (text, expected) in [
            ("2026-11-20", "2026-11-20T03:00:00Z"),
            ("2026/11/20 09:00", "2026-11-20T00:00:00Z"),
            ("2026-11-20T09:00:00+09:00", "2026-11-20T00:00:00Z"),
            ("2026-11-20T09:00:00Z", "2026-11-20T09:00:00Z"),
        ] {
            assert_eq!(parse_timestamp(text).unwrap().to_string(), expected, "{text}");
        }
        let moment = "2026-11-20T00:00:00Z".parse().unwrap();
        assert_eq!(stamp(moment), "20261120-0900");
        assert!(parse_timestamp("昨日").is_err() && parse_date("2026-13-01").is_err());
    }
}
