//! 取り込み: files sent as browsers send them, looked at, imported, taken back; and what must not get through.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use domain::Role;
use web::Desk;

use crate::hospital::{Hospital, Page, act};

const LEDGER: &str = "管理番号,機器名,OS,IPアドレス\n0001,CT,Windows 10,10.1.1.1\n【MR室】\n0002,MR,Windows 7,10.1.1.256\n";
const NEWER: &str =
    "管理番号,機器名,OS,IPアドレス\n0001,CT,Windows 11,10.1.1.1\n0003,US,Windows 11,10.1.1.3\n";

/// What no page may hold as it came.
const HOSTILE: &str = "<script>alert(1)</script>";

const BOUNDARY: &str = "----mimawari";

/// What a form with files says that it is.
pub(crate) const MULTIPART: &str = "multipart/form-data; boundary=----mimawari";

/// A form with files, as a browser sends it.
pub(crate) fn multipart(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, bytes) in files {
        let name = name.replace('"', "%22");
        body.extend_from_slice(
            format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"modified\"\r\n\r\n1795300000000\r\n\
                 --{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n"
            )
            .as_bytes(),
        );
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    body
}

fn sent(cookie: &str, length: Option<u64>, body: Vec<u8>) -> Request<Body> {
    sent_to("/imports/upload", cookie, length, body)
}

/// A form with files on its way to `path`.
pub(crate) fn sent_to(
    path: &str,
    cookie: &str,
    length: Option<u64>,
    body: Vec<u8>,
) -> Request<Body> {
    let request = Request::post(path)
        .header(header::COOKIE, cookie)
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"));
    let request = match length {
        Some(length) => request.header(header::CONTENT_LENGTH, length),
        None => request,
    };
    request.body(Body::from(body)).unwrap()
}

impl Hospital {
    async fn upload(&self, cookie: &str, files: &[(&str, &[u8])]) -> Page {
        self.send(sent(cookie, None, multipart(files))).await
    }

    /// Sends files and has them read: gives the page of the upload.
    pub(crate) async fn read(&self, cookie: &str, files: &[(&str, &[u8])]) -> (String, Page) {
        let page = self.upload(cookie, files).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
        let to = page.to().to_owned();
        assert!(to.starts_with("/imports/upload/"), "{to}");
        work(&self.desk).await;
        let page = self.get(&to, cookie).await;
        assert_eq!(page.status, StatusCode::OK);
        (to, page)
    }

    /// Sends files, has them read and imported.
    async fn bring(&self, cookie: &str, files: &[(&str, &[u8])]) {
        let (to, _) = self.read(cookie, files).await;
        let page = self.post(&format!("{to}/accept"), cookie, "file=all").await;
        assert_eq!(
            (page.status, page.to()),
            (StatusCode::SEE_OTHER, to.as_str()),
            "{}",
            page.text()
        );
        work(&self.desk).await;
    }
}

/// Does the work that waits, as the working threads do.
pub(crate) async fn work(desk: &Desk) {
    let desk = desk.clone();
    tokio::task::spawn_blocking(move || desk.work()).await.unwrap();
}

#[tokio::test]
async fn a_file_is_sent_looked_at_and_imported() {
    let hospital = Hospital::founded();
    let cookie = hospital.signed_in("abe", Role::Operator).await;
    let before = hospital.app.moment().unwrap();
    let page = hospital.upload(&cookie, &[("台帳.csv", LEDGER.as_bytes())]).await;
    let to = page.to().to_owned();
    let waiting = hospital.get(&to, &cookie).await.text();
    assert!(waiting.contains("http-equiv=\"refresh\"") && waiting.contains("順番を待っています"));
    work(&hospital.desk).await;
    let text = hospital.get(&to, &cookie).await.text();
    assert!(!text.contains("http-equiv"), "nothing is under way");
    for shown in [
        "機器台帳(CSV)",
        "新しい機器です",
        "【MR室】",
        "見出しの行",
        "10.1.1.256",
        "class=\"marked code\"",
    ] {
        assert!(text.contains(shown), "{shown}: {text}");
    }
    assert_eq!(hospital.app.moment().unwrap(), before, "looking changes nothing");
    assert!(hospital.get("/imports", &cookie).await.text().contains("確かめてください"));

    let page = hospital.post(&format!("{to}/accept"), &cookie, "file=all").await;
    assert_eq!(page.to(), to);
    work(&hospital.desk).await;
    let text = hospital.get(&to, &cookie).await.text();
    assert!(text.contains("取り込みました。新しい機器 2 台"), "{text}");
    let list = hospital.get("/imports", &cookie).await.text();
    assert!(
        list.contains("台帳.csv") && list.contains("abe") && !list.contains("確かめてください")
    );
    let imports = hospital.app.imports().unwrap();
    assert_eq!((imports.len(), imports[0].imported_by.as_str()), (1, "user:abe"));
    assert_eq!(
        imports[0].captured_at, "2026-11-21T22:26:40Z",
        "the browser said when it was changed"
    );
}

