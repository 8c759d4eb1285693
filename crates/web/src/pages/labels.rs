//! Labels for devices: number, name, place, and a picture that leads a phone to the chart.

use app::RollRow;
use askama::Template;
use axum::extract::{Path, Query};
use axum::http::{HeaderMap, header};
use domain::{Field, Permission, fold};

use super::devices::{Asked, Pairs, found};
use super::me::squares;
use crate::answer::{Answer, go, page, percent_encoded};
use crate::frame::Frame;
use crate::guard::Visitor;
use crate::problem::Problem;
use crate::routes::{Access, Route};

pub(super) fn routes() -> Vec<Route> {
    let look = Access::May(Permission::Look);
    vec![Route::get("/labels", look, show), Route::get("/d/{number}", look, lead)]
}

/// Labels at once: ten sheets of three by eight.
const MOST: usize = 240;

struct Label {
    number: String,
    name: String,
    place: String,
    picture: String,
    side: i32,
}

#[derive(Template)]
#[template(path = "labels/page.html")]
struct LabelsPage {
    frame: Frame,
    labels: Vec<Label>,
    found: usize,
    most: usize,
}

async fn show(visitor: Visitor, headers: HeaderMap, Query(pairs): Query<Pairs>) -> Answer {
    let asked = Asked::of(&pairs);
    let (roll, found) = found(&visitor, &asked).await?;
    let frame = visitor.frame("devices").await?;
    let ticked: Vec<&str> =
        pairs.iter().filter(|(name, _)| name == "id").map(|(_, id)| id.as_str()).collect();
    let base = base(&visitor, &headers);
    let fits =
        |row: &RollRow<'_>| ticked.is_empty() || ticked.contains(&row.id().to_string().as_str());
    let rows: Vec<RollRow<'_>> = found.rows.iter().map(|row| roll.row(*row)).filter(fits).collect();
    let label = |row: &RollRow<'_>| {
        let number = row.value(Field::AssetNumber);
        let (picture, side) = squares(&address(&base, row));
        Label {
            number: number.to_owned(),
            name: row.label(),
            place: row.value(Field::Location).to_owned(),
            picture,
            side,
        }
    };
    let labels = rows.iter().take(MOST).map(label).collect();
    page(&LabelsPage { labels, found: rows.len(), most: MOST, frame })
}

/// By its number where it has one: that stays when what else is known of the device changes.
fn address(base: &str, row: &RollRow<'_>) -> String {
    match row.value(Field::AssetNumber) {
        "" => format!("{base}/devices/{}", row.id()),
        number => {
            let number: String = number.bytes().map(percent_encoded).collect();
            format!("{base}/d/{number}")
        }
    }
}

/// Where phones find this desk: as the browser found it.
fn base(visitor: &Visitor, headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let is_plain =
        host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte));
    let scheme = if visitor.desk.config().secure { "https" } else { "http" };
    if is_plain { format!("{scheme}://{host}") } else { String::new() }
}

/// To the chart of the device with this number; to the list, where several have it.
async fn lead(visitor: Visitor, Path(number): Path<String>) -> Answer {
    let roll = visitor.desk.roll(visitor.who()?.seen).await?;
    let ask = app::Ask { search: number.clone(), ..app::Ask::default() };
    let found = visitor.read(move |_| {
        let wanted = fold(&number);
        let rows = roll.find(&ask).rows;
        let has = |row: &u32| fold(roll.row(*row).value(Field::AssetNumber)) == wanted;
        let ids: Vec<_> = rows.into_iter().filter(has).map(|row| roll.row(row).id()).collect();
        Ok((ids, number))
    });
    match found.await? {
        (ids, _) if ids.is_empty() => Err(Problem::no_page()),
        (ids, number) if ids.len() > 1 => {
            let number: String = number.bytes().map(percent_encoded).collect();
            go(&format!("/devices?q={number}"))
        }
        (ids, _) => match ids.first() {
            Some(id) => go(&format!("/devices/{id}")),
            None => Err(Problem::no_page()),
        },
    }
}
