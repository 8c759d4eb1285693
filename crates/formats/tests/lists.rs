//! Lists of network devices, scanners and DHCP servers: what holds of all of them.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use formats::reading::{Input, Reading, Refusal};
use formats::registry;

const SAMPLES: &[&str] = &[
    "demo-hospital/dhcpd-wifi.leases",
    "demo-hospital/nmap-radiology.xml",
    "dhcp/dnsmasq.leases",
    "dhcp/kea-leases4.csv",
    "network/allied-show-arp.txt",
    "network/cisco-show-ip-arp.txt",
    "network/fortigate-dhcp-lease-list.txt",
    "network/fortigate-get-system-arp.txt",
    "network/hp-procurve-show-arp.txt",
    "network/yamaha-show-arp.txt",
    "network/yamaha-show-status-dhcp.txt",
    "scanners/arp-scan.txt",
    "scanners/nmap-banners.xml",
    "scanners/openvas.csv",
    "scanners/sample.nessus",
];

fn bytes(path: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../testdata").join(path);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn read(bytes: &[u8]) -> Result<Reading, Refusal> {
    registry::read(&Input { name: "renamed.dat", bytes, mapping: None, machine: None })
}

#[test]
fn a_list_cut_anywhere_never_invents_a_pair() {
    for path in SAMPLES {
        let whole = bytes(path);
        let reading = read(&whole).unwrap();
        // Where the last word on an address is cut off, the word before it still stands: it is no invention.
        let pairs = |reading: &Reading| -> BTreeSet<_> {
            reading.observations.iter().flat_map(|seen| seen.bindings.clone()).collect()
        };
        let mut known = pairs(&reading);
        let without_cards = known.clone().into_iter().map(|mut binding| {
            binding.mac = None;
            binding
        });
        known.extend(without_cards.collect::<Vec<_>>());
        for length in (1..whole.len()).step_by(if whole.len() > 2000 { 37 } else { 1 }) {
            let Ok(cut) = read(&whole[..length]) else { continue };
            for binding in pairs(&cut) {
                assert!(known.contains(&binding), "{path} at {length}: {binding:?}");
            }
        }
    }
}

#[test]
fn two_lists_in_one_file_are_refused() {
    for one in SAMPLES.iter().filter(|path| path.starts_with("network/")) {
        let mut log = b"HOST#show one\r\n".to_vec();
        log.extend(bytes(one));
        log.extend(b"HOST#show version\r\n");
        assert!(read(&log).is_err(), "{one}");
    }
}

#[test]
fn a_list_reads_the_same_with_other_line_ends() {
    for path in SAMPLES.iter().filter(|path| !path.contains("yamaha-show-arp")) {
        let text = String::from_utf8(bytes(path)).unwrap().replace("\r\n", "\n");
        let expected = read(text.as_bytes()).unwrap();
        for end in ["\r\n", "\r"] {
            let found = read(text.replace('\n', end).as_bytes()).unwrap();
            assert_eq!(found.kind, expected.kind, "{path}");
            assert_eq!(found.observations.len(), expected.observations.len(), "{path} {end:?}");
        }
    }
}
