//! Number formats: what a cell's number looks like on the sheet, and whether it is a date.
//!
//! ECMA-376 part 1, 18.8.30 (built-in ids) and 18.8.31 (codes).  Colours, conditions, fractions and alignment are not drawn:
//! the purpose is that `001` stays `001` and a date is a date, not to paint the sheet.

use super::limits;

/// How a number is shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum NumberFormat {
    /// As a date, with the time of day where `time`.
    Date {
        /// The code shows hours, minutes or seconds too.
        time: bool,
    },
    /// As Excel shows numbers nobody gave a format.
    #[default]
    General,
    /// Digits, with zeros in front, decimals, a unit and so on.
    Mask(Box<Masks>),
    /// As a time of day, or as elapsed time that may be longer than a day.
    Time {
        /// The code has hours in brackets, `[h]:mm`.
        elapsed: bool,
    },
}

/// One mask for numbers above zero, below and zero itself; the first serves where another is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Masks {
    positive: Mask,
    negative: Option<Mask>,
    zero: Option<Mask>,
}

/// A section such as `#,##0.00"円"`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Mask {
    whole: Vec<Piece>,
    decimals: Vec<Piece>,
    /// Thousands are set apart by commas.
    grouped: bool,
    /// Powers of ten to multiply by: 2 for each `%`, less 3 for each trailing comma.
    scale: i32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    /// `0` shows a zero where there is no digit, `#` and `?` show nothing.
    Digit {
        always: bool,
    },
    Literal(char),
}

/// One symbol of a code, after quotes and brackets were resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Symbol {
    Elapsed,
    Literal(char),
    Plain(char),
}

impl NumberFormat {
    /// The format with a built-in id, as Japanese Excel has them; `None` for ids that a workbook defines itself.
    pub(super) fn built_in(id: u32) -> Option<Self> {
        let code = match id {
            0 | 12 | 13 | 49 => "General",
            1 => "0",
            2 => "0.00",
            3 => "#,##0",
            4 => "#,##0.00",
            5 | 6 => "¥#,##0;¥-#,##0",
            7 | 8 => "¥#,##0.00;¥-#,##0.00",
            9 => "0%",
            10 => "0.00%",
            11 => "0.00E+00",
            14..=17 | 27..=31 | 34..=36 | 50..=58 => "yyyy/m/d",
            18..=21 | 32 | 33 | 45 | 47 => "h:mm:ss",
            22 => "yyyy/m/d h:mm",
            37..=40 => return Self::built_in(id - 34),
            41..=44 => return Self::built_in(if id < 43 { 3 } else { 4 }),
            46 => "[h]:mm:ss",
            48 => "##0.0E+0",
            _ => return None,
        };
        Some(Self::parse(code))
    }

    /// Reads a format code such as `[$-411]ggge"年"m"月"d"日"`. What is not understood is shown like a plain number.
    pub(super) fn parse(code: &str) -> Self {
        if code.len() > limits::FORMAT_CHARACTERS * 4 {
            return Self::General;
        }
        let sections = sections(code);
        let Some(first) = sections.first() else { return Self::General };
        if let Some(moment) = date_or_time(first) {
            return moment;
        }
        let Some(positive) = Mask::parse(first) else { return Self::General };
        let other = |index: usize| sections.get(index).and_then(|section| Mask::parse(section));
        Self::Mask(Box::new(Masks { positive, negative: other(1), zero: other(2) }))
    }
}

impl Masks {
    /// Adds `value` to `text` as the mask shows it. Says no for numbers a mask cannot show exactly.
    pub(super) fn write(&self, value: f64, text: &mut String) -> bool {
        let (mask, sign) = match &self.negative {
            Some(negative) if value < 0.0 => (negative, false),
            _ if value < 0.0 => (&self.positive, true),
            _ if value == 0.0 => (self.zero.as_ref().unwrap_or(&self.positive), false),
            _ => (&self.positive, false),
        };
        let scaled = value.abs() * 10_f64.powi(mask.scale);
        // Beyond 15 digits a double holds noise, which is better seen as it is stored. Not finite is not below.
        if scaled < 1e15 {
            mask.write(scaled, sign, text);
        }
        scaled < 1e15
    }
}

