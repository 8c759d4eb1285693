//! Feeds read into the records of a new index.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek};
use std::path::Path;

use domain::advisory::{FeedKind, FeedRecord};
use domain::{Message, SupportTable, Warning, msg};
use engine::advisories::index::{Builder, Fresh, HeldError, Index, Source};
use formats::feeds::{FeedFormat, FeedReading};
use formats::parts;
use formats::reading::{self, Score};
use jiff::Timestamp;

use super::dates::Dates;
use super::take::{Content, FeedFile};

/// How much of a file is read at a time.
const PIECE: usize = 1 << 20;

/// Why nothing came of it.
pub(super) enum Stop {
    /// One file cannot be used, of which records were handed on already: its place among those given, and why.
    File(usize, Message),
    /// The records do not fit.
    Index(io::Error),
    /// The index that counts until now cannot be read.
    Old,
}

impl From<HeldError> for Stop {
    fn from(error: HeldError) -> Self {
        match error {
            HeldError::Held(_) => Self::Old,
            HeldError::Full(error) => Self::Index(error),
        }
    }
}

/// The records of the files and of the index that counts until now.
pub(super) struct Gathered {
    /// The records.
    pub(super) builder: Builder,
    /// The feeds they come from.
    pub(super) sources: Vec<Source>,
    /// How each file was read, or why it is not used.
    pub(super) readings: Vec<Result<Taken, Message>>,
    /// Whether they are to be written over the file that counts until now.
    pub(super) is_over: bool,
    /// Whether any of the files tells of vulnerabilities; without one there is no index to write.
    pub(super) is_index: bool,
    /// The support dates that count with the files.
    pub(super) dates: Dates,
}

/// What counts until now.
pub(super) struct Until<'u, 'i> {
    /// The index, where there is one that can be read.
    pub(super) index: Option<&'u Index<'i>>,
    /// The support dates that came as feeds.
    pub(super) dates: &'u Dates,
    /// The moment in which the files are taken in.
    pub(super) now: Timestamp,
}

/// What is written over an index holds a twentieth of its advisories at most: else all is written anew, so that neither what is written
/// with each import nor what is read beside the first file grows without end. This program's own choice.
const SHARE: u32 = 20;

/// An index of fewer advisories is written anew in a moment. This program's own choice.
const LEAST: u32 = 1_000;

/// What is newer already: a list that holds as a whole is not replaced by an older one, nor by one that does not say how old it is.
fn outdated(taken: &Taken, old: &[Source]) -> Option<Message> {
    let feed = taken.feed.filter(|feed| is_whole(*feed))?;
    let held =
        old.iter().filter(|source| source.feed == feed).filter_map(|source| source.newest).max()?;
    let day = |at: Timestamp| engine::known::JAPAN.to_datetime(at).date();
    let Some(own) = taken.newest else {
        return Some(msg!("refusal.feed_undated", held = day(held)));
    };
    (own < held).then(|| msg!("refusal.feed_older", date = day(own), held = day(held)))
}

/// Reads the files that are not `refused`, and adds what counts until now beside.
pub(super) fn gather(
    files: &[FeedFile],
    refused: &[Option<Message>],
    until: &Until<'_, '_>,
    step: &mut dyn FnMut(usize),
) -> Result<Gathered, Stop> {
    let old = until.index;
    let held = old.map_or(Ok(Vec::new()), Index::sources).map_err(|_| Stop::Old)?;
    let mut gathered = Gathered {
        builder: Builder::new(),
        sources: Vec::new(),
        readings: Vec::new(),
        is_over: false,
        is_index: false,
        dates: until.dates.clone(),
    };
    let mut fresh = BTreeSet::new();
    for (at, (file, refused)) in files.iter().zip(refused).enumerate() {
        if let Some(message) = refused {
            gathered.readings.push(Err(message.clone()));
            continue;
        }
        step(at);
        match add_file(file, &held, &mut gathered.builder) {
            Ok(mut taken) => {
                let reading = match taken.feed {
                    Some(feed) => {
                        fresh.insert(feed);
                        add_source(&mut gathered.sources, source(feed, &taken, &file.name));
                        Ok(taken)
                    }
                    None => {
                        let tables = std::mem::take(&mut taken.support);
                        let dates = &mut gathered.dates;
                        dates.take(tables, &mut taken, &file.name, until.now).map(|()| taken)
                    }
                };
                gathered.readings.push(reading);
            }
            Err(Fault::File(message)) => gathered.readings.push(Err(message)),
            Err(Fault::Spoiled(message)) => return Err(Stop::File(at, message)),
            Err(Fault::Index(error)) => return Err(Stop::Index(error)),
        }
    }
    let stays = |source: &Source| {
        let replaced = |own: &Source| own.feed == source.feed && own.name == source.name;
        let is_replaced = gathered.sources.iter().any(replaced);
        !(is_replaced || is_whole(source.feed) && fresh.contains(&source.feed))
    };
    let staying: Vec<Source> = held.into_iter().filter(|source| stays(source)).collect();
    gathered.sources.extend(staying);
    gathered.is_index = !fresh.is_empty();
    if let Some(old) = old.filter(|_| !fresh.is_empty()) {
        let lists = Fresh {
            exploited: fresh.contains(&FeedKind::Kev),
            forecasts: fresh.contains(&FeedKind::Epss),
        };
        let (builder, held) = (&mut gathered.builder, old.advisories());
        let most = (held / SHARE) as usize;
        gathered.is_over = held >= LEAST && builder.amend(old, lists, most)?;
        if !gathered.is_over {
            builder.add_held(old, lists)?;
        }
    }
    Ok(gathered)
}

