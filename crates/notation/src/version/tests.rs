use std::cmp::Ordering;

use serde_json::Value;

use super::*;

/// Each stands before the next.
const ASCENDING: &[(Scheme, &[&str])] = &[
    // Semantic Versioning 2.0.0 clause 11.
    (
        Scheme::SemVer,
        &[
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1.0.0-beta",
            "1.0.0-beta.2",
            "1.0.0-beta.11",
            "1.0.0-rc.1",
            "1.0.0",
            "1.0.1",
            "1.2.0",
            "1.10.0",
            "2.0.0",
            "99999999999999999999999.0.0",
        ],
    ),
    (Scheme::Npm, &["1-rc.1", "v1.0.0", "1.2", "=1.2.3", "2"]),
    (
        Scheme::Go,
        &["v0.0.0-20190101000000-abcdefabcdef", "v0.1.0", "v1", "1.2.3", "v2.0.0+incompatible"],
    ),
    (Scheme::NuGet, &["1.0.0-ALPHA", "1.0.0-beta", "1.0.0", "1.0.0.1", "1.1"]),
    // PEP 440, "Summary of permitted suffixes and relative ordering".
    (
        Scheme::Pep440,
        &[
            "1.dev0",
            "1.0.dev456",
            "1.0a1",
            "1.0a2.dev456",
            "1.0a12.dev456",
            "1.0a12",
            "1.0b1.dev456",
            "1.0b2",
            "1.0b2.post345.dev456",
            "1.0b2.post345",
            "1.0rc1.dev456",
            "1.0rc1",
            "1.0",
            "1.0+abc.5",
            "1.0+abc.7",
            "1.0+5",
            "1.0.post456.dev34",
            "1.0.post456",
            "1.0.15",
            "1.1.dev1",
            "1!0.1",
        ],
    ),
    // Debian Policy clause 5.6.12, and deb-version(7).
    (
        Scheme::Debian,
        &[
            "1.0~~",
            "1.0~~a",
            "1.0~",
            "1.0~rc1-1",
            "1.0",
            "1.0-1",
            "1.0-1+deb12u1",
            "1.0-1.1",
            "1.0a-1",
            "1.0+dfsg-1",
            "1.0.1-1",
            "1.9-1",
            "1.10-1",
            "1:0.1-1",
        ],
    ),
    (
        Scheme::Rpm,
        &[
            "1.0~rc1-1",
            "1.0-1.el8",
            "1.0-1.el8_4",
            "1.0-2.el8",
            "1.0-10.el8",
            "1.0^20200101-1",
            "1.0.a-1",
            "1.0.1-1",
            "1.0.10-1",
            "1:0.1-1",
        ],
    ),
    (
        Scheme::Maven,
        &[
            "1-alpha-1",
            "1-alpha2",
            "1-beta",
            "1-milestone",
            "1-rc",
            "1-SNAPSHOT",
            "1",
            "1-sp",
            "1-abc",
            "1-foo2",
            "1-foo10",
            "1-1",
            "1.1",
            "1.1.1",
            "2-alpha",
            "2.0",
            "2.0.1",
            "10",
        ],
    ),
    (
        Scheme::Gem,
        &[
            "0.1",
            "1.0.a",
            "1.0.b1",
            "1.0.b2",
            "1.0.pre",
            "1.0",
            "1.0.1-rc1",
            "1.0.1",
            "1.9",
            "1.10",
        ],
    ),
    (
        Scheme::Composer,
        &[
            "1.0-dev",
            "1.0-alpha1",
            "1.0a2",
            "1.0-beta",
            "1.0-RC1",
            "v1.0",
            "1.0-p1",
            "1.0.1",
            "1.0.1.1",
        ],
    ),
    (
        Scheme::Gentoo,
        &[
            "1.0_alpha",
            "1.0_beta",
            "1.0_pre",
            "1.0_rc1",
            "1.0",
            "1.0-r1",
            "1.0_p1",
            "1.0b",
            "1.0.0",
            "1.01",
            "1.1",
        ],
    ),
    (
        Scheme::Alpine,
        &["1.0_rc1", "1.0", "1.0-r1", "1.0_git20200101", "1.0_p1", "1.0a", "1.1.1w-r1", "1.2"],
    ),
    (
        Scheme::OpenSsl,
        &[
            "0.9.8zh",
            "1.0.2-beta1",
            "1.0.2",
            "1.0.2k",
            "1.0.2z",
            "1.0.2za",
            "1.0.2zk",
            "1.1.1",
            "3.0.0-alpha17",
            "3.0.0-beta1",
            "3.0.0",
            "3.0.13",
        ],
    ),
    (Scheme::IntDot, &["0.9", "1.5.0", "1.10", "1.10.0.1"]),
    (
        Scheme::Datetime,
        &[
            "1969-12-31T23:59:59Z",
            "2024-02-29T00:00:00+09:00",
            "2024-02-28T23:00:00Z",
            "2024-03-01T00:00:00Z",
        ],
    ),
    (
        Scheme::Windows,
        &["6.1.7601.24214", "10.0.17763.1", "10.0.19045.3803", "19045.3930", "10.0.22631.1"],
    ),
    (
        Scheme::FortiOs,
        &[
            "6.4.15",
            "v7.0.12,build0523",
            "7.2.5",
            "v7.2.6,build1575",
            "v7.2.6 build1580 (GA)",
            "7.4.0",
        ],
    ),
    (
        Scheme::CiscoIos,
        &["12.2(55)SE", "12.2(55)SE3", "12.2(55)SE12", "15.0(2)SE", "15.0(2)SE10a", "15.0(2a)SE1"],
    ),
    (Scheme::CiscoIos, &["15.2(4)E10", "15.2(7)E", "15.2(7)E0a", "15.2(7)E3", "15.2(7b)E0b"]),
    (Scheme::CiscoIos, &["16.9.4", "16.9.4a", "16.12.05b", "17.3.4a", "17.03.05"]),
    (Scheme::Yamaha, &["Rev.14.01.09", "14.01.38", "Rev.14.01.42", "rev.14.02.1"]),
    (
        Scheme::Generic,
        &[
            "1.0-rc1", "1.0-rc2", "1.9", "1.10", "1.10.1", "v2", "2.0.1a", "2.0.1b", "10 20",
            "10 30",
        ],
    ),
    (Scheme::Loose, &["1.0-rc1", "1.0", "1.0-p1", "1.0.1", "8u250", "8u251"]),
];

