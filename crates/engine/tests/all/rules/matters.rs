//! Cases of matters: what vendors were asked, and what was agreed with them.

use super::{TODAY, check, silent, values};

#[test]
fn fwu004_finds_inquiries_whose_answer_is_late() {
    check(
        "FWU004",
        "inquiry A社 2026-11-01 2026-11-19
         inquiry B社 2026-11-01 2026-11-10 answered=5 medical
         inquiry C社 2026-11-01 2026-11-20",
        TODAY,
        "inquiry:1 warning title reason remedy
         inquiry:2 warning title reason_part remedy_medical",
    );
    assert_eq!(
        values("FWU004", "inquiry A社 2026-11-01 2026-11-10 answered=5", TODAY),
        "vendor=A社; product=Viewer 1.5; due=2026-11-10; days=10; missing=1; all=6"
    );
    silent(
        "FWU004",
        &[
            ("the day itself is in time", "inquiry A社 2026-11-01 2026-11-20"),
            ("it was not sent", "inquiry A社 2026-11-01 2026-11-10 draft"),
            ("all is answered", "inquiry A社 2026-11-01 2026-11-10 answered=6"),
            ("nobody waits for it", "inquiry A社 2026-11-01 2026-11-10 withdrawn"),
        ],
    );
}
