//! What fuzzing gives any bytes to.

use std::io;

use domain::Digest;
use jiff::Timestamp;

use super::{Bundle, Entry, FRONT, Front, Manifest, PublicKey};

/// Reads any bytes as a bundle, as the manifest of one, and as the content of one.
///
/// # Panics
///
/// Where a promise of the reader is broken.
pub fn fuzz(bytes: &[u8]) {
    drain(bytes);
    let key = PublicKey([7; 32]);
    drain(&whole(&Front::around(key, bytes), &[]));
    let entry = Entry { name: "a.json".to_owned(), size: 8, digest: Digest::of(b"mimawari") };
    let manifest = Manifest { made_at: Timestamp::UNIX_EPOCH, entries: vec![entry] };
    let Some(front) = Front::new(key, &manifest) else { return };
    assert_eq!(drain(&whole(&front, bytes)), bytes == b"mimawari", "only what was signed");
}

fn whole(front: &Front, content: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    // A vector takes everything.
    let _ = front.write(&[0; 64], &mut bytes);
    bytes.extend(content);
    bytes
}

/// Reads a bundle to its end, believing every signature; whether all of it was sound.
fn drain(bytes: &[u8]) -> bool {
    let Ok(mut bundle) = Bundle::open(bytes, |_, _| true) else { return false };
    let size = bundle.manifest().size().unwrap_or_default();
    loop {
        match bundle.copy_next(&mut io::sink()) {
            Ok(Some(_)) => {}
            Ok(None) => break,
            Err(_) => return false,
        }
    }
    assert!(size <= bytes.len().saturating_sub(FRONT) as u64, "every byte was there");
    true
}
