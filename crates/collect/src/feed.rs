//! What can be fetched: a table of the parties, their files and addresses.

use std::sync::LazyLock;

use serde::Deserialize;

/// What a party publishes at one address, or at one for each year.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feed {
    /// How a person chooses it.
    pub name: String,
    /// What its file is called; `{year}` stands for the year.
    file: String,
    /// Where it is; `{year}` stands for the year.
    url: String,
    /// The first year, where there is a file for each.
    from_year: Option<i16>,
    /// How often it changes.
    pub changes: Changes,
    /// Whether it is fetched where nothing is chosen.
    pub usual: bool,
    /// No more than this is taken.
    limit_mib: u64,
    /// Where its address was read.
    pub evidence: String,
    /// Whether the address was asked, from where the table was written.
    pub verified: bool,
}

/// How often a feed changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Changes {
    /// Several times a day.
    Often,
    /// About once a day.
    Daily,
    /// About once a week.
    Weekly,
}

/// One file to fetch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its feed's name, with the year where there is one for each: `nvd-2024`.
    pub name: String,
    /// The file.
    pub file: String,
    /// The address.
    pub url: String,
    /// No more bytes than these are taken.
    pub limit: u64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    feed: Vec<Feed>,
}

/// Everything that can be fetched.
pub fn feeds() -> &'static [Feed] {
    static FEEDS: LazyLock<Vec<Feed>> = LazyLock::new(|| {
        let read =
            toml::from_str(include_str!("../data/feeds.toml")).map(|table: Table| table.feed);
        // A test reads it: what ships can be read.
        read.unwrap_or_default()
    });
    &FEEDS
}

impl Changes {
    /// As a word of the vocabulary.
    pub fn key(self) -> &'static str {
        match self {
            Self::Often => "often",
            Self::Daily => "daily",
            Self::Weekly => "weekly",
        }
    }
}

impl Feed {
    /// Its files up to those of `this_year`.
    pub fn items(&self, this_year: i16) -> Vec<Item> {
        let Some(first) = self.from_year else { return vec![self.item(self.name.clone(), "")] };
        let years = first..=this_year.max(first);
        years.map(|year| self.item(format!("{}-{year}", self.name), &year.to_string())).collect()
    }

    fn item(&self, name: String, year: &str) -> Item {
        Item {
            name,
            file: self.file.replace("{year}", year),
            url: self.url.replace("{year}", year),
            limit: self.limit_mib << 20,
        }
    }
}

/// The files that `names` choose, feeds or single years of them; without names, the usual ones.
///
/// # Errors
///
/// The first name that is none.
pub fn choose(names: &[String], this_year: i16) -> Result<Vec<Item>, String> {
    if names.is_empty() {
        let usual = feeds().iter().filter(|feed| feed.usual);
        return Ok(usual.flat_map(|feed| feed.items(this_year)).collect());
    }
    let mut chosen: Vec<Item> = Vec::new();
    for name in names {
        let before = chosen.len();
        for feed in feeds() {
            let items = feed.items(this_year);
            chosen
                .extend(items.into_iter().filter(|item| feed.name == *name || item.name == *name));
        }
        if chosen.len() == before {
            return Err(name.clone());
        }
    }
    let mut seen = std::collections::BTreeSet::new();
    chosen.retain(|item| seen.insert(item.file.clone()));
    Ok(chosen)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::address::Address;

    #[test]
    fn the_table_is_whole_and_every_address_may_be_asked() {
        let items: Vec<Item> = feeds().iter().flat_map(|feed| feed.items(2026)).collect();
        assert!(feeds().len() >= 10 && items.len() > 60, "{}", items.len());
        for item in &items {
            assert!(Address::of(&item.url).is_ok(), "{}", item.url);
            assert!(!item.url.contains('{') && !item.file.contains(['{', '/', '\\']), "{item:?}");
            assert!(item.url.starts_with("https://") && item.limit > 0);
        }
        let files: BTreeSet<&str> = items.iter().map(|item| &*item.file).collect();
        assert_eq!(files.len(), items.len(), "two would be written to one file");
        assert!(feeds().iter().all(|feed| !feed.evidence.is_empty()));
    }

    #[test]
    fn a_feed_of_years_has_one_file_for_each() {
        let only = |name: &str| choose(&[name.to_owned()], 2026);
        let nvd = only("nvd").unwrap();
        assert_eq!((nvd.len(), &*nvd[0].name, &*nvd[24].name), (25, "nvd-2002", "nvd-2026"));
        assert_eq!(
            only("nvd-2024").unwrap()[0].url,
            "https://nvd.nist.gov/feeds/json/cve/2.0/nvdcve-2.0-2024.json.gz"
        );
        assert_eq!(only("nvd-2027"), Err("nvd-2027".to_owned()), "it is not yet there");
    }

    #[test]
    fn nothing_chosen_is_the_usual_and_nothing_is_asked_twice() {
        let usual = choose(&[], 2026).unwrap();
        assert!(usual.iter().any(|item| item.name == "kev"));
        assert!(!usual.iter().any(|item| item.name == "cve"), "the large one is an option");
        let twice = choose(&["kev".to_owned(), "kev".to_owned()], 2026).unwrap();
        assert_eq!(twice.len(), 1);
        assert_eq!(choose(&["kve".to_owned()], 2026), Err("kve".to_owned()));
    }
}
