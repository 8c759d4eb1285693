//! Whatever is written over an index in whatever steps, the same answers as of all written anew; whatever byte of it is flipped, an error.

use std::collections::BTreeSet;

use domain::FeedRecord;
use domain::advisory::{
    AdvisoryState, Claim, ProductName, Remedy, RemedyKind, VersionBound, VersionRange, VersionSet,
    Versions, VexStatus,
};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::*;
use crate::advisories::key::Key;

const CVES: [&str; 4] = ["CVE-2024-0001", "CVE-2024-0002", "CVE-2024-0003", "CVE-2024-0004"];
const OTHERS: [&str; 4] = ["GHSA-1", "GHSA-2", "PYSEC-3", "ALERT"];
const PACKAGES: [&str; 3] = ["a", "b", "c"];
const UPDATES: [u64; 2] = [5_051_987, 5_055_518];

/// What came on one day.
#[derive(Debug, Clone)]
struct Day {
    records: Vec<FeedRecord>,
    fresh: Fresh,
}

/// An index in the making: one file, or two.
#[derive(Debug, Default)]
struct Files {
    base: Vec<u8>,
    over: Option<Vec<u8>>,
}

impl Files {
    fn open(&self) -> Index<'_> {
        match &self.over {
            Some(over) => Index::open_over(&self.base, over).unwrap(),
            None => Index::open(&self.base).unwrap(),
        }
    }

    fn prove(&self) {
        self.open().prove().unwrap();
    }

    /// Takes a day in: over the first file where that holds no more than `most`.
    fn take(&mut self, day: &Day, most: usize) {
        let mut builder = Builder::new();
        day.records.iter().for_each(|record| builder.add(record.clone()).unwrap());
        let is_over =
            !self.base.is_empty() && builder.amend(&self.open(), day.fresh, most).unwrap();
        if !is_over && !self.base.is_empty() {
            builder.add_held(&self.open(), day.fresh).unwrap();
        }
        let mut bytes = Vec::new();
        builder.finish(whole_lists(), &mut bytes).unwrap();
        if is_over {
            self.over = Some(bytes);
        } else {
            *self = Self { base: bytes, over: None };
        }
        self.prove();
    }
}

fn claim(package: &str, below: &str) -> Claim {
    let product =
        ProductName { purls: vec![format!("pkg:npm/{package}")], ..ProductName::default() };
    let to = Some(VersionBound { version: below.to_owned(), included: false });
    let set = VersionSet { ranges: vec![VersionRange { from: None, to }], ..VersionSet::default() };
    Claim::new(VexStatus::Affected, product, Versions::These(set))
}

/// That an update brings a build.
fn fix(update: u64, revision: u32) -> Remedy {
    let article = format!("https://support.microsoft.com/help/{update}");
    Remedy {
        kind: RemedyKind::VendorFix,
        text: format!("10.0.19045.{revision}:Security Update:{article}"),
        url: None,
        date: None,
        claims: Vec::new(),
    }
}

fn any_advisory() -> impl Strategy<Value = Advisory> {
    let feed = select(vec![FeedKind::Nvd, FeedKind::Osv, FeedKind::Csaf]);
    let id = select([CVES, OTHERS].concat());
    let aliases = subsequence([CVES, OTHERS].concat(), 0..3);
    let document = select(vec![None, None, Some("SHARED-1"), Some("SHARED-2")]);
    let claims =
        prop::collection::vec((select(PACKAGES.to_vec()), select(vec!["1", "2.0", "3~x"])), 0..3);
    let fixes = prop::collection::vec((select(UPDATES.to_vec()), 1..3u32), 0..2);
    let revision = select(vec![None, Some("1.2"), Some("1.10")]);
    (feed, id, aliases, document, claims, revision, fixes).prop_map(
        |(feed, id, aliases, document, claims, revision, fixes)| {
            let mut advisory = Advisory::new(feed, id, AdvisoryState::Published);
            let aliases = aliases.into_iter().filter(|alias| *alias != id);
            advisory.aliases = aliases.map(str::to_owned).collect();
            advisory.document = document.unwrap_or(id).to_owned();
            advisory.revision = revision.map(str::to_owned);
            advisory.claims =
                claims.into_iter().map(|(package, below)| claim(package, below)).collect();
            advisory.publisher = (feed == FeedKind::Csaf).then(|| "Microsoft".to_owned());
            advisory.remedies = fixes.into_iter().map(|(update, at)| fix(update, at)).collect();
            advisory
        },
    )
}

