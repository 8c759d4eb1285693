//! The namer against a small table; the shipped one is proven in `crates/reference/tests/products.rs`.

use domain::{
    NamedProduct, ProductPart, ProductRow, SettledWriting, Stepped, VersionRule, WritingStep,
    WritingWord,
};
use proptest::prelude::*;

use super::*;

fn row(name: &str, spellings: &[&str], releases: &[&str], names: &[&str]) -> ProductRow {
    let own = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    ProductRow {
        name: name.into(),
        spellings: own(spellings),
        short: Vec::new(),
        models: Vec::new(),
        makers: Vec::new(),
        releases: own(releases),
        part: ProductPart::Os,
        names: own(names),
        version: VersionRule::Written(1),
        scheme: "generic".into(),
        purl: None,
        source: "test".into(),
    }
}

fn table() -> ProductTable {
    let windows = |release: &str, build: &str| ProductRow {
        version: VersionRule::Build(build.into()),
        scheme: "windows".into(),
        ..row(release, &["Windows 10", "Win 10"], &[release, build], &["microsoft:windows_10"])
    };
    let switch = ProductRow {
        models: vec!["C9300".into()],
        makers: vec!["Cisco".into(), "シスコ".into()],
        version: VersionRule::Written(3),
        scheme: "cisco-ios".into(),
        ..row("IOS XE", &["IOS XE"], &[], &["cisco:ios_xe"])
    };
    let router = ProductRow {
        models: vec!["RTX830".into()],
        makers: vec!["ヤマハ".into()],
        scheme: "yamaha".into(),
        ..row("router", &["ヤマハ ルーター"], &[], &[])
    };
    let chrome = ProductRow {
        part: ProductPart::Application,
        version: VersionRule::Written(4),
        short: vec!["クローム".into()],
        ..row("Chrome", &["Chrome"], &[], &["google:chrome"])
    };
    let rows =
        vec![windows("21H2", "10.0.19044"), windows("22H2", "10.0.19045"), switch, router, chrome];
    ProductTable { rows, beside: vec!["pro".into(), "版".into()] }
}

fn answers(written: &Written<'_>) -> Vec<Named> {
    Namer::new(&table()).name(written)
}

fn keys(written: &Written<'_>) -> Vec<String> {
    answers(written).into_iter().map(|one| one.reason.key.into_owned()).collect()
}

#[test]
fn each_doubt_has_its_reason() {
    let os = |os, os_version| Written { os, os_version, ..Written::default() };
    let software =
        |software, software_version| Written { software, software_version, ..Written::default() };
    for (written, key) in [
        (os("Win10 Pro 22H2", ""), "products.exact"),
        (os("Win10", ""), "products.ask_release"),
        (os("Win10 22H2", "10.0.19044"), "products.ask_release"),
        (os("Win10", "1999"), "products.release_unlisted"),
        (os("独自OS", "1"), "products.by_name"),
        (software("Chrome", "118.0.1.2"), "products.exact"),
        (software("Chrome", "118"), "products.version_coarse"),
        (software("Chrome", ""), "products.version_missing"),
        (os("IOS XE", "9z-"), "products.version_unread"),
        (software("Chrome 118.0.1.2 U3", ""), "products.version_rest"),
        (software("クローム", "118.0.1.2"), "products.short"),
        (software("Chrome リモート", ""), "products.words"),
        (software("電子カルテ", "2.0"), "products.by_name"),
        (software("電子カルテ Win10 22H2", ""), "products.by_name"),
        (software("Chrome、Chrome", "1.2.3.4"), "products.version_whose"),
        (software("ヤマハ ルーター", "Rev.15.02.31"), "products.not_in_nvd"),
    ] {
        assert_eq!(keys(&written).first().map(String::as_str), Some(key), "{written:?}");
    }
}

#[test]
fn a_build_that_two_products_share_asks_which() {
    let mut table = table();
    let server = ProductRow {
        releases: Vec::new(),
        spellings: vec!["Server".into()],
        ..table.rows[1].clone()
    };
    table.rows.push(server);
    let written = Written { os: "Windows", os_version: "10.0.19045.3803", ..Written::default() };
    let named = Namer::new(&table).name(&written);
    assert_eq!(named.len(), 2);
    for one in named {
        assert_eq!(one.reason.key, "products.ask_product");
        assert_eq!(one.version.as_deref(), Some("10.0.19045.3803"));
        assert_eq!(one.confidence, Confidence::Candidate);
    }
}

