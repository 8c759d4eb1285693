//! 作業: a change by forms, what two people do to it at once, and what nobody may record.

use axum::http::StatusCode;
use domain::Role;
use serde_json::json;

use crate::hospital::{Hospital, act};

const NEW: &str = "/planned-changes/new?mark=fortios%207.0.5";

fn hospital() -> Hospital {
    let hospital = Hospital::with_demo();
    hospital.app.import_demo_feeds(&act()).unwrap();
    hospital
}

impl Hospital {
    /// Takes a form, and gives the page that the browser is sent to.
    async fn step(&self, path: &str, cookie: &str, form: &str) -> String {
        let page = self.post(path, cookie, form).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{path}: {}", page.text());
        self.get(page.to(), cookie).await.text()
    }

    async fn planned(&self, cookie: &str) -> String {
        let form = self.get(NEW, cookie).await.text();
        let device = after(&form, "name=\"device\" value=\"");
        let plan = format!(
            "mark=fortios+7.0.5&kind=update&what=FortiOS+7.0.7&performer=A&instruction=&inquiry=&vulnerabilities=CVE-2022-40684&device={device}"
        );
        self.step("/planned-changes/new", cookie, &plan).await
    }

    async fn agreed(&self, cookie: &str) -> String {
        self.planned(cookie).await;
        let form = "seen=1&from=2026-11-22T19:00&to=2026-11-22T21:00&with=B";
        self.step("/planned-changes/1/agree", cookie, form).await
    }
}

