//! What people decide about findings: it lasts, until what it rests on changes.

use app::Choice;
use domain::FindingState;
use jiff::civil::date;

use super::*;

fn accepted() -> Choice {
    Choice {
        state: FindingState::Accepted,
        until: Some(date(2027, 3, 31)),
        reason: "次の更新で直します".to_owned(),
    }
}

/// Decides about what `rule` found of `device`.
fn decide(hospital: &Hospital, rule: &str, device: &str, choice: Choice) -> FindingView {
    let finding = hospital.finding(rule, device).unwrap_or_else(|| panic!("{rule} {device}"));
    hospital.app.decide(&finding.key, choice, &act()).unwrap()
}

fn state(hospital: &Hospital, rule: &str, device: &str) -> Option<String> {
    hospital.finding(rule, device).map(|finding| finding.state)
}

#[test]
fn a_decision_outlives_the_next_round() {
    let hospital = Hospital::demo();
    hospital.round();
    let decided = decide(&hospital, "NET006", "US-03", accepted());
    assert_eq!((decided.state.as_str(), decided.decision.is_some()), ("accepted", true));
    let round = hospital.round();
    assert_eq!((round.new.len(), round.gone.len()), (0, 0));
    assert_eq!(state(&hospital, "NET006", "US-03").as_deref(), Some("accepted"));
    assert_eq!(state(&hospital, "NET006", "CT-02").as_deref(), Some("open"));
}

#[test]
fn a_decision_ends_on_the_day_after_its_last() {
    let hospital = Hospital::demo();
    hospital.round();
    let key = decide(&hospital, "NET006", "US-03", accepted()).key;
    for (today, expected) in [(date(2027, 3, 31), "accepted"), (date(2027, 4, 1), "open")] {
        let standing = hospital.app.findings(false, today).unwrap();
        let finding = standing.iter().find(|finding| finding.key == key).unwrap();
        assert_eq!(finding.state, expected, "{today}");
        let ended = "It was decided \"accepted until\" until 2027-03-31. That day has passed, so it is open again. Decide again if it is to stand.";
        let lapsed = Some(ended.to_owned()).filter(|_| expected == "open");
        assert_eq!(finding.lapsed, lapsed, "{today}");
    }
}

#[test]
fn a_decision_is_opened_again_when_its_facts_change() {
    let hospital = Hospital::demo();
    hospital.round();
    decide(&hospital, "NET006", "US-03", accepted());
    // The same PC looks again: US-03 has moved once more.
    let list = demo_file("arp-radiology.txt").bytes;
    let elsewhere = replaced(list, "10.102.41.29 ", "10.102.41.30 ");
    hospital.app.undo_import(domain::ImportId(4), &act()).unwrap();
    hospital.import_as("arp-radiology.txt", &elsewhere, &ImportOptions::default());
    hospital.round();
    let again = hospital.finding("NET006", "US-03").unwrap();
    assert!(
        again.state == "open"
            && again.lapsed.is_some_and(|why| why.contains("the facts have changed"))
    );
    // Back to what was decided about.
    hospital.app.undo_import(domain::ImportId(DEMO_FILES.len() as u32 + 1), &act()).unwrap();
    hospital.app.redo_import(domain::ImportId(4), &act()).unwrap();
    hospital.round();
    assert_eq!(state(&hospital, "NET006", "US-03").as_deref(), Some("accepted"));
}

/// A list in UTF-16 with one text in place of another of the same length.
fn replaced(bytes: &[u8], before: &str, after: &str) -> Vec<u8> {
    let wide = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
    let (before, after) = (wide(before), wide(after));
    let at = bytes.windows(before.len()).position(|window| window == before).unwrap();
    let mut bytes = bytes.to_vec();
    bytes[at..at + after.len()].copy_from_slice(&after);
    bytes
}

#[test]
fn a_decision_follows_its_device_into_a_merge() {
    let hospital = Hospital::demo();
    hospital.round();
    let (one, other) = (hospital.id("CR-01"), hospital.id("CR-02"));
    hospital.app.merge(one, other, &act()).unwrap();
    let stays = hospital.id("CR-01");
    hospital.app.undo_identity(&act()).unwrap();
    hospital.round();
    // Both are past the same day; what is decided about the one whose id goes must stand at the id that stays.
    let goes = if stays == one { "CR-02" } else { "CR-01" };
    decide(&hospital, "LIF005", goes, accepted());
    hospital.app.merge(one, other, &act()).unwrap();
    hospital.round();
    assert_eq!(state(&hospital, "LIF005", &stays.to_string()).as_deref(), Some("accepted"));
    hospital.app.undo_identity(&act()).unwrap();
    hospital.round();
    let stayed = if goes == "CR-01" { "CR-02" } else { "CR-01" };
    assert_eq!(state(&hospital, "LIF005", goes).as_deref(), Some("accepted"));
    assert_eq!(state(&hospital, "LIF005", stayed).as_deref(), Some("open"));
}

#[test]
fn a_decision_without_its_reason_or_last_day_is_refused() {
    let hospital = Hospital::demo();
    hospital.round();
    let audited = hospital.audited();
    let key = hospital.finding("NET006", "US-03").unwrap().key;
    let without_reason = Choice { reason: "  ".to_owned(), ..accepted() };
    let without_end = Choice { until: None, ..accepted() };
    let closed = Choice { state: FindingState::Closed, ..accepted() };
    for choice in [without_reason, without_end, closed] {
        let refused = hospital.app.decide(&key, choice, &act());
        assert!(matches!(refused, Err(AppError::Decision(_))));
    }
    for unknown in ["NET006/device:000000000000", "nothing"] {
        let refused = hospital.app.decide(unknown, accepted(), &act());
        assert!(matches!(refused, Err(AppError::NoFinding(_))), "{unknown}");
    }
    assert_eq!(hospital.audited(), audited);
    assert_eq!(state(&hospital, "NET006", "US-03").as_deref(), Some("open"));
}

#[test]
fn a_finding_whose_facts_are_gone_is_closed_and_one_that_comes_back_is_new() {
    let hospital = Hospital::demo();
    hospital.round();
    let key = hospital.finding("NET006", "US-03").unwrap().key;
    let list = domain::ImportId(4);
    hospital.app.undo_import(list, &act()).unwrap();
    let round = hospital.round();
    assert!(round.gone.iter().any(|gone| gone.key == key && gone.state == "closed"));
    hospital.app.redo_import(list, &act()).unwrap();
    assert!(hospital.round().new.iter().any(|new| new.key == key));
}
