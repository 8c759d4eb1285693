//! Banners (名乗り): what a program or a device says of itself to whoever asks over the network, and the fingerprints they are known by.
//!
//! The table is data and comes in as an argument: `reference` loads the one that ships with the program, and `engine` matches it.

use std::collections::BTreeMap;

use crate::vocabulary::words;

words! {
    /// Where a banner was said, which decides the fingerprints it is matched against.
    ///
    /// The keys are those of Recog's files (`matches`, else the file's name).
    BannerKind {
        /// The vendor class of a DHCP client (RFC 2132 clause 9.13).
        DhcpVendorClass = "dhcp_vendor_class",
        /// The greeting of an FTP server, without its code.
        Ftp = "ftp.banner",
        /// What a web server calls itself (`Server`).
        HttpServer = "http_header.server",
        /// The title of a web page.
        HttpTitle = "html_title",
        /// The greeting of an IMAP server, without its state.
        Imap = "imap4.banner",
        /// The version that a MySQL server greets with.
        Mysql = "mysql.banners",
        /// The greeting of a POP3 server, without its state.
        Pop = "pop3.banner",
        /// The greeting of an SMTP server, without its code.
        Smtp = "smtp.banner",
        /// The description that a device gives of itself by SNMP (`sysDescr`, RFC 3418) or LLDP.
        SnmpDescription = "snmp.sys_description",
        /// The identification of an SSH server, without `SSH-2.0-` (RFC 4253 clause 4.2).
        Ssh = "ssh.banner",
        /// What a telnet server greets with.
        Telnet = "telnet_banners",
    }
}

impl BannerKind {
    /// Whether what it names is judged. A vendor class is shown alone: it tells the kind of a client, the phones of guests have one too,
    /// and their versions would bury what the hospital can do something about.
    pub fn is_judged(self) -> bool {
        self != Self::DhcpVendorClass
    }

    /// Whether the device as a whole says it, not one program of it.
    pub fn is_of_device(self) -> bool {
        matches!(self, Self::SnmpDescription | Self::DhcpVendorClass)
    }
}

/// A banner, as facts keep it: the key of its kind, a space, and the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Banner<'a> {
    /// Where it was said.
    pub kind: BannerKind,
    /// What was said: one or more lines, trimmed, without the codes of the protocol.
    pub text: &'a str,
}

impl<'a> Banner<'a> {
    /// What is longer, in bytes, is no banner but a page.
    pub const LONGEST: usize = 2 << 10;

    /// The banner that a fact holds; none where it holds another thing.
    pub fn of_fact(value: &'a str) -> Option<Self> {
        let (kind, text) = value.split_once(' ')?;
        Some(Self { kind: BannerKind::from_key(kind)?, text })
    }

    /// The fact of what was heard, trimmed and without the control characters that a terminal would obey; none where that is nothing or
    /// no banner any more.
    pub fn heard(kind: BannerKind, text: &str) -> Option<String> {
        let is_text = |letter: &char| !letter.is_control() || letter.is_whitespace();
        let text: String = text.trim().chars().filter(is_text).collect();
        let is_one = !text.is_empty() && text.len() <= Self::LONGEST;
        is_one.then(|| Banner { kind, text: &text }.to_fact())
    }

    /// As a fact holds it.
    pub fn to_fact(self) -> String {
        format!("{} {}", self.kind.key(), self.text)
    }
}

/// A fingerprint: a text that banners fit, and what is known of those that do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fingerprint<'t> {
    /// The regular expression; `^` and `$` stand at every line, as in Ruby.
    pub pattern: &'t str,
    /// Whether large and small letters are the same.
    pub ignores_case: bool,
    /// Whether a dot is a line end too.
    pub dot_is_any: bool,
    /// A text in small letters that stands in everything it fits; empty where none is known.
    pub needle: &'t str,
    /// What it says, still in lines of three cells: [`Fingerprint::says`] reads them.
    pub says: &'t str,
}

/// One thing that a fingerprint says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Saying<'t> {
    /// Which group of the pattern holds the value; 0 for `value` itself.
    pub group: usize,
    /// What it is: `service.product`.
    pub name: &'t str,
    /// The fixed value, in which `{service.version}` stands for what is said of that.
    pub value: &'t str,
}

impl<'t> Fingerprint<'t> {
    /// What it says of what fits.
    pub fn says(&self) -> impl Iterator<Item = Saying<'t>> + use<'t> {
        self.says.lines().filter_map(|line| {
            let mut cells = line.splitn(3, '\t');
            let (group, name, value) = (cells.next()?, cells.next()?, cells.next()?);
            Some(Saying { group: group.parse().ok()?, name, value })
        })
    }
}

