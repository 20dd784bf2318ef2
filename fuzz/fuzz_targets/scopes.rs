//! Scopes are read back from what is written, and are never none.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vestibule_core::Scopes;

fuzz_target!(|text: &str| {
    let Ok(scopes) = text.parse::<Scopes>() else { return };
    assert!(Scopes::ALL.covers(scopes) && scopes.iter().count() > 0);
    assert_eq!(scopes.to_string().parse(), Ok(scopes));
});