/// Entries of the catalogue and repetitions of it, of different vulnerabilities: written anew, an entry takes the place of a repetition
/// for good; written over, the repetition is there again when the entry goes.
fn any_exploited() -> impl Strategy<Value = Exploited> {
    let listed = [CVES[0], CVES[1], "CVE-2024-0009"].map(|id| (id, "product"));
    let repeated = [CVES[2], CVES[3]].map(|id| (id, ""));
    (select([&listed[..], &repeated].concat()), 1..4i8).prop_map(|((id, product), day)| Exploited {
        id: id.to_owned(),
        vendor: String::new(),
        product: product.to_owned(),
        name: String::new(),
        added: jiff::civil::date(2024, 2, day),
        due: None,
        action: String::new(),
        ransomware: false,
    })
}

fn any_forecast() -> impl Strategy<Value = FeedRecord> {
    let listed = CVES.into_iter().chain(["CVE-2024-0009", "CVE-2024-12345"]).collect::<Vec<_>>();
    (select(listed), 0..100u32, select(vec![None, Some(7)])).prop_map(
        |(id, probability, percentile)| {
            FeedRecord::Forecast(id.to_owned(), Forecast { probability, percentile })
        },
    )
}

fn any_day() -> impl Strategy<Value = Day> {
    let advisories = prop::collection::vec(any_advisory(), 0..6);
    let exploited = prop::collection::vec(any_exploited(), 0..4);
    let forecasts = prop::collection::vec(any_forecast(), 0..4);
    (advisories, exploited, forecasts, any::<(bool, bool)>()).prop_map(
        |(advisories, exploited, forecasts, (catalogue, forecast))| {
            let fresh = Fresh { exploited: catalogue, forecasts: forecast };
            let wrap = |one: Advisory| FeedRecord::Advisory(Box::new(one));
            // The catalogue comes whole; what others repeat of it names no product.
            let own = exploited.into_iter().filter(|entry| catalogue || entry.product.is_empty());
            let forecasts = forecasts.into_iter().filter(|_| forecast);
            let records = advisories.into_iter().map(wrap);
            let records = records.chain(own.map(FeedRecord::Exploited)).chain(forecasts).collect();
            Day { records, fresh }
        },
    )
}

/// Everything that can be asked, without the numbers that say where it stands.
fn answers(index: &Index<'_>) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let numbers = [&CVES[..], &OTHERS[..], &["CVE-2024-0009", "CVE-2024-12345"]].concat();
    for number in numbers {
        all.insert(format!("{number}: {:?}", index.find(number).unwrap()));
    }
    for package in PACKAGES {
        let key = Key::of_package("npm", package).unwrap();
        for said in index.said_of(&key).unwrap() {
            let advisory = index.advisory(said.advisory).unwrap();
            assert_eq!(advisory.claims[said.place as usize], said.claim);
            let head = index.head(said.advisory).unwrap();
            let known = index.vulnerability(head.vulnerability).unwrap();
            all.insert(format!("{package}: {advisory:?} of {known:?} {}", head.stands));
        }
        let posting = index.posting(&key).unwrap().unwrap_or_default();
        for span in &posting.spans {
            let said = index.plain(&posting, span.claim).unwrap();
            assert_eq!(said.advisory, span.advisory);
            let known = index.vulnerability(span.vulnerability).unwrap();
            let document = index.brief(said.advisory).unwrap().document;
            all.insert(format!("{package}: {:?} {} {document}", said.claim, known.id));
        }
    }
    for number in index.each_advisory() {
        all.insert(format!("{:?}", index.advisory(number.unwrap()).unwrap()));
    }
    for update in UPDATES {
        all.insert(format!("KB{update}: {:?}", index.builds_of(update).unwrap()));
    }
    all
}

