//! The program itself with a world of vulnerabilities: what a person waits for who takes feeds in, takes in what a day brings, and asks
//! for one parts list or for many.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::bench::{Size, optimised};
use crate::measure::{self, Series};

/// How many vulnerabilities a day brings: half of them new, half of them told again.
const DAY: usize = 500;

/// Takes the feed of the world in `folder` in, then days, and asks.
pub(crate) fn measure(folder: &Path, size: Size, count: u32) -> io::Result<()> {
    let program = optimised(size, "mimawari")?;
    let data = tempfile::tempdir_in(folder)?;
    let call = |words: &[&str], files: &[&Path], series: &mut Series| -> io::Result<Value> {
        let data = text(data.path())?;
        let files: Vec<&str> = files.iter().map(|file| text(file)).collect::<Result<_, _>>()?;
        let run = measure::run(&program, &[words, &files, &["--json", "--data", data]].concat())?;
        series.add(&run);
        serde_json::from_slice(&run.stdout).map_err(io::Error::other)
    };
    let feed = folder.join("nvd-2.0.json");
    let mut series = Series::default();
    let said = call(&["feeds", "import"], &[&feed], &mut series)?;
    expect(&said, "/feeds/advisories", u64::from(count))?;
    println!("  feeds import  {}", series.text());

    let per_day = DAY.min(count as usize / 4);
    let mut series = Series::default();
    for day in 1..=size.runs() {
        let file = write_day(&feed, folder, day as usize, per_day, count as usize)?;
        let said = call(&["feeds", "import"], &[&file], &mut series)?;
        let new = per_day as u64 / 2 * u64::from(day);
        expect(&said, "/feeds/advisories", u64::from(count) + new)?;
    }
    println!("  feeds import of {per_day}, one day after the other  {}", series.text());

    let list = folder.join("sbom-1.cdx.json");
    let (mut series, mut said) = (Series::default(), Value::Null);
    for _ in 0..size.runs() {
        said = call(&["match"], &[&list], &mut series)?;
    }
    println!("  match of one parts list  {}; {} findings", series.text(), found(&said));
    Lists::write(folder, size, &list)?.ask(&call)
}

/// Calls the program with words and files; what it said.
type Call<'c> = dyn Fn(&[&str], &[&Path], &mut Series) -> io::Result<Value> + 'c;

/// Many parts lists, each of another product.
struct Lists {
    files: Vec<PathBuf>,
    folder: PathBuf,
    /// How many are asked for at once: an answer is as long as what is found.
    at_once: usize,
    components: usize,
}

impl Lists {
    fn write(folder: &Path, size: Size, list: &Path) -> io::Result<Self> {
        let (count, at_once) = match size {
            Size::Smoke => (3, 3),
            Size::Quick => (1_000, 100),
            Size::Full => (10_000, 1_000),
        };
        let one = fs::read_to_string(list)?;
        let parsed: Value = serde_json::from_str(&one).map_err(io::Error::other)?;
        let components =
            parsed.pointer("/components").and_then(Value::as_array).map_or(0, Vec::len);
        let folder = folder.join("lists");
        fs::create_dir_all(&folder)?;
        let mut files = Vec::new();
        for number in 0..count {
            let other = one.replacen("\"hospital\"", &format!("\"product {number}\""), 1);
            if other == one {
                return Err(io::Error::other("a parts list of no product"));
            }
            let path = folder.join(format!("{number:05}.cdx.json"));
            fs::write(&path, other)?;
            files.push(path);
        }
        Ok(Self { files, folder, at_once, components })
    }

    /// Holds some of them against what is at hand, and imports all of them.
    fn ask(&self, call: &Call<'_>) -> io::Result<()> {
        let some: Vec<&Path> = self.files.iter().take(self.at_once).map(PathBuf::as_path).collect();
        self.hand("match", &some, some.len(), "/documents", call)?;
        self.hand("import", &[&self.folder], self.files.len(), "/files", call)
    }

    /// Hands `count` of them to a command, each of which it must take.
    fn hand(
        &self,
        word: &str,
        given: &[&Path],
        count: usize,
        told: &str,
        call: &Call<'_>,
    ) -> io::Result<()> {
        let mut series = Series::default();
        let said = call(&[word], given, &mut series)?;
        let is_taken = |file: &&Value| file.get("error").is_none_or(Value::is_null);
        let files = said.pointer(told).and_then(Value::as_array);
        let taken = files.map_or(0, |files| files.iter().filter(is_taken).count());
        if taken != count {
            return Err(io::Error::other(format!("{word}: {taken} of {count} parts lists")));
        }
        let speed = (count * self.components) as f64 / series.median();
        println!(
            "  {word} of {count} parts lists  {}; {speed:.0} components a second",
            series.text()
        );
        Ok(())
    }
}

/// What a day brings: records from all over the feed, the later half under new numbers.
fn write_day(
    feed: &Path,
    folder: &Path,
    day: usize,
    count: usize,
    all: usize,
) -> io::Result<PathBuf> {
    let path = folder.join(format!("day-{day}.json"));
    let (step, mut taken) = ((all / count).max(1), 0);
    let mut lines = BufReader::new(File::open(feed)?).lines();
    let mut file = io::BufWriter::new(File::create(&path)?);
    writeln!(file, "{}", lines.next().transpose()?.unwrap_or_default())?;
    for (at, line) in lines.enumerate() {
        let line = line?;
        if at % step != day % step || taken == count || !line.starts_with('{') {
            continue;
        }
        let line = line.trim_end_matches(',');
        let line = line.replacen("2024-02-03T", &format!("2024-03-{:02}T", day % 28 + 1), 1);
        let line = match taken < count / 2 {
            true => line,
            false => renumbered(&line, day)?,
        };
        let between = if taken == 0 { "" } else { ",\n" };
        write!(file, "{between}{line}")?;
        taken += 1;
    }
    writeln!(file, "\n]}}")?;
    file.flush()?;
    if taken == count { Ok(path) } else { Err(io::Error::other("fewer records than a day brings")) }
}

/// The record under a number that the world does not have.
fn renumbered(line: &str, day: usize) -> io::Result<String> {
    let start = line.find("\"CVE-").ok_or_else(|| io::Error::other("a record without number"))?;
    let dash = start + "\"CVE-2024-".len();
    let (before, after) = line.split_at_checked(dash).ok_or_else(|| io::Error::other("cut"))?;
    Ok(format!("{before}9{day}{after}"))
}

fn found(said: &Value) -> usize {
    said.pointer("/matches").and_then(Value::as_array).map_or(0, Vec::len)
}

fn expect(said: &Value, at: &str, expected: u64) -> io::Result<()> {
    match said.pointer(at).and_then(Value::as_u64) {
        Some(found) if found == expected => Ok(()),
        found => Err(io::Error::other(format!("{at} is {found:?} instead of {expected}: {said}"))),
    }
}

fn text(path: &Path) -> io::Result<&str> {
    path.to_str().ok_or_else(|| io::Error::other("a folder whose name is no UTF-8"))
}
