//! What marking knows beside the marks: what is still to be traced, and what has to be looked at again.

use std::ptr::NonNull;

use crate::concurrent::Shared;
use crate::ending::WeakPart;
use crate::huge::HugeObjects;
use crate::links::Links;
use crate::mark_stack::MarkStack;
use crate::{Header, Model};

/// The state of marking. A [`Tracer`](crate::Tracer) works on one.
pub(crate) struct Marking<M: Model> {
    /// The colour of what has not been reached: as [`Heap::white`](crate::Heap).
    pub(crate) white: u8,
    /// The colour of what has been traced.
    pub(crate) black: u8,
    /// A minor collection goes on: what is black may still have to be scanned.
    pub(crate) minor: bool,
    /// Grey objects. Grey objects are missing if `stack_overflowed`.
    pub(crate) stack: MarkStack,
    pub(crate) stack_overflowed: bool,
    /// Grey objects of which some segments have been traced.
    pub(crate) huge: HugeObjects<M>,
    /// Tables with weak values that have been traced, or what a minor collection looks at of them.
    pub(crate) weak: Vec<WeakPart>,
    /// The same of tables with weak keys and strong values.
    pub(crate) ephemerons: Vec<WeakPart>,
    /// Values of ephemerons that wait for their keys, if it takes many passes to find that out.
    pub(crate) links: Links,
    /// Which shared objects were reached.
    pub(crate) reached: M::Reached,
    /// While other threads mark, too. Then the stack holds references whose objects nobody has looked at.
    pub(crate) shared: Option<NonNull<Shared<M>>>,
    /// This is the state of another thread than the VM's.
    pub(crate) is_remote: bool,
    /// Grey objects that the VM's thread is to trace.
    pub(crate) late: Vec<NonNull<Header>>,
    /// What the object that is being traced has asked for.
    pub(crate) outcome: Outcome,
    #[cfg(test)]
    pub(crate) stack_limit: usize,
}

/// What became of a claimed object.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// All its references are known.
    Traced,
    /// Its segments are traced one by one.
    Deferred,
    /// The VM's thread will trace it.
    Postponed,
}

impl<M: Model> Marking<M> {
    pub(crate) fn new(white: u8, black: u8) -> Self {
        Marking {
            white,
            black,
            minor: false,
            stack: MarkStack::default(),
            stack_overflowed: false,
            huge: HugeObjects::default(),
            weak: Vec::new(),
            ephemerons: Vec::new(),
            links: Links::default(),
            reached: M::Reached::default(),
            shared: None,
            is_remote: false,
            late: Vec::new(),
            outcome: Outcome::Traced,
            #[cfg(test)]
            stack_limit: usize::MAX,
        }
    }

    /// A cycle begins.
    pub(crate) fn begin(&mut self, white: u8, black: u8) {
        self.white = white;
        self.black = black;
        self.weak.clear();
        self.ephemerons.clear();
        self.links = Links::default();
        self.reached = M::Reached::default();
    }
}
