//! `vestibule doctor` finds faults between Vestibule and Prosody, and names the solutions.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

mod common;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use common::{HOST, misused};
use tempfile::TempDir;
use vestibule_e2e::http::Client;
use vestibule_e2e::{
    Certificate, CliOutput, Prosody, ProsodyBuilder, Vestibule, free_port, vestibule_command,
};

/// A server, a key of the bridge, and a file with the key.
struct TestServer {
    server: Vestibule,
    key: String,
    directory: TempDir,
}

impl TestServer {
    fn new() -> Self {
        let server = Vestibule::builder().host(HOST).host("other.example").start().unwrap();
        let key = server.create_key_with(HOST, &["Prosody", "--scope", "bridge"]).unwrap();
        Self { server, key, directory: TempDir::new().unwrap() }
    }

    fn file(&self, key: &str) -> PathBuf {
        let path = self.directory.path().join("key");
        std::fs::write(&path, format!("{key}\n")).unwrap();
        path
    }

    /// Starts a Prosody with the bridge to this server.
    fn prosody(&self, modules: &[&str]) -> Prosody {
        self.prosody_with(modules, |builder| builder)
    }

    /// Like [`Self::prosody`], with more settings.
    fn prosody_with(&self, modules: &[&str], more: impl FnOnce(ProsodyBuilder) -> ProsodyBuilder) -> Prosody {
        let bridge = Path::new(env!("CARGO_MANIFEST_DIR")).join("../prosody");
        let mut prosody = Prosody::builder()
            .plugin_path(&bridge)
            .module("http")
            .config(&format!("vestibule_url = \"{}\"", self.server.url()))
            .config(&format!("vestibule_key = \"{}\"", self.key));
        for module in modules {
            prosody = prosody.module(module);
        }
        more(prosody).start().unwrap()
    }

    /// Writes a configuration with these settings of the XMPP route.
    fn configured(&self, xmpp: &str) -> PathBuf {
        let path = self.directory.path().join("vestibule.toml");
        std::fs::write(&path, format!("[hosts.\"{HOST}\".xmpp]\n{xmpp}")).unwrap();
        path
    }

    /// Runs `doctor` for `host` with the server's address, and never asks an XMPP server that this machine may run.
    fn doctor(&self, host: &str, more: &[&str]) -> CliOutput {
        let (url, unused) = (self.server.url(), unused_addr());
        let mut args = vec!["doctor", host, "--url", &url];
        if !more.contains(&"--c2s") && !more.contains(&"--config") {
            args.extend(["--c2s", unused.as_str()]);
        }
        let output = self.server.cli(&[&args, more].concat()).unwrap();
        for key in self.key.split('/').skip(1) {
            assert!(!output.to_string().contains(key), "no secret is printed: {output}");
        }
        output
    }

    /// Like [`Self::doctor`], with a key in a file.
    fn doctor_with(&self, key: &str, more: &[&str]) -> CliOutput {
        let file = self.file(key);
        let secret = key.split('/').nth(1).unwrap();
        let output = self.doctor(HOST, &[&["--key-file", file.to_str().unwrap()], more].concat());
        assert!(!output.to_string().contains(secret), "no secret is printed: {output}");
        output
    }
}

/// An address on which nothing listens.
fn unused_addr() -> String {
    format!("127.0.0.1:{}", free_port().unwrap())
}

/// Asserts that a line begins with `begin` and contains all of `texts`.
fn says(output: &CliOutput, begin: &str, texts: &[&str]) {
    let found = output
        .stdout
        .lines()
        .any(|line| line.starts_with(begin) && texts.iter().all(|word| line.contains(word)));
    assert!(found, "no line {begin:?} with {texts:?} in: {output}");
}

