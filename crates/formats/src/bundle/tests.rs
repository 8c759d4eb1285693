use std::io::{self, Read, Write};

use super::*;

const KEY: PublicKey = PublicKey([1; 32]);

/// Stands for a signature: what cryptography is, is tested where it is called.
fn sign(front: &Front) -> Signature {
    let digest = Digest::of(front.signed()).0;
    let mut signature = [0; 64];
    signature[..32].copy_from_slice(&digest);
    signature[32..].copy_from_slice(&front.key().0);
    signature
}

fn genuine(front: &Front, signature: &Signature) -> bool {
    sign(front) == *signature
}

fn entry(name: &str, content: &[u8]) -> Entry {
    Entry { name: name.to_owned(), size: content.len() as u64, digest: Digest::of(content) }
}

fn manifest(entries: Vec<Entry>) -> Manifest {
    Manifest { made_at: "2026-11-22T03:04:05Z".parse().unwrap(), entries }
}

fn bundle(contents: &[(&str, &[u8])]) -> Vec<u8> {
    let entries = contents.iter().map(|(name, content)| entry(name, content)).collect();
    let front = Front::new(KEY, &manifest(entries)).unwrap();
    let mut bytes = Vec::new();
    front.write(&sign(&front), &mut bytes).unwrap();
    bytes.extend(contents.iter().flat_map(|(_, content)| content.iter()));
    bytes
}

fn small() -> Vec<u8> {
    bundle(&[("kev.json", b"{\"a\":1}"), ("empty.csv", b""), ("epss.csv.gz", b"\x1f\x8b\0")])
}

/// Everything in a bundle, or why nothing of it.
fn read(from: impl Read) -> Result<Vec<(String, Vec<u8>)>, BundleFault> {
    let mut bundle = Bundle::open(from, genuine)?;
    let mut all = Vec::new();
    loop {
        let mut content = Vec::new();
        let Some(entry) = bundle.copy_next(&mut content)? else { return Ok(all) };
        all.push((entry.name.clone(), content));
    }
}

#[test]
fn what_was_written_is_read_in_its_order() {
    let read = read(&*small()).unwrap();
    let expected: [(&str, &[u8]); 3] =
        [("kev.json", b"{\"a\":1}"), ("empty.csv", b""), ("epss.csv.gz", b"\x1f\x8b\0")];
    assert!(read.iter().map(|(name, content)| (&**name, &**content)).eq(expected));
    let bytes = small();
    let opened = Bundle::open(&*bytes, genuine).unwrap();
    assert_eq!(opened.key(), KEY);
    assert_eq!(opened.manifest().made_at.to_string(), "2026-11-22T03:04:05Z");
}

#[test]
fn a_byte_that_was_changed_anywhere_is_refused() {
    let sound = small();
    for at in 0..sound.len() {
        for bit in 0..8 {
            let mut bytes = sound.clone();
            bytes[at] ^= 1 << bit;
            assert!(read(&*bytes).is_err(), "bit {bit} of byte {at}");
        }
    }
}

#[test]
fn a_bundle_that_ends_early_or_late_is_refused() {
    let sound = small();
    for length in 0..sound.len() {
        let cut = read(&sound[..length]);
        assert!(matches!(cut, Err(BundleFault::Cut)), "{length}: {cut:?}");
    }
    let longer = [&*sound, b"x"].concat();
    assert!(matches!(read(&*longer), Err(BundleFault::Longer)));
}

#[test]
fn what_is_wrong_is_told_apart() {
    let with = |at: usize, bytes: &[u8]| {
        let mut bundle = small();
        bundle[at..at + bytes.len()].copy_from_slice(bytes);
        read(&*bundle).unwrap_err()
    };
    assert!(matches!(with(0, b"PK\x03\x04"), BundleFault::NotOne));
    assert!(matches!(with(16, &[2, 0]), BundleFault::Newer(2)));
    assert!(matches!(with(18, &[255; 4]), BundleFault::Manifest));
    assert!(matches!(with(22, &[9; 32]), BundleFault::Forged));
    assert!(matches!(with(FRONT, b"[]"), BundleFault::Forged));
    let end = small().len();
    assert!(matches!(with(end - 1, b"x"), BundleFault::Damaged(name) if name == "epss.csv.gz"));
}

