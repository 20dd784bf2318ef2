//! An export of Prosody is read or refused, and whatever is read is converted or rejected, record by record.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vestibule_core::{Host, Timestamp};
use vestibule_prosody::{convert, export};

fuzz_target!(|bytes: &[u8]| {
    let host = Host::parse("localhost").expect("a host");
    if let Ok(records) = export::read(bytes, &host) {
        let count = records.len();
        let converted = convert(records, &host, Timestamp::from_millis(1_700_000_000_000));
        let parts = converted.invites.len() + converted.keys.len() + converted.rejected.len();
        // An invite that is in two stores is one.
        assert!(parts + converted.expired <= count);
    }
});
