//! The numbers at the head of the page, the deadlines and the zones.

use app::{Board, DecisionEnding, FindingView, Sources, Vitals};
use domain::{Message, Severity, msg};

use crate::frame::Frame;

/// Ends of support on the page.
const ENDINGS_TOLD: usize = 8;

/// Decisions that end soon, on the page.
pub(super) const DECISIONS_TOLD: usize = 8;

/// Zones on the page.
const ZONES_TOLD: usize = 14;

/// How many units a bar is long.
const BAR: u64 = 1000;

/// One number with what stands beside it.
pub(super) struct Tile {
    pub(super) tone: &'static str,
    pub(super) name: String,
    pub(super) value: String,
    pub(super) unit: String,
    pub(super) href: &'static str,
    pub(super) notes: Vec<Note>,
}

/// A line below a number, which may lead to a list.
pub(super) struct Note {
    pub(super) text: String,
    pub(super) href: Option<&'static str>,
}

/// A day by which something is to be done.
pub(super) struct Deadline {
    pub(super) day: String,
    pub(super) text: String,
    pub(super) href: String,
}

/// A zone as a bar.
pub(super) struct ZoneBar {
    pub(super) name: String,
    pub(super) said: String,
    /// Class, beginning and length of each part.
    pub(super) parts: Vec<(&'static str, u64, u64)>,
}

/// What the round says in one sentence.
pub(super) fn lede(frame: &Frame, board: &Board, vitals: &Vitals) -> String {
    if vitals.sources.newest.is_none() {
        return frame.say(&msg!("web.today.lede_nothing", day = frame.today));
    }
    let Some(round) = board.round() else {
        return frame.say(&msg!("web.today.lede_no_round", day = frame.today));
    };
    let at = round.run_at.parse::<jiff::Timestamp>();
    let at = at.map(app::clock_of).unwrap_or_default();
    let day = round.date.parse().unwrap_or(frame.today);
    let (new, gone) = (i64::from(round.new), i64::from(round.gone));
    let standing = i64::from(round.standing);
    let urgent = board.urgent();
    frame.say(&match urgent {
        0 => msg!(
            "web.today.lede_calm",
            day = day,
            at = at,
            new = new,
            gone = gone,
            standing = standing
        ),
        _ => msg!(
            "web.today.lede",
            day = day,
            at = at,
            new = new,
            gone = gone,
            standing = standing,
            urgent = urgent
        ),
    })
}

/// Kinds of documents that are missing, by key, in the order in which they help most.
pub(super) fn missing(sources: &Sources) -> Vec<&'static str> {
    [
        (sources.ledger, "ledger"),
        (sources.looks, "looks"),
        (sources.console, "console"),
        (sources.backups, "backups"),
    ]
    .into_iter()
    .filter_map(|(is_there, key)| (!is_there).then_some(key))
    .collect()
}

pub(super) fn tiles(frame: &Frame, board: &Board, vitals: &Vitals) -> Vec<Tile> {
    vec![
        ledger(frame, vitals),
        urgent(frame, board, vitals),
        support(frame, vitals),
        protection(frame, vitals),
        backups(frame, vitals),
    ]
}

/// Puts a tile together; what there is no document for is not known, whatever the number.
fn tile(
    frame: &Frame,
    name: &str,
    known: bool,
    tone: &'static str,
    value: &str,
    unit: &Message,
    href: &'static str,
) -> Tile {
    let unknown = frame.t("web.today.unknown").into_owned();
    Tile {
        tone: if known { tone } else { "unknown" },
        name: frame.t(name).into_owned(),
        value: if known { value.to_owned() } else { unknown },
        unit: if known { frame.say(unit) } else { String::new() },
        href: if known { href } else { "/imports" },
        notes: Vec::new(),
    }
}

impl Tile {
    fn note(mut self, frame: &Frame, message: &Message, href: &'static str) -> Self {
        let href = (!href.is_empty()).then_some(href);
        self.notes.push(Note { text: frame.say(message), href });
        self
    }

