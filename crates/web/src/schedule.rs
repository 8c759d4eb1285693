//! What runs by itself: the round every morning, and the backup where one is planned.
//!
//! What is due is a pure function of the clock and of what was done last; the task below only asks it, once a minute.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use domain::Message;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::Desk;
use crate::errands::Work;

/// How often the task looks at the clock.
const TICK: Duration = Duration::from_secs(60);

/// What to do about something that is done once a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Due {
    /// To be done now, for this day.
    Now(Date),
    /// Done for today, or its hour has not come.
    Later,
    /// The last one is of a day to come: the clock was set back, or was ahead before. Nothing is done for an earlier day.
    ClockBack(Date),
}

/// Whether what is done once a day at `hour` (in Japan) is due at `now`, where it was done `last`.
///
/// One that was missed, because the PC was off, is done as soon as the program runs again: for today, never for days gone by.
pub(crate) fn due(now: Timestamp, hour: i8, last: Option<Date>) -> Due {
    let (today, hour_now) = (app::day_of(now), app::hour_of(now));
    match last {
        Some(last) if last > today => Due::ClockBack(last),
        Some(last) if last == today => Due::Later,
        _ if hour_now >= hour => Due::Now(today),
        _ => Due::Later,
    }
}

/// What became of the work that runs by itself.
#[derive(Debug, Default)]
pub(crate) struct Log {
    /// Why the round could not be done.
    round: Mutex<Option<(Timestamp, Message)>>,
    /// When the planned backup last failed.
    backup: Mutex<Option<Timestamp>>,
}

impl Log {
    /// When the round was tried last without success, and why.
    pub(crate) fn round_trouble(&self) -> Option<(Timestamp, Message)> {
        self.round.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether the planned backup failed within the last hour: then it is tried again later, not every minute.
    fn backup_failed_within(&self, now: Timestamp) -> bool {
        let failed = *self.backup.lock().unwrap_or_else(PoisonError::into_inner);
        failed.is_some_and(|at| now.duration_since(at).as_mins().abs() < 60)
    }

    fn note_backup(&self, failed: Option<Timestamp>) {
        *self.backup.lock().unwrap_or_else(PoisonError::into_inner) = failed;
    }

    fn note(&self, trouble: Option<(Timestamp, Message)>) {
        *self.round.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
    }
}

/// Does what is due, for as long as the desk is open.
pub(crate) async fn run(desk: Desk) {
    let mut tick = tokio::time::interval(TICK);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        step(&desk).await;
        // So that nobody waits in the morning: after the round the numbers are drawn already.
        if let Err(problem) = desk.morning(0).await {
            tracing::warn!(message = %problem.message.key, "the numbers could not be drawn");
        }
    }
}

/// Does what is due now.
pub(crate) async fn step(desk: &Desk) {
    round(desk).await;
    backup(desk).await;
}

/// The backup, where an hour is set for it; a failure stands on its page until one succeeds.
async fn backup(desk: &Desk) {
    let app = desk.app(desk.config().language);
    let (now, planned) = (desk.now(), app.clone());
    let asked = desk.call(move || {
        let Some(hour) = planned.backup_plan()?.hour else { return Ok(false) };
        let last = planned.last_backup()?.and_then(|last| last.at.parse().ok());
        Ok(matches!(due(now, hour, last.map(app::day_of)), Due::Now(_)))
    });
    let failed_lately = desk.log().backup_failed_within(now);
    if !matches!(asked.await, Ok(true)) || failed_lately || !desk.errands().begin() {
        return;
    }
    let act = desk.act("program:backup".to_owned());
    let made = desk.call(move || app.make_backup(None, true, &act).map(|_| ())).await;
    if let Err(problem) = &made {
        tracing::error!(message = %problem.message.key, "the backup could not be made");
    }
    desk.log().note_backup(made.is_err().then_some(now));
    desk.errands().end(Work::Backup, made.err().map(|problem| problem.message));
}

/// The round, where it is due and something was imported: a round over nothing would look like a good one.
async fn round(desk: &Desk) {
    let app = desk.app(desk.config().language);
    let (now, act) = (desk.now(), desk.act("program:round".to_owned()));
    let done = desk.call(move || {
        let due = due(now, app.round_hour()?, app.last_round()?);
        let Due::Now(day) = due else { return Ok(false) };
        if app.imports()?.is_empty() {
            return Ok(false);
        }
        app.round(day, &act)?;
        // What cannot go today goes tomorrow; the round was done.
        if let Err(error) = app.let_go(&act) {
            tracing::warn!(%error, "documents whose time is over could not be let go");
        }
        Ok(true)
    });
    match done.await {
        Ok(true) => desk.log().note(None),
        Ok(false) => {}
        Err(problem) => {
            tracing::error!(message = %problem.message.key, "the round could not be done");
            desk.log().note(Some((now, problem.message)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(japan: &str) -> Timestamp {
        format!("{japan}+09:00").parse().unwrap()
    }

    fn day(day: &str) -> Date {
        day.parse().unwrap()
    }

    #[test]
    fn the_round_is_due_once_a_day_from_its_hour_on() {
        let yesterday = Some(day("2026-11-21"));
        for (now, last, expected) in [
            ("2026-11-22T05:59:59", yesterday, Due::Later),
            ("2026-11-22T06:00:00", yesterday, Due::Now(day("2026-11-22"))),
            ("2026-11-22T23:30:00", yesterday, Due::Now(day("2026-11-22"))),
            ("2026-11-22T06:00:00", Some(day("2026-11-22")), Due::Later),
            ("2026-11-22T06:00:00", None, Due::Now(day("2026-11-22"))),
            // Off for a week: today's, and none of the days between.
            ("2026-11-22T09:00:00", Some(day("2026-11-15")), Due::Now(day("2026-11-22"))),
            ("2026-11-23T00:10:00", Some(day("2026-11-22")), Due::Later),
        ] {
            assert_eq!(due(at(now), 6, last), expected, "{now} after {last:?}");
        }
    }

    #[test]
    fn a_clock_that_jumped_back_makes_no_round_of_an_earlier_day() {
        let last = day("2026-11-23");
        for now in ["2026-11-22T06:00:00", "2026-11-22T23:59:59", "1970-01-01T09:00:00"] {
            assert_eq!(due(at(now), 6, Some(last)), Due::ClockBack(last), "{now}");
        }
        assert_eq!(due(at("2026-11-23T12:00:00"), 6, Some(last)), Due::Later);
    }

    #[test]
    fn midnight_is_an_hour_like_any_other() {
        let due = due(at("2026-11-22T00:00:00"), 0, Some(day("2026-11-21")));
        assert_eq!(due, Due::Now(day("2026-11-22")));
    }
}
