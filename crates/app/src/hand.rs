//! What people enter at the desk (手での入力): evidence like any other, of kind *hand*, on the declared layer.
//!
//! One act is one import: all that somebody entered at once stands or is taken back together. An entry names its device by the sign
//! that identifies it, never by an id that a later import could change.

use std::net::IpAddr;

use domain::{
    Binding, CalendarDate, DeviceId, DeviceKind, Digest, FactsBuilder, Field, Import, ImportId,
    ImportState, Keeping, MacAddress, Observation, ObservationKind, ObservationRef, Place, Sign,
    SourceId, Status, msg,
};
use engine::{Chart, Contexts, Known, Recorded, derive, signs_in};
use formats::table::CellKind;
use formats::values::address::{self, AddressNote};
use formats::values::date::{self, DateCell};
use formats::values::mac;
use jiff::{SignedDuration, Timestamp, Unit};
use serde_json::json;
use store::{Change, Packing};

use crate::books::Books;
use crate::devices::{self, Compared};
use crate::export::word;
use crate::roll::{declared_text, is_day};
use crate::views::FileView;
use crate::{Act, App, AppError};

/// What such an import is read as.
const KIND: &str = "hand";

/// Letters of a value.
const MOST_LETTERS: usize = 500;

/// Devices of one act.
pub const MOST_EDITED: usize = 500;

/// The fields that a person may enter. Cards and addresses are added to those that are known: an entry says that the device has them,
/// and never that it has no others.
#[rustfmt::skip]
pub const EDITED_FIELDS: [Field; 22] = [
    Field::AssetNumber, Field::Name, Field::Address, Field::Mac, Field::Kind, Field::Maker, Field::Model, Field::Os, Field::OsVersion, Field::Software,
    Field::SoftwareVersion, Field::Hostname, Field::Location, Field::Department, Field::Users, Field::Registered, Field::Status,
    Field::SupportEnd, Field::Antivirus, Field::RemoteMaintenance, Field::Contractor, Field::Remark,
];

/// One value that somebody enters for several devices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Which field.
    pub field: Field,
    /// The value as typed.
    pub value: String,
    /// What the person saw before, as [`seen_mark`] of it; none where it does not matter.
    pub seen: Option<String>,
}

/// Somebody else changed meanwhile what is to be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// The device, as people call it.
    pub device: String,
    /// The field.
    pub field: Field,
    /// What is there now.
    pub now: String,
    /// Who brought that in.
    pub by: String,
    /// When (RFC 3339, UTC).
    pub at: String,
}

/// A mark of what somebody saw in a field of these devices: while it is the same, nobody changed it.
pub fn seen_mark<'v>(values: impl IntoIterator<Item = (DeviceId, &'v str)>) -> String {
    let mut all: Vec<(DeviceId, &str)> = values.into_iter().collect();
    all.sort_unstable();
    let text: Vec<String> = all.iter().map(|(id, value)| format!("{id} {value}")).collect();
    Digest::of(text.join("\n\n").as_bytes()).to_string().chars().take(32).collect()
}

impl App {
    /// Enters values for devices, in one act.
    ///
    /// # Errors
    ///
    /// [`AppError::NoDevice`]; [`AppError::Entry`] where a value does not fit its field or there is nothing to enter;
    /// [`AppError::Clash`] where somebody changed meanwhile what the person saw; and what the store says.
    pub fn enter(
        &self,
        ids: &[DeviceId],
        entries: &[Entry],
        act: &Act,
    ) -> Result<FileView, AppError> {
        let said = read(entries)?;
        if ids.is_empty() || said.is_empty() || ids.len() > MOST_EDITED {
            return Err(AppError::Entry(msg!("app.entry_nothing", most = MOST_EDITED)));
        }
        if ids.len() > 1 && said.iter().any(Said::is_card) {
            return Err(AppError::Entry(msg!("app.entry_one")));
        }
        let entry = act.entry("device.edit", String::new(), &json!({}));
        self.facility()?.change(entry, |change| {
            let books = Books::load(change.view())?;
            let targets = books.with_known(|known, derivation| {
                let targets = targets(known, derivation.contexts(), ids)?;
                let clashes = clashes(known, &targets, entries);
                if !clashes.is_empty() {
                    return Err(AppError::Clash(clashes));
                }
                refuse_taken(known, &targets, &said)?;
                Ok(targets)
            })?;
            keep(change, books, &targets, &said, act)
        })
    }
}

/// A device that something is entered for.
struct Target {
    id: DeviceId,
    about: String,
    label: String,
}

