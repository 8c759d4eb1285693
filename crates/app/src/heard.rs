//! What programs of a device, and the device itself, said of themselves on the network, and what is known by it.

use domain::{Banner, Fact, Field, ObservationRef, What};
use engine::banners::Told;
use engine::products::{Ear, Named};
use engine::{Chart, Known};
use schemars::JsonSchema;
use serde::Serialize;

use crate::namer;

/// What was said, and what it tells. It may be wrong on purpose, and is no fact of the device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HeardView {
    /// What was said, with the port in front where one program said it.
    pub said: String,
    /// Where it was said, by key: `ssh.banner`.
    pub kind: String,
    /// The program that said it.
    pub program: Option<String>,
    /// The operating system or the firmware.
    pub system: Option<String>,
    /// The machine.
    pub machine: Option<String>,
    /// The import that tells of it.
    pub import: u32,
    /// The place in it.
    pub place: String,
}

impl HeardView {
    /// Program, system and machine.
    pub fn told(&self) -> [Option<&str>; 3] {
        [&self.program, &self.system, &self.machine].map(Option::as_deref)
    }
}

/// Everything that its newest scans heard it say, and switches and DHCP servers.
pub(crate) fn heard(known: &Known<'_>, chart: &Chart<'_>) -> Vec<HeardView> {
    let ear = namer().ear();
    let facts = chart.heard();
    let banners = facts.iter().filter(|(fact, _)| fact.field == Field::Banner);
    banners.filter_map(|(fact, at)| view(known, &ear, fact, *at)).collect()
}

fn view(
    known: &Known<'_>,
    ear: &Ear<'_, '_>,
    fact: &Fact<'_>,
    at: ObservationRef,
) -> Option<HeardView> {
    let banner = Banner::of_fact(fact.value)?;
    let heard = ear.hear(banner).unwrap_or_default();
    Some(HeardView {
        said: fact.shown().to_owned(),
        kind: banner.kind.key().to_owned(),
        program: name(heard.service()),
        system: name(heard.system()).or_else(|| system(&ear.name(fact))),
        machine: name(heard.hardware()),
        import: at.import.0,
        place: known.world.observation(at)?.place.to_string(),
    })
}

/// The system or firmware among what a banner means, as the table of products names it.
fn system(named: &[Named]) -> Option<String> {
    let is_system = |one: &&Named| matches!(one.what, What::Os | What::Firmware);
    let system = named.iter().find(is_system)?;
    let version = system.version_told().unwrap_or_default();
    // The name of a release may end in its version.
    match system.name.ends_with(&version) {
        true => Some(system.name.clone()),
        false => Some(format!("{} {version}", system.name)),
    }
}

/// `Ricoh IM C3500 1.2 (Multifunction Device)`; a maker alone is told too.
fn name(told: Told<'_>) -> Option<String> {
    let product = told.product.unwrap_or_default();
    let is_in_product = |vendor: &&str| product.starts_with(vendor);
    let vendor = told.vendor.filter(|vendor| !is_in_product(vendor));
    let words = [vendor, told.product, told.version];
    let name = words.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let device = told.device.filter(|device| *device != product);
    match (name.is_empty(), device) {
        (true, None) => None,
        (true, Some(device)) => Some(device.to_owned()),
        (false, None) => Some(name),
        (false, Some(device)) => Some(format!("{name} ({device})")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_put_together_of_what_is_told() {
        let told = |vendor, product, version, device| {
            name(Told { vendor, product, version, device, cpe: None })
        };
        for (told, wanted) in [
            (told(None, None, None, None), None),
            (told(Some("Ricoh"), None, None, Some("Printer")), Some("Ricoh (Printer)")),
            (told(Some("Cisco"), Some("Cisco IOS"), Some("15.2"), None), Some("Cisco IOS 15.2")),
            (told(Some("Apache"), Some("HTTPD"), Some("2.4"), None), Some("Apache HTTPD 2.4")),
            (told(None, None, None, Some("Printer")), Some("Printer")),
            (told(None, Some("Router"), None, Some("Router")), Some("Router")),
        ] {
            assert_eq!(told.as_deref(), wanted);
        }
    }
}
