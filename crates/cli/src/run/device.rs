//! `mimawari device ID | merge A B | apart A B | split ID SIGN… | undo`

use std::process::ExitCode;

use app::{ChartView, StatedView};
use clap::ArgMatches;
use domain::{Addressing, DeviceId, Field, msg};

use super::{Desk, Done, mark};
use crate::output::{self, Failure};
use crate::table::Table;
use crate::time;

pub(super) fn run(args: &ArgMatches, desk: &Desk) -> Done {
    match args.subcommand() {
        Some(("merge", args)) => merge(args, desk),
        Some(("apart", args)) => apart(args, desk),
        Some(("split", args)) => split(args, desk),
        Some(_) => undo(desk),
        None => show(named(args, "device", desk)?, desk),
    }
}

fn named(args: &ArgMatches, name: &str, desk: &Desk) -> Result<DeviceId, Failure> {
    let written = args.get_one::<String>(name).map_or("", String::as_str);
    desk.app.find_device(written).map_err(|error| desk.fail(&error))
}

fn merge(args: &ArgMatches, desk: &Desk) -> Done {
    let (one, other) = (named(args, "one", desk)?, named(args, "other", desk)?);
    let view = desk.app.merge(one, other, &desk.act()).map_err(|error| desk.fail(&error))?;
    answer(desk, &view, "cli.device.merged")
}

fn apart(args: &ArgMatches, desk: &Desk) -> Done {
    let (one, other) = (named(args, "one", desk)?, named(args, "other", desk)?);
    let view = desk.app.keep_apart(one, other, &desk.act()).map_err(|error| desk.fail(&error))?;
    answer(desk, &view, "cli.device.kept_apart")
}

fn split(args: &ArgMatches, desk: &Desk) -> Done {
    let device = named(args, "device", desk)?;
    let signs: Vec<String> =
        args.get_many::<String>("signs").into_iter().flatten().cloned().collect();
    let view = desk.app.split(device, &signs, &desk.act()).map_err(|error| desk.fail(&error))?;
    answer(desk, &view, "cli.device.parted")
}

fn undo(desk: &Desk) -> Done {
    let view = desk.app.undo_identity(&desk.act()).map_err(|error| desk.fail(&error))?;
    answer(desk, &view, "cli.device.undone")
}

