//! The first start: who opens the link that stands on the terminal names the hospital and makes the first account.

use app::NewAccount;
use askama::Template;
use axum::Form;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::{Role, msg};
use serde::Deserialize;

use crate::answer::{Answer, go, page};
use crate::frame::Frame;
use crate::guard::{Visitor, session_cookie, set_cookie};
use crate::problem::Problem;
use crate::routes::{Access, Route};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/start/{token}", Access::Open, show),
        Route::post("/start/{token}", Access::Open, found),
    ]
}

#[derive(Template)]
#[template(path = "start/page.html")]
struct StartPage {
    frame: Frame,
    typed: FirstForm,
    problem: Option<String>,
    least: usize,
}

/// What the form of the first start holds.
#[derive(Debug, Clone, Default, Deserialize)]
struct FirstForm {
    facility: String,
    name: String,
    login: String,
    password: String,
    again: String,
}

async fn show(visitor: Visitor, Path(token): Path<String>) -> Answer {
    check(&visitor, &token)?;
    let frame = visitor.plain_frame("").await?;
    page(&StartPage {
        frame,
        typed: FirstForm::default(),
        problem: None,
        least: app::LEAST_PASSWORD,
    })
}

async fn found(
    visitor: Visitor,
    Path(token): Path<String>,
    Form(typed): Form<FirstForm>,
) -> Answer {
    check(&visitor, &token)?;
    let made = if typed.password == typed.again {
        let form = typed.clone();
        let new = NewAccount {
            login: form.login.trim().to_owned(),
            name: form.name,
            role: Role::Administrator,
            ends: None,
        };
        visitor.change(move |app, act| app.found(&form.facility, &new, &form.password, act)).await
    } else {
        Err(Problem::new(StatusCode::CONFLICT, msg!("web.password_differs")))
    };
    match made {
        Ok(()) => {
            visitor.desk.end_start();
            begin(&visitor, typed.login.trim(), "/")
        }
        Err(problem) => {
            let frame = visitor.plain_frame("").await?;
            let problem = Some(frame.say(&problem.message));
            page(&StartPage { frame, typed, problem, least: app::LEAST_PASSWORD })
        }
    }
}

fn check(visitor: &Visitor, token: &str) -> Result<(), Problem> {
    if visitor.desk.is_start(token) {
        return Ok(());
    }
    Err(Problem::new(StatusCode::NOT_FOUND, msg!("web.problem.start_over")))
}

/// Begins a session for `login`, and goes on to `to`.
pub(super) fn begin(visitor: &Visitor, login: &str, to: &str) -> Answer {
    let desk = &visitor.desk;
    let token = desk
        .sessions()
        .begin(login, &visitor.from, &visitor.browser, desk.now())
        .map_err(|_| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, msg!("app.no_randomness")))?;
    let mut response: Response = go(to)?.into_response();
    let cookie = set_cookie(desk, session_cookie(desk), Some(&token), true);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}