/// Asserts that it failed, with this line.
fn fails(output: &CliOutput, begin: &str, texts: &[&str]) {
    says(output, begin, texts);
    assert_eq!(output.code(), Some(1), "{output}");
    assert!(output.stderr.starts_with("Error: ") && output.stderr.contains("failed"), "{output}");
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

#[test]
fn used_and_unused_keys_are_distinguished() {
    let mut test_server = TestServer::new();
    let spare =
        test_server.server.create_key_with(HOST, &["Spare", "--scope", "bridge", "--expires", "3d"]).unwrap();
    let bearer = format!("Bearer {}", test_server.key);
    let path = format!("{}/v1/usernames/juliet", test_server.server.url());
    let asked = Client::new().send("GET", &path, &[("authorization", &bearer)], None).unwrap();
    assert_eq!(asked.status, 200, "{asked:?}");
    // Uses are stored every minute and at shutdown.
    test_server.server.terminate().unwrap();
    test_server.server.restart().unwrap();
    let output = test_server.doctor(HOST, &[]);
    let ids = [&test_server.key, &spare].map(|key| key.split('/').next().unwrap());
    says(&output, "ok ", &[" key: ", ids[0], "(Prosody)", "was last used at 20"]);
    says(&output, "ok ", &[" key: ", ids[1], "(Spare)", "not in use"]);
    says(&output, "warn key: ", &[ids[1], "expires at 20", "--scope bridge"]);
}

#[test]
fn a_missing_or_weak_key_fails_the_check() {
    let test_server = TestServer::new();
    fails(
        &test_server.doctor("other.example", &[]),
        "FAIL key: ",
        &["has no key", "`vestibule keys create other.example Prosody --scope bridge`"],
    );
    let weak = test_server.server.create_key_with("other.example", &["Portal"]).unwrap();
    fails(&test_server.doctor("other.example", &[]), "FAIL key: ", &["none of the 1", "--scope bridge"]);
    fails(
        &test_server.doctor_with(&weak, &[]),
        "FAIL key: ",
        &["belongs to other.example, not to localhost"],
    );

    let minting = test_server.server.create_key(HOST).unwrap();
    let texts =
        ["lacks invites:contact,", "invites:read, invites:manage, redeem, keys:manage:", "--scope bridge"];
    fails(&test_server.doctor_with(&minting, &[]), "FAIL key: ", &texts);
    let managing = test_server.server.create_key_with(HOST, &["x", "--scope", "keys:manage,redeem"]).unwrap();
    let texts = ["lacks invites:create,", "invites:read, invites:manage:", "--scope bridge"];
    fails(&test_server.doctor_with(&managing, &[]), "FAIL key: ", &texts);
}

#[test]
fn a_rejected_key_fails_the_check() {
    let test_server = TestServer::new();
    let deleted = test_server.server.create_key_with(HOST, &["Old", "--scope", "bridge"]).unwrap();
    let id = deleted.split('/').next().unwrap();
    assert!(test_server.server.cli(&["keys", "delete", HOST, id]).unwrap().success());
    fails(
        &test_server.doctor_with(&deleted, &[]),
        "FAIL key: ",
        &["not accept", "deleted", "--scope bridge"],
    );
    let id = test_server.key.split('/').next().unwrap();
    let mistyped = format!("{id}/{}", "x".repeat(36));
    fails(&test_server.doctor_with(&mistyped, &[]), "FAIL key: ", &[id, "is known", "is wrong"]);

    let file = test_server.directory.path().join("no-key");
    std::fs::write(&file, "this is no key").unwrap();
    for (file, texts) in
        [(&file, "contains no key"), (&test_server.directory.path().join("gone"), "cannot read")]
    {
        let output = test_server.doctor(HOST, &["--key-file", file.to_str().unwrap()]);
        common::fails(&output, &[texts]);
        assert!(!output.stderr.contains("this is"), "{output}");
    }
}

#[test]
fn an_unreachable_service_fails_the_check() {
    let mut test_server = TestServer::new();
    test_server.server.terminate().unwrap();
    let output = test_server.doctor_with(&test_server.key, &[]);
    fails(
        &output,
        "FAIL service: ",
        &["nothing answers at", &test_server.server.url(), "vestibule serve", "--url"],
    );
    says(&output, "warn key: ", &["skipped"]);
    says(&output, "ok ", &[" database: "]);
}

#[test]
fn a_key_is_never_sent_to_the_service() {
    let test_server = TestServer::new();
    let prosody = test_server.prosody(&["invites"]);
    let file = test_server.file(&test_server.key);
    let unused = unused_addr();
    let args = ["doctor", HOST, "--key-file", file.to_str().unwrap(), "--c2s", &unused, "--url"];
    let output = test_server.server.cli(&[&args[..], &[&prosody.http_url()]].concat()).unwrap();
    fails(&output, "FAIL service: ", &["is not Vestibule", "--url"]);

    // A server that answers everything with 200 and records the requests.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let impostor = std::thread::spawn(move || {
        let mut received = String::new();
        for _ in 0..3 {
            let (mut stream, _) = listener.accept().unwrap();
            let mut chunk = [0; 4096];
            let read = stream.read(&mut chunk).unwrap();
            received += &String::from_utf8_lossy(&chunk[..read]);
            stream
                .write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 3\r\n\r\nok\n")
                .unwrap();
        }
        received
    });
    let output = test_server.server.cli(&[&args[..], &[&url]].concat()).unwrap();
    fails(&output, "FAIL version: ", &["does not describe itself as Vestibule"]);
    says(&output, "warn key: ", &["skipped"]);
    let received = impostor.join().unwrap().to_lowercase();
    assert!(received.contains("get /openapi.json") && !received.contains("authorization"), "{received}");

    // A server that describes itself as Vestibule and answers a challenge with an invalid response.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let impostor = std::thread::spawn(move || {
        let mut received = String::new();
        for _ in 0..4 {
            let (mut stream, _) = listener.accept().unwrap();
            let mut chunk = [0; 4096];
            let read = stream.read(&mut chunk).unwrap();
            let request = String::from_utf8_lossy(&chunk[..read]).into_owned();
            let body = if request.contains("/openapi.json") {
                r#"{"info":{"title":"Vestibule","version":"0.1.0"}}"#
            } else if request.contains("challenge=") {
                r#"{"proof":"00000000000000000000000000000000"}"#
            } else {
                "ok\n"
            };
            received += &request;
            write!(
                stream,
                "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            )
            .unwrap();
        }
        received
    });
    let output = test_server.server.cli(&[&args[..], &[&url]].concat()).unwrap();
    fails(&output, "FAIL database: ", &["another service", "--url"]);
    says(&output, "warn key: ", &["skipped"]);
    let received = impostor.join().unwrap().to_lowercase();
    assert!(received.contains("challenge=") && !received.contains("authorization"), "{received}");
    let secret = test_server.key.split('/').nth(1).unwrap().to_lowercase();
    assert!(!received.contains(&secret), "{received}");

    for url in ["https://localhost", "localhost:8280", "http://u:p@localhost"] {
        misused(&test_server.server.cli(&["doctor", HOST, "--url", url]).unwrap());
    }
}

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

