//! 脆弱性: what devices run that is known to be weak, by product and by vulnerability, and what cannot be judged.

use app::{
    ConcernedView, HolderView, PartsListView, ProductPageView, VulnerabilityPageView, WeakDevice,
    WeakProductView, WeaknessCounts, WeaknessView, WritingView,
};
use askama::Template;
use axum::Form;
use axum::extract::Query;
use domain::{Permission, What};
use serde::Deserialize;

use super::devices::Pairs;
use super::form::field;
use super::table::{Asked, Cell, Table, list_page_with};
use super::vex::VexForm;
use super::writings::{SETTLED, Settling, refused, settled};
use crate::answer::{Answer, go, go_and_say, page};
use crate::frame::Frame;
use crate::guard::Visitor;
use crate::problem::Problem;
use crate::routes::{Access, Route};

/// The pages beside each other.
pub(super) const TABS: [&str; 12] = [
    "weaknesses",
    "weak-devices",
    "weak-vendors",
    "vulnerabilities",
    "notices",
    "vex",
    "inquiries",
    "planned-changes",
    "parts",
    "unjudged",
    "writings",
    "feeds",
];

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/weaknesses", Access::May(Permission::Look), products),
        Route::get("/weak-devices", Access::May(Permission::Look), devices),
        Route::get("/weak-vendors", Access::May(Permission::Look), vendors),
        Route::get("/vulnerabilities", Access::May(Permission::Look), vulnerabilities),
        Route::get("/unjudged", Access::May(Permission::Look), unjudged),
        Route::get("/product", Access::May(Permission::Look), product),
        Route::get("/product/of", Access::May(Permission::Look), product_of),
        Route::post("/product/settle", Access::May(Permission::Work), settle),
        Route::get("/vulnerability", Access::May(Permission::Look), vulnerability),
    ]
}

/// How many of the reasons for its place are told of a product in a list: its own page tells all.
const REASONS: usize = 2;

/// How many products are named in a line of a list.
const PRODUCTS: usize = 3;

/// What must be said where nothing can be judged: an empty page would read as "nothing is wrong".
pub(super) fn notice(frame: &Frame, state: &str) -> Option<String> {
    (state != "ready").then(|| frame.word("feeds_state", state).into_owned())
}

/// A number, or nothing at all: what is there must stand out.
pub(super) fn count(number: u64, mark: &str) -> Cell {
    match number {
        0 => Cell::text(""),
        _ => Cell::text(format!("{mark}{number}")),
    }
}

async fn products(visitor: Visitor, Query(asked): Query<Asked>) -> Answer {
    let book = visitor.desk.weaknesses(visitor.who()?.seen).await?;
    let frame = visitor.frame("weaknesses").await?;
    let products = book.products(&frame.texts);
    // What cannot be judged itself may hold a component that can.
    let is_told = |product: &&WeakProductView| {
        product.unjudged.is_none() || product.exploited + product.critical + product.other > 0
    };
    let rows = products.iter().filter(is_told).map(|product| {
        vec![
            Cell::link(&product.name, format!("/product?mark={}", frame.q(&product.mark))),
            Cell::text(product.devices.to_string()),
            count(product.medical, ""),
            count(product.exploited, "● "),
            count(product.critical, "▲ "),
            count(product.other, ""),
            count(product.doubtful, "? "),
            Cell::lines(product.why.iter().take(REASONS).map(String::as_str)),
        ]
    });
    let columns = [
        "column.product",
        "column.devices",
        "column.medical",
        "column.exploited",
        "column.critical",
        "column.other_weaknesses",
        "column.doubtful",
        "web.weak.why",
    ];
    let notice = notice(&frame, book.state());
    let table = Table::of("weaknesses", &columns, rows, &asked.q);
    list_page_with(frame, &TABS, asked, table, notice)
}

