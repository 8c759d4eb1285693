//! Accounts of people, and where they are signed in.

use app::{AccountView, NewAccount};
use askama::Template;
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::{Permission, Role, msg};
use jiff::civil::Date;
use serde::Deserialize;

use super::{Tab, tabs};
use crate::answer::{Answer, go_and_say, page};
use crate::frame::Frame;
use crate::guard::Visitor;
use crate::problem::Problem;
use crate::routes::{Access, Route};
use crate::sessions::Session;

pub(super) fn routes() -> Vec<Route> {
    let access = Access::May(Permission::Administer);
    vec![
        Route::get("/settings/users", access, list),
        Route::post("/settings/users", access, add),
        Route::get("/settings/users/{login}", access, show),
        Route::post("/settings/users/{login}", access, change),
        Route::post("/settings/users/{login}/reset", access, reset),
        Route::get("/settings/sessions", access, sessions),
        Route::post("/settings/sessions/{id}/end", access, end),
    ]
}

#[derive(Template)]
#[template(path = "settings/users.html")]
struct UsersPage {
    frame: Frame,
    tabs: Vec<Tab>,
    tab: &'static str,
    accounts: Vec<AccountView>,
    roles: Vec<&'static str>,
    typed: AccountForm,
    without_factor: usize,
    problem: Option<String>,
}

#[derive(Template)]
#[template(path = "settings/user.html")]
struct UserPage {
    frame: Frame,
    tabs: Vec<Tab>,
    tab: &'static str,
    account: AccountView,
    roles: Vec<&'static str>,
    typed: AccountForm,
    problem: Option<String>,
}

/// A secret that is shown once.
#[derive(Template)]
#[template(path = "settings/once.html")]
pub(super) struct OncePage {
    pub(super) frame: Frame,
    pub(super) tabs: Vec<Tab>,
    pub(super) tab: &'static str,
    pub(super) title: String,
    pub(super) lede: String,
    pub(super) secret: String,
    pub(super) back: &'static str,
}

#[derive(Template)]
#[template(path = "settings/sessions.html")]
struct SessionsPage {
    frame: Frame,
    tabs: Vec<Tab>,
    tab: &'static str,
    sessions: Vec<Session>,
    own: String,
}

#[derive(Debug, Clone, Default, Deserialize)]
struct AccountForm {
    #[serde(default)]
    login: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    ends: String,
    #[serde(default)]
    disabled: String,
}

impl AccountForm {
    fn account(&self, login: &str) -> Result<NewAccount, Problem> {
        let wrong = |message| Problem::new(StatusCode::BAD_REQUEST, message);
        let role = Role::from_key(&self.role).ok_or_else(|| wrong(msg!("web.users.no_role")))?;
        let ends = day(&self.ends)?;
        Ok(NewAccount { login: login.to_owned(), name: self.name.clone(), role, ends })
    }
}

/// The day that was typed; none where nothing was.
pub(super) fn day(written: &str) -> Result<Option<Date>, Problem> {
    let written = written.trim();
    if written.is_empty() {
        return Ok(None);
    }
    let wrong = |_| {
        let message = msg!("web.decide.no_day", text = written);
        Problem::new(StatusCode::BAD_REQUEST, message)
    };
    written.parse().map(Some).map_err(wrong)
}

fn roles() -> Vec<&'static str> {
    Role::ALL.iter().map(|role| role.key()).collect()
}

async fn list(visitor: Visitor) -> Answer {
    users_page(&visitor, AccountForm::default(), None).await
}

async fn users_page(visitor: &Visitor, typed: AccountForm, problem: Option<Problem>) -> Answer {
    let today = visitor.desk.today();
    let accounts = visitor.read(move |app| app.accounts(today)).await?;
    let frame = visitor.frame("settings").await?;
    let status = problem.as_ref().map(|problem| problem.status).unwrap_or_default();
    let lacks = |account: &&AccountView| account.state == "active" && !account.second_factor;
    let shown = page(&UsersPage {
        tabs: tabs(&frame),
        tab: "users",
        without_factor: accounts.iter().filter(lacks).count(),
        accounts,
        roles: roles(),
        typed,
        problem: problem.map(|problem| frame.say(&problem.message)),
        frame,
    })?;
    Ok((status, shown).into_response())
}

