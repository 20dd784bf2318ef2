//! What a release consists of.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;
use vestibule_e2e::vestibule_binary;

use super::machine::repository;
use super::{image, is_disabled, script, succeeds};

#[test]
fn a_release_has_packages_checksums_and_a_bill_of_materials() {
    if is_disabled() {
        return;
    }
    let directory = TempDir::new().unwrap();
    let path = directory.path();
    script("dist.sh", &[&vestibule_binary().unwrap(), path]);
    let mut names: Vec<_> =
        fs::read_dir(path).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    let sums = fs::read_to_string(path.join("SHA256SUMS")).unwrap();
    for name in names.iter().filter(|name| *name != "SHA256SUMS") {
        assert!(sums.contains(name.as_str()), "no checksum of {name}: {sums}");
    }
    let mut check = Command::new("sha256sum");
    check.args(["--check", "--strict", "SHA256SUMS"]).current_dir(path);
    succeeds(check);
    for end in [".deb", "-oci.tar", ".tar.gz", ".cdx.json"] {
        assert_eq!(names.iter().filter(|name| name.ends_with(end)).count(), 1, "{end}: {names:?}");
    }

    let compose = fs::read_to_string(repository().join("packaging/container/compose.yaml")).unwrap();
    let version = format!("image: vestibule:${{VESTIBULE_VERSION:-{}}}", env!("CARGO_PKG_VERSION"));
    assert!(compose.contains(&version), "compose.yaml names another version");
    let file_ending_in = |end: &str| path.join(names.iter().find(|name| name.ends_with(end)).unwrap());
    lists_what_is_inside(&file_ending_in(".cdx.json"));
    let again = path.join("again.deb");
    script("deb.sh", &[&vestibule_binary().unwrap(), &again]);
    assert!(
        fs::read(again).unwrap() == fs::read(file_ending_in(".deb")).unwrap(),
        "two builds give the same package"
    );
    image::serves(&file_ending_in("-oci.tar"));
}

/// The bill of materials names the crates of the program and the packages of the image, and nothing else.
fn lists_what_is_inside(bill: &Path) {
    let bill: Value = serde_json::from_slice(&fs::read(bill).unwrap()).unwrap();
    let components = bill["components"].as_array().unwrap();
    let has = |start: &str| {
        components.iter().any(|found| found["purl"].as_str().is_some_and(|purl| purl.starts_with(start)))
    };
    for start in
        ["pkg:cargo/tokio@", "pkg:cargo/rustls@", "pkg:deb/debian/libc6@", "pkg:deb/debian/ca-certificates@"]
    {
        assert!(has(start), "no {start}");
    }
    assert!(!has("pkg:cargo/proptest@"), "what only tests use is no part of the program");
}
