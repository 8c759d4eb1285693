//! Whatever the order of the records, the same bytes; whatever is asked, what a scan of the records would say; whatever byte is
//! flipped, an error.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use domain::FeedRecord;
use domain::advisory::{
    AdvisoryState, Claim, LocalText, ProductName, Rating, Remedy, RemedyKind, VersionBound,
    VersionRange, VersionSet, Versions, VexStatus,
};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::pages::{self, PAGE};
use super::*;
use crate::advisories::key::{self, Key};

/// Builds an index of `records`.
fn built(records: &[FeedRecord]) -> Vec<u8> {
    let mut builder = Builder::new();
    records.iter().for_each(|record| builder.add(record.clone()).unwrap());
    let source = |name: &str| Source {
        feed: FeedKind::Nvd,
        name: name.to_owned(),
        records: 3,
        newest: None,
        refused: 1,
    };
    let mut bytes = Vec::new();
    let summary = builder.finish(vec![source("b"), source("a")], &mut bytes).unwrap();
    assert_eq!(summary.bytes, bytes.len() as u64);
    bytes
}

fn claim(package: &str, cpe: &str, below: &str) -> Claim {
    let product = ProductName {
        name: Some(format!("{package} 日本語")),
        purls: vec![format!("pkg:npm/{package}")],
        cpes: vec![format!("cpe:2.3:a:v:{cpe}:*:*:*:*:*:*:*:*")],
        serials: vec!["S*".into(); usize::from(package == "a")],
        ..ProductName::default()
    };
    let to = Some(VersionBound { version: below.to_owned(), included: false });
    let ranges = vec![VersionRange { from: None, to }];
    Claim::new(
        VexStatus::Affected,
        product,
        Versions::These(VersionSet { ranges, ..VersionSet::default() }),
    )
}

fn advisory(feed: FeedKind, id: &str, aliases: &[&str], claims: Vec<Claim>) -> Advisory {
    let mut advisory = Advisory::new(feed, id, AdvisoryState::Published);
    advisory.aliases = aliases.iter().map(|alias| (*alias).to_owned()).collect();
    advisory.claims = claims;
    advisory.descriptions = vec![LocalText { lang: "ja".into(), text: "説明".repeat(40) }];
    advisory.ratings = vec![Rating {
        by: None,
        vector: Some("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H".into()),
        score: Some(98),
        word: None,
        claims: vec![0],
    }];
    advisory
}

fn exploited(id: &str, vendor: &str) -> Exploited {
    Exploited {
        id: id.into(),
        vendor: vendor.into(),
        product: String::new(),
        name: String::new(),
        added: jiff::civil::date(2024, 2, 29),
        due: None,
        action: String::new(),
        ransomware: true,
    }
}

fn small_world() -> Vec<FeedRecord> {
    let mut withdrawn = advisory(FeedKind::Osv, "OSV-9", &[], vec![claim("left", "left", "9")]);
    withdrawn.state = AdvisoryState::Withdrawn;
    let mut early = advisory(FeedKind::Nvd, "CVE-2024-2", &[], vec![claim("gone", "gone", "1")]);
    early.modified = Some("2024-01-01T00:00:00Z".parse().unwrap());
    let mut late = advisory(FeedKind::Nvd, "CVE-2024-2", &[], vec![claim("b", "b", "2")]);
    late.modified = Some("2024-06-01T00:00:00.5Z".parse().unwrap());
    let ghsa = advisory(FeedKind::Ghsa, "GHSA-1", &["CVE-2024-1"], vec![claim("a", "a", "1.2")]);
    let nvd = advisory(FeedKind::Nvd, "CVE-2024-1", &[], vec![claim("b", "a", "1.3")]);
    let forecast = Forecast { probability: 12_345, percentile: None };
    let fixes = |id: &str, revision: u32| {
        let article = "https://support.microsoft.com/help/5051987";
        let mut fixes = advisory(FeedKind::Csaf, id, &[], Vec::new());
        fixes.publisher = Some("Microsoft Security Response Center".to_owned());
        fixes.remedies = vec![Remedy {
            kind: RemedyKind::VendorFix,
            text: format!("10.0.26100.{revision}:Security Update:{article}"),
            url: None,
            date: None,
            claims: Vec::new(),
        }];
        fixes
    };
    let mut taken_back = fixes("CVE-2024-7", 4000);
    taken_back.state = AdvisoryState::Withdrawn;
    let (one, other) = (fixes("CVE-2024-5", 3194), fixes("CVE-2024-6", 3107));
    [withdrawn, late, early, ghsa, nvd, taken_back, one, other]
        .into_iter()
        .map(|advisory| FeedRecord::Advisory(Box::new(advisory)))
        .chain([
            FeedRecord::Exploited(exploited("CVE-2024-1", "maker")),
            FeedRecord::Exploited(exploited("CVE-2024-1", "")),
            FeedRecord::Forecast("CVE-2020-7".into(), forecast),
        ])
        .collect()
}

