//! The ledger: search, filters, columns, export, putting right, stock-take and labels.

use app::{FileView, ImportOptions, NewFile};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use domain::Role;

use crate::hospital::{Hospital, act};

fn import(hospital: &Hospital, name: &str, text: &str) -> FileView {
    let file = NewFile {
        path: name.to_owned(),
        bytes: Ok(text.as_bytes().to_vec().into()),
        modified: None,
    };
    let view = hospital.app.import([file], &ImportOptions::default(), &act(), &mut |_, _| {});
    view.unwrap().files.remove(0)
}

/// Three devices, one with names that would break a careless page.
const LEDGER: &str = "管理番号,区分,機器名,メーカー,型式,OS,コンピュータ名,IPアドレス,MACアドレス,設置場所,利用者,状態,備考\r\n\
    0012,医療機器,ポンプ,髙橋製作所,P-1,,PUMP-01,10.1.1.1,00-1B-21-AA-00-01,ＣＴ室,渡邉,稼働,\"'=1+1\"\r\n\
    0013,端末PC,<script>alert(1)</script>,\"A\"\"社\",X,Windows 7,PC-02,10.1.1.2,,CT室,佐藤,稼働,\"a,b\"\r\n\
    0014,端末PC,受付,B社,X,Windows 11 Pro 25H2,PC-03,10.1.1.3,,受付,佐藤,廃棄,\r\n";

