//! お知らせ: what was sent round, which devices it means, and what was answered.
//!
//! Every page says who reads ([`Visitor::reader`]); what the reader may not know of is not there.

mod steps;
mod write;

use app::{AppError, MOST_NOTICE_BYTES, MatterStepView, NoticeTriageView, NoticeView};
use askama::Template;
use axum::extract::{DefaultBodyLimit, Path, Query};
use axum::handler::Handler;
use domain::{Message, Permission, Role};
use jiff::civil::Date;

use super::devices::Pairs;
use super::form::{number, typed};
use super::table::{Asked, Cell, Tab, Table, tabs};
use super::weaknesses::TABS;
use crate::answer::{Answer, download, page};
use crate::frame::Frame;
use crate::guard::Visitor;
use crate::routes::{Access, Route};

/// The largest form that is taken: a file, and the fields beside it.
const MOST_FORM: usize = MOST_NOTICE_BYTES + (1 << 20);

pub(super) fn routes() -> Vec<Route> {
    let (look, work) = (Access::May(Permission::Look), Access::May(Permission::Work));
    let take = write::take.layer(DefaultBodyLimit::max(MOST_FORM));
    let mail = write::mail.layer(DefaultBodyLimit::max(MOST_FORM));
    vec![
        Route::get("/notices", look, list),
        Route::get("/notices.csv", look, table),
        Route::get("/notices/new", work, write::new),
        Route::post("/notices/new", work, take),
        Route::post("/notices/mail", work, mail),
        Route::get("/notices/{number}", look, one),
        Route::get("/notices/{number}/file", look, file),
        Route::post("/notices/{number}/triage", work, steps::triage),
        Route::post("/notices/{number}/device", work, steps::device),
        Route::post("/notices/{number}/none", work, steps::none),
        Route::post("/notices/{number}/answer", work, steps::answer),
        Route::post("/notices/{number}/due", work, steps::due),
        Route::post("/notices/{number}/embargo", work, steps::embargo),
        Route::post("/notices/{number}/lift", work, steps::lift),
        Route::post("/notices/{number}/withdraw", work, steps::withdraw),
    ]
}

#[derive(Template)]
#[template(path = "notices/list.html")]
struct ListPage {
    frame: Frame,
    tabs: Vec<Tab>,
    q: String,
    /// What is under embargo and the reader may see: it stands apart, and is not printed.
    sealed: Table,
    open: Table,
}

const COLUMNS: [&str; 7] = [
    "column.notice",
    "column.notice_state",
    "column.notice_sender",
    "column.notice_title",
    "column.notice_sent",
    "column.notice_due",
    "column.notice_meant",
];

async fn list(visitor: Visitor, Query(asked): Query<Asked>) -> Answer {
    let (today, reader) = (visitor.desk.today(), visitor.reader());
    let notices = visitor.read(move |app| app.notices(reader, today)).await?;
    let frame = visitor.frame("weaknesses").await?;
    let table = |is_sealed: bool| {
        let of = notices.iter().filter(|notice| notice.embargo.is_some() == is_sealed);
        Table::of("notices", &COLUMNS, of.map(|notice| cells(&frame, notice)), &asked.q)
    };
    let (sealed, open) = (table(true), table(false));
    page(&ListPage { tabs: tabs(&TABS, "notices"), q: asked.q, sealed, open, frame })
}

fn cells(frame: &Frame, notice: &NoticeView) -> Vec<Cell> {
    let mark = if notice.late { "▲ " } else { "" };
    let state = frame.word("notice_state", &notice.state);
    let meant = match &notice.none_of_ours {
        Some(_) => Cell::text(frame.t("web.notices.none_of_ours")),
        None => Cell::lines(notice.meant.iter().map(|meant| meant.label.as_str())),
    };
    vec![
        Cell::link(notice.number.to_string(), format!("/notices/{}", notice.number)),
        Cell::text(format!("{mark}{state}")),
        Cell::text(&notice.name),
        Cell::link(&notice.title, format!("/notices/{}", notice.number)),
        Cell::text(frame.day(&notice.sent)),
        Cell::text(notice.due.as_ref().map(|due| frame.day(due)).unwrap_or_default()),
        meant,
    ]
}