/// Everything that can be asked, as one text.
fn ask_everything(bytes: &[u8]) -> Result<String, IndexError> {
    let index = Index::open(bytes)?;
    index.base.worlds()?;
    for number in 0..index.base.vulnerabilities() {
        index.base.led_to(Section::Members, u64::from(number))?;
    }
    let mut said = format!("{:?}", index.sources()?);
    let mut keys = BTreeSet::new();
    for number in 0..index.advisories() {
        let advisory = index.advisory(number)?;
        keys.extend(advisory.claims.iter().flat_map(|claim| key::of_product(&claim.product)));
        said.push_str(&format!("{advisory:?} {:?}", index.head(number)?));
    }
    said.push_str(&format!("{:?}", index.builds_of(5_051_987)?));
    for key in keys {
        said.push_str(&format!("{:?} {}", index.said_of(&key)?, index.covers(&key.world())?));
    }
    for number in 0..index.vulnerabilities() {
        let vulnerability = index.vulnerability(number)?;
        for number in &vulnerability.numbers {
            said.push_str(&format!("{:?}", index.find(number)?));
        }
    }
    Ok(said)
}

#[test]
fn a_small_world_is_read_as_it_was_added() {
    let bytes = built(&small_world());
    let index = Index::open(&bytes).unwrap();
    let found = index.find("GHSA-1").unwrap();
    let [one] = &found[..] else { panic!("{found:?}") };
    assert_eq!((&*one.id, one.numbers.len()), ("CVE-2024-1", 2));
    assert_eq!(one.exploited.as_ref().unwrap().vendor, "maker", "the catalogue's own entry");
    assert_eq!(index.find("CVE-2020-7").unwrap()[0].forecast.unwrap().probability, 12_345);
    assert!(index.find("CVE-1999-1").unwrap().is_empty());
    let said = |name: &str| index.said_of(&Key::of_package("npm", name).unwrap()).unwrap();
    assert_eq!(said("b").len(), 2);
    assert_eq!(said("gone"), [], "a later record replaced it");
    assert!(!index.head(said("left")[0].advisory).unwrap().stands, "it was withdrawn");
    let names: Vec<String> = index.sources().unwrap().into_iter().map(|s| s.name).collect();
    assert_eq!(names, ["a", "b"]);
    let builds: Vec<String> =
        index.builds_of(5_051_987).unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(builds, ["10.0.26100.3107", "10.0.26100.3194"], "not what was withdrawn");
    assert_eq!(index.builds_of(5_051_988).unwrap(), []);
}

#[test]
fn entries_of_two_cyclonedx_documents_do_not_replace_each_other() {
    let entry = |package: &str, modified: &str| {
        let claims = vec![claim(package, "c", "1")];
        let mut advisory = advisory(FeedKind::CycloneDx, "CVE-2024-1", &[], claims);
        advisory.modified = Some(modified.parse().unwrap());
        FeedRecord::Advisory(Box::new(advisory))
    };
    let records = [entry("a", "2024-01-01T00:00:00Z"), entry("b", "2024-02-01T00:00:00Z")];
    assert_eq!(Index::open(&built(&records)).unwrap().advisories(), 2);
}

#[test]
fn silence_means_something_where_a_whole_list_went_in() {
    let covered = |sources: Vec<Source>| {
        let mut builder = Builder::new();
        small_world().into_iter().for_each(|record| builder.add(record).unwrap());
        let mut bytes = Vec::new();
        builder.finish(sources, &mut bytes).unwrap();
        let index = Index::open(&bytes).unwrap();
        ["npm", "cpe", "pypi"].map(|world| index.covers(world).unwrap())
    };
    assert_eq!(covered(whole_lists()), [true, true, false], "nobody speaks of pypi at all");
    assert_eq!(covered(Vec::new()), [false; 3]);
    let mut partial = whole_lists();
    partial.iter_mut().for_each(|source| source.records -= 1);
    assert_eq!(covered(partial.clone()), [false; 3]);
    let second = Source { name: "2".to_owned(), records: 1, ..partial[0].clone() };
    assert_eq!(covered([partial, vec![second]].concat()), [false, true, false], "both files");
}

