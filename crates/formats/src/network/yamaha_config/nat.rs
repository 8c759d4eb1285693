//! Address translation: what is published through it.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;

use domain::{Field, SettingKind};

use super::super::gathering::Gathering;
use super::lines::{Scope, yes_or_no};

/// No range publishes more addresses than this one by one.
const MAX_RANGE: u32 = 256;

/// No router publishes more; what bounds the memory of a reading.
const MAX_PUBLISHED: usize = 1 << 16;

/// The descriptors of `nat descriptor`.
#[derive(Debug, Default)]
pub(super) struct Nat {
    /// By number: what type it is.
    types: BTreeMap<String, String>,
    /// By number: the interface that uses it.
    used: BTreeMap<String, (u32, String)>,
    published: Vec<Published>,
}

#[derive(Debug)]
struct Published {
    line: u32,
    descriptor: String,
    number: String,
    target: Ipv4Addr,
    /// As the setting writes it, and as the inside sees it.
    services: Vec<(String, String)>,
}

impl Nat {
    pub(super) fn take(&mut self, line: u32, scope: &Scope, words: &[&str]) -> bool {
        match words {
            ["nat", "descriptor", "type", descriptor, kind] => {
                self.types.insert((*descriptor).to_owned(), (*kind).to_owned());
            }
            ["ip", interface, "nat", "descriptor", descriptors @ ..] => {
                let interface = if matches!(*interface, "pp" | "tunnel") {
                    scope.name()
                } else {
                    (*interface).to_owned()
                };
                for descriptor in
                    descriptors.iter().filter(|word| word.bytes().all(|byte| byte.is_ascii_digit()))
                {
                    self.used.insert((*descriptor).to_owned(), (line, interface.clone()));
                }
            }
            [
                "nat",
                "descriptor",
                "masquerade",
                "static",
                descriptor,
                number,
                target,
                protocol,
                ports @ ..,
            ] => {
                let Ok(target) = target.parse() else { return false };
                let services = services(protocol, ports.first().copied());
                self.publish(line, descriptor, number, target, services);
            }
            ["nat", "descriptor", "static", descriptor, number, pair, rest @ ..] => {
                return self.publish_whole(line, descriptor, number, pair, rest.first().copied());
            }
            _ => return false,
        }
        true
    }

    /// `203.0.113.5=192.168.1.5 3`: whole addresses, so many one after the other.
    fn publish_whole(
        &mut self,
        line: u32,
        descriptor: &str,
        number: &str,
        pair: &str,
        count: Option<&str>,
    ) -> bool {
        let inside = pair.split_once('=').and_then(|(_, inside)| inside.parse::<Ipv4Addr>().ok());
        let Some(first) = inside else { return false };
        let count =
            count.and_then(|count| count.parse::<u32>().ok()).unwrap_or(1).clamp(1, MAX_RANGE);
        for step in 0..count {
            let target = Ipv4Addr::from(u32::from(first).saturating_add(step));
            self.publish(line, descriptor, number, target, Vec::new());
        }
        true
    }

    fn publish(
        &mut self,
        line: u32,
        descriptor: &str,
        number: &str,
        target: Ipv4Addr,
        services: Vec<(String, String)>,
    ) {
        if self.published.len() >= MAX_PUBLISHED {
            return;
        }
        self.published.push(Published {
            line,
            descriptor: descriptor.to_owned(),
            number: number.to_owned(),
            target,
            services,
        });
    }

    /// Interfaces that hide many machines behind one address: that is done towards the outside.
    pub(super) fn outside(&self) -> Vec<(u32, String)> {
        let hides = |descriptor: &String| {
            self.types.get(descriptor).is_some_and(|kind| kind.contains("masquerade"))
        };
        self.used
            .iter()
            .filter(|(descriptor, _)| hides(descriptor))
            .map(|(_, used)| used.clone())
            .collect()
    }

    pub(super) fn state(&self, into: &mut Gathering) {
        for published in &self.published {
            into.reading.count("publications", 1);
            let name = format!("nat {} {}", published.descriptor, published.number);
            // A descriptor that no interface uses publishes nothing.
            let is_used = self.used.contains_key(&published.descriptor);
            into.set(published.line, SettingKind::Publication, &name, |facts| {
                facts.add(Field::Target, &published.target.to_string());
                for (written, service) in &published.services {
                    facts.add_written(Field::Service, service, written);
                }
                facts.add(Field::Enabled, yes_or_no(is_used));
            });
        }
    }
}

/// `tcp 8080=80` is `tcp/80` inside; `esp` has no port.
fn services(protocol: &str, ports: Option<&str>) -> Vec<(String, String)> {
    let Some(ports) = ports.filter(|ports| *ports != "*") else {
        return vec![(protocol.to_owned(), protocol.to_owned())];
    };
    let one = |port: &str| {
        let inside = port.rsplit_once('=').map_or(port, |(_, inside)| inside);
        (format!("{protocol} {port}"), format!("{protocol}/{inside}"))
    };
    let unchanged = |(written, service): (String, String)| {
        if written.contains('=') { (written, service) } else { (service.clone(), service) }
    };
    ports.split(',').take(64).map(one).map(unchanged).collect()
}
