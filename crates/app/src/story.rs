//! A device's chart with the reasons behind it: every line with who says it and who else says otherwise, and all that happened to it.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::sync::Arc;

use domain::{
    Addressing, DeviceId, Fact, Field, FindingDecision, IdentityDecision, Import, ImportId, Layer,
    ObservationKind, ObservationRef, Place, Sign, Verdict, fold, msg,
};
use engine::{Chart, Known};
use jiff::civil::Date;
use serde::Serialize;
use store::View;

use crate::board::day_of;
use crate::chart::OneDevice;
use crate::views::{ChartView, FindingView};
use crate::{App, AppError, drift};

/// A device's chart with the reasons behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StoryView {
    /// The chart.
    #[serde(flatten)]
    pub chart: ChartView,
    /// What people call it.
    pub label: String,
    /// What is known of it, field by field.
    pub lines: Vec<LineOfChartView>,
    /// What happened to it and what is to come, the newest first.
    pub events: Vec<EventView>,
    /// Events that are too many to be told.
    pub events_more: usize,
}

/// One field of a chart: what is declared and what was observed, the word that counts first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Default)]
pub struct LineOfChartView {
    /// The field, by key.
    pub field: String,
    /// What people wrote down.
    pub declared: Vec<ClaimView>,
    /// What was seen.
    pub observed: Vec<ClaimView>,
    /// Whether the two say different things.
    pub differs: bool,
    /// Whether a person can settle the difference by a word.
    pub can_be_settled: bool,
    /// Who said that the declaration stands against what is observed now, and when.
    pub kept: Option<(String, String)>,
}

/// Who says what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ClaimView {
    /// What is said, as a person should read it.
    pub shown: String,
    /// The same in canonical writing.
    pub value: String,
    /// `wins`, `same` (says the same as the winner), `older` (an older word of the same kind of source) or `weaker` (a source that
    /// counts for less).
    pub why: String,
    /// How many statements of this source say so.
    pub count: usize,
    /// The import.
    pub import: u32,
    /// Its file.
    pub file: String,
    /// The place in it.
    pub place: String,
    /// The same in words.
    pub place_said: String,
    /// The row alone, in words.
    pub row_said: String,
    /// What kind of statement it is, by key.
    pub kind: String,
    /// When it was so (RFC 3339, UTC).
    pub captured_at: String,
}

/// Something that happened to a device, or is to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EventView {
    /// The day.
    pub day: String,
    /// `import`, `finding`, `closed`, `decision`, `identity`, `seen` or `life`.
    pub kind: String,
    /// What happened, as a sentence.
    pub text: String,
    /// Where more stands about it; empty where nothing does.
    pub link: String,
}

/// Events that a chart tells.
const EVENTS: usize = 60;

/// Claims that a line tells of each layer.
const CLAIMS: usize = 6;

impl App {
    /// One device with the reasons behind its chart.
    ///
    /// # Errors
    ///
    /// [`AppError::NoDevice`], and what the store says.
    pub fn story(&self, id: DeviceId, today: Date) -> Result<StoryView, AppError> {
        let facility = self.facility()?;
        let (one, chart) = facility.read(|view| {
            let ground = self.ground(view)?;
            let one = OneDevice::load(view, Arc::clone(&ground), id)?;
            let findings = self.findings_in(view, ground, one.id, today)?;
            let chart = ChartView { findings, ..one.view(today)? };
            Ok::<_, AppError>((one, chart))
        })?;
        let (label, mut lines) =
            one.with(|known, own, _| (own.label(), self.lines_of(known, own)))?;
        for line in lines.iter_mut().filter(|line| line.differs) {
            let (Some(declared), Some(seen)) = (line.declared.first(), line.observed.first())
            else {
                continue;
            };
            let import = ImportId(declared.import);
            line.kept = facility.read(|view| drift::kept_against(view, import, &seen.value))?;
        }
        let mut events = facility.read(|view| self.events(view, &chart))?;
        events.extend(one.with(|known, own, _| self.imports_of(known, own))?);
        events.sort_by(|one, other| (&other.day, &other.kind).cmp(&(&one.day, &one.kind)));
        events.dedup();
        let events_more = events.len().saturating_sub(EVENTS);
        events.truncate(EVENTS);
        Ok(StoryView { chart, label, lines, events, events_more })
    }

