//! Notices (お知らせ): taking them in, saying which devices they mean, and keeping what was answered.
//!
//! Nothing is sent and nothing fetched from here. What is under embargo is shown to its readers alone: see [`sight`].

mod export;
mod kept;
mod mail;
mod sight;
mod triage;
mod views;

use domain::{
    Digest, Embargo, KeptFile, MatterKind, Notice, NoticeAnswer, NoticeDraft, NoticeRefusal,
    NoticeStep,
};
use formats::container;
use jiff::civil::Date;
use serde_json::json;
use store::{Change, View};

pub use mail::NoticeMailView;
pub use sight::Reader;
pub(crate) use sight::{may_read, readable};
pub use triage::{NoticeNumberView, NoticeThingView, NoticeTriageView, TriageOf, TriageWord};
pub use views::{EmbargoView, MeantView, NoticeAnswerView, NoticeView};

use crate::matter::{self, Matter as _, check_seen, file_name, row, stepped};
use crate::{Act, App, AppError, day_of};
use sight::read_one;

/// The largest file that a notice may come as, in bytes.
pub const MOST_NOTICE_BYTES: usize = 10 << 20;

/// The lowest number of a notice, and how many there are.
const NUMBERS: (u32, u32) = (100_000, 900_000);

/// Numbers that are drawn at most before it is given up: a hospital has some hundreds of notices.
const DRAWS: u32 = 1000;

