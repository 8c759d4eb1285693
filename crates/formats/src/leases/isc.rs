//! `dhcpd.leases` of ISC dhcpd (dhcpd.leases(5)): a file that only grows, and in which the last block of an address counts.
//!
//! ```text
//! lease 172.20.90.60 {
//!   ends 5 2026/11/20 12:10:00;
//!   binding state active;
//!   hardware ethernet 00:22:58:e1:80:2c;
//!   client-hostname "TE281-03";
//! }
//! ```

use std::net::Ipv4Addr;

use domain::{Place, msg};
use encoding_rs::SHIFT_JIS;
use jiff::civil::DateTime;

use super::{Collector, Lease, State, local_of_epoch, local_of_universal};
use crate::reader::{Head, Reader};
use crate::reading::{Input, Reading, Refusal, Score};
use crate::text::{Line, Text, excerpt};
use crate::values::date;

/// The reader of `dhcpd.leases`.
#[derive(Debug)]
pub struct IscLeases;

impl Reader for IscLeases {
    fn kind(&self) -> &'static str {
        "isc-dhcpd-leases"
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        head.best_line(|line| match opening(line) {
            Some(Ok(_)) => Score::Certain,
            _ => Score::No,
        })
    }

    fn read(&self, _: &Input<'_>, text: &Text<'_>) -> Result<Reading, Refusal> {
        let mut scan = Scan::new(self.kind());
        text.lines().for_each(|line| scan.line(line));
        scan.finish()
    }
}

/// The address of a line that begins a lease, or what stands in its place.
fn opening(line: &str) -> Option<Result<Ipv4Addr, &str>> {
    let (first, rest) = line.trim().split_once(char::is_whitespace)?;
    let written = rest.trim_end().strip_suffix('{')?.trim();
    let is_lease = first == "lease" && !written.is_empty();
    is_lease.then(|| written.parse().map_err(|_| written))
}

#[derive(Debug)]
struct Scan {
    leases: Collector,
    /// The block that is open.
    block: Option<Lease>,
    /// How many other blocks are open: of a lease (`on commit {`), or beside the leases (`failover peer … {`).
    depth: u32,
    /// The state of the open block is a word we do not know.
    unknown_state: Option<String>,
}

impl Scan {
    fn new(kind: &'static str) -> Self {
        Self { leases: Collector::new(kind, 1), block: None, depth: 0, unknown_state: None }
    }

    fn line(&mut self, line: Line<'_>) {
        let text = line.text.trim();
        let place = Place::line(line.number);
        match opening(text) {
            Some(Ok(address)) => {
                self.abandon_block();
                self.block = Some(Lease::new(place, address));
            }
            Some(Err(_)) => {
                self.abandon_block();
                self.leases.unreadable(place, text);
                self.depth = 1;
            }
            None if text.starts_with('}') => self.close(),
            None if text.ends_with('{') => self.depth = self.depth.saturating_add(1),
            None if self.depth == 0 => self.statement(line),
            None => {}
        }
    }

    fn close(&mut self) {
        if self.depth > 0 {
            self.depth -= 1;
            return;
        }
        let Some(lease) = self.block.take() else { return };
        self.leases.reading.count("blocks", 1);
        let Some(word) = self.unknown_state.take() else { return self.leases.add(lease) };
        let message = msg!("dhcp.state_unknown", address = lease.address, text = word);
        self.leases.reading.warn(lease.place.clone(), message);
        // It is the last word on this address all the same: an older lease of it must not count.
        self.leases.add(Lease { state: State::Gone("rows_without_state"), ..lease });
    }

    /// A new block begins before the last one ended: what it would have said is not known.
    fn abandon_block(&mut self) {
        self.depth = 0;
        self.unknown_state = None;
        if let Some(lease) = self.block.take() {
            let address = lease.address.to_string();
            self.leases.unreadable(lease.place, &address);
        }
    }

    fn statement(&mut self, line: Line<'_>) {
        let Some(block) = &mut self.block else { return };
        let text = line.text.trim();
        let Some((first, rest)) = text.trim_end_matches(';').split_once(char::is_whitespace) else {
            if text == "abandoned;" {
                block.state = State::Conflict;
            }
            return;
        };
        let value = rest.trim();
        match first {
            "binding" => match binding_state(value) {
                Some(state) => block.state = state,
                None => self.unknown_state = Some(excerpt(value)),
            },
            "client-hostname" => block.host = unescaped(value),
            // `set vendor-class-identifier = "MSFT 5.0";`, under the name that the manual's example gives it.
            "set" => {
                let named = value.strip_prefix("vendor-class-identifier").map(str::trim_start);
                if let Some(class) = named.and_then(|rest| rest.strip_prefix('=')) {
                    block.vendor_class = unescaped(class.trim());
                }
            }
            "ends" => match end(value) {
                Ok(end) => block.end = end,
                Err(()) => {
                    let message = msg!("dhcp.end_not_read", text = excerpt(value));
                    self.leases.reading.warn(Place::line(line.number), message);
                }
            },
            "hardware" => {
                let card = value.strip_prefix("ethernet").map(str::trim);
                block.mac = card.and_then(|card| card.parse().ok());
                block.client = value.to_owned();
            }
            _ => {}
        }
    }

