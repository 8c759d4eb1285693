//! `systeminfo`, as its list and as CSV (`/fo csv`), in Japanese and English; also of several machines after one another.
//!
//! The list of updates is what the system itself has kept; it is not the full state of its patches.

use domain::fold::half_width;
use domain::{Field, Place, fold, msg};

use super::adapter::{self, Role};
use super::host::{Report, Reports, address};
use super::labels::{Label, label};
use super::moment::{self, Moment, Order};
use super::records::Records;
use crate::reader::{Head, Reader};
use crate::reading::{Input, Reading, Refusal, Score};
use crate::text::{Text, excerpt};

/// The reader of the list.
#[derive(Debug)]
pub struct SystemInfo;

/// The reader of `systeminfo /fo csv`.
#[derive(Debug)]
pub struct SystemInfoCsv;

impl Reader for SystemInfo {
    fn kind(&self) -> &'static str {
        "windows-systeminfo"
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        let has =
            |wanted| head.lines().any(|line| labelled(line.text).is_some_and(|(l, _)| l == wanted));
        if has(Label::OsName) && (has(Label::HostName) || has(Label::OsVersion)) {
            return Score::Certain;
        }
        if is_foreign(head) { Score::Likely } else { Score::No }
    }

    fn read(&self, input: &Input<'_>, text: &Text<'_>) -> Result<Reading, Refusal> {
        super::check_size(text)?;
        let mut scan = Scan {
            reports: Reports::new(self.kind(), input),
            machine: None,
            part: None,
            known: false,
        };
        for line in text.lines() {
            let written = half_width(line.text);
            if !written.trim().is_empty() {
                scan.line(&written, line.number, line.ended);
            }
        }
        scan.end_machine();
        // "Hostname" is the same word in several languages.
        if !scan.known {
            return Err(super::other_language(input, text));
        }
        scan.reports.finish()
    }
}

/// Label and value of a line at the left edge.
fn labelled(line: &str) -> Option<(Label, &str)> {
    if line.starts_with([' ', '\t']) {
        return None;
    }
    let (name, value) = line.split_once([':', '：'])?;
    label(name).map(|label| (label, value.trim()))
}

/// Numbered updates under some label, and a Windows in some value: the same list in another language.
fn is_foreign(head: &Head<'_>) -> bool {
    let mut updates = 0;
    let mut windows = false;
    for line in head.lines() {
        updates += usize::from(numbered(line.text.trim()).is_some_and(is_update));
        let value = line.text.split_once(':').map_or("", |(_, value)| value.trim());
        windows |= value.starts_with("Microsoft Windows ") && !line.text.starts_with(' ');
    }
    windows && updates > 0
}

/// What stands behind `[01]:`.
fn numbered(text: &str) -> Option<&str> {
    let (number, value) = text.strip_prefix('[')?.split_once("]:")?;
    number.bytes().all(|byte| byte.is_ascii_digit()).then(|| value.trim())
}

/// `KB5031361`, and `Q147222` of Windows XP.
pub(super) fn is_update(text: &str) -> bool {
    let digits = text.strip_prefix("KB").or_else(|| text.strip_prefix('Q'));
    digits.is_some_and(|digits| {
        (5..=8).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
    })
}

/// Which list the numbered lines belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    HotFixes,
    Networks,
}

/// One machine as far as it was read.
#[derive(Debug)]
struct Machine {
    report: Report,
    boot: Option<(u32, String)>,
    installed: Option<String>,
    /// How many updates the list says it has, where that is said; and how many it has.
    updates: (Option<u64>, u64),
    adapter: (String, String),
    cut: Option<u32>,
}

#[derive(Debug)]
struct Scan<'a> {
    reports: Reports<'a>,
    machine: Option<Machine>,
    part: Option<Part>,
    /// A label was met that only Japanese and English lists have.
    known: bool,
}

