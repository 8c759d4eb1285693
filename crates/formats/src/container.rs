//! What kind of thing bytes are, before anybody reads them, and why some cannot be read.

use std::io::Cursor;

use domain::msg;
use zip::ZipArchive;

use crate::reading::Refusal;

/// How much of a text is looked at, in bytes.
const LOOK: usize = 64 << 10;

/// Names in a zip that are looked at.
const NAMES: usize = 20_000;

/// What bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    /// A picture, a program, or nothing known.
    Binary(BinaryKind),
    /// A compound file, as Office wrote before 2007 and as it still wraps workbooks under a password.
    CompoundFile {
        /// There is an encrypted workbook inside.
        encrypted: bool,
    },
    /// No bytes at all.
    Empty,
    /// One file in gzip.
    Gzip,
    /// HTML, also under the name `.xls`.
    Html,
    /// JSON: an object or an array.
    Json,
    /// A PDF.
    Pdf,
    /// Any other text, in whatever encoding.
    Text,
    /// A workbook that [`crate::xlsx::read`] can read.
    Xlsx,
    /// XML.
    Xml,
    /// A zip that cannot be opened: cut short or damaged.
    ZipDamaged,
    /// A zip of something else.
    ZipOther {
        /// Of what.
        what: ZipKind,
    },
}

/// Kinds of bytes that are no text and no document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BinaryKind {
    /// A packet capture, pcap or pcapng.
    Capture,
    /// A program of Windows, Linux or macOS.
    Executable,
    /// A picture.
    Image,
    /// Another archive: 7z, RAR, CAB, xz, bzip2, zstd.
    OtherArchive,
    /// Nothing that is known here.
    Unknown,
}

/// What a zip holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ZipKind {
    /// Excel's binary workbook, `.xlsb`.
    BinaryWorkbook,
    /// A Visio drawing.
    Drawing,
    /// Files under a password.
    Encrypted,
    /// Plain files.
    Files,
    /// A Word, PowerPoint or OpenDocument file.
    OtherDocument,
}

/// Says what `bytes` are, by content alone.
pub fn sniff(bytes: &[u8]) -> Container {
    match bytes {
        [] => Container::Empty,
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => zip(bytes),
        [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ..] => {
            Container::CompoundFile { encrypted: holds_encrypted_package(bytes) }
        }
        [0x1f, 0x8b, ..] => Container::Gzip,
        [b'%', b'P', b'D', b'F', ..] => Container::Pdf,
        _ => binary(bytes).map_or_else(|| text(bytes), Container::Binary),
    }
}

/// Sniffs and throws the answer away, for fuzzing.
pub fn fuzz(bytes: &[u8]) {
    let _ = sniff(bytes).refusal();
}

impl Container {
    /// Why nothing of this kind can be read; `None` where a reader may try.
    pub fn refusal(self) -> Option<Refusal> {
        let message = match self {
            Self::Binary(BinaryKind::Capture) => return None,
            Self::Binary(BinaryKind::Executable) => msg!("refusal.executable"),
            Self::Binary(BinaryKind::Image) => msg!("refusal.image"),
            Self::Binary(BinaryKind::OtherArchive) => msg!("refusal.other_archive"),
            Self::Binary(BinaryKind::Unknown) => msg!("refusal.unknown_bytes"),
            Self::CompoundFile { encrypted: true } => msg!("refusal.workbook_password"),
            Self::Empty => msg!("refusal.empty_file"),
            Self::Pdf => msg!("refusal.pdf"),
            Self::ZipDamaged => msg!("refusal.zip_damaged"),
            Self::ZipOther { what: ZipKind::BinaryWorkbook } => msg!("refusal.binary_workbook"),
            Self::ZipOther { what: ZipKind::Encrypted } => msg!("refusal.zip_password"),
            Self::ZipOther { what: ZipKind::OtherDocument } => msg!("refusal.other_document"),
            Self::CompoundFile { encrypted: false } => return None,
            Self::ZipOther { what: ZipKind::Drawing | ZipKind::Files } => return None,
            Self::Gzip | Self::Html | Self::Json | Self::Text | Self::Xlsx | Self::Xml => {
                return None;
            }
        };
        Some(Refusal { message })
    }
}

fn zip(bytes: &[u8]) -> Container {
    let Ok(mut archive) = ZipArchive::new(Cursor::new(bytes)) else { return Container::ZipDamaged };
    let mut names: Vec<String> = (0..archive.len().min(NAMES))
        .filter_map(|index| archive.name_for_index(index)?.ok())
        .map(|name| name.replace('\\', "/").to_ascii_lowercase())
        .collect();
    names.sort_unstable();
    let has = |name: &str| names.binary_search_by(|other| other.as_str().cmp(name)).is_ok();
    let under = |folder: &str| names.iter().any(|name| name.starts_with(folder));
    let what = if has("xl/workbook.bin") {
        ZipKind::BinaryWorkbook
    } else if has("xl/workbook.xml") || (has("[content_types].xml") && under("xl/")) {
        return Container::Xlsx;
    } else if under("visio/") {
        ZipKind::Drawing
    } else if under("word/") || under("ppt/") || (has("mimetype") && has("content.xml")) {
        ZipKind::OtherDocument
    } else if archive.by_index_raw(0).is_ok_and(|file| file.encrypted()) {
        ZipKind::Encrypted
    } else {
        ZipKind::Files
    };
    Container::ZipOther { what }
}

