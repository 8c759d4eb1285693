//! The settings: accounts, tokens, backups, the record, and what each role sees of them.

use std::time::Duration;

use app::{BackupPlan, RecordFilter, SignIn};
use axum::http::StatusCode;
use domain::Role;

use crate::hospital::{Hospital, PASSWORD, act};

fn today() -> jiff::civil::Date {
    "2026-11-22".parse().unwrap()
}

/// What stands between the marks of the secret that is shown once.
fn secret(text: &str) -> String {
    let (_, rest) = text.split_once("class=\"secret\"><code>").unwrap();
    rest.split_once("</code>").unwrap().0.to_owned()
}

impl Hospital {
    /// Waits until the work beside the pages is over, and gives the page about backups.
    async fn backups_page(&self, cookie: &str) -> String {
        for _ in 0..600 {
            let text = self.get("/settings/backup", cookie).await.text();
            if !text.contains("data-under-way") {
                return text;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the work does not end");
    }
}

#[tokio::test]
async fn a_new_person_gets_a_password_that_is_shown_once() {
    let hospital = Hospital::founded();
    let cookie = hospital.administrator().await;
    let form = "login=abe&name=%3Cb%3E%E9%98%BF%E9%83%A8&role=operator&ends=";
    let page = hospital.post("/settings/users", &cookie, form).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text());
    let password = secret(&page.text());
    let signed_in = hospital.app.sign_in("abe", &password, None, &act()).unwrap();
    assert!(matches!(signed_in, SignIn::In(account) if account.must_change));
    let list = hospital.get("/settings/users", &cookie).await.text();
    assert!(list.contains("&#60;b&#62;阿部") && !list.contains("<b>阿部"));
    assert!(!list.contains(&password), "shown once");
    // A second one of the login, an inspector without an end, and a strange role: told, with what was typed.
    for (form, said) in [
        ("login=abe&name=x&role=operator&ends=", "もういます"),
        ("login=insp&name=%E6%A4%9C%E6%9F%BB&role=inspector&ends=", "いつまで使うか"),
        ("login=insp&name=%E6%A4%9C%E6%9F%BB&role=king&ends=", "役割を一つ"),
        ("login=insp&name=%E6%A4%9C%E6%9F%BB&role=operator&ends=soon", "日付として"),
    ] {
        let page = hospital.post("/settings/users", &cookie, form).await;
        assert!(page.status.is_client_error() && page.text().contains(said), "{form}");
        let login = form.split(['=', '&']).nth(1).unwrap();
        assert!(page.text().contains(&format!("name=\"login\" value=\"{login}\"")), "{form}");
    }
}

#[tokio::test]
async fn an_account_that_is_switched_off_is_out_at_once_and_the_last_administrator_stays() {
    let hospital = Hospital::founded();
    let cookie = hospital.administrator().await;
    let other = hospital.signed_in("abe", Role::Operator).await;
    assert_eq!(hospital.get("/", &other).await.status, StatusCode::OK);
    let form = "name=%E9%98%BF%E9%83%A8&role=operator&ends=&disabled=yes";
    let page = hospital.post("/settings/users/abe", &cookie, form).await;
    assert_eq!(page.to(), "/settings/users?said=account_changed");
    assert_eq!(hospital.get("/", &other).await.status, StatusCode::SEE_OTHER);
    let page = hospital.post("/settings/users/sato", &cookie, form).await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    assert!(page.text().contains("管理者が一人もいなくなります"), "{}", page.text());
    // A reset opens it again, with another password.
    let page = hospital.post("/settings/users/abe/reset", &cookie, "").await;
    let password = secret(&page.text());
    assert!(matches!(
        hospital.app.sign_in("abe", PASSWORD, None, &act()).unwrap(),
        SignIn::Refused
    ));
    let signed_in = hospital.app.sign_in("abe", &password, None, &act()).unwrap();
    assert!(matches!(signed_in, SignIn::In(_)));
    let nobody = hospital.post("/settings/users/nobody/reset", &cookie, "").await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn sessions_of_everybody_are_seen_and_ended() {
    let hospital = Hospital::founded();
    let cookie = hospital.administrator().await;
    let other = hospital.signed_in("abe", Role::Operator).await;
    let text = hospital.get("/settings/sessions", &cookie).await.text();
    let (_, rest) = text.split_once("/settings/sessions/").unwrap();
    let id = rest.split('/').next().unwrap();
    let page = hospital.post(&format!("/settings/sessions/{id}/end"), &cookie, "").await;
    assert_eq!(page.to(), "/settings/sessions?said=session_ended");
    assert_eq!(hospital.get("/", &other).await.status, StatusCode::SEE_OTHER);
    assert_eq!(hospital.get("/settings", &cookie).await.status, StatusCode::OK);
    let entry = hospital.app.audit(1).unwrap().remove(0);
    assert_eq!((entry.act.as_str(), entry.subject.as_str()), ("session.end", "account:abe"));
}

#[tokio::test]
async fn a_token_is_shown_once_and_can_be_removed() {
    let hospital = Hospital::founded();
    let cookie = hospital.administrator().await;
    let form = "name=%3D1%2B1%20%E7%9B%A3%E8%A6%96&role=executive&ends=2026-12-31";
    let token = secret(&hospital.post("/settings/tokens", &cookie, form).await.text());
    assert!(hospital.app.open_token(&token, today()).unwrap().is_some());
    let list = hospital.get("/settings/tokens", &cookie).await.text();
    assert!(!list.contains(&token) && list.contains("=1+1 監視"));
    let digest = hospital.app.tokens().unwrap().remove(0).digest;
    let page = hospital.post(&format!("/settings/tokens/{digest}/remove"), &cookie, "").await;
    assert_eq!(page.to(), "/settings/tokens?said=token_removed");
    assert!(hospital.app.open_token(&token, today()).unwrap().is_none());
    for form in ["", "name=x&role=operator&ends=", "name=x&role=operator&ends=2020-01-01"] {
        let page = hospital.post("/settings/tokens", &cookie, form).await;
        assert!(page.status.is_client_error(), "{form}");
    }
}

#[tokio::test]
async fn the_name_and_the_hour_are_changed_and_nonsense_is_not() {
    let hospital = Hospital::founded();
    let cookie = hospital.administrator().await;
    let page = hospital.post("/settings/facility", &cookie, "name=%3Ci%3E%E7%97%85%E9%99%A2").await;
    assert_eq!(page.to(), "/settings?said=facility");
    let text = hospital.get("/settings", &cookie).await.text();
    assert!(text.contains("&#60;i&#62;病院") && !text.contains("<i>病院"));
    assert_eq!(
        hospital.post("/settings/round", &cookie, "hour=5").await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(hospital.app.round_hour().unwrap(), 5);
    for bad in ["hour=24", "hour=-1", "hour=x", ""] {
        let page = hospital.post("/settings/round", &cookie, bad).await;
        assert!(page.status.is_client_error(), "{bad}: {}", page.status);
    }
    assert_eq!(hospital.app.round_hour().unwrap(), 5);
    // Too little is known of the growth.
    assert!(text.contains("まだわかりません"), "{text}");
}

#[tokio::test]
async fn how_long_documents_are_kept_is_chosen_and_nonsense_is_not() {
    let hospital = Hospital::founded();
    let cookie = hospital.administrator().await;
    let kept = || hospital.app.retention("2026-11-20T00:00:00Z".parse().unwrap()).unwrap().years;
    assert_eq!(kept(), None, "for ever, unless somebody says otherwise");
    let page = hospital.post("/settings/retention", &cookie, "years=5").await;
    assert_eq!((page.to(), kept()), ("/settings?said=retention", Some(5)));
    let text = hospital.get("/settings", &cookie).await.text();
    assert!(
        text.contains("<option value=\"5\" selected>")
            && text.contains("期間が過ぎた原本はありません")
    );
    for bad in ["years=1", "years=31", "years=x", ""] {
        let page = hospital.post("/settings/retention", &cookie, bad).await;
        assert!(page.status.is_client_error(), "{bad}: {}", page.status);
    }
    assert_eq!(kept(), Some(5));
    hospital.post("/settings/retention", &cookie, "years=").await;
    assert_eq!(kept(), None);
}

#[tokio::test]
async fn a_backup_is_made_and_rehearsed_and_its_digest_compared() {
    let hospital = Hospital::founded();
    let cookie = hospital.administrator().await;
    let place = tempfile::tempdir().unwrap();
    let page = hospital.post("/settings/backup/create", &cookie, "").await;
    assert_eq!(page.status, StatusCode::CONFLICT, "no folder is set");
    let page = hospital.post("/settings/backup/rehearse", &cookie, "").await;
    assert_eq!(page.status, StatusCode::CONFLICT, "there is none yet");
    let form = format!("folder={}&hour=&keep=2", place.path().display());
    let page = hospital.post("/settings/backup/plan", &cookie, &form).await;
    assert_eq!(page.to(), "/settings/backup?said=backup_plan", "{}", page.text());
    let page = hospital.post("/settings/backup/create", &cookie, "passphrase=a&again=b").await;
    assert_eq!(page.status, StatusCode::CONFLICT);
    let page = hospital.post("/settings/backup/create", &cookie, "").await;
    assert_eq!(page.to(), "/settings/backup");
    let text = hospital.backups_page(&cookie).await;
    assert!(text.contains("まだ試していないため"), "{text}");
    hospital.post("/settings/backup/rehearse", &cookie, "").await;
    let text = hospital.backups_page(&cookie).await;
    assert!(text.contains("作ったときと同じものが戻りました"), "{text}");
    let tried = hospital.app.last_rehearsal().unwrap().unwrap();
    let made = hospital.app.last_backup().unwrap().unwrap();
    assert_eq!((tried.good, tried.digest), (true, Some(made.digest.clone())));
    let left: Vec<_> = std::fs::read_dir(hospital.app.folder()).unwrap().flatten().collect();
    assert!(left.iter().all(|entry| !entry.file_name().to_string_lossy().contains("rehearsal")));
    // One damaged byte, and it is told.
    let mut bytes = std::fs::read(&made.file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&made.file, bytes).unwrap();
    hospital.post("/settings/backup/rehearse", &cookie, "").await;
    let text = hospital.backups_page(&cookie).await;
    assert!(text.contains("戻せませんでした") && text.contains("role=\"alert\""), "{text}");
}

#[tokio::test]
async fn a_backup_that_is_there_is_verified_and_no_other_file_is_opened() {
    let hospital = Hospital::founded();
    let cookie = hospital.administrator().await;
    let place = tempfile::tempdir().unwrap();
    assert!(hospital.backups_page(&cookie).await.contains("まだバックアップがありません"));
    let plan = BackupPlan { folder: place.path().display().to_string(), ..BackupPlan::default() };
    hospital.app.set_backup_plan(&plan, &act()).unwrap();
    let made = hospital.app.make_backup(None, true, &act()).unwrap();
    let text = hospital.backups_page(&cookie).await;
    assert!(text.contains("この画面からは、まだ確かめていません"), "{text}");
    assert!(text.contains(&format!("<option value=\"{}\"", made.file)), "{text}");
    let ask = async |form: String| hospital.post("/settings/backup/verify", &cookie, &form).await;
    assert_eq!(ask(format!("file={}", made.file)).await.to(), "/settings/backup");
    let text = hospital.backups_page(&cookie).await;
    assert!(text.contains("壊れていません") && text.contains("書いたときのままです"), "{text}");
    let entry = hospital.app.audit(1).unwrap().remove(0);
    assert_eq!((entry.act.as_str(), entry.actor.as_str()), ("backup.verify", "user:sato"));
    // What stands elsewhere, is called otherwise, or is a link is no backup.
    let secret = place.path().join("secret.txt");
    std::fs::write(&secret, b"secret").unwrap();
    let outside = hospital.app.folder().join("x.mimawari-backup");
    std::fs::copy(&made.file, &outside).unwrap();
    let before = hospital.app.moment().unwrap();
    for file in [secret.display().to_string(), outside.display().to_string(), String::new()] {
        let page = ask(format!("file={file}")).await;
        assert_eq!(page.status, StatusCode::CONFLICT, "{file}");
        assert!(page.text().contains("置き場所にありません"), "{}", page.text());
    }
    assert_eq!(hospital.app.moment().unwrap(), before, "nothing was recorded");
    // With a passphrase: without it nothing is said of the backup.
    let mut later = act();
    later.now += jiff::SignedDuration::from_mins(1);
    let phrase = app::Passphrase::new("たいせつ な あいことば");
    let sealed = hospital.app.make_backup(Some(phrase), false, &later).unwrap();
    ask(format!("file={}", sealed.file)).await;
    let text = hospital.backups_page(&cookie).await;
    assert!(text.contains("バックアップを確かめられませんでした"), "{text}");
    assert_eq!(hospital.app.last_proof().unwrap().unwrap().file, made.file);
    ask(format!("file={}&passphrase=たいせつ な あいことば", sealed.file)).await;
    hospital.backups_page(&cookie).await;
    let proof = hospital.app.last_proof().unwrap().unwrap();
    assert_eq!((proof.file.as_str(), proof.whole), (sealed.file.as_str(), true));
    // One damaged byte, and it is told, in the language of who looks.
    let mut bytes = std::fs::read(&made.file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&made.file, bytes).unwrap();
    ask(format!("file={}", made.file)).await;
    let text = hospital.backups_page(&cookie).await;
    assert!(text.contains("使えません"), "{text}");
    let english = hospital.get("/settings/backup", &format!("{cookie}; mimawari_lang=en")).await;
    assert!(english.text().contains("cannot be used"), "{}", english.text());
    let problem = hospital.app.last_proof().unwrap().unwrap().problem.unwrap();
    assert!(!english.text().contains(&problem), "{problem}");
    let engineer = hospital.signed_in("abe", Role::ClinicalEngineer).await;
    let page = hospital.post("/settings/backup/verify", &engineer, "file=x").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_planned_backup_keeps_so_many_generations_and_touches_no_other_file() {
    let hospital = Hospital::founded();
    let place = tempfile::tempdir().unwrap();
    let plan = BackupPlan { folder: place.path().display().to_string(), hour: Some(6), keep: 2 };
    hospital.app.set_backup_plan(&plan, &act()).unwrap();
    std::fs::write(place.path().join("mimawari-main-mine.mimawari-backup"), b"mine").unwrap();
    // By itself, where it is due; and not again on that day.
    hospital.desk.keep_time().await;
    let first = hospital.app.last_backup().unwrap().unwrap();
    hospital.desk.keep_time().await;
    assert_eq!(hospital.app.last_backup().unwrap().unwrap(), first);
    for day in 1..4 {
        let mut later = act();
        later.now += jiff::SignedDuration::from_hours(24 * day);
        hospital.app.make_backup(None, true, &later).unwrap();
    }
    let names =
        || std::fs::read_dir(place.path()).unwrap().flatten().map(|entry| entry.file_name());
    assert_eq!(names().count(), 3, "two generations and what somebody put there");
    assert!(names().any(|name| name == "mimawari-main-mine.mimawari-backup"));
    let inside = BackupPlan { folder: hospital.app.folder().display().to_string(), ..plan.clone() };
    assert!(hospital.app.set_backup_plan(&inside, &act()).is_err());
    for folder in ["relative", "/nowhere/at/all"] {
        let plan = BackupPlan { folder: folder.to_owned(), ..plan.clone() };
        assert!(hospital.app.set_backup_plan(&plan, &act()).is_err(), "{folder}");
    }
}

#[tokio::test]
async fn the_record_is_searched_taken_along_and_verified() {
    let hospital = Hospital::founded();
    let cookie = hospital.administrator().await;
    for round in 0..150 {
        let mut act = act();
        act.actor = domain::Actor(format!("user:=cmd{}", round % 2));
        hospital.app.note_login("logout", "sato", "\"<b>", &act).unwrap();
    }
    let text = hospital.get("/settings/record", &cookie).await.text();
    assert_eq!(text.matches("<td class=\"num\">").count(), 100);
    assert!(text.contains("before=") && !text.contains("<b>"), "{text}");
    let text = hospital.get("/settings/record?who=%3Dcmd1&before=100", &cookie).await.text();
    assert!(text.contains("user:=cmd1") && !text.contains("user:=cmd0"));
    let none = hospital.get("/settings/record?to=2020-01-01", &cookie).await.text();
    assert!(none.contains("当てはまる記録はありません"));
    let bad = hospital.get("/settings/record?from=x", &cookie).await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
    // Every page of a search, one after the other, is every entry.
    let filter = RecordFilter { what: "LOGOUT".to_owned(), ..RecordFilter::default() };
    let (mut seen, mut before) = (0, None);
    loop {
        let page = hospital.app.record_page(&filter, before, 40).unwrap();
        seen += page.entries.len();
        before = page.older;
        if before.is_none() {
            break;
        }
    }
    assert_eq!(seen, 150);
    let lines = hospital.get("/settings/record.jsonl", &cookie).await.text();
    let last: serde_json::Value = serde_json::from_str(lines.lines().last().unwrap()).unwrap();
    assert_eq!(last["actor"], "user:=cmd1");
    let table = hospital.get("/settings/record.csv?what=logout", &cookie).await;
    assert!(table.headers["content-disposition"].to_str().unwrap().contains(".csv"));
    assert_eq!(table.text().lines().count(), 151);
    // Verified, with a head from paper; and a head that is not in it.
    let head = hospital.app.verify_audit(&[]).unwrap().head.unwrap();
    let good = hospital.post("/settings/record/verify", &cookie, &format!("head=+{head}+")).await;
    assert!(good.text().contains("鎖はつながっています") && good.text().contains(&head));
    let bad = hospital
        .post("/settings/record/verify", &cookie, &format!("head={}", "ab".repeat(32)))
        .await;
    assert!(bad.text().contains("鎖がつながっていません"), "{}", bad.text());
    let bad = hospital.post("/settings/record/verify", &cookie, "head=xyz").await;
    assert_eq!(bad.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn each_role_sees_the_settings_it_may_open() {
    let hospital = Hospital::founded();
    let operator = hospital.signed_in("abe", Role::Operator).await;
    let text = hospital.get("/settings", &operator).await.text();
    assert!(text.contains("/settings/backup") && !text.contains("/settings/users"), "{text}");
    assert!(!text.contains("action=\"/settings/"));
    let executive = hospital.signed_in("exec", Role::Executive).await;
    let roles = hospital.get("/settings/roles", &executive).await.text();
    assert!(roles.contains("院長") && !roles.contains("/settings/backup"));
    assert_eq!(roles.matches("✓").count(), 5 + 3 + 2 + 1);
    // Open to this PC alone: there is no certificate, and that is said.
    let text = hospital.get("/settings/certificate", &executive).await.text();
    assert!(text.contains("証明書はありません"));
    let none = hospital.get("/settings/certificate.cer", &executive).await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_certificate_is_shown_with_its_end_and_never_with_its_key() {
    let hospital = Hospital::founded();
    let folder = tempfile::tempdir().unwrap();
    // Made five years ago less a month.
    let made: jiff::Timestamp = "2021-12-20T00:00:00Z".parse().unwrap();
    let certificate =
        web::Certificate::own(folder.path(), "192.0.2.7".parse().unwrap(), made).unwrap();
    hospital.desk.present(&certificate);
    let cookie = hospital.administrator().await;
    let text = hospital.get("/settings/certificate", &cookie).await.text();
    assert!(text.contains(&certificate.fingerprint) && text.contains("2026年12月20日"), "{text}");
    assert!(text.contains("期限は2026年12月20日です"), "a warning before it ends: {text}");
    let file = hospital.get("/settings/certificate.cer", &cookie).await;
    assert_eq!(file.headers["content-type"], "application/pkix-cert");
    let digest = domain::Digest::of(&file.body).to_string();
    assert_eq!(digest.to_uppercase(), certificate.fingerprint.replace(':', ""));
    let key = std::fs::read_to_string(folder.path().join("key.pem")).unwrap();
    assert!(!file.text().contains(key.lines().nth(1).unwrap()));
}
