//! What is known of a program or a device by what it says of itself.
//!
//! Banners come from whoever answers, and are matched in time linear in their length, whatever they hold. The first fingerprint that fits
//! is believed, as Recog means it: generic ones stand last, and what tells nothing stands first and says nothing.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use domain::{BannerTable, Fingerprint};
use memchr::memmem;
use regex::bytes::{Captures, Regex, RegexBuilder};

/// More compiled patterns than this are not kept: each takes some tens of kilobytes.
const MOST_KEPT: usize = 256;

/// Matches banners with a table. Keeps what it compiled, so one serves for many banners.
#[derive(Debug)]
pub struct Listener<'t> {
    table: &'t BannerTable<'t>,
    compiled: RefCell<HashMap<Form<'t>, Option<Regex>>>,
}

/// What makes one compiled expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Form<'t> {
    pattern: &'t str,
    ignores_case: bool,
    dot_is_any: bool,
    /// Whether it is for text of which every letter is a byte.
    is_bytes: bool,
}

/// What a fingerprint says of a banner: `service.product`, `os.vendor`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Heard(BTreeMap<String, String>);

/// What is known of one thing: the program, its system, or the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Told<'h> {
    /// Who makes it.
    pub vendor: Option<&'h str>,
    /// What it is.
    pub product: Option<&'h str>,
    /// Its version.
    pub version: Option<&'h str>,
    /// What kind of thing, in Recog's words: `Printer`.
    pub device: Option<&'h str>,
    /// Its CPE name.
    pub cpe: Option<&'h str>,
}

impl<'t> Listener<'t> {
    /// With this table.
    pub fn new(table: &'t BannerTable<'t>) -> Self {
        Self { table, compiled: RefCell::default() }
    }

    /// What the first fingerprint of the set `key` that fits says of `text`; none where none fits.
    pub fn hear(&self, key: &str, text: &[u8]) -> Option<Heard> {
        let small = text.to_ascii_lowercase();
        self.table.of(key).iter().find_map(|one| self.said(one, text, &small))
    }

    /// What `one` alone says of `text`.
    pub fn hear_by(&self, one: &Fingerprint<'t>, text: &[u8]) -> Option<Heard> {
        self.said(one, text, &text.to_ascii_lowercase())
    }

    /// `small` is `text` in small letters.
    fn said(&self, one: &Fingerprint<'t>, text: &[u8], small: &[u8]) -> Option<Heard> {
        memmem::find(small, one.needle.as_bytes())?;
        let mut compiled = self.compiled.borrow_mut();
        if compiled.len() >= MOST_KEPT {
            compiled.clear();
        }
        let form = Form::of(one, text.is_ascii() || str::from_utf8(text).is_err());
        let regex = compiled.entry(form).or_insert_with(|| form.compile());
        let found = regex.as_ref()?.captures(text)?;
        Some(Heard::of(one, &found))
    }
}

impl<'t> Form<'t> {
    fn of(one: &Fingerprint<'t>, is_bytes: bool) -> Self {
        let &Fingerprint { pattern, ignores_case, dot_is_any, .. } = one;
        Self { pattern, ignores_case, dot_is_any, is_bytes }
    }

    /// With the marks of Ruby, whose expressions these are: `^` and `$` at every line, and letters and digits of ASCII alone.
    ///
    /// In a text that is more than ASCII a dot is a letter, not a byte.
    fn compile(self) -> Option<Regex> {
        let pattern = match self.is_bytes {
            true => Cow::Borrowed(self.pattern),
            false => Cow::Owned(spelt(self.pattern)),
        };
        let mut builder = RegexBuilder::new(&pattern);
        builder.unicode(!self.is_bytes).multi_line(true);
        builder.case_insensitive(self.ignores_case).dot_matches_new_line(self.dot_is_any);
        builder.build().ok()
    }
}

/// Whether its expression is one, for every text.
pub fn is_sound(one: &Fingerprint<'_>) -> bool {
    [false, true].into_iter().all(|is_bytes| Form::of(one, is_bytes).compile().is_some())
}

/// The expression with `\d`, `\s` and `\w` spelt out, as they stand for ASCII whatever the text is.
fn spelt(pattern: &str) -> String {
    let mut spelt = String::with_capacity(pattern.len());
    let mut letters = pattern.chars();
    while let Some(letter) = letters.next() {
        match (letter, (letter == '\\').then(|| letters.next()).flatten()) {
            (_, Some('d')) => spelt.push_str("[0-9]"),
            (_, Some('D')) => spelt.push_str("[^0-9]"),
            (_, Some('s')) => spelt.push_str(r"[\t\n\v\f\r ]"),
            (_, Some('S')) => spelt.push_str(r"[^\t\n\v\f\r ]"),
            (_, Some('w')) => spelt.push_str("[0-9A-Za-z_]"),
            (_, Some('W')) => spelt.push_str("[^0-9A-Za-z_]"),
            (_, Some('b')) => spelt.push_str(r"(?-u:\b)"),
            (_, Some('B')) => spelt.push_str(r"(?-u:\B)"),
            (_, Some(escaped)) => spelt.extend(['\\', escaped]),
            (letter, None) => spelt.push(letter),
        }
    }
    spelt
}

