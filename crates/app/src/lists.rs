//! Lists beside the devices: systems, departments, switch ports, lines, backup jobs and scans, as far as what was brought in tells.
//!
//! Nothing of them is kept: each is read off the observations in force when it is asked for.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use domain::{DeviceKind, Field, ObservationKind, RunResult, SettingKind, SourceId, fold};
use engine::backups::{self, Group, Job};
use engine::known::stated;
use engine::{Chart, Known, Recorded};
use jiff::ToSpan;
use schemars::JsonSchema;
use serde::Serialize;

use crate::books::Books;
use crate::{App, AppError};

/// A system (システム): what several devices do together, such as 電子カルテ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SystemView {
    /// Its name, as the ledger or a backup list writes it.
    pub name: String,
    /// How many devices in use belong to it.
    pub devices: u64,
    /// Versions of its software, as written.
    pub versions: Vec<String>,
    /// Departments that use it.
    pub departments: Vec<String>,
    /// Who maintains it.
    pub contractors: Vec<String>,
    /// Its backup jobs.
    pub jobs: Vec<String>,
}

/// A department (部署), with the persons the ledger names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DepartmentView {
    /// Its name, as written.
    pub name: String,
    /// How many devices in use it answers for.
    pub devices: u64,
    /// How many of them are medical devices.
    pub medical: u64,
    /// Who uses them, as written.
    pub persons: Vec<String>,
}

/// A port of a switch (配線).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PortView {
    /// The switch's id.
    pub switch_id: String,
    /// What people call the switch.
    pub switch: String,
    /// The port, as the switch writes it.
    pub port: String,
    /// Networks that were seen on it.
    pub vlans: Vec<String>,
    /// What hangs on it: ids, in the order of [`PortView::devices`].
    pub device_ids: Vec<String>,
    /// What hangs on it.
    pub devices: Vec<String>,
    /// Which switch or access point says that it is at its end.
    pub neighbours: Vec<String>,
}

/// A line (回線): a way in or out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LineView {
    /// The device it goes through.
    pub device_id: String,
    /// What people call that device.
    pub device: String,
    /// `line`, `tunnel`, `dial_in`, `remote_access`, or `remote_maintenance` where the ledger alone says so.
    pub kind: String,
    /// Its name in the configuration.
    pub name: String,
    /// What people wrote beside it.
    pub description: String,
    /// The other end.
    pub peer: String,
    /// Ciphers and digests.
    pub algorithms: Vec<String>,
    /// Whether it is switched on; none where nobody says.
    pub enabled: Option<bool>,
    /// Who maintains the device.
    pub contractor: Option<String>,
    /// What the ledger says of remote maintenance there.
    pub remote_maintenance: Option<String>,
}

/// A backup job (バックアップジョブ).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct JobView {
    /// What it looks after: the system, or the name it shares with other jobs.
    pub group: String,
    /// Its name.
    pub job: String,
    /// How many runs the lists in force tell of.
    pub runs: u64,
    /// How many of them failed.
    pub failed: u64,
    /// How its last run ended: `success`, `warning`, `failed`, `unfinished` or `unrecognised`.
    pub last_result: Option<String>,
    /// Day of its last run.
    pub last_run: Option<String>,
    /// Day of its last success.
    pub last_success: Option<String>,
    /// How many generations are kept.
    pub generations: Option<u32>,
    /// What it is written on.
    pub medium: Option<String>,
    /// Whether a copy is off the network.
    pub off_the_network: bool,
    /// Day on which bringing its group back last succeeded.
    pub last_restore: Option<String>,
}

/// A scan (診断): one look by a scanner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ScanView {
    /// The series it belongs to.
    pub source: String,
    /// What it was read as.
    pub kind: String,
    /// Its day.
    pub date: String,
    /// Hosts it found.
    pub hosts: u64,
    /// What it says of them, by its own severity.
    pub items: BTreeMap<String, u64>,
    /// When the next is due: a year later, by this program's own choice.
    pub due: String,
}

/// All these lists and the zones, read off one moment: pages keep them until something changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lists {
    /// Systems.
    pub systems: Vec<SystemView>,
    /// Departments.
    pub departments: Vec<DepartmentView>,
    /// Ports of switches.
    pub ports: Vec<PortView>,
    /// Ways in and out.
    pub lines: Vec<LineView>,
    /// Backup jobs.
    pub jobs: Vec<JobView>,
    /// Scans.
    pub scans: Vec<ScanView>,
    /// Zones, and networks that could become one.
    pub zones: Vec<crate::views::ZoneView>,
}

