//! 今日の見回り: what to look at first, why, what to do, and who.

use app::FindingView;
use askama::Template;
use axum::extract::Query;
use domain::{FindingKey, Permission};
use serde::Deserialize;

use crate::answer::{Answer, page};
use crate::frame::Frame;
use crate::guard::Visitor;
use crate::routes::{Access, Route};

/// Findings on the first page: what somebody can look at in a morning.
const FIRST: usize = 20;

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/", Access::May(Permission::Look), show)]
}

#[derive(Template)]
#[template(path = "today/page.html")]
struct TodayPage {
    frame: Frame,
    open: usize,
    first: Vec<FindingView>,
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    all: bool,
}

async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Answer {
    let board = visitor.desk.board(visitor.who()?.seen).await?;
    let most = if asked.all { usize::MAX } else { FIRST };
    let keys: Vec<FindingKey> = board.open().take(most).map(|row| row.key.clone()).collect();
    let today = visitor.desk.today();
    let first = visitor.read(move |app| app.findings_by_key(&keys, today)).await?;
    let frame = visitor.frame("today").await?;
    page(&TodayPage { frame, open: board.open().count(), first })
}
