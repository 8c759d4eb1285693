//! Which of the hospital's products and devices a notice (お知らせ) means, as far as its text says so: by the numbers of vulnerabilities
//! in it, and by the names of products, models and makers.
//!
//! What comes out are proposals, each with its reasons and how sure it is. A person confirms or refuses each; nothing here counts as
//! confirmed.

mod plain;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use domain::advisory::Confidence;
use domain::message::Arg;
use domain::{DeviceId, MakerRow, MakerTable, Meant, Message, fold, msg};

use crate::known::Known;
use crate::products::Namer;
use crate::weaknesses::{Holder, Running, Weaknesses, written};
use plain::Plain;

pub use plain::numbers;

/// A device that may be meant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct MeantDevice {
    /// What people call it.
    pub label: String,
    /// The device.
    pub id: DeviceId,
    /// Whether it is a medical device.
    pub is_medical: bool,
}

/// The devices that stand in the hospital, by maker and model as they were written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Machines(BTreeMap<[String; 2], Vec<Machine>>);

/// One of them: most run something that is known, and are told of there already.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Machine {
    Holder(Arc<Holder>),
    Other(Box<MeantDevice>),
}

impl Machine {
    fn id(&self) -> DeviceId {
        match self {
            Self::Holder(holder) => holder.device,
            Self::Other(device) => device.id,
        }
    }

    fn meant(&self) -> MeantDevice {
        match self {
            Self::Holder(holder) => meant(holder),
            Self::Other(device) => MeantDevice::clone(device),
        }
    }
}

fn meant(holder: &Holder) -> MeantDevice {
    MeantDevice { label: holder.label.clone(), id: holder.device, is_medical: holder.is_medical }
}

impl Machines {
    /// Those of `known` that are in use; `weaknesses` is what runs on them.
    pub fn of(known: &Known<'_>, weaknesses: &Weaknesses) -> Self {
        let holders = weaknesses.products.iter().flat_map(|running| &running.holders);
        let holders: HashMap<DeviceId, &Arc<Holder>> =
            holders.map(|holder| (holder.device, holder)).collect();
        let mut machines: BTreeMap<[String; 2], Vec<Machine>> = BTreeMap::new();
        for chart in known.charts().filter(|chart| !chart.is_retired()) {
            let ([maker, model, ..], _) = written(&chart);
            if maker.is_empty() && model.is_empty() {
                continue;
            }
            let other = || MeantDevice {
                label: chart.label(),
                id: chart.device.id,
                is_medical: chart.is_medical(),
            };
            let machine = match holders.get(&chart.device.id) {
                Some(holder) => Machine::Holder(Arc::clone(holder)),
                None => Machine::Other(Box::new(other())),
            };
            machines.entry([maker, model]).or_default().push(machine);
        }
        machines.values_mut().for_each(Vec::shrink_to_fit);
        Self(machines)
    }
}

/// Something that a notice may mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// The thing.
    pub what: Meant,
    /// What people call it.
    pub label: String,
    /// How sure it is.
    pub confidence: Confidence,
    /// Why, each reason once.
    pub reasons: Vec<Message>,
    /// The devices, by name.
    pub devices: BTreeSet<MeantDevice>,
}

/// What `text` may mean, the surest first. `weaknesses` is what runs here, `machines` what stands here; `makers` says in which other ways
/// the text may write a maker.
pub fn propose(
    text: &str,
    weaknesses: &Weaknesses,
    namer: &Namer<'_>,
    makers: &MakerTable,
    machines: &Machines,
) -> Vec<Proposal> {
    let plain = Plain::of(text);
    let numbers = numbers(text);
    let mut found = Found::default();
    for running in &weaknesses.products {
        by_number(running, &numbers, &mut found);
        by_name(running, &plain, namer, &mut found);
    }
    by_model(&plain, makers, machines, &mut found);
    found.sorted()
}

/// The devices that run the product, are of the model or of the maker; `None` for a single device, which a sign names.
pub fn devices_of(
    what: &Meant,
    weaknesses: &Weaknesses,
    machines: &Machines,
) -> Option<BTreeSet<MeantDevice>> {
    let of_machines = |is_it: &dyn Fn(&[String; 2]) -> bool| {
        let of = machines.0.iter().filter(|(named, _)| is_it(named));
        of.flat_map(|(_, machines)| machines.iter().map(Machine::meant)).collect()
    };
    match what {
        Meant::Product(mark) => {
            let running = weaknesses.products.iter().find(|running| running.mark == *mark);
            Some(running.map(holders).unwrap_or_default())
        }
        Meant::Model(name) => Some(of_machines(&|named| fold(&label_of(named)) == *name)),
        Meant::Maker(name) => Some(of_machines(&|[maker, _]| fold(maker) == *name)),
        Meant::Device(_) => None,
    }
}

fn holders(running: &Running) -> BTreeSet<MeantDevice> {
    running.holders.iter().map(|holder| meant(holder)).collect()
}

