//! Support dates that come as a feed: between the table that ships and the hospital's own.

use std::borrow::Cow;

use app::{AppError, FindingView, ImportOptions, LifecycleView, NewFile};
use jiff::civil::Date;
use serde_json::json;

use super::*;

const FULL: &str = "endoflife/full.json";
const WINDOWS_V0: &str = "endoflife/windows.json";

const LEDGER: &str = "管理番号,機器名,IPアドレス,OS\n1,表示器,10.1.1.1,Ubuntu 3.99\n2,受付,10.1.1.2,Windows 11 Pro 24H2\n3,閲覧,10.1.1.3,Ubuntu 77.04\n";

fn import(desk: &Desk, name: &str, text: &'static str) {
    let bytes = Ok(Cow::Borrowed(text.as_bytes()));
    let file = NewFile { path: name.to_owned(), bytes, modified: None };
    let options = ImportOptions { captured_at: Some(now()), ..ImportOptions::default() };
    let view = desk.app.import([file], &options, &act(), &mut |_, _| {}).unwrap();
    assert_eq!(view.files[0].error, None);
}

fn with_ledger() -> Desk {
    let desk = Desk::new();
    import(&desk, "台帳.csv", LEDGER);
    desk
}

/// What a round says of support, as rule and reason.
fn told(desk: &Desk) -> Vec<(String, String)> {
    let day: Date = "2026-11-20".parse().unwrap();
    desk.app.round(day, &act()).unwrap();
    let found = desk.app.findings(false, day).unwrap().into_iter();
    let of_support = found.filter(|finding: &FindingView| finding.rule.starts_with("LIF"));
    of_support.map(|finding| (finding.rule, finding.reason)).collect()
}

fn lifecycle(desk: &Desk, number: &str) -> LifecycleView {
    let mut found = None;
    let day = "2026-11-20".parse().unwrap();
    let take = |device: app::DeviceView| {
        if device.asset_number.as_deref() == Some(number) {
            found = Some(device.lifecycle);
        }
        Ok::<_, AppError>(())
    };
    desk.app.each_device_in_full("", day, take).unwrap();
    found.unwrap()
}

/// A table of Ubuntu with one release.
fn ubuntu(made: &str, eol: &str) -> String {
    format!(
        r#"{{"schema_version": "1.2.0", "generated_at": "{made}", "result": {{"name": "ubuntu", "releases": [{{"name": "77.04", "eolFrom": {eol}}}]}}}}"#
    )
}

#[test]
fn a_table_is_taken_in_counted_and_told_beside_the_feeds() {
    let desk = Desk::new();
    let view = desk.import(&[FULL]);
    let file = &view.files[0];
    assert_eq!((file.format.as_deref(), &file.error), (Some("endoflife"), &None));
    assert_eq!((file.records, file.refused), (14, 0));
    assert_eq!(file.skipped, BTreeMap::from([("support_products".to_owned(), 2)]));
    let [products] = &file.warnings[..] else { panic!("{file:?}") };
    assert!(products.contains("example-library"), "{products}");
    assert_eq!(view.feeds.state, "none", "it tells of no vulnerability");
    let [source] = &view.feeds.sources[..] else { panic!("{view:?}") };
    assert_eq!((source.feed.as_str(), source.name.as_str()), ("endoflife", "full.json"));
    assert_eq!(source.newest.as_deref(), Some("2026-11-20T03:10:00Z"));
    assert_eq!((source.records, source.age_days), (14, Some(0)));
    assert_eq!(source.taken_at.as_deref(), Some("2026-11-20T03:00:00Z"));
    assert_eq!(view.feeds, desk.feeds());
    assert!(desk.shelf().is_empty(), "there is no index to write");
    let made = "2026-11-20T03:10:00Z";
    let [(subject, detail)] = &desk.audited()[..] else { panic!() };
    assert_eq!(subject, "endoflife");
    let expected = json!({
        "files": [{ "file": "full.json", "format": "endoflife", "records": 14 }],
        "support": [
            { "product": "fortios", "made": made },
            { "product": "ubuntu", "made": made },
            { "product": "windows", "made": made },
        ],
    });
    assert_eq!(detail, &expected);
}

