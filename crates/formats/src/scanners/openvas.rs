//! OpenVAS and Greenbone: the report as CSV and as XML. Their times are universal.

use domain::{Field, Message, Place, msg};
use jiff::civil::DateTime;

use super::banners;
use super::hosts::{Hosts, Item, Severity, cves, port};
use super::xml::{Piece, Xml, attribute, name, root};
use super::{fuzz_reader, judge_end};
use crate::columns::{self, Column};
use crate::reader::{Head, Reader, Secrets};
use crate::reading::{Dated, Input, Reading, Refusal, Score};
use crate::table::{Row, SheetInfo};
use crate::tables::book::Book;
use crate::text::{Text, excerpt};
use crate::values::time::{self, Clock, TimeCell};

/// The check that says which system a host runs (the feed's own number of it).
const OS_DETECTION: &str = "1.3.6.1.4.1.25623.1.0.105937";

/// The CSV report, while its rows pass.
#[derive(Debug)]
pub(crate) struct OpenvasTable {
    plan: Plan,
    hosts: Hosts,
}

/// Where each column stands. Column 0 means nowhere.
#[derive(Debug)]
struct Plan {
    address: u16,
    host: u16,
    port: u16,
    protocol: u16,
    severity: u16,
    title: u16,
    result: u16,
    check: u16,
    cves: u16,
    time: u16,
}

/// Columns of the report, with the field that each gives.
const COLUMNS: &[(&str, Field)] = &[
    ("IP", Field::Address),
    ("Hostname", Field::Hostname),
    ("Port", Field::Service),
    ("Port Protocol", Field::Service),
    ("Severity", Field::ScanSeverity),
    ("NVT Name", Field::Title),
    ("Specific Result", Field::Os),
    ("NVT OID", Field::CheckId),
    ("CVEs", Field::Cve),
    ("Timestamp", Field::LastSeen),
];

/// The columns, where they are those of such a report.
pub(crate) fn columns_of(mut columns: Vec<Column>) -> Option<Vec<Column>> {
    let has = |word: &str| columns.iter().any(|column| is(column, word));
    let own = has("IP") && has("NVT Name") && has("NVT OID") && has("Severity");
    if !own {
        return None;
    }
    for column in &mut columns {
        let found = COLUMNS.iter().find(|(word, _)| is(column, word));
        column.field = found.map(|(_, field)| *field);
        column.weak = false;
    }
    Some(columns)
}

fn is(column: &Column, word: &str) -> bool {
    columns::key(&column.own) == columns::key(word)
}

impl OpenvasTable {
    pub(crate) fn new(columns: &[Column]) -> Self {
        let of = |word: &str| {
            columns.iter().find(|column| is(column, word)).map_or(0, |column| column.number)
        };
        let plan = Plan {
            address: of("IP"),
            host: of("Hostname"),
            port: of("Port"),
            protocol: of("Port Protocol"),
            severity: of("Severity"),
            title: of("NVT Name"),
            result: of("Specific Result"),
            check: of("NVT OID"),
            cves: of("CVEs"),
            time: of("Timestamp"),
        };
        Self { plan, hosts: Hosts::default() }
    }

    /// Takes one row below the header.
    pub(crate) fn row(&mut self, book: &mut Book, sheet: &SheetInfo, row: &Row) {
        if row.is_blank() {
            return book.reading.skip("blank_rows");
        }
        let (address, host) = (row.text(self.plan.address).trim(), row.text(self.plan.host).trim());
        if address.is_empty() && host.is_empty() {
            book.warn(row.place(sheet), msg!("console.row_without_host"));
            return book.reading.skip("rows_without_device");
        }
        let word = row.text(self.plan.severity);
        let severity = match weigh(word) {
            Weight::Item(severity) => severity,
            Weight::Passed(reason) => return book.reading.skip(reason),
            Weight::Unknown => {
                let at = row.place(sheet).at_column(self.plan.severity);
                book.warn(at, unknown_severity(word));
                return book.reading.skip("results_not_read");
            }
        };
        let is_log = severity == Severity::Info;
        book.reading.count(if is_log { "log_rows" } else { "findings" }, 1);
        let check = row.text(self.plan.check).trim().to_owned();
        let key = if address.is_empty() { host } else { address };
        let found = self.hosts.of(key, row.place(sheet));
        found.take_address(address);
        found.take_name(host);
        found.seen = found.seen.max(moment(row.text(self.plan.time)));
        if check == OS_DETECTION {
            found.os = system(row.text(self.plan.result)).or(found.os.take());
        }
        let port = port(row.text(self.plan.protocol), row.text(self.plan.port));
        if let Some(port) = &port {
            found.take_port(port.clone(), "");
        }
        if let Some((kind, said)) = banners::of_check(&check, row.text(self.plan.result)) {
            found.take_banner(port.as_ref(), kind, &said);
        }
        let (title, cves) = (row.text(self.plan.title).to_owned(), cves(row.text(self.plan.cves)));
        found.items.push(Item { place: row.place(sheet), severity, check, title, cves, port });
    }

