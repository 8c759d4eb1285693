use domain::{Actor, DeviceId};
use reference::{Catalogue, Language};

use super::*;
use crate::{DEMO_FILES, Outcome};

const LEDGER: &str = "管理番号,機器名,OS,IPアドレス\n0001,CT,Windows 10,10.1.1.1\n\n【MR室】\n0002,MR,Windows 7,10.1.1.256\n";
const NEWER: &str =
    "管理番号,機器名,OS,IPアドレス\n0001,CT,Windows 11,10.1.1.1\n0003,US,Windows 11,10.1.1.3\n";

struct Hospital {
    app: App,
    act: Act,
    _folder: tempfile::TempDir,
}

impl Hospital {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let app = App::open(folder.path(), "main", Catalogue::load(Language::Ja)).unwrap();
        let now = "2026-11-21T23:00:00Z".parse().unwrap();
        Self { app, act: Act { actor: Actor("user:sato".to_owned()), now }, _folder: folder }
    }

    fn upload(&self, files: &[(&str, &[u8])]) -> String {
        let mut intake = self.app.begin_upload(None, "佐藤", &self.act).unwrap();
        for (name, bytes) in files {
            assert!(intake.begin(name, None).unwrap());
            intake.write(bytes).unwrap();
        }
        intake.finish().unwrap()
    }

    fn work(&self) {
        let mut steps = 0;
        while self.app.work_on_uploads(self.act.now, &mut |_| {}).unwrap() {
            steps += 1;
            assert!(steps < 20, "the work ends");
        }
    }

    fn import(&self, name: &str, text: &str) {
        let id = self.upload(&[(name, text.as_bytes())]);
        self.work();
        self.app.want_upload(&id, Which::All, &self.act).unwrap();
        self.work();
        assert_eq!(self.app.upload(&id).unwrap().state(), UploadState::Over);
    }

    fn folder(&self, id: &str) -> Vec<String> {
        let entries = fs::read_dir(self.app.inbox().join(id)).unwrap().flatten();
        let mut names: Vec<String> =
            entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

#[test]
fn every_row_is_told_before_anything_counts() {
    let hospital = Hospital::new();
    hospital.import("台帳.csv", LEDGER);
    let before = hospital.app.moment().unwrap();
    let id = hospital.upload(&[("台帳_v2.csv", NEWER.as_bytes())]);
    hospital.work();
    assert_eq!(hospital.app.moment().unwrap(), before, "nothing was recorded");
    let upload = hospital.app.upload(&id).unwrap();
    assert_eq!(upload.state(), UploadState::Ready);
    let head = &upload.files[0].documents[0];
    assert_eq!((head.tally.new, head.tally.changed, head.missing), (1, 1, 1));
    let preview = hospital.app.upload_preview(&id, 1, 0).unwrap();
    let Outcome::Changed { label, changes, .. } = &preview.rows[0].outcome else { panic!() };
    assert!(label.contains("CT"), "{label}");
    let change = &changes[0];
    assert_eq!((change.field.as_str(), change.old.as_deref()), ("os", Some("Windows 10")));
    assert_eq!(change.new, "Windows 11");
    assert_eq!(preview.rows[1].outcome, Outcome::New);
    assert!(preview.missing[0].label.contains("MR"));
    assert!(preview.missing[0].id.parse::<DeviceId>().is_ok());
}

#[test]
fn rows_that_are_not_read_stand_in_their_place_and_warnings_at_their_cell() {
    let hospital = Hospital::new();
    let id = hospital.upload(&[("台帳.csv", LEDGER.as_bytes())]);
    hospital.work();
    let preview = hospital.app.upload_preview(&id, 1, 0).unwrap();
    let told: Vec<(u32, bool)> =
        preview.rows.iter().map(|row| (row.row, row.outcome == Outcome::New)).collect();
    assert_eq!(told, [(2, true), (4, false), (5, true)]);
    let section = &preview.rows[1];
    assert_eq!(section.outcome, Outcome::NotRead { reason: "section_rows".to_owned() });
    assert_eq!(section.text, "【MR室】");
    let warning = &preview.rows[2].warnings[0];
    assert_eq!(warning.field.as_deref(), Some("address"), "{warning:?}");
    assert!(warning.place == "5:4", "{warning:?}");
}

#[test]
fn files_of_one_upload_are_looked_at_together() {
    let hospital = Hospital::new();
    let files: Vec<(&str, &[u8])> = DEMO_FILES.iter().map(|file| (file.name, file.bytes)).collect();
    let id = hospital.upload(&files);
    hospital.work();
    let upload = hospital.app.upload(&id).unwrap();
    let told: u64 =
        upload.files.iter().flat_map(|file| &file.documents).map(|d| d.devices_new).sum();
    let arp = upload.files.iter().find(|file| file.path == "arp-radiology.txt").unwrap();
    assert!(arp.documents[0].tally.joined > 0, "rows meet the ledger of the same upload");
    hospital.app.want_upload(&id, Which::All, &hospital.act).unwrap();
    hospital.work();
    let mut devices = 0;
    let today = "2026-11-22".parse().unwrap();
    let count = |_: &crate::DeviceSummary<'_>| {
        devices += 1;
        Ok::<_, AppError>(())
    };
    hospital.app.each_device("", today, count).unwrap();
    assert_eq!(told, devices, "it came to pass as it was told");
    let upload = hospital.app.upload(&id).unwrap();
    assert_eq!(upload.state(), UploadState::Over);
    assert_eq!(hospital.folder(&id), [MANIFEST], "the bytes are gone");
    let imports = hospital.app.imports().unwrap();
    assert!(imports.iter().all(|import| import.imported_by == "user:sato"));
}

