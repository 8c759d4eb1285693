//! `arp -an` and `arp -n` of Linux (net-tools), and `arp -a` of macOS.

use std::net::IpAddr;

use domain::{MacAddress, Place};

use super::{Collector, Entry, Words, address, is_unix_prompt};
use crate::reader::{Head, Reader};
use crate::reading::{Input, Reading, Refusal, Score};
use crate::text::Text;

/// Linux, one sentence a line: `? (192.0.2.1) at 00:a0:de:12:34:56 [ether] on eth0`.
#[derive(Debug)]
pub struct LinuxArp;

/// Linux, as a table: `Address  HWtype  HWaddress  Flags Mask  Iface`.
#[derive(Debug)]
pub struct LinuxArpTable;

/// macOS and the BSDs: `? (192.0.2.1) at 0:a0:de:12:34:56 on en0 ifscope [ethernet]`.
#[derive(Debug)]
pub struct MacosArp;

const WORDS: Words =
    Words { v4: "hosts", v6: "hosts", group: "multicast_ignored", no_card: "incomplete" };

impl Reader for LinuxArp {
    fn kind(&self) -> &'static str {
        "linux-arp-a"
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        head.best_line(|line| Sentence::parse(line).map_or(Score::No, |_| Score::Likely))
    }

    fn read(&self, _: &Input<'_>, text: &Text<'_>) -> Result<Reading, Refusal> {
        read_sentences(self.kind(), text)
    }
}

impl Reader for MacosArp {
    fn kind(&self) -> &'static str {
        "macos-arp-a"
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        head.best_line(|line| match Sentence::parse(line) {
            Some(sentence) if sentence.is_bsd => Score::Certain,
            _ => Score::No,
        })
    }

    fn read(&self, _: &Input<'_>, text: &Text<'_>) -> Result<Reading, Refusal> {
        read_sentences(self.kind(), text)
    }
}

fn read_sentences(kind: &'static str, text: &Text<'_>) -> Result<Reading, Refusal> {
    let mut table = Collector::new(kind, 1, WORDS);
    for line in text.lines().filter(|line| !line.text.trim().is_empty()) {
        let place = Place::line(line.number);
        match Sentence::parse(line.text) {
            Some(Sentence { name, address, card: Some(card), .. }) => {
                let (mac, dead) = card.parts();
                table.add(Entry { place, address: Some(address), mac, name: Some(name), dead });
            }
            None if is_unix_prompt(line.text) => table.reading.skip("prompt"),
            _ => table.unreadable(place, line.text),
        }
    }
    table.finish()
}

/// `name (address) at card …`.
#[derive(Debug)]
struct Sentence<'a> {
    name: &'a str,
    address: IpAddr,
    /// None where the card is written in a way we do not know, or was cut.
    card: Option<Card>,
    /// It ends as the BSDs end it.
    is_bsd: bool,
}

#[derive(Debug, Clone, Copy)]
enum Card {
    Known(MacAddress),
    /// Asked for, and nobody answered.
    Incomplete,
}

impl Card {
    fn parse(word: &str) -> Option<Self> {
        match word {
            "(incomplete)" | "<incomplete>" => Some(Self::Incomplete),
            // An entry that the machine answers for others, without a card of its own.
            "<from_interface>" => Some(Self::Incomplete),
            _ => word.parse().ok().map(Self::Known),
        }
    }

    /// The card, and the word to count it under where there is none.
    fn parts(self) -> (Option<MacAddress>, Option<&'static str>) {
        match self {
            Self::Incomplete => (None, Some("incomplete")),
            Self::Known(mac) => (Some(mac), None),
        }
    }
}

impl<'a> Sentence<'a> {
    fn parse(line: &'a str) -> Option<Self> {
        let mut words = line.split_whitespace();
        let name = words.next()?;
        let address = address(words.next()?.strip_prefix('(')?.strip_suffix(')')?)?;
        if words.next()? != "at" {
            return None;
        }
        // A word must follow the card: without one the line was cut, and the card may lack its last digit.
        let card = words.next().filter(|_| words.clone().next().is_some()).and_then(Card::parse);
        let is_bsd = words.any(|word| matches!(word, "ifscope" | "[ethernet]"));
        Some(Self { name, address, card, is_bsd })
    }
}

