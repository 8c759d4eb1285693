//! Backup logs: runs, and trials of bringing something back.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Field, Observation, ObservationKind};
use jiff::civil::{Date, DateTime, date};
use serde_json::{Map, Value, json};

use super::{Check, Checks, Sample, shown, value};

pub(super) const DEMO: Checks = &[
    ("findings", Check::Together),
    ("generations", Check::Holds(generations)),
    ("jobs", Check::Count),
    ("latest_success", Check::Holds(latest_success)),
    ("offline_copy", Check::Holds(offline_copy)),
    ("restore_test_last", Check::Holds(last_restore)),
    ("warning", Check::Count),
];

pub(super) const JOB_LOG: Checks =
    &[("offline", Check::Count), ("success", Check::Count), ("words", Check::Is(words))];

pub(super) const WBADMIN: Checks = &[
    ("identifier_is_utc", Check::Holds(identifier_is_universal)),
    ("latest", Check::Holds(latest_version)),
    ("share_note", Check::Holds(share_keeps_one)),
    ("versions", Check::Count),
];

const TODAY: Date = date(2026, 11, 20);

fn of(sample: &Sample, kind: ObservationKind) -> impl Iterator<Item = &Observation> {
    sample.reading.observations.iter().filter(move |run| run.kind == kind)
}

fn generations(sample: &Sample, expected: &Value) {
    for (job, count) in expected.as_object().unwrap() {
        assert_eq!(value(sample.with(Field::Job, job), Field::Generations), count.to_string());
    }
}

fn latest_success(sample: &Sample, expected: &Value) {
    let mut latest: BTreeMap<&str, Option<&str>> = BTreeMap::new();
    for run in of(sample, ObservationKind::BackupRun) {
        let entry = latest.entry(value(run, Field::Job)).or_default();
        if value(run, Field::Result) == "success" {
            *entry = (*entry).max(Some(value(run, Field::EndedAt)));
        }
    }
    assert_eq!(json!(latest), *expected);
}

fn offline_copy(sample: &Sample, expected: &Value) {
    let runs = of(sample, ObservationKind::BackupRun);
    let offline = runs.filter(|run| value(run, Field::Offline) == "yes");
    let jobs: BTreeSet<_> = offline.map(|run| value(run, Field::Job)).collect();
    assert_eq!(jobs, BTreeSet::from([super::bare(expected)]));
}

fn last_restore(sample: &Sample, expected: &Value) {
    let tests: Vec<_> = of(sample, ObservationKind::RestoreTest).collect();
    let [test] = tests.as_slice() else { panic!("{tests:?}") };
    let day: DateTime = value(test, Field::EndedAt).parse().unwrap();
    let days = (TODAY - day.date()).get_days();
    assert_eq!(json!(format!("{} ({days} days before {TODAY})", day.date())), *expected);
}

fn words(sample: &Sample) -> Value {
    let runs = sample.reading.observations.iter();
    let words =
        runs.map(|run| (shown(run, Field::Result).into(), value(run, Field::Result).into()));
    words.collect::<Map<String, Value>>().into()
}

fn identifier_is_universal(sample: &Sample, expected: &Value) {
    assert_eq!(*expected, json!("11/19/2026-14:00"));
    assert_eq!(value(&sample.reading.observations[1], Field::StartedAt), "2026-11-19T23:00:00");
}

fn latest_version(sample: &Sample, expected: &Value) {
    let times = sample.reading.observations.iter().map(|run| value(run, Field::StartedAt));
    let latest: DateTime = times.max().unwrap().parse().unwrap();
    assert_eq!(format!("{}+09:00", latest.strftime("%Y-%m-%dT%H:%M")), expected.as_str().unwrap());
}

fn share_keeps_one(sample: &Sample, _: &Value) {
    let run = &sample.reading.observations[1];
    assert_eq!((value(run, Field::Medium), value(run, Field::Generations)), ("share", "1"));
}
