//! Names that stand for several machines, and names with a domain.

/// The most names one cell may be expanded to, as with addresses.
const MOST: usize = 256;

/// The names that `text` stands for: `VIEW-01～04`, `VIEW-01~VIEW-04`, or a list with `、`, `,` or line breaks.
///
/// A text that is one name gives that name alone.
pub fn several(text: &str) -> Vec<String> {
    let parts: Vec<&str> = text
        .split(['\n', '\r', '、', ','])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    match parts.as_slice() {
        [one] => range(one).unwrap_or_else(|| vec![(*one).to_owned()]),
        _ => parts.into_iter().map(str::to_owned).take(MOST).collect(),
    }
}

fn range(text: &str) -> Option<Vec<String>> {
    let (left, right) = text.split_once(['~', '～', '〜'])?;
    let (left, right) = (left.trim_end(), right.trim_start());
    let digits = left.len() - left.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let (stem, from) = left.split_at(left.len() - digits);
    let to = right.strip_prefix(stem).unwrap_or(right);
    if from.is_empty() || to.is_empty() || !to.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (first, last): (u32, u32) = (from.parse().ok()?, to.parse().ok()?);
    let count = usize::try_from(last.checked_sub(first)?).ok()?.checked_add(1)?;
    if count > MOST {
        return None;
    }
    let width = from.len();
    Some((first..=last).map(|number| format!("{stem}{number:0width$}")).collect())
}

/// A host name and the domain that was written with it: `NB-01.minato.local` is `NB-01` of `minato.local`.
pub fn host_and_domain(text: &str) -> (&str, Option<&str>) {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let Some((host, domain)) = text.split_once('.') else { return (text, None) };
    let top_is_word = domain
        .rsplit('.')
        .next()
        .is_some_and(|top| top.len() > 1 && top.bytes().all(|b| b.is_ascii_alphabetic()));
    let labels_are_filled = text.split('.').all(|label| !label.is_empty());
    if top_is_word && labels_are_filled && text.chars().all(plain) {
        (host, Some(domain))
    } else {
        (text, None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_of_names_is_spelt_out() {
        for text in
            ["VIEW-01～04", "VIEW-01〜VIEW-04", "VIEW-01~04", "VIEW-01、VIEW-02,VIEW-03\nVIEW-04"]
        {
            assert_eq!(several(text), ["VIEW-01", "VIEW-02", "VIEW-03", "VIEW-04"], "{text}");
        }
        assert_eq!(several("BED8～10"), ["BED8", "BED9", "BED10"]);
    }

    #[test]
    fn what_is_no_range_stays_one_name() {
        for text in [
            "VIEW-01",
            "VIEW-04～01",
            "電子カルテ端末〜予備",
            "A～B",
            "A0～99999",
            "～04",
            "CT-01-04",
        ] {
            assert_eq!(several(text), [text], "{text}");
        }
        assert!(several("").is_empty());
    }

    #[test]
    fn a_domain_is_taken_off_only_where_it_is_one() {
        assert_eq!(host_and_domain("NB-01.minato.local"), ("NB-01", Some("minato.local")));
        for text in ["NB-01", "Ver1.2", "Room1のPC1", "a..local", ".local", "PC.", "10.1.1.1"] {
            assert_eq!(host_and_domain(text), (text, None), "{text}");
        }
    }
}
