//! Masking: the same document with every password, key, community string and hash replaced by `****`.
//!
//! What network devices are configured with, and what was typed at them, carries secrets. Readers of such documents are given the
//! masked text and nothing else, so that neither a fact nor a warning nor the kept copy can carry one. Rather too much is masked than
//! too little: from the word that announces a secret to the end of the line, over line ends inside quotes, and over the place where a
//! screen wrapped the line.

pub(crate) mod pem;
pub(crate) mod words;
mod wrap;

use domain::fold::half_width;

use crate::terminal;
use crate::text::Lines;

/// What stands in place of a secret.
pub(crate) const STARS: &str = "****";

/// A document without its secrets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Masked {
    /// The text, line for line; control characters of a screen are carried out.
    pub text: String,
    /// How many places were masked; what goes on over several words or lines is one.
    pub secrets: u64,
}

/// Masks a whole text.
pub(crate) fn mask(body: &str) -> Masked {
    let screen = wrap::Screen::of(body);
    let mut masker = Masker { out: String::with_capacity(body.len()), screen, ..Masker::default() };
    let mut lines = crate::text::lines(body);
    while let Some((line, end)) = next_with_end(&mut lines) {
        masker.line(&terminal::clean(line));
        // A line of which nothing was left on the screen stays a line: its end must not become one with a bare CR before it.
        let melts = masker.out.ends_with('\r') && end == "\n";
        masker.out.push_str(if melts { "\r" } else { end });
    }
    // So does the last one, which has no end that would keep it.
    if !body.is_empty()
        && !body.ends_with(['\r', '\n'])
        && (masker.out.is_empty() || masker.out.ends_with(['\r', '\n']))
    {
        masker.out.push(' ');
    }
    Masked { text: masker.out, secrets: masker.secrets }
}

/// Masks one line that stands alone, such as one that a sentence quotes.
pub(crate) fn mask_line(line: &str) -> String {
    let mut masker = Masker::default();
    masker.line(&terminal::clean(line));
    masker.out
}

/// The next line, and how it ends.
fn next_with_end<'a>(lines: &mut Lines<'a>) -> Option<(&'a str, &'a str)> {
    let before = lines.rest();
    let line = lines.next()?;
    let taken = before.len() - lines.rest().len();
    Some((line.text, before.get(line.text.len()..taken).unwrap_or_default()))
}

/// What the lines before have left open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Open {
    #[default]
    Nothing,
    /// A secret in quotes goes on, until this quote.
    Quote(char),
    /// A private key goes on, until its END line.
    Pem,
    /// The screen wrapped a secret: the next line is its rest.
    Wrapped,
}

/// A longer line is masked whole, in bytes: no command is so long, and to look for secrets in it would take for ever.
const MAX_LINE: usize = 16 << 10;

#[derive(Debug, Default)]
struct Masker {
    out: String,
    secrets: u64,
    open: Open,
    /// How deep in `config … end` blocks of a FortiGate the line stands, once inside the communities of SNMP.
    communities: Option<u32>,
    /// Whether the line is of a language in which a quoted value may go on over line ends.
    goes_on: bool,
    /// How wide the screen is that may have wrapped a line in two.
    screen: wrap::Screen,
    /// The line before, where the screen may have wrapped it and it holds no secret of its own: the two are looked at as one.
    before: Option<String>,
    /// The line before waits for a password to be typed: what is typed next is one.
    is_asked: bool,
}

impl Masker {
    fn line(&mut self, line: &str) {
        let before = self.before.take();
        match std::mem::take(&mut self.open) {
            Open::Nothing => match before.and_then(|before| self.begins_before(&before, line)) {
                Some(from) => self.rest_of_line(line, from),
                None => self.fresh(line),
            },
            Open::Quote(quote) => self.in_quotes(line, quote),
            Open::Pem => self.in_pem(line),
            Open::Wrapped => self.wrapped(line),
        }
    }

    /// Where a secret begins in `line` that only the line before announces, since the screen wrapped the two.
    fn begins_before(&self, before: &str, line: &str) -> Option<usize> {
        if wrap::is_command(line) || line.len() > MAX_LINE {
            return None;
        }
        let joined = format!("{before}{line}");
        let pieces = pieces(&joined);
        let marks = self.marks(&pieces)?;
        let first =
            pieces.iter().zip(&marks).find_map(|(piece, mark)| Some(piece.start + (*mark)?));
        first?.checked_sub(before.len())
    }

    /// Masks a line from the byte `from` on.
    fn rest_of_line(&mut self, line: &str, from: usize) {
        self.secrets += 1;
        let (shown, secret) = line.split_at_checked(from).unwrap_or(("", line));
        self.out.push_str(shown);
        self.out.push_str(STARS);
        if self.screen.wraps(secret) || self.screen.wraps(line) {
            self.open = Open::Wrapped;
        }
    }

    fn in_quotes(&mut self, line: &str, quote: char) {
        self.out.push_str(STARS);
        match closing(line, quote) {
            Some(end) => self.out.push_str(line.get(end..).unwrap_or_default()),
            None => self.open = Open::Quote(quote),
        }
    }

