//! あいまいな機器 in full: two devices beside each other, with what speaks for and against their being one.

use domain::{DeviceId, Sign};
use engine::identity::signs_of;
use engine::{Derivation, Doubt, Known};
use jiff::civil::Date;
use serde::Serialize;

use crate::books::Books;
use crate::chart::label;
use crate::devices::Shelf;
use crate::views::DeviceView;
use crate::{App, AppError};

/// A part of the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QueueView {
    /// How many pairs there are.
    pub total: usize,
    /// Some of them.
    pub pairs: Vec<PairView>,
}

/// Two devices that may be one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PairView {
    /// One.
    pub one: SideView,
    /// The other.
    pub other: SideView,
    /// Signs that both carry, in words.
    pub shared: Vec<String>,
    /// What speaks against their being one, in sentences.
    pub against: Vec<String>,
}

/// One of the two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SideView {
    /// What people call it.
    pub label: String,
    /// All that is known of it.
    pub device: DeviceView,
    /// The newest statement about it: what it is, by key.
    pub kind: String,
    /// Its file.
    pub file: String,
    /// The import.
    pub import: u32,
    /// The place in it.
    pub place: String,
    /// The same in words.
    pub place_said: String,
    /// When it was so (RFC 3339, UTC).
    pub captured_at: String,
}

/// What a person said of identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct IdentityDecisionView {
    /// `same` or `not_same`.
    pub verdict: String,
    /// One device, as people call it, or its sign in words.
    pub one: String,
    /// The other.
    pub other: String,
    /// Who said so.
    pub by: String,
    /// When (RFC 3339, UTC).
    pub at: String,
}

/// `most` pairs of what `derivation` doubts after the first `skip`, as `app` says them.
pub(crate) fn queue_of(
    app: &App,
    known: &Known<'_>,
    derivation: &Derivation,
    skip: usize,
    most: usize,
    today: Date,
) -> QueueView {
    let pairs = pairs(known, derivation);
    let mut shelf = Shelf::new(known, today);
    let shown = pairs.iter().skip(skip).take(most);
    let view = |doubts: &Vec<&Doubt>| app.pair(known, derivation, &mut shelf, doubts);
    QueueView { total: pairs.len(), pairs: shown.filter_map(view).collect() }
}

impl App {
    /// `most` pairs of the queue after the first `skip`, in full.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn queue_in_full(
        &self,
        skip: usize,
        most: usize,
        today: Date,
    ) -> Result<QueueView, AppError> {
        let books = self.facility()?.read(Books::load)?;
        Ok(books
            .with_known(|known, derivation| queue_of(self, known, derivation, skip, most, today)))
    }

    fn pair<'k>(
        &self,
        known: &'k Known<'k>,
        derivation: &Derivation,
        shelf: &mut Shelf<'k>,
        doubts: &[&Doubt],
    ) -> Option<PairView> {
        let doubt = doubts.first()?;
        let chart = |anchor: &Sign| known.chart(DeviceId::of(anchor.key()));
        let (one, other) = (chart(&doubt.one)?, chart(&doubt.other)?);
        let signs =
            |chart: &engine::Chart<'_>| signs_of(known.world, derivation.contexts(), chart.device);
        let theirs = signs(&other);
        let mut shared: Vec<Sign> =
            signs(&one).into_iter().filter(|sign| theirs.contains(sign)).collect();
        // An address that is ambiguous between networks links devices that do not carry the very same sign.
        shared.extend(doubts.iter().map(|doubt| doubt.link.clone()));
        let mut said: Vec<String> = Vec::new();
        for sign in &shared {
            let words = self.sign_said(sign);
            if !said.contains(&words) {
                said.push(words);
            }
        }
        let mut against: Vec<String> = doubts
            .iter()
            .map(|doubt| {
                self.catalogue().text(&format!("doubt.{}", doubt.against.key())).into_owned()
            })
            .collect();
        against.dedup();
        Some(PairView {
            one: self.side(known, shelf, &one)?,
            other: self.side(known, shelf, &other)?,
            shared: said,
            against,
        })
    }

    fn side<'k>(
        &self,
        known: &'k Known<'k>,
        shelf: &mut Shelf<'k>,
        chart: &engine::Chart<'k>,
    ) -> Option<SideView> {
        let (at, newest) = chart.members().last()?;
        let import = known.world.import(at.import)?.import;
        Some(SideView {
            label: chart.label(),
            device: shelf.view(chart),
            kind: newest.kind.key().to_owned(),
            file: import.file_name.clone(),
            import: import.id.0,
            place: newest.place.to_string(),
            place_said: self.catalogue().place(&newest.place),
            captured_at: import.captured_at.to_string(),
        })
    }

    /// The last word of a person on identity, which can be taken back.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn last_identity_decision(&self) -> Result<Option<IdentityDecisionView>, AppError> {
        self.facility()?.read(|view| {
            let Some(last) = view.last_identity_decision()? else { return Ok(None) };
            let name = |sign: &Sign| {
                let known =
                    view.device(DeviceId::of(sign.key()), |row, _| Ok::<_, AppError>(label(&row)))?;
                Ok::<_, AppError>(known.unwrap_or_else(|| self.sign_said(sign)))
            };
            Ok(Some(IdentityDecisionView {
                verdict: last.verdict.key().to_owned(),
                one: name(&last.one)?,
                other: name(&last.other)?,
                by: last.by,
                at: last.at.to_string(),
            }))
        })
    }
}

/// The doubts, those of one pair together, in an order that people can follow.
fn pairs<'d>(known: &Known<'_>, derivation: &'d Derivation) -> Vec<Vec<&'d Doubt>> {
    let label = |sign: &Sign| {
        known.chart(DeviceId::of(sign.key())).map_or_else(|| sign.to_string(), |it| it.label())
    };
    let mut doubts: Vec<&Doubt> = derivation.doubts().collect();
    doubts.sort_by_cached_key(|doubt| (label(&doubt.one), label(&doubt.other), (*doubt).clone()));
    let pairs = doubts.chunk_by(|a, b| (&a.one, &a.other) == (&b.one, &b.other));
    pairs.map(<[&Doubt]>::to_vec).collect()
}
