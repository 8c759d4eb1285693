use std::path::Path;

use domain::Actor;
use reference::{Catalogue, Language};

use super::*;
use crate::{FeedBundleOrder, make_feed_bundle};

const NVD: &str = include_str!("../../../../../testdata/demo-feeds/nvd-fortios.json");
const KEV: &str = include_str!("../../../../../testdata/demo-feeds/kev-fortios.json");

/// A hospital, and a stick with bundles.
struct World {
    app: App,
    stick: tempfile::TempDir,
    _folder: tempfile::TempDir,
}

fn act(actor: &str) -> Act {
    Act { actor: Actor(actor.to_owned()), now: "2026-11-18T00:00:00Z".parse().unwrap() }
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let app = App::open(folder.path(), "main", Catalogue::load(Language::En)).unwrap();
        Self { app, stick: tempfile::tempdir().unwrap(), _folder: folder }
    }

    fn bring(&self, files: &[(&str, &[u8])]) -> Result<String, AppError> {
        let mut intake = self.app.begin_delivery(None, "佐藤", &act("user:sato"))?;
        for (name, bytes) in files {
            assert!(intake.begin(name)?);
            intake.write(bytes)?;
        }
        intake.finish()
    }

    fn work(&self) {
        let mut steps = 0;
        while self.app.work_on_deliveries(act("").now, &mut |_| {}).unwrap() {
            steps += 1;
            assert!(steps < 10, "the work ends");
        }
    }

    fn taken(&self, files: &[(&str, &[u8])]) -> DeliveryView {
        let id = self.bring(files).unwrap();
        self.work();
        self.view(&id)
    }

    fn view(&self, id: &str) -> DeliveryView {
        self.app.deliveries().unwrap().into_iter().find(|one| one.id == id).unwrap()
    }

    fn state(&self) -> String {
        self.app.feeds(act("").now).unwrap().state
    }

    /// A bundle with the NVD file, and the fingerprint of its key.
    fn bundle(&self, name: &str, now: &str) -> (Vec<u8>, String) {
        let of = |name: &str| self.stick.path().join(name);
        std::fs::write(of("nvd.json"), NVD).unwrap();
        let made = make_feed_bundle(&FeedBundleOrder {
            out: of(name),
            files: vec![of("nvd.json")],
            key: of("key"),
            now: now.parse().unwrap(),
            day: "20261117".to_owned(),
        });
        (std::fs::read(of(name)).unwrap(), made.unwrap().fingerprint)
    }

    fn record(&self) -> Vec<(String, String)> {
        let links = self.app.facility().unwrap().read(|view| view.audit_entries(0..=100)).unwrap();
        links.into_iter().map(|link| (link.entry.act, link.entry.actor.0)).collect()
    }

    fn left(&self, id: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.app.delivery_room().join(id)).unwrap().flatten();
        entries.map(|entry| entry.file_name().into_string().unwrap()).collect()
    }
}

#[test]
fn files_are_taken_in_and_told_one_by_one() {
    let world = World::new();
    let files: [(&str, &[u8]); 3] =
        [("feeds/nvd.json", NVD.as_bytes()), ("kev.json", KEV.as_bytes()), ("memo.txt", b"Hello")];
    let view = world.taken(&files);
    assert_eq!((view.state, view.count, view.files.len()), (DeliveryState::Taken, 3, 3));
    assert_eq!(view.files[0].path, "memo.txt", "what was refused comes first");
    assert!(view.files[0].error.is_some());
    assert_eq!(view.files[1].format.as_deref(), Some("nvd"));
    assert!(view.files[1].records > 0);
    assert_eq!(world.left(&view.id), [MANIFEST], "the bytes are gone");
    let feeds = world.app.feeds(act("").now).unwrap();
    let names: Vec<_> = feeds.sources.iter().map(|source| source.name.as_str()).collect();
    assert!(names.contains(&"feeds") && names.contains(&"kev.json"), "{names:?}");
    assert!(feeds.sources.iter().all(|s| s.taken_at.as_deref() == Some("2026-11-18T00:00:00Z")));
    assert_eq!(world.record().last().unwrap(), &("feeds.import".into(), "user:sato".into()));
}