#[test]
fn a_model_counts_for_its_maker_and_is_asked_about_elsewhere() {
    let of = |maker| Written {
        maker,
        model: "C9300-24T",
        os: "ファームウェア",
        os_version: "17.09.04",
        ..Written::default()
    };
    for (maker, key) in [
        ("シスコシステムズ", "products.model"),
        ("C2社", "products.maker"),
        ("", "products.maker"),
        ("ヤマハ", "products.firmware_unlisted"),
    ] {
        assert_eq!(keys(&of(maker)), ["products.hardware", key], "{maker}");
    }
    assert_eq!(answers(&of("Cisco"))[1].version.as_deref(), Some("17.9.4"));
    let longer = Written { model: "C9300XYZ", firmware: "1.2.3", ..Written::default() };
    assert_eq!(keys(&longer), ["products.hardware", "products.firmware_unlisted"]);
}

#[test]
fn what_says_nothing_is_not_answered() {
    for cell in ["", " ", "－", "不明", "ﾌﾒｲ", "該当なし"] {
        let written = Written {
            maker: cell,
            model: cell,
            os: cell,
            os_version: cell,
            software: cell,
            software_version: cell,
            firmware: cell,
        };
        assert_eq!(answers(&written), [], "{cell}");
    }
}

#[test]
fn what_nobody_lists_never_has_a_name_of_the_nvd() {
    let written =
        Written {
            software: "〇〇電子カルテ", software_version: "2.0", ..Written::default()
        };
    let named = answers(&written);
    assert_eq!(named[0].name, "〇〇電子カルテ");
    assert_eq!(named[0].version.as_deref(), Some("2.0"));
    assert!(named[0].cpes.is_empty() && named[0].purl.is_none() && named[0].scheme.is_none());
}

/// Pieces of what hospitals write, and what could break a reader.
fn cell() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "Win10",
        "22H2",
        "Chrome",
        "118.0.1.2",
        "C9300",
        "-24T",
        "Cisco",
        "15.2(7)E3",
        "Rev.15.02.31",
        "、",
        ";",
        "v",
        "(",
        ")",
        "10.0.19045.1",
        "SP1",
        "U3",
        "ファームウェア",
        "－",
        "電子カルテ",
        "①",
        "\u{3000}",
        "x64",
        "ß",
        "İ",
        "…",
    ]);
    let piece = prop_oneof![known.prop_map(str::to_owned), any::<String>()];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.join(" "))
}

const COLUMNS: [Field; 6] = [
    Field::Maker,
    Field::Model,
    Field::Os,
    Field::OsVersion,
    Field::Software,
    Field::SoftwareVersion,
];

proptest! {
    #[test]
    fn any_cells_are_answered_and_break_nothing(cells in prop::array::uniform7(cell())) {
        let [maker, model, os, os_version, software, software_version, firmware] = &cells;
        let written =
            Written { maker, model, os, os_version, software, software_version, firmware };
        for one in answers(&written) {
            prop_assert!(one.confidence == Confidence::Candidate || !one.cpes.is_empty());
            prop_assert!(!one.name.is_empty());
        }
    }

    #[test]
    fn the_order_of_columns_does_not_matter(
        cells in prop::array::uniform6(cell()),
        order in Just(COLUMNS.to_vec()).prop_shuffle(),
    ) {
        let text = |field: Field| {
            let at = COLUMNS.iter().position(|own| *own == field).unwrap();
            (field, cells[at].as_str())
        };
        let one = Written::of(COLUMNS.into_iter().map(text));
        let other = Written::of(order.into_iter().map(text));
        prop_assert_eq!(answers(&one), answers(&other));
    }

    #[test]
    fn a_version_in_its_own_cell_is_the_same_as_behind_the_name(release in "(21|22)H2", revision in 0..9999u32) {
        let version = format!("{release} 10.0.1904{}.{revision}", if release == "21H2" { 4 } else { 5 });
        let together = format!("Win10 {version}");
        let one = Written { os: "Win10", os_version: &version, ..Written::default() };
        let other = Written { os: &together, ..Written::default() };
        // What was written where is told, too.
        let names = |written| -> Vec<Named> {
            let named = answers(written).into_iter();
            let of = |one: Named| {
                let writing = Writing { what: one.what, text: String::new() };
                Named { writing, cells: Default::default(), ..one }
            };
            named.map(of).collect()
        };
        prop_assert_eq!(names(&one), names(&other));
    }

    #[test]
    fn any_word_on_any_writing_settles_that_cell_alone(
        cells in prop::array::uniform7(cell()),
        refused in any::<bool>(),
    ) {
        let [maker, model, os, os_version, software, software_version, firmware] = &cells;
        let written =
            Written { maker, model, os, os_version, software, software_version, firmware };
        let table = table();
        let namer = Namer::new(&table);
        let by_table = namer.name(&written);
        for one in &by_table {
            let own = |other: &&Named| other.writing == one.writing;
            let names = by_table.iter().filter(own).map(|one| one.product().name).collect();
            let word = if refused { WritingWord::Not(names) } else { WritingWord::Is(emr()) };
            let settled = [settled(&one.writing, &[word])];
            let named = namer.name_as_said(&written, &Words::new(&settled));
            let said = if refused { Said::Refused } else { Said::Confirmed };
            let of_it = named.iter().filter(own);
            prop_assert!(of_it.clone().count() > 0);
            prop_assert!(of_it.clone().all(|one| one.said == Some(said) && !one.before.is_empty()));
            let others = |all: &[Named]| all.iter().filter(|one| !own(one)).cloned().collect::<Vec<_>>();
            prop_assert_eq!(others(&named), others(&by_table));
        }
    }
}

