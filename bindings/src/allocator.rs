//! A heap that forgets: every block is wiped before it is given back.
//!
//! Our own types wipe what they hold. This is for the rest: buffers of UniFFI, of the JSON writer, of the HTTP and the
//! TLS library, all of which hold copies of card data for a moment. It covers neither stacks nor the app's own heap.
#![allow(unsafe_code, reason = "an allocator is an unsafe trait")]

use std::{
    alloc::{GlobalAlloc, Layout},
    hint::black_box,
};

/// Wipes blocks before `A` gets them back.
pub struct Wiping<A>(pub A);

// SAFETY: every call is handed to `A` with the very arguments that came, so `A`'s guarantees are ours. In between only
// bytes of a block that the caller gives back are written.
unsafe impl<A: GlobalAlloc> GlobalAlloc for Wiping<A> {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps to `alloc`'s conditions, which are `A`'s too.
        unsafe { self.0.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        unsafe { self.0.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller gives back a block of `layout.size()` bytes that nobody uses any more.
        unsafe { block.write_bytes(0, layout.size()) };
        // The compiler knows that nobody reads a freed block and would leave the writing out; what is behind a black
        // box might read it.
        black_box(block);
        // SAFETY: as above.
        unsafe { self.0.dealloc(block, layout) };
    }

    // `realloc` is the trait's own: a new block, a copy, and the old block to `dealloc`, where it is wiped. `A`'s could
    // move the block and free the old one as it is.
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

    /// Counts the blocks it gets back, and the bytes in them that are not wiped.
    #[derive(Default)]
    struct Inspector {
        blocks: AtomicUsize,
        unwiped: AtomicUsize,
    }

    // SAFETY: hands everything to `System` as it came.
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
        // SAFETY: blocks are used within their sizes and given back with the layouts they were made with.
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
