//! A small world for each rule.

use domain::advisory::{
    Advisory, AdvisoryState, Claim, Condition, Criterion, FeedKind, ProductName, VersionBound,
    VersionRange, VersionSet, Versions,
};
use domain::{Component, FeedRecord, Place};
use notation::cvss::Score;

use super::*;
use crate::advisories::index::{Builder, whole_lists};
use crate::advisories::serials::Serial;

const ANY: &str = ":*:*:*:*:*:*:*:*";

fn package(purl: &str) -> ProductName {
    ProductName { purls: vec![purl.into()], ..ProductName::default() }
}

fn cpe(name: &str) -> ProductName {
    ProductName { cpes: vec![format!("cpe:2.3:{name}{ANY}")], ..ProductName::default() }
}

fn named(vendor: Option<&str>, name: &str) -> ProductName {
    let vendor = vendor.map(str::to_owned);
    ProductName { vendor, name: Some(name.into()), ..ProductName::default() }
}

fn below(version: &str) -> Versions {
    range(None, version)
}

fn range(from: Option<&str>, to: &str) -> Versions {
    let from = from.map(|version| VersionBound { version: version.into(), included: true });
    let to = Some(VersionBound { version: to.into(), included: false });
    Versions::These(VersionSet { ranges: vec![VersionRange { from, to }], ..VersionSet::default() })
}

fn listed(version: &str) -> Versions {
    Versions::These(VersionSet { listed: vec![version.into()], ..VersionSet::default() })
}

fn affected(product: ProductName, versions: Versions) -> Claim {
    Claim::new(VexStatus::Affected, product, versions)
}

fn says(feed: FeedKind, id: &str, claims: Vec<Claim>) -> Advisory {
    let mut advisory = Advisory::new(feed, id, AdvisoryState::Published);
    advisory.claims = claims;
    advisory
}

fn judged(advisories: Vec<Advisory>, product: &Product) -> Verdicts {
    let mut builder = Builder::new();
    for advisory in advisories {
        builder.add(FeedRecord::Advisory(Box::new(advisory))).unwrap();
    }
    let mut bytes = Vec::new();
    builder.finish(whole_lists(), &mut bytes).unwrap();
    let index = Index::open(&bytes).unwrap();
    Judge::new(&index, &MakerTable::default()).judge(product).unwrap()
}

/// What comes of one claim: the confidence and the reason, or why not.
fn of(claims: Vec<Claim>, product: &Product) -> String {
    let verdicts = judged(vec![says(FeedKind::Nvd, "CVE-1", claims)], product);
    match verdicts.judged {
        Judged::Not(reason) => format!("not: {}", short(&reason)),
        Judged::Yes(matches) => match &matches[..] {
            [] => "none".into(),
            [one] => {
                let said = &one.statements[0];
                let status = said.status.key();
                format!("{status} {} {}", said.confidence.key(), short(&said.reason))
            }
            more => panic!("{more:?}"),
        },
    }
}

fn short(reason: &Message) -> &str {
    reason.key.strip_prefix("advisories.").unwrap()
}

fn purl(text: &str) -> Product {
    Product { purls: vec![text.into()], ..Product::default() }
}

fn by_cpe(name: &str) -> Product {
    Product { cpes: vec![format!("cpe:2.3:{name}")], ..Product::default() }
}

#[test]
fn a_package_in_range_is_exact_and_beyond_its_end_is_none() {
    let claims = || vec![affected(package("pkg:npm/lodash"), range(Some("4.0.0"), "4.17.21"))];
    for (version, expected) in [
        ("4.17.20", "affected exact package"),
        ("4.0.0", "affected exact package"),
        ("4.17.21", "none"),
        ("3.9.9", "none"),
        ("4.17.21-rc.1", "affected exact package"),
        ("latest", "not: not_ordered"),
    ] {
        assert_eq!(
            of(claims(), &purl(&format!("pkg:npm/lodash@{version}"))),
            expected,
            "{version}"
        );
    }
}

