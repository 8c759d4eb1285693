//! `ipconfig /all`, from Windows XP to 11, in Japanese and English.
//!
//! ```text
//! Windows IP 構成
//!
//!    ホスト名. . . . . . . . . . . . . . .: EHR-AP01
//!
//! イーサネット アダプター イーサネット:
//!
//!    物理アドレス. . . . . . . . . . . . .: 00-1B-21-00-01-11
//!    IPv4 アドレス . . . . . . . . . . . .: 192.0.2.11(優先)
//! ```
//!
//! The number of dots differs from version to version, and a narrow console breaks a long value in two.

use std::net::{IpAddr, Ipv4Addr};

use domain::fold::half_width;
use domain::{Addressing, Field, MacAddress, Place, fold, msg};

use super::adapter::{self, Role};
use super::host::{Report, Reports, address};
use super::labels::{Label, dotted, label};
use crate::reader::{Head, Reader};
use crate::reading::{Input, Reading, Refusal, Score};
use crate::text::{Line, Text, excerpt};

/// The reader of `ipconfig /all`.
#[derive(Debug)]
pub struct Ipconfig;

/// A console is at least so wide, in columns; a shorter line was not broken by it.
const CONSOLE: usize = 70;

impl Reader for Ipconfig {
    fn kind(&self) -> &'static str {
        "windows-ipconfig"
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        if head.lines().any(|line| is_title(line.text)) {
            return Score::Certain;
        }
        let has_labels = head.lines().filter(|line| dotted(line.text).is_some()).nth(2).is_some();
        let is_ours = has_labels && head.lines().any(|line| is_foreign_title(line.text));
        if is_ours { Score::Likely } else { Score::No }
    }

    fn read(&self, input: &Input<'_>, text: &Text<'_>) -> Result<Reading, Refusal> {
        super::check_size(text)?;
        let mut scan = Scan::new(self.kind(), input);
        for line in text.lines() {
            scan.line(line);
        }
        scan.finish(input, text)
    }
}

/// `Windows IP 構成`, `Windows IP Configuration`.
fn is_title(line: &str) -> bool {
    line.len() < 80
        && line.contains("Windows")
        && matches!(
            fold(line).as_str(),
            "windowsip構成" | "windowsipconfiguration" | "windows2000ipconfiguration"
        )
}

/// The same in another language: `Windows-IP-Konfiguration`, `Configuration IP de Windows`, `Windows IP 配置`.
fn is_foreign_title(line: &str) -> bool {
    let words: Vec<&str> = line.split([' ', '-']).filter(|word| !word.is_empty()).collect();
    (3..=5).contains(&words.len())
        && words.iter().any(|word| word.eq_ignore_ascii_case("windows"))
        && words.contains(&"IP")
        && line.trim() == line
}

/// One adapter as far as it was read.
#[derive(Debug)]
struct Adapter {
    name: String,
    description: String,
    mac: Option<MacAddress>,
    addresses: Vec<(IpAddr, Option<u8>)>,
    dhcp: Option<bool>,
    disconnected: bool,
    gateways: Vec<IpAddr>,
    dns: Vec<IpAddr>,
    /// The line of an address that the machine gave itself, for want of a DHCP server.
    automatic: Option<u32>,
}

impl Adapter {
    fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            description: String::new(),
            mac: None,
            addresses: Vec::new(),
            dhcp: None,
            disconnected: false,
            gateways: Vec::new(),
            dns: Vec::new(),
            automatic: None,
        }
    }
}

/// A label with its value, which the next line may continue.
#[derive(Debug)]
struct Open {
    label: Option<Label>,
    value: String,
    line: u32,
    /// As wide as a console: the next line may be the rest of it.
    is_full: bool,
    ended: bool,
}

#[derive(Debug)]
struct Scan<'a> {
    reports: Reports<'a>,
    report: Option<Report>,
    adapter: Option<Adapter>,
    open: Option<Open>,
    last: Option<Label>,
    addressing: Vec<bool>,
    known: u64,
}

impl<'a> Scan<'a> {
    fn new(kind: &'static str, input: &Input<'a>) -> Self {
        Self {
            reports: Reports::new(kind, input),
            report: None,
            adapter: None,
            open: None,
            last: None,
            addressing: Vec::new(),
            known: 0,
        }
    }

