//! 点検記録: the months with their rounds, and one day's record as it is printed.

use app::{RoundDayView, RoundPageView};
use askama::Template;
use axum::extract::{Path, Query};
use domain::Permission;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;

use crate::answer::{Answer, page};
use crate::frame::Frame;
use crate::guard::Visitor;
use crate::problem::Problem;
use crate::routes::{Access, Route};

/// Urgent findings on the printed page; how many more there are stands below.
const TOLD: usize = 10;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/rounds", Access::May(Permission::Look), month),
        Route::get("/rounds/{day}", Access::May(Permission::Look), day),
    ]
}

#[derive(Template)]
#[template(path = "today/month.html")]
struct MonthPage {
    frame: Frame,
    /// The month's name.
    name: String,
    /// The same as an address has it; those before and after it.
    before: String,
    after: Option<String>,
    weeks: Vec<Vec<Option<DayCell>>>,
    done: usize,
    signed: usize,
}

/// One day of the month.
#[derive(Clone)]
struct DayCell {
    day: RoundDayView,
    number: i8,
    is_today: bool,
    /// Whether a round could have been done already.
    is_past: bool,
}

#[derive(Template)]
#[template(path = "today/day.html")]
struct DayPage {
    frame: Frame,
    shown: RoundPageView,
    urgent_more: usize,
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    month: String,
}

async fn month(visitor: Visitor, Query(asked): Query<Asked>) -> Answer {
    let today = visitor.desk.today();
    let first = match asked.month.as_str() {
        "" => today.first_of_month(),
        month => first_of(month).ok_or_else(Problem::no_page)?,
    };
    let days = visitor.read(move |app| app.round_month(first)).await?;
    let frame = visitor.frame("today").await?;
    let cells: Vec<DayCell> = days.into_iter().map(|day| cell(day, today)).collect();
    let next = first.checked_add(1.month()).ok().filter(|next| *next <= today);
    page(&MonthPage {
        name: frame.texts.date(domain::CalendarDate::Month(first.year(), first.month())),
        frame,
        before: first.checked_sub(1.month()).map(written).unwrap_or_default(),
        after: next.map(written),
        weeks: weeks(first, &cells),
        done: cells.iter().filter(|cell| cell.day.round.is_some()).count(),
        signed: cells.iter().filter(|cell| !cell.day.checks.is_empty()).count(),
    })
}

/// The first day of a month written as `2026-11`.
fn first_of(month: &str) -> Option<Date> {
    let (year, month) = month.split_once('-')?;
    let (year, month): (i16, i8) = (year.parse().ok()?, month.parse().ok()?);
    // Years in which the calendar has a month before and after.
    (1900..=9000).contains(&year).then(|| Date::new(year, month, 1).ok()).flatten()
}

fn written(first: Date) -> String {
    first.strftime("%Y-%m").to_string()
}

fn cell(day: RoundDayView, today: Date) -> DayCell {
    let date = day.date.parse::<Date>().unwrap_or(today);
    DayCell { number: date.day(), is_today: date == today, is_past: date <= today, day }
}

/// The days in weeks that begin on Monday, with gaps before the first and after the last.
fn weeks(first: Date, days: &[DayCell]) -> Vec<Vec<Option<DayCell>>> {
    let before = usize::try_from(first.weekday().to_monday_zero_offset()).unwrap_or_default();
    let mut cells: Vec<Option<DayCell>> = vec![None; before];
    cells.extend(days.iter().cloned().map(Some));
    while !cells.len().is_multiple_of(7) {
        cells.push(None);
    }
    cells.chunks(7).map(<[_]>::to_vec).collect()
}

async fn day(visitor: Visitor, Path(day): Path<String>) -> Answer {
    let day: Date = day.parse().map_err(|_| Problem::no_page())?;
    let shown = visitor.read(move |app| app.round_page(day)).await?;
    let mut shown = shown.ok_or_else(Problem::no_page)?;
    let urgent_more = shown.urgent.len().saturating_sub(TOLD);
    shown.urgent.truncate(TOLD);
    let frame = visitor.frame("today").await?;
    page(&DayPage { frame, shown, urgent_more })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_read_as_it_is_written() {
        assert_eq!(first_of("2026-11"), Some("2026-11-01".parse().unwrap()));
        for bad in ["", "2026", "2026-13", "2026-00", "x-1", "0001-01", "9999-12", "2026-11-01"] {
            assert_eq!(first_of(bad), None, "{bad}");
        }
    }

    #[test]
    fn weeks_begin_on_monday_and_are_whole() {
        let first: Date = "2026-11-01".parse().unwrap();
        let day = |number: i8| {
            let date = first.checked_add(i32::from(number - 1).days()).unwrap();
            let day =
                RoundDayView { date: date.to_string(), round: None, urgent: 0, checks: Vec::new() };
            cell(day, first)
        };
        let weeks = weeks(first, &(1..=30).map(day).collect::<Vec<_>>());
        assert_eq!(weeks.len(), 6);
        assert!(weeks.iter().all(|week| week.len() == 7));
        let second = weeks[1][0].as_ref().unwrap();
        assert_eq!((second.number, weeks[0][5].is_none()), (2, true), "1 November is a Sunday");
    }
}
