//! The same weaknesses by device and by the vendor to turn to.

use app::{VexChoice, WeakDeviceView, WeakVendorView};

use super::vex::{TODAY, decide, demo, ledger, not_affected};
use super::*;

/// Three gates that two companies look after, one of which writes itself in two ways; one with a maker alone, and one with neither.
const LEDGER: &str = "管理番号,機器名,コンピュータ名,IPアドレス,メーカー,保守業者,ソフトウェア名,ソフトウェアバージョン,OS,OSバージョン
1,VPN装置,VPN-01,10.1.1.1,フォーティネット,みなとサービス,FortiOS,7.0.5,,
2,VPN装置,VPN-02,10.1.1.2,フォーティネット,みなとサービス　,FortiOS,7.0.5,FortiOS,7.0.5
3,VPN装置,VPN-03,10.1.1.3,フォーティネット,,FortiOS,7.0.5,,
4,端末,PC-04,10.1.1.4,,,自作ソフト,3,,
5,端末,PC-05,10.1.1.5,,東西システム,,,,
";

fn desk() -> Desk {
    let desk = Desk::new();
    ledger(LEDGER, &desk);
    desk.import_paths(&[demo("nvd-fortios.json"), demo("kev-fortios.json")]);
    desk
}

fn devices(desk: &Desk) -> BTreeMap<String, WeakDeviceView> {
    let book = desk.app.weaknesses(TODAY).unwrap();
    let views = book.devices().iter().map(|one| book.device_view(one));
    views.map(|one| (one.device.label.clone(), one)).collect()
}

fn vendors(desk: &Desk) -> Vec<WeakVendorView> {
    desk.app.weaknesses(TODAY).unwrap().vendors().to_vec()
}

fn names(vendors: &[WeakVendorView]) -> Vec<Option<&str>> {
    vendors.iter().map(|one| one.vendor.as_deref()).collect()
}

#[test]
fn a_vulnerability_counts_once_for_a_device_whatever_holds_it() {
    let all = devices(&desk());
    let labels: Vec<&str> = all.keys().map(String::as_str).collect();
    assert_eq!(labels.len(), 4, "nothing is told of what runs nothing: {labels:?}");
    let of = |word: &str| all.iter().find(|(label, _)| label.contains(word)).unwrap().1;
    // The same product is written as software and as operating system of the second.
    assert_eq!(of("VPN-02").counts, of("VPN-01").counts);
    let counts = &of("VPN-01").counts;
    assert_eq!((counts.exploited, counts.unjudged), (3, 0));
    assert_eq!(counts.exploited + counts.critical + counts.other, 3);
    assert!(of("VPN-01").first.as_deref().unwrap().starts_with("CVE-"));
    let own = of("PC-04");
    assert_eq!((own.counts.unjudged, &own.first, own.products.len()), (1, &None, 0));
}

#[test]
fn devices_stand_with_whom_the_hospital_turns_to_and_what_is_urgent_comes_first() {
    let all = vendors(&desk());
    assert_eq!(names(&all), [Some("フォーティネット"), Some("みなとサービス"), None]);
    let service = &all[1];
    assert_eq!((service.devices, service.counts.exploited), (2, 3));
    assert_eq!(service.products, ["FortiOS 7.0.5"]);
    assert_eq!((all[0].devices, all[2].counts.unjudged), (1, 1));
}

#[test]
fn one_maker_is_one_vendor_however_it_is_written_and_another_is_not() {
    let desk = Desk::new();
    ledger(
        "管理番号,機器名,コンピュータ名,IPアドレス,メーカー,ソフトウェア名,ソフトウェアバージョン
1,端末,PC-01,10.1.1.1,富士通株式会社,FortiOS,7.0.5
2,端末,PC-02,10.1.1.2,FUJITSU LIMITED,FortiOS,7.0.5
3,端末,PC-03,10.1.1.3,㈱富士通,FortiOS,7.0.5
4,端末,PC-04,10.1.1.4,富士通クライアントコンピューティング株式会社,FortiOS,7.0.5
5,端末,PC-05,10.1.1.5,みなと医科（株）,FortiOS,7.0.5
6,端末,PC-06,10.1.1.6,有限会社みなと医科,FortiOS,7.0.5
7,端末,PC-07,10.1.1.7,みなと医科学,FortiOS,7.0.5
",
        &desk,
    );
    desk.import_paths(&[demo("nvd-fortios.json")]);
    let mut all: Vec<(String, u64)> =
        vendors(&desk).into_iter().map(|one| (one.vendor.unwrap(), one.devices)).collect();
    all.sort();
    let told: Vec<(&str, u64)> = all.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    // What is told is the first of the writings, as it is written.
    assert_eq!(
        told,
        [
            ("みなと医科学", 1),
            ("みなと医科（株）", 2),
            ("富士通クライアントコンピューティング株式会社", 1),
            ("富士通株式会社", 3),
        ]
    );
}

