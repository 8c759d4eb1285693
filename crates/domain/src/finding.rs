//! Findings (所見): what a rule has to say of the hospital today. Derived; can be recomputed at any time.

use std::fmt;
use std::net::Ipv4Addr;
use std::str::FromStr;

use crate::vocabulary::words;
use crate::{DeviceId, Digest, Field, Message, Network, ObservationRef, SourceId};

words! {
    /// How soon somebody should look.
    Severity {
        /// 不明: cannot be judged from what there is. Never counted as good.
        Unknown = "unknown",
        /// お知らせ: worth knowing.
        Notice = "notice",
        /// 注意: to be settled in the coming days.
        Warning = "warning",
        /// 至急: look today.
        Urgent = "urgent",
    }
}

/// What a finding is about, in a form that stays the same from round to round.
///
/// Written `account:LOGIN`, `device:ID`, `address:A.B.C.D`, `network:A.B.C.D/N`, `source:NAME`, `field:NAME/FIELD`, `product:NAME`, `job:NAME`,
/// `change:NUMBER`, `inquiry:NUMBER`, `notice:NUMBER`, `port:ID/PORT` or `setting:ID/NAME`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// One device.
    Device(DeviceId),
    /// One address.
    Address(Ipv4Addr),
    /// One network.
    Network(Network),
    /// A source as a whole.
    Source(SourceId),
    /// One column of a source.
    Field(SourceId, Field),
    /// What several devices run or are, by its folded name.
    Product(String),
    /// A backup job, by its folded name.
    Job(String),
    /// A port of a switch.
    Port(DeviceId, String),
    /// A setting of a device, by its kind and its name in the configuration.
    Setting(DeviceId, String),
    /// An account of the desk, by its login.
    Account(String),
    /// A planned change, by its number.
    Change(u32),
    /// An inquiry to a vendor, by its number.
    Inquiry(u32),
    /// A notice, by its number.
    Notice(u32),
}

impl Subject {
    /// The device it names, where it names one.
    pub fn device(&self) -> Option<DeviceId> {
        match self {
            Self::Device(id) | Self::Port(id, _) | Self::Setting(id, _) => Some(*id),
            _ => None,
        }
    }

    /// The same subject of device `id`, where it names one: a decision follows a merge.
    #[must_use]
    pub fn of_device(self, id: DeviceId) -> Self {
        match self {
            Self::Device(_) => Self::Device(id),
            Self::Port(_, port) => Self::Port(id, port),
            Self::Setting(_, name) => Self::Setting(id, name),
            other => other,
        }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Device(id) => write!(f, "device:{id}"),
            Self::Address(address) => write!(f, "address:{address}"),
            Self::Network(network) => write!(f, "network:{network}"),
            Self::Source(source) => write!(f, "source:{source}"),
            Self::Field(source, field) => write!(f, "field:{source}/{}", field.key()),
            Self::Product(name) => write!(f, "product:{name}"),
            Self::Job(name) => write!(f, "job:{name}"),
            Self::Port(id, port) => write!(f, "port:{id}/{port}"),
            Self::Setting(id, name) => write!(f, "setting:{id}/{name}"),
            Self::Account(login) => write!(f, "account:{login}"),
            Self::Change(number) => write!(f, "change:{number}"),
            Self::Inquiry(number) => write!(f, "inquiry:{number}"),
            Self::Notice(number) => write!(f, "notice:{number}"),
        }
    }
}

/// The code of a rule, family and number, such as `NET003`: at most eight ASCII letters and digits. A hospital has a hundred thousand
/// findings, and each names its rule; so it is no text of its own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleCode([u8; 8]);

impl RuleCode {
    /// The code written `text`; none where that is no code.
    pub const fn new(text: &str) -> Option<Self> {
        let text = text.as_bytes();
        if text.is_empty() || text.len() > 8 {
            return None;
        }
        let mut code = [0; 8];
        let mut at = 0;
        while at < text.len() {
            if !text[at].is_ascii_alphanumeric() {
                return None;
            }
            code[at] = text[at];
            at += 1;
        }
        Some(Self(code))
    }

    /// As it is written.
    pub fn as_str(&self) -> &str {
        let end = self.0.iter().position(|byte| *byte == 0).unwrap_or(self.0.len());
        // Nothing but ASCII came in.
        self.0.get(..end).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default()
    }
}

impl std::ops::Deref for RuleCode {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq<str> for RuleCode {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for RuleCode {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl fmt::Display for RuleCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self)
    }
}

impl fmt::Debug for RuleCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

