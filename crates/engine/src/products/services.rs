//! Which products the programs are that a scanner heard answer, and what a device says it is.
//!
//! What a program says of itself over the network may be wrong on purpose, and distributions mend old versions without changing what
//! they say: OpenSSH 7.4 of Red Hat Enterprise Linux 7 answers as such whatever was mended in it. So a product that only a scan tells is
//! never surer than likely, and stays apart from the same product that the ledger or the device itself tells.

use std::cell::OnceCell;

use domain::{
    Banner, BannerTable, Confidence, Fact, Field, NamedProduct, What, Writing, fold, msg,
};
use notation::cpe::{Cpe, Key};

use super::columns::{one, software_of, system_of};
use super::find::Row;
use super::said::{beside, is_named, plain, row_of, without_version};
use super::{Named, Namer};
use crate::banners::{Heard, Listener, Told};

/// Names what scans heard. Keeps what it compiled, so one serves for all devices.
#[derive(Debug)]
pub struct Ear<'n, 't> {
    namer: &'n Namer<'t>,
    listener: OnceCell<Listener<'t>>,
}

impl<'t> Namer<'t> {
    /// With the fingerprints of banners that `load` gives; they are asked for when there is a banner.
    pub fn with_banners(self, load: fn() -> &'t BannerTable<'t>) -> Self {
        Self { banners: Some(load), ..self }
    }

    /// To name what scans heard.
    pub fn ear(&self) -> Ear<'_, 't> {
        Ear { namer: self, listener: OnceCell::new() }
    }
}

impl Ear<'_, '_> {
    /// The products that a fact of a scan means or may mean: a program that the scanner named, or a banner.
    pub fn name(&self, fact: &Fact<'_>) -> Vec<Named> {
        match fact.field {
            Field::ServiceProduct => self.namer.name_service(fact.value, fact.shown()),
            Field::Banner => Banner::of_fact(fact.value)
                .filter(|banner| banner.kind.is_judged())
                .map(|banner| self.name_banner(banner, fact.shown()))
                .unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    /// What the fingerprints say of a banner; none where none fits.
    pub fn hear(&self, banner: Banner<'_>) -> Option<Heard> {
        let load = self.namer.banners?;
        let listener = self.listener.get_or_init(|| Listener::new(load()));
        listener.hear(banner.kind.key(), banner.text.as_bytes())
    }

    /// The program that said it; and where the device as a whole said it, its system or firmware: by the fingerprints, else as the table
    /// of products reads the text. Nothing without a version.
    fn name_banner(&self, banner: Banner<'_>, shown: &str) -> Vec<Named> {
        let heard = self.hear(banner).unwrap_or_default();
        let mut named = self.namer.of_told(heard.service(), shown);
        named.retain(|named| named.what == What::Software);
        if banner.kind.is_of_device() {
            let mut system = self.namer.of_told(heard.system(), shown);
            if system.is_empty() {
                system = system_of(&self.namer.ready, banner.text, "", "");
                system = system.into_iter().map(|named| by_banner(named, shown)).collect();
            }
            let is_one = |named: &Named| named.is_listed() && named.version.is_some();
            named.extend(system.into_iter().filter(is_one));
        }
        named
    }
}

impl Namer<'_> {
    /// The products that a program which answered means or may mean: by its CPE name, or by name and version as scanners write them.
    ///
    /// `shown` is what was written of it. Operating systems are left out: what a service tells of one is a guess at many.
    fn name_service(&self, program: &str, shown: &str) -> Vec<Named> {
        let named = match program.starts_with("cpe:") {
            true => self.of_cpe(program).into_iter().collect(),
            false => {
                let (name, version) = program.rsplit_once(' ').unwrap_or((program, ""));
                software_of(&self.ready, name, version, "")
            }
        };
        let shown = without_port(shown);
        let is_program = |named: &Named| named.what == What::Software;
        named.into_iter().filter(is_program).map(|named| by_banner(named, shown)).collect()
    }

    /// What a fingerprint says it is, with its version.
    fn of_told(&self, told: Told<'_>, shown: &str) -> Vec<Named> {
        let Some(version) = told.version.filter(|text| text.contains(|c: char| c.is_ascii_digit()))
        else {
            return Vec::new();
        };
        let named = match (told.cpe.and_then(product_of), told.product) {
            (Some(cpe), _) => self.of_product(&cpe, version).into_iter().collect(),
            (None, Some(product)) => {
                software_of(&self.ready, product, version, told.vendor.unwrap_or_default())
            }
            (None, None) => Vec::new(),
        };
        let shown = without_port(shown);
        named.into_iter().map(|named| by_banner(named, shown)).collect()
    }

    fn of_cpe(&self, text: &str) -> Option<Named> {
        let cpe: Cpe = text.parse().ok()?;
        let version = plain(&cpe, Key::Version)?;
        self.of_product(&without_version(text)?, &version)
    }

    /// The product of this CPE name, whatever its version, with this one.
    fn of_product(&self, cpe: &Cpe, version: &str) -> Option<Named> {
        let reason = msg!("products.banner", text = cpe.to_string());
        let known = self.ready.only(|row| is_named(row, cpe));
        if let Some((at, row)) = known {
            let (text, hit) = beside(What::Software, &row.row.name, version, at);
            return Some(one(&self.ready, &text, row, &hit, "", Some(&reason)));
        }
        let [vendor, product] = [Key::Vendor, Key::Product].map(|key| plain(cpe, key));
        let name = format!("{}:{}", vendor?, product?);
        let own = row_of(&NamedProduct { name, cpes: vec![cpe.to_string()], purl: None });
        let (text, hit) = beside(What::Software, &own.name, version, 0);
        Some(one(&self.ready, &text, &Row::new(&own), &hit, "", Some(&reason)))
    }
}

/// The product of a fingerprint's CPE name. Its version is left aside: it is written as the banner has it, without the quoting of a name.
fn product_of(cpe: &str) -> Option<Cpe> {
    let end = cpe.match_indices(':').nth(3).map_or(cpe.len(), |(at, _)| at);
    without_version(cpe.get(..end)?)
}

/// What was written, without the port that stands before it.
fn without_port(shown: &str) -> &str {
    let is_port = |word: &str| {
        let parts = word.split_once('/');
        parts.is_some_and(|(_, number)| number.parse::<u16>().is_ok())
    };
    shown.split_once(' ').filter(|(word, _)| is_port(word)).map_or(shown, |(_, rest)| rest)
}

/// As a product that only a banner tells.
fn by_banner(named: Named, shown: &str) -> Named {
    let is_sure = named.confidence == Confidence::Exact;
    let reason = match is_sure || named.reason.key == "products.banner" {
        true => msg!("products.banner", text = shown),
        false => named.reason,
    };
    Named {
        confidence: named.confidence.min(Confidence::Likely),
        reason,
        writing: Writing { what: What::Software, text: fold(shown) },
        cells: [shown.to_owned(), String::new()],
        is_banner: true,
        ..named
    }
}
