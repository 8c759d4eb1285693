//! Finding anything by what a person types: devices, findings, rules, zones, systems, lines and imports.

use std::collections::BTreeSet;

use domain::{DeviceId, FindingKey, fold};
use serde::Serialize;

use crate::board::{Board, BoardRow};
use crate::chart::label;
use crate::lists::Lists;
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
    /// Everything that holds all words of `typed`.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn look_up(
        &self,
        typed: &str,
        board: &Board,
        lists: &Lists,
        today: jiff::civil::Date,
    ) -> Result<LookupView, AppError> {
        let typed: String = typed.chars().take(LETTERS).collect();
        let words: Vec<String> = typed.split_whitespace().map(fold).collect();
        let holds = |text: &str| {
            let text = fold(text);
            !words.is_empty() && words.iter().all(|word| text.contains(word.as_str()))
        };
        let (matching, devices) = self.matching_devices(&typed)?;
        let keys: Vec<&BoardRow> = self.matching_findings(&typed, &matching, board);
        let shown: Vec<FindingKey> = keys.iter().take(MOST).map(|row| row.key.clone()).collect();
        let names = |all: &mut dyn Iterator<Item = &String>| -> Vec<String> {
            all.filter(|name| holds(name)).take(MOST).cloned().collect()
        };
        let mut rules = self.rules();
        rules.retain(|rule| holds(&format!("{} {}", rule.code, rule.name)));
        let mut imports = self.imports()?;
        imports.retain(|import| holds(&format!("{} {}", import.file, import.source)));
        imports.reverse();
        imports.truncate(MOST);
        let lines = lists.lines.iter().filter(|line| {
            holds(&format!("{} {} {} {}", line.device, line.name, line.description, line.peer))
        });
        Ok(LookupView {
            exact: if words.is_empty() { None } else { self.exact(&typed) },
            device_count: matching.len(),
            devices,
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
        })
    }

    /// The findings of `board` that come from a rule that holds the words, speak of a subject that does, or of a device that does;
    /// the most urgent first. Their sentences are not looked through: they are made of these.
    pub fn matching_findings<'b>(
        &self,
        typed: &str,
        devices: &BTreeSet<DeviceId>,
        board: &'b Board,
    ) -> Vec<&'b BoardRow> {
        let words: Vec<String> = typed.split_whitespace().map(fold).collect();
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
        let is_hit = |row: &&BoardRow| {
            rules.contains(&row.key.rule)
                || row.device.is_some_and(|id| devices.contains(&id))
                || row.device.is_none() && holds(&fold(&spoken_of(row)))
        };
        board.rows.iter().filter(is_hit).collect()
    }

    /// The devices that hold all words of `typed`, and the first of them as they are shown.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn matching_devices(
        &self,
        typed: &str,
    ) -> Result<(BTreeSet<DeviceId>, Vec<FoundDeviceView>), AppError> {
        let words: Vec<String> = typed.split_whitespace().map(fold).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let (mut ids, mut shown) = (BTreeSet::new(), Vec::new());
        if words.is_empty() {
            return Ok((ids, shown));
        }
        self.facility()?.read(|view| {
            view.each_device_with(&words, |row| {
                ids.insert(row.id);
                if shown.len() < MOST {
                    let about: Vec<&str> = [row.name, row.maker, row.model, row.location]
                        .into_iter()
                        .filter(|word| !word.is_empty())
                        .collect();
                    shown.push(FoundDeviceView {
                        id: row.id.to_string(),
                        label: label(&row),
                        about: about.join(" "),
                        addresses: row.addresses.lines().take(3).collect::<Vec<_>>().join(" "),
                    });
                }
                Ok::<_, AppError>(())
            })
        })?;
        Ok((ids, shown))
    }

    fn exact(&self, typed: &str) -> Option<String> {
        self.find_device(typed.trim()).ok().map(|id| id.to_string())
    }
}

/// What a finding that is of no device speaks of: an address, a source, a product.
fn spoken_of(row: &BoardRow) -> String {
    let subject = row.key.subject.to_string();
    subject.split_once(':').map_or(String::new(), |(_, name)| name.to_owned())
}
