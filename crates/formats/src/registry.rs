//! Which reader a document belongs to: by its content, never by its name.

use std::borrow::Cow;

use domain::{Warning, msg};

use crate::backup::wbadmin;
use crate::backup::words::speaks_of_backups;
use crate::container::{self, Container};
use crate::delimited;
use crate::html_table;
use crate::leases::{dnsmasq, fortigate, isc, kea, yamaha};
use crate::neighbours::{arp_scan, device_arp, ip_neigh, netneighbor, unix_arp, windows_arp};
use crate::network::mask::{self, Masked};
use crate::network::{self, session};
use crate::parts;
use crate::reader::{Head, Reader, Secrets};
use crate::reading::{Input, Reading, Refusal, Score};
use crate::scanners::{self, nessus, nmap, openvas};
use crate::tables::{Shape, TableReader};
use crate::text::{self, Text, excerpt};
use crate::windows::{self, defender, getmac, hotfix, ipconfig, netstat, ping, systeminfo, ver};
use crate::xlsx;

/// Every reader of a text format, in the order in which they win a tie.
pub static READERS: &[&dyn Reader] = &[
    &windows_arp::WindowsArp,
    &netneighbor::NetNeighborTable,
    &netneighbor::NetNeighborCsv,
    &ip_neigh::IpNeigh,
    &ip_neigh::IpNeighJson,
    &unix_arp::MacosArp,
    &unix_arp::LinuxArp,
    &unix_arp::LinuxArpTable,
    &device_arp::ALL[0],
    &device_arp::ALL[1],
    &device_arp::ALL[2],
    &device_arp::ALL[3],
    &device_arp::ALL[4],
    &arp_scan::ArpScan,
    &isc::IscLeases,
    &dnsmasq::DnsmasqLeases,
    &kea::KeaLeases,
    &yamaha::YamahaDhcp,
    &fortigate::FortigateDhcp,
    &ipconfig::Ipconfig,
    &systeminfo::SystemInfo,
    &systeminfo::SystemInfoCsv,
    &getmac::Getmac,
    &getmac::GetmacCsv,
    &netstat::Netstat,
    &hotfix::HotFixTable,
    &hotfix::HotFixCsv,
    &defender::DefenderList,
    &defender::DefenderJson,
    &defender::DefenderCsv,
    &ping::Ping,
    &ver::Ver,
    &wbadmin::WbadminVersions,
    &nmap::NmapXml,
    &nmap::NmapGreppable,
    &nessus::Nessus,
    &openvas::OpenvasXml,
    &session::SessionLog,
    &network::BARE[0],
    &network::BARE[1],
    &network::BARE[2],
    &network::BARE[3],
    &network::BARE[4],
    &network::BARE[5],
    &network::BARE[6],
    &network::BARE[7],
    &network::BARE[8],
    &network::BARE[9],
    &network::BARE[10],
    &network::BARE[11],
    &network::BARE[12],
];

