//! Where the desk's log goes: stderr, where a service manager keeps it, or files that do not grow for ever; and, where a person set
//! it up, warnings and the record to the hospital's collector.
//!
//! `MIMAWARI_LOG` says what is told (`warn`; `info` has a line for every answer).

mod collector;
mod rolling;

use std::io;
use std::path::PathBuf;
use std::sync::Mutex;

use app::App;
use clap::ArgMatches;
use domain::{Message, msg};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

pub(crate) use collector::Courier;
use collector::{Collector, Warnings};
use rolling::Rolling;

/// Opens the log as the options of `serve` say; `None` where the command was not typed. The courier carries to the collector until
/// it is told to end.
pub(crate) fn open(own: Option<&ArgMatches>, app: &App) -> Result<Option<Courier>, Message> {
    let path = own.and_then(|args| args.get_one::<PathBuf>("log-file"));
    let keep = own.and_then(|args| args.get_one::<u32>("log-keep")).copied().unwrap_or(1);
    let json = own.and_then(|args| args.get_one::<String>("log-format"));
    let json = json.is_some_and(|format| format == "json");
    let lines = match path {
        Some(path) => {
            let unwritable = |error: io::Error| {
                let path = path.display().to_string();
                msg!("cli.serve.log_unwritable", path = path, cause = error.to_string())
            };
            let file = Mutex::new(Rolling::open(path, keep).map_err(unwritable)?);
            // A file is kept to be looked at afterwards: it has the answers too.
            told(file, json, "warn,access=info")
        }
        None => told(io::stderr, json, "warn"),
    };
    let url = own.and_then(|args| args.get_one::<String>("syslog"));
    let collector = url.map(|url| {
        let unfit = |()| msg!("cli.serve.bad_syslog", address = url);
        url.parse::<Collector>().map_err(unfit)
    });
    let courier = collector.transpose()?.map(|collector| Courier::start(collector, app.clone()));
    let warnings =
        courier.as_ref().map(|courier| Warnings::through(courier).with_filter(LevelFilter::WARN));
    // Whoever set a subscriber before goes on with it.
    let _ = tracing_subscriber::registry().with(lines).with(warnings).try_init();
    Ok(courier)
}

/// Lines for `out`, of what `MIMAWARI_LOG` asks for, or else `usual`.
fn told<S, W>(out: W, json: bool, usual: &str) -> Box<dyn Layer<S> + Send + Sync>
where
    S: tracing::Subscriber + for<'a> LookupSpan<'a>,
    W: for<'w> tracing_subscriber::fmt::MakeWriter<'w> + Send + Sync + 'static,
{
    let filter = EnvFilter::try_from_env("MIMAWARI_LOG").unwrap_or_else(|_| EnvFilter::new(usual));
    let lines = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(out);
    match json {
        true => lines.json().flatten_event(true).with_filter(filter).boxed(),
        false => lines.with_filter(filter).boxed(),
    }
}
