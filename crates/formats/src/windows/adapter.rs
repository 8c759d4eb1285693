//! Which network adapters are a machine's own, and which are only software.

use domain::{MacAddress, fold};

/// What an adapter tells of its machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A card of this machine.
    Card,
    /// A network within the machine, such as VirtualBox's: thousands of machines use the same card and address there.
    Inner,
    /// Software that gives every machine the same card, such as a VPN client's; its address is the machine's own.
    Software,
    /// A tunnel for IPv6 over IPv4, or the loopback: neither a card nor an address that others know.
    Tunnel,
}

/// Words of adapters that lead to nothing outside the machine; folded.
const INNER: [&str; 11] = [
    "virtualboxhost-only",
    "vmwarevirtualethernet",
    "vmwarenetworkadaptervmnet",
    "defaultswitch",
    "既定ノスイッチ",
    "vethernet(wsl",
    "vethernet(nat",
    "vethernet(docker",
    "npcaploopback",
    "loopbackadapter",
    "ル-プバックアダプタ",
];

/// Words of tunnels; folded.
const TUNNELS: [&str; 6] =
    ["isatap", "teredo", "6to4", "tunneladapter", "トンネルアダプタ", "ip-https"];

/// The makers' prefixes of cards that virtual switches make up: Microsoft Hyper-V.
const HYPER_V: [u8; 3] = [0x00, 0x15, 0x5d];

/// The role of an adapter, by its name and its description.
pub(super) fn role(name: &str, description: &str, mac: Option<MacAddress>) -> Role {
    let text = format!("{}\n{}", fold(name), fold(description));
    let has = |word: &&str| text.contains(*word);
    if TUNNELS.iter().any(&has) {
        Role::Tunnel
    } else if INNER.iter().any(has) {
        Role::Inner
    } else if fold(description).starts_with("hyper-vvirtualethernet") {
        // A switch that leads outside takes over the card of the adapter it stands on.
        if mac.is_some_and(|mac| mac.oui() != HYPER_V) { Role::Card } else { Role::Software }
    } else if is_software(&text) {
        Role::Software
    } else {
        Role::Card
    }
}

fn is_software(text: &str) -> bool {
    const WORDS: [&str; 8] = [
        "virtual",
        "仮想",
        "tap-windows",
        "tapadapter",
        "wireguard",
        "wintun",
        "vpnclient",
        "wanminiport",
    ];
    WORDS.iter().any(|word| text.contains(word))
}

/// The card, where it can name its machine: an adapter's own, and neither made up nor random.
pub(super) fn card(role: Role, mac: Option<MacAddress>, is_connected: bool) -> Option<MacAddress> {
    // A random card is worth telling only together with the address it has now.
    mac.filter(|mac| role == Role::Card && (mac.is_stable() || (is_connected && mac.is_local())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_that_every_machine_shares_are_none_of_its_own() {
        let mac = |text: &str| text.parse::<MacAddress>().ok();
        for (name, description, card, expected) in [
            (
                "イーサネット",
                "Intel(R) Ethernet Connection (2) I219-LM",
                "00-1B-21-00-01-11",
                Role::Card,
            ),
            ("Ethernet0", "vmxnet3 Ethernet Adapter", "00-50-56-12-34-56", Role::Card),
            ("Ethernet", "Microsoft Hyper-V Network Adapter", "00-15-5D-12-34-56", Role::Card),
            (
                "VMware Network Adapter VMnet8",
                "VMware Virtual Ethernet Adapter for VMnet8",
                "00-50-56-C0-00-08",
                Role::Inner,
            ),
            (
                "イーサネット 3",
                "VirtualBox Host-Only Ethernet Adapter",
                "0A-00-27-00-00-0B",
                Role::Inner,
            ),
            (
                "vEthernet (Default Switch)",
                "Hyper-V Virtual Ethernet Adapter",
                "00-15-5D-12-34-56",
                Role::Inner,
            ),
            (
                "vEthernet (既定のスイッチ)",
                "Hyper-V Virtual Ethernet Adapter",
                "00-15-5D-12-34-56",
                Role::Inner,
            ),
            (
                "vEthernet (外部)",
                "Hyper-V Virtual Ethernet Adapter #2",
                "00-1B-21-00-01-11",
                Role::Card,
            ),
            (
                "vEthernet (内部)",
                "Hyper-V Virtual Ethernet Adapter #3",
                "00-15-5D-00-00-01",
                Role::Software,
            ),
            (
                "イーサネット 4",
                "Fortinet Virtual Ethernet Adapter (NDIS 6.30)",
                "00-09-0F-AA-00-01",
                Role::Software,
            ),
            (
                "ローカル エリア接続* 1",
                "Microsoft Wi-Fi Direct Virtual Adapter",
                "52-1B-21-00-01-12",
                Role::Software,
            ),
            ("isatap.workgroup", "Microsoft ISATAP Adapter", "00-00-00-00-00-00", Role::Tunnel),
            ("ローカル エリア接続* 3", "Teredo Tunneling Pseudo-Interface", "", Role::Tunnel),
        ] {
            assert_eq!(role(name, description, mac(card)), expected, "{name} {description}");
        }
    }

    #[test]
    fn a_random_card_counts_only_while_it_is_in_use() {
        let random = "7a-11-c4-03-9e-5f".parse().ok();
        assert_eq!(card(Role::Card, random, false), None);
        assert_eq!(card(Role::Card, random, true), random);
        assert_eq!(card(Role::Software, "00-09-0f-aa-00-01".parse().ok(), true), None);
    }
}
