//! Inquiries to vendors about real vulnerabilities: from the letter to what came back, friendly or not.

use std::ops::ControlFlow;

use app::{AppError, InquiryView, NewInquiry};
use domain::{InquiryItem, ItemAnswer, Sending};
use formats::table::{Row, RowSink, SheetInfo};
use jiff::civil::Date;
use rust_xlsxwriter::{Format, Formula, Workbook};

use super::round::with_ledger;
use super::*;

const MARK: &str = "openssl 1.0.1a";

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn hospital() -> Desk {
    let desk = with_ledger(Desk::with(&["nvd/configurations.jsonl.gz", OSV, KEV]));
    desk.app.set_facility_name("みなと中央病院", &act()).unwrap();
    desk
}

/// The numbers of what concerns the product.
fn numbers(desk: &Desk) -> Vec<String> {
    let book = desk.app.weaknesses(app::day_of(now())).unwrap();
    let page = book.product(MARK, desk.app.catalogue()).unwrap();
    page.matches.into_iter().map(|found| found.weakness.id).collect()
}

fn asking(vulnerabilities: &[&str]) -> NewInquiry {
    NewInquiry {
        mark: MARK.to_owned(),
        vulnerabilities: vulnerabilities.iter().map(|id| (*id).to_owned()).collect(),
        vendor: "A社 保守部".to_owned(),
        contact: "情報係 佐藤 内線123".to_owned(),
        note: "10日の点検の前に伺いたく存じます。".to_owned(),
        due: day("2026-12-04"),
    }
}

fn sent(desk: &Desk, new: &NewInquiry) -> InquiryView {
    let drafted = desk.app.draft_inquiry(new, &act()).unwrap();
    let sending =
        Sending { on: day("2026-11-20"), to: "山田様".to_owned(), way: "メール".to_owned() };
    desk.app.mark_inquiry_sent(drafted.number, Some(1), sending, &act()).unwrap()
}

/// Every cell of the first sheet of a workbook.
#[derive(Default)]
struct Cells(Vec<(u32, u16, String)>);

impl RowSink for Cells {
    fn sheet(&mut self, _: &SheetInfo) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }

    fn row(&mut self, _: &SheetInfo, row: &Row) -> ControlFlow<()> {
        let cells = row.cells().map(|cell| (row.number, cell.column, cell.text.to_owned()));
        self.0.extend(cells);
        ControlFlow::Continue(())
    }

    fn end(&mut self, _: &SheetInfo) {}
}

impl Cells {
    fn of(bytes: &[u8]) -> Self {
        let mut cells = Self::default();
        formats::xlsx::read(bytes, &mut cells).unwrap();
        cells
    }

    /// The row of the vulnerability.
    fn row_of(&self, id: &str) -> u32 {
        self.0.iter().find(|(_, column, text)| *column == 1 && text == id).unwrap().0
    }

    fn with(mut self, row: u32, column: u16, text: &str) -> Self {
        self.0.retain(|(r, c, _)| (*r, *c) != (row, column));
        self.0.push((row, column, text.to_owned()));
        self
    }

    /// The workbook that a vendor's Excel would write; what begins with `=` as a formula, and with `~` struck through.
    fn saved(&self, name: &str) -> Vec<u8> {
        let mut book = Workbook::new();
        let page = book.add_worksheet();
        page.set_name(name).unwrap();
        let struck = Format::new().set_font_strikethrough();
        for (row, column, text) in &self.0 {
            let (row, column) = (row - 1, column - 1);
            if let Some(text) = text.strip_prefix('~') {
                page.write_string_with_format(row, column, text, &struck).unwrap();
            } else if text.starts_with('=') {
                let formula = Formula::new(text).set_result("12月に直します");
                page.write_formula(row, column, formula).unwrap();
            } else {
                page.write_string(row, column, text).unwrap();
            }
        }
        book.save_to_buffer().unwrap()
    }
}

#[test]
fn a_letter_has_the_facts_and_the_six_items_and_no_address() {
    let desk = hospital();
    let ids = numbers(&desk);
    let view = desk.app.draft_inquiry(&asking(&[&ids[0]]), &act()).unwrap();
    assert_eq!((view.number, view.steps, view.state.as_str()), (1, 1, "draft"));
    assert_eq!((view.devices, view.medical, view.missing), (1, 0, 6));
    for (language, items, words) in [
        (
            Language::Ja,
            "暫定的なリスク緩和手法",
            ["みなと中央病院", "A社 保守部 御中", "2026年12月4日"],
        ),
        (
            Language::En,
            "Interim risk mitigation",
            ["みなと中央病院", "To A社 保守部", "2026-12-04"],
        ),
    ] {
        let letter = desk.app.inquiry_letter(1, language).unwrap();
        let all = words.iter().chain([&items, &"OpenSSL 1.0.1a", &"情報係 佐藤", &"10日の点検"]);
        for word in all.copied().chain(ids.iter().map(String::as_str)) {
            assert!(letter.contains(word), "{word} in {letter}");
        }
        assert!(!letter.contains("10.1.1.1") && !letter.contains("SV-01"), "{letter}");
        assert!(!letter.contains('{') && !letter.contains('['), "{letter}");
    }
}

