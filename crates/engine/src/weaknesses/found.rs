//! What runs in the hospital, before anybody judges it: each product once, with the devices that hold it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use domain::{Confidence, DeviceId, Field, Layer, ObservationRef, fold};

use super::Holder;
use crate::known::{Chart, Known, of_field};
use crate::parts::Owned;
use crate::products::{Named, Namer, What, Written};
use crate::weighing::{self, Reaches};

/// A product before it is judged.
pub(super) struct Found {
    pub(super) named: Named,
    pub(super) holders: Vec<Arc<Holder>>,
}

/// What devices in use run, by mark; and of the machines themselves those whose folded name is `wanted`.
pub(super) fn collect(
    known: &Known<'_>,
    namer: &Namer<'_>,
    wanted: Option<&dyn Fn(&str) -> bool>,
) -> BTreeMap<String, Found> {
    let mut found: BTreeMap<String, Found> = BTreeMap::new();
    let mut answers: HashMap<[String; 6], Vec<Named>> = HashMap::new();
    let reaches = Reaches::of(known);
    for chart in known.charts().filter(|chart| !chart.is_retired()) {
        let (cells, evidence) = written(&chart);
        let named = answers.entry(cells).or_insert_with_key(|cells| name(namer, cells));
        let is_told = |one: &&Named| match one.what {
            // The machine itself counts where something is known of what is inside, unless its firmware stands for it.
            What::Hardware => wanted.is_some_and(|wanted| {
                let own = family(one);
                let is_firmware =
                    |other: &Named| other.what == What::Firmware && family(other) == own;
                wanted(&own) && !named.iter().any(is_firmware)
            }),
            _ => true,
        };
        let mut named = named.iter().filter(is_told).peekable();
        if named.peek().is_none() {
            continue;
        }
        let holder = Arc::new(Holder {
            label: chart.label(),
            device: chart.device.id,
            is_medical: chart.is_medical(),
            reach: reaches.reach(&chart),
            harm: weighing::harm(&chart),
            evidence,
        });
        for named in named {
            let entry = found
                .entry(mark(named))
                .or_insert_with(|| Found { named: named.clone(), holders: Vec::new() });
            // The surer of two writings of one product tells what it is.
            if named.confidence > entry.named.confidence {
                entry.named = named.clone();
            }
            if entry.holders.last().is_none_or(|last| last.device != holder.device) {
                entry.holders.push(Arc::clone(&holder));
            }
        }
    }
    for found in found.values_mut() {
        found.holders.sort();
        found.holders.shrink_to_fit();
    }
    found
}

/// What was named for sure and what only may be meant stay two products, or a device of which it is open what it runs would be told
/// to be affected since another one surely is.
fn mark(named: &Named) -> String {
    let version = named.version.as_deref().map(|version| format!(" {}", fold(version)));
    marked(named, &version.unwrap_or_default())
}

/// Its folded name, whatever its version.
pub(super) fn family(named: &Named) -> String {
    marked(named, "")
}

fn marked(named: &Named, version: &str) -> String {
    let doubt = if named.confidence == Confidence::Candidate { " ?" } else { "" };
    format!("{}{version}{doubt}", fold(&named.name))
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
    evidence.sort();
    evidence.dedup();
    evidence.shrink_to_fit();
    ([maker, model, os, os_version, software, software_version], evidence)
}

fn name(namer: &Namer<'_>, cells: &[String; 6]) -> Vec<Named> {
    let [maker, model, os, os_version, software, software_version] = cells;
    namer.name(&Written { maker, model, os, os_version, software, software_version, firmware: "" })
}

/// Every product that devices in use are or run, whatever its version, by its folded name.
pub fn owned(known: &Known<'_>, namer: &Namer<'_>) -> Vec<Owned> {
    let mut all: BTreeMap<String, (Owned, BTreeSet<DeviceId>)> = BTreeMap::new();
    for found in collect(known, namer, Some(&|_| true)).into_values() {
        let own = family(&found.named);
        let (owned, devices) = all.entry(own.clone()).or_insert_with(|| {
            let named = &found.named;
            let owned = Owned {
                family: own,
                name: named.name.clone(),
                versions: Vec::new(),
                cpes: named.cpes.clone(),
                purl: named.purl.clone(),
                devices: 0,
            };
            (owned, BTreeSet::new())
        });
        owned.versions.extend(found.named.version);
        devices.extend(found.holders.iter().map(|holder| holder.device));
    }
    let finish = |(mut owned, devices): (Owned, BTreeSet<DeviceId>)| {
        owned.versions.sort();
        owned.versions.dedup();
        owned.devices = devices.len();
        owned
    };
    all.into_values().map(finish).collect()
}
