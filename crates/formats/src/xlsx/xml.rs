//! A small pull reader for the XML inside workbooks.
//!
//! It knows elements, attributes, text and CDATA, and nothing that a workbook does not need: no document types, no entities
//! of one's own, no encodings but UTF-8.  It holds one window of the part at a time and copies nothing, which a ledger of
//! two million cells is grateful for.  Names are given without their prefix, so that `<x:row>` is a `row`.

use super::fault::Fault;
use super::limits;
use super::package::Source;

/// How much is asked of the source at a time, in bytes.
const WINDOW: usize = 128 << 10;

/// What stands next in a part.
#[derive(Debug, Clone, Copy)]
pub(super) enum Token<'w> {
    /// `<name …>` or `<name …/>`.
    Open(Tag<'w>),
    /// `</name>`, without its prefix.
    Close(&'w [u8]),
    /// Text between tags, still escaped.
    Text(&'w [u8]),
    /// The text of a CDATA section, which has no escapes.
    Verbatim(&'w [u8]),
}

/// An opening tag.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tag<'w> {
    /// Its name, without its prefix.
    pub(super) name: &'w [u8],
    /// Whether it closes itself; no [`Token::Close`] follows then.
    pub(super) empty: bool,
    attributes: &'w [u8],
}

/// Reads a part token by token.
pub(super) struct Scanner<'s> {
    source: &'s mut dyn Source,
    window: Vec<u8>,
    at: usize,
    filled: usize,
    depth: u32,
}

impl<'s> Scanner<'s> {
    /// Starts at the beginning of `source`.
    pub(super) fn new(source: &'s mut dyn Source) -> Self {
        Self { source, window: vec![0; WINDOW], at: 0, filled: 0, depth: 0 }
    }

    /// The next token; `None` at the end, when every element was closed.
    pub(super) fn next(&mut self) -> Result<Option<Token<'_>>, Fault> {
        loop {
            match (self.byte(0), self.byte(1)) {
                (None, _) | (Some(b'<'), None) if self.refill()? => {}
                (None, _) if self.depth == 0 => return Ok(None),
                (None, _) | (Some(b'<'), None) => return Err(Fault::CutShort),
                (Some(b'<'), Some(b'!')) => {
                    if let Some((from, to)) = self.declaration()? {
                        return Ok(Some(Token::Verbatim(
                            self.window.get(from..to).unwrap_or_default(),
                        )));
                    }
                }
                (Some(b'<'), Some(b'?')) => self.skip(b"?>")?,
                (Some(b'<'), _) => return self.tag().map(Some),
                _ => return self.text().map(Some),
            }
        }
    }

    /// Takes the text between `open` and `close` if exactly these stand next, and closes the element around them too.
    ///
    /// A short cut past five tokens for what nearly every cell looks like: `<v>7</v></c>`.  `None` changes nothing, and the
    /// long way is right for everything else.
    pub(super) fn take_plain(&mut self, open: &[u8], close: &[u8]) -> Option<&[u8]> {
        let inner = self.ahead().strip_prefix(open)?;
        let length = memchr::memchr(b'<', inner)?;
        if !inner.get(length..)?.starts_with(close) || length > limits::TEXT_BYTES {
            return None;
        }
        self.depth = self.depth.checked_sub(1)?;
        let from = self.at + open.len();
        self.at = from + length + close.len();
        self.window.get(from..from + length)
    }

    /// Jumps to the opening tag of the first element called `name`, without looking at what stands before it.
    /// Afterwards [`Scanner::next`] gives that tag. Says whether there is one.
    pub(super) fn seek(&mut self, name: &[u8]) -> Result<bool, Fault> {
        let finder = memchr::memmem::Finder::new(name);
        loop {
            let ahead = self.ahead();
            if let Some(offset) = finder.find(ahead) {
                let prefix = ahead.get(..offset).unwrap_or_default();
                let tag =
                    memchr::memrchr(b'<', prefix).filter(|&tag| is_prefix(prefix.get(tag + 1..)));
                self.at += tag.unwrap_or(offset + name.len());
                match tag {
                    Some(_) => return Ok(true),
                    None => continue,
                }
            }
            // The name, or the prefix before it, may stand across two windows.
            self.at = self.at.max(self.filled.saturating_sub(name.len() + 64));
            if !self.refill()? {
                self.at = self.filled;
                return Ok(false);
            }
        }
    }

    /// Reads to the end without looking, so that the part is found whole.
    pub(super) fn drain(&mut self) -> Result<(), Fault> {
        loop {
            self.at = self.filled;
            if !self.refill()? {
                return Ok(());
            }
        }
    }

    /// Reads past the closing tag of the element whose opening tag was read last.
    pub(super) fn skip_element(&mut self) -> Result<(), Fault> {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            if self.next()?.is_none() {
                return Err(Fault::CutShort);
            }
        }
        Ok(())
    }

    fn byte(&self, offset: usize) -> Option<u8> {
        self.ahead().get(offset).copied()
    }

    fn ahead(&self) -> &[u8] {
        self.window.get(self.at..self.filled).unwrap_or_default()
    }

    fn refill(&mut self) -> Result<bool, Fault> {
        self.window.copy_within(self.at..self.filled, 0);
        self.filled -= self.at;
        self.at = 0;
        if self.filled == self.window.len() {
            self.window.resize(self.filled * 2, 0);
        }
        let room = self.window.get_mut(self.filled..).unwrap_or_default();
        let length = self.source.fill(room)?;
        self.filled += length;
        Ok(length > 0)
    }

    /// How far `find` reaches from here, reading on until it does.
    fn extent(
        &mut self,
        most: usize,
        find: impl Fn(&[u8]) -> Option<usize>,
    ) -> Result<usize, Fault> {
        loop {
            match find(self.ahead()) {
                Some(length) if length <= most => return Ok(length),
                None if self.filled - self.at <= most => {}
                _ => return Err(Fault::TooLarge),
            }
            if !self.refill()? {
                return Err(Fault::CutShort);
            }
        }
    }

    fn take(&mut self, length: usize) -> &[u8] {
        let from = self.at;
        self.at += length;
        self.window.get(from..self.at).unwrap_or_default()
    }

    fn text(&mut self) -> Result<Token<'_>, Fault> {
        let length = match self.extent(limits::TEXT_BYTES, |ahead| memchr::memchr(b'<', ahead)) {
            Err(Fault::CutShort) if self.depth == 0 => self.ahead().len(),
            other => other?,
        };
        Ok(Token::Text(self.take(length)))
    }

    fn tag(&mut self) -> Result<Token<'_>, Fault> {
        let length = self.extent(limits::TAG_BYTES, tag_length)?;
        let depth = self.depth;
        let from = self.at;
        self.at += length;
        let inner = self.window.get(from + 1..self.at - 1).unwrap_or_default();
        if let [b'/', name @ ..] = inner {
            self.depth = depth.checked_sub(1).ok_or(Fault::Damaged)?;
            return Ok(Token::Close(local(name.trim_ascii())));
        }
        let (inner, empty) = match inner {
            [inner @ .., b'/'] => (inner, true),
            inner => (inner, false),
        };
        if !empty {
            self.depth = depth + 1;
            if self.depth > limits::DEPTH {
                return Err(Fault::TooLarge);
            }
        }
        let end = inner.iter().position(u8::is_ascii_whitespace).unwrap_or(inner.len());
        let (name, attributes) = inner.split_at(end);
        Ok(Token::Open(Tag { name: local(name), empty, attributes }))
    }

    /// After `<!`: a comment is skipped, a CDATA section is given as its extent in the window, the rest is refused.
    fn declaration(&mut self) -> Result<Option<(usize, usize)>, Fault> {
        const CDATA: &[u8] = b"<![CDATA[";
        let known =
            self.extent(CDATA.len(), |ahead| (ahead.len() >= CDATA.len()).then_some(CDATA.len()));
        if self.ahead().starts_with(b"<!--") {
            self.take(4);
            self.skip(b"-->")?;
            return Ok(None);
        }
        if !self.ahead().starts_with(CDATA) {
            return Err(known.err().unwrap_or(Fault::Entities));
        }
        self.take(CDATA.len());
        let length =
            self.extent(limits::TEXT_BYTES, |ahead| memchr::memmem::find(ahead, b"]]>"))?;
        let from = self.at;
        self.at += length + 3;
        Ok(Some((from, from + length)))
    }

    /// Reads past the next `mark`. What is skipped may be long, so it is let go window by window.
    fn skip(&mut self, mark: &[u8]) -> Result<(), Fault> {
        loop {
            if let Some(offset) = memchr::memmem::find(self.ahead(), mark) {
                self.at += offset + mark.len();
                return Ok(());
            }
            self.at = self.at.max(self.filled.saturating_sub(mark.len()));
            if !self.refill()? {
                return Err(Fault::CutShort);
            }
        }
    }
}

