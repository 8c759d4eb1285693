//! What the address of the ledger asks for, and the addresses of what one could ask for next.

use app::{Ask, Mark, Order};
use domain::{DeviceKind, Field, Severity, Stage, Status};

use crate::answer::percent_encoded;

/// The key in an address for what is not known.
pub(super) const NOT_KNOWN: &str = "unknown";

/// The names of what can be asked, in the order of addresses; `page` counts from 1.
const NAMES: [&str; 12] = [
    "q",
    "place",
    "department",
    "zone",
    "kind",
    "status",
    "stage",
    "mark",
    "severity",
    "sort",
    "desc",
    "page",
];

/// What an address asks, as it was written: what nobody knows is asked for nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Asked([Option<String>; NAMES.len()]);

impl Asked {
    /// What these pairs ask.
    pub(crate) fn of(pairs: &[(String, String)]) -> Self {
        let mut asked = Self::default();
        for (name, value) in pairs {
            let at = NAMES.iter().position(|known| known == name);
            if let Some(slot) = at.and_then(|at| asked.0.get_mut(at)) {
                // `place=` with nothing asks for no place; what is not written at all asks for every one.
                *slot = Some(value.clone()).filter(|value| !value.is_empty());
            }
        }
        asked
    }

    /// What is asked under `name`; empty where nothing is.
    pub(crate) fn get(&self, name: &str) -> &str {
        let at = NAMES.iter().position(|known| *known == name);
        at.and_then(|at| self.0.get(at)?.as_deref()).unwrap_or_default()
    }

    /// The same with `value` under `name`, from the first page on.
    fn with(&self, name: &str, value: &str) -> Self {
        let mut next = self.clone();
        for (known, slot) in NAMES.iter().zip(&mut next.0) {
            if *known == name {
                *slot = Some(value.to_owned()).filter(|value| !value.is_empty());
            } else if *known == "page" {
                *slot = None;
            }
        }
        next
    }

    /// The query of this, with its mark; empty where nothing is asked.
    pub(crate) fn query(&self) -> String {
        let mut query = String::new();
        for (name, value) in NAMES.iter().zip(&self.0) {
            let Some(value) = value else { continue };
            query.push(if query.is_empty() { '?' } else { '&' });
            query.push_str(name);
            query.push('=');
            query.extend(value.bytes().map(percent_encoded));
        }
        query
    }

    /// The query with `value` under `name`.
    pub(crate) fn to(&self, name: &str, value: &str) -> String {
        self.with(name, value).query()
    }

    /// The query with `value` under `name`, or without it where that is asked already: what a chip does.
    pub(crate) fn toggled(&self, name: &str, value: &str) -> String {
        if self.get(name) == value { self.to(name, "") } else { self.to(name, value) }
    }

    /// The query with this order, the other way round where it stands in this order already.
    pub(crate) fn sorted(&self, key: &str) -> String {
        let same = self.get("sort") == key;
        let turned = if same && self.get("desc").is_empty() { "1" } else { "" };
        self.with("sort", key).with("desc", turned).query()
    }

    /// How a column stands, for who does not see the arrow: `ascending`, `descending` or nothing.
    pub(crate) fn direction(&self, key: &str) -> &'static str {
        match (self.get("sort") == key, self.get("desc").is_empty()) {
            (false, _) => "",
            (true, true) => "ascending",
            (true, false) => "descending",
        }
    }

    /// Whether anything but order and page is asked.
    pub(crate) fn is_filtered(&self) -> bool {
        NAMES.iter().take(9).any(|name| !self.get(name).is_empty())
    }

    /// The page, from 1.
    pub(super) fn page(&self) -> usize {
        self.get("page").parse().unwrap_or(1).max(1)
    }

    /// What is asked of the ledger.
    pub(super) fn ask(&self) -> Ask {
        let text = |name: &str| Some(self.get(name).to_owned()).filter(|text| !text.is_empty());
        let or_unknown = |name: &str| (!self.get(name).is_empty()).then(|| self.get(name));
        Ask {
            search: self.get("q").to_owned(),
            place: text("place").map(named),
            department: text("department").map(named),
            zone: text("zone").map(named),
            kind: or_unknown("kind").map(DeviceKind::from_key),
            status: or_unknown("status").map(Status::from_key),
            stage: Stage::from_key(self.get("stage")),
            mark: Mark::from_key(self.get("mark")),
            severity: Severity::from_key(self.get("severity")),
            order: self.order(),
            descending: !self.get("desc").is_empty(),
        }
    }

    fn order(&self) -> Order {
        match self.get("sort") {
            "seen" => Order::Seen,
            "support" => Order::Support,
            "findings" => Order::Findings,
            key => Field::from_key(key).map_or(Order::List, Order::Field),
        }
    }
}

/// The key that asks for rows without a name; no name of a place is one blank.
pub(super) const NAMELESS: &str = " ";

fn named(text: String) -> String {
    if text == NAMELESS { String::new() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pairs: &[(&str, &str)]) -> Asked {
        let pairs: Vec<_> =
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Asked::of(&pairs)
    }

    #[test]
    fn an_address_says_again_what_was_asked() {
        let asked = asked(&[("q", "CT 室&<"), ("evil", "1"), ("page", "3"), ("place", "")]);
        assert_eq!(asked.query(), "?q=CT%20%E5%AE%A4%26%3C&page=3");
        assert_eq!(asked.to("kind", "medical"), "?q=CT%20%E5%AE%A4%26%3C&kind=medical");
        assert_eq!((asked.page(), Asked::default().page()), (3, 1));
    }

    #[test]
    fn a_chip_and_a_header_turn_round_what_they_said() {
        let first = asked(&[("mark", "unseen")]);
        assert_eq!(first.toggled("mark", "unseen"), "");
        assert_eq!(first.toggled("mark", "unlisted"), "?mark=unlisted");
        assert_eq!(asked(&[]).sorted("location"), "?sort=location");
        assert_eq!(asked(&[("sort", "location")]).sorted("location"), "?sort=location&desc=1");
        assert_eq!(
            asked(&[("sort", "location"), ("desc", "1")]).sorted("location"),
            "?sort=location"
        );
    }
}
