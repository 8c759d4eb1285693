//! nmap: its XML (`-oX`, nmap.dtd) and its lines for grep (`-oG`).
//!
//! A finished run looked at the networks of its targets, so what is not in it did not answer; an unfinished one says nothing of what
//! is missing.  The times of the run are those of its beginning and end; the hosts' own are not used.

use std::net::IpAddr;

use domain::{BannerKind, Completeness, Coverage, ImportId, Place, msg};
use jiff::Timestamp;

use super::banners;
use super::hosts::{Host, Hosts, port};
use super::targets::{self, Targets};
use super::xml::{Piece, Xml, attribute, name, root};
use super::{fuzz_reader, judge_end};
use crate::leases::local_of_epoch;
use crate::reader::{Head, Reader, Secrets};
use crate::reading::{Dated, Input, Reading, Refusal, Score};
use crate::text::{Text, excerpt};
use crate::values::time::{self, Clock, TimeCell};

/// The reader of `nmap -oX`.
#[derive(Debug)]
pub struct NmapXml;

/// The reader of `nmap -oG`.
#[derive(Debug)]
pub struct NmapGreppable;

/// CPE names of one service: nmap gives the program's, the system's and the machine's.
const MAX_CPES: usize = 16;

/// Banners that one script brings of one port.
const MAX_BANNERS: usize = 16;

/// What a run says of itself.
#[derive(Debug, Default)]
struct Run {
    /// The program: `nmap`, or another that writes the same form.
    scanner: String,
    targets: Targets,
    finished: bool,
    /// The address it looked from, where a host is the scanner itself.
    vantage: Option<IpAddr>,
}

/// A host of the XML, while it is read.
#[derive(Debug, Default)]
struct Reached {
    host: Host,
    state: String,
    reason: String,
    port: Option<(String, String)>,
    port_state: String,
    service: String,
    /// What nmap calls the protocol that is spoken: `ssh`.
    protocol: String,
    /// The program's name and version, and its CPE names.
    program: [String; 2],
    cpes: Vec<String>,
    /// What scripts brought of what it said.
    banners: Vec<(BannerKind, String)>,
    systems: Vec<(u8, String)>,
}

impl Reader for NmapXml {
    fn kind(&self) -> &'static str {
        "nmap-xml"
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        if root(head.text) == Some("nmaprun") { Score::Certain } else { Score::No }
    }

    fn secrets(&self) -> Secrets {
        Secrets::InMarkup
    }

    fn read(&self, input: &Input<'_>, text: &Text<'_>) -> Result<Reading, Refusal> {
        let mut reading = Reading::new(self.kind(), 1);
        let (mut run, mut hosts) = (Run::default(), Hosts::default());
        let mut reached: Option<Reached> = None;
        let mut xml = Xml::new(&text.body);
        loop {
            match xml.next() {
                Piece::Open(tag) if name(&tag) == "nmaprun" => begin(&mut reading, &mut run, &tag),
                Piece::Open(tag) if name(&tag) == "host" => {
                    let host = Host { place: Place::line(xml.line()), ..Host::default() };
                    reached = Some(Reached { host, ..Reached::default() });
                }
                Piece::Open(tag) if name(&tag) == "finished" => {
                    run.finished = attribute(&tag, "exit") != "error";
                }
                Piece::Open(tag) => {
                    if let Some(reached) = &mut reached {
                        reached.open(name(&tag), &tag, &mut reading);
                    }
                }
                Piece::Close(name) => match (name.as_str(), reached.as_mut()) {
                    ("host", Some(_)) => {
                        if let Some(reached) = reached.take() {
                            reached.finish(&mut reading, &mut run, &mut hosts);
                        }
                    }
                    ("port", Some(reached)) => reached.end_port(&mut reading),
                    ("cpe", Some(reached)) => reached.take_cpe(xml.text()),
                    _ => {}
                },
                Piece::End => break,
            }
        }
        let cut = xml.fault().is_some();
        judge_end(input, &mut reading, &mut xml)?;
        run.finished &= !cut;
        let tool = run.scanner.clone();
        hosts.state(&mut reading, &tool);
        conclude(&mut reading, &run);
        Ok(reading)
    }
}

