//! `ping` of Windows to one address after another: who answered.
//!
//! An answer counts where the address itself gave it. "Destination host unreachable" comes from another machine, and yet counts as
//! received in the figures that Windows prints (`受信 = 1`): those are never believed.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use domain::{Binding, FactsBuilder, Field, Observation, ObservationKind, Place, fold};

use super::host::{address, is_own};
use crate::reader::{Head, Reader};
use crate::reading::{Input, Reading, Refusal, Score};
use crate::text::Text;

/// The reader of `ping`.
#[derive(Debug)]
pub struct Ping;

/// More addresses than a sweep asks: a /12, and what bounds the memory of a reading.
const MAX_TARGETS: usize = 1 << 20;

/// What a line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    /// `192.0.2.1 に ping を送信しています 32 バイトのデータ:`
    Asked(IpAddr),
    /// `192.0.2.1 からの応答: バイト数 =32 時間 <1ms TTL=255`
    Answered(IpAddr),
    /// A line of the same command that changes nothing.
    Figures,
    Other,
}

impl Said {
    fn of(line: &str) -> Self {
        let line = line.trim();
        let folded = fold(line);
        if folded.contains("pingヲ送信シテイマス") || folded.starts_with("pinging") {
            return target(line).map_or(Self::Other, Self::Asked);
        }
        let reply = ["カラノ応答", "replyfrom"].iter().any(|word| folded.contains(word));
        // Only an echo carries how long it took and how far it came; IPv6 tells the time alone.
        let is_echo = folded.contains("ttl=") || folded.contains("時間") || folded.contains("time");
        if reply {
            let from = line.split([' ', '\t']).find_map(|word| address(word.trim_end_matches(':')));
            return match from {
                Some(from) if is_echo => Self::Answered(from),
                _ => Self::Figures,
            };
        }
        let figures = [
            "統計",
            "statistics",
            "パケット数",
            "packets:",
            "ラウンドトリップ",
            "approximateroundtrip",
            "最小=",
            "minimum=",
            "タイムアウト",
            "timedout",
            "到達デキマセン",
            "unreachable",
            "エラ-",
            "failure",
            "ミツカリマセン",
            "couldnotfind",
        ];
        if figures.iter().any(|word| folded.contains(word)) { Self::Figures } else { Self::Other }
    }
}

/// The address that is asked; behind a name it stands in brackets: `HIS-01 [192.0.2.1]に ping を…`.
fn target(line: &str) -> Option<IpAddr> {
    if let Some((_, rest)) = line.split_once('[') {
        return address(rest.split(']').next()?);
    }
    line.split([' ', '\t']).find_map(address)
}

impl Reader for Ping {
    fn kind(&self) -> &'static str {
        "windows-ping"
    }

    fn recognise(&self, head: &Head<'_>) -> Score {
        let mentions = |line: &str| line.contains("ping") || line.contains("Ping");
        let is_ours = head
            .lines()
            .filter(|line| mentions(line.text))
            .any(|line| matches!(Said::of(line.text), Said::Asked(_)));
        if is_ours { Score::Likely } else { Score::No }
    }

    fn read(&self, input: &Input<'_>, text: &Text<'_>) -> Result<Reading, Refusal> {
        let mut reading = Reading::new(self.kind(), 1);
        let mut alive: BTreeMap<IpAddr, u32> = BTreeMap::new();
        let mut asked = BTreeSet::new();
        let mut now = None;
        for line in text.lines().filter(|line| !line.text.trim().is_empty()) {
            match Said::of(line.text) {
                Said::Asked(target) => {
                    reading.rows += 1;
                    now = Some(target);
                    if asked.len() < MAX_TARGETS {
                        asked.insert(target);
                    }
                }
                // At a cut end the address may lack its last figures, but then its echo is not there either.
                Said::Answered(from) if now == Some(from) && alive.len() < MAX_TARGETS => {
                    alive.entry(from).or_insert(line.number);
                }
                Said::Answered(_) | Said::Figures => {}
                Said::Other => {
                    reading.skip(if super::is_prompt(line.text) { "prompt" } else { "other_text" });
                }
            }
        }
        if asked.is_empty() {
            return Err(super::nothing_in(input));
        }
        reading.count("alive", alive.len() as u64);
        reading.count("dead", asked.len().saturating_sub(alive.len()) as u64);
        let found = alive.into_iter().filter(|(address, _)| is_own(*address));
        reading.observations = found.map(|(address, line)| sighting(address, line)).collect();
        reading.observations.sort_by_key(|seen| seen.place.row);
        Ok(reading)
    }
}

/// An address that answered, without a card: whose it is follows from what else is known of the address.
fn sighting(address: IpAddr, line: u32) -> Observation {
    let mut facts = FactsBuilder::new();
    facts.add(Field::ScanTool, "ping");
    Observation {
        place: Place::line(line),
        kind: ObservationKind::ScanHost,
        bindings: vec![Binding { mac: None, address: Some(address), prefix: None }],
        facts: facts.finish(),
    }
}
