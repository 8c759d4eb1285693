//! Cases of vulnerabilities: what devices run, held against what is at hand.

use domain::Finding;
use engine::weaknesses::State;
use testkit::Hospital;

use super::feeds::{Hand, LOCAL, REMOTE};
use super::{TODAY, line, look, look_with, told};

const VIEWER: &str = "ledger 台帳 2026-11-01
   0001 host=PC-01 software=Viewer software_version=1.5";

/// A gate that lets people in, as its own configuration tells.
const GATE: &str = "ledger 台帳 2026-11-01
   0251 host=VPN-01 ip=10.1.254.251 os=GateOS os_version=1.5
 config VPN-01 2026-11-18
   device host=VPN-01 ip=10.1.254.251
   setting setting=remote_access setting_name=ssl-vpn side=outside service=tcp/443";

/// Keeps the findings of `code` in `hospital` against `feeds`, or of all rules on vulnerabilities where it is `VUL`.
fn found_in(code: &str, hospital: &str, hand: &Hand, day: &str) -> Vec<(String, Finding)> {
    look_with(&Hospital::read(hospital), hand, day, |known, findings| {
        let of_rule = findings.into_iter().filter(|finding| finding.key.rule.starts_with(code));
        of_rule.map(|finding| (line(known, &finding), finding)).collect()
    })
}

/// Compares what all rules on vulnerabilities find with `expected`, one finding a line.
#[track_caller]
fn check(hospital: &str, feeds: &str, expected: &[&str]) {
    let found = found_in("VUL", hospital, &Hand::read(feeds), TODAY);
    let lines: Vec<&str> = found.iter().map(|(line, _)| line.as_str()).collect();
    assert_eq!(lines, expected, "{hospital}\n{feeds}");
}

/// The only finding of rule `code`.
#[track_caller]
fn only(code: &str, hospital: &str, feeds: &str) -> Finding {
    let mut found = found_in(code, hospital, &Hand::read(feeds), TODAY);
    assert_eq!(found.len(), 1, "{code} in {hospital}\n{feeds}");
    found.remove(0).1
}

/// An advisory on Viewer below 2.0 in the list of the NVD.
fn viewer(id: &str, rest: &str) -> String {
    format!("nvd {id} a:maker:viewer <2.0 {rest}\n")
}

/// An advisory on GateOS below 2.0 in the list of the NVD.
fn gate(id: &str, rest: &str) -> String {
    format!("nvd {id} o:maker:gateos <2.0 {rest}\n")
}

#[test]
fn each_vulnerability_is_told_by_the_first_rule_that_it_is_a_case_of() {
    let product = "product:viewer 1.5";
    for (feeds, expected) in [
        // Known to be exploited goes before all else.
        (format!("{}kev CVE-1", viewer("CVE-1", REMOTE)), "VUL001 {} urgent title reason remedy"),
        (
            format!("{}kev CVE-1 ransomware", viewer("CVE-1", "score=31")),
            "VUL001 {} urgent title reason_ransomware remedy",
        ),
        (viewer("CVE-1", REMOTE), "VUL002 {} warning title reason remedy"),
        (viewer("CVE-1", "score=90"), "VUL002 {} warning title reason remedy"),
        (viewer("CVE-1", "score=89"), "VUL005 {} notice title reason remedy"),
        (viewer("CVE-1", LOCAL), "VUL005 {} notice title reason remedy"),
        (viewer("CVE-1", ""), "VUL005 {} notice title reason_unrated remedy"),
        (
            "csaf CVE-1 a:maker:viewer <2.0 score=53".to_owned(),
            "VUL003 {} warning title reason remedy",
        ),
        ("openvex CVE-1 a:maker:viewer <2.0".to_owned(), "VUL003 {} warning title reason remedy"),
        (
            format!("csaf CVE-1 a:maker:viewer <2.0 {REMOTE}"),
            "VUL002 {} warning title reason remedy",
        ),
    ] {
        check(VIEWER, &feeds, &[&expected.replace("{}", product)]);
    }
}

#[test]
fn fwu005_finds_changes_that_are_done_on_paper_only() {
    let done = "change host:pc-01 2026-11-05 viewer_1.5";
    let medical = VIEWER.replace("host=", "kind=medical host=");
    for (hospital, expected) in [
        (format!("{VIEWER}\n{done}"), &["FWU005 change:1 warning title reason remedy"][..]),
        (
            format!("{medical}\n{done} medical"),
            &["FWU005 change:1 warning title reason remedy_medical"],
        ),
        // Fourteen days are not over.
        (format!("{VIEWER}\n{}", done.replace("05", "06")), &[]),
        // The new version is seen.
        (format!("{}\n{done}", VIEWER.replace("1.5", "2.0")), &[]),
        (format!("{VIEWER}\n{done} failed"), &[]),
        (format!("{VIEWER}\n{done} planned"), &[]),
        (format!("{VIEWER}\n{done} cancelled"), &[]),
        (format!("{VIEWER}\n{}", done.replace("pc-01", "pc-09")), &[]),
    ] {
        let found = found_in("FWU005", &hospital, &Hand::read(""), TODAY);
        let lines: Vec<&str> = found.iter().map(|(line, _)| line.as_str()).collect();
        assert_eq!(lines, expected, "{hospital}");
    }
    let finding =
        found_in("FWU005", &format!("{VIEWER}\n{done}"), &Hand::read(""), TODAY).remove(0).1;
    assert_eq!(
        told(&finding),
        "number=1; what=更新; devices=PC-01 (0001); product=viewer_1.5; on=2026-11-05; days=15"
    );
}

