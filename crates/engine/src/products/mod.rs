//! Which products what a hospital wrote means, under the names that advisories use.
//!
//! The longest known writing of a product is looked for in each cell; releases, builds and makers tell apart the products that share
//! it; the version is read in the order its maker uses. What is left open is asked, never guessed: two products that fit are two
//! candidates, and what nobody lists has no name but its own.

mod columns;
mod find;
mod said;
mod services;
mod version;

use domain::{BannerTable, Confidence, Field, Message, ProductTable, Writing, fold};
use notation::cpe::Cpe;
use notation::purl::Purl;
use notation::version::Scheme;

use crate::advisories::judge::{Least, Machine};
use find::Ready;

pub use domain::What;
pub use said::{Said, Words};
pub use services::Ear;

/// What a document says of one device, as it was written. Blank where it says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Written<'a> {
    /// The maker of the device.
    pub maker: &'a str,
    /// Its model.
    pub model: &'a str,
    /// Its operating system, or a word that says it is firmware.
    pub os: &'a str,
    /// The version of that.
    pub os_version: &'a str,
    /// What runs on it; several divided by `、`, `;` or line ends.
    pub software: &'a str,
    /// The version of that.
    pub software_version: &'a str,
    /// Its firmware.
    pub firmware: &'a str,
}

impl<'a> Written<'a> {
    /// From the cells of a row, in any order; columns that name no product are left alone.
    pub fn of(cells: impl IntoIterator<Item = (Field, &'a str)>) -> Self {
        let mut written = Self::default();
        for (field, text) in cells {
            match field {
                Field::Maker => written.maker = text,
                Field::Model => written.model = text,
                Field::Os => written.os = text,
                Field::OsVersion => written.os_version = text,
                Field::Software => written.software = text,
                Field::SoftwareVersion => written.software_version = text,
                _ => {}
            }
        }
        written
    }
}

/// A product that is meant, or may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// What of the device.
    pub what: What,
    /// The product as people read it; as it was written where nobody lists it.
    pub name: String,
    /// Its names in the NVD, each of which may stand in an advisory; none where the table has none.
    pub cpes: Vec<Cpe>,
    /// Its package URL, where it is also distributed as a package.
    pub purl: Option<Purl>,
    /// Its version, where one was written or the release has one.
    pub version: Option<String>,
    /// The lowest build that it can be by what is installed, where its own lacks the revision.
    pub least: Option<Least>,
    /// The order of its versions; none for a product that nobody lists.
    pub scheme: Option<Scheme>,
    /// How sure that is.
    pub confidence: Confidence,
    /// Why, and what a person can settle.
    pub reason: Message,
    /// What was written, as people's words on it are known again.
    pub writing: Writing,
    /// The cells it was read from: the name's and the version's, as they were written.
    pub cells: [String; 2],
    /// The machine that it is, or whose firmware it is, where it is known by its maker and model alone.
    pub machine: Option<Machine>,
    /// Whether only a scan tells it, by what answered over the network.
    pub is_banner: bool,
    /// What a person said of it.
    pub said: Option<Said>,
    /// The families it would be of without that word.
    pub before: Vec<String>,
}

impl Named {
    /// Its folded name, whatever its version.
    ///
    /// What was named for sure, what only may be meant, what only a scan tells and what a person refused stay apart, or a device of which it is open what it
    /// runs would be told to be affected since another one surely is.
    pub fn family(&self) -> String {
        self.marked("")
    }

    /// Its folded name and version, by which decisions know it; and which units it is, where advisories tell them apart.
    pub fn mark(&self) -> String {
        let version = self.version_told().map(|version| format!(" {}", fold(&version)));
        let units = self.units().map(|units| format!(" {}", fold(&units)));
        self.marked(&[version, units].map(Option::unwrap_or_default).concat())
    }

    /// The same whatever the updates say of its build and the advisories of its units: what stands for it where no device is asked.
    pub fn mark_as_written(&self) -> String {
        let machine = self.machine.clone().map(|machine| Machine { serial: None, ..machine });
        Self { least: None, machine, ..self.clone() }.mark()
    }

    /// Which units it is, as people are told: `S/N AB12*` by the serial numbers of advisories that theirs fit, `S/N ≠` where they fit none.
    pub fn units(&self) -> Option<String> {
        let serial = self.machine.as_ref()?.serial.as_ref()?;
        let fitting: Vec<String> = serial.fitting().collect();
        Some(match fitting.as_slice() {
            [] => "S/N ≠".to_owned(),
            fitting => format!("S/N {}", fitting.join(", ")),
        })
    }

    /// Its version as people are told it: `10.0.19045.5737+` where it is that build or a later one.
    pub fn version_told(&self) -> Option<String> {
        match self.least {
            Some(least) => Some(format!("{}+", least.build)),
            None => self.version.clone(),
        }
    }

    fn marked(&self, version: &str) -> String {
        let doubt = match (self.said, self.confidence) {
            (Some(Said::Refused), _) => " ≠",
            (_, Confidence::Candidate) => " ?",
            _ if self.is_banner => " ~",
            _ => "",
        };
        format!("{}{version}{doubt}", fold(&self.name))
    }

    /// What was written, for people.
    pub fn shown(&self) -> String {
        let [name, version] = self.cells.each_ref().map(|cell| cell.trim());
        format!("{name} {version}").trim().to_owned()
    }
}

/// A table of products made ready for many questions.
///
/// A hospital has few distinct writings: remember answers by what was written where there are many devices.
#[derive(Debug)]
pub struct Namer<'t> {
    ready: Ready<'t>,
    banners: Option<fn() -> &'t BannerTable<'t>>,
}

impl<'t> Namer<'t> {
    /// Makes `table` ready.
    pub fn new(table: &'t ProductTable) -> Self {
        Self { ready: Ready::new(table), banners: None }
    }

    /// The products that `written` means or may mean: hardware, firmware, operating system, software.
    ///
    /// Every column that holds something is answered, be it with the reason why it cannot be named. Blank cells and those that say
    /// "none" (`－`) are not.
    pub fn name(&self, written: &Written<'_>) -> Vec<Named> {
        columns::name(&self.ready, written)
    }

    /// How people write the product of this name, or the models it is the firmware of; not its short writings, which mean others too.
    pub fn writings(&self, product: &str) -> Vec<&'t str> {
        self.ready.writings(product)
    }
}

#[cfg(test)]
mod tests;
