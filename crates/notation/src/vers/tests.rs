use serde_json::Value;

use super::*;

macro_rules! suite {
    ($name:literal) => {
        include_str!(concat!("../../../../testdata/notation/vers/", $name, "_test.json"))
    };
}

fn cases(file: &str) -> Vec<Value> {
    let file: Value = serde_json::from_str(file).unwrap();
    file["tests"].as_array().unwrap().clone()
}

#[test]
fn the_canonical_form_is_read_and_everything_else_is_named() {
    let cases = cases(suite!("vers_canonical_parse"));
    assert_eq!(cases.len(), 12);
    for case in cases {
        let got = case["input"].as_str().unwrap().parse::<Vers>();
        if let Some(message) = case["expected_message"].as_str() {
            assert_eq!(got.unwrap_err().to_string(), message, "{case}");
            continue;
        }
        let vers = got.unwrap();
        let expected = &case["expected_output"];
        assert_eq!(vers.kind(), expected["scheme"], "{case}");
        let constraints: Vec<[&str; 2]> = vers
            .constraints()
            .iter()
            .map(|one| [one.comparator().as_str(), one.version()])
            .collect();
        assert_eq!(serde_json::json!(constraints), expected["version_constraints"], "{case}");
    }
}

#[test]
fn versions_lie_in_ranges_as_the_specification_says() {
    let all =
        [cases(suite!("pypi_range_containment")), cases(suite!("npm_range_containment"))].concat();
    assert_eq!(all.len(), 11);
    for case in all {
        let vers = Vers::read_leniently(case["input"]["vers"].as_str().unwrap()).unwrap();
        let version = case["input"]["version"].as_str().unwrap();
        assert_eq!(vers.contains(version), case["expected_output"].as_bool(), "{case}");
    }
}

#[test]
fn native_ranges_are_listed_as_the_specification_says() {
    let files = [
        suite!("npm_range_from_native"),
        suite!("gem_range_from_native"),
        suite!("pypi_range_from_native"),
        suite!("nginx_range_from_native"),
    ];
    let all: Vec<Value> = files.into_iter().flat_map(cases).collect();
    assert_eq!(all.len(), 499);
    for case in all {
        let input = &case["input"];
        let (kind, text) =
            (input["scheme"].as_str().unwrap(), input["native_range"].as_str().unwrap());
        let native = Native::read(kind, text).unwrap_or_else(|error| panic!("{error}: {case}"));
        assert_eq!(native.to_vers().to_string(), case["expected_output"], "{case}");
    }
}

/// Type, native range, what lies in it, what does not.
const NATIVE: &[(&str, &str, &[&str], &[&str])] = &[
    ("npm", "^1.2.3", &["1.2.3", "1.9.0"], &["1.2.2", "2.0.0", "2.0.0-rc.1"]),
    ("npm", "^0.2.3 || 3.x", &["0.2.9", "3.0.0", "3.9.9"], &["0.3.0", "4.0.0"]),
    // All of them hold, though the list in VERS cannot say so.
    ("npm", ">=5.0.3 >=4.2.1", &["5.0.3"], &["4.2.1", "5.0.2"]),
    ("npm", "1.1.2 1.2.2", &[], &["1.1.2", "1.2.2"]),
    // node-semver's meaning, where the examples of VERS list less.
    ("npm", "~0.8.0-pre", &["0.8.0-pre", "0.8.0", "0.8.7"], &["0.9.0"]),
    ("npm", ">=2.2.x", &["2.2.0", "3.0.0"], &["2.1.9"]),
    ("npm", "2.1", &["2.1.0", "2.1.9"], &["2.2.0"]),
    ("npm", "<=2.1", &["2.1.9"], &["2.2.0"]),
    ("npm", ">2.1", &["2.2.0"], &["2.1.9"]),
    ("npm", "1.2 - 2", &["1.2.0", "2.9.9"], &["3.0.0"]),
    ("npm", "*", &["0.0.1"], &[]),
    ("npm", ">*", &[], &["0.0.0", "9.0.0"]),
    ("gem", "~> 2.0, != 2.5", &["2.0", "2.9.9"], &["2.5.0", "3.0"]),
    ("gem", "~>2", &["2.9"], &["3.0"]),
    ("pypi", "~=1.4.2", &["1.4.2", "1.4.9"], &["1.5", "1.4.1"]),
    ("pypi", "==1.4.*, !=1.4.3", &["1.4", "1.4.2", "1.4.0a1"], &["1.4.3", "1.5.dev1"]),
    ("pypi", ">=1, !=1.5.*", &["1.4", "1.6"], &["0.9", "1.5", "1.5.1"]),
    ("nginx", "1.5.0+, 1.4.1+", &["1.4.2", "1.5.0", "1.25.3"], &["1.4.0"]),
    ("maven", "[1.0,2.0),[3.0]", &["1.0", "1.9", "3.0.0"], &["2.0", "3.1"]),
    ("maven", "(,1.0]", &["0.1", "1.0"], &["1.0.1"]),
    ("nuget", "1.0", &["1.0", "2.0"], &["0.9"]),
    ("nuget", "(1.0,)", &["1.0.1"], &["1.0"]),
];

