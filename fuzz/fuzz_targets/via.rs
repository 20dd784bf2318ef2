//! A way in is kept as it was read, and reads the same again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vestibule_core::Via;

fuzz_target!(|text: &str| {
    let Some(via) = Via::parse(text) else { return };
    assert_eq!(via.as_str(), text);
    assert!((1..=32).contains(&text.len()) && !text.contains(char::is_whitespace));
});