    fn in_pem(&mut self, line: &str) {
        if let Some(mark) = pem::end(line) {
            self.out.push_str(if mark.start > 0 { STARS } else { "" });
            self.out.push_str(line.get(mark.clone()).unwrap_or_default());
            return self.fresh(line.get(mark.end..).unwrap_or_default());
        }
        self.out.push_str(STARS);
        self.open = Open::Pem;
    }

    fn wrapped(&mut self, line: &str) {
        if wrap::begins_anew(line) {
            return self.fresh(line);
        }
        self.out.push_str(STARS);
        if self.screen.wraps(line) {
            self.open = Open::Wrapped;
        }
    }

    fn fresh(&mut self, line: &str) {
        if line.len() > MAX_LINE {
            self.secrets += 1;
            return self.out.push_str(STARS);
        }
        let pieces = pieces(line);
        self.follow_blocks(&pieces);
        self.goes_on = pieces.iter().any(|piece| piece.word == "set");
        // A key in quotes behind `set` ends where its quote does.
        if let Some(begin) = pem::begin(line).filter(|_| !self.goes_on || !line.contains('"')) {
            return self.key(line, begin);
        }
        let typed = self.typed(&pieces);
        let Some(marks) = typed.or_else(|| self.marks(&pieces)) else {
            self.before = self.screen.joint(line);
            return self.out.push_str(line);
        };
        self.write(line, &pieces, &marks);
    }

    /// A private key that begins at the byte `begin`, after which nothing of the line is shown.
    fn key(&mut self, line: &str, begin: usize) {
        self.secrets += 1;
        let (shown, key) = line.split_at_checked(begin).unwrap_or((line, ""));
        self.out.push_str(shown);
        if key.is_empty() {
            self.open = Open::Pem;
        } else {
            self.in_pem(key);
        }
    }

