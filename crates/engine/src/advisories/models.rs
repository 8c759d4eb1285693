//! Model numbers and stock keeping units by which advisories name machines (CSAF 2.0, 3.1.3.3.3 and 3.1.3.3.7).
//!
//! `?` stands for one letter and `*` for any number of them; all other letters are the machine's, from its first one to its last.
//! A number says nothing without its maker, and a short one says nothing at all: `100` is a model of many.

use domain::{MakerTable, fold};

/// Fewer letters than this are no evidence, wildcards not counted. This program's own choice.
const LEAST: usize = 5;

/// Longer words are no numbers.
const MOST: usize = 64;

/// Words of one cell that may be numbers.
const MOST_WORDS: usize = 16;

/// A number as an advisory gives it, folded; none where it is no evidence.
pub(super) fn pattern(text: &str) -> Option<String> {
    let folded = fold(text);
    let letters = folded.chars().filter(|letter| !is_wild(*letter));
    (says(letters) && folded.len() <= MOST * 4).then_some(folded)
}

/// What the cell of a model may hold as a number, as written and folded, each once: the whole of it, and its words.
pub(super) fn numbers(cell: &str) -> Vec<(String, String)> {
    let is_between =
        |letter: char| letter.is_whitespace() || "()（）[]［］,、;/／".contains(letter);
    let words = cell.split(is_between).take(MOST_WORDS);
    let mut numbers: Vec<(String, String)> = Vec::new();
    for word in std::iter::once(cell).chain(words) {
        let folded = fold(word);
        let is_number = says(folded.chars()) && !folded.contains(is_wild);
        let is_new = !numbers.iter().any(|(_, known)| *known == folded);
        if is_number && is_new && folded.chars().count() <= MOST {
            numbers.push((word.trim().to_owned(), folded));
        }
    }
    numbers
}

/// Whether a folded number is one that a folded pattern means.
pub(super) fn is_meant(pattern: &str, number: &str) -> bool {
    let (pattern, number): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), number.chars().collect());
    // Where the last `*` stands, and up to where it was tried.
    let (mut at, mut own, mut star) = (0, 0, None);
    while let Some(letter) = number.get(own) {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, own));
                at += 1;
            }
            Some(asked) if *asked == '?' || asked == letter => (at, own) = (at + 1, own + 1),
            _ => {
                let Some((before, tried)) = star else { return false };
                star = Some((before, tried + 1));
                (at, own) = (before + 1, tried + 1);
            }
        }
    }
    pattern.get(at..).is_none_or(|rest| rest.iter().all(|letter| *letter == '*'))
}

/// What a folded pattern begins with, up to its first wildcard; none where it has none.
pub(super) fn beginning(pattern: &str) -> Option<&str> {
    pattern.split_once(is_wild).map(|(beginning, _)| beginning)
}

/// Whether the maker of a machine may be the one that an advisory names beside the machine's very number: they are one by the table, or
/// the words of one stand in the other, in any of their writings: `Siemens` in `Siemens Canada`.
///
/// The table does not rule that out: a ledger says シーメンス of what Siemens Healthineers makes, and the number tells the machine.
pub(super) fn is_maker(makers: &MakerTable, one: &str, other: &str) -> bool {
    makers.is_same(one, other) == Some(true) || {
        let [one, other] = [one, other].map(|name| writings(makers, name));
        one.iter().any(|one| other.iter().any(|other| has_words(one, other)))
    }
}

fn writings<'n>(makers: &'n MakerTable, name: &'n str) -> Vec<&'n str> {
    let known = makers.row(name).into_iter().flat_map(domain::MakerRow::all);
    std::iter::once(name).chain(known).collect()
}

fn has_words(one: &str, other: &str) -> bool {
    let words = |name: &str| -> Vec<String> {
        let words = name.split(|letter: char| !letter.is_alphanumeric());
        words.filter(|word| !word.is_empty()).map(fold).collect()
    };
    let (one, other) = (words(one), words(other));
    let (few, many) = if one.len() <= other.len() { (one, other) } else { (other, one) };
    !few.is_empty() && many.windows(few.len()).any(|run| run == few)
}

fn is_wild(letter: char) -> bool {
    matches!(letter, '*' | '?')
}

