//! What a switch knows of its neighbours by CDP and LLDP: who hangs on which port, and what it says it is.
//!
//! `show cdp neighbors detail` and `show lldp neighbors detail` of Cisco, and the latter of AlliedWare Plus, whose labels end in dots.

use std::net::IpAddr;

use domain::{
    AddressKind, Banner, BannerKind, Binding, FactsBuilder, Field, MacAddress, Observation,
    ObservationKind, Place, fold, is_factory_name,
};

use super::gathering::{DeviceFormat, Gathering, Part};
use super::mac_table::short_port;
use crate::reader::Head;
use crate::reading::Score;
use crate::values::name;

/// One of the two protocols.
pub(super) struct Link {
    kind: &'static str,
    /// Labels that begin a neighbour; the first that a text has.
    begins: &'static [&'static str],
    /// Labels of which one must stand too.
    needs: &'static [&'static str],
    count: &'static str,
}

pub(super) const CDP: Link = Link {
    kind: "cisco-cdp",
    begins: &["device id"],
    needs: &["platform", "holdtime"],
    count: "cdp_neighbors",
};

pub(super) const LLDP: Link = Link {
    kind: "lldp-neighbors",
    begins: &["local intf", "local port", "chassis id"],
    needs: &["port id", "port id type"],
    count: "lldp_neighbors",
};

impl DeviceFormat for Link {
    fn kind(&self) -> &'static str {
        self.kind
    }

    fn family(&self) -> &'static str {
        if self.kind == CDP.kind { "cisco" } else { "network" }
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        let has = |labels: &[&str]| {
            head.lines().any(|line| {
                labelled(line.text).is_some_and(|(label, _)| labels.contains(&label.as_str()))
            })
        };
        if has(self.begins) && has(self.needs) { Score::Certain } else { Score::No }
    }

    fn gather(&self, part: Part<'_>, into: &mut Gathering) {
        let begin = self.begins.iter().find(|begin| {
            part.lines().any(|line| labelled(line.text).is_some_and(|(label, _)| label == **begin))
        });
        let Some(begin) = begin else { return };
        let mut neighbour: Option<Neighbour> = None;
        for line in part.lines() {
            let found = labelled(line.text);
            let begins = found.as_ref().is_some_and(|(label, _)| label == begin);
            if begins || is_rule(line.text) {
                self.end(neighbour.take(), into);
            }
            if begins {
                neighbour = Some(Neighbour::at(line.number));
            }
            if let Some(neighbour) = &mut neighbour {
                neighbour.line(found, line.text);
            }
        }
        self.end(neighbour, into);
    }
}

impl Link {
    fn end(&self, neighbour: Option<Neighbour>, into: &mut Gathering) {
        let Some(neighbour) = neighbour else { return };
        into.reading.rows += 1;
        into.reading.count(self.count, 1);
        match neighbour.observation() {
            Some(seen) => into.see(seen),
            None => into.reading.skip("nameless_neighbour"),
        }
    }
}

fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.len() > 8 && line.bytes().all(|byte| byte == b'-')
}

/// The label of a line in lower case, and its value. `System Name ...................... X` and `Local port1.0.23:` are labelled too.
fn labelled(line: &str) -> Option<(String, &str)> {
    let line = line.trim();
    if let Some(port) = line.strip_prefix("Local port").and_then(|rest| rest.strip_suffix(':')) {
        let port = line.get(line.len() - port.len() - 5..line.len() - 1)?;
        return Some(("local port".to_owned(), port));
    }
    let (label, value) = match line.split_once(" ..") {
        Some((label, value)) => (label, value.trim_start_matches('.')),
        None => line.split_once(':')?,
    };
    let label = label.trim().to_lowercase();
    (label.len() < 40).then(|| (label, value.trim()))
}

/// One neighbour, as far as it was read.
#[derive(Debug, Default)]
struct Neighbour {
    line: u32,
    local: String,
    name: String,
    model: String,
    maker: &'static str,
    description: String,
    capabilities: String,
    addresses: Vec<IpAddr>,
    mac: Option<MacAddress>,
    /// Which text goes on over the following lines.
    in_description: bool,
}

impl Neighbour {
    fn at(line: u32) -> Self {
        Self { line, ..Self::default() }
    }

