//! A heap that wipes every block before it frees it.
//!
//! SaleKit's own types wipe their memory. This allocator is for the rest: buffers of UniFFI, of the JSON writer, and of
//! the HTTP and TLS libraries. All of them hold copies of card data for a moment. It covers neither stacks nor the
//! app's own heap.
#![allow(unsafe_code, reason = "an allocator is an unsafe trait")]

use std::{
    alloc::{GlobalAlloc, Layout},
    hint::black_box,
};

/// Wipes blocks before `A` frees them.
pub struct Wiping<A>(pub A);

// SAFETY: every call goes to `A` with unchanged arguments, so `A`'s guarantees hold here too. In between, this writes
// only to a block that the caller frees.
unsafe impl<A: GlobalAlloc> GlobalAlloc for Wiping<A> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller meets the conditions of `alloc`, which are also those of `A`.
        unsafe { self.0.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        unsafe { self.0.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller frees a block of `layout.size()` bytes that is no longer used.
        unsafe { block.write_bytes(0, layout.size()) };
        // Nothing reads a freed block, so the compiler could remove the write. It must assume that a black box reads
        // the block.
        black_box(block);
        // SAFETY: as above.
        unsafe { self.0.dealloc(block, layout) };
    }

    // `realloc` is the trait's default: it allocates a new block, copies, and frees the old block with `dealloc`, which
    // wipes it. `A`'s own `realloc` could move the block and free the old one without wiping it.
}

#[cfg(feature = "zeroizing-allocator")]
#[global_allocator]
static HEAP: Wiping<std::alloc::System> = Wiping(std::alloc::System);

#[cfg(test)]
mod tests {
    use std::{
        alloc::System,
        sync::atomic::{AtomicUsize, Ordering},
    };

    use super::*;

    /// Counts the freed blocks, and the bytes in them that are not wiped.
    #[derive(Default)]
    struct Inspector {
        blocks: AtomicUsize,
        unwiped: AtomicUsize,
    }

    // SAFETY: passes every call to `System` unchanged.
    unsafe impl GlobalAlloc for Inspector {
        unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
            // SAFETY: the caller's conditions are `System`'s.
            unsafe { System.alloc(layout) }
        }

        unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
            // SAFETY: `Wiping` has initialised all of the block.
            let bytes = unsafe { std::slice::from_raw_parts(block, layout.size()) };
            self.blocks.fetch_add(1, Ordering::Relaxed);
            self.unwiped
                .fetch_add(bytes.iter().filter(|byte| **byte != 0).count(), Ordering::Relaxed);
            // SAFETY: the caller's conditions are `System`'s.
            unsafe { System.dealloc(block, layout) };
        }
    }

    #[test]
    fn blocks_are_wiped_when_freed_grown_and_shrunk() {
        let heap = Wiping(Inspector::default());
        let layout = Layout::from_size_align(1_000, 8).unwrap();
        // SAFETY: blocks are used within their sizes and freed with the layouts they were allocated with.
        unsafe {
            let mut block = heap.alloc(layout);
            block.write_bytes(0xa5, 1_000);
            block = heap.realloc(block, layout, 5_000);
            assert_eq!((*block, *block.add(999)), (0xa5, 0xa5));
            block.write_bytes(0xa5, 5_000);
            let grown = Layout::from_size_align(5_000, 8).unwrap();
            block = heap.realloc(block, grown, 10);
            assert_eq!((*block, *block.add(9)), (0xa5, 0xa5));
            heap.dealloc(block, Layout::from_size_align(10, 8).unwrap());
        }
        assert_eq!(heap.0.blocks.load(Ordering::Relaxed), 3);
        assert_eq!(heap.0.unwiped.load(Ordering::Relaxed), 0);
    }
}
