//! `Get-NetNeighbor` of PowerShell, as its table and as CSV.

use domain::{MacAddress, Place, fold};

use super::{Collector, Entry, Words, address};
use crate::reader::{Head, Reader};
use crate::reading::{Input, Reading, Refusal, Score};
use crate::text::Text;

/// The table: `ifIndex IPAddress LinkLayerAddress State PolicyStore`.
#[derive(Debug)]
pub struct NetNeighborTable;

/// The output of `Export-Csv`, with or without its `#TYPE` line.
#[derive(Debug)]
pub struct NetNeighborCsv;

const WORDS: Words =
    Words { v4: "ipv4_hosts", v6: "ipv6_hosts", group: "ignored", no_card: "incomplete" };

/// What `State` may say (`MSFT_NetNeighbor`); a CSV may hold the number instead, which is the place in this list.
const STATES: [&str; 7] =
    ["unreachable", "incomplete", "probe", "delay", "stale", "reachable", "permanent"];

impl Reader for NetNeighborTable {
    fn kind(&self) -> &'static str {
        "windows-netneighbor-table"
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        head.best_line(|line| if is_header(line) { Score::Certain } else { Score::No })
    }

    fn read(&self, _: &Input<'_>, text: &Text<'_>) -> Result<Reading, Refusal> {
        let mut table = Collector::new(self.kind(), 1, WORDS);
        for line in text.lines().filter(|line| !line.text.trim().is_empty()) {
            let place = Place::line(line.number);
            if is_header(line.text) || line.text.trim().starts_with("---") {
                table.reading.skip("title");
            } else if let Some(entry) = table_row(line.text, place.clone()) {
                table.add(entry);
            } else if line.text.trim_start().starts_with("PS ") {
                table.reading.skip("prompt");
            } else {
                table.unreadable(place, line.text);
            }
        }
        table.finish()
    }
}

fn is_header(line: &str) -> bool {
    line.split_whitespace().take(4).eq(["ifIndex", "IPAddress", "LinkLayerAddress", "State"])
}

/// `index address [card] state store`; the card may be missing, or be an address where it is a tunnel's.
fn table_row(line: &str, place: Place) -> Option<Entry<'static>> {
    let mut words = line.split_whitespace();
    words.next()?.parse::<u32>().ok()?;
    let address = address(words.next()?)?;
    let card = words.next()?;
    let state = state(card).or_else(|| state(words.next()?))?;
    Some(entry(place, address, card, state))
}

fn entry(place: Place, address: std::net::IpAddr, card: &str, state: &str) -> Entry<'static> {
    let dead = match state {
        "incomplete" => Some("incomplete"),
        "unreachable" => Some("unreachable"),
        _ => None,
    };
    let mac = card.parse::<MacAddress>().ok();
    Entry { place, address: Some(address), mac, name: None, dead }
}

fn state(word: &str) -> Option<&'static str> {
    STATES.into_iter().find(|state| word.eq_ignore_ascii_case(state))
}

impl Reader for NetNeighborCsv {
    fn kind(&self) -> &'static str {
        "windows-netneighbor-csv"
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        let header = head.lines().map(|line| line.text).find(|line| is_content(line));
        match header {
            Some(line) if Columns::of_line(line).is_some() => Score::Certain,
            _ => Score::No,
        }
    }

    fn read(&self, _: &Input<'_>, text: &Text<'_>) -> Result<Reading, Refusal> {
        let mut table = Collector::new(self.kind(), 1, WORDS);
        let header = text.lines().find(|line| is_content(line.text));
        let delimiter = header.map_or(b',', |line| delimiter(line.text));
        let mut records = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .has_headers(false)
            .from_reader(text.body.as_bytes());
        let mut columns = None;
        let mut record = csv::StringRecord::new();
        while records.read_record(&mut record).unwrap_or(false) {
            let line = record.position().map_or(0, csv::Position::line);
            let place = Place::line(u32::try_from(line).unwrap_or(u32::MAX));
            if record.get(0).is_some_and(|cell| cell.starts_with("#TYPE")) {
                table.reading.skip("title");
                continue;
            }
            let header = Columns::of(record.iter());
            if header.is_some() {
                columns = header;
                table.reading.skip("title");
                continue;
            }
            match columns
                .as_ref()
                .and_then(|columns: &Columns| columns.entry(&record, place.clone()))
            {
                Some(entry) => {
                    table.add(entry);
                }
                None => table.unreadable(place, &record.iter().collect::<Vec<_>>().join(",")),
            }
        }
        table.finish()
    }
}

