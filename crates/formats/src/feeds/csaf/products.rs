//! The product tree of a CSAF document (CSAF 2.0, 3.1.2, 3.2.2), laid flat: each product under its id.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Condition, Criterion, ProductName, VersionSet, Versions};

use super::document::{Branch, FullName, Helper, Relationship, Tree};
use super::faults::Fault;
use crate::feeds::budget::{self, Budget};
use crate::feeds::configurations::cpe_version;
use crate::feeds::gather::Reject;
use crate::feeds::versions;

/// How far relationships may lead on to others.
const MAX_CHAIN: usize = 16;

/// The longest version that a product's name is looked for in, in bytes.
const MAX_TEXT: usize = 4096;

/// A product.
#[derive(Debug, Clone)]
pub(super) struct Product {
    pub(super) name: ProductName,
    pub(super) versions: Versions,
    /// The platforms it runs on or the products it is a part of.
    pub(super) conditions: Vec<Condition>,
}

/// Products by their id, and groups of ids.
#[derive(Debug, Default)]
pub(super) struct Products {
    by_id: BTreeMap<String, Product>,
    groups: BTreeMap<String, Vec<String>>,
}

/// The names of the branches on the way to a product.
#[derive(Debug, Clone, Default)]
struct Path {
    name: ProductName,
    versions: Vec<String>,
}

impl Products {
    /// Lays the tree flat; what is wrong with it is added to `faults`.
    pub(super) fn of(
        tree: Tree,
        budget: &mut Budget,
        faults: &mut Vec<Fault>,
    ) -> Result<Self, Reject> {
        let mut products = Self::default();
        for branch in tree.branches {
            products.branch(branch, &Path::default(), budget, faults)?;
        }
        for name in tree.full_product_names {
            products.add(name, &Path::default(), budget, faults)?;
        }
        products.relationships(tree.relationships, budget, faults)?;
        for group in tree.product_groups {
            for id in group.product_ids.iter().filter(|id| !products.by_id.contains_key(*id)) {
                faults.push(Fault::new("6.1.1", id));
            }
            if products.groups.contains_key(&group.group_id) {
                faults.push(Fault::new("6.1.5", &group.group_id));
            }
            products.groups.entry(group.group_id).or_default().extend(group.product_ids);
        }
        Ok(products)
    }

    /// The product with this id.
    pub(super) fn get(&self, id: &str) -> Option<&Product> {
        self.by_id.get(id)
    }

    /// The ids of a group.
    pub(super) fn group(&self, id: &str) -> Option<&[String]> {
        self.groups.get(id).map(Vec::as_slice)
    }

    fn branch(
        &mut self,
        branch: Branch,
        above: &Path,
        budget: &mut Budget,
        faults: &mut Vec<Fault>,
    ) -> Result<(), Reject> {
        budget.spend(budget::product(&above.name))?;
        let mut path = above.clone();
        path.enter(&branch.category, branch.name);
        if let Some(product) = branch.product {
            self.add(product, &path, budget, faults)?;
        }
        for inner in branch.branches {
            self.branch(inner, &path, budget, faults)?;
        }
        Ok(())
    }

    fn add(
        &mut self,
        full: FullName,
        path: &Path,
        budget: &mut Budget,
        faults: &mut Vec<Fault>,
    ) -> Result<(), Reject> {
        if self.by_id.contains_key(&full.product_id) {
            faults.push(Fault::new("6.1.2", &full.product_id));
            return Ok(());
        }
        budget.spend(budget::product(&path.name))?;
        let mut name = path.name.clone();
        if name.name.is_none() {
            name.name = Some(full.name);
        }
        identify(&mut name, full.product_identification_helper);
        let versions = path.read_versions(&name);
        let product = Product { name, versions, conditions: Vec::new() };
        self.by_id.insert(full.product_id, product);
        Ok(())
    }

