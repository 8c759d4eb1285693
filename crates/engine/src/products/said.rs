//! What people said of writings, laid over what the table tells of them.

use std::collections::HashMap;

use domain::{
    Confidence, Message, NamedProduct, ProductPart, ProductRow, SettledWriting, Settlement,
    VersionRule, What, Writing, fold, msg,
};
use notation::cpe::{Attribute, Cpe, Key};
use notation::purl::{Parts, Purl};

use super::columns::{one, with_tail};
use super::find::{Hit, Kind, Ready, Row, Text};
use super::{Named, Namer, Written, version};
use crate::lifecycle::token::folded;

/// What a person said of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// This product is meant.
    Confirmed,
    /// None of the products that it may mean is meant.
    Refused,
}

/// What people said of writings, made ready for many questions.
#[derive(Debug, Default)]
pub struct Words<'s>(HashMap<&'s Writing, Settlement<'s>>);

impl<'s> Words<'s> {
    /// What counts of all that was said.
    pub fn new(settled: &'s [SettledWriting]) -> Self {
        let counts = settled.iter().map(|one| (&one.writing, one.settlement()));
        Self(counts.filter(|(_, counts)| !counts.is_open()).collect())
    }
}

impl Namer<'_> {
    /// The products that `written` means or may mean, where people's words go before the table's.
    pub fn name_as_said(&self, written: &Written<'_>, words: &Words<'_>) -> Vec<Named> {
        let named = self.name(written);
        if words.0.is_empty() {
            return named;
        }
        // Several products that one cell may mean stand beside each other.
        let of_one_cell =
            |one: &Named, next: &Named| one.writing == next.writing && one.cells == next.cells;
        let mut all = Vec::with_capacity(named.len());
        for cell in named.chunk_by(of_one_cell) {
            let counts = cell.first().and_then(|one| words.0.get(&one.writing));
            match counts {
                None => all.extend_from_slice(cell),
                Some(counts) => all.extend(settle(&self.ready, cell, counts, written.maker)),
            }
        }
        all
    }

    /// The product that a person means by `asked`: a CPE name, a package URL, or a name of the table. `called` is what people call it
    /// where the table does not know it.
    ///
    /// # Errors
    ///
    /// Why it cannot be taken.
    pub fn product(&self, asked: &str, called: &str) -> Result<NamedProduct, Message> {
        let asked = asked.trim();
        if asked.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("cpe:")) {
            let cpe =
                without_version(asked).ok_or_else(|| msg!("products.bad_cpe", text = asked))?;
            let known = self.ready.only(|row| is_named(row, &cpe));
            let name = || {
                let names = [Key::Vendor, Key::Product].map(|key| plain(&cpe, key));
                names.into_iter().flatten().collect::<Vec<_>>().join(":")
            };
            let own = || NamedProduct {
                name: self.apart(called, &name()),
                cpes: vec![cpe.to_string()],
                purl: None,
            };
            return Ok(known.map_or_else(own, |(_, row)| product_of(row.row)));
        }
        if asked.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("pkg:")) {
            let purl: Option<Purl> = asked.parse().ok().and_then(|purl| package(&purl, None));
            let purl = purl.ok_or_else(|| msg!("products.bad_purl", text = asked))?;
            let is_its = |row: &ProductRow| {
                let own = row.purl.as_deref().and_then(|own| own.parse::<Purl>().ok());
                own.is_some_and(|own| own.is_same_package(&purl))
            };
            let own = || NamedProduct {
                name: self.apart(called, purl.name()),
                cpes: Vec::new(),
                purl: Some(purl.to_string()),
            };
            return Ok(self.ready.only(is_its).map_or_else(own, |(_, row)| product_of(row.row)));
        }
        let folded = fold(asked);
        let known = self.ready.only(|row| fold(&row.name) == folded);
        let known = known.ok_or_else(|| msg!("products.nothing_listed", text = asked))?;
        Ok(product_of(known.1.row))
    }

    /// What the hospital calls a product, told apart from one of the table that is called the same and is another.
    fn apart(&self, called: &str, name: &str) -> String {
        let folded = fold(called);
        match self.ready.has(|row| fold(&row.name) == folded) {
            true => format!("{called} ({name})"),
            false => called.to_owned(),
        }
    }
}

