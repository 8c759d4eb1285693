//! Advisories (勧告) and what they say of vulnerabilities (脆弱性): one party's word, as published.
//!
//! Scores, versions, package URLs and CPE names stand here as written; what they mean is judged above. Parties disagree, so nothing
//! of one is ever merged into the word of another.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::vocabulary::words;

words! {
    /// Whose list a record comes from: the party that publishes, and the form it publishes in.
    FeedKind {
        /// CISA's container in a CVE record (Vulnrichment).
        CisaAdp = "cisa_adp",
        /// The CVE programme: the record of the numbering authority (CNA).
        Cve = "cve",
        /// A CSAF 2.0 document.
        Csaf = "csaf",
        /// A VEX in a CycloneDX document.
        CycloneDx = "cyclonedx",
        /// FIRST's forecast of exploitation (EPSS).
        Epss = "epss",
        /// GitHub's advisory database, in OSV's form.
        Ghsa = "ghsa",
        /// JVN iPedia (MyJVN).
        Jvn = "jvn",
        /// CISA's catalogue of known exploited vulnerabilities (KEV).
        Kev = "kev",
        /// NIST's National Vulnerability Database.
        Nvd = "nvd",
        /// An OpenVEX document.
        OpenVex = "openvex",
        /// Another database in OSV's form.
        Osv = "osv",
    }
}

words! {
    /// What a party says of a product: the states of VEX (CISA, *Minimum Requirements for VEX*, 2023).
    VexStatus {
        /// 影響を受ける.
        Affected = "affected",
        /// 修正済み.
        Fixed = "fixed",
        /// 影響を受けない.
        NotAffected = "not_affected",
        /// 調査中, and what a party says it does not know (`unknown` of CVE): never a word for or against.
        UnderInvestigation = "under_investigation",
    }
}

words! {
    /// Why a product is not affected: the justifications of VEX (CISA, *Minimum Requirements for VEX*, 2023, 2.7).
    Justification {
        /// The vulnerable component is not in the product.
        ComponentNotPresent = "component_not_present",
        /// Something in the product already keeps attackers away.
        InlineMitigationsAlreadyExist = "inline_mitigations_already_exist",
        /// The vulnerable code cannot be controlled by an adversary.
        VulnerableCodeCannotBeControlledByAdversary = "vulnerable_code_cannot_be_controlled_by_adversary",
        /// The vulnerable code is in the product and never executed.
        VulnerableCodeNotInExecutePath = "vulnerable_code_not_in_execute_path",
        /// The vulnerable code is not in the component.
        VulnerableCodeNotPresent = "vulnerable_code_not_present",
    }
}

words! {
    /// Whether the party still stands by what it published.
    AdvisoryState {
        /// It does.
        Published = "published",
        /// The number was refused: there is no such vulnerability.
        Rejected = "rejected",
        /// It was withdrawn.
        Withdrawn = "withdrawn",
    }
}

words! {
    /// How sure it is that a party speaks of a product in its version, or that a text names a product; the least sure first.
    Confidence {
        /// By a name alone, or against another party's word: for a person to look at.
        Candidate = "candidate",
        /// The product is meant; something that is asked for beside it is not known.
        Likely = "likely",
        /// The very package or product, in a version that is among those named.
        Exact = "exact",
    }
}

/// One party's word on one vulnerability. A document on several vulnerabilities becomes several of these.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advisory {
    /// Whose list it comes from.
    pub feed: FeedKind,
    /// Who published it, as the document names them.
    pub publisher: Option<String>,
    /// The document's own name: a CSAF tracking id, an OSV id, a JVNDB number; the CVE number where it has none.
    pub document: String,
    /// The document's revision, as written.
    pub revision: Option<String>,
    /// The vulnerability: its CVE number where it has one, the party's own number otherwise.
    pub id: String,
    /// Other numbers of the same vulnerability, without `id`, sorted.
    pub aliases: Vec<String>,
    /// Whether the party stands by it.
    pub state: AdvisoryState,
    /// When it was first published.
    pub published: Option<Timestamp>,
    /// When it was last changed.
    pub modified: Option<Timestamp>,
    /// A short title, in each language given.
    pub titles: Vec<LocalText>,
    /// What it says, in each language given.
    pub descriptions: Vec<LocalText>,
    /// Kinds of weakness, such as `CWE-79`.
    pub weaknesses: Vec<String>,
    /// Ratings of its severity.
    pub ratings: Vec<Rating>,
    /// CISA's decision points (SSVC).
    pub ssvc: Option<Ssvc>,
    /// What it says of which product, in the document's order.
    pub claims: Vec<Claim>,
    /// What can be done.
    pub remedies: Vec<Remedy>,
    /// Addresses of further reading.
    pub references: Vec<String>,
    /// Who may see it: the label of the Traffic Light Protocol, as written (CSAF 2.0, 3.2.1.5.2).
    pub tlp: Option<String>,
}