#[test]
fn its_dates_count_at_the_next_round_with_their_source_and_until_they_are_withdrawn() {
    let desk = with_ledger();
    let before = told(&desk);
    assert_eq!(lifecycle(&desk, "2").source.as_deref(), Some("endoflife.date (August 2026)"));
    assert_eq!(lifecycle(&desk, "1").stage, "unknown");
    let picture = desk.app.picture_mark().unwrap();
    desk.import(&[FULL]);
    assert_ne!(desk.app.picture_mark().unwrap(), picture);
    let after = told(&desk);
    let over = after.iter().find(|(_, reason)| reason.contains("Ubuntu 3.99")).unwrap();
    assert_eq!(over.0, "LIF001");
    assert!(over.1.contains("gives no date"), "{over:?}");
    let (gone, pro, going) = (lifecycle(&desk, "1"), lifecycle(&desk, "2"), lifecycle(&desk, "3"));
    assert_eq!((gone.stage.as_str(), gone.eos), ("end_of_support", None));
    assert_eq!((pro.stage.as_str(), pro.eos.as_deref()), ("end_of_support", Some("2026-10-13")));
    assert_eq!(pro.source.as_deref(), Some("endoflife.date (2026-11-20)"));
    assert_eq!((going.stage.as_str(), going.eos), ("unknown", None), "not ended is no date");
    desk.app.withdraw_support_dates(&act()).unwrap();
    assert_eq!(told(&desk), before);
    assert!(desk.feeds().sources.is_empty());
    assert!(desk.app.verify_audit(&[]).unwrap().whole);
    let acts: Vec<_> = desk.app.audit(100).unwrap().into_iter().map(|entry| entry.act).collect();
    assert!(acts.contains(&"feeds.support.withdraw".to_owned()), "{acts:?}");
    let again = desk.app.withdraw_support_dates(&act()).unwrap_err();
    assert!(matches!(&again, AppError::Feeds(said) if said.key == "app.no_support_dates"));
}

#[test]
fn the_hospitals_own_row_wins_over_what_was_delivered() {
    let desk = with_ledger();
    desk.import(&[FULL]);
    import(
        &desk,
        "期限.csv",
        "product,release,editions,eos,source\nWindows 11,24H2,pro,2031-03-31,業者の回答\nUbuntu,3.99,,2030-01-01,業者の回答\n",
    );
    for number in ["1", "2"] {
        let own = lifecycle(&desk, number);
        assert_eq!(own.stage, "supported", "{own:?}");
        assert_eq!(own.source.as_deref(), Some("業者の回答"));
    }
}

#[test]
fn an_older_or_an_undated_table_does_not_replace_a_newer_one() {
    let desk = Desk::with(&[FULL]);
    let held = desk.feeds();
    let older = desk.import_one("fortios.json", fs::read(feed("endoflife/fortios.json")).unwrap());
    assert!(older.error.as_deref().is_some_and(|why| why.contains("older")), "{older:?}");
    let undated = &desk.import(&[WINDOWS_V0]).files[0];
    assert!(
        undated.error.as_deref().is_some_and(|why| why.contains("does not say")),
        "{undated:?}"
    );
    assert_eq!(desk.feeds(), held);
    assert_eq!(desk.audited().len(), 1, "nothing happened");
    let same = &desk.import(&[FULL]).files[0];
    assert_eq!(same.error, None, "the same again is no step back");
    let newer = desk.import_one("u.json", ubuntu("2026-11-20T04:00:00Z", "\"2030-01-01\""));
    assert_eq!((newer.records, &newer.error), (1, &None));
    let names: Vec<_> = desk.sources().into_iter().collect();
    let expected = [("endoflife full.json".to_owned(), 11), ("endoflife u.json".to_owned(), 1)];
    assert_eq!(names, expected, "of Ubuntu the newer table counts alone");
    let partly = &desk.import(&[FULL]).files[0];
    assert_eq!(partly.skipped["support_older"], 3);
    assert!(partly.warnings.iter().any(|said| said.contains("ubuntu")), "{partly:?}");
}

