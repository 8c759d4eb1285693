//! Whatever is asked of many at once, what each alone would be told; and whatever numbers say, what the claims say.

use domain::FeedRecord;
use domain::advisory::{
    Advisory, AdvisoryState, Claim, Condition, Criterion, FeedKind, ProductName, VersionBound,
    VersionRange, VersionSet, Versions, VexStatus,
};
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::advisories::index::{Builder, Fresh, whole_lists};
use crate::advisories::judge::fit::View;
use crate::advisories::judge::{Judged, Product, Verdicts};

fn built(advisories: &[Advisory]) -> Vec<u8> {
    let mut builder = Builder::new();
    for advisory in advisories {
        builder.add(FeedRecord::Advisory(Box::new(advisory.clone()))).unwrap();
    }
    let mut bytes = Vec::new();
    builder.finish(whole_lists(), &mut bytes).unwrap();
    bytes
}

/// What a glance would be that was taken of verdicts.
fn short(index: &Index<'_>, verdicts: &Verdicts) -> (Option<Message>, Vec<Found>, Vec<Left>) {
    let (refused, matches) = match &verdicts.judged {
        Judged::Not(reason) => (Some(reason.clone()), &[][..]),
        Judged::Yes(matches) => (None, &matches[..]),
    };
    let number = |one: &super::super::Match| {
        let advisory = one.statements[0].advisory;
        index.head(advisory).unwrap().vulnerability
    };
    let found = matches
        .iter()
        .map(|one| Found { vulnerability: number(one), affected: one.affected })
        .collect();
    let left = |advisory: u32| {
        let vulnerability = index.head(advisory).unwrap().vulnerability;
        Left { vulnerability, advisory }
    };
    (refused, found, verdicts.open.iter().map(|open| left(open.advisory)).collect())
}

fn check(advisories: &[Advisory], products: &[Product]) {
    let bytes = built(advisories);
    let index = Index::open(&bytes).unwrap();
    let makers = MakerTable::default();
    let judge = Judge::new(&index, &makers);
    let mut survey = Survey::new();
    products.iter().for_each(|product| survey.add(&Asked::from(product)));
    assert_eq!(survey.len(), products.len());
    let surveyed = survey.judge(&index, &makers).unwrap();
    for (number, product) in products.iter().enumerate() {
        let verdicts = judge.judge(product).unwrap();
        let slowly = judge.judge_under(&View::all_of(product, &makers), None, product).unwrap();
        assert_eq!(verdicts, slowly, "{product:?}");
        let glance = surveyed.of(number).unwrap();
        let told = (glance.refused.cloned(), glance.found.to_vec(), glance.open.to_vec());
        assert_eq!(told, short(&index, &verdicts), "{product:?} {slowly:?}");
    }
    assert!(surveyed.of(products.len()).is_none());
    check_over(&index, advisories, products);
}

/// Whatever part came later and was written over the rest, the same is told.
fn check_over(whole: &Index<'_>, advisories: &[Advisory], products: &[Product]) {
    let (early, late) = advisories.split_at(advisories.len() / 2);
    let base = built(early);
    let mut builder = Builder::new();
    for advisory in late {
        builder.add(FeedRecord::Advisory(Box::new(advisory.clone()))).unwrap();
    }
    assert!(builder.amend(&Index::open(&base).unwrap(), Fresh::default(), usize::MAX).unwrap());
    let mut over = Vec::new();
    builder.finish(whole_lists(), &mut over).unwrap();
    let index = Index::open_over(&base, &over).unwrap();
    let makers = MakerTable::default();
    let mut survey = Survey::new();
    products.iter().for_each(|product| survey.add(&Asked::from(product)));
    let surveyed = survey.judge(&index, &makers).unwrap();
    for (number, product) in products.iter().enumerate() {
        let verdicts = Judge::new(&index, &makers).judge(product).unwrap();
        let expected = Judge::new(whole, &makers).judge(product).unwrap();
        assert_eq!(unnumbered(&verdicts), unnumbered(&expected), "{product:?}");
        let (refused, mut found, mut open) = short(&index, &verdicts);
        found.sort_by_key(|found| found.vulnerability);
        open.sort_by_key(|left| left.advisory);
        let glance = surveyed.of(number).unwrap();
        let told = (glance.refused.cloned(), glance.found.to_vec(), glance.open.to_vec());
        assert_eq!(told, (refused, found, open), "{product:?}");
    }
}

