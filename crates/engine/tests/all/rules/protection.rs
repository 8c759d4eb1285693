//! Cases of malware protection, updates, backups and diagnoses.

use super::{TODAY, check, silent, values};

const LEDGER: &str = "ledger 台帳 2026-11-01
   0001 host=PC-01 antivirus=あり
   0002 host=CT-01 antivirus=あり kind=medical
   0003 host=PC-03 antivirus=なし
   0004 host=MR-01 antivirus=メーカー不可 kind=medical";

fn console(day: &str, rows: &str) -> String {
    format!("{LEDGER}\n console av {day}\n {rows}")
}

#[test]
fn avp001_finds_stale_patterns() {
    let hospital = console(
        "2026-11-18",
        "host=PC-01 pattern_date=2026-11-10T03:00:00
         host=CT-01 pattern_date=2026-10-01
         host=PC-03 pattern_date=2026-11-11",
    );
    check(
        "AVP001",
        &hospital,
        TODAY,
        "PC-01 (0001) warning title reason remedy
         CT-01 (0002) warning title reason remedy_medical",
    );
    silent(
        "AVP001",
        &[
            (
                "judged by the day of the list, not by today",
                &console("2026-11-01", "host=PC-01 pattern_date=2026-10-30"),
            ),
            (
                "no protection is not a stale one",
                &console(
                    "2026-11-18",
                    "host=PC-01 protection_state=absent pattern_date=2026-01-01",
                ),
            ),
            (
                "a newer list says otherwise",
                &format!(
                    "{}\nconsole av 2026-11-19\n host=PC-01 pattern_date=2026-11-19",
                    console("2026-11-18", "host=PC-01 pattern_date=2026-01-01")
                ),
            ),
        ],
    );
}

#[test]
fn avp002_finds_protection_that_is_off() {
    check(
        "AVP002",
        &console(
            "2026-11-18",
            "host=PC-01 realtime_protection=off\n host=CT-01 realtime_protection=on",
        ),
        TODAY,
        "PC-01 (0001) urgent title reason remedy",
    );
}

#[test]
fn avp003_finds_what_the_console_does_not_know() {
    check(
        "AVP003",
        &console("2026-11-18", "host=PC-01 pattern_date=2026-11-18"),
        TODAY,
        "CT-01 (0002) warning title reason remedy_medical",
    );
    silent("AVP003", &[("no console's list was brought in", LEDGER)]);
}

#[test]
fn avp004_finds_what_no_ledger_lists() {
    check(
        "AVP004",
        &console(
            "2026-11-18",
            "host=NEW-01 last_seen=2026-11-18T09:00:00
             host=OLD-01 last_seen=2023-06-01T09:00:00
             host=DATELESS
             host=PC-01",
        ),
        TODAY,
        "NEW-01 warning title reason_seen remedy
         OLD-01 notice title reason_forgotten remedy_forgotten
         DATELESS warning title reason remedy",
    );
}

#[test]
fn avp005_finds_an_engine_behind_the_others() {
    let rows = "host=PC-01 engine_version=24.580.1004
                host=CT-01 engine_version=24.580.1004
                host=PC-03 engine_version=12.500.1004";
    check(
        "AVP005",
        &console("2026-11-18", rows),
        TODAY,
        "PC-03 (0003) warning title reason remedy",
    );
    let rollout =
        "host=PC-01 engine_version=2\n host=CT-01 engine_version=1\n host=PC-03 engine_version=1";
    let products = "host=PC-01 engine_version=24.1 protection_product=A
                    host=PC-03 engine_version=12.1 protection_product=B";
    silent(
        "AVP005",
        &[
            ("the newest is only being given out", &console("2026-11-18", rollout)),
            ("two products count for themselves", &console("2026-11-18", products)),
        ],
    );
}

#[test]
fn avp006_says_that_an_old_list_cannot_be_judged() {
    check(
        "AVP006",
        &console("2026-10-01", "host=PC-01"),
        TODAY,
        "source:console/av unknown title reason remedy",
    );
    silent("AVP006", &[("a list of this week", &console("2026-11-18", "host=PC-01"))]);
}

#[test]
fn avp007_finds_who_is_silent() {
    check(
        "AVP007",
        &console(
            "2026-11-18",
            "host=PC-01 last_seen=2026-09-16T08:36:00\n host=CT-01 last_seen=2026-11-01T00:00:00\n host=NEW last_seen=2020-01-01T00:00:00",
        ),
        TODAY,
        "PC-01 (0001) warning title reason remedy",
    );
}

