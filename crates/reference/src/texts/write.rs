//! How each language writes dates, and how a sheet's columns are lettered.

use domain::CalendarDate;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub(super) fn japanese_date(date: CalendarDate) -> String {
    match date {
        CalendarDate::Day(day) => format!("{}年{}月{}日", day.year(), day.month(), day.day()),
        CalendarDate::Month(year, month) => format!("{year}年{month}月"),
        CalendarDate::Year(year) => format!("{year}年"),
        CalendarDate::FiscalYear(year) => format!("{year}年度"),
    }
}

pub(super) fn english_date(date: CalendarDate) -> String {
    match date {
        CalendarDate::Day(day) => day.to_string(),
        CalendarDate::Month(year, month) => {
            let index = usize::try_from(month).unwrap_or_default().wrapping_sub(1);
            MONTHS.get(index).map_or_else(|| date.to_string(), |name| format!("{name} {year}"))
        }
        CalendarDate::Year(year) => year.to_string(),
        CalendarDate::FiscalYear(year) => format!("fiscal year {year}"),
    }
}

/// The letters of a column counted from 1, as sheets show them: 1 is `A`, 27 is `AA`.
pub(super) fn column_letters(column: u16) -> String {
    let mut letters = Vec::new();
    let mut rest = column;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_lettered_as_sheets_do() {
        for (column, letters) in [(1, "A"), (5, "E"), (26, "Z"), (27, "AA"), (703, "AAA")] {
            assert_eq!(column_letters(column), letters);
        }
    }

    #[test]
    fn each_precision_is_written_in_both_languages() {
        for (text, japanese, english) in [
            ("2026-11-20", "2026年11月20日", "2026-11-20"),
            ("2014-10", "2014年10月", "October 2014"),
            ("2014", "2014年", "2014"),
            ("FY2020", "2020年度", "fiscal year 2020"),
        ] {
            let date = text.parse().unwrap();
            assert_eq!(
                (japanese_date(date).as_str(), english_date(date).as_str()),
                (japanese, english)
            );
        }
    }
}
