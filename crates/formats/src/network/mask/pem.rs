//! Private keys in lines of their own (RFC 7468, RFC 4716, and the files of PuTTY).

use std::ops::Range;

/// Where what is secret begins in a line that begins a private key: behind its mark.
pub(crate) fn begin(line: &str) -> Option<usize> {
    if line.trim_start().starts_with("Private-Lines:") {
        return Some(line.len());
    }
    let mark = line.find("----").map(|at| at + line.get(at..).map_or(0, dashes))?;
    let rest = line.get(mark..)?;
    let name = rest.trim_start().strip_prefix("BEGIN ")?;
    let end = name.find("----")?;
    if !name.get(..end)?.contains("PRIVATE KEY") {
        return None;
    }
    let after = name.get(end..)?;
    Some(line.len() - after.len() + dashes(after))
}

/// Where the mark stands that ends a private key.
pub(crate) fn end(line: &str) -> Option<Range<usize>> {
    if line.trim_start().starts_with("Private-MAC:") {
        return Some(0..line.len());
    }
    let at = line.find("END ")?;
    let before = line.get(..at)?.trim_end();
    let start = before.trim_end_matches('-').len();
    if before.len() - start < 4 {
        return None;
    }
    let name = line.get(at..)?;
    let end =
        name.find("----").map_or(name.len(), |from| from + name.get(from..).map_or(0, dashes));
    Some(start..at + end)
}

fn dashes(text: &str) -> usize {
    text.len() - text.trim_start_matches('-').len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_told_from_certificates() {
        for (line, shown) in [
            ("-----BEGIN RSA PRIVATE KEY-----", Some(31)),
            ("key: \"-----BEGIN PRIVATE KEY-----MIIabc", Some(33)),
            ("---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----", Some(42)),
            ("-----BEGIN PGP PRIVATE KEY BLOCK-----", Some(37)),
            ("Private-Lines: 14", Some(17)),
            ("-----BEGIN CERTIFICATE-----", None),
            ("-----BEGIN PUBLIC KEY-----", None),
            ("---- ---- PRIVATE KEY", None),
            ("-----BEGIN", None),
            ("", None),
        ] {
            assert_eq!(begin(line), shown, "{line}");
        }
    }

    #[test]
    fn an_end_is_one_only_behind_dashes() {
        for (line, from) in [
            ("-----END RSA PRIVATE KEY-----", Some(0..29)),
            ("MIIabc-----END PRIVATE KEY-----\", x", Some(6..31)),
            ("---- END SSH2 KEY ---- x", Some(0..22)),
            ("-----END", None),
            ("Private-MAC: 00", Some(0..15)),
            ("BLEND OF", None),
            ("END OF", None),
        ] {
            assert_eq!(end(line), from, "{line}");
        }
    }
}
