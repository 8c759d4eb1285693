//! Orders of versions: each world of software numbers its releases by its own rules.
//!
//! [`Scheme::compare`] gives an order only where the rules of the scheme give one. What they do not order (another train of
//! IOS, a suffix nobody defined, a text that is no version of the scheme) is `None`, which is to be shown as "cannot be
//! judged". No scheme but [`Scheme::Loose`] guesses.

mod composer;
mod datetime;
mod distro;
mod gem;
mod generic;
mod gentoo;
mod maven;
mod number;
mod openssl;
mod pep440;
mod plain;
mod semver;
mod vendor;

use std::cmp::Ordering;

pub(crate) use number::is_number;
pub use plain::Plain;

/// Longer texts are no versions; with this, every comparison is bounded.
pub const MAX_LENGTH: usize = 512;

/// A way to number releases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// Alpine's packages (apk-tools, `doc/apk-package.5.scd`, "Package version").
    Alpine,
    /// Cisco IOS (`15.2(7)E3`) and IOS XE (`17.3.4a`): ordered within a train only (Cisco, "Cisco IOS Reference Guide").
    CiscoIos,
    /// PHP's packages (Composer's documentation, "Versions and constraints").
    Composer,
    /// Points in time (RFC 3339 clause 5.6).
    Datetime,
    /// Debian's packages (Debian Policy clause 5.6.12, deb-version(7)).
    Debian,
    /// FortiOS: `v7.2.5,build1517`. The build is compared only where both sides name it.
    FortiOs,
    /// Ruby's gems (documentation of `Gem::Version`).
    Gem,
    /// Makers without a written rule: what dotted numbers say beyond doubt, and nothing else.
    Generic,
    /// Gentoo's packages (Package Manager Specification clause 3.3).
    Gentoo,
    /// Go's modules (Go Modules Reference, "Versions"); the leading `v` may be missing.
    Go,
    /// Whole numbers with dots, of any count; missing ones are zero (VERS "intdot").
    IntDot,
    /// Texts in the order of their bytes (VERS "lexicographic").
    Lexicographic,
    /// The order that the match criteria of the NVD are read with: total, and for strange texts a guess.
    Loose,
    /// Maven's artifacts (Maven's POM reference, "Version Order Specification").
    Maven,
    /// npm's packages: Semantic Versioning with a leading `v` or `=` allowed, missing parts zero (node-semver).
    Npm,
    /// NuGet's packages: Semantic Versioning with four numbers, letters of one case (NuGet, "Package versioning").
    NuGet,
    /// OpenSSL: letters for patches before 3.0 (OpenSSL's release strategy).
    OpenSsl,
    /// Python's packages (PEP 440).
    Pep440,
    /// RPM's packages (rpm, "rpm-version(7)").
    Rpm,
    /// Semantic Versioning 2.0.0 clause 11.
    SemVer,
    /// Builds of Windows: `10.0.19045.3803`, or `19045.3803` without the first two numbers.
    Windows,
    /// Firmware of Yamaha's routers and switches: `Rev.14.01.38`, ordered within the first number only.
    Yamaha,
}

impl Scheme {
    /// Every scheme.
    pub const ALL: [Self; 22] = [
        Self::Alpine,
        Self::CiscoIos,
        Self::Composer,
        Self::Datetime,
        Self::Debian,
        Self::FortiOs,
        Self::Gem,
        Self::Generic,
        Self::Gentoo,
        Self::Go,
        Self::IntDot,
        Self::Lexicographic,
        Self::Loose,
        Self::Maven,
        Self::Npm,
        Self::NuGet,
        Self::OpenSsl,
        Self::Pep440,
        Self::Rpm,
        Self::SemVer,
        Self::Windows,
        Self::Yamaha,
    ];

