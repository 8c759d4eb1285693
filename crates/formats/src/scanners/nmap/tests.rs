use domain::Field;

use super::*;
use crate::text;

fn read(reader: &dyn Reader, source: &str) -> Result<Reading, Refusal> {
    let text = text::decode(source.as_bytes()).unwrap();
    let bytes = source.as_bytes();
    reader.read(&Input { name: "n.xml", bytes, mapping: None, machine: None }, &text)
}

fn told(reading: &Reading) -> Vec<&str> {
    reading.warnings.iter().map(|warning| &*warning.message.key).collect()
}

const RUN: &str = "<?xml version=\"1.0\"?>\n<!DOCTYPE nmaprun>\n<nmaprun scanner=\"nmap\" args=\"nmap -sS 10.1.2.0/24\" start=\"1795132800\">";
const DONE: &str =
    "<runstats><finished time=\"1795132980\" exit=\"success\"/></runstats></nmaprun>";

fn host(address: &str, more: &str) -> String {
    format!(
        "<host><status state=\"up\" reason=\"echo-reply\"/><address addr=\"{address}\" addrtype=\"ipv4\"/>{more}</host>"
    )
}

#[test]
fn a_finished_run_looked_at_its_networks_and_an_unfinished_one_says_nothing_of_what_is_missing() {
    let whole = read(&NmapXml, &format!("{RUN}{}{DONE}", host("10.1.2.3", ""))).unwrap();
    assert_eq!(whole.coverage[0].completeness, Completeness::Scan);
    assert_eq!(whole.coverage[0].network.to_string(), "10.1.2.0/24");
    assert_eq!(whole.source_hint.as_deref(), Some("nmap/10.1.2.0/24"));
    assert!(told(&whole).is_empty());
    let cut = format!("{RUN}{}<host><status state=\"up\"/>", host("10.1.2.3", ""));
    let failed = format!("{RUN}<runstats><finished exit=\"error\"/></runstats></nmaprun>");
    let unfinished = format!("{RUN}{}</nmaprun>", host("10.1.2.3", ""));
    for (source, hosts, keys) in [
        (cut, 1, &["scan.cut", "scan.unfinished"][..]),
        (failed, 0, &["scan.unfinished"]),
        (unfinished, 1, &["scan.unfinished"]),
    ] {
        let reading = read(&NmapXml, &source).unwrap();
        assert_eq!(reading.coverage[0].completeness, Completeness::Truncated, "{source}");
        assert_eq!((reading.observations.len(), told(&reading)), (hosts, keys.to_vec()));
    }
}

#[test]
fn what_is_down_or_only_assumed_up_is_nobody() {
    let assumed = host("10.1.2.4", "").replace("echo-reply", "user-set");
    let down = host("10.1.2.5", "").replace("\"up\"", "\"down\"");
    let known = "<ports><port protocol=\"tcp\" portid=\"80\"><state state=\"open\"/></port><port protocol=\"udp\" portid=\"53\"><state state=\"open|filtered\"/></port></ports>";
    let known = host("10.1.2.6", known).replace("echo-reply", "user-set");
    let reading = read(&NmapXml, &format!("{RUN}{assumed}{down}{known}{DONE}")).unwrap();
    assert_eq!(reading.observations.len(), 1);
    assert_eq!(reading.observations[0].facts.value(Field::Service), Some("tcp/80"));
    assert_eq!((reading.skipped["hosts_assumed_up"], reading.skipped["hosts_down"]), (1, 1));
    assert_eq!(reading.skipped["ports_not_open"], 1);
}

#[test]
fn a_guess_among_equals_is_none() {
    let system = |matches: &[(&str, u8)]| {
        let matches = matches
            .iter()
            .map(|(name, accuracy)| format!("<osmatch name=\"{name}\" accuracy=\"{accuracy}\"/>"))
            .collect::<String>();
        let source = format!("{RUN}{}{DONE}", host("10.1.2.3", &format!("<os>{matches}</os>")));
        let reading = read(&NmapXml, &source).unwrap();
        reading.observations[0].facts.value(Field::Os).map(str::to_owned)
    };
    assert_eq!(system(&[("Linux 5", 90), ("Windows 7", 96)]).as_deref(), Some("Windows 7"));
    assert_eq!(system(&[("Windows 10", 96), ("Windows 7", 96)]), None);
    assert_eq!(system(&[]), None);
}

#[test]
fn runs_that_left_something_out_cover_nothing() {
    let run = RUN.replace("-sS", "--exclude 10.1.2.9");
    let reading = read(&NmapXml, &format!("{run}{DONE}")).unwrap();
    assert!(reading.coverage.is_empty());
    assert_eq!(told(&reading), ["scan.left_out"]);
    let other = RUN.replace("\"nmap\"", "\"masscan\"");
    let port = |number: u16| {
        format!(
            "<host><address addr=\"10.1.2.3\" addrtype=\"ipv4\"/><ports><port protocol=\"tcp\" portid=\"{number}\"><state state=\"open\"/></port></ports></host>"
        )
    };
    let reading = read(&NmapXml, &format!("{other}{}{}{DONE}", port(80), port(443))).unwrap();
    assert_eq!((reading.observations.len(), reading.coverage.len()), (1, 0));
    let services = reading.observations[0].facts.iter().filter(|fact| fact.field == Field::Service);
    assert_eq!(services.count(), 2);
}

