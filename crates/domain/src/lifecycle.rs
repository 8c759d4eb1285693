//! Support dates of products, and the stage of life that follows from them.
//!
//! The table itself is data and comes in as an argument: `reference` loads the one that ships with the program, a hospital may add
//! its own rows, and `engine` finds the row a device's operating system means.

use jiff::civil::Date;

use crate::CalendarDate;
use crate::vocabulary::words;

words! {
    /// ライフサイクル段階: where in its life a product release stands on a given day.
    ///
    /// 手引書 (令和5年3月31日) 用語の定義 and IMDRF/CYBER WG/N70 FINAL:2023 clause 5.
    Stage {
        /// サポート終了: the maker gives no support at all any more.
        EndOfSupport = "end_of_support",
        /// 限定的なサポート期間: after the end of life (EOL), before the end of support (EOS).
        LimitedSupport = "limited_support",
        /// サポート期間: the maker supports it in full.
        Supported = "supported",
        /// 不明: no date is known. Never shown as supported.
        Unknown = "unknown",
    }
}

words! {
    /// What a product of the table is.
    ProductKind {
        /// Software that carries virtual machines.
        Hypervisor = "hypervisor",
        /// Firmware of network equipment.
        Network = "network",
        /// An operating system.
        Os = "os",
    }
}

impl Stage {
    /// The stage on `today`: past EOS, else past EOL, else supported if either date is known, else unknown.
    ///
    /// The date itself already belongs to the later stage: N70 calls it the "point in time starting when", and HB 4.5 lets the
    /// hospital's own responsibility begin with it.
    pub fn on(today: Date, eol: Option<Date>, eos: Option<Date>) -> Self {
        let reached = |date: Option<Date>| date.is_some_and(|date| today >= date);
        if reached(eos) {
            Self::EndOfSupport
        } else if reached(eol) {
            Self::LimitedSupport
        } else if eol.is_some() || eos.is_some() {
            Self::Supported
        } else {
            Self::Unknown
        }
    }
}

/// A product of the table: what it is called, and whether more releases of it can come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupportProduct {
    /// Its name as people read it, such as `Windows 10`. Entries name it by this.
    pub name: String,
    /// Other ways to write the name, such as `Win10`. A writing may belong to several products: `XP` is also the XP Embedded.
    pub spellings: Vec<String>,
    /// Whether every release of it is older than or as old as the listed ones, so that the last listed end bounds them all.
    pub complete: bool,
}

/// The support dates of one release of a product.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupportEntry {
    /// The name of the product.
    pub product: String,
    /// The release, such as `22H2` or `7.0`; empty where the product has only one.
    pub release: String,
    /// Other names of the release: its build and kernel numbers.
    pub aliases: Vec<String>,
    /// The editions these dates hold for, such as `pro`; empty where they hold for all.
    pub editions: Vec<String>,
    /// What kind of product it is.
    pub kind: ProductKind,
    /// 製品寿命終了: the first day of limited support.
    pub eol: Option<Date>,
    /// サポート終了: the first day without support.
    pub eos: Option<Date>,
    /// The end of updates that must be paid for, where such are sold. It does not change the stage.
    pub extended: Option<Date>,
    /// Who says so.
    pub source: String,
    /// When the source was last looked at.
    pub checked: Option<CalendarDate>,
    /// Whether the dates were compared with their source.
    pub verified: bool,
    /// What else whoever keeps the table should know.
    pub note: String,
}

impl SupportEntry {
    /// The name people know it by: `Windows 11 24H2 (pro)`.
    pub fn label(&self) -> String {
        let mut label = self.product.clone();
        if !self.release.is_empty() {
            label = format!("{label} {}", self.release);
        }
        if !self.editions.is_empty() {
            label = format!("{label} ({})", self.editions.join(", "));
        }
        label
    }

    /// The stage of this release on `today`.
    pub fn stage(&self, today: Date) -> Stage {
        Stage::on(today, self.eol, self.eos)
    }

    /// Whether `other` speaks of the same release and editions.
    fn replaces(&self, other: &Self) -> bool {
        self.product == other.product
            && self.release == other.release
            && self.editions == other.editions
    }
}

