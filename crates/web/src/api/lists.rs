//! The lists beside the devices.

use app::{
    DepartmentView, JobView, LineView, PortView, ScanView, SystemView, VulnerabilityPageView,
    WeakDeviceView, WeakProductView, WeakVendorView, WeaknessView,
};
use axum::extract::Path;
use schemars::JsonSchema;
use serde::Serialize;

use super::call::Call;
use super::operation::Operation;
use crate::answer::Answer;

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get::<Systems, _, _>("systems", "/api/v1/systems", systems),
        Operation::get::<Departments, _, _>("departments", "/api/v1/departments", departments),
        Operation::get::<Lines, _, _>("lines", "/api/v1/lines", lines),
        Operation::get::<Ports, _, _>("ports", "/api/v1/ports", ports),
        Operation::get::<Jobs, _, _>("jobs", "/api/v1/jobs", jobs),
        Operation::get::<Scans, _, _>("scans", "/api/v1/scans", scans),
        Operation::get::<Weaknesses, _, _>("weaknesses", "/api/v1/weaknesses", weaknesses),
        Operation::get::<WeakDevices, _, _>("weak_devices", "/api/v1/weak-devices", weak_devices),
        Operation::get::<WeakVendors, _, _>("weak_vendors", "/api/v1/weak-vendors", weak_vendors),
        Operation::get::<Vulnerability, _, _>(
            "vulnerability",
            "/api/v1/vulnerabilities/{id}",
            vulnerability,
        ),
    ]
}

/// Systems that ledgers and backup lists name.
#[derive(Serialize, JsonSchema)]
struct Systems {
    /// The systems, by name.
    systems: Vec<SystemView>,
}

/// Departments that ledgers name.
#[derive(Serialize, JsonSchema)]
struct Departments {
    /// The departments, by name.
    departments: Vec<DepartmentView>,
}

/// Ways in and out.
#[derive(Serialize, JsonSchema)]
struct Lines {
    /// The lines.
    lines: Vec<LineView>,
}

/// Ports of switches.
#[derive(Serialize, JsonSchema)]
struct Ports {
    /// The ports, by switch.
    ports: Vec<PortView>,
}

/// Backup jobs.
#[derive(Serialize, JsonSchema)]
struct Jobs {
    /// The jobs, by what they look after.
    jobs: Vec<JobView>,
}

/// Looks by scanners.
#[derive(Serialize, JsonSchema)]
struct Scans {
    /// The scans, the newest first.
    scans: Vec<ScanView>,
}

/// What devices run that is known to be weak.
#[derive(Serialize, JsonSchema)]
struct Weaknesses {
    /// `ready`, `none`, `lost` or `damaged`: whether anything can be judged.
    state: String,
    /// Every product, those with the most urgent vulnerabilities first.
    products: Vec<WeakProductView>,
    /// Every vulnerability that concerns something here or may, the most urgent first.
    vulnerabilities: Vec<WeaknessView>,
}

async fn weaknesses(call: Call) -> Answer {
    let today = call.today();
    call.answer(move |app| {
        let book = app.weaknesses(today)?;
        Ok(Weaknesses {
            state: book.state().to_owned(),
            products: book.products(app.catalogue()),
            vulnerabilities: book.vulnerabilities(),
        })
    })
    .await
}

/// Devices with the vulnerabilities of what they run.
#[derive(Serialize, JsonSchema)]
struct WeakDevices {
    /// `ready`, `none`, `lost` or `damaged`: whether anything can be judged.
    state: String,
    /// Every device of which there is something to tell, the most urgent first.
    devices: Vec<WeakDeviceView>,
}

async fn weak_devices(call: Call) -> Answer {
    let today = call.today();
    call.answer(move |app| {
        let book = app.weaknesses(today)?;
        let devices = book.devices().iter().map(|one| book.device_view(one)).collect();
        Ok(WeakDevices { state: book.state().to_owned(), devices })
    })
    .await
}

/// Companies that the hospital turns to, with the vulnerabilities of the devices for which it does.
#[derive(Serialize, JsonSchema)]
struct WeakVendors {
    /// `ready`, `none`, `lost` or `damaged`: whether anything can be judged.
    state: String,
    /// Every vendor of whose devices there is something to tell, the most urgent first.
    vendors: Vec<WeakVendorView>,
}

async fn weak_vendors(call: Call) -> Answer {
    let today = call.today();
    call.answer(move |app| {
        let book = app.weaknesses(today)?;
        Ok(WeakVendors { state: book.state().to_owned(), vendors: book.vendors().to_vec() })
    })
    .await
}

/// One vulnerability.
#[derive(Serialize, JsonSchema)]
struct Vulnerability {
    /// What every party says of it, and what the hospital decided; none where it concerns nothing here.
    vulnerability: Option<VulnerabilityPageView>,
}

async fn vulnerability(call: Call, Path(id): Path<String>) -> Answer {
    let today = call.today();
    call.answer(move |app| {
        let book = app.weaknesses(today)?;
        Ok(Vulnerability { vulnerability: app.vulnerability(&book, &id)? })
    })
    .await
}

async fn systems(call: Call) -> Answer {
    call.answer(|app| Ok(Systems { systems: app.systems()? })).await
}

async fn departments(call: Call) -> Answer {
    call.answer(|app| Ok(Departments { departments: app.departments()? })).await
}

async fn lines(call: Call) -> Answer {
    call.answer(|app| Ok(Lines { lines: app.lines()? })).await
}

async fn ports(call: Call) -> Answer {
    call.answer(|app| Ok(Ports { ports: app.ports()? })).await
}

async fn jobs(call: Call) -> Answer {
    call.answer(|app| Ok(Jobs { jobs: app.jobs()? })).await
}

async fn scans(call: Call) -> Answer {
    call.answer(|app| Ok(Scans { scans: app.scans()? })).await
}
