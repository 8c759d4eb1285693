//! Every sample of a neighbour table against what it must read as (`testdata/expected.json`).

use std::collections::BTreeSet;
use std::fs;
use std::net::IpAddr;
use std::path::PathBuf;

use domain::{Completeness, Field, Observation, ObservationKind};
use formats::reading::{Input, Reading};
use formats::registry;
use serde_json::Value;

fn testdata(path: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../testdata").join(path)
}

fn read(path: &str) -> Reading {
    let bytes = fs::read(testdata(path)).unwrap();
    registry::read(&Input { name: path, bytes: &bytes, mapping: None, machine: None }).unwrap()
}

/// The name of a sample in `expected.json`, and where it stands here; only those that are neighbour tables.
fn samples() -> Vec<(String, Value)> {
    let expected = fs::read_to_string(testdata("expected.json")).unwrap();
    let expected: Value = serde_json::from_str(&expected).unwrap();
    let mut samples = Vec::new();
    for (name, value) in expected.as_object().unwrap() {
        let here = match name.split_once('/').unwrap_or_default() {
            ("demo-hospital", _) => name.clone(),
            (_, file) => format!("neighbours/{}", file.split('/').next_back().unwrap()),
        };
        let format = value["format"].as_str().unwrap_or_default();
        let is_ours = ["windows-arp", "windows-netneighbor", "linux-", "macos-"];
        if is_ours.iter().any(|start| format.starts_with(start)) {
            samples.push((here, value.clone()));
        }
    }
    assert_eq!(samples.len(), 15);
    samples
}

fn hosts(reading: &Reading) -> impl Iterator<Item = &Observation> {
    reading.observations.iter().filter(|seen| seen.kind == ObservationKind::Neighbour)
}

fn binds(observation: &Observation, address: &str, mac: &str) -> bool {
    observation
        .bindings
        .iter()
        .any(|binding| binding.address == address.parse().ok() && binding.mac == mac.parse().ok())
}

#[test]
fn every_sample_has_the_expected_kind_encoding_and_figures() {
    for (path, expected) in samples() {
        let reading = read(&path);
        assert_eq!(Some(reading.kind), expected["format"].as_str(), "{path}");
        assert_eq!(reading.encoding, expected["encoding"].as_str(), "{path}");
        assert_eq!(reading.newline, expected["newline"].as_str(), "{path}");
        for (word, figure) in expected.as_object().unwrap() {
            if let Some(figure) = figure.as_u64() {
                assert_eq!(reading.counts.get(word.as_str()), Some(&figure), "{path} {word}");
            }
        }
        assert_eq!(reading.warnings, [], "{path}");
    }
}

#[test]
fn every_named_host_is_found_with_its_card() {
    for (path, expected) in samples() {
        let reading = read(&path);
        let pairs =
            ["unknown", "retired_but_alive"].iter().filter_map(|key| expected[*key].as_array());
        for pair in pairs.flatten() {
            let (address, mac) = (pair["ip"].as_str().unwrap(), pair["mac"].as_str().unwrap());
            assert!(
                hosts(&reading).any(|host| binds(host, address, mac)),
                "{path} {address} {mac}"
            );
        }
        for moved in expected["moved"].as_array().into_iter().flatten() {
            let (address, mac) =
                (moved["seen_ip"].as_str().unwrap(), moved["mac"].as_str().unwrap());
            assert!(
                hosts(&reading).any(|host| binds(host, address, mac)),
                "{path} {address} {mac}"
            );
        }
        for (_, mac) in expected["mac_zero_padding"].as_object().into_iter().flatten() {
            let mac = mac.as_str().unwrap().parse().ok();
            assert!(hosts(&reading).any(|host| host.bindings[0].mac == mac), "{path} {mac:?}");
        }
    }
}

