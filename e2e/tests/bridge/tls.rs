//! A Vestibule with an `https` URL.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;
use vestibule_e2e::{Process, Version, Vestibule};

use crate::connections::assert_no_outage;
use crate::test_server::{PASSWORD, TestServer, assert_refused};
use crate::versions::on_both_versions;

const FRONT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tls/front.py");

on_both_versions!(
    a_trusted_certificate_allows_registration,
    an_untrusted_certificate_admits_nobody,
    a_certificate_for_another_name_admits_nobody,
);

/// Starts a Vestibule behind a TLS server with a certificate for `name`, and returns its URL too.
fn fronted(directory: &Path, name: &str) -> (Vestibule, Process, String) {
    let vestibule = Vestibule::builder().start().unwrap();
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"])
        .args(["-days", "1", "-keyout", "key.pem", "-out", "cert.pem", "-subj", &format!("/CN={name}")])
        .args(["-addext", &format!("subjectAltName=DNS:{name}")])
        .current_dir(directory)
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    let mut command = Command::new("python3");
    command.arg(FRONT).arg(directory.join("cert.pem")).arg(directory.join("key.pem"));
    command.arg(vestibule.addr().port().to_string());
    let front = Process::spawn(command).unwrap();
    let port = front.next_line(Duration::from_secs(20)).unwrap();
    (vestibule, front, format!("https://localhost:{port}"))
}

/// Starts a Prosody that trusts the certificates in `trusted`.
fn asking(vestibule: Vestibule, url: &str, version: Version, trusted: Option<&Path>) -> TestServer {
    let file = trusted.map(|directory| directory.join("cert.pem"));
    TestServer::asking(vestibule, url, version, |builder| match file {
        Some(file) => builder.config(&format!("client_https_ssl = {{ cafile = \"{}\" }}", file.display())),
        None => builder,
    })
}

fn assert_no_registration(test_server: &TestServer) {
    let invite = test_server.mint(&json!({}));
    assert_refused(&test_server.guest().preauth(&invite.token).unwrap(), "wait", "service-unavailable");
    let log = test_server.prosody.log();
    assert!(log.contains("Vestibule is unreachable") && log.contains("certificate"), "{log}");
}

fn a_trusted_certificate_allows_registration(version: Version) {
    let directory = TempDir::new().unwrap();
    let (vestibule, mut front, url) = fronted(directory.path(), "localhost");
    let test_server = asking(vestibule, &url, version, Some(directory.path()));
    for username in ["juliet", "romeo"] {
        let invite = test_server.mint(&json!({}));
        assert!(test_server.admitted(&invite).register(username, PASSWORD).unwrap().is_ok());
        test_server.becomes(&invite, "used");
    }
    assert_no_outage(&test_server);
    front.kill();
    assert_eq!(front.rest_of_stdout().lines().count(), 1, "one connection serves all");
}

fn an_untrusted_certificate_admits_nobody(version: Version) {
    let directory = TempDir::new().unwrap();
    let (vestibule, _front, url) = fronted(directory.path(), "localhost");
    assert_no_registration(&asking(vestibule, &url, version, None));
}

fn a_certificate_for_another_name_admits_nobody(version: Version) {
    let directory = TempDir::new().unwrap();
    let (vestibule, _front, url) = fronted(directory.path(), "elsewhere.example");
    assert_no_registration(&asking(vestibule, &url, version, Some(directory.path())));
}