#[test]
fn versions_are_ordered_as_their_makers_order_them() {
    for (name, version, end, expected) in [
        ("o:fortinet:fortios", "7.2.9", "7.2.10", "affected exact cpe"),
        ("o:fortinet:fortios", "strange", "7.2.10", "not: not_ordered"),
        ("o:cisco:ios", "15.2\\(7\\)e3", "15.2\\(4\\)m6", "not: not_ordered"),
        ("a:openssl:openssl", "1.0.2k", "1.0.2zb", "affected exact cpe"),
        ("o:microsoft:windows_10_22h2", "10.0.19045.3803", "10.0.19045.3930", "affected exact cpe"),
        ("a:maker:product", "2.9", "2.10", "affected exact cpe"),
        ("a:maker:product", "2.10", "2.10", "none"),
        ("a:maker:product", "2.0", "2.0b", "affected likely loose"),
        ("a:maker:product", "2.0b", "2.0", "not: not_ordered"),
    ] {
        let product = by_cpe(&format!("{name}:{version}:*:*:*:*:*:*:*"));
        let claims = vec![affected(cpe(name), below(end))];
        assert_eq!(of(claims, &product), expected, "{name} {version} {end}");
    }
}

#[test]
fn a_branch_and_zero_mean_what_their_formats_say() {
    let claims = |from, to| vec![affected(package("pkg:pypi/a"), range(Some(from), to))];
    assert_eq!(of(claims("0", "5.4.*"), &purl("pkg:pypi/a@5.4.99")), "affected exact package");
    assert_eq!(of(claims("0", "5.4.*"), &purl("pkg:pypi/a@5.5")), "none");
    assert_eq!(of(claims("0", "5.4.*"), &purl("pkg:pypi/a@5.40")), "none");
    assert_eq!(of(claims("2", "*"), &purl("pkg:pypi/a@99")), "affected exact package");
}

#[test]
fn a_model_number_with_wildcards_is_likely_and_another_makers_is_none() {
    let asked = |number: &str| {
        let name = named(Some("Maker Ltd"), "Pump");
        vec![affected(ProductName { models: vec![number.into()], ..name }, below("2.0"))]
    };
    let ours = |maker: &str, model: &str| Product {
        machine: Some(Machine { maker: maker.into(), model: model.into(), serial: None }),
        version: Some("1.5".into()),
        ..Product::default()
    };
    for (number, maker, model, expected) in [
        ("6RA8013-6GV62", "Maker", "6RA8013-6GV62", "affected exact model"),
        ("6RA801?-??V62", "Maker", "6RA8013-6GV62", "affected likely model"),
        ("6RA80*", "Maker", "Pump 6RA8013-6GV62", "affected likely model"),
        ("*-6GV62", "Maker", "6RA8013-6GV62", "affected likely model"),
        ("6RA801?-??V62", "Maker", "6RA8013-6GV63", "not: name_only"),
        ("6RA80*", "Other", "6RA8013-6GV62", "not: name_only"),
        // Too short to be evidence, on either side.
        ("6R*", "Maker", "6RA8013-6GV62", "not: name_only"),
        ("6RA8", "Maker", "6RA8", "not: no_identity"),
    ] {
        assert_eq!(of(asked(number), &ours(maker, model)), expected, "{number} {maker} {model}");
    }
    // The number goes before the mere name; another number leaves the name a candidate.
    let pump = |model: &str| Product { name: Some("Pump".into()), ..ours("Maker Ltd", model) };
    let claims = || asked("6RA8013-6GV62");
    assert_eq!(of(claims(), &pump("6RA8013-6GV62")), "affected exact model");
    assert_eq!(of(claims(), &pump("6RA9999-6GV62")), "affected candidate name");
    // Without a maker beside it, a number says nothing.
    let mut claims = claims();
    claims[0].product.vendor = None;
    assert_eq!(of(claims, &ours("Maker", "6RA8013-6GV62")), "not: name_only");
}

