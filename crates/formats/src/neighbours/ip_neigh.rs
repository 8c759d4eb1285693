//! `ip neigh` and `ip -j neigh` (iproute2, Linux).

use std::net::IpAddr;

use domain::{MacAddress, Place, msg};
use serde_json::Value;

use super::{Collector, Entry, Words, address, is_unix_prompt};
use crate::reader::{Head, Reader, Secrets};
use crate::reading::{Input, Reading, Refusal, Score};
use crate::text::Text;

/// The text form: `192.0.2.1 dev eth0 lladdr 00:a0:de:12:34:56 REACHABLE`.
#[derive(Debug)]
pub struct IpNeigh;

/// The JSON form: an array of objects with `dst`, `dev`, `lladdr` and `state`.
#[derive(Debug)]
pub struct IpNeighJson;

const WORDS: Words =
    Words { v4: "ipv4_hosts", v6: "ipv6_hosts", group: "multicast_ignored", no_card: "failed" };

/// The states of a neighbour entry (ip-neighbour(8)).
const STATES: [&str; 9] =
    ["DELAY", "FAILED", "INCOMPLETE", "NOARP", "NONE", "PERMANENT", "PROBE", "REACHABLE", "STALE"];

impl Reader for IpNeigh {
    fn kind(&self) -> &'static str {
        "linux-ip-neigh"
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        head.best_line(|line| match Row::parse(line) {
            Some(row) if row.state.is_some() || row.written_mac.is_some() => Score::Certain,
            _ => Score::No,
        })
    }

    fn read(&self, _: &Input<'_>, text: &Text<'_>) -> Result<Reading, Refusal> {
        let mut table = Collector::new(self.kind(), 1, WORDS);
        for line in text.lines().filter(|line| !line.text.trim().is_empty()) {
            let place = Place::line(line.number);
            match Row::parse(line.text) {
                Some(row) if row.is_readable(line.ended) => {
                    table.add(row.entry(place));
                }
                None if is_unix_prompt(line.text) => table.reading.skip("prompt"),
                _ => table.unreadable(place, line.text),
            }
        }
        table.finish()
    }
}

#[derive(Debug, Default)]
struct Row<'a> {
    address: Option<IpAddr>,
    written_mac: Option<&'a str>,
    mac: Option<MacAddress>,
    state: Option<&'a str>,
}

impl<'a> Row<'a> {
    /// A line that starts with an address and names an interface.
    fn parse(line: &'a str) -> Option<Self> {
        let mut words = line.split_whitespace();
        let mut row = Self { address: Some(address(words.next()?)?), ..Self::default() };
        let mut has_interface = false;
        while let Some(word) = words.next() {
            match word {
                "dev" => has_interface = words.next().is_some(),
                "lladdr" => row.written_mac = words.next(),
                _ if STATES.contains(&word) => row.state = Some(word),
                // Flags (router, proxy, extern_learn) and statistics say nothing of the card.
                _ => {}
            }
        }
        row.mac = row.written_mac.and_then(|written| written.parse().ok());
        has_interface.then_some(row)
    }

    /// Whether nothing of it was written in a way we do not know, and it was not cut: without its end a card may lack its last digit.
    fn is_readable(&self, ended: bool) -> bool {
        self.written_mac.is_some() == self.mac.is_some()
            && (self.state.is_some() || (self.mac.is_some() && ended))
    }

    fn entry(&self, place: Place) -> Entry<'a> {
        Entry { place, address: self.address, mac: self.mac, name: None, dead: dead(self.state) }
    }
}

fn dead(state: Option<&str>) -> Option<&'static str> {
    matches!(state, Some("FAILED" | "INCOMPLETE")).then_some("failed")
}

impl Reader for IpNeighJson {
    fn kind(&self) -> &'static str {
        "linux-ip-neigh-json"
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        let has = |word| head.text.contains(word);
        let is_array = head.text.trim_start().starts_with('[');
        let certain = is_array
            && has("\"dst\"")
            && has("\"dev\"")
            && (has("\"lladdr\"") || has("\"state\""))
            && !has("\"gateway\"");
        if certain { Score::Certain } else { Score::No }
    }

    fn secrets(&self) -> Secrets {
        Secrets::Never
    }

    fn read(&self, _: &Input<'_>, text: &Text<'_>) -> Result<Reading, Refusal> {
        let mut table = Collector::new(self.kind(), 1, WORDS);
        let body = text.body.trim_start();
        let mut items = Items { rest: body.strip_prefix('[').unwrap_or(body) };
        let mut number = 0;
        for item in items.by_ref() {
            number += 1;
            let place = Place::line(number);
            match serde_json::from_str::<Value>(item) {
                Ok(Value::Object(object)) if object.is_empty() => table.reading.skip("empty"),
                Ok(value) => match json_entry(&value, place.clone()) {
                    Some(entry) => {
                        table.add(entry);
                    }
                    None => table.unreadable(place, item),
                },
                Err(_) => table.unreadable(place, item),
            }
        }
        if !items.is_closed() {
            table.document(msg!("neighbour.cut"));
        }
        table.finish()
    }
}

