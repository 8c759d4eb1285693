//! `cargo xtask bench`: how long the program takes for ledgers of a real size, beside a well-known peer where it is at hand.
//!
//! Ours and the peer run in turn within the same minute, so that a busy machine slows both.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use crate::measure::{self, Run, Series};
use crate::outcome::Outcome;
use crate::suites::Depth;
use crate::visits::Desk;
use crate::{advisories, cargo, collected, hospital, ledger, shell};

/// How much to measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Size {
    /// Only that it runs: a small ledger, once, without optimisation.
    Smoke,
    /// A hospital's ledger, three times.
    Quick,
    /// A large hospital's and a group's, five times.
    Full,
}

impl Size {
    pub(crate) fn runs(self) -> u32 {
        match self {
            Self::Smoke => 1,
            Self::Quick => 3,
            Self::Full => 5,
        }
    }
}

/// A measurement.
struct Job {
    name: &'static str,
    /// Rows of the ledgers under [`Size::Full`]; the first of them is also [`Size::Quick`]'s.
    rows: [u32; 2],
    run: fn(&Bench, u32) -> io::Result<()>,
}

const JOBS: &[Job] = &[
    Job { name: "import-xlsx", rows: [10_000, 100_000], run: |b, n| b.import("xlsx", n) },
    Job { name: "import-csv", rows: [10_000, 100_000], run: |b, n| b.import("csv", n) },
    // Files instead of rows: of 300 PCs, a few from each, and everything from each.
    Job { name: "import-collected", rows: [500, 2_400], run: Bench::import_collected },
    Job { name: "devices", rows: [10_000, 30_000], run: Bench::devices },
    Job { name: "round", rows: [10_000, 30_000], run: Bench::round },
    Job { name: "desk", rows: [10_000, 30_000], run: Bench::desk },
    // Vulnerabilities instead of rows: about as many as there are, and as many records as several feeds have of them.
    Job { name: "vuln", rows: [300_000, 600_000], run: Bench::vulnerabilities },
];

const SMOKE_ROWS: u32 = 200;

/// How long nobody asks the desk anything before its memory is looked at: what is no longer needed is given back after some seconds.
const REST: Duration = Duration::from_secs(12);

/// What openpyxl needs to read every cell: its quickest way, without building the workbook in memory.
const PEER: &str = "import openpyxl, sys
book = openpyxl.load_workbook(sys.argv[1], read_only=True)
print(sum(1 for row in book.active.iter_rows(values_only=True) for cell in row if cell is not None))";

/// As a suite of `cargo xtask test`: it must run, how fast does not matter; under `--full` everything is measured.
pub(crate) fn suite(depth: Depth) -> Outcome {
    match depth {
        Depth::Daily => run(Size::Smoke, None),
        Depth::Full => run(Size::Full, None),
    }
}

/// Runs every measurement, or the one with this name.
pub(crate) fn run(size: Size, name: Option<&str>) -> Outcome {
    let jobs: Vec<&Job> = JOBS.iter().filter(|job| name.is_none_or(|n| n == job.name)).collect();
    if jobs.is_empty() {
        let known: Vec<&str> = JOBS.iter().map(|job| job.name).collect();
        return Outcome::Failed(format!("there are these measurements: {}", known.join(", ")));
    }
    measure_all(size, &jobs).into()
}

fn measure_all(size: Size, jobs: &[&Job]) -> io::Result<()> {
    let bench = Bench::new(size)?;
    for job in jobs {
        let rows = match size {
            Size::Smoke => &[SMOKE_ROWS][..],
            Size::Quick => &job.rows[..1],
            Size::Full => &job.rows[..],
        };
        for rows in rows {
            println!("{} {rows} rows", job.name);
            (job.run)(&bench, *rows)?;
        }
    }
    Ok(())
}

/// The program under measurement and a folder for what it writes.
struct Bench {
    program: PathBuf,
    folder: tempfile::TempDir,
    runs: u32,
    size: Size,
    /// The Python that has openpyxl.
    peer: Option<PathBuf>,
}

