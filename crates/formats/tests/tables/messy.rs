//! The deliberately bad ledger, row for row.

use formats::reading::Dated;

use super::*;

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
