//! What runs in the hospital, before anybody judges it: each product once, with the devices that hold it.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use domain::{Confidence, DeviceId, Field, Layer, ObservationRef, What, Writing, fold};

use super::{Advised, Holder};
use crate::known::{Chart, Known, of_field};
use crate::parts::Owned;
use crate::products::{Ear, Named, Namer, Said, Words, Written};
use crate::weighing::{self, Reaches};

/// A product before it is judged.
pub(super) struct Found {
    pub(super) named: Named,
    pub(super) holders: Vec<Arc<Holder>>,
    /// What the hospital writes for it.
    pub(super) writings: BTreeSet<Writing>,
    /// The families it would be of without people's words on that.
    pub(super) before: BTreeSet<String>,
}

/// Something that the hospital writes for a product, and what that means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnWriting {
    /// By what people's words on it are known again.
    pub writing: Writing,
    /// One of the texts as they are written.
    pub shown: String,
    /// What people call what is meant, without the version where that stands at the end.
    pub called: String,
    /// How many devices in use have it.
    pub devices: usize,
    /// The products that it means or may mean by the table.
    pub candidates: Vec<Named>,
    /// The same where people's words go before the table's.
    pub meant: Vec<Named>,
}

impl Found {
    /// Adds a device that holds it, and what is written there.
    fn add(&mut self, named: &Named, holder: &Arc<Holder>) {
        // The surer of two writings of one product tells what it is.
        if named.confidence > self.named.confidence {
            self.named = named.clone();
        }
        // Of two updates that bring the same build one is told, whichever device comes first.
        self.named.least = self.named.least.min(named.least);
        // What a banner says is nothing that the hospital writes.
        if !named.is_banner && !self.writings.contains(&named.writing) {
            self.writings.insert(named.writing.clone());
        }
        self.before.extend(named.before.iter().cloned());
        if self.holders.last().is_none_or(|last| last.device != holder.device) {
            self.holders.push(Arc::clone(holder));
        }
    }
}

/// What devices in use run, by mark, and what is written for it.
#[derive(Default)]
pub(super) struct Collected {
    pub(super) products: BTreeMap<String, Found>,
    pub(super) writings: Vec<OwnWriting>,
}

/// What devices in use run; and of the machines themselves those whose folded name is `wanted`, or of which a person said what they are.
pub(super) fn collect(
    known: &Known<'_>,
    namer: &Namer<'_>,
    wanted: Option<&dyn Fn(&str) -> bool>,
    advised: Option<&Advised<'_>>,
) -> Collected {
    let mut found: BTreeMap<String, Found> = BTreeMap::new();
    let mut answers: HashMap<[String; 6], (Vec<Named>, usize)> = HashMap::new();
    let words = Words::new(known.writings);
    let reaches = Reaches::of(known);
    let mut vendors = Vendors::default();
    let mut scans = Scans { ear: namer.ear(), named: HashMap::new() };
    for chart in known.charts().filter(|chart| !chart.is_retired()) {
        let (cells, evidence) = written(&chart);
        let answer = answers.entry(cells).or_insert_with_key(|cells| {
            let mut named = namer.name_as_said(&as_written(cells), &words);
            let all = advised.into_iter();
            all.for_each(|advised| named.iter_mut().for_each(|one| advised.know(one)));
            (named, 0)
        });
        answer.1 += 1;
        let named = &answer.0;
        let is_told = |one: &&Named| match one.what {
            _ if one.said == Some(Said::Confirmed) => true,
            // The machine itself counts where an advisory gives its model number, or something is known of what is inside, unless its
            // firmware stands for it.
            What::Hardware => {
                let own = one.family();
                let is_firmware =
                    |other: &Named| other.what == What::Firmware && other.family() == own;
                let is_wanted = wanted.is_some_and(|wanted| {
                    wanted(&own) || one.before.iter().any(|family| wanted(family))
                });
                (is_wanted || one.confidence > Confidence::Candidate)
                    && !named.iter().any(is_firmware)
            }
            _ => true,
        };
        let mut named = named.iter().filter(is_told).peekable();
        let heard = match advised {
            Some(_) => scans.heard(&chart, &answer.0),
            None => Vec::new(),
        };
        if named.peek().is_none() && heard.is_empty() {
            continue;
        }
        let mut told = Vec::new();
        let mut evidence = evidence;
        for named in named {
            let installed = advised.and_then(|advised| advised.least(&chart, named));
            evidence.extend(installed.iter().map(|(_, at)| *at));
            let unit = advised.and_then(|advised| advised.unit(&chart, named));
            told.push(match (installed, unit) {
                (None, None) => Cow::Borrowed(named),
                (installed, unit) => Cow::Owned(Named {
                    least: installed.map(|(least, _)| least).or(named.least),
                    machine: unit.or_else(|| named.machine.clone()),
                    ..Named::clone(named)
                }),
            });
        }
        evidence.sort();
        evidence.dedup();
        evidence.shrink_to_fit();
        let holder = Arc::new(Holder {
            label: chart.label(),
            device: chart.device.id,
            is_medical: chart.is_medical(),
            reach: reaches.reach(&chart),
            harm: weighing::harm(&chart),
            vendor: vendors.of(&chart),
            evidence,
        });
        let by_scan = heard.iter().map(|(_, at)| *at).collect::<BTreeSet<_>>();
        let scanned = (!by_scan.is_empty()).then(|| {
            let evidence = by_scan.into_iter().collect();
            Arc::new(Holder { evidence, ..Holder::clone(&holder) })
        });
        let of_scan = heard.into_iter().map(|(named, _)| Cow::Owned(named));
        for named in told.into_iter().chain(of_scan) {
            let holder = scanned.as_ref().filter(|_| named.is_banner).unwrap_or(&holder);
            let entry = found.entry(named.mark()).or_insert_with(|| Found {
                named: named.as_ref().clone(),
                holders: Vec::new(),
                writings: BTreeSet::new(),
                before: BTreeSet::new(),
            });
            entry.add(&named, holder);
        }
    }
    for found in found.values_mut() {
        found.holders.sort();
        found.holders.shrink_to_fit();
    }
    Collected { products: found, writings: own_writings(namer, answers) }
}