#[test]
fn nothing_is_told_of_what_is_not_affected() {
    let fixed = VIEWER.replace("1.5", "2.0");
    let retired = VIEWER.replace("host=", "status=retired host=");
    let feeds = format!("{}kev CVE-1", viewer("CVE-1", REMOTE));
    for (why, hospital, feeds) in [
        ("the version is mended", fixed.as_str(), feeds.as_str()),
        ("the device was disposed of", &retired, &feeds),
        ("nothing runs anywhere", "ledger 台帳 2026-11-01\n 0001 host=PC-01", &feeds),
        ("another product", VIEWER, "nvd CVE-1 a:maker:writer <2.0\nnvd CVE-2 a:maker:viewer <1"),
        ("the maker says that it is not", VIEWER, "csaf CVE-1 a:maker:viewer <2 status=fixed"),
    ] {
        let found = found_in("VUL", hospital, &Hand::read(feeds), TODAY);
        assert_eq!(found, Vec::new(), "{why}");
    }
}

#[test]
fn nobody_who_does_not_ask_is_told_of_vulnerabilities() {
    look(&Hospital::read(VIEWER), TODAY, |known, findings| {
        assert!(known.weaknesses().is_none());
        assert!(findings.iter().all(|finding| !finding.key.rule.starts_with("VUL")));
    });
}

#[test]
fn the_values_are_those_of_the_most_urgent_first() {
    let feeds = [
        viewer("CVE-2026-3", REMOTE),
        viewer("CVE-2026-1", LOCAL),
        viewer("CVE-2026-2", "score=70"),
        "kev CVE-2026-3 ransomware\nkev CVE-2026-1".to_owned(),
    ]
    .concat();
    let finding = only("VUL001", VIEWER, &feeds);
    assert_eq!(
        told(&finding),
        "product=Viewer 1.5; count=2; devices=PC-01 (0001); numbers=CVE-2026-3, CVE-2026-1; ransomware=CVE-2026-3"
    );
    let other = only("VUL005", VIEWER, &feeds);
    assert_eq!(
        told(&other),
        "product=Viewer 1.5; count=1; devices=PC-01 (0001); number=CVE-2026-2; score=7.0"
    );
    assert_eq!(other.evidence.len(), 1, "the row of the ledger");
    let critical = only("VUL002", VIEWER, &viewer("CVE-2026-3", REMOTE));
    assert_eq!(
        told(&critical),
        "product=Viewer 1.5; count=1; devices=PC-01 (0001); numbers=CVE-2026-3"
    );
    let feeds = "csaf CVE-2026-4 a:maker:viewer <2.0 in=ICSA-26-1";
    assert_eq!(
        told(&only("VUL003", VIEWER, feeds)),
        "product=Viewer 1.5; count=1; devices=PC-01 (0001); numbers=CVE-2026-4; documents=ICSA-26-1"
    );
}

#[test]
fn one_product_is_one_finding_with_all_its_devices() {
    let hospital = format!(
        "{VIEWER}
         0002 host=PC-02 software=ビューア software_version=1.5
         0003 host=PC-03 software=\"VIEWER 1.5\"
         0004 host=PC-04 software=Viewer software_version=1.6"
    );
    let feeds = viewer("CVE-1", REMOTE);
    check(
        &hospital,
        &feeds,
        &[
            "VUL002 product:viewer 1.5 warning title reason remedy",
            "VUL002 product:viewer 1.6 warning title reason remedy",
        ],
    );
    let found = found_in("VUL002", &hospital, &Hand::read(&feeds), TODAY);
    assert_eq!(
        told(&found[0].1),
        "product=Viewer 1.5; count=1; devices=PC-01 (0001), PC-02 (0002), PC-03 (0003); numbers=CVE-1"
    );
    let evidence: Vec<u32> = found[0].1.evidence.iter().map(|at| at.seq).collect();
    assert_eq!(evidence, [0, 1, 2]);
    assert_eq!(found[0].1.device, None, "it speaks of several devices");
    look_with(&Hospital::read(&hospital), &Hand::read(&feeds), TODAY, |known, findings| {
        let of_one = findings.iter().find(|one| one.key.subject.to_string().ends_with("1.6"));
        let device = of_one.unwrap().device.unwrap();
        assert_eq!(known.chart(device).unwrap().label(), "PC-04 (0004)");
    });
}

