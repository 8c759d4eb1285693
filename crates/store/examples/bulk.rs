//! Measures the store with the figures of a large hospital: `cargo run --release -p mimawari-store --example bulk [ROUNDS]`.
//!
//! Prints milliseconds for 100,000 observations of about 400 bytes in one change, 30,000 devices and 64 MiB of evidence.

use std::path::Path;
use std::time::Instant;

use domain::{
    Actor, AuditEntry, Binding, DeviceId, DeviceKind, Digest, Facts, FactsBuilder, Field, Import,
    ImportId, ImportState, Keeping, MacAddress, Observation, ObservationKind, Place, SignKey,
    SourceId, Status,
};
use jiff::Timestamp;
use store::{DeviceRow, KeptDevice, Options, Store, StoreError};

const OBSERVATIONS: u32 = 100_000;
const DEVICES: u32 = 30_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let rounds = std::env::args().nth(1).map_or(Ok(3), |text| text.parse())?;
    let observations: Vec<Observation> = (0..OBSERVATIONS).map(observation).collect();
    let bytes: usize = observations.iter().map(|o| o.facts.as_bytes().len()).sum();
    println!("facts of one observation: {} bytes", bytes / OBSERVATIONS as usize);
    for _ in 0..rounds {
        let folder = tempfile::tempdir_in(".")?;
        measure(folder.path(), &observations)?;
    }
    Ok(())
}

fn measure(folder: &Path, observations: &[Observation]) -> Result<(), StoreError> {
    let store = timed("open a new folder", || Store::open(folder, Options::default()))?;
    let facility = store.facility(Store::MAIN)?;
    timed("insert 100,000 observations", || {
        facility.change(entry(), |change| {
            let id = change.add_import(&import())?;
            change.add_observations(id, observations)
        })
    })?;
    timed("stream 100,000 observations", || {
        let mut seen = 0;
        facility.read(|view| {
            view.each_observation(|_, _| {
                seen += 1;
                Ok::<_, StoreError>(())
            })
        })?;
        assert_eq!(seen, OBSERVATIONS);
        Ok(())
    })?;
    let samples: Vec<Sample> = (0..DEVICES).map(sample).collect();
    timed("write 30,000 devices", || {
        facility.change(entry(), |change| {
            change.clear_devices()?;
            change.replace_devices(&[], &samples.iter().map(kept_device).collect::<Vec<_>>())
        })
    })?;
    timed("list 30,000 devices", || list(&facility, &[]).map(|n| assert_eq!(n, DEVICES)))?;
    let quickest = (0..20).map(|_| {
        let start = Instant::now();
        list(&facility, &[]).map(|_| start.elapsed())
    });
    let quickest = quickest.collect::<Result<Vec<_>, _>>()?.into_iter().min().unwrap_or_default();
    println!("{:34} {:8.1} ms", "the quickest of 20", quickest.as_secs_f64() * 1000.0);
    timed("search them", || list(&facility, &["医用画像", "2041"]).map(|n| assert_ne!(n, 0)))?;
    let document = noise(64 << 20);
    let digest = timed("keep 64 MiB that cannot be packed", || {
        facility.change(entry(), |change| change.keep_evidence(&document))
    })?;
    timed("read them back", || facility.read(|view| view.evidence(digest)))?;
    timed("a small change, log cut back", || facility.record(entry()))?;
    timed("one small change", || facility.record(entry()))?;
    drop(store);
    timed("open again", || Store::open(folder, Options::default()))?;
    println!();
    Ok(())
}

fn timed<T>(what: &str, run: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    let start = Instant::now();
    let value = run()?;
    println!("{what:34} {:8.1} ms", start.elapsed().as_secs_f64() * 1000.0);
    Ok(value)
}

