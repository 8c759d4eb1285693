//! A hospital with its desk, for one test: requests go straight to the router.

use app::{Act, App, DEMO_FILES, ImportOptions, NewAccount, NewFile};
use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, Response, StatusCode, header};
use domain::{Actor, Role};
use http_body_util::BodyExt;
use jiff::Timestamp;
use reference::{Catalogue, Language};
use tempfile::TempDir;
use tower::ServiceExt;
use web::{Config, Desk};

/// What every account of a test has for a password.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// The clock of tests: 08:00 in Japan on 22 November 2026.
pub(crate) fn clock() -> Timestamp {
    "2026-11-21T23:00:00Z".parse().unwrap()
}

/// A hospital with its desk.
pub(crate) struct Hospital {
    pub(crate) app: App,
    pub(crate) desk: Desk,
    pub(crate) router: Router,
    _folder: TempDir,
}

/// What came back.
pub(crate) struct Page {
    pub(crate) status: StatusCode,
    pub(crate) headers: axum::http::HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Page {
    /// The body as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Where it sends the browser.
    pub(crate) fn to(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |to| to.to_str().unwrap())
    }
}

impl Hospital {
    /// One where nobody has an account yet.
    pub(crate) fn new() -> Self {
        Self::with(app::Options::default())
    }

    /// The same with a store that behaves so.
    pub(crate) fn with(options: app::Options) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let texts = Catalogue::load(Language::Ja);
        let app = App::open_with(folder.path(), "main", texts, options).unwrap();
        let config = Config { secure: false, clock, language: Language::Ja };
        let desk = Desk::open(&app, config);
        let router = web::router(desk.clone());
        Self { app, desk, router, _folder: folder }
    }

    /// One with an administrator called `sato`.
    pub(crate) fn founded() -> Self {
        Self::founded_with(app::Options::default())
    }

    /// The same with a store that behaves so.
    pub(crate) fn founded_with(options: app::Options) -> Self {
        let hospital = Self::with(options);
        hospital
            .app
            .found("みなと中央病院", &account("sato", Role::Administrator), PASSWORD, &act())
            .unwrap();
        hospital
    }

    /// The same, taking in no more than this.
    pub(crate) fn within(self, bounds: app::Bounds) -> Self {
        let app = self.app.within(bounds);
        let desk = Desk::open(&app, Config { secure: false, clock, language: Language::Ja });
        Self { router: web::router(desk.clone()), desk, app, ..self }
    }

    /// The same, taking in no more vulnerability data than this.
    pub(crate) fn delivering_within(self, bounds: app::Bounds) -> Self {
        let app = self.app.delivering_within(bounds);
        let desk = Desk::open(&app, Config { secure: false, clock, language: Language::Ja });
        Self { router: web::router(desk.clone()), desk, app, ..self }
    }

    /// One with the demo hospital imported and its round done.
    pub(crate) fn with_demo() -> Self {
        let hospital = Self::founded();
        let files = DEMO_FILES.iter().map(|file| NewFile {
            path: file.name.to_owned(),
            bytes: Ok(file.bytes.into()),
            modified: None,
        });
        hospital.app.import(files, &ImportOptions::default(), &act(), &mut |_, _| {}).unwrap();
        hospital.app.round("2026-11-22".parse().unwrap(), &act()).unwrap();
        hospital
    }

    /// Adds an account that has changed its first password, and signs it in: gives its cookie.
    pub(crate) async fn signed_in(&self, login: &str, role: Role) -> String {
        if self.app.open_account(login, "2026-11-22".parse().unwrap()).unwrap().is_none() {
            let first = self.app.add_account(&account(login, role), &act()).unwrap();
            self.app.change_password(login, &first, PASSWORD, &act()).unwrap();
        }
        let form = format!("login={login}&password={}", PASSWORD.replace(' ', "+"));
        let page = self.post("/login", "", &form).await;
        assert_eq!((page.status, page.to()), (StatusCode::SEE_OTHER, "/"), "{}", page.text());
        let cookie = page.headers[header::SET_COOKIE].to_str().unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }

    /// The cookie of the administrator.
    pub(crate) async fn administrator(&self) -> String {
        self.signed_in("sato", Role::Administrator).await
    }

    /// Reads a page with a cookie.
    pub(crate) async fn get(&self, path: &str, cookie: &str) -> Page {
        self.send(Request::get(path).header(header::COOKIE, cookie).body(Body::empty()).unwrap())
            .await
    }

    /// Sends a form with a cookie, from a page of the desk.
    pub(crate) async fn post(&self, path: &str, cookie: &str, form: &str) -> Page {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::COOKIE, cookie)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(form.to_owned())).unwrap()).await
    }

    /// A token with this role.
    pub(crate) fn token(&self, role: Role) -> String {
        self.app.add_token("試験", role, "2026-12-31".parse().unwrap(), &act()).unwrap()
    }

    /// Asks as a script does.
    pub(crate) async fn ask(&self, path: &str, token: &str) -> Page {
        let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {token}"));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Sends a body as a script does.
    pub(crate) async fn tell(
        &self,
        path: &str,
        token: &str,
        media: &str,
        body: impl Into<Body>,
    ) -> Page {
        let request = Request::post(path)
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, media);
        self.send(request.body(body.into()).unwrap()).await
    }

    /// Sends any request.
    pub(crate) async fn send(&self, request: Request<Body>) -> Page {
        let response: Response<Body> = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes().to_vec();
        Page { status: parts.status, headers: parts.headers, body }
    }
}

/// Somebody with this login and role; an inspector's account ends.
pub(crate) fn account(login: &str, role: Role) -> NewAccount {
    let ends = (role == Role::Inspector).then(|| "2026-12-31".parse().unwrap());
    NewAccount { login: login.to_owned(), name: format!("{login} さん"), role, ends }
}

/// The person at the console, now.
pub(crate) fn act() -> Act {
    Act { actor: Actor("console:test".to_owned()), now: clock() }
}
