//! What the rules look at: devices, rows and looks, with the tables beside them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Arc, OnceLock};

use domain::{
    Account, Addressing, CalendarDate, Coverage, DeviceId, DeviceKind, Fact, Field, Inquiry,
    Knowledge, Layer, LifecycleTable, MacAddress, Notice, ObservationKind, ObservationRef,
    PlannedChange, RoleTable, SettingKind, SettledWriting, Source, Status, VendorRole, VendorTable,
    Zone, fold,
};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::identity::{Derivation, Device};
use crate::lifecycle::{OsClaim, OsMatch, OsMatcher};
use crate::vex::Decided;
use crate::weaknesses::{Advisories, Weaknesses};
use crate::world::{Recorded, World};

pub use crate::world::JAPAN;

/// A machine that a list has not heard of for so long, in days, is more likely a leftover. This program's own choice.
pub const FORGOTTEN_AFTER: i32 = 90;

/// Tables that come from `reference`.
#[derive(Debug, Clone, Copy)]
pub struct Tables<'a> {
    /// Support dates.
    pub lifecycle: &'a LifecycleTable,
    /// The same made ready beforehand, where somebody did: for one device that would cost more than all the rest.
    pub systems: Option<&'a OsMatcher<'a>>,
    /// Who registered which MAC prefix.
    pub vendors: &'a VendorTable,
    /// What such a maker's equipment usually is.
    pub roles: &'a RoleTable,
}

/// The table of support dates made ready, beforehand or for this snapshot.
#[derive(Debug)]
enum Matcher<'a> {
    Ready(&'a OsMatcher<'a>),
    Own(OsMatcher<'a>),
}

/// An indexed snapshot of all that is known, for the rules.
#[derive(Debug)]
pub struct Known<'a> {
    /// What was seen.
    pub world: &'a World<'a>,
    /// The tables.
    pub tables: Tables<'a>,
    /// The zones people named.
    pub zones: &'a [Zone],
    /// The sources, with how fresh people expect them to be.
    pub sources: &'a [Source],
    /// Who may sign in to the desk.
    pub accounts: &'a [Account],
    /// What vendors were asked.
    pub inquiries: &'a [Inquiry],
    /// What is to be changed, and what came of it.
    pub changes: &'a [PlannedChange],
    /// What was sent round, as far as everybody may read it: what is under embargo never comes here.
    pub notices: &'a [Notice],
    /// What people said of writings of products.
    pub writings: &'a [SettledWriting],
    /// What is at hand of vulnerabilities, where that was asked for.
    pub advisories: Option<Advisories<'a>>,
    /// What the hospital decided about single vulnerabilities, where that was asked for.
    pub decided: Option<Decided<'a>>,
    devices: Vec<&'a Device>,
    /// Where they stand in `devices`, by id. Made when first asked for, as are those below: writing a list of devices never asks.
    by_id: OnceLock<Vec<usize>>,
    by_alias: OnceLock<HashMap<DeviceId, usize>>,
    by_member: OnceLock<HashMap<ObservationRef, usize>>,
    matcher: Matcher<'a>,
    weaknesses: OnceLock<Option<Arc<Weaknesses>>>,
}

impl<'a> Known<'a> {
    /// The snapshot of `world` as `derivation` explains it.
    pub fn new(
        world: &'a World<'a>,
        derivation: &'a Derivation,
        tables: Tables<'a>,
        zones: &'a [Zone],
    ) -> Self {
        let own = || Matcher::Own(OsMatcher::new(tables.lifecycle));
        let matcher = tables.systems.map_or_else(own, Matcher::Ready);
        Self {
            world,
            tables,
            zones,
            sources: &[],
            accounts: &[],
            inquiries: &[],
            changes: &[],
            notices: &[],
            writings: &[],
            advisories: None,
            decided: None,
            devices: derivation.devices().collect(),
            by_id: OnceLock::new(),
            by_alias: OnceLock::new(),
            by_member: OnceLock::new(),
            matcher,
            weaknesses: OnceLock::new(),
        }
    }

