//! Text that this service did not seal is not a preauth grant.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vestibule_core::{PreauthGrantError, SealKey};

fuzz_target!(|text: &str| {
    assert_eq!(SealKey::new(&[1; 32]).read_admission(text), Err(PreauthGrantError));
});