#[test]
fn every_flipped_byte_is_noticed() {
    let mut bytes = built(&small_world());
    ask_everything(&bytes).unwrap();
    for at in 0..bytes.len() {
        bytes[at] ^= 1 << (at % 8);
        assert!(ask_everything(&bytes).is_err(), "byte {at} of {}", bytes.len());
        assert!(Index::open(&bytes).and_then(|index| index.prove()).is_err(), "byte {at}");
        bytes[at] ^= 1 << (at % 8);
    }
    ask_everything(&bytes).unwrap();
    Index::open(&bytes).unwrap().prove().unwrap();
}

#[test]
fn what_is_no_whole_index_is_refused() {
    let bytes = built(&small_world());
    assert!(matches!(Index::open(b""), Err(IndexError::NotAnIndex)));
    assert!(matches!(Index::open(b"SQLite format 3\0"), Err(IndexError::NotAnIndex)));
    assert!(Index::open(&bytes[..bytes.len() - 1]).is_err());
    assert!(Index::open(&bytes[..bytes.len() - PAGE]).is_err());
    let mut longer = bytes[..PAGE].to_vec();
    longer.extend(&bytes);
    assert!(Index::open(&longer).is_err());
    let mut other = bytes;
    let last = other.len() - PAGE;
    other[last + MAGIC.len()] = 9;
    let mark = pages::identity(&other[last..last + PAGE - 16]);
    other[last + PAGE - 16..].copy_from_slice(&mark);
    assert!(matches!(Index::open(&other), Err(IndexError::OtherLayout(9))));
}

/// A file of which each read is counted, and which fails where it is told to.
struct Counted<'a>(&'a [u8], &'a AtomicUsize, Option<u64>);

impl ReadAt for Counted<'_> {
    fn length(&self) -> u64 {
        self.0.len() as u64
    }

    fn read_at(&self, at: u64, into: &mut [u8]) -> io::Result<()> {
        if self.2 == Some(at) {
            return Err(io::Error::other("gone"));
        }
        self.1.fetch_add(1, Ordering::Relaxed);
        let at = at as usize;
        into.copy_from_slice(&self.0[at..at + into.len()]);
        Ok(())
    }
}

#[test]
fn an_index_in_a_file_answers_as_one_in_memory_and_reads_what_is_touched() {
    let one = |number: u32| {
        let id = format!("CVE-2024-{number}");
        let claims = vec![claim(&format!("p{}", number % 97), "c", "1.0")];
        FeedRecord::Advisory(Box::new(advisory(FeedKind::Nvd, &id, &[], claims)))
    };
    let bytes = built(&(0..3000).map(one).collect::<Vec<_>>());
    let reads = AtomicUsize::new(0);
    let (memory, file) =
        (Index::open(&bytes).unwrap(), Index::open_file(Counted(&bytes, &reads, None)).unwrap());
    assert_eq!(reads.load(Ordering::Relaxed), 2, "the first page and the last");
    let key = Key::of_package("npm", "p5").unwrap();
    assert_eq!(file.said_of(&key).unwrap(), memory.said_of(&key).unwrap());
    let touched = reads.load(Ordering::Relaxed);
    assert!(touched < bytes.len() / PAGE / 4, "{touched} of {}", bytes.len() / PAGE);
    file.said_of(&key).unwrap();
    assert_eq!(reads.load(Ordering::Relaxed), touched, "pages stay");
    for number in (0..3000).step_by(97) {
        assert_eq!(file.advisory(number).unwrap(), memory.advisory(number).unwrap());
        assert_eq!(file.vulnerability(number).unwrap(), memory.vulnerability(number).unwrap());
    }
    let gone = Index::open_file(Counted(&bytes, &reads, Some(0)));
    assert!(matches!(gone, Err(IndexError::Unreadable(_))));
    let cut = Index::open_file(Counted(&bytes[..bytes.len() - 1], &reads, None));
    assert!(cut.is_err());
    assert!(matches!(Index::open_file(Counted(b"", &reads, None)), Err(IndexError::NotAnIndex)));
}

#[test]
fn an_empty_index_answers_nothing() {
    let bytes = built(&[]);
    let index = Index::open(&bytes).unwrap();
    assert_eq!((index.advisories(), index.vulnerabilities()), (0, 0));
    assert!(index.said_of(&Key::of_name("a").unwrap()).unwrap().is_empty());
    assert!(index.vulnerability(0).is_err() && index.advisory(0).is_err());
}

