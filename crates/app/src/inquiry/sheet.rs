//! The sheet that goes with an inquiry, for the vendor to fill in, and what comes back on it.

use domain::{Digest, Inquiry, InquiryItem, Message};
use formats::answer_sheet::{self, Filled, Form};
use reference::{Catalogue, Language};
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, XlsxError};

/// What tells the sheet of this inquiry from that of any other: its number, and a digest of what it asks.
fn mark(inquiry: &Inquiry) -> String {
    let facts = &inquiry.draft.facts;
    let ids = facts.asked.iter().map(|asked| asked.id.as_bytes());
    let parts = [facts.facility.as_bytes(), facts.mark.as_bytes()].into_iter().chain(ids);
    let digest = Digest::of_parts(parts).to_string();
    format!("{}-{}", inquiry.number, digest.get(..8).unwrap_or_default())
}

/// Words of the sheet are Japanese, with English beside them, whatever the reader's language: they are read again.
struct Words {
    ja: Catalogue,
    en: Catalogue,
}

impl Words {
    fn load() -> Self {
        Self { ja: Catalogue::load(Language::Ja), en: Catalogue::load(Language::En) }
    }

    fn both(&self, key: &str) -> String {
        format!("{}\n{}", self.ja.text(key), self.en.text(key))
    }

    fn items(&self) -> Vec<String> {
        let name = |item: &InquiryItem| self.ja.text(&item_key(*item)).into_owned();
        InquiryItem::ALL.iter().map(name).collect()
    }
}

fn item_key(item: InquiryItem) -> String {
    format!("inquiry_item.{}", item.key())
}

/// The header of the first column.
const NUMBER: &str = "column.vulnerability";

/// The row of the header, from 0.
const HEADER: u32 = 6;

/// The sheet as a workbook: one row for each vulnerability, one column for each item.
pub(super) fn workbook(inquiry: &Inquiry) -> Result<Vec<u8>, XlsxError> {
    let words = Words::load();
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    page.set_name(words.ja.text("inquiry.sheet.name"))?;
    page.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    page.set_repeat_rows(HEADER, HEADER)?.set_freeze_panes(HEADER + 1, 1)?;
    page.set_column_width(0, 24)?;
    for column in 1..=InquiryItem::ALL.len() as u16 {
        page.set_column_width(column, 26)?;
    }
    let bold = Format::new().set_bold();
    page.write_string_with_format(0, 0, words.ja.text("inquiry.sheet.title"), &bold)?;
    page.write_string(1, 0, words.ja.text("inquiry.sheet.how"))?;
    page.write_string(2, 0, words.en.text("inquiry.sheet.how"))?;
    for (row, key, value) in [
        (3, "inquiry.sheet.number", mark(inquiry)),
        (4, "inquiry.sheet.product", inquiry.draft.facts.product.clone()),
    ] {
        page.write_string_with_format(row, 0, words.ja.text(key), &bold)?;
        page.write_string(row, 1, value)?;
    }
    let head = cell().set_bold().set_background_color(0x00E6_EBF5);
    page.write_string_with_format(HEADER, 0, words.both(NUMBER), &head)?;
    for (column, item) in (1..).zip(InquiryItem::ALL) {
        page.write_string_with_format(HEADER, column, words.both(&item_key(*item)), &head)?;
    }
    for (row, asked) in (HEADER + 1..).zip(&inquiry.draft.facts.asked) {
        page.set_row_height(row, 60)?;
        page.write_string_with_format(row, 0, &asked.id, &cell())?;
        for (column, item) in (1..).zip(InquiryItem::ALL) {
            let answer = inquiry.answer(&asked.id, *item).map_or("", |answer| &answer.text);
            page.write_string_with_format(row, column, answer, &cell())?;
        }
    }
    book.save_to_buffer()
}

fn cell() -> Format {
    let text = Format::new().set_num_format("@").set_text_wrap();
    text.set_align(FormatAlign::Top).set_border(FormatBorder::Thin)
}

/// Reads the sheet that came back.
pub(super) fn read(inquiry: &Inquiry, bytes: &[u8]) -> Result<Filled, Message> {
    let (words, mark) = (Words::load(), mark(inquiry));
    let items = words.items();
    let (sheet, number) = (words.ja.text("inquiry.sheet.name"), words.ja.text(NUMBER));
    let asked: Vec<&str> =
        inquiry.draft.facts.asked.iter().map(|asked| asked.id.as_str()).collect();
    let form = Form {
        sheet: &sheet,
        mark: &mark,
        number: &number,
        items: &items,
        asked: &asked,
        most_text: Inquiry::MOST_TEXT,
    };
    answer_sheet::read(bytes, &form).map_err(|refusal| refusal.message)
}
