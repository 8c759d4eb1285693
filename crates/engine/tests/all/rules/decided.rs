//! What the hospital decided about single vulnerabilities, and what becomes of it when things change.

use std::collections::BTreeSet;

use domain::message::Arg;
use domain::{
    Control, Finding, VexDecision, VexOrigin, VexProduct, VexScope, VexStatus, VexTakenBack,
};
use engine::vex::{Decided, DecisionState, Reopening, basis};
use engine::weaknesses::Weaknesses;
use engine::{Findings, Known, derive};
use jiff::civil::Date;
use testkit::{Hospital, shelf};

use super::feeds::{Hand, REMOTE};
use super::{TODAY, told};

const TWO: &str = "ledger 台帳 2026-11-01
   0001 host=PC-01 software=Viewer software_version=1.5
   0002 host=PC-02 software=Viewer software_version=1.5";

fn two_holes() -> String {
    format!("nvd CVE-1 a:maker:viewer <2.0 {REMOTE}\nnvd CVE-2 a:maker:viewer <2.0 {REMOTE}\n")
}

/// Lends what is known with these decisions.
fn look<T>(
    hospital: &str,
    feeds: &str,
    decisions: &[VexDecision],
    day: &str,
    look: impl FnOnce(&Known<'_>, Vec<Finding>) -> T,
) -> T {
    let hospital = Hospital::read(hospital);
    let hand = if feeds.is_empty() { Hand::None } else { Hand::read(feeds) };
    hand.lend(|advisories| {
        let (world, shelf) = (hospital.world(), shelf());
        let derivation = derive(&world, None);
        let today: Date = day.parse().unwrap();
        let known = Known::new(&world, &derivation, shelf.tables(), &hospital.zones)
            .with_advisories(advisories)
            .with_decided(Decided { decisions, today });
        let findings = Findings::of(&known, today).into_iter();
        let findings = findings.filter(|finding| finding.key.rule.starts_with("VUL"));
        look(&known, findings.collect())
    })
}

/// A decision that `id` is `status` in Viewer 1.5 alone, on what is known of it in `hospital`; on the devices of these names.
fn decided(
    number: u32,
    hospital: &str,
    feeds: &str,
    (id, status): (&str, VexStatus),
    devices: &[&str],
) -> VexDecision {
    look(hospital, feeds, &[], TODAY, |known, _| {
        let products = &known.weaknesses().unwrap().products;
        let running = products.iter().find(|running| running.mark == "viewer 1.5").unwrap();
        let found = running.matches.iter().find(|found| found.vulnerability.id == id).unwrap();
        let named = known
            .charts()
            .filter(|chart| devices.iter().any(|device| chart.label().starts_with(device)));
        let devices: BTreeSet<_> = named.map(|chart| chart.device.id).collect();
        VexDecision {
            number,
            vulnerability: id.to_owned(),
            product: VexProduct {
                mark: running.mark.clone(),
                family: running.family.clone(),
                name: running.name.clone(),
            },
            scope: VexScope::Version,
            devices,
            status,
            justification: None,
            impact: String::new(),
            action: String::new(),
            controls: BTreeSet::new(),
            review: None,
            origin: VexOrigin::VendorAnswer,
            reason: "回答による".to_owned(),
            by: "user:sato".to_owned(),
            at: testkit::timestamp(TODAY),
            basis: basis([found]),
            taken_back: None,
        }
    })
}

/// Each finding as rule and the values that its title and the beginning of its reason name.
fn lines(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|finding| format!("{} {}", finding.key.rule, told(finding))).collect()
}

fn states(weaknesses: &Weaknesses) -> Vec<DecisionState> {
    weaknesses.decisions.iter().map(|decision| weaknesses.state_of(decision)).collect()
}

/// Where these decisions stand on `day`.
fn states_in(
    hospital: &str,
    feeds: &str,
    decisions: &[VexDecision],
    day: &str,
) -> Vec<DecisionState> {
    look(hospital, feeds, decisions, day, |known, _| states(known.weaknesses().unwrap()))
}

