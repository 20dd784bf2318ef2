//! Medians and ratios: a shared machine drifts, so only figures taken side by side are compared.

/// The middle of `values` (the mean of the two middle ones if their number is even); `None` without values.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let mut sorted: Vec<f64> = values.into_iter().collect();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    let upper = *sorted.get(middle)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *sorted.get(middle - 1)?;
    Some(f64::midpoint(lower, upper))
}

/// The value below which `share` (0 to 1) of `values` lie, by nearest rank; `None` without values.
pub(crate) fn quantile(values: impl IntoIterator<Item = f64>, share: f64) -> Option<f64> {
    let mut sorted: Vec<f64> = values.into_iter().collect();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().checked_sub(1)?;
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rank: small, whole, and capped below"
    )]
    let rank = (sorted.len() as f64 * share.clamp(0.0, 1.0)).ceil() as usize;
    sorted.get(rank.saturating_sub(1).min(last)).copied()
}

/// The median of the ratios `values[i] / baselines[i]`; `None` if no pair can be made.
pub(crate) fn paired_ratio(values: &[f64], baselines: &[f64]) -> Option<f64> {
    median(values.iter().zip(baselines).filter(|(_, base)| **base > 0.0).map(|(value, base)| value / base))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_one() {
        assert_eq!(median([3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median([4.0, 1.0, 2.0, 3.0]), Some(2.5));
        assert_eq!(median([7.0]), Some(7.0));
        assert_eq!(median([]), None);
    }

    #[test]
    fn a_quantile_is_one_of_the_values() {
        let hundred = || (1..=100).map(f64::from);
        assert_eq!(quantile(hundred(), 0.5), Some(50.0));
        assert_eq!(quantile(hundred(), 0.99), Some(99.0));
        assert_eq!(quantile(hundred(), 1.0), Some(100.0));
        assert_eq!(quantile(hundred(), 0.0), Some(1.0));
        assert_eq!(quantile([5.0], 0.99), Some(5.0));
        assert_eq!(quantile([], 0.99), None);
    }

    #[test]
    fn ratios_are_paired_before_the_median_is_taken() {
        // The machine was three times slower in the second round; the ratio does not notice.
        assert_eq!(paired_ratio(&[50.0, 20.0, 60.0], &[100.0, 33.0, 100.0]), Some(0.6));
        assert_eq!(paired_ratio(&[50.0], &[0.0]), None);
        assert_eq!(paired_ratio(&[], &[]), None);
    }
}
