//! What users and scripts get to see. The keys of these values are a contract: they change only by adding.

use std::collections::BTreeMap;

use domain::Message;
use reference::Catalogue;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::PartsHeadView;
use crate::heard::HeardView;
use crate::words::say_again;

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BackupView {
    /// The format of the file.
    pub format: u16,
    /// Name and version of the program that wrote it.
    pub program: String,
    /// When (RFC 3339, UTC).
    pub created_at: String,
    /// The facility for which it was asked; every facility of the data folder is in it.
    pub facility: String,
    /// The last migration of the database.
    pub step: u32,
    /// SHA-256 over every record of every table in the order of its key: the same on every machine.
    pub digest: String,
    /// How many records there are.
    pub records: u64,
    /// How many bytes they are before they are compressed.
    pub bytes: u64,
    /// How many records each table has.
    pub tables: BTreeMap<String, u64>,
    /// Every facility, with the end of its record.
    pub facilities: Vec<FacilityMarkView>,
}

/// A facility in a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FacilityMarkView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Entries of its record.
    pub entries: u64,
    /// Hash of the last one.
    pub head: String,
    /// Number of the entry at which the record was broken already when the backup was made.
    pub broken_at: Option<u64>,
}

/// A backup that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CreatedBackupView {
    /// Where it is.
    pub file: String,
    /// Bytes of the file.
    pub size: u64,
    /// Chunks of the file.
    pub chunks: u64,
    /// Whether it is encrypted.
    pub encrypted: bool,
    /// Whether it took the place of another file.
    pub replaced: bool,
    /// Digests of evidence that was damaged already.
    pub damaged_evidence: Vec<String>,
    /// What was wrong with the data already, in sentences.
    pub warnings: Vec<String>,
    /// What it says of itself.
    pub backup: BackupView,
}

/// Whether a backup is whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Default)]
pub struct VerifiedBackupView {
    /// Where it is.
    pub file: String,
    /// Whether every chunk and every record is as it was written.
    pub whole: bool,
    /// What is wrong: `damaged`, `truncated`, `wrong_passphrase`, `passphrase_needed`, `newer_format` or `not_a_backup`.
    pub reason: Option<String>,
    /// The same as a sentence.
    pub problem: Option<String>,
    /// Bytes of the file.
    pub size: Option<u64>,
    /// Chunks of the file.
    pub chunks: Option<u64>,
    /// Whether it is encrypted.
    pub encrypted: Option<bool>,
    /// Digests of evidence that was damaged already when the backup was made.
    pub damaged_evidence: Vec<String>,
    /// What was wrong with the data already when the backup was made, in sentences.
    pub warnings: Vec<String>,
    /// What it says of itself, which is true.
    pub backup: Option<BackupView>,
}

/// A backup that was restored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RestoredBackupView {
    /// The backup.
    pub file: String,
    /// The data folder.
    pub data: String,
    /// Where the database that stood there is kept.
    pub kept_aside: Option<String>,
    /// Whether the backup is encrypted.
    pub encrypted: bool,
    /// Digests of evidence that was damaged already when the backup was made.
    pub damaged_evidence: Vec<String>,
    /// What was wrong with the data already when the backup was made, in sentences.
    pub warnings: Vec<String>,
    /// What the backup says of itself, which is true.
    pub backup: BackupView,
    /// The record after the entry of the restore was added.
    pub audit: AuditStateView,
}

/// The outcome of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ImportView {
    /// One for each file, in the order given.
    pub files: Vec<FileView>,
}

/// What became of one file.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize, Default)]
#[serde(default)]
pub struct FileView {
    /// The path as it was given.
    pub path: String,
    /// What it was read as; none where it was refused.
    pub kind: Option<String>,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What `error` was said of.
    #[serde(with = "crate::words::kept", skip_serializing_if = "Option::is_none")]
    #[schemars(skip)]
    pub(crate) error_of: Option<Message>,
    /// Label of the text encoding; none for workbooks.
    pub encoding: Option<String>,
    /// Number of the import; none where nothing was stored.
    pub import: Option<u32>,
    /// Number of the active import that brought the same bytes before; then nothing was changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub already: Option<u32>,
    /// The series it belongs to.
    pub source: Option<String>,
    /// SHA-256 of the bytes.
    pub digest: Option<String>,
    /// When what it says was so (RFC 3339, UTC).
    pub captured_at: Option<String>,
    /// Where that time comes from: `given`, `document`, `collected`, `file` or `now`.
    pub captured_from: Option<String>,
    /// Rows, lines or items that carried data.
    pub rows: u64,
    /// What was seen.
    pub observations: u64,
    /// Devices that were not known before.
    pub devices_new: u64,
    /// Devices of which something else is known now.
    pub devices_changed: u64,
    /// Devices that are gone, because others absorbed them.
    pub devices_gone: u64,
    /// Rows left out on purpose, by reason.
    pub skipped: BTreeMap<String, u64>,
    /// Other figures, by word.
    pub counts: BTreeMap<String, u64>,
    /// What the document is of, where it is a parts list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parts: Option<PartsHeadView>,
    /// How the tables in it were read.
    pub tables: Vec<TableView>,
    /// What a person should know, place by place.
    pub warnings: Vec<WarningView>,
    /// What only a person can answer.
    pub questions: Vec<WarningView>,
}

