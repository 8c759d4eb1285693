//! 脆弱性, as pages and scripts show it: by product, by vulnerability, and what cannot be judged.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use domain::advisory::{Confidence, LocalText, VexStatus};
use domain::{DeviceId, ObservationRef, What, Writing};
use engine::advisories::index::IndexError;
use engine::advisories::judge::Match;
use engine::notices::Machines;
use engine::parts::{OWN_WORD, Owned};
use engine::weaknesses::{Holder, Running, Weaknesses, owned};
use engine::weighing::{Urgency, grounds};
use jiff::civil::Date;
use reference::{Catalogue, Language};

use crate::books::Books;
use crate::feeds::Advisories;
use crate::matching::{ExploitedView, ForecastView, SsvcView, of_tenths, rated};
use crate::parts_lists::is_parts_list;
use crate::{App, AppError, namer};

mod decided;
mod groups;
mod views;

pub use groups::WeakDevice;
pub use views::{
    ConcernedView, HolderView, InsideView, ProductMatchView, ProductPageView,
    VulnerabilityPageView, WeakDeviceView, WeakProductView, WeakVendorView, WeaknessCounts,
    WeaknessView,
};

/// What is known of the weaknesses of all that runs, drawn once for all pages.
#[derive(Debug)]
pub struct WeakBook {
    weaknesses: Arc<Weaknesses>,
    /// The devices by maker and model: what notices may mean beside what runs.
    machines: Machines,
    /// What they were judged with: numbers of advisories mean something in this index alone, whatever was taken in since.
    advisories: Advisories,
    /// What the hospital's devices are and run: what parts lists may belong to. Empty where there is no list.
    owned: Vec<Owned>,
    /// The same by device, and by vendor: counted when somebody first looks.
    devices: OnceLock<Vec<WeakDevice>>,
    vendors: OnceLock<Vec<WeakVendorView>>,
}

impl WeakBook {
    pub(crate) fn of(known: &engine::Known<'_>, books: &Books) -> Self {
        let weaknesses =
            known.weaknesses().cloned().unwrap_or_else(|| Arc::new(Weaknesses::nothing()));
        let has_lists = books.imports.iter().any(|import| is_parts_list(&import.kind));
        Self {
            machines: Machines::of(known, &weaknesses),
            weaknesses,
            advisories: books.advisories.clone().unwrap_or_default(),
            owned: if has_lists { owned(known, namer()) } else { Vec::new() },
            devices: OnceLock::new(),
            vendors: OnceLock::new(),
        }
    }

    /// The devices by maker and model.
    pub(crate) fn machines(&self) -> &Machines {
        &self.machines
    }

    /// What they were judged with.
    pub(crate) fn advisories(&self) -> &Advisories {
        &self.advisories
    }

    /// What the hospital's devices are and run, whatever the version; empty where there is no parts list.
    pub(crate) fn owned(&self) -> &[Owned] {
        &self.owned
    }

    /// The same as people choose from it.
    pub fn own_products(&self) -> Vec<crate::OwnProductView> {
        self.owned.iter().map(crate::parts_lists::owned_view).collect()
    }

    /// All of it.
    pub(crate) fn weaknesses(&self) -> &Weaknesses {
        &self.weaknesses
    }

