//! `mimawari serve`, and plain `mimawari`: opens the desk.

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::ArgMatches;
use domain::msg;
use reference::Catalogue;
use web::{Bound, Certificate, Config};

use super::{Desk, Done, import};
use crate::output::Failure;
use crate::{log, notify, thrift, time};

/// Where the desk answers unless told otherwise: this PC alone.
const USUAL: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);

/// Opens the desk; `own` are its own options where the command was typed, `global` those of every command.
pub(super) fn run(own: Option<&ArgMatches>, global: &ArgMatches, texts: Catalogue) -> Done {
    thrift::begin();
    let language = texts.language();
    let desk = Desk::open(global, texts)?;
    if let Some(url) = own.and_then(|args| args.get_one::<String>("database")) {
        return Err(fail(&desk, &msg!("cli.serve.no_database", url = url)));
    }
    if own.is_some_and(|args| args.get_flag("demo")) {
        import::demo(&desk)?;
    }
    let courier = log::open(own, &desk.app).map_err(|message| fail(&desk, &message))?;
    let asked = own.and_then(|args| args.get_one::<SocketAddr>("listen")).copied();
    let address = asked.unwrap_or(USUAL);
    let bound = Bound::to(address)
        .map_err(|_| fail(&desk, &msg!("cli.serve.taken", address = address.to_string())))?;
    let certificate = certificate(own, &desk, bound.address())?;
    let config = Config { secure: certificate.is_some(), clock: time::now, language };
    let open = web::Desk::open(&desk.app, config);
    greet(&desk, &open, &bound, certificate.as_ref())?;
    let address = bound.address();
    let ran = web::run(bound, open, certificate, || notify::tell(notify::READY));
    notify::tell(notify::STOPPING);
    if let Some(courier) = courier {
        courier.end();
    }
    ran.map_err(|_| fail(&desk, &msg!("cli.serve.taken", address = address.to_string())))?;
    tell(&desk.text("cli.serve.stopped"));
    Ok(ExitCode::SUCCESS)
}

fn fail(desk: &Desk, message: &domain::Message) -> Failure {
    Failure::new(desk.app.catalogue(), message)
}

/// The given certificate; one of our own for other PCs than this; none for this PC alone.
fn certificate(
    own: Option<&ArgMatches>,
    desk: &Desk,
    address: SocketAddr,
) -> Result<Option<Certificate>, Failure> {
    let path = |name: &str| own.and_then(|args| args.get_one::<PathBuf>(name)).cloned();
    let unfit = |path: PathBuf| {
        fail(desk, &msg!("cli.serve.no_certificate", path = path.display().to_string()))
    };
    if let (Some(certificate), Some(key)) = (path("certificate"), path("key")) {
        let given =
            Certificate::given(&certificate, &key).map_err(|_| unfit(certificate.clone()))?;
        return in_force(given, desk).map(Some);
    }
    if address.ip().is_loopback() {
        return Ok(None);
    }
    let folder = desk.app.folder().join("tls");
    let made = Certificate::own(&folder, address.ip(), time::now());
    let made = made.map_err(|_| unfit(folder))?;
    in_force(made, desk).map(Some)
}

/// A certificate that is over is told at once, and not by browsers that refuse it.
fn in_force(certificate: Certificate, desk: &Desk) -> Result<Certificate, Failure> {
    match certificate.ends.filter(|end| *end <= time::now()) {
        None => Ok(certificate),
        Some(end) => {
            let (path, day) = (certificate.file.display().to_string(), app::day_of(end));
            Err(fail(desk, &msg!("cli.serve.certificate_over", path = path, day = day)))
        }
    }
}

/// Says where the desk is; and how to begin, where nobody has an account yet.
fn greet(
    desk: &Desk,
    open: &web::Desk,
    bound: &Bound,
    certificate: Option<&Certificate>,
) -> Result<(), Failure> {
    let base = address_to_open(bound.address(), certificate.is_some());
    tell(&desk.say(&msg!("cli.serve.ready", url = base.as_str())));
    if let Some(own) = certificate.filter(|certificate| certificate.is_own) {
        let path = own.file.display().to_string();
        let fingerprint = own.fingerprint.as_str();
        let message = msg!("cli.serve.own_certificate", path = path, fingerprint = fingerprint);
        tell(&desk.say(&message));
    }
    let start = open.start_path().map_err(|error| desk.fail(&error))?;
    if let Some(path) = start {
        let message = msg!("cli.serve.start", url = format!("{base}{path}"));
        tell(&format!("\n{}\n", desk.say(&message)));
    }
    Ok(())
}

/// Says something to whoever started the desk. That nobody listens any more must not end it.
fn tell(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// What a browser on this PC opens.
fn address_to_open(address: SocketAddr, is_secure: bool) -> String {
    let scheme = if is_secure { "https" } else { "http" };
    let address = match address.ip() {
        ip if ip.is_unspecified() => {
            SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), address.port())
        }
        _ => address,
    };
    format!("{scheme}://{address}")
}
