//! `execute dhcp lease-list` of FortiGate: for each interface its name, a header, and rows in columns of fixed width.
//!
//! Names may hold spaces and cells may be empty, so that rows are cut where the header's words begin.

use std::net::Ipv4Addr;

use domain::{MacAddress, Place, msg};
use jiff::civil::DateTime;

use super::{Collector, Lease};
use crate::reader::{Head, Reader, Secrets};
use crate::reading::{Input, Reading, Refusal, Score};
use crate::terminal;
use crate::text::{Line, Text, excerpt};
use crate::values::date;

/// The reader of `execute dhcp lease-list`.
#[derive(Debug)]
pub struct FortigateDhcp;

impl Reader for FortigateDhcp {
    fn kind(&self) -> &'static str {
        "fortigate-dhcp-leases"
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        let score = head.best_line(|line| match Columns::of(&expanded(line)) {
            Some(_) => Score::Certain,
            None => Score::No,
        });
        if terminal::is_mixed(head, "dhcp", is_interface) { Score::No } else { score }
    }

    fn secrets(&self) -> Secrets {
        Secrets::WhereFound
    }

    fn read(&self, input: &Input<'_>, text: &Text<'_>) -> Result<Reading, Refusal> {
        let mut leases = Collector::new(self.kind(), 1);
        let mut columns = None;
        for line in text.lines() {
            let written = expanded(line.text);
            if written.trim().is_empty() {
                continue;
            }
            if let Some(found) = Columns::of(&written) {
                columns = Some(found);
                leases.reading.skip("title");
                continue;
            }
            let line = Line { text: &written, ..line };
            match columns.as_ref().and_then(|columns| columns.lease(&mut leases, line)) {
                Some(lease) => {
                    leases.reading.count("leases", 1);
                    leases.add(lease);
                }
                None => other(&mut leases, line, input)?,
            }
        }
        leases.finish()
    }
}

/// A line that is no lease.
fn other(leases: &mut Collector, line: Line<'_>, input: &Input<'_>) -> Result<(), Refusal> {
    if is_interface(line.text) {
        leases.reading.skip("title");
    } else if terminal::is_foreign(line.text, "dhcp") {
        let (file, line) = (excerpt(input.name), excerpt(line.text));
        return Err(Refusal { message: msg!("list.mixed", file = file, line = line) });
    } else if terminal::command(line.text).is_some() {
        leases.reading.skip("prompt");
    } else {
        leases.unreadable(Place::line(line.number), line.text);
    }
    Ok(())
}

/// Whether a line is the name of an interface: one word at its beginning.
fn is_interface(line: &str) -> bool {
    let is_one_word = line.split_whitespace().nth(1).is_none();
    is_one_word
        && !line.starts_with(' ')
        && line.trim().parse::<Ipv4Addr>().is_err()
        && !line.contains(['#', '$'])
}

/// The line as the screen showed it, with tabs as spaces up to the next multiple of eight.
fn expanded(line: &str) -> String {
    let mut shown = String::with_capacity(line.len());
    let mut width = 0usize;
    for letter in terminal::clean(line).chars() {
        let spaces = if letter == '\t' { 8 - width % 8 } else { 0 };
        (0..spaces).for_each(|_| shown.push(' '));
        if spaces == 0 {
            shown.push(letter);
        }
        width += spaces.max(1);
    }
    shown
}

/// Where the columns begin that we read, in letters.
#[derive(Debug, Clone, Copy)]
struct Columns {
    host: usize,
    after_host: usize,
    /// The vendor class, and what follows it.
    class: Option<(usize, usize)>,
    expiry: usize,
    /// Newer versions name the server after the end.
    after_expiry: Option<usize>,
}

impl Columns {
    fn of(header: &str) -> Option<Self> {
        let words: Vec<&str> = header.split_whitespace().take(9).collect();
        let host = words.iter().position(|word| *word == "Hostname")?;
        if !words.starts_with(&["IP", "MAC-Address", "Hostname"]) {
            return None;
        }
        // The header is ASCII up to here, or a word would not have been found where it is.
        let start = |word: &str| header.find(word).filter(|_| header.is_ascii());
        let class = words.iter().position(|word| *word == "VCI");
        let class = class.and_then(|at| Some((start("VCI")?, start(words.get(at + 1)?)?)));
        Some(Self {
            class,
            host: start("Hostname")?,
            after_host: start(words.get(host + 1)?)?,
            expiry: start("Expiry")?,
            after_expiry: start("SERVER_ID"),
        })
    }

    /// The lease of a row; none where it holds no address and card.
    fn lease(&self, leases: &mut Collector, line: Line<'_>) -> Option<Lease> {
        let mut words = line.text.split_whitespace();
        let (address, card) = (words.next()?.parse::<Ipv4Addr>().ok()?, words.next()?);
        // Shorter, it was cut: one digit after the last colon would be taken for two.
        let mac = card.parse::<MacAddress>().ok().filter(|_| card.len() == 17)?;
        let place = Place::line(line.number);
        let mut lease = Lease::new(place.clone(), address);
        (lease.mac, lease.client) = (Some(mac), card.to_owned());
        let (host, end) = (
            self.cell(line.text, self.host, Some(self.after_host)),
            self.cell(line.text, self.expiry, self.after_expiry),
        );
        let class = self.class.and_then(|(from, to)| self.cell(line.text, from, Some(to)));
        match host {
            // The last letters of a cut line may be missing.
            Some(host) if line.ended || !line.text.ends_with(&host) => {
                (lease.host, lease.vendor_class) = (host, class.unwrap_or_default());
            }
            _ => {
                leases.reading.warn(place.clone(), msg!("list.columns_shifted", address = address));
            }
        }
        let end = end.unwrap_or_default();
        lease.end = expiry(&end);
        if lease.end.is_none() && !end.is_empty() {
            leases.reading.warn(place, msg!("dhcp.end_not_read", text = excerpt(&end)));
        }
        Some(lease)
    }

