//! A notice that came by mail: what the mail proposes, and taking it in with what the caller says of it.

use app::{App, AppError, MOST_NOTICE_BYTES, NoticeMailView, NoticeView};
use axum::extract::Request;
use domain::{AnswerAsked, Embargo, NoticeDraft, NoticeSender, Permission, Role, Tlp, msg};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::call::{Call, bad};
use super::operation::{Kind, Operation, Param};
use super::upload::{self, Most, Parcel};
use crate::answer::Answer;
use crate::problem::Problem;

const PARAMS: [Param; 9] = [
    Param::of("dry_run", Kind::Flag),
    Param::of(
        "sender",
        Kind::Word(|| NoticeSender::ALL.iter().map(|sender| sender.key()).collect()),
    ),
    Param::of("sent", Kind::Day),
    Param::of("to", Kind::Text),
    Param::of("due", Kind::Day),
    Param::of("tlp", Kind::Word(|| Tlp::ALL.iter().map(|mark| mark.key()).collect())),
    Param::of("embargo", Kind::Flag),
    Param::of("until", Kind::Day),
    Param::of("keep", Kind::Flag),
];

/// One mail, no larger than one is read.
const MOST: Most = Most {
    files: 1,
    file: MOST_NOTICE_BYTES as u64,
    all: MOST_NOTICE_BYTES as u64,
    usual_name: Some("notice.eml"),
};

pub(super) fn operations() -> Vec<Operation> {
    let (path, work) = ("/api/v1/notices/mail", Permission::Work);
    vec![
        Operation::post::<OfMail, _, _>("notice_mail", path, work, bring)
            .asking(&PARAMS)
            .taking_files(),
    ]
}

/// What was read of a mail, and the notice that it became.
#[derive(Serialize, JsonSchema)]
struct OfMail {
    /// What the mail proposes. Nobody proved any of it.
    mail: NoticeMailView,
    /// The notice; none where nothing was to be kept.
    notice: Option<NoticeView>,
}

/// What the caller says of a mail that is taken in.
struct Said {
    sender: NoticeSender,
    sent: Option<Date>,
    answer: Option<AnswerAsked>,
    tlp: Option<Tlp>,
    /// Whether few may read it; as the mail proposes where nothing is said.
    is_embargoed: Option<bool>,
    until: Option<Date>,
    /// Whether the mail itself is kept.
    keeps: bool,
    /// Who may read it while few may.
    readers: Vec<Role>,
}

async fn bring(call: Call, request: Request) -> Answer {
    // What is missing is told before anything is taken.
    let said = if call.flag("dry_run") { None } else { Some(Said::of(&call)?) };
    let mut delivery = upload::receive(&call, request, &MOST).await?;
    let is_one_file = delivery.mapping.is_none();
    let parcel = delivery.files.pop().filter(|_| is_one_file);
    let parcel = parcel.ok_or_else(|| bad(msg!("web.api.part_unknown")))?;
    let reader = call.visitor.reader();
    match said {
        None => {
            call.reply(move |app| Ok(OfMail { mail: read(app, parcel)?.0, notice: None })).await
        }
        Some(said) => {
            call.change(move |app, act| {
                let (mail, name, bytes) = read(app, parcel)?;
                let file = said.keeps.then_some((name.as_str(), bytes.as_slice()));
                let notice = app.take_notice(said.draft(&mail)?, file, reader, act)?;
                Ok(OfMail { mail, notice: Some(notice) })
            })
            .await
        }
    }
}

/// What a mail proposes, with its name and bytes.
fn read(app: &App, parcel: Parcel) -> Result<(NoticeMailView, String, Vec<u8>), AppError> {
    let name = parcel.name.clone();
    let bytes = parcel.read().map_err(AppError::Notice)?;
    Ok((app.read_notice_mail(&bytes)?, name, bytes))
}

impl Said {
    fn of(call: &Call) -> Result<Self, Problem> {
        let missing = |name: &'static str| bad(msg!("web.api.missing", name = name));
        let day = |name| call.text(name).and_then(|day| day.parse::<Date>().ok());
        let to = call.text("to").map(str::to_owned);
        let answer = match (to, day("due")) {
            (None, None) => None,
            (Some(to), Some(due)) => Some(AnswerAsked { to, due }),
            (None, Some(_)) => return Err(missing("to")),
            (Some(_), None) => return Err(missing("due")),
        };
        let (own, mut readers) = (call.visitor.who()?.role, vec![Role::Administrator]);
        // Whoever takes it in must be able to read it.
        if own != Role::Administrator {
            readers.push(own);
        }
        Ok(Self {
            sender: call
                .text("sender")
                .and_then(NoticeSender::from_key)
                .ok_or_else(|| missing("sender"))?,
            sent: day("sent"),
            answer,
            tlp: call.text("tlp").and_then(Tlp::from_key),
            is_embargoed: call.text("embargo").map(|word| word == "true"),
            until: day("until"),
            keeps: call.flag("keep"),
            readers,
        })
    }

    /// The notice: what is said goes before what the mail proposes. The day of an answer is never taken from the mail.
    fn draft(self, mail: &NoticeMailView) -> Result<NoticeDraft, AppError> {
        let missing = |name: &'static str| AppError::Notice(msg!("web.api.missing", name = name));
        let is_embargoed = self.is_embargoed.unwrap_or(mail.embargo);
        if self.until.is_some() && !is_embargoed {
            return Err(missing("embargo"));
        }
        Ok(NoticeDraft {
            sender: self.sender,
            name: mail.name.clone(),
            title: mail.title.clone(),
            sent_on: self.sent.or(mail.sent_on()).ok_or_else(|| missing("sent"))?,
            way: mail.way.clone(),
            text: mail.text.clone(),
            file: None,
            answer: self.answer,
            tlp: self.tlp.or(mail.mark()),
            embargo: is_embargoed.then_some(Embargo { until: self.until, roles: self.readers }),
        })
    }
}
