//! Pages that the program itself writes, so that they cannot say anything else than it does.

use std::path::Path;
use std::{fs, io};

use crate::outcome::Outcome;
use crate::{feeds, shell};

/// A generated page. A new page is a new line here.
struct Page {
    /// From the root of the repository.
    path: &'static str,
    origin: Origin,
}

/// Where a page comes from.
enum Origin {
    /// What the program prints at this command; the page is all of stdout.
    Program(&'static [&'static str]),
    /// What the readers do with the samples.
    Samples(fn() -> io::Result<String>),
}

const PAGES: &[Page] = &[
    Page { path: "docs/api/README.md", origin: Origin::Program(&["help", "--page", "api"]) },
    Page { path: "docs/api/openapi.json", origin: Origin::Program(&["help", "--page", "openapi"]) },
    Page { path: "docs/cli.md", origin: Origin::Program(&["help", "--markdown"]) },
    Page { path: "docs/desk/roles.md", origin: Origin::Program(&["help", "--page", "roles"]) },
    Page { path: "docs/formats.md", origin: Origin::Samples(feeds::page) },
    Page { path: "docs/rules.md", origin: Origin::Program(&["explain", "--markdown"]) },
];

/// Writes every page anew.
pub(crate) fn write() -> Outcome {
    for page in PAGES {
        let text = match page.text() {
            Ok(text) => text,
            Err(error) => return Outcome::Failed(format!("{}: {error}", page.path)),
        };
        if let Err(error) = put(&shell::root().join(page.path), &text) {
            return Outcome::Failed(format!("{}: {error}", page.path));
        }
        println!("{} written", page.path);
    }
    Outcome::Passed
}

/// Compares every page with what the program would write now.
pub(crate) fn check() -> Outcome {
    let complaints: Vec<String> = PAGES.iter().filter_map(Page::complaint).collect();
    if complaints.is_empty() {
        println!("{} pages are as the program writes them", PAGES.len());
    }
    Outcome::of_complaints(&complaints)
}

impl Page {
    fn text(&self) -> io::Result<String> {
        let command = match self.origin {
            Origin::Samples(write) => return write(),
            Origin::Program(command) => command,
        };
        let call = ["run", "--quiet", "--locked", "--package", "mimawari", "--"];
        let text = shell::output(shell::cargo(&call).args(command))?;
        if text.trim().is_empty() {
            let command = command.join(" ");
            return Err(io::Error::other(format!("`mimawari {command}` prints nothing")));
        }
        Ok(text)
    }

    fn complaint(&self) -> Option<String> {
        let expected = match self.text() {
            Ok(text) => text,
            Err(error) => return Some(format!("{}: {error}", self.path)),
        };
        let found = fs::read_to_string(shell::root().join(self.path)).unwrap_or_default();
        let line = first_difference(&found, &expected)?;
        Some(format!(
            "{}:{line}: not what the program writes; run `cargo xtask generate`",
            self.path
        ))
    }
}

/// The first line, from 1, in which two texts differ.
fn first_difference(one: &str, other: &str) -> Option<usize> {
    if one == other {
        return None;
    }
    let same = one.split('\n').zip(other.split('\n')).take_while(|(one, other)| one == other);
    Some(same.count() + 1)
}

fn put(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_named_by_its_line() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(first_difference("a\nb\n", "a\nc\n"), Some(2));
        assert_eq!(first_difference("a\n", "a\nb\n"), Some(2));
        assert_eq!(first_difference("", "a\n"), Some(1));
    }
}
