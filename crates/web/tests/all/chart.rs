//! Charts, rows of evidence, the queue, findings, rules, lists, searching and the changes of a day.

use app::{ImportOptions, NewFile};
use axum::http::StatusCode;
use domain::Role;

use crate::hospital::{Hospital, act};

/// A name that would be a script, a formula and a tag, if somebody let it.
const HOSTILE: &str = "<script>alert(1)</script>'\\=1+1";

/// A tag, as a report writes it within an attribute.
const HOSTILE_MAKER: &str = "&lt;b&gt;RICOH";

fn import(hospital: &Hospital, name: &str, text: &str) {
    let file = NewFile {
        path: name.to_owned(),
        bytes: Ok(text.as_bytes().to_vec().into()),
        modified: None,
    };
    hospital.app.import([file], &ImportOptions::default(), &act(), &mut |_, _| {}).unwrap();
}

/// Two registers that call one computer name their own.
fn in_doubt() -> Hospital {
    let hospital = Hospital::founded();
    let header = "管理番号,機器名,製造番号,コンピュータ名";
    import(&hospital, "a.csv", &format!("{header}\n1,{HOSTILE},SN-1001,US-91\n"));
    import(&hospital, "b.csv", &format!("{header}\nK1,b,SN-2002,US-91\n"));
    hospital
}

#[tokio::test]
async fn a_chart_shows_both_layers_with_links_to_the_very_row() {
    let hospital = Hospital::with_demo();
    let cookie = hospital.administrator().await;
    let id = hospital.app.find_device("CT-01").unwrap();
    let page = hospital.get(&format!("/devices/{id}"), &cookie).await;
    let text = page.text();
    assert_eq!(page.status, StatusCode::OK);
    for part in
        ["CT-01 (0148)", "わかっていること", "経過", "Windows 10 IoT Enterprise LTSC", "放射線科"]
    {
        assert!(text.contains(part), "{part}");
    }
    let link =
        text.split("href=\"").find(|link| link.starts_with("/imports/1/row?place=")).unwrap();
    let link = link.split('"').next().unwrap();
    let row = hospital.get(link, &cookie).await;
    assert_eq!(row.status, StatusCode::OK, "{link}");
    assert!(row.text().contains("aria-current=\"true\"") && row.text().contains("CT-01"));
}

#[tokio::test]
async fn what_a_scan_heard_is_told_with_what_can_be_read_from_it() {
    let hospital = Hospital::founded();
    let scan = include_str!("../../../../testdata/scanners/nmap-banners.xml");
    import(&hospital, "scan.xml", &scan.replace("RICOH", HOSTILE_MAKER));
    import(&hospital, "a.csv", "管理番号,IPアドレス,コンピュータ名\n1,10.1.2.77,PC-77\n");
    let cookie = hospital.administrator().await;
    let page = async |device: &str| {
        let id = hospital.app.find_device(device).unwrap();
        hospital.get(&format!("/devices/{id}"), &cookie).await.text()
    };
    let server = page("10.1.2.10").await;
    for part in ["名乗りから分かること", "tcp/22 OpenSSH_7.4", "OpenBSD OpenSSH 7.4"] {
        assert!(server.contains(part), "{part}");
    }
    assert!(!server.contains("ssh.banner"), "no line among the facts, under a key");
    assert!(page("10.1.2.1").await.contains("Cisco IOS 12.2(55)SE5 (Router)"));
    let printer = page("10.1.2.2").await;
    assert!(printer.contains("Fortinet FortiOS (Firewall)") && !printer.contains("<b>R"));
    // No fingerprint knows this maker; the table of products does.
    assert!(printer.contains("Yamaha router 14.01.38"), "{printer}");
    // A client of DHCP says what it is too.
    let class = "Mfg=Xerox;Typ=MFP;Mod=VersaLink C405;Ser=ABC123456;Loc=Print Room";
    let lease = format!(
        "lease 10.1.2.78 {{\n  binding state active;\n  hardware ethernet 00:00:aa:00:00:01;\n  set vendor-class-identifier = \"{class}\";\n}}\n"
    );
    import(&hospital, "dhcpd.leases", &lease);
    assert!(page("10.1.2.78").await.contains("<td>Xerox"));
    assert!(!page("10.1.2.77").await.contains("名乗りから分かること"), "nobody heard it");
}

#[tokio::test]
async fn an_id_of_before_leads_on() {
    let hospital = Hospital::with_demo();
    let cookie = hospital.administrator().await;
    let id = hospital.app.find_device("CT-01").unwrap();
    let chart = hospital.app.device(id, "2026-11-22".parse().unwrap()).unwrap();
    let page = hospital.get(&format!("/devices/{}", chart.aliases[0]), &cookie).await;
    assert_eq!(
        (page.status, page.to()),
        (StatusCode::SEE_OTHER, format!("/devices/{id}").as_str())
    );
}

