//! Tokens, with which scripts read and bring in.

use app::TokenView;
use askama::Template;
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::{Permission, Role, msg};
use serde::Deserialize;

use super::accounts::{OncePage, day};
use super::{Tab, tabs};
use crate::answer::{Answer, go_and_say, page};
use crate::frame::Frame;
use crate::guard::Visitor;
use crate::problem::Problem;
use crate::routes::{Access, Route};

pub(super) fn routes() -> Vec<Route> {
    let access = Access::May(Permission::Administer);
    vec![
        Route::get("/settings/tokens", access, list),
        Route::post("/settings/tokens", access, add),
        Route::post("/settings/tokens/{digest}/remove", access, remove),
    ]
}

#[derive(Template)]
#[template(path = "settings/tokens.html")]
struct TokensPage {
    frame: Frame,
    tabs: Vec<Tab>,
    tab: &'static str,
    tokens: Vec<TokenView>,
    roles: Vec<&'static str>,
    typed: TokenForm,
    today: String,
    problem: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
struct TokenForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    role: String,
    #[serde(default)]
    ends: String,
}

async fn list(visitor: Visitor) -> Answer {
    tokens_page(&visitor, TokenForm::default(), None).await
}

async fn tokens_page(visitor: &Visitor, typed: TokenForm, problem: Option<Problem>) -> Answer {
    let tokens = visitor.read(app::App::tokens).await?;
    let frame = visitor.frame("settings").await?;
    let status = problem.as_ref().map(|problem| problem.status).unwrap_or_default();
    let shown = page(&TokensPage {
        tabs: tabs(&frame),
        tab: "tokens",
        tokens,
        roles: Role::ALL.iter().map(|role| role.key()).collect(),
        typed,
        today: visitor.desk.today().to_string(),
        problem: problem.map(|problem| frame.say(&problem.message)),
        frame,
    })?;
    Ok((status, shown).into_response())
}

async fn add(visitor: Visitor, Form(form): Form<TokenForm>) -> Answer {
    let wrong = |message| Problem::new(StatusCode::BAD_REQUEST, message);
    let asked = || {
        let role = Role::from_key(&form.role).ok_or_else(|| wrong(msg!("web.users.no_role")))?;
        let ends = day(&form.ends)?.ok_or_else(|| wrong(msg!("web.tokens.no_end")))?;
        Ok((form.name.clone(), role, ends))
    };
    let made = match asked() {
        Ok((name, role, ends)) => {
            visitor.change(move |app, act| app.add_token(&name, role, ends, act)).await
        }
        Err(problem) => Err(problem),
    };
    let secret = match made {
        Ok(secret) => secret,
        Err(problem) => return tokens_page(&visitor, form, Some(problem)).await,
    };
    let frame = visitor.frame("settings").await?;
    page(&OncePage {
        tabs: tabs(&frame),
        tab: "tokens",
        title: frame.say(&msg!("web.tokens.made", name = form.name)),
        lede: frame.t("web.tokens.made_lede").into_owned(),
        secret,
        back: "/settings/tokens",
        frame,
    })
}

async fn remove(visitor: Visitor, Path(digest): Path<String>) -> Answer {
    visitor.change(move |app, act| app.remove_token(&digest, act)).await?;
    go_and_say("/settings/tokens", "token_removed")
}
