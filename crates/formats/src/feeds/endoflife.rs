//! End-of-life tables of endoflife.date (<https://endoflife.date/docs/api/v1/>, and v0 before it), JSON.
//!
//! v1 says of which product it speaks and when it was made; v0 is a bare list of releases and says neither. A table has some hundred
//! kilobytes, and all products together three megabytes, so it is read whole: in v1 the day may stand behind the releases.

use std::borrow::Cow;
use std::fmt;
use std::io::Read;

use domain::{SupportEnd, SupportRelease, SupportTable, msg};
use jiff::civil::Date;
use serde::Deserialize;
use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::fault::Fault;
use super::gather::{Gather, Reject};
use super::json::moment;
use crate::text::excerpt;

/// The largest document, in bytes: three times all products together.
const LIMIT: u64 = 10 << 20;

/// Reads the document of a file of this name.
pub(super) fn read(bytes: impl Read, file: &str, gather: &mut Gather<'_>) -> Result<(), Fault> {
    let mut text = Vec::new();
    let read = bytes.take(LIMIT + 1).read_to_end(&mut text);
    read.map_err(|error| Fault::of(&error, 1))?;
    if text.len() as u64 > LIMIT {
        return Err(Fault::Swells);
    }
    if text.trim_ascii_start().starts_with(b"[") {
        let releases: Vec<Release> = parse(&text)?;
        let product = product_of(file).to_ascii_lowercase();
        give(gather, product, Some(file), None, releases);
        return Ok(());
    }
    let page: Page = parse(&text)?;
    let made = page.generated_at.or(page.last_modified);
    let made = made.as_deref().and_then(moment);
    gather.schema(page.schema_version.as_deref().unwrap_or_default());
    gather.seen(made);
    for Product { name, releases } in page.result.0 {
        match name {
            Some(name) => give(gather, name, None, made, releases),
            None => gather.refuse(0, None, &Reject::Told(msg!("feed.refused_product"))),
        }
    }
    Ok(())
}

fn parse<'t, T: Deserialize<'t>>(text: &'t [u8]) -> Result<T, Fault> {
    serde_json::from_slice(text).map_err(|error| {
        let line = error.line() as u64;
        if error.is_eof() { Fault::Cut(line) } else { Fault::Syntax(line) }
    })
}

/// Hands on the releases of a product; those that cannot be read are named.
fn give(
    gather: &mut Gather<'_>,
    product: String,
    named_by: Option<&str>,
    made: Option<jiff::Timestamp>,
    releases: Vec<Release>,
) {
    let mut known = Vec::with_capacity(releases.len());
    for (release, number) in releases.into_iter().zip(1..) {
        match release.read() {
            Ok(release) => {
                gather.record();
                known.push(release);
            }
            Err(name) => {
                let product = excerpt(&product);
                let why = match &name {
                    None => msg!("feed.refused_release", number = number, product = product),
                    Some(name) => msg!(
                        "feed.refused_release_date",
                        number = number,
                        product = product,
                        release = excerpt(name)
                    ),
                };
                gather.refuse(number, name.as_deref(), &Reject::Told(why));
            }
        }
    }
    let named_by = named_by.map(excerpt);
    gather.reading.support.push(SupportTable { product, named_by, made, releases: known });
}

/// The product that a file of v0 is named after: `windows-server` for `v0/windows-server.json.gz` and
/// `endoflife-windows-server-v0.json`.
fn product_of(file: &str) -> &str {
    let mut name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    for end in [".gz", ".json", "-v0"] {
        name = name.strip_suffix(end).unwrap_or(name);
    }
    name.strip_prefix("endoflife-").unwrap_or(name)
}

/// A document of v1.
#[derive(Deserialize)]
struct Page {
    #[serde(default)]
    schema_version: Option<String>,
    #[serde(default)]
    generated_at: Option<String>,
    #[serde(default)]
    last_modified: Option<String>,
    result: Products,
}

/// One product, or all of them.
struct Products(Vec<Product>);

#[derive(Deserialize)]
struct Product {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    releases: Vec<Release>,
}

impl<'de> Deserialize<'de> for Products {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Products;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a product or a list of them")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Products, A::Error> {
                let map = serde::de::value::MapAccessDeserializer::new(map);
                Product::deserialize(map).map(|product| Products(vec![product]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Products, A::Error> {
                let seq = serde::de::value::SeqAccessDeserializer::new(seq);
                Vec::deserialize(seq).map(Products)
            }
        }
        from.deserialize_any(Either)
    }
}

