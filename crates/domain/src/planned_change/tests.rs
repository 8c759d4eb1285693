use jiff::Timestamp;
use jiff::civil::date;

use super::*;

fn day(day: i8) -> Date {
    date(2026, 11, day)
}

fn sign(name: &str) -> Sign {
    format!("host:{name}").parse().unwrap()
}

fn plan(instruction: &str) -> ChangePlan {
    let device = |name: &str, is_medical| ChangedDevice {
        sign: sign(name),
        label: name.to_uppercase(),
        is_medical,
    };
    ChangePlan {
        kind: ChangeKind::Update,
        what: "Viewer を 2.0 に上げる".into(),
        mark: "viewer 1.5".into(),
        product: "Viewer 1.5".into(),
        vulnerabilities: vec!["CVE-1".into()],
        devices: vec![device("ct-01", true), device("pc-02", false)],
        performer: "A社".into(),
        instruction: instruction.into(),
        inquiry: None,
    }
}

fn on(at: i8, step: ChangeStep) -> Stepped<ChangeStep> {
    Stepped { at: Timestamp::UNIX_EPOCH, day: day(at), by: "user:sato".into(), step }
}

fn agreed() -> ChangeStep {
    let (from, to) = (day(21).at(19, 0, 0, 0), day(21).at(21, 0, 0, 0));
    ChangeStep::Agreed(ClinicalWindow { from, to, with: "放射線科 技師長".into() })
}

fn results(given: &[(&str, ChangeOutcome)]) -> ChangeStep {
    let one = |(name, outcome): &(&str, ChangeOutcome)| ChangeResult {
        sign: sign(name),
        outcome: *outcome,
        note: "2.0".into(),
        on: day(21),
    };
    ChangeStep::Results(given.iter().map(one).collect())
}

fn told(at: i8) -> ChangeStep {
    ChangeStep::Told(ToldBack { on: day(at), to: "A社".into(), text: "済みました".into() })
}

fn cancelled() -> ChangeStep {
    ChangeStep::Cancelled("入れ替える".into())
}

fn after(instruction: &str, steps: &[ChangeStep]) -> PlannedChange {
    let mut change = PlannedChange::begin(1, on(20, ChangeStep::Plan(plan(instruction)))).unwrap();
    for step in steps {
        change.take(on(21, step.clone())).unwrap();
    }
    change
}

#[test]
fn where_it_stands_follows_from_its_steps() {
    use ChangeOutcome::{Done, Failed, NotNeeded};
    let replanned = ChangeStep::Plan(plan("指示書 3"));
    for (steps, state) in [
        (vec![], ChangeState::Planned),
        (vec![agreed()], ChangeState::Agreed),
        (vec![agreed(), replanned], ChangeState::Planned),
        (vec![agreed(), results(&[("ct-01", Done)])], ChangeState::Agreed),
        (vec![agreed(), results(&[("ct-01", Done), ("pc-02", NotNeeded)])], ChangeState::Done),
        (vec![agreed(), results(&[("ct-01", Done), ("pc-02", Failed)])], ChangeState::Failed),
        (
            vec![
                agreed(),
                results(&[("ct-01", Done), ("pc-02", Failed)]),
                results(&[("pc-02", Done)]),
                told(21),
            ],
            ChangeState::Done,
        ),
        (vec![cancelled()], ChangeState::Cancelled),
        (vec![agreed(), cancelled()], ChangeState::Cancelled),
    ] {
        assert_eq!(after("指示書 2", &steps).state(), state, "{steps:?}");
    }
}

#[test]
fn a_medical_device_is_done_only_under_an_instruction() {
    use ChangeOutcome::{Done, Failed, NotNeeded};
    for (instruction, name, outcome, is_taken) in [
        ("", "ct-01", Done, false),
        (" ", "ct-01", Done, false),
        ("", "ct-01", Failed, true),
        ("", "ct-01", NotNeeded, true),
        ("", "pc-02", Done, true),
        ("A社の指示書 2", "ct-01", Done, true),
    ] {
        let mut change = after(instruction, &[agreed()]);
        let taken = change.take(on(21, results(&[(name, outcome)])));
        let expected =
            if is_taken { Ok(()) } else { Err(ChangeRefusal::NoInstruction("CT-01".into())) };
        assert_eq!(taken, expected, "{instruction} {name} {outcome:?}");
    }
}

