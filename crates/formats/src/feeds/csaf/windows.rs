//! The names that Microsoft's own documents give releases of Windows, under the names of the NVD: `Windows 11 Version 24H2 for x64-based
//! Systems` is `windows_11_24h2`, where the processor is an x64.
//!
//! A product of the tree is one release on one kind of processor, or in one kind of installation. What a document says alike of all that
//! there are of a release holds of the release; else it is said of these alone, and of a device nobody may know which it is. Names that
//! are no such release, tools for driver tests (HLK) and HoloLens among them, are left as they are.

use std::collections::BTreeSet;

use domain::{Claim, Versions, VexStatus, fold};

use crate::feeds::budget::Budget;
use crate::feeds::gather::Reject;

/// More claims than this are not looked through for those that speak of one release alike.
const MOST_CLAIMS: usize = 512;

/// What a name restricts a release to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// A processor of 32 bits.
    Bits32,
    /// An x64.
    X64,
    /// An ARM64.
    Arm64,
    /// A server with its desktop.
    Desktop,
    /// A server without it.
    Core,
    /// All that there is of the release.
    Any,
}

impl Kind {
    /// The words of the name, for people.
    fn words(self) -> Option<&'static str> {
        match self {
            Self::Bits32 => Some("32-bit Systems"),
            Self::X64 => Some("x64-based Systems"),
            Self::Arm64 => Some("ARM64-based Systems"),
            Self::Desktop => Some("Server with Desktop Experience"),
            Self::Core => Some("Server Core installation"),
            Self::Any => None,
        }
    }
}

/// A release of Windows as a name gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Release {
    /// The product in the NVD's names.
    product: String,
    kind: Kind,
    /// The service pack that is asked for.
    pack: Option<String>,
}

/// Whether the document's word on Windows counts: nobody else's on Microsoft's builds does.
pub(super) fn is_of_microsoft(publisher: Option<&str>) -> bool {
    publisher.is_some_and(|publisher| fold(publisher).starts_with("microsoft"))
}

/// Gives the claims on releases of Windows the NVD's names of these, and the kinds that they are restricted to as platforms.
///
/// What is mended or not affected on some kinds alone says nothing of a device of which the kind is not known: it keeps its own name.
pub(super) fn name(claims: &mut [Claim], budget: &mut Budget) -> Result<(), Reject> {
    let releases: Vec<Option<Release>> = claims.iter().map(release_of).collect();
    let known: Vec<(usize, &Release)> =
        releases.iter().enumerate().filter_map(|(at, one)| Some((at, one.as_ref()?))).collect();
    if known.len() > MOST_CLAIMS {
        return Ok(());
    }
    let mut named: Vec<(usize, String, Vec<String>)> = Vec::new();
    for (at, release) in &known {
        let Some(claim) = claims.get(*at) else { continue };
        let alike = known.iter().filter(|(other, own)| {
            claims.get(*other).is_some_and(|other| is_alike(claim, other)) && release.is_beside(own)
        });
        let kinds: BTreeSet<Kind> = alike.map(|(_, own)| own.kind).collect();
        let only = release.only(&kinds);
        let is_well = matches!(claim.status, VexStatus::Fixed | VexStatus::NotAffected);
        if only.is_empty() || !is_well {
            named.push((*at, release.cpe(), only));
        }
    }
    for (at, cpe, only) in named {
        budget.spend(cpe.len() + only.iter().map(|one| one.len() + 24).sum::<usize>() + 24)?;
        if let Some(claim) = claims.get_mut(at) {
            claim.product.cpes.push(cpe);
            claim.product.platforms.extend(only);
        }
    }
    Ok(())
}

/// The release that a claim speaks of; none where it has a name of the NVD's already, says no versions, or depends on anything else.
fn release_of(claim: &Claim) -> Option<Release> {
    let product = &claim.product;
    let is_alone = product.cpes.is_empty()
        && product.platforms.is_empty()
        && claim.conditions.is_empty()
        && matches!(claim.versions, Versions::These(_));
    is_alone.then(|| read(product.name.as_deref()?)).flatten()
}

/// Whether two claims say the same of two products.
fn is_alike(one: &Claim, other: &Claim) -> bool {
    one.status == other.status && one.versions == other.versions
}

