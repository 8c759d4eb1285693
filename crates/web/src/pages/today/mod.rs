//! 今日の見回り: what to look at first, why, what to do, and who; and the round as it was done and signed.

mod decide;
mod first;
mod rounds;
mod tiles;

use app::{CheckView, FindingView, RoundRowView};
use askama::Template;
use axum::Form;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::{FindingKey, Permission, msg};
use serde::Deserialize;

use crate::answer::{Answer, go_and_say, page};
use crate::frame::Frame;
use crate::guard::Visitor;
use crate::problem::Problem;
use crate::routes::{Access, Route};
use crate::schedule::{Due, due};
use first::Group;
use tiles::{Deadline, Tile, ZoneBar};

/// Findings that are gone, told one by one; the others are a number.
const GONE_TOLD: usize = 8;

pub(super) fn routes() -> Vec<Route> {
    let mut routes = vec![
        Route::get("/", Access::May(Permission::Look), show),
        Route::post("/round", Access::May(Permission::Work), run),
        Route::post("/round/sign", Access::May(Permission::Work), sign),
    ];
    routes.extend(decide::routes());
    routes.extend(rounds::routes());
    routes
}

#[derive(Template)]
#[template(path = "today/page.html")]
struct TodayPage {
    frame: Frame,
    /// The round whose findings are shown.
    round: Option<RoundRowView>,
    /// What it says in one sentence, and what is amiss with the round itself.
    lede: String,
    warnings: Vec<String>,
    /// Notices under embargo that wait, and that this person may know of: no finding tells of them.
    sealed: usize,
    tiles: Vec<Tile>,
    /// Kinds of documents that are missing, by key, the first first.
    missing: Vec<&'static str>,
    nothing_imported: bool,
    groups: Vec<Group>,
    /// Open findings of each severity that are not told, with their number.
    rest: Vec<(&'static str, usize)>,
    gone: Vec<FindingView>,
    gone_more: usize,
    deadlines: Vec<Deadline>,
    zones: Vec<ZoneBar>,
    checks: Vec<CheckView>,
    may_sign: bool,
    note: String,
    problem: Option<String>,
}

async fn show(visitor: Visitor) -> Answer {
    today_page(&visitor, String::new(), None).await
}

async fn today_page(visitor: &Visitor, note: String, problem: Option<Problem>) -> Answer {
    let desk = &visitor.desk;
    let seen = visitor.who()?.seen;
    let morning = desk.morning(seen).await?;
    let (board, vitals, first) = (&morning.board, &morning.vitals, &morning.first);
    let today = desk.today();
    let ending = board.decisions_ending(today);
    let wanted = first.picks.iter().flat_map(|pick| pick.keys.clone());
    let keys: Vec<FindingKey> = wanted
        .chain(ending.iter().take(tiles::DECISIONS_TOLD).filter_map(|end| end.key.parse().ok()))
        .collect();
    let last = board.last_round();
    let reader = visitor.reader();
    let (views, gone, checks, hour, sealed) = visitor
        .read(move |app| {
            let gone = last.map(|day| app.gone_on(day, GONE_TOLD)).transpose()?;
            let checks = last.map(|day| app.checks_of(day)).transpose()?.unwrap_or_default();
            let sealed = app.sealed_notices_waiting(reader, today)?;
            Ok((app.findings_by_key(&keys, today)?, gone, checks, app.round_hour()?, sealed))
        })
        .await?;
    let (gone_count, gone) = gone.unwrap_or_default();
    let frame = visitor.frame("today").await?;
    let status = problem.as_ref().map(|problem| problem.status);
    let shown = page(&TodayPage {
        lede: tiles::lede(&frame, board, vitals),
        warnings: warnings(visitor, &frame, board, vitals, hour),
        tiles: tiles::tiles(&frame, board, vitals),
        sealed,
        missing: tiles::missing(&vitals.sources),
        nothing_imported: vitals.sources.newest.is_none(),
        groups: first::groups(&frame, board, &first.picks, &views),
        rest: first.rest.clone(),
        gone_more: gone_count.saturating_sub(GONE_TOLD),
        gone,
        deadlines: tiles::deadlines(&frame, vitals, &ending, &views),
        zones: tiles::zones(&frame, vitals),
        may_sign: last == Some(today) && frame.may("work"),
        round: board.round(),
        checks,
        note,
        problem: problem.map(|problem| frame.say(&problem.message)),
        frame,
    })?;
    Ok((status.unwrap_or(StatusCode::OK), shown).into_response())
}

/// What is amiss with the round itself: not done today, not to be done, or older than what came in since.
fn warnings(
    visitor: &Visitor,
    frame: &Frame,
    board: &app::Board,
    vitals: &app::Vitals,
    hour: i8,
) -> Vec<String> {
    let desk = &visitor.desk;
    let (now, last) = (desk.now(), board.last_round());
    let mut said = Vec::new();
    match due(now, hour, last) {
        Due::ClockBack(last) => {
            said.push(msg!("web.today.clock_back", last = last, today = desk.today()));
        }
        Due::Later if last != Some(desk.today()) && last.is_some() => {
            said.push(msg!("web.today.before_hour", hour = i64::from(hour)));
        }
        _ => {}
    }
    if let Some((at, why)) = desk.log().round_trouble() {
        let why = frame.say(&why);
        said.push(msg!("web.today.round_trouble", at = app::clock_of(at), why = why));
    }
    let run = board.round().and_then(|round| round.run_at.parse::<jiff::Timestamp>().ok());
    if run.zip(vitals.sources.newest).is_some_and(|(run, newest)| run < newest) {
        said.push(msg!("web.today.imported_since"));
    }
    said.iter().map(|message| frame.say(message)).collect()
}

/// Does the round now.
async fn run(visitor: Visitor) -> Answer {
    let today = visitor.desk.today();
    let nothing = visitor.read(|app| Ok(app.imports()?.is_empty())).await?;
    if nothing {
        return Err(Problem::new(StatusCode::CONFLICT, msg!("web.today.round_of_nothing")));
    }
    visitor.change(move |app, act| app.round(today, act).map(|_| ())).await?;
    go_and_say("/", "round_done")
}

#[derive(Deserialize)]
struct SignForm {
    #[serde(default)]
    note: String,
}

/// Signs today's round.
async fn sign(visitor: Visitor, Form(form): Form<SignForm>) -> Answer {
    let (name, note) = (visitor.who()?.name.clone(), form.note.clone());
    match visitor.change(move |app, act| app.sign_round(&name, &note, act)).await {
        Ok(_) => go_and_say("/", "round_signed"),
        Err(problem) => today_page(&visitor, form.note, Some(problem)).await,
    }
}