    /// The same with what people expect of sources.
    #[must_use]
    pub fn expecting(self, sources: &'a [Source]) -> Self {
        Self { sources, ..self }
    }

    /// The same with who may sign in to the desk.
    #[must_use]
    pub fn with_accounts(self, accounts: &'a [Account]) -> Self {
        Self { accounts, ..self }
    }

    /// The same with what vendors were asked.
    #[must_use]
    pub fn with_inquiries(self, inquiries: &'a [Inquiry]) -> Self {
        Self { inquiries, ..self }
    }

    /// The same with what is to be changed.
    #[must_use]
    pub fn with_changes(self, changes: &'a [PlannedChange]) -> Self {
        Self { changes, ..self }
    }

    /// The same with what was sent round, as far as everybody may read it.
    #[must_use]
    pub fn with_notices(self, notices: &'a [Notice]) -> Self {
        Self { notices, ..self }
    }

    /// The same with what people said of writings of products.
    #[must_use]
    pub fn with_writings(self, writings: &'a [SettledWriting]) -> Self {
        Self { writings, ..self }
    }

    /// The same with what is at hand of vulnerabilities. Without it, nothing is said of them.
    #[must_use]
    pub fn with_advisories(self, advisories: Advisories<'a>) -> Self {
        Self { advisories: Some(advisories), ..self }
    }

    /// The same with what the hospital decided about single vulnerabilities.
    #[must_use]
    pub fn with_decided(self, decided: Decided<'a>) -> Self {
        Self { decided: Some(decided), ..self }
    }

    /// What is known of the weaknesses of all that runs; none where it was not asked for. Judged when first asked for.
    pub fn weaknesses(&self) -> Option<&Arc<Weaknesses>> {
        let judge = || Some(Arc::new(Weaknesses::of(self, self.advisories?)));
        self.weaknesses.get_or_init(judge).as_ref()
    }

    /// What the support table says of an operating system that is claimed so.
    pub fn os_match(&self, claim: OsClaim<'_>) -> OsMatch<'a> {
        match &self.matcher {
            Matcher::Ready(ready) => ready.match_claim(claim),
            Matcher::Own(own) => own.match_claim(claim),
        }
    }

    /// All devices, by id.
    pub fn charts(&self) -> impl Iterator<Item = Chart<'_>> {
        self.in_order().map(|(_, device)| Chart { known: self, device })
    }

    /// The devices by id, each with where it stands.
    fn in_order(&self) -> impl Iterator<Item = (usize, &'a Device)> {
        self.by_id().iter().filter_map(|&index| Some((index, *self.devices.get(index)?)))
    }

    fn by_id(&self) -> &[usize] {
        self.by_id.get_or_init(|| {
            let mut order: Vec<usize> = (0..self.devices.len()).collect();
            order.sort_by_key(|&index| self.id(index));
            order
        })
    }

    fn id(&self, index: usize) -> Option<DeviceId> {
        self.devices.get(index).map(|device| device.id)
    }

    /// The chart of `device`, which must be one of these.
    pub fn chart_for<'k>(&'k self, device: &'k Device) -> Chart<'k> {
        Chart { known: self, device }
    }

