//! A presented key has the id that stands before the first slash, and prints alike whatever its secret is.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vestibule_core::PresentedKey;

fuzz_target!(|text: &str| {
    let Some(key) = PresentedKey::parse(text) else { return };
    assert_eq!(text.split_once('/').map(|(id, _)| id), Some(key.id.as_str()));
    let other = PresentedKey::parse(&format!("{}/other", key.id)).expect("a key");
    assert_eq!(format!("{key:?}"), format!("{other:?}"));
});
