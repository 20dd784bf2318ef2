//! Any `Accept-Language` header has a language, and the one that is wanted most is taken.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| vestibule_web::properties::accept_language(text));
