//! What Windows machines say of themselves: the answers of commands that need no rights, from Windows XP to 11.
//!
//! Answers are read in Japanese and English. In another language the words for "listening" or "host name" are not known here, and such
//! an answer is refused with that reason rather than read in part.

pub mod defender;
pub mod getmac;
pub mod hotfix;
pub mod ipconfig;
pub mod netstat;
pub mod ping;
pub mod systeminfo;
pub mod ver;

mod adapter;
mod host;
mod labels;
mod moment;
mod records;

use domain::{ObservationKind, Place, msg};

use crate::reader::{Head, Reader};
use crate::reading::{Input, Reading, Refusal, Score};
use crate::registry::READERS;
use crate::text::{self, Text, excerpt};

/// The largest answer of one machine that is read, in bytes; real ones have some ten thousand.
const MAX_BYTES: usize = 32 << 20;

/// Why an answer in a language that is not known here is not read.
fn other_language(input: &Input<'_>, text: &Text<'_>) -> Refusal {
    let first = text.lines().map(|line| excerpt(line.text)).find(|line| !line.is_empty());
    let (file, line) = (excerpt(input.name), first.unwrap_or_default());
    Refusal { message: msg!("windows.other_language", file = file, line = line) }
}

/// Why an answer without anything to take is not read.
fn nothing_in(input: &Input<'_>) -> Refusal {
    Refusal { message: msg!("windows.nothing_read", file = excerpt(input.name)) }
}

/// Refuses what is larger than any machine's answer.
fn check_size(text: &Text<'_>) -> Result<(), Refusal> {
    if text.body.len() <= MAX_BYTES {
        return Ok(());
    }
    let (limit, size) = (MAX_BYTES >> 20, text.body.len() >> 20);
    Err(Refusal { message: msg!("text.too_large", limit = limit, size = size) })
}

/// Whether a line begins the answer of another command, or is a prompt: `C:\Users\a>systeminfo`, `PS C:\> Get-HotFix`.
fn is_prompt(line: &str) -> bool {
    let line = line.trim_start();
    let line = line.strip_prefix("PS ").unwrap_or(line);
    let drive = line.as_bytes();
    matches!(drive, [letter, b':', b'\\', ..] if letter.is_ascii_alphabetic()) && line.contains('>')
}

/// Reads any bytes as `reader`'s format, whether it is or not, and checks what every report of a machine must hold.
fn fuzz_reader(reader: &dyn Reader, bytes: &[u8]) {
    let Ok(text) = text::decode(bytes) else { return };
    let _ = reader.recognise(&Head::of(&text));
    for machine in [None, Some("PC-01")] {
        let input = Input { name: "fuzz", bytes, mapping: None, machine };
        let Ok(reading) = reader.read(&input, &text) else { continue };
        assert_eq!(reading.kind, reader.kind());
        for seen in &reading.observations {
            assert!(matches!(seen.kind, ObservationKind::HostReport | ObservationKind::ScanHost));
            let named = seen.facts.value(domain::Field::Hostname).is_some();
            assert!(named || !seen.bindings.is_empty(), "nobody is spoken of: {seen:?}");
            for binding in &seen.bindings {
                assert!(!binding.mac.is_some_and(|mac| mac.is_group() || mac.is_zero()));
                assert!(!binding.address.is_some_and(|address| address.is_loopback()));
            }
        }
    }
}

/// Whether `kind` is the answer of a Windows machine, of this room or of the neighbour tables.
fn is_answer(kind: &str) -> bool {
    kind.starts_with("windows-") && !kind.contains("dhcp") || kind.starts_with("defender-")
}

/// Says that a document which was read as one answer holds other ones too, which were not read.
pub(crate) fn tell_other_answers(text: &Text<'_>, reading: &mut Reading) {
    if !is_answer(reading.kind) {
        return;
    }
    let head = Head::of(text);
    let others = READERS.iter().filter(|reader| {
        let kind = reader.kind();
        is_answer(kind) && kind != reading.kind && reader.recognise(&head) == Score::Certain
    });
    for kind in others.map(|reader| reader.kind()).collect::<Vec<_>>() {
        let message = msg!("windows.other_answer", command = kind.trim_start_matches("windows-"));
        reading.warn(Place::DOCUMENT, message);
    }
}

/// Reads any bytes as each of the answers of a Windows machine.
pub fn fuzz(bytes: &[u8]) {
    let is_neighbours = |kind: &str| kind.contains("arp") || kind.contains("netneighbor");
    for reader in READERS.iter().filter(|reader| is_answer(reader.kind())) {
        if !is_neighbours(reader.kind()) {
            fuzz_reader(*reader, bytes);
        }
    }
}

#[cfg(test)]
mod tests;