    fn lines_of(&self, known: &Known<'_>, chart: &Chart<'_>) -> Vec<LineOfChartView> {
        let line = |field: Field| {
            let of = |layer| self.claims(known, &statements(known, chart, layer, field));
            let (declared, observed) = (of(Layer::Declared), of(Layer::Observed));
            let differs = differs(field, &declared, &observed);
            LineOfChartView {
                field: field.key().to_owned(),
                can_be_settled: differs && drift::can_be_settled(field),
                kept: None,
                declared,
                observed,
                differs,
            }
        };
        // The sign that a statement names its device by says nothing of the device; what it says it is stands apart, with what that tells.
        let apart = [Field::About, Field::Banner];
        let fields = Field::ALL.into_iter().filter(|field| !apart.contains(field));
        let told = |line: &LineOfChartView| !line.declared.is_empty() || !line.observed.is_empty();
        let mut lines: Vec<LineOfChartView> = fields.map(line).filter(told).collect();
        // What differs is to be settled; then comes where it is on the network, which people look for first.
        lines
            .sort_by_key(|line| (!line.differs, !matches!(line.field.as_str(), "address" | "mac")));
        lines
    }

    /// The claims of a layer, the one that wins first; what one source says again and again is told once.
    fn claims(&self, known: &Known<'_>, said: &[Statement]) -> Vec<ClaimView> {
        let mut claims: Vec<ClaimView> = Vec::new();
        for statement in said {
            let Some(imported) = known.world.import(statement.at.import) else { continue };
            let same = claims
                .iter_mut()
                .find(|claim| claim.value == statement.value && claim.kind == statement.kind.key());
            if let Some(claim) = same {
                claim.count += 1;
                continue;
            }
            let first = claims.first();
            let why = match first {
                None => "wins",
                Some(first) if fold(&first.value) == fold(&statement.value) => "same",
                Some(first) if first.kind == statement.kind.key() => "older",
                Some(_) => "weaker",
            };
            claims.push(self.claim(known, statement, imported.import, why));
        }
        claims.truncate(CLAIMS);
        claims
    }

    fn claim(&self, known: &Known<'_>, said: &Statement, import: &Import, why: &str) -> ClaimView {
        let place = known.world.observation(said.at).map(|seen| seen.place.clone());
        let place = place.unwrap_or_default();
        ClaimView {
            shown: self.value_said(said),
            value: said.value.clone(),
            why: why.to_owned(),
            count: 1,
            import: import.id.0,
            file: import.file_name.clone(),
            place_said: self.catalogue().place(&place),
            row_said: self.catalogue().place(&Place { sheet: None, ..place.clone() }),
            place: place.to_string(),
            kind: said.kind.key().to_owned(),
            captured_at: import.captured_at.to_string(),
        }
    }

    /// The value as written; words of the vocabulary in the reader's language where nothing else was written.
    fn value_said(&self, said: &Statement) -> String {
        // Beside a fixed address the cell holds the address, which stands elsewhere on the chart.
        let fixed = said.field == Field::Addressing && said.value == Addressing::Static.key();
        match said.written.as_ref().filter(|_| !fixed) {
            Some(written) => written.clone(),
            None => self.word_of(said.field, &said.value),
        }
    }

    /// A value in canonical writing as a person should read it: words of the vocabulary in the reader's language.
    pub(crate) fn word_of(&self, field: Field, value: &str) -> String {
        let family = match field {
            Field::Addressing => "addressing",
            Field::Kind => "kind",
            Field::Status => "status",
            _ => return value.to_owned(),
        };
        self.catalogue().text(&format!("{family}.{value}")).into_owned()
    }

