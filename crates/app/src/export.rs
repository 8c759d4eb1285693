//! The ledger as a file: every column that our own reader takes back, or the ministry's columns, as xlsx or as CSV for Excel.

use std::borrow::Cow;
use std::path::Path;

use domain::{Addressing, CalendarDate, Field, Status};
use formats::marked::mark;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, XlsxError};

use crate::roll::{FORM_FIELDS, LEDGER_FIELDS, RollRow, is_day};
use crate::{App, AppError};

/// Which columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sheet {
    /// Everything that is declared, each column under a header that the reader of ledgers knows.
    Own,
    /// The columns of the ministry's example of a ledger, by its words and in its order, with what was observed where nobody declares it.
    Form,
}

/// As which file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A workbook.
    Xlsx,
    /// Text in UTF-8 with its mark, CRLF, quoted as RFC 4180 says: as Japanese Excel opens it.
    Csv,
}

/// The headers, as ledgers in Japan write them. They are words of the file's form, not of a sentence: the reader knows each by them.
#[rustfmt::skip]
fn header(sheet: Sheet, field: Field) -> &'static str {
    match field {
        Field::AssetNumber => "管理番号",
        Field::Kind => "区分",
        Field::Name => "機器名",
        Field::GenericName => "一般的名称",
        Field::Maker => "メーカー",
        Field::Model => "型式",
        Field::Serial => "製造番号",
        Field::Os => "OS",
        Field::OsVersion => "OSバージョン",
        Field::Software => "ソフトウェア",
        Field::SoftwareVersion => "ソフトウェアバージョン",
        Field::Address => "IPアドレス",
        Field::Mac => "MACアドレス",
        Field::Hostname => "コンピュータ名",
        Field::Location => "設置場所",
        Field::Department => "所管部門",
        Field::Users => "利用者",
        Field::Registered => "登録日",
        Field::Status => "状態",
        Field::RetiredOn => "廃棄日",
        Field::SupportEnd => "サポート終了日",
        Field::Antivirus => "ウイルス対策",
        Field::RemoteMaintenance => "リモート保守",
        Field::Contractor => "保守業者",
        Field::ServiceContract => "保守契約",
        Field::DeviceClass => "クラス分類",
        Field::SpecialMaintenance => "特定保守管理医療機器",
        Field::InstallationManaged => "設置管理医療機器",
        Field::ApprovalNumber => "承認番号",
        Field::JmdnCode => "JMDNコード",
        Field::Gtin => "JANコード",
        Field::InspectedOn => "最終点検日",
        Field::InspectionDue => "次回点検予定日",
        Field::DurableYears => "耐用年数",
        Field::NetworkConnection => "ネットワーク接続",
        Field::Quantity => "台数",
        Field::ConfirmedOn => "棚卸日",
        Field::Presence => "棚卸結果",
        Field::About => "手がかり",
        _ if sheet == Sheet::Form => "説明",
        _ => "備考",
    }
}

fn fields(sheet: Sheet) -> Vec<Field> {
    match sheet {
        // How it gets its address stands in the column of addresses; a number of machines is told by as many rows.
        Sheet::Own => {
            let own = LEDGER_FIELDS.iter().copied();
            own.filter(|field| !matches!(field, Field::Addressing | Field::Quantity)).collect()
        }
        Sheet::Form => FORM_FIELDS.to_vec(),
    }
}

/// What stands in a cell.
fn cell<'r>(sheet: Sheet, row: &RollRow<'r>, field: Field) -> Cow<'r, str> {
    let value = match sheet {
        Sheet::Own => row.declared(field),
        Sheet::Form => row.value(field),
    };
    match field {
        Field::Address if value.is_empty() => unaddressed(sheet, row),
        // The ledger's own word, unless the row says otherwise than its cell did, as a struck one does.
        Field::Status => match row.status() {
            Some(status @ (Status::Retired | Status::InUse | Status::Stopped | Status::Spare)) => {
                let reads = formats::values::status::read(value);
                if reads == status { value.into() } else { word("status", status.key()) }
            }
            _ => value.into(),
        },
        Field::Kind => match row.kind() {
            Some(kind) if value == kind.key() => word("kind", kind.key()),
            _ => value.into(),
        },
        Field::Presence => match value {
            "yes" => "あり".into(),
            "no" => "なし".into(),
            other => other.into(),
        },
        _ => value.into(),
    }
}

/// Whether anybody declares anything of it.
fn is_declared(row: &RollRow<'_>) -> bool {
    let said =
        LEDGER_FIELDS.iter().filter(|field| !matches!(field, Field::About | Field::Addressing));
    said.into_iter().any(|field| !row.declared(*field).is_empty())
}

/// Words of files are Japanese whatever the reader's language: they are read again.
pub(crate) fn word(family: &str, key: &str) -> Cow<'static, str> {
    static TEXTS: std::sync::LazyLock<reference::Catalogue> =
        std::sync::LazyLock::new(|| reference::Catalogue::load(reference::Language::Ja));
    TEXTS.text(&format!("{family}.{key}")).into_owned().into()
}

/// What stands in the column of addresses where none is declared: what was seen, for a paper; else how it gets one, as written.
fn unaddressed<'r>(sheet: Sheet, row: &RollRow<'r>) -> Cow<'r, str> {
    let seen: Vec<&str> = row.seen_addresses().collect();
    if sheet == Sheet::Form && !seen.is_empty() {
        return seen.join("\n").into();
    }
    let written = row.declared(Field::Addressing);
    match Addressing::from_key(written) {
        Some(Addressing::Static | Addressing::Unknown | Addressing::Invalid) => "".into(),
        Some(Addressing::Dynamic) => "DHCP".into(),
        Some(addressing) => word("addressing", addressing.key()),
        None => written.into(),
    }
}