    fn line(&mut self, found: Option<(String, &str)>, text: &str) {
        let Some((label, value)) = found else { return self.continued(text) };
        let is_text = self.in_description;
        self.in_description = false;
        let is_nothing = value.contains("not advertised") || value == "-";
        let value = if is_nothing { "" } else { value };
        match label.as_str() {
            "device id" | "system name" => self.named(value),
            "interface" => self.interface(value),
            "local intf" | "local port" | "local port id" => self.local = value.to_owned(),
            "platform" => self.platform(value),
            "ip address" | "ipv4 address" | "ip" | "management address" | "ipv4"
            | "ipv6 address" => self.address(value),
            "chassis id" => self.chassis(value),
            "version" | "system description" => {
                self.describe(value);
                self.in_description = true;
            }
            "enabled capabilities" | "system capabilities - enabled" | "system capabilities"
                if self.capabilities.is_empty() || label.contains("enabled") =>
            {
                value.clone_into(&mut self.capabilities);
            }
            // A description may hold a colon, such as `Technical Support: http://…`; dots lead to the next label.
            _ if is_text && !text.contains(" ..") => self.continued_after(text),
            _ => {}
        }
    }

    fn continued_after(&mut self, text: &str) {
        self.in_description = true;
        self.continued(text);
    }

    fn continued(&mut self, text: &str) {
        if !self.in_description {
            return;
        }
        let text = text.trim();
        if text.is_empty() {
            self.in_description = self.description.is_empty();
        } else if self.description.len() < 1024 {
            self.describe(text);
        }
    }

    fn describe(&mut self, text: &str) {
        if !self.description.is_empty() {
            self.description.push(' ');
        }
        self.description.push_str(text);
    }

    fn named(&mut self, value: &str) {
        if self.name.is_empty() {
            // Some write the serial number behind the name: `CORE-SW2(FOX1234)`.
            self.name = value.split('(').next().unwrap_or_default().trim().to_owned();
        }
    }

    fn interface(&mut self, value: &str) {
        value.split(',').next().unwrap_or_default().trim().clone_into(&mut self.local);
    }

    fn platform(&mut self, value: &str) {
        let (model, capabilities) = value.split_once(',').unwrap_or((value, ""));
        self.model = model.trim().to_owned();
        if self.model.to_lowercase().starts_with("cisco ") {
            self.maker = "Cisco";
        }
        if let Some((_, list)) = capabilities.split_once(':') {
            list.trim().clone_into(&mut self.capabilities);
        }
    }

    fn address(&mut self, value: &str) {
        let address = value.split(['%', '/', ' ']).next().and_then(|address| address.parse().ok());
        let is_one = |address: &IpAddr| match address {
            IpAddr::V4(address) => AddressKind::of(*address).is_unicast(),
            IpAddr::V6(address) => {
                !(address.is_multicast() || address.is_loopback() || address.is_unspecified())
            }
        };
        if let Some(address) = address
            .filter(is_one)
            .filter(|address| !self.addresses.contains(address) && self.addresses.len() < 64)
        {
            self.addresses.push(address);
        }
    }

    fn chassis(&mut self, value: &str) {
        match value.parse::<MacAddress>() {
            Ok(mac) if !mac.is_group() && !mac.is_zero() => self.mac = Some(mac),
            Ok(_) => {}
            Err(_) => self.address(value),
        }
    }

    /// The statement; none where nothing tells the neighbour from others.
    fn observation(&self) -> Option<Observation> {
        let (host, domain) = name::host_and_domain(&self.name);
        let says_nothing = host.chars().count() < 2
            || is_factory_name(&fold(host))
            || host.parse::<IpAddr>().is_ok();
        if says_nothing && self.mac.is_none() && self.addresses.is_empty() {
            return None;
        }
        let mut facts = FactsBuilder::new();
        facts.add_written(Field::Port, &short_port(&self.local), &self.local);
        if !says_nothing {
            facts.add_written(Field::Hostname, host, &self.name);
            facts.add(Field::Domain, domain.unwrap_or_default());
        }
        let model = self.model.strip_prefix("cisco ").unwrap_or(&self.model);
        facts.add_written(Field::Model, model, &self.model);
        facts.add(
            Field::Maker,
            if self.maker.is_empty() { self.described_maker() } else { self.maker },
        );
        facts.add(Field::OsVersion, version(&self.description).unwrap_or_default());
        if let Some(banner) = Banner::heard(BannerKind::SnmpDescription, &self.description) {
            facts.add_written(Field::Banner, &banner, self.description.trim());
        }
        facts.add(
            Field::Capabilities,
            &self.capabilities.split_whitespace().collect::<Vec<_>>().join(" "),
        );
        // The card that LLDP names is the chassis's, not the one that has the address.
        let card = self.mac.map(|mac| Binding { mac: Some(mac), address: None, prefix: None });
        let addresses = self.addresses.iter().map(|address| Binding {
            mac: None,
            address: Some(*address),
            prefix: None,
        });
        Some(Observation {
            place: Place::line(self.line),
            kind: ObservationKind::LinkNeighbour,
            bindings: card.into_iter().chain(addresses).collect(),
            facts: facts.finish(),
        })
    }

