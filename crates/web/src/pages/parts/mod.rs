//! 部品表: the parts lists that were brought in, to which product each belongs, what is inside, and what changed between two.

mod compare;

use app::{
    AppError, AttachmentView, OwnProductView, PartView, PartsChoice, PartsListPageView,
    PartsListView, WarningView,
};
use askama::Template;
use axum::Form;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use domain::{ImportId, Message, Permission, fold, msg};
use serde::Deserialize;

use super::devices::Pairs;
use super::form::{field, number};
use super::pager::Pager;
use super::table::{Asked, Cell, Table, list_page_with};
use super::weaknesses::TABS;
use crate::answer::{Answer, go_and_say, page};
use crate::frame::Frame;
use crate::guard::Visitor;
use crate::problem::Problem;
use crate::routes::{Access, Route};

pub(super) fn routes() -> Vec<Route> {
    let (look, work) = (Access::May(Permission::Look), Access::May(Permission::Work));
    vec![
        Route::get("/parts", look, list),
        Route::get("/parts/compare", look, compare::show),
        Route::get("/parts/{number}", look, one),
        Route::post("/parts/{number}/attach", work, attach),
    ]
}

/// Components on one page.
const EACH: usize = 200;

/// Warnings that are shown; the page of the import has all of them.
const MOST_WARNINGS: usize = 30;

/// To which product a list belongs, in words.
fn belongs(frame: &Frame, list: &PartsListView) -> String {
    match &list.product {
        Some(product) => product.name.clone(),
        None => {
            let mark = if list.state == "open" { "? " } else { "" };
            format!("{mark}{}", frame.word("parts_state", &list.state))
        }
    }
}

/// What the list calls its product, with its release; the file's name where it does not say.
pub(super) fn title(list: &PartsListView) -> String {
    let name = match list.document.full_name() {
        name if name.is_empty() => list.file.clone(),
        name => name,
    };
    let release = list.release.clone().unwrap_or_default();
    format!("{name} {release}").trim_end().to_owned()
}

async fn list(visitor: Visitor, Query(asked): Query<Asked>) -> Answer {
    let book = visitor.desk.weaknesses(visitor.who()?.seen).await?;
    let lists = visitor.read(move |app| app.parts_lists(&book)).await?;
    let frame = visitor.frame("weaknesses").await?;
    let rows = lists.iter().map(|list| {
        let in_use = list.use_state.as_deref().map(|state| frame.word("parts_use", state));
        vec![
            Cell::link(title(list), format!("/parts/{}", list.import)),
            Cell::lines([belongs(&frame, list).as_str(), in_use.as_deref().unwrap_or_default()]),
            Cell::text(list.document.supplier.as_deref().unwrap_or_default()),
            Cell::text(list.document.notation()),
            Cell::text(list.document.components.to_string()),
            Cell::text(match list.warnings {
                0 => String::new(),
                warnings => format!("▲ {warnings}"),
            }),
            Cell::text(frame.moment(&list.captured_at)),
            Cell::lines([list.imported_by.as_str(), &frame.moment(&list.imported_at)]),
        ]
    });
    let columns = [
        "column.parts_product",
        "column.parts_state",
        "column.supplier",
        "column.parts_format",
        "column.components",
        "column.warnings",
        "column.parts_made",
        "column.parts_brought",
    ];
    let open = lists.iter().filter(|list| list.state == "open").count();
    let notice = (open > 0).then(|| frame.t1("web.parts.open", "count", open));
    let table = Table::of("parts", &columns, rows, &asked.q);
    list_page_with(frame, &TABS, asked, table, notice)
}

#[derive(Template)]
#[template(path = "parts/page.html")]
struct ListPage {
    frame: Frame,
    list: PartsListView,
    /// What the hospital's devices are and run.
    owned: Vec<OwnProductView>,
    history: Vec<AttachmentView>,
    warnings: Vec<WarningView>,
    /// The components of this page.
    parts: Vec<PartView>,
    found: usize,
    q: String,
    pager: Pager,
    /// The other lists of the same product, the newest first.
    others: Vec<PartsListView>,
    typed: Pairs,
    problem: Option<String>,
}

impl ListPage {
    fn title(&self) -> String {
        title(&self.list)
    }

    fn belongs(&self) -> String {
        belongs(&self.frame, &self.list)
    }

    fn name_of(&self, list: &PartsListView) -> String {
        title(list)
    }

    fn value(&self, name: &str) -> &str {
        field(&self.typed, name)
    }

