//! 設定: accounts, sessions, tokens, the round, backups, the disk, the record and the certificate.

mod accounts;
mod backup;
mod certificate;
mod facility;
mod record;
mod roles;
mod tokens;

use domain::Permission;

use crate::frame::Frame;
use crate::routes::Route;

pub(super) fn routes() -> Vec<Route> {
    [
        facility::routes(),
        accounts::routes(),
        tokens::routes(),
        backup::routes(),
        record::routes(),
        certificate::routes(),
        roles::routes(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A page of the settings.
#[derive(Debug, Clone, Copy)]
struct Tab {
    key: &'static str,
    address: &'static str,
    /// What it asks for; none: to be signed in.
    asks: Option<Permission>,
}

const TABS: &[Tab] = &[
    Tab { key: "facility", address: "/settings", asks: Some(Permission::Keep) },
    Tab { key: "users", address: "/settings/users", asks: Some(Permission::Administer) },
    Tab { key: "sessions", address: "/settings/sessions", asks: Some(Permission::Administer) },
    Tab { key: "tokens", address: "/settings/tokens", asks: Some(Permission::Administer) },
    Tab { key: "backup", address: "/settings/backup", asks: Some(Permission::Keep) },
    Tab { key: "record", address: "/settings/record", asks: Some(Permission::Keep) },
    Tab { key: "certificate", address: "/settings/certificate", asks: None },
    Tab { key: "roles", address: "/settings/roles", asks: None },
];

/// The tabs that the person may open.
fn tabs(frame: &Frame) -> Vec<Tab> {
    let may = |tab: &&Tab| tab.asks.is_none_or(|asked| frame.may(asked.key()));
    TABS.iter().filter(may).copied().collect()
}

/// Bytes as people say them: 1,000 and not 1,024, as the makers of disks count.
pub(crate) fn bytes(count: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    let unit = UNITS.iter().find(|(size, _)| count >= *size);
    unit.map_or_else(
        || format!("{count} B"),
        |(size, name)| format!("{}.{} {name}", count / size, count % size * 10 / size),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_said_as_people_say_them() {
        for (count, said) in
            [(0, "0 B"), (999, "999 B"), (1_500, "1.5 kB"), (2_000_000_000, "2.0 GB")]
        {
            assert_eq!(bytes(count), said);
        }
        assert!(bytes(u64::MAX).ends_with(" GB"));
    }
}
