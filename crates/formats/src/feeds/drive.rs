//! Takes a document of a known format through its reader.

use std::io::Read;

use domain::msg;
use serde::de::IgnoredAny;

use super::fault::Fault;
use super::gather::{Gather, Reject};
use super::source::Document;
use super::split::{Piece, Splitter};
use super::{FeedFormat, csaf, cve, endoflife, epss, jvn, kev, nvd, openvex, osv, recognise};
use crate::reading::Refusal;
use crate::text::excerpt;

/// Reads one record of a JSON feed: `number` is its number in the document.
pub(super) type ReadRecord = fn(&[u8], u64, &mut Gather<'_>) -> Result<(), Reject>;

/// Takes note of a member that stands beside the records.
pub(super) type ReadMember = fn(&str, &[u8], &mut Gather<'_>);

/// How a JSON feed is laid out.
pub(super) struct Layout {
    /// The members that lead to the array of records, where the document has that form.
    pub(super) records: &'static [&'static str],
    /// What is read of the other members.
    pub(super) member: ReadMember,
    /// Reads a record.
    pub(super) record: ReadRecord,
    /// The member that names a record, for what is told of one that cannot be read.
    pub(super) name: &'static str,
}

/// Reads a document of `format`.
pub(super) fn document(
    format: FeedFormat,
    document: &mut Document<'_>,
    name: &str,
    gather: &mut Gather<'_>,
) -> Result<(), Refusal> {
    let file = document.entry.clone().unwrap_or_else(|| name.to_owned());
    let before = gather.reading.given;
    if let Some((edition, read)) = recognise::unread_edition(&document.head) {
        let message =
            msg!("refusal.feed_edition", file = excerpt(&file), edition = edition, read = read);
        if document.entry.is_some() {
            gather.refuse(0, None, &Reject::Told(message));
            return Ok(());
        }
        return Err(Refusal { message });
    }
    let head = document.head.clone();
    let bytes = document.read();
    let read = match format {
        FeedFormat::Kev if !recognise::is_json(&head) => kev::read_csv(bytes, gather),
        FeedFormat::EndOfLife => endoflife::read(bytes, &file, gather),
        FeedFormat::Epss => epss::read(bytes, gather),
        FeedFormat::Nvd => json(&nvd::layout(&head), &head, bytes, gather),
        FeedFormat::Kev => json(&kev::LAYOUT, &head, bytes, gather),
        FeedFormat::Osv => json(&osv::LAYOUT, &head, bytes, gather),
        FeedFormat::Csaf => json(&csaf::LAYOUT, &head, bytes, gather),
        FeedFormat::OpenVex => json(&openvex::LAYOUT, &head, bytes, gather),
        FeedFormat::JvnXml => jvn::xml::read(bytes, gather),
        FeedFormat::JvnJson => json(recognise::jvn_layout(&head), &head, bytes, gather),
        FeedFormat::Cve => json(&cve::LAYOUT, &head, bytes, gather),
    };
    match read {
        Ok(()) => Ok(()),
        // A document of its own among others in a zip, of which nothing was handed on yet, costs only itself.
        Err(fault)
            if document.entry.is_some()
                && before == gather.reading.given
                && !fault.is_of_bytes() =>
        {
            gather.refuse(0, None, &Reject::Told(fault.refusal(&file).message));
            Ok(())
        }
        Err(fault) => Err(fault.refusal(&file)),
    }
}

/// Reads a JSON document, record by record.
fn json(
    layout: &Layout,
    head: &[u8],
    bytes: impl Read,
    gather: &mut Gather<'_>,
) -> Result<(), Fault> {
    let by_lines = layout.records.is_empty() && recognise::is_lines(head);
    let mut split =
        if by_lines { Splitter::lines(bytes) } else { Splitter::new(bytes, layout.records) };
    let mut number = 0;
    loop {
        let Some(piece) = split.next()? else { return Ok(()) };
        match piece {
            Piece::Member(name, value) => (layout.member)(name, value, gather),
            Piece::Record(bytes, ..) if bytes.trim_ascii().is_empty() => {}
            Piece::Record(bytes, line, lines) => {
                number += 1;
                let place = if lines { line } else { number };
                match (layout.record)(bytes, place, gather) {
                    Ok(()) => gather.record(),
                    Err(why) => {
                        // In lines each stands by itself; elsewhere a document that is not well-formed is not one.
                        let sound = serde_json::from_slice::<IgnoredAny>(bytes);
                        if let (Err(error), false) = (sound, lines) {
                            return Err(Fault::Syntax(line + (error.line() as u64).max(1) - 1));
                        }
                        let id = recognise::text_of(bytes, layout.name);
                        gather.refuse(place, id.as_deref(), &why);
                    }
                }
            }
        }
    }
}
