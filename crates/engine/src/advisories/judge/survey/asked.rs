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
        let own = self.own_version();
        let version = own.or_else(|| {
            let purls = self.purls.iter().filter_map(|text| split_purl(text));
            let cpes = self.cpes.iter().filter_map(|text| split_cpe(text));
            purls.chain(cpes).map(|(_, version, _)| version).next()
        });
        stem.push(u8::from(own.is_some()) | u8::from(self.name.is_some()) << 1);
        stem.push(u8::from(self.supplier.is_some()));
        for (names, split) in self.names() {
            length(names.len(), stem);
            names.iter().for_each(|text| write_name(text, split, version, stem));
        }
        for text in [self.name, self.supplier].into_iter().flatten() {
            write(text, stem);
        }
        version
    }

    /// Its names, each with how to take it apart.
    pub(super) fn names(&self) -> [(&'p [String], Split); 2] {
        [(self.purls, split_purl), (self.cpes, split_cpe)]
    }
}

/// Takes a name apart.
pub(super) type Split = for<'t> fn(&'t str) -> Option<Parts<'t>>;

fn write_name(text: &str, split: Split, version: Option<&str>, stem: &mut Vec<u8>) {
    match split(text).filter(|(_, own, _)| Some(*own) == version) {
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

fn write(text: &str, stem: &mut Vec<u8>) {
    length(text.len(), stem);
    stem.extend_from_slice(text.as_bytes());
}

fn length(length: usize, stem: &mut Vec<u8>) {
    stem.extend_from_slice(&length.to_le_bytes());
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
    if !text.starts_with("cpe:2.3:") || text.contains('\\') {
        return None;
    }
    let mut colons = text.bytes().enumerate().filter(|(_, byte)| *byte == b':');
    let start = colons.nth(4)?.0 + 1;
    let end = colons.next()?.0;
    let (before, rest) = text.split_at_checked(start)?;
    let (version, after) = rest.split_at_checked(end - start)?;
    (!matches!(version, "" | "*" | "-")).then_some((before, version, after))
}
