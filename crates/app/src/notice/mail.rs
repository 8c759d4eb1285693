//! What a notice would be that came by mail: a proposal, of which a person confirms or corrects each field.

use domain::{Message, Notice, Tlp, msg};
use formats::mail::Mail;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use crate::{App, AppError, day_of};

/// What a mail proposes of a notice. What it does not say is empty, and the mail itself is not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NoticeMailView {
    /// The sender, as the mail says it: nobody proved that.
    pub name: String,
    /// The subject.
    pub title: String,
    /// The day on which it was sent, in Japan.
    pub sent: Option<String>,
    /// How it came.
    pub way: String,
    /// Its words, with the names of what is attached.
    pub text: String,
    /// The mark of the sender, where its words hold one: the narrowest.
    pub tlp: Option<String>,
    /// Whether that mark asks for few readers.
    pub embargo: bool,
    /// What is attached. None of it was read.
    pub attachments: Vec<String>,
    /// What should be known of the reading.
    pub warnings: Vec<String>,
}

impl NoticeMailView {
    /// The day on which it was sent.
    pub fn sent_on(&self) -> Option<Date> {
        self.sent.as_ref().and_then(|sent| sent.parse().ok())
    }

    /// The mark of the sender.
    pub fn mark(&self) -> Option<Tlp> {
        self.tlp.as_deref().and_then(Tlp::from_key)
    }
}

impl App {
    /// What the mail `bytes` proposes of a notice. Nothing of it is kept.
    ///
    /// # Errors
    ///
    /// [`AppError::Notice`] where it is no mail, or not one that is read.
    pub fn read_notice_mail(&self, bytes: &[u8]) -> Result<NoticeMailView, AppError> {
        let texts = self.catalogue();
        let most = Notice::MOST_LETTERS - RESERVED;
        let read = formats::mail::read(bytes, most);
        let mail = read.map_err(|refusal| AppError::Notice(refusal.message))?;
        let mark = mark_of(&mail);
        let mut text = mail.text.clone();
        if !mail.attachments.is_empty() {
            let line = texts.say(&attached(&mail));
            let line: String = line.chars().take(RESERVED - 2).collect();
            text = format!("{text}\n\n{line}");
        }
        let warnings = warnings(&mail, mark).iter().map(|said| texts.say(said)).collect();
        Ok(NoticeMailView {
            name: mail.from,
            title: mail.subject,
            sent: mail.sent.map(|sent| day_of(sent).to_string()),
            way: texts.text("notice.mail.way").into_owned(),
            text: text.trim().to_owned(),
            tlp: mark.map(|mark| mark.key().to_owned()),
            embargo: mark.is_some_and(is_narrow),
            attachments: mail.attachments,
            warnings,
        })
    }
}

/// Letters that are left for the names of what is attached.
const RESERVED: usize = 2_000;

/// The names of what is attached, as a sentence.
fn attached(mail: &Mail) -> Message {
    let names = mail.attachments.join(", ");
    match mail.more_attachments {
        0 => msg!("notice.mail.attached", names = names),
        more => msg!("notice.mail.attached_more", names = names, more = more),
    }
}

fn warnings(mail: &Mail, mark: Option<Tlp>) -> Vec<Message> {
    let mut said = Vec::new();
    if !mail.attachments.is_empty() {
        said.push(attached(mail));
    }
    if mail.is_cut {
        said.push(msg!("notice.mail.cut"));
    }
    if mail.is_garbled {
        said.push(msg!("notice.mail.garbled"));
    }
    if mail.text.is_empty() {
        said.push(msg!("notice.mail.no_words"));
    }
    if mark.is_some_and(is_narrow) {
        said.push(msg!("notice.mail.narrow"));
    }
    said
}

/// Whether a mark lets only a few read (FIRST, TLP 2.0): its notices are proposed to be under embargo.
fn is_narrow(mark: Tlp) -> bool {
    matches!(mark, Tlp::Red | Tlp::Amber | Tlp::AmberStrict)
}

/// The narrowest mark in subject and words: `TLP:RED`, in the writing of TLP 2.0 or, for `WHITE`, of 1.0.
fn mark_of(mail: &Mail) -> Option<Tlp> {
    let marks = marks(&mail.subject).into_iter().chain(marks(&mail.text));
    marks.max_by_key(|mark| match mark {
        Tlp::Clear => 0,
        Tlp::Green => 1,
        Tlp::Amber => 2,
        Tlp::AmberStrict => 3,
        Tlp::Red => 4,
    })
}

fn marks(text: &str) -> Vec<Tlp> {
    // Folding drops the white space that ends a mark.
    let words: Vec<String> = text.split_whitespace().map(domain::fold).collect();
    let text = words.join(" ");
    let mut found = Vec::new();
    for (at, _) in text.match_indices("tlp") {
        let begins = text[..at].chars().next_back().is_none_or(|before| !before.is_alphanumeric());
        let rest = text[at + "tlp".len()..].trim_start();
        let Some(rest) = rest.strip_prefix(':').filter(|_| begins) else { continue };
        let rest = rest.trim_start();
        let words = [
            ("amber+strict", Tlp::AmberStrict),
            ("amber", Tlp::Amber),
            ("red", Tlp::Red),
            ("green", Tlp::Green),
            ("clear", Tlp::Clear),
            ("white", Tlp::Clear),
        ];
        let is_whole = |rest: &str| !rest.starts_with(|next: char| next.is_ascii_alphanumeric());
        let mark = words
            .iter()
            .find(|(word, _)| rest.strip_prefix(word).is_some_and(is_whole))
            .map(|(_, mark)| *mark);
        found.extend(mark);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_narrowest_mark_is_found_in_any_writing() {
        for (text, mark) in [
            ("【TLP:RED】", Some(Tlp::Red)),
            ("TLP: Amber+Strict", Some(Tlp::AmberStrict)),
            ("ＴＬＰ：ＡＭＢＥＲ です", Some(Tlp::Amber)),
            ("TLP:RED this is for you", Some(Tlp::Red)),
            ("TLP:WHITE", Some(Tlp::Clear)),
            ("TLP:GREEN ... TLP:AMBER", Some(Tlp::Amber)),
            ("TLP:REDACTED", None),
            ("HTLP:RED", None),
            ("TLP RED", None),
            ("amber", None),
        ] {
            let mail = Mail { subject: text.to_owned(), ..Mail::default() };
            assert_eq!(mark_of(&mail), mark, "{text}");
            let mail = Mail { text: format!("前\n{text}\n後"), ..Mail::default() };
            assert_eq!(mark_of(&mail), mark, "{text}");
        }
    }
}
