//! Searching: what is folded away, and how a card's address is found in any notation.

use domain::MacAddress;

/// Folds `text` as [`domain::fold()`] does, and old forms and variants of characters besides.
pub fn search_fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    search_fold_onto(&mut folded, text);
    folded
}

pub(super) fn search_fold_onto(folded: &mut String, text: &str) {
    let start = folded.len();
    domain::fold::fold_onto(folded, text);
    let has_variants = folded[start..].chars().any(|c| reference::kanji::common(c) != c);
    if has_variants {
        let common: String = folded[start..].chars().map(reference::kanji::common).collect();
        folded.truncate(start);
        folded.push_str(&common);
    }
}

/// What a search looks for: every word must be there, in one of its writings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Needles(Vec<Vec<String>>);

impl Needles {
    pub(super) fn of(typed: &str) -> Self {
        // What is longer than this is no search, and would only be slow.
        let typed: String = typed.chars().take(200).collect();
        let words = typed.split_whitespace().map(search_fold).filter(|word| !word.is_empty());
        Self(words.map(writings).collect())
    }

    /// The words, each in all its writings; none of them holds a space or a line end.
    pub(super) fn words(&self) -> impl Iterator<Item = &[String]> {
        self.0.iter().map(Vec::as_slice)
    }

    #[cfg(test)]
    fn fit(&self, text: &str) -> bool {
        self.words().all(|word| word.iter().any(|writing| text.contains(writing.as_str())))
    }
}

/// The word as typed; and the card's address that it is, or the part of one, without its marks.
fn writings(word: String) -> Vec<String> {
    let plain = plain_mac(&word);
    [Some(word), plain].into_iter().flatten().collect()
}

/// `00:1b:21`, `001b.21aa.0001`, `00-1B-21-AA-00-01`, `0:1b:21:aa:0:1` as they stand in the search text: digits without marks.
fn plain_mac(word: &str) -> Option<String> {
    if let Ok(mac) = word.parse::<MacAddress>() {
        return Some(mac.to_string().replace('-', ""));
    }
    let mark = word.chars().find(|c| !c.is_ascii_hexdigit())?;
    let width = match mark {
        ':' | '-' => 2,
        '.' => 4,
        _ => return None,
    };
    let groups: Vec<&str> = word.split(mark).collect();
    let (last, others) = groups.split_last()?;
    let is_group = |group: &str| group.bytes().all(|byte| byte.is_ascii_hexdigit());
    let whole = others.iter().all(|group| group.len() == width && is_group(group));
    (whole && last.len() <= width && is_group(last)).then(|| groups.concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writings_that_a_reader_takes_for_the_same_are_found() {
        for (typed, text) in [
            ("髙橋", "高橋"),
            ("高橋", "髙橋"),
            ("ﾎﾟﾝﾌﾟ", "輸液ポンプ"),
            ("ぽんぷ", "輸液ポンプ"),
            ("ＣＴ－０１", "CT-01"),
            ("ct ２階", "2階 CT室"),
            ("渡邉", "渡辺(放射線科)"),
            ("サーバー", "電子カルテサーバー"),
        ] {
            assert!(Needles::of(typed).fit(&search_fold(text)), "{typed} in {text}");
        }
        assert!(!Needles::of("ct 3階").fit(&search_fold("2階 CT室")));
    }

    #[test]
    fn a_card_is_found_in_any_notation_and_by_its_beginning() {
        let text = "00-1b-21-aa-00-01\n001b21aa0001\n";
        for typed in [
            "00-1B-21-AA-00-01",
            "00:1b:21:aa:00:01",
            "001b.21aa.0001",
            "001B21AA0001",
            "0:1b:21:aa:0:1",
            "００：１Ｂ：２１",
            "00:1b:2",
            "1b-21",
            "001b.21",
            "21aa",
        ] {
            assert!(Needles::of(typed).fit(text), "{typed}");
        }
        for typed in ["00:1c", "001c.21", "10.102.41"] {
            assert!(!Needles::of(typed).fit(text), "{typed}");
        }
    }
}