impl App {
    /// Every notice that `reader` may know of: what is late first, then what waits, then what is done.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn notices(&self, reader: Reader, today: Date) -> Result<Vec<NoticeView>, AppError> {
        let mut notices = self.facility()?.read(|view| readable(view, reader, today))?;
        views::sort(&mut notices, today);
        Ok(notices.iter().map(|notice| views::view(notice, today, self.catalogue())).collect())
    }

    /// How many notices under embargo that `reader` may know of are late, or were not looked through. No finding tells of these.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn sealed_notices_waiting(&self, reader: Reader, today: Date) -> Result<usize, AppError> {
        let notices = self.facility()?.read(|view| readable(view, reader, today))?;
        let waits = |notice: &&Notice| {
            let is_sealed = notice.embargo_on(today).is_some();
            let is_late = notice.late_since(today).is_some() || !notice.is_triaged();
            is_sealed && notice.is_open() && is_late
        };
        Ok(notices.iter().filter(waits).count())
    }

    /// The notice of this number.
    ///
    /// # Errors
    ///
    /// [`AppError::NoNotice`] where there is none that `reader` may know of; and what the store says.
    pub fn notice(&self, number: u32, reader: Reader, today: Date) -> Result<NoticeView, AppError> {
        let notice = self.facility()?.read(|view| read_one(view, number, reader, today))?;
        Ok(views::view(&notice, today, self.catalogue()))
    }

    /// Takes a notice in, with the file it came as; gives its number. Of a plain text the words are read where none were typed.
    ///
    /// # Errors
    ///
    /// [`AppError::Notice`] where something does not fit; and what the store says.
    pub fn take_notice(
        &self,
        mut draft: NoticeDraft,
        file: Option<(&str, &[u8])>,
        reader: Reader,
        act: &Act,
    ) -> Result<NoticeView, AppError> {
        let today = day_of(act.now);
        let entry = act.entry("notice.taken", String::new(), &json!({}));
        self.facility()?.change(entry, |change| {
            if let Some((name, bytes)) = file {
                check_size(bytes)?;
                if draft.text.trim().is_empty() {
                    draft.text = plain_text(bytes).unwrap_or_default();
                }
                let evidence = change.keep_evidence(bytes)?;
                draft.file = Some(KeptFile { name: file_name(name), evidence });
            }
            let step = NoticeStep::Taken(draft);
            let number = draw(change.view(), &step, act)?;
            let first = row::<Notice>(number, 1, &step, act);
            let notice = Notice::begin(number, stepped(step, act)).map_err(refused)?;
            check_reader(&notice, reader, today)?;
            change.add_matter_step(MatterKind::Notice, &first)?;
            note(change, &notice);
            Ok(views::view(&notice, today, self.catalogue()))
        })
    }

    /// Says that it means nothing that the hospital has. `of` is the notice and who reads it, `seen` how many steps they saw.
    ///
    /// # Errors
    ///
    /// [`AppError::NoNotice`], [`AppError::Notice`], [`AppError::MatterMoved`]; and what the store says.
    pub fn notice_means_none(
        &self,
        of: (u32, Reader),
        seen: Option<u32>,
        reason: String,
        act: &Act,
    ) -> Result<NoticeView, AppError> {
        let step = |_: &mut Change, _: &Notice| Ok(NoticeStep::NoneOfOurs(reason));
        self.notice_step(of, seen, act, "notice.none", step)
    }

    /// Says that another day was agreed on for the answer.
    ///
    /// # Errors
    ///
    /// As [`App::notice_means_none`].
    pub fn set_notice_due(
        &self,
        of: (u32, Reader),
        seen: Option<u32>,
        due: Date,
        act: &Act,
    ) -> Result<NoticeView, AppError> {
        self.notice_step(of, seen, act, "notice.due", |_, _| Ok(NoticeStep::Due(due)))
    }

    /// Keeps what was done and answered.
    ///
    /// # Errors
    ///
    /// As [`App::notice_means_none`].
    pub fn answer_notice(
        &self,
        of: (u32, Reader),
        seen: Option<u32>,
        answer: NoticeAnswer,
        act: &Act,
    ) -> Result<NoticeView, AppError> {
        let step = |_: &mut Change, _: &Notice| Ok(NoticeStep::Answered(answer));
        self.notice_step(of, seen, act, "notice.answered", step)
    }

    /// Sets another end or other readers while the embargo is in force. Whoever does must stay among its readers.
    ///
    /// # Errors
    ///
    /// As [`App::notice_means_none`].
    pub fn set_notice_embargo(
        &self,
        of: (u32, Reader),
        seen: Option<u32>,
        embargo: Embargo,
        act: &Act,
    ) -> Result<NoticeView, AppError> {
        let step = |_: &mut Change, _: &Notice| Ok(NoticeStep::Embargo(embargo));
        self.notice_step(of, seen, act, "notice.embargo", step)
    }

    /// Lifts the embargo: everybody may read it from now on, for good.
    ///
    /// # Errors
    ///
    /// As [`App::notice_means_none`].
    pub fn lift_notice(
        &self,
        of: (u32, Reader),
        seen: Option<u32>,
        reason: String,
        act: &Act,
    ) -> Result<NoticeView, AppError> {
        let step = |_: &mut Change, _: &Notice| Ok(NoticeStep::Lifted(reason));
        self.notice_step(of, seen, act, "notice.lifted", step)
    }

    /// Says that it should not have been taken in.
    ///
    /// # Errors
    ///
    /// As [`App::notice_means_none`].
    pub fn withdraw_notice(
        &self,
        of: (u32, Reader),
        seen: Option<u32>,
        reason: String,
        act: &Act,
    ) -> Result<NoticeView, AppError> {
        let step = |_: &mut Change, _: &Notice| Ok(NoticeStep::Withdrawn(reason));
        self.notice_step(of, seen, act, "notice.withdrawn", step)
    }

    /// The file that a notice came as: its name and its bytes, proven.
    ///
    /// # Errors
    ///
    /// [`AppError::NoNotice`] where there is no such file; and what the store says.
    pub fn notice_file(
        &self,
        number: u32,
        reader: Reader,
        today: Date,
    ) -> Result<(String, Vec<u8>), AppError> {
        self.facility()?.read(|view| {
            let notice = read_one(view, number, reader, today)?;
            let file = notice.draft.file.ok_or(AppError::NoNotice(number))?;
            let bytes = view.evidence(file.evidence)?.ok_or(AppError::NoNotice(number))?;
            Ok((file.name, bytes))
        })
    }

    /// Takes the step that `make` makes of the notice as it is.
    fn notice_step(
        &self,
        (number, reader): (u32, Reader),
        seen: Option<u32>,
        act: &Act,
        name: &'static str,
        make: impl FnOnce(&mut Change, &Notice) -> Result<NoticeStep, AppError>,
    ) -> Result<NoticeView, AppError> {
        let today = day_of(act.now);
        let entry = act.entry(name, format!("notice:{number}"), &json!({}));
        self.facility()?.change(entry, |change| {
            let mut notice = read_one(change.view(), number, reader, today)?;
            check_seen(seen, notice.steps.len())?;
            let step = make(change, &notice)?;
            let next = row::<Notice>(number, notice.steps.len() as u32 + 1, &step, act);
            notice.take(stepped(step, act)).map_err(refused)?;
            check_reader(&notice, reader, today)?;
            change.add_matter_step(MatterKind::Notice, &next)?;
            note(change, &notice);
            Ok(views::view(&notice, today, self.catalogue()))
        })
    }
}

