//! What Microsoft's advisories say of its updates: which build of Windows an update brings.
//!
//! Each vendor fix of such an advisory names the build first, then the kind of update, then its article:
//! `10.0.26100.3194:Security Update:https://support.microsoft.com/help/5051987`; the address beside it leads to the catalogue of updates
//! by the same number. Updates of Windows 10 and later hold all that came before them on their build; of earlier Windows only the monthly
//! rollups do. An update that brings only its own fixes proves nothing of earlier ones, and is left out.

use std::fmt;

use domain::advisory::{Advisory, FeedKind, Remedy, RemedyKind};

/// A build of Windows with its revision: `10.0.19045.5737`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Build(pub(super) [u32; 4]);

/// An update, and a build that it brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Update {
    /// The number of its article in the knowledge base: 5051987 of `KB5051987`.
    pub(super) number: u64,
    /// What Windows of this build comes to by it.
    pub(super) build: Build,
}

impl Build {
    /// A build with its revision; none where anything of it is missing or is no number.
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.trim().split('.').map(number::<u32>);
        let build = [parts.next()??, parts.next()??, parts.next()??, parts.next()??];
        parts.next().is_none().then_some(Self(build))
    }

    /// Whether it is one of this build, whatever the revision: `10.0.19045`.
    pub fn is_of(&self, family: &str) -> bool {
        let [major, minor, build, _] = self.0;
        family == format!("{major}.{minor}.{build}")
    }
}

impl fmt::Display for Build {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, build, revision] = self.0;
        write!(f, "{major}.{minor}.{build}.{revision}")
    }
}

/// The number of an update as systems and people write it: `KB5051987`.
pub fn number_of(update: &str) -> Option<u64> {
    let (mark, rest) = update.trim().split_at_checked(2)?;
    mark.eq_ignore_ascii_case("kb").then(|| number(rest)).flatten()
}

/// Which updates an advisory names, and what they bring, each once.
pub(super) fn of(advisory: &Advisory) -> Vec<Update> {
    let publisher = advisory.publisher.as_deref().unwrap_or_default();
    // Nobody else's word on Microsoft's updates counts.
    if advisory.feed != FeedKind::Csaf || !domain::fold(publisher).starts_with("microsoft") {
        return Vec::new();
    }
    let mut updates: Vec<Update> = advisory.remedies.iter().filter_map(update).collect();
    updates.sort_unstable();
    updates.dedup();
    updates
}

fn update(remedy: &Remedy) -> Option<Update> {
    if remedy.kind != RemedyKind::VendorFix {
        return None;
    }
    let mut parts = remedy.text.splitn(3, ':');
    let build = Build::read(parts.next()?)?;
    let holds_all = match parts.next()?.trim() {
        "Security Update" => build.0[0] >= 10,
        "Monthly Rollup" => true,
        _ => false,
    };
    let article = parts.next().and_then(article);
    let catalogue = remedy.url.as_deref().and_then(catalogue);
    let number = match (article, catalogue) {
        // Two numbers: nobody can say which of them is meant.
        (Some(article), Some(catalogue)) if article != catalogue => None,
        (article, catalogue) => article.or(catalogue),
    };
    holds_all.then_some(Update { number: number?, build })
}

/// The number at the end of an article's address: `https://support.microsoft.com/help/5051987`.
fn article(url: &str) -> Option<u64> {
    let rest = url.trim().strip_prefix("https://support.microsoft.com/")?;
    number(rest.trim_end_matches('/').rsplit('/').next()?)
}

/// The number that the catalogue of updates is asked for:
/// `https://catalog.update.microsoft.com/v7/site/Search.aspx?q=KB5051987`.
fn catalogue(url: &str) -> Option<u64> {
    let (host, query) = url.trim().strip_prefix("https://")?.split_once('?')?;
    let is_catalogue = host.split('/').next()?.ends_with("catalog.update.microsoft.com");
    let asked = query.split('&').find_map(|part| part.strip_prefix("q="));
    is_catalogue.then(|| asked.and_then(number_of)).flatten()
}