#[test]
fn entities_are_refused() {
    let source =
        "<!DOCTYPE nmaprun [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><nmaprun>&a;</nmaprun>";
    assert_eq!(read(&NmapXml, source).unwrap_err().message.key, "scan.refused_entities");
}

#[test]
fn lines_for_grep_are_read_in_the_same_way() {
    let source = "# Nmap 7.95 scan initiated Fri Nov 20 09:00:00 2026 as: nmap -oG out 10.1.2.0/24\nHost: 10.1.2.3 (ct-01.minato.local)\tStatus: Up\nHost: 10.1.2.3 (ct-01.minato.local)\tPorts: 104/open/tcp//dicom///, 445/open/tcp//microsoft-ds//Windows 7/, 80/closed/tcp//http///\tIgnored State: filtered (997)\nHost: 10.1.2.4 ()\tStatus: Down\n# Nmap done at Fri Nov 20 09:03:00 2026 -- 256 IP addresses (1 host up) scanned in 180.21 seconds\n";
    let text = text::decode(source.as_bytes()).unwrap();
    assert_eq!(NmapGreppable.recognise(&Head::of(&text)), Score::Certain);
    let reading = read(&NmapGreppable, source).unwrap();
    assert_eq!(reading.observations.len(), 1);
    let facts = &reading.observations[0].facts;
    assert_eq!(facts.value(Field::Hostname), Some("ct-01"));
    let services: Vec<_> = facts
        .iter()
        .filter(|fact| fact.field == Field::Service)
        .map(|fact| fact.shown().to_owned())
        .collect();
    assert_eq!(services, ["tcp/104 dicom", "tcp/445 microsoft-ds Windows 7"]);
    assert_eq!(reading.coverage[0].completeness, Completeness::Scan);
    assert_eq!(reading.dated, Some(Dated::Local("2026-11-20T09:00:00".parse().unwrap())));
    let (unfinished, _) = source.rsplit_once("# Nmap").unwrap();
    let reading = read(&NmapGreppable, unfinished).unwrap();
    assert_eq!(reading.coverage[0].completeness, Completeness::Truncated);
}

/// The programs that were heard on one port, and what is told of each.
fn programs(service: &str) -> Vec<(String, String)> {
    let port = format!(
        "<ports><port protocol=\"tcp\" portid=\"22\"><state state=\"open\"/>{service}</port></ports>"
    );
    let reading = read(&NmapXml, &format!("{RUN}{}{DONE}", host("10.1.2.3", &port))).unwrap();
    told_programs(&reading)
}

fn told_programs(reading: &Reading) -> Vec<(String, String)> {
    let facts = reading.observations[0].facts.iter();
    facts
        .filter(|fact| fact.field == Field::ServiceProduct)
        .map(|fact| (fact.value.to_owned(), fact.shown().to_owned()))
        .collect()
}

#[test]
fn a_program_that_answers_is_read_with_its_version() {
    let ssh =
        "<service name=\"ssh\" product=\"OpenSSH\" version=\"7.4\" extrainfo=\"protocol 2.0\"/>";
    let with = |cpes: &[&str]| {
        let cpes: String = cpes.iter().map(|cpe| format!("<cpe>{cpe}</cpe>")).collect();
        format!("{}>{cpes}</service>", ssh.trim_end_matches("/>"))
    };
    for (service, expected) in [
        (with(&["cpe:/a:openbsd:openssh:7.4"]), "cpe:/a:openbsd:openssh:7.4"),
        (
            with(&["cpe:/a:openbsd:openssh:7.4", "cpe:/o:linux:linux_kernel"]),
            "cpe:/a:openbsd:openssh:7.4",
        ),
        // The version stands beside the name.
        (with(&["cpe:/a:openbsd:openssh"]), "cpe:/a:openbsd:openssh:7.4"),
        (ssh.to_owned(), "OpenSSH 7.4"),
        (with(&["cpe:/o:linux:linux_kernel"]), "OpenSSH 7.4"),
    ] {
        let expected = [(expected.to_owned(), "tcp/22 OpenSSH 7.4".to_owned())];
        assert_eq!(programs(&service), expected, "{service}");
    }
    let debian = "<service name=\"ssh\" product=\"OpenSSH\" version=\"9.2p1 Debian 2+deb12u3\"><cpe>cpe:/a:openbsd:openssh:9.2p1</cpe></service>";
    let expected = ("cpe:/a:openbsd:openssh:9.2p1", "tcp/22 OpenSSH 9.2p1 Debian 2+deb12u3");
    assert_eq!(programs(debian), [(expected.0.to_owned(), expected.1.to_owned())]);
}

