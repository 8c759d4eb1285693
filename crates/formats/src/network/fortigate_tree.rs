//! The grammar of FortiGate's configuration: `config`, `edit`, `set`, `next`, `end`, with quoted values that may go on over line ends.
//!
//! Virtual domains (`config vdom`, `edit NAME`) and `config global` are only another place for the same sections: they are told
//! beside an entry, and are no part of its section's name.

use super::gathering::Part;

/// No configuration nests deeper.
const MAX_DEPTH: usize = 32;

/// The longest value that is looked at, in bytes; what follows is left out.
const MAX_VALUE: usize = 1 << 16;

/// More words than any value has; what bounds one line.
const MAX_WORDS: usize = 4096;

/// The settings that stand together: of one `edit`, or of a section without any.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Entry {
    pub line: u32,
    /// The virtual domain, where there are any.
    pub vdom: String,
    /// `system interface`; sections inside an entry are named behind it: `firewall vip/realservers`.
    pub section: String,
    /// Names of the entry and of those around it, the outermost first.
    pub names: Vec<String>,
    sets: Vec<(String, Vec<String>)>,
}

impl Entry {
    /// Its own name.
    pub(super) fn name(&self) -> &str {
        self.names.last().map_or("", String::as_str)
    }

    /// The values of `key`; none where it is not set.
    pub(super) fn values(&self, key: &str) -> Option<&[String]> {
        self.sets.iter().rev().find(|(known, _)| known == key).map(|(_, values)| values.as_slice())
    }

    /// The first value of `key`, empty where it is not set.
    pub(super) fn value(&self, key: &str) -> &str {
        self.values(key).and_then(<[String]>::first).map_or("", String::as_str)
    }

    /// Whether `key` is set to `value`.
    pub(super) fn is(&self, key: &str, value: &str) -> bool {
        self.value(key) == value
    }

    /// The keys that are set.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.sets.iter().map(|(key, _)| key.as_str())
    }
}

/// Where in the configuration a line stands.
#[derive(Debug)]
enum Frame {
    Config(String),
    /// The entry of `edit`, or of a section as a whole.
    Edit {
        entry: Entry,
        named: bool,
    },
}

/// The entries of the sections that `wanted` takes, and how many lines could not be understood.
pub(super) fn entries(part: Part<'_>, wanted: impl Fn(&str) -> bool) -> (Vec<Entry>, Vec<u32>) {
    let mut tree = Tree { frames: Vec::new(), found: Vec::new(), odd: Vec::new(), too_deep: 0 };
    let mut statement = Statement::default();
    for line in part.lines() {
        if statement.add(line.number, line.text) {
            tree.line(statement.line, &std::mem::take(&mut statement.text), &wanted);
            statement = Statement::default();
        }
    }
    if !statement.text.is_empty() {
        tree.odd.push(statement.line);
    }
    tree.found.extend(tree.frames.into_iter().filter_map(|frame| match frame {
        Frame::Edit { entry, .. } if wanted(&entry.section) => Some(entry),
        _ => None,
    }));
    (tree.found, tree.odd)
}

/// A statement, until its last quote is closed.
#[derive(Debug, Default)]
struct Statement {
    line: u32,
    text: String,
    open: bool,
    escaped: bool,
}

impl Statement {
    /// Adds a line; says whether the statement is whole.
    fn add(&mut self, number: u32, line: &str) -> bool {
        let is_first = self.text.is_empty();
        if is_first {
            self.line = number;
        } else if self.text.len() < MAX_VALUE {
            self.text.push('\n');
        }
        let has_value = |text: &str| {
            ["set ", "append ", "edit "].iter().any(|start| text.trim_start().starts_with(start))
        };
        // A long certificate is of no use here; its end is.
        let room = MAX_VALUE.saturating_sub(self.text.len());
        self.text.push_str(line.get(..line.floor_char_boundary(room)).unwrap_or_default());
        if is_first && !has_value(line) {
            return true;
        }
        self.follow_quotes(line);
        !self.open
    }

