//! A call from a script: who asks, with which parameters, and what is answered.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use app::{Act, App, AppError, Moment};
use axum::body::{Bytes, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, MatchedPath, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::{Message, msg};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::operation::{Kind, Param, params_of};
use crate::answer::Answer;
use crate::guard::Visitor;
use crate::problem::Problem;

/// The largest JSON document that is taken, in bytes.
const MOST_JSON: usize = 256 * 1024;

/// Who sends nothing for so long is not waited for.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// Entries of a list in one answer, unless asked otherwise.
const USUAL: usize = 100;

/// A call, its parameters checked by name and kind against the table of operations.
pub(super) struct Call {
    pub(super) visitor: Visitor,
    asked: Vec<(String, String)>,
    /// What the caller has already (`If-None-Match`).
    has: Option<String>,
}

impl<S: Sync> FromRequestParts<S> for Call {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let visitor = Visitor::from_request_parts(parts, state).await?;
        let path = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
        let params = params_of(&parts.method, path);
        let Query(asked) = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri)
            .map_err(|_| bad(msg!("web.api.bad_query")))?;
        check(params, &asked)?;
        let has = parts.headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
        Ok(Self { visitor, asked, has: has.map(str::to_owned) })
    }
}

/// Refuses what is not known, said twice, missing, or written wrongly: a mistyped filter must not give everything.
fn check(params: &[Param], asked: &[(String, String)]) -> Result<(), Problem> {
    for (index, (name, value)) in asked.iter().enumerate() {
        let Some(param) = params.iter().find(|param| param.name == name) else {
            let known: Vec<&str> = params.iter().map(|param| param.name).collect();
            let message = match known.as_slice() {
                [] => msg!("web.api.no_parameters", name = name),
                _ => msg!("web.api.unknown_parameter", name = name, known = known),
            };
            return Err(bad(message));
        };
        if asked.iter().take(index).any(|(other, _)| other == name) {
            return Err(bad(msg!("web.api.twice", name = name)));
        }
        check_value(param, value)?;
    }
    let missing = params.iter().find(|param| {
        param.required && !asked.iter().any(|(name, value)| name == param.name && !value.is_empty())
    });
    match missing {
        Some(param) => Err(bad(msg!("web.api.missing", name = param.name))),
        None => Ok(()),
    }
}

fn check_value(param: &Param, value: &str) -> Result<(), Problem> {
    let name = param.name;
    let fits = match param.kind {
        Kind::Text => true,
        Kind::Number(most) => value.parse::<u64>().is_ok_and(|number| (1..=most).contains(&number)),
        Kind::Flag => matches!(value, "true" | "false"),
        Kind::Day => value.parse::<Date>().is_ok(),
        Kind::Moment => value.parse::<Timestamp>().is_ok(),
        Kind::Word(words) => words().contains(&value),
    };
    if fits {
        return Ok(());
    }
    Err(bad(match param.kind {
        Kind::Number(most) => msg!("web.api.bad_number", name = name, most = most),
        Kind::Flag => msg!("web.api.bad_word", name = name, known = vec!["true", "false"]),
        Kind::Word(words) => msg!("web.api.bad_word", name = name, known = words()),
        Kind::Day => msg!("web.api.bad_day", name = name),
        Kind::Moment | Kind::Text => msg!("web.api.bad_moment", name = name),
    }))
}

