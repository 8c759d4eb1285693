//! 記録: looking through it, taking it along, and verifying its chain.

use app::{AuditEntryView, AuditStateView, RecordFilter};
use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::http::StatusCode;
use domain::{Digest, Permission, msg};
use serde::Deserialize;

use super::accounts::day;
use super::{Tab, tabs};
use crate::answer::{Answer, download, page, percent_encoded};
use crate::frame::Frame;
use crate::guard::Visitor;
use crate::problem::Problem;
use crate::routes::{Access, Route};

/// Entries on a page.
const MOST: usize = 100;

pub(super) fn routes() -> Vec<Route> {
    let access = Access::May(Permission::Keep);
    vec![
        Route::get("/settings/record", access, show),
        Route::post("/settings/record/verify", access, verify),
        Route::get("/settings/record.jsonl", access, lines),
        Route::get("/settings/record.csv", access, table),
    ]
}

#[derive(Template)]
#[template(path = "settings/record.html")]
struct RecordPage {
    frame: Frame,
    tabs: Vec<Tab>,
    tab: &'static str,
    asked: Asked,
    entries: Vec<AuditEntryView>,
    /// What the filter is in an address.
    query: String,
    older: Option<u64>,
    verified: Option<AuditStateView>,
    head: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    who: String,
    #[serde(default)]
    what: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    before: Option<u64>,
}

impl Asked {
    fn filter(&self) -> Result<RecordFilter, Problem> {
        Ok(RecordFilter {
            who: self.who.trim().to_owned(),
            what: self.what.trim().to_owned(),
            from: day(&self.from)?,
            to: day(&self.to)?,
        })
    }

    fn query(&self) -> String {
        let pairs =
            [("who", &self.who), ("what", &self.what), ("from", &self.from), ("to", &self.to)];
        let written =
            pairs.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| {
                let value: String = value.bytes().map(percent_encoded).collect();
                format!("{name}={value}")
            });
        written.collect::<Vec<_>>().join("&")
    }
}

async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Answer {
    record_page(&visitor, asked, None, String::new()).await
}

async fn record_page(
    visitor: &Visitor,
    asked: Asked,
    verified: Option<AuditStateView>,
    head: String,
) -> Answer {
    let (filter, before) = (asked.filter()?, asked.before);
    let found = visitor.read(move |app| app.record_page(&filter, before, MOST)).await?;
    let frame = visitor.frame("settings").await?;
    page(&RecordPage {
        tabs: tabs(&frame),
        tab: "record",
        query: asked.query(),
        asked,
        entries: found.entries,
        older: found.older,
        verified,
        head,
        frame,
    })
}

#[derive(Debug, Default, Deserialize)]
struct HeadForm {
    #[serde(default)]
    head: String,
}

/// Walks the chain; a head from a printed page must be in it.
async fn verify(visitor: Visitor, Form(form): Form<HeadForm>) -> Answer {
    let typed: String = form.head.chars().filter(|c| !c.is_whitespace()).collect();
    let heads: Vec<Digest> = match typed.as_str() {
        "" => Vec::new(),
        head => vec![
            head.to_lowercase()
                .parse()
                .map_err(|_| Problem::new(StatusCode::BAD_REQUEST, msg!("web.record.no_head")))?,
        ],
    };
    let verified = visitor.read(move |app| app.verify_audit(&heads)).await?;
    record_page(&visitor, Asked::default(), Some(verified), typed).await
}

async fn lines(visitor: Visitor, Query(asked): Query<Asked>) -> Answer {
    let filter = asked.filter()?;
    let bytes = visitor.read(move |app| app.record_as_lines(&filter)).await?;
    download(&name(&visitor, "jsonl"), "application/x-ndjson; charset=utf-8", bytes)
}

async fn table(visitor: Visitor, Query(asked): Query<Asked>) -> Answer {
    let filter = asked.filter()?;
    let texts = visitor.app().texts();
    let header: Vec<String> = ["number", "at", "who", "act", "subject", "detail", "hash"]
        .iter()
        .map(|column| texts.text(&format!("web.record.column.{column}")).into_owned())
        .collect();
    let bytes = visitor.read(move |app| app.record_as_table(&filter, &header)).await?;
    download(&name(&visitor, "csv"), "text/csv; charset=utf-8", bytes)
}

fn name(visitor: &Visitor, ending: &str) -> String {
    format!("mimawari-record-{}.{ending}", visitor.desk.today())
}
