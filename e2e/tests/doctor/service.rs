//! The service and its database.

use std::io::{Read, Write};
use std::net::TcpListener;

use vestibule_e2e::{CliOutput, Vestibule, vestibule_command};

use crate::common::{self, HOST, misused};
use crate::test_server::{TestServer, fails, says, unused_addr};

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