    /// The report is done.
    pub(crate) fn end(self, book: &mut Book) {
        // A row is one result here, and a host has several.
        let rows = book.reading.rows;
        book.reading.dated = self.hosts.latest().map(Dated::Local).or(book.reading.dated);
        self.hosts.state(&mut book.reading, "openvas");
        let items = book.reading.counts.get("items").copied().unwrap_or(0);
        book.reading.rows = rows + items;
    }
}

/// What the word of a severity means.
enum Weight {
    Item(Severity),
    Passed(&'static str),
    Unknown,
}

fn weigh(word: &str) -> Weight {
    match word.trim().to_ascii_lowercase().as_str() {
        "critical" => Weight::Item(Severity::Critical),
        "high" => Weight::Item(Severity::High),
        "medium" => Weight::Item(Severity::Medium),
        "low" => Weight::Item(Severity::Low),
        "log" | "none" | "debug" => Weight::Item(Severity::Info),
        // A person of the scanner said that it is not so.
        "false positive" => Weight::Passed("false_positives"),
        "error" | "alarm" => Weight::Passed("scan_errors"),
        _ => Weight::Unknown,
    }
}

fn unknown_severity(word: &str) -> Message {
    msg!("value.not_read", field = Field::ScanSeverity, text = excerpt(word))
}

fn moment(text: &str) -> Option<DateTime> {
    match time::read(text, Clock::Universal) {
        TimeCell::Time(time) => Some(time),
        _ => None,
    }
}

/// The system in `Best matching OS: Windows 7`, also where its name stands on the line `OS:`.
fn system(result: &str) -> Option<(String, String)> {
    let after = |line: &str, label: &str| {
        line.trim()
            .strip_prefix(label)
            .map(str::trim)
            .filter(|rest| !rest.is_empty())
            .map(str::to_owned)
    };
    let labels = ["Best matching OS:", "OS:"];
    let mut lines = result.lines().take(20);
    let found = lines.find_map(|line| labels.iter().find_map(|label| after(line, label)))?;
    Some((found.clone(), found))
}

/// The reader of the XML report.
#[derive(Debug)]
pub struct OpenvasXml;

/// A result of the XML report, while it is read.
#[derive(Debug)]
struct Found {
    item: Item,
    host: String,
    name: String,
    threat: String,
    number: String,
    seen: Option<DateTime>,
    /// What the check wrote.
    output: String,
    inside_nvt: bool,
}

/// A host of the XML report, while it is read.
#[derive(Debug, Default)]
struct Described {
    address: String,
    end: Option<DateTime>,
    detail: String,
    details: Vec<(String, String)>,
}

impl Reader for OpenvasXml {
    fn kind(&self) -> &'static str {
        "openvas-xml"
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        let rooted = matches!(root(head.text), Some("report" | "get_reports_response"));
        let own = ["<report_format", "<nvt oid=", "<gmp>", "<omp>", "<scan_run_status>"];
        if rooted && own.iter().any(|mark| head.text.contains(mark)) {
            return Score::Certain;
        }
        Score::No
    }

    fn secrets(&self) -> Secrets {
        Secrets::InMarkup
    }

    fn read(&self, input: &Input<'_>, text: &Text<'_>) -> Result<Reading, Refusal> {
        let mut reading = Reading::new(self.kind(), 1);
        let mut report = Report::default();
        let mut xml = Xml::new(&text.body);
        loop {
            match xml.next() {
                Piece::Open(tag) => {
                    let line =
                        if name(&tag) == "result" || name(&tag) == "host" { xml.line() } else { 0 };
                    report.open(&tag, line, xml.text_before());
                }
                Piece::Close(name) => report.close(&mut reading, &name, xml.text()),
                Piece::End => break,
            }
        }
        judge_end(input, &mut reading, &mut xml)?;
        reading.dated = report.ended.or(report.hosts.latest()).map(Dated::Local);
        report.hosts.state(&mut reading, "openvas");
        if reading.rows == 0 {
            reading.warn(Place::DOCUMENT, msg!("scan.no_hosts", file = excerpt(input.name)));
        }
        Ok(reading)
    }
}