    /// What stands between two columns; none where a word runs across the first of them.
    fn cell(&self, row: &str, from: usize, to: Option<usize>) -> Option<String> {
        let before = from.checked_sub(1).and_then(|before| row.chars().nth(before));
        if before.is_some_and(|before| before != ' ') {
            return None;
        }
        let length = to.map_or(usize::MAX, |to| to.saturating_sub(from));
        let runs_on = to.is_some_and(|to| {
            let mut border = row.chars().skip(to.saturating_sub(1));
            matches!((border.next(), border.next()), (Some(one), Some(_)) if one != ' ')
        });
        let cell: String = row.chars().skip(from).take(length).collect();
        (!runs_on).then(|| cell.trim().to_owned())
    }
}

/// `Sat Nov 21 04:55:47 2026`, the firewall's local time.
fn expiry(text: &str) -> Option<DateTime> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let words: Vec<&str> = text.split_whitespace().take(6).collect();
    let [_, month, day, clock, year] = words.as_slice() else { return None };
    let month = MONTHS.iter().position(|name| name == month)? + 1;
    if year.len() != 4 {
        return None;
    }
    date::local_time(&format!("{year}-{month:02}-{day:0>2} {clock}"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{banners, read};
    use super::*;

    const HEADER: &str = "lan\n  IP            MAC-Address             Hostname            VCI                 Expiry\n";

    #[test]
    fn names_with_spaces_and_empty_cells_are_read_by_column() {
        let text = HEADER.to_owned()
            + "  192.0.2.150   00:1b:21:00:00:96       Front desk          MSFT 5.0            Sat Nov 21 04:55:47 2026\n  192.0.2.151   e6:32:10:aa:01:11                           android             Fri Nov 20 21:12:36 2026\n";
        let (reading, seen, told) = read(&FortigateDhcp, &text);
        assert_eq!(banners(&reading), ["dhcp_vendor_class MSFT 5.0", "dhcp_vendor_class android"]);
        let expected = [
            "lease 192.0.2.150 00-1b-21-00-00-96 Front desk 2026-11-21T04:55:47",
            "lease 192.0.2.151 e6-32-10-aa-01-11 - 2026-11-20T21:12:36",
        ];
        assert_eq!((seen.as_slice(), told.len()), (expected.map(String::from).as_slice(), 0));
    }

    #[test]
    fn a_row_whose_columns_slipped_keeps_its_address_alone() {
        let text = HEADER.to_owned()
            + "  192.0.2.150   00:1b:21:00:00:96 a name that is far too long for its column MSFT\n  192.0.2.151   00:1b:21:00:00:97\n  192.0.2.152   00:1b:21:00:00:9\n";
        let (reading, seen, told) = read(&FortigateDhcp, &text);
        assert_eq!(banners(&reading), [""; 0]);
        let expected =
            ["lease 192.0.2.150 00-1b-21-00-00-96 - -", "lease 192.0.2.151 00-1b-21-00-00-97 - -"];
        assert_eq!(seen, expected);
        assert_eq!(told, ["list.columns_shifted", "list.lease_unreadable"]);
    }

    #[test]
    fn tabs_reach_to_the_next_multiple_of_eight() {
        assert_eq!(expanded("a\tb\t\tc"), "a       b               c");
        let text = "wan1\n  IP\t\t\tMAC-Address\t\tHostname\t\tVCI\t\tExpiry\n  192.0.2.1\t\t00:1b:21:00:00:01\tpc-1\t\t\tMSFT\t\tFri Nov 20 21:12:36 2026\n";
        let (_, seen, told) = read(&FortigateDhcp, text);
        assert_eq!(seen, ["lease 192.0.2.1 00-1b-21-00-00-01 pc-1 2026-11-20T21:12:36"]);
        assert!(told.is_empty(), "{told:?}");
    }

    #[test]
    fn times_that_were_cut_are_not_read() {
        assert_eq!(expiry("Sat Nov  1 04:55:47 2026").unwrap().to_string(), "2026-11-01T04:55:47");
        for text in ["Sat Nov 21 04:55:47 202", "Sat 11 21 04:55:47 2026", "Sat Nov 21", ""] {
            assert_eq!(expiry(text), None, "{text}");
        }
    }

    #[test]
    fn logs_with_other_commands_are_no_list() {
        for text in [
            format!(
                "FGT # get system status\nVersion: FortiGate\nFGT # execute dhcp lease-list\n{HEADER}"
            ),
            format!("{HEADER}FGT # get system arp\n"),
            "  IP   MAC-Address\n".to_owned(),
        ] {
            assert_eq!(FortigateDhcp.recognise(&Head { text: &text }), Score::No, "{text}");
        }
        let text = format!("FGT (root) # exec dhcp lease-list\n{HEADER}\nFGT (root) # ");
        assert_eq!(FortigateDhcp.recognise(&Head { text: &text }), Score::Certain);
    }
}
