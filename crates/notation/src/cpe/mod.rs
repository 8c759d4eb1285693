//! CPE 2.3: names of products (NISTIR 7695), how they compare (NISTIR 7696), and the match criteria of the NVD.

mod attribute;
mod criteria;
mod formatted;
mod uri;
mod wfn;

use std::fmt;
use std::str::FromStr;

pub use attribute::{Attribute, Relation, Value};
pub use criteria::{Bound, Criteria};

/// Longer texts are no names; with this, reading and comparing are bounded.
pub const MAX_LENGTH: usize = 2048;

/// An attribute of a name (NISTIR 7695 clause 5.2), in the order of the formatted string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// `a` application, `o` operating system, `h` hardware.
    Part,
    /// Who makes it.
    Vendor,
    /// What it is.
    Product,
    /// Which version.
    Version,
    /// Which update or service pack of the version.
    Update,
    /// Which edition; deprecated, for names of CPE 2.2.
    Edition,
    /// Which language of the user interface (RFC 5646).
    Language,
    /// For which market or class of users.
    SwEdition,
    /// On which software it runs.
    TargetSw,
    /// On which instruction set it runs.
    TargetHw,
    /// Anything else.
    Other,
}

impl Key {
    /// All of them, in the order of the formatted string (NISTIR 7695 clause 6.2.1).
    pub const ALL: [Self; 11] = [
        Self::Part,
        Self::Vendor,
        Self::Product,
        Self::Version,
        Self::Update,
        Self::Edition,
        Self::Language,
        Self::SwEdition,
        Self::TargetSw,
        Self::TargetHw,
        Self::Other,
    ];

    /// As well-formed names write it (NISTIR 7695 clause 5.2).
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Part => "part",
            Self::Vendor => "vendor",
            Self::Product => "product",
            Self::Version => "version",
            Self::Update => "update",
            Self::Edition => "edition",
            Self::Language => "language",
            Self::SwEdition => "sw_edition",
            Self::TargetSw => "target_sw",
            Self::TargetHw => "target_hw",
            Self::Other => "other",
        }
    }
}

/// A name: eleven attributes. It is kept as its canonical formatted string, so that lists of many names are small.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cpe {
    /// Without `cpe:2.3:`.
    text: Box<str>,
    /// Where each attribute ends.
    ends: [u16; 11],
}

/// Why a text is no name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CpeError {
    /// Neither `cpe:2.3:`, nor `cpe:/`, nor `wfn:[`.
    #[error("neither a formatted string, nor a URI, nor a well-formed name")]
    NoPrefix,
    /// Not the number of attributes that the form asks for.
    #[error("not the right number of attributes")]
    Count,
    /// The part is not `a`, `o`, `h` or any.
    #[error("no such part")]
    Part,
    /// A `*` or `?` between other letters (NISTIR 7695 clause 5.3.2).
    #[error("a wildcard inside a value")]
    Wildcard,
    /// A backslash with nothing after it, or a percent sign without a form that is defined.
    #[error("wrongly quoted")]
    Quoting,
    /// A blank or a control character in a value.
    #[error("a blank or a control character")]
    Letter,
    /// An attribute without a value where one must stand.
    #[error("an empty value")]
    Empty,
    /// An attribute that does not exist, or one twice.
    #[error("an unknown attribute, or one twice")]
    Key,
    /// Longer than [`MAX_LENGTH`].
    #[error("too long")]
    TooLong,
}