/// The fingerprints of each kind of banner, the first that fits first.
#[derive(Debug, Default)]
pub struct BannerTable<'t> {
    sets: BTreeMap<&'t str, Vec<Fingerprint<'t>>>,
}

impl<'t> BannerTable<'t> {
    /// Reads a table: `=key` begins a set; `/flags`, needle and pattern begin a fingerprint, and below stand group, name and value of
    /// what it says. Cells are divided by tabs. What has another form is passed over.
    pub fn read(text: &'t str) -> Self {
        let mut table = Self::default();
        let mut key = "";
        let mut rest = text;
        while !rest.is_empty() {
            let (line, after) = rest.split_once('\n').unwrap_or((rest, ""));
            let is_head = |line: &str| line.starts_with(['=', '/']);
            let said: usize =
                after.split_inclusive('\n').take_while(|line| !is_head(line)).map(str::len).sum();
            let (says, after) = after.split_at(said);
            rest = after;
            if let Some(named) = line.strip_prefix('=') {
                key = named;
            } else if let Some(one) = fingerprint(line, says) {
                table.sets.entry(key).or_default().push(one);
            }
        }
        table
    }

    /// The fingerprints of a set; none where there is no such set.
    pub fn of(&self, key: &str) -> &[Fingerprint<'t>] {
        self.sets.get(key).map_or(&[], Vec::as_slice)
    }

    /// How many fingerprints there are.
    pub fn len(&self) -> usize {
        self.sets.values().map(Vec::len).sum()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.sets.is_empty()
    }
}

fn fingerprint<'t>(line: &'t str, says: &'t str) -> Option<Fingerprint<'t>> {
    let mut cells = line.strip_prefix('/')?.splitn(3, '\t');
    let (flags, needle, pattern) = (cells.next()?, cells.next()?, cells.next()?);
    let has = |flag| flags.contains(flag);
    Some(Fingerprint { pattern, ignores_case: has('i'), dot_is_any: has('s'), needle, says })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "=ssh.banner\n/i\topenssh_\t^OpenSSH_(\\S+)$\n0\tservice.product\tOpenSSH\n1\tservice.version\t\n/\t\t^x$\n/broken\n=telnet_banners\n/s\t\t^y\n0\tservice.product\tY";

    #[test]
    fn a_table_is_read_by_its_sets_and_what_is_broken_is_passed_over() {
        let table = BannerTable::read(TABLE);
        assert_eq!(table.len(), 3);
        let [ssh, bare] = table.of("ssh.banner") else { panic!("{table:?}") };
        assert_eq!((ssh.pattern, ssh.needle), ("^OpenSSH_(\\S+)$", "openssh_"));
        assert!(ssh.ignores_case && !ssh.dot_is_any);
        let said: Vec<_> = ssh.says().map(|one| (one.group, one.name, one.value)).collect();
        assert_eq!(said, [(0, "service.product", "OpenSSH"), (1, "service.version", "")]);
        assert_eq!(bare.says().count(), 0);
        assert!(table.of("telnet_banners")[0].dot_is_any);
        assert_eq!(table.of("telnet_banners")[0].says().count(), 1);
        assert!(table.of("no such set").is_empty());
        assert!(BannerTable::read("no table").is_empty());
    }

    #[test]
    fn what_is_heard_is_text_of_a_bounded_length() {
        let heard = |text: &str| Banner::heard(BannerKind::Ssh, text);
        assert_eq!(heard(" a\u{1b}[2J\r\nb\u{0} ").as_deref(), Some("ssh.banner a[2J\r\nb"));
        assert_eq!(heard(" \u{7}"), None);
        assert!(heard(&"a".repeat(Banner::LONGEST)).is_some());
        assert_eq!(heard(&"a".repeat(Banner::LONGEST + 1)), None);
    }

    #[test]
    fn a_banner_comes_back_from_its_fact_and_other_facts_are_none() {
        let banner = Banner { kind: BannerKind::Telnet, text: "Welcome\nlogin:" };
        assert_eq!(Banner::of_fact(&banner.to_fact()), Some(banner));
        for other in ["", "telnet_banners", "nobody knows it", "tcp/22 OpenSSH"] {
            assert_eq!(Banner::of_fact(other), None, "{other}");
        }
    }
}
