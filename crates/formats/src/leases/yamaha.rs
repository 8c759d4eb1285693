//! `show status dhcp` of Yamaha routers: blocks of labels and values, each lease beginning with its address.
//!
//! The time that is left is relative to a moment the answer does not tell, so no end is read.

use std::net::Ipv4Addr;

use domain::fold::half_width;
use domain::{MacAddress, Place, msg};

use super::{Collector, Lease, State};
use crate::dhcp_windows::client_mac;
use crate::reader::{Head, Reader, Secrets};
use crate::reading::{Input, Reading, Refusal, Score};
use crate::terminal;
use crate::text::{Line, Text, excerpt};

/// The reader of `show status dhcp`.
#[derive(Debug)]
pub struct YamahaDhcp;

/// What a label stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label {
    Scope,
    Leased,
    Reserved,
    Client,
    Card,
    Host,
    Remaining,
    /// The scope's network and its sums.
    Figure,
}

/// The labels of either language, without spaces and in lower case.
const LABELS: [(&str, Label); 24] = [
    ("dhcpscopenumber", Label::Scope),
    ("dhcpスコープ番号", Label::Scope),
    ("networkaddress", Label::Figure),
    ("ネットワークアドレス", Label::Figure),
    ("leasedaddress", Label::Leased),
    ("割り当て中アドレス", Label::Leased),
    ("reservedaddress", Label::Reserved),
    ("予約済みアドレス", Label::Reserved),
    ("(type)clientid", Label::Client),
    ("(タイプ)クライアントid", Label::Client),
    ("clientethernetaddress", Label::Card),
    ("クライアントイーサネットアドレス", Label::Card),
    ("hostname", Label::Host),
    ("ホスト名", Label::Host),
    ("remaininglease", Label::Remaining),
    ("リース残時間", Label::Remaining),
    ("all", Label::Figure),
    ("スコープの全アドレス数", Label::Figure),
    ("except", Label::Figure),
    ("除外アドレス数", Label::Figure),
    ("leased", Label::Figure),
    ("割り当て中アドレス数", Label::Figure),
    ("usable", Label::Figure),
    ("利用可能アドレス数", Label::Figure),
];

/// The label and value of a line.
fn labelled(line: &str) -> Option<(Label, &str)> {
    let (label, value) = line.split_once(':')?;
    let label: String = label.chars().filter(|c| !c.is_whitespace()).collect();
    let label = label.to_lowercase();
    let found = LABELS.iter().find(|(known, _)| *known == label);
    found.map(|(_, label)| (*label, value.trim()))
}

impl Reader for YamahaDhcp {
    fn kind(&self) -> &'static str {
        "yamaha-dhcp-status"
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        let is = |wanted: Label| {
            head.lines().any(|line| {
                let line = half_width(&terminal::clean(line.text));
                labelled(&line).is_some_and(|(label, _)| label == wanted)
            })
        };
        let is_own = |line: &str| labelled(&half_width(line)).is_some();
        let is_ours = is(Label::Scope)
            && (is(Label::Leased) || is(Label::Figure))
            && !terminal::is_mixed(head, "dhcp", is_own);
        if is_ours { Score::Certain } else { Score::No }
    }

    fn secrets(&self) -> Secrets {
        Secrets::WhereFound
    }

    fn read(&self, input: &Input<'_>, text: &Text<'_>) -> Result<Reading, Refusal> {
        let mut scan =
            Scan { leases: Collector::new(self.kind(), 1), block: None, relative: false };
        for line in text.lines() {
            let written = half_width(&terminal::clean(line.text));
            if !written.trim().is_empty() {
                scan.line(Line { text: &written, ..line }, input)?;
            }
        }
        scan.finish()
    }
}

#[derive(Debug)]
struct Scan {
    leases: Collector,
    block: Option<Lease>,
    /// A time that is left was told.
    relative: bool,
}

impl Scan {
    fn line(&mut self, line: Line<'_>, input: &Input<'_>) -> Result<(), Refusal> {
        let place = Place::line(line.number);
        match labelled(line.text) {
            Some((label, value)) => self.label(label, value, line),
            None if terminal::is_foreign(line.text, "dhcp") => {
                let (file, line) = (excerpt(input.name), excerpt(line.text));
                return Err(Refusal { message: msg!("list.mixed", file = file, line = line) });
            }
            None if terminal::command(line.text).is_some() => self.leases.reading.skip("prompt"),
            None => self.leases.unreadable(place, line.text),
        }
        Ok(())
    }

