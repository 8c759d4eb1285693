//! Who comes in: the headers every answer carries, the session, the table of routes, and forms sent from elsewhere.

use std::net::SocketAddr;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use app::{Act, App, AppError, Reader};
use axum::extract::{FromRequestParts, MatchedPath, OriginalUri, Request, State};
use axum::http::header::{self, HeaderName};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use domain::message::Arg;
use domain::{Account, Permission, Role, msg};
use reference::Language;

use crate::answer::percent_encoded;
use crate::desk::address_of;
use crate::frame::{Frame, Person};
use crate::problem::Problem;
use crate::routes::{self, Access, Listed};
use crate::{Desk, pages};

/// Where a connection comes from. The server puts it on every request.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Peer(pub(crate) SocketAddr);

pub(crate) static TABLE: LazyLock<Vec<Listed>> = LazyLock::new(routes::listed);

/// Nothing from elsewhere, nothing inline, no frames.
const CONTENT_SECURITY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; \
     connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// Who asks, and in which language. Every handler of a page takes one.
#[derive(Clone)]
pub(crate) struct Visitor {
    pub(crate) desk: Desk,
    pub(crate) language: Language,
    /// Where from, as records name it.
    pub(crate) from: String,
    /// What the browser calls itself.
    pub(crate) browser: String,
    /// The path and query asked for.
    pub(crate) path: String,
    /// Who is signed in.
    pub(crate) who: Option<Who>,
}

/// Who is signed in.
#[derive(Debug, Clone)]
pub(crate) struct Who {
    /// As the record names them: `user:sato`, `token:name`.
    pub(crate) actor: String,
    pub(crate) login: String,
    pub(crate) name: String,
    pub(crate) role: Role,
    /// The id of the session; none for tokens.
    pub(crate) session: Option<String>,
    /// The entry of the record that they must see at least.
    pub(crate) seen: u64,
    pub(crate) must_change: bool,
    pub(crate) has_second_factor: bool,
}

impl Visitor {
    /// The hospital, in the visitor's language.
    pub(crate) fn app(&self) -> App {
        self.desk.app(self.language)
    }

    /// Reads something.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&App) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, Problem> {
        let app = self.app();
        self.desk.call(move || work(&app)).await
    }

    /// Changes something, in the visitor's name; the next page they see shows it.
    pub(crate) async fn change<T: Send + 'static>(
        &self,
        work: impl FnOnce(&App, &Act) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, Problem> {
        let (app, act) = (self.app(), self.desk.act(self.actor()));
        let (done, seen) = self
            .desk
            .call(move || work(&app, &act).and_then(|done| Ok((done, app.moment()?))))
            .await?;
        if let Some(session) = self.who.as_ref().and_then(|who| who.session.as_deref()) {
            self.desk.sessions().has_seen(session, seen);
        }
        Ok(done)
    }

    /// As the record names who asks.
    pub(crate) fn actor(&self) -> String {
        self.who.as_ref().map_or_else(|| format!("nobody:{}", self.from), |who| who.actor.clone())
    }

    /// Who is signed in; the table of routes lets nobody else come here.
    pub(crate) fn who(&self) -> Result<&Who, Problem> {
        self.who.as_ref().ok_or_else(Problem::no_page)
    }

    /// Who reads notices: the visitor's role, and nobody in particular where nobody is signed in.
    pub(crate) fn reader(&self) -> Reader {
        self.who.as_ref().map_or(Reader::Anybody, |who| Reader::Role(who.role))
    }

    /// Whether the role has this permission.
    pub(crate) fn may(&self, permission: Permission) -> bool {
        self.who.as_ref().is_some_and(|who| who.role.may(permission))
    }

    /// What stands around the page that is `here` in the menu.
    pub(crate) async fn frame(&self, here: &'static str) -> Result<Frame, Problem> {
        let mut frame = self.plain_frame(here).await?;
        if let Some(who) = &self.who {
            let board = self.desk.board(who.seen).await?;
            frame.urgent = board.urgent();
            frame.last_round = board.last_round();
            frame.feeds = board.feeds;
        }
        Ok(frame)
    }

    /// The same without what is known of the hospital's state: for who is not signed in, and for problems.
    pub(crate) async fn plain_frame(&self, here: &'static str) -> Result<Frame, Problem> {
        let facility = self.read(App::facility_name).await?;
        Ok(Frame { facility, ..self.bare_frame(here) })
    }

    /// The same without reading anything: when the store itself fails.
    fn bare_frame(&self, here: &'static str) -> Frame {
        Frame {
            texts: self.app().texts(),
            here,
            path: self.path.clone(),
            facility: String::new(),
            person: self.who.as_ref().map(|who| Person { name: who.name.clone(), role: who.role }),
            urgent: 0,
            last_round: None,
            feeds: None,
            said: query_value(&self.path, "said"),
            today: self.desk.today(),
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(Problem::stopped)
    }
}

