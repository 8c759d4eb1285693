//! The tables of CVSS 4.0 that are data and not rules.
//!
//! From FIRST's reference calculator (`cvss_lookup.js`, `max_composed.js`, `max_severity.js`; copyright FIRST, Red Hat, and
//! contributors, BSD-2-Clause), which the specification names in clause 8.2.

/// The score of each MacroVector in tenths. A row is EQ1 to EQ4 (its number in base 3, 2, 3, 3), a column EQ5 and EQ6.
/// Where EQ3 is 2, EQ6 can only be 1: such vectors do not exist, and stand as 0.
#[rustfmt::skip]
static SCORES: [[u8; 6]; 54] = [
    [100, 99, 98, 95, 95, 92], // 0000
    [100, 96, 93, 87, 91, 81], // 0001
    [93, 90, 89, 80, 81, 68], // 0002
    [98, 95, 95, 92, 90, 84], // 0010
    [93, 92, 89, 81, 81, 65], // 0011
    [88, 80, 78, 70, 69, 48], // 0012
    [0, 92, 0, 82, 0, 72], // 0020
    [0, 79, 0, 69, 0, 50], // 0021
    [0, 69, 0, 55, 0, 27], // 0022
    [99, 97, 95, 92, 92, 85], // 0100
    [95, 91, 90, 83, 84, 71], // 0101
    [92, 81, 82, 71, 72, 53], // 0102
    [95, 93, 92, 85, 85, 73], // 0110
    [92, 82, 80, 72, 70, 59], // 0111
    [84, 70, 71, 52, 50, 30], // 0112
    [0, 86, 0, 75, 0, 52], // 0120
    [0, 71, 0, 52, 0, 29], // 0121
    [0, 63, 0, 29, 0, 17], // 0122
    [98, 95, 94, 87, 91, 81], // 1000
    [94, 89, 86, 74, 77, 64], // 1001
    [87, 75, 74, 63, 63, 49], // 1002
    [94, 89, 88, 77, 76, 67], // 1010
    [86, 76, 74, 58, 59, 50], // 1011
    [72, 57, 57, 52, 52, 25], // 1012
    [0, 83, 0, 70, 0, 54], // 1020
    [0, 65, 0, 58, 0, 26], // 1021
    [0, 53, 0, 21, 0, 13], // 1022
    [95, 90, 88, 76, 76, 70], // 1100
    [90, 77, 75, 62, 61, 53], // 1101
    [77, 66, 68, 59, 52, 30], // 1102
    [89, 78, 76, 67, 62, 58], // 1110
    [74, 59, 57, 57, 47, 23], // 1111
    [61, 52, 57, 29, 24, 16], // 1112
    [0, 71, 0, 59, 0, 30], // 1120
    [0, 58, 0, 26, 0, 15], // 1121
    [0, 23, 0, 13, 0, 6], // 1122
    [93, 87, 86, 72, 75, 58], // 2000
    [86, 74, 74, 61, 56, 34], // 2001
    [70, 54, 52, 40, 40, 22], // 2002
    [85, 75, 74, 55, 62, 51], // 2010
    [72, 57, 55, 41, 46, 19], // 2011
    [53, 36, 34, 19, 19, 8], // 2012
    [0, 64, 0, 51, 0, 20], // 2020
    [0, 47, 0, 21, 0, 11], // 2021
    [0, 24, 0, 9, 0, 4], // 2022
    [88, 75, 73, 53, 60, 50], // 2100
    [73, 55, 59, 40, 41, 20], // 2101
    [54, 43, 45, 22, 20, 11], // 2102
    [75, 55, 58, 45, 40, 21], // 2110
    [61, 51, 48, 18, 20, 9], // 2111
    [46, 18, 17, 7, 8, 2], // 2112
    [0, 53, 0, 24, 0, 14], // 2120
    [0, 24, 0, 12, 0, 5], // 2121
    [0, 10, 0, 3, 0, 1], // 2122
];

/// The score of a MacroVector in tenths, if there is such a one.
pub(super) fn score([eq1, eq2, eq3, eq4, eq5, eq6]: [u8; 6]) -> Option<i64> {
    if eq1 > 2 || eq2 > 1 || eq3 > 2 || eq4 > 2 || eq5 > 2 || eq6 > 1 {
        return None;
    }
    let row = ((eq1 * 2 + eq2) * 3 + eq3) * 3 + eq4;
    let score = *SCORES.get(usize::from(row))?.get(usize::from(eq5 * 2 + eq6))?;
    (score != 0).then_some(i64::from(score))
}

/// The highest AV, PR, UI of an EQ1.
pub(super) fn highest1(eq1: u8) -> &'static [[u8; 3]] {
    match eq1 {
        0 => &[[0, 0, 0]],
        1 => &[[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        _ => &[[3, 0, 0], [1, 1, 1]],
    }
}

/// The highest AC, AT of an EQ2.
pub(super) fn highest2(eq2: u8) -> &'static [[u8; 2]] {
    match eq2 {
        0 => &[[0, 0]],
        _ => &[[1, 0], [0, 1]],
    }
}

/// The highest VC, VI, VA, CR, IR, AR of an EQ3 with an EQ6.
pub(super) fn highest36(eq3: u8, eq6: u8) -> &'static [[u8; 6]] {
    match (eq3, eq6) {
        (0, 0) => &[[0, 0, 0, 0, 0, 0]],
        (0, _) => &[[0, 0, 1, 1, 1, 0], [0, 0, 0, 1, 1, 1]],
        (1, 0) => &[[1, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0]],
        (1, _) => &[
            [1, 0, 1, 0, 1, 0],
            [1, 0, 0, 0, 1, 1],
            [0, 1, 0, 1, 0, 1],
            [0, 1, 1, 1, 0, 0],
            [1, 1, 0, 0, 0, 1],
        ],
        _ => &[[1, 1, 1, 0, 0, 0]],
    }
}

/// The highest SC, SI, SA of an EQ4.
pub(super) fn highest4(eq4: u8) -> &'static [[u8; 3]] {
    match eq4 {
        0 => &[[1, 0, 0]],
        1 => &[[1, 1, 1]],
        _ => &[[2, 2, 2]],
    }
}

/// How deep an EQ1 is, in steps.
pub(super) fn depth1(eq1: u8) -> i64 {
    match eq1 {
        0 => 1,
        1 => 4,
        _ => 5,
    }
}

/// How deep an EQ2 is, in steps.
pub(super) fn depth2(eq2: u8) -> i64 {
    match eq2 {
        0 => 1,
        _ => 2,
    }
}

/// How deep an EQ3 with an EQ6 is, in steps.
pub(super) fn depth36(eq3: u8, eq6: u8) -> i64 {
    match (eq3, eq6) {
        (0, 0) => 7,
        (0, _) => 6,
        (1, _) => 8,
        _ => 10,
    }
}

/// How deep an EQ4 is, in steps.
pub(super) fn depth4(eq4: u8) -> i64 {
    match eq4 {
        0 => 6,
        1 => 5,
        _ => 4,
    }
}
