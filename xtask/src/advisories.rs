//! `cargo xtask bench vuln`: how long it takes to build an index of advisories, and to hold an inventory against it.
//!
//! The work itself is done by this very program, built with optimisation and called as `xtask advisories ...`, so that time and
//! memory are those of one piece of work.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use domain::advisory::FeedKind;
use engine::advisories::index::{Builder, Index, ReadAt, Source};
use engine::advisories::judge::survey::{Asked, Survey};
use engine::advisories::judge::{Judge, Judged, Product};
use formats::reading::Input;
use reference::makers;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::bench::{Size, optimised};
use crate::measure::{self, Series};
use crate::outcome::Outcome;
use crate::{days, shell, vulnerable};

/// The folder with `gen_vuln.py` and `floor_match.rs`, which make larger worlds and say what the least is that the work takes.
const GENERATORS: &str = "MIMAWARI_BENCH";

/// A piece of work, in a process of its own.
pub(crate) fn command(words: &[&str]) -> Outcome {
    let said = match words {
        ["build", feed, index] => build(Path::new(feed), Path::new(index)),
        ["judge", index, inventory] => judge(Path::new(index), Path::new(inventory)),
        ["sbom", index, list] => judge_list(Path::new(index), Path::new(list)),
        _ => Err(io::Error::other("advisories build|judge|sbom FILE FILE")),
    };
    said.map(|said| println!("{said}")).into()
}

/// Builds an index of one feed.
fn build(feed: &Path, index: &Path) -> io::Result<Value> {
    let (mut builder, mut fault) = (Builder::new(), Ok(()));
    let reading = formats::feeds::read(File::open(feed)?, "feed", &mut |record| {
        if fault.is_ok() {
            fault = builder.add(record);
        }
    });
    fault?;
    let reading = reading.map_err(|refusal| io::Error::other(format!("{refusal:?}")))?;
    let source = Source {
        feed: FeedKind::Nvd,
        name: "feed".to_owned(),
        records: reading.records,
        newest: reading.newest,
        refused: reading.refused_count,
    };
    let mut out = BufWriter::new(File::create(index)?);
    let summary = builder.finish(vec![source], &mut out)?;
    out.flush()?;
    Ok(json!({
        "records": reading.records, "refused": reading.refused_count, "advisories": summary.advisories,
        "claims": summary.claims, "bytes": summary.bytes,
    }))
}

/// A file whose pages are read as they are touched.
struct Pages(u64, Mutex<File>);

impl ReadAt for Pages {
    fn length(&self) -> u64 {
        self.0
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<()> {
        let mut file = self.1.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(into)
    }
}

fn open(path: &Path) -> io::Result<Index<'static>> {
    let file = File::open(path)?;
    let length = file.metadata()?.len();
    Index::open_file(Pages(length, Mutex::new(file))).map_err(io::Error::other)
}

/// A line of an inventory.
#[derive(Deserialize)]
struct Device<'a> {
    #[serde(borrow)]
    components: Vec<&'a str>,
}

/// Judges every component of an inventory.
fn judge(index: &Path, inventory: &Path) -> io::Result<Value> {
    let start = Instant::now();
    let index = open(index)?;
    let opened = start.elapsed();
    let (mut survey, mut line, mut cpe) = (Survey::new(), Vec::new(), [String::new()]);
    let mut lines = BufReader::with_capacity(1 << 20, File::open(inventory)?);
    while lines.read_until(b'\n', &mut line)? > 0 {
        let device: Device<'_> = serde_json::from_slice(&line).map_err(io::Error::other)?;
        for purl in device.components {
            let (product, version) = numbered(purl)?;
            cpe[0].clear();
            vulnerable::write_cpe(product, version, &mut cpe[0]);
            survey.add(&Asked { cpes: &cpe, ..Asked::default() });
        }
        line.clear();
    }
    let read = start.elapsed() - opened;
    let components = survey.len();
    let surveyed = survey.judge(&index, makers::shipped()).map_err(io::Error::other)?;
    let found = (0..components).filter_map(|number| surveyed.of(number));
    let findings: usize =
        found.map(|glance| glance.found.iter().filter(|one| one.affected.is_some()).count()).sum();
    let judged = start.elapsed() - opened - read;
    Ok(json!({
        "components": components, "distinct": surveyed.distinct(), "findings": findings,
        "opened": opened.as_secs_f64(), "read": read.as_secs_f64(), "judged": judged.as_secs_f64(),
    }))
}

