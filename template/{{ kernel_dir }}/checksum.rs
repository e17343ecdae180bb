//! Adler-32 (RFC 1950), the checksum of zlib.

const MODULUS: u32 = 65_521;

/// The most bytes that both sums take before they could overflow 32 bits.
const BLOCK: usize = 5_552;

/// A checksum that is fed piece by piece.
#[derive(Debug, Clone, Copy)]
pub struct Checksum {
    low: u32,
    high: u32,
}

impl Checksum {
    #[must_use]
    pub const fn new() -> Self {
        Self { low: 1, high: 0 }
    }

    pub fn update(&mut self, data: &[u8]) {
        for block in data.chunks(BLOCK) {
            for &byte in block {
                self.low += u32::from(byte);
                self.high += self.low;
            }
            self.low %= MODULUS;
            self.high %= MODULUS;
        }
    }

    #[must_use]
    pub const fn finish(self) -> u32 {
        (self.high << 16) | self.low
    }
}

impl Default for Checksum {
    fn default() -> Self {
        Self::new()
    }
}

/// The checksum of `data` as a whole.
#[must_use]
pub fn checksum(data: &[u8]) -> u32 {
    let mut sum = Checksum::default();
    sum.update(data);
    sum.finish()
}

#[cfg(test)]
mod tests {
    use super::{Checksum, checksum};

    #[test]
    fn known_values() {
        assert_eq!(checksum(b""), 1);
        assert_eq!(checksum(b"Wikipedia"), 0x11E6_0398);
    }

    #[test]
    fn the_largest_bytes_do_not_overflow() {
        let data = vec![u8::MAX; 100_000];
        let (mut low, mut high) = (1_u64, 0_u64);
        for &byte in &data {
            low = (low + u64::from(byte)) % 65_521;
            high = (high + low) % 65_521;
        }
        assert_eq!(u64::from(checksum(&data)), (high << 16) | low);
    }

    #[test]
    fn pieces_give_the_checksum_of_the_whole() {
        let mut sum = Checksum::new();
        sum.update(b"Wiki");
        sum.update(b"pedia");
        assert_eq!(sum.finish(), checksum(b"Wikipedia"));
    }
}
