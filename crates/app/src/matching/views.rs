//! What users and scripts get to see of a match. The keys are a contract: they change only by adding.

use std::cmp::Reverse;
use std::path::Path;

use domain::advisory::{Exploited, Forecast, Rating, Ssvc, VexStatus};
use domain::{Component, Message, msg};
use engine::advisories::index::{Index, IndexError};
use engine::advisories::judge::{Match, Scored, Statement, scored};
use formats::parts::PartsReading;
use jiff::Timestamp;
use reference::Catalogue;
use schemars::JsonSchema;
use serde::Serialize;

use crate::feeds::{self, FeedsView};

/// What is said of the components of parts lists.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema, Default)]
pub struct MatchView {
    /// Components.
    pub components: u64,
    /// Of those, the ones that could be judged.
    pub judged: u64,
    /// Of those, the ones that could not.
    pub unjudged: u64,
    /// The advisories they were held against.
    pub feeds: MatchFeedsView,
    /// Components that are affected by a vulnerability, or may be: the most urgent first.
    pub matches: Vec<MatchedView>,
    /// Components of which parties say that a vulnerability does not affect them, is mended or is looked into, and none that it does.
    pub cleared: Vec<ClearedView>,
    /// Components that could not be judged, with the reason.
    pub not_judged: Vec<UnjudgedView>,
    /// Advisories that speak of a component and could not be judged.
    pub open: Vec<OpenView>,
    /// The parts lists.
    pub documents: Vec<MatchedFileView>,
}

/// The advisories at hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Default)]
pub struct MatchFeedsView {
    /// The feeds.
    pub sources: Vec<MatchFeedView>,
    /// Days since the newest record; none where there is no feed.
    pub age_days: Option<i64>,
}

/// A feed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MatchFeedView {
    /// Its kind, such as `nvd`.
    pub feed: String,
    /// The file it came in.
    pub name: String,
    /// How many of its records were read.
    pub records: u64,
    /// When the newest of them was changed (RFC 3339, UTC).
    pub newest: Option<String>,
}

/// A component.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ComponentView {
    /// Its name, after its group where it has one.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
    /// Its first package URL.
    pub purl: Option<String>,
    /// Its first CPE name.
    pub cpe: Option<String>,
}

/// A vulnerability of a component.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct MatchedView {
    /// The component.
    pub component: ComponentView,
    /// The vulnerability: its CVE number where it has one.
    pub id: String,
    /// Its other numbers.
    pub aliases: Vec<String>,
    /// `critical`, `high`, `medium`, `low`, `none`, or `unknown` where nobody rated it.
    pub severity: String,
    /// The base score that counts, of which `severity` is the word; none where nobody gave one.
    pub score: Option<f64>,
    /// The same with what its publisher says of the exploitation (temporal or threat metrics); none where nothing is said of it.
    pub score_temporal: Option<f64>,
    /// The same with what its publisher says of the surroundings; none where nothing is said of them.
    pub score_environmental: Option<f64>,
    /// All ratings.
    pub cvss: Vec<CvssView>,
    /// How likely it is to be exploited.
    pub epss: Option<ForecastView>,
    /// Its entry in the catalogue of known exploited vulnerabilities.
    pub kev: Option<ExploitedView>,
    /// What CISA decided about it.
    pub ssvc: Option<SsvcView>,
    /// The versions in which it is mended.
    pub fixed: Vec<String>,
    /// How sure that is: `exact`, `likely`, `candidate`.
    pub confidence: String,
    /// Why.
    pub reason: String,
    /// What the parties say.
    pub vex: Vec<StatementView>,
}

/// A rating.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct CvssView {
    /// The version of CVSS; none where there is no vector.
    pub version: Option<String>,
    /// The vector.
    pub vector: Option<String>,
    /// The base score: computed from the vector where there is one.
    pub score: Option<f64>,
    /// The score with what the vector says of the exploitation (temporal or threat metrics); none where it says nothing of it.
    pub score_temporal: Option<f64>,
    /// The score with what the vector says of the surroundings; none where it says nothing of them.
    pub score_environmental: Option<f64>,
    /// The base score as its publisher wrote it, where that is another number than the vector gives.
    pub score_published: Option<f64>,
    /// Who rated.
    pub source: Option<String>,
}

impl CvssView {
    /// What stands beside the score: sentences for people.
    pub fn beside(&self) -> Vec<Message> {
        let published = self.score_published;
        let published = published.map(|score| msg!("cvss.published", score = tenth(score)));
        let further = further_told(self.score_temporal, self.score_environmental);
        further.into_iter().chain(published).collect()
    }
}

/// Sentences on the scores that stand beside a base score.
pub(crate) fn further_told(temporal: Option<f64>, environmental: Option<f64>) -> Vec<Message> {
    let temporal = temporal.map(|score| msg!("cvss.temporal", score = tenth(score)));
    let environmental = environmental.map(|score| msg!("cvss.environmental", score = tenth(score)));
    temporal.into_iter().chain(environmental).collect()
}

