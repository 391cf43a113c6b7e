//! A body that is small on the wire and large once it is unpacked.

/// A gzip member (RFC 1952) of zeros: `size` bytes on the wire, 158 times as many unpacked. Its checksum is missing: a
/// client that unpacks has long done so when it could notice.
pub(super) fn gzip_bomb(size: usize) -> Vec<u8> {
    let mut bits = Bits {
        bytes: vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff],
        free: 0,
    };
    // One final block with fixed codes (RFC 1951, section 3.2.6): a zero, then "258 more of the byte before" again and
    // again: length code 285 and distance code 0.
    bits.push(0b110, 3);
    bits.push(0b0011_0000, 8);
    while bits.bytes.len() < size {
        bits.push(0b1100_0101, 8);
        bits.push(0, 5);
    }
    bits.bytes
}

/// Bits packed from the low end of each byte on.
struct Bits {
    bytes: Vec<u8>,
    /// Unused bits of the last byte.
    free: u8,
}

impl Bits {
    /// Appends the low `count` bits of `code`, the highest of them first, as Huffman codes go.
    fn push(&mut self, code: u16, count: u8) {
        for place in (0..count).rev() {
            if self.free == 0 {
                self.bytes.push(0);
                self.free = 8;
            }
            if let Some(last) = self.bytes.last_mut() {
                *last |= u8::from(code >> place & 1 == 1) << (8 - self.free);
            }
            self.free -= 1;
        }
    }
}
