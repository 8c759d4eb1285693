//! What the types of packages ask for: a table of the type definitions of the package-url specification
//! (package-url/purl-spec, `types/*-definition.json`, MIT), which a test holds it against.

use super::PurlError;
use Namespace::{Optional, Prohibited, Required};

/// Whether a type has namespaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Namespace {
    Required,
    Optional,
    Prohibited,
}

/// Which parts are of no case, and are written in small letters.
pub(super) type Lower = u8;
pub(super) const NONE: Lower = 0;
pub(super) const NAMESPACE: Lower = 1;
pub(super) const NAME: Lower = 2;
pub(super) const VERSION: Lower = 4;
pub(super) const SUBPATH: Lower = 8;

/// The rules of one type.
#[derive(Debug)]
pub(super) struct Type {
    pub(super) name: &'static str,
    pub(super) namespace: Namespace,
    pub(super) lower: Lower,
    /// A qualifier without which the package is not named.
    pub(super) needs: Option<&'static str>,
}

/// Every defined type, by name.
#[rustfmt::skip]
pub(super) static TYPES: &[Type] = &[
    Type { name: "alpm", namespace: Required, lower: NAMESPACE | NAME, needs: None },
    Type { name: "apk", namespace: Required, lower: NAMESPACE | NAME, needs: None },
    Type { name: "bazel", namespace: Prohibited, lower: NONE, needs: None },
    Type { name: "bitbucket", namespace: Required, lower: NAMESPACE | NAME, needs: None },
    Type { name: "bitnami", namespace: Prohibited, lower: NAME, needs: None },
    Type { name: "brew", namespace: Optional, lower: NAMESPACE | NAME, needs: None },
    Type { name: "cargo", namespace: Prohibited, lower: NONE, needs: None },
    Type { name: "chrome-extension", namespace: Prohibited, lower: NAME, needs: None },
    Type { name: "cocoapods", namespace: Prohibited, lower: NONE, needs: None },
    Type { name: "composer", namespace: Required, lower: NAMESPACE | NAME, needs: None },
    Type { name: "conan", namespace: Optional, lower: NONE, needs: None },
    Type { name: "conda", namespace: Prohibited, lower: NONE, needs: None },
    Type { name: "cpan", namespace: Optional, lower: NONE, needs: None },
    Type { name: "cran", namespace: Prohibited, lower: NONE, needs: None },
    Type { name: "deb", namespace: Required, lower: NAMESPACE | NAME, needs: None },
    Type { name: "docker", namespace: Optional, lower: NONE, needs: None },
    Type { name: "gem", namespace: Prohibited, lower: NONE, needs: None },
    Type { name: "generic", namespace: Optional, lower: NONE, needs: None },
    Type { name: "git", namespace: Required, lower: NONE, needs: None },
    Type { name: "github", namespace: Required, lower: NAMESPACE | NAME, needs: None },
    Type { name: "golang", namespace: Required, lower: NONE, needs: None },
    Type { name: "hackage", namespace: Prohibited, lower: NONE, needs: None },
    Type { name: "hex", namespace: Optional, lower: NAMESPACE | NAME, needs: None },
    Type { name: "huggingface", namespace: Required, lower: VERSION, needs: None },
    Type { name: "julia", namespace: Prohibited, lower: NONE, needs: Some("uuid") },
    Type { name: "luarocks", namespace: Optional, lower: NAMESPACE | NAME, needs: None },
    Type { name: "maven", namespace: Required, lower: NONE, needs: None },
    Type { name: "mlflow", namespace: Prohibited, lower: NONE, needs: None },
    Type { name: "npm", namespace: Optional, lower: NONE, needs: None },
    Type { name: "nuget", namespace: Prohibited, lower: NONE, needs: None },
    Type { name: "oci", namespace: Prohibited, lower: NAME | VERSION, needs: None },
    Type { name: "opam", namespace: Prohibited, lower: NONE, needs: None },
    Type { name: "otp", namespace: Prohibited, lower: NAME | SUBPATH, needs: None },
    Type { name: "pub", namespace: Prohibited, lower: NAME, needs: None },
    Type { name: "pypi", namespace: Prohibited, lower: NAME | VERSION, needs: None },
    Type { name: "qpkg", namespace: Required, lower: NAMESPACE, needs: None },
    Type { name: "rpm", namespace: Required, lower: NAMESPACE, needs: None },
    Type { name: "swid", namespace: Optional, lower: NONE, needs: Some("tag_id") },
    Type { name: "swift", namespace: Required, lower: NONE, needs: None },
    Type { name: "vcpkg", namespace: Prohibited, lower: NONE, needs: None },
    Type { name: "vscode-extension", namespace: Required, lower: NAMESPACE | NAME | VERSION, needs: None },
    Type { name: "yocto", namespace: Optional, lower: NAMESPACE, needs: None },
];

/// The rules of a type; `None` for one that is not defined, to which only the general rules apply.
pub(super) fn find(name: &str) -> Option<&'static Type> {
    let at = TYPES.binary_search_by(|known| known.name.cmp(name)).ok()?;
    TYPES.get(at)
}

impl Type {
    /// What the definition refuses.
    pub(super) fn check(
        &self,
        namespace: Option<&str>,
        name: &str,
        has: impl Fn(&str) -> bool,
    ) -> Result<(), PurlError> {
        match (self.namespace, namespace) {
            (Required, None) => return Err(PurlError::NamespaceMissing(self.name)),
            (Prohibited, Some(_)) => return Err(PurlError::NamespaceProhibited(self.name)),
            _ => {}
        }
        if let Some(needed) = self.needs.filter(|needed| !has(needed)) {
            return Err(PurlError::QualifierMissing(needed));
        }
        let is_extension =
            |name: &str| name.len() == 32 && name.bytes().all(|b| (b'a'..=b'p').contains(&b));
        let refused = match self.name {
            // A module (`URI::PackageURL`) is not the distribution that holds it.
            "cpan" => name.contains("::"),
            "chrome-extension" => !is_extension(name),
            _ => false,
        };
        if refused { Err(PurlError::NameRefused(self.name)) } else { Ok(()) }
    }

    /// Normalisation that is more than small letters.
    pub(super) fn normalise_name(&self, name: String) -> String {
        match self.name {
            "pypi" => name.replace('_', "-"),
            "pub" => {
                name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
            }
            _ => name,
        }
    }
}
