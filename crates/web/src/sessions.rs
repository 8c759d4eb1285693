//! Who is signed in.
//!
//! Sessions stand in memory alone: nothing of them can be read from the disk or a backup, and a restart ends them all
//! (docs/decisions/0012-sessions-in-memory.md).

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::Digest;
use jiff::{SignedDuration, Timestamp};

/// A session without a request for so long is over.
pub(crate) const IDLE: SignedDuration = SignedDuration::from_mins(60);

/// Every session is over after so long: one working day.
pub(crate) const LONGEST: SignedDuration = SignedDuration::from_hours(12);

/// Sessions of one account; the oldest goes when another comes.
const MOST_OF_ONE: usize = 8;

/// One browser that signed in.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    /// Names it in lists; no secret.
    pub(crate) id: String,
    /// Whose it is.
    pub(crate) login: String,
    /// When it began.
    pub(crate) since: Timestamp,
    /// When it was used last.
    pub(crate) last: Timestamp,
    /// The address it came from.
    pub(crate) from: String,
    /// What the browser calls itself.
    pub(crate) browser: String,
    /// The chain number of the record after this session's last own change: it must see what it did itself.
    pub(crate) seen: u64,
}

/// Every session, by the digest of its token.
#[derive(Debug, Default)]
pub(crate) struct Sessions(Mutex<HashMap<Digest, Session>>);

impl Sessions {
    /// Begins a session, and gives its token.
    pub(crate) fn begin(
        &self,
        login: &str,
        from: &str,
        browser: &str,
        now: Timestamp,
    ) -> Result<String, getrandom::Error> {
        let token = random_token()?;
        let digest = Digest::of(token.as_bytes());
        let session = Session {
            id: digest.to_string().chars().take(12).collect(),
            login: login.to_owned(),
            since: now,
            last: now,
            from: from.to_owned(),
            browser: browser.chars().take(200).collect(),
            seen: 0,
        };
        let mut all = self.lock();
        all.retain(|_, session| is_alive(session, now));
        while all.values().filter(|session| session.login == login).count() >= MOST_OF_ONE {
            let oldest = all.iter().filter(|(_, session)| session.login == login);
            let Some(digest) = oldest.min_by_key(|(_, session)| session.last).map(|(d, _)| *d)
            else {
                break;
            };
            all.remove(&digest);
        }
        all.insert(digest, session);
        Ok(token)
    }

    /// The session of a token, if it is not over; using it keeps it alive.
    pub(crate) fn of(&self, token: &str, now: Timestamp) -> Option<Session> {
        let digest = Digest::of(token.as_bytes());
        let mut all = self.lock();
        let session = all.get_mut(&digest)?;
        if !is_alive(session, now) {
            all.remove(&digest);
            return None;
        }
        // A clock that jumped back must not make a session younger than it is.
        session.last = session.last.max(now);
        Some(session.clone())
    }

    /// Notes that the session `id` has changed something, which is entry `seen` of the record.
    pub(crate) fn has_seen(&self, id: &str, seen: u64) {
        for session in self.lock().values_mut().filter(|session| session.id == id) {
            session.seen = session.seen.max(seen);
        }
    }

    /// Ends the session of a token.
    pub(crate) fn end(&self, token: &str) {
        self.lock().remove(&Digest::of(token.as_bytes()));
    }

    /// Ends the session `id` of `login`, and says whether it was there.
    pub(crate) fn end_one(&self, login: &str, id: &str) -> bool {
        let mut all = self.lock();
        let before = all.len();
        all.retain(|_, session| session.login != login || session.id != id);
        all.len() != before
    }

    /// Ends every session of `login` but the one called `but`.
    pub(crate) fn end_others(&self, login: &str, but: Option<&str>) {
        self.lock().retain(|_, session| session.login != login || Some(session.id.as_str()) == but);
    }

    /// Every session that is not over, the newest first.
    pub(crate) fn all(&self, now: Timestamp) -> Vec<Session> {
        let mut all: Vec<Session> =
            self.lock().values().filter(|session| is_alive(session, now)).cloned().collect();
        all.sort_by(|one, other| other.last.cmp(&one.last).then_with(|| one.id.cmp(&other.id)));
        all
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Digest, Session>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_alive(session: &Session, now: Timestamp) -> bool {
    now.duration_since(session.last) < IDLE && now.duration_since(session.since) < LONGEST
}

/// 256 bits nobody can guess, in hexadecimal.
pub(crate) fn random_token() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes)
    }

    #[test]
    fn a_session_ends_when_idle_and_after_a_working_day() {
        let sessions = Sessions::default();
        let token = sessions.begin("sato", "127.0.0.1", "test", at(0)).unwrap();
        assert!(sessions.of(&token, at(59)).is_some());
        assert!(sessions.of(&token, at(59 + 60)).is_none(), "an hour without a request");
        let token = sessions.begin("sato", "127.0.0.1", "test", at(0)).unwrap();
        assert!((0..12 * 60).step_by(30).all(|now| sessions.of(&token, at(now)).is_some()));
        assert!(sessions.of(&token, at(12 * 60)).is_none(), "a working day");
    }

    #[test]
    fn one_account_has_so_many_sessions_and_can_end_the_others() {
        let sessions = Sessions::default();
        let first = sessions.begin("sato", "a", "", at(0)).unwrap();
        let tokens: Vec<String> = (1..=MOST_OF_ONE as i64)
            .map(|now| sessions.begin("sato", "a", "", at(now)).unwrap())
            .collect();
        assert!(sessions.of(&first, at(9)).is_none(), "the oldest went");
        let other = sessions.begin("abe", "a", "", at(9)).unwrap();
        let own = sessions.of(&tokens[0], at(9)).unwrap();
        sessions.end_others("sato", Some(&own.id));
        assert_eq!(sessions.all(at(9)).len(), 2);
        assert!(sessions.of(&other, at(9)).is_some());
        assert!(sessions.end_one("sato", &own.id) && !sessions.end_one("sato", &own.id));
    }

    #[test]
    fn what_is_no_token_is_nobody() {
        assert!(Sessions::default().of("", at(0)).is_none());
    }
}
