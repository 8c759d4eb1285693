//! A cell with MAC addresses.

use domain::{MacAddress, MacError, fold::half_width};

use super::nothing;
use super::text::without_brackets;

/// What a cell of a MAC column says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MacCell {
    /// The addresses, in the order written.
    pub macs: Vec<MacAddress>,
    /// What a person should know about the cell.
    pub notes: Vec<MacNote>,
}

/// What is not right with a MAC cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MacNote {
    /// Broadcast, multicast or all zero: no device has it.
    NotADevice(MacAddress),
    /// Not a MAC address at all.
    Malformed,
    /// Letters that look like digits; this is what it would be with the digits.
    LooksLike(MacAddress),
}

/// Reads the MAC addresses of a cell: any notation, full width, several in one cell, with notes in brackets.
pub fn read(text: &str) -> MacCell {
    let mut cell = MacCell::default();
    if let Ok(mac) = text.parse::<MacAddress>() {
        cell.take(Ok(mac));
        return cell;
    }
    if nothing::read(text).is_some() {
        return cell;
    }
    let text = without_brackets(&half_width(text));
    if is_placeholder(&text) {
        return cell;
    }
    for line in text.split(['\n', '\r', '、', ',', ';', '/']) {
        cell.take_line(line.trim());
    }
    cell
}

impl MacCell {
    /// One line: one address, or several with spaces between (spaces may also stand inside one).
    fn take_line(&mut self, line: &str) {
        let line = without_label(line);
        if line.is_empty() || nothing::read(line).is_some() {
            return;
        }
        let whole = line.parse();
        let mut words = line.split_whitespace();
        let words_are_whole = words.clone().count() > 1 && words.all(|word| word.len() >= 11);
        if whole.is_ok() || !words_are_whole {
            return self.take(whole);
        }
        for word in line.split_whitespace() {
            self.take(word.parse());
        }
    }

    fn take(&mut self, read: Result<MacAddress, MacError>) {
        match read {
            Ok(mac) if mac.is_group() || mac.is_zero() => self.notes.push(MacNote::NotADevice(mac)),
            Ok(mac) if self.macs.contains(&mac) => {}
            Ok(mac) => self.macs.push(mac),
            Err(MacError::LooksLike(mac)) => self.notes.push(MacNote::LooksLike(mac)),
            Err(MacError::Malformed) => self.notes.push(MacNote::Malformed),
        }
    }
}

/// The line without a Japanese label before it, such as `有線:`.
fn without_label(line: &str) -> &str {
    if line.starts_with(|c: char| !c.is_ascii()) {
        line.trim_start_matches(|c: char| !c.is_ascii()).trim_start_matches([':', ' '])
    } else {
        line
    }
}

/// A form that was left to be filled in: `xx-xx-xx-xx-xx-xx`, `**:**:**`.
fn is_placeholder(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| matches!(c, 'x' | 'X' | '*' | '〇' | '-' | ':' | '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, macs: &[&str], notes: &[MacNote]) {
        let cell = read(text);
        let read: Vec<_> = cell.macs.iter().map(ToString::to_string).collect();
        assert_eq!(
            (read.as_slice(), cell.notes.as_slice()),
            (strings(macs).as_slice(), notes),
            "{text}"
        );
    }

    fn strings(texts: &[&str]) -> Vec<String> {
        texts.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn one_address_in_any_notation() {
        for text in [
            "00-1B-21-AA-00-05",
            "00:1b:21:aa:00:05",
            "001b.21aa.0005",
            "001B21AA0005",
            "001b21-aa0005",
            "00 1b 21 aa 00 05",
            "0:1b:21:aa:0:5",
            "００－１Ｂ－２１－ＡＡ－００－０５",
            "00-1B-21-AA-00-05（有線）",
            "有線：00-1B-21-AA-00-05",
        ] {
            check(text, &["00-1b-21-aa-00-05"], &[]);
        }
    }

    #[test]
    fn several_addresses_stand_in_the_order_written() {
        for text in [
            "001b.21aa.0003\n001b.21aa.0013",
            "00-1B-21-AA-00-03、00-1B-21-AA-00-13",
            "00-1B-21-AA-00-03,00-1B-21-AA-00-13",
            "00-1B-21-AA-00-03 / 00-1B-21-AA-00-13",
            "00-1B-21-AA-00-03 00-1B-21-AA-00-13",
        ] {
            check(text, &["00-1b-21-aa-00-03", "00-1b-21-aa-00-13"], &[]);
        }
    }

    #[test]
    fn nothing_and_forms_to_be_filled_in_are_no_address() {
        for text in ["", "－", "不明", "N/A", "xx-xx-xx-xx-xx-xx", "**:**:**:**:**:**", "なし"]
        {
            check(text, &[], &[]);
        }
    }

    #[test]
    fn what_is_no_mac_of_a_device_is_said() {
        let suggested = MacAddress([0, 0x1b, 0x21, 0xaa, 0, 7]);
        check("00-1B-21-AA-00-O7", &[], &[MacNote::LooksLike(suggested)]);
        check("42-41-44-5f-41-44-44-52", &[], &[MacNote::Malformed]);
        check("内蔵LAN", &[], &[MacNote::Malformed]);
        check("ff-ff-ff-ff-ff-ff", &[], &[MacNote::NotADevice(MacAddress::BROADCAST)]);
    }
}
