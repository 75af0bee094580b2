//! A small generator of random numbers with the same sequence everywhere.

/// SplitMix64 (Steele, Lea & Flood, 2014): a counter stepped by an odd constant, then mixed.
///
/// Period 2^64; every seed is good. Not for secrets.
pub(crate) struct SplitMix64(u64);

impl SplitMix64 {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// The next 64 random bits.
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A random number in `0..bound`; 0 if `bound` is 0.
    ///
    /// The high half of a product (Lemire, 2019), without his rejection step: no number is favoured by
    /// more than `bound / 2^64`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.next()) * bound as u128) >> 64) as usize
    }

    /// Brings the items into random order (Fisher & Yates 1938).
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// OpenJDK 17.0.15: `new java.util.SplittableRandom(1234567).nextLong()`, as unsigned numbers.
    #[test]
    fn agrees_with_java() {
        let mut generator = SplitMix64::new(1_234_567);
        let numbers: [u64; 5] = std::array::from_fn(|_| generator.next());
        assert_eq!(
            numbers,
            [
                6_457_827_717_110_365_317,
                3_203_168_211_198_807_973,
                9_817_491_932_198_370_423,
                4_593_380_528_125_082_431,
                16_408_922_859_458_223_821,
            ]
        );
    }

    #[test]
    fn shuffle_keeps_the_items() {
        let mut items: Vec<u32> = (0..100).collect();
        SplitMix64::new(7).shuffle(&mut items);
        assert!(!items.is_sorted());
        items.sort_unstable();
        assert_eq!(items, (0..100).collect::<Vec<_>>());
    }

    #[test]
    fn numbers_stay_below_the_bound_and_spread() {
        let mut generator = SplitMix64::new(0);
        let mut seen = [0; 10];
        for _ in 0..10_000 {
            seen[generator.below(10)] += 1;
        }
        // Six standard deviations of a binomial count around 1000.
        assert!(
            seen.iter().all(|&times: &i32| (times - 1000).abs() < 180),
            "{seen:?}"
        );
        assert_eq!(generator.below(1), 0);
        assert_eq!(generator.below(0), 0);
    }
}
