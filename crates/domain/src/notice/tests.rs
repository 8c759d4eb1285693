use jiff::Timestamp;
use jiff::civil::date;

use super::*;
use crate::account::Role;

fn day(day: i8) -> Date {
    date(2026, 11, day)
}

fn draft() -> NoticeDraft {
    NoticeDraft {
        sender: NoticeSender::Ceptoar,
        name: "医療セプター事務局".into(),
        title: "FortiOS の脆弱性について".into(),
        sent_on: day(10),
        way: "メール".into(),
        text: "CVE-2022-40684 について確認をお願いします。".into(),
        file: None,
        answer: Some(AnswerAsked { to: "事務局".into(), due: day(20) }),
        tlp: None,
        embargo: None,
    }
}

fn with(change: impl FnOnce(&mut NoticeDraft)) -> NoticeStep {
    let mut draft = draft();
    change(&mut draft);
    NoticeStep::Taken(draft)
}

fn embargo(until: Option<i8>, roles: &[Role]) -> Embargo {
    Embargo { until: until.map(day), roles: roles.to_vec() }
}

fn on(at: i8, step: NoticeStep) -> Stepped<NoticeStep> {
    Stepped { at: Timestamp::UNIX_EPOCH, day: day(at), by: "user:sato".into(), step }
}

fn verdict(name: &str, is_meant: bool) -> TriageVerdict {
    TriageVerdict {
        what: Meant::Product(name.into()),
        label: name.into(),
        is_meant,
        confidence: Some(Confidence::Likely),
        reason: "本文に名前があります".into(),
        devices: 2,
        medical: 0,
    }
}

fn triage(given: &[(&str, bool)]) -> NoticeStep {
    NoticeStep::Triage(given.iter().map(|(name, is_meant)| verdict(name, *is_meant)).collect())
}

fn none() -> NoticeStep {
    NoticeStep::NoneOfOurs("FortiGate はない".into())
}

fn answered(at: i8) -> NoticeStep {
    let text = "該当機器を更新しました。".to_owned();
    NoticeStep::Answered(NoticeAnswer {
        on: day(at),
        to: "事務局".into(),
        done: String::new(),
        text,
    })
}

fn withdrawn() -> NoticeStep {
    NoticeStep::Withdrawn("二度入れた".into())
}

fn after(first: NoticeStep, steps: &[NoticeStep]) -> Notice {
    let mut notice = Notice::begin(1, on(11, first)).unwrap();
    for step in steps {
        notice.take(on(12, step.clone())).unwrap();
    }
    notice
}

#[test]
fn where_it_stands_follows_from_its_steps() {
    use NoticeState::{Answered, Settled, ToAnswer, Untriaged, Withdrawn};
    let unasked = || with(|draft| draft.answer = None);
    for (first, steps, state) in [
        (with(|_| ()), vec![], Untriaged),
        (with(|_| ()), vec![triage(&[("a", false)])], Untriaged),
        (with(|_| ()), vec![triage(&[("a", false), ("b", true)])], ToAnswer),
        (with(|_| ()), vec![triage(&[("a", true)]), triage(&[("a", false)])], Untriaged),
        (with(|_| ()), vec![triage(&[("a", false)]), none()], ToAnswer),
        (with(|_| ()), vec![none(), answered(12)], Answered),
        (with(|_| ()), vec![none(), answered(12), answered(12)], Answered),
        (unasked(), vec![], Untriaged),
        (unasked(), vec![none()], Settled),
        (unasked(), vec![triage(&[("a", true)])], Settled),
        (unasked(), vec![triage(&[("a", true)]), answered(12)], Answered),
        (with(|_| ()), vec![withdrawn()], Withdrawn),
        (with(|_| ()), vec![none(), answered(12), withdrawn()], Withdrawn),
    ] {
        assert_eq!(after(first, &steps).state(), state, "{steps:?}");
    }
}

#[test]
fn what_is_confirmed_later_takes_the_place_of_none_of_ours() {
    let notice = after(with(|_| ()), &[none(), triage(&[("a", true)])]);
    assert_eq!((notice.none_of_ours.as_ref(), notice.meant().count()), (None, 1));
    let notice = after(with(|_| ()), &[none(), triage(&[("a", false)])]);
    assert!(notice.none_of_ours.is_some(), "another refusal changes nothing");
}

#[test]
fn it_is_late_on_the_day_after_and_until_it_is_answered() {
    let late = |steps: &[NoticeStep], at| after(with(|_| ()), steps).late_since(day(at));
    assert_eq!([late(&[], 20), late(&[], 21)], [None, Some(day(20))]);
    assert_eq!(late(&[none()], 21), Some(day(20)), "looked through is not answered");
    assert_eq!(late(&[NoticeStep::Due(day(25))], 25), None);
    assert_eq!(late(&[NoticeStep::Due(day(25))], 26), Some(day(25)));
    for steps in [vec![none(), answered(12)], vec![withdrawn()]] {
        assert_eq!(late(&steps, 30), None, "{steps:?}");
    }
    assert_eq!(after(with(|draft| draft.answer = None), &[]).late_since(day(30)), None);
}