fn refused(refusal: NoticeRefusal) -> AppError {
    AppError::Notice(refusal.message())
}

/// Whoever takes a step must still be able to see what came of it, or nobody might.
fn check_reader(notice: &Notice, reader: Reader, today: Date) -> Result<(), AppError> {
    if may_read(notice, reader, today) { Ok(()) } else { Err(refused(NoticeRefusal::NotAReader)) }
}

fn check_size(bytes: &[u8]) -> Result<(), AppError> {
    if bytes.len() > MOST_NOTICE_BYTES {
        let message = domain::msg!("notice.refused.large", limit = MOST_NOTICE_BYTES >> 20);
        return Err(AppError::Notice(message));
    }
    Ok(())
}

/// A number that no other notice has. It follows from what is taken in, by whom and when, so that it tells nothing of how many there
/// are: a gap in numbers that are counted would tell of what a reader may not know of.
fn draw(view: &View, step: &NoticeStep, act: &Act) -> Result<u32, AppError> {
    let (body, at) = (Notice::written(step), act.now.to_string());
    let (least, all) = NUMBERS;
    for draw in 0..DRAWS {
        let draw = draw.to_le_bytes();
        let parts = [body.as_bytes(), at.as_bytes(), &draw];
        let Digest(digest) = Digest::of_parts(parts);
        let drawn = digest.iter().take(4).fold(0u32, |sum, byte| sum << 8 | u32::from(*byte));
        let number = least + drawn % all;
        if view.matter(MatterKind::Notice, number)?.is_empty() {
            return Ok(number);
        }
    }
    Err(AppError::Notice(domain::msg!("notice.refused.no_number")))
}

/// The words of a file that is plain text. A mail is kept whole and not read: its words may be encoded in many ways.
fn plain_text(bytes: &[u8]) -> Option<String> {
    let is_text = container::sniff(bytes).refusal().is_none();
    let text = is_text.then(|| formats::text::decode(bytes).ok()).flatten()?;
    let is_mail = text.body.lines().take(50).any(|line| {
        let line = line.to_ascii_lowercase();
        line.starts_with("mime-version:") || line.starts_with("received:")
    });
    let words = || text.body.chars().take(Notice::MOST_LETTERS).collect();
    (!is_mail).then(words)
}

/// The digests of the files that notices came as: they stay as long as the notices do.
pub(crate) fn evidence_of(notices: &[Notice]) -> Vec<Digest> {
    notices.iter().filter_map(|notice| Some(notice.draft.file.as_ref()?.evidence)).collect()
}

/// Completes the entry of the record: which notice, and a digest of all that was kept. The entry holds no word of it: the record is
/// read by others than the notice, and goes out to whoever collects it.
fn note(change: &mut Change, notice: &Notice) {
    let Some(last) = notice.steps.last() else { return };
    let digest = Digest::of(Notice::written(&last.step).as_bytes()).to_string();
    change.entry().subject = format!("notice:{}", notice.number);
    change.detail(json!({ "step": notice.steps.len(), "digest": digest }).to_string());
}

/// The notice that an entry of the record speaks of, where it speaks of one.
pub(crate) fn spoken_of(subject: &str) -> Option<u32> {
    subject.strip_prefix("notice:")?.parse().ok()
}

/// Whether `reader` may know of what an entry of the record speaks of.
pub(crate) fn may_hear(
    view: &View,
    subject: &str,
    reader: Reader,
    today: Date,
) -> Result<bool, AppError> {
    let Some(number) = spoken_of(subject) else { return Ok(true) };
    let notice = matter::one(view, number)?;
    Ok(notice.is_some_and(|notice| may_read(&notice, reader, today)))
}
