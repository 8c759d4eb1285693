//! Lines to the outside: PPPoE, dial-in, tunnels with their policies and gateways.

use std::collections::{BTreeMap, BTreeSet};

use domain::{FactsBuilder, Field, SettingKind};

use super::super::gathering::Gathering;
use super::plain;

/// No router has more connections, nor more tunnels (the largest has 3000).
const MAX_SCOPES: usize = 8_192;

/// What is told of one tunnel or gateway: no router takes more policies or algorithms for one.
const MAX_OF_ONE: usize = 16;

/// No router binds more tunnels to one connection.
const MAX_TUNNELS: usize = 256;

/// Of whom the lines speak.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum Scope {
    /// The router.
    #[default]
    Global,
    /// `pp 1`, `pp anonymous`.
    Pp(String),
    /// `tunnel 1`.
    Tunnel(String),
}

impl Scope {
    /// Whether the line says of whom the next ones speak.
    pub(super) fn take(&mut self, words: &[&str]) -> bool {
        *self = match words {
            ["pp" | "tunnel", "select", "none"] => Self::Global,
            ["pp", "select", which] => Self::Pp((*which).to_owned()),
            ["tunnel", "select", which] => Self::Tunnel((*which).to_owned()),
            _ => return false,
        };
        true
    }

    /// As routes and answers name it.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Global => String::new(),
            Self::Pp(which) => format!("pp {which}"),
            Self::Tunnel(which) => format!("tunnel {which}"),
        }
    }
}

/// A connection of `pp select`.
#[derive(Debug, Default)]
struct Pp {
    line: u32,
    description: String,
    /// `pppoe`, `mobile`, `isdn`, and the interface it uses.
    way: Option<(&'static str, String)>,
    tunnels: Vec<String>,
    users: Vec<(u32, String)>,
    enabled: bool,
}

/// A tunnel of `tunnel select`.
#[derive(Debug, Default)]
struct Tunnel {
    line: u32,
    description: String,
    encapsulation: String,
    /// Numbers of its policies.
    policies: Vec<String>,
    endpoint: String,
    enabled: bool,
}

/// What IPsec says of a gateway.
#[derive(Debug, Default)]
struct Gateway {
    peer: String,
    algorithms: Vec<String>,
}

impl Gateway {
    fn learn<'w>(&mut self, algorithms: impl IntoIterator<Item = &'w str>) {
        let room = MAX_OF_ONE.saturating_sub(self.algorithms.len());
        self.algorithms.extend(algorithms.into_iter().take(room).map(str::to_owned));
    }
}

/// Everything that leads outside.
#[derive(Debug, Default)]
pub(super) struct Lines {
    pps: BTreeMap<String, Pp>,
    tunnels: BTreeMap<String, Tunnel>,
    /// By number: the gateway, and what the policy encrypts with.
    policies: BTreeMap<String, (String, Vec<String>)>,
    gateways: BTreeMap<String, Gateway>,
    /// Interfaces that get their address from a provider, or translate addresses.
    wan: BTreeMap<String, u32>,
    descriptions: BTreeMap<String, String>,
    /// `pp enable all` and `tunnel enable all` were met.
    all_pps: bool,
    all_tunnels: bool,
}

impl Lines {
    /// Takes a line that speaks of a connection, a tunnel or IPsec.
    pub(super) fn take(&mut self, number: u32, scope: &Scope, words: &[&str]) -> bool {
        let in_scope = match scope {
            Scope::Pp(which) => self.pp(number, which, words),
            Scope::Tunnel(which) => self.tunnel(number, which, words),
            Scope::Global => false,
        };
        in_scope || self.ipsec(words) || self.global(words)
    }

    fn pp(&mut self, number: u32, which: &str, words: &[&str]) -> bool {
        if self.pps.len() >= MAX_SCOPES && !self.pps.contains_key(which) {
            return false;
        }
        let fresh = || Pp { line: number, ..Pp::default() };
        let pp = self.pps.entry(which.to_owned()).or_insert_with(fresh);
        match words {
            ["description", "pp", text @ ..] => pp.description = text.join(" "),
            ["pppoe", "use", interface] => pp.way = Some(("pppoe", (*interface).to_owned())),
            ["pp", "bind", bound @ ..] => bind(pp, bound),
            ["mobile", ..] => pp.way = pp.way.take().or(Some(("mobile", String::new()))),
            ["pp", "auth", "username", user, ..] => pp.users.push((number, (*user).to_owned())),
            _ => return false,
        }
        true
    }

    fn tunnel(&mut self, number: u32, which: &str, words: &[&str]) -> bool {
        if self.tunnels.len() >= MAX_SCOPES && !self.tunnels.contains_key(which) {
            return false;
        }
        let fresh = || Tunnel { line: number, ..Tunnel::default() };
        let tunnel = self.tunnels.entry(which.to_owned()).or_insert_with(fresh);
        match words {
            ["description", "tunnel", text @ ..] => tunnel.description = text.join(" "),
            ["tunnel", "encapsulation", kind] => tunnel.encapsulation = (*kind).to_owned(),
            ["ipsec", "tunnel", policy] if tunnel.policies.len() < MAX_OF_ONE => {
                tunnel.policies.push((*policy).to_owned());
            }
            ["tunnel", "endpoint", "address", addresses @ ..] => {
                tunnel.endpoint = addresses.last().map_or(String::new(), |peer| (*peer).to_owned());
            }
            ["tunnel", "endpoint", "name", peer, ..] => tunnel.endpoint = (*peer).to_owned(),
            _ => return false,
        }
        true
    }

