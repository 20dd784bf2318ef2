//! A stream of an XMPP server is read alike however its bytes are cut.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| vestibule_xmpp::properties::xml_stream(bytes));
