//! Preparing a username twice changes nothing, alone and in an address.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vestibule_core::{Host, Username};

fuzz_target!(|text: &str| {
    let host = Host::parse("example.com").expect("a host");
    let Ok(name) = Username::parse_at(text, &host) else {
        assert!(Username::parse(text).is_err());
        return;
    };
    assert_eq!(Username::parse(name.as_str()), Ok(name.clone()));
    assert_eq!(Username::parse_at(&name.at(&host).to_string(), &host), Ok(name));
});
