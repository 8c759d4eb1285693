//! Builds of Windows, held against real records of the NVD and of the CVE programme; and what an installed update says of them.

use domain::MakerTable;
use domain::advisory::Confidence;
use engine::advisories::judge::{Judge, Judged, Least, Product};
use engine::advisories::updates::Build;

use super::{Feed, of, sample};

const NVD: &str = "nvd/configurations.jsonl.gz";
const CVE: &str = "cve/vulnrichment.jsonl.gz";

/// Windows 10 22H2 of this version, with what an update says of it.
fn windows(version: &str, least: Option<(&str, u64)>) -> Product {
    let least = least.map(|(build, update)| Least { build: Build::read(build).unwrap(), update });
    Product {
        cpes: vec![format!("cpe:2.3:o:microsoft:windows_10_22h2:{version}:*:*:*:*:*:*:*")],
        name: Some("Windows 10 22H2".to_owned()),
        supplier: Some("microsoft".to_owned()),
        version: Some(version.to_owned()),
        least,
        ..Product::default()
    }
}

/// What comes of a vulnerability: affected and how sure; else the words and reasons of who says something; else why it is open.
fn told(judge: &Judge<'_, '_>, product: &Product, id: &str) -> String {
    let verdicts = judge.judge(product).unwrap();
    if let Some(open) = verdicts.open.iter().find(|open| open.id == id) {
        return format!("open {}", open.reason.key.strip_prefix("advisories.").unwrap());
    }
    let Some(found) = of(&verdicts, id) else { return "none".to_owned() };
    match found.affected {
        Some(sure) => format!("affected {}", sure.key()),
        None => {
            let said = &found.statements[0];
            let reason = said.reason.key.strip_prefix("advisories.").unwrap();
            format!("{} {reason}", said.status.key())
        }
    }
}

#[test]
fn a_full_build_is_judged_exactly_and_one_without_its_revision_is_open() {
    // The ends of both ranges stand in the records: 10.0.19045.4046 and 10.0.19045.2486.
    for (file, id, sure, cases) in [
        (
            NVD,
            "CVE-2024-21363",
            "exact",
            [("10.0.19045.4045", true), ("10.0.19045.4046", false), ("10.0.19045.10000", false)],
        ),
        (
            CVE,
            "CVE-2023-21539",
            "likely",
            [("10.0.19045.2485", true), ("10.0.19045.2486", false), ("10.0.19045.10000", false)],
        ),
    ] {
        Feed::read(&sample(file)).ask(|judge| {
            for (version, is_affected) in cases {
                let expected =
                    if is_affected { format!("affected {sure}") } else { "none".to_owned() };
                assert_eq!(told(judge, &windows(version, None), id), expected, "{id} {version}");
            }
            let bare = windows("10.0.19045", None);
            assert_eq!(told(judge, &bare, id), "open no_revision", "{id}");
            // Any revision of another build lies on one side of the end.
            assert_eq!(told(judge, &windows("10.0.19044", None), id), format!("affected {sure}"));
            assert_eq!(told(judge, &windows("10.0.22621", None), id), "none");
        });
    }
}

#[test]
fn an_update_bounds_the_build_from_below() {
    for (file, id, end) in [(NVD, "CVE-2024-21363", 4046), (CVE, "CVE-2023-21539", 2486)] {
        Feed::read(&sample(file)).ask(|judge| {
            for (revision, expected) in
                [(end - 1, "open mended_later"), (end, "fixed mended"), (end + 1, "fixed mended")]
            {
                let build = format!("10.0.19045.{revision}");
                let product = windows("10.0.19045", Some((&build, 9_900_001)));
                assert_eq!(told(judge, &product, id), expected, "{id} {build}");
            }
        });
    }
}

#[test]
fn an_invented_advisory_in_the_layout_of_microsoft_says_what_updates_bring() {
    let (nvd, updates) = (sample(NVD), sample("csaf/windows-updates.json"));
    let feed = Feed::read_with(&nvd, &[&updates]);
    let index = engine::advisories::index::Index::open(&feed.index).unwrap();
    let builds = |update: u64| -> Vec<String> {
        index.builds_of(update).unwrap().iter().map(ToString::to_string).collect()
    };
    assert_eq!(builds(9_900_001), ["10.0.19044.4046", "10.0.19045.4046"]);
    assert_eq!(builds(9_900_002), ["10.0.19045.3930"]);
    assert_eq!(builds(9_900_004), ["6.3.9600.21813"], "a rollup of Windows before 10");
    assert_eq!(builds(9_900_005), [""; 0]);
}

#[test]
fn what_an_advisory_says_to_be_fixed_leaves_nothing_open_where_the_build_lies_beyond() {
    // Known by its name alone.
    let server = |version: &str, least: Option<&str>| Product {
        cpes: Vec::new(),
        name: Some("Windows Server 2019".to_owned()),
        ..windows(version, least.map(|build| (build, 9_900_003)))
    };
    Feed::read(&sample("csaf/windows-updates.json")).ask(|judge| {
        for (version, least, expected) in [
            ("10.0.17763.5457", None, "affected likely"),
            ("10.0.17763.5458", None, "fixed vendor_name"),
            ("10.0.17763.5459", None, "none"),
            ("10.0.17763", None, "open no_revision"),
            ("10.0.17763", Some("10.0.17763.5457"), "open mended_later"),
            ("10.0.17763", Some("10.0.17763.5458"), "fixed mended"),
            ("10.0.17763", Some("10.0.17763.5459"), "fixed mended"),
        ] {
            let told = told(judge, &server(version, least), "CVE-2024-21363");
            assert_eq!(told, expected, "{version} {least:?}");
        }
    });
}

