//! Full disks, places that cannot be written, and kills in the middle of a backup.

use std::fs;
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::desk::{Desk, Ran, assert_speaks, ran};
use crate::files::{self, Dice};

/// How many times each command is killed, unless `MIMAWARI_KILLS` says otherwise.
const KILLS: u32 = 15;

fn kills() -> u32 {
    let kills = std::env::var("MIMAWARI_KILLS").ok().and_then(|text| text.parse().ok());
    kills.map_or(KILLS, |kills: u32| kills.clamp(1, 200))
}

/// A desk with a ledger of so many rows.
fn desk(language: &'static str, rows: usize) -> Desk {
    let desk = Desk::speaking(language);
    let path = desk.write("台帳.csv", files::ledger(0..rows));
    desk.json(&["import", &path]);
    desk
}

fn is_whole(desk: &Desk, path: &str) -> bool {
    let args = ["backup", "verify", path, "--json"];
    desk.run(&args).document()["whole"] == true
}

/// Starts the command, kills it after `delay`, and waits for its end.
fn killed_after(delay: Duration, desk: &Desk, args: &[&str]) {
    let mut child = quietly(desk, args);
    thread::sleep(delay);
    child.kill().unwrap();
    child.wait().unwrap();
}

fn quietly(desk: &Desk, args: &[&str]) -> Child {
    let mut command = desk.command(args);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Delays that cover a run of the length `whole`, and a little more.
fn delays(whole: Duration) -> impl Iterator<Item = Duration> {
    let mut dice = Dice(0x6b69_6c6c);
    let slice = whole.mul_f64(1.1) / kills();
    (0..kills())
        .map(move |kill| slice * kill + slice.mul_f64((dice.roll() % 1_000) as f64 / 1_000.0))
}

fn timed<T>(run: impl FnOnce() -> T) -> (T, Duration) {
    let begun = Instant::now();
    let done = run();
    (done, begun.elapsed())
}

#[test]
fn a_backup_that_is_killed_is_whole_or_not_there_and_the_next_one_works() {
    let desk = desk("ja", 1_500);
    let path = desk.path("x");
    let (_, length) = timed(|| desk.json(&["backup", "create", &path]));
    let before = desk.devices();
    let mut there = 0;
    for delay in delays(length) {
        let _ = fs::remove_file(&path);
        killed_after(delay, &desk, &["backup", "create", &path]);
        desk.assert_whole();
        if Path::new(&path).exists() {
            there += 1;
            assert!(is_whole(&desk, &path), "after {delay:?}");
        }
        let part = desk.path("x.mimawari-part");
        if Path::new(&part).exists() {
            let half = desk.run(&["backup", "verify", &part, "--json"]).document();
            assert!(half["whole"] == true || half["reason"] == "truncated", "{half}");
        }
    }
    println!("{} kills over {length:?} left {there} backups", kills());
    desk.json(&["backup", "create", &path, "--force"]);
    assert!(is_whole(&desk, &path) && !Path::new(&desk.path("x.mimawari-part")).exists());
    assert_eq!(desk.devices(), before);
}

#[test]
fn a_restore_that_is_killed_leaves_the_old_data_or_the_new_and_never_half() {
    let source = desk("ja", 1_500);
    let path = source.path("x");
    source.json(&["backup", "create", &path]);
    let (_, length) = timed(|| Desk::new().json(&["backup", "restore", &path]));
    let template = desk("ja", 40);
    let (mut old, mut new) = (0, 0);
    for (kill, delay) in delays(length).enumerate() {
        // Every third one is restored into an empty folder.
        let had_data = kill % 3 != 0;
        let target = if had_data { template.copy() } else { Desk::new() };
        killed_after(delay, &target, &["backup", "restore", &path, "--force"]);
        let stands = target.data().join("mimawari.sqlite3").exists();
        assert!(stands || !had_data, "at every moment a database stands in its place");
        match if stands { target.devices().len() } else { 0 } {
            1_500 => new += 1,
            devices => {
                assert_eq!(devices, if had_data { 40 } else { 0 }, "after {delay:?}");
                old += 1;
            }
        }
        target.assert_whole();
        target.json(&["backup", "restore", &path, "--force"]);
        assert_eq!(target.devices().len(), 1_500);
        target.assert_whole();
        let rest = fs::read_dir(target.data()).unwrap();
        let names = rest.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        assert_eq!(names.filter(|name| name.contains("restoring")).count(), 0);
    }
    println!(
        "{} kills over {length:?} left {old} times the old data, {new} times the new",
        kills()
    );
    assert!(old > 0, "no kill came in time");
}

#[test]
fn a_backup_made_while_others_import_is_of_one_moment() {
    let desk = desk("ja", 20);
    let paths: Vec<String> = (0..4)
        .map(|part| {
            let rows = 20 + part * 400..20 + (part + 1) * 400;
            desk.write(&format!("部{part}.csv"), files::ledger(rows))
        })
        .collect();
    let mut child = quietly(&desk, &["import", &paths[0], &paths[1], &paths[2], &paths[3]]);
    let mut made = Vec::new();
    while child.try_wait().unwrap().is_none() {
        let path = desk.path(&format!("backup-{}", made.len()));
        desk.json(&["backup", "create", &path]);
        made.push(path);
    }
    assert_eq!((child.wait().unwrap().code(), made.is_empty()), (Some(0), false));
    for path in made {
        let other = Desk::new();
        other.json(&["backup", "restore", &path]);
        assert_eq!(other.devices().len() % 400, 20, "half of an import was saved");
        other.assert_whole();
    }
    assert_eq!(desk.devices().len(), 1_620);
    desk.assert_whole();
}

#[test]
fn a_second_one_for_the_same_place_is_told_to_wait() {
    let desk = desk("ja", 20);
    let part = fs::File::create(desk.path("x.mimawari-part")).unwrap();
    part.lock().unwrap();
    let ran = desk.run(&["backup", "create", &desk.path("x")]);
    assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
    assert_speaks("ja", &ran.stderr);
    drop(part);
    desk.json(&["backup", "create", &desk.path("x")]);
}

#[test]
fn a_place_that_is_not_there_is_told() {
    for language in ["ja", "en"] {
        let desk = desk(language, 20);
        let file = desk.write("file", "");
        for out in [desk.path("nowhere/x"), format!("{file}/x")] {
            let ran = desk.run(&["backup", "create", &out]);
            assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""), "{out}");
            assert_speaks(language, &ran.stderr);
        }
        let path = desk.path("x");
        desk.json(&["backup", "create", &path]);
        let other = Desk::speaking(language);
        fs::write(other.data(), "no folder").unwrap();
        let ran = other.run(&["backup", "restore", &path]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""));
        assert_speaks(language, &ran.stderr);
    }
}

