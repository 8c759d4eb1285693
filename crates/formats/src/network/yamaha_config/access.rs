//! Ways of administration: telnet, SSH and the web page, and from where they may be used.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Field, SettingKind};

use super::super::gathering::Gathering;

/// The three services.
const SERVICES: [(&str, &str); 3] = [("telnetd", "telnet"), ("sshd", "ssh"), ("httpd", "http")];

/// What the configuration says of each.
#[derive(Debug, Default)]
pub(super) struct Access {
    /// Whether it is switched on, where that is said.
    service: BTreeMap<String, (u32, bool)>,
    /// From where it may be used.
    host: BTreeMap<String, (u32, Vec<String>)>,
}

impl Access {
    pub(super) fn take(&mut self, line: u32, words: &[&str]) -> bool {
        let is_service = |word: &str| SERVICES.iter().any(|(service, _)| *service == word);
        match words {
            [service, "service", state, ..] if is_service(service) => {
                self.service.insert((*service).to_owned(), (line, *state == "on"));
            }
            [service, "host", hosts @ ..] if is_service(service) => {
                let hosts = hosts.iter().map(|host| (*host).to_owned()).collect();
                self.host.insert((*service).to_owned(), (line, hosts));
            }
            _ => return false,
        }
        true
    }

    /// Says of each interface how the router can be administered from there. What is not said is not made up: a service is on where
    /// the configuration switches it on, or says from where it may be used.
    pub(super) fn state(&self, outside: &BTreeSet<String>, inside: &[&str], into: &mut Gathering) {
        let everybody = ["any".to_owned()];
        let mut by_interface: BTreeMap<&str, (u32, Vec<&str>)> = BTreeMap::new();
        for (service, way) in SERVICES {
            let on = self.service.get(service);
            let hosts = self.host.get(service);
            let is_off = on.is_some_and(|(_, is_on)| !is_on);
            if is_off || (on.is_none() && hosts.is_none()) {
                continue;
            }
            let line = hosts.map(|(line, _)| *line).or(on.map(|(line, _)| *line)).unwrap_or(1);
            // Where nobody restricts it, everybody may (the command reference's default for `host`).
            let hosts = hosts.map_or(everybody.as_slice(), |(_, hosts)| hosts.as_slice());
            for host in hosts.iter().filter(|host| *host != "none") {
                by_interface.entry(host).or_insert((line, Vec::new())).1.push(way);
            }
        }
        for (host, (line, ways)) in by_interface {
            let side = side(host, outside, inside);
            into.set(line, SettingKind::AdminAccess, host, |facts| {
                facts.add(Field::Side, side);
                for way in ways {
                    facts.add(Field::Access, way);
                }
            });
        }
    }
}

/// Which side the hosts are on. `any` is the outside too where there is a way out.
fn side(host: &str, outside: &BTreeSet<String>, inside: &[&str]) -> &'static str {
    if outside.contains(host) || (host == "any" && !outside.is_empty()) {
        "outside"
    } else if inside.contains(&host) || host == "lan" {
        "inside"
    } else {
        ""
    }
}
