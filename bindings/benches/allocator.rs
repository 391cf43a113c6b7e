//! What wiping freed memory costs: a block made, written and freed, and a buffer that grows, with and without it.
#![allow(
    unsafe_code,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench of an allocator, for a terminal"
)]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    hint::black_box,
    time::{Duration, Instant},
};

use salekit::allocator::Wiping;

/// Enough that a run takes some milliseconds.
const BYTES: usize = 1 << 26;
const RUNS: usize = 9;

/// The median time of one of `count` calls of `work`.
fn median(count: usize, work: impl Fn()) -> Duration {
    let mut runs: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            (0..count).for_each(|_| work());
            start.elapsed()
        })
        .collect();
    runs.sort_unstable();
    runs[RUNS / 2] / u32::try_from(count).unwrap()
}

fn make_and_free(heap: &impl GlobalAlloc, size: usize) -> Duration {
    let layout = Layout::from_size_align(size, 8).unwrap();
    median((BYTES / size).min(1 << 19), || {
        // SAFETY: the block is written within its size and freed with its own layout.
        unsafe {
            let block = heap.alloc(layout);
            block.write_bytes(1, size);
            heap.dealloc(black_box(block), layout);
        }
    })
}

/// A buffer that doubles from 64 bytes to `size`, as a vector does that is pushed to.
fn grow(heap: &impl GlobalAlloc, size: usize) -> Duration {
    median((BYTES / size).min(1 << 16), || {
        let mut layout = Layout::from_size_align(64, 8).unwrap();
        // SAFETY: the block always has the size that `layout` says.
        unsafe {
            let mut block = heap.alloc(layout);
            while layout.size() < size {
                let doubled = layout.size() * 2;
                block = heap.realloc(block, layout, doubled);
                layout = Layout::from_size_align(doubled, 8).unwrap();
                block.add(doubled / 2).write_bytes(1, doubled / 2);
            }
            heap.dealloc(black_box(block), layout);
        }
    })
}

fn main() {
    println!("{:<24}{:>12}{:>12}{:>8}", "", "system", "wiping", "ratio");
    for size in [32, 256, 2_048, 16_384, 131_072] {
        report(
            "make and free",
            size,
            make_and_free(&System, size),
            make_and_free(&Wiping(System), size),
        );
    }
    for size in [2_048, 131_072] {
        report("grow to", size, grow(&System, size), grow(&Wiping(System), size));
    }
}

fn report(what: &str, size: usize, system: Duration, wiping: Duration) {
    let ratio = wiping.as_secs_f64() / system.as_secs_f64();
    let name = format!("{what} {size} B");
    println!("{name:<24}{system:>12.0?}{wiping:>12.0?}{ratio:>8.2}");
}
