//! 棚卸し: which devices are where they should be, seen with one's own eyes.

use app::{Ask, Counts, Entry, Order, Roll, RollRow};
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query};
use domain::{DeviceId, Field, Permission, Status};
use jiff::civil::{Date, date};
use serde::Deserialize;

use super::devices::{Asked, Pairs, Shown, found};
use crate::answer::{Answer, go, page, percent_encoded};
use crate::frame::Frame;
use crate::guard::Visitor;
use crate::problem::Problem;
use crate::routes::{Access, Route};

pub(super) fn routes() -> Vec<Route> {
    let look = Access::May(Permission::Look);
    vec![
        Route::get("/stocktake", look, places),
        Route::get("/stocktake-sheet", look, sheet),
        Route::get("/stocktake/{place}", look, place),
        Route::post("/stocktake/{place}", Access::May(Permission::Work), take),
    ]
}

/// Devices on one page of a phone, or on one sheet.
const MOST: usize = 1000;

/// In an address: the place of devices of which nobody knows the place. No place is called by one blank.
const NOWHERE: &str = " ";

#[derive(Debug, Default, Deserialize)]
struct Since {
    #[serde(default)]
    since: String,
}

/// A place, and how far its stock-take is.
struct Place {
    name: String,
    address: String,
    all: usize,
    done: usize,
}

#[derive(Template)]
#[template(path = "stocktake/places.html")]
struct PlacesPage {
    frame: Frame,
    since: Date,
    places: Vec<Place>,
    all: usize,
    done: usize,
}

/// A device of a stock-take.
struct Take<'r> {
    row: Shown<'r>,
    /// `yes`, `no`, or nothing where nobody looked yet.
    state: &'static str,
    on: &'r str,
    retired: bool,
}

#[derive(Template)]
#[template(path = "stocktake/place.html")]
struct PlacePage<'r> {
    frame: Frame,
    since: Date,
    name: String,
    address: String,
    takes: Vec<Take<'r>>,
    all: usize,
    done: usize,
    may_work: bool,
}

/// A place on the sheet.
struct Part<'r> {
    name: String,
    rows: Vec<Shown<'r>>,
}

#[derive(Template)]
#[template(path = "stocktake/sheet.html")]
struct SheetPage<'r> {
    frame: Frame,
    parts: Vec<Part<'r>>,
    found: usize,
    most: usize,
}

/// Since when a look counts: as asked, else since the beginning of the fiscal year.
fn since(asked: &str, today: Date) -> Date {
    let year = if today.month() < 4 { today.year() - 1 } else { today.year() };
    asked.parse().unwrap_or_else(|_| date(year, 4, 1))
}

