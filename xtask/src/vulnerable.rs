//! An invented world of vulnerabilities for measurements, the same bytes every time: a feed of the NVD, an inventory, and how many
//! findings are right, counted by trying every range.
//!
//! It has the shape of larger worlds that are kept elsewhere (`MIMAWARI_BENCH`): products are `prodN` of `vendN`, versions `x.y.z`.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;
use std::{fs, io};

/// A range of a product: from, and up to; a single version where that is none.
type Range = (u32, u32, Option<u32>);

/// How many makers there are.
const VENDORS: u32 = 3001;

/// The world of so many vulnerabilities, with the devices of a small hospital.
pub(crate) fn write(root: &Path, count: u32) -> io::Result<()> {
    let mut dice = Dice(1);
    let products = count / 7 + 1;
    let advisories: Vec<Vec<Range>> = (0..count).map(|_| ranges(&mut dice, products)).collect();
    fs::write(root.join("nvd-2.0.json"), feed(&advisories))?;
    let devices = (count / 20).max(1);
    let (mut inventory, mut distinct, mut findings) = (String::new(), BTreeSet::new(), 0);
    for device in 0..devices {
        let components: Vec<(u32, u32)> =
            (0..30).map(|_| (dice.below(products), dice.below(75) * 40)).collect();
        let purls: Vec<String> = components.iter().map(|component| purl(*component)).collect();
        let _ = writeln!(
            inventory,
            "{{\"device\":\"dev{device:05}\",\"components\":[\"{}\"]}}",
            purls.join("\",\"")
        );
        for (product, version) in components {
            distinct.insert((product, version));
            let hit = |range: &&Range| holds(**range, product, version);
            findings += advisories.iter().filter(|all| all.iter().any(|one| hit(&one))).count();
        }
    }
    fs::write(root.join("inventory.ndjson"), inventory)?;
    fs::write(
        root.join("expected.json"),
        format!(
            "{{\"devices\": {devices}, \"components\": {}, \"distinct\": {}, \"findings\": {findings}}}",
            devices * 30,
            distinct.len()
        ),
    )
}

/// The parts list of a device, as CycloneDX with package URLs and CPE names.
pub(crate) fn write_sbom(root: &Path, count: u32) -> io::Result<()> {
    let mut dice = Dice(2);
    let components: Vec<String> = (0..300)
        .map(|number| {
            let (product, version) = (dice.below(count / 7 + 1), dice.below(75) * 40);
            let (purl, cpe) = (purl((product, version)), cpe(product, &text(version)));
            let text = text(version);
            format!(
                "{{\"type\":\"library\",\"bom-ref\":\"{number}\",\"name\":\"prod{product}\",\"version\":\"{text}\",\"purl\":\"{purl}\",\"cpe\":\"{cpe}\"}}"
            )
        })
        .collect();
    let list = format!(
        "{{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.5\",\"version\":1,\"metadata\":{{\"component\":{{\"type\":\"application\",\"name\":\"hospital\"}}}},\"components\":[{}]}}",
        components.join(",")
    );
    fs::write(root.join("sbom-1.cdx.json"), list)
}

/// The CPE name of a product, in a version or in any.
fn cpe(product: u32, version: &str) -> String {
    let mut name = String::new();
    write_cpe(product, version, &mut name);
    name
}

/// Writes the CPE name of a product, piece by piece: this is a part of what is measured.
pub(crate) fn write_cpe(product: u32, version: &str, name: &mut String) {
    let vendor = product % VENDORS;
    name.push_str("cpe:2.3:a:vend");
    push_number(vendor, name);
    name.push_str(":prod");
    push_number(product, name);
    name.push(':');
    name.push_str(version);
    name.push_str(":*:*:*:*:*:*:*");
}

fn push_number(number: u32, text: &mut String) {
    if number >= 10 {
        push_number(number / 10, text);
    }
    text.push(char::from(b'0' + (number % 10) as u8));
}

fn purl((product, version): (u32, u32)) -> String {
    format!("pkg:npm/prod{product}@{}", text(version))
}

/// 0 to 2999, as `x.y.z` in the same order.
fn text(version: u32) -> String {
    format!("{}.{}.{}", version / 100, version / 10 % 10, version % 10)
}

fn holds((of, from, to): Range, product: u32, version: u32) -> bool {
    of == product && to.map_or(version == from, |to| from <= version && version < to)
}

fn ranges(dice: &mut Dice, products: u32) -> Vec<Range> {
    (0..1 + dice.below(3))
        .map(|_| {
            let product = dice.below(products).min(dice.below(products));
            let (from, kind) = (dice.below(3000), dice.below(20));
            match kind {
                0..4 => (product, from, None),
                4..7 => (product, 0, Some(from + 1)),
                _ => (product, from, Some(from + 1 + dice.below(240))),
            }
        })
        .collect()
}

fn feed(advisories: &[Vec<Range>]) -> String {
    let mut feed =
        String::from("{\"format\":\"NVD_CVE\",\"version\":\"2.0\",\"vulnerabilities\":[\n");
    for (number, ranges) in advisories.iter().enumerate() {
        let matches: Vec<String> = ranges.iter().map(|range| criterion(*range)).collect();
        let between = if number == 0 { "" } else { ",\n" };
        let _ = write!(
            feed,
            "{between}{{\"cve\":{{\"id\":\"CVE-2024-{}\",\"published\":\"2024-01-02T03:04:05.000\",\"lastModified\":\"2024-02-03T04:05:06.000\",\"vulnStatus\":\"Analyzed\",\"descriptions\":[{{\"lang\":\"en\",\"value\":\"A crafted packet stops the parser of component {number}.\"}}],\"configurations\":[{{\"nodes\":[{{\"operator\":\"OR\",\"negate\":false,\"cpeMatch\":[{}]}}]}}],\"references\":[]}}}}",
            100_000 + number,
            matches.join(",")
        );
    }
    feed.push_str("\n]}\n");
    feed
}

fn criterion((product, from, to): Range) -> String {
    let named = to.map_or_else(|| text(from), |_| "*".to_owned());
    let mut criterion = format!("{{\"vulnerable\":true,\"criteria\":\"{}\"", cpe(product, &named));
    if let Some(to) = to {
        if from > 0 {
            let _ = write!(criterion, ",\"versionStartIncluding\":\"{}\"", text(from));
        }
        let _ = write!(criterion, ",\"versionEndExcluding\":\"{}\"", text(to));
    }
    criterion.push('}');
    criterion
}

/// Numbers that look like chance: a linear congruential generator (Knuth, MMIX).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u32) -> u32 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) % u64::from(end.max(1))) as u32
    }
}