/// The program where no file may grow beyond so many KiB, as on a stick whose file system sets a limit.
#[cfg(unix)]
fn limited(desk: &Desk, kib: u32, args: &[&str]) -> Ran {
    // The signal that comes with the refusal is left aside, as a disk's own limit sends none. The shell counts in 512 bytes.
    let script = format!("trap '' XFSZ; ulimit -f {}; exec \"$0\" \"$@\"", kib * 2);
    let program = desk.command(args);
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", &script]).arg(program.get_program()).args(program.get_args());
    for (name, value) in program.get_envs() {
        shell.env(name, value.unwrap_or_default());
    }
    ran(shell.stdin(Stdio::null()).current_dir(program.get_current_dir().unwrap()))
}

#[cfg(unix)]
#[test]
fn a_file_that_may_not_grow_leaves_no_half_backup_and_nothing_half_restored() {
    for language in ["ja", "en"] {
        let desk = desk(language, 3_000);
        let path = desk.path("x");
        desk.json(&["backup", "create", &path]);
        let before = desk.audit();
        let ran = limited(&desk, 40, &["backup", "create", &desk.path("y")]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""), "{ran:?}");
        assert_speaks(language, &ran.stderr);
        assert!(!Path::new(&desk.path("y")).exists());
        assert!(!Path::new(&desk.path("y.mimawari-part")).exists());
        assert_eq!(desk.audit(), before);

        let other = Desk::speaking(language);
        let ran = limited(&other, 200, &["backup", "restore", &path]);
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""), "{ran:?}");
        assert_speaks(language, &ran.stderr);
        assert_eq!(fs::read_dir(other.data()).unwrap().count(), 0);

        let ran = limited(&desk, 200, &["backup", "restore", &path, "--force"]);
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert_eq!(desk.audit(), before);
    }
}

#[cfg(unix)]
#[test]
fn an_import_into_a_file_that_may_not_grow_stores_nothing() {
    for language in ["ja", "en"] {
        let desk = desk(language, 20);
        let more = desk.write("もっと.csv", files::ledger(20..3_000));
        let ran = limited(&desk, 300, &["import", &more]);
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert_speaks(language, &ran.stderr);
        assert_eq!((desk.devices().len(), desk.audit().len()), (20, 1));
        desk.assert_whole();
        desk.json(&["import", &more]);
        assert_eq!(desk.devices().len(), 3_000);
    }
}

