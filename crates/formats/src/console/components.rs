//! Hosts whose components stand in rows of their own.

use std::collections::HashMap;

use domain::{Binding, Facts, FactsBuilder, Field, Place, fold};

use super::copy;

/// Hosts in the order in which they first appear.
#[derive(Debug, Default)]
pub(super) struct Hosts {
    by_key: HashMap<String, usize>,
    hosts: Vec<Host>,
}

/// What was said of one host so far.
#[derive(Debug)]
pub(super) struct Host {
    place: Place,
    bindings: Vec<Binding>,
    base: Facts,
    engine: String,
    pattern: Option<Pattern>,
}

#[derive(Debug)]
struct Pattern {
    version: String,
    date: Option<String>,
    written: String,
}

impl Hosts {
    /// The host of this name and these addresses; what its first row says of it is kept.
    pub(super) fn of(
        &mut self,
        name: &str,
        place: Place,
        bindings: Vec<Binding>,
        base: Facts,
    ) -> &mut Host {
        let address = bindings.iter().find_map(|binding| binding.address);
        let key = match address {
            Some(address) => format!("{} {address}", fold(name)),
            None => fold(name),
        };
        let index = *self.by_key.entry(key).or_insert(self.hosts.len());
        if index == self.hosts.len() {
            self.hosts.push(Host { place, bindings, base, engine: String::new(), pattern: None });
        }
        &mut self.hosts[index]
    }

    /// What is stated of each host, once all rows are through.
    pub(super) fn told(self, facts: &mut FactsBuilder) -> Vec<(Place, Vec<Binding>, Facts)> {
        let told = self.hosts.into_iter().map(|host| {
            copy(&host.base, facts);
            facts.add(Field::EngineVersion, &host.engine);
            if let Some(pattern) = host.pattern {
                facts.add(Field::PatternVersion, &pattern.version);
                let date = pattern.date.unwrap_or_default();
                if !date.is_empty() {
                    facts.add_written(Field::PatternDate, &date, &pattern.written);
                }
            }
            (host.place, host.bindings, facts.finish())
        });
        told.collect()
    }
}

impl Host {
    /// An engine; of several the newest is kept.
    pub(super) fn take_engine(&mut self, version: &str) {
        if parts(version) > parts(&self.engine) {
            version.clone_into(&mut self.engine);
        }
    }

    /// A pattern by which the agent is judged; of several the newest counts, since an agent uses one of them.
    pub(super) fn take_pattern(&mut self, version: &str, date: Option<String>, written: &str) {
        let newer = self
            .pattern
            .as_ref()
            .is_none_or(|known| (&date, parts(version)) > (&known.date, parts(&known.version)));
        if newer && !version.is_empty() {
            let (version, written) = (version.to_owned(), written.to_owned());
            self.pattern = Some(Pattern { version, date, written });
        }
    }
}

/// The numbers of a version, to compare.
fn parts(version: &str) -> Vec<u64> {
    version.split(['.', ' ', '-']).map_while(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host() -> Host {
        let base = Facts::default();
        Host { place: Place::line(2), bindings: vec![], base, engine: String::new(), pattern: None }
    }

    #[test]
    fn the_newest_of_two_patterns_counts_whatever_their_order() {
        let old = ("20.564.00", Some("2026-10-10T06:10:00".to_owned()));
        let new = ("20.646.00", Some("2026-11-20T06:10:00".to_owned()));
        for order in [[&old, &new], [&new, &old]] {
            let mut host = host();
            order.iter().for_each(|(version, date)| host.take_pattern(version, date.clone(), ""));
            assert_eq!(host.pattern.map(|pattern| pattern.version).as_deref(), Some("20.646.00"));
        }
    }

    #[test]
    fn a_blank_version_is_none() {
        let mut host = host();
        host.take_pattern("", None, "");
        host.take_engine("");
        host.take_engine("12.5.1004");
        host.take_engine("9.9.1004");
        assert!(host.pattern.is_none());
        assert_eq!(host.engine, "12.5.1004");
    }
}