impl Bench {
    fn new(size: Size) -> io::Result<Self> {
        let program = build(size)?;
        let peer = if size == Size::Smoke { None } else { python() };
        if size != Size::Smoke {
            if peer.is_none() {
                println!("no peer beside ours: python3 with openpyxl is not on this machine");
            }
            if !measure::can_tell_memory() {
                println!("no peak memory: GNU time is not on this machine");
            }
        }
        Ok(Self { program, folder: tempfile::tempdir()?, runs: size.runs(), size, peer })
    }

    /// Reads a ledger into an empty house, again and again.
    fn import(&self, format: &str, rows: u32) -> io::Result<()> {
        let file = self.ledger(format, rows)?;
        let (mut ours, mut peers) = (Series::default(), Series::default());
        for _ in 0..self.runs {
            let data = tempfile::tempdir_in(self.folder.path())?;
            let run = self.call(data.path(), &["import", "--json", text(&file)?])?;
            let read = json(&run)?.pointer("/files/0/rows").and_then(Value::as_u64);
            expect("rows read", read, rows)?;
            ours.add(&run);
            if let Some(python) = self.peer.as_ref().filter(|_| format == "xlsx") {
                peers.add(&measure::run(python, &["-c", PEER, text(&file)?])?);
            }
        }
        println!("  mimawari  {}", ours.text());
        if peers.median() > 0.0 {
            println!("  openpyxl  {}", peers.text());
            println!("  openpyxl takes {:.1} times as long", peers.median() / ours.median());
        }
        Ok(())
    }

    /// Reads folders of the collecting script into an empty house, again and again.
    fn import_collected(&self, files: u32) -> io::Result<()> {
        let root = tempfile::tempdir_in(self.folder.path())?;
        let folders = collected::write(root.path(), files)?;
        let mut series = Series::default();
        for _ in 0..self.runs {
            let data = tempfile::tempdir_in(self.folder.path())?;
            let run = self.call(data.path(), &["import", "--json", text(root.path())?])?;
            let answer = json(&run)?;
            let views = answer.get("files").and_then(Value::as_array);
            let read = views.map(|views| views.iter().filter(|view| view.get("error").is_none()));
            expect("files read", read.map(|read| read.count() as u64), files + folders)?;
            series.add(&run);
        }
        println!("  mimawari  {}", series.text());
        Ok(())
    }

    /// Lists every device.
    fn devices(&self, rows: u32) -> io::Result<()> {
        self.ask(rows, &["devices", "--json"], |answer| {
            let listed =
                answer.get("devices").and_then(Value::as_array).map(|list| list.len() as u64);
            expect("devices listed", listed, rows)
        })
    }

    /// Runs every rule.
    fn round(&self, rows: u32) -> io::Result<()> {
        self.ask(rows, &["round", "--json", "--date", "2026-11-20"], |answer| {
            let is_list = |key: &str| answer.get(key).is_some_and(Value::is_array);
            if ["new", "gone", "standing"].into_iter().all(is_list) {
                return Ok(());
            }
            Err(io::Error::other("the round does not say what is new, gone and standing"))
        })
    }

    /// Opens the desk of a hospital in which much is wrong, and visits its pages: first alone, then while a ledger is imported.
    fn desk(&self, rows: u32) -> io::Result<()> {
        let time = Duration::from_secs(if self.size == Size::Smoke { 2 } else { 30 });
        let folder = tempfile::tempdir_in(self.folder.path())?;
        let data = folder.path().join("data");
        for file in hospital::write(folder.path(), rows)? {
            self.call(&data, &["import", "--json", text(&file)?])?;
        }
        let round = json(&self.call(&data, &["round", "--json"])?)?;
        let found = round.get("new").and_then(Value::as_array).map_or(0, Vec::len);
        let added = json(
            &self.call(&data, &["user", "add", "kenji", "--role", "administrator", "--json"])?,
        )?;
        let first = added.get("first_password").and_then(Value::as_str).unwrap_or_default();
        let desk = Desk::open(&self.program, &data, "kenji", first)?;
        println!(
            "  {found} findings; first answer {:.0} ms after the start",
            desk.opened.as_secs_f64() * 1000.0
        );
        desk.page("/")?;
        let rest = if self.size == Size::Smoke { Duration::ZERO } else { REST };
        std::thread::sleep(rest);
        if let Some(memory) = desk.memory() {
            println!("  memory after {} s of rest: {memory} MB", rest.as_secs());
        }
        print!("{}", desk.visit(time)?);
        if let Some(memory) = desk.memory() {
            println!("  memory after all that: {memory} MB");
        }
        let more = hospital::write_more(folder.path(), rows / 3)?;
        let import = std::thread::scope(|scope| {
            let import = scope.spawn(|| self.call(&data, &["import", "--json", text(&more)?]));
            println!("  while {} rows are imported beside it:", rows / 3);
            print!("{}", desk.visit(time)?);
            import.join().unwrap_or_else(|_| Err(io::Error::other("the import stopped")))
        })?;
        println!("  the import took {:.2} s", import.wall.as_secs_f64());
        println!("  a device's JSON on one connection:");
        for device in [hospital::SEEN, hospital::LISTED] {
            println!("    {}", desk.devices_a_second(device, time / 5)?);
        }
        Ok(())
    }

