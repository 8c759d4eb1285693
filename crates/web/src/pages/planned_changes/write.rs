//! Planning a change: from the page of a product, of a vulnerability or of a device, and anew while nothing is done.

use app::{AppError, NewChange};
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::{ChangeKind, DeviceId, Message};
use serde::Deserialize;

use super::super::form::{field, lines_in, number, seen_in};
use super::Pairs;
use crate::answer::{Answer, go, go_and_say, page};
use crate::frame::Frame;
use crate::guard::Visitor;
use crate::problem::Problem;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Of {
    /// The product that is replaced.
    #[serde(default)]
    mark: String,
    /// The one vulnerability, where the person comes from its page.
    #[serde(default)]
    id: String,
    /// The one device, where the person comes from its page.
    #[serde(default)]
    device: String,
}

/// A device that can be changed.
struct Choice {
    id: String,
    label: String,
    is_medical: bool,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "planned_changes/write.html")]
struct WritePage {
    frame: Frame,
    /// The change that is planned anew.
    again: Option<u32>,
    seen: Option<u32>,
    mark: String,
    product: String,
    choices: Vec<Choice>,
    fields: Pairs,
    problem: Option<String>,
}

impl WritePage {
    fn value<'v>(&'v self, name: &str) -> &'v str {
        field(&self.fields, name)
    }

    fn kinds(&self) -> impl Iterator<Item = &'static str> {
        ChangeKind::ALL.iter().rev().map(|kind| kind.key())
    }

    fn is_medical(&self) -> bool {
        self.choices.iter().any(|choice| choice.is_medical)
    }
}

fn pair(name: &str, value: impl Into<String>) -> (String, String) {
    (name.to_owned(), value.into())
}

pub(super) async fn new(visitor: Visitor, Query(of): Query<Of>) -> Answer {
    let mut fields = vec![pair("mark", of.mark.as_str())];
    if !of.id.is_empty() {
        fields.push(pair("vulnerabilities", of.id));
    } else if !of.mark.is_empty() {
        fields.push(pair("vulnerabilities", vulnerabilities(&visitor, &of.mark).await?));
    }
    if !of.device.is_empty() {
        fields.push(pair("device", of.device));
    }
    form(&visitor, fields, None, None).await
}

/// What surely concerns the product, as the field holds it.
async fn vulnerabilities(visitor: &Visitor, mark: &str) -> Result<String, Problem> {
    let book = visitor.desk.weaknesses(visitor.who()?.seen).await?;
    let frame = visitor.frame("weaknesses").await?;
    let product = book.product(mark, &frame.texts).ok_or_else(Problem::no_page)?;
    let sure = product.matches.iter().filter(|found| found.weakness.confidence != "candidate");
    let ids: Vec<&str> = sure.take(50).map(|found| found.weakness.id.as_str()).collect();
    Ok(ids.join(" "))
}

pub(super) async fn edit(visitor: Visitor, Path(id): Path<String>) -> Answer {
    let number = number(&id)?;
    let book = visitor.desk.weaknesses(visitor.who()?.seen).await?;
    let change = visitor.read(move |app| app.planned_change(number, &book)).await?;
    let mut fields = vec![
        pair("mark", change.mark),
        pair("kind", change.kind),
        pair("what", change.what),
        pair("vulnerabilities", change.vulnerabilities.join(" ")),
        pair("performer", change.performer),
        pair("instruction", change.instruction),
        pair("inquiry", change.inquiry.map(|inquiry| inquiry.to_string()).unwrap_or_default()),
        pair("seen", change.steps.to_string()),
    ];
    fields.extend(change.devices.into_iter().filter_map(|device| Some(pair("device", device.id?))));
    form(&visitor, fields, Some(number), None).await
}

