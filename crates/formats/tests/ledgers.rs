//! Ledgers, address tables and leases of the invented hospital, from bytes to what is read of them.

use std::fs;
use std::ops::ControlFlow;
use std::path::PathBuf;

use domain::{Field, Observation, ObservationKind};
use formats::reading::{Dated, Mapping, Reading, Refusal};
use formats::table::{CellKind, Marks, Row, RowSink, SheetInfo};
use formats::tables::{Shape, TableReader};

/// One sheet, its rows as lines of tab-separated cells that begin with the row's number.
struct Sheet {
    info: SheetInfo,
    rows: Vec<Row>,
}

impl Sheet {
    fn new(name: &str, lines: &[&str]) -> Self {
        let info = SheetInfo { name: Some(name.into()), ..SheetInfo::default() };
        Self {
            info,
            rows: lines.iter().enumerate().map(|(at, line)| row(at as u32 + 1, line)).collect(),
        }
    }

    fn row(&mut self, number: u32) -> &mut Row {
        self.rows.iter_mut().find(|row| row.number == number).unwrap()
    }
}

/// A row of cells with `|` between them; `\n` is a line break in a cell.
fn row(number: u32, line: &str) -> Row {
    let mut row = Row::default();
    row.start(number);
    for (index, text) in line.split('|').enumerate() {
        let marks =
            Marks { struck: text.starts_with('~'), merged: text.starts_with('^'), range: 0 };
        let text = text.trim_start_matches(['~', '^']).replace("\\n", "\n");
        row.push(index as u16 + 1, &text, kind(&text), marks);
    }
    row
}

fn kind(text: &str) -> CellKind {
    match text {
        "45352" => CellKind::Number(45_352.0),
        "20141001" => CellKind::Number(20_141_001.0),
        _ => CellKind::Text,
    }
}

fn read(shape: Shape, mapping: Option<&Mapping>, sheets: &[Sheet]) -> Result<Reading, Refusal> {
    let mut reader = TableReader::new(shape, mapping);
    for sheet in sheets {
        if reader.sheet(&sheet.info) == ControlFlow::Continue(()) {
            for row in &sheet.rows {
                if reader.row(&sheet.info, row).is_break() {
                    break;
                }
            }
            reader.end(&sheet.info);
        }
    }
    reader.finish()
}

fn read_workbook(sheets: &[Sheet]) -> Reading {
    read(Shape::Workbook, None, sheets).unwrap()
}

/// A text from `testdata/`, decoded, split and read.
fn read_text(name: &str, encoding: &'static encoding_rs::Encoding, delimiter: u8) -> Reading {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../testdata").join(name);
    let bytes = fs::read(path).unwrap();
    let (text, _, _) = encoding.decode(&bytes);
    let text = match text.split_once('\n') {
        Some((first, rest)) if first.starts_with("#TYPE") => rest.to_owned(),
        _ => text.into_owned(),
    };
    read_lines(&text.replace("\r\n", "\n"), delimiter).unwrap()
}

fn read_lines(text: &str, delimiter: u8) -> Result<Reading, Refusal> {
    let mut lines = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let info = SheetInfo::default();
    let shape = if delimiter == b'\t' { Shape::Tsv } else { Shape::Csv };
    let mut reader = TableReader::new(shape, None);
    let mut row = Row::default();
    let mut record = csv::StringRecord::new();
    assert!(reader.sheet(&info).is_continue());
    let mut number = 0;
    while lines.read_record(&mut record).unwrap() {
        number += 1;
        row.start(number);
        for (index, cell) in record.iter().enumerate() {
            row.push(index as u16 + 1, cell, CellKind::Text, Marks::default());
        }
        if reader.row(&info, &row).is_break() {
            break;
        }
    }
    reader.end(&info);
    reader.finish()
}

/// What was read of one device, on one line: fields with their values, then cards and addresses.
fn show(observation: &Observation) -> String {
    let facts = observation.facts.iter().map(|fact| format!("{}={}", fact.field.key(), fact.value));
    let bindings = observation.bindings.iter().map(|binding| {
        let mac = binding.mac.map_or("-".to_owned(), |mac| mac.to_string());
        let address = binding.address.map_or("-".to_owned(), |address| address.to_string());
        let prefix = binding.prefix.map_or(String::new(), |prefix| format!("/{prefix}"));
        format!("{mac}@{address}{prefix}")
    });
    facts.chain(bindings).collect::<Vec<_>>().join(" ")
}

