//! 脆弱性: the page of one of them, and lists of which nothing can be said.

use std::path::PathBuf;

use app::{FeedFile, ImportOptions, NewFile};

use crate::hospital::{Hospital, act};

impl Hospital {
    fn takes(&self, ledger: &str) {
        let bytes = Ok(ledger.as_bytes().to_vec().into());
        let file = NewFile { path: "台帳.csv".to_owned(), bytes, modified: None };
        let view = self.app.import([file], &ImportOptions::default(), &act(), &mut |_, _| {});
        assert_eq!(view.unwrap().files[0].error, None);
    }

    /// Takes in a file of `testdata/`.
    fn learns(&self, name: &str) {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../testdata").join(name);
        let file = FeedFile::at(path, name.to_owned());
        let view = self.app.import_feeds(&[file], &mut |_| {}, &act()).unwrap();
        assert_eq!(view.files[0].error, None, "{name}");
    }
}

/// Microsoft publishes 7.0 HIGH for CVE-2025-62215, with a vector that ends in E:F/RL:O/RC:C.
#[tokio::test]
async fn the_score_is_the_one_that_was_published_and_what_its_publisher_adds_stands_beside_it() {
    let hospital = Hospital::founded();
    hospital.takes(
        "管理番号,機器名,コンピュータ名,IPアドレス,OS,OSバージョン
1,端末,PC-A,10.1.1.1,Windows 11 Pro 24H2,10.0.26100.7170
",
    );
    hospital.learns("feeds/cve/CVE-2025-62215.json");
    let cookie = hospital.administrator().await;
    let list = hospital.get("/vulnerabilities", &cookie).await.text();
    assert!(list.contains("重要 7.0") && !list.contains("6.5"), "{list}");
    let text = hospital.get("/vulnerability?id=CVE-2025-62215", &cookie).await.text();
    assert!(text.contains("重要 7.0") && text.contains("<strong>7.0</strong>"), "{text}");
    let added = "公表した人が述べる悪用の状況も加えると、6.5 です。";
    assert_eq!(text.matches(added).count(), 2, "beside the score, and beside the rating: {text}");
    assert!(!text.contains("と書いています"), "it published what is told: {text}");
}

/// The lists of weaknesses, with the words that say that there is nothing in them.
const LISTS: [(&str, &str); 5] = [
    ("/vulnerabilities", "当てはまると言われている脆弱性はありません"),
    ("/weaknesses", "判断できた製品はありません"),
    ("/weak-devices", "判断できない製品のある機器はありません"),
    ("/weak-vendors", "判断できない製品のある機器はありません"),
    ("/unjudged", "判断できない製品はありません"),
];

/// Without data.
const NOT_JUDGED: &str = "まだ入っていないため、脆弱性があるかどうかは判断できません";

#[tokio::test]
async fn a_list_says_that_there_is_nothing_only_where_something_could_be_judged() {
    let (hospital, without) = (Hospital::founded(), Hospital::founded());
    hospital.app.import_demo_feeds(&act()).unwrap();
    let (own, other) = (hospital.administrator().await, without.administrator().await);
    for (path, nothing) in LISTS {
        let text = hospital.get(path, &own).await.text();
        assert!(text.contains(nothing), "with data and nothing found, {path} says so: {text}");
        assert!(!text.contains("判断できません"), "{path}: {text}");
        let text = without.get(path, &other).await.text();
        assert!(text.contains(NOT_JUDGED), "{path}: {text}");
        assert!(!text.contains(nothing), "no data is never none: {path}: {text}");
        assert!(text.contains("href=\"/feeds\">脆弱性の情報のページを開く"), "{path}: {text}");
    }
}

#[tokio::test]
async fn where_devices_run_what_nobody_could_judge_no_list_says_that_there_is_nothing() {
    let hospital = Hospital::with_demo();
    let cookie = hospital.administrator().await;
    for (path, nothing) in LISTS {
        let text = hospital.get(path, &cookie).await.text();
        assert!(text.contains(NOT_JUDGED) && !text.contains(nothing), "{path}: {text}");
    }
    let told = hospital.get("/weak-devices", &cookie).await.text();
    assert!(told.contains("ACC-SW01"), "what runs is there, and not judged: {told}");
    hospital.app.import_demo_feeds(&act()).unwrap();
    for (path, nothing) in LISTS {
        let text = hospital.get(path, &cookie).await.text();
        assert!(!text.contains(NOT_JUDGED) && !text.contains(nothing), "{path}: {text}");
    }
}

#[tokio::test]
async fn data_that_is_lost_or_damaged_is_told_in_place_of_nothing() {
    for (bytes, said) in [(None, "索引が見つからないため"), (Some(b"x"), "索引が壊れているため")]
    {
        let hospital = Hospital::founded();
        hospital.app.import_demo_feeds(&act()).unwrap();
        for index in std::fs::read_dir(hospital.app.folder().join("advisories")).unwrap() {
            let path = index.unwrap().path();
            match bytes {
                None => std::fs::remove_file(path).unwrap(),
                Some(bytes) => std::fs::write(path, bytes).unwrap(),
            }
        }
        let cookie = hospital.administrator().await;
        for (path, nothing) in LISTS {
            let text = hospital.get(path, &cookie).await.text();
            assert!(text.contains(said) && !text.contains(nothing), "{path}: {text}");
        }
    }
}
