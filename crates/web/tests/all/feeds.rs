//! 脆弱性の情報: data brought to the page, taken in, judged with; bundles whose maker must be confirmed; and what must not get through.

use app::{FeedBundleOrder, make_feed_bundle};
use axum::http::{StatusCode, header};
use domain::Role;
use tempfile::TempDir;

use crate::hospital::{Hospital, Page};
use crate::imports::{multipart, sent_to, work};

const NVD: &[u8] = include_bytes!("../../../../testdata/demo-feeds/nvd-fortios.json");
const ENDOFLIFE: &[u8] = include_bytes!("../../../../testdata/feeds/endoflife/full.json");
const KEV: &[u8] = include_bytes!("../../../../testdata/demo-feeds/kev-fortios.json");

impl Hospital {
    async fn send_feeds(&self, cookie: &str, files: &[(&str, &[u8])]) -> Page {
        self.send(sent_to("/feeds", cookie, None, multipart(files))).await
    }

    /// Sends files and has them taken in: gives the page that tells of it.
    async fn deliver(&self, cookie: &str, files: &[(&str, &[u8])]) -> String {
        let page = self.send_feeds(cookie, files).await;
        assert_eq!(
            (page.status, page.to()),
            (StatusCode::SEE_OTHER, "/feeds?said=feeds_brought"),
            "{}",
            page.text()
        );
        work(&self.desk).await;
        self.get("/feeds", cookie).await.text()
    }

    fn feeds_state(&self) -> String {
        self.app.feeds(crate::hospital::clock()).unwrap().state
    }

    fn room(&self) -> usize {
        std::fs::read_dir(self.app.folder().join("deliveries")).map_or(0, Iterator::count)
    }
}

/// A stick on which bundles are made, with one key.
struct Stick(TempDir);

impl Stick {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("nvd.json"), NVD).unwrap();
        Self(folder)
    }

    /// The bundle that was made `now`, and the fingerprint of its key.
    fn bundle(&self, now: &str) -> (Vec<u8>, String) {
        let of = |name: &str| self.0.path().join(name);
        let made = make_feed_bundle(&FeedBundleOrder {
            out: of("stick.mmb"),
            files: vec![of("nvd.json")],
            key: of("key"),
            now: now.parse().unwrap(),
            day: "20261120".to_owned(),
        });
        (std::fs::read(of("stick.mmb")).unwrap(), made.unwrap().fingerprint)
    }
}

/// The address that a form for a delivery goes to.
fn action(text: &str, end: &str) -> String {
    let found = text.split("action=\"").filter_map(|rest| rest.split('"').next());
    let mut found = found.filter(|to| to.starts_with("/feeds/") && to.ends_with(end));
    found.next().unwrap_or_else(|| panic!("no form for {end}: {text}")).to_owned()
}

/// What a browser sends for the form that confirms a maker.
fn confirmed(fingerprint: &str) -> String {
    format!("fingerprint={}&same=yes", fingerprint.replace(' ', "+"))
}

#[tokio::test]
async fn the_limit_is_said_in_one_way_on_the_page_and_before_sending() {
    let hospital = Hospital::with_demo();
    let cookie = hospital.signed_in("abe", Role::Operator).await;
    let text = hospital.get("/feeds", &cookie).await.text();
    for shown in ["一度に 16 GiB までです", "合わせて 16 GiB を超えます", "は 16 GiB を超えるため"]
    {
        assert!(text.contains(shown), "{shown}: {text}");
    }
    assert!(!text.contains("16384"), "{text}");
}

#[tokio::test]
async fn support_dates_that_are_brought_are_told_with_their_day_and_can_be_withdrawn() {
    let hospital = Hospital::with_demo();
    let cookie = hospital.signed_in("abe", Role::Operator).await;
    let text = hospital.deliver(&cookie, &[("endoflife.json", ENDOFLIFE)]).await;
    for shown in [
        "サポート期限の表(endoflife.date) として 14 件",
        "example-library",
        "対応がわからない製品の版",
        "<td>endoflife.json</td>",
        "取り込まれたサポート期限の表",
        "endoflife.json · 2026-11-20 12:10",
        "脆弱性の情報がまだ入っていないため",
    ] {
        assert!(text.contains(shown), "{shown}: {text}");
    }
    let guest = hospital.signed_in("kan", Role::Inspector).await;
    assert!(!hospital.get("/feeds", &guest).await.text().contains("/feeds/support/withdraw"));
    let refused = hospital.post("/feeds/support/withdraw", &guest, "").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let gone = hospital.post("/feeds/support/withdraw", &cookie, "").await;
    assert_eq!(gone.to(), "/feeds?said=feeds_support_withdrawn");
    let text = hospital.get(gone.to(), &cookie).await.text();
    assert!(text.contains("使うのをやめました") && !text.contains("<td>endoflife.json</td>"));
}

