//! People's word on which devices are one.

use app::{DoubtView, FileView};
use axum::extract::Path;
use domain::Permission;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::{Call, Sent};
use super::devices::named;
use super::operation::Operation;
use crate::answer::Answer;

pub(super) fn operations() -> Vec<Operation> {
    let work = Permission::Work;
    vec![
        Operation::get::<Queue, _, _>("queue", "/api/v1/queue", queue),
        Operation::post::<Derived, _, _>("merge", "/api/v1/devices/{id}/merge", work, merge)
            .taking::<Merge>(),
        Operation::post::<Derived, _, _>("split", "/api/v1/devices/{id}/split", work, split)
            .taking::<Split>(),
        Operation::post::<Derived, _, _>("identity_undo", "/api/v1/identity/undo", work, undo),
    ]
}

/// Pairs of devices that may be one.
#[derive(Serialize, JsonSchema)]
struct Queue {
    /// The pairs.
    queue: Vec<DoubtView>,
}

/// What followed from a word on identity.
#[derive(Serialize, JsonSchema)]
struct Derived {
    /// Devices that were not known before.
    devices_new: u64,
    /// Devices of which something else is known now.
    devices_changed: u64,
    /// Devices that are gone, because others absorbed them.
    devices_gone: u64,
}

impl From<FileView> for Derived {
    fn from(view: FileView) -> Self {
        let FileView { devices_new, devices_changed, devices_gone, .. } = view;
        Self { devices_new, devices_changed, devices_gone }
    }
}

/// With which device it is one.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Merge {
    /// The other device: id, asset number, computer name, address or MAC.
    other: String,
}

/// What does not belong to the device.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Split {
    /// Signs of the device, as its `signs` write them.
    signs: Vec<String>,
}

async fn queue(call: Call) -> Answer {
    call.answer(|app| Ok(Queue { queue: app.queue()? })).await
}

async fn merge(call: Call, Path(name): Path<String>, Sent(with): Sent<Merge>) -> Answer {
    call.change(move |app, act| {
        let (one, other) = (named(app, &name)?, named(app, &with.other)?);
        app.merge(one, other, act).map(Derived::from)
    })
    .await
}

async fn split(call: Call, Path(name): Path<String>, Sent(away): Sent<Split>) -> Answer {
    call.change(move |app, act| app.split(named(app, &name)?, &away.signs, act).map(Derived::from))
        .await
}

async fn undo(call: Call) -> Answer {
    call.change(|app, act| app.undo_identity(act).map(Derived::from)).await
}
