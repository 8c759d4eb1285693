//! A connection whose errors and values are ours. Nothing outside this folder sees the database library.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::str::FromStr;

use domain::{Digest, ImportId, SourceId};
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::config::DbConfig;
use rusqlite::ffi::SQLITE_IOERR_SHMSIZE;
use rusqlite::types::{FromSql, ValueRef};
use rusqlite::{Connection, Error, ErrorCode, Params, Row};

use crate::StoreError;

/// How many prepared statements a connection keeps: more than this crate has.
const STATEMENTS: usize = 96;

/// One connection.
pub(super) struct Db(Connection);

impl Db {
    pub(super) fn new(connection: Connection) -> Result<Self, StoreError> {
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        // With its statistics, the library otherwise prepares a kept statement anew for every value that is bound to it.
        connection
            .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
            .map_err(store_error)?;
        Ok(Self(connection))
    }

    /// Runs statements that take and give nothing.
    pub(super) fn batch(&self, sql: &str) -> Result<(), StoreError> {
        self.0.execute_batch(sql).map_err(store_error)
    }

    /// Runs one statement and says how many rows it changed.
    pub(super) fn run(&self, sql: &str, params: impl Params) -> Result<usize, StoreError> {
        let mut statement = self.0.prepare_cached(sql).map_err(store_error)?;
        statement.execute(params).map_err(store_error)
    }

    /// Lends out every row of a query.
    pub(super) fn each<E: From<StoreError>>(
        &self,
        sql: &str,
        params: impl Params,
        mut take: impl FnMut(Columns<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut statement = self.0.prepare_cached(sql).map_err(store_error)?;
        let mut rows = statement.query(params).map_err(store_error)?;
        while let Some(row) = rows.next().map_err(store_error)? {
            take(Columns { row, next: 0 })?;
        }
        Ok(())
    }

    /// Every row of a query.
    pub(super) fn all<T>(
        &self,
        sql: &str,
        params: impl Params,
        mut read: impl FnMut(Columns<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut found = Vec::new();
        self.each::<StoreError>(sql, params, |columns| {
            found.push(read(columns)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// The first row of a query, where there is one.
    pub(super) fn one<T, E: From<StoreError>>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl FnOnce(Columns<'_>) -> Result<T, E>,
    ) -> Result<Option<T>, E> {
        let mut statement = self.0.prepare_cached(sql).map_err(store_error)?;
        let mut rows = statement.query(params).map_err(store_error)?;
        match rows.next().map_err(store_error)? {
            Some(row) => read(Columns { row, next: 0 }).map(Some),
            None => Ok(None),
        }
    }

    /// Begins a transaction that only reads: everything in it belongs to one moment.
    pub(super) fn begin_reading(&self) -> Result<(), StoreError> {
        self.run("BEGIN", []).map(|_| ())
    }

    /// Begins a transaction that may write: waits for its turn, and later never fails for want of it.
    pub(super) fn begin_writing(&self) -> Result<(), StoreError> {
        self.run("BEGIN IMMEDIATE", []).map(|_| ())
    }

    /// Makes what was done since the beginning last.
    pub(super) fn commit(&self) -> Result<(), StoreError> {
        self.run("COMMIT", []).map(|_| ())
    }

    /// Takes back what was not committed, and gives the connection for further use unless that failed.
    ///
    /// On some errors, a full disk among them, SQLite has ended the transaction itself.
    pub(super) fn end(self) -> Option<Self> {
        let ended = self.0.is_autocommit() || self.run("ROLLBACK", []).is_ok();
        ended.then_some(self)
    }
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Db")
    }
}

/// The columns of one row, taken in the order of the select list.
pub(super) struct Columns<'r> {
    row: &'r Row<'r>,
    next: usize,
}

impl<'r> Columns<'r> {
    fn value<T: FromSql>(&mut self) -> Result<T, StoreError> {
        let value = self.row.get(self.next).map_err(store_error)?;
        self.next += 1;
        Ok(value)
    }

    /// The next value, whatever it is.
    pub(super) fn reference(&mut self) -> Result<ValueRef<'r>, StoreError> {
        let value = self.row.get_ref(self.next).map_err(store_error)?;
        self.next += 1;
        Ok(value)
    }

    /// The error of a value that was never written so.
    pub(super) fn damaged(&self) -> StoreError {
        let column = self.next.saturating_sub(1);
        let name = self.row.as_ref().column_name(column).unwrap_or("?");
        StoreError::Damaged { what: format!("a value in column `{name}`") }
    }

    pub(super) fn integer(&mut self) -> Result<i64, StoreError> {
        self.value()
    }

    /// A number of any whole type.
    pub(super) fn number<T: TryFrom<i64>>(&mut self) -> Result<T, StoreError> {
        let number = self.integer()?;
        T::try_from(number).map_err(|_| self.damaged())
    }

    pub(super) fn optional_number<T: TryFrom<i64>>(&mut self) -> Result<Option<T>, StoreError> {
        let number: Option<i64> = self.value()?;
        number.map(|number| T::try_from(number).map_err(|_| self.damaged())).transpose()
    }

    pub(super) fn text(&mut self) -> Result<&'r str, StoreError> {
        self.reference()?.as_str().map_err(|_| self.damaged())
    }

    pub(super) fn string(&mut self) -> Result<String, StoreError> {
        self.text().map(str::to_owned)
    }

    pub(super) fn optional_text(&mut self) -> Result<Option<&'r str>, StoreError> {
        self.reference()?.as_str_or_null().map_err(|_| self.damaged())
    }

    pub(super) fn bytes(&mut self) -> Result<&'r [u8], StoreError> {
        self.reference()?.as_blob().map_err(|_| self.damaged())
    }