/// Verdicts without the numbers that say where an advisory stands, which also give the order of what is open and of the reasons.
fn unnumbered(verdicts: &Verdicts) -> (bool, Vec<String>, Vec<String>) {
    let (refused, matches) = match &verdicts.judged {
        Judged::Not(_) => (true, Vec::new()),
        Judged::Yes(matches) => (false, matches.clone()),
    };
    let matches = matches.into_iter().map(|mut one| {
        one.statements.iter_mut().for_each(|said| said.advisory = 0);
        format!("{one:?}")
    });
    let open = verdicts.open.iter().map(|open| format!("{} {:?}", open.id, open.reason));
    let mut open: Vec<String> = open.collect();
    open.sort();
    (refused, matches.collect(), open)
}

const VERSIONS: &[&str] = &[
    "0",
    "1",
    "1.0",
    "1.0.0",
    "1.2.0",
    "1.2.3",
    "1.10.0",
    "2",
    "2.0.0",
    "1.2.3.4",
    "1.2.0-rc.1",
    "2.0b",
    "1.2.*",
    "*",
    "v1.2.0",
    "1:1.2-3",
    "33000.1",
    "strange",
];

fn version() -> impl Strategy<Value = String> {
    select(VERSIONS).prop_map(str::to_owned)
}

fn bound() -> impl Strategy<Value = Option<VersionBound>> {
    prop::option::of(
        (version(), any::<bool>())
            .prop_map(|(version, included)| VersionBound { version, included }),
    )
}

fn versions() -> impl Strategy<Value = Versions> {
    let range = (bound(), bound()).prop_map(|(from, to)| VersionRange { from, to });
    let scheme = select(vec![None, None, Some("semver"), Some("rpm"), Some("custom"), Some("git")]);
    let listed = prop::collection::vec(version(), 0..2);
    let set = (scheme, listed, prop::collection::vec(range, 0..3)).prop_map(
        |(scheme, listed, ranges)| {
            let scheme = scheme.map(str::to_owned);
            Versions::These(VersionSet { scheme, listed, ranges })
        },
    );
    prop_oneof![
        8 => set,
        1 => Just(Versions::All),
        1 => Just(Versions::Others),
        1 => Just(Versions::Unstated),
    ]
}

/// Names of which some meet.
const PURLS: &[&str] =
    &["pkg:npm/a", "pkg:cargo/a", "pkg:deb/debian/a", "pkg:npm/b", "pkg:generic/a"];
const CPES: &[&str] = &["a:v:a", "a:openssl:openssl", "o:fortinet:fortios", "a:v:b"];

fn name() -> impl Strategy<Value = ProductName> {
    let purl = select(PURLS)
        .prop_map(|purl| ProductName { purls: vec![purl.to_owned()], ..ProductName::default() });
    let package = select(vec!["npm", "Debian", "Debian:12"]).prop_map(|ecosystem| ProductName {
        ecosystem: Some(ecosystem.to_owned()),
        package: Some("a".to_owned()),
        ..ProductName::default()
    });
    let cpe =
        (select(CPES), select(vec!["*", "*", "*", "x"])).prop_map(|(cpe, edition)| ProductName {
            cpes: vec![format!("cpe:2.3:{cpe}:*:*:{edition}:*:*:*:*:*")],
            ..ProductName::default()
        });
    let both = (select(CPES), select(vec!["a", "b"])).prop_map(|(cpe, name)| ProductName {
        name: Some(name.to_owned()),
        cpes: vec![format!("cpe:2.3:{cpe}:*:*:*:*:*:*:*:*")],
        ..ProductName::default()
    });
    prop_oneof![4 => purl, 2 => package, 4 => cpe, 1 => both]
}

fn claim() -> impl Strategy<Value = Claim> {
    use VexStatus::{Affected, Fixed, NotAffected};
    let status = select(vec![Affected, Affected, Affected, Affected, NotAffected, Fixed]);
    (status, name(), versions(), 0..12u8).prop_map(|(status, name, versions, odd)| {
        let mut claim = Claim::new(status, name.clone(), versions);
        if odd == 1 {
            claim.product.serials.push("S*".to_owned());
        }
        if odd == 0 {
            let any = vec![Criterion { product: name, versions: Versions::All }];
            claim.conditions.push(Condition { negated: false, any });
        }
        claim
    })
}