proptest! {
    #[test]
    fn days_written_over_come_to_the_same_as_all_written_anew(
        days in prop::collection::vec(any_day(), 1..5),
        most in select(vec![3usize, 1000, 1000]),
    ) {
        let (mut steps, mut anew) = (Files::default(), Files::default());
        for day in &days {
            steps.take(day, most);
            anew.take(day, 0);
            let (own, whole) = (steps.open(), anew.open());
            prop_assert_eq!(answers(&own), answers(&whole));
            prop_assert_eq!(own.advisories(), whole.advisories());
            prop_assert_eq!(own.advisories() as usize, own.each_advisory().count());
            prop_assert_eq!(own.vulnerabilities() as usize, own.each_vulnerability().count());
        }
    }
}

fn day(records: Vec<FeedRecord>) -> Day {
    Day { records, fresh: Fresh::default() }
}

fn spoken(id: &str, package: &str) -> FeedRecord {
    let mut advisory = Advisory::new(FeedKind::Nvd, id, AdvisoryState::Published);
    advisory.claims = vec![claim(package, "2")];
    FeedRecord::Advisory(Box::new(advisory))
}

/// Two files, of which the second touches one vulnerability of the first.
fn two_files() -> Files {
    let mut files = Files::default();
    files.take(&day(CVES.iter().map(|id| spoken(id, "a")).collect()), 1000);
    files.take(&day(vec![spoken(CVES[1], "b")]), 1000);
    assert!(files.over.is_some());
    files
}

#[test]
fn what_is_touched_stands_in_the_second_file_alone() {
    let files = two_files();
    let index = files.open();
    let over = index.over.as_ref().unwrap();
    assert_eq!((over.hidden().count(), over.layer.advisories()), (1, 1 + 1), "old and new word");
    assert_eq!((index.advisories(), index.vulnerabilities()), (5, 4));
}

#[test]
fn a_file_is_not_read_without_the_one_below_it_nor_over_another() {
    let files = two_files();
    let over = files.over.as_ref().unwrap();
    assert!(matches!(Index::open(over), Err(IndexError::Partial)));
    assert!(matches!(Index::open_over(&files.base, &files.base), Err(IndexError::Stranger)));
    let mut other = Files::default();
    other.take(&day(vec![spoken(CVES[0], "c")]), 1000);
    assert!(matches!(Index::open_over(&other.base, over), Err(IndexError::Stranger)));
}

#[test]
fn every_flipped_byte_of_the_second_file_is_noticed() {
    let mut files = two_files();
    let length = files.over.as_ref().unwrap().len();
    for at in 0..length {
        files.over.as_mut().unwrap()[at] ^= 1 << (at % 8);
        let over = files.over.as_ref().unwrap();
        let opened = Index::open_over(&files.base, over);
        assert!(opened.and_then(|index| index.prove_last()).is_err(), "byte {at}");
        files.over.as_mut().unwrap()[at] ^= 1 << (at % 8);
    }
    files.prove();
}

#[test]
fn lists_with_numbers_of_another_kind_are_written_anew() {
    let files = two_files();
    let index = files.open();
    let forecast = Forecast { probability: 1, percentile: None };
    let amends = |record: FeedRecord| {
        let mut builder = Builder::new();
        builder.add(record).unwrap();
        builder.amend(&index, Fresh { exploited: true, forecasts: true }, 1000).unwrap()
    };
    assert!(amends(FeedRecord::Forecast("CVE-2024-0001".to_owned(), forecast)));
    assert!(!amends(FeedRecord::Forecast("CVE-2024-1".to_owned(), forecast)));
    let entry = |id: &str| Exploited {
        id: id.to_owned(),
        vendor: String::new(),
        product: "p".to_owned(),
        name: String::new(),
        added: jiff::civil::date(2024, 2, 3),
        due: None,
        action: String::new(),
        ransomware: false,
    };
    assert!(amends(FeedRecord::Exploited(entry("CVE-2024-0001"))));
    assert!(!amends(FeedRecord::Exploited(entry("GHSA-1"))));
}