impl Advisory {
    /// A party's word on `id` that says nothing yet; its document has the same name.
    pub fn new(feed: FeedKind, id: impl Into<String>, state: AdvisoryState) -> Self {
        let id = id.into();
        Self {
            feed,
            publisher: None,
            document: id.clone(),
            revision: None,
            id,
            aliases: Vec::new(),
            state,
            published: None,
            modified: None,
            titles: Vec::new(),
            descriptions: Vec::new(),
            weaknesses: Vec::new(),
            ratings: Vec::new(),
            ssvc: None,
            claims: Vec::new(),
            remedies: Vec::new(),
            references: Vec::new(),
            tlp: None,
        }
    }
}

/// A text in a language.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LocalText {
    /// The language as written, such as `en`, `ja`, `en-US`; empty where the document does not say.
    pub lang: String,
    /// The text.
    pub text: String,
}

/// A rating of severity, as a party gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rating {
    /// Who rated, as written, such as `nvd@nist.gov`.
    pub by: Option<String>,
    /// The CVSS vector, as written.
    pub vector: Option<String>,
    /// The score as written, in tenths. The one that counts is computed from the vector where there is one.
    pub score: Option<u8>,
    /// A word such as `HIGH`, where that is all there is.
    pub word: Option<String>,
    /// Places among [`Advisory::claims`] it is meant for; all where empty.
    pub claims: Vec<u32>,
}

/// CISA's decision points: Stakeholder-Specific Vulnerability Categorization, as written in the ADP container of a CVE record. Of two the
/// later is the greater.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ssvc {
    /// When it was decided.
    pub at: Option<Timestamp>,
    /// `none`, `poc` or `active`.
    pub exploitation: Option<String>,
    /// `yes` or `no`.
    pub automatable: Option<String>,
    /// `partial` or `total`.
    pub technical_impact: Option<String>,
}

/// What a party says of one product.
///
/// Claims of one advisory on the same product are read in their order: the first whose versions hold counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// What it says.
    pub status: VexStatus,
    /// Of which product.
    pub product: ProductName,
    /// In which versions.
    pub versions: Versions,
    /// What else must hold: each needs one of its criteria to be there. Platform conditions of NVD configurations, product relations
    /// of CSAF.
    pub conditions: Vec<Condition>,
    /// Why it is not affected.
    pub justification: Option<Justification>,
    /// What the party adds in its own words.
    pub note: Option<String>,
    /// The versions in which it is mended, as written.
    pub fixed: Vec<String>,
}

impl Claim {
    /// That `product` in `versions` is `status`, without a reason.
    pub fn new(status: VexStatus, product: ProductName, versions: Versions) -> Self {
        Self {
            status,
            product,
            versions,
            conditions: Vec::new(),
            justification: None,
            note: None,
            fixed: Vec::new(),
        }
    }
}

/// How a party names a product: each part only where it is given.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct ProductName {
    /// The vendor.
    pub vendor: Option<String>,
    /// The product; the full name in CSAF, without the version where the tree gives that apart.
    pub name: Option<String>,
    /// The names of the families of the tree it stands in, outermost first.
    pub families: Vec<String>,
    /// Platforms, architectures, languages it is restricted to, as written.
    pub platforms: Vec<String>,
    /// Package URLs.
    pub purls: Vec<String>,
    /// CPE names. In NVD's criteria the version is `*` where a range is given; elsewhere the version of a name is an example, and the
    /// versions that stand beside it count.
    pub cpes: Vec<String>,
    /// Model numbers and stock keeping units, which may hold `*` and `?` (CSAF 2.0, 3.1.3.3).
    pub models: Vec<String>,
    /// Serial numbers of the units that are meant, which may hold `*` and `?` (CSAF 2.0, 3.1.3.3.6); all units where there are none.
    pub serials: Vec<String>,
    /// The ecosystem of the package as OSV names it, such as `PyPI`, `Debian:12`; or the address of the collection (CVE).
    pub ecosystem: Option<String>,
    /// The package's name within the ecosystem.
    pub package: Option<String>,
}