/// The sign by which an entry names a device: its strongest one that others than people say. What a person said of its cards may be
/// taken back, and must not take other entries along.
pub(crate) fn named_by(known: &Known<'_>, contexts: &Contexts, chart: &Chart<'_>) -> Sign {
    let is_own = |sign: &Sign| {
        let id = DeviceId::of(sign.key());
        id == chart.device.id || chart.device.aliases.contains(&id)
    };
    let signs_of = |at: &ObservationRef| {
        let said = known.world.observation(*at).filter(|said| said.kind != ObservationKind::Hand);
        let import = known.world.import(at.import).map(|imported| imported.import);
        said.zip(import).map_or_else(Vec::new, |(said, import)| signs_in(said, import, contexts))
    };
    let strongest = |layer: &[ObservationRef]| {
        let own = layer.iter().flat_map(signs_of).filter(is_own);
        own.reduce(|best, sign| if sign.strength() > best.strength() { sign } else { best })
    };
    strongest(&chart.device.declared)
        .or_else(|| strongest(&chart.device.observed))
        .unwrap_or_else(|| chart.device.anchor.clone())
}

/// Refuses a card or an address that another device of the ledger has: one of the two would be wrong.
fn refuse_taken(known: &Known<'_>, targets: &[Target], said: &[Said]) -> Result<(), AppError> {
    let (addresses, macs) = cards(said);
    if addresses.is_empty() && macs.is_empty() {
        return Ok(());
    }
    let is_target = |chart: &Chart<'_>| targets.iter().any(|target| target.id == chart.device.id);
    for chart in known.charts().filter(|chart| chart.is_in_a_ledger() && !is_target(chart)) {
        let (fixed, declared) = (chart.fixed_addresses(), chart.declared_macs());
        let address = addresses.iter().find(|address| match address {
            IpAddr::V4(address) => fixed.contains(address),
            IpAddr::V6(_) => false,
        });
        let mac = macs.iter().find(|mac| mac.is_stable() && declared.contains(mac));
        let taken = address.map(ToString::to_string).or(mac.map(ToString::to_string));
        if let Some(text) = taken {
            let message = msg!("app.entry_taken", text = text, device = chart.label());
            return Err(AppError::Entry(message));
        }
    }
    Ok(())
}

fn targets(
    known: &Known<'_>,
    contexts: &Contexts,
    ids: &[DeviceId],
) -> Result<Vec<Target>, AppError> {
    let mut targets = Vec::new();
    for id in ids {
        let chart = known.chart(*id).ok_or_else(|| AppError::NoDevice(id.to_string()))?;
        let id = chart.device.id;
        if targets.iter().all(|target: &Target| target.id != id) {
            let about = named_by(known, contexts, &chart).to_string();
            targets.push(Target { id, about, label: chart.label() });
        }
    }
    Ok(targets)
}

/// What somebody changed since the person saw it.
fn clashes(known: &Known<'_>, targets: &[Target], entries: &[Entry]) -> Vec<Clash> {
    let mut clashes = Vec::new();
    for entry in entries {
        let Some(seen) = &entry.seen else { continue };
        let now: Vec<(DeviceId, String)> = targets
            .iter()
            .filter_map(|target| {
                Some((target.id, declared_text(&known.chart(target.id)?, entry.field)))
            })
            .collect();
        if *seen == seen_mark(now.iter().map(|(id, value)| (*id, value.as_str()))) {
            continue;
        }
        let of = targets.iter().zip(now).map(|(target, (_, now))| {
            let (by, at) = known
                .chart(target.id)
                .map_or_else(Default::default, |chart| brought(known, &chart, entry.field));
            Clash { device: target.label.clone(), field: entry.field, now, by, at }
        });
        clashes.extend(of);
    }
    clashes
}

/// Who brought in what a field says now, and when.
fn brought(known: &Known<'_>, chart: &Chart<'_>, field: Field) -> (String, String) {
    let said = chart.device.declared.iter().find(|at| {
        known.world.observation(**at).is_some_and(|said| match field {
            Field::Address => said.bindings.iter().any(|binding| binding.address.is_some()),
            Field::Mac => said.bindings.iter().any(|binding| binding.mac.is_some()),
            _ => said.facts.get(field).is_some(),
        })
    });
    let import = said.and_then(|at| known.world.import(at.import));
    import.map_or_else(Default::default, |imported| {
        let import = imported.import;
        (import.imported_by.clone(), import.imported_at.to_string())
    })
}

/// A value that was read: canonical, and as it is shown.
struct Said {
    field: Field,
    value: String,
    written: String,
    /// The addresses or cards that it names.
    cards: Cards,
}

/// Addresses and cards.
type Cards = (Vec<IpAddr>, Vec<MacAddress>);

