//! One line of `arp -a`, told by its words.

use std::net::Ipv4Addr;

use domain::MacAddress;

/// What stands before the colon of a header; manuals and translations write the second one in several ways.
const LABELS: [&str; 5] =
    ["Interface", "インターフェイス", "インターフェース", "インタフェース", "インタフェイス"];

/// What a line is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    Blank,
    /// `Interface: 192.0.2.10 --- 0xc`.
    Header(Header),
    /// "No ARP Entries Found."
    NoEntries,
    /// The title of the columns, or something else.
    Other,
    /// `C:\Users\his70>arp -a`.
    Prompt,
    /// A line that starts with an address.
    Row(Row<'a>),
}

/// The head of one interface's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    /// The machine's own address; none where it cannot be read.
    pub own: Option<Ipv4Addr>,
    /// The interface's number (`0xc`) follows: the mark of this format.
    pub has_index: bool,
}

/// `address [card] state`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row<'a> {
    pub address: Ipv4Addr,
    pub mac: Option<MacAddress>,
    pub state: Option<State<'a>>,
    /// The word after the address is neither a card nor a state.
    pub is_malformed: bool,
}

/// What Windows says of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State<'a> {
    Dynamic,
    Invalid,
    Static,
    /// Lost to the encoding, or of a language we do not know.
    Unknown(&'a str),
}

impl<'a> Kind<'a> {
    /// What `line` is; it must be half width.
    pub(super) fn of(line: &'a str) -> Self {
        let line = line.trim();
        if line.is_empty() {
            return Self::Blank;
        }
        if let Some(row) = Row::parse(line) {
            return Self::Row(row);
        }
        if let Some(header) = Header::parse(line) {
            return Self::Header(header);
        }
        if is_prompt(line) {
            return Self::Prompt;
        }
        let none = line.contains("No ARP Entries")
            || (line.contains("ARP") && line.contains("見つかりません"));
        if none { Self::NoEntries } else { Self::Other }
    }
}

impl Header {
    /// A label, a colon, an address, and the interface's number; any label will do where the number stands, so that a label that
    /// was lost to an encoding is none the worse.
    fn parse(line: &str) -> Option<Self> {
        let (label, rest) = line.split_once(':')?;
        let mut words = rest.split_whitespace();
        let own = words.next()?.parse::<Ipv4Addr>().ok();
        // `--- 0xc`, `- 0xc` after a document's long dash, or `on Interface 0x1000003`.
        let has_index = words.take(3).any(is_index);
        let is_label = LABELS.contains(&label.trim());
        // `Interface: eth0, type: EN10MB` is another program's; a number that is no address is ours, and broken or cut.
        let is_numeric = rest.trim_start().starts_with(|c: char| c.is_ascii_digit());
        let is_header = if own.is_some() { has_index || is_label } else { is_label && is_numeric };
        is_header.then_some(Self { own, has_index })
    }
}

/// Whether a line can be the beginning of a header that was cut within its label.
pub(super) fn is_cut_label(line: &str) -> bool {
    let line = line.trim().trim_end_matches([':', '\u{fffd}']);
    LABELS.iter().any(|label| label.starts_with(line))
}