    /// `ready`, `none`, `lost` or `damaged`: whether anything can be judged.
    pub fn state(&self) -> &'static str {
        self.weaknesses.state.key()
    }

    /// Every product, those with the most urgent vulnerabilities first.
    pub fn products(&self, texts: &Catalogue) -> Vec<WeakProductView> {
        let mut products: Vec<&Running> = self.weaknesses.products.iter().collect();
        products.sort_by_cached_key(|running| {
            let places = running.matches.iter().map(|found| Urgency::on(running, found));
            let first = places.min();
            (first.is_none(), first, running.unjudged.is_none(), running.mark.clone())
        });
        products.into_iter().map(|running| self.product_view(running, texts)).collect()
    }

    /// Every vulnerability that concerns something here or may, the most urgent first.
    pub fn vulnerabilities(&self) -> Vec<WeaknessView> {
        let mut by_id: BTreeMap<&str, Vec<(&Running, &Match)>> = BTreeMap::new();
        for running in &self.weaknesses.products {
            for found in running.matches.iter().filter(|found| found.affected.is_some()) {
                by_id.entry(&found.vulnerability.id).or_default().push((running, found));
            }
        }
        let mut all: Vec<Vec<(&Running, &Match)>> = by_id.into_values().collect();
        all.sort_by_cached_key(|concerned| {
            let left = concerned.iter().filter(|(running, found)| !running.is_decided_away(found));
            let is_decided = left.count() == 0;
            let places = concerned.iter().map(|(running, found)| Urgency::on(running, found));
            (is_decided, places.min())
        });
        all.iter().map(|concerned| weakness_view(concerned)).collect()
    }

    /// The product of this mark.
    pub fn product(&self, mark: &str, texts: &Catalogue) -> Option<ProductPageView> {
        let running = self.weaknesses.product(mark)?;
        let said = |found: &Match| {
            let surest = found.statements.iter().filter(|said| said.status == VexStatus::Affected);
            surest.max_by_key(|said| said.confidence).map(|said| texts.say(&said.reason))
        };
        let concerns = running.matches.iter().filter(|found| found.affected.is_some());
        let cleared = running.matches.iter().filter(|found| found.affected.is_none());
        Some(ProductPageView {
            product: self.product_view(running, texts),
            naming: running.naming.key().to_owned(),
            naming_reason: texts.say(&running.naming_reason),
            holders: running.holders.iter().map(|holder| holder_view(holder)).collect(),
            matches: concerns
                .map(|found| ProductMatchView {
                    weakness: weakness_view(&[(running, found)]),
                    fixed: found.fixed.clone(),
                    through: through(running, found),
                    reason: said(found).unwrap_or_default(),
                    why: self.why(running, found, texts),
                    decisions: self.standings(running, found, texts),
                })
                .collect(),
            cleared: cleared.map(|found| found.vulnerability.id.clone()).collect(),
            open: running
                .open
                .iter()
                .map(|open| (open.id.clone(), texts.say(&open.reason)))
                .collect(),
        })
    }

    fn product_view(&self, running: &Running, texts: &Catalogue) -> WeakProductView {
        let first = running.affected().min_by_key(|found| Urgency::on(running, found));
        WeakProductView {
            why: first.map(|found| self.why(running, found, texts)).unwrap_or_default(),
            ..product_view(running, texts)
        }
    }

    /// Why `found` has its place in the order of work, in sentences.
    fn why(&self, running: &Running, found: &Match, texts: &Catalogue) -> Vec<String> {
        let grounds = grounds(running, found, &self.weaknesses.decisions);
        grounds.iter().map(|ground| texts.say(ground)).collect()
    }

    /// The mark of a product that this writing means; none where nothing is told of it.
    pub fn mark_of(&self, what: What, text: &str) -> Option<&str> {
        let is_its = |one: &Writing| one.what == what && one.text == text;
        let mut products = self.weaknesses.products.iter();
        let running = products.find(|running| running.writings.iter().any(is_its))?;
        Some(&running.mark)
    }

    /// What says that the device runs the product of this mark; none where it does not.
    pub(crate) fn holder(&self, mark: &str, device: DeviceId) -> Option<&[ObservationRef]> {
        self.weaknesses.holder(mark, device).map(|holder| holder.evidence.as_slice())
    }

    fn concerned(&self, id: &str) -> Vec<(&Running, &Match)> {
        let with_numbers =
            |found: &&Match| found.vulnerability.numbers.iter().any(|known| known == id);
        let of = |running| -> Option<(&Running, &Match)> {
            let running: &Running = running;
            Some((running, running.matches.iter().find(with_numbers)?))
        };
        let mut concerned: Vec<_> = self.weaknesses.products.iter().filter_map(of).collect();
        concerned.sort_by_cached_key(|(running, found)| Urgency::on(running, found));
        concerned
    }
}