    fn finish(mut self) -> Result<Reading, Refusal> {
        // A server that stops while it writes leaves the last block open; so does a copy that was cut.
        if self.block.is_some() || self.depth > 0 {
            self.leases.reading.warn(Place::DOCUMENT, msg!("list.leases_cut"));
        }
        let figures = [
            ("unique_ips", self.leases.unique()),
            ("active_unique", self.leases.with_state(State::Active)),
            ("free", self.leases.with_state(FREE)),
            ("abandoned", self.leases.with_state(State::Conflict)),
        ];
        figures.into_iter().for_each(|(word, figure)| self.leases.reading.count(word, figure));
        self.leases.finish()
    }
}

const FREE: State = State::Gone("free_leases");

/// `state active` and its like.  `backup` is free too, in the hands of the other server of a pair.
fn binding_state(value: &str) -> Option<State> {
    match value.strip_prefix("state")?.trim() {
        "active" => Some(State::Active),
        "abandoned" => Some(State::Conflict),
        "free" => Some(FREE),
        "backup" => Some(State::Gone("backup_leases")),
        "expired" | "released" | "reset" => Some(State::Gone("expired_leases")),
        _ => None,
    }
}

/// `4 2026/11/19 10:12:00` (universal time, after the day of the week), `epoch 1795176000; # …`, or `never`.
fn end(value: &str) -> Result<Option<DateTime>, ()> {
    let value = value.split(';').next().unwrap_or_default().trim();
    if value == "never" {
        return Ok(None);
    }
    let (first, rest) = value.split_once(char::is_whitespace).ok_or(())?;
    let end = match first {
        "epoch" => local_of_epoch(rest.trim()),
        _ => date::local_time(rest).and_then(local_of_universal),
    };
    end.map(Some).ok_or(())
}

