//! Feeds for tests, in a little language of one record a line:
//!
//! ```text
//! nvd CVE-2026-1 a:maker:product <2.0 v3=AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H
//! csaf CVE-2026-2 a:maker:product <2.0 in=ICSA-1 score=53
//! osv CVE-2026-3 name=電子カルテ <3
//! kev CVE-2026-1 ransomware
//! alias CVE-2026-1 GHSA-1 a:maker:product <2.0
//! newest nvd 2026-11-19
//! update KB9900001 10.0.19045.4046
//! csaf CVE-2026-4 model=Maker/6RA8013-6GV62 <2.0
//! ```
//!
//! `all` instead of `<2.0` is all versions. `in=` names the document, `status=` another word of VEX than "affected"; `ssvc=poc,yes,total` is what CISA decided.

use std::sync::LazyLock;

use domain::advisory::{
    Advisory, AdvisoryState, Claim, Exploited, FeedKind, ProductName, Rating, Remedy, RemedyKind,
    Ssvc, VersionBound, VersionRange, VersionSet, Versions, VexStatus,
};
use domain::{
    BannerTable, FeedRecord, MakerTable, ProductPart, ProductRow, ProductTable, VersionRule,
};
use engine::advisories::index::{Builder, Index, Source};
use engine::products::Namer;
use engine::weaknesses::{Advisories, AtHand};

/// Scored 9.8, over a network.
pub(super) const REMOTE: &str = "v3=AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
/// Scored 9.3, and only by who is on the machine already.
pub(super) const LOCAL: &str = "v3=AV:L/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H";

/// What is at hand in a test.
pub(super) enum Hand {
    None,
    Lost,
    Damaged,
    Ready(Vec<u8>),
}

impl Hand {
    /// An index of these records; of a list that was changed yesterday, where no line says otherwise.
    pub(super) fn read(text: &str) -> Self {
        let (mut builder, mut sources) = (Builder::new(), Vec::new());
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words.as_slice() {
                ["newest", feed, day] => sources.push(source(feed, day)),
                ["update", number, build] => {
                    let advisory = update(number, build);
                    builder.add(FeedRecord::Advisory(Box::new(advisory))).unwrap();
                }
                ["kev", id, rest @ ..] => {
                    let entry = exploited(id, rest.contains(&"ransomware"));
                    builder.add(FeedRecord::Exploited(entry)).unwrap();
                }
                ["alias", id, other, product, below] => {
                    let mut advisory = advisory("ghsa", id, product, below, &[]);
                    advisory.aliases = vec![(*other).to_owned()];
                    builder.add(FeedRecord::Advisory(Box::new(advisory))).unwrap();
                }
                [feed, id, product, below, rest @ ..] => {
                    let advisory = advisory(feed, id, product, below, rest);
                    builder.add(FeedRecord::Advisory(Box::new(advisory))).unwrap();
                }
                _ => panic!("not a record: {line}"),
            }
        }
        if sources.is_empty() {
            sources.push(source("nvd", "2026-11-19"));
        }
        let mut bytes = Vec::new();
        builder.finish(sources, &mut bytes).unwrap();
        Self::Ready(bytes)
    }

    /// Lends it as the engine takes it.
    pub(super) fn lend<T>(&self, lend: impl FnOnce(Advisories<'_>) -> T) -> T {
        let (table, makers) = (products(), MakerTable::default());
        let namer = Namer::new(&table).with_banners(banners);
        let index = match self {
            Self::Ready(bytes) => Some(Index::open(bytes).unwrap()),
            _ => None,
        };
        let at_hand = match (self, &index) {
            (Self::Lost, _) => AtHand::Lost,
            (Self::Damaged, _) => AtHand::Damaged,
            (_, Some(index)) => AtHand::Ready(index),
            (_, None) => AtHand::None,
        };
        lend(Advisories { namer: &namer, makers: &makers, at_hand, lists: &[] })
    }
}

fn kind(feed: &str) -> FeedKind {
    FeedKind::from_key(feed).expect("a feed")
}

fn source(feed: &str, day: &str) -> Source {
    let newest = Some(testkit::timestamp(day));
    // As many as a whole list has: the silence of less means nothing.
    Source { feed: kind(feed), name: feed.to_owned(), records: 200_000, newest, refused: 0 }
}

fn exploited(id: &str, ransomware: bool) -> Exploited {
    Exploited {
        id: id.to_owned(),
        vendor: "maker".to_owned(),
        product: "product".to_owned(),
        name: String::new(),
        added: "2026-01-05".parse().unwrap(),
        due: None,
        action: String::new(),
        ransomware,
    }
}

/// The word of Microsoft that an update brings a build.
fn update(number: &str, build: &str) -> Advisory {
    let digits = number.strip_prefix("KB").unwrap();
    let remedy = Remedy {
        kind: RemedyKind::VendorFix,
        text: format!("{build}:Security Update:https://support.microsoft.com/help/{digits}"),
        url: None,
        date: None,
        claims: Vec::new(),
    };
    let id = format!("CVE-2026-{digits}");
    Advisory {
        publisher: Some("Microsoft Security Response Center".to_owned()),
        remedies: vec![remedy],
        ..Advisory::new(FeedKind::Csaf, id, AdvisoryState::Published)
    }
}

