//! Files that scripts bring in.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use domain::Role;
use reference::{Catalogue, Language};

use crate::hospital::{Hospital, act};
use crate::schema::complaints;

const BOUNDARY: &str = "----x";
const MULTIPART: &str = "multipart/form-data; boundary=----x";

fn part(name: &str, bytes: &str) -> String {
    format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n{bytes}\r\n"
    )
}

fn end() -> String {
    format!("--{BOUNDARY}--\r\n")
}

const LEDGER: &str =
    "管理番号,機器名,メーカー,IPアドレス\n101,CT-01,東芝,10.1.1.1\n102,CT-02,東芝,10.1.1.2\n";

#[tokio::test]
async fn files_come_in_as_by_the_command_line() {
    let hospital = Hospital::founded();
    let token = hospital.token(Role::ClinicalEngineer);
    let body =
        format!("{}{}{}", part("台帳.csv", LEDGER), part("photo.bin", "\0\u{1}\u{2}"), end());
    let rehearsal =
        hospital.tell("/api/v1/imports?dry_run=true", &token, MULTIPART, body.clone()).await;
    assert_eq!(rehearsal.status, StatusCode::OK, "{}", rehearsal.text());
    assert_eq!(rehearsal.json()["files"][0]["devices_new"], 2);
    assert!(hospital.app.imports().unwrap().is_empty(), "a rehearsal stores nothing");
    let page = hospital.tell("/api/v1/imports", &token, MULTIPART, body).await;
    let view = page.json();
    let document = web::openapi(&Catalogue::load(Language::En));
    let schema = &document["paths"]["/api/v1/imports"]["post"]["responses"]["200"]["content"]["application/json"]
        ["schema"];
    let found = complaints(&document, schema, &view, "");
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert_eq!(view["files"][0]["path"], "台帳.csv");
    assert_eq!(view["files"][0]["devices_new"], 2);
    assert_eq!(view["files"][1]["kind"], serde_json::Value::Null);
    assert!(view["files"][1]["error"].is_string(), "{view}");
    let imports = hospital.app.imports().unwrap();
    assert_eq!((imports.len(), imports[0].imported_by.as_str()), (1, "token:試験"));
}

#[tokio::test]
async fn a_body_is_a_file_when_it_has_a_name() {
    let hospital = Hospital::founded();
    let token = hospital.token(Role::Operator);
    let nameless = hospital.tell("/api/v1/imports", &token, "text/csv", LEDGER).await;
    assert_eq!(nameless.status, StatusCode::BAD_REQUEST);
    assert_eq!(nameless.json()["key"], "web.api.name_needed");
    let path = "/api/v1/imports?name=ledger.csv&source=%E5%8F%B0%E5%B8%B3&captured_at=2026-11-01T00:00:00Z";
    let page = hospital.tell(path, &token, "text/csv", LEDGER).await;
    let file = &page.json()["files"][0];
    assert_eq!(
        (file["source"].as_str(), file["captured_from"].as_str()),
        (Some("台帳"), Some("given"))
    );
}

#[tokio::test]
async fn a_mapping_comes_with_its_file() {
    let hospital = Hospital::founded();
    let token = hospital.token(Role::Operator);
    let mapping = |json: &str| {
        format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"mapping\"\r\n\r\n{json}\r\n"
        )
    };
    let body = format!(
        "{}{}{}",
        mapping(r#"{"columns":{"機器名":"hostname"}}"#),
        part("ledger.csv", LEDGER),
        end()
    );
    let page = hospital.tell("/api/v1/imports", &token, MULTIPART, body).await;
    let columns = &page.json()["files"][0]["tables"][0]["columns"];
    assert!(columns.as_array().unwrap().iter().any(|c| c["field"] == "hostname"), "{columns}");
    let body = format!("{}{}{}", mapping("{]"), part("ledger.csv", LEDGER), end());
    let page = hospital.tell("/api/v1/imports", &token, MULTIPART, body).await;
    assert_eq!(page.json()["key"], "web.api.bad_mapping");
}