impl Heard {
    fn of(one: &Fingerprint<'_>, found: &Captures<'_>) -> Self {
        let mut said = BTreeMap::new();
        for saying in one.says() {
            let group = || found.get(saying.group).map(|part| part.as_bytes());
            let value = match saying.group {
                0 => Some(saying.value.to_owned()),
                _ => group().map(|bytes| String::from_utf8_lossy(bytes).into_owned()),
            };
            said.extend(value.map(|value| (saying.name.to_owned(), value)));
        }
        let filled = said.iter().map(|(name, value)| (name.clone(), fill(value, &said)));
        let mut filled: BTreeMap<String, String> = filled.collect();
        // What stands for an intermediate step.
        filled.retain(|name, _| !name.starts_with("_tmp."));
        Self(filled)
    }

    /// The value of this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// The program that answered.
    pub fn service(&self) -> Told<'_> {
        self.told("service")
    }

    /// The operating system or the firmware it runs on.
    pub fn system(&self) -> Told<'_> {
        self.told("os")
    }

    /// The machine.
    pub fn hardware(&self) -> Told<'_> {
        self.told("hw")
    }

    fn told(&self, part: &str) -> Told<'_> {
        // `0.0` is said of what is too common to tell anything.
        if self.get(&format!("{part}.certainty")).is_some_and(|sure| sure == "0.0") {
            return Told::default();
        }
        let of = |name: &str| {
            self.get(&format!("{part}.{name}")).map(str::trim).filter(|value| !value.is_empty())
        };
        let [vendor, product, version, device, cpe] =
            ["vendor", "product", "version", "device", "cpe23"].map(of);
        Told { vendor, product, version, device, cpe }
    }
}

/// `value` with what is said of the names in braces; `-`, the sign of CPE for "not applicable", where nothing is.
fn fill(value: &str, said: &BTreeMap<String, String>) -> String {
    let mut filled = String::with_capacity(value.len());
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        rest = after;
        match after.split_once('}').filter(|(name, _)| is_name(name)) {
            Some((name, behind)) => {
                filled.push_str(said.get(name).map_or("-", String::as_str));
                rest = behind;
            }
            None => filled.push('{'),
        }
    }
    filled + rest
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && !text.contains(|letter: char| letter.is_whitespace() || letter == '{')
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "=a\n/\tviewer\t^Viewer(?: v([\\d.]+))?$\n0\tservice.vendor\tMaker\n0\tservice.product\tViewer\n1\tservice.version\t\n0\tservice.cpe23\tcpe:/a:maker:viewer:{service.version}\n0\t_tmp.step\tx\n/i\t\t^(\\w+) (.) gate$\n1\tos.product\t\n2\tos.version\t\n/\t\t(broken\n/s\t\t^many.lines\n0\tos.certainty\t0.0\n0\tos.product\tAnything\n0\tservice.product\t{ \n";

    fn hear(text: &[u8]) -> Option<Heard> {
        Listener::new(&BannerTable::read(TABLE)).hear("a", text)
    }

    #[test]
    fn the_first_fingerprint_that_fits_fills_in_what_it_says() {
        let heard = hear(b"Welcome\nViewer v1.5").unwrap();
        let cpe = "cpe:/a:maker:viewer:1.5";
        let told = Told {
            vendor: Some("Maker"),
            product: Some("Viewer"),
            version: Some("1.5"),
            device: None,
            cpe: Some(cpe),
        };
        assert_eq!(heard.service(), told, "at any line, as in Ruby");
        assert_eq!(heard.get("_tmp.step"), None);
        assert_eq!(heard.system(), Told::default());
        let heard = hear(b"Viewer").unwrap();
        assert_eq!(heard.service().version, None);
        assert_eq!(heard.service().cpe, Some("cpe:/a:maker:viewer:-"));
        for other in [&b"viewer"[..], b"Viewer v1.5x", b""] {
            assert_eq!(hear(other), None, "{other:?}");
        }
        assert_eq!(Listener::new(&BannerTable::read(TABLE)).hear("b", b"Viewer"), None);
    }

    #[test]
    fn letters_beyond_ascii_are_one_each_and_bytes_that_are_none_are_bytes() {
        assert_eq!(hear("box 門 GATE".as_bytes()).unwrap().system().version, Some("門"));
        assert_eq!(hear("箱 a gate".as_bytes()), None, "no letter of ASCII");
        let bytes = hear(b"box \xff gate").unwrap();
        assert_eq!(bytes.system().version, Some("\u{fffd}"));
    }

    #[test]
    fn what_is_too_common_tells_nothing_and_a_brace_may_be_one() {
        let heard = hear(b"many\nlines").unwrap();
        assert_eq!(heard.system(), Told::default());
        assert_eq!(heard.service().product, Some("{"));
    }

    #[test]
    fn a_broken_expression_is_known_as_one() {
        let table = BannerTable::read(TABLE);
        let sound: Vec<bool> = table.of("a").iter().map(is_sound).collect();
        assert_eq!(sound, [true, true, false, true]);
    }
}