/// Whether there are enough letters, and a digit among them: words of people have none.
fn says(letters: impl Iterator<Item = char>) -> bool {
    let letters: Vec<char> = letters.filter(|letter| letter.is_alphanumeric()).collect();
    letters.len() >= LEAST && letters.iter().any(char::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use domain::MakerRow;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn wildcards_mean_what_the_standard_says() {
        // The examples of CSAF 2.0, 3.1.3.3.3.
        for (asked, number, expected) in [
            ("6RA8096-4MV62-0AA0", "6RA8096-4MV62-0AA0", true),
            ("6RA8096-4MV62-0AA0", "6ra8096-4mv62-0aa0", true),
            ("6RA8096-4MV62-0AA0", "6RA8096-4MV62-0AA", false),
            ("6RA8096-4MV62-0AA0", "6RA8096-4MV62-0AA01", false),
            ("6RA801?-??V62-0AA0", "6RA8013-6GV62-0AA0", true),
            ("6RA801?-??V62-0AA0", "6RA801-6GV62-0AA0", false),
            ("6RA80*", "6RA80", true),
            ("6RA80*", "6RA8096-4MV62-0AA0", true),
            ("6RA80*", "6RA7096-4MV62-0AA0", false),
            ("*MV62-0AA0", "6RA8096-4MV62-0AA0", true),
            ("6RA*MV62*A0", "6RA8096-4MV62-0AA0", true),
            ("6RA*MV62*A1", "6RA8096-4MV62-0AA0", false),
            ("6RA80**", "6RA80", true),
        ] {
            let asked = pattern(asked).unwrap();
            assert_eq!(is_meant(&asked, &fold(number)), expected, "{asked} {number}");
        }
        assert_eq!(beginning("6ra801?-??v62"), Some("6ra801"));
        assert_eq!(beginning("*62-0aa0"), Some(""));
        assert_eq!(beginning("6ra8096"), None);
    }

    #[test]
    fn what_is_short_or_a_word_is_no_evidence() {
        for text in ["", "*", "100", "AB-12", "1*2?3*4", "????????", "MONITOR", "*monitor*"] {
            assert_eq!(pattern(text), None, "{text}");
        }
        assert_eq!(pattern("AB-123").as_deref(), Some("ab-123"));
        assert_eq!(pattern(&format!("A1234{}", "0".repeat(1000))), None);
    }

    #[test]
    fn numbers_are_found_among_the_words_of_a_cell() {
        let found = |cell: &str| -> Vec<String> {
            numbers(cell).into_iter().map(|(_, folded)| folded).collect()
        };
        assert_eq!(found("6GK5615-0AA00-2AA2"), ["6gk5615-0aa00-2aa2"]);
        assert_eq!(
            found("SCALANCE S615（6GK5615-0AA00-2AA2）"),
            ["scalances615(6gk5615-0aa00-2aa2)", "6gk5615-0aa00-2aa2"]
        );
        assert_eq!(found("S615"), [""; 0]);
        assert_eq!(found("6GK5615*"), [""; 0], "wildcards are the advisory's");
        assert_eq!(found(""), [""; 0]);
    }

    #[test]
    fn a_maker_is_known_by_the_table_and_by_whole_words() {
        let row = |name: &str, writings: &[&str]| MakerRow {
            name: name.into(),
            writings: writings.iter().map(|one| (*one).to_owned()).collect(),
            former: Vec::new(),
        };
        let siemens = row("シーメンス", &["Siemens"]);
        let makers = MakerTable::new(vec![siemens, row("Siemens Healthineers", &[])]);
        for (one, other, expected) in [
            ("Siemens", "Siemens AG", true),
            ("SIEMENS AG", "siemens", true),
            ("GE", "GE HealthCare", true),
            ("GE", "General Electric", false),
            ("GE", "Siemens", false),
            ("BD", "Abdominal", false),
            ("", "Siemens", false),
            ("シーメンス", "Siemens", true),
            ("シーメンス株式会社", "SIEMENS AG", true),
            ("Siemens", "Siemens Canada", true),
            // Two companies; the ledger writes the name of both for what either makes.
            ("Siemens", "Siemens Healthineers", true),
            ("シーメンス", "Siemens Healthineers", true),
            ("", "", false),
        ] {
            assert_eq!(is_maker(&makers, one, other), expected, "{one} {other}");
            assert_eq!(is_maker(&makers, other, one), expected, "{other} {one}");
        }
        assert!(!is_maker(&MakerTable::default(), "シーメンス", "Siemens"));
    }

    proptest! {
        #[test]
        fn a_pattern_means_what_its_parts_say(number in "[ab1]{0,12}", cuts in prop::collection::vec(0usize..12, 0..4)) {
            // Letters that are replaced leave a pattern that means the number still.
            let mut letters: Vec<char> = number.chars().collect();
            for at in cuts {
                if let Some(letter) = letters.get_mut(at) {
                    *letter = if at % 2 == 0 { '?' } else { '*' };
                }
            }
            let asked: String = letters.into_iter().collect();
            prop_assert!(is_meant(&asked, &number), "{} {}", asked, number);
            for other in [format!("{number}b"), format!("a{number}"), number.replace('1', "a")] {
                prop_assert_eq!(is_meant(&asked, &other), fits(&asked, &other), "{} {}", asked, other);
            }
        }
    }

    /// The same by trying every way.
    fn fits(asked: &str, number: &str) -> bool {
        match (asked.chars().next(), number.chars().next()) {
            (None, own) => own.is_none(),
            (Some('*'), own) => {
                fits(&asked[1..], number) || (own.is_some() && fits(asked, &number[1..]))
            }
            (Some(_), None) => false,
            (Some(letter), Some(own)) => {
                (letter == '?' || letter == own) && fits(&asked[1..], &number[1..])
            }
        }
    }
}
