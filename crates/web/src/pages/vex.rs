//! 脆弱性の判断: deciding about one vulnerability of one product in the words of VEX, taking that back, and the list of all of it.

use std::collections::BTreeSet;

use app::{HolderView, VexChoice, VexFormat, VexOrder, VexView};
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::{Control, Justification, Permission, VexOrigin, VexScope, VexStatus, msg};
use jiff::civil::Date;
use serde::Deserialize;

use super::login::local;
use super::table::{Asked, Cell, Table, list_page_with};
use super::weaknesses::{TABS, notice};
use crate::answer::{Answer, download, go_and_say, page};
use crate::frame::Frame;
use crate::guard::Visitor;
use crate::problem::Problem;
use crate::routes::{Access, Route};

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/vex", Access::May(Permission::Look), list),
        Route::post("/vex/decide", Access::May(Permission::Work), decide),
        Route::post("/vex/take-back", Access::May(Permission::Work), take_back),
        Route::get("/vex/export/{format}", Access::May(Permission::Look), export),
    ]
}

/// Devices that a form names one by one.
const MOST_DEVICES: usize = 50;

/// What the form holds: fields may stand several times.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) id: String,
    pub(super) product: String,
    pub(super) devices: Vec<String>,
    pub(super) scope: Option<VexScope>,
    pub(super) status: Option<VexStatus>,
    pub(super) justification: Option<Justification>,
    pub(super) impact: String,
    pub(super) action: String,
    pub(super) controls: BTreeSet<Control>,
    pub(super) review: String,
    pub(super) origin: Option<VexOrigin>,
    pub(super) reason: String,
    pub(super) next: String,
}

impl Typed {
    fn of(pairs: Vec<(String, String)>) -> Self {
        let mut typed = Self::default();
        for (name, value) in pairs {
            match name.as_str() {
                "id" => typed.id = value,
                "product" => typed.product = value,
                "devices" => typed.devices.push(value),
                "scope" => typed.scope = VexScope::from_key(&value),
                "status" => typed.status = VexStatus::from_key(&value),
                "justification" => typed.justification = Justification::from_key(&value),
                "impact" => typed.impact = value,
                "action" => typed.action = value,
                "controls" => typed.controls.extend(Control::from_key(&value)),
                "review" => typed.review = value,
                "origin" => typed.origin = VexOrigin::from_key(&value),
                "reason" => typed.reason = value,
                "next" => typed.next = value,
                _ => {}
            }
        }
        typed.next = local(&typed.next).to_owned();
        typed
    }

    fn choice(&self) -> Result<VexChoice, Problem> {
        let missing = || wrong(msg!("web.vex.incomplete"));
        let review = match self.review.trim() {
            "" => None,
            written => {
                let day = written.parse::<Date>();
                Some(day.map_err(|_| wrong(msg!("web.decide.no_day", text = written)))?)
            }
        };
        Ok(VexChoice {
            vulnerability: self.id.clone(),
            product: self.product.clone(),
            devices: self.devices.clone(),
            scope: self.scope.ok_or_else(missing)?,
            status: self.status.ok_or_else(missing)?,
            justification: self.justification,
            impact: self.impact.clone(),
            action: self.action.clone(),
            controls: self.controls.clone(),
            review,
            origin: self.origin.ok_or_else(missing)?,
            reason: self.reason.clone(),
        })
    }
}

/// The form for one product, with what was typed into it.
pub(super) struct VexForm {
    pub(super) typed: Typed,
    holders: Vec<HolderView>,
}

impl VexForm {
    /// An empty one; afterwards the browser goes back to the vulnerability.
    pub(super) fn of(frame: &Frame, id: &str, mark: &str, holders: &[HolderView]) -> Self {
        let next = format!("/vulnerability?id={}", frame.q(id));
        let typed = Typed { id: id.to_owned(), product: mark.to_owned(), next, ..Typed::default() };
        Self { typed, holders: holders.to_vec() }
    }

    pub(super) fn has_device(&self, id: &str) -> bool {
        self.typed.devices.iter().any(|known| known == id)
    }

    pub(super) fn has_control(&self, key: &str) -> bool {
        self.typed.controls.iter().any(|known| known.key() == key)
    }

    /// The devices that can be chosen; none where there is one alone, or so many that nobody reads them.
    pub(super) fn devices(&self) -> &[HolderView] {
        match self.holders.len() {
            2..=MOST_DEVICES => &self.holders,
            _ => &[],
        }
    }

    pub(super) fn is(&self, name: &str, key: &str) -> bool {
        let chosen = match name {
            "scope" => self.typed.scope.map(VexScope::key),
            "status" => self.typed.status.map(VexStatus::key),
            "justification" => self.typed.justification.map(Justification::key),
            _ => self.typed.origin.map(VexOrigin::key),
        };
        chosen == Some(key)
    }