/// Whom the hospital turns to, each under the first of the writings that only width and case tell apart.
#[derive(Default)]
struct Vendors(HashMap<String, Arc<str>>);

impl Vendors {
    fn of(&mut self, chart: &Chart<'_>) -> Option<Arc<str>> {
        let field = [Field::Contractor, Field::Maker];
        let written = field.into_iter().find_map(|field| chart.declared(field))?.shown();
        let kept = self.0.entry(fold(written)).or_insert_with(|| Arc::from(written));
        Some(Arc::clone(kept))
    }
}

/// What scans heard, each fact named once.
struct Scans<'n, 't, 'k> {
    ear: Ear<'n, 't>,
    named: HashMap<(Field, &'k str, &'k str), Vec<Named>>,
}

impl<'k> Scans<'_, '_, 'k> {
    /// The products that scans heard answer on the device, each once: none that the ledger or the device itself names, whatever the
    /// version; and of what it says itself none that a scanner named too, whose eye for versions is the better.
    fn heard(&mut self, chart: &Chart<'k>, named: &[Named]) -> Vec<(Named, ObservationRef)> {
        let facts = chart.heard();
        let mut heard: Vec<(Named, ObservationRef)> = Vec::new();
        for field in [Field::ServiceProduct, Field::Banner] {
            let by_scanner: Vec<String> = heard.iter().map(|(one, _)| fold(&one.name)).collect();
            for (fact, at) in facts.iter().filter(|(fact, _)| fact.field == field) {
                let key = (field, fact.value, fact.shown());
                let told = self.named.entry(key).or_insert_with(|| self.ear.name(fact));
                let is_known = |one: &&Named| {
                    let name = fold(&one.name);
                    named.iter().any(|other| fold(&other.name) == name)
                        || by_scanner.contains(&name)
                        || heard.iter().any(|(other, _)| other.mark() == one.mark())
                };
                let new: Vec<Named> = told.iter().filter(|one| !is_known(one)).cloned().collect();
                heard.extend(new.into_iter().map(|named| (named, *at)));
            }
        }
        heard
    }
}