#[test]
fn what_was_decided_away_leaves_the_finding_and_nothing_else_does() {
    use VexStatus::{Affected, Fixed, NotAffected, UnderInvestigation};
    let feeds = two_holes();
    for (status, numbers, reason) in [
        (NotAffected, "CVE-2", "VUL002.reason"),
        (Fixed, "CVE-2", "VUL002.reason"),
        (Affected, "CVE-1, CVE-2", "weak.affected"),
        (UnderInvestigation, "CVE-1, CVE-2", "weak.under_investigation"),
    ] {
        let decision = decided(1, TWO, &feeds, ("CVE-1", status), &[]);
        look(TWO, &feeds, &[decision], TODAY, |known, findings| {
            let [finding] = &findings[..] else { panic!("{findings:?}") };
            assert!(told(finding).contains(&format!("numbers={numbers}")), "{}", told(finding));
            assert_eq!(finding.reason.key, reason, "{status:?}");
            let running = &known.weaknesses().unwrap().products[0];
            assert_eq!(running.matches.len(), 2, "it is shown as decided");
            assert_eq!(states(known.weaknesses().unwrap()), [DecisionState::InForce]);
        });
    }
}

#[test]
fn a_finding_of_which_all_was_decided_away_is_gone() {
    let feeds = format!("nvd CVE-1 a:maker:viewer <2.0 {REMOTE}\nkev CVE-1");
    let decision = decided(1, TWO, &feeds, ("CVE-1", VexStatus::NotAffected), &[]);
    look(TWO, &feeds, &[decision], TODAY, |known, findings| {
        assert_eq!(lines(&findings), Vec::<String>::new());
        let found = &known.weaknesses().unwrap().products[0].matches[0];
        assert!(found.vulnerability.exploited.is_some(), "it stays visible on its page");
    });
}

#[test]
fn a_device_that_was_named_is_left_out_and_told() {
    let feeds = format!("nvd CVE-1 a:maker:viewer <2.0 {REMOTE}");
    let decision = decided(1, TWO, &feeds, ("CVE-1", VexStatus::NotAffected), &["PC-01"]);
    look(TWO, &feeds, std::slice::from_ref(&decision), TODAY, |_, findings| {
        let [finding] = &findings[..] else { panic!("{findings:?}") };
        assert_eq!(finding.reason.key, "weak.excepted");
        let text = told(finding);
        assert!(text.contains("devices=PC-02 (0002);"), "{text}");
        assert!(text.ends_with("devices=PC-01 (0001)"), "{text}");
        assert!(finding.device.is_some(), "one device is left");
    });
    let other = decided(2, TWO, &feeds, ("CVE-1", VexStatus::Fixed), &["PC-02"]);
    look(TWO, &feeds, &[decision, other], TODAY, |_, findings| {
        assert_eq!(lines(&findings), Vec::<String>::new(), "both together are all");
    });
}

#[test]
fn of_two_words_on_one_device_the_newer_counts() {
    let feeds = format!("nvd CVE-1 a:maker:viewer <2.0 {REMOTE}");
    let all = decided(1, TWO, &feeds, ("CVE-1", VexStatus::NotAffected), &[]);
    let one = decided(2, TWO, &feeds, ("CVE-1", VexStatus::UnderInvestigation), &["PC-01"]);
    let devices = |decisions: &[VexDecision]| {
        look(TWO, &feeds, decisions, TODAY, |known, findings| {
            let told: Vec<String> = findings.iter().map(told).collect();
            (told.join("").contains("devices=PC-01 (0001);"), states(known.weaknesses().unwrap()))
        })
    };
    use DecisionState::{InForce, Superseded, TakenBack};
    let (is_open, states) = devices(&[all.clone(), one.clone()]);
    assert!(is_open, "the exception stands beside the rule");
    assert_eq!(states, [InForce, InForce]);
    let newer = VexDecision { number: 3, ..all.clone() };
    let (is_open, states) = devices(&[all.clone(), one.clone(), newer.clone()]);
    assert!(!is_open);
    assert_eq!(states, [Superseded, Superseded, InForce]);
    let by = "user:sato".to_owned();
    let back = VexTakenBack { by, at: newer.at, reason: "まちがい".to_owned() };
    let newer = VexDecision { taken_back: Some(back), ..newer };
    let (is_open, states) = devices(&[all, one, newer]);
    assert!(is_open, "those before it count again");
    assert_eq!(states, [InForce, InForce, TakenBack]);
}

