//! What a name must look like to be one: package URLs, CPE names, identifiers of licences. What they mean is judged above.

use std::sync::LazyLock;

/// Identifiers of the SPDX License List, those no longer recommended too, sorted: `spdx-license-ids` 3.0.23 (CC0-1.0).
static LICENCES: LazyLock<Vec<&str>> =
    LazyLock::new(|| include_str!("licence-ids.txt").lines().collect());

/// Whether a text has the parts that a package URL must have (ECMA-427, 5): `pkg:`, a type, a name.
pub(super) fn is_purl(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    if !scheme.eq_ignore_ascii_case("pkg") {
        return false;
    }
    let rest = rest.split(['#', '?']).next().unwrap_or_default().trim_matches('/');
    let Some((kind, path)) = rest.split_once('/') else { return false };
    let is_type = kind.starts_with(|c: char| c.is_ascii_alphabetic())
        && kind.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '+'));
    let last = path.trim_matches('/').rsplit('/').next().unwrap_or_default();
    let name = last.split('@').next().unwrap_or_default();
    is_type && !name.is_empty() && is_encoded(rest)
}

/// Whether every percent sign is followed by two hexadecimal digits (RFC 3986, 2.1).
fn is_encoded(text: &str) -> bool {
    let mut parts = text.split('%');
    parts.next();
    parts.all(|part| {
        let mut bytes = part.bytes();
        let mut is_digit = || bytes.next().is_some_and(|byte| byte.is_ascii_hexdigit());
        is_digit() && is_digit()
    })
}

/// Whether a text is bound as a CPE name is (NISTIR 7695, 6.1 and 6.2): `cpe:/` with at most seven parts, `cpe:2.3:` with eleven.
pub(super) fn is_cpe(text: &str) -> bool {
    let is_part = |part: &str| matches!(part, "a" | "h" | "o" | "*" | "-");
    if let Some(rest) = text.strip_prefix("cpe:2.3:") {
        let parts = attributes(rest);
        return parts.len() == 11
            && parts.iter().all(|part| !part.is_empty())
            && parts.first().is_some_and(|part| is_part(part));
    }
    let Some(rest) = text.strip_prefix("cpe:/") else { return false };
    let mut parts = rest.split(':');
    parts.next().is_some_and(|part| is_part(part) || part.is_empty()) && parts.count() <= 7
}

/// The attributes of a formatted string: a colon behind a backslash is part of one.
fn attributes(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut from = 0;
    let mut escaped = false;
    for (at, letter) in text.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            ':' => {
                parts.push(text.get(from..at).unwrap_or_default());
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text.get(from..).unwrap_or_default());
    parts
}

/// Whether a text is an identifier of the SPDX License List.
pub(super) fn is_licence_id(text: &str) -> bool {
    LICENCES.binary_search(&text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn package_urls_have_a_type_and_a_name() {
        for text in [
            "pkg:npm/%40angular/core@12.0.0",
            "pkg:golang/stdlib@1.22",
            "pkg:generic/qualcomm_atheros_qca9563",
            "pkg:rpm/redhat/openssl@3.0.7-18.el9_2?arch=src#x",
            "pkg://deb/debian/curl",
        ] {
            assert!(is_purl(text), "{text}");
        }
        for text in [
            "",
            "invalid purl",
            "pkg:",
            "pkg:npm",
            "pkg:npm/",
            "pkg:/npm",
            "pkg:npm/a%4",
            "pkg:1/a",
            "pkg:npm/@1.0",
        ] {
            assert!(!is_purl(text), "{text}");
        }
    }

    #[test]
    fn cpe_names_have_their_number_of_parts() {
        for text in [
            r"cpe:2.3:a:o\:k:b\\:1.0:*:*:*:*:*:*:*",
            "cpe:2.3:h:qualcomm:atheros_qca9563:*:*:*:*:*:*:*:*",
            "cpe:/a:microsoft:office:2010:sp1",
        ] {
            assert!(is_cpe(text), "{text}");
        }
        for text in ["", "cpe:2.3:a:b:c", "cpe:2.3:x:b:c:*:*:*:*:*:*:*:*", "cpe:/q:b", "a:b"] {
            assert!(!is_cpe(text), "{text}");
        }
    }

    #[test]
    fn the_list_of_licences_knows_old_and_new_names() {
        assert!(is_licence_id("Apache-2.0") && is_licence_id("GPL-2.0-with-classpath-exception"));
        assert!(LICENCES.is_sorted() && LICENCES.len() > 700);
        assert!(!is_licence_id("Apache-2") && !is_licence_id("") && !is_licence_id("MIT\n"));
    }
}
