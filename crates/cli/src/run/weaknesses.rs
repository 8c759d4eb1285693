//! `mimawari weaknesses list [--by …] | show VULNERABILITY|PRODUCT | unjudged`

use std::process::ExitCode;

use app::{
    ConcernedView, HolderView, ProductPageView, VulnerabilityPageView, WeakBook, WeakDeviceView,
    WeakProductView, WeaknessCounts, WeaknessView,
};
use clap::ArgMatches;
use domain::msg;
use serde_json::json;

use super::{Desk, Done};
use crate::output::{self, Failure};
use crate::table::Table;
use crate::time;

/// Devices that are named one by one; JSON has all of them.
const NAMED: usize = 10;

pub(super) fn run(args: &ArgMatches, desk: &Desk) -> Done {
    let book = desk.app.weaknesses(time::today()).map_err(|error| desk.fail(&error))?;
    match args.subcommand() {
        Some(("show", args)) => show(args, &book, desk),
        Some(("unjudged", args)) => unjudged(args, &book, desk),
        Some((_, args)) => list(args, &book, desk),
        None => Ok(ExitCode::from(2)),
    }
}

/// What a table tells, and what it tells where there is nothing.
struct Listing {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
    empty: &'static str,
}

fn list(args: &ArgMatches, book: &WeakBook, desk: &Desk) -> Done {
    let by = args.get_one::<String>("by").map_or("", String::as_str);
    if desk.json {
        let state = book.state();
        let document = match by {
            "product" => json!({ "state": state, "products": book.products(desk.app.catalogue()) }),
            "device" => json!({ "state": state, "devices": devices(book) }),
            "vendor" => json!({ "state": state, "vendors": book.vendors() }),
            _ => json!({ "state": state, "vulnerabilities": book.vulnerabilities() }),
        };
        output::json(&document)?;
        return Ok(ExitCode::SUCCESS);
    }
    let listing = match by {
        "product" => by_product(book, desk),
        "device" => by_device(book, desk),
        "vendor" => by_vendor(book, desk),
        _ => by_vulnerability(book, desk),
    };
    tell(&listing, args, book, desk)
}

fn tell(listing: &Listing, args: &ArgMatches, book: &WeakBook, desk: &Desk) -> Done {
    let trouble = (book.state() != "ready").then(|| desk.word("feeds_state", Some(book.state())));
    if args.get_flag("csv") {
        if let Some(trouble) = trouble {
            eprintln!("{}", output::lines(&trouble));
        }
        output::csv(&listing.header, listing.rows.iter().cloned())?;
        return Ok(ExitCode::SUCCESS);
    }
    let is_empty = listing.rows.is_empty();
    // Where nothing could be judged, "there is nothing" would read as "nothing is wrong".
    let said = trouble.or_else(|| is_empty.then(|| desk.text(listing.empty)));
    if let Some(said) = said {
        output::text(&said)?;
    }
    if is_empty {
        return Ok(ExitCode::SUCCESS);
    }
    let mut table = Table::new(&listing.header);
    listing.rows.iter().for_each(|row| table.row(row));
    output::table(&table)?;
    Ok(ExitCode::SUCCESS)
}

fn by_vulnerability(book: &WeakBook, desk: &Desk) -> Listing {
    let header = desk.header([
        "column.vulnerability",
        "column.urgency",
        "column.exploited",
        "column.epss",
        "column.product",
        "column.devices",
        "column.confidence",
        "column.decided_away",
    ]);
    let row = |weakness: WeaknessView| {
        vec![
            weakness.id.clone(),
            severity(desk, &weakness),
            exploited(desk, &weakness),
            forecast(&weakness),
            weakness.products.join(" / "),
            weakness.devices.to_string(),
            desk.word("confidence", Some(&weakness.confidence)),
            weakness.decided.join(" / "),
        ]
    };
    let rows = book.vulnerabilities().into_iter().map(row).collect();
    Listing { header: header.into(), rows, empty: "web.list_empty.vulnerabilities" }
}

fn by_product(book: &WeakBook, desk: &Desk) -> Listing {
    let header = desk.header([
        "column.product",
        "column.devices",
        "column.medical",
        "column.exploited",
        "column.critical",
        "column.other_weaknesses",
        "column.doubtful",
    ]);
    let numbers = |product: &WeakProductView| {
        [
            product.devices,
            product.medical,
            product.exploited,
            product.critical,
            product.other,
            product.doubtful,
        ]
    };
    let is_told = |product: &WeakProductView| {
        product.unjudged.is_none() || product.exploited + product.critical + product.other > 0
    };
    let products = book.products(desk.app.catalogue()).into_iter().filter(is_told);
    let row = |product: WeakProductView| {
        let numbers = numbers(&product);
        std::iter::once(product.name).chain(numbers.map(|number| number.to_string())).collect()
    };
    let rows = products.map(row).collect();
    Listing { header: header.into(), rows, empty: "web.list_empty.weaknesses" }
}