impl Cpe {
    /// An attribute.
    pub fn get(&self, key: Key) -> Attribute<'_> {
        let at = key as usize;
        let start = at.checked_sub(1).map_or(0, |before| usize::from(self.ends[before]) + 1);
        let form = self.text.get(start..usize::from(self.ends[at]));
        form.map_or(Attribute::Any, Attribute::of_formatted)
    }

    /// With another value of an attribute, in plain text of which every letter stands for itself. Blanks become underscores
    /// (NISTIR 7695 clause 5.3.2).
    pub fn with_plain(&self, key: Key, plain: &str) -> Result<Self, CpeError> {
        if plain.len() > MAX_LENGTH {
            return Err(CpeError::TooLong);
        }
        let mut quoted = String::with_capacity(plain.len());
        for letter in plain.trim().chars() {
            attribute::push_quoted(if letter.is_whitespace() { '_' } else { letter }, &mut quoted);
        }
        let mut form = String::with_capacity(quoted.len());
        attribute::push_canonical(&quoted, &mut form)?;
        self.with_form(key, &form)
    }

    /// With another value of an attribute.
    pub fn with(&self, key: Key, attribute: Attribute<'_>) -> Result<Self, CpeError> {
        self.with_form(key, attribute.as_formatted())
    }

    fn with_form(&self, key: Key, form: &str) -> Result<Self, CpeError> {
        let cpe = Self::assemble(self.text.len() + form.len(), |other, text| {
            text.push_str(if other == key { form } else { self.get(other).as_formatted() });
            Ok(())
        })?;
        if cpe.text.len() > 2 * MAX_LENGTH { Err(CpeError::TooLong) } else { cpe.checked() }
    }

    /// How this name stands to another (NISTIR 7696 clause 6.2): a superset names all that the other does.
    pub fn relation(&self, target: &Self) -> Relation {
        let mut all = Relation::Equal;
        for key in Key::ALL {
            all = all.and(self.get(key).relation(target.get(key)));
            if all == Relation::Disjoint {
                break;
            }
        }
        all
    }

    /// Bound to a URI of CPE 2.2 (NISTIR 7695 clause 6.1.2).
    pub fn to_uri(&self) -> String {
        uri::bind(self)
    }

    /// As a well-formed name (NISTIR 7695 clause 5).
    pub fn to_wfn(&self) -> String {
        wfn::write(self)
    }

    /// From what `write` appends for each attribute. Nothing that is read is longer than twice [`MAX_LENGTH`], so all ends fit.
    fn assemble(
        capacity: usize,
        mut write: impl FnMut(Key, &mut String) -> Result<(), CpeError>,
    ) -> Result<Self, CpeError> {
        let mut text = String::with_capacity(capacity);
        let mut ends = [0; 11];
        for (key, end) in Key::ALL.into_iter().zip(&mut ends) {
            if key != Key::Part {
                text.push(':');
            }
            write(key, &mut text)?;
            *end = u16::try_from(text.len()).map_err(|_| CpeError::TooLong)?;
        }
        Ok(Self { text: text.into_boxed_str(), ends })
    }

    /// The last check of every reader.
    fn checked(self) -> Result<Self, CpeError> {
        match self.get(Key::Part) {
            Attribute::Value(value) if !matches!(value.as_formatted(), "a" | "o" | "h") => {
                Err(CpeError::Part)
            }
            _ => Ok(self),
        }
    }
}

impl Default for Cpe {
    /// Every attribute any.
    fn default() -> Self {
        let ends = std::array::from_fn(|at| 2 * at as u16 + 1);
        Self { text: "*:*:*:*:*:*:*:*:*:*:*".into(), ends }
    }
}

/// The forms of attributes that come in another order; any where none is set.
#[derive(Default)]
struct Forms([Option<String>; 11]);

impl Forms {
    fn set(&mut self, key: Key, form: String) {
        self.0[key as usize] = Some(form);
    }

    fn build(&self) -> Result<Cpe, CpeError> {
        Cpe::assemble(64, |key, text| {
            text.push_str(self.0[key as usize].as_deref().unwrap_or("*"));
            Ok(())
        })
    }
}

impl FromStr for Cpe {
    type Err = CpeError;

    /// Reads a formatted string, a URI or a well-formed name.
    fn from_str(text: &str) -> Result<Self, CpeError> {
        let text = text.trim();
        if text.len() > MAX_LENGTH {
            return Err(CpeError::TooLong);
        }
        let after = |prefix: &str| {
            let (start, rest) = text.split_at_checked(prefix.len())?;
            start.eq_ignore_ascii_case(prefix).then_some(rest)
        };
        if let Some(rest) = after("cpe:2.3:") {
            formatted::unbind(rest)?.checked()
        } else if let Some(rest) = after("cpe:/") {
            uri::unbind(rest)?.checked()
        } else if let Some(rest) = after("wfn:[") {
            wfn::read(rest)?.checked()
        } else {
            Err(CpeError::NoPrefix)
        }
    }
}

/// Bound to a formatted string (NISTIR 7695 clause 6.2.2).
impl fmt::Display for Cpe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cpe:2.3:")?;
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Cpe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// For fuzzing: a name survives each of its forms, and is equal to itself.
pub fn fuzz(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut last = Cpe::default();
    for line in crate::fuzzing::texts(&text) {
        let Ok(cpe) = line.parse::<Cpe>() else { continue };
        for written in [cpe.to_string(), cpe.to_wfn()] {
            let again = written.parse::<Cpe>();
            // Quoting makes a text longer, so that it may pass the bound.
            assert!(again.as_ref() == Ok(&cpe) || again == Err(CpeError::TooLong), "{written}");
        }
        let _ = cpe.to_uri().parse::<Cpe>();
        assert_eq!(cpe.relation(&cpe), Relation::Equal, "{cpe}");
        // Of two names only one can name more than the other.
        if cpe.relation(&last) == Relation::Superset {
            assert!(
                !matches!(last.relation(&cpe), Relation::Superset | Relation::Equal),
                "{cpe} {last}"
            );
        }
        last = cpe;
    }
}

#[cfg(test)]
mod tests;