/// What stands between the quotation marks; bytes that are not ASCII are written as `\` and three octal digits.
fn unescaped(quoted: &str) -> String {
    let quoted = quoted.strip_prefix('"').unwrap_or(quoted);
    let mut bytes = Vec::with_capacity(quoted.len());
    let mut rest = quoted.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'"' => break,
            b'\\' => {
                let octal = rest.split_first_chunk::<3>();
                if let Some((byte, after)) = octal.and_then(|(digits, after)| {
                    Some((u8::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok()?, after))
                }) {
                    bytes.push(byte);
                    rest = after;
                } else if let Some((&byte, after)) = rest.split_first() {
                    bytes.push(byte);
                    rest = after;
                }
            }
            _ => bytes.push(byte),
        }
    }
    // Windows clients of before 10 tell their name in the code page of the machine.
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => SHIFT_JIS.decode_without_bom_handling(error.as_bytes()).0.into_owned(),
    };
    text.chars().filter(|c| !c.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{banners, read};
    use super::*;

    fn block(address: &str, body: &str) -> String {
        format!("lease {address} {{\n{body}\n}}\n")
    }

    #[test]
    fn the_last_block_of_an_address_counts() {
        let text = block(
            "192.0.2.1",
            "  binding state active;\n  hardware ethernet 00:1b:21:00:00:01;",
        ) + &block(
            "192.0.2.2",
            "  ends never;\n  binding state active;\n  hardware ethernet 00:1b:21:00:00:02;",
        ) + &block(
            "192.0.2.1",
            "  binding state free;\n  hardware ethernet 00:1b:21:00:00:01;",
        );
        let (reading, seen, told) = read(&IscLeases, &text);
        assert_eq!(seen, ["lease 192.0.2.2 00-1b-21-00-00-02 - -"]);
        assert_eq!((told.len(), reading.rows), (0, 3));
        assert_eq!((reading.skipped["superseded"], reading.skipped["free_leases"]), (1, 1));
    }

    #[test]
    fn what_a_client_says_it_is_is_read() {
        let text = block("192.0.2.1", "  set vendor-class-identifier = \"MSFT 5.0\";")
            + &block(
                "192.0.2.2",
                "  set vendor-class-identifier = \"\";\n  set ddns-fwd-name = \"a\";",
            )
            + &block("192.0.2.3", "  set vendor-class-identifier \"MSFT 5.0\";")
            + &block("192.0.2.4", "  binding state free;\n  set vendor-class-identifier = \"x\";");
        let (reading, _, _) = read(&IscLeases, &text);
        assert_eq!(banners(&reading), ["dhcp_vendor_class MSFT 5.0"]);
    }

    #[test]
    fn universal_and_counted_times_become_local() {
        for (written, told) in [
            ("4 2026/11/19 18:12:00", "2026-11-20T03:12:00"),
            ("epoch 1795046400; # Thu Nov 19 00:00:00 2026", "2026-11-19T09:00:00"),
        ] {
            let found = end(written).unwrap().unwrap();
            assert_eq!(found.to_string(), told, "{written}");
        }
        assert_eq!(end("never"), Ok(None));
        assert_eq!(end("soon"), Err(()));
        let (_, seen, told) = read(&IscLeases, &block("192.0.2.1", "  ends 4 2026/13/19 1:00:00;"));
        assert_eq!(seen, ["lease 192.0.2.1 - - -"]);
        assert_eq!(told, ["dhcp.end_not_read", "dhcp.client_without_mac"]);
    }

    #[test]
    fn an_abandoned_address_is_a_conflict_without_a_card() {
        for state in ["binding state abandoned;", "abandoned;"] {
            let text =
                block("192.0.2.1", &format!("  {state}\n  hardware ethernet 00:1b:21:00:00:01;"));
            let (_, seen, told) = read(&IscLeases, &text);
            assert_eq!(seen, ["address_conflict 192.0.2.1 - - -"], "{state}");
            assert_eq!(told, ["dhcp.address_conflict"]);
        }
    }

    #[test]
    fn an_unknown_state_is_told_and_ends_an_older_lease() {
        let text = block("192.0.2.1", "  binding state active;")
            + &block("192.0.2.1", "  binding state dreaming;");
        let (reading, seen, told) = read(&IscLeases, &text);
        assert!(seen.is_empty());
        assert_eq!(told, ["dhcp.state_unknown"]);
        assert_eq!(reading.skipped["rows_without_state"], 1);
    }

    #[test]
    fn blocks_within_and_beside_leases_do_not_disturb() {
        let text = "failover peer \"a\" state {\n  my state normal at 4 2026/11/19 01:00:00;\n}\n"
            .to_owned()
            + &block(
                "192.0.2.1",
                "  binding state active;\n  next binding state free;\n  on commit {\n    set x = 1;\n  }\n  hardware ethernet 00:1b:21:00:00:01;\n  client-hostname \"a}{;b\";",
            );
        let (_, seen, told) = read(&IscLeases, &text);
        assert_eq!(seen, ["lease 192.0.2.1 00-1b-21-00-00-01 a}{;b -"]);
        assert!(told.is_empty(), "{told:?}");
    }

    #[test]
    fn an_open_block_is_not_read() {
        let whole = block("192.0.2.1", "  hardware ethernet 00:1b:21:00:00:01;");
        let (_, seen, told) =
            read(&IscLeases, &(whole.clone() + "lease 192.0.2.2 {\n  binding state"));
        assert_eq!(seen, ["lease 192.0.2.1 00-1b-21-00-00-01 - -"]);
        assert_eq!(told, ["list.leases_cut"]);
        let (_, seen, told) = read(&IscLeases, &("lease 192.0.2.2 {\n".to_owned() + &whole));
        assert_eq!(seen.len(), 1);
        assert_eq!(told, ["list.lease_unreadable"]);
        let (_, _, told) = read(&IscLeases, &("lease 192.0.2.256 {\n}\n".to_owned() + &whole));
        assert_eq!(told, ["list.lease_unreadable"]);
    }

    #[test]
    fn names_are_read_in_utf_8_and_in_the_code_page() {
        assert_eq!(unescaped(r#""TE281-03""#), "TE281-03");
        assert_eq!(unescaped(r#""\345\217\227\344\273\230""#), "受付");
        assert_eq!(unescaped(r#""\216\363\225t""#), "受付");
        assert_eq!(unescaped(r#""a\"b\\c""#), "a\"b\\c");
        assert_eq!(unescaped(r#""a\40"#), "a40");
    }

    #[test]
    fn configurations_and_client_files_are_not_leases() {
        for text in [
            "subnet 192.0.2.0 netmask 255.255.255.0 {\n  range 192.0.2.10 192.0.2.20;\n}\n",
            "lease {\n  interface \"eth0\";\n  fixed-address 192.0.2.7;\n}\n",
            "lease pc01 {\n",
        ] {
            assert_eq!(IscLeases.recognise(&Head { text }), Score::No, "{text}");
        }
        assert_eq!(IscLeases.recognise(&Head { text: "# x\nlease 192.0.2.1 {" }), Score::Certain);
    }
}
