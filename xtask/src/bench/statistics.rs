//! The few figures that reports are made of.

/// The middle value, or the mean of the two in the middle; `None` of nothing.
pub(crate) fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => None,
        length if length % 2 == 1 => Some(sorted[middle]),
        _ => Some((sorted[middle - 1] + sorted[middle]) / 2.0),
    }
}

/// The geometric mean; `None` of nothing.
pub(crate) fn geometric_mean(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let (mut sum, mut count) = (0.0, 0);
    for value in values {
        sum += value.ln();
        count += 1;
    }
    (count > 0).then(|| (sum / f64::from(count)).exp())
}

/// How far values usually lie from their median, relative to it.
pub(crate) fn relative_spread(values: &[f64]) -> f64 {
    let Some(middle) = median(values) else {
        return 0.0;
    };
    let distances: Vec<f64> = values.iter().map(|value| (value - middle).abs() / middle).collect();
    median(&distances).unwrap_or(0.0)
}

/// A figure and how far off it may be: the standard error of what it was made from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Estimate {
    pub(crate) value: f64,
    pub(crate) error: f64,
}

impl Estimate {
    /// The mean; `None` of nothing. One value is believed.
    fn of_mean(values: &[f64]) -> Option<Estimate> {
        let count = values.len() as f64;
        let value = (count > 0.0).then(|| values.iter().sum::<f64>() / count)?;
        let squares: f64 = values.iter().map(|v| (v - value) * (v - value)).sum();
        Some(Estimate { value, error: (squares / (count - 1.0).max(1.0) / count).sqrt() })
    }

    /// The mean of `above` divided by that of `below`, values that do not belong together in pairs.
    pub(crate) fn of_means(above: &[f64], below: &[f64]) -> Option<Estimate> {
        let (above, below) = (Estimate::of_mean(above)?, Estimate::of_mean(below)?);
        let value = above.value / below.value;
        Some(Estimate { value, error: value * (above.error / above.value).hypot(below.error / below.value) })
    }

    /// The median, which some values that are far off do not move.
    pub(crate) fn of_median(values: &[f64]) -> Option<Estimate> {
        // The median of values that are spread normally varies by so much more than their mean.
        let error = Estimate::of_mean(values)?.error * 1.2533;
        Some(Estimate { value: median(values)?, error })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn estimates() {
        assert_eq!(Estimate::of_mean(&[2.0]), Some(Estimate { value: 2.0, error: 0.0 }));
        assert_eq!(Estimate::of_mean(&[1.0, 3.0]), Some(Estimate { value: 2.0, error: 1.0 }));
        let ratio = Estimate::of_means(&[1.0, 3.0], &[4.0, 4.0]).unwrap();
        assert_eq!(ratio, Estimate { value: 0.5, error: 0.25 });
        let middle = Estimate::of_median(&[1.0, 1.0, 7.0]).unwrap();
        assert!(middle.value == 1.0 && middle.error > 2.0);
        assert!(Estimate::of_means(&[], &[1.0]).is_none() && Estimate::of_median(&[]).is_none());
    }

    #[test]
    fn figures() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median(&[4.0, 1.0]), Some(2.5));
        assert_eq!(median(&[]), None);
        let mean = geometric_mean([0.5, 2.0, 1.0]).unwrap();
        assert!((mean - 1.0).abs() < 1e-12);
        assert_eq!(geometric_mean([]), None);
        assert!((relative_spread(&[0.9, 1.0, 1.1]) - 0.1).abs() < 1e-9);
        assert_eq!(relative_spread(&[]), 0.0);
    }
}