/// The run's beginning: who, when and what was asked.
fn begin(reading: &mut Reading, run: &mut Run, tag: &quick_xml::events::BytesStart<'_>) {
    run.scanner = match attribute(tag, "scanner") {
        scanner if scanner.is_empty() => "nmap".to_owned(),
        scanner => excerpt(&scanner),
    };
    run.targets = targets::read(&attribute(tag, "args"));
    reading.dated = local_of_epoch(attribute(tag, "start").trim()).map(Dated::Local);
}

impl Reached {
    fn open(&mut self, name: &str, tag: &quick_xml::events::BytesStart<'_>, reading: &mut Reading) {
        match name {
            "status" => {
                self.state = attribute(tag, "state");
                self.reason = attribute(tag, "reason");
            }
            "address" if attribute(tag, "addrtype") == "mac" => {
                self.host.take_mac(&attribute(tag, "addr"));
            }
            "address" => self.host.take_address(&attribute(tag, "addr")),
            "hostname" => self.host.take_name(&attribute(tag, "name")),
            "port" => {
                self.port = Some((attribute(tag, "protocol"), attribute(tag, "portid")));
                self.port_state.clear();
                self.service.clear();
                self.protocol.clear();
                self.program = Default::default();
                self.cpes.clear();
                self.banners.clear();
            }
            "state" if self.port.is_some() => self.port_state = attribute(tag, "state"),
            "service" if self.port.is_some() => {
                let words = ["name", "product", "version"].map(|word| attribute(tag, word));
                let filled: Vec<&str> =
                    words.iter().map(String::as_str).filter(|word| !word.is_empty()).collect();
                self.service = filled.join(" ");
                let [protocol, product, version] = words;
                self.protocol = protocol;
                self.program = [product, version];
            }
            "osmatch" => {
                let accuracy = attribute(tag, "accuracy").parse().unwrap_or(0);
                self.systems.push((accuracy, attribute(tag, "name")));
            }
            "script" => self.script(&attribute(tag, "id"), &attribute(tag, "output"), reading),
            _ => {}
        }
    }

    /// What a script brought of what was said; what others say is theirs alone, and differs from one to the next.
    fn script(&mut self, id: &str, output: &str, reading: &mut Reading) {
        let said = banners::of_script(id, &self.protocol, output);
        if said.is_empty() {
            return reading.skip("scripts");
        }
        reading.count("banners", said.len() as u64);
        match self.port {
            Some(_) => self.banners.extend(said.into_iter().take(MAX_BANNERS)),
            None => said.iter().for_each(|(kind, text)| self.host.take_banner(None, *kind, text)),
        }
    }

    /// A CPE name within a port: those of the guesses at the system stand elsewhere.
    fn take_cpe(&mut self, text: &str) {
        if self.port.is_some() && self.cpes.len() < MAX_CPES {
            self.cpes.push(text.trim().to_owned());
        }
    }

    fn end_port(&mut self, reading: &mut Reading) {
        let Some((protocol, number)) = self.port.take() else { return };
        match (self.port_state.as_str(), port(&protocol, &number)) {
            ("open", Some(port)) => {
                reading.count("open_ports", 1);
                let [product, version] = &self.program;
                self.host.take_service(Some(&port), &self.cpes, [product, version]);
                for (kind, text) in &self.banners {
                    self.host.take_banner(Some(&port), *kind, text);
                }
                self.host.take_port(port, &self.service);
            }
            // `open|filtered`, `closed`: nobody answered, or somebody said no.
            _ => reading.skip("ports_not_open"),
        }
    }

