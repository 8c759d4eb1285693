//! Finding anything by what a person types: devices, findings, rules, zones, systems, lines, imports and notices.

use std::collections::{BTreeSet, HashSet};

use domain::{DeviceId, Field, FindingKey, MacAddress, fold};
use serde::Serialize;

use crate::board::{Board, BoardRow};
use crate::lists::Lists;
use crate::notice::Reader;
use crate::roll::{Ask, Roll, RollRow};
use crate::rules::RuleView;
use crate::views::{FindingView, ImportRowView};
use crate::{App, AppError};

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LookupView {
    /// The one device that is exactly what was typed: its number, name, address or card.
    pub exact: Option<String>,
    /// How many devices hold all words.
    pub device_count: usize,
    /// The first of them.
    pub devices: Vec<FoundDeviceView>,
    /// How many findings speak of such devices or come from such rules.
    pub finding_count: usize,
    /// The most urgent of them.
    pub findings: Vec<FindingView>,
    /// Rules.
    pub rules: Vec<RuleView>,
    /// Names of zones.
    pub zones: Vec<String>,
    /// Names of systems.
    pub systems: Vec<String>,
    /// Names of departments.
    pub departments: Vec<String>,
    /// Lines: the device's id, the device, and the line's name.
    pub lines: Vec<(String, String, String)>,
    /// Imports.
    pub imports: Vec<ImportRowView>,
    /// Notices that the reader may know of: number, sender and title.
    pub notices: Vec<(u32, String, String)>,
}

/// A device that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FoundDeviceView {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub label: String,
    /// What it is and where, in the words of its ledger.
    pub about: String,
    /// Its addresses.
    pub addresses: String,
}

/// Hits of one kind that are shown.
const MOST: usize = 20;

/// Letters of a search; nobody types more.
const LETTERS: usize = 200;

impl App {
    /// Everything that holds all words of `typed`, as `reader` may know of it.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn look_up(
        &self,
        typed: &str,
        board: &Board,
        lists: &Lists,
        roll: &Roll,
        (reader, today): (Reader, jiff::civil::Date),
    ) -> Result<LookupView, AppError> {
        let typed: String = typed.chars().take(LETTERS).collect();
        let words: Vec<String> = typed.split_whitespace().map(fold).collect();
        let holds = |text: &str| {
            let text = fold(text);
            !words.is_empty() && words.iter().all(|word| text.contains(word.as_str()))
        };
        let matching = matching_devices(&typed, roll);
        let ids = matching.iter().map(RollRow::id).collect();
        let keys: Vec<BoardRow<'_>> = self.of_devices(&words, &ids, board);
        let shown: Vec<FindingKey> = keys.iter().take(MOST).map(BoardRow::key).collect();
        let names = |all: &mut dyn Iterator<Item = &String>| -> Vec<String> {
            all.filter(|name| holds(name)).take(MOST).cloned().collect()
        };
        let mut rules = self.rules();
        rules.retain(|rule| holds(&format!("{} {}", rule.code, rule.name)));
        let mut imports = self.imports()?;
        imports.retain(|import| holds(&format!("{} {}", import.file, import.source)));
        imports.reverse();
        imports.truncate(MOST);
        let mut notices = self.notices(reader, today)?;
        notices.retain(|notice| {
            holds(&format!("{} {} {} {}", notice.number, notice.name, notice.title, notice.text))
        });
        let lines = lists.lines.iter().filter(|line| {
            holds(&format!("{} {} {} {}", line.device, line.name, line.description, line.peer))
        });
        Ok(LookupView {
            exact: self.exact(typed.trim(), &matching),
            device_count: matching.len(),
            devices: matching.iter().take(MOST).map(found_device).collect(),
            finding_count: keys.len(),
            findings: self.findings_by_key(&shown, today)?,
            rules,
            zones: names(&mut lists.zones.iter().filter_map(|zone| zone.name.as_ref())),
            systems: names(&mut lists.systems.iter().map(|system| &system.name)),
            departments: names(&mut lists.departments.iter().map(|department| &department.name)),
            lines: lines
                .take(MOST)
                .map(|line| (line.device_id.clone(), line.device.clone(), line.name.clone()))
                .collect(),
            imports,
            notices: notices
                .into_iter()
                .take(MOST)
                .map(|notice| (notice.number, notice.name, notice.title))
                .collect(),
        })
    }

    /// The findings of `board` that come from a rule that holds the words, speak of a subject that does, or of a device that does;
    /// the most urgent first. Their sentences are not looked through: they are made of these.
    pub fn matching_findings<'b>(
        &self,
        typed: &str,
        roll: &Roll,
        board: &'b Board,
    ) -> Vec<BoardRow<'b>> {
        let words: Vec<String> = typed.split_whitespace().map(fold).collect();
        let ids = matching_devices(typed, roll).iter().map(RollRow::id).collect();
        self.of_devices(&words, &ids, board)
    }

    fn of_devices<'b>(
        &self,
        words: &[String],
        devices: &HashSet<DeviceId>,
        board: &'b Board,
    ) -> Vec<BoardRow<'b>> {
        if words.is_empty() {
            return Vec::new();
        }
        let holds = |text: &str| words.iter().all(|word| text.contains(word.as_str()));
        let rules: BTreeSet<String> = self
            .rules()
            .into_iter()
            .filter(|rule| holds(&fold(&format!("{} {}", rule.code, rule.name))))
            .map(|rule| rule.code)
            .collect();
        let is_hit = |row: &BoardRow<'_>| {
            row.device().is_some_and(|id| devices.contains(&id))
                || !rules.is_empty() && rules.contains(row.rule.as_str())
                || row.device().is_none() && holds(&fold(&spoken_of(row)))
        };
        board.rows().filter(is_hit).collect()
    }

    /// The one device that is exactly what was typed. An id may be one of before, which the store leads on.
    fn exact(&self, typed: &str, matching: &[RollRow<'_>]) -> Option<String> {
        if typed.parse::<DeviceId>().is_ok()
            && let Ok(id) = self.find_device(typed)
        {
            return Some(id.to_string());
        }
        let wanted = fold(typed);
        let mut exact = matching.iter().filter(|row| is_named(row, &wanted)).map(RollRow::id);
        let first = exact.next()?;
        exact.next().is_none().then(|| first.to_string())
    }
}

