//! The sources of the module.

use vestibule_e2e::Ejabberd;

#[test]
fn the_module_calls_only_what_exists() {
    let output = Ejabberd::cross_reference_module().unwrap();
    assert!(output.success(), "{output}");
    assert_eq!(output.text(), "", "functions that are undefined, deprecated or unused");
}