fn advisory(feed: &str, id: &str, product: &str, below: &str, rest: &[&str]) -> Advisory {
    let word = |key: &str| rest.iter().find_map(|word| word.strip_prefix(key));
    let mut advisory = Advisory::new(kind(feed), id, AdvisoryState::Published);
    let status = word("status=").map(|status| VexStatus::from_key(status).unwrap());
    let status = status.unwrap_or(VexStatus::Affected);
    let serials = word("serials=").map(|serials| serials.split(',').map(str::to_owned).collect());
    let product = ProductName { serials: serials.unwrap_or_default(), ..named(product) };
    advisory.claims = vec![Claim::new(status, product, versions(below))];
    if let Some(document) = word("in=") {
        advisory.document = document.to_owned();
    }
    let vector = word("v3=").map(|vector| format!("CVSS:3.1/{vector}"));
    let score = word("score=").map(|score| score.parse().unwrap());
    advisory.ssvc = word("ssvc=").map(ssvc);
    if vector.is_some() || score.is_some() {
        let rating = Rating { by: None, vector, score, word: None, claims: Vec::new() };
        advisory.ratings = vec![rating];
    }
    advisory
}

/// Exploitation, automatable and technical impact; and the day, where it is not one of 2026 in which all others were decided.
fn ssvc(text: &str) -> Ssvc {
    let mut points = text.split(',').map(str::to_owned);
    let [exploitation, automatable, technical_impact] =
        [points.next(), points.next(), points.next()];
    let at = Some(testkit::timestamp(&points.next().unwrap_or_else(|| "2026-06-01".to_owned())));
    Ssvc { at, exploitation, automatable, technical_impact }
}

fn named(product: &str) -> ProductName {
    if let Some((vendor, number)) =
        product.strip_prefix("model=").and_then(|text| text.split_once('/'))
    {
        let (vendor, models) = (Some(vendor.to_owned()), vec![number.to_owned()]);
        return ProductName { vendor, models, ..ProductName::default() };
    }
    match product.strip_prefix("name=") {
        Some(name) => ProductName { name: Some(name.to_owned()), ..ProductName::default() },
        None => ProductName {
            cpes: vec![format!("cpe:2.3:{product}:*:*:*:*:*:*:*:*")],
            ..ProductName::default()
        },
    }
}

fn versions(below: &str) -> Versions {
    if below == "all" {
        return Versions::All;
    }
    let version = below.strip_prefix('<').expect("an upper end").to_owned();
    let to = Some(VersionBound { version, included: false });
    Versions::These(VersionSet {
        ranges: vec![VersionRange { from: None, to }],
        ..VersionSet::default()
    })
}

/// Two products and a Windows; so small that a test does not move when the shipped table does.
/// `Viewer v1.5` is that program, `GateOS 1.5` that system on a gate, in whatever set.
fn banners() -> &'static BannerTable<'static> {
    const PROGRAM: &str = "/\t\t^(?:.*) ?Viewer v(\\S+)$\n0\tservice.product\tViewer\n1\tservice.version\t\n0\tservice.cpe23\tcpe:/a:maker:viewer:{service.version}\n";
    const SYSTEM: &str = "/\t\t^GateOS ?(\\S+)?$\n0\tos.product\tGateOS\n1\tos.version\t\n0\tos.cpe23\tcpe:/o:maker:gateos:{os.version}\n0\tservice.product\tGate SNMP\n";
    const NAME: &str = "/\t\t^Server/(\\S+)$\n0\tservice.vendor\tOther\n0\tservice.product\tServer\n1\tservice.version\t\n";
    static TEXT: LazyLock<String> = LazyLock::new(|| {
        let keys =
            ["ssh.banner", "http_header.server", "snmp.sys_description", "dhcp_vendor_class"];
        keys.map(|key| format!("={key}\n{PROGRAM}{SYSTEM}{NAME}")).concat()
    });
    static TABLE: LazyLock<BannerTable<'static>> = LazyLock::new(|| BannerTable::read(&TEXT));
    &TABLE
}

fn products() -> ProductTable {
    let row = |spellings: &[&str], part: ProductPart, cpe: &str| ProductRow {
        name: spellings[0].to_owned(),
        spellings: spellings.iter().map(|text| (*text).to_owned()).collect(),
        short: Vec::new(),
        models: Vec::new(),
        makers: Vec::new(),
        releases: Vec::new(),
        part,
        names: vec![cpe.to_owned()],
        version: VersionRule::Written(1),
        scheme: "generic".to_owned(),
        purl: None,
        source: "test".to_owned(),
    };
    let windows = ProductRow {
        releases: vec!["22H2".to_owned()],
        version: VersionRule::Build("10.0.19045".to_owned()),
        scheme: "windows".to_owned(),
        ..row(&["Windows 10"], ProductPart::Os, "microsoft:windows_10_22h2")
    };
    ProductTable {
        rows: vec![
            windows,
            row(&["Viewer", "ビューア"], ProductPart::Application, "maker:viewer"),
            row(&["GateOS"], ProductPart::Os, "maker:gateos"),
        ],
        beside: Vec::new(),
    }
}
