//! Killed in the middle, and several at once: what is stored is whole all the same.

use std::thread;
use std::time::{Duration, Instant};

use domain::Digest;
use store::{Options, Store, StoreError};

use crate::desk::Desk;
use crate::files::{self, Dice};

/// How many times an import is killed, unless `MIMAWARI_KILLS` says otherwise.
const KILLS: u32 = 50;

/// Rows of the ledger in CSV, then of the workbook.
const ROWS: [usize; 2] = [90, 90];

/// The same where there is time for more kills than usual.
const MORE_ROWS: [usize; 2] = [2_000, 1_500];

/// Rows that are in before anything is killed.
const BEFORE: usize = 20;

/// The names under which the two files are imported.
const NAMES: [&str; 2] = ["台帳.csv", "別館.xlsx"];

/// The two files of an import, and how many devices each brings.
struct Load {
    rows: [usize; 2],
    files: [Vec<u8>; 2],
}

impl Load {
    fn new(rows: [usize; 2]) -> Self {
        let first = BEFORE..BEFORE + rows[0];
        let second = first.end..first.end + rows[1];
        let files = [files::ledger(first).into_bytes(), files::ledger_workbook(second)];
        Self { rows, files }
    }

    /// Lays the files out beside the data folder.
    fn lay(&self, desk: &Desk) -> [String; 2] {
        [0, 1].map(|index| desk.write(NAMES[index], &self.files[index]))
    }

    /// How many devices the first so many files bring.
    fn devices(&self, files: usize) -> usize {
        self.rows.iter().take(files).sum()
    }
}

/// A desk at which a small ledger is in already.
fn prepared() -> Desk {
    let desk = Desk::new();
    let path = desk.write("前から.csv", files::ledger(0..BEFORE));
    desk.json(&["import", &path]);
    desk
}

#[test]
fn an_import_that_is_killed_is_wholly_there_or_not_at_all() {
    let kills = std::env::var("MIMAWARI_KILLS").ok().and_then(|text| text.parse().ok());
    let kills: u32 = kills.unwrap_or(KILLS);
    let load = Load::new(if kills > KILLS { MORE_ROWS } else { ROWS });
    let template = prepared();
    let whole_run = undisturbed(&load, &template).min(undisturbed(&load, &template));
    let mut dice = Dice(0x6d69_6d61_7761_7269);
    let mut ended = [0; 3];
    for kill in 0..kills {
        // One kill in each slice of the run, and a few after it, wherever in the slice the dice say.
        let slice = whole_run.mul_f64(1.1) / kills;
        let delay = slice * kill + slice.mul_f64((dice.roll() % 1_000) as f64 / 1_000.0);
        // Every third one is killed while it makes the data folder.
        let had_data = kill % 3 != 0;
        let desk = if had_data { template.copy() } else { Desk::new() };
        ended[killed_at(&desk, &load, delay, had_data)] += 1;
    }
    let [none, one, both] = ended;
    println!(
        "{kills} kills over {whole_run:?} left {none} times none, {one} times one, {both} times both of the files"
    );
    assert!(none > 0, "no kill came in time");
}

/// How long the import takes where nobody disturbs it.
fn undisturbed(load: &Load, template: &Desk) -> Duration {
    let desk = template.copy();
    let paths = load.lay(&desk);
    let begun = Instant::now();
    desk.json(&["import", &paths[0], &paths[1]]);
    begun.elapsed()
}

