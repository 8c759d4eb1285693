//! Zips of ordinary files, unpacked in memory one file at a time: nothing is ever written where a zip says.

use std::io::{Cursor, Read};

use domain::{Message, msg};
use formats::container::{self, Container, ZipKind};
use formats::text;
use jiff::Timestamp;
use jiff::civil::DateTime;
use zip::ZipArchive;

use crate::MAX_FILE_BYTES;

/// Files that a zip may hold: more than a hospital has PCs, times what is collected from each.
const MAX_FILES: usize = 50_000;

/// The largest file in a zip, in bytes. It is in memory beside the zip itself, and twice while it is read.
const MAX_ENTRY: u64 = if MAX_FILE_BYTES < 128 << 20 { MAX_FILE_BYTES } else { 128 << 20 };

/// What a zip may unpack to in all, in bytes.
const MAX_TOTAL: u64 = 4 << 30;

/// How many times larger a zip may become. Text becomes some ten times smaller when it is packed; the same line again and again, a
/// thousand times, which nobody has.
const MAX_RATIO: u64 = 250;

/// Below this size in bytes nobody asks how many times larger a zip becomes.
const SMALL: u64 = 64 << 20;

/// Whether `bytes` are a zip of ordinary files. Workbooks and drawings are zips too, and are read as what they are.
pub(crate) fn is_archive(bytes: &[u8]) -> bool {
    matches!(container::sniff(bytes), Container::ZipOther { what: ZipKind::Files })
}

/// Whether a file says nothing by itself: what file managers leave in every folder.
pub fn is_clutter(path: &str) -> bool {
    const NAMES: [&str; 6] = [
        ".ds_store",
        "thumbs.db",
        "desktop.ini",
        "ehthumbs.db",
        // What `feeds fetch` knows of a folder that it fetches into.
        ".mimawari-fetch.json",
        ".mimawari-fetch.lock",
    ];
    let mut parts = path.rsplit(['/', '\\']);
    let name = parts.next().unwrap_or_default();
    // A Mac keeps a second file beside each one.
    NAMES.contains(&name.to_lowercase().as_str()) || parts.any(|part| part == "__MACOSX")
}

/// A zip with its files, in the order in which they are read.
pub(crate) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    entries: Vec<Entry>,
}

/// A file in a zip.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    index: usize,
    /// Its path within the zip, with `/`.
    pub(crate) name: String,
    /// When it was last changed; a zip writes local time.
    pub(crate) modified: Option<Timestamp>,
    size: u64,
}

impl<'a> Archive<'a> {
    /// Reads the table of contents.
    ///
    /// # Errors
    ///
    /// Why nothing of the zip is read: damaged, under a password, paths that lead out of it, too many files, far too large, empty.
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self, Message> {
        let mut zip =
            ZipArchive::new(Cursor::new(bytes)).map_err(|_| msg!("refusal.zip_damaged"))?;
        if zip.len() > MAX_FILES {
            return Err(msg!("refusal.zip_too_many_parts", count = zip.len()));
        }
        // Entries that lie over one another are how a small zip becomes endless work; no program packs so.
        if zip.has_overlapping_files().unwrap_or(true) {
            return Err(msg!("refusal.zip_damaged"));
        }
        let mut entries = Vec::new();
        for index in 0..zip.len() {
            let file = zip.by_index_raw(index).map_err(|_| msg!("refusal.zip_damaged"))?;
            if file.encrypted() {
                return Err(msg!("refusal.zip_password"));
            }
            // A line end in a name would forge lines of the answer.
            let name = name(file.name_raw()).replace(char::is_control, "\u{fffd}");
            if leads_out(&name) {
                return Err(msg!("refusal.zip_path", path = text::excerpt(&name)));
            }
            if !file.is_dir() && !name.ends_with('/') && !is_clutter(&name) {
                let modified = file.last_modified().and_then(moment);
                entries.push(Entry { index, name, modified, size: file.size() });
            }
        }
        check_size(&entries, bytes.len() as u64)?;
        if entries.is_empty() {
            return Err(msg!("refusal.zip_empty"));
        }
        entries.sort_by(|one, other| crate::collector::order(&one.name, &other.name));
        Ok(Self { zip, entries })
    }

    /// Its files: of each folder the manifest first.
    pub(crate) fn entries(&self) -> Vec<Entry> {
        self.entries.clone()
    }

