//! CSAF 2.0 (OASIS *Common Security Advisory Framework*): advisories and VEX, and MyJVN's documents, which follow a draft of 2.1.

use domain::{Advisory, AdvisoryState, FeedKind, LocalText, msg};

use self::document::{Meta, Vulnerability};
use self::faults::Fault;
use self::products::Products;
use self::statements::Statements;
use super::budget::Budget;
use super::drive::Layout;
use super::gather::{Gather, Reject};
use super::json::{is_cwe, moment};
use crate::text::excerpt;

mod document;
mod faults;
mod products;
mod rules;
mod statements;
mod windows;

pub(in crate::feeds) use self::document::Csaf;

/// What is told of those that break one rule.
const MAX_SUBJECTS: usize = 5;

/// A document, or one in each line.
pub(super) const LAYOUT: Layout =
    Layout { records: &[], member: |_, _, _| {}, record, name: "document/tracking/id" };

fn record(bytes: &[u8], number: u64, gather: &mut Gather<'_>) -> Result<(), Reject> {
    let csaf: Csaf<'_> = serde_json::from_slice(bytes)?;
    if csaf.document.csaf_version != "2.0" {
        return Err(Reject::Edition(format!("CSAF {}", csaf.document.csaf_version)));
    }
    gather.schema(&csaf.document.csaf_version);
    take(csaf, FeedKind::Csaf, number, &|_| {}, gather)
}

/// Hands on each vulnerability of a document as an advisory of `feed`, which `finish` may complete.
pub(super) fn take(
    csaf: Csaf<'_>,
    feed: FeedKind,
    number: u64,
    finish: &dyn Fn(&mut Advisory),
    gather: &mut Gather<'_>,
) -> Result<(), Reject> {
    let document = csaf.document.tracking.id.clone();
    if document.is_empty() {
        return Err(Reject::NoNumber);
    }
    let mut faults = Vec::new();
    let mut budget = Budget::new(number);
    let products = Products::of(csaf.product_tree, &mut budget, &mut faults)?;
    if let Some(fault) = faults.iter().find(|fault| fault.is_fatal()) {
        return Err(Reject::Told(msg!(
            "feed.refused_csaf",
            id = &document,
            rule = fault.rule,
            subject = &fault.subject
        )));
    }
    let meta = csaf.document;
    let whole = meta.advisory(feed);
    let mut advisories = Vec::new();
    let is_vex = meta.category == "csaf_vex";
    for (place, vulnerability) in csaf.vulnerabilities.into_iter().enumerate() {
        budget.spend(weight(&whole))?;
        if feed == FeedKind::Csaf {
            rules::check(&vulnerability, &products, is_vex, &mut faults);
        }
        let mut statements = Statements::of(&vulnerability, &products, &mut budget, &mut faults)?;
        if feed == FeedKind::Csaf && windows::is_of_microsoft(whole.publisher.as_deref()) {
            windows::name(&mut statements.claims, &mut budget)?;
        }
        gather.skip("feed_remedies", statements.unplaced);
        advisories.push(advisory(vulnerability, place, &whole, statements));
    }
    let mut numbers: Vec<&str> = advisories.iter().map(|one| one.id.as_str()).collect();
    numbers.sort_unstable();
    faults.extend(
        numbers
            .windows(2)
            .filter(|pair| pair[0] == pair[1])
            .map(|pair| Fault::new("6.1.23", pair[0])),
    );
    tell(faults, &document, number, gather);
    if advisories.is_empty() {
        gather.skip("feed_no_vulnerability", 1);
    }
    // A document without vulnerabilities has its date too.
    gather.seen(whole.modified);
    for mut advisory in advisories {
        finish(&mut advisory);
        gather.advisory(advisory);
    }
    Ok(())
}

