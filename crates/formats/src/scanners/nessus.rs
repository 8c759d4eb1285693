//! Nessus (`.nessus`, version 2 of the file): hosts with their properties, and an item for each check.
//!
//! The file begins with the whole policy, which is passed over.  Times of a host are the scanner's local time, or its seconds since
//! 1970 where it writes those too.

use domain::{Place, msg};
use jiff::civil::DateTime;
use quick_xml::events::BytesStart;

use super::banners;
use super::hosts::{Host, Hosts, Item, Severity, port};
use super::xml::{Piece, Xml, attribute, name, root};
use super::{fuzz_reader, judge_end};
use crate::leases::local_of_epoch;
use crate::reader::{Head, Reader, Secrets};
use crate::reading::{Dated, Input, Reading, Refusal, Score};
use crate::text::{Text, excerpt};
use crate::values::time::{self, Clock, TimeCell};

/// The reader of `.nessus` files.
#[derive(Debug)]
pub struct Nessus;

/// The root element of the version that is read.
const ROOT: &str = "NessusClientData_v2";

/// A host and its item, while they are read.
#[derive(Debug, Default)]
struct Reported {
    host: Host,
    name: String,
    tag: String,
    item: Option<Item>,
}

impl Reader for Nessus {
    fn kind(&self) -> &'static str {
        "nessus-v2"
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        if root(head.text) == Some(ROOT) { Score::Certain } else { Score::No }
    }

    fn secrets(&self) -> Secrets {
        Secrets::InMarkup
    }

    fn read(&self, input: &Input<'_>, text: &Text<'_>) -> Result<Reading, Refusal> {
        let mut reading = Reading::new(self.kind(), 1);
        let mut hosts = Hosts::default();
        let mut reported: Option<Reported> = None;
        let mut xml = Xml::new(&text.body);
        loop {
            match xml.next() {
                Piece::Open(tag) if name(&tag) == "ReportHost" => {
                    let host = Host { place: Place::line(xml.line()), ..Host::default() };
                    let name = attribute(&tag, "name");
                    reported = Some(Reported { host, name, ..Reported::default() });
                }
                Piece::Open(tag) => {
                    if let Some(reported) = &mut reported {
                        let line = if name(&tag) == "ReportItem" { xml.line() } else { 0 };
                        reported.open(&tag, line);
                    }
                }
                Piece::Close(name) if name == "ReportHost" => {
                    if let Some(reported) = reported.take() {
                        reported.finish(&mut hosts);
                    }
                }
                Piece::Close(name) => {
                    if let Some(reported) = &mut reported {
                        reported.close(&name, xml.text());
                    }
                }
                Piece::End => break,
            }
        }
        // A host that was cut off keeps the items that were whole.
        if let Some(reported) = reported.take() {
            reported.finish(&mut hosts);
        }
        judge_end(input, &mut reading, &mut xml)?;
        reading.dated = hosts.latest().map(Dated::Local);
        hosts.state(&mut reading, "nessus");
        if reading.rows == 0 {
            reading.warn(Place::DOCUMENT, msg!("scan.no_hosts", file = excerpt(input.name)));
        }
        Ok(reading)
    }
}

