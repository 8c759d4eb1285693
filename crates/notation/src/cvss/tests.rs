use super::*;

fn scores(text: &str) -> [String; 3] {
    let vector: Vector = text.parse().unwrap_or_else(|error| panic!("{text}: {error}"));
    [vector.base(), vector.temporal(), vector.environmental()].map(|score| score.to_string())
}

fn refusal(text: &str) -> String {
    text.parse::<Vector>().map_or_else(|error| error.to_string(), |vector| format!("{vector:?}"))
}

/// What CVE records, the NVD and advisories publish: vector, number, and which score the number is.
const PUBLISHED: &str = include_str!("../../../../testdata/notation/cvss/published.tsv");

#[test]
fn scores_are_those_that_were_published() {
    for line in PUBLISHED.lines() {
        let [vector, score, kind] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("{line}")
        };
        let [base, temporal, environmental] = scores(vector);
        match kind {
            "base" => assert_eq!(base, score, "{vector}"),
            // Some publishers write the temporal score where the base score belongs.
            "temporal" => assert_eq!(temporal, score, "{vector}"),
            "given" | "environmental" => assert_eq!(environmental, score, "{vector}"),
            // Wrong in the source; see SOURCES.md.
            "wrong" => {
                assert!(![base, temporal, environmental].contains(&score.into()), "{vector}");
            }
            other => panic!("{other}"),
        }
    }
}

#[test]
fn published_vectors_are_written_as_they_were_or_shorter() {
    for line in PUBLISHED.lines() {
        let vector: Vector = line.split('\t').next().unwrap_or_default().parse().unwrap();
        assert_eq!(vector.to_string().parse(), Ok(vector), "{line}");
    }
}

#[test]
fn the_examples_of_version_2_give_their_scores() {
    // NISTIR 7435 clause 3.3: CVE-2002-0392, CVE-2003-0818, CVE-2003-0062.
    let apache = "AV:N/AC:L/Au:N/C:N/I:N/A:C/E:F/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:H";
    assert_eq!(scores(apache), ["7.8", "6.4", "9.2"]);
    let windows = "AV:N/AC:L/Au:N/C:C/I:C/A:C/E:F/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:L";
    assert_eq!(scores(windows), ["10.0", "8.3", "9.0"]);
    let nod32 = "AV:L/AC:H/Au:N/C:C/I:C/A:C/E:POC/RL:OF/RC:C/CDP:H/TD:H/CR:M/IR:M/AR:M";
    assert_eq!(scores(nod32), ["6.2", "4.9", "7.5"]);
}

#[test]
fn the_examples_of_version_3_give_their_scores() {
    // FIRST, CVSS v3.1 Examples: CVE-2013-1937, CVE-2014-0160, CVE-2014-6271.
    assert_eq!(scores("CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N")[0], "6.1");
    assert_eq!(scores("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N")[0], "7.5");
    assert_eq!(scores("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H")[0], "9.8");
}

#[test]
fn modified_metrics_count_for_the_environment_only() {
    let vector = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/MAV:P/MC:N/MI:N/MA:N";
    assert_eq!(scores(vector), ["9.8", "9.8", "0.0"]);
    // The environmental equation is the one in which 3.0 and 3.1 differ (3.1 clause 7.3).
    let rest = "AV:N/AC:L/PR:N/UI:R/S:C/C:H/I:H/A:H";
    assert_eq!(scores(&format!("CVSS:3.0/{rest}"))[2], "9.6");
    assert_eq!(scores(&format!("CVSS:3.1/{rest}"))[2], "9.7");
}

#[test]
fn the_base_score_is_told_and_what_else_the_vector_says_stands_beside_it() {
    let read = |text: &str| -> Vector { text.parse().unwrap() };
    let told = |text: &str| {
        let vector = read(text);
        let Further { temporal, environmental } = vector.further();
        let tenths = |score: Option<Score>| score.map(Score::tenths);
        (vector.base().tenths(), vector.severity(), tenths(temporal), tenths(environmental))
    };
    // CVE-2025-62215, as Microsoft publishes it: 7.0 HIGH.
    let windows = "CVSS:3.1/AV:L/AC:H/PR:L/UI:N/S:U/C:H/I:H/A:H";
    assert_eq!(told(windows), (70, Severity::High, None, None));
    assert_eq!(
        told(&format!("{windows}/E:F/RL:O/RC:C")),
        (70, Severity::High, Some(65), None),
        "its place on the scale is that of the base score"
    );
    assert_eq!(told(&format!("{windows}/E:X/RL:X/RC:X")), (70, Severity::High, None, None));
    assert_eq!(told(&format!("{windows}/MA:N")), (70, Severity::High, None, Some(63)));
    let fourth = "CVSS:4.0/AV:P/AC:H/AT:P/PR:H/UI:A/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H";
    assert_eq!(told(fourth), (73, Severity::High, None, None));
    assert_eq!(told(&format!("{fourth}/E:P")), (73, Severity::High, Some(59), None), "CVSS-BT");
    assert_eq!(told(&format!("{fourth}/U:Red")), (73, Severity::High, None, None));
    let second = "AV:N/AC:L/Au:N/C:C/I:C/A:C/E:F/RL:OF/RC:C";
    assert_eq!(told(second), (100, Severity::High, Some(83), None));
}

#[test]
fn of_two_further_scores_the_higher_is_taken_each_for_itself() {
    let of = |temporal: Option<i64>, environmental: Option<i64>| Further {
        temporal: temporal.map(Score::from_tenths),
        environmental: environmental.map(Score::from_tenths),
    };
    assert_eq!(of(Some(65), None).higher(of(Some(61), Some(20))), of(Some(65), Some(20)));
    assert_eq!(of(None, None).higher(Further::default()), of(None, None));
}