    pub(super) fn keys(&self, name: &str) -> Vec<&'static str> {
        match name {
            "scope" => [VexScope::Version, VexScope::Product].map(VexScope::key).to_vec(),
            "status" => VexStatus::ALL.iter().map(|one| one.key()).collect(),
            "justification" => Justification::ALL.iter().map(|one| one.key()).collect(),
            "controls" => Control::ALL.iter().map(|one| one.key()).collect(),
            _ => VexOrigin::ALL.iter().rev().map(|one| one.key()).collect(),
        }
    }
}

#[derive(Template)]
#[template(path = "vex/decide.html")]
struct DecidePage {
    frame: Frame,
    form: VexForm,
    problem: String,
}

async fn decide(visitor: Visitor, Form(pairs): Form<Vec<(String, String)>>) -> Answer {
    let typed = Typed::of(pairs);
    let choice = match typed.choice() {
        Ok(choice) => choice,
        Err(problem) => return ask(&visitor, typed, problem).await,
    };
    match visitor.change(move |app, act| app.decide_vex(&choice, act)).await {
        Ok(_) => go_and_say(&typed.next, "vex_decided"),
        Err(problem) => ask(&visitor, typed, problem).await,
    }
}

/// The form once more, with everything that was typed and what is wrong with it.
async fn ask(visitor: &Visitor, typed: Typed, problem: Problem) -> Answer {
    let book = visitor.desk.weaknesses(visitor.who()?.seen).await?;
    let frame = visitor.frame("weaknesses").await?;
    let product = book.product(&typed.product, &frame.texts);
    let holders = product.map(|product| product.holders).unwrap_or_default();
    let said = frame.say(&problem.message);
    let form = VexForm { typed, holders };
    let shown = page(&DecidePage { frame, form, problem: said })?;
    Ok((problem.status, shown).into_response())
}

#[derive(Debug, Deserialize)]
struct TakenBack {
    number: u32,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    next: String,
}

async fn take_back(visitor: Visitor, Form(asked): Form<TakenBack>) -> Answer {
    let next = local(&asked.next).to_owned();
    visitor.change(move |app, act| app.take_back_vex(asked.number, &asked.reason, act)).await?;
    go_and_say(&next, "vex_taken_back")
}

/// The decisions in force as a document: `openvex` or `csaf`.
async fn export(visitor: Visitor, Path(format): Path<String>) -> Answer {
    let format = VexFormat::from_key(&format).ok_or_else(Problem::no_page)?;
    let order = VexOrder { format, date: visitor.desk.today(), namespace: None, publisher: None };
    let document = visitor.read(move |app| app.export_vex(&order)).await?;
    download(&document.name, "application/json", document.text().into_bytes())
}

async fn list(visitor: Visitor, Query(asked): Query<Asked>) -> Answer {
    let book = visitor.desk.weaknesses(visitor.who()?.seen).await?;
    let frame = visitor.frame("weaknesses").await?;
    let decisions = book.decisions(&frame.texts);
    let rows = decisions.iter().map(|decision| row(&frame, decision));
    let columns = [
        "column.vulnerability",
        "column.product",
        "column.vex",
        "column.vex_state",
        "column.review",
        "column.reason",
        "column.decided",
    ];
    let notice = notice(&frame, book.state());
    let table = Table::of("vex", &columns, rows, &asked.q);
    list_page_with(frame, &TABS, asked, table, notice)
}

fn row(frame: &Frame, decision: &VexView) -> Vec<Cell> {
    let why = decision.justification.as_deref().map(|why| frame.word("vex_reason", why));
    let devices = decision.devices.iter().map(|device| device.label.as_str());
    let state = frame.word("vex_state", &decision.state);
    let address = format!("/vulnerability?id={}", frame.q(&decision.vulnerability));
    vec![
        Cell::link(&decision.vulnerability, address),
        Cell::lines(
            [decision.product_name.as_str(), &frame.word("vex_scope", &decision.scope)]
                .into_iter()
                .chain(devices),
        ),
        Cell::lines([&*frame.word("vex", &decision.status), why.as_deref().unwrap_or_default()]),
        Cell::lines([&*state, decision.reopened_reason.as_deref().unwrap_or_default()]),
        Cell::text(decision.review.as_deref().map(|day| frame.day(day)).unwrap_or_default()),
        Cell::text(&decision.reason),
        Cell::lines([decision.by.as_str(), &frame.moment(&decision.at)]),
    ]
}

fn wrong(message: domain::Message) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_may_stand_several_times_and_strange_ones_are_passed_over() {
        let pairs = [
            ("devices", "a"),
            ("devices", "b"),
            ("controls", "vpn"),
            ("controls", "nothing"),
            ("status", "fixed"),
            ("scope", "universe"),
            ("next", "//evil.example"),
            ("x", "y"),
        ];
        let pairs = pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned()));
        let typed = Typed::of(pairs.collect());
        assert_eq!(typed.devices, ["a", "b"]);
        assert_eq!(typed.controls, BTreeSet::from([Control::Vpn]));
        assert_eq!((typed.status, typed.scope), (Some(VexStatus::Fixed), None));
        assert_eq!(typed.next, "/");
        assert!(typed.choice().is_err(), "no scope, no source");
    }
}
