//! Who may know whom: the floors of ARCHITECTURE.md, checked against what the crates really ask for.

use crate::cargo::{self, Package};
use crate::outcome::Outcome;
use crate::purity;

/// A crate and what it may know.
struct Room {
    /// The package.
    name: &'static str,
    /// Our own packages that it may depend on.
    knows: &'static [&'static str],
    /// Our own packages that only its tests may depend on.
    tests_know: &'static [&'static str],
}

const DOMAIN: &str = "mimawari-domain";
const NOTATION: &str = "mimawari-notation";
const FORMATS: &str = "mimawari-formats";
const ENGINE: &str = "mimawari-engine";
const REFERENCE: &str = "mimawari-reference";
const COLLECT: &str = "mimawari-collect";
const STORE: &str = "mimawari-store";
const APP: &str = "mimawari-app";
const WEB: &str = "mimawari-web";
const CLI: &str = "mimawari";
const TESTKIT: &str = "mimawari-testkit";

/// Every crate of the workspace. A new edge here needs a decision record (docs/decisions/0001-floors-are-crates.md).
const ROOMS: &[Room] = &[
    Room { name: DOMAIN, knows: &[], tests_know: &[TESTKIT] },
    // How the field writes products, versions and scores (docs/decisions/0019-a-room-for-notations.md).
    Room { name: NOTATION, knows: &[], tests_know: &[] },
    Room { name: FORMATS, knows: &[DOMAIN], tests_know: &[TESTKIT] },
    // What hospitals write is named, and versions are compared, as the field writes them (docs/decisions/0020-an-index-of-our-own.md).
    Room { name: ENGINE, knows: &[DOMAIN, NOTATION], tests_know: &[TESTKIT] },
    // Its tests hold the shipped support dates against the engine that matches them.
    Room { name: REFERENCE, knows: &[DOMAIN], tests_know: &[ENGINE, TESTKIT] },
    Room { name: STORE, knows: &[DOMAIN], tests_know: &[TESTKIT] },
    // The only room that opens a connection outward (docs/decisions/0021-fetching-by-hand.md).
    Room { name: COLLECT, knows: &[DOMAIN], tests_know: &[] },
    Room { name: APP, knows: &[DOMAIN, FORMATS, ENGINE, REFERENCE, STORE], tests_know: &[TESTKIT] },
    // `reference` holds the texts that the command line prints; `collect` is for `feeds fetch`, and for nobody else.
    // Its tests look into the data folder after a kill.
    Room { name: WEB, knows: &[DOMAIN, REFERENCE, APP], tests_know: &[TESTKIT] },
    Room {
        name: CLI,
        knows: &[DOMAIN, REFERENCE, COLLECT, APP, WEB],
        tests_know: &[STORE, TESTKIT],
    },
    Room {
        name: TESTKIT,
        knows: &[DOMAIN, FORMATS, ENGINE, REFERENCE, STORE, APP],
        tests_know: &[],
    },
    // It knows the program only as browsers do.
    Room { name: "mimawari-browser", knows: &[], tests_know: &[] },
    // `formats` and `notation` hold the fuzz targets; with `domain` and `reference` it writes the page of what each reader feeds;
    // it measures the index of advisories in `engine` (docs/decisions/0020-an-index-of-our-own.md).
    Room { name: "xtask", knows: &[DOMAIN, NOTATION, FORMATS, ENGINE, REFERENCE], tests_know: &[] },
];

/// Crates from outside that would bring I/O, SQL or a command line into a room that must stay pure.
const NOT_IN_PURE_ROOMS: &[&str] =
    &["anyhow", "clap", "indicatif", "libsqlite3-sys", "rusqlite", "tempfile", "tracing"];

/// Checks the edges between our crates, and that the pure rooms' sources do no I/O and read no clock.
pub(crate) fn check() -> Outcome {
    let metadata = match cargo::workspace() {
        Ok(metadata) => metadata,
        Err(error) => return Outcome::Failed(error.to_string()),
    };
    let mut complaints: Vec<String> = metadata.packages.iter().flat_map(complaints_about).collect();
    match purity::complaints() {
        Ok(found) => complaints.extend(found),
        Err(error) => complaints.push(error.to_string()),
    }
    if complaints.is_empty() {
        println!("{} crates know only what they may", metadata.packages.len());
    }
    Outcome::of_complaints(&complaints)
}

fn complaints_about(package: &Package) -> Vec<String> {
    let Some(room) = room(&package.name) else {
        return vec![format!("`{}` stands on no floor: give it one in floors.rs", package.name)];
    };
    let mut complaints = Vec::new();
    for dependency in &package.dependencies {
        let for_tests = dependency.kind.as_deref() == Some("dev");
        if self::room(&dependency.name).is_some() && !room.may_know(&dependency.name, for_tests) {
            complaints.push(format!("`{}` may not know `{}`", room.name, dependency.name));
        }
        if !for_tests && room.is_pure() && NOT_IN_PURE_ROOMS.contains(&&*dependency.name) {
            complaints
                .push(format!("`{}` is pure: `{}` is not for it", room.name, dependency.name));
        }
    }
    complaints
}

fn room(name: &str) -> Option<&'static Room> {
    ROOMS.iter().find(|room| room.name == name)
}

impl Room {
    fn may_know(&self, name: &str, for_tests: bool) -> bool {
        self.knows.contains(&name) || (for_tests && self.tests_know.contains(&name))
    }

    fn is_pure(&self) -> bool {
        purity::ROOMS.iter().any(|folder| self.name.strip_prefix("mimawari-") == Some(folder))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cargo::Dependency;

    fn complaints(name: &str, dependency: &str, kind: Option<&str>) -> usize {
        let dependency = Dependency { name: dependency.into(), kind: kind.map(Into::into) };
        let package = Package {
            name: name.into(),
            version: "0.1.0".into(),
            license: None,
            source: None,
            dependencies: vec![dependency],
        };
        complaints_about(&package).len()
    }

    #[test]
    fn a_lower_floor_may_be_known_and_a_neighbour_or_a_higher_one_may_not() {
        assert_eq!(complaints(APP, STORE, None), 0);
        assert_eq!(complaints(FORMATS, ENGINE, None), 1);
        assert_eq!(complaints(STORE, APP, None), 1);
        assert_eq!(complaints(CLI, STORE, None), 1);
        assert_eq!(complaints(DOMAIN, "jiff", None), 0);
        assert_eq!(complaints(CLI, COLLECT, None), 0);
        assert_eq!(complaints(WEB, COLLECT, None) + complaints(APP, COLLECT, None), 2);
    }

    #[test]
    fn the_testkit_is_for_tests_only() {
        assert_eq!(complaints(APP, TESTKIT, Some("dev")), 0);
        assert_eq!(complaints(APP, TESTKIT, None), 1);
        assert_eq!(complaints(APP, TESTKIT, Some("build")), 1);
    }

    #[test]
    fn pure_rooms_take_no_crate_that_does_io() {
        assert_eq!(complaints(DOMAIN, "rusqlite", None), 1);
        assert_eq!(complaints(FORMATS, "tempfile", Some("dev")), 0);
        assert_eq!(complaints(STORE, "rusqlite", None), 0);
    }

    #[test]
    fn a_crate_without_a_floor_is_refused() {
        assert_eq!(complaints("mimawari-common", "jiff", None), 1);
    }
}