#[test]
fn medical_devices_are_not_to_be_updated_by_the_hospital() {
    let medical = VIEWER.replace("host=", "kind=medical host=");
    for (feeds, code) in [
        (format!("{}kev CVE-1", viewer("CVE-1", "")), "VUL001"),
        (viewer("CVE-1", REMOTE), "VUL002"),
        ("csaf CVE-1 a:maker:viewer <2.0".to_owned(), "VUL003"),
        (viewer("CVE-1", "score=50"), "VUL005"),
    ] {
        let among = format!("{medical}\n 0002 host=PC-02 software=Viewer software_version=1.5");
        for hospital in [&medical, &among] {
            assert_eq!(only(code, hospital, &feeds).remedy.key, format!("{code}.remedy_medical"));
        }
        assert_eq!(only(code, VIEWER, &feeds).remedy.key, format!("{code}.remedy"));
    }
}

#[test]
fn what_lets_people_in_from_outside_stands_in_the_title() {
    let beside = "ledger 予備 2026-11-02\n 0252 host=VPN-02 os=GateOS os_version=1.5";
    let hospital = format!("{GATE}\n{beside}");
    for (feeds, code) in [
        (format!("{}kev CVE-1", gate("CVE-1", "")), "VUL001"),
        (gate("CVE-1", REMOTE), "VUL002"),
        ("csaf CVE-1 o:maker:gateos <2.0".to_owned(), "VUL003"),
        (gate("CVE-1", "score=50"), "VUL005"),
    ] {
        let finding = only(code, &hospital, &feeds);
        assert_eq!(finding.title.key, format!("{code}.title_open"));
        assert!(told(&finding).contains("devices=VPN-01 (0251); "), "{}", told(&finding));
        assert_eq!(finding.device, None, "the spare one runs it as well");
    }
    let by_administration = GATE.replace(
        "setting=remote_access setting_name=ssl-vpn side=outside service=tcp/443",
        "setting=admin_access setting_name=wan1 side=outside access=https",
    );
    assert_eq!(
        only("VUL002", &by_administration, &gate("CVE-1", REMOTE)).title.key,
        "VUL002.title_open"
    );
    for (why, closed) in [
        ("it is switched off", GATE.replace("side=outside", "side=outside enabled=no")),
        ("it is open to the inside", GATE.replace("side=outside", "side=inside")),
        ("an echo is no administration", by_administration.replace("access=https", "access=ping")),
    ] {
        let finding = only("VUL002", &closed, &gate("CVE-1", REMOTE));
        assert_eq!(finding.title.key, "VUL002.title", "{why}");
    }
}

#[test]
fn a_decision_holds_until_its_facts_change() {
    let basis = |hospital: &str, feeds: &str| only("VUL002", hospital, feeds).basis;
    let (hospital, feeds) = (GATE.replace("side=outside", "side=inside"), gate("CVE-1", REMOTE));
    let before = basis(&hospital, &feeds);
    let another = format!(
        "{hospital}\nledger 予備 2026-11-02\n 0252 host=VPN-02 os=GateOS os_version=1.5 kind=medical"
    );
    assert_eq!(before, basis(&another, &feeds), "another device of the same product");
    let rated = format!("{feeds}cve CVE-1 o:maker:gateos <2.0 score=99");
    assert_eq!(before, basis(&hospital, &rated), "another party says the same");
    let below = format!("{feeds}{}", gate("CVE-2", "score=50"));
    assert_eq!(before, basis(&hospital, &below), "a new one of another class");
    let new = format!("{feeds}{}", gate("CVE-2", REMOTE));
    assert_ne!(before, basis(&hospital, &new), "a new vulnerability");
    assert_ne!(before, basis(GATE, &feeds), "it opens to outside");
}

#[test]
fn what_a_device_says_of_itself_goes_before_what_was_declared() {
    let feeds = viewer("CVE-1", REMOTE);
    let product = |hospital: &str| only("VUL002", hospital, &feeds).key.subject.to_string();
    let declared = "ledger 台帳 2026-11-01\n 0001 host=PC-01 software=Viewer software_version=1.2";
    let seen = |facts: &str| format!("{declared}\nhost PC-01 2026-11-18\n host=PC-01 {facts}");
    assert_eq!(product(declared), "product:viewer 1.2");
    assert_eq!(product(&seen("software=Viewer software_version=1.7")), "product:viewer 1.7");
    // A name without a version tells less than the ledger.
    assert_eq!(product(&seen("software=Viewer")), "product:viewer 1.2");
    let mended = seen("software=Viewer software_version=2.0");
    assert_eq!(found_in("VUL", &mended, &Hand::read(&feeds), TODAY), Vec::new());
}