#[tokio::test]
async fn a_difference_is_settled_by_a_form_and_only_by_who_may() {
    let hospital = Hospital::with_demo();
    let cookie = hospital.administrator().await;
    let id = hospital.app.find_device("CORE-SW1").unwrap();
    let chart = hospital.get(&format!("/devices/{id}"), &cookie).await.text();
    assert!(chart.contains(&format!("action=\"/devices/{id}/accept\"")));
    let form = "field=maker&value=Cisco";
    let looking = hospital.signed_in("exe", Role::Executive).await;
    let chart = hospital.get(&format!("/devices/{id}"), &looking).await.text();
    assert!(!chart.contains("/accept"), "who may not work is not asked");
    let refused = hospital.post(&format!("/devices/{id}/accept"), &looking, form).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let done = hospital.post(&format!("/devices/{id}/accept"), &cookie, form).await;
    assert_eq!(done.to(), format!("/devices/{id}?said=accepted"));
    let stale =
        hospital.post(&format!("/devices/{id}/accept"), &cookie, "field=maker&value=x").await;
    assert_eq!(stale.status, StatusCode::CONFLICT);
    let kept = hospital
        .post(&format!("/devices/{id}/keep"), &cookie, "field=serial&value=FJC00000AAA")
        .await;
    assert_eq!(kept.to(), format!("/devices/{id}?said=kept"));
    let text = hospital.get(&format!("/devices/{id}"), &cookie).await.text();
    assert!(text.contains("申告のままにすると決めました") && text.contains("手での入力"));
}

