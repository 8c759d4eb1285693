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
    let added = "公表した人が述べる悪用の状況を加えると、6.5 です。";
    assert_eq!(text.matches(added).count(), 2, "beside the score, and beside the rating: {text}");
    assert!(!text.contains("と書いています"), "it published what is told: {text}");
}