    /// Whether the choice `to` is the one that was made; the likeliest proposal where none was.
    fn is_chosen(&self, to: &str) -> bool {
        match self.value("to") {
            "" => {
                let first = self.list.proposals.first().map(|first| &first.product.family);
                first.is_some_and(|family| to.strip_prefix("family:") == Some(family))
            }
            chosen => chosen == to,
        }
    }

    /// The sentence on the release and the version in use, where something must be known.
    fn in_use(&self) -> Option<String> {
        let product = self.list.product.as_ref()?;
        let versions = product.versions.clone();
        match (self.list.use_state.as_deref()?, self.list.release.as_deref()) {
            ("other", Some(release)) => {
                let said = msg!("web.parts.other", release = release, versions = versions);
                Some(self.frame.say(&said))
            }
            ("unknown", None) => Some(self.frame.t("web.parts.no_release").into_owned()),
            ("unknown", Some(release)) => {
                Some(self.frame.t1("web.parts.no_version", "release", release))
            }
            _ => None,
        }
    }

    fn more_warnings(&self) -> u64 {
        self.list.warnings.saturating_sub(self.warnings.len() as u64)
    }
}

async fn one(visitor: Visitor, Path(id): Path<String>, Query(asked): Query<Asked>) -> Answer {
    show(&visitor, ImportId(number(&id)?), asked, Pairs::new(), None).await
}

async fn show(
    visitor: &Visitor,
    id: ImportId,
    asked: Asked,
    typed: Pairs,
    problem: Option<Message>,
) -> Answer {
    let book = visitor.desk.weaknesses(visitor.who()?.seen).await?;
    let (view, others, owned) = visitor
        .read(move |app| {
            let view = app.parts_list(id, &book)?;
            let of = |own: &OwnProductView| app.parts_lists_of(&own.family, &book);
            let mut others = view.list.product.as_ref().map(of).transpose()?.unwrap_or_default();
            others.retain(|other| other.import != id.0);
            Ok((view, others, book.own_products()))
        })
        .await?;
    let frame = visitor.frame("weaknesses").await?;
    let PartsListPageView { list, components, mut warnings, history } = view;
    let wanted = fold(&asked.q);
    let is_found = |part: &PartView| {
        let cells =
            [Some(&part.name), part.version.as_ref(), part.purl.as_ref(), part.cpe.as_ref()];
        wanted.is_empty() || cells.into_iter().flatten().any(|text| fold(text).contains(&wanted))
    };
    let mut parts: Vec<PartView> = components.into_iter().filter(is_found).collect();
    let address = match asked.q.as_str() {
        "" => format!("/parts/{id}"),
        typed => format!("/parts/{id}?q={}", frame.q(typed)),
    };
    let found = parts.len();
    let pager = Pager::new(asked.page.unwrap_or(1), found, EACH, address);
    parts = parts.into_iter().skip(pager.skip()).take(EACH).collect();
    warnings.truncate(MOST_WARNINGS);
    let problem = problem.map(|message| frame.say(&message));
    page(&ListPage {
        frame,
        list,
        owned,
        history,
        warnings,
        parts,
        found,
        q: asked.q,
        pager,
        others,
        typed,
        problem,
    })
}

/// What the form says: `to` is `apart`, `other` with a name in `product`, or the folded name of a proposed product.
fn choice(pairs: &Pairs) -> Result<PartsChoice, Problem> {
    let text = |name| field(pairs, name).to_owned();
    let product = match field(pairs, "to") {
        "" => return Err(Problem::bad_form()),
        "apart" => None,
        "other" => Some(text("product")),
        to => Some(to.strip_prefix("family:").ok_or_else(Problem::bad_form)?.to_owned()),
    };
    Ok(PartsChoice { product, release: text("release"), reason: text("reason") })
}

async fn attach(visitor: Visitor, Path(id): Path<String>, Form(pairs): Form<Pairs>) -> Answer {
    let (id, choice) = (ImportId(number(&id)?), choice(&pairs)?);
    let done = visitor.change(move |app, act| match app.attach_parts(id, &choice, act) {
        Err(AppError::Parts(message)) => Ok(Some(message)),
        done => done.map(|()| None),
    });
    match done.await? {
        None => go_and_say(&format!("/parts/{id}"), "parts_attached"),
        Some(message) => {
            let page = show(&visitor, id, Asked::default(), pairs, Some(message)).await?;
            Ok((StatusCode::CONFLICT, page).into_response())
        }
    }
}

/// Which two lists are compared.
#[derive(Debug, Deserialize)]
struct Two {
    old: u32,
    new: u32,
}