#[test]
fn a_decision_on_some_devices_takes_it_from_these_alone() {
    let desk = desk();
    let gate = devices(&desk)
        .values()
        .find(|one| one.device.label.contains("VPN-03"))
        .unwrap()
        .device
        .clone();
    decide(&desk, &VexChoice { devices: vec![gate.id.clone()], ..not_affected() });
    let all = devices(&desk);
    let left = |word: &str| {
        all.values().find(|one| one.device.label.contains(word)).unwrap().counts.exploited
    };
    assert_eq!((left("VPN-01"), left("VPN-02"), left("VPN-03")), (3, 3, 2));
    let vendors = vendors(&desk);
    assert_eq!(names(&vendors), [Some("みなとサービス"), Some("フォーティネット"), None]);
    assert_eq!((vendors[0].counts.exploited, vendors[1].counts.exploited), (3, 2));
}

#[test]
fn without_data_all_that_runs_is_told_as_not_judged() {
    let desk = Desk::new();
    ledger(LEDGER, &desk);
    let all = devices(&desk);
    assert!(all.values().all(|one| one.counts.unjudged > 0 && one.first.is_none()), "{all:?}");
    assert_eq!(all.len(), 4);
}

/// Microsoft publishes 7.0 HIGH for CVE-2025-62215, with a vector that says of its exploitation E:F/RL:O/RC:C.
fn assert_told_as_published(desk: &Desk) {
    let book = desk.app.weaknesses(TODAY).unwrap();
    let page = desk.app.vulnerability(&book, "CVE-2025-62215").unwrap().unwrap();
    let weakness = &page.weakness;
    assert_eq!((weakness.severity.as_str(), weakness.score), ("high", Some(7.0)));
    assert_eq!((weakness.score_temporal, weakness.score_environmental), (Some(6.5), None));
    let [rating] = &page.cvss[..] else { panic!("{:?}", page.cvss) };
    assert_eq!((rating.score, rating.score_temporal), (Some(7.0), Some(6.5)));
    assert_eq!(rating.score_published, None, "what was published is what is told");
    let keys: Vec<_> = rating.beside().into_iter().map(|said| said.key.into_owned()).collect();
    assert_eq!(keys, ["cvss.temporal"]);
}

#[test]
fn builds_of_the_newest_windows_fall_on_the_right_side_of_a_real_range() {
    let desk = Desk::new();
    ledger(
        "管理番号,機器名,コンピュータ名,IPアドレス,OS,OSバージョン
1,端末,PC-A,10.1.1.1,Windows 11 Pro 24H2,10.0.26100.7170
2,端末,PC-B,10.1.1.2,Windows 11 Pro 24H2,10.0.26100.7171
3,端末,PC-C,10.1.1.3,Windows 11 Pro 25H2,10.0.26200.7170
4,端末,PC-D,10.1.1.4,Windows 11 Pro 25H2,10.0.26200.7171
5,サーバ,SV-E,10.1.1.5,Windows Server 2025,10.0.26100.7170
6,サーバ,SV-F,10.1.1.6,Windows Server 2025,10.0.26100.7171
7,端末,PC-G,10.1.1.7,Windows 11 Pro 25H2,
",
        &desk,
    );
    desk.import(&["cve/CVE-2025-62215.json"]);
    assert_told_as_published(&desk);
    let all = devices(&desk);
    let told = |word: &str| {
        let one = all.values().find(|one| one.device.label.contains(word)).unwrap();
        (one.counts.exploited, one.counts.doubtful)
    };
    for affected in ["PC-A", "PC-C", "SV-E"] {
        assert_eq!(told(affected), (1, 0), "{affected}");
    }
    for mended in ["PC-B", "PC-D", "SV-F"] {
        assert_eq!(told(mended), (0, 0), "{mended}");
    }
    assert_eq!(told("PC-G"), (0, 1), "nobody knows its revision");
}