    fn ipsec(&mut self, words: &[&str]) -> bool {
        match words {
            ["ipsec", "sa", "policy", policy, gateway, "esp" | "ah", algorithms @ ..] => {
                let algorithms = algorithms
                    .iter()
                    .filter(|word| word.contains(['-', '3', 'a', 's', 'm', 'd']))
                    .take_while(|word| !word.contains('='));
                let known = algorithms.map(|word| (*word).to_owned()).take(4).collect();
                self.policies.insert((*policy).to_owned(), ((*gateway).to_owned(), known));
            }
            ["ipsec", "ike", "remote", "address", gateway, peer] => {
                (*peer).clone_into(&mut self.gateway(gateway).peer);
            }
            ["ipsec", "ike", "encryption" | "hash", gateway, algorithm] => {
                self.gateway(gateway).learn([*algorithm]);
            }
            ["ipsec", "ike", "group", gateway, groups @ ..] => {
                self.gateway(gateway).learn(groups.iter().copied());
            }
            _ => return false,
        }
        true
    }

    fn gateway(&mut self, number: &str) -> &mut Gateway {
        self.gateways.entry(number.to_owned()).or_default()
    }

    fn global(&mut self, words: &[&str]) -> bool {
        match words {
            ["pp", "enable", "all"] => self.all_pps = true,
            ["pp", "enable", which] => {
                self.pps.get_mut(*which).into_iter().for_each(|pp| pp.enabled = true);
            }
            ["tunnel", "enable", "all"] => self.all_tunnels = true,
            ["tunnel", "enable", which] => {
                self.tunnels.get_mut(*which).into_iter().for_each(|tunnel| tunnel.enabled = true);
            }
            ["description", interface, text @ ..] if interface.starts_with("lan") => {
                self.descriptions.insert((*interface).to_owned(), text.join(" "));
            }
            _ => return false,
        }
        true
    }

    /// An interface gets its address from elsewhere. Whether that is a provider, or a router before this one, cannot be told: it is
    /// where the way out is.
    pub(super) fn dynamic(&mut self, number: u32, interface: &str) {
        self.wan.entry(interface.to_owned()).or_insert(number);
    }

    /// An interface translates addresses, which is done towards the outside. A connection is a line already.
    pub(super) fn translated(&mut self, (number, interface): &(u32, String)) {
        if interface.starts_with("lan") {
            self.dynamic(*number, interface);
        }
    }

    /// Names of the interfaces that face outside.
    pub(super) fn outside(&self) -> BTreeSet<String> {
        let carried = self
            .pps
            .values()
            .filter_map(|pp| pp.way.as_ref().map(|(_, interface)| interface.clone()));
        let named = self.pps.keys().map(|which| format!("pp {which}"));
        self.wan
            .keys()
            .cloned()
            .chain(carried)
            .chain(named)
            .filter(|name| !name.is_empty())
            .collect()
    }

    /// Writes everything down as settings.
    pub(super) fn state(&mut self, into: &mut Gathering) {
        let (all_pps, all_tunnels) = (self.all_pps, self.all_tunnels);
        self.pps.values_mut().for_each(|pp| pp.enabled |= all_pps);
        self.tunnels.values_mut().for_each(|tunnel| tunnel.enabled |= all_tunnels);
        self.write(into);
    }

    fn write(&self, into: &mut Gathering) {
        for (which, pp) in &self.pps {
            if which == "anonymous" || !pp.tunnels.is_empty() {
                self.state_dial_in(which, pp, into);
            } else {
                state_line(which, pp, into);
            }
        }
        let carried: BTreeSet<&str> = self
            .pps
            .values()
            .filter_map(|pp| pp.way.as_ref().map(|(_, interface)| interface.as_str()))
            .collect();
        for (interface, number) in
            self.wan.iter().filter(|(interface, _)| !carried.contains(interface.as_str()))
        {
            let description = self.descriptions.get(interface).map_or("", String::as_str);
            into.reading.count("lines", 1);
            into.set(*number, SettingKind::Line, interface, |facts| {
                facts.add(Field::Description, description).add(Field::Side, "outside");
                facts.add(Field::Enabled, "yes");
            });
        }
        for (which, tunnel) in &self.tunnels {
            into.reading.count("tunnels", 1);
            into.set(tunnel.line, SettingKind::Tunnel, &format!("tunnel {which}"), |facts| {
                facts.add(Field::Description, &plain(&tunnel.description));
                facts.add(Field::Peer, &self.peer(tunnel));
                facts.add(Field::Service, &tunnel.encapsulation);
                self.add_algorithms(tunnel, facts);
                facts.add(Field::Enabled, yes_or_no(tunnel.enabled));
            });
        }
    }

