//! Backup jobs, from the runs that logs and consoles list: a view over observations, nothing kept.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Field, Medium, ObservationKind, ObservationRef, RunResult, fold};
use jiff::civil::Date;

use crate::known::Known;
use crate::protection::day;
use crate::world::Recorded;

/// One backup job with its runs, the oldest first.
#[derive(Debug, Clone)]
pub struct Job<'a> {
    /// Its name, as written.
    pub name: &'a str,
    /// The system it belongs to, where the list says it.
    pub system: Option<&'a str>,
    /// Its runs.
    pub runs: Vec<Run<'a>>,
}

/// One run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run<'a> {
    /// What says so.
    pub at: ObservationRef,
    /// The day it began.
    pub day: Option<Date>,
    /// How it ended.
    pub result: RunResult,
    /// The word of the list for it.
    pub shown: &'a str,
    /// What it was written on.
    pub medium: Option<Medium>,
    /// Whether the copy is off the network.
    pub offline: bool,
    /// How many generations are kept.
    pub generations: Option<u32>,
}

/// One trial of bringing a backup back.
#[derive(Debug, Clone, Copy)]
pub struct Trial<'a> {
    /// What says so.
    pub at: ObservationRef,
    /// The job or system it names, as written.
    pub name: &'a str,
    /// The day.
    pub day: Option<Date>,
    /// How it ended.
    pub result: RunResult,
}

/// Jobs that look after one thing: those of one system, or those whose names begin with the shortest of them.
#[derive(Debug, Clone)]
pub struct Group<'a> {
    /// The system, or the shortest name.
    pub name: &'a str,
    /// Its jobs, by name.
    pub jobs: Vec<Job<'a>>,
}

impl<'a> Run<'a> {
    fn of(recorded: &'a Recorded) -> Self {
        let facts = &recorded.observation.facts;
        let began = facts.value(Field::StartedAt).or_else(|| facts.value(Field::EndedAt));
        Self {
            at: recorded.at,
            day: began.and_then(day),
            result: result(recorded),
            shown: facts.get(Field::Result).map_or("", |fact| fact.shown()),
            medium: facts.value(Field::Medium).and_then(Medium::from_key),
            offline: facts.value(Field::Offline) == Some("yes"),
            generations: facts.value(Field::Generations).and_then(|number| number.parse().ok()),
        }
    }

    /// Whether the copy can be out of reach of somebody who holds the network.
    pub fn is_off_the_network(&self) -> bool {
        self.offline || self.medium == Some(Medium::Tape)
    }
}

fn result(recorded: &Recorded) -> RunResult {
    let word = recorded.observation.facts.value(Field::Result);
    word.and_then(RunResult::from_key).unwrap_or(RunResult::Unrecognised)
}

/// Every job of lists in force, by name.
pub fn jobs<'a>(known: &Known<'a>) -> Vec<Job<'a>> {
    let mut jobs: BTreeMap<String, Job<'a>> = BTreeMap::new();
    for (recorded, _) in known.world.statements(ObservationKind::BackupRun) {
        let facts = &recorded.observation.facts;
        let Some(name) = facts.value(Field::Job).or_else(|| facts.value(Field::System)) else {
            continue;
        };
        let job =
            jobs.entry(fold(name)).or_insert_with(|| Job { name, system: None, runs: Vec::new() });
        job.system = job.system.or_else(|| facts.value(Field::System));
        job.runs.push(Run::of(recorded));
    }
    let mut jobs: Vec<Job<'a>> = jobs.into_values().collect();
    for job in &mut jobs {
        job.runs.sort_by_key(|run| (run.day, run.at));
    }
    jobs
}

/// Every trial of a restore that any list told of, the newest first.
pub fn trials<'a>(known: &Known<'a>) -> Vec<Trial<'a>> {
    let of = |(recorded, _): (&'a Recorded, _)| {
        let facts = &recorded.observation.facts;
        let ended = facts.value(Field::EndedAt).or_else(|| facts.value(Field::StartedAt));
        Trial {
            at: recorded.at,
            name: facts
                .value(Field::System)
                .or_else(|| facts.value(Field::Job))
                .unwrap_or_default(),
            day: ended.and_then(day),
            result: result(recorded),
        }
    };
    let mut trials: Vec<Trial<'a>> =
        known.world.statements(ObservationKind::RestoreTest).map(of).collect();
    trials.sort_by_key(|trial| std::cmp::Reverse((trial.day, trial.at)));
    // A list tells again of the trials that the list before it told of.
    let mut told = BTreeSet::new();
    trials.retain(|trial| told.insert((fold(trial.name), trial.day, trial.result)));
    trials
}

/// The jobs in groups, by name.
pub fn groups<'a>(known: &Known<'a>) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    let mut jobs = jobs(known);
    // The shortest name first: `EHR-DB` before `EHR-DB-TAPE`.
    jobs.sort_by_key(|job| (fold(job.name).len(), fold(job.name)));
    for job in jobs {
        let home = groups.iter_mut().find(|group| match job.system {
            Some(system) => fold(group.name) == fold(system),
            None => continues(&fold(job.name), &fold(group.name)),
        });
        match home {
            Some(group) => group.jobs.push(job),
            None => {
                groups.push(Group { name: job.system.unwrap_or(job.name), jobs: vec![job] });
            }
        }
    }
    groups.sort_by_key(|group| fold(group.name));
    groups
}

/// Whether `name` is `stem` with something set off from it behind it.
fn continues(name: &str, stem: &str) -> bool {
    name == stem
        || name
            .strip_prefix(stem)
            .is_some_and(|rest| rest.starts_with(|c: char| !c.is_alphanumeric()))
}

impl Group<'_> {
    /// Whether `trial` was of this group: it names the group, or one of its jobs.
    pub fn is_tried_by(&self, trial: &Trial<'_>) -> bool {
        let tried = fold(trial.name);
        let names = self.jobs.iter().map(|job| job.name).chain([self.name]);
        names.map(fold).any(|name| !name.is_empty() && tried.contains(&name))
    }
}
