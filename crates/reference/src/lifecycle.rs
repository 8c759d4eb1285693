//! The support dates that ship with the program, the reader of the same table in a hospital's own hand, and which of its rows those of
//! endoflife.date are.

use std::collections::HashMap;
use std::str::FromStr;
use std::sync::LazyLock;

use domain::{
    CalendarDate, LifecycleTable, Message, Place, ProductKind, SupportEntry, SupportProduct,
    Warning, msg,
};
use jiff::civil::Date;

mod delivered;

pub use delivered::{Delivered, delivered, is_known, made_on};

const PRODUCTS: &str = include_str!("../data/lifecycle/products.csv");
const RELEASES: [&str; 6] = [
    include_str!("../data/lifecycle/hypervisor.csv"),
    include_str!("../data/lifecycle/linux.csv"),
    include_str!("../data/lifecycle/network.csv"),
    include_str!("../data/lifecycle/windows.csv"),
    include_str!("../data/lifecycle/windows-embedded.csv"),
    include_str!("../data/lifecycle/windows-server.csv"),
];

/// The columns of a table of support dates, in the order we write them. Only the first, `eos` and `source` must be there.
pub const COLUMNS: [&str; 11] = [
    "product", "release", "aliases", "editions", "kind", "eol", "eos", "extended", "source",
    "checked", "verified",
];

/// More rows than this in one table are refused: the shipped one has a hundred.
pub const MOST_ROWS: usize = 10_000;

static SHIPPED: LazyLock<LifecycleTable> = LazyLock::new(shipped_table);

/// The table that ships with the program. Read when first asked for.
///
/// `data/lifecycle/SOURCES.md` tells where its dates come from.
pub fn shipped() -> &'static LifecycleTable {
    &SHIPPED
}

/// What was read of a table of support dates: the rows that can be used, and the others with their lines.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Imported {
    /// The usable rows; give it to [`LifecycleTable::merge`].
    pub table: LifecycleTable,
    /// Rows that were left out, and why. A single one at [`Place::DOCUMENT`] where the table as a whole cannot be read.
    pub warnings: Vec<Warning>,
}

/// Whether `text` is a table of support dates: its header holds `product` and `eos`, and nothing that is no column of such a table.
pub fn is_table(text: &str) -> bool {
    let line = text.lines().next().unwrap_or_default();
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(line.as_bytes());
    let mut record = csv::StringRecord::new();
    if !reader.read_record(&mut record).unwrap_or(false) {
        return false;
    }
    let header = Header::of(&record);
    let known = |column: &String| COLUMNS.contains(&column.as_str()) || column == "note";
    header.has("product") && header.has("eos") && header.0.keys().all(known)
}

/// Reads a table of support dates, as CSV in UTF-8 with a header row of [`COLUMNS`] in any order, and `note`.
///
/// Lines are counted from 1, the header's included. A bad row costs that row.
pub fn read(text: &str) -> Imported {
    let mut imported = Imported::default();
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header = match reader.headers() {
        Ok(header) => Header::of(header),
        Err(_) => Header::default(),
    };
    for column in ["product", "eos", "source"] {
        if !header.has(column) {
            imported.refuse(Place::DOCUMENT, msg!("refusal.support_column", column = column));
            return imported;
        }
    }
    for (row, count) in reader.records().zip(1..) {
        if count > MOST_ROWS {
            imported.refuse(Place::DOCUMENT, msg!("refusal.support_rows", most = MOST_ROWS));
            break;
        }
        imported.add_row(&header, row);
    }
    imported
}

impl Imported {
    fn add_row(&mut self, header: &Header, row: Result<csv::StringRecord, csv::Error>) {
        let Ok(row) = row else {
            return self.refuse(Place::DOCUMENT, msg!("warning.support_row"));
        };
        let line = row.position().map_or(0, csv::Position::line);
        let place = Place::line(u32::try_from(line).unwrap_or(u32::MAX));
        match read_entry(&Row { header, cells: &row }) {
            Ok(entry) => self.table.entries.push(entry),
            Err(message) => self.refuse(place, message),
        }
    }

