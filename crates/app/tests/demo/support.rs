//! Support dates of the hospital's own, laid over the shipped ones.

use super::*;

const LEDGER: &[u8] =
    "管理番号,機器名,IPアドレス,OS\n1,表示器,10.1.1.1,QNX 7.1\n2,受付,10.1.1.2,Windows 7\n"
        .as_bytes();
const ENDED: &[u8] =
    "product,release,kind,eos,source\nQNX,7.1,os,2026-03-31,業者の回答\n".as_bytes();

fn of_lifecycle(hospital: &Hospital) -> Vec<(String, String)> {
    let found = hospital.found().into_iter().filter(|finding| finding.rule.starts_with("LIF"));
    found.map(|finding| (finding.rule, finding.reason)).collect()
}

fn rules(hospital: &Hospital) -> Vec<String> {
    of_lifecycle(hospital).into_iter().map(|(rule, _)| rule).collect()
}

fn stage(hospital: &Hospital) -> String {
    let mut stages = Vec::new();
    let take = |device: &app::DeviceSummary<'_>| {
        stages.push(format!("{:?}", device.stage));
        Ok::<_, AppError>(())
    };
    hospital.app.each_device("表示器", DEMO_DATE, take).unwrap();
    assert_eq!(stages.len(), 1);
    stages.remove(0)
}

#[test]
fn a_date_that_a_vendor_told_is_used_as_long_as_its_import_counts() {
    let hospital = Hospital::empty();
    hospital.import("台帳.csv", LEDGER);
    let before = of_lifecycle(&hospital);
    assert_eq!(rules(&hospital), ["LIF001", "LIF003"]);
    let unknown = stage(&hospital);
    let view = hospital.import("期限.csv", ENDED);
    assert_eq!((view.kind.as_deref(), view.rows, view.error), (Some("support-table"), 1, None));
    assert_eq!((view.devices_new, view.devices_gone), (0, 0));
    let after = of_lifecycle(&hospital);
    assert_eq!(rules(&hospital), ["LIF001", "LIF001"]);
    assert!(after.iter().any(|(_, reason)| reason.contains("業者の回答")), "{after:?}");
    assert_eq!(hospital.chart("1").device.lifecycle.stage, "end_of_support");
    assert_ne!(stage(&hospital), unknown);
    hospital.app.undo_import(domain::ImportId(2), &act()).unwrap();
    assert_eq!((of_lifecycle(&hospital), stage(&hospital)), (before, unknown));
    hospital.app.redo_import(domain::ImportId(2), &act()).unwrap();
    assert_eq!(of_lifecycle(&hospital), after);
}

#[test]
fn the_newest_edition_of_a_table_counts_whatever_came_first() {
    let later = "product,release,kind,eos,source\nQNX,7.1,os,2031-03-31,業者の回答\n".as_bytes();
    let newer = ImportOptions {
        captured_at: Some("2026-11-20T10:00:00+09:00".parse().unwrap()),
        ..ImportOptions::default()
    };
    for newer_first in [false, true] {
        let hospital = Hospital::empty();
        hospital.import("台帳.csv", LEDGER);
        if newer_first {
            hospital.import_as("期限_v2.csv", later, &newer);
            hospital.import("期限.csv", ENDED);
        } else {
            hospital.import("期限.csv", ENDED);
            hospital.import_as("期限_v2.csv", later, &newer);
        }
        assert_eq!(rules(&hospital), ["LIF001"], "only Windows 7 is over");
    }
}

#[test]
fn a_row_that_cannot_be_used_is_told_and_an_empty_table_refused() {
    let hospital = Hospital::empty();
    let view = hospital.import(
        "期限.csv",
        "product,release,eos,source\nQNX,7.1,2026-03-31,業者\nQNX,7.0,いつか,業者\n".as_bytes(),
    );
    assert_eq!((view.rows, view.warnings.len()), (1, 1));
    for bad in ["product,release,eos,source\n", "product,release,eos\nQNX,7.1,2026-03-31\n"] {
        let bytes: &'static [u8] = bad.as_bytes();
        let view = hospital.import("期限2.csv", bytes);
        assert!(view.error.is_some() && view.import.is_none(), "{bad}");
    }
    assert_eq!(hospital.app.imports().unwrap().len(), 1);
}