/// A score as people write it.
fn tenth(score: f64) -> String {
    format!("{score:.1}")
}

/// FIRST's forecast (EPSS).
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ForecastView {
    /// How likely it is exploited within 30 days, 0 to 1.
    pub probability: f64,
    /// The share of vulnerabilities with this or a lower one, 0 to 1.
    pub percentile: Option<f64>,
}

impl MatchView {
    /// Adds what is said of other parts lists.
    pub(super) fn add(&mut self, other: Self) {
        let Self { components, judged, unjudged, feeds: _, .. } = other;
        self.components += components;
        self.judged += judged;
        self.unjudged += unjudged;
        self.matches.extend(other.matches);
        self.cleared.extend(other.cleared);
        self.not_judged.extend(other.not_judged);
        self.open.extend(other.open);
        self.documents.extend(other.documents);
    }
}

impl ForecastView {
    pub(crate) fn of(forecast: Forecast) -> Self {
        Self {
            probability: f64::from(forecast.probability) / 100_000.0,
            percentile: forecast.percentile.map(|share| f64::from(share) / 100_000.0),
        }
    }
}

/// CISA's decision points (SSVC), in its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SsvcView {
    /// `none`, `poc` or `active`.
    pub exploitation: Option<String>,
    /// `yes` or `no`.
    pub automatable: Option<String>,
    /// `partial` or `total`.
    pub technical_impact: Option<String>,
    /// When it was decided (RFC 3339, UTC).
    pub at: Option<String>,
}

impl SsvcView {
    pub(crate) fn of(ssvc: &Ssvc) -> Self {
        Self {
            exploitation: ssvc.exploitation.clone(),
            automatable: ssvc.automatable.clone(),
            technical_impact: ssvc.technical_impact.clone(),
            at: ssvc.at.map(|at| at.to_string()),
        }
    }
}

/// An entry of CISA's catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ExploitedView {
    /// When it was added.
    pub added: String,
    /// Until when United States agencies must have acted.
    pub due: Option<String>,
    /// Known to be used by ransomware.
    pub ransomware: bool,
}

impl ExploitedView {
    pub(crate) fn of(entry: &Exploited) -> Self {
        Self {
            added: entry.added.to_string(),
            due: entry.due.map(|due| due.to_string()),
            ransomware: entry.ransomware,
        }
    }
}

/// What a party says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StatementView {
    /// Whose list it comes from.
    pub feed: String,
    /// Who says it.
    pub publisher: Option<String>,
    /// The document.
    pub document: String,
    /// `affected`, `fixed`, `not_affected`, `under_investigation`.
    pub status: String,
    /// Why it is not affected, in the words of VEX.
    pub justification: Option<String>,
    /// What the party adds.
    pub note: Option<String>,
    /// How sure it is that it speaks of this component in this version.
    pub confidence: String,
    /// Why.
    pub reason: String,
}

/// A component that a vulnerability does not affect, as parties say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ClearedView {
    /// The component.
    pub component: ComponentView,
    /// The vulnerability.
    pub id: String,
    /// What the parties say.
    pub vex: Vec<StatementView>,
}

/// A component that could not be judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct UnjudgedView {
    /// The component.
    pub component: ComponentView,
    /// Why.
    pub reason: String,
}

/// An advisory that could not be judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OpenView {
    /// The component.
    pub component: ComponentView,
    /// The vulnerability.
    pub id: String,
    /// Why.
    pub reason: String,
}

/// A parts list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema, Default)]
pub struct MatchedFileView {
    /// The path as it was given.
    pub path: String,
    /// What it was read as; none where it was refused.
    pub kind: Option<String>,
    /// Why it was refused.
    pub error: Option<String>,
    /// The product it is of.
    pub product: Option<ComponentView>,
    /// Its components.
    pub components: u64,
    /// Whether it says itself that it is not complete.
    pub incomplete: bool,
    /// What should be known, in sentences.
    pub warnings: Vec<String>,
}

pub(super) fn feeds(
    index: Option<&Index<'_>>,
    now: Timestamp,
) -> Result<MatchFeedsView, IndexError> {
    let Some(index) = index else { return Ok(MatchFeedsView::default()) };
    let FeedsView { sources, age_days, .. } = feeds::described(index, now)?;
    let source = |source: feeds::FeedSourceView| MatchFeedView {
        feed: source.feed,
        name: source.name,
        records: source.records,
        newest: source.newest,
    };
    Ok(MatchFeedsView { sources: sources.into_iter().map(source).collect(), age_days })
}

pub(super) fn component(component: &Component) -> ComponentView {
    ComponentView {
        name: component.full_name(),
        version: component.version.clone(),
        purl: component.purls.first().cloned(),
        cpe: component.cpes.first().cloned(),
    }
}