fn list(facility: &store::Facility<'_>, words: &[&str]) -> Result<u32, StoreError> {
    let mut seen = 0;
    facility.read(|view| {
        view.each_device_with(words, |_| {
            seen += 1;
            Ok::<_, StoreError>(())
        })
    })?;
    Ok(seen)
}

/// The texts of a device that differ from those of the others.
struct Sample {
    asset: String,
    name: String,
    address: String,
    mac: String,
}

fn sample(number: u32) -> Sample {
    let [_, a, b, c] = number.to_be_bytes();
    let asset = format!("A-{number:05}");
    let name = format!("医用画像ビューア {number}");
    let address = format!("10.{a}.{b}.{c}");
    let mac = format!("00:1b:21:{a:02x}:{b:02x}:{c:02x}");
    Sample { asset, name, address, mac }
}

fn kept_device(sample: &Sample) -> KeptDevice<'_> {
    let row = DeviceRow {
        id: DeviceId::of(SignKey::of(&sample.asset)),
        sort: &sample.asset,
        asset_number: &sample.asset,
        name: &sample.name,
        kind: Some(DeviceKind::Client),
        maker: "甲社",
        model: "VX-200",
        os: "Windows 11 Pro",
        os_version: "23H2",
        software: "読影ビューア",
        software_version: "5.0.2",
        location: "放射線科 二階 読影室",
        status: Some(Status::InUse),
        zone: "画像診断",
        hostnames: &sample.asset,
        addresses: &sample.address,
        macs: &sample.mac,
    };
    KeptDevice { row, aliases: &[], detail: &[7; 16] }
}

fn observation(number: u32) -> Observation {
    let [_, a, b, c] = number.to_be_bytes();
    Observation {
        place: Place::row(Some("機器台帳".into()), number + 2),
        kind: ObservationKind::LedgerRow,
        bindings: vec![Binding {
            mac: Some(MacAddress([0, 0x1b, 0x21, a, b, c])),
            address: Some([10, a, b, c].into()),
            prefix: None,
        }],
        facts: facts(number),
    }
}

fn facts(number: u32) -> Facts {
    let mut facts = FactsBuilder::new();
    facts.add(Field::AssetNumber, &format!("A-{number:06}"));
    facts.add(Field::Name, &format!("医用画像ビューア端末 {number}"));
    facts.add(Field::Maker, "甲電機株式会社");
    facts.add(Field::Model, "VX-200シリーズ");
    facts.add(Field::Os, "Windows 11 Pro");
    facts.add_written(Field::Registered, "2023-03-01", "令和5年3月1日");
    facts.add(
        Field::Remark,
        &format!("読影室の更新に合わせて設置。番号 {number} の保守は年二回、時間外は当直へ連絡。")
            .repeat(2),
    );
    facts.finish()
}

fn import() -> Import {
    Import {
        id: ImportId(0),
        evidence: Digest::of(b""),
        file_name: "台帳.xlsx".into(),
        size: 0,
        keeping: Keeping::Whole,
        source: SourceId::new("ledger/台帳"),
        kind: "ledger-xlsx".into(),
        reader_version: 1,
        encoding: None,
        captured_at: Timestamp::UNIX_EPOCH,
        imported_at: Timestamp::UNIX_EPOCH,
        imported_by: "sato".into(),
        rows: OBSERVATIONS.into(),
        state: ImportState::Active,
    }
}

fn entry() -> AuditEntry {
    AuditEntry {
        at: Timestamp::UNIX_EPOCH,
        actor: Actor("sato".into()),
        act: "import".into(),
        subject: "import:1".into(),
        detail: "{}".into(),
    }
}

/// Bytes that no packer makes smaller, the same on every run (SplitMix64).
fn noise(length: usize) -> Vec<u8> {
    let mut state = 7u64;
    let mut bytes = Vec::with_capacity(length);
    while bytes.len() < length {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        bytes.extend((mixed ^ mixed >> 31).to_be_bytes());
    }
    bytes.truncate(length);
    bytes
}
