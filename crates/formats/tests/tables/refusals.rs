//! Sheets that hold no table of ours, a person's mapping, and bytes that are nothing at all.

use formats::reading::Dated;

use super::*;

#[test]
fn legends_and_covers_hold_no_devices() {
    let reading = read_workbook(&[
        Sheet::new("表紙", &["", "|基準日：令和8年11月20日"]),
        Sheet::new("台帳", &[PLAIN, "1|CT"]),
        Sheet::new("凡例", &["区分|説明", "端末PC|x"]),
        Sheet::new("Sheet3", &["区分|説明", "端末PC|x"]),
    ]);
    let taken: Vec<_> = reading.tables.iter().map(|table| table.taken_as).collect();
    assert_eq!(taken, ["cover", "ledger", "legend", "unknown"]);
    assert_eq!(reading.dated, Some(Dated::Day(jiff::civil::date(2026, 11, 20))));
    assert_eq!(&*reading.warnings[0].message.key, "ledger.refused_no_header");
}

fn refused(sheets: &[Sheet], mapping: Option<&Mapping>) -> String {
    read(Shape::Workbook, mapping, sheets).unwrap_err().message.key.into_owned()
}

#[test]
fn a_table_that_could_give_wrong_devices_is_refused() {
    for (lines, key) in [
        (
            &["機器名|CT|MR", "管理番号|1|2", "IPアドレス|10.1.1.1|10.1.1.2"][..],
            "ledger.refused_transposed",
        ),
        (
            &["ホスト名|IPアドレス||ホスト名|IPアドレス", "A|10.1.1.1||B|10.1.1.2"],
            "ledger.refused_side_by_side",
        ),
        (&["a|b|c", "1|2|3"], "ledger.refused_no_header"),
        (&["ジョブ名|種別|対象", "日次|増分|PACS"], "backup.refused_report"),
        (&["Backup report", "Name|State", "PACS|Success"], "ledger.refused_no_header"),
        (&["Backup|Result", "PACS|Success"], "backup.refused_report"),
        (&["管理番号|品名|発注日|納品日|単価", "1|CT|2020/1/1||5"], "ledger.refused_orders"),
        (&["", ""], "ledger.refused_empty"),
        (&[], "ledger.refused_empty"),
    ] {
        assert_eq!(refused(&[Sheet::new("S", lines)], None), key, "{lines:?}");
    }
}

#[test]
fn a_person_may_choose_sheet_header_and_columns() {
    let mapping = Mapping {
        sheet: Some("控え".to_owned()),
        header_row: Some(3),
        columns: vec![
            ("おなまえ".to_owned(), Some(Field::Name)),
            ("アドレスその他".to_owned(), Some(Field::Address)),
            ("型式".to_owned(), None),
        ],
    };
    let lines = ["題", "機器名|型式|x", "おなまえ|型式|アドレスその他", "CT|A-1|10.1.1.1"];
    let mut hidden = Sheet::new("控え", &lines);
    hidden.info.hidden = true;
    let sheets = [Sheet::new("台帳", &[PLAIN, "1|MR"]), hidden];
    let reading = read(Shape::Workbook, Some(&mapping), &sheets).unwrap();
    assert_eq!(shown(&reading), ["name=CT addressing=static -@10.1.1.1"]);
    let taken: Vec<_> = reading.tables.iter().map(|table| table.taken_as).collect();
    assert_eq!(taken, ["not_chosen", "ledger"]);
    assert_eq!(refused(&sheets[..1], Some(&mapping)), "ledger.refused_no_such_sheet");
}

#[test]
fn one_named_column_beside_a_known_one_is_enough() {
    let columns = vec![("おなまえ".to_owned(), Some(Field::Name))];
    let mapping = Mapping { columns, ..Mapping::default() };
    let sheets = [Sheet::new("台帳", &["おなまえ|型式", "CT|A-1"])];
    let reading = read(Shape::Workbook, Some(&mapping), &sheets).unwrap();
    assert_eq!(shown(&reading), ["name=CT model=A-1"]);
    assert_eq!(refused(&sheets, None), "ledger.refused_no_header");
}

#[test]
fn columns_that_are_not_known_are_listed_and_not_guessed() {
    let reading = read_workbook(&[Sheet::new("台帳", &["管理番号|機器名|取得価額", "1|CT|1000"])]);
    let columns = &reading.tables[0].columns;
    assert_eq!(columns[2], ("取得価額".to_owned(), None));
    assert_eq!(shown(&reading), ["name=CT asset_number=1"]);
}

/// Mutated ledgers for two seconds: whatever the bytes, there is an answer.
#[test]
fn no_bytes_make_the_reader_panic() {
    let seeds: [&[u8]; 3] = [
        "管理番号,機器名,IPアドレス,MACアドレス,登録日,台数\n1,CT,10.1.1.1～4,00-1B-21-AA-00-01,R5.3.1,4台\n〃,同上,.25,x,平成31年5月1日,元".as_bytes(),
        "IPAddress,ScopeId,AddressState,ClientId,HostName,LeaseExpiryTime,ServerIP\n10.1.1.1,10.1.1.0,Active,00-00-0e-92-0e-df,a.b.cd,2026/11/26 12:15,10.1.1.9".as_bytes(),
        "ホスト名,IPアドレス,備考\nA～B,10.1.1.1-9/24,（空き）\nPC-01～99,10,1.1.1".as_bytes(),
    ];
    let start = std::time::Instant::now();
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state as usize
    };
    while start.elapsed().as_millis() < 2_000 {
        let mut bytes = seeds[next() % seeds.len()].to_vec();
        for _ in 0..1 + next() % 8 {
            let at = next() % bytes.len();
            match next() % 3 {
                0 => bytes[at] = next() as u8,
                1 => drop(bytes.remove(at)),
                _ => bytes.insert(at, b"0123456789.,/~-\n\xef\xbd\x9e"[next() % 19]),
            }
        }
        formats::tables::fuzz(&bytes);
    }
}
