//! The two archives of a package: tar (POSIX.1-1988, ustar) and ar, as far as `dpkg-deb` writes them.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;

/// A file or folder in an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// From the root, without a slash before it; a folder ends with one.
    pub(super) path: String,
    pub(super) mode: u32,
    pub(super) bytes: Vec<u8>,
}

impl Entry {
    pub(super) fn file(path: &str, mode: u32, bytes: impl Into<Vec<u8>>) -> Self {
        Self { path: path.to_owned(), mode, bytes: bytes.into() }
    }
}

/// A gzipped tar of the entries with the folders they need, everything owned by root and of one time: the same on every machine.
pub(super) fn tar_gz(entries: &[Entry], before: &str, time: u64) -> io::Result<Vec<u8>> {
    let mut out = GzEncoder::new(Vec::new(), Compression::best());
    let mut folders: Vec<String> = Vec::new();
    for entry in entries {
        for folder in folders_of(&entry.path) {
            if !folders.contains(&folder) {
                let header = header(&format!("{before}{folder}"), 0o755, 0, b'5', time)?;
                out.write_all(&header)?;
                folders.push(folder);
            }
        }
        let path = format!("{before}{}", entry.path);
        out.write_all(&header(&path, entry.mode, entry.bytes.len(), b'0', time)?)?;
        out.write_all(&entry.bytes)?;
        out.write_all(&vec![0; entry.bytes.len().next_multiple_of(512) - entry.bytes.len()])?;
    }
    out.write_all(&[0; 1024])?;
    out.finish()
}

/// Every folder above a path, the outermost first.
fn folders_of(path: &str) -> impl Iterator<Item = String> {
    path.match_indices('/').map(|(at, _)| path[..=at].to_owned())
}

fn header(path: &str, mode: u32, size: usize, kind: u8, time: u64) -> io::Result<[u8; 512]> {
    let mut header = [0; 512];
    let mut put = |at: usize, text: &str, room: usize| {
        if text.len() > room {
            return Err(io::Error::other(format!("`{text}` is too long for an archive")));
        }
        header[at..at + text.len()].copy_from_slice(text.as_bytes());
        Ok(())
    };
    put(0, path, 100)?;
    put(100, &format!("{mode:07o}"), 7)?;
    put(108, "0000000", 7)?;
    put(116, "0000000", 7)?;
    put(124, &format!("{size:011o}"), 11)?;
    put(136, &format!("{time:011o}"), 11)?;
    put(148, "        ", 8)?;
    put(257, "ustar\x0000", 8)?;
    put(265, "root", 32)?;
    put(297, "root", 32)?;
    header[156] = kind;
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    Ok(header)
}

/// An ar archive of the members.
pub(super) fn ar(members: &[(&str, Vec<u8>)], time: u64) -> Vec<u8> {
    let mut out = b"!<arch>\n".to_vec();
    for (name, bytes) in members {
        let size = bytes.len();
        out.extend(
            format!("{name:<16}{time:<12}{:<6}{:<6}{:<8}{size:<10}`\n", 0, 0, "100644").bytes(),
        );
        out.extend(bytes);
        if size % 2 == 1 {
            out.push(b'\n');
        }
    }
    out
}