/// The cells of the numbers, and of the vulnerability to begin with.
fn counted(frame: &Frame, counts: &WeaknessCounts, first: Option<&str>) -> [Cell; 6] {
    let first = first.map(|id| Cell::link(id, format!("/vulnerability?id={}", frame.q(id))));
    [
        count(counts.exploited, "● "),
        count(counts.critical, "▲ "),
        count(counts.other, ""),
        count(counts.doubtful, "? "),
        count(counts.unjudged, "? "),
        first.unwrap_or_else(|| Cell::text("")),
    ]
}

/// Their headers.
const COUNTED: [&str; 6] = [
    "column.exploited",
    "column.critical",
    "column.other_weaknesses",
    "column.doubtful",
    "column.not_judged",
    "column.begin_with",
];

async fn devices(visitor: Visitor, Query(asked): Query<Asked>) -> Answer {
    let book = visitor.desk.weaknesses(visitor.who()?.seen).await?;
    let frame = visitor.frame("weaknesses").await?;
    let row = |one: &WeakDevice| {
        let one = book.device_view(one);
        let own = (one.device.label.clone(), format!("/devices/{}", one.device.id));
        let medical =
            one.device.medical.then(|| (frame.t("web.weak.medical").into(), String::new()));
        let mut row =
            vec![Cell::links([own].into_iter().chain(medical)), products_of(&one.products, &frame)];
        row.extend(counted(&frame, &one.counts, one.first.as_deref()));
        row
    };
    let columns = [&["column.device", "column.product"], &COUNTED[..]].concat();
    let notice = notice(&frame, book.state());
    let table = Table::of_page("weak-devices", &columns, book.devices(), row, &asked);
    list_page_with(frame, &TABS, asked, table, notice)
}

async fn vendors(visitor: Visitor, Query(asked): Query<Asked>) -> Answer {
    let book = visitor.desk.weaknesses(visitor.who()?.seen).await?;
    let frame = visitor.frame("weaknesses").await?;
    let all = book.vendors();
    let rows = all.iter().map(|one| {
        let vendor = one.vendor.clone().unwrap_or_else(|| frame.t("web.weak.no_vendor").into());
        let mut row = vec![
            Cell::text(vendor),
            Cell::text(one.devices.to_string()),
            count(one.medical, ""),
            products_of(&one.products, &frame),
        ];
        row.extend(counted(&frame, &one.counts, one.first.as_deref()));
        row
    });
    let own = ["column.turned_to", "column.devices", "column.medical", "column.product"];
    let columns = [&own, &COUNTED[..]].concat();
    let notice = notice(&frame, book.state());
    let table = Table::of("weak-vendors", &columns, rows, &asked.q);
    list_page_with(frame, &TABS, asked, table, notice)
}

/// The names of products under each other: the first of them, and how many more there are.
fn products_of(names: &[String], frame: &Frame) -> Cell {
    let more = names.len().saturating_sub(PRODUCTS);
    let more = (more > 0).then(|| frame.t1("web.weak.more_products", "count", more));
    let told = names.iter().take(PRODUCTS).map(String::as_str);
    Cell::lines(told.chain(more.as_deref()))
}

async fn vulnerabilities(visitor: Visitor, Query(asked): Query<Asked>) -> Answer {
    let book = visitor.desk.weaknesses(visitor.who()?.seen).await?;
    let frame = visitor.frame("weaknesses").await?;
    let all = book.vulnerabilities();
    let rows = all.iter().map(|weakness| {
        vec![
            Cell::link(&weakness.id, format!("/vulnerability?id={}", frame.q(&weakness.id))),
            Cell::text(severity(&frame, weakness)),
            Cell::text(exploited(&frame, weakness)),
            Cell::text(forecast(weakness)),
            Cell::lines(weakness.products.iter().map(String::as_str)),
            Cell::text(weakness.devices.to_string()),
            Cell::text(frame.word("confidence", &weakness.confidence)),
            Cell::lines(weakness.decided.iter().map(String::as_str)),
        ]
    });
    let columns = [
        "column.vulnerability",
        "column.urgency",
        "column.exploited",
        "column.epss",
        "column.product",
        "column.devices",
        "column.confidence",
        "column.decided_away",
    ];
    let notice = notice(&frame, book.state());
    let table = Table::of("vulnerabilities", &columns, rows, &asked.q);
    list_page_with(frame, &TABS, asked, table, notice)
}

