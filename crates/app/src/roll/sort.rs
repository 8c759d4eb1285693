//! The orders of the list; each is made when it is first asked for.

use std::sync::OnceLock;

use domain::Field;

use super::{LEDGER_FIELDS, Lines, cell_of};

/// The rows in the order of each field, made when first asked for.
#[derive(Debug)]
pub(super) struct Orders(Vec<OnceLock<Box<[u32]>>>);

impl Default for Orders {
    fn default() -> Self {
        Self(LEDGER_FIELDS.iter().map(|_| OnceLock::new()).collect())
    }
}

impl Lines {
    /// The rows by the value of `field`; rows without one stand last.
    pub(super) fn by_field(&self, field: Field) -> Option<&[u32]> {
        let cell = cell_of(field)?;
        let order = self.orders.0.get(cell)?;
        Some(order.get_or_init(|| {
            let mut rows: Vec<u32> = (0..).take(self.rows.len()).collect();
            rows.sort_by_cached_key(|row| {
                let value = self.cell(*row, cell);
                let key = match field {
                    Field::Address => address_key(value),
                    _ => crate::devices::padded(&domain::fold(value)),
                };
                (value.is_empty(), key)
            });
            rows.into()
        }))
    }

    /// The rows by when they were last seen, the newest first; rows that never were stand last.
    pub(super) fn by_seen(&self) -> Vec<u32> {
        let mut rows: Vec<u32> = (0..).take(self.rows.len()).collect();
        rows.sort_by_key(|row| std::cmp::Reverse(self.rows[*row as usize].seen));
        rows
    }

    /// The rows by when their support ends, the earliest first; rows of which nobody knows stand last.
    pub(super) fn by_support(&self) -> Vec<u32> {
        let mut rows: Vec<u32> = (0..).take(self.rows.len()).collect();
        rows.sort_by_key(|row| {
            let ends = self.cell(*row, super::SUPPORT_ENDS);
            (ends.is_empty(), ends)
        });
        rows
    }
}

/// The first address as its number, in letters that sort like it.
fn address_key(value: &str) -> String {
    let first = value.lines().next().and_then(|line| line.parse::<std::net::Ipv4Addr>().ok());
    first.map_or_else(|| value.to_owned(), |address| format!("{:010}", u32::from(address)))
}
