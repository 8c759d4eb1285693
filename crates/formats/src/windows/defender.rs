//! `Get-MpComputerStatus`: how Microsoft Defender stands, as its list, as JSON and as CSV.
//!
//! Asked on the machine itself, the answer does not say which machine that is.

use std::collections::BTreeMap;

use domain::{Field, Place, msg};
use jiff::{Timestamp, tz};
use serde_json::Value;

use super::host::{Report, Reports};
use super::moment::{self, Moment};
use super::records::Records;
use crate::reader::{Head, Reader, Secrets};
use crate::reading::{Input, Reading, Refusal, Score};
use crate::text::{Text, excerpt};

/// The list: `Name : value`.
#[derive(Debug)]
pub struct DefenderList;

/// The output of `ConvertTo-Json`.
#[derive(Debug)]
pub struct DefenderJson;

/// The output of `Export-Csv`.
#[derive(Debug)]
pub struct DefenderCsv;

/// The properties of one machine, by name.
type Status = BTreeMap<String, String>;

/// Two properties that no other list has together.
const MARKS: [&str; 2] = ["AMEngineVersion", "AntivirusSignatureLastUpdated"];

/// An age that means never: the largest numbers of 16 and 32 bits.
const NEVER: [u64; 2] = [65_535, 4_294_967_295];

/// Japan stands nine hours before universal time all year.
const JAPAN: tz::Offset = tz::Offset::constant(9);

impl Reader for DefenderList {
    fn kind(&self) -> &'static str {
        "defender-status-list"
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        let has = |mark| {
            head.lines().any(|line| property(line.text).is_some_and(|(name, _)| name == mark))
        };
        if MARKS.into_iter().all(has) { Score::Certain } else { Score::No }
    }

    fn read(&self, input: &Input<'_>, text: &Text<'_>) -> Result<Reading, Refusal> {
        super::check_size(text)?;
        let mut reports = Reports::new(self.kind(), input);
        let mut status = Status::new();
        let mut begun = 0;
        let mut last: Option<String> = None;
        for line in text.lines().filter(|line| !line.text.trim().is_empty()) {
            let Some((name, value)) = property(line.text) else {
                // A value that is longer than the console goes on under itself.
                match last
                    .as_ref()
                    .and_then(|name| status.get_mut(name))
                    .filter(|_| line.text.starts_with("      "))
                {
                    Some(value) => value.push_str(line.text.trim()),
                    None => reports.reading.skip(if super::is_prompt(line.text) {
                        "prompt"
                    } else {
                        "other_text"
                    }),
                }
                continue;
            };
            reports.reading.rows += 1;
            // The list of the next machine begins where a property comes again.
            if status.contains_key(name) {
                add(&mut reports, &std::mem::take(&mut status), Place::line(begun));
            }
            if status.is_empty() {
                begun = line.number;
            }
            if line.ended || value.is_empty() {
                status.insert(name.to_owned(), value.to_owned());
            }
            last = Some(name.to_owned());
        }
        add(&mut reports, &status, Place::line(begun));
        reports.finish()
    }
}

/// Name and value of `AMEngineVersion                  : 1.1.25090.3009`.
fn property(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once(':')?;
    let is_name = !name.starts_with(' ') && name.trim().bytes().all(|b| b.is_ascii_alphanumeric());
    (is_name && name.ends_with(' ')).then(|| (name.trim(), value.trim()))
}

impl Reader for DefenderJson {
    fn kind(&self) -> &'static str {
        "defender-status-json"
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        let is_json = head.text.trim_start().starts_with(['{', '[']);
        let has = |mark: &str| head.text.contains(&format!("\"{mark}\""));
        if is_json && MARKS.into_iter().all(has) { Score::Certain } else { Score::No }
    }

    fn secrets(&self) -> Secrets {
        Secrets::Never
    }

    fn read(&self, input: &Input<'_>, text: &Text<'_>) -> Result<Reading, Refusal> {
        super::check_size(text)?;
        let value: Value = serde_json::from_str(&text.body).map_err(|error| Refusal {
            message: msg!("windows.json_broken", file = excerpt(input.name), line = error.line()),
        })?;
        let objects = match &value {
            Value::Array(objects) => objects.as_slice(),
            object => std::slice::from_ref(object),
        };
        let mut reports = Reports::new(self.kind(), input);
        for (number, object) in (1..).zip(objects) {
            reports.reading.rows += 1;
            let properties = object.as_object().into_iter().flatten();
            let status = properties
                .filter_map(|(name, value)| Some((name.clone(), plain(value)?)))
                .collect();
            add(&mut reports, &status, Place::line(number));
        }
        reports.finish()
    }
}

