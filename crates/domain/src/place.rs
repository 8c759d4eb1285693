//! Where in a document something stands.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// A place in a document: sheet, row (or line, packet, item; counted from 1), column, and part of a row that stands for several devices.
///
/// The order of places is the order of reading. Written as `sheet!row:column#part`, each part only where it is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Place {
    /// The sheet's name, in workbooks.
    pub sheet: Option<Arc<str>>,
    /// Row, line or item, from 1; 0 is the document as a whole.
    pub row: u32,
    /// Column, from 1; 0 is the row as a whole.
    pub column: u16,
    /// Which of the devices a row such as `10.1.1.21～24` was expanded to, from 1; 0 where the row is one.
    pub part: u16,
}

impl Place {
    /// The document as a whole.
    pub const DOCUMENT: Self = Self { sheet: None, row: 0, column: 0, part: 0 };

    /// A line of a text, from 1.
    pub fn line(line: u32) -> Self {
        Self { row: line, ..Self::DOCUMENT }
    }

    /// A row of a sheet, from 1.
    pub fn row(sheet: Option<Arc<str>>, row: u32) -> Self {
        Self { sheet, row, ..Self::DOCUMENT }
    }

    /// The same row at `column`, from 1.
    #[must_use]
    pub fn at_column(mut self, column: u16) -> Self {
        self.column = column;
        self
    }

    /// The same row, for its `part`th device, from 1.
    #[must_use]
    pub fn part(mut self, part: u16) -> Self {
        self.part = part;
        self
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(sheet) = &self.sheet {
            write!(f, "{sheet}!")?;
        }
        write!(f, "{}", self.row)?;
        if self.column != 0 {
            write!(f, ":{}", self.column)?;
        }
        if self.part != 0 {
            write!(f, "#{}", self.part)?;
        }
        Ok(())
    }
}

/// The text is not a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a place is written sheet!row:column#part")]
pub struct PlaceError;

impl FromStr for Place {
    type Err = PlaceError;

    fn from_str(text: &str) -> Result<Self, PlaceError> {
        // A sheet's name may hold anything, even `!`: the numbers are what follows the last one.
        let (sheet, rest) = match text.rsplit_once('!') {
            Some((sheet, rest)) => (Some(Arc::from(sheet)), rest),
            None => (None, text),
        };
        let (rest, part) = number_after(rest, '#')?;
        let (rest, column) = number_after(rest, ':')?;
        Ok(Self { sheet, row: rest.parse().map_err(|_| PlaceError)?, column, part })
    }
}

fn number_after(text: &str, mark: char) -> Result<(&str, u16), PlaceError> {
    match text.split_once(mark) {
        Some((rest, number)) => Ok((rest, number.parse().map_err(|_| PlaceError)?)),
        None => Ok((text, 0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_back_as_it_was_written() {
        for place in [
            Place::DOCUMENT,
            Place::line(7),
            Place::row(Some(Arc::from("機器!台帳#1")), 104).at_column(3).part(2),
            Place::row(None, 12).part(1),
        ] {
            assert_eq!(place.to_string().parse(), Ok(place));
        }
    }

    #[test]
    fn what_is_no_place_is_refused() {
        for text in ["", "x", "台帳!", "1:x", "1#99999"] {
            assert_eq!(text.parse::<Place>(), Err(PlaceError), "{text}");
        }
    }

    #[test]
    fn places_order_as_they_are_read() {
        assert!(Place::line(2) < Place::line(10));
        assert!(Place::row(Some(Arc::from("a")), 9) < Place::row(Some(Arc::from("b")), 1));
    }
}