/// Reads a document of any known kind.
///
/// # Errors
///
/// A refusal that names the file where it is empty, is of no kind we know, or lost its letters; the reader's own otherwise.
pub fn read(input: &Input<'_>) -> Result<Reading, Refusal> {
    let container = container::sniff(input.bytes);
    if let Some(refusal) = container.refusal() {
        return Err(refusal);
    }
    match container {
        Container::Html => return read_page(input),
        Container::Xlsx => return read_workbook(input),
        Container::CompoundFile { .. } => return read_old_workbook(input),
        Container::Binary(_) | Container::Gzip | Container::ZipOther { .. } => {
            return Err(Refusal {
                message: msg!("refusal.unknown_binary", file = excerpt(input.name)),
            });
        }
        _ => {}
    }
    let text = text::decode(input.bytes)?;
    if parts::is_parts_list(&text) {
        return Ok(parts::reading_of(parts::read_text(input, &text)?, &text));
    }
    let long = long_line(&text);
    let is_markup = text.body.trim_start().starts_with(['<', '{', '[']);
    if let Some(refusal) = long.clone().filter(|_| !is_markup) {
        return Err(refusal);
    }
    let mut reading = match recognise(&text) {
        Some(reader) if long.is_none() || reads_markup(reader) => read_text(reader, input, &text)?,
        None if long.is_none() => read_table(input, &text)?,
        _ => return Err(long.unwrap_or_else(|| unknown(input, &text))),
    };
    windows::tell_other_answers(&text, &mut reading);
    reading.encoding = Some(text.encoding);
    reading.newline = text.newline;
    let warnings = match &reading.masked {
        // What quotes a line must quote the masked one.
        Some(masked) => {
            text::undecodable(std::str::from_utf8(masked).unwrap_or_default(), text.encoding)
        }
        None => text.warnings,
    };
    reading.warnings.splice(0..0, warnings);
    Ok(reading)
}

/// The longest line of a text of lines, in bytes: a row of a table is a thousandth of it, and a few cells of a
/// megabyte fit in. What reads lines may hold one several times.
const MAX_LINE: usize = 4 << 20;

/// Refuses a text with a line that nobody wrote.
fn long_line(text: &Text<'_>) -> Option<Refusal> {
    let line = text.lines().find(|line| line.text.len() > MAX_LINE)?;
    let (line, size) = (line.number, line.text.len() >> 20);
    Some(Refusal { message: msg!("refusal.line_too_long", line = line, size = size) })
}

/// Whether the reader does not go by lines: a program may write JSON or XML as one.
fn reads_markup(reader: &dyn Reader) -> bool {
    matches!(reader.secrets(), Secrets::InMarkup | Secrets::Never)
}

/// Reads a text by `reader`, without its secrets where it may carry some.
fn read_text(reader: &dyn Reader, input: &Input<'_>, text: &Text<'_>) -> Result<Reading, Refusal> {
    let secrets = reader.secrets();
    if secrets == Secrets::Never {
        return reader.read(input, text);
    }
    if secrets == Secrets::InMarkup {
        return Ok(keep_masked(reader.read(input, text)?, scanners::masked(&text.body)));
    }
    let masked = mask::mask(&text.body);
    if secrets == Secrets::WhereFound && masked.secrets == 0 {
        return reader.read(input, text);
    }
    let shown = Text { body: Cow::Borrowed(&masked.text), ..text.clone() };
    let mut reading = reader.read(input, &shown)?;
    reading.count("secrets_masked", masked.secrets);
    reading.masked = Some(masked.text.into_bytes());
    Ok(reading)
}

/// The reading of a document of which a masked copy is kept, where there was something to mask.
fn keep_masked(mut reading: Reading, masked: Masked) -> Reading {
    if masked.secrets > 0 {
        reading.count("secrets_masked", masked.secrets);
        reading.masked = Some(masked.text.into_bytes());
    }
    reading
}