impl App {
    /// All these lists and the zones at once, which derives the devices once.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn lists(&self) -> Result<Lists, AppError> {
        let books = self.facility()?.read(Books::load)?;
        Ok(books.with_known(|known, _| lists_of(known)))
    }

    /// Systems that ledgers and backup lists name.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn systems(&self) -> Result<Vec<SystemView>, AppError> {
        self.list(systems)
    }

    /// Departments that ledgers name.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn departments(&self) -> Result<Vec<DepartmentView>, AppError> {
        self.list(departments)
    }

    /// Ports of switches, with what hangs on them.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn ports(&self) -> Result<Vec<PortView>, AppError> {
        self.list(ports)
    }

    /// Ways in and out that configurations and ledgers tell of.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn lines(&self) -> Result<Vec<LineView>, AppError> {
        self.list(lines)
    }

    /// Backup jobs.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn jobs(&self) -> Result<Vec<JobView>, AppError> {
        self.list(jobs)
    }

    /// Scans in force, the newest first.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn scans(&self) -> Result<Vec<ScanView>, AppError> {
        self.list(scans)
    }

    fn list<T>(&self, make: impl FnOnce(&Known<'_>) -> Vec<T>) -> Result<Vec<T>, AppError> {
        let books = self.facility()?.read(Books::load)?;
        Ok(books.with_known(|known, _| make(known)))
    }
}

/// All these lists and the zones of what is known.
pub(crate) fn lists_of(known: &Known<'_>) -> Lists {
    Lists {
        systems: systems(known),
        departments: departments(known),
        ports: ports(known),
        lines: lines(known),
        jobs: jobs(known),
        scans: scans(known),
        zones: crate::zones::zones(known),
    }
}

/// Texts by their folded form, each as it was first written.
#[derive(Debug, Default)]
struct Names<'k> {
    folded: BTreeMap<String, &'k str>,
    /// As they were met: most rows write what another wrote, and need not be folded.
    met: HashSet<&'k str>,
}

impl<'k> Names<'k> {
    fn add(&mut self, text: Option<&'k str>) {
        if let Some(text) = text.filter(|text| self.met.insert(text)) {
            self.folded.entry(fold(text)).or_insert(text);
        }
    }

    fn list(self) -> Vec<String> {
        self.folded.into_values().map(str::to_owned).collect()
    }
}

/// What stands under a name, however it is written.
struct ByName<'k, T> {
    tallies: BTreeMap<String, T>,
    /// The folded form of what was met.
    folds: HashMap<&'k str, String>,
}

impl<'k, T: Default> ByName<'k, T> {
    fn new() -> Self {
        Self { tallies: BTreeMap::new(), folds: HashMap::new() }
    }

    /// What stands under `name`.
    fn of(&mut self, name: &'k str) -> &mut T {
        let folded = self.folds.entry(name).or_insert_with(|| fold(name));
        self.tallies.entry(folded.clone()).or_default()
    }
}

fn said(row: &Recorded, field: Field) -> Option<&str> {
    stated(&row.observation, field).known()
}

#[derive(Default)]
struct SystemTally<'k> {
    name: String,
    devices: BTreeSet<domain::DeviceId>,
    versions: Names<'k>,
    departments: Names<'k>,
    contractors: Names<'k>,
}

fn systems(known: &Known<'_>) -> Vec<SystemView> {
    let mut systems: ByName<'_, SystemTally<'_>> = ByName::new();
    for (row, chart) in known.ledger_rows().filter(|(_, chart)| !chart.is_retired()) {
        let Some(name) = system_of(row, &chart) else { continue };
        let system = systems.of(name);
        if system.name.is_empty() {
            name.clone_into(&mut system.name);
        }
        system.devices.insert(chart.device.id);
        system.versions.add(said(row, Field::SoftwareVersion));
        system.departments.add(said(row, Field::Department));
        system.contractors.add(said(row, Field::Contractor));
    }
    let groups = backups::groups(known);
    for group in groups.iter().filter(|group| group.jobs.iter().any(|job| job.system.is_some())) {
        let system = systems.of(group.name);
        if system.name.is_empty() {
            group.name.clone_into(&mut system.name);
        }
    }
    let tallies = systems.tallies.into_iter();
    tallies.map(|(key, system)| system_view(&key, system, &groups)).collect()
}