/// The XML report so far.
#[derive(Debug, Default)]
struct Report {
    hosts: Hosts,
    found: Option<Found>,
    described: Option<Described>,
    described_at: u32,
    parent: String,
    ended: Option<DateTime>,
}

impl Report {
    fn open(&mut self, tag: &quick_xml::events::BytesStart<'_>, line: u32, before: &str) {
        // The address of a result's host stands before the children of that element.
        if self.parent == "host"
            && let Some(found) = &mut self.found
            && found.host.is_empty()
        {
            before.clone_into(&mut found.host);
        }
        let element = name(tag);
        match (element, &mut self.found) {
            ("result", None) => self.found = Some(Found::at(line)),
            ("nvt", Some(found)) => {
                found.inside_nvt = true;
                found.item.check = attribute(tag, "oid");
            }
            ("ref", Some(found)) if attribute(tag, "type").eq_ignore_ascii_case("cve") => {
                found.take_cves(&attribute(tag, "id"));
            }
            ("host", None) => {
                self.described = Some(Described::default());
                self.described_at = line;
            }
            ("detail", None) => {
                if let Some(described) = &mut self.described {
                    described.detail.clear();
                }
            }
            _ => {}
        }
        element.clone_into(&mut self.parent);
    }

    fn close(&mut self, reading: &mut Reading, element: &str, text: &str) {
        self.parent.clear();
        if let Some(found) = &mut self.found {
            if element == "result" {
                if let Some(found) = self.found.take() {
                    self.take(reading, found);
                }
            } else {
                found.close(element, text);
            }
            return;
        }
        if element == "scan_end" {
            self.ended = moment(text).or(self.ended);
        }
        let Some(described) = &mut self.described else { return };
        if element == "host" {
            if let Some(described) = self.described.take() {
                self.describe(described);
            }
        } else {
            described.close(element, text);
        }
    }

    fn take(&mut self, reading: &mut Reading, mut found: Found) {
        // Newer reports weigh by number alone.
        let weight = match found.threat.as_str() {
            "" => by_number(&found.number),
            word => weigh(word),
        };
        match weight {
            Weight::Item(severity) => found.item.severity = severity,
            Weight::Passed(reason) => return reading.skip(reason),
            Weight::Unknown => {
                reading.warn(found.item.place, unknown_severity(&found.threat));
                return reading.skip("results_not_read");
            }
        }
        if found.host.is_empty() {
            return reading.skip("results_without_host");
        }
        let host = self.hosts.of(&found.host, found.item.place.clone());
        host.take_address(&found.host);
        host.take_name(&found.name);
        if host.addresses.is_empty() {
            host.take_name(&found.host);
        }
        host.seen = host.seen.max(found.seen);
        if let Some(port) = &found.item.port {
            host.take_port(port.clone(), "");
        }
        if let Some((kind, said)) = banners::of_check(&found.item.check, &found.output) {
            host.take_banner(found.item.port.as_ref(), kind, &said);
        }
        host.items.push(found.item);
    }

    fn describe(&mut self, described: Described) {
        if described.address.is_empty() {
            return;
        }
        let host = self.hosts.of(&described.address, Place::line(self.described_at));
        host.take_address(&described.address);
        host.seen = host.seen.max(described.end);
        for (name, value) in described.details {
            match name.as_str() {
                "best_os_txt" => host.os = Some((value.clone(), value)),
                "hostname" => host.take_name(&value),
                "MAC" => host.take_mac(&value),
                "App" => host.take_service(None, &[value], [""; 2]),
                _ => {}
            }
        }
    }
}

impl Found {
    fn at(line: u32) -> Self {
        let item = Item {
            place: Place::line(line),
            severity: Severity::Info,
            check: String::new(),
            title: String::new(),
            cves: Vec::new(),
            port: None,
        };
        Self {
            item,
            host: String::new(),
            name: String::new(),
            threat: String::new(),
            number: String::new(),
            seen: None,
            output: String::new(),
            inside_nvt: false,
        }
    }

    fn take_cves(&mut self, text: &str) {
        self.item.take_cves(text);
    }