async fn form(
    visitor: &Visitor,
    fields: Pairs,
    again: Option<u32>,
    problem: Option<Message>,
) -> Answer {
    let seen = visitor.who()?.seen;
    let (book, roll) = (visitor.desk.weaknesses(seen).await?, visitor.desk.roll(seen).await?);
    let frame = visitor.frame("weaknesses").await?;
    let mark = field(&fields, "mark").to_owned();
    let chosen: Vec<&str> =
        fields.iter().filter(|(name, _)| name == "device").map(|(_, id)| id.as_str()).collect();
    let product = book.product(&mark, &frame.texts);
    if product.is_none() && !mark.is_empty() {
        return Err(Problem::no_page());
    }
    let mut choices: Vec<Choice> = Vec::new();
    for holder in product.iter().flat_map(|product| &product.holders) {
        choices.push(Choice {
            id: holder.id.clone(),
            label: holder.label.clone(),
            is_medical: holder.medical,
            is_chosen: chosen.is_empty() || chosen.contains(&holder.id.as_str()),
        });
    }
    for id in &chosen {
        let known: DeviceId = id.parse().map_err(|_| Problem::bad_form())?;
        if choices.iter().all(|choice| choice.id != *id) {
            let row = roll.device(known).ok_or_else(Problem::no_page)?;
            choices.push(Choice {
                id: (*id).to_owned(),
                label: row.label(),
                is_medical: row.kind() == Some(domain::DeviceKind::Medical),
                is_chosen: true,
            });
        }
    }
    page(&WritePage {
        again,
        seen: seen_in(&fields),
        product: product.map(|product| product.product.name).unwrap_or_default(),
        problem: problem.map(|message| frame.say(&message)),
        mark,
        choices,
        fields,
        frame,
    })
}

fn wanted(pairs: &Pairs) -> Result<NewChange, Problem> {
    let text = |name| field(pairs, name).to_owned();
    let devices = pairs.iter().filter(|(name, _)| name == "device");
    let devices = devices.map(|(_, id)| id.parse().map_err(|_| Problem::bad_form()));
    let inquiry = match field(pairs, "inquiry").trim() {
        "" => None,
        number => Some(number.parse().map_err(|_| Problem::bad_form())?),
    };
    Ok(NewChange {
        kind: ChangeKind::from_key(field(pairs, "kind")).ok_or_else(Problem::bad_form)?,
        what: text("what"),
        mark: text("mark"),
        vulnerabilities: field(pairs, "vulnerabilities")
            .split([' ', ',', '、', '\r', '\n'])
            .filter(|id| !id.is_empty())
            .map(str::to_owned)
            .collect(),
        devices: devices.collect::<Result<_, _>>()?,
        performer: text("performer"),
        instruction: lines_in(pairs, "instruction"),
        inquiry,
    })
}

pub(super) async fn plan(visitor: Visitor, Form(pairs): Form<Pairs>) -> Answer {
    let new = wanted(&pairs)?;
    let done = visitor.change(move |app, act| refusable(app.plan_change(&new, act)));
    match done.await? {
        Ok(number) => go_and_say(&format!("/planned-changes/{number}"), "change_planned"),
        Err(message) => again(&visitor, pairs, None, message).await,
    }
}

pub(super) async fn replan(
    visitor: Visitor,
    Path(id): Path<String>,
    Form(pairs): Form<Pairs>,
) -> Answer {
    let (number, new, seen) = (number(&id)?, wanted(&pairs)?, seen_in(&pairs));
    let done = visitor.change(move |app, act| {
        refusable(app.replan_change(number, seen, &new, act).map(|()| number))
    });
    match done.await? {
        Ok(number) => go(&format!("/planned-changes/{number}")),
        Err(message) => {
            let book = visitor.desk.weaknesses(visitor.who()?.seen).await?;
            let now = visitor.read(move |app| app.planned_change(number, &book)).await?;
            // Who came second looks at what the first did before anything else.
            if seen.is_some_and(|seen| seen != now.steps) {
                let page = super::show(&visitor, number, seen, Pairs::new(), Some(message)).await?;
                return Ok((StatusCode::CONFLICT, page).into_response());
            }
            again(&visitor, pairs, Some(number), message).await
        }
    }
}

async fn again(visitor: &Visitor, pairs: Pairs, again: Option<u32>, message: Message) -> Answer {
    let page = form(visitor, pairs, again, Some(message)).await?;
    Ok((StatusCode::CONFLICT, page).into_response())
}

/// The number; or the sentence, where the person can put it right.
fn refusable(done: Result<u32, AppError>) -> Result<Result<u32, Message>, AppError> {
    match done {
        Err(error @ (AppError::MatterMoved(_) | AppError::Change(_) | AppError::NoInquiry(_))) => {
            Ok(Err(error.message()))
        }
        done => done.map(Ok),
    }
}
