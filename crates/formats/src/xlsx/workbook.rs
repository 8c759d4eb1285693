//! `xl/workbook.xml` and the relations that lead from it to the sheets.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::fault::Fault;
use super::limits;
use super::package::{Entry, Package};
use super::xml::{Scanner, Token};
use crate::reading::Refusal;

/// A workbook's table of contents.
#[derive(Debug, Default)]
pub(super) struct Contents<'a> {
    pub(super) sheets: Vec<Listed<'a>>,
    pub(super) date1904: bool,
    pub(super) strings: Option<Entry<'a>>,
    pub(super) styles: Option<Entry<'a>>,
}

/// A sheet as the workbook lists it.
#[derive(Debug)]
pub(super) struct Listed<'a> {
    pub(super) name: Arc<str>,
    pub(super) hidden: bool,
    /// Its part; `None` for charts and dialogs, which have no cells.
    pub(super) part: Option<Entry<'a>>,
}

/// Where the relations of one part lead: id, last word of the type, target.
#[derive(Debug, Default)]
struct Relations(BTreeMap<String, (String, String)>);

/// Where the workbook part stands when `_rels/.rels` does not say.
const USUAL: &str = "xl/workbook.xml";

impl<'a> Contents<'a> {
    /// Follows the relations from the package to the sheets.
    pub(super) fn read(package: &mut Package<'a>) -> Result<Self, Refusal> {
        let roots = Relations::read(package, "_rels/.rels")?;
        let workbook = roots.of_kind("officeDocument").unwrap_or(USUAL);
        let workbook = resolve("", workbook);
        let part = small(package, &workbook)?.ok_or_else(|| Fault::Missing.in_part(&workbook))?;
        let (folder, file) = workbook.rsplit_once('/').unwrap_or(("", &workbook));
        let relations = Relations::read(package, &resolve(folder, &format!("_rels/{file}.rels")))?;
        let mut contents = Self::default();
        let listed = contents
            .list(Scanner::new(&mut part.open()))
            .map_err(|fault| fault.in_part(&workbook))?;
        for (name, hidden, id) in listed {
            let part = relations.sheet(package, folder, &name, &id)?;
            contents.sheets.push(Listed { name, hidden, part });
        }
        contents.check_overlap(package.size())?;
        contents.styles = relations.part(package, folder, "styles", limits::SMALL_PART_BYTES)?;
        contents.strings =
            relations.part(package, folder, "sharedStrings", limits::STRINGS_BYTES)?;
        Ok(contents)
    }

    /// Sound parts lie side by side.  Sheets that are larger together than the zip lie over one another, so that a small file
    /// costs the work of a large one.
    fn check_overlap(&self, size: usize) -> Result<(), Refusal> {
        let packed: usize =
            self.sheets.iter().filter_map(|sheet| sheet.part).map(|part| part.packed_size()).sum();
        match packed > size {
            true => Err(Fault::Bomb.in_part("xl/worksheets")),
            false => Ok(()),
        }
    }

    /// Reads the workbook part: name, hidden and relation id of each sheet.
    fn list(&mut self, mut scanner: Scanner<'_>) -> Result<Vec<(Arc<str>, bool, String)>, Fault> {
        let mut listed = Vec::new();
        let mut inside = false;
        while let Some(token) = scanner.next()? {
            match token {
                Token::Open(tag) => match tag.name {
                    b"sheets" => inside = !tag.empty,
                    b"workbookPr" => self.date1904 = tag.flag("date1904"),
                    b"sheet" if inside => {
                        let name = tag.text("name").unwrap_or_default();
                        let hidden =
                            matches!(tag.attribute("state"), Some(b"hidden" | b"veryHidden"));
                        let id =
                            tag.prefixed("id").map(|id| String::from_utf8_lossy(id).into_owned());
                        listed.push((Arc::from(name), hidden, id.unwrap_or_default()));
                    }
                    _ => {}
                },
                Token::Close(b"sheets") => inside = false,
                _ => {}
            }
            if listed.len() > limits::SHEETS {
                return Err(Fault::TooLarge);
            }
        }
        match listed.is_empty() {
            true => Err(Fault::Damaged),
            false => Ok(listed),
        }
    }
}

