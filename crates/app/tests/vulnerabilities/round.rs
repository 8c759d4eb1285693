//! What a round says of vulnerabilities.

use std::borrow::Cow;

use app::{FindingView, ImportOptions, NewFile};
use jiff::civil::Date;

use super::*;

/// A ledger whose one device runs a product of which there are real advisories.
const LEDGER: &str = "管理番号,機器名,コンピュータ名,IPアドレス,ソフトウェア名,ソフトウェアバージョン\n1,サーバー,SV-01,10.1.1.1,OpenSSL,1.0.1a\n2,端末,PC-02,10.1.1.2,自作ソフト,3\n";

/// What rounds say of vulnerabilities, as rule, subject and reason.
fn found(desk: &Desk, day: &str) -> Vec<FindingView> {
    let day: Date = day.parse().unwrap();
    desk.app.round(day, &act()).unwrap();
    let found = desk.app.findings(false, day).unwrap().into_iter();
    found.filter(|finding| finding.rule.starts_with("VUL")).collect()
}

pub(super) fn with_ledger(desk: Desk) -> Desk {
    let file = NewFile {
        path: "台帳.csv".to_owned(),
        bytes: Ok(Cow::Borrowed(LEDGER.as_bytes())),
        modified: None,
    };
    let options = ImportOptions { captured_at: Some(now()), ..ImportOptions::default() };
    let view = desk.app.import([file], &options, &act(), &mut |_, _| {}).unwrap();
    assert_eq!(view.files[0].devices_new, 2, "{view:?}");
    desk
}

fn rules(found: &[FindingView]) -> Vec<&str> {
    found.iter().map(|finding| finding.rule.as_str()).collect()
}

#[test]
fn without_feeds_one_finding_says_that_nothing_can_be_judged() {
    let desk = with_ledger(Desk::new());
    let found = found(&desk, "2026-11-20");
    assert_eq!(rules(&found), ["VUL006"]);
    assert_eq!(found[0].severity, "unknown");
    assert_eq!(found[0].reason, "No vulnerability data was ever imported.");
}

#[test]
fn an_index_that_is_gone_or_damaged_is_a_finding_of_its_own() {
    for (reason, harm) in [
        ("not there", (|path: &Path| fs::remove_file(path).unwrap()) as fn(&Path)),
        ("damaged", |path| fs::write(path, "MIMAWADV").unwrap()),
        ("damaged", |path| fs::write(path, "").unwrap()),
    ] {
        let desk = with_ledger(Desk::with(&[KEV]));
        harm(&desk.index());
        let found = found(&desk, "2026-11-20");
        assert_eq!(rules(&found), ["VUL006"], "{reason}");
        assert!(found[0].reason.contains(reason), "{}", found[0].reason);
    }
}

#[test]
fn real_records_are_found_on_what_runs() {
    let desk = with_ledger(Desk::with(&["nvd/configurations.jsonl.gz", OSV, KEV]));
    // The newest of these records is of 9 March 2026.
    let found = found(&desk, "2026-04-01");
    assert!(!rules(&found).contains(&"VUL006"), "{found:?}");
    let of_openssl = found.iter().find(|finding| finding.subject == "product:openssl 1.0.1a");
    assert!(of_openssl.unwrap().title.contains("SV-01"), "{found:?}");
    let doubtful = found.iter().find(|finding| finding.rule == "VUL004").unwrap();
    assert!(doubtful.reason.contains("自作ソフト 3"), "{}", doubtful.reason);
    assert!(!doubtful.evidence.is_empty());
    let stale = super::round::found(&desk, "2026-04-10");
    assert!(rules(&stale).contains(&"VUL006"), "32 days later");
}
