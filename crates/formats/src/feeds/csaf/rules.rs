//! The rules of CSAF 2.0, 6.1, that one vulnerability of a document breaks.

use std::collections::{BTreeMap, BTreeSet};

use super::document::{For, Status, Vulnerability};
use super::faults::Fault;
use super::products::Products;

/// Adds the rules that `vulnerability` breaks to `faults`; `is_vex` where the document is of the profile VEX (4.5).
pub(super) fn check(
    vulnerability: &Vulnerability<'_>,
    products: &Products,
    is_vex: bool,
    faults: &mut Vec<Fault>,
) {
    contradictions(&vulnerability.product_status, faults);
    flags(vulnerability, products, faults);
    scores(vulnerability, products, faults);
    for remediation in &vulnerability.remediations {
        if is_empty(&remediation.products) {
            faults.push(Fault::new("6.1.29", &remediation.category));
        }
        defined(&remediation.products, products, faults);
    }
    vulnerability.threats.iter().for_each(|threat| defined(&threat.products, products, faults));
    if is_vex {
        vex(vulnerability, products, faults);
    }
}

fn is_empty(of: &For) -> bool {
    of.product_ids.is_empty() && of.group_ids.is_empty()
}

/// 6.1.1 and 6.1.4: ids that nobody defined.
fn defined(of: &For, products: &Products, faults: &mut Vec<Fault>) {
    let unknown = of.product_ids.iter().filter(|id| products.get(id).is_none());
    faults.extend(unknown.map(|id| Fault::new("6.1.1", id)));
    let unknown = of.group_ids.iter().filter(|id| products.group(id).is_none());
    faults.extend(unknown.map(|id| Fault::new("6.1.4", id)));
}

/// 6.1.6: a product in two groups that contradict one another. The recommended version may be any.
fn contradictions(status: &Status, faults: &mut Vec<Fault>) {
    let set = |groups: &[&'_ Vec<String>]| -> BTreeSet<String> {
        groups.iter().flat_map(|group| group.iter().cloned()).collect()
    };
    let kinds = [
        set(&[&status.known_affected, &status.first_affected, &status.last_affected]),
        set(&[&status.known_not_affected]),
        set(&[&status.fixed, &status.first_fixed]),
        set(&[&status.under_investigation]),
    ];
    let mut seen = BTreeSet::new();
    for kind in &kinds {
        faults.extend(kind.intersection(&seen).map(|id| Fault::new("6.1.6", id)));
        seen.extend(kind.iter().cloned());
    }
}

/// 6.1.32: a flag for no product; 6.1.33: two for one.
fn flags(vulnerability: &Vulnerability<'_>, products: &Products, faults: &mut Vec<Fault>) {
    let mut flagged = BTreeSet::new();
    for flag in &vulnerability.flags {
        if is_empty(&flag.products) {
            faults.push(Fault::new("6.1.32", &flag.label));
        }
        defined(&flag.products, products, faults);
        let own: BTreeSet<&str> = ids(&flag.products, products).collect();
        faults.extend(own.intersection(&flagged).map(|id| Fault::new("6.1.33", id)));
        flagged.extend(own);
    }
}

fn ids<'a>(of: &'a For, products: &'a Products) -> impl Iterator<Item = &'a str> {
    let groups = of.group_ids.iter().filter_map(|group| products.group(group)).flatten();
    of.product_ids.iter().chain(groups).map(String::as_str)
}

/// 6.1.7: two scores of one version of CVSS for one product.
fn scores(vulnerability: &Vulnerability<'_>, products: &Products, faults: &mut Vec<Fault>) {
    let mut scored: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for score in &vulnerability.scores {
        let all = [(&score.cvss_v2, "2"), (&score.cvss_v3, "3"), (&score.cvss_v4, "4")];
        for id in &score.products {
            if products.get(id).is_none() {
                faults.push(Fault::new("6.1.1", id));
            }
            for (cvss, kind) in &all {
                let Some(cvss) = cvss else { continue };
                if !scored.entry(id).or_default().insert(format!("{kind} {}", cvss.version())) {
                    faults.push(Fault::new("6.1.7", id));
                }
            }
        }
    }
}

/// The profile VEX: 6.1.27.8, a number; 6.1.27.9, why it is not affected; 6.1.27.10, what to do where it is.
fn vex(vulnerability: &Vulnerability<'_>, products: &Products, faults: &mut Vec<Fault>) {
    if vulnerability.cve.is_none() && vulnerability.ids.is_empty() {
        faults.push(Fault::new("6.1.27.8", vulnerability.title.as_deref().unwrap_or("?")));
    }
    let flags = vulnerability.flags.iter().map(|flag| &flag.products);
    let threats = vulnerability.threats.iter().filter(|threat| threat.category == "impact");
    let reasons = flags.chain(threats.map(|threat| &threat.products));
    let explained: BTreeSet<&str> = reasons.flat_map(|of| ids(of, products)).collect();
    let silent = vulnerability.product_status.known_not_affected.iter();
    let silent = silent.filter(|id| !explained.contains(id.as_str()));
    faults.extend(silent.map(|id| Fault::new("6.1.27.9", id)));
    let remedies = vulnerability.remediations.iter().map(|remediation| &remediation.products);
    let helped: BTreeSet<&str> = remedies.flat_map(|of| ids(of, products)).collect();
    let left = vulnerability.product_status.known_affected.iter();
    let left = left.filter(|id| !helped.contains(id.as_str()));
    faults.extend(left.map(|id| Fault::new("6.1.27.10", id)));
}
