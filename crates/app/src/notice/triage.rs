//! Which devices a notice means: what the program proposes and why, and what people say of it.

use domain::{Meant, Notice, NoticeStep, TriageVerdict, msg};
use engine::notices::{MeantDevice, Proposal, devices_of, numbers, propose};
use reference::makers;
use schemars::JsonSchema;
use serde::Serialize;

use super::Reader;
use super::sight::read_one;
use crate::books::Books;
use crate::hand::named_by;
use crate::weak::WeakBook;
use crate::{Act, App, AppError, HolderView, NoticeView, namer};

/// Devices that one proposal names at most; beside them, only their number is told.
const TOLD: usize = 20;

/// What a notice may mean, and what people said of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NoticeTriageView {
    /// The numbers of vulnerabilities in its text.
    pub numbers: Vec<NoticeNumberView>,
    /// What it may mean: what was proposed, the surest first, and what people named beside it.
    pub things: Vec<NoticeThingView>,
}

/// A vulnerability that a notice names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NoticeNumberView {
    /// Its number.
    pub id: String,
    /// `concerns` (something here is affected, or may be), `cleared` (what is said of something here is that it is not), `nothing`
    /// (it is in the vulnerability data and concerns nothing here), `unknown` (it is not in the data), `no_data` (there is none).
    pub state: String,
    /// The products that it concerns, or that are cleared.
    pub products: Vec<String>,
}

/// Something that a notice may mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NoticeThingView {
    /// Its name for scripts: `product:MARK`, `model:NAME`, `maker:NAME`, `device:SIGN`.
    pub what: String,
    /// What people call it.
    pub label: String,
    /// `exact`, `likely`, `candidate`; none where a person named it.
    pub confidence: Option<String>,
    /// Why it is proposed, or why the person says so.
    pub reasons: Vec<String>,
    /// How many devices it is now.
    pub device_count: u64,
    /// How many of them are medical devices.
    pub medical: u64,
    /// The first of them.
    pub devices: Vec<HolderView>,
    /// `meant` or `not_meant`; none where nobody has said.
    pub verdict: Option<String>,
}

/// What a person says of one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TriageWord {
    /// The thing.
    pub what: TriageOf,
    /// Whether it is meant.
    pub is_meant: bool,
    /// Why, where the person gives a reason.
    pub reason: String,
}

/// What a person speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TriageOf {
    /// What was proposed, or was spoken of before.
    Thing(Meant),
    /// A device, by its id.
    Device(domain::DeviceId),
}

impl App {
    /// What the notice may mean; `book` is what stands and runs here now.
    ///
    /// # Errors
    ///
    /// [`AppError::NoNotice`], [`AppError::Feeds`] where the index cannot be read; and what the store says.
    pub fn notice_triage(
        &self,
        number: u32,
        reader: Reader,
        today: jiff::civil::Date,
        book: &WeakBook,
    ) -> Result<NoticeTriageView, AppError> {
        let notice = self.facility()?.read(|view| read_one(view, number, reader, today))?;
        let proposals = proposals(&notice, book);
        let mut things: Vec<NoticeThingView> =
            proposals.iter().map(|proposal| self.proposed(&notice, proposal)).collect();
        let beside = notice
            .verdicts
            .values()
            .filter(|verdict| proposals.iter().all(|proposal| proposal.what != verdict.what));
        for verdict in beside {
            things.push(self.spoken_of(verdict, book)?);
        }
        Ok(NoticeTriageView { numbers: number_views(&notice, book)?, things })
    }

    /// Keeps what a person says of what the notice may mean. `seen` is how many steps they saw; `book` is what they looked at.
    ///
    /// # Errors
    ///
    /// [`AppError::NoNotice`], [`AppError::Notice`], [`AppError::NoDevice`], [`AppError::MatterMoved`]; and what the store says.
    pub fn triage_notice(
        &self,
        (number, reader): (u32, Reader),
        seen: Option<u32>,
        words: &[TriageWord],
        book: &WeakBook,
        act: &Act,
    ) -> Result<NoticeView, AppError> {
        self.notice_step((number, reader), seen, act, "notice.triage", |change, notice| {
            let proposals = proposals(notice, book);
            let mut verdicts = Vec::new();
            for word in words {
                verdicts.push(match &word.what {
                    TriageOf::Thing(what) => self.verdict(notice, &proposals, what, word, book)?,
                    TriageOf::Device(id) => device_verdict(change.view(), *id, word)?,
                });
            }
            Ok(NoticeStep::Triage(verdicts))
        })
    }

    /// What is said of something that was proposed, or spoken of before.
    fn verdict(
        &self,
        notice: &Notice,
        proposals: &[Proposal],
        what: &Meant,
        word: &TriageWord,
        book: &WeakBook,
    ) -> Result<TriageVerdict, AppError> {
        let given = word.reason.trim();
        if let Some(proposal) = proposals.iter().find(|proposal| proposal.what == *what) {
            return Ok(TriageVerdict {
                what: what.clone(),
                label: proposal.label.clone(),
                is_meant: word.is_meant,
                confidence: Some(proposal.confidence),
                reason: match given {
                    "" => self.reasons(proposal).join(" "),
                    given => given.to_owned(),
                },
                devices: proposal.devices.len() as u64,
                medical: medical(proposal.devices.iter()),
            });
        }
        let known = notice.verdicts.get(what).ok_or_else(|| {
            AppError::Notice(msg!("notice.refused.not_proposed", what = what.to_string()))
        })?;
        let now = devices_of(what, book.weaknesses(), book.machines());
        Ok(TriageVerdict {
            is_meant: word.is_meant,
            reason: if given.is_empty() { known.reason.clone() } else { given.to_owned() },
            devices: now.as_ref().map_or(known.devices, |now| now.len() as u64),
            medical: now.as_ref().map_or(known.medical, |now| medical(now.iter())),
            ..known.clone()
        })
    }