    /// Products that are others on, in or with others. They may refer to one another in any order (3.2.2.4).
    fn relationships(
        &mut self,
        list: Vec<Relationship>,
        budget: &mut Budget,
        faults: &mut Vec<Fault>,
    ) -> Result<(), Reject> {
        let mut left = list;
        for _ in 0..MAX_CHAIN {
            let before = left.len();
            let (ready, waiting): (Vec<_>, Vec<_>) = left.into_iter().partition(|one| {
                self.by_id.contains_key(&one.product_reference)
                    && self.by_id.contains_key(&one.relates_to_product_reference)
            });
            left = waiting;
            for one in ready {
                self.relate(one, budget, faults)?;
            }
            if left.is_empty() || left.len() == before {
                break;
            }
        }
        let ids: BTreeSet<String> =
            left.iter().map(|one| one.full_product_name.product_id.clone()).collect();
        for one in left {
            let both = [&one.product_reference, &one.relates_to_product_reference];
            for id in both.into_iter().filter(|id| !self.by_id.contains_key(*id)) {
                let rule = if ids.contains(id) { "6.1.3" } else { "6.1.1" };
                faults.push(Fault::new(rule, id));
            }
        }
        Ok(())
    }

    fn relate(
        &mut self,
        one: Relationship,
        budget: &mut Budget,
        faults: &mut Vec<Fault>,
    ) -> Result<(), Reject> {
        let full = one.full_product_name;
        if self.by_id.contains_key(&full.product_id) {
            faults.push(Fault::new("6.1.2", &full.product_id));
            return Ok(());
        }
        let (Some(part), Some(whole)) = (
            self.by_id.get(&one.product_reference),
            self.by_id.get(&one.relates_to_product_reference),
        ) else {
            return Ok(());
        };
        let parts = [budget::product(&part.name), budget::product(&whole.name)];
        let beside = [budget::conditions(&part.conditions), budget::conditions(&whole.conditions)];
        budget.spend(parts.into_iter().chain(beside).sum())?;
        let mut product = part.clone();
        // What stands beside the new product names the pair, not the part.
        let mut pair = whole.name.clone();
        identify(&mut pair, full.product_identification_helper);
        let any = vec![Criterion { product: pair, versions: whole.versions.clone() }];
        product.conditions.push(Condition { negated: false, any });
        product.conditions.extend(whole.conditions.iter().cloned());
        product.conditions.truncate(MAX_CHAIN);
        self.by_id.insert(full.product_id, product);
        Ok(())
    }
}

fn identify(name: &mut ProductName, helper: Option<Helper>) {
    let Some(helper) = helper else { return };
    name.cpes.extend(helper.cpe);
    name.purls.extend(helper.purl.into_iter().chain(helper.purls));
    name.models.extend(helper.model_numbers.into_iter().chain(helper.skus));
    name.serials.extend(helper.serial_numbers);
}

impl Path {
    /// Takes the name of a branch for what its category says (3.1.2.1).
    fn enter(&mut self, category: &str, name: String) {
        match category {
            "vendor" => self.name.vendor = Some(name),
            "product_family" => self.name.families.push(name),
            // CISA's older documents write `product`.
            "product_name" | "product" => {
                if let Some(outer) = self.name.name.replace(name) {
                    self.name.families.push(outer);
                }
            }
            "product_version" | "product_version_range" => self.versions = vec![name],
            // `SP6` belongs to the version above it; `12.2(55)EY` is one by itself.
            "service_pack" | "patch_level" => {
                if name.trim_start().starts_with(|letter: char| letter.is_ascii_digit()) {
                    self.versions.clear();
                }
                self.versions.push(name);
            }
            _ => self.name.platforms.push(name),
        }
    }

    /// The versions of the branches, of the CPE name where there are none.
    fn read_versions(&self, name: &ProductName) -> Versions {
        if self.versions.is_empty() {
            let version = name.cpes.iter().find_map(|cpe| cpe_version(cpe));
            return match version.filter(|version| version != "*" && version != "-") {
                Some(version) => {
                    Versions::These(VersionSet { listed: vec![version], ..VersionSet::default() })
                }
                None => Versions::Unstated,
            };
        }
        let text = self.versions.join(" ");
        let text = without_name(&text, name);
        versions::read(&within_branch(&text, name).unwrap_or(text))
    }
}