/// The keys of everything said about a row, in order.
fn said(reading: &Reading, row: u32) -> Vec<&str> {
    let at = reading.warnings.iter().filter(|warning| warning.place.row == row);
    at.map(|warning| &*warning.message.key).collect()
}

fn value(observation: &Observation, field: Field) -> &str {
    observation.facts.value(field).unwrap_or_default()
}

fn at(reading: &Reading, row: u32) -> Vec<&Observation> {
    reading.observations.iter().filter(|observation| observation.place.row == row).collect()
}

const MESSY: &[&str] = &[
    "令和８年度　医療情報機器台帳（放射線科・検査科）",
    "作成日：R8.4.1　　作成者：放射線科 髙橋　　㊞",
    "",
    "№|機器|^機器|^機器|ＯＳ|ネットワーク|^ネットワーク|^ネットワーク|設置場所|利用者|登録日|状態|備考",
    "^№|機器名|メーカー|型　式|^ＯＳ|ＩＰアドレス|ＭＡＣアドレス|コンピュータ名|^設置場所|^利用者|^登録日|^状態|^備考",
    "【ＣＴ室・ＭＲ室】",
    "001|CTコンソール|G社|CT-80|Windows 10 IoT\\nLTSC 2019|10.102.41.1|00-1B-21-AA-00-01|CT-01|ＣＴ・ＭＲ室|放射線技師|2020-12-01|稼働|",
    "002|〃|〃|CT-16|Win7|１０．１０２．４１．１|００－１Ｂ－２１－ＡＡ－００－０２|CT-02|^ＣＴ・ＭＲ室|〃|令和5年3月1日|〃|IP要確認",
    "003|MRコンソール|H社|MR-15|同上|10.102.41.11\\n10.102.31.11|001b.21aa.0003\\n001b.21aa.0013|MR-01|^ＣＴ・ＭＲ室|同上|R5.3.1|稼動|2枚差し",
    "",
    "【読影室】",
    "004|読影端末|E社|WS-980|Windows11|10.102.31.21～24||VIEW-01～04|読影室|放射線科医|2021/8/1|使用中|4台",
    "005|〃|〃|〃|Windows 7 Pro|.25|00:1B:21:AA:00:05|VIEW-05|^読影室|〃|H26.10.1|○|",
    "006|RIS端末|A社|DT-5100|Win10 22H2| 10.102.31. 1 |001B21AA0006|RIS-01|^読影室|技師|2014.10.1|稼働|",
    "007|ＲＩＳ端末|Ａ社|DT-5100|Win10 22H2|10.102.031.002|00-1B-21-AA-00-O7|RIS-02|^読影室|技師|平成26年10月吉日|稼働|MACの末尾は英字のオー？",
    "№|機器名|メーカー|型　式|ＯＳ|ＩＰアドレス|ＭＡＣアドレス|コンピュータ名|設置場所|利用者|登録日|状態|備考",
    "【検査科】",
    "008|生化学自動分析装置|P社|AN-100|Windows 10 LTSC|10.103.51.11/24|00-1B-21-AA-00-08|LAB-BC1|検査室|検査技師|45352|稼働|数値のまま",
    "009|血液凝固分析装置|Q社|AN-103|ﾌﾒｲ|DHCP|00-1B-21-AA-00-09|LAB-CO|〃|〃|R6.13.1|稼働|登録日誤記",
    "010|尿分析装置|R社|AN-104|Windows CE|10.103.51.256|00-1B-21-AA-00-10|LAB-UR|〃|〃|不明|稼働|",
    "011|HbA1c装置|R社|AN-105|－|未接続|－|－|〃|〃|20141001|休止|",
    "012|血液ガス分析装置|S社|AN-106|XP Embedded|192.168.〇.〇||LAB-BG1|救急|〃|2019-05-01|稼働|登録日セルは元号書式",
    "013|細菌検査装置|T社|AN-108|Win7|10.103.51.18|00-1B-21-AA-00-01|LAB-BT|検査室|〃|平成31年5月1日|稼働|MACがCT-01と同じ",
    "014|輸血検査装置|T社|AN-109|LTSB2016|10,103,51,19|00-1B-21-AA-00-14|LAB-BT2|〃|〃|2020年度|稼働|",
    "~015|~旧生化学装置|~P社|~AN-050|~Windows XP|~10.103.51.12|~00-1B-21-AA-00-15|~LAB-OLD|~〃|~〃|~2009/4/1|~廃棄|~取消線",
    "小計|=COUNTA(B19:B26)|台",
    "【その他】",
    "016|AI解析サーバー|AI社|AI-1|Ubuntu 20.04|10.102.31.245|00-1B-21-AA-00-16|AI-SV|サーバ室|医療情報|令和元年5月|試験運用|",
    "016|ﾈｯﾄﾜｰｸﾌﾟﾘﾝﾀ|ＲＩ社|PR-1|－|8.8.31.9|00-26-73-AA-00-17|PRN-R1|操作室|共用|26/10/1|稼働|管理番号が重複",
    "017|透視装置（更新予定）※|J社|TV-2|Win7|10.102.41.71|00-1B-21-AA-00-18|TV-01|透視室|技師|R1.5.1|稼働|",
    "018|骨密度装置|M社|BD-1|XP|#REF!||BD-01|一般撮影室|技師|S63.4.1|予備|隠し行",
    "",
    "",
    "※１　IPアドレスは情報システム室に確認すること。",
    "※２　10.102.41.200 は点検用に空けておくこと。",
];