fn by_device(book: &WeakBook, desk: &Desk) -> Listing {
    let header = [&desk.header(["column.device", "column.product"])[..], &counted(desk)].concat();
    let rows = devices(book).into_iter().map(|one| {
        let own = vec![one.device.label, one.products.join(" / ")];
        [own, numbers(&one.counts, one.first)].concat()
    });
    Listing { header, rows: rows.collect(), empty: "web.list_empty.weak-devices" }
}

fn devices(book: &WeakBook) -> Vec<WeakDeviceView> {
    book.devices().iter().map(|one| book.device_view(one)).collect()
}

fn by_vendor(book: &WeakBook, desk: &Desk) -> Listing {
    let own =
        desk.header(["column.turned_to", "column.devices", "column.medical", "column.product"]);
    let header = [&own[..], &counted(desk)].concat();
    let rows = book.vendors().iter().cloned().map(|one| {
        let vendor = one.vendor.unwrap_or_else(|| desk.text("web.weak.no_vendor"));
        let devices = [one.devices.to_string(), one.medical.to_string()];
        let own = [&[vendor][..], &devices, &[one.products.join(" / ")]].concat();
        [own, numbers(&one.counts, one.first)].concat()
    });
    Listing { header, rows: rows.collect(), empty: "web.list_empty.weak-vendors" }
}

fn counted(desk: &Desk) -> [String; 6] {
    desk.header([
        "column.exploited",
        "column.critical",
        "column.other_weaknesses",
        "column.doubtful",
        "column.not_judged",
        "column.begin_with",
    ])
}

fn numbers(counts: &WeaknessCounts, first: Option<String>) -> Vec<String> {
    let WeaknessCounts { exploited, critical, other, doubtful, unjudged } = counts;
    let numbers = [exploited, critical, other, doubtful, unjudged].map(ToString::to_string);
    numbers.into_iter().chain([first.unwrap_or_default()]).collect()
}

fn unjudged(args: &ArgMatches, book: &WeakBook, desk: &Desk) -> Done {
    let products = book.products(desk.app.catalogue());
    let is_told = |product: &WeakProductView| {
        let why_not = product
            .inside
            .as_ref()
            .is_some_and(|inside| inside.why_not.is_some() || !inside.unjudged.is_empty());
        product.unjudged.is_some() || why_not
    };
    let products: Vec<WeakProductView> = products.into_iter().filter(is_told).collect();
    if desk.json {
        output::json(&json!({ "state": book.state(), "products": products }))?;
        return Ok(ExitCode::SUCCESS);
    }
    let header =
        desk.header(["column.product", "column.devices", "column.medical", "column.reason"]);
    let rows = products.into_iter().flat_map(|product| {
        let row = |name: String, reason: String| {
            let (devices, medical) = (product.devices.to_string(), product.medical.to_string());
            vec![name, devices, medical, reason]
        };
        let mut rows = Vec::new();
        rows.extend(product.unjudged.clone().map(|reason| row(product.name.clone(), reason)));
        for inside in product.inside.iter() {
            rows.extend(inside.why_not.clone().map(|reason| row(product.name.clone(), reason)));
            let components = inside.unjudged.iter();
            rows.extend(components.map(|(component, reason)| {
                row(format!("{} / {component}", product.name), reason.clone())
            }));
        }
        rows
    });
    let listing =
        Listing { header: header.into(), rows: rows.collect(), empty: "web.list_empty.unjudged" };
    tell(&listing, args, book, desk)
}