impl Named {
    /// It as people's words know it: under its names, whatever the version.
    pub fn product(&self) -> NamedProduct {
        let cpes = self.cpes.iter().filter_map(|cpe| without_version(&cpe.to_string()));
        let purl = self.purl.as_ref().and_then(|purl| package(purl, None));
        NamedProduct {
            name: if self.is_listed() { self.name.clone() } else { self.called() },
            cpes: cpes.map(|cpe| cpe.to_string()).collect(),
            purl: purl.map(|purl| purl.to_string()),
        }
    }

    /// Whether it is a product of the table, or one that a person named: what nobody lists has no name but its own.
    pub fn is_listed(&self) -> bool {
        self.scheme.is_some()
    }

    /// What the hospital calls it, without the version where that stands at the end of the name.
    pub fn called(&self) -> String {
        let name = self.cells.first().map(|cell| cell.trim()).unwrap_or_default();
        if self.what == What::Hardware {
            return name.to_owned();
        }
        let (stem, _) = version::stem(name);
        // Folding may join letters: then what is left of it says nothing of where the version began.
        let is_even = folded(name).chars().count() == name.chars().count();
        let kept = if is_even { stem.chars().count() } else { usize::MAX };
        name.chars().take(kept).collect()
    }
}

/// What a cell means by people's words: the product they named; else what they did not refuse; else nothing that could be judged.
fn settle(ready: &Ready<'_>, cell: &[Named], counts: &Settlement<'_>, maker: &str) -> Vec<Named> {
    let Some(first) = cell.first() else { return Vec::new() };
    let families = || cell.iter().map(Named::family).collect::<Vec<_>>();
    if let Some((product, step)) = counts.is {
        let own = cell.iter().find(|one| is_same(&product.name, one));
        let before = own.map_or_else(families, |own| vec![own.family()]);
        let (shown, name) = (first.shown(), product.name.as_str());
        let said =
            msg!("products.said", text = shown, name = name, by = step.by.as_str(), day = step.day);
        let named = confirmed(ready, first, product, maker, &said);
        let writing = first.writing.clone();
        let cells = first.cells.clone();
        let said = Some(Said::Confirmed);
        return vec![Named { writing, cells, said, before, ..named }];
    }
    let refused = |one: &&Named| counts.not.iter().find(|(name, _)| is_same(name, one));
    let left: Vec<Named> = cell.iter().filter(|one| refused(one).is_none()).cloned().collect();
    if !left.is_empty() {
        return left;
    }
    let Some((_, step)) = refused(&first) else { return Vec::new() };
    let names: Vec<String> = cell.iter().map(|one| one.product().name).collect();
    let shown = first.shown();
    let reason = msg!(
        "products.refused",
        text = shown,
        names = names,
        by = step.by.as_str(),
        day = step.day
    );
    vec![Named {
        name: first.called(),
        cpes: Vec::new(),
        purl: None,
        scheme: None,
        confidence: Confidence::Candidate,
        reason,
        said: Some(Said::Refused),
        before: families(),
        ..first.clone()
    }]
}

/// Whether a product was called so by a person, whatever its version.
fn is_same(name: &str, one: &Named) -> bool {
    fold(name) == fold(&one.product().name)
}

/// The cell of `first` as a writing of `product`: as the table reads it where it knows the product, else by its numbers.
fn confirmed(
    ready: &Ready<'_>,
    first: &Named,
    product: &NamedProduct,
    maker: &str,
    said: &Message,
) -> Named {
    let [name, version] = &first.cells;
    let whole = Text::new(name, version);
    let is_it = |row: &ProductRow| row.name == product.name;
    if let Some((at, row)) = ready.only(is_it) {
        let hit = ready.find(&whole, |found, _| is_it(found.row));
        return match hit {
            Some(hit) => one(ready, &whole, row, &with_tail(&whole, hit), maker, Some(said)),
            None => {
                let (text, hit) = beside(first.what, name, version, at);
                one(ready, &text, row, &hit, maker, Some(said))
            }
        };
    }
    let own = row_of(product);
    let (text, hit) = beside(first.what, name, version, 0);
    let named = one(ready, &text, &Row::new(&own), &hit, maker, Some(said));
    Named { what: first.what, ..named }
}