#[test]
fn it_is_opened_again_by_what_contradicts_it_and_by_nothing_else() {
    use VexStatus::{Affected, Fixed, NotAffected, UnderInvestigation};
    let feeds = two_holes();
    let csaf = |status: &str| format!("csaf CVE-1 a:maker:viewer <2.0 in=ICSA-1 status={status}");
    let statement = || Some(Reopening::Statement("ICSA-1".to_owned()));
    let exploited = || Some(Reopening::Exploited("2026-01-05".parse().unwrap()));
    for (status, added, expected) in [
        (NotAffected, "kev CVE-1".to_owned(), exploited()),
        (Fixed, "kev CVE-1".to_owned(), exploited()),
        (Affected, "kev CVE-1".to_owned(), exploited()),
        (UnderInvestigation, "kev CVE-1".to_owned(), exploited()),
        (NotAffected, csaf("affected"), statement()),
        (Fixed, csaf("affected"), statement()),
        (Affected, csaf("fixed"), statement()),
        (Affected, csaf("not_affected"), statement()),
        (UnderInvestigation, csaf("affected"), statement()),
        (UnderInvestigation, csaf("not_affected"), statement()),
        (NotAffected, csaf("not_affected"), None),
        (NotAffected, csaf("under_investigation"), None),
        (Affected, csaf("affected"), None),
        (UnderInvestigation, csaf("under_investigation"), None),
        (NotAffected, format!("cve CVE-1 a:maker:viewer <2.0 {REMOTE}"), None),
        (NotAffected, "kev CVE-2".to_owned(), None),
    ] {
        let decision = decided(1, TWO, &feeds, ("CVE-1", status), &[]);
        let later = format!("{feeds}{added}");
        let expected = expected.map_or(DecisionState::InForce, DecisionState::Reopened);
        let one = std::slice::from_ref(&decision);
        assert_eq!(states_in(TWO, &later, one, TODAY), [expected], "{status:?} {added}");
        // Decided with that in view, it holds.
        let decision = decided(1, TWO, &later, ("CVE-1", status), &[]);
        let states = states_in(TWO, &later, &[decision], TODAY);
        assert_eq!(states, [DecisionState::InForce], "{status:?} {added}");
    }
}

#[test]
fn what_stands_open_again_counts_again_and_says_so() {
    let feeds = format!("nvd CVE-1 a:maker:viewer <2.0 {REMOTE}\n");
    let decision = decided(1, TWO, &feeds, ("CVE-1", VexStatus::NotAffected), &[]);
    look(TWO, &format!("{feeds}kev CVE-1"), &[decision], TODAY, |_, findings| {
        let [finding] = &findings[..] else { panic!("{findings:?}") };
        assert_eq!(
            (finding.key.rule.as_str(), finding.reason.key.as_ref()),
            ("VUL001", "weak.reopened")
        );
    });
}

#[test]
fn the_day_to_look_again_is_the_last_on_which_it_holds() {
    let feeds = two_holes();
    let day: Date = "2026-12-01".parse().unwrap();
    let decision = VexDecision {
        review: Some(day),
        ..decided(1, TWO, &feeds, ("CVE-1", VexStatus::NotAffected), &[])
    };
    let on = |day: &str| states_in(TWO, &feeds, std::slice::from_ref(&decision), day);
    assert_eq!(on("2026-12-01"), [DecisionState::InForce]);
    assert_eq!(on("2026-12-02"), [DecisionState::Reopened(Reopening::Review(day))]);
}

#[test]
fn another_version_is_another_question_unless_all_were_meant() {
    let feeds = two_holes();
    let later = TWO.replace("software_version=1.5", "software_version=1.6");
    let decision = decided(1, TWO, &feeds, ("CVE-1", VexStatus::NotAffected), &[]);
    let expected = DecisionState::Reopened(Reopening::OtherVersion("Viewer 1.5".to_owned()));
    let one = std::slice::from_ref(&decision);
    assert_eq!(states_in(&later, &feeds, one, TODAY), [expected]);
    let of_all = VexDecision { scope: VexScope::Product, ..decision };
    let one = std::slice::from_ref(&of_all);
    assert_eq!(states_in(&later, &feeds, one, TODAY), [DecisionState::InForce]);
    look(&later, &feeds, one, TODAY, |_, findings| {
        assert!(told(&findings[0]).contains("numbers=CVE-2"), "{}", told(&findings[0]));
    });
    // Of a version that still runs elsewhere it holds, and the other one is open.
    let both = TWO.replace(
        "PC-02 software=Viewer software_version=1.5",
        "PC-02 software=Viewer software_version=1.6",
    );
    let narrow = VexDecision { scope: VexScope::Version, ..of_all };
    look(&both, &feeds, &[narrow], TODAY, |known, findings| {
        assert_eq!(states(known.weaknesses().unwrap()), [DecisionState::InForce]);
        let told: Vec<String> = findings.iter().map(told).collect();
        assert_eq!(told.iter().filter(|text| text.contains("numbers=CVE-1, CVE-2")).count(), 1);
        assert_eq!(told.len(), 2);
    });
}

