//! What a notice would be that came by mail: a proposal, of which a person confirms or corrects each field.

use domain::{Message, Notice, Tlp, msg};
use formats::deadline::{Deadline, deadlines};
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
    /// The day by which its words ask for an answer; none where they ask for none, and where that is not sure: `warnings` tell why.
    pub due: Option<String>,
    /// The words that say so.
    pub due_words: Option<String>,
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

    /// The day by which an answer is asked for, with the words that it was read from.
    pub fn due_on(&self) -> Option<(Date, &str)> {
        let day = self.due.as_ref()?.parse().ok()?;
        Some((day, self.due_words.as_deref().unwrap_or_default()))
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
        let sent = mail.sent.map(day_of);
        let due = Due::of(&mail, sent);
        let mut warnings = warnings(&mail, mark);
        warnings.extend(due.doubt());
        let due = due.sure();
        Ok(NoticeMailView {
            name: mail.from,
            title: mail.subject,
            sent: sent.map(|sent| sent.to_string()),
            way: texts.text("notice.mail.way").into_owned(),
            text: text.trim().to_owned(),
            tlp: mark.map(|mark| mark.key().to_owned()),
            embargo: mark.is_some_and(is_narrow),
            due: due.as_ref().map(|due| due.day.to_string()),
            due_words: due.map(|due| due.words),
            attachments: mail.attachments,
            warnings: warnings.iter().map(|said| texts.say(said)).collect(),
        })
    }
}

/// What the deadlines in a mail come to.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Due {
    /// It asks for no answer.
    None,
    /// One day.
    Sure(Deadline),
    /// Days that differ: a person must choose.
    Several(Vec<Deadline>),
    /// The day of the week beside it is another day's.
    OtherWeekday(Deadline),
    /// It lies before the day on which the mail was sent.
    Past(Deadline),
}

impl Due {
    fn of(mail: &Mail, sent: Option<Date>) -> Self {
        let mut found = deadlines(&format!("{}\n\n{}", mail.subject, mail.text), sent);
        if found.len() > 1 {
            return Self::Several(found);
        }
        match found.pop() {
            None => Self::None,
            Some(one) if one.is_contradicted => Self::OtherWeekday(one),
            Some(one) if sent.is_some_and(|sent| one.day < sent) => Self::Past(one),
            Some(one) => Self::Sure(one),
        }
    }

    /// The day that is proposed.
    fn sure(self) -> Option<Deadline> {
        match self {
            Self::Sure(one) => Some(one),
            _ => None,
        }
    }

    /// Why none is proposed, where words ask for an answer.
    fn doubt(&self) -> Option<Message> {
        match self {
            Self::None | Self::Sure(_) => None,
            Self::Several(all) => {
                let one =
                    |one: &Deadline| msg!("notice.mail.due_one", day = one.day, words = &one.words);
                let days: Vec<Message> = all.iter().map(one).collect();
                Some(msg!("notice.mail.due_several", days = days))
            }
            Self::OtherWeekday(one) => {
                Some(msg!("notice.mail.due_weekday", day = one.day, words = &one.words))
            }
            Self::Past(one) => {
                Some(msg!("notice.mail.due_past", day = one.day, words = &one.words))
            }
        }
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
    use reference::{Catalogue, Language};

    use super::*;

    #[test]
    fn one_day_is_proposed_and_of_what_is_not_sure_only_told() {
        let sent: Date = "2026-11-20".parse().unwrap();
        let texts = Catalogue::load(Language::Ja);
        let due = |subject: &str, text: &str| {
            let (subject, text) = (subject.to_owned(), text.to_owned());
            Due::of(&Mail { subject, text, ..Mail::default() }, Some(sent))
        };
        let told = |due: &Due| due.doubt().map(|said| texts.say(&said)).unwrap_or_default();
        let one = due("注意喚起", "12月4日(金)までにご回答ください。\n公開日:2026/12/1");
        assert_eq!(told(&one), "");
        assert_eq!(one.sure().unwrap().day.to_string(), "2026-12-04");
        let of_subject = due("【12/4までに要回答】", "12月4日までにご回答ください。");
        assert_eq!(of_subject.sure().unwrap().words, "【12/4までに要回答】");
        assert_eq!(due("お知らせ", "12月4日に公開します。"), Due::None);
        for (text, words) in [
            (
                "回答期限:12月4日\n回答期限:12月11日",
                ["2026年12月4日「回答期限:12月4日」", "二つ以上"],
            ),
            ("回答期限:12月4日(木)", ["2026年12月4日", "曜日が合いません"]),
            ("回答期限:2026年11月13日", ["2026年11月13日", "送られた日より前"]),
        ] {
            let doubtful = due("", text);
            let said = told(&doubtful);
            assert!(words.iter().all(|word| said.contains(word)), "{text}: {said}");
            assert_eq!(doubtful.sure(), None, "{text}");
        }
    }

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
