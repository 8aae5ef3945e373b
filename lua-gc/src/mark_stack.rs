//! The stack of objects that are still to be traced.
//!
//! It may come to hold every object of the heap. So it is a list of blocks: nothing is copied while it grows, which would
//! be a pause of milliseconds, and what it no longer needs it gives back while it shrinks. A block is also what one
//! thread passes to another at once.

use std::mem;
use std::ptr::NonNull;

use crate::Header;

/// References that one thread passes to another at once.
pub(crate) type Batch = Vec<NonNull<Header>>;

/// References in a block.
const BLOCK: usize = 512;
/// References that the first block has room for at first; it doubles.
const FIRST: usize = 64;

/// References, last in, first out.
#[derive(Default)]
pub(crate) struct MarkStack {
    /// The end of the stack.
    top: Batch,
    /// What lies below, without empty blocks.
    below: Vec<Batch>,
    /// An empty block, so that a stack that goes up and down at the end of a block does not ask for memory each time.
    spare: Batch,
}

impl MarkStack {
    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.top.is_empty() && self.below.is_empty()
    }

    /// How many references there are. Looks at all blocks.
    pub(crate) fn len(&self) -> usize {
        self.top.len() + self.below.iter().map(Vec::len).sum::<usize>()
    }

    /// Pushes a reference; false if there is no memory for that.
    #[inline(always)]
    pub(crate) fn push(&mut self, object: NonNull<Header>) -> bool {
        if self.top.len() == self.top.capacity() && !self.grow() {
            return false;
        }
        self.top.push(object);
        true
    }

    #[inline(always)]
    pub(crate) fn pop(&mut self) -> Option<NonNull<Header>> {
        self.top.pop().or_else(|| self.pop_below())
    }

    /// The reference with `above` others above it, if it is near.
    #[inline(always)]
    pub(crate) fn peek(&self, above: usize) -> Option<NonNull<Header>> {
        self.top.len().checked_sub(above + 1).map(|index| self.top[index])
    }

    #[cold]
    #[inline(never)]
    fn pop_below(&mut self) -> Option<NonNull<Header>> {
        let block = self.below.pop()?;
        self.spare = mem::replace(&mut self.top, block);
        self.top.pop()
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self) -> bool {
        if self.top.capacity() < BLOCK {
            let capacity = (2 * self.top.capacity()).clamp(FIRST, BLOCK);
            return self.top.try_reserve_exact(capacity - self.top.len()).is_ok();
        }
        let mut block = mem::take(&mut self.spare);
        if self.below.try_reserve(1).is_err() || block.try_reserve_exact(BLOCK).is_err() {
            return false;
        }
        self.below.push(mem::replace(&mut self.top, block));
        true
    }

    /// Puts a batch on an empty stack.
    pub(crate) fn put(&mut self, batch: Batch) {
        debug_assert!(self.is_empty());
        self.top = batch;
    }

    /// Takes a block that is not the end of the stack.
    pub(crate) fn take_block(&mut self) -> Option<Batch> {
        self.below.pop()
    }

    /// Takes all blocks.
    pub(crate) fn take_all(&mut self) -> impl Iterator<Item = Batch> + use<> {
        let end = mem::take(&mut self.top);
        mem::take(&mut self.below).into_iter().chain((!end.is_empty()).then_some(end))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reference(address: usize) -> NonNull<Header> {
        NonNull::without_provenance(address.try_into().expect("not zero"))
    }

    #[test]
    fn it_is_a_stack_of_any_size() {
        let (mut stack, mut twin) = (MarkStack::default(), Vec::new());
        let mut next = 1;
        for (pushes, pops) in [(3, 1), (BLOCK, 2), (5 * BLOCK + 7, 3 * BLOCK), (1, BLOCK + 1), (2 * BLOCK, 9 * BLOCK)] {
            for _ in 0..pushes {
                assert!(stack.push(reference(next)));
                twin.push(reference(next));
                next += 1;
            }
            assert_eq!((stack.len(), stack.peek(0)), (twin.len(), twin.last().copied()));
            for _ in 0..pops {
                assert_eq!(stack.pop(), twin.pop());
                assert_eq!(stack.is_empty(), twin.is_empty());
            }
        }
    }

    #[test]
    fn all_can_be_taken_block_by_block() {
        let mut stack = MarkStack::default();
        (1..=3 * BLOCK + 1).for_each(|address| assert!(stack.push(reference(address))));
        assert_eq!(stack.take_block().map(|block| block.len()), Some(BLOCK));
        let rest: Vec<usize> = stack.take_all().map(|block| block.len()).collect();
        assert_eq!((rest, stack.is_empty()), (vec![BLOCK, BLOCK, 1], true));
    }
}