fn advisory() -> impl Strategy<Value = Advisory> {
    let feed = select(vec![FeedKind::Nvd, FeedKind::Osv]);
    let id = select(vec!["CVE-1", "CVE-2", "CVE-3"]);
    (feed, id, prop::collection::vec(claim(), 0..4), 0..10u8).prop_map(|(feed, id, claims, odd)| {
        let state = if odd == 0 { AdvisoryState::Withdrawn } else { AdvisoryState::Published };
        let mut advisory = Advisory::new(feed, id, state);
        advisory.document = format!("{id}-{odd}");
        advisory.claims = claims;
        advisory
    })
}

fn product() -> impl Strategy<Value = Product> {
    let purl = (select(PURLS), prop::option::of(version()), select(vec!["", "?distro=debian-12"]));
    let purl = purl.prop_map(|(name, version, rest)| match version {
        Some(version) => format!("{name}@{version}{rest}"),
        None => format!("{name}{rest}"),
    });
    let attribute = select(vec!["*", "*", "*", "x", "x*"]);
    let cpe = (select(CPES), version(), attribute).prop_map(|(name, version, edition)| {
        format!("cpe:2.3:{name}:{version}:*:{edition}:*:*:*:*:*")
    });
    (
        prop::collection::vec(purl, 0..3),
        prop::collection::vec(cpe, 0..3),
        prop::option::of(select(vec!["a", "b"]).prop_map(str::to_owned)),
        prop::option::of(version()),
    )
        .prop_map(|(purls, cpes, name, version)| Product {
            purls,
            cpes,
            name,
            version,
            ..Product::default()
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]
    #[test]
    fn many_are_told_what_each_alone_would_be(
        advisories in prop::collection::vec(advisory(), 0..8),
        products in prop::collection::vec(product(), 1..12),
    ) {
        check(&advisories, &products);
    }
}

#[test]
fn of_a_product_without_a_version_and_a_serial_number_the_version_is_missed_first() {
    let purls = || vec!["pkg:cargo/a".to_owned()];
    let name =
        ProductName { purls: purls(), serials: vec!["S*".to_owned()], ..ProductName::default() };
    let mut advisory = Advisory::new(FeedKind::Nvd, "CVE-1", AdvisoryState::Published);
    advisory.claims = vec![Claim::new(VexStatus::NotAffected, name, Versions::Unstated)];
    check(&[advisory], &[Product { purls: purls(), ..Product::default() }]);
}

#[test]
fn a_version_is_cut_out_of_each_way_to_name_a_product() {
    let with = |purl: &str, cpe: &str, version: Option<&str>| Product {
        purls: vec![purl.to_owned()],
        cpes: vec![cpe.to_owned()],
        version: version.map(str::to_owned),
        ..Product::default()
    };
    let products: Vec<Product> = ["1.0.0", "1.2.0"]
        .into_iter()
        .flat_map(|version| {
            [
                with(&format!("pkg:npm/a@{version}?x=y@1#z"), "", None),
                with(
                    &format!("pkg:npm/a@{version}"),
                    &format!("cpe:2.3:a:v:a:{version}:*:*:*:*:*:*:*"),
                    Some(version),
                ),
                with("pkg:npm/a@1.0.0", "cpe:2.3:a:v:a:*:*:*:*:*:*:*:*", Some(version)),
                with(&format!("pkg:npm/a@{version}/"), "", Some(version)),
                with("pkg:npm/a@1%2E0.0", "cpe:/a:v:a:1.0.0", Some(version)),
            ]
        })
        .collect();
    let bound = |version: &str| Some(VersionBound { version: version.into(), included: true });
    let ranges = vec![VersionRange { from: None, to: bound("1.1") }];
    let versions = Versions::These(VersionSet { ranges, ..VersionSet::default() });
    let mut advisories = Vec::new();
    for (id, name) in [
        ("CVE-1", ProductName { purls: vec!["pkg:npm/a".into()], ..ProductName::default() }),
        (
            "CVE-2",
            ProductName {
                cpes: vec!["cpe:2.3:a:v:a:*:*:*:*:*:*:*:*".into()],
                ..ProductName::default()
            },
        ),
    ] {
        let mut advisory = Advisory::new(FeedKind::Nvd, id, AdvisoryState::Published);
        advisory.claims = vec![Claim::new(VexStatus::Affected, name, versions.clone())];
        advisories.push(advisory);
    }
    check(&advisories, &products);
}
