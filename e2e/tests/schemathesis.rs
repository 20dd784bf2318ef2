//! Checks the API against its description with generated requests.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

mod common;

use std::{path::Path, process::Command};

use common::TestServer;

/// The directory of the tester's settings and hooks.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/schemathesis");

/// The tester that `scripts/needs.sh` installs.
const TESTER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/schemathesis/bin/schemathesis");

#[test]
fn the_api_matches_its_description() {
    assert!(Path::new(TESTER).exists(), "the tester is missing; run scripts/needs.sh");
    let test_server = TestServer::new();
    let key = test_server.done(&["keys", "create", "localhost", "Tester", "--scope", "bridge"]);
    let place = tempfile::tempdir().unwrap();
    let url = test_server.server.url();
    let tested = Command::new(TESTER)
        .arg("--config-file")
        .arg(format!("{FOLDER}/schemathesis.toml"))
        .args(["run", &format!("{url}/openapi.json"), "--url", &url])
        .args(["--checks", "all", "--max-examples", "50", "--no-color"])
        // Revoked invites and released claims can still be read. Deleted keys cannot, but there is no operation
        // that reads one key.
        .args(["--exclude-checks", "use_after_free"])
        .args(["--header", &format!("Authorization: Bearer {key}")])
        .env("VESTIBULE_KEY", &key)
        .env("PYTHONPATH", FOLDER)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .env("SCHEMATHESIS_HOOKS", "hooks")
        .current_dir(place.path())
        .output()
        .unwrap();
    let report = String::from_utf8_lossy(&tested.stdout);
    assert!(tested.status.success(), "{report}\n{}", String::from_utf8_lossy(&tested.stderr));
    assert!(report.contains("Operations:       21 selected / 21 total"), "{report}");
    println!("{report}");
}