/// A release by its name, word for word; letters' case is not asked.
fn read(name: &str) -> Option<Release> {
    let name = name.trim().to_ascii_lowercase();
    let rest = name.strip_prefix("windows ")?;
    match rest.strip_prefix("server") {
        Some(server) => read_server(server),
        None => read_client(rest),
    }
}

/// `11 version 24h2 for x64-based systems`.
fn read_client(rest: &str) -> Option<Release> {
    let (system, rest) = rest.split_once(" for ")?;
    let (kind, pack) = on_processor(rest)?;
    let product = match (system.split_once(" version "), system) {
        (Some((number @ ("10" | "11"), release)), _) if is_release(release) => {
            format!("windows_{number}_{release}")
        }
        // The first Windows 10 had no release in its name.
        (None, "10") => "windows_10_1507".to_owned(),
        (None, "8.1") => r"windows_8\.1".to_owned(),
        (None, "7") => "windows_7".to_owned(),
        _ => return None,
    };
    Some(Release { product, kind, pack })
}

/// ` 2019`, ` 2019 (server core installation)`, ` 2022, 23h2 edition (server core installation)`,
/// `, version 20h2 (server core installation)`, ` 2008 r2 for x64-based systems service pack 1`.
fn read_server(rest: &str) -> Option<Release> {
    let (rest, kind) = match rest.strip_suffix(" (server core installation)") {
        Some(rest) => (rest, Kind::Core),
        None => (rest, Kind::Desktop),
    };
    if let Some(release) = rest.strip_prefix(", version ") {
        return (kind == Kind::Core).then(|| of_channel(release)).flatten();
    }
    let rest = rest.strip_prefix(' ')?;
    if let Some((_, edition)) = rest.split_once(", ") {
        let release = edition.strip_suffix(" edition")?;
        return (kind == Kind::Core).then(|| of_channel(release)).flatten();
    }
    if let Some((year @ ("2008" | "2008 r2"), on)) = rest.split_once(" for ") {
        // Which processor is told with the service pack: no server of these is the only one of its kind.
        let (processor, pack) = on_processor(on)?;
        let pack = pack.or_else(|| processor.words().map(str::to_owned));
        let product = format!("windows_server_{}", year.replace(' ', "_"));
        return Some(Release { product, kind, pack });
    }
    let is_year = matches!(rest, "2012" | "2012 r2" | "2016" | "2019" | "2022" | "2025");
    let product = format!("windows_server_{}", rest.replace(' ', "_"));
    is_year.then_some(Release { product, kind, pack: None })
}

/// A server of the semi-annual or annual channel, which is installed without a desktop always.
fn of_channel(release: &str) -> Option<Release> {
    let product = format!("windows_server_{release}");
    is_release(release).then_some(Release { product, kind: Kind::Any, pack: None })
}

/// `x64-based systems service pack 1`.
fn on_processor(rest: &str) -> Option<(Kind, Option<String>)> {
    let (processor, rest) = rest.split_once(" systems")?;
    let kind = match processor {
        "32-bit" => Kind::Bits32,
        "x64-based" => Kind::X64,
        "arm64-based" => Kind::Arm64,
        _ => return None,
    };
    let pack = match rest.strip_prefix(" service pack ") {
        Some(number @ ("1" | "2")) => Some(format!("Service Pack {number}")),
        Some(_) => return None,
        None if rest.is_empty() => None,
        None => return None,
    };
    Some((kind, pack))
}

/// `1809` or `24h2`.
fn is_release(text: &str) -> bool {
    let is_digit = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
    let is_half = text.as_bytes().get(2) == Some(&b'h');
    text.len() == 4 && is_digit(0) && is_digit(1) && (is_half || is_digit(2)) && is_digit(3)
}

impl Release {
    /// Whether both are of one release, of whatever kind.
    fn is_beside(&self, other: &Self) -> bool {
        self.product == other.product && self.pack == other.pack
    }

    /// What a claim is restricted to, where the same is said of `kinds`: nothing where these are all there are.
    fn only(&self, kinds: &BTreeSet<Kind>) -> Vec<String> {
        let is_whole = self.all().iter().all(|kind| kinds.contains(kind));
        let kind = self.kind.words().filter(|_| !is_whole).map(str::to_owned);
        kind.into_iter().chain(self.pack.clone()).collect()
    }

