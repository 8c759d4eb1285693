//! `mimawari zones [set NAME CIDR… | remove NAME]`

use std::process::ExitCode;

use app::ZoneView;
use clap::ArgMatches;
use domain::{Network, Probe, Zone, ZoneKind, msg};
use serde_json::json;

use super::{Desk, Done};
use crate::output;
use crate::table::Table;

pub(super) fn run(args: &ArgMatches, desk: &Desk) -> Done {
    match args.subcommand() {
        Some(("set", args)) => set(args, desk),
        Some((_, args)) => remove(args, desk),
        None => list(args, desk),
    }
}

fn set(args: &ArgMatches, desk: &Desk) -> Done {
    let word = |name: &str| args.get_one::<String>(name).map_or("", String::as_str);
    let zone = Zone {
        name: word("name").to_owned(),
        networks: args.get_many::<Network>("networks").into_iter().flatten().copied().collect(),
        // The command line takes only words that are kinds and ways of probing.
        kind: ZoneKind::from_key(word("kind")).unwrap_or(ZoneKind::Unclassified),
        probe: Probe::from_key(word("probe")).unwrap_or(Probe::Passive),
    };
    desk.app.set_zone(&zone, &desk.act()).map_err(|error| desk.fail(&error))?;
    done(desk, &msg!("cli.zones.done", zone = &zone.name))
}

fn remove(args: &ArgMatches, desk: &Desk) -> Done {
    let name = args.get_one::<String>("name").map_or("", String::as_str);
    desk.app.remove_zone(name, &desk.act()).map_err(|error| desk.fail(&error))?;
    done(desk, &msg!("cli.zones.removed", zone = name))
}

fn done(desk: &Desk, message: &domain::Message) -> Done {
    if desk.json {
        let zones = desk.app.zones().map_err(|error| desk.fail(&error))?;
        output::json(&json!({ "zones": zones }))?;
    } else {
        output::text(&desk.say(message))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn list(args: &ArgMatches, desk: &Desk) -> Done {
    let zones = desk.app.zones().map_err(|error| desk.fail(&error))?;
    if desk.json {
        output::json(&json!({ "zones": zones }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let header = desk.header([
        "column.zone",
        "column.networks",
        "column.zone_kind",
        "column.probe",
        "column.devices",
        "column.medical",
        "column.unlisted",
    ]);
    let suggested = zones.iter().any(|zone| zone.suggested);
    let rows: Vec<Vec<String>> = zones.iter().map(|zone| row(desk, zone)).collect();
    if args.get_flag("csv") {
        output::csv(&header, rows)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut table = Table::new(header);
    rows.into_iter().for_each(|row| table.row(row));
    output::table(&table)?;
    if suggested {
        output::text(&desk.text("cli.zones.suggested_help"))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn row(desk: &Desk, zone: &ZoneView) -> Vec<String> {
    vec![
        zone.name.clone().unwrap_or_else(|| desk.text("cli.zones.suggested")),
        zone.networks.join(", "),
        desk.word("zone_kind", zone.kind.as_deref()),
        desk.word("probe", zone.probe.as_deref()),
        zone.devices.to_string(),
        zone.medical.to_string(),
        zone.unlisted.to_string(),
    ]
}
