//! The interface for scripts: the same operations as the command line, the same keys, answered in JSON below `/api/v1/`.
//!
//! Every operation stands in one table ([`operations`]) with its parameters, what it takes and what it gives. From that table come
//! the routes, the refusal of parameters nobody knows, the description at `/api/v1/openapi.json` and the page `docs/api/README.md`:
//! they cannot say different things (docs/decisions/0018-the-interface-describes-itself.md).

mod audit;
mod backups;
mod call;
mod changes;
mod describe;
mod devices;
mod feeds;
mod findings;
mod identity;
mod imports;
mod inquiries;
mod lists;
mod notice_mail;
mod notices;
mod operation;
mod page;
mod parts;
mod rounds;
mod rules;
mod upload;
mod vex;
mod writings;
mod zones;

pub use describe::{markdown, openapi};

use axum::Json;

use crate::guard::Visitor;
use crate::routes::{Access, Route};
use domain::Permission;
use operation::Operation;
use reference::{Catalogue, Language};

/// Every operation, in the order of the description.
fn operations() -> Vec<Operation> {
    [
        devices::operations(),
        identity::operations(),
        findings::operations(),
        rounds::operations(),
        imports::operations(),
        zones::operations(),
        lists::operations(),
        feeds::operations(),
        parts::operations(),
        writings::operations(),
        vex::operations(),
        inquiries::operations(),
        notices::operations(),
        notice_mail::operations(),
        changes::operations(),
        rules::operations(),
        audit::operations(),
        backups::operations(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The routes: one for each operation, and the descriptions.
pub(crate) fn routes() -> Vec<Route> {
    let look = Permission::Look;
    let mut routes = vec![
        Route::get("/api", Access::May(look), page::show),
        Route::get("/api/v1/openapi.json", Access::Script(look), described),
    ];
    routes.extend(operations().into_iter().map(|operation| operation.route));
    routes
}

/// The description for programs. It is in English, as the keys are.
async fn described(_visitor: Visitor) -> Json<serde_json::Value> {
    Json(openapi(&Catalogue::load(Language::En)))
}