/// A version without the name of its product, which some makers repeat: `FortiOS/>=7.4.0|<=7.4.3`; or with a tag of the
/// distribution before it: `<azl3 openssh 9.8p1-4`.
fn without_name(text: &str, name: &ProductName) -> String {
    let product = name.name.as_deref().unwrap_or_default().trim();
    let mut plain = text.to_owned();
    if product.len() < 3 || text.len() > MAX_TEXT {
        return plain;
    }
    for mark in ['/', ' '] {
        let named = format!("{product}{mark}");
        // Each turn makes the text shorter.
        while let Some(at) = plain.find(&named) {
            let before = &plain[..at];
            let start = before.rfind(['<', '>', '=', '|', ',']).map_or(0, |sign| sign + 1);
            plain.replace_range(start..at + named.len(), "");
        }
    }
    plain
}

/// Fortinet writes a line for each branch: there, `7.0.6 and above` ends with 7.0, and does not hold of 7.2.
fn within_branch(text: &str, name: &ProductName) -> Option<String> {
    let version = text.trim().strip_suffix("and above")?.trim();
    let is_fortinet = name.vendor.as_deref().is_some_and(|vendor| vendor.starts_with("Fortinet"));
    let mut parts = version.splitn(3, '.');
    let (major, minor, _) = (parts.next()?, parts.next()?, parts.next()?);
    is_fortinet.then(|| format!(">= {version} | <= {major}.{minor}.x"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn product(json: &str, id: &str) -> (Product, Vec<Fault>) {
        let mut faults = Vec::new();
        let products =
            Products::of(serde_json::from_str(json).unwrap(), &mut Budget::new(1), &mut faults);
        let products = products.unwrap();
        (products.get(id).unwrap().clone(), faults)
    }

    const TREE: &str = r#"{"branches":[{"category":"vendor","name":"V","branches":[
        {"category":"product_family","name":"F","branches":[
        {"category":"product_name","name":"FortiOS","branches":[
        {"category":"product_version","name":"FortiOS 6.4.0","product":{"product_id":"A","name":"V FortiOS 6.4.0",
          "product_identification_helper":{"model_numbers":["M*"],"serial_numbers":["S-1?"],"cpe":"cpe:2.3:o:v:fortios:6.4.0:*:*:*:*:*:*:*"}}},
        {"category":"product_version_range","name":"FortiOS/>=7.4.0|<=7.4.3","product":{"product_id":"B","name":"x"}}
        ]}]}]}],
        "full_product_names":[{"product_id":"P","name":"Platform"}],
        "relationships":[
        {"category":"installed_on","product_reference":"AP","relates_to_product_reference":"P","full_product_name":{"product_id":"APP","name":"y"}},
        {"category":"installed_on","product_reference":"A","relates_to_product_reference":"P","full_product_name":{"product_id":"AP","name":"x"}}]}"#;

    #[test]
    fn branches_are_what_their_category_says() {
        let (a, faults) = product(TREE, "A");
        assert_eq!(faults, []);
        assert_eq!(
            (a.name.vendor.as_deref(), a.name.name.as_deref()),
            (Some("V"), Some("FortiOS"))
        );
        assert_eq!((a.name.families, a.name.models), (vec!["F".to_owned()], vec!["M*".to_owned()]));
        assert_eq!(a.name.serials, ["S-1?"]);
        let Versions::These(set) = a.versions else { panic!("{:?}", a.versions) };
        assert_eq!(set.listed, ["6.4.0"]);
        let (b, _) = product(TREE, "B");
        let Versions::These(set) = b.versions else { panic!("{:?}", b.versions) };
        assert_eq!(set.ranges[0].to.as_ref().unwrap().version, "7.4.3");
    }

    #[test]
    fn a_product_on_another_has_that_as_its_condition() {
        let (twice, _) = product(TREE, "APP");
        assert_eq!(twice.name.name.as_deref(), Some("FortiOS"));
        let names: Vec<_> =
            twice.conditions.iter().map(|one| one.any[0].product.name.clone().unwrap()).collect();
        assert_eq!(names, ["Platform", "Platform"]);
    }
}