/// Support dates of many products.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LifecycleTable {
    /// The products, each once.
    pub products: Vec<SupportProduct>,
    /// Their releases.
    pub entries: Vec<SupportEntry>,
}

impl LifecycleTable {
    /// The same with the rows of `newer`, which win where both speak of one release and edition.
    ///
    /// A product only `newer` knows is added with its name as its only spelling; a known product keeps its spellings and gains
    /// those of `newer`.
    #[must_use]
    pub fn merge(mut self, newer: Self) -> Self {
        for product in newer.products {
            self.add_product(product);
        }
        for entry in newer.entries {
            self.add_entry(entry);
        }
        self
    }

    /// The product with this name.
    pub fn product(&self, name: &str) -> Option<&SupportProduct> {
        self.products.iter().find(|product| product.name == name)
    }

    fn add_product(&mut self, product: SupportProduct) {
        match self.products.iter_mut().find(|known| known.name == product.name) {
            Some(known) => {
                let new = product.spellings.into_iter().filter(|s| !known.spellings.contains(s));
                let new: Vec<_> = new.collect();
                known.spellings.extend(new);
                known.complete |= product.complete;
            }
            None => self.products.push(product),
        }
    }

    fn add_entry(&mut self, entry: SupportEntry) {
        if self.product(&entry.product).is_none() {
            let name = entry.product.clone();
            self.products.push(SupportProduct { name, spellings: Vec::new(), complete: false });
        }
        match self.entries.iter_mut().find(|known| entry.replaces(known)) {
            // An imported row seldom repeats the build numbers; losing them would make the release unrecognisable.
            Some(known) => {
                let aliases = std::mem::take(&mut known.aliases);
                *known = entry;
                known.aliases.extend(aliases);
                known.aliases.sort();
                known.aliases.dedup();
            }
            None => self.entries.push(entry),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn entry(product: &str, release: &str, eos: Date) -> SupportEntry {
        SupportEntry {
            product: product.into(),
            release: release.into(),
            aliases: Vec::new(),
            editions: Vec::new(),
            kind: ProductKind::Os,
            eol: None,
            eos: Some(eos),
            extended: None,
            source: "test".into(),
            checked: None,
            verified: true,
            note: String::new(),
        }
    }

    #[test]
    fn the_day_itself_belongs_to_the_later_stage() {
        let (eol, eos) = (Some(date(2024, 3, 30)), Some(date(2025, 9, 30)));
        for (today, stage) in [
            (date(2024, 3, 29), Stage::Supported),
            (date(2024, 3, 30), Stage::LimitedSupport),
            (date(2025, 9, 29), Stage::LimitedSupport),
            (date(2025, 9, 30), Stage::EndOfSupport),
        ] {
            assert_eq!(Stage::on(today, eol, eos), stage, "{today}");
        }
    }

    #[test]
    fn one_known_date_is_enough_for_supported_and_none_is_unknown() {
        let today = date(2026, 11, 20);
        assert_eq!(Stage::on(today, Some(date(2027, 1, 1)), None), Stage::Supported);
        assert_eq!(Stage::on(today, None, Some(date(2027, 1, 1))), Stage::Supported);
        assert_eq!(Stage::on(today, None, None), Stage::Unknown);
    }

    #[test]
    fn a_newer_row_replaces_dates_and_keeps_build_numbers() {
        let mut shipped = entry("Windows 11", "25H2", date(2027, 10, 12));
        shipped.aliases.push("26200".into());
        let table = LifecycleTable { products: Vec::new(), entries: vec![shipped] };
        let newer = entry("Windows 11", "25H2", date(2028, 1, 1));
        let table = table.merge(LifecycleTable { products: Vec::new(), entries: vec![newer] });
        assert_eq!(table.entries.len(), 1);
        assert_eq!(table.entries[0].eos, Some(date(2028, 1, 1)));
        assert_eq!(table.entries[0].aliases, ["26200"]);
    }

    #[test]
    fn a_row_of_an_unknown_product_brings_the_product_with_it() {
        let rows = LifecycleTable {
            products: Vec::new(),
            entries: vec![entry("電カルOS", "1", date(2030, 1, 1))],
        };
        let table = LifecycleTable::default().merge(rows);
        assert_eq!(table.product("電カルOS").map(|product| product.complete), Some(false));
    }
}
