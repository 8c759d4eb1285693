//! `mimawari queue`

use std::process::ExitCode;

use clap::ArgMatches;
use domain::Sign;
use serde_json::json;

use super::{Desk, Done};
use crate::output;

pub(super) fn run(args: &ArgMatches, desk: &Desk) -> Done {
    let queue = desk.app.queue().map_err(|error| desk.fail(&error))?;
    if desk.json {
        output::json(&json!({ "queue": queue }))?;
        return Ok(ExitCode::SUCCESS);
    }
    if args.get_flag("csv") {
        let header = desk.header([
            "column.one",
            "column.id",
            "column.other",
            "column.id",
            "column.for",
            "column.against",
        ]);
        let rows = queue.into_iter().map(|doubt| {
            vec![
                doubt.one_label,
                doubt.one,
                doubt.other_label,
                doubt.other,
                doubt.link,
                doubt.against,
            ]
        });
        output::csv(&header, rows)?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut text = String::new();
    for doubt in &queue {
        text.push_str(&format!(
            "{}  ({})\n{}  ({})\n",
            doubt.one_label, doubt.one, doubt.other_label, doubt.other
        ));
        text.push_str(&format!("  + {}: {}\n", desk.text("column.for"), link(desk, &doubt.link)));
        text.push_str(&format!("  - {}: {}\n\n", desk.text("column.against"), doubt.against));
        text.truncate(text.trim_end().len());
        text.push_str(&format!("\n    mimawari device merge {} {}\n", doubt.one, doubt.other));
        text.push_str(&format!("    mimawari device apart {} {}\n\n", doubt.one, doubt.other));
    }
    text.push_str(&desk.text(if queue.is_empty() { "cli.queue.none" } else { "cli.queue.next" }));
    output::text(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// What both devices carry, in words: the kind of sign and its value.
fn link(desk: &Desk, sign: &str) -> String {
    let Ok(sign) = sign.parse::<Sign>() else { return sign.to_owned() };
    let (word, value) = match &sign {
        Sign::AssetNumber { number, .. } => ("sign.asset", number.clone()),
        Sign::Serial { serial, .. } => ("sign.serial", serial.clone()),
        Sign::Mac(mac) | Sign::LocalMac { mac, .. } => ("sign.mac", mac.to_string()),
        Sign::HostName(name) => ("sign.host", name.clone()),
        Sign::Address { address, .. } => ("sign.address", address.to_string()),
        Sign::Row(_) => ("sign.row", String::new()),
    };
    format!("{} {value}", desk.text(word)).trim_end().to_owned()
}