    /// The device with this id, or to which this alias leads. An id is never led away by another device's alias.
    pub fn chart(&self, id: DeviceId) -> Option<Chart<'_>> {
        let by_id = self.by_id();
        let own = by_id.binary_search_by_key(&Some(id), |&index| self.id(index)).ok();
        let own = own.and_then(|at| by_id.get(at).copied());
        let index =
            own.or_else(|| self.by_alias.get_or_init(|| self.aliases()).get(&id).copied())?;
        self.devices.get(index).map(|device| Chart { known: self, device })
    }

    fn aliases(&self) -> HashMap<DeviceId, usize> {
        let led = |(index, device): (usize, &Device)| -> Vec<(DeviceId, usize)> {
            device.aliases.iter().map(|alias| (*alias, index)).collect()
        };
        self.in_order().flat_map(led).collect()
    }

    /// The device that `at` belongs to.
    pub fn chart_of(&self, at: ObservationRef) -> Option<Chart<'_>> {
        let index = *self.by_member.get_or_init(|| self.members()).get(&at)?;
        self.devices.get(index).map(|device| Chart { known: self, device })
    }

    fn members(&self) -> HashMap<ObservationRef, usize> {
        let mut members = HashMap::new();
        for (index, device) in self.in_order() {
            members.extend(device.members.iter().map(|at| (*at, index)));
        }
        members
    }

    /// The rows of ledgers in force, each with its device, as they stand.
    pub fn ledger_rows(&self) -> impl Iterator<Item = (&'a Recorded, Chart<'_>)> {
        self.world
            .ledger_rows()
            .filter_map(|recorded| Some((recorded, self.chart_of(recorded.at)?)))
    }

    /// Devices in use that people took into the ledger by hand and no ledger lists, each with the newest entry that did.
    pub fn registered(&self) -> impl Iterator<Item = (ObservationRef, Chart<'_>)> {
        self.charts().filter_map(|chart| {
            let is_listed = chart.rows().next().is_some();
            let (at, _) = chart.entries().filter(|(_, entry)| registers(entry)).last()?;
            (!is_listed && !chart.is_retired()).then_some((at, chart))
        })
    }

    /// Observations of one kind in editions in force, the newest edition first, each edition as it stands.
    ///
    /// Where several editions speak of one thing, whoever takes the first word takes the newest, whatever the order of import was.
    pub fn of_kind(&self, kind: ObservationKind) -> Vec<&'a Recorded> {
        let mut rows: Vec<&Recorded> = self
            .world
            .observations()
            .filter(|recorded| {
                recorded.observation.kind == kind && self.world.in_force(recorded.at)
            })
            .collect();
        rows.sort_by_cached_key(|recorded| {
            let edition = self
                .world
                .import(recorded.at.import)
                .map(|imported| (imported.import.captured_at, imported.import.evidence));
            (Reverse(edition), recorded.at.seq)
        });
        rows
    }

    /// Every statement of `kind` in editions in force that names no device of its own, with the device it speaks of.
    pub fn statements(&self, kind: ObservationKind) -> Vec<(&'a Recorded, Option<Chart<'_>>)> {
        let of = |(said, head): (&'a Recorded, Option<&'a Recorded>)| {
            (said, head.and_then(|head| self.chart_of(head.at)))
        };
        self.world.statements(kind).map(of).collect()
    }

    /// The settings of network devices of `kind`, each with its device.
    pub fn settings(&self, kind: SettingKind) -> Vec<(&'a Recorded, Chart<'_>)> {
        let is = |said: &Recorded| said.observation.facts.value(Field::Setting) == Some(kind.key());
        let all = self.statements(ObservationKind::Setting).into_iter();
        all.filter(|(said, _)| is(said)).filter_map(|(said, chart)| Some((said, chart?))).collect()
    }

    /// Entries of `kind` that a switch in force tells of itself, each with the switch.
    pub fn on_switches(&self, kind: ObservationKind) -> Vec<(&'a Recorded, Chart<'_>)> {
        let of = |(said, head): (&'a Recorded, Option<&'a Recorded>)| {
            Some((said, self.chart_of(head?.at)?))
        };
        self.world.statements(kind).filter_map(of).collect()
    }

    /// The day on which the document that `at` stands in was taken.
    pub fn captured_on(&self, at: ObservationRef) -> Date {
        let imported = self.world.import(at.import);
        imported.map_or(Date::MIN, |imported| self.day(imported.import.captured_at))
    }

    /// What each machine last said of itself in `field`, with the machine: of several reports in force the newest that tells it.
    pub fn last_reports(&self, field: Field) -> Vec<(&'a Recorded, Chart<'_>, &'a str)> {
        let mut told = BTreeSet::new();
        let reports = self.of_kind(ObservationKind::HostReport).into_iter();
        reports
            .filter_map(|report| {
                let value = report.observation.facts.value(field)?;
                let chart = self.chart_of(report.at)?;
                told.insert(chart.device.id).then_some((report, chart, value))
            })
            .collect()
    }

    /// Looks at networks, the newest first.
    pub fn looks(&self) -> Vec<&'a Coverage> {
        let mut looks: Vec<&Coverage> = self.world.coverage().collect();
        looks.sort_by_key(|look| (Reverse(look.at), look.network, look.vantage, look.completeness));
        looks
    }

    /// The zone that holds `address`.
    pub fn zone_of(&self, address: Ipv4Addr) -> Option<&'a Zone> {
        let holding = self.zones.iter().filter_map(|zone| {
            let narrowest = zone
                .networks
                .iter()
                .filter(|network| network.contains(address))
                .map(|n| n.prefix())
                .max()?;
            Some((narrowest, zone))
        });
        holding.max_by_key(|(prefix, _)| *prefix).map(|(_, zone)| zone)
    }

    /// What a thing with this card usually is.
    pub fn role(&self, mac: MacAddress) -> Option<VendorRole> {
        self.tables.roles.role(mac, self.tables.vendors)
    }

    /// The day in the hospital when `at` was.
    pub fn day(&self, at: Timestamp) -> Date {
        JAPAN.to_datetime(at).date()
    }
}