    /// Unpacks one file.
    ///
    /// # Errors
    ///
    /// Why it is not read: larger than a file may be, damaged, or a zip within the zip.
    pub(crate) fn read(&mut self, entry: &Entry) -> Result<Vec<u8>, Message> {
        let damaged = || msg!("refusal.zip_entry", path = text::excerpt(&entry.name));
        if entry.size > MAX_ENTRY {
            let mib = |bytes: u64| bytes / (1024 * 1024);
            return Err(msg!("text.too_large", limit = mib(MAX_ENTRY), size = mib(entry.size)));
        }
        let file = self.zip.by_index(entry.index).map_err(|_| damaged())?;
        // Grown step by step, it would be in memory twice.
        let mut bytes = Vec::new();
        bytes.reserve_exact(usize::try_from(entry.size).unwrap_or_default() + 1);
        // A file that is larger than its table of contents says was made so.
        file.take(entry.size + 1).read_to_end(&mut bytes).map_err(|_| damaged())?;
        if bytes.len() as u64 != entry.size {
            return Err(damaged());
        }
        if is_archive(&bytes) {
            return Err(msg!("refusal.zip_nested", path = text::excerpt(&entry.name)));
        }
        Ok(bytes)
    }
}

/// Bounds what the table of contents promises; [`Archive::read`] holds each file to it.
fn check_size(entries: &[Entry], packed: u64) -> Result<(), Message> {
    let total = entries.iter().fold(0u64, |sum, entry| sum.saturating_add(entry.size));
    if total > MAX_TOTAL || (total > SMALL && total / MAX_RATIO > packed) {
        return Err(msg!("refusal.zip_bomb"));
    }
    Ok(())
}

/// The name as people read it. Explorer of a Japanese Windows writes CP932 and does not say so.
fn name(raw: &[u8]) -> String {
    let decoded = text::decode(raw).map(|text| text.body.into_owned());
    decoded.unwrap_or_else(|_| String::from_utf8_lossy(raw).into_owned()).replace('\\', "/")
}

/// Whether a path would lead out of the folder into which it is unpacked. We unpack into none; such a zip was made to do harm.
fn leads_out(name: &str) -> bool {
    let has_drive = name.as_bytes().get(1) == Some(&b':');
    name.starts_with('/') || has_drive || name.split('/').any(|part| part == "..")
}

