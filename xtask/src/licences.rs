//! Licences, banned crates and registries, as `deny.toml` says, without any tool that must be installed first.
//!
//! Where cargo-deny is on the machine it is run as well. Known advisories are in neither: they need a database from the network.

use std::collections::{BTreeMap, BTreeSet};
use std::{fs, io};

use serde::Deserialize;

use crate::cargo::{self, Package};
use crate::outcome::Outcome;
use crate::{shell, spdx};

/// The part of `deny.toml` that we keep to ourselves; cargo-deny reads the whole.
#[derive(Debug, Deserialize)]
struct Policy {
    licenses: Licences,
    bans: Bans,
    sources: Sources,
}

#[derive(Debug, Deserialize)]
struct Licences {
    allow: BTreeSet<String>,
}

#[derive(Debug, Deserialize)]
struct Bans {
    deny: Vec<Ban>,
}

#[derive(Debug, Deserialize)]
struct Ban {
    #[serde(rename = "crate")]
    name: String,
    /// The crate may be there, but only once.
    #[serde(default, rename = "deny-multiple-versions")]
    only_once: bool,
    #[serde(default)]
    reason: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Sources {
    allow_registry: Vec<String>,
}

/// Checks every crate that any platform would build against `deny.toml`.
pub(crate) fn check() -> Outcome {
    let complaints = match own_check() {
        Ok(complaints) => complaints,
        Err(error) => return Outcome::Failed(error.to_string()),
    };
    println!("known advisories are not looked up: that needs a database from the network");
    if !complaints.is_empty() {
        return Outcome::of_complaints(&complaints);
    }
    if !shell::answers("cargo-deny", &["--version"]) {
        println!("cargo-deny is not installed: our own check of deny.toml stands alone");
        return Outcome::Passed;
    }
    shell::run(&mut shell::cargo(&["deny", "--locked", "check", "licenses", "bans", "sources"]))
}

fn own_check() -> io::Result<Vec<String>> {
    let text = fs::read_to_string(shell::root().join("deny.toml"))?;
    let policy: Policy = toml::from_str(&text).map_err(io::Error::other)?;
    let packages = cargo::everything()?.packages;
    let complaints = policy.complaints(&packages);
    if complaints.is_empty() {
        println!("{} crates have allowed licences and sources", packages.len());
    }
    Ok(complaints)
}

impl Policy {
    fn complaints(&self, packages: &[Package]) -> Vec<String> {
        let each = packages.iter().filter(|package| package.source.is_some());
        let mut complaints: Vec<String> =
            each.filter_map(|package| self.complaint(package)).collect();
        complaints.extend(self.met_twice(packages));
        complaints
    }

    fn complaint(&self, package: &Package) -> Option<String> {
        let Package { name, version, license, source, .. } = package;
        let source = source.as_deref().unwrap_or_default();
        if let Some(ban) = self.bans.deny.iter().find(|ban| ban.name == *name && !ban.only_once) {
            return Some(format!("crate `{name}` {version} is banned: {}", ban.reason));
        }
        let registry = source.strip_prefix("registry+").unwrap_or(source);
        if !self.sources.allow_registry.iter().any(|allowed| allowed == registry) {
            return Some(format!("crate `{name}` {version} comes from `{source}`"));
        }
        let terms = license.as_deref().unwrap_or_default();
        if !spdx::is_allowed(terms, |term| self.licenses.allow.contains(term)) {
            return Some(format!("crate `{name}` {version} has the licence `{terms}`"));
        }
        None
    }

    fn met_twice(&self, packages: &[Package]) -> Vec<String> {
        let mut versions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for package in packages {
            versions.entry(&package.name).or_default().push(&package.version);
        }
        let once = self.bans.deny.iter().filter(|ban| ban.only_once);
        once.filter_map(|ban| {
            let found = versions.get(&*ban.name).filter(|found| found.len() > 1)?;
            Some(format!("crate `{}` is there {} times: {}", ban.name, found.len(), ban.reason))
        })
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &str = r#"
        [licenses]
        allow = ["MIT"]
        [bans]
        deny = [
            { crate = "openssl-sys", reason = "a second TLS" },
            { crate = "libsqlite3-sys", deny-multiple-versions = true, reason = "one SQLite" },
        ]
        [sources]
        allow-registry = ["https://github.com/rust-lang/crates.io-index"]
    "#;

    fn package(name: &str, version: &str, license: Option<&str>, source: &str) -> Package {
        Package {
            name: name.into(),
            version: version.into(),
            license: license.map(Into::into),
            source: Some(source.into()),
            dependencies: Vec::new(),
        }
    }

    fn complaints(packages: &[(&str, &str, Option<&str>, &str)]) -> Vec<String> {
        let policy: Policy = toml::from_str(POLICY).unwrap();
        let packages: Vec<_> = packages.iter().map(|p| package(p.0, p.1, p.2, p.3)).collect();
        policy.complaints(&packages)
    }

    const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

    #[test]
    fn an_allowed_crate_passes() {
        let sqlite = ("libsqlite3-sys", "0.39.1", Some("MIT"), REGISTRY);
        assert_eq!(complaints(&[sqlite, ("csv", "1.4.0", Some("MIT"), REGISTRY)]), [""; 0]);
    }

    #[test]
    fn a_ban_a_licence_a_registry_and_a_second_sqlite_are_refused() {
        let said = complaints(&[
            ("openssl-sys", "0.9.0", Some("MIT"), REGISTRY),
            ("kana", "1.0.0", Some("GPL-3.0-only"), REGISTRY),
            ("nameless", "1.0.0", None, REGISTRY),
            ("forked", "1.0.0", Some("MIT"), "git+https://example.org/forked"),
            ("libsqlite3-sys", "0.38.0", Some("MIT"), REGISTRY),
            ("libsqlite3-sys", "0.39.1", Some("MIT"), REGISTRY),
        ]);
        let names = ["openssl-sys", "kana", "nameless", "forked", "libsqlite3-sys"];
        assert_eq!(said.len(), names.len(), "{said:?}");
        for (complaint, name) in said.iter().zip(names) {
            assert!(complaint.contains(name), "{complaint}");
        }
    }
}
