//! Devices (機器): what was derived, kept so that lists and charts need not derive it again.

use domain::{DeviceId, DeviceKind, Status};
use rusqlite::types::Value;
use rusqlite::{params, params_from_iter};

use super::db::{Columns, Slots};
use super::{Change, View};
use crate::{DeviceRow, StoreError};

const COLUMNS: &str = "id, sort, asset_number, name, kind, maker, model, os, os_version, software, software_version, \
                       location, status, zone, hostnames, addresses, macs";

/// What is written of a device, in the order of [`fill_row`] and [`Change::add_devices`].
const WRITTEN: [&str; 21] = [
    "facility",
    "id",
    "sort",
    "asset_number",
    "name",
    "kind",
    "maker",
    "model",
    "os",
    "os_version",
    "software",
    "software_version",
    "location",
    "status",
    "zone",
    "hostnames",
    "addresses",
    "macs",
    "search",
    "detail",
    "aliases",
];

/// Words of one search that are looked for; nobody types more.
const WORDS: usize = 16;

/// Everything that is kept of one device.
#[derive(Debug, Clone, Copy)]
pub struct KeptDevice<'a> {
    /// As a list shows it.
    pub row: DeviceRow<'a>,
    /// Everything it may be found by, folded (see [`fn@domain::fold`]).
    pub search: &'a str,
    /// Ids that lead to it.
    pub aliases: &'a [DeviceId],
    /// More about it that this crate does not look into.
    pub detail: &'a [u8],
}

impl Change {
    /// Keeps devices under whose ids nothing is kept. Fails where something is.
    ///
    /// Many are written quickest in the order of their `sort`.
    pub fn add_devices<'a>(
        &mut self,
        devices: impl IntoIterator<Item = KeptDevice<'a>>,
    ) -> Result<(), StoreError> {
        let facility = self.view.facility;
        let mut aliases = Vec::new();
        self.view.db.insert_all("device", &WRITTEN, devices, |device, slots| {
            aliases.clear();
            aliases.extend(device.aliases.iter().flat_map(|alias| alias.bits().to_be_bytes()));
            slots.fill(facility)?;
            fill_row(&device.row, slots)?;
            slots.fill(device.search)?;
            slots.fill(device.detail)?;
            slots.fill(aliases.as_slice())
        })
    }

    /// Takes a device out, with its aliases.
    pub fn remove_device(&mut self, id: DeviceId) -> Result<(), StoreError> {
        self.run_sql(
            "DELETE FROM device WHERE facility = ?1 AND id = ?2",
            params![self.view.facility, stored(id)],
        )
    }

    /// Takes every device out, before all are derived anew.
    pub fn clear_devices(&mut self) -> Result<(), StoreError> {
        self.run_sql("DELETE FROM device WHERE facility = ?1", [self.view.facility])
    }
}

fn fill_row(row: &DeviceRow<'_>, slots: &mut Slots<'_, '_>) -> Result<(), StoreError> {
    slots.fill(stored(row.id))?;
    slots.fill(row.sort)?;
    slots.fill(row.asset_number)?;
    slots.fill(row.name)?;
    slots.fill(row.kind.map(DeviceKind::key))?;
    slots.fill(row.maker)?;
    slots.fill(row.model)?;
    slots.fill(row.os)?;
    slots.fill(row.os_version)?;
    slots.fill(row.software)?;
    slots.fill(row.software_version)?;
    slots.fill(row.location)?;
    slots.fill(row.status.map(Status::key))?;
    slots.fill(row.zone)?;
    slots.fill(row.hostnames)?;
    slots.fill(row.addresses)?;
    slots.fill(row.macs)
}