/// Puts the visitor on the request, and makes a page of a problem; every answer gets its headers here.
pub(crate) async fn dress(State(desk): State<Desk>, mut request: Request, next: Next) -> Response {
    let (headers, path) = (request.headers().clone(), request.uri().clone());
    let peer = request.extensions().get::<Peer>().map(|peer| peer.0);
    let (began, method) = (Instant::now(), request.method().clone());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let is_script = is_for_scripts(request.uri().path());
    let mut visitor = visitor(&desk, &headers, &path, peer);
    let mut response = match who(&desk, &headers, path.path()).await {
        Ok(who) => {
            visitor.who = who;
            request.extensions_mut().insert(visitor.clone());
            next.run(request).await
        }
        // The store does not answer: even then there is a sentence.
        Err(problem) => problem.into_response(),
    };
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        response = match is_script {
            true => pages::problem_json(&visitor, &problem),
            false => pages::problem(&visitor, visitor.bare_frame(""), &problem),
        };
    }
    if response.status() == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().entry(header::RETRY_AFTER).or_insert(HeaderValue::from_static("10"));
    }
    let route = route.as_ref().map_or("", MatchedPath::as_str);
    told(&visitor, &method, route, response.status(), began.elapsed());
    secured(&desk, response)
}

/// Counts an answer, and tells the log of it: who, which route and how it ended; never what was asked for in particular, which may
/// name a patient's device or hold a secret.
fn told(visitor: &Visitor, method: &Method, route: &str, status: StatusCode, took: Duration) {
    let place = routes::place(&TABLE, method, route);
    visitor.desk.meter().note(place, status.as_u16(), took);
    if tracing::enabled!(target: "access", tracing::Level::INFO) {
        let route = place.and_then(|place| TABLE.get(place)).map_or("none", |listed| listed.path);
        let (who, status) = (visitor.actor(), status.as_u16());
        let ms = took.as_millis() as u64;
        tracing::info!(target: "access", who, %method, route, status, ms);
    }
}

fn secured(desk: &Desk, mut response: Response) -> Response {
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "same-origin");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()");
    // Pages hold the hospital's data: no copy stays in the browser.
    set(header::CACHE_CONTROL, "no-store");
    if desk.config().secure {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    response
}

/// Lets a request through to its handler where the table of routes allows it.
pub(crate) async fn admit(request: Request, next: Next) -> Response {
    match check(&request) {
        Ok(()) => next.run(request).await,
        Err(Stop::Problem(problem)) => problem.into_response(),
        Err(Stop::Go(to)) => Redirect::to(&to).into_response(),
    }
}

/// Why a request does not reach its handler.
enum Stop {
    Problem(Problem),
    Go(String),
}

