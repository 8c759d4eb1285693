//! Products that differ by their version only.

use domain::advisory::Claim;
use domain::advisory::{Confidence, VexStatus};
use domain::{Message, msg};
use notation::version::Plain;

use super::asked::Stem;
use super::{Found, Left, NONE, Run, TEXT, Token};
use crate::advisories::index::{IndexError, Posting, Span};
use crate::advisories::judge::fit::View;
use crate::advisories::judge::words::{Outcome, Sought, Word};
use crate::advisories::judge::{Judge, Product, silence};
use crate::advisories::key::{Key, Naming};

/// The names of products that differ by their version only.
#[derive(Debug)]
pub(super) struct Group {
    purls: Vec<Name>,
    cpes: Vec<Name>,
    name: Option<String>,
    supplier: Option<String>,
    /// Whether the version stands apart from the names.
    stands_apart: bool,
}

/// A name, and what follows where the version is cut out of it.
#[derive(Debug)]
struct Name {
    before: String,
    after: Option<String>,
}

impl Name {
    fn read(stem: &mut Stem<'_>) -> Self {
        let is_cut = stem.flag();
        Self { before: stem.text(), after: is_cut.then(|| stem.text()) }
    }

    fn with(&self, version: Option<&str>) -> String {
        match (&self.after, version) {
            (Some(after), Some(version)) => [&self.before, version, after].concat(),
            _ => self.before.clone(),
        }
    }
}

/// A group whose versions are held against spans.
struct Quick<'m> {
    views: Vec<View<'m>>,
    sought: Sought,
    silence: Option<Message>,
}

/// What was said of a vulnerability.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    /// A party that speaks of the very package says otherwise.
    Denied,
    /// Something is said, and how sure it is that the product is affected.
    Said(Option<Confidence>),
}

impl Group {
    /// From what [`super::Asked::write_stem`] wrote.
    pub(super) fn read(stem: &[u8]) -> Self {
        let mut stem = Stem(stem);
        let stands_apart = stem.flag();
        let [purls, cpes] = [(); 2].map(|()| {
            let count = stem.length();
            (0..count).map(|_| Name::read(&mut stem)).collect()
        });
        let [name, supplier] = [(); 2].map(|()| stem.flag().then(|| stem.text()));
        Self { purls, cpes, name, supplier, stands_apart }
    }

    /// A product of the group.
    fn product(&self, version: Option<&str>) -> Product {
        let with = |names: &[Name]| names.iter().map(|name| name.with(version)).collect();
        Product {
            purls: with(&self.purls),
            cpes: with(&self.cpes),
            name: self.name.clone(),
            supplier: self.supplier.clone(),
            version: version.filter(|_| self.stands_apart).map(str::to_owned),
            least: None,
            machine: None,
            beside: None,
        }
    }

    /// Judges each version once.
    pub(super) fn judge(
        &self,
        judge: &Judge<'_, '_>,
        members: &[(Token, u32)],
        texts: &[String],
        run: &mut Run,
    ) -> Result<(), IndexError> {
        let mut members = members.to_vec();
        members.sort_unstable();
        // Versions that are only numbers come first.
        let first = members.first().and_then(|(token, _)| Plain::from_bits(*token));
        let quick = first.map_or(Ok(None), |first| self.quick(judge, first))?;
        let mut whole = None;
        for same in members.chunk_by(|one, other| one.0 == other.0) {
            let Some((token, _)) = same.first().copied() else { continue };
            let entry = run.entries.len() as u32;
            match (&quick, Plain::from_bits(token)) {
                (Some(quick), Some(plain)) if quick.weigh(judge, self, plain, run)? => {}
                _ => self.weigh(judge, token, texts, &mut whole, run)?,
            }
            run.asks.extend(same.iter().map(|(_, ask)| (*ask, entry)));
        }
        Ok(())
    }

    /// Looks up the names, where all of them follow the version.
    fn quick<'m>(
        &self,
        judge: &Judge<'m, '_>,
        first: Plain,
    ) -> Result<Option<Quick<'m>>, IndexError> {
        let version = first.to_string();
        let views = View::all_of(&self.product(Some(&version)), judge.makers);
        let apart = self.purls.iter().chain(&self.cpes).map(|name| name.after.is_none());
        let apart: Vec<bool> = apart.chain(self.name.iter().map(|_| true)).collect();
        let follow = views.len() == apart.len()
            && views.iter().zip(apart).all(|(view, apart)| view.follows(&version, apart));
        if !follow || View::ranks(&views).is_none() {
            return Ok(None);
        }
        let sought = Sought::of(judge.index, &views, true)?;
        let silence = silence(&views, judge.covers(&views)?);
        Ok(Some(Quick { views, sought, silence }))
    }

    /// Judges one version by all claims.
    fn weigh(
        &self,
        judge: &Judge<'_, '_>,
        token: Token,
        texts: &[String],
        whole: &mut Option<Whole>,
        run: &mut Run,
    ) -> Result<(), IndexError> {
        let plain = Plain::from_bits(token).map(|plain| plain.to_string());
        let text = (token != NONE).then(|| texts.get((token & !TEXT) as usize)).flatten();
        let version = plain.as_deref().or(text.map(String::as_str));
        let product = self.product(version);
        let views = View::all_of(&product, judge.makers);
        if views.is_empty() {
            run.close(Some(msg!("advisories.no_identity")));
            return Ok(());
        }
        let whole = match whole {
            Some(whole) if whole.is_of(&views) => whole,
            _ => whole.insert(Whole::of(judge, &views)?),
        };
        let words = whole.sought.words(judge.index, &views, &product)?;
        let mut marks = Vec::new();
        let first_open = run.open.len();
        let mut reason = take(&words, &mut marks, run);
        let is_said = marks.iter().any(|(_, mark)| *mark != Mark::Denied);
        // Of a product without a version all is open, also which units are meant; that is said once.
        if !is_said && !views.iter().any(View::has_version) {
            run.open.truncate(first_open);
            reason = None;
        }
        let silence = silence(&views, judge.covers(&views)?);
        finish(marks, reason.or(silence), run);
        Ok(())
    }
}

