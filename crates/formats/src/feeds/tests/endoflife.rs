//! End-of-life tables of endoflife.date, v0 and v1.

use domain::{SupportEnd, SupportTable};
use jiff::civil::date;

use super::*;

fn tables(reading: &FeedReading) -> Vec<(&str, usize)> {
    let tables = reading.support.iter();
    tables.map(|table| (table.product.as_str(), table.releases.len())).collect()
}

fn named(name: &str, bytes: &[u8]) -> FeedReading {
    read(Cursor::new(bytes), name, &mut |record| panic!("{record:?}")).unwrap()
}

fn ends(table: &SupportTable) -> Vec<(&str, SupportEnd)> {
    table.releases.iter().map(|release| (release.name.as_str(), release.end)).collect()
}

#[test]
fn all_products_of_v1_are_read_with_the_moment_they_were_made() {
    let (reading, records) = read_sample("endoflife/full.json");
    assert_eq!(reading.format, FeedFormat::EndOfLife);
    assert_eq!((reading.records, reading.refused_count, records.len()), (16, 0, 0));
    let expected = [("windows", 8), ("fortios", 3), ("ubuntu", 3), ("example-library", 2)];
    assert_eq!(tables(&reading), expected);
    let made = reading.support.iter().map(|table| table.made);
    assert!(made.clone().all(|made| made == reading.newest) && reading.newest.is_some());
    let fortios = &reading.support[1].releases[0];
    assert_eq!(fortios.active, Some(date(2027, 5, 11)));
    assert_eq!(fortios.end, SupportEnd::On(date(2028, 11, 11)));
    let windows = &reading.support[0].releases[4];
    assert_eq!(windows.extended, Some(date(2028, 10, 10)));
    assert_eq!(windows.latest, "10.0.19045");
    assert_eq!(
        ends(&reading.support[2])[1..],
        [("3.99", SupportEnd::Over), ("77.04", SupportEnd::Going)]
    );
}

#[test]
fn one_product_of_v1_is_read() {
    let (reading, _) = read_sample("endoflife/fortios.json");
    assert_eq!(tables(&reading), [("fortios", 2)]);
    assert_eq!(reading.support[0].named_by, None);
    assert_eq!(reading.schema.as_deref(), Some("1.2.1"));
}

#[test]
fn v0_says_neither_its_product_nor_its_day() {
    for (name, product) in [
        ("windows.json", "windows"),
        ("v0/Windows.json.gz", "windows"),
        ("endoflife-windows-v0.json", "windows"),
        ("USB\\rhel.json", "rhel"),
    ] {
        let reading = named(name, &bytes("endoflife/windows.json"));
        assert_eq!(tables(&reading), [(product, 3)], "{name}");
        let table = &reading.support[0];
        assert_eq!((table.made, reading.newest), (None, None));
        assert_eq!(table.named_by.as_deref(), Some(name));
    }
}

#[test]
fn an_end_is_a_day_or_a_yes_or_no_and_never_a_guess() {
    let text = br#"[
        {"cycle": "1", "eol": true},
        {"cycle": "2", "eol": false},
        {"cycle": "3", "eol": "2026-11-20", "support": true, "extendedSupport": "2027-11-20"},
        {"cycle": 4, "eol": null},
        {"cycle": "5", "eol": "soon"},
        {"cycle": "6", "eol": "2026-02-30"},
        {"eol": "2026-11-20"},
        {"cycle": 7.10, "eol": false},
        [], "8", 9, null
    ]"#;
    let reading = named("ubuntu.json", text);
    let expected = [
        ("1", SupportEnd::Over),
        ("2", SupportEnd::Going),
        ("3", SupportEnd::On(date(2026, 11, 20))),
        ("4", SupportEnd::Unsaid),
    ];
    assert_eq!(ends(&reading.support[0]), expected);
    assert_eq!((reading.records, reading.refused_count), (4, 8));
    let why: Vec<&str> = reading.refused.iter().map(|one| &*one.message.key).collect();
    assert_eq!(why[..2], ["feed.refused_release_date"; 2]);
    assert_eq!(why[2..], ["feed.refused_release"; 6]);
}

#[test]
fn the_flag_of_v1_counts_where_no_day_stands() {
    let text = br#"{"schema_version": "1.0.0", "result": {"name": "ubuntu", "releases": [
        {"name": "a", "isEol": true, "eolFrom": null},
        {"name": "b", "isEol": false, "eolFrom": null},
        {"name": "c", "isEol": false, "eolFrom": "2020-01-01"},
        {"name": "d"}
    ]}, "last_modified": "2026-11-01T00:00:00Z"}"#;
    let reading = named("x.json", text);
    let expected = [
        ("a", SupportEnd::Over),
        ("b", SupportEnd::Going),
        ("c", SupportEnd::On(date(2020, 1, 1))),
        ("d", SupportEnd::Unsaid),
    ];
    assert_eq!(ends(&reading.support[0]), expected);
    let made = reading.newest.map(|newest| newest.to_string());
    assert_eq!(made.as_deref(), Some("2026-11-01T00:00:00Z"), "it stands behind the releases");
}

#[test]
fn tables_are_read_packed_and_each_keeps_its_own_day() {
    let zip = zipped(&[
        ("api/windows.json", &bytes("endoflife/windows.json")),
        ("api/v1/fortios.json", &bytes("endoflife/fortios.json")),
    ]);
    let reading = named("api.zip", &zip);
    assert_eq!(tables(&reading), [("windows", 3), ("fortios", 2)]);
    assert!(reading.support[0].made.is_none() && reading.support[1].made.is_some());
    let packed = named("windows.json.gz", &gzipped(&bytes("endoflife/windows.json")));
    assert_eq!(tables(&packed), [("windows", 3)]);
}

#[test]
fn what_is_cut_too_large_or_of_another_edition_is_refused() {
    let whole = bytes("endoflife/full.json");
    let refusal = |bytes: &[u8]| match read_bytes(bytes) {
        Ok((reading, _)) => panic!("read: {reading:?}"),
        Err(refusal) => refusal.message.key.into_owned(),
    };
    for part in 2..8 {
        assert_eq!(refusal(&whole[..whole.len() / 8 * part]), "refusal.feed_cut", "{part}");
    }
    let text = String::from_utf8(whole).unwrap();
    assert_eq!(refusal(text.replace("\"1.2.1\"", "\"2.0.0\"").as_bytes()), "refusal.feed_edition");
    assert_eq!(refusal(text.replacen("},", "}", 1).as_bytes()), "refusal.feed_syntax");
    let huge = [b"[{\"cycle\":\"1\",\"eol\":true}", " ".repeat(11 << 20).as_bytes(), b"]"].concat();
    assert_eq!(refusal(&huge), "refusal.feed_swells");
    let nameless = br#"{"schema_version": "1.0", "result": {"releases": [{"name": "1"}]}}"#;
    assert_eq!(refusal(nameless), "feed.refused_product");
}
