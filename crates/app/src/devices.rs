//! Devices as they are kept, listed and shown.

use std::collections::{BTreeMap, HashMap};
use std::fmt::{Display, Write};
use std::net::Ipv4Addr;
use std::sync::mpsc::SyncSender;
use std::sync::{Mutex, PoisonError};

use domain::{
    DeviceId, DeviceKind, Field, Import, Interface, Layer, LifecycleTable, ObservationRef, Stage,
    Status, fold,
};
use engine::lifecycle::{OsClaim, OsMatch, OsMatcher};
use engine::parallel::{cores, in_runs};
use engine::{Chart, Derivation, Growing, Growth, Known, derive};
use jiff::civil::Date;
use store::{Change, DeviceBlock, DevicePacking, DeviceRow, KeptDevice, View};

use crate::books::Books;
use crate::ground::Ground;
use crate::kept::{Fingerprint, detail, fingerprint, fingerprint_in};
use crate::views::{DeviceView, InterfaceView, LifecycleView, SightingView, StatedView};
use crate::{App, AppError, support};

/// How many devices came, changed and went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Changes {
    pub(crate) new: u64,
    pub(crate) changed: u64,
    pub(crate) gone: u64,
}

/// The device as a list shows it, and where its operating system stands.
#[derive(Debug)]
pub struct DeviceSummary<'a> {
    /// Everything a list shows.
    pub row: DeviceRow<'a>,
    /// Where its operating system stands in its life.
    pub stage: Stage,
}

/// Compares the derived devices with the kept ones, by what is kept of them.
pub(crate) fn compare(view: &View, derivation: &Derivation) -> Result<Changes, AppError> {
    Ok(difference(Compared::whole(view, derivation)?).changes)
}

/// Derived devices, and the kept ones in whose place they come.
pub(crate) struct Compared<'d> {
    devices: Vec<&'d engine::Device>,
    kept: HashMap<DeviceId, Option<Fingerprint>>,
}

impl<'d> Compared<'d> {
    /// All devices of `derivation` and all that `view` keeps.
    pub(crate) fn whole(view: &View, derivation: &'d Derivation) -> Result<Self, AppError> {
        let mut kept = HashMap::new();
        view.each_device_detail(|id, bytes| {
            kept.insert(id, fingerprint_in(bytes));
            Ok::<_, AppError>(())
        })?;
        Ok(Self { devices: derivation.devices().collect(), kept })
    }

    /// The devices that `growth` touched, where those of before it are kept as they were.
    pub(crate) fn grown(grown: &'d Growing, growth: &'d Growth) -> Self {
        let kept = growth.before().map(|device| (device.id, Some(fingerprint(device))));
        Self { kept: kept.collect(), devices: grown.fresh(growth).collect() }
    }
}

/// What differs between the derived devices and the kept ones.
struct Difference<'d> {
    changes: Changes,
    /// Devices to write, with the fingerprint to keep.
    fresh: Vec<(&'d engine::Device, Fingerprint)>,
    gone: Vec<DeviceId>,
}

