//! The first start, signing in and out, the second factor, and what keeps guessers out.

use axum::http::{StatusCode, header};
use domain::Role;

use crate::hospital::{Hospital, PASSWORD, account, act};

#[tokio::test]
async fn the_first_start_works_once_and_only_by_its_link() {
    let hospital = Hospital::new();
    let path = hospital.desk.start_path().unwrap().unwrap();
    assert_eq!(hospital.get("/start/guess", "").await.status, StatusCode::NOT_FOUND);
    assert!(hospital.get("/login", "").await.text().contains("最初の管理者"));
    let form =
        "facility=%E3%81%BF%E3%81%AA%E3%81%A8&name=sato&login=sato&password=short&again=short";
    let page = hospital.post(&path, "", form).await;
    assert!(page.text().contains("13 文字以上"), "{}", page.text());
    let form = form.replace("short", "a-very-long-password");
    let page = hospital.post(&path, "", &form).await;
    assert_eq!((page.status, page.to()), (StatusCode::SEE_OTHER, "/"));
    assert_eq!(hospital.post(&path, "", &form).await.status, StatusCode::NOT_FOUND, "once");
    assert_eq!(hospital.desk.start_path().unwrap(), None);
}

#[tokio::test]
async fn every_answer_carries_the_headers_that_keep_browsers_strict() {
    let hospital = Hospital::founded();
    let cookie = hospital.administrator().await;
    for path in ["/", "/login", "/nowhere", "/me"] {
        let page = hospital.get(path, &cookie).await;
        let policy = page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self'")
                && !policy.contains("unsafe")
        );
        assert_eq!(page.headers[header::CACHE_CONTROL], "no-store");
        assert_eq!(page.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    }
    let set = hospital
        .post("/login", "", &format!("login=sato&password={}", PASSWORD.replace(' ', "+")))
        .await;
    let cookie = set.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
}

#[tokio::test]
async fn guessers_wait_and_the_record_tells_of_them() {
    let hospital = Hospital::founded();
    for _ in 0..5 {
        let page = hospital.post("/login", "", "login=sato&password=wrong").await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED);
        assert_eq!(page.headers[header::WWW_AUTHENTICATE], "Form");
        assert!(page.text().contains("name=\"password\""), "the form is there again");
    }
    let page = hospital
        .post("/login", "", &format!("login=sato&password={}", PASSWORD.replace(' ', "+")))
        .await;
    assert!(page.text().contains("サインインできません"), "even the right password waits");
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS);
    let acts: Vec<String> =
        hospital.app.audit(9).unwrap().into_iter().map(|entry| entry.act).collect();
    assert_eq!(acts.iter().filter(|act| *act == "login.locked").count(), 1, "{acts:?}");
}

#[tokio::test]
async fn what_is_no_form_is_told_so_and_counts_for_no_try() {
    let hospital = Hospital::founded();
    for body in ["", "login=sato", "password=x", "{}"] {
        let page = hospital.post("/login", "", body).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert!(page.text().contains("name=\"password\""), "{body}");
    }
    assert!(hospital.app.audit(1).unwrap().iter().all(|entry| entry.act != "login.refused"));
}

#[tokio::test]
async fn a_login_that_is_not_there_is_refused_in_the_same_words() {
    let hospital = Hospital::founded();
    let there = hospital.post("/login", "", "login=sato&password=wrong").await.text();
    let not = hospital.post("/login", "", "login=abe&password=wrong").await.text();
    assert_eq!(there.replace("sato", "abe"), not);
    let entries = hospital.app.audit(1).unwrap();
    assert_eq!(entries[0].subject, "account:?", "what was typed may be a password");
}

#[tokio::test]
async fn a_second_factor_is_asked_for_counts_once_and_can_be_recovered() {
    let hospital = Hospital::founded();
    let enrolment = hospital.app.begin_enrolment("sato").unwrap();
    let totp = totp(&enrolment.secret);
    let code = |step: u64| {
        let now = u64::try_from(crate::hospital::clock().as_second()).unwrap();
        totp.generate(now + step * 30).to_string()
    };
    let recovery = hospital.app.enrol("sato", &enrolment.secret, &code(0), &act()).unwrap();
    assert_eq!(recovery.len(), 10);
    let password = PASSWORD.replace(' ', "+");
    let try_in = async |code: &str| {
        hospital
            .post("/login", "", &format!("login=sato&password={password}&code={code}"))
            .await
            .status
    };
    let page = hospital.post("/login", "", &format!("login=sato&password={password}")).await;
    assert_eq!(page.status, StatusCode::UNAUTHORIZED);
    assert!(page.text().contains("name=\"code\""), "asked for");
    assert_eq!(
        try_in(&code(0)).await,
        StatusCode::UNAUTHORIZED,
        "the code that enrolled it is used up"
    );
    assert_eq!(try_in(&code(1)).await, StatusCode::SEE_OTHER);
    assert_eq!(try_in(&code(1)).await, StatusCode::UNAUTHORIZED, "a code counts once");
    assert_eq!(try_in(&recovery[3].to_uppercase()).await, StatusCode::SEE_OTHER);
    assert_eq!(try_in(&recovery[3]).await, StatusCode::UNAUTHORIZED, "so does a recovery code");
}

fn totp(secret: &str) -> totp_rs::Totp {
    let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
    totp_rs::Builder::new().with_secret(secret).with_account_name("x").build().unwrap()
}

#[tokio::test]
async fn a_first_password_must_be_changed_before_anything_else() {
    let hospital = Hospital::founded();
    let first = hospital.app.add_account(&account("abe", Role::Operator), &act()).unwrap();
    let page = hospital.post("/login", "", &format!("login=abe&password={first}")).await;
    let cookie =
        page.headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    assert_eq!(hospital.get("/", &cookie).await.to(), "/me/password");
    let form = format!("old={first}&new=another+long+phrase&again=another+long+phrase");
    assert_eq!(hospital.post("/me/password", &cookie, &form).await.to(), "/?said=password");
    assert_eq!(hospital.get("/", &cookie).await.status, StatusCode::OK);
}

#[tokio::test]
async fn signing_out_ends_the_session_and_nobody_is_led_away() {
    let hospital = Hospital::founded();
    let cookie = hospital.administrator().await;
    assert_eq!(hospital.post("/logout", &cookie, "").await.to(), "/login");
    assert_eq!(hospital.get("/me", &cookie).await.to(), "/login?next=%2Fme");
    let form = format!("login=sato&password={}&next=//evil.example", PASSWORD.replace(' ', "+"));
    assert_eq!(hospital.post("/login", "", &form).await.to(), "/");
}

#[tokio::test]
async fn who_was_switched_off_is_out_at_once() {
    let hospital = Hospital::founded();
    let cookie = hospital.signed_in("abe", Role::Operator).await;
    assert_eq!(hospital.get("/", &cookie).await.status, StatusCode::OK);
    hospital.app.change_account(&account("abe", Role::Operator), true, &act()).unwrap();
    assert_eq!(hospital.get("/", &cookie).await.status, StatusCode::SEE_OTHER);
    let last = hospital.app.change_account(&account("sato", Role::Operator), false, &act());
    assert!(last.is_err(), "an administrator must stay");
}