impl App {
    /// What is known of the weaknesses of all that runs, as it stands on `today`.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn weaknesses(&self, today: Date) -> Result<WeakBook, AppError> {
        let books =
            self.facility()?.read(|view| Books::load(view)?.with_advisories(self, view, today))?;
        Ok(books.with_known(|known, _| WeakBook::of(known, &books)))
    }

    /// The vulnerability of this number, as far as it concerns something here; none where it does not.
    ///
    /// # Errors
    ///
    /// [`AppError::Feeds`] where the index cannot be read; and what the store says.
    pub fn vulnerability(
        &self,
        book: &WeakBook,
        id: &str,
    ) -> Result<Option<VulnerabilityPageView>, AppError> {
        let concerned = book.concerned(id);
        let Some((_, first)) = concerned.first() else { return Ok(None) };
        let mut page = VulnerabilityPageView {
            weakness: weakness_view(&concerned),
            aliases: others(first),
            action: first.vulnerability.exploited.as_ref().map(|entry| entry.action.clone()),
            descriptions: Vec::new(),
            cvss: Vec::new(),
            products: concerned
                .iter()
                .map(|one| book.concerned_view(one, self.catalogue()))
                .collect(),
            remedies: Vec::new(),
            references: Vec::new(),
        };
        let damaged = |_: IndexError| AppError::Feeds(domain::msg!("app.feeds_damaged"));
        if let Some(index) = book.advisories.index() {
            let index = index.map_err(damaged)?;
            self.add_words(&index, &concerned, &mut page).map_err(damaged)?;
        }
        Ok(Some(page))
    }

    /// Adds what the advisories say beside whom they concern.
    fn add_words(
        &self,
        index: &engine::advisories::index::Index<'_>,
        concerned: &[(&Running, &Match)],
        page: &mut VulnerabilityPageView,
    ) -> Result<(), IndexError> {
        let mut numbers: Vec<u32> = concerned
            .iter()
            .flat_map(|(_, found)| found.statements.iter().map(|said| said.advisory))
            .filter(|number| *number != OWN_WORD)
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        for number in numbers.into_iter().take(MOST_ADVISORIES) {
            let details = index.details(number)?;
            let texts = if details.descriptions.is_empty() {
                &details.titles
            } else {
                &details.descriptions
            };
            for said in self.own_language(texts) {
                add_once(&mut page.descriptions, (said.lang.clone(), said.text.clone()));
            }
            for remedy in details.remedies {
                add_once(&mut page.remedies, (remedy.kind.key().to_owned(), remedy.text));
            }
            for rating in details.ratings {
                add_once(&mut page.cvss, rated(rating));
            }
            details.references.into_iter().for_each(|url| add_once(&mut page.references, url));
        }
        page.references.truncate(MOST_REFERENCES);
        Ok(())
    }

    /// The texts in the reader's language; those in English where there is none, and all where there is neither.
    fn own_language<'t>(&self, texts: &'t [LocalText]) -> Vec<&'t LocalText> {
        let of = |lang: &str| -> Vec<&'t LocalText> {
            texts
                .iter()
                .filter(|said| said.lang.get(..2).is_some_and(|own| own.eq_ignore_ascii_case(lang)))
                .collect()
        };
        let own = match self.catalogue().language() {
            Language::Ja => of("ja"),
            Language::En => of("en"),
        };
        [own, of("en"), texts.iter().collect()]
            .into_iter()
            .find(|said| !said.is_empty())
            .unwrap_or_default()
    }
}

/// Advisories whose words are read for one page.
const MOST_ADVISORIES: usize = 50;

/// Addresses that are shown of one vulnerability.
const MOST_REFERENCES: usize = 30;

fn add_once<T: PartialEq>(all: &mut Vec<T>, one: T) {
    if !all.contains(&one) {
        all.push(one);
    }
}

