//! Commands, one file each: take the arguments, call `app`, print.

mod audit;
mod backup;
mod changes;
mod decide;
mod device;
mod devices;
mod explain;
mod feeds;
mod findings;
mod help;
mod import;
mod imports;
mod inquiries;
mod lists;
mod match_parts;
mod notices;
mod parts;
mod products;
mod queue;
mod round;
mod serve;
mod user;
mod vex;
mod weaknesses;
mod zones;

use std::path::PathBuf;
use std::process::ExitCode;

use app::{Act, App, AppError};
use clap::ArgMatches;
use domain::{Actor, Message};
use reference::Catalogue;

use crate::output::Failure;
use crate::time;

type Done = Result<ExitCode, Failure>;

/// Runs the command that `matches` names.
pub(crate) fn run(matches: &ArgMatches, texts: Catalogue) -> Done {
    // The desk is what most people start, by a double click.
    let Some((name, args)) = matches.subcommand() else { return serve::run(None, matches, texts) };
    match name {
        "serve" => return serve::run(Some(args), args, texts),
        "explain" => return explain::run(args, &texts),
        "help" => return help::run(args, &texts),
        "backup" => return backup::run(args, texts),
        "match" => return match_parts::run(args, texts),
        "feeds" => {
            if let Some(done) = feeds::run_apart(args, &texts) {
                return done;
            }
        }
        _ => {}
    }
    let desk = Desk::open(args, texts)?;
    match name {
        "audit" => audit::run(args, &desk),
        "changes" => changes::run(args, &desk),
        "decide" => decide::run(args, &desk),
        "departments" => lists::departments(args, &desk),
        "device" => device::run(args, &desk),
        "devices" => devices::run(args, &desk),
        "feeds" => feeds::run(args, &desk),
        "findings" => findings::run(args, &desk),
        "import" => import::run(args, &desk),
        "imports" => imports::run(args, &desk),
        "inquiries" => inquiries::run(args, &desk),
        "jobs" => lists::jobs(args, &desk),
        "lines" => lists::lines(args, &desk),
        "notices" => notices::run(args, &desk),
        "parts" => parts::run(args, &desk),
        "ports" => lists::ports(args, &desk),
        "weaknesses" => weaknesses::run(args, &desk),
        "products" => products::run(args, &desk),
        "queue" => queue::run(args, &desk),
        "round" => round::run(args, &desk),
        "scans" => lists::scans(args, &desk),
        "systems" => lists::systems(args, &desk),
        "user" => user::run(args, &desk),
        "vex" => vex::run(args, &desk),
        "zones" => zones::run(args, &desk),
        // `command::build` knows no other name.
        _ => Ok(ExitCode::from(2)),
    }
}

/// The open hospital, and how to answer.
struct Desk {
    app: App,
    json: bool,
}

impl Desk {
    fn open(args: &ArgMatches, texts: Catalogue) -> Result<Self, Failure> {
        let folder = args.get_one::<PathBuf>("data").cloned().unwrap_or_default();
        let facility = args.get_one::<String>("facility").cloned().unwrap_or_default();
        let speaker = Catalogue::load(texts.language());
        let app = App::open(&folder, &facility, texts)
            .map_err(|error| Failure::new(&speaker, &error.message()))?;
        Ok(Self { app, json: args.get_flag("json") })
    }

    /// Who acts: the person at this console.
    fn act(&self) -> Act {
        act()
    }

    fn fail(&self, error: &AppError) -> Failure {
        Failure::new(self.app.catalogue(), &error.message())
    }

    fn say(&self, message: &Message) -> String {
        self.app.catalogue().say(message)
    }

    fn text(&self, key: &str) -> String {
        self.app.catalogue().text(key).into_owned()
    }

    /// The words of `keys`, for the header of a table.
    fn header<const N: usize>(&self, keys: [&str; N]) -> [String; N] {
        keys.map(|key| self.text(key))
    }

    /// A word of the vocabulary, such as `status.in_use`; empty where there is none.
    fn word(&self, family: &str, key: Option<&str>) -> String {
        key.map_or_else(String::new, |key| self.text(&format!("{family}.{key}")))
    }
}

/// Who acts: the person at this console, now.
fn act() -> Act {
    let user = ["USER", "USERNAME", "LOGNAME"].iter().find_map(|name| std::env::var(name).ok());
    Act {
        actor: Actor(format!("console:{}", user.unwrap_or_else(|| "?".to_owned()))),
        now: time::now(),
    }
}

/// The sign that stands with a severity, so that colour is never alone.
fn mark(severity: &str) -> &'static str {
    match severity {
        "urgent" => "●",
        "warning" => "▲",
        "notice" => "・",
        _ => "?",
    }
}
