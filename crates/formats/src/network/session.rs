//! Logs of terminal sessions with several commands, split at the prompts; each part goes to the reader that knows it.
//!
//! One log may hold several devices, one after the other: each prompt's name is one of them. A command nobody knows is counted and
//! named, and costs only its own part.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Place, msg};

use super::gathering::{DeviceFormat, Gathering, Part};
use super::mask;
use super::{FORMATS, LISTS};
use crate::reader::{Head, Reader, Secrets};
use crate::reading::{Input, Reading, Refusal, Score};
use crate::terminal;
use crate::text::{Text, excerpt, lines};

/// The reader of logs with several commands.
#[derive(Debug)]
pub struct SessionLog;

/// How many skipped commands are named.
const MAX_NAMED: usize = 8;

/// No log is of more devices than this; what bounds the search for their names.
const MAX_DEVICES: usize = 1024;

/// One command with its answer.
#[derive(Debug, Clone, Copy)]
struct Answer<'a> {
    host: &'a str,
    command: &'a str,
    part: Part<'a>,
}

impl Reader for SessionLog {
    fn kind(&self) -> &'static str {
        "network-session"
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        if is_log(head.text) { Score::Certain } else { Score::No }
    }

    fn secrets(&self) -> Secrets {
        Secrets::Always
    }

    fn read(&self, input: &Input<'_>, text: &Text<'_>) -> Result<Reading, Refusal> {
        // A pager's marks and corrected typing would hide prompts and rows.
        let shown = mask::mask(&text.body).text;
        let mut log = Log::default();
        let answers = answers(&shown);
        let first = answers.first().map_or(0, |answer| answer.part.before);
        let greeting = lines(&shown).take_while(|line| line.number < first);
        greeting
            .filter(|line| !line.text.trim().is_empty())
            .for_each(|_| log.reading.skip("other_text"));
        for answer in answers {
            log.take(answer, input);
        }
        log.finish(input)
    }
}

/// Whether a text is a log with the answers of several commands, or with one that only a log tells.
pub(crate) fn is_log(body: &str) -> bool {
    let head = body.get(..body.floor_char_boundary(crate::text::HEAD_BYTES)).unwrap_or(body);
    if !lines(head).any(|line| asked(&terminal::clean(line.text)).is_some()) {
        return false;
    }
    let shown: String = lines(body)
        .flat_map(|line| [terminal::clean(line.text).into_owned(), "\n".to_owned()])
        .collect();
    let (mut asked, mut listed) = (0, false);
    for answer in answers(&shown).into_iter().filter(|answer| !answer.part.body.trim().is_empty()) {
        if is_preparing(answer.command) {
            continue;
        }
        asked += 1;
        match known(answer.part) {
            Some(Known::Format(_)) => return true,
            Some(Known::List(_)) => listed = true,
            None => {}
        }
    }
    asked > 1 && listed
}

/// The host and command of a line on which a device is asked something.
fn asked(line: &str) -> Option<(&str, &str)> {
    let (host, command) = terminal::prompt(line)?;
    is_question(command).then_some((host, command))
}

/// Whether a command asks something: `show`, `get`, `diagnose`, `execute`, and their short forms.
fn is_question(command: &str) -> bool {
    let mut words = command.split_whitespace().map(str::to_ascii_lowercase);
    let first = words.next().unwrap_or_default();
    let first = if first == "do" { words.next().unwrap_or_default() } else { first };
    let short_of =
        |whole: &str, least: usize| first.len() >= least && whole.starts_with(first.as_str());
    short_of("show", 2)
        || first == "get"
        || short_of("diagnose", 4)
        || short_of("execute", 4)
        || short_of("display", 4)
        || first == "less"
}

/// Whether a command only prepares the session, or changes something: its answer is no list.
fn is_preparing(command: &str) -> bool {
    !is_question(command)
}

/// The commands of a log with their answers.
fn answers(shown: &str) -> Vec<Answer<'_>> {
    let hosts: BTreeSet<&str> = lines(shown).filter_map(|line| Some(asked(line.text)?.0)).collect();
    let mut found: Vec<Answer<'_>> = Vec::new();
    let mut begin = 0usize;
    let mut at = 0usize;
    let mut rest = lines(shown);
    while let Some(line) = rest.next() {
        let end = shown.len() - rest.rest().len();
        if let Some((host, command)) = prompt_of(line.text, &hosts) {
            close(&mut found, shown.get(begin..at).unwrap_or_default());
            found.push(Answer { host, command, part: Part { body: "", before: line.number } });
            begin = end;
        }
        at = end;
    }
    close(&mut found, shown.get(begin..).unwrap_or_default());
    found
}

fn close<'a>(found: &mut [Answer<'a>], body: &'a str) {
    if let Some(last) = found.last_mut() {
        last.part.body = body;
    }
}

/// The prompt of one of these hosts. A prompt without a name is one only with a question: `#` alone is also a remark.
fn prompt_of<'a>(line: &'a str, hosts: &BTreeSet<&str>) -> Option<(&'a str, &'a str)> {
    let (host, command) = terminal::prompt(line)?;
    if !hosts.contains(host) || (host.is_empty() && !is_question(command) && !is_farewell(command))
    {
        return None;
    }
    Some((host, command))
}

fn is_farewell(command: &str) -> bool {
    matches!(command, "exit" | "quit" | "administrator" | "save")
}

