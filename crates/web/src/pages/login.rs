//! Signing in and out, and the language.

use app::SignIn;
use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::extract::rejection::FormRejection;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::{Message, msg};
use reference::Language;
use serde::Deserialize;

use super::start::begin;
use crate::answer::{Answer, go, page};
use crate::frame::Frame;
use crate::guard::{LANGUAGE_COOKIE, Visitor, cookie, session_cookie, set_cookie};
use crate::problem::Problem;
use crate::routes::{Access, Route};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/login", Access::Open, show),
        Route::post("/login", Access::Open, sign_in),
        Route::post("/logout", Access::SignedIn, sign_out),
        Route::post("/language", Access::Open, language),
    ]
}

#[derive(Template)]
#[template(path = "login/page.html")]
struct LoginPage {
    frame: Frame,
    is_new: bool,
    login: String,
    /// The password was right; the code of the second factor is asked for beside it.
    wants_code: bool,
    next: String,
    problem: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

#[derive(Default, Deserialize)]
struct LoginForm {
    login: String,
    password: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
}

async fn show(visitor: Visitor, Query(asked): Query<Next>) -> Answer {
    if visitor.who.is_some() {
        return go("/");
    }
    let is_new = visitor.read(app::App::is_new).await?;
    let frame = visitor.plain_frame("").await?;
    page(&LoginPage {
        frame,
        is_new,
        login: String::new(),
        wants_code: false,
        next: local(&asked.next).to_owned(),
        problem: None,
    })
}

async fn sign_in(visitor: Visitor, form: Result<Form<LoginForm>, FormRejection>) -> Answer {
    let Ok(Form(form)) = form else {
        let (form, why) = (LoginForm::default(), msg!("web.problem.bad_form"));
        return again(&visitor, &form, "", why, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let login = form.login.trim().to_lowercase();
    let desk = &visitor.desk;
    if let Some(wait) = desk.throttle().wait(&visitor.from, &login, desk.now()) {
        let why = msg!("web.login.wait", minutes = minutes(wait));
        return again(&visitor, &form, &login, why, StatusCode::TOO_MANY_REQUESTS).await;
    }
    let code = Some(form.code.trim().to_owned()).filter(|code| !code.is_empty());
    let (asked, password, given) = (login.clone(), form.password.clone(), code.clone());
    let act = desk.act(format!("user:{login}"));
    let outcome =
        visitor.read(move |app| app.sign_in(&asked, &password, given.as_deref(), &act)).await?;
    match outcome {
        SignIn::In(account) => {
            desk.throttle().right(&visitor.from, &login);
            begin(&visitor, &account.login, local(&form.next))
        }
        SignIn::CodeNeeded => {
            let why = msg!("web.login.code_needed");
            again(&visitor, &form, &login, why, StatusCode::UNAUTHORIZED).await
        }
        SignIn::Refused => refuse(&visitor, &form, &login, code.is_some()).await,
    }
}

async fn refuse(visitor: &Visitor, form: &LoginForm, login: &str, with_code: bool) -> Answer {
    let desk = &visitor.desk;
    let must_wait = desk.throttle().wrong(&visitor.from, login, desk.now());
    let what = if must_wait { "login.locked" } else { "login.refused" };
    let (name, from) = (login.to_owned(), visitor.from.clone());
    visitor.change(move |app, act| app.note_login(what, &name, &from, act)).await?;
    let message = match (must_wait, with_code) {
        (true, _) => msg!("web.login.locked"),
        (false, true) => msg!("web.login.refused_code"),
        (false, false) => msg!("web.login.refused"),
    };
    again(visitor, form, login, message, StatusCode::UNAUTHORIZED).await
}

/// What is asked of who is not let in: a form to be filled in. Every 401 names a challenge (RFC 9110, 15.5.2), and browsers ask nothing
/// themselves for one that they do not know.
const CHALLENGE: &str = "Form";

/// The form again, with why: so that who only looks at the status, such as a guard against guessing, knows that nobody was let in.
async fn again(
    visitor: &Visitor,
    form: &LoginForm,
    login: &str,
    why: Message,
    status: StatusCode,
) -> Answer {
    let frame = visitor.plain_frame("").await?;
    let problem = Some(frame.say(&why));
    let wants_code = why.key == "web.login.code_needed" || !form.code.is_empty();
    let mut response = page(&LoginPage {
        frame,
        is_new: false,
        login: login.to_owned(),
        wants_code,
        next: local(&form.next).to_owned(),
        problem,
    })?;
    *response.status_mut() = status;
    if status == StatusCode::UNAUTHORIZED {
        response
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(CHALLENGE));
    }
    Ok(response)
}

fn minutes(wait: jiff::SignedDuration) -> i64 {
    wait.as_mins() + 1
}

async fn sign_out(visitor: Visitor, headers: HeaderMap) -> Answer {
    let desk = &visitor.desk;
    if let Some(token) = cookie(&headers, session_cookie(desk)) {
        desk.sessions().end(token);
    }
    let (login, from) = (visitor.who()?.login.clone(), visitor.from.clone());
    visitor.change(move |app, act| app.note_login("logout", &login, &from, act)).await?;
    let mut response: Response = go("/login")?.into_response();
    let cookie = set_cookie(desk, session_cookie(desk), None, true);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

#[derive(Deserialize)]
struct LanguageForm {
    language: String,
    #[serde(default)]
    next: String,
}

async fn language(visitor: Visitor, Form(form): Form<LanguageForm>) -> Answer {
    let language = Language::from_code(&form.language).ok_or_else(Problem::bad_form)?;
    let mut response: Response = go(local(&form.next))?.into_response();
    let cookie = set_cookie(&visitor.desk, LANGUAGE_COOKIE, Some(language.code()), true);
    response.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(response)
}

/// `next` where it leads to a page of ours; else the first page. `//host` and `/\host` would lead away.
pub(super) fn local(next: &str) -> &str {
    let is_path = next.starts_with('/') && !next.starts_with("//") && !next.starts_with("/login");
    let is_plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_path && is_plain { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_away() {
        assert_eq!(local("/devices?q=ct%201"), "/devices?q=ct%201");
        for away in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "javascript:1",
            "/a\r\nb",
            "/login?next=/",
        ] {
            assert_eq!(local(away), "/", "{away}");
        }
    }
}
