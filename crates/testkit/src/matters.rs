//! Matters by a line of words.

use domain::{
    AskedVulnerability, Inquiry, InquiryDraft, InquiryFacts, InquiryItem, InquiryStep, ItemAnswer,
    Sending, Stepped,
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
