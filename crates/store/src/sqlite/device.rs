//! Devices (機器): what was derived, kept so that lists and charts need not derive it again.

use domain::{DeviceId, DeviceKind, Status};
use rusqlite::types::Value;
use rusqlite::{params, params_from_iter};

use super::db::{Columns, written};
use super::{Change, View};
use crate::{DeviceRow, StoreError};

const COLUMNS: &str = "id, sort, asset_number, name, kind, maker, model, os, os_version, software, software_version, \
                       location, status, zone, hostnames, addresses, macs";

/// Words of one search that are looked for; nobody types more.
const WORDS: usize = 16;

impl Change {
    /// Keeps a device, in place of what was kept under its id.
    ///
    /// `search` is everything it may be found by, folded (see [`fn@domain::fold`]). `detail` is the whole of it, for its chart;
    /// this crate does not look into it. Many devices are written quickest in the order of their `sort`.
    pub fn set_device(
        &mut self,
        device: &DeviceRow<'_>,
        search: &str,
        detail: &[u8],
    ) -> Result<(), StoreError> {
        let id = written(&device.id);
        self.delete_device(&id)?;
        self.insert_device(&id, device, search)?;
        self.run_sql(
            "INSERT INTO device_detail (facility, sort, id, detail) VALUES (?1, ?2, ?3, ?4)",
            params![self.view.facility, device.sort, id, detail],
        )
    }

    /// Takes a device out, with its aliases.
    pub fn remove_device(&mut self, id: DeviceId) -> Result<(), StoreError> {
        let id = written(&id);
        self.delete_device(&id)?;
        self.run_sql(
            "DELETE FROM device_alias WHERE facility = ?1 AND device = ?2",
            params![self.view.facility, id],
        )
    }

    /// Takes every device and alias out, before all are derived anew.
    pub fn clear_devices(&mut self) -> Result<(), StoreError> {
        for table in ["device", "device_detail", "device_alias"] {
            let sql = format!("DELETE FROM {table} WHERE facility = ?1");
            self.run_sql(&sql, [self.view.facility])?;
        }
        Ok(())
    }

    /// Lets `alias` lead to `device`, in place of where it led.
    pub fn set_alias(&mut self, alias: DeviceId, device: DeviceId) -> Result<(), StoreError> {
        self.run_sql(
            "INSERT INTO device_alias (facility, alias, device) VALUES (?1, ?2, ?3)
             ON CONFLICT (facility, alias) DO UPDATE SET device = excluded.device",
            params![self.view.facility, written(&alias), written(&device)],
        )
    }

    /// Lets `alias` lead nowhere.
    pub fn remove_alias(&mut self, alias: DeviceId) -> Result<(), StoreError> {
        self.run_sql(
            "DELETE FROM device_alias WHERE facility = ?1 AND alias = ?2",
            params![self.view.facility, written(&alias)],
        )
    }

    fn delete_device(&self, id: &str) -> Result<(), StoreError> {
        let sort = self.view.db.one(
            "SELECT sort FROM device WHERE facility = ?1 AND id = ?2",
            params![self.view.facility, id],
            |mut row| row.string(),
        )?;
        let Some(sort) = sort else { return Ok(()) };
        for table in ["device", "device_detail"] {
            let sql = format!("DELETE FROM {table} WHERE facility = ?1 AND sort = ?2 AND id = ?3");
            self.run_sql(&sql, params![self.view.facility, sort, id])?;
        }
        Ok(())
    }

    fn insert_device(
        &self,
        id: &str,
        device: &DeviceRow<'_>,
        search: &str,
    ) -> Result<(), StoreError> {
        self.run_sql(
            "INSERT INTO device (facility, id, sort, asset_number, name, kind, maker, model, os, os_version,
                                 software, software_version, location, status, zone, hostnames, addresses, macs, search)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)",
            params![
                self.view.facility,
                id,
                device.sort,
                device.asset_number,
                device.name,
                device.kind.map(DeviceKind::key),
                device.maker,
                device.model,
                device.os,
                device.os_version,
                device.software,
                device.software_version,
                device.location,
                device.status.map(Status::key),
                device.zone,
                device.hostnames,
                device.addresses,
                device.macs,
                search,
            ],
        )
    }
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
        let key = params![self.facility, written(&id)];
        let detail = self.db.one(
            "SELECT t.detail FROM device d
             JOIN device_detail t ON t.facility = d.facility AND t.sort = d.sort AND t.id = d.id
             WHERE d.facility = ?1 AND d.id = ?2",
            key,
            |mut row| row.bytes().map(<[u8]>::to_vec),
        )?;
        let sql = format!("SELECT {COLUMNS} FROM device WHERE facility = ?1 AND id = ?2");
        self.db.one(&sql, key, |row| take(device(row)?, &detail.unwrap_or_default()))
    }

    /// Where `id` leads: to itself, where such a device is; to the device it is an alias of; or nowhere.
    pub fn device_id(&self, id: DeviceId) -> Result<Option<DeviceId>, StoreError> {
        self.db.one(
            "SELECT id FROM device WHERE facility = ?1 AND id = ?2
             UNION ALL
             SELECT d.id FROM device_alias a JOIN device d ON d.facility = a.facility AND d.id = a.device
             WHERE a.facility = ?1 AND a.alias = ?2
             LIMIT 1",
            params![self.facility, written(&id)],
            |mut row| row.parsed(),
        )
    }

    /// Lends the detail of every device, in the order of their `sort`.
    pub fn each_device_detail<E: From<StoreError>>(
        &self,
        mut take: impl FnMut(DeviceId, &[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        self.db.each(
            "SELECT id, detail FROM device_detail WHERE facility = ?1 ORDER BY sort, id",
            [self.facility],
            |mut row| take(row.parsed::<DeviceId>()?, row.bytes()?),
        )
    }

    /// Every alias and the device it leads to, in the order of the aliases' writing.
    pub fn aliases(&self) -> Result<Vec<(DeviceId, DeviceId)>, StoreError> {
        self.db.all(
            "SELECT alias, device FROM device_alias WHERE facility = ?1 ORDER BY alias",
            [self.facility],
            |mut row| Ok((row.parsed()?, row.parsed()?)),
        )
    }
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
        id: row.parsed()?,
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