/// The devices that hold all words of `typed`; none where there is no word.
fn matching_devices<'r>(typed: &str, roll: &'r Roll) -> Vec<RollRow<'r>> {
    if typed.trim().is_empty() {
        return Vec::new();
    }
    let found = roll.find(&Ask { search: typed.to_owned(), ..Ask::default() });
    found.rows.into_iter().map(|row| roll.row(row)).collect()
}

/// Whether `wanted`, folded, is the number, a name, an address or a card of the device.
fn is_named(row: &RollRow<'_>, wanted: &str) -> bool {
    let fields = [Field::AssetNumber, Field::Hostname, Field::Address, Field::Mac];
    let lines = fields.into_iter().flat_map(|field| row.value(field).lines());
    lines.chain(row.seen_addresses()).any(|known| fold(known) == wanted)
        || wanted
            .parse::<MacAddress>()
            .is_ok_and(|mac| row.value(Field::Mac).lines().any(|known| known.parse() == Ok(mac)))
}

fn found_device(row: &RollRow<'_>) -> FoundDeviceView {
    let about =
        [Field::Name, Field::Maker, Field::Model, Field::Location].map(|field| row.value(field));
    let about: Vec<&str> = about.into_iter().filter(|word| !word.is_empty()).collect();
    let mut addresses: Vec<&str> = row.addresses().chain(row.seen_addresses()).collect();
    addresses.dedup();
    addresses.truncate(3);
    FoundDeviceView {
        id: row.id().to_string(),
        label: row.full_label(),
        about: about.join(" "),
        addresses: addresses.join(" "),
    }
}

/// What a finding that is of no device speaks of: an address, a source, a product.
fn spoken_of(row: &BoardRow<'_>) -> String {
    let subject = row.key().subject.to_string();
    subject.split_once(':').map_or(String::new(), |(_, name)| name.to_owned())
}
