//! Package URLs: `pkg:type/namespace/name@version?qualifiers#subpath` (ECMA-427; package-url/purl-spec).

mod encoding;
mod types;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use crate::version::Scheme;

/// Longer texts are no package URLs; with this, reading is bounded.
pub const MAX_LENGTH: usize = 8192;

/// A package URL in its canonical form: what was read differently but names the same package is equal.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Purl {
    kind: String,
    namespace: Option<String>,
    name: String,
    version: Option<String>,
    qualifiers: BTreeMap<String, String>,
    subpath: Option<String>,
}

/// What a package URL is built from, decoded.
#[derive(Debug, Clone, Copy, Default)]
pub struct Parts<'a> {
    /// The type of package: `npm`, `deb`.
    pub kind: &'a str,
    /// The owner, vendor or group; segments with slashes between them.
    pub namespace: Option<&'a str>,
    /// The name.
    pub name: &'a str,
    /// The version.
    pub version: Option<&'a str>,
    /// Keys and values.
    pub qualifiers: &'a [(&'a str, &'a str)],
    /// A place inside the package; segments with slashes between them.
    pub subpath: Option<&'a str>,
}

/// Why a text, or parts, are no package URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PurlError {
    /// The text does not begin with `pkg:`.
    #[error("does not begin with `pkg:`")]
    NoScheme,
    /// The type is missing, or is not letters, digits, dots and hyphens after a letter.
    #[error("no valid type")]
    BadType,
    /// There is no name.
    #[error("no name")]
    NoName,
    /// A percent sign without two hexadecimal digits, or bytes that are no UTF-8.
    #[error("wrongly encoded")]
    BadEncoding,
    /// A slash inside a segment, encoded.
    #[error("an encoded slash inside a segment")]
    EncodedSlash,
    /// A key of a qualifier that is not letters, digits, dots, hyphens and underscores after a letter.
    #[error("no valid qualifier")]
    BadQualifier,
    /// A key twice.
    #[error("a qualifier given twice")]
    QualifierTwice,
    /// Longer than [`MAX_LENGTH`].
    #[error("too long")]
    TooLong,
    /// The type asks for a namespace.
    #[error("`{0}` asks for a namespace")]
    NamespaceMissing(&'static str),
    /// The type has no namespaces.
    #[error("`{0}` has no namespaces")]
    NamespaceProhibited(&'static str),
    /// The type asks for a qualifier.
    #[error("the qualifier `{0}` is missing")]
    QualifierMissing(&'static str),
    /// The type has no such names.
    #[error("`{0}` has no such names")]
    NameRefused(&'static str),
}

impl Purl {
    /// From decoded parts, normalised and checked by the definition of the type.
    pub fn build(parts: &Parts<'_>) -> Result<Self, PurlError> {
        let purl = Self::build_leniently(parts)?;
        purl.check()?;
        Ok(purl)
    }

    /// From decoded parts, by the general rules only.
    fn build_leniently(parts: &Parts<'_>) -> Result<Self, PurlError> {
        if !is_type(parts.kind) {
            return Err(PurlError::BadType);
        }
        if parts.name.is_empty() {
            return Err(PurlError::NoName);
        }
        let mut purl = Self {
            kind: parts.kind.to_ascii_lowercase(),
            namespace: joined(parts.namespace, |segment| !segment.is_empty()),
            name: parts.name.to_owned(),
            version: parts.version.filter(|version| !version.is_empty()).map(str::to_owned),
            qualifiers: qualifiers(parts.qualifiers)?,
            subpath: joined(parts.subpath, |segment| !matches!(segment, "" | "." | "..")),
        };
        purl.normalise();
        Ok(purl)
    }

    /// Reads a text by the general rules only. Real lists of components hold names that their type's definition refuses
    /// (`pkg:golang/stdlib` has no namespace), and still mean a package.
    pub fn read_leniently(text: &str) -> Result<Self, PurlError> {
        let text = text.trim();
        if text.len() > MAX_LENGTH {
            return Err(PurlError::TooLong);
        }
        let (text, subpath) = split_last(text, '#');
        let (text, query) = split_last(text, '?');
        let (scheme, path) = text.split_once(':').ok_or(PurlError::NoScheme)?;
        if !scheme.eq_ignore_ascii_case("pkg") {
            return Err(PurlError::NoScheme);
        }
        let (kind, path) = path.trim_matches('/').split_once('/').ok_or(PurlError::NoName)?;
        let (path, version) = split_version(path);
        let (namespace, name) = match path.trim_end_matches('/').rsplit_once('/') {
            Some((namespace, name)) => (Some(namespace), name),
            None => (None, path),
        };
        let qualifiers = read_qualifiers(query.unwrap_or(""))?;
        let borrowed: Vec<(&str, &str)> =
            qualifiers.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        Self::build_leniently(&Parts {
            kind,
            namespace: encoding::decode_segments(namespace)?.as_deref(),
            name: &encoding::decode(name)?,
            version: version.map(encoding::decode).transpose()?.as_deref(),
            qualifiers: &borrowed,
            subpath: encoding::decode_segments(subpath)?.as_deref(),
        })
    }

    /// The type, in small letters.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The namespace, its segments with slashes between them.
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The version.
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// The value of a qualifier; keys are of small letters.
    pub fn qualifier(&self, key: &str) -> Option<&str> {
        self.qualifiers.get(key).map(String::as_str)
    }

    /// All qualifiers in the order of their keys.
    pub fn qualifiers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.qualifiers.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// The place inside the package.
    pub fn subpath(&self) -> Option<&str> {
        self.subpath.as_deref()
    }

    /// Whether two package URLs name the same package, whatever the version, the qualifiers and the place inside.
    pub fn is_same_package(&self, other: &Self) -> bool {
        self.kind == other.kind && self.namespace == other.namespace && self.name == other.name
    }

    /// How versions of this type are ordered.
    pub fn scheme(&self) -> Option<Scheme> {
        Scheme::for_type(&self.kind)
    }

    /// What the definition of the type asks for (purl-spec, "Type definitions"). Types without a definition ask for nothing.
    pub fn check(&self) -> Result<(), PurlError> {
        let Some(definition) = types::find(&self.kind) else { return Ok(()) };
        let has = |key: &str| self.qualifiers.contains_key(key);
        definition.check(self.namespace.as_deref(), &self.name, has)
    }

    fn normalise(&mut self) {
        let Some(definition) = types::find(&self.kind) else { return };
        let lower = |bit| definition.lower & bit != 0;
        // MLflow on Databricks has names of no case, on other hosts of both (mlflow-definition.json).
        let databricks = self.kind == "mlflow"
            && self.qualifier("repository_url").is_some_and(|url| url.contains("databricks"));
        if lower(types::NAME) || databricks {
            self.name = self.name.to_lowercase();
        }
        self.name = definition.normalise_name(std::mem::take(&mut self.name));
        for (bit, part) in [
            (types::NAMESPACE, &mut self.namespace),
            (types::VERSION, &mut self.version),
            (types::SUBPATH, &mut self.subpath),
        ] {
            if lower(bit) {
                *part = part.as_deref().map(str::to_lowercase);
            }
        }
    }
}

impl FromStr for Purl {
    type Err = PurlError;

    /// Reads a text, and checks it by the definition of its type.
    fn from_str(text: &str) -> Result<Self, PurlError> {
        let purl = Self::read_leniently(text)?;
        purl.check()?;
        Ok(purl)
    }
}

/// Canonical (purl-spec, "How to build a PURL string from its components").
impl fmt::Display for Purl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pkg:{}/", self.kind)?;
        for segment in self.namespace.iter().flat_map(|namespace| namespace.split('/')) {
            write!(f, "{}/", encoding::Encoded(segment))?;
        }
        write!(f, "{}", encoding::Encoded(&self.name))?;
        if let Some(version) = &self.version {
            write!(f, "@{}", encoding::Encoded(version))?;
        }
        for (at, (key, value)) in self.qualifiers.iter().enumerate() {
            let between = if at == 0 { '?' } else { '&' };
            write!(f, "{between}{key}={}", encoding::Encoded(value))?;
        }
        for (at, segment) in self.subpath.iter().flat_map(|path| path.split('/')).enumerate() {
            let between = if at == 0 { '#' } else { '/' };
            write!(f, "{between}{}", encoding::Encoded(segment))?;
        }
        Ok(())
    }
}

impl fmt::Debug for Purl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Letters, digits, dots and hyphens, a letter first.
fn is_type(text: &str) -> bool {
    let is_rest = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'-';
    text.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic()) && text.bytes().all(is_rest)
}