fn messy() -> Vec<Sheet> {
    let mut sheet = Sheet::new("放射線科・検査科 R8", MESSY);
    sheet.info.hidden_columns = vec![13];
    for number in [1, 6, 11, 17, 27] {
        sheet.row(number).full_width = true;
    }
    sheet.row(31).hidden = true;
    let empty = Sheet::new("Sheet2", &[]);
    let mut old =
        Sheet::new("旧台帳(H28)", &["管理番号|機器名|IPアドレス", "H001|旧CT|10.102.41.5"]);
    old.info.hidden = true;
    vec![sheet, empty, old]
}

#[test]
fn the_messy_ledger_is_counted_row_for_row() {
    let reading = read_workbook(&messy());
    assert_eq!(reading.kind, "ledger-xlsx");
    assert_eq!((reading.observations.len(), reading.rows), (22, 19));
    assert_eq!((reading.counts["devices"], reading.counts["retired"]), (22, 1));
    let skipped: Vec<_> = reading.skipped.iter().map(|(reason, count)| (*reason, *count)).collect();
    assert_eq!(
        skipped,
        [
            ("blank_rows", 3),
            ("footnotes", 2),
            ("repeated_header_rows", 1),
            ("section_rows", 4),
            ("subtotal_rows", 1),
            ("title_rows", 2)
        ]
    );
    let tables: Vec<_> = reading
        .tables
        .iter()
        .map(|table| (table.sheet.as_deref().unwrap_or_default(), table.taken_as, table.devices))
        .collect();
    assert_eq!(
        tables,
        [
            ("放射線科・検査科 R8", "ledger", 22),
            ("Sheet2", "empty", 0),
            ("旧台帳(H28)", "hidden", 0)
        ]
    );
    assert_eq!(reading.tables[0].header_row, Some(5));
    assert_eq!(reading.dated, Some(Dated::Day(jiff::civil::date(2026, 4, 1))));
}

