//! `cargo xtask fuzz`: every reader against damaged files, on the stable toolchain.
//!
//! Seeds are all files of `testdata/`. Each is first given to every target as it is, then damaged ones until the time is over.
//! The same seed number gives the same damage, so a run can be repeated.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use std::{fs, io, thread};

use formats::fuzzing::mutate;

use crate::outcome::Outcome;
use crate::shell;
use crate::suites::Depth;

/// What a run is asked for.
struct Plan {
    /// For each target.
    time: Duration,
    /// Start of the sequence of damage.
    seed: u64,
    /// Only this one.
    target: Option<String>,
}

/// Any fixed number; zero would stand still in a xorshift.
const SEED: u64 = 0x6d69_6d61_7761_7269;

/// A reader that takes longer than this on one input hangs, for the person who waits.
const PATIENCE: Duration = Duration::from_secs(20);

/// Larger files are read once as they are, and not damaged: one round would take the whole time.
const LARGEST_DAMAGED: usize = 256 * 1024;

type Reader = fn(&[u8]);

/// As a suite of `cargo xtask test`: in a process of its own, so that a stack overflow there does not end the other suites.
pub(crate) fn suite(depth: Depth) -> Outcome {
    if depth == Depth::Full {
        let call = ["run", "--quiet", "--locked", "--profile", "fuzz", "--package", "xtask", "--"];
        return shell::run(shell::cargo(&call).args(["fuzz", "--seconds", "300"]));
    }
    match std::env::current_exe() {
        Ok(own) => shell::run(Command::new(own).args(["fuzz", "--seconds", "2"])),
        Err(error) => Outcome::Failed(error.to_string()),
    }
}

/// Every target, by name: the readers of files, and the readers of notations.
fn targets() -> impl Iterator<Item = (&'static str, Reader)> {
    formats::fuzzing::TARGETS.iter().chain(notation::fuzzing::TARGETS).copied()
}

/// `fuzz [--seconds N] [--seed N] [TARGET]`.
pub(crate) fn command(words: &[&str]) -> Outcome {
    match Plan::read(words) {
        Some(plan) => run(&plan).into(),
        None => {
            let known: Vec<&str> = targets().map(|(name, _)| name).collect();
            let usage = "cargo xtask fuzz [--seconds N] [--seed N] [TARGET]";
            Outcome::Failed(format!("{usage}; targets: {}", known.join(", ")))
        }
    }
}

impl Plan {
    fn read(words: &[&str]) -> Option<Self> {
        let mut plan = Self { time: Duration::from_secs(60), seed: SEED, target: None };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match *word {
                "--seconds" => plan.time = Duration::from_secs(words.next()?.parse().ok()?),
                "--seed" => plan.seed = words.next()?.parse().ok().filter(|seed| *seed != 0)?,
                name if targets().any(|(known, _)| known == name) => {
                    plan.target = Some(name.to_owned());
                }
                _ => return None,
            }
        }
        Some(plan)
    }
}

fn run(plan: &Plan) -> io::Result<()> {
    let corpus = corpus(&shell::root().join("testdata"))?;
    println!("{} seeds, seed number {}", corpus.len(), plan.seed);
    let watch = Watch::start();
    let mut broken = Vec::new();
    for (name, reader) in targets() {
        if plan.target.as_deref().is_none_or(|wanted| wanted == name) {
            let start = Instant::now();
            match attack(name, reader, plan, &corpus, &watch) {
                Ok(inputs) => println!("{name}: {inputs} inputs in {:.1?}", start.elapsed()),
                Err(input) => broken.push(keep(name, &input)?),
            }
        }
    }
    if broken.is_empty() { Ok(()) } else { Err(io::Error::other(broken.join("\n"))) }
}

/// Gives how many inputs a reader took, or the input it panicked on.
fn attack(
    name: &str,
    reader: Reader,
    plan: &Plan,
    corpus: &[Seed],
    watch: &Watch,
) -> Result<u64, Arc<[u8]>> {
    let end = Instant::now() + plan.time;
    let mut inputs = 0;
    for seed in corpus {
        survive(name, reader, seed.bytes.clone(), watch)?;
        inputs += 1;
    }
    let (own, all) = (likely(corpus, name), damageable(corpus));
    let mut state = plan.seed;
    while Instant::now() < end {
        // Half of the time the files of the reader's own family, where it has one: others rarely get past its first look.
        let from = if inputs % 2 == 0 && !own.is_empty() { &own } else { &all };
        let seed = from.get(pick(&mut state, from.len())).map_or(&[][..], |seed| &seed.bytes);
        survive(name, reader, mutate(seed, &mut state).into(), watch)?;
        inputs += 1;
    }
    Ok(inputs)
}

/// Gives a reader one input; the input comes back if it panics.
fn survive(name: &str, reader: Reader, input: Arc<[u8]>, watch: &Watch) -> Result<(), Arc<[u8]>> {
    watch.begin(name, input.clone());
    let survived = catch_unwind(AssertUnwindSafe(|| reader(&input))).is_ok();
    watch.end();
    if survived { Ok(()) } else { Err(input) }
}