fn show(args: &ArgMatches, book: &WeakBook, desk: &Desk) -> Done {
    let asked = args.get_one::<String>("of").map_or("", String::as_str);
    let texts = desk.app.catalogue();
    let found = desk.app.vulnerability(book, asked).map_err(|error| desk.fail(&error))?;
    if let Some(page) = found {
        match desk.json {
            true => output::json(&json!({ "vulnerability": page }))?,
            false => tell_vulnerability(&page, desk)?,
        }
        return Ok(ExitCode::SUCCESS);
    }
    let products = book.products(texts);
    let named = products.iter().find(|product| product.mark == asked || product.name == asked);
    let Some(page) = named.and_then(|product| book.product(&product.mark, texts)) else {
        return Err(Failure::new(texts, &msg!("cli.weaknesses.unknown", asked = asked)));
    };
    match desk.json {
        true => output::json(&json!({ "product": page }))?,
        false => tell_product(&page, desk)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn tell_vulnerability(page: &VulnerabilityPageView, desk: &Desk) -> Result<(), Failure> {
    let weakness = &page.weakness;
    let head = [weakness.id.clone(), severity(desk, weakness), exploited(desk, weakness)];
    output::text(&line(&head))?;
    for more in weakness.beside() {
        output::text(&format!("  {}", desk.say(&more)))?;
    }
    for (_, text) in &page.descriptions {
        output::text(text)?;
    }
    for product in &page.products {
        tell_concerned(product, desk)?;
    }
    for (kind, text) in &page.remedies {
        let kind = desk.word("remedy", Some(kind));
        output::text(&format!("{kind}: {text}"))?;
    }
    for address in &page.references {
        output::text(address)?;
    }
    Ok(())
}

fn tell_concerned(product: &ConcernedView, desk: &Desk) -> Result<(), Failure> {
    let sure = product.confidence.as_deref();
    let sure = sure.map(|sure| desk.word("confidence", Some(sure)));
    let sure = sure.unwrap_or_else(|| desk.text("web.weak.not_affected"));
    output::text(&format!("\n{}  {sure}", product.name))?;
    output::text(&format!("  {}", first_of(&product.holders, desk)))?;
    for why in &product.why {
        output::text(&format!("  {why}"))?;
    }
    for said in &product.statements {
        let status = desk.word("vex", Some(&said.status));
        let by = said.publisher.as_deref().unwrap_or(&said.feed);
        output::text(&format!("  {by} ({}): {status}  {}", said.document, said.reason))?;
    }
    if !product.fixed.is_empty() {
        let fixed = product.fixed.join(", ");
        output::text(&format!("  {}", desk.say(&msg!("cli.weaknesses.fixed", versions = fixed))))?;
    }
    Ok(())
}

fn tell_product(page: &ProductPageView, desk: &Desk) -> Result<(), Failure> {
    output::text(&page.product.name)?;
    output::text(&page.naming_reason)?;
    output::text(&first_of(&page.holders, desk))?;
    if let Some(reason) = &page.product.unjudged {
        output::text(reason)?;
    }
    let header = desk.header([
        "column.vulnerability",
        "column.urgency",
        "column.exploited",
        "column.confidence",
        "column.reason",
    ]);
    let mut table = Table::new(&header);
    for found in &page.matches {
        table.row([
            found.weakness.id.clone(),
            severity(desk, &found.weakness),
            exploited(desk, &found.weakness),
            desk.word("confidence", Some(&found.weakness.confidence)),
            found.reason.clone(),
        ]);
    }
    if !page.matches.is_empty() {
        output::text("")?;
        output::table(&table)?;
    }
    if !page.cleared.is_empty() {
        let cleared = page.cleared.join(", ");
        output::text(&format!("{} {cleared}", desk.text("web.weak.cleared")))?;
    }
    for (id, reason) in &page.open {
        output::text(&format!("{id}: {reason}"))?;
    }
    Ok(())
}

/// The first devices, and how many more there are.
fn first_of(holders: &[HolderView], desk: &Desk) -> String {
    let named: Vec<&str> = holders.iter().take(NAMED).map(|one| one.label.as_str()).collect();
    let (named, count) = (named.join(", "), holders.len());
    desk.say(&msg!("cli.weaknesses.devices", count = count, devices = named))
}

fn severity(desk: &Desk, weakness: &WeaknessView) -> String {
    let word = desk.word("cvss_severity", Some(&weakness.severity));
    match weakness.score {
        Some(score) => format!("{word} {score:.1}"),
        None => word,
    }
}

fn exploited(desk: &Desk, weakness: &WeaknessView) -> String {
    weakness.kev.as_ref().map_or_else(String::new, |kev| match kev.ransomware {
        true => desk.say(&msg!("web.weak.ransomware", day = &kev.added)),
        false => desk.say(&msg!("web.weak.exploited", day = &kev.added)),
    })
}

fn forecast(weakness: &WeaknessView) -> String {
    let of = |epss: &app::ForecastView| format!("{:.1} %", epss.probability * 100.0);
    weakness.epss.as_ref().map(of).unwrap_or_default()
}

fn line(parts: &[String]) -> String {
    let told: Vec<&str> =
        parts.iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
    told.join("  ")
}