/// The number of the product, and the version, in a package URL of an invented world.
fn numbered(purl: &str) -> io::Result<(u32, &str)> {
    let parts = purl.rsplit_once('/').and_then(|(_, name)| name.split_once('@'));
    let parts = parts.and_then(|(name, version)| Some((name.strip_prefix("prod")?, version)));
    let (product, version) = parts.ok_or_else(|| io::Error::other(purl))?;
    Ok((product.parse().map_err(io::Error::other)?, version))
}

/// Judges a parts list whole, with all that is told of each finding.
fn judge_list(index: &Path, list: &Path) -> io::Result<Value> {
    let start = Instant::now();
    let index = open(index)?;
    let opened = start.elapsed();
    let bytes = fs::read(list)?;
    let input = Input { name: "list", bytes: &bytes, mapping: None, machine: None };
    let reading =
        formats::parts::read(&input).map_err(|refusal| io::Error::other(format!("{refusal:?}")))?;
    let read = start.elapsed() - opened;
    let (judge, mut findings) = (Judge::new(&index, makers::shipped()), 0);
    for component in &reading.list.components {
        let verdicts = judge.judge(&Product::from(component)).map_err(io::Error::other)?;
        if let Judged::Yes(matches) = verdicts.judged {
            findings += matches.iter().filter(|one| one.affected.is_some()).count();
        }
    }
    let judged = start.elapsed() - opened - read;
    Ok(json!({
        "components": reading.list.components.len(), "findings": findings,
        "opened": opened.as_secs_f64(), "read": read.as_secs_f64(), "judged": judged.as_secs_f64(),
    }))
}

/// A world on disk, and the programs that are held against it.
struct World<'f> {
    folder: &'f Path,
    program: PathBuf,
    generators: Option<PathBuf>,
    runs: u32,
}

/// Builds and judges a world of so many vulnerabilities.
pub(crate) fn measure(folder: &Path, size: Size, count: u32) -> io::Result<()> {
    let generators = std::env::var_os(GENERATORS).map(PathBuf::from);
    let generators = generators.filter(|_| size != Size::Smoke);
    if size != Size::Smoke && generators.is_none() {
        println!("  a small world of our own: {GENERATORS} names no folder with gen_vuln.py");
    }
    // Our own world counts what is right by trying everything.
    let count = if generators.is_some() { count } else { count.min(2_000) };
    let program = optimised(size, "xtask")?;
    let world = World { folder, program, generators, runs: size.runs() };
    let index = folder.join("index");
    world.generate(&["world"], &["--cves", &count.to_string()], count)?;
    world.generate(&["nvd"], &[], count)?;
    world.build(&index, count)?;
    if let Some(feed) = &world.generators {
        for models in ["0", "500"] {
            println!(
                "  inventory of {} models",
                if models == "0" { "all different" } else { models }
            );
            world.generator(feed, &["inventory"], &["--models", models])?;
            world.judge(&index)?;
        }
        world.generator(feed, &["sbom"], &["--devices", "1"])?;
    } else {
        world.judge(&index)?;
    }
    world.judge_list(&index)?;
    days::measure(folder, size, count)
}

