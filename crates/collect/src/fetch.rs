//! Fetching one file: from where it was left, and only where it changed.

use std::fs::File;
use std::io::{Read, Write};

use ureq::http::HeaderMap;

use crate::address::Address;
use crate::client::{Answer, TRIES};
use crate::folder::part_name;
use crate::ledger::{Entry, Whole};
use crate::{Client, FetchError, Folder, Item, header};

/// Bytes taken at once.
const PIECE: usize = 64 << 10;

/// What is waited after a cut.
const AFTER_A_CUT: std::time::Duration = std::time::Duration::from_secs(5);

/// What happens while a file is fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event<'e> {
    /// This address is asked now.
    Asking {
        /// The address.
        url: &'e str,
    },
    /// They want to be asked later, or the line was cut.
    Waiting {
        /// For so many seconds.
        seconds: u64,
    },
    /// So much of it is here.
    Came {
        /// Bytes.
        bytes: u64,
        /// Of so many, where that is known.
        of: Option<u64>,
    },
}

/// What came of fetching a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Got {
    /// It is new here: so many bytes, of which so many had come before.
    Fetched {
        /// Its length.
        bytes: u64,
        /// What was there of it already.
        resumed: u64,
    },
    /// It has not changed since.
    Unchanged {
        /// Its length.
        bytes: u64,
    },
}

/// A body that is cut off can be taken up again.
enum Body {
    Whole(Got),
    /// The line was cut after some of it came.
    Cut(FetchError),
    /// The part does not fit what is there now.
    Misfit,
}

/// Fetches `item` into `folder`, telling what happens.
///
/// # Errors
///
/// Why not. What stood under its name stands there still, and what came of it is kept for the next time.
pub fn fetch(
    client: &mut Client,
    folder: &mut Folder,
    item: &Item,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Got, FetchError> {
    let address = Address::of(&item.url)?;
    let mut job = Job { client, folder, item, address };
    for _ in 1..TRIES {
        match job.run(tell)? {
            Body::Whole(got) => return Ok(got),
            Body::Cut(_) => job.client.wait(AFTER_A_CUT, tell),
            Body::Misfit => job.folder.drop_part(&item.file)?,
        }
    }
    match job.run(tell)? {
        Body::Whole(got) => Ok(got),
        Body::Cut(error) => Err(error),
        Body::Misfit => Err(FetchError::Unmeasured { url: item.url.clone() }),
    }
}

struct Job<'j> {
    client: &'j mut Client,
    folder: &'j mut Folder,
    item: &'j Item,
    address: Address,
}