fn emr() -> NamedProduct {
    NamedProduct {
        name: "〇〇電子カルテ".into(),
        cpes: vec!["cpe:2.3:a:maker:emr:*:*:*:*:*:*:*:*".into()],
        purl: None,
    }
}

fn not(names: &[&str]) -> WritingWord {
    WritingWord::Not(names.iter().map(|name| (*name).to_owned()).collect())
}

fn settled(writing: &Writing, words: &[WritingWord]) -> SettledWriting {
    let step = |word: &WritingWord| Stepped {
        at: jiff::Timestamp::UNIX_EPOCH,
        day: jiff::civil::date(1970, 1, 1),
        by: "sato".into(),
        step: WritingStep { shown: String::new(), word: word.clone(), reason: String::new() },
    };
    SettledWriting { number: 1, writing: writing.clone(), steps: words.iter().map(step).collect() }
}

/// What `written` means after `words` on the writing of `on`, one product a line: name, version, CPE names, confidence, why.
fn meant(written: &Written<'_>, on: &Written<'_>, words: &[WritingWord]) -> Vec<String> {
    let table = table();
    let namer = Namer::new(&table);
    let settled: Vec<SettledWriting> =
        namer.name(on).first().map(|one| settled(&one.writing, words)).into_iter().collect();
    let named = namer.name_as_said(written, &Words::new(&settled)).into_iter();
    let line = |one: Named| {
        let version = one.version.unwrap_or_default();
        let cpes: Vec<String> = one.cpes.iter().map(ToString::to_string).collect();
        let (sure, why) = (one.confidence.key(), one.reason.key);
        format!("{} {version} [{}] {sure} {why}", one.name, cpes.join(" "))
    };
    named.map(line).collect()
}

#[test]
fn what_a_person_said_of_a_writing_holds_for_every_version_of_it() {
    let software =
        |software, software_version| Written { software, software_version, ..Written::default() };
    let is = [WritingWord::Is(emr())];
    let sure = |version: &str| {
        format!(
            "〇〇電子カルテ {version} [cpe:2.3:a:maker:emr:{version}:*:*:*:*:*:*:*] exact products.said"
        )
    };
    let on = software("〇〇電子カルテ 2.0", "");
    for (written, expected) in [
        (on, sure("2.0")),
        (software("○○電子カルテ　２．１", ""), sure("2.1")),
        (software("〇〇電子カルテ Ver.3", ""), sure("3")),
        (software("〇〇電子カルテ", "V2.10.4"), sure("2.10.4")),
        (
            software("〇〇電子カルテ", ""),
            "〇〇電子カルテ  [cpe:2.3:a:maker:emr:*:*:*:*:*:*:*:*] likely products.version_missing"
                .to_owned(),
        ),
        (
            software("〇〇電子カルテ連携", "2.0"),
            "〇〇電子カルテ連携 2.0 [] candidate products.by_name".to_owned(),
        ),
    ] {
        assert_eq!(meant(&written, &on, &is), [expected], "{written:?}");
    }
    let model = Written { maker: "A社", model: "〇〇電子カルテ 2.0", ..Written::default() };
    let machine = meant(&model, &model, &is);
    assert!(machine[0].ends_with("likely products.version_missing"), "{machine:?}");
    let os = Written { os: "〇〇電子カルテ 2.0", ..Written::default() };
    assert!(meant(&os, &on, &is)[0].ends_with("products.by_name"), "another column");
}