/// The records of one file, and where they come from.
pub(crate) fn alone(path: &Path) -> Result<(Builder, Vec<Source>), Message> {
    let name = path.display().to_string();
    let mut builder = Builder::new();
    let file = FeedFile::at(path.to_owned(), shown(path));
    match add_file(&file, &[], &mut builder) {
        Ok(taken) => match taken.feed {
            Some(feed) => Ok((builder, vec![source(feed, &taken, &shown(path))])),
            None => Err(msg!("refusal.feed_unknown", file = shown(path))),
        },
        Err(Fault::File(message) | Fault::Spoiled(message)) => Err(message),
        Err(Fault::Index(error)) => Err(unread(&name, &error)),
    }
}

enum Fault {
    /// It cannot be used, and none of its records was.
    File(Message),
    /// It cannot be used, and some of its records were.
    Spoiled(Message),
    Index(io::Error),
}

/// How a file was read, and what it was read as.
#[derive(Debug)]
pub(super) struct Taken {
    /// What it was read as, such as `nvd`, `jvn-xml`, `cyclonedx`.
    pub(super) format: &'static str,
    /// The feed of vulnerabilities that it is; none where it tells of none.
    pub(super) feed: Option<FeedKind>,
    /// What it says of when the support of products ends, until that is taken up.
    pub(super) support: Vec<SupportTable>,
    /// Records that were read, without those that were refused.
    pub(super) records: u64,
    /// When the newest of them was changed.
    pub(super) newest: Option<Timestamp>,
    /// Records that were refused.
    pub(super) refused_count: u64,
    /// The first of those, with why.
    pub(super) refused: Vec<Warning>,
    /// What else should be known.
    pub(super) warnings: Vec<Warning>,
    /// What was left out on purpose.
    pub(super) skipped: BTreeMap<&'static str, u64>,
}

/// A file up to this size is read whole before any of its records counts, so that one that cannot be trusted costs no more than itself.
/// Of a larger one, the records go on as they are read, and where it is refused in the end all begins anew without it.
const HELD_BYTES: u64 = 4 << 20;

/// Reads one file into `builder`.
fn add_file(file: &FeedFile, held: &[Source], builder: &mut Builder) -> Result<Taken, Fault> {
    let name = &shown(&file.path);
    let opened = open(file).map_err(|error| Fault::File(unread(name, &error)))?;
    let (input, size) = opened;
    let waits = size <= HELD_BYTES;
    let (mut waiting, mut fault) = (Vec::new(), None);
    let reading = formats::feeds::read(input, name, &mut |record| match record {
        record @ FeedRecord::Advisory(_) if !waits => {
            if let Err(error) = builder.add(record) {
                fault.get_or_insert(error);
            }
        }
        // The lists of what is exploited and of forecasts hold as a whole: whether they are newer is known at their end.
        record => waiting.push(record),
    });
    let taken = match reading {
        Ok(reading) => taken(reading),
        Err(refusal) if waits => {
            vex(file, name, &mut waiting).ok_or(Fault::File(refusal.message))?
        }
        Err(refusal) => return Err(Fault::Spoiled(refusal.message)),
    };
    if let Some(message) = outdated(&taken, held) {
        return Err(Fault::File(message));
    }
    fault.map_or(Ok(()), |error| Err(Fault::Index(error)))?;
    waiting.into_iter().try_for_each(|record| builder.add(record)).map_err(Fault::Index)?;
    Ok(taken)
}