#[test]
fn an_inquiry_goes_from_its_letter_to_its_last_answer() {
    let desk = hospital();
    let id = numbers(&desk).remove(0);
    let view = sent(&desk, &asking(&[&id]));
    assert_eq!((view.state.as_str(), view.steps), ("sent", 2));
    let cells = Cells::of(&desk.app.inquiry_sheet(1).unwrap());
    let row = cells.row_of(&id);
    let filled =
        cells.with(row, 2, "12月20日").with(row, 7, "外からの接続を\n止めてください").saved("回答");
    let preview = desk.app.preview_answers(1, &filled).unwrap();
    let told: Vec<_> = preview.answers.iter().map(|a| (a.cell.clone(), a.item.as_str())).collect();
    assert_eq!(
        told,
        [(format!("B{row}"), "resolution_schedule"), (format!("G{row}"), "interim_mitigation"),]
    );
    assert_eq!((preview.refused.len(), desk.app.inquiry(1, day("2026-11-21")).unwrap()), (0, view));
    let taken = desk.app.take_answers(1, Some(2), ("回答表.xlsx", &filled), &act()).unwrap();
    assert_eq!((taken.state.as_str(), taken.missing), ("answered_in_part", 4));
    let answer = taken.asked[0].items[5].answer.as_ref().unwrap();
    assert_eq!(answer.text, "外からの接続を\n止めてください");
    assert_eq!(answer.file.as_deref(), Some("回答表.xlsx"));
    assert_eq!(desk.app.inquiry_file(1, 3).unwrap(), ("回答表.xlsx".to_owned(), filled.clone()));
    assert!(matches!(desk.app.inquiry_file(1, 2), Err(AppError::NoInquiry(1))));
    let again = desk.app.preview_answers(1, &filled).unwrap();
    assert_eq!((again.answers.len(), again.same), (0, 2));
    let rest = InquiryItem::ALL[1..5].iter().map(|item| ItemAnswer {
        id: id.clone(),
        item: *item,
        text: "電話で聞きました".to_owned(),
    });
    let whole = desk.app.answer_inquiry(1, Some(3), rest.collect(), &act()).unwrap();
    assert_eq!((whole.state.as_str(), whole.missing, whole.history.len()), ("answered", 0, 4));
    let acts: Vec<String> = desk.app.audit(100).unwrap().into_iter().map(|e| e.act).collect();
    let own: Vec<&String> = acts.iter().filter(|act| act.starts_with("inquiry.")).collect();
    assert_eq!(own, ["inquiry.draft", "inquiry.sent", "inquiry.answers", "inquiry.answers"]);
    assert!(desk.app.verify_audit(&[]).unwrap().whole);
}

#[test]
fn a_sheet_that_is_not_the_one_that_went_out_is_refused_as_a_whole() {
    let desk = hospital();
    let ids = numbers(&desk);
    sent(&desk, &asking(&[&ids[0]]));
    sent(&desk, &asking(&[&ids[0]]));
    let own = || Cells::of(&desk.app.inquiry_sheet(1).unwrap());
    let header = own().row_of(&ids[0]) - 1;
    for (key, bytes) in [
        ("answer_sheet.no_sheet", own().saved("Sheet1")),
        ("answer_sheet.other", desk.app.inquiry_sheet(2).unwrap()),
        ("answer_sheet.other", own().with(4, 2, "1-00000000").saved("回答")),
        ("answer_sheet.no_header", own().with(header, 3, "悪用方法").saved("回答")),
        ("answer_sheet.no_header", own().with(header, 1, "番号").saved("回答")),
        ("answer_sheet.large", vec![b'P'; app::MOST_SHEET_BYTES + 1]),
    ] {
        let Err(AppError::Inquiry(message)) = desk.app.preview_answers(1, &bytes) else {
            panic!("{key}")
        };
        assert_eq!(message.key, key);
        let taken = desk.app.take_answers(1, None, ("x.xlsx", &bytes), &act());
        assert!(matches!(taken, Err(AppError::Inquiry(_))), "{key}");
    }
    for bytes in [&b""[..], b"CVE,answer\n", b"PK\x03\x04", &own().saved("回答")[..900]] {
        assert!(matches!(desk.app.preview_answers(1, bytes), Err(AppError::Inquiry(_))));
    }
    assert_eq!(desk.app.inquiry(1, day("2026-11-21")).unwrap().steps, 2, "nothing was taken");
}