impl Said {
    fn is_card(&self) -> bool {
        matches!(self.field, Field::Address | Field::Mac)
    }
}

/// All addresses and cards of what is entered.
fn cards(said: &[Said]) -> Cards {
    let of = |said: &Said| said.cards.clone();
    said.iter().map(of).fold(Cards::default(), |(mut addresses, mut macs), (more, others)| {
        addresses.extend(more);
        macs.extend(others);
        (addresses, macs)
    })
}

/// The pairs they make: where there is one card, it has the addresses; where there are several, nobody said which has which.
fn bindings(said: &[Said]) -> Vec<Binding> {
    let (addresses, macs) = cards(said);
    let pair = |mac, address| Binding { mac, address, prefix: None };
    match macs.as_slice() {
        [mac] if !addresses.is_empty() => {
            addresses.into_iter().map(|address| pair(Some(*mac), Some(address))).collect()
        }
        _ => {
            let bare = addresses.into_iter().map(|address| pair(None, Some(address)));
            bare.chain(macs.iter().map(|mac| pair(Some(*mac), None))).collect()
        }
    }
}

fn read(entries: &[Entry]) -> Result<Vec<Said>, AppError> {
    entries.iter().filter(|entry| !entry.value.trim().is_empty()).map(read_one).collect()
}

fn read_one(entry: &Entry) -> Result<Said, AppError> {
    let Entry { field, value, .. } = entry;
    let typed = value.trim();
    let refused = |key: &'static str| {
        let message =
            domain::Message::new(key).with("field", *field).with("text", typed.to_owned());
        AppError::Entry(message)
    };
    let can_be_entered =
        EDITED_FIELDS.contains(field) || matches!(field, Field::ConfirmedOn | Field::Presence);
    if !can_be_entered
        || typed.chars().any(char::is_control)
        || typed.chars().count() > MOST_LETTERS
    {
        return Err(refused("app.entry_text"));
    }
    let said = |value: &str, written: &str| Said {
        field: *field,
        value: value.to_owned(),
        written: written.to_owned(),
        cards: Cards::default(),
    };
    match field {
        Field::Status => match Status::from_key(typed) {
            Some(status) if status != Status::Unrecognised => {
                Ok(said(status.key(), &word("status", status.key())))
            }
            _ => Err(refused("app.entry_text")),
        },
        Field::Kind => DeviceKind::from_key(typed)
            .map(|kind| said(kind.key(), &word("kind", kind.key())))
            .ok_or_else(|| refused("app.entry_text")),
        Field::Address => addresses(typed)
            .map(|read| Said { cards: (read.clone(), Vec::new()), ..said(&lines(&read), typed) })
            .ok_or_else(|| refused("app.entry_address")),
        Field::Mac => macs(typed)
            .map(|read| Said { cards: (Vec::new(), read.clone()), ..said(&lines(&read), typed) })
            .ok_or_else(|| refused("app.entry_mac")),
        Field::Presence if !matches!(typed, "yes" | "no") => Err(refused("app.entry_text")),
        field if is_day(*field) => day(typed)
            .map(|day| said(&day.to_string(), typed))
            .ok_or_else(|| refused("app.entry_day")),
        _ => Ok(said(typed, typed)),
    }
}

/// The addresses that are typed, in any notation; none where one of them is no address of one machine, or is only part of one.
fn addresses(typed: &str) -> Option<Vec<IpAddr>> {
    let read = address::read(typed, None);
    let is_whole = |note: &AddressNote| {
        matches!(note, AddressNote::LeadingZeros(_) | AddressNote::Repaired(_))
    };
    let is_clear = !read.range && read.notes.iter().all(is_whole);
    let addresses: Vec<IpAddr> = read.addresses.iter().map(|stated| stated.address).collect();
    (is_clear && !addresses.is_empty()).then_some(addresses)
}

/// The cards that are typed, in any notation; none where one of them is no card of one machine.
fn macs(typed: &str) -> Option<Vec<MacAddress>> {
    let read = mac::read(typed);
    let is_clear = read.notes.is_empty() && !read.macs.is_empty();
    is_clear.then_some(read.macs)
}

fn lines<T: ToString>(values: &[T]) -> String {
    values.iter().map(T::to_string).collect::<Vec<_>>().join(", ")
}

fn day(typed: &str) -> Option<CalendarDate> {
    match date::read(typed, CellKind::Text) {
        DateCell::Date(date, _) => Some(date),
        _ => None,
    }
}