impl Mask {
    /// Reads one section; `None` if it is no plain mask of digits.
    fn parse(section: &[Symbol]) -> Option<Self> {
        let mut mask = Self::default();
        let (mut point, mut commas, mut digits) = (false, 0, false);
        for &symbol in section {
            let piece = match symbol {
                Symbol::Plain('.') if !point => {
                    point = true;
                    continue;
                }
                Symbol::Plain(',') if digits => {
                    commas += 1;
                    continue;
                }
                Symbol::Plain(digit @ ('0' | '#' | '?')) => {
                    digits = true;
                    // A comma between digits groups them; commas after the last digit divide by a thousand each.
                    mask.grouped |= std::mem::take(&mut commas) > 0;
                    Piece::Digit { always: digit == '0' }
                }
                Symbol::Plain('%') => {
                    mask.scale += 2;
                    Piece::Literal('%')
                }
                Symbol::Plain('/' | '@' | '*') | Symbol::Elapsed => return None,
                Symbol::Plain(letter) if letter.is_ascii_alphabetic() => return None,
                Symbol::Literal(letter) | Symbol::Plain(letter) => Piece::Literal(letter),
            };
            if point { &mut mask.decimals } else { &mut mask.whole }.push(piece);
        }
        mask.scale -= 3 * commas;
        digits.then_some(mask)
    }

    /// Adds `scaled`, which is not negative; `sign` asks for a minus before it.
    fn write(&self, scaled: f64, sign: bool, text: &mut String) {
        let places = self
            .decimals
            .iter()
            .filter(|piece| matches!(piece, Piece::Digit { .. }))
            .count()
            .min(30);
        let shown = format!("{scaled:.places$}");
        let (whole, decimals) = shown.split_once('.').unwrap_or((&shown, ""));
        if sign && shown.bytes().any(|digit| matches!(digit, b'1'..=b'9')) {
            text.push('-');
        }
        self.write_whole(whole.trim_start_matches('0'), text);
        self.write_decimals(decimals, text);
    }

    /// Puts the digits into their places from the right; those that are too many stand in the first place.
    fn write_whole(&self, digits: &str, text: &mut String) {
        let places = self.whole.iter().filter(|piece| matches!(piece, Piece::Digit { .. })).count();
        // Positions count from the right, from 0; `above` is the first one that is already written.
        let (mut above, mut place, mut zeros) = (places.max(digits.len()), places, false);
        for piece in &self.whole {
            match piece {
                Piece::Literal(letter) => text.push(*letter),
                Piece::Digit { always } => {
                    place -= 1;
                    zeros |= always;
                    for position in (place..above).rev() {
                        self.write_digit(digits, position, zeros, text);
                    }
                    above = place;
                }
            }
        }
        if places == 0 {
            text.push_str(digits);
        }
    }

    /// Writes the digit at `position` from the right, a zero where `zeros` asks for one, and the comma after it.
    fn write_digit(&self, digits: &str, position: usize, zeros: bool, text: &mut String) {
        let index = digits.len().checked_sub(position + 1);
        match index.and_then(|index| digits.as_bytes().get(index)) {
            Some(&digit) => text.push(char::from(digit)),
            None if zeros => text.push('0'),
            None => return,
        }
        if self.grouped && position > 0 && position.is_multiple_of(3) {
            text.push(',');
        }
    }

    fn write_decimals(&self, digits: &str, text: &mut String) {
        let needed = digits.trim_end_matches('0').len();
        let mut shown = false;
        let mut digits = digits.chars().enumerate();
        for piece in &self.decimals {
            match piece {
                Piece::Literal(letter) => text.push(*letter),
                Piece::Digit { always } => {
                    let Some((index, digit)) = digits.next() else { continue };
                    if *always || index < needed {
                        if !std::mem::replace(&mut shown, true) {
                            text.push('.');
                        }
                        text.push(digit);
                    }
                }
            }
        }
    }
}

/// The sections of a code, without colours, conditions and locales, and with quoted and escaped letters marked as such.
fn sections(code: &str) -> Vec<Vec<Symbol>> {
    let mut sections = vec![Vec::new()];
    let mut letters = code.chars();
    while let Some(letter) = letters.next() {
        if letter == ';' {
            sections.push(Vec::new());
            continue;
        }
        let Some(section) = sections.last_mut() else { break };
        match letter {
            '"' => section
                .extend(letters.by_ref().take_while(|&letter| letter != '"').map(Symbol::Literal)),
            '\\' | '!' => section.extend(letters.next().map(Symbol::Literal)),
            '_' | '*' => {
                letters.next();
            }
            '[' => bracket(
                &letters.by_ref().take_while(|&letter| letter != ']').collect::<String>(),
                section,
            ),
            _ => section.push(Symbol::Plain(letter)),
        }
    }
    sections
}

/// `[h]` is elapsed time, `[$¥-411]` a currency; `[Red]`, `[>=100]`, `[$-411]`, `[DBNum1]` show nothing themselves.
fn bracket(inner: &str, section: &mut Vec<Symbol>) {
    let inner = inner.trim();
    if let Some(currency) = inner.strip_prefix('$') {
        let sign = currency.split('-').next().unwrap_or_default();
        section.extend(sign.chars().map(Symbol::Literal));
    } else if !inner.is_empty()
        && inner.chars().all(|letter| matches!(letter.to_ascii_lowercase(), 'h' | 'm' | 's'))
    {
        section.push(Symbol::Elapsed);
    }
}