impl View {
    /// Lends every device, in the order of their `sort`.
    pub fn each_device<E: From<StoreError>>(
        &self,
        take: impl FnMut(DeviceRow<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.each_device_with(&[], take)
    }

    /// Lends the devices whose search text holds every one of `words`, in the order of their `sort`.
    ///
    /// The words must be folded as that text is (see [`fn@domain::fold`]), and are taken as they are: `%` and `_` mean themselves.
    /// Of more than sixteen words the first sixteen count.
    pub fn each_device_with<E: From<StoreError>>(
        &self,
        words: &[&str],
        mut take: impl FnMut(DeviceRow<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let words = &words[..words.len().min(WORDS)];
        let mut sql = format!("SELECT {COLUMNS} FROM device WHERE facility = ?1");
        for number in 2..words.len() + 2 {
            sql.push_str(&format!(" AND search LIKE ?{number} ESCAPE '\\'"));
        }
        sql.push_str(" ORDER BY sort, id");
        let patterns = words.iter().map(|word| Value::Text(pattern(word)));
        let facility = std::iter::once(Value::Integer(self.facility));
        self.db.each(&sql, params_from_iter(facility.chain(patterns)), |row| take(device(row)?))
    }

    /// Lends one device with its detail, by its id or an alias of it; `None` where there is none.
    pub fn device<T, E: From<StoreError>>(
        &self,
        id: DeviceId,
        take: impl FnOnce(DeviceRow<'_>, &[u8]) -> Result<T, E>,
    ) -> Result<Option<T>, E> {
        let Some(id) = self.device_id(id)? else { return Ok(None) };
        let key = params![self.facility, stored(id)];
        let detail = self.db.one(
            "SELECT detail FROM device WHERE facility = ?1 AND id = ?2",
            key,
            |mut row| row.bytes().map(<[u8]>::to_vec),
        )?;
        let sql = format!("SELECT {COLUMNS} FROM device WHERE facility = ?1 AND id = ?2");
        self.db.one(&sql, key, |row| take(device(row)?, &detail.unwrap_or_default()))
    }

    /// Where `id` leads: to itself, where such a device is; to the device it is an alias of; or nowhere.
    pub fn device_id(&self, id: DeviceId) -> Result<Option<DeviceId>, StoreError> {
        let own = self.db.one(
            "SELECT 1 FROM device WHERE facility = ?1 AND id = ?2",
            params![self.facility, stored(id)],
            |mut row| row.integer(),
        )?;
        if own.is_some() {
            return Ok(Some(id));
        }
        Ok(self.aliases()?.into_iter().find(|(alias, _)| *alias == id).map(|(_, device)| device))
    }

    /// Lends the detail of every device, in the order of their `sort`.
    pub fn each_device_detail<E: From<StoreError>>(
        &self,
        mut take: impl FnMut(DeviceId, &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        self.db.each(
            "SELECT id, detail FROM device WHERE facility = ?1 ORDER BY sort, id",
            [self.facility],
            |mut row| take(DeviceId::from_bits(row.integer()? as u64), row.bytes()?),
        )
    }

    /// Every alias and the device it leads to, in the order of the aliases.
    pub fn aliases(&self) -> Result<Vec<(DeviceId, DeviceId)>, StoreError> {
        let mut aliases = Vec::new();
        self.db.each(
            "SELECT id, aliases FROM device WHERE facility = ?1",
            [self.facility],
            |mut row| {
                let device = DeviceId::from_bits(row.integer()? as u64);
                let (packed, _) = row.bytes()?.as_chunks::<8>();
                aliases.extend(
                    packed
                        .iter()
                        .map(|alias| (DeviceId::from_bits(u64::from_be_bytes(*alias)), device)),
                );
                Ok::<_, StoreError>(())
            },
        )?;
        aliases.sort();
        Ok(aliases)
    }
}

/// An id as it is stored: its sixty bits are never negative.
fn stored(id: DeviceId) -> i64 {
    id.bits() as i64
}

/// The pattern of texts that hold `word` as it is.
fn pattern(word: &str) -> String {
    let mut pattern = String::with_capacity(word.len() + 2);
    pattern.push('%');
    for c in word.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
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
mod tests {
    use super::*;

    #[test]
    fn signs_of_a_pattern_are_taken_as_they_are() {
        assert_eq!(pattern("ct_0%\\1"), "%ct\\_0\\%\\\\1%");
    }
}
