//! Devices.

use app::{App, AppError, ChartView, DeviceView, Moment};
use axum::extract::Path;
use domain::DeviceId;
use schemars::JsonSchema;
use serde::Serialize;

use super::call::{Call, bad};
use super::operation::{CURSOR, Kind, LIMIT, Operation, Param};
use crate::answer::Answer;
use domain::msg;

const SEARCH: Param = Param::of("search", Kind::Text);

pub(super) fn operations() -> Vec<Operation> {
    vec![
        Operation::get::<DevicesPart, _, _>("devices", "/api/v1/devices", list)
            .asking(&[SEARCH, CURSOR, LIMIT]),
        Operation::get::<ChartView, _, _>("device", "/api/v1/devices/{id}", show),
    ]
}

/// A part of the list of devices.
#[derive(Serialize, JsonSchema)]
struct DevicesPart {
    /// The devices, in the order of the list.
    devices: Vec<DeviceView>,
    /// What to give as `cursor` for the next part; none at the end.
    next: Option<String>,
}

async fn list(call: Call) -> Answer {
    let search = call.text("search").unwrap_or_default().to_owned();
    let after = call.text("cursor").map(str::parse::<DeviceId>).transpose();
    let after = after.map_err(|_| bad(msg!("web.api.bad_cursor")))?;
    let (most, today) = (call.limit(), call.today());
    call.answer(move |app| {
        let (devices, next) = app.devices_after(&search, after, most, today)?;
        Ok(DevicesPart { devices, next: next.map(|id| id.to_string()) })
    })
    .await
}

async fn show(call: Call, Path(name): Path<String>) -> Answer {
    let (today, short) = (call.today(), name.clone());
    let at_hand = move |moment: &Moment<'_>| moment.device_at_hand(&short, today);
    call.answer_soon(at_hand, move |moment| moment.device_named(&name, today)).await
}

/// The device that scripts call so: by id, asset number, computer name, address or MAC.
pub(super) fn named(app: &App, name: &str) -> Result<DeviceId, AppError> {
    app.find_device(name)
}