#[test]
fn an_undated_table_is_named_by_its_file_and_changes_no_known_date() {
    let desk = with_ledger();
    let view = &desk.import(&[WINDOWS_V0]).files[0];
    assert_eq!((view.records, &view.error, &view.newest), (3, &None, &None));
    assert!(view.warnings[0].contains("windows.json"), "{view:?}");
    assert!(view.warnings[1].contains("does not say when"), "{view:?}");
    assert_eq!(lifecycle(&desk, "2").source.as_deref(), Some("endoflife.date (August 2026)"));
    let text = r#"[{"cycle": "77.04", "eol": "2026-11-19"}]"#;
    assert_eq!(desk.import_one("ubuntu.json", text).error, None);
    let filled = lifecycle(&desk, "3");
    assert_eq!(
        (filled.stage.as_str(), filled.eos.as_deref()),
        ("end_of_support", Some("2026-11-19"))
    );
    let reason = told(&desk).into_iter().find(|(_, reason)| reason.contains("77.04")).unwrap().1;
    assert!(reason.contains("endoflife.date (ubuntu.json)"), "{reason}");
    assert!(reason.contains("not yet compared"), "{reason}");
}

#[test]
fn what_cannot_be_used_is_refused_with_a_reason_and_changes_nothing() {
    let desk = Desk::new();
    let entry = r#"[{"cycle": "1", "eol": false}]"#;
    let ahead = ubuntu("2026-11-22T03:00:00Z", "null");
    let strange = ubuntu("2026-11-20T03:00:00Z", "null").replace("ubuntu", "strange-os");
    let releases = r#"[{"cycle": "windows-of-1999", "eol": true}]"#;
    for (name, text, said) in [
        ("list.json", entry, "does not say of which product"),
        ("u.json", ahead.as_str(), "has not come yet"),
        ("s.json", strange.as_str(), "strange-os"),
        ("windows.json", releases, "windows windows-of-1999"),
        ("u.json", &ahead[..ahead.len() - 3], "cut"),
    ] {
        let view = desk.import_one(name, text);
        assert!(view.error.as_deref().is_some_and(|why| why.contains(said)), "{name}: {view:?}");
    }
    assert!(desk.feeds().sources.is_empty() && desk.audited().is_empty());
}

#[test]
fn tables_and_vulnerabilities_come_in_one_act_and_each_stays_when_the_other_comes() {
    let desk = Desk::with(&[KEV, FULL]);
    assert_eq!(desk.audited().len(), 1);
    let feeds = desk.feeds();
    assert_eq!((feeds.state.as_str(), feeds.sources.len()), ("ready", 2));
    let index = desk.index();
    desk.import_one("u.json", ubuntu("2026-11-20T04:00:00Z", "null"));
    assert_eq!(desk.index(), index, "the index is not written anew");
    desk.import(&[EPSS_2022]);
    let kinds: Vec<String> = desk.feeds().sources.into_iter().map(|source| source.feed).collect();
    assert_eq!(kinds, ["epss", "kev", "endoflife", "endoflife"]);
}

#[test]
fn of_two_who_bring_tables_at_once_the_second_is_told() {
    let desk = Desk::new();
    let mut is_first = true;
    let mut step = |_| {
        if std::mem::take(&mut is_first) {
            desk.import(&[FULL]);
        }
    };
    let late = desk.app.import_feeds(&[given(&feed(WINDOWS_V0))], &mut step, &act()).unwrap_err();
    assert!(matches!(&late, AppError::Feeds(said) if said.key == "app.feeds_meanwhile"));
    assert_eq!(desk.sources().into_keys().collect::<Vec<_>>(), ["endoflife full.json"]);
}

#[test]
fn match_takes_no_table_of_support_dates_for_advisories() {
    let texts = Catalogue::load(Language::En);
    let refused = app::match_parts(&[parts(DROPWIZARD)], Some(&feed(FULL)), &texts, now());
    assert!(matches!(refused, Err(AppError::Feeds(said)) if said.key == "refusal.feed_unknown"));
}