/// How one table was read.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct TableView {
    /// The sheet.
    pub sheet: Option<String>,
    /// What it was taken for.
    pub taken_as: String,
    /// Row of the header.
    pub header_row: Option<u32>,
    /// Header text and the field it was read as.
    pub columns: Vec<ColumnView>,
    /// Devices read from it.
    pub devices: u64,
}

/// How one column was read.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct ColumnView {
    /// The header as written.
    pub header: String,
    /// The field; none where the column was left alone.
    pub field: Option<String>,
}

/// A sentence about a place.
#[derive(Debug, Clone, PartialEq, Eq, JsonSchema, Serialize, Deserialize)]
pub struct WarningView {
    /// Where: `sheet!row:column#part`.
    pub place: String,
    /// What.
    pub message: String,
    /// What it was said of: kept with a report, and never part of an answer.
    #[serde(with = "crate::words::kept", default, skip_serializing_if = "Option::is_none")]
    #[schemars(skip)]
    pub(crate) said_of: Option<Message>,
}

impl FileView {
    fn sentences(&mut self) -> impl Iterator<Item = &mut WarningView> {
        self.warnings.iter_mut().chain(&mut self.questions)
    }

    /// Says every sentence anew, in the language of `texts`.
    pub(crate) fn say_again(&mut self, texts: &Catalogue) {
        if let Some(error) = &mut self.error {
            say_again(texts, error, self.error_of.as_ref());
        }
        for said in self.sentences() {
            say_again(texts, &mut said.message, said.said_of.as_ref());
        }
    }

    /// The same as an answer: sentences alone, without what they were said of.
    pub(crate) fn into_answer(mut self) -> Self {
        self.error_of = None;
        self.sentences().for_each(|said| said.said_of = None);
        self
    }
}

/// One import of the past.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ImportRowView {
    /// Its number.
    pub id: u32,
    /// `active` or `undone`.
    pub state: String,
    /// The file's name.
    pub file: String,
    /// What it was read as.
    pub kind: String,
    /// The series it belongs to.
    pub source: String,
    /// Rows read.
    pub rows: u64,
    /// When what it says was so (RFC 3339, UTC).
    pub captured_at: String,
    /// When it was brought in.
    pub imported_at: String,
    /// Who brought it in.
    pub imported_by: String,
    /// SHA-256 of the bytes.
    pub digest: String,
    /// Size in bytes.
    pub size: u64,
}

/// A device in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DeviceView {
    /// Its id.
    pub id: String,
    /// The hospital's number.
    pub asset_number: Option<String>,
    /// What it is called.
    pub name: Option<String>,
    /// What kind of thing it is, by key.
    pub kind: Option<String>,
    /// Who made it.
    pub maker: Option<String>,
    /// What the maker calls it.
    pub model: Option<String>,
    /// Operating system.
    pub os: Option<String>,
    /// Its version.
    pub os_version: Option<String>,
    /// Main software.
    pub software: Option<String>,
    /// Its version.
    pub software_version: Option<String>,
    /// Where it stands.
    pub location: Option<String>,
    /// What state its ledger gives, by key.
    pub status: Option<String>,
    /// The zone it is in.
    pub zone: Option<String>,
    /// Its cards.
    pub interfaces: Vec<InterfaceView>,
    /// What people wrote down, by field.
    pub declared: BTreeMap<&'static str, StatedView>,
    /// What was seen, by field.
    pub observed: BTreeMap<&'static str, StatedView>,
    /// Where its operating system stands in its life.
    pub lifecycle: LifecycleView,
}

/// A card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InterfaceView {
    /// Its MAC; none where only an address is known.
    pub mac: Option<String>,
    /// Who registered the MAC.
    pub vendor: Option<String>,
    /// Its addresses.
    pub addresses: Vec<String>,
    /// The names it was called by.
    pub hostnames: Vec<String>,
    /// Where each address comes from and when it was seen.
    pub sightings: Vec<SightingView>,
}

/// An address over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SightingView {
    /// The address.
    pub address: String,
    /// Whether a ledger, table or reservation states it.
    pub declared: bool,
    /// First seen (RFC 3339, UTC).
    pub first_seen: Option<String>,
    /// Last seen.
    pub last_seen: Option<String>,
    /// How many times.
    pub count: u32,
}

