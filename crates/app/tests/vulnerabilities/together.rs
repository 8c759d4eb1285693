//! Two who take feeds in at the same time.

use app::{AppError, FeedStep};

use super::*;

#[test]
fn of_two_imports_at_once_the_second_is_told() {
    let desk = Desk::with(&[EPSS_2022]);
    let mut is_first = true;
    let mut step = |step: FeedStep| {
        // While this one is being written, another one is finished.
        if step == FeedStep::Writing && std::mem::take(&mut is_first) {
            desk.import(&[KEV]);
        }
    };
    let late = desk.app.import_feeds(&[given(&feed(OSV))], &mut step, &act()).unwrap_err();
    assert!(
        matches!(&late, AppError::Feeds(said) if said.key == "app.feeds_meanwhile"),
        "{late:?}"
    );
    let names: Vec<String> = desk.sources().into_keys().collect();
    assert_eq!(
        names,
        ["epss epss_scores-2022-02-04.csv.gz", "kev known_exploited_vulnerabilities.json.gz"]
    );
    assert_eq!(desk.audited().len(), 2, "the first, and the one in between");
    desk.index();
    assert_eq!(desk.import(&[OSV]).feeds.sources.len(), 3, "once more, and it is in");
}

#[test]
fn the_steps_are_told_in_their_order() {
    let desk = Desk::new();
    let mut steps = Vec::new();
    let files = [given(&feed(EPSS_2022)), given(&feed(KEV))];
    desk.app.import_feeds(&files, &mut |step| steps.push(step), &act()).unwrap();
    assert_eq!(steps, [FeedStep::Reading(0), FeedStep::Reading(1), FeedStep::Writing]);
}

#[test]
fn an_index_that_somebody_still_looks_at_stays_readable_to_them() {
    let desk = Desk::with(&[OSV]);
    let view = desk.matched(DROPWIZARD);
    let other = App::open(desk.folder.path(), "main", Catalogue::load(Language::En)).unwrap();
    other.import_feeds(&[given(&feed(KEV))], &mut |_| {}, &act()).unwrap();
    assert_eq!(desk.matched(DROPWIZARD).matches.len(), view.matches.len());
    assert_eq!(desk.feeds().sources.len(), 2);
}