    fn close(&mut self, element: &str, text: &str) {
        match element {
            "nvt" => self.inside_nvt = false,
            "host" if self.host.is_empty() => text.clone_into(&mut self.host),
            "hostname" => text.clone_into(&mut self.name),
            "name" if self.item.title.is_empty() => text.clone_into(&mut self.item.title),
            "cve" if self.inside_nvt => self.take_cves(text),
            "description" if !self.inside_nvt => text.clone_into(&mut self.output),
            "threat" => text.clone_into(&mut self.threat),
            "severity" if !self.inside_nvt => text.clone_into(&mut self.number),
            "creation_time" | "modification_time" => self.seen = self.seen.max(moment(text)),
            // `3389/tcp`, `general/tcp`.
            "port" => {
                let parts = text.split_once('/');
                self.item.port = parts.and_then(|(number, protocol)| port(protocol, number));
            }
            _ => {}
        }
    }
}

impl Described {
    fn close(&mut self, element: &str, text: &str) {
        match element {
            "ip" if self.address.is_empty() => text.clone_into(&mut self.address),
            "end" => self.end = moment(text),
            "name" => text.clone_into(&mut self.detail),
            "value" if self.details.len() < 1_000 => {
                self.details.push((std::mem::take(&mut self.detail), text.to_owned()));
            }
            _ => {}
        }
    }
}

/// CVSS base scores by their names (CVSS v3.1 specification, section 5); 0 is no finding, below 0 is an error or a false positive.
fn by_number(number: &str) -> Weight {
    match number.trim().parse::<f64>() {
        Ok(score) if score >= 9.0 => Weight::Item(Severity::Critical),
        Ok(score) if score >= 7.0 => Weight::Item(Severity::High),
        Ok(score) if score >= 4.0 => Weight::Item(Severity::Medium),
        Ok(score) if score > 0.0 => Weight::Item(Severity::Low),
        Ok(0.0) => Weight::Item(Severity::Info),
        Ok(-1.0) => Weight::Passed("false_positives"),
        Ok(_) => Weight::Passed("scan_errors"),
        Err(_) => Weight::Unknown,
    }
}