/// One device, with all that its observations say.
#[derive(Debug, Clone, Copy)]
pub struct Chart<'k> {
    known: &'k Known<'k>,
    /// The device.
    pub device: &'k Device,
}

impl<'k> Chart<'k> {
    /// The snapshot it belongs to.
    pub fn known(&self) -> &'k Known<'k> {
        self.known
    }

    /// What is declared of `field`.
    pub fn declared(&self, field: Field) -> Option<Fact<'k>> {
        self.fact(&self.device.declared, field)
    }

    /// What was observed of `field`.
    pub fn observed(&self, field: Field) -> Option<Fact<'k>> {
        self.fact(&self.device.observed, field)
    }

    fn fact(&self, layer: &[ObservationRef], field: Field) -> Option<Fact<'k>> {
        layer.iter().find_map(|at| self.known.world.observation(*at)?.facts.get(field))
    }

    /// Everything that a layer says: each field once, with the observation that says it.
    pub fn layer(&self, layer: Layer) -> Vec<(Fact<'k>, ObservationRef)> {
        let ranked = match layer {
            Layer::Declared => &self.device.declared,
            Layer::Observed => &self.device.observed,
        };
        let mut told = [false; u8::MAX as usize + 1];
        let mut said: Vec<(Fact<'k>, ObservationRef)> = Vec::new();
        for at in ranked {
            let Some(observation) = self.known.world.observation(*at) else { continue };
            for fact in observation.facts.iter() {
                if !std::mem::replace(&mut told[usize::from(fact.field as u8)], true) {
                    said.push((fact, *at));
                }
            }
        }
        said.sort_unstable_by_key(|(fact, _)| fact.field);
        said
    }

    /// What both layers say, for who asks for many fields: asked one by one, each would be looked for anew in every observation.
    pub fn said(&self) -> Said<'k> {
        Said { declared: self.layer(Layer::Declared), observed: self.layer(Layer::Observed) }
    }

    /// Its observations, by precedence.
    pub fn members(
        &self,
    ) -> impl Iterator<Item = (ObservationRef, &'k domain::Observation)> + use<'k> {
        let known = self.known;
        self.device.members.iter().filter_map(move |at| Some((*at, known.world.observation(*at)?)))
    }

    /// Its rows in ledgers in force.
    pub fn rows(
        &self,
    ) -> impl Iterator<Item = (ObservationRef, &'k domain::Observation)> + use<'k> {
        let known = self.known;
        self.members().filter(move |(at, observation)| {
            observation.kind == ObservationKind::LedgerRow && known.world.in_force(*at)
        })
    }

    /// The updates that its newest list of them names, with the observation that does; several lists of one moment are one.
    pub fn updates(&self) -> Vec<(&'k str, ObservationRef)> {
        let is_list = |seen: &domain::Observation| {
            !self.known.world.layers().is_declared(seen.kind)
                && seen.facts.get(Field::Hotfix).is_some()
        };
        let lists: Vec<_> = self.members().filter(|(_, seen)| is_list(seen)).collect();
        let time = |at: ObservationRef| self.known.world.time(at);
        let newest = lists.iter().map(|(at, _)| time(*at)).max();
        let newest = lists.into_iter().filter(|(at, _)| Some(time(*at)) == newest);
        let of = |(at, seen): (ObservationRef, &'k domain::Observation)| {
            let own = seen.facts.iter().filter(|fact| fact.field == Field::Hotfix);
            own.map(move |fact| (fact.value, at))
        };
        newest.flat_map(of).collect()
    }

    /// The programs that scans in force heard answer, and what programs and the device said of themselves, there, to DHCP servers and to
    /// their neighbours, with the observation of each: of several scans by one tool the newest; of what was said again the first.
    pub fn heard(&self) -> Vec<(Fact<'k>, ObservationRef)> {
        let world = &self.known.world;
        let is_look = |(at, seen): &(ObservationRef, &'k domain::Observation)| {
            let kinds =
                [ObservationKind::ScanHost, ObservationKind::Lease, ObservationKind::LinkNeighbour];
            kinds.contains(&seen.kind) && world.in_force(*at)
        };
        let looks: Vec<_> = self.members().filter(is_look).collect();
        let mut newest: BTreeMap<&str, Timestamp> = BTreeMap::new();
        for (tool, at) in looks.iter().filter_map(|(at, seen)| Some((tool(seen)?, at))) {
            let time = newest.entry(tool).or_insert(Timestamp::MIN);
            *time = (*time).max(world.time(*at));
        }
        let is_newest = |(at, seen): &(ObservationRef, &'k domain::Observation)| {
            tool(seen).is_none_or(|tool| newest.get(tool) == Some(&world.time(*at)))
        };
        let of = |(at, seen): (ObservationRef, &'k domain::Observation)| {
            let heard = [Field::ServiceProduct, Field::Banner];
            let own = seen.facts.iter().filter(move |fact| heard.contains(&fact.field));
            own.map(move |fact| (fact, at))
        };
        let mut said = BTreeSet::new();
        let all = looks.into_iter().filter(is_newest).flat_map(of);
        all.filter(|(fact, _)| said.insert((fact.field, fact.value, fact.shown()))).collect()
    }

    /// What a person entered for `field` at the desk.
    pub fn by_hand(&self, field: Field) -> Option<Fact<'k>> {
        let said = self.device.declared.iter();
        let said = said.filter_map(|at| self.known.world.observation(*at));
        said.take_while(|said| said.kind == ObservationKind::Hand)
            .find_map(|said| said.facts.get(field))
    }

    /// What people entered for it at the desk.
    fn entries(&self) -> impl Iterator<Item = (ObservationRef, &'k domain::Observation)> + use<'k> {
        self.members().filter(|(_, observation)| observation.kind == ObservationKind::Hand)
    }

    /// What takes it into the ledger: its rows in ledgers in force, and what people entered by which they know it.
    pub fn listings(
        &self,
    ) -> impl Iterator<Item = (ObservationRef, &'k domain::Observation)> + use<'k> {
        self.rows().chain(self.entries().filter(|(_, entry)| registers(entry)))
    }

    /// Whether a ledger in force lists it, or a person took it into the ledger by hand.
    pub fn is_listed(&self) -> bool {
        self.listings().next().is_some()
    }

    /// Whether the ledger lists it as not disposed of.
    pub fn is_in_a_ledger(&self) -> bool {
        let is_retired = |status: Option<&str>| status == Some(Status::Retired.key());
        if let Some(status) = self.by_hand(Field::Status) {
            return !is_retired(Some(status.value)) && self.is_listed();
        }
        let mut rows = self.rows().peekable();
        match rows.peek() {
            Some(_) => rows.any(|(_, row)| !is_retired(row.facts.value(Field::Status))),
            None => self.is_listed(),
        }
    }

    /// Whether all that lists it says that it was disposed of.
    pub fn is_retired(&self) -> bool {
        self.is_listed() && !self.is_in_a_ledger()
    }

    /// What tells its operating system where no ledger lists it: what it said of itself, and what scans, consoles and tools in force
    /// say of it. One that its list has not heard of for long is a leftover, and tells nothing.
    pub fn os_seen(&self) -> Vec<ObservationRef> {
        let world = self.known.world;
        let tells = |(at, seen): &(ObservationRef, &domain::Observation)| {
            let heard = self.known.day(world.time(*at));
            seen.facts.get(Field::Os).is_some()
                && !world.layers().is_declared(seen.kind)
                && world.in_force(*at)
                && (self.known.captured_on(*at) - heard).get_days() <= FORGOTTEN_AFTER
        };
        if self.is_listed() {
            return Vec::new();
        }
        self.members().filter(tells).map(|(at, _)| at).collect()
    }

    /// What its operating system rests on: its rows in ledgers, else what tells it of a machine that no ledger lists. None where it is
    /// disposed of, or nothing is said.
    pub fn os_evidence(&self) -> Vec<ObservationRef> {
        if self.is_in_a_ledger() {
            return self.listings().map(|(at, _)| at).collect();
        }
        self.os_seen()
    }

    /// Whether anybody declares it at all. What a person entered of a device that nobody knows by a number or name, such as that it
    /// was not found, declares nothing.
    pub fn is_declared(&self) -> bool {
        self.members().any(|(_, said)| match said.kind {
            ObservationKind::Hand => registers(said),
            kind => self.known.world.layers().is_declared(kind),
        })
    }

    /// The state its ledger gives.
    pub fn status(&self) -> Option<Status> {
        Status::from_key(self.declared(Field::Status)?.value)
    }

    /// What kind of thing its ledger says it is.
    pub fn kind(&self) -> Option<DeviceKind> {
        DeviceKind::from_key(self.declared(Field::Kind)?.value)
    }

    /// Whether it is a medical device: the ledger's kind, its class or its maintenance duty under the device law says so.
    pub fn is_medical(&self) -> bool {
        self.kind() == Some(DeviceKind::Medical)
            || self.declared(Field::DeviceClass).is_some()
            || self.declared(Field::SpecialMaintenance).is_some_and(|fact| fact.value == "yes")
    }

    /// What the support table says of its operating system: the declared one, else the observed one.
    pub fn os(&self) -> OsMatch<'k> {
        self.known.os_match(self.os_claim())
    }

    /// What is claimed of its operating system: all that what the support table says rests on.
    pub fn os_claim(&self) -> OsClaim<'k> {
        let text = |field| {
            self.declared(field).or_else(|| self.observed(field)).map_or("", |fact| fact.shown())
        };
        let (os, os_version) = self.os_words();
        OsClaim { os, os_version, maker: text(Field::Maker), model: text(Field::Model) }
    }

    /// Its operating system as a person would name it.
    pub fn os_name(&self) -> String {
        let (os, version) = self.os_words();
        format!("{os} {version}").trim().to_owned()
    }

    /// Operating system and version as they were stated together: what is declared, else what one observation says. The name that a
    /// console knows and the version that a directory knows may be of different days.
    fn os_words(&self) -> (&'k str, &'k str) {
        let declared = |field| self.declared(field).map(|fact| fact.shown());
        if declared(Field::Os).is_some() || declared(Field::OsVersion).is_some() {
            let text = |field| declared(field).unwrap_or_default();
            return (text(Field::Os), text(Field::OsVersion));
        }
        let world = self.known.world;
        let said = || self.device.observed.iter().filter_map(|at| world.observation(*at));
        let of = |seen: &'k domain::Observation, field| {
            seen.facts.get(field).map_or("", |fact| fact.shown())
        };
        let whole = said().find(|seen| {
            seen.facts.get(Field::Os).is_some() && seen.facts.get(Field::OsVersion).is_some()
        });
        let any = whole.or_else(|| said().find(|seen| seen.facts.get(Field::Os).is_some()));
        any.map_or(("", ""), |seen| (of(seen, Field::Os), of(seen, Field::OsVersion)))
    }

    /// The end of support that its ledger states, as precisely as it does.
    pub fn stated_support(&self) -> Option<CalendarDate> {
        self.declared(Field::SupportEnd)?.value.parse().ok()
    }

    /// The last day that the end of support its ledger states can mean.
    pub fn stated_support_end(&self) -> Option<Date> {
        self.stated_support().map(CalendarDate::last_day)
    }

    /// What people call it: computer name, else its name, else an address, else a card; with the asset number where it has one.
    pub fn label(&self) -> String {
        let name = [Field::Hostname, Field::Name]
            .into_iter()
            .find_map(|field| self.declared(field).or_else(|| self.observed(field)))
            .map(|fact| fact.shown().to_owned());
        let name = name.or_else(|| self.addresses().next().map(|(_, address)| address.to_string()));
        let name = name.or_else(|| self.macs().next().map(|mac| mac.to_string()));
        let name = name.unwrap_or_else(|| self.device.id.to_string());
        match self.declared(Field::AssetNumber) {
            Some(number) => format!("{name} ({})", number.shown()),
            None => name,
        }
    }

    /// What a decision knows it by: its number, else its declared name, else its id. Nothing that was merely seen changes it.
    pub fn mark(&self) -> String {
        [Field::AssetNumber, Field::Hostname, Field::Name]
            .into_iter()
            .find_map(|field| self.declared(field))
            .map_or_else(|| self.device.id.to_string(), |fact| fold(fact.value))
    }

    /// Every IPv4 address with the card it was stated with.
    pub fn addresses(&self) -> impl Iterator<Item = (Option<MacAddress>, Ipv4Addr)> + use<'k> {
        self.device.interfaces.iter().flat_map(|interface| {
            interface.sightings.iter().filter_map(|sighting| match sighting.address {
                IpAddr::V4(address) => Some((interface.mac, address)),
                IpAddr::V6(_) => None,
            })
        })
    }

    /// Its cards.
    pub fn macs(&self) -> impl Iterator<Item = MacAddress> + use<'k> {
        self.device.interfaces.iter().filter_map(|interface| interface.mac)
    }

    /// The fixed addresses that its ledger rows in force and people give it.
    pub fn fixed_addresses(&self) -> BTreeSet<Ipv4Addr> {
        self.rows().chain(self.entries()).flat_map(|(_, row)| fixed_addresses(row)).collect()
    }

    /// The cards that its ledger rows in force and people give it.
    pub fn declared_macs(&self) -> BTreeSet<MacAddress> {
        self.rows()
            .chain(self.entries())
            .flat_map(|(_, row)| row.bindings.iter().filter_map(|binding| binding.mac))
            .collect()
    }

    /// The card that its ledger rows in force, or people, give it together with `address`.
    pub fn declared_mac_at(&self, address: Ipv4Addr) -> Option<MacAddress> {
        let bindings = self.rows().chain(self.entries()).flat_map(|(_, row)| &row.bindings);
        bindings.filter(|binding| binding.ipv4() == Some(address)).filter_map(|b| b.mac).min()
    }

    /// Where and when it was seen: every observed address with its card and time, each once, the newest first.
    ///
    /// A lease that ran out or was only offered says where somebody was or may be, not that anybody is there.
    pub fn sightings(&self) -> Vec<Seen> {
        let mut seen: Vec<Seen> = self
            .members()
            .filter(|(_, seen)| !self.known.world.layers().is_declared(seen.kind))
            .filter(|(_, seen)| {
                !matches!(seen.facts.value(Field::LeaseState), Some("expired" | "offered"))
            })
            .flat_map(|(at, observation)| {
                let time = self.known.world.time(at);
                observation.bindings.iter().filter_map(move |binding| {
                    Some(Seen { time, address: binding.ipv4()?, mac: binding.mac, at })
                })
            })
            .collect();
        // Members stand by precedence, and a stable sort keeps them so: which of two equal sightings is named must not depend on the
        // order of import.
        seen.sort_by(|one, other| {
            (other.time, other.address, other.mac).cmp(&(one.time, one.address, one.mac))
        });
        seen.dedup();
        seen
    }

    /// What was seen of it in the newest day it was seen at all.
    pub fn latest_sightings(&self) -> Vec<Seen> {
        let mut seen = self.sightings();
        let Some(newest) = seen.first().map(|seen| self.known.day(seen.time)) else { return seen };
        seen.retain(|seen| self.known.day(seen.time) == newest);
        seen
    }
}