/// A PC with Windows 10 22H2, the build as its ledger writes it, and what its own list of updates says.
fn windows(version: &str, lists: &str) -> String {
    format!(
        "ledger 台帳 2026-11-01\n 0001 host=PC-01 os=\"Windows 10\" os_version=\"{version}\"\n{lists}"
    )
}

const WINDOWS_FEEDS: &str =
    "nvd CVE-1 o:microsoft:windows_10_22h2 <10.0.19045.4046 v3=AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H
   update KB9900001 10.0.19045.4046
   update KB9900001 10.0.19044.4046
   update KB9900002 10.0.19045.3930
   update KB9900003 10.0.26100.9999";

#[test]
fn a_build_of_windows_is_judged_where_its_revision_is_known() {
    let affected =
        |mark: &str| format!("VUL002 product:windows10 {mark} warning title reason remedy");
    let doubtful = "VUL004 source:feeds/unjudged unknown title reason remedy";
    let host = |facts: &str| format!("host PC-01 2026-11-18\n host=PC-01 {facts}");
    check(&windows("22H2 19045.4045", ""), WINDOWS_FEEDS, &[&affected("10.0.19045.4045")]);
    check(&windows("22H2 19045.4046", ""), WINDOWS_FEEDS, &[]);
    check(&windows("22H2", ""), WINDOWS_FEEDS, &[doubtful]);
    // A revision that is known counts, whatever updates are listed.
    let known = windows("22H2 19045.4045", &host("hotfix=KB9900001"));
    check(&known, WINDOWS_FEEDS, &[&affected("10.0.19045.4045")]);
}

#[test]
fn an_update_that_is_installed_closes_what_it_mends() {
    let doubtful = "VUL004 source:feeds/unjudged unknown title reason remedy";
    let host = |facts: &str| format!("host PC-01 2026-11-18\n host=PC-01 {facts}");
    for (lists, expected) in [
        (host("hotfix=KB9900001"), &[][..]),
        (host("hotfix=KB9900002 hotfix=KB9900001"), &[]),
        // An earlier one, one of another build, and one that nobody speaks of say nothing of it.
        (host("hotfix=KB9900002"), &[doubtful]),
        (host("hotfix=KB9900003"), &[doubtful]),
        (host("hotfix=KB9900009"), &[doubtful]),
        // The newest list counts: the PC may have been set up anew since.
        (
            format!(
                "{}\nhost PC-01 2026-11-19\n host=PC-01 hotfix=KB9900002",
                host("hotfix=KB9900001")
            ),
            &[doubtful],
        ),
    ] {
        check(&windows("22H2", &lists), WINDOWS_FEEDS, expected);
    }
    // Without the maker's word on the update nothing is known of it.
    let feeds = WINDOWS_FEEDS.lines().next().unwrap();
    check(&windows("22H2", &host("hotfix=KB9900001")), feeds, &[doubtful]);
}

#[test]
fn what_an_update_says_is_told_with_what_says_it() {
    let host = "host PC-01 2026-11-18\n host=PC-01 hotfix=KB9900001";
    let two =
        format!("{}\n 0002 host=PC-02 os=\"Windows 10\" os_version=22H2", windows("22H2", ""));
    let hospital = Hospital::read(&format!("{two}\n{host}"));
    look_with(&hospital, &Hand::read(WINDOWS_FEEDS), TODAY, |known, _| {
        let weaknesses = known.weaknesses().unwrap();
        let [open, mended] = &weaknesses.products[..] else { panic!("{:?}", weaknesses.products) };
        let labels = |of: &engine::weaknesses::Running| -> Vec<String> {
            of.holders.iter().map(|holder| holder.label.clone()).collect()
        };
        assert_eq!(
            (&*open.name, labels(open)),
            ("Windows 10 10.0.19045", vec!["PC-02 (0002)".into()])
        );
        let reasons: Vec<&str> = open.open.iter().map(|open| &*open.reason.key).collect();
        assert_eq!(reasons, ["advisories.no_revision"]);
        let name = "Windows 10 10.0.19045.4046+";
        assert_eq!((&*mended.name, labels(mended)), (name, vec!["PC-01 (0001)".into()]));
        assert_eq!((mended.open.len(), mended.unjudged.is_some()), (0, false));
        let [found] = &mended.matches[..] else { panic!("{:?}", mended.matches) };
        assert_eq!(found.affected, None);
        let said = &found.statements[0];
        assert_eq!((said.status.key(), &*said.reason.key), ("fixed", "advisories.mended"));
        let list = mended.holders[0].evidence.iter().filter(|at| {
            let seen = hospital.observations.iter().find(|one| one.at == **at).unwrap();
            seen.observation.facts.get(domain::Field::Hotfix).is_some()
        });
        assert_eq!(list.count(), 1, "the list is its evidence");
        // What is written leads to both.
        assert_eq!(weaknesses.product(&mended.mark), Some(mended));
        assert_eq!(weaknesses.product(&mended.mark_as_written), Some(open));
        assert_eq!(weaknesses.product("windows10 11"), None);
    });
}