#[test]
fn an_embargo_ends_on_its_day_or_by_an_act_and_never_comes_back() {
    use Role::{Administrator, Operator};
    let under = |until| with(|draft| draft.embargo = Some(embargo(until, &[Administrator])));
    let notice = after(under(Some(15)), &[]);
    assert!(notice.embargo_on(day(14)).is_some() && notice.embargo_on(day(15)).is_none());
    assert!(after(under(None), &[]).embargo_on(date(2099, 1, 1)).is_some(), "no day lifts it");
    let other = NoticeStep::Embargo(embargo(Some(20), &[Administrator, Operator]));
    let longer = after(under(Some(15)), std::slice::from_ref(&other));
    assert_eq!(longer.embargo_on(day(19)).unwrap().roles, [Administrator, Operator]);
    let lifted = NoticeStep::Lifted("公表された".into());
    let mut open = after(under(None), std::slice::from_ref(&lifted));
    assert_eq!(open.embargo_on(day(12)), None);
    assert_eq!(open.take(on(12, other.clone())), Err(NoticeRefusal::WasOpen));
    let mut passed = after(under(Some(15)), &[]);
    for step in [other, lifted] {
        assert_eq!(passed.take(on(15, step)), Err(NoticeRefusal::WasOpen), "its day has come");
    }
}

#[test]
fn what_cannot_be_taken_in_says_why() {
    let red = Some(Tlp::Red);
    let of = |until, roles: &[Role]| Some(embargo(until, roles));
    let asked = |due| Some(AnswerAsked { to: "x".into(), due });
    for (step, refusal) in [
        (none(), NoticeRefusal::NotTaken),
        (with(|draft| draft.name = " ".into()), NoticeRefusal::Empty("name")),
        (with(|draft| draft.title.clear()), NoticeRefusal::Empty("title")),
        (with(|draft| draft.way.clear()), NoticeRefusal::Empty("way")),
        (with(|draft| draft.text.clear()), NoticeRefusal::Empty("notice")),
        (with(|draft| draft.title = "あ".repeat(2001)), NoticeRefusal::Long("title", 2000)),
        (with(|draft| draft.text = "あ".repeat(20_001)), NoticeRefusal::Long("notice", 20_000)),
        (with(|draft| draft.sent_on = day(12)), NoticeRefusal::SentAhead),
        (with(|draft| draft.answer = asked(day(9))), NoticeRefusal::DueOver),
        (
            with(|draft| draft.answer = Some(AnswerAsked { to: " ".into(), due: day(20) })),
            NoticeRefusal::Empty("to"),
        ),
        (with(|draft| draft.tlp = red), NoticeRefusal::RedOpen),
        (with(|draft| draft.embargo = of(None, &[])), NoticeRefusal::NoRoles),
        (
            with(|draft| draft.embargo = of(Some(11), &[Role::Administrator])),
            NoticeRefusal::EmbargoOver,
        ),
    ] {
        assert_eq!(Notice::begin(1, on(11, step.clone())), Err(refusal), "{step:?}");
    }
    let file = KeptFile { name: "通知.pdf".into(), evidence: crate::Digest::of(b"x") };
    let bare = with(|draft| (draft.text, draft.file) = (String::new(), Some(file)));
    assert!(Notice::begin(1, on(11, bare)).is_ok(), "a file says it");
    let late = with(|draft| draft.answer = asked(day(10)));
    assert!(Notice::begin(1, on(11, late)).is_ok(), "it may come to hand when its day is over");
}

#[test]
fn what_cannot_follow_says_why_and_changes_nothing() {
    let unasked = || with(|draft| draft.answer = None);
    let lifted = || NoticeStep::Lifted("x".into());
    let many: Vec<(&str, bool)> = vec![("a", true); 501];
    for (first, before, step, refusal) in [
        (with(|_| ()), vec![], with(|_| ()), NoticeRefusal::WasTaken),
        (with(|_| ()), vec![], triage(&[]), NoticeRefusal::Count),
        (with(|_| ()), vec![], triage(&many), NoticeRefusal::Count),
        (
            with(|_| ()),
            vec![],
            triage(&[("a", true), ("a", false)]),
            NoticeRefusal::Twice("a".into()),
        ),
        (with(|_| ()), vec![triage(&[("a", true)])], none(), NoticeRefusal::SomeMeant),
        (with(|_| ()), vec![], NoticeStep::NoneOfOurs(" ".into()), NoticeRefusal::Empty("reason")),
        (with(|_| ()), vec![], answered(12), NoticeRefusal::NotTriaged),
        (with(|_| ()), vec![none()], answered(13), NoticeRefusal::OutOfTime),
        (with(|_| ()), vec![none()], answered(9), NoticeRefusal::OutOfTime),
        (unasked(), vec![], NoticeStep::Due(day(20)), NoticeRefusal::NotAsked),
        (with(|_| ()), vec![], NoticeStep::Due(day(11)), NoticeRefusal::DueOver),
        (
            with(|_| ()),
            vec![none(), answered(12)],
            NoticeStep::Due(day(20)),
            NoticeRefusal::WasAnswered,
        ),
        (with(|_| ()), vec![], lifted(), NoticeRefusal::WasOpen),
        (with(|_| ()), vec![withdrawn()], none(), NoticeRefusal::WasWithdrawn),
        (with(|_| ()), vec![withdrawn()], lifted(), NoticeRefusal::WasWithdrawn),
    ] {
        let mut notice = after(first, &before);
        let unchanged = notice.clone();
        assert_eq!(notice.take(on(12, step.clone())), Err(refusal), "{step:?}");
        assert_eq!(notice, unchanged);
    }
}

#[test]
fn what_may_be_meant_reads_back_as_it_is_written() {
    for text in ["product:fortios 7.0.5", "model:ge revolution ct", "maker:ge", "device:host:ct-01"]
    {
        assert_eq!(text.parse::<Meant>().map(|meant| meant.to_string()), Ok(text.to_owned()));
    }
    for text in ["", "product:", "product", "colour:red", "device:nothing"] {
        assert_eq!(text.parse::<Meant>(), Err(MeantError), "{text}");
    }
}
