//! 機器台帳: every device, found while one types, filtered, sorted, printed, exported and put right.

mod asked;
mod choices;
mod columns;
mod edit;
mod export;
mod row;

use std::sync::Arc;

use app::{Found, Roll};
use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::http::HeaderMap;
use domain::Permission;

pub(crate) use asked::Asked;
use choices::{Chip, Filter};
use columns::{COLUMNS, Column};
pub(crate) use row::Shown;

use crate::answer::{Answer, page};
use crate::frame::Frame;
use crate::guard::Visitor;
use crate::problem::Problem;
use crate::routes::{Access, Route};

/// Rows on one page.
const ROWS: usize = 50;

/// Rows that are printed at most: what is longer is no paper that anybody reads, and is better exported.
const PRINTED: usize = 2000;

pub(super) fn routes() -> Vec<Route> {
    let look = Access::May(Permission::Look);
    vec![
        Route::get("/devices", look, show),
        Route::get("/devices/print", look, print),
        Route::get("/devices/export", look, export::show),
        Route::get("/devices/export/{file}", look, export::file),
        Route::get("/devices/edit", Access::May(Permission::Work), edit::show),
        Route::post("/devices/edit", Access::May(Permission::Work), edit::save),
        Route::post("/devices/columns", look, choose_columns),
    ]
}

/// The pairs of a query or a form; a name may stand more than once.
pub(crate) type Pairs = Vec<(String, String)>;

#[derive(Template)]
#[template(path = "devices/page.html")]
struct DevicesPage<'r> {
    frame: Frame,
    asked: Asked,
    chips: Vec<Chip>,
    filters: Vec<Filter>,
    columns: Vec<Column>,
    all_columns: &'static [Column],
    rows: Vec<Shown<'r>>,
    found: usize,
    all: usize,
    page: usize,
    pages: usize,
    may_work: bool,
}

#[derive(Template)]
#[template(path = "devices/print.html")]
struct PrintPage<'r> {
    frame: Frame,
    asked: Asked,
    said: Vec<(String, String)>,
    columns: Vec<Column>,
    rows: Vec<Shown<'r>>,
    found: usize,
    most: usize,
}

/// The ledger, and what of it fits what is asked.
pub(crate) async fn found(visitor: &Visitor, asked: &Asked) -> Result<(Arc<Roll>, Found), Problem> {
    let roll = visitor.desk.roll(visitor.who()?.seen).await?;
    let (own, ask) = (Arc::clone(&roll), asked.ask());
    let found = visitor.read(move |_| Ok(own.find(&ask))).await?;
    Ok((roll, found))
}

async fn show(visitor: Visitor, headers: HeaderMap, Query(pairs): Query<Pairs>) -> Answer {
    let asked = Asked::of(&pairs);
    let (roll, found) = found(&visitor, &asked).await?;
    let pages = found.rows.len().div_ceil(ROWS).max(1);
    let number = asked.page().min(pages);
    let first = (number - 1) * ROWS;
    let frame = visitor.frame("devices").await?;
    let today = frame.today;
    let rows = found.rows.iter().skip(first).take(ROWS);
    page(&DevicesPage {
        chips: choices::chips(&frame, &asked, &found.counts),
        filters: choices::filters(&frame, &asked, &found.counts),
        columns: columns::chosen(&headers),
        all_columns: &COLUMNS,
        rows: rows.map(|row| Shown::new(roll.row(*row), today)).collect(),
        found: found.rows.len(),
        all: roll.len(),
        page: number,
        pages,
        may_work: visitor.may(Permission::Work),
        asked,
        frame,
    })
}

async fn print(visitor: Visitor, headers: HeaderMap, Query(pairs): Query<Pairs>) -> Answer {
    let asked = Asked::of(&pairs);
    let (roll, found) = found(&visitor, &asked).await?;
    let frame = visitor.frame("devices").await?;
    let today = frame.today;
    let rows = found.rows.iter().take(PRINTED);
    page(&PrintPage {
        said: choices::said(&frame, &asked),
        columns: columns::chosen(&headers),
        rows: rows.map(|row| Shown::new(roll.row(*row), today)).collect(),
        found: found.rows.len(),
        most: PRINTED,
        asked,
        frame,
    })
}

async fn choose_columns(visitor: Visitor, Form(pairs): Form<Pairs>) -> Answer {
    columns::keep(&visitor, &pairs)
}