#[test]
fn a_feed_that_stays_keeps_the_time_at_which_it_came() {
    let world = World::new();
    world.taken(&[("nvd.json", NVD.as_bytes())]);
    let later = "2026-11-19T00:00:00Z".parse().unwrap();
    world.bring(&[("kev.json", KEV.as_bytes())]).unwrap();
    assert!(world.app.work_on_deliveries(later, &mut |_| {}).unwrap());
    let feeds = world.app.feeds(later).unwrap();
    let at = |name: &str| {
        let source = feeds.sources.iter().find(|source| source.name == name).unwrap();
        source.taken_at.clone().unwrap()
    };
    assert_eq!(
        (&*at("nvd.json"), &*at("kev.json")),
        ("2026-11-18T00:00:00Z", "2026-11-19T00:00:00Z")
    );
}

#[test]
fn of_very_many_files_the_refused_are_told_and_the_rest_is_counted() {
    let world = World::new();
    let names: Vec<String> = (0..250).map(|number| format!("feeds/{number}.json")).collect();
    let mut files: Vec<(&str, &[u8])> =
        names.iter().map(|name| (name.as_str(), KEV.as_bytes())).collect();
    files.push(("memo.txt", b"Hello"));
    let view = world.taken(&files);
    assert_eq!((view.state, view.files.len(), view.untold), (DeliveryState::Taken, 200, 51));
    assert_eq!(view.files[0].path, "memo.txt");
}

#[test]
fn where_nothing_can_be_used_nothing_changes() {
    let world = World::new();
    let view = world.taken(&[("memo.txt", b"Hello")]);
    assert_eq!((view.state, world.state().as_str()), (DeliveryState::Refused, "none"));
    assert!(view.files[0].error.is_some() && view.trouble.is_none());
    assert!(world.record().iter().all(|(act, _)| act != "feeds.import"));
}

#[test]
fn a_bundle_waits_until_somebody_confirms_its_key_and_the_record_names_them() {
    let world = World::new();
    let (bundle, fingerprint) = world.bundle("a.mmb", "2026-11-17T00:00:00Z");
    let view = world.taken(&[("a.mmb", &bundle)]);
    assert_eq!(view.state, DeliveryState::UnknownKey);
    assert_eq!(view.fingerprint.as_ref(), Some(&fingerprint));
    assert_eq!((world.state().as_str(), world.app.feed_keys().unwrap().len()), ("none", 0));
    let confirm = |said: &str| world.app.confirm_delivery(&view.id, said, &act("user:chief"));
    assert!(matches!(confirm("0000"), Err(AppError::Feeds(_))));
    world.work();
    assert_eq!(world.view(&view.id).state, DeliveryState::UnknownKey, "another number is no word");
    confirm(&fingerprint).unwrap();
    world.work();
    let view = world.view(&view.id);
    assert_eq!((view.state, view.fingerprint), (DeliveryState::Taken, None));
    assert_eq!(view.files[0].path, Path::new("a.mmb").join("nvd.json").display().to_string());
    assert_eq!(world.app.feed_keys().unwrap()[0].by, "user:chief");
    let told = [
        ("feeds.key.trust", "user:chief"),
        ("feeds.bundle", "user:chief"),
        ("feeds.import", "user:sato"),
    ];
    let told = told.map(|(act, by)| (act.to_owned(), by.to_owned()));
    assert!(world.record().ends_with(&told), "{:?}", world.record());
    // From then on, bundles of this key pass by themselves; an older one does not.
    let (newer, _) = world.bundle("b.mmb", "2026-11-17T12:00:00Z");
    assert_eq!(world.taken(&[("b.mmb", &newer)]).state, DeliveryState::Taken);
    let older = world.taken(&[("a.mmb", &bundle)]);
    assert_eq!(older.state, DeliveryState::Refused);
    assert!(older.trouble.unwrap().contains("--allow-older"));
}

