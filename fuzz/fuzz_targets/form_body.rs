//! A form is read back from what is encoded, and its password is not printed.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| vestibule_web::properties::form_body(bytes));
