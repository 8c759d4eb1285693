//! Mails (RFC 5322, MIME: RFC 2045 to 2047) read for what a notice is made of: sender, subject, day and words.
//!
//! Nothing is rendered, opened or loaded. Of HTML the words stay; what is attached is named and not read. The mail itself is not kept by
//! this: it tells more of persons than a notice needs.

use std::borrow::Cow;

use domain::msg;
use jiff::Timestamp;
use mail_parser::{Address, Message, MessageParser, MessagePart, MimeHeaders, PartType};

use crate::reading::Refusal;
use crate::text::excerpt;

/// The largest mail, in bytes.
pub const MOST_BYTES: usize = 10 << 20;

/// Parts that a mail may have: each says its type.
const MOST_PARTS: usize = 500;

/// How long the type of a part may be written, in bytes.
const MOST_TYPE: usize = 1 << 12;

/// Attachments that are named.
const MOST_NAMED: usize = 50;

/// Names of header fields, by which a mail is told from other texts.
const FIELDS: [&str; 9] = [
    "from",
    "to",
    "date",
    "subject",
    "message-id",
    "mime-version",
    "received",
    "return-path",
    "content-type",
];

/// What was read of a mail. What it does not say is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mail {
    /// The name and the address of the sender, as the mail says them: nobody proved them.
    pub from: String,
    /// The subject.
    pub subject: String,
    /// When it says that it was sent.
    pub sent: Option<Timestamp>,
    /// Its words.
    pub text: String,
    /// Whether the words were longer than was asked for, and are cut.
    pub is_cut: bool,
    /// Whether letters in it could not be read.
    pub is_garbled: bool,
    /// What is attached, by name; without one, by kind.
    pub attachments: Vec<String>,
    /// How many more are attached.
    pub more_attachments: usize,
}

/// Whether these bytes are a mail, by the fields they begin with.
pub fn is_mail(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut found = 0;
    for line in bytes.split(|byte| *byte == b'\n').take(200) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match line.first() {
            None => break,
            Some(b' ' | b'\t') => continue,
            Some(_) => {}
        }
        let Some(colon) = memchr::memchr(b':', line) else { return false };
        let name = &line[..colon];
        if !name.iter().all(u8::is_ascii_graphic) {
            return false;
        }
        found +=
            usize::from(FIELDS.iter().any(|field| name.eq_ignore_ascii_case(field.as_bytes())));
    }
    found >= 2
}

/// Reads a mail, and of its words `most` letters at most.
///
/// # Errors
///
/// A refusal where it is no mail, or larger or of more parts than a mail is.
pub fn read(bytes: &[u8], most: usize) -> Result<Mail, Refusal> {
    if bytes.len() > MOST_BYTES {
        return Err(Refusal { message: msg!("refusal.mail_large", limit = MOST_BYTES >> 20) });
    }
    if !is_mail(bytes) {
        return Err(Refusal { message: msg!("refusal.mail_unknown") });
    }
    let bytes = flat(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes))?;
    let parser = MessageParser::default();
    let Some(message) = parser.parse(&*bytes) else {
        return Err(Refusal { message: msg!("refusal.mail_unknown") });
    };
    let words = words(&message);
    let mut mail = Mail {
        from: message.from().map(sender).unwrap_or_default(),
        subject: line(message.subject().unwrap_or_default()),
        sent: message.date().and_then(|date| Timestamp::from_second(date.to_timestamp()).ok()),
        is_cut: words.chars().count() > most,
        text: words.chars().take(most).collect::<String>().trim().to_owned(),
        ..Mail::default()
    };
    for part in message.attachments() {
        if mail.attachments.len() < MOST_NAMED {
            let name = part.attachment_name().map_or_else(|| kind(part), line);
            mail.attachments.push(excerpt(if name.is_empty() { "?" } else { &name }));
        } else {
            mail.more_attachments += 1;
        }
    }
    mail.is_garbled = message.parts.iter().any(|part| part.is_encoding_problem)
        || [&mail.from, &mail.subject, &mail.text].iter().any(|text| text.contains('\u{fffd}'));
    Ok(mail)
}

