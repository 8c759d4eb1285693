//! Banners in what scanners write of their checks: what a program said first, freed of what the protocol and the scanner put around it.
//!
//! nmap's scripts `banner`, `http-server-header`, `http-title`, `mysql-info` and `snmp-sysdescr`; and the detection checks of Nessus,
//! whose numbers OpenVAS took over at the end of its own (`1.3.6.1.4.1.25623.1.0.10267`).

use domain::BannerKind;

/// What a script of nmap brought; `protocol` is what nmap says is spoken on the port.
pub(super) fn of_script(id: &str, protocol: &str, output: &str) -> Vec<(BannerKind, String)> {
    match id {
        "banner" => of_first_words(protocol, &unescaped(output)).into_iter().collect(),
        "http-server-header" => output
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .map(|line| (BannerKind::HttpServer, line.to_owned()))
            .collect(),
        "mysql-info" => {
            let mut lines = output.lines().map(str::trim);
            let version = lines.find_map(|line| line.strip_prefix("Version: "));
            version.map(|text| (BannerKind::Mysql, text.to_owned())).into_iter().collect()
        }
        "http-title" => title(output).into_iter().collect(),
        "snmp-sysdescr" => {
            let text = output.split("System uptime:").next().unwrap_or_default().trim();
            let said = (BannerKind::SnmpDescription, text.to_owned());
            Some(said).filter(|(_, text)| !text.is_empty()).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// What a check of Nessus or OpenVAS brought: `check` is its number, or its OID.
pub(super) fn of_check(check: &str, output: &str) -> Option<(BannerKind, String)> {
    let output = &output.replace("\r\n", "\n");
    match check.rsplit('.').next()? {
        "10092" => greeting(BannerKind::Ftp, quoted(output)?),
        "10107" => {
            let text = quoted(output)?.lines().next()?.trim();
            let text = text.strip_prefix("Server:").unwrap_or(text).trim();
            Some((BannerKind::HttpServer, text.to_owned()))
        }
        "10185" => greeting(BannerKind::Pop, quoted(output)?),
        "10263" => greeting(BannerKind::Smtp, quoted(output)?),
        "10267" => ssh(quoted(output)?),
        "10281" => {
            let text = quoted(output)?;
            let lines = text.lines().filter(|line| !is_scissors(line));
            Some((BannerKind::Telnet, lines.collect::<Vec<_>>().join("\n").trim().to_owned()))
        }
        "10800" => {
            let (_, after) = output.split_once("sysDescr")?;
            let text = after.trim_start().strip_prefix(':')?;
            let text = text.split("\n sysObjectID").next()?.trim();
            Some((BannerKind::SnmpDescription, text.to_owned()))
        }
        "11414" => greeting(BannerKind::Imap, quoted(output)?),
        _ => None,
    }
}

/// What was sent to who just connected.
fn of_first_words(protocol: &str, text: &str) -> Option<(BannerKind, String)> {
    if let Some(said) = ssh(text) {
        return Some(said);
    }
    let kind = match protocol {
        "ftp" => BannerKind::Ftp,
        "imap" | "imaps" => BannerKind::Imap,
        "pop3" | "pop3s" => BannerKind::Pop,
        "smtp" | "smtps" | "submission" => BannerKind::Smtp,
        "telnet" => return Some((BannerKind::Telnet, printable(text))),
        _ => return None,
    };
    greeting(kind, text)
}

/// The software and comment of `SSH-2.0-OpenSSH_7.4 comment` (RFC 4253 clause 4.2).
fn ssh(text: &str) -> Option<(BannerKind, String)> {
    let line = text.lines().find_map(|line| line.trim().strip_prefix("SSH-"))?;
    let (_, software) = line.split_once('-')?;
    Some((BannerKind::Ssh, software.to_owned()))
}

/// A greeting without the code of each line (`220-`, RFC 959 clause 4.2) or the state before it (`+OK`, RFC 1939 clause 3; `* OK`, RFC
/// 9051 clause 7.1). Of SMTP the first line alone, as its fingerprints want it.
fn greeting(kind: BannerKind, text: &str) -> Option<(BannerKind, String)> {
    let text = text.trim();
    let bare = match kind {
        BannerKind::Imap => text.lines().next()?.strip_prefix("* OK")?.trim().to_owned(),
        BannerKind::Pop => text.lines().next()?.strip_prefix("+OK")?.trim().to_owned(),
        BannerKind::Smtp => uncoded(text.lines().next()?)?.to_owned(),
        _ => {
            uncoded(text.lines().next()?)?;
            let lines = text.lines().map(|line| uncoded(line).unwrap_or(line));
            lines.collect::<Vec<_>>().join("\n")
        }
    };
    Some((kind, bare))
}

/// A line without the code of three digits before it.
fn uncoded(line: &str) -> Option<&str> {
    let (code, rest) = line.split_at_checked(3)?;
    let is_code = code.bytes().all(|byte| byte.is_ascii_digit());
    let rest = if rest.is_empty() { Some(rest) } else { rest.strip_prefix(['-', ' ']) };
    rest.filter(|_| is_code)
}

/// What stands behind the first heading that says a banner follows: on its line, or in the paragraphs below up to the scanner's own
/// words.
fn quoted(output: &str) -> Option<&str> {
    const HEADINGS: [&str; 6] = [
        "banner",
        "banner is",
        "server type is",
        "ssh version",
        "ssh server version",
        "telnet server",
    ];
    let mut at = 0;
    for line in output.split_inclusive('\n') {
        at += line.len();
        let Some((heading, rest)) = line.split_once(':') else { continue };
        let heading = heading.trim().to_ascii_lowercase();
        if !HEADINGS.iter().any(|known| heading.ends_with(known)) {
            continue;
        }
        let below = output.get(at..)?.trim_start_matches('\n');
        let below = below.split("\n\nThis is probably").next().unwrap_or(below);
        return [rest.trim(), below.trim()].into_iter().find(|text| !text.is_empty());
    }
    None
}

/// `------ snip ------`.
fn is_scissors(line: &str) -> bool {
    let line = line.trim();
    line.len() > 20 && line.starts_with("---") && line.contains(" snip ")
}

/// The title of a page: nmap writes a sentence of its own where it has none or was led elsewhere.
fn title(output: &str) -> Option<(BannerKind, String)> {
    let line = output.trim().lines().next()?.trim();
    let is_own = line.starts_with("Site doesn't have a title")
        || line.starts_with("Did not follow redirect to ");
    (!line.is_empty() && !is_own).then(|| (BannerKind::HttpTitle, line.to_owned()))
}

/// `\x0D\x0A` as the script writes what cannot be printed.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\\x") {
        plain.push_str(before);
        let byte = after.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match byte {
            Some(byte) => {
                plain.push(char::from(byte));
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                plain.push_str("\\x");
                rest = after;
            }
        }
    }
    plain + rest
}

/// Telnet begins with the terminal's negotiation (RFC 854), which is no text.
fn printable(text: &str) -> String {
    text.chars().filter(|letter| matches!(letter, ' '..='~' | '\n' | '\r' | '\t')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_of_nmap_bring_what_was_said() {
        for (id, protocol, output, wanted) in [
            ("banner", "ssh", r"SSH-2.0-OpenSSH_7.4\x0D\x0A", Some("ssh.banner OpenSSH_7.4")),
            ("banner", "", "SSH-1.99-Cisco-1.25", Some("ssh.banner Cisco-1.25")),
            ("banner", "ftp", r"220 (vsFTPd 3.0.2)\x0D\x0A", Some("ftp.banner (vsFTPd 3.0.2)")),
            (
                "banner",
                "ftp",
                r"220-Welcome\x0D\x0A220 RICOH IM C3500 FTP server",
                Some("ftp.banner Welcome\nRICOH IM C3500 FTP server"),
            ),
            ("banner", "smtp", "220 mail ESMTP Postfix", Some("smtp.banner mail ESMTP Postfix")),
            ("banner", "pop3", "+OK Dovecot ready.", Some("pop3.banner Dovecot ready.")),
            ("banner", "imap", "* OK Dovecot ready.", Some("imap4.banner Dovecot ready.")),
            (
                "banner",
                "telnet",
                r"\xFF\xFD\x18Debian GNU/Linux 9\x0D\x0Alogin:",
                Some("telnet_banners Debian GNU/Linux 9\r\nlogin:"),
            ),
            ("banner", "http", "HTTP/1.1 400 Bad Request", None),
            ("banner", "ftp", "no greeting", None),
            ("banner", "ftp", r"\xZZ", None),
            (
                "http-server-header",
                "http",
                "\n  nginx/1.18.0",
                Some("http_header.server nginx/1.18.0"),
            ),
            (
                "http-title",
                "http",
                "iDRAC-Login\nRequested resource was /",
                Some("html_title iDRAC-Login"),
            ),
            ("http-title", "http", "Site doesn't have a title (text/html).", None),
            ("http-title", "http", "Did not follow redirect to https://a/", None),
            (
                "snmp-sysdescr",
                "snmp",
                "RTX1210 Rev.14.01.38\n  System uptime: 3d (1 timeticks)",
                Some("snmp.sys_description RTX1210 Rev.14.01.38"),
            ),
            ("snmp-sysdescr", "snmp", "\n  System uptime: 3d", None),
            (
                "mysql-info",
                "mysql",
                "\n  Protocol: 10\n  Version: 5.5.5-10.3.39-MariaDB\n  Status: Autocommit",
                Some("mysql.banners 5.5.5-10.3.39-MariaDB"),
            ),
            ("mysql-info", "mysql", "\n  MySQL Error: Host is not allowed", None),
            ("ssh-hostkey", "ssh", "2048 aa:bb", None),
        ] {
            let said = of_script(id, protocol, output);
            let said: Vec<String> =
                said.iter().map(|(kind, text)| format!("{} {text}", kind.key())).collect();
            assert_eq!(said.first().map(String::as_str), wanted, "{id} {output}");
        }
        let several = of_script("http-server-header", "http", "\n  nginx\n  Apache/2.4.6 (CentOS)");
        assert_eq!(several.len(), 2);
    }

    #[test]
    fn checks_of_nessus_and_openvas_bring_what_was_said() {
        const OPENVAS: &str = "1.3.6.1.4.1.25623.1.0.";
        for (check, output, wanted) in [
            (
                "10092",
                "\nThe remote FTP banner is :\n\n220 (vsFTPd 2.2.2)",
                "ftp.banner (vsFTPd 2.2.2)",
            ),
            (
                "10107",
                "The remote web server type is :\n\nApache/2.2.15 (CentOS)",
                "http_header.server Apache/2.2.15 (CentOS)",
            ),
            (
                "10185",
                "Remote POP server banner :\n\n+OK Dovecot ready.",
                "pop3.banner Dovecot ready.",
            ),
            (
                "10263",
                "\nRemote SMTP server banner :\n\n220 mail.example.jp ESMTP Postfix\n",
                "smtp.banner mail.example.jp ESMTP Postfix",
            ),
            (
                "10267",
                "\nSSH version : SSH-2.0-OpenSSH_5.3\nSSH supported authentication : password\n",
                "ssh.banner OpenSSH_5.3",
            ),
            (
                "10281",
                "Here is the banner from the remote Telnet server :\n\n------------------------------ snip ------------------------------\nUser Access Verification\n\nUsername:\n------------------------------ snip ------------------------------\n",
                "telnet_banners User Access Verification\n\nUsername:",
            ),
            (
                "10800",
                "System information :\n sysDescr     : Lantronix UDS V5.8.0.1 (041102)\n sysObjectID  : \n sysUptime    : 0d\n",
                "snmp.sys_description Lantronix UDS V5.8.0.1 (041102)",
            ),
            (
                "11414",
                "The remote imap server banner is :\n\n* OK Dovecot ready.",
                "imap4.banner Dovecot ready.",
            ),
            (
                &format!("{OPENVAS}10267"),
                "Remote SSH server banner: SSH-2.0-OpenSSH_7.2p2 Ubuntu-4ubuntu2.10\r\nRemote SSH supported authentication: password\r\n\r\nThis is probably:\r\n\r\n- OpenSSH",
                "ssh.banner OpenSSH_7.2p2 Ubuntu-4ubuntu2.10",
            ),
            (
                &format!("{OPENVAS}10107"),
                "The remote HTTP Server banner is:\n\nServer: sfcHttpd",
                "http_header.server sfcHttpd",
            ),
            (
                &format!("{OPENVAS}10092"),
                "Remote FTP server banner:\n\n220 (vsFTPd 2.3.4)\n\nThis is probably (a):\n\n- vsFTPd",
                "ftp.banner (vsFTPd 2.3.4)",
            ),
        ] {
            let (kind, text) = of_check(check, output).unwrap();
            assert_eq!(format!("{} {text}", kind.key()), wanted, "{check}");
        }
    }

    #[test]
    fn a_check_that_brings_no_banner_gives_none() {
        for (check, output) in [
            ("19506", "Information about this scan :\n\nRemote FTP server banner: 220 x"),
            ("10092", "nothing was said"),
            ("10092", "The remote FTP banner is :\n\n"),
            ("10263", "Remote SMTP server banner :\n\nno code"),
            ("10267", "SSH version : 2.0"),
            ("10800", "System information :\n sysName : x"),
            ("", ""),
        ] {
            assert_eq!(of_check(check, output), None, "{check} {output}");
        }
    }
}