/// The list as a file: what is under embargo is not in it, whoever asks.
async fn table(visitor: Visitor) -> Answer {
    let today = visitor.desk.today();
    let bytes = visitor.read(move |app| app.notices_as_table(today)).await?;
    let name = visitor.app().catalogue().text("web.notices.export_name").into_owned();
    download(&format!("{name}_{today}.csv"), "text/csv; charset=utf-8", bytes)
}

#[derive(Template)]
#[template(path = "notices/page.html")]
struct NoticePage {
    frame: Frame,
    notice: NoticeView,
    triage: NoticeTriageView,
    /// What somebody else did since the person looked.
    news: Vec<MatterStepView>,
    problem: Option<String>,
    /// What was typed into the form that was not taken.
    typed: Pairs,
}

impl NoticePage {
    fn is(&self, states: &[&str]) -> bool {
        states.contains(&self.notice.state.as_str())
    }

    /// What stands in the field `name`: what was typed, else `otherwise`.
    fn value<'v>(&'v self, name: &str, otherwise: &'v str) -> &'v str {
        typed(&self.typed, name, otherwise)
    }

    /// The answer in the row of a thing.
    fn verdict<'v>(&'v self, row: &usize, thing: &'v app::NoticeThingView) -> &'v str {
        self.value(&format!("verdict.{row}"), thing.verdict.as_deref().unwrap_or_default())
    }

    fn is_reader(&self, role: &str) -> bool {
        self.notice.embargo.iter().flat_map(|embargo| &embargo.roles).any(|known| known == role)
    }

    fn readers(&self) -> String {
        let roles = self.notice.embargo.iter().flat_map(|embargo| &embargo.roles);
        let named: Vec<String> = roles.map(|role| self.frame.word("role", role).into()).collect();
        named.join(", ")
    }

    fn works(&self) -> bool {
        self.frame.may("work") && !self.is(&["withdrawn"])
    }
}

/// Every role, by key.
fn roles() -> impl Iterator<Item = &'static str> {
    Role::ALL.iter().map(|role| role.key())
}

async fn one(visitor: Visitor, Path(id): Path<String>) -> Answer {
    show(&visitor, number(&id)?, None, Pairs::new(), None).await
}

/// The page of a notice; with what is new since step `seen`, where somebody else was quicker.
async fn show(
    visitor: &Visitor,
    number: u32,
    seen: Option<u32>,
    typed: Pairs,
    problem: Option<Message>,
) -> Answer {
    let (notice, triage) = read(visitor, number).await?;
    let frame = visitor.frame("weaknesses").await?;
    let problem = problem.map(|message| frame.say(&message));
    let news = notice.history.iter().filter(|step| seen.is_some_and(|seen| step.step > seen));
    page(&NoticePage { news: news.cloned().collect(), frame, notice, triage, problem, typed })
}

async fn read(
    visitor: &Visitor,
    number: u32,
) -> Result<(NoticeView, NoticeTriageView), crate::problem::Problem> {
    let (today, reader) = (visitor.desk.today(), visitor.reader());
    let book = visitor.desk.weaknesses(visitor.who()?.seen).await?;
    let work = move |app: &app::App| -> Result<_, AppError> {
        let notice = app.notice(number, reader, today)?;
        Ok((notice, app.notice_triage(number, reader, today, &book)?))
    };
    visitor.read(work).await
}

async fn file(visitor: Visitor, Path(id): Path<String>) -> Answer {
    let (number, reader, today): (u32, _, Date) =
        (number(&id)?, visitor.reader(), visitor.desk.today());
    let (name, bytes) = visitor.read(move |app| app.notice_file(number, reader, today)).await?;
    download(&name, "application/octet-stream", bytes)
}
