//! The middle of several measurements.

/// The median; of an even number of values the upper one of the two in the middle. `None` without any.
pub(crate) fn median(values: impl IntoIterator<Item = u64>) -> Option<u64> {
    let mut values: Vec<u64> = values.into_iter().collect();
    values.sort_unstable();
    values.get(values.len() / 2).copied()
}