impl<'w> Tag<'w> {
    /// Names and values, still escaped, in the order written. Ends at the first that is not well formed.
    pub(super) fn attributes(&self) -> impl Iterator<Item = (&'w [u8], &'w [u8])> + use<'w> {
        let mut rest = self.attributes;
        std::iter::from_fn(move || {
            let trimmed = rest.trim_ascii_start();
            let equals = trimmed.iter().position(|&byte| byte == b'=')?;
            let (name, value) = trimmed.split_at_checked(equals)?;
            let (&quote, value) = value.get(1..)?.trim_ascii_start().split_first()?;
            let end = value.iter().position(|&byte| byte == quote)?;
            rest = value.get(end + 1..)?;
            Some((name.trim_ascii_end(), value.get(..end)?))
        })
    }

    /// The value of the attribute `name`, still escaped.
    pub(super) fn attribute(&self, name: &str) -> Option<&'w [u8]> {
        self.attributes().find(|(other, _)| *other == name.as_bytes()).map(|(_, value)| value)
    }

    /// The value of the attribute `name` under whatever prefix, such as `r:id`.
    pub(super) fn prefixed(&self, name: &str) -> Option<&'w [u8]> {
        self.attributes()
            .find(|(other, _)| other.contains(&b':') && local(other) == name.as_bytes())
            .map(|(_, value)| value)
    }

    /// The attribute `name` as text, without escapes.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        let mut text = String::new();
        unescape(self.attribute(name)?, &mut text);
        Some(text)
    }

    /// Whether the attribute `name` says yes.
    pub(super) fn flag(&self, name: &str) -> bool {
        self.attribute(name).is_some_and(is_true)
    }
}