    fn follow_quotes(&mut self, line: &str) {
        for letter in line.chars() {
            match letter {
                _ if self.escaped => self.escaped = false,
                '\\' => self.escaped = true,
                '"' => self.open = !self.open,
                _ => {}
            }
        }
        self.escaped = false;
    }
}

struct Tree {
    frames: Vec<Frame>,
    found: Vec<Entry>,
    odd: Vec<u32>,
    /// How many levels are open beyond the deepest that is followed.
    too_deep: usize,
}

impl Tree {
    fn line(&mut self, number: u32, text: &str, wanted: &impl Fn(&str) -> bool) {
        let words = words(text);
        let Some((first, rest)) = words.split_first() else { return };
        match first.as_str() {
            _ if first.starts_with('#') => {}
            "config" => self.open(number, &rest.join(" ")),
            "edit" => self.edit(number, rest.first().map_or("", String::as_str), wanted),
            "set" => self.set(number, rest),
            "append" => self.set(number, rest),
            "unset" | "purge" | "delete" | "rename" | "clone" | "move" => {}
            "next" => self.close(wanted, true),
            "end" => self.close(wanted, false),
            _ => self.odd.push(number),
        }
    }

    fn open(&mut self, number: u32, section: &str) {
        if self.frames.len() >= MAX_DEPTH {
            self.too_deep += 1;
            return;
        }
        // A section without entries is an entry itself.
        self.frames.push(Frame::Config(section.to_owned()));
        let entry = self.entry(number, None);
        if !matches!(section, "vdom" | "global") {
            self.frames.push(Frame::Edit { entry, named: false });
        }
    }

    /// An entry at this place, named `name`.
    fn entry(&self, line: u32, name: Option<&str>) -> Entry {
        let mut entry = Entry { line, ..Entry::default() };
        let mut sections: Vec<&str> = Vec::new();
        let mut in_vdom = false;
        for frame in &self.frames {
            match frame {
                Frame::Config(section) if section == "vdom" => in_vdom = true,
                Frame::Config(section) if section == "global" => {}
                Frame::Config(section) => sections.push(section),
                Frame::Edit { entry: edit, .. } if in_vdom && sections.is_empty() => {
                    edit.name().clone_into(&mut entry.vdom);
                }
                Frame::Edit { entry: edit, named: true } => {
                    entry.names.push(edit.name().to_owned());
                }
                Frame::Edit { .. } => {}
            }
        }
        entry.names.extend(name.map(str::to_owned));
        entry.section = sections.join("/");
        entry
    }

    fn edit(&mut self, number: u32, name: &str, wanted: &impl Fn(&str) -> bool) {
        if self.too_deep > 0 {
            return;
        }
        // The entry of the section as a whole ends where its first one begins, and one that was not closed where the next begins.
        if let Some(Frame::Edit { .. }) = self.frames.last() {
            self.close(wanted, true);
        }
        let entry = self.entry(number, Some(name));
        self.frames.push(Frame::Edit { entry, named: true });
    }

    fn set(&mut self, number: u32, words: &[String]) {
        if self.too_deep > 0 {
            return;
        }
        match (self.frames.last_mut(), words.split_first()) {
            (Some(Frame::Edit { entry, .. }), Some((key, values)))
                if entry.sets.len() < MAX_WORDS =>
            {
                entry.sets.push((key.clone(), values.to_vec()));
            }
            _ => self.odd.push(number),
        }
    }

    /// `next` closes an entry, `end` a section with whatever is open in it.
    fn close(&mut self, wanted: &impl Fn(&str) -> bool, is_next: bool) {
        if self.too_deep > 0 {
            self.too_deep -= usize::from(!is_next);
            return;
        }
        while let Some(frame) = self.frames.pop() {
            match frame {
                Frame::Edit { entry, named } => {
                    // A section of entries says nothing itself.
                    if (named || !entry.sets.is_empty()) && wanted(&entry.section) {
                        self.found.push(entry);
                    }
                    if is_next {
                        return;
                    }
                }
                Frame::Config(section) if is_next => {
                    // A `next` without its `edit`: the section goes on.
                    self.frames.push(Frame::Config(section));
                    return;
                }
                Frame::Config(_) => return,
            }
        }
    }
}