#[test]
fn the_messy_ledger_is_read_row_for_row() {
    let reading = read_workbook(&messy());
    let check = |row: u32, expected: &str, warnings: &[&str]| {
        let shown: Vec<_> = at(&reading, row).into_iter().map(show).collect();
        assert_eq!(shown.join("\n"), expected, "row {row}");
        assert_eq!(said(&reading, row), warnings, "row {row}");
    };
    check(
        7,
        "name=CTコンソール maker=G社 model=CT-80 os=Windows 10 IoT LTSC 2019 location=CT・MR室 users=放射線技師 registered=2020-12-01 status=in_use addressing=static asset_number=001 hostname=CT-01 00-1b-21-aa-00-01@10.102.41.1",
        &[],
    );
    check(
        8,
        "name=CTコンソール maker=G社 model=CT-16 os=Win7 location=CT・MR室 users=放射線技師 registered=2023-03-01 remark=IP要確認 status=in_use addressing=static asset_number=002 hostname=CT-02 00-1b-21-aa-00-02@10.102.41.1",
        &["ledger.duplicate_address"],
    );
    check(
        9,
        "name=MRコンソール maker=H社 model=MR-15 os=Win7 location=CT・MR室 users=放射線技師 registered=2023-03-01 remark=2枚差し status=in_use addressing=static asset_number=003 hostname=MR-01 00-1b-21-aa-00-03@10.102.41.11 00-1b-21-aa-00-13@10.102.31.11",
        &["ledger.several_addresses"],
    );
    let shared = "name=読影端末 maker=E社 model=WS-980 os=Windows11 location=読影室 users=放射線科医 registered=2021-08-01 remark=4台 status=in_use addressing=static";
    let views: Vec<_> = (1..=4)
        .map(|n| format!("{shared} asset_number=004#{n} hostname=VIEW-0{n} -@10.102.31.2{n}"))
        .collect();
    check(12, &views.join("\n"), &[]);
    assert_eq!(at(&reading, 12)[3].place.to_string(), "放射線科・検査科 R8!12#4");
    check(
        13,
        "name=読影端末 maker=E社 model=WS-980 os=Windows 7 Pro location=読影室 users=放射線科医 registered=2014-10-01 status=in_use addressing=static asset_number=005 hostname=VIEW-05 00-1b-21-aa-00-05@10.102.31.25",
        &["value.address_abbreviated"],
    );
    check(
        14,
        "name=RIS端末 maker=A社 model=DT-5100 os=Win10 22H2 location=読影室 users=技師 registered=2014-10-01 status=in_use addressing=static asset_number=006 hostname=RIS-01 00-1b-21-aa-00-06@10.102.31.1",
        &["value.address_repaired"],
    );
    check(
        15,
        "name=RIS端末 maker=A社 model=DT-5100 os=Win10 22H2 location=読影室 users=技師 registered=2014-10 remark=MACの末尾は英字のオー？ status=in_use addressing=static asset_number=007 hostname=RIS-02 -@10.102.31.2",
        &["value.date_without_day", "value.address_zeros", "value.mac_looks_like"],
    );
    check(
        18,
        "name=生化学自動分析装置 maker=P社 model=AN-100 os=Windows 10 LTSC location=検査室 users=検査技師 registered=2024-03-01 remark=数値のまま status=in_use addressing=static asset_number=008 hostname=LAB-BC1 00-1b-21-aa-00-08@10.103.51.11/24",
        &["value.date_serial"],
    );
    check(
        19,
        "name=血液凝固分析装置 maker=Q社 model=AN-103 os=不明 location=検査室 users=検査技師 remark=登録日誤記 status=in_use addressing=dynamic asset_number=009 hostname=LAB-CO 00-1b-21-aa-00-09@-",
        &["value.date_malformed"],
    );
    check(
        20,
        "name=尿分析装置 maker=R社 model=AN-104 os=Windows CE location=検査室 users=検査技師 status=in_use addressing=invalid asset_number=010 hostname=LAB-UR 00-1b-21-aa-00-10@-",
        &["value.date_unknown", "value.address_malformed"],
    );
    check(
        21,
        "name=HbA1c装置 maker=R社 model=AN-105 os=－ location=検査室 users=検査技師 registered=2014-10-01 status=stopped addressing=none asset_number=011",
        &["value.date_number"],
    );
    check(
        22,
        "name=血液ガス分析装置 maker=S社 model=AN-106 os=XP Embedded location=救急 users=検査技師 registered=2019-05-01 remark=登録日セルは元号書式 status=in_use addressing=placeholder asset_number=012 hostname=LAB-BG1",
        &["value.address_placeholder"],
    );
    check(
        23,
        "name=細菌検査装置 maker=T社 model=AN-108 os=Win7 location=検査室 users=検査技師 registered=2019-05-01 remark=MACがCT-01と同じ status=in_use addressing=static asset_number=013 hostname=LAB-BT 00-1b-21-aa-00-01@10.103.51.18",
        &["value.date_era_overrun", "ledger.duplicate_mac"],
    );
    check(
        24,
        "name=輸血検査装置 maker=T社 model=AN-109 os=LTSB2016 location=検査室 users=検査技師 registered=FY2020 status=in_use addressing=static asset_number=014 hostname=LAB-BT2 00-1b-21-aa-00-14@10.103.51.19",
        &["value.date_fiscal_year", "value.address_repaired"],
    );
    check(
        25,
        "name=旧生化学装置 maker=P社 model=AN-050 os=Windows XP location=検査室 users=検査技師 registered=2009-04-01 remark=取消線 status=retired addressing=static asset_number=015 hostname=LAB-OLD 00-1b-21-aa-00-15@10.103.51.12",
        &["ledger.row_struck_retired"],
    );
    check(
        28,
        "name=AI解析サーバー maker=AI社 model=AI-1 os=Ubuntu 20.04 location=サーバ室 users=医療情報 registered=2019-05 status=unrecognised addressing=static asset_number=016 hostname=AI-SV 00-1b-21-aa-00-16@10.102.31.245",
        &["ledger.status_unknown"],
    );
    check(
        29,
        "name=ネットワークプリンタ maker=RI社 model=PR-1 os=－ location=操作室 users=共用 remark=管理番号が重複 status=in_use addressing=static asset_number=016 hostname=PRN-R1 00-26-73-aa-00-17@8.8.31.9",
        &["value.date_ambiguous", "ledger.address_public", "ledger.duplicate_number"],
    );
    check(
        30,
        "name=透視装置（更新予定）※ maker=J社 model=TV-2 os=Win7 location=透視室 users=技師 registered=2019-05-01 status=in_use addressing=static asset_number=017 hostname=TV-01 00-1b-21-aa-00-18@10.102.41.71",
        &[],
    );
    check(
        31,
        "name=骨密度装置 maker=M社 model=BD-1 os=XP location=一般撮影室 users=技師 registered=1988-04-01 remark=隠し行 status=spare addressing=invalid asset_number=018 hostname=BD-01",
        &["ledger.cell_error", "ledger.row_hidden"],
    );
    assert_eq!(said(&reading, 0), ["ledger.columns_hidden", "ledger.sheet_hidden"]);
    assert_eq!(at(&reading, 28)[0].facts.get(Field::Status).unwrap().shown(), "試験運用");
    assert_eq!(reading.counts["duplicate_addresses"], 1);
}