    fn refuse(&mut self, place: Place, message: Message) {
        self.warnings.push(Warning { place, message });
    }
}

/// Which column stands where.
#[derive(Debug, Default)]
struct Header(HashMap<String, usize>);

impl Header {
    fn of(row: &csv::StringRecord) -> Self {
        let name = |cell: &str| domain::fold(cell.trim_start_matches('\u{feff}'));
        Self(row.iter().enumerate().map(|(index, cell)| (name(cell), index)).collect())
    }

    fn has(&self, column: &str) -> bool {
        self.0.contains_key(column)
    }
}

struct Row<'a> {
    header: &'a Header,
    cells: &'a csv::StringRecord,
}

impl Row<'_> {
    /// The cell of a column, empty where there is none.
    fn cell(&self, column: &str) -> &str {
        let cell = self.header.0.get(column).and_then(|index| self.cells.get(*index));
        cell.unwrap_or_default().trim()
    }

    /// The words of a cell.
    fn words(&self, column: &str) -> Vec<String> {
        self.cell(column).split_whitespace().map(str::to_owned).collect()
    }

    fn date<T: FromStr>(&self, column: &str) -> Result<Option<T>, Message> {
        match self.cell(column) {
            "" => Ok(None),
            text => text
                .parse()
                .map(Some)
                .map_err(|_| msg!("warning.support_date", column = column, text = text)),
        }
    }
}

fn read_entry(row: &Row<'_>) -> Result<SupportEntry, Message> {
    let needed = |column: &'static str| match row.cell(column) {
        "" => Err(msg!("warning.support_blank", column = column)),
        text => Ok(text.to_owned()),
    };
    let kind = match row.cell("kind") {
        "" => ProductKind::Os,
        text => {
            ProductKind::from_key(text).ok_or_else(|| msg!("warning.support_kind", text = text))?
        }
    };
    let verified = match row.cell("verified") {
        "yes" => true,
        "" | "no" => false,
        text => return Err(msg!("warning.support_verified", text = text)),
    };
    let (eol, eos) = (row.date::<Date>("eol")?, row.date::<Date>("eos")?);
    if let (Some(eol), Some(eos)) = (eol, eos)
        && eol > eos
    {
        return Err(msg!("warning.support_order", eol = eol, eos = eos));
    }
    Ok(SupportEntry {
        product: needed("product")?,
        release: row.cell("release").to_owned(),
        aliases: row.words("aliases"),
        editions: row.words("editions"),
        kind,
        eol,
        eos,
        ended: false,
        extended: row.date("extended")?,
        source: needed("source")?,
        checked: row.date::<CalendarDate>("checked")?,
        verified,
        note: row.cell("note").to_owned(),
    })
}

fn shipped_table() -> LifecycleTable {
    let products = LifecycleTable { products: read_products(PRODUCTS), entries: Vec::new() };
    RELEASES.iter().fold(products, |table, text| table.merge(read(text).table))
}