#[test]
fn a_decision_follows_the_numbers_of_its_vulnerability() {
    let feeds = format!("nvd CVE-1 a:maker:viewer <2.0 {REMOTE}");
    let decision = VexDecision {
        vulnerability: "GHSA-1".to_owned(),
        ..decided(1, TWO, &feeds, ("CVE-1", VexStatus::NotAffected), &[])
    };
    let one = std::slice::from_ref(&decision);
    assert_eq!(states_in(TWO, &feeds, one, TODAY), [DecisionState::Idle]);
    let alike = format!("{feeds}\nalias CVE-1 GHSA-1 a:maker:viewer <2.0");
    assert_eq!(states_in(TWO, &alike, one, TODAY), [DecisionState::InForce]);
}

#[test]
fn without_data_nobody_knows_and_without_the_product_it_rests() {
    let feeds = two_holes();
    let decision = decided(1, TWO, &feeds, ("CVE-1", VexStatus::NotAffected), &[]);
    let one = std::slice::from_ref(&decision);
    assert_eq!(states_in(TWO, "", one, TODAY), [DecisionState::Unknown]);
    let gone = "ledger 台帳 2026-11-01\n 0001 host=PC-01";
    assert_eq!(states_in(gone, &feeds, one, TODAY), [DecisionState::Idle]);
}

#[test]
fn a_product_that_nobody_lists_goes_out_by_name_and_version() {
    let hospital =
        "ledger 台帳 2026-11-01\n 0001 host=PC-01 software=電子カルテ software_version=2.0";
    let feeds = format!("jvn CVE-1 name=電子カルテ <3 {REMOTE}");
    let decision = look(hospital, &feeds, &[], TODAY, |known, _| {
        let running = known.weaknesses().unwrap().products[0].clone();
        let product = VexProduct {
            mark: running.mark.clone(),
            family: running.family.clone(),
            name: running.name,
        };
        VexDecision { product, ..decided(1, TWO, &two_holes(), ("CVE-1", VexStatus::Fixed), &[]) }
    });
    look(hospital, &feeds, &[decision], TODAY, |known, _| {
        let (told, left_out) = engine::vex::told::told(known.weaknesses().unwrap());
        let [told] = &told[..] else { panic!("{told:?} {left_out}") };
        let purl = "pkg:generic/%E9%9B%BB%E5%AD%90%E3%82%AB%E3%83%AB%E3%83%86@2.0";
        assert_eq!(told.product.purl.as_deref(), Some(purl));
        assert_eq!((told.product.name.as_str(), left_out), ("電子カルテ", 0));
    });
}

#[test]
fn controls_of_a_decision_that_holds_are_among_the_reasons() {
    let feeds = two_holes();
    let mut decision = decided(1, TWO, &feeds, ("CVE-1", VexStatus::Affected), &["PC-01"]);
    decision.controls = BTreeSet::from([Control::Vpn, Control::NetworkMonitoring]);
    let told = |decision: &VexDecision, id: &str| {
        look(TWO, &feeds, std::slice::from_ref(decision), TODAY, |known, _| {
            let weaknesses = known.weaknesses().unwrap();
            let running = &weaknesses.products[0];
            let found = running.matches.iter().find(|found| found.vulnerability.id == id).unwrap();
            let grounds = engine::weighing::grounds(running, found, &weaknesses.decisions);
            grounds
                .into_iter()
                .find(|ground| ground.key == "weigh.controls")
                .map(|ground| ground.args)
        })
    };
    let controls = Arg::List(vec![
        Arg::Term("control.network_monitoring".into()),
        Arg::Term("control.vpn".into()),
    ]);
    assert_eq!(told(&decision, "CVE-1"), Some(vec![("controls".into(), controls)]));
    assert_eq!(told(&decision, "CVE-2"), None, "another vulnerability");
    decision.review = Some("2026-11-19".parse().unwrap());
    assert_eq!(told(&decision, "CVE-1"), None, "it stands open again");
}