#[test]
fn of_several_products_the_one_that_was_named_is_left_and_no_other() {
    let os = |os, os_version| Written { os, os_version, ..Written::default() };
    let on = os("Win10", "");
    let table = table();
    let namer = Namer::new(&table);
    let is = WritingWord::Is(namer.product("22H2", "").unwrap());
    assert_eq!(meant(&on, &on, &[]).len(), 2);
    let sure = "22H2 10.0.19045 [cpe:2.3:o:microsoft:windows_10:10.0.19045:*:*:*:*:*:*:*] exact products.said";
    assert_eq!(meant(&on, &on, std::slice::from_ref(&is)), [sure]);
    let other = os("Win10", "21H2");
    assert!(meant(&other, &on, &[is])[0].starts_with("21H2"), "the release says another");
    let left = meant(&on, &on, &[not(&["21H2"])]);
    assert!(left.len() == 1 && left[0].starts_with("22H2") && left[0].contains(" candidate "));
    let none = meant(&on, &on, &[not(&["21H2", "22H2"])]);
    assert_eq!(none, ["Win10 10.0.19044 [] candidate products.refused"]);
    assert_eq!(meant(&on, &on, &[not(&["21H2"]), WritingWord::Open]).len(), 2);
}

#[test]
fn a_product_of_the_table_that_a_person_named_is_read_as_the_table_reads_it() {
    let software =
        |software, software_version| Written { software, software_version, ..Written::default() };
    let table = table();
    let is = [WritingWord::Is(Namer::new(&table).product("chrome", "").unwrap())];
    for (on, expected) in [
        (
            software("院内ブラウザ", "118.0.1.2"),
            "Chrome 118.0.1.2 [cpe:2.3:o:google:chrome:118.0.1.2",
        ),
        (software("院内ブラウザ2000", "118"), "Chrome 118 [cpe:2.3:o:google:chrome:*"),
        (software("院内2000", ""), "Chrome  [cpe:2.3:o:google:chrome:*"),
        (
            software("Chrome 院内版 118.0.1.2", ""),
            "Chrome 118.0.1.2 [cpe:2.3:o:google:chrome:118.0.1.2",
        ),
    ] {
        let meant = meant(&on, &on, &is);
        let expected = expected.replace(":o:", ":a:");
        assert!(meant[0].starts_with(&expected), "{meant:?}");
    }
}

#[test]
fn what_a_person_names_must_be_a_product() {
    let table = table();
    let namer = Namer::new(&table);
    let product = |asked: &str| namer.product(asked, "〇〇電子カルテ");
    assert_eq!(product("cpe:2.3:a:maker:emr:9.9:*:*:*:*:*:*:*").unwrap(), emr());
    assert_eq!(product(" cpe:/a:maker:emr:9.9 ").unwrap(), emr());
    assert_eq!(product("cpe:2.3:a:google:chrome:1:*:*:*:*:*:*:*").unwrap().name, "Chrome");
    let package = product("pkg:npm/%40maker/emr@2.0?arch=x").unwrap();
    assert_eq!(package.purl.as_deref(), Some("pkg:npm/%40maker/emr"));
    assert_eq!((package.name.as_str(), package.cpes.len()), ("〇〇電子カルテ", 0));
    assert_eq!(product("ＣＨＲＯＭＥ").unwrap().name, "Chrome");
    let other = namer.product("cpe:2.3:a:maker:chrome:*:*:*:*:*:*:*:*", "chrome").unwrap();
    assert_eq!(other.name, "chrome (maker:chrome)", "another than that of the table");
    for (asked, key) in [
        ("cpe:2.3:a:maker:*:*:*:*:*:*:*:*:*", "products.bad_cpe"),
        ("cpe:2.3:a:maker:em?r:*:*:*:*:*:*:*:*", "products.bad_cpe"),
        ("cpe:2.3:x:maker:emr:*:*:*:*:*:*:*:*", "products.bad_cpe"),
        ("cpe:", "products.bad_cpe"),
        ("pkg:", "products.bad_purl"),
        ("pkg:npm", "products.bad_purl"),
        ("", "products.nothing_listed"),
        ("<b>", "products.nothing_listed"),
    ] {
        assert_eq!(product(asked).unwrap_err().key, key, "{asked}");
    }
}
