//! Feeds: what others publish of vulnerabilities, read record by record, so that a feed of gigabytes needs the memory of one record.
//!
//! A feed is told by its content, opened where it is gzip or a zip, and handed on as [`domain::FeedRecord`]s. What each party's words
//! come to is written in `docs/model/advisory.md`.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use domain::{FeedRecord, SupportTable, Warning, msg};
use jiff::Timestamp;

use crate::reading::Refusal;
use crate::text::excerpt;
use gather::Gather;
use source::Document;

mod budget;
mod configurations;
mod csaf;
mod cve;
mod cve_versions;
mod drive;
mod endoflife;
mod epss;
mod fault;
mod fuzz;
mod gather;
mod json;
mod jvn;
mod kev;
mod nvd;
mod openvex;
mod osv;
mod recognise;
mod source;
mod split;
mod versions;
mod xml;

pub use fuzz::{
    fuzz_any, fuzz_csaf, fuzz_cve, fuzz_endoflife, fuzz_epss, fuzz_jvn, fuzz_kev, fuzz_nvd,
    fuzz_openvex, fuzz_osv, fuzz_versions,
};
pub use recognise::recognise;

/// What a feed is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FeedFormat {
    /// CSAF 2.0 (OASIS), advisories and VEX.
    Csaf,
    /// CVE records, JSON 5.
    Cve,
    /// End-of-life tables of endoflife.date, JSON, v0 and v1. They tell of no vulnerability.
    EndOfLife,
    /// FIRST's forecast of exploitation, CSV.
    Epss,
    /// JVN iPedia, JSON (MyJVN's form "OKA").
    JvnJson,
    /// JVN iPedia, XML (MyJVN's form "HND").
    JvnXml,
    /// CISA's catalogue of known exploited vulnerabilities, JSON or CSV.
    Kev,
    /// NIST's National Vulnerability Database, JSON 2.0.
    Nvd,
    /// OpenVEX.
    OpenVex,
    /// The Open Source Vulnerability format.
    Osv,
}

impl FeedFormat {
    /// Every format.
    pub const ALL: &'static [Self] = &[
        Self::Csaf,
        Self::Cve,
        Self::EndOfLife,
        Self::Epss,
        Self::JvnJson,
        Self::JvnXml,
        Self::Kev,
        Self::Nvd,
        Self::OpenVex,
        Self::Osv,
    ];

    /// The word of JSON values and texts.
    pub fn key(self) -> &'static str {
        match self {
            Self::Csaf => "csaf",
            Self::Cve => "cve",
            Self::EndOfLife => "endoflife",
            Self::Epss => "epss",
            Self::JvnJson => "jvn-json",
            Self::JvnXml => "jvn-xml",
            Self::Kev => "kev",
            Self::Nvd => "nvd",
            Self::OpenVex => "openvex",
            Self::Osv => "osv",
        }
    }
}

/// What was found in one feed, beside its records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedReading {
    /// What it is written in.
    pub format: FeedFormat,
    /// Records of the feed that were read: CVEs, documents, entries, lines.
    pub records: u64,
    /// What was handed to the sink; a document on several vulnerabilities is one record and gives several.
    pub given: u64,
    /// The newest date of change, publication, scoring or release that stands in it.
    pub newest: Option<Timestamp>,
    /// The edition of its format, as written.
    pub schema: Option<String>,
    /// What it says of when the support of products ends: such tables go to nobody's sink.
    pub support: Vec<SupportTable>,
    /// Records that could not be read, each with its name and why: the first thousand.
    pub refused: Vec<Warning>,
    /// How many could not be read in all.
    pub refused_count: u64,
    /// What a person should know beside that: the first thousand.
    pub warnings: Vec<Warning>,
    /// What was left out on purpose, by reason, with how many.
    pub skipped: BTreeMap<&'static str, u64>,
}

impl FeedReading {
    fn new(format: FeedFormat) -> Self {
        Self {
            format,
            records: 0,
            given: 0,
            newest: None,
            schema: None,
            support: Vec::new(),
            refused: Vec::new(),
            refused_count: 0,
            warnings: Vec::new(),
            skipped: BTreeMap::new(),
        }
    }
}

/// Reads a feed, and hands each of its records to `sink` as soon as it is read. `name` is for messages only.
///
/// A record that cannot be read is named in [`FeedReading::refused`] and the others are used; so is a whole document among others
/// in a zip, where nothing of it was handed on.
///
/// # Errors
///
/// A refusal where the bytes are no feed, of an edition that is not read, or cannot be trusted as a whole: cut short, damaged, not
/// well-formed. Records may have gone to `sink` before that was noticed: whoever calls must then throw them away.
pub fn read<R: Read + Seek>(
    input: R,
    name: &str,
    sink: &mut dyn FnMut(FeedRecord),
) -> Result<FeedReading, Refusal> {
    let mut gather: Option<Gather<'_>> = None;
    let mut sink = Some(sink);
    let mut unknown = 0;
    source::each_document(input, name, &mut |document: &mut Document<'_>| {
        let Some(format) = recognise(&document.head) else {
            if document.entry.is_none() {
                return Err(no_feed(name));
            }
            unknown += 1;
            return Ok(());
        };
        let gather = match (&mut gather, sink.take()) {
            (Some(gather), _) => gather,
            (none, Some(sink)) => none.insert(Gather::new(format, sink)),
            (None, None) => return Ok(()),
        };
        gather.enter(document.entry.as_deref());
        if gather.reading.format != format {
            let file = excerpt(document.entry.as_deref().unwrap_or(name));
            gather.warn(0, msg!("feed.other_format", file = file, format = format.key()));
            return Ok(());
        }
        drive::document(format, document, name, gather)
    })?;
    let mut gather = gather.ok_or_else(|| no_feed(name))?;
    gather.skip("feed_files", unknown);
    gather.finish()
}

fn no_feed(name: &str) -> Refusal {
    Refusal { message: msg!("refusal.feed_unknown", file = excerpt(name)) }
}

#[cfg(test)]
mod tests;
