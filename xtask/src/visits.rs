//! The desk under the visits of a morning: how long each page takes, how large it is, and how much memory the program keeps.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::measure;

/// Requests a second, of everybody together.
const RATE: u32 = 50;

/// People at the desk at one time.
const VISITORS: usize = 40;

const PASSWORD: &str = "byouin no asa no mimawari";

/// Every page that a person opens in a day. `{id}` stands for a device.
const PAGES: &[&str] = &[
    "/",
    "/rounds",
    "/devices",
    "/devices?q=PC-012",
    "/devices?q=10.0.4",
    "/devices?mark=unseen&sort=location&page=3",
    "/devices/{id}",
    "/stocktake",
    "/queue",
    "/zones",
    "/lines",
    "/ports",
    "/systems",
    "/departments",
    "/jobs",
    "/scans",
    "/imports",
    "/imports/1",
    "/imports/sources",
    "/rules",
    "/rules/NET002",
    "/findings",
    "/findings?severity=urgent&page=3",
    "/findings?q=PC-0123",
    "/findings/one?key=LIF001%2Fdevice%3A{id}",
    "/changes",
    "/weaknesses",
    "/vulnerabilities",
    "/weak-devices",
    "/weak-vendors",
    "/unjudged",
    "/vex",
    "/parts",
    "/notices",
    "/inquiries",
    "/planned-changes",
    "/search?q=10.0.4",
    "/settings",
    "/settings/record",
    "/me",
];

/// What somebody was answered.
struct Answer {
    status: u16,
    /// `Set-Cookie` and `Location`, as they stand.
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// The open desk.
pub(crate) struct Desk {
    child: Child,
    address: SocketAddr,
    cookie: String,
    /// From its start to its first answer.
    pub(crate) opened: Duration,
}

impl Drop for Desk {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Desk {
    /// Opens the desk of a data folder, and signs in with the first password of `login`.
    pub(crate) fn open(program: &Path, data: &Path, login: &str, first: &str) -> io::Result<Self> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let start = Instant::now();
        let child = Command::new(program)
            .args(["serve", "--listen", &address.to_string(), "--data"])
            .arg(data)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let mut desk = Self { child, address, cookie: String::new(), opened: Duration::ZERO };
        while desk.get("/health").is_err() {
            if start.elapsed() > Duration::from_secs(60) {
                return Err(io::Error::other("the desk did not open within a minute"));
            }
            thread::sleep(Duration::from_millis(1));
        }
        desk.opened = start.elapsed();
        desk.sign_in(login, first)?;
        desk.post("/me/password", &[("old", first), ("new", PASSWORD), ("again", PASSWORD)])?;
        desk.sign_in(login, PASSWORD)?;
        Ok(desk)
    }

    /// Opens the desk of the demo hospital.
    pub(crate) fn of_demo(program: &Path, data: &Path) -> io::Result<Self> {
        let folder =
            data.to_str().ok_or_else(|| io::Error::other("the folder's name is no UTF-8"))?;
        measure::run(program, &["import", "--demo", "--json", "--data", folder])?;
        let add = ["user", "add", "kenji", "--role", "administrator", "--json", "--data", folder];
        let added: Value = serde_json::from_slice(&measure::run(program, &add)?.stdout)?;
        let first = added.get("first_password").and_then(Value::as_str).unwrap_or_default();
        Self::open(program, data, "kenji", first)
    }

    /// What stands at a path.
    pub(crate) fn page(&self, path: &str) -> io::Result<Vec<u8>> {
        let answer = self.get(path)?;
        match answer.status {
            200 => Ok(answer.body),
            status => Err(io::Error::other(format!("{path}: {status}"))),
        }
    }

    fn sign_in(&mut self, login: &str, password: &str) -> io::Result<()> {
        let answer = self.post("/login", &[("login", login), ("password", password)])?;
        let cookies = answer.headers.iter().filter(|(name, _)| name == "set-cookie");
        let cookies: Vec<&str> = cookies.filter_map(|(_, value)| value.split(';').next()).collect();
        if cookies.is_empty() {
            return Err(io::Error::other(format!("nobody was signed in: {}", answer.status)));
        }
        self.cookie = cookies.join("; ");
        Ok(())
    }

    fn get(&self, path: &str) -> io::Result<Answer> {
        ask(&mut connect(self.address)?, &self.head("GET", path, 0), &[])
    }

    fn post(&self, path: &str, fields: &[(&str, &str)]) -> io::Result<Answer> {
        let escaped = |text: &str| text.replace(' ', "+");
        let body: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}={}", escaped(value))).collect();
        let body = body.join("&");
        let head = self.head("POST", path, body.len());
        ask(&mut connect(self.address)?, &head, body.as_bytes())
    }

