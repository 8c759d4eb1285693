//! Feeds as their publishers wrote them, taken in, and what is said with them of parts lists and of a hospital.

mod changes;
mod damage;
mod days;
mod feeds;
mod groups;
mod inquiries;
mod inside;
mod matching;
mod notices;
mod parts_lists;
mod round;
mod support;
mod together;
mod vex;
mod vex_export;
mod writings;

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use app::{Act, App, FeedFile, FeedFileView, FeedsImportView, FeedsView, MatchView, MatchedView};
use domain::Actor;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use jiff::Timestamp;
use reference::Catalogue;
use reference::texts::Language;
use serde_json::Value;
use tempfile::TempDir;

const OSV: &str = "osv/records.jsonl.gz";
const KEV: &str = "kev/known_exploited_vulnerabilities.json.gz";
const EPSS_2022: &str = "epss/epss_scores-2022-02-04.csv.gz";
const DROPWIZARD: &str = "sbom/cyclonedx-bom-examples/SBOM_dropwizard-1.3.15_bom.json";

fn now() -> Timestamp {
    "2026-11-20T12:00:00+09:00".parse().unwrap()
}

fn act() -> Act {
    Act { actor: Actor("佐藤".to_owned()), now: now() }
}

/// A file of a feed as its publisher wrote it.
fn feed(name: &str) -> PathBuf {
    testdata("feeds").join(name)
}

/// A parts list as its publisher wrote it.
fn parts(name: &str) -> PathBuf {
    testdata("parts").join(name)
}

fn testdata(family: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../testdata").join(family)
}

/// The text of a compressed feed.
fn unpacked(name: &str) -> String {
    let mut text = String::new();
    GzDecoder::new(fs::File::open(feed(name)).unwrap()).read_to_string(&mut text).unwrap();
    text
}

fn packed(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn given(path: &Path) -> FeedFile {
    let name = path.file_name().unwrap().to_str().unwrap().to_owned();
    FeedFile::at(path.to_owned(), name)
}

/// A hospital's data folder, and a folder for files beside it.
struct Desk {
    app: App,
    folder: TempDir,
    beside: TempDir,
}

impl Desk {
    fn new() -> Self {
        let (folder, beside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let app = App::open(folder.path(), "main", Catalogue::load(Language::En)).unwrap();
        Self { app, folder, beside }
    }

    /// With these files of `testdata/feeds`.
    fn with(names: &[&str]) -> Self {
        let desk = Self::new();
        let view = desk.import(names);
        assert!(view.files.iter().all(|file| file.error.is_none()), "{view:?}");
        desk
    }

    fn import(&self, names: &[&str]) -> FeedsImportView {
        let files: Vec<PathBuf> = names.iter().map(|name| feed(name)).collect();
        self.import_paths(&files)
    }

    fn import_paths(&self, paths: &[PathBuf]) -> FeedsImportView {
        let files: Vec<FeedFile> = paths.iter().map(|path| given(path)).collect();
        self.app.import_feeds(&files, &mut |_| {}, &act()).unwrap()
    }

    /// Writes a file beside the data folder.
    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.beside.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    /// Writes a file beside the data folder, takes it in, and tells what came of it.
    fn import_one(&self, name: &str, bytes: impl AsRef<[u8]>) -> FeedFileView {
        let path = self.write(name, bytes);
        self.import_paths(&[path]).files.remove(0)
    }

    fn feeds(&self) -> FeedsView {
        self.app.feeds(now()).unwrap()
    }

    fn matched(&self, list: &str) -> MatchView {
        self.app.match_parts(&[parts(list)], now()).unwrap()
    }

    /// The files of indexes on the disk.
    fn shelf(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.folder.path().join("advisories"));
        let mut paths: Vec<PathBuf> =
            entries.into_iter().flatten().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths
    }

    /// The one index on the disk.
    fn index(&self) -> PathBuf {
        let [only] = &self.shelf()[..] else { panic!("{:?}", self.shelf()) };
        only.clone()
    }

    /// Entries of the record on feeds: the digest, and the files that were used.
    fn audited(&self) -> Vec<(String, Value)> {
        let entries = self.app.audit(100).unwrap().into_iter();
        let of_feeds = entries.filter(|entry| entry.act == "feeds.import");
        of_feeds.map(|entry| (entry.subject, entry.detail)).collect()
    }

    /// Records of each feed at hand, by kind and name.
    fn sources(&self) -> BTreeMap<String, u64> {
        let sources = self.feeds().sources.into_iter();
        sources.map(|source| (format!("{} {}", source.feed, source.name), source.records)).collect()
    }
}

/// A match of `component` by the number of its vulnerability.
fn found<'v>(view: &'v MatchView, component: &str, id: &str) -> Option<&'v MatchedView> {
    view.matches.iter().find(|found| found.component.name.ends_with(component) && found.id == id)
}

/// KEV's entry, where CVE-2023-44487 (which is in the catalogue) is on the list of `http2-server`.
fn is_exploited(desk: &Desk) -> bool {
    let view = desk.matched(DROPWIZARD);
    found(&view, "http2-server", "CVE-2023-44487").unwrap().kev.is_some()
}
