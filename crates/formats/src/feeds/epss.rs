//! FIRST's Exploit Prediction Scoring System: a line for each CVE, below a line that names the model and the day
//! (<https://www.first.org/epss/data_stats>).

use std::io::{BufRead, BufReader, Read};

use domain::{Forecast, msg};

use super::fault::Fault;
use super::gather::{Gather, Reject};
use super::json::{is_cve, moment};

/// The longest line, in bytes.
const MAX_LINE: usize = 4096;

/// Reads the table.
pub(super) fn read(bytes: impl Read, gather: &mut Gather<'_>) -> Result<(), Fault> {
    let mut input = BufReader::with_capacity(64 << 10, bytes);
    let mut line = Vec::new();
    let mut number = 0;
    let mut columns = 0;
    while next(&mut input, &mut line, number + 1)? {
        number += 1;
        let ended = line.ends_with(b"\n");
        let Ok(text) = std::str::from_utf8(&line) else { return Err(Fault::Syntax(number)) };
        let text = text.trim();
        if let Some(comment) = text.strip_prefix('#') {
            model(comment, gather);
        } else if columns == 0 && text.to_ascii_lowercase().starts_with("cve,epss") {
            columns = text.split(',').count();
        } else if !text.is_empty() {
            let whole = text.split(',').count() >= columns;
            if !ended && !whole {
                return Err(Fault::Cut(number));
            }
            match row(text).filter(|_| whole) {
                Some((id, forecast)) => {
                    gather.forecast(id.to_owned(), forecast);
                    gather.record();
                }
                None => {
                    let why = msg!(
                        "feed.refused_row",
                        number = number,
                        text = crate::text::excerpt(text)
                    );
                    gather.refuse(number, None, &Reject::Told(why));
                }
            }
            // Numbers may be cut without a sign of it.
            if !ended {
                gather.warn(number, msg!("feed.no_line_end", number = number));
            }
        }
    }
    Ok(())
}

/// The next line, with its end; `false` behind the last.
fn next(input: &mut impl BufRead, line: &mut Vec<u8>, number: u64) -> Result<bool, Fault> {
    line.clear();
    let read = input.by_ref().take(MAX_LINE as u64 + 1).read_until(b'\n', line);
    let count = read.map_err(|error| Fault::of(&error, number))?;
    if count > MAX_LINE { Err(Fault::TooLong(number)) } else { Ok(count > 0) }
}

/// `model_version:v2025.03.14,score_date:2025-08-25T12:55:00Z`
fn model(comment: &str, gather: &mut Gather<'_>) {
    for part in comment.split(',') {
        match part.trim().split_once(':') {
            Some(("model_version", version)) => gather.schema(version),
            Some(("score_date", date)) => gather.seen(moment(date)),
            _ => {}
        }
    }
}

/// `CVE-2021-44228,0.94358,0.99999`; files of spring 2021 have no percentile.
fn row(text: &str) -> Option<(&str, Forecast)> {
    let mut cells = text.split(',').map(str::trim);
    let id = cells.next().filter(|id| is_cve(id))?;
    let probability = share(cells.next()?)?;
    let percentile = match cells.next() {
        None | Some("") => None,
        Some(text) => Some(share(text)?),
    };
    Some((id, Forecast { probability, percentile }))
}

/// A number from 0 to 1, in hundred-thousandths.
fn share(text: &str) -> Option<u32> {
    let number: f64 = text.parse().ok()?;
    (0.0..=1.0).contains(&number).then(|| (number * 100_000.0).round() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_to_five_decimals() {
        let told = |text| row(text).map(|(id, f)| (id, f.probability, f.percentile));
        assert_eq!(
            told("CVE-2020-5902,0.65117,0.9981063485700858"),
            Some(("CVE-2020-5902", 65_117, Some(99_811)))
        );
        assert_eq!(told("CVE-2020-5902,1,"), Some(("CVE-2020-5902", 100_000, None)));
        for wrong in [
            "CVE-2020-5902",
            "CVE-2020-5902,1.1,0",
            "CVE-2020-5902,NaN,0",
            "x,0.1,0.1",
            "CVE-2020-5902,0.1,x",
        ] {
            assert_eq!(told(wrong), None, "{wrong}");
        }
    }
}