/// Stores what was entered, and what follows from it.
fn keep(
    change: &mut Change,
    mut books: Books,
    targets: &[Target],
    said: &[Said],
    act: &Act,
) -> Result<FileView, AppError> {
    let captured_at = moment(&books, act);
    let document = document(targets, said, captured_at, act);
    let bytes = serde_json::to_vec_pretty(&document).unwrap_or_default();
    let mut import = import(&bytes, captured_at, targets.len() as u64, act);
    change.keep_packed(&bytes, &Packing::of(&bytes))?;
    import.id = change.add_import(&import)?;
    let first = books.observations.len();
    books.imports.push(import.clone());
    let record = |(seq, target): (u32, &Target)| Recorded {
        at: ObservationRef { import: import.id, seq },
        observation: observation(seq, target, said),
    };
    books.observations.extend((0..).zip(targets).map(record));
    let entered = books.observations.get(first..).unwrap_or_default();
    change.add_observations(import.id, entered.iter().map(|recorded| &recorded.observation))?;
    let derivation = derive(&books.world(), None);
    let changes = books.with_derivation(&derivation, |known| {
        for (target, recorded) in targets.iter().zip(entered) {
            let reached = known.chart_of(recorded.at).is_some_and(|chart| {
                // A card may be a stronger sign than any before: then the id it had leads on to the device.
                let is_it = |id| chart.device.id == id || chart.device.aliases.contains(&id);
                is_it(target.id) && chart.device.members.len() > 1
            });
            // A device none of whose signs is its own cannot be named: what is entered would make another one.
            if !reached {
                let message = msg!("app.entry_nameless", device = target.label.as_str());
                return Err(AppError::Entry(message));
            }
        }
        let compared = Compared::whole(change.view(), &derivation)?;
        devices::write(change, known, &derivation, compared)
    })?;
    let view = FileView {
        path: import.file_name.clone(),
        kind: Some(KIND.to_owned()),
        import: Some(import.id.0),
        source: Some(import.source.to_string()),
        digest: Some(import.evidence.to_string()),
        captured_at: Some(captured_at.to_string()),
        rows: import.rows,
        observations: import.rows,
        devices_new: changes.new,
        devices_changed: changes.changed,
        devices_gone: changes.gone,
        ..FileView::default()
    };
    change.set_import_report(import.id, &serde_json::to_string(&view).unwrap_or_default())?;
    change.entry().subject = format!("import:{}", import.id);
    change.detail(document.to_string());
    Ok(view)
}

/// Now; or just after the last entry, so that of two entries the later one counts, whatever the clock does.
fn moment(books: &Books, act: &Act) -> Timestamp {
    let now = act.now.round(Unit::Millisecond).unwrap_or(act.now);
    let last = books.imports.iter().filter(|import| import.kind == KIND);
    let next = last.map(|import| import.captured_at + SignedDuration::from_millis(1)).max();
    next.map_or(now, |next| now.max(next))
}

/// The evidence: what was entered, for which devices, by whom and when.
fn document(targets: &[Target], said: &[Said], at: Timestamp, act: &Act) -> serde_json::Value {
    let devices: Vec<_> = targets
        .iter()
        .map(|target| json!({ "about": target.about, "device": target.label }))
        .collect();
    let values: Vec<_> = said
        .iter()
        .map(|said| json!({ "field": said.field.key(), "value": said.value, "written": said.written }))
        .collect();
    json!({
        "mimawari": KIND,
        "version": 1,
        "by": act.actor.to_string(),
        "at": at.to_string(),
        "devices": devices,
        "values": values,
    })
}

fn import(bytes: &[u8], captured_at: Timestamp, rows: u64, act: &Act) -> Import {
    Import {
        id: ImportId(0),
        evidence: Digest::of(bytes),
        file_name: format!("hand-{}.json", captured_at.strftime("%Y%m%dT%H%M%S%.3fZ")),
        size: bytes.len() as u64,
        keeping: Keeping::Whole,
        // A series of its own: no entry takes the place of another, each adds to what is known.
        source: SourceId::new(&format!("{KIND}/{captured_at}")),
        kind: KIND.to_owned(),
        reader_version: 1,
        encoding: Some("utf-8".to_owned()),
        captured_at,
        imported_at: act.now,
        imported_by: act.actor.to_string(),
        rows,
        state: ImportState::Active,
    }
}

fn observation(seq: u32, target: &Target, said: &[Said]) -> Observation {
    let mut facts = FactsBuilder::new();
    facts.add(Field::About, &target.about);
    for said in said.iter().filter(|said| !said.is_card()) {
        facts.add_written(said.field, &said.value, &said.written);
    }
    Observation {
        place: Place::line(seq + 1),
        kind: ObservationKind::Hand,
        bindings: bindings(said),
        facts: facts.finish(),
    }
}
