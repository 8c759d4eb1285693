//! 区画・回線: zones and networks that could become one, ways in and out, and switch ports.

use app::ZoneView;
use askama::Template;
use axum::Form;
use axum::extract::Query;
use axum::http::StatusCode;
use domain::{Network, Permission, Probe, Zone, ZoneKind, fold, msg};
use serde::Deserialize;

use super::pager::Pager;
use super::table::{Asked, Cell, EACH, Tab, Table, list_page, tabs};
use crate::answer::{Answer, go_and_say, page};
use crate::frame::Frame;
use crate::guard::Visitor;
use crate::problem::Problem;
use crate::routes::{Access, Route};

/// The pages beside each other.
const TABS: [&str; 3] = ["zones", "lines", "ports"];

/// The longest name of a zone, in letters.
const LONGEST_NAME: usize = 60;

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/zones", Access::May(Permission::Look), zones),
        Route::post("/zones/set", Access::May(Permission::Keep), set),
        Route::post("/zones/remove", Access::May(Permission::Keep), remove),
        Route::get("/lines", Access::May(Permission::Look), lines),
        Route::get("/ports", Access::May(Permission::Look), ports),
    ]
}

#[derive(Template)]
#[template(path = "network/zones.html")]
struct ZonesPage {
    frame: Frame,
    tabs: Vec<Tab>,
    q: String,
    named: Vec<ZoneView>,
    /// A part of them: see `pager`.
    suggested: Vec<ZoneView>,
    pager: Pager,
    kinds: Vec<&'static str>,
    probes: Vec<&'static str>,
    /// What was typed, where it could not be taken.
    asked_networks: String,
    problem: Option<String>,
}

async fn zones(visitor: Visitor, Query(asked): Query<Asked>) -> Answer {
    zones_page(&visitor, asked, String::new(), None).await
}

async fn zones_page(
    visitor: &Visitor,
    asked: Asked,
    asked_networks: String,
    problem: Option<Problem>,
) -> Answer {
    let lists = visitor.desk.lists(visitor.who()?.seen).await?;
    let words: Vec<String> = asked.q.split_whitespace().map(fold).collect();
    let holds = |zone: &&ZoneView| {
        let name = zone.name.as_deref().unwrap_or_default();
        let text = fold(&format!("{name} {}", zone.networks.join(" ")));
        words.iter().all(|word| text.contains(word.as_str()))
    };
    let (suggested, named): (Vec<ZoneView>, _) =
        lists.zones.iter().filter(holds).cloned().partition(|zone| zone.suggested);
    let frame = visitor.frame("network").await?;
    let pager = asked.pager(&frame, "/zones", suggested.len());
    let suggested = suggested.into_iter().skip(pager.skip()).take(EACH).collect();
    let problem = problem.map(|problem| frame.say(&problem.message));
    page(&ZonesPage {
        frame,
        tabs: tabs(&TABS, "zones"),
        q: asked.q,
        named,
        suggested,
        pager,
        kinds: ZoneKind::ALL.iter().map(|kind| kind.key()).collect(),
        // The gentlest first: it is what stands where nothing is chosen.
        probes: [Probe::Passive, Probe::Gentle, Probe::Normal].map(Probe::key).to_vec(),
        asked_networks,
        problem,
    })
}

#[derive(Deserialize)]
struct ZoneForm {
    name: String,
    networks: String,
    kind: String,
    probe: String,
}

impl ZoneForm {
    fn zone(&self) -> Result<Zone, Problem> {
        let wrong = |message| Problem::new(StatusCode::CONFLICT, message);
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > LONGEST_NAME || name.contains(char::is_control)
        {
            return Err(wrong(msg!("web.zones.bad_name", most = LONGEST_NAME)));
        }
        let words = self.networks.split(|c: char| c.is_whitespace() || matches!(c, ',' | '、'));
        let networks = words.filter(|word| !word.is_empty()).map(|word| {
            let read: Result<Network, _> = word.parse();
            read.map_err(|_| wrong(msg!("web.zones.bad_network", text = word)))
        });
        let networks: Vec<Network> = networks.collect::<Result<_, _>>()?;
        if networks.is_empty() {
            return Err(wrong(msg!("web.zones.no_network")));
        }
        let kind = ZoneKind::from_key(&self.kind).ok_or_else(Problem::bad_form)?;
        let probe = Probe::from_key(&self.probe).ok_or_else(Problem::bad_form)?;
        Ok(Zone { name: name.to_owned(), networks, kind, probe })
    }
}

async fn set(visitor: Visitor, Form(form): Form<ZoneForm>) -> Answer {
    let zone = match form.zone() {
        Ok(zone) => zone,
        Err(problem) => {
            return zones_page(&visitor, Asked::default(), form.networks, Some(problem)).await;
        }
    };
    visitor.change(move |app, act| app.set_zone(&zone, act)).await?;
    go_and_say("/zones", "zone_set")
}

#[derive(Deserialize)]
struct RemoveForm {
    name: String,
}

async fn remove(visitor: Visitor, Form(form): Form<RemoveForm>) -> Answer {
    visitor.change(move |app, act| app.remove_zone(&form.name, act)).await?;
    go_and_say("/zones", "zone_removed")
}

async fn lines(visitor: Visitor, Query(asked): Query<Asked>) -> Answer {
    let lists = visitor.desk.lists(visitor.who()?.seen).await?;
    let frame = visitor.frame("network").await?;
    let rows = lists.lines.iter().map(|line| {
        let kind = match line.kind.as_str() {
            "remote_maintenance" => frame.word("field", "remote_maintenance"),
            kind => frame.word("setting", kind),
        };
        let enabled = match line.enabled {
            Some(true) => frame.t("web.lines.on"),
            Some(false) => frame.t("web.lines.off"),
            None => frame.t("web.unknown"),
        };
        vec![
            Cell::link(&line.device, format!("/devices/{}", line.device_id)),
            Cell::text(kind),
            Cell::lines([line.name.as_str(), line.description.as_str()]),
            Cell::text(&line.peer),
            Cell::text(line.algorithms.join(", ")),
            Cell::text(enabled),
            Cell::text(line.contractor.as_deref().unwrap_or_default()),
        ]
    });
    let columns = [
        "column.device",
        "column.line_kind",
        "column.name",
        "field.peer",
        "field.algorithm",
        "column.enabled",
        "field.contractor",
    ];
    let table = Table::of("lines", &columns, rows, &asked.q);
    list_page(frame, &TABS, asked, table)
}

async fn ports(visitor: Visitor, Query(asked): Query<Asked>) -> Answer {
    let lists = visitor.desk.lists(visitor.who()?.seen).await?;
    let frame = visitor.frame("network").await?;
    let rows = lists.ports.iter().map(|port| {
        let hanging = port.devices.iter().zip(&port.device_ids);
        vec![
            Cell::link(&port.switch, format!("/devices/{}", port.switch_id)),
            Cell::text(&port.port),
            Cell::text(port.vlans.join(", ")),
            Cell::links(hanging.map(|(label, id)| (label.clone(), format!("/devices/{id}")))),
            Cell::text(port.neighbours.join(", ")),
        ]
    });
    let columns =
        ["field.switch", "field.port", "field.vlan", "column.on_port", "column.neighbours"];
    let table = Table::of("ports", &columns, rows, &asked.q);
    list_page(frame, &TABS, asked, table)
}
