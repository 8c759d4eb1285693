//! Whether one claim speaks of one product.

use domain::advisory::{
    Claim, Condition, Confidence, ProductName, VersionSet, Versions, VexStatus,
};
use domain::{MakerTable, Message, fold, msg};
use notation::cpe::{Cpe, Key as Part, Relation, Value};
use notation::purl::{Parts, Purl};
use notation::version::{Plain, Scheme};

use super::versions::{self, Held};
use super::{Least, Machine, Product};
use crate::advisories::key::{self, Key, Naming};
use crate::advisories::models;
use crate::advisories::order::Order;
use crate::advisories::serials::Unit;

/// Whether it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fit {
    /// It does.
    Yes(Confidence, Message),
    /// It speaks of another product, another release, or of what is not there.
    No,
    /// It speaks of this product, and of other versions.
    OtherVersions,
    /// It speaks of this product, and of versions before the lowest that it can be by what is installed.
    Mended(Message),
    /// It speaks of this product, and which versions it means cannot be said.
    Unknown(Message),
}

/// Serial numbers that a reason names at most.
const MOST_TOLD: usize = 5;

/// A product under one of its names.
#[derive(Debug, Clone)]
pub(super) struct View<'m> {
    /// The name.
    pub(super) key: Key,
    named: Named,
    version: Option<String>,
    least: Option<Least>,
    order: Order,
    makers: &'m MakerTable,
}

#[derive(Debug, Clone)]
enum Named {
    Package(Box<Purl>),
    Cpe(Box<Cpe>),
    /// Its maker, and the number as it is written and folded.
    Model {
        maker: String,
        shown: String,
        number: String,
    },
    Name(Option<String>),
}

impl<'m> View<'m> {
    /// A product under all its names that can be read.
    pub(super) fn all_of(product: &Product, makers: &'m MakerTable) -> Vec<Self> {
        let purls = product.purls.iter().filter_map(|text| Purl::read_leniently(text).ok());
        let mut views: Vec<Self> = Vec::new();
        for purl in purls {
            views.extend(source_of(&purl).map(|source| Self::of_purl(source, product, makers)));
            views.push(Self::of_purl(purl, product, makers));
        }
        let cpes = product.cpes.iter().filter_map(|text| text.parse().ok());
        views.extend(cpes.filter_map(|cpe| Self::of_cpe(cpe, product, makers)));
        if let Some(machine) = &product.machine {
            views.extend(Self::all_of_machine(machine, product.version(), makers));
        }
        views.extend(product.name.as_deref().and_then(Key::of_name).map(|key| Self {
            order: Order::of(&key),
            least: product.least,
            named: Named::Name(product.supplier.clone()),
            version: product.version(),
            key,
            makers,
        }));
        views
    }

    /// A machine under all model numbers that may be its own.
    pub(super) fn all_of_machine(
        machine: &Machine,
        version: Option<String>,
        makers: &'m MakerTable,
    ) -> Vec<Self> {
        let of_number = |(shown, number): (String, String)| {
            let view = |key: Key| Self {
                order: Order::of(&key),
                key,
                named: Named::Model {
                    maker: machine.maker.clone(),
                    shown: shown.clone(),
                    number: number.clone(),
                },
                version: version.clone(),
                least: None,
                makers,
            };
            Key::all_of_model(&number).into_iter().map(view).collect::<Vec<_>>()
        };
        models::numbers(&machine.model).into_iter().flat_map(of_number).collect()
    }

    /// Whether a party that uses a name like this means the product by it: claims on other model numbers may stand under the same key.
    pub(super) fn is_meant(&self, name: &ProductName) -> bool {
        match &self.named {
            Named::Model { .. } => self.model(name).is_some(),
            _ => true,
        }
    }

