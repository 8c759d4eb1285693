//! Support dates of products, and the stage of life that follows from them.
//!
//! The table itself is data and comes in as an argument: `reference` loads the one that ships with the program, a hospital may add
//! its own rows, and `engine` finds the row a device's operating system means.

use jiff::Timestamp;
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
    /// Whether its source says that support has ended, and not since when.
    pub ended: bool,
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
        if self.is_over(today) {
            return Stage::EndOfSupport;
        }
        Stage::on(today, self.eol, self.eos)
    }

    /// Whether support has ended on `today`, whether or not it is known since when.
    pub fn is_over(&self, today: Date) -> bool {
        self.eos.map_or(self.ended, |eos| today >= eos)
    }

    /// Whether it says anything of when support ends.
    fn is_dated(&self) -> bool {
        self.eos.is_some() || self.ended
    }

    /// Whether `other` speaks of the same release, and of an edition that this one speaks of.
    fn meets(&self, other: &Self) -> bool {
        let all = self.editions.is_empty() || other.editions.is_empty();
        self.product == other.product
            && self.release == other.release
            && (all || self.editions.iter().any(|edition| other.editions.contains(edition)))
    }

    /// Gives the editions that both speak of to `other`; false where that leaves it none.
    fn yields(&mut self, other: &Self) -> bool {
        if self.editions.is_empty() || other.editions.is_empty() {
            return false;
        }
        self.editions.retain(|edition| !other.editions.contains(edition));
        !self.editions.is_empty()
    }

    /// Whether a delivered row, of the day `made` where that is known, counts instead of this one.
    ///
    /// A row that says nothing takes no date away, and "it has ended" takes away no date that had passed.
    fn gives_way(&self, delivered: &Self, made: Option<Date>) -> bool {
        if !delivered.is_dated() {
            return false;
        }
        if !self.is_dated() {
            return true;
        }
        let Some(made) = made else { return false };
        let is_newer = self.checked.is_none_or(|checked| made > checked.last_day());
        let says_less = delivered.eos.is_none() && self.is_over(made);
        is_newer && !says_less
    }
}

/// When support ends, as a table of others says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SupportEnd {
    /// It ends, or ended, on this day.
    On(Date),
    /// It has ended, and nothing says when.
    Over,
    /// It had not ended when the table was made. That is no date.
    Going,
    /// Nothing is said.
    Unsaid,
}

/// A release as a table of others lists it (endoflife.date).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupportRelease {
    /// What the table calls it, such as `11-24h2-w`.
    pub name: String,
    /// The newest version of it, such as `10.0.26100`; empty where nothing is said.
    pub latest: String,
    /// The first day without active support (v0 `support`, v1 `eoasFrom`).
    pub active: Option<Date>,
    /// When security updates for everybody end (v0 `eol`, v1 `eolFrom` and `isEol`).
    pub end: SupportEnd,
    /// The end of updates that are sold (v0 `extendedSupport`, v1 `eoesFrom`).
    pub extended: Option<Date>,
}