async fn small() -> (Hospital, String) {
    let hospital = Hospital::founded();
    assert_eq!(import(&hospital, "台帳.csv", LEDGER).error, None);
    let cookie = hospital.administrator().await;
    (hospital, cookie)
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

fn id(hospital: &Hospital, name: &str) -> String {
    hospital.app.find_device(name).unwrap().to_string()
}

/// The value of the input with this name.
fn input(page: &str, name: &str) -> String {
    let from = page
        .split(&format!("name=\"{name}\" value=\""))
        .nth(1)
        .unwrap_or_else(|| panic!("{name}: {page}"));
    from.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_device_is_found_by_anything_that_is_known_of_it() {
    let (hospital, cookie) = small().await;
    for typed in [
        "0012",
        "pump",
        "ﾎﾟﾝﾌﾟ",
        "高橋",
        "10.1.1.1",
        "001b.21aa.0001",
        "00:1B:21",
        "ct室 渡辺",
        "P-1",
    ] {
        let page = hospital.get(&format!("/devices?q={}", percent(typed)), &cookie).await.text();
        assert!(page.contains(">PUMP-01<"), "{typed}");
        assert!(!page.contains(">PC-03<"), "{typed}");
    }
    let page = hospital.get("/devices?q=nowhere", &cookie).await;
    assert!(page.text().contains("この条件に合う機器はありません"));
}

#[tokio::test]
async fn filters_tell_how_many_devices_they_leave() {
    let (hospital, cookie) = small().await;
    let page = hospital.get("/devices?kind=client", &cookie).await.text();
    assert!(page.contains("3 台のうち 2 台"), "{page}");
    assert!(page.contains("廃棄 (1)") && page.contains("稼働 (1)"), "{page}");
    let page = hospital.get("/devices?kind=client&status=in_use", &cookie).await.text();
    assert!(page.contains(">PC-02<") && !page.contains(">PC-03<"));
    // The counts of a filter are those of its choices while the others stay.
    assert!(page.contains("廃棄 (1)") && page.contains("医療機器 (1)"), "{page}");
    let page = hospital.get("/devices?stage=end_of_support", &cookie).await.text();
    assert!(page.contains(">PC-02<") && !page.contains(">PUMP-01<"));
    let page = hospital.get(&format!("/devices?place={}", percent("受付")), &cookie).await.text();
    assert!(page.contains(">PC-03<") && !page.contains(">PC-02<"));
}

#[tokio::test]
async fn names_cannot_break_out_of_any_page() {
    let (hospital, cookie) = small().await;
    let pc = id(&hospital, "PC-02");
    for path in [
        "/devices".to_owned(),
        "/devices?q=%3Cscript%3E&sort=name&place=%22%3E%3Cscript%3E".to_owned(),
        "/devices/print?q=%3Cscript%3E".to_owned(),
        format!("/devices/edit?id={pc}"),
        "/devices/export?q=%3Cscript%3E".to_owned(),
        "/stocktake?since=%3Cscript%3E".to_owned(),
        format!("/stocktake/{}", percent("CT室")),
        "/stocktake-sheet".to_owned(),
        "/labels".to_owned(),
    ] {
        let page = hospital.get(&path, &cookie).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(!page.text().to_lowercase().contains("<script>"), "{path}");
    }
}

#[tokio::test]
async fn the_columns_that_were_chosen_are_kept() {
    let (hospital, cookie) = small().await;
    let page =
        hospital.post("/devices/columns", &cookie, "column=number&column=mac&q=pump&evil=1").await;
    assert_eq!((page.status, page.to()), (StatusCode::SEE_OTHER, "/devices?q=pump"));
    let kept = page.headers[header::SET_COOKIE].to_str().unwrap().to_owned();
    assert!(
        kept.starts_with("mimawari_columns=number.mac;") && kept.contains("Max-Age="),
        "{kept}"
    );
    let both = format!("{cookie}; {}", kept.split(';').next().unwrap());
    let page = hospital.get("/devices", &both).await.text();
    assert!(page.contains("00-1b-21-aa-00-01") && !page.contains("class=\"c-support\""), "{page}");
    let odd = format!("{cookie}; mimawari_columns=evil.\"><script>");
    let page = hospital.get("/devices", &odd).await.text();
    assert!(page.contains("class=\"c-support\""), "what is no column is none");
}

#[tokio::test]
async fn the_ledger_is_exported_as_excel_opens_it() {
    let (hospital, cookie) = small().await;
    let page = hospital.get("/devices/export/own.csv", &cookie).await;
    assert_eq!(page.headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
    let named = page.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
    assert!(named.contains(&percent("台帳")) && named.ends_with("_20261122.csv"), "{named}");
    let text = page.text();
    assert!(text.starts_with("\u{feff}管理番号,区分,機器名,") && text.ends_with("\r\n"), "{text}");
    assert!(text.contains("\"=\"\"0012\"\"\""), "{text}");
    assert!(text.contains(",'=1+1,"), "a formula is none: {text}");
    assert!(text.contains("\"A\"\"社\"") && text.contains("\"a,b\""), "{text}");
    let form = hospital.get("/devices/export/form.csv?kind=medical", &cookie).await.text();
    let mut lines = form.lines();
    assert_eq!(
        lines.next(),
        Some(
            "\u{feff}管理番号,メーカー,OS,ソフトウェア,ソフトウェアバージョン,IPアドレス,コンピュータ名,設置場所,利用者,登録日,状態,説明"
        )
    );
    assert_eq!((lines.count(), form.contains("PC-02")), (1, false));
    let book = hospital.get("/devices/export/own.xlsx", &cookie).await;
    assert!(book.body.starts_with(b"PK"));
    for path in ["/devices/export/evil.exe", "/devices/export/own"] {
        assert_eq!(hospital.get(path, &cookie).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn an_export_imported_again_changes_nothing() {
    let (hospital, cookie) = small().await;
    for file in ["own.csv", "own.xlsx"] {
        let before = hospital.get("/devices/export/own.csv", &cookie).await.text();
        let bytes = hospital.get(&format!("/devices/export/{file}"), &cookie).await.body;
        let name = format!("台帳_20261122.{}", file.rsplit('.').next().unwrap());
        let again = NewFile { path: name, bytes: Ok(bytes.into()), modified: None };
        let options = ImportOptions::default();
        let view = hospital.app.import([again], &options, &act(), &mut |_, _| {}).unwrap();
        let view = &view.files[0];
        assert_eq!((view.devices_new, view.devices_gone, &view.error), (0, 0, &None));
        assert_eq!(view.source.as_deref(), Some("ledger/台帳"));
        assert_eq!(hospital.get("/devices/export/own.csv", &cookie).await.text(), before, "{file}");
    }
}

#[tokio::test]
async fn a_value_is_put_right_and_taken_back() {
    let (hospital, cookie) = small().await;
    let pump = id(&hospital, "PUMP-01");
    let form = hospital.get(&format!("/devices/edit?id={pump}"), &cookie).await.text();
    let seen = input(&form, "seen.location");
    assert_eq!(input(&form, "was.location"), "ＣＴ室");
    let sent = format!(
        "id={pump}&label=PUMP-01&location={}&was.location={}&seen.location={seen}&maker=&was.maker=x",
        percent("手術室"),
        percent("ＣＴ室")
    );
    let page = hospital.post("/devices/edit", &cookie, &sent).await;
    assert_eq!((page.status, page.to()), (StatusCode::SEE_OTHER, "/devices?q=PUMP-01&said=edited"));
    let list = hospital.get("/devices?q=pump", &cookie).await.text();
    assert!(list.contains("手術室") && list.contains("髙橋製作所"), "{list}");
    assert_eq!(id(&hospital, "PUMP-01"), pump, "it is the same device");
    let import = hospital.app.imports().unwrap().pop().unwrap();
    assert_eq!((import.kind.as_str(), import.imported_by.as_str()), ("hand", "user:sato"));
    let entry = hospital.app.audit(1).unwrap().remove(0);
    assert_eq!(entry.act, "device.edit");
    assert!(entry.detail.to_string().contains("手術室"), "{}", entry.detail);
    hospital.app.undo_import(domain::ImportId(import.id), &act()).unwrap();
    let list = hospital.get("/devices?q=pump", &cookie).await.text();
    assert!(list.contains("ＣＴ室") && !list.contains("手術室"), "{list}");
}

#[tokio::test]
async fn who_comes_second_sees_what_the_first_changed_and_is_asked_again() {
    let (hospital, cookie) = small().await;
    let pump = id(&hospital, "PUMP-01");
    let form = hospital.get(&format!("/devices/edit?id={pump}"), &cookie).await.text();
    let seen = input(&form, "seen.location");
    let sent = |place: &str, seen: &str| {
        format!("id={pump}&location={}&seen.location={seen}", percent(place))
    };
    let first = hospital.signed_in("abe", Role::ClinicalEngineer).await;
    let page = hospital.post("/devices/edit", &first, &sent("手術室", &seen)).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    let before = hospital.app.moment().unwrap();
    let second = hospital.post("/devices/edit", &cookie, &sent("放射線科", &seen)).await;
    assert_eq!((second.status, hospital.app.moment().unwrap()), (StatusCode::CONFLICT, before));
    let asked = second.text();
    assert!(asked.contains("<strong>手術室</strong>") && asked.contains("user:abe"), "{asked}");
    assert_eq!(input(&asked, "location"), "放射線科", "what was typed is not lost");
    let again = sent("放射線科", &input(&asked, "seen.location"));
    assert_eq!(hospital.post("/devices/edit", &cookie, &again).await.status, StatusCode::SEE_OTHER);
    assert!(hospital.get("/devices?q=pump", &cookie).await.text().contains("放射線科"));
}

/// What the cell of `field` in the row of `id` carries for our module: its value, and the mark of what was seen.
fn in_place(list: &str, id: &str, field: &str) -> (String, String) {
    let row = list.split(&format!("data-id=\"{id}\"")).nth(1).unwrap();
    let cell = row.split(&format!("data-field=\"{field}\" data-value=\"")).nth(1).unwrap();
    let (value, rest) = cell.split_once("\" data-seen=\"").unwrap();
    (value.to_owned(), rest.split('"').next().unwrap().to_owned())
}

#[tokio::test]
async fn a_cell_carries_what_the_form_needs_to_put_it_right_in_its_place() {
    let (hospital, cookie) = small().await;
    let pump = id(&hospital, "PUMP-01");
    let list = hospital.get("/devices", &cookie).await.text();
    let (value, seen) = in_place(&list, &pump, "location");
    assert_eq!(value, "ＣＴ室");
    assert_eq!(in_place(&list, &pump, "asset_number").0, "0012");
    assert!(!list.contains("data-field=\"os\""), "a cell that tells of two fields is no field");
    assert!(!list.contains("style=") && !list.contains("onclick"), "nothing stands inline");
    let sent = |place: &str, seen: &str| {
        let (place, was) = (percent(place), percent(&value));
        format!("id={pump}&location={place}&was.location={was}&seen.location={seen}")
    };
    let page = hospital.post("/devices/edit", &cookie, &sent("手術室", &seen)).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    // Who still sees the list of before is told, with the mark to record it all the same.
    let other = hospital.signed_in("abe", Role::ClinicalEngineer).await;
    let page = hospital.post("/devices/edit", &other, &sent("病棟", &seen)).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(page.text().contains("role=\"alert\"") && page.text().contains("手術室"));
    let again = sent("病棟", &input(&page.text(), "seen.location"));
    assert_eq!(hospital.post("/devices/edit", &other, &again).await.status, StatusCode::SEE_OTHER);
    let list = hospital.get("/devices", &cookie).await.text();
    assert_eq!(in_place(&list, &pump, "location").0, "病棟");
    let reader = hospital.signed_in("ito", Role::Executive).await;
    let list = hospital.get("/devices", &reader).await.text();
    assert!(!list.contains("data-field") && !list.contains("data-inplace"), "{list}");
}

#[tokio::test]
async fn several_devices_are_put_right_at_once_and_wrong_values_are_refused() {
    let (hospital, cookie) = small().await;
    let (pump, pc) = (id(&hospital, "PUMP-01"), id(&hospital, "PC-02"));
    let sent = format!("id={pump}&id={pc}&contractor={}&status=stopped", percent("みなと保守"));
    assert_eq!(hospital.post("/devices/edit", &cookie, &sent).await.status, StatusCode::SEE_OTHER);
    let page = hospital.get("/devices?status=stopped", &cookie).await.text();
    assert!(page.contains(">PUMP-01<") && page.contains(">PC-02<"), "{page}");
    let imports = hospital.app.imports().unwrap().len();
    for wrong in ["registered=yesterday", "status=evil", "kind=%3Cscript%3E", "remark=a%00b"] {
        let page = hospital.post("/devices/edit", &cookie, &format!("id={pump}&{wrong}")).await;
        assert_eq!(page.status, StatusCode::CONFLICT, "{wrong}");
        assert!(page.text().contains("何も変えていません"), "{wrong}");
    }
    assert_eq!(hospital.app.imports().unwrap().len(), imports);
    assert_eq!(
        hospital.post("/devices/edit", &cookie, "id=evil").await.status,
        StatusCode::BAD_REQUEST
    );
    let inspector = hospital.signed_in("ins", Role::Inspector).await;
    assert_eq!(
        hospital.post("/devices/edit", &inspector, &sent).await.status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn addresses_are_added_to_one_device_and_wrong_ones_are_refused() {
    let (hospital, cookie) = small().await;
    let (pump, pc) = (id(&hospital, "PUMP-01"), id(&hospital, "PC-02"));
    let form = hospital.get(&format!("/devices/edit?id={pump}"), &cookie).await.text();
    assert!(form.contains("いま: 10.1.1.1。") && input(&form, "address").is_empty(), "{form}");
    let seen = input(&form, "seen.address");
    let both = hospital.get(&format!("/devices/edit?id={pump}&id={pc}"), &cookie).await.text();
    assert!(!both.contains("name=\"address\"") && !both.contains("name=\"mac\""), "{both}");
    let before = hospital.app.moment().unwrap();
    for (sent, said) in [
        ("address=10.1.1.999", "「10.1.1.999」は、IPアドレスとして読めません"),
        ("mac=00-1B-21", "「00-1B-21」は、MACアドレスとして読めません"),
        ("address=10.1.1.2", "10.1.1.2 は、台帳では PC-02 (0013) のものです"),
    ] {
        let page = hospital.post("/devices/edit", &cookie, &format!("id={pump}&{sent}")).await;
        assert_eq!(page.status, StatusCode::CONFLICT, "{sent}");
        assert!(page.text().contains(said), "{said}: {}", page.text());
        let (name, typed) = sent.split_once('=').unwrap();
        assert_eq!(input(&page.text(), name), typed, "what was typed is not lost");
    }
    let sent = format!("id={pump}&id={pc}&address=10.1.1.9");
    let page = hospital.post("/devices/edit", &cookie, &sent).await.text();
    assert!(page.contains("一台ずつ入れてください"), "{page}");
    assert_eq!(hospital.app.moment().unwrap(), before, "nothing was recorded");
    let sent = format!("id={pump}&address=10.1.1.8&seen.address={seen}");
    assert_eq!(hospital.post("/devices/edit", &cookie, &sent).await.status, StatusCode::SEE_OTHER);
    let list = hospital.get("/devices?q=pump", &cookie).await.text();
    assert!(list.contains("10.1.1.1") && list.contains("10.1.1.8"), "{list}");
    let late = hospital.post("/devices/edit", &cookie, &sent).await;
    assert_eq!(late.status, StatusCode::CONFLICT, "somebody has added one since");
}

#[tokio::test]
async fn a_device_that_was_only_seen_is_taken_into_the_ledger() {
    let (hospital, cookie) = small().await;
    import(&hospital, "arp.txt", "? (10.1.1.77) at 00:1b:21:bb:00:77 [ether] on eth0\n");
    let unlisted = async || hospital.get("/devices?mark=unlisted", &cookie).await.text();
    assert!(unlisted().await.contains("10.1.1.77"));
    let one = id(&hospital, "10.1.1.77");
    let chart = hospital.get(&format!("/devices/{one}"), &cookie).await.text();
    assert!(chart.contains(&format!("/devices/edit?id={one}")), "{chart}");
    let form = hospital.get(&format!("/devices/edit?id={one}"), &cookie).await.text();
    assert!(form.contains("この機器は台帳にありません"), "{form}");
    let sent = format!("id={one}&asset_number=0077");
    assert_eq!(hospital.post("/devices/edit", &cookie, &sent).await.status, StatusCode::SEE_OTHER);
    assert!(!unlisted().await.contains("10.1.1.77"));
    let form = hospital.get(&format!("/devices/edit?id={one}"), &cookie).await.text();
    assert!(!form.contains("この機器は台帳にありません"), "{form}");
}

#[tokio::test]
async fn a_stock_take_counts_what_was_seen() {
    let (hospital, cookie) = small().await;
    let place = format!("/stocktake/{}", percent("CT室"));
    let page = hospital.get(&place, &cookie).await.text();
    assert!(page.contains("1台のうち 0台"), "{page}");
    let pc = id(&hospital, "PC-02");
    let page = hospital.post(&place, &cookie, &format!("id={pc}&presence=yes")).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    let page = hospital.get(&place, &cookie).await.text();
    assert!(
        page.contains("1台のうち 1台") && page.contains("2026年11月22日にありました"),
        "{page}"
    );
    hospital.post(&place, &cookie, &format!("id={pc}&presence=no")).await;
    let page = hospital.get(&place, &cookie).await.text();
    assert!(page.contains("2026年11月22日にありませんでした"), "the later word counts: {page}");
    let page = hospital.get(&format!("{place}?since=2026-11-23"), &cookie).await.text();
    assert!(page.contains("1台のうち 0台"), "{page}");
    let page = hospital.get("/stocktake", &cookie).await.text();
    assert!(page.contains("2台のうち 1台"), "what was disposed of is not looked for: {page}");
    let wrong = hospital.post(&place, &cookie, &format!("id={pc}&presence=maybe")).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert_eq!(hospital.get("/stocktake/nowhere", &cookie).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_label_leads_to_the_chart_by_its_number() {
    let (hospital, cookie) = small().await;
    let request = Request::get("/labels?q=pump")
        .header(header::COOKIE, &cookie)
        .header(header::HOST, "desk.local:8080")
        .body(Body::empty())
        .unwrap();
    let page = hospital.send(request).await.text();
    assert_eq!(page.matches("class=\"label\"").count(), 1);
    assert!(page.contains("<strong>0012</strong>") && page.contains("<path class=\"ink\" d=\"M"));
    let pump = id(&hospital, "PUMP-01");
    let page = hospital.get("/d/0012", &cookie).await;
    assert_eq!((page.status, page.to()), (StatusCode::SEE_OTHER, &*format!("/devices/{pump}")));
    assert_eq!(hospital.get("/d/9999", &cookie).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_list_of_the_demo_is_a_page_of_fifty_under_its_weight() {
    let hospital = Hospital::with_demo();
    let cookie = hospital.administrator().await;
    let page = hospital.get("/devices", &cookie).await;
    assert_eq!(page.text().matches("type=\"checkbox\" name=\"id\"").count(), 50);
    assert!(page.body.len() < 300_000, "{}", page.body.len());
    let second = hospital.get("/devices?page=2", &cookie).await.text();
    assert!(second.contains("rel=\"prev\" href=\"/devices?page=1\""));
    let beyond = hospital.get("/devices?page=999999", &cookie).await;
    assert!(beyond.text().contains("rel=\"prev\""), "the last page");
    // What was seen elsewhere than its ledger says bears both addresses, each with who says so.
    let moved = hospital.get("/devices?q=CT-02", &cookie).await.text();
    assert!(moved.contains("申告") && moved.contains("観測"), "{moved}");
}
