//! The texts of all rows, each once: most of what a ledger says of a device it says of a thousand others.

use std::collections::HashMap;

use super::search::search_fold_onto;

/// Texts by number, and what is searched of those that can be found.
#[derive(Debug, Default)]
pub(super) struct Values {
    /// Those that are written otherwise than they are searched.
    text: String,
    /// Where each ends in `text`; what is searched as it is written is empty there.
    ends: Vec<u32>,
    /// What can be found, folded, each with a line end after it: no word that is looked for holds one.
    folded: String,
    /// Where each ends in `folded`; what cannot be found is empty there.
    folded_ends: Vec<u32>,
}

/// Which of the values hold a word.
#[derive(Debug)]
pub(super) struct Holding(Vec<bool>);

impl Values {
    /// The text with this number.
    pub(super) fn get(&self, number: u32) -> &str {
        let own = &self.text[span(&self.ends, number as usize)];
        if !own.is_empty() {
            return own;
        }
        let folded = &self.folded[span(&self.folded_ends, number as usize)];
        folded.strip_suffix('\n').unwrap_or(folded)
    }

    /// Which of them hold `word` in one of its writings.
    pub(super) fn holding(&self, word: &[String]) -> Holding {
        let mut holding = vec![false; self.ends.len()];
        for writing in word {
            // The places rise, and so do the ends: each is passed once.
            let mut number = 0;
            for (at, _) in self.folded.match_indices(writing.as_str()) {
                while self.folded_ends[number] as usize <= at {
                    number += 1;
                }
                holding[number] = true;
            }
        }
        Holding(holding)
    }

    /// About how many bytes it keeps.
    pub(super) fn weight(&self) -> usize {
        let ends = self.ends.capacity() + self.folded_ends.capacity();
        self.text.capacity() + self.folded.capacity() + 4 * ends
    }
}

impl Holding {
    /// Whether the value with this number does.
    pub(super) fn has(&self, number: u32) -> bool {
        self.0[number as usize]
    }
}

/// Gathers values; `'t` is how long the texts live that they are made of.
#[derive(Debug, Default)]
pub(super) struct Gathering<'t> {
    /// By number, and whether it can be found.
    texts: Vec<(&'t str, bool)>,
    numbers: HashMap<&'t str, u32>,
}

impl<'t> Gathering<'t> {
    /// The number of `text`, which from now on can be found where it is `searched`.
    pub(super) fn number(&mut self, text: &'t str, searched: bool) -> u32 {
        let number = *self.numbers.entry(text).or_insert_with(|| {
            self.texts.push((text, false));
            self.texts.len() as u32 - 1
        });
        self.texts[number as usize].1 |= searched;
        number
    }

    /// All of them, with nothing to spare.
    pub(super) fn finish(self) -> Values {
        let mut values = Values {
            ends: Vec::with_capacity(self.texts.len()),
            folded_ends: Vec::with_capacity(self.texts.len()),
            ..Values::default()
        };
        for (text, searched) in self.texts {
            let start = values.folded.len();
            if searched {
                search_fold_onto(&mut values.folded, text);
            }
            if values.folded[start..] != *text {
                values.text.push_str(text);
            }
            if searched {
                values.folded.push('\n');
            }
            values.ends.push(values.text.len() as u32);
            values.folded_ends.push(values.folded.len() as u32);
        }
        values.text.shrink_to_fit();
        values.folded.shrink_to_fit();
        values
    }
}

fn span(ends: &[u32], number: usize) -> std::ops::Range<usize> {
    let start = if number == 0 { 0 } else { ends[number - 1] as usize };
    start..ends[number] as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_is_kept_once_and_found_where_it_is_searched() {
        let mut gathering = Gathering::default();
        let [kept, ward, other] = ["serial:7", "３階 ICU", "icu-pump-7"]
            .map(|text| gathering.number(text, text != "serial:7"));
        assert_eq!(gathering.number("３階 ICU", false), ward);
        let values = gathering.finish();
        assert_eq!(
            [kept, ward, other].map(|number| values.get(number)),
            ["serial:7", "３階 ICU", "icu-pump-7"]
        );
        let found = |word: &str| {
            let holding = values.holding(&[word.to_owned()]);
            [kept, ward, other].map(|number| holding.has(number))
        };
        assert_eq!(found("icu"), [false, true, true]);
        assert_eq!(found("3階"), [false, true, false]);
        // What cannot be found is not, and nothing is found across two of them.
        assert_eq!(found("7"), [false, false, true]);
        assert_eq!(found("icuicu"), [false; 3]);
        assert_eq!(found("nowhere"), [false; 3]);
    }

    #[test]
    fn what_is_searched_as_it_is_written_is_kept_once() {
        let mut gathering = Gathering::default();
        let texts = ["10.0.0.1", "", "PC-1", "10.0.0.2", "受付", " "];
        let numbers = texts.map(|text| gathering.number(text, text != "10.0.0.2"));
        let values = gathering.finish();
        assert_eq!(numbers.map(|number| values.get(number)), texts);
        assert!(!values.text.contains("10.0.0.1") && !values.text.contains("受付"));
        assert!(values.text.contains("PC-1") && values.text.contains("10.0.0.2"));
    }

    #[test]
    fn what_was_first_not_searched_can_be_found_once_it_is() {
        let mut gathering = Gathering::default();
        let number = gathering.number("ct-1", false);
        assert_eq!(gathering.number("ct-1", true), number);
        assert!(gathering.finish().holding(&["ct".to_owned()]).has(number));
    }
}
