//! How often somebody may try to sign in.
//!
//! Tries are counted for an account from one address, and for an address alone. So nobody who guesses from one place can lock out
//! the person who sits at another; and who is locked out can be let in from the console (`mimawari user reset`).

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

/// Wrong tries for one account from one address before it must wait.
const OF_ACCOUNT: u32 = 5;

/// Wrong tries from one address before it must wait, whatever the account: a ward may sit behind one address.
const OF_ADDRESS: u32 = 30;

/// How long to wait; and after so long without a wrong try all are forgotten.
const WAIT: SignedDuration = SignedDuration::from_mins(10);

/// Pairs that are remembered; when there are more, somebody is trying names by the thousand, and the address alone counts.
const MOST: usize = 10_000;

/// Wrong tries, by address and account.
#[derive(Debug, Default)]
pub(crate) struct Throttle(Mutex<HashMap<(String, String), Tries>>);

#[derive(Debug, Clone, Copy)]
struct Tries {
    count: u32,
    last: Timestamp,
}

impl Throttle {
    /// How long `login` from `address` must wait before the next try; `None` where it need not.
    pub(crate) fn wait(
        &self,
        address: &str,
        login: &str,
        now: Timestamp,
    ) -> Option<SignedDuration> {
        let all = self.lock();
        let left = |key: &(String, String), most: u32| {
            let tries = all.get(key).filter(|tries| tries.count >= most)?;
            // A clock that jumped back must not lock anybody out for years.
            let passed = now.duration_since(tries.last).max(SignedDuration::ZERO);
            (passed < WAIT).then(|| WAIT - passed)
        };
        let of_account = left(&(address.to_owned(), login.to_owned()), OF_ACCOUNT);
        of_account.max(left(&(address.to_owned(), String::new()), OF_ADDRESS))
    }

    /// Notes a wrong try, and says whether `login` from `address` must wait from now on.
    pub(crate) fn wrong(&self, address: &str, login: &str, now: Timestamp) -> bool {
        let mut all = self.lock();
        all.retain(|_, tries| now.duration_since(tries.last).abs() < WAIT);
        for login in [login, ""] {
            if login.is_empty() || all.len() < MOST {
                let key = (address.to_owned(), login.to_owned());
                let tries = all.entry(key).or_insert(Tries { count: 0, last: now });
                tries.count = tries.count.saturating_add(1);
                tries.last = now;
            }
        }
        drop(all);
        self.wait(address, login, now).is_some()
    }

    /// Forgets the wrong tries of an account that is in now.
    pub(crate) fn right(&self, address: &str, login: &str) {
        self.lock().remove(&(address.to_owned(), login.to_owned()));
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(String, String), Tries>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes)
    }

    #[test]
    fn five_wrong_tries_wait_but_only_from_that_address() {
        let throttle = Throttle::default();
        let waits: Vec<bool> = (0..5).map(|_| throttle.wrong("10.0.0.9", "sato", at(0))).collect();
        assert_eq!(waits, [false, false, false, false, true]);
        assert!(throttle.wait("10.0.0.9", "sato", at(9)).is_some());
        assert!(throttle.wait("10.0.0.9", "sato", at(10)).is_none(), "the wait is over");
        assert!(throttle.wait("10.0.0.7", "sato", at(1)).is_none(), "the person is not locked out");
    }

    #[test]
    fn an_address_that_tries_many_names_waits_with_all_of_them() {
        let throttle = Throttle::default();
        for name in 0..30 {
            throttle.wrong("10.0.0.9", &format!("n{name}"), at(0));
        }
        assert!(throttle.wait("10.0.0.9", "sato", at(1)).is_some());
        assert!(throttle.wait("10.0.0.8", "sato", at(1)).is_none());
    }

    #[test]
    fn who_is_in_starts_again() {
        let throttle = Throttle::default();
        for _ in 0..4 {
            throttle.wrong("10.0.0.9", "sato", at(0));
        }
        throttle.right("10.0.0.9", "sato");
        assert!(!throttle.wrong("10.0.0.9", "sato", at(0)));
    }
}