fn difference(compared: Compared<'_>) -> Difference<'_> {
    let Compared { devices, mut kept } = compared;
    let prints =
        in_runs(&devices, |run| run.iter().map(|device| fingerprint(device)).collect::<Vec<_>>());
    let mut changes = Changes::default();
    let mut fresh = Vec::new();
    for (device, print) in devices.into_iter().zip(prints.into_iter().flatten()) {
        match kept.remove(&device.id) {
            Some(before) if before == Some(print) => continue,
            Some(_) => changes.changed += 1,
            None => changes.new += 1,
        }
        fresh.push((device, print));
    }
    // A device that got a stronger sign has a new id and leads on from the old one: it changed, it did not come and go.
    let mut gone: Vec<DeviceId> = kept.into_keys().collect();
    gone.sort();
    let led_on =
        |id: &&DeviceId| fresh.iter().any(|(device, _)| device.aliases.binary_search(id).is_ok());
    let renamed = (gone.iter().filter(led_on).count() as u64).min(changes.new);
    changes.new -= renamed;
    changes.changed += renamed;
    changes.gone = gone.len() as u64 - renamed;
    Difference { changes, fresh, gone }
}

/// Writes the devices that changed, in the order of the list, which is the quickest.
pub(crate) fn write(
    change: &mut Change,
    known: &Known<'_>,
    derivation: &Derivation,
    compared: Compared<'_>,
) -> Result<Changes, AppError> {
    let Difference { changes, fresh, gone } = difference(compared);
    change.set_setting(CONTEXTS, &derivation.contexts().to_text())?;
    let order = listed(known, &fresh);
    let keys: Vec<(&str, DeviceId)> =
        order.iter().map(|(sort, index)| (sort.as_str(), fresh[*index].0.id)).collect();
    let pieces = Mutex::new(pieces(change.open_devices(gone, &keys)?, &order));
    // The rows are put together and packed on as many threads as there are cores, and written on this one.
    let (send, ready) = std::sync::mpsc::sync_channel(BLOCKS_AHEAD);
    std::thread::scope(|scope| {
        let (pieces, fresh) = (&pieces, &fresh);
        let packers: Vec<_> = (0..cores())
            .map(|_| {
                let send = send.clone();
                scope.spawn(move || pack(known, fresh, pieces, &send))
            })
            .collect();
        drop(send);
        ready.into_iter().try_for_each(|block| change.keep_device_block(&block))?;
        for packer in packers {
            packer.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        }
        Ok(changes)
    })
}

/// A device's place in the list: what it is listed by, and its number among the fresh ones.
type Listed = (String, usize);

/// Each packing with the devices it announces.
fn pieces(
    packings: Vec<DevicePacking>,
    mut order: &[Listed],
) -> impl Iterator<Item = (DevicePacking, &[Listed])> + Send {
    packings.into_iter().map(move |packing| {
        let own = order.split_off(..packing.announced()).unwrap_or_default();
        (packing, own)
    })
}

/// Packs one of `pieces` after the other until there is none left, or nobody takes the blocks since writing has failed.
fn pack<'p>(
    known: &Known<'_>,
    fresh: &[(&engine::Device, Fingerprint)],
    pieces: &Mutex<impl Iterator<Item = (DevicePacking, &'p [Listed])>>,
    send: &SyncSender<DeviceBlock>,
) -> Result<(), AppError> {
    let next = || pieces.lock().unwrap_or_else(PoisonError::into_inner).next();
    while let Some((mut packing, order)) = next() {
        for (sort, index) in order {
            let (device, print) = &fresh[*index];
            let row = Row::of(known, &known.chart_for(device), sort);
            let detail = detail(device, print);
            if !packing.add(&row.lend(device, &detail))?.all(|block| send.send(block).is_ok()) {
                return Ok(());
            }
        }
        if !packing.finish()?.into_iter().all(|block| send.send(block).is_ok()) {
            return Ok(());
        }
    }
    Ok(())
}

/// The devices in the order of the list, each with what it is listed by.
fn listed(known: &Known<'_>, fresh: &[(&engine::Device, Fingerprint)]) -> Vec<Listed> {
    // In the order in which the documents name them: so they are read as they lie in memory, and a ledger is mostly listed so.
    let mut numbered: Vec<(Option<&ObservationRef>, usize, &engine::Device)> = (0..)
        .zip(fresh)
        .map(|(index, (device, _))| (device.members.first(), index, *device))
        .collect();
    numbered.sort_unstable_by_key(|(first, index, _)| (*first, *index));
    let runs = in_runs(&numbered, |run| {
        let mut order: Vec<Listed> = run
            .iter()
            .map(|(_, index, device)| (Row::sort(&known.chart_for(device)), *index))
            .collect();
        order.sort();
        order
    });
    let mut order: Vec<Listed> = runs.into_iter().flatten().collect();
    // The runs are in order each, which this sort makes use of.
    order.sort();
    order
}

/// Blocks that may wait to be written.
const BLOCKS_AHEAD: usize = 8;

/// Under this name the networks of the last derivation are kept: see [`engine::identity::Contexts`].
pub(crate) const CONTEXTS: &str = "contexts";

/// Derives all devices anew from what the change has left, and writes those that changed.
pub(crate) fn derive_and_write(change: &mut Change) -> Result<Changes, AppError> {
    let books = Books::load(change.view())?;
    let derivation = derive(&books.world(), None);
    let compared = Compared::whole(change.view(), &derivation)?;
    books.with_derivation(&derivation, |known| write(change, known, &derivation, compared))
}

/// Writes every device's row anew: what a row says beside its observations (the zone) has changed.
pub(crate) fn write_all(change: &mut Change) -> Result<(), AppError> {
    let books = Books::load(change.view())?;
    let derivation = derive(&books.world(), None);
    change.clear_devices()?;
    let compared = Compared::whole(change.view(), &derivation)?;
    books.with_derivation(&derivation, |known| write(change, known, &derivation, compared))?;
    Ok(())
}

/// The words of a device's row in the list.
#[derive(Debug)]
struct Row<'k> {
    sort: &'k str,
    values: [&'k str; LISTED.len()],
    kind: Option<DeviceKind>,
    status: Option<Status>,
    zone: &'k str,
    hostnames: String,
    addresses: String,
    macs: String,
}

/// Which fields a list shows, in the order of [`Row::values`].
const LISTED: [Field; 9] = [
    Field::AssetNumber,
    Field::Name,
    Field::Maker,
    Field::Model,
    Field::Os,
    Field::OsVersion,
    Field::Software,
    Field::SoftwareVersion,
    Field::Location,
];

impl<'k> Row<'k> {
    /// What the device is listed by.
    fn sort(chart: &Chart<'_>) -> String {
        let number = chart.declared(Field::AssetNumber).map_or("", |fact| fact.shown());
        if !number.is_empty() {
            return sort_key(number, "", "");
        }
        let name = hostnames(chart).into_iter().next().unwrap_or_default();
        let address = chart.addresses().map(|(_, address)| address).min();
        sort_key("", &name, &address.map_or_else(String::new, |address| address.to_string()))
    }

    fn of(known: &'k Known<'k>, chart: &Chart<'k>, sort: &'k str) -> Self {
        let shown = |field: Field| {
            let fact = chart.declared(field).or_else(|| chart.observed(field));
            fact.map_or("", |fact| fact.shown())
        };
        let mut addresses: Vec<Ipv4Addr> = chart.addresses().map(|(_, address)| address).collect();
        addresses.sort();
        addresses.dedup();
        let zone = addresses.iter().find_map(|address| known.zone_of(*address));
        Self {
            sort,
            kind: chart.kind(),
            status: chart.status(),
            zone: zone.map_or("", |zone| &zone.name),
            values: LISTED.map(shown),
            hostnames: hostnames(chart).join("\n"),
            addresses: lines(addresses),
            macs: lines(chart.macs()),
        }
    }

    fn lend<'r>(&'r self, device: &'r engine::Device, detail: &'r [u8]) -> KeptDevice<'r> {
        let [
            asset_number,
            name,
            maker,
            model,
            os,
            os_version,
            software,
            software_version,
            location,
        ] = self.values;
        let row = DeviceRow {
            id: device.id,
            sort: self.sort,
            asset_number,
            name,
            kind: self.kind,
            maker,
            model,
            os,
            os_version,
            software,
            software_version,
            location,
            status: self.status,
            zone: self.zone,
            hostnames: &self.hostnames,
            addresses: &self.addresses,
            macs: &self.macs,
        };
        KeptDevice { row, aliases: &device.aliases, detail }
    }
}

