//! Unknown is not fine: it is a value of its own.

/// What we know of something.
///
/// The type behind every "わかりません" on a page: no data, stale data and data that could not be judged are never counted as good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Knowledge<T> {
    /// A source says so.
    Known(T),
    /// The question does not arise for this device, and a source says so ("－", 対象外).
    NotApplicable,
    /// Nothing says so.
    Unknown,
}

impl<T> Knowledge<T> {
    /// The value, where it is known.
    pub fn known(self) -> Option<T> {
        match self {
            Self::Known(value) => Some(value),
            Self::NotApplicable | Self::Unknown => None,
        }
    }

    /// Applies `f` to a known value.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Knowledge<U> {
        match self {
            Self::Known(value) => Knowledge::Known(f(value)),
            Self::NotApplicable => Knowledge::NotApplicable,
            Self::Unknown => Knowledge::Unknown,
        }
    }
}
