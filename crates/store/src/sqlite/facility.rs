//! One hospital in the store: how it is read, and how it is changed.

use domain::AuditEntry;
use rusqlite::params;

use super::db::Transaction;
use super::{Db, Store, audit};
use crate::StoreError;

/// One hospital in the store.
#[derive(Debug)]
pub struct Facility<'s> {
    store: &'s Store,
    number: i64,
    id: String,
}

impl<'s> Facility<'s> {
    pub(super) fn new(store: &'s Store, number: i64, id: &str) -> Self {
        Self { store, number, id: id.to_owned() }
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Lends a view in which everything belongs to one moment, whatever is changed meanwhile.
    ///
    /// Keep it short: while a view is open, the write-ahead log cannot be cut back.
    pub fn read<T, E: From<StoreError>>(
        &self,
        read: impl FnOnce(&View<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        self.store.reading(|db| read(&View { db, facility: self.number, id: &self.id }))
    }

    /// Does `act` and records `entry`, both or neither. When it returns, they are on the disk.
    ///
    /// Where `act` fails (or panics), nothing of it is kept, and no entry either. There is one writer: `act` must not start
    /// another change, which would wait for this one for ever.
    pub fn change<T, E: From<StoreError>>(
        &self,
        entry: AuditEntry,
        act: impl FnOnce(&mut Change<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let db = self.store.writer();
        let transaction = Transaction::write(&db)?;
        let view = View { db: &db, facility: self.number, id: &self.id };
        let mut change = Change { view, entry };
        let value = act(&mut change)?;
        audit::append(&change.view, change.entry)?;
        transaction.commit()?;
        Ok(value)
    }

    /// Records an act that changed nothing else, such as a refusal.
    pub fn record(&self, entry: AuditEntry) -> Result<(), StoreError> {
        self.change(entry, |_| Ok(()))
    }
}

/// A facility at one moment.
#[derive(Debug)]
pub struct View<'d> {
    pub(super) db: &'d Db,
    pub(super) facility: i64,
    pub(super) id: &'d str,
}

/// A change under way: what is written in it is seen by its own [`Change::view`] at once, and by others when it is done.
#[derive(Debug)]
pub struct Change<'d> {
    pub(super) view: View<'d>,
    entry: AuditEntry,
}

impl<'d> Change<'d> {
    /// The facility as this change has left it so far.
    pub fn view(&self) -> &View<'d> {
        &self.view
    }

    /// The entry that will be recorded: numbers and counts are known only towards the end.
    pub fn entry(&mut self) -> &mut AuditEntry {
        &mut self.entry
    }

    /// Sets the particulars that will be recorded, one JSON object.
    pub fn detail(&mut self, json: impl Into<String>) {
        self.entry.detail = json.into();
    }

    /// Keeps a value of the program's own under `name`, in place of the one before; such as the version that derived the devices.
    pub fn set_setting(&mut self, name: &str, value: &str) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO setting (facility, name, value) VALUES (?1, ?2, ?3)
             ON CONFLICT (facility, name) DO UPDATE SET value = excluded.value",
            params![self.view.facility, name, value],
        )
    }

    /// Runs one statement.
    pub(super) fn run(&self, sql: &str, params: impl rusqlite::Params) -> Result<(), StoreError> {
        self.view.db.run(sql, params).map(|_| ())
    }
}

impl View<'_> {
    /// The value kept under `name`.
    pub fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.db.one(
            "SELECT value FROM setting WHERE facility = ?1 AND name = ?2",
            params![self.facility, name],
            |mut row| row.string(),
        )
    }
}

/// Makes a facility with the first entry of its chain.
pub(super) fn create_facility<'s>(
    store: &'s Store,
    id: &str,
    name: &str,
    entry: AuditEntry,
) -> Result<Facility<'s>, StoreError> {
    let db = store.writer();
    let transaction = Transaction::write(&db)?;
    let added = db.run(
        "INSERT INTO facility (number, id, name)
         SELECT coalesce(max(number), 0) + 1, ?1, ?2 FROM facility WHERE true
         ON CONFLICT (id) DO NOTHING",
        params![id, name],
    )?;
    if added == 0 {
        return Err(StoreError::FacilityExists { id: id.to_owned() });
    }
    let number = db
        .one("SELECT number FROM facility WHERE id = ?1", [id], |mut row| row.integer())?
        .ok_or_else(|| StoreError::NoFacility { id: id.to_owned() })?;
    audit::append(&View { db: &db, facility: number, id }, entry)?;
    transaction.commit()?;
    Ok(Facility::new(store, number, id))
}
