//! Which row of the support table a device's operating system means, when hospitals write it in a hundred ways.
//!
//! The words are cut into tokens, the longest writing of a product's name is looked for, then what is left is compared with the
//! releases, build numbers and editions of that product. What remains is the answer: one row, several rows and the question that
//! would decide between them, or nothing. A guess is never a date.
//!
//! Embedded Windows inside a medical device follows the device maker's statement; whoever shows a date from here shows both.

mod edition;
pub(crate) mod token;

use std::cmp::Reverse;
use std::collections::HashMap;

use domain::{LifecycleTable, Message, ProductKind, Stage, SupportEntry, msg};
use jiff::civil::Date;

use edition::Editions;
use token::{Token, holds, tokens};

/// What a document says a device runs, as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct OsClaim<'a> {
    /// The OS column.
    pub os: &'a str,
    /// The OS version column.
    pub os_version: &'a str,
    /// The maker, which names the firmware of network equipment.
    pub maker: &'a str,
    /// The model, likewise.
    pub model: &'a str,
}

/// What the support table says of an operating system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OsMatch<'t> {
    /// Several releases or editions are meant by what was written, so there is no single date.
    Candidates {
        /// All of them.
        entries: Vec<&'t SupportEntry>,
        /// What would decide between them.
        question: Question,
        /// Whether they are all there can be: see [`domain::SupportProduct::complete`].
        complete: bool,
    },
    /// One row is meant.
    Matched {
        /// The row. It may still be without dates.
        entry: &'t SupportEntry,
        /// How sure that is.
        sureness: Sureness,
    },
    /// The document says that there is no operating system (`－`).
    NotApplicable,
    /// Nothing in the table is meant, or nothing was written.
    Unknown,
}

/// How sure a match is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sureness {
    /// What was written names this release.
    Exact,
    /// The release was not written, and this is the only one the product's rows leave.
    Likely,
}

/// What would have to be known for a single date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Question {
    /// The edition: Pro, Enterprise, LTSC.
    Edition,
    /// The exact name of the product.
    Product,
    /// The release, such as 22H2.
    Release,
    /// Both release and edition.
    ReleaseAndEdition,
}

impl Sureness {
    /// The word of texts (`lifecycle.exact`) and JSON values.
    pub fn key(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Likely => "likely",
        }
    }
}

impl Question {
    /// The question as a sentence.
    pub fn message(self) -> Message {
        match self {
            Self::Edition => msg!("lifecycle.ask_edition"),
            Self::Product => msg!("lifecycle.ask_product"),
            Self::Release => msg!("lifecycle.ask_release"),
            Self::ReleaseAndEdition => msg!("lifecycle.ask_release_and_edition"),
        }
    }
}

impl<'t> OsMatch<'t> {
    /// The rows that may be meant: one, several or none.
    pub fn entries(&self) -> &[&'t SupportEntry] {
        match self {
            Self::Candidates { entries, .. } => entries,
            Self::Matched { entry, .. } => std::slice::from_ref(entry),
            Self::NotApplicable | Self::Unknown => &[],
        }
    }

    /// The row, where exactly one is meant.
    pub fn entry(&self) -> Option<&'t SupportEntry> {
        match self {
            Self::Matched { entry, .. } => Some(entry),
            _ => None,
        }
    }

    /// The first day without support, where exactly one row is meant and has it.
    pub fn eos(&self) -> Option<Date> {
        self.entry().and_then(|entry| entry.eos)
    }

    /// The first day on which support has ended whichever release and edition it is; `None` where that cannot be said.
    ///
    /// For a bare "Windows 7" this lets a rule say that support is over, though not since when.
    pub fn latest_possible_end(&self) -> Option<Date> {
        match self {
            Self::Matched { entry, .. } => entry.eos,
            Self::Candidates { entries, complete: true, .. } => {
                let ends: Option<Vec<Date>> = entries.iter().map(|entry| entry.eos).collect();
                ends?.into_iter().max()
            }
            _ => None,
        }
    }

    /// Whether support has ended on `today` whichever release and edition it is, whether or not it is known since when.
    pub fn is_over(&self, today: Date) -> bool {
        match self {
            Self::Matched { entry, .. } => entry.is_over(today),
            Self::Candidates { entries, complete: true, .. } => {
                entries.iter().all(|entry| entry.is_over(today))
            }
            _ => false,
        }
    }

    /// The stage on `today`: of the row, or the one stage that all candidates share. Otherwise unknown.
    pub fn stage(&self, today: Date) -> Stage {
        match self {
            Self::Matched { entry, .. } => entry.stage(today),
            Self::Candidates { entries, complete: true, .. } => {
                let mut stages = entries.iter().map(|entry| entry.stage(today));
                let first = stages.next().unwrap_or(Stage::Unknown);
                if stages.all(|stage| stage == first) { first } else { Stage::Unknown }
            }
            _ => Stage::Unknown,
        }
    }
}