async fn unjudged(visitor: Visitor, Query(asked): Query<Asked>) -> Answer {
    let book = visitor.desk.weaknesses(visitor.who()?.seen).await?;
    let frame = visitor.frame("weaknesses").await?;
    let products = book.products(&frame.texts);
    let rows = products.iter().flat_map(|product| {
        let row = |component: &str, reason: &str| {
            let mut links =
                vec![(product.name.clone(), format!("/product?mark={}", frame.q(&product.mark)))];
            if !component.is_empty() {
                links.push((component.to_owned(), String::new()));
            }
            vec![
                Cell::links(links),
                Cell::text(product.devices.to_string()),
                count(product.medical, ""),
                Cell::text(reason),
            ]
        };
        let inside = product.inside.as_ref();
        let itself = product.unjudged.iter().chain(inside.and_then(|one| one.why_not.as_ref()));
        let components = inside.into_iter().flat_map(|one| &one.unjudged);
        let itself = itself.map(|reason| row("", reason));
        itself.chain(components.map(|(name, reason)| row(name, reason))).collect::<Vec<_>>()
    });
    let columns = ["column.product", "column.devices", "column.medical", "column.reason"];
    let notice = notice(&frame, book.state());
    let table = Table::of("unjudged", &columns, rows, &asked.q);
    list_page_with(frame, &TABS, asked, table, notice)
}

#[derive(Template)]
#[template(path = "weaknesses/product.html")]
struct ProductPage {
    frame: Frame,
    product: ProductPageView,
    /// Its parts lists, the newest first.
    lists: Vec<PartsListView>,
    /// What is written for it, the first of them.
    writings: Vec<WritingView>,
    /// How many more there are.
    more_writings: usize,
    notice: Option<String>,
    settling: Settling,
}

#[derive(Debug, Deserialize)]
struct OfProduct {
    mark: String,
}

async fn product(visitor: Visitor, Query(asked): Query<OfProduct>) -> Answer {
    show_product(&visitor, asked.mark, Settling::default()).await
}

async fn show_product(visitor: &Visitor, mark: String, settling: Settling) -> Answer {
    let book = visitor.desk.weaknesses(visitor.who()?.seen).await?;
    let frame = visitor.frame("weaknesses").await?;
    let product = book.product(&mark, &frame.texts).ok_or_else(Problem::no_page)?;
    let notice = notice(&frame, book.state());
    let family = product.product.family.clone();
    let read = visitor
        .read(move |app| Ok((app.parts_lists_of(&family, &book)?, app.writings_of(&mark, &book)?)));
    let (lists, mut writings) = read.await?;
    let more_writings = writings.len().saturating_sub(MOST_WRITINGS);
    writings.truncate(MOST_WRITINGS);
    page(&ProductPage { frame, product, lists, writings, more_writings, notice, settling })
}

/// Writings that are shown on the page of a product.
const MOST_WRITINGS: usize = 20;

/// What is written for a product, and said as it was settled.
#[derive(Debug, Deserialize)]
struct OfWriting {
    what: String,
    text: String,
    #[serde(default)]
    said: String,
}

/// The page of the product that a writing means by now; the list where nothing is told of it any more.
async fn product_of(visitor: Visitor, Query(asked): Query<OfWriting>) -> Answer {
    let book = visitor.desk.weaknesses(visitor.who()?.seen).await?;
    let what = What::from_key(&asked.what).ok_or_else(Problem::no_page)?;
    let frame = visitor.frame("weaknesses").await?;
    let address = match book.mark_of(what, &asked.text) {
        Some(mark) => format!("/product?mark={}", frame.q(mark)),
        None => "/weaknesses".to_owned(),
    };
    match asked.said.as_str() {
        SETTLED => go_and_say(&address, SETTLED),
        _ => go(&address),
    }
}

