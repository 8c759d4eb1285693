//! CISA's catalogue of known exploited vulnerabilities, JSON and CSV (<https://www.cisa.gov/known-exploited-vulnerabilities-catalog>).

use std::io::Read;

use domain::{Exploited, msg};
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::drive::Layout;
use super::fault::{Fault, Swollen};
use super::gather::{Gather, Reject};
use super::json::{day, is_cve, moment};

/// The catalogue in JSON.
pub(super) const LAYOUT: Layout =
    Layout { records: &["vulnerabilities"], member, record, name: "cveID" };

/// The longest table, in bytes: forty times what it is.
const MAX_TABLE: u64 = 32 << 20;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    #[serde(rename = "cveID")]
    cve_id: String,
    #[serde(default)]
    vendor_project: String,
    #[serde(default)]
    product: String,
    #[serde(default)]
    vulnerability_name: String,
    date_added: String,
    #[serde(default)]
    required_action: String,
    #[serde(default)]
    due_date: String,
    #[serde(default)]
    known_ransomware_campaign_use: String,
}

fn member(name: &str, value: &[u8], gather: &mut Gather<'_>) {
    let text = serde_json::from_slice::<String>(value).unwrap_or_default();
    match name {
        "catalogVersion" => gather.schema(&text),
        "dateReleased" => gather.seen(moment(&text)),
        "count" => {
            if let Ok(count) = serde_json::from_slice(value) {
                gather.expect(count);
            }
        }
        _ => {}
    }
}

fn record(bytes: &[u8], number: u64, gather: &mut Gather<'_>) -> Result<(), Reject> {
    serde_json::from_slice::<Entry>(bytes)?.give(number, gather)
}

impl Entry {
    fn give(self, number: u64, gather: &mut Gather<'_>) -> Result<(), Reject> {
        let id = self.cve_id.trim();
        if !is_cve(id) {
            return Err(Reject::NoNumber);
        }
        let Some(added) = day(&self.date_added) else {
            return Err(Reject::Told(msg!("feed.refused_date", number = number, id = id)));
        };
        let midnight = added.at(0, 0, 0, 0).to_zoned(TimeZone::UTC);
        gather.seen(midnight.ok().map(|zoned| zoned.timestamp()));
        gather.exploited(Exploited {
            id: id.to_owned(),
            vendor: self.vendor_project,
            product: self.product,
            name: self.vulnerability_name,
            added,
            due: day(&self.due_date),
            action: self.required_action,
            ransomware: self.known_ransomware_campaign_use.trim().eq_ignore_ascii_case("known"),
        });
        Ok(())
    }
}

/// The catalogue as a table.
pub(super) fn read_csv(bytes: impl Read, gather: &mut Gather<'_>) -> Result<(), Fault> {
    let mut table = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(Limited { inner: bytes, left: MAX_TABLE });
    let headers = table.headers().map_err(|error| fault(&error))?.clone();
    let column =
        |name: &str| headers.iter().position(|header| header.trim().eq_ignore_ascii_case(name));
    let columns = [
        "cveID",
        "vendorProject",
        "product",
        "vulnerabilityName",
        "dateAdded",
        "requiredAction",
        "dueDate",
        "knownRansomwareCampaignUse",
    ]
    .map(column);
    let mut row = csv::ByteRecord::new();
    let mut number = 0;
    let mut short: Option<(u64, String)> = None;
    while table.read_byte_record(&mut row).map_err(|error| fault(&error))? {
        if let Some((number, id)) = short.take() {
            gather.refuse(
                number,
                Some(&id),
                &Reject::Told(msg!("feed.refused_cells", number = number)),
            );
        }
        number += 1;
        let cell = |at: Option<usize>| {
            String::from_utf8_lossy(at.and_then(|at| row.get(at)).unwrap_or_default()).into_owned()
        };
        if row.len() < headers.len() {
            short = Some((number, cell(Some(0))));
            continue;
        }
        let [
            cve_id,
            vendor_project,
            product,
            vulnerability_name,
            date_added,
            action,
            due,
            ransomware,
        ] = columns.map(cell);
        let id = cve_id.clone();
        let entry = Entry {
            cve_id,
            vendor_project,
            product,
            vulnerability_name,
            date_added,
            required_action: action,
            due_date: due,
            known_ransomware_campaign_use: ransomware,
        };
        match entry.give(number, gather) {
            Ok(()) => gather.record(),
            Err(why) => gather.refuse(number, Some(&id), &why),
        }
    }
    // A last row without all its cells was cut.
    short.map_or(Ok(()), |(number, _)| Err(Fault::Cut(number + 1)))
}

fn fault(error: &csv::Error) -> Fault {
    let line = error.position().map_or(1, csv::Position::line);
    match error.kind() {
        csv::ErrorKind::Io(error) => Fault::of(error, line),
        _ => Fault::Syntax(line),
    }
}

/// Fails where more is read than a table has: a quote that nobody closes would gather all of it.
struct Limited<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Limited<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let left = self.left.checked_sub(count as u64);
        self.left = left.ok_or_else(|| std::io::Error::other(Swollen))?;
        Ok(count)
    }
}