fn lines<T: Display>(values: impl IntoIterator<Item = T>) -> String {
    let mut text = String::new();
    for value in values {
        if !text.is_empty() {
            text.push('\n');
        }
        // Writing to a string cannot fail.
        let _ = write!(text, "{value}");
    }
    text
}

/// What a device is listed by.
pub(crate) fn list_key(chart: &Chart<'_>) -> String {
    Row::sort(chart)
}

/// Listed devices first, by asset number (numbers by their size); then by name; then by address.
fn sort_key(asset_number: &str, hostnames: &str, addresses: &str) -> String {
    let (rank, text) = match (asset_number, hostnames) {
        ("", "") => (2, padded(addresses)),
        ("", name) => (1, padded(&fold(name))),
        (number, _) => (0, padded(&fold(number))),
    };
    format!("{rank}{text}")
}

/// The text with every run of digits padded, so that 9 stands before 10.
pub(crate) fn padded(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut digits = String::new();
    for c in text.chars().chain(['\0']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        if !digits.is_empty() {
            let number = digits.trim_start_matches('0');
            out.extend(std::iter::repeat_n('0', 10usize.saturating_sub(number.len())));
            out.push_str(number);
            digits.clear();
        }
        if c != '\0' {
            out.push(c);
        }
    }
    out
}

