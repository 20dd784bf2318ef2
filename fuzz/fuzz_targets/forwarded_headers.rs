//! No client can name another address than its own.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| vestibule_web::properties::forwarded_headers(bytes));