    fn state_dial_in(&self, which: &str, pp: &Pp, into: &mut Gathering) {
        let bound: Vec<&Tunnel> =
            pp.tunnels.iter().filter_map(|tunnel| self.tunnels.get(tunnel)).collect();
        let names: Vec<String> = bound
            .iter()
            .map(|tunnel| plain(&tunnel.description))
            .filter(|name| !name.is_empty())
            .collect();
        let description = if names.is_empty() { plain(&pp.description) } else { names.join("、") };
        let enabled = pp.enabled && (bound.is_empty() || bound.iter().any(|tunnel| tunnel.enabled));
        into.reading.count("dial_in", 1);
        into.set(pp.line, SettingKind::DialIn, &format!("pp {which}"), |facts| {
            facts.add(Field::Description, &description).add(Field::Side, "outside");
            let mut ways: Vec<&str> =
                bound.iter().map(|tunnel| tunnel.encapsulation.as_str()).collect();
            ways.sort_unstable();
            ways.dedup();
            for way in ways {
                facts.add(Field::Service, way);
            }
            for tunnel in &bound {
                self.add_algorithms(tunnel, facts);
            }
            facts.add(Field::Enabled, yes_or_no(enabled));
        });
        for (line, user) in &pp.users {
            into.set(*line, SettingKind::Account, user, |facts| {
                // Whoever dials in here proves it by the password that stands behind the name, and by nothing else.
                facts.add(Field::Access, "vpn").add(Field::SecondFactor, "no");
                facts.add(Field::Enabled, yes_or_no(enabled));
            });
        }
    }

    fn peer(&self, tunnel: &Tunnel) -> String {
        let of_policy = |policy: &String| {
            let (gateway, _) = self.policies.get(policy)?;
            Some(self.gateways.get(gateway)?.peer.clone()).filter(|peer| !peer.is_empty())
        };
        tunnel.policies.iter().find_map(of_policy).unwrap_or_else(|| tunnel.endpoint.clone())
    }

    fn add_algorithms(&self, tunnel: &Tunnel, facts: &mut FactsBuilder) {
        let mut added = BTreeSet::new();
        for (gateway, of_policy) in
            tunnel.policies.iter().filter_map(|policy| self.policies.get(policy))
        {
            let of_gateway =
                self.gateways.get(gateway).map(|gateway| gateway.algorithms.as_slice());
            for algorithm in of_policy.iter().chain(of_gateway.unwrap_or_default()) {
                if added.insert(algorithm) {
                    facts.add(Field::Algorithm, algorithm);
                }
            }
        }
    }
}

/// `tunnel11`, `tunnel11-tunnel20`, `usb1`, `bri1`.
fn bind(pp: &mut Pp, bound: &[&str]) {
    for word in bound {
        if pp.tunnels.len() > MAX_TUNNELS {
            return;
        }
        let mut ends =
            word.split('-').filter_map(|end| end.strip_prefix("tunnel")?.parse::<u32>().ok());
        match (ends.next(), ends.next()) {
            (Some(first), Some(last)) => {
                pp.tunnels
                    .extend((first..=last).take(MAX_TUNNELS).map(|tunnel| tunnel.to_string()));
            }
            (Some(one), None) => pp.tunnels.push(one.to_string()),
            _ if word.starts_with("usb") => pp.way = Some(("mobile", (*word).to_owned())),
            _ if word.starts_with("bri") => pp.way = Some(("isdn", (*word).to_owned())),
            _ => {}
        }
    }
}

fn state_line(which: &str, pp: &Pp, into: &mut Gathering) {
    into.reading.count("lines", 1);
    into.set(pp.line, SettingKind::Line, &format!("pp {which}"), |facts| {
        facts.add(Field::Description, &plain(&pp.description)).add(Field::Side, "outside");
        facts.add(Field::Service, pp.way.as_ref().map_or("", |(way, _)| way));
        facts.add(Field::Enabled, yes_or_no(pp.enabled));
    });
}

pub(super) fn yes_or_no(is: bool) -> &'static str {
    if is { "yes" } else { "no" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_tunnels_are_bounded_one_by_one() {
        let mut lines = Lines::default();
        let mut left = 0;
        for number in 0..20_000u32 {
            let scope = Scope::Tunnel(number.to_string());
            for _ in 0..20 {
                left += u32::from(!lines.take(1, &scope, &["ipsec", "tunnel", "1"]));
            }
            lines.take(1, &scope, &["ipsec", "ike", "encryption", "1", "aes-cbc"]);
            lines.take(1, &scope, &["tunnel", "enable", "all"]);
        }
        assert_eq!(lines.tunnels.len(), MAX_SCOPES);
        assert!(lines.tunnels.values().all(|tunnel| tunnel.policies.len() == MAX_OF_ONE));
        assert_eq!(lines.gateways["1"].algorithms.len(), MAX_OF_ONE);
        assert_eq!(left, 8_192 * 4 + 11_808 * 20);
    }
}
