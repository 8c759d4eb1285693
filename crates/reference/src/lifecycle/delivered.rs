//! Which rows of our table the releases of endoflife.date are.

use std::sync::LazyLock;

use domain::{CalendarDate, ProductKind, SupportEnd, SupportEntry, SupportRelease, SupportTable};
use jiff::civil::Date;
use jiff::tz::TimeZone;

const MAPPING: &str = include_str!("../../data/lifecycle/endoflife.csv");

/// The version of Windows that stands before its build number.
const KERNEL: &str = "10.0.";

static SHIPPED: LazyLock<Vec<Line>> = LazyLock::new(|| lines(MAPPING));

/// A line of the mapping.
#[derive(Debug)]
struct Line {
    /// What they call the product.
    table: String,
    /// What they call the release; `*` stands for letters, digits and dots.
    cycle: String,
    product: String,
    /// What we call the release; `*` is what stood for it above, in capitals.
    release: String,
    editions: Vec<String>,
    kind: ProductKind,
    /// Whether the end of active support begins limited support (製品寿命終了).
    limited: bool,
    /// Whether the newest version is the kernel number that tells the release.
    build: bool,
}

/// What became of the releases of a delivered table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Delivered {
    /// The rows; give them to [`domain::LifecycleTable::refresh`].
    pub entries: Vec<SupportEntry>,
    /// Releases of which nobody has said which of ours they are.
    pub unknown: Vec<String>,
}

/// Whether a product of endoflife.date has releases in our table.
pub fn is_known(product: &str) -> bool {
    SHIPPED.iter().any(|line| line.table == product)
}

/// The rows of our table that the releases of `table` are. What stands in no line of `data/lifecycle/endoflife.csv` is none of them.
pub fn delivered(table: &SupportTable) -> Delivered {
    let mut delivered = Delivered::default();
    let made = made_on(table);
    let source = match made {
        Some(day) => format!("endoflife.date ({day})"),
        None => format!("endoflife.date ({})", table.named_by.as_deref().unwrap_or(&table.product)),
    };
    for release in &table.releases {
        let lines = SHIPPED.iter().filter(|line| line.table == table.product);
        let found = lines.filter_map(|line| Some((line, line.star(&release.name)?))).next();
        match found {
            None => delivered.unknown.push(release.name.clone()),
            Some((line, star)) => delivered.entries.push(SupportEntry {
                checked: made.map(CalendarDate::Day),
                // The source itself; but what does not say when it was made cannot be told from what is long out of date.
                verified: made.is_some(),
                source: source.clone(),
                ..line.entry(release, &star)
            }),
        }
    }
    delivered
}

/// The day a table was made, in UTC as its publisher writes it.
pub fn made_on(table: &SupportTable) -> Option<Date> {
    table.made.map(|made| TimeZone::UTC.to_datetime(made).date())
}

impl Line {
    /// What stands for the star; none where the name is not meant.
    fn star(&self, name: &str) -> Option<String> {
        let Some((before, behind)) = self.cycle.split_once('*') else {
            return (self.cycle == name).then(String::new);
        };
        let star = name.strip_prefix(before)?.strip_suffix(behind)?;
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'.';
        (!star.is_empty() && star.bytes().all(plain)).then(|| star.to_ascii_uppercase())
    }

    fn entry(&self, release: &SupportRelease, star: &str) -> SupportEntry {
        let (eos, ended) = match release.end {
            SupportEnd::On(day) => (Some(day), false),
            SupportEnd::Over => (None, true),
            SupportEnd::Going | SupportEnd::Unsaid => (None, false),
        };
        // Where the two are one day, or stand in the wrong order, there is no time of limited support.
        let eol =
            release.active.filter(|active| self.limited && eos.is_none_or(|eos| *active < eos));
        SupportEntry {
            product: self.product.clone(),
            release: self.release.replace('*', star),
            aliases: self.aliases(&release.latest),
            editions: self.editions.clone(),
            kind: self.kind,
            eol,
            eos,
            ended,
            extended: release.extended,
            source: String::new(),
            checked: None,
            verified: false,
            note: String::new(),
        }
    }

    /// `10.0.26200` and `26200`.
    fn aliases(&self, latest: &str) -> Vec<String> {
        let build = latest.strip_prefix(KERNEL).filter(|build| {
            self.build && build.len() == 5 && build.bytes().all(|byte| byte.is_ascii_digit())
        });
        build.map(|build| vec![build.to_owned(), latest.to_owned()]).unwrap_or_default()
    }
}