    /// The model number by which a party means the machine: of the same maker, exactly its own where one is.
    fn model<'n>(&self, name: &'n ProductName) -> Option<&'n str> {
        let Named::Model { maker, number, .. } = &self.named else { return None };
        let vendor = name.vendor.as_deref()?;
        let of_key = |text: &&String| Key::of_model(text).as_ref() == Some(&self.key);
        let mut asked = name.models.iter().filter(of_key);
        let is_meant = |text: &&String| {
            models::pattern(text).is_some_and(|pattern| models::is_meant(&pattern, number))
        };
        let is_its = models::is_maker(self.makers, maker, vendor);
        is_its.then(|| asked.find(is_meant).map(String::as_str))?
    }

    /// The places of the versions of all views in the orders of their products, where every span of the index says of them what
    /// judging its claim would: each is nothing but dotted numbers, and no advisory can speak of the product under two of its names
    /// that are of one kind. A name that people write has no spans, and any place.
    pub(super) fn ranks(views: &[Self]) -> Option<Vec<u64>> {
        let mut namings: Vec<Naming> = views.iter().map(|view| view.key.naming()).collect();
        namings.sort_unstable();
        let is_twice = namings.windows(2).any(|pair| pair.first() == pair.last());
        let rank = |view: &Self| match &view.named {
            Named::Name(_) => Some(0),
            Named::Cpe(cpe) if is_wild(cpe) => None,
            _ => view.order.rank(view.version.as_deref()?),
        };
        if views.is_empty() || is_twice { None } else { views.iter().map(rank).collect() }
    }

    /// As [`View::ranks`], of another version that is nothing but dotted numbers.
    pub(super) fn rank_of(&self, version: Plain) -> Option<u64> {
        match &self.named {
            Named::Name(_) => Some(0),
            _ => version.rank(self.order.plain()?),
        }
    }

    /// Whether its version is this one, and would be another if that stood where `stands_apart` says: beside the name, or in it.
    pub(super) fn follows(&self, version: &str, stands_apart: bool) -> bool {
        let own = match &self.named {
            Named::Package(purl) => purl.version().map(str::to_owned),
            Named::Cpe(cpe) => cpe_version(cpe),
            Named::Model { .. } | Named::Name(_) => None,
        };
        let is_apart = stands_apart || matches!(self.named, Named::Name(_));
        self.version.as_deref() == Some(version) && own.is_none() == is_apart
    }

    /// Why an advisory whose spans hold the version speaks of the product.
    pub(super) fn reason(&self) -> Message {
        let version = self.version.as_deref().unwrap_or_default();
        match self.key.naming() {
            Naming::Package => msg!("advisories.package", version = version),
            Naming::Cpe => msg!("advisories.cpe", version = version),
            Naming::Model | Naming::Name => msg!("advisories.name"),
        }
    }

    fn of_purl(purl: Purl, product: &Product, makers: &'m MakerTable) -> Self {
        let version = purl.version().map(|version| match purl.qualifier("epoch") {
            // The epoch of an RPM stands apart (purl-spec, rpm-definition.json).
            Some(epoch) if purl.kind() == "rpm" => format!("{epoch}:{version}"),
            _ => version.to_owned(),
        });
        let key = Key::of_purl(&purl);
        Self {
            order: Order::of(&key),
            key,
            version: version.or_else(|| product.version()),
            least: None,
            named: Named::Package(Box::new(purl)),
            makers,
        }
    }

    fn of_cpe(cpe: Cpe, product: &Product, makers: &'m MakerTable) -> Option<Self> {
        let key = Key::of_cpe(&cpe)?;
        Some(Self {
            order: Order::of(&key),
            key,
            version: product.version().or_else(|| cpe_version(&cpe)),
            least: product.least,
            named: Named::Cpe(Box::new(cpe)),
            makers,
        })
    }

    /// Whether any version is known.
    pub(super) fn has_version(&self) -> bool {
        self.version.is_some()
    }

    /// Whether `claim` speaks of the product under this name. `versions` are those of the claim, but for
    /// [`Versions::Others`].
    pub(super) fn fit(&self, claim: &Claim, product: &Product) -> Fit {
        let fit = self.fit_product(&claim.product, &claim.versions, product);
        let Fit::Yes(confidence, reason) = fit else { return fit };
        let is_well = matches!(claim.status, VexStatus::Fixed | VexStatus::NotAffected);
        if is_well && unit_of(&claim.product, product) != Unit::Its {
            // What is well in some units says nothing of one that may be another.
            return Fit::Unknown(reason);
        }
        let mut unknown = false;
        for condition in &claim.conditions {
            match holds(condition, product, self.makers) {
                Some(true) => {}
                Some(false) => return Fit::No,
                None => unknown = true,
            }
        }
        if unknown && confidence > Confidence::Candidate {
            return Fit::Yes(Confidence::Likely, msg!("advisories.condition"));
        }
        Fit::Yes(confidence, reason)
    }

    fn fit_product(&self, name: &ProductName, versions: &Versions, product: &Product) -> Fit {
        let unit = unit_of(name, product);
        // Units that are named one by one are meant in whatever version they have, where none is written.
        let is_of_units = !name.serials.is_empty() && *versions == Versions::Unstated;
        let versions = if is_of_units { &Versions::All } else { versions };
        let serials = || name.serials.iter().take(MOST_TOLD).cloned().collect::<Vec<_>>();
        let reason = match unit {
            Unit::Other => return Fit::No,
            Unit::Its => return self.fit_versions(name, versions),
            Unit::Begins => msg!("advisories.serial_begins", serials = serials()),
            Unit::Unknown => msg!("advisories.serial_unknown", serials = serials()),
        };
        match self.fit_versions(name, versions) {
            Fit::Yes(sure, _) if sure > Confidence::Candidate => {
                Fit::Yes(Confidence::Likely, reason)
            }
            fit => fit,
        }
    }

    fn fit_versions(&self, name: &ProductName, versions: &Versions) -> Fit {
        let Some(gap) = self.gap(name) else { return Fit::No };
        let example = self.example(name).filter(|_| *versions == Versions::Unstated);
        let listed = example.map(|version| {
            Versions::These(VersionSet { listed: vec![version], ..VersionSet::default() })
        });
        let versions = listed.as_ref().unwrap_or(versions);
        let Some(version) = &self.version else {
            // Of all versions it is one.
            return match (versions, gap) {
                (Versions::All, Some(gap)) => Fit::Yes(Confidence::Likely, gap),
                (Versions::All, None) => {
                    let sure = match self.key.naming() {
                        Naming::Name => Confidence::Candidate,
                        Naming::Model => return self.by_model(name, Confidence::Exact, None),
                        Naming::Package | Naming::Cpe => Confidence::Exact,
                    };
                    Fit::Yes(sure, msg!("advisories.all_versions"))
                }
                _ => Fit::Unknown(msg!("advisories.no_version")),
            };
        };
        let held = match self.held(versions, version) {
            Ok(held) => held,
            Err(fit) => return fit,
        };
        let (yes, gap) = match held {
            Held::Unknown(reason) => return Fit::Unknown(reason),
            // Of another release or edition, the versions are others: nothing follows for this one.
            Held::No if gap.is_some() => return Fit::No,
            Held::No => return Fit::OtherVersions,
            Held::Guessed => {
                (Confidence::Likely, gap.or(Some(msg!("advisories.loose", version = version))))
            }
            Held::Yes if gap.is_some() => (Confidence::Likely, gap),
            Held::Yes => (Confidence::Exact, gap),
        };
        match self.key.naming() {
            Naming::Name if yes == Confidence::Exact && self.is_of_vendor(name) => {
                Fit::Yes(Confidence::Likely, msg!("advisories.vendor_name", version = version))
            }
            Naming::Name => Fit::Yes(Confidence::Candidate, self.reason()),
            Naming::Model => self.by_model(name, yes, gap),
            Naming::Package | Naming::Cpe => Fit::Yes(yes, gap.unwrap_or_else(|| self.reason())),
        }
    }

    /// Whether the version is among these; or what comes of the claim, where only the installed updates tell.
    fn held(&self, versions: &Versions, version: &str) -> Result<Held, Fit> {
        // The release in a name of the NVD, as in `windows_10:1703`, is what its criteria ask for; the build is what ranges do.
        if self.order == Order::Own(Scheme::Windows)
            && let (Named::Cpe(cpe), Versions::These(set)) = (&self.named, versions)
            && let Some(release) = cpe_version(cpe).filter(|release| release != version)
            && set.listed.contains(&release)
        {
            return Ok(Held::Yes);
        }
        let held = versions::held(versions, version, None, self.order);
        let (Held::Unknown(_), Some(least)) = (&held, self.least) else { return Ok(held) };
        if self.order != Order::Own(Scheme::Windows) {
            return Ok(held);
        }
        let (build, update) = (least.build.to_string(), format!("KB{}", least.update));
        match versions::held(versions, version, Some(&build), self.order) {
            Held::No => Err(Fit::Mended(msg!("advisories.mended", update = update, build = build))),
            Held::Unknown(_) => {
                let reason = msg!("advisories.mended_later", update = update, build = build);
                Err(Fit::Unknown(reason))
            }
            held => Ok(held),
        }
    }

    /// That the machine is meant by its number: no surer than likely where that has wildcards.
    fn by_model(&self, name: &ProductName, yes: Confidence, gap: Option<Message>) -> Fit {
        let (Named::Model { shown, .. }, Some(asked)) = (&self.named, self.model(name)) else {
            return Fit::No;
        };
        let is_open = models::pattern(asked).is_some_and(|text| models::beginning(&text).is_some());
        let yes = if is_open { yes.min(Confidence::Likely) } else { yes };
        let reason = || msg!("advisories.model", model = shown.as_str(), number = asked);
        Fit::Yes(yes, gap.unwrap_or_else(reason))
    }

    /// Whether both sides name a vendor, and the same one: many records of the CVE programme name no more than vendor and product.
    fn is_of_vendor(&self, name: &ProductName) -> bool {
        match (&self.named, name.vendor.as_deref()) {
            (Named::Name(Some(supplier)), Some(vendor)) => {
                self.makers.is_same(supplier, vendor) == Some(true)
            }
            _ => false,
        }
    }

    /// Whether the vendors may be one: where both are named, by the table of makers; where that does not know both, one name holds the
    /// other.
    fn is_vendor(&self, supplier: Option<&str>, name: &ProductName) -> bool {
        let (Some(supplier), Some(vendor)) = (supplier, name.vendor.as_deref()) else {
            return true;
        };
        self.makers.is_same(supplier, vendor).unwrap_or_else(|| {
            let (supplier, vendor) = (fold(supplier), fold(vendor));
            supplier.contains(&vendor) || vendor.contains(&supplier)
        })
    }

    /// What is asked for beside the name and is not known of the product; none at all where it is another product.
    fn gap(&self, name: &ProductName) -> Option<Option<Message>> {
        let gap = match &self.named {
            Named::Package(purl) => self.package_gap(purl, name)?,
            Named::Cpe(cpe) => self.cpe_gap(cpe, name)?,
            Named::Model { .. } => self.model(name).map(|_| None)?,
            Named::Name(supplier) => self.is_vendor(supplier.as_deref(), name).then_some(None)?,
        };
        let platforms = || {
            let platforms = name.platforms.clone();
            (!platforms.is_empty()).then(|| msg!("advisories.platform", platforms = platforms))
        };
        Some(gap.or_else(platforms))
    }

    fn package_gap(&self, purl: &Purl, name: &ProductName) -> Option<Option<Message>> {
        let spoken = name.purls.iter().filter_map(|text| Purl::read_leniently(text).ok());
        let spoken: Vec<Purl> = spoken.filter(|other| Key::of_purl(other) == self.key).collect();
        let asked = name.ecosystem.as_deref().and_then(key::release);
        let asked = asked.or_else(|| spoken.iter().find_map(key::release_of_purl));
        let Some(asked) = asked else { return Some(None) };
        match key::release_of_purl(purl) {
            Some(own) if own == asked => Some(None),
            Some(_) => None,
            None => Some(Some(msg!("advisories.release", release = asked))),
        }
    }

    /// The least that is open among the names given.
    fn cpe_gap(&self, cpe: &Cpe, name: &ProductName) -> Option<Option<Message>> {
        let spoken = name.cpes.iter().filter_map(|text| text.parse::<Cpe>().ok());
        let spoken = spoken.filter(|other| Key::of_cpe(other).as_ref() == Some(&self.key));
        let mut found = None;
        for other in spoken {
            match relation(&other, cpe) {
                Some(true) => return Some(None),
                Some(false) => {}
                None => found = Some(Some(msg!("advisories.edition"))),
            }
        }
        found
    }

    /// The version that stands in the party's own name of the product.
    fn example(&self, name: &ProductName) -> Option<String> {
        match self.key.naming() {
            Naming::Package => {
                let purls = name.purls.iter().filter_map(|text| Purl::read_leniently(text).ok());
                let mut own = purls.filter(|purl| Key::of_purl(purl) == self.key);
                own.find_map(|purl| purl.version().map(str::to_owned))
            }
            Naming::Cpe => {
                let cpes = name.cpes.iter().filter_map(|text| text.parse::<Cpe>().ok());
                let mut own = cpes.filter(|cpe| Key::of_cpe(cpe).as_ref() == Some(&self.key));
                own.find_map(|cpe| cpe_version(&cpe))
            }
            Naming::Model | Naming::Name => None,
        }
    }
}