#[test]
fn avp008_finds_who_has_none() {
    check(
        "AVP008",
        &console(
            "2026-11-18",
            "host=PC-01 protection_state=absent\n host=CT-01 protection_state=absent",
        ),
        TODAY,
        "PC-01 (0001) warning title reason remedy
         CT-01 (0002) warning title reason remedy_medical
         source:ledger/台帳 warning title_ledger reason_ledger remedy_ledger",
    );
    let blank = "host=PC-01 pattern_version=1.2\n host=CT-01 realtime_protection=on\n host=PC-03 pattern_version=1.2";
    check(
        "AVP008",
        &console("2026-11-18", blank),
        TODAY,
        "CT-01 (0002) warning title reason_blank remedy_medical",
    );
    silent(
        "AVP008",
        &[
            (
                "a manufacturer's no is an answer",
                "ledger 台帳 2026-11-01\n 0004 host=MR-01 antivirus=メーカー不可 kind=medical\n 0005 host=NAS antivirus=対象外",
            ),
            (
                "the list tells no patterns at all",
                "ledger 台帳 2026-11-01\n 0001 host=PC-01\nconsole av 2026-11-18\n host=PC-01 realtime_protection=on",
            ),
        ],
    );
}

#[test]
fn avp009_finds_a_number_far_behind() {
    let rows = "host=PC-01 pattern_version=20.646.00
                host=CT-01 pattern_version=20.644.00
                host=PC-03 pattern_version=20.462.00";
    let hospital = console("2026-11-18", rows);
    check("AVP009", &hospital, TODAY, "PC-03 (0003) warning title reason remedy");
    assert_eq!(
        values("AVP009", &hospital, TODAY),
        "device=PC-03 (0003); pattern=20.462.00; newest=20.646.00; behind=184"
    );
}

#[test]
fn fwu001_finds_stale_signatures() {
    let hospital = "ledger 台帳 2026-11-01\n 0256 host=VPN-01 ip=10.1.254.251
        config VPN-01 2026-11-18\n device host=VPN-01 10.1.254.251
        setting setting=signature_database setting_name=virus-db pattern_date=2022-05-23
        setting setting=signature_database setting_name=ips-db pattern_date=2026-11-17
        setting setting=signature_database setting_name=av-db";
    check(
        "FWU001",
        hospital,
        TODAY,
        "VPN-01 (0256) signature_database/virus-db warning title reason remedy",
    );
}

#[test]
fn fwu002_finds_who_has_had_no_updates() {
    let hospital = "ledger 台帳 2026-11-01\n 0001 host=PC-01\n 0002 host=CT-01 kind=medical
        host PC-01 2026-11-18\n host=PC-01 updated_on=2026-05-01
        host CT-01 2026-11-18\n host=CT-01 updated_on=2026-05-01
        host PC-02 2026-11-18\n host=PC-02 updated_on=2026-11-12";
    check(
        "FWU002",
        hospital,
        TODAY,
        "PC-01 (0001) warning title reason remedy
         CT-01 (0002) warning title reason remedy_medical",
    );
}

#[test]
fn the_newest_report_on_a_machine_speaks_for_it() {
    let older =
        "host systeminfo 2026-06-01\n host=PC-01 updated_on=2026-01-01 booted=2024-01-01T00:00:00
        host hotfix 2026-11-18\n host=PC-01 updated_on=2026-11-12 booted=2026-11-12T00:00:00";
    for code in ["FWU002", "FWU003"] {
        silent(code, &[("an older report in force says otherwise", older)]);
    }
}

#[test]
fn fwu003_finds_who_has_run_for_too_long() {
    let hospital = "host RT 2026-11-18\n host=RT-01 booted=2025-02-11T03:12:44
        host PC 2026-11-18\n host=PC-01 booted=2026-04-12T03:10:05";
    check("FWU003", hospital, TODAY, "RT-01 notice title reason remedy");
}

#[test]
fn bkp001_finds_jobs_that_do_not_succeed() {
    let hospital = "backup veeam 2026-11-18
          job=GOOD result=success started_at=2026-11-17T22:00:00
          job=BAD result=success started_at=2026-11-16T22:00:00
          job=BAD result=failed started_at=2026-11-17T22:00:00
          job=NEVER result=failed started_at=2026-11-17T22:00:00
          job=PACS result=warning started_at=2026-11-15T01:00:00
          job=ODD result=unrecognised started_at=2026-11-15T01:00:00
          job=MENDED result=failed started_at=2026-11-14T22:00:00
          job=MENDED result=success started_at=2026-11-16T22:00:00";
    check(
        "BKP001",
        hospital,
        TODAY,
        "job:bad urgent title reason_since remedy
         job:mended notice title reason_then_good remedy
         job:never urgent title reason_never remedy
         job:odd unknown title reason_unknown remedy
         job:pacs warning title reason_never remedy",
    );
}