    fn label(&mut self, label: Label, value: &str, line: Line<'_>) {
        match label {
            Label::Leased | Label::Reserved => self.begin(label, value, line),
            Label::Scope | Label::Figure => {
                self.end();
                self.leases.reading.skip("title");
            }
            Label::Remaining => self.relative = true,
            Label::Client | Label::Card | Label::Host => {
                // At a cut end a card or a name may lack its last letters.
                let Some(lease) = self.block.as_mut().filter(|_| line.ended) else { return };
                match label {
                    Label::Client => {
                        lease.mac = typed_mac(value);
                        lease.client = value.to_owned();
                    }
                    Label::Card => {
                        lease.mac = client_mac(value);
                        lease.client = value.to_owned();
                    }
                    _ => lease.host = value.to_owned(),
                }
            }
        }
    }

    fn begin(&mut self, label: Label, value: &str, line: Line<'_>) {
        self.end();
        let place = Place::line(line.number);
        match value.parse::<Ipv4Addr>() {
            Ok(address) if line.ended => {
                let state = if label == Label::Reserved { State::Reserved } else { State::Active };
                self.block = Some(Lease { state, ..Lease::new(place, address) });
            }
            _ => self.leases.unreadable(place, line.text),
        }
    }

    /// The lease that was open is complete.
    fn end(&mut self) {
        let Some(lease) = self.block.take() else { return };
        let with_mac = if lease.mac.is_some() { "with_mac" } else { "without_mac" };
        self.leases.reading.count("leases", 1);
        self.leases.reading.count(with_mac, 1);
        self.leases.add(lease);
    }

    fn finish(mut self) -> Result<Reading, Refusal> {
        self.end();
        if self.relative {
            self.leases.reading.warn(Place::DOCUMENT, msg!("list.end_is_relative"));
        }
        self.leases.finish()
    }
}

/// The card of `(01) 00 1b 21 00 00 64`: a hardware type, and six bytes only where that is Ethernet (RFC 2132 section 9.14).
fn typed_mac(value: &str) -> Option<MacAddress> {
    client_mac(value.strip_prefix("(01)")?)
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;
    use super::*;

    const ENGLISH: &str = "# show status dhcp\nDHCP Scope number: 1\n      Network address: 192.0.2.0\n          Leased address: 192.0.2.100\n        (type) Client ID: (01) 00 1b 21 00 00 64\n               Host Name: OFC-01\n         Remaining lease: 2days 16hours 3min. 50secs.\n          Leased address: 192.0.2.102\n        (type) Client ID: (ff) 00 01 02 03 04 05\n                     All: 50\n";

    #[test]
    fn only_an_ethernet_client_is_a_card() {
        let (reading, seen, told) = read(&YamahaDhcp, ENGLISH);
        assert_eq!(
            seen,
            ["lease 192.0.2.100 00-1b-21-00-00-64 OFC-01 -", "lease 192.0.2.102 - - -"]
        );
        assert_eq!(told, ["list.end_is_relative", "dhcp.client_without_mac"]);
        assert_eq!((reading.counts["with_mac"], reading.counts["without_mac"]), (1, 1));
        assert_eq!(YamahaDhcp.recognise(&Head { text: ENGLISH }), Score::Certain);
    }

    #[test]
    fn japanese_labels_are_the_same_labels() {
        let text = "DHCPスコープ番号: 1\n  ネットワークアドレス: 192.0.2.0\n  割り当て中アドレス: 192.0.2.100\n  (タイプ) クライアントID: (01) 00 1b 21 00 00 64\n  ホスト名: OFC-01\n  割り当て中アドレス数: 1\n";
        let (_, seen, told) = read(&YamahaDhcp, text);
        assert_eq!(seen, ["lease 192.0.2.100 00-1b-21-00-00-64 OFC-01 -"]);
        assert!(told.is_empty(), "{told:?}");
        assert_eq!(YamahaDhcp.recognise(&Head { text }), Score::Certain);
    }

    #[test]
    fn what_was_cut_is_not_read() {
        let text = "DHCP Scope number: 1\n Leased address: 192.0.2.1\n Client ethernet address: 00:26:73:00:00:6\n Leased address: 192.0.2.10";
        let (_, seen, told) = read(&YamahaDhcp, text);
        assert_eq!(seen, ["lease 192.0.2.1 - - -"]);
        assert_eq!(told, ["list.lease_unreadable", "dhcp.client_without_mac"]);
    }

    #[test]
    fn logs_with_other_commands_are_no_list() {
        let mixed = format!("# show config\n{ENGLISH}");
        assert_eq!(YamahaDhcp.recognise(&Head { text: &mixed }), Score::No);
        assert_eq!(YamahaDhcp.recognise(&Head { text: "Leased: 3\n" }), Score::No);
        let text = format!("{ENGLISH}# show environment\n");
        let input = Input { name: "x", bytes: text.as_bytes(), mapping: None, machine: None };
        let decoded = crate::text::decode(text.as_bytes()).unwrap();
        assert_eq!(YamahaDhcp.read(&input, &decoded).unwrap_err().message.key, "list.mixed");
    }
}