#[test]
fn version_4_names_what_it_was_computed_with() {
    let name = |text: &str| match text.parse() {
        Ok(Vector::V4(vector)) => vector.nomenclature().as_str(),
        other => panic!("{other:?}"),
    };
    let base = "CVSS:4.0/AV:P/AC:H/AT:P/PR:H/UI:A/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H";
    assert_eq!(name(base), "CVSS-B");
    assert_eq!(name(&format!("{base}/E:P")), "CVSS-BT");
    assert_eq!(name(&format!("{base}/CR:M")), "CVSS-BE");
    assert_eq!(name(&format!("{base}/E:P/CR:M/U:Red")), "CVSS-BTE");
    assert_eq!(scores(&format!("{base}/E:P")), ["7.3", "5.9", "5.9"]);
}

#[test]
fn without_impact_on_anything_the_score_is_zero() {
    let vector = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N";
    assert_eq!(scores(vector)[0], "0.0");
    // Safety is an impact, though base metrics have no such value.
    assert_ne!(scores(&format!("{vector}/MSI:S"))[2], "0.0");
}

#[test]
fn every_vector_of_version_4_has_a_score() {
    let values: [&[&str]; 11] = [
        &["AV:N", "AV:P"],
        &["AC:L", "AC:H"],
        &["AT:N", "AT:P"],
        &["PR:N", "PR:H"],
        &["UI:N", "UI:A"],
        &["VC:H", "VC:L", "VC:N"],
        &["VI:H", "VI:L", "VI:N"],
        &["VA:H", "VA:L", "VA:N"],
        &["SC:H", "SC:L", "SC:N"],
        &["SI:H", "SI:N"],
        &["SA:H", "SA:N"],
    ];
    let mut vectors = vec!["CVSS:4.0".to_owned()];
    for choices in values {
        let longer = |vector: String| choices.iter().map(move |value| format!("{vector}/{value}"));
        vectors = vectors.into_iter().flat_map(longer).collect();
    }
    for vector in vectors {
        let harmless = vector.ends_with("VC:N/VI:N/VA:N/SC:N/SI:N/SA:N");
        assert_eq!(scores(&vector)[0] == "0.0", harmless, "{vector}");
    }
}

#[test]
fn a_refusal_names_the_metric_and_what_is_wrong_with_it() {
    let whole = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
    for (text, expected) in [
        ("", "neither a `CVSS:` prefix nor metrics of version 2"),
        ("9.8", "neither a `CVSS:` prefix nor metrics of version 2"),
        ("CVSS:5.0/AV:N", "`CVSS:5.0` is no version we know"),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H", "`A` is missing"),
        (&format!("{whole}/AV:N"), "`AV` is given twice"),
        (&format!("{whole}/"), "`` is no metric with a value"),
        (&whole.replace("AV:N", "AV:Z"), "`AV` has no value `Z`"),
        (&whole.replace("AV:N", "Av:N"), "there is no metric `Av`"),
        (&whole.replace("AV:N", "AVN"), "`AVN` is no metric with a value"),
        (&whole.replace("3.1", "4.0"), "there is no metric `S`"),
        ("CVSS:4.0/AC:L/AV:N", "`AV` stands out of order"),
        ("AV:N/AC:L/Au:N/C:P/I:P", "`A` is missing"),
    ] {
        let expected = match text {
            // In version 4, `S` is a supplemental metric with other values.
            text if text.starts_with("CVSS:4.0/AV") => "`S` has no value `U`",
            _ => expected,
        };
        assert_eq!(refusal(text), expected, "{text}");
    }
}

#[test]
fn a_vector_is_written_in_the_order_of_its_specification() {
    let canonical = |text: &str| text.parse::<Vector>().unwrap().to_string();
    assert_eq!(
        canonical("CVSS:3.0/S:U/AV:N/AC:L/PR:H/UI:N/C:L/I:L/A:N/E:F/RL:X"),
        "CVSS:3.0/AV:N/AC:L/PR:H/UI:N/S:U/C:L/I:L/A:N/E:F"
    );
    assert_eq!(canonical("(AV:N/AC:L/Au:N/C:N/I:N/A:C/E:ND)"), "AV:N/AC:L/Au:N/C:N/I:N/A:C");
}

#[test]
fn each_score_has_the_word_of_its_scale() {
    let word = |tenths, version| Score::from_tenths(tenths).severity(version).as_str();
    for (tenths, expected) in [
        (0, "NONE"),
        (1, "LOW"),
        (39, "LOW"),
        (40, "MEDIUM"),
        (69, "MEDIUM"),
        (70, "HIGH"),
        (89, "HIGH"),
        (90, "CRITICAL"),
        (100, "CRITICAL"),
    ] {
        for version in [Version::V3_0, Version::V3_1, Version::V4_0] {
            assert_eq!(word(tenths, version), expected, "{tenths}");
        }
    }
    assert_eq!(
        [0, 39, 40, 70, 100].map(|tenths| word(tenths, Version::V2)),
        ["LOW", "LOW", "MEDIUM", "HIGH", "HIGH"]
    );
}

#[test]
fn any_bytes_are_survived() {
    fuzz(PUBLISHED.as_bytes());
    fuzz(b"CVSS:\xff/\0:/::\nCVSS:4.0/\n(\n()\nAV:");
}