/// What is said of one device, by field: see [`Chart::said`].
#[derive(Debug)]
pub struct Said<'k> {
    declared: Vec<(Fact<'k>, ObservationRef)>,
    observed: Vec<(Fact<'k>, ObservationRef)>,
}

impl<'k> Said<'k> {
    /// What is declared of `field`.
    pub fn declared(&self, field: Field) -> Option<Fact<'k>> {
        of_field(&self.declared, field).map(|(fact, _)| fact)
    }

    /// What was observed of `field`.
    pub fn observed(&self, field: Field) -> Option<Fact<'k>> {
        of_field(&self.observed, field).map(|(fact, _)| fact)
    }
}

/// What a layer says of `field`.
pub(crate) fn of_field<'k>(
    layer: &[(Fact<'k>, ObservationRef)],
    field: Field,
) -> Option<(Fact<'k>, ObservationRef)> {
    let at = layer.binary_search_by_key(&field, |(fact, _)| fact.field).ok()?;
    layer.get(at).copied()
}

/// Whether an entry by hand says by what the hospital knows the device: its number or its name.
/// The tool of a scan; none for other looks.
fn tool(seen: &domain::Observation) -> Option<&str> {
    let is_scan = seen.kind == ObservationKind::ScanHost;
    is_scan.then(|| seen.facts.value(Field::ScanTool).unwrap_or_default())
}

fn registers(entry: &domain::Observation) -> bool {
    [Field::AssetNumber, Field::Name].iter().any(|field| entry.facts.get(*field).is_some())
}

/// What one row states of `field`: 「－」 says that the question does not arise, 「不明」 that nobody knows.
pub fn stated(row: &domain::Observation, field: Field) -> Knowledge<&str> {
    match row.facts.value(field) {
        None | Some("不明") => Knowledge::Unknown,
        Some("－") => Knowledge::NotApplicable,
        Some(value) => Knowledge::Known(value),
    }
}

/// The fixed addresses that one row states.
pub fn fixed_addresses(row: &domain::Observation) -> impl Iterator<Item = Ipv4Addr> {
    let addressing = row.facts.value(Field::Addressing);
    let fixed = addressing.is_none_or(|word| word == Addressing::Static.key());
    row.bindings.iter().filter_map(domain::Binding::ipv4).filter(move |_| fixed)
}

/// One sighting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seen {
    /// When.
    pub time: Timestamp,
    /// Where.
    pub address: Ipv4Addr,
    /// With which card, where that was seen.
    pub mac: Option<MacAddress>,
    /// What says so.
    pub at: ObservationRef,
}