async fn settle(visitor: Visitor, Form(pairs): Form<Pairs>) -> Answer {
    match settled(&visitor, &pairs).await? {
        None => {
            let frame = visitor.frame("weaknesses").await?;
            let [what, text] = ["what", "text"].map(|name| frame.q(field(&pairs, name)));
            go(&format!("/product/of?what={what}&text={text}&said={SETTLED}"))
        }
        Some(message) => {
            let mark = field(&pairs, "mark").to_owned();
            let settling = Settling::of(&visitor, pairs, message).await?;
            refused(show_product(&visitor, mark, settling).await)
        }
    }
}

#[derive(Template)]
#[template(path = "weaknesses/vulnerability.html")]
struct VulnerabilityPage {
    frame: Frame,
    page: VulnerabilityPageView,
}

#[derive(Debug, Deserialize)]
struct OfVulnerability {
    id: String,
}

async fn vulnerability(visitor: Visitor, Query(asked): Query<OfVulnerability>) -> Answer {
    let book = visitor.desk.weaknesses(visitor.who()?.seen).await?;
    let found = visitor.read(move |app| app.vulnerability(&book, &asked.id)).await?;
    let view = found.ok_or_else(Problem::no_page)?;
    let frame = visitor.frame("weaknesses").await?;
    page(&VulnerabilityPage { frame, page: view })
}

impl ProductPage {
    /// The list that was made before the one in place `at`.
    fn before(&self, at: &usize) -> Option<&PartsListView> {
        self.lists.get(at + 1)
    }

    /// What a list calls its product, with its release.
    fn title_of(&self, list: &PartsListView) -> String {
        super::parts::title(list)
    }

    fn severity(&self, weakness: &WeaknessView) -> String {
        severity(&self.frame, weakness)
    }

    fn exploited(&self, weakness: &WeaknessView) -> String {
        exploited(&self.frame, weakness)
    }
}

impl VulnerabilityPage {
    /// An empty form to decide about it for one product.
    fn form(&self, product: &ConcernedView) -> VexForm {
        VexForm::of(&self.frame, &self.page.weakness.id, &product.mark, &product.holders)
    }

    fn severity(&self, weakness: &WeaknessView) -> String {
        severity(&self.frame, weakness)
    }

    fn exploited(&self, weakness: &WeaknessView) -> String {
        exploited(&self.frame, weakness)
    }

    fn forecast(&self, weakness: &WeaknessView) -> String {
        forecast(weakness)
    }

    /// The first devices, and how many more there are.
    fn first<'v>(&self, holders: &'v [HolderView]) -> &'v [HolderView] {
        holders.get(..FIRST).unwrap_or(holders)
    }

    fn more(&self, holders: &[HolderView]) -> usize {
        holders.len().saturating_sub(FIRST)
    }
}

/// Devices that are named one by one.
const FIRST: usize = 20;

pub(super) fn severity(frame: &Frame, weakness: &WeaknessView) -> String {
    let word = frame.word("cvss_severity", &weakness.severity);
    match weakness.score {
        Some(score) => format!("{word} {score:.1}"),
        None => word.into_owned(),
    }
}

pub(super) fn exploited(frame: &Frame, weakness: &WeaknessView) -> String {
    match &weakness.kev {
        None => String::new(),
        Some(kev) if kev.ransomware => {
            frame.t1("web.weak.ransomware", "day", frame.day(&kev.added))
        }
        Some(kev) => frame.t1("web.weak.exploited", "day", frame.day(&kev.added)),
    }
}

fn forecast(weakness: &WeaknessView) -> String {
    weakness
        .epss
        .as_ref()
        .map(|epss| format!("{:.1} %", epss.probability * 100.0))
        .unwrap_or_default()
}