/// A text of which the name tells nothing: its version stands in the cell beside it, or at its end. A number at the end of a model is
/// the model's.
pub(super) fn beside(what: What, name: &str, version: &str, row: usize) -> (Text, Hit) {
    let text = if version.contains(char::is_numeric) || what == What::Hardware {
        Text::new(name, version)
    } else {
        let (stem, tail) = version::stem(name);
        Text::new(&stem, &tail)
    };
    let end = text.split.saturating_sub(1);
    (text, Hit { rows: vec![row], kind: Kind::Full, start: 0, end })
}

/// The product as a row of the table would have it.
pub(super) fn row_of(product: &NamedProduct) -> ProductRow {
    let cpes: Vec<Cpe> = product.cpes.iter().filter_map(|text| text.parse().ok()).collect();
    let part = cpes.first().and_then(|cpe| plain(cpe, Key::Part));
    let name =
        |cpe: &Cpe| Some(format!("{}:{}", plain(cpe, Key::Vendor)?, plain(cpe, Key::Product)?));
    ProductRow {
        name: product.name.clone(),
        spellings: Vec::new(),
        short: Vec::new(),
        models: Vec::new(),
        makers: Vec::new(),
        releases: Vec::new(),
        part: part
            .and_then(|part| ProductPart::from_key(&part))
            .unwrap_or(ProductPart::Application),
        names: cpes.iter().filter_map(name).collect(),
        version: VersionRule::Written(1),
        scheme: "generic".to_owned(),
        purl: product.purl.clone(),
        source: String::new(),
    }
}

/// The row under the names that advisories use.
fn product_of(row: &ProductRow) -> NamedProduct {
    let cpe = |name: &String| {
        let name = name.split_once('@').map_or(name.as_str(), |(name, _)| name);
        let (vendor, product) = name.split_once(':')?;
        let cpe = Cpe::default().with_plain(Key::Part, row.part.key()).ok()?;
        let cpe = cpe.with_plain(Key::Vendor, vendor).ok()?;
        Some(cpe.with_plain(Key::Product, product).ok()?.to_string())
    };
    NamedProduct {
        name: row.name.clone(),
        cpes: row.names.iter().filter_map(cpe).collect(),
        purl: row.purl.clone(),
    }
}

/// Whether the row stands for the product of this CPE name, whatever the version.
pub(super) fn is_named(row: &ProductRow, cpe: &Cpe) -> bool {
    let wanted = plain(cpe, Key::Vendor).zip(plain(cpe, Key::Product));
    let Some((vendor, product)) = wanted else { return false };
    plain(cpe, Key::Part).as_deref() == Some(row.part.key())
        && row.names.iter().any(|name| *name == format!("{vendor}:{product}"))
}

/// A CPE name as far as it says which product is meant; none where it does not.
pub(super) fn without_version(text: &str) -> Option<Cpe> {
    let cpe: Cpe = text.parse().ok()?;
    [Key::Part, Key::Vendor, Key::Product].into_iter().try_fold(Cpe::default(), |own, key| {
        let value = cpe.get(key);
        value.value().filter(|value| !value.is_wild())?;
        own.with(key, value).ok()
    })
}

/// The package with this version alone.
fn package(purl: &Purl, version: Option<&str>) -> Option<Purl> {
    let (kind, namespace, name) = (purl.kind(), purl.namespace(), purl.name());
    Purl::build(&Parts { kind, namespace, name, version, ..Parts::default() }).ok()
}

pub(super) fn plain(cpe: &Cpe, key: Key) -> Option<String> {
    match cpe.get(key) {
        Attribute::Value(value) => Some(value.plain().into_owned()),
        _ => None,
    }
}