#[test]
fn the_ministrys_example_is_read() {
    let reading = read_text("ledgers/mhlw-example.csv", encoding_rs::SHIFT_JIS, b',');
    assert_eq!((reading.kind, reading.observations.len()), ("ledger-csv", 4));
    assert_eq!(reading.counts["ip_placeholder"], 4);
    let states: Vec<_> = reading.observations.iter().map(|o| value(o, Field::Status)).collect();
    assert_eq!(states, ["in_use", "stopped", "in_use", "stopped"]);
    let last = &reading.observations[3];
    assert_eq!(value(last, Field::Users), "a医師(〇〇科)、b医師(〇〇科)、c医師(△△科)");
    assert_eq!(value(last, Field::SoftwareVersion), "5.0.1");
    assert!(reading.warnings.iter().all(|w| !w.message.key.starts_with("ledger.duplicate")));
}

#[test]
fn the_messy_csv_is_read() {
    let reading = read_text("ledgers/messy-ledger.csv", encoding_rs::SHIFT_JIS, b',');
    assert_eq!((reading.observations.len(), reading.questions.len()), (4, 1));
    let shown: Vec<_> = reading.observations.iter().map(show).collect();
    assert_eq!(
        shown,
        [
            "name=RIS端末 os=Win10 location=操作室（髙橋） registered=2018-04-01 addressing=static asset_number=① 00-1b-21-aa-00-06@10.102.31.1",
            "name=RIS端末 os=Win10 location=操作室（髙橋） registered=2018-04-01 addressing=static asset_number=② 00-1b-21-aa-00-07@10.102.31.2",
            "name=読影端末（高精細） os=Win7 location=㈱E社預り registered=2016-04-01 addressing=static asset_number=③ -@10.102.31.21 -@10.102.31.22",
            "name=CR os=WinXP location=撮影室1,2 addressing=unknown asset_number=④",
        ]
    );
    assert_eq!(&*reading.questions[0].message.key, "ledger.several_addresses");
}

