//! Dates as hospitals write them: a day, a month, a year, or a Japanese fiscal year (年度, April to March).

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

/// A date with the precision it was written in.
///
/// Written as `2023-03-01`, `2014-10`, `2014` or `FY2020`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CalendarDate {
    /// A day.
    Day(Date),
    /// A month: year and month, 1 to 12.
    Month(i16, i8),
    /// A year.
    Year(i16),
    /// A fiscal year: from 1 April of this year to 31 March of the next.
    FiscalYear(i16),
}

/// The text is not a date in canonical writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a date is written 2023-03-01, 2014-10, 2014 or FY2020")]
pub struct DateError;

impl CalendarDate {
    /// The first day it can mean.
    pub fn first_day(self) -> Date {
        match self {
            Self::Day(date) => date,
            Self::Month(year, month) => day(year, month, 1),
            Self::Year(year) => day(year, 1, 1),
            Self::FiscalYear(year) => day(year, 4, 1),
        }
    }

    /// The last day it can mean.
    pub fn last_day(self) -> Date {
        match self {
            Self::Day(date) => date,
            Self::Month(year, month) => day(year, month, 1).last_of_month(),
            Self::Year(year) => day(year, 12, 31),
            Self::FiscalYear(year) => day(year.saturating_add(1), 3, 31),
        }
    }

    /// The month `month` (1 to 12) of `year`; `None` where there is none.
    pub fn month(year: i16, month: i8) -> Option<Self> {
        Date::new(year, month, 1).ok().map(|_| Self::Month(year, month))
    }
}

/// Every value of [`CalendarDate`] was made from a real date, so this cannot fail; the fallback keeps it total.
fn day(year: i16, month: i8, day: i8) -> Date {
    Date::new(year, month, day).unwrap_or(Date::MAX)
}

impl fmt::Display for CalendarDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(date) => write!(f, "{date}"),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Self::Year(year) => write!(f, "{year:04}"),
            Self::FiscalYear(year) => write!(f, "FY{year:04}"),
        }
    }
}

impl FromStr for CalendarDate {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let number = |text: &str| text.parse::<i16>().map_err(|_| DateError);
        if let Some(year) = text.strip_prefix("FY") {
            return Ok(Self::FiscalYear(number(year)?));
        }
        match text.len() {
            4 => Ok(Self::Year(number(text)?)),
            7 => {
                let (year, month) = text.split_once('-').ok_or(DateError)?;
                Self::month(number(year)?, month.parse().map_err(|_| DateError)?).ok_or(DateError)
            }
            10 => text.parse().map(Self::Day).map_err(|_| DateError),
            _ => Err(DateError),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_precision_reads_back_and_knows_its_span() {
        for (text, first, last) in [
            ("2023-03-01", "2023-03-01", "2023-03-01"),
            ("2024-02", "2024-02-01", "2024-02-29"),
            ("2014", "2014-01-01", "2014-12-31"),
            ("FY2020", "2020-04-01", "2021-03-31"),
        ] {
            let date: CalendarDate = text.parse().unwrap();
            assert_eq!(date.to_string(), text);
            assert_eq!(
                (date.first_day().to_string(), date.last_day().to_string()),
                (first.to_owned(), last.to_owned())
            );
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in ["", "2021-13-01", "2021-13", "2021-2-3", "FYx", "令和5年", "20-1-2024"] {
            assert_eq!(text.parse::<CalendarDate>(), Err(DateError), "{text}");
        }
    }
}