const SAME: &[(Scheme, &str, &str)] = &[
    (Scheme::SemVer, "1.0.0+one", "1.0.0+two"),
    (Scheme::Npm, "v1.2", "=1.2.0"),
    (Scheme::Pep440, "V1.0-ALPHA.1", "1a1"),
    (Scheme::Pep440, "1.0-1", "1.0.post1"),
    (Scheme::Pep440, "1.0+ABC_1", "1.0.0+abc.1"),
    (Scheme::Debian, "0:1.0-0", "1.0"),
    (Scheme::Rpm, "1.0-1", "0:1_0-01"),
    (Scheme::Maven, "1.0.0-FINAL", "1"),
    (Scheme::Maven, "1-a1", "1-alpha-1"),
    (Scheme::Maven, "1.0.0-foo.0.0", "1-foo"),
    (Scheme::Maven, "1.ga", "1-release"),
    (Scheme::Gem, "1.0.0", "1"),
    (Scheme::Gem, "1.0.0.a", "1.a"),
    (Scheme::Composer, "v1.2-stable", "1.2.0.0"),
    (Scheme::Windows, "19045.3803", "10.0.19045.3803"),
    (Scheme::FortiOs, "7.2.5", "v7.2.5,build1517"),
    (Scheme::CiscoIos, "17.03.04a", "17.3.4a"),
    (Scheme::Yamaha, "Rev.14.01.38", "14.1.38"),
    (Scheme::Generic, "1.0", "v1.0.0"),
    (Scheme::Loose, "2023.02.13", "2023.2.13.0"),
];

/// Not judged, and why.
const NOT_JUDGED: &[(Scheme, &str, &str, &str)] = &[
    (Scheme::SemVer, "1.0", "1.0.0", "three numbers"),
    (Scheme::SemVer, "01.0.0", "1.0.0", "no leading zeros"),
    (Scheme::SemVer, "1.0.0-", "1.0.0", "an empty label"),
    (Scheme::Pep440, "1.0-foo", "1.0", "a word that PEP 440 does not have"),
    (Scheme::Debian, "1.0_1", "1.0", "an underscore"),
    (Scheme::Rpm, "1.0", "1.0-1", "which release, nobody says"),
    (Scheme::Gem, "1..0", "1", "an empty segment"),
    (Scheme::Composer, "dev-main", "1.0", "a branch"),
    (Scheme::Gentoo, "1.0_foo", "1.0", "an unknown suffix"),
    (Scheme::OpenSsl, "1.0.2k-fips", "1.0.2k", "a distributor's suffix"),
    (Scheme::Datetime, "2023-02-29T00:00:00Z", "2024-01-01T00:00:00Z", "no such day"),
    (Scheme::Windows, "10.0.19045", "10.0.19045.3803", "which update, nobody says"),
    (Scheme::Windows, "10", "11", "names, not builds"),
    (Scheme::FortiOs, "7.2", "7.2.5", "a branch"),
    (Scheme::CiscoIos, "15.2(7)E3", "15.2(4)M6", "two trains"),
    (Scheme::CiscoIos, "15.2(7)E3", "17.3.4a", "IOS and IOS XE"),
    (Scheme::Yamaha, "Rev.14.01.38", "Rev.15.02.10", "two series of devices"),
    (Scheme::Generic, "2.0b", "2.0", "beta or patch"),
    (Scheme::Generic, "1.0", "1.0-rc1", "a suffix on one side"),
    (Scheme::Generic, "2.0-xp", "2.0-win7", "two words"),
    (Scheme::Generic, "unknown", "1.0", "no version"),
    (Scheme::Generic, "1.0（改）", "1.0（新）", "letters that stand in no version"),
];