impl Scan<'_> {
    fn line(&mut self, line: &str, number: u32, ended: bool) {
        if let Some((label, value)) = labelled(line) {
            self.reports.reading.rows += 1;
            self.known |= matches!(label, Label::OsName | Label::OsVersion);
            if label == Label::HostName || self.machine.is_none() {
                self.end_machine();
                self.machine = Some(Machine::new(Place::line(number)));
            }
            self.part = match label {
                Label::HotFixes => Some(Part::HotFixes),
                Label::Networks => Some(Part::Networks),
                _ => None,
            };
            if let Some(machine) = &mut self.machine {
                machine.take(label, value, number, ended);
            }
        } else if line.starts_with([' ', '\t']) {
            if let (Some(machine), Some(part)) = (&mut self.machine, self.part) {
                machine.item(part, line.trim(), number, ended);
            }
        } else {
            self.part = None;
            let is_label = line.split_once(':').is_some_and(|(label, _)| label.len() < 80);
            let word = if super::is_prompt(line) { "prompt" } else { "other_text" };
            if !is_label || word == "prompt" {
                self.reports.reading.skip(word);
            }
        }
    }

    fn end_machine(&mut self) {
        if let Some(machine) = self.machine.take() {
            machine.finish(None, &mut self.reports);
        }
    }
}

impl Machine {
    fn new(place: Place) -> Self {
        Self {
            report: Report::new(place),
            boot: None,
            installed: None,
            updates: (None, 0),
            adapter: (String::new(), String::new()),
            cut: None,
        }
    }

    fn take(&mut self, label: Label, value: &str, line: u32, ended: bool) {
        // At a cut end a name or a version may lack its last letters.
        if !ended {
            self.cut = Some(line);
            return;
        }
        match label {
            Label::HostName => self.report.name(value),
            Label::OsName => self.report.fact(Field::Os, value),
            Label::OsVersion => self.report.fact_written(Field::OsVersion, &version(value), value),
            Label::Domain => self.report.domain(value),
            Label::Maker if !is_left_standing(value) => self.report.fact(Field::Maker, value),
            Label::Model if !is_left_standing(value) => self.report.fact(Field::Model, value),
            Label::Booted => self.boot = Some((line, value.to_owned())),
            Label::Installed => self.installed = Some(value.to_owned()),
            Label::HotFixes => self.updates.0 = first_number(value),
            _ => {}
        }
    }

    /// A line under the updates or under the cards.
    fn item(&mut self, part: Part, text: &str, line: u32, ended: bool) {
        if !ended {
            self.cut = Some(line);
            return;
        }
        match (part, numbered(text)) {
            (Part::HotFixes, Some(update)) => self.update(update),
            (Part::Networks, Some(value)) => match address(value) {
                Some(address) => self.address(address),
                None => self.adapter = (String::new(), value.to_owned()),
            },
            (Part::Networks, None) => {
                if let Some((name, value)) = text.split_once(':')
                    && matches!(fold(name).as_str(), "接続名" | "connectionname")
                {
                    value.trim().clone_into(&mut self.adapter.0);
                }
            }
            (Part::HotFixes, None) => {}
        }
    }

    fn update(&mut self, update: &str) {
        // `File 1` of Windows XP counts in the list, and names no update.
        self.updates.1 += 1;
        let update = update.split([' ', '-']).next().unwrap_or_default();
        if is_update(update) {
            self.report.fact(Field::Hotfix, update);
        }
    }

    fn address(&mut self, address: std::net::IpAddr) {
        let role = adapter::role(&self.adapter.0, &self.adapter.1, None);
        // Without its card a virtual switch cannot be told from one within the machine.
        if !matches!(role, Role::Inner | Role::Tunnel) {
            self.report.binding(None, Some((address, None)));
        }
    }

    /// Ends the machine; `order` is how its file writes dates, where that was seen before.
    fn finish(mut self, order: Option<Order>, reports: &mut Reports<'_>) {
        if let Some(line) = self.cut {
            reports.reading.warn(Place::line(line), msg!("windows.cut"));
        }
        let (said, listed) = self.updates;
        if self.cut.is_none() && said.is_some_and(|said| said > listed) {
            let message =
                msg!("windows.hotfixes_cut", said = said.unwrap_or_default(), listed = listed);
            reports.document(message);
        }
        reports.reading.count("hotfixes", listed);
        if let Some((line, written)) = self.boot.take() {
            let own = [written.as_str(), self.installed.as_deref().unwrap_or_default()];
            let order = order.or_else(|| moment::order(own));
            boot(&mut self.report, &written, order, Place::line(line), reports);
        }
        if self.report.has_name() || self.cut.is_none() {
            reports.add(self.report);
        }
    }
}

