//! `mimawari match SBOM…`

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;

use app::{MatchView, MatchedFileView, MatchedView};
use clap::ArgMatches;
use domain::{Message, msg};
use reference::Catalogue;

use super::{Desk, Done, feeds};
use crate::output::{self, Failure};
use crate::table::Table;
use crate::time;

/// Reasons, and warnings of a document, that are told; JSON has all of them.
const TOLD: usize = 10;

pub(super) fn run(args: &ArgMatches, texts: Catalogue) -> Done {
    let files: Vec<PathBuf> = args.get_many("files").into_iter().flatten().cloned().collect();
    let file = args.get_one::<PathBuf>("feeds");
    let folder = args.get_one::<PathBuf>("data").cloned().unwrap_or_default();
    let speaker = Catalogue::load(texts.language());
    // Nothing is kept of what is asked here: where there is no data folder, none is made.
    let matched = if file.is_some() || !folder.exists() {
        app::match_parts(&files, file.map(PathBuf::as_path), &texts, time::now())
    } else {
        Desk::open(args, texts)?.app.match_parts(&files, time::now())
    };
    let view = matched.map_err(|error| Failure::new(&speaker, &error.message()))?;
    if args.get_flag("json") {
        output::json(&view)?;
    } else if args.get_flag("csv") {
        output::csv(
            &header(&speaker),
            view.matches.iter().map(|found| row(found, &speaker).to_vec()),
        )?;
    } else {
        tell(&view, &speaker)?;
    }
    let refused = view.documents.iter().any(|document| document.error.is_some());
    Ok(if refused { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

fn header(texts: &Catalogue) -> [String; 8] {
    [
        "column.urgency",
        "column.vulnerability",
        "column.component",
        "column.version",
        "column.fixed",
        "column.epss",
        "column.confidence",
        "column.reason",
    ]
    .map(|key| texts.text(key).into_owned())
}

fn row(found: &MatchedView, texts: &Catalogue) -> [String; 8] {
    let word = |family: &str, key: &str| texts.text(&format!("{family}.{key}")).into_owned();
    let exploited = found.kev.as_ref().map(|_| texts.text("cli.match.exploited").into_owned());
    let severity = word("cvss_severity", &found.severity);
    let rated =
        found.score.map_or_else(|| severity.clone(), |score| format!("{severity} {score:.1}"));
    [
        exploited.map_or_else(|| rated.clone(), |exploited| format!("{exploited} {rated}")),
        found.id.clone(),
        found.component.name.clone(),
        found.component.version.clone().unwrap_or_default(),
        found.fixed.join(", "),
        found
            .epss
            .as_ref()
            .map(|epss| format!("{:.1} %", epss.probability * 100.0))
            .unwrap_or_default(),
        word("confidence", &found.confidence),
        found.reason.clone(),
    ]
}

fn tell(view: &MatchView, texts: &Catalogue) -> Result<(), Failure> {
    let say = |message: &Message| texts.say(message);
    let mut text: String =
        view.documents.iter().map(|document| document_told(document, texts)).collect();
    if view.matches.is_empty() {
        // Where nothing could be judged, that nothing was found would read as all being well.
        if view.judged > 0 {
            text.push_str(&format!("\n{}\n", texts.text("cli.match.none")));
        }
        output::text(&text)?;
    } else {
        output::text(&format!("{text}\n"))?;
        let header = header(texts);
        let mut table = Table::new(&header[..7]);
        view.matches.iter().for_each(|found| table.row(&row(found, texts)[..7]));
        output::table(&table)?;
    }
    let mut after = format!(
        "\n{}\n",
        say(&msg!(
            "cli.match.counts",
            components = view.components,
            judged = view.judged,
            unjudged = view.unjudged,
            matches = view.matches.len(),
            cleared = view.cleared.len()
        ))
    );
    after.push_str(&unjudged(view, texts));
    if let Some(missing) = feeds::missing(view, texts) {
        after.push_str(&format!("{missing}\n"));
    }
    if let Some(days) = view.feeds.age_days {
        after.push_str(&format!("{}\n", say(&msg!("cli.feeds.age", days = days))));
    }
    output::text(&after)
}

fn document_told(document: &MatchedFileView, texts: &Catalogue) -> String {
    if let Some(error) = &document.error {
        return format!("✕ {}\n    {error}\n", document.path);
    }
    let kind = format!("format.{}", document.kind.as_deref().unwrap_or_default());
    let read = msg!(
        "cli.match.document",
        kind = texts.text(&kind).into_owned(),
        components = document.components
    );
    let mut text = format!("○ {}\n    {}\n", document.path, texts.say(&read));
    if let Some(product) = &document.product {
        let version = product.version.as_deref().unwrap_or_default();
        let product = msg!("cli.match.product", name = &product.name, version = version);
        text.push_str(&format!("    {}\n", texts.say(&product)));
    }
    if document.incomplete {
        text.push_str(&format!("    {}\n", texts.text("cli.match.incomplete")));
    }
    document
        .warnings
        .iter()
        .take(TOLD)
        .for_each(|warning| text.push_str(&format!("    - {warning}\n")));
    if document.warnings.len() > TOLD {
        let more = msg!("cli.feeds.more", more = document.warnings.len() - TOLD);
        text.push_str(&format!("    {}\n", texts.say(&more)));
    }
    text
}

/// Why components could not be judged, the commonest reason first.
fn unjudged(view: &MatchView, texts: &Catalogue) -> String {
    let mut by_reason: BTreeMap<&str, usize> = BTreeMap::new();
    view.not_judged.iter().for_each(|one| *by_reason.entry(&one.reason).or_default() += 1);
    let mut reasons: Vec<(&str, usize)> = by_reason.into_iter().collect();
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let told = reasons.iter().take(TOLD).map(|(reason, count)| {
        let reason = msg!("cli.match.unjudged", components = *count, reason = *reason);
        format!("  {}\n", texts.say(&reason))
    });
    told.collect()
}