#[test]
fn a_resolved_name_becomes_host_name_and_domain() {
    let reading = read("neighbours/arp-an-linux.txt");
    let named: Vec<_> = hosts(&reading).filter(|host| !host.facts.is_empty()).collect();
    assert_eq!(named.len(), 1);
    assert_eq!(named[0].facts.value(Field::Hostname), Some("prn01"));
    assert_eq!(named[0].facts.value(Field::Domain), Some("example.jp"));
    let reading = read("neighbours/arp-a-macos.txt");
    let names: Vec<_> =
        hosts(&reading).filter_map(|host| host.facts.value(Field::Hostname)).collect();
    assert_eq!(names, ["mr-viewer"]);
}

#[test]
fn the_machine_that_looked_is_one_observer_with_all_its_addresses() {
    for (path, own) in [
        ("demo-hospital/arp-his.txt", &["10.100.10.70", "192.168.137.1"][..]),
        ("demo-hospital/arp-radiology.txt", &["10.102.31.1", "10.102.41.200"]),
        ("demo-hospital/arp-me.txt", &["10.104.61.1"]),
    ] {
        let reading = read(path);
        let observers: Vec<_> = reading
            .observations
            .iter()
            .filter(|seen| seen.kind == ObservationKind::Observer)
            .collect();
        assert_eq!(observers.len(), 1, "{path}");
        let addresses: Vec<Option<IpAddr>> =
            observers[0].bindings.iter().map(|own| own.address).collect();
        let own_addresses: Vec<Option<IpAddr>> = own.iter().map(|own| own.parse().ok()).collect();
        assert_eq!(addresses, own_addresses, "{path}");
        assert_eq!(reading.source_hint, Some(format!("arp/{}", own[0])), "{path}");
    }
}

#[test]
fn coverage_is_the_network_that_the_broadcast_address_tells() {
    for (path, networks) in [
        ("demo-hospital/arp-his.txt", &["10.100.10.0/23", "192.168.137.0/24"][..]),
        ("demo-hospital/arp-radiology.txt", &["10.102.31.0/24", "10.102.41.0/24"]),
        ("demo-hospital/arp-me.txt", &["10.104.61.0/24"]),
        ("neighbours/arp-a-ja.txt", &["192.0.2.0/24", "198.51.100.0/24"]),
        ("neighbours/arp-a-xp.txt", &["192.0.2.0/24"]),
        ("neighbours/arp-an-linux.txt", &[]),
        ("neighbours/ip-neigh.txt", &[]),
        ("neighbours/get-netneighbor.csv", &[]),
    ] {
        let coverage = read(path).coverage;
        let found: Vec<String> = coverage.iter().map(|look| look.network.to_string()).collect();
        assert_eq!(found, networks, "{path}");
        assert!(
            coverage.iter().all(|look| look.completeness == Completeness::Neighbours),
            "{path}"
        );
    }
}

#[test]
fn one_text_in_three_encodings_reads_the_same() {
    let japanese = read("neighbours/arp-a-ja.txt");
    for path in ["neighbours/arp-a-ja-powershell.txt", "neighbours/arp-a-ja-utf8.txt"] {
        let other = read(path);
        assert_eq!(other.observations, japanese.observations, "{path}");
        assert_eq!(other.counts, japanese.counts, "{path}");
    }
}

#[test]
fn a_table_cut_anywhere_never_invents_a_host() {
    for (path, _) in samples() {
        let bytes = fs::read(testdata(&path)).unwrap();
        let whole = read(&path);
        let known: BTreeSet<_> = hosts(&whole).flat_map(|host| host.bindings.clone()).collect();
        for length in (1..bytes.len()).step_by(if bytes.len() > 2000 { 37 } else { 3 }) {
            let input =
                Input { name: "cut", bytes: &bytes[..length], mapping: None, machine: None };
            let Ok(reading) = registry::read(&input) else { continue };
            for binding in hosts(&reading).flat_map(|host| &host.bindings) {
                assert!(known.contains(binding), "{path} at {length}: {binding:?}");
            }
        }
    }
}
