//! What a workbook may cost us. Everything from outside is taken for hostile until it is read.

/// Largest row number of a sheet (Excel's own limit).
pub(super) const ROWS: u32 = 1_048_576;

/// Largest column number of a sheet, `XFD` (Excel's own limit).
pub(super) const COLUMNS: u16 = 16_384;

/// Parts in one package. A workbook of 200 sheets with drawings has about a thousand.
pub(super) const PARTS: usize = 20_000;

/// Sheets in one workbook. Excel is bounded by memory alone; nobody keeps a thousand.
pub(super) const SHEETS: usize = 4_096;

/// Unpacked size of one sheet, in bytes: about fifteen times a ledger of 100,000 rows and 20 columns.
pub(super) const SHEET_BYTES: u64 = 1 << 30;

/// Unpacked size of the shared strings, in bytes.
pub(super) const STRINGS_BYTES: u64 = 256 << 20;

/// Unpacked size of any other part (workbook, relations, styles), in bytes.
pub(super) const SMALL_PART_BYTES: u64 = 64 << 20;

/// Above [`RATIO_FREE_BYTES`], how many times its packed size a part may unpack to.
/// Ledgers measure 5 to 20, sheets of nothing but borders about 60; deflate's own limit is 1,032.
pub(super) const RATIO: u64 = 200;

/// Unpacked size up to which the ratio is not looked at, in bytes.
pub(super) const RATIO_FREE_BYTES: u64 = 16 << 20;

/// Elements within elements. A worksheet needs about eight, drawings inside extensions about twenty.
pub(super) const DEPTH: u32 = 64;

/// One tag with its attributes, in bytes.
pub(super) const TAG_BYTES: usize = 64 << 10;

/// One stretch of text, in bytes: a cell holds 32,767 characters, each up to seven bytes when escaped, and some room.
pub(super) const TEXT_BYTES: usize = 1 << 20;

/// Cells handed on from one workbook, filled-in ones included.
pub(super) const CELLS: u64 = 64_000_000;

/// Text handed on from one workbook, in bytes. Shared strings let a small file repeat a long text without end.
pub(super) const PUSHED_BYTES: u64 = 4 << 30;

/// Text of one row, in bytes.
pub(super) const ROW_BYTES: u64 = 16 << 20;

/// Merged ranges on one sheet.
pub(super) const MERGES: usize = 1 << 20;

/// Fonts, number formats or cell styles in one workbook. Excel's limit is 64,000 styles.
pub(super) const STYLES: usize = 1 << 17;

/// One number format's code, in characters. Excel takes 255.
pub(super) const FORMAT_CHARACTERS: usize = 1_024;

/// Warnings kept from one workbook; the rest are counted.
pub(super) const WARNINGS: usize = 200;