    /// The guess at the system, where one is better than all others.
    fn system(&self) -> Option<(String, String)> {
        let best = self.systems.iter().map(|(accuracy, _)| *accuracy).max()?;
        let mut equals = self.systems.iter().filter(|(accuracy, _)| *accuracy == best);
        let (accuracy, system) = equals.next()?;
        let alone = equals.all(|(_, other)| other == system) && !system.is_empty();
        alone.then(|| (system.clone(), format!("{system} ({accuracy}%)")))
    }

    fn finish(mut self, reading: &mut Reading, run: &mut Run, hosts: &mut Hosts) {
        let silent = self.host.ports.is_empty() && self.host.macs.is_empty();
        if !matches!(self.state.as_str(), "up" | "") || self.state.is_empty() && silent {
            return reading.skip("hosts_down");
        }
        // With -Pn every address is taken for up: what neither answered nor has a card may be nobody.
        if self.reason == "user-set" && silent {
            return reading.skip("hosts_assumed_up");
        }
        self.host.os = self.system();
        if self.reason == "localhost-response" {
            run.vantage = self.host.addresses.first().copied();
        }
        let key = match (self.host.addresses.first(), self.host.macs.first()) {
            (Some(address), _) => address.to_string(),
            (None, Some(mac)) => mac.to_string(),
            (None, None) => self.host.names.first().cloned().unwrap_or_default(),
        };
        let known = hosts.of(&key, self.host.place.clone());
        if known.addresses.is_empty() && known.macs.is_empty() && known.names.is_empty() {
            reading.count("hosts_up", 1);
            let with_card = !self.host.macs.is_empty();
            reading.count(if with_card { "with_mac" } else { "without_mac" }, 1);
            *known = self.host;
        } else {
            // Programs that write one element for each port name the same host again.
            for (port, words) in std::mem::take(&mut self.host.ports) {
                known.take_port(port, &words);
            }
            known.take_products(&self.host.products);
            known.take_banners(std::mem::take(&mut self.host.banners));
        }
    }
}

/// Which networks were looked at, and how completely.
fn conclude(reading: &mut Reading, run: &Run) {
    if !run.finished {
        reading.warn(Place::DOCUMENT, msg!("scan.unfinished"));
    }
    // Other programs that write this form ask ports, not hosts: silence says nothing there.
    let asks_hosts = run.scanner == "nmap";
    if run.targets.partial && !run.targets.networks.is_empty() {
        reading.warn(Place::DOCUMENT, msg!("scan.left_out"));
    }
    if !asks_hosts || run.targets.partial && run.finished {
        return;
    }
    if let [network] = run.targets.networks.as_slice() {
        reading.source_hint = Some(format!("nmap/{network}"));
    }
    let vantage = match run.vantage {
        Some(IpAddr::V4(address)) => Some(address),
        _ => None,
    };
    for network in &run.targets.networks {
        let completeness = if run.finished { Completeness::Scan } else { Completeness::Truncated };
        let (import, at) = (ImportId(0), Timestamp::UNIX_EPOCH);
        reading.coverage.push(Coverage { import, network: *network, vantage, at, completeness });
    }
}

impl Reader for NmapGreppable {
    fn kind(&self) -> &'static str {
        "nmap-grepable"
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        let is_head = |line: &str| line.starts_with("# Nmap ") && line.contains(" scan initiated ");
        let begins = head.lines().take(3).any(|line| is_head(line.text));
        let hosts = head.lines().any(|line| host_line(line.text).is_some());
        if begins && hosts { Score::Certain } else { Score::No }
    }

    fn read(&self, _: &Input<'_>, text: &Text<'_>) -> Result<Reading, Refusal> {
        let mut reading = Reading::new(self.kind(), 1);
        let mut run = Run { scanner: "nmap".to_owned(), ..Run::default() };
        let mut hosts = Hosts::default();
        for line in text.lines() {
            if let Some(rest) = line.text.strip_prefix("# Nmap ") {
                comment(&mut reading, &mut run, rest);
            } else if let Some((address, rest)) = host_line(line.text) {
                let host = hosts.of(address, Place::line(line.number));
                grep_host(&mut reading, host, address, rest);
            } else if !line.text.trim().is_empty() {
                reading.skip("other_lines");
            }
        }
        let before = reading.observations.len();
        hosts.state_up(&mut reading, run.targets.assumed);
        reading.count("hosts_up", (reading.observations.len() - before) as u64);
        conclude(&mut reading, &run);
        Ok(reading)
    }
}

