//! The same weaknesses by device and by the vendor that the hospital turns to.
//!
//! A vulnerability counts once for a device or a vendor, in whatever of its products it is; and where a decision takes it from some
//! devices, it counts for the others alone.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use domain::DeviceId;
use engine::advisories::judge::Match;
use engine::weaknesses::{Holder, Running};
use engine::weighing::Urgency;
use reference::makers;

use super::views::{WeakDeviceView, WeakVendorView, WeaknessCounts};
use super::{WeakBook, holder_view, is_critical, is_exploited};

/// How grave a vulnerability is taken in a count; of one that is in several products the gravest counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    Doubtful,
    Other,
    Critical,
    Exploited,
}

impl Class {
    /// None where nobody says that anything is affected.
    fn of(found: &Match) -> Option<Self> {
        let sure = found.affected?;
        Some(match () {
            () if sure < domain::advisory::Confidence::Likely => Self::Doubtful,
            () if is_exploited(found) => Self::Exploited,
            () if is_critical(found) => Self::Critical,
            () => Self::Other,
        })
    }
}

/// What is known of some products on some devices.
#[derive(Debug, Clone, Default)]
struct Tally {
    counts: WeaknessCounts,
    /// The places of the products of which something is told.
    products: Vec<usize>,
    /// The most urgent of the vulnerabilities.
    first: Option<Urgency>,
}

/// A product by its place, with those of its devices that are meant, sorted.
type Part<'b> = (usize, &'b Running, Vec<DeviceId>);

impl Tally {
    /// Of these products; `place` says where each vulnerability stands.
    fn of(parts: &[Part<'_>], place: impl Fn(&Running, &Match) -> Urgency) -> Self {
        let mut tally = Self::default();
        let mut classes: HashMap<&str, Class> = HashMap::new();
        for (at, running, devices) in parts {
            tally.counts.unjudged += u64::from(running.unjudged.is_some());
            let open = running.open.iter().map(|open| (open.id.as_str(), Class::Doubtful));
            open.for_each(|(id, class)| note(&mut classes, id, class));
            let mut is_told = !running.open.is_empty();
            for found in &running.matches {
                let Some(class) = Class::of(found) else { continue };
                if !is_left(running, found, devices) {
                    continue;
                }
                is_told = true;
                note(&mut classes, &found.vulnerability.id, class);
                let place = place(running, found);
                if tally.first.as_ref().is_none_or(|first| place < *first) {
                    tally.first = Some(place);
                }
            }
            if is_told {
                tally.products.push(*at);
            }
        }
        for class in classes.into_values() {
            *match class {
                Class::Exploited => &mut tally.counts.exploited,
                Class::Critical => &mut tally.counts.critical,
                Class::Other => &mut tally.counts.other,
                Class::Doubtful => &mut tally.counts.doubtful,
            } += 1;
        }
        tally
    }

    /// Whether there is anything to tell.
    fn says_something(&self) -> bool {
        !self.products.is_empty() || self.counts.unjudged > 0
    }

    fn first_id(&self) -> Option<String> {
        self.first.as_ref().map(|first| first.id.clone())
    }

    /// What has something to work on comes first, by its most urgent vulnerability; of equals that which has more.
    fn place(&self) -> (bool, Option<&Urgency>, [Reverse<u64>; 3]) {
        let WeaknessCounts { exploited, critical, other, .. } = self.counts;
        let more = [exploited, critical, other].map(Reverse);
        (self.first.is_none(), self.first.as_ref(), more)
    }
}

/// A device of which there is something to tell. What is told is shared by all that run the same.
#[derive(Debug)]
pub struct WeakDevice {
    holder: Arc<Holder>,
    tally: Arc<Tally>,
}

fn note<'b>(classes: &mut HashMap<&'b str, Class>, id: &'b str, class: Class) {
    let known = classes.entry(id).or_insert(class);
    *known = (*known).max(class);
}

/// Whether decisions leave `found` on one of `devices`.
fn is_left(running: &Running, found: &Match, devices: &[DeviceId]) -> bool {
    running.standings.is_empty()
        || running
            .concerned(found)
            .iter()
            .any(|holder| devices.binary_search(&holder.device).is_ok())
}

impl WeakBook {
    /// Every device of which there is something to tell, the most urgent first.
    pub fn devices(&self) -> &[WeakDevice] {
        self.devices.get_or_init(|| self.count_devices())
    }

    /// What is told of a device.
    pub fn device_view(&self, one: &WeakDevice) -> WeakDeviceView {
        WeakDeviceView {
            device: holder_view(&one.holder),
            products: self.names(&one.tally.products),
            counts: one.tally.counts.clone(),
            first: one.tally.first_id(),
        }
    }