impl Reader for LinuxArpTable {
    fn kind(&self) -> &'static str {
        "linux-arp-table"
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        head.best_line(|line| if is_header(line) { Score::Certain } else { Score::No })
    }

    fn read(&self, _: &Input<'_>, text: &Text<'_>) -> Result<Reading, Refusal> {
        let mut table = Collector::new(self.kind(), 1, WORDS);
        for line in text.lines().filter(|line| !line.text.trim().is_empty()) {
            let place = Place::line(line.number);
            if is_header(line.text) {
                table.reading.skip("title");
            } else if let Some(entry) = table_row(line.text, place.clone()) {
                table.add(entry);
            } else if is_unix_prompt(line.text) || line.text.starts_with("Entries:") {
                table.reading.skip("prompt");
            } else {
                table.unreadable(place, line.text);
            }
        }
        table.finish()
    }
}

fn is_header(line: &str) -> bool {
    line.split_whitespace().take(3).eq(["Address", "HWtype", "HWaddress"])
}

/// `address type card flags interface`, or `address (incomplete) interface`; without `-n` a name stands for the address.
fn table_row(line: &str, place: Place) -> Option<Entry<'_>> {
    let mut words = line.split_whitespace();
    let first = words.next()?;
    let card = match (words.next()?, words.next()?) {
        ("(incomplete)", _) => Card::Incomplete,
        // A word must follow the card: without one the line was cut.
        (_, card) => words.next().and(Card::parse(card))?,
    };
    let (mac, dead) = card.parts();
    Some(Entry { place, address: address(first), mac, name: Some(first), dead })
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;
    use super::*;

    #[test]
    fn the_sentences_of_all_systems_are_read() {
        let text = "user@pc:~$ arp -a\n? (192.0.2.1) at 00:a0:de:12:34:56 on em0 expires in 1199 seconds [ethernet]\n_gateway (192.0.2.2) at 0:1:2:3:4:5 [ether] on eth0\n? (192.0.2.3) at <from_interface> PERM PUP on eth0\n";
        let hosts = ["192.0.2.1 00-a0-de-12-34-56", "192.0.2.2 00-01-02-03-04-05 _gateway"];
        let reading = check(&LinuxArp, text, &hosts, &[]);
        assert_eq!(reading.counts["incomplete"], 1);
    }

    #[test]
    fn linux_and_macos_are_told_apart() {
        let linux = Head { text: "? (192.0.2.1) at 00:a0:de:12:34:56 [ether] on eth0\n" };
        let macos = Head { text: "? (192.0.2.1) at 0:a0:de:12:34:56 on en0 ifscope [ethernet]\n" };
        assert_eq!(
            (LinuxArp.recognise(&linux), MacosArp.recognise(&linux)),
            (Score::Likely, Score::No)
        );
        assert_eq!(MacosArp.recognise(&macos), Score::Certain);
    }

    #[test]
    fn a_card_at_a_cut_end_is_not_trusted() {
        let text = "? (192.0.2.1) at 0:a0:de:12:34:5";
        check(&MacosArp, text, &[], &["neighbour.unreadable", "neighbour.no_rows"]);
    }

    #[test]
    fn a_table_with_names_instead_of_addresses_keeps_the_names() {
        let text = "Address  HWtype  HWaddress  Flags Mask  Iface\nprn01.example.jp  ether  00:26:73:00:00:30  C  eth0\n192.0.2.5  ether  00:26:73:00:00:31  CM  eth0\n192.0.2.6  (incomplete)  eth0\nEntries: 3\tSkipped: 0\tFound: 3\nnonsense\n";
        let hosts = ["- 00-26-73-00-00-30 prn01", "192.0.2.5 00-26-73-00-00-31"];
        let reading = check(&LinuxArpTable, text, &hosts, &["neighbour.unreadable"]);
        assert_eq!((reading.counts["incomplete"], reading.rows), (1, 3));
    }
}
