//! Masking reports of scanners: what a scan was given to log in with does not stay in what is kept.
//!
//! Only values are taken out, never markup: the copy reads as the report does.

use crate::network::mask::{self, Masked, STARS, words};

/// Elements that name a setting of the scan.
const NAMES: [&str; 4] = ["fullName", "name", "preferenceName", "preferenceType"];

/// Elements beside such a name that hold what was set.
const VALUES: [&str; 3] = ["preferenceValues", "selectedValue", "value"];

/// What the name of a setting has in it whose value is a secret, in lower case.
const TELLING: [&str; 16] = [
    "access key",
    "api key",
    "apikey",
    "community",
    "credential",
    "passcode",
    "passphrase",
    "passwd",
    "password",
    "private key",
    "private_key",
    "psk",
    "secret",
    "token",
    "パスワード",
    "秘密",
];

/// A report in which what was set under the name of a secret, and what was given to scripts, is masked.
pub(super) fn report(source: &str) -> Masked {
    let mut masker = Masker { out: String::with_capacity(source.len()), ..Masker::default() };
    let mut rest = source;
    while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
        let (text, markup) = rest.split_at(at);
        masker.text(text);
        let end = markup_end(markup);
        let (markup, after) = markup.split_at(end);
        masker.markup(markup);
        rest = after;
    }
    masker.text(rest);
    Masked { text: masker.out, secrets: masker.secrets }
}

/// How long the markup is that a text begins with.
fn markup_end(markup: &str) -> usize {
    let behind = |mark: &str| {
        let found = memchr::memmem::find(markup.as_bytes(), mark.as_bytes());
        found.map_or(markup.len(), |at| at + mark.len())
    };
    if markup.starts_with("<!--") {
        return behind("-->");
    }
    // A text of its own stays for what is done with texts.
    if markup.starts_with("<![CDATA[") {
        return "<![CDATA[".len();
    }
    let mut quote = None;
    for (at, byte) in markup.bytes().enumerate() {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            (None, b'>') => return at + 1,
            _ => {}
        }
    }
    markup.len()
}

#[derive(Debug, Default)]
struct Masker {
    out: String,
    secrets: u64,
    /// How many elements are open.
    depth: u32,
    /// The innermost of them, while it has no child.
    element: String,
    /// What its `key` says (nmap's own tables).
    key: String,
    /// The depth at which a name of a secret stands.
    announced: Option<u32>,
}

impl Masker {
    fn markup(&mut self, markup: &str) {
        if markup.starts_with("<!--") {
            return self.arguments(markup);
        }
        if markup.starts_with("<!") || markup.starts_with("<?") {
            return self.out.push_str(markup);
        }
        if markup.starts_with("</") {
            self.depth = self.depth.saturating_sub(1);
            self.announced = self.announced.filter(|depth| *depth <= self.depth + 1);
            self.element.clear();
            return self.out.push_str(markup);
        }
        let name = markup.trim_start_matches('<').split([' ', '\t', '\r', '\n', '/', '>']).next();
        name.unwrap_or_default().clone_into(&mut self.element);
        self.key = attribute(markup, "key").map(str::to_lowercase).unwrap_or_default();
        match self.element.as_str() {
            "nmaprun" => self.attribute(markup, "args", Self::arguments),
            "script" => self.attribute(markup, "output", Self::lines),
            _ => self.out.push_str(markup),
        }
        if !markup.ends_with("/>") {
            self.depth += 1;
        }
    }

    /// Writes markup of which the value of one attribute may hold secrets.
    fn attribute(&mut self, markup: &str, name: &str, write: fn(&mut Self, &str)) {
        let Some(value) = attribute(markup, name) else { return self.out.push_str(markup) };
        let start = value.as_ptr() as usize - markup.as_ptr() as usize;
        self.out.push_str(markup.get(..start).unwrap_or_default());
        write(self, value);
        self.out.push_str(markup.get(start + value.len()..).unwrap_or_default());
    }

    fn text(&mut self, text: &str) {
        // The end of a text in `CDATA` is markup.
        if let Some((inside, after)) = text.split_once("]]>") {
            self.text(inside);
            self.out.push_str("]]>");
            return self.text(after);
        }
        let element = self.element.as_str();
        let is_blank = text.trim().is_empty();
        if NAMES.contains(&element) && !is_blank {
            self.announced = is_telling(text).then_some(self.depth).or(self.announced);
        } else if !is_blank && self.holds_a_secret() {
            return self.hide(text);
        } else if element == "plugin_output" || text.contains("PRIVATE KEY") {
            return self.lines(text);
        }
        self.out.push_str(text);
    }

    /// Whether the element that is open holds what a name beside it, or its own key, announces.
    fn holds_a_secret(&self) -> bool {
        let element = self.element.as_str();
        let is_value = VALUES.contains(&element) && self.announced == Some(self.depth);
        is_value || element == "elem" && is_telling(&self.key)
    }

    fn hide(&mut self, text: &str) {
        // What the scanner hid itself.
        if text.trim().bytes().all(|byte| byte == b'*') {
            return self.out.push_str(text);
        }
        self.secrets += 1;
        self.out.push_str(STARS);
    }

    /// Lines of what a check wrote.
    fn lines(&mut self, text: &str) {
        let masked = mask::mask(text);
        self.secrets += masked.secrets;
        self.out.push_str(if masked.secrets > 0 { &masked.text } else { text });
    }

