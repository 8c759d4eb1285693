//! `mimawari help [COMMAND…]`

use std::process::ExitCode;

use clap::ArgMatches;
use domain::msg;
use reference::{Catalogue, Language};

use super::Done;
use crate::{command, markdown, output};

pub(super) fn run(args: &ArgMatches, texts: &Catalogue) -> Done {
    if args.get_flag("markdown") {
        output::text(&markdown::commands())?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(name) = args.get_one::<String>("page") {
        output::text(&page(name))?;
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

/// A page of `docs/` that the desk describes itself with.
fn page(name: &str) -> String {
    let english = Catalogue::load(Language::En);
    match name {
        "api" => web::api_markdown(&english),
        "openapi" => format!("{:#}\n", web::openapi(&english)),
        _ => web::roles_markdown(&english),
    }
}
