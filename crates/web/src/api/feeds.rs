//! Vulnerability data: what is at hand, bringing more, and what came of it.
//!
//! Who made a bundle is confirmed on the page alone: a person compares a number with one that its maker tells, which no script can do.

use app::{AppError, DeliveryIntake, DeliveryView, FeedFileView, FeedsView};
use axum::extract::multipart::Multipart;
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::http::header;
use domain::{Permission, msg};
use schemars::JsonSchema;
use serde::Serialize;

use super::call::{Call, bad};
use super::operation::{Kind, Operation, Param};
use super::upload::Whole;
use crate::answer::Answer;
use crate::receive;

pub(super) fn operations() -> Vec<Operation> {
    let (path, deliveries) = ("/api/v1/feeds", "/api/v1/feeds/deliveries");
    const NAME: Param = Param::of("name", Kind::Text);
    vec![
        Operation::get::<FeedsView, _, _>("feeds", path, feeds),
        Operation::post::<FeedDeliveryView, _, _>("feeds_bring", path, Permission::Keep, bring)
            .asking(&[NAME])
            .taking_files(),
        Operation::get::<FeedDeliveries, _, _>("feed_deliveries", deliveries, list),
    ]
}

/// Vulnerability data that was brought.
#[derive(Serialize, JsonSchema)]
struct FeedDeliveries {
    /// What was brought, the newest first; what is over is told of for thirty days.
    deliveries: Vec<FeedDeliveryView>,
}

/// Vulnerability data that was brought at once, and what came of it.
#[derive(Serialize, JsonSchema)]
struct FeedDeliveryView {
    /// Its id.
    id: String,
    /// The name of who brought it.
    name: String,
    /// When (RFC 3339, UTC).
    at: String,
    /// `waiting`, `unknown_key`, `stopped`, `taken` or `refused`.
    state: String,
    /// The first file that was brought.
    first: String,
    /// How many files were brought.
    count: usize,
    /// How many bytes.
    size: u64,
    /// The number of the key that signed it, where nobody here has confirmed that key: an administrator does, on the page.
    fingerprint: Option<String>,
    /// Why it was refused, or the work on it broke off.
    trouble: Option<String>,
    /// What should be known of the whole.
    warnings: Vec<String>,
    /// What came of its files, those that were refused first.
    files: Vec<FeedFileView>,
    /// How many more there are.
    untold: usize,
}

impl From<DeliveryView> for FeedDeliveryView {
    fn from(view: DeliveryView) -> Self {
        Self {
            id: view.id,
            name: view.name,
            at: view.at.to_string(),
            state: view.state.key().to_owned(),
            first: view.first,
            count: view.count,
            size: view.size,
            fingerprint: view.fingerprint,
            trouble: view.trouble,
            warnings: view.warnings,
            files: view.files,
            untold: view.untold,
        }
    }
}

async fn feeds(call: Call) -> Answer {
    let now = call.visitor.desk.now();
    call.answer(move |app| app.feeds(now)).await
}

async fn list(call: Call) -> Answer {
    call.answer_by_content(|app| {
        let deliveries = app.deliveries()?.into_iter().map(FeedDeliveryView::from).collect();
        Ok(FeedDeliveries { deliveries })
    })
    .await
}

/// Takes files as they come, as the page does, and has them taken in beside the answers.
async fn bring(call: Call, mut request: Request) -> Answer {
    // What comes is bounded piece by piece as it is written down.
    DefaultBodyLimit::disable().apply(&mut request);
    let headers = request.headers().clone();
    let media = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let id = if media.is_some_and(|media| media.starts_with("multipart/")) {
        let form = Multipart::from_request(request, &()).await;
        receive::receive::<DeliveryIntake>(&call.visitor, &headers, form).await?
    } else {
        let name = call.text("name").ok_or_else(|| bad(msg!("web.api.name_needed")))?.to_owned();
        let body = Whole(request.into_body());
        receive::receive_file::<DeliveryIntake>(&call.visitor, &headers, name, body).await?
    };
    call.visitor.desk.jobs().ring_for_delivery();
    call.reply(move |app| {
        let mut deliveries = app.deliveries()?.into_iter();
        let own = deliveries.find(|delivery| delivery.id == id);
        own.map(FeedDeliveryView::from).ok_or(AppError::NoDelivery)
    })
    .await
}
