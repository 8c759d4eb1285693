//! A server that answers one question after the other with what a test wrote down.

use std::io::{BufRead, BufReader, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use collect::{Client, Event, FetchError, Folder, Got, Item, Patience};
use tempfile::TempDir;

/// A server, a folder to fetch into, and all that was asked and waited.
pub(crate) struct World {
    pub(crate) folder: TempDir,
    url: String,
    limit: u64,
    asked: Arc<Mutex<Vec<String>>>,
    waited: Arc<Mutex<Vec<u64>>>,
}

/// Counts what would be waited, and waits for nothing.
struct Counting(Arc<Mutex<Vec<u64>>>);

impl Patience for Counting {
    fn wait(&mut self, time: Duration) {
        self.0.lock().unwrap().push(time.as_secs());
    }
}

impl World {
    /// A server with these answers, each as it goes over the wire; after the last the connection ends.
    pub(crate) fn answering(answers: Vec<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/feed.json", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        let answers: Vec<String> =
            answers.into_iter().map(|answer| answer.replace("{url}", &url)).collect();
        std::thread::spawn(move || {
            for answer in answers {
                let Ok((stream, _)) = listener.accept() else { return };
                serve(stream, &answer, &log);
            }
        });
        let waited = Arc::default();
        Self { folder: TempDir::new().unwrap(), url, limit: 1 << 20, asked, waited }
    }

    /// No server at all: where one just was, nobody listens any more.
    pub(crate) fn nowhere() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/feed.json", listener.local_addr().unwrap());
        Self { url, ..Self::answering(Vec::new()) }
    }

    /// The same, where no more than `limit` bytes are taken.
    pub(crate) fn taking(self, limit: u64) -> Self {
        Self { limit, ..self }
    }

    /// Fetches, as one run of the program does.
    pub(crate) fn fetch(&self) -> Result<Got, FetchError> {
        self.fetch_telling(&mut |_| {})
    }

    /// Fetches several files in one run.
    pub(crate) fn fetch_all(&self, files: &[&str]) -> Vec<Result<Got, FetchError>> {
        let mut client = Client::for_this_machine(Counting(Arc::clone(&self.waited)));
        let mut folder = Folder::open(self.folder.path()).unwrap();
        let fetch =
            |file: &&str| collect::fetch(&mut client, &mut folder, &self.item(file), &mut |_| {});
        files.iter().map(fetch).collect()
    }

    /// Fetches, and tells what happens.
    pub(crate) fn fetch_telling(&self, tell: &mut dyn FnMut(Event<'_>)) -> Result<Got, FetchError> {
        let mut client = Client::for_this_machine(Counting(Arc::clone(&self.waited)));
        let mut folder = Folder::open(self.folder.path()).unwrap();
        collect::fetch(&mut client, &mut folder, &self.item("feed.json"), tell)
    }

    fn item(&self, file: &str) -> Item {
        Item {
            name: "feed".to_owned(),
            file: file.to_owned(),
            url: self.url.clone(),
            limit: self.limit,
        }
    }

    /// What stands in a file of the folder; empty where there is none.
    pub(crate) fn text(&self, file: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(file)).unwrap_or_default()
    }

    /// Puts a file into the folder.
    pub(crate) fn write(&self, file: &str, text: &str) {
        std::fs::write(self.folder.path().join(file), text).unwrap();
    }

    /// The questions, each in lower case with all its headers.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// Seconds that were waited, one after the other.
    pub(crate) fn waited(&self) -> Vec<u64> {
        self.waited.lock().unwrap().clone()
    }
}

fn serve(mut stream: TcpStream, answer: &str, log: &Mutex<Vec<String>>) {
    let mut question = String::new();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    while reader.read_line(&mut question).is_ok_and(|read| read > 2) {}
    log.lock().unwrap().push(question.to_lowercase());
    let _ = stream.write_all(answer.as_bytes());
    let _ = stream.shutdown(Shutdown::Both);
}

/// An answer with its length.
pub(crate) fn whole(head: &str, body: &str) -> String {
    cut(head, body, body.len())
}

/// An answer that promises `length` bytes, whatever comes.
pub(crate) fn cut(head: &str, body: &str, length: usize) -> String {
    let lines: String = head.lines().map(|line| format!("{line}\r\n")).collect();
    format!("HTTP/1.1 {lines}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}")
}