    fn head(&self, method: &str, path: &str, length: usize) -> String {
        format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\nSec-Fetch-Site: same-origin\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n",
            self.address, self.cookie
        )
    }

    /// The id of a device that the ledger lists.
    fn device(&self) -> io::Result<String> {
        let page = self.get("/devices")?.body;
        let page = String::from_utf8_lossy(&page);
        let ids = page.split("href=\"/devices/").skip(1).filter_map(|rest| rest.split('"').next());
        let mut ids =
            ids.filter(|id| id.len() == 12 && id.bytes().all(|b| b.is_ascii_alphanumeric()));
        ids.next().map(str::to_owned).ok_or_else(|| io::Error::other("the ledger lists no device"))
    }

    /// Asks for every page in turn for `time`, and says what it saw. A page that fails is an error.
    pub(crate) fn visit(&self, time: Duration) -> io::Result<String> {
        let id = self.device()?;
        let pages: Vec<String> = PAGES.iter().map(|page| page.replace("{id}", &id)).collect();
        for page in &pages {
            self.get(page)?;
        }
        let seen = Mutex::new(BTreeMap::<&str, Vec<(Duration, usize)>>::new());
        let (next, failed) = (AtomicUsize::new(0), Mutex::new(None));
        let all = (time.as_secs_f64() * f64::from(RATE)) as usize;
        let start = Instant::now();
        thread::scope(|scope| {
            for _ in 0..VISITORS {
                scope.spawn(|| {
                    let ended = self.walk(&pages, &next, all, start, &seen);
                    *failed.lock().unwrap_or_else(PoisonError::into_inner) = ended.err();
                });
            }
        });
        if let Some(error) = failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
            return Err(error);
        }
        Ok(told(&seen.into_inner().unwrap_or_else(PoisonError::into_inner)))
    }

    /// One visitor: takes the next page when its time has come. What a page waits for its turn counts as well.
    fn walk<'p>(
        &self,
        pages: &'p [String],
        next: &AtomicUsize,
        all: usize,
        start: Instant,
        seen: &Mutex<BTreeMap<&'p str, Vec<(Duration, usize)>>>,
    ) -> io::Result<()> {
        let mut connection = connect(self.address)?;
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(page) = pages.get(at % pages.len()).filter(|_| at < all) else {
                return Ok(());
            };
            let due = start + Duration::from_secs_f64(at as f64 / f64::from(RATE));
            thread::sleep(due.saturating_duration_since(Instant::now()));
            let answer = ask(&mut connection, &self.head("GET", page, 0), &[])?;
            if answer.status >= 400 {
                return Err(io::Error::other(format!("{page}: {}", answer.status)));
            }
            let took = (due.elapsed(), answer.body.len());
            seen.lock().unwrap_or_else(PoisonError::into_inner).entry(page).or_default().push(took);
        }
    }

    /// How often a second one connection is given the JSON of the device that scripts call `name`, of how many observations and
    /// with how many findings.
    pub(crate) fn devices_a_second(&self, name: &str, time: Duration) -> io::Result<String> {
        let first: Value = serde_json::from_slice(&self.page(&format!("/api/v1/devices/{name}"))?)?;
        let count = |key: &str| first[key].as_array().map_or(0, Vec::len);
        let path = format!("/api/v1/devices/{}", first["id"].as_str().unwrap_or_default());
        let (mut connection, head) = (connect(self.address)?, self.head("GET", &path, 0));
        let (start, mut answers) = (Instant::now(), 0_u32);
        while start.elapsed() < time {
            let answer = ask(&mut connection, &head, &[])?;
            if answer.status != 200 {
                return Err(io::Error::other(format!("{path}: {}", answer.status)));
            }
            answers += 1;
        }
        Ok(format!(
            "of {} observations and {} findings {:.0} a second",
            count("observations"),
            count("findings"),
            f64::from(answers) / start.elapsed().as_secs_f64()
        ))
    }

    /// Resident memory in MB of 1,000,000 bytes; none where the system does not tell.
    pub(crate) fn memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kib| kib * 1024 / 1_000_000)
    }
}

fn connect(address: SocketAddr) -> io::Result<BufReader<TcpStream>> {
    let stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    Ok(BufReader::new(stream))
}

/// Sends a request and reads its whole answer; the desk gives the length of every page.
fn ask(connection: &mut BufReader<TcpStream>, head: &str, body: &[u8]) -> io::Result<Answer> {
    let stream = connection.get_mut();
    stream.write_all(&[head.as_bytes(), body].concat())?;
    let mut line = String::new();
    connection.read_line(&mut line)?;
    let status = line.split_whitespace().nth(1).and_then(|status| status.parse().ok());
    let status = status.ok_or_else(|| io::Error::other("the desk closed the connection"))?;
    let mut headers = Vec::new();
    loop {
        line.clear();
        connection.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length = length.and_then(|(_, value)| value.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    connection.read_exact(&mut body)?;
    Ok(Answer { status, headers, body })
}

/// The pages with their times, the slowest first, and all together.
fn told(seen: &BTreeMap<&str, Vec<(Duration, usize)>>) -> String {
    let mut all: Vec<Duration> = seen.values().flatten().map(|(took, _)| *took).collect();
    let mut rows: Vec<(Duration, String)> = seen
        .iter()
        .map(|(page, visits)| {
            let mut times: Vec<Duration> = visits.iter().map(|(took, _)| *took).collect();
            let size = visits.iter().map(|(_, size)| *size).max().unwrap_or_default();
            let slow = part(&mut times, 95);
            let middle = part(&mut times, 50);
            let text = format!(
                "    {:<44} median {:>6.1} ms, p95 {:>6.1} ms, {:>4} kB\n",
                page,
                millis(middle),
                millis(slow),
                size / 1000
            );
            (slow, text)
        })
        .collect();
    rows.sort_by(|one, other| other.cmp(one));
    let head = format!(
        "  {} pages at {RATE} a second: median {:.1} ms, p95 {:.1} ms, p99 {:.1} ms\n",
        all.len(),
        millis(part(&mut all, 50)),
        millis(part(&mut all, 95)),
        millis(part(&mut all, 99)),
    );
    rows.into_iter().fold(head, |text, (_, row)| text + &row)
}

/// The time that so many of a hundred do not exceed.
fn part(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    let at = (times.len() * percent / 100).min(times.len().saturating_sub(1));
    times.get(at).copied().unwrap_or_default()
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
