//! What was written over an index later: a second file, and what it hides of the first.

use std::collections::BTreeMap;

use domain::advisory::{Exploited, Forecast};

use super::build::says_more;
use super::code::{Coded, Garbled, Input};
use super::layer::Layer;
use super::pages::Mark;
use super::posting::{Place, Posting, Span};
use super::{FORECAST, IndexError, Section, Vulnerability, fixed, fixed_32};

/// What a file that was written over another says of that one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Amendment {
    /// The digest above all pages of the other.
    pub(super) base: Mark,
    /// The vulnerabilities of the other that stand here anew, or no more; sorted.
    pub(super) hidden: Vec<u32>,
    /// How many advisories there are on those.
    pub(super) hidden_advisories: u32,
    /// The catalogue of known exploited vulnerabilities, where one came after the other was written.
    pub(super) exploited: Option<Vec<Exploited>>,
    /// Whether forecasts came after the other was written. They stand in a section of their own.
    pub(super) has_forecasts: bool,
}

/// A second file.
pub(super) struct Overlay<'a> {
    pub(super) layer: Layer<'a>,
    /// A bit for each vulnerability of the first.
    hidden: Vec<u64>,
    hidden_advisories: u32,
    counts: Counts,
    exploited: Option<BTreeMap<String, Exploited>>,
    has_forecasts: bool,
    /// The number of its first advisory in the whole index.
    pub(super) first_advisory: u32,
    /// The number of its first vulnerability in the whole index.
    pub(super) first_vulnerability: u32,
    /// The place of its first claim in the whole index.
    pub(super) first_claim: u64,
}

/// How many there are in both files that are not hidden.
struct Counts {
    advisories: u32,
    vulnerabilities: u32,
}

impl<'a> Overlay<'a> {
    /// Reads what the file says of the one below it, which must be `base`.
    pub(super) fn of(layer: Layer<'a>, base: &Layer<'_>) -> Result<Self, IndexError> {
        if !layer.is_over() {
            return Err(IndexError::Stranger);
        }
        let amendment: Amendment = layer.whole(Section::Amendment)?;
        if amendment.base != base.root() {
            return Err(IndexError::Stranger);
        }
        let mut hidden = vec![0u64; base.vulnerabilities().div_ceil(64) as usize];
        for number in &amendment.hidden {
            let word = hidden.get_mut((number / 64) as usize).ok_or(IndexError::Damaged)?;
            *word |= 1 << (number % 64);
        }
        let hidden_count = u32::try_from(amendment.hidden.len()).unwrap_or(u32::MAX);
        let left = |all: u32, hidden: u32, own: u32| all.saturating_sub(hidden).saturating_add(own);
        let counts = Counts {
            advisories: left(base.advisories(), amendment.hidden_advisories, layer.advisories()),
            vulnerabilities: left(base.vulnerabilities(), hidden_count, layer.vulnerabilities()),
        };
        let by_id = |entries: Vec<Exploited>| {
            entries.into_iter().map(|entry| (entry.id.clone(), entry)).collect()
        };
        Ok(Self {
            hidden,
            hidden_advisories: amendment.hidden_advisories,
            counts,
            exploited: amendment.exploited.map(by_id),
            has_forecasts: amendment.has_forecasts,
            first_advisory: base.advisories(),
            first_vulnerability: base.vulnerabilities(),
            first_claim: base.extent(Section::Claims).1,
            layer,
        })
    }

    /// How many advisories there are in both files.
    pub(super) fn advisories(&self) -> u32 {
        self.counts.advisories
    }

    /// How many vulnerabilities there are in both files.
    pub(super) fn vulnerabilities(&self) -> u32 {
        self.counts.vulnerabilities
    }

    /// Whether a vulnerability of the first file stands here, or no more.
    pub(super) fn hides(&self, vulnerability: u32) -> bool {
        let word = self.hidden.get((vulnerability / 64) as usize);
        word.is_some_and(|word| word >> (vulnerability % 64) & 1 == 1)
    }

    /// The vulnerabilities of the first file that stand here, or no more.
    pub(super) fn hidden(&self) -> impl Iterator<Item = u32> {
        (0..self.first_vulnerability).filter(|number| self.hides(*number))
    }

    /// How many advisories there are on those.
    pub(super) fn hidden_advisories(&self) -> u32 {
        self.hidden_advisories
    }

    /// The catalogue that came with it.
    pub(super) fn exploited(&self) -> Option<&BTreeMap<String, Exploited>> {
        self.exploited.as_ref()
    }

    /// Whether forecasts came with it.
    pub(super) fn has_forecasts(&self) -> bool {
        self.has_forecasts
    }

    /// What is known of a vulnerability since lists came that hold as a whole.
    pub(super) fn amended(&self, known: Vulnerability) -> Result<Vulnerability, IndexError> {
        let exploited = match &self.exploited {
            None => known.exploited,
            Some(listed) => {
                let own = known.exploited.filter(|entry| !is_of_catalogue(entry));
                match (listed.get(&known.id), own) {
                    (Some(listed), Some(own)) if says_more(&own, listed) => Some(own),
                    (Some(listed), _) => Some(listed.clone()),
                    (None, own) => own,
                }
            }
        };
        let forecast = match self.has_forecasts {
            true => self.forecast(&known.id)?,
            false => known.forecast,
        };
        Ok(Vulnerability { exploited, forecast, ..known })
    }

