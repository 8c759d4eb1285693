//! 脆弱性の情報: what is at hand, bringing more, what came of it, and whose bundles are taken.

use app::{
    App, DeliveryIntake, DeliveryState, DeliveryView, FeedFileView, FeedSourceView, FeedsView,
    TrustedKeyView,
};
use askama::Template;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::extract::{DefaultBodyLimit, Form, Path, Query};
use axum::handler::Handler;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use domain::{Permission, msg};
use serde::Deserialize;
use serde_json::json;

use super::pager::Pager;
use super::settings::bytes;
use super::table::{Asked, Cell, EACH, Tab, Table, tabs};
use super::weaknesses::{TABS, notice};
use crate::answer::{Answer, go_and_say, page};
use crate::frame::Frame;
use crate::guard::Visitor;
use crate::problem::Problem;
use crate::routes::{Access, Route};

/// Deliveries that are over and still told of.
const TOLD: usize = 5;

/// Files that are told of each of them.
const FILES: usize = 50;

/// Sentences of each kind that are told of one file.
const SENTENCES: usize = 5;

pub(super) fn routes() -> Vec<Route> {
    // The body is bounded piece by piece as it is written down; nothing holds it as a whole.
    let receive = receive.layer(DefaultBodyLimit::disable());
    vec![
        Route::get("/feeds", Access::May(Permission::Look), show),
        Route::post("/feeds", Access::May(Permission::Keep), receive),
        Route::get("/feeds/state", Access::May(Permission::Look), state),
        Route::post("/feeds/keys/forget", Access::May(Permission::Administer), forget),
        Route::post("/feeds/support/withdraw", Access::May(Permission::Keep), withdraw),
        Route::post("/feeds/{id}/confirm", Access::May(Permission::Administer), confirm),
        Route::post("/feeds/{id}/again", Access::May(Permission::Keep), again),
        Route::post("/feeds/{id}/leave", Access::May(Permission::Keep), leave),
    ]
}

#[derive(Template)]
#[template(path = "weaknesses/feeds.html")]
struct FeedsPage {
    frame: Frame,
    tabs: Vec<Tab>,
    /// What must be known before all else: nothing can be judged.
    notice: Option<String>,
    /// What is at hand, in sentences.
    at_hand: Vec<String>,
    /// What waits to be taken in, and how far that is.
    under_way: Vec<DeliveryView>,
    doing: Doing,
    /// What waits for a person.
    asking: Vec<DeliveryView>,
    /// What came of the last deliveries.
    over: Vec<DeliveryView>,
    keys: Vec<TrustedKeyView>,
    /// The files whose support dates are used, each with its day where it has one.
    support: Vec<String>,
    limit: u64,
    q: String,
    table: Table,
    /// How many rows hold what was searched for.
    found: usize,
    pager: Pager,
}

async fn show(visitor: Visitor, Query(asked): Query<Asked>) -> Answer {
    let now = visitor.desk.now();
    let (feeds, deliveries, keys, limit) = visitor
        .read(move |app| {
            let limit = app.delivery_bounds().upload;
            Ok((app.feeds(now)?, app.deliveries()?, app.feed_keys()?, limit))
        })
        .await?;
    let frame = visitor.frame("weaknesses").await?;
    let doing = Doing::of(&visitor, &frame, &deliveries);
    let table = table(&frame, &feeds, &asked.q);
    let found = table.rows.len();
    let pager = asked.pager(&frame, "/feeds", found);
    let rows = table.rows.into_iter().skip(pager.skip()).take(EACH).collect();
    let (over, waiting): (Vec<_>, Vec<_>) =
        deliveries.into_iter().partition(|delivery| delivery.state.is_over());
    let (asking, under_way) = waiting.into_iter().partition(|delivery| delivery.state.is_asking());
    page(&FeedsPage {
        tabs: tabs(&TABS, "feeds"),
        notice: notice(&frame, &feeds.state),
        at_hand: at_hand(&frame, &feeds),
        under_way,
        doing,
        asking,
        over: over.into_iter().take(TOLD).collect(),
        support: support(&frame, &feeds),
        keys,
        limit,
        q: asked.q,
        table: Table { rows, ..table },
        found,
        pager,
        frame,
    })
}

