//! Which columns somebody looks at: chosen once, and kept in the browser.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::answer::{Answer, go};
use crate::guard::{Visitor, cookie, set_cookie};

/// A column of the list: its key, what it sorts by, and whether it is shown to who has chosen nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Column {
    pub(crate) key: &'static str,
    pub(crate) sort: &'static str,
    pub(crate) usual: bool,
}

const fn column(key: &'static str, sort: &'static str, usual: bool) -> Column {
    Column { key, sort, usual }
}

/// Every column, in the order in which they stand.
pub(crate) const COLUMNS: [Column; 20] = [
    column("number", "asset_number", true),
    column("device", "name", true),
    column("place", "location", true),
    column("system", "os", true),
    column("address", "address", true),
    column("support", "support", true),
    column("seen", "seen", true),
    column("findings", "findings", true),
    column("status", "status", false),
    column("model", "model", false),
    column("serial", "serial", false),
    column("mac", "mac", false),
    column("zone", "address", false),
    column("contractor", "contractor", false),
    column("remote_maintenance", "remote_maintenance", false),
    column("antivirus", "antivirus", false),
    column("registered", "registered", false),
    column("support_end", "support_end", false),
    column("confirmed_on", "confirmed_on", false),
    column("remark", "remark", false),
];

const COOKIE: &str = "mimawari_columns";

/// A year: who chose columns in spring finds them in winter.
const KEPT_SECONDS: u32 = 31_536_000;

/// The columns that the browser keeps; the usual ones where it keeps none.
pub(super) fn chosen(headers: &HeaderMap) -> Vec<Column> {
    let kept = cookie(headers, COOKIE).unwrap_or_default();
    let keys: Vec<&str> = kept.split('.').collect();
    let chosen: Vec<Column> =
        COLUMNS.into_iter().filter(|column| keys.contains(&column.key)).collect();
    if chosen.is_empty() {
        COLUMNS.into_iter().filter(|column| column.usual).collect()
    } else {
        chosen
    }
}

/// Keeps the columns named by `pairs`, and goes back to the list.
pub(super) fn keep(visitor: &Visitor, pairs: &[(String, String)]) -> Answer {
    let asked =
        |column: &Column| pairs.iter().any(|(name, value)| name == "column" && value == column.key);
    let keys: Vec<&str> =
        COLUMNS.iter().filter(|column| asked(column)).map(|column| column.key).collect();
    let back = super::Asked::of(pairs).query();
    let mut response: Response = go(&format!("/devices{back}"))?.into_response();
    let kept = keys.join(".");
    let value = Some(kept.as_str()).filter(|kept| !kept.is_empty());
    let set = set_cookie(&visitor.desk, COOKIE, value, true);
    let lasting = match value {
        Some(_) => format!("{}; Max-Age={KEPT_SECONDS}", set.to_str().unwrap_or_default()),
        None => set.to_str().unwrap_or_default().to_owned(),
    };
    let set = HeaderValue::from_str(&lasting).unwrap_or(set);
    response.headers_mut().append(header::SET_COOKIE, set);
    Ok(response)
}