    /// The same where there is something to tell.
    fn note_if(self, is: bool, frame: &Frame, message: &Message, href: &'static str) -> Self {
        if is { self.note(frame, message, href) } else { self }
    }
}

fn ledger(frame: &Frame, vitals: &Vitals) -> Tile {
    let known = vitals.sources.ledger && vitals.sources.looks;
    let is_whole = vitals.seen == vitals.listed && vitals.only_seen == 0;
    let tone = if is_whole { "ok" } else { "warn" };
    let (seen, unit) = (vitals.seen.to_string(), msg!("web.today.of", count = vitals.listed));
    let name = "web.today.tile_ledger";
    let only = msg!("web.today.only_seen", count = vitals.only_seen);
    let missed = msg!("web.today.missed", count = vitals.missed);
    let unknown = msg!("web.today.sight_unknown", count = vitals.sight_unknown);
    let whole = msg!("web.today.listed_only", count = vitals.listed);
    tile(frame, name, known, tone, &seen, &unit, "/devices")
        .note_if(!known && vitals.sources.ledger, frame, &whole, "/devices")
        .note_if(vitals.sources.looks, frame, &only, "/findings?rule=NET001")
        .note_if(known, frame, &missed, "/findings?rule=NET002")
        .note_if(known && vitals.sight_unknown > 0, frame, &unknown, "/devices")
}

fn urgent(frame: &Frame, board: &Board, vitals: &Vitals) -> Tile {
    let open = |severity| board.open_of(severity);
    let (urgent, warning) = (open(Severity::Urgent), open(Severity::Warning));
    let unknown = open(Severity::Unknown);
    let tone = match (urgent, warning) {
        (0, 0) if unknown > 0 => "unknown",
        (0, 0) => "ok",
        (0, _) => "warn",
        _ => "danger",
    };
    let (value, unit) = (urgent.to_string(), msg!("web.today.cases"));
    // A round over nothing finds nothing: that is not good news.
    let done = board.last_round().is_some() && vitals.sources.newest.is_some();
    let href = "/findings?severity=urgent";
    let warnings = msg!("web.today.warnings", count = warning);
    let unknowns = msg!("web.today.unknowns", count = unknown);
    tile(frame, "web.today.tile_urgent", done, tone, &value, &unit, href)
        .note_if(done, frame, &warnings, "/findings?severity=warning")
        .note_if(unknown > 0, frame, &unknowns, "/findings?severity=unknown")
        .note_if(!done, frame, &msg!("web.today.no_round_yet"), "")
}

fn support(frame: &Frame, vitals: &Vitals) -> Tile {
    let known = vitals.sources.ledger;
    let tone = match (vitals.ended, vitals.near + vitals.support_unknown) {
        (0, 0) => "ok",
        (0, _) => "warn",
        _ => "danger",
    };
    let (value, unit) = (vitals.ended.to_string(), msg!("web.today.devices"));
    let near = msg!("web.today.near", count = vitals.near);
    let unknown = msg!("web.today.support_unknown", count = vitals.support_unknown);
    tile(frame, "web.today.tile_support", known, tone, &value, &unit, "/findings?rule=LIF001")
        .note_if(known, frame, &near, "/findings?rule=LIF002")
        .note_if(known, frame, &unknown, "/findings?rule=LIF003")
}

/// What is not known is the number: a console that tells of ten machines says nothing of the other two hundred.
fn protection(frame: &Frame, vitals: &Vitals) -> Tile {
    let known = vitals.sources.ledger;
    let tone = match (vitals.unprotected, vitals.protection_unknown) {
        (0, 0) => "ok",
        (0, _) => "unknown",
        _ => "warn",
    };
    let value = vitals.protection_unknown.to_string();
    let unit = msg!("web.today.of", count = vitals.protectable);
    let bad = msg!("web.today.unprotected", count = vitals.unprotected);
    let console = msg!("web.today.no_console");
    tile(frame, "web.today.tile_protection", known, tone, &value, &unit, "/findings?rule=AVP003")
        .note_if(known, frame, &bad, "/findings?rule=AVP001")
        .note_if(known && !vitals.sources.console, frame, &console, "/imports")
}