#[test]
fn only_what_was_done_waits_for_evidence() {
    use ChangeOutcome::{Done, Failed};
    let change = after("指示書", &[agreed(), results(&[("ct-01", Done), ("pc-02", Failed)])]);
    let done: Vec<_> = change.done().map(|(device, on)| (device.label.as_str(), on)).collect();
    assert_eq!(done, [("CT-01", day(21))]);
    assert!(change.is_medical());
}

#[test]
fn what_cannot_be_begun_says_why() {
    let with = |change: fn(&mut ChangePlan)| {
        let mut plan = plan("");
        change(&mut plan);
        ChangeStep::Plan(plan)
    };
    for (step, refusal) in [
        (agreed(), ChangeRefusal::NoPlan),
        (with(|plan| plan.what.clear()), ChangeRefusal::Empty("what")),
        (with(|plan| plan.performer = " ".into()), ChangeRefusal::Empty("performer")),
        (with(|plan| plan.what = "あ".repeat(2001)), ChangeRefusal::Long("what")),
        (with(|plan| plan.instruction = "あ".repeat(2001)), ChangeRefusal::Long("instruction")),
        (with(|plan| plan.devices.clear()), ChangeRefusal::Count),
        (with(|plan| plan.devices = vec![plan.devices[0].clone(); 501]), ChangeRefusal::Count),
        (
            with(|plan| plan.devices = vec![plan.devices[0].clone(); 2]),
            ChangeRefusal::Twice("CT-01".into()),
        ),
    ] {
        assert_eq!(PlannedChange::begin(1, on(20, step.clone())), Err(refusal), "{step:?}");
    }
}

#[test]
fn what_cannot_follow_says_why_and_changes_nothing() {
    use ChangeOutcome::Done;
    let turned = ChangeStep::Agreed(ClinicalWindow {
        from: day(21).at(19, 0, 0, 0),
        to: day(21).at(19, 0, 0, 0),
        with: "x".into(),
    });
    let alone = ChangeStep::Agreed(ClinicalWindow {
        from: day(21).at(19, 0, 0, 0),
        to: day(21).at(20, 0, 0, 0),
        with: String::new(),
    });
    let ahead = ChangeStep::Results(vec![ChangeResult {
        sign: sign("pc-02"),
        outcome: Done,
        note: String::new(),
        on: day(22),
    }]);
    let nobody = ChangeStep::Told(ToldBack { on: day(21), to: " ".into(), text: "x".into() });
    let done = results(&[("pc-02", Done)]);
    for (before, step, refusal) in [
        (vec![], turned, ChangeRefusal::WindowTurned),
        (vec![], alone, ChangeRefusal::Empty("with")),
        (vec![], done.clone(), ChangeRefusal::NotAgreed),
        (vec![], told(22), ChangeRefusal::Ahead),
        (vec![], nobody, ChangeRefusal::Empty("to")),
        (vec![], ChangeStep::Cancelled(String::new()), ChangeRefusal::Empty("reason")),
        (vec![agreed()], results(&[]), ChangeRefusal::Empty("results")),
        (vec![agreed()], ahead, ChangeRefusal::Ahead),
        (
            vec![agreed()],
            results(&[("mr-09", Done)]),
            ChangeRefusal::NotPlanned(sign("mr-09").to_string()),
        ),
        (vec![agreed(), done.clone()], agreed(), ChangeRefusal::HasResults),
        (vec![agreed(), done.clone()], cancelled(), ChangeRefusal::HasResults),
        (vec![agreed(), done], ChangeStep::Plan(plan("")), ChangeRefusal::HasResults),
        (vec![cancelled()], agreed(), ChangeRefusal::WasCancelled),
        (vec![cancelled()], told(21), ChangeRefusal::WasCancelled),
    ] {
        let mut change = after("", &before);
        let unchanged = change.clone();
        assert_eq!(change.take(on(21, step.clone())), Err(refusal), "{step:?}");
        assert_eq!(change, unchanged);
    }
}