    /// The order of two versions; `None` where the scheme does not give one.
    pub fn compare(self, one: &str, other: &str) -> Option<Ordering> {
        if one.len().max(other.len()) > MAX_LENGTH {
            return None;
        }
        match self {
            Self::Alpine => gentoo::compare_alpine(one, other),
            Self::CiscoIos => vendor::compare_ios(one, other),
            Self::Composer => composer::compare(one, other),
            Self::Datetime => datetime::compare(one, other),
            Self::Debian => distro::compare_debian(one, other),
            Self::FortiOs => vendor::compare_fortios(one, other),
            Self::Gem => gem::compare(one, other),
            Self::Generic => generic::compare(one, other),
            Self::Gentoo => gentoo::compare_gentoo(one, other),
            Self::Go => semver::compare_go(one, other),
            Self::IntDot => number::compare_dotted(one, other),
            Self::Lexicographic => Some(one.cmp(other)),
            Self::Loose => Some(generic::compare_loosely(one, other)),
            Self::Maven => maven::compare(one, other),
            Self::Npm => semver::compare_npm(one, other),
            Self::NuGet => semver::compare_nuget(one, other),
            Self::OpenSsl => openssl::compare(one, other),
            Self::Pep440 => pep440::compare(one, other),
            Self::Rpm => distro::compare_rpm(one, other),
            Self::SemVer => semver::compare(one, other),
            Self::Windows => vendor::compare_windows(one, other),
            Self::Yamaha => vendor::compare_yamaha(one, other),
        }
    }

    /// Whether a text is a version of this scheme.
    pub fn knows(self, version: &str) -> bool {
        self.compare(version, version).is_some()
    }

    /// The scheme for a type of package-url or VERS, or for a word of the database (OSV ecosystems, `versionType` in CVE
    /// records) that means the same.
    pub fn for_type(name: &str) -> Option<Self> {
        const TYPES: &[(&str, Scheme)] = &[
            ("alpine", Scheme::Alpine),
            ("apk", Scheme::Alpine),
            ("cargo", Scheme::SemVer),
            ("composer", Scheme::Composer),
            ("crates.io", Scheme::SemVer),
            ("datetime", Scheme::Datetime),
            ("deb", Scheme::Debian),
            ("debian", Scheme::Debian),
            ("dpkg", Scheme::Debian),
            ("ebuild", Scheme::Gentoo),
            ("gem", Scheme::Gem),
            ("gentoo", Scheme::Gentoo),
            ("go", Scheme::Go),
            ("golang", Scheme::Go),
            ("hex", Scheme::SemVer),
            ("intdot", Scheme::IntDot),
            ("lexicographic", Scheme::Lexicographic),
            ("maven", Scheme::Maven),
            ("nginx", Scheme::IntDot),
            ("npm", Scheme::Npm),
            ("nuget", Scheme::NuGet),
            ("openssl", Scheme::OpenSsl),
            ("packagist", Scheme::Composer),
            ("pub", Scheme::SemVer),
            ("pypi", Scheme::Pep440),
            ("python", Scheme::Pep440),
            ("rpm", Scheme::Rpm),
            ("rubygems", Scheme::Gem),
            ("semver", Scheme::SemVer),
            ("swift", Scheme::SemVer),
            ("ubuntu", Scheme::Debian),
        ];
        let known = TYPES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        known.map(|(_, scheme)| *scheme)
    }
}

/// For fuzzing: two versions turned around compare the other way round, and each is equal to itself.
pub fn fuzz(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut last = "";
    for version in crate::fuzzing::texts(&text) {
        for scheme in Scheme::ALL {
            let there = scheme.compare(last, version);
            let back = scheme.compare(version, last);
            assert_eq!(there, back.map(Ordering::reverse), "{scheme:?}: {last:?}, {version:?}");
            let same = scheme.compare(version, version);
            assert!(same.is_none_or(Ordering::is_eq), "{scheme:?}: {version:?}");
        }
        last = version;
    }
}

#[cfg(test)]
mod tests;