impl<'a> Listed<'a> {
    /// A sheet of which there is nothing but its `xml`, for fuzzing.
    pub(super) fn bare(xml: &'a [u8]) -> Self {
        Self { name: Arc::from("fuzz"), hidden: false, part: Some(Entry::bare(xml)) }
    }
}

impl Relations {
    /// Reads the relations in the part `name`; none where there is no such part.
    fn read(package: &mut Package<'_>, name: &str) -> Result<Self, Refusal> {
        match small(package, name)? {
            Some(part) => {
                Self::parse(Scanner::new(&mut part.open())).map_err(|fault| fault.in_part(name))
            }
            None => Ok(Self::default()),
        }
    }

    fn parse(mut scanner: Scanner<'_>) -> Result<Self, Fault> {
        let mut relations = BTreeMap::new();
        while let Some(token) = scanner.next()? {
            let Token::Open(tag) = token else { continue };
            // A relation that leads out of the file is never followed.
            if tag.name != b"Relationship" || tag.attribute("TargetMode") == Some(b"External") {
                continue;
            }
            let (Some(id), Some(kind), Some(target)) =
                (tag.text("Id"), tag.text("Type"), tag.text("Target"))
            else {
                continue;
            };
            let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
            relations.insert(id, (kind, target));
            if relations.len() > limits::PARTS {
                return Err(Fault::TooLarge);
            }
        }
        Ok(Self(relations))
    }

    /// The target of the relation whose type ends in `kind`. The transitional and the strict standard differ before that.
    fn of_kind(&self, kind: &str) -> Option<&str> {
        self.0.values().find(|(other, _)| other == kind).map(|(_, target)| target.as_str())
    }

    fn part<'a>(
        &self,
        package: &mut Package<'a>,
        folder: &str,
        kind: &str,
        cap: u64,
    ) -> Result<Option<Entry<'a>>, Refusal> {
        let Some(target) = self.of_kind(kind) else { return Ok(None) };
        let name = resolve(folder, target);
        let part = package.find(&name, cap).map_err(|fault| fault.in_part(&name))?;
        part.ok_or_else(|| Fault::Missing.in_part(&name)).map(Some)
    }

    /// The part of the sheet `name`; `None` for sheets without cells.
    fn sheet<'a>(
        &self,
        package: &mut Package<'a>,
        folder: &str,
        name: &str,
        id: &str,
    ) -> Result<Option<Entry<'a>>, Refusal> {
        let (kind, target) = self.0.get(id).ok_or_else(|| Fault::Missing.in_sheet(name, 1))?;
        if kind != "worksheet" {
            return Ok(None);
        }
        let target = resolve(folder, target);
        let part =
            package.find(&target, limits::SHEET_BYTES).map_err(|fault| fault.in_sheet(name, 1))?;
        part.ok_or_else(|| Fault::Missing.in_sheet(name, 1)).map(Some)
    }
}

fn small<'a>(package: &mut Package<'a>, name: &str) -> Result<Option<Entry<'a>>, Refusal> {
    package.find(name, limits::SMALL_PART_BYTES).map_err(|fault| fault.in_part(name))
}

/// The name in the zip that `target` means, seen from `folder`.
fn resolve(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    let (folder, target) = match target.strip_prefix('/') {
        Some(absolute) => ("", absolute),
        None => (folder, target.as_str()),
    };
    let mut steps: Vec<&str> = Vec::new();
    for step in folder.split('/').chain(target.split('/')) {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step),
        }
    }
    steps.join("/")
}

#[cfg(test)]
mod tests {
    use super::resolve;

    #[test]
    fn targets_are_found_from_their_folder() {
        for (folder, target, expected) in [
            ("xl", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl", "/xl/worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl", "../xl/./styles.xml", "xl/styles.xml"),
            ("xl", "worksheets\\sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("", "xl/workbook.xml", "xl/workbook.xml"),
            ("xl", "../../../etc/passwd", "etc/passwd"),
        ] {
            assert_eq!(resolve(folder, target), expected);
        }
    }
}