/// Names a finding within the facility: the rule and what it speaks of. Written `NET003/address:10.102.41.1`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FindingKey {
    /// The rule's code.
    pub rule: RuleCode,
    /// What it speaks of.
    pub subject: Subject,
}

impl fmt::Display for FindingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.rule, self.subject)
    }
}

/// The text is not the key of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a finding is named RULE/SUBJECT, such as NET003/address:10.102.41.1")]
pub struct FindingKeyError;

impl FromStr for FindingKey {
    type Err = FindingKeyError;

    fn from_str(text: &str) -> Result<Self, FindingKeyError> {
        let (rule, subject) = text.split_once('/').ok_or(FindingKeyError)?;
        let (kind, rest) = subject.split_once(':').ok_or(FindingKeyError)?;
        let subject = match kind {
            "account" => Subject::Account(rest.to_owned()),
            "device" => Subject::Device(rest.parse().map_err(|_| FindingKeyError)?),
            "address" => Subject::Address(rest.parse().map_err(|_| FindingKeyError)?),
            "network" => Subject::Network(rest.parse().map_err(|_| FindingKeyError)?),
            "source" => Subject::Source(SourceId::new(rest)),
            "field" => {
                let (source, field) = rest.rsplit_once('/').ok_or(FindingKeyError)?;
                Subject::Field(
                    SourceId::new(source),
                    Field::from_key(field).ok_or(FindingKeyError)?,
                )
            }
            "product" => Subject::Product(rest.to_owned()),
            "job" => Subject::Job(rest.to_owned()),
            "change" => Subject::Change(rest.parse().map_err(|_| FindingKeyError)?),
            "inquiry" => Subject::Inquiry(rest.parse().map_err(|_| FindingKeyError)?),
            "notice" => Subject::Notice(rest.parse().map_err(|_| FindingKeyError)?),
            "port" => of_device(rest, Subject::Port)?,
            "setting" => of_device(rest, Subject::Setting)?,
            _ => return Err(FindingKeyError),
        };
        Ok(Self { rule: RuleCode::new(rule).ok_or(FindingKeyError)?, subject })
    }
}

fn of_device(
    text: &str,
    subject: fn(DeviceId, String) -> Subject,
) -> Result<Subject, FindingKeyError> {
    let (id, name) = text.split_once('/').ok_or(FindingKeyError)?;
    Ok(subject(id.parse().map_err(|_| FindingKeyError)?, name.to_owned()))
}

/// What a rule found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Rule and subject.
    pub key: FindingKey,
    /// How soon somebody should look.
    pub severity: Severity,
    /// The device whose chart it belongs on, where there is one.
    pub device: Option<DeviceId>,
    /// The thing and what is so, in one sentence.
    pub title: Message,
    /// Why we think so.
    pub reason: Message,
    /// What to do, and who.
    pub remedy: Message,
    /// What it rests on.
    pub evidence: Vec<ObservationRef>,
    /// Digest of the facts it rests on: when it changes, an earlier decision is opened again.
    pub basis: Digest,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SignKey;

    #[test]
    fn every_key_reads_back_as_it_was_written() {
        let device = DeviceId::of(SignKey::of("host:ct-01"));
        for subject in [
            Subject::Account("t.sato-2".into()),
            Subject::Device(device),
            Subject::Address(Ipv4Addr::new(10, 102, 41, 1)),
            Subject::Network("192.168.137.0/24".parse().unwrap()),
            Subject::Source(SourceId::new("ledger/台帳")),
            Subject::Field(SourceId::new("ledger/台帳"), Field::Maker),
            Subject::Product("a社/電子カルテ".into()),
            Subject::Job("ehr-db/日次".into()),
            Subject::Inquiry(12),
            Subject::Notice(482_913),
            Subject::Change(3),
            Subject::Port(device, "Gi1/0/9".into()),
            Subject::Setting(device, "publication/1000 2".into()),
        ] {
            let key = FindingKey { rule: RuleCode::new("NET003").unwrap(), subject };
            assert_eq!(key.to_string().parse(), Ok(key));
        }
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for text in [
            "",
            "NET003",
            "NET003/",
            "NET003/device:x",
            "NET003/colour:red",
            "LED001/field:ledger/colour",
            "NET017/port:x/Gi1",
            "NET013/setting:abc",
            "FWU004/inquiry:x",
            "/account:sato",
            "NET-13/account:sato",
            "NET000013/account:sato",
        ] {
            assert_eq!(text.parse::<FindingKey>(), Err(FindingKeyError), "{text}");
        }
    }
}