#[test]
fn what_is_said_of_some_units_is_said_of_these() {
    let of_units = |status, versions, serials: &[&str]| {
        let mut claim = Claim::new(status, cpe("h:v:pump"), versions);
        claim.product.serials = serials.iter().map(|one| (*one).to_owned()).collect();
        claim
    };
    let affected = |serials: &[&str]| vec![of_units(VexStatus::Affected, below("2.0"), serials)];
    let unit = |number: Option<&str>, version: Option<&str>| {
        let asked = ["AB12*".to_owned(), "CD34".to_owned()].into();
        let serial = number.map(|number| Serial::new(asked, number));
        Product {
            cpes: vec!["cpe:2.3:h:v:pump:*:*:*:*:*:*:*:*".into()],
            version: version.map(str::to_owned),
            machine: Some(Machine { maker: "V".into(), model: "Pump".into(), serial }),
            ..Product::default()
        }
    };
    for (number, version, expected) in [
        (Some("AB1299"), "1.5", "affected exact cpe"),
        (Some("AB1299"), "2.0", "none"),
        (Some("CD345"), "1.5", "affected likely serial_begins"),
        (Some("XY1299"), "1.5", "none"),
        (None, "1.5", "affected likely serial_unknown"),
        (None, "2.0", "none"),
    ] {
        let told = of(affected(&["AB12*", "CD34"]), &unit(number, Some(version)));
        assert_eq!(told, expected, "{number:?} {version}");
    }
    // One that nobody held against the unit says nothing of it.
    assert_eq!(
        of(affected(&["XY*"]), &unit(Some("AB1299"), Some("1.5"))),
        "affected likely serial_unknown"
    );
    // Of units that are named one by one no version need be known.
    let unstated = || vec![of_units(VexStatus::Affected, Versions::Unstated, &["AB12*"])];
    assert_eq!(of(unstated(), &unit(Some("AB1299"), None)), "affected exact all_versions");
    assert_eq!(of(unstated(), &unit(None, None)), "affected likely serial_unknown");
    // Those that are mended go before, where the unit is one of them for sure.
    let both = || {
        let mended = of_units(VexStatus::Fixed, Versions::All, &["AB12*"]);
        vec![mended, of_units(VexStatus::Affected, below("2.0"), &[])]
    };
    assert_eq!(of(both(), &unit(Some("AB1299"), Some("1.5"))), "fixed exact cpe");
    assert_eq!(of(both(), &unit(Some("XY1299"), Some("1.5"))), "affected exact cpe");
    assert_eq!(of(both(), &unit(None, Some("1.5"))), "affected likely serial_unknown");
    let alone = || vec![of_units(VexStatus::NotAffected, Versions::All, &["AB12*"])];
    assert_eq!(of(alone(), &unit(None, Some("1.5"))), "not: serial_unknown");
}

#[test]
fn commits_are_in_no_order() {
    let Versions::These(mut set) = below("abc") else { panic!() };
    set.scheme = Some("GIT".into());
    let claims = vec![affected(package("pkg:npm/a"), Versions::These(set))];
    assert_eq!(of(claims, &purl("pkg:npm/a@1.0.0")), "not: not_ordered");
}

#[test]
fn what_a_criterion_asks_for_and_nobody_tells_is_likely() {
    let name = "cpe:2.3:a:v:p:1.0:*:*:*:*:windows:*:*";
    let asked = ProductName { cpes: vec![name.into()], ..ProductName::default() };
    for (product, expected) in [
        ("a:v:p:1.0:*:*:*:*:*:*:*", "affected likely edition"),
        ("a:v:p:1.0:*:*:*:*:windows:*:*", "affected exact cpe"),
        ("a:v:p:1.0:*:*:*:*:linux:*:*", "none"),
        ("a:v:p:1.1:*:*:*:*:windows:*:*", "none"),
        ("a:v:q:1.0:*:*:*:*:windows:*:*", "none"),
    ] {
        let claims = vec![affected(asked.clone(), Versions::Unstated)];
        assert_eq!(of(claims, &by_cpe(product)), expected, "{product}");
    }
    let limited = ProductName { platforms: vec!["ARM".into()], ..package("pkg:npm/a") };
    let claims = vec![affected(limited, Versions::All)];
    assert_eq!(of(claims, &purl("pkg:npm/a@1.0.0")), "affected likely platform");
}

#[test]
fn packages_of_another_release_are_others() {
    let product = ProductName {
        ecosystem: Some("Debian:12".into()),
        package: Some("openssl".into()),
        ..ProductName::default()
    };
    for (url, expected) in [
        ("pkg:deb/debian/openssl@3.0.1-1?distro=bookworm", "affected exact package"),
        ("pkg:deb/debian/openssl@3.0.9-1?distro=debian-12", "none"),
        ("pkg:deb/debian/openssl@3.0.1-1?distro=debian-11", "none"),
        ("pkg:deb/debian/openssl@3.0.1-1", "affected likely release"),
    ] {
        let claims = vec![affected(product.clone(), below("3.0.9-1"))];
        assert_eq!(of(claims, &purl(url)), expected, "{url}");
    }
}