#[tokio::test]
async fn whoever_reads_english_is_told_in_english_what_was_read_for_all() {
    let hospital = Hospital::founded();
    let cookie = hospital.administrator().await;
    let files: [(&str, &[u8]); 2] = [("台帳.csv", LEDGER.as_bytes()), ("memo.txt", b"Nothing.\n")];
    let (to, page) = hospital.read(&cookie, &files).await;
    assert!(page.text().contains("IPアドレスとして読めませんでした"), "{}", page.text());
    let text = hospital.get(&to, &format!("{cookie}; mimawari_lang=en")).await.text();
    assert!(text.contains("is not an IP address. Check the right address."), "{text}");
    assert!(!text.contains("読めませんでした"), "{text}");
}

#[tokio::test]
async fn a_newer_edition_shows_what_changes_what_comes_and_what_is_missing() {
    let hospital = Hospital::founded();
    let cookie = hospital.administrator().await;
    hospital.bring(&cookie, &[("台帳.csv", LEDGER.as_bytes())]).await;
    let (to, page) = hospital.read(&cookie, &[("台帳_v2.csv", NEWER.as_bytes())]).await;
    let text = page.text();
    for shown in
        ["OS: Windows 10 → Windows 11", "変わります", "新しい機器です", "この版にない機器 1 台"]
    {
        assert!(text.contains(shown), "{shown}: {text}");
    }
    let only = hospital.get(&format!("{to}?doc=1-0&only=changed"), &cookie).await.text();
    assert!(only.contains("Windows 10 → Windows 11") && !only.contains("新しい機器です"));
    let gone = hospital.post(&format!("{to}/leave"), &cookie, "file=all").await;
    assert_eq!(gone.to(), "/imports?said=upload_left");
    assert_eq!(hospital.app.imports().unwrap().len(), 1);
}