#[test]
fn cells_that_cannot_be_taken_are_named_and_the_others_count() {
    let desk = hospital();
    let ids = numbers(&desk);
    sent(&desk, &asking(&[&ids[0]]));
    let cells = Cells::of(&desk.app.inquiry_sheet(1).unwrap());
    let row = cells.row_of(&ids[0]);
    let long = "あ".repeat(2001);
    let filled = cells
        .with(row, 2, "=HYPERLINK(\"http://evil.example\",\"12月\")")
        .with(row, 3, "訪問して直します")
        .with(row, 4, &long)
        .with(row, 5, "~低")
        .with(row, 9, "列の外")
        .with(row + 1, 1, "CVE-1999-0001")
        .with(row + 1, 2, "尋ねていない")
        .with(row + 2, 1, &ids[0])
        .with(row + 2, 2, "二度目")
        .saved("回答");
    let preview = desk.app.preview_answers(1, &filled).unwrap();
    assert_eq!(preview.answers.len(), 1, "{:?}", preview.answers);
    assert_eq!(preview.answers[0].cell, format!("C{row}"));
    let named: Vec<String> = [("B", 0), ("D", 0), ("E", 0), ("I", 0), ("A", 1), ("A", 2)]
        .map(|(column, down)| format!("Cell {column}{}", row + down))
        .to_vec();
    assert_eq!(preview.refused.len(), named.len(), "{:?}", preview.refused);
    for (why, cell) in preview.refused.iter().zip(&named) {
        assert!(why.starts_with(cell.as_str()), "{cell}: {why}");
    }
    let taken = desk.app.take_answers(1, None, ("a\u{0}b.xlsx", &filled), &act()).unwrap();
    assert_eq!(taken.missing, 5);
    let answer = taken.asked[0].items[1].answer.as_ref().unwrap();
    assert_eq!(
        (answer.text.as_str(), answer.file.as_deref()),
        ("訪問して直します", Some("ab.xlsx"))
    );
}

#[test]
fn who_comes_second_changes_nothing() {
    let desk = hospital();
    let id = numbers(&desk).remove(0);
    sent(&desk, &asking(&[&id]));
    let due = |seen, day| desk.app.set_inquiry_due(1, seen, day, &act());
    assert_eq!(due(Some(2), day("2026-12-10")).unwrap().due, "2026-12-10");
    assert!(matches!(due(Some(2), day("2026-12-20")), Err(AppError::MatterMoved(2))));
    assert_eq!(desk.app.inquiry(1, day("2026-11-21")).unwrap().due, "2026-12-10");
    assert_eq!(due(None, day("2026-12-20")).unwrap().steps, 4, "a script need not say");
}

#[test]
fn nothing_is_asked_that_does_not_concern_the_product() {
    let desk = hospital();
    let id = numbers(&desk).remove(0);
    let unknown = NewInquiry { mark: "nothing 1".to_owned(), ..asking(&[&id]) };
    for (new, key) in [
        (unknown, "inquiry.refused.no_product"),
        (asking(&["CVE-1999-0001"]), "inquiry.refused.no_vulnerability"),
        (asking(&[]), "inquiry.refused.count"),
        (asking(&[&id, &id]), "inquiry.refused.twice"),
    ] {
        let Err(AppError::Inquiry(message)) = desk.app.draft_inquiry(&new, &act()) else {
            panic!("{key}")
        };
        assert_eq!(message.key, key);
    }
    assert_eq!(desk.app.inquiries(day("2026-11-20")).unwrap(), []);
    let nowhere = desk.app.inquiry(7, day("2026-11-20"));
    assert!(matches!(nowhere, Err(AppError::NoInquiry(7))));
}

#[test]
fn a_late_answer_is_a_finding_until_it_comes_or_is_put_off() {
    let desk = hospital();
    let id = numbers(&desk).remove(0);
    let early = NewInquiry { due: day("2026-11-20"), ..asking(&[&id]) };
    sent(&desk, &early);
    let late = |on: &str| {
        let act = Act { now: format!("{on}T12:00:00+09:00").parse().unwrap(), ..act() };
        desk.app.round(day(on), &act).unwrap();
        let found = desk.app.findings(false, day(on)).unwrap().into_iter();
        found.filter(|finding| finding.rule == "FWU004").count()
    };
    assert_eq!([late("2026-11-20"), late("2026-11-21")], [0, 1]);
    let list = desk.app.inquiries(day("2026-11-21")).unwrap();
    assert!(list[0].overdue);
    let put_off = Act { now: "2026-11-21T13:00:00+09:00".parse().unwrap(), ..act() };
    desk.app.set_inquiry_due(1, None, day("2026-11-30"), &put_off).unwrap();
    assert_eq!([late("2026-11-22"), late("2026-12-01")], [0, 1]);
}
