//! Prototypes that a VM keeps for closures that were not called yet.

use std::sync::Arc;

use lua_proto::Proto;

/// The prototypes that closures refer to which may not have been called yet: such a closure refers to a part of the prototype
/// ([`lua_proto::Unlinked`]) and counts nothing.
///
/// **Invariant:** all those that a live closure may refer to stand here; a cycle finds out which these are.
#[derive(Default)]
pub(crate) struct Homes {
    all: Vec<Arc<Proto>>,
    /// Those of closures that were made while a cycle marks, which does not look at these.
    young: Vec<Arc<Proto>>,
}

impl Homes {
    /// Keeps a prototype for a new closure; once more if it is kept.
    pub(crate) fn keep(&mut self, proto: Arc<Proto>, is_marking: bool) {
        let list = if is_marking { &mut self.young } else { &mut self.all };
        // There may be thousands: half of the room would be too much to leave free.
        if list.len() == list.capacity() {
            list.reserve_exact(list.len() / 8 + 8);
        }
        list.push(proto);
    }

    /// A cycle that has begun to mark is given up: the next one looks at all.
    pub(crate) fn give_up_marking(&mut self) {
        self.all.append(&mut self.young);
    }

    /// A cycle has marked all: gives up the prototypes that it did not reach, and what stands here twice.
    pub(crate) fn release_unreached(&mut self, mut reached: ReachedHomes) {
        reached.0.sort_unstable();
        self.all.retain(|proto| reached.0.binary_search(&number(Arc::as_ptr(proto))).is_ok());
        self.all.reserve_exact(self.young.len());
        self.all.append(&mut self.young);
        self.all.sort_unstable_by_key(Arc::as_ptr);
        self.all.dedup_by_key(|proto| Arc::as_ptr(proto));
        self.all.shrink_to_fit();
        self.young = Vec::new();
    }
}

/// Tells prototypes apart, unless they are 64 GB from each other: then one is kept for the other.
fn number(proto: *const Proto) -> u32 {
    (proto.addr() >> 4) as u32
}

/// The prototypes that a cycle has reached through closures that were not called yet, some of them more than once, by
/// [`number`]: a cycle can take long, and a VM have thousands.
#[derive(Default)]
pub(crate) struct ReachedHomes(Vec<u32>);

impl ReachedHomes {
    /// Notes that the cycle reached this one.
    #[inline]
    pub(crate) fn note(&mut self, proto: *const Proto) {
        self.0.push(number(proto));
    }

    /// Adds what another thread has reached.
    pub(crate) fn merge(&mut self, mut other: ReachedHomes) {
        self.0.append(&mut other.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lua_proto::{Body, ImageBuilder, Instr, Op};

    fn proto() -> Arc<Proto> {
        let mut builder = ImageBuilder::new();
        let main = builder.function(Body { code: vec![Instr::new(Op::Return0, 0, 0, 0, 0)].into(), ..Body::default() }).unwrap();
        builder.finish(main, b"=test")
    }

    #[test]
    fn what_a_cycle_reached_stays_once() {
        let protos: Vec<Arc<Proto>> = (0..100).map(|_| proto()).collect();
        let mut homes = Homes::default();
        protos.iter().chain(&protos[10..40]).chain(&protos).for_each(|proto| homes.keep(proto.clone(), false));
        protos[50..60].iter().for_each(|proto| homes.keep(proto.clone(), true));
        let mut reached = ReachedHomes::default();
        protos.iter().step_by(2).chain(&protos[..3]).for_each(|proto| reached.note(Arc::as_ptr(proto)));
        homes.release_unreached(reached);
        for (i, proto) in protos.iter().enumerate() {
            assert_eq!(Arc::strong_count(proto), 1 + usize::from(i % 2 == 0 || i < 3 || (50..60).contains(&i)), "{i}");
        }
    }

    #[test]
    fn what_was_kept_while_a_cycle_marked_that_is_given_up_goes_with_the_next_one() {
        let protos: Vec<Arc<Proto>> = (0..3).map(|_| proto()).collect();
        let mut homes = Homes::default();
        homes.keep(protos[0].clone(), true);
        homes.keep(protos[1].clone(), true);
        homes.give_up_marking();
        homes.keep(protos[2].clone(), true);
        let mut reached = ReachedHomes::default();
        reached.note(Arc::as_ptr(&protos[1]));
        homes.release_unreached(reached);
        assert_eq!(protos.iter().map(Arc::strong_count).collect::<Vec<_>>(), [1, 2, 2]);
    }
}
