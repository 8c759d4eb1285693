//! Every sentence that code names by `msg!` stands in both languages, with exactly the placeholders that the code fills.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::outcome::Outcome;
use crate::{purity, shell};

/// Folders under `crates/reference/data/texts`.
const LANGUAGES: &[&str] = &["ja", "en"];

/// Key and sentence.
type Texts = BTreeMap<String, String>;

/// A `msg!` in the source.
#[derive(Debug, PartialEq, Eq)]
struct Use {
    key: String,
    placeholders: BTreeSet<String>,
}

/// Compares the source of every crate with the texts.
pub(crate) fn check() -> Outcome {
    match complaints() {
        Ok(complaints) => Outcome::of_complaints(&complaints),
        Err(error) => Outcome::Failed(error.to_string()),
    }
}

fn complaints() -> io::Result<Vec<String>> {
    let root = shell::root();
    let mut catalogues = Vec::new();
    for language in LANGUAGES {
        let folder = root.join("crates/reference/data/texts").join(language);
        catalogues.push((*language, catalogue(&folder)?));
    }
    let (mut complaints, mut uses) = (differences(&catalogues), 0);
    for file in crate_sources(&root)? {
        let text = fs::read_to_string(&file)?;
        let shown = file.strip_prefix(&root).unwrap_or(&file).display().to_string();
        for found in messages(purity::before_tests(&text)) {
            uses += 1;
            let wrong = catalogues.iter().filter_map(|(lang, texts)| found.complaint(lang, texts));
            complaints.extend(wrong.map(|what| format!("{shown}: {what}")));
        }
    }
    println!("{uses} messages in the source, in {} languages", LANGUAGES.len());
    Ok(complaints)
}

/// Sources of all crates that ship.
fn crate_sources(root: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(root.join("crates"))? {
        let source = entry?.path().join("src");
        if source.is_dir() {
            files.extend(purity::sources(&source)?);
        }
    }
    Ok(files)
}

/// All texts of a language; a key that stands twice is an error, and so is anything but a sentence.
fn catalogue(folder: &Path) -> io::Result<Texts> {
    let mut texts = Texts::new();
    for entry in fs::read_dir(folder).map_err(|error| at(folder, &error))? {
        let path = entry?.path();
        if path.extension() != Some(OsStr::new("toml")) {
            continue;
        }
        let file: Texts =
            toml::from_str(&fs::read_to_string(&path)?).map_err(|error| at(&path, &error))?;
        for (key, text) in file {
            if texts.contains_key(&key) {
                return Err(at(&path, &format!("`{key}` stands twice")));
            }
            texts.insert(key, text);
        }
    }
    Ok(texts)
}

fn at(path: &Path, what: &dyn std::fmt::Display) -> io::Error {
    io::Error::other(format!("{}: {what}", path.display()))
}

/// Keys that only one language has, or with other placeholders.
fn differences(catalogues: &[(&str, Texts)]) -> Vec<String> {
    let keys: BTreeSet<&String> = catalogues.iter().flat_map(|(_, texts)| texts.keys()).collect();
    let mut complaints = Vec::new();
    for key in keys {
        let mut seen = BTreeSet::new();
        for (language, texts) in catalogues {
            match texts.get(key) {
                Some(text) => {
                    seen.insert(placeholders(text));
                }
                None => complaints.push(format!("`{key}` has no text in {language}")),
            }
        }
        if seen.len() > 1 {
            complaints.push(format!("`{key}` has other placeholders in another language"));
        }
    }
    complaints
}

impl Use {
    fn complaint(&self, language: &str, texts: &Texts) -> Option<String> {
        let Self { key, placeholders: filled } = self;
        let Some(text) = texts.get(key) else {
            return Some(format!("`{key}` has no text in {language}"));
        };
        let wanted = placeholders(text);
        let missing = wanted.difference(filled).next()?;
        Some(format!("`{key}` in {language} asks for {{{missing}}}, which the code does not fill"))
    }
}

/// The names between braces.
fn placeholders(text: &str) -> BTreeSet<String> {
    let parts = text.split('{').skip(1).filter_map(|part| part.split_once('}'));
    parts.map(|(name, _)| name.to_owned()).filter(|name| is_name(name)).collect()
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Every `msg!("key", name = value, ...)` in a source, comments left out.
fn messages(source: &str) -> Vec<Use> {
    let is_code = |line: &&str| !line.trim_start().starts_with("//");
    let code = source.lines().filter(is_code).collect::<Vec<_>>().join("\n");
    code.split("msg!(").skip(1).filter_map(message).collect()
}

/// Reads what stands after `msg!(`; none where no literal key follows, as in the macro's own definition.
fn message(after: &str) -> Option<Use> {
    let (key, rest) = after.trim_start().strip_prefix('"')?.split_once('"')?;
    let arguments = outermost(rest);
    let name = |argument: &str| {
        let (name, _) = argument.split_once('=')?;
        is_name(name.trim()).then(|| name.trim().to_owned())
    };
    let placeholders = arguments.iter().filter_map(|argument| name(argument)).collect();
    Some(Use { key: key.to_owned(), placeholders })
}

/// The parts between commas up to the closing parenthesis, without looking into brackets and texts.
fn outermost(rest: &str) -> Vec<String> {
    let (mut parts, mut part, mut depth, mut quoted) = (Vec::new(), String::new(), 0, false);
    let mut letters = rest.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => {
                letters.next();
            }
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' if depth == 0 => break,
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 => parts.push(std::mem::take(&mut part)),
            _ if depth == 0 => part.push(letter),
            _ => {}
        }
    }
    parts.push(part);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn messages_are_found_with_what_they_fill() {
        let source = r#"
            // msg!("comment.is_no_use")
            reading.warn(place, msg!("warning.octet", text = cell.text(a, b), row = f(")", x = 1)));
            msg!(
                "warning.plain",
            )
            macro_rules! msg { ($key:literal) => { msg!($key) } }
        "#;
        let octet = Use { key: "warning.octet".into(), placeholders: names(&["text", "row"]) };
        let plain = Use { key: "warning.plain".into(), placeholders: names(&[]) };
        assert_eq!(messages(source), [octet, plain]);
    }

    #[test]
    fn a_missing_text_and_an_unfilled_placeholder_are_told() {
        let texts = Texts::from([("a".to_owned(), "{row}行の「{text}」".to_owned())]);
        let complaint = |key: &str, filled: &[&str]| {
            Use { key: key.into(), placeholders: names(filled) }.complaint("ja", &texts)
        };
        assert_eq!(complaint("a", &["row", "text", "place"]), None);
        assert!(complaint("a", &["row"]).is_some_and(|what| what.contains("{text}")));
        assert!(complaint("b", &[]).is_some_and(|what| what.contains("no text in ja")));
    }

    #[test]
    fn languages_that_differ_are_told() {
        let texts = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()
        };
        let ja = texts(&[("a", "{x}"), ("b", "{x}"), ("c", "")]);
        let en = texts(&[("a", "see {x}"), ("b", "{y}")]);
        let said = differences(&[("ja", ja), ("en", en)]);
        assert_eq!(said.len(), 2, "{said:?}");
    }
}
