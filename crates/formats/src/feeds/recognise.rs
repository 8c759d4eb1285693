//! What a document is, by what stands at its beginning.

use std::borrow::Cow;

use super::drive::Layout;
use super::source::HEAD;
use super::{FeedFormat, jvn, openvex};

/// How deep the beginning is looked into: the first record of an array, its members, and those of one of them.
const DEPTH: usize = 4;

/// Members of the beginning that are looked at.
const MEMBERS: usize = 4096;

/// What a document is, by its beginning (about 64 KiB, opened where it was compressed); none where it is no feed.
pub fn recognise(head: &[u8]) -> Option<FeedFormat> {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    match head.trim_ascii_start() {
        [b'{' | b'[', ..] => recognise_json(head),
        [b'<', ..] => recognise_xml(head),
        text => recognise_csv(text),
    }
}

/// Whether a document is JSON, and not a table.
pub(super) fn is_json(head: &[u8]) -> bool {
    matches!(head.trim_ascii_start(), [b'{' | b'[', ..])
}

/// The text of a member such as `cve/id`, as far as the beginning of a record shows it.
pub(super) fn text_of(record: &[u8], path: &str) -> Option<String> {
    members(record.get(..HEAD).unwrap_or(record)).text(path).map(str::to_owned)
}

/// Whether a document of the NVD is one record by itself: a `cve` outside any list.
pub(super) fn is_single_nvd(head: &[u8]) -> bool {
    let members = members(head);
    members.has("cve") && !members.has("vulnerabilities")
}

/// Whether each line of a document is a record of its own: the first is closed, and another begins behind it.
pub(super) fn is_lines(head: &[u8]) -> bool {
    let Some(end) = memchr::memchr(b'\n', head) else { return false };
    let (first, second) = (head[..end].trim_ascii(), head[end..].trim_ascii_start());
    first.starts_with(b"{") && first.ends_with(b"}") && first.len() > 2 && second.starts_with(b"{")
}

/// The edition of a document that is a feed, but of one that is not read, and what is read instead.
pub(super) fn unread_edition(head: &[u8]) -> Option<(&'static str, &'static str)> {
    if !is_json(head) {
        let cvrf = memchr::memmem::find(head, b"cvrfdoc").is_some();
        return cvrf.then_some(("CVRF, CSAF 1.2", "CSAF 2.0"));
    }
    let members = members(head);
    if members.has("CVE_Items") || members.has("CVE_data_type") {
        return Some(("NVD JSON 1.1", "NVD JSON 2.0"));
    }
    let is = |name, value| members.text(name).is_some_and(|text| text == value);
    if is("data_type", "CVE") && is("data_format", "MITRE") {
        return Some(("CVE JSON 4.0", "CVE JSON 5"));
    }
    let edition = members.text("schema_version").unwrap_or_default();
    if members.has("result/releases") && !edition.starts_with("1.") {
        return Some(("endoflife.date v2", "endoflife.date v1"));
    }
    None
}

fn recognise_json(head: &[u8]) -> Option<FeedFormat> {
    let members = members(head);
    let is = |name, value| members.text(name).is_some_and(|text| text == value);
    let has = |name: &str| members.has(name);
    let all = |names: &[&str]| names.iter().all(|name| has(name));
    let old_nvd = has("CVE_Items") || has("CVE_data_type");
    let one_nvd = has("cve/id") || has("cve/configurations");
    let old_cve = is("data_type", "CVE") && has("data_format");
    let nvd = is("format", "NVD_CVE") || all(&["resultsPerPage", "vulnerabilities"]);
    let cve = is("dataType", "CVE_RECORD") || all(&["cveMetadata", "containers"]);
    Some(if nvd || old_nvd || one_nvd {
        FeedFormat::Nvd
    } else if cve || old_cve {
        FeedFormat::Cve
    } else if all(&["catalogVersion", "vulnerabilities"]) {
        FeedFormat::Kev
    } else if members.text("$schema").is_some_and(is_jvn) {
        FeedFormat::JvnJson
    } else if has("document/csaf_version") || all(&["document/tracking", "document/publisher"]) {
        FeedFormat::Csaf
    } else if members.text("@context").is_some_and(|text| text.starts_with(openvex::CONTEXT)) {
        FeedFormat::OpenVex
    } else if all(&["schema_version", "result/releases"]) || all(&["cycle", "eol"]) {
        FeedFormat::EndOfLife
    } else if has("id") && ["modified", "affected", "schema_version"].into_iter().any(has) {
        FeedFormat::Osv
    } else {
        return None;
    })
}

