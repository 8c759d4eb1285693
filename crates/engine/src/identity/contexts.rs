//! Network contexts: where an address means something.
//!
//! Vendors bring the same 192.168.0.0/24 again and again; the same address in two of them is no sign of anything.
//! Looks at one /24 belong together when they come from one source, or when they saw the same card at the same address.
//! A look that shares no such pair with the hospital's own view and contradicts it (another card at the same address) is another network.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use domain::{Digest, Import, ImportId, MacAddress, ObservationKind};

use super::components::UnionFind;
use crate::world::{Recorded, World};

/// The first 24 bits of an address: the grain at which contexts are told apart.
type Block = [u8; 3];

/// Which context each import's view of each block belongs to; 0, the hospital's own address space, is not listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contexts {
    foreign: BTreeMap<(ImportId, Block), u16>,
}

/// What one import saw of one block.
#[derive(Debug)]
struct View {
    pairs: BTreeSet<(Ipv4Addr, MacAddress)>,
    /// A neighbour table shows a network as it is; leases of different days differ without contradicting each other.
    contradicts: bool,
}

/// A view with the import it came with.
struct Look<'v> {
    import: &'v Import,
    view: &'v View,
}

/// What every import saw of every block, to which a further import can be added.
#[derive(Debug, Default)]
pub(super) struct Views(BTreeMap<Block, BTreeMap<ImportId, View>>);

impl Views {
    /// What the imports of `world` saw.
    pub(super) fn of_world(world: &World<'_>) -> Self {
        let mut views = Self::default();
        views.add(world.observations());
        views
    }

    /// Adds what `observations` tell, and gives the blocks that they tell of.
    fn add<'a>(&mut self, observations: impl Iterator<Item = &'a Recorded>) -> BTreeSet<Block> {
        let mut told = BTreeSet::new();
        for recorded in observations {
            let contradicts = match recorded.observation.kind {
                ObservationKind::Neighbour | ObservationKind::ScanHost => true,
                ObservationKind::Lease => false,
                _ => continue,
            };
            for binding in &recorded.observation.bindings {
                let (Some(mac), Some(address)) = (binding.mac, binding.ipv4()) else { continue };
                if !mac.is_stable() {
                    continue;
                }
                told.insert(block(address));
                let views = self.0.entry(block(address)).or_default();
                let new = || View { pairs: BTreeSet::new(), contradicts };
                let view = views.entry(recorded.at.import).or_insert_with(new);
                view.pairs.insert((address, mac));
            }
        }
        told
    }

    fn looks<'v>(&'v self, block: Block, world: &'v World<'_>) -> Vec<Look<'v>> {
        let views = self.0.get(&block).into_iter().flatten();
        views
            .filter_map(|(id, view)| Some(Look { import: world.import(*id)?.import, view }))
            .collect()
    }
}

impl Contexts {
    /// The contexts of `world`.
    pub fn of_world(world: &World<'_>) -> Self {
        Self::of_views(&Views::of_world(world), world)
    }

    /// The same, where it is known what the imports of `world` saw.
    pub(super) fn of_views(views: &Views, world: &World<'_>) -> Self {
        let mut contexts = Self::default();
        views.0.keys().for_each(|block| contexts.assign(*block, views, world));
        contexts
    }

    /// Takes up what `observations`, which are new in `world`, tell, and adds it to `views`.
    pub(super) fn grow<'a>(
        &mut self,
        views: &mut Views,
        world: &World<'_>,
        observations: impl Iterator<Item = &'a Recorded>,
    ) {
        let told = views.add(observations);
        self.foreign.retain(|(_, block), _| !told.contains(block));
        told.into_iter().for_each(|block| self.assign(block, views, world));
    }

    /// The imports to whose views `other` gives other contexts.
    pub(super) fn differing(&self, other: &Self) -> BTreeSet<ImportId> {
        let differ = |one: &Self, other: &Self| -> Vec<ImportId> {
            let of = one.foreign.iter().filter(|(view, own)| other.foreign.get(view) != Some(own));
            of.map(|((import, _), _)| *import).collect()
        };
        differ(self, other).into_iter().chain(differ(other, self)).collect()
    }

    fn assign(&mut self, block: Block, views: &Views, world: &World<'_>) {
        let looks = views.looks(block, world);
        if looks.len() > 1 {
            assign(block, &looks, &mut self.foreign);
        }
    }

    /// As text, to be kept: `IMPORT A.B.C CONTEXT`, one view on each line.
    pub fn to_text(&self) -> String {
        let line = |((import, [a, b, c]), context): (&(ImportId, Block), &u16)| {
            format!("{import} {a}.{b}.{c} {context}\n")
        };
        self.foreign.iter().map(line).collect()
    }

    /// What [`Contexts::to_text`] wrote; `None` where it is not that.
    pub fn from_text(text: &str) -> Option<Self> {
        let foreign = text.lines().map(view_from_line).collect::<Option<_>>()?;
        Some(Self { foreign })
    }

    /// The context of `address` as `import` means it.
    pub(super) fn of(&self, import: &Import, address: Ipv4Addr) -> u16 {
        if self.foreign.is_empty() {
            return 0;
        }
        self.foreign.get(&(import.id, block(address))).copied().unwrap_or(0)
    }
}

