use super::*;

/// Ranges in the notation of mathematics, lists in braces.
fn told(text: &str) -> String {
    let end = |bound: &Option<VersionBound>| {
        bound.as_ref().map_or(String::new(), |bound| bound.version.clone())
    };
    let included = |bound: &Option<VersionBound>| bound.as_ref().is_some_and(|b| b.included);
    match read(text) {
        Versions::These(set) => {
            let mut parts: Vec<String> =
                set.listed.iter().map(|one| format!("{{{one}}}")).collect();
            parts.extend(set.ranges.iter().map(|range| {
                let open = if included(&range.from) { '[' } else { '(' };
                let close = if included(&range.to) { ']' } else { ')' };
                format!("{open}{},{}{close}", end(&range.from), end(&range.to))
            }));
            set.scheme.iter().chain(&parts).cloned().collect::<Vec<_>>().join(" ")
        }
        Versions::Text(text) => format!("text {text}"),
        other => format!("{other:?}"),
    }
}

#[test]
fn texts_of_advisories_become_ranges() {
    for (text, expected) in [
        ("vers:all/*", "All"),
        ("All versions", "All"),
        ("すべてのバージョン", "All"),
        ("unspecified", "Unstated"),
        ("<=3.2.1", "(,3.2.1]"),
        (" <1.000.HW01.3.20190820", "(,1.000.HW01.3.20190820)"),
        ("vers:all/<V2.9.7", "(,V2.9.7)"),
        ("vers:all/>=V3.0.1<V3.0.3", "[V3.0.1,V3.0.3)"),
        ("vers:intdot/<5.0|>=6.0", "vers:intdot (,5.0) [6.0,)"),
        ("4.18.0-553.el8", "{4.18.0-553.el8}"),
        (">= 1.0, < 1.2", "[1.0,1.2)"),
        ("vers:intdot/>=1.0|<2.0|>=3.0|<3.1", "vers:intdot [1.0,2.0) [3.0,3.1)"),
        (">= V2.3 and < V6.30.016", "[V2.3,V6.30.016)"),
        (">=R4.01.00 | <= R6.03.10", "[R4.01.00,R6.03.10]"),
        ("> 6.1 | < 6.1.4", "(6.1,6.1.4)"),
        (">=6.5", "[6.5,)"),
        ("All versions < V4.2 HF1", "(,V4.2 HF1)"),
        ("< V14 SP1 Update 6", "(,V14 SP1 Update 6)"),
        ("<= 12.2.x.x", "(,12.2.*]"),
        ("12.x", "[12,12.*]"),
        ("3.1 All", "[3.1,3.1.*]"),
        ("7.0 all versions", "[7.0,7.0.*]"),
        ("Version 2.0 and prior", "(,2.0]"),
        ("2.3.6 and  below", "(,2.3.6]"),
        ("7.0.6 and above", "[7.0.6,)"),
        ("versions prior to 3.1", "(,3.1)"),
        ("2.0.3.00.016 (including) and 2.0.6 (excluding)", "[2.0.3.00.016,2.0.6)"),
        ("1.0 through 1.4", "[1.0,1.4]"),
        ("1.2.3 およびそれ以前", "(,1.2.3]"),
        ("v6 R4 およびそれ以前のバージョン", "(,v6 R4]"),
        ("2.0 未満", "(,2.0)"),
        ("7.6.2より前のバージョン", "(,7.6.2)"),
        ("ファームウェアバージョン 1.05およびそれ以前", "(,1.05]"),
        ("6.0 から 6.4.2", "[6.0,6.4.2]"),
        ("6.0 から 6.4.2 未満", "[6.0,6.4.2)"),
        ("2.1.0以上 2.1.3以下", "[2.1.0,2.1.3]"),
        ("13.0.0 - 13.0.2", "[13.0.0,13.0.2]"),
        ("< 1.8.4 Service Pack 01", "(,1.8.4 Service Pack 01)"),
        ("1.1 | 1.2.3 | 2.0", "{1.1} {1.2.3} {2.0}"),
        ("Version 2.2.0", "{2.2.0}"),
        ("7.52 build 344", "{7.52 build 344}"),
    ] {
        assert_eq!(told(text), expected, "{text}");
    }
}

#[test]
fn what_is_not_certain_stays_a_text() {
    for text in [
        "<=N",
        "< august 28",
        "distributed  < april 1, 2018",
        "<= 2.0.11 / 3.0.11",
        "< 2.1.0 (Windows and Linux)",
        "< NVR 5.6 Build 595 T2-Patch",
        ">= V5.2.0 < V5.3 only when running on ROX II V2.14.0",
        "HD 16 | HD23",
        "< 1.0 | < 2.0",
        ">= 1.0 | >= 2.0",
        "1.0|!=1.5",
        "< 1.2.3, >= 1.0.0",
        "13.1.0-13.1.2",
        "up to 3.0",
        "Rev B-M",
        "for Windows 5.8 (Build 1575) 未満",
        ">= R6.01.01 -| <=R8.03.01",
        "<",
        "|",
    ] {
        assert!(matches!(read(text), Versions::Text(_)), "{text}: {}", told(text));
    }
}
