//! Makers (メーカー): the companies that make devices and programs, and the ways in which their names are written.
//!
//! A ledger says 「フクダ電子株式会社」, an advisory `Fukuda Denshi`. The table is data and comes in as an argument: `reference` loads the
//! one that ships with the program. It only tells which writings mean one company; what people see is what the document wrote.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::fold::{fold, half_width};

/// Longer texts, in characters, are no name of a company; what follows is not looked at.
const MOST_LETTERS: usize = 200;

/// Forms of Japanese companies, before or behind the name (会社法 第6条). `㈱` and `（株）` are `(株)` by then.
const FORMS_AROUND: [&str; 10] = [
    "株式会社",
    "有限会社",
    "合同会社",
    "合資会社",
    "合名会社",
    "(株)",
    "(有)",
    "(同)",
    "(資)",
    "(名)",
];

/// Forms of other companies, behind the name, word by word: `K.K.` is two.
const FORMS_BEHIND: [&[&str]; 36] = [
    &["&"],
    &["a", "s"],
    &["ab"],
    &["ag"],
    &["and"],
    &["as"],
    &["b", "v"],
    &["bv"],
    &["co"],
    &["company"],
    &["corp"],
    &["corporation"],
    &["gmbh"],
    &["inc"],
    &["incorporated"],
    &["k", "k"],
    &["kg"],
    &["kgaa"],
    &["kk"],
    &["limited"],
    &["llc"],
    &["ltd"],
    &["n", "v"],
    &["nv"],
    &["oy"],
    &["plc"],
    &["pte"],
    &["pty"],
    &["pvt"],
    &["s", "a"],
    &["s", "p", "a"],
    &["s", "r", "l"],
    &["sa"],
    &["se"],
    &["spa"],
    &["srl"],
];

/// A maker with its writings.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MakerRow {
    /// Its name as it writes it itself; in Japanese where it does so.
    pub name: String,
    /// The other ways in which its name is written.
    pub writings: Vec<String>,
    /// Names that it bore before, where it is the same company still or its published successor.
    pub former: Vec<String>,
}

impl MakerRow {
    /// Every writing of its name, its own first.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        let rest = self.writings.iter().chain(&self.former);
        std::iter::once(&self.name).chain(rest).map(String::as_str)
    }
}

/// Makers and their writings, made ready for many questions.
#[derive(Debug, Clone, Default)]
pub struct MakerTable {
    rows: Vec<MakerRow>,
    /// See [`MakerTable::known`]; made when first asked for, since few questions are about makers.
    known: OnceLock<HashMap<String, usize>>,
}

impl MakerTable {
    /// The table of these makers. A writing that two of them have means neither.
    pub fn new(rows: Vec<MakerRow>) -> Self {
        Self { rows, known: OnceLock::new() }
    }

    /// The row of each [`bare`] writing.
    fn known(&self) -> &HashMap<String, usize> {
        self.known.get_or_init(|| {
            let mut known: HashMap<String, usize> = HashMap::new();
            let mut shared: Vec<String> = Vec::new();
            for (at, row) in self.rows.iter().enumerate() {
                for writing in row.all().map(bare) {
                    let before = known.insert(writing.clone(), at);
                    if before.is_some_and(|before| before != at) {
                        shared.push(writing);
                    }
                }
            }
            known.retain(|writing, _| !writing.is_empty() && !shared.contains(writing));
            known
        })
    }

    /// The makers.
    pub fn rows(&self) -> &[MakerRow] {
        &self.rows
    }

    /// The maker that `written` means; none where no row has it.
    pub fn row(&self, written: &str) -> Option<&MakerRow> {
        self.rows.get(*self.known().get(&bare(written))?)
    }

    /// By what makers are put together: the same for all writings of one. What no row has is known by its own name without the form of
    /// the company.
    pub fn key(&self, written: &str) -> String {
        match self.row(written) {
            Some(row) => bare(&row.name),
            None => bare(written),
        }
    }

    /// Whether two writings mean one maker; `None` where the names differ and a row does not have both.
    pub fn is_same(&self, one: &str, other: &str) -> Option<bool> {
        let [one, other] = [bare(one), bare(other)];
        if one.is_empty() || other.is_empty() {
            return None;
        }
        if one == other {
            return Some(true);
        }
        let known = self.known();
        Some(known.get(&one)? == known.get(&other)?)
    }
}

/// A company's name, folded, without its form and the marks in it: `㈱島津製作所` is 島津製作所, `Nihon Kohden Corp.` is `nihonkohden`.
/// What is nothing but a form stays.
pub fn bare(name: &str) -> String {
    let text = plain(name);
    let words = words(&text);
    let own = if words.is_empty() { marked(&text) } else { words };
    fold(&own.concat())
}

/// A company's name in half width and lower case, without its form, a blank for each run of marks in it: what is looked for in prose.
/// Nothing where it is nothing but a form.
pub fn spaced(name: &str) -> String {
    words(&plain(name)).join(" ")
}

fn plain(name: &str) -> String {
    let text: String = name.chars().take(MOST_LETTERS).collect();
    half_width(&text).to_lowercase()
}

/// The words of a plain name without its form.
fn words(text: &str) -> Vec<&str> {
    let mut name = text.trim();
    while let Some(rest) = FORMS_AROUND.iter().find_map(|form| without(name, form)) {
        name = rest;
    }
    let mut words = marked(name);
    while let Some(form) = FORMS_BEHIND.iter().find(|form| words.ends_with(form)) {
        words.truncate(words.len().saturating_sub(form.len()));
    }
    words
}