fn hostnames(chart: &Chart<'_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (_, observation) in chart.members() {
        let Some(fact) = observation.facts.get(Field::Hostname) else { continue };
        let name = fact.shown();
        if !names.iter().any(|known| fold(known) == fold(name)) {
            names.push(name.to_owned());
        }
    }
    names
}

impl App {
    /// Lends every device whose words hold all of `search`, in the order of the list, with its stage on `today`.
    ///
    /// # Errors
    ///
    /// What the store says, or `take`.
    pub fn each_device<E: From<AppError>>(
        &self,
        search: &str,
        today: Date,
        mut take: impl FnMut(&DeviceSummary<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        let words: Vec<String> = search.split_whitespace().map(fold).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let own = self
            .facility()
            .and_then(|facility| facility.read(|view| support::table(view, &view.imports()?)))
            .map_err(E::from)?;
        let mut stages = Stages::new(own.as_ref().unwrap_or(reference::lifecycle::shipped()));
        let mut failed = None;
        let listed = self.facility().map_err(E::from)?.read(|view| {
            view.each_device_with(&words, |row| {
                let stage = stages.of(&row).stage(today);
                take(&DeviceSummary { row, stage }).map_err(|error| {
                    failed = Some(error);
                    Stop::Taken
                })
            })
        });
        match (listed, failed) {
            (_, Some(error)) => Err(error),
            (Err(Stop::Store(error)), None) => Err(E::from(AppError::from(error))),
            (Err(Stop::Taken) | Ok(()), None) => Ok(()),
        }
    }

    /// Gives every device in full whose words hold all of `search`, in the order of the list.
    ///
    /// # Errors
    ///
    /// What the store says, or `take`.
    pub fn each_device_in_full<E: From<AppError>>(
        &self,
        search: &str,
        today: Date,
        mut take: impl FnMut(DeviceView) -> Result<(), E>,
    ) -> Result<(), E> {
        let ids = self.listed_ids(search).map_err(E::from)?;
        let books =
            self.facility().and_then(|facility| facility.read(Books::load)).map_err(E::from)?;
        books.with_known(|known, _| {
            let mut shelf = Shelf::new(known, today);
            ids.into_iter()
                .filter_map(|id| known.chart(id))
                .try_for_each(|chart| take(shelf.view(&chart)))
        })
    }

    /// Gives these devices in full, in the order given; those that are gone are left out.
    pub(crate) fn devices_in_full(
        &self,
        ids: &[DeviceId],
        today: Date,
    ) -> Result<Vec<DeviceView>, AppError> {
        let books = self.facility()?.read(Books::load)?;
        Ok(books.with_known(|known, _| {
            let mut shelf = Shelf::new(known, today);
            ids.iter().filter_map(|id| known.chart(*id)).map(|chart| shelf.view(&chart)).collect()
        }))
    }

    pub(crate) fn listed_ids(&self, search: &str) -> Result<Vec<DeviceId>, AppError> {
        let words: Vec<String> = search.split_whitespace().map(fold).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let mut ids = Vec::new();
        self.facility()?.read(|view| {
            view.each_device_with(&words, |row| {
                ids.push(row.id);
                Ok::<_, AppError>(())
            })
        })?;
        Ok(ids)
    }

    /// The id behind what a person calls a device: an id or alias, an asset number, a computer name, an address or a MAC.
    ///
    /// # Errors
    ///
    /// [`AppError::NoDevice`], [`AppError::ManyDevices`], and what the store says.
    pub fn find_device(&self, name: &str) -> Result<DeviceId, AppError> {
        self.facility()?.read(|view| find_in(view, &*self.ground(view)?, name))
    }
}

/// What [`App::find_device`] finds, on the ground of the same moment.
pub(crate) fn find_in(view: &View, ground: &Ground, name: &str) -> Result<DeviceId, AppError> {
    if let Some(id) = named_by_id(ground, name) {
        return Ok(id);
    }
    let wanted = fold(name);
    let mut found = Vec::new();
    view.each_device_with(&[wanted.as_str()], |row| {
        let mut names = [row.asset_number].into_iter().chain(row.hostnames.lines());
        let mut places = row.addresses.lines().chain(row.macs.lines());
        if names.any(|known| fold(known) == wanted) || places.any(|known| fold(known) == wanted) {
            found.push(row.id);
        }
        Ok::<_, AppError>(())
    })?;
    match found.as_slice() {
        [] => Err(AppError::NoDevice(name.to_owned())),
        [id] => Ok(*id),
        _ => Err(AppError::ManyDevices(name.to_owned(), found)),
    }
}

/// The device whose id or alias `name` is.
pub(crate) fn named_by_id(ground: &Ground, name: &str) -> Option<DeviceId> {
    name.parse().ok().and_then(|id| ground.places.id(id))
}

/// Why lending the list stopped.
enum Stop {
    Store(store::StoreError),
    Taken,
}

impl From<store::StoreError> for Stop {
    fn from(error: store::StoreError) -> Self {
        Self::Store(error)
    }
}

/// What the support table says of the rows of a list; each operating system is looked up once.
struct Stages<'t> {
    matcher: OsMatcher<'t>,
    known: HashMap<String, OsMatch<'t>>,
    key: String,
}

