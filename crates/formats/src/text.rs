//! Bytes of a text file into text: which encoding, which line ends, and what could not be read.
//!
//! The order is that of certainty: a byte order mark, NUL in every second byte (UTF-16), strict UTF-8, ISO-2022-JP by its escapes,
//! and only then the two encodings that must be weighed against each other, CP932 (Windows-31J) and EUC-JP.

mod japanese;

use std::borrow::Cow;

use domain::{Place, Warning, msg};
use encoding_rs::{Encoding, ISO_2022_JP, UTF_16BE, UTF_16LE};
use memchr::{memchr_iter, memchr2, memchr2_iter, memchr3_iter, memmem};

use crate::network::mask::mask_line;
use crate::reading::Refusal;

/// The largest text that is read, in bytes: 256 MiB, so that the decoded copy still fits a PC with 4 GiB.
pub const MAX_BYTES: usize = 256 << 20;

/// How much of a file is looked at to tell what it is, in bytes.
pub const HEAD_BYTES: usize = 64 << 10;

/// How many lines with unreadable characters are named one by one.
const MAX_UNDECODABLE_LINES: u64 = 20;

/// A text file, decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text<'a> {
    /// The text without byte order mark and without a final 0x1A; borrowed where the bytes were UTF-8 already.
    pub body: Cow<'a, str>,
    /// Label of the encoding: `ascii`, `utf-8`, `utf-8-bom`, `utf-16le-bom`, `utf-16be-bom`, `utf-16le`, `utf-16be`, `iso-2022-jp`, `cp932` or `euc-jp`.
    pub encoding: &'static str,
    /// Line ends outside quotes: `crlf`, `lf`, `cr` or `mixed`; none for a single line without an end.
    pub newline: Option<&'static str>,
    /// Characters that could not be read (they stand as U+FFFD), and text that was lost before the file reached us.
    pub warnings: Vec<Warning>,
    /// The first line in which Japanese was replaced by `???` when the file was saved, from 1.
    pub lost: Option<u32>,
}

/// One line of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// From 1.
    pub number: u32,
    /// Without its end.
    pub text: &'a str,
    /// Whether a line end follows; only the last line of a file can lack one.
    pub ended: bool,
}

impl Text<'_> {
    /// The lines, whatever their ends (CR LF, LF or bare CR).
    pub fn lines(&self) -> Lines<'_> {
        lines(&self.body)
    }

    /// The beginning that readers look at, at most [`HEAD_BYTES`] long.
    pub fn head(&self) -> &str {
        beginning(&self.body)
    }
}

/// The lines of `text`, whatever their ends (CR LF, LF or bare CR).
pub fn lines(text: &str) -> Lines<'_> {
    Lines { rest: text, number: 0 }
}

/// The lines of a part that stands after `before` lines of its document.
pub(crate) fn lines_after(text: &str, before: u32) -> Lines<'_> {
    Lines { rest: text, number: before }
}

/// Iterator of [`lines`].
#[derive(Debug, Clone)]
pub struct Lines<'a> {
    rest: &'a str,
    number: u32,
}

impl<'a> Lines<'a> {
    /// What was not read yet.
    pub(crate) fn rest(&self) -> &'a str {
        self.rest
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        self.number = self.number.saturating_add(1);
        let Some(end) = memchr2(b'\r', b'\n', self.rest.as_bytes()) else {
            let text = std::mem::take(&mut self.rest);
            return Some(Line { number: self.number, text, ended: false });
        };
        let (text, rest) = self.rest.split_at(end);
        self.rest = rest.strip_prefix("\r\n").unwrap_or_else(|| rest.get(1..).unwrap_or_default());
        Some(Line { number: self.number, text, ended: true })
    }
}

/// Decodes the bytes of a text file.
///
/// # Errors
///
/// A refusal where there are no bytes, too many ([`MAX_BYTES`]), or they are no text.
pub fn decode(bytes: &[u8]) -> Result<Text<'_>, Refusal> {
    if bytes.is_empty() {
        return Err(Refusal { message: msg!("text.empty") });
    }
    if bytes.len() > MAX_BYTES {
        let message = msg!("text.too_large", limit = MAX_BYTES >> 20, size = bytes.len() >> 20);
        return Err(Refusal { message });
    }
    let binary = || Refusal { message: msg!("text.binary") };
    if has_binary_mark(bytes) {
        return Err(binary());
    }
    let (encoding, body) = decode_body(bytes);
    if is_binary(beginning(&body)) {
        return Err(binary());
    }
    let body = without_end_mark(body);
    let lost = lost_line(&body);
    let mut warnings = undecodable(&body, encoding);
    if let Some(line) = lost {
        warnings.push(Warning { place: Place::line(line), message: msg!("text.lost") });
    }
    Ok(Text { newline: newline(&body), body, encoding, warnings, lost })
}