fn view_from_line(line: &str) -> Option<((ImportId, Block), u16)> {
    let mut words = line.split(' ');
    let import = ImportId(words.next()?.parse().ok()?);
    let [a, b, c, _] = format!("{}.0", words.next()?).parse::<Ipv4Addr>().ok()?.octets();
    let context = words.next()?.parse().ok()?;
    words.next().is_none().then_some(((import, [a, b, c]), context))
}

fn block(address: Ipv4Addr) -> Block {
    let [a, b, c, _] = address.octets();
    [a, b, c]
}

fn assign(block: Block, looks: &[Look<'_>], foreign: &mut BTreeMap<(ImportId, Block), u16>) {
    let mut groups = join_looks(looks);
    groups.sort_by_key(|group| group.iter().map(|&index| precedence(&looks[index])).min());
    let Some((home, others)) = groups.split_first() else { return };
    let mut at_home: BTreeMap<Ipv4Addr, BTreeSet<MacAddress>> = BTreeMap::new();
    for &index in home {
        for &(address, mac) in &looks[index].view.pairs {
            at_home.entry(address).or_default().insert(mac);
        }
    }
    for group in others {
        let contradicted = group.iter().any(|&index| {
            let view = looks[index].view;
            view.contradicts
                && view.pairs.iter().any(|(address, mac)| {
                    at_home.get(address).is_some_and(|macs| !macs.contains(mac))
                })
        });
        if contradicted {
            let number = number(group.iter().map(|&index| looks[index].import));
            foreign.extend(group.iter().map(|&index| ((looks[index].import.id, block), number)));
        }
    }
}

/// Groups of looks that come from one source or share a pair.
fn join_looks(looks: &[Look<'_>]) -> Vec<Vec<usize>> {
    let mut joined = UnionFind::new(looks.len());
    let mut by_source = BTreeMap::new();
    let mut by_pair = BTreeMap::new();
    for (index, look) in looks.iter().enumerate() {
        joined.union(index, *by_source.entry(&look.import.source).or_insert(index));
        for pair in &look.view.pairs {
            joined.union(index, *by_pair.entry(pair).or_insert(index));
        }
    }
    joined.groups()
}

fn precedence(look: &Look<'_>) -> (bool, jiff::Timestamp, Digest) {
    // A neighbour table says more about which network this is than a list of leases.
    (!look.view.contradicts, look.import.captured_at, look.import.evidence)
}

/// A number that depends on the sources alone, so that it stays when earlier looks are brought in later.
fn number<'a>(imports: impl Iterator<Item = &'a Import>) -> u16 {
    let first = imports.map(|import| import.source.as_str()).min().unwrap_or_default();
    let Digest(bytes) = Digest::of(first.as_bytes());
    u16::from_be_bytes([bytes[0], bytes[1]]).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contexts_read_back_as_they_were_kept() {
        let foreign = [((ImportId(3), [192, 168, 0]), 77), ((ImportId(12), [10, 1, 2]), u16::MAX)];
        for contexts in [Contexts::default(), Contexts { foreign: foreign.into() }] {
            assert_eq!(Contexts::from_text(&contexts.to_text()), Some(contexts));
        }
        for damaged in ["3", "3 10.1 7", "3 10.1.2 x", "3 10.1.2 7 8", "x 10.1.2 7"] {
            assert_eq!(Contexts::from_text(damaged), None, "{damaged}");
        }
    }
}
