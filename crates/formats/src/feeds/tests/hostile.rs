//! Records that are small and would become large, and feeds that are cut and changed anywhere.

use std::time::Duration;

use super::*;
use crate::fuzzing::tests::for_a_while;

fn key(text: &str) -> String {
    let refusal = read_bytes(text.as_bytes()).unwrap_err();
    refusal.message.key.into_owned()
}

fn repeated(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(one).collect::<Vec<_>>().join(",")
}

#[test]
fn what_would_grow_with_the_square_is_refused() {
    let node = |name: &str| {
        let criteria =
            repeated(4000, |at| format!("{{\"vulnerable\":true,\"criteria\":\"{name}{at}\"}}"));
        format!("{{\"operator\":\"OR\",\"cpeMatch\":[{criteria}]}}")
    };
    let nvd = format!(
        "{{\"cve\":{{\"id\":\"CVE-2026-0001\",\"configurations\":[{{\"operator\":\"AND\",\"nodes\":[{},{}]}}]}}}}",
        node("a"),
        node("b")
    );
    assert_eq!(key(&nvd), "feed.refused_large");
    let branches = repeated(2000, |at| {
        format!(
            "{{\"category\":\"product_name\",\"name\":\"p\",\"product\":{{\"product_id\":\"{at}\",\"name\":\"p\"}}}}"
        )
    });
    let csaf = format!(
        "{{\"document\":{{\"csaf_version\":\"2.0\",\"tracking\":{{\"id\":\"M\"}}}},\"product_tree\":{{\"branches\":[{{\"category\":\"vendor\",\"name\":\"{}\",\"branches\":[{branches}]}}]}}}}",
        "v".repeat(1 << 20)
    );
    assert_eq!(key(&csaf), "feed.refused_large");
    let parts = repeated(3000, |at| format!("{{\"@id\":\"pkg:npm/{at}\"}}"));
    let vex = format!(
        "{{\"@context\":\"https://openvex.dev/ns/v0.2.0\",\"statements\":[{{\"vulnerability\":{{\"name\":\"CVE-2026-0001\"}},\"status\":\"fixed\",\"products\":[{parts}],\"subcomponents\":[{parts}]}}]}}"
    );
    assert_eq!(key(&vex), "feed.refused_large");
    let cves: String = (0..3000)
        .map(|at| format!("<RelatedItem><VulinfoID>CVE-2026-{at:05}</VulinfoID></RelatedItem>"))
        .collect();
    let items =
        "<AffectedItem><Name>a</Name><VersionNumber>1</VersionNumber></AffectedItem>".repeat(3000);
    let jvn = format!(
        "<VULDEF-Document xmlns=\"http://jvn.jp/vuldef/\"><Vulinfo><VulinfoID>JVNDB-2026-000001</VulinfoID><VulinfoData><Affected>{items}</Affected><Related>{cves}</Related></VulinfoData></Vulinfo></VULDEF-Document>"
    );
    assert_eq!(key(&jvn), "feed.refused_large");
}

#[test]
fn no_feed_that_is_changed_anywhere_breaks_its_reader() {
    let mut seeds: Vec<Vec<u8>> = [
        "nvd/page-vuls-data-update-3_pages-0-3.json.gz",
        "nvd/cve-osv.dev-nvdcve-2.0-CVE-2024-3094.json.gz",
    ]
    .map(plain)
    .to_vec();
    for name in ["cve/others.jsonl.gz", "osv/records.jsonl.gz", "csaf/vendor.jsonl.gz"] {
        let lines = plain(name);
        let lines =
            lines.split(|&byte| byte == b'\n').filter(|line| (1..40_000).contains(&line.len()));
        seeds.extend(lines.step_by(7).map(<[u8]>::to_vec));
    }
    for name in [
        "openvex/vex-v0.2.0.json",
        "jvn/detail.xml",
        "jvn/detail.json",
        "jvn/overview.xml",
        "epss/vunnel-example-1.csv",
    ] {
        seeds.push(bytes(name));
        seeds.push(gzipped(&bytes(name)));
        seeds.push(zipped(&[(name, &bytes(name))]));
    }
    for_a_while(&seeds, Duration::from_secs(2), fuzz_any);
}
