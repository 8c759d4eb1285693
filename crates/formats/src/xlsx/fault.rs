//! What can be wrong with a workbook, and how it is said.

use domain::msg;

use crate::reading::Refusal;

/// What is wrong inside one part of a workbook. The place is added by whoever knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// It unpacks to far more than any real workbook would: a zip bomb.
    Bomb,
    /// It ends before it should.
    CutShort,
    /// It is not what it says it is: broken compression, wrong checksum, not XML.
    Damaged,
    /// It declares a document type, which no workbook needs and attackers do.
    Entities,
    /// It is under a password.
    Locked,
    /// It is not in the file.
    Missing,
    /// A row or cell stands before one that it should follow, or outside the sheet.
    OutOfOrder,
    /// It is larger than the stated limits.
    TooLarge,
}

impl Fault {
    /// The fault of the part `part`, such as `xl/styles.xml`.
    pub(super) fn in_part(self, part: &str) -> Refusal {
        let message = match self {
            Self::Bomb => msg!("refusal.zip_bomb"),
            Self::CutShort => msg!("refusal.workbook_cut_short", part = part),
            Self::Damaged | Self::OutOfOrder => msg!("refusal.workbook_damaged", part = part),
            Self::Entities => msg!("refusal.workbook_entities", part = part),
            Self::Locked => msg!("refusal.workbook_password"),
            Self::Missing => msg!("refusal.workbook_part_missing", part = part),
            Self::TooLarge => msg!("refusal.workbook_too_large", part = part),
        };
        Refusal { message }
    }

    /// The fault of the sheet named `sheet`, met after its row `row` had begun.
    pub(super) fn in_sheet(self, sheet: &str, row: u32) -> Refusal {
        let row = row.max(1);
        let message = match self {
            Self::Bomb => msg!("refusal.zip_bomb"),
            Self::CutShort => msg!("refusal.sheet_cut_short", sheet = sheet, row = row),
            Self::Damaged => msg!("refusal.sheet_damaged", sheet = sheet, row = row),
            Self::Entities => msg!("refusal.workbook_entities", part = sheet),
            Self::Locked => msg!("refusal.workbook_password"),
            Self::Missing => msg!("refusal.sheet_missing", sheet = sheet),
            Self::OutOfOrder => msg!("refusal.sheet_out_of_order", sheet = sheet, row = row),
            Self::TooLarge => msg!("refusal.sheet_too_large", sheet = sheet, row = row),
        };
        Refusal { message }
    }
}
