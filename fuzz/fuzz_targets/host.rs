//! Preparing a host twice changes nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vestibule_core::Host;

fuzz_target!(|text: &str| {
    let Ok(host) = Host::parse(text) else { return };
    assert_eq!(Host::parse(host.as_str()), Ok(host));
});