/// What `table` says of an operating system and its version as written.
///
/// Compiles the table anew: for more than a few, keep an [`OsMatcher`].
pub fn match_os<'t>(os: &str, os_version: &str, table: &'t LifecycleTable) -> OsMatch<'t> {
    OsMatcher::new(table).match_claim(OsClaim { os, os_version, ..OsClaim::default() })
}

/// A support table made ready for many questions.
///
/// An answer costs a few microseconds; a hospital has few distinct claims, so remember answers by claim where there are many devices.
#[derive(Debug)]
pub struct OsMatcher<'t> {
    /// By their first word, so that a text is compared with few of them.
    spellings: HashMap<Token, Vec<Spelling>>,
    products: Vec<Product<'t>>,
}

/// A way to write a product's name.
#[derive(Debug)]
struct Spelling {
    tokens: Vec<Token>,
    product: usize,
}

#[derive(Debug)]
struct Product<'t> {
    complete: bool,
    rows: Vec<Row<'t>>,
}

/// A row of the table with its words cut into tokens.
#[derive(Debug)]
struct Row<'t> {
    entry: &'t SupportEntry,
    /// The release and its other names.
    names: Vec<Vec<Token>>,
    /// Names that say by themselves which system it is, such as `10.0.19045`.
    kernels: Vec<Vec<Token>>,
    editions: Editions,
}

impl<'t> OsMatcher<'t> {
    /// Makes `table` ready.
    pub fn new(table: &'t LifecycleTable) -> Self {
        let mut by_product: HashMap<&str, Vec<Row<'t>>> = HashMap::new();
        for entry in &table.entries {
            by_product.entry(&entry.product).or_default().push(Row::new(entry));
        }
        let mut matcher = Self { spellings: HashMap::new(), products: Vec::new() };
        for product in &table.products {
            for name in std::iter::once(&product.name).chain(&product.spellings) {
                matcher.add_spelling(tokens(name));
            }
            let rows = by_product.remove(product.name.as_str()).unwrap_or_default();
            matcher.products.push(Product { complete: product.complete, rows });
        }
        matcher
    }

    /// Adds a spelling of the product that comes next.
    fn add_spelling(&mut self, tokens: Vec<Token>) {
        if let Some(first) = tokens.first() {
            let spelling = Spelling { product: self.products.len(), tokens: tokens.clone() };
            self.spellings.entry(first.clone()).or_default().push(spelling);
        }
    }

    /// What the table says of `claim`.
    pub fn match_claim(&self, claim: OsClaim<'_>) -> OsMatch<'t> {
        let version_blank = claim.os_version.trim().is_empty() || is_nothing(claim.os_version);
        if is_nothing(claim.os) && version_blank {
            return OsMatch::NotApplicable;
        }
        let written = tokens(&format!("{} {}", claim.os, claim.os_version));
        if let Some((products, rest)) = self.named(&written) {
            return decide(&products, &rest, &Editions::stated(&written));
        }
        let by_kernel = self.by_kernel(&written);
        if !by_kernel.is_empty() {
            let known = Known { release: true, edition: false, complete: true };
            return answer(&by_kernel, known);
        }
        self.by_model(claim, &written)
    }

    /// The products with the longest name that stands in `written`, the first such, and what is left without the name.
    fn named(&self, written: &[Token]) -> Option<(Vec<&Product<'t>>, Vec<Token>)> {
        let found: Vec<(&Spelling, usize)> = written
            .iter()
            .enumerate()
            .filter_map(|(start, first)| Some((start, self.spellings.get(first)?)))
            .flat_map(|(start, spellings)| spellings.iter().map(move |spelling| (spelling, start)))
            .filter(|(spelling, start)| {
                written.get(*start..).is_some_and(|rest| rest.starts_with(&spelling.tokens))
            })
            .collect();
        let rank = |spelling: &Spelling, start: usize| (Reverse(spelling.tokens.len()), start);
        let best = found.iter().map(|(spelling, start)| rank(spelling, *start)).min()?;
        let (Reverse(length), start) = best;
        let mut products: Vec<usize> = found
            .iter()
            .filter(|(spelling, start)| rank(spelling, *start) == best)
            .map(|(spelling, _)| spelling.product)
            .collect();
        products.dedup();
        let rest = written.iter().take(start).chain(written.iter().skip(start + length)).cloned();
        let products = products.iter().filter_map(|index| self.products.get(*index));
        Some((products.collect(), rest.collect()))
    }

    /// Rows of any product whose kernel number stands in `written`: `10.0.19045` names a release without naming the product.
    fn by_kernel(&self, written: &[Token]) -> Vec<&Row<'t>> {
        let rows = self.products.iter().flat_map(|product| &product.rows);
        let editions = Editions::stated(written);
        let stands = |row: &&Row<'t>| row.kernels.iter().any(|kernel| holds(written, kernel));
        rows.filter(stands).filter(|row| row.editions.meet(&editions)).collect()
    }

