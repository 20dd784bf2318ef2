use std::{env, fs};

use vestibule_web::api::openapi_json;

/// The description that is checked in, for those who read it without running anything.
const CHECKED_IN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");

/// `make openapi` sets this.
const WRITE: &str = "VESTIBULE_WRITE_OPENAPI";

#[test]
fn the_description_that_is_checked_in_is_that_of_the_code() {
    let made = openapi_json();
    if env::var_os(WRITE).is_some() {
        fs::write(CHECKED_IN, &made).unwrap();
    }
    let checked_in = fs::read_to_string(CHECKED_IN).unwrap_or_default();
    assert!(made == checked_in, "docs/openapi.json is stale; run `make openapi` and look at the difference");
}