/// The words between marks. `A&D` is one.
fn marked(text: &str) -> Vec<&str> {
    let is_mark = |letter: char| !letter.is_alphanumeric() && letter != '&';
    text.split(is_mark).filter(|word| !word.is_empty()).collect()
}

fn without<'n>(name: &'n str, form: &str) -> Option<&'n str> {
    let rest = name.strip_prefix(form).or_else(|| name.strip_suffix(form))?;
    Some(rest.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> MakerTable {
        let row = |name: &str, writings: &[&str], former: &[&str]| MakerRow {
            name: name.into(),
            writings: writings.iter().map(|one| (*one).to_owned()).collect(),
            former: former.iter().map(|one| (*one).to_owned()).collect(),
        };
        MakerTable::new(vec![
            row("フクダ電子", &["Fukuda Denshi"], &[]),
            row("キヤノンメディカルシステムズ", &[], &["東芝メディカルシステムズ"]),
            row("富士通", &["Fujitsu", "FJ"], &[]),
            row("富士通クライアントコンピューティング", &["Fujitsu Client Computing", "FJ"], &[]),
        ])
    }

    #[test]
    fn the_form_of_a_company_is_no_part_of_its_name() {
        for (name, expected) in [
            ("株式会社島津製作所", "島津製作所"),
            ("㈱島津製作所", "島津製作所"),
            ("島津製作所（株）", "島津製作所"),
            ("島津製作所 ㈱", "島津製作所"),
            ("㈲　みなと医科", "ミナト医科"),
            ("ｼｽﾒｯｸｽ株式会社", "シスメックス"),
            ("FUJITSU LIMITED", "fujitsu"),
            ("ＦＵＪＩＴＳＵ　ＬＩＭＩＴＥＤ", "fujitsu"),
            ("Fukuda Denshi Co., Ltd.", "fukudadenshi"),
            ("FUKUDA DENSHI CO.,LTD", "fukudadenshi"),
            ("I-O DATA DEVICE,INC.", "iodatadevice"),
            ("アイ・オー・データ機器", "アイオ-デ-タ機器"),
            ("Allied Telesis K.K.", "alliedtelesis"),
            ("Koninklijke Philips N.V.", "koninklijkephilips"),
            ("FRAKO GmbH & Co. KG", "frako"),
            ("Becton, Dickinson and Company", "bectondickinson"),
            ("A&D Company, Limited", "a&d"),
            ("B.Braun Melsungen AG", "bbraunmelsungen"),
        ] {
            assert_eq!(bare(name), expected, "{name}");
        }
    }

    #[test]
    fn a_name_for_prose_keeps_its_blanks_and_long_marks() {
        for (name, expected) in [
            ("Palo Alto Networks, Inc.", "palo alto networks"),
            ("㈱バッファロー", "バッファロー"),
            ("Ｉ－Ｏ　ＤＡＴＡ", "i o data"),
            ("株式会社", ""),
            ("Co., Ltd.", ""),
            ("", ""),
        ] {
            assert_eq!(spaced(name), expected, "{name}");
        }
    }

    #[test]
    fn what_is_only_like_a_form_stays() {
        for (name, expected) in [
            ("株式会社", "株式会社"),
            ("Inc.", "inc"),
            ("Co., Ltd.", "coltd"),
            ("AS", "as"),
            ("有沢製作所", "有沢製作所"),
            ("Cosmo", "cosmo"),
            ("Intel Inside", "intelinside"),
            ("－", ""),
            ("", ""),
        ] {
            assert_eq!(bare(name), expected, "{name}");
        }
    }

    #[test]
    fn writings_of_one_maker_are_put_together_and_those_of_two_are_not() {
        let table = table();
        for (one, other, expected) in [
            ("フクダ電子株式会社", "Fukuda Denshi Co., Ltd.", Some(true)),
            ("東芝メディカルシステムズ㈱", "キヤノンメディカルシステムズ", Some(true)),
            ("みなと医科㈱", "みなと医科", Some(true)),
            ("富士通", "富士通クライアントコンピューティング㈱", Some(false)),
            ("Fujitsu Limited", "Fukuda Denshi", Some(false)),
            ("富士通", "みなと医科", None),
            ("みなと医科", "みなと", None),
            ("", "", None),
            ("富士通", "", None),
        ] {
            assert_eq!(table.is_same(one, other), expected, "{one} {other}");
            assert_eq!(table.is_same(other, one), expected, "{other} {one}");
            let is_one = table.key(one) == table.key(other) && !one.is_empty();
            assert_eq!(is_one, expected == Some(true), "{one} {other}");
        }
        assert_eq!(table.row("FUJITSU LIMITED").unwrap().name, "富士通");
        assert_eq!(table.row("みなと医科"), None);
    }

    #[test]
    fn what_two_makers_are_called_means_neither() {
        assert_eq!(table().row("FJ"), None);
        assert_eq!(table().is_same("FJ", "富士通"), None);
    }

    #[test]
    fn no_text_breaks_it() {
        for name in ["\u{0}", "(株)(株)", "㈱".repeat(5000).as_str(), "& & &", "𠮷野㈲", "e\u{301}"]
        {
            assert!(bare(name).len() <= 4 * MOST_LETTERS, "{name}");
        }
        assert_eq!(bare(&"a ltd ".repeat(5000)), bare(&"a ltd ".repeat(6000)));
    }
}
