//! Products as hospitals write them, and the names the field knows them by.
//!
//! The table is data and comes in as an argument: `reference` loads the one that ships with the program, and `engine` finds the rows
//! that what was written means.

use crate::vocabulary::words;

words! {
    /// What a product is (NISTIR 7695 clause 5.3.3.1).
    ProductPart {
        /// Software that runs on an operating system.
        Application = "a",
        /// A device itself.
        Hardware = "h",
        /// An operating system, firmware included.
        Os = "o",
    }
}

/// Where the version of a product's name comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VersionRule {
    /// What was written is the version, but the NVD writes it in another form: it is told, and left out of the name.
    Beside,
    /// The release has this build, such as `10.0.19045`; what was written may add the revision.
    Build(String),
    /// The name has this version, whatever else was written: an Office 2016 is `2016`.
    Fixed(String),
    /// A number that begins with this one, such as `6.1`, where one was written. The service pack stands beside it.
    Kernel(String),
    /// The first numbers of what was written, and this behind them: the NVD knows Debian 11.6 as `11.0`, Ubuntu 22.04.3 as `22.04`.
    Release {
        /// How many numbers.
        numbers: usize,
        /// What stands behind them.
        tail: String,
    },
    /// What was written after the name, with the letters that follow the numbers as the update: `8.2p1` is `8.2`, update `p1`.
    /// With fewer numbers than these it is no whole version.
    Update(usize),
    /// What was written after the name. With fewer numbers than these it is no whole version: `118` of four.
    Written(usize),
}

/// A product, or one release of it, under all the names it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductRow {
    /// Its name as people read it, such as `Windows 10 22H2`.
    pub name: String,
    /// How people write it. Rows that share a writing are told apart by their releases.
    pub spellings: Vec<String>,
    /// Short writings that usually, but not always, mean it: `Apache` for Apache HTTP Server.
    pub short: Vec<String>,
    /// Beginnings of the models it is the firmware of.
    pub models: Vec<String>,
    /// Who makes those models, in every writing.
    pub makers: Vec<String>,
    /// How its release is written; empty where it is meant whatever the release.
    pub releases: Vec<String>,
    /// What it is.
    pub part: ProductPart,
    /// Vendor and product as the NVD names them, each `vendor:product` or `vendor:product@version`; several where the NVD uses
    /// several for one product, none where our sources have none.
    pub names: Vec<String>,
    /// Where its version comes from.
    pub version: VersionRule,
    /// The order of its versions, in the words of [`ProductRow::SCHEMES`].
    pub scheme: String,
    /// Its package URL without a version, where it is also distributed as a package.
    pub purl: Option<String>,
    /// Where the names were found.
    pub source: String,
}

impl ProductRow {
    /// The words for orders of versions.
    pub const SCHEMES: [&'static str; 8] =
        ["cisco-ios", "fortios", "generic", "loose", "maven", "openssl", "windows", "yamaha"];
}

/// Products and their writings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProductTable {
    /// The products.
    pub rows: Vec<ProductRow>,
    /// Words that may stand beside a name without making another product of it: `Pro`, `日本語版`.
    pub beside: Vec<String>,
}
