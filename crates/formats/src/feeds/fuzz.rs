//! What fuzzing gives any bytes to.

use std::io::Cursor;

use super::{read, versions};

/// Reads any bytes as a feed of whatever kind they look like.
pub fn fuzz_any(bytes: &[u8]) {
    let mut given = 0;
    let read = read(Cursor::new(bytes), "fuzz", &mut |_| given += 1);
    assert!(read.is_err() || read.is_ok_and(|reading| reading.given == given));
}

/// Reads any bytes behind the beginning of a document of one kind, and as they are.
fn behind(start: &[u8], bytes: &[u8], end: &[u8]) {
    fuzz_any(&[start, bytes, end].concat());
}

/// Reads any bytes as a page of the NVD.
pub fn fuzz_nvd(bytes: &[u8]) {
    behind(b"{\"format\":\"NVD_CVE\",\"vulnerabilities\":[{\"cve\":", bytes, b"}]}");
    behind(b"{\"cve\":{\"id\":\"CVE-2024-0001\",\"configurations\":", bytes, b"}}");
}

/// Reads any bytes as CVE records.
pub fn fuzz_cve(bytes: &[u8]) {
    let start = b"{\"dataType\":\"CVE_RECORD\",\"dataVersion\":\"5.1\",\"cveMetadata\":{\"cveId\":\"CVE-2024-0001\"},\"containers\":{\"cna\":{\"affected\":[{\"product\":\"p\",\"versions\":";
    behind(start, bytes, b"}]}}}");
}

/// Reads any bytes as records of OSV.
pub fn fuzz_osv(bytes: &[u8]) {
    behind(b"{\"id\":\"GHSA-1\",\"modified\":\"2024-01-01T00:00:00Z\",\"affected\":", bytes, b"}");
}

/// Reads any bytes as CISA's catalogue.
pub fn fuzz_kev(bytes: &[u8]) {
    behind(b"cveID,vendorProject,product\n", bytes, b"\n");
    behind(b"{\"catalogVersion\":\"1\",\"vulnerabilities\":[", bytes, b"]}");
}

/// Reads any bytes as forecasts.
pub fn fuzz_epss(bytes: &[u8]) {
    behind(b"cve,epss,percentile\n", bytes, b"\n");
}

/// Reads any bytes as end-of-life tables.
pub fn fuzz_endoflife(bytes: &[u8]) {
    behind(b"[{\"cycle\":\"1\",\"eol\":", bytes, b"}]");
    behind(
        b"{\"schema_version\":\"1.2.0\",\"result\":{\"name\":\"p\",\"releases\":[",
        bytes,
        b"]}}",
    );
}

/// Reads any bytes as CSAF documents.
pub fn fuzz_csaf(bytes: &[u8]) {
    let start = b"{\"document\":{\"csaf_version\":\"2.0\",\"tracking\":{\"id\":\"A\"}},\"product_tree\":{\"full_product_names\":[{\"product_id\":\"P\"}]},\"vulnerabilities\":";
    behind(start, bytes, b"}");
}

/// Reads any bytes as statements of OpenVEX.
pub fn fuzz_openvex(bytes: &[u8]) {
    behind(b"{\"@context\":\"https://openvex.dev/ns\",\"statements\":", bytes, b"}");
}

/// Reads any bytes as entries of JVN.
pub fn fuzz_jvn(bytes: &[u8]) {
    let start = b"<VULDEF-Document xmlns=\"http://jvn.jp/vuldef/\"><Vulinfo><VulinfoID>JVNDB-2025-000001</VulinfoID>";
    behind(start, bytes, b"</Vulinfo></VULDEF-Document>");
    let start =
        b"{\"$schema\":\"https://jvndb.jvn.jp/schema/myjvn_feed_1.0.json\",\"feed\":{\"entry\":[";
    behind(start, bytes, b"]}}");
}

/// Reads any text as versions.
pub fn fuzz_versions(bytes: &[u8]) {
    drop(versions::read(&String::from_utf8_lossy(bytes)));
}
