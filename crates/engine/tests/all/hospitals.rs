//! Random hospitals for the laws.

use std::fmt::Write as _;

use proptest::prelude::*;

/// A hospital of few numbers, names, cards and addresses, so that they collide all the time.
pub(crate) fn hospital() -> impl Strategy<Value = String> {
    let import = (0..5u8, 0..2u8, 1..5u8, proptest::collection::vec(row(), 0..5));
    let decision = (any::<bool>(), sign(), sign());
    (proptest::collection::vec(import, 1..6), proptest::collection::vec(decision, 0..3)).prop_map(
        |(imports, decisions)| {
            let mut text = "zone z 10.1.2.0/24\n".to_owned();
            for (index, (kind, source, day, rows)) in imports.into_iter().enumerate() {
                let kind = ["ledger", "table", "leases", "reservations", "arp"][usize::from(kind)];
                let name = if kind == "arp" {
                    format!("10.1.1.{}", 70 + source)
                } else {
                    format!("s{source}")
                };
                // The day carries the index, so that no two documents are the same to the byte.
                let _ = writeln!(text, "{kind} {name} 20{:02}-11-{:02}", 20 + index, day);
                for row in rows {
                    let row = if kind == "ledger" {
                        row
                    } else {
                        row.split_once(' ').unwrap().1.to_owned()
                    };
                    let _ = writeln!(text, "  {row}");
                }
            }
            for (same, one, other) in decisions {
                let _ = writeln!(text, "{} {one} {other}", if same { "same" } else { "not_same" });
            }
            text
        },
    )
}

fn row() -> impl Strategy<Value = String> {
    let some = |words: Vec<String>| proptest::option::of(proptest::sample::select(words));
    (
        0..4u8,
        some((1..4).map(|n| format!("host=pc-{n}")).collect()),
        some(
            (1..4)
                .map(|n| format!("mac=00-1b-21-00-00-0{n}"))
                .chain(["mac=7a-00-00-00-00-01".into()])
                .collect(),
        ),
        some((1..4).map(|n| format!("ip=10.1.1.{n}")).chain(["ip=10.1.1.70".into()]).collect()),
        some(vec!["serial=SN-1001".into(), "serial=SN-1002".into()]),
        some(vec!["status=retired".into(), "name=CT".into(), "name=MR".into()]),
        some(
            ["os=OldOS", "os=TwinOS", "support_end=2025-12", "software=x software_version=1"]
                .into_iter()
                .chain(["software=x software_version=2", "addressing=dynamic", "kind=network"])
                .chain([
                    "software=Viewer software_version=1",
                    "software=ビューア software_version=1",
                ])
                .chain(["software=\"Viewer リモート\" software_version=1"])
                .chain(["ip=192.168.137.1", "mac=00-a0-de-00-00-01", "lease_state=expired"])
                .map(str::to_owned)
                .collect(),
        ),
    )
        .prop_map(|(number, host, mac, ip, serial, more, rest)| {
            let words: Vec<String> =
                [host, mac, ip, serial, more, rest].into_iter().flatten().collect();
            format!("000{number} name=x {}", words.join(" "))
        })
}

fn sign() -> impl Strategy<Value = String> {
    let mut signs = Vec::new();
    for n in 1..4 {
        signs.push(format!("host:pc-{n}"));
        signs.push(format!("mac:00-1b-21-00-00-0{n}"));
        signs.push(format!("address:0/10.1.1.{n}"));
        signs.push(format!("asset:ledger/s0/000{n}"));
    }
    proptest::sample::select(signs)
}
