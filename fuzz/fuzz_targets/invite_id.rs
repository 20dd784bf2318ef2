//! An invite's id is read back from what is written, and from its bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vestibule_core::InviteId;

fuzz_target!(|text: &str| {
    let Ok(id) = text.parse::<InviteId>() else { return };
    assert_eq!(id.to_string().parse(), Ok(id));
    assert_eq!(InviteId::from_bytes(id.to_bytes()), id);
});
