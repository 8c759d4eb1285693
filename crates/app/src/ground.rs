//! What every reading of one device or one finding rests on beside its own records: read once, and again when something has changed.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::{FindingDecision, Import, ImportId, ImportState, LifecycleTable, Zone};
use engine::identity::Contexts;
use store::{DevicePlaces, View};

use crate::devices::CONTEXTS;
use crate::findings::decisions;
use crate::{App, AppError, support};

/// The same for every reading between two entries of the record.
#[derive(Debug)]
pub(crate) struct Ground {
    /// The active imports.
    pub(crate) imports: Vec<Import>,
    /// Of every import, whether it counts or not, the source.
    pub(crate) sources: BTreeMap<ImportId, String>,
    /// The support dates, where the hospital has some of its own.
    pub(crate) support: Option<LifecycleTable>,
    /// The zones people named.
    pub(crate) zones: Vec<Zone>,
    /// Which network each address was derived to be in; none where an earlier version kept it.
    pub(crate) contexts: Option<Contexts>,
    /// Where each device is kept.
    pub(crate) places: DevicePlaces,
    /// The last decision about each finding, by its key as it is now.
    pub(crate) decisions: BTreeMap<String, FindingDecision>,
}

/// The ground of the last moment that somebody asked for, by the number of the record's last entry.
pub(crate) type Kept = Arc<Mutex<Option<(u64, Arc<Ground>)>>>;

impl Ground {
    /// Reads it. Where something was changed before in the same transaction, as it is since.
    pub(crate) fn load(view: &View) -> Result<Self, AppError> {
        let mut imports = view.imports()?;
        let sources = imports.iter().map(|import| (import.id, import.source.to_string())).collect();
        imports.retain(|import| import.state == ImportState::Active);
        Ok(Self {
            support: support::table(view, &imports)?,
            imports,
            sources,
            zones: view.zones()?,
            contexts: view.setting(CONTEXTS)?.and_then(|text| Contexts::from_text(&text)),
            places: view.device_places()?,
            decisions: decisions(view)?,
        })
    }
}

impl App {
    /// The ground as `view` reads it, which must not be within a change: what that has done has no entry of the record yet.
    pub(crate) fn ground(&self, view: &View) -> Result<Arc<Ground>, AppError> {
        let (head, _) = view.audit_head()?;
        self.ground_at(view, head)
    }

    /// The same where the record's last entry is known to be `head`.
    pub(crate) fn ground_at(&self, view: &View, head: u64) -> Result<Arc<Ground>, AppError> {
        if let Some(ground) = self.kept_ground(head) {
            return Ok(ground);
        }
        let ground = Arc::new(Ground::load(view)?);
        *self.kept() = Some((head, Arc::clone(&ground)));
        Ok(ground)
    }

    /// The ground after entry `head`, where it was read already.
    pub(crate) fn kept_ground(&self, head: u64) -> Option<Arc<Ground>> {
        self.kept().as_ref().filter(|(of, _)| *of == head).map(|(_, ground)| Arc::clone(ground))
    }

    fn kept(&self) -> MutexGuard<'_, Option<(u64, Arc<Ground>)>> {
        self.ground.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
