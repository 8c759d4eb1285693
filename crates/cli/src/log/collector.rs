//! The hospital's collector of logs: warnings and every entry of the record are sent to it as RFC 5424, where a person set it up.
//!
//! Entries are read from the record itself, also those that other commands wrote, and the number of the last one sent is kept in the
//! data folder: what was written while the collector or the desk was down is sent later. Over UDP nobody says that a message came.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write};
use std::net::{TcpStream, ToSocketAddrs, UdpSocket};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use app::App;
use jiff::Timestamp;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

use crate::time;

/// How often the record is looked at.
const EVERY: Duration = Duration::from_secs(2);

/// How long a collector may keep us waiting.
const PATIENCE: Duration = Duration::from_secs(5);

/// Entries that are read at once.
const PART: u64 = 200;

/// Warnings that wait to be sent; more are dropped rather than waited for.
const WAITING: usize = 1000;

/// The longest message; a datagram must hold it (RFC 5426, 3.2).
const LONGEST: usize = 8 * 1024;

/// Facility "log audit", severity "notice" (RFC 5424, 6.2.1).
const AUDIT: u8 = 13 * 8 + 5;

/// Facility "system daemons", severities "error" and "warning".
const ERROR: u8 = 3 * 8 + 3;
const WARNING: u8 = 3 * 8 + 4;

/// Where messages are sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Collector {
    is_tcp: bool,
    address: String,
}

impl FromStr for Collector {
    type Err = ();

    fn from_str(url: &str) -> Result<Self, ()> {
        let (scheme, address) = url.split_once("://").ok_or(())?;
        let is_tcp = match scheme {
            "udp" => false,
            "tcp" => true,
            _ => return Err(()),
        };
        let (host, port) = address.rsplit_once(':').ok_or(())?;
        let is_port = port.parse::<u16>().is_ok_and(|port| port != 0);
        let fits = is_port && !host.is_empty() && !host.contains(['/', '@', ' ']);
        if fits { Ok(Self { is_tcp, address: address.to_owned() }) } else { Err(()) }
    }
}

/// The way to the collector, opened when something is to be sent.
struct Way {
    collector: Collector,
    tcp: Option<TcpStream>,
    udp: Option<UdpSocket>,
}

impl Way {
    fn send(&mut self, message: &str) -> io::Result<()> {
        let sent =
            if self.collector.is_tcp { self.send_tcp(message) } else { self.send_udp(message) };
        if sent.is_err() {
            (self.tcp, self.udp) = (None, None);
        }
        sent
    }

    fn send_tcp(&mut self, message: &str) -> io::Result<()> {
        let stream = match &mut self.tcp {
            Some(stream) => stream,
            none => {
                let address = self.collector.address.to_socket_addrs()?.next();
                let address = address.ok_or(io::ErrorKind::AddrNotAvailable)?;
                let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
                stream.set_write_timeout(Some(PATIENCE))?;
                none.insert(stream)
            }
        };
        // The length stands before each message (RFC 6587, 3.4.1).
        stream.write_all(format!("{} {message}", message.len()).as_bytes())
    }

    fn send_udp(&mut self, message: &str) -> io::Result<()> {
        let socket = match &mut self.udp {
            Some(socket) => socket,
            none => {
                let address = self.collector.address.to_socket_addrs()?.next();
                let address = address.ok_or(io::ErrorKind::AddrNotAvailable)?;
                let any = if address.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
                let socket = UdpSocket::bind(any)?;
                socket.connect(address)?;
                none.insert(socket)
            }
        };
        socket.send(message.as_bytes()).map(|_| ())
    }
}

/// What the courier is given.
enum Errand {
    Warning(u8, String),
    End,
}

/// Carries messages to the collector, on a thread of its own.
pub(crate) struct Courier {
    errands: SyncSender<Errand>,
    thread: JoinHandle<()>,
}

impl Courier {
    /// Begins to carry the record of `app` from where it was left.
    pub(super) fn start(collector: Collector, app: App) -> Self {
        let (errands, taken) = sync_channel(WAITING);
        let way = Way { collector, tcp: None, udp: None };
        let thread = std::thread::spawn(move || Rounds::of(app, way).walk(&taken));
        Self { errands, thread }
    }

    /// Sends what is left, and ends.
    pub(crate) fn end(self) {
        if self.errands.send(Errand::End).is_ok() {
            let _ = self.thread.join();
        }
    }
}

struct Rounds {
    app: App,
    way: Way,
    /// Number of the last entry that was sent.
    sent: u64,
    kept: PathBuf,
    /// The collector did not answer, and that was told.
    is_lost: bool,
}

impl Rounds {
    fn of(app: App, way: Way) -> Self {
        let kept = app.folder().join("syslog.position");
        // At the first time, what is long past is left where it is.
        let sent = position(&kept).or_else(|| app.moment().ok()).unwrap_or_default();
        Self { app, way, sent, kept, is_lost: false }
    }