#[test]
fn what_names_no_program_or_no_version_is_no_program() {
    for service in [
        "<service name=\"pptp\" product=\"YAMAHA\"/>",
        "<service name=\"msrpc\" product=\"Microsoft Windows RPC\"><cpe>cpe:/o:microsoft:windows</cpe></service>",
        "<service name=\"http\" version=\"1.0\"/>",
        "<service name=\"http\" product=\"a\" version=\"unknown\"/>",
        "<service name=\"http\" product=\"a\"><cpe>cpe:/a:maker:a</cpe></service>",
        "<service name=\"http\" product=\"a\" version=\"1\"><cpe>cpe:/a:maker:a</cpe><cpe>cpe:/a:maker:b</cpe></service>",
        // What would have to be quoted is not put into a name.
        "<service name=\"http\" product=\"a\" version=\"1:2\"><cpe>cpe:/a:maker:a</cpe></service>",
    ] {
        assert_eq!(programs(service), [], "{service}");
    }
    let closed = "<ports><port protocol=\"tcp\" portid=\"22\"><state state=\"closed\"/><service name=\"ssh\" product=\"OpenSSH\" version=\"7.4\"/></port></ports>";
    let reading = read(&NmapXml, &format!("{RUN}{}{DONE}", host("10.1.2.3", closed))).unwrap();
    assert_eq!(told_programs(&reading), []);
    // The guess at the system names no program.
    let guess = "<os><osmatch name=\"Linux\" accuracy=\"96\"><osclass><cpe>cpe:/a:maker:a:1</cpe></osclass></osmatch></os>";
    let reading = read(&NmapXml, &format!("{RUN}{}{DONE}", host("10.1.2.3", guess))).unwrap();
    assert_eq!(told_programs(&reading), []);
}

#[test]
fn lines_for_grep_name_programs_by_name_and_version() {
    let line = |version: &str| {
        let source = format!(
            "# Nmap 7.95 scan initiated Fri Nov 20 09:00:00 2026 as: nmap -oG out 10.1.2.0/24\nHost: 10.1.2.3 ()\tPorts: 22/open/tcp//ssh//{version}/\n# Nmap done at x\n"
        );
        told_programs(&read(&NmapGreppable, &source).unwrap())
    };
    let expected = ("OpenSSH 7.4", "tcp/22 OpenSSH 7.4 (protocol 2.0)");
    assert_eq!(
        line("OpenSSH 7.4 (protocol 2.0)"),
        [(expected.0.to_owned(), expected.1.to_owned())]
    );
    assert_eq!(line("OpenSSH"), []);
    assert_eq!(line(""), []);
}

/// Kinds and texts of the banners of a reading's first host, and as they are shown.
fn banners(reading: &Reading) -> Vec<(&str, &str)> {
    let facts = reading.observations[0].facts.iter();
    let banners = facts.filter(|fact| fact.field == Field::Banner);
    banners.map(|fact| (fact.value, fact.shown())).collect()
}

#[test]
fn what_programs_and_the_device_said_is_read_with_their_ports() {
    let source = include_str!("../../../../../testdata/scanners/nmap-banners.xml");
    let reading = read(&NmapXml, source).unwrap();
    assert_eq!(
        banners(&reading),
        [
            ("ssh.banner OpenSSH_7.4", "tcp/22 OpenSSH_7.4"),
            ("http_header.server Apache/2.4.49 (Unix)", "tcp/80 Apache/2.4.49 (Unix)"),
            ("ftp.banner (vsFTPd 2.3.4)", "tcp/21 (vsFTPd 2.3.4)"),
        ]
    );
    assert_eq!((reading.counts["banners"], reading.skipped["scripts"]), (7, 1));
    // Of the device as a whole no port tells more.
    let switch = reading.observations[1].facts.value(Field::Banner).unwrap();
    assert!(switch.starts_with("snmp.sys_description Cisco IOS Software, C2960"), "{switch}");
    assert!(switch.ends_with("by prod_rel_team"), "{switch}");
}

#[test]
fn banners_of_closed_ports_and_endless_ones_are_left_out() {
    let port = |state: &str, output: &str| {
        let port = format!(
            "<port protocol=\"tcp\" portid=\"22\"><state state=\"{state}\"/><service name=\"ssh\"/><script id=\"banner\" output=\"{output}\"/></port>"
        );
        let source = format!("{RUN}{}{DONE}", host("10.1.2.3", &format!("<ports>{port}</ports>")));
        let reading = read(&NmapXml, &source).unwrap();
        banners(&reading).iter().map(|(value, _)| (*value).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(port("open", "SSH-2.0-a"), ["ssh.banner a"]);
    assert_eq!(port("closed", "SSH-2.0-a"), [""; 0]);
    assert_eq!(port("open", &format!("SSH-2.0-{}", "a".repeat(3000))), [""; 0]);
    assert_eq!(port("open", r"SSH-2.0-a\x1b[2Jb"), ["ssh.banner a[2Jb"], "no terminal obeys it");
}