impl Job<'_> {
    fn run(&mut self, tell: &mut dyn FnMut(Event<'_>)) -> Result<Body, FetchError> {
        let entry = self.folder.entry(&self.item.file, &self.item.url);
        let had = self.part_had(&entry);
        let range = format!("bytes={had}-");
        let headers = self.question(&entry, had, &range);
        let conditional = had == 0 && !headers.is_empty();
        let answer = self.client.ask(&self.address, &headers, tell)?;
        match answer.status {
            200 => self.begin(entry, answer, tell),
            206 if had > 0 => self.go_on(entry, had, answer, tell),
            304 if conditional => {
                self.folder.drop_part(&self.item.file)?;
                let bytes = entry.whole.map(|whole| whole.size).unwrap_or_default();
                Ok(Body::Whole(Got::Unchanged { bytes }))
            }
            416 if had > 0 => Ok(Body::Misfit),
            404 | 410 => Err(FetchError::Missing { url: self.url() }),
            status => Err(FetchError::Status { url: self.url(), status }),
        }
    }

    /// How much of the file is here and can be gone on with; 0 where nothing is.
    fn part_had(&self, entry: &Entry) -> u64 {
        let part = entry.part.as_ref().and(self.folder.size_of(&part_name(&self.item.file)));
        part.filter(|size| *size < self.item.limit).unwrap_or_default()
    }

    /// The headers: the rest of a part where its version still stands (RFC 9110, 14.2 and 13.1.5), or the whole where it changed
    /// (13.1.2 and 13.1.3).
    fn question<'q>(
        &self,
        entry: &'q Entry,
        had: u64,
        range: &'q str,
    ) -> Vec<(&'static str, &'q str)> {
        if let (Some(validator), 1..) = (&entry.part, had) {
            return vec![("range", range), ("if-range", validator)];
        }
        let there = self.folder.size_of(&self.item.file);
        let Some(whole) = entry.whole.as_ref().filter(|whole| there == Some(whole.size)) else {
            return Vec::new();
        };
        let tag = whole.etag.as_deref().map(|tag| ("if-none-match", tag));
        let date = whole.last_modified.as_deref().map(|date| ("if-modified-since", date));
        tag.into_iter().chain(date).collect()
    }

    /// The whole comes from its beginning.
    fn begin(
        &mut self,
        mut entry: Entry,
        answer: Answer,
        tell: &mut dyn FnMut(Event<'_>),
    ) -> Result<Body, FetchError> {
        let total = header::length(&answer.headers);
        if header::is_page(&answer.headers) {
            return Err(FetchError::Page { url: self.url() });
        }
        if total == Some(0) || (total.is_none() && !header::tells_its_end(&answer.headers)) {
            return Err(FetchError::Unmeasured { url: self.url() });
        }
        self.check_size(total.unwrap_or_default())?;
        // First the old part goes, then the new version is written down, then bytes of it come.
        self.folder.drop_part(&self.item.file)?;
        entry.part = header::strong_validator(&answer.headers);
        self.folder.note(&self.item.file, entry.clone())?;
        let part = self.folder.part(&self.item.file, false)?;
        self.take(entry, Taking { part, had: 0, total }, answer, tell)
    }

    /// The rest of a part comes.
    fn go_on(
        &mut self,
        entry: Entry,
        had: u64,
        answer: Answer,
        tell: &mut dyn FnMut(Event<'_>),
    ) -> Result<Body, FetchError> {
        let Some((first, total)) = header::content_range(&answer.headers) else {
            return Ok(Body::Misfit);
        };
        // A server that minds no If-Range may still tell that its file is another one now (RFC 9110, 15.3.7).
        let tag = header::text(&answer.headers, "etag");
        let tagged = entry.part.as_deref().filter(|validator| validator.starts_with('"'));
        if first != had || tag.zip(tagged).is_some_and(|(now, before)| now != before) {
            return Ok(Body::Misfit);
        }
        self.check_size(total)?;
        let part = self.folder.part(&self.item.file, true)?;
        self.take(entry, Taking { part, had, total: Some(total) }, answer, tell)
    }

    fn take(
        &mut self,
        entry: Entry,
        mut taking: Taking,
        mut answer: Answer,
        tell: &mut dyn FnMut(Event<'_>),
    ) -> Result<Body, FetchError> {
        let mut came = taking.had;
        let mut piece = vec![0; PIECE];
        let mut body = answer.body.as_reader();
        loop {
            let read = match body.read(&mut piece) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) => return self.cut(&taking.part, &error.to_string()),
            };
            came += read as u64;
            if let Err(error) = self.check_size(came) {
                self.folder.drop_part(&self.item.file)?;
                return Err(error);
            }
            let bytes = piece.get(..read).unwrap_or_default();
            taking.part.write_all(bytes).map_err(self.unwritten())?;
            tell(Event::Came { bytes: came, of: taking.total });
        }
        if came == 0 {
            return Err(FetchError::Unmeasured { url: self.url() });
        }
        match taking.total {
            Some(total) if came < total => self.cut(&taking.part, "EOF"),
            Some(total) if came > total => Ok(Body::Misfit),
            _ => self.finish(entry, taking, came, &answer.headers),
        }
    }

    /// What came stays, on the disk, to be gone on with.
    fn cut(&self, part: &File, cause: &str) -> Result<Body, FetchError> {
        part.sync_all().map_err(self.unwritten())?;
        Ok(Body::Cut(FetchError::connection(&self.item.url, &cause)))
    }

    /// All of it is here: on the disk, then in its place, then written down.
    fn finish(
        &mut self,
        mut entry: Entry,
        taking: Taking,
        bytes: u64,
        headers: &HeaderMap,
    ) -> Result<Body, FetchError> {
        taking.part.sync_all().map_err(self.unwritten())?;
        drop(taking.part);
        self.folder.put(&self.item.file)?;
        let text = |name| header::text(headers, name).map(str::to_owned);
        entry.part = None;
        entry.whole =
            Some(Whole { size: bytes, etag: text("etag"), last_modified: text("last-modified") });
        self.folder.note(&self.item.file, entry)?;
        Ok(Body::Whole(Got::Fetched { bytes, resumed: taking.had }))
    }

    fn check_size(&self, bytes: u64) -> Result<(), FetchError> {
        let limit = self.item.limit;
        if bytes > limit { Err(FetchError::TooLarge { url: self.url(), limit }) } else { Ok(()) }
    }

    fn unwritten(&self) -> impl FnOnce(std::io::Error) -> FetchError {
        FetchError::folder(&self.folder.path().join(part_name(&self.item.file)))
    }

    fn url(&self) -> String {
        self.item.url.clone()
    }
}

/// A body under way.
struct Taking {
    part: File,
    /// What of it was here already.
    had: u64,
    /// Its length, where that is known.
    total: Option<u64>,
}