impl<'t> Stages<'t> {
    fn new(table: &'t LifecycleTable) -> Self {
        let matcher = OsMatcher::new(table);
        Self { matcher, known: HashMap::new(), key: String::new() }
    }

    fn of(&mut self, row: &DeviceRow<'_>) -> &OsMatch<'t> {
        let DeviceRow { os, os_version, maker, model, .. } = *row;
        self.key.clear();
        for part in [os, os_version, maker, model] {
            self.key.push_str(part);
            self.key.push('\n');
        }
        if !self.known.contains_key(&self.key) {
            let found = self.matcher.match_claim(OsClaim { os, os_version, maker, model });
            self.known.insert(self.key.clone(), found);
        }
        &self.known[&self.key]
    }
}

/// Makes views of devices; each operating system is looked up once.
pub(crate) struct Shelf<'k> {
    known: &'k Known<'k>,
    today: Date,
    lifecycles: BTreeMap<[String; 4], LifecycleView>,
}

impl<'k> Shelf<'k> {
    pub(crate) fn new(known: &'k Known<'k>, today: Date) -> Self {
        Self { known, today, lifecycles: BTreeMap::new() }
    }

    pub(crate) fn view(&mut self, chart: &Chart<'k>) -> DeviceView {
        let shown = |field: Field| {
            let fact = chart.declared(field).or_else(|| chart.observed(field));
            fact.map(|fact| fact.shown().to_owned())
        };
        let mut addresses: Vec<Ipv4Addr> = chart.addresses().map(|(_, address)| address).collect();
        addresses.sort();
        DeviceView {
            id: chart.device.id.to_string(),
            asset_number: shown(Field::AssetNumber),
            name: shown(Field::Name),
            kind: chart.kind().map(|kind| kind.key().to_owned()),
            maker: shown(Field::Maker),
            model: shown(Field::Model),
            os: shown(Field::Os),
            os_version: shown(Field::OsVersion),
            software: shown(Field::Software),
            software_version: shown(Field::SoftwareVersion),
            location: shown(Field::Location),
            status: chart.status().map(|status| status.key().to_owned()),
            zone: addresses
                .iter()
                .find_map(|address| self.known.zone_of(*address))
                .map(|zone| zone.name.clone()),
            interfaces: self.interfaces(chart),
            declared: self.layer(chart, Layer::Declared),
            observed: self.layer(chart, Layer::Observed),
            lifecycle: self.lifecycle(chart),
        }
    }