/// Whether the directory of a compound file names the stream `EncryptedPackage` (MS-OFFCRYPTO 2.3.1), in UTF-16LE.
fn holds_encrypted_package(bytes: &[u8]) -> bool {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    memchr::memmem::find(bytes, &name).is_some()
}

fn binary(bytes: &[u8]) -> Option<BinaryKind> {
    Some(match bytes {
        [0xd4, 0xc3, 0xb2, 0xa1, ..] | [0xa1, 0xb2, 0xc3, 0xd4, ..] => BinaryKind::Capture,
        [0x4d, 0x3c, 0xb2, 0xa1, ..] | [0xa1, 0xb2, 0x3c, 0x4d, ..] => BinaryKind::Capture,
        [0x0a, 0x0d, 0x0d, 0x0a, ..] => BinaryKind::Capture,
        [0x89, b'P', b'N', b'G', ..] | [0xff, 0xd8, 0xff, ..] | [b'G', b'I', b'F', b'8', ..] => {
            BinaryKind::Image
        }
        [b'I', b'I', b'*', 0, ..] | [b'M', b'M', 0, b'*', ..] => BinaryKind::Image,
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => BinaryKind::Image,
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => BinaryKind::Image,
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => BinaryKind::Image,
        [b'M', b'Z', rest @ ..] if rest.get(..256).unwrap_or(rest).contains(&0) => {
            BinaryKind::Executable
        }
        [0x7f, b'E', b'L', b'F', ..] | [0xfe, 0xed, 0xfa, 0xce | 0xcf, ..] => {
            BinaryKind::Executable
        }
        [0xce | 0xcf, 0xfa, 0xed, 0xfe, ..] => BinaryKind::Executable,
        [b'7', b'z', 0xbc, 0xaf, ..]
        | [b'R', b'a', b'r', b'!', ..]
        | [b'M', b'S', b'C', b'F', ..] => BinaryKind::OtherArchive,
        [0xfd, b'7', b'z', b'X', b'Z', ..] | [b'B', b'Z', b'h', b'1'..=b'9', 0x31, ..] => {
            BinaryKind::OtherArchive
        }
        [0x28, 0xb5, 0x2f, 0xfd, ..] => BinaryKind::OtherArchive,
        _ => return None,
    })
}

/// A text, by what it begins with; or no text at all.
fn text(bytes: &[u8]) -> Container {
    let look = bytes.get(..LOOK).unwrap_or(bytes);
    if !is_text(look) {
        return Container::Binary(BinaryKind::Unknown);
    }
    // In UTF-16 every other byte of markup is NUL: without them it reads like ASCII.
    let start: Vec<u8> = look
        .iter()
        .take(2 << 10)
        .filter(|byte| !matches!(byte, 0 | 0xef | 0xbb | 0xbf | 0xfe | 0xff))
        .map(u8::to_ascii_lowercase)
        .collect();
    let start = start.trim_ascii_start();
    let has = |word: &[u8]| memchr::memmem::find(start, word).is_some();
    match start {
        [b'<', ..] if has(b"<html") || has(b"<table") || start.starts_with(b"<!doctype html") => {
            Container::Html
        }
        [b'<', b'?' | b'!' | b'a'..=b'z', ..] => Container::Xml,
        [b'{' | b'[', rest @ ..] if opens_json(rest.trim_ascii_start()) => Container::Json,
        _ => Container::Text,
    }
}

/// Whether what follows the first bracket can be JSON; `[12:00] log` and `[section]` cannot, as far as their start shows.
fn opens_json(rest: &[u8]) -> bool {
    match rest {
        [b'"' | b'{' | b'[' | b']' | b'}', ..] => true,
        [b'-' | b'0'..=b'9', ..] => {
            let number = |byte: &u8| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'-' | b'+');
            rest.iter()
                .find(|byte| !number(byte))
                .is_some_and(|&next| next == b',' || next.is_ascii_whitespace())
        }
        _ => rest.starts_with(b"true") || rest.starts_with(b"false") || rest.starts_with(b"null"),
    }
}

/// Whether bytes look like text: UTF-16, or hardly any control characters.
/// Terminal logs bring escapes and backspaces, and old files end in 0x1A.
fn is_text(look: &[u8]) -> bool {
    if matches!(look, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) {
        return true;
    }
    let control = |byte: &&u8| matches!(byte, 1..=7 | 0x0e..=0x19 | 0x1c..=0x1f | 0x7f);
    let controls = look.iter().filter(control).count();
    let nul =
        |offset: usize| look.iter().skip(offset).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd) = (nul(0), nul(1));
    if even + odd == 0 {
        return controls * 50 <= look.len();
    }
    // In UTF-16, Latin letters have NUL on one side only; halves of Japanese letters may look like controls.
    let (most, least) = (even.max(odd), even.min(odd));
    most * 10 >= look.len() && least * 20 <= most && controls * 4 <= look.len()
}

#[cfg(test)]
mod tests;
