//! `mimawari help [COMMAND…]`

use std::process::ExitCode;

use clap::ArgMatches;
use domain::msg;
use reference::Catalogue;

use super::Done;
use crate::{command, markdown, output};

pub(super) fn run(args: &ArgMatches, texts: &Catalogue) -> Done {
    if args.get_flag("markdown") {
        output::text(&markdown::commands())?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut root = command::build(texts);
    root.build();
    let mut found = &mut root;
    for name in args.get_many::<String>("command").into_iter().flatten() {
        let Some(next) = found.find_subcommand_mut(name) else {
            eprintln!(
                "{}",
                output::lines(&texts.say(&msg!("usage.unknown_command", command = name)))
            );
            return Ok(ExitCode::from(2));
        };
        found = next;
    }
    output::text(&found.render_help().to_string())?;
    Ok(ExitCode::SUCCESS)
}