/// Whether the bytes begin as a workbook, an archive, a PDF or a picture does.
pub fn has_binary_mark(bytes: &[u8]) -> bool {
    const MARKS: [&[u8]; 7] = [
        b"PK\x03\x04",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"\x1f\x8b",
        b"%PDF-",
        b"\x89PNG\r\n",
        b"\xff\xd8\xff",
        b"GIF8",
    ];
    MARKS.iter().any(|mark| bytes.starts_with(mark))
}

/// A short piece of outside text, fit to stand in a sentence: one line, no control or direction characters, at most 60 characters.
pub fn excerpt(text: &str) -> String {
    let clean = |c: &char| {
        !c.is_control()
            && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let mut shown: String = text.trim().chars().filter(clean).take(61).collect();
    if let Some((cut, _)) = shown.char_indices().nth(60) {
        shown.truncate(cut);
        shown.push('…');
    }
    shown
}

fn decode_body(bytes: &[u8]) -> (&'static str, Cow<'_, str>) {
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return ("utf-8-bom", String::from_utf8_lossy(rest));
    }
    if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        return ("utf-16le-bom", whole(UTF_16LE, rest));
    }
    if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        return ("utf-16be-bom", whole(UTF_16BE, rest));
    }
    match utf_16_by_zeros(head_of(bytes)) {
        Some(encoding) if encoding == UTF_16LE => return ("utf-16le", whole(encoding, bytes)),
        Some(encoding) => return ("utf-16be", whole(encoding, bytes)),
        None => {}
    }
    let ascii = bytes.is_ascii();
    if ascii && has_jis_escape(bytes) {
        return ("iso-2022-jp", whole(ISO_2022_JP, bytes));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) if ascii => ("ascii", Cow::Borrowed(text)),
        Ok(text) => ("utf-8", Cow::Borrowed(text)),
        Err(_) if is_nearly_utf_8(bytes) => ("utf-8", String::from_utf8_lossy(bytes)),
        Err(_) => {
            let (label, encoding) = japanese::choose(head_of(bytes));
            (label, whole(encoding, bytes))
        }
    }
}

fn whole<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Cow<'a, str> {
    encoding.decode_without_bom_handling(bytes).0
}

fn head_of(bytes: &[u8]) -> &[u8] {
    bytes.get(..HEAD_BYTES).unwrap_or(bytes)
}

fn beginning(text: &str) -> &str {
    text.get(..text.floor_char_boundary(HEAD_BYTES)).unwrap_or(text)
}

/// UTF-16 without a mark: its ASCII characters have NUL in every second byte.
///
/// Some zeros on the other side are allowed, since U+3000 (the wide space) and U+4E00 (一) have their zero there.
fn utf_16_by_zeros(head: &[u8]) -> Option<&'static Encoding> {
    let units = head.len() / 2;
    let zeros =
        |side: usize| head.chunks_exact(2).filter(|unit| unit.get(side) == Some(&0)).count();
    let (first, second) = (zeros(0), zeros(1));
    if second > 0 && second * 10 >= units && first * 3 <= second {
        return Some(UTF_16LE);
    }
    (first > 0 && first * 10 >= units && second * 3 <= first).then_some(UTF_16BE)
}

/// The escapes of ISO-2022-JP (RFC 1468) and its half-width kana; terminal colours (`ESC [`) are none of them.
fn has_jis_escape(bytes: &[u8]) -> bool {
    memchr_iter(b'\x1b', bytes)
        .any(|at| matches!(bytes.get(at + 1..at + 3), Some(b"$B" | b"$@" | b"(J" | b"(I")))
}

/// UTF-8 with a few damaged places, such as a file that was cut within a character.
///
/// Only kana, kanji and full-width forms count: two half-width kana of CP932 can look like one accented letter of UTF-8.
fn is_nearly_utf_8(bytes: &[u8]) -> bool {
    let (mut good, mut bad) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        let wide = |c: &char| matches!(c, '\u{3000}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}');
        good += chunk.valid().chars().filter(wide).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    bad * 3 <= good
}

