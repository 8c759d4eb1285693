//! The desk as a process: it tells the log what it may, the collector what it must, and ends when it is told to.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::desk::Desk;

/// A desk that is open; it is closed when it is dropped.
struct Open {
    child: Child,
    address: String,
}

impl Open {
    fn of(desk: &Desk, options: &[&str]) -> Self {
        let args: Vec<&str> =
            ["serve", "--listen", "127.0.0.1:0"].iter().chain(options).copied().collect();
        let mut child = desk.command(&args).stderr(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap()).lines();
        let address = said.by_ref().map(Result::unwrap).find_map(|line| {
            Some(line.split_once("http://")?.1.split(['/', ' ']).next()?.trim().to_owned())
        });
        // Read on, so that it never waits for us.
        std::thread::spawn(move || said.for_each(drop));
        Self { child, address: address.unwrap() }
    }

    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: desk\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Ends it as a service manager does.
    fn end(mut self) {
        // Whoever answers can also be told to stop.
        self.get("/health/live");
        let mut kill = Command::new("kill");
        assert!(kill.arg(self.child.id().to_string()).status().unwrap().success());
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until `ready` gives something.
fn wait<T>(mut ready: impl FnMut() -> Option<T>) -> T {
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        if let Some(value) = ready() {
            return value;
        }
        assert!(Instant::now() < until, "nothing came for half a minute");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn the_log_has_the_answers_and_not_what_was_asked_for() {
    let desk = Desk::new();
    let log = desk.path("desk.log");
    let open = Open::of(&desk, &["--log-file", &log, "--log-format", "json"]);
    assert!(open.get("/health/live").starts_with("HTTP/1.1 200 "));
    open.get("/api/v1/devices?search=%E5%B1%B1%E7%94%B0&token=secret");
    let lines = wait(|| {
        let text = fs::read_to_string(Path::new(&log)).ok()?;
        (text.lines().count() >= 2).then_some(text)
    });
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told = |line: &Value| (line["route"].clone(), line["status"].clone());
    assert_eq!(told(&lines[0]), ("/health/live".into(), 200.into()));
    assert_eq!(told(&lines[1]), ("/api/v1/devices".into(), 401.into()));
    assert!(lines[1]["ms"].is_u64() && lines[1]["who"] == "nobody:127.0.0.1", "{}", lines[1]);
    let text = fs::read_to_string(log).unwrap();
    assert!(!text.contains("E5%B1") && !text.contains("山田") && !text.contains("secret"));
    open.end();
}

#[test]
fn the_collector_gets_every_entry_once_also_those_of_other_commands() {
    let desk = Desk::new();
    desk.text(&["zones", "set", "前", "10.0.0.0/24"]);
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let url = format!("udp://{}", socket.local_addr().unwrap());
    let receive = || {
        let mut bytes = [0; 9000];
        let length = socket.recv(&mut bytes).unwrap();
        let text = String::from_utf8(bytes[..length].to_vec()).unwrap();
        let json = text.split_once('\u{feff}').unwrap().1.to_owned();
        (text, serde_json::from_str::<Value>(&json).unwrap())
    };
    let open = Open::of(&desk, &["--syslog", &url]);
    desk.text(&["zones", "set", "次", "10.0.1.0/24"]);
    let (text, entry) = receive();
    assert!(text.starts_with("<109>1 ") && text.contains(" mimawari "), "{text}");
    assert_eq!(entry["subject"], "zone:次", "what was there before is left where it is");
    open.end();
    desk.text(&["zones", "set", "後", "10.0.2.0/24"]);
    let open = Open::of(&desk, &["--syslog", &url]);
    let (_, later) = receive();
    assert_eq!((&later["subject"], &later["previous"]), (&"zone:後".into(), &entry["hash"]));
    open.end();
}

#[test]
fn a_collector_that_is_down_gets_its_entries_later() {
    let desk = Desk::new();
    let place = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = place.local_addr().unwrap();
    drop(place);
    let open = Open::of(&desk, &["--syslog", &format!("tcp://{address}")]);
    desk.text(&["zones", "set", "検査", "10.0.0.0/24"]);
    std::thread::sleep(Duration::from_secs(3));
    let collector = TcpListener::bind(address).unwrap();
    let mut read = String::new();
    // A warning, that it could not be reached, may come first.
    while !read.contains("zone:検査") {
        let (mut stream, _) = collector.accept().unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(4))).unwrap();
        let mut bytes = [0; 9000];
        while let Ok(length @ 1..) = stream.read(&mut bytes) {
            read.push_str(&String::from_utf8_lossy(&bytes[..length]));
            if read.contains("zone:検査") {
                break;
            }
        }
    }
    let (length, rest) = read.split_once(' ').unwrap();
    assert!(length.parse::<usize>().is_ok() && rest.starts_with('<'), "{read}");
    open.end();
}

#[test]
#[cfg(target_os = "linux")]
fn the_service_manager_is_told_when_the_desk_answers() {
    let desk = Desk::new();
    let path = desk.path("notify");
    let socket = std::os::unix::net::UnixDatagram::bind(&path).unwrap();
    socket.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
    let mut child = desk
        .command(&["serve", "--listen", "127.0.0.1:0"])
        .env("NOTIFY_SOCKET", &path)
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut bytes = [0; 64];
    let mut next = || {
        let length = socket.recv(&mut bytes).unwrap();
        String::from_utf8(bytes[..length].to_vec()).unwrap()
    };
    assert_eq!(next(), "READY=1");
    assert!(Command::new("kill").arg(child.id().to_string()).status().unwrap().success());
    assert_eq!(next(), "STOPPING=1");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn what_does_not_fit_is_refused_before_the_desk_opens() {
    let desk = Desk::new();
    for (options, says) in [
        (["--syslog", "10.1.2.3:514"], "udp://10.1.2.3:514"),
        (["--log-file", "/nowhere/desk.log"], "/nowhere/desk.log"),
    ] {
        let args: Vec<&str> =
            ["serve", "--listen", "127.0.0.1:0"].into_iter().chain(options).collect();
        let ran = desk.run(&args);
        assert_eq!(ran.code, Some(1), "{}", ran.stderr);
        assert!(ran.stderr.contains(says), "{}", ran.stderr);
    }
}
