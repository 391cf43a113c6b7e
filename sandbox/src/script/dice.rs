//! Seeded chance: the same seed throws the same numbers. For faults and campaigns, never for secrets (`random`).

/// SplitMix64 (Steele, Lea, Flood 2014).
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Dice that throw the numbers of `seed`.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next number.
    pub const fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 for an `end` of 0.
    pub const fn below(&mut self, end: u64) -> u64 {
        if end == 0 { 0 } else { self.throw() % end }
    }

    /// True in `per_mille` of 1,000 throws.
    pub const fn chance(&mut self, per_mille: u64) -> bool {
        self.below(1_000) < per_mille
    }

    /// One of `items`, or none of an empty list.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        let index = usize::try_from(self.below(items.len() as u64)).unwrap_or_default();
        items.get(index)
    }

    /// Dice of their own for the `n`-th of many, so that its throws do not depend on the others'.
    #[must_use]
    pub const fn nth(&self, n: u64) -> Self {
        let mut mixed = Self(self.0 ^ n.wrapping_mul(0xd134_2543_de82_ef95));
        Self(mixed.throw())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_repeats_itself_and_another_does_not() {
        let throws = |mut dice: Dice| [dice.throw(), dice.throw(), dice.throw()];
        assert_eq!(throws(Dice::new(7)), throws(Dice::new(7)));
        assert_ne!(throws(Dice::new(7)), throws(Dice::new(8)));
        assert_ne!(throws(Dice::new(7).nth(1)), throws(Dice::new(7).nth(2)));
        let mut dice = Dice::new(7);
        let hits = (0..10_000).filter(|_| dice.chance(100)).count();
        assert!((800..1_200).contains(&hits), "{hits}");
        assert_eq!(Dice::new(7).pick::<u8>(&[]), None);
    }
}
