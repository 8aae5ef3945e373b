//! Memory of the global allocator, counted.

use std::alloc::Layout;
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use super::{PageSource, SystemPages};

/// What a [`CountingPages`] has handed out; readable while the heap lives and
/// after it.
#[derive(Debug, Default)]
pub struct PageCounts {
    blocks: AtomicUsize,
    bytes: AtomicUsize,
    peak: AtomicUsize,
    requests: AtomicUsize,
    refuse: AtomicUsize,
}

impl PageCounts {
    /// Blocks requested and not released.
    pub fn blocks(&self) -> usize {
        self.blocks.load(Relaxed)
    }

    /// Bytes requested and not released.
    pub fn bytes(&self) -> usize {
        self.bytes.load(Relaxed)
    }

    /// The most bytes there ever were.
    pub fn peak(&self) -> usize {
        self.peak.load(Relaxed)
    }

    /// Requests ever made, refused ones included.
    pub fn requests(&self) -> usize {
        self.requests.load(Relaxed)
    }

    /// Refuses the `n`-th request from now, once; 0 refuses none.
    pub fn refuse_after(&self, n: usize) {
        self.refuse.store(n, Relaxed);
    }
}

/// Counts what another source hands out, and can refuse a request: for tests.
#[derive(Clone, Debug, Default)]
pub struct CountingPages<P = SystemPages> {
    source: P,
    counts: Arc<PageCounts>,
}

impl CountingPages {
    /// A source over [`SystemPages`] with all counts at 0.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl<P: PageSource> CountingPages<P> {
    /// A source over another one with all counts at 0.
    #[must_use]
    pub fn over(source: P) -> Self {
        CountingPages { source, counts: Arc::default() }
    }

    /// The counts, shared with this source.
    #[must_use]
    pub fn counts(&self) -> Arc<PageCounts> {
        Arc::clone(&self.counts)
    }
}

// SAFETY: hands out what the other source does.
unsafe impl<P: PageSource> PageSource for CountingPages<P> {
    fn request(&mut self, layout: Layout) -> Option<NonNull<u8>> {
        let counts = &self.counts;
        counts.requests.fetch_add(1, Relaxed);
        let refuse = counts.refuse.load(Relaxed);
        if refuse > 0 {
            counts.refuse.store(refuse - 1, Relaxed);
            if refuse == 1 {
                return None;
            }
        }
        let block = self.source.request(layout)?;
        counts.blocks.fetch_add(1, Relaxed);
        let bytes = counts.bytes.fetch_add(layout.size(), Relaxed) + layout.size();
        counts.peak.fetch_max(bytes, Relaxed);
        Some(block)
    }

    unsafe fn release(&mut self, block: NonNull<u8>, layout: Layout) {
        self.counts.blocks.fetch_sub(1, Relaxed);
        self.counts.bytes.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the block came from there with the same layout.
        unsafe { self.source.release(block, layout) }
    }

    unsafe fn discard(&mut self, block: NonNull<u8>, layout: Layout) {
        self.counts.blocks.fetch_sub(1, Relaxed);
        self.counts.bytes.fetch_sub(layout.size(), Relaxed);
        // SAFETY: as above.
        unsafe { self.source.discard(block, layout) }
    }

    fn trim(&mut self) {
        self.source.trim();
    }
}
