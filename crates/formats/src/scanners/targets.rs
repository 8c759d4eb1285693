//! What a run of nmap was asked to look at, from its command line.

use std::net::Ipv4Addr;

use domain::Network;

/// Options of nmap whose value is the next word (nmap reference guide); after all others a word is a target.
const WITH_VALUE: &[&str] = &[
    "-oN",
    "-oX",
    "-oG",
    "-oA",
    "-oS",
    "-oH",
    "-iL",
    "-iR",
    "-p",
    "-e",
    "-S",
    "-D",
    "-g",
    "-b",
    "-sI",
    "-T",
    "-m",
    "--exclude",
    "--excludefile",
    "--exclude-ports",
    "--dns-servers",
    "--source-port",
    "--spoof-mac",
    "--script",
    "--script-args",
    "--script-args-file",
    "--script-timeout",
    "--max-rate",
    "--min-rate",
    "--max-retries",
    "--host-timeout",
    "--scan-delay",
    "--max-scan-delay",
    "--top-ports",
    "--port-ratio",
    "--version-intensity",
    "--min-hostgroup",
    "--max-hostgroup",
    "--min-parallelism",
    "--max-parallelism",
    "--min-rtt-timeout",
    "--max-rtt-timeout",
    "--initial-rtt-timeout",
    "--stylesheet",
    "--datadir",
    "--servicedb",
    "--versiondb",
    "--data",
    "--data-string",
    "--data-length",
    "--ip-options",
    "--ttl",
    "--mtu",
    "--proxies",
    "--stats-every",
    "--resume",
    "--scanflags",
    "--max-os-tries",
];

/// What the command line of a run says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Targets {
    /// Networks that were asked for as a whole.
    pub(super) networks: Vec<Network>,
    /// Something was left out on purpose, or nothing was asked at all: of what is missing nothing can be said.
    pub(super) partial: bool,
    /// Every address was taken for up without asking (`-Pn`).
    pub(super) assumed: bool,
}

/// Reads the command line.
pub(super) fn read(args: &str) -> Targets {
    let mut targets = Targets::default();
    let mut words = args.split_whitespace().skip(1);
    while let Some(word) = words.next() {
        let word = word.trim_matches(['"', '\'']);
        if word.starts_with('-') {
            let excludes = word.starts_with("--exclude") && !word.starts_with("--exclude-ports");
            targets.partial |= excludes || matches!(word, "-sL" | "-iR");
            targets.assumed |= matches!(word, "-Pn" | "-P0" | "-PN");
            if WITH_VALUE.contains(&word) {
                words.next();
            }
        } else if let Some(network) = network(word)
            && !targets.networks.contains(&network)
        {
            targets.networks.push(network);
        }
    }
    targets
}

/// A target that is a network: `10.1.2.0/24`, `10.1.2.*`, `10.1.2.0-255`, `10.1.2.1-254`. One host is none.
fn network(word: &str) -> Option<Network> {
    if let Ok(network) = word.parse::<Network>() {
        return Some(network).filter(|network| network.prefix() <= 30);
    }
    let octets: Vec<&str> = word.split('.').collect();
    let [first, second, third, last] = octets.as_slice() else { return None };
    let whole = |octet: &str| matches!(octet, "*" | "0-255" | "-" | "0-" | "-255");
    let hosts = |octet: &str| whole(octet) || matches!(octet, "1-254" | "1-255" | "0-254");
    let number = |octet: &str| octet.parse::<u8>().ok();
    if !hosts(last) {
        return None;
    }
    let (first, second) = (number(first)?, number(second)?);
    match number(third) {
        Some(third) => Some(Network::of(Ipv4Addr::new(first, second, third, 0), 24)),
        None if whole(third) => Some(Network::of(Ipv4Addr::new(first, second, 0, 0), 16)),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn networks(args: &str) -> (Vec<String>, bool) {
        let targets = read(args);
        (targets.networks.iter().map(ToString::to_string).collect(), targets.partial)
    }

    #[test]
    fn networks_are_told_from_options_and_hosts() {
        for (args, expected) in [
            ("nmap -sS -sV -O -oX radiology.xml 10.102.41.0/24", &["10.102.41.0/24"][..]),
            (
                "nmap -sn 10.1.2.0-255 10.1.3.* 10.1.4.1-254",
                &["10.1.2.0/24", "10.1.3.0/24", "10.1.4.0/24"],
            ),
            ("nmap 10.1.0-255.0-255", &["10.1.0.0/16"]),
            ("nmap -S 10.9.9.0/24 --dns-servers 10.8.8.0/24 10.1.2.3 ris-sv", &[]),
            ("nmap 10.1.2.5/24 10.1.2.0/24", &["10.1.2.0/24"]),
            ("nmap 10.1.2.10-20 10.1.2.1/32 10.1.*.1", &[]),
            ("nmap", &[]),
            ("", &[]),
        ] {
            assert_eq!(networks(args).0, expected, "{args}");
        }
    }

    #[test]
    fn what_was_left_out_is_seen() {
        assert!(networks("nmap --exclude 10.1.2.3 10.1.2.0/24").1);
        assert!(networks("nmap --exclude=10.1.2.3 10.1.2.0/24").1);
        assert!(networks("nmap -sL 10.1.2.0/24").1);
        assert!(!networks("nmap --exclude-ports 1 10.1.2.0/24").1);
    }
}