fn check(request: &Request) -> Result<(), Stop> {
    let path = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let Some(access) = routes::access(&TABLE, request.method(), path) else {
        let message = msg!("web.problem.no_page");
        return Err(Stop::Problem(Problem::new(StatusCode::METHOD_NOT_ALLOWED, message)));
    };
    if changes(request.method()) && !is_from_here(request.headers()) {
        let message = msg!("web.problem.from_elsewhere");
        return Err(Stop::Problem(Problem::new(StatusCode::FORBIDDEN, message)));
    }
    let visitor = request.extensions().get::<Visitor>();
    let who = visitor.and_then(|visitor| visitor.who.as_ref());
    match (access, who) {
        (Access::Open, _) => Ok(()),
        (Access::Script(_), None) => {
            let message = msg!("web.problem.token_needed");
            Err(Stop::Problem(Problem::new(StatusCode::UNAUTHORIZED, message)))
        }
        (_, None) => Err(to_sign_in(request)),
        (Access::SignedIn, Some(_)) => Ok(()),
        (Access::May(_), Some(who)) if who.session.is_none() => {
            Err(Stop::Problem(Problem::new(StatusCode::FORBIDDEN, msg!("web.problem.token_page"))))
        }
        (Access::May(_), Some(who)) if who.must_change => Err(Stop::Go("/me/password".to_owned())),
        (Access::Script(_), Some(who)) if who.must_change => {
            let message = msg!("web.problem.must_change");
            Err(Stop::Problem(Problem::new(StatusCode::FORBIDDEN, message)))
        }
        (Access::May(permission) | Access::Script(permission), Some(who)) => {
            if who.role.may(permission) {
                return Ok(());
            }
            let named = format!("permission.{}", permission.key());
            let role = msg!("web.problem.role", permission = Arg::Term(named.into()));
            Err(Stop::Problem(Problem::new(StatusCode::FORBIDDEN, role)))
        }
    }
}

/// To the page where one signs in; and then on to what was asked for, if it was a page.
fn to_sign_in(request: &Request) -> Stop {
    let asked =
        request.extensions().get::<OriginalUri>().map_or_else(|| request.uri(), |uri| &uri.0);
    let asked = asked.path_and_query().map_or("/", |asked| asked.as_str());
    if changes(request.method()) || asked == "/" {
        return Stop::Go("/login".to_owned());
    }
    let next: String = asked.bytes().map(percent_encoded).collect();
    Stop::Go(format!("/login?next={next}"))
}