fn backups(frame: &Frame, vitals: &Vitals) -> Tile {
    let known = vitals.sources.backups;
    let backups = vitals.backups;
    let tone = if backups.proven == backups.groups { "ok" } else { "warn" };
    let (value, unit) =
        (backups.proven.to_string(), msg!("web.today.of_groups", count = backups.groups));
    let open = msg!("web.today.unproven", count = backups.groups - backups.proven);
    tile(frame, "web.today.tile_backups", known, tone, &value, &unit, "/findings?rule=BKP003")
        .note_if(known, frame, &open, "/findings?rule=BKP003")
        .note_if(!known, frame, &msg!("web.today.no_backups"), "/imports")
}

/// What ends soon: decisions, and support.
pub(super) fn deadlines(
    frame: &Frame,
    vitals: &Vitals,
    ending: &[DecisionEnding],
    views: &[FindingView],
) -> Vec<Deadline> {
    let decisions = ending.iter().take(DECISIONS_TOLD).filter_map(|end| {
        let view = views.iter().find(|view| view.key == end.key)?;
        let state = frame.word("finding_state", &end.state).into_owned();
        let text = msg!("web.today.decision_ends", title = view.title.as_str(), state = state);
        let href = format!("/findings?rule={}&severity={}", view.rule, view.severity);
        Some((end.until.clone(), frame.say(&text), href))
    });
    let support = vitals.endings.iter().take(ENDINGS_TOLD).map(|end| {
        let text = match end.devices {
            1 => msg!("web.today.support_ends_one", what = end.what.as_str()),
            count => msg!("web.today.support_ends", what = end.what.as_str(), count = count),
        };
        let chart = end.device.as_ref().map(|id| format!("/devices/{id}"));
        let href = chart.unwrap_or_else(|| "/findings?rule=LIF002".to_owned());
        (end.day.clone(), frame.say(&text), href)
    });
    let mut all: Vec<(String, String, String)> = decisions.chain(support).collect();
    all.sort();
    all.into_iter().map(|(day, text, href)| Deadline { day: frame.day(&day), text, href }).collect()
}

pub(super) fn zones(frame: &Frame, vitals: &Vitals) -> Vec<ZoneBar> {
    let mut zones: Vec<_> = vitals.zones.iter().filter(|zone| zone.devices > 0).collect();
    // The zones with most to look at first.
    zones.sort_by_key(|zone| std::cmp::Reverse((zone.urgent, zone.warning, zone.unknown)));
    zones.into_iter().take(ZONES_TOLD).map(|zone| zone_bar(frame, zone)).collect()
}

fn zone_bar(frame: &Frame, zone: &app::ZoneVital) -> ZoneBar {
    let mut parts = Vec::new();
    let mut from = 0;
    let mut done = 0;
    let counts = [
        ("danger", zone.urgent),
        ("warn", zone.warning),
        ("unknown", zone.unknown),
        ("ok", zone.fine),
    ];
    for (class, count) in counts {
        done += count;
        let to = done * BAR / zone.devices.max(1);
        if count > 0 {
            // A single device in a large zone is still to be seen.
            parts.push((class, from, (to - from).max(BAR / 100)));
        }
        from = to;
    }
    let said = msg!(
        "web.today.zone_said",
        count = zone.devices,
        urgent = zone.urgent,
        warning = zone.warning,
        unknown = zone.unknown,
        fine = zone.fine
    );
    ZoneBar { name: zone.name.clone(), said: frame.say(&said), parts }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kinds_of_documents_that_are_missing_are_named_in_order() {
        let none = Sources::default();
        assert_eq!(missing(&none), ["ledger", "looks", "console", "backups"]);
        let all = Sources { ledger: true, looks: true, console: true, backups: true, newest: None };
        assert!(missing(&all).is_empty());
        assert_eq!(missing(&Sources { console: false, ..all }), ["console"]);
    }
}
