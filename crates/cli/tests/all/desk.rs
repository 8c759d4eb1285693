//! A data folder of its own for each test, and the program run on it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A data folder and a folder for files beside it; both go when it is dropped.
pub(crate) struct Desk {
    folder: TempDir,
    language: &'static str,
}

/// How the program ended, and what it printed.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Desk {
    /// An empty desk at which Japanese is spoken.
    pub(crate) fn new() -> Self {
        Self::speaking("ja")
    }

    /// An empty desk at which `language` is spoken.
    pub(crate) fn speaking(language: &'static str) -> Self {
        Self { folder: TempDir::new().unwrap(), language }
    }

    /// A desk with the demo hospital, its round not done.
    pub(crate) fn with_demo(language: &'static str) -> Self {
        let desk = Self::speaking(language);
        desk.json(&["import", "--demo"]);
        desk
    }

    /// A desk whose data folder is a copy of this one's, where nobody is at work.
    pub(crate) fn copy(&self) -> Self {
        let desk = Self::speaking(self.language);
        fs::create_dir(desk.data()).unwrap();
        for entry in fs::read_dir(self.data()).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), desk.data().join(entry.file_name())).unwrap();
        }
        desk
    }

    /// The data folder; the program makes it.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Writes a file beside the data folder, and gives its path as one would type it.
    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        shown(&path)
    }

    /// A path beside the data folder, whether there is something or not.
    pub(crate) fn path(&self, name: &str) -> String {
        shown(&self.folder.path().join(name))
    }

    /// The program on this data folder, with all that its answer depends on set.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_mimawari"));
        command
            .args(args)
            .arg("--data")
            .arg(self.data())
            .env("MIMAWARI_LANG", self.language)
            .env("USER", "test")
            .stdin(Stdio::null())
            .current_dir(self.folder.path());
        command
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        ran(&mut self.command(args))
    }

    /// Runs the program, which must succeed, and gives what it printed for people.
    pub(crate) fn text(&self, args: &[&str]) -> String {
        let ran = self.run(args);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{args:?}\n{}", ran.stdout);
        ran.stdout
    }

    /// Runs the program with `--json`; it must succeed and print one document and nothing else.
    pub(crate) fn json(&self, args: &[&str]) -> Value {
        self.document(args, 0)
    }

    /// Runs the program with `--json`; it must end with `code`, having printed one document and nothing else.
    pub(crate) fn document(&self, args: &[&str], code: i32) -> Value {
        let args: Vec<&str> = args.iter().copied().chain(["--json"]).collect();
        let ran = self.run(&args);
        assert_eq!((ran.code, ran.stderr.as_str()), (Some(code), ""), "{args:?}\n{}", ran.stdout);
        ran.document()
    }

    /// Every device, in full.
    pub(crate) fn devices(&self) -> Vec<Value> {
        list(&self.json(&["devices"]), "devices")
    }

    /// Every import.
    pub(crate) fn imports(&self) -> Vec<Value> {
        list(&self.json(&["imports"]), "imports")
    }

    /// The findings of `rule` that stand.
    pub(crate) fn findings(&self, rule: &str) -> Vec<Value> {
        list(&self.json(&["findings", "--rule", rule]), "findings")
    }

    /// Every entry of the record.
    pub(crate) fn audit(&self) -> Vec<Value> {
        list(&self.json(&["audit", "--last", "100000"]), "entries")
    }

    /// The record must be whole, and the database sound.
    pub(crate) fn assert_whole(&self) {
        let state = self.json(&["audit", "verify"]);
        assert_eq!(state["whole"], true, "{state}");
    }
}

/// Runs a command to its end.
pub(crate) fn ran(command: &mut Command) -> Ran {
    let output = command.output().unwrap();
    Ran {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

impl Ran {
    /// What was printed, which must be one JSON document on one line.
    pub(crate) fn document(&self) -> Value {
        assert_eq!(self.stdout.matches('\n').count(), 1, "{self:?}");
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// The array `key` of `document`.
pub(crate) fn list(document: &Value, key: &str) -> Vec<Value> {
    document[key].as_array().unwrap_or_else(|| panic!("no array `{key}` in {document}")).clone()
}

/// The text at `value`.
pub(crate) fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

/// What people read must be harmless, and without a missing sentence.
pub(crate) fn assert_readable(text: &str) {
    assert!(!text.trim().is_empty());
    let obeyed = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let found = text.lines().find(|line| line.contains(obeyed));
    assert_eq!(found, None, "a terminal would obey this");
    assert_eq!(missing_text(text), None, "no sentence was written for this, in\n{text}");
}

/// A sentence must be in its language: Japanese has kana, English has none.
pub(crate) fn assert_speaks(language: &str, sentence: &str) {
    assert_readable(sentence);
    let kana = |c: char| ('\u{3041}'..='\u{3093}').contains(&c);
    assert_eq!(sentence.contains(kana), language == "ja", "{language}: {sentence}");
}

/// A key in brackets, which stands where a text is missing: `[cli.import.about]`.
fn missing_text(text: &str) -> Option<&str> {
    text.split('[').skip(1).find_map(|rest| {
        let inside = rest.split_once(']')?.0;
        let parts = inside.split('.');
        let is_key = inside.contains('.')
            && parts.clone().all(|part| {
                part.starts_with(|c: char| c.is_ascii_alphabetic())
                    && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
            });
        is_key.then_some(inside)
    })
}

fn shown(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_missing_text_is_noticed() {
    assert_eq!(missing_text("a [cli.import.about] b"), Some("cli.import.about"));
    assert_eq!(missing_text("[NET001.title]"), Some("NET001.title"));
    assert_eq!(missing_text("[1/6] [10.0.0.1] [未対応] [aliases]"), None);
}
