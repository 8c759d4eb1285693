//! Which series a document belongs to, where neither a person nor the document says so.

use domain::{SourceId, fold};

use crate::parts_lists::is_parts_list;

/// The source of a document of `kind` in a file called `file_name`.
///
/// Dates, edition marks and the marks of copying programs are no part of a name: `台帳_20261120.xlsx`, `台帳 R8.11(2).xlsx` and
/// `コピー ～ 台帳_v3_最新.xlsx` are editions of one `台帳`.
pub(crate) fn source_of(kind: &str, file_name: &str) -> SourceId {
    let stem = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    let name = series_name(stem);
    let name = if name.is_empty() { stem.to_owned() } else { name };
    SourceId::new(&format!("{}/{name}", family(kind)))
}

/// The families to which a table may belong once a person said which column is which.
const TABLES: [&str; 6] = ["ledger", "ip-table", "me-ledger", "asset-list", "av-agent", "backup"];

/// The sources that tables in a file called `file_name` may belong to.
pub(crate) fn tables_of(file_name: &str) -> impl Iterator<Item = SourceId> {
    TABLES.into_iter().map(move |family| source_of(family, file_name))
}

/// The part of a kind that an edition in another form shares: a ledger stays one ledger as xlsx and as CSV.
pub(crate) fn family(kind: &str) -> &str {
    match kind {
        "ip-table-csv" | "ip-table-xlsx" | "ip-table-tsv" => "ip-table",
        kind if kind.starts_with("ledger-") => "ledger",
        kind if kind.starts_with("me-device-ledger") => "me-ledger",
        kind if kind.starts_with("asset-list") => "asset-list",
        kind if kind.starts_with("av-agent") => "av-agent",
        kind if kind.starts_with("backup-session") => "backup",
        kind if is_parts_list(kind) => "parts",
        kind if kind.contains("dhcp") || kind.contains("lease") => "dhcp",
        kind if kind.contains("arp") || kind.contains("neigh") => "arp",
        kind => kind,
    }
}

/// Words that mark an edition or a copy; folded.
const MARKS: [&str; 12] = [
    "コピ-",
    "最新",
    "最新版",
    "確定",
    "確定版",
    "修正",
    "修正版",
    "改訂",
    "copy",
    "copyof",
    "final",
    "latest",
];

fn series_name(stem: &str) -> String {
    let folded = domain::fold::half_width(stem);
    let parts = folded.split(|c: char| c.is_whitespace() || "_-()[]【】~,+".contains(c));
    let kept: Vec<&str> = parts.filter(|part| !part.is_empty() && !is_mark(part)).collect();
    kept.join("_")
}

fn is_mark(part: &str) -> bool {
    let folded = fold(part);
    if MARKS.contains(&folded.as_str()) {
        return true;
    }
    let without_digits: String =
        folded.chars().filter(|c| !c.is_ascii_digit() && *c != '.').collect();
    let has_digits = folded.bytes().any(|b| b.is_ascii_digit());
    // What is left of 20261120, v3, R8.11, 令和8年度, 2026年11月20日, 第2版 when the digits are gone.
    has_digits
        && matches!(
            without_digits.as_str(),
            "" | "v"
                | "ver"
                | "rev"
                | "r"
                | "h"
                | "令和"
                | "令和年"
                | "令和年度"
                | "令和年月"
                | "令和年月日"
                | "年度"
                | "年月"
                | "年月日"
                | "月"
                | "月日"
                | "第版"
                | "版"
                | "現在"
                | "年月日現在"
                | "令和年月日現在"
                | "時点"
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: &str, file_name: &str, expected: &str) {
        assert_eq!(source_of(kind, file_name).as_str(), expected, "{file_name}");
    }

    #[test]
    fn editions_of_one_ledger_are_one_source() {
        for name in [
            "台帳.xlsx",
            "台帳_20261120.xlsx",
            "台帳 R8.11(2).xlsx",
            "台帳_令和8年度.xlsx",
            "コピー ～ 台帳_v3_最新.xlsx",
            "台帳【2026年11月20日現在】.csv",
            "C:\\共有\\台帳.xlsx",
        ] {
            check("ledger-xlsx", name, "ledger/台帳");
        }
    }

    #[test]
    fn a_family_is_its_own_kind() {
        for family in TABLES {
            check(family, "台帳.csv", &format!("{family}/台帳"));
        }
    }

    #[test]
    fn different_documents_are_different_sources() {
        check("ledger-csv", "放射線科_台帳.csv", "ledger/放射線科_台帳");
        check("ip-table-csv", "ip-table.csv", "ip-table/ip_table");
        check("ledger-xlsx", "2026.xlsx", "ledger/2026");
        check("ledger-xlsx", "pc05.xlsx", "ledger/pc05");
    }
}
