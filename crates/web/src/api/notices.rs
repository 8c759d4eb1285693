//! Notices. What is under embargo is given to tokens and sessions with the roles that it names, and is not there for others.

use app::{App, AppError, NoticeTriageView, NoticeView, TriageOf, TriageWord};
use domain::{
    AnswerAsked, DeviceId, Embargo, Meant, NoticeAnswer, NoticeDraft, NoticeSender, Permission,
    Role, Tlp, msg,
};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::{Call, Sent, bad};
use super::operation::{Kind, Operation, Param};
use crate::answer::Answer;
use crate::problem::Problem;

const NUMBER: Param =
    Param { required: true, ..Param::of("number", Kind::Number(u32::MAX as u64)) };

pub(super) fn operations() -> Vec<Operation> {
    type View = NoticeView;
    let work = Permission::Work;
    let (all, triaged) = ("/api/v1/notices", "/api/v1/notices/triage");
    let (none, answered) = ("/api/v1/notices/none", "/api/v1/notices/answer");
    let (due, lifted) = ("/api/v1/notices/due", "/api/v1/notices/lift");
    let withdrawn = "/api/v1/notices/withdraw";
    vec![
        Operation::get::<Notices, _, _>("notices", all, list),
        Operation::post::<View, _, _>("notice_take", all, work, take).taking::<Taken>(),
        Operation::get::<NoticeTriageView, _, _>("notice_triage_view", triaged, proposals)
            .asking(&[NUMBER]),
        Operation::post::<View, _, _>("notice_triage", triaged, work, triage).taking::<Triage>(),
        Operation::post::<View, _, _>("notice_none", none, work, means_none).taking::<Reason>(),
        Operation::post::<View, _, _>("notice_answer", answered, work, answer)
            .taking::<WasAnswered>(),
        Operation::post::<View, _, _>("notice_due", due, work, set_due).taking::<NoticeDue>(),
        Operation::post::<View, _, _>("notice_lift", lifted, work, lift).taking::<Reason>(),
        Operation::post::<View, _, _>("notice_withdraw", withdrawn, work, withdraw)
            .taking::<Reason>(),
    ]
}

/// Notices.
#[derive(Serialize, JsonSchema)]
struct Notices {
    /// The notices: what is late first, then what waits, then what is done.
    notices: Vec<NoticeView>,
}

/// A notice that arrived.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Taken {
    /// `ceptoar`, `ministry`, `authority` or `vendor`.
    sender: String,
    /// The sender's name.
    name: String,
    /// The title.
    title: String,
    /// On which day it was sent (`2026-11-20`).
    sent: String,
    /// How it came.
    way: String,
    /// Its text.
    text: String,
    /// Whom to answer; none where no answer is asked for.
    #[serde(default)]
    to: Option<String>,
    /// By when (`2026-11-27`).
    #[serde(default)]
    due: Option<String>,
    /// The mark of the sender: `clear`, `green`, `amber`, `amber_strict`, `red`.
    #[serde(default)]
    tlp: Option<String>,
    /// Who alone may read it.
    #[serde(default)]
    embargo: Option<NewEmbargo>,
}

/// Who alone may read a notice, and until when.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewEmbargo {
    /// The day on which everybody may (`2026-12-01`); none where an act must lift it.
    #[serde(default)]
    until: Option<String>,
    /// The roles that may before; the administrator where none is named.
    #[serde(default)]
    roles: Vec<String>,
}

/// What a notice means.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Triage {
    /// The notice.
    number: u32,
    /// How many steps of it were seen.
    #[serde(default)]
    seen: Option<u32>,
    /// What is said of each thing.
    verdicts: Vec<Verdict>,
}

/// What is said of one thing.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Verdict {
    /// The thing, as the proposals name it; none where a device is named.
    #[serde(default)]
    what: Option<String>,
    /// The device, by id.
    #[serde(default)]
    device: Option<String>,
    /// Whether it is meant.
    meant: bool,
    /// Why.
    #[serde(default)]
    reason: String,
}

/// What was done and answered.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct WasAnswered {
    /// The notice.
    number: u32,
    /// How many steps of it were seen.
    #[serde(default)]
    seen: Option<u32>,
    /// On which day (`2026-11-20`).
    on: String,
    /// Whom.
    to: String,
    /// What was done.
    #[serde(default)]
    done: String,
    /// The answer, as it was sent.
    text: String,
}

/// Another day for the answer to a notice.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NoticeDue {
    /// The notice.
    number: u32,
    /// How many steps of it were seen.
    #[serde(default)]
    seen: Option<u32>,
    /// The day (`2026-11-20`).
    due: String,
}

/// A notice, and why something is done with it.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Reason {
    /// The notice.
    number: u32,
    /// How many steps of it were seen.
    #[serde(default)]
    seen: Option<u32>,
    /// Why.
    reason: String,
}

fn day(name: &'static str, text: &str) -> Result<Date, Problem> {
    text.parse().map_err(|_| bad(msg!("web.api.bad_day", name = name)))
}

fn maybe_day(name: &'static str, text: Option<&String>) -> Result<Option<Date>, Problem> {
    text.map(|text| day(name, text)).transpose()
}

