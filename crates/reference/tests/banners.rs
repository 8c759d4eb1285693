//! The fingerprints that ship, held against Recog's own examples with the matcher that uses them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::Fingerprint;
use engine::banners::{Listener, is_sound};
use flate2::read::ZlibDecoder;
use reference::banners;
use serde::Deserialize;

#[allow(dead_code, reason = "the example uses what the tests leave")]
#[path = "../examples/banner_table/recog.rs"]
mod recog;

const EXAMPLES: &[u8] = include_bytes!("../../../testdata/banners/examples.jsonl.z");
const TABLE: &[u8] = include_bytes!("../data/banners/recog.txt.z");

#[derive(Deserialize)]
struct Example {
    set: String,
    at: usize,
    base64: String,
    says: BTreeMap<String, String>,
}

fn unpack(packed: &[u8]) -> String {
    let mut text = String::new();
    ZlibDecoder::new(packed).read_to_string(&mut text).unwrap();
    text
}

fn examples() -> Vec<Example> {
    unpack(EXAMPLES).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn every_example_fits_its_fingerprint_and_gives_its_values() {
    let listener = Listener::new(banners::shipped());
    let examples = examples();
    let mut wrong = Vec::new();
    for Example { set, at, base64, says } in &examples {
        let text = STANDARD.decode(base64).unwrap();
        let fingerprint = &banners::shipped().of(set)[*at];
        let heard = listener.hear_by(fingerprint, &text);
        let is_right = heard.as_ref().is_some_and(|heard| {
            says.iter().all(|(name, value)| heard.get(name) == Some(value.as_str()))
        });
        if !is_right {
            let text = String::from_utf8_lossy(&text).into_owned();
            wrong.push(format!("{set} {} {text:?} {says:?} {heard:?}", fingerprint.pattern));
        }
    }
    assert!(wrong.is_empty(), "{} of {}: {wrong:#?}", wrong.len(), examples.len());
    assert!(examples.len() > 7_000, "{}", examples.len());
}

#[test]
fn every_pattern_is_one_for_bytes_and_for_letters() {
    for set in sets() {
        for one in banners::shipped().of(&set) {
            assert!(is_sound(one), "{set} {}", one.pattern);
        }
    }
}

/// Nothing that a fingerprint fits is passed over since its needle is missing, and the first that fits is its own or stands before it.
#[test]
fn needles_stand_in_whatever_fits() {
    let examples = examples();
    let listener = Listener::new(banners::shipped());
    for set in sets() {
        let texts = examples.iter().filter(|example| example.set == set);
        let texts: Vec<Vec<u8>> =
            texts.map(|example| STANDARD.decode(&example.base64).unwrap()).collect();
        let firsts: Vec<_> = texts.iter().map(|text| listener.hear(&set, text)).collect();
        let mut left: Vec<usize> = (0..texts.len()).collect();
        for one in banners::shipped().of(&set) {
            let bare = Fingerprint { needle: "", ..*one };
            left.retain(|&at| {
                let heard = listener.hear_by(&bare, &texts[at]);
                let fits = heard.is_some();
                assert!(!fits || heard == firsts[at], "{set} {} {heard:?}", one.pattern);
                !fits
            });
        }
        assert!(left.is_empty(), "{set} {left:?}");
    }
}

fn sets() -> BTreeSet<String> {
    examples().into_iter().map(|example| example.set).collect()
}

/// Where the public data is, the table and the examples that ship are those of Recog's files, made anew.
#[test]
fn the_table_that_ships_is_that_of_recog() {
    let Some(data) = std::env::var_os("MIMAWARI_PUBLIC_DATA") else { return };
    let sets = recog::read_folder(&Path::new(&data).join("fingerprints/recog")).unwrap();
    assert!(unpack(&recog::table(&sets).unwrap()) == unpack(TABLE));
    assert!(unpack(&recog::examples(&sets).unwrap()) == unpack(EXAMPLES));
}