/// Kills an import after `delay` and looks at what is left; gives how many of its files were in.
fn killed_at(desk: &Desk, load: &Load, delay: Duration, had_data: bool) -> usize {
    let paths = load.lay(desk);
    let mut child = desk.command(&["import", "--json", &paths[0], &paths[1]]).spawn_quietly();
    thread::sleep(delay);
    child.kill().unwrap();
    child.wait().unwrap();
    desk.assert_whole();
    let (before, earlier) = if had_data { (BEFORE, 1) } else { (0, 0) };
    let left = Left::at(desk, load);
    let names = left.names.get(earlier..).unwrap();
    assert!(NAMES.map(str::to_owned).starts_with(names), "after {delay:?}: {left:?}");
    let expected = Left {
        names: left.names.clone(),
        devices: before + load.devices(names.len()),
        entries: earlier + names.len(),
        kept: [0, 1].map(|index| index < names.len()),
    };
    assert_eq!(left, expected, "after {delay:?}");

    desk.json(&["import", &paths[0], &paths[1]]);
    desk.assert_whole();
    let after = Left::at(desk, load);
    assert_eq!(after.names.get(earlier..).unwrap(), NAMES, "after {delay:?}, then again");
    assert_eq!((after.devices, after.kept), (before + load.devices(2), [true; 2]));
    names.len()
}

/// What stands in a data folder.
#[derive(Debug, PartialEq)]
struct Left {
    /// The files that were imported.
    names: Vec<String>,
    devices: usize,
    /// Entries of the record.
    entries: usize,
    /// Whether the bytes of each file of the load are kept.
    kept: [bool; 2],
}

impl Left {
    /// Looks with the store's own eyes: starting the program for each question would take most of the time.
    fn at(desk: &Desk, load: &Load) -> Self {
        let store = Store::open(&desk.data(), Options::default()).unwrap();
        let read = store.facility(Store::MAIN).unwrap().read(|view| {
            let mut devices = 0;
            view.each_device(|_| {
                devices += 1;
                Ok::<_, StoreError>(())
            })?;
            let [first, second] = load
                .files
                .each_ref()
                .map(|bytes| Ok(view.evidence(Digest::of(bytes))?.as_ref() == Some(bytes)));
            Ok::<_, StoreError>(Self {
                names: view.imports()?.into_iter().map(|import| import.file_name).collect(),
                devices,
                entries: view.audit_head()?.0 as usize,
                kept: [first?, second?],
            })
        });
        read.unwrap()
    }
}

/// Starting a program whose words nobody waits for.
trait Quietly {
    fn spawn_quietly(&mut self) -> std::process::Child;
}

impl Quietly for std::process::Command {
    fn spawn_quietly(&mut self) -> std::process::Child {
        use std::process::Stdio;
        self.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }
}

#[test]
fn several_importing_at_once_wait_for_one_another() {
    let desk = Desk::new();
    let paths: Vec<String> = (0..4)
        .map(|part| {
            desk.write(&format!("部{part}.csv"), files::ledger(part * 300..(part + 1) * 300))
        })
        .collect();
    let begun: Vec<_> = paths
        .iter()
        .map(|path| {
            let mut command = desk.command(&["import", "--json", path]);
            command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
            command.spawn().unwrap()
        })
        .collect();
    for child in begun {
        let output = child.wait_with_output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!((output.status.code(), &*stderr), (Some(0), ""));
    }
    assert_eq!((desk.devices().len(), desk.imports().len()), (1_200, 4));
    let sequence: Vec<u64> =
        desk.audit().iter().filter_map(|entry| entry["seq"].as_u64()).collect();
    assert_eq!(sequence, [1, 2, 3, 4]);
    desk.assert_whole();
}

#[test]
fn one_may_read_while_another_imports() {
    let desk = prepared();
    let load = Load::new([1_500, 300]);
    let paths = load.lay(&desk);
    let possible = [0, 1, 2].map(|files| BEFORE + load.devices(files));
    let mut child = desk.command(&["import", "--json", &paths[0], &paths[1]]).spawn_quietly();
    let mut rounds = 0;
    while child.try_wait().unwrap().is_none() {
        let devices = desk.devices().len();
        assert!(possible.contains(&devices), "half of an import is seen: {devices}");
        for command in
            [&["imports"][..], &["findings"], &["zones"], &["queue"], &["audit", "verify"]]
        {
            desk.json(command);
        }
        rounds += 1;
    }
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(rounds > 0, "it was over before anybody looked");
    assert_eq!(desk.devices().len(), possible[2]);
}