impl Call {
    /// The parameter `name`, where it was given and is not empty.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        let found = self.asked.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// Whether the parameter `name` is `true`.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.text(name) == Some("true")
    }

    /// How many entries are asked for.
    pub(super) fn limit(&self) -> usize {
        self.text("limit").and_then(|limit| limit.parse().ok()).unwrap_or(USUAL)
    }

    /// Today.
    pub(super) fn today(&self) -> Date {
        self.visitor.desk.today()
    }

    /// Answers with what `work` reads, or that it is as the caller has it.
    pub(super) async fn answer<T: Serialize>(
        &self,
        work: impl FnOnce(&App) -> Result<T, AppError> + Send + 'static,
    ) -> Answer {
        let (has, rest) = (self.has.clone(), self.rest_of_tag());
        let made = self.visitor.read(move |app| {
            // Before the reading: a change between the two makes the answer newer than its tag, which costs one more look.
            let tag = tag(app.moment()?, &rest);
            if has.is_some_and(|has| holds(&has, &tag)) {
                return Ok((tag, None));
            }
            let view = work(app)?;
            Ok((tag, Some(body_of(&view))))
        });
        answered(made.await?)
    }

    /// The same, where what is read changes without an entry in the record: the tag is that of the content.
    pub(super) async fn answer_by_content<T: Serialize>(
        &self,
        work: impl FnOnce(&App) -> Result<T, AppError> + Send + 'static,
    ) -> Answer {
        let body = self.visitor.read(move |app| Ok(body_of(&work(app)?))).await?;
        let body = body.map_err(|_| Problem::stopped())?;
        let mut hasher = DefaultHasher::new();
        body.hash(&mut hasher);
        let tag = format!("W/\"{:016x}-{}\"", hasher.finish(), self.rest_of_tag());
        let has = self.has.as_deref().is_some_and(|has| holds(has, &tag));
        answered((tag, (!has).then_some(Ok(body))))
    }

    /// Answers with what `work` reads, in answer to what was sent: no caller has that already.
    pub(super) async fn reply<T: Serialize + Send + 'static>(
        &self,
        work: impl FnOnce(&App) -> Result<T, AppError> + Send + 'static,
    ) -> Answer {
        let view = self.visitor.read(work).await?;
        Ok(json_bytes(serde_json::to_vec(&view).map_err(|_| Problem::stopped())?))
    }

    /// Answers with what is read in one moment: where `at_hand` can tell it, at once and on this thread, else with what `work` reads
    /// where it may take its time.
    pub(super) async fn answer_soon<T: Serialize>(
        &self,
        at_hand: impl FnOnce(&Moment<'_>) -> Result<Option<T>, AppError>,
        work: impl FnOnce(&Moment<'_>) -> Result<T, AppError> + Send + 'static,
    ) -> Answer {
        let rest = self.rest_of_tag();
        let soon = self.visitor.desk.lent(self.visitor.language).at_once(|moment| {
            let tag = tag(moment.number(), &rest);
            if self.has.as_deref().is_some_and(|has| holds(has, &tag)) {
                return Ok(Some((tag, None)));
            }
            Ok(at_hand(moment)?.map(|view| (tag, Some(body_of(&view)))))
        });
        let made = match soon? {
            Some(made) => made,
            None => {
                let reading = move |moment: &Moment<'_>| {
                    Ok((tag(moment.number(), &rest), Some(body_of(&work(moment)?))))
                };
                self.visitor.read(move |app| app.at_once(reading)).await?
            }
        };
        answered(made)
    }

    /// Whether the caller has the answer of `moment` already, with the answer that says so.
    pub(super) fn unchanged(&self, moment: u64) -> Option<Response> {
        let tag = tag(moment, &self.rest_of_tag());
        let has = self.has.as_deref().is_some_and(|has| holds(has, &tag));
        has.then(|| tagged(&tag, StatusCode::NOT_MODIFIED.into_response()))
    }

    /// `view` as the answer of `moment`.
    pub(super) fn of_moment(&self, moment: u64, view: &impl Serialize) -> Answer {
        let body = serde_json::to_vec(view).map_err(|_| Problem::stopped())?;
        Ok(tagged(&tag(moment, &self.rest_of_tag()), json_bytes(body)))
    }

    /// Answers with what `work` did.
    pub(super) async fn change<T: Serialize + Send + 'static>(
        &self,
        work: impl FnOnce(&App, &Act) -> Result<T, AppError> + Send + 'static,
    ) -> Answer {
        let view = self.visitor.change(work).await?;
        Ok(json_bytes(serde_json::to_vec(&view).map_err(|_| Problem::stopped())?))
    }

    /// What an answer follows from beside what is stored: the day, the language and the program.
    fn rest_of_tag(&self) -> String {
        let language = self.visitor.language.code();
        format!("{}-{language}-{}", self.today(), env!("CARGO_PKG_VERSION"))
    }
}

/// An answer on its way: its tag, and its body where the caller has not got it already.
type Made = (String, Option<serde_json::Result<Vec<u8>>>);

fn answered((tag, body): Made) -> Answer {
    match body {
        None => Ok(tagged(&tag, StatusCode::NOT_MODIFIED.into_response())),
        Some(Ok(body)) => Ok(tagged(&tag, json_bytes(body))),
        Some(Err(_)) => Err(Problem::stopped()),
    }
}

/// Most answers fit into this; a longer one grows.
const USUAL_BODY: usize = 8 * 1024;

fn body_of(view: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    let mut body = Vec::with_capacity(USUAL_BODY);
    serde_json::to_writer(&mut body, view)?;
    Ok(body)
}

fn tag(moment: u64, rest: &str) -> String {
    format!("W/\"{moment}-{rest}\"")
}

/// Whether an `If-None-Match` names the tag (RFC 9110, 13.1.2).
fn holds(header: &str, tag: &str) -> bool {
    header.split(',').map(str::trim).any(|known| known == tag || known == "*")
}

fn tagged(tag: &str, mut response: Response) -> Response {
    if let Ok(tag) = HeaderValue::from_str(tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

fn json_bytes(body: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// What was asked does not fit.
pub(super) fn bad(message: Message) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, message)
}

/// A JSON document that was sent along.
pub(super) struct Sent<T>(pub(super) T);

impl<S: Sync, T: DeserializeOwned> FromRequest<S> for Sent<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Problem> {
        let media = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok());
        let media = media.unwrap_or_default().split(';').next().unwrap_or_default().trim();
        if !media.eq_ignore_ascii_case("application/json") {
            let message = msg!("web.api.json_needed");
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, message));
        }
        let body = body(request).await?;
        serde_json::from_slice(&body)
            .map(Self)
            .map_err(|error| bad(msg!("web.api.bad_json", cause = error.to_string())))
    }
}

async fn body(request: Request) -> Result<Bytes, Problem> {
    let read = tokio::time::timeout(PATIENCE, to_bytes(request.into_body(), MOST_JSON)).await;
    match read {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(_)) => {
            let message = msg!("web.api.json_large", limit = MOST_JSON);
            Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, message))
        }
        Err(_) => Err(too_slow()),
    }
}

/// Who sends too slowly is not waited for.
pub(super) fn too_slow() -> Problem {
    Problem::new(StatusCode::REQUEST_TIMEOUT, msg!("web.api.too_slow"))
}
