//! Which signs an observation carries.

use std::net::Ipv4Addr;

use domain::{
    AddressKind, Digest, Field, Import, MacAddress, Observation, ObservationKind, Sign, SourceId,
    Strength, fold, is_factory_name,
};

use super::contexts::Contexts;

/// The signs of `observation`, strongest first; every observation that can be a device has at least one.
pub(super) fn signs(observation: &Observation, import: &Import, contexts: &Contexts) -> Vec<Sign> {
    let mut signs = Vec::with_capacity(4);
    let facts = &observation.facts;
    let about = about(observation);
    let is_named = observation.kind == ObservationKind::Hand && about.is_some();
    signs.extend(about);
    if is_named {
        // What a person says of a device they named says nothing of others, but where its cards and addresses are seen, it is.
        signs.extend(of_bindings(observation, import, contexts));
        signs.sort_by_key(|sign| std::cmp::Reverse(sign.strength()));
        signs.dedup();
        return signs;
    }
    if let Some(number) = facts.value(Field::AssetNumber) {
        signs.push(Sign::AssetNumber { source: import.source.clone(), number: fold(number) });
    }
    signs.extend(serial(observation));
    signs.extend(facts.value(Field::Hostname).and_then(host_name));
    signs.extend(of_bindings(observation, import, contexts));
    if signs.iter().all(|sign| sign.strength() <= Strength::Address) && is_row(observation.kind) {
        signs.push(Sign::Row(row_digest(&import.source, observation)));
    }
    signs.sort_by_key(|sign| std::cmp::Reverse(sign.strength()));
    signs.dedup();
    signs
}

/// What its cards and addresses are.
fn of_bindings(observation: &Observation, import: &Import, contexts: &Contexts) -> Vec<Sign> {
    let bindings = || observation.bindings.iter();
    let macs = bindings().filter_map(|binding| Some((binding.mac?, binding.ipv4())));
    let mut signs: Vec<Sign> =
        macs.filter_map(|(mac, address)| mac_sign(mac, address, import, contexts)).collect();
    let addresses = bindings().filter_map(domain::Binding::ipv4).filter(|at| is_sign(*at));
    signs.extend(
        addresses.map(|address| Sign::Address { context: contexts.of(import, address), address }),
    );
    signs
}

/// The sign of the device that a declaration says it is about.
pub(super) fn about(observation: &Observation) -> Option<Sign> {
    observation.facts.value(Field::About)?.parse().ok()
}

fn is_row(kind: ObservationKind) -> bool {
    matches!(kind, ObservationKind::LedgerRow | ObservationKind::AddressRow | ObservationKind::Hand)
}

/// Whether an address can tell machines apart: one machine's own, and not one it gave itself (RFC 3927).
pub(super) fn is_sign(address: Ipv4Addr) -> bool {
    let kind = AddressKind::of(address);
    kind.is_unicast() && kind != AddressKind::LinkLocal
}

fn mac_sign(
    mac: MacAddress,
    address: Option<Ipv4Addr>,
    import: &Import,
    contexts: &Contexts,
) -> Option<Sign> {
    if mac.is_stable() {
        return Some(Sign::Mac(mac));
    }
    if !mac.is_local() || mac.is_group() {
        return None;
    }
    let context = address.map_or(0, |address| contexts.of(import, address));
    Some(Sign::LocalMac { context, mac })
}

/// Numbers that makers leave in place of a serial number; folded.
const NO_SERIALS: [&str; 8] = [
    "tobefilledbyo.e.m.",
    "defaultstring",
    "systemserialnumber",
    "notspecified",
    "notapplicable",
    "123456789",
    "0123456789",
    "none",
];

/// A serial number, folded, unless it says nothing: too short, without a digit, or one that makers leave in its place.
pub(crate) fn serial_number(written: &str) -> Option<String> {
    let serial = fold(written);
    let first = serial.chars().next()?;
    let meaningless = serial.chars().count() < 4
        || !serial.bytes().any(|b| b.is_ascii_digit())
        || serial.chars().all(|c| c == first)
        || NO_SERIALS.contains(&serial.as_str());
    (!meaningless).then_some(serial)
}

fn serial(observation: &Observation) -> Option<Sign> {
    let serial = serial_number(observation.facts.value(Field::Serial)?)?;
    let maker = fold(observation.facts.value(Field::Maker).unwrap_or_default());
    Some(Sign::Serial { maker, serial })
}

/// The computer name, unless it says nothing: a factory name, an address written as a name, one letter.
pub(super) fn host_name(written: &str) -> Option<Sign> {
    let folded = fold(written);
    if folded.parse::<Ipv4Addr>().is_ok() {
        return None;
    }
    let name = folded.split('.').next().unwrap_or_default();
    (name.chars().count() >= 2 && !is_factory_name(name)).then(|| Sign::HostName(name.to_owned()))
}

/// A row without any sign of its own is recognised in the next edition by its words.
fn row_digest(source: &SourceId, observation: &Observation) -> Digest {
    let mut words: Vec<String> =
        [Field::Name, Field::Maker, Field::Model, Field::Location, Field::Software]
            .into_iter()
            .map(|field| fold(observation.facts.value(field).unwrap_or_default()))
            .collect();
    if observation.kind == ObservationKind::AddressRow {
        // A row of an address table is its address.
        words.extend(observation.bindings.iter().filter_map(|b| Some(b.address?.to_string())));
    }
    let part = observation.place.part.to_be_bytes();
    // A name from the factory is no sign by itself, but tells two rows of a list of names and addresses apart.
    let name = observation.facts.value(Field::Hostname).map(fold);
    let parts = words.iter().chain(&name).map(std::string::String::as_bytes);
    Digest::of_parts([source.as_str().as_bytes(), part.as_slice()].into_iter().chain(parts))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_name(written: &str, expected: Option<&str>) {
        let expected = expected.map(|name| Sign::HostName(name.to_owned()));
        assert_eq!(host_name(written), expected, "{written}");
    }

    #[test]
    fn a_host_name_is_folded_and_loses_its_domain() {
        check_name("NB-01.minato.local", Some("nb-01"));
        check_name("ＣＴ－０１", Some("ct-01"));
        check_name("Room1のPC1", Some("room1ノpc1"));
    }

    #[test]
    fn names_that_name_nothing_are_no_signs() {
        for name in ["iPhone", "localhost.localdomain", "10.1.2.3", "x", "", "."] {
            check_name(name, None);
        }
        for name in ["Switch", "Router", "awplus", "FortiGate-60E", "RTX1210", "FortiGate"] {
            check_name(name, None);
        }
        for name in ["Switch-3F", "RT-OLD", "FortiGate-honkan", "FGT60E4Q16000001"] {
            check_name(name, Some(&fold(name)));
        }
    }
}