/// Versions, as a party lists them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Versions {
    /// All of them.
    All,
    /// All that no other claim of this advisory on this product speaks of: `defaultStatus` of CVE. With
    /// [`VexStatus::UnderInvestigation`], the party says that it does not know, which is no match.
    Others,
    /// These.
    These(VersionSet),
    /// The party gave a text that says something of versions, which nobody can compare.
    Text(String),
    /// The party says nothing of versions.
    Unstated,
}

/// Versions that are listed or lie in ranges.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VersionSet {
    /// The order of versions as the party names it: `semver`, `rpm`, `custom` (CVE), `SEMVER`, `ECOSYSTEM` (OSV), `vers:TYPE`.
    pub scheme: Option<String>,
    /// Exactly these.
    pub listed: Vec<String>,
    /// All within one of these.
    pub ranges: Vec<VersionRange>,
}

/// A range of versions. Without either end, all.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VersionRange {
    /// Where it begins.
    pub from: Option<VersionBound>,
    /// Where it ends.
    pub to: Option<VersionBound>,
}

/// An end of a range.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionBound {
    /// The version, as written. At an upper end it may be a branch, `5.4.*`: any version of it, however high (CVE Record Format 5.1).
    pub version: String,
    /// Whether it is itself within the range.
    pub included: bool,
}

/// One of these must be there, or none of them where it is negated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// Turned round: none of them may be there.
    pub negated: bool,
    /// What is looked for.
    pub any: Vec<Criterion>,
}

/// A product in some versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criterion {
    /// The product.
    pub product: ProductName,
    /// Its versions.
    pub versions: Versions,
}

words! {
    /// What kind of help is offered: the categories of remediations of CSAF 2.0, 3.2.3.12.1.
    RemedyKind {
        /// A way round it.
        Workaround = "workaround",
        /// A setting that makes it less likely or less bad.
        Mitigation = "mitigation",
        /// A fix of the vendor.
        VendorFix = "vendor_fix",
        /// There will be no fix.
        NoFixPlanned = "no_fix_planned",
        /// There is no fix yet.
        NoneAvailable = "none_available",
        /// CISA's required action (KEV), or another demand.
        Required = "required",
    }
}

/// What can be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remedy {
    /// What kind of help.
    pub kind: RemedyKind,
    /// What to do, as written.
    pub text: String,
    /// Where it can be had.
    pub url: Option<String>,
    /// Since when, or until when where it is required.
    pub date: Option<Date>,
    /// Places among [`Advisory::claims`] it is meant for; all where empty.
    pub claims: Vec<u32>,
}

/// An entry of CISA's catalogue of known exploited vulnerabilities.
///
/// Other feeds repeat entries in part: what they do not repeat is empty there, and the catalogue's own entry goes before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exploited {
    /// The CVE number.
    pub id: String,
    /// The vendor, as written.
    pub vendor: String,
    /// The product, as written.
    pub product: String,
    /// What the entry is called.
    pub name: String,
    /// When it was added.
    pub added: Date,
    /// Until when United States agencies must have acted.
    pub due: Option<Date>,
    /// What they must do.
    pub action: String,
    /// Known to be used by ransomware; `false` is "Unknown" in the catalogue, not "no".
    pub ransomware: bool,
}

/// FIRST's forecast: how likely it is that a vulnerability is exploited within 30 days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Forecast {
    /// Probability, in hundred-thousandths (0 to 100,000), as the file gives five decimals.
    pub probability: u32,
    /// The share of vulnerabilities with this or a lower one, in hundred-thousandths; files of spring 2021 do not give it.
    pub percentile: Option<u32>,
}

/// One record of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeedRecord {
    /// A party's word on a vulnerability.
    Advisory(Box<Advisory>),
    /// It is known to be exploited.
    Exploited(Exploited),
    /// How likely it is to be exploited: CVE number and forecast.
    Forecast(String, Forecast),
}