/// Reads any bytes as the report, in both forms.
pub fn fuzz(bytes: &[u8]) {
    fuzz_reader(&OpenvasXml, bytes);
    let mut xml =
        b"<report><report_format/><report><results><result><host>192.0.2.1<asset/></host>".to_vec();
    xml.extend_from_slice(bytes);
    fuzz_reader(&OpenvasXml, &xml);
    let mut table = b"IP,Hostname,Port,Port Protocol,Severity,NVT Name,Specific Result,NVT OID,CVEs,Timestamp\n".to_vec();
    table.extend_from_slice(String::from_utf8_lossy(bytes).as_bytes());
    let input = Input { name: "fuzz", bytes: &table, mapping: None, machine: None };
    // What follows the header may be somebody else's format, and win.
    if let Ok(reading) = crate::registry::read(&input)
        && reading.kind == "openvas-csv"
    {
        super::check(&reading);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text;

    const REPORT: &str = r#"<report id="r" format_id="f"><report_format id="x"/><report id="r"><scan_end>2026-11-20T01:20:00Z</scan_end>
<results start="1" max="10">
<result id="1"><name>Microsoft RDP RCE</name><creation_time>2026-11-20T01:10:00Z</creation_time><host>192.0.2.12<asset asset_id="a"/><hostname>ct-02</hostname></host><port>3389/tcp</port><nvt oid="1.3.6.1.4.1.25623.1.0.108611"><name>NVT name</name><cvss_base>9.8</cvss_base><severities/><refs><ref type="cve" id="CVE-2019-0708"/><ref type="url" id="CVE-2000-0001"/></refs></nvt><threat>High</threat><severity>9.8</severity><qod><value>97</value></qod></result>
<result id="2"><name>OS Detection</name><host>192.0.2.12</host><port>general/tcp</port><nvt oid="2"><cve>NOCVE</cve></nvt><threat>Log</threat><severity>0.0</severity></result>
<result id="3"><name>x</name><host>192.0.2.13</host><threat>False Positive</threat></result>
<result id="4"><name>y</name><host>192.0.2.14</host><threat>Strange</threat></result>
</results>
<host><ip>192.0.2.12</ip><start>2026-11-20T01:00:00Z</start><end>2026-11-20T01:15:00Z</end><detail><name>best_os_txt</name><value>Windows 7</value></detail><detail><name>MAC</name><value>00:1B:21:00:00:12</value></detail><detail><name>App</name><value>cpe:/a:openbsd:openssh:7.4</value></detail></host>
</report></report>"#;

    fn read(source: &str) -> Result<Reading, Refusal> {
        let text = text::decode(source.as_bytes()).unwrap();
        let bytes = source.as_bytes();
        OpenvasXml.read(&Input { name: "r.xml", bytes, mapping: None, machine: None }, &text)
    }

    #[test]
    fn a_report_in_xml_gives_hosts_with_their_results() {
        let text = text::decode(REPORT.as_bytes()).unwrap();
        assert_eq!(OpenvasXml.recognise(&Head::of(&text)), Score::Certain);
        let reading = read(REPORT).unwrap();
        let told: Vec<String> = reading
            .observations
            .iter()
            .map(|said| {
                format!(
                    "{} {:?} {:?}",
                    said.place,
                    said.facts,
                    said.bindings.first().map(|b| b.mac)
                )
            })
            .collect();
        assert_eq!(told.len(), 3, "{told:#?}");
        assert!(
            told[0].contains("Windows 7") && told[0].contains("2026-11-20T10:15:00"),
            "{}",
            told[0]
        );
        assert!(told[0].contains("cpe:/a:openbsd:openssh:7.4"), "{}", told[0]);
        assert!(told[0].contains("ct-02") && told[0].contains("tcp/3389"), "{}", told[0]);
        assert!(told[1].contains("CVE-2019-0708") && !told[1].contains("2000"), "{}", told[1]);
        assert!(told[1].contains("Microsoft RDP RCE"), "{}", told[1]);
        assert_eq!(
            (reading.skipped["false_positives"], reading.skipped["results_not_read"]),
            (1, 1)
        );
        assert_eq!(reading.dated, Some(Dated::Local("2026-11-20T10:20:00".parse().unwrap())));
    }

    #[test]
    fn what_a_check_heard_is_read_from_both_forms() {
        let banner = |reading: &Reading| {
            let facts = reading.observations[0].facts.iter();
            let found = facts.filter(|fact| fact.field == Field::Banner);
            found.map(|fact| format!("{} | {}", fact.value, fact.shown())).collect::<Vec<_>>()
        };
        let wanted = "ssh.banner OpenSSH_7.2p2 Ubuntu-4 | tcp/22 OpenSSH_7.2p2 Ubuntu-4";
        let words = "Remote SSH server banner: SSH-2.0-OpenSSH_7.2p2 Ubuntu-4\nRemote SSH supported authentication: password\n\nThis is probably:\n\n- OpenSSH";
        let result = |description: &str, inside: &str| {
            format!(
                "<report><report_format/><results><result><host>192.0.2.12</host><port>22/tcp</port><nvt oid=\"1.3.6.1.4.1.25623.1.0.10267\">{inside}</nvt><threat>Log</threat>{description}</result></results></report>"
            )
        };
        let words_of_it = format!("<description>{words}</description>");
        assert_eq!(banner(&read(&result(&words_of_it, "")).unwrap()), [wanted]);
        // What the check says of itself is not what it heard.
        assert_eq!(banner(&read(&result("", &words_of_it)).unwrap()), [""; 0]);
        let header = include_str!("../../../../testdata/scanners/openvas.csv").lines().next();
        let row = format!(
            "192.0.2.12,ct-02,22,tcp,0.0,Log,80,\"\",\"SSH\",\"\",\"{words}\",1.3.6.1.4.1.25623.1.0.10267,\"\",5b,\"weekly\",\"2026-11-20T01:10:00Z\",9d,\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\""
        );
        let table = format!("{}\n{row}\n", header.unwrap());
        let bytes = table.as_bytes();
        let input = Input { name: "r.csv", bytes, mapping: None, machine: None };
        assert_eq!(banner(&crate::registry::read(&input).unwrap()), [wanted]);
    }

    #[test]
    fn a_report_without_hosts_is_told_and_other_reports_are_not_known() {
        let reading = read("<report><report_format/></report>").unwrap();
        assert_eq!(reading.warnings[0].message.key, "scan.no_hosts");
        for source in ["<report><row/></report>", "<reports><report_format/></reports>", "IP"] {
            let text = text::decode(source.as_bytes()).unwrap();
            assert_eq!(OpenvasXml.recognise(&Head::of(&text)), Score::No, "{source}");
        }
    }
}