fn label_of([maker, model]: &[String; 2]) -> String {
    format!("{maker} {model}").trim().to_owned()
}

/// Vulnerabilities that the text names and that concern the product, or may.
fn by_number(running: &Running, numbers: &[String], found: &mut Found) {
    for number in numbers {
        let with_number = running
            .matches
            .iter()
            .find(|known| known.affected.is_some() && known.vulnerability.numbers.contains(number));
        let Some(sure) = with_number.and_then(|known| known.affected) else { continue };
        let how = Arg::Term(format!("confidence.{}", sure.key()).into());
        found.product(running, sure, msg!("notice.reason.number", id = number, how = how));
    }
}

/// The product's name in the text; with its version that is likely, alone it is for a person to look at.
fn by_name(running: &Running, text: &Plain, namer: &Namer<'_>, found: &mut Found) {
    let Some(name) = running.product.name.as_deref() else { return };
    let mut writings = namer.writings(name);
    writings.push(name);
    let Some(written) = writings.into_iter().find(|writing| text.holds(writing)) else { return };
    let version = running.product.version.as_deref().filter(|version| text.holds(version));
    match version {
        Some(version) => found.product(
            running,
            Confidence::Likely,
            msg!("notice.reason.version", name = written, version = version),
        ),
        None => found.product(
            running,
            Confidence::Candidate,
            msg!("notice.reason.name", name = written),
        ),
    }
}

/// Models in the text, with their maker or alone; and makers, where nothing surer speaks of all they made.
fn by_model(text: &Plain, makers: &MakerTable, machines: &Machines, found: &mut Found) {
    let mut of_makers: BTreeMap<&str, (&str, Vec<&Machine>)> = BTreeMap::new();
    let mut named_makers: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    for (named, machines) in &machines.0 {
        let [maker, model] = named;
        let by_maker = named_makers.entry(maker).or_insert_with(|| maker_in(text, makers, maker));
        if text.holds(model) {
            found.model(named, *by_maker, machines);
        } else if let Some(writing) = *by_maker {
            of_makers.entry(maker).or_insert((writing, Vec::new())).1.extend(machines);
        }
    }
    let told: BTreeSet<DeviceId> =
        found.0.values().flat_map(|one| one.devices.iter().map(|device| device.id)).collect();
    for (maker, (writing, machines)) in of_makers {
        if machines.iter().any(|machine| !told.contains(&machine.id())) {
            found.maker(maker, writing, &machines);
        }
    }
}

/// How the text names `maker`: as it is written here, or in another of its writings.
fn maker_in<'m>(text: &Plain, makers: &'m MakerTable, maker: &'m str) -> Option<&'m str> {
    let other = || makers.row(maker).into_iter().flat_map(MakerRow::all);
    let names = |writing: &&str| text.names_maker(writing);
    Some(maker).filter(names).or_else(|| other().find(names))
}

/// Proposals by what they speak of.
#[derive(Default)]
struct Found(BTreeMap<Meant, Proposal>);

impl Found {
    fn product(&mut self, running: &Running, sure: Confidence, reason: Message) {
        let what = Meant::Product(running.mark.clone());
        self.add(what, &running.name, sure, reason).devices.extend(holders(running));
    }

    fn model(&mut self, named: &[String; 2], by_maker: Option<&str>, machines: &[Machine]) {
        let [_, model] = named;
        let (sure, reason) = match by_maker {
            Some(maker) => {
                (Confidence::Likely, msg!("notice.reason.model", model = model, maker = maker))
            }
            None => (Confidence::Candidate, msg!("notice.reason.model_alone", model = model)),
        };
        let label = label_of(named);
        let what = Meant::Model(fold(&label));
        self.add(what, &label, sure, reason).devices.extend(machines.iter().map(Machine::meant));
    }

    fn maker(&mut self, maker: &str, writing: &str, machines: &[&Machine]) {
        let reason = msg!("notice.reason.maker", maker = writing);
        let proposal = self.add(Meant::Maker(fold(maker)), maker, Confidence::Candidate, reason);
        proposal.devices.extend(machines.iter().map(|machine| machine.meant()));
    }

    fn add(
        &mut self,
        what: Meant,
        label: &str,
        sure: Confidence,
        reason: Message,
    ) -> &mut Proposal {
        let proposal = self.0.entry(what.clone()).or_insert_with(|| Proposal {
            what,
            label: label.to_owned(),
            confidence: sure,
            reasons: Vec::new(),
            devices: BTreeSet::new(),
        });
        proposal.confidence = proposal.confidence.max(sure);
        if !proposal.reasons.contains(&reason) {
            proposal.reasons.push(reason);
        }
        proposal
    }

    fn sorted(self) -> Vec<Proposal> {
        let mut all: Vec<Proposal> = self.0.into_values().collect();
        all.sort_by_key(|one| std::cmp::Reverse(one.confidence));
        all
    }
}