fn word<T>(name: &'static str, found: Option<T>, known: Vec<&'static str>) -> Result<T, Problem> {
    found.ok_or_else(|| bad(msg!("web.api.bad_word", name = name, known = known)))
}

async fn list(call: Call) -> Answer {
    let (today, reader) = (call.today(), call.visitor.reader());
    call.answer(move |app: &App| Ok(Notices { notices: app.notices(reader, today)? })).await
}

async fn proposals(call: Call) -> Answer {
    let (today, reader) = (call.today(), call.visitor.reader());
    let number = call.text("number").and_then(|number| number.parse().ok()).unwrap_or_default();
    call.answer(move |app: &App| app.notice_triage(number, reader, today, &app.weaknesses(today)?))
        .await
}

async fn take(call: Call, Sent(sent): Sent<Taken>) -> Answer {
    let (draft, reader) = (sent.read()?, call.visitor.reader());
    call.change(move |app, act| app.take_notice(draft, None, reader, act)).await
}

async fn triage(call: Call, Sent(sent): Sent<Triage>) -> Answer {
    let (of, seen, today) = ((sent.number, call.visitor.reader()), sent.seen, call.today());
    let words = sent.verdicts.into_iter().map(Verdict::read).collect::<Result<Vec<_>, _>>()?;
    call.change(move |app, act| app.triage_notice(of, seen, &words, &app.weaknesses(today)?, act))
        .await
}

async fn means_none(call: Call, Sent(sent): Sent<Reason>) -> Answer {
    let of = (sent.number, call.visitor.reader());
    call.change(move |app, act| app.notice_means_none(of, sent.seen, sent.reason, act)).await
}

async fn lift(call: Call, Sent(sent): Sent<Reason>) -> Answer {
    let of = (sent.number, call.visitor.reader());
    call.change(move |app, act| app.lift_notice(of, sent.seen, sent.reason, act)).await
}

async fn withdraw(call: Call, Sent(sent): Sent<Reason>) -> Answer {
    let of = (sent.number, call.visitor.reader());
    call.change(move |app, act| app.withdraw_notice(of, sent.seen, sent.reason, act)).await
}

async fn answer(call: Call, Sent(sent): Sent<WasAnswered>) -> Answer {
    let of = (sent.number, call.visitor.reader());
    let answer =
        NoticeAnswer { on: day("on", &sent.on)?, to: sent.to, done: sent.done, text: sent.text };
    call.change(move |app, act| app.answer_notice(of, sent.seen, answer, act)).await
}

async fn set_due(call: Call, Sent(sent): Sent<NoticeDue>) -> Answer {
    let (of, due) = ((sent.number, call.visitor.reader()), day("due", &sent.due)?);
    call.change(move |app, act| app.set_notice_due(of, sent.seen, due, act)).await
}

impl Taken {
    fn read(self) -> Result<NoticeDraft, Problem> {
        let senders = NoticeSender::ALL.iter().map(|sender| sender.key()).collect();
        let marks = || Tlp::ALL.iter().map(|mark| mark.key()).collect();
        let mark = |mark: String| word("tlp", Tlp::from_key(&mark), marks());
        let due = maybe_day("due", self.due.as_ref())?;
        let answer = match (self.to, due) {
            (None, None) => None,
            (to, Some(due)) => Some(AnswerAsked { to: to.unwrap_or_default(), due }),
            (Some(_), None) => return Err(bad(msg!("web.api.missing", name = "due"))),
        };
        Ok(NoticeDraft {
            sender: word("sender", NoticeSender::from_key(&self.sender), senders)?,
            name: self.name,
            title: self.title,
            sent_on: day("sent", &self.sent)?,
            way: self.way,
            text: self.text,
            file: None,
            answer,
            tlp: self.tlp.map(mark).transpose()?,
            embargo: self.embargo.map(NewEmbargo::read).transpose()?,
        })
    }
}

impl NewEmbargo {
    fn read(self) -> Result<Embargo, Problem> {
        let known = || Role::ALL.iter().map(|role| role.key()).collect();
        let mut roles = Vec::new();
        for role in &self.roles {
            roles.push(word("roles", Role::from_key(role), known())?);
        }
        if roles.is_empty() {
            roles.push(Role::Administrator);
        }
        Ok(Embargo { until: maybe_day("until", self.until.as_ref())?, roles })
    }
}

impl Verdict {
    fn read(self) -> Result<TriageWord, Problem> {
        let what = match (self.what, self.device) {
            (Some(what), None) => {
                let known = vec!["product:…", "model:…", "maker:…", "device:…"];
                TriageOf::Thing(word("what", what.parse::<Meant>().ok(), known)?)
            }
            (None, Some(id)) => {
                let missing = |_| Problem::from(AppError::NoDevice(id.clone()));
                TriageOf::Device(id.parse::<DeviceId>().map_err(missing)?)
            }
            _ => return Err(bad(msg!("web.api.missing", name = "what"))),
        };
        Ok(TriageWord { what, is_meant: self.meant, reason: self.reason })
    }
}