/// Digits and nothing else.
fn number<N: std::str::FromStr>(text: &str) -> Option<N> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use domain::advisory::AdvisoryState;

    use super::*;

    fn advisory(publisher: &str, fixes: &[(&str, Option<&str>)]) -> Advisory {
        let remedy = |(text, url): &(&str, Option<&str>)| Remedy {
            kind: RemedyKind::VendorFix,
            text: (*text).to_owned(),
            url: url.map(str::to_owned),
            date: None,
            claims: Vec::new(),
        };
        Advisory {
            publisher: Some(publisher.to_owned()),
            remedies: fixes.iter().map(remedy).collect(),
            ..Advisory::new(FeedKind::Csaf, "CVE-2025-1", AdvisoryState::Published)
        }
    }

    fn read(text: &str, url: Option<&str>) -> Option<String> {
        let advisory = advisory("Microsoft Security Response Center", &[(text, url)]);
        of(&advisory).first().map(|one| format!("KB{} {}", one.number, one.build))
    }

    const CATALOGUE: &str = "https://catalog.update.microsoft.com/v7/site/Search.aspx?q=KB5051987";

    #[test]
    fn an_update_is_read_with_the_build_it_brings() {
        let whole = "10.0.26100.3194:Security Update:https://support.microsoft.com/help/5051987";
        let bare = "10.0.26100.3194:Security Update";
        let rollup = "6.3.9600.22470:Monthly Rollup:https://support.microsoft.com/help/5053887";
        for (text, url, expected) in [
            (whole, Some(CATALOGUE), "KB5051987 10.0.26100.3194"),
            (whole, None, "KB5051987 10.0.26100.3194"),
            (bare, Some(CATALOGUE), "KB5051987 10.0.26100.3194"),
            (rollup, None, "KB5053887 6.3.9600.22470"),
        ] {
            assert_eq!(read(text, url).as_deref(), Some(expected), "{text} {url:?}");
        }
    }

    #[test]
    fn what_does_not_say_which_update_or_build_is_left_out() {
        let other = "https://catalog.update.microsoft.com/v7/site/Search.aspx?q=KB5050000";
        let stranger = "https://catalog.update.microsoft.com.example/?q=KB5051987";
        let build = "10.0.26100.3194:Security Update";
        let help = |build: &str, kind: &str| {
            format!("{build}:{kind}:https://support.microsoft.com/help/5051987")
        };
        for (text, url) in [
            // Of Windows before 10 these bring their own fixes only.
            (help("6.3.9600.22470", "Security Update"), None),
            (help("6.3.9600.22470", "Security Only"), None),
            (help("10.0.26100", "Security Update"), None),
            (help("10.0.26100.3194.1", "Security Update"), None),
            (help("129.0.2792.52a", "Security Update"), None),
            (help("10.0.26100.3194", "Release Notes"), None),
            (help("10.0.26100.3194", "Security Update"), Some(other)),
            (build.to_owned(), None),
            (build.to_owned(), Some(stranger)),
            (format!("{build}:https://learn.microsoft.com/help/5051987"), None),
        ] {
            assert_eq!(read(&text, url), None, "{text} {url:?}");
        }
    }

    #[test]
    fn only_microsoft_is_believed_on_its_updates() {
        let fix = "10.0.26100.3194:Security Update:https://support.microsoft.com/help/5051987";
        assert_eq!(of(&advisory("Somebody", &[(fix, None)])), []);
        let mut listed = advisory("Microsoft Corporation", &[(fix, None)]);
        assert_eq!(of(&listed).len(), 1);
        listed.feed = FeedKind::Nvd;
        assert_eq!(of(&listed), []);
        listed.feed = FeedKind::Csaf;
        listed.remedies[0].kind = RemedyKind::Workaround;
        assert_eq!(of(&listed), []);
    }

    #[test]
    fn updates_and_builds_are_read_as_they_are_written() {
        for (text, number) in [
            ("KB5051987", Some(5_051_987)),
            (" kb123 ", Some(123)),
            ("5051987", None),
            ("KB", None),
        ] {
            assert_eq!(number_of(text), number, "{text}");
        }
        assert_eq!(number_of("KB12x"), None);
        assert_eq!(number_of("更新"), None);
        let build = Build::read("10.0.19045.5737").unwrap();
        assert!(build.is_of("10.0.19045") && !build.is_of("10.0.1904") && !build.is_of("10.0"));
        assert!(build < Build::read("10.0.19045.10000").unwrap());
        assert_eq!(build.to_string(), "10.0.19045.5737");
    }
}