impl Reported {
    fn open(&mut self, tag: &BytesStart<'_>, line: u32) {
        match name(tag) {
            "tag" => self.tag = attribute(tag, "name"),
            "ReportItem" => {
                let port = port(&attribute(tag, "protocol"), &attribute(tag, "port"));
                if let Some(port) = &port {
                    self.host.take_port(port.clone(), &attribute(tag, "svc_name"));
                }
                self.item = Some(Item {
                    place: Place::line(line),
                    severity: severity(&attribute(tag, "severity")),
                    check: attribute(tag, "pluginID"),
                    title: attribute(tag, "pluginName"),
                    cves: Vec::new(),
                    port,
                });
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str, text: &str) {
        match (name, &mut self.item) {
            ("tag", None) => self.property(text),
            ("cve", Some(item)) => {
                item.take_cves(text);
            }
            ("plugin_output", Some(item)) => {
                if let Some((kind, said)) = banners::of_check(&item.check, text) {
                    self.host.take_banner(item.port.as_ref(), kind, &said);
                }
            }
            ("ReportItem", Some(_)) => self.host.items.extend(self.item.take()),
            _ => {}
        }
    }

    fn property(&mut self, text: &str) {
        match self.tag.as_str() {
            "host-ip" => self.host.take_address(text),
            // One line for each card.
            "mac-address" => text.lines().for_each(|line| self.host.take_mac(line)),
            "netbios-name" => {
                self.host.take_name(text);
                // An empty name was not taken.
                if let Some(last) = self.host.names.len().checked_sub(1) {
                    self.host.names.swap(0, last);
                }
            }
            "host-fqdn" | "hostname" => self.host.take_name(text),
            // Several lines are several guesses: then it is not known.
            "operating-system" if text.lines().count() == 1 => {
                self.host.os = Some((text.to_owned(), text.to_owned()));
            }
            // `cpe:/a:openbsd:openssh:7.4 -> OpenBSD OpenSSH`, in `cpe`, `cpe-0`, `cpe-1`.
            tag if tag == "cpe" || tag.starts_with("cpe-") => {
                let name = text.split(" -> ").next().unwrap_or_default();
                self.host.take_service(None, &[name.to_owned()], [""; 2]);
            }
            "HOST_END" => self.host.seen = self.host.seen.or_else(|| moment(text)),
            "HOST_END_TIMESTAMP" => self.host.seen = local_of_epoch(text).or(self.host.seen),
            _ => {}
        }
    }

    fn finish(mut self, hosts: &mut Hosts) {
        if self.host.addresses.is_empty() {
            self.host.take_address(&self.name);
        }
        if self.host.names.is_empty() {
            self.host.take_name(&self.name);
        }
        let known = hosts.of(&self.name, self.host.place.clone());
        // Reports that were put together name a host again.
        let mut items = std::mem::take(&mut known.items);
        let mut ports = std::mem::take(&mut known.ports);
        let products = std::mem::take(&mut known.products);
        self.host.take_products(&products);
        self.host.take_banners(std::mem::take(&mut known.banners));
        items.append(&mut self.host.items);
        for (port, words) in std::mem::take(&mut self.host.ports) {
            let said = ports.entry(port).or_default();
            if !words.is_empty() {
                *said = words;
            }
        }
        *known = Host { items, ports, ..self.host };
    }
}

fn moment(text: &str) -> Option<DateTime> {
    match time::read(text, Clock::Local) {
        TimeCell::Time(time) => Some(time),
        _ => None,
    }
}

/// `0` to `4` (Nessus file format).
fn severity(number: &str) -> Severity {
    match number.trim() {
        "4" => Severity::Critical,
        "3" => Severity::High,
        "2" => Severity::Medium,
        "1" => Severity::Low,
        _ => Severity::Info,
    }
}

/// Reads any bytes as a `.nessus` file.
pub fn fuzz(bytes: &[u8]) {
    fuzz_reader(&Nessus, bytes);
    let mut text = b"<NessusClientData_v2><Report><ReportHost name=\"192.0.2.1\">".to_vec();
    text.extend_from_slice(bytes);
    fuzz_reader(&Nessus, &text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text;

    fn read(source: &str) -> Result<Reading, Refusal> {
        let text = text::decode(source.as_bytes()).unwrap();
        let bytes = source.as_bytes();
        Nessus.read(&Input { name: "s.nessus", bytes, mapping: None, machine: None }, &text)
    }

    const HEAD: &str = "<?xml version=\"1.0\" ?>\n<NessusClientData_v2><Policy><ReportHost/></Policy><Report name=\"r\">";

    #[test]
    fn several_cards_and_guesses_are_not_chosen_from() {
        let reading = read(&format!(
            "{HEAD}<ReportHost name=\"10.1.1.5\"><HostProperties><tag name=\"mac-address\">00:50:56:00:00:11\n00:50:56:00:00:12</tag><tag name=\"host-ip\">10.1.1.5</tag><tag name=\"operating-system\">Microsoft Windows 10\nMicrosoft Windows 11</tag><tag name=\"host-fqdn\">ris-sv.example.jp</tag><tag name=\"netbios-name\">RIS-SV</tag><tag name=\"HOST_END_TIMESTAMP\">1795132800</tag></HostProperties></ReportHost></Report></NessusClientData_v2>"
        ))
        .unwrap();
        let facts = &reading.observations[0].facts;
        assert_eq!(facts.value(domain::Field::Hostname), Some("RIS-SV"));
        assert_eq!(facts.value(domain::Field::Domain), Some("example.jp"));
        assert_eq!(facts.value(domain::Field::Os), None);
        assert_eq!(facts.value(domain::Field::LastSeen), Some("2026-11-20T09:00:00"));
        assert_eq!(reading.observations[0].bindings.len(), 3);
    }

    #[test]
    fn a_report_that_is_cut_short_keeps_whole_items_and_says_so() {
        let reading = read(&format!(
            "{HEAD}<ReportHost name=\"10.1.1.5\"><ReportItem port=\"445\" protocol=\"tcp\" svc_name=\"cifs\" severity=\"4\" pluginID=\"1\" pluginName=\"a\"><cve>CVE-2017-0144</cve></ReportItem><ReportItem port=\"80\" pro"
        ))
        .unwrap();
        assert_eq!((reading.counts["hosts"], reading.counts["items"]), (1, 1));
        assert_eq!(reading.warnings[0].message.key, "scan.cut");
    }

    #[test]
    fn entities_are_refused_and_an_empty_report_is_told() {
        let hostile = "<!DOCTYPE x [<!ENTITY a \"b\">]><NessusClientData_v2/>";
        assert_eq!(read(hostile).unwrap_err().message.key, "scan.refused_entities");
        let deep = format!("{HEAD}{}", "<a>".repeat(200));
        assert_eq!(read(&deep).unwrap_err().message.key, "scan.refused_deep");
        let reading = read("<NessusClientData_v2><Report/></NessusClientData_v2>").unwrap();
        assert_eq!(reading.warnings[0].message.key, "scan.no_hosts");
    }

    #[test]
    fn an_empty_name_is_no_name() {
        let source = "<NessusClientData_v2><Report><ReportHost name=\"192.0.2.1\"><HostProperties>
            <tag name=\"netbios-name\"></tag></HostProperties></ReportHost></Report></NessusClientData_v2>";
        assert_eq!(read(source).unwrap().observations.len(), 1);
    }

    #[test]
    fn what_a_check_heard_is_read_with_its_port() {
        let source = format!(
            "{HEAD}<ReportHost name=\"192.0.2.1\"><ReportItem port=\"22\" protocol=\"tcp\" svc_name=\"ssh\" severity=\"0\" pluginID=\"10267\" pluginName=\"SSH\"><plugin_output>\nSSH version : SSH-2.0-OpenSSH_5.3\nSSH supported authentication : password</plugin_output></ReportItem></ReportHost></Report></NessusClientData_v2>"
        );
        let reading = read(&source).unwrap();
        let facts = &reading.observations[0].facts;
        assert_eq!(facts.value(domain::Field::Banner), Some("ssh.banner OpenSSH_5.3"));
        let shown = facts.iter().find(|fact| fact.field == domain::Field::Banner).unwrap();
        assert_eq!(shown.shown(), "tcp/22 OpenSSH_5.3");
    }

    #[test]
    fn programs_of_a_host_are_read_and_its_systems_are_not() {
        let source = format!(
            "{HEAD}<ReportHost name=\"192.0.2.1\"><HostProperties><tag name=\"cpe-0\">cpe:/o:linux:linux_kernel:3.10 -&gt; Linux Kernel</tag><tag name=\"cpe-1\">cpe:/a:openbsd:openssh:7.4 -&gt; OpenBSD OpenSSH</tag><tag name=\"cpe-2\">cpe:/a:apache:http_server</tag></HostProperties></ReportHost></Report></NessusClientData_v2>"
        );
        let reading = read(&source).unwrap();
        let facts = reading.observations[0].facts.iter();
        let programs = facts.filter(|fact| fact.field == domain::Field::ServiceProduct);
        let programs: Vec<&str> = programs.map(|fact| fact.value).collect();
        assert_eq!(programs, ["cpe:/a:openbsd:openssh:7.4"]);
    }
}
