//! Differences between what is declared and what was observed, as people settle them: the observed value is declared from now on, or
//! the declaration stands. Either is a statement of a person, kept as evidence, and taken back as any import is.

use std::sync::Arc;

use domain::{
    DeviceId, FactsBuilder, Field, Import, ImportId, ImportState, Keeping, Layer, Observation,
    ObservationKind, Place, Source, SourceId, msg,
};
use serde_json::json;
use store::View;

use crate::chart::OneDevice;
use crate::ground::Ground;
use crate::hand::named_by;
use crate::views::FileView;
use crate::{Act, App, AppError, devices};

/// The kind of such an import.
pub(crate) const KIND: &str = "hand";

/// Raised whenever the same words would be read differently.
const VERSION: u16 = 1;

/// What a person says of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settling {
    /// What was observed is declared from now on.
    Accept,
    /// The declaration stands.
    Keep,
}

impl Settling {
    fn key(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Keep => "keep",
        }
    }
}

/// A value of a device with the words of the document.
struct Value {
    value: String,
    written: Option<String>,
}

impl App {
    /// Settles the difference in `field` of the device `id`; `observed` is the observed value that the person saw.
    ///
    /// # Errors
    ///
    /// [`AppError::NoDevice`], [`AppError::Decision`] where there is no such difference any more, and what the store says.
    pub fn settle_difference(
        &self,
        id: DeviceId,
        field: &str,
        observed: &str,
        settling: Settling,
        act: &Act,
    ) -> Result<FileView, AppError> {
        let changed = || AppError::Decision(msg!("app.drift_changed"));
        let field =
            Field::from_key(field).filter(|field| can_be_settled(*field)).ok_or_else(changed)?;
        let word = format!("device.{}", settling.key());
        let entry = act.entry(&word, format!("device:{id}"), &json!({}));
        self.facility()?.change(entry, |change| {
            let ground = Arc::new(Ground::load(change.view())?);
            let one = OneDevice::load(change.view(), ground, id)?;
            let (anchor, label, declared, seen) = one.with(|known, chart, contexts| {
                let value = |layer| {
                    let fact = match layer {
                        Layer::Declared => chart.declared(field),
                        Layer::Observed => chart.observed(field),
                    };
                    fact.map(|fact| Value {
                        value: fact.value.to_owned(),
                        written: fact.written.map(str::to_owned),
                    })
                };
                let anchor = named_by(known, contexts, chart).to_string();
                (anchor, chart.label(), value(Layer::Declared), value(Layer::Observed))
            })?;
            let seen = seen.filter(|seen| seen.value == observed).ok_or_else(changed)?;
            let declared = declared.ok_or_else(changed)?;
            let detail = json!({
                "device": label,
                "field": field.key(),
                "declared": declared.value,
                "observed": seen.value,
            });
            let said = if settling == Settling::Accept { seen } else { declared };
            let words = json!({
                "about": anchor,
                "device": label,
                "field": field.key(),
                "value": said.value,
                "observed": observed,
                "settled": settling.key(),
                "by": act.actor.to_string(),
                "at": act.now.to_string(),
            });
            change.detail(detail.to_string());
            let statement = statement(&anchor, field, &said);
            take_in(change, one.id, &words.to_string(), &statement, act)
        })
    }
}

/// Whether a person can settle a difference in `field` by a word: what identifies a device, and where it is on the network, is
/// settled in the ledger itself.
pub(crate) fn can_be_settled(field: Field) -> bool {
    !matches!(field, Field::AssetNumber | Field::Address | Field::Mac | Field::About)
}

fn statement(anchor: &str, field: Field, said: &Value) -> Observation {
    let mut facts = FactsBuilder::new();
    facts.add(Field::About, anchor);
    match &said.written {
        Some(written) => facts.add_written(field, &said.value, written),
        None => facts.add(field, &said.value),
    };
    Observation {
        place: Place::line(1),
        kind: ObservationKind::Hand,
        bindings: Vec::new(),
        facts: facts.finish(),
    }
}

fn take_in(
    change: &mut store::Change,
    id: DeviceId,
    words: &str,
    statement: &Observation,
    act: &Act,
) -> Result<FileView, AppError> {
    let source = SourceId::new(&format!("{KIND}/{id}"));
    let import = Import {
        id: ImportId(0),
        evidence: change.keep_evidence(words.as_bytes())?,
        file_name: format!("{KIND}-{id}.json"),
        size: words.len() as u64,
        keeping: Keeping::Whole,
        source: source.clone(),
        kind: KIND.to_owned(),
        reader_version: VERSION,
        encoding: None,
        captured_at: act.now,
        imported_at: act.now,
        imported_by: act.actor.to_string(),
        rows: 1,
        state: ImportState::Active,
    };
    let number = change.add_import(&import)?;
    change.set_source(&Source {
        id: source,
        kind: KIND.to_owned(),
        newest: None,
        freshness_days: None,
    })?;
    change.add_observations(number, [statement])?;
    let changes = devices::derive_and_write(change)?;
    Ok(FileView {
        import: Some(number.0),
        kind: Some(KIND.to_owned()),
        devices_new: changes.new,
        devices_changed: changes.changed,
        devices_gone: changes.gone,
        ..FileView::default()
    })
}

/// Who said in the import `id` that the declaration stands against this observed value, and when; `None` where it says something else.
pub(crate) fn kept_against(
    view: &View,
    id: ImportId,
    observed: &str,
) -> Result<Option<(String, String)>, AppError> {
    let import = view.import(id)?;
    if import.kind != KIND {
        return Ok(None);
    }
    let bytes = view.evidence(import.evidence)?.unwrap_or_default();
    let words: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or_default();
    let keeps = words["settled"] == Settling::Keep.key() && words["observed"] == observed;
    Ok(keeps.then(|| (import.imported_by, import.captured_at.to_string())))
}