/// The words of a line, without their quotes; `\"` is a quote inside.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let (mut quoted, mut escaped) = (false, false);
    for letter in text.chars() {
        match letter {
            _ if escaped => {
                word.get_or_insert_default().push(letter);
                escaped = false;
            }
            '\\' if quoted => escaped = true,
            '"' => {
                word.get_or_insert_default();
                quoted = !quoted;
            }
            letter if letter.is_whitespace() && !quoted => words.extend(word.take()),
            letter => word.get_or_insert_default().push(letter),
        }
        if words.len() >= MAX_WORDS {
            break;
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, String, Vec<String>, usize)> {
        let (found, odd) = entries(Part { body: text, before: 0 }, |_| true);
        assert!(odd.is_empty(), "{odd:?}");
        let mut found: Vec<_> = found.into_iter().filter(|entry| !entry.sets.is_empty()).collect();
        found.sort_by_key(|entry| entry.line);
        found
            .into_iter()
            .map(|entry| {
                (entry.vdom.clone(), entry.section.clone(), entry.names.clone(), entry.sets.len())
            })
            .collect()
    }

    fn entry(
        vdom: &str,
        section: &str,
        names: &[&str],
        sets: usize,
    ) -> (String, String, Vec<String>, usize) {
        (vdom.to_owned(), section.to_owned(), names.iter().map(ToString::to_string).collect(), sets)
    }

    #[test]
    fn sections_with_and_without_entries_are_told_apart() {
        let text = "config system global\n    set hostname \"A\"\n    set alias \"x\"\nend\nconfig system interface\n    edit \"wan1\"\n        set ip 1.1.1.1 255.0.0.0\n        config ipv6\n            set ip6-allowaccess ping\n        end\n        set role wan\n    next\n    edit \"lan\"\n        config secondaryip\n            edit 1\n                set ip 2.2.2.2 255.0.0.0\n            next\n        end\n    next\nend\n";
        assert_eq!(
            read(text),
            [
                entry("", "system global", &[], 2),
                entry("", "system interface", &["wan1"], 2),
                entry("", "system interface/ipv6", &["wan1"], 1),
                entry("", "system interface/secondaryip", &["lan", "1"], 1),
            ]
        );
    }

    #[test]
    fn virtual_domains_are_no_part_of_a_section() {
        let text = "config vdom\nedit root\nnext\nedit guest\nnext\nend\nconfig global\nconfig system global\n    set hostname \"A\"\nend\nend\nconfig vdom\nedit guest\nconfig firewall policy\n    edit 1\n        set action accept\n    next\nend\nend\n";
        assert_eq!(
            read(text),
            [entry("", "system global", &[], 1), entry("guest", "firewall policy", &["1"], 1)]
        );
    }

    #[test]
    fn quoted_values_hold_quotes_and_line_ends() {
        let text = "config vpn certificate local\n    edit \"x\"\n        set certificate \"-----BEGIN CERTIFICATE-----\nMIIabc\nend\n-----END CERTIFICATE-----\"\n        set comments \"say \\\"hi\\\" \"\n    next\nend\n";
        let (found, _) = entries(Part { body: text, before: 0 }, |_| true);
        let entry = found.iter().find(|entry| entry.name() == "x").unwrap();
        assert_eq!(entry.value("comments"), "say \"hi\" ");
        assert!(entry.value("certificate").contains("MIIabc\nend\n"));
    }

    #[test]
    fn unbalanced_and_deep_texts_end() {
        for text in [
            "config a\n".to_owned() + &"edit x\n".repeat(100_000),
            "config a\nset x \"".to_owned() + &"line\n".repeat(100_000),
            "end\nend\nnext\n".to_owned(),
            "config a\n".repeat(100_000),
            "edit x\n".repeat(1000),
            "next\nset a b\nset \"\n".to_owned(),
        ] {
            let _ = entries(Part { body: &text, before: 0 }, |_| true);
        }
    }
}
