//! A duration that was read is never zero, and is read back from what is written.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vestibule_core::{format_duration, parse_duration};

fuzz_target!(|text: &str| {
    let Ok(span) = parse_duration(text) else { return };
    assert!(!span.is_zero());
    assert_eq!(parse_duration(&format_duration(span)), Ok(span));
});