#[tokio::test]
async fn names_and_cells_that_mean_harm_are_shown_as_text_and_become_no_path() {
    let hospital = Hospital::founded();
    let cookie = hospital.administrator().await;
    let name = format!("../../{HOSTILE}\u{202e}=1+1.csv");
    let ledger =
        format!("管理番号,機器名,IPアドレス\n0001,{HOSTILE},10.1.1.1\n0002,=1+1,10.1.1.2\n");
    let (to, page) = hospital.read(&cookie, &[(&name, ledger.as_bytes()), ("..", b"x")]).await;
    for page in [page.text(), hospital.get("/imports", &cookie).await.text()] {
        assert!(!page.contains("<script>alert") && !page.contains('\u{202e}'), "{page}");
    }
    assert!(page.text().contains("&#60;script&#62;alert"), "{}", page.text());
    hospital.post(&format!("{to}/accept"), &cookie, "file=all").await;
    work(&hospital.desk).await;
    let page = hospital.get("/imports/1", &cookie).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text().contains("<script>alert"));
    // Everything stands under the folder of the upload, by number.
    let inbox = hospital.app.folder().join("inbox");
    let names =
        std::fs::read_dir(&inbox).unwrap().flatten().map(|e| e.file_name()).collect::<Vec<_>>();
    assert_eq!(names.len(), 1, "{names:?}");
    assert!(!hospital.app.folder().parent().unwrap().join("x").exists());
    for path in [
        "/imports/upload/..%2f..%2fx",
        "/imports/upload/0123456789abcdef",
        "/imports/999",
        "/imports/x/evidence",
    ] {
        assert_eq!(hospital.get(path, &cookie).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn what_is_too_large_or_no_upload_is_refused_with_a_sentence_and_leaves_nothing() {
    let hospital = Hospital::founded();
    let cookie = hospital.administrator().await;
    let body = multipart(&[("a.csv", LEDGER.as_bytes())]);
    let page = hospital.send(sent(&cookie, Some(app::MAX_UPLOAD_BYTES + 1), body)).await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(page.text().contains("1 GiB を超える"), "{}", page.text());
    let page = hospital.upload(&cookie, &[]).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    assert!(page.text().contains("ファイルがありませんでした"), "{}", page.text());
    // Cut off in the middle of a file.
    let mut body = multipart(&[("a.csv", LEDGER.as_bytes())]);
    body.truncate(body.len() - 40);
    let page = hospital.send(sent(&cookie, None, body)).await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST);
    let inbox = hospital.app.folder().join("inbox");
    assert_eq!(std::fs::read_dir(inbox).unwrap().count(), 0);
    let page = hospital.post("/imports/upload", &cookie, "file=x").await;
    assert_eq!(page.status, StatusCode::BAD_REQUEST, "no form with files");
}

#[tokio::test]
async fn what_turns_out_too_large_while_it_arrives_is_refused_and_leaves_nothing() {
    let bounds = app::Bounds { file: 1 << 20, upload: 3 << 20, ..app::Bounds::default() };
    let hospital = Hospital::founded().within(bounds);
    let cookie = hospital.administrator().await;
    let large = vec![b'x'; (1 << 20) + 1];
    let page = hospital.upload(&cookie, &[("a.csv", LEDGER.as_bytes()), ("b.csv", &large)]).await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(page.text().contains("b.csv") && page.text().contains("1 MiB"), "{}", page.text());
    let piece = vec![b'x'; 1 << 20];
    let four: Vec<(&str, &[u8])> = ["a", "b", "c", "d"].map(|name| (name, &piece[..])).into();
    let page = hospital.upload(&cookie, &four).await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(page.text().contains("3 MiB を超える"), "{}", page.text());
    let inbox = hospital.app.folder().join("inbox");
    assert_eq!(std::fs::read_dir(inbox).unwrap().count(), 0);
    assert!(hospital.app.uploads().unwrap().is_empty());
    let page = hospital.upload(&cookie, &[("a.csv", LEDGER.as_bytes())]).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "the next one is taken");
}

#[tokio::test]
async fn an_upload_is_refused_while_the_disk_has_no_room() {
    let bounds = app::Bounds { free: |_| Some(900 << 20), ..app::Bounds::default() };
    let hospital = Hospital::founded().within(bounds);
    let cookie = hospital.administrator().await;
    let page = hospital.upload(&cookie, &[("a.csv", LEDGER.as_bytes())]).await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(page.text().contains("900 MiB") && page.text().contains("1 GiB"), "{}", page.text());
    assert!(hospital.app.uploads().unwrap().is_empty());
}

#[tokio::test]
async fn a_file_that_cannot_be_read_says_why_and_cannot_be_accepted() {
    let hospital = Hospital::founded();
    let cookie = hospital.administrator().await;
    let (to, page) = hospital.read(&cookie, &[("memo.txt", b"Nothing of interest.\r\n")]).await;
    assert!(page.text().contains("読めません") && !page.text().contains("/accept\""));
    let refused = hospital.post(&format!("{to}/accept"), &cookie, "file=1").await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(hospital.app.imports().unwrap().is_empty());
}

#[tokio::test]
async fn columns_time_and_source_can_be_corrected_before() {
    let hospital = Hospital::founded();
    let cookie = hospital.administrator().await;
    let odd = "端末,場所,ＩＰ\nCT-01,2階,10.1.1.1\n";
    let (to, page) = hospital.read(&cookie, &[("odd.csv", odd.as_bytes())]).await;
    assert!(page.text().contains(&format!("action=\"{to}/answer\"")), "{}", page.text());
    let form = format!(
        "file=1&captured_at=2026-11-01T09:00&source={}&header={}&column=name&header={}&column=location",
        "ledger%2Fodd", "%E7%AB%AF%E6%9C%AB", "%E5%A0%B4%E6%89%80"
    );
    let page = hospital.post(&format!("{to}/answer"), &cookie, &form).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.text());
    work(&hospital.desk).await;
    let text = hospital.get(&to, &cookie).await.text();
    for shown in ["ledger/odd", "2026-11-01 09:00", "あなたが決めた時点", "CT-01", "2階"]
    {
        assert!(text.contains(shown), "{shown}: {text}");
    }
    for form in [
        "file=x",
        "file=1&captured_at=yesterday",
        "file=1&header_row=-1",
        "file=1&header=a&column=nonsense",
    ] {
        let page = hospital.post(&format!("{to}/answer"), &cookie, form).await;
        assert!(page.status.is_client_error(), "{form}: {}", page.status);
    }
}

