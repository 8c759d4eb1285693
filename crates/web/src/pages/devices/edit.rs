//! Putting devices right: one, or several at once. What a person enters is evidence by hand.

use app::{Clash, EDITED_FIELDS, Entry, MOST_EDITED, Roll, seen_mark};
use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::{DeviceId, DeviceKind, Field, Status, msg};

use super::Pairs;
use crate::answer::{Answer, go_and_say, page};
use crate::frame::Frame;
use crate::guard::Visitor;
use crate::problem::Problem;

/// A field of the form.
struct Row {
    field: &'static str,
    /// What stands in it: what was typed, else what is declared of the one device.
    value: String,
    /// The mark of what the person sees.
    seen: String,
    /// What is declared now: the value, or that the devices differ.
    now: String,
    differs: bool,
    /// What was observed, where nobody declares anything or something else.
    observed: String,
    choices: Vec<(&'static str, String, bool)>,
    is_day: bool,
    /// What is typed is added to what there is.
    adds: bool,
}

#[derive(Template)]
#[template(path = "devices/edit.html")]
struct EditPage {
    frame: Frame,
    devices: Vec<(String, String)>,
    rows: Vec<Row>,
    clashes: Vec<Clash>,
    problem: Option<String>,
    /// The one device is not in the ledger yet.
    is_unlisted: bool,
}

pub(super) async fn show(visitor: Visitor, Query(pairs): Query<Pairs>) -> Answer {
    let ids = ids(&pairs)?;
    form(&visitor, &ids, &[], Vec::new(), None).await
}

/// The devices that the pairs name.
pub(super) fn ids(pairs: &Pairs) -> Result<Vec<DeviceId>, Problem> {
    let named = pairs.iter().filter(|(name, _)| name == "id");
    let mut ids = named
        .map(|(_, id)| id.parse::<DeviceId>().map_err(|_| Problem::bad_form()))
        .collect::<Result<Vec<_>, _>>()?;
    ids.dedup();
    if ids.is_empty() || ids.len() > MOST_EDITED {
        return Err(Problem::new(
            StatusCode::BAD_REQUEST,
            msg!("app.entry_nothing", most = MOST_EDITED),
        ));
    }
    Ok(ids)
}

pub(super) async fn save(visitor: Visitor, Form(pairs): Form<Pairs>) -> Answer {
    let ids = ids(&pairs)?;
    let entries = entries(&pairs);
    let (wanted, said) = (ids.clone(), entries.clone());
    let saved = visitor.change(move |app, act| {
        Ok(match app.enter(&wanted, &said, act) {
            Err(app::AppError::Clash(clashes)) => Err(clashes),
            done => Ok(done?),
        })
    });
    match saved.await {
        Ok(Ok(_)) if ids.len() == 1 => {
            go_and_say(&format!("/devices?q={}", said_name(&pairs)), "edited")
        }
        Ok(Ok(_)) => go_and_say("/devices", "edited"),
        Ok(Err(clashes)) => {
            let answer = form(&visitor, &ids, &entries, clashes, None).await?;
            Ok((StatusCode::CONFLICT, answer).into_response())
        }
        Err(problem) if problem.status == StatusCode::CONFLICT => {
            let answer = form(&visitor, &ids, &entries, Vec::new(), Some(problem)).await?;
            Ok((StatusCode::CONFLICT, answer).into_response())
        }
        Err(problem) => Err(problem),
    }
}

/// The name under which the list finds the device again.
fn said_name(pairs: &Pairs) -> String {
    let name = pairs.iter().find(|(name, _)| name == "label").map_or("", |(_, name)| name);
    name.bytes().map(crate::answer::percent_encoded).collect()
}

/// What was typed and differs from what was shown; for several devices, everything that was typed.
fn entries(pairs: &Pairs) -> Vec<Entry> {
    let get =
        |name: &str| pairs.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let entry = |field: Field| {
        let value = get(field.key())?.trim();
        let before = get(&format!("was.{}", field.key())).unwrap_or_default().trim();
        let seen = get(&format!("seen.{}", field.key())).map(str::to_owned);
        (!value.is_empty() && value != before).then(|| Entry {
            field,
            value: value.to_owned(),
            seen,
        })
    };
    EDITED_FIELDS.into_iter().filter_map(entry).collect()
}

async fn form(
    visitor: &Visitor,
    ids: &[DeviceId],
    typed: &[Entry],
    clashes: Vec<Clash>,
    problem: Option<Problem>,
) -> Answer {
    let roll = visitor.desk.roll(visitor.read(app::App::moment).await?).await?;
    let frame = visitor.frame("devices").await?;
    let devices = ids
        .iter()
        .map(|id| {
            let row = roll.device(*id).ok_or_else(Problem::no_page)?;
            Ok((row.id().to_string(), row.label()))
        })
        .collect::<Result<Vec<_>, Problem>>()?;
    let row = |field: Field| {
        let typed = typed.iter().find(|entry| entry.field == field);
        row(&frame, &roll, ids, field, typed.map(|entry| entry.value.as_str()))
    };
    let fields = EDITED_FIELDS.into_iter().filter(|field| ids.len() == 1 || !adds(*field));
    let rows = fields.map(row).collect();
    let is_unlisted = match ids {
        [id] => roll.device(*id).is_some_and(|row| !row.is_in_ledger()),
        _ => false,
    };
    let problem = problem.map(|problem| frame.say(&problem.message));
    page(&EditPage { devices, rows, clashes, problem, is_unlisted, frame })
}

/// Whether what is typed is added to what there is: a device has as many cards and addresses as it has.
fn adds(field: Field) -> bool {
    matches!(field, Field::Address | Field::Mac)
}

fn row(frame: &Frame, roll: &Roll, ids: &[DeviceId], field: Field, typed: Option<&str>) -> Row {
    let rows: Vec<_> = ids.iter().filter_map(|id| roll.device(*id)).collect();
    let seen = seen_mark(rows.iter().map(|row| (row.id(), row.declared(field))));
    let first = rows.first().map_or("", |row| row.declared(field));
    let differs = rows.iter().any(|row| row.declared(field) != first);
    let observed = rows.first().filter(|row| ids.len() == 1 && row.is_observed(field));
    // A word is chosen by its key; everything else is typed as it stands.
    let key = match (field, rows.first()) {
        (Field::Status, Some(row)) => row.status().map(Status::key),
        (Field::Kind, Some(row)) => row.kind().map(DeviceKind::key),
        _ => None,
    };
    let one = if ids.len() == 1 && !adds(field) { key.unwrap_or(first) } else { "" };
    let value = typed.unwrap_or(one).to_owned();
    let words = |family: &str, keys: Vec<&'static str>| {
        let word = |key: &'static str| (key, frame.word(family, key).into_owned(), key == value);
        keys.into_iter().map(word).collect()
    };
    let choices = match field {
        Field::Status => {
            let known = Status::ALL.iter().filter(|status| **status != Status::Unrecognised);
            words("status", known.map(|status| status.key()).collect())
        }
        Field::Kind => words("kind", DeviceKind::ALL.iter().map(|kind| kind.key()).collect()),
        _ => Vec::new(),
    };
    Row {
        field: field.key(),
        seen,
        now: if differs { String::new() } else { first.replace('\n', ", ") },
        differs,
        observed: observed.map_or_else(String::new, |row| row.value(field).replace('\n', ", ")),
        choices,
        is_day: matches!(field, Field::Registered | Field::SupportEnd),
        adds: adds(field),
        value,
    }
}