/// What reads a part.
enum Known {
    Format(&'static dyn DeviceFormat),
    List(&'static dyn Reader),
}

fn known(part: Part<'_>) -> Option<Known> {
    let head = Head {
        text: part
            .body
            .get(..part.body.floor_char_boundary(crate::text::HEAD_BYTES))
            .unwrap_or(part.body),
    };
    let best = |score: Score, best: Option<Score>| score > best.unwrap_or(Score::No);
    let mut found: Option<(Score, Known)> = None;
    for format in FORMATS {
        let score = format.recognise(&head);
        if best(score, found.as_ref().map(|(score, _)| *score)) {
            found = Some((score, Known::Format(*format)));
        }
    }
    for list in LISTS {
        let score = list.recognise(&head);
        if best(score, found.as_ref().map(|(score, _)| *score)) {
            found = Some((score, Known::List(*list)));
        }
    }
    found.map(|(_, known)| known)
}

/// What a log told so far, device by device.
#[derive(Default)]
struct Log<'a> {
    devices: Vec<(&'a str, Gathering)>,
    families: BTreeSet<&'static str>,
    unknown: BTreeMap<String, u64>,
    reading: Reading,
}

impl<'a> Log<'a> {
    fn take(&mut self, answer: Answer<'a>, input: &Input<'_>) {
        let known = if is_preparing(answer.command) { None } else { known(answer.part) };
        let Some(known) = known else { return self.leave(answer) };
        let Some(device) = self.device(answer.host) else {
            return self.reading.skip("too_many");
        };
        match known {
            Known::Format(format) => format.gather(answer.part, device),
            Known::List(list) => take_list(list, answer.part, device, input),
        }
        let family = match known {
            Known::Format(format) => format.family(),
            Known::List(list) => family_of(list.kind()),
        };
        // What several makers' devices answer alike tells none of them.
        if family != "network" {
            self.families.insert(family);
        }
    }

    fn device(&mut self, host: &'a str) -> Option<&mut Gathering> {
        let index = self.devices.iter().position(|(known, _)| *known == host);
        let index = index.unwrap_or_else(|| {
            if self.devices.len() < MAX_DEVICES {
                self.devices.push((host, Gathering::default()));
            }
            self.devices.len() - 1
        });
        self.devices.get_mut(index).filter(|(known, _)| *known == host).map(|(_, device)| device)
    }

    fn leave(&mut self, answer: Answer<'_>) {
        if is_preparing(answer.command) {
            return self.reading.skip("prompt");
        }
        self.reading.skip("other_command");
        let words: Vec<&str> = answer.command.split_whitespace().take(5).collect();
        if self.unknown.len() < MAX_NAMED {
            *self.unknown.entry(excerpt(&words.join(" "))).or_default() += 1;
        }
    }

    fn finish(self, input: &Input<'_>) -> Result<Reading, Refusal> {
        let is_one = self.devices.len() == 1;
        let mut reading = Reading { kind: kind_of(&self.families), version: 1, ..self.reading };
        for (host, mut device) in self.devices {
            if let Some((one, other)) = device.conflict.take() {
                let message = msg!(
                    "network.two_devices",
                    file = excerpt(input.name),
                    one = one,
                    other = other
                );
                return Err(Refusal { message });
            }
            device.name_from_outside(Some(host).filter(|host| !host.is_empty()));
            let machine = input.machine.filter(|_| is_one);
            add(&mut reading, device.finish(&Input { machine, ..*input }), is_one);
        }
        if !self.unknown.is_empty() {
            let count = reading.skipped.get("other_command").copied().unwrap_or_default();
            let names: Vec<String> = self.unknown.into_keys().collect();
            reading.warn(
                Place::DOCUMENT,
                msg!("network.commands_skipped", count = count, commands = names),
            );
        }
        Ok(reading)
    }
}

/// Adds what one device told to the reading of the log.
fn add(reading: &mut Reading, told: Reading, is_one: bool) {
    reading.rows += told.rows;
    reading.observations.extend(told.observations);
    reading.coverage.extend(told.coverage);
    reading.warnings.extend(told.warnings);
    reading.questions.extend(told.questions);
    for (reason, number) in told.skipped {
        *reading.skipped.entry(reason).or_default() += number;
    }
    for (word, number) in told.counts {
        reading.count(word, number);
    }
    reading.dated = reading.dated.or(told.dated);
    reading.source_hint = told.source_hint.filter(|_| is_one);
}

fn take_list(list: &dyn Reader, part: Part<'_>, device: &mut Gathering, input: &Input<'_>) {
    let text = Text {
        body: part.body.into(),
        encoding: "utf-8",
        newline: None,
        warnings: Vec::new(),
        lost: None,
    };
    match list.read(input, &text) {
        Ok(read) => device.take(read, part.before, word_of),
        Err(refusal) => device.reading.warn(Place::line(part.before), refusal.message),
    }
}

/// The word of a figure of an ARP table beside those of other tables.
fn word_of(word: &'static str) -> &'static str {
    match word {
        "entries" => "arp_entries",
        "incomplete" => "arp_incomplete",
        "self" => "arp_self",
        "static" => "arp_static",
        other => other,
    }
}

fn family_of(kind: &'static str) -> &'static str {
    ["alliedware-plus", "cisco", "fortigate", "procurve", "yamaha"]
        .into_iter()
        .find(|family| kind.starts_with(family))
        .unwrap_or("network")
}

fn kind_of(families: &BTreeSet<&'static str>) -> &'static str {
    match families.first().filter(|_| families.len() == 1) {
        Some(&"alliedware-plus") => "alliedware-plus-session",
        Some(&"cisco") => "cisco-session",
        Some(&"fortigate") => "fortigate-session",
        Some(&"procurve") => "procurve-session",
        Some(&"yamaha") => "yamaha-session",
        _ => "network-session",
    }
}

#[cfg(test)]
mod tests;
