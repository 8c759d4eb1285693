//! The makers that ship with the program, and how their names are written.
//!
//! `data/makers/SOURCES.md` tells where the names come from, and which companies are one maker.

use std::sync::LazyLock;

use domain::{MakerRow, MakerTable};

const MAKERS: &str = include_str!("../data/makers/makers.csv");

static SHIPPED: LazyLock<MakerTable> = LazyLock::new(|| MakerTable::new(read(MAKERS)));

/// The table that ships with the program. Read when first asked for.
pub fn shipped() -> &'static MakerTable {
    &SHIPPED
}

/// Rows of `name,writings,former`, lists divided by `|`.
fn read(text: &str) -> Vec<MakerRow> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.records().flatten().filter_map(|row| read_row(&row)).collect()
}

fn read_row(row: &csv::StringRecord) -> Option<MakerRow> {
    let list = |at: usize| {
        let names = row.get(at)?.split('|').filter(|name| !name.is_empty());
        Some(names.map(str::to_owned).collect::<Vec<_>>())
    };
    Some(MakerRow { name: row.get(0)?.to_owned(), writings: list(1)?, former: list(2)? })
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use domain::maker::bare;

    use super::*;

    #[test]
    fn every_shipped_row_is_read_and_no_writing_is_of_two() {
        let rows = shipped().rows();
        assert_eq!(rows.len(), MAKERS.lines().count() - 1);
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        for row in rows {
            let own: BTreeSet<String> = row.all().map(bare).collect();
            assert_eq!(own.len(), row.all().count(), "written twice: {row:?}");
            for writing in own {
                assert!(writing.chars().count() > 1, "{row:?}");
                let before = seen.insert(writing.clone(), &row.name);
                assert_eq!(before, None, "{writing}: {}", row.name);
            }
        }
    }

    /// The IEEE's registry has the names as the companies gave them: most makers of what stands on a network are there.
    #[test]
    fn most_makers_stand_in_the_registry_of_network_cards() {
        let names: BTreeSet<String> =
            crate::vendor::tests::names().iter().map(|name| bare(name)).collect();
        let known = |row: &&MakerRow| row.all().any(|writing| names.contains(&bare(writing)));
        let count = shipped().rows().iter().filter(known).count();
        assert!(count >= 100, "{count}");
    }

    #[test]
    fn makers_are_known_in_japanese_and_in_english() {
        for (japanese, english) in [
            ("富士通株式会社", "FUJITSU LIMITED"),
            ("日本光電工業㈱", "Nihon Kohden Corporation"),
            ("日本光電", "NIHON KOHDEN"),
            ("キヤノンメディカルシステムズ", "Canon Medical Systems Corporation"),
            ("キャノンメディカルシステムズ（株）", "Canon Medical"),
            ("フクダ電子", "FUKUDA DENSHI CO., LTD."),
            ("シスメックス", "Sysmex Corporation"),
            ("オムロン", "OMRON Corporation"),
            ("富士フィルム", "FUJIFILM Corporation"),
            ("㈱島津製作所", "SHIMADZU CORPORATION"),
            ("テルモ", "TERUMO CORPORATION"),
            ("ニプロ", "Nipro"),
            ("オリンパス", "OLYMPUS CORPORATION"),
            ("日立", "HITACHI, LTD."),
            ("東芝", "Toshiba Corp."),
            ("日本電気株式会社", "NEC"),
            ("ヤマハ", "YAMAHA CORPORATION"),
            ("バッファロー", "BUFFALO.INC"),
            ("アライドテレシス㈱", "Allied Telesis, Inc."),
            ("シスコシステムズ合同会社", "Cisco Systems, Inc"),
            ("フィリップス", "Koninklijke Philips N.V."),
            ("GEヘルスケア・ジャパン", "GE HealthCare"),
            ("ＧＥ横河メディカルシステム", "GE Healthcare"),
            ("シーメンスヘルスケア", "Siemens Healthineers AG"),
            ("ドレーゲル", "Dräger"),
            ("ドレーゲル", "Draeger Medical Systems, Inc."),
            ("日本ベクトン・ディッキンソン", "Becton, Dickinson and Company (BD)"),
            ("アイ・オー・データ機器", "I-O DATA DEVICE,INC."),
            ("東芝メディカルシステムズ", "Canon Medical Systems"),
            ("富士ゼロックス", "FUJIFILM Business Innovation Corp."),
        ] {
            assert_eq!(shipped().is_same(japanese, english), Some(true), "{japanese} {english}");
        }
    }

    #[test]
    fn companies_with_one_word_in_common_are_not_one_maker() {
        for (one, other) in [
            ("富士通", "富士通クライアントコンピューティング"),
            ("Fujitsu Limited", "Fujitsu Client Computing Limited"),
            ("富士通", "富士通Japan"),
            ("富士通", "エフサステクノロジーズ"),
            ("日立", "富士フイルムヘルスケア"),
            ("日立製作所", "Hitachi Energy"),
            ("富士フイルム", "富士フイルムヘルスケア"),
            ("富士フイルム", "富士フイルムビジネスイノベーション"),
            ("富士フイルムビジネスイノベーション", "Xerox"),
            ("NEC", "NECパーソナルコンピュータ"),
            ("NEC", "NEC Platforms"),
            ("レノボ", "NECパーソナルコンピュータ"),
            ("東芝", "キヤノンメディカルシステムズ"),
            ("東芝", "東芝テック"),
            ("東芝", "Dynabook"),
            ("キヤノン", "キヤノンメディカルシステムズ"),
            ("オムロン", "オムロンヘルスケア"),
            ("ソニー", "VAIO"),
            ("パナソニック", "i-PRO"),
            ("HP", "Hewlett Packard Enterprise"),
            ("シーメンス", "シーメンスヘルスケア"),
            ("三洋電機", "山洋電気"),
            ("ヤマハ", "ヤマハ発動機"),
            ("沖電気", "沖データ"),
        ] {
            assert_eq!(shipped().is_same(one, other), Some(false), "{one} {other}");
        }
        // What several companies are called is of none of them.
        for word in ["GE", "General Electric", "Hewlett-Packard", "ヒューレット・パッカード"]
        {
            assert_eq!(shipped().row(word), None, "{word}");
        }
    }

    #[test]
    fn a_row_that_is_cut_off_is_none() {
        let rows = read("name,writings,former\nA,B|C,\nD\n");
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].all().collect::<Vec<_>>(), ["A", "B", "C"]);
    }
}
