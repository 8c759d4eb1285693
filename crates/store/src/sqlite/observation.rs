//! Observations (見えたこと): many in one row, packed.

use domain::{ImportId, Observation, ObservationRef};
use rusqlite::params;

use super::db::{Columns, count};
use super::{Change, Db, View};
use crate::StoreError;
use crate::blocks::observations::{Filling, Reading};
use crate::blocks::{Packer, unpack};

impl Change {
    /// Adds the observations of an import, numbered from 0 in the order given. To be called once for each import.
    pub fn add_observations<'o>(
        &mut self,
        import: ImportId,
        observations: impl IntoIterator<Item = &'o Observation>,
    ) -> Result<(), StoreError> {
        let mut blocks = Blocks::new(self.view.facility, import);
        for observation in observations {
            blocks.add(&self.view.db, observation)?;
        }
        blocks.write(&self.view.db)
    }
}

/// Writes the observations of one import, block by block.
pub(super) struct Blocks {
    facility: i64,
    import: ImportId,
    seq: u32,
    filling: Filling,
    packer: Packer,
}

impl Blocks {
    pub(super) fn new(facility: i64, import: ImportId) -> Self {
        Self { facility, import, seq: 0, filling: Filling::default(), packer: Packer::new() }
    }

    /// Whether they are of this import.
    pub(super) fn are_of(&self, facility: i64, import: ImportId) -> bool {
        (self.facility, self.import) == (facility, import)
    }

    /// The number of the observation that is added next.
    pub(super) fn next_seq(&self) -> u32 {
        self.seq + self.filling.count()
    }

    pub(super) fn add(&mut self, db: &Db, observation: &Observation) -> Result<(), StoreError> {
        if self.filling.is_full() {
            self.write(db)?;
        }
        self.filling.add(observation);
        Ok(())
    }

    pub(super) fn write(&mut self, db: &Db) -> Result<(), StoreError> {
        let (held, bytes) = (self.filling.count(), self.filling.bytes());
        if held == 0 {
            return Ok(());
        }
        db.run(
            "INSERT INTO observation_block (facility, import, seq, count, size, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                self.facility,
                self.import.0,
                self.seq,
                held,
                count(bytes.len() as u64),
                self.packer.pack(bytes)
            ],
        )?;
        self.seq += held;
        self.filling.clear();
        Ok(())
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
        let (mut unpacked, mut sheet) = (Vec::new(), None);
        self.db.each(
            "SELECT seq, count, size, bytes FROM observation_block
             WHERE facility = ?1 AND import = ?2 ORDER BY seq",
            params![self.facility, import.0],
            |mut row| {
                let (seq, held) = open(&mut row, &mut unpacked)?;
                let mut reading = Reading::new(&unpacked, sheet.take());
                for seq in (seq..).take(held) {
                    let observation = reading.next().map_err(|_| row.damaged())?;
                    take(ObservationRef { import, seq }, observation)?;
                }
                if !reading.is_at_end() {
                    return Err(row.damaged().into());
                }
                sheet = reading.sheet();
                Ok(())
            },
        )
    }

    /// One observation.
    pub fn observation(&self, from: ObservationRef) -> Result<Option<Observation>, StoreError> {
        let found = self.db.one::<_, StoreError>(
            "SELECT seq, count, size, bytes FROM observation_block
             WHERE facility = ?1 AND import = ?2 AND seq <= ?3 ORDER BY seq DESC LIMIT 1",
            params![self.facility, from.import.0, from.seq],
            |mut row| {
                let mut unpacked = Vec::new();
                let (seq, held) = open(&mut row, &mut unpacked)?;
                let before = (from.seq - seq) as usize;
                if before >= held {
                    return Ok(None);
                }
                let mut reading = Reading::new(&unpacked, None);
                (0..before).try_for_each(|_| reading.skip()).map_err(|_| row.damaged())?;
                reading.next().map(Some).map_err(|_| row.damaged())
            },
        )?;
        Ok(found.flatten())
    }
}

/// Unpacks a block; gives the number of its first observation, and how many there are.
fn open(row: &mut Columns<'_>, unpacked: &mut Vec<u8>) -> Result<(u32, usize), StoreError> {
    let (seq, held, size) = (row.number()?, row.number::<u32>()?, row.number()?);
    unpack(row.bytes()?, size, unpacked).map_err(|_| row.damaged())?;
    Ok((seq, held as usize))
}
