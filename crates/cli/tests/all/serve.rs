//! Opening the desk, and letting people in from the console.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use crate::desk::{Desk, word};

/// A program that opened its desk; it is ended with the test.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the program, and reads its messages until one holds `words`: gives that line.
fn until(command: &mut Command, words: &str) -> (Serving, String) {
    let mut child = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let serving = Serving(child);
    let line = lines.map_while(Result::ok).find(|line| line.contains(words));
    (serving, line.expect("the desk opens"))
}

/// What the desk answers to a plain request for `path`.
fn asked(address: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn nothing_asked_for_opens_the_desk_of_this_pc_alone() {
    let desk = Desk::new();
    // The usual port may be taken on the machine of the test: then that is said, and nothing else happens.
    let mut command = Command::new(env!("CARGO_BIN_EXE_mimawari"));
    command.arg("--data").arg(desk.data()).env("MIMAWARI_LANG", "ja");
    let (_serving, line) = until(&mut command, "127.0.0.1:8080");
    assert!(line.contains("窓口を開きました") || line.contains("受け付けられません"), "{line}");
}

#[test]
fn the_desk_answers_and_its_first_link_opens_the_first_start() {
    let desk = Desk::new();
    let (_serving, line) =
        until(&mut desk.command(&["serve", "--listen", "127.0.0.1:0"]), "/start/");
    let (base, token) = line.trim().split_once("/start/").unwrap();
    let address = base.strip_prefix("http://").unwrap();
    assert!(asked(address, &format!("/start/{token}")).contains("はじめに"));
    assert!(asked(address, "/start/0").starts_with("HTTP/1.1 404"));
    assert!(asked(address, "/").starts_with("HTTP/1.1 303"));
}

#[cfg(target_os = "linux")]
#[test]
fn the_desk_gives_memory_back_at_once_unless_told_otherwise() {
    for (told, expected) in [(None, "0"), (Some("7"), "7")] {
        let desk = Desk::new();
        let mut command = desk.command(&["serve", "--listen", "127.0.0.1:0"]);
        command.env_remove("MIMALLOC_PURGE_DELAY");
        command.envs(told.map(|told| ("MIMALLOC_PURGE_DELAY", told)));
        let (serving, line) = until(&mut command, "/start/");
        // The same process, under the same name and with the same words.
        let read = |name: &str| {
            let bytes = std::fs::read(format!("/proc/{}/{name}", serving.0.id())).unwrap();
            String::from_utf8(bytes).unwrap()
        };
        let environment = read("environ");
        let delay =
            environment.split('\0').find_map(|one| one.strip_prefix("MIMALLOC_PURGE_DELAY="));
        assert_eq!(delay, Some(expected), "{line}");
        let words = read("cmdline");
        let words: Vec<&str> = words.split('\0').collect();
        let program = env!("CARGO_BIN_EXE_mimawari");
        assert_eq!(words[..4], [program, "serve", "--listen", "127.0.0.1:0"]);
    }
}

#[test]
fn other_pcs_are_answered_over_tls_only() {
    let desk = Desk::new();
    let (_serving, line) =
        until(&mut desk.command(&["serve", "--listen", "0.0.0.0:0"]), "https://");
    let address = line.split("https://").nth(1).unwrap().trim();
    let answer = asked(address, "/devices");
    assert!(answer.starts_with("HTTP/1.1 308"), "{answer}");
    assert!(answer.contains(&format!("Location: https://{address}/devices")), "{answer}");
}

#[test]
fn an_address_that_is_taken_is_said_in_a_sentence() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let ran = Desk::new().run(&["serve", "--listen", &address]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains(&address) && ran.stderr.contains("--listen"), "{}", ran.stderr);
}

#[test]
fn what_cannot_be_used_is_said_before_the_desk_opens() {
    let desk = Desk::new();
    let ran = desk.run(&["serve", "--database", "postgres://db/x"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("SQLite"), "{}", ran.stderr);
    let no = desk.write("no.pem", "hello");
    let ran = desk.run(&["serve", "--certificate", &no, "--key", &no, "--listen", "127.0.0.1:0"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.stderr.contains("no.pem"), "{}", ran.stderr);
}

#[test]
fn people_are_let_in_from_the_console_and_that_is_recorded() {
    let desk = Desk::new();
    let added = desk.json(&["user", "add", "abe", "--name", "阿部"]);
    assert_eq!(word(&added["login"]), "abe");
    assert_eq!(word(&added["first_password"]).len(), 19);
    let reset = desk.json(&["user", "reset", "abe"]);
    assert_ne!(added["first_password"], reset["first_password"]);
    for (args, says) in [
        (vec!["user", "add", "abe"], "もういます"),
        (vec!["user", "reset", "nobody"], "nobody"),
        (vec!["user", "add", "Abe"], "英小文字"),
        (vec!["user", "add", "kensa", "--role", "inspector"], "いつまで"),
    ] {
        let ran = desk.run(&args);
        assert_eq!(ran.code, Some(1), "{args:?}");
        assert!(ran.stderr.contains(says), "{}", ran.stderr);
    }
    let acts: Vec<String> =
        desk.audit().iter().map(|entry| word(&entry["act"]).to_owned()).collect();
    assert!(acts.contains(&"account.add".to_owned()) && acts.contains(&"account.reset".to_owned()));
}