/// A release by its name in the NVD.
fn release(product: &str, version: &str) -> Product {
    Product {
        cpes: vec![format!("cpe:2.3:o:microsoft:{product}:{version}:*:*:*:*:*:*:*")],
        name: None,
        ..windows(version, None)
    }
}

#[test]
fn microsofts_names_of_releases_lead_to_those_of_the_nvd() {
    Feed::read(&sample("csaf/windows-updates.json")).ask(|judge| {
        for (product, version, expected) in [
            // Said alike of every processor, and of both kinds of installation.
            ("windows_10_22h2", "10.0.19045.4045", "affected exact"),
            ("windows_10_22h2", "10.0.19045.4046", "fixed cpe"),
            ("windows_10_22h2", "10.0.19045.4047", "none"),
            ("windows_10_22h2", "10.0.19045", "open no_revision"),
            ("windows_11_23h2", "10.0.22631.3154", "affected exact"),
            ("windows_11_23h2", "10.0.22631.3155", "fixed cpe"),
            ("windows_server_2019", "10.0.17763.5457", "affected exact"),
            ("windows_server_2019", "10.0.17763.5458", "fixed cpe"),
            ("windows_server_23h2", "10.0.25398.708", "affected exact"),
            // Said of one processor alone, or of servers with a desktop: which of them the device is, nobody knows.
            ("windows_10_21h2", "10.0.19044.4045", "affected likely"),
            ("windows_10_21h2", "10.0.19044.4046", "none"),
            ("windows_server_2012_r2", "6.3.9600.21812", "affected likely"),
            ("windows_server_2012_r2", "6.3.9600.21813", "none"),
            // Nothing is said of it.
            ("windows_11_22h2", "10.0.22621.1", "none"),
            ("windows_server_2022", "10.0.20348.1", "none"),
        ] {
            let told = told(judge, &release(product, version), "CVE-2024-21363");
            assert_eq!(told, expected, "{product} {version}");
        }
    });
}

#[test]
fn what_the_nvd_and_microsoft_say_of_one_release_is_one_finding() {
    let (nvd, updates) = (sample(NVD), sample("csaf/windows-updates.json"));
    Feed::read_with(&nvd, &[&updates]).ask(|judge| {
        let verdicts = judge.judge(&windows("10.0.19045.4045", None)).unwrap();
        let Judged::Yes(matches) = &verdicts.judged else { panic!("{verdicts:?}") };
        let own: Vec<_> =
            matches.iter().filter(|one| one.vulnerability.id == "CVE-2024-21363").collect();
        let [found] = own[..] else { panic!("{own:?}") };
        assert_eq!(found.affected, Some(Confidence::Exact));
        let feeds: Vec<&str> = found.statements.iter().map(|said| said.feed.key()).collect();
        assert_eq!(feeds.len(), 2, "{feeds:?}");
        assert!(feeds.contains(&"nvd") && feeds.contains(&"csaf"), "{feeds:?}");
        assert!(found.fixed.contains(&"10.0.19045.4046".to_owned()), "{:?}", found.fixed);
    });
}

#[test]
fn a_release_in_a_name_of_the_nvd_is_what_its_criteria_ask_for() {
    use domain::advisory::{Advisory, AdvisoryState, Claim, FeedKind, FeedRecord, ProductName};
    use domain::advisory::{VersionSet, Versions, VexStatus};
    use engine::advisories::index::{Builder, Index};

    let asked = ProductName {
        cpes: vec!["cpe:2.3:o:microsoft:windows_10:1703:*:*:*:*:*:*:*".to_owned()],
        ..ProductName::default()
    };
    let set = VersionSet { listed: vec!["1703".to_owned()], ..VersionSet::default() };
    let mut advisory = Advisory::new(FeedKind::Nvd, "CVE-2018-1", AdvisoryState::Published);
    advisory.claims = vec![Claim::new(VexStatus::Affected, asked, Versions::These(set))];
    let mut builder = Builder::new();
    builder.add(FeedRecord::Advisory(Box::new(advisory))).unwrap();
    let mut bytes = Vec::new();
    builder.finish(Vec::new(), &mut bytes).unwrap();
    let index = Index::open(&bytes).unwrap();
    let ours = |release: &str, build: &str| Product {
        cpes: vec![format!("cpe:2.3:o:microsoft:windows_10:{release}:*:*:*:*:*:*:*")],
        version: Some(build.to_owned()),
        ..Product::default()
    };
    let makers = MakerTable::default();
    let judge = Judge::new(&index, &makers);
    let affected = |product: &Product| match judge.judge(product).unwrap().judged {
        Judged::Yes(matches) => matches.first().and_then(|found| found.affected),
        Judged::Not(_) => None,
    };
    assert_eq!(affected(&ours("1703", "10.0.15063")), Some(Confidence::Exact));
    assert_eq!(affected(&ours("1607", "10.0.14393")), None);
}