/// Tells the rules that are broken, each once with the first few that break it.
fn tell(mut faults: Vec<Fault>, document: &str, number: u64, gather: &mut Gather<'_>) {
    faults.sort_unstable();
    faults.dedup();
    for broken in faults.chunk_by(|one, other| one.rule == other.rule) {
        let subjects: Vec<String> =
            broken.iter().take(MAX_SUBJECTS).map(|fault| excerpt(&fault.subject)).collect();
        let (rule, count) = (broken[0].rule, broken.len());
        gather.warn(
            number,
            msg!("feed.csaf_rule", id = document, rule = rule, count = count, subjects = subjects),
        );
    }
}

impl Meta<'_> {
    /// What holds of each vulnerability of the document.
    fn advisory(&self, feed: FeedKind) -> Advisory {
        let tracking = &self.tracking;
        let date = |text: &Option<std::borrow::Cow<'_, str>>| text.as_deref().and_then(moment);
        let lang = self.lang.clone().unwrap_or_default();
        let notes = self.notes.iter().filter(|note| is_description(&note.category));
        let descriptions =
            notes.map(|note| LocalText { lang: lang.clone(), text: note.text.clone() }).collect();
        Advisory {
            publisher: self.publisher.as_ref().and_then(|publisher| publisher.name.clone()),
            revision: tracking.version.clone(),
            published: date(&tracking.initial_release_date),
            modified: date(&tracking.current_release_date),
            titles: vec![LocalText { lang, text: self.title.clone() }],
            descriptions,
            references: self.references.iter().map(|one| one.url.clone()).collect(),
            tlp: self.distribution.as_ref().and_then(|one| one.tlp.as_ref()?.label.clone()),
            ..Advisory::new(feed, tracking.id.clone(), AdvisoryState::Published)
        }
    }
}

/// What each vulnerability of a document repeats of it.
fn weight(whole: &Advisory) -> usize {
    let texts = whole.titles.iter().chain(&whole.descriptions).map(|text| text.text.len());
    let references = whole.references.iter().map(|reference| reference.len() + 24);
    size_of::<Advisory>() + texts.chain(references).sum::<usize>()
}

fn is_description(category: &str) -> bool {
    matches!(category, "description" | "summary")
}

/// One vulnerability of the document `whole`, the `place`th of it.
fn advisory(
    vulnerability: Vulnerability<'_>,
    place: usize,
    whole: &Advisory,
    statements: Statements,
) -> Advisory {
    let lang = whole.titles.first().map(|title| title.lang.clone()).unwrap_or_default();
    let local = |text: &str| LocalText { lang: lang.clone(), text: text.to_owned() };
    let others = vulnerability.ids.iter().map(|id| id.text.clone());
    let numbers = vulnerability.cve.iter().cloned().chain(others);
    let mut numbers: Vec<String> = numbers.filter(|number| !number.is_empty()).collect();
    if numbers.is_empty() {
        numbers.push(format!("{}#{}", whole.document, place + 1));
    }
    let id = numbers.remove(0);
    numbers.sort_unstable();
    numbers.dedup();
    let notes = vulnerability.notes.iter().filter(|note| is_description(&note.category));
    let own: Vec<LocalText> = notes.map(|note| local(&note.text)).collect();
    let released = vulnerability.release_date.as_deref().and_then(moment);
    let cwes = vulnerability.cwe.iter().chain(&vulnerability.cwes).map(|cwe| cwe.id.clone());
    let mut titles: Vec<LocalText> = vulnerability
        .title
        .iter()
        .filter(|title| **title != id && !title.trim().is_empty())
        .map(|title| local(title))
        .collect();
    titles.extend(whole.titles.iter().cloned());
    Advisory {
        id,
        aliases: numbers,
        published: released.or(whole.published),
        titles,
        descriptions: if own.is_empty() { whole.descriptions.clone() } else { own },
        weaknesses: cwes.filter(|id| is_cwe(id)).collect(),
        ratings: statements.ratings,
        claims: statements.claims,
        remedies: statements.remedies,
        references: vulnerability
            .references
            .iter()
            .map(|one| one.url.clone())
            .chain(whole.references.iter().cloned())
            .collect(),
        ..whole.clone()
    }
}