    /// Holds an inventory against an index of advisories.
    fn vulnerabilities(&self, count: u32) -> io::Result<()> {
        let folder = tempfile::tempdir_in(self.folder.path())?;
        advisories::measure(folder.path(), self.size, count)
    }

    /// Asks a house with one ledger the same thing again and again.
    fn ask(
        &self,
        rows: u32,
        question: &[&str],
        check: impl Fn(&Value) -> io::Result<()>,
    ) -> io::Result<()> {
        let file = self.ledger("csv", rows)?;
        let data = tempfile::tempdir_in(self.folder.path())?;
        self.call(data.path(), &["import", "--json", text(&file)?])?;
        let mut series = Series::default();
        for _ in 0..self.runs {
            let run = self.call(data.path(), question)?;
            check(&json(&run)?)?;
            series.add(&run);
        }
        println!("  mimawari  {}", series.text());
        Ok(())
    }

    fn call(&self, data: &Path, arguments: &[&str]) -> io::Result<Run> {
        let arguments = [arguments, &["--data", text(data)?]].concat();
        measure::run(&self.program, &arguments)
    }

    /// A ledger of this length; written once.
    fn ledger(&self, format: &str, rows: u32) -> io::Result<PathBuf> {
        let path = self.folder.path().join(format!("ledger-{rows}.{format}"));
        if !path.exists() {
            match format {
                "xlsx" => ledger::write_xlsx(&path, rows)?,
                _ => ledger::write_csv(&path, rows)?,
            }
        }
        Ok(path)
    }
}

/// Builds the program and says where it is.
pub(crate) fn build(size: Size) -> io::Result<PathBuf> {
    optimised(size, "mimawari")
}

/// Builds a program of the workspace, with optimisation where that is measured, and says where it is.
pub(crate) fn optimised(size: Size, name: &str) -> io::Result<PathBuf> {
    let optimised = size != Size::Smoke;
    let mut command = shell::cargo(&["build", "--quiet", "--locked", "--package", name]);
    command.args(optimised.then_some("--release"));
    if let Outcome::Failed(why) = shell::run(&mut command) {
        return Err(io::Error::other(why));
    }
    let folder = if optimised { "release" } else { "debug" };
    let file = format!("{name}{}", std::env::consts::EXE_SUFFIX);
    Ok(cargo::workspace()?.target_directory.join(folder).join(file))
}

/// The interpreter itself: what `python3` starts first on some machines would be measured too.
fn python() -> Option<PathBuf> {
    let mut command = Command::new("python3");
    let path = shell::output(command.args(["-c", "import openpyxl, sys; print(sys.executable)"]));
    path.ok().map(|path| PathBuf::from(path.trim()))
}

fn json(run: &Run) -> io::Result<Value> {
    serde_json::from_slice(&run.stdout)
        .map_err(|error| io::Error::other(format!("the answer is no JSON: {error}")))
}

/// Measuring a program that does not do its work would be worth nothing.
fn expect(what: &str, found: Option<u64>, rows: u32) -> io::Result<()> {
    if found == Some(u64::from(rows)) {
        return Ok(());
    }
    Err(io::Error::other(format!("{what}: {found:?} instead of {rows}")))
}

fn text(path: &Path) -> io::Result<&str> {
    path.to_str().ok_or_else(|| io::Error::other("the temporary folder's name is no UTF-8"))
}