/// What stands after `mark`, up to the next quotation mark.
fn after(page: &str, mark: &str) -> String {
    let (_, rest) = page.split_once(mark).unwrap_or_else(|| panic!("{mark}: {page}"));
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_change_goes_its_way_by_forms_alone() {
    let hospital = hospital();
    let cookie = hospital.administrator().await;
    let product = hospital.get("/product?mark=fortios%207.0.5", &cookie).await.text();
    assert!(product.contains(NEW), "{product}");
    let page = hospital.planned(&cookie).await;
    assert!(page.contains("作業を計画しました") && page.contains("まだ合意していません"), "{page}");
    let page = hospital
        .step(
            "/planned-changes/1/agree",
            &cookie,
            "seen=1&from=2026-11-22T19:00&to=2026-11-22T21:00&with=B",
        )
        .await;
    assert!(page.contains("2026-11-22 19:00"), "{page}");
    let sign = after(&page, "name=\"sign.0\" value=\"");
    let sign: String = sign.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let done = format!("seen=2&on=2026-11-22&sign.0={sign}&outcome.0=done&note.0=7.0.7");
    let page = hospital.step("/planned-changes/1/results", &cookie, &done).await;
    assert!(page.contains("証拠を待っています") && page.contains("取り直すファイル"), "{page}");
    let told = "seen=3&told_on=2026-11-22&to_whom=A&text=done";
    let page = hospital.step("/planned-changes/1/tell", &cookie, told).await;
    assert!(page.contains("伝えたことを記録しました"), "{page}");
    let list = hospital.get("/planned-changes", &cookie).await.text();
    assert!(list.contains("▲ 実施済み") && list.contains("1 台で待っています"), "{list}");
    let changes = hospital.get("/changes?day=2026-11-22", &cookie).await.text();
    assert!(changes.contains("/planned-changes/1"), "{changes}");
}

#[tokio::test]
async fn who_comes_second_sees_what_the_first_did() {
    let hospital = hospital();
    let first = hospital.administrator().await;
    let second = hospital.signed_in("mori", Role::ClinicalEngineer).await;
    hospital.agreed(&first).await;
    let page = hospital.post("/planned-changes/1/cancel", &second, "seen=1&reason=x").await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    let page = page.text();
    assert!(page.contains("ほかの人がしたこと") && page.contains("user:sato"), "{page}");
    hospital.step("/planned-changes/1/cancel", &second, "seen=2&reason=x").await;
    let page = hospital.post("/planned-changes/1/cancel", &first, "seen=3&reason=x").await;
    assert!(page.text().contains("この作業は中止されています"), "{}", page.text());
}

#[tokio::test]
async fn what_does_not_fit_is_refused_in_a_sentence() {
    let hospital = hospital();
    let cookie = hospital.administrator().await;
    let bare = "mark=fortios+7.0.5&kind=update&what=x&performer=A";
    let page = hospital.post("/planned-changes/new", &cookie, bare).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(page.text().contains("1 台から 500 台"), "{}", page.text());
    hospital.planned(&cookie).await;
    for (path, form, status) in [
        ("/planned-changes/new", "mark=&kind=flight&what=x", StatusCode::BAD_REQUEST),
        ("/planned-changes/1/agree", "seen=1&from=soon&to=later&with=B", StatusCode::BAD_REQUEST),
        (
            "/planned-changes/1/agree",
            "seen=1&from=2026-11-22T19:00&to=2026-11-22T18:00&with=B",
            StatusCode::CONFLICT,
        ),
        ("/planned-changes/1/results", "seen=1&on=2026-11-22", StatusCode::CONFLICT),
        (
            "/planned-changes/1/results",
            "seen=1&on=2026-11-22&sign.0=x&outcome.0=done",
            StatusCode::BAD_REQUEST,
        ),
        ("/planned-changes/9/cancel", "seen=1&reason=x", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(hospital.post(path, &cookie, form).await.status, status, "{path} {form}");
    }
    let reader = hospital.signed_in("director", Role::Executive).await;
    let page = hospital.get("/planned-changes/1", &reader).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text().contains("action=\"/planned-changes"), "{}", page.text());
    let page = hospital.post("/planned-changes/1/cancel", &reader, "seen=1&reason=x").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn scripts_plan_agree_record_and_tell() {
    let hospital = hospital();
    let token = hospital.token(Role::Operator);
    let tell = async |path: &str, body: serde_json::Value, status: u16| {
        let path = format!("/api/v1/changes{path}");
        let page = hospital.tell(&path, &token, "application/json", body.to_string()).await;
        assert_eq!(page.status, status, "{path}: {}", page.text());
        page.json()
    };
    let cookie = hospital.administrator().await;
    let form = hospital.get(NEW, &cookie).await.text();
    let device = after(&form, "name=\"device\" value=\"");
    let plan = json!({
        "kind": "update", "what": "FortiOS 7.0.7", "mark": "fortios 7.0.5", "devices": [device], "performer": "A",
    });
    let mut odd = plan.clone();
    odd["kind"] = "flight".into();
    tell("", odd, 400).await;
    let planned = tell("", plan, 200).await;
    assert_eq!((&planned["number"], &planned["state"]), (&json!(1), &json!("planned")));
    let window =
        json!({ "number": 1, "from": "2026-11-22T19:00", "to": "2026-11-22T21:00", "with": "B" });
    assert_eq!(tell("/agree", window, 200).await["state"], "agreed");
    let sign = planned["devices"][0]["sign"].clone();
    let done = |sign: serde_json::Value, outcome: &str| json!({ "number": 1, "on": "2026-11-22", "results": [{ "sign": sign, "outcome": outcome }] });
    tell("/results", done(sign.clone(), "flown"), 400).await;
    tell("/results", done("x".into(), "done"), 400).await;
    assert_eq!(tell("/results", done(sign, "done"), 200).await["waiting"], 1);
    let told = json!({ "number": 1, "seen": 3, "on": "2026-11-22", "to": "A", "text": "x" });
    assert_eq!(tell("/tell", told.clone(), 200).await["told"][0]["to"], "A");
    assert_eq!(tell("/tell", told, 409).await["key"], "app.matter_moved");
    tell("/cancel", json!({ "number": 1, "reason": "x" }), 409).await;
    let listed = hospital.ask("/api/v1/changes", &token).await.json();
    assert_eq!(listed["changes"].as_array().unwrap().len(), 1);
}
