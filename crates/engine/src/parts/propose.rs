//! Which products of the hospital a parts list may belong to: proposals with their reasons, of which a person takes one or none.

use domain::{Component, Message, fold, msg};
use notation::cpe::{Attribute, Cpe, Key};
use notation::purl::Purl;

/// Proposals that a person is shown.
const MOST: usize = 5;

/// Fewer letters than this in common are no likeness of names.
const LEAST_LETTERS: usize = 4;

/// A product that the hospital's devices are or run, whatever its version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owned {
    /// Its folded name, by which decisions know it; with a question mark where it is only a candidate for what was written.
    pub family: String,
    /// The families it would be of without people's words on what is written.
    pub before: Vec<String>,
    /// What people call it.
    pub name: String,
    /// The versions in use, as they are written.
    pub versions: Vec<String>,
    /// Its names in the NVD.
    pub cpes: Vec<Cpe>,
    /// Its package URL.
    pub purl: Option<Purl>,
    /// How many devices are or run it.
    pub devices: usize,
}

impl Owned {
    /// Whether it is of this family, or would be without people's words on what is written.
    pub fn is_of(&self, family: &str) -> bool {
        self.family == family || self.before.iter().any(|before| before == family)
    }

    /// Its folded name alone.
    fn folded(&self) -> &str {
        let family = &self.family;
        let bare = family.strip_suffix(" ?").or_else(|| family.strip_suffix(" ≠"));
        bare.unwrap_or(family)
    }
}

/// A product that a list may belong to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal<'o> {
    /// The product.
    pub owned: &'o Owned,
    /// Why.
    pub reason: Message,
}

/// The products that a list of `subject` may belong to, the likeliest first. None of them is taken without a person.
pub fn propose<'o>(subject: &Component, owned: &'o [Owned]) -> Vec<Proposal<'o>> {
    let sought = Sought::of(subject);
    let mut found: Vec<(usize, Proposal<'o>)> = owned
        .iter()
        .filter_map(|owned| {
            let (rank, reason) = sought.likeness(owned)?;
            Some((rank, Proposal { owned, reason }))
        })
        .collect();
    found.sort_by(|(rank, one), (other_rank, other)| {
        (rank, &one.owned.family).cmp(&(other_rank, &other.owned.family))
    });
    found.into_iter().take(MOST).map(|(_, proposal)| proposal).collect()
}

/// Whether both texts name one release: `V2.0`, `ver. 2.0`, `2.0`.
pub fn is_same_release(one: &str, other: &str) -> bool {
    let (one, other) = (release(one), release(other));
    !one.is_empty() && one == other
}

/// A release without the words and the letter that people write before its number; all of them folded.
fn release(text: &str) -> String {
    let folded = fold(text);
    let bare = ["version", "ver.", "ver", "release", "rel.", "rev.", "v", "バ-ジョン"]
        .into_iter()
        .find_map(|word| folded.strip_prefix(word))
        .map(str::trim_start)
        .filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    bare.map(str::to_owned).unwrap_or(folded)
}

/// What the list says of its product, made ready.
struct Sought<'s> {
    subject: &'s Component,
    cpes: Vec<Cpe>,
    purls: Vec<Purl>,
    /// Its folded names: with its group, alone, and after its supplier.
    names: Vec<String>,
}

impl<'s> Sought<'s> {
    fn of(subject: &'s Component) -> Self {
        let supplier = subject.supplier.as_deref().unwrap_or_default();
        let mut names = vec![
            fold(&subject.name),
            fold(&subject.full_name()),
            fold(&format!("{supplier}{}", subject.name)),
        ];
        names.retain(|name| !name.is_empty());
        names.dedup();
        Self {
            subject,
            cpes: subject.cpes.iter().filter_map(|text| text.parse().ok()).collect(),
            purls: subject
                .purls
                .iter()
                .filter_map(|text| Purl::read_leniently(text).ok())
                .collect(),
            names,
        }
    }

    /// How like the product is, 0 the most, and why; none where it is not.
    fn likeness(&self, owned: &Owned) -> Option<(usize, Message)> {
        let name = self.subject.name.as_str();
        if let Some(cpe) =
            self.cpes.iter().find(|cpe| owned.cpes.iter().any(|own| is_same(cpe, own)))
        {
            let cpe = cpe.to_string();
            return Some((0, msg!("parts.like_cpe", cpe = cpe)));
        }
        if let (Some(own), Some(purl)) = (&owned.purl, self.purls.first())
            && self.purls.iter().any(|purl| purl.is_same_package(own))
        {
            return Some((1, msg!("parts.like_purl", purl = purl.to_string())));
        }
        let folded = owned.folded();
        if self.names.iter().any(|one| one == folded) {
            return Some((2, msg!("parts.like_name", name = name)));
        }
        let is_long = |text: &str| text.chars().count() >= LEAST_LETTERS;
        let holds = |one: &String| {
            (is_long(folded) && one.contains(folded)) || (is_long(one) && folded.contains(&**one))
        };
        let is_like = self.names.iter().any(holds);
        is_like.then(|| (3, msg!("parts.like_part", name = name, product = &owned.name)))
    }
}

/// Whether both names are of one product of one vendor, whatever the version.
fn is_same(one: &Cpe, other: &Cpe) -> bool {
    [Key::Part, Key::Vendor, Key::Product].into_iter().all(|key| {
        matches!((one.get(key), other.get(key)), (Attribute::Value(one), Attribute::Value(other)) if one == other)
    })
}