/// As [`is_type`], with underscores.
fn is_key(text: &str) -> bool {
    let is_rest = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    text.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic()) && text.bytes().all(is_rest)
}

fn split_last(text: &str, at: char) -> (&str, Option<&str>) {
    text.rsplit_once(at).map_or((text, None), |(before, after)| (before, Some(after)))
}

/// The version follows the last `@` of the last segment; before it, `@` is npm's sign of a scope.
fn split_version(path: &str) -> (&str, Option<&str>) {
    let last = path.rfind('/').map_or(0, |at| at + 1);
    match path.rfind('@') {
        Some(at) if at >= last => match path.split_at_checked(at) {
            Some((path, version)) => (path, version.get(1..)),
            None => (path, None),
        },
        _ => (path, None),
    }
}

/// The segments that are kept, with slashes between them; `None` if there is none.
fn joined(text: Option<&str>, keep: impl Fn(&str) -> bool) -> Option<String> {
    let segments: Vec<&str> = text?.split('/').filter(|segment| keep(segment)).collect();
    (!segments.is_empty()).then(|| segments.join("/"))
}

/// Keys in small letters; those without a value are as if they were not there.
fn qualifiers(pairs: &[(&str, &str)]) -> Result<BTreeMap<String, String>, PurlError> {
    let mut qualifiers = BTreeMap::new();
    for (key, value) in pairs {
        if !is_key(key) {
            return Err(PurlError::BadQualifier);
        }
        if value.is_empty() {
            continue;
        }
        if qualifiers.insert(key.to_ascii_lowercase(), (*value).to_owned()).is_some() {
            return Err(PurlError::QualifierTwice);
        }
    }
    Ok(qualifiers)
}

fn read_qualifiers(query: &str) -> Result<Vec<(String, String)>, PurlError> {
    let mut pairs = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').ok_or(PurlError::BadQualifier)?;
        pairs.push((key.to_owned(), encoding::decode(value)?));
    }
    Ok(pairs)
}

/// For fuzzing: what is read is written and read again as the same.
pub fn fuzz(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for line in crate::fuzzing::texts(&text) {
        if let Ok(purl) = Purl::read_leniently(line) {
            let again = Purl::read_leniently(&purl.to_string());
            // Encoding makes a text longer, so that it may pass the bound.
            assert!(again == Ok(purl) || again == Err(PurlError::TooLong), "{line}");
        }
    }
}

#[cfg(test)]
mod tests;
