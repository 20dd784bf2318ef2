//! The XMPP server.

use std::io::{Read, Write};
use std::net::TcpListener;

use vestibule_e2e::Certificate;

use crate::common::HOST;
use crate::test_server::{TestServer, fails, says, unused_addr};

#[test]
fn a_wrong_xmpp_server_fails_the_check() {
    let test_server = TestServer::new();
    fails(
        &test_server.doctor(HOST, &["--c2s", &unused_addr()]),
        "FAIL XMPP server: ",
        &["no connection", "--c2s"],
    );

    let prosody = test_server.prosody(&["invites"]);
    let c2s = prosody.c2s_addr().to_string();
    let output = test_server.doctor(HOST, &["--c2s", &c2s]);
    fails(&output, "FAIL registration: ", &["invites_register", "modules_enabled"]);
    let output = test_server.doctor("other.example", &["--c2s", &c2s]);
    fails(&output, "FAIL XMPP server: ", &["host-unknown", "VirtualHost \"other.example\""]);
    // This server answers, but not with XMPP.
    let http = prosody.http_addr().to_string();
    fails(&test_server.doctor(HOST, &["--c2s", &http]), "FAIL XMPP server: ", &["XMPP server"]);
}

#[test]
fn the_configured_route_is_used() {
    let test_server = TestServer::new();
    let certificate = Certificate::new(HOST, true).unwrap();
    let prosody = test_server.prosody_with(&["invites", "invites_register", "register_ibr"], |prosody| {
        prosody.encrypted(&certificate)
    });
    let c2s = prosody.c2s_addr();
    let direct = prosody.direct_addr().unwrap();
    let pin = certificate.fingerprint();
    for (way, address) in [("starttls", c2s), ("direct", direct)] {
        let file = test_server
            .configured(&format!("c2s = \"{address}\"\ntls = \"{way}\"\ncert_sha256 = \"{pin}\"\n"));
        let output = test_server.doctor(HOST, &["--config", file.to_str().unwrap()]);
        says(&output, "ok   XMPP server: ", &[&address.to_string(), "encrypted"]);
        says(&output, "ok   registration: ", &["by invite"]);
        assert_eq!(output.code(), Some(0), "{output}");
    }
    // An address in an option is checked with any certificate.
    let output = test_server.doctor(HOST, &["--c2s", &c2s.to_string()]);
    says(&output, "ok   XMPP server: ", &[&c2s.to_string(), "encrypted"]);
    says(&output, "ok   bridge: ", &["asks this service"]);
    assert_eq!(output.code(), Some(0), "{output}");

    let none = test_server.configured(&format!("c2s = \"{c2s}\"\ntls = \"none\"\n"));
    let output = test_server.doctor(HOST, &["--config", none.to_str().unwrap()]);
    fails(&output, "FAIL registration: ", &["without encryption", "tls = \"starttls\""]);

    let untrusted = test_server.configured(&format!("c2s = \"{c2s}\"\n"));
    let output = test_server.doctor(HOST, &["--config", untrusted.to_str().unwrap()]);
    fails(&output, "FAIL XMPP server: ", &["no trusted encryption", "ca_file or cert_sha256"]);
    let wrong = test_server.configured(&format!("c2s = \"{c2s}\"\ntls = \"direct\"\n"));
    let output = test_server.doctor(HOST, &["--config", wrong.to_str().unwrap()]);
    fails(&output, "FAIL XMPP server: ", &["no trusted encryption"]);
}

/// Web registration uses DNS, so a server on this machine is not enough for the check to pass.
#[test]
fn without_a_configured_address_the_server_is_looked_up_as_registrations_do() {
    let test_server = TestServer::new();
    let host = "xmpp.invalid";
    assert!(test_server.server.cli(&["hosts", "add", host]).unwrap().success());
    let file = test_server.directory.path().join("hosts.toml");
    std::fs::write(&file, format!("[hosts.\"{host}\"]\n")).unwrap();
    let output = test_server.doctor(host, &["--config", file.to_str().unwrap()]);
    let texts = ["no server could be used: xmpp.invalid:5222: no address", "at the address from DNS", "c2s"];
    fails(&output, "FAIL XMPP server: ", &texts);
}

#[test]
fn additional_required_fields_fail_the_check() {
    let test_server = TestServer::new();
    let prosody = test_server.prosody_with(&["invites", "invites_register", "register_ibr"], |prosody| {
        prosody.config("additional_registration_fields = { \"email+\", \"nick\" }")
    });
    let output = test_server.doctor(HOST, &["--c2s", &prosody.c2s_addr().to_string()]);
    fails(&output, "FAIL registration: ", &["requires more", "email", "additional_registration_fields"]);
    assert!(!output.stdout.contains("nick"), "{output}");
}

#[test]
fn ejabberd_is_recognized() {
    let test_server = TestServer::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let c2s = listener.local_addr().unwrap().to_string();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut heard = String::new();
        let mut say_after = |texts: &str, answer: &str| {
            let mut chunk = [0; 4096];
            while !heard.contains(texts) {
                let read = stream.read(&mut chunk).unwrap();
                assert!(read > 0, "{heard}");
                heard += &String::from_utf8_lossy(&chunk[..read]);
            }
            stream.write_all(answer.as_bytes()).unwrap();
        };
        say_after(
            "streams'>",
            "<?xml version='1.0'?><stream:stream id='11170184590868083463' version='1.0' xml:lang='en' \
             xmlns:stream='http://etherx.jabber.org/streams' from='localhost' xmlns='jabber:client'>\
             <stream:features><register xmlns='http://jabber.org/features/iq-register'/></stream:features>",
        );
        say_after(
            "<preauth",
            "<iq type='error' id='vestibule-1' from='localhost'><error type='cancel'><item-not-found \
             xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
        );
        say_after(
            "vestibule-3",
            "<iq type='error' id='vestibule-3' from='localhost'><error type='auth'/></iq>",
        );
    });
    let output = test_server.doctor(HOST, &["--c2s", &c2s]);
    says(&output, "ok   XMPP server: ", &["it is ejabberd"]);
    fails(&output, "FAIL bridge: ", &["does not ask this service", "ejabberd"]);
    assert!(!output.stdout.contains("plugin_paths"), "{output}");
    server.join().unwrap();
}
