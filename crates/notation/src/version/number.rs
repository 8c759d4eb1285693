//! Numbers of any length, compared as they are written: no version is too large.

use std::cmp::Ordering;

/// Whether a text is digits only, and at least one.
pub(crate) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The order of two texts of digits as numbers; nothing counts as zero.
pub(super) fn compare_numbers(one: &str, other: &str) -> Ordering {
    let one = one.trim_start_matches('0');
    let other = other.trim_start_matches('0');
    one.len().cmp(&other.len()).then_with(|| one.cmp(other))
}

/// Whether a text of digits is zero.
pub(super) fn is_zero(digits: &str) -> bool {
    digits.bytes().all(|byte| byte == b'0')
}

/// The digits that a text begins with, and the rest.
pub(super) fn split_digits(text: &str) -> (&str, &str) {
    split_while(text, |byte| byte.is_ascii_digit())
}

/// The ASCII letters that a text begins with, and the rest.
pub(super) fn split_letters(text: &str) -> (&str, &str) {
    split_while(text, |byte| byte.is_ascii_alphabetic())
}

/// The bytes for which `is` holds, which must all be ASCII, and the rest.
pub(super) fn split_while(text: &str, is: impl Fn(u8) -> bool) -> (&str, &str) {
    let end = text.bytes().position(|byte| !byte.is_ascii() || !is(byte)).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// Whole numbers with dots between them; missing ones are zero.
pub(super) fn compare_dotted(one: &str, other: &str) -> Option<Ordering> {
    if !one.split('.').all(is_number) || !other.split('.').all(is_number) {
        return None;
    }
    Some(compare_parts(one, other))
}

/// Numbers with dots between them, already known to be such; missing ones are zero.
pub(super) fn compare_parts(one: &str, other: &str) -> Ordering {
    let (mut one, mut other) = (one.split('.'), other.split('.'));
    loop {
        let (left, right) = (one.next(), other.next());
        if left.is_none() && right.is_none() {
            return Ordering::Equal;
        }
        let order = compare_numbers(left.unwrap_or_default(), right.unwrap_or_default());
        if order.is_ne() {
            return order;
        }
    }
}