/// The text reader that is surest of `text`; the first of them where several are.
pub fn recognise(text: &Text<'_>) -> Option<&'static dyn Reader> {
    if session::is_log(&text.body) {
        return Some(&session::SessionLog);
    }
    let head = Head::of(text);
    let mut best: Option<(Score, &'static dyn Reader)> = None;
    for reader in READERS {
        let score = reader.recognise(&head);
        if score > best.map_or(Score::No, |(best, _)| best) {
            best = Some((score, *reader));
        }
    }
    best.map(|(_, reader)| reader)
}

/// Says that nobody knows this text: its name, its first line, and what can be read.
pub fn unknown(input: &Input<'_>, text: &Text<'_>) -> Refusal {
    let file = excerpt(input.name);
    if text.lost.is_some() {
        return Refusal { message: msg!("refusal.unknown_lost", file = file) };
    }
    if text.lines().take(20).any(|line| speaks_of_backups(&excerpt(line.text))) {
        return Refusal { message: msg!("backup.refused_report") };
    }
    // The line may be one of a configuration that we do not know.
    let first =
        text.lines().map(|line| excerpt(&mask::mask_line(line.text))).find(|line| !line.is_empty());
    let line = first.unwrap_or_default();
    Refusal { message: msg!("refusal.unknown_format", file = file, line = line) }
}

fn read_workbook(input: &Input<'_>) -> Result<Reading, Refusal> {
    let mut reader = TableReader::new(Shape::Workbook, input.mapping);
    let workbook = xlsx::read(input.bytes, &mut reader)?;
    let mut reading = reader.finish()?;
    reading.warnings.splice(0..0, workbook.warnings);
    Ok(reading)
}

/// A workbook as Excel wrote it before 2007.
fn read_old_workbook(input: &Input<'_>) -> Result<Reading, Refusal> {
    let mut reader = TableReader::new(Shape::Workbook, input.mapping);
    let warnings = xlsx::binary::read(input.bytes, &mut reader)?;
    let mut reading = reader.finish()?;
    reading.warnings.splice(0..0, warnings);
    Ok(reading)
}

/// A page with tables, which many tools save under the name of a workbook.
fn read_page(input: &Input<'_>) -> Result<Reading, Refusal> {
    let text = text::decode(input.bytes)?;
    let mut reader = TableReader::new(Shape::Workbook, input.mapping);
    let (warnings, found) = html_table::read(&text.body, &mut reader);
    if !found {
        return Err(Refusal { message: msg!("html.no_table", file = excerpt(input.name)) });
    }
    let mut reading = reader.finish()?;
    reading.encoding = Some(text.encoding);
    reading.newline = text.newline;
    // A line that could not be read is not quoted where it may hold a secret.
    let quotes = |warning: &Warning| warning.message.key == "text.undecodable";
    let distilled = reading.distilled;
    let of_text = text.warnings.into_iter().filter(|warning| !(distilled && quotes(warning)));
    reading.warnings.splice(0..0, of_text.chain(warnings));
    Ok(reading)
}

/// Texts that are tables: rows and columns with a header.
fn read_table(input: &Input<'_>, text: &Text<'_>) -> Result<Reading, Refusal> {
    let delimiter = delimited::delimiter(&text.body);
    let shape = if delimiter == '\t' { Shape::Tsv } else { Shape::Csv };
    let mut reader = TableReader::new(shape, input.mapping);
    let info = delimited::read(&text.body, &mut reader);
    // Where the text is not even a table, advice about its header would mislead.
    if input.mapping.is_none() && !looks_tabular(text, delimiter) {
        return Err(unknown(input, text));
    }
    let mut reading = reader.finish()?;
    reading.warnings.splice(0..0, info.warnings);
    Ok(without_secrets(reading, &text.body))
}

/// The reading of a table with columns of secrets, or with passwords among other words, is kept with a copy in which these are masked.
fn without_secrets(reading: Reading, body: &str) -> Reading {
    let table = reading.tables.iter().find(|table| !table.secret.is_empty());
    if table.is_none() && !reading.noted {
        return reading;
    }
    let header_row = table.and_then(|table| table.header_row).unwrap_or_default();
    let columns = table.map_or(&[][..], |table| &table.secret);
    let (text, secrets) = delimited::without_secrets(body, header_row, columns);
    keep_masked(reading, Masked { text, secrets })
}

/// Whether most of the first lines hold the delimiter.
fn looks_tabular(text: &Text<'_>, delimiter: char) -> bool {
    let lines = text.lines().map(|line| line.text).filter(|line| !line.trim().is_empty()).take(50);
    let (with, all) = lines
        .fold((0, 0), |(with, all), line| (with + usize::from(line.contains(delimiter)), all + 1));
    with >= 2 && with * 2 >= all
}

/// Reads any bytes as a document of any kind.
pub fn fuzz(bytes: &[u8]) {
    // A refusal is a fine answer; what is sought is a panic.
    let _ = read(&Input { name: "fuzz", bytes, mapping: None, machine: None });
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn refusal(bytes: &[u8]) -> domain::Message {
        read(&Input { name: "liste\u{202e}.txt", bytes, mapping: None, machine: None })
            .unwrap_err()
            .message
    }

    #[test]
    fn every_reader_has_a_kind_of_its_own() {
        let kinds: BTreeSet<_> = READERS.iter().map(|reader| reader.kind()).collect();
        assert_eq!(kinds.len(), READERS.len());
    }

    #[test]
    fn an_unknown_text_is_refused_with_its_name_and_first_line() {
        let line = "x".repeat(60) + "…";
        let expected = msg!("refusal.unknown_format", file = "liste.txt", line = line);
        assert_eq!(refusal(format!("\n \x1b\n{}\n", "x".repeat(200)).as_bytes()), expected);
    }

    #[test]
    fn a_line_that_nobody_wrote_is_refused_with_its_place() {
        let long = "a".repeat(5 << 20);
        let expected = |line: u32| msg!("refusal.line_too_long", line = line, size = 5u32);
        for (text, line) in [
            (format!("{long}\n"), 1),
            (format!("管理番号,機器名,IPアドレス\n1,{long},10.1.1.1\n"), 2),
            (format!("{{{long}\n"), 1),
            (format!("SW#show arp\nSW#{long}\n"), 2),
        ] {
            assert_eq!(refusal(text.as_bytes()), expected(line), "line {line}");
        }
        let pad = " ".repeat(5 << 20);
        let xml = format!(
            "<nmaprun args=\"nmap\">{pad}<host><address addr=\"10.1.1.1\" addrtype=\"ipv4\"/><status state=\"up\"/></host></nmaprun>"
        );
        let input = Input { name: "x", bytes: xml.as_bytes(), mapping: None, machine: None };
        assert_eq!(read(&input).unwrap().observations.len(), 1, "markup has no lines");
    }

    #[test]
    fn a_report_of_backups_is_refused_as_one() {
        for text in
            ["Backup job: PACS\nSuccess\n", "日次ジョブ 正常終了\n", "ジョブ名,種別\n日次,増分\n"]
        {
            assert_eq!(refusal(text.as_bytes()).key, "backup.refused_report", "{text}");
        }
    }

    #[test]
    fn a_text_that_lost_its_letters_is_refused_with_that_reason() {
        let expected = msg!("refusal.unknown_lost", file = "liste.txt");
        assert_eq!(
            refusal(b"????????: 192.0.2.10\r\n 192.0.2.1 00-a0-de-12-34-56 ??\r\n????,???\r\n"),
            expected
        );
    }

    #[test]
    fn what_is_empty_or_no_text_is_refused() {
        assert_eq!(refusal(b"").key, "refusal.empty_file");
        assert_eq!(refusal(b"%PDF-1.7").key, "refusal.pdf");
        assert_eq!(refusal(&[1; 40]).key, "refusal.unknown_bytes");
        assert_eq!(refusal(b"\x1f\x8b\x08").key, "refusal.unknown_binary");
    }

    #[test]
    fn lost_letters_do_not_matter_where_the_mark_of_the_format_stands() {
        let bytes = b"????????: 192.0.2.10 --- 0xc\r\n  192.0.2.1 00-a0-de-12-34-56 ??\r\n";
        let reading =
            read(&Input { name: "arp.txt", bytes, mapping: None, machine: None }).unwrap();
        let keys: Vec<_> = reading.warnings.iter().map(|warning| &*warning.message.key).collect();
        assert_eq!(
            (reading.kind, keys),
            ("windows-arp", vec!["text.lost", "neighbour.state_unread"])
        );
    }
}