    fn line(&mut self, line: Line<'_>) {
        let written = half_width(line.text);
        if written.trim().is_empty() {
            self.close();
            self.last = None;
            return;
        }
        if is_title(&written) || super::is_prompt(&written) {
            self.begin_machine(&written, line.number);
        } else if let Some((name, value)) = dotted(&written) {
            self.close();
            self.open = Some(Open {
                label: label(name),
                value: value.to_owned(),
                line: line.number,
                is_full: width(line.text) >= CONSOLE,
                ended: line.ended,
            });
        } else if written.starts_with([' ', '\t']) {
            self.close();
            self.continued(written.trim(), line);
        } else {
            self.unlabelled(&written, line);
        }
    }

    fn begin_machine(&mut self, written: &str, number: u32) {
        self.end_machine();
        if is_title(written) {
            self.report = Some(Report::new(Place::line(number)));
        } else {
            self.reports.reading.skip("prompt");
        }
    }

    /// A line at the left edge: the head of an adapter, or the rest of a value that the console broke.
    fn unlabelled(&mut self, written: &str, line: Line<'_>) {
        if let Some(open) = self.open.as_mut().filter(|open| open.is_full) {
            open.value.push_str(written.trim_end());
            open.is_full = width(line.text) >= CONSOLE;
            open.ended = line.ended;
            return self.reports.reading.count("wrapped_line", 1);
        }
        self.end_adapter();
        match written.trim_end().strip_suffix(':') {
            Some(name) if self.report.is_some() => self.adapter = Some(Adapter::new(name)),
            _ => self.reports.reading.skip("other_text"),
        }
    }

    /// A further value under the last label: the second name server.
    fn continued(&mut self, value: &str, line: Line<'_>) {
        match self.last {
            Some(Label::Dns | Label::Gateway | Label::Ip) => {
                self.value(self.last, value, &line.into());
            }
            _ => self.reports.reading.skip("other_text"),
        }
    }

    /// The value that was open is complete.
    fn close(&mut self) {
        let Some(open) = self.open.take() else { return };
        self.last = open.label;
        let at = At { line: open.line, ended: open.ended };
        let value = open.value;
        self.value(open.label, &value, &at);
    }

    fn value(&mut self, label: Option<Label>, value: &str, at: &At) {
        let Some(report) = self.report.as_mut() else {
            return self.reports.reading.skip("other_text");
        };
        self.reports.reading.rows += 1;
        let Some(label) = label else { return };
        self.known += 1;
        // At a cut end a name or an address may lack its last letters.
        if !at.ended {
            return self.reports.unreadable(Place::line(at.line), value);
        }
        match (&mut self.adapter, label) {
            (None, Label::HostName) => report.name(value),
            (None, Label::DnsSuffix) => report.domain(value),
            (Some(adapter), label) => {
                if !adapter.take(label, value, at.line) {
                    self.reports.unreadable(Place::line(at.line), value);
                } else if label == Label::Ip && is_duplicate(value) {
                    let message = msg!("windows.address_duplicate", address = excerpt(value));
                    self.reports.reading.warn(Place::line(at.line), message);
                } else if label == Label::TemporaryIp {
                    self.reports.reading.skip("temporary_address");
                }
            }
            _ => {}
        }
    }

    fn end_adapter(&mut self) {
        self.close();
        self.last = None;
        let Some(adapter) = self.adapter.take() else { return };
        let Some(report) = self.report.as_mut() else { return };
        let reading = &mut self.reports.reading;
        reading.count("adapters", 1);
        reading.count("connected", u64::from(!adapter.disconnected));
        let role = adapter::role(&adapter.name, &adapter.description, adapter.mac);
        match role {
            Role::Tunnel => return reading.skip("tunnel_adapter"),
            Role::Inner => return reading.skip("inner_adapter"),
            Role::Software => reading.skip("software_card"),
            Role::Card => {}
        }
        if let Some(line) = adapter.automatic.filter(|_| !adapter.disconnected) {
            let message = msg!("windows.automatic_address", adapter = excerpt(&adapter.name));
            reading.warn(Place::line(line), message);
        }
        adapter.report(role, report, &mut self.addressing);
    }

    fn end_machine(&mut self) {
        self.end_adapter();
        let Some(mut report) = self.report.take() else { return };
        match self.addressing.as_slice() {
            [] => {}
            all if all.iter().all(|dhcp| *dhcp) => {
                report.fact(Field::Addressing, Addressing::Dynamic.key());
            }
            all if all.iter().all(|dhcp| !dhcp) => {
                report.fact(Field::Addressing, Addressing::Static.key());
            }
            _ => {}
        }
        self.addressing.clear();
        self.reports.add(report);
    }

