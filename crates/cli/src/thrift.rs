//! The desk runs for months and rests most of the time. What it no longer needs is to go back to the system at once, where the
//! allocator would keep it until somebody asks for more.
//!
//! Allocators hear that from their environment alone, when a program starts. So the desk starts itself anew in its own place: the same
//! process, the same words, and two variables more.

/// The milliseconds for which mimalloc keeps what was freed.
const DELAY: &str = "MIMALLOC_PURGE_DELAY";
/// From how many places the C library gives memory to SQLite. Each keeps what it was given back; one is enough for a desk.
const ARENAS: &str = "MALLOC_ARENA_MAX";

/// Starts this program anew with both said, unless the first is said already; comes back where that is so, or cannot be done.
#[cfg(unix)]
pub(crate) fn begin() {
    use std::os::unix::process::CommandExt;

    if std::env::var_os(DELAY).is_some() {
        return;
    }
    if let Ok(program) = std::env::current_exe() {
        let mut words = std::env::args_os();
        let mut command = std::process::Command::new(program);
        words.next().into_iter().for_each(|name| {
            command.arg0(name);
        });
        // It comes back with an error alone, and then the desk only keeps some megabytes more.
        let _ = command.args(words).env(DELAY, "0").env(ARENAS, "1").exec();
    }
}

/// Other systems put no program in the place of another.
#[cfg(not(unix))]
pub(crate) fn begin() {}