#[test]
fn one_file_can_be_taken_and_another_given_up() {
    let hospital = Hospital::new();
    let files: [(&str, &[u8]); 3] =
        [("a.csv", LEDGER.as_bytes()), ("b.csv", NEWER.as_bytes()), ("memo.txt", b"Nothing.\n")];
    let id = hospital.upload(&files);
    hospital.work();
    let upload = hospital.app.upload(&id).unwrap();
    assert_eq!(upload.ready().count(), 2);
    let refused = hospital.app.want_upload(&id, Which::One(3), &hospital.act);
    assert!(matches!(refused, Err(AppError::Upload(_))), "a refused file is nothing to import");
    hospital.app.want_upload(&id, Which::One(1), &hospital.act).unwrap();
    hospital.work();
    let upload = hospital.app.upload(&id).unwrap();
    assert_eq!(upload.files[0].state, FileState::Done);
    assert_eq!(upload.state(), UploadState::Ready, "the others were read again and wait");
    assert!(
        upload.files[1].documents[0].tally.changed + upload.files[1].documents[0].tally.new > 0
    );
    hospital.app.leave_upload(&id, Which::All).unwrap();
    assert_eq!(hospital.app.upload(&id).unwrap().state(), UploadState::Over);
    assert_eq!(hospital.folder(&id), [MANIFEST]);
    assert_eq!(hospital.app.imports().unwrap().len(), 1);
}

#[test]
fn what_was_begun_goes_on_after_a_restart_and_repeating_is_safe() {
    let hospital = Hospital::new();
    let id = hospital.upload(&[("台帳.csv", LEDGER.as_bytes())]);
    hospital.work();
    hospital.app.want_upload(&id, Which::All, &hospital.act).unwrap();
    let manifest = fs::read(hospital.app.inbox().join(&id).join(MANIFEST)).unwrap();
    let bytes = fs::read(hospital.app.inbox().join(&id).join("1.bin")).unwrap();
    hospital.work();
    // The import was committed, and the program ended before the manifest could say so.
    fs::write(hospital.app.inbox().join(&id).join(MANIFEST), manifest).unwrap();
    fs::write(hospital.app.inbox().join(&id).join("1.bin"), bytes).unwrap();
    hospital.work();
    let upload = hospital.app.upload(&id).unwrap();
    assert_eq!(upload.files[0].documents[0].already, Some(1));
    assert_eq!(hospital.app.imports().unwrap().len(), 1);
    // An upload that had not all arrived leaves nothing.
    fs::create_dir(hospital.app.inbox().join("0123456789abcdef")).unwrap();
    hospital.app.clear_inbox(hospital.act.now);
    assert!(!hospital.app.inbox().join("0123456789abcdef").exists());
    assert!(hospital.app.upload(&id).is_ok());
}

