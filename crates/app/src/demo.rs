//! The invented hospital that ships with the program (みなと中央病院), to try everything on before one's own files.

use jiff::civil::{Date, date};

/// The day the demo hospital's files are of. Its first round is done for that day.
pub const DEMO_DATE: Date = date(2026, 11, 20);

/// A file of the demo hospital.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoFile {
    /// Its name.
    pub name: &'static str,
    /// All of it.
    pub bytes: &'static [u8],
}

macro_rules! demo {
    ($folder:literal: $($name:literal,)*) => {
        &[$(DemoFile { name: $name, bytes: include_bytes!(concat!("../../../testdata/", $folder, "/", $name)) },)*]
    };
}

/// Its files: the ledger, the address table, then what was seen and exported on the day.
pub const DEMO_FILES: &[DemoFile] = demo![
    "demo-hospital":
    "ledger.xlsx",
    "ip-table.csv",
    "arp-his.txt",
    "arp-radiology.txt",
    "arp-me.txt",
    "dhcp-leases-windows.csv",
    "dhcpd-wifi.leases",
    "av-console.csv",
    "backup-sessions.csv",
    "core-switch-session.log",
    "router-yamaha-session.log",
    "vpn-fortigate.conf",
    "vpn-fortigate-status.log",
    "nmap-radiology.xml",
];

/// What is known of vulnerabilities of what it runs: real public data, cut to three vulnerabilities of one product.
pub(crate) const DEMO_FEEDS: &[DemoFile] =
    demo!["demo-feeds": "nvd-fortios.json", "kev-fortios.json",];
