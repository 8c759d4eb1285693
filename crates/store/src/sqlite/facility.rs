//! One hospital in the store: how it is read, and how it is changed.

use domain::AuditEntry;
use rusqlite::params;

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
        read: impl FnOnce(&View) -> Result<T, E>,
    ) -> Result<T, E> {
        self.store.reading(|db| {
            let view = self.view(db);
            let result = read(&view);
            (view.db, result)
        })
    }

    /// Does `act` and records `entry`, both or neither. When it returns, they are on the disk.
    ///
    /// Where `act` fails (or panics), nothing of it is kept, and no entry either. There is one writer: `act` must not start
    /// another change, which would wait for this one for ever.
    pub fn change<T, E: From<StoreError>>(
        &self,
        entry: AuditEntry,
        act: impl FnOnce(&mut Change) -> Result<T, E>,
    ) -> Result<T, E> {
        self.store.writing(|db| {
            let mut change = Change { view: self.view(db), entry };
            let result = change.run(act);
            (change.view.db, result)
        })
    }

    /// Records an act that changed nothing else, such as a refusal.
    pub fn record(&self, entry: AuditEntry) -> Result<(), StoreError> {
        self.change(entry, |_| Ok(()))
    }

    /// Makes a facility with the first entry of its chain.
    pub(super) fn create(
        store: &'s Store,
        id: &str,
        name: &str,
        entry: AuditEntry,
    ) -> Result<Self, StoreError> {
        let number = store.writing(|db| {
            let view = View { db, facility: 0, id: id.to_owned() };
            let mut change = Change { view, entry };
            let result = change.run(|change| change.add_facility(name));
            (change.view.db, result)
        })?;
        Ok(Self::new(store, number, id))
    }

    fn view(&self, db: Db) -> View {
        View { db, facility: self.number, id: self.id.clone() }
    }
}

/// A facility at one moment.
#[derive(Debug)]
pub struct View {
    pub(super) db: Db,
    pub(super) facility: i64,
    pub(super) id: String,
}

impl View {
    /// The facility of this number and id, read through `db`.
    pub(super) fn of(db: Db, facility: i64, id: &str) -> Self {
        Self { db, facility, id: id.to_owned() }
    }
}

/// A change under way: what is written in it is seen by its own [`Change::view`] at once, and by others when it is done.
#[derive(Debug)]
pub struct Change {
    pub(super) view: View,
    entry: AuditEntry,
}

impl Change {
    /// The facility as this change has left it so far.
    pub fn view(&self) -> &View {
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

    /// Records a further entry with this act, before its own: one act on many things leaves an entry for each of them.
    pub fn record_too(&mut self, entry: AuditEntry) -> Result<(), StoreError> {
        audit::append(&self.view, entry)
    }

    /// Keeps a value of the program's own under `name`, in place of the one before; such as the version that derived the devices.
    pub fn set_setting(&mut self, name: &str, value: &str) -> Result<(), StoreError> {
        self.run_sql(
            "INSERT INTO setting (facility, name, value) VALUES (?1, ?2, ?3)
             ON CONFLICT (facility, name) DO UPDATE SET value = excluded.value",
            params![self.view.facility, name, value],
        )
    }

    /// Runs one statement.
    pub(super) fn run_sql(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
    ) -> Result<(), StoreError> {
        self.view.db.run(sql, params).map(|_| ())
    }

    /// Does `act` and appends the entry, in one transaction. Where this fails, what was done must be taken back.
    fn run<T, E: From<StoreError>>(
        &mut self,
        act: impl FnOnce(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        self.view.db.begin_writing()?;
        let value = act(self)?;
        audit::append(&self.view, self.entry.clone())?;
        self.view.db.commit()?;
        Ok(value)
    }

    /// Adds the facility that this change is to belong to, and gives its number.
    fn add_facility(&mut self, name: &str) -> Result<i64, StoreError> {
        let view = &mut self.view;
        let taken =
            view.db
                .one("SELECT id FROM facility WHERE id = ?1", [&view.id], |mut row| row.string())?;
        if let Some(id) = taken {
            return Err(StoreError::FacilityExists { id });
        }
        let sql = "SELECT coalesce(max(number), 0) + 1 FROM facility";
        view.facility = view.db.one(sql, [], |mut row| row.integer())?.unwrap_or(1);
        view.db.run(
            "INSERT INTO facility (number, id, name) VALUES (?1, ?2, ?3)",
            params![view.facility, view.id, name],
        )?;
        Ok(view.facility)
    }
}

impl View {
    /// The value kept under `name`.
    pub fn setting(&self, name: &str) -> Result<Option<String>, StoreError> {
        self.db.one(
            "SELECT value FROM setting WHERE facility = ?1 AND name = ?2",
            params![self.facility, name],
            |mut row| row.string(),
        )
    }
}
