//! `netstat -ano`: which ports a machine has open, and with whom outside it speaks.
//!
//! ```text
//!   TCP         0.0.0.0:3389           0.0.0.0:0              LISTENING       1044
//! ```
//!
//! The answer does not name its machine; the near end of its connections is one of its addresses.

use std::net::{IpAddr, Ipv6Addr};

use domain::{AddressKind, Field, Place, fold};

use super::host::{Report, Reports, address, is_own};
use crate::reader::{Head, Reader};
use crate::reading::{Input, Reading, Refusal, Score};
use crate::text::Text;

/// The reader of `netstat -an`, with or without `o` and `b`.
#[derive(Debug)]
pub struct Netstat;

/// The first port that clients take for their own end (RFC 6335 section 6).
const FIRST_DYNAMIC: u16 = 49152;

/// States of a connection, as Windows writes them in Japanese and English alike.
const STATES: [&str; 12] = [
    "CLOSED",
    "CLOSE_WAIT",
    "CLOSING",
    "ESTABLISHED",
    "FIN_WAIT_1",
    "FIN_WAIT_2",
    "LAST_ACK",
    "LISTENING",
    "SYN_RECEIVED",
    "SYN_SENT",
    "TIME_WAIT",
    "BOUND",
];

impl Reader for Netstat {
    fn kind(&self) -> &'static str {
        "windows-netstat"
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        let rows = head.lines().filter(|line| Row::of(line.text).is_some()).take(2).count();
        let title = head.lines().any(|line| is_title(line.text));
        match (title, rows) {
            (true, _) => Score::Certain,
            (false, 2) => Score::Likely,
            _ => Score::No,
        }
    }

    fn read(&self, input: &Input<'_>, text: &Text<'_>) -> Result<Reading, Refusal> {
        super::check_size(text)?;
        let mut scan = Scan {
            reports: Reports::new(self.kind(), input),
            report: Report::new(Place::DOCUMENT),
            known: 0,
            other: 0,
        };
        for line in text.lines().filter(|line| !line.text.trim().is_empty()) {
            match Row::of(line.text) {
                // At a cut end an address may lack its last figures; the state after it shows that it does not.
                Some(row) if line.ended || row.state.is_some() => {
                    scan.row(&row, line.text, line.number);
                }
                Some(_) => scan.reports.unreadable(Place::line(line.number), line.text),
                None => scan.other(line.text, line.number),
            }
        }
        match (scan.known, scan.other) {
            (0, 0) => Err(super::nothing_in(input)),
            (0, _) => Err(super::other_language(input, text)),
            _ => {
                scan.reports.add(scan.report);
                scan.reports.finish()
            }
        }
    }
}

fn is_title(line: &str) -> bool {
    line.trim_start().starts_with(['ア', 'ｱ', 'A'])
        && matches!(fold(line).as_str(), "アクティブナ接続" | "activeconnections")
}

/// A row, word by word.
#[derive(Debug, Clone, Copy)]
struct Row<'a> {
    protocol: &'a str,
    near: &'a str,
    far: &'a str,
    state: Option<&'a str>,
}

impl<'a> Row<'a> {
    fn of(line: &'a str) -> Option<Self> {
        let mut words = line.split_whitespace();
        let protocol = words.next().filter(|word| matches!(*word, "TCP" | "UDP"))?;
        let (near, far) = (words.next()?, words.next()?);
        let (_, _) = (end(near)?, far.rsplit_once(':')?);
        let state = words.next().filter(|word| !word.bytes().all(|b| b.is_ascii_digit()));
        Some(Self { protocol, near, far, state })
    }
}

/// Address and port of `192.0.2.11:445`, `[::]:445`, `[fe80::1%12]:445`.
fn end(text: &str) -> Option<(IpAddr, u16)> {
    let (host, port) = text.rsplit_once(':')?;
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    Some((address(host)?, port.parse().ok()?))
}

#[derive(Debug)]
struct Scan<'a> {
    reports: Reports<'a>,
    report: Report,
    known: u64,
    other: u64,
}

impl Scan<'_> {
    fn row(&mut self, row: &Row<'_>, line: &str, number: u32) {
        self.reports.reading.rows += 1;
        let Some((address, port)) = end(row.near) else { return };
        match (row.protocol, row.state) {
            ("UDP", _) => self.udp(address, port),
            (_, Some("LISTENING")) => self.listening(address, port),
            (_, Some("ESTABLISHED")) => self.established(address, row.far, line, number),
            (_, Some(state)) if STATES.contains(&state) => {
                self.known += 1;
                self.reports.reading.skip("connection_closing");
            }
            _ => {
                self.other += 1;
                self.reports.unreadable(Place::line(number), line);
            }
        }
    }

    fn listening(&mut self, address: IpAddr, port: u16) {
        self.known += 1;
        self.reports.reading.count("tcp_listen", 1);
        if address.is_loopback() {
            return self.reports.reading.skip("loopback");
        }
        self.report.fact(Field::Service, &format!("tcp/{port}"));
    }

    fn udp(&mut self, address: IpAddr, port: u16) {
        self.reports.reading.count("udp", 1);
        if address.is_loopback() {
            self.reports.reading.skip("loopback");
        } else if port >= FIRST_DYNAMIC {
            // Such a port is a client's end of something, and open for that only.
            self.reports.reading.skip("dynamic_port");
        } else {
            self.report.fact(Field::Service, &format!("udp/{port}"));
        }
    }

    fn established(&mut self, near: IpAddr, far: &str, line: &str, number: u32) {
        let Some((far, port)) = end(far) else {
            return self.reports.unreadable(Place::line(number), line);
        };
        self.known += 1;
        self.reports.reading.count("established", 1);
        // A port may be open on networks within the machine too; a connection to another machine shows an address that counts.
        if near != far && is_own(near) {
            self.report.binding(None, Some((near, None)));
        }
        if is_outside(far) {
            let far = match far {
                IpAddr::V4(far) => format!("tcp/{far}:{port}"),
                IpAddr::V6(far) => format!("tcp/[{far}]:{port}"),
            };
            self.reports.reading.count("established_outside", 1);
            self.report.fact(Field::Remote, &far);
        } else {
            self.reports.reading.skip("connection_inside");
        }
    }

    fn other(&mut self, line: &str, number: u32) {
        let line = line.trim();
        let is_process = line.starts_with('[') && line.ends_with(']');
        let is_service = line.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if is_title(line) || is_header(line) {
            self.reports.reading.skip("title");
        } else if super::is_prompt(line) {
            self.reports.reading.skip("prompt");
        } else if is_process || is_service {
            self.reports.reading.skip("process_name");
        } else if line.starts_with("TCP") || line.starts_with("UDP") {
            self.reports.unreadable(Place::line(number), line);
        } else {
            self.reports.reading.skip("other_text");
        }
    }
}

fn is_header(line: &str) -> bool {
    let folded = fold(line);
    folded.starts_with("プロトコルロ-カルアドレス") || folded.starts_with("protolocaladdress")
}

/// Whether an address lies outside every private network (RFC 1918, RFC 4193, RFC 6598).
fn is_outside(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            matches!(AddressKind::of(address), AddressKind::Public | AddressKind::Documentation)
        }
        IpAddr::V6(address) => {
            address.to_ipv4_mapped().map_or_else(|| is_global(address), |v4| is_outside(v4.into()))
        }
    }
}

/// Global unicast (RFC 4291 section 2.4).
fn is_global(address: Ipv6Addr) -> bool {
    matches!(address.segments().first(), Some(0x2000..=0x3fff))
}