    pub(super) fn digest(&mut self) -> Result<Digest, StoreError> {
        let bytes = self.bytes()?;
        bytes.try_into().map(Digest).map_err(|_| self.damaged())
    }

    /// Digests that stand one after the other.
    pub(super) fn digests(&mut self) -> Result<BTreeSet<Digest>, StoreError> {
        let (digests, []) = self.bytes()?.as_chunks() else { return Err(self.damaged()) };
        Ok(digests.iter().copied().map(Digest).collect())
    }

    pub(super) fn timestamp(&mut self) -> Result<Timestamp, StoreError> {
        let milliseconds = self.integer()?;
        Timestamp::from_millisecond(milliseconds).map_err(|_| self.damaged())
    }

    pub(super) fn optional_timestamp(&mut self) -> Result<Option<Timestamp>, StoreError> {
        let milliseconds: Option<i64> = self.value()?;
        let read =
            |milliseconds| Timestamp::from_millisecond(milliseconds).map_err(|_| self.damaged());
        milliseconds.map(read).transpose()
    }

    pub(super) fn optional_bytes(&mut self) -> Result<Option<&'r [u8]>, StoreError> {
        self.reference()?.as_blob_or_null().map_err(|_| self.damaged())
    }

    pub(super) fn date(&mut self) -> Result<Date, StoreError> {
        self.parsed()
    }

    pub(super) fn optional_date(&mut self) -> Result<Option<Date>, StoreError> {
        self.optional_parsed()
    }

    pub(super) fn import(&mut self) -> Result<ImportId, StoreError> {
        self.number().map(ImportId)
    }

    pub(super) fn source(&mut self) -> Result<SourceId, StoreError> {
        self.text().map(SourceId::new)
    }

    /// A value that is stored in its own writing.
    pub(super) fn parsed<T: FromStr>(&mut self) -> Result<T, StoreError> {
        self.text()?.parse().map_err(|_| self.damaged())
    }

    pub(super) fn optional_parsed<T: FromStr>(&mut self) -> Result<Option<T>, StoreError> {
        let text = self.optional_text()?;
        text.map(|text| text.parse().map_err(|_| self.damaged())).transpose()
    }

    /// A word that is stored by its key.
    pub(super) fn word<T>(&mut self, from_key: fn(&str) -> Option<T>) -> Result<T, StoreError> {
        let key = self.text()?;
        from_key(key).ok_or_else(|| self.damaged())
    }

    /// Words that are stored by their keys, divided by blanks.
    pub(super) fn words<T: Ord>(
        &mut self,
        from_key: impl Fn(&str) -> Option<T>,
    ) -> Result<BTreeSet<T>, StoreError> {
        let words = self.text()?.split_whitespace().map(from_key);
        words.collect::<Option<_>>().ok_or_else(|| self.damaged())
    }

    pub(super) fn optional_word<T>(
        &mut self,
        from_key: fn(&str) -> Option<T>,
    ) -> Result<Option<T>, StoreError> {
        let key = self.optional_text()?;
        key.map(|key| from_key(key).ok_or_else(|| self.damaged())).transpose()
    }
}

/// A value in its own writing, for a column.
pub(super) fn written(value: &impl Display) -> String {
    value.to_string()
}

/// A size or count for a column. SQLite's numbers end at 2^63, which no file and no table reaches.
pub(super) fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Says in our words what the database said.
pub(super) fn store_error(error: Error) -> StoreError {
    let detail = error.to_string();
    let Error::SqliteFailure(failure, _) = error else {
        return value_error(&error, detail);
    };
    match failure.code {
        // On a full disk the index of the write-ahead log cannot grow, and SQLite reports just that.
        ErrorCode::SystemIoFailure if failure.extended_code == SQLITE_IOERR_SHMSIZE => {
            StoreError::Full
        }
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => StoreError::Busy,
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => {
            StoreError::Damaged { what: detail }
        }
        ErrorCode::DiskFull => StoreError::Full,
        ErrorCode::ReadOnly => StoreError::ReadOnly,
        ErrorCode::CannotOpen | ErrorCode::PermissionDenied | ErrorCode::SystemIoFailure => {
            StoreError::Io { detail }
        }
        _ => StoreError::Internal { detail },
    }
}

fn value_error(error: &Error, detail: String) -> StoreError {
    match error {
        Error::FromSqlConversionFailure(..)
        | Error::IntegralValueOutOfRange(..)
        | Error::InvalidColumnType(..)
        | Error::Utf8Error(..) => StoreError::Damaged { what: detail },
        _ => StoreError::Internal { detail },
    }
}
