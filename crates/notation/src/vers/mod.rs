//! VERS, version ranges across the worlds of software: `vers:npm/>=1.2.0|<1.3.0` (package-url/vers-spec).

mod constraint;
mod encoding;
mod interval;
mod lists;
mod native;
mod npm;

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use crate::version::Scheme;

pub use constraint::{Comparator, Constraint};
pub use native::{Native, NativeError};

/// More constraints are no range that a person or an advisory writes; with this, sorting is bounded.
pub const MAX_CONSTRAINTS: usize = 1024;

/// A range of versions: constraints in the order of their versions, or everything.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Vers {
    kind: String,
    /// Empty for everything (`*`).
    constraints: Vec<Constraint>,
    /// Whether the scheme is known and gives an order to all versions; otherwise nothing can be judged.
    sorted: bool,
}

/// Why a text is no VERS. The words of those of the canonical form are the specification's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VersError {
    /// The text does not begin with `vers:`, a type and a slash.
    #[error("does not begin with `vers:`, a type and a slash")]
    NoScheme,
    /// Nothing stands where a version is expected.
    #[error("a constraint without a version")]
    NoVersion,
    /// `*` stands beside other constraints, or with a version.
    #[error("`*` stands beside other constraints")]
    StarNotAlone,
    /// More than [`MAX_CONSTRAINTS`].
    #[error("too many constraints")]
    TooMany,
    /// The type is not in small letters.
    #[error("non-canonical VERS: the type is not in lowercase")]
    UppercaseType,
    /// Blanks.
    #[error("non-canonical VERS: whitespace is not permitted")]
    Whitespace,
    /// A pipe before the first constraint.
    #[error("non-canonical VERS: leading pipe is not permitted")]
    LeadingPipe,
    /// A pipe after the last constraint.
    #[error("non-canonical VERS: trailing pipe is not permitted")]
    TrailingPipe,
    /// Two pipes with nothing between them.
    #[error("non-canonical VERS: consecutive pipes are not permitted")]
    ConsecutivePipes,
    /// Constraints stand in another order than their versions.
    #[error("non-canonical VERS: constraints are not sorted by version")]
    NotSorted,
    /// A version stands in two constraints.
    #[error("non-canonical VERS: versions are not unique")]
    NotUnique,
    /// A percent sign without two hexadecimal digits, or bytes that are no UTF-8.
    #[error("non-canonical VERS: invalid percent-encoding in version")]
    BadEncoding,
    /// Encoded with small letters, or where nothing is to be encoded.
    #[error("non-canonical VERS: percent-encoding in version is not canonical")]
    OddEncoding,
    /// A date and time with encoded colons.
    #[error("non-canonical VERS: datetime time colons must be unencoded")]
    EncodedColon,
    /// A date and time with `t` or `z`.
    #[error("non-canonical VERS: datetime must use uppercase T and Z")]
    LowercaseTime,
}

impl Vers {
    /// From constraints in any order. They are sorted as far as the scheme of the type gives an order.
    pub fn of(kind: &str, constraints: Vec<Constraint>) -> Self {
        let mut vers = Self { kind: kind.to_ascii_lowercase(), constraints, sorted: false };
        vers.sorted = vers.sort().is_some();
        vers
    }

    /// Every version of a type.
    pub fn everything(kind: &str) -> Self {
        Self::of(kind, Vec::new())
    }

    /// Reads a text whose constraints may stand in any order, with blanks and empty places between them.
    pub fn read_leniently(text: &str) -> Result<Self, VersError> {
        let (kind, rest) = split_type(text)?;
        if rest.trim() == "*" {
            return Ok(Self::everything(kind));
        }
        let mut constraints = Vec::new();
        for part in rest.split('|').map(str::trim).filter(|part| !part.is_empty()) {
            if constraints.len() == MAX_CONSTRAINTS {
                return Err(VersError::TooMany);
            }
            constraints.push(Constraint::read(part)?);
        }
        if constraints.is_empty() {
            Err(VersError::NoVersion)
        } else {
            Ok(Self::of(kind, constraints))
        }
    }

    /// The type: whose versions these are.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The scheme that orders versions of this type, if it is known.
    pub fn scheme(&self) -> Option<Scheme> {
        Scheme::for_type(&self.kind)
    }

    /// The constraints in the order of their versions; none for everything.
    pub fn constraints(&self) -> &[Constraint] {
        &self.constraints
    }

    /// Whether a version lies in the range (vers-spec, "Checking if a version is contained within a range"); `None` where the
    /// scheme cannot judge.
    ///
    /// Constraints that another makes superfluous are passed over as the specification simplifies them: of several lower
    /// bounds the first counts, of several upper bounds the last.
    pub fn contains(&self, version: &str) -> Option<bool> {
        let scheme = self.scheme()?;
        if !self.sorted || !scheme.knows(version) {
            return None;
        }
        let mut excluded = None;
        for constraint in &self.constraints {
            if scheme.compare(version, constraint.version())?.is_eq() {
                match constraint.comparator() {
                    Comparator::NotEqual => excluded = Some(true),
                    comparator if comparator.holds(Ordering::Equal) => return Some(true),
                    _ => excluded = excluded.or(Some(false)),
                }
            }
        }
        if excluded == Some(true) {
            return Some(false);
        }
        self.is_between(scheme, version)
    }

