//! `wbadmin get versions`: the copies that Windows Server Backup has, in Japanese and English.
//!
//! Only copies that can be brought back are listed, so each of them is a run that succeeded.  The version identifier is universal time
//! in the American order; it, and not the local time beside it, is what is read.

use std::collections::BTreeMap;

use domain::{FactsBuilder, Field, Medium, Observation, ObservationKind, Place, RunResult, msg};
use jiff::civil::{Date, DateTime};

use crate::leases::local_of_universal;
use crate::reader::{Head, Reader};
use crate::reading::{Input, Reading, Refusal, Score};
use crate::text::{Text, excerpt};
use crate::values::time::{self, Clock, TimeCell};

/// The reader of `wbadmin get versions`.
#[derive(Debug)]
pub struct WbadminVersions;

/// A line of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Label {
    Identifier,
    Recoverable,
    Target,
    Time,
}

/// Labels as Windows writes them, without spaces.
const LABELS: &[(&str, Label)] = &[
    ("バックアップ時間", Label::Time),
    ("バックアップの時刻", Label::Time),
    ("Backup time", Label::Time),
    ("バックアップ対象", Label::Target),
    ("バックアップターゲット", Label::Target),
    ("バックアップの対象", Label::Target),
    ("バックアップ先", Label::Target),
    ("Backup target", Label::Target),
    ("Backup location", Label::Target),
    ("バージョン識別子", Label::Identifier),
    ("バージョン ID", Label::Identifier),
    ("Version identifier", Label::Identifier),
    ("回復可能", Label::Recoverable),
    ("Can recover", Label::Recoverable),
];

/// One copy, as far as its lines were read.
#[derive(Debug, Default)]
struct Version<'t> {
    line: u32,
    time: &'t str,
    target: &'t str,
    identifier: &'t str,
    recoverable: &'t str,
}

impl Reader for WbadminVersions {
    fn kind(&self) -> &'static str {
        "wbadmin-versions"
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        let labels: Vec<Label> =
            head.lines().filter_map(|line| Some(label(line.text)?.0)).collect();
        let has = |wanted: Label| labels.contains(&wanted);
        if has(Label::Time) && has(Label::Target) && has(Label::Identifier) {
            return Score::Certain;
        }
        let mut first = head.lines().filter(|line| !line.text.trim().is_empty());
        let is_tool = first.next().is_some_and(|line| line.text.trim().starts_with("wbadmin 1."));
        if is_tool { Score::Likely } else { Score::No }
    }

    fn read(&self, input: &Input<'_>, text: &Text<'_>) -> Result<Reading, Refusal> {
        let mut reading = Reading::new(self.kind(), 1);
        let versions = versions(text);
        if versions.is_empty() {
            let file = excerpt(input.name);
            return Err(Refusal { message: msg!("backup.no_versions", file = file) });
        }
        let mut kept: BTreeMap<&str, u64> = BTreeMap::new();
        for version in &versions {
            *kept.entry(version.target).or_default() += 1;
        }
        for version in &versions {
            let count = kept.get(version.target).copied().unwrap_or(1);
            state(&mut reading, input.machine, version, count);
        }
        if input.machine.is_none() {
            reading.ask(Place::DOCUMENT, msg!("backup.machine_unknown"));
        }
        Ok(reading)
    }
}

/// The copies, each from its time on.
fn versions<'t>(text: &'t Text<'_>) -> Vec<Version<'t>> {
    let mut versions: Vec<Version<'t>> = Vec::new();
    for line in text.lines() {
        let Some((label, value)) = label(line.text) else { continue };
        if label == Label::Time {
            versions.push(Version { line: line.number, time: value, ..Version::default() });
        }
        let Some(version) = versions.last_mut() else { continue };
        match label {
            Label::Time => {}
            Label::Target => version.target = value,
            Label::Identifier => version.identifier = value,
            Label::Recoverable => version.recoverable = value,
        }
    }
    versions
}

fn label(line: &str) -> Option<(Label, &str)> {
    let (name, value) = line.split_once([':', '：'])?;
    let name = name.trim();
    let known = LABELS.iter().find(|(label, _)| label.eq_ignore_ascii_case(name))?;
    Some((known.1, value.trim()))
}

fn state(reading: &mut Reading, machine: Option<&str>, version: &Version<'_>, kept: u64) {
    let place = Place::line(version.line);
    let Some(time) = moment(reading, &place, version) else {
        reading.warn(place, msg!("backup.version_without_time", text = excerpt(version.time)));
        return reading.skip("versions_without_time");
    };
    let mut facts = FactsBuilder::new();
    facts.add(Field::System, machine.unwrap_or_default());
    facts.add(Field::Result, RunResult::Success.key());
    facts.add_written(Field::StartedAt, &time.to_string(), version.time);
    facts.add(Field::Destination, version.target);
    let medium = medium(version.target);
    if let Some(medium) = medium {
        facts.add_written(Field::Medium, medium.key(), version.target);
    }
    // A shared folder keeps the newest copy only, whatever else the list holds.
    let kept = if medium == Some(Medium::Share) { 1 } else { kept };
    facts.add(Field::Generations, &kept.to_string());
    facts.add(Field::Remark, version.recoverable);
    reading.rows += 1;
    reading.count("versions", 1);
    let (kind, facts) = (ObservationKind::BackupRun, facts.finish());
    reading.observations.push(Observation { place, kind, bindings: Vec::new(), facts });
}

