//! さがす: anything by what a person types, from any page.

use app::LookupView;
use askama::Template;
use axum::extract::Query;
use domain::Permission;
use serde::Deserialize;

use crate::answer::{Answer, go, page};
use crate::frame::Frame;
use crate::guard::Visitor;
use crate::routes::{Access, Route};

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/search", Access::May(Permission::Look), show)]
}

#[derive(Template)]
#[template(path = "search/page.html")]
struct SearchPage {
    frame: Frame,
    q: String,
    found: Option<LookupView>,
    nothing: bool,
}

#[derive(Debug, Default, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
}

async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Answer {
    let q = asked.q.trim().to_owned();
    if q.is_empty() {
        let frame = visitor.frame("search").await?;
        return page(&SearchPage { frame, q, found: None, nothing: false });
    }
    let seen = visitor.who()?.seen;
    let (board, lists) = (visitor.desk.board(seen).await?, visitor.desk.lists(seen).await?);
    let roll = visitor.desk.roll(seen).await?;
    let (typed, reader) = (q.clone(), (visitor.reader(), visitor.desk.today()));
    let found = visitor.read(move |app| app.look_up(&typed, &board, &lists, &roll, reader)).await?;
    // A number, an address or a card names one device: there is nothing to choose.
    if let Some(id) = found.exact.as_ref().filter(|_| found.device_count <= 1 || is_exact(&q)) {
        return go(&format!("/devices/{id}"));
    }
    let nothing = found.exact.is_none()
        && found.devices.is_empty()
        && found.findings.is_empty()
        && found.rules.is_empty()
        && found.imports.is_empty()
        && found.notices.is_empty()
        && [&found.zones, &found.systems, &found.departments].iter().all(|names| names.is_empty())
        && found.lines.is_empty();
    let frame = visitor.frame("search").await?;
    page(&SearchPage { frame, q, found: Some(found), nothing })
}

/// Whether what was typed names a device by its own nature: an id, an address, a card or a number.
fn is_exact(typed: &str) -> bool {
    typed.parse::<domain::DeviceId>().is_ok()
        || typed.parse::<std::net::IpAddr>().is_ok()
        || typed.parse::<domain::MacAddress>().is_ok()
        || typed.bytes().any(|byte| byte.is_ascii_digit())
}