#[test]
fn a_copy_that_was_made_as_text_is_no_bundle() {
    let text: Vec<u8> = small().into_iter().filter(|byte| *byte != b'\r').collect();
    assert!(matches!(read(&*text), Err(BundleFault::NotOne)));
}

#[test]
fn a_manifest_that_was_signed_is_still_not_believed_everything() {
    let signed = |manifest: &str| {
        let front = Front::around(KEY, manifest.as_bytes());
        let mut bytes = Vec::new();
        front.write(&sign(&front), &mut bytes).unwrap();
        Bundle::open(&*bytes, genuine).map(|bundle| bundle.manifest().entries.len())
    };
    let entries = |entries: &str| {
        signed(&format!("{{\"made_at\":\"2026-11-22T03:04:05Z\",\"entries\":[{entries}]}}"))
    };
    let named = |name: &str, size: &str| {
        let digest = "0".repeat(64);
        format!("{{\"name\":\"{name}\",\"size\":{size},\"sha256\":\"{digest}\"}}")
    };
    assert!(matches!(entries(&named("a.json", "1")), Ok(1)));
    for wrong in [
        String::new(),
        named("../a.json", "1"),
        named("a.json", "-1"),
        named("a.json", "68719476737"),
        [named("a.json", "18446744073709551615"), named("b.json", "1")].join(","),
        [named("a.json", "1"), named("A.JSON", "1")].join(","),
        named("a.json", "1").replace("000", "0x0"),
        named("a.json", "1").replace("size", "length"),
    ] {
        assert!(matches!(entries(&wrong), Err(BundleFault::Manifest)), "{wrong}");
    }
    assert!(signed("").is_err() && signed(&"[".repeat(100_000)).is_err());
}

#[test]
fn names_are_names_on_every_file_system() {
    for name in ["nvdcve-2.0-2024.json.gz", "jvndb_detail_2026.rdf", "A", "com10.txt"] {
        assert!(fits(name), "{name}");
    }
    for name in [
        "",
        ".",
        "..",
        ".hidden",
        "-rf",
        "a/b",
        "a\\b",
        "C:a",
        "a:b",
        "a b",
        "a\0",
        "a.",
        "あ.json",
        "NUL",
        "nul.json",
        "COM1.json",
        "lpt9",
        "CONIN$",
        "a\u{202e}b",
    ] {
        assert!(!fits(name), "{name:?}");
    }
    assert!(fits(&"a".repeat(120)) && !fits(&"a".repeat(121)));
}

/// A stick that is pulled out after so many bytes.
struct Pulled<'b>(&'b [u8], usize);

impl Read for Pulled<'_> {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        if self.1 == 0 {
            return Err(io::Error::other("no medium"));
        }
        let most = to.len().min(self.1);
        let read = self.0.read(&mut to[..most])?;
        self.1 -= read;
        Ok(read)
    }
}

/// A disk that is full.
struct Full;

impl Write for Full {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::Error::from(io::ErrorKind::StorageFull))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_stick_that_is_pulled_out_is_noticed_wherever_it_is() {
    let sound = small();
    for length in 0..=sound.len() {
        let pulled = read(Pulled(&sound, length));
        assert!(matches!(pulled, Err(BundleFault::Unread(_))), "{length}: {pulled:?}");
    }
}

#[test]
fn a_disk_that_is_full_is_not_taken_for_a_damaged_bundle() {
    let bytes = small();
    let mut bundle = Bundle::open(&*bytes, genuine).unwrap();
    assert!(matches!(bundle.copy_next(&mut Full), Err(BundleFault::Unwritten(_))));
}

#[test]
fn a_fingerprint_is_read_aloud_in_groups_and_understood_in_any() {
    // SHA-256 of 32 bytes of 1 (FIPS 180-4; also `printf '\1%.0s' {1..32} | sha256sum`).
    let shown = "72cd-6e84-22c4-07fb-6d09-8690-f113-0b7d-ed7e-c2f7-f5e1-d30b-d9d5-21f0-1536-3793";
    assert_eq!(KEY.fingerprint(), shown);
    assert!(KEY.is_called(shown) && KEY.is_called(&shown.replace('-', " ").to_uppercase()));
    assert!(!KEY.is_called("") && !KEY.is_called(&shown[..shown.len() - 1]));
}