fn answer(desk: &Desk, view: &app::FileView, key: &'static str) -> Done {
    if desk.json {
        output::json(&serde_json::json!({
            "devices_new": view.devices_new,
            "devices_changed": view.devices_changed,
            "devices_gone": view.devices_gone,
        }))?;
    } else {
        output::text(&desk.text(key))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn show(id: DeviceId, desk: &Desk) -> Done {
    let chart = desk.app.device(id, time::today()).map_err(|error| desk.fail(&error))?;
    if desk.json {
        output::json(&chart)?;
    } else {
        output::text(&told(desk, &chart))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn told(desk: &Desk, chart: &ChartView) -> String {
    let device = &chart.device;
    let name = device
        .interfaces
        .iter()
        .flat_map(|interface| &interface.hostnames)
        .next()
        .or(device.name.as_ref());
    let mut text =
        format!("{}  ({})\n", name.map_or(device.id.as_str(), String::as_str), device.id);
    let stage = desk.word("lifecycle", Some(&device.lifecycle.stage));
    let end = device.lifecycle.eos.clone().unwrap_or_default();
    let support = format!("{}: {stage} {end}", desk.text("column.support"));
    text.push_str(&format!("{}\n\n", support.trim_end()));
    text.push_str(&layers(desk, chart));
    text.push_str(&format!("\n{}\n", desk.text("cli.device.cards")));
    text.push_str(&cards(desk, chart));
    if !chart.heard.is_empty() {
        text.push_str(&format!("\n{}\n", desk.text("cli.device.heard")));
        text.push_str(&heard(desk, chart));
    }
    text.push_str(&format!("\n{}\n", desk.text("cli.device.sources")));
    text.push_str(&observations(desk, chart));
    text.push_str(&format!("\n{}\n", desk.text("cli.device.known_by")));
    for sign in &chart.signs {
        text.push_str(&format!("  {sign}\n"));
    }
    let standing = chart.findings.iter().filter(|finding| finding.closed.is_none());
    text.push_str(&format!("\n{}\n", desk.text("cli.device.findings")));
    let mut none = true;
    for finding in standing {
        none = false;
        let state = desk.word("finding_state", Some(&finding.state));
        text.push_str(&format!(
            "  {} {} {} [{state}]\n    {}\n    {}\n",
            mark(&finding.severity),
            finding.rule,
            finding.title,
            finding.reason,
            finding.remedy
        ));
    }
    if none {
        text.push_str(&format!("  {}\n", desk.text("cli.device.no_findings")));
    }
    text
}

fn layers(desk: &Desk, chart: &ChartView) -> String {
    let mut table = Table::new(desk.header([
        "column.field",
        "layer.declared",
        "layer.observed",
        "column.source",
    ]));
    let (declared, observed) = (&chart.device.declared, &chart.device.observed);
    for field in Field::ALL.into_iter().filter(|field| *field != Field::Banner) {
        let (one, other) = (declared.get(field.key()), observed.get(field.key()));
        if one.is_none() && other.is_none() {
            continue;
        }
        table.row([
            desk.text(&format!("field.{}", field.key())),
            one.map(|value| shown(desk, field, value)).unwrap_or_default(),
            other.map(|value| shown(desk, field, value)).unwrap_or_default(),
            one.or(other).map(|value| place(desk, &value.source, &value.place)).unwrap_or_default(),
        ]);
    }
    table.render()
}

/// The value as written; words of the vocabulary in the reader's language where nothing else was written.
fn shown(desk: &Desk, field: Field, value: &StatedView) -> String {
    // Beside a fixed address the cell holds the address, which stands elsewhere on the page.
    let fixed = field == Field::Addressing && value.value == Addressing::Static.key();
    if let Some(written) = value.written.as_ref().filter(|_| !fixed) {
        return written.clone();
    }
    let family = match field {
        Field::Addressing => "addressing",
        Field::Kind => "kind",
        Field::Status => "status",
        _ => return value.value.clone(),
    };
    desk.text(&format!("{family}.{}", value.value))
}

fn place(desk: &Desk, source: &str, place: &str) -> String {
    let place = place
        .parse::<domain::Place>()
        .map(|place| desk.app.catalogue().place(&place))
        .unwrap_or_default();
    format!("{source} {place}")
}

fn cards(desk: &Desk, chart: &ChartView) -> String {
    let mut table = Table::new(desk.header([
        "column.mac",
        "column.vendor",
        "column.address",
        "layer.declared",
        "column.first_seen",
        "column.last_seen",
        "column.times",
    ]));
    for interface in &chart.device.interfaces {
        let mac = interface.mac.clone().unwrap_or_default();
        let vendor = interface.vendor.clone().unwrap_or_default();
        if interface.sightings.is_empty() {
            table.row([
                mac.clone(),
                vendor.clone(),
                String::new(),
                String::new(),
                String::new(),
                String::new(),
                String::new(),
            ]);
        }
        for sighting in &interface.sightings {
            table.row([
                mac.clone(),
                vendor.clone(),
                sighting.address.clone(),
                if sighting.declared { "○".to_owned() } else { String::new() },
                sighting.first_seen.as_deref().map(time::shown).unwrap_or_default(),
                sighting.last_seen.as_deref().map(time::shown).unwrap_or_default(),
                sighting.count.to_string(),
            ]);
        }
    }
    table.render()
}

/// What was said over the network, and what it tells.
fn heard(desk: &Desk, chart: &ChartView) -> String {
    let mut table = Table::new(desk.header([
        "field.banner",
        "column.heard_program",
        "column.heard_system",
        "column.heard_machine",
    ]));
    for one in &chart.heard {
        let [program, system, machine] = one.told().map(|told| told.unwrap_or_default().to_owned());
        table.row([one.said.clone(), program, system, machine]);
    }
    table.render()
}

/// The newest observations are told; all of them stand in `--json`.
const OBSERVATIONS_TOLD: usize = 12;

fn observations(desk: &Desk, chart: &ChartView) -> String {
    let mut table = Table::new(desk.header([
        "column.captured",
        "column.what",
        "column.source",
        "column.place",
        "column.number",
    ]));
    for observation in chart.observations.iter().rev().take(OBSERVATIONS_TOLD) {
        let place = observation
            .place
            .parse::<domain::Place>()
            .map(|place| desk.app.catalogue().place(&place));
        table.row([
            time::shown(&observation.captured_at),
            desk.word("observation", Some(&observation.kind)),
            observation.source.clone(),
            place.unwrap_or_default(),
            observation.import.to_string(),
        ]);
    }
    let mut text = table.render();
    if chart.observations.len() > OBSERVATIONS_TOLD {
        let more = chart.observations.len() - OBSERVATIONS_TOLD;
        text.push_str(&format!("  {}\n", desk.say(&msg!("cli.device.more", more = more))));
    }
    text
}
