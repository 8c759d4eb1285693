//! Observations (見えたこと): one row each, with the fields as one block.

use std::fmt::Write;
use std::sync::Arc;

use domain::{Facts, ImportId, Observation, ObservationKind, ObservationRef, Place};
use rusqlite::params;

use super::db::Columns;
use super::{Change, View};
use crate::{StoreError, bindings};

const COLUMNS: &str = "import, seq, kind, place, bindings, facts";

impl Change {
    /// Adds the observations of an import, numbered from 0 in the order given. To be called once for each import.
    pub fn add_observations<'o>(
        &mut self,
        import: ImportId,
        observations: impl IntoIterator<Item = &'o Observation>,
    ) -> Result<(), StoreError> {
        let facility = self.view.facility;
        let (mut packed, mut place) = (Vec::new(), String::new());
        self.view.db.insert_all(
            "observation",
            &["facility", "import", "seq", "kind", "place", "bindings", "facts"],
            (0u32..).zip(observations),
            |(seq, observation), slots| {
                packed.clear();
                bindings::encode(&observation.bindings, &mut packed);
                place.clear();
                // Writing to a string cannot fail.
                let _ = write!(place, "{}", observation.place);
                slots.fill(facility)?;
                slots.fill(import.0)?;
                slots.fill(seq)?;
                slots.fill(observation.kind.key())?;
                slots.fill(place.as_str())?;
                slots.fill(packed.as_slice())?;
                slots.fill(observation.facts.as_bytes())
            },
        )
    }
}

impl View {
    /// Gives every observation that counts, by import and then in the order of reading.
    pub fn each_observation<E: From<StoreError>>(
        &self,
        mut take: impl FnMut(ObservationRef, Observation) -> Result<(), E>,
    ) -> Result<(), E> {
        for import in self.active_imports()? {
            self.each_observation_of(import, &mut take)?;
        }
        Ok(())
    }

    /// Gives every observation of one import in the order of reading, whether they count or not.
    pub fn each_observation_of<E: From<StoreError>>(
        &self,
        import: ImportId,
        mut take: impl FnMut(ObservationRef, Observation) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut sheets = Sheets::default();
        self.db.each(
            &format!(
                "SELECT {COLUMNS} FROM observation WHERE facility = ?1 AND import = ?2 ORDER BY seq"
            ),
            params![self.facility, import.0],
            |row| {
                let (from, observation) = observation(row, &mut sheets)?;
                take(from, observation)
            },
        )
    }

    /// One observation.
    pub fn observation(&self, from: ObservationRef) -> Result<Option<Observation>, StoreError> {
        self.db.one(
            &format!(
                "SELECT {COLUMNS} FROM observation WHERE facility = ?1 AND import = ?2 AND seq = ?3"
            ),
            params![self.facility, from.import.0, from.seq],
            |row| observation(row, &mut Sheets::default()).map(|(_, observation)| observation),
        )
    }
}

/// The last sheet's name: the rows of a sheet share it in memory, as they did when they were read.
#[derive(Default)]
struct Sheets(Option<Arc<str>>);

impl Sheets {
    fn share(&mut self, place: &mut Place) {
        if place.sheet == self.0 {
            place.sheet.clone_from(&self.0);
        } else {
            self.0.clone_from(&place.sheet);
        }
    }
}

fn observation(
    mut row: Columns<'_>,
    sheets: &mut Sheets,
) -> Result<(ObservationRef, Observation), StoreError> {
    let from = ObservationRef { import: row.import()?, seq: row.number()? };
    let kind = row.word(ObservationKind::from_key)?;
    let mut place = row.parsed()?;
    sheets.share(&mut place);
    let bindings = bindings::decode(row.bytes()?).map_err(|_| row.damaged())?;
    let facts = Facts::from_bytes(row.bytes()?).map_err(|_| row.damaged())?;
    Ok((from, Observation { place, kind, bindings, facts }))
}
