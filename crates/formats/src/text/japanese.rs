//! CP932 against EUC-JP: both can read almost any bytes, so the one whose reading looks more like Japanese wins.

use encoding_rs::{EUC_JP, Encoding, SHIFT_JIS};

/// Words that stand in the files we read; each of them outweighs any number of doubtful characters nearby.
const WORDS: [&str; 14] = [
    "インターフェイス",
    "インターネット",
    "管理番号",
    "カウント数",
    "ホスト名",
    "機器名",
    "メーカー",
    "アドレス",
    "設置場所",
    "備考",
    "端末",
    "動的",
    "静的",
    "コンピュータ",
];

/// Kanji that are frequent in ledgers and in the output of commands.
const COMMON_KANJI: &str = "一三上下中事二予五人代使保健備元入内再分切別利制前剤割力動務区医十卓台同名号名品員器四固困型場変外大室宛定家導射居島工年庫度廃廊式弘当影待後得応性患情意所手技担持援擁故救整断新方日時更最月有期未末本東査査校根械棄棟業構検械機次止正氏無物状独理現生産用田画登白病症療発的目看着知研社科称移種稼窓立端等管算類系級納終組経結統線編置者考職育自舎般良薬血行術製要覚計記訪設証診詳認話認該語説課調護豊責貸費資賃購起超転輸送途通連運過達適選部都配醤重野量金録開閉間関防院除陽階障離電静非面順領題類高鳴黒";

/// The encoding of `head` by label and decoder; CP932 where both read equally well, since it is by far the more frequent.
pub(super) fn choose(head: &[u8]) -> (&'static str, &'static Encoding) {
    if likeness(EUC_JP, head) > likeness(SHIFT_JIS, head) {
        return ("euc-jp", EUC_JP);
    }
    ("cp932", SHIFT_JIS)
}

/// How much `head`, read by `encoding`, looks like Japanese.
fn likeness(encoding: &'static Encoding, head: &[u8]) -> i64 {
    let text = encoding.decode_without_bom_handling(head).0;
    let words = WORDS.iter().filter(|word| text.contains(**word)).count() as i64;
    let mut sum = words * 50;
    let mut before = '\0';
    for c in text.chars() {
        sum += weight(c);
        // Half-width kana come in whole words; mixed with kanji letter by letter they are a misread EUC-JP.
        let mixed = (is_half_kana(before) && is_kanji(c)) || (is_kanji(before) && is_half_kana(c));
        sum -= i64::from(mixed) * 3;
        before = c;
    }
    sum
}

fn is_half_kana(c: char) -> bool {
    matches!(c, '\u{ff61}'..='\u{ff9f}')
}

fn is_kanji(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}')
}

fn weight(c: char) -> i64 {
    match c {
        '\0'..='\x7f' => 0,
        'ぁ'..='ゖ' | 'ァ'..='ヶ' | 'ー' => 3,
        _ if is_kanji(c) && COMMON_KANJI.contains(c) => 4,
        '\u{3000}'..='\u{9fff}' | '\u{ff01}'..='\u{ff5e}' => 1,
        // EUC-JP kana read as CP932 are half-width kana, every second of them one of these marks.
        '\u{ff61}'..='\u{ff65}' => -2,
        '\u{ff66}'..='\u{ff9f}' => 2,
        '\u{fffd}' => -10,
        // CP932 maps its user-defined rows to the private use area.
        '\u{e000}'..='\u{f8ff}' => -5,
        _ => 0,
    }
}
