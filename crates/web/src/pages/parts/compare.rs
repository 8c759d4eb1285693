//! What changed from one parts list to another.

use app::{PartChangeView, PartsComparisonView, PartsListView};
use askama::Template;
use axum::extract::Query;
use domain::ImportId;

use super::{Two, title};
use crate::answer::{Answer, page};
use crate::frame::Frame;
use crate::guard::Visitor;

/// Components of one kind that are shown; the command and the interface give all of them.
const MOST: usize = 1_000;

#[derive(Template)]
#[template(path = "parts/compare.html")]
struct ComparePage {
    frame: Frame,
    view: PartsComparisonView,
    /// How many were left off.
    more: usize,
}

impl ComparePage {
    fn name_of(&self, list: &PartsListView) -> String {
        title(list)
    }

    /// The sign and the word for where a version went.
    fn turn(&self, change: &PartChangeView) -> String {
        let key = change.turn.as_deref().unwrap_or("licence");
        let sign = match key {
            "up" => "↑ ",
            "down" => "▲ ↓ ",
            _ => "",
        };
        format!("{sign}{}", self.frame.word("parts_change", key))
    }
}

pub(super) async fn show(visitor: Visitor, Query(two): Query<Two>) -> Answer {
    let book = visitor.desk.weaknesses(visitor.who()?.seen).await?;
    let (old, new) = (ImportId(two.old), ImportId(two.new));
    let mut view = visitor.read(move |app| app.compare_parts(old, new, &book)).await?;
    let frame = visitor.frame("weaknesses").await?;
    let all = view.added.len() + view.removed.len() + view.changed.len();
    view.added.truncate(MOST);
    view.removed.truncate(MOST);
    view.changed.truncate(MOST);
    let more = all - view.added.len() - view.removed.len() - view.changed.len();
    page(&ComparePage { frame, view, more })
}