#[test]
fn a_binary_package_is_meant_by_the_name_of_its_source() {
    let product = ProductName {
        ecosystem: Some("Debian:12".into()),
        package: Some("openssl".into()),
        ..ProductName::default()
    };
    for (url, expected) in [
        (
            "pkg:deb/debian/libssl3@3.0.1-1?distro=debian-12&upstream=openssl",
            "affected exact package",
        ),
        ("pkg:deb/debian/libssl3@3.0.9-1?distro=debian-12&upstream=openssl", "none"),
        (
            "pkg:deb/debian/libssl3@9-1?distro=debian-12&upstream=openssl%403.0.1-1",
            "affected exact package",
        ),
        ("pkg:deb/debian/libssl3@3.0.1-1?distro=debian-11&upstream=openssl", "none"),
        ("pkg:deb/debian/libssl3@3.0.1-1?distro=debian-12", "none"),
        ("pkg:rpm/debian/libssl3@3.0.1-1?upstream=openssl", "not: not_covered"),
    ] {
        let claims = vec![affected(product.clone(), below("3.0.9-1"))];
        assert_eq!(of(claims, &purl(url)), expected, "{url}");
    }
}

#[test]
fn what_holds_of_all_versions_needs_none() {
    let claims = |product| vec![affected(product, Versions::All)];
    assert_eq!(of(claims(package("pkg:npm/a")), &purl("pkg:npm/a")), "affected exact all_versions");
    let ours = Product { name: Some("Pump".into()), ..Product::default() };
    assert_eq!(of(claims(named(None, "pump")), &ours), "affected candidate all_versions");
}

#[test]
fn a_model_number_in_the_place_of_a_version_says_nothing_of_one() {
    let ours = |version: &str| Product {
        name: Some("Monitor".into()),
        version: Some(version.into()),
        ..Product::default()
    };
    for (said, version, expected) in [
        ("24950", "1.2", "not: not_ordered"),
        ("BT03", "1.2", "not: not_ordered"),
        ("BT03", "BT03", "affected candidate name"),
        ("24950", "24950", "affected candidate name"),
        ("24950", "24952", "not: name_only"),
        ("1.3", "1.2", "not: name_only"),
        ("v1.3", "1.3", "affected candidate name"),
    ] {
        let claims = vec![affected(named(None, "monitor"), listed(said))];
        assert_eq!(of(claims, &ours(version)), expected, "{said} {version}");
    }
}

#[test]
fn a_condition_is_likely_where_nothing_else_is_known_and_decides_where_it_is() {
    let claims = |negated| {
        let on = Criterion { product: cpe("h:v:box"), versions: Versions::All };
        let mut claim = affected(cpe("o:v:firmware"), below("2"));
        claim.conditions = vec![Condition { negated, any: vec![on] }];
        vec![claim]
    };
    let alone = by_cpe("o:v:firmware:1:*:*:*:*:*:*:*");
    let beside = |name: &str| Product {
        beside: Some(vec![Product { version: Some("1".into()), ..by_cpe(name) }]),
        ..alone.clone()
    };
    let (there, other) = (beside("h:v:box:*:*:*:*:*:*:*:*"), beside("h:v:tub:*:*:*:*:*:*:*:*"));
    assert_eq!(of(claims(false), &alone), "affected likely condition");
    assert_eq!(of(claims(true), &alone), "affected likely condition");
    assert_eq!(of(claims(false), &there), "affected exact cpe");
    assert_eq!(of(claims(false), &other), "none");
    assert_eq!(of(claims(true), &there), "none");
    assert_eq!(of(claims(true), &other), "affected exact cpe");
}

#[test]
fn a_name_alone_is_a_candidate() {
    let product = |supplier: Option<&str>, version: &str| Product {
        name: Some("ＰＡＣＳ viewer".into()),
        supplier: supplier.map(str::to_owned),
        version: Some(version.into()),
        ..Product::default()
    };
    let claims = || vec![affected(named(Some("Maker Inc."), "PACS Viewer"), below("2"))];
    assert_eq!(of(claims(), &product(None, "1.5")), "affected candidate name");
    assert_eq!(of(claims(), &product(Some("Maker Japan"), "1.5")), "not: name_only");
    assert_eq!(of(claims(), &product(Some("The Maker Inc."), "1.5")), "affected candidate name");
    assert_eq!(of(claims(), &product(Some("Maker"), "1.5")), "affected likely vendor_name");
    assert_eq!(of(claims(), &product(Some("maker inc."), "1.5")), "affected likely vendor_name");
    assert_eq!(of(claims(), &product(Some("Other"), "1.5")), "not: name_only");
    assert_eq!(of(claims(), &product(None, "2")), "not: name_only");
    let other = ProductName { name: Some("a".into()), ..package("pkg:pypi/a") };
    let ours = Product { name: Some("a".into()), ..purl("pkg:npm/a@1.0.0") };
    assert_eq!(of(vec![affected(other, Versions::All)], &ours), "not: not_covered");
}

