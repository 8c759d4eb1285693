//! In which order weaknesses are worked on, and which reasons are given for it.

use engine::weighing::{Urgency, grounds};
use testkit::Hospital;

use super::feeds::{Hand, LOCAL, REMOTE};
use super::{TODAY, look_with};

/// A PC of which the zone is known.
const INSIDE: &str = "ledger 台帳 2026-11-01
   0001 host=PC-01 ip=10.1.1.1 software=Viewer software_version=1.5
 zone 事務 kind=office 10.1.1.0/24";

/// Every product with its vulnerabilities in the order of work.
fn order(hospital: &str, feeds: &str) -> Vec<String> {
    look_with(&Hospital::read(hospital), &Hand::read(feeds), TODAY, |known, _| {
        let weaknesses = known.weaknesses().unwrap();
        let mut all: Vec<(Urgency, String)> = Vec::new();
        for running in &weaknesses.products {
            let line = |id: &str| format!("{id} {}", running.mark);
            let places = running.matches.iter().map(|found| Urgency::on(running, found));
            all.extend(places.map(|place| (place.clone(), line(&place.id))));
        }
        all.sort();
        all.into_iter().map(|(_, line)| line).collect()
    })
}

/// The reasons for the place of the only vulnerability: keys, and the values of those that have some.
fn why(hospital: &str, feeds: &str) -> Vec<String> {
    look_with(&Hospital::read(hospital), &Hand::read(feeds), TODAY, |known, _| {
        let weaknesses = known.weaknesses().unwrap();
        let [running] = &weaknesses.products[..] else { panic!("{:?}", weaknesses.products) };
        let [found] = &running.matches[..] else { panic!("{:?}", running.matches) };
        let grounds = grounds(running, found, &weaknesses.decisions);
        grounds.iter().map(said).collect()
    })
}

fn said(ground: &domain::Message) -> String {
    let values: Vec<String> = ground.args.iter().map(|(_, value)| word(value)).collect();
    format!("{} {}", ground.key, values.join(" ")).trim_end().to_owned()
}

fn word(value: &domain::message::Arg) -> String {
    use domain::message::Arg;
    match value {
        Arg::Text(text) => text.clone(),
        Arg::Term(key) => key.to_string(),
        Arg::List(values) => values.iter().map(word).collect::<Vec<_>>().join(","),
        other => format!("{other:?}"),
    }
}

fn viewer(id: &str, rest: &str) -> String {
    format!("nvd {id} a:maker:viewer <2.0 {rest}\n")
}

#[test]
fn each_reason_counts_before_all_that_come_after_it() {
    // Each line is one reason weaker than the one before, and stronger in everything that comes after that reason.
    let strong = format!("{REMOTE} ssvc=poc,yes,total");
    let feeds = [
        viewer("CVE-9", LOCAL),
        "kev CVE-9\n".to_owned(),
        viewer("CVE-8", "score=10 ssvc=active,no,partial"),
        viewer("CVE-7", &strong),
        viewer("CVE-6", REMOTE),
        viewer("CVE-5", "score=89 ssvc=poc,yes,total"),
        viewer("CVE-4", "score=70"),
        viewer("CVE-3", ""),
    ]
    .concat();
    let numbers: Vec<String> =
        (3..=9).rev().map(|number| format!("CVE-{number} viewer 1.5")).collect();
    assert_eq!(order(INSIDE, &feeds), numbers);
}

#[test]
fn of_one_grade_what_is_reached_from_outside_comes_first_and_then_what_may_harm() {
    let hospital = "ledger 台帳 2026-11-01
   0001 host=GATE ip=10.1.9.1 os=GateOS os_version=1.5
   0002 host=PUMP kind=medical device_class=III ip=10.1.1.2 software=Viewer software_version=1.1
   0003 host=BED kind=medical ip=10.1.1.3 software=Viewer software_version=1.2
   0004 host=PC ip=10.1.1.4 software=Viewer software_version=1.3
   0005 host=LOST software=Viewer software_version=1.4
   0006 host=GUEST ip=10.1.8.6 software=Viewer software_version=1.5
 config GATE 2026-11-18
   device host=GATE ip=10.1.9.1
   setting setting=remote_access setting_name=ssl-vpn side=outside service=tcp/443
 zone 病棟 kind=monitoring 10.1.1.0/24
 zone 来訪者 kind=guest 10.1.8.0/24";
    // The scores are the other way round within the grade: they count last.
    let feeds = "nvd CVE-1 o:maker:gateos <2.0 score=71
         nvd CVE-2 a:maker:viewer <2.0 score=80";
    assert_eq!(
        order(hospital, feeds),
        [
            "CVE-1 gateos 1.5",
            "CVE-2 viewer 1.5",
            "CVE-2 viewer 1.4",
            "CVE-2 viewer 1.1",
            "CVE-2 viewer 1.2",
            "CVE-2 viewer 1.3",
        ]
    );
    // What is graver comes first, wherever it is.
    let feeds = "nvd CVE-1 o:maker:gateos <2.0 score=71
         nvd CVE-2 a:maker:viewer <1.4 score=90";
    let order = order(hospital, feeds);
    assert_eq!(order.last().unwrap(), "CVE-1 gateos 1.5", "{order:?}");
}

