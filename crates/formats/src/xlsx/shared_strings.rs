//! `xl/sharedStrings.xml`: the texts that cells point at, in one arena.

use super::fault::Fault;
use super::rich_text::{self, Strike};
use super::xml::{Scanner, Token};

/// Where a string ends fits beside its [`Strike`]: the part is at most 256 MiB unpacked, so 2 of 32 bits are free.
const END_BITS: u32 = 30;

/// All shared strings of a workbook: one buffer and where each ends.
#[derive(Debug, Default)]
pub(super) struct SharedStrings {
    text: String,
    ends: Vec<u32>,
}

impl SharedStrings {
    /// The string `index` and what its runs say about striking through.
    pub(super) fn get(&self, index: u32) -> Option<(&str, Strike)> {
        let index = index as usize;
        let packed = *self.ends.get(index)?;
        let start = match index.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        let strike = match packed >> END_BITS {
            0 => Strike::AsCell,
            1 => Strike::No,
            _ => Strike::Yes,
        };
        Some((self.text.get(end(start)..end(packed))?, strike))
    }

    /// Reads the part.
    pub(super) fn read(mut scanner: Scanner<'_>) -> Result<Self, Fault> {
        let mut strings = Self::default();
        while let Some(token) = scanner.next()? {
            let Token::Open(tag) = token else { continue };
            if tag.name == b"si" {
                let strike = match tag.empty {
                    true => Strike::AsCell,
                    false => rich_text::read(&mut scanner, &mut strings.text)?,
                };
                strings.close(strike)?;
            }
        }
        strings.text.shrink_to_fit();
        strings.ends.shrink_to_fit();
        Ok(strings)
    }

    fn close(&mut self, strike: Strike) -> Result<(), Fault> {
        let length = u32::try_from(self.text.len()).ok().filter(|length| length >> END_BITS == 0);
        let strike = match strike {
            Strike::AsCell => 0,
            Strike::No => 1,
            Strike::Yes => 2,
        };
        self.ends.push(length.ok_or(Fault::TooLarge)? | strike << END_BITS);
        Ok(())
    }
}

fn end(packed: u32) -> usize {
    (packed & ((1 << END_BITS) - 1)) as usize
}
