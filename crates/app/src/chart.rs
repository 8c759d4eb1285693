//! A device's chart: made of the device's own observations, without deriving all the others.

use domain::{DeviceId, ImportState, Observation, ObservationRef, Sign};
use engine::identity::{Contexts, signs_in, signs_of, single};
use engine::{Chart, Derivation, Known, Recorded};
use jiff::civil::Date;
use store::View;

use crate::books::Books;
use crate::devices::{CONTEXTS, Shelf};
use crate::kept::parts_in;
use crate::views::{ChartView, ObservationView};
use crate::{App, AppError, support};

/// The books of one device, and what follows from them.
pub(crate) struct OneDevice {
    pub(crate) id: DeviceId,
    books: Books,
    derivation: Derivation,
}

impl OneDevice {
    /// Loads the device `id`, or to which this alias leads.
    pub(crate) fn load(view: &View, id: DeviceId) -> Result<Self, AppError> {
        let found = view.device(id, |row, detail| Ok::<_, AppError>((row.id, parts_in(detail))))?;
        let (id, parts) = found.ok_or_else(|| AppError::NoDevice(id.to_string()))?;
        let contexts = view.setting(CONTEXTS)?.and_then(|text| Contexts::from_text(&text));
        if let (Some(parts), Some(contexts)) = (parts, contexts) {
            let mut books = without_observations(view)?;
            for at in parts.members {
                let observation = view.observation(at)?;
                books
                    .observations
                    .extend(observation.map(|observation| Recorded { at, observation }));
            }
            books.observations.sort_by_key(|recorded| recorded.at);
            if let Some(derivation) = single(&books.world(), contexts, id, parts.aliases) {
                return Ok(Self { id, books, derivation });
            }
        }
        Self::by_deriving_all(view, id)
    }

    /// The same the long way.
    pub(crate) fn by_deriving_all(view: &View, id: DeviceId) -> Result<Self, AppError> {
        let books = Books::load(view)?;
        let derivation = engine::derive(&books.world(), None);
        Ok(Self { id, books, derivation })
    }

    /// Lends the chart.
    pub(crate) fn with<T>(
        &self,
        lend: impl FnOnce(&Known<'_>, &Chart<'_>, &Contexts) -> T,
    ) -> Result<T, AppError> {
        self.books.with_derivation(&self.derivation, |known| {
            let chart =
                known.chart(self.id).ok_or_else(|| AppError::NoDevice(self.id.to_string()))?;
            Ok(lend(known, &chart, self.derivation.contexts()))
        })
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
            findings: Vec::new(),
        })
    }
}

/// The books without observations, looks and decisions: what the others say of a device does not change its chart.
fn without_observations(view: &View) -> Result<Books, AppError> {
    let mut imports = view.imports()?;
    imports.retain(|import| import.state == ImportState::Active);
    Ok(Books {
        support: support::table(view, &imports)?,
        imports,
        observations: Vec::new(),
        coverage: Vec::new(),
        decisions: Vec::new(),
        zones: view.zones()?,
    })
}

impl App {
    /// One device with its story.
    ///
    /// # Errors
    ///
    /// [`AppError::NoDevice`], and what the store says.
    pub fn device(&self, id: DeviceId, today: Date) -> Result<ChartView, AppError> {
        let one = self.facility()?.read(|view| OneDevice::load(view, id))?;
        let findings = self.findings_of(one.id, today)?;
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