    /// What the store tells of the device's past: findings, decisions about them, and what people said of its identity.
    fn events(&self, view: &View, chart: &ChartView) -> Result<Vec<EventView>, AppError> {
        let mut events = Vec::new();
        let mut asked = BTreeSet::new();
        for finding in &chart.findings {
            events.extend(self.finding_events(finding));
            let Ok(key) = finding.key.parse() else { continue };
            if asked.insert(finding.key.clone()) {
                let history = view.finding_history(&key)?;
                events
                    .extend(history.iter().map(|decision| self.decision_event(finding, decision)));
            }
        }
        for decision in view.identity_decisions()? {
            let signs = [decision.one.to_string(), decision.other.to_string()];
            if signs.iter().any(|sign| chart.signs.contains(sign)) {
                events.push(self.identity_event(&decision, &chart.signs));
            }
        }
        let life = &chart.device.lifecycle;
        for (key, day) in [("lifecycle.eol", &life.eol), ("lifecycle.eos", &life.eos)] {
            let Some(day) = day else { continue };
            events.push(event(day, "life", self.catalogue().text(key).into_owned(), String::new()));
        }
        Ok(events)
    }

    fn finding_events(&self, finding: &FindingView) -> Vec<EventView> {
        let link = format!("/findings/one?key={}", encoded(&finding.key));
        let (rule, title) = (&finding.rule, &finding.title);
        let opened = self.catalogue().say(&msg!("event.opened", rule = rule, title = title));
        let mut events = vec![event(&finding.opened, "finding", opened, link.clone())];
        if let Some(closed) = &finding.closed {
            let text = self.catalogue().say(&msg!("event.closed", rule = rule, title = title));
            events.push(event(closed, "closed", text, link));
        }
        events
    }

    fn decision_event(&self, finding: &FindingView, decision: &FindingDecision) -> EventView {
        let state =
            domain::message::Arg::Term(format!("finding_state.{}", decision.state.key()).into());
        let message = domain::Message::new("event.decided")
            .with("rule", finding.rule.as_str())
            .with("state", state)
            .with("reason", decision.reason.as_str())
            .with("by", decision.by.as_str());
        let text = self.catalogue().say(&message);
        let link = format!("/findings/one?key={}", encoded(&finding.key));
        event(&day_of(decision.at).to_string(), "decision", text, link)
    }

    fn identity_event(&self, decision: &IdentityDecision, own: &[String]) -> EventView {
        let mine = |sign: &Sign| own.contains(&sign.to_string());
        let other = if mine(&decision.one) { &decision.other } else { &decision.one };
        let (sign, by) = (self.sign_said(other), &decision.by);
        let message = match decision.verdict {
            Verdict::Same => msg!("event.same", sign = sign, by = by),
            Verdict::NotSame => msg!("event.not_same", sign = sign, by = by),
        };
        let text = self.catalogue().say(&message);
        event(&day_of(decision.at).to_string(), "identity", text, "/queue".to_owned())
    }

    /// Every import that tells of the device, with the first place where it does; and when it was first met.
    fn imports_of(&self, known: &Known<'_>, chart: &Chart<'_>) -> Vec<EventView> {
        let mut met = BTreeSet::new();
        let mut events = Vec::new();
        for (at, seen) in chart.members() {
            let Some(imported) = known.world.import(at.import).filter(|_| met.insert(at.import))
            else {
                continue;
            };
            let import = imported.import;
            let what = self.catalogue().text(&format!("observation.{}", seen.kind.key()));
            let message = msg!("event.import", what = what.into_owned(), file = &import.file_name);
            let link =
                format!("/imports/{}/row?place={}", import.id, encoded(&seen.place.to_string()));
            let day = day_of(import.captured_at).to_string();
            events.push(event(&day, "import", self.catalogue().say(&message), link));
        }
        let first = chart.sightings().pop();
        events.extend(first.map(|seen| {
            let message = msg!("event.first_seen", address = seen.address.to_string());
            let day = day_of(seen.time).to_string();
            event(&day, "seen", self.catalogue().say(&message), String::new())
        }));
        events
    }