impl World<'_> {
    /// Writes a part of the world: by the generators, or all of it at once by ourselves.
    fn generate(&self, what: &[&str], more: &[&str], count: u32) -> io::Result<()> {
        match &self.generators {
            Some(folder) => self.generator(folder, what, more),
            None if what == ["world"] => {
                vulnerable::write(self.folder, count)?;
                vulnerable::write_sbom(self.folder, count)
            }
            None => Ok(()),
        }
    }

    fn generator(&self, folder: &Path, what: &[&str], more: &[&str]) -> io::Result<()> {
        let mut command = Command::new("python3");
        command.arg(folder.join("gen_vuln.py")).args(what).arg(self.folder).args(more);
        shell::output(&mut command).map(drop)
    }

    fn call(&self, words: &[&str], files: &[&Path], series: &mut Series) -> io::Result<Value> {
        let files: Option<Vec<&str>> = files.iter().map(|file| file.to_str()).collect();
        let files = files.ok_or_else(|| io::Error::other("a folder whose name is no UTF-8"))?;
        let run = measure::run(&self.program, &[&["advisories"], words, &files].concat())?;
        series.add(&run);
        serde_json::from_slice(&run.stdout).map_err(io::Error::other)
    }

    fn build(&self, index: &Path, count: u32) -> io::Result<()> {
        let mut series = Series::default();
        let feed = self.folder.join("nvd-2.0.json");
        let said = self.call(&["build"], &[&feed, index], &mut series)?;
        if said.get("records").and_then(Value::as_u64) != Some(u64::from(count)) {
            return Err(io::Error::other(format!("{count} records, of which were read: {said}")));
        }
        let size = said.get("bytes").and_then(Value::as_u64).unwrap_or_default();
        println!("  build     {}; {} MiB", series.text(), size >> 20);
        Ok(())
    }

    /// Judges the inventory and counts the findings, beside the least that the same work takes.
    fn judge(&self, index: &Path) -> io::Result<()> {
        let inventory = self.folder.join("inventory.ndjson");
        let expected: Value = serde_json::from_slice(&fs::read(self.folder.join("expected.json"))?)
            .map_err(io::Error::other)?;
        let floor = self.floor()?;
        let (mut ours, mut floors, mut last) = (Series::default(), Series::default(), Value::Null);
        for _ in 0..self.runs {
            let said = self.call(&["judge"], &[index, &inventory], &mut ours)?;
            for key in ["components", "distinct", "findings"] {
                if said.get(key) != expected.get(key) {
                    return Err(io::Error::other(format!("{said} instead of {expected}")));
                }
            }
            last = said;
            if let Some(floor) = &floor {
                let world = self.folder.join("advisories.ndjson");
                let files = [world.to_str(), inventory.to_str()];
                let files: Vec<&str> = files.into_iter().flatten().collect();
                floors.add(&measure::run(floor, &files)?);
            }
        }
        println!("  mimawari  {}; the last: {last}", ours.text());
        if floors.median() > 0.0 {
            println!("  floor     {}", floors.text());
            println!("  mimawari takes {:.2} times as long", ours.median() / floors.median());
        }
        Ok(())
    }

    fn judge_list(&self, index: &Path) -> io::Result<()> {
        let list = self.folder.join("sbom-1.cdx.json");
        let (mut series, mut last) = (Series::default(), Value::Null);
        for _ in 0..self.runs {
            last = self.call(&["sbom"], &[index, &list], &mut series)?;
        }
        println!("  one parts list  {}; the last: {last}", series.text());
        Ok(())
    }

    /// The least that the work takes, compiled.
    fn floor(&self) -> io::Result<Option<PathBuf>> {
        let Some(folder) = &self.generators else { return Ok(None) };
        let program = self.folder.join("floor_match");
        if !program.exists() {
            let mut command = Command::new("rustc");
            command.args(["-O", "-C", "target-cpu=native", "-o"]).arg(&program);
            shell::output(command.arg(folder.join("floor_match.rs")))?;
        }
        Ok(Some(program))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invented_world_has_the_findings_that_were_counted() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| folder.path().join(name);
        vulnerable::write(folder.path(), 60).unwrap();
        vulnerable::write_sbom(folder.path(), 60).unwrap();
        let built = build(&file("nvd-2.0.json"), &file("index")).unwrap();
        assert_eq!(built["records"], 60);
        let said = judge(&file("index"), &file("inventory.ndjson")).unwrap();
        let expected = fs::read(file("expected.json")).unwrap();
        let expected: Value = serde_json::from_slice(&expected).unwrap();
        assert!(expected["findings"].as_u64() > Some(0));
        for key in ["components", "distinct", "findings"] {
            assert_eq!(said[key], expected[key], "{key}");
        }
        let said = judge_list(&file("index"), &file("sbom-1.cdx.json")).unwrap();
        assert_eq!(said["components"], 300);
        assert!(said["findings"].as_u64() > Some(0));
    }
}
