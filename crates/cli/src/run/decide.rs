//! `mimawari decide FINDING --state S [--until D] --reason TEXT`

use std::process::ExitCode;

use app::Choice;
use clap::ArgMatches;
use domain::{FindingState, msg};
use jiff::civil::Date;

use super::{Desk, Done};
use crate::output;

pub(super) fn run(args: &ArgMatches, desk: &Desk) -> Done {
    let word = |name: &str| args.get_one::<String>(name).map_or("", String::as_str);
    let choice = Choice {
        // The command line takes only words that are states.
        state: FindingState::from_key(word("state")).unwrap_or(FindingState::Open),
        until: args.get_one::<Date>("until").copied(),
        reason: word("reason").to_owned(),
    };
    let finding =
        desk.app.decide(word("finding"), choice, &desk.act()).map_err(|error| desk.fail(&error))?;
    if desk.json {
        output::json(&finding)?;
    } else {
        let state = desk.word("finding_state", Some(&finding.state));
        output::text(&desk.say(&msg!("cli.decide.done", title = finding.title, state = state)))?;
    }
    Ok(ExitCode::SUCCESS)
}
