//! Working installations.

use vestibule_e2e::{Certificate, CliOutput, ProxyKind, ReverseProxy, Version};

use crate::common::HOST;
use crate::test_server::{TestServer, says};
use crate::versions::on_both_versions;

on_both_versions!(a_healthy_installation_is_all_ok);

/// As operators run it: a web server in front, encryption, and the route in the configuration.
fn a_healthy_installation_is_all_ok(version: Version) {
    let test_server = TestServer::new();
    let certificate = Certificate::new(HOST, true).unwrap();
    let modules = ["invites", "invites_register", "invites_adhoc", "invites_api"];
    let prosody =
        test_server.prosody_with(&modules, |builder| builder.version(version).encrypted(&certificate));
    let web = ReverseProxy::start(ProxyKind::Nginx, test_server.server.addr()).unwrap();
    let file = test_server.configured(&format!(
        "c2s = \"{}\"\ncert_sha256 = \"{}\"\n",
        prosody.c2s_addr(),
        certificate.fingerprint()
    ));
    let args = ["--config", file.to_str().unwrap(), "--public-url", &web.url(), "--strict"];
    let output = test_server.doctor(HOST, &args);
    assert_eq!(output.code(), Some(0), "{output}");
    assert!(output.stdout.lines().all(|line| line.starts_with("ok ")), "{output}");
    says(&output, "ok   public URL: ", &[&web.url(), "leads to this service"]);
    says(&output, "ok   bridge: ", &["vestibule-bridge/", "Prosody/"]);
    let json = test_server.doctor(HOST, &[&args[..], &["--json"]].concat()).json().unwrap();
    assert_eq!(json["ok"], true);
}

#[test]
fn a_working_installation_passes_every_check() {
    let test_server = TestServer::new();
    let prosody = test_server.prosody(&["invites", "invites_register"]);
    let c2s = prosody.c2s_addr().to_string();
    for output in [
        test_server.doctor(HOST, &["--c2s", &c2s]),
        test_server.doctor_with(&test_server.key, &["--c2s", &c2s]),
        CliOutput::of({
            let mut command = test_server.server.cli_command(&["doctor", HOST, "--c2s", &c2s]);
            command.env("VESTIBULE_LISTEN", test_server.server.addr().to_string());
            command.env("VESTIBULE_KEY", &test_server.key);
            command
        })
        .unwrap(),
    ] {
        assert_eq!(output.code(), Some(0), "{output}\n{}", prosody.log());
        assert!(!output.stdout.contains("FAIL") && output.stderr.is_empty(), "{output}");
        for check in [
            "database",
            "host",
            "public URL",
            "service",
            "ready",
            "version",
            "clock",
            "XMPP server",
            "registration",
        ] {
            says(&output, "ok ", &[&format!(" {check}: ")]);
        }
        let id = test_server.key.split('/').next().unwrap();
        says(&output, "ok   database: ", &["has proven"]);
        says(&output, "ok   bridge: ", &["asks this service", id]);
        says(&output, "ok   key: ", &[id, "is the key that the XMPP server uses"]);
    }
    // The check does not count as a use of the key, and the probe creates no invite.
    assert!(test_server.server.cli(&["invites", "list", HOST]).unwrap().text().is_empty());
    let output =
        test_server.doctor_with(&test_server.key, &["--log", "trace,ureq_proto::util=trace", "--c2s", &c2s]);
    assert!(
        output.stderr.contains("TRACE") && !output.stderr.contains("ureq_proto"),
        "bytes contain the key: {output}"
    );
    let json = test_server.doctor_with(&test_server.key, &["--json", "--c2s", &c2s]).json().unwrap();
    assert_eq!(json["ok"], true);
    assert!(json["checks"].as_array().unwrap().iter().all(|check| check["level"] != "fail"), "{json}");
}