fn json_entry(value: &Value, place: Place) -> Option<Entry<'static>> {
    let address = Some(address(value.get("dst")?.as_str()?)?);
    let mac = match value.get("lladdr") {
        Some(written) => Some(written.as_str()?.parse().ok()?),
        None => None,
    };
    let state = value.get("state").and_then(|state| match state {
        Value::Array(states) => states.first().and_then(Value::as_str),
        other => other.as_str(),
    });
    Some(Entry { place, address, mac, name: None, dead: dead(state) })
}

/// The objects of a JSON array, each as its own text: one broken object costs that object, and memory holds one at a time.
#[derive(Debug)]
struct Items<'a> {
    rest: &'a str,
}

impl Items<'_> {
    /// Whether what is left is the end of the array.
    fn is_closed(&self) -> bool {
        self.rest.trim_start_matches([',', ' ', '\n', '\r', '\t']).starts_with(']')
    }
}

impl<'a> Iterator for Items<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let start = self.rest.find(['{', ']'])?;
        let (mut depth, mut quoted, mut escaped) = (0u32, false, false);
        for (index, byte) in self.rest.bytes().enumerate().skip(start) {
            match byte {
                _ if escaped => escaped = false,
                b'\\' if quoted => escaped = true,
                b'"' => quoted = !quoted,
                b'{' | b'[' if !quoted => depth += 1,
                b'}' | b']' if !quoted => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                // The closing bracket stays, so that the end of the array can be told from a cut.
                let (item, rest) = self.rest.split_at_checked(index + 1)?;
                let item = item.get(start..).filter(|item| item.starts_with('{'))?;
                self.rest = rest;
                return Some(item);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::check;
    use super::*;

    #[test]
    fn flags_and_statistics_do_not_disturb() {
        let text = "$ ip -s neigh\n192.0.2.1 dev eth0 lladdr 00:a0:de:12:34:56 ref 1 used 0/0/0 probes 1 REACHABLE\nfe80::1 dev eth0 lladdr 00:a0:de:12:34:56 router extern_learn STALE\n192.0.2.7 dev eth0 proxy\nff02::16 dev eth0 lladdr 33:33:00:00:00:16 NOARP\n";
        let hosts = ["192.0.2.1 00-a0-de-12-34-56", "fe80::1 00-a0-de-12-34-56"];
        let reading = check(&IpNeigh, text, &hosts, &["neighbour.unreadable"]);
        assert_eq!(reading.warnings[0].place, Place::line(4));
        assert_eq!(reading.counts["multicast_ignored"], 1);
    }

    #[test]
    fn an_address_of_another_kind_of_link_is_told() {
        let text = "192.0.2.1 dev ib0 lladdr 80:00:02:08:fe:80:00:00 REACHABLE\n";
        check(&IpNeigh, text, &[], &["neighbour.unreadable", "neighbour.no_rows"]);
    }

    #[test]
    fn routes_are_not_neighbours() {
        for text in [
            "192.0.2.0/24 dev eth0 proto kernel scope link\n",
            "default via 192.0.2.1 dev eth0\n",
            "",
        ] {
            assert_eq!(IpNeigh.recognise(&Head { text }), Score::No, "{text}");
        }
    }

    #[test]
    fn a_broken_object_costs_that_object() {
        let text = r#"[ {"dst":"192.0.2.1","dev":"a}\"","lladdr":"00:a0:de:12:34:56","state":["STALE"]},
            {"dst":7}, {}, {"dst":"192.0.2.2","lladdr":null}, {oops},
            {"dst":"fe80::1%2","dev":"b","lladdr":"00:a0:de:12:34:57","state":"REACHABLE"} ]"#;
        let hosts = ["192.0.2.1 00-a0-de-12-34-56", "fe80::1 00-a0-de-12-34-57"];
        let reading = check(&IpNeighJson, text, &hosts, &["neighbour.unreadable"; 3]);
        let places: Vec<u32> = reading.warnings.iter().map(|warning| warning.place.row).collect();
        assert_eq!(places, [2, 4, 5]);
        assert_eq!(reading.skipped["empty"], 1);
    }

    #[test]
    fn json_that_was_cut_says_so() {
        let text = r#"[{"dst":"192.0.2.1","dev":"a","lladdr":"00:a0:de:12:34:56"},{"dst":"192.0."#;
        check(&IpNeighJson, text, &["192.0.2.1 00-a0-de-12-34-56"], &["neighbour.cut"]);
        check(&IpNeighJson, "[]", &[], &["neighbour.no_rows"]);
    }
}