#[test]
fn what_cannot_be_judged_says_why() {
    let claims = |versions| vec![affected(package("pkg:npm/a"), versions)];
    let a = purl("pkg:npm/a@1.0.0");
    assert_eq!(of(claims(Versions::All), &Product::default()), "not: no_identity");
    assert_eq!(of(claims(below("2.0.0")), &purl("pkg:npm/a")), "not: no_version");
    assert_eq!(of(claims(Versions::All), &purl("pkg:npm/b")), "not: no_version");
    assert_eq!(of(claims(Versions::All), &purl("pkg:cargo/a@1.0.0")), "not: not_covered");
    assert_eq!(of(claims(Versions::Text("all old ones".into())), &a), "not: text");
    assert_eq!(of(claims(Versions::Unstated), &a), "not: unstated");
    assert_eq!(of(claims(Versions::All), &purl("pkg:npm/b@1.0.0")), "none");
}

#[test]
fn the_first_claim_whose_versions_hold_counts_and_the_rest_comes_last() {
    let say = |status, versions| Claim::new(status, package("pkg:npm/a"), versions);
    let claims = || {
        vec![
            say(VexStatus::Affected, Versions::Others),
            say(VexStatus::Fixed, listed("1.5.0")),
            say(VexStatus::NotAffected, range(Some("1.0.0"), "2.0.0")),
        ]
    };
    let a = |version: &str| purl(&format!("pkg:npm/a@{version}"));
    assert_eq!(of(claims(), &a("1.5.0")), "fixed exact package");
    assert_eq!(of(claims(), &a("1.4.0")), "not_affected exact package");
    assert_eq!(of(claims(), &a("3.0.0")), "affected exact package");
    let mut doubtful = claims();
    doubtful.insert(0, say(VexStatus::NotAffected, Versions::Text("some".into())));
    assert_eq!(of(doubtful.clone(), &a("1.5.0")), "fixed likely earlier_open");
    assert_eq!(of(doubtful, &a("3.0.0")), "not: text");
    let unknown = vec![say(VexStatus::UnderInvestigation, Versions::Others)];
    assert_eq!(of(unknown, &a("1.0.0")), "under_investigation exact package");
}

#[test]
fn withdrawn_and_rejected_advisories_never_affect() {
    for state in [AdvisoryState::Withdrawn, AdvisoryState::Rejected] {
        let mut advisory =
            says(FeedKind::Osv, "CVE-1", vec![affected(package("pkg:npm/a"), Versions::All)]);
        advisory.state = state;
        let verdicts = judged(vec![advisory], &purl("pkg:npm/a@1.0.0"));
        assert_eq!(verdicts.judged, Judged::Yes(Vec::new()));
    }
}

#[test]
fn where_parties_disagree_both_words_stand() {
    let ours = Product {
        version: Some("3.0.11".into()),
        cpes: vec!["cpe:2.3:a:openssl:openssl:3.0.11:*:*:*:*:*:*:*".into()],
        ..purl("pkg:deb/debian/openssl@3.0.11-1~deb12u2?distro=debian-12")
    };
    let nvd =
        || says(FeedKind::Nvd, "CVE-1", vec![affected(cpe("a:openssl:openssl"), below("3.0.13"))]);
    let debian = |fixed: &str| {
        let product = ProductName {
            ecosystem: Some("Debian:12".into()),
            package: Some("openssl".into()),
            ..ProductName::default()
        };
        let mut advisory = says(FeedKind::Osv, "DSA-1", vec![affected(product, below(fixed))]);
        advisory.aliases = vec!["CVE-1".into()];
        advisory
    };
    let one = |advisories| match judged(advisories, &ours).judged {
        Judged::Yes(matches) if matches.len() == 1 => matches.into_iter().next().unwrap(),
        other => panic!("{other:?}"),
    };
    let alone = one(vec![nvd()]);
    assert_eq!(alone.affected, Some(Confidence::Exact));
    let denied = one(vec![nvd(), debian("3.0.11-1~deb12u2")]);
    assert_eq!(denied.affected, Some(Confidence::Candidate), "backported, and never dropped");
    assert_eq!(short(&denied.statements[0].reason), "contradicted");
    let agreed = one(vec![nvd(), debian("3.0.11-1~deb12u3")]);
    assert_eq!(agreed.affected, Some(Confidence::Exact));
    assert_eq!(agreed.statements.len(), 2, "grouped under one number");
    assert_eq!(agreed.vulnerability.numbers, ["CVE-1", "DSA-1"]);
    let vex = says(
        FeedKind::OpenVex,
        "CVE-1",
        vec![Claim::new(VexStatus::NotAffected, package(&ours.purls[0]), Versions::All)],
    );
    let told = one(vec![nvd(), vex]);
    assert_eq!(told.affected, Some(Confidence::Candidate));
    assert!(told.statements.iter().any(|said| said.status == VexStatus::NotAffected));
}

