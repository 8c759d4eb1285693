//! あいまいな機器: two devices beside each other. Are they one?

use app::{IdentityDecisionView, PairView, QueueView, SideView};
use askama::Template;
use axum::Form;
use axum::extract::Query;
use domain::{DeviceId, Permission, fold};
use serde::Deserialize;

use super::pager::Pager;
use crate::answer::{Answer, go_and_say, page};
use crate::desk::QUEUE_KEPT;
use crate::frame::Frame;
use crate::guard::Visitor;
use crate::problem::Problem;
use crate::routes::{Access, Route};

/// Pairs on a page.
const EACH: usize = 10;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/queue", Access::May(Permission::Look), show),
        Route::post("/queue/same", Access::May(Permission::Work), same),
        Route::post("/queue/apart", Access::May(Permission::Work), apart),
        Route::post("/queue/undo", Access::May(Permission::Work), undo),
    ]
}

#[derive(Template)]
#[template(path = "queue/page.html")]
struct QueuePage {
    frame: Frame,
    queue: QueueView,
    /// The key of the sentence, and the decision.
    last: Option<(&'static str, IdentityDecisionView)>,
    pager: Pager,
}

/// One field of both.
struct Compared {
    field: &'static str,
    one: String,
    other: String,
    differs: bool,
}

impl QueuePage {
    /// The fields that one of the two has, side by side.
    fn compared(&self, pair: &PairView) -> Vec<Compared> {
        let (one, other) = (self.values(&pair.one), self.values(&pair.other));
        one.into_iter()
            .zip(other)
            .filter(|((_, one), (_, other))| !one.is_empty() || !other.is_empty())
            .map(|((field, one), (_, other))| Compared {
                field,
                differs: !one.is_empty() && !other.is_empty() && fold(&one) != fold(&other),
                one,
                other,
            })
            .collect()
    }

    fn values(&self, side: &SideView) -> Vec<(&'static str, String)> {
        let device = &side.device;
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let joined = |values: Vec<String>| values.join(" · ");
        let cards = || device.interfaces.iter();
        let word = |key: &Option<String>, family: &str| {
            key.as_ref().map_or_else(String::new, |key| self.frame.word(family, key).into_owned())
        };
        let macs = cards().filter_map(|card| {
            let mac = card.mac.as_ref()?;
            Some(match &card.vendor {
                Some(vendor) => format!("{mac} ({vendor})"),
                None => mac.clone(),
            })
        });
        let said = |field: &str| {
            let stated = device.declared.get(field).or_else(|| device.observed.get(field));
            stated.map(|stated| stated.written.clone().unwrap_or_else(|| stated.value.clone()))
        };
        vec![
            ("asset_number", text(&device.asset_number)),
            ("name", text(&device.name)),
            ("kind", word(&device.kind, "kind")),
            ("address", joined(cards().flat_map(|card| card.addresses.clone()).collect())),
            ("mac", joined(macs.collect())),
            ("hostname", joined(cards().flat_map(|card| card.hostnames.clone()).collect())),
            ("maker", text(&device.maker)),
            ("model", text(&device.model)),
            ("serial", text(&said("serial"))),
            (
                "os",
                joined([&device.os, &device.os_version].into_iter().flatten().cloned().collect()),
            ),
            ("location", text(&device.location)),
            ("status", word(&device.status, "status")),
        ]
    }
}

#[derive(Deserialize)]
struct Asked {
    page: Option<usize>,
}

async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Answer {
    let (desk, today) = (&visitor.desk, visitor.desk.today());
    let kept = desk.queue(visitor.who()?.seen, visitor.language).await?;
    let pager = Pager::new(asked.page.unwrap_or(1), kept.total, EACH, "/queue".to_owned());
    let skip = pager.skip();
    let (queue, last) = visitor
        .read(move |app| {
            let queue = if skip + EACH <= QUEUE_KEPT {
                let pairs = kept.pairs.iter().skip(skip).take(EACH).cloned().collect();
                QueueView { total: kept.total, pairs }
            } else {
                app.queue_in_full(skip, EACH, today)?
            };
            Ok((queue, app.last_identity_decision()?))
        })
        .await?;
    let last = last.map(|last| {
        let key =
            if last.verdict == "same" { "web.queue.said_same" } else { "web.queue.said_not_same" };
        (key, last)
    });
    let frame = visitor.frame("queue").await?;
    page(&QueuePage { frame, queue, last, pager })
}

#[derive(Deserialize)]
struct Pair {
    one: String,
    other: String,
}

impl Pair {
    fn ids(&self) -> Result<(DeviceId, DeviceId), Problem> {
        let id = |text: &str| text.parse().map_err(|_| Problem::bad_form());
        Ok((id(&self.one)?, id(&self.other)?))
    }
}

async fn same(visitor: Visitor, Form(pair): Form<Pair>) -> Answer {
    let (one, other) = pair.ids()?;
    visitor.change(move |app, act| app.merge(one, other, act)).await?;
    go_and_say("/queue", "same")
}

async fn apart(visitor: Visitor, Form(pair): Form<Pair>) -> Answer {
    let (one, other) = pair.ids()?;
    visitor.change(move |app, act| app.keep_apart(one, other, act)).await?;
    go_and_say("/queue", "apart")
}

async fn undo(visitor: Visitor) -> Answer {
    visitor.change(app::App::undo_identity).await?;
    go_and_say("/queue", "identity_undone")
}
