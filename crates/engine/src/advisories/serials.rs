//! Serial numbers by which advisories tell the units of a product that they mean (CSAF 2.0, 3.1.3.3.6).
//!
//! `?` stands for one letter and `*` for any number of them; behind `\`, as CSAF 2.1 has it, each of the three is a letter. A number may
//! stop at any point there, without a wildcard: of a unit whose number only begins so, nobody can say whether it is meant.

use std::sync::Arc;

use domain::fold;

/// More serial numbers than this are not held against a unit; what the others say of it is not known then.
pub(super) const MOST: usize = 4096;

/// Longer numbers are none that stands on a machine, in letters.
const LONGEST: usize = 64;

/// How a unit's number is to one that an advisory gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SerialFit {
    /// It goes on where that ends.
    Begins,
    /// It is the very number, or one that its wildcards mean.
    Whole,
}

/// What the serial number of a unit is to those that advisories give.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Serial {
    /// Those that were held against it, sorted.
    asked: Arc<[String]>,
    /// Those of them that it fits, by place.
    fits: Vec<(u32, SerialFit)>,
}

/// Whether a claim on certain units is on this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// It is.
    Its,
    /// It is on others.
    Other,
    /// It may be: the unit's number begins with one that is given.
    Begins,
    /// It may be: the unit's number is not known.
    Unknown,
}

impl Serial {
    /// Of a unit with this number, as written; `asked` are the numbers of advisories, sorted.
    pub fn new(asked: Arc<[String]>, number: &str) -> Self {
        let number = fold(number);
        let fits = (0u32..).zip(asked.iter());
        let fits = fits.filter_map(|(at, asked)| Some((at, fit(asked, &number)?))).collect();
        Self { asked, fits }
    }

    /// The numbers that it fits, as advisories give them; with `…` behind one that it only begins with.
    pub fn fitting(&self) -> impl Iterator<Item = String> {
        let told = |(at, fit): &(u32, SerialFit)| {
            let end = if *fit == SerialFit::Begins { "…" } else { "" };
            Some(format!("{}{end}", self.asked.get(*at as usize)?))
        };
        self.fits.iter().filter_map(told)
    }

    /// Whether a claim on units with `given` is on this one.
    pub(super) fn unit(&self, given: &[String]) -> Unit {
        let mut best = None;
        for number in given {
            // What was not held against it says nothing of it.
            let Ok(at) = self.asked.binary_search(number) else { return Unit::Unknown };
            let own = self.fits.iter().find(|(place, _)| *place as usize == at);
            best = best.max(own.map(|(_, fit)| *fit));
        }
        match best {
            Some(SerialFit::Whole) => Unit::Its,
            Some(SerialFit::Begins) => Unit::Begins,
            None => Unit::Other,
        }
    }
}

/// A letter of a number as an advisory gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    Letter(char),
    One,
    Any,
}

/// How a folded number is to `asked`; none where it is another.
fn fit(asked: &str, number: &str) -> Option<SerialFit> {
    let asked = pieces(asked);
    let number: Vec<char> = number.chars().take(LONGEST + 1).collect();
    let is_number = |length: usize| (1..=LONGEST).contains(&length);
    if !is_number(asked.len()) || !is_number(number.len()) {
        return None;
    }
    if is_meant(&asked, &number) {
        return Some(SerialFit::Whole);
    }
    let open: Vec<Piece> = asked.into_iter().chain([Piece::Any]).collect();
    is_meant(&open, &number).then_some(SerialFit::Begins)
}

fn pieces(asked: &str) -> Vec<Piece> {
    let folded = fold(asked);
    let mut letters = folded.chars().take(2 * LONGEST + 1).peekable();
    let mut pieces = Vec::new();
    while let Some(letter) = letters.next() {
        let is_special = |letter: &char| matches!(letter, '*' | '?' | '\\');
        pieces.push(match letter {
            '*' => Piece::Any,
            '?' => Piece::One,
            '\\' => Piece::Letter(letters.next_if(is_special).unwrap_or('\\')),
            letter => Piece::Letter(letter),
        });
    }
    pieces
}

