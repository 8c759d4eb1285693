//! Zones.

use app::{App, AppError, ZoneView};
use domain::{Network, Permission, Probe, Zone, ZoneKind, msg};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::{Call, Sent, bad};
use super::operation::Operation;
use crate::answer::Answer;
use crate::problem::Problem;

pub(super) fn operations() -> Vec<Operation> {
    let (keep, removing) = (Permission::Keep, "/api/v1/zones/remove");
    vec![
        Operation::get::<Zones, _, _>("zones", "/api/v1/zones", list),
        Operation::post::<Zones, _, _>("zone_set", "/api/v1/zones", keep, set).taking::<NewZone>(),
        Operation::post::<Zones, _, _>("zone_remove", removing, keep, remove).taking::<NamedZone>(),
    ]
}

/// The zones people named, then networks that could become one.
#[derive(Serialize, JsonSchema)]
struct Zones {
    /// The zones.
    zones: Vec<ZoneView>,
}

/// A zone; it takes the place of one of the same name.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewZone {
    /// Its name.
    name: String,
    /// Its address ranges, such as `10.1.2.0/24`.
    networks: Vec<String>,
    /// What it is for, by key; `unclassified` where nothing is said.
    #[serde(default)]
    kind: Option<String>,
    /// How it may be probed, by key; `passive` where nothing is said.
    #[serde(default)]
    probe: Option<String>,
}

/// The name of a zone.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NamedZone {
    /// Its name.
    name: String,
}

impl NewZone {
    fn zone(self) -> Result<Zone, Problem> {
        if self.name.trim().is_empty() || self.name.chars().count() > 100 {
            return Err(bad(msg!("web.api.zone_name")));
        }
        let network = |text: &String| {
            let read = text.parse::<Network>();
            read.map_err(|_| bad(msg!("web.api.zone_network", network = text.as_str())))
        };
        let networks = self.networks.iter().map(network).collect::<Result<Vec<_>, _>>()?;
        if networks.is_empty() {
            return Err(bad(msg!("web.api.zone_networks")));
        }
        let kinds = ZoneKind::ALL.iter().map(|kind| kind.key());
        let probes = Probe::ALL.iter().map(|probe| probe.key());
        Ok(Zone {
            name: self.name,
            networks,
            kind: word("kind", self.kind, ZoneKind::from_key, kinds)?
                .unwrap_or(ZoneKind::Unclassified),
            probe: word("probe", self.probe, Probe::from_key, probes)?.unwrap_or(Probe::Passive),
        })
    }
}

/// The word that `key` names, where one was given.
fn word<T>(
    name: &'static str,
    key: Option<String>,
    from_key: fn(&str) -> Option<T>,
    known: impl Iterator<Item = &'static str>,
) -> Result<Option<T>, Problem> {
    let Some(key) = key else { return Ok(None) };
    let unknown = || bad(msg!("web.api.bad_word", name = name, known = known.collect::<Vec<_>>()));
    from_key(&key).ok_or_else(unknown).map(Some)
}

fn zones(app: &App) -> Result<Zones, AppError> {
    Ok(Zones { zones: app.zones()? })
}

async fn list(call: Call) -> Answer {
    call.answer(zones).await
}

async fn set(call: Call, Sent(new): Sent<NewZone>) -> Answer {
    let zone = new.zone()?;
    call.change(move |app, act| app.set_zone(&zone, act).and_then(|()| zones(app))).await
}

async fn remove(call: Call, Sent(zone): Sent<NamedZone>) -> Answer {
    call.change(move |app, act| app.remove_zone(&zone.name, act).and_then(|()| zones(app))).await
}