/// A property's value as text; a date may stand in an object of its own.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Object(object) => object.get("value").and_then(Value::as_str).map(str::to_owned),
        Value::Null | Value::Array(_) => None,
    }
}

impl Reader for DefenderCsv {
    fn kind(&self) -> &'static str {
        "defender-status-csv"
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        if Records::header(head.text, is_header) { Score::Certain } else { Score::No }
    }

    fn read(&self, input: &Input<'_>, text: &Text<'_>) -> Result<Reading, Refusal> {
        super::check_size(text)?;
        let mut reports = Reports::new(self.kind(), input);
        let mut header: Vec<String> = Vec::new();
        let mut records = Records::new(&text.body);
        while let Some((line, cells)) = records.next() {
            if is_header(&cells) {
                header = cells;
                reports.reading.skip("title");
            } else if cells.len() != header.len() || !records.is_whole() {
                reports.unreadable(Place::line(line), &cells.join(","));
            } else {
                reports.reading.rows += 1;
                let status = header.iter().cloned().zip(cells).collect();
                add(&mut reports, &status, Place::line(line));
            }
        }
        reports.finish()
    }
}

fn is_header(cells: &[String]) -> bool {
    MARKS.into_iter().all(|mark| cells.iter().any(|cell| cell == mark))
}

/// Makes the report of one machine.
fn add(reports: &mut Reports<'_>, status: &Status, place: Place) {
    let get = |name: &str| status.get(name).map(String::as_str).unwrap_or_default();
    if get(MARKS[0]).is_empty() && get("AMRunningMode").is_empty() {
        return;
    }
    let mut report = Report::new(place.clone());
    report.name(get("PSComputerName"));
    if let Ok(age) = get("AntivirusSignatureAge").parse::<u64>()
        && !NEVER.contains(&age)
    {
        reports.reading.count("signature_age_days", age);
    }
    if is_passive(get("AMRunningMode")) {
        // Another product protects this machine: what Defender says of itself is no answer.
        reports.reading.warn(place, msg!("windows.defender_passive"));
        return reports.add(report);
    }
    report.fact(Field::ProtectionProduct, "Microsoft Defender");
    report.fact(Field::EngineVersion, get("AMEngineVersion"));
    report.fact(Field::PatternVersion, get("AntivirusSignatureVersion"));
    pattern_date(&mut report, reports, status, &place);
    let protects = |name: &str| !get(name).eq_ignore_ascii_case("false");
    match get("RealTimeProtectionEnabled").to_ascii_lowercase().as_str() {
        "true" if protects("AntivirusEnabled") => report.fact(Field::RealtimeProtection, "on"),
        "true" | "false" => report.fact(Field::RealtimeProtection, "off"),
        _ => {}
    }
    reports.add(report);
}

/// `Passive Mode`, `SxS Passive Mode`, `EDR Block Mode`: another product protects.
fn is_passive(mode: &str) -> bool {
    let mode = mode.to_ascii_lowercase();
    mode.contains("passive") || mode.contains("edr")
}

fn pattern_date(report: &mut Report, reports: &mut Reports<'_>, status: &Status, place: &Place) {
    let Some(written) = status.get("AntivirusSignatureLastUpdated") else { return };
    if let Some(stored) = universal(written) {
        report.fact_written(Field::PatternDate, &stored, &stored);
        return;
    }
    match moment::read(written, moment::order(status.values().map(String::as_str))) {
        Moment::Ambiguous => {
            reports
                .reading
                .ask(place.clone(), msg!("windows.date_ambiguous", text = excerpt(written)));
        }
        Moment::Unreadable => reports.unreadable(place.clone(), written),
        Moment::Never => reports.reading.warn(place.clone(), msg!("windows.pattern_never")),
        moment => {
            report.fact_written(Field::PatternDate, &moment.stored().unwrap_or_default(), written);
        }
    }
}

/// Local time of `/Date(1791573129000)/`, in thousandths of a second since 1970, and of ISO 8601 with a zone.
fn universal(written: &str) -> Option<String> {
    let number = written.strip_prefix("/Date(").and_then(|rest| rest.strip_suffix(")/"));
    let moment = match number {
        Some(number) => {
            let end = number
                .bytes()
                .skip(1)
                .position(|b| matches!(b, b'+' | b'-'))
                .map_or(number.len(), |at| at + 1);
            Timestamp::from_millisecond(number.get(..end)?.parse().ok()?).ok()?
        }
        None => written.parse::<Timestamp>().ok()?,
    };
    let local = JAPAN.to_datetime(moment);
    // The year 1601 or 1 stands for never.
    (local.year() > 1970)
        .then(|| local.with().subsec_nanosecond(0).build().ok())
        .flatten()
        .map(|local| local.to_string())
}
