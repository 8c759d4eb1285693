//! The filters of the list: what can be chosen, what is chosen, and how many devices each choice leaves.

use app::{Counts, Mark};
use domain::{DeviceKind, Severity, Stage, Status};

use super::asked::{Asked, NAMELESS, NOT_KNOWN};
use crate::frame::Frame;

/// Names in one filter: those of the most devices. The others are found by typing.
const MOST_NAMES: usize = 150;

/// A filter that is one click away.
#[derive(Debug)]
pub(crate) struct Chip {
    pub(crate) text: String,
    pub(crate) count: u32,
    pub(crate) query: String,
    pub(crate) chosen: bool,
}

/// A filter with many choices.
#[derive(Debug)]
pub(crate) struct Filter {
    pub(crate) name: &'static str,
    pub(crate) choices: Vec<Choice>,
}

/// A choice of a filter.
#[derive(Debug)]
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) text: String,
    pub(crate) count: u32,
    pub(crate) chosen: bool,
}

/// The chips: what people ask every day. One that leaves nothing is not shown, unless it is chosen.
pub(super) fn chips(frame: &Frame, asked: &Asked, counts: &Counts) -> Vec<Chip> {
    let chip = |name: &'static str, value: &str, text: String, count: u32| Chip {
        text,
        count,
        query: asked.toggled(name, value),
        chosen: asked.get(name) == value,
    };
    let severity = |(severity, count): (Severity, &u32)| {
        let text =
            format!("{} {}", frame.mark(severity.key()), frame.word("severity", severity.key()));
        chip("severity", severity.key(), text, *count)
    };
    let mark = |(mark, count): (Mark, &u32)| {
        chip("mark", mark.key(), frame.word("web.devices.mark", mark.key()).into_owned(), *count)
    };
    let ends = counts.stages.get(&Stage::EndOfSupport).copied().unwrap_or_default();
    let support = frame.word("lifecycle", Stage::EndOfSupport.key()).into_owned();
    let medical = counts.kinds.get(&Some(DeviceKind::Medical)).copied().unwrap_or_default();
    let kind = frame.word("kind", DeviceKind::Medical.key()).into_owned();
    let severities = [Severity::Urgent, Severity::Warning];
    let mut chips: Vec<Chip> =
        severities.into_iter().zip(&counts.severities).map(severity).collect();
    chips.push(chip("kind", DeviceKind::Medical.key(), kind, medical));
    chips.push(chip("stage", Stage::EndOfSupport.key(), support, ends));
    chips.extend(Mark::ALL.into_iter().zip(&counts.marks).map(mark));
    chips.retain(|chip| chip.count > 0 || chip.chosen);
    chips
}

/// The filters with many choices.
pub(super) fn filters(frame: &Frame, asked: &Asked, counts: &Counts) -> Vec<Filter> {
    let kinds = counts.kinds.iter().map(|(kind, count)| (kind.map(DeviceKind::key), *count));
    let states = counts.states.iter().map(|(state, count)| (state.map(Status::key), *count));
    let stages = counts.stages.iter().map(|(stage, count)| (Some(stage.key()), *count));
    let severities =
        [Severity::Urgent, Severity::Warning, Severity::Notice, Severity::Unknown].into_iter();
    let severities = severities.zip(counts.severities).map(|(one, count)| (Some(one.key()), count));
    [
        Filter { name: "place", choices: names(frame, asked, "place", &counts.places) },
        Filter {
            name: "department",
            choices: names(frame, asked, "department", &counts.departments),
        },
        Filter { name: "zone", choices: names(frame, asked, "zone", &counts.zones) },
        Filter { name: "kind", choices: words(frame, asked, "kind", "kind", kinds) },
        Filter { name: "status", choices: words(frame, asked, "status", "status", states) },
        Filter { name: "stage", choices: words(frame, asked, "stage", "lifecycle", stages) },
        Filter {
            name: "severity",
            choices: words(frame, asked, "severity", "severity", severities),
        },
    ]
    .into_iter()
    .filter(|filter| !filter.choices.is_empty())
    .collect()
}

fn words<'k>(
    frame: &Frame,
    asked: &Asked,
    name: &str,
    family: &str,
    counts: impl Iterator<Item = (Option<&'k str>, u32)>,
) -> Vec<Choice> {
    counts
        .map(|(key, count)| Choice {
            value: key.unwrap_or(NOT_KNOWN).to_owned(),
            text: match key {
                Some(key) => frame.word(family, key).into_owned(),
                None => frame.t("web.devices.not_known").into_owned(),
            },
            count,
            chosen: asked.get(name) == key.unwrap_or(NOT_KNOWN),
        })
        .filter(|choice| choice.count > 0 || choice.chosen)
        .collect()
}

fn names(frame: &Frame, asked: &Asked, filter: &str, counts: &[(String, u32)]) -> Vec<Choice> {
    let mut most: Vec<&(String, u32)> = counts.iter().collect();
    most.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    most.truncate(MOST_NAMES);
    most.sort_by_cached_key(|(name, _)| (name.is_empty(), domain::fold(name)));
    let choice = |(name, count): &(String, u32)| {
        let value = if name.is_empty() { NAMELESS } else { name };
        let text = if name.is_empty() {
            frame.t("web.devices.not_known").into_owned()
        } else {
            name.clone()
        };
        Choice { value: value.to_owned(), text, count: *count, chosen: asked.get(filter) == value }
    };
    let mut choices: Vec<Choice> = most.into_iter().map(choice).collect();
    let typed = asked.get(filter);
    if !typed.is_empty() && !choices.iter().any(|choice| choice.chosen) {
        let (value, text) = (typed.to_owned(), typed.to_owned());
        choices.insert(0, Choice { value, text, count: 0, chosen: true });
    }
    choices
}

/// What is asked, in words for the head of a paper.
pub(super) fn said(frame: &Frame, asked: &Asked) -> Vec<(String, String)> {
    let family = |name: &str| match name {
        "kind" => Some("kind"),
        "status" => Some("status"),
        "stage" => Some("lifecycle"),
        "severity" => Some("severity"),
        "mark" => Some("web.devices.mark"),
        _ => None,
    };
    let names = ["q", "place", "department", "zone", "kind", "status", "stage", "severity", "mark"];
    let said = names.into_iter().filter(|name| !asked.get(name).is_empty());
    said.map(|name| {
        let value = asked.get(name);
        let text = match family(name) {
            _ if value == NAMELESS => frame.t("web.devices.not_known").into_owned(),
            Some(_) if value == NOT_KNOWN && matches!(name, "kind" | "status") => {
                frame.t("web.devices.not_known").into_owned()
            }
            Some(family) if frame.texts.knows(&format!("{family}.{value}")) => {
                frame.word(family, value).into_owned()
            }
            _ => value.to_owned(),
        };
        (frame.word("web.devices.filter", name).into_owned(), text)
    })
    .collect()
}
