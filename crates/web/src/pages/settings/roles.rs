//! What each role may do, in words, from the one table that decides it.

use askama::Template;
use domain::{Permission, Role};

use super::{Tab, tabs};
use crate::answer::{Answer, page};
use crate::frame::Frame;
use crate::guard::Visitor;
use crate::routes::{Access, Route};

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/settings/roles", Access::SignedIn, show)]
}

#[derive(Template)]
#[template(path = "settings/roles.html")]
struct RolesPage {
    frame: Frame,
    tabs: Vec<Tab>,
    tab: &'static str,
    roles: Vec<&'static str>,
    /// Each permission with whether each role has it.
    rows: Vec<(&'static str, Vec<bool>)>,
}

async fn show(visitor: Visitor) -> Answer {
    let frame = visitor.frame("settings").await?;
    let row = |permission: &Permission| {
        (permission.key(), Role::ALL.iter().map(|role| role.may(*permission)).collect())
    };
    page(&RolesPage {
        tabs: tabs(&frame),
        tab: "roles",
        roles: Role::ALL.iter().map(|role| role.key()).collect(),
        rows: Permission::ALL.iter().map(row).collect(),
        frame,
    })
}