/// The releases of one product as a table of others lists them, under its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupportTable {
    /// What the table calls the product, such as `windows-server`.
    pub product: String,
    /// The file that told the product by its name, since the content does not.
    pub named_by: Option<String>,
    /// When the table was made; none where it does not say so.
    pub made: Option<Timestamp>,
    /// The releases.
    pub releases: Vec<SupportRelease>,
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
    /// The same with the rows of `newer`, which win where both speak of one release and edition: a row of several editions keeps the
    /// others.
    ///
    /// A product only `newer` knows is added with its name as its only spelling; a known product keeps its spellings and gains
    /// those of `newer`.
    #[must_use]
    pub fn merge(mut self, newer: Self) -> Self {
        for product in newer.products {
            self.add_product(product);
        }
        for entry in newer.entries {
            self.lay(entry, |_, _| true);
        }
        self
    }

    /// The same with delivered rows, of the day `made` where that is known. Such a row counts where ours has no date, and where it is
    /// newer than ours was last looked at.
    #[must_use]
    pub fn refresh(mut self, delivered: Vec<SupportEntry>, made: Option<Date>) -> Self {
        for entry in delivered {
            self.lay(entry, |known, delivered| known.gives_way(delivered, made));
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

    /// Lays a row over those of the same release, edition by edition: each edition goes to the row that `wins` says.
    fn lay(
        &mut self,
        mut entry: SupportEntry,
        wins: impl Fn(&SupportEntry, &SupportEntry) -> bool,
    ) {
        if self.product(&entry.product).is_none() {
            let name = entry.product.clone();
            self.products.push(SupportProduct { name, spellings: Vec::new(), complete: false });
        }
        for known in &self.entries {
            if known.meets(&entry) && !wins(known, &entry) && !entry.yields(known) {
                return;
            }
        }
        let mut place = None;
        let mut kept = Vec::with_capacity(self.entries.len() + 1);
        for mut known in std::mem::take(&mut self.entries) {
            if known.meets(&entry) {
                // Whoever writes a row seldom repeats the build numbers; losing them would make the release unrecognisable.
                entry.aliases.extend(known.aliases.iter().cloned());
                place.get_or_insert(kept.len());
                if !known.yields(&entry) {
                    continue;
                }
            }
            kept.push(known);
        }
        entry.aliases.sort();
        entry.aliases.dedup();
        kept.insert(place.unwrap_or(kept.len()), entry);
        self.entries = kept;
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
            ended: false,
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

    fn of(editions: &[&str], eos: Option<Date>, checked: Option<&str>) -> SupportEntry {
        let mut entry = entry("Windows 11", "24H2", date(2000, 1, 1));
        entry.editions = editions.iter().map(|edition| (*edition).to_owned()).collect();
        (entry.eos, entry.checked) = (eos, checked.map(|checked| checked.parse().unwrap()));
        entry
    }

    /// The rows of a table of `known` after `delivered` was laid over it: editions, end, and whether it is only said to have ended.
    fn refreshed(
        known: Vec<SupportEntry>,
        delivered: SupportEntry,
        made: Option<Date>,
    ) -> Vec<(String, Option<Date>, bool)> {
        let table = LifecycleTable { products: Vec::new(), entries: known };
        let table = table.refresh(vec![delivered], made);
        let told = |entry: &SupportEntry| (entry.editions.join(" "), entry.eos, entry.ended);
        table.entries.iter().map(told).collect()
    }

    #[test]
    fn a_delivered_row_counts_only_where_it_is_newer_than_ours_was_looked_at() {
        let (ours, theirs) = (date(2026, 10, 13), date(2027, 1, 1));
        for (made, checked, counts) in [
            (Some(date(2026, 9, 1)), Some("2026-08"), theirs),
            (Some(date(2026, 8, 31)), Some("2026-08"), ours),
            (Some(date(2020, 1, 1)), None, theirs),
            (None, None, ours),
        ] {
            let rows = refreshed(
                vec![of(&["pro"], Some(ours), checked)],
                of(&["pro"], Some(theirs), None),
                made,
            );
            assert_eq!(rows, [("pro".to_owned(), Some(counts), false)], "{made:?} {checked:?}");
        }
    }

    #[test]
    fn a_delivered_row_without_a_date_takes_none_away_and_fills_a_gap() {
        let made = Some(date(2026, 11, 20));
        let over = || SupportEntry { ended: true, ..of(&["pro"], None, None) };
        let past = Some(date(2025, 10, 14));
        let unsaid = of(&["pro"], None, None);
        let row = |eos, ended| [("pro".to_owned(), eos, ended)];
        assert_eq!(refreshed(vec![of(&["pro"], past, None)], unsaid, made), row(past, false));
        assert_eq!(refreshed(vec![of(&["pro"], past, None)], over(), made), row(past, false));
        assert_eq!(refreshed(vec![of(&["pro"], None, None)], over(), None), row(None, true));
        // What we took for supported is said to be over.
        let later = Some(date(2027, 10, 12));
        assert_eq!(refreshed(vec![of(&["pro"], later, None)], over(), made), row(None, true));
    }

    #[test]
    fn a_row_takes_its_own_editions_only() {
        let end = Some(date(2029, 10, 9));
        let rows = refreshed(
            vec![of(&["ltsc", "iot_ltsc"], None, None)],
            of(&["ltsc"], end, None),
            Some(date(2026, 11, 20)),
        );
        let told: Vec<_> =
            rows.iter().map(|(editions, end, _)| (editions.as_str(), *end)).collect();
        assert_eq!(told, [("ltsc", end), ("iot_ltsc", None)]);
        let own = of(&["ltsc", "iot_ltsc"], Some(date(2030, 1, 1)), None);
        let table = LifecycleTable {
            products: Vec::new(),
            entries: vec![of(&["ltsc"], end, None), of(&["iot_ltsc"], end, None)],
        };
        let table = table.merge(LifecycleTable { products: Vec::new(), entries: vec![own] });
        assert_eq!(table.entries.len(), 1, "the hospital's own row is for both");
        assert_eq!(table.entries[0].eos, Some(date(2030, 1, 1)));
    }

    #[test]
    fn a_row_of_all_editions_stands_back_where_one_of_them_is_better_known() {
        let (ours, theirs) = (Some(date(2026, 10, 13)), Some(date(2028, 1, 1)));
        let rows = refreshed(
            vec![of(&["pro"], ours, Some("2026-12")), of(&["enterprise"], ours, Some("2026-01"))],
            of(&[], theirs, None),
            Some(date(2026, 11, 20)),
        );
        let ends: Vec<_> = rows.iter().map(|(_, end, _)| *end).collect();
        assert_eq!(ends, [ours, ours]);
    }

    #[test]
    fn what_has_ended_is_over_without_a_date_and_never_supported() {
        let today = date(2026, 11, 20);
        let over = SupportEntry { ended: true, ..of(&[], None, None) };
        assert_eq!(over.stage(today), Stage::EndOfSupport);
        assert_eq!(of(&[], None, None).stage(today), Stage::Unknown);
    }
}