    /// Every kind that there is of the release (Microsoft, "Windows processor requirements"; Windows 10 runs on ARM64 since 1709).
    fn all(&self) -> &'static [Kind] {
        match (self.kind, self.product.as_str()) {
            (Kind::Any, _) => &[],
            (Kind::Desktop | Kind::Core, _) => &[Kind::Desktop, Kind::Core],
            (_, product) if product.starts_with("windows_11") => &[Kind::X64, Kind::Arm64],
            (
                _,
                "windows_7" | r"windows_8\.1" | "windows_10_1507" | "windows_10_1511"
                | "windows_10_1607" | "windows_10_1703",
            ) => &[Kind::Bits32, Kind::X64],
            _ => &[Kind::Bits32, Kind::X64, Kind::Arm64],
        }
    }

    fn cpe(&self) -> String {
        format!("cpe:2.3:o:microsoft:{}:*:*:*:*:*:*:*:*", self.product)
    }
}

#[cfg(test)]
mod tests {
    use domain::{ProductName, VersionBound, VersionRange, VersionSet};

    use super::*;

    fn claim(status: VexStatus, name: &str, below: &str) -> Claim {
        let to = Some(VersionBound { version: below.to_owned(), included: false });
        let ranges = vec![VersionRange { from: None, to }];
        let versions = Versions::These(VersionSet { ranges, ..VersionSet::default() });
        let product = ProductName { name: Some(name.to_owned()), ..ProductName::default() };
        Claim::new(status, product, versions)
    }

    fn affected(name: &str, below: &str) -> Claim {
        claim(VexStatus::Affected, name, below)
    }

    /// The product of each claim's name, and what it is restricted to.
    fn named(mut claims: Vec<Claim>) -> Vec<String> {
        name(&mut claims, &mut Budget::new(1)).unwrap();
        let told = |claim: &Claim| {
            let product =
                claim.product.cpes.first().map_or("-", |cpe| cpe.split(':').nth(4).unwrap());
            let platforms = claim.product.platforms.iter().map(String::as_str);
            std::iter::once(product).chain(platforms).collect::<Vec<_>>().join(" | ")
        };
        claims.iter().map(told).collect()
    }

    #[test]
    fn each_name_of_a_release_is_one_of_the_nvd() {
        for (written, expected) in [
            (
                "Windows 11 Version 24H2 for x64-based Systems",
                "windows_11_24h2 | x64-based Systems",
            ),
            (
                "Windows 11 version 22H2 for ARM64-based Systems",
                "windows_11_22h2 | ARM64-based Systems",
            ),
            ("Windows 10 Version 22H2 for 32-bit Systems", "windows_10_22h2 | 32-bit Systems"),
            (
                "Windows 10 Version 1809 for x64-based Systems",
                "windows_10_1809 | x64-based Systems",
            ),
            ("Windows 10 for 32-bit Systems", "windows_10_1507 | 32-bit Systems"),
            ("Windows 8.1 for x64-based Systems", r"windows_8\.1 | x64-based Systems"),
            (
                "Windows 7 for x64-based Systems Service Pack 1",
                "windows_7 | x64-based Systems | Service Pack 1",
            ),
            ("Windows Server 2012 R2", "windows_server_2012_r2 | Server with Desktop Experience"),
            (
                "Windows Server 2025 (Server Core installation)",
                "windows_server_2025 | Server Core installation",
            ),
            ("Windows Server 2022, 23H2 Edition (Server Core installation)", "windows_server_23h2"),
            ("Windows Server, Version 20H2 (Server Core installation)", "windows_server_20h2"),
            (
                "Windows Server 2008 R2 for x64-based Systems Service Pack 1",
                "windows_server_2008_r2 | Server with Desktop Experience | Service Pack 1",
            ),
        ] {
            assert_eq!(named(vec![affected(written, "10.0.1.1")]), [expected], "{written}");
        }
    }

