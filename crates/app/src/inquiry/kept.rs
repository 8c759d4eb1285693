//! Inquiries as they are kept: each step as JSON, which later programs must still read.

use domain::{
    AskedVulnerability, Inquiry, InquiryDraft, InquiryFacts, InquiryItem, InquiryStep, ItemAnswer,
    MatterKind, Sending, Stepped,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use store::View;

use crate::AppError;
use crate::matter::{self, File, Matter};

#[derive(Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
enum Kept {
    Draft { vendor: String, contact: String, note: String, due: String, facts: Facts },
    Sent { on: String, to: String, way: String },
    Due { due: String },
    Answers { answers: Vec<Answer>, file: Option<File> },
    Withdrawn { reason: String },
}

#[derive(Serialize, Deserialize)]
struct Facts {
    facility: String,
    mark: String,
    product: String,
    devices: u64,
    medical: u64,
    asked: Vec<Asked>,
}

#[derive(Serialize, Deserialize)]
struct Asked {
    id: String,
    severity: String,
    score: Option<u16>,
    exploited: Option<String>,
    ransomware: bool,
}

#[derive(Serialize, Deserialize)]
struct Answer {
    id: String,
    item: String,
    text: String,
}

fn written(step: &InquiryStep) -> String {
    let kept = match step {
        InquiryStep::Draft(draft) => Kept::Draft {
            vendor: draft.vendor.clone(),
            contact: draft.contact.clone(),
            note: draft.note.clone(),
            due: draft.due.to_string(),
            facts: Facts::of(&draft.facts),
        },
        InquiryStep::Sent(sending) => Kept::Sent {
            on: sending.on.to_string(),
            to: sending.to.clone(),
            way: sending.way.clone(),
        },
        InquiryStep::Due(due) => Kept::Due { due: due.to_string() },
        InquiryStep::Answers(answers, file) => Kept::Answers {
            answers: answers.iter().map(Answer::of).collect(),
            file: file.as_ref().map(File::of),
        },
        InquiryStep::Withdrawn(reason) => Kept::Withdrawn { reason: reason.clone() },
    };
    serde_json::to_string(&kept).unwrap_or_default()
}

impl Matter for Inquiry {
    const KIND: MatterKind = MatterKind::Inquiry;
    type Step = InquiryStep;

    fn begun(number: u32, first: Stepped<InquiryStep>) -> Option<Self> {
        Self::begin(number, first).ok()
    }

    fn taken(&mut self, next: Stepped<InquiryStep>) -> Option<()> {
        self.take(next).ok()
    }

    fn number(&self) -> u32 {
        self.number
    }

    fn written(step: &InquiryStep) -> String {
        written(step)
    }

    fn read(body: &str) -> Option<InquiryStep> {
        read(body)
    }
}

/// The inquiry of this number.
pub(super) fn inquiry(view: &View, number: u32) -> Result<Inquiry, AppError> {
    matter::one(view, number)?.ok_or(AppError::NoInquiry(number))
}

fn read(body: &str) -> Option<InquiryStep> {
    let day = |text: String| text.parse::<Date>().ok();
    Some(match serde_json::from_str(body).ok()? {
        Kept::Draft { vendor, contact, note, due, facts } => InquiryStep::Draft(InquiryDraft {
            vendor,
            contact,
            note,
            due: day(due)?,
            facts: facts.read(),
        }),
        Kept::Sent { on, to, way } => InquiryStep::Sent(Sending { on: day(on)?, to, way }),
        Kept::Due { due } => InquiryStep::Due(day(due)?),
        Kept::Answers { answers, file } => {
            let answers = answers.into_iter().map(Answer::read).collect::<Option<Vec<_>>>()?;
            let file = match file {
                Some(file) => Some(file.read()?),
                None => None,
            };
            InquiryStep::Answers(answers, file)
        }
        Kept::Withdrawn { reason } => InquiryStep::Withdrawn(reason),
    })
}

impl Facts {
    fn of(facts: &InquiryFacts) -> Self {
        let asked = |asked: &AskedVulnerability| Asked {
            id: asked.id.clone(),
            severity: asked.severity.clone(),
            score: asked.score,
            exploited: asked.exploited.clone(),
            ransomware: asked.ransomware,
        };
        Self {
            facility: facts.facility.clone(),
            mark: facts.mark.clone(),
            product: facts.product.clone(),
            devices: facts.devices,
            medical: facts.medical,
            asked: facts.asked.iter().map(asked).collect(),
        }
    }

    fn read(self) -> InquiryFacts {
        let asked = |asked: Asked| AskedVulnerability {
            id: asked.id,
            severity: asked.severity,
            score: asked.score,
            exploited: asked.exploited,
            ransomware: asked.ransomware,
        };
        InquiryFacts {
            facility: self.facility,
            mark: self.mark,
            product: self.product,
            devices: self.devices,
            medical: self.medical,
            asked: self.asked.into_iter().map(asked).collect(),
        }
    }
}

impl Answer {
    fn of(answer: &ItemAnswer) -> Self {
        let item = answer.item.key().to_owned();
        Self { id: answer.id.clone(), item, text: answer.text.clone() }
    }

    fn read(self) -> Option<ItemAnswer> {
        let item = InquiryItem::from_key(&self.item)?;
        Some(ItemAnswer { id: self.id, item, text: self.text })
    }
}

#[cfg(test)]
mod tests {
    use domain::{Digest, KeptFile};

    use super::*;

    #[test]
    fn every_step_reads_back_as_it_was_kept() {
        let facts = InquiryFacts {
            facility: "みなと中央病院".into(),
            mark: "viewer 1.5".into(),
            product: "Viewer 1.5".into(),
            devices: 3,
            medical: 1,
            asked: vec![AskedVulnerability {
                id: "CVE-1".into(),
                severity: "critical".into(),
                score: Some(98),
                exploited: Some("2026-11-01".into()),
                ransomware: true,
            }],
        };
        let day: Date = "2026-11-20".parse().unwrap();
        let answer =
            ItemAnswer { id: "CVE-1".into(), item: InquiryItem::Mitigation, text: "遮断".into() };
        let file = KeptFile { name: "回答.xlsx".into(), evidence: Digest::of(b"x") };
        for step in [
            InquiryStep::Draft(InquiryDraft {
                vendor: "A社".into(),
                contact: "佐藤".into(),
                note: "一行目\n二行目".into(),
                due: day,
                facts,
            }),
            InquiryStep::Sent(Sending { on: day, to: "山田".into(), way: "郵送".into() }),
            InquiryStep::Due(day),
            InquiryStep::Answers(vec![answer.clone()], Some(file)),
            InquiryStep::Answers(vec![answer], None),
            InquiryStep::Withdrawn("不要".into()),
        ] {
            assert_eq!(read(&written(&step)), Some(step));
        }
    }

    #[test]
    fn what_was_never_kept_so_is_no_step() {
        for body in [
            "",
            "{}",
            r#"{"step":"flown"}"#,
            r#"{"step":"due","due":"soon"}"#,
            r#"{"step":"answers","answers":[],"file":{"name":"a","evidence":"x"}}"#,
            r#"{"step":"answers","answers":[{"id":"a","item":"colour","text":"red"}],"file":null}"#,
        ] {
            assert_eq!(read(body), None, "{body}");
        }
    }
}
