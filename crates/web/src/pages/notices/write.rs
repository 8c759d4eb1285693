//! Taking a notice in: its words, the file it came as, the answer it asks for, and who may read it.

use app::{AppError, MOST_NOTICE_BYTES};
use askama::Template;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::{AnswerAsked, Message, NoticeDraft, NoticeSender, Role, Tlp, msg};

use super::super::form::{day_in, field, form_of, lines_in};
use super::Pairs;
use super::steps::embargo_in;
use crate::answer::{Answer, go_and_say, page};
use crate::frame::Frame;
use crate::guard::Visitor;
use crate::problem::Problem;

#[derive(Template)]
#[template(path = "notices/write.html")]
struct WritePage {
    frame: Frame,
    fields: Pairs,
    problem: Option<String>,
    /// A file was chosen and must be chosen again: browsers keep none.
    is_file_lost: bool,
    /// What should be known of the mail that the fields were copied from; none where they were not.
    mail: Option<Vec<String>>,
    /// Where the day of the answer was read in it; none where it was not.
    due_said: Option<String>,
}

impl WritePage {
    fn value<'v>(&'v self, name: &str) -> &'v str {
        field(&self.fields, name)
    }

    fn is_reader(&self, role: &str) -> bool {
        self.fields.iter().any(|(name, value)| name == "role" && value == role)
    }

    fn senders(&self) -> impl Iterator<Item = &'static str> {
        [
            NoticeSender::Ceptoar,
            NoticeSender::Ministry,
            NoticeSender::Authority,
            NoticeSender::Vendor,
        ]
        .into_iter()
        .map(NoticeSender::key)
    }

    /// The marks, the widest first.
    fn marks(&self) -> impl Iterator<Item = &'static str> {
        [Tlp::Clear, Tlp::Green, Tlp::Amber, Tlp::AmberStrict, Tlp::Red].into_iter().map(Tlp::key)
    }
}

pub(super) async fn new(visitor: Visitor) -> Answer {
    form(&visitor, own_fields(&visitor)?, None, false).await
}

/// What stands in the form at first.
fn own_fields(visitor: &Visitor) -> Result<Pairs, Problem> {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let today = visitor.desk.today().to_string();
    let own = visitor.who()?.role;
    let mut fields = vec![pair("sent_on", &today), pair("role", Role::Administrator.key())];
    // Whoever takes it in must be able to read it.
    if own != Role::Administrator {
        fields.push(pair("role", own.key()));
    }
    Ok(fields)
}

/// Copies a mail into the fields of the form. Nothing of it is kept.
pub(super) async fn mail(visitor: Visitor, form: Result<Multipart, MultipartRejection>) -> Answer {
    let Ok(mut sent) = form else { return Err(Problem::bad_form()) };
    let (_, file) = form_of(&mut sent, MOST_NOTICE_BYTES, large).await?;
    let (_, bytes) = file.ok_or_else(Problem::bad_form)?;
    let read = visitor
        .read(move |app| match app.read_notice_mail(&bytes) {
            Err(AppError::Notice(message)) => Ok(Err(message)),
            read => read.map(Ok),
        })
        .await?;
    let mut fields = own_fields(&visitor)?;
    let mail = match read {
        Err(message) => {
            let page = self::form(&visitor, fields, Some(message), false).await?;
            return Ok((StatusCode::CONFLICT, page).into_response());
        }
        Ok(mail) => mail,
    };
    let due_said =
        mail.due_on().map(|(day, words)| msg!("notice.mail.due", day = day, words = words));
    let copied = [
        ("due", mail.due.unwrap_or_default()),
        ("name", mail.name),
        ("title", mail.title),
        ("sent_on", mail.sent.unwrap_or_default()),
        ("way", mail.way),
        ("text", mail.text),
        ("tlp", mail.tlp.unwrap_or_default()),
        ("embargoed", if mail.embargo { "yes" } else { "" }.to_owned()),
    ];
    fields.retain(|(name, _)| copied.iter().all(|(copied, _)| copied != name));
    fields.extend(copied.map(|(name, value)| (name.to_owned(), value)));
    let frame = visitor.frame("weaknesses").await?;
    let due_said = due_said.map(|said| frame.say(&said));
    let mail = Some(mail.warnings);
    page(&WritePage { frame, fields, problem: None, is_file_lost: false, mail, due_said })
}

fn large() -> Message {
    msg!("notice.refused.large", limit = MOST_NOTICE_BYTES >> 20)
}

async fn form(
    visitor: &Visitor,
    fields: Pairs,
    problem: Option<Message>,
    is_file_lost: bool,
) -> Answer {
    let frame = visitor.frame("weaknesses").await?;
    let problem = problem.map(|message| frame.say(&message));
    page(&WritePage { frame, fields, problem, is_file_lost, mail: None, due_said: None })
}

/// The notice as the form says it.
fn draft(pairs: &Pairs) -> Result<NoticeDraft, Problem> {
    let text = |name| field(pairs, name).trim().to_owned();
    let asked = match (text("to").as_str(), field(pairs, "due")) {
        ("", "") => None,
        (to, _) => Some(AnswerAsked { to: to.to_owned(), due: day_in(pairs, "due")? }),
    };
    let tlp = match field(pairs, "tlp") {
        "" => None,
        mark => Some(Tlp::from_key(mark).ok_or_else(Problem::bad_form)?),
    };
    let is_embargoed = !field(pairs, "embargoed").is_empty();
    Ok(NoticeDraft {
        sender: NoticeSender::from_key(field(pairs, "sender")).ok_or_else(Problem::bad_form)?,
        name: text("name"),
        title: text("title"),
        sent_on: day_in(pairs, "sent_on")?,
        way: text("way"),
        text: lines_in(pairs, "text"),
        file: None,
        answer: asked,
        tlp,
        embargo: if is_embargoed { Some(embargo_in(pairs)?) } else { None },
    })
}

pub(super) async fn take(visitor: Visitor, form: Result<Multipart, MultipartRejection>) -> Answer {
    let Ok(mut sent) = form else { return Err(Problem::bad_form()) };
    let (pairs, file) = form_of(&mut sent, MOST_NOTICE_BYTES, large).await?;
    let is_file_lost = file.is_some();
    if field(&pairs, "due").is_empty() && !field(&pairs, "to").trim().is_empty() {
        let page = self::form(&visitor, pairs, Some(msg!("notice.refused.no_due")), is_file_lost);
        return Ok((StatusCode::CONFLICT, page.await?).into_response());
    }
    let (draft, reader) = (draft(&pairs)?, visitor.reader());
    let done = visitor.change(move |app, act| {
        let file = file.as_ref().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
        match app.take_notice(draft, file, reader, act) {
            Err(AppError::Notice(message)) => Ok(Err(message)),
            done => done.map(|notice| Ok(notice.number)),
        }
    });
    match done.await? {
        Ok(number) => go_and_say(&format!("/notices/{number}"), "notice_taken"),
        Err(message) => {
            let page = self::form(&visitor, pairs, Some(message), is_file_lost).await?;
            Ok((StatusCode::CONFLICT, page).into_response())
        }
    }
}