/// What the stock-take since that day says of the device.
fn state(row: &RollRow<'_>, since: Date) -> &'static str {
    let on = row.declared(Field::ConfirmedOn).parse::<Date>();
    match (on.is_ok_and(|on| on >= since), row.declared(Field::Presence)) {
        (false, _) => "",
        (true, presence) if presence == "no" || presence == "×" || presence.starts_with("な") => {
            "no"
        }
        (true, _) => "yes",
    }
}

/// The rows that a stock-take is about: everything that a ledger lists and that was not disposed of.
fn counts(row: &RollRow<'_>) -> bool {
    row.is_in_ledger() && row.status() != Some(Status::Retired)
}

fn encoded(name: &str) -> String {
    let name = if name.is_empty() { NOWHERE } else { name };
    name.bytes().map(percent_encoded).collect()
}

async fn places(visitor: Visitor, Query(asked): Query<Since>) -> Answer {
    let roll = visitor.desk.roll(visitor.who()?.seen).await?;
    let frame = visitor.frame("devices").await?;
    let since = since(&asked.since, frame.today);
    let Counts { places, .. } = roll.find(&Ask::default()).counts;
    let mut places: Vec<Place> = places
        .into_iter()
        .map(|(name, _)| Place { address: encoded(&name), name, all: 0, done: 0 })
        .collect();
    let index: std::collections::HashMap<String, usize> =
        places.iter().enumerate().map(|(at, place)| (place.name.clone(), at)).collect();
    for row in roll.find(&Ask::default()).rows.into_iter().map(|row| roll.row(row)) {
        let at = index.get(row.value(Field::Location).trim());
        let Some(place) = at.and_then(|at| places.get_mut(*at)).filter(|_| counts(&row)) else {
            continue;
        };
        place.all += 1;
        place.done += usize::from(!state(&row, since).is_empty());
    }
    places.retain(|place| place.all > 0);
    places.sort_by_cached_key(|place| (place.name.is_empty(), domain::fold(&place.name)));
    let (all, done) =
        places.iter().fold((0, 0), |(all, done), place| (all + place.all, done + place.done));
    page(&PlacesPage { frame, since, places, all, done })
}

/// The rows of a place: those of the stock-take first, then what was disposed of and still stands there on paper.
fn rows_of(roll: &Roll, name: &str) -> Vec<u32> {
    let ask = Ask { place: Some(name.to_owned()), order: Order::List, ..Ask::default() };
    let mut rows = roll.find(&ask).rows;
    rows.retain(|row| roll.row(*row).is_in_ledger());
    rows.sort_by_key(|row| !counts(&roll.row(*row)));
    rows.truncate(MOST);
    rows
}

fn named(place: String) -> String {
    if place == NOWHERE { String::new() } else { place }
}

async fn place(visitor: Visitor, Path(place): Path<String>, Query(asked): Query<Since>) -> Answer {
    let name = named(place);
    let roll = visitor.desk.roll(visitor.who()?.seen).await?;
    let rows = rows_of(&roll, &name);
    if rows.is_empty() {
        return Err(Problem::no_page());
    }
    let frame = visitor.frame("devices").await?;
    let since = since(&asked.since, frame.today);
    let counted = || rows.iter().map(|row| roll.row(*row)).filter(counts);
    let (all, done) =
        (counted().count(), counted().filter(|row| !state(row, since).is_empty()).count());
    let take = |row: &u32| {
        let row = roll.row(*row);
        Take {
            state: state(&row, since),
            on: row.declared(Field::ConfirmedOn),
            retired: row.status() == Some(Status::Retired),
            row: Shown::new(row, frame.today),
        }
    };
    let takes = rows.iter().map(take).collect();
    page(&PlacePage {
        address: encoded(&name),
        may_work: visitor.may(Permission::Work),
        takes,
        name,
        since,
        all,
        done,
        frame,
    })
}

#[derive(Deserialize)]
struct TakeForm {
    id: String,
    presence: String,
    #[serde(default)]
    since: String,
}

async fn take(visitor: Visitor, Path(place): Path<String>, Form(form): Form<TakeForm>) -> Answer {
    let id: DeviceId = form.id.parse().map_err(|_| Problem::bad_form())?;
    let today = visitor.desk.today();
    let entry = |field: Field, value: String| Entry { field, value, seen: None };
    let entries = [
        entry(Field::ConfirmedOn, today.to_string()),
        entry(Field::Presence, form.presence.clone()),
    ];
    if !matches!(form.presence.as_str(), "yes" | "no") {
        return Err(Problem::bad_form());
    }
    visitor.change(move |app, act| app.enter(&[id], &entries, act)).await?;
    let since: String = form.since.bytes().map(percent_encoded).collect();
    go(&format!("/stocktake/{}?since={since}#d-{id}", encoded(&named(place))))
}

async fn sheet(visitor: Visitor, Query(pairs): Query<Pairs>) -> Answer {
    let asked = Asked::of(&pairs);
    let (roll, found) = found(&visitor, &asked).await?;
    let frame = visitor.frame("devices").await?;
    let rows: Vec<RollRow<'_>> =
        found.rows.iter().map(|row| roll.row(*row)).filter(counts).collect();
    let mut parts: Vec<Part<'_>> = Vec::new();
    let mut sorted: Vec<&RollRow<'_>> = rows.iter().collect();
    sorted.sort_by_cached_key(|row| {
        let place = row.value(Field::Location).trim();
        (place.is_empty(), domain::fold(place))
    });
    for row in sorted.into_iter().take(MOST) {
        let name = row.value(Field::Location).trim();
        if parts.last().is_none_or(|part| part.name != name) {
            parts.push(Part { name: name.to_owned(), rows: Vec::new() });
        }
        if let Some(part) = parts.last_mut() {
            part.rows.push(Shown::new(*row, frame.today));
        }
    }
    page(&SheetPage { found: rows.len(), parts, most: MOST, frame })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stock_take_begins_with_the_fiscal_year_unless_a_day_is_asked() {
        let check = |asked: &str, today: Date, expected: Date| {
            assert_eq!(since(asked, today), expected, "{asked} {today}");
        };
        check("", date(2026, 11, 22), date(2026, 4, 1));
        check("", date(2027, 3, 31), date(2026, 4, 1));
        check("2026-10-01", date(2026, 11, 22), date(2026, 10, 1));
        check("<script>", date(2026, 4, 1), date(2026, 4, 1));
    }
}