    /// What a script types where a device asks for a password (Cisco: `cli command "enable" pattern "Password"`, and the next).
    fn typed(&mut self, pieces: &[Piece<'_>]) -> Option<Vec<Option<usize>>> {
        let types =
            |pair: &[Piece<'_>]| pair.iter().map(|piece| &*piece.word).eq(["cli", "command"]);
        let command = pieces.windows(2).position(types)? + 2;
        let asks = |piece: &&Piece<'_>| piece.word == "pattern";
        let asked =
            pieces.iter().skip_while(|piece| !asks(piece)).any(|piece| piece.word.contains("assw"));
        let is_answer = std::mem::replace(&mut self.is_asked, asked);
        let marks = (0..pieces.len()).map(|index| (index >= command).then_some(0));
        is_answer.then(|| marks.collect())
    }

    /// Keeps count of where the communities of SNMP stand in a FortiGate's configuration: there even a name is a secret.
    fn follow_blocks(&mut self, pieces: &[Piece<'_>]) {
        let first = pieces.first().map_or("", |piece| &piece.word);
        let is_community = || {
            let words: Vec<&str> = pieces.iter().map(|piece| piece.word.as_str()).collect();
            words.ends_with(&["config", "system", "snmp", "community"])
        };
        self.communities = match self.communities {
            None => is_community().then_some(1),
            Some(depth) if first == "config" => Some(depth.saturating_add(1)),
            Some(depth) if first == "end" => Some(depth - 1).filter(|depth| *depth > 0),
            same => same,
        };
    }

    /// Which pieces are to be masked, and from which byte on; none where the line holds no secret.
    fn marks(&self, pieces: &[Piece<'_>]) -> Option<Vec<Option<usize>>> {
        let words: Vec<&str> = pieces.iter().map(|piece| piece.word.as_str()).collect();
        let in_community = self.communities.is_some() || words.contains(&"(community)");
        let from = words::secret_from(&words, in_community);
        let mut marks: Vec<Option<usize>> = pieces.iter().map(inner_mark).collect();
        for (index, mark) in marks.iter_mut().enumerate() {
            if from.is_some_and(|from| index >= from) {
                *mark = Some(0);
            }
        }
        marks.iter().any(Option::is_some).then_some(marks)
    }

    fn write(&mut self, line: &str, pieces: &[Piece<'_>], marks: &[Option<usize>]) {
        let mut done = 0usize;
        let mut masked_last = false;
        let mut masked_any = false;
        for (piece, mark) in pieces.iter().zip(marks) {
            self.out.push_str(line.get(done..piece.start).unwrap_or_default());
            masked_last = false;
            match mark {
                Some(from) => {
                    masked_last = self.write_masked(piece, *from);
                    masked_any |= masked_last;
                }
                None => self.out.push_str(piece.text),
            }
            done = piece.start + piece.text.len();
        }
        self.out.push_str(line.get(done..).unwrap_or_default());
        self.secrets += u64::from(masked_any);
        if masked_last && self.open == Open::Nothing && self.screen.wraps(line) {
            self.open = Open::Wrapped;
        }
    }

    /// Writes a piece with what follows its first `from` bytes masked; says whether anything was.
    fn write_masked(&mut self, piece: &Piece<'_>, from: usize) -> bool {
        let (shown, secret) = piece.text.split_at_checked(from).unwrap_or(("", piece.text));
        self.out.push_str(shown);
        let bare = secret.trim_matches(['"', '\'']);
        // Devices mask some themselves.
        if bare.chars().all(|c| c == '*') && piece.closed {
            self.out.push_str(secret);
            return false;
        }
        let quote = piece.quote.filter(|_| from == 0 || secret.ends_with(['"', '\'']));
        if let Some(quote) = piece.quote.filter(|_| from == 0) {
            self.out.push(quote);
        }
        self.out.push_str(STARS);
        match quote {
            Some(quote) if piece.closed => self.out.push(quote),
            _ => {}
        }
        if let Some(quote) = piece.quote.filter(|_| !piece.closed && self.goes_on) {
            self.open = Open::Quote(quote);
        }
        true
    }
}

/// A word of a line, or a text in quotes.
#[derive(Debug, Clone)]
struct Piece<'a> {
    start: usize,
    text: &'a str,
    /// In lower case, without quotes and the marks around it.
    word: String,
    /// The quote it begins with.
    quote: Option<char>,
    /// Whether its quote is closed on this line.
    closed: bool,
}

/// The pieces of a line. `password=x` and `password:x` are two.
fn pieces(line: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = line;
    let mut start = 0usize;
    loop {
        let trimmed = rest.trim_start();
        start += rest.len() - trimmed.len();
        if trimmed.is_empty() {
            return pieces;
        }
        let (length, closed) = piece_length(trimmed);
        let (text, after) = trimmed.split_at(length);
        match split_at_value(text) {
            Some(at) => {
                let (name, value) = text.split_at(at);
                pieces.push(piece(start, name, true));
                pieces.push(piece(start + at, value, closed));
            }
            None => pieces.push(piece(start, text, closed)),
        }
        start += length;
        rest = after;
    }
}

fn piece(start: usize, text: &str, closed: bool) -> Piece<'_> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''));
    let marks = ['"', '\'', ':', '=', '：', '＝', ',', ';', '#', '!'];
    let word = text.trim_matches(marks).to_lowercase();
    let word = if word.is_ascii() { word } else { half_width(&word).to_lowercase() };
    Piece { start, text, word, quote, closed }
}

/// How long the piece is that `text` begins with, and whether its quote is closed.
fn piece_length(text: &str) -> (usize, bool) {
    let mut quote = None;
    let mut before = ' ';
    let mut escaped = false;
    for (at, letter) in text.char_indices() {
        match quote {
            Some(_) if escaped => escaped = false,
            Some('"') if letter == '\\' => escaped = true,
            Some(open) if letter == open => {
                // What follows a closing quote is a piece of its own.
                return (at + letter.len_utf8(), true);
            }
            Some(_) => {}
            None if letter.is_whitespace() => return (at, true),
            None if matches!(letter, '"' | '\'') && matches!(before, ' ' | '=' | ':') => {
                quote = Some(letter);
            }
            None => {}
        }
        before = letter;
    }
    (text.len(), quote.is_none())
}

/// Where a value follows the name of a secret in one piece.
fn split_at_value(text: &str) -> Option<usize> {
    if text.starts_with(['"', '\'']) {
        return None;
    }
    let at = text.find(['=', ':', '＝', '：'])?;
    let mark = text.get(at..)?.chars().next()?.len_utf8();
    let name = piece(0, text.get(..at)?, true);
    (words::announces(&name.word) && at + mark < text.len()).then_some(at + mark)
}

/// From which byte on a single piece holds a secret by itself: a hash, a password in a URL, or an announced one inside quotes.
fn inner_mark(piece: &Piece<'_>) -> Option<usize> {
    let bare = piece.text.trim_start_matches(['"', '\'']);
    let quoted = piece.text.len() - bare.len();
    if words::is_hash(bare) {
        return Some(0);
    }
    if let Some(at) = words::in_url(piece.text)
        .or_else(|| words::in_japanese(piece.text))
        .or_else(|| words::in_assignment(piece.text))
    {
        return Some(at);
    }
    if quoted == 0 {
        return None;
    }
    let inner = pieces(bare);
    let inner_words: Vec<&str> = inner.iter().map(|piece| piece.word.as_str()).collect();
    let from = words::secret_from(&inner_words, false)
        .or_else(|| inner.iter().position(|piece| inner_mark(piece).is_some()));
    from.and_then(|from| inner.get(from)).map(|piece| quoted + piece.start)
}

/// Where the quote ends that a line goes on with: behind its closing mark.
fn closing(line: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, letter) in line.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' if quote == '"' => escaped = true,
            _ if letter == quote => return Some(at),
            _ => {}
        }
    }
    None
}

/// Masks any bytes, and checks that masking masks: what is masked once has nothing left to mask, and no line is lost.
pub(crate) fn fuzz(bytes: &[u8]) {
    let Ok(text) = crate::text::decode(bytes) else { return };
    let masked = mask(&text.body);
    assert_eq!(crate::text::lines(&masked.text).count(), text.lines().count());
}

#[cfg(test)]
mod tests;