#[test]
fn names_from_outside_are_no_paths() {
    for (name, shown) in [
        ("../../etc/passwd", "etc/passwd"),
        ("C:\\共有\\台帳.xlsx", "C:/共有/台帳.xlsx"),
        ("/a//./b.csv", "a/b.csv"),
        ("a\nb\u{202e}.csv", "a\u{fffd}b.csv"),
        ("..", "?"),
        ("", "?"),
    ] {
        assert_eq!(crate::arrival::shown_path(name), shown);
    }
    assert_eq!(crate::arrival::shown_path(&"あ".repeat(500)).chars().count(), 240);
    let hospital = Hospital::new();
    for id in ["", "..", "../../etc", "0123456789abcdeF", "0123456789abcdef0"] {
        assert!(matches!(hospital.app.upload(id), Err(AppError::NoUpload)), "{id}");
        assert!(matches!(hospital.app.upload_preview(id, 1, 0), Err(AppError::NoUpload)), "{id}");
    }
}

#[test]
fn an_upload_that_is_too_large_or_broken_off_leaves_nothing() {
    let hospital = Hospital::new();
    let too_large = hospital.app.begin_upload(Some(MAX_UPLOAD_BYTES + 1), "佐藤", &hospital.act);
    assert!(matches!(too_large, Err(AppError::Upload(_))));
    let mut intake = hospital.app.begin_upload(None, "佐藤", &hospital.act).unwrap();
    intake.begin("a.csv", None).unwrap();
    intake.write(b"abc").unwrap();
    drop(intake);
    let mut intake = hospital.app.begin_upload(None, "佐藤", &hospital.act).unwrap();
    assert!(!intake.begin("Thumbs.db", None).unwrap(), "clutter is passed over");
    intake.write(b"abc").unwrap();
    intake.begin("", None).unwrap();
    assert!(matches!(intake.finish(), Err(AppError::Upload(_))), "nothing came");
    assert_eq!(fs::read_dir(hospital.app.inbox()).unwrap().count(), 0);
}

