//! What a person does with the own account: the password, the second factor, and where one is signed in.

use askama::Template;
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use domain::msg;
use qrcodegen::{QrCode, QrCodeEcc};
use serde::Deserialize;

use crate::answer::{Answer, go_and_say, page};
use crate::frame::Frame;
use crate::guard::{Visitor, Who};
use crate::problem::Problem;
use crate::routes::{Access, Route};
use crate::sessions::Session;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/me", Access::SignedIn, show),
        Route::get("/me/password", Access::SignedIn, password),
        Route::post("/me/password", Access::SignedIn, change_password),
        Route::get("/me/second-factor", Access::SignedIn, factor),
        Route::post("/me/second-factor", Access::SignedIn, enrol),
        Route::post("/me/sessions/{id}/end", Access::SignedIn, end),
    ]
}

#[derive(Template)]
#[template(path = "me/page.html")]
struct MePage {
    frame: Frame,
    who: Who,
    sessions: Vec<Session>,
}

#[derive(Template)]
#[template(path = "me/password.html")]
struct PasswordPage {
    frame: Frame,
    must_change: bool,
    least: usize,
    problem: Option<String>,
}

#[derive(Template)]
#[template(path = "me/factor.html")]
struct FactorPage {
    frame: Frame,
    has_one: bool,
    secret: String,
    /// The squares of the picture that authenticators read, as one SVG path; and its side.
    picture: String,
    side: i32,
    problem: Option<String>,
}

#[derive(Template)]
#[template(path = "me/codes.html")]
struct CodesPage {
    frame: Frame,
    codes: Vec<String>,
}

async fn show(visitor: Visitor) -> Answer {
    let who = visitor.who()?.clone();
    let mut sessions = visitor.desk.sessions().all(visitor.desk.now());
    sessions.retain(|session| session.login == who.login);
    let frame = visitor.frame("me").await?;
    page(&MePage { frame, who, sessions })
}

async fn password(visitor: Visitor) -> Answer {
    password_page(&visitor, None).await
}

async fn password_page(visitor: &Visitor, problem: Option<Problem>) -> Answer {
    let frame = visitor.frame("me").await?;
    let problem = problem.map(|problem| frame.say(&problem.message));
    let must_change = visitor.who()?.must_change;
    page(&PasswordPage { frame, must_change, least: app::LEAST_PASSWORD, problem })
}

#[derive(Deserialize)]
struct PasswordForm {
    old: String,
    new: String,
    again: String,
}

async fn change_password(visitor: Visitor, Form(form): Form<PasswordForm>) -> Answer {
    if form.new != form.again {
        let differs = Problem::new(StatusCode::CONFLICT, msg!("web.password_differs"));
        return password_page(&visitor, Some(differs)).await;
    }
    let who = visitor.who()?;
    let login = who.login.clone();
    let changed = visitor
        .change(move |app, act| app.change_password(&login, &form.old, &form.new, act))
        .await;
    match changed {
        Ok(()) => {
            // Whoever had the old password is out.
            visitor.desk.sessions().end_others(&who.login, who.session.as_deref());
            go_and_say(if who.must_change { "/" } else { "/me" }, "password")
        }
        Err(problem) => password_page(&visitor, Some(problem)).await,
    }
}

async fn factor(visitor: Visitor) -> Answer {
    let login = visitor.who()?.login.clone();
    let enrolment = visitor.read(move |app| app.begin_enrolment(&login)).await?;
    factor_page(&visitor, enrolment.secret, &enrolment.uri, None).await
}

async fn factor_page(
    visitor: &Visitor,
    secret: String,
    uri: &str,
    problem: Option<Problem>,
) -> Answer {
    let frame = visitor.frame("me").await?;
    let (picture, side) = squares(uri);
    let problem = problem.map(|problem| frame.say(&problem.message));
    let has_one = visitor.who()?.has_second_factor;
    page(&FactorPage { frame, has_one, secret, picture, side, problem })
}

#[derive(Deserialize)]
struct FactorForm {
    secret: String,
    code: String,
}

async fn enrol(visitor: Visitor, Form(form): Form<FactorForm>) -> Answer {
    let login = visitor.who()?.login.clone();
    let (secret, code) = (form.secret.clone(), form.code);
    let enrolled = visitor.change(move |app, act| app.enrol(&login, &secret, &code, act)).await;
    match enrolled {
        Ok(codes) => {
            let frame = visitor.frame("me").await?;
            page(&CodesPage { frame, codes })
        }
        Err(problem) => {
            let login = visitor.who()?.login.clone();
            let secret = form.secret.clone();
            let uri = visitor.read(move |app| app.enrolment_uri(&login, &secret)).await?;
            factor_page(&visitor, form.secret, &uri, Some(problem)).await
        }
    }
}

async fn end(visitor: Visitor, Path(id): Path<String>) -> Answer {
    let who = visitor.who()?;
    if !visitor.desk.sessions().end_one(&who.login, &id) {
        return Err(Problem::no_page());
    }
    go_and_say("/me", "session_ended")
}

/// The dark squares of a QR code as one path, and how many squares a side has with the margin that readers need.
pub(crate) fn squares(text: &str) -> (String, i32) {
    const MARGIN: i32 = 4;
    let Ok(code) = QrCode::encode_text(text, QrCodeEcc::Medium) else { return (String::new(), 1) };
    let side = 0..code.size();
    let dark = side.clone().flat_map(|y| side.clone().map(move |x| (x, y)));
    let path = dark
        .filter(|(x, y)| code.get_module(*x, *y))
        .map(|(x, y)| format!("M{} {}h1v1h-1z", x + MARGIN, y + MARGIN))
        .collect();
    (path, code.size() + 2 * MARGIN)
}