#[tokio::test]
async fn an_import_says_what_undoing_would_do_and_then_does_it() {
    let hospital = Hospital::founded();
    let cookie = hospital.administrator().await;
    hospital.bring(&cookie, &[("台帳.csv", LEDGER.as_bytes())]).await;
    let text = hospital.get("/imports/1/change", &cookie).await.text();
    assert!(text.contains("機器 2 台がなくなり、0 台の内容が前に戻ります"), "{text}");
    assert_eq!(hospital.app.imports().unwrap()[0].state, "active", "asking changes nothing");
    let page = hospital.post("/imports/1/undo", &cookie, "").await;
    assert_eq!(page.to(), "/imports/1?done=0-0-2");
    let text = hospital.get(page.to(), &cookie).await.text();
    assert!(text.contains("元に戻しました。機器 2 台がなくなり"), "{text}");
    assert_eq!(hospital.post("/imports/1/undo", &cookie, "").await.status, StatusCode::CONFLICT);
    let text = hospital.get("/imports/1/change", &cookie).await.text();
    assert!(text.contains("機器 2 台が増え"), "{text}");
    let page = hospital.post("/imports/1/redo", &cookie, "").await;
    assert_eq!(page.to(), "/imports/1?done=2-0-0");
    assert_eq!(hospital.post("/imports/77/undo", &cookie, "").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn evidence_is_always_saved_and_never_shown_and_secrets_stay_masked() {
    let hospital = Hospital::with_demo();
    let cookie = hospital.administrator().await;
    let of = |file: &str| {
        let imports = hospital.app.imports().unwrap();
        imports.into_iter().find(|import| import.file == file).unwrap().id
    };
    let page = hospital.get(&format!("/imports/{}/evidence", of("ip-table.csv")), &cookie).await;
    assert_eq!(page.headers[header::CONTENT_TYPE], "application/octet-stream");
    let disposition = page.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
    assert!(disposition.starts_with("attachment; filename=\"ip-table.csv\""), "{disposition}");
    let demo = app::DEMO_FILES.iter().find(|file| file.name == "ip-table.csv").unwrap();
    assert_eq!(page.body, demo.bytes);
    let masked = of("vpn-fortigate.conf");
    let text = hospital.get(&format!("/imports/{masked}"), &cookie).await.text();
    assert!(text.contains("パスワードや鍵を伏せた写し"), "{text}");
    let page = hospital.get(&format!("/imports/{masked}/evidence"), &cookie).await;
    let whole = app::DEMO_FILES.iter().find(|file| file.name == "vpn-fortigate.conf").unwrap();
    assert_ne!(page.body, whole.bytes);
    assert!(page.headers[header::CONTENT_DISPOSITION].to_str().unwrap().contains("masked-"));
}

#[tokio::test]
async fn who_only_looks_sees_everything_and_is_offered_nothing_to_change() {
    let hospital = Hospital::with_demo();
    let administrator = hospital.administrator().await;
    let (to, _) = hospital.read(&administrator, &[("台帳.csv", LEDGER.as_bytes())]).await;
    let cookie = hospital.signed_in("ito", Role::Executive).await;
    for path in [to.as_str(), "/imports", "/imports/1", "/imports/sources"] {
        let page = hospital.get(path, &cookie).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        let text = page.text();
        let forms = text.matches("method=\"post\"").count();
        assert_eq!(forms, 2, "{path}: only language and sign-out: {text}");
        assert!(!text.contains("/evidence\""));
    }
}

#[tokio::test]
async fn pages_stay_small_for_a_large_file_and_can_be_gone_through() {
    let hospital = Hospital::founded();
    let cookie = hospital.administrator().await;
    let mut ledger = String::from("管理番号,機器名,OS,設置場所,IPアドレス,MACアドレス\n");
    for number in 0..1_200 {
        let (high, low) = (number / 250, number % 250);
        ledger += &format!(
            "{number:05},電子カルテ端末 {number},Windows 10 Pro 22H2,3階 東病棟 スタッフステーション,10.9.{high}.{low},00-1b-21-00-{high:02x}-{low:02x}\n"
        );
    }
    let (to, page) = hospital.read(&cookie, &[("台帳.csv", ledger.as_bytes())]).await;
    assert!(page.body.len() < 300_000, "{}", page.body.len());
    assert!(page.text().contains("1 / 12 ページ"));
    let last = hospital.get(&format!("{to}?doc=1-0&only=new&page=12"), &cookie).await.text();
    assert!(last.contains("電子カルテ端末 1199") && !last.contains("電子カルテ端末 1099<"));
}

#[tokio::test]
async fn the_work_goes_on_in_a_desk_that_was_opened_anew() {
    let hospital = Hospital::founded();
    let cookie = hospital.administrator().await;
    let page = hospital.upload(&cookie, &[("台帳.csv", LEDGER.as_bytes())]).await;
    let to = page.to().to_owned();
    let config = web::Config {
        secure: false,
        clock: crate::hospital::clock,
        language: reference::Language::Ja,
    };
    work(&Desk::open(&hospital.app, config)).await;
    let state = hospital.get(&format!("{to}/state"), &cookie).await;
    assert_eq!(state.headers[header::CONTENT_TYPE], "application/json");
    assert!(state.text().contains("\"state\":\"ready\""), "{}", state.text());
    hospital.post(&format!("{to}/accept"), &cookie, "file=1").await;
    work(&Desk::open(&hospital.app, config)).await;
    assert_eq!(hospital.app.imports().unwrap().len(), 1);
    assert!(hospital.get(&format!("{to}/state"), &cookie).await.text().contains("\"over\""));
}

#[tokio::test]
async fn the_sample_hospital_is_one_click_away_until_real_files_are_in() {
    let hospital = Hospital::founded();
    let cookie = hospital.administrator().await;
    assert!(hospital.get("/imports", &cookie).await.text().contains("/imports/demo"));
    let page = hospital.post("/imports/demo", &cookie, "").await;
    assert_eq!(page.to(), "/imports?said=demo_imported", "{}", page.text());
    assert_eq!(hospital.app.imports().unwrap().len(), app::DEMO_FILES.len());
    assert!(!hospital.get("/imports", &cookie).await.text().contains("/imports/demo"));
    let real = Hospital::founded();
    let cookie = real.administrator().await;
    real.bring(&cookie, &[("台帳.csv", LEDGER.as_bytes())]).await;
    assert!(!real.get("/imports", &cookie).await.text().contains("/imports/demo"));
    assert_eq!(real.post("/imports/demo", &cookie, "").await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_source_is_expected_to_be_fresh_and_the_drop_folder_can_be_left_alone() {
    let hospital = Hospital::founded();
    let cookie = hospital.administrator().await;
    hospital.bring(&cookie, &[("台帳.csv", LEDGER.as_bytes())]).await;
    let form = "source=ledger%2F%E5%8F%B0%E5%B8%B3&days=30";
    let page = hospital.post("/imports/sources", &cookie, form).await;
    assert_eq!(page.to(), "/imports/sources?said=freshness", "{}", page.text());
    let text = hospital.get("/imports/sources", &cookie).await.text();
    assert!(text.contains("value=\"30\"") && text.contains("新しい内容があります"), "{text}");
    // A newer edition does not make it forgotten.
    hospital.bring(&cookie, &[("台帳_v2.csv", NEWER.as_bytes())]).await;
    let sources = hospital.app.sources("2027-01-31".parse().unwrap()).unwrap();
    assert_eq!((sources[0].freshness_days, sources[0].stale), (Some(30), Some(true)));
    for form in
        ["source=nowhere&days=3", "source=ledger%2F%E5%8F%B0%E5%B8%B3&days=0", "source=x&days=many"]
    {
        let page = hospital.post("/imports/sources", &cookie, form).await;
        assert!(page.status.is_client_error(), "{form}");
    }
    let page = hospital.post("/imports/drop", &cookie, "state=off").await;
    assert_eq!(page.to(), "/imports/sources?said=drop_off");
    assert!(!hospital.app.is_drop_folder_on().unwrap());
    assert_eq!(
        hospital.post("/imports/drop", &cookie, "state=maybe").await.status,
        StatusCode::BAD_REQUEST
    );
    assert!(hospital.app.set_drop_folder(true, &act()).is_ok());
}