fn is_index(word: &str) -> bool {
    let digits = word.strip_prefix("0x").or_else(|| word.strip_prefix("0X"));
    digits.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// `C:\…>`, `PS C:\…>` or `\\server\share>`, with or without a command behind it.
fn is_prompt(line: &str) -> bool {
    let Some((path, _)) = line.split_once('>') else { return false };
    let path = path.strip_prefix("PS ").unwrap_or(path);
    let mut letters = path.chars();
    let is_drive = letters.next().is_some_and(|c| c.is_ascii_alphabetic())
        && letters.next() == Some(':')
        // Old fonts and documents show the backslash as a yen sign.
        && matches!(letters.next(), Some('\\' | '\u{a5}'));
    is_drive || path.starts_with("\\\\")
}

impl<'a> Row<'a> {
    fn parse(line: &'a str) -> Option<Self> {
        let mut words = line.split_whitespace();
        let address = words.next()?.parse().ok()?;
        let mut row = Self { address, mac: None, state: None, is_malformed: false };
        let Some(second) = words.next() else { return Some(row) };
        row.mac = second.parse().ok();
        let state = if row.mac.is_some() { words.next() } else { Some(second) };
        row.state = state.map(State::of);
        row.is_malformed =
            row.mac.is_none() && matches!(row.state, Some(State::Unknown(word)) if !is_lost(word));
        Some(row)
    }
}

impl<'a> State<'a> {
    fn of(word: &'a str) -> Self {
        match word {
            "動的" => Self::Dynamic,
            "静的" => Self::Static,
            "無効" => Self::Invalid,
            _ if word.eq_ignore_ascii_case("dynamic") => Self::Dynamic,
            _ if word.eq_ignore_ascii_case("static") => Self::Static,
            _ if word.eq_ignore_ascii_case("invalid") => Self::Invalid,
            _ => Self::Unknown(word),
        }
    }
}

/// Nothing but what stands for a lost letter.
fn is_lost(word: &str) -> bool {
    word.chars().all(|c| matches!(c, '?' | '\u{fffd}'))
}

/// Whether a line can be the second half of a row that a narrow window broke: it starts with a card or a state.
pub(super) fn continues_row(line: &str) -> bool {
    let first = line.split_whitespace().next().unwrap_or_default();
    first.parse::<MacAddress>().is_ok() || !matches!(State::of(first), State::Unknown(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(line: &str) -> Option<(Option<String>, bool)> {
        match Kind::of(line) {
            Kind::Header(header) => Some((header.own.map(|own| own.to_string()), header.has_index)),
            _ => None,
        }
    }

    #[test]
    fn a_header_is_told_in_every_age_and_language() {
        let own = Some("192.0.2.10".to_owned());
        for line in [
            "Interface: 192.0.2.10 --- 0xc",
            "インターフェイス: 192.0.2.10 --- 0xc",
            "インターフェイス: 192.0.2.10 - 0xc",
            "Interface: 192.0.2.10 on Interface 0x1000003",
            "????????: 192.0.2.10 --- 0xc",
            "Schnittstelle: 192.0.2.10 --- 0x10003",
        ] {
            assert_eq!(header(line), Some((own.clone(), true)), "{line}");
        }
        assert_eq!(header("Interface: 192.0.2.10"), Some((own, false)));
        assert_eq!(header("Interface: 192.0.2.300 --- 0xc"), Some((None, true)));
    }

    #[test]
    fn the_heads_of_other_programs_are_none() {
        for line in [
            "Interface: eth0, type: EN10MB, MAC: 00:1b:21:00:00:01, IPv4: 192.0.2.2",
            "IPv4 アドレス . . . . .: 192.0.2.11(優先)",
            "   Default Gateway: 192.0.2.1",
            "",
        ] {
            assert_eq!(header(line), None, "{line}");
        }
    }

    #[test]
    fn a_prompt_is_no_row() {
        for line in
            ["C:\\Users\\his70>arp -a", "PS C:\\> arp -a", "D:\u{a5}>", "\\\\srv\\home>arp -a"]
        {
            assert_eq!(Kind::of(line), Kind::Prompt, "{line}");
        }
        assert_eq!(Kind::of("a > b"), Kind::Other);
    }

    #[test]
    fn a_row_is_told_by_its_words() {
        let check =
            |line: &str, mac: bool, state: Option<State<'_>>, malformed: bool| match Kind::of(line)
            {
                Kind::Row(row) => {
                    assert_eq!(
                        (row.mac.is_some(), row.state, row.is_malformed),
                        (mac, state, malformed),
                        "{line}"
                    );
                }
                other => panic!("{line}: {other:?}"),
            };
        check(
            "  192.0.2.1   00-a0-de-12-34-56     動的        ",
            true,
            Some(State::Dynamic),
            false,
        );
        check("192.0.2.1 00-a0-de-12-34-56 Static", true, Some(State::Static), false);
        check("192.0.2.1 無効", false, Some(State::Invalid), false);
        check("192.0.2.1 00-a0-de-12-34-56 ??", true, Some(State::Unknown("??")), false);
        check("192.0.2.1 00-a0-de-12", false, Some(State::Unknown("00-a0-de-12")), true);
        check("192.0.2.1", false, None, false);
    }
}
