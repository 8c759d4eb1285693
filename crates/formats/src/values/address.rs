//! A cell with IP addresses, in every way people write them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use domain::fold::half_width;
use domain::{AddressKind, Addressing, fold};

use super::nothing::{self, Nothing};
use super::text::without_brackets;

/// The most addresses a range may stand for.
const MOST: u32 = 256;

/// What a cell of an address column says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressCell {
    /// The addresses, in the order written; a range stands spelt out.
    pub addresses: Vec<Stated>,
    /// How the device gets its address.
    pub addressing: Addressing,
    /// Whether the addresses come from a range such as `10.1.1.21～24`, so that each is a machine of its own.
    pub range: bool,
    /// What a person should know about the cell.
    pub notes: Vec<AddressNote>,
}

/// An address and the prefix length written with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stated {
    /// The address.
    pub address: IpAddr,
    /// Prefix length in bits.
    pub prefix: Option<u8>,
}

/// What was done to a cell to read it, or why it cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AddressNote {
    /// Only the last number was written; the network was taken from the address above. To be confirmed.
    Abbreviated(Ipv4Addr),
    /// Zeros before a number; read as decimal, never octal.
    LeadingZeros(Ipv4Addr),
    /// Not an address: letters, a number over 255, three numbers, a broadcast address.
    Malformed,
    /// A range of more than 256 addresses, or one that runs backwards; not spelt out.
    RangeNotRead,
    /// Spaces were removed, or commas and the like were read as dots.
    Repaired(Ipv4Addr),
}

/// Reads an address cell; `above` is the address of the row above, for `.25`.
pub fn read(text: &str, above: Option<Ipv4Addr>) -> AddressCell {
    if let Ok(address) = text.parse::<Ipv4Addr>()
        && AddressKind::of(address).is_unicast()
    {
        let mut cell = AddressCell::of(Addressing::Static);
        cell.take(address, None);
        return cell.settled();
    }
    let half = half_width(text.trim());
    if let Some(addressing) = word(&half) {
        return AddressCell::of(addressing);
    }
    let bare = without_note(&half);
    if let Some(addressing) = word(&bare) {
        return AddressCell::of(addressing);
    }
    if is_placeholder(&bare) {
        return AddressCell::of(Addressing::Placeholder);
    }
    read_list(&bare, above)
}

fn read_list(bare: &str, above: Option<Ipv4Addr>) -> AddressCell {
    let (bare, dynamic) = without_dynamic(bare);
    let mut cell = AddressCell::of(if dynamic { Addressing::Dynamic } else { Addressing::Static });
    for piece in bare.split(['\n', '\r', '、', ';', '&']) {
        let piece = piece.trim();
        if !piece.is_empty() && nothing::read(piece).is_none() {
            cell.read_piece(piece, above);
        }
    }
    cell.settled()
}

impl AddressCell {
    fn of(addressing: Addressing) -> Self {
        Self { addresses: Vec::new(), addressing, range: false, notes: Vec::new() }
    }

    /// The address that `.25` in the next row would lean on.
    pub fn last_ipv4(&self) -> Option<Ipv4Addr> {
        self.addresses.iter().rev().find_map(|stated| match stated.address {
            IpAddr::V4(address) => Some(address),
            IpAddr::V6(_) => None,
        })
    }

    fn settled(mut self) -> Self {
        self.notes.dedup();
        if self.addresses.is_empty() && self.addressing == Addressing::Static {
            self.addressing = Addressing::Invalid;
        }
        self
    }

    fn take(&mut self, address: Ipv4Addr, prefix: Option<u8>) {
        if !AddressKind::of(address).is_unicast() {
            return self.notes.push(AddressNote::Malformed);
        }
        self.push(Stated { address: IpAddr::V4(address), prefix });
    }

    fn push(&mut self, stated: Stated) {
        if !self.addresses.iter().any(|known| known.address == stated.address) {
            self.addresses.push(stated);
        }
    }

    /// One piece of a list: one address, one range, or several addresses with weaker separators.
    fn read_piece(&mut self, piece: &str, above: Option<Ipv4Addr>) {
        let packed: String = piece.chars().filter(|c| !c.is_whitespace()).collect();
        let above = self.last_ipv4().or(above);
        if self.read_one(&packed, packed.len() != piece.len())
            || self.read_v6(&packed)
            || self.read_with_mask(piece)
            || self.read_range(&packed)
            || self.read_several(piece)
            || self.read_with_other_dots(&packed)
            || self.read_abbreviated(&packed, above)
        {
            return;
        }
        self.notes.push(AddressNote::Malformed);
    }

