//! The products that ship with the program: how hospitals write them, and what the NVD calls them.
//!
//! `data/products/SOURCES.md` tells where the names come from.

use std::sync::LazyLock;

use domain::{ProductPart, ProductRow, ProductTable, VersionRule};

const PRODUCTS: &str = include_str!("../data/products/products.csv");
const BESIDE: &str = include_str!("../data/products/beside.txt");

static SHIPPED: LazyLock<ProductTable> = LazyLock::new(|| ProductTable {
    rows: read(PRODUCTS),
    beside: BESIDE.lines().map(str::to_owned).collect(),
});

/// The table that ships with the program. Read when first asked for.
pub fn shipped() -> &'static ProductTable {
    &SHIPPED
}

/// Rows of `name,spellings,short,models,makers,releases,part,names,version,scheme,purl,source`, lists divided by `|`.
fn read(text: &str) -> Vec<ProductRow> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.records().flatten().filter_map(|row| read_row(&row)).collect()
}

fn read_row(row: &csv::StringRecord) -> Option<ProductRow> {
    let cell = |at: usize| row.get(at).map(str::to_owned);
    let list = |at: usize| {
        let words = row.get(at)?.split('|').filter(|word| !word.is_empty());
        Some(words.map(str::to_owned).collect::<Vec<_>>())
    };
    Some(ProductRow {
        name: cell(0)?,
        spellings: list(1)?,
        short: list(2)?,
        models: list(3)?,
        makers: list(4)?,
        releases: list(5)?,
        part: ProductPart::from_key(row.get(6)?)?,
        names: list(7)?,
        version: version_rule(row.get(8)?)?,
        scheme: cell(9)?,
        purl: cell(10).filter(|purl| !purl.is_empty()),
        source: cell(11)?,
    })
}

fn version_rule(text: &str) -> Option<VersionRule> {
    match text.split_once(' ') {
        None if text == "beside" => Some(VersionRule::Beside),
        None if text == "written" => Some(VersionRule::Written(1)),
        Some(("build", build)) => Some(VersionRule::Build(build.to_owned())),
        Some(("fixed", version)) => Some(VersionRule::Fixed(version.to_owned())),
        Some(("kernel", kernel)) => Some(VersionRule::Kernel(kernel.to_owned())),
        Some(("release", form)) => {
            let (numbers, tail) = form.split_once(' ').unwrap_or((form, ""));
            numbers
                .parse()
                .ok()
                .map(|numbers| VersionRule::Release { numbers, tail: tail.to_owned() })
        }
        Some(("update", numbers)) => numbers.parse().ok().map(VersionRule::Update),
        Some(("written", numbers)) => numbers.parse().ok().map(VersionRule::Written),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_row_is_read() {
        assert_eq!(shipped().rows.len(), PRODUCTS.lines().count() - 1);
    }

    #[test]
    fn a_row_with_a_name_says_where_it_was_found_and_one_without_does_not() {
        for row in &shipped().rows {
            assert_eq!(row.names.is_empty(), row.source == "none", "{row:?}");
            assert!(ProductRow::SCHEMES.contains(&row.scheme.as_str()), "{row:?}");
            assert!(!row.spellings.is_empty() || !row.models.is_empty(), "{row:?}");
            assert!(row.models.is_empty() || !row.makers.is_empty(), "{row:?}");
        }
    }

    #[test]
    fn a_row_that_says_what_no_rule_knows_is_none() {
        let head =
            "name,spellings,short,models,makers,releases,part,names,version,scheme,purl,source\n";
        for (row, rows) in [
            ("A,a,,,,,a,v:p,written,generic,,nvd2", 1),
            ("A,a,,,,,x,v:p,written,generic,,nvd2", 0),
            ("A,a,,,,,a,v:p,guessed,generic,,nvd2", 0),
        ] {
            assert_eq!(read(&format!("{head}{row}\n")).len(), rows, "{row}");
        }
    }
}
