//! Every route, with what it asks of whoever uses it.
//!
//! A handler can only be mounted together with its [`Access`], and the guard refuses what does not stand in this table.

use axum::Router;
use axum::http::Method;
use axum::middleware;
use axum::routing::{MethodFilter, MethodRouter, on};
use domain::Permission;

use crate::{Desk, api, assets, guard, health, pages};

/// What a route asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Nobody needs to be signed in.
    Open,
    /// Somebody is signed in, whoever it is; also who must change the password first.
    SignedIn,
    /// Somebody is signed in whose role has this permission.
    May(Permission),
    /// Whoever holds a token whose role has this permission, or is signed in with such a role; answers in JSON.
    Script(Permission),
}

/// A route.
pub(crate) struct Route {
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) access: Access,
    handler: MethodRouter<Desk>,
}

impl Route {
    /// A page to be read.
    pub(crate) fn get<H, T>(path: &'static str, access: Access, handler: H) -> Self
    where
        H: axum::handler::Handler<T, Desk>,
        T: 'static,
    {
        Self { method: Method::GET, path, access, handler: on(MethodFilter::GET, handler) }
    }

    /// A form to be sent.
    pub(crate) fn post<H, T>(path: &'static str, access: Access, handler: H) -> Self
    where
        H: axum::handler::Handler<T, Desk>,
        T: 'static,
    {
        Self { method: Method::POST, path, access, handler: on(MethodFilter::POST, handler) }
    }
}

/// A route as tests and the page of roles list it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// `GET` or `POST`.
    pub method: Method,
    /// The path, with `{names}` where it varies.
    pub path: &'static str,
    /// What it asks for.
    pub access: Access,
}

/// Every route there is.
pub(crate) fn routes() -> Vec<Route> {
    let mut routes = vec![
        Route::get("/assets/{name}", Access::Open, assets::show),
        Route::get("/favicon.ico", Access::Open, assets::icon),
    ];
    routes.extend(pages::routes());
    routes.extend(api::routes());
    routes.extend(health::routes());
    routes
}

/// The table: every route with what it asks for.
pub fn listed() -> Vec<Listed> {
    let list =
        |route: Route| Listed { method: route.method, path: route.path, access: route.access };
    routes().into_iter().map(list).collect()
}

/// What `method` on the route `path` asks for; `None` where the table does not have it. `HEAD` reads as `GET` does.
pub(crate) fn access(table: &[Listed], method: &Method, path: &str) -> Option<Access> {
    place(table, method, path).and_then(|place| table.get(place)).map(|found| found.access)
}

/// The place of a route in the table.
pub(crate) fn place(table: &[Listed], method: &Method, path: &str) -> Option<usize> {
    let method = if *method == Method::HEAD { &Method::GET } else { method };
    table.iter().position(|listed| listed.path == path && listed.method == *method)
}

/// Everything the desk answers.
pub fn router(desk: Desk) -> Router {
    let mounted = routes()
        .into_iter()
        .fold(Router::new(), |router, route| router.route(route.path, route.handler));
    mounted
        .fallback(pages::nowhere)
        .route_layer(middleware::from_fn(guard::admit))
        .layer(middleware::from_fn_with_state(desk.clone(), guard::dress))
        .with_state(desk)
}
