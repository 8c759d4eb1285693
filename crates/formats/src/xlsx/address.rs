//! Cell addresses such as `B12` and ranges such as `B4:D4`.

use super::limits;

/// A block of cells, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) top: u32,
    pub(super) left: u16,
    pub(super) bottom: u32,
    pub(super) right: u16,
}

/// Column and row of `B12`, both from 1; `None` for anything that is no cell of a sheet.
pub(super) fn cell(text: &[u8]) -> Option<(u16, u32)> {
    let mut column = 0_u32;
    let mut rest = text;
    while let Some((letter, after)) =
        rest.split_first().filter(|(letter, _)| letter.is_ascii_alphabetic())
    {
        column = column * 26 + u32::from(letter.to_ascii_uppercase() - b'A') + 1;
        if column > u32::from(limits::COLUMNS) {
            return None;
        }
        rest = after;
    }
    let row = super::xml::number(rest)?;
    let within = column > 0 && (1..=limits::ROWS).contains(&row);
    within.then_some((column as u16, row))
}

/// The block of `B4:D4`, or of a single cell.
pub(super) fn block(text: &[u8]) -> Option<Block> {
    let mut ends = text.splitn(2, |&byte| byte == b':');
    let (left, top) = cell(ends.next()?)?;
    let (right, bottom) = match ends.next() {
        Some(end) => cell(end)?,
        None => (left, top),
    };
    (left <= right && top <= bottom).then_some(Block { top, left, bottom, right })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_up_to_the_last_cell_of_a_sheet() {
        assert_eq!(cell(b"A1"), Some((1, 1)));
        assert_eq!(cell(b"aa10"), Some((27, 10)));
        assert_eq!(cell(b"XFD1048576"), Some((16_384, 1_048_576)));
        for text in
            ["", "A", "1", "A0", "XFE1", "A1048577", "ZZZZZZZZZZZZ1", "A1x", "$A$1", "A99999999999"]
        {
            assert_eq!(cell(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn blocks_have_their_ends_in_order() {
        assert_eq!(block(b"B4:D5"), Some(Block { top: 4, left: 2, bottom: 5, right: 4 }));
        assert_eq!(block(b"B4"), Some(Block { top: 4, left: 2, bottom: 4, right: 2 }));
        assert_eq!(block(b"D4:B4"), None);
        assert_eq!(block(b"B4:"), None);
    }
}