    fn described_maker(&self) -> &'static str {
        [
            ("Allied Telesis", "Allied Telesis"),
            ("Cisco", "Cisco"),
            ("Fortinet", "Fortinet"),
            ("YAMAHA", "Yamaha"),
            ("HPE ", "HPE"),
            ("ProCurve", "HP"),
        ]
        .iter()
        .find(|(mark, _)| self.description.contains(mark))
        .map_or("", |(_, maker)| maker)
    }
}

/// The version that a description tells: `…, Version 17.9.4, RELEASE`, `Version: 17.9.4.27`, `AW+ v5.4.9-2.3`.
fn version(description: &str) -> Option<&str> {
    let after = ["Version: ", "Version ", "AW+ v", "version "]
        .iter()
        .find_map(|mark| Some(description.split_once(mark)?.1))?;
    let version = after.split([',', ' ', ';']).next()?;
    version.starts_with(|c: char| c.is_ascii_digit()).then_some(version)
}

#[cfg(test)]
mod tests {
    use super::super::tests::read;

    #[test]
    fn older_and_newer_answers_of_cdp_are_read() {
        let text = "Device ID: SW2.minato.local\nEntry address(es):\n  IP address: 10.100.254.12\nPlatform: cisco WS-C3560G-24TS,  Capabilities: Router Switch IGMP\nInterface: GigabitEthernet0/1,  Port ID (outgoing port): GigabitEthernet0/2\nHoldtime : 140 sec\n\nVersion :\nCisco IOS Software, C3560 Software (C3560-IPBASEK9-M), Version 12.2(55)SE5, RELEASE SOFTWARE (fc1)\nTechnical Support: http://www.cisco.com/techsupport\nCompiled Mon 24-Sep-12\n\nadvertisement version: 2\nVTP Management Domain: 'x'\n-------------------------\nDevice ID: Switch\nPlatform: cisco WS-C2960,  Capabilities: Switch IGMP\nInterface: GigabitEthernet0/3,  Port ID (outgoing port): GigabitEthernet0/2\n";
        let (reading, told) = read(text);
        assert_eq!(reading.kind, "cisco-cdp");
        assert_eq!(
            told,
            [
                "1 link_neighbour: port=Gi0/1 hostname=SW2 domain=minato.local model=WS-C3560G-24TS maker=Cisco os_version=12.2(55)SE5 banner=snmp.sys_description Cisco IOS Software, C3560 Software (C3560-IPBASEK9-M), Version 12.2(55)SE5, RELEASE SOFTWARE (fc1) Technical Support: http://www.cisco.com/techsupport Compiled Mon 24-Sep-12 capabilities=Router Switch IGMP -@10.100.254.12"
            ]
        );
        assert_eq!(
            (reading.skipped["nameless_neighbour"], reading.counts["cdp_neighbors"]),
            (1, 2)
        );
    }

    #[test]
    fn neighbours_of_alliedware_stand_under_dotted_labels() {
        let text = "LLDP Detailed Neighbor Information:\n\nLocal port1.0.23:\n  Neighbors table last updated 0 hrs 0 mins 3 secs ago\n\n  Chassis ID Type .................. MAC address\n  Chassis ID ....................... 0000.cd37.0001\n  Port ID Type ..................... Interface alias\n  Port ID .......................... port1.0.1\n  TTL .............................. 120 (secs)\n  Port Description ................. [not advertised]\n  System Name ...................... ACC-SW02\n  System Description ............... Allied Telesis router/switch, AW+ v5.5.1-0.1\n  System Capabilities - Supported .. Bridge, Router\n                      - Enabled .... Bridge\n  Management Address ............... 10.100.254.22\n";
        let (reading, told) = read(text);
        assert_eq!(reading.kind, "lldp-neighbors");
        assert_eq!(
            told,
            [
                "3 link_neighbour: port=port1.0.23 hostname=ACC-SW02 maker=Allied Telesis os_version=5.5.1-0.1 banner=snmp.sys_description Allied Telesis router/switch, AW+ v5.5.1-0.1 00-00-cd-37-00-01@- -@10.100.254.22"
            ]
        );
    }

    #[test]
    fn what_a_neighbour_does_not_say_is_not_made_up() {
        let text = "------------------------------------------------\nLocal Intf: Gi1/0/5\nChassis id: 10.100.20.5\nPort id: 001b2100aabb:P1\nSystem Name - not advertised\n\nSystem Description - not advertised\n\nSystem Capabilities: B,T\nManagement Addresses - not advertised\n------------------------------------------------\nLocal Intf: Gi1/0/6\nChassis id: phone\nPort id: p\nSystem Name: localhost\n";
        let (reading, told) = read(text);
        assert_eq!(told, ["2 link_neighbour: port=Gi1/0/5 capabilities=B,T -@10.100.20.5"]);
        assert_eq!(reading.skipped["nameless_neighbour"], 1);
    }
}