#[tokio::test]
async fn what_is_brought_is_taken_in_and_judged_with() {
    let hospital = Hospital::with_demo();
    let cookie = hospital.signed_in("abe", Role::Operator).await;
    let before = hospital.get("/weaknesses", &cookie).await.text();
    assert!(
        before.contains("まだ入っていないため")
            && before.contains("href=\"/feeds\">脆弱性の情報のページを開く")
    );
    let page = hospital.send_feeds(&cookie, &[("nvd.json", NVD), ("memo.txt", b"Hello")]).await;
    assert_eq!(page.to(), "/feeds?said=feeds_brought");
    let waiting = hospital.get(page.to(), &cookie).await.text();
    for shown in [
        "http-equiv=\"refresh\"",
        "data-poll=\"/feeds/state\"",
        "順番を待っています",
        "受け取りました",
    ] {
        assert!(waiting.contains(shown), "{shown}: {waiting}");
    }
    let asked = hospital.get("/feeds/state", &cookie).await.json();
    assert!(waiting.contains(&format!("data-state=\"{}\"", asked["state"].as_str().unwrap())));
    work(&hospital.desk).await;
    assert_ne!(hospital.get("/feeds/state", &cookie).await.json()["state"], asked["state"]);
    let text = hospital.get("/feeds", &cookie).await.text();
    for shown in [
        "NVD として",
        "✕ memo.txt",
        "✓ 取り込みました",
        "abe さん さんが 2026-11-22 08:00 に入れたもの",
        "最後に入れたのは 2026-11-22 08:00 です",
        "脆弱性の情報は",
        "<td>nvd.json</td>",
    ] {
        assert!(text.contains(shown), "{shown}: {text}");
    }
    assert!(!text.contains("http-equiv"), "nothing is under way");
    let judged = hospital.get("/vulnerabilities", &cookie).await.text();
    assert!(judged.contains("CVE-2022-40684"), "{judged}");
    let record = hospital.app.feeds(crate::hospital::clock()).unwrap();
    assert_eq!(record.sources[0].taken_at.as_deref(), Some("2026-11-21T23:00:00Z"));
    // What came before stays.
    let text = hospital.deliver(&cookie, &[("kev.json", KEV)]).await;
    assert!(text.contains("<td>nvd.json</td>") && text.contains("<td>kev.json</td>"), "{text}");
    let english = hospital.get("/feeds", &format!("{cookie}; mimawari_lang=en")).await.text();
    assert!(english.contains("What came of the last files") && !english.contains("として"));
}

#[tokio::test]
async fn scripts_read_when_each_feed_came() {
    let hospital = Hospital::founded();
    let cookie = hospital.administrator().await;
    hospital.deliver(&cookie, &[("nvd.json", NVD)]).await;
    let view = hospital.ask("/api/v1/feeds", &hospital.token(Role::Executive)).await.json();
    assert_eq!(
        (&view["state"], &view["sources"][0]["taken_at"]),
        (&"ready".into(), &"2026-11-21T23:00:00Z".into())
    );
}

#[tokio::test]
async fn a_file_that_is_no_vulnerability_data_is_refused_with_its_reason_and_changes_nothing() {
    let hospital = Hospital::founded();
    let cookie = hospital.administrator().await;
    let before = hospital.app.moment().unwrap();
    let hostile = "<script>alert(1)</script>";
    let name = format!("../../{hostile}.json");
    let cut = &NVD[..NVD.len() / 2];
    let text = hospital.deliver(&cookie, &[(&name, b"Hello"), ("nvd.json", cut)]).await;
    assert!(text.contains("✕ 取り込みませんでした") && text.contains("✕ nvd.json"), "{text}");
    assert!(!text.contains(hostile) && text.contains("&#60;script&#62;"), "{text}");
    assert_eq!((hospital.feeds_state().as_str(), hospital.app.moment().unwrap()), ("none", before));
}

