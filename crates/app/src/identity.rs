//! People's word on identity: merging, splitting, and the queue of doubts.

use domain::{DeviceId, IdentityDecision, Sign, Verdict};
use engine::Known;
use serde_json::json;
use store::View;

use crate::books::Books;
use crate::chart::OneDevice;
use crate::devices;
use crate::views::{DoubtView, FileView};
use crate::{Act, App, AppError};

impl App {
    /// Pairs of devices that may be one (あいまいな機器), with what speaks for and against it.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn queue(&self) -> Result<Vec<DoubtView>, AppError> {
        let books = self.facility()?.read(Books::load)?;
        Ok(books.with_known(|known, derivation| {
            let mut doubts: Vec<DoubtView> = derivation
                .doubts()
                .map(|doubt| {
                    let (one, one_label) = named(known, &doubt.one);
                    let (other, other_label) = named(known, &doubt.other);
                    DoubtView {
                        one,
                        one_label,
                        other,
                        other_label,
                        link: doubt.link.to_string(),
                        against: self
                            .catalogue()
                            .text(&format!("doubt.{}", doubt.against.key()))
                            .into_owned(),
                        against_key: doubt.against.key().to_owned(),
                    }
                })
                .collect();
            doubts.sort_by(|one, other| {
                (&one.one_label, &one.other_label).cmp(&(&other.one_label, &other.other_label))
            });
            doubts
        }))
    }

    /// Says that two devices are one.
    ///
    /// # Errors
    ///
    /// [`AppError::NoDevice`], [`AppError::OneDevice`], and what the store says.
    pub fn merge(&self, one: DeviceId, other: DeviceId, act: &Act) -> Result<FileView, AppError> {
        self.say("device.merge", vec![self.anchors(one, other)?], Verdict::Same, act)
    }

    /// Says that two devices are not one: what made them look like one is no longer doubted.
    ///
    /// # Errors
    ///
    /// [`AppError::NoDevice`], [`AppError::OneDevice`], and what the store says.
    pub fn keep_apart(
        &self,
        one: DeviceId,
        other: DeviceId,
        act: &Act,
    ) -> Result<FileView, AppError> {
        self.say("device.apart", vec![self.anchors(one, other)?], Verdict::NotSame, act)
    }

    /// The strongest signs of two devices, which must be two.
    fn anchors(&self, one: DeviceId, other: DeviceId) -> Result<(Sign, Sign), AppError> {
        let anchor = |view: &View, id: DeviceId| {
            let device = OneDevice::load(view, self.ground(view)?, id)?;
            Ok::<_, AppError>((device.id, device.with(|_, chart, _| chart.device.anchor.clone())?))
        };
        let ((one, mine), (other, theirs)) = self
            .facility()?
            .read(|view| Ok::<_, AppError>((anchor(view, one)?, anchor(view, other)?)))?;
        if one == other { Err(AppError::OneDevice(one)) } else { Ok((mine, theirs)) }
    }

    /// Says that some of a device's signs are not it.
    ///
    /// # Errors
    ///
    /// [`AppError::NoDevice`], [`AppError::NotASignOf`], and what the store says.
    pub fn split(&self, id: DeviceId, away: &[String], act: &Act) -> Result<FileView, AppError> {
        let books = self.facility()?.read(Books::load)?;
        let pairs = books.with_known(|known, derivation| {
            let chart = known.chart(id).ok_or_else(|| AppError::NoDevice(id.to_string()))?;
            let signs =
                engine::identity::signs_of(known.world, derivation.contexts(), chart.device);
            let anchor = chart.device.anchor.clone();
            away.iter()
                .map(|written| {
                    let sign = written
                        .parse::<Sign>()
                        .ok()
                        .filter(|sign| signs.contains(sign) && *sign != anchor);
                    let sign = sign.ok_or_else(|| AppError::NotASignOf {
                        device: chart.device.id,
                        sign: written.clone(),
                        signs: signs
                            .iter()
                            .filter(|sign| **sign != anchor)
                            .map(ToString::to_string)
                            .collect(),
                    })?;
                    Ok((anchor.clone(), sign))
                })
                .collect::<Result<Vec<_>, AppError>>()
        })?;
        self.say("device.split", pairs, Verdict::NotSame, act)
    }

    fn say(
        &self,
        word: &str,
        pairs: Vec<(Sign, Sign)>,
        verdict: Verdict,
        act: &Act,
    ) -> Result<FileView, AppError> {
        let told: Vec<[String; 2]> =
            pairs.iter().map(|(one, other)| [one.to_string(), other.to_string()]).collect();
        let subject = told.first().map_or_else(String::new, |[one, _]| format!("sign:{one}"));
        let entry = act.entry(word, subject, &json!({ "signs": told }));
        self.facility()?.change(entry, |change| {
            for (one, other) in pairs {
                change.add_identity_decision(&IdentityDecision {
                    id: 0,
                    one,
                    other,
                    verdict,
                    by: act.actor.to_string(),
                    at: act.now,
                })?;
            }
            derived(change)
        })
    }

    /// Takes back the last merge or split.
    ///
    /// # Errors
    ///
    /// [`AppError::NoIdentityDecision`], and what the store says.
    pub fn undo_identity(&self, act: &Act) -> Result<FileView, AppError> {
        let entry = act.entry("device.undo", String::new(), &json!({}));
        self.facility()?.change(entry, |change| {
            let removed = change.remove_last_identity_decision()?.ok_or(AppError::NoIdentityDecision)?;
            change.entry().subject = format!("sign:{}", removed.one);
            change.detail(
                json!({ "verdict": removed.verdict.key(), "signs": [removed.one.to_string(), removed.other.to_string()] })
                    .to_string(),
            );
            derived(change)
        })
    }
}

fn derived(change: &mut store::Change) -> Result<FileView, AppError> {
    let changes = devices::derive_and_write(change)?;
    Ok(FileView {
        devices_new: changes.new,
        devices_changed: changes.changed,
        devices_gone: changes.gone,
        ..FileView::default()
    })
}

fn named(known: &Known<'_>, anchor: &Sign) -> (String, String) {
    let id = DeviceId::of(anchor.key());
    let label = known.chart(id).map_or_else(|| anchor.to_string(), |chart| chart.label());
    (id.to_string(), label)
}
