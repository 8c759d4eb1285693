//! `mimawari help [COMMAND…]`

use std::process::ExitCode;

use clap::ArgMatches;
use domain::msg;
use reference::Catalogue;

use super::Done;
use crate::output::{self, Failure};
use crate::{command, markdown};

pub(super) fn run(args: &ArgMatches, texts: &Catalogue) -> Done {
    if args.get_flag("markdown") {
        output::text(&markdown::commands())?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut root = command::build(texts);
    root.build();
    let mut found = &mut root;
    for name in args.get_many::<String>("command").into_iter().flatten() {
        found = found
            .find_subcommand_mut(name)
            .ok_or_else(|| Failure::new(texts, &msg!("usage.unknown_command", command = name)))?;
    }
    output::text(&found.render_help().to_string())?;
    Ok(ExitCode::SUCCESS)
}
