//! Notices as they are kept: each step as JSON, which later programs must still read.

use domain::advisory::Confidence;
use domain::{
    AnswerAsked, Embargo, MatterKind, Notice, NoticeAnswer, NoticeDraft, NoticeSender, NoticeStep,
    Role, Stepped, Tlp, TriageVerdict,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::matter::{File, Matter};

#[derive(Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
enum Kept {
    Taken(Box<Taken>),
    Triage { verdicts: Vec<Verdict> },
    NoneOfOurs { reason: String },
    Due { due: String },
    Answered { on: String, to: String, done: String, text: String },
    Embargo(Sealed),
    Lifted { reason: String },
    Withdrawn { reason: String },
}

#[derive(Serialize, Deserialize)]
struct Taken {
    sender: String,
    name: String,
    title: String,
    sent_on: String,
    way: String,
    text: String,
    file: Option<File>,
    answer: Option<Asked>,
    tlp: Option<String>,
    embargo: Option<Sealed>,
}

#[derive(Serialize, Deserialize)]
struct Asked {
    to: String,
    due: String,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    until: Option<String>,
    roles: Vec<String>,
}

#[derive(Serialize, Deserialize)]
struct Verdict {
    what: String,
    label: String,
    meant: bool,
    confidence: Option<String>,
    reason: String,
    devices: u64,
    medical: u64,
}

impl Matter for Notice {
    const KIND: MatterKind = MatterKind::Notice;
    type Step = NoticeStep;

    fn begun(number: u32, first: Stepped<NoticeStep>) -> Option<Self> {
        Self::begin(number, first).ok()
    }

    fn taken(&mut self, next: Stepped<NoticeStep>) -> Option<()> {
        self.take(next).ok()
    }

    fn number(&self) -> u32 {
        self.number
    }

    fn written(step: &NoticeStep) -> String {
        serde_json::to_string(&kept(step)).unwrap_or_default()
    }

    fn read(body: &str) -> Option<NoticeStep> {
        read(serde_json::from_str(body).ok()?)
    }
}

fn kept(step: &NoticeStep) -> Kept {
    match step {
        NoticeStep::Taken(draft) => Kept::Taken(Box::new(Taken::of(draft))),
        NoticeStep::Triage(verdicts) => {
            Kept::Triage { verdicts: verdicts.iter().map(Verdict::of).collect() }
        }
        NoticeStep::NoneOfOurs(reason) => Kept::NoneOfOurs { reason: reason.clone() },
        NoticeStep::Due(due) => Kept::Due { due: due.to_string() },
        NoticeStep::Answered(answer) => Kept::Answered {
            on: answer.on.to_string(),
            to: answer.to.clone(),
            done: answer.done.clone(),
            text: answer.text.clone(),
        },
        NoticeStep::Embargo(embargo) => Kept::Embargo(Sealed::of(embargo)),
        NoticeStep::Lifted(reason) => Kept::Lifted { reason: reason.clone() },
        NoticeStep::Withdrawn(reason) => Kept::Withdrawn { reason: reason.clone() },
    }
}

fn read(kept: Kept) -> Option<NoticeStep> {
    Some(match kept {
        Kept::Taken(taken) => NoticeStep::Taken(taken.read()?),
        Kept::Triage { verdicts } => {
            NoticeStep::Triage(verdicts.into_iter().map(Verdict::read).collect::<Option<Vec<_>>>()?)
        }
        Kept::NoneOfOurs { reason } => NoticeStep::NoneOfOurs(reason),
        Kept::Due { due } => NoticeStep::Due(day(&due)?),
        Kept::Answered { on, to, done, text } => {
            NoticeStep::Answered(NoticeAnswer { on: day(&on)?, to, done, text })
        }
        Kept::Embargo(sealed) => NoticeStep::Embargo(sealed.read()?),
        Kept::Lifted { reason } => NoticeStep::Lifted(reason),
        Kept::Withdrawn { reason } => NoticeStep::Withdrawn(reason),
    })
}

fn day(text: &str) -> Option<Date> {
    text.parse().ok()
}

/// What `read` makes of it where there is something; none where it cannot be read.
fn maybe<T, U>(kept: Option<T>, read: impl FnOnce(T) -> Option<U>) -> Option<Option<U>> {
    match kept {
        Some(kept) => read(kept).map(Some),
        None => Some(None),
    }
}

impl Taken {
    fn of(draft: &NoticeDraft) -> Self {
        let asked =
            |asked: &AnswerAsked| Asked { to: asked.to.clone(), due: asked.due.to_string() };
        Self {
            sender: draft.sender.key().to_owned(),
            name: draft.name.clone(),
            title: draft.title.clone(),
            sent_on: draft.sent_on.to_string(),
            way: draft.way.clone(),
            text: draft.text.clone(),
            file: draft.file.as_ref().map(File::of),
            answer: draft.answer.as_ref().map(asked),
            tlp: draft.tlp.map(|tlp| tlp.key().to_owned()),
            embargo: draft.embargo.as_ref().map(Sealed::of),
        }
    }

    fn read(self) -> Option<NoticeDraft> {
        let asked = |asked: Asked| Some(AnswerAsked { to: asked.to, due: day(&asked.due)? });
        Some(NoticeDraft {
            sender: NoticeSender::from_key(&self.sender)?,
            name: self.name,
            title: self.title,
            sent_on: day(&self.sent_on)?,
            way: self.way,
            text: self.text,
            file: maybe(self.file, File::read)?,
            answer: maybe(self.answer, asked)?,
            tlp: maybe(self.tlp, |tlp| Tlp::from_key(&tlp))?,
            embargo: maybe(self.embargo, Sealed::read)?,
        })
    }
}

impl Sealed {
    fn of(embargo: &Embargo) -> Self {
        Self {
            until: embargo.until.map(|until| until.to_string()),
            roles: embargo.roles.iter().map(|role| role.key().to_owned()).collect(),
        }
    }

    fn read(self) -> Option<Embargo> {
        let roles = self.roles.iter().map(|role| Role::from_key(role));
        Some(Embargo {
            until: maybe(self.until, |until| day(&until))?,
            roles: roles.collect::<Option<Vec<_>>>()?,
        })
    }
}

impl Verdict {
    fn of(verdict: &TriageVerdict) -> Self {
        Self {
            what: verdict.what.to_string(),
            label: verdict.label.clone(),
            meant: verdict.is_meant,
            confidence: verdict.confidence.map(|sure| sure.key().to_owned()),
            reason: verdict.reason.clone(),
            devices: verdict.devices,
            medical: verdict.medical,
        }
    }

    fn read(self) -> Option<TriageVerdict> {
        Some(TriageVerdict {
            what: self.what.parse().ok()?,
            label: self.label,
            is_meant: self.meant,
            confidence: maybe(self.confidence, |sure| Confidence::from_key(&sure))?,
            reason: self.reason,
            devices: self.devices,
            medical: self.medical,
        })
    }
}

#[cfg(test)]
mod tests {
    use domain::{Digest, KeptFile, Meant};
    use jiff::civil::date;

    use super::*;

    #[test]
    fn every_step_reads_back_as_it_was_kept() {
        let day = date(2026, 11, 20);
        let embargo =
            Embargo { until: Some(day), roles: vec![Role::Administrator, Role::Operator] };
        let draft = NoticeDraft {
            sender: NoticeSender::Ministry,
            name: "厚生労働省".into(),
            title: "注意喚起".into(),
            sent_on: day,
            way: "メール".into(),
            text: "一行目\n二行目".into(),
            file: Some(KeptFile { name: "通知.pdf".into(), evidence: Digest::of(b"x") }),
            answer: Some(AnswerAsked { to: "県".into(), due: day }),
            tlp: Some(Tlp::AmberStrict),
            embargo: Some(embargo.clone()),
        };
        let verdict = |what: &str, confidence| TriageVerdict {
            what: what.parse().unwrap(),
            label: "FortiOS 7.0.5".into(),
            is_meant: true,
            confidence,
            reason: "本文".into(),
            devices: 3,
            medical: 1,
        };
        for step in [
            NoticeStep::Taken(draft.clone()),
            NoticeStep::Taken(NoticeDraft {
                file: None,
                answer: None,
                tlp: None,
                embargo: Some(Embargo { until: None, ..embargo.clone() }),
                ..draft
            }),
            NoticeStep::Triage(vec![
                verdict("product:fortios 7.0.5", Some(Confidence::Exact)),
                verdict("device:host:ct-01", None),
            ]),
            NoticeStep::NoneOfOurs("ない".into()),
            NoticeStep::Due(day),
            NoticeStep::Answered(NoticeAnswer {
                on: day,
                to: "県".into(),
                done: "更新".into(),
                text: "済み".into(),
            }),
            NoticeStep::Embargo(embargo),
            NoticeStep::Lifted("公表".into()),
            NoticeStep::Withdrawn("重複".into()),
        ] {
            assert_eq!(Notice::read(&Notice::written(&step)), Some(step));
        }
        assert_eq!(Meant::Model("x".into()).to_string(), "model:x");
    }

    #[test]
    fn what_was_never_kept_so_is_no_step() {
        for body in [
            "",
            "{}",
            r#"{"step":"flown"}"#,
            r#"{"step":"due","due":"soon"}"#,
            r#"{"step":"embargo","until":"soon","roles":["administrator"]}"#,
            r#"{"step":"embargo","until":null,"roles":["king"]}"#,
            r#"{"step":"triage","verdicts":[{"what":"x","label":"","meant":true,"confidence":null,"reason":"","devices":0,"medical":0}]}"#,
            r#"{"step":"triage","verdicts":[{"what":"maker:x","label":"","meant":true,"confidence":"sure","reason":"","devices":0,"medical":0}]}"#,
        ] {
            assert_eq!(Notice::read(body), None, "{body}");
        }
    }
}
