//! 取り込み: drop anything, see what it would be read as, let it count or not; and take back what counted.

mod list;
mod mapping;
mod past;
mod rows;
mod sources;
mod upload;

use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use domain::Permission::{Keep, Look, Work};
use domain::Place;

use crate::frame::Frame;
use crate::routes::{Access, Route};

pub(super) fn routes() -> Vec<Route> {
    // The body is bounded piece by piece as it is written down; nothing holds it as a whole.
    let receive = list::receive.layer(DefaultBodyLimit::disable());
    vec![
        Route::get("/imports", Access::May(Look), list::show),
        Route::post("/imports/upload", Access::May(Work), receive),
        Route::post("/imports/demo", Access::May(Work), list::demo),
        Route::get("/imports/upload/{id}", Access::May(Look), upload::show),
        Route::get("/imports/upload/{id}/state", Access::May(Look), upload::state),
        Route::post("/imports/upload/{id}/accept", Access::May(Work), upload::accept),
        Route::post("/imports/upload/{id}/leave", Access::May(Work), upload::leave),
        Route::post("/imports/upload/{id}/again", Access::May(Work), upload::again),
        Route::post("/imports/upload/{id}/answer", Access::May(Work), mapping::answer),
        Route::get("/imports/sources", Access::May(Look), sources::show),
        Route::post("/imports/sources", Access::May(Keep), sources::set),
        Route::post("/imports/drop", Access::May(Keep), sources::set_drop),
        Route::get("/imports/{id}", Access::May(Look), past::show),
        Route::get("/imports/{id}/evidence", Access::May(Work), past::evidence),
        Route::get("/imports/{id}/change", Access::May(Keep), past::ask),
        Route::post("/imports/{id}/undo", Access::May(Keep), past::undo),
        Route::post("/imports/{id}/redo", Access::May(Keep), past::redo),
    ]
}

/// What a document was read as, in words.
fn kind_word(frame: &Frame, kind: &str) -> String {
    known_word(frame, "format", kind)
}

/// The word of a family, or the key itself where nobody wrote one.
fn known_word(frame: &Frame, family: &str, key: &str) -> String {
    let full = format!("{family}.{key}");
    if frame.texts.knows(&full) { frame.t(&full).into_owned() } else { key.to_owned() }
}

/// Who did it, as people read it: `user:sato` is `sato`.
fn who(frame: &Frame, actor: &str) -> String {
    match actor.split_once(':') {
        Some(("user", login)) => login.to_owned(),
        Some(("console", "?")) => frame.t("web.imports.by_console").into_owned(),
        Some(("console", name)) => frame.t1("web.imports.by_console_user", "name", name),
        Some(("program", "drop")) => frame.t("web.imports.by_drop").into_owned(),
        _ => actor.to_owned(),
    }
}

/// A place in a document, in words.
fn place_word(frame: &Frame, place: &str) -> String {
    let parsed = place.parse::<Place>();
    parsed.map_or_else(|_| place.to_owned(), |place| frame.texts.value(&place.into()))
}

/// One page of a list: its rows, and the numbers of the pages before and after.
struct Cut {
    from: usize,
    to: usize,
    page: usize,
    pages: usize,
}

impl Cut {
    fn of(count: usize, page: usize, size: usize) -> Self {
        let pages = count.div_ceil(size).max(1);
        let page = page.clamp(1, pages);
        let from = (page - 1) * size;
        Self { from, to: (from + size).min(count), page, pages }
    }

    fn before(&self) -> Option<usize> {
        (self.page > 1).then(|| self.page - 1)
    }

    fn after(&self) -> Option<usize> {
        (self.page < self.pages).then(|| self.page + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_is_not_there_is_the_nearest() {
        for (count, page, expected) in [
            (0, 7, (0, 0, 1, 1)),
            (101, 2, (100, 101, 2, 2)),
            (101, 99, (100, 101, 2, 2)),
            (5, 0, (0, 5, 1, 1)),
        ] {
            let cut = Cut::of(count, page, 100);
            assert_eq!((cut.from, cut.to, cut.page, cut.pages), expected);
        }
    }
}
