//! The public URL.

use std::fs;

use vestibule_e2e::{Certificate, CliOutput, ProxyKind, ReverseProxy, Vestibule, free_port};

use crate::common::HOST;
use crate::test_server::{TestServer, fails, says, unused_addr};

/// Runs `doctor` with this public URL.
fn check(test_server: &TestServer, url: &str) -> CliOutput {
    test_server.doctor(HOST, &["--public-url", url])
}

#[test]
fn a_proxy_in_front_of_the_service_is_recognized() {
    let test_server = TestServer::new();
    for kind in [ProxyKind::Nginx, ProxyKind::Caddy, ProxyKind::Haproxy, ProxyKind::Apache] {
        let proxy = ReverseProxy::start(kind, test_server.server.addr()).unwrap();
        says(
            &check(&test_server, &proxy.url()),
            "ok   public URL: ",
            &[&proxy.url(), "leads to this service"],
        );
    }
}

#[test]
fn a_proxy_that_leads_elsewhere_fails_the_check() {
    let test_server = TestServer::new();
    let upstream = test_server.server.url();
    let nginx = |block: &str| ReverseProxy::nginx(block).unwrap();

    let other = Vestibule::builder().start().unwrap();
    let proxy = ReverseProxy::start(ProxyKind::Nginx, other.addr()).unwrap();
    let output = check(&test_server, &proxy.url());
    fails(&output, "FAIL public URL: ", &["leads to another Vestibule", &upstream]);

    let proxy = nginx(&format!("location /invite/ {{ proxy_pass {upstream}; }}\n"));
    let output = check(&test_server, &proxy.url());
    fails(&output, "FAIL public URL: ", &["does not pass /static/", &upstream]);

    let proxy = nginx(&format!("location / {{ proxy_pass http://{}; }}\n", unused_addr()));
    let output = check(&test_server, &proxy.url());
    fails(&output, "FAIL public URL: ", &["cannot reach Vestibule (status 502)", &upstream]);

    let proxy = nginx("location / { return 301 https://localhost$request_uri; }\n");
    let output = check(&test_server, &proxy.url());
    fails(
        &output,
        "FAIL public URL: ",
        &["is redirected to https://localhost (status 301)", "set public_url"],
    );

    let nothing = format!("http://{}", unused_addr());
    fails(&check(&test_server, &nothing), "FAIL public URL: ", &["nothing answers", "start the web server"]);
}

#[test]
fn the_certificate_of_the_public_url_is_verified() {
    let test_server = TestServer::new();
    let certificate = Certificate::new(HOST, false).unwrap();
    let directory = test_server.directory.path();
    fs::write(directory.join("certificate.pem"), &certificate.pem).unwrap();
    fs::write(directory.join("key.pem"), &certificate.key_pem).unwrap();
    let (port, files) = (free_port().unwrap(), directory.display());
    let block = format!(
        "listen 127.0.0.1:{port} ssl;\nssl_certificate {files}/certificate.pem;\n\
         ssl_certificate_key {files}/key.pem;\nlocation / {{ proxy_pass {}; }}\n",
        test_server.server.url()
    );
    let _proxy = ReverseProxy::nginx(&block).unwrap();
    let url = format!("https://{HOST}:{port}");
    let (service, c2s) = (test_server.server.url(), unused_addr());
    let args = ["doctor", HOST, "--url", &service, "--c2s", &c2s, "--public-url", &url];
    let with_roots = |file: &str| {
        let mut command = test_server.server.cli_command(&args);
        command.env("SSL_CERT_FILE", directory.join(file));
        CliOutput::of(command).unwrap()
    };
    says(&with_roots("certificate.pem"), "ok   public URL: ", &[&url, "leads to this service"]);
    fs::write(directory.join("other.pem"), Certificate::new(HOST, false).unwrap().pem).unwrap();
    fails(
        &with_roots("other.pem"),
        "FAIL public URL: ",
        &["no trusted certificate", "certificate for localhost"],
    );
}

#[test]
fn loopback_links_are_reported() {
    let test_server = TestServer::new();
    says(&test_server.doctor("other.example", &[]), "warn public URL: ", &["127.0.0.1", "--public-url"]);
    let output = check(&test_server, &test_server.server.url());
    says(&output, "ok   public URL: ", &[&test_server.server.url()]);
}