#[test]
fn a_missing_host_or_database_fails_the_check() {
    let test_server = TestServer::new();
    let output = test_server.doctor("nowhere.example", &[]);
    fails(&output, "FAIL host: ", &["nowhere.example", "localhost", "serve --host nowhere.example"]);
    assert!(!output.stdout.contains("key: please"), "{output}");
    common::fails(&test_server.doctor("not a host", &[]), &["please supply a valid host"]);

    let elsewhere = test_server.directory.path().join("elsewhere");
    let mut command = vestibule_command(&["doctor", HOST, "--url", &test_server.server.url()]).unwrap();
    command.arg("--data-dir").arg(&elsewhere).args(["--c2s", &unused_addr()]);
    let output = CliOutput::of(command).unwrap();
    fails(&output, "FAIL database: ", &["elsewhere", "--data-dir"]);
    assert!(!elsewhere.exists(), "looking makes nothing");

    // The database of another service.
    let other = Vestibule::builder().start().unwrap();
    let file = test_server.file(&test_server.key);
    let (url, unused) = (test_server.server.url(), unused_addr());
    let file = file.to_str().unwrap();
    let args = ["doctor", HOST, "--url", &url, "--key-file", file, "--c2s", &unused];
    fails(&other.cli(&args).unwrap(), "FAIL database: ", &["the service uses", "--data-dir"]);
    says(&other.cli(&args).unwrap(), "warn key: ", &["skipped"]);
}

#[test]
fn loopback_links_are_reported() {
    let test_server = TestServer::new();
    says(&test_server.doctor("other.example", &[]), "warn public URL: ", &["127.0.0.1", "--public-url"]);
    let named = test_server.doctor("other.example", &["--public-url", "https://other.example"]);
    says(&named, "ok ", &[" public URL: ", "https://other.example"]);
}

/// Returns a Prosody with Vestibule's modules and these settings of the bridge.
fn bridged(modules: &Path, url: &str, key: &str) -> ProsodyBuilder {
    Prosody::builder()
        .plugin_path(modules)
        .module("http")
        .module("invites")
        .module("invites_register")
        .config(&format!("vestibule_url = \"{url}\""))
        .config(&format!("vestibule_key = \"{key}\""))
}

#[test]
fn a_server_without_the_bridge_fails_the_check() {
    let test_server = TestServer::new();
    let modules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../prosody");
    let check = |prosody: &Prosody| test_server.doctor(HOST, &["--c2s", &prosody.c2s_addr().to_string()]);

    // Prosody's own modules, as with a wrong `plugin_paths`.
    let stock = Prosody::builder().module("invites").module("invites_register").start().unwrap();
    fails(&check(&stock), "FAIL bridge: ", &["does not ask this service", "plugin_paths", "last assignment"]);

    // Ours, with an invalid key, a key without the scope, and an unreachable address.
    let weak = test_server.server.create_key_with(HOST, &["Weak", "--scope", "invites:create"]).unwrap();
    let unreachable = format!("http://127.0.0.1:{}", free_port().unwrap());
    let url = test_server.server.url();
    for (url, key) in
        [(url.as_str(), "none/none"), (url.as_str(), &*weak), (unreachable.as_str(), &*test_server.key)]
    {
        let prosody = bridged(&modules, url, key).start().unwrap();
        fails(&check(&prosody), "FAIL bridge: ", &["cannot check invites", "vestibule_url", "vestibule_key"]);
    }

    // Ours, with the key of another host.
    let other =
        test_server.server.create_key_with("other.example", &["Prosody", "--scope", "bridge"]).unwrap();
    let prosody = bridged(&modules, &url, &other).start().unwrap();
    fails(&check(&prosody), "FAIL bridge: ", &["with a key of other.example", "--scope bridge"]);

    // Ours, with the address of another Vestibule.
    let elsewhere = Vestibule::builder().start().unwrap();
    let key = elsewhere.create_key_with(HOST, &["Prosody", "--scope", "bridge"]).unwrap();
    let prosody = bridged(&modules, &elsewhere.url(), &key).start().unwrap();
    fails(&check(&prosody), "FAIL bridge: ", &["does not ask this service", "another Vestibule"]);
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
