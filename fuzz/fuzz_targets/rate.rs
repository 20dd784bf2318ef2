//! A rate is read back from what is written, and lets its whole burst through at once, but no more.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vestibule_core::{GcraState, Rate, Timestamp};

fuzz_target!(|text: &str| {
    let Ok(rate) = text.parse::<Rate>() else { return };
    assert_eq!(rate.to_string().parse(), Ok(rate));
    let (mut meter, now) = (GcraState::default(), Timestamp::from_millis(1_800_000_000_000));
    assert_eq!(meter.take(rate, rate.burst(), now), Ok(()));
    assert!(meter.take(rate, 1, now).is_err());
});
