//! Durations as text: `90s`, `15m`, `12h`, `7d`, `4w`.

use std::time::Duration;

/// The text is not a duration.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not a duration: expected a whole number and a unit, for example 90s, 15m, 12h, 7d or 4w")]
pub struct DurationError;

/// Units from the largest to the smallest, with their length in seconds.
const UNITS: [(char, u64); 5] = [('w', 604_800), ('d', 86_400), ('h', 3_600), ('m', 60), ('s', 1)];

/// Parses a whole number followed by a unit letter. Zero is rejected because no setting can use it.
pub fn parse_duration(text: &str) -> Result<Duration, DurationError> {
    let unit = text.chars().last().ok_or(DurationError)?;
    let (_, seconds) = UNITS.iter().find(|(letter, _)| *letter == unit).ok_or(DurationError)?;
    let digits = &text[..text.len() - unit.len_utf8()];
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(DurationError);
    }
    let count: u64 = digits.parse().map_err(|_| DurationError)?;
    match count.checked_mul(*seconds) {
        Some(total) if total > 0 => Ok(Duration::from_secs(total)),
        _ => Err(DurationError),
    }
}

/// Formats a duration in the largest unit that divides it: 604800 s is `1w`, 90 s is `90s`.
pub fn format_duration(span: Duration) -> String {
    let seconds = span.as_secs();
    UNITS
        .iter()
        .find(|(_, length)| seconds != 0 && seconds.is_multiple_of(*length))
        .map_or_else(|| format!("{seconds}s"), |(letter, length)| format!("{}{letter}", seconds / length))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_unit_is_parsed() {
        for (text, seconds) in
            [("90s", 90), ("15m", 900), ("12h", 43_200), ("7d", 604_800), ("4w", 2_419_200)]
        {
            assert_eq!(parse_duration(text), Ok(Duration::from_secs(seconds)));
        }
    }

    #[test]
    fn other_text_is_rejected() {
        for text in [
            "",
            "7",
            "d",
            "0d",
            "-1d",
            "+1d",
            "1.5h",
            "7 d",
            "7D",
            "7dd",
            "99999999999999999999d",
            "7é",
            "٣d",
        ] {
            assert_eq!(parse_duration(text), Err(DurationError), "{text}");
        }
    }

    proptest! {
        #[test]
        fn formatted_durations_round_trip(seconds in 1_u64..1_000_000_000) {
            let span = Duration::from_secs(seconds);
            prop_assert_eq!(parse_duration(&format_duration(span)), Ok(span));
        }

        #[test]
        fn any_text_is_refused_or_a_span_that_is_read_back(text in "[0-9]{0,20}[smhdw]?|\\PC{0,24}") {
            if let Ok(span) = parse_duration(&text) {
                prop_assert!(!span.is_zero());
                prop_assert_eq!(parse_duration(&format_duration(span)), Ok(span));
            }
        }
    }
}