/// Rows of `product,complete,spellings`, the spellings divided by `|`.
fn read_products(text: &str) -> Vec<SupportProduct> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let product = |row: csv::StringRecord| {
        let spellings = row.get(2)?.split('|').filter(|spelling| !spelling.is_empty());
        Some(SupportProduct {
            name: row.get(0)?.to_owned(),
            complete: row.get(1)? == "yes",
            spellings: spellings.map(str::to_owned).collect(),
        })
    };
    reader.records().flatten().filter_map(product).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shipped_row_is_read() {
        for text in RELEASES {
            let imported = read(text);
            assert_eq!(imported.warnings, []);
            assert_eq!(imported.table.entries.len(), text.lines().count() - 1);
        }
        let rows: usize = RELEASES.iter().map(|text| text.lines().count() - 1).sum();
        assert_eq!(shipped().entries.len(), rows, "two rows speak of one release and edition");
    }

    #[test]
    fn every_shipped_row_names_a_listed_product_and_a_source() {
        let listed = read_products(PRODUCTS);
        for entry in &shipped().entries {
            assert!(listed.iter().any(|product| product.name == entry.product), "{entry:?}");
            assert!(
                !entry.verified || (entry.eos.is_some() && entry.checked.is_some()),
                "{entry:?}"
            );
            assert_eq!(entry.source == "none", entry.eos.is_none(), "{entry:?}");
        }
        assert_eq!(shipped().products.len(), listed.len());
    }

    #[test]
    fn what_was_not_compared_with_its_source_says_so() {
        let unverified = shipped().entries.iter().filter(|entry| !entry.verified);
        let labels: Vec<_> = unverified.map(SupportEntry::label).collect();
        for label in ["Windows XP SP3 (pro)", "Windows CE 6.0", "VMware ESXi 7.0"] {
            assert!(labels.iter().any(|known| known == label), "{label}");
        }
    }

    #[test]
    fn a_table_is_known_by_its_header() {
        for text in RELEASES {
            assert!(is_table(text));
        }
        for (header, is) in [
            ("\u{feff}Product,EOS\nQNX,2031-03-31", true),
            ("product,release,source", false),
            ("product,eos,IPアドレス", false),
            ("管理番号,機器名", false),
            ("", false),
        ] {
            assert_eq!(is_table(header), is, "{header}");
        }
    }

    #[test]
    fn a_table_of_the_hospital_is_read_in_any_order_of_columns() {
        let imported = read("source,eos,product,release\n営業の返事,2031-03-31,QNX,7.1\n");
        assert_eq!(imported.warnings, []);
        let entry = &imported.table.entries[0];
        assert_eq!((entry.label().as_str(), entry.verified), ("QNX 7.1", false));
        let merged = shipped().clone().merge(imported.table);
        assert!(merged.product("QNX").is_some());
    }

    #[test]
    fn each_bad_row_is_refused_with_its_line() {
        let head = "product,release,kind,eol,eos,source,verified\n";
        for (row, key) in [
            (",7,os,,2024-06-30,s,yes", "warning.support_blank"),
            ("A,7,os,,2024-06-30,,yes", "warning.support_blank"),
            ("A,7,toaster,,2024-06-30,s,yes", "warning.support_kind"),
            ("A,7,os,,令和6年,s,yes", "warning.support_date"),
            ("A,7,os,2024-13-01,2024-06-30,s,yes", "warning.support_date"),
            ("A,7,os,2025-01-01,2024-06-30,s,yes", "warning.support_order"),
            ("A,7,os,,2024-06-30,s,maybe", "warning.support_verified"),
        ] {
            let imported = read(&format!("{head}B,1,os,,2024-06-30,s,yes\n{row}\n"));
            assert_eq!(imported.table.entries.len(), 1, "{row}");
            assert_eq!(imported.warnings.len(), 1, "{row}");
            assert_eq!(imported.warnings[0].place, Place::line(3), "{row}");
            assert_eq!(imported.warnings[0].message.key, key, "{row}");
        }
    }

    #[test]
    fn a_table_without_its_columns_is_refused_as_a_whole() {
        for text in ["", "管理番号,OS\n1,Win11\n", "product,eos\nA,2024-01-01\n"] {
            let imported = read(text);
            assert_eq!(imported.table, LifecycleTable::default());
            assert_eq!(imported.warnings[0].message.key, "refusal.support_column", "{text}");
        }
    }

    #[test]
    fn an_endless_table_is_cut_with_a_word() {
        let text = format!("product,eos,source\n{}", "A,,s\n".repeat(MOST_ROWS + 5));
        let imported = read(&text);
        assert_eq!(imported.table.entries.len(), MOST_ROWS);
        assert_eq!(imported.warnings[0].message.key, "refusal.support_rows");
    }
}