fn product_view(running: &Running, texts: &Catalogue) -> WeakProductView {
    let affected: Vec<&Match> = running.affected().collect();
    let count =
        |of: &dyn Fn(&Match) -> bool| affected.iter().filter(|found| of(found)).count() as u64;
    let (exploited, critical) = (count(&is_exploited), count(&is_critical));
    WeakProductView {
        mark: running.mark.clone(),
        family: running.family.clone(),
        name: running.name.clone(),
        devices: running.holders.len() as u64,
        medical: running.holders.iter().filter(|holder| holder.is_medical).count() as u64,
        exploited,
        critical,
        other: affected.len() as u64 - exploited - critical,
        doubtful: (running.candidates().count() + running.open.len()) as u64,
        unjudged: running.unjudged.as_ref().map(|reason| texts.say(reason)),
        why: Vec::new(),
        inside: inside_view(running, texts),
    }
}

fn is_exploited(found: &Match) -> bool {
    found.vulnerability.exploited.is_some()
}

/// Critical, and not told among those that are exploited.
fn is_critical(found: &Match) -> bool {
    let is_grave = |rank| rank >= engine::advisories::weigh::CRITICAL;
    !is_exploited(found) && found.weight().is_some_and(|weight| is_grave(weight.rank))
}

fn inside_view(running: &Running, texts: &Catalogue) -> Option<InsideView> {
    let inside = &running.inside;
    if inside.list.is_none() && inside.others.is_empty() {
        return None;
    }
    let why_not = inside.why_not(running.product.version.as_deref());
    let unjudged = inside.unjudged.iter();
    Some(InsideView {
        list: inside.list.map(|import| import.0),
        components: inside.components as u64,
        why_not: why_not.map(|reason| texts.say(&reason)),
        unjudged: unjudged.map(|(name, reason)| (name.clone(), texts.say(reason))).collect(),
    })
}

/// The components through which a vulnerability concerns the product.
fn through(running: &Running, found: &Match) -> Vec<String> {
    let components = running.inside.through.get(&found.vulnerability.id);
    components.into_iter().flatten().cloned().collect()
}

fn holder_view(holder: &Holder) -> HolderView {
    HolderView {
        label: holder.label.clone(),
        id: holder.device.to_string(),
        medical: holder.is_medical,
    }
}

/// A vulnerability of these products, of which there is at least one.
fn weakness_view(concerned: &[(&Running, &Match)]) -> WeaknessView {
    let matches = || concerned.iter().map(|(_, found)| *found);
    let weight = matches().filter_map(Match::weight).max_by_key(|weight| weight.rank);
    let further = weight.as_ref().map(|weight| weight.further).unwrap_or_default();
    let known = matches().next().map(|found| &found.vulnerability);
    let sure: Option<Confidence> = matches().filter_map(|found| found.affected).max();
    let mut devices: Vec<_> = concerned
        .iter()
        .flat_map(|(running, found)| running.concerned(found))
        .map(|holder| holder.device)
        .collect();
    devices.sort_unstable();
    devices.dedup();
    let names = |is_decided: bool| -> Vec<String> {
        let of = concerned
            .iter()
            .filter(|(running, found)| running.is_decided_away(found) == is_decided);
        of.map(|(running, _)| running.name.clone()).collect()
    };
    WeaknessView {
        id: known.map(|known| known.id.clone()).unwrap_or_default(),
        severity: weight
            .as_ref()
            .map_or_else(|| "unknown".to_owned(), |weight| weight.severity.clone()),
        score: weight.and_then(|weight| weight.score).map(of_tenths),
        score_temporal: further.temporal.map(|score| of_tenths(score.tenths())),
        score_environmental: further.environmental.map(|score| of_tenths(score.tenths())),
        kev: known.and_then(|known| known.exploited.as_ref()).map(ExploitedView::of),
        epss: known.and_then(|known| known.forecast).map(ForecastView::of),
        ssvc: known.and_then(|known| known.ssvc.as_ref()).map(SsvcView::of),
        confidence: sure.map(|sure| sure.key().to_owned()).unwrap_or_default(),
        products: names(false),
        devices: devices.len() as u64,
        decided: names(true),
    }
}

fn others(found: &Match) -> Vec<String> {
    let known = &found.vulnerability;
    known.numbers.iter().filter(|number| **number != known.id).cloned().collect()
}
