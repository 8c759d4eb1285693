//! What is fuzzed; `cargo xtask fuzz` runs it together with the readers of `formats`.

use crate::{cpe, cvss, purl, vers, version};

/// A name, and what takes any bytes and may only panic where a promise of this room is broken.
pub type Target = (&'static str, fn(&[u8]));

/// Every target, by name.
pub const TARGETS: &[Target] = &[
    ("cpe", cpe::fuzz),
    ("cvss", cvss::fuzz),
    ("purl", purl::fuzz),
    ("vers", vers::fuzz),
    ("version", version::fuzz),
];

/// How many texts of one input are tried.
const AT_ONCE: usize = 64;

/// The texts in an input: what stands between line ends, tabs and quotes, so that the files of test suites are good seeds. Of
/// many only some, from a place that the length of the input decides.
pub(crate) fn texts(input: &str) -> impl Iterator<Item = &str> {
    let each =
        |input| str::split(input, ['\n', '\r', '\t', '"']).filter(|text| !text.trim().is_empty());
    let count = each(input).count();
    let skipped = if count > AT_ONCE { input.len() % (count - AT_ONCE) } else { 0 };
    each(input).skip(skipped).take(AT_ONCE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_texts_of_a_suite_are_found_in_it() {
        let found: Vec<&str> = texts("{\n  \"input\": \"pkg:npm/a@1\",\n}").collect();
        assert!(found.contains(&"pkg:npm/a@1"));
        assert_eq!(texts(&"1\n".repeat(1000)).count(), AT_ONCE);
    }
}