/// The source package of which a binary package is made, under whose name Debian and Alpine speak of both: `upstream` as tools write
/// it, a name with or without a version of its own (`openssl@3.0.11-1`).
fn source_of(purl: &Purl) -> Option<Purl> {
    if !matches!(purl.kind(), "deb" | "apk") {
        return None;
    }
    let upstream = purl.qualifier("upstream")?;
    let (name, version) = match upstream.split_once('@') {
        Some((name, version)) => (name, Some(version)),
        None => (upstream, purl.version()),
    };
    let qualifiers: Vec<(&str, &str)> = purl.qualifiers().collect();
    let parts = Parts {
        kind: purl.kind(),
        namespace: purl.namespace(),
        name,
        version,
        qualifiers: &qualifiers,
        subpath: None,
    };
    Purl::build(&parts).ok().filter(|source| !source.is_same_package(purl))
}

/// The version in a name, where it is a plain value.
fn cpe_version(cpe: &Cpe) -> Option<String> {
    let value = cpe.get(Part::Version).value().filter(|value| !value.is_wild())?;
    Some(value.plain().into_owned())
}

/// Whether anything beside the version may be several things.
fn is_wild(cpe: &Cpe) -> bool {
    let mut rest = Part::ALL.into_iter().filter(|part| *part != Part::Version);
    rest.any(|part| cpe.get(part).value().is_some_and(Value::is_wild))
}