#[test]
fn a_unicode_text_is_read() {
    let reading = read_text("ledgers/ledger-unicode-text.txt", encoding_rs::UTF_16LE, b'\t');
    assert_eq!((reading.kind, reading.observations.len()), ("ledger-tsv", 2));
    assert_eq!(value(&reading.observations[0], Field::Location), "外来受付");
    assert_eq!(value(&reading.observations[1], Field::Addressing), "dynamic");
}

#[test]
fn the_me_ledger_is_read_row_for_row() {
    let reading = read_workbook(&[Sheet::new(
        "ME機器台帳",
        &[
            "医療機器管理台帳",
            "機器番号|一般的名称|JMDNコード|販売名|製造販売業者|型式|製造番号(S/N)|クラス分類|特定保守|設置管理|承認・認証・届出番号|JANコード/UDI-DI|購入年月日|取得価額|設置部署|貸出状況|保守契約|最終点検日|次回点検予定日|耐用年数|廃棄年月日|ネットワーク接続|備考",
            "ME-0001|汎用輸液ポンプ|13215000|輸液ポンプTE|V社|TE-281|0012345|Ⅲ|○||22600BZX00100000|(01)04912345678904|2020/4/1|280000|中央材料室|貸出中|あり|2026/6/3|2027/6|6年||無線|",
            "ME-0002|汎用輸液ポンプ|13215000|輸液ポンプTE|V社|TE-281|0012346|Ⅲ|○||22600BZX00100000|4912345678904|R2.4.1|280000|中央材料室|返却済|〃|R8.6.3|R9.6|6年||無線|",
            "ME-0003|生体情報モニタ一式|36872000|セントラルモニタ|U社|CNS-9|－|Ⅱ|○|○|22500BZX00200000||H30.10.1|4500000|3階東病棟|－|あり|2025/10/1|2026/10/1|6年||有線|4台分",
            "ME-0004|人工呼吸器|42411000|ベンチレータ|W社|VN-7|VN70077|Ⅲ|○||22700BZX00300000||2012/3/31|3900000|ICU|使用中|なし|||7年||なし|耐用年数超過",
            "ME-0005|閉鎖式保育器|10100000|インキュベータ|Z社|IN-1|IN0001|Ⅲ|○||15600BZX00400000||S61.3.1|900000|NICU|廃棄|||||R7.3.31|なし|",
        ],
    )]);
    assert_eq!(reading.kind, "me-device-ledger-xlsx");
    assert_eq!((reading.counts["devices"], reading.counts["retired"]), (5, 1));
    let shown: Vec<_> = reading.observations.iter().map(show).collect();
    assert_eq!(
        shown,
        [
            "generic_name=汎用輸液ポンプ jmdn_code=13215000 name=輸液ポンプTE maker=V社 model=TE-281 serial=0012345 device_class=III special_maintenance=yes approval_number=22600BZX00100000 gtin=04912345678904 registered=2020-04-01 location=中央材料室 service_contract=あり inspected_on=2026-06-03 inspection_due=2027-06 durable_years=6 network_connection=無線 status=in_use asset_number=ME-0001",
            "generic_name=汎用輸液ポンプ jmdn_code=13215000 name=輸液ポンプTE maker=V社 model=TE-281 serial=0012346 device_class=III special_maintenance=yes approval_number=22600BZX00100000 gtin=04912345678904 registered=2020-04-01 location=中央材料室 service_contract=あり inspected_on=2026-06-03 inspection_due=2027-06 durable_years=6 network_connection=無線 status=spare asset_number=ME-0002",
            "generic_name=生体情報モニタ一式 jmdn_code=36872000 name=セントラルモニタ maker=U社 model=CNS-9 device_class=II special_maintenance=yes installation_managed=yes approval_number=22500BZX00200000 registered=2018-10-01 location=3階東病棟 service_contract=あり inspected_on=2025-10-01 inspection_due=2026-10-01 durable_years=6 network_connection=有線 remark=4台分 asset_number=ME-0003 quantity=4",
            "generic_name=人工呼吸器 jmdn_code=42411000 name=ベンチレータ maker=W社 model=VN-7 serial=VN70077 device_class=III special_maintenance=yes approval_number=22700BZX00300000 registered=2012-03-31 location=ICU service_contract=なし durable_years=7 network_connection=なし remark=耐用年数超過 status=in_use asset_number=ME-0004",
            "generic_name=閉鎖式保育器 jmdn_code=10100000 name=インキュベータ maker=Z社 model=IN-1 serial=IN0001 device_class=III special_maintenance=yes approval_number=15600BZX00400000 registered=1986-03-01 location=NICU retired_on=2025-03-31 network_connection=なし status=retired asset_number=ME-0005",
        ]
    );
    let asked: Vec<_> = reading.questions.iter().map(|q| (q.place.row, &*q.message.key)).collect();
    assert_eq!(asked, [(5, "ledger.set_row")]);
}