/// Ends the process when a reader hangs, and keeps what it hung on.
struct Watch {
    current: Arc<Mutex<Option<Under>>>,
}

/// What a reader is reading, since when.
struct Under {
    target: String,
    since: Instant,
    input: Arc<[u8]>,
}

impl Watch {
    fn start() -> Self {
        let current = Arc::new(Mutex::new(None));
        let watched = Arc::clone(&current);
        thread::spawn(move || {
            loop {
                thread::sleep(Duration::from_secs(1));
                if let Some(under) = &*lock(&watched) {
                    give_up_on(under);
                }
            }
        });
        Self { current }
    }

    fn begin(&self, target: &str, input: Arc<[u8]>) {
        let under = Under { target: target.to_owned(), since: Instant::now(), input };
        *lock(&self.current) = Some(under);
    }

    fn end(&self) {
        *lock(&self.current) = None;
    }
}

fn lock(current: &Mutex<Option<Under>>) -> std::sync::MutexGuard<'_, Option<Under>> {
    current.lock().unwrap_or_else(PoisonError::into_inner)
}

fn give_up_on(under: &Under) {
    if under.since.elapsed() < PATIENCE {
        return;
    }
    let kept = keep(&under.target, &under.input).unwrap_or_else(|error| error.to_string());
    eprintln!("{kept}\n{}: no end after {PATIENCE:?}", under.target);
    std::process::exit(1);
}

/// Keeps an input that broke a reader, and says where and what to do with it.
fn keep(target: &str, input: &[u8]) -> io::Result<String> {
    let folder = shell::root().join("target").join("fuzz");
    fs::create_dir_all(&folder)?;
    let path = folder.join(format!("{target}.bin"));
    fs::write(&path, input)?;
    let path = path.display();
    Ok(format!(
        "{target}: broken by {path}; name it for what is wrong with it and add it to testdata/"
    ))
}

/// A file of `testdata/`.
struct Seed {
    path: PathBuf,
    bytes: Arc<[u8]>,
}

/// Every file below a folder, in the order of names.
fn corpus(folder: &Path) -> io::Result<Vec<Seed>> {
    let mut seeds = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            seeds.extend(corpus(&path)?);
        } else {
            let bytes = fs::read(&path)?.into();
            seeds.push(Seed { path, bytes });
        }
    }
    seeds.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(seeds)
}

fn damageable(corpus: &[Seed]) -> Vec<&Seed> {
    corpus.iter().filter(|seed| seed.bytes.len() <= LARGEST_DAMAGED).collect()
}

/// Seeds whose path carries a word of the target's name: `windows-arp` likes `testdata/arp/windows-ja.txt`.
fn likely<'a>(corpus: &'a [Seed], target: &str) -> Vec<&'a Seed> {
    let words: Vec<&str> = target.split(|c: char| !c.is_alphanumeric()).collect();
    let names = |seed: &Seed| {
        let path = seed.path.strip_prefix(shell::root()).unwrap_or(&seed.path).to_string_lossy();
        words.iter().any(|word| path.contains(word))
    };
    damageable(corpus).into_iter().filter(|seed| names(seed)).collect()
}

/// A number below `length`, and the next state (xorshift64, Marsaglia 2003).
fn pick(state: &mut u64, length: usize) -> usize {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    (*state % length.max(1) as u64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn breaks_on_a_nul(bytes: &[u8]) {
        assert!(!bytes.contains(&0), "a NUL");
    }

    #[test]
    fn the_input_that_breaks_a_reader_comes_back() {
        let watch = Watch::start();
        assert_eq!(survive("nul", breaks_on_a_nul, Arc::from(*b"abc"), &watch), Ok(()));
        let broken = survive("nul", breaks_on_a_nul, Arc::from(*b"a\0c"), &watch);
        assert_eq!(broken, Err(Arc::from(*b"a\0c")));
    }

    #[test]
    fn a_target_likes_the_files_of_its_family() {
        let seed = |path: &str| Seed { path: shell::root().join(path), bytes: Arc::from([]) };
        let corpus = [seed("testdata/arp/ja.txt"), seed("testdata/xlsx/ledger.xlsx")];
        let liked = likely(&corpus, "windows-arp");
        assert_eq!(liked.len(), 1);
        assert!(liked[0].path.ends_with("arp/ja.txt"));
    }

    #[test]
    fn a_plan_is_read_and_nonsense_is_refused() {
        let plan = Plan::read(&["--seconds", "5", "--seed", "7"]).unwrap();
        assert_eq!((plan.time, plan.seed), (Duration::from_secs(5), 7));
        for words in [&["--seconds"][..], &["--seed", "0"], &["no such target"]] {
            assert!(Plan::read(words).is_none(), "{words:?}");
        }
    }
}