    fn interfaces(&self, chart: &Chart<'_>) -> Vec<InterfaceView> {
        let names = hostnames(chart);
        let view = |(index, interface): (usize, &Interface)| InterfaceView {
            mac: interface.mac.map(|mac| mac.to_string()),
            vendor: interface
                .mac
                .and_then(|mac| self.known.tables.vendors.vendor(mac))
                .map(str::to_owned),
            addresses: interface
                .sightings
                .iter()
                .map(|sighting| sighting.address.to_string())
                .collect(),
            // A name belongs to the machine; it is told with its first card.
            hostnames: if index == 0 { names.clone() } else { Vec::new() },
            sightings: interface.sightings.iter().map(sighting_view).collect(),
        };
        chart.device.interfaces.iter().enumerate().map(view).collect()
    }

    fn layer(&self, chart: &Chart<'_>, layer: Layer) -> BTreeMap<&'static str, StatedView> {
        let stated = |(fact, at): (domain::Fact<'_>, ObservationRef)| {
            let observation = self.known.world.observation(at)?;
            let import: &Import = self.known.world.import(at.import)?.import;
            let view = StatedView {
                value: fact.value.to_owned(),
                written: fact.written.map(str::to_owned),
                source: import.source.to_string(),
                place: observation.place.to_string(),
                import: import.id.0,
            };
            Some((fact.field.key(), view))
        };
        chart.layer(layer).into_iter().filter_map(stated).collect()
    }

    fn lifecycle(&mut self, chart: &Chart<'_>) -> LifecycleView {
        let text = |field: Field| {
            let fact = chart.declared(field).or_else(|| chart.observed(field));
            fact.map_or_else(String::new, |fact| fact.shown().to_owned())
        };
        let key = [Field::Os, Field::OsVersion, Field::Maker, Field::Model].map(text);
        let today = self.today;
        let found =
            self.lifecycles.entry(key).or_insert_with(|| lifecycle_view(&chart.os(), today));
        LifecycleView {
            stated_end: chart.stated_support_end().map(|end| end.to_string()),
            ..found.clone()
        }
    }
}

fn lifecycle_view(os: &OsMatch<'_>, today: Date) -> LifecycleView {
    let entry = os.entry();
    LifecycleView {
        stage: os.stage(today).key().to_owned(),
        eol: entry.and_then(|entry| entry.eol).map(|date| date.to_string()),
        eos: entry.and_then(|entry| entry.eos).map(|date| date.to_string()),
        product: entry.map(domain::SupportEntry::label),
        source: entry.map(|entry| entry.source.clone()),
        stated_end: None,
    }
}

fn sighting_view(sighting: &domain::Sighting) -> SightingView {
    SightingView {
        address: sighting.address.to_string(),
        declared: sighting.declared,
        first_seen: sighting.first.map(|time| time.to_string()),
        last_seen: sighting.last.map(|time| time.to_string()),
        count: sighting.count,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_ordered_by_their_size() {
        assert!(padded("9") < padded("10") && padded("HIS-2") < padded("HIS-10"));
        assert!(sort_key("0104", "", "") < sort_key("1000", "", ""));
        assert!(
            sort_key("9", "", "") < sort_key("", "a", "")
                && sort_key("", "z", "") < sort_key("", "", "10.0.0.1")
        );
        assert!(sort_key("", "", "10.1.1.9") < sort_key("", "", "10.1.1.10"));
    }
}