#[test]
fn native_ranges_hold_what_their_own_rules_say() {
    for (kind, text, inside, outside) in NATIVE {
        let native = Native::read(kind, text).unwrap();
        for version in *inside {
            assert_eq!(native.contains(version), Some(true), "{kind} {text}: {version}");
        }
        for version in *outside {
            assert_eq!(native.contains(version), Some(false), "{kind} {text}: {version}");
        }
        assert_eq!(native.contains("不明"), None, "{kind} {text}");
    }
}

#[test]
fn what_is_no_range_is_refused() {
    for (kind, text) in [
        ("npm", ">=banana"),
        ("npm", "1.2.3.4"),
        ("npm", "^99999999999999999999"),
        ("npm", ">="),
        ("gem", "~> x"),
        ("gem", ""),
        ("pypi", ">=1.*"),
        ("pypi", "~=1"),
        ("nginx", "1.4+"),
        ("maven", "[1.0"),
        ("maven", "(1.0)"),
        ("nuget", ""),
    ] {
        assert_eq!(Native::read(kind, text), Err(NativeError::Malformed), "{kind} {text}");
    }
    assert_eq!(Native::read("conan", "[>1]"), Err(NativeError::UnknownKind));
}

#[test]
fn what_is_left_open_has_no_end_and_what_is_excluded_is_out() {
    let contains = |vers: &str, version| Vers::read_leniently(vers).unwrap().contains(version);
    assert_eq!(contains("vers:npm/>1.0.0", "9.0.0"), Some(true));
    assert_eq!(contains("vers:npm/<1.0.0", "0.0.1"), Some(true));
    assert_eq!(contains("vers:npm/!=5.0.0", "4.0.0"), Some(true));
    assert_eq!(contains("vers:npm/!=5.0.0", "5.0.0"), Some(false));
    assert_eq!(contains("vers:npm/>=1.0.0|!=1.5.0|<2.0.0", "1.5.0"), Some(false));
    assert_eq!(contains("vers:npm/5.0.0", "4.0.0"), Some(false));
    assert_eq!(contains("vers:npm/>1.0.0|<2.0.0", "1.0.0"), Some(false));
    assert_eq!(contains("vers:npm/>=1.0.0|>=1.5.0|<2.0.0|<3.0.0|>=4.0.0", "2.5.0"), Some(true));
    assert_eq!(contains("vers:npm/>=1.0.0|>=1.5.0|<2.0.0|<3.0.0|>=4.0.0", "3.5.0"), Some(false));
}

#[test]
fn a_range_of_an_unknown_type_is_read_and_not_judged() {
    let vers: Vers = "vers:conan/>=1.0|<2.0".parse().unwrap();
    assert_eq!(vers.to_string(), "vers:conan/>=1.0|<2.0");
    assert_eq!(vers.contains("1.5"), None);
    assert_eq!(Vers::read_leniently("vers:npm/>=one").unwrap().contains("1.0.0"), None);
}

#[test]
fn a_refusal_says_what_is_wrong() {
    for (text, expected) in [
        ("pypi/1", VersError::NoScheme),
        ("vers:pypi", VersError::NoScheme),
        ("vers:/1", VersError::NoScheme),
        ("vers:pypi/", VersError::NoVersion),
        ("vers:pypi/>=", VersError::NoVersion),
        ("vers:pypi/*|1", VersError::StarNotAlone),
        ("vers:PyPI/1", VersError::UppercaseType),
        ("vers:pypi/1|1.0", VersError::NotUnique),
        ("vers:pypi/%31", VersError::OddEncoding),
    ] {
        assert_eq!(text.parse::<Vers>(), Err(expected), "{text}");
    }
    let many = format!("vers:pypi/{}", "1|".repeat(MAX_CONSTRAINTS + 1));
    assert_eq!(Vers::read_leniently(&many), Err(VersError::TooMany));
}

#[test]
fn any_bytes_are_survived() {
    for (kind, text, ..) in NATIVE {
        fuzz(format!("{text}\nvers:{kind}/{text}").as_bytes());
    }
    fuzz(b"vers:a/\xff|%\nvers:npm/>|<\n||\n - \n[,]\n(,\n~>\n~=.\n+\n-\n1.*.2\n>=<1");
}