#[test]
fn many_advisories_fill_many_levels_of_pages() {
    let one = |number: u32| {
        let id = format!("CVE-2024-{number}");
        let claims = vec![claim(&format!("p{}", number % 97), "c", "1.0")];
        FeedRecord::Advisory(Box::new(advisory(FeedKind::Nvd, &id, &[], claims)))
    };
    let bytes = built(&(0..8000).map(one).collect::<Vec<_>>());
    assert!(bytes.len() / PAGE > 256, "two levels of digests: {}", bytes.len() / PAGE);
    let index = Index::open(&bytes).unwrap();
    assert_eq!(index.said_of(&Key::of_package("npm", "p5").unwrap()).unwrap().len(), 83);
    for number in (0..8000).step_by(611) {
        let id = format!("CVE-2024-{number}");
        assert_eq!(index.find(&id).unwrap()[0].id, id);
    }
    assert!((0..index.advisories()).step_by(509).all(|number| index.advisory(number).is_ok()));
}

fn any_claim() -> impl Strategy<Value = Claim> {
    (select(vec!["a", "b", "c"]), select(vec!["x", "y"]), select(vec!["1", "2.0", "3"]))
        .prop_map(|(package, cpe, below)| claim(package, cpe, below))
}

fn any_advisory() -> impl Strategy<Value = Advisory> {
    let feed = select(vec![FeedKind::Nvd, FeedKind::Osv, FeedKind::Csaf]);
    let id = select(vec!["CVE-1", "CVE-2", "GHSA-1", "GHSA-2"]);
    let aliases = subsequence(vec!["CVE-1", "CVE-2", "GHSA-1", "PYSEC-3"], 0..3);
    let claims = prop::collection::vec(any_claim(), 0..4);
    (feed, id, aliases, claims, select(vec![None, Some("1.2"), Some("1.10")])).prop_map(
        |(feed, id, aliases, claims, revision)| {
            let mut advisory = advisory(feed, id, &aliases, claims);
            advisory.revision = revision.map(str::to_owned);
            advisory
        },
    )
}

/// What the records say of a key, without an index: the latest of each document.
fn scanned(advisories: &[Advisory], key: &Key) -> BTreeSet<String> {
    let age = |advisory: &Advisory| match advisory.revision.as_deref() {
        Some("1.10") => 2,
        Some(_) => 1,
        None => 0,
    };
    let replaced = |one: &Advisory| {
        advisories.iter().any(|other| {
            (other.feed, &other.document) == (one.feed, &one.document) && age(other) > age(one)
        })
    };
    let latest = advisories.iter().filter(|advisory| !replaced(advisory));
    latest
        .flat_map(|advisory| advisory.claims.iter().map(move |claim| (advisory, claim)))
        .filter(|(_, claim)| key::of_product(&claim.product).contains(key))
        .map(|(advisory, claim)| format!("{} {} {claim:?}", advisory.feed.key(), advisory.id))
        .collect()
}

proptest! {
    #[test]
    fn the_order_of_adding_makes_no_difference(
        (records, shuffled) in prop::collection::vec(any_advisory(), 0..12)
            .prop_flat_map(|records| (Just(records.clone()), Just(records).prop_shuffle()))
    ) {
        let wrap = |records: Vec<Advisory>| -> Vec<FeedRecord> {
            records.into_iter().map(|one| FeedRecord::Advisory(Box::new(one))).collect()
        };
        prop_assert_eq!(built(&wrap(records)), built(&wrap(shuffled)));
    }

    #[test]
    fn the_index_answers_what_a_scan_would(
        advisories in prop::collection::vec(any_advisory(), 0..12)
    ) {
        let records: Vec<FeedRecord> =
            advisories.iter().map(|one| FeedRecord::Advisory(Box::new(one.clone()))).collect();
        let bytes = built(&records);
        let index = Index::open(&bytes).unwrap();
        for name in ["a", "b", "c", "d"] {
            let key = Key::of_package("npm", name).unwrap();
            let mut found = BTreeSet::new();
            for said in index.said_of(&key).unwrap() {
                let advisory = index.advisory(said.advisory).unwrap();
                prop_assert_eq!(&advisory.claims[said.place as usize], &said.claim);
                found.insert(format!("{} {} {:?}", advisory.feed.key(), advisory.id, said.claim));
            }
            prop_assert_eq!(found, scanned(&advisories, &key));
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), at in 0..64usize) {
        let mut file = MAGIC.to_vec();
        file.extend(&bytes);
        file.resize(PAGE * 3, 0);
        let last = PAGE * 2;
        file[last..last + 8].copy_from_slice(MAGIC);
        file[last + 8] = VERSION as u8;
        for (place, byte) in bytes.iter().enumerate().take(64 + at) {
            file[last + 9 + place] = *byte;
        }
        let mark = pages::identity(&file[last..last + PAGE - 16]);
        file[last + PAGE - 16..].copy_from_slice(&mark);
        let _ = ask_everything(&file);
    }
}