#[test]
fn a_machine_is_judged_where_an_advisory_gives_its_model_number() {
    let feeds = format!("csaf CVE-1 model=Maker/6RA80* <2.0 {REMOTE}");
    let pump = |maker: &str, firmware: &str| {
        format!(
            "ledger 台帳 2026-11-01\n 0001 host=PUMP-01 maker={maker} model=6RA8013-6GV62 {firmware}"
        )
    };
    let firmware = "os=ファームウェア os_version=1.5";
    let expected = "VUL002 product:maker6ra8013-6gv62 1.5 warning title reason remedy";
    check(&pump("Maker", firmware), &feeds, &[expected]);
    look_with(&Hospital::read(&pump("Maker", firmware)), &Hand::read(&feeds), TODAY, |known, _| {
        let [running] = &known.weaknesses().unwrap().products[..] else { panic!() };
        assert_eq!(running.naming_reason.key, "products.model_number");
        assert_eq!(running.matches[0].affected.map(domain::Confidence::key), Some("likely"));
        assert_eq!(running.matches[0].statements[0].reason.key, "advisories.model");
        // What was laid beside the mere candidate is laid beside it still.
        assert!(running.is_of("maker6ra8013-6gv62 ?"));
    });
    // Mended; of another maker; without the number in any advisory.
    let doubtful = "VUL004 source:feeds/unjudged unknown title reason remedy";
    let mended = pump("Maker", "os=ファームウェア os_version=2.0");
    check(&mended, &feeds, &[doubtful]);
    check(&pump("Other", firmware), &feeds, &[doubtful]);
    // The machine alone is told where an advisory knows it, and never else.
    check(&pump("Maker", ""), &feeds, &[doubtful]);
    check(&pump("Other", ""), &feeds, &[]);
    let all = feeds.replace("<2.0", "all");
    let expected = "VUL002 product:maker6ra8013-6gv62 warning title reason remedy";
    check(&pump("Maker", ""), &all, &[expected]);
}

/// Pumps of one model, each with its serial number where one is written.
fn pumps(serials: &[&str]) -> String {
    let pump = |(at, serial): (usize, &&str)| {
        let serial = if serial.is_empty() { String::new() } else { format!("serial={serial}") };
        format!(" 000{at} host=PUMP-0{at} maker=Maker model=6RA8013-6GV62 {serial}\n")
    };
    let rows: String = serials.iter().enumerate().map(pump).collect();
    format!("ledger 台帳 2026-11-01\n{rows}")
}

/// Of each product its name, its devices, how sure it is that it is affected, and the reason.
fn units(serials: &[&str], feeds: &str) -> Vec<String> {
    let mut told = Vec::new();
    look_with(&Hospital::read(&pumps(serials)), &Hand::read(feeds), TODAY, |known, _| {
        for running in &known.weaknesses().unwrap().products {
            let devices: Vec<&str> =
                running.holders.iter().filter_map(|one| one.label.split(' ').next()).collect();
            let found = running.matches.first().map_or_else(
                || "-".to_owned(),
                |found| {
                    let sure = found.affected.map_or("not", domain::Confidence::key);
                    format!("{sure} {}", found.statements[0].reason.key)
                },
            );
            told.push(format!("{} [{}] {found}", running.name, devices.join(" ")));
        }
    });
    told
}

#[test]
fn of_a_model_the_units_are_meant_whose_serial_numbers_an_advisory_gives() {
    let feeds = format!("csaf CVE-1 model=Maker/6RA8013-6GV62 all {REMOTE} serials=AB12*,CD3456");
    let name = "Maker 6RA8013-6GV62";
    assert_eq!(
        units(&["AB1201", "AB1202", "XY1201", "", "CD34567", "CD3456"], &feeds),
        [
            format!("{name} [PUMP-03] likely advisories.serial_unknown"),
            format!("{name} S/N AB12* [PUMP-00 PUMP-01] exact advisories.model"),
            format!("{name} S/N CD3456 [PUMP-05] exact advisories.model"),
            format!("{name} S/N CD3456… [PUMP-04] likely advisories.serial_begins"),
            format!("{name} S/N ≠ [PUMP-02] -"),
        ]
    );
    // Nobody is told of serial numbers that no advisory asks for, and of another maker's units.
    let all = format!("csaf CVE-1 model=Maker/6RA8013-6GV62 all {REMOTE}");
    let expected = [format!("{name} [PUMP-00 PUMP-01] exact advisories.model")];
    assert_eq!(units(&["AB1201", "XY1201"], &all), expected);
    let other = feeds.replace("Maker/", "Other/");
    assert_eq!(units(&["AB1201"], &other), [""; 0]);
    // What makers leave in the place of a number is none.
    let expected = [format!("{name} [PUMP-00] likely advisories.serial_unknown")];
    assert_eq!(units(&["0000000"], &feeds), expected);
}

