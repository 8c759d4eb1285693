//! One operation of the interface, as it is mounted and described.

use std::sync::LazyLock;

use axum::handler::Handler;
use axum::http::Method;
use domain::Permission;
use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::Desk;
use crate::routes::{Access, Route};

/// A parameter in the query of an address.
#[derive(Debug, Clone, Copy)]
pub(super) struct Param {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// Whether the operation cannot do without it.
    pub(super) required: bool,
}

/// What a parameter is written as.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Text,
    /// A whole number from 1 to this.
    Number(u64),
    /// `true` or `false`.
    Flag,
    /// `2026-11-20`.
    Day,
    /// RFC 3339.
    Moment,
    /// One of these words.
    Word(fn() -> Vec<&'static str>),
}

impl Param {
    pub(super) const fn of(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, required: false }
    }
}

/// Entries of a list that one answer has at most.
pub(super) const MOST: u64 = 1000;

/// Where a list goes on: what the answer before gave as `next`.
pub(super) const CURSOR: Param = Param::of("cursor", Kind::Text);
/// How many entries one answer has.
pub(super) const LIMIT: Param = Param::of("limit", Kind::Number(MOST));

/// Makes the schema of a type.
pub(super) type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// What an operation takes beside its parameters.
#[derive(Clone, Copy)]
pub(super) enum Takes {
    Nothing,
    Json(SchemaOf),
    Files,
}

/// One operation.
pub(super) struct Operation {
    /// Names it in descriptions; its sentence is `web.api.op.{id}`.
    pub(super) id: &'static str,
    pub(super) route: Route,
    pub(super) permission: Permission,
    pub(super) params: &'static [Param],
    pub(super) takes: Takes,
    pub(super) gives: SchemaOf,
}

impl Operation {
    /// One that reads.
    pub(super) fn get<G, H, T>(id: &'static str, path: &'static str, handler: H) -> Self
    where
        G: JsonSchema,
        H: Handler<T, Desk>,
        T: 'static,
    {
        let route = Route::get(path, Access::Script(Permission::Look), handler);
        Self::new::<G>(id, route, Permission::Look)
    }

    /// One that changes something.
    pub(super) fn post<G, H, T>(
        id: &'static str,
        path: &'static str,
        permission: Permission,
        handler: H,
    ) -> Self
    where
        G: JsonSchema,
        H: Handler<T, Desk>,
        T: 'static,
    {
        Self::new::<G>(id, Route::post(path, Access::Script(permission), handler), permission)
    }

    fn new<G: JsonSchema>(id: &'static str, route: Route, permission: Permission) -> Self {
        let gives: SchemaOf = |generator| generator.subschema_for::<G>();
        Self { id, route, permission, params: &[], takes: Takes::Nothing, gives }
    }

    /// The same with these parameters.
    pub(super) fn asking(mut self, params: &'static [Param]) -> Self {
        self.params = params;
        self
    }

    /// The same, taking a JSON document.
    pub(super) fn taking<B: JsonSchema>(mut self) -> Self {
        self.takes = Takes::Json(schemars::SchemaGenerator::subschema_for::<B>);
        self
    }

    /// The same, taking files.
    pub(super) fn taking_files(mut self) -> Self {
        self.takes = Takes::Files;
        self
    }
}

/// What one address may be asked with.
struct Askable {
    method: Method,
    path: &'static str,
    params: &'static [Param],
}

static ASKABLE: LazyLock<Vec<Askable>> = LazyLock::new(|| {
    let askable = |operation: Operation| Askable {
        method: operation.route.method,
        path: operation.route.path,
        params: operation.params,
    };
    super::operations().into_iter().map(askable).collect()
});

/// The parameters that `method` on the route `path` knows. `HEAD` reads as `GET` does.
pub(super) fn params_of(method: &Method, path: &str) -> &'static [Param] {
    let method = if *method == Method::HEAD { &Method::GET } else { method };
    ASKABLE
        .iter()
        .find(|askable| askable.method == *method && askable.path == path)
        .map_or(&[], |askable| askable.params)
}
