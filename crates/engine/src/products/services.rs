//! Which products the programs are that a scanner heard answer.
//!
//! What a program says of itself over the network may be wrong on purpose, and distributions mend old versions without changing what
//! they say: OpenSSH 7.4 of Red Hat Enterprise Linux 7 answers as such whatever was mended in it. So a product that only a scan tells is
//! never surer than likely, and stays apart from the same product that the ledger or the device itself tells.

use domain::{Confidence, NamedProduct, What, Writing, fold, msg};
use notation::cpe::{Cpe, Key};

use super::columns::{one, software_of};
use super::find::Row;
use super::said::{beside, is_named, plain, row_of, without_version};
use super::{Named, Namer};

impl Namer<'_> {
    /// The products that a program which answered means or may mean: by its CPE name, or by name and version as scanners write them.
    ///
    /// `shown` is what was written of it. Operating systems are left out: what a service tells of one is a guess at many.
    pub fn name_service(&self, program: &str, shown: &str) -> Vec<Named> {
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

    fn of_cpe(&self, text: &str) -> Option<Named> {
        let cpe: Cpe = text.parse().ok()?;
        let [vendor, product, version] =
            [Key::Vendor, Key::Product, Key::Version].map(|key| plain(&cpe, key));
        let (vendor, product, version) = (vendor?, product?, version?);
        let reason = msg!("products.banner", text = text);
        let known = self.ready.only(|row| is_named(row, &cpe));
        if let Some((at, row)) = known {
            let (text, hit) = beside(What::Software, &row.row.name, &version, at);
            return Some(one(&self.ready, &text, row, &hit, "", Some(&reason)));
        }
        let own = without_version(text)?;
        let name = format!("{vendor}:{product}");
        let own = row_of(&NamedProduct { name, cpes: vec![own.to_string()], purl: None });
        let (text, hit) = beside(What::Software, &own.name, &version, 0);
        Some(one(&self.ready, &text, &Row::new(&own), &hit, "", Some(&reason)))
    }
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