#[test]
fn units_that_are_mended_say_nothing_of_one_that_may_be_another() {
    let feeds = format!(
        "csaf CVE-1 model=Maker/6RA8013-6GV62 all {REMOTE} serials=AB12* status=fixed in=A\n\
         csaf CVE-1 model=Maker/6RA8013-6GV62 all {REMOTE} in=B"
    );
    let told = units(&["AB1201", "XY1201", ""], &feeds);
    assert!(told[0].contains("[PUMP-02] exact advisories.model"), "{told:?}");
    assert!(told[1].contains("S/N AB12* [PUMP-00] exact"), "{told:?}");
    assert!(told[2].contains("S/N ≠ [PUMP-01] exact"), "{told:?}");
    let alone = feeds.lines().next().unwrap();
    let told = units(&["AB1201", ""], alone);
    assert!(
        told[0].ends_with("[PUMP-01] -") && told[1].ends_with("[PUMP-00] not advisories.model")
    );
}

/// A host that a scan heard answer with these programs.
fn scanned(day: &str, programs: &str) -> String {
    format!("scan 全館 {day}\n 10.1.1.9 scan_tool=nmap {programs}")
}

const HEARD: &str = "service_product=cpe:/a:maker:viewer:1.5";

#[test]
fn a_program_that_a_scan_hears_is_judged_and_never_surely() {
    let feeds = viewer("CVE-1", REMOTE);
    let expected = "VUL002 product:viewer 1.5 ~ warning title weak.banner remedy";
    check(&scanned("2026-11-18", HEARD), &feeds, &[expected]);
    // The same by name and version, as scanners write it that know no CPE name.
    check(&scanned("2026-11-18", "service_product=\"Viewer 1.5\""), &feeds, &[expected]);
    let mended = scanned("2026-11-18", "service_product=cpe:/a:maker:viewer:2.0");
    check(&mended, &feeds, &[]);
    let hospital = Hospital::read(&scanned("2026-11-18", HEARD));
    look_with(&hospital, &Hand::read(&feeds), TODAY, |known, _| {
        let [running] = &known.weaknesses().unwrap().products[..] else { panic!() };
        assert_eq!((&*running.name, running.naming.key()), ("Viewer 1.5", "likely"));
        assert_eq!(running.naming_reason.key, "products.banner");
        assert_eq!(running.matches[0].affected.map(domain::Confidence::key), Some("likely"));
        assert_eq!(running.holders[0].evidence.len(), 1, "the scan");
        assert_eq!(running.writings, [], "nobody wrote it");
    });
}

#[test]
fn what_no_table_lists_is_judged_by_the_name_that_the_scan_gives() {
    let feeds = format!("nvd CVE-1 a:other:server <2.0 {REMOTE}");
    let expected = "VUL002 product:other:server 1.5 ~ warning title weak.banner remedy";
    let heard = "service_product=cpe:/a:other:server:1.5";
    check(&scanned("2026-11-18", heard), &feeds, &[expected]);
    // A name alone is a candidate, for a person to look at; a system is none that a service tells.
    let doubtful = "VUL004 source:feeds/unjudged unknown title reason remedy";
    check(&scanned("2026-11-18", "service_product=\"Server 1.5\""), &feeds, &[doubtful]);
    for none in ["\"GateOS 1.5\"", "cpe:/o:maker:gateos:1.5", "cpe:/a:other:server", "cpe:/a:*"] {
        let heard = format!("service_product={none}");
        check(&scanned("2026-11-18", &heard), &gate("CVE-2", REMOTE), &[]);
    }
}

#[test]
fn a_banner_tells_the_program_and_the_description_of_a_device_its_system() {
    let feeds = format!("{}\n{}", viewer("CVE-1", REMOTE), gate("CVE-2", REMOTE));
    let program = "VUL002 product:viewer 1.5 ~ warning title weak.banner remedy";
    let heard = |banner: &str| scanned("2026-11-18", &format!("banner=\"{banner}\""));
    check(&heard("ssh.banner Viewer v1.5"), &feeds, &[program]);
    check(&heard("ssh.banner Viewer v2.0"), &feeds, &[]);
    // What nobody knows, has no version, or is of a set that nobody has.
    for none in ["ssh.banner Other v1.5", "ssh.banner GateOS", "telnet_banners Viewer v1.5", "x y"]
    {
        check(&heard(none), &feeds, &[]);
    }
    // A service guesses at a system; the device itself knows it.
    check(&heard("ssh.banner GateOS 1.5"), &feeds, &[]);
    let system = "VUL002 product:gateos 1.5 ~ warning title weak.banner remedy";
    check(&heard("snmp.sys_description GateOS 1.5"), &feeds, &[system]);
    // The phones of guests tell their class to DHCP.
    check(&heard("dhcp_vendor_class GateOS 1.5"), &feeds, &[]);
    check(&heard("dhcp_vendor_class Viewer v1.5"), &feeds, &[]);
    // By name alone it is a candidate, for a person to look at.
    let doubtful = "VUL004 source:feeds/unjudged unknown title reason remedy";
    check(&heard("http_header.server Server/1.5"), &feeds, &[doubtful]);
}

