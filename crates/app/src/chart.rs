//! A device's chart: made of the device's own observations, without deriving all the others.

use std::sync::Arc;

use domain::{DeviceId, Observation, ObservationRef, Sign};
use engine::identity::{Contexts, signs_in, signs_of, single};
use engine::{Chart, Derivation, Known, Recorded, World};
use jiff::civil::Date;
use store::View;

use crate::books::Books;
use crate::devices::{CONTEXTS, Shelf};
use crate::ground::Ground;
use crate::heard::heard;
use crate::kept::parts_in;
use crate::views::{ChartView, ObservationView};
use crate::{App, AppError, tables};

/// What is known of one device, and what follows from it.
pub(crate) struct OneDevice {
    pub(crate) id: DeviceId,
    ground: Arc<Ground>,
    observations: Vec<Recorded>,
    derivation: Derivation,
}

impl OneDevice {
    /// Loads the device `id`, or to which this alias leads, on the ground of the same moment.
    pub(crate) fn load(view: &View, ground: Arc<Ground>, id: DeviceId) -> Result<Self, AppError> {
        let led = ground.places.id(id).ok_or_else(|| AppError::NoDevice(id.to_string()))?;
        match Self::of_its_own(view, Arc::clone(&ground), led, usize::MAX)? {
            Some(one) => Ok(one),
            None => Self::by_deriving_all(view, ground, led),
        }
    }

    /// Loads the device `id` from its own observations; `None` where there are more than `most` of them, or they alone do not tell.
    pub(crate) fn of_its_own(
        view: &View,
        ground: Arc<Ground>,
        id: DeviceId,
        most: usize,
    ) -> Result<Option<Self>, AppError> {
        let parts = view.device_detail(&ground.places, id, parts_in)?.and_then(|(_, parts)| parts);
        let Some(parts) = parts.filter(|parts| parts.members.len() <= most) else {
            return Ok(None);
        };
        let Some(contexts) = ground.contexts.clone() else { return Ok(None) };
        let mut observations = Vec::with_capacity(parts.members.len());
        for at in parts.members {
            let observation = view.observation(at)?;
            observations.extend(observation.map(|observation| Recorded { at, observation }));
        }
        observations.sort_by_key(|recorded| recorded.at);
        let derived = single(&world(&ground, &observations), contexts, id, parts.aliases);
        Ok(derived.map(|derivation| Self { id, ground, observations, derivation }))
    }

    /// The same the long way.
    pub(crate) fn by_deriving_all(
        view: &View,
        ground: Arc<Ground>,
        id: DeviceId,
    ) -> Result<Self, AppError> {
        let books = Books::load(view)?;
        let derivation = engine::derive(&books.world(), None);
        Ok(Self { id, ground, observations: books.observations, derivation })
    }

    /// Lends the chart.
    pub(crate) fn with<T>(
        &self,
        lend: impl FnOnce(&Known<'_>, &Chart<'_>, &Contexts) -> T,
    ) -> Result<T, AppError> {
        let world = world(&self.ground, &self.observations);
        let support = self.ground.support.as_ref().unwrap_or(reference::lifecycle::shipped());
        let known = Known::new(&world, &self.derivation, tables(support), &self.ground.zones);
        let chart = known.chart(self.id).ok_or_else(|| AppError::NoDevice(self.id.to_string()))?;
        Ok(lend(&known, &chart, self.derivation.contexts()))
    }

    /// The chart without its findings.
    pub(crate) fn view(&self, today: Date) -> Result<ChartView, AppError> {
        self.with(|known, chart, contexts| ChartView {
            device: Shelf::new(known, today).view(chart),
            aliases: chart.device.aliases.iter().map(ToString::to_string).collect(),
            signs: signs_of(known.world, contexts, chart.device)
                .iter()
                .map(Sign::to_string)
                .collect(),
            observations: observations(known, chart),
            heard: heard(known, chart),
            findings: Vec::new(),
        })
    }
}

/// The world of one device: without looks and decisions, since what the others say of a device does not change its chart.
fn world<'a>(ground: &'a Ground, observations: &'a [Recorded]) -> World<'a> {
    World::new(&ground.imports, observations, &[], &[], reference::layers::shipped())
}

impl App {
    /// One device with its story.
    ///
    /// # Errors
    ///
    /// [`AppError::NoDevice`], and what the store says.
    pub fn device(&self, id: DeviceId, today: Date) -> Result<ChartView, AppError> {
        self.facility()?.read(|view| self.device_in(view, id, today))
    }

    /// The same of the device that scripts call so: by id, asset number, computer name, address or MAC.
    ///
    /// # Errors
    ///
    /// As [`App::find_device`].
    pub fn device_named(&self, name: &str, today: Date) -> Result<ChartView, AppError> {
        self.at_once(|moment| moment.device_named(name, today))
    }

    fn device_in(&self, view: &View, id: DeviceId, today: Date) -> Result<ChartView, AppError> {
        let one = OneDevice::load(view, self.ground(view)?, id)?;
        self.chart_in(view, &one, today)
    }

    /// The chart of a loaded device, with its findings.
    pub(crate) fn chart_in(
        &self,
        view: &View,
        one: &OneDevice,
        today: Date,
    ) -> Result<ChartView, AppError> {
        let findings = self.findings_in(view, Arc::clone(&one.ground), one.id, today)?;
        Ok(ChartView { findings, ..one.view(today)? })
    }
}

/// The device that an observation belongs to, and what people call it: by the signs the observation carries, tried strongest first.
pub(crate) fn device_of(
    view: &View,
    at: ObservationRef,
    observation: &Observation,
) -> Result<Option<(String, String)>, AppError> {
    let contexts = view.setting(CONTEXTS)?.and_then(|text| Contexts::from_text(&text));
    let import = view.import(at.import)?;
    for sign in signs_in(observation, &import, &contexts.unwrap_or_default()) {
        let id = DeviceId::of(sign.key());
        let found = view.device(id, |row, detail| {
            let is_it = parts_in(detail).is_some_and(|parts| parts.members.contains(&at));
            Ok::<_, AppError>((row.id, label(&row), is_it))
        })?;
        if let Some((id, label, true)) = found {
            return Ok(Some((id.to_string(), label)));
        }
    }
    Ok(None)
}

/// What people call a device, by its row: computer name, name, number, address or card.
pub(crate) fn label(row: &store::DeviceRow<'_>) -> String {
    let first = |lines: &str| lines.lines().next().unwrap_or_default().to_owned();
    let names = [first(row.hostnames), row.name.to_owned(), first(row.addresses), first(row.macs)];
    let name = names.into_iter().find(|name| !name.is_empty());
    match (name, row.asset_number) {
        (Some(name), "") => name,
        (Some(name), number) => format!("{name} ({number})"),
        (None, "") => row.id.to_string(),
        (None, number) => number.to_owned(),
    }
}

fn observations(known: &Known<'_>, chart: &Chart<'_>) -> Vec<ObservationView> {
    chart
        .members()
        .filter_map(|(at, observation)| {
            let import = known.world.import(at.import)?.import;
            Some(ObservationView {
                import: import.id.0,
                source: import.source.to_string(),
                file: import.file_name.clone(),
                place: observation.place.to_string(),
                kind: observation.kind.key().to_owned(),
                layer: known.world.layers().feed(observation.kind).layer.key().to_owned(),
                captured_at: import.captured_at.to_string(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests;
