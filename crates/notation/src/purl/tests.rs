use serde_json::Value;

use super::types::{NAME, NAMESPACE, NONE, Namespace, SUBPATH, TYPES, VERSION};
use super::*;

macro_rules! files {
    ($($name:literal)*) => {
        [$(($name, include_str!(concat!("../../../../testdata/notation/purl/", $name, "-test.json")))),*]
    };
}

/// The test suite of the package-url specification.
const SUITE: [(&str, &str); 22] = files! {
    "alpm" "apk" "bitnami" "cargo" "cpan" "cran" "deb" "generic" "golang" "hackage" "huggingface" "julia" "luarocks"
    "maven" "mlflow" "nuget" "oci" "opam" "pypi" "qpkg" "specification" "vcpkg"
};

macro_rules! definitions {
    ($($name:literal)*) => {
        [$(include_str!(concat!("../../../../testdata/notation/purl/types/", $name, "-definition.json"))),*]
    };
}

const DEFINITIONS: [&str; 42] = definitions! {
    "alpm" "apk" "bazel" "bitbucket" "bitnami" "brew" "cargo" "chrome-extension" "cocoapods" "composer" "conan" "conda"
    "cpan" "cran" "deb" "docker" "gem" "generic" "git" "github" "golang" "hackage" "hex" "huggingface" "julia" "luarocks"
    "maven" "mlflow" "npm" "nuget" "oci" "opam" "otp" "pub" "pypi" "qpkg" "rpm" "swid" "swift" "vcpkg" "vscode-extension" "yocto"
};

#[test]
fn the_suite_of_the_specification_passes_whole() {
    let mut count = 0;
    for (name, file) in SUITE {
        let file: Value = serde_json::from_str(file).unwrap();
        for test in file["tests"].as_array().unwrap() {
            case(name, test);
            count += 1;
        }
    }
    assert_eq!(count, 351);
}

fn case(name: &str, test: &Value) {
    let got = match test["test_type"].as_str() {
        Some("build") => build(&test["input"]),
        _ => test["input"].as_str().unwrap().parse(),
    };
    if test["expected_failure"] == true {
        assert!(got.is_err(), "{name}: {test}");
        return;
    }
    let purl = got.unwrap_or_else(|error| panic!("{name}: {error}: {test}"));
    let expected = &test["expected_output"];
    match expected.as_str() {
        Some(text) => assert_eq!(purl.to_string(), text, "{name}: {test}"),
        None => assert_eq!(parts(&purl), without_nulls(expected), "{name}: {test}"),
    }
}

fn build(input: &Value) -> Result<Purl, PurlError> {
    let pairs: Vec<(&str, &str)> = input["qualifiers"]
        .as_object()
        .map(|pairs| {
            pairs.iter().map(|(key, value)| (key.as_str(), value.as_str().unwrap())).collect()
        })
        .unwrap_or_default();
    Purl::build(&Parts {
        kind: input["type"].as_str().unwrap_or_default(),
        namespace: input["namespace"].as_str(),
        name: input["name"].as_str().unwrap_or_default(),
        version: input["version"].as_str(),
        qualifiers: &pairs,
        subpath: input["subpath"].as_str(),
    })
}

fn parts(purl: &Purl) -> Value {
    without_nulls(&serde_json::json!({
        "type": purl.kind(),
        "namespace": purl.namespace(),
        "name": purl.name(),
        "version": purl.version(),
        "qualifiers": purl.qualifiers,
        "subpath": purl.subpath(),
    }))
}

fn without_nulls(value: &Value) -> Value {
    let empty =
        |value: &Value| value.is_null() || value.as_object().is_some_and(serde_json::Map::is_empty);
    let kept = value.as_object().unwrap().iter().filter(|(_, value)| !empty(value));
    Value::Object(kept.map(|(key, value)| (key.clone(), value.clone())).collect())
}

#[test]
fn the_table_of_types_is_that_of_the_definitions() {
    for file in DEFINITIONS {
        let definition: Value = serde_json::from_str(file).unwrap();
        let rule = types::find(definition["type"].as_str().unwrap()).unwrap();
        let namespace = match definition["namespace_definition"]["requirement"].as_str() {
            Some("required") => Namespace::Required,
            Some("prohibited") => Namespace::Prohibited,
            _ => Namespace::Optional,
        };
        assert_eq!(rule.namespace, namespace, "{}", rule.name);
        let bits =
            [("namespace", NAMESPACE), ("name", NAME), ("version", VERSION), ("subpath", SUBPATH)];
        let lower = bits.into_iter().fold(NONE, |lower, (part, bit)| {
            let has_case = &definition[format!("{part}_definition")]["case_sensitive"];
            if *has_case == false { lower | bit } else { lower }
        });
        assert_eq!(rule.lower, lower, "{}", rule.name);
    }
    assert!(TYPES.is_sorted_by_key(|known| known.name));
}

#[test]
fn a_refusal_says_what_is_wrong() {
    for (text, expected) in [
        ("", "does not begin with `pkg:`"),
        ("npm/a@1", "does not begin with `pkg:`"),
        ("pkg:npm", "no name"),
        ("pkg:npm/@1.0", "no name"),
        ("pkg:n&m/a", "no valid type"),
        ("pkg:npm/a%2", "wrongly encoded"),
        ("pkg:npm/a%ff", "wrongly encoded"),
        ("pkg:golang/github.com%2Fa/b", "an encoded slash inside a segment"),
        ("pkg:npm/a?b", "no valid qualifier"),
        ("pkg:npm/a?b=1&B=2", "a qualifier given twice"),
        ("pkg:deb/curl@1", "`deb` asks for a namespace"),
        ("pkg:cargo/a/b@1", "`cargo` has no namespaces"),
        ("pkg:swid/a", "the qualifier `tag_id` is missing"),
        ("pkg:chrome-extension/short", "`chrome-extension` has no such names"),
    ] {
        assert_eq!(text.parse::<Purl>().unwrap_err().to_string(), expected, "{text}");
    }
}

#[test]
fn what_a_definition_refuses_can_still_be_read() {
    let purl = Purl::read_leniently("pkg:golang/stdlib@1.22.1").unwrap();
    assert_eq!((purl.name(), purl.version()), ("stdlib", Some("1.22.1")));
    assert_eq!(purl.check(), Err(PurlError::NamespaceMissing("golang")));
}

#[test]
fn a_scope_of_npm_may_stand_unencoded() {
    let purl: Purl = "pkg:npm/@angular/core@17.0.0".parse().unwrap();
    assert_eq!(purl.to_string(), "pkg:npm/%40angular/core@17.0.0");
    assert_eq!(purl.scheme(), Some(Scheme::Npm));
    let other: Purl = "pkg:npm/%40angular/core@16.0.0?arch=any".parse().unwrap();
    assert!(purl.is_same_package(&other));
}

#[test]
fn a_key_without_a_value_is_as_if_it_were_not_there() {
    let purl: Purl = "pkg:npm/a@1?arch=&os=linux#./b/../c/".parse().unwrap();
    assert_eq!(purl.to_string(), "pkg:npm/a@1?os=linux#b/c");
}

#[test]
fn any_bytes_are_survived() {
    for (_, file) in SUITE {
        fuzz(file.as_bytes());
    }
    fuzz(b"pkg:a/%00%\npkg:/\xff\npkg:a/b@%40#%2e%2e/%2e\npkg:a//b?c=%26&d=#/");
}