/// Whether the criterion names what the product is beside its version: edition, target software, hardware, and so on
/// (NISTIR 7696 clause 6.2). `None` where it asks for what the product does not tell.
fn relation(criterion: &Cpe, product: &Cpe) -> Option<bool> {
    let mut known = true;
    for part in Part::ALL {
        if matches!(part, Part::Part | Part::Vendor | Part::Product | Part::Version) {
            continue;
        }
        match criterion.get(part).relation(product.get(part)) {
            Relation::Superset | Relation::Equal => {}
            Relation::Disjoint => return Some(false),
            Relation::Subset | Relation::Undefined => known = false,
        }
    }
    known.then_some(true)
}

/// Whether a party means the unit: what it says without serial numbers is of all units.
fn unit_of(name: &ProductName, product: &Product) -> Unit {
    if name.serials.is_empty() {
        return Unit::Its;
    }
    let serial = product.machine.as_ref().and_then(|machine| machine.serial.as_ref());
    serial.map_or(Unit::Unknown, |serial| serial.unit(&name.serials))
}

/// Whether a condition holds where the product is; `None` where what else is there is not known.
fn holds(condition: &Condition, product: &Product, makers: &MakerTable) -> Option<bool> {
    let mut unknown = product.beside.is_none();
    for there in std::iter::once(product).chain(product.beside.iter().flatten()) {
        let views = View::all_of(there, makers);
        for criterion in &condition.any {
            let keys = key::of_product(&criterion.product);
            for view in views.iter().filter(|view| keys.contains(&view.key)) {
                match view.fit_product(&criterion.product, &criterion.versions, there) {
                    Fit::Yes(Confidence::Exact, _) => return Some(!condition.negated),
                    Fit::Yes(..) | Fit::Unknown(_) => unknown = true,
                    Fit::No | Fit::OtherVersions | Fit::Mended(_) => {}
                }
            }
        }
    }
    (!unknown).then_some(condition.negated)
}