fn is_content(line: &str) -> bool {
    !line.trim().is_empty() && !line.starts_with("#TYPE") && !line.starts_with("\"#TYPE")
}

/// The delimiter that the header uses most.
fn delimiter(header: &str) -> u8 {
    let count = |mark: u8| header.bytes().filter(|byte| *byte == mark).count();
    [b',', b'\t', b';'].into_iter().max_by_key(|mark| (count(*mark), *mark == b',')).unwrap_or(b',')
}

/// Where the three columns stand that matter, from 0.
#[derive(Debug)]
struct Columns {
    address: usize,
    card: usize,
    state: usize,
}

impl Columns {
    fn of_line(line: &str) -> Option<Self> {
        Self::of(line.split(char::from(delimiter(line))).map(|cell| cell.trim().trim_matches('"')))
    }

    fn of<'a>(cells: impl Iterator<Item = &'a str>) -> Option<Self> {
        let (mut address, mut card, mut state) = (None, None, None);
        for (index, cell) in cells.enumerate() {
            match fold(cell).as_str() {
                "ipaddress" => address = Some(index),
                "linklayeraddress" => card = Some(index),
                "state" => state = Some(index),
                _ => {}
            }
        }
        Some(Self { address: address?, card: card?, state: state? })
    }

    fn entry(&self, record: &csv::StringRecord, place: Place) -> Option<Entry<'static>> {
        let address = address(record.get(self.address)?.trim())?;
        let written = record.get(self.state)?.trim();
        let by_number = || STATES.get(written.parse::<usize>().ok()?).copied();
        let state = state(written).or_else(by_number)?;
        Some(entry(place, address, record.get(self.card)?, state))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;
    use super::*;

    #[test]
    fn a_row_without_a_card_or_with_a_tunnel_is_counted() {
        let text = "PS C:\\> Get-NetNeighbor\nifIndex IPAddress LinkLayerAddress State PolicyStore\n------- --------- ---------------- ----- -----------\n12 192.0.2.5 Unreachable ActiveStore\n7 fe80::5%12 0.0.0.0:0 Permanent ActiveStore\n12 fe80::6%12 00-1B-21-00-00-06 Probe ActiveStore\n12 fe80::2a0:deff:fe... 00-1B-21-00-00-07 Stale ActiveStore\n";
        let reading = check(
            &NetNeighborTable,
            text,
            &["fe80::6 00-1b-21-00-00-06"],
            &["neighbour.unreadable"],
        );
        assert_eq!((reading.counts["unreachable"], reading.counts["incomplete"]), (1, 1));
    }

    #[test]
    fn a_csv_may_have_a_type_line_numbers_for_states_and_other_delimiters() {
        let text = "#TYPE Selected.Microsoft.Management.Infrastructure.CimInstance\n\"State\"\t\"LinkLayerAddress\"\t\"IPAddress\"\n\"5\"\t\"00-1B-21-00-00-21\"\t\"192.0.2.21\"\n\"0\"\t\"00-00-00-00-00-00\"\t\"192.0.2.22\"\n\"9\"\t\"00-1B-21-00-00-23\"\t\"192.0.2.23\"\n";
        assert_eq!(NetNeighborCsv.recognise(&Head { text }), Score::Certain);
        let hosts = ["192.0.2.21 00-1b-21-00-00-21"];
        let reading = check(&NetNeighborCsv, text, &hosts, &["neighbour.unreadable"]);
        assert_eq!(reading.warnings[0].place, Place::line(5));
        assert_eq!(reading.counts["unreachable"], 1);
    }

    #[test]
    fn other_tables_are_not_claimed() {
        for text in ["IPAddress,Name\n", "管理番号,IPアドレス,状態\n", "\n\n"] {
            assert_eq!(NetNeighborCsv.recognise(&Head { text }), Score::No, "{text}");
            assert_eq!(NetNeighborTable.recognise(&Head { text }), Score::No, "{text}");
        }
    }
}