#[test]
fn scores_are_computed_from_vectors() {
    let rate = |vector: Option<&str>, score, claims| Rating {
        by: None,
        vector: vector.map(str::to_owned),
        score,
        word: Some("LOW".into()),
        claims,
    };
    let mut claim = affected(package("pkg:npm/a"), Versions::All);
    claim.fixed = vec!["2.0.0".into()];
    let mut advisory = says(FeedKind::Ghsa, "GHSA-1", vec![claim]);
    advisory.ratings = vec![
        rate(Some("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"), Some(10), vec![]),
        rate(None, Some(31), vec![0]),
        rate(None, Some(99), vec![7]),
        rate(Some("CVSS:3.1/AV:L/AC:H/PR:L/UI:N/S:U/C:H/I:H/A:H/E:F/RL:O/RC:C"), Some(70), vec![]),
        rate(Some("CVSS:3.1/AV:L/AC:H/PR:L/UI:N/S:U/C:H/I:H/A:H/E:F/RL:O/RC:C"), Some(65), vec![]),
        rate(Some("no vector"), Some(65), vec![]),
    ];
    let verdicts = judged(vec![advisory], &purl("pkg:npm/a@1.0.0"));
    let Judged::Yes(matches) = verdicts.judged else { panic!() };
    let scores: Vec<_> = matches[0].ratings.iter().map(|one| (one.score, one.computed)).collect();
    let base = (Some(70), true);
    assert_eq!(scores, [(Some(98), true), (Some(31), false), base, base, (Some(65), false)]);
    let published: Vec<_> = matches[0].ratings.iter().map(Scored::differently_published).collect();
    assert_eq!(published, [Some(10), None, None, Some(65), None], "what others wrote is told");
    let temporal = |at: usize| matches[0].ratings[at].further.temporal.map(Score::tenths);
    assert_eq!([temporal(0), temporal(2), temporal(4)], [None, Some(65), None]);
    assert_eq!(matches[0].ratings[0].severity.as_deref(), Some("CRITICAL"));
    assert_eq!(matches[0].fixed, ["2.0.0"]);
}

#[test]
fn what_is_open_is_told_beside_what_is_judged() {
    let open = says(
        FeedKind::Nvd,
        "CVE-2",
        vec![affected(package("pkg:npm/a"), Versions::Text("old".into()))],
    );
    let sure = says(FeedKind::Nvd, "CVE-1", vec![affected(package("pkg:npm/a"), Versions::All)]);
    let verdicts = judged(vec![open, sure], &purl("pkg:npm/a@1.0.0"));
    assert!(matches!(&verdicts.judged, Judged::Yes(matches) if matches.len() == 1));
    assert_eq!(verdicts.open.len(), 1);
    assert_eq!(verdicts.open[0].id, "CVE-2");
}

#[test]
fn a_component_of_a_parts_list_is_a_product() {
    let mut component = Component::new(Place::DOCUMENT, "a");
    component.purls = vec!["pkg:rpm/redhat/a@1.0-1?epoch=2".into()];
    component.version = Some("1.0-1".into());
    let claims = vec![affected(package("pkg:rpm/redhat/a"), below("2:1.0-2"))];
    assert_eq!(of(claims, &Product::from(&component)), "affected exact package");
    let claims = vec![affected(package("pkg:rpm/redhat/a"), below("2:1.0-1"))];
    assert_eq!(of(claims, &Product::from(&component)), "none");
}
