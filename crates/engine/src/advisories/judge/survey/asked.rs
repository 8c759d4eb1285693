//! A product's names apart from its version.

use domain::Component;

use crate::advisories::judge::Product;

/// A product that is asked about, as it lies elsewhere: see [`Product`].
#[derive(Debug, Clone, Copy, Default)]
pub struct Asked<'p> {
    /// Its package URLs.
    pub purls: &'p [String],
    /// Its CPE names.
    pub cpes: &'p [String],
    /// Its name.
    pub name: Option<&'p str>,
    /// Who supplies it.
    pub supplier: Option<&'p str>,
    /// Its version.
    pub version: Option<&'p str>,
}

/// A name around its version: what stands before it, the version, and what stands after it.
pub(super) type Parts<'p> = (&'p str, &'p str, &'p str);

impl<'p> From<&'p Component> for Asked<'p> {
    fn from(component: &'p Component) -> Self {
        Self {
            purls: &component.purls,
            cpes: &component.cpes,
            name: Some(&component.name),
            supplier: component.supplier.as_deref(),
            version: component.version.as_deref(),
        }
    }
}

impl<'p> From<&'p Product> for Asked<'p> {
    fn from(product: &'p Product) -> Self {
        Self {
            purls: &product.purls,
            cpes: &product.cpes,
            name: product.name.as_deref(),
            supplier: product.supplier.as_deref(),
            version: product.version.as_deref(),
        }
    }
}

impl<'p> Asked<'p> {
    /// The version that stands apart from the names.
    pub(super) fn own_version(&self) -> Option<&'p str> {
        self.version.map(str::trim).filter(|version| !version.is_empty())
    }

    /// Writes what tells its group from others, and gives the version: the one that stands apart, or that of the first name with one.
    /// Only this version is cut out of the names, so that group and version together are the product again.
    pub(super) fn write_stem(&self, stem: &mut Vec<u8>) -> Option<&'p str> {
        let mut version = self.own_version();
        stem.push(u8::from(version.is_some()));
        for (names, split) in self.names() {
            length(names.len(), stem);
            for text in names {
                let parts = split(text);
                version = version.or(parts.map(|(_, own, _)| own));
                match parts.filter(|(_, own, _)| Some(*own) == version) {
                    Some((before, _, after)) => {
                        stem.push(1);
                        write(before, stem);
                        write(after, stem);
                    }
                    None => {
                        stem.push(0);
                        write(text, stem);
                    }
                }
            }
        }
        for text in [self.name, self.supplier] {
            stem.push(u8::from(text.is_some()));
            text.iter().for_each(|text| write(text, stem));
        }
        version
    }

    /// Its names, each with how to take it apart.
    fn names(&self) -> [(&'p [String], Split); 2] {
        [(self.purls, split_purl), (self.cpes, split_cpe)]
    }
}

/// Takes a name apart.
type Split = for<'t> fn(&'t str) -> Option<Parts<'t>>;

fn write(text: &str, stem: &mut Vec<u8>) {
    length(text.len(), stem);
    stem.extend_from_slice(text.as_bytes());
}

/// In groups of seven bits, the lowest first.
fn length(mut left: usize, stem: &mut Vec<u8>) {
    while left >= 0x80 {
        stem.push((left & 0x7f) as u8 | 0x80);
        left >>= 7;
    }
    stem.push(left as u8);
}

/// A stem that is being read. It was written by us: what does not fit reads as nothing.
pub(super) struct Stem<'s>(pub(super) &'s [u8]);

impl<'s> Stem<'s> {
    pub(super) fn flag(&mut self) -> bool {
        self.byte() == 1
    }

    pub(super) fn length(&mut self) -> usize {
        let (mut value, mut shift) = (0, 0);
        loop {
            let byte = self.byte();
            value |= usize::from(byte & 0x7f) << shift;
            shift += 7;
            if byte < 0x80 || shift >= usize::BITS {
                return value;
            }
        }
    }

    pub(super) fn text(&mut self) -> String {
        let length = self.length();
        let (text, rest) = self.0.split_at_checked(length).unwrap_or_default();
        self.0 = rest;
        String::from_utf8_lossy(text).into_owned()
    }

    fn byte(&mut self) -> u8 {
        let (byte, rest) = self.0.split_first().unwrap_or((&0, &[]));
        self.0 = rest;
        *byte
    }
}

/// A package URL: its version follows the last `@` of its path (purl-spec, "How to parse a PURL string in its components").
fn split_purl(text: &str) -> Option<Parts<'_>> {
    let path = text.split_once(['?', '#']).map_or(text, |(path, _)| path);
    let at = path.rfind('@')? + 1;
    let (before, rest) = text.split_at_checked(at)?;
    let (version, after) = rest.split_at_checked(path.len() - at)?;
    (!version.is_empty() && !version.contains('/')).then_some((before, version, after))
}

/// A formatted string: its version is the fourth attribute (NISTIR 7695 clause 6.2.1). Names with quoted letters stay whole.
fn split_cpe(text: &str) -> Option<Parts<'_>> {
    let attributes = text.strip_prefix("cpe:2.3:")?;
    let (mut colons, mut start, mut end) = (0, 0, 0);
    for (at, byte) in attributes.bytes().enumerate() {
        match byte {
            b'\\' => return None,
            b':' => {
                colons += 1;
                match colons {
                    3 => start = at + 1,
                    4 => end = at,
                    _ => {}
                }
            }
            _ => {}
        }
    }
    let skipped = text.len() - attributes.len();
    let (start, end) = (start + skipped, end.checked_add(skipped)?);
    let (before, after) = (text.get(..start)?, text.get(end..)?);
    let version = text.get(start..end)?;
    (!matches!(version, "" | "*" | "-")).then_some((before, version, after))
}
