//! By which names a product is looked for.

use std::fmt;

use domain::{Digest, ProductName, fold};
use notation::cpe::{Attribute, Cpe, Key as Part};
use notation::purl::{Parts, Purl};

use super::models;

/// How a product is named, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Naming {
    /// By its package: type, namespace and name.
    Package,
    /// By the part, vendor and product of a CPE name.
    Cpe,
    /// By its model number or stock keeping unit, beside the maker's name.
    Model,
    /// By a name that people write.
    Name,
}

/// The name of a product without versions, written so that equal products have equal keys.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    naming: Naming,
    text: String,
}

/// OSV's ecosystems (OSV schema, "Defined ecosystems") beside the type and namespace of the package URLs of the same packages.
const ECOSYSTEMS: &[(&str, &str, Option<&str>)] = &[
    ("almalinux", "rpm", Some("almalinux")),
    ("alpine", "apk", Some("alpine")),
    ("bitnami", "bitnami", None),
    ("chainguard", "apk", Some("chainguard")),
    ("cran", "cran", None),
    ("crates.io", "cargo", None),
    ("debian", "deb", Some("debian")),
    ("go", "golang", None),
    ("hackage", "hackage", None),
    ("hex", "hex", None),
    ("mageia", "rpm", Some("mageia")),
    ("maven", "maven", None),
    ("npm", "npm", None),
    ("nuget", "nuget", None),
    ("openeuler", "rpm", Some("openeuler")),
    ("opensuse", "rpm", Some("opensuse")),
    ("packagist", "composer", None),
    ("pub", "pub", None),
    ("pypi", "pypi", None),
    ("red hat", "rpm", Some("redhat")),
    ("rocky linux", "rpm", Some("rocky-linux")),
    ("rubygems", "gem", None),
    ("suse", "rpm", Some("suse")),
    ("swifturl", "swift", None),
    ("ubuntu", "deb", Some("ubuntu")),
    ("wolfi", "apk", Some("wolfi")),
];

/// Namespaces of RPM packages that tools write beside the one that the advisories of the same distribution have.
const NAMESPACES: &[(&str, &str)] = &[
    ("alma", "almalinux"),
    ("rhel", "redhat"),
    ("rocky", "rocky-linux"),
    ("rockylinux", "rocky-linux"),
];

fn namespace(purl: &Purl) -> Option<&str> {
    let own = purl.namespace()?;
    let known = NAMESPACES.iter().find(|(known, _)| purl.kind() == "rpm" && *known == own);
    Some(known.map_or(own, |(_, other)| other))
}

impl Key {
    /// Of a package URL. Version and qualifiers are no part of it; packages are of one case where their type says so.
    pub fn of_purl(purl: &Purl) -> Self {
        let mut text = String::from(purl.kind());
        for part in namespace(purl).into_iter().chain([purl.name()]) {
            text.push('/');
            text.push_str(part);
        }
        Self { naming: Naming::Package, text }
    }

    /// Of a CPE name; none where the vendor or the product is not a plain value.
    pub fn of_cpe(cpe: &Cpe) -> Option<Self> {
        let mut text = cpe.get(Part::Part).as_formatted().to_owned();
        for part in [Part::Vendor, Part::Product] {
            let Attribute::Value(value) = cpe.get(part) else { return None };
            if value.is_wild() {
                return None;
            }
            text.push(':');
            text.push_str(value.as_formatted());
        }
        Some(Self { naming: Naming::Cpe, text })
    }

    /// Of a package of one of OSV's ecosystems; its release (`Debian:12`) is no part of it: see [`release`].
    pub fn of_package(ecosystem: &str, package: &str) -> Option<Self> {
        let (kind, distribution) = type_of(ecosystem)?;
        let (namespace, name) = match kind {
            "maven" => package.rsplit_once(':').map_or((None, package), |(a, b)| (Some(a), b)),
            "golang" | "npm" | "composer" | "swift" | "hex" => {
                package.rsplit_once('/').map_or((None, package), |(a, b)| (Some(a), b))
            }
            _ => (distribution, package),
        };
        let parts = Parts { kind, namespace, name, ..Parts::default() };
        // Names that the type refuses still mean a package: they are read as package URLs in lists are.
        let purl = Purl::build(&parts).ok().or_else(|| {
            let path = namespace.map_or_else(|| name.to_owned(), |space| format!("{space}/{name}"));
            Purl::read_leniently(&format!("pkg:{kind}/{path}")).ok()
        })?;
        Some(Self::of_purl(&purl))
    }

    /// Of a name that people write, folded as the ledger's words are.
    pub fn of_name(name: &str) -> Option<Self> {
        let text = fold(name);
        (!text.is_empty()).then_some(Self { naming: Naming::Name, text })
    }

    /// Of a model number as an advisory gives it; none where it is too short to be evidence. Those with wildcards are found by what stands
    /// before the first.
    pub fn of_model(number: &str) -> Option<Self> {
        let pattern = models::pattern(number)?;
        let text = match models::beginning(&pattern) {
            Some(beginning) => format!("{beginning}*"),
            None => pattern,
        };
        Some(Self { naming: Naming::Model, text })
    }