    fn proposed(&self, notice: &Notice, proposal: &Proposal) -> NoticeThingView {
        let verdict = notice.verdicts.get(&proposal.what);
        NoticeThingView {
            what: proposal.what.to_string(),
            label: proposal.label.clone(),
            confidence: Some(proposal.confidence.key().to_owned()),
            reasons: self.reasons(proposal),
            device_count: proposal.devices.len() as u64,
            medical: medical(proposal.devices.iter()),
            devices: proposal.devices.iter().take(TOLD).map(holder).collect(),
            verdict: verdict.map(said),
        }
    }

    fn reasons(&self, proposal: &Proposal) -> Vec<String> {
        proposal.reasons.iter().map(|reason| self.catalogue().say(reason)).collect()
    }

    /// What people spoke of and is not proposed: named by hand, or no longer what the text leads to.
    fn spoken_of(
        &self,
        verdict: &TriageVerdict,
        book: &WeakBook,
    ) -> Result<NoticeThingView, AppError> {
        let now = devices_of(&verdict.what, book.weaknesses(), book.machines());
        let devices: Vec<HolderView> = match (&now, &verdict.what) {
            (Some(now), _) => now.iter().take(TOLD).map(holder).collect(),
            (None, Meant::Device(sign)) => {
                let id = self
                    .facility()?
                    .read(|view| view.device_id(domain::DeviceId::of(sign.key())))?;
                let of = |id: domain::DeviceId| HolderView {
                    label: verdict.label.clone(),
                    id: id.to_string(),
                    medical: verdict.medical > 0,
                };
                id.map(of).into_iter().collect()
            }
            (None, _) => Vec::new(),
        };
        Ok(NoticeThingView {
            what: verdict.what.to_string(),
            label: verdict.label.clone(),
            confidence: verdict.confidence.map(|sure| sure.key().to_owned()),
            reasons: Some(verdict.reason.clone())
                .filter(|said| !said.is_empty())
                .into_iter()
                .collect(),
            device_count: now.as_ref().map_or(devices.len() as u64, |now| now.len() as u64),
            medical: now.as_ref().map_or(verdict.medical, |now| medical(now.iter())),
            devices,
            verdict: Some(said(verdict)),
        })
    }
}

fn proposals(notice: &Notice, book: &WeakBook) -> Vec<Proposal> {
    let text = format!("{}\n{}", notice.draft.title, notice.draft.text);
    propose(&text, book.weaknesses(), namer(), makers::shipped(), book.machines())
}

/// What is said of a device that a person names.
fn device_verdict(
    view: &store::View,
    id: domain::DeviceId,
    word: &TriageWord,
) -> Result<TriageVerdict, AppError> {
    Books::load(view)?.with_known(|known, derivation| {
        let chart = known.chart(id).ok_or_else(|| AppError::NoDevice(id.to_string()))?;
        Ok(TriageVerdict {
            what: Meant::Device(named_by(known, derivation.contexts(), &chart)),
            label: chart.label(),
            is_meant: word.is_meant,
            confidence: None,
            reason: word.reason.trim().to_owned(),
            devices: 1,
            medical: u64::from(chart.is_medical()),
        })
    })
}

fn number_views(notice: &Notice, book: &WeakBook) -> Result<Vec<NoticeNumberView>, AppError> {
    let ids = numbers(&format!("{}\n{}", notice.draft.title, notice.draft.text));
    let damaged = |_| AppError::Feeds(msg!("app.feeds_damaged"));
    let index = book.advisories().index().transpose().map_err(damaged)?;
    let mut views = Vec::new();
    for id in ids {
        let is_known = match &index {
            Some(index) => Some(!index.find(&id).map_err(damaged)?.is_empty()),
            None => None,
        };
        let of = |is_cleared: bool| -> Vec<String> {
            let running = book.weaknesses().products.iter();
            let with_number = running.filter(|running| {
                running.matches.iter().any(|found| {
                    found.affected.is_none() == is_cleared
                        && found.vulnerability.numbers.contains(&id)
                })
            });
            with_number.map(|running| running.name.clone()).collect()
        };
        let (concerned, cleared) = (of(false), of(true));
        let (state, products) = match (is_known, concerned.is_empty(), cleared.is_empty()) {
            (_, false, _) => ("concerns", concerned),
            (_, true, false) => ("cleared", cleared),
            (Some(true), true, true) => ("nothing", Vec::new()),
            (Some(false), true, true) => ("unknown", Vec::new()),
            (None, true, true) => ("no_data", Vec::new()),
        };
        views.push(NoticeNumberView { id, state: state.to_owned(), products });
    }
    Ok(views)
}

fn holder(device: &MeantDevice) -> HolderView {
    HolderView {
        label: device.label.clone(),
        id: device.id.to_string(),
        medical: device.is_medical,
    }
}

fn medical<'d>(devices: impl Iterator<Item = &'d MeantDevice>) -> u64 {
    devices.filter(|device| device.is_medical).count() as u64
}

fn said(verdict: &TriageVerdict) -> String {
    if verdict.is_meant { "meant" } else { "not_meant" }.to_owned()
}