/// A value and who says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StatedView {
    /// The value, in canonical writing.
    pub value: String,
    /// As the document wrote it, where that differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub written: Option<String>,
    /// The series.
    pub source: String,
    /// The place in it.
    pub place: String,
    /// The import.
    pub import: u32,
}

/// A stage of life.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LifecycleView {
    /// `supported`, `limited_support`, `end_of_support` or `unknown`.
    pub stage: String,
    /// End of life.
    pub eol: Option<String>,
    /// End of support.
    pub eos: Option<String>,
    /// The row of the support table that says so.
    pub product: Option<String>,
    /// Who says so.
    pub source: Option<String>,
    /// The end of support that the ledger itself states.
    pub stated_end: Option<String>,
}

/// A device with its story.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ChartView {
    /// The device.
    #[serde(flatten)]
    pub device: DeviceView,
    /// Ids that lead here.
    pub aliases: Vec<String>,
    /// What identifies it, strongest first. A split names one of these.
    pub signs: Vec<String>,
    /// Everything that was seen of it.
    pub observations: Vec<ObservationView>,
    /// What its programs and it itself said of themselves on the network.
    pub heard: Vec<HeardView>,
    /// What the last round found.
    pub findings: Vec<FindingView>,
}

/// One observation of a device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ObservationView {
    /// The import it came with.
    pub import: u32,
    /// The series.
    pub source: String,
    /// The file.
    pub file: String,
    /// The place in it.
    pub place: String,
    /// What kind of statement it is.
    pub kind: String,
    /// `declared` or `observed`.
    pub layer: String,
    /// When it was so (RFC 3339, UTC).
    pub captured_at: String,
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FindingView {
    /// Its key.
    pub key: String,
    /// The rule.
    pub rule: String,
    /// `urgent`, `warning`, `notice` or `unknown`.
    pub severity: String,
    /// The device whose chart it belongs on.
    pub device_id: Option<String>,
    /// What it speaks of.
    pub subject: String,
    /// The thing and what is so.
    pub title: String,
    /// Why we think so.
    pub reason: String,
    /// What to do, and who.
    pub remedy: String,
    /// What it rests on.
    pub evidence: Vec<EvidenceView>,
    /// `open`, `in_hand`, `accepted`, `mitigated`, `not_affected` or `closed`.
    pub state: String,
    /// What was decided about it, where something holds.
    pub decision: Option<DecisionView>,
    /// What was decided about it and holds no more, in a sentence: since when, or because what it rested on changed.
    pub lapsed: Option<String>,
    /// Day of the round that found it first.
    pub opened: String,
    /// Day of the round that did not find it any more.
    pub closed: Option<String>,
}

/// A place in a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EvidenceView {
    /// The import.
    pub import: u32,
    /// The series.
    pub source: String,
    /// The place.
    pub place: String,
}

/// A decision about a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DecisionView {
    /// What was decided.
    pub state: String,
    /// Until when.
    pub until: Option<String>,
    /// Why.
    pub reason: String,
    /// Who.
    pub by: String,
    /// When (RFC 3339, UTC).
    pub at: String,
}

/// Two devices that may be one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DoubtView {
    /// One device: id.
    pub one: String,
    /// And what people call it.
    pub one_label: String,
    /// The other device: id.
    pub other: String,
    /// And what people call it.
    pub other_label: String,
    /// What speaks for their being one: a sign both have.
    pub link: String,
    /// What speaks against it, as a sentence.
    pub against: String,
    /// What speaks against it, by key.
    pub against_key: String,
}

/// A zone, or a network that could become one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ZoneView {
    /// Its name; none for a suggestion.
    pub name: Option<String>,
    /// Its address ranges.
    pub networks: Vec<String>,
    /// What it is for, by key.
    pub kind: Option<String>,
    /// How it may be probed, by key.
    pub probe: Option<String>,
    /// How many devices have an address in it.
    pub devices: u64,
    /// How many of them are medical devices.
    pub medical: u64,
    /// How many of them no ledger lists.
    pub unlisted: u64,
    /// Whether it is a suggestion from what was imported.
    pub suggested: bool,
}

/// An entry of the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AuditEntryView {
    /// Its number.
    pub seq: u64,
    /// When (RFC 3339, UTC).
    pub at: String,
    /// Who.
    pub actor: String,
    /// What.
    pub act: String,
    /// To what.
    pub subject: String,
    /// The particulars.
    pub detail: serde_json::Value,
    /// Hash of the entry before.
    pub previous: String,
    /// Hash of this entry.
    pub hash: String,
}

/// Whether the record holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AuditStateView {
    /// Whether every entry follows the one before it, the heads that rounds noted are among them, and the database is sound.
    pub whole: bool,
    /// How many entries there are.
    pub entries: u64,
    /// Hash of the last entry.
    pub head: Option<String>,
    /// Number of the first entry that is wrong.
    pub broken_at: Option<u64>,
    /// What is wrong, as a sentence.
    pub problem: Option<String>,
}
