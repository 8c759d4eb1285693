//! What is fuzzed, and a small mutator, so that fuzzing needs nothing but stable Rust.

use crate::{
    answer_sheet, backup, bundle, console, container, deadline, delimited, feeds, html_table,
    leases, mail, neighbours, network, parts, registry, scanners, tables, text, windows, xlsx,
};

/// A name, and what takes any bytes and may only panic where a promise of its reader is broken.
pub type Target = (&'static str, fn(&[u8]));

/// Every target, by name.
pub const TARGETS: &[Target] = &[
    ("answer-sheet", answer_sheet::fuzz),
    ("arp-scan", neighbours::arp_scan::fuzz),
    ("backup-log", backup::fuzz),
    ("bundle", bundle::fuzz),
    ("console", console::fuzz),
    ("container", container::fuzz),
    ("deadline", deadline::fuzz),
    ("delimited", delimited::fuzz),
    ("device-arp", neighbours::device_arp::fuzz),
    ("dnsmasq-leases", leases::fuzz_dnsmasq),
    ("feed", feeds::fuzz_any),
    ("feed-csaf", feeds::fuzz_csaf),
    ("feed-cve", feeds::fuzz_cve),
    ("feed-endoflife", feeds::fuzz_endoflife),
    ("feed-epss", feeds::fuzz_epss),
    ("feed-jvn", feeds::fuzz_jvn),
    ("feed-kev", feeds::fuzz_kev),
    ("feed-nvd", feeds::fuzz_nvd),
    ("feed-openvex", feeds::fuzz_openvex),
    ("feed-osv", feeds::fuzz_osv),
    ("feed-versions", feeds::fuzz_versions),
    ("fortigate-dhcp", leases::fuzz_fortigate),
    ("html-table", html_table::fuzz),
    ("ip-neigh", neighbours::fuzz_ip_neigh),
    ("isc-leases", leases::fuzz_isc),
    ("kea-leases", leases::fuzz_kea),
    ("mail", mail::fuzz),
    ("nessus", scanners::nessus::fuzz),
    ("netneighbor", neighbours::fuzz_netneighbor),
    ("network", network::fuzz),
    ("network-mask", network::fuzz_mask),
    ("nmap", scanners::nmap::fuzz),
    ("openvas", scanners::openvas::fuzz),
    ("parts", parts::fuzz),
    ("registry", registry::fuzz),
    ("tables", tables::fuzz),
    ("text", text::fuzz),
    ("unix-arp", neighbours::fuzz_unix_arp),
    ("windows", windows::fuzz),
    ("wbadmin-versions", backup::wbadmin::fuzz),
    ("windows-arp", neighbours::fuzz_windows_arp),
    ("xls", xlsx::binary::fuzz),
    ("xls-records", xlsx::binary::fuzz_records),
    ("xlsx", xlsx::fuzz),
    ("xlsx-sheet", xlsx::fuzz_sheet),
    ("xlsx-strings", xlsx::fuzz_strings),
    ("xlsx-styles", xlsx::fuzz_styles),
    ("yamaha-dhcp", leases::fuzz_yamaha),
];

/// The largest input that mutation grows a seed to, in bytes.
const MAX_GROWN: usize = 1 << 20;

/// Changes `seed` in one to eight places; the same `state` gives the same bytes.
pub fn mutate(seed: &[u8], state: &mut u64) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=below(state, 8) {
        mutate_once(&mut bytes, state);
    }
    bytes
}

fn mutate_once(bytes: &mut Vec<u8>, state: &mut u64) {
    let at = below(state, bytes.len() + 1);
    let range = at..at + below(state, (bytes.len() - at).min(64) + 1);
    match below(state, 7) {
        0 => {
            if let Some(byte) = bytes.get_mut(at) {
                *byte ^= 1 << below(state, 8);
            }
        }
        1 => bytes.insert(at, next(state) as u8),
        2 => drop(bytes.drain(range)),
        3 => {
            // A splice: a piece from elsewhere in the same file.
            let from = below(state, bytes.len() + 1);
            let end = from + below(state, (bytes.len() - from).min(256) + 1);
            let piece = bytes[from..end].to_vec();
            bytes.splice(range, piece);
        }
        4 if bytes.len() < MAX_GROWN => {
            let piece = bytes[range].to_vec();
            bytes.splice(at..at, piece.repeat(1 + below(state, 8)));
        }
        5 => bytes.truncate(at),
        _ => {
            let telling: &[&[u8]] = &[
                b"\0",
                b"\xff\xfe",
                b"\xef\xbb\xbf",
                b"\x1b$B",
                b"\r",
                b"<",
                b"</",
                b"/>",
                b"<!",
                b"&",
                b"r=\"",
                b"99999999999",
                b"XFD",
                b"\n",
                b"\"",
                b"???",
                b"[",
                b"{\\",
                b"\x82",
                b"0x",
                b":",
            ];
            let piece = telling.get(below(state, telling.len())).copied().unwrap_or_default();
            bytes.splice(at..at, piece.iter().copied());
        }
    }
}

/// A number under `end`; 0 where `end` is 0.
fn below(state: &mut u64, end: usize) -> usize {
    (next(state) % (end.max(1) as u64)) as usize
}

/// xorshift64* (Vigna 2016); a state of 0 would stay 0, so it is moved on.
fn next(state: &mut u64) -> u64 {
    let mut x = (*state).max(1);
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    *state = x;
    x.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
}

#[cfg(test)]
pub(crate) mod tests;
