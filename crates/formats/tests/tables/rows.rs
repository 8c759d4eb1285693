//! What rows mean, one rule at a time.

use super::*;

#[test]
fn a_ditto_mark_does_not_reach_across_a_section() {
    let reading = plain(&["1|CT|A-1", "2|〃|〃", "【検査室】", "3|〃|B-1"]);
    assert_eq!(
        shown(&reading),
        [
            "name=CT model=A-1 addressing=unknown asset_number=1",
            "name=CT model=A-1 addressing=unknown asset_number=2",
            "model=B-1 addressing=unknown asset_number=3"
        ]
    );
    assert_eq!(said(&reading, 5), ["ledger.ditto_without_above"]);
    assert_eq!(reading.counts["ditto_resolved"], 2);
}

#[test]
fn an_abbreviated_address_does_not_reach_across_a_section() {
    let reading = plain(&["1|CT|||10.1.1.5", "2|CT|||.6", "【検査室】", "3|CT|||.7"]);
    assert_eq!(said(&reading, 3), ["value.address_abbreviated"]);
    assert_eq!(said(&reading, 5), ["value.address_malformed"]);
}

#[test]
fn numbers_and_addresses_are_never_repeated_from_above() {
    let reading = plain(&["1|CT||S1|10.1.1.1|00-1B-21-AA-00-01|A", "〃|MR||〃|〃|〃|〃"]);
    assert_eq!(shown(&reading)[1], "name=MR addressing=invalid");
    assert_eq!(said(&reading, 3), ["ledger.ditto_identity"; 5]);
}

#[test]
fn a_range_whose_count_differs_is_said_and_names_that_do_not_fit_are_left_out() {
    let reading = plain(&["1|端末|||10.1.1.1～3||PC-1～2|4"]);
    assert_eq!(
        shown(&reading),
        [
            "name=端末 addressing=static asset_number=1#1 -@10.1.1.1",
            "name=端末 addressing=static asset_number=1#2 -@10.1.1.2",
            "name=端末 addressing=static asset_number=1#3 -@10.1.1.3"
        ]
    );
    assert_eq!(said(&reading, 2), ["ledger.range_quantity", "ledger.names_do_not_fit"]);
}

#[test]
fn one_card_beside_a_range_belongs_to_nobody_known() {
    let reading = plain(&["1|端末|||10.1.1.1～2|00-1B-21-AA-00-01|PC-1～2"]);
    assert!(reading.observations.iter().all(|o| o.bindings[0].mac.is_none()));
    assert_eq!(said(&reading, 2), ["ledger.range_with_one_mac"]);
}

#[test]
fn as_many_names_as_addresses_are_machines_of_their_own() {
    let reading = plain(&["1|端末|||10.1.1.1、10.1.1.2|00-1B-21-AA-00-01、00-1B-21-AA-00-02|A、B"]);
    assert_eq!(
        shown(&reading),
        [
            "name=端末 addressing=static asset_number=1#1 hostname=A 00-1b-21-aa-00-01@10.1.1.1",
            "name=端末 addressing=static asset_number=1#2 hostname=B 00-1b-21-aa-00-02@10.1.1.2"
        ]
    );
    assert!(reading.questions.is_empty());
}

#[test]
fn one_card_may_have_several_addresses() {
    let reading = plain(&["1|サーバ|||10.1.1.1、10.1.1.2|00-1B-21-AA-00-01|A"]);
    assert!(shown(&reading)[0].ends_with("00-1b-21-aa-00-01@10.1.1.1 00-1b-21-aa-00-01@10.1.1.2"));
    assert_eq!(said(&reading, 2), ["ledger.several_addresses"]);
}

#[test]
fn a_row_for_several_machines_is_asked_about() {
    let reading =
        plain(&["1|モニタ||||||||3台", "2|モニタ||||||3", "3|モニタ一式", "4|予備||||||||予備2台"]);
    let asked: Vec<_> = reading.questions.iter().map(|q| (q.place.row, &*q.message.key)).collect();
    assert_eq!(asked, [(3, "ledger.quantity_row"), (4, "ledger.set_row_uncounted")]);
    assert_eq!(reading.observations[1].facts.value(Field::Quantity), Some("3"));
}