    /// All keys under which an advisory may name the machine with this folded number.
    pub(super) fn all_of_model(number: &str) -> Vec<Self> {
        let key = |text: String| Self { naming: Naming::Model, text };
        let ends = number.char_indices().map(|(at, _)| at).chain([number.len()]);
        let open = ends.filter_map(|end| Some(key(format!("{}*", number.get(..end)?))));
        open.chain([key(number.to_owned())]).collect()
    }

    /// The name itself.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// How it names the product.
    pub fn naming(&self) -> Naming {
        self.naming
    }

    /// What it belongs to: the type of a package with the distribution, `cpe`, or `name`.
    pub fn world(&self) -> String {
        match self.naming {
            Naming::Cpe => "cpe".to_owned(),
            Naming::Model => "model".to_owned(),
            Naming::Name => "name".to_owned(),
            Naming::Package => {
                let mut parts = self.text.split('/');
                let kind = parts.next().unwrap_or_default();
                let distribution = matches!(kind, "apk" | "deb" | "rpm").then(|| parts.next());
                match distribution.flatten() {
                    Some(namespace) => format!("{kind}/{namespace}"),
                    None => kind.to_owned(),
                }
            }
        }
    }

    /// The first 64 bits of the digest of its text.
    pub fn hash(&self) -> u64 {
        let digest = Digest::of(self.to_string().as_bytes()).0;
        let (first, _) = digest.split_first_chunk::<8>().unwrap_or((&[0; 8], &[]));
        u64::from_be_bytes(*first)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let naming = match self.naming {
            Naming::Package => "package",
            Naming::Cpe => "cpe",
            Naming::Model => "model",
            Naming::Name => "name",
        };
        write!(f, "{naming} {}", self.text)
    }
}

/// The keys of what a party speaks of, each once, the surest first.
pub fn of_product(product: &ProductName) -> Vec<Key> {
    let purls = product.purls.iter().filter_map(|text| Purl::read_leniently(text).ok());
    let mut keys: Vec<Key> = purls.map(|purl| Key::of_purl(&purl)).collect();
    if let (Some(ecosystem), Some(package)) = (&product.ecosystem, &product.package) {
        keys.extend(Key::of_package(ecosystem, package));
    }
    let cpes = product.cpes.iter().filter_map(|text| text.parse().ok());
    keys.extend(cpes.filter_map(|cpe| Key::of_cpe(&cpe)));
    keys.extend(product.models.iter().filter_map(|number| Key::of_model(number)));
    keys.extend(product.name.as_deref().and_then(Key::of_name));
    keys.sort();
    keys.dedup();
    keys
}

fn type_of(ecosystem: &str) -> Option<(&'static str, Option<&'static str>)> {
    let name = ecosystem.split(':').next().unwrap_or_default();
    let known = ECOSYSTEMS.iter().find(|(known, ..)| known.eq_ignore_ascii_case(name));
    known.map(|(_, kind, namespace)| (*kind, *namespace))
}

/// Names of releases that distributions use beside numbers (Debian, "Debian Releases"; Ubuntu, "Releases").
const CODENAMES: &[(&str, &str)] = &[
    ("bionic", "18.04"),
    ("bookworm", "12"),
    ("bullseye", "11"),
    ("buster", "10"),
    ("focal", "20.04"),
    ("forky", "14"),
    ("jammy", "22.04"),
    ("noble", "24.04"),
    ("stretch", "9"),
    ("trixie", "13"),
    ("trusty", "14.04"),
    ("xenial", "16.04"),
];

/// The release of a distribution in an ecosystem's name: `12` of `Debian:12`, `3.18` of `Alpine:v3.18`, `22.04` of
/// `Ubuntu:22.04:LTS`.
pub fn release(ecosystem: &str) -> Option<String> {
    let (_, rest) = ecosystem.split_once(':')?;
    rest.split(':').find_map(number)
}

/// The release of a distribution in the qualifier `distro` of a package URL: `debian-12`, `bookworm`, `alpine-3.18.4`.
pub fn release_of_purl(purl: &Purl) -> Option<String> {
    let distro = purl.qualifier("distro")?.to_ascii_lowercase();
    let named = CODENAMES.iter().find(|(name, _)| distro.split('-').any(|word| word == *name));
    if let Some((_, number)) = named {
        return Some((*number).to_owned());
    }
    let release = distro.rsplit('-').find_map(number)?;
    // The last number of Alpine and of the others is a point release of the same branch; Debian's too.
    let parts = match purl.kind() {
        "apk" => 2,
        "deb" if purl.namespace() == Some("ubuntu") => 2,
        _ => 1,
    };
    Some(release.split('.').take(parts).collect::<Vec<_>>().join("."))
}