/// Whether a section shows a date or a time.
fn date_or_time(section: &[Symbol]) -> Option<NumberFormat> {
    let word: String = section
        .iter()
        .map(|symbol| match symbol {
            Symbol::Plain(letter) => letter.to_ascii_lowercase(),
            Symbol::Elapsed | Symbol::Literal(_) => ' ',
        })
        .collect();
    if section.contains(&Symbol::Elapsed) {
        return Some(NumberFormat::Time { elapsed: true });
    }
    if word.contains("general")
        || word.contains("標準")
        || word.contains("e+")
        || word.contains("e-")
    {
        return None;
    }
    let time = word.contains(['h', 's']);
    // `e` and `g` are the era's year and name, `aaa` the day of the week; `m` is a minute only beside hours or seconds.
    let date = word.contains(['y', 'd', 'e', 'g', 'b'])
        || word.contains("aaa")
        || (word.contains('m') && !time);
    match (date, time) {
        (true, time) => Some(NumberFormat::Date { time }),
        (false, true) => Some(NumberFormat::Time { elapsed: false }),
        (false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times_are_told_from_numbers() {
        let (day, moment) = (NumberFormat::Date { time: false }, NumberFormat::Date { time: true });
        let clock = NumberFormat::Time { elapsed: false };
        for (code, expected) in [
            ("yyyy/m/d", &day),
            ("[$-411]ggge\"年\"m\"月\"d\"日\"", &day),
            ("[$-ja-JP-x-gannen]ggge\"年\"m\"月\"d\"日\";@", &day),
            ("m\"月\"d\"日\"", &day),
            ("aaa", &day),
            ("mmm\\-yy", &day),
            ("yyyy/m/d h:mm", &moment),
            ("h:mm AM/PM", &clock),
            ("mm:ss", &clock),
            ("[h]:mm", &NumberFormat::Time { elapsed: true }),
            ("General", &NumberFormat::General),
            ("G/標準", &NumberFormat::General),
            ("0.00E+00", &NumberFormat::General),
            ("# ?/?", &NumberFormat::General),
            ("@", &NumberFormat::General),
            (";;;", &NumberFormat::General),
            ("", &NumberFormat::General),
        ] {
            assert_eq!(&NumberFormat::parse(code), expected, "{code}");
        }
    }

    #[test]
    fn numbers_are_shown_as_on_the_sheet() {
        for (code, value, expected) in [
            ("000", 1.0, "001"),
            ("000", 1234.0, "1234"),
            ("0000", 0.0, "0000"),
            ("0.00", 2.0, "2.00"),
            ("0.##", 2.5, "2.5"),
            ("#,##0", 1_234_567.0, "1,234,567"),
            ("#,##0", 0.0, "0"),
            ("#,##0", 999.0, "999"),
            ("000-0000", 30_012.0, "003-0012"),
            ("\"No.\"000", 7.0, "No.007"),
            ("0\"台\"", 12.0, "12台"),
            ("0%", 0.25, "25%"),
            ("0.0%", 0.256, "25.6%"),
            ("¥#,##0;¥-#,##0", -1_200.0, "¥-1,200"),
            ("[$¥-411]#,##0", 280_000.0, "¥280,000"),
            ("0_ ;[Red]\\-0\\ ", -3.0, "-3 "),
            ("000", -1.0, "-001"),
            ("0", -0.2, "0"),
            ("#,##0,", 4_500_000.0, "4,500"),
            ("\"ME-\"0000", 12.0, "ME-0012"),
            ("0000-00-00", 20_141_001.0, "2014-10-01"),
        ] {
            let mut text = String::new();
            let NumberFormat::Mask(masks) = NumberFormat::parse(code) else {
                panic!("{code} is a mask")
            };
            assert!(masks.write(value, &mut text));
            assert_eq!(text, expected, "{code} {value}");
        }
    }

    #[test]
    fn built_in_dates_of_japanese_excel_are_dates() {
        for id in [14, 22, 27, 31, 36, 50, 57] {
            assert!(matches!(NumberFormat::built_in(id), Some(NumberFormat::Date { .. })), "{id}");
        }
        for id in [0, 1, 4, 9, 11, 37, 44, 49] {
            assert!(
                !matches!(NumberFormat::built_in(id), Some(NumberFormat::Date { .. }) | None),
                "{id}"
            );
        }
        assert_eq!(NumberFormat::built_in(164), None);
    }
}