/// The local time of the copy: by its identifier; by its local time only where that has none.
fn moment(reading: &mut Reading, place: &Place, version: &Version<'_>) -> Option<DateTime> {
    let told = match time::read(version.time, Clock::Local) {
        TimeCell::Time(time) => Some(time),
        _ => None,
    };
    let exact = identified(version.identifier);
    if let (Some(exact), Some(told)) = (exact, told)
        && exact != told.with().second(0).build().unwrap_or(told)
    {
        let message = msg!(
            "backup.times_differ",
            told = excerpt(version.time),
            identifier = excerpt(version.identifier)
        );
        reading.warn(place.clone(), message);
    }
    exact.or(told)
}

/// `11/18/2026-14:00`, month first and universal time, in Japan's time.
fn identified(identifier: &str) -> Option<DateTime> {
    let (day, clock) = identifier.trim().split_once('-')?;
    let mut parts = day.split('/').map(|part| part.parse::<i16>().ok());
    let (month, number, year) = (parts.next()??, parts.next()??, parts.next()??);
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(number).ok()?).ok()?;
    let (hour, minute) = clock.split_once(':')?;
    let (hour, minute) = (hour.parse::<i8>().ok()?, minute.parse::<i8>().ok()?);
    let time = jiff::civil::Time::new(hour, minute, 0, 0).ok()?;
    local_of_universal(date.to_datetime(time))
}

/// The kind of target, by the words that Windows puts before its name.
fn medium(target: &str) -> Option<Medium> {
    let has = |words: &[&str]| words.iter().any(|word| target.contains(word));
    if has(&["ネットワーク共有", "Network Share", "Network share"]) || target.contains("\\\\")
    {
        Some(Medium::Share)
    } else if has(&["USB", "1394"]) {
        Some(Medium::Removable)
    } else if has(&["固定ディスク", "Fixed Disk", "Hard Disk", "ハード ディスク", "ハードディスク"])
    {
        Some(Medium::Disk)
    } else {
        None
    }
}

/// Reads any bytes as the output of `wbadmin get versions`.
pub fn fuzz(bytes: &[u8]) {
    let Ok(text) = crate::text::decode(bytes) else { return };
    let _ = WbadminVersions.recognise(&Head::of(&text));
    let input = Input { name: "fuzz", bytes, mapping: None, machine: Some("SV") };
    let Ok(reading) = WbadminVersions.read(&input, &text) else { return };
    assert!(reading.observations.iter().all(|run| run.facts.value(Field::StartedAt).is_some()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text;

    const ENGLISH: &str = "wbadmin 1.0 - Backup command-line tool\r\n(C) Copyright Microsoft Corporation. All rights reserved.\r\n\r\nBackup time: 11/18/2026 11:00 PM\r\nBackup target: 1394/USB Disk labeled BK1(E:)\r\nVersion identifier: 11/18/2026-14:00\r\nCan recover: Volume(s), File(s)\r\n\r\nBackup time: 3/4/2026 11:00 PM\r\nBackup target: 1394/USB Disk labeled BK1(E:)\r\nVersion identifier: 03/04/2026-13:00\r\n\r\nBackup time: ?\r\nBackup target: Fixed Disk\r\nVersion identifier: x\r\n";

    fn read(source: &str, machine: Option<&str>) -> Result<Reading, Refusal> {
        let text = text::decode(source.as_bytes()).unwrap();
        let bytes = source.as_bytes();
        WbadminVersions.read(&Input { name: "v.txt", bytes, mapping: None, machine }, &text)
    }

    fn keys(reading: &Reading) -> Vec<&str> {
        reading.warnings.iter().map(|warning| &*warning.message.key).collect()
    }

    #[test]
    fn english_output_is_read_and_what_does_not_agree_is_told() {
        let text = text::decode(ENGLISH.as_bytes()).unwrap();
        assert_eq!(WbadminVersions.recognise(&Head::of(&text)), Score::Certain);
        let reading = read(ENGLISH, Some("EHR-DB01")).unwrap();
        let told: Vec<_> =
            reading.observations.iter().map(|run| format!("{:?}", run.facts)).collect();
        assert_eq!(told.len(), 2);
        assert!(told[0].contains("11:00 PM") && told[0].contains("EHR-DB01"), "{}", told[0]);
        let first = &reading.observations[0].facts;
        assert_eq!(first.value(Field::StartedAt), Some("2026-11-18T23:00:00"));
        assert_eq!(first.value(Field::Medium), Some("removable"));
        assert_eq!(first.value(Field::Generations), Some("2"));
        // The second local time can be read in two ways, the identifier cannot.
        let second = &reading.observations[1].facts;
        assert_eq!(second.value(Field::StartedAt), Some("2026-03-04T22:00:00"));
        assert_eq!(keys(&reading), ["backup.version_without_time"]);
    }

    #[test]
    fn times_that_do_not_agree_are_told_and_a_nameless_machine_is_asked_for() {
        let source = "バックアップ時間: 2026/11/18 23:00\nバックアップ対象: 固定ディスク\nバージョン識別子: 11/18/2026-20:00\n";
        let reading = read(source, None).unwrap();
        assert_eq!(keys(&reading), ["backup.times_differ", "backup.machine_unknown"]);
        assert_eq!(reading.questions.len(), 1);
    }

    #[test]
    fn output_without_versions_is_refused() {
        let source = "wbadmin 1.0 - バックアップ コマンドライン ツール\n\nエラー - バックアップが見つかりません。\n";
        assert_eq!(read(source, None).unwrap_err().message.key, "backup.no_versions");
    }
}