#[test]
fn answers_are_read_with_and_remembered_for_the_source() {
    let hospital = Hospital::new();
    let odd = "端末,場所,ＩＰ\nCT-01,2階,10.1.1.1\n";
    let id = hospital.upload(&[("odd.csv", odd.as_bytes())]);
    hospital.work();
    let answers = Answers {
        captured_at: Some("2026-11-01T00:00:00Z".parse().unwrap()),
        source: Some("ledger/放射線".to_owned()),
        mapping: Some(r#"{"columns": {"端末": "name", "場所": "location"}}"#.to_owned()),
    };
    let wrong = Answers { mapping: Some("no".to_owned()), ..answers.clone() };
    assert!(matches!(hospital.app.answer_upload(&id, 1, wrong), Err(AppError::Upload(_))));
    hospital.app.answer_upload(&id, 1, answers).unwrap();
    hospital.work();
    let head = hospital.app.upload(&id).unwrap().files[0].documents[0].clone();
    assert_eq!(head.source.as_deref(), Some("ledger/放射線"), "{head:?}");
    assert_eq!(head.captured_from.as_deref(), Some("given"));
    let preview = hospital.app.upload_preview(&id, 1, 0).unwrap();
    assert_eq!(preview.rows[0].fields["name"], "CT-01");
    hospital.app.want_upload(&id, Which::All, &hospital.act).unwrap();
    hospital.work();
    let kept = hospital.app.facility().unwrap().read(store::View::mappings).unwrap();
    assert_eq!(kept.len(), 1);
}

#[test]
fn who_speaks_another_language_reads_the_same_upload_in_it() {
    let hospital = Hospital::new();
    let english = hospital.app.speaking(Catalogue::load(Language::En).into());
    let id = hospital.upload(&[("台帳.csv", LEDGER.as_bytes()), ("memo.txt", b"Nothing.\n")]);
    hospital.work();
    let read = |app: &App| {
        let preview = app.upload_preview(&id, 1, 0).unwrap();
        let row = preview.rows.iter().find(|row| !row.warnings.is_empty()).unwrap();
        let upload = app.upload(&id).unwrap();
        let refused = upload.file(2).unwrap().documents[0].error.clone().unwrap();
        (row.warnings[0].place.clone(), row.warnings[0].message.clone(), refused)
    };
    let (place, warning, refused) = read(&hospital.app);
    assert!(
        warning.contains("IPアドレス") && refused.contains("取り込みませんでした"),
        "{warning} {refused}"
    );
    let (same_place, in_english, refused) = read(&english);
    assert!(place.parse::<domain::Place>().is_ok() && place == same_place, "{place}");
    assert!(in_english.is_ascii() && in_english.contains("10.1.1.256"), "{in_english}");
    assert!(refused.contains("nothing was taken in"), "{refused}");
    // The report of the import likewise.
    hospital.app.want_upload(&id, Which::All, &hospital.act).unwrap();
    hospital.work();
    let report = |app: &App| app.import_detail(domain::ImportId(1)).unwrap().report.unwrap();
    assert_eq!(report(&hospital.app).warnings[0].message, warning);
    assert_eq!(report(&english).warnings[0].message, in_english);
    let answer = serde_json::to_string(&report(&english)).unwrap();
    assert!(!answer.contains("said_of"), "an answer holds sentences alone: {answer}");
}

/// Bounds of a few pieces of one MiB.
fn narrow() -> Bounds {
    Bounds { file: 2 << 20, upload: 4 << 20, inbox: 6 << 20, ..Bounds::default() }
}

const PIECE: &[u8] = &[b'x'; 1 << 20];

fn refused(result: Result<impl Sized, AppError>) -> String {
    match result {
        Err(AppError::Upload(message)) => message.key.into_owned(),
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("it was taken"),
    }
}

/// The bytes that stand in the inbox.
fn held(hospital: &Hospital) -> u64 {
    let folders = fs::read_dir(hospital.app.inbox()).unwrap().flatten();
    let files = folders.flat_map(|folder| fs::read_dir(folder.path()).unwrap().flatten());
    files.map(|file| file.metadata().unwrap().len()).sum()
}

#[test]
fn nothing_beyond_the_bounds_is_ever_written() {
    let mut hospital = Hospital::new();
    hospital.app = hospital.app.within(narrow());
    let begin = || hospital.app.begin_upload(None, "佐藤", &hospital.act).unwrap();
    let mut intake = begin();
    intake.begin("large.csv", None).unwrap();
    intake.write(PIECE).unwrap();
    intake.write(PIECE).unwrap();
    assert_eq!(refused(intake.write(b"x")), "app.upload_file_large");
    assert_eq!(held(&hospital), 2 << 20, "not even what the sender sent on");
    drop(intake);
    let mut intake = begin();
    for name in ["a", "b"] {
        intake.begin(name, None).unwrap();
        intake.write(PIECE).unwrap();
        intake.write(PIECE).unwrap();
    }
    intake.begin("c", None).unwrap();
    assert_eq!(refused(intake.write(b"x")), "app.upload_large");
    assert_eq!(held(&hospital), 4 << 20);
    let kept = intake.finish();
    assert!(kept.is_ok(), "who sends on after a refusal is the desk's own doing");
    assert_eq!(
        refused(hospital.app.begin_upload(Some(3 << 20), "佐藤", &hospital.act)),
        "app.upload_inbox"
    );
    hospital.app.leave_upload(&kept.unwrap(), Which::All).unwrap();
    assert!(hospital.app.begin_upload(Some(3 << 20), "佐藤", &hospital.act).is_ok());
}

#[test]
fn the_disk_keeps_room_for_the_database() {
    use std::sync::atomic::{AtomicU64, Ordering};
    /// What the disk of this test has free, in MiB.
    static FREE: AtomicU64 = AtomicU64::new(0);
    let mut hospital = Hospital::new();
    hospital.app = hospital.app.within(Bounds {
        ask_every: 1 << 20,
        free: |_| Some(FREE.load(Ordering::SeqCst) << 20),
        ..Bounds::default()
    });
    let begin = |expected| hospital.app.begin_upload(expected, "佐藤", &hospital.act);
    FREE.store(1_023, Ordering::SeqCst);
    assert_eq!(refused(begin(None)), "app.upload_disk");
    FREE.store(1_025, Ordering::SeqCst);
    assert_eq!(refused(begin(Some(2 << 20))), "app.upload_disk");
    let mut intake = begin(Some(1 << 20)).unwrap();
    intake.begin("a.csv", None).unwrap();
    intake.write(PIECE).unwrap();
    // Another program fills the disk while the file arrives.
    FREE.store(1_000, Ordering::SeqCst);
    assert_eq!(refused(intake.write(PIECE)), "app.upload_disk");
    assert_eq!(held(&hospital), 1 << 20);
    drop(intake);
    assert_eq!(fs::read_dir(hospital.app.inbox()).unwrap().count(), 0, "it leaves nothing");
}
