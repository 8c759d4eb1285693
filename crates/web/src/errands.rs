//! Work that takes longer than a page waits: making a backup, proving one, and rehearsing to bring one back. One at a time.

use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::Message;

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    Backup,
    Rehearsal,
    Proof,
}

/// Where it stands.
#[derive(Debug, Clone)]
pub(crate) enum Standing {
    UnderWay,
    Failed(Work, Message),
}

/// The one piece of work, if there is one.
#[derive(Debug, Default)]
pub(crate) struct Errands(Mutex<Option<Standing>>);

impl Errands {
    /// Where the work stands.
    pub(crate) fn standing(&self) -> Option<Standing> {
        self.lock().clone()
    }

    /// Takes the place, and says whether it was free.
    pub(crate) fn begin(&self) -> bool {
        let mut place = self.lock();
        let is_free = !matches!(*place, Some(Standing::UnderWay));
        if is_free {
            *place = Some(Standing::UnderWay);
        }
        is_free
    }

    /// Gives the place back; what went wrong stays to be read.
    pub(crate) fn end(&self, work: Work, trouble: Option<Message>) {
        *self.lock() = trouble.map(|trouble| Standing::Failed(work, trouble));
    }

    fn lock(&self) -> MutexGuard<'_, Option<Standing>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time_and_a_failure_does_not_block_the_next() {
        let errands = Errands::default();
        assert!(errands.begin() && !errands.begin());
        errands.end(Work::Backup, Some(Message::new("x")));
        assert!(matches!(errands.standing(), Some(Standing::Failed(Work::Backup, _))));
        assert!(errands.begin());
        errands.end(Work::Rehearsal, None);
        assert!(errands.standing().is_none());
    }
}
