//! A file of Prosody's internal storage is read or refused, and whatever is read can be converted.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vestibule_prosody::lua;

fuzz_target!(|bytes: &[u8]| {
    if let Err(error) = lua::read(bytes) {
        let lines = bytes.iter().filter(|byte| **byte == b'\n').count() + 1;
        assert!((1..=lines).contains(&error.line), "line {} of {lines}", error.line);
    }
});