fn number(text: &str) -> Option<String> {
    let bare = text.strip_prefix('v').unwrap_or(text);
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    bare.split('.').all(digits).then(|| bare.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn purl(text: &str) -> Purl {
        Purl::read_leniently(text).unwrap()
    }

    #[test]
    fn a_package_has_one_key_however_it_is_written() {
        for (url, ecosystem, package) in [
            ("pkg:pypi/Django_REST@3.1", "PyPI", "django-rest"),
            (
                "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1",
                "Maven",
                "org.apache.logging.log4j:log4j-core",
            ),
            ("pkg:npm/%40angular/core@12", "npm", "@angular/core"),
            ("pkg:deb/debian/openssl@3.0.11-1?distro=debian-12", "Debian:12", "openssl"),
            ("pkg:golang/stdlib@1.20", "Go", "stdlib"),
            ("pkg:golang/golang.org/x/net@v0.1.0", "Go", "golang.org/x/net"),
            ("pkg:cargo/openssl-src@111.0.0", "crates.io", "openssl-src"),
            ("pkg:apk/alpine/busybox@1.36", "Alpine:v3.18", "busybox"),
            ("pkg:rpm/rocky/openssl@3.0.7-24.el9", "Rocky Linux:9", "openssl"),
            ("pkg:rpm/rocky-linux/openssl@3.0.7-24.el9", "Rocky Linux:9", "openssl"),
            ("pkg:rpm/alma/openssl@3.0.7-24.el9", "AlmaLinux:9", "openssl"),
        ] {
            assert_eq!(
                Some(Key::of_purl(&purl(url))),
                Key::of_package(ecosystem, package),
                "{url}"
            );
        }
        assert_ne!(Key::of_purl(&purl("pkg:npm/a")), Key::of_purl(&purl("pkg:pypi/a")));
        assert_eq!(Key::of_package("GIT", "x"), None);
        assert_eq!(Key::of_package("npm", ""), None);
    }

    #[test]
    fn a_cpe_is_looked_for_by_part_vendor_and_product() {
        let key = |text: &str| Key::of_cpe(&text.parse().unwrap());
        let new = key("cpe:2.3:o:fortinet:fortios:7.2.5:*:*:*:*:*:*:*");
        assert_eq!(new, key("cpe:/o:fortinet:fortios:6.0"));
        assert_eq!(new.unwrap().to_string(), "cpe o:fortinet:fortios");
        assert_ne!(key("cpe:/h:fortinet:fortios"), key("cpe:/o:fortinet:fortios"));
        assert_eq!(key("cpe:2.3:a:*:fortios:*:*:*:*:*:*:*:*"), None);
        assert_eq!(key("cpe:2.3:a:x:forti*:*:*:*:*:*:*:*:*"), None);
    }

    #[test]
    fn names_are_folded() {
        assert_eq!(Key::of_name("ＯｐｅｎＳＳＬ"), Key::of_name("openssl"));
        assert_eq!(Key::of_name(" "), None);
    }

    #[test]
    fn releases_of_distributions_are_read_in_both_writings() {
        for (url, ecosystem) in [
            ("pkg:deb/debian/a@1?distro=debian-12", "Debian:12"),
            ("pkg:deb/debian/a@1?distro=debian-12.5", "Debian:12"),
            ("pkg:deb/debian/a@1?distro=bookworm", "Debian:12"),
            ("pkg:deb/ubuntu/a@1?distro=ubuntu-22.04", "Ubuntu:22.04:LTS"),
            ("pkg:deb/ubuntu/a@1?distro=jammy", "Ubuntu:Pro:22.04:LTS"),
            ("pkg:apk/alpine/a@1?distro=alpine-3.18.4", "Alpine:v3.18"),
            ("pkg:rpm/almalinux/a@1?distro=almalinux-9.3", "AlmaLinux:9"),
        ] {
            assert_eq!(release_of_purl(&purl(url)), release(ecosystem), "{url}");
            assert!(release(ecosystem).is_some(), "{ecosystem}");
        }
        assert_eq!(release("Debian"), None);
        assert_eq!(release_of_purl(&purl("pkg:deb/debian/a@1")), None);
    }

    #[test]
    fn everything_that_names_a_product_is_a_key() {
        let product = ProductName {
            name: Some("Log4j".into()),
            purls: vec!["pkg:npm/a".into(), "pkg:npm/a@2".into(), "no url".into()],
            cpes: vec!["cpe:/a:apache:log4j".into()],
            ecosystem: Some("npm".into()),
            package: Some("a".into()),
            ..ProductName::default()
        };
        let texts: Vec<String> = of_product(&product).iter().map(Key::to_string).collect();
        assert_eq!(texts, ["package npm/a", "cpe a:apache:log4j", "name log4j"]);
    }

    #[test]
    fn a_key_knows_what_covers_it() {
        let world = |url: &str| Key::of_purl(&purl(url)).world();
        assert_eq!(world("pkg:deb/debian/a"), "deb/debian");
        assert_eq!(world("pkg:npm/%40a/b"), "npm");
    }
}