/// Control characters or unreadable ones in a number that no text has.
fn is_binary(head: &str) -> bool {
    let (mut all, mut control, mut unreadable) = (0usize, 0usize, 0usize);
    for c in head.chars() {
        all += 1;
        control +=
            usize::from(c.is_control() && !matches!(c, '\u{7}'..='\r' | '\u{1a}' | '\u{1b}'));
        unreadable += usize::from(c == '\u{fffd}');
    }
    (control > 3 && control * 50 > all)
        || (unreadable > 3 && unreadable * 3 > all)
        || control * 10 > all
}

fn without_end_mark(body: Cow<'_, str>) -> Cow<'_, str> {
    let length = body.trim_end_matches('\u{1a}').len();
    match body {
        Cow::Borrowed(text) => Cow::Borrowed(text.get(..length).unwrap_or(text)),
        Cow::Owned(mut text) => {
            text.truncate(length);
            Cow::Owned(text)
        }
    }
}

fn newline(text: &str) -> Option<&'static str> {
    let mut ends = Ends::default();
    // A line break inside a cell is written in its own way, and says nothing of the file's;
    // a lone quote (15" monitor) must not hide the file's own line ends.
    let mut quoted = false;
    for at in memchr3_iter(b'"', b'\r', b'\n', text.as_bytes()) {
        match text.as_bytes().get(at) {
            Some(b'"') => quoted = !quoted,
            _ if quoted => {}
            _ => ends.add(text.as_bytes(), at),
        }
    }
    if ends == Ends::default() {
        memchr2_iter(b'\r', b'\n', text.as_bytes()).for_each(|at| ends.add(text.as_bytes(), at));
    }
    ends.word()
}

/// Which line ends a text has.
#[derive(Debug, Default, PartialEq, Eq)]
struct Ends {
    crlf: bool,
    lf: bool,
    cr: bool,
}

impl Ends {
    /// Adds the line end to which the CR or LF at `at` belongs.
    fn add(&mut self, text: &[u8], at: usize) {
        let after_cr = at.checked_sub(1).and_then(|before| text.get(before)) == Some(&b'\r');
        match (text.get(at), text.get(at + 1)) {
            (Some(b'\r'), Some(b'\n')) => self.crlf = true,
            (Some(b'\r'), _) => self.cr = true,
            (Some(b'\n'), _) if !after_cr => self.lf = true,
            _ => {}
        }
    }

    fn word(&self) -> Option<&'static str> {
        match (self.crlf, self.lf, self.cr) {
            (true, false, false) => Some("crlf"),
            (false, true, false) => Some("lf"),
            (false, false, true) => Some("cr"),
            (false, false, false) => None,
            _ => Some("mixed"),
        }
    }
}

/// Warnings for the lines that hold U+FFFD: the first ones each, the others by their number.
pub(crate) fn undecodable(body: &str, encoding: &'static str) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if !body.contains('\u{fffd}') {
        return warnings;
    }
    let mut more = 0u64;
    for line in lines(body).filter(|line| line.text.contains('\u{fffd}')) {
        if warnings.len() as u64 == MAX_UNDECODABLE_LINES {
            more += 1;
            continue;
        }
        // The line may be one of a configuration.
        let shown = excerpt(&mask_line(line.text));
        let message = msg!("text.undecodable", encoding = encoding, text = shown);
        warnings.push(Warning { place: Place::line(line.number), message });
    }
    if more > 0 {
        let message = msg!("text.undecodable_more", count = more);
        warnings.push(Warning { place: Place::DOCUMENT, message });
    }
    warnings
}

/// The first line with three question marks in a row, in a text that has no character outside ASCII.
///
/// That is what is left when a program saves Japanese in an encoding that has none. A text with Japanese in it lost nothing.
fn lost_line(body: &str) -> Option<u32> {
    if !body.is_ascii() && body.chars().any(|c| !c.is_ascii() && c != '\u{fffd}') {
        return None;
    }
    let first = |mark: &str| memmem::find(body.as_bytes(), mark.as_bytes());
    let at = first("???").into_iter().chain(first("\u{fffd}\u{fffd}\u{fffd}")).min()?;
    let ended = lines(body.get(..at)?).filter(|line| line.ended).count();
    Some(u32::try_from(ended).unwrap_or(u32::MAX).saturating_add(1))
}

/// Decodes any bytes and checks what every decoded text must hold.
pub fn fuzz(bytes: &[u8]) {
    let Ok(text) = decode(bytes) else { return };
    assert!(text.warnings.len() as u64 <= MAX_UNDECODABLE_LINES + 2);
    let length: usize = text.lines().map(|line| line.text.len()).sum();
    assert!(length <= text.body.len() && text.head().len() <= HEAD_BYTES);
}

#[cfg(test)]
mod tests;