fn taken(reading: FeedReading) -> Taken {
    Taken {
        format: reading.format.key(),
        feed: kind(reading.format),
        support: reading.support,
        records: reading.records.saturating_sub(reading.refused_count),
        newest: reading.newest,
        refused_count: reading.refused_count,
        refused: reading.refused,
        warnings: reading.warnings,
        skipped: reading.skipped,
    }
}

/// A CycloneDX document that says something of vulnerabilities; none where it is no such thing.
fn vex(file: &FeedFile, name: &str, into: &mut Vec<FeedRecord>) -> Option<Taken> {
    let mut bytes = Vec::new();
    open(file).ok()?.0.take(parts::MAX_BYTES as u64 + 1).read_to_end(&mut bytes).ok()?;
    if parts::recognise(&bytes) == Score::No {
        return None;
    }
    let reading =
        parts::read(&reading::Input { name, bytes: &bytes, mapping: None, machine: None }).ok()?;
    if reading.advisories.is_empty() {
        return None;
    }
    let taken = Taken {
        format: "cyclonedx",
        feed: Some(FeedKind::CycloneDx),
        support: Vec::new(),
        records: reading.advisories.len() as u64,
        newest: reading.advisories.iter().filter_map(|said| said.modified.or(said.published)).max(),
        refused_count: 0,
        refused: Vec::new(),
        warnings: reading.warnings,
        skipped: BTreeMap::new(),
    };
    *into =
        reading.advisories.into_iter().map(|said| FeedRecord::Advisory(Box::new(said))).collect();
    Some(taken)
}

/// What is read a piece at a time, and looked at from its beginning again.
trait Input: Read + Seek {}

impl<T: Read + Seek> Input for T {}

/// The content of a file, and its size.
fn open(file: &FeedFile) -> io::Result<(Box<dyn Input>, u64)> {
    let path = match &file.content {
        Content::OnDisk => &file.path,
        Content::Beside(path) => path,
        Content::Here(bytes) => return Ok((Box::new(Cursor::new(*bytes)), bytes.len() as u64)),
    };
    let file = opened(path)?;
    let size = file.metadata()?.len();
    Ok((Box::new(BufReader::with_capacity(PIECE, file)), size))
}

/// Opens a file. A pipe that nobody writes to would be waited for without end.
pub(crate) fn opened(path: &Path) -> io::Result<File> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::from(io::ErrorKind::InvalidInput));
    }
    File::open(path)
}

/// The sentence for a file that cannot be read.
pub(crate) fn unread(name: &str, error: &io::Error) -> Message {
    match error.kind() {
        io::ErrorKind::NotFound => msg!("refusal.feed_not_there", file = name),
        // What `opened` says of what is no file.
        io::ErrorKind::InvalidInput => msg!("refusal.feed_no_file", file = name),
        _ => msg!("refusal.feed_unreadable", file = name, cause = error.to_string()),
    }
}

/// What a file is called in sentences.
fn shown(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_else(|| path.display().to_string())
}

/// Adds a feed; the files of one folder are one feed.
fn add_source(sources: &mut Vec<Source>, source: Source) {
    let same = |known: &&mut Source| known.feed == source.feed && known.name == source.name;
    match sources.iter_mut().find(same) {
        None => sources.push(source),
        Some(known) => {
            known.records += source.records;
            known.refused += source.refused;
            known.newest = known.newest.max(source.newest);
        }
    }
}

fn source(feed: FeedKind, taken: &Taken, name: &str) -> Source {
    Source {
        feed,
        name: name.to_owned(),
        records: taken.records,
        newest: taken.newest,
        refused: taken.refused_count,
    }
}

/// Lists that hold as a whole: what is not on the new one is on none.
fn is_whole(feed: FeedKind) -> bool {
    matches!(feed, FeedKind::Kev | FeedKind::Epss)
}

/// The feed of vulnerabilities that a format is; none where it tells of none.
fn kind(format: FeedFormat) -> Option<FeedKind> {
    Some(match format {
        FeedFormat::EndOfLife => return None,
        FeedFormat::Csaf => FeedKind::Csaf,
        FeedFormat::Cve => FeedKind::Cve,
        FeedFormat::Epss => FeedKind::Epss,
        FeedFormat::JvnJson | FeedFormat::JvnXml => FeedKind::Jvn,
        FeedFormat::Kev => FeedKind::Kev,
        FeedFormat::Nvd => FeedKind::Nvd,
        FeedFormat::OpenVex => FeedKind::OpenVex,
        FeedFormat::Osv => FeedKind::Osv,
    })
}