/// The ledger as CSV.
pub(crate) fn csv<'r>(sheet: Sheet, rows: impl Iterator<Item = RollRow<'r>>) -> Vec<u8> {
    let fields = fields(sheet);
    let mut text = String::from("\u{feff}");
    line(&mut text, fields.iter().map(|field| header(sheet, *field).into()));
    for row in rows {
        line(
            &mut text,
            fields.iter().map(|field| {
                let value = cell(sheet, &row, *field);
                // A day is a day in any Excel; everything else must stay the text that it is.
                if is_day(*field) { value } else { mark(&value).into_owned().into() }
            }),
        );
    }
    text.into_bytes()
}

fn line<'c>(text: &mut String, cells: impl Iterator<Item = Cow<'c, str>>) {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            text.push(',');
        }
        if cell.contains(['"', ',', '\r', '\n']) {
            text.push('"');
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(&cell);
        }
    }
    text.push_str("\r\n");
}

/// Widths of columns, in letters.
fn width(field: Field) -> f64 {
    match field {
        Field::Name | Field::Os | Field::Software | Field::Location | Field::Remark => 24.0,
        Field::Address | Field::Mac | Field::Users | Field::Department | Field::Model => 18.0,
        _ => 13.0,
    }
}

/// The ledger as a workbook. Rows go to the disk one by one: a large hospital needs no more memory than a small one.
pub(crate) fn xlsx<'r>(
    folder: &Path,
    sheet: Sheet,
    rows: impl Iterator<Item = RollRow<'r>>,
) -> Result<Vec<u8>, XlsxError> {
    let fields = fields(sheet);
    let mut book = Workbook::new();
    // What waits on the disk waits in the data folder, and nowhere else.
    book.set_tempdir(folder)?;
    let page = book.add_worksheet_with_constant_memory()?;
    page.set_name("機器台帳")?.set_freeze_panes(1, 0)?.set_landscape().set_paper_size(9);
    page.set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?;
    let head = Format::new().set_bold().set_background_color(0x00E6_EBF5).set_text_wrap();
    let day = Format::new().set_num_format("yyyy/mm/dd");
    let (text, wrapped) =
        (Format::new().set_num_format("@"), Format::new().set_text_wrap().set_num_format("@"));
    for (column, field) in (0u16..).zip(&fields) {
        page.set_column_width(column, width(*field))?;
        page.write_string_with_format(0, column, header(sheet, *field), &head)?;
    }
    for (number, row) in (1u32..).zip(rows) {
        for (column, field) in (0u16..).zip(&fields) {
            let value = cell(sheet, &row, *field);
            if value.is_empty() {
                continue;
            }
            match is_day(*field).then(|| excel_day(&value)).flatten() {
                Some(date) => page.write_datetime_with_format(number, column, &date, &day)?,
                None => {
                    let format = if value.contains('\n') { &wrapped } else { &text };
                    // What is longer than a cell can be is cut there, and not silently dropped as a whole.
                    let fits: String = value.chars().take(32_767).collect();
                    page.write_string_with_format(number, column, fits, format)?
                }
            };
        }
    }
    book.save_to_buffer()
}

/// A whole day as Excel counts it; none where only the month is known, or it is too old for Excel.
fn excel_day(value: &str) -> Option<ExcelDateTime> {
    let CalendarDate::Day(day) = value.parse::<CalendarDate>().ok()? else { return None };
    let [year, month, of_month] = [
        u16::try_from(day.year()).ok()?,
        u16::try_from(day.month()).ok()?,
        u16::try_from(day.day()).ok()?,
    ];
    ExcelDateTime::from_ymd(year, u8::try_from(month).ok()?, u8::try_from(of_month).ok()?).ok()
}

impl App {
    /// What the file of the whole ledger is called: where the hospital has one ledger, an edition of it, so that it comes back as such.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub fn export_name(&self) -> Result<String, AppError> {
        let imports = self.facility()?.read(store::View::imports)?;
        let mut ledgers: Vec<&str> = imports
            .iter()
            .filter(|import| import.state == domain::ImportState::Active)
            .filter_map(|import| import.source.as_str().strip_prefix("ledger/"))
            .collect();
        ledgers.sort_unstable();
        ledgers.dedup();
        Ok(match ledgers.as_slice() {
            [one] => (*one).to_owned(),
            _ => "機器台帳".to_owned(),
        })
    }

    /// The rows as a file; a device of which nobody declares anything has no row among the own columns.
    ///
    /// # Errors
    ///
    /// [`AppError::Export`] where the disk has no room for what is being put together.
    pub fn export<'r>(
        &self,
        sheet: Sheet,
        kind: FileKind,
        rows: impl Iterator<Item = RollRow<'r>>,
    ) -> Result<Vec<u8>, AppError> {
        let rows = rows.filter(|row| sheet == Sheet::Form || is_declared(row));
        match kind {
            FileKind::Csv => Ok(csv(sheet, rows)),
            FileKind::Xlsx => xlsx(self.folder(), sheet, rows).map_err(|_| AppError::Export),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_header_is_read_back_as_its_field() {
        for field in fields(Sheet::Own) {
            let text = format!("{},値\r\n", header(Sheet::Own, field));
            assert!(formats::columns::is_known(text.split(',').next().unwrap()), "{}", field.key());
        }
    }

    #[test]
    fn the_form_has_the_columns_of_the_ministry_in_its_order() {
        let headers: Vec<&str> =
            fields(Sheet::Form).into_iter().map(|field| header(Sheet::Form, field)).collect();
        assert_eq!(
            headers.join("|"),
            "管理番号|メーカー|OS|ソフトウェア|ソフトウェアバージョン|IPアドレス|コンピュータ名|設置場所|利用者|登録日|状態|説明"
        );
    }
}