#[test]
fn every_reason_is_a_sentence() {
    let ledger = |more: &str| {
        format!(
            "ledger 台帳 2026-11-01\n 0001 host=PC-01 {more} software=Viewer software_version=1.5\n"
        )
    };
    let office = INSIDE;
    for (hospital, feeds, expected) in [
        (
            office.to_owned(),
            viewer("CVE-1", REMOTE),
            "weigh.inside|weigh.score cvss_severity.critical 9.8",
        ),
        (office.to_owned(), viewer("CVE-1", ""), "weigh.inside|weigh.no_score"),
        (
            office.to_owned(),
            format!("{}kev CVE-1", viewer("CVE-1", "score=31")),
            "weigh.kev|weigh.inside|weigh.score cvss_severity.low 3.1",
        ),
        // What CISA says twice is told once.
        (
            office.to_owned(),
            format!("{}kev CVE-1 ransomware", viewer("CVE-1", "ssvc=active,yes,total")),
            "weigh.kev_ransomware|weigh.automatable|weigh.total|weigh.inside|weigh.no_score",
        ),
        (
            office.to_owned(),
            viewer("CVE-1", "ssvc=active,no,partial"),
            "weigh.active|weigh.inside|weigh.no_score",
        ),
        (
            office.to_owned(),
            viewer("CVE-1", "ssvc=poc,no,partial"),
            "weigh.poc|weigh.inside|weigh.no_score",
        ),
        (office.to_owned(), viewer("CVE-1", "ssvc=none,no,partial"), "weigh.inside|weigh.no_score"),
        (ledger(""), viewer("CVE-1", ""), "weigh.no_zone PC-01 (0001)|weigh.no_score"),
        // A zone of which nobody has said what it is for is no inner one.
        (
            format!("{} zone 何か 10.1.1.0/24", ledger("ip=10.1.1.1")),
            viewer("CVE-1", ""),
            "weigh.no_zone PC-01 (0001)|weigh.no_score",
        ),
        (
            format!("{} zone 回線 kind=perimeter 10.1.1.0/24", ledger("ip=10.1.1.1")),
            viewer("CVE-1", ""),
            "weigh.edge PC-01 (0001)|weigh.no_score",
        ),
        (
            format!(
                "{} zone 病棟 kind=clinical 10.1.1.0/24",
                ledger("ip=10.1.1.1 device_class=IV")
            ),
            viewer("CVE-1", ""),
            "weigh.inside|weigh.grave PC-01 (0001)|weigh.no_score",
        ),
        (
            format!(
                "{} zone 病棟 kind=clinical 10.1.1.0/24",
                ledger("ip=10.1.1.1 device_class=II")
            ),
            viewer("CVE-1", ""),
            "weigh.inside|weigh.medical PC-01 (0001)|weigh.no_score",
        ),
    ] {
        assert_eq!(why(&hospital, &feeds).join("|"), expected, "{hospital}\n{feeds}");
    }
}

#[test]
fn what_cisa_decided_last_counts_whichever_feed_came_last() {
    let [old, new] =
        ["ssvc=none,no,partial,2026-01-01", "ssvc=active,no,partial,2026-02-01"].map(str::to_owned);
    for [first, second] in [[&old, &new], [&new, &old]] {
        let feeds = format!(
            "nvd CVE-1 a:maker:viewer <2.0 in=A {first}\ncve CVE-1 a:maker:viewer <2.0 in=B {second}"
        );
        assert_eq!(why(INSIDE, &feeds)[0], "weigh.active", "{feeds}");
    }
}