async fn add(visitor: Visitor, Form(form): Form<AccountForm>) -> Answer {
    let made = match form.account(form.login.trim()) {
        Ok(new) => visitor.change(move |app, act| app.add_account(&new, act)).await,
        Err(problem) => Err(problem),
    };
    match made {
        Ok(password) => once(&visitor, form.login.trim(), password).await,
        Err(problem) => users_page(&visitor, form, Some(problem)).await,
    }
}

async fn once(visitor: &Visitor, login: &str, secret: String) -> Answer {
    let frame = visitor.frame("settings").await?;
    page(&OncePage {
        tabs: tabs(&frame),
        tab: "users",
        title: frame.say(&msg!("web.users.first_password", login = login)),
        lede: frame.t("web.users.first_password_lede").into_owned(),
        secret,
        back: "/settings/users",
        frame,
    })
}

async fn show(visitor: Visitor, Path(login): Path<String>) -> Answer {
    user_page(&visitor, login, None, None).await
}

async fn user_page(
    visitor: &Visitor,
    login: String,
    typed: Option<AccountForm>,
    problem: Option<Problem>,
) -> Answer {
    let today = visitor.desk.today();
    let accounts = visitor.read(move |app| app.accounts(today)).await?;
    let account = accounts.into_iter().find(|account| account.login == login);
    let account = account.ok_or_else(Problem::no_page)?;
    let frame = visitor.frame("settings").await?;
    let status = problem.as_ref().map(|problem| problem.status).unwrap_or_default();
    let as_kept = || AccountForm {
        login: account.login.clone(),
        name: account.name.clone(),
        role: account.role.clone(),
        ends: account.ends.clone().unwrap_or_default(),
        disabled: if account.state == "disabled" { "yes".to_owned() } else { String::new() },
    };
    let shown = page(&UserPage {
        tabs: tabs(&frame),
        tab: "users",
        roles: roles(),
        typed: typed.unwrap_or_else(as_kept),
        account,
        problem: problem.map(|problem| frame.say(&problem.message)),
        frame,
    })?;
    Ok((status, shown).into_response())
}

async fn change(
    visitor: Visitor,
    Path(login): Path<String>,
    Form(form): Form<AccountForm>,
) -> Answer {
    let disabled = form.disabled == "yes";
    let changed = match form.account(&login) {
        Ok(new) => visitor.change(move |app, act| app.change_account(&new, disabled, act)).await,
        Err(problem) => Err(problem),
    };
    match changed {
        Ok(()) => {
            if disabled {
                visitor.desk.sessions().end_others(&login, None);
            }
            go_and_say("/settings/users", "account_changed")
        }
        Err(problem) if problem.status == StatusCode::NOT_FOUND => Err(problem),
        Err(problem) => user_page(&visitor, login, Some(form), Some(problem)).await,
    }
}

async fn reset(visitor: Visitor, Path(login): Path<String>) -> Answer {
    let of = login.clone();
    let password = visitor.change(move |app, act| app.reset_account(&of, act)).await?;
    // Whoever used the old password is out; whoever resets the own account stays to read the new one.
    let own = visitor
        .who()?
        .session
        .clone()
        .filter(|_| visitor.who.as_ref().is_some_and(|w| w.login == login));
    visitor.desk.sessions().end_others(&login, own.as_deref());
    once(&visitor, &login, password).await
}

async fn sessions(visitor: Visitor) -> Answer {
    let frame = visitor.frame("settings").await?;
    page(&SessionsPage {
        tabs: tabs(&frame),
        tab: "sessions",
        sessions: visitor.desk.sessions().all(visitor.desk.now()),
        own: visitor.who()?.session.clone().unwrap_or_default(),
        frame,
    })
}

async fn end(visitor: Visitor, Path(id): Path<String>) -> Answer {
    let all = visitor.desk.sessions().all(visitor.desk.now());
    let session = all.into_iter().find(|session| session.id == id).ok_or_else(Problem::no_page)?;
    let (login, from) = (session.login.clone(), session.from.clone());
    // What is written down first cannot have happened unseen.
    visitor.change(move |app, act| app.note_login("session.end", &login, &from, act)).await?;
    visitor.desk.sessions().end_one(&session.login, &id);
    go_and_say("/settings/sessions", "session_ended")
}