/// Every writing once, with the products it means: by the first of the cells that have it.
fn own_writings(
    namer: &Namer<'_>,
    answers: HashMap<[String; 6], (Vec<Named>, usize)>,
) -> Vec<OwnWriting> {
    let answers: BTreeMap<_, _> = answers.into_iter().collect();
    let mut all: BTreeMap<Writing, OwnWriting> = BTreeMap::new();
    for (cells, (meant, devices)) in answers {
        let is_said = meant.iter().any(|one| one.said.is_some());
        let by_table = if is_said { namer.name(&as_written(&cells)) } else { meant.clone() };
        let mut seen: BTreeSet<&Writing> = BTreeSet::new();
        for one in meant.iter().filter(|one| seen.insert(&one.writing)) {
            let own = all.entry(one.writing.clone()).or_insert_with(|| OwnWriting {
                writing: one.writing.clone(),
                shown: one.shown(),
                called: one.called(),
                devices: 0,
                candidates: of(&one.writing, &one.cells, &by_table),
                meant: of(&one.writing, &one.cells, &meant),
            });
            own.devices += devices;
        }
    }
    all.into_values().collect()
}

/// Of `named` what stands in these cells.
fn of(writing: &Writing, cells: &[String; 2], named: &[Named]) -> Vec<Named> {
    let is_its = |one: &&Named| one.writing == *writing && one.cells == *cells;
    named.iter().filter(is_its).cloned().collect()
}

/// What a device says it runs: maker, model, operating system and its version, software and its version; and what says so.
///
/// What a device said of itself goes before what was declared of it, where it is said whole: a version that was seen is one.
pub(crate) fn written(chart: &Chart<'_>) -> ([String; 6], Vec<ObservationRef>) {
    let (declared, observed) = (chart.layer(Layer::Declared), chart.layer(Layer::Observed));
    let mut evidence = Vec::new();
    let mut pair = |name: Field, version: Field| {
        let of = |layer: &[(domain::Fact<'_>, ObservationRef)], field: Field| {
            of_field(layer, field).map(|(fact, at)| (fact.shown().to_owned(), at))
        };
        let whole = [&observed, &declared]
            .into_iter()
            .find(|layer| of(layer, name).is_some() && of(layer, version).is_some());
        let any = || [&declared, &observed].into_iter().find(|layer| of(layer, name).is_some());
        let Some(layer) = whole.or_else(any) else { return [String::new(), String::new()] };
        [name, version].map(|field| {
            of(layer, field).map_or_else(String::new, |(text, at)| {
                evidence.push(at);
                text
            })
        })
    };
    let [maker, model] = pair(Field::Maker, Field::Model);
    let [os, os_version] = pair(Field::Os, Field::OsVersion);
    let [software, software_version] = pair(Field::Software, Field::SoftwareVersion);
    ([maker, model, os, os_version, software, software_version], evidence)
}

fn as_written(cells: &[String; 6]) -> Written<'_> {
    let [maker, model, os, os_version, software, software_version] = cells;
    Written { maker, model, os, os_version, software, software_version, firmware: "" }
}

/// Everything that is written for products of devices in use, the machines themselves included, with what it means.
pub fn writings(known: &Known<'_>, namer: &Namer<'_>) -> Vec<OwnWriting> {
    collect(known, namer, None, None).writings
}

/// Every product that devices in use are or run, whatever its version, by its folded name.
pub fn owned(known: &Known<'_>, namer: &Namer<'_>) -> Vec<Owned> {
    let mut all: BTreeMap<String, (Owned, BTreeSet<DeviceId>)> = BTreeMap::new();
    let all_of = collect(known, namer, Some(&|_| true), None);
    for found in all_of.products.into_values() {
        let own = found.named.family();
        let (owned, devices) = all.entry(own.clone()).or_insert_with(|| {
            let named = &found.named;
            let owned = Owned {
                family: own,
                before: Vec::new(),
                name: named.name.clone(),
                versions: Vec::new(),
                cpes: named.cpes.clone(),
                purl: named.purl.clone(),
                devices: 0,
            };
            (owned, BTreeSet::new())
        });
        owned.versions.extend(found.named.version);
        owned.before.extend(found.before);
        devices.extend(found.holders.iter().map(|holder| holder.device));
    }
    let finish = |(mut owned, devices): (Owned, BTreeSet<DeviceId>)| {
        owned.versions.sort();
        owned.versions.dedup();
        owned.before.sort();
        owned.before.dedup();
        owned.devices = devices.len();
        owned
    };
    all.into_values().map(finish).collect()
}