    fn walk(mut self, errands: &Receiver<Errand>) {
        let mut next = Instant::now();
        loop {
            let errand = errands.recv_timeout(next.saturating_duration_since(Instant::now()));
            if let Ok(Errand::Warning(priority, text)) = &errand {
                let message = message(*priority, time::now(), "warning", text);
                let sent = self.way.send(&message);
                self.note(sent);
                if Instant::now() < next {
                    continue;
                }
            }
            let carried = self.carry();
            self.note(carried);
            next = Instant::now() + EVERY;
            if matches!(errand, Ok(Errand::End) | Err(RecvTimeoutError::Disconnected)) {
                return;
            }
        }
    }

    /// Sends the entries that were written since.
    fn carry(&mut self) -> io::Result<()> {
        loop {
            let read = self.app.audit_after(self.sent, PART);
            let (entries, more) = read.map_err(io::Error::other)?;
            for entry in &entries {
                let at = entry.at.parse().unwrap_or_else(|_| time::now());
                let text = serde_json::to_string(entry).map_err(io::Error::other)?;
                self.way.send(&message(AUDIT, at, "audit", &text))?;
                self.sent = entry.seq;
            }
            if !entries.is_empty() {
                fs::write(&self.kept, self.sent.to_string())?;
            }
            if !more {
                return Ok(());
            }
        }
    }

    /// Tells once that the collector does not answer, and once that it does again.
    fn note(&mut self, outcome: io::Result<()>) {
        match outcome {
            Err(error) if !self.is_lost => {
                self.is_lost = true;
                tracing::warn!(%error, "the collector of logs cannot be reached; entries are kept and sent later");
            }
            Ok(()) if self.is_lost => {
                self.is_lost = false;
                tracing::warn!("the collector of logs can be reached again");
            }
            _ => {}
        }
    }
}

fn position(kept: &Path) -> Option<u64> {
    fs::read_to_string(kept).ok()?.trim().parse().ok()
}

/// One message (RFC 5424, 6), cut where a datagram ends.
fn message(priority: u8, at: Timestamp, kind: &str, text: &str) -> String {
    let host = host();
    let mut message =
        format!("<{priority}>1 {at:.3} {host} mimawari {} {kind} - \u{feff}", std::process::id());
    for c in text.chars() {
        let c = if c.is_control() { ' ' } else { c };
        if message.len() + c.len_utf8() > LONGEST {
            break;
        }
        message.push(c);
    }
    message
}

/// The name of this machine, or `-`.
fn host() -> String {
    let told = std::env::var("COMPUTERNAME").or_else(|_| std::env::var("HOSTNAME")).ok();
    let name = told.or_else(|| fs::read_to_string("/etc/hostname").ok()).unwrap_or_default();
    let name: String = name.trim().chars().filter(char::is_ascii_graphic).take(255).collect();
    if name.is_empty() { "-".to_owned() } else { name }
}

/// Hands warnings of the log to the courier.
pub(super) struct Warnings(SyncSender<Errand>);

impl Warnings {
    pub(super) fn through(courier: &Courier) -> Self {
        Self(courier.errands.clone())
    }
}

impl<S: Subscriber> Layer<S> for Warnings {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let is_error = *event.metadata().level() == Level::ERROR;
        let mut words = Words(String::new());
        event.record(&mut words);
        let priority = if is_error { ERROR } else { WARNING };
        // Where too many wait, this one is lost here; it stands in the log.
        let _ = self.0.try_send(Errand::Warning(priority, words.0));
    }
}

struct Words(String);

impl Visit for Words {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let joint = if self.0.is_empty() { "" } else { " " };
        let _ = match field.name() {
            "message" => write!(self.0, "{joint}{value:?}"),
            name => write!(self.0, "{joint}{name}={value:?}"),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_how_and_where() {
        let read = |url: &str| url.parse::<Collector>();
        assert!(!read("udp://10.1.2.3:514").unwrap().is_tcp);
        assert!(read("tcp://log.hospital.local:601").unwrap().is_tcp);
        for wrong in
            ["10.1.2.3:514", "http://a:1", "udp://a", "udp://:514", "tcp://a:0", "tcp://a/b:1"]
        {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_message_is_one_line_that_a_datagram_holds() {
        let at = "2026-11-20T00:00:00.5Z".parse().unwrap();
        let told = message(AUDIT, at, "audit", "a\nb\u{0}c");
        assert!(told.starts_with("<109>1 2026-11-20T00:00:00.500Z "), "{told}");
        assert!(told.ends_with(" audit - \u{feff}a b c"), "{told}");
        let long = message(WARNING, at, "warning", &"機".repeat(10_000));
        assert!(long.len() <= LONGEST && long.ends_with('機'));
    }
}