#[tokio::test]
async fn what_is_too_large_or_no_upload_leaves_nothing() {
    let bounds = app::Bounds { file: 1 << 20, upload: 2 << 20, ..app::Bounds::of_deliveries() };
    let hospital = Hospital::founded().delivering_within(bounds);
    let cookie = hospital.administrator().await;
    let large = vec![b' '; (1 << 20) + 1];
    let page = hospital.send_feeds(&cookie, &[("nvd.json", NVD), ("b.json", &large)]).await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(page.text().contains("b.json") && page.text().contains("1 MiB"), "{}", page.text());
    let body = multipart(&[("nvd.json", NVD)]);
    let page = hospital.send(sent_to("/feeds", &cookie, Some(3 << 20), body)).await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE, "its length is known before");
    let page = hospital.send_feeds(&cookie, &[]).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    let mut body = multipart(&[("nvd.json", NVD)]);
    body.truncate(body.len() - 40);
    let page = hospital.send(sent_to("/feeds", &cookie, None, body)).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST, "it was cut on its way");
    let page = hospital.post("/feeds", &cookie, "file=x").await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST, "no form with files");
    assert_eq!(hospital.room(), 0);
}

#[tokio::test]
async fn nothing_is_taken_while_the_disk_has_no_room() {
    let bounds = app::Bounds { free: |_| Some(900 << 20), ..app::Bounds::of_deliveries() };
    let hospital = Hospital::founded().delivering_within(bounds);
    let cookie = hospital.administrator().await;
    let page = hospital.send_feeds(&cookie, &[("nvd.json", NVD)]).await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(page.text().contains("900 MiB") && page.text().contains("2 GiB"), "{}", page.text());
    assert_eq!(hospital.room(), 0);
}

#[tokio::test]
async fn who_may_not_and_forms_from_elsewhere_bring_nothing() {
    let hospital = Hospital::founded();
    for role in [Role::ClinicalEngineer, Role::Executive, Role::Inspector] {
        let cookie = hospital.signed_in(role.key(), role).await;
        let page = hospital.send_feeds(&cookie, &[("nvd.json", NVD)]).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{}", role.key());
        let text = hospital.get("/feeds", &cookie).await.text();
        assert!(
            !text.contains("type=\"file\"") && text.contains("管理者と運用の担当者です"),
            "{text}"
        );
    }
    let cookie = hospital.administrator().await;
    let mut request = sent_to("/feeds", &cookie, None, multipart(&[("nvd.json", NVD)]));
    request.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
    assert_eq!(hospital.send(request).await.status, StatusCode::FORBIDDEN);
    let mut request = sent_to("/feeds", "", None, multipart(&[("nvd.json", NVD)]));
    request.headers_mut().remove(header::COOKIE);
    assert_eq!(hospital.send(request).await.to(), "/login");
    assert_eq!(hospital.room(), 0);
}

