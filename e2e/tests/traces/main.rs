//! Traces go to a collector, follow a request to the store and to the XMPP server, hold no secret, and disturb nobody.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

mod collector;
#[path = "../common/mod.rs"]
mod common;

use std::fs;
use std::time::Duration;

use collector::{Collector, attribute};
use common::{HOST, TestServer, misused};
use tempfile::TempDir;
use vestibule_e2e::http::token_of;
use vestibule_e2e::{
    Certificate, CliOutput, Prosody, Vestibule, VestibuleBuilder, free_port, vestibule_command,
};

const TRACE_ID: u128 = 0x4bf9_2f35_77b3_4da6_a3ce_929d_0e0e_4736;
const PARENT_ID: u64 = 0x00f0_67aa_0ba9_02b7;

/// A service that sends traces and logs everything.
fn traced(collector: &Collector) -> VestibuleBuilder {
    let builder = Vestibule::builder().arg("--otlp-endpoint").arg(format!("http://{}", collector.address));
    builder.env("VESTIBULE_LOG", "trace")
}

/// Sends a request with trace headers; the caller decides whether it is recorded.
fn request_in_a_trace(test_server: &TestServer, path: &str, is_sampled: bool) {
    let traceparent = format!("00-{TRACE_ID:032x}-{PARENT_ID:016x}-0{}", u8::from(is_sampled));
    let headers = [("traceparent", traceparent.as_str()), ("tracestate", "vendor=state")];
    let url = format!("{}{path}", test_server.server.url());
    assert_eq!(test_server.client.send("GET", &url, &headers, None).unwrap().status, 200);
}

#[test]
fn a_request_has_a_child_for_each_verb_of_the_store() {
    let collector = Collector::start();
    let mut test_server = TestServer::of(traced(&collector).start().unwrap());
    let link = test_server.mint();
    assert_eq!(test_server.status_of(&link), 200);
    // Whatever is left is sent when the service ends.
    assert!(test_server.server.terminate().unwrap().success());
    let export = collector.export();
    let create = export.span("GET /invites_api");
    assert_eq!(create.parent_span_id, Vec::<u8>::new());
    assert_eq!(attribute(create, "http.request.method").as_deref(), Some("GET"));
    assert_eq!(attribute(create, "http.route").as_deref(), Some("/invites_api"));
    assert_eq!(attribute(create, "http.response.status_code").as_deref(), Some("201"));
    assert_eq!(export.children(create), ["insert_invites"]);
    let insert = export.span("insert_invites");
    assert_eq!(attribute(insert, "db.system.name").as_deref(), Some("sqlite"));
    assert_eq!(attribute(insert, "db.operation.name").as_deref(), Some("insert_invites"));
    assert_eq!(export.children(export.span("GET /invite/{token}")), ["invite_by_token"]);
    export.holds_none_of(&[token_of(&link), &token_of(&link)[..10]]);
}

#[test]
fn a_registration_is_traced_to_the_xmpp_server() {
    const USERNAME: &str = "mercutio";
    const PASSWORD: &str = "lamp-orchid-47-teapot";
    let (collector, folder) = (Collector::start(), TempDir::new().unwrap());
    let (port, certificate) = (free_port().unwrap(), Certificate::new(HOST, false).unwrap());
    let file = folder.path().join("vestibule.toml");
    let route = format!(
        "[hosts.\"{HOST}\".xmpp]\nc2s = \"127.0.0.1:{port}\"\ncert_sha256 = \"{}\"\n",
        certificate.fingerprint()
    );
    fs::write(&file, route).unwrap();
    let mut test_server = TestServer::of(traced(&collector).arg("--config").arg(&file).start().unwrap());
    let bridge_key = test_server.server.create_key_with(HOST, &["Prosody", "--scope", "bridge"]).unwrap();
    let prosody = Prosody::builder().c2s_port(port).bridge(&test_server.server.url(), &bridge_key);
    let prosody = prosody.encrypted(&certificate).start().unwrap();
    let link = test_server.mint();
    let form = format!("username={USERNAME}&password={PASSWORD}");
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let answer =
        test_server.client.send("POST", &format!("{link}/register"), &headers, Some(form.as_bytes()));
    assert_eq!(answer.unwrap().status, 303, "{}", prosody.log());
    assert!(test_server.server.terminate().unwrap().success());
    let export = collector.export();
    let request = export.span("POST /invite/{token}/register");
    assert!(export.children(request).contains(&"XMPP registration"), "{:?}", export.children(request));
    let registration = export.span("XMPP registration");
    assert_eq!(attribute(registration, "server.address").as_deref(), Some(HOST));
    let steps = ["XMPP connect", "XMPP TLS", "XMPP preauth", "XMPP register"];
    assert_eq!(export.children(registration), steps);
    assert_eq!(attribute(export.span("XMPP connect"), "network.peer.port"), Some(port.to_string()));
    for key in [&test_server.key, &bridge_key] {
        let (id, secret) = key.split_once('/').unwrap();
        export.holds_none_of(&[id, secret]);
    }
    export.holds_none_of(&[token_of(&link), &token_of(&link)[..10], USERNAME, PASSWORD]);
}