    /// A vulnerability of which lists speak and no advisory.
    pub(super) fn listed(&self, number: &str) -> Result<Option<Vulnerability>, IndexError> {
        let (id, numbers) = (number.to_owned(), vec![number.to_owned()]);
        let bare = Vulnerability { id, numbers, exploited: None, forecast: None, ssvc: None };
        let known = self.amended(bare)?;
        Ok((known.exploited.is_some() || known.forecast.is_some()).then_some(known))
    }

    fn forecast(&self, id: &str) -> Result<Option<Forecast>, IndexError> {
        let Some(number) = cve_number(id) else { return Ok(None) };
        let found = self.layer.equal(Section::Forecasts, FORECAST, number)?.next();
        found.map(|at| Ok(self.forecast_at(at)?.1)).transpose()
    }

    /// All forecasts that came with it.
    pub(super) fn forecasts(
        &self,
    ) -> impl Iterator<Item = Result<(String, Forecast), IndexError>> + '_ {
        (0..self.layer.count(Section::Forecasts, FORECAST)).map(|at| self.forecast_at(at))
    }

    fn forecast_at(&self, at: u32) -> Result<(String, Forecast), IndexError> {
        let entry = self.layer.entry(Section::Forecasts, FORECAST, at)?;
        let percentile = Some(fixed_32(&entry, 12)?).filter(|value| *value != u32::MAX);
        let forecast = Forecast { probability: fixed_32(&entry, 8)?, percentile };
        Ok((cve_text(fixed(&entry, 0)?), forecast))
    }

    /// What stands under a key in both files.
    pub(super) fn joined(&self, base: Option<Posting>, own: Option<Posting>) -> Option<Posting> {
        let mut all = base.unwrap_or_default();
        all.spans.retain(|span| !self.hides(span.vulnerability));
        let Some(own) = own else { return (!all.is_empty()).then_some(all) };
        let first = u32::try_from(all.plain.len()).unwrap_or(u32::MAX);
        let moved = |(at, length): &Place| (self.first_claim.saturating_add(*at), *length);
        all.others.extend(own.others.iter().map(moved));
        all.plain.extend(own.plain.iter().map(moved));
        all.spans.extend(own.spans.into_iter().map(|span| Span {
            vulnerability: span.vulnerability.saturating_add(self.first_vulnerability),
            advisory: span.advisory.saturating_add(self.first_advisory),
            claim: span.claim.saturating_add(first),
            ..span
        }));
        Some(all)
    }
}

/// Whether an entry is the catalogue's own: what other feeds repeat of it names no product.
pub(super) fn is_of_catalogue(entry: &Exploited) -> bool {
    !entry.product.is_empty()
}

/// A CVE number as one number, where it is written as the programme writes it; of any other text none.
///
/// Four digits of the year, then four digits or more without a leading zero where there are more
/// (<https://www.cve.org/Resources/General/Archives/New-CVE-ID-Syntax.pdf> as told in the CVE record format, `cveId`).
pub(super) fn cve_number(id: &str) -> Option<u64> {
    let (year, number) = id.strip_prefix("CVE-")?.split_once('-')?;
    let read = u64::from(year.parse::<u16>().ok()?) << 48 | number.parse::<u64>().ok()?;
    (number.len() <= 14 && cve_text(read) == id).then_some(read)
}

fn cve_text(number: u64) -> String {
    format!("CVE-{:04}-{:04}", number >> 48, number & ((1 << 48) - 1))
}

impl Coded for Amendment {
    fn write(&self, out: &mut Vec<u8>) {
        let Self { base, hidden, hidden_advisories, exploited, has_forecasts } = self;
        out.extend_from_slice(base);
        hidden.write(out);
        hidden_advisories.write(out);
        exploited.write(out);
        has_forecasts.write(out);
    }

    fn read(input: &mut Input<'_>) -> Result<Self, Garbled> {
        Ok(Self {
            base: input.take(16)?.first_chunk().copied().ok_or(Garbled)?,
            hidden: Coded::read(input)?,
            hidden_advisories: Coded::read(input)?,
            exploited: Coded::read(input)?,
            has_forecasts: Coded::read(input)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cve_number_is_read_as_the_programme_writes_it() {
        for text in ["CVE-1999-0001", "CVE-2024-12345", "CVE-2026-1234567"] {
            assert_eq!(cve_text(cve_number(text).unwrap()), text);
        }
        let refused = ["CVE-2024-1", "CVE-2024-01234", "cve-2024-1234", "CVE-24-1234", "GHSA-1"];
        assert!(refused.iter().all(|text| cve_number(text).is_none()));
        assert!(cve_number("CVE-2024-999999999999999").is_none(), "more than fits");
    }
}
