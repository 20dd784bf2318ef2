//! A moment is read back, to the second, from what is written.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vestibule_core::Timestamp;

fuzz_target!(|text: &str| {
    let Ok(moment) = Timestamp::parse(text) else { return };
    let second = Timestamp::from_millis(moment.as_millis() / 1000 * 1000);
    assert_eq!(Timestamp::parse(&moment.to_string()), Ok(second));
});
