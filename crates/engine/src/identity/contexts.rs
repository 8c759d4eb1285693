//! Network contexts: where an address means something.
//!
//! Vendors bring the same 192.168.0.0/24 again and again; the same address in two of them is no sign of anything.
//! Looks at one /24 belong together when they come from one source, or when they saw the same card at the same address.
//! A look that shares no such pair with the hospital's own view and contradicts it (another card at the same address) is another network.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use domain::{Digest, Import, ImportId, MacAddress, ObservationKind};

use super::components::UnionFind;
use crate::world::World;

/// The first 24 bits of an address: the grain at which contexts are told apart.
type Block = [u8; 3];

/// Which context each import's view of each block belongs to; 0, the hospital's own address space, is not listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Contexts {
    foreign: BTreeMap<(ImportId, Block), u16>,
}

/// What one import saw of one block.
struct View<'a> {
    import: &'a Import,
    pairs: BTreeSet<(Ipv4Addr, MacAddress)>,
    /// A neighbour table shows a network as it is; leases of different days differ without contradicting each other.
    contradicts: bool,
}

impl Contexts {
    /// The contexts of `world`.
    pub fn of_world(world: &World<'_>) -> Self {
        let mut foreign = BTreeMap::new();
        for (block, views) in views_by_block(world) {
            if views.len() > 1 {
                assign(block, &views, &mut foreign);
            }
        }
        Self { foreign }
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

fn views_by_block<'a>(world: &World<'a>) -> BTreeMap<Block, Vec<View<'a>>> {
    let mut views: BTreeMap<(Block, ImportId), View<'a>> = BTreeMap::new();
    for recorded in world.observations() {
        let contradicts = match recorded.observation.kind {
            ObservationKind::Neighbour | ObservationKind::ScanHost => true,
            ObservationKind::Lease => false,
            _ => continue,
        };
        let Some(imported) = world.import(recorded.at.import) else { continue };
        for binding in &recorded.observation.bindings {
            let (Some(mac), Some(address)) = (binding.mac, binding.ipv4()) else { continue };
            if !mac.is_stable() {
                continue;
            }
            let view = views.entry((block(address), recorded.at.import)).or_insert_with(|| View {
                import: imported.import,
                pairs: BTreeSet::new(),
                contradicts,
            });
            view.pairs.insert((address, mac));
        }
    }
    let mut blocks: BTreeMap<Block, Vec<View<'a>>> = BTreeMap::new();
    for ((block, _), view) in views {
        blocks.entry(block).or_default().push(view);
    }
    blocks
}

fn assign(block: Block, views: &[View<'_>], foreign: &mut BTreeMap<(ImportId, Block), u16>) {
    let mut groups = join_views(views);
    groups.sort_by_key(|group| group.iter().map(|&index| precedence(&views[index])).min());
    let Some((home, others)) = groups.split_first() else { return };
    let mut at_home: BTreeMap<Ipv4Addr, BTreeSet<MacAddress>> = BTreeMap::new();
    for &index in home {
        for &(address, mac) in &views[index].pairs {
            at_home.entry(address).or_default().insert(mac);
        }
    }
    for group in others {
        let contradicted = group.iter().any(|&index| {
            let view = &views[index];
            view.contradicts
                && view.pairs.iter().any(|(address, mac)| {
                    at_home.get(address).is_some_and(|macs| !macs.contains(mac))
                })
        });
        if contradicted {
            let number = number(group.iter().map(|&index| views[index].import));
            foreign.extend(group.iter().map(|&index| ((views[index].import.id, block), number)));
        }
    }
}

/// Groups of views that come from one source or share a pair.
fn join_views(views: &[View<'_>]) -> Vec<Vec<usize>> {
    let mut joined = UnionFind::new(views.len());
    let mut by_source = BTreeMap::new();
    let mut by_pair = BTreeMap::new();
    for (index, view) in views.iter().enumerate() {
        joined.union(index, *by_source.entry(&view.import.source).or_insert(index));
        for pair in &view.pairs {
            joined.union(index, *by_pair.entry(pair).or_insert(index));
        }
    }
    joined.groups()
}

fn precedence(view: &View<'_>) -> (bool, jiff::Timestamp, Digest) {
    // A neighbour table says more about which network this is than a list of leases.
    (!view.contradicts, view.import.captured_at, view.import.evidence)
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