/// The system a row belongs to: what its column says, else the software of a PC or server. The software inside a medical device or
/// a network device is that device's own.
fn system_of<'a>(row: &'a Recorded, chart: &Chart<'_>) -> Option<&'a str> {
    let own = chart.is_medical() || chart.kind() == Some(DeviceKind::Network);
    let software = said(row, Field::Software).filter(|_| !own);
    said(row, Field::System).or(software)
}

fn system_view(key: &str, system: SystemTally<'_>, groups: &[Group<'_>]) -> SystemView {
    let own = groups.iter().filter(|group| fold(group.name) == key);
    SystemView {
        name: system.name,
        devices: system.devices.len() as u64,
        versions: system.versions.list(),
        departments: system.departments.list(),
        contractors: system.contractors.list(),
        jobs: own.flat_map(|group| &group.jobs).map(|job| job.name.to_owned()).collect(),
    }
}

#[derive(Default)]
struct DepartmentTally<'k> {
    name: String,
    devices: BTreeSet<domain::DeviceId>,
    medical: u64,
    persons: Names<'k>,
}

fn departments(known: &Known<'_>) -> Vec<DepartmentView> {
    let mut departments: ByName<'_, DepartmentTally<'_>> = ByName::new();
    for (row, chart) in known.ledger_rows().filter(|(_, chart)| !chart.is_retired()) {
        let Some(name) = said(row, Field::Department) else { continue };
        let department = departments.of(name);
        if department.name.is_empty() {
            name.clone_into(&mut department.name);
        }
        if department.devices.insert(chart.device.id) {
            department.medical += u64::from(chart.is_medical());
        }
        let users = said(row, Field::Users).unwrap_or_default();
        for user in users.split('、').map(str::trim).filter(|user| !user.is_empty()) {
            department.persons.add(Some(user));
        }
    }
    let view = |department: DepartmentTally<'_>| DepartmentView {
        name: department.name,
        devices: department.devices.len() as u64,
        medical: department.medical,
        persons: department.persons.list(),
    };
    departments.tallies.into_values().map(view).collect()
}

fn ports(known: &Known<'_>) -> Vec<PortView> {
    let mut ports: BTreeMap<(String, String), PortView> = BTreeMap::new();
    let kinds = [ObservationKind::PortEntry, ObservationKind::LinkNeighbour];
    for (entry, switch) in kinds.into_iter().flat_map(|kind| known.on_switches(kind)) {
        let facts = &entry.observation.facts;
        let Some(port) = facts.value(Field::Port) else { continue };
        let port = engine::ports::short(port);
        let view = ports.entry((switch.label(), port.clone())).or_insert_with(|| PortView {
            switch_id: switch.device.id.to_string(),
            switch: switch.label(),
            port,
            vlans: Vec::new(),
            device_ids: Vec::new(),
            devices: Vec::new(),
            neighbours: Vec::new(),
        });
        note(view, entry, known.chart_of(entry.at));
    }
    let mut views: Vec<PortView> = ports.into_values().collect();
    views.sort_by_cached_key(|view| (view.switch.clone(), engine::ports::natural(&view.port)));
    views
}

fn note(view: &mut PortView, entry: &Recorded, chart: Option<Chart<'_>>) {
    let vlan = entry.observation.facts.value(Field::Vlan);
    if let Some(vlan) = vlan.filter(|vlan| !view.vlans.iter().any(|known| known == vlan)) {
        view.vlans.push(vlan.to_owned());
    }
    let Some(chart) = chart else { return };
    if entry.observation.kind == ObservationKind::LinkNeighbour {
        view.neighbours.push(chart.label());
    } else if !view.device_ids.contains(&chart.device.id.to_string()) {
        view.device_ids.push(chart.device.id.to_string());
        view.devices.push(chart.label());
    }
}

fn lines(known: &Known<'_>) -> Vec<LineView> {
    let kinds =
        [SettingKind::Line, SettingKind::Tunnel, SettingKind::DialIn, SettingKind::RemoteAccess];
    let mut views: Vec<LineView> = Vec::new();
    for kind in kinds {
        let settings = known.settings(kind).into_iter();
        views.extend(settings.map(|(setting, chart)| configured(kind, setting, &chart)));
    }
    let shown: BTreeSet<String> = views.iter().map(|view| view.device_id.clone()).collect();
    let only_listed = known.charts().filter(|chart| {
        let network = chart.kind() == Some(DeviceKind::Network) && chart.is_in_a_ledger();
        let remote = chart.declared(Field::RemoteMaintenance);
        let has = remote.is_some_and(|said| engine::rules::says_yes(said.shown()));
        network && has && !shown.contains(&chart.device.id.to_string())
    });
    views.extend(
        only_listed
            .map(|chart| LineView { kind: "remote_maintenance".to_owned(), ..line_of(&chart) }),
    );
    views.sort_by(|one, other| {
        (&one.device, &one.kind, &one.name).cmp(&(&other.device, &other.kind, &other.name))
    });
    views
}