#[test]
fn the_address_table_is_read() {
    let reading = read_text("demo-hospital/ip-table.csv", encoding_rs::SHIFT_JIS, b',');
    assert_eq!(
        (reading.kind, reading.rows, reading.observations.len()),
        ("ip-table-csv", 237, 237)
    );
    assert_eq!(reading.skipped["filler_rows_ignored"], 1);
    assert_eq!(reading.counts["rows_without_hostname"], 1);
    assert_eq!(reading.counts["non_private_ip"], 6);
    assert_eq!(reading.counts["duplicate_addresses"], 1);
    assert!(reading.observations.iter().all(|o| o.kind == ObservationKind::AddressRow));
    assert_eq!(
        show(&reading.observations[0]),
        "hostname=AD-01 addressing=static remark=ドメインコントローラ1 -@10.100.1.1"
    );
    assert_eq!(
        show(&reading.observations[236]),
        "addressing=static remark=HIS端末系ゲートウェイ -@10.100.10.254"
    );
}

#[test]
fn vacant_rows_of_an_address_table_are_no_devices() {
    let text = "ホスト名,IPアドレス,備考\nA,10.1.1.1,\n（空き）,10.1.1.2,\n,10.1.1.3,\n予約,10.1.1.4,x\n,10.1.1.5,予約\n〃,10.1.1.6,二枚目\nP-1～2,10.1.1.7～8,\n,10.1.1.100～150,DHCP\n";
    let reading = read_lines(text, b',').unwrap();
    let shown: Vec<_> = reading.observations.iter().map(show).collect();
    assert_eq!(
        shown,
        [
            "hostname=A addressing=static -@10.1.1.1",
            "hostname=A addressing=static remark=二枚目 -@10.1.1.6",
            "hostname=P-1 addressing=static -@10.1.1.7",
            "hostname=P-2 addressing=static -@10.1.1.8"
        ]
    );
    assert_eq!((reading.skipped["vacant_rows"], reading.skipped["ranges_without_names"]), (4, 1));
}

#[test]
fn the_leases_are_read() {
    let reading = read_text("demo-hospital/dhcp-leases-windows.csv", encoding_rs::UTF_8, b',');
    assert_eq!(reading.kind, "windows-dhcp-lease-csv");
    let count = |word: &str| reading.counts[word];
    assert_eq!(
        (count("leases"), count("active"), count("declined"), count("reservations")),
        (26, 24, 1, 1)
    );
    assert_eq!(reading.source_hint.as_deref(), Some("dhcp/10.100.1.1"));
    assert_eq!(reading.coverage.len(), 1);
    assert_eq!(reading.coverage[0].network.to_string(), "10.100.11.0/24");
    let shown: Vec<_> = reading.observations.iter().map(|o| (o.kind, show(o))).collect();
    assert_eq!(
        shown[0],
        (ObservationKind::Lease, "lease_state=active hostname=NB-01 domain=minato.local lease_end=2026-11-26T12:15:00 00-00-0e-92-0e-df@10.100.11.21".to_owned())
    );
    let last = &shown[shown.len() - 3..];
    assert_eq!(
        last,
        [
            (
                ObservationKind::AddressConflict,
                "lease_state=declined remark=This address is already in use -@10.100.11.99"
                    .to_owned()
            ),
            (
                ObservationKind::Reservation,
                "lease_state=reserved hostname=prn-03 00-00-48-b2-da-e6@10.100.11.10".to_owned()
            ),
            (
                ObservationKind::Lease,
                "lease_state=active hostname=prn-03 00-00-48-b2-da-e6@10.100.11.10".to_owned()
            ),
        ]
    );
    assert_eq!(said(&reading, 26), ["dhcp.address_conflict"]);
}