#[test]
fn a_bundle_that_was_cut_or_changed_is_refused_and_never_asks_to_be_trusted() {
    let world = World::new();
    let (sound, fingerprint) = world.bundle("a.mmb", "2026-11-17T00:00:00Z");
    let mut forged = sound.clone();
    forged[60] ^= 1;
    let view = world.taken(&[("a.mmb", &forged)]);
    assert_eq!((view.state, view.fingerprint), (DeliveryState::Refused, None));
    let mut changed = sound.clone();
    *changed.last_mut().unwrap() ^= 1;
    for bytes in [&sound[..sound.len() - 1], &changed] {
        let asks = world.taken(&[("a.mmb", bytes)]);
        world.app.confirm_delivery(&asks.id, &fingerprint, &act("user:chief")).unwrap();
        world.work();
        let view = world.view(&asks.id);
        assert_eq!(view.state, DeliveryState::Refused);
        assert!(view.trouble.unwrap().contains("a.mmb"), "it has the name it came under");
    }
    assert_eq!((world.state().as_str(), world.app.feed_keys().unwrap().len()), ("none", 0));
    let two = world.taken(&[("a.mmb", &sound), ("b.mmb", &sound)]);
    assert_eq!(two.state, DeliveryState::Refused);
}

#[test]
fn more_than_may_come_leaves_nothing() {
    let world = World::new();
    let bounds = Bounds { file: 2 << 20, upload: 2 << 20, ..Bounds::of_deliveries() };
    let full = Bounds { free: |_| Some(1 << 30), ..Bounds::of_deliveries() };
    for bounds in [bounds, full] {
        let app = world.app.clone().delivering_within(bounds);
        let begun = app.begin_delivery(None, "佐藤", &act("user:sato")).and_then(|mut intake| {
            intake.begin("nvd.json")?;
            intake.write(&vec![b' '; (2 << 20) + 1])
        });
        assert!(matches!(begun, Err(AppError::Upload(_))));
        assert_eq!(std::fs::read_dir(app.delivery_room()).unwrap().count(), 0);
    }
    assert!(world.app.begin_delivery(Some(1 << 40), "佐藤", &act("user:sato")).is_err());
    assert!(matches!(world.bring(&[]), Err(AppError::Upload(_))));
}

#[test]
fn work_that_ends_the_program_again_and_again_is_left_to_a_person() {
    let world = World::new();
    let id = world.bring(&[("nvd.json", NVD.as_bytes())]).unwrap();
    // The program ended each time it was at it.
    let ended = world.app.edit_delivery(&id, |delivery| {
        delivery.tries = TRIES;
        Ok(())
    });
    ended.unwrap();
    world.work();
    let view = world.view(&id);
    assert_eq!(view.state, DeliveryState::Stopped);
    assert!(view.trouble.is_some() && world.state() == "none");
    world.app.retry_delivery(&id).unwrap();
    world.work();
    assert_eq!(world.view(&id).state, DeliveryState::Taken);
    assert!(matches!(world.app.retry_delivery(&id), Err(AppError::Feeds(_))), "it is over");
    assert!(matches!(world.app.leave_delivery(&id), Err(AppError::Feeds(_))), "it is over");
}

#[test]
fn what_is_given_up_or_half_arrived_or_long_over_is_deleted() {
    let world = World::new();
    let (bundle, _) = world.bundle("a.mmb", "2026-11-17T00:00:00Z");
    let asks = world.taken(&[("a.mmb", &bundle)]);
    world.app.leave_delivery(&asks.id).unwrap();
    assert!(matches!(world.app.leave_delivery(&asks.id), Err(AppError::NoDelivery)));
    assert!(matches!(world.app.leave_delivery("../../data"), Err(AppError::NoDelivery)));
    let over = world.taken(&[("memo.txt", b"Hello")]);
    let half = world.app.delivery_room().join("0123456789abcdef");
    std::fs::create_dir(&half).unwrap();
    world.app.clear_deliveries(act("").now);
    assert!(!half.exists() && world.app.deliveries().unwrap().len() == 1);
    world.app.clear_deliveries(over.at + jiff::SignedDuration::from_hours(31 * 24));
    assert!(world.app.deliveries().unwrap().is_empty());
}
