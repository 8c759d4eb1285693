//! What a step of migration does that SQL alone cannot: single rows are carried over into blocks.

use domain::{DeviceId, DeviceKind, Facts, Observation, ObservationKind, Status};

use super::Db;
use super::db::Columns;
use super::device::write_block;
use super::observation::Blocks;
use crate::blocks::Packer;
use crate::blocks::devices::{Filling, begins_a_block};
use crate::{DeviceRow, KeptDevice, StoreError, bindings};

/// The step whose tables are filled from those of the step before.
pub(super) const STEP: usize = 2;

/// Fills the tables of [`STEP`].
pub(super) fn into_blocks(db: &Db) -> Result<(), StoreError> {
    observations(db)?;
    let facilities = db.all("SELECT number FROM facility", [], |mut row| row.integer())?;
    facilities.into_iter().try_for_each(|facility| devices(db, facility))
}

fn observations(db: &Db) -> Result<(), StoreError> {
    let mut blocks: Option<Blocks> = None;
    db.each::<StoreError>(
        "SELECT facility, import, seq, kind, place, bindings, facts FROM observation
         ORDER BY facility, import, seq",
        [],
        |mut row| {
            let (facility, import, seq) = (row.integer()?, row.import()?, row.number::<u32>()?);
            if !blocks.as_ref().is_some_and(|blocks| blocks.are_of(facility, import)) {
                blocks.take().map_or(Ok(()), |mut before| before.write(db))?;
            }
            let blocks = blocks.get_or_insert_with(|| Blocks::new(facility, import));
            if blocks.next_seq() != seq {
                return Err(row.damaged());
            }
            blocks.add(db, &observation(&mut row)?)
        },
    )?;
    blocks.map_or(Ok(()), |mut last| last.write(db))
}

fn observation(row: &mut Columns<'_>) -> Result<Observation, StoreError> {
    Ok(Observation {
        kind: row.word(ObservationKind::from_key)?,
        place: row.parsed()?,
        bindings: bindings::decode(row.bytes()?).map_err(|_| row.damaged())?,
        facts: Facts::from_bytes(row.bytes()?).map_err(|_| row.damaged())?,
    })
}

fn devices(db: &Db, facility: i64) -> Result<(), StoreError> {
    let (mut filling, mut packer) = (Filling::default(), Packer::new());
    let mut cut = |filling: &mut Filling| {
        filling.finish(&mut packer).map_or(Ok(()), |block| write_block(db, facility, &block))
    };
    db.each::<StoreError>(
        "SELECT aliases, detail, id, sort, asset_number, name, kind, maker, model, os, os_version, software,
                software_version, location, status, zone, hostnames, addresses, macs
         FROM device WHERE facility = ?1 ORDER BY sort, id",
        [facility],
        |mut row| {
            let aliases = aliases(&mut row)?;
            // Single rows kept a whole digest of a device; of it the first half is compared now, and what follows it means something else.
            let detail = row.bytes()?;
            let detail = detail.get(..16).unwrap_or(detail);
            let row = device(row)?;
            if begins_a_block(row.id) {
                cut(&mut filling)?;
            }
            filling.add(&KeptDevice { row, aliases: &aliases, detail });
            Ok(())
        },
    )?;
    cut(&mut filling)
}

fn aliases(row: &mut Columns<'_>) -> Result<Vec<DeviceId>, StoreError> {
    let (packed, _) = row.bytes()?.as_chunks::<8>();
    Ok(packed.iter().map(|alias| DeviceId::from_bits(u64::from_be_bytes(*alias))).collect())
}

fn device(mut row: Columns<'_>) -> Result<DeviceRow<'_>, StoreError> {
    Ok(DeviceRow {
        id: DeviceId::from_bits(row.integer()? as u64),
        sort: row.text()?,
        asset_number: row.text()?,
        name: row.text()?,
        kind: row.optional_word(DeviceKind::from_key)?,
        maker: row.text()?,
        model: row.text()?,
        os: row.text()?,
        os_version: row.text()?,
        software: row.text()?,
        software_version: row.text()?,
        location: row.text()?,
        status: row.optional_word(Status::from_key)?,
        zone: row.text()?,
        hostnames: row.text()?,
        addresses: row.text()?,
        macs: row.text()?,
    })
}

#[cfg(test)]
mod tests;