#[test]
fn of_one_program_the_scanner_s_word_goes_before_the_banner() {
    let feeds = viewer("CVE-1", REMOTE);
    let both = |named: &str| {
        let words = format!("service_product={named} banner=\"ssh.banner Viewer v1.5\"");
        scanned("2026-11-18", &words)
    };
    check(&both("cpe:/a:maker:viewer:2.0"), &feeds, &[]);
    let program = "VUL002 product:viewer 1.5 ~ warning title weak.banner remedy";
    check(&both("cpe:/a:maker:viewer:1.5"), &feeds, &[program]);
    check(&both("cpe:/a:other:thing:2.0"), &feeds, &[program]);
}

#[test]
fn what_the_ledger_or_the_device_says_goes_before_what_a_scan_hears() {
    let feeds = viewer("CVE-1", REMOTE);
    let with = |row: &str| {
        format!("ledger 台帳 2026-11-01\n 0001 ip=10.1.1.9 {row}\n{}", scanned("2026-11-18", HEARD))
    };
    check(&with("software=Viewer software_version=2.0"), &feeds, &[]);
    let sure = "VUL002 product:viewer 1.5 warning title reason remedy";
    check(&with("software=Viewer software_version=1.5"), &feeds, &[sure]);
    let heard = "VUL002 product:viewer 1.5 ~ warning title weak.banner remedy";
    check(
        &with("software=電子カルテ2"),
        &feeds,
        &[heard, "VUL004 source:feeds/unjudged unknown title reason remedy"],
    );
    // What one device surely runs makes nothing sure of another.
    let two = format!("{}\n{VIEWER}", scanned("2026-11-18", HEARD));
    check(&two, &feeds, &[sure, heard]);
}

#[test]
fn of_several_scans_by_one_tool_the_newest_counts() {
    let feeds = viewer("CVE-1", REMOTE);
    let later = format!(
        "{}\nscan 別館 2026-11-19\n 10.1.1.9 scan_tool=nmap service_product=cpe:/a:maker:viewer:2.0",
        scanned("2026-11-18", HEARD)
    );
    check(&later, &feeds, &[]);
    let other = later
        .replace("2026-11-19\n 10.1.1.9 scan_tool=nmap", "2026-11-19\n 10.1.1.9 scan_tool=nessus");
    check(&other, &feeds, &["VUL002 product:viewer 1.5 ~ warning title weak.banner remedy"]);
}

#[test]
fn what_cannot_be_judged_is_told_in_one_finding() {
    let hospital = "ledger 台帳 2026-11-01
       0001 host=PC-01 software=Viewer
       0002 host=PC-02 software=電子カルテ software_version=2.0
       0003 host=PC-03 software=Viewer software_version=1.5";
    let feeds = viewer("CVE-1", "score=50");
    let doubtful = "VUL004 source:feeds/unjudged unknown title reason remedy";
    let other = "VUL005 product:viewer 1.5 notice title reason remedy";
    check(hospital, &feeds, &[doubtful, other]);
    let finding = only("VUL004", hospital, &feeds);
    assert_eq!(told(&finding), "count=2; products=Viewer, 電子カルテ 2.0");
    let evidence: Vec<u32> = finding.evidence.iter().map(|at| at.seq).collect();
    assert_eq!(evidence, [0, 1], "the rows that name them");
    let more = format!("{hospital}\n 0004 host=PC-04 software=電子カルテ software_version=2.0");
    assert_eq!(finding.basis, only("VUL004", &more, &feeds).basis, "another device");
    let more = format!("{hospital}\n 0004 host=PC-04 software=電子カルテ software_version=2.1");
    assert_ne!(finding.basis, only("VUL004", &more, &feeds).basis, "another product");
}

#[test]
fn a_mere_candidate_is_looked_at_by_a_person_and_counts_as_no_match() {
    let hospital =
        "ledger 台帳 2026-11-01\n 0001 host=PC-01 software=電子カルテ software_version=2.0";
    let feeds = format!("jvn CVE-1 name=電子カルテ <3 {REMOTE}\nkev CVE-1");
    let doubtful = "VUL004 source:feeds/unjudged unknown title reason remedy";
    check(hospital, &feeds, &[doubtful]);
    look_with(&Hospital::read(hospital), &Hand::read(&feeds), TODAY, |known, _| {
        let products = &known.weaknesses().unwrap().products;
        assert_eq!(products.len(), 1);
        assert_eq!(products[0].candidates().count(), 1);
        assert_eq!(products[0].affected().count(), 0);
    });
}

