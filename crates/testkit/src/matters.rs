//! Matters by a line of words.

use domain::{
    AnswerAsked, AskedVulnerability, ChangeKind, ChangeOutcome, ChangePlan, ChangeResult,
    ChangeStep, ChangedDevice, ClinicalWindow, Inquiry, InquiryDraft, InquiryFacts, InquiryItem,
    InquiryStep, ItemAnswer, Meant, Notice, NoticeAnswer, NoticeDraft, NoticeSender, NoticeStep,
    PlannedChange, Sending, Stepped, TriageVerdict,
};
use jiff::civil::Date;

use crate::timestamp;

/// An inquiry by its words: `draft`, `medical`, `answered=N` (items), `withdrawn`. It asks about one vulnerability.
pub(crate) fn inquiry(number: u32, vendor: &str, day: &str, due: &str, words: &[&str]) -> Inquiry {
    let day: Date = day.parse().expect("a day");
    let on =
        |step| Stepped { at: timestamp(&day.to_string()), day, by: "user:sato".to_owned(), step };
    let draft = InquiryDraft {
        vendor: vendor.to_owned(),
        contact: "臨床工学科".to_owned(),
        note: String::new(),
        due: due.parse().expect("a day"),
        facts: facts(u64::from(words.contains(&"medical"))),
    };
    let mut inquiry = Inquiry::begin(number, on(InquiryStep::Draft(draft))).expect("a draft");
    let mut take = |step| inquiry.take(on(step)).expect("a step that can be taken");
    if !words.contains(&"draft") {
        take(InquiryStep::Sent(Sending {
            on: day, to: vendor.to_owned(), way: "郵送".to_owned()
        }));
    }
    let answered = words.iter().find_map(|word| word.strip_prefix("answered="));
    if let Some(answered) = answered {
        take(InquiryStep::Answers(answers(answered.parse().expect("a number")), None));
    }
    if words.contains(&"withdrawn") {
        take(InquiryStep::Withdrawn("不要になった".to_owned()));
    }
    inquiry
}

/// A change of one device by its words: `planned`, `failed`, `medical`, `cancelled`; done on `day` where none says otherwise. The mark
/// of the product is written with `_` for blanks.
pub(crate) fn change(
    number: u32,
    sign: &str,
    day: &str,
    mark: &str,
    words: &[&str],
) -> PlannedChange {
    let day: Date = day.parse().expect("a day");
    let sign: domain::Sign = sign.parse().expect("a sign");
    let on =
        |step| Stepped { at: timestamp(&day.to_string()), day, by: "user:sato".to_owned(), step };
    let device = ChangedDevice {
        sign: sign.clone(),
        label: sign.to_string(),
        is_medical: words.contains(&"medical"),
    };
    let plan = ChangePlan {
        kind: ChangeKind::Update,
        what: "更新".to_owned(),
        mark: mark.replace('_', " "),
        product: mark.to_owned(),
        vulnerabilities: Vec::new(),
        devices: vec![device],
        performer: "A社".to_owned(),
        instruction: "指示書".to_owned(),
        inquiry: None,
    };
    let mut change = PlannedChange::begin(number, on(ChangeStep::Plan(plan))).expect("a plan");
    let mut take = |step| change.take(on(step)).expect("a step that can be taken");
    if words.contains(&"cancelled") {
        take(ChangeStep::Cancelled("不要になった".to_owned()));
        return change;
    }
    if words.contains(&"planned") {
        return change;
    }
    let (from, to) = (day.at(19, 0, 0, 0), day.at(20, 0, 0, 0));
    take(ChangeStep::Agreed(ClinicalWindow { from, to, with: "技師長".to_owned() }));
    let is_failed = words.contains(&"failed");
    let outcome = if is_failed { ChangeOutcome::Failed } else { ChangeOutcome::Done };
    let note = String::new();
    take(ChangeStep::Results(vec![ChangeResult { sign, outcome, note, on: day }]));
    change
}

/// A notice that is taken in on `day`, by its words: `due=DAY`, `triaged`, `none`, `answered`, `withdrawn`.
pub(crate) fn notice(number: u32, sender: &str, day: &str, words: &[&str]) -> Notice {
    let day: Date = day.parse().expect("a day");
    let on =
        |step| Stepped { at: timestamp(&day.to_string()), day, by: "user:sato".to_owned(), step };
    let due = words.iter().find_map(|word| word.strip_prefix("due="));
    let answer =
        due.map(|due| AnswerAsked { to: sender.to_owned(), due: due.parse().expect("a day") });
    let draft = NoticeDraft {
        sender: NoticeSender::Ministry,
        name: sender.to_owned(),
        title: "注意喚起".to_owned(),
        sent_on: day,
        way: "メール".to_owned(),
        text: "CVE-2026-1".to_owned(),
        file: None,
        answer,
        tlp: None,
        embargo: None,
    };
    let mut notice = Notice::begin(number, on(NoticeStep::Taken(draft))).expect("a notice");
    let mut take = |step| notice.take(on(step)).expect("a step that can be taken");
    for word in words {
        match *word {
            "triaged" => take(NoticeStep::Triage(vec![verdict()])),
            "none" => take(NoticeStep::NoneOfOurs("ない".to_owned())),
            "answered" => take(NoticeStep::Answered(NoticeAnswer {
                on: day,
                to: sender.to_owned(),
                done: String::new(),
                text: "済み".to_owned(),
            })),
            "withdrawn" => take(NoticeStep::Withdrawn("重複".to_owned())),
            due => assert!(due.starts_with("due="), "not a word of a notice: {due}"),
        }
    }
    notice
}

fn verdict() -> TriageVerdict {
    TriageVerdict {
        what: Meant::Product("viewer 1.5".to_owned()),
        label: "Viewer 1.5".to_owned(),
        is_meant: true,
        confidence: None,
        reason: String::new(),
        devices: 2,
        medical: 0,
    }
}

fn facts(medical: u64) -> InquiryFacts {
    let asked = AskedVulnerability {
        id: "CVE-2026-1".to_owned(),
        severity: "high".to_owned(),
        score: Some(88),
        exploited: None,
        ransomware: false,
    };
    InquiryFacts {
        facility: "みなと中央病院".to_owned(),
        mark: "viewer 1.5".to_owned(),
        product: "Viewer 1.5".to_owned(),
        devices: 2,
        medical,
        asked: vec![asked],
    }
}

fn answers(count: usize) -> Vec<ItemAnswer> {
    let one = |item: &InquiryItem| ItemAnswer {
        id: "CVE-2026-1".to_owned(),
        item: *item,
        text: "回答".to_owned(),
    };
    InquiryItem::ALL.iter().take(count).map(one).collect()
}
