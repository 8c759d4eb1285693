//! What is stored that is no word of the hospital: derived rows, as lists show them.

use domain::{Account, DeviceId, DeviceKind, Digest, FindingKey, Role, Severity, SourceId, Status};
use jiff::Timestamp;
use jiff::civil::Date;

/// A device as a list shows it. Texts are empty where nothing is known.
///
/// The same type is written and lent out again, so that a list of 30,000 devices copies nothing it does not show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeviceRow<'a> {
    /// Its id.
    pub id: DeviceId,
    /// What lists are ordered by, byte by byte; then comes the id.
    pub sort: &'a str,
    /// The hospital's number.
    pub asset_number: &'a str,
    /// Its name.
    pub name: &'a str,
    /// What kind of thing it is.
    pub kind: Option<DeviceKind>,
    /// Who made it.
    pub maker: &'a str,
    /// What the maker calls it.
    pub model: &'a str,
    /// Operating system.
    pub os: &'a str,
    /// Its version.
    pub os_version: &'a str,
    /// Main software.
    pub software: &'a str,
    /// Its version.
    pub software_version: &'a str,
    /// Where it stands.
    pub location: &'a str,
    /// What state the ledger says it is in.
    pub status: Option<Status>,
    /// The zone it is in, by name.
    pub zone: &'a str,
    /// Its host names, joined by line feeds.
    pub hostnames: &'a str,
    /// Its addresses, joined by line feeds.
    pub addresses: &'a str,
    /// Its network cards, joined by line feeds.
    pub macs: &'a str,
}

impl DeviceRow<'_> {
    /// Adds all it may be found by to `text`, folded (see [`fn@domain::fold`]), each followed by a line feed.
    pub fn write_words(&self, text: &mut String) {
        let words = [
            self.asset_number,
            self.name,
            self.maker,
            self.model,
            self.os,
            self.os_version,
            self.software,
            self.software_version,
            self.location,
            self.hostnames,
            self.addresses,
            self.macs,
            self.zone,
        ];
        for word in words.into_iter().filter(|word| !word.is_empty()) {
            domain::fold::fold_onto(text, word);
            text.push('\n');
        }
        // A card is looked for without its dashes too.
        for mac in self.macs.split('\n').filter(|mac| !mac.is_empty()) {
            mac.split('-').for_each(|octet| domain::fold::fold_onto(text, octet));
            text.push('\n');
        }
    }
}

/// A finding, with its sentences as text this crate does not look into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingRow {
    /// Rule and subject.
    pub key: FindingKey,
    /// How soon somebody should look.
    pub severity: Severity,
    /// The device whose chart it belongs on.
    pub device: Option<DeviceId>,
    /// Digest of the facts it rests on.
    pub basis: Digest,
    /// Title, reason, remedy and evidence, as JSON.
    pub messages: String,
}

/// A standing finding without its sentences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingHead {
    /// Rule and subject.
    pub key: FindingKey,
    /// How soon somebody should look.
    pub severity: Severity,
    /// The device whose chart it belongs on.
    pub device: Option<DeviceId>,
    /// Digest of the facts it rests on.
    pub basis: Digest,
    /// Day of the round that found it first.
    pub opened: Date,
}

/// A finding and how long it stood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredFinding {
    /// What was found, as the last round that found it said.
    pub finding: FindingRow,
    /// Day of the round that found it first.
    pub opened: Date,
    /// Day of the round that did not find it any more.
    pub closed: Option<Date>,
}

/// Which findings to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FindingFilter {
    /// Every one, each time it stood.
    All,
    /// Those that are gone.
    Closed,
    /// Those of a severity that stood after the round of this day.
    StoodOn(Severity, Date),
    /// Those of one device, open and closed.
    OfDevice(DeviceId),
    /// Those that stand.
    Open,
}

/// What a round changed among the findings, each list in the order of the keys' writing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settlement {
    /// Found now and not standing before.
    pub new: Vec<FindingKey>,
    /// Standing before and not found now.
    pub gone: Vec<FindingKey>,
    /// Standing before and found again.
    pub standing: Vec<FindingKey>,
}

/// A person's answer to "which column is which", for one header of one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappingRow {
    /// The series.
    pub source: SourceId,
    /// Digest of the header it was given for.
    pub fingerprint: Digest,
    /// The answer, as JSON that this crate does not look into.
    pub mapping: String,
}

/// A step of a matter (用件).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatterStep {
    /// The matter's number, counted from 1 among those of its kind.
    pub number: u32,
    /// The step's number, counted from 1.
    pub step: u32,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: String,
    /// What, as JSON that this crate does not look into.
    pub body: String,
}

/// A round (見回り) that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// Counted from 1.
    pub number: u32,
    /// The day it was done for.
    pub date: Date,
    /// When it was run.
    pub run_at: Timestamp,
    /// Findings that were new.
    pub new: u32,
    /// Findings that were gone.
    pub gone: u32,
    /// Findings that stood before.
    pub standing: u32,
    /// Hash of the last audit entry before the round: whoever has the round's page can tell a chain that was cut off or rewritten.
    pub audit_head: Digest,
}

/// What walking the audit chain showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChainState {
    /// The chain does not hold.
    Broken {
        /// Number of the first entry that is wrong.
        seq: u64,
        /// What is wrong with it.
        why: ChainBreak,
    },
    /// Every entry follows the one before it, and every known head is among them.
    Whole {
        /// How many entries there are.
        entries: u64,
        /// Hash of the last one.
        head: Digest,
    },
}

/// Why an audit chain does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChainBreak {
    /// The entry's own words do not give its hash: it was changed.
    Changed,
    /// A hash that was written down elsewhere is not in the chain: entries were cut off its end, or all of it was rewritten.
    HeadMissing,
    /// The number is missing: entries were taken out.
    Missing,
    /// The entry does not name the entry before it.
    Unchained,
    /// The entry cannot be read at all.
    Unreadable,
}

/// An account with what proves that it is really the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAccount {
    /// The account.
    pub account: Account,
    /// The password, as argon2id in PHC form.
    pub password: String,
    /// The secret that the person's authenticator shares; `None` where no second factor is enrolled.
    pub second_factor: Option<Vec<u8>>,
    /// The last time step whose code was used: a code counts once.
    pub last_step: u64,
    /// SHA-256 of the recovery codes that are left, in hexadecimal, separated by spaces.
    pub recovery: String,
}

impl KeptAccount {
    /// The same, with the account saying whether a second factor is there.
    #[must_use]
    pub fn with_factor(mut self) -> Self {
        self.account.has_second_factor = self.second_factor.is_some();
        self
    }
}

/// What a script signs in with; the token itself is nowhere kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptToken {
    /// SHA-256 of the token.
    pub digest: Digest,
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// The last day on which it can be used.
    pub ends: Date,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it.
    pub created_by: String,
}
