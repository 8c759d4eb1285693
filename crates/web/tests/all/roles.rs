//! Every route stands in the table, and lets in whom it should: every role and nobody, route by route.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use domain::{Permission, Role};
use web::{Access, listed};

use crate::hospital::Hospital;

/// What the table lets in, said once more and by itself: who changes one must change the other.
fn may(role: Role, permission: Permission) -> bool {
    let roles: &[Role] = match permission {
        Permission::Look => &[
            Role::Administrator,
            Role::Operator,
            Role::ClinicalEngineer,
            Role::Executive,
            Role::Inspector,
        ],
        Permission::Work => &[Role::Administrator, Role::Operator, Role::ClinicalEngineer],
        Permission::Keep => &[Role::Administrator, Role::Operator],
        Permission::Administer => &[Role::Administrator],
    };
    roles.contains(&role)
}

fn request(method: &Method, path: &str, cookie: &str) -> Request<Body> {
    let path: String = path
        .split('/')
        .map(|part| if part.starts_with('{') { "x" } else { part })
        .collect::<Vec<_>>()
        .join("/");
    Request::builder()
        .method(method.clone())
        .uri(path)
        .header(header::COOKIE, cookie)
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::empty())
        .unwrap()
}

/// Whether a role was let in to the handler: everything but the guard's own refusals.
fn was_let_in(status: StatusCode, body: &str) -> bool {
    !(status == StatusCode::FORBIDDEN && body.contains("あなたの役割では"))
}

#[tokio::test]
async fn every_route_lets_in_the_roles_it_should_and_no_other() {
    let hospital = Hospital::founded();
    for role in Role::ALL.iter().copied() {
        for (number, route) in listed().into_iter().enumerate() {
            // A session each: some routes end it.
            let login = format!("{}{}", &role.key()[..3], number % 4);
            let cookie = hospital.signed_in(&login, role).await;
            let page = hospital.send(request(&route.method, route.path, &cookie)).await;
            let expected = match route.access {
                Access::Open | Access::SignedIn => true,
                Access::May(permission) | Access::Script(permission) => may(role, permission),
            };
            let let_in = was_let_in(page.status, &page.text());
            assert_eq!(
                let_in,
                expected,
                "{} {} as {}: {}",
                route.method,
                route.path,
                role.key(),
                page.status
            );
        }
    }
}

#[tokio::test]
async fn nobody_is_let_in_without_signing_in() {
    let hospital = Hospital::founded();
    for route in listed() {
        let page = hospital.send(request(&route.method, route.path, "")).await;
        match route.access {
            Access::Open => assert_ne!(page.status, StatusCode::UNAUTHORIZED, "{}", route.path),
            Access::Script(_) => {
                assert_eq!(page.status, StatusCode::UNAUTHORIZED, "{}", route.path);
            }
            Access::SignedIn | Access::May(_) => {
                assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", route.path);
                assert!(page.to().starts_with("/login"), "{}", route.path);
            }
        }
    }
}

#[tokio::test]
async fn what_stands_in_no_table_is_no_page() {
    let hospital = Hospital::founded();
    let cookie = hospital.administrator().await;
    for path in ["/nowhere", "/assets/../Cargo.toml", "/start/"] {
        let page = hospital.get(path, &cookie).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
    }
    let page = hospital.send(request(&Method::DELETE, "/", &cookie)).await;
    assert_eq!(page.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn forms_from_elsewhere_change_nothing() {
    let hospital = Hospital::founded();
    let cookie = hospital.administrator().await;
    for route in listed().into_iter().filter(|route| route.method == Method::POST) {
        let mut sent = request(&route.method, route.path, &cookie);
        sent.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
        let before = hospital.app.moment().unwrap();
        let page = hospital.send(sent).await;
        assert_eq!(page.status, StatusCode::FORBIDDEN, "{}", route.path);
        assert_eq!(hospital.app.moment().unwrap(), before, "{}", route.path);
    }
}