    /// A sign in words: what kind it is, and its value.
    pub fn sign_said(&self, sign: &Sign) -> String {
        let (kind, value) = match sign {
            Sign::AssetNumber { number, .. } => (Some(Field::AssetNumber), number.clone()),
            Sign::Serial { serial, .. } => (Some(Field::Serial), serial.clone()),
            Sign::Mac(mac) | Sign::LocalMac { mac, .. } => (Some(Field::Mac), mac.to_string()),
            Sign::HostName(name) => (Some(Field::Hostname), name.clone()),
            Sign::Address { address, .. } => (Some(Field::Address), address.to_string()),
            Sign::Row(_) => (None, String::new()),
        };
        match kind {
            Some(field) => {
                format!("{} {value}", self.catalogue().text(&format!("field.{}", field.key())))
            }
            None => self.catalogue().text("event.row_sign").into_owned(),
        }
    }
}

fn event(day: &str, kind: &str, text: String, link: String) -> EventView {
    EventView { day: day.to_owned(), kind: kind.to_owned(), text, link }
}

/// What one observation says of one field.
struct Statement {
    field: Field,
    at: ObservationRef,
    kind: ObservationKind,
    value: String,
    written: Option<String>,
}

/// All that a layer says of `field`, the word that counts first.
fn statements(known: &Known<'_>, chart: &Chart<'_>, layer: Layer, field: Field) -> Vec<Statement> {
    let ranked = match layer {
        Layer::Declared => &chart.device.declared,
        Layer::Observed => &chart.device.observed,
    };
    let mut said = Vec::new();
    for at in ranked {
        let Some(seen) = known.world.observation(*at) else { continue };
        let statement =
            |value: String, written| Statement { field, at: *at, kind: seen.kind, value, written };
        match field {
            // An address of an earlier edition is history.
            Field::Address if counts(known, *at, layer) => {
                let addresses = seen.bindings.iter().filter_map(|binding| binding.address);
                said.extend(addresses.map(|address: IpAddr| statement(address.to_string(), None)));
            }
            Field::Mac if counts(known, *at, layer) => {
                let macs = seen.bindings.iter().filter_map(|binding| binding.mac);
                said.extend(macs.map(|mac| statement(mac.to_string(), None)));
            }
            Field::Address | Field::Mac => {}
            _ => {
                let facts: Vec<Fact<'_>> =
                    seen.facts.iter().filter(|fact| fact.field == field).collect();
                let Some(first) = facts.first() else { continue };
                let value = match facts.len() {
                    1 => first.value.to_owned(),
                    _ => facts.iter().map(|fact| fact.value).collect::<Vec<_>>().join(", "),
                };
                let written = first.written.filter(|_| facts.len() == 1).map(str::to_owned);
                said.push(statement(value, written));
            }
        }
    }
    said
}

fn counts(known: &Known<'_>, at: ObservationRef, layer: Layer) -> bool {
    layer == Layer::Observed || known.world.in_force(at)
}

/// Whether the two layers say different things. A host name counts without its domain; a word that holds the other is the same said
/// more exactly; and of several addresses one in common is enough.
fn differs(field: Field, declared: &[ClaimView], observed: &[ClaimView]) -> bool {
    // A reservation and the lease that follows from it say different things of one and the same.
    if matches!(field, Field::LeaseState | Field::LeaseEnd) {
        return false;
    }
    let (Some(one), Some(other)) = (declared.first(), observed.first()) else { return false };
    if matches!(field, Field::Address | Field::Mac) {
        return !observed
            .iter()
            .any(|seen| declared.iter().any(|written| written.value == seen.value));
    }
    let plain = |claim: &ClaimView| {
        let folded: String = fold(&claim.value).split_whitespace().collect();
        match field {
            Field::Hostname => folded.split('.').next().unwrap_or_default().to_owned(),
            _ => folded,
        }
    };
    let (one, other) = (plain(one), plain(other));
    !(one.contains(&other) || other.contains(&one))
}

/// A text as it can stand in the query of an address.
pub(crate) fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| match plain(byte) {
            true => char::from(byte).to_string(),
            false => format!("%{byte:02X}"),
        })
        .collect()
}
