//! The other samples: the ministry's example, medical devices, address tables, leases and asset lists.

use domain::ObservationKind;

use super::*;

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
    let text = "ホスト名,IPアドレス,備考\nA,10.1.1.1,\n（空き）,10.1.1.2,\n,10.1.1.3,\n予約,10.1.1.4,x\n,10.1.1.5,予約\n〃,10.1.1.6,二枚目\nP-1～2,10.1.1.7～8,\n,10.1.1.100～150,検査科\n,10.1.1.200,DHCP\n,10.1.1.201～220,DHCP範囲\n";
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
    assert_eq!(reading.skipped["dynamic_addresses"], 2);
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

#[test]
fn last_numbers_alone_belong_to_the_network_of_the_title() {
    let lines =
        ["HIS端末 10.100.10.0/24", "ホスト名|IPアドレス|備考", "HIS-01|1|", "HIS-02|.2|", "|3|"];
    let reading = read_workbook(&[Sheet::new("アドレス表", &lines)]);
    assert_eq!(
        shown(&reading),
        [
            "hostname=HIS-01 addressing=static -@10.100.10.1",
            "hostname=HIS-02 addressing=static -@10.100.10.2"
        ]
    );
    assert_eq!(reading.kind, "ip-table-xlsx");
    assert_eq!(reading.questions.len(), 2);
}
