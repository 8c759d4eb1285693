//! What advisories say of a device before its products are judged: which build its updates bring, and whether they know its model.
//!
//! An update that is there shows that Windows is at least the build that it brings. One that is not listed shows nothing: systems list only
//! the latest few, and the list may be older than the advisories. So the build is bounded from below only, and nothing is ever said to be
//! affected since an update is missing.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use domain::{Confidence, Field, MakerTable, ObservationRef, msg};
use notation::version::Scheme;

use crate::advisories::index::Index;
use crate::advisories::judge::{Judge, Least, Machine, lacks_revision};
use crate::advisories::serials::Serial;
use crate::advisories::updates::{Build, number_of};
use crate::identity::serial_number;
use crate::known::Chart;
use crate::products::Named;

/// What advisories say of updates and of model numbers, each looked up once.
pub(super) struct Advised<'i> {
    index: Option<&'i Index<'i>>,
    makers: &'i MakerTable,
    known: RefCell<HashMap<u64, Vec<Build>>>,
    machines: RefCell<HashMap<Machine, bool>>,
    serials: RefCell<HashMap<Machine, Arc<[String]>>>,
    is_damaged: Cell<bool>,
}

impl<'i> Advised<'i> {
    /// What `index` says; nothing without one.
    pub(super) fn of(index: Option<&'i Index<'i>>, makers: &'i MakerTable) -> Self {
        Self {
            index,
            makers,
            known: RefCell::default(),
            machines: RefCell::default(),
            serials: RefCell::default(),
            is_damaged: Cell::default(),
        }
    }

    /// Whether the index could not be read.
    pub(super) fn is_damaged(&self) -> bool {
        self.is_damaged.get()
    }

    /// The lowest build that `named` can be on this device, and what says so; none where its version has a revision already, or nothing is
    /// known of the updates.
    ///
    /// The newest list of the device counts alone: it may have been set up anew since an older one.
    pub(super) fn least(
        &self,
        chart: &Chart<'_>,
        named: &Named,
    ) -> Option<(Least, ObservationRef)> {
        self.index?;
        let is_windows = named.scheme == Some(Scheme::Windows);
        let family = named.version.as_deref().filter(|_| is_windows)?;
        if !lacks_revision(family) {
            return None;
        }
        let mut lowest = None;
        for (update, at) in chart.updates() {
            let Some(number) = number_of(update) else { continue };
            // Of several builds that advisories name for one update, the lowest is what it surely brings.
            let build = self.builds(number).into_iter().find(|build| build.is_of(family));
            let Some(build) = build else { continue };
            let least = Least { build, update: number };
            let is_higher = |(known, _): &(Least, _)| build > known.build;
            if lowest.as_ref().is_none_or(is_higher) {
                lowest = Some((least, at));
            }
        }
        lowest
    }

    /// Takes a machine that advisories name by its model number for surely that one: see [`crate::advisories::key::Naming::Model`].
    pub(super) fn know(&self, named: &mut Named) {
        let (Some(index), Some(machine)) = (self.index, &named.machine) else { return };
        if named.said.is_some() {
            return;
        }
        let mut machines = self.machines.borrow_mut();
        let is_known = *machines.entry(machine.clone()).or_insert_with(|| {
            Judge::new(index, self.makers).knows(machine).unwrap_or_else(|_| {
                self.is_damaged.set(true);
                false
            })
        });
        if is_known {
            let text = format!("{} {}", machine.maker, machine.model);
            // What was laid beside the mere candidate stays beside it.
            named.before.push(named.family());
            named.confidence = Confidence::Likely;
            named.reason = msg!("products.model_number", text = text);
        }
    }

    /// The machine as the unit that this device is, where advisories tell units of it apart by their serial numbers; none where they do not,
    /// or the device's own is not known.
    pub(super) fn unit(&self, chart: &Chart<'_>, named: &Named) -> Option<Machine> {
        let (index, machine) = (self.index?, named.machine.as_ref()?);
        let mut known = self.serials.borrow_mut();
        let asked = known.entry(machine.clone()).or_insert_with(|| {
            let judge = Judge::new(index, self.makers);
            let given = judge.serials(&super::product(named)).unwrap_or_else(|_| {
                self.is_damaged.set(true);
                BTreeSet::new()
            });
            given.into_iter().collect()
        });
        if asked.is_empty() {
            return None;
        }
        let written = chart.declared(Field::Serial).or_else(|| chart.observed(Field::Serial))?;
        let number = serial_number(written.value)?;
        Some(Machine { serial: Some(Serial::new(Arc::clone(asked), &number)), ..machine.clone() })
    }

    /// The builds that an update brings, the lowest first.
    fn builds(&self, update: u64) -> Vec<Build> {
        let Some(index) = self.index else { return Vec::new() };
        let mut known = self.known.borrow_mut();
        let builds = known.entry(update).or_insert_with(|| {
            index.builds_of(update).unwrap_or_else(|_| {
                self.is_damaged.set(true);
                Vec::new()
            })
        });
        builds.clone()
    }
}
