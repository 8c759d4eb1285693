//! Which build an update of Windows brings, by its number.

use std::io::{self, Write};

use super::build::Builder;
use super::kept::Kept;
use super::layer::Layer;
use super::write::File;
use super::{Index, IndexError, Section, UPDATE, fixed_32};
use crate::advisories::updates::{Build, Update};

impl Index<'_> {
    /// The builds that the update of this number brings, by the word of advisories that their party stands by: each once, the lowest first.
    pub fn builds_of(&self, update: u64) -> Result<Vec<Build>, IndexError> {
        let mut builds = self.stated(&self.base, 0, update)?;
        if let Some(over) = &self.over {
            builds.extend(self.stated(&over.layer, over.first_advisory, update)?);
        }
        builds.sort_unstable();
        builds.dedup();
        Ok(builds)
    }

    /// What one file says of an update; its advisories are numbered from `first` on.
    fn stated(&self, file: &Layer<'_>, first: u32, update: u64) -> Result<Vec<Build>, IndexError> {
        let mut builds = Vec::new();
        for at in file.equal(Section::Updates, UPDATE, update)? {
            let entry = file.entry(Section::Updates, UPDATE, at)?;
            let number = |at: usize| fixed_32(&entry, 8 + 4 * at);
            let advisory = first.checked_add(number(0)?).ok_or(IndexError::Damaged)?;
            if self.head(advisory)?.stands {
                builds.push(Build([number(1)?, number(2)?, number(3)?, number(4)?]));
            }
        }
        Ok(builds)
    }
}

/// Writes the table by which builds are found.
pub(super) fn write<W: Write>(
    builder: &Builder,
    kept: &[Kept],
    file: &mut File<'_, W>,
) -> io::Result<()> {
    let of = |kept: &Kept| builder.updates.get(kept.updates.clone()).unwrap_or_default();
    let all = (0u32..).zip(kept);
    let all = all.flat_map(|(advisory, kept)| of(kept).iter().map(move |one| (*one, advisory)));
    let mut rows: Vec<(u64, u32, Build)> =
        all.map(|(Update { number, build }, advisory)| (number, advisory, build)).collect();
    rows.sort_unstable();
    let row = |(number, advisory, Build(build)): (u64, u32, Build)| {
        let build = build.map(u32::to_be_bytes).concat();
        [&number.to_be_bytes()[..], &advisory.to_be_bytes(), &build].concat()
    };
    file.section(Section::Updates, &rows.into_iter().flat_map(row).collect::<Vec<u8>>())
}
