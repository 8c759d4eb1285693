use jiff::civil::date;

use super::*;

fn day(day: i8) -> Date {
    date(2026, 11, day)
}

fn draft() -> InquiryDraft {
    let asked = |id: &str| AskedVulnerability {
        id: id.into(),
        severity: "high".into(),
        score: Some(88),
        exploited: None,
        ransomware: false,
    };
    InquiryDraft {
        vendor: "A社".into(),
        contact: "臨床工学科 佐藤".into(),
        note: String::new(),
        due: day(30),
        facts: InquiryFacts {
            facility: "みなと中央病院".into(),
            mark: "viewer 1.5".into(),
            product: "Viewer 1.5".into(),
            devices: 3,
            medical: 1,
            asked: vec![asked("CVE-1"), asked("CVE-2")],
        },
    }
}

fn on(at: i8, step: InquiryStep) -> Stepped<InquiryStep> {
    Stepped { at: Timestamp::UNIX_EPOCH, day: day(at), by: "user:sato".into(), step }
}

fn sent(at: i8) -> InquiryStep {
    InquiryStep::Sent(Sending { on: day(at), to: "山田様".into(), way: "郵送".into() })
}

fn answers(given: &[(&str, InquiryItem, &str)]) -> InquiryStep {
    let one = |(id, item, text): &(&str, InquiryItem, &str)| ItemAnswer {
        id: (*id).into(),
        item: *item,
        text: (*text).into(),
    };
    InquiryStep::Answers(given.iter().map(one).collect(), None)
}

fn all_answers() -> InquiryStep {
    let of = |id: &'static str| InquiryItem::ALL.iter().map(move |item| (id, *item, "はい"));
    answers(&of("CVE-1").chain(of("CVE-2")).collect::<Vec<_>>())
}

fn withdrawn() -> InquiryStep {
    InquiryStep::Withdrawn("保守が終わった".into())
}

fn after(steps: &[InquiryStep]) -> Inquiry {
    let mut inquiry = Inquiry::begin(1, on(20, InquiryStep::Draft(draft()))).unwrap();
    for step in steps {
        inquiry.take(on(20, step.clone())).unwrap();
    }
    inquiry
}

#[test]
fn where_it_stands_follows_from_its_steps() {
    let one = answers(&[("CVE-1", InquiryItem::Schedule, "12月")]);
    for (steps, state, missing, overdue) in [
        (vec![], InquiryState::Draft, 12, false),
        (vec![sent(20)], InquiryState::Sent, 12, true),
        (vec![sent(20), one.clone()], InquiryState::PartlyAnswered, 11, true),
        (vec![sent(20), one.clone(), one.clone()], InquiryState::PartlyAnswered, 11, true),
        (vec![sent(20), all_answers()], InquiryState::Answered, 0, false),
        (vec![sent(20), all_answers(), one.clone()], InquiryState::Answered, 0, false),
        (vec![withdrawn()], InquiryState::Withdrawn, 12, false),
        (vec![sent(20), one, withdrawn()], InquiryState::Withdrawn, 11, false),
    ] {
        let inquiry = after(&steps);
        assert_eq!((inquiry.state(), inquiry.missing()), (state, missing), "{steps:?}");
        assert!(!inquiry.is_overdue(day(30)), "the day itself is in time: {steps:?}");
        assert_eq!(inquiry.is_overdue(date(2026, 12, 1)), overdue, "{steps:?}");
        assert_eq!(inquiry.steps.len(), steps.len() + 1);
    }
}

#[test]
fn a_later_answer_takes_the_place_of_an_earlier_one_and_another_day_counts() {
    let answer = |text| answers(&[("CVE-1", InquiryItem::Method, text)]);
    let later = date(2026, 12, 20);
    let inquiry = after(&[sent(18), answer("未定"), answer("訪問"), InquiryStep::Due(later)]);
    assert_eq!(inquiry.answer("CVE-1", InquiryItem::Method).unwrap().text, "訪問");
    assert_eq!(inquiry.answer("CVE-2", InquiryItem::Method), None);
    assert!(!inquiry.is_overdue(date(2026, 12, 1)) && inquiry.due == later);
}

