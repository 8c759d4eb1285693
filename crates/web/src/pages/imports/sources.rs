//! Sources: how old the newest of each series is, and how fresh it is expected to be; and the drop folder.

use app::SourceView;
use askama::Template;
use axum::extract::{Form, Query};
use domain::fold;
use serde::Deserialize;

use super::{Cut, kind_word};
use crate::answer::{Answer, go_and_say, page};
use crate::frame::Frame;
use crate::guard::Visitor;
use crate::problem::Problem;

/// Sources on one page.
const PAGE: usize = 100;

#[derive(Template)]
#[template(path = "imports/sources.html")]
struct SourcesPage {
    frame: Frame,
    sources: Vec<(SourceView, String)>,
    count: usize,
    stale: usize,
    cut: Cut,
    asked: Asked,
    folder: String,
    is_on: bool,
    most: u16,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    page: usize,
}

pub(super) async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Answer {
    let today = visitor.desk.today();
    let (sources, is_on, folder) = visitor
        .read(move |app| {
            let folder = app.drop_folder().display().to_string();
            Ok((app.sources(today)?, app.is_drop_folder_on()?, folder))
        })
        .await?;
    let frame = visitor.frame("imports").await?;
    let stale = sources.iter().filter(|source| source.stale == Some(true)).count();
    let named = sources.into_iter().map(|source| {
        let kind = kind_word(&frame, &source.kind);
        (source, kind)
    });
    let fits = |(source, kind): &(SourceView, String)| {
        let text = fold(&format!("{}\n{kind}", source.id));
        asked.q.split_whitespace().all(|word| text.contains(&fold(word)))
    };
    let mut sources: Vec<(SourceView, String)> = named.filter(fits).collect();
    // What is too old first, then what nobody said anything of.
    sources.sort_by_key(|(source, _)| (source.stale != Some(true), source.id.clone()));
    let count = sources.len();
    let cut = Cut::of(count, asked.page, PAGE);
    sources = sources.drain(cut.from..cut.to).collect();
    let most = app::MOST_FRESHNESS;
    page(&SourcesPage { frame, sources, count, stale, cut, asked, folder, is_on, most })
}

impl Asked {
    /// The address of another page of the same list.
    fn beside(&self, page: &usize) -> String {
        let encoded: String = self.q.bytes().map(crate::answer::percent_encoded).collect();
        format!("/imports/sources?q={encoded}&page={page}")
    }
}

#[derive(Deserialize)]
pub(super) struct FreshnessForm {
    source: String,
    /// Days; empty for no expectation.
    days: String,
}

pub(super) async fn set(visitor: Visitor, Form(form): Form<FreshnessForm>) -> Answer {
    let days = match form.days.trim() {
        "" => None,
        days => Some(days.parse::<u16>().map_err(|_| Problem::bad_form())?),
    };
    visitor.change(move |app, act| app.set_freshness(&form.source, days, act)).await?;
    go_and_say("/imports/sources", "freshness")
}

#[derive(Deserialize)]
pub(super) struct DropForm {
    /// `on` or `off`.
    state: String,
}

pub(super) async fn set_drop(visitor: Visitor, Form(form): Form<DropForm>) -> Answer {
    let is_on = match form.state.as_str() {
        "on" => true,
        "off" => false,
        _ => return Err(Problem::bad_form()),
    };
    visitor.change(move |app, act| app.set_drop_folder(is_on, act)).await?;
    go_and_say("/imports/sources", if is_on { "drop_on" } else { "drop_off" })
}
