//! The pages, one file or folder for each question they answer.

mod changes;
mod chart;
mod devices;
mod feeds;
pub(crate) mod findings;
mod form;
mod imports;
mod inquiries;
mod labels;
mod login;
mod me;
mod network;
mod notices;
mod pager;
mod parts;
mod planned_changes;
mod queue;
mod rules;
mod search;
mod settings;
mod start;
mod stocktake;
mod systems;
mod table;
mod today;
mod vex;
mod weaknesses;
mod writings;

use askama::Template;
use axum::Json;
use axum::http::header;
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;

use crate::frame::Frame;
use crate::guard::Visitor;
use crate::problem::Problem;
use crate::routes::Route;

/// The routes of every page.
pub(crate) fn routes() -> Vec<Route> {
    [
        start::routes(),
        login::routes(),
        me::routes(),
        today::routes(),
        [
            chart::routes(),
            queue::routes(),
            rules::routes(),
            findings::routes(),
            network::routes(),
            systems::routes(),
            search::routes(),
            changes::routes(),
            imports::routes(),
            settings::routes(),
            devices::routes(),
            labels::routes(),
            stocktake::routes(),
            weaknesses::routes(),
            writings::routes(),
            feeds::routes(),
            parts::routes(),
            vex::routes(),
            inquiries::routes(),
            notices::routes(),
            planned_changes::routes(),
        ]
        .into_iter()
        .flatten()
        .collect(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The answer where there is no page.
pub(crate) async fn nowhere() -> Problem {
    Problem::no_page()
}

#[derive(Template)]
#[template(path = "problem/page.html")]
struct ProblemPage {
    frame: Frame,
    message: String,
}

/// A problem as a page: what it is, and what to do.
pub(crate) fn problem(visitor: &Visitor, frame: Frame, problem: &Problem) -> Response {
    let message = visitor.app().catalogue().say(&problem.message);
    match (ProblemPage { frame, message: message.clone() }).render() {
        Ok(html) => (problem.status, Html(html)).into_response(),
        Err(_) => {
            let plain = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
            (problem.status, plain, message).into_response()
        }
    }
}

/// A problem for scripts.
pub(crate) fn problem_json(visitor: &Visitor, problem: &Problem) -> Response {
    let message = visitor.app().catalogue().say(&problem.message);
    let body = json!({ "error": message, "key": problem.message.key });
    (problem.status, Json(body)).into_response()
}
