//! One device by itself: from the observations that it is known to be made of, without deriving all the others.

use domain::DeviceId;

use super::contexts::Contexts;
use super::join::{Circumstances, Cluster, anchor_of};
use super::{Component, Decisions, Derivation, chart, nodes};
use crate::world::World;

/// The derivation of one device alone: `world` holds every import that counts, and of the observations only those that the device
/// was derived from. `contexts` and `aliases` are those of that derivation.
///
/// `None` where these observations are not the device `id`: then all must be derived anew.
pub fn single(
    world: &World<'_>,
    contexts: Contexts,
    id: DeviceId,
    aliases: Box<[DeviceId]>,
) -> Option<Derivation> {
    let nodes = nodes(world);
    let decisions = Decisions::default();
    let on = Circumstances { world, contexts: &contexts, decisions: &decisions };
    let anchor = anchor_of(&on, &nodes, id)?;
    let cluster = Cluster { nodes: (0..nodes.len()).collect(), anchor, others: Vec::new() };
    let mut device = chart::chart(&on, &nodes, cluster);
    device.aliases = aliases;
    let component = Component { devices: vec![device], doubts: Vec::new() };
    Some(Derivation { components: vec![(domain::Digest([0; 32]), component)], contexts })
}
