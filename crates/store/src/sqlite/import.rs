//! Imports: one piece of evidence, read once. Undone and redone by their state alone.

use domain::{Digest, Import, ImportId, ImportState, Keeping};
use rusqlite::params;

use super::db::{Columns, count};
use super::{Change, View};
use crate::StoreError;

const COLUMNS: &str = "number, evidence, file_name, size, keeping, source, kind, reader_version, \
                       encoding, captured_at, imported_at, imported_by, row_count, state";

impl Change {
    /// Adds an import and gives the number it got, the next one; `import.id` is not looked at.
    pub fn add_import(&mut self, import: &Import) -> Result<ImportId, StoreError> {
        let id = self.view.next_import()?;
        self.run_sql(
            "INSERT INTO import (facility, number, evidence, file_name, size, keeping, source, kind, reader_version,
                                 encoding, captured_at, imported_at, imported_by, row_count, state)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)",
            params![
                self.view.facility,
                id.0,
                import.evidence.0,
                import.file_name,
                count(import.size),
                import.keeping.key(),
                import.source.as_str(),
                import.kind,
                import.reader_version,
                import.encoding,
                import.captured_at.as_millisecond(),
                import.imported_at.as_millisecond(),
                import.imported_by,
                count(import.rows),
                import.state.key(),
            ],
        )?;
        Ok(id)
    }

    /// Keeps the report of an import, JSON that this crate does not look into, in place of the one before.
    pub fn set_import_report(&mut self, import: ImportId, json: &str) -> Result<(), StoreError> {
        self.run_sql(
            "INSERT INTO import_report (facility, import, report) VALUES (?1, ?2, ?3)
             ON CONFLICT (facility, import) DO UPDATE SET report = excluded.report",
            params![self.view.facility, import.0, json],
        )
    }

    /// Lets the observations of an import count, or no more.
    pub fn set_import_state(
        &mut self,
        import: ImportId,
        state: ImportState,
    ) -> Result<(), StoreError> {
        let changed = self.view.db.run(
            "UPDATE import SET state = ?3 WHERE facility = ?1 AND number = ?2",
            params![self.view.facility, import.0, state.key()],
        )?;
        if changed == 0 { Err(StoreError::NoImport { import }) } else { Ok(()) }
    }
}

impl View {
    /// Every import, in the order they happened.
    pub fn imports(&self) -> Result<Vec<Import>, StoreError> {
        self.imports_where("facility = ?1", params![self.facility])
    }

    /// Every import of the same bytes.
    pub fn imports_of(&self, evidence: Digest) -> Result<Vec<Import>, StoreError> {
        self.imports_where("facility = ?1 AND evidence = ?2", params![self.facility, evidence.0])
    }

    /// The import of this number.
    pub fn import(&self, id: ImportId) -> Result<Import, StoreError> {
        let key = params![self.facility, id.0];
        let mut found = self.imports_where("facility = ?1 AND number = ?2", key)?;
        found.pop().ok_or(StoreError::NoImport { import: id })
    }

    /// The report of an import.
    pub fn import_report(&self, id: ImportId) -> Result<Option<String>, StoreError> {
        self.db.one(
            "SELECT report FROM import_report WHERE facility = ?1 AND import = ?2",
            params![self.facility, id.0],
            |mut row| row.string(),
        )
    }

    /// The numbers of the imports that count.
    pub(super) fn active_imports(&self) -> Result<Vec<ImportId>, StoreError> {
        self.db.all(
            "SELECT number FROM import WHERE facility = ?1 AND state = ?2 ORDER BY number",
            params![self.facility, ImportState::Active.key()],
            |mut row| row.import(),
        )
    }

    fn next_import(&self) -> Result<ImportId, StoreError> {
        let next = self.db.one(
            "SELECT coalesce(max(number), 0) + 1 FROM import WHERE facility = ?1",
            [self.facility],
            |mut row| row.import(),
        )?;
        Ok(next.unwrap_or(ImportId(1)))
    }

    fn imports_where(
        &self,
        condition: &str,
        params: impl rusqlite::Params,
    ) -> Result<Vec<Import>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM import WHERE {condition} ORDER BY number");
        self.db.all(&sql, params, import)
    }
}

fn import(mut row: Columns<'_>) -> Result<Import, StoreError> {
    Ok(Import {
        id: row.import()?,
        evidence: row.digest()?,
        file_name: row.string()?,
        size: row.number()?,
        keeping: row.word(Keeping::from_key)?,
        source: row.source()?,
        kind: row.string()?,
        reader_version: row.number()?,
        encoding: row.optional_text()?.map(str::to_owned),
        captured_at: row.timestamp()?,
        imported_at: row.timestamp()?,
        imported_by: row.string()?,
        rows: row.number()?,
        state: row.word(ImportState::from_key)?,
    })
}