/// A match that a party says is one.
pub(super) fn matched(component: &ComponentView, found: &Match, texts: &Catalogue) -> MatchedView {
    let known = &found.vulnerability;
    let surest = found.statements.iter().filter(|said| said.status == VexStatus::Affected);
    let surest = surest.max_by_key(|said| said.confidence);
    let weight = found.weight();
    let further = weight.as_ref().map(|weight| weight.further).unwrap_or_default();
    MatchedView {
        component: component.clone(),
        id: known.id.clone(),
        aliases: known.numbers.iter().filter(|number| **number != known.id).cloned().collect(),
        score: weight.as_ref().and_then(|weight| weight.score).map(of_tenths),
        score_temporal: further.temporal.map(|score| of_tenths(score.tenths())),
        score_environmental: further.environmental.map(|score| of_tenths(score.tenths())),
        severity: weight.map_or_else(|| "unknown".to_owned(), |weight| weight.severity),
        cvss: found.ratings.iter().map(cvss).collect(),
        epss: known.forecast.map(ForecastView::of),
        kev: known.exploited.as_ref().map(ExploitedView::of),
        ssvc: known.ssvc.as_ref().map(SsvcView::of),
        fixed: found.fixed.clone(),
        confidence: found.affected.map(|sure| sure.key().to_owned()).unwrap_or_default(),
        reason: surest.map(|said| texts.say(&said.reason)).unwrap_or_default(),
        vex: found.statements.iter().map(|said| statement(said, texts)).collect(),
    }
}

pub(super) fn cleared(component: &ComponentView, found: &Match, texts: &Catalogue) -> ClearedView {
    ClearedView {
        component: component.clone(),
        id: found.vulnerability.id.clone(),
        vex: found.statements.iter().map(|said| statement(said, texts)).collect(),
    }
}

pub(crate) fn statement(said: &Statement, texts: &Catalogue) -> StatementView {
    StatementView {
        feed: said.feed.key().to_owned(),
        publisher: said.publisher.clone(),
        document: said.document.clone(),
        status: said.status.key().to_owned(),
        justification: said.justification.map(|why| why.key().to_owned()),
        note: said.note.clone(),
        confidence: said.confidence.key().to_owned(),
        reason: texts.say(&said.reason),
    }
}

/// A score that is counted in tenths.
pub(crate) fn of_tenths(tenths: u8) -> f64 {
    f64::from(tenths) / 10.0
}

/// A rating as a party gave it, with the scores that its vector gives.
pub(crate) fn rated(rating: Rating) -> CvssView {
    cvss(&scored(rating))
}

fn cvss(rated: &Scored) -> CvssView {
    let vector = rated.rating.vector.clone();
    let version = vector.as_deref().map(|vector| match vector.strip_prefix("CVSS:") {
        Some(rest) => rest.split('/').next().unwrap_or_default().to_owned(),
        None => "2.0".to_owned(),
    });
    CvssView {
        version,
        vector,
        score: rated.score.map(of_tenths),
        score_temporal: rated.further.temporal.map(|score| of_tenths(score.tenths())),
        score_environmental: rated.further.environmental.map(|score| of_tenths(score.tenths())),
        score_published: rated.differently_published().map(of_tenths),
        source: rated.rating.by.clone(),
    }
}

pub(super) fn refused(path: &Path, error: String) -> MatchedFileView {
    MatchedFileView {
        path: path.display().to_string(),
        error: Some(error),
        ..MatchedFileView::default()
    }
}

pub(super) fn read(path: &Path, reading: &PartsReading, texts: &Catalogue) -> MatchedFileView {
    MatchedFileView {
        path: path.display().to_string(),
        kind: Some(reading.kind.to_owned()),
        error: None,
        product: reading.list.subject.as_ref().map(component),
        components: reading.list.components.len() as u64,
        incomplete: reading.list.incomplete,
        warnings: reading.warnings.iter().map(|warning| texts.say(&warning.message)).collect(),
    }
}

/// What decides the place of a match, before its name does.
type Rank = (bool, bool, Option<usize>, Option<usize>, Reverse<u32>);

fn rank(matched: &MatchedView) -> Rank {
    let place = |words: &[&str], word: &str| words.iter().position(|known| *known == word);
    let sure = place(&["exact", "likely", "candidate"], &matched.confidence);
    let grave = place(&["critical", "high", "medium", "low", "none", "unknown"], &matched.severity);
    let likely = matched.epss.as_ref().map_or(0, |epss| (epss.probability * 100_000.0) as u32);
    let is_active = |ssvc: &SsvcView| ssvc.exploitation.as_deref() == Some("active");
    let is_active = matched.ssvc.as_ref().is_some_and(is_active);
    (matched.kev.is_none(), !is_active, sure, grave, Reverse(likely))
}

/// Known to be exploited first, then what CISA says is being exploited, then the surer, the graver, the likelier; then by name, so that the order is one.
pub(super) fn sort(matches: &mut [MatchedView]) {
    let name = |matched: &MatchedView| {
        let ComponentView { name, version, .. } = &matched.component;
        (name.clone(), version.clone(), matched.id.clone())
    };
    matches.sort_by_cached_key(|matched| (rank(matched), name(matched)));
}