/// Whether the pieces mean the number, from its first letter to its last.
fn is_meant(pieces: &[Piece], number: &[char]) -> bool {
    // Where the last `*` stands, and up to where it was tried.
    let (mut at, mut own, mut star) = (0, 0, None);
    while let Some(letter) = number.get(own) {
        match pieces.get(at) {
            Some(Piece::Any) => {
                star = Some((at, own));
                at += 1;
            }
            Some(Piece::One) => (at, own) = (at + 1, own + 1),
            Some(Piece::Letter(asked)) if asked == letter => (at, own) = (at + 1, own + 1),
            _ => {
                let Some((before, tried)) = star else { return false };
                star = Some((before, tried + 1));
                (at, own) = (before + 1, tried + 1);
            }
        }
    }
    pieces.get(at..).is_none_or(|rest| rest.iter().all(|piece| *piece == Piece::Any))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_and_ends_mean_what_the_standard_says() {
        use SerialFit::{Begins, Whole};
        // The forms of 3.1.3.3.3, which 3.1.3.3.6 repeats for serial numbers without examples of its own.
        for (asked, number, expected) in [
            ("6RA8096-4MV62-0AA0", "6ra8096-4mv62-0aa0", Some(Whole)),
            ("6RA801?-??V62-0AA0", "6RA8013-6GV62-0AA0", Some(Whole)),
            ("6RA801?-??V62-0AA0", "6RA801-6GV62-0AA0", None),
            ("IC25T060ATCS05-0", "IC25T060ATCS05-0", Some(Whole)),
            ("IC25T060ATCS05-0", "IC25T060ATCS05-1", None),
            // It may begin with the first letter and stop at any point.
            ("IC25T060", "IC25T060ATCS05-0", Some(Begins)),
            ("IC25T06?", "IC25T060ATCS05-0", Some(Begins)),
            ("12345", "123456", Some(Begins)),
            ("123456", "12345", None),
            ("12345*", "12345", Some(Whole)),
            ("12345*", "123456", Some(Whole)),
            ("12345*", "12346", None),
            ("*456", "123456", Some(Whole)),
            ("*", "123456", Some(Whole)),
            ("12*56", "123456", Some(Whole)),
            ("12*57", "123456", None),
            ("ＳＮ－１２", "SN-12", Some(Whole)),
            // Behind a backslash each is a letter; one before anything else is one itself.
            (r"A\*1", "A*1", Some(Whole)),
            (r"A\*1", "AB1", None),
            (r"A\?1", "A?1", Some(Whole)),
            (r"A\?1", "AB1", None),
            (r"A\\1", r"A\1", Some(Whole)),
            (r"A\B1", r"A\B1", Some(Whole)),
            (r"A1\", r"A1\", Some(Whole)),
            ("A*1", "A*1", Some(Whole)),
            ("", "12345", None),
            ("12345", "", None),
        ] {
            assert_eq!(fit(asked, &fold(number)), expected, "{asked} {number}");
        }
        assert_eq!(fit(&"*1".repeat(200), &"1".repeat(200)), None, "more than any number has");
    }

    #[test]
    fn a_unit_is_one_of_those_that_are_given_or_not() {
        let asked: Arc<[String]> = ["AB12*", "CD34", "CD345"].map(str::to_owned).into();
        let unit = |number: &str, given: &[&str]| {
            let given: Vec<String> = given.iter().map(|one| (*one).to_owned()).collect();
            Serial::new(Arc::clone(&asked), number).unit(&given)
        };
        assert_eq!(unit("AB1299", &["AB12*"]), Unit::Its);
        assert_eq!(unit("AB1299", &["CD34", "AB12*"]), Unit::Its);
        assert_eq!(unit("AB1399", &["CD34", "AB12*"]), Unit::Other);
        assert_eq!(unit("CD345", &["CD34"]), Unit::Begins);
        assert_eq!(unit("CD345", &["CD34", "CD345"]), Unit::Its);
        assert_eq!(unit("AB1299", &["XY*"]), Unit::Unknown, "nobody asked for that");
        let serial = Serial::new(Arc::clone(&asked), "cd345");
        assert_eq!(serial.fitting().collect::<Vec<_>>(), ["CD34…", "CD345"]);
        assert_eq!(Serial::new(asked, "1").fitting().count(), 0);
    }
}
