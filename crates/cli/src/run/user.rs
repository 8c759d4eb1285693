//! `mimawari user add | reset`: lets people in from the console.

use std::process::ExitCode;

use app::NewAccount;
use clap::ArgMatches;
use domain::{Role, msg};
use jiff::civil::Date;
use serde_json::json;

use super::{Desk, Done};
use crate::output;

pub(super) fn run(args: &ArgMatches, desk: &Desk) -> Done {
    let (login, made) = match args.subcommand() {
        Some(("add", args)) => {
            let new = new_account(args);
            (new.login.clone(), desk.app.add_account(&new, &desk.act()))
        }
        Some(("reset", args)) => {
            let login = login(args);
            (login.clone(), desk.app.reset_account(&login, &desk.act()))
        }
        _ => return Ok(ExitCode::from(2)),
    };
    let password = made.map_err(|error| desk.fail(&error))?;
    if desk.json {
        output::json(&json!({ "login": login, "first_password": password }))?;
    } else {
        output::text(&desk.say(&msg!("cli.user.password", login = login, password = password)))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn login(args: &ArgMatches) -> String {
    args.get_one::<String>("login").cloned().unwrap_or_default()
}

fn new_account(args: &ArgMatches) -> NewAccount {
    let login = login(args);
    let role = args.get_one::<String>("role").and_then(|key| Role::from_key(key));
    NewAccount {
        name: args.get_one::<String>("name").cloned().unwrap_or_else(|| login.clone()),
        login,
        role: role.unwrap_or(Role::Operator),
        ends: args.get_one::<Date>("until").copied(),
    }
}