#[test]
fn the_consoles_lease_list_is_read() {
    let reading = read_text("dhcp/dhcp-mmc-export-ja.txt", encoding_rs::UTF_16LE, b'\t');
    assert_eq!(reading.kind, "windows-dhcp-mmc-list");
    let kinds: Vec<_> = reading.observations.iter().map(|o| o.kind).collect();
    use ObservationKind::*;
    assert_eq!(kinds, [Lease, Reservation, Lease, AddressConflict]);
    assert_eq!((reading.counts["leases"], reading.counts["reservations"]), (3, 1));
}

#[test]
fn asset_lists_are_read_by_their_words() {
    let read = |name: &str, encoding, delimiter| {
        let reading = read_text(&format!("assets/{name}"), encoding, delimiter);
        (reading.kind, reading.observations.iter().map(show).collect::<Vec<_>>())
    };
    let (kind, shown) = read("asset-tool-a-ja.csv", encoding_rs::SHIFT_JIS, b',');
    assert_eq!(kind, "asset-list-csv");
    assert_eq!(
        shown[1],
        "department=放射線科 os=Microsoft Windows 7 Professional os_version=Service Pack 1 last_seen=2026-11-19T21:03:11 addressing=static asset_number=A-0055 hostname=CT-02 00-1b-21-00-00-02@192.0.2.2 00-1b-21-00-01-02@192.0.2.102"
    );
    let (_, shown) = read("asset-tool-b-ja.csv", encoding_rs::SHIFT_JIS, b',');
    assert_eq!(
        shown[1],
        "department=病院/予備 maker=B社 model=DT-5200 os=Windows 10 os_version=22H2 registered=2019-04-01 last_seen=2025-03-31 addressing=none asset_number=A-0099 hostname=HIS-99 00-1b-21-00-00-99@-"
    );
    let (_, shown) = read("asset-tool-c-utf16.csv", encoding_rs::UTF_16LE, b'\t');
    assert_eq!(
        shown,
        [
            "os=Windows 11 Pro last_seen=2026-11-20T09:00:00 addressing=static hostname=HIS-03 00-1b-21-00-00-03@192.0.2.3"
        ]
    );
    let (kind, shown) = read("netbox-devices.csv", encoding_rs::UTF_8, b',');
    assert_eq!((kind, shown.len()), ("netbox-device-csv", 3));
    assert_eq!(
        shown[1],
        "name=CT-01 location=CT室1 kind=medical maker=G社 status=in_use addressing=static asset_number=2 -@10.102.41.1/24"
    );
    assert_eq!(read("ad-computers.csv", encoding_rs::UTF_8, b',').0, "ad-computer-csv");
    assert_eq!(read("intune-devices.csv", encoding_rs::UTF_8, b',').0, "intune-device-csv");
    assert_eq!(read("glpi-computers.csv", encoding_rs::UTF_8, b';').0, "glpi-computer-csv");
    assert_eq!(read("snipeit-assets.csv", encoding_rs::UTF_8, b',').0, "snipeit-asset-csv");
}

const PLAIN: &str =
    "管理番号|機器名|型式|製造番号|IPアドレス|MACアドレス|コンピュータ名|台数|状態|備考";

/// A ledger with the plain header and these rows, which begin at row 2.
fn plain(rows: &[&str]) -> Reading {
    let lines: Vec<&str> = std::iter::once(PLAIN).chain(rows.iter().copied()).collect();
    read_workbook(&[Sheet::new("台帳", &lines)])
}

fn shown(reading: &Reading) -> Vec<String> {
    reading.observations.iter().map(show).collect()
}

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
