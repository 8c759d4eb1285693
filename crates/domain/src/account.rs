//! Accounts (利用者): who may sign in to the desk, and what each role may do.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::vocabulary::words;

words! {
    /// What a person is at the desk.
    Role {
        /// 管理者: everything, accounts and settings among it.
        Administrator = "administrator",
        /// 運用: the daily work, and taking imports back.
        Operator = "operator",
        /// 臨床工学: the daily work at the devices.
        ClinicalEngineer = "clinical_engineer",
        /// 閲覧(経営): reads.
        Executive = "executive",
        /// 立入検査: reads, until a day.
        Inspector = "inspector",
    }
}

words! {
    /// What a page or an act asks of whoever uses it.
    Permission {
        /// To read the hospital's data.
        Look = "look",
        /// To bring files in, decide about findings, and say what devices are.
        Work = "work",
        /// To take imports back, name zones and make backups.
        Keep = "keep",
        /// To manage accounts and settings.
        Administer = "administer",
    }
}

impl Role {
    /// The one table of who may do what. What does not stand here is refused.
    pub fn may(self, permission: Permission) -> bool {
        match permission {
            Permission::Look => true,
            Permission::Work => {
                matches!(self, Self::Administrator | Self::Operator | Self::ClinicalEngineer)
            }
            Permission::Keep => matches!(self, Self::Administrator | Self::Operator),
            Permission::Administer => matches!(self, Self::Administrator),
        }
    }
}

/// A person who may sign in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// What is typed to sign in: small letters, digits, `.`, `-` and `_`. Never changes.
    pub login: String,
    /// The person's name.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// The last day on which the account can be used; `None`: no end. An inspector's account always has one.
    pub ends: Option<Date>,
    /// Whether it was switched off.
    pub is_disabled: bool,
    /// Whether the password was given by somebody else and must be changed first.
    pub must_change: bool,
    /// Whether a second factor is enrolled.
    pub has_second_factor: bool,
    /// When the person last signed in.
    pub last_login: Option<Timestamp>,
}

impl Account {
    /// Longest login, in characters.
    pub const MOST_LOGIN: usize = 32;

    /// Whether `login` can be the name of an account.
    pub fn is_login(login: &str) -> bool {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_".contains(c);
        let starts = login.starts_with(|c: char| c.is_ascii_alphanumeric());
        starts && login.len() <= Self::MOST_LOGIN && login.chars().all(fits)
    }

    /// Whether it can be used on `today`.
    pub fn is_open(&self, today: Date) -> bool {
        !self.is_disabled && self.ends.is_none_or(|last| today <= last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_may_look_and_only_one_may_administer() {
        let may = |permission| Role::ALL.iter().filter(|role| role.may(permission)).count();
        assert_eq!(Permission::ALL.iter().copied().map(may).collect::<Vec<_>>(), [5, 3, 2, 1]);
    }

    #[test]
    fn a_login_is_small_and_plain() {
        for good in ["sato", "t.sato-2", "0_a"] {
            assert!(Account::is_login(good), "{good}");
        }
        for bad in ["", "Sato", "佐藤", ".a", "a b", &"a".repeat(33)] {
            assert!(!Account::is_login(bad), "{bad}");
        }
    }
}
