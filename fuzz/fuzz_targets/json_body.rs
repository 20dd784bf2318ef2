//! A JSON body is read as other parsers read it, or rejected as the client's mistake.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| vestibule_web::properties::json_body(bytes));