#[tokio::test]
async fn an_administrator_confirms_the_maker_of_a_bundle_and_nobody_else_does() {
    let hospital = Hospital::with_demo();
    let operator = hospital.signed_in("abe", Role::Operator).await;
    let stick = Stick::new();
    let (bundle, fingerprint) = stick.bundle("2026-11-20T00:00:00Z");
    let text = hospital.deliver(&operator, &[("stick.mmb", &bundle)]).await;
    for shown in [
        "作った人を確かめてください",
        &fingerprint,
        "電話をかけるか",
        "管理者に、このページを開くように",
    ] {
        assert!(text.contains(shown), "{shown}: {text}");
    }
    assert!(!text.contains("/confirm\""), "an operator is not asked");
    let administrator = hospital.administrator().await;
    let text = hospital.get("/feeds", &administrator).await.text();
    let to = action(&text, "/confirm");
    let refused = hospital.post(&to, &operator, &confirmed(&fingerprint)).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let unticked = confirmed(&fingerprint).replace("&same=yes", "");
    let other = confirmed(&fingerprint.replace(|c: char| c.is_ascii_digit(), "f"));
    for form in [unticked, other] {
        let page = hospital.post(&to, &administrator, &form).await;
        assert_eq!(page.status, StatusCode::CONFLICT, "{form}");
    }
    work(&hospital.desk).await;
    assert_eq!(
        (hospital.feeds_state().as_str(), hospital.app.feed_keys().unwrap().len()),
        ("none", 0)
    );
    let page = hospital.post(&to, &administrator, &confirmed(&fingerprint)).await;
    assert_eq!(page.to(), "/feeds?said=feeds_confirmed", "{}", page.text());
    work(&hospital.desk).await;
    let text = hospital.get("/feeds", &operator).await.text();
    assert!(text.contains("stick.mmb/nvd.json") && text.contains("NVD として"), "{text}");
    let keys = hospital.app.feed_keys().unwrap();
    assert_eq!(
        (keys[0].fingerprint.as_str(), keys[0].by.as_str()),
        (fingerprint.as_str(), "user:sato")
    );
    let judged = hospital.get("/vulnerabilities", &operator).await.text();
    assert!(judged.contains("CVE-2022-40684"), "{judged}");
    let record = hospital.get("/settings/record", &administrator).await.text();
    assert!(record.contains("feeds.key.trust") && record.contains("feeds.bundle"), "{record}");
    let changes = hospital.get("/changes", &administrator).await.text();
    for act in
        ["脆弱性データの束を作る人の鍵を、確認済みにしました", "脆弱性の情報を取り込みました"]
    {
        assert!(changes.contains(act), "{act}: {changes}");
    }
    // The next one of this maker passes by itself; an older one does not.
    let (newer, _) = stick.bundle("2026-11-21T00:00:00Z");
    let text = hospital.deliver(&operator, &[("newer.mmb", &newer)]).await;
    assert!(text.contains("newer.mmb/nvd.json") && !text.contains("/confirm\""), "{text}");
    let text = hospital.deliver(&operator, &[("older.mmb", &bundle)]).await;
    assert!(text.contains("今より古い知識に戻ります"), "{text}");
    // A key that was lost is trusted no more.
    let form = confirmed(&fingerprint);
    let page = hospital.post("/feeds/keys/forget", &operator, &form).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    let page = hospital.post("/feeds/keys/forget", &administrator, &form).await;
    assert_eq!(page.to(), "/feeds?said=feeds_key_forgotten");
    assert!(hospital.app.feed_keys().unwrap().is_empty());
}

#[tokio::test]
async fn a_bundle_that_was_cut_or_changed_is_refused_in_the_words_of_the_command() {
    let hospital = Hospital::founded();
    let cookie = hospital.administrator().await;
    let (sound, fingerprint) = Stick::new().bundle("2026-11-20T00:00:00Z");
    let mut forged = sound.clone();
    forged[60] ^= 1;
    let text = hospital.deliver(&cookie, &[("stick.mmb", &forged)]).await;
    assert!(text.contains("stick.mmb の署名が合いません"), "{text}");
    assert!(!text.contains("/confirm\""), "what is forged never asks to be trusted");
    let mut changed = sound.clone();
    *changed.last_mut().unwrap() ^= 1;
    let cut = sound[..sound.len() - 1].to_vec();
    for (bytes, said) in
        [(cut, "stick.mmb は途中で切れています"), (changed, "が、束に入れたときのものと違います")]
    {
        let text = hospital.deliver(&cookie, &[("stick.mmb", &bytes)]).await;
        hospital.post(&action(&text, "/confirm"), &cookie, &confirmed(&fingerprint)).await;
        work(&hospital.desk).await;
        let text = hospital.get("/feeds", &cookie).await.text();
        assert!(text.contains(said), "{said}: {text}");
    }
    assert_eq!(
        (hospital.feeds_state().as_str(), hospital.app.feed_keys().unwrap().len()),
        ("none", 0)
    );
}

#[tokio::test]
async fn what_waits_for_a_person_can_be_given_up() {
    let hospital = Hospital::founded();
    let cookie = hospital.administrator().await;
    let (bundle, _) = Stick::new().bundle("2026-11-20T00:00:00Z");
    let text = hospital.deliver(&cookie, &[("stick.mmb", &bundle)]).await;
    let to = action(&text, "/leave");
    assert_eq!(
        hospital.post(&to.replace("/leave", "/again"), &cookie, "").await.status,
        StatusCode::CONFLICT
    );
    assert_eq!(hospital.post(&to, &cookie, "").await.to(), "/feeds?said=feeds_left");
    assert_eq!(
        (hospital.room(), hospital.post(&to, &cookie, "").await.status),
        (0, StatusCode::NOT_FOUND)
    );
    let elsewhere = hospital.post("/feeds/..%2f..%2fdata/leave", &cookie, "").await;
    assert_eq!(elsewhere.status, StatusCode::NOT_FOUND);
}