    /// Everybody whom the hospital turns to for a device of which there is something to tell, with those of whom there is most urgent
    /// first; one entry is of the devices for which nobody is written.
    pub fn vendors(&self) -> &[WeakVendorView] {
        self.vendors.get_or_init(|| self.count_vendors())
    }

    fn names(&self, places: &[usize]) -> Vec<String> {
        let products = places.iter().filter_map(|at| self.weaknesses.products.get(*at));
        products.map(|running| running.name.clone()).collect()
    }

    fn count_devices(&self) -> Vec<WeakDevice> {
        let all = &self.weaknesses.products;
        let mut by_device: BTreeMap<DeviceId, (&Arc<Holder>, Vec<usize>)> = BTreeMap::new();
        for (at, running) in all.iter().enumerate() {
            for holder in &running.holders {
                by_device.entry(holder.device).or_insert_with(|| (holder, Vec::new())).1.push(at);
            }
        }
        let is_decided = |at: &usize| all.get(*at).is_some_and(|one| !one.standings.is_empty());
        // Most devices run what others run as well: where no decision speaks of some devices, that is counted once.
        let mut known: HashMap<Vec<usize>, Arc<Tally>> = HashMap::new();
        let mut told: Vec<WeakDevice> = Vec::new();
        for (holder, products) in by_device.into_values() {
            let tally = |of: &[usize]| {
                let part = |at: &usize| Some((*at, all.get(*at)?, vec![holder.device]));
                let parts: Vec<Part<'_>> = of.iter().filter_map(part).collect();
                Arc::new(Tally::of(&parts, |_, found| Urgency::of(found)))
            };
            let tally = match products.iter().any(is_decided) {
                true => tally(&products),
                false => Arc::clone(known.entry(products).or_insert_with_key(|of| tally(of))),
            };
            if tally.says_something() {
                told.push(WeakDevice { holder: Arc::clone(holder), tally });
            }
        }
        told.sort_by_cached_key(|one| {
            let (is_idle, first, more) = one.tally.place();
            // All of it is on this device: from where it can be reached and what it may do to a patient is its own.
            let first = first.map(|first| Urgency {
                reach: Reverse(one.holder.reach),
                harm: Reverse(one.holder.harm),
                ..first.clone()
            });
            (is_idle, first, more, one.holder.label.clone())
        });
        told
    }

    fn count_vendors(&self) -> Vec<WeakVendorView> {
        let all = &self.weaknesses.products;
        let mut by_vendor: BTreeMap<Option<String>, Turned<'_>> = BTreeMap::new();
        let mut keys: HashMap<&str, String> = HashMap::new();
        let mut key = |vendor| {
            let key = keys.entry(vendor).or_insert_with(|| makers::shipped().key(vendor));
            key.clone()
        };
        for (at, running) in all.iter().enumerate() {
            for holder in &running.holders {
                let vendor = holder.vendor.as_deref();
                let turned = by_vendor.entry(vendor.map(&mut key)).or_default();
                turned.name = turned.name.or(vendor);
                turned.devices.insert(holder.device, holder.is_medical);
                turned.products.entry(at).or_default().push(holder.device);
            }
        }
        let tallied = by_vendor.into_values().map(|mut turned| {
            turned.products.values_mut().for_each(|devices| devices.sort_unstable());
            let products = turned.products.iter();
            let parts: Vec<Part<'_>> = products
                .filter_map(|(at, devices)| Some((*at, all.get(*at)?, devices.clone())))
                .collect();
            (Tally::of(&parts, Urgency::on), turned)
        });
        let mut told: Vec<_> = tallied.filter(|(tally, _)| tally.says_something()).collect();
        told.sort_by(|(one, _), (other, _)| one.place().cmp(&other.place()));
        let view = |(tally, turned): &(Tally, Turned<'_>)| WeakVendorView {
            vendor: turned.name.map(str::to_owned),
            devices: turned.devices.len() as u64,
            medical: turned.devices.values().filter(|is_medical| **is_medical).count() as u64,
            products: self.names(&tally.products),
            counts: tally.counts.clone(),
            first: tally.first_id(),
        };
        told.iter().map(view).collect()
    }
}

/// The devices for which the hospital turns to one company, however its name is written.
#[derive(Default)]
struct Turned<'b> {
    /// The first of the writings.
    name: Option<&'b str>,
    /// Each with whether it is a medical device.
    devices: BTreeMap<DeviceId, bool>,
    /// By the place of each product, those that run it.
    products: BTreeMap<usize, Vec<DeviceId>>,
}
