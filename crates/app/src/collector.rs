//! Folders of the collecting script: which machine they are of, when they were taken, and which commands worked.
//!
//! ```text
//! mimawari-collect 1
//! computer=EHR-AP01
//! time=20261120-091000
//! output=ipconfig.txt|0|1495|ipconfig /all
//! end=1
//! ```

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

use domain::{Message, Place, Warning, msg};
use formats::text::{self, excerpt};
use jiff::Timestamp;
use jiff::civil::DateTime;

/// The name of the manifest in each folder.
pub const MANIFEST: &str = "mimawari-collect.txt";

/// What a view says of a manifest: it is no evidence, it tells what the files beside it are.
pub(crate) const KIND: &str = "collector-manifest";

/// The first word of a manifest, and the version of its form.
const MARK: &str = "mimawari-collect 1";

/// A manifest is a few hundred letters; what is larger is none.
const MAX_BYTES: usize = 64 << 10;

/// Folders of one import that are kept in mind.
const MAX_FOLDERS: usize = 100_000;

/// What the manifest of a folder says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Manifest {
    /// The computer's name.
    pub(crate) machine: String,
    /// When the script began; none where the PC could not tell in a form that reads the same everywhere.
    pub(crate) at: Option<Timestamp>,
    /// The outputs, by the name of their file in lower case.
    pub(crate) outputs: BTreeMap<String, Output>,
    /// What a person should know.
    pub(crate) warnings: Vec<Warning>,
}

/// One command's output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Output {
    /// How the command ended; 0 is well.
    pub(crate) code: i64,
    /// Size of the file, in bytes.
    pub(crate) size: u64,
}

/// What is known of a file that lay beside a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Collected {
    pub(crate) machine: String,
    pub(crate) at: Option<Timestamp>,
}

/// The folders met so far in one import.
#[derive(Debug, Default)]
pub(crate) struct Folders(HashMap<String, Manifest>);

/// What to do with a file that lies beside a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Beside {
    /// Its command failed, as the manifest's view says: it is no evidence.
    Failed,
    /// It is what the manifest lists; with the size it had, where that is another now.
    Listed(Collected, Option<u64>),
    /// No manifest, or none that lists it.
    Nothing,
}

/// Whether `bytes` are a manifest, by their first line.
pub(crate) fn is_manifest(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    bytes.starts_with(MARK.as_bytes())
        && matches!(bytes.get(MARK.len()), None | Some(b'\r' | b'\n' | b' '))
}

/// The order in which files of folders are read: folder by folder, the manifest first.
pub fn order(one: &str, other: &str) -> Ordering {
    let key = |path: &str| {
        let (folder, name) = split(path);
        (folder.to_owned(), !name.eq_ignore_ascii_case(MANIFEST), name.to_owned())
    };
    key(one).cmp(&key(other))
}

fn split(path: &str) -> (&str, &str) {
    path.rfind(['/', '\\']).map_or(("", path), |at| (&path[..at], &path[at + 1..]))
}

impl Folders {
    /// Keeps what the manifest at `path` says.
    pub(crate) fn add(&mut self, path: &str, manifest: Manifest) {
        if self.0.len() < MAX_FOLDERS {
            self.0.insert(split(path).0.to_owned(), manifest);
        }
    }

    /// What the manifest beside `path` says of a file of `size` bytes.
    pub(crate) fn beside(&self, path: &str, size: u64) -> Beside {
        let (folder, name) = split(path);
        let Some(manifest) = self.0.get(folder) else { return Beside::Nothing };
        match manifest.outputs.get(&name.to_lowercase()) {
            None => Beside::Nothing,
            Some(output) if output.code != 0 => Beside::Failed,
            Some(output) => {
                let collected = Collected { machine: manifest.machine.clone(), at: manifest.at };
                Beside::Listed(collected, (output.size != size).then_some(output.size))
            }
        }
    }
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    ///
    /// Why it cannot be used: too large, no text, or without the computer's name.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, Message> {
        let broken = || msg!("collector.broken");
        if bytes.len() > MAX_BYTES {
            return Err(broken());
        }
        let text = text::decode(bytes).map_err(|refusal| refusal.message)?;
        let mut manifest = Self::default();
        let mut ended = false;
        for line in text.lines().skip(1) {
            let place = Place::line(line.number);
            match line.text.trim().split_once('=') {
                Some(("computer", name)) => name.trim().clone_into(&mut manifest.machine),
                Some(("time", time)) => manifest.at = moment(time.trim()),
                Some(("output", output)) => manifest.output(output, place),
                Some(("end", _)) => ended = true,
                _ => {}
            }
        }
        if manifest.machine.is_empty() {
            return Err(broken());
        }
        if !ended {
            manifest.warn(Place::DOCUMENT, msg!("collector.unfinished"));
        }
        if manifest.at.is_none() {
            manifest.warn(Place::DOCUMENT, msg!("collector.no_time"));
        }
        Ok(manifest)
    }

    /// `file|exit code|size|command`.
    fn output(&mut self, written: &str, place: Place) {
        let mut parts = written.splitn(4, '|').map(str::trim);
        let (Some(file), Some(code), Some(size)) = (parts.next(), parts.next(), parts.next())
        else {
            return self.warn(place, msg!("windows.line_unreadable", text = excerpt(written)));
        };
        let (Ok(code), Ok(size)) = (code.parse(), size.parse()) else {
            return self.warn(place, msg!("windows.line_unreadable", text = excerpt(written)));
        };
        if code != 0 {
            let command = excerpt(parts.next().unwrap_or(file));
            let message =
                msg!("collector.failed", command = command, code = code, file = excerpt(file));
            self.warn(place, message);
        }
        self.outputs.insert(file.to_lowercase(), Output { code, size });
    }

    fn warn(&mut self, place: Place, message: Message) {
        self.warnings.push(Warning { place, message });
    }
}