/// The same with every part of it flat: a mail within a mail is an attachment like any other, so that nobody's nesting is followed.
fn flat(bytes: &[u8]) -> Result<Cow<'_, [u8]>, Refusal> {
    const TYPE: &[u8] = b"content-type";
    let lower = bytes.to_ascii_lowercase();
    let mut own = Cow::Borrowed(bytes);
    for (count, at) in memchr::memmem::find_iter(&lower, TYPE).enumerate() {
        if count >= MOST_PARTS {
            return Err(Refusal { message: msg!("refusal.mail_parts", most = MOST_PARTS) });
        }
        let start = at + TYPE.len();
        let rest = lower.get(start..).unwrap_or_default();
        let Some(length) = type_length(rest) else {
            return Err(Refusal { message: msg!("refusal.mail_parts", most = MOST_PARTS) });
        };
        let written = rest.get(..length).unwrap_or_default();
        let letters: Vec<u8> = written.iter().copied().filter(u8::is_ascii_alphanumeric).collect();
        let holds = |word: &[u8]| memchr::memmem::find(&letters, word).is_some();
        if holds(b"message") || holds(b"digest") || written.contains(&b'(') {
            let part = own.to_mut().get_mut(start..start + length).unwrap_or_default();
            part.iter_mut()
                .filter(|byte| byte.is_ascii_alphanumeric())
                .for_each(|byte| *byte = b'x');
        }
    }
    Ok(own)
}

/// How long the type itself is behind the name of its field: up to its first attribute, or the end of the field.
fn type_length(rest: &[u8]) -> Option<usize> {
    let mut bytes = rest.iter().enumerate();
    let end = bytes.find(|(at, byte)| {
        let next = rest.get(at + 1);
        **byte == b';' || **byte == b'\n' && !matches!(next, Some(b' ' | b'\t'))
    });
    let length = end.map_or(rest.len(), |(at, _)| at);
    (length <= MOST_TYPE).then_some(length)
}

/// What kind of part it is. What [`flat`] overwrote is a mail.
fn kind(part: &MessagePart<'_>) -> String {
    let Some(kind) = part.content_type() else { return String::new() };
    if kind.ctype().bytes().all(|byte| byte == b'x') {
        return "message/rfc822".to_owned();
    }
    line(&format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or("*")))
}

/// Every part that is meant to be read, one below the other.
fn words(message: &Message<'_>) -> String {
    let mut words = String::new();
    for at in 0..message.text_body_count() {
        if let Some(part) = message.body_text(at) {
            if !words.is_empty() {
                words.push_str("\n\n");
            }
            words.push_str(&part);
        }
    }
    // HTML that stands beside other parts is named among the attachments, and is the mail's words where there are no others.
    if words.trim().is_empty() {
        let html = message.parts.iter().find_map(|part| match &part.body {
            PartType::Html(html) => Some(mail_parser::decoders::html::html_to_text(html)),
            _ => None,
        });
        words = html.unwrap_or_default();
    }
    plain(&words)
}

/// Words without what only machines read: control characters, and more than one empty line.
fn plain(words: &str) -> String {
    let mut plain = String::with_capacity(words.len());
    let mut empty = 0;
    for line in words.lines() {
        let line: String = line.chars().filter(|letter| !is_hidden(*letter)).collect();
        let line = line.trim_end();
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty < 2 {
            plain.push_str(line);
            plain.push('\n');
        }
    }
    plain
}

/// One line of a header.
fn line(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let line: String = line.chars().filter(|letter| !is_hidden(*letter)).collect();
    line.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(500).collect()
}

/// Letters that are not seen, or turn the direction of others (Unicode 16.0, 23.2 and 23.3): they make one text look like another.
fn is_hidden(letter: char) -> bool {
    letter.is_control() && letter != '\t'
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// `name <address>`, or what there is of it.
fn sender(address: &Address<'_>) -> String {
    let Some(first) = address.first() else { return String::new() };
    let (name, address) =
        (line(first.name().unwrap_or_default()), line(first.address().unwrap_or_default()));
    match (name.as_str(), address.as_str()) {
        ("", address) => address.to_owned(),
        (name, "") => name.to_owned(),
        (name, address) if name == address => name.to_owned(),
        (name, address) => format!("{name} <{address}>"),
    }
}

/// Reads any bytes as a mail, and behind the beginning of one.
pub fn fuzz(bytes: &[u8]) {
    for start in [
        &b""[..],
        b"From: a@example.jp\r\nSubject: ",
        b"From: a@example.jp\r\nDate: Fri, 20 Nov 2026 09:00:00 +0900\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n",
        b"From: a@example.jp\r\nSubject: s\r\nContent-Type: text/html; charset=iso-2022-jp\r\n\r\n",
    ] {
        if let Ok(mail) = read(&[start, bytes].concat(), 1000) {
            assert!(mail.text.chars().count() <= 1000 && mail.attachments.len() <= MOST_NAMED);
        }
    }
}

#[cfg(test)]
mod tests;