/// Reads rows of `table,cycle,product,release,editions,kind,limited,build`.
fn lines(text: &str) -> Vec<Line> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let line = |row: csv::StringRecord| {
        let cell = |at: usize| row.get(at).map(str::to_owned);
        Some(Line {
            table: cell(0)?,
            cycle: cell(1)?,
            product: cell(2)?,
            release: cell(3)?,
            editions: row.get(4)?.split_whitespace().map(str::to_owned).collect(),
            kind: ProductKind::from_key(row.get(5)?)?,
            limited: row.get(6)? == "yes",
            build: row.get(7)? == "yes",
        })
    };
    reader.records().flatten().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::lifecycle::shipped;

    fn table(product: &str, releases: &[(&str, SupportEnd)]) -> SupportTable {
        let release = |(name, end): &(&str, SupportEnd)| SupportRelease {
            name: (*name).to_owned(),
            latest: "10.0.28000".to_owned(),
            active: Some(date(2027, 5, 11)),
            end: *end,
            extended: None,
        };
        SupportTable {
            product: product.to_owned(),
            named_by: None,
            made: Some("2026-11-20T03:00:00Z".parse().unwrap()),
            releases: releases.iter().map(release).collect(),
        }
    }

    #[test]
    fn every_line_is_read_and_names_a_product_of_the_table_and_editions_that_it_has() {
        assert_eq!(SHIPPED.len(), MAPPING.lines().count() - 1);
        for line in SHIPPED.iter() {
            assert!(shipped().product(&line.product).is_some(), "{line:?}");
            let rows = shipped().entries.iter().filter(|entry| entry.product == line.product);
            for row in rows.filter(|row| row.release == line.release) {
                assert_eq!(row.editions.is_empty(), line.editions.is_empty(), "{line:?}");
                assert_eq!(row.kind, line.kind, "{line:?}");
            }
            let stars = |text: &str| text.matches('*').count();
            assert_eq!(stars(&line.cycle), stars(&line.release), "{line:?}");
        }
    }

    #[test]
    fn every_row_we_have_from_them_is_one_that_can_be_refreshed() {
        // As endoflife.date names them: https://endoflife.date/windows, /windows-server, /windows-embedded.
        for (product, name, label) in [
            ("windows", "11-25h2-w", "Windows 11 25H2 (pro)"),
            ("windows", "11-24h2-e", "Windows 11 24H2 (enterprise)"),
            ("windows", "10-22h2", "Windows 10 22H2 (pro, enterprise)"),
            ("windows", "10-21h2-iot-lts", "Windows 10 LTSC 2021 (iot_ltsc)"),
            ("windows", "10-1809-e-lts", "Windows 10 LTSC 2019 (ltsc, iot_ltsc)"),
            ("windows", "7-sp1", "Windows 7 SP1 (pro, enterprise)"),
            ("windows-server", "2012-r2", "Windows Server 2012 R2"),
            ("windows-embedded", "standard-7-sp1", "Windows Embedded Standard 7 SP1 (embedded)"),
            ("fortios", "7.4", "FortiOS 7.4"),
            ("ubuntu", "20.04", "Ubuntu 20.04"),
        ] {
            let found = delivered(&table(product, &[(name, SupportEnd::Going)]));
            let labels: Vec<_> = found.entries.iter().map(SupportEntry::label).collect();
            assert_eq!(labels, [label], "{product} {name}");
            assert!(shipped().entries.iter().any(|entry| entry.label() == label), "{label}");
        }
    }

    #[test]
    fn what_no_line_names_is_told_and_never_guessed() {
        let names = ["11-28h2-e-lts", "11-", "11-24h2-x-w", "6-sp2", "95"];
        let releases = names.map(|name| (name, SupportEnd::Over));
        let found = delivered(&table("windows", &releases));
        assert_eq!((found.entries, found.unknown), (Vec::new(), names.map(str::to_owned).to_vec()));
        assert!(!is_known("debian") && is_known("esxi"));
        assert_eq!(delivered(&table("debian", &[("12", SupportEnd::Over)])).unknown, ["12"]);
    }

    #[test]
    fn a_release_that_is_newer_than_the_program_is_known_by_its_build() {
        let end = SupportEnd::On(date(2028, 3, 14));
        let found = delivered(&table("windows", &[("11-26h1-w", end)]));
        assert_eq!(found.entries[0].aliases, ["28000", "10.0.28000"]);
        assert_eq!(found.entries[0].source, "endoflife.date (2026-11-20)");
    }

    #[test]
    fn limited_support_begins_only_where_the_maker_has_such_a_stage() {
        let end = SupportEnd::On(date(2028, 11, 11));
        let forti = delivered(&table("fortios", &[("7.4", end)]));
        assert_eq!(forti.entries[0].eol, Some(date(2027, 5, 11)));
        let server = delivered(&table("windows-server", &[("2019", end)]));
        assert_eq!(server.entries[0].eol, None);
        let same = delivered(&table("fortios", &[("7.4", SupportEnd::On(date(2027, 5, 11)))]));
        assert_eq!(same.entries[0].eol, None);
    }

    #[test]
    fn what_does_not_say_when_it_was_made_is_marked_as_not_compared() {
        let undated = SupportTable {
            made: None,
            named_by: Some("ubuntu.json".to_owned()),
            ..table("ubuntu", &[("24.04", SupportEnd::Over)])
        };
        let entry = &delivered(&undated).entries[0];
        assert_eq!((entry.verified, entry.ended, entry.eos), (false, true, None));
        assert_eq!(entry.source, "endoflife.date (ubuntu.json)");
    }
}