/// Whether a boolean attribute's value says yes (`xsd:boolean`).
pub(super) fn is_true(value: &[u8]) -> bool {
    matches!(value, b"1" | b"true" | b"on")
}

/// A number without sign, such as an index; `None` for anything else.
pub(super) fn number(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() || digits.len() > 10 {
        return None;
    }
    digits.iter().try_fold(0_u32, |number, digit| {
        let value = digit.wrapping_sub(b'0');
        (value < 10).then_some(())?;
        number.checked_mul(10)?.checked_add(u32::from(value))
    })
}

/// Adds `raw` to `text` with XML's escapes resolved and line ends as `\n`.
///
/// Excel's own `_xHHHH_` (ECMA-376 part 1, 22.9.2.19) is resolved too. Unknown entities and bytes that are not UTF-8 stay
/// visible.
pub(super) fn unescape(raw: &[u8], text: &mut String) {
    let mut rest = raw;
    while let Some(offset) = rest.iter().position(|byte| matches!(byte, b'&' | b'\r' | b'_')) {
        let (plain, marked) = rest.split_at(offset);
        push(plain, text);
        let (character, length) = escape(marked);
        match character {
            Some('\r') => carriage_return(marked.get(length..), text),
            Some(character) => text.push(character),
            None => push(marked.get(..length).unwrap_or_default(), text),
        }
        rest = marked.get(length..).unwrap_or_default();
    }
    push(rest, text);
}

/// Adds `raw` to `text`; bytes that are not UTF-8 become `�`.
pub(super) fn push(raw: &[u8], text: &mut String) {
    match std::str::from_utf8(raw) {
        Ok(raw) => text.push_str(raw),
        Err(_) => text.push_str(&String::from_utf8_lossy(raw)),
    }
}

fn carriage_return(next: Option<&[u8]>, text: &mut String) {
    let line_feed =
        next.is_some_and(|next| next.starts_with(b"\n") || next.starts_with(b"_x000A_"));
    if !line_feed {
        text.push('\n');
    }
}

/// The character at the start of `marked` and how many bytes stand for it; no character if they mean themselves.
fn escape(marked: &[u8]) -> (Option<char>, usize) {
    match marked.first() {
        Some(b'\r') => (Some('\r'), 1),
        Some(b'_') => match underscore(marked) {
            Some(character) => (Some(character), 7),
            None => (None, 1),
        },
        _ => entity(marked).map_or((None, 1), |(character, length)| (Some(character), length)),
    }
}

fn underscore(marked: &[u8]) -> Option<char> {
    let [b'_', b'x', digits @ .., b'_'] = marked.get(..7)? else { return None };
    hexadecimal(digits).and_then(char::from_u32)
}

fn entity(marked: &[u8]) -> Option<(char, usize)> {
    let end = marked.iter().take(12).position(|&byte| byte == b';')?;
    let character = match marked.get(1..end)? {
        b"amp" => '&',
        b"lt" => '<',
        b"gt" => '>',
        b"quot" => '"',
        b"apos" => '\'',
        [b'#', b'x' | b'X', digits @ ..] => char::from_u32(hexadecimal(digits)?)?,
        [b'#', digits @ ..] => char::from_u32(number(digits)?)?,
        _ => return None,
    };
    Some((character, end + 1))
}

fn hexadecimal(digits: &[u8]) -> Option<u32> {
    let valid = digits.iter().all(u8::is_ascii_hexdigit) && !digits.is_empty();
    valid.then(|| u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok())?
}

/// The name after its prefix.
fn local(name: &[u8]) -> &[u8] {
    name.iter()
        .position(|&byte| byte == b':')
        .map_or(name, |colon| name.get(colon + 1..).unwrap_or_default())
}

/// Whether what stands between `<` and a name is nothing, or a prefix with its colon.
fn is_prefix(between: Option<&[u8]>) -> bool {
    match between {
        Some([]) => true,
        Some([prefix @ .., b':']) => !prefix.is_empty() && !prefix.contains(&b' '),
        _ => false,
    }
}

/// How long the tag at the start is, with both brackets. A `>` inside quotes is a letter like any other.
fn tag_length(ahead: &[u8]) -> Option<usize> {
    let mut quote = 0;
    for (index, &byte) in ahead.iter().enumerate() {
        match byte {
            b'>' if quote == 0 => return Some(index + 1),
            b'"' | b'\'' if quote == 0 => quote = byte,
            _ if byte == quote => quote = 0,
            _ => {}
        }
    }
    None
}