fn changes(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

/// Whether a form was sent from a page of ours, or by no browser at all.
///
/// Browsers say where a request comes from and pages cannot change that: `Sec-Fetch-Site`, and `Origin` where that is missing.
/// Together with cookies that are not sent along from other sites this needs no marks in forms
/// (docs/decisions/0013-forms-from-elsewhere.md).
fn is_from_here(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    match text("sec-fetch-site") {
        Some(site) => matches!(site, "same-origin" | "none"),
        None => match (text("origin"), text("host")) {
            (None, _) => true,
            (Some(origin), Some(host)) => {
                origin.split_once("://").is_some_and(|(_, from)| from.eq_ignore_ascii_case(host))
            }
            (Some(_), None) => false,
        },
    }
}

/// Whether what stands below `path` answers scripts: in JSON, and to tokens.
fn is_for_scripts(path: &str) -> bool {
    path.starts_with("/api/") || path.starts_with("/health/") || path == "/metrics"
}

/// Who asks, before it is known who is signed in.
fn visitor(desk: &Desk, headers: &HeaderMap, uri: &Uri, peer: Option<SocketAddr>) -> Visitor {
    let language = cookie(headers, LANGUAGE_COOKIE)
        .and_then(Language::from_code)
        .unwrap_or(desk.config().language);
    let path = uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    Visitor {
        desk: desk.clone(),
        language,
        from: peer.map_or_else(|| "?".to_owned(), |peer| address_of(peer.ip())),
        browser: headers
            .get(header::USER_AGENT)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_owned(),
        path,
        who: None,
    }
}

/// Who is signed in, by cookie; or, for scripts, whose token it is. Read anew for every request: whoever was switched off a moment ago
/// is out now. For scripts that is done at once, for pages where it may block: they are read there as well.
async fn who(desk: &Desk, headers: &HeaderMap, path: &str) -> Result<Option<Who>, Problem> {
    if path.starts_with("/assets/") || path.starts_with("/health/") {
        return Ok(None);
    }
    let (today, app) = (desk.today(), desk.lent(desk.config().language));
    if let Some(token) = bearer(headers).filter(|_| is_for_scripts(path)) {
        let known = app.open_token(token, today)?;
        return Ok(known.map(|(name, role)| Who {
            actor: format!("token:{name}"),
            login: String::new(),
            name,
            role,
            session: None,
            seen: 0,
            must_change: false,
            has_second_factor: true,
        }));
    }
    let Some(token) = cookie(headers, session_cookie(desk)) else { return Ok(None) };
    let Some(session) = desk.sessions().of(token, desk.now()) else { return Ok(None) };
    let account: Option<Account> = if is_for_scripts(path) {
        app.open_account(&session.login, today)?
    } else {
        let (app, login) = (app.clone(), session.login.clone());
        desk.call(move || app.open_account(&login, today)).await?
    };
    Ok(account.map(|account| Who {
        actor: format!("user:{}", account.login),
        login: account.login,
        name: account.name,
        role: account.role,
        session: Some(session.id),
        seen: session.seen,
        must_change: account.must_change,
        has_second_factor: account.has_second_factor,
    }))
}

/// The cookie of the chosen language.
pub(crate) const LANGUAGE_COOKIE: &str = "mimawari_lang";

/// The cookie of the session; over TLS its name binds it to this host.
pub(crate) fn session_cookie(desk: &Desk) -> &'static str {
    if desk.config().secure { "__Host-mimawari" } else { "mimawari" }
}

/// The header that sets the cookie `name`; without a value it is taken away.
pub(crate) fn set_cookie(
    desk: &Desk,
    name: &str,
    value: Option<&str>,
    hidden: bool,
) -> HeaderValue {
    let secure = if desk.config().secure { "; Secure" } else { "" };
    let hidden = if hidden { "; HttpOnly" } else { "" };
    let age = if value.is_some() { "" } else { "; Max-Age=0" };
    let value = value.unwrap_or_default();
    let text = format!("{name}={value}; Path=/; SameSite=Lax{hidden}{secure}{age}");
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// The value of a cookie.
pub(crate) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let all = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find_map(|(known, value)| (known == name && !value.is_empty()).then_some(value))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

/// The value of a name in the query of an address, where it is plain letters.
fn query_value(path: &str, name: &str) -> Option<String> {
    let (_, query) = path.split_once('?')?;
    let value =
        query.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name)?.1;
    value.chars().all(|c| c.is_ascii_alphanumeric() || c == '_').then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        lines
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn forms_come_from_here_or_from_no_browser() {
        for good in [
            vec![],
            vec![("sec-fetch-site", "same-origin")],
            vec![("sec-fetch-site", "none")],
            vec![("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")],
        ] {
            assert!(is_from_here(&headers(&good)), "{good:?}");
        }
        for bad in [
            vec![("sec-fetch-site", "cross-site"), ("host", "a")],
            vec![("sec-fetch-site", "same-site")],
            vec![("origin", "http://evil.example"), ("host", "127.0.0.1:8080")],
            vec![("origin", "null"), ("host", "127.0.0.1:8080")],
            vec![("origin", "http://127.0.0.1:8080")],
        ] {
            assert!(!is_from_here(&headers(&bad)), "{bad:?}");
        }
    }

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let headers = headers(&[("cookie", "xmimawari=1; mimawari=ab; mimawari_lang=en")]);
        assert_eq!(cookie(&headers, "mimawari"), Some("ab"));
        assert_eq!(cookie(&headers, "mimawari_lang"), Some("en"));
        assert_eq!(cookie(&headers, "awari"), None);
    }
}