#[test]
fn duplicates_are_told_with_the_first_row_and_the_retired_are_left_out() {
    let reading = plain(&[
        "1|A|||10.1.1.1|00-1B-21-AA-00-01",
        "1|B|||10.1.1.1|00-1B-21-AA-00-01",
        "1|C|||10.1.1.1|00-1B-21-AA-00-01|||廃棄",
        "2|D|||192.168.〇.〇",
        "3|E|||192.168.〇.〇",
    ]);
    assert_eq!(
        said(&reading, 3),
        ["ledger.duplicate_number", "ledger.duplicate_address", "ledger.duplicate_mac"]
    );
    assert_eq!(said(&reading, 4), [""; 0]);
    assert_eq!(said(&reading, 6), ["value.address_placeholder"]);
}

#[test]
fn broken_cells_are_said_and_left_out() {
    let reading = plain(&["1|????|CT-80|1.23457E+13", "1.23457E+13|#N/A|=A1+B1|1"]);
    assert_eq!(
        shown(&reading),
        [
            "model=CT-80 addressing=unknown asset_number=1",
            "model==A1+B1 serial=1 addressing=unknown"
        ]
    );
    assert_eq!(said(&reading, 2), ["ledger.lost_characters", "ledger.number_rounded"]);
    assert_eq!(said(&reading, 3), ["ledger.cell_error", "ledger.number_rounded"]);
}

#[test]
fn rows_without_a_device_are_counted_by_reason() {
    let reading = plain(&[
        "1|CT",
        "2",
        "3|（空き）",
        "|||||||||覚え書き",
        "検査科",
        "||A|||||||",
        "※ 10.1.1.9 は空き",
    ]);
    let skipped: Vec<_> = reading.skipped.iter().map(|(reason, count)| (*reason, *count)).collect();
    assert_eq!(
        skipped,
        [("footnotes", 1), ("number_only_rows", 1), ("section_rows", 3), ("vacant_rows", 1)]
    );
    assert_eq!(reading.observations.len(), 1);
}

#[test]
fn a_struck_row_in_use_is_proposed_as_retired() {
    let reading = plain(&["1|~CT|||||||~稼働"]);
    assert_eq!(value(&reading.observations[0], Field::Status), "in_use");
    let reading = plain(&["~1|~CT|||||||~稼働"]);
    assert_eq!(reading.observations[0].facts.get(Field::Status).unwrap().shown(), "稼働");
    let reading = plain(&["~1|~CT|~A|~S|~10.1.1.1|||||"]);
    assert_eq!(value(&reading.observations[0], Field::Status), "retired");
    assert_eq!(said(&reading, 2), ["ledger.row_struck"]);
}

#[test]
fn a_sheet_of_disposed_devices_is_retired() {
    let reading = read_workbook(&[Sheet::new(
        "廃棄済",
        &[
            "管理番号|機器名|IPアドレス|廃棄日",
            "R001|端末|10.1.1.1|2021-05-08",
            "R002|端末|10.1.1.1|",
        ],
    )]);
    assert_eq!(reading.counts["retired"], 2);
    assert!(reading.warnings.is_empty());
}

#[test]
fn a_date_of_disposal_retires_and_contradiction_is_asked() {
    let reading = read_workbook(&[Sheet::new(
        "台帳",
        &["管理番号|機器名|状態|廃棄日", "1|CT||R3.5.8", "2|MR|稼働|R3.5.8", "3|US|稼働|"],
    )]);
    let states: Vec<_> = reading.observations.iter().map(|o| value(o, Field::Status)).collect();
    assert_eq!(states, ["retired", "in_use", "in_use"]);
    assert_eq!(said(&reading, 3), ["ledger.retired_but_in_use"]);
}

