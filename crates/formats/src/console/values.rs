//! The words in which consoles tell a state, and versions with a date inside.

use domain::{CalendarDate, fold};
use jiff::civil::Date;

use crate::table::CellKind;
use crate::values::date::{self, DateCell};
use crate::values::nothing;
use crate::values::text::without_brackets;

/// What a cell about a state says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// There is no agent.
    Absent,
    /// There is an agent.
    Installed,
    /// The console hears of it.
    Online,
    /// The console does not hear of it.
    Offline,
    /// Blank, or a mark for nothing.
    Nothing,
    /// A word we do not know.
    Unknown,
}

/// Reads a cell of any column that tells a state: what is there may be the connection or the agent.
pub(super) fn state(text: &str) -> State {
    let folded = fold(text);
    let word = word_of_state(&folded);
    let word = word.or_else(|| word_of_state(&without_brackets(&folded)));
    word.unwrap_or_else(|| match nothing::read(text) {
        Some(_) => State::Nothing,
        None => State::Unknown,
    })
}

/// Words after folding: lower case, katakana, no spaces.
fn word_of_state(folded: &str) -> Option<State> {
    Some(match folded {
        "エ-ジェント未導入"
        | "未導入"
        | "未インスト-ル"
        | "エ-ジェント未インスト-ル"
        | "エ-ジェントナシ"
        | "インスト-ルサレテイマセン"
        | "導入ナシ"
        | "notinstalled"
        | "noagent"
        | "agentnotinstalled"
        | "canbeonboarded"
        | "notonboarded" => State::Absent,
        "導入済"
        | "導入済ミ"
        | "インスト-ル済"
        | "インスト-ル済ミ"
        | "導入"
        | "導入アリ"
        | "installed"
        | "onboarded"
        | "agentinstalled" => State::Installed,
        "オンライン" | "接続" | "接続中" | "接続済" | "接続済ミ" | "接続アリ" | "online"
        | "connected" | "active" => State::Online,
        "オフライン" | "切断" | "切断中" | "未接続" | "接続ナシ" | "通信不可" | "応答ナシ"
        | "offline" | "disconnected" | "notconnected" | "inactive" => State::Offline,
        _ => return None,
    })
}

/// Whether a cell says that something is switched on; none where it says neither.
pub(super) fn switched_on(text: &str) -> Option<bool> {
    let folded = fold(text);
    match folded.as_str() {
        "有効"
        | "オン"
        | "on"
        | "enabled"
        | "enable"
        | "true"
        | "yes"
        | "ハイ"
        | "〇"
        | "稼働"
        | "稼働中"
        | "実行中"
        | "動作中"
        | "保護サレテイマス"
        | "running"
        | "active"
        | "protected"
        | "youareprotected" => Some(true),
        "無効"
        | "オフ"
        | "off"
        | "disabled"
        | "disable"
        | "false"
        | "no"
        | "イイエ"
        | "×"
        | "停止"
        | "停止中"
        | "保護サレテイマセン"
        | "stopped"
        | "inactive"
        | "notprotected"
        | "unprotected" => Some(false),
        _ => None,
    }
}

/// A version, and the day that stands inside its writing: `31234 (20261120)`, `2026-11-20 rev. 003`.
pub(super) fn version(text: &str) -> (&str, Option<Date>) {
    let text = text.trim();
    if let Some((version, rest)) = text.split_once(['(', '（'])
        && let Some((inside, after)) = rest.split_once([')', '）'])
        && after.trim().is_empty()
        && let Some(day) = whole_day(inside)
    {
        let version = version.trim();
        return (if version.is_empty() { text } else { version }, Some(day));
    }
    let first = text.split([' ', '　']).next().unwrap_or_default();
    let rest = text.get(first.len()..).unwrap_or_default().trim();
    let revised = rest.strip_prefix(['r', 'R']).is_some_and(|rest| rest.contains(char::is_numeric));
    (text, whole_day(first).filter(|_| revised))
}