#[tokio::test]
async fn what_is_too_large_is_refused_before_the_disk_fills() {
    let hospital = Hospital::founded();
    let token = hospital.token(Role::Operator);
    let announced = Request::post("/api/v1/imports?name=x")
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header(header::CONTENT_LENGTH, (4 * app::MAX_FILE_BYTES + 1).to_string())
        .body(Body::empty())
        .unwrap();
    let page = hospital.send(announced).await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(page.json()["error"].as_str().unwrap().contains("256 MiB"), "{}", page.text());
    // One that does not say how large it is: it is cut off where the limit is.
    let many = (0..300).map(|_| Ok::<_, std::io::Error>(vec![b'x'; 1 << 20]));
    let stream = Body::from_stream(futures_of(many));
    let page = hospital.tell("/api/v1/imports?name=x.csv", &token, "text/csv", stream).await;
    assert_eq!(page.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(hospital.app.imports().unwrap().is_empty());
    let left: Vec<_> = std::fs::read_dir(hospital.app.folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.starts_with("mimawari.sqlite3"))
        .collect();
    assert!(left.is_empty(), "nothing of it stays: {left:?}");
}

/// The items of an iterator as a stream.
fn futures_of<I: Iterator + Unpin>(items: I) -> impl futures_core::Stream<Item = I::Item> {
    struct Items<I>(I);
    impl<I: Iterator + Unpin> futures_core::Stream for Items<I> {
        type Item = I::Item;
        fn poll_next(
            mut self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<I::Item>> {
            std::task::Poll::Ready(self.0.next())
        }
    }
    Items(items)
}

#[tokio::test]
async fn what_breaks_off_or_is_no_file_is_refused() {
    let hospital = Hospital::founded();
    let token = hospital.token(Role::Operator);
    let before = hospital.app.moment().unwrap();
    let cut = part("a.csv", LEDGER);
    let nameless = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nx\r\n{}",
        end()
    );
    for (media, body, key) in [
        (MULTIPART, cut.as_str(), "web.api.broken_off"),
        (MULTIPART, "", "web.api.broken_off"),
        (MULTIPART, &end(), "web.api.no_files"),
        (MULTIPART, &nameless, "web.api.part_unknown"),
        ("multipart/form-data", "x", "web.api.bad_multipart"),
    ] {
        let page = hospital.tell("/api/v1/imports", &token, media, body.to_owned()).await;
        let problem = page.json();
        assert_eq!((page.status.as_u16(), problem["key"].as_str()), (400, Some(key)), "{body}");
    }
    assert_eq!(hospital.app.moment().unwrap(), before);
}

#[tokio::test]
async fn a_full_disk_takes_nothing_that_was_accepted() {
    // Room for the first file and its record, and for little more.
    let options = app::Options { max_bytes: Some(700 * 1024), ..app::Options::default() };
    let hospital = Hospital::founded_with(options);
    let token = hospital.token(Role::Operator);
    let first = hospital.tell("/api/v1/imports?name=a.csv", &token, "text/csv", LEDGER).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text());
    let rows: String =
        (1000..9000).map(|n| format!("{n},PC-{n},東芝,10.{}.{}.1\n", n / 250, n % 250)).collect();
    let large = format!("管理番号,機器名,メーカー,IPアドレス\n{rows}");
    let page = hospital.tell("/api/v1/imports?name=b.csv", &token, "text/csv", large).await;
    assert_eq!(page.status, StatusCode::INSUFFICIENT_STORAGE, "{}", page.text());
    assert_eq!(page.json()["key"], "store.full");
    let imports = hospital.app.imports().unwrap();
    assert_eq!((imports.len(), imports[0].file.as_str()), (1, "a.csv"));
    assert!(hospital.app.verify_audit(&[]).unwrap().whole);
    let devices = hospital.ask("/api/v1/devices", &token).await;
    assert_eq!(devices.json()["devices"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_database_that_another_program_holds_is_told_as_such() {
    let busy = std::time::Duration::from_millis(50);
    let hospital = Hospital::founded_with(app::Options { busy, ..app::Options::default() });
    let token = hospital.token(Role::Operator);
    let other =
        app::App::open(hospital.app.folder(), "main", Catalogue::load(Language::Ja)).unwrap();
    let file = app::NewFile {
        path: "a.csv".to_owned(),
        bytes: Ok(LEDGER.as_bytes().into()),
        modified: None,
    };
    let (held, release) = std::sync::mpsc::channel();
    let (go_on, wait) = std::sync::mpsc::channel::<()>();
    let importing = std::thread::spawn(move || {
        let mut step = |_, step| {
            if step == app::Step::Joining {
                held.send(()).unwrap();
                wait.recv().unwrap();
            }
        };
        other.import([file], &app::ImportOptions::default(), &act(), &mut step).unwrap();
    });
    release.recv().unwrap();
    let zone = r#"{"name":"a","networks":["10.0.0.0/8"]}"#;
    let page = hospital.tell("/api/v1/zones", &token, "application/json", zone).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE, "{}", page.text());
    assert_eq!(
        (page.json()["key"].as_str(), &page.headers["retry-after"]),
        (Some("store.busy"), &"10".parse().unwrap())
    );
    let read = hospital.ask("/api/v1/zones", &token).await;
    assert_eq!(read.status, StatusCode::OK, "who reads does not wait");
    go_on.send(()).unwrap();
    importing.join().unwrap();
    let page = hospital.tell("/api/v1/zones", &token, "application/json", zone).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
}