    /// Firmware is named by the machine it runs on: `FortiGate-60F` with `v7.0.5` is FortiOS 7.0.
    fn by_model(&self, claim: OsClaim<'_>, written: &[Token]) -> OsMatch<'t> {
        if !token::is_firmware(claim.os) {
            return OsMatch::Unknown;
        }
        let machine = tokens(&format!("{} {}", claim.maker, claim.model));
        match self.named(&machine) {
            Some((products, _)) if products.iter().all(|product| product.is_network()) => {
                decide(&products, written, &Editions::stated(written))
            }
            _ => OsMatch::Unknown,
        }
    }
}

impl Product<'_> {
    fn is_network(&self) -> bool {
        self.rows.iter().all(|row| row.entry.kind == ProductKind::Network)
    }
}

impl<'t> Row<'t> {
    fn new(entry: &'t SupportEntry) -> Self {
        let names = std::iter::once(&entry.release).chain(&entry.aliases);
        let names: Vec<_> =
            names.map(|name| tokens(name)).filter(|name| !name.is_empty()).collect();
        let is_kernel = |name: &&Vec<Token>| matches!(name.as_slice(), [one] if one.is_kernel());
        Self {
            entry,
            kernels: names.iter().filter(is_kernel).cloned().collect(),
            editions: Editions::listed(&entry.editions),
            names,
        }
    }

    fn is_named_in(&self, words: &[Token]) -> bool {
        self.names.iter().any(|name| holds(words, name))
    }
}

/// What was written, beside the product.
#[derive(Debug, Clone, Copy)]
struct Known {
    release: bool,
    edition: bool,
    /// Whether the rows looked at are all there can be.
    complete: bool,
}

/// The rows of `products` that `rest`, the words beside the product's name, and the editions leave.
fn decide<'t>(products: &[&Product<'t>], rest: &[Token], editions: &Editions) -> OsMatch<'t> {
    let rows = products.iter().flat_map(|product| &product.rows);
    let possible: Vec<&Row<'t>> = rows.filter(|row| row.editions.meet(editions)).collect();
    let named: Vec<&Row<'t>> =
        possible.iter().copied().filter(|row| row.is_named_in(rest)).collect();
    let complete = products.iter().all(|product| product.complete);
    let known = Known { release: false, edition: editions.is_settled(), complete };
    if !named.is_empty() {
        return answer(&named, Known { release: true, complete: true, ..known });
    }
    let has_releases = possible.iter().any(|row| !row.entry.release.is_empty());
    if has_releases && rest.iter().any(Token::is_number) {
        return unlisted(&possible, complete);
    }
    answer(&possible, known)
}

/// A release without a row: older than the listed ones where the product is complete, so that their ends bound its own.
fn unlisted<'t>(possible: &[&Row<'t>], complete: bool) -> OsMatch<'t> {
    if !complete {
        return OsMatch::Unknown;
    }
    OsMatch::Candidates { entries: entries(possible), question: Question::Release, complete }
}

/// The answer when `rows` are what is left.
fn answer<'t>(rows: &[&Row<'t>], known: Known) -> OsMatch<'t> {
    match rows {
        [] => OsMatch::Unknown,
        [row] => {
            let said = known.release || row.entry.release.is_empty();
            let sureness = if said { Sureness::Exact } else { Sureness::Likely };
            OsMatch::Matched { entry: row.entry, sureness }
        }
        rows => OsMatch::Candidates {
            question: question(rows, known),
            entries: entries(rows),
            complete: known.complete,
        },
    }
}

/// What differs between the rows and was not written is what to ask for.
fn question(rows: &[&Row<'_>], known: Known) -> Question {
    let differ = |of: fn(&SupportEntry) -> &str| {
        rows.windows(2).any(|pair| matches!(pair, [a, b] if of(a.entry) != of(b.entry)))
    };
    if differ(|entry| &entry.product) {
        Question::Product
    } else if known.release || !differ(|entry| &entry.release) {
        Question::Edition
    } else if known.edition || rows.iter().all(|row| row.editions.is_open()) {
        Question::Release
    } else {
        Question::ReleaseAndEdition
    }
}

fn entries<'t>(rows: &[&Row<'t>]) -> Vec<&'t SupportEntry> {
    rows.iter().map(|row| row.entry).collect()
}

/// Whether a cell says "it has none", as against a blank cell, which says nothing.
pub(crate) fn is_nothing(text: &str) -> bool {
    let words = ["-", "--", "ナシ", "無", "無シ", "該当ナシ", "osナシ", "n/a"];
    words.contains(&domain::fold(text).as_str())
}

#[cfg(test)]
mod tests;