/// `7.95 scan initiated Fri Nov 20 09:00:00 2026 as: nmap -sS 10.1.2.0/24`, `done at …`.
fn comment(reading: &mut Reading, run: &mut Run, rest: &str) {
    if let Some((_, told)) = rest.split_once(" scan initiated ")
        && let Some((when, args)) = told.split_once(" as: ")
    {
        run.targets = targets::read(args);
        if let TimeCell::Time(time) = time::read(when, Clock::Local) {
            reading.dated = Some(Dated::Local(time));
        }
    }
    run.finished |= rest.starts_with("done at ");
}

/// The address and the rest of `Host: 10.1.2.3 (name)\tPorts: …`.
fn host_line(line: &str) -> Option<(&str, &str)> {
    let rest = line.strip_prefix("Host: ")?;
    let (address, rest) = rest.split_once(' ')?;
    address.parse::<IpAddr>().is_ok().then_some((address, rest))
}

fn grep_host(reading: &mut Reading, host: &mut Host, address: &str, rest: &str) {
    for part in rest.split('\t') {
        if let Some(name) = part.strip_prefix('(').and_then(|part| part.split_once(')')) {
            host.take_name(name.0);
        } else if part.trim() == "Status: Up" {
            host.take_address(address);
        } else if let Some(ports) = part.strip_prefix("Ports: ") {
            host.take_address(address);
            ports.split(", ").for_each(|port| grep_port(reading, host, port));
        } else if let Some(system) = part.strip_prefix("OS: ").filter(|os| !os.contains('|')) {
            host.os = Some((system.to_owned(), system.to_owned()));
        }
    }
}

/// `445/open/tcp//microsoft-ds//Windows 7/`.
fn grep_port(reading: &mut Reading, host: &mut Host, text: &str) {
    let parts: Vec<&str> = text.trim().split('/').collect();
    let [number, state, protocol, _, service, _, version, ..] = parts.as_slice() else { return };
    match (*state, port(protocol, number)) {
        ("open", Some(port)) => {
            reading.count("open_ports", 1);
            let (product, number) = apart(version);
            host.take_service(Some(&port), &[], [product, number]);
            host.take_port(port, &format!("{service} {version}"));
        }
        _ => reading.skip("ports_not_open"),
    }
}

/// The name of a program and what follows it, from the first word on that begins with a digit: `OpenSSH 7.4 (protocol 2.0)`.
fn apart(version: &str) -> (&str, &str) {
    let starts = version.match_indices(' ').map(|(at, _)| at + 1);
    let digit = |at: &usize| version[*at..].starts_with(|letter: char| letter.is_ascii_digit());
    starts.into_iter().find(digit).map_or((version, ""), |at| version.split_at(at))
}

/// Reads any bytes as the output of nmap, in both forms.
pub fn fuzz(bytes: &[u8]) {
    fuzz_reader(&NmapXml, bytes);
    fuzz_reader(&NmapGreppable, bytes);
    // Damage rarely leaves the head whole.
    let mut text =
        b"<nmaprun scanner=\"nmap\" args=\"nmap 10.1.2.0/24\" start=\"1795132800\">".to_vec();
    text.extend_from_slice(bytes);
    fuzz_reader(&NmapXml, &text);
}

#[cfg(test)]
mod tests;
