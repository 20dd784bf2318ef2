//! The bridge.

use vestibule_e2e::{Prosody, Vestibule};

use crate::common::HOST;
use crate::test_server::{MODULES, TestServer, bridged, fails, says};

#[test]
fn a_server_without_the_bridge_fails_the_check() {
    let test_server = TestServer::new();
    let check = |prosody: &Prosody| test_server.doctor(HOST, &["--c2s", &prosody.c2s_addr().to_string()]);
    let stock = Prosody::builder().module("invites").module("invites_register").start().unwrap();
    fails(&check(&stock), "FAIL bridge: ", &["does not ask this service", "plugin_paths", "last assignment"]);

    // The bridge, with the address of another Vestibule.
    let elsewhere = Vestibule::builder().start().unwrap();
    let key = elsewhere.create_key_with(HOST, &["Prosody", "--scope", "bridge"]).unwrap();
    let prosody = bridged(&elsewhere.url(), &key).start().unwrap();
    fails(&check(&prosody), "FAIL bridge: ", &["asks another Vestibule", &test_server.server.url()]);
    // The same, with a key that the other Vestibule does not know.
    let prosody = bridged(&elsewhere.url(), &test_server.key).start().unwrap();
    fails(&check(&prosody), "FAIL bridge: ", &["asks another Vestibule", &test_server.server.url()]);
}

#[test]
fn a_bridge_of_another_version_is_a_warning() {
    let test_server = TestServer::new();
    let directory = tempfile::TempDir::new().unwrap();
    for file in std::fs::read_dir(MODULES).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "lua") {
            let text = std::fs::read_to_string(&path).unwrap();
            let changed = text.replace("local VERSION = \"", "local VERSION = \"0.0.");
            std::fs::write(directory.path().join(path.file_name().unwrap()), changed).unwrap();
        }
    }
    let url = test_server.server.url();
    let prosody = Prosody::builder()
        .plugin_path(directory.path())
        .module("invites")
        .module("invites_register")
        .config(&format!("vestibule_url = \"{url}\""))
        .config(&format!("vestibule_key = \"{}\"", test_server.key))
        .start()
        .unwrap();
    let args = ["--c2s", &prosody.c2s_addr().to_string()];
    let output = test_server.doctor(HOST, &args);
    says(&output, "ok   bridge: ", &["asks this service", "vestibule-bridge/0.0."]);
    says(&output, "warn bridge: ", &["the bridge is 0.0.", "install the modules"]);
    assert_eq!(output.code(), Some(0), "{output}");
    let strict = test_server.doctor(HOST, &[&args[..], &["--strict"]].concat());
    assert_eq!(strict.code(), Some(1), "{strict}");
    assert!(strict.stderr.contains("1 of") && strict.stderr.contains("--strict"), "{strict}");
    let json = test_server.doctor(HOST, &[&args[..], &["--strict", "--json"]].concat()).json().unwrap();
    assert_eq!(json["ok"], false);
    let log = prosody.log();
    assert!(log.contains("This bridge has version 0.0."), "{log}");
    assert_eq!(log.matches("This bridge has version").count(), 1, "once: {log}");
}