#[test]
fn an_unreachable_xmpp_server_is_an_error_in_the_trace() {
    let (collector, folder) = (Collector::start(), TempDir::new().unwrap());
    let file = folder.path().join("vestibule.toml");
    // Nothing listens on port 1.
    fs::write(&file, format!("[hosts.\"{HOST}\".xmpp]\nc2s = \"127.0.0.1:1\"\ntls = \"none\"\n")).unwrap();
    let mut test_server = TestServer::of(traced(&collector).arg("--config").arg(&file).start().unwrap());
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let form = Some(&b"username=mercutio&password=lamp-orchid-47-teapot"[..]);
    let url = format!("{}/register", test_server.mint());
    assert_eq!(test_server.client.send("POST", &url, &headers, form).unwrap().status, 503);
    assert!(test_server.server.terminate().unwrap().success());
    let export = collector.export();
    let expected = [
        ("POST /invite/{token}/register", "503"),
        ("XMPP registration", "unavailable"),
        ("XMPP connect", "no-connection"),
    ];
    for (name, error_type) in expected {
        let span = export.span(name);
        assert_eq!(attribute(span, "error.type").as_deref(), Some(error_type), "{span:?}");
        assert_eq!(span.status.as_ref().map(|status| status.code), Some(2), "{span:?}");
    }
    export.holds_none_of(&["mercutio", "lamp-orchid"]);
}

#[test]
fn a_trusted_peer_continues_its_trace() {
    let collector = Collector::start();
    let builder = traced(&collector).arg("--trace-context-from").arg("127.0.0.1");
    let mut test_server = TestServer::of(builder.start().unwrap());
    request_in_a_trace(&test_server, "/healthz", true);
    // The caller has decided that this one is not recorded.
    request_in_a_trace(&test_server, "/readyz", false);
    assert!(test_server.server.terminate().unwrap().success());
    let export = collector.export();
    let span = export.span("GET /healthz");
    assert_eq!(
        (&span.trace_id[..], &span.parent_span_id[..]),
        (&TRACE_ID.to_be_bytes()[..], &PARENT_ID.to_be_bytes()[..])
    );
    assert_eq!(span.trace_state, "vendor=state");
    assert!(export.spans.iter().all(|span| span.name != "GET /readyz"));
}

#[test]
fn nobody_else_chooses_what_is_traced() {
    let collector = Collector::start();
    // This machine is a trusted proxy, which passes on the headers of its clients.
    let mut test_server = TestServer::of(traced(&collector).start().unwrap());
    request_in_a_trace(&test_server, "/healthz", true);
    request_in_a_trace(&test_server, "/readyz", false);
    assert!(test_server.server.terminate().unwrap().success());
    let export = collector.export();
    for name in ["GET /healthz", "GET /readyz"] {
        let span = export.span(name);
        assert_ne!(span.trace_id, TRACE_ID.to_be_bytes());
        assert_eq!((span.parent_span_id.len(), span.trace_state.as_str()), (0, ""));
    }
    export.holds_none_of(&["vendor"]);
}

#[test]
fn traces_contain_no_secrets() {
    let collector = Collector::start();
    let mut test_server = TestServer::of(traced(&collector).start().unwrap());
    let link = test_server.mint();
    assert_eq!(test_server.status_of(&link), 200);
    let by_query = format!("{}/invites_api?key={}", test_server.server.url(), test_server.key);
    assert_eq!(test_server.client.get(&by_query).unwrap().status, 201);
    assert_eq!(test_server.status_of(&format!("{link}x")), 404);
    assert!(test_server.server.terminate().unwrap().success());
    let export = collector.export();
    let names: Vec<&str> = export.spans.iter().map(|span| span.name.as_str()).collect();
    for name in ["GET /invites_api", "GET /invite/{token}"] {
        assert_eq!(names.iter().filter(|found| **found == name).count(), 2, "{names:?}");
    }
    let text = String::from_utf8_lossy(&export.bytes);
    assert!(text.contains("service.name") && text.contains("vestibule"), "{text}");
    let (id, secret) = test_server.key.split_once('/').unwrap();
    export.holds_none_of(&[id, secret, token_of(&link), &token_of(&link)[..10]]);
}

#[test]
fn a_missing_collector_does_not_affect_requests() {
    let port = free_port().unwrap();
    let builder = Vestibule::builder().env("VESTIBULE_OTLP_ENDPOINT", format!("http://127.0.0.1:{port}"));
    let mut test_server = TestServer::of(builder.env("OTEL_BSP_SCHEDULE_DELAY", "20").start().unwrap());
    common::eventually("the trouble is in the log", Duration::from_secs(20), || {
        test_server.mint();
        test_server.server.stderr().contains("the collector does not accept traces")
    });
    test_server.mint();
    assert!(test_server.server.terminate().unwrap().success());
    let log = test_server.server.stderr();
    assert_eq!(log.matches("the collector does not accept traces").count(), 1, "{log}");
}

#[test]
fn an_invalid_collector_is_rejected_at_start() {
    for url in ["nonsense", "https://collector.example", "http://user:password@127.0.0.1:4318"] {
        let args = ["serve", "--host", HOST, "--listen", "127.0.0.1:0", "--otlp-endpoint", url];
        let output = CliOutput::within(Duration::from_secs(15), vestibule_command(&args).unwrap()).unwrap();
        misused(&output);
        assert!(output.stderr.contains("--otlp-endpoint"), "{output}");
        assert!(output.stderr.contains("for example http://127.0.0.1:4318"), "{output}");
        assert!(!output.stderr.contains("password"), "{output}");
    }
}