#[test]
fn a_draft_can_be_written_anew_until_it_is_sent() {
    let other = InquiryDraft { vendor: "B社".into(), due: day(25), ..draft() };
    let mut inquiry = after(&[]);
    inquiry.take(on(21, InquiryStep::Draft(other.clone()))).unwrap();
    assert_eq!((&inquiry.draft, inquiry.due, inquiry.drafted_on), (&other, day(25), day(21)));
}

#[test]
fn what_cannot_be_begun_says_why() {
    let with = |change: fn(&mut InquiryDraft)| {
        let mut draft = draft();
        change(&mut draft);
        InquiryStep::Draft(draft)
    };
    let long = "あ".repeat(Inquiry::MOST_TEXT + 1);
    for (step, refusal) in [
        (sent(20), InquiryRefusal::NoDraft),
        (with(|draft| draft.vendor = " ".into()), InquiryRefusal::Empty("vendor")),
        (with(|draft| draft.contact.clear()), InquiryRefusal::Empty("contact")),
        (with(|draft| draft.facts.asked.clear()), InquiryRefusal::Count),
        (with(|draft| draft.due = day(19)), InquiryRefusal::DueOver),
        (
            with(|draft| draft.facts.asked[1].id = "CVE-1".into()),
            InquiryRefusal::Twice("CVE-1".into()),
        ),
        (
            with(|draft| {
                let one = draft.facts.asked[0].clone();
                draft.facts.asked = vec![one; Inquiry::MOST_ASKED + 1];
            }),
            InquiryRefusal::Count,
        ),
        (
            InquiryStep::Draft(InquiryDraft { note: long.clone(), ..draft() }),
            InquiryRefusal::Long("note"),
        ),
        (
            InquiryStep::Draft(InquiryDraft { vendor: long, ..draft() }),
            InquiryRefusal::Long("vendor"),
        ),
    ] {
        assert_eq!(Inquiry::begin(1, on(20, step.clone())), Err(refusal), "{step:?}");
    }
}

#[test]
fn what_cannot_follow_says_why_and_changes_nothing() {
    let answer = |id, text| answers(&[(id, InquiryItem::Score, text)]);
    let nameless = Sending { on: day(20), to: String::new(), way: "郵送".into() };
    let wayless = Sending { on: day(20), to: "山田様".into(), way: " ".into() };
    let redraft = InquiryStep::Draft(draft());
    let empty = InquiryStep::Withdrawn(String::new());
    let long = "あ".repeat(Inquiry::MOST_TEXT + 1);
    for (before, step, refusal) in [
        (vec![], InquiryStep::Sent(nameless), InquiryRefusal::Empty("to")),
        (vec![], InquiryStep::Sent(wayless), InquiryRefusal::Empty("way")),
        (vec![], sent(21), InquiryRefusal::SentAhead),
        (vec![], answer("CVE-1", "7.5"), InquiryRefusal::NotSent),
        (vec![], InquiryStep::Due(day(30)), InquiryRefusal::NotSent),
        (vec![], empty, InquiryRefusal::Empty("reason")),
        (vec![sent(20)], sent(20), InquiryRefusal::WasSent),
        (vec![sent(20)], redraft.clone(), InquiryRefusal::WasSent),
        (vec![sent(20)], InquiryStep::Due(day(19)), InquiryRefusal::DueOver),
        (vec![sent(20)], answers(&[]), InquiryRefusal::Empty("answers")),
        (vec![sent(20)], answer("CVE-1", " "), InquiryRefusal::Empty("answers")),
        (vec![sent(20)], answer("CVE-1", &long), InquiryRefusal::Long("answers")),
        (vec![sent(20)], answer("CVE-9", "7.5"), InquiryRefusal::NotAsked("CVE-9".into())),
        (vec![sent(20), all_answers()], withdrawn(), InquiryRefusal::Complete),
        (vec![sent(20), all_answers()], InquiryStep::Due(day(30)), InquiryRefusal::Complete),
        (vec![withdrawn()], redraft, InquiryRefusal::WasWithdrawn),
        (vec![sent(20), withdrawn()], answer("CVE-1", "7.5"), InquiryRefusal::WasWithdrawn),
    ] {
        let mut inquiry = after(&before);
        let unchanged = inquiry.clone();
        assert_eq!(inquiry.take(on(20, step.clone())), Err(refusal), "{step:?}");
        assert_eq!(inquiry, unchanged);
    }
}