    /// `10.102.31.2`, `010.102.031.002`, each perhaps with `/24`.
    fn read_one(&mut self, text: &str, repaired: bool) -> bool {
        let (text, prefix) = match text.split_once('/') {
            Some((text, prefix)) => match prefix_length(prefix) {
                Some(length) => (text, Some(length)),
                None => return false,
            },
            None => (text, None),
        };
        let Some((address, zeros)) = dotted(text, '.') else { return false };
        if zeros {
            self.notes.push(AddressNote::LeadingZeros(address));
        }
        if repaired {
            self.notes.push(AddressNote::Repaired(address));
        }
        self.take(address, prefix);
        true
    }

    fn read_v6(&mut self, text: &str) -> bool {
        let Ok(address) = text.parse::<Ipv6Addr>() else { return false };
        self.push(Stated { address: IpAddr::V6(address), prefix: None });
        true
    }

    /// `10.1.1.5 255.255.255.0`.
    fn read_with_mask(&mut self, text: &str) -> bool {
        let Some((address, mask)) = text.split_once(char::is_whitespace) else { return false };
        let (Some((address, _)), Some(prefix)) = (dotted(address, '.'), prefix_length(mask.trim()))
        else {
            return false;
        };
        self.take(address, Some(prefix));
        true
    }

    /// `10.1.1.21～24`, `10.1.1.21-24`, `10.1.1.21〜10.1.1.24`, each perhaps with `/24` at its end.
    fn read_range(&mut self, text: &str) -> bool {
        let (text, prefix) = match text.rsplit_once('/').map(|(t, p)| (t, prefix_length(p))) {
            Some((text, Some(prefix))) => (text, Some(prefix)),
            _ => (text, None),
        };
        let Some((left, right)) = text
            .split_once('~')
            .or_else(|| text.split_once(['-', 'ー']))
            .or_else(|| text.split_once("から"))
        else {
            return false;
        };
        let Some((first, _)) = dotted(left, '.') else { return false };
        let right = right.trim_end_matches("まで");
        let Some(last) = dotted(right, '.').map(|(last, _)| last).or_else(|| beside(first, right))
        else {
            return false;
        };
        self.take_range(first, last, prefix);
        true
    }

    fn take_range(&mut self, first: Ipv4Addr, last: Ipv4Addr, prefix: Option<u8>) {
        let (from, to) = (u32::from(first), u32::from(last));
        if to < from || to - from >= MOST {
            return self.notes.push(AddressNote::RangeNotRead);
        }
        self.range = from != to;
        for address in from..=to {
            self.take(Ipv4Addr::from(address), prefix);
        }
    }

    /// Whole addresses with `,`, `/`, `・` or spaces between; after a whole one, last numbers alone will do.
    fn read_several(&mut self, text: &str) -> bool {
        let parts = text.split([',', '/', '・', ' ', '\u{3000}']).filter(|part| !part.is_empty());
        let mut found = Vec::new();
        for part in parts {
            match (dotted(part, '.'), found.last()) {
                (Some((address, _)), _) => found.push((address, false)),
                (None, Some((before, _))) => match beside(*before, part) {
                    Some(address) => found.push((address, true)),
                    None => return false,
                },
                (None, None) => return false,
            }
        }
        if found.len() < 2 {
            return false;
        }
        for (address, abbreviated) in found {
            if abbreviated {
                self.notes.push(AddressNote::Abbreviated(address));
            }
            self.take(address, None);
        }
        true
    }

    /// `10,103,51,19`, `10。103。51。19`, `10・103・51・19`.
    fn read_with_other_dots(&mut self, text: &str) -> bool {
        let dots = text.replace(['。', ',', '・', '､'], ".");
        let Some((address, _)) = dotted(&dots, '.') else { return false };
        self.notes.push(AddressNote::Repaired(address));
        self.take(address, None);
        true
    }

    /// `.25` or `25` under a whole address.
    fn read_abbreviated(&mut self, text: &str, above: Option<Ipv4Addr>) -> bool {
        let Some(address) = above.and_then(|above| beside(above, text)) else { return false };
        self.notes.push(AddressNote::Abbreviated(address));
        self.take(address, None);
        true
    }
}

/// Words that stand where an address would.
fn word(text: &str) -> Option<Addressing> {
    match nothing::read(text) {
        Some(Nothing::Absent) => return Some(Addressing::None),
        Some(Nothing::Unknown) => return Some(Addressing::Unknown),
        None => {}
    }
    // Only short texts are words; the fold of a long list would be in vain.
    if text.len() > 60 {
        return None;
    }
    let folded = fold(text);
    let folded = folded.trim_matches(['(', ')', '[', ']']);
    match folded {
        "dhcp" | "自動" | "自動取得" | "動的" | "動的割当" | "dhcp自動" | "dynamic" | "auto" => {
            Some(Addressing::Dynamic)
        }
        "未接続"
        | "スタンドアロン"
        | "スタンドアロ-ン"
        | "オフライン"
        | "非接続"
        | "接続ナシ"
        | "ネットワ-ク未接続"
        | "standalone"
        | "0.0.0.0"
        | "固定ナシ" => Some(Addressing::None),
        other if other.starts_with("dhcp") && !other.bytes().any(|b| b.is_ascii_digit()) => {
            Some(Addressing::Dynamic)
        }
        _ => None,
    }
}