    #[test]
    fn what_is_no_release_keeps_its_own_name() {
        for written in [
            "Windows 10 Version 1809 for HoloLens",
            "Windows 10 HLK Version 22H2",
            "Windows 11 HLK 24H2",
            "Windows 11 for x64-based Systems",
            "Windows 11 Version 24H2",
            "Windows 11 Version 24H2 for x64-based Systems Service Pack 3",
            "Windows 11 Version 24H2 for x64-based Systems and more",
            "Windows 12 Version 30H1 for x64-based Systems",
            "Windows RT 8.1",
            "Windows Server",
            "Windows Server 2030",
            "Windows Server 2019 Datacenter",
            "Windows Server 2022, 23H2 Edition",
            "Windows Server, Version 20H2",
            "Windows Server 2008 for Itanium-based Systems Service Pack 2",
            "Internet Explorer 11 on Windows 10 Version 1607 for x64-based Systems",
            "Windows",
            "",
        ] {
            assert_eq!(named(vec![affected(written, "10.0.1.1")]), ["-"], "{written}");
        }
    }

    #[test]
    fn what_is_said_of_every_kind_alike_is_said_of_the_release() {
        let on = |processor: &str, below: &str| {
            affected(&format!("Windows 11 Version 24H2 for {processor}-based Systems"), below)
        };
        let both = vec![on("x64", "10.0.26100.3194"), on("ARM64", "10.0.26100.3194")];
        assert_eq!(named(both), ["windows_11_24h2", "windows_11_24h2"]);
        let apart = vec![on("x64", "10.0.26100.3194"), on("ARM64", "10.0.26100.3195")];
        assert_eq!(
            named(apart),
            ["windows_11_24h2 | x64-based Systems", "windows_11_24h2 | ARM64-based Systems"]
        );
        // Another release says nothing of this one, and a Windows 10 of 22H2 runs on three kinds.
        let ten = |rest: &str| {
            affected(&format!("Windows 10 Version 22H2 for {rest}"), "10.0.26100.3194")
        };
        let mixed = vec![
            on("x64", "10.0.26100.3194"),
            ten("ARM64-based Systems"),
            ten("x64-based Systems"),
        ];
        assert!(named(mixed).iter().all(|one| one.contains(" | ")));
        let three = ["32-bit", "x64-based", "ARM64-based"].map(|on| ten(&format!("{on} Systems")));
        assert_eq!(named(three.to_vec()), ["windows_10_22h2"; 3]);
        let server = |end: &str| affected(&format!("Windows Server 2019{end}"), "10.0.17763.5458");
        let both = vec![server(""), server(" (Server Core installation)")];
        assert_eq!(named(both), ["windows_server_2019"; 2]);
    }

    #[test]
    fn what_is_well_on_some_kinds_is_said_of_these_alone() {
        let on = |status, on: &str| {
            claim(
                status,
                &format!("Windows 11 Version 24H2 for {on}-based Systems"),
                "10.0.26100.3",
            )
        };
        assert_eq!(named(vec![on(VexStatus::Fixed, "x64")]), ["-"]);
        assert_eq!(named(vec![on(VexStatus::NotAffected, "x64")]), ["-"]);
        let both = [VexStatus::Fixed; 2].iter().zip(["x64", "ARM64"]);
        let both = both.map(|(status, kind)| on(*status, kind)).collect();
        assert_eq!(named(both), ["windows_11_24h2"; 2]);
        // One that is mended and one that is affected are not alike.
        let mixed = vec![on(VexStatus::Fixed, "x64"), on(VexStatus::Affected, "ARM64")];
        assert_eq!(named(mixed), ["-", "windows_11_24h2 | ARM64-based Systems"]);
    }

    #[test]
    fn names_of_the_nvd_and_conditions_that_a_document_gives_stay() {
        let windows = "Windows 11 Version 24H2 for x64-based Systems";
        let mut own = affected(windows, "10.0.26100.3");
        own.product.cpes.push("cpe:2.3:o:maker:own:*:*:*:*:*:*:*:*".into());
        assert_eq!(named(vec![own]), ["own"]);
        let mut unsaid = affected(windows, "10.0.26100.3");
        unsaid.versions = Versions::Unstated;
        assert_eq!(named(vec![unsaid]), ["-"]);
        assert!(is_of_microsoft(Some("Microsoft Security Response Center")));
        assert!(!is_of_microsoft(Some("Not Microsoft")) && !is_of_microsoft(None));
    }

    #[test]
    fn many_claims_are_left_as_they_are() {
        let one = affected("Windows Server 2019", "10.0.1.1");
        assert!(named(vec![one; MOST_CLAIMS + 1]).iter().all(|one| one == "-"));
    }
}