fn moment(time: zip::DateTime) -> Option<Timestamp> {
    let part = |number: u8| i8::try_from(number).ok();
    let year = i16::try_from(time.year()).ok()?;
    let local = DateTime::new(
        year,
        part(time.month())?,
        part(time.day())?,
        part(time.hour())?,
        part(time.minute())?,
        part(time.second())?,
        0,
    );
    // 1 January 1980 is what a zip writes where it does not know.
    engine::known::JAPAN.to_timestamp(local.ok()?).ok().filter(|_| year > 1980)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    fn refusal(bytes: &[u8]) -> String {
        Archive::open(bytes).err().unwrap().key.to_string()
    }

    #[test]
    fn files_come_out_by_name_and_clutter_stays_in() {
        let bytes = packed(&[
            ("PC-02/arp.txt", b"b"),
            ("PC-01/arp.txt", b"a"),
            ("PC-01/mimawari-collect.txt", b"m"),
            ("__MACOSX/PC-01/._arp.txt", b"x"),
            ("PC-01/Thumbs.db", b"x"),
        ]);
        assert!(is_archive(&bytes));
        let mut archive = Archive::open(&bytes).unwrap();
        let names: Vec<String> = archive.entries().into_iter().map(|entry| entry.name).collect();
        assert_eq!(names, ["PC-01/mimawari-collect.txt", "PC-01/arp.txt", "PC-02/arp.txt"]);
        let first = archive.entries().swap_remove(1);
        assert_eq!(archive.read(&first).unwrap(), b"a");
    }

    #[test]
    fn a_zip_within_a_zip_is_refused_by_itself() {
        let inner = packed(&[("a.txt", b"a")]);
        let bytes = packed(&[("inner.zip", &inner), ("b.txt", b"b")]);
        let mut archive = Archive::open(&bytes).unwrap();
        let read: Vec<_> = archive.entries().iter().map(|entry| archive.read(entry)).collect();
        assert_eq!(read[0].as_deref().unwrap(), b"b");
        assert_eq!(read[1].as_ref().unwrap_err().key, "refusal.zip_nested");
    }

    #[test]
    fn names_of_a_japanese_windows_are_readable() {
        // 採取 in CP932.
        assert_eq!(name(b"\x8d\xcc\x8e\xe6\\arp.txt"), "採取/arp.txt");
        assert_eq!(name("採取/arp.txt".as_bytes()), "採取/arp.txt");
        for path in ["../x", "a/../x", "/x", "C:/x", "a/.."] {
            assert!(leads_out(path), "{path}");
        }
        assert!(!leads_out("a..b/c.txt"));
    }

    #[test]
    fn a_zip_that_leads_out_is_refused() {
        assert_eq!(refusal(&packed(&[("a/../../x", b"x")])), "refusal.zip_path");
        assert_eq!(refusal(&packed(&[])), "refusal.zip_empty");
        assert_eq!(refusal(&packed(&[("a.txt", b"a")])[..40]), "refusal.zip_damaged");
    }

    #[test]
    fn a_line_end_in_a_name_forges_no_line() {
        let archive = packed(&[("b\nc.txt", b"b")]);
        let names = Archive::open(&archive).unwrap().entries();
        assert_eq!(names[0].name, "b\u{fffd}c.txt");
    }

    #[test]
    fn entries_that_lie_over_one_another_are_refused() {
        let mut bytes = packed(&[("a.txt", b"same"), ("b.txt", b"same")]);
        assert!(Archive::open(&bytes).is_ok());
        // The second entry of the table of contents points at the first file (APPNOTE 4.3.12: the offset stands at byte 42).
        let second = bytes.windows(4).rposition(|four| four == b"PK\x01\x02").unwrap();
        bytes[second + 42..second + 46].fill(0);
        assert_eq!(refusal(&bytes), "refusal.zip_damaged");
    }

    #[test]
    fn a_zip_under_a_password_is_refused_wherever_the_mark_stands() {
        let mut bytes = packed(&[("a.txt", b"a"), ("b.txt", b"b")]);
        // Bit 0 of the flags of the second file, in the table of contents (APPNOTE.TXT 4.3.12, 4.4.4).
        let at = bytes.windows(4).rposition(|four| four == b"PK\x01\x02").unwrap();
        bytes[at + 8] |= 1;
        assert_eq!(refusal(&bytes), "refusal.zip_password");
    }

    #[test]
    fn a_zip_that_becomes_far_too_large_is_refused_before_it_is_unpacked() {
        let zeros = vec![b' '; 80 << 20];
        let bytes = packed(&[("a.txt", &zeros)]);
        assert!(bytes.len() < 200_000);
        assert_eq!(refusal(&bytes), "refusal.zip_bomb");
    }

    #[test]
    fn a_large_file_in_a_zip_is_refused_and_the_others_are_read() {
        let mut bytes = packed(&[("a.txt", b"a"), ("b.txt", b"b")]);
        let at = bytes.windows(4).rposition(|four| four == b"PK\x01\x02").unwrap();
        // Larger than may be, in the table of contents; small enough for the zip as a whole.
        bytes[at + 24..at + 28].copy_from_slice(&(MAX_ENTRY as u32 + 1).to_le_bytes());
        let entry =
            |name: &str, size: u64| Entry { index: 0, name: name.into(), modified: None, size };
        let sound = packed(&[("a.txt", b"a")]);
        let mut archive = Archive::open(&sound).unwrap();
        let refused = archive.read(&entry("a.txt", MAX_ENTRY + 1)).unwrap_err();
        assert_eq!(refused.key, "text.too_large");
        assert_eq!(archive.read(&entry("a.txt", 1)).unwrap(), b"a");
        assert_eq!(refusal(&bytes), "refusal.zip_bomb", "a promise that the zip cannot hold");
    }

    #[test]
    fn a_file_that_lies_about_its_size_is_not_read() {
        let mut bytes = packed(&[("a.txt", &[b'a'; 1000])]);
        // The unpacked size in the table of contents (APPNOTE.TXT 4.3.12).
        let at = bytes.windows(4).rposition(|four| four == b"PK\x01\x02").unwrap();
        bytes[at + 24] = 10;
        bytes[at + 25] = 0;
        let mut archive = Archive::open(&bytes).unwrap();
        let entry = archive.entries().swap_remove(0);
        assert_eq!(archive.read(&entry).unwrap_err().key, "refusal.zip_entry");
    }
}