/// A release of either edition, as far as it could be read.
#[derive(Default)]
struct Release {
    name: Cell,
    latest: Cell,
    active: Cell,
    end: Cell,
    is_over: Cell,
    extended: Cell,
}

impl Release {
    /// The release; its name where a date in it cannot be read, nothing where it has no name.
    fn read(self) -> Result<SupportRelease, Option<String>> {
        let Cell::Text(name) = self.name else { return Err(None) };
        if name.trim().is_empty() {
            return Err(None);
        }
        let days = (self.end.end(), self.active.day(), self.extended.day());
        let (Some(end), Some(active), Some(extended)) = days else { return Err(Some(name)) };
        let end = match (end, self.is_over) {
            (SupportEnd::Unsaid, Cell::Flag(true)) => SupportEnd::Over,
            (SupportEnd::Unsaid, Cell::Flag(false)) => SupportEnd::Going,
            (end, _) => end,
        };
        let latest = if let Cell::Text(latest) = self.latest { latest } else { String::new() };
        Ok(SupportRelease { name, latest, active, end, extended })
    }
}

impl<'de> Deserialize<'de> for Release {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(AnyRelease)
    }
}

/// Reads a release; what is no object becomes one without a name, so that it costs only itself.
struct AnyRelease;

impl<'de> Visitor<'de> for AnyRelease {
    type Value = Release;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a release")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Release, A::Error> {
        let mut release = Release::default();
        while let Some(key) = map.next_key::<Cow<'_, str>>()? {
            match &*key {
                "name" | "cycle" => release.name = map.next_value()?,
                "latest" => release.latest = map.next_value()?,
                "eoasFrom" | "support" => release.active = map.next_value()?,
                "eolFrom" | "eol" => release.end = map.next_value()?,
                "isEol" => release.is_over = map.next_value()?,
                "eoesFrom" | "extendedSupport" => release.extended = map.next_value()?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(release)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Release, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Release::default())
    }

    fn visit_str<E>(self, _: &str) -> Result<Release, E> {
        Ok(Release::default())
    }

    fn visit_bool<E>(self, _: bool) -> Result<Release, E> {
        Ok(Release::default())
    }

    fn visit_unit<E>(self) -> Result<Release, E> {
        Ok(Release::default())
    }

    fn visit_u64<E>(self, _: u64) -> Result<Release, E> {
        Ok(Release::default())
    }

    fn visit_i64<E>(self, _: i64) -> Result<Release, E> {
        Ok(Release::default())
    }

    fn visit_f64<E>(self, _: f64) -> Result<Release, E> {
        Ok(Release::default())
    }
}

/// A value as these tables have them: a text, a yes or no; of what is an object (v1 `latest`), its name.
#[derive(Default, Debug, PartialEq, Eq)]
enum Cell {
    #[default]
    None,
    Text(String),
    Flag(bool),
    /// What has no place there.
    Other,
}

impl Cell {
    /// When support ends; none where that cannot be read.
    fn end(&self) -> Option<SupportEnd> {
        match self {
            Self::None => Some(SupportEnd::Unsaid),
            Self::Flag(true) => Some(SupportEnd::Over),
            Self::Flag(false) => Some(SupportEnd::Going),
            Self::Text(text) => text.trim().parse::<Date>().ok().map(SupportEnd::On),
            Self::Other => None,
        }
    }

    /// The day, where it is one; none where it is neither a day nor a yes or no.
    fn day(&self) -> Option<Option<Date>> {
        match self {
            Self::None | Self::Flag(_) => Some(None),
            Self::Text(text) => text.trim().parse().ok().map(Some),
            Self::Other => None,
        }
    }
}

impl<'de> Deserialize<'de> for Cell {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(AnyCell)
    }
}

struct AnyCell;

impl<'de> Visitor<'de> for AnyCell {
    type Value = Cell;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Cell, E> {
        Ok(Cell::Text(text.to_owned()))
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Cell, E> {
        Ok(Cell::Flag(flag))
    }

    fn visit_unit<E>(self) -> Result<Cell, E> {
        Ok(Cell::None)
    }

    // A release that is a plain number may stand without quotes.
    fn visit_u64<E>(self, number: u64) -> Result<Cell, E> {
        Ok(Cell::Text(number.to_string()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Cell, E> {
        Ok(Cell::Text(number.to_string()))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Cell, E> {
        // 7.10 and 7.1 are one number and two releases.
        Ok(Cell::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Cell, A::Error> {
        let mut name = Cell::Other;
        while let Some(key) = map.next_key::<Cow<'_, str>>()? {
            if key == "name" {
                name = map.next_value()?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(name)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Cell, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Cell::Other)
    }
}