#[tokio::test]
async fn a_pair_is_told_apart_merged_and_undone_by_forms() {
    let hospital = in_doubt();
    let cookie = hospital.administrator().await;
    let text = hospital.get("/queue", &cookie).await.text();
    assert!(text.contains("製造番号が違います") && text.contains("コンピュータ名 us-91"));
    assert!(!text.contains("<script>alert"), "names are data");
    let doubt = hospital.app.queue().unwrap().remove(0);
    let form = format!("one={}&other={}", doubt.one, doubt.other);
    assert_eq!(hospital.post("/queue/apart", &cookie, &form).await.to(), "/queue?said=apart");
    let text = hospital.get("/queue", &cookie).await.text();
    assert!(text.contains("あいまいな機器はありません") && text.contains("ちがう機器"));
    assert_eq!(hospital.post("/queue/undo", &cookie, "").await.to(), "/queue?said=identity_undone");
    assert_eq!(hospital.post("/queue/same", &cookie, &form).await.to(), "/queue?said=same");
    assert_eq!(hospital.app.queue().unwrap(), []);
    let wrong = hospital.post("/queue/same", &cookie, "one=x&other=y").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn findings_are_filtered_and_paged_and_one_is_shown_with_its_evidence() {
    let hospital = Hospital::with_demo();
    let cookie = hospital.administrator().await;
    let all = hospital.get("/findings", &cookie).await.text();
    assert!(all.contains("1 / ") && all.contains(" ページ"), "{}", all.len());
    let count = |text: &str| text.matches("<article class=\"finding\">").count();
    assert_eq!(count(&all), 50);
    let urgent = hospital.get("/findings?severity=urgent&state=open", &cookie).await.text();
    assert!(count(&urgent) > 0 && !urgent.contains("chip warn"));
    let of_device = hospital.get("/findings?q=CT-01", &cookie).await.text();
    assert!((1..50).contains(&count(&of_device)) && of_device.contains("CT-01 (0148)"));
    let none = hospital.get("/findings?rule=NET001&state=mitigated", &cookie).await.text();
    assert!(count(&none) == 0 && none.contains("あてはまる所見はありません"));
    let board = hospital.app.board("2026-11-22".parse().unwrap()).unwrap();
    let key: String = board
        .rows()
        .next()
        .unwrap()
        .key()
        .to_string()
        .bytes()
        .map(|b| format!("%{b:02X}"))
        .collect();
    let one = hospital.get(&format!("/findings/one?key={key}"), &cookie).await;
    assert_eq!(one.status, StatusCode::OK);
    assert!(one.text().contains("根拠となる原本") && one.text().contains("/row?place="));
    let missing = hospital.get("/findings/one?key=NET001/device:0123456789ab", &cookie).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_zone_is_named_listed_and_taken_away() {
    let hospital = Hospital::with_demo();
    let cookie = hospital.administrator().await;
    let form = "name=%E7%94%BB%E5%83%8F&networks=10.102.41.0%2F24+10.103.51.0%2F24&kind=imaging&probe=passive";
    assert_eq!(hospital.post("/zones/set", &cookie, form).await.to(), "/zones?said=zone_set");
    let text = hospital.get("/zones", &cookie).await.text();
    assert!(text.contains("<th scope=\"row\">画像</th><td>10.102.41.0/24 10.103.51.0/24</td>"));
    for (wrong, said) in [
        ("name=+&networks=10.0.0.0%2F8&kind=imaging&probe=passive", "区画の名前は"),
        ("name=a&networks=%3Cb%3E&kind=imaging&probe=passive", "範囲として読めません"),
        ("name=a&networks=+&kind=imaging&probe=passive", "範囲を書いてください"),
    ] {
        let page = hospital.post("/zones/set", &cookie, wrong).await;
        assert!(page.text().contains(said) && !page.text().contains("<b>」"), "{wrong}");
    }
    let bad = "name=a&networks=10.0.0.0%2F8&kind=x&probe=y";
    let page = hospital.post("/zones/set", &cookie, bad).await;
    assert!(page.text().contains("class=\"trouble\""));
    assert_eq!(hospital.app.zones().unwrap().iter().filter(|zone| !zone.suggested).count(), 1);
    let removed = hospital.post("/zones/remove", &cookie, "name=%E7%94%BB%E5%83%8F").await;
    assert_eq!(removed.to(), "/zones?said=zone_removed");
    assert!(hospital.app.zones().unwrap().iter().all(|zone| zone.suggested));
}

#[tokio::test]
async fn every_list_opens_filled_and_empty_and_says_which_file_would_fill_it() {
    let (filled, empty) = (Hospital::with_demo(), Hospital::founded());
    let (in_filled, in_empty) = (filled.administrator().await, empty.administrator().await);
    for path in ["/lines", "/ports", "/systems", "/departments", "/jobs", "/scans"] {
        let page = filled.get(path, &in_filled).await;
        assert!(page.status == StatusCode::OK && page.text().contains("<tbody><tr>"), "{path}");
        let filtered = filled.get(&format!("{path}?q=zzzz"), &in_filled).await.text();
        assert!(filtered.contains("あてはまるものはありません"), "{path}");
        let page = empty.get(path, &in_empty).await.text();
        assert!(page.contains("取り込むと、ここに出ます"), "{path}");
    }
    for path in ["/rules", "/rules/net001", "/findings", "/queue", "/zones", "/changes", "/search"]
    {
        for (hospital, cookie) in [(&filled, &in_filled), (&empty, &in_empty)] {
            assert_eq!(hospital.get(path, cookie).await.status, StatusCode::OK, "{path}");
        }
    }
    let rules = empty.get("/rules", &in_empty).await.text();
    assert!(rules.contains("わかりません"), "before a round nothing is 0");
}

#[tokio::test]
async fn searching_leads_to_the_one_device_or_lists_what_fits() {
    let hospital = Hospital::with_demo();
    let cookie = hospital.administrator().await;
    let id = hospital.app.find_device("CT-01").unwrap();
    for exact in ["0148", "CT-01", "00-22-58-d8-32-a9"] {
        let page = hospital.get(&format!("/search?q={exact}"), &cookie).await;
        assert_eq!(page.to(), format!("/devices/{id}"), "{exact}");
    }
    let page = hospital.get("/search?q=CT", &cookie).await.text();
    assert!(page.contains("/devices/") && page.contains("所見"));
    let hostile = hospital.get("/search?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E", &cookie).await;
    assert!(hostile.status == StatusCode::OK && !hostile.text().contains("<script>alert"));
    let layout = hospital.get("/rules", &cookie).await.text();
    assert!(layout.contains("data-search") && layout.contains("action=\"/search\""));
}

#[tokio::test]
async fn the_changes_of_a_day_are_told_and_days_are_walked() {
    let hospital = Hospital::with_demo();
    let cookie = hospital.administrator().await;
    let text = hospital.get("/changes", &cookie).await.text();
    assert!(
        text.contains("ledger.xlsx を取り込みました") && text.contains("/changes?day=2026-11-21")
    );
    assert!(!text.contains("/changes?day=2026-11-23"), "tomorrow has no changes");
    let quiet = hospital.get("/changes?day=2026-11-01", &cookie).await.text();
    assert!(quiet.contains("この日には、何もしていません"));
    let wrong = hospital.get("/changes?day=yesterday", &cookie).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn addresses_of_nothing_are_no_page() {
    let hospital = Hospital::with_demo();
    let cookie = hospital.administrator().await;
    for path in [
        "/devices/0123456789ab",
        "/devices/nothing",
        "/rules/XXX999",
        "/imports/1/row?place=abc",
        "/findings/one?key=x",
    ] {
        assert_eq!(hospital.get(path, &cookie).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert!(hospital.get("/imports/99/row?place=1", &cookie).await.status.is_client_error());
}