#[test]
fn bkp002_finds_what_is_never_taken_off_the_network() {
    let hospital = "backup veeam 2026-11-18
          job=EHR-DB result=success started_at=2026-11-17T22:00:00 medium=disk
          job=EHR-DB-TAPE result=success started_at=2026-11-13T02:00:00 medium=tape
          job=PACS result=success started_at=2026-11-15T01:00:00 medium=share
          job=日次 system=医事 result=success medium=share
          job=週次 system=医事 result=success medium=removable offline=yes";
    check("BKP002", hospital, TODAY, "job:pacs warning title reason remedy");
}

#[test]
fn bkp003_finds_what_was_never_brought_back() {
    let hospital = "backup veeam 2026-11-18
          job=EHR-DB result=success started_at=2026-11-17T22:00:00
          job=PACS result=success started_at=2026-11-15T01:00:00
          job=LAB result=success started_at=2026-11-15T01:00:00
          restore job=\"RESTORE-TEST EHR-DB\" result=success ended_at=2025-09-30T14:20:00
          restore job=\"RESTORE-TEST PACS\" result=failed ended_at=2026-09-30T14:20:00
          restore job=\"RESTORE-TEST LAB\" result=success ended_at=2026-09-30T14:20:00";
    check(
        "BKP003",
        hospital,
        TODAY,
        "job:ehr-db warning title reason remedy
         job:pacs unknown title_never reason remedy",
    );
}

#[test]
fn bkp003_remembers_a_trial_that_a_newer_list_leaves_out() {
    let jobs = "job=LAB result=success started_at=2026-11-15T01:00:00";
    let trial = "restore job=\"RESTORE-TEST LAB\" result=success ended_at=2026-09-30T14:20:00";
    let newer =
        format!("backup veeam 2026-11-10\n {jobs}\n {trial}\nbackup veeam 2026-11-18\n {jobs}");
    let again = format!("{newer}\n {trial}");
    silent("BKP003", &[("left out", &newer), ("told again", &again)]);
    check(
        "BKP003",
        &format!("backup veeam 2026-11-18\n {jobs}"),
        TODAY,
        "job:lab unknown title_never reason remedy",
    );
}

#[test]
fn bkp004_finds_a_single_generation() {
    let hospital = "backup wb 2026-11-18\n job=A result=success generations=1\n job=B result=success generations=4\n job=C result=success";
    check("BKP004", hospital, TODAY, "job:a warning title reason remedy");
}

#[test]
fn bkp005_finds_what_no_longer_runs() {
    let runs = |job: &str, month: &str| {
        (1..6).fold(String::new(), |text, day| {
            format!("{text}\n job={job} result=success started_at=2026-{month}-0{day}T22:00:00")
        })
    };
    let hospital = format!("backup b 2026-11-08{}{}", runs("STOPPED", "10"), runs("RUNNING", "11"));
    check("BKP005", &hospital, TODAY, "job:stopped warning title reason remedy");
}

#[test]
fn scn001_finds_what_a_diagnosis_found() {
    let hospital = "ledger 台帳 2026-11-01\n 0001 host=PC-01 ip=10.1.1.1\n 0002 host=CT-01 ip=10.1.1.2 kind=medical
        scan nessus 2026-11-18
          10.1.1.1
          item scan_severity=critical title=MS17-010 cve=CVE-2017-0144 cve=CVE-2017-0145
          item scan_severity=info title=uptime
          10.1.1.2
          item scan_severity=high title=BlueKeep
          10.1.1.3
          item scan_severity=low title=banner";
    check(
        "SCN001",
        hospital,
        TODAY,
        "PC-01 (0001) urgent title reason_cves remedy
         CT-01 (0002) warning title reason remedy_medical",
    );
}

#[test]
fn scn002_finds_an_old_diagnosis() {
    check(
        "SCN002",
        "scan nessus 2025-10-01\n 10.1.1.1",
        TODAY,
        "source:scan/nessus notice title reason remedy",
    );
    silent("SCN002", &[("one of this year", "scan nessus 2026-10-01\n 10.1.1.1")]);
}
