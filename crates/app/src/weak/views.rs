//! What pages and scripts get to see of products and their vulnerabilities.

use domain::Message;
use schemars::JsonSchema;
use serde::Serialize;

use crate::matching::{
    CvssView, ExploitedView, ForecastView, SsvcView, StatementView, further_told,
};
use crate::vex::{StandingView, VexView};

/// A product with what is said of it, in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WeakProductView {
    /// Its folded name and version, by which it is asked for.
    pub mark: String,
    /// Its folded name, whatever its version, by which parts lists know it.
    pub family: String,
    /// What people call it.
    pub name: String,
    /// Devices that run it.
    pub devices: u64,
    /// How many of them are medical devices.
    pub medical: u64,
    /// Vulnerabilities that are known to be exploited.
    pub exploited: u64,
    /// Critical ones beside those.
    pub critical: u64,
    /// All others.
    pub other: u64,
    /// What a person must look at: by a name alone, contradicted, or an advisory that could not be judged.
    pub doubtful: u64,
    /// Why nothing can be said of it.
    pub unjudged: Option<String>,
    /// Why it has its place in the order of work: sentences on the most urgent of its vulnerabilities, the weightiest first.
    pub why: Vec<String>,
    /// What its parts lists tell of it; none where it has none.
    pub inside: Option<InsideView>,
}

/// What the parts lists of a product tell of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct InsideView {
    /// The list of the release in use, by the number of its import; none where there is none.
    pub list: Option<u32>,
    /// How many components that holds.
    pub components: u64,
    /// Why no list could be laid beside the release in use.
    pub why_not: Option<String>,
    /// Components that could not be judged: name and reason.
    pub unjudged: Vec<(String, String)>,
}

/// A vulnerability with what it concerns, in a line.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct WeaknessView {
    /// Its number.
    pub id: String,
    /// `critical`, `high`, `medium`, `low`, `none`, `unknown`.
    pub severity: String,
    /// The base score that counts for the order of work.
    pub score: Option<f64>,
    /// The same with what its publisher says of the exploitation (temporal or threat metrics); none where nothing is said of it.
    pub score_temporal: Option<f64>,
    /// The same with what its publisher says of the surroundings; none where nothing is said of them.
    pub score_environmental: Option<f64>,
    /// Its entry in the catalogue of known exploited vulnerabilities.
    pub kev: Option<ExploitedView>,
    /// How likely it is to be exploited.
    pub epss: Option<ForecastView>,
    /// What CISA decided about it.
    pub ssvc: Option<SsvcView>,
    /// How sure it is that something here is affected: `exact`, `likely`, `candidate`.
    pub confidence: String,
    /// The products that are, by what people call them.
    pub products: Vec<String>,
    /// The devices that run them, without those from which the hospital's own decisions take it.
    pub devices: u64,
    /// The products from which the hospital's own decisions take it on every device.
    pub decided: Vec<String>,
}

impl WeaknessView {
    /// What stands beside the score: sentences for people.
    pub fn beside(&self) -> Vec<Message> {
        further_told(self.score_temporal, self.score_environmental)
    }
}

/// A device that runs a product.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct HolderView {
    /// What people call it.
    pub label: String,
    /// Its id.
    pub id: String,
    /// Whether it is a medical device.
    pub medical: bool,
}

/// How many vulnerabilities there are of each kind.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WeaknessCounts {
    /// Those that are known to be exploited.
    pub exploited: u64,
    /// Critical ones beside those.
    pub critical: u64,
    /// All others.
    pub other: u64,
    /// What a person must look at: by a name alone, contradicted, or an advisory that could not be judged.
    pub doubtful: u64,
    /// Products that could not be judged.
    pub unjudged: u64,
}

/// A device with what is said of all it runs, in numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WeakDeviceView {
    /// The device.
    #[serde(flatten)]
    pub device: HolderView,
    /// Its products of which something is told.
    pub products: Vec<String>,
    /// The numbers.
    #[serde(flatten)]
    pub counts: WeaknessCounts,
    /// The vulnerability to begin with; none where nothing is said to be affected.
    pub first: Option<String>,
}

/// Somebody whom the hospital turns to, with what is said of the devices for which it does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WeakVendorView {
    /// The company that looks after the devices (保守業者), or without one their maker, as the ledger writes it; none for the devices for
    /// which neither is written.
    pub vendor: Option<String>,
    /// Its devices that run something of which advisories may speak.
    pub devices: u64,
    /// How many of them are medical devices.
    pub medical: u64,
    /// The products of which something is told.
    pub products: Vec<String>,
    /// The numbers.
    #[serde(flatten)]
    pub counts: WeaknessCounts,
    /// The vulnerability to begin with; none where nothing is said to be affected.
    pub first: Option<String>,
}

/// A product with all that is said of it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ProductPageView {
    /// The numbers.
    pub product: WeakProductView,
    /// `exact`, `likely`, `candidate`: how sure it is that this product is meant.
    pub naming: String,
    /// Why.
    pub naming_reason: String,
    /// The devices.
    pub holders: Vec<HolderView>,
    /// Vulnerabilities that concern it or may, the most urgent first.
    pub matches: Vec<ProductMatchView>,
    /// Vulnerabilities of which parties say that they do not concern it.
    pub cleared: Vec<String>,
    /// Advisories that speak of it and could not be judged: number and reason.
    pub open: Vec<(String, String)>,
}

/// A vulnerability of a product.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ProductMatchView {
    /// The vulnerability.
    pub weakness: WeaknessView,
    /// Versions in which it is mended.
    pub fixed: Vec<String>,
    /// Why it is said to concern the product.
    pub reason: String,
    /// Why it has its place in the order of work.
    pub why: Vec<String>,
    /// The components of its parts list through which it concerns the product.
    pub through: Vec<String>,
    /// How the hospital's own decisions stand for it.
    pub decisions: Vec<StandingView>,
}

/// A vulnerability with all that is said of it here.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct VulnerabilityPageView {
    /// In a line.
    pub weakness: WeaknessView,
    /// Its other numbers.
    pub aliases: Vec<String>,
    /// What the entry of the catalogue asks for, in its own words.
    pub action: Option<String>,
    /// What parties say of it, each text once: language and text.
    pub descriptions: Vec<(String, String)>,
    /// All ratings.
    pub cvss: Vec<CvssView>,
    /// Each product that it concerns or may, with what every party says.
    pub products: Vec<ConcernedView>,
    /// What can be done, in the parties' words: kind and text.
    pub remedies: Vec<(String, String)>,
    /// Addresses of further reading, which nobody opens from here.
    pub references: Vec<String>,
}

/// A product that a vulnerability concerns or may.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ConcernedView {
    /// The product's mark.
    pub mark: String,
    /// What people call it.
    pub name: String,
    /// The devices.
    pub holders: Vec<HolderView>,
    /// `exact`, `likely`, `candidate`; none where it is said not to concern it.
    pub confidence: Option<String>,
    /// Versions in which it is mended.
    pub fixed: Vec<String>,
    /// Why it has its place in the order of work; none where it is said not to concern it.
    pub why: Vec<String>,
    /// The components of its parts list through which it concerns the product.
    pub through: Vec<String>,
    /// What each party says.
    pub statements: Vec<StatementView>,
    /// How the hospital's own decisions stand for it.
    pub decisions: Vec<StandingView>,
    /// Everything that was ever decided about the vulnerability in any version of the product, the newest first.
    pub history: Vec<VexView>,
}