/// A day with a year of four digits, and nothing else.
fn whole_day(text: &str) -> Option<Date> {
    let text = text.trim();
    if !text.get(..4)?.bytes().all(|b| b.is_ascii_digit()) || text.len() < 8 {
        return None;
    }
    match date::read(text, CellKind::Text) {
        DateCell::Date(CalendarDate::Day(day), _) => Some(day),
        _ => None,
    }
}

/// What a component is, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Component {
    /// The engine that searches for viruses.
    Engine,
    /// The pattern by which an agent is judged: of the usual search, or of the smart scan.
    Pattern,
    /// Anything else: spyware patterns, firewalls, whitelists.
    Other,
}

/// What the component called `name` is (the vendor's own words, reference 7).
pub(super) fn component(name: &str) -> Component {
    let folded = fold(name);
    let has = |words: &[&str]| words.iter().any(|word| folded.contains(word));
    if has(&["ウイルス検索エンジン", "ウィルス検索エンジン", "virusscanengine"])
    {
        Component::Engine
    } else if has(&[
        "ウイルスパタ-ン",
        "ウィルスパタ-ン",
        "スマ-トスキャンエ-ジェントパタ-ン",
        "スマ-トスキャンパタ-ン",
        "viruspattern",
        "smartscanagentpattern",
        "smartscanpattern",
    ]) {
        Component::Pattern
    } else {
        Component::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_read_by_their_words() {
        for (text, expected) in [
            ("エージェント未導入", State::Absent),
            ("未導入", State::Absent),
            ("Can be onboarded", State::Absent),
            ("Onboarded", State::Installed),
            ("オンライン", State::Online),
            ("Active", State::Online),
            ("オフライン（7日）", State::Offline),
            ("Inactive", State::Offline),
            ("", State::Nothing),
            ("－", State::Nothing),
            ("ローミング", State::Unknown),
            ("Insufficient info", State::Unknown),
        ] {
            assert_eq!(state(text), expected, "{text}");
        }
    }

    #[test]
    fn on_and_off_are_told_and_other_words_are_neither() {
        for (text, expected) in [
            ("有効", Some(true)),
            ("True", Some(true)),
            ("無効", Some(false)),
            ("Disabled", Some(false)),
            ("", None),
            ("一部有効", None),
        ] {
            assert_eq!(switched_on(text), expected, "{text}");
        }
    }

    #[test]
    fn the_day_inside_a_version_is_found_only_where_it_is_one() {
        let day = Date::constant(2026, 11, 20);
        for (text, expected) in [
            ("31234 (20261120)", ("31234", Some(day))),
            ("31234（2026/11/20）", ("31234", Some(day))),
            ("2026-11-20 rev. 003", ("2026-11-20 rev. 003", Some(day))),
            ("2026/11/20 r3", ("2026/11/20 r3", Some(day))),
            ("20.646.00", ("20.646.00", None)),
            ("1.441.12.0", ("1.441.12.0", None)),
            ("31234 (64bit)", ("31234 (64bit)", None)),
            ("(20261120)", ("(20261120)", Some(day))),
            ("5958.0 (20261320)", ("5958.0 (20261320)", None)),
            ("", ("", None)),
        ] {
            assert_eq!(version(text), expected, "{text}");
        }
    }

    #[test]
    fn components_are_told_apart_by_name() {
        for (name, expected) in [
            ("ウイルスパターンファイル", Component::Pattern),
            ("スマートスキャンエージェントパターンファイル", Component::Pattern),
            ("Virus Pattern", Component::Pattern),
            ("ウイルス検索エンジン (64ビット)", Component::Engine),
            ("スパイウェアパターンファイル", Component::Other),
            ("Damage Cleanup Engine (64-bit)", Component::Other),
        ] {
            assert_eq!(component(name), expected, "{name}");
        }
    }
}
