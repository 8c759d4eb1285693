//! Every record of every table in the order of its key, as bytes: the same bytes for the same records, whatever pages they lie on.
//!
//! Numbers are big-endian. First `S`, the count of migrations (4 bytes) and their digests. Then for each table but `migration`, in
//! the order of their names: `T`, its name, the count of its columns (4 bytes), and their names; and for each row, ordered by the
//! primary key, `R` and its values. At the end `.`. A name or text is its length (8 bytes) and its UTF-8. A value is `0` (null),
//! `1` and a whole number (8 bytes), `2` and a number of IEEE 754 (8 bytes), `3` and a text, or `4`, a length and bytes.

use std::collections::BTreeMap;
use std::io::Write;

use domain::Digest;
use domain::digest::Digester;
use rusqlite::params_from_iter;
use rusqlite::types::{Value, ValueRef};

use super::db::Columns;
use super::{Db, migrate};
use crate::{BackupError, StoreError};

/// The longest value that is taken in: as large as the largest file that is ever imported.
const MOST_VALUE_BYTES: u64 = 256 * 1024 * 1024;

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tally {
    /// The digest of all of it.
    pub(crate) digest: Digest,
    /// How many bytes it is.
    pub(crate) bytes: u64,
    /// How many migrations the database has.
    pub(crate) step: u32,
    /// How many records each table has.
    pub(crate) tables: BTreeMap<String, u64>,
}

/// Where records come from when they are read again.
pub(crate) trait Pull {
    /// The next `count` bytes.
    fn take(&mut self, count: usize) -> Result<&[u8], BackupError>;

    /// The error of bytes that are no records.
    fn damaged(&self) -> BackupError;
}

/// Writes every record of the database, which must belong to one moment.
pub(super) fn write(db: &Db, out: &mut impl Write) -> Result<Tally, BackupError> {
    let mut out = Hashed { out, digester: Digester::default(), bytes: 0 };
    let steps = migrate::steps_of(db)?;
    let mut head = vec![b'S'];
    head.extend((steps.len() as u32).to_be_bytes());
    head.extend(steps.iter().flat_map(|(_, digest)| digest.0));
    out.put(&head)?;
    let mut counts = BTreeMap::new();
    for table in tables(db)? {
        let rows = write_table(db, &table, &mut out)?;
        counts.insert(table.name, rows);
    }
    out.put(b".")?;
    let digest = out.digester.finish();
    Ok(Tally { digest, bytes: out.bytes, step: steps.len() as u32, tables: counts })
}

fn write_table(
    db: &Db,
    table: &Table,
    out: &mut Hashed<'_, impl Write>,
) -> Result<u64, BackupError> {
    let mut buffer = table.head();
    out.put(&buffer)?;
    let mut rows = 0;
    db.each::<BackupError>(&table.select(), [], |mut row| {
        buffer.clear();
        buffer.push(b'R');
        for _ in &table.columns {
            put_value(&mut buffer, &mut row)?;
        }
        rows += 1;
        out.put(&buffer)
    })?;
    Ok(rows)
}

fn put_value(buffer: &mut Vec<u8>, row: &mut Columns<'_>) -> Result<(), StoreError> {
    match row.reference()? {
        ValueRef::Null => buffer.push(0),
        ValueRef::Integer(number) => {
            buffer.push(1);
            buffer.extend(number.to_be_bytes());
        }
        ValueRef::Real(number) => {
            buffer.push(2);
            buffer.extend(number.to_be_bytes());
        }
        ValueRef::Text(text) => {
            buffer.push(3);
            put_bytes(buffer, text);
        }
        ValueRef::Blob(bytes) => {
            buffer.push(4);
            put_bytes(buffer, bytes);
        }
    }
    Ok(())
}

fn put_bytes(buffer: &mut Vec<u8>, bytes: &[u8]) {
    buffer.extend((bytes.len() as u64).to_be_bytes());
    buffer.extend(bytes);
}

/// Lays out the tables in an empty database as they were when the records were written, and fills them. `steps` are the migrations
/// that this program knows. The caller begins and commits.
///
/// The tables come from this program's own migrations: nothing in a file says what is run.
pub(super) fn read(db: &Db, from: &mut impl Pull, steps: &[&str]) -> Result<(), BackupError> {
    let count = known_steps(from, steps)?;
    migrate::lay_out(db, steps.get(..count).unwrap_or_default())?;
    let mut mark = take_byte(from)?;
    for table in tables(db)? {
        if mark != b'T' {
            return Err(from.damaged());
        }
        expect(from, table.head().get(1..).unwrap_or_default())?;
        mark = read_rows(db, &table, from)?;
    }
    if mark == b'.' { Ok(()) } else { Err(from.damaged()) }
}

