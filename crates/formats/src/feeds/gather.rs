//! What is gathered while a feed is read: its records go on at once, what is to be told of it stays.

use std::sync::Arc;

use domain::{Advisory, Exploited, FeedRecord, Forecast, Message, Place, Warning, msg};
use jiff::Timestamp;

use super::{FeedFormat, FeedReading};
use crate::reading::Refusal;
use crate::text::excerpt;

/// Refusals and warnings that are kept by name; the others are counted.
const MAX_NAMED: usize = 1000;

/// Why one record, or the whole document, is not taken.
#[derive(Debug)]
pub(super) enum Reject {
    /// The record does not have the form of its format.
    Form(serde_json::Error),
    /// The record has no number.
    NoNumber,
    /// The record is of an edition of its format that is not read.
    Edition(String),
    /// Something else, told by this.
    Told(Message),
}

impl From<serde_json::Error> for Reject {
    fn from(error: serde_json::Error) -> Self {
        Self::Form(error)
    }
}

/// Takes what readers find.
pub(super) struct Gather<'s> {
    sink: &'s mut dyn FnMut(FeedRecord),
    pub(super) reading: FeedReading,
    entry: Option<Arc<str>>,
    expected: Option<u64>,
}

impl<'s> Gather<'s> {
    pub(super) fn new(format: FeedFormat, sink: &'s mut dyn FnMut(FeedRecord)) -> Self {
        Self { sink, reading: FeedReading::new(format), entry: None, expected: None }
    }

    /// What follows comes from this file of a zip.
    pub(super) fn enter(&mut self, entry: Option<&str>) {
        self.entry = entry.map(Arc::from);
    }

    /// The place of the `number`th record, or line.
    fn place(&self, number: u64) -> Place {
        Place::row(self.entry.clone(), u32::try_from(number).unwrap_or(u32::MAX))
    }

    /// Hands on an advisory.
    pub(super) fn advisory(&mut self, advisory: Advisory) {
        self.seen(advisory.modified.or(advisory.published));
        self.give(FeedRecord::Advisory(Box::new(advisory)));
    }

    /// Hands on an entry of the catalogue of known exploited vulnerabilities.
    pub(super) fn exploited(&mut self, exploited: Exploited) {
        self.give(FeedRecord::Exploited(exploited));
    }

    /// Hands on a forecast.
    pub(super) fn forecast(&mut self, id: String, forecast: Forecast) {
        self.give(FeedRecord::Forecast(id, forecast));
    }

    fn give(&mut self, record: FeedRecord) {
        self.reading.given += 1;
        (self.sink)(record);
    }

    /// A moment that the content names, for its newest.
    pub(super) fn seen(&mut self, moment: Option<Timestamp>) {
        self.reading.newest = self.reading.newest.max(moment);
    }

    /// Notes the edition of the format, the first time.
    pub(super) fn schema(&mut self, schema: &str) {
        if self.reading.schema.is_none() && !schema.is_empty() {
            self.reading.schema = Some(excerpt(schema));
        }
    }

    /// A record was read.
    pub(super) fn record(&mut self) {
        self.reading.records += 1;
    }

    /// The document says that it, or the whole it is a part of, has so many records.
    pub(super) fn expect(&mut self, count: u64) {
        self.expected = Some(self.expected.unwrap_or(0).saturating_add(count));
    }

    /// Counts something that was left out on purpose.
    pub(super) fn skip(&mut self, reason: &'static str, count: u64) {
        if count > 0 {
            *self.reading.skipped.entry(reason).or_default() += count;
        }
    }

    /// Tells something of the `number`th record; of the document as a whole where that is 0.
    pub(super) fn warn(&mut self, number: u64, message: Message) {
        if self.reading.warnings.len() < MAX_NAMED {
            let place = self.place(number);
            self.reading.warnings.push(Warning { place, message });
        } else {
            self.skip("feed_warnings", 1);
        }
    }

    /// Refuses the `number`th record, which calls itself `id`.
    pub(super) fn refuse(&mut self, number: u64, id: Option<&str>, why: &Reject) {
        self.reading.refused_count += 1;
        if self.reading.refused.len() < MAX_NAMED {
            let place = self.place(number);
            let id = id.unwrap_or("?");
            // In a zip, the file is the better name.
            let message = match &self.entry {
                Some(entry) => told(number, &format!("{entry} {id}"), why),
                None => told(number, id, why),
            };
            self.reading.refused.push(Warning { place, message });
        }
    }

    /// The end: what was read, or a refusal where nothing could be.
    pub(super) fn finish(mut self) -> Result<FeedReading, Refusal> {
        if self.reading.records == 0 {
            if let Some(first) = self.reading.refused.first() {
                return Err(Refusal { message: first.message.clone() });
            }
            self.warn(0, msg!("feed.no_records"));
        }
        let found = self.reading.records + self.reading.refused_count;
        if let Some(expected) = self.expected.filter(|expected| *expected != found) {
            self.entry = None;
            self.warn(0, msg!("feed.count", expected = expected, found = found));
        }
        Ok(self.reading)
    }
}

/// Says why a record was refused.
fn told(number: u64, id: &str, why: &Reject) -> Message {
    let id = excerpt(id);
    match why {
        Reject::Form(error) => {
            let detail = excerpt(&error.to_string());
            msg!("feed.refused_form", number = number, id = id, detail = detail)
        }
        Reject::NoNumber => msg!("feed.refused_no_number", number = number),
        Reject::Edition(edition) => {
            msg!("feed.refused_edition", number = number, id = id, edition = excerpt(edition))
        }
        Reject::Told(message) => message.clone(),
    }
}