/// How many records were not used: that there were none is said, since it is known.
fn refused(records: u64) -> Cell {
    let mark = if records > 0 { "▲ " } else { "" };
    Cell::text(format!("{mark}{records}"))
}

fn table(frame: &Frame, feeds: &FeedsView, typed: &str) -> Table {
    let moment = |at: &Option<String>| at.as_ref().map(|at| frame.moment(at)).unwrap_or_default();
    let rows = feeds.sources.iter().map(|source| {
        let age = source.age_days.map(|days| frame.t1("cli.feeds.days", "days", days));
        vec![
            Cell::text(frame.word("feed", &source.feed)),
            Cell::text(&source.name),
            Cell::text(source.records.to_string()),
            Cell::text(moment(&source.newest)),
            Cell::text(age.unwrap_or_default()),
            Cell::text(moment(&source.taken_at)),
            refused(source.refused),
        ]
    });
    let columns = [
        "column.feed",
        "column.feed_file",
        "column.records",
        "column.newest",
        "column.age",
        "column.taken_at",
        "column.refused",
    ];
    Table::of("feeds", &columns, rows, typed)
}

/// What is at hand, in sentences; nothing where nothing can be used.
fn at_hand(frame: &Frame, feeds: &FeedsView) -> Vec<String> {
    if feeds.state != "ready" {
        return Vec::new();
    }
    let all = msg!(
        "cli.feeds.at_hand",
        advisories = feeds.advisories,
        vulnerabilities = feeds.vulnerabilities,
        size = bytes(feeds.bytes)
    );
    let age = feeds.age_days.map(|days| frame.say(&msg!("cli.feeds.age", days = days)));
    let at = feeds.imported_at.as_ref();
    let at = at.map(|at| frame.t1("web.feeds.imported", "at", frame.moment(at)));
    [Some(frame.say(&all)), age, at].into_iter().flatten().collect()
}

/// The files whose support dates are used.
fn support(frame: &Frame, feeds: &FeedsView) -> Vec<String> {
    let tables = feeds.sources.iter().filter(|source| source.feed == "endoflife");
    let told = |source: &FeedSourceView| match &source.newest {
        Some(newest) => format!("{} · {}", source.name, frame.moment(newest)),
        None => source.name.clone(),
    };
    tables.map(told).collect()
}

/// How far the work on what waits is.
struct Doing {
    /// What tells one standing from another: the page is read anew when it changes.
    mark: String,
    said: String,
    done: Option<usize>,
    of: Option<usize>,
}

impl Doing {
    fn of(visitor: &Visitor, frame: &Frame, deliveries: &[DeliveryView]) -> Self {
        let waits = |delivery: &&DeliveryView| delivery.state == DeliveryState::Waiting;
        let mark: Vec<&str> =
            deliveries.iter().filter(waits).map(|delivery| delivery.id.as_str()).collect();
        let work = visitor.desk.jobs().delivery();
        Self {
            mark: mark.join(" "),
            said: match &work {
                Some(work) => frame.say(&work.said),
                None => frame.t("web.upload.waiting").into_owned(),
            },
            done: work.as_ref().and_then(|work| work.done),
            of: work.as_ref().and_then(|work| work.done.map(|_| work.of)),
        }
    }
}

/// How far the work is, for our own module.
async fn state(visitor: Visitor) -> Result<Response, Problem> {
    let deliveries = visitor.read(App::deliveries).await?;
    let frame = visitor.plain_frame("weaknesses").await?;
    let Doing { mark, said, done, of } = Doing::of(&visitor, &frame, &deliveries);
    let body = json!({ "state": mark, "done": done, "of": of, "said": said });
    Ok(axum::Json(body).into_response())
}

