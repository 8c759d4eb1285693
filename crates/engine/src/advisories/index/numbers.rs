//! The vulnerabilities of an index, under all their numbers.

use std::collections::BTreeMap;
use std::io::{self, Write};

use domain::advisory::{Exploited, Forecast, Ssvc};

use super::code::Coded;
use super::groups::Groups;
use super::kept::Kept;
use super::write::File;
use super::{Section, Vulnerability, leads, number_hash};

/// The numbers that stand for vulnerabilities, all their numbers, and what is known of each.
pub(super) struct Numbered<'k> {
    groups: &'k Groups,
    /// Sorted: the place of each is its number in the index.
    standing: Vec<&'k str>,
    /// Of each the other numbers: place and number, sorted.
    others: Vec<(u32, &'k str)>,
    exploited: BTreeMap<u32, &'k Exploited>,
    forecasts: BTreeMap<u32, Forecast>,
    ssvc: BTreeMap<u32, &'k Ssvc>,
}

impl<'k> Numbered<'k> {
    pub(super) fn of(
        kept: &'k [Kept],
        groups: &'k Groups,
        exploited: &'k BTreeMap<String, Exploited>,
        forecasts: &'k BTreeMap<String, Forecast>,
    ) -> Self {
        let single = exploited.keys().chain(forecasts.keys()).map(String::as_str);
        let ids = kept.iter().map(|kept| kept.id.as_str()).chain(single.clone());
        let mut standing: Vec<&str> = ids.map(|id| groups.of_number(id)).collect();
        standing.sort_unstable();
        standing.dedup();
        let mut all = Self {
            groups,
            standing,
            others: Vec::new(),
            exploited: BTreeMap::new(),
            forecasts: BTreeMap::new(),
            ssvc: BTreeMap::new(),
        };
        for kept in kept {
            let numbers = kept.aliases.iter().map(String::as_str).chain([kept.id.as_str()]);
            // Another CVE number is another vulnerability, whatever one party calls it.
            let stands = groups.of_number(&kept.id);
            let own = numbers
                .filter(|number| groups.of_number(number) == stands || !number.starts_with("CVE-"));
            all.name(all.place(stands), own);
            if let Some(said) = kept.ssvc.as_deref() {
                let last = all.ssvc.entry(all.place(stands)).or_insert(said);
                *last = (*last).max(said);
            }
        }
        for number in single {
            all.name(all.place(number), [number].into_iter());
        }
        all.others.sort_unstable();
        all.others.dedup();
        all.exploited = exploited.iter().map(|(id, entry)| (all.place(id), entry)).collect();
        for (id, forecast) in forecasts {
            let known = all.forecasts.entry(all.place(id)).or_insert(*forecast);
            *known = (*known).max(*forecast);
        }
        all
    }

    fn name(&mut self, place: u32, numbers: impl Iterator<Item = &'k str>) {
        let standing = self.standing.get(place as usize).copied();
        self.others.extend(numbers.filter(|one| Some(*one) != standing).map(|one| (place, one)));
    }

    /// The place of the vulnerability that has this number.
    pub(super) fn place(&self, number: &str) -> u32 {
        let found = self.standing.binary_search(&self.groups.of_number(number)).ok();
        found.and_then(|at| u32::try_from(at).ok()).unwrap_or(u32::MAX)
    }
}

/// Writes the vulnerabilities and the tables that lead to them; how many there are.
pub(super) fn write<W: Write>(numbered: &Numbered<'_>, file: &mut File<'_, W>) -> io::Result<u64> {
    let (mut extents, mut hashes, mut bytes) = (Vec::new(), Vec::new(), Vec::new());
    let mut others = numbered.others.iter().peekable();
    let start = file.pages.at();
    for (at, id) in (0u32..).zip(&numbered.standing) {
        let mut numbers = vec![(*id).to_owned()];
        while let Some((_, number)) = others.next_if(|(place, _)| *place == at) {
            numbers.push((*number).to_owned());
        }
        numbers.sort_unstable();
        hashes.extend(numbers.iter().map(|number| (number_hash(number), at)));
        let vulnerability = Vulnerability {
            id: (*id).to_owned(),
            numbers,
            exploited: numbered.exploited.get(&at).map(|entry| (*entry).clone()),
            forecast: numbered.forecasts.get(&at).copied(),
            ssvc: numbered.ssvc.get(&at).map(|ssvc| (*ssvc).clone()),
        };
        bytes.clear();
        vulnerability.write(&mut bytes);
        extents.extend((file.pages.at() - start).to_be_bytes());
        extents.extend((bytes.len() as u64).to_be_bytes());
        file.pages.put(&bytes)?;
    }
    file.close(Section::Vulnerabilities, start);
    file.section(Section::Extents, &extents)?;
    file.section(Section::Numbers, &leads(hashes))?;
    Ok(numbered.standing.len() as u64)
}
