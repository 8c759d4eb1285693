//! The ledger as a file.

use std::sync::Arc;

use app::{App, FileKind, Sheet};
use askama::Template;
use axum::extract::{Path, Query};

use super::{Asked, Pairs, choices, found};
use crate::answer::{Answer, XLSX, download, page};
use crate::frame::Frame;
use crate::guard::Visitor;
use crate::problem::Problem;

#[derive(Template)]
#[template(path = "devices/export.html")]
struct ExportPage {
    frame: Frame,
    asked: Asked,
    said: Vec<(String, String)>,
    found: usize,
    name: String,
}

pub(super) async fn show(visitor: Visitor, Query(pairs): Query<Pairs>) -> Answer {
    let asked = Asked::of(&pairs);
    let (_, found) = found(&visitor, &asked).await?;
    let name = visitor.read(App::export_name).await?;
    let frame = visitor.frame("devices").await?;
    let said = choices::said(&frame, &asked);
    page(&ExportPage { said, found: found.rows.len(), name, asked, frame })
}

pub(super) async fn file(
    visitor: Visitor,
    Path(file): Path<String>,
    Query(pairs): Query<Pairs>,
) -> Answer {
    let (sheet, kind, media) = match file.as_str() {
        "own.xlsx" => (Sheet::Own, FileKind::Xlsx, XLSX),
        "own.csv" => (Sheet::Own, FileKind::Csv, CSV),
        "form.xlsx" => (Sheet::Form, FileKind::Xlsx, XLSX),
        "form.csv" => (Sheet::Form, FileKind::Csv, CSV),
        _ => return Err(Problem::no_page()),
    };
    let asked = Asked::of(&pairs);
    let (roll, found) = found(&visitor, &asked).await?;
    let own = Arc::clone(&roll);
    let (bytes, name) = visitor
        .read(move |app| {
            let rows = found.rows.iter().map(|row| own.row(*row));
            Ok((app.export(sheet, kind, rows)?, app.export_name()?))
        })
        .await?;
    let ending = if kind == FileKind::Xlsx { "xlsx" } else { "csv" };
    download(&file_name(&visitor, sheet, &asked, &name, ending), media, bytes)
}

const CSV: &str = "text/csv; charset=utf-8";

/// The whole ledger is an edition of the hospital's own; a part of it, or the ministry's form, must not be taken for one.
fn file_name(visitor: &Visitor, sheet: Sheet, asked: &Asked, name: &str, ending: &str) -> String {
    let day = visitor.desk.today().strftime("%Y%m%d").to_string();
    let texts = visitor.app().texts();
    match (sheet, asked.is_filtered()) {
        (Sheet::Own, false) => format!("{name}_{day}.{ending}"),
        (Sheet::Own, true) => format!("{}_{day}.{ending}", texts.text("web.export.name_part")),
        (Sheet::Form, _) => format!("{}_{day}.{ending}", texts.text("web.export.name_form")),
    }
}