#[test]
fn versions_stand_in_the_order_of_their_scheme() {
    for (scheme, versions) in ASCENDING {
        for (at, one) in versions.iter().enumerate() {
            for (other_at, other) in versions.iter().enumerate() {
                let expected = Some(at.cmp(&other_at));
                assert_eq!(scheme.compare(one, other), expected, "{scheme:?}: {one} {other}");
            }
        }
    }
}

#[test]
fn what_is_written_differently_can_be_the_same_version() {
    for (scheme, one, other) in SAME {
        assert_eq!(scheme.compare(one, other), Some(Ordering::Equal), "{scheme:?}: {one} {other}");
    }
}

#[test]
fn what_the_scheme_does_not_order_is_not_judged() {
    for (scheme, one, other, why) in NOT_JUDGED {
        assert_eq!(scheme.compare(one, other), None, "{scheme:?}: {one} {other}: {why}");
        assert_eq!(scheme.compare(other, one), None, "{scheme:?}: {other} {one}: {why}");
    }
}

#[test]
fn a_difference_before_what_cannot_be_judged_decides() {
    assert_eq!(Scheme::Generic.compare("1.9 custom", "2.0b"), Some(Ordering::Less));
    assert_eq!(Scheme::Rpm.compare("1.0", "1.1-1"), Some(Ordering::Less));
    assert_eq!(Scheme::Windows.compare("10.0.19044", "10.0.19045.1"), Some(Ordering::Less));
}

#[test]
fn a_text_without_end_is_no_version() {
    let long = "1".repeat(MAX_LENGTH + 1);
    assert!(Scheme::ALL.iter().all(|scheme| scheme.compare(&long, "1").is_none()));
}

#[test]
fn each_type_of_package_has_its_scheme() {
    assert_eq!(Scheme::for_type("PyPI"), Some(Scheme::Pep440));
    assert_eq!(Scheme::for_type("crates.io"), Some(Scheme::SemVer));
    assert_eq!(Scheme::for_type("custom"), None);
}

/// The comparison tests of the VERS specification.
const VECTORS: [(&str, usize, &str); 6] = [
    (
        "alpine",
        716,
        include_str!("../../../../testdata/notation/vers/alpine_version_cmp_test.json"),
    ),
    ("gentoo", 48, include_str!("../../../../testdata/notation/vers/gentoo_version_cmp_test.json")),
    ("nuget", 33, include_str!("../../../../testdata/notation/vers/nuget_version_cmp_test.json")),
    (
        "openssl",
        44,
        include_str!("../../../../testdata/notation/vers/openssl_version_cmp_test.json"),
    ),
    (
        "datetime",
        7,
        include_str!("../../../../testdata/notation/vers/datetime_version_cmp_test.json"),
    ),
    (
        "lexicographic",
        8,
        include_str!("../../../../testdata/notation/vers/lexicographic-test.json"),
    ),
];

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().map(|list| list.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
}

#[test]
fn the_comparisons_of_the_vers_specification_hold() {
    for (name, count, file) in VECTORS {
        let file: Value = serde_json::from_str(file).unwrap();
        let tests = file["tests"].as_array().unwrap();
        assert_eq!(tests.len(), count, "{name}");
        tests.iter().for_each(comparison_holds);
    }
}

fn comparison_holds(test: &Value) {
    let scheme = Scheme::for_type(test["input"]["input_scheme"].as_str().unwrap()).unwrap();
    let mut versions = texts(&test["input"]["versions"]);
    if let Some(same) = test["expected_output"].as_bool() {
        let order = scheme.compare(versions[0], versions[1]);
        assert_eq!(order.map(Ordering::is_eq), Some(same), "{scheme:?}: {versions:?}");
        return;
    }
    versions.sort_by(|one, other| scheme.compare(one, other).unwrap());
    let expected = texts(&test["expected_output"]);
    assert_eq!(versions.len(), expected.len());
    for (one, other) in versions.iter().zip(expected) {
        assert_eq!(scheme.compare(one, other), Some(Ordering::Equal), "{scheme:?}: {versions:?}");
    }
}

#[test]
fn the_loose_order_is_that_of_the_cases_of_nvdtools() {
    let file =
        include_str!("../../../../testdata/notation/cpe/nvdtools-smart-version-compare.json");
    let cases: Vec<Value> = serde_json::from_str(file).unwrap();
    assert_eq!(cases.len(), 20);
    for case in cases {
        let (one, other) = (case["v1"].as_str().unwrap(), case["v2"].as_str().unwrap());
        let expected = case["cmp"].as_i64().unwrap().cmp(&0);
        assert_eq!(Scheme::Loose.compare(one, other), Some(expected), "{one} {other}");
    }
}

#[test]
fn any_bytes_are_survived() {
    for (_, one, other) in SAME {
        fuzz(format!("{one}\n{other}").as_bytes());
    }
    for text in
        ["", "\n", "-", "1-", "~\n^", "日本\n1.0", "1.\n.1", "\u{ff11}", "+\n!", "_\n-r", "(\n)"]
    {
        fuzz(text.as_bytes());
    }
}
