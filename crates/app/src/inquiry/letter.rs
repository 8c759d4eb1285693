//! The letter of an inquiry: whole and polite, with the facts and the six items, in the language of the texts.

use std::fmt::Write as _;

use domain::message::Arg;
use domain::{AskedVulnerability, Inquiry, InquiryItem, msg};
use reference::Catalogue;

/// Before what belongs to a numbered heading.
const INDENT: &str = "   ";

/// The letter as plain text.
pub(super) fn letter(inquiry: &Inquiry, texts: &Catalogue) -> String {
    let (draft, facts) = (&inquiry.draft, &inquiry.draft.facts);
    let day = inquiry.sent.as_ref().map_or(inquiry.drafted_on, |sent| sent.on);
    let mut parts = vec![
        texts.say(&msg!("inquiry.letter.day", day = day)),
        texts.say(&msg!("inquiry.letter.to", vendor = &draft.vendor)),
        from(inquiry, texts),
        subject(inquiry, texts),
        texts.say(&msg!("inquiry.letter.opening")),
        texts.say(&msg!(
            "inquiry.letter.product",
            product = &facts.product,
            devices = facts.devices,
            day = inquiry.drafted_on
        )),
        listed(&texts.text("inquiry.letter.vulnerabilities"), &vulnerabilities(inquiry, texts)),
        listed(&texts.text("inquiry.letter.items"), &items(texts)),
        format!("{INDENT}{}", texts.say(&msg!("inquiry.letter.otherwise"))),
    ];
    if facts.medical > 0 {
        parts.push(texts.say(&msg!("inquiry.letter.medical", medical = facts.medical)));
    }
    if !draft.note.trim().is_empty() {
        parts.push(texts.say(&msg!("inquiry.letter.note", note = draft.note.trim())));
    }
    parts.push(texts.say(&msg!("inquiry.letter.answer", due = inquiry.due)));
    parts.push(texts.text("inquiry.letter.closing").into_owned());
    let mut text = parts.join("\n\n");
    text.push('\n');
    text
}

/// Who asks. A hospital that nobody has named yet leaves no blank line.
fn from(inquiry: &Inquiry, texts: &Catalogue) -> String {
    let (facility, contact) = (&inquiry.draft.facts.facility, &inquiry.draft.contact);
    let said = texts.say(&msg!("inquiry.letter.from", facility = facility, contact = contact));
    said.trim().to_owned()
}

/// The subject of the letter.
fn subject(inquiry: &Inquiry, texts: &Catalogue) -> String {
    let (product, number) = (&inquiry.draft.facts.product, inquiry.number);
    texts.say(&msg!("inquiry.letter.subject", product = product, number = number))
}

fn listed(heading: &str, lines: &[String]) -> String {
    let mut text = heading.to_owned();
    for line in lines {
        let _ = write!(text, "\n{INDENT}{line}");
    }
    text
}

fn vulnerabilities(inquiry: &Inquiry, texts: &Catalogue) -> Vec<String> {
    inquiry.draft.facts.asked.iter().map(|asked| vulnerability(asked, texts)).collect()
}

fn vulnerability(asked: &AskedVulnerability, texts: &Catalogue) -> String {
    let rating = rating(asked, texts);
    let Some(since) = &asked.exploited else {
        return texts.say(&msg!("inquiry.letter.vulnerability", id = &asked.id, rating = rating));
    };
    let since = since.parse::<domain::CalendarDate>().map_or(Arg::from(since), Arg::Date);
    texts.say(&match asked.ransomware {
        false => {
            msg!("inquiry.letter.exploited", id = &asked.id, rating = rating, since = since)
        }
        true => {
            msg!("inquiry.letter.ransomware", id = &asked.id, rating = rating, since = since)
        }
    })
}

/// Severity and score in words.
pub(super) fn rating(asked: &AskedVulnerability, texts: &Catalogue) -> String {
    let word = texts.text(&format!("cvss_severity.{}", asked.severity));
    match asked.score {
        Some(tenths) => format!("{word} {:.1}", f64::from(tenths) / 10.0),
        None => word.into_owned(),
    }
}

/// The six items, each with what it means.
fn items(texts: &Catalogue) -> Vec<String> {
    let line = |(number, item): (usize, &InquiryItem)| {
        let name = texts.text(&format!("inquiry_item.{}", item.key()));
        let asks = texts.text(&format!("inquiry_asks.{}", item.key()));
        texts.say(&msg!("inquiry.letter.item", number = number, name = &*name, asks = &*asks))
    };
    (1..).zip(InquiryItem::ALL).map(line).collect()
}