#[test]
fn numbers_that_begin_again_on_another_sheet_are_not_asset_numbers() {
    let rows = ["No|機器名|設置場所", "1|CT|A", "2|MR|A"];
    let reading = read_workbook(&[Sheet::new("放射線", &rows), Sheet::new("検査", &rows)]);
    let numbers: Vec<_> =
        reading.observations.iter().map(|o| value(o, Field::AssetNumber)).collect();
    assert_eq!(numbers, ["1", "2", "", ""]);
    assert_eq!(reading.warnings.len(), 1);
}

#[test]
fn a_number_merged_over_two_rows_is_no_duplicate() {
    let reading = plain(&["1|CT|||10.1.1.1", "^1|^CT|||10.1.1.2"]);
    let numbers: Vec<_> =
        reading.observations.iter().map(|o| value(o, Field::AssetNumber)).collect();
    assert_eq!(numbers, ["1", "1"]);
    assert!(reading.warnings.is_empty());
}

#[test]
fn a_mark_for_none_or_unknown_is_an_answer_to_what_the_ledger_asks() {
    let header = "管理番号|機器名|メーカー|OS|ソフトウェア|ソフトウェアバージョン|利用者|設置場所";
    let rows = [header, "1|表示器|－|－|－|―|－|－", "2|表示器|不明||不明|なし|不明|不明"];
    let reading = read_workbook(&[Sheet::new("台帳", &rows)]);
    let answers = |row: u32| {
        let fields =
            [Field::Os, Field::Software, Field::SoftwareVersion, Field::Users, Field::Maker];
        let row = at(&reading, row)[0].clone();
        fields.map(|field| value(&row, field).to_owned())
    };
    assert_eq!(answers(2), ["－", "－", "－", "－", "－"]);
    assert_eq!(answers(3), ["", "不明", "なし", "不明", "不明"]);
}

#[test]
fn nothing_of_a_column_of_passwords_is_read() {
    let mapping =
        Mapping { columns: vec![("PW".into(), Some(Field::Remark))], ..Mapping::default() };
    let rows = ["管理番号|機器名|PW|設置場所", "1|CT|Himitsu|A室", "|||", "||Himitsu|"];
    for mapping in [None, Some(&mapping)] {
        let reading = super::read(Shape::Csv, mapping, &[Sheet::new("台帳", &rows)]).unwrap();
        assert!(!format!("{:?}", reading.observations).contains("Himitsu"));
        assert!(!format!("{:?}", reading.warnings).contains("Himitsu"));
        assert_eq!(said(&reading, 1), ["ledger.secret_columns_masked"]);
        assert_eq!((reading.tables[0].secret.as_slice(), reading.distilled), (&[3][..], false));
    }
}

#[test]
fn a_password_among_the_remarks_is_masked_where_it_stands_and_told() {
    let rows = [
        "管理番号|機器名|備考|設置場所",
        "1|CT|二階 PW: Himitsu1|A室",
        "2|MR|パスワードは金庫|B室",
        "3|US|password=Himitsu2|パスワード：Himitsu3",
    ];
    for (shape, key) in [
        (Shape::Csv, "ledger.noted_secret_masked"),
        (Shape::Workbook, "ledger.noted_secret_distilled"),
    ] {
        let reading = super::read(shape, None, &[Sheet::new("台帳", &rows)]).unwrap();
        assert!(!format!("{reading:?}").contains("Himitsu"));
        let told: Vec<_> = reading.warnings.iter().filter(|told| told.message.key == key).collect();
        let places: Vec<_> = told.iter().map(|told| (told.place.row, told.place.column)).collect();
        assert_eq!(places, [(2, 3), (4, 3), (4, 4)]);
        assert_eq!((reading.noted, reading.distilled), (true, shape == Shape::Workbook));
        let remark = |row| value(&at(&reading, row)[0].clone(), Field::Remark).to_owned();
        assert_eq!((remark(2).as_str(), remark(3).as_str()), ("二階 PW: ****", "パスワードは金庫"));
    }
}