/// All claims on the names of a product, as long as its names are the same.
struct Whole {
    keys: Vec<Key>,
    sought: Sought,
}

impl Whole {
    fn of(judge: &Judge<'_, '_>, views: &[View<'_>]) -> Result<Self, IndexError> {
        let keys = views.iter().map(|view| view.key.clone()).collect();
        Ok(Self { keys, sought: Sought::of(judge.index, views, false)? })
    }

    /// A version that cannot be read in a name takes the name away.
    fn is_of(&self, views: &[View<'_>]) -> bool {
        self.keys.iter().eq(views.iter().map(|view| &view.key))
    }
}

impl Quick<'_> {
    /// Judges one version by spans, and by the claims that are not only numbers; `false` where the version is not for that.
    fn weigh(
        &self,
        judge: &Judge<'_, '_>,
        group: &Group,
        version: Plain,
        run: &mut Run,
    ) -> Result<bool, IndexError> {
        let ranks: Option<Vec<u64>> = self.views.iter().map(|view| view.rank_of(version)).collect();
        let Some(ranks) = ranks else { return Ok(false) };
        let (mut marks, mut reason) = (Vec::new(), None);
        if self.sought.has_claims() {
            let product = group.product(Some(&version.to_string()));
            let views = View::all_of(&product, judge.makers);
            let words = self.sought.words(judge.index, &views, &product)?;
            reason = take(&words, &mut marks, run);
        }
        for (posting, rank) in self.sought.postings.iter().zip(&ranks) {
            let held = posting.spans.iter().filter(|span| span.holds(*rank));
            marks.extend(held.map(|span| (span.vulnerability, SAID)));
        }
        let packages = self.views.iter().zip(&self.sought.postings).zip(&ranks);
        let packages = packages.filter(|((view, _), _)| view.key.naming() == Naming::Package);
        for ((_, posting), rank) in packages {
            deny(posting, *rank, &mut marks);
        }
        finish(marks, reason.or_else(|| self.silence.clone()), run);
        Ok(true)
    }
}

/// What a span that holds the version says.
const SAID: Mark = Mark::Said(Some(Confidence::Exact));

/// Adds what is said by claims; the reason of the first that is open.
fn take(words: &[Word], marks: &mut Vec<(u32, Mark)>, run: &mut Run) -> Option<Message> {
    let mut reason = None;
    for word in words {
        match &word.outcome {
            Outcome::Open(why) => {
                let Word { vulnerability, advisory, .. } = *word;
                run.open.push(Left { vulnerability, advisory });
                reason = reason.or_else(|| Some(why.clone()));
            }
            Outcome::Says(spoken) => {
                let affected = is_affected(&spoken.claim).then_some(spoken.confidence);
                marks.push((word.vulnerability, Mark::Said(affected)));
            }
            Outcome::Denies(_) | Outcome::Nothing => {}
        }
        if word.denies() {
            marks.push((word.vulnerability, Mark::Denied));
        }
    }
    reason
}

fn is_affected(claim: &Claim) -> bool {
    claim.status == VexStatus::Affected
}

/// Adds the denials of what is said: advisories on the package none of whose spans holds the version.
fn deny(posting: &Posting, rank: u64, marks: &mut Vec<(u32, Mark)>) {
    let mut said: Vec<u32> = marks.iter().map(|(vulnerability, _)| *vulnerability).collect();
    said.sort_unstable();
    said.dedup();
    for vulnerability in said {
        let start = posting.spans.partition_point(|span| span.vulnerability < vulnerability);
        let spans = posting.spans.get(start..).unwrap_or_default();
        let own = spans.iter().take_while(|span| span.vulnerability == vulnerability).count();
        let own = spans.get(..own).unwrap_or_default();
        let mut advisories = own.chunk_by(|one, other| one.advisory == other.advisory);
        let denies = |spans: &[Span]| !spans.iter().any(|span| span.holds(rank));
        if advisories.any(denies) {
            marks.push((vulnerability, Mark::Denied));
        }
    }
}

/// Adds what came of a product: what is said of each vulnerability, a candidate where another party says otherwise.
fn finish(mut marks: Vec<(u32, Mark)>, reason: Option<Message>, run: &mut Run) {
    let start = run.found.len();
    marks.sort_unstable();
    for own in marks.chunk_by(|one, other| one.0 == other.0) {
        let denied = own.first().is_some_and(|(_, mark)| *mark == Mark::Denied);
        // Sorted, the surest word is the last.
        let Some((vulnerability, Mark::Said(affected))) = own.last().copied() else { continue };
        let affected = affected.map(|sure| if denied { Confidence::Candidate } else { sure });
        run.found.push(Found { vulnerability, affected });
    }
    let is_silent = run.found.len() == start;
    run.close(reason.filter(|_| is_silent));
}
