//! Which numbers are of one vulnerability.
//!
//! Numbers that parties call the same are joined to one CVE number. Two CVE numbers are two vulnerabilities, whatever one party
//! says: an alert on several of them would join them all. A number that would join several stands for itself.

use std::collections::{BTreeMap, BTreeSet};

/// The number that stands for each number.
#[derive(Debug, Default)]
pub(super) struct Groups(BTreeMap<String, String>);

impl Groups {
    /// From what each party says to be one: a number and its aliases.
    pub(super) fn of<'a>(said: impl Iterator<Item = (&'a str, &'a [String])> + Clone) -> Self {
        let mut beside: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        // A number without another stands for itself, and need not be kept.
        for (id, aliases) in said {
            for alias in aliases {
                beside.entry(id).or_default().insert(alias);
                beside.entry(alias).or_default().insert(id);
            }
        }
        let mut groups = Self::default();
        for number in beside.keys().filter(|number| is_cve(number)) {
            groups.0.insert((*number).to_owned(), (*number).to_owned());
        }
        for number in beside.keys() {
            if !groups.0.contains_key(*number) {
                groups.join(number, &beside);
            }
        }
        groups
    }

    /// Joins all numbers of others that hang together with `start`.
    fn join(&mut self, start: &str, beside: &BTreeMap<&str, BTreeSet<&str>>) {
        let (mut members, mut cves, mut open) = (BTreeSet::new(), BTreeSet::new(), vec![start]);
        while let Some(number) = open.pop() {
            if is_cve(number) {
                cves.insert(number);
            } else if members.insert(number) {
                open.extend(beside.get(number).into_iter().flatten());
            }
        }
        let smallest = members.first().copied().unwrap_or(start);
        for member in &members {
            let mut own = beside.get(member).into_iter().flatten().filter(|other| is_cve(other));
            let stands = match (cves.len(), own.next(), own.next()) {
                (0, ..) => smallest,
                (1, ..) => cves.first().copied().unwrap_or(member),
                (_, Some(only), None) => only,
                _ => member,
            };
            self.0.insert((*member).to_owned(), stands.to_owned());
        }
    }

    /// The number that stands for this one.
    pub(super) fn of_number<'a>(&'a self, number: &'a str) -> &'a str {
        self.0.get(number).map_or(number, String::as_str)
    }
}

fn is_cve(number: &str) -> bool {
    number.starts_with("CVE-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn groups(said: &[(&str, &[&str])]) -> Vec<String> {
        let own: Vec<(String, Vec<String>)> = said
            .iter()
            .map(|(id, aliases)| ((*id).into(), aliases.iter().map(|a| (*a).into()).collect()))
            .collect();
        let groups = Groups::of(own.iter().map(|(id, aliases)| (id.as_str(), aliases.as_slice())));
        groups.0.iter().map(|(number, stands)| format!("{number}={stands}")).collect()
    }

    #[test]
    fn numbers_hang_together_over_others() {
        let found =
            groups(&[("PYSEC-1", &["GHSA-1"]), ("GHSA-1", &["CVE-1"]), ("OSV-9", &["A-9"])]);
        let expected = ["A-9=A-9", "CVE-1=CVE-1", "GHSA-1=CVE-1", "OSV-9=A-9", "PYSEC-1=CVE-1"];
        assert_eq!(found, expected);
    }

    #[test]
    fn an_alert_on_two_vulnerabilities_joins_neither() {
        let found = groups(&[("CVE-1", &["ALERT"]), ("CVE-2", &["ALERT", "GHSA-2"])]);
        assert_eq!(found, ["ALERT=ALERT", "CVE-1=CVE-1", "CVE-2=CVE-2", "GHSA-2=CVE-2"]);
    }
}
