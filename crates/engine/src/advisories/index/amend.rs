//! Records that are written over an index, or beside what it holds into a new one.
//!
//! What is written over an index must come to the same as writing all anew. So each vulnerability that a new record touches is taken out of
//! the first file whole, with all that any party says of it, and with all vulnerabilities that hang together with it by their numbers:
//! which numbers are one, and which record of a document is the latest, is then decided anew among all that it could depend on.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io;

use domain::advisory::{Advisory, Exploited, FeedRecord, Forecast};

use super::build::Builder;
use super::over::{Amendment, cve_number, is_of_catalogue};
use super::{Index, IndexError, Section, number_hash};

/// Lists of which a new one has come: what is not on it is on none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fresh {
    /// The catalogue of known exploited vulnerabilities.
    pub exploited: bool,
    /// The forecasts.
    pub forecasts: bool,
}

/// Why records could not be joined with those of an index.
#[derive(Debug, thiserror::Error)]
pub enum HeldError {
    /// The index cannot be read.
    #[error(transparent)]
    Held(#[from] IndexError),
    /// The records do not fit.
    #[error(transparent)]
    Full(#[from] io::Error),
}

/// What is taken out of the file below.
#[derive(Default)]
struct Taken {
    vulnerabilities: BTreeSet<u32>,
    advisories: u32,
    /// Numbers that may stand for something else by now, and those that were looked at.
    open: VecDeque<String>,
    seen: BTreeSet<String>,
}

impl Builder {
    /// Adds what an index holds, without the lists of which a new one has come.
    ///
    /// # Errors
    ///
    /// That the index cannot be read, or the records do not fit. Some of them were added then.
    pub fn add_held(&mut self, held: &Index<'_>, fresh: Fresh) -> Result<(), HeldError> {
        for number in held.each_advisory() {
            let advisory = held.advisory(number?)?;
            self.add(FeedRecord::Advisory(Box::new(advisory)))?;
        }
        for number in held.each_vulnerability() {
            let known = held.vulnerability(number)?;
            self.add_lists(known.id, known.exploited, known.forecast, fresh)?;
        }
        if let Some(over) = &held.over {
            for entry in over.exploited().into_iter().flat_map(BTreeMap::values) {
                self.add_lists(entry.id.clone(), Some(entry.clone()), None, fresh)?;
            }
            for forecast in over.forecasts().filter(|_| !fresh.forecasts) {
                let (id, forecast) = forecast?;
                self.add_lists(id, None, Some(forecast), fresh)?;
            }
        }
        Ok(())
    }

    fn add_lists(
        &mut self,
        id: String,
        exploited: Option<Exploited>,
        forecast: Option<Forecast>,
        fresh: Fresh,
    ) -> io::Result<()> {
        let stays = |entry: &Exploited| !fresh.exploited || !is_of_catalogue(entry);
        if let Some(entry) = exploited.filter(stays) {
            self.add(FeedRecord::Exploited(entry))?;
        }
        if let Some(forecast) = forecast.filter(|_| !fresh.forecasts) {
            self.add(FeedRecord::Forecast(id, forecast))?;
        }
        Ok(())
    }

    /// Makes what was added something that is written over the first file of `held`, in place of its second. Where more than `most`
    /// advisories would have to be written, or a list has numbers of another kind, it is left as it is, and the answer is `false`: all is
    /// to be written anew then, after [`Builder::add_held`]; what was taken out of `held` until then does no harm.
    ///
    /// # Errors
    ///
    /// As [`Builder::add_held`].
    pub fn amend(
        &mut self,
        held: &Index<'_>,
        fresh: Fresh,
        most: usize,
    ) -> Result<bool, HeldError> {
        if fresh.exploited && !self.exploited.keys().all(|id| id.starts_with("CVE-"))
            || fresh.forecasts && !self.forecasts.keys().all(|id| cve_number(id).is_some())
        {
            return Ok(false);
        }
        let over = held.over.as_ref();
        let before = over.map_or(0, |over| over.layer.advisories() as usize);
        if self.added().saturating_add(before) > most {
            return Ok(false);
        }
        let lists = Fresh {
            exploited: fresh.exploited || over.is_some_and(|over| over.exploited().is_some()),
            forecasts: fresh.forecasts || over.is_some_and(super::Overlay::has_forecasts),
        };
        let mut taken = self.touched(held, fresh)?;
        self.take_second(held, lists, &mut taken)?;
        if !self.take_first(held, lists, most, &mut taken)? {
            return Ok(false);
        }
        let exploited = if fresh.exploited {
            Some(self.take_catalogue())
        } else {
            let kept = over.and_then(|over| over.exploited());
            kept.map(|kept| kept.values().cloned().collect())
        };
        self.listed = if fresh.forecasts {
            Some(std::mem::take(&mut self.forecasts))
        } else {
            let kept = over.filter(|over| over.has_forecasts());
            kept.map(|kept| kept.forecasts().collect::<Result<_, _>>()).transpose()?
        };
        self.amendment = Some(Amendment {
            base: held.base.root(),
            hidden: taken.vulnerabilities.into_iter().collect(),
            hidden_advisories: taken.advisories,
            exploited,
            has_forecasts: self.listed.is_some(),
        });
        Ok(true)
    }

    /// The vulnerabilities of the first file that what was added speaks of, or replaces a document of.
    fn touched(&self, held: &Index<'_>, fresh: Fresh) -> Result<Taken, IndexError> {
        let mut taken = Taken::default();
        for (origin, numbers) in self.spoken() {
            for advisory in held.base.led_to(Section::Documents, number_hash(origin))? {
                taken.vulnerabilities.insert(held.base.head(advisory)?.vulnerability);
            }
            numbers.for_each(|number| taken.open(number));
        }
        // What lists say as a whole stands in a list.
        let repeated = self.exploited.values();
        let repeated = repeated.filter(|entry| !(fresh.exploited && is_of_catalogue(entry)));
        repeated.for_each(|entry| taken.open(&entry.id));
        let forecasts = self.forecasts.keys().filter(|_| !fresh.forecasts);
        forecasts.for_each(|id| taken.open(id));
        Ok(taken)
    }

    /// Takes what the second file holds, and hides what it hid.
    fn take_second(
        &mut self,
        held: &Index<'_>,
        lists: Fresh,
        taken: &mut Taken,
    ) -> Result<(), HeldError> {
        let Some(over) = &held.over else { return Ok(()) };
        for number in 0..over.layer.advisories() {
            self.add(FeedRecord::Advisory(Box::new(over.layer.advisory(number)?)))?;
        }
        for number in 0..over.layer.vulnerabilities() {
            let known = over.layer.vulnerability(number)?;
            self.add_lists(known.id, known.exploited, known.forecast, lists)?;
        }
        taken.advisories = over.hidden_advisories();
        taken.vulnerabilities.extend(over.hidden());
        Ok(())
    }

    /// Takes out of the first file what is touched and not hidden yet; `false` where that is too much.
    fn take_first(
        &mut self,
        held: &Index<'_>,
        lists: Fresh,
        most: usize,
        taken: &mut Taken,
    ) -> Result<bool, HeldError> {
        let is_hidden = |number: &u32| held.over.as_ref().is_some_and(|over| over.hides(*number));
        let mut next: Vec<u32> =
            taken.vulnerabilities.iter().copied().filter(|number| !is_hidden(number)).collect();
        loop {
            for vulnerability in next.drain(..) {
                let known = held.base.vulnerability(vulnerability)?;
                self.add_lists(known.id, known.exploited, known.forecast, lists)?;
                let members = held.base.led_to(Section::Members, u64::from(vulnerability))?;
                if self.added().saturating_add(members.len()) > most {
                    return Ok(false);
                }
                taken.advisories += members.len() as u32;
                for advisory in members {
                    let advisory = held.base.advisory(advisory)?;
                    taken.open_beside(&advisory);
                    self.add(FeedRecord::Advisory(Box::new(advisory)))?;
                }
            }
            let Some(number) = taken.open.pop_front() else { return Ok(true) };
            for (vulnerability, _) in held.base.find(&number)? {
                if taken.vulnerabilities.insert(vulnerability) {
                    next.push(vulnerability);
                }
            }
        }
    }

    /// The entries of the catalogue itself; what others repeat of it stays.
    fn take_catalogue(&mut self) -> Vec<Exploited> {
        let all = std::mem::take(&mut self.exploited).into_iter();
        let (own, repeated) = all.partition(|(_, entry)| is_of_catalogue(entry));
        self.exploited = repeated;
        let own: BTreeMap<String, Exploited> = own;
        own.into_values().collect()
    }
}

impl Taken {
    fn open(&mut self, number: &str) {
        if self.seen.insert(number.to_owned()) {
            self.open.push_back(number.to_owned());
        }
    }

    /// Opens the numbers through which a record hangs together with others. A CVE number stands for itself, whatever else is said; the
    /// records of other numbers may come to stand under any of those they name.
    fn open_beside(&mut self, advisory: &Advisory) {
        let is_cve = |number: &str| number.starts_with("CVE-");
        let numbers = advisory.aliases.iter().chain([&advisory.id]);
        let is_fixed = is_cve(&advisory.id);
        numbers.filter(|number| !(is_fixed && is_cve(number))).for_each(|number| self.open(number));
    }
}