/// Runs a shell script with a small disk of its own at `disk`, where the system allows that; says so where it does not.
#[cfg(target_os = "linux")]
fn with_disk(desk: &Desk, kib: u32, script: &str, args: &[&str]) -> Option<Ran> {
    let disk = desk.path("disk");
    fs::create_dir_all(&disk).unwrap();
    let mount =
        format!("mount -t tmpfs -o size={kib}k tmpfs \"$DISK\" 2>/dev/null || exit 77; {script}");
    let program = desk.command(args);
    let mut shell = std::process::Command::new("unshare");
    shell
        .args(["-rm", "sh", "-c", &mount])
        .arg(program.get_program())
        .args(args)
        .env("DISK", &disk);
    for (name, value) in program.get_envs() {
        shell.env(name, value.unwrap_or_default());
    }
    shell.stdin(Stdio::null()).current_dir(program.get_current_dir().unwrap());
    let has_tool = std::process::Command::new("unshare").arg("--version").output().is_ok();
    let ran = has_tool
        .then(|| ran(&mut shell))
        .filter(|ran| ran.code != Some(77) && !ran.stderr.starts_with("unshare:"));
    if ran.is_none() {
        println!("no disk of one's own can be had here: nothing was tested");
    }
    ran
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_stick_takes_no_half_backup() {
    for language in ["ja", "en"] {
        let desk = desk(language, 3_000);
        let data = desk.data();
        let data = data.to_str().unwrap();
        let out = desk.path("disk/x");
        let args = ["backup", "create", &out, "--data", data];
        let script = "\"$0\" \"$@\"; code=$?; ls -A \"$DISK\"; exit $code";
        let Some(ran) = with_disk(&desk, 40, script, &args) else { return };
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""), "{ran:?}");
        assert_speaks(language, &ran.stderr);
        assert!(ran.stderr.contains(&out) && !ran.stderr.contains("os error"), "{}", ran.stderr);
        assert_eq!(desk.audit().len(), 1);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_takes_nothing_half_restored_and_nothing_half_imported() {
    for language in ["ja", "en"] {
        let desk = desk(language, 3_000);
        let path = desk.path("x");
        desk.json(&["backup", "create", &path]);
        let data = desk.path("disk/data");
        let script = "\"$0\" \"$@\"; code=$?; ls -A \"$DISK/data\"; exit $code";
        let args = ["backup", "restore", &path, "--data", &data];
        let Some(ran) = with_disk(&desk, 200, script, &args) else { return };
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""), "{ran:?}");
        assert_speaks(language, &ran.stderr);

        let ledger = desk.path("台帳.csv");
        let args = ["import", &ledger, "--data", &data];
        let script = "\"$0\" \"$@\"; code=$?; mount -o remount,size=64m tmpfs \"$DISK\"; \
             \"$0\" devices --csv --data \"$DISK/data\" | wc -l; \"$0\" audit verify --data \"$DISK/data\" >&2; exit $code";
        let Some(ran) = with_disk(&desk, 400, script, &args) else { return };
        assert_eq!((ran.code, ran.stdout.trim()), (Some(1), "1"), "only a header: {ran:?}");
        assert_speaks(language, &ran.stderr);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_stick_that_may_only_be_read_is_told() {
    for language in ["ja", "en"] {
        let desk = desk(language, 20);
        let data = desk.data();
        let data = data.to_str().unwrap();
        let path = desk.path("x");
        desk.json(&["backup", "create", &path]);
        let script = "mount -o remount,ro tmpfs \"$DISK\"; exec \"$0\" \"$@\"";
        let (stick, folder) = (desk.path("disk/x"), desk.path("disk/data"));
        let ledger = desk.path("台帳.csv");
        let cases: [&[&str]; 3] = [
            &["backup", "create", &stick, "--data", data],
            &["backup", "restore", &path, "--data", &folder],
            &["import", &ledger, "--data", &folder],
        ];
        for args in cases {
            let Some(ran) = with_disk(&desk, 400, script, args) else { return };
            assert_eq!((ran.code, ran.stdout.as_str()), (Some(1), ""), "{ran:?}");
            assert_speaks(language, &ran.stderr);
        }
        desk.assert_whole();
    }
}