#[test]
fn a_device_that_only_may_run_a_product_is_not_told_to_be_affected() {
    let feeds = format!("{}kev CVE-1", viewer("CVE-1", REMOTE));
    let maybe = "ledger 台帳 2026-11-01\n 0002 host=PC-02 software=\"Viewer リモート\" software_version=1.5";
    let doubtful = "VUL004 source:feeds/unjudged unknown title reason remedy";
    check(maybe, &feeds, &[doubtful]);
    // Nor because another device surely runs it.
    let both =
        format!("{VIEWER}\n 0002 host=PC-02 software=\"Viewer リモート\" software_version=1.5");
    check(&both, &feeds, &["VUL001 product:viewer 1.5 urgent title reason remedy", doubtful]);
    let told = told(&only("VUL001", &both, &feeds));
    assert_eq!(told, "product=Viewer 1.5; count=1; devices=PC-01 (0001); numbers=CVE-1");
}

#[test]
fn without_data_one_finding_says_so_and_nothing_is_counted_as_good() {
    for (hand, state, expected) in [
        (Hand::None, State::None, "VUL006 source:feeds unknown title reason remedy"),
        (Hand::Lost, State::Lost, "VUL006 source:feeds unknown title reason_lost remedy"),
        (Hand::Damaged, State::Damaged, "VUL006 source:feeds unknown title reason_damaged remedy"),
    ] {
        let found = found_in("VUL", VIEWER, &hand, TODAY);
        let lines: Vec<&str> = found.iter().map(|(line, _)| line.as_str()).collect();
        assert_eq!(lines, [expected]);
        look_with(&Hospital::read(VIEWER), &hand, TODAY, |known, _| {
            let weaknesses = known.weaknesses().unwrap();
            assert_eq!(weaknesses.state, state);
            assert!(weaknesses.products.iter().all(|product| product.unjudged.is_some()));
        });
        let nothing_runs = "ledger 台帳 2026-11-01\n 0001 host=PC-01";
        assert_eq!(found_in("VUL", nothing_runs, &hand, TODAY), Vec::new());
    }
}

#[test]
fn an_index_with_a_damaged_page_judges_nothing() {
    let Hand::Ready(mut bytes) = Hand::read(&viewer("CVE-1", REMOTE)) else { panic!() };
    // The last page is what is read when it is opened; the first holds what is said of products.
    bytes[64] ^= 1;
    let found = found_in("VUL", VIEWER, &Hand::Ready(bytes), TODAY);
    let lines: Vec<&str> = found.iter().map(|(line, _)| line.as_str()).collect();
    assert_eq!(lines, ["VUL006 source:feeds unknown title reason_damaged remedy"]);
}

#[test]
fn data_is_stale_on_its_thirty_second_day() {
    let stale = |feeds: &str, day: &str| {
        let feeds = format!("{}{feeds}", viewer("CVE-1", "score=50"));
        let found = found_in("VUL006", VIEWER, &Hand::read(&feeds), day);
        let told = found.iter().map(|(line, finding)| format!("{line}: {}", told(finding)));
        told.collect::<Vec<_>>()
    };
    let nothing = Vec::<String>::new();
    assert_eq!(stale("newest nvd 2026-10-20", "2026-11-20"), nothing);
    assert_eq!(
        stale("newest nvd 2026-10-20", "2026-11-21"),
        ["VUL006 source:feeds warning title_stale reason_stale remedy: date=2026-10-20; days=32"]
    );
    // A record of the future, by a clock that is wrong, is not stale.
    assert_eq!(stale("newest nvd 2027-01-01", "2026-11-20"), nothing);
    // What is newer and lists no vulnerabilities does not make the lists newer.
    let beside = "newest nvd 2026-10-20\nnewest kev 2026-11-20\nnewest csaf 2026-11-20";
    assert_eq!(stale(beside, "2026-11-21").len(), 1);
    assert_eq!(stale(&format!("{beside}\nnewest jvn 2026-11-01"), "2026-11-21"), nothing);
    // Where there is no list of vulnerabilities at all, the newest of what there is counts.
    assert_eq!(stale("newest csaf 2026-11-20", "2026-11-21"), nothing);
}

#[test]
fn stale_data_is_the_same_question_until_newer_data_comes() {
    let basis = |newest: &str, day: &str| {
        let feeds = format!("{}newest nvd {newest}", viewer("CVE-1", ""));
        found_in("VUL006", VIEWER, &Hand::read(&feeds), day).remove(0).1.basis
    };
    assert_eq!(basis("2026-09-01", "2026-11-20"), basis("2026-09-01", "2026-12-20"));
    assert_ne!(basis("2026-09-01", "2026-11-20"), basis("2026-09-02", "2026-11-20"));
}
