//! Feeds as they were published, held against counts and ranges that a script took from the same files (testdata/feeds/SOURCES.md).

use std::fs;
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};

use domain::{Advisory, Claim, FeedRecord, VersionBound, Versions};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde_json::Value;
use zip::write::SimpleFileOptions;

use super::*;

mod documents;
mod endoflife;
mod hostile;
mod in_place;
mod refusals;
mod samples;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/feeds")
}

fn bytes(name: &str) -> Vec<u8> {
    fs::read(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The content of a sample, opened.
fn plain(name: &str) -> Vec<u8> {
    let mut opened = Vec::new();
    GzDecoder::new(bytes(name).as_slice()).read_to_end(&mut opened).unwrap();
    opened
}

fn expected() -> Value {
    serde_json::from_slice(&bytes("expected.json")).unwrap()
}

fn read_bytes(bytes: &[u8]) -> Result<(FeedReading, Vec<FeedRecord>), Refusal> {
    let mut records = Vec::new();
    let reading = read(Cursor::new(bytes), "sample", &mut |record| records.push(record))?;
    assert_eq!(reading.given, records.len() as u64);
    Ok((reading, records))
}

fn read_sample(name: &str) -> (FeedReading, Vec<FeedRecord>) {
    read_bytes(&bytes(name)).unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"))
}

fn advisories(records: &[FeedRecord]) -> Vec<&Advisory> {
    let mut read = Vec::new();
    for record in records {
        if let FeedRecord::Advisory(advisory) = record {
            read.push(&**advisory);
        }
    }
    read
}

fn ranges(advisory: &Advisory) -> usize {
    let sets = advisory.claims.iter().map(|claim| match &claim.versions {
        Versions::These(set) => set.ranges.len(),
        _ => 0,
    });
    sets.sum()
}

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// How often each line stands in a list.
fn multiset(lines: impl IntoIterator<Item = String>) -> BTreeMap<String, usize> {
    let mut set = BTreeMap::new();
    for line in lines {
        *set.entry(line).or_default() += 1;
    }
    set
}

/// Lines of a table that a script wrote.
fn table(name: &str) -> BTreeMap<String, usize> {
    multiset(String::from_utf8(plain(name)).unwrap().lines().map(str::to_owned))
}

/// The ranges of claims.
fn each_range(
    claims: &[Claim],
) -> impl Iterator<Item = (&Claim, Option<&VersionBound>, Option<&VersionBound>)> {
    claims.iter().flat_map(|claim| {
        let ranges = match &claim.versions {
            Versions::These(set) => set.ranges.as_slice(),
            _ => &[],
        };
        ranges.iter().map(move |range| (claim, range.from.as_ref(), range.to.as_ref()))
    })
}