    /// Whether a version, equal to none of those named, lies between a lower and an upper bound.
    fn is_between(&self, scheme: Scheme, version: &str) -> Option<bool> {
        let mut bounds =
            self.constraints.iter().filter(|one| one.comparator().is_bound()).peekable();
        if bounds.peek().is_none() {
            // Only "not this one": everything else. Only "this one": nothing else.
            let excludes = |one: &Constraint| one.comparator() == Comparator::NotEqual;
            return Some(self.constraints.iter().all(excludes));
        }
        let mut open = bounds.peek().is_some_and(|first| first.comparator().is_upper());
        while let Some(bound) = bounds.next() {
            let holds = bound.comparator().holds(scheme.compare(version, bound.version())?);
            if !bound.comparator().is_upper() {
                // A second lower bound without an upper one between them says nothing new.
                open = open || holds;
            } else if bounds.peek().is_none_or(|next| !next.comparator().is_upper()) {
                if open && holds {
                    return Some(true);
                }
                open = false;
            }
        }
        Some(open)
    }

    /// Sorts by insertion: a scheme may leave two versions unordered, which the standard library's sort does not forgive.
    fn sort(&mut self) -> Option<()> {
        let scheme = self.scheme()?;
        let sound = self.constraints.iter().all(|one| scheme.knows(one.version()));
        for at in 1..self.constraints.len() {
            let mut to = at;
            while to > 0 && order(scheme, &self.constraints, to - 1)?.is_gt() {
                self.constraints.swap(to - 1, to);
                to -= 1;
            }
        }
        sound.then_some(())
    }

    /// What the canonical form asks for beyond the letters.
    fn check_order(&self) -> Result<(), VersError> {
        let Some(scheme) = self.scheme() else { return Ok(()) };
        for at in 1..self.constraints.len() {
            match order(scheme, &self.constraints, at - 1) {
                Some(Ordering::Greater) => return Err(VersError::NotSorted),
                Some(Ordering::Equal) => return Err(VersError::NotUnique),
                _ => {}
            }
        }
        Ok(())
    }
}

/// The order of a constraint and the next.
fn order(scheme: Scheme, constraints: &[Constraint], at: usize) -> Option<Ordering> {
    scheme.compare(constraints.get(at)?.version(), constraints.get(at + 1)?.version())
}

fn split_type(text: &str) -> Result<(&str, &str), VersError> {
    let text = text.trim();
    let rest = text.split_at_checked(5).filter(|(start, _)| start.eq_ignore_ascii_case("vers:"));
    let (kind, rest) =
        rest.and_then(|(_, rest)| rest.split_once('/')).ok_or(VersError::NoScheme)?;
    let is_kind = |byte: u8| byte.is_ascii_alphanumeric() || b".-".contains(&byte);
    let sound = !kind.is_empty() && kind.bytes().all(is_kind);
    sound.then_some((kind, rest)).ok_or(VersError::NoScheme)
}

impl FromStr for Vers {
    type Err = VersError;

    /// Reads the canonical form, and says what is not canonical (vers-spec, "Parsing and validating").
    fn from_str(text: &str) -> Result<Self, VersError> {
        if text.chars().any(char::is_whitespace) {
            return Err(VersError::Whitespace);
        }
        let (kind, rest) = split_type(text)?;
        if kind.bytes().any(|byte| byte.is_ascii_uppercase()) {
            return Err(VersError::UppercaseType);
        }
        match rest {
            "" => return Err(VersError::NoVersion),
            "*" => return Ok(Self::everything(kind)),
            rest if rest.starts_with('|') => return Err(VersError::LeadingPipe),
            rest if rest.ends_with('|') => return Err(VersError::TrailingPipe),
            rest if rest.contains("||") => return Err(VersError::ConsecutivePipes),
            _ => {}
        }
        if rest.split('|').count() > MAX_CONSTRAINTS {
            return Err(VersError::TooMany);
        }
        let read = |part| Constraint::read_canonically(part, kind == "datetime");
        let constraints = rest.split('|').map(read).collect::<Result<Vec<_>, _>>()?;
        let as_written = Self { kind: kind.to_owned(), constraints, sorted: false };
        as_written.check_order()?;
        Ok(Self::of(kind, as_written.constraints))
    }
}

impl fmt::Display for Vers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "vers:{}/", self.kind)?;
        if self.constraints.is_empty() {
            return f.write_str("*");
        }
        for (at, constraint) in self.constraints.iter().enumerate() {
            let between = if at == 0 { "" } else { "|" };
            write!(f, "{between}{constraint}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Vers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// For fuzzing: what is read is written and read again as the same, and native ranges end.
pub fn fuzz(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for line in crate::fuzzing::texts(&text) {
        if let Ok(vers) = Vers::read_leniently(line) {
            assert_eq!(Vers::read_leniently(&vers.to_string()), Ok(vers.clone()), "{line}");
            let _ = (line.parse::<Vers>(), vers.contains("1.0.0"));
        }
        for kind in Native::KINDS {
            if let Ok(native) = Native::read(kind, line) {
                let _ = (native.contains("1.0.0"), native.to_vers().to_string());
            }
        }
    }
}

#[cfg(test)]
mod tests;