#[test]
fn a_password_in_the_title_of_a_workbook_keeps_it_out() {
    let rows = ["機器台帳 (初期PW：Himitsu1)", "管理番号|機器名|設置場所", "1|CT|A室", "2|MR|B室"];
    let reading = super::read(Shape::Workbook, None, &[Sheet::new("台帳", &rows)]).unwrap();
    assert!(reading.distilled && !format!("{reading:?}").contains("Himitsu"));
}

#[test]
fn a_workbook_with_passwords_on_any_sheet_is_not_kept() {
    let ledger = Sheet::new("台帳", &["管理番号|機器名|設置場所", "1|CT|A室"]);
    let list = ["システム|ID|パスワード", "電子カルテ|admin|Himitsu"];
    let mut hidden = Sheet::new("控え", &list);
    hidden.info.hidden = true;
    for (other, distilled) in [
        (hidden, true),
        (Sheet::new("ログイン一覧", &list), true),
        (Sheet::new("凡例", &list), true),
        (Sheet::new("凡例", &["語|意味", "PW|パスワードは書かないでください"]), false),
    ] {
        let reading = super::read(Shape::Workbook, None, &[other, ledger.clone()]).unwrap();
        assert_eq!((reading.distilled, reading.observations.len()), (distilled, 1));
        assert!(!format!("{:?}", reading.warnings).contains("Himitsu"));
    }
}

#[test]
fn the_day_from_which_machines_count_is_unknown() {
    let lines = [
        "コンピューター名|IPアドレス|最終稼働日|購入日",
        "PC-1|10.1.1.1|1970/01/01 09:00:00|1970/1/1",
        "PC-2|10.1.1.2|1970/01/01 09:00:00|2020/1/1",
    ];
    let reading = super::read(Shape::Csv, None, &[Sheet::new("一覧", &lines)]).unwrap();
    assert!(shown(&reading).iter().all(|row| !row.contains("1970")), "{:?}", shown(&reading));
    assert_eq!(
        said(&reading, 2),
        ["value.date_never", "value.date_never", "value.date_never_more"]
    );
}

#[test]
fn no_address_is_lost_below_an_odd_header_of_two_rows() {
    for (above, below, row) in [
        ("管理番号|機器名|ネットワーク|備考", "||IPアドレス|", "1|CT|10.1.1.1|x"),
        (
            "管理番号|機器名|ネットワーク|^ネットワーク|^ネットワーク",
            "||IPアドレス|サブネット|MACアドレス",
            "1|CT|10.1.1.1|255.255.255.0|",
        ),
        ("管理番号|ネットワーク|", "|IPアドレス|機器名", "1|10.1.1.1|CT"),
        ("管理番号|^管理番号|ネットワーク|", "管理番号|機器名|IPアドレス|", "1|CT|10.1.1.1|"),
    ] {
        let lines = [above, below, row, "2|MR||"];
        let reading = super::read(Shape::Workbook, None, &[Sheet::new("台帳", &lines)]).unwrap();
        let addresses: Vec<_> = reading.observations.iter().flat_map(|o| &o.bindings).collect();
        assert_eq!((addresses.len(), reading.tables[0].header_row), (1, Some(2)), "{above}");
        let number = reading.observations[0].facts.value(Field::AssetNumber);
        assert_eq!(number, Some("1"), "{above}");
    }
    // A row of data stays one, even where a device is called by a word of headers.
    for row in ["1|サーバー|10.1.1.1|x", "|OS||", "1|名称|10.1.1.1|備考"] {
        let lines = ["管理番号|機器名|IPアドレス|備考", row, "2|MR|10.1.1.2|"];
        let reading = super::read(Shape::Workbook, None, &[Sheet::new("台帳", &lines)]).unwrap();
        assert_eq!(reading.tables[0].header_row, Some(1), "{row}");
    }
}