/// The text without `DHCP`, and whether it said so: `DHCP 10.1.1.5`.
fn without_dynamic(text: &str) -> (&str, bool) {
    let bare = text.trim();
    for word in ["DHCP", "dhcp", "Dhcp", "自動"] {
        if let Some(rest) = bare.strip_prefix(word).or_else(|| bare.strip_suffix(word)) {
            return (rest.trim_matches([' ', ':', '/', '\n']), true);
        }
    }
    (text, false)
}

/// The text without notes in brackets and behind `※`, line by line.
fn without_note(text: &str) -> String {
    let outside = without_brackets(text);
    let lines: Vec<_> = outside
        .lines()
        .map(|line| line.split(['※', '注']).next().unwrap_or_default().trim())
        .collect();
    lines.join("\n").trim().to_owned()
}

/// `192.168.〇.〇`, `10.1.1.x`, `***.***.***.***`: four parts, numbers or marks, and at least one mark.
fn is_placeholder(text: &str) -> bool {
    let is_mark =
        |c: char| matches!(c, '〇' | '●' | '*' | 'x' | 'X' | '×' | '?' | '△' | '□' | '-' | '_');
    let mut marked = false;
    let mut parts = 0;
    for part in text.split('.') {
        let part = part.trim();
        let mark = !part.is_empty() && part.chars().all(is_mark);
        let number = (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        if !mark && !number {
            return false;
        }
        marked |= mark;
        parts += 1;
    }
    parts == 4 && marked
}

/// Four decimal numbers up to 255, and whether any had a zero before it.
fn dotted(text: &str, dot: char) -> Option<(Ipv4Addr, bool)> {
    let mut octets = [0u8; 4];
    let mut zeros = false;
    let mut parts = text.trim().split(dot);
    for octet in &mut octets {
        let part = parts.next()?;
        *octet = number(part)?;
        zeros |= part.len() > 1 && part.starts_with('0');
    }
    parts.next().is_none().then_some((Ipv4Addr::from(octets), zeros))
}

fn number(text: &str) -> Option<u8> {
    if text.is_empty() || text.len() > 3 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}

/// The address in the network of `whole` whose last number is `text` (`25` or `.25`).
fn beside(whole: Ipv4Addr, text: &str) -> Option<Ipv4Addr> {
    let last = number(text.strip_prefix('.').unwrap_or(text)).filter(|last| *last != 0)?;
    let [a, b, c, _] = whole.octets();
    Some(Ipv4Addr::new(a, b, c, last))
}

/// The length of `24` or `255.255.255.0`; a mask with holes gives none.
fn prefix_length(text: &str) -> Option<u8> {
    if let Some((mask, _)) = dotted(text, '.') {
        let bits = u32::from(mask);
        let length = bits.leading_ones();
        let whole = length > 0 && bits.checked_shl(length).unwrap_or(0) == 0;
        return whole.then_some(length as u8);
    }
    number(text).filter(|length| (1..=32).contains(length))
}

#[cfg(test)]
mod tests {
    use super::*;
    use AddressNote::*;

    const ABOVE: Ipv4Addr = Ipv4Addr::new(10, 102, 31, 24);

    fn check(text: &str, addressing: Addressing, addresses: &[&str], notes: &[AddressNote]) {
        let cell = read(text, Some(ABOVE));
        let written: Vec<String> = cell.addresses.iter().map(show).collect();
        assert_eq!(written, addresses, "{text}");
        assert_eq!((cell.addressing, cell.notes.as_slice()), (addressing, notes), "{text}");
    }

    fn show(stated: &Stated) -> String {
        match stated.prefix {
            Some(prefix) => format!("{}/{prefix}", stated.address),
            None => stated.address.to_string(),
        }
    }

    fn ip(text: &str) -> Ipv4Addr {
        text.parse().unwrap()
    }

    #[test]
    fn one_address_is_read_in_every_writing() {
        for text in [
            "10.102.41.1",
            " 10.102.41.1 ",
            "１０．１０２．４１．１",
            "10.102.41.1（固定）",
            "10.102.41.1 ※",
            "10.102.41.1※要確認",
            "10.102.41.1 [予備]",
            "10.102.41.1\n(固定)",
        ] {
            check(text, Addressing::Static, &["10.102.41.1"], &[]);
        }
    }

    #[test]
    fn repairs_are_said() {
        for text in
            [" 10.102.31. 1 ", "10,102,31,1", "10。102。31。1", "10・102・31・1", "10.102,31.1"]
        {
            check(text, Addressing::Static, &["10.102.31.1"], &[Repaired(ip("10.102.31.1"))]);
        }
        check(
            "010.102.031.002",
            Addressing::Static,
            &["10.102.31.2"],
            &[LeadingZeros(ip("10.102.31.2"))],
        );
    }

    #[test]
    fn a_prefix_or_mask_stays_with_its_address() {
        check("10.103.51.11/24", Addressing::Static, &["10.103.51.11/24"], &[]);
        check("10.1.1.5 255.255.255.0", Addressing::Static, &["10.1.1.5/24"], &[]);
        check("10.1.1.5/255.255.254.0", Addressing::Static, &["10.1.1.5/23"], &[]);
        check(
            "10.1.1.5/33",
            Addressing::Static,
            &["10.1.1.5", "10.1.1.33"],
            &[Abbreviated(ip("10.1.1.33"))],
        );
        check("10.1.1.5 255.0.255.0", Addressing::Static, &["10.1.1.5"], &[Malformed]);
    }

    #[test]
    fn a_range_is_spelt_out() {
        let all = ["10.102.31.21", "10.102.31.22", "10.102.31.23", "10.102.31.24"];
        for text in [
            "10.102.31.21～24",
            "10.102.31.21-24",
            "10.102.31.21〜10.102.31.24",
            "10.102.31.21－24",
            "10.102.31.21 ～ .24",
            "10.102.31.21から24まで",
        ] {
            check(text, Addressing::Static, &all, &[]);
            assert!(read(text, None).range, "{text}");
        }
    }

    #[test]
    fn a_range_too_long_or_backwards_is_not_spelt_out() {
        for text in ["10.1.1.1～10.1.9.1", "10.1.1.24～21"] {
            check(text, Addressing::Invalid, &[], &[RangeNotRead]);
        }
    }

    #[test]
    fn several_addresses_in_one_cell() {
        for text in [
            "10.102.41.11\n10.102.31.11",
            "10.102.41.11、10.102.31.11",
            "10.102.41.11/10.102.31.11",
            "10.102.41.11,10.102.31.11",
            "10.102.41.11 10.102.31.11",
            "10.102.41.11・10.102.31.11",
        ] {
            check(text, Addressing::Static, &["10.102.41.11", "10.102.31.11"], &[]);
            assert!(!read(text, None).range, "{text}");
        }
    }

    #[test]
    fn a_last_number_alone_leans_on_the_row_above() {
        for text in [".25", "25", "．２５"] {
            check(text, Addressing::Static, &["10.102.31.25"], &[Abbreviated(ip("10.102.31.25"))]);
        }
        assert_eq!(read(".25", None).addressing, Addressing::Invalid);
        assert_eq!(read("256", Some(ABOVE)).addressing, Addressing::Invalid);
    }

    #[test]
    fn placeholders_are_not_addresses() {
        for text in [
            "192.168.〇.〇",
            "192.168.○.○",
            "192.168.◯.●",
            "10.1.1.x",
            "10.1.1.X",
            "＊.＊.＊.＊",
            "10.1.？.△",
            "10.1.1.－",
        ] {
            check(text, Addressing::Placeholder, &[], &[]);
        }
    }

    #[test]
    fn words_say_how_the_address_is_had() {
        for text in ["DHCP", "ＤＨＣＰ", "自動", "自動取得", "動的", "DHCP（予約）"]
        {
            check(text, Addressing::Dynamic, &[], &[]);
        }
        for text in
            ["未接続", "スタンドアロン", "－", "-", "なし", "無", "該当なし", "N/A", "0.0.0.0"]
        {
            check(text, Addressing::None, &[], &[]);
        }
        for text in ["", "未設定", "(未設定)", "不明", "？"] {
            check(text, Addressing::Unknown, &[], &[]);
        }
        check("DHCP 10.1.1.5", Addressing::Dynamic, &["10.1.1.5"], &[]);
    }

    #[test]
    fn what_is_no_address_is_said_and_not_repaired() {
        for text in [
            "10.103.51.256",
            "10.103.51",
            "サーバ室",
            "10.1.1.5.6",
            "#REF!",
            "255.255.255.255",
            "224.0.0.22",
            "10.1.1.O",
        ] {
            check(text, Addressing::Invalid, &[], &[Malformed]);
        }
    }

    #[test]
    fn an_ipv6_address_is_kept() {
        check("fe80::1", Addressing::Static, &["fe80::1"], &[]);
    }
}