/// The local time of `20261120-091000`.
fn moment(written: &str) -> Option<Timestamp> {
    let local = DateTime::strptime("%Y%m%d-%H%M%S", written).ok()?;
    engine::known::JAPAN.to_timestamp(local).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = "mimawari-collect 1\r\ncomputer=EHR-AP01\r\ntime=20261120-091000\r\nscript=1.0\r\noutput=ipconfig.txt|0|1495|ipconfig /all\r\noutput=hotfix.csv|1|0|powershell Get-HotFix\r\nend=2\r\n";

    #[test]
    fn a_manifest_tells_of_the_files_that_it_lists() {
        assert!(is_manifest(SOUND.as_bytes()));
        let manifest = Manifest::read(SOUND.as_bytes()).unwrap();
        assert_eq!(manifest.at.unwrap().to_string(), "2026-11-20T00:10:00Z");
        assert_eq!(manifest.warnings.len(), 1);
        assert_eq!(manifest.warnings[0].message.key, "collector.failed");
        let mut folders = Folders::default();
        folders.add("usb/EHR-AP01_1/mimawari-collect.txt", manifest.clone());
        let listed = Collected { machine: "EHR-AP01".to_owned(), at: manifest.at };
        for (path, size, expected) in [
            ("usb/EHR-AP01_1/ipconfig.txt", 1495, Beside::Listed(listed.clone(), None)),
            ("usb/EHR-AP01_1/IPCONFIG.TXT", 1400, Beside::Listed(listed, Some(1495))),
            ("usb/EHR-AP01_1/hotfix.csv", 0, Beside::Failed),
            ("usb/EHR-AP01_1/ledger.xlsx", 1495, Beside::Nothing),
            ("usb/ipconfig.txt", 1495, Beside::Nothing),
        ] {
            assert_eq!(folders.beside(path, size), expected, "{path}");
        }
    }

    #[test]
    fn a_script_that_was_stopped_is_told() {
        let text = "mimawari-collect 1\ncomputer=PC-01\ntime=\noutput=x\noutput=a|b|c|d\n";
        let manifest = Manifest::read(text.as_bytes()).unwrap();
        let keys: Vec<_> = manifest.warnings.iter().map(|warning| &*warning.message.key).collect();
        assert_eq!(
            keys,
            [
                "windows.line_unreadable",
                "windows.line_unreadable",
                "collector.unfinished",
                "collector.no_time"
            ]
        );
    }

    #[test]
    fn what_is_no_manifest_is_not_taken_for_one() {
        assert!(!is_manifest(b"mimawari-collect 10\n"));
        assert!(!is_manifest(b"computer=PC-01\n"));
        assert_eq!(Manifest::read(b"mimawari-collect 1\n").unwrap_err().key, "collector.broken");
        let large = [b"mimawari-collect 1\ncomputer=A\n".as_slice(), &[b'x'; MAX_BYTES]].concat();
        assert_eq!(Manifest::read(&large).unwrap_err().key, "collector.broken");
    }

    #[test]
    fn the_manifest_comes_first_in_its_folder() {
        let mut paths = ["b/arp.txt", "b/mimawari-collect.txt", "a/z.txt", "a.txt"];
        paths.sort_by(|one, other| order(one, other));
        assert_eq!(paths, ["a.txt", "a/z.txt", "b/mimawari-collect.txt", "b/arp.txt"]);
    }
}
