//! Numbers as people read them.

use std::time::Duration;

/// `1000000` as `1,000,000`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A rate, whole and grouped.
pub(crate) fn per_second(rate: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rate is positive and far below 2^53"
    )]
    grouped(rate.round() as u64)
}

/// A time in the unit that suits it, with as many places as say something.
pub(crate) fn duration(time: Duration) -> String {
    let value = time.as_secs_f64() * 1e3;
    match value {
        v if v < 0.1 => format!("{:.1} µs", v * 1e3),
        v if v < 1.0 => format!("{:.0} µs", v * 1e3),
        v if v < 10.0 => format!("{v:.2} ms"),
        v if v < 100.0 => format!("{v:.1} ms"),
        v if v < 10_000.0 => format!("{} ms", per_second(value)),
        v => format!("{:.1} s", v / 1e3),
    }
}

/// KiB in MiB.
pub(crate) fn mebibytes(kibibytes: u64) -> String {
    // Memory in KiB is far below 2^32 for anything that is measured here.
    format!("{:.1} MiB", f64::from(u32::try_from(kibibytes).unwrap_or(u32::MAX)) / 1024.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_digits() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1000), "1,000");
        assert_eq!(grouped(1_000_000), "1,000,000");
        assert_eq!(per_second(48_430.55), "48,431");
    }

    #[test]
    fn shows_times_and_sizes() {
        assert_eq!(duration(Duration::from_nanos(17_640)), "17.6 µs");
        assert_eq!(duration(Duration::from_micros(812)), "812 µs");
        assert_eq!(duration(Duration::from_micros(3410)), "3.41 ms");
        assert_eq!(duration(Duration::from_micros(30_410)), "30.4 ms");
        assert_eq!(duration(Duration::from_millis(1200)), "1,200 ms");
        assert_eq!(duration(Duration::from_millis(12_340)), "12.3 s");
        assert_eq!(mebibytes(65_536), "64.0 MiB");
    }
}
