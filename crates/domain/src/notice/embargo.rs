//! Who alone may read a notice, and until when; and the mark its sender gave it.

use jiff::civil::Date;

use super::NoticeRefusal;
use crate::account::Role;
use crate::vocabulary::words;

words! {
    /// The mark by which a sender says to whom its words may be passed on: FIRST, Traffic Light Protocol 2.0 (August 2022), clause 3.
    Tlp {
        /// TLP:AMBER: those who need to know in the own organisation and among its clients.
        Amber = "amber",
        /// TLP:AMBER+STRICT: those who need to know in the own organisation only.
        AmberStrict = "amber_strict",
        /// TLP:CLEAR: everybody.
        Clear = "clear",
        /// TLP:GREEN: the own community, not publicly.
        Green = "green",
        /// TLP:RED: the individual recipients only.
        Red = "red",
    }
}

/// Who alone may read a notice, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Embargo {
    /// The day on which everybody may read it; none where an act must lift it.
    pub until: Option<Date>,
    /// The roles that may read it before.
    pub roles: Vec<Role>,
}

impl Embargo {
    /// Whether it is in force on `day`.
    pub fn holds_on(&self, day: Date) -> bool {
        self.until.is_none_or(|until| day < until)
    }

    /// Whether it can be set on `day`.
    pub(super) fn check(&self, day: Date) -> Result<(), NoticeRefusal> {
        if self.roles.is_empty() {
            return Err(NoticeRefusal::NoRoles);
        }
        if self.holds_on(day) { Ok(()) } else { Err(NoticeRefusal::EmbargoOver) }
    }
}
