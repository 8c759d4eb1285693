//! Mutation for a while, which the tests of every reader use, and tests of the mutator itself.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use super::*;

/// Gives `target` mutations of `seeds` until `time` is over, and at least once each.
pub(crate) fn for_a_while(seeds: &[Vec<u8>], time: Duration, target: fn(&[u8])) {
    let mut state = 0x9e37_79b9_7f4a_7c15;
    let start = Instant::now();
    let mut runs = 0;
    while runs < seeds.len() || start.elapsed() < time {
        target(&mutate(&seeds[runs % seeds.len()], &mut state));
        runs += 1;
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata");
    let folders = [
        "antivirus",
        "backup",
        "demo-hospital",
        "dhcp",
        "neighbours",
        "network",
        "scanners",
        "windows",
    ]
    .map(|name| root.join(name));
    let files = folders.into_iter().flat_map(|folder| fs::read_dir(folder).unwrap());
    let paths = files.map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> = paths.filter(|path| path.is_file()).collect();
    paths.sort();
    paths.into_iter().map(|path| fs::read(path).unwrap()).collect()
}

#[test]
fn no_target_panics_on_changed_samples() {
    let seeds = seeds();
    let mut state = 20_261_120;
    let start = Instant::now();
    while start.elapsed() < Duration::from_secs(2) {
        for seed in &seeds {
            let bytes = mutate(seed, &mut state);
            for (name, target) in TARGETS {
                let outcome = std::panic::catch_unwind(|| target(&bytes));
                assert!(outcome.is_ok(), "{name} panics on {bytes:02x?}");
            }
        }
    }
}

#[test]
fn the_same_state_gives_the_same_change() {
    let (mut one, mut other) = (7, 7);
    assert_eq!(
        mutate(b"Interface: 10.0.0.1", &mut one),
        mutate(b"Interface: 10.0.0.1", &mut other)
    );
    assert_ne!(one, 7);
}