fn configured(kind: SettingKind, setting: &Recorded, chart: &Chart<'_>) -> LineView {
    let facts = &setting.observation.facts;
    let text = |field| facts.value(field).unwrap_or_default().to_owned();
    let algorithms = facts.iter().filter(|fact| fact.field == Field::Algorithm);
    LineView {
        kind: kind.key().to_owned(),
        name: text(Field::SettingName),
        description: text(Field::Description),
        peer: text(Field::Peer),
        algorithms: algorithms.map(|fact| fact.value.to_owned()).collect(),
        enabled: facts.value(Field::Enabled).map(|word| word == "yes"),
        ..line_of(chart)
    }
}

fn line_of(chart: &Chart<'_>) -> LineView {
    let declared = |field| chart.declared(field).map(|fact| fact.shown().to_owned());
    LineView {
        device_id: chart.device.id.to_string(),
        device: chart.label(),
        kind: String::new(),
        name: String::new(),
        description: String::new(),
        peer: String::new(),
        algorithms: Vec::new(),
        enabled: None,
        contractor: declared(Field::Contractor),
        remote_maintenance: declared(Field::RemoteMaintenance),
    }
}

fn jobs(known: &Known<'_>) -> Vec<JobView> {
    let trials = backups::trials(known);
    let groups = backups::groups(known);
    let views = groups.iter().flat_map(|group| {
        let tried = trials
            .iter()
            .find(|trial| trial.result == RunResult::Success && group.is_tried_by(trial))
            .and_then(|trial| trial.day);
        group.jobs.iter().map(move |job| JobView {
            group: group.name.to_owned(),
            last_restore: tried.map(|day| day.to_string()),
            ..job_view(job)
        })
    });
    views.collect()
}

fn job_view(job: &Job<'_>) -> JobView {
    let last = job.runs.last();
    let good = job.runs.iter().rev().find(|run| run.result == RunResult::Success);
    let failed = job.runs.iter().filter(|run| run.result == RunResult::Failed).count();
    JobView {
        group: String::new(),
        job: job.name.to_owned(),
        runs: job.runs.len() as u64,
        failed: failed as u64,
        last_result: last.map(|run| run.result.key().to_owned()),
        last_run: last.and_then(|run| run.day).map(|day| day.to_string()),
        last_success: good.and_then(|run| run.day).map(|day| day.to_string()),
        generations: last.and_then(|run| run.generations),
        medium: last.and_then(|run| run.medium).map(|medium| medium.key().to_owned()),
        off_the_network: job.runs.iter().any(backups::Run::is_off_the_network),
        last_restore: None,
    }
}

fn scans(known: &Known<'_>) -> Vec<ScanView> {
    let mut scans: BTreeMap<&SourceId, ScanView> = BTreeMap::new();
    let hosts = known.of_kind(ObservationKind::ScanHost);
    let items = known.of_kind(ObservationKind::ScanItem);
    for recorded in hosts.into_iter().chain(items) {
        let Some(imported) = known.world.import(recorded.at.import) else { continue };
        let day = known.captured_on(recorded.at);
        let scan = scans.entry(&imported.import.source).or_insert_with(|| ScanView {
            source: imported.import.source.to_string(),
            kind: imported.import.kind.clone(),
            date: day.to_string(),
            hosts: 0,
            items: BTreeMap::new(),
            due: day.saturating_add(1.years()).to_string(),
        });
        match recorded.observation.kind {
            ObservationKind::ScanHost => scan.hosts += 1,
            _ => {
                let severity = recorded.observation.facts.value(Field::ScanSeverity);
                *scan.items.entry(severity.unwrap_or("info").to_owned()).or_default() += 1;
            }
        }
    }
    let mut views: Vec<ScanView> = scans.into_values().collect();
    views.sort_by(|one, other| (&other.date, &one.source).cmp(&(&one.date, &other.source)));
    views
}
