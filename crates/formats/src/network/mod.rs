//! What network devices say of themselves and of what hangs on them: their configurations, and the answers to commands.
//!
//! Each format is one file; it reads a part: a document of its own, or one answer in a log of several commands
//! ([`session`]). What a device told is gathered in one place (`gathering`), since its name may stand in one answer, its serial
//! number in another, and the cards on its ports in a third. Readers are only ever given masked text (`mask`).

mod allied_system;
mod cisco_version;
mod fortigate_config;
mod fortigate_status;
mod fortigate_tree;
mod gathering;
mod ios_config;
mod link;
mod mac_table;
pub(crate) mod mask;
pub mod session;
mod yamaha_config;
mod yamaha_environment;
mod yamaha_route;

use std::net::Ipv4Addr;

use jiff::civil::DateTime;

use gathering::{DeviceFormat, Gathering, Part};

use crate::leases::{fortigate::FortigateDhcp, yamaha::YamahaDhcp};
use crate::neighbours::device_arp;
use crate::reader::{Head, Reader, Secrets};
use crate::reading::{Input, Reading, Refusal, Score};
use crate::text::{self, Text};
use crate::values::date;

/// Every format of this family.
const FORMATS: &[&dyn DeviceFormat] = &[
    &cisco_version::CiscoVersion,
    &mac_table::CISCO,
    &mac_table::ALLIED,
    &mac_table::PROCURVE,
    &link::CDP,
    &link::LLDP,
    &ios_config::IosConfig,
    &allied_system::AlliedSystem,
    &yamaha_environment::YamahaEnvironment,
    &yamaha_config::YamahaConfig,
    &yamaha_route::YamahaRoute,
    &fortigate_status::FortigateStatus,
    &fortigate_config::FortigateConfig,
];

/// Lists that other families read, and that logs hold too.
const LISTS: &[&dyn Reader] = &[
    &device_arp::ALL[0],
    &device_arp::ALL[1],
    &device_arp::ALL[2],
    &device_arp::ALL[3],
    &device_arp::ALL[4],
    &YamahaDhcp,
    &FortigateDhcp,
];

/// A format as a document of its own: the answer of one command without its prompt, or a saved configuration.
pub struct Bare(&'static dyn DeviceFormat, Secrets);

/// Every format as a document of its own.
pub static BARE: [Bare; 13] = [
    Bare(&cisco_version::CiscoVersion, Secrets::WhereFound),
    Bare(&mac_table::CISCO, Secrets::WhereFound),
    Bare(&mac_table::ALLIED, Secrets::WhereFound),
    Bare(&mac_table::PROCURVE, Secrets::WhereFound),
    Bare(&link::CDP, Secrets::WhereFound),
    Bare(&link::LLDP, Secrets::WhereFound),
    Bare(&ios_config::IosConfig, Secrets::Always),
    Bare(&allied_system::AlliedSystem, Secrets::WhereFound),
    Bare(&yamaha_environment::YamahaEnvironment, Secrets::WhereFound),
    Bare(&yamaha_config::YamahaConfig, Secrets::Always),
    Bare(&yamaha_route::YamahaRoute, Secrets::WhereFound),
    Bare(&fortigate_status::FortigateStatus, Secrets::WhereFound),
    Bare(&fortigate_config::FortigateConfig, Secrets::Always),
];

impl Reader for Bare {
    fn kind(&self) -> &'static str {
        self.0.kind()
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        self.0.recognise(head)
    }

    fn secrets(&self) -> Secrets {
        self.1
    }

    fn read(&self, input: &Input<'_>, text: &Text<'_>) -> Result<Reading, Refusal> {
        let mut gathering = Gathering::default();
        self.0.gather(Part { body: &text.body, before: 0 }, &mut gathering);
        if let Some((one, other)) = gathering.conflict.take() {
            let file = text::excerpt(input.name);
            let message =
                domain::msg!("network.two_devices", file = file, one = one, other = other);
            return Err(Refusal { message });
        }
        let reading = gathering.finish(input);
        Ok(Reading { kind: self.0.kind(), version: 1, ..reading })
    }
}

/// The number of leading bits of a mask such as `255.255.255.0`.
fn prefix_of_mask(mask: &str) -> Option<u8> {
    let bits = u32::from(mask.parse::<Ipv4Addr>().ok()?);
    let ones = bits.leading_ones();
    (bits.count_ones() == ones).then_some(ones as u8)
}

/// The words of a command, without the quotes around them.
fn quoted_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    for letter in text.chars() {
        match letter {
            '"' => {
                word.get_or_insert_default();
                quoted = !quoted;
            }
            letter if letter.is_whitespace() && !quoted => words.extend(word.take()),
            letter => word.get_or_insert_default().push(letter),
        }
    }
    words.extend(word);
    words
}

/// `Fri Nov 20 09:30:29 2026`.
fn english_date(text: &str) -> Option<DateTime> {
    let words: Vec<&str> = text.split_whitespace().take(6).collect();
    let [_, month, day, clock, year] = words.as_slice() else { return None };
    english_time(month, day, clock, year)
}

fn english_time(month: &str, day: &str, clock: &str, year: &str) -> Option<DateTime> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    if year.len() != 4 {
        return None;
    }
    date::local_time(&format!("{year}-{month:02}-{day:0>2} {clock}"))
}

/// Masks any bytes and checks what every masked text must hold.
pub fn fuzz_mask(bytes: &[u8]) {
    mask::fuzz(bytes);
}

/// Reads any bytes as a log of commands and as every format, and checks what every such reading must hold.
pub fn fuzz(bytes: &[u8]) {
    let Ok(text) = text::decode(bytes) else { return };
    let input = Input { name: "fuzz", bytes, mapping: None, machine: None };
    let readers = BARE.iter().map(|bare| bare as &dyn Reader);
    for reader in readers.chain([&session::SessionLog as &dyn Reader]) {
        let _ = reader.recognise(&Head::of(&text));
        let Ok(reading) = reader.read(&input, &text) else { continue };
        let mut reported = false;
        for seen in &reading.observations {
            reported |= seen.kind == domain::ObservationKind::HostReport;
            assert!(reported || seen.kind != domain::ObservationKind::Setting, "{seen:?}");
            assert!(
                !seen.bindings.iter().any(|binding| {
                    binding.mac.is_some_and(|mac| mac.is_group() || mac.is_zero())
                })
            );
        }
    }
}

#[cfg(test)]
mod tests;
