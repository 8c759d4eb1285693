//! Names of switch ports, as makers write them long and short.

/// `GigabitEthernet1/0/9` and `Gi1/0/9` are one port: Cisco writes the long form in CDP, the short one in tables.
pub fn short(port: &str) -> String {
    const LONG: [(&str, &str); 6] = [
        ("TenGigabitEthernet", "Te"),
        ("TwentyFiveGigE", "Twe"),
        ("FortyGigabitEthernet", "Fo"),
        ("GigabitEthernet", "Gi"),
        ("FastEthernet", "Fa"),
        ("Ethernet", "Eth"),
    ];
    let found = LONG.iter().find_map(|(long, short)| Some((short, port.strip_prefix(long)?)));
    found.map_or_else(|| port.to_owned(), |(short, rest)| format!("{short}{rest}"))
}

/// The name cut into words and numbers, so that port 2 stands before port 10.
pub fn natural(port: &str) -> Vec<(String, u64)> {
    let mut parts = Vec::new();
    let mut rest = port;
    while !rest.is_empty() {
        let word = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let (text, after) = rest.split_at(word);
        let digits = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        let (number, after) = after.split_at(digits);
        parts.push((text.to_owned(), number.parse().unwrap_or(u64::MAX)));
        rest = after;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_and_short_names_are_one_port() {
        assert_eq!(short("GigabitEthernet1/0/9"), "Gi1/0/9");
        assert_eq!(short("TenGigabitEthernet1/1/1"), "Te1/1/1");
        assert_eq!(
            (short("Gi1/0/9"), short("port1.0.25")),
            ("Gi1/0/9".into(), "port1.0.25".into())
        );
    }

    #[test]
    fn ports_stand_by_their_numbers() {
        let mut ports = ["Gi1/0/10", "Gi1/0/9", "Fa2", "Gi1/0/9x", ""];
        ports.sort_by_key(|port| natural(port));
        assert_eq!(ports, ["", "Fa2", "Gi1/0/9", "Gi1/0/9x", "Gi1/0/10"]);
    }
}