    fn finish(mut self, input: &Input<'_>, text: &Text<'_>) -> Result<Reading, Refusal> {
        let heads = self.report.is_some() || self.reports.reading.rows > 0;
        self.end_machine();
        if self.known == 0 {
            let has_labels = text.lines().any(|line| dotted(line.text).is_some());
            return Err(if has_labels || !heads {
                super::other_language(input, text)
            } else {
                super::nothing_in(input)
            });
        }
        self.reports.finish()
    }
}

/// Where a value stands, and whether its line is whole.
#[derive(Debug, Clone, Copy)]
struct At {
    line: u32,
    ended: bool,
}

impl From<Line<'_>> for At {
    fn from(line: Line<'_>) -> Self {
        Self { line: line.number, ended: line.ended }
    }
}

impl Adapter {
    /// Takes what a label says; no where it cannot be read.
    fn take(&mut self, label: Label, value: &str, line: u32) -> bool {
        match label {
            Label::Description => value.clone_into(&mut self.description),
            // Eight bytes are a tunnel's, and no card.
            Label::Card => self.mac = value.parse().ok(),
            Label::Dhcp => self.dhcp = yes_or_no(value),
            // Whatever it says, an adapter that is in use has no such line.
            Label::Media => self.disconnected = true,
            Label::Mask => return self.mask(value),
            Label::AutoAddress => self.automatic = Some(line),
            Label::Ip if is_duplicate(value) => {}
            Label::Ip => {
                return push(&mut self.addresses, address(value).map(|address| (address, None)));
            }
            Label::Gateway if value.is_empty() => {}
            Label::Gateway => return push(&mut self.gateways, address(value)),
            Label::Dns if value.is_empty() => {}
            Label::Dns => return push(&mut self.dns, address(value)),
            _ => {}
        }
        true
    }

    /// The mask belongs to the address on the line before it.
    fn mask(&mut self, value: &str) -> bool {
        let Ok(mask) = value.parse::<Ipv4Addr>() else { return false };
        let bits = u32::from(mask);
        let is_mask = bits.leading_ones() + bits.trailing_zeros() >= 32;
        if let Some((IpAddr::V4(_), prefix)) = self.addresses.last_mut().filter(|_| is_mask) {
            *prefix = u8::try_from(bits.leading_ones()).ok();
        }
        is_mask
    }

    /// What the adapter says of its machine.
    fn report(self, role: Role, report: &mut Report, addressing: &mut Vec<bool>) {
        let card = adapter::card(role, self.mac, !self.disconnected);
        report.binding(card, self.addresses.first().copied());
        for address in self.addresses.iter().skip(1) {
            report.binding(card, Some(*address));
        }
        if self.disconnected {
            return;
        }
        for gateway in self.gateways.iter().filter(|gateway| !gateway.is_unspecified()) {
            report.fact(Field::Gateway, &gateway.to_string());
        }
        for server in self.dns.iter().filter(|server| !is_default_server(**server)) {
            report.fact(Field::DnsServer, &server.to_string());
        }
        let has_v4 = self.addresses.iter().any(|(address, _)| address.is_ipv4());
        addressing.extend(self.dhcp.filter(|_| has_v4 && role == Role::Card));
    }
}

fn push<T: PartialEq>(list: &mut Vec<T>, item: Option<T>) -> bool {
    let Some(item) = item else { return false };
    // More than any adapter has; what is beyond is a made-up file.
    if list.len() < 256 && !list.contains(&item) {
        list.push(item);
    }
    true
}

/// An address that another machine holds: Windows does not use it.
fn is_duplicate(value: &str) -> bool {
    let folded = fold(value);
    folded.contains("(重複") || folded.contains("(duplicate")
}

fn yes_or_no(value: &str) -> Option<bool> {
    match fold(value).as_str() {
        "はい" | "ハイ" | "yes" => Some(true),
        "いいえ" | "イイエ" | "no" => Some(false),
        _ => None,
    }
}

/// The three servers that Windows fills in where IPv6 has none (`fec0:0:0:ffff::1` to `::3`).
fn is_default_server(server: IpAddr) -> bool {
    matches!(server, IpAddr::V6(server) if server.segments().starts_with(&[0xfec0, 0, 0, 0xffff]))
}

/// How many columns of a console a line takes: two for a wide letter.
fn width(line: &str) -> usize {
    line.chars()
        .map(|c| if matches!(c, '\u{1100}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}') { 2 } else { 1 })
        .sum()
}
