//! この日の変化: why a number is another than the day before.

use app::ChangesView;
use askama::Template;
use axum::extract::Query;
use domain::{Permission, msg};
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;

use crate::answer::{Answer, page};
use crate::frame::Frame;
use crate::guard::Visitor;
use crate::problem::Problem;
use crate::routes::{Access, Route};

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/changes", Access::May(Permission::Look), show)]
}

#[derive(Template)]
#[template(path = "changes/page.html")]
struct ChangesPage {
    frame: Frame,
    day: Date,
    before: Date,
    after: Option<Date>,
    lede: String,
    changes: ChangesView,
}

impl ChangesPage {
    /// The time of day.
    fn clock(&self, at: &str) -> String {
        let moment = self.frame.moment(at);
        moment.split_once(' ').map_or(moment.clone(), |(_, clock)| clock.to_owned())
    }
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    day: String,
}

async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Answer {
    let today = visitor.desk.today();
    let day = match asked.day.as_str() {
        "" => today,
        written => written.parse().map_err(|_| Problem::bad_form())?,
    };
    let board = visitor.desk.board(visitor.who()?.seen).await?;
    let reader = visitor.reader();
    let changes = visitor.read(move |app| app.changes(day, &board, today, reader)).await?;
    let before = day.saturating_sub(1.day());
    let after = Some(day.saturating_add(1.day())).filter(|after| *after <= today);
    let frame = visitor.frame("rules").await?;
    let (new, gone) = (changes.new_count, changes.gone_count);
    let lede = frame.say(&msg!("web.changes.lede", day = day, new = new, gone = gone));
    page(&ChangesPage { frame, day, before, after, lede, changes })
}
