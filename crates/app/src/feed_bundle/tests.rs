use std::fs;
use std::path::Path;

use domain::Actor;
use formats::bundle::BundleFault;
use reference::{Catalogue, Language};
use tempfile::TempDir;

use super::*;
use crate::{Act, App, AppError};

/// A folder of real feeds, a stick, and a hospital.
struct World {
    folder: TempDir,
    app: App,
}

const MONDAY: &str = "2026-11-16T00:00:00Z";
const TUESDAY: &str = "2026-11-17T00:00:00Z";

impl World {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let feeds = folder.path().join("feeds");
        fs::create_dir(&feeds).unwrap();
        let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/feeds");
        for name in
            ["kev/known_exploited_vulnerabilities.json.gz", "epss/epss_scores-2022-02-04.csv.gz"]
        {
            let from = samples.join(name);
            fs::copy(&from, feeds.join(from.file_name().unwrap())).unwrap();
        }
        let app = App::open(&folder.path().join("data"), "main", Catalogue::load(Language::En));
        Self { app: app.unwrap(), folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn order(&self, name: &str, key: &str, now: &str) -> FeedBundleOrder {
        FeedBundleOrder {
            out: self.path(name),
            files: vec![self.path("feeds")],
            key: self.path(key),
            now: now.parse().unwrap(),
            day: now[..10].replace('-', ""),
        }
    }

    /// A bundle on the stick, and the fingerprint of its key.
    fn make(&self, name: &str, key: &str, now: &str) -> String {
        make_feed_bundle(&self.order(name, key, now)).unwrap().fingerprint
    }

    fn open(&self, name: &str, confirm: Option<&str>) -> Result<OpenedBundle, FeedBundleError> {
        self.open_with(name, confirm, false)
    }

    fn open_with(
        &self,
        name: &str,
        confirm: Option<&str>,
        allow_older: bool,
    ) -> Result<OpenedBundle, FeedBundleError> {
        let act = act("2026-11-18T00:00:00Z");
        match self.app.open_bundle(&self.path(name), confirm, allow_older, &act) {
            Ok(opened) => Ok(opened),
            Err(AppError::FeedBundle(error)) => Err(error),
            Err(other) => panic!("{other}"),
        }
    }

    /// The acts in the record, oldest first.
    fn record(&self) -> Vec<String> {
        let links =
            self.app.facility().unwrap().read(|view: &store::View| view.audit_entries(0..=100));
        links.unwrap().into_iter().map(|link| link.entry.act).collect()
    }

    fn nothing_is_left(&self) -> bool {
        fs::read_dir(self.path("data/feeds-incoming")).is_err()
    }
}

fn act(now: &str) -> Act {
    Act { actor: Actor("console:佐藤".to_owned()), now: now.parse().unwrap() }
}

#[test]
fn what_went_in_comes_out_and_the_key_is_confirmed_once() {
    let world = World::new();
    let fingerprint = world.make("a.mmb", "key", MONDAY);
    let refused = world.open("a.mmb", None).unwrap_err();
    assert!(
        matches!(&refused, FeedBundleError::UnknownKey { fingerprint: f, .. } if *f == fingerprint)
    );
    assert!(world.app.feed_keys().unwrap().is_empty());
    let spoken = fingerprint.to_uppercase().replace('-', " ");
    let opened = world.open("a.mmb", Some(&spoken)).unwrap();
    assert_eq!(opened.files.len(), 2);
    for file in &opened.files {
        let original = world.path("feeds").join(file.file_name().unwrap());
        assert_eq!(fs::read(file).unwrap(), fs::read(original).unwrap());
    }
    drop(opened);
    assert!(world.nothing_is_left());
    assert!(world.open("a.mmb", None).is_ok(), "it is known from now on, and is no step back");
    let record = world.record();
    let feeds: Vec<_> = record.iter().filter(|act| act.starts_with("feeds.")).collect();
    assert_eq!(feeds, ["feeds.key.trust", "feeds.bundle", "feeds.bundle"]);
}

#[test]
fn a_changed_byte_or_a_cut_is_refused_and_changes_nothing() {
    let world = World::new();
    let mut order = world.order("a.mmb", "key", MONDAY);
    fs::write(world.path("kev.json"), b"{\"vulnerabilities\":[]}").unwrap();
    order.files = vec![world.path("kev.json")];
    let fingerprint = make_feed_bundle(&order).unwrap().fingerprint;
    let sound = fs::read(world.path("a.mmb")).unwrap();
    for at in 0..sound.len() {
        let mut bytes = sound.clone();
        bytes[at] ^= 0x20;
        fs::write(world.path("b.mmb"), bytes).unwrap();
        let refused = world.open("b.mmb", Some(&fingerprint));
        assert!(matches!(refused, Err(FeedBundleError::Fault { .. })), "{at}: {refused:?}");
    }
    for length in 0..sound.len() {
        fs::write(world.path("b.mmb"), &sound[..length]).unwrap();
        let refused = world.open("b.mmb", Some(&fingerprint));
        assert!(
            matches!(refused, Err(FeedBundleError::Fault { fault: BundleFault::Cut, .. })),
            "{length}: {refused:?}"
        );
    }
    assert!(world.app.feed_keys().unwrap().is_empty() && world.nothing_is_left());
    assert!(!world.record().iter().any(|act| act.starts_with("feeds.")));
    assert!(world.open("a.mmb", Some(&fingerprint)).is_ok());
}

#[test]
fn another_key_is_not_trusted_because_one_is() {
    let world = World::new();
    let known = world.make("a.mmb", "key", MONDAY);
    world.open("a.mmb", Some(&known)).unwrap();
    let other = world.make("b.mmb", "other", TUESDAY);
    assert_ne!(known, other);
    assert!(matches!(world.open("b.mmb", None), Err(FeedBundleError::UnknownKey { .. })));
    // Read out by the right person, but this is not their bundle.
    let refused = world.open("b.mmb", Some(&known));
    assert!(matches!(refused, Err(FeedBundleError::OtherKey { .. })));
    assert_eq!(world.app.feed_keys().unwrap().len(), 1);
}

#[test]
fn a_step_back_is_refused_and_taken_only_knowingly() {
    let world = World::new();
    let key = world.make("new.mmb", "key", TUESDAY);
    world.make("old.mmb", "key", MONDAY);
    world.open("new.mmb", Some(&key)).unwrap();
    assert!(matches!(world.open("old.mmb", None), Err(FeedBundleError::Older { .. })));
    assert!(world.open_with("old.mmb", None, true).is_ok());
    assert!(
        matches!(world.open("old.mmb", None), Err(FeedBundleError::Older { .. })),
        "what was taken knowingly once is not the new measure"
    );
    let last = world.record().len() as u64;
    let entry = world
        .app
        .facility()
        .unwrap()
        .read(|view: &store::View| view.audit_entries(0..=last))
        .unwrap();
    assert!(entry.last().unwrap().entry.detail.contains("\"older\":true"));
}

#[test]
fn a_bundle_of_the_day_after_tomorrow_is_refused() {
    let world = World::new();
    let key = world.make("a.mmb", "key", "2026-11-19T00:00:01Z");
    assert!(matches!(world.open("a.mmb", Some(&key)), Err(FeedBundleError::Ahead { .. })));
    let key = world.make("a.mmb", "key", "2026-11-18T23:59:59Z");
    assert!(world.open("a.mmb", Some(&key)).is_ok(), "clocks lie apart");
}

#[test]
fn a_forgotten_key_must_be_confirmed_again() {
    let world = World::new();
    let key = world.make("a.mmb", "key", MONDAY);
    world.open("a.mmb", Some(&key)).unwrap();
    world.app.forget_feed_key(&key, &act(TUESDAY)).unwrap();
    assert!(matches!(world.open("a.mmb", None), Err(FeedBundleError::UnknownKey { .. })));
    assert!(world.app.forget_feed_key(&key, &act(TUESDAY)).is_err());
}

#[test]
fn two_do_not_open_at_once_and_what_a_killed_one_left_is_gone() {
    let world = World::new();
    let key = world.make("a.mmb", "key", MONDAY);
    let first = world.open("a.mmb", Some(&key)).unwrap();
    assert!(matches!(world.open("a.mmb", None), Err(FeedBundleError::AtWork)));
    assert!(first.files[0].exists(), "the first one's files are still there");
    drop(first);
    fs::create_dir_all(world.path("data/feeds-incoming")).unwrap();
    fs::write(world.path("data/feeds-incoming/kev.json"), "left by a killed process").unwrap();
    let opened = world.open("a.mmb", None).unwrap();
    assert!(!fs::read(&opened.files[0]).unwrap().starts_with(b"left"));
}

#[test]
fn what_is_no_bundle_is_told_so() {
    let world = World::new();
    fs::write(world.path("a.mmb"), "PK").unwrap();
    assert!(!is_feed_bundle(&world.path("a.mmb")).unwrap());
    let refused = world.open("a.mmb", None);
    assert!(matches!(refused, Err(FeedBundleError::Fault { .. })));
    assert!(matches!(world.open("feeds", None), Err(FeedBundleError::Fault { .. })));
    assert!(matches!(world.open("not-there.mmb", None), Err(FeedBundleError::Read { .. })));
    world.make("a.mmb.mmb", "key", MONDAY);
    assert!(is_feed_bundle(&world.path("a.mmb.mmb")).unwrap());
}

#[test]
fn the_key_is_made_once_is_its_owners_alone_and_never_leaves() {
    let world = World::new();
    let first = make_feed_bundle(&world.order("a.mmb", "key", MONDAY)).unwrap();
    let second = make_feed_bundle(&world.order("a.mmb", "key", TUESDAY)).unwrap();
    assert!(first.key_made && !second.key_made);
    assert_eq!(first.fingerprint, second.fingerprint);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(world.path("key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    fs::copy(world.path("key"), world.path("feeds/key")).unwrap();
    let refused = make_feed_bundle(&world.order("b.mmb", "key", TUESDAY));
    assert!(matches!(refused, Err(AppError::FeedBundle(FeedBundleError::KeyAmong(_)))));
    assert!(!world.path("b.mmb").exists() && !world.path("b.mmb.part").exists());
}

#[test]
fn what_is_no_key_is_not_written_over() {
    let world = World::new();
    fs::write(world.path("key"), "my diary").unwrap();
    let refused = make_feed_bundle(&world.order("a.mmb", "key", MONDAY));
    assert!(matches!(refused, Err(AppError::FeedBundle(FeedBundleError::NotAKey(_)))));
    assert_eq!(fs::read(world.path("key")).unwrap(), b"my diary");
}

#[test]
fn a_folder_gives_its_feeds_and_nothing_else() {
    let world = World::new();
    for name in [".mimawari-fetch.json", "nvd.json.gz.part"] {
        fs::write(world.path("feeds").join(name), "x").unwrap();
    }
    world.make("feeds", "key", MONDAY);
    let made = make_feed_bundle(&world.order("feeds", "key", TUESDAY)).unwrap();
    assert!(made.file.ends_with("mimawari-feeds-20261117.mmb"), "{}", made.file);
    let names: Vec<&str> = made.entries.iter().map(|entry| &*entry.name).collect();
    assert_eq!(
        names,
        ["epss_scores-2022-02-04.csv.gz", "known_exploited_vulnerabilities.json.gz"],
        "nor an older bundle"
    );
}

#[test]
fn only_a_bundle_makes_room_for_a_bundle() {
    let world = World::new();
    fs::write(world.path("a.mmb"), "thesis").unwrap();
    let refused = make_feed_bundle(&world.order("a.mmb", "key", MONDAY));
    assert!(matches!(refused, Err(AppError::FeedBundle(FeedBundleError::Taken(_)))));
    assert_eq!(fs::read(world.path("a.mmb")).unwrap(), b"thesis");
}

#[test]
fn names_that_do_not_fit_everywhere_are_refused_when_it_is_made() {
    let world = World::new();
    fs::write(world.path("feeds/勧告.json"), "{}").unwrap();
    let refused = make_feed_bundle(&world.order("a.mmb", "key", MONDAY));
    assert!(matches!(refused, Err(AppError::FeedBundle(FeedBundleError::Name(_)))));
    let mut order = world.order("a.mmb", "key", MONDAY);
    order.files = vec![
        world.path("feeds/epss_scores-2022-02-04.csv.gz"),
        world.path("feeds/epss_scores-2022-02-04.csv.gz"),
    ];
    let refused = make_feed_bundle(&order);
    assert!(matches!(refused, Err(AppError::FeedBundle(FeedBundleError::Name(_)))));
    order.files = vec![world.path("data/empty")];
    fs::create_dir_all(world.path("data/empty")).unwrap();
    let refused = make_feed_bundle(&order);
    assert!(matches!(refused, Err(AppError::FeedBundle(FeedBundleError::Nothing))));
}

/// The bundle that was made when the format was new, and the feeds that went into it.
#[test]
fn a_bundle_of_format_1_opens_as_long_as_there_is_one() {
    let world = World::new();
    let samples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata");
    fs::copy(samples.join("feed-bundle/format-1.mmb"), world.path("a.mmb")).unwrap();
    let key = "d113-fdda-78a1-8ff8-32ad-7ae0-ebb2-68c7-ea75-5aa2-2176-e980-311f-9654-67f6-a0c6";
    let now = act("2026-11-23T00:00:00Z");
    let opened = world.app.open_bundle(&world.path("a.mmb"), Some(key), false, &now).unwrap();
    assert_eq!(opened.made_at.to_string(), "2026-11-22T14:13:47Z");
    let originals = ["epss/epss_scores-2022-02-04.csv.gz", "openvex/vex-v0.2.0.json"];
    assert_eq!(opened.files.len(), originals.len());
    for (file, original) in opened.files.iter().zip(originals) {
        let original = fs::read(samples.join("feeds").join(original)).unwrap();
        assert_eq!(fs::read(file).unwrap(), original);
    }
}
