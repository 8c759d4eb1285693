//! Gives every input to the reader that `FUZZ_TARGET` names, or to each of them.

#![no_main]

use std::sync::LazyLock;

use formats::fuzzing::{TARGETS, Target};
use libfuzzer_sys::fuzz_target;

static CHOSEN: LazyLock<Vec<Target>> = LazyLock::new(|| {
    let name = std::env::var("FUZZ_TARGET").ok();
    let chosen = |target: &&Target| name.as_deref().is_none_or(|name| name == target.0);
    let all = TARGETS.iter().chain(notation::fuzzing::TARGETS);
    let targets: Vec<Target> = all.filter(chosen).copied().collect();
    assert!(!targets.is_empty(), "FUZZ_TARGET names no target");
    targets
});

fuzz_target!(|bytes: &[u8]| {
    for (_, reader) in CHOSEN.iter() {
        reader(bytes);
    }
});
