//! What the JSON readers share: lists that may be null, moments, scores.
//!
//! Texts that are kept are read straight into the `String` that the advisory holds; only what is compared is borrowed.

use domain::{LocalText, Rating};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer};

/// A list, or null for an empty one, as some databases write it.
pub(super) fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// A moment as feeds write it: with its offset, without one (the NVD: then it is UTC), or a day, which is its beginning in UTC.
pub(super) fn moment(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    let utc = |local: DateTime| local.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    text.parse()
        .ok()
        .or_else(|| utc(text.parse::<DateTime>().ok()?))
        .or_else(|| utc(text.parse::<Date>().ok()?.at(0, 0, 0, 0)))
}

/// The day of a text that begins with one.
pub(super) fn day(text: &str) -> Option<Date> {
    text.trim().get(..10)?.parse().ok()
}

/// A score in tenths; none where it is no score.
pub(super) fn tenths(score: f64) -> Option<u8> {
    (0.0..=10.0).contains(&score).then(|| (score * 10.0).round() as u8)
}

/// CVSS data as the NVD, the CVE programme and CSAF write it: FIRST's JSON schemas.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Cvss {
    #[serde(default)]
    version: String,
    #[serde(default)]
    vector_string: Option<String>,
    #[serde(default)]
    base_score: Option<f64>,
    #[serde(default)]
    base_severity: Option<String>,
}

impl Cvss {
    /// The version of CVSS it says it is of.
    pub(super) fn version(&self) -> &str {
        &self.version
    }

    /// The same as a rating by `by`.
    pub(super) fn rating(self, by: Option<String>) -> Rating {
        Rating {
            by,
            vector: self.vector_string.filter(|vector| !vector.is_empty()),
            score: self.base_score.and_then(tenths),
            word: self.base_severity,
            claims: Vec::new(),
        }
    }
}

/// A text in a language, as the NVD and the CVE programme write it.
#[derive(Debug, Deserialize)]
pub(super) struct Lang {
    #[serde(default)]
    pub(super) lang: String,
    #[serde(default)]
    pub(super) value: String,
}

impl Lang {
    /// The same, where it says something.
    pub(super) fn text(self) -> Option<LocalText> {
        let said = !self.value.trim().is_empty();
        said.then_some(LocalText { lang: self.lang, text: self.value })
    }
}

/// A text that is one; none where it only stands for nothing (`n/a`, `unknown`, a dash).
pub(super) fn said(text: String) -> Option<String> {
    let plain = text.trim();
    let nothing = plain.is_empty()
        || ["-", "n/a", "na", "none", "unknown", "unspecified", "[unknown]"]
            .iter()
            .any(|word| plain.eq_ignore_ascii_case(word));
    (!nothing).then(|| if plain.len() == text.len() { text.clone() } else { plain.to_owned() })
}

/// Whether a text is a CVE number (CVE Record Format 5.1, `cveId`).
pub(super) fn is_cve(text: &str) -> bool {
    let Some((year, number)) = text.strip_prefix("CVE-").and_then(|rest| rest.split_once('-'))
    else {
        return false;
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    year.len() == 4 && (4..=19).contains(&number.len()) && digits(year) && digits(number)
}

/// Whether a text is the number of a kind of weakness; some write `CWE-Other`, `NVD-CWE-noinfo`.
pub(super) fn is_cwe(text: &str) -> bool {
    let number = text.strip_prefix("CWE-").unwrap_or_default();
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_in_every_way_feeds_write_them() {
        let noon = |text: &str| moment(text).map(|moment| moment.to_string());
        for text in [
            "2025-02-20T12:00:00Z",
            "2025-02-20T12:00:00.000",
            "2025-02-20T12:00:00+0000",
            "2025-02-20T21:00:00+09:00",
        ] {
            assert_eq!(noon(text).as_deref(), Some("2025-02-20T12:00:00Z"), "{text}");
        }
        assert_eq!(noon("2025-02-20").as_deref(), Some("2025-02-20T00:00:00Z"));
        for text in ["", "yesterday", "2025-13-01T00:00:00Z"] {
            assert_eq!(moment(text), None, "{text}");
        }
    }

    #[test]
    fn a_cve_number_is_told_from_what_looks_like_one() {
        assert!(is_cve("CVE-2021-44228") && is_cve("CVE-2014-123456"));
        for text in ["CVE-2021-1", "cve-2021-44228", "CVE-21-44228", "CVE-2021-4422x", "GHSA-x"] {
            assert!(!is_cve(text), "{text}");
        }
    }
}