fn boot(
    report: &mut Report,
    written: &str,
    order: Option<Order>,
    place: Place,
    reports: &mut Reports<'_>,
) {
    match moment::read(written, order) {
        Moment::Ambiguous => {
            reports.reading.ask(place, msg!("windows.date_ambiguous", text = excerpt(written)));
        }
        Moment::Unreadable | Moment::Never if !matches!(written, "" | "N/A") => {
            reports.unreadable(place, written);
        }
        moment => {
            if let Some(stored) = moment.stored() {
                report.fact_written(Field::Booted, &stored, written);
            }
        }
    }
}

/// `10.0.17763` of `10.0.17763 N/A ビルド 17763`; a service pack is kept.
fn version(written: &str) -> String {
    let number = written.split_whitespace().next().unwrap_or_default();
    let pack =
        written.split_once("Service Pack ").and_then(|(_, pack)| pack.split_whitespace().next());
    let is_number = number.bytes().all(|b| b.is_ascii_digit() || b == b'.') && !number.is_empty();
    match (is_number, pack) {
        (true, Some(pack)) => format!("{number} Service Pack {pack}"),
        (true, None) => number.to_owned(),
        (false, _) => written.to_owned(),
    }
}

/// Words that board makers leave where the maker or the model should stand.
fn is_left_standing(value: &str) -> bool {
    const WORDS: [&str; 8] = [
        "tobefilledbyo.e.m.",
        "systemmanufacturer",
        "systemproductname",
        "defaultstring",
        "notapplicable",
        "n/a",
        "o.e.m.",
        "oem",
    ];
    WORDS.contains(&fold(value).as_str())
}

fn first_number(text: &str) -> Option<u64> {
    text.split_whitespace().next()?.parse().ok()
}

impl Reader for SystemInfoCsv {
    fn kind(&self) -> &'static str {
        "windows-systeminfo-csv"
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        let is_ours = Records::header(head.text, has_own_columns);
        if is_ours { Score::Certain } else { Score::No }
    }

    fn read(&self, input: &Input<'_>, text: &Text<'_>) -> Result<Reading, Refusal> {
        super::check_size(text)?;
        let mut reports = Reports::new(self.kind(), input);
        let mut labels: Vec<Option<Label>> = Vec::new();
        let mut machines = Vec::new();
        let mut dates = Vec::new();
        let mut records = Records::new(&text.body);
        while let Some((line, cells)) = records.next() {
            if has_own_columns(&cells) {
                labels = cells.iter().map(|cell| label(cell)).collect();
                reports.reading.skip("title");
                continue;
            }
            if labels.is_empty() || cells.len() != labels.len() {
                reports.unreadable(Place::line(line), &cells.join(","));
                continue;
            }
            reports.reading.rows += 1;
            let mut machine = Machine::new(Place::line(line));
            for (label, cell) in labels.iter().zip(&cells) {
                let Some(label) = *label else { continue };
                let ended = records.is_whole();
                machine.cell(label, &half_width(cell), line, ended);
            }
            dates.extend(machine.boot.iter().map(|(_, text)| text.clone()));
            dates.extend(machine.installed.clone());
            machines.push(machine);
        }
        // Machines of one list were asked from one place, whose region wrote all dates.
        let order = moment::order(dates.iter().map(String::as_str));
        machines.into_iter().for_each(|machine| machine.finish(order, &mut reports));
        reports.finish()
    }
}

/// Whether a header is this command's: no other list has the product id beside the system's name.
fn has_own_columns(cells: &[String]) -> bool {
    let has = |wanted| cells.iter().any(|cell| label(cell) == Some(wanted));
    has(Label::HostName) && has(Label::OsName) && has(Label::OsVersion) && has(Label::HotFixes)
}

impl Machine {
    /// A cell; the items of a list stand in it behind one another, with commas.
    fn cell(&mut self, label: Label, cell: &str, line: u32, ended: bool) {
        self.take(label, cell, line, ended);
        let part = match label {
            Label::HotFixes => Part::HotFixes,
            Label::Networks => Part::Networks,
            _ => return,
        };
        for item in cell.split(',').skip(1) {
            self.item(part, item.trim(), line, ended);
        }
    }
}