/// How many of the steps we know were done when the records were written.
fn known_steps(from: &mut impl Pull, steps: &[&str]) -> Result<usize, BackupError> {
    expect(from, b"S")?;
    let count = take_array::<4>(from)?;
    let count = u32::from_be_bytes(count);
    let mut applied = Vec::new();
    for number in 1..=count {
        if applied.len() > steps.len() {
            break;
        }
        applied.push((number, Digest(take_array(from)?)));
    }
    match migrate::known(&applied, steps) {
        Err(StoreError::Newer { .. }) => Err(BackupError::Newer),
        other => Ok(other?),
    }
}

/// Fills the table, and gives the mark that follows its last row.
fn read_rows(db: &Db, table: &Table, from: &mut impl Pull) -> Result<u8, BackupError> {
    let insert = table.insert();
    loop {
        let mark = take_byte(from)?;
        if mark != b'R' {
            return Ok(mark);
        }
        let values: Result<Vec<Value>, BackupError> =
            table.columns.iter().map(|_| take_value(from)).collect();
        db.run(&insert, params_from_iter(values?)).map_err(|error| match error {
            // A second row of one key, or a text where a number belongs.
            StoreError::Internal { .. } => from.damaged(),
            other => other.into(),
        })?;
    }
}

fn take_value(from: &mut impl Pull) -> Result<Value, BackupError> {
    Ok(match take_byte(from)? {
        0 => Value::Null,
        1 => Value::Integer(i64::from_be_bytes(take_array(from)?)),
        2 => Value::Real(f64::from_be_bytes(take_array(from)?)),
        3 => match String::from_utf8(take_bytes(from)?) {
            Ok(text) => Value::Text(text),
            Err(_) => return Err(from.damaged()),
        },
        4 => Value::Blob(take_bytes(from)?),
        _ => return Err(from.damaged()),
    })
}

fn take_bytes(from: &mut impl Pull) -> Result<Vec<u8>, BackupError> {
    let length = u64::from_be_bytes(take_array(from)?);
    if length > MOST_VALUE_BYTES {
        return Err(from.damaged());
    }
    Ok(from.take(length as usize)?.to_vec())
}

fn take_array<const N: usize>(from: &mut impl Pull) -> Result<[u8; N], BackupError> {
    let taken = from.take(N)?.try_into();
    taken.map_err(|_| from.damaged())
}

fn take_byte(from: &mut impl Pull) -> Result<u8, BackupError> {
    take_array::<1>(from).map(|[byte]| byte)
}

fn expect(from: &mut impl Pull, expected: &[u8]) -> Result<(), BackupError> {
    if from.take(expected.len())? == expected { Ok(()) } else { Err(from.damaged()) }
}

/// A table, as its database describes it.
struct Table {
    name: String,
    columns: Vec<String>,
    key: Vec<String>,
}

impl Table {
    fn head(&self) -> Vec<u8> {
        let mut head = vec![b'T'];
        put_bytes(&mut head, self.name.as_bytes());
        head.extend((self.columns.len() as u32).to_be_bytes());
        self.columns.iter().for_each(|column| put_bytes(&mut head, column.as_bytes()));
        head
    }

    fn select(&self) -> String {
        // A table without a key is ordered by all it has.
        let key = if self.key.is_empty() { &self.columns } else { &self.key };
        format!(
            "SELECT {} FROM {} ORDER BY {}",
            listed(&self.columns),
            quoted(&self.name),
            listed(key)
        )
    }

    fn insert(&self) -> String {
        let values = vec!["?"; self.columns.len()].join(", ");
        let (name, columns) = (quoted(&self.name), listed(&self.columns));
        format!("INSERT INTO {name} ({columns}) VALUES ({values})")
    }
}

/// Every table with records, in the order of their names.
fn tables(db: &Db) -> Result<Vec<Table>, StoreError> {
    let names = db.all(
        "SELECT name FROM sqlite_master
         WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' AND name <> 'migration'
         ORDER BY name",
        [],
        |mut row| row.string(),
    )?;
    names.into_iter().map(|name| table(db, name)).collect()
}

fn table(db: &Db, name: String) -> Result<Table, StoreError> {
    let described =
        db.all("SELECT name, pk FROM pragma_table_info(?1) ORDER BY cid", [&name], |mut row| {
            Ok((row.string()?, row.integer()?))
        })?;
    let mut key: Vec<_> = described.iter().filter(|(_, place)| *place > 0).collect();
    key.sort_by_key(|(_, place)| *place);
    let key = key.into_iter().map(|(column, _)| column.clone()).collect();
    Ok(Table { name, key, columns: described.into_iter().map(|(column, _)| column).collect() })
}

fn listed(columns: &[String]) -> String {
    columns.iter().map(|column| quoted(column)).collect::<Vec<_>>().join(", ")
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// Counts and hashes what goes through.
struct Hashed<'o, W> {
    out: &'o mut W,
    digester: Digester,
    bytes: u64,
}

impl<W: Write> Hashed<'_, W> {
    fn put(&mut self, bytes: &[u8]) -> Result<(), BackupError> {
        self.digester.update(bytes);
        self.bytes += bytes.len() as u64;
        Ok(self.out.write_all(bytes)?)
    }
}