    /// A command line of nmap: what it gives to scripts, and any word that holds a secret by itself.
    fn arguments(&mut self, text: &str) {
        let mut open: Option<&str> = None;
        let mut is_given = false;
        for word in text.split_inclusive(char::is_whitespace) {
            let bare = word.trim_end();
            let gap = word.get(bare.len()..).unwrap_or_default();
            if let Some(quote) = open {
                open = Some(quote).filter(|quote| !bare.ends_with(quote));
            } else if std::mem::take(&mut is_given) && !bare.is_empty() {
                open = opened(bare);
                self.secrets += 1;
                self.out.push_str(STARS);
                self.out.push_str(gap);
            } else if let Some(name) = ["--script-args=", "--script-args-file="]
                .iter()
                .find(|name| bare.starts_with(**name))
            {
                open = opened(bare.get(name.len()..).unwrap_or_default());
                self.secrets += 1;
                self.out.push_str(name);
                self.out.push_str(STARS);
                self.out.push_str(gap);
            } else {
                is_given = matches!(bare, "--script-args" | "--script-args-file");
                // A comment that is none may have markup in it.
                let plain = Some(bare).filter(|bare| !bare.contains(['<', '>'])).unwrap_or("");
                let from = words::in_url(plain).or_else(|| words::in_assignment(plain));
                self.secrets += u64::from(from.is_some());
                let shown = from.and_then(|from| bare.get(..from)).unwrap_or(bare);
                self.out.push_str(shown);
                self.out.push_str(if from.is_some() { STARS } else { "" });
                self.out.push_str(gap);
            }
        }
    }
}

/// The quote that a word opens and does not close.
fn opened(word: &str) -> Option<&'static str> {
    let quotes = ["&quot;", "&apos;", "&#39;", "'", "\""];
    let quote = quotes.into_iter().find(|quote| word.starts_with(quote))?;
    (word.len() <= quote.len() || !word.ends_with(quote)).then_some(quote)
}

fn is_telling(name: &str) -> bool {
    let name = name.to_lowercase();
    TELLING.iter().any(|word| name.contains(word))
}

/// The value of an attribute, as it is written.
fn attribute<'m>(markup: &'m str, name: &str) -> Option<&'m str> {
    let bytes = markup.as_bytes();
    let found = memchr::memmem::find_iter(bytes, name.as_bytes()).find(|at| {
        let before = at.checked_sub(1).and_then(|at| bytes.get(at));
        before.is_some_and(u8::is_ascii_whitespace) && bytes.get(at + name.len()) == Some(&b'=')
    })?;
    let rest = markup.get(found + name.len() + 1..)?;
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    rest.get(1..)?.split_once(quote).map(|(value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(source: &str, masked: &str, secrets: u64) {
        let told = report(source);
        assert_eq!((told.text.as_str(), told.secrets), (masked, secrets), "{source}");
        assert_eq!(report(masked).text, masked, "what is masked stays as it is");
    }

    #[test]
    fn what_a_scan_logs_in_with_is_masked() {
        for (source, masked) in [
            (
                "<preference><name>SSH password</name><value>PLANTED</value></preference><preference><name>max_hosts</name><value>5</value></preference>",
                "<preference><name>SSH password</name><value>****</value></preference><preference><name>max_hosts</name><value>5</value></preference>",
            ),
            (
                "<item><fullName>SNMP settings[entry]:Community name :</fullName>\n<preferenceName>Community name :</preferenceName><preferenceType>entry</preferenceType><selectedValue><![CDATA[PLANTED]]></selectedValue></item>",
                "<item><fullName>SNMP settings[entry]:Community name :</fullName>\n<preferenceName>Community name :</preferenceName><preferenceType>entry</preferenceType><selectedValue><![CDATA[****]]></selectedValue></item>",
            ),
            (
                "<table><elem key=\"password\">PLANTED</elem></table>",
                "<table><elem key=\"password\">****</elem></table>",
            ),
            (
                "<plugin_output>user : a\nPassword : PLANTED\n</plugin_output>",
                "<plugin_output>user : a\nPassword : ****\n</plugin_output>",
            ),
            (
                "<script id=\"x\" output=\"admin password=PLANTED\"/><a/>",
                "<script id=\"x\" output=\"admin password=****\"/><a/>",
            ),
            (
                "<nmaprun args=\"nmap --script-args user=a,password=PLANTED -p 22 10.1.2.0/24\" start=\"1\">",
                "<nmaprun args=\"nmap --script-args **** -p 22 10.1.2.0/24\" start=\"1\">",
            ),
            (
                "<!-- Nmap 7.95 as: nmap --script-args=&quot;user=a, password=PLANTED&quot; 10.1.2.0/24 -->",
                "<!-- Nmap 7.95 as: nmap --script-args=**** 10.1.2.0/24 -->",
            ),
            (
                "<!-- nmap --proxies http://a:PLANTED@10.0.0.1 -->",
                "<!-- nmap --proxies http://a:**** -->",
            ),
        ] {
            check(source, masked, 1);
        }
    }

    #[test]
    fn what_is_no_secret_stays_and_markup_stays_markup() {
        for source in [
            "<nvt><name>Default password found</name><cvss><value>7.5</value></cvss></nvt>",
            "<item><name>password length</name></item><value>8</value>",
            "<preference><name>password</name><value>****</value></preference>",
            "<preference><name>password</name><value></value></preference>",
            "<nmaprun args=\"nmap -sS -oX 'my file.xml' 10.1.2.0/24\">",
            "<a b=\"x>y\"/>text < more",
            "<!-- never closed",
            "<a b='",
        ] {
            check(source, source, 0);
        }
    }
}