/// Takes files as they come, and has them taken in beside the pages.
async fn receive(
    visitor: Visitor,
    headers: HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Answer {
    crate::receive::receive::<DeliveryIntake>(&visitor, &headers, form).await?;
    visitor.desk.jobs().ring_for_delivery();
    go_and_say("/feeds", "feeds_brought")
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ConfirmForm {
    fingerprint: String,
    /// Whether the person says that it is the same.
    same: String,
}

async fn confirm(
    visitor: Visitor,
    Path(id): Path<String>,
    Form(form): Form<ConfirmForm>,
) -> Answer {
    if form.same != "yes" {
        let message = msg!("web.feeds.not_compared");
        return Err(Problem::new(StatusCode::CONFLICT, message));
    }
    let act = visitor.desk.act(visitor.actor());
    visitor.read(move |app| app.confirm_delivery(&id, &form.fingerprint, &act)).await?;
    visitor.desk.jobs().ring_for_delivery();
    go_and_say("/feeds", "feeds_confirmed")
}

async fn again(visitor: Visitor, Path(id): Path<String>) -> Answer {
    visitor.read(move |app| app.retry_delivery(&id)).await?;
    visitor.desk.jobs().ring_for_delivery();
    go_and_say("/feeds", "feeds_again")
}

async fn leave(visitor: Visitor, Path(id): Path<String>) -> Answer {
    visitor.read(move |app| app.leave_delivery(&id)).await?;
    go_and_say("/feeds", "feeds_left")
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct KeyForm {
    fingerprint: String,
}

async fn forget(visitor: Visitor, Form(form): Form<KeyForm>) -> Answer {
    visitor.change(move |app, act| app.forget_feed_key(&form.fingerprint, act)).await?;
    go_and_say("/feeds", "feeds_key_forgotten")
}

async fn withdraw(visitor: Visitor) -> Answer {
    visitor.change(App::withdraw_support_dates).await?;
    go_and_say("/feeds", "feeds_support_withdrawn")
}

impl FeedsPage {
    fn size(&self, bytes: &u64) -> String {
        domain::size::in_words(*bytes)
    }

    /// A delivery in a few words: its files and their size.
    fn told(&self, delivery: &DeliveryView) -> String {
        let more = delivery.count.saturating_sub(1);
        let more = (more > 0).then(|| self.frame.t1("web.imports.and_more", "count", more));
        let parts = [Some(delivery.first.clone()), more, Some(bytes(delivery.size))];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    /// Who brought it, and when.
    fn by(&self, delivery: &DeliveryView) -> String {
        let at = self.frame.moment(delivery.at.to_string());
        self.frame.t2("web.upload.by", "name", &delivery.name, "at", at)
    }

    fn files<'v>(&self, delivery: &'v DeliveryView) -> &'v [FeedFileView] {
        delivery.files.get(..FILES).unwrap_or(&delivery.files)
    }

    fn more(&self, delivery: &DeliveryView) -> usize {
        delivery.files.len().saturating_sub(FILES) + delivery.untold
    }

    /// What a file was read as, with how many records of it are used.
    fn read_as(&self, file: &FeedFileView) -> String {
        let format = self.frame.word("feed_format", file.format.as_deref().unwrap_or_default());
        let read = msg!("cli.feeds.file", format = format.into_owned(), records = file.records);
        self.frame.say(&read)
    }

    /// What else is said of a file: what was refused and why, what should be known, and what was left out.
    fn said(&self, file: &FeedFileView) -> Vec<String> {
        let frame = &self.frame;
        let mut said = Vec::new();
        if file.refused > 0 {
            said.push(frame.say(&msg!("cli.feeds.refused", records = file.refused)));
        }
        let reasons = file.refusals.iter().take(SENTENCES);
        said.extend(reasons.chain(file.warnings.iter().take(SENTENCES)).cloned());
        said.extend(file.skipped.iter().map(|(reason, records)| {
            let reason = frame.word("skipped", reason).into_owned();
            frame.say(&msg!("cli.feeds.skipped", reason = reason, records = *records))
        }));
        said
    }

    /// Who confirmed a key, and when its newest bundle was made.
    fn key_told(&self, key: &TrustedKeyView) -> String {
        let (since, newest) = (self.frame.moment(&key.since), self.frame.moment(&key.newest));
        let by = key.by.split_once(':').map_or(key.by.as_str(), |(_, name)| name);
        self.frame.say(&msg!("cli.feeds.key_told", since = since, by = by, newest = newest))
    }
}
