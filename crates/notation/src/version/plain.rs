//! Versions that are nothing but a few dotted numbers, in the eight bytes of a number.
//!
//! Most versions look like `4.17.21`. Where a scheme orders such texts as the numbers they are, their order is the order
//! of two machine words, and nothing has to be read twice.

use std::fmt;

use super::Scheme;

/// How many numbers there may be.
const LANES: u32 = 4;
/// The bits of each number.
const BITS: u32 = 16;
/// A number is at most this: one more than it stands in its lane, so that nothing and zero are two.
const MOST: u64 = (1 << BITS) - 2;
/// The first number is at most this, so that the highest bit is never set.
const MOST_FIRST: u64 = (1 << (BITS - 1)) - 2;

/// One to four numbers with dots between them and no zeros before them: the first at most 32,766, the others at most 65,534.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Plain(u64);

impl Plain {
    /// Reads a version; none where it is anything else. What is read is written the same again.
    pub fn read(text: &str) -> Option<Self> {
        let (mut packed, mut count, mut number, mut digits) = (0u64, 0u32, 0u64, 0u32);
        for byte in text.bytes() {
            match byte {
                b'0'..=b'9' if digits < 5 && (digits == 0 || number > 0) => {
                    number = number * 10 + u64::from(byte - b'0');
                    digits += 1;
                }
                b'.' if digits > 0 && count + 1 < LANES => {
                    packed = push(packed, count, number)?;
                    (count, number, digits) = (count + 1, 0, 0);
                }
                _ => return None,
            }
        }
        if digits == 0 {
            return None;
        }
        let packed = push(packed, count, number)?;
        Some(Self(packed << (BITS * (LANES - 1 - count))))
    }

    /// As a number from which [`Plain::from_bits`] makes it again. It is below 2 to the power of 63.
    pub fn to_bits(self) -> u64 {
        self.0
    }

    /// From what [`Plain::to_bits`] gave; none for other numbers.
    pub fn from_bits(bits: u64) -> Option<Self> {
        let plain = Self(bits);
        (plain.count() > 0 && Self::read(&plain.to_string()) == Some(plain)).then_some(plain)
    }

    /// Its place in the order of a scheme: of two versions that have one, the scheme says what these numbers say. None where the
    /// scheme does not know such a version, or does not order dotted numbers as missing ones being zero.
    pub fn rank(self, scheme: Scheme) -> Option<u64> {
        let counts = match scheme {
            Scheme::SemVer => 3..=3,
            Scheme::Npm | Scheme::Go => 1..=3,
            Scheme::Composer
            | Scheme::Gem
            | Scheme::Generic
            | Scheme::IntDot
            | Scheme::Maven
            | Scheme::NuGet
            | Scheme::Pep440 => 1..=LANES,
            _ => return None,
        };
        counts.contains(&self.count()).then(|| self.padded())
    }

    /// How many numbers there are.
    fn count(self) -> u32 {
        (0..LANES).take_while(|lane| self.lane(*lane) > 0).count() as u32
    }

    fn lane(self, lane: u32) -> u64 {
        (self.0 >> (BITS * (LANES - 1 - lane))) & (MOST + 1)
    }

    /// With zero where there is nothing.
    fn padded(self) -> u64 {
        let zero = |lane: u32| u64::from(self.lane(lane) == 0) << (BITS * (LANES - 1 - lane));
        (0..LANES).fold(self.0, |packed, lane| packed | zero(lane))
    }
}

impl fmt::Display for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for lane in 0..self.count() {
            let dot = if lane == 0 { "" } else { "." };
            write!(f, "{dot}{}", self.lane(lane) - 1)?;
        }
        Ok(())
    }
}

fn push(packed: u64, count: u32, number: u64) -> Option<u64> {
    let most = if count == 0 { MOST_FIRST } else { MOST };
    (number <= most).then_some((packed << BITS) | (number + 1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn dotted_numbers_are_read_and_written_again() {
        for text in ["0", "1", "1.0", "1.0.0", "4.17.21", "10.0.19045.3803", "32766.65534.0.1"] {
            let plain = Plain::read(text).unwrap();
            assert_eq!(plain.to_string(), text);
            assert_eq!(Plain::from_bits(plain.to_bits()), Some(plain));
        }
        for text in [
            "",
            ".",
            "1.",
            ".1",
            "1..2",
            "01",
            "1.00",
            "v1",
            "1.2.3.4.5",
            "32767",
            "1.65535",
            "1 ",
            "1-2",
            "123456",
            "１",
        ] {
            assert_eq!(Plain::read(text), None, "{text}");
        }
        assert_eq!(Plain::from_bits(0), None);
        assert_eq!(Plain::from_bits(u64::MAX), None);
        assert_eq!(Plain::from_bits(1), None, "a number after nothing");
    }

    #[test]
    fn a_scheme_that_does_not_know_a_version_gives_it_no_place() {
        let rank = |text: &str, scheme| Plain::read(text).unwrap().rank(scheme);
        assert_eq!(rank("1.2", Scheme::SemVer), None);
        assert_eq!(rank("1.2.3.4", Scheme::Npm), None);
        assert_eq!(rank("1.2", Scheme::Debian), None, "a missing number is less than zero");
        assert_eq!(rank("1.0", Scheme::Maven), rank("1", Scheme::Maven));
        assert!(rank("1.9.0", Scheme::SemVer) < rank("1.10.0", Scheme::SemVer));
    }

    fn version() -> impl Strategy<Value = String> {
        prop::collection::vec(prop_oneof![0u64..4, 0u64..70_000], 1..5)
            .prop_map(|parts| parts.iter().map(u64::to_string).collect::<Vec<_>>().join("."))
    }

    proptest! {
        #[test]
        fn places_say_what_the_scheme_says(one in version(), other in version()) {
            let (Some(first), Some(second)) = (Plain::read(&one), Plain::read(&other)) else {
                return Ok(());
            };
            for scheme in Scheme::ALL {
                if let Some(rank) = first.rank(scheme) {
                    prop_assert!(scheme.knows(&one), "{:?} {}", scheme, one);
                    prop_assert!(rank > 0 && rank < u64::MAX >> 1);
                    if let Some(other_rank) = second.rank(scheme) {
                        let order = scheme.compare(&one, &other);
                        prop_assert_eq!(order, Some(rank.cmp(&other_rank)), "{:?}", scheme);
                    }
                }
            }
        }
    }
}
