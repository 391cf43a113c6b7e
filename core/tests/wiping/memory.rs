//! The memory of this process as the kernel shows it, and the masked texts that are searched for.

use std::{
    collections::BTreeSet,
    fs::File,
    io::Read,
    os::unix::fs::FileExt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use zeroize::Zeroizing;

pub(crate) const MASK: u8 = 0xa7;

/// Text under the mask.
#[derive(Clone, Copy)]
pub(crate) struct Masked<const N: usize>(pub(crate) [u8; N]);

pub(crate) const fn masked<const N: usize>(mut text: [u8; N]) -> Masked<N> {
    let mut index = 0;
    while index < N {
        text[index] ^= MASK;
        index += 1;
    }
    Masked(text)
}

impl<const N: usize> Masked<N> {
    /// The text itself, which wipes itself.
    pub(crate) fn text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(N));
        self.0.iter().for_each(|byte| text.push(char::from(byte ^ MASK)));
        text
    }
}

/// So many characters in a row count as a remaining piece of a text.
const PIECE: usize = 8;
const CHUNK: usize = 1 << 16;
const PAGE: usize = 1 << 12;
/// Longer than any text that is searched for.
const OVERLAP: usize = 64;
const ZEROS: [u8; PAGE + OVERLAP] = [0; PAGE + OVERLAP];

/// Searches the memory of this process.
pub(crate) struct Memory {
    memory: File,
    /// Created once, because the buffers hold a copy of memory and are never freed.
    maps: Vec<u8>,
    chunk: Vec<u8>,
    /// Only one test at a time searches.
    _alone: MutexGuard<'static, ()>,
}

impl Memory {
    pub(crate) fn new() -> Self {
        static ALONE: Mutex<()> = Mutex::new(());
        Self {
            memory: File::open("/proc/self/mem").unwrap(),
            maps: vec![0; 1 << 18],
            chunk: vec![0; CHUNK],
            _alone: ALONE.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// How often the whole text is in memory.
    pub(crate) fn copies<const N: usize>(&mut self, text: &Masked<N>) -> usize {
        self.places(&text.0, N).len()
    }

    /// The places of all remaining pieces of the text.
    pub(crate) fn remains<const N: usize>(&mut self, text: &Masked<N>) -> BTreeSet<u64> {
        self.places(&text.0, N.min(PIECE))
    }

    /// The places of `length` characters in a row of the masked text.
    fn places(&mut self, text: &[u8], length: usize) -> BTreeSet<u64> {
        let mut may_begin = [false; 256];
        let pieces = || text.windows(length);
        pieces().for_each(|piece| may_begin[usize::from(piece[0] ^ MASK)] = true);
        let mut places = BTreeSet::new();
        self.show(|at, bytes| {
            for (offset, first) in bytes.iter().enumerate() {
                if !may_begin[usize::from(*first)] {
                    continue;
                }
                let Some(window) = bytes.get(offset..offset + length) else {
                    break;
                };
                let is = |piece: &[u8]| window.iter().zip(piece).all(|(byte, masked)| byte ^ MASK == *masked);
                if pieces().any(is) {
                    places.insert(at + offset as u64);
                }
            }
        });
        let own = self.chunk.as_ptr().addr() as u64;
        places.retain(|place| !(own..own + CHUNK as u64).contains(place));
        places
    }

    /// Calls `see` with each writable part of memory that is not zero, and its address.
    fn show(&mut self, mut see: impl FnMut(u64, &[u8])) {
        let mut maps = File::open("/proc/self/maps").unwrap();
        let mut length = 0;
        while let more @ 1.. = maps.read(&mut self.maps[length..]).unwrap() {
            length += more;
        }
        assert!(length < self.maps.len(), "all of them were read");
        let lines = self.maps[..length].split(|byte| *byte == b'\n');
        for line in lines.filter(|line| !line.is_empty()) {
            let mut columns = std::str::from_utf8(line).unwrap().split(' ');
            let (range, access) = (columns.next().unwrap(), columns.next().unwrap());
            if !access.starts_with("rw") {
                continue;
            }
            let (start, end) = range.split_once('-').unwrap();
            let mut at = u64::from_str_radix(start, 16).unwrap();
            let end = u64::from_str_radix(end, 16).unwrap();
            while at < end {
                let size = CHUNK.min(usize::try_from(end - at).unwrap());
                let chunk = &mut self.chunk[..size];
                // Memory that was unmapped after the list was read cannot be read any more.
                if self.memory.read_exact_at(chunk, at).is_ok() {
                    for first in (0..size).step_by(PAGE) {
                        let page = &chunk[first..size.min(first + PAGE + OVERLAP)];
                        if !ZEROS.starts_with(page) {
                            see(at + first as u64, page);
                        }
                    }
                }
                chunk.fill(0);
                at += if size == CHUNK { CHUNK - OVERLAP } else { size } as u64;
            }
        }
        self.maps[..length].fill(0);
    }
}