/// Whether a schema is one of MyJVN's for vulnerabilities; others are of products and statistics.
fn is_jvn(schema: &str) -> bool {
    let name = schema.split_once("://jvndb.jvn.jp/schema/").map_or("", |(_, name)| name);
    name.starts_with("myjvn_vuldef_") || name.starts_with("myjvn_feed_")
}

/// How a document of MyJVN that begins like this is laid out.
pub(super) fn jvn_layout(head: &[u8]) -> &'static Layout {
    let members = members(head);
    jvn::json::layout(|name| members.has(name))
}

/// JVN's documents: VULDEF, and lists in RSS with its own elements.
fn recognise_xml(head: &[u8]) -> Option<FeedFormat> {
    let has = |word: &str| memchr::memmem::find(head, word.as_bytes()).is_some();
    let vuldef = has("VULDEF-Document") && has("http://jvn.jp/vuldef/");
    let rss = has("rdf:RDF") && has("http://jvn.jp/rss/mod_sec/");
    // CSAF before 2.0 was XML: known, so that it can be refused by name.
    let cvrf = has("cvrfdoc").then_some(FeedFormat::Csaf);
    (vuldef || rss).then_some(FeedFormat::JvnXml).or(cvrf)
}

fn recognise_csv(text: &[u8]) -> Option<FeedFormat> {
    let line = |text: &[u8]| {
        let end = memchr::memchr(b'\n', text).unwrap_or(text.len());
        text[..end].trim_ascii().to_ascii_lowercase()
    };
    let first = line(text);
    let columns = |line: &[u8]| line.starts_with(b"cve,epss");
    let commented = first.starts_with(b"#model_version:") || first.starts_with(b"# model_version:");
    if columns(&first) || commented {
        return Some(FeedFormat::Epss);
    }
    first.starts_with(b"cveid,vendorproject,product").then_some(FeedFormat::Kev)
}

/// Members that stand at the beginning of a document: `a`, `a/b`, with their texts.
struct Members<'h> {
    found: Vec<(String, Option<Cow<'h, str>>)>,
}

impl Members<'_> {
    fn has(&self, name: &str) -> bool {
        self.found.iter().any(|(path, _)| path == name)
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.found.iter().find(|(path, _)| path == name)?.1.as_deref()
    }
}

/// Reads members off a beginning that may be cut anywhere; those of the first element of an array count as its own.
fn members(head: &[u8]) -> Members<'_> {
    let mut members = Members { found: Vec::new() };
    // For each bracket that is open: whether it is an object.
    let mut open: Vec<bool> = Vec::new();
    let mut path: Vec<Cow<'_, str>> = Vec::new();
    let mut expects_name = false;
    let mut at = 0;
    let mut elements = 0;
    while let Some(&byte) = head.get(at) {
        at += 1;
        match byte {
            b'{' | b'[' => {
                open.push(byte == b'{');
                expects_name = byte == b'{';
            }
            b'}' | b']' => {
                open.pop();
                path.truncate(open.iter().filter(|object| **object).count());
                // What follows the first element of an array is no member of the document.
                elements += usize::from(open == [false]);
                expects_name = false;
            }
            b',' => {
                expects_name = open.last() == Some(&true);
            }
            b'"' => {
                let Some((text, end)) = string(&head[at..]) else { break };
                at += end;
                let objects = open.iter().filter(|object| **object).count();
                if expects_name {
                    path.truncate(objects.saturating_sub(1));
                    path.push(text);
                    expects_name = false;
                    if objects < DEPTH {
                        members.found.push((path.join("/"), None));
                    }
                } else if objects == path.len()
                    && objects < DEPTH
                    && let Some((_, value)) = members.found.last_mut()
                {
                    value.get_or_insert(text);
                }
            }
            _ => {}
        }
        if members.found.len() > MEMBERS || elements > 0 && open == [false] {
            break;
        }
        if open.is_empty() && byte != b'"' && !byte.is_ascii_whitespace() {
            break;
        }
    }
    members
}

/// A string behind its first quote, and where it ends; none where it is cut.
fn string(rest: &[u8]) -> Option<(Cow<'_, str>, usize)> {
    let mut at = 0;
    loop {
        at += memchr::memchr2(b'"', b'\\', rest.get(at..)?)?;
        if rest[at] == b'"' {
            return Some((String::from_utf8_lossy(&rest[..at]), at + 1));
        }
        at += 2;
    }
}
