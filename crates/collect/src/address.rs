//! Addresses that may be asked: HTTPS, and HTTP to this very machine.

use std::fmt;

use url::{Host, Url};

use crate::FetchError;

/// An address that may be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address(Url);

impl Address {
    /// The address that is written so.
    pub(crate) fn of(written: &str) -> Result<Self, FetchError> {
        let refused = || FetchError::Address { url: written.to_owned() };
        Self::checked(Url::parse(written).map_err(|_| refused())?).ok_or_else(refused)
    }

    /// Where an answer from here leads on to (RFC 9110, 15.4): never from HTTPS to anything less.
    pub(crate) fn follow(&self, location: &str) -> Result<Self, FetchError> {
        let refused = || FetchError::Redirect { url: self.to_string(), to: location.to_owned() };
        let next = self.0.join(location).ok().and_then(Self::checked).ok_or_else(refused)?;
        if self.is_secure() && !next.is_secure() { Err(refused()) } else { Ok(next) }
    }

    fn checked(url: Url) -> Option<Self> {
        let address = Self(url);
        let clean = address.0.username().is_empty() && address.0.password().is_none();
        let reached = address.is_secure() || (address.0.scheme() == "http" && address.is_here());
        (clean && reached && address.0.host().is_some()).then_some(address)
    }

    fn is_secure(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// Whether it is this machine itself: tests ask there, and nothing of it is on a wire.
    pub(crate) fn is_here(&self) -> bool {
        match self.0.host() {
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            _ => false,
        }
    }

    /// Whom it is asked of.
    pub(crate) fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// As it is asked.
    pub(crate) fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_leaves_the_machine() {
        for (url, may) in [
            ("https://nvd.nist.gov/feeds/x.json.gz", true),
            ("http://127.0.0.1:8080/x", true),
            ("http://[::1]:8080/x", true),
            ("http://nvd.nist.gov/feeds/x.json.gz", false),
            ("http://localhost/x", false),
            ("ftp://127.0.0.1/x", false),
            ("file:///etc/passwd", false),
            ("https://user:secret@example.org/", false),
            ("nvd.nist.gov", false),
        ] {
            assert_eq!(Address::of(url).is_ok(), may, "{url}");
        }
    }

    #[test]
    fn a_redirect_leads_to_https_only() {
        let from = Address::of("https://example.org/a/b").unwrap();
        let to = |location| from.follow(location).map(|address| address.to_string()).ok();
        assert_eq!(to("../c").as_deref(), Some("https://example.org/c"));
        assert_eq!(to("//other.example/c").as_deref(), Some("https://other.example/c"));
        for location in ["http://example.org/c", "http://127.0.0.1/c", "file:///c", "https://"] {
            assert_eq!(to(location), None, "{location}");
        }
    }
}
