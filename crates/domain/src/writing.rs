//! Which product a writing means (書き方が指す製品): a person's word, remembered for what the hospital writes.
//!
//! A ledger says 「〇〇電子カルテ 2.0」, advisories speak of `cpe:2.3:a:maker:emr`. What the table of products cannot tell surely, a person
//! says once; it holds wherever the same is written, in any version.

use crate::matter::Stepped;
use crate::vocabulary::words;

words! {
    /// What of a device a writing names.
    What {
        /// The device itself.
        Hardware = "hardware",
        /// What its maker put into it.
        Firmware = "firmware",
        /// Its operating system.
        Os = "os",
        /// What runs on that.
        Software = "software",
    }
}

/// What the hospital writes for a product, by which people's words on it are known again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Writing {
    /// What of a device the cell is for.
    pub what: What,
    /// The folded text, without the version where that does not tell products apart.
    pub text: String,
}

/// A product under the names that advisories use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedProduct {
    /// What people call it.
    pub name: String,
    /// Its names in the NVD, each a CPE name without a version.
    pub cpes: Vec<String>,
    /// Its package URL, without a version.
    pub purl: Option<String>,
}

/// What a person says of a writing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WritingWord {
    /// It means this product.
    Is(NamedProduct),
    /// It means none of the products of these names.
    Not(Vec<String>),
    /// It is open again: what was said before counts no more.
    Open,
}

/// What a person said of a writing, as it stood there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WritingStep {
    /// The text as it was written, for people.
    pub shown: String,
    /// What was said.
    pub word: WritingWord,
    /// Why.
    pub reason: String,
}

/// All that people said of one writing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettledWriting {
    /// Its number among the matters of its kind.
    pub number: u32,
    /// The writing.
    pub writing: Writing,
    /// What was said, in the order it was said; at least one.
    pub steps: Vec<Stepped<WritingStep>>,
}

/// What counts of all that was said of a writing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settlement<'a> {
    /// The product that it means, and who said so.
    pub is: Option<(&'a NamedProduct, &'a Stepped<WritingStep>)>,
    /// The products that it does not mean, by name, and who said so; the newest last.
    pub not: Vec<(&'a str, &'a Stepped<WritingStep>)>,
}

impl Settlement<'_> {
    /// Whether nothing counts.
    pub fn is_open(&self) -> bool {
        self.is.is_none() && self.not.is_empty()
    }
}

impl SettledWriting {
    /// What counts: the newest word on each product. Who names another product takes nothing back of what it is not.
    pub fn settlement(&self) -> Settlement<'_> {
        let mut counts = Settlement::default();
        for step in &self.steps {
            match &step.step.word {
                WritingWord::Is(product) => {
                    counts.not.retain(|(name, _)| *name != product.name);
                    counts.is = Some((product, step));
                }
                WritingWord::Not(names) => {
                    counts.is = counts.is.filter(|(product, _)| !names.contains(&product.name));
                    counts.not.retain(|(name, _)| !names.iter().any(|own| own == name));
                    counts.not.extend(names.iter().map(|name| (name.as_str(), step)));
                }
                WritingWord::Open => counts = Settlement::default(),
            }
        }
        counts
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::date;

    use super::*;

    fn is(name: &str) -> WritingWord {
        let cpes = vec![format!("cpe:2.3:a:maker:{name}:*:*:*:*:*:*:*:*")];
        WritingWord::Is(NamedProduct { name: name.into(), cpes, purl: None })
    }

    fn not(names: &[&str]) -> WritingWord {
        WritingWord::Not(names.iter().map(|name| (*name).to_owned()).collect())
    }

    /// The product that counts, and those that are refused, after these words.
    fn counts(words: &[WritingWord]) -> (Option<String>, Vec<String>) {
        let step = |word: &WritingWord| Stepped {
            at: Timestamp::UNIX_EPOCH,
            day: date(1970, 1, 1),
            by: "sato".into(),
            step: WritingStep { shown: "EMR".into(), word: word.clone(), reason: String::new() },
        };
        let writing = Writing { what: What::Software, text: "emr".into() };
        let steps = words.iter().map(step).collect();
        let settled = SettledWriting { number: 1, writing, steps };
        let counts = settled.settlement();
        let refused = counts.not.iter().map(|(name, _)| (*name).to_owned()).collect();
        (counts.is.map(|(product, _)| product.name.clone()), refused)
    }

    #[test]
    fn the_newest_word_on_each_product_counts() {
        let own = |name: &str| Some(name.to_owned());
        for (words, expected, refused) in [
            (vec![is("a")], own("a"), vec![]),
            (vec![is("a"), is("b")], own("b"), vec![]),
            (vec![is("a"), not(&["a"])], None, vec!["a"]),
            (vec![is("a"), not(&["b"])], own("a"), vec!["b"]),
            (vec![not(&["a", "b"]), is("a")], own("a"), vec!["b"]),
            (vec![not(&["a"]), not(&["b"]), not(&["a"])], None, vec!["b", "a"]),
        ] {
            let refused: Vec<String> = refused.into_iter().map(str::to_owned).collect();
            assert_eq!(counts(&words), (expected, refused), "{words:?}");
        }
    }

    #[test]
    fn opened_again_nothing_of_before_counts() {
        assert_eq!(counts(&[is("a"), not(&["b"]), WritingWord::Open]), (None, vec![]));
        let after = counts(&[not(&["a"]), WritingWord::Open, not(&["b"])]);
        assert_eq!(after, (None, vec!["b".to_owned()]));
    }
}
