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

#[test]
fn fwu006_finds_notices_that_are_late_or_that_nobody_looked_through() {
    check(
        "FWU006",
        "notice 厚生労働省 2026-11-10 due=2026-11-19
         notice 厚生労働省 2026-11-19 due=2026-11-19
         notice 厚生労働省 2026-11-10 due=2026-11-19 triaged
         notice 厚生労働省 2026-11-10 due=2026-11-19 none
         notice 厚生労働省 2026-11-16
         notice 厚生労働省 2026-11-16 due=2026-11-20",
        TODAY,
        "notice:1 warning title reason_untriaged remedy
         notice:2 warning title reason_untriaged remedy
         notice:3 warning title reason remedy
         notice:4 warning title reason remedy
         notice:5 notice title_untriaged reason_waits remedy_untriaged
         notice:6 notice title_untriaged reason_waits remedy_untriaged",
    );
    assert_eq!(
        values("FWU006", "notice 厚生労働省 2026-11-10 due=2026-11-19 triaged", TODAY),
        "sender=厚生労働省; title=注意喚起; due=2026-11-19; days=1; count=1"
    );
    silent(
        "FWU006",
        &[
            ("three days are in time", "notice 厚生労働省 2026-11-17"),
            ("the day itself is in time", "notice 厚生労働省 2026-11-10 due=2026-11-20 triaged"),
            ("it was answered", "notice 厚生労働省 2026-11-10 due=2026-11-19 none answered"),
            ("no answer is asked for", "notice 厚生労働省 2026-11-01 triaged"),
            ("it should not have been taken in", "notice 厚生労働省 2026-11-01 withdrawn"),
        ],
    );
}
