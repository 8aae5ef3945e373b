//! Size classes: steps of 16 bytes up to 512, then four per doubling.

/// Every slot and every raw block is aligned to this.
pub(crate) const ALIGN: usize = 16;
/// Sizes above get a block of their own.
pub(crate) const LARGEST: usize = 4096;
/// Number of classes.
pub(crate) const CLASSES: usize = 44;

/// Classes below are multiples of [`ALIGN`].
const LINEAR: usize = 32;
const LINEAR_LARGEST: usize = LINEAR * ALIGN;

/// The class for `size`, which is at most [`LARGEST`]. Folds for constants.
#[inline(always)]
pub(crate) const fn class_of(size: usize) -> usize {
    if size <= LINEAR_LARGEST {
        size.saturating_sub(1) / ALIGN
    } else {
        let last = size - 1;
        let log = last.ilog2() as usize;
        LINEAR + (log - 9) * 4 + ((last >> (log - 2)) & 3)
    }
}

/// The bytes that a slot of `class` takes.
#[inline(always)]
pub(crate) const fn slot_size(class: usize) -> usize {
    if class < LINEAR {
        (class + 1) * ALIGN
    } else {
        let step = class - LINEAR;
        let log = 9 + step / 4;
        (1 << log) + ((step % 4 + 1) << (log - 2))
    }
}

/// The bytes that a request of `size` is charged.
#[inline(always)]
pub(crate) const fn charged(size: usize) -> usize {
    if size <= LARGEST { slot_size(class_of(size)) } else { size.next_multiple_of(ALIGN) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_size_gets_the_smallest_class_that_holds_it() {
        for size in 0..=LARGEST {
            let class = class_of(size);
            assert!(class < CLASSES);
            assert!(slot_size(class) >= size && slot_size(class).is_multiple_of(ALIGN));
            assert!(class == 0 || slot_size(class - 1) < size, "{size}");
        }
        assert_eq!(slot_size(CLASSES - 1), LARGEST);
    }
}
