//! Services by their ports: what a person calls them, and which of them let somebody take a machine over.

use domain::message::Arg;

/// A service by its port, the word for it in the catalogue, and what it means where it can be reached.
struct Known {
    service: &'static str,
    term: &'static str,
    reach: Reach,
}

/// What it means that a service can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// Nothing by itself.
    Ordinary,
    /// An old way without encryption, or one that worms use to spread.
    Legacy,
    /// Whoever reaches it can try to take the machine over.
    Control,
}

/// The ports are those of the IANA Service Name and Transport Protocol Port Number Registry. Which of them count as ways to take a
/// machine over, and which as outdated, is this program's own choice: telnet, FTP and the r-commands send passwords in clear; SMB and
/// NetBIOS are what ransomware spreads by; PPTP's authentication is broken.
const KNOWN: [Known; 16] = [
    Known { service: "tcp/21", term: "service.ftp", reach: Reach::Legacy },
    Known { service: "tcp/22", term: "service.ssh", reach: Reach::Control },
    Known { service: "tcp/23", term: "service.telnet", reach: Reach::Legacy },
    Known { service: "tcp/80", term: "service.http", reach: Reach::Ordinary },
    Known { service: "tcp/139", term: "service.netbios", reach: Reach::Legacy },
    Known { service: "tcp/443", term: "service.https", reach: Reach::Ordinary },
    Known { service: "tcp/445", term: "service.smb", reach: Reach::Legacy },
    Known { service: "tcp/512", term: "service.rsh", reach: Reach::Legacy },
    Known { service: "tcp/513", term: "service.rsh", reach: Reach::Legacy },
    Known { service: "tcp/514", term: "service.rsh", reach: Reach::Legacy },
    Known { service: "tcp/1723", term: "service.pptp", reach: Reach::Legacy },
    Known { service: "tcp/3389", term: "service.rdp", reach: Reach::Control },
    Known { service: "tcp/5900", term: "service.vnc", reach: Reach::Control },
    Known { service: "tcp/5985", term: "service.winrm", reach: Reach::Control },
    Known { service: "udp/500", term: "service.ike", reach: Reach::Ordinary },
    Known { service: "udp/4500", term: "service.ike", reach: Reach::Ordinary },
];

fn known(service: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.service == service)
}

/// What it means that `service`, such as `tcp/3389`, can be reached.
pub fn reach(service: &str) -> Reach {
    known(service).map_or(Reach::Ordinary, |known| known.reach)
}

/// What a person calls `service`; its port where there is no word for it.
pub fn name(service: &str) -> Arg {
    known(service).map_or_else(|| Arg::from(service), |known| Arg::Term(known.term.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_without_a_word_is_named_by_its_port() {
        assert_eq!(name("tcp/3389"), Arg::Term("service.rdp".into()));
        assert_eq!(name("tcp/40000"), Arg::from("tcp/40000"));
        assert_eq!((reach("tcp/3389"), reach("tcp/40000")), (Reach::Control, Reach::Ordinary));
    }
}
