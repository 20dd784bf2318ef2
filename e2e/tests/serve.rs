//! Start and shutdown of the server.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

mod common;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use common::{HOST, TestServer};
use tempfile::TempDir;
use vestibule_e2e::http::Client;
use vestibule_e2e::{CliOutput, Vestibule, vestibule_command};

/// The timeout of a start that must fail.
const REFUSED: Duration = Duration::from_secs(15);

/// Runs `serve`, which must fail, and returns its output.
fn refused(directory: &Path, more: &[&str]) -> CliOutput {
    let data = directory.join("data");
    let data = data.to_str().unwrap();
    let args = [&["serve", "--listen", "127.0.0.1:0", "--data-dir", data], more].concat();
    let output = CliOutput::within(REFUSED, vestibule_command(&args).unwrap()).unwrap();
    assert_eq!(output.code(), Some(1), "{output}");
    assert_eq!(output.stdout, "", "no ready line: {output}");
    assert!(last(&output).starts_with("Error: "), "{output}");
    output
}

fn last(output: &CliOutput) -> &str {
    output.stderr.lines().last().unwrap_or_default()
}

fn assert_says(output: &CliOutput, texts: &[&str]) {
    for word in texts {
        assert!(last(output).contains(word), "no {word:?} in: {output}");
    }
}

fn only_file(directory: &Path, wanted: impl Fn(&str) -> bool) -> PathBuf {
    let names = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> =
        names.filter(|path| wanted(path.file_name().unwrap().to_str().unwrap())).collect();
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

fn is_database(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|end| end == "db")
}

/// Returns the file of the seal key, the only one that is not of the database.
fn seal_key(directory: &Path) -> PathBuf {
    only_file(directory, |name| name.contains("key"))
}

/// Returns the data directory of a server that was shut down.
fn left_behind() -> TempDir {
    let directory = TempDir::new().unwrap();
    let server = Vestibule::builder().data_dir(directory.path().join("data")).start().unwrap();
    let mut test_server = TestServer::of(server);
    test_server.mint();
    assert!(test_server.server.terminate().unwrap().success());
    let left = fs::read_dir(directory.path().join("data")).unwrap().count();
    assert_eq!(left, 2, "after a shutdown there are the database in one file, and the key");
    directory
}

/// An empty database in place of a lost one looks like a service that works.
#[test]
fn a_lost_database_beside_its_seal_key_is_logged() {
    let mut server = Vestibule::builder().host(HOST).start().unwrap();
    let warnings = |server: &Vestibule| server.stderr().matches("is new, but the seal key").count();
    assert_eq!(warnings(&server), 0, "{}", server.stderr());
    server.terminate().unwrap();
    for entry in fs::read_dir(server.data_dir()).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap().to_str().unwrap().starts_with("vestibule.db") {
            fs::remove_file(path).unwrap();
        }
    }
    server.restart().unwrap();
    let log = server.stderr();
    let line = log.lines().find(|line| line.contains("is new, but the seal key")).expect("a warning");
    assert!(
        line.contains("WARN") && line.contains("seal.key") && line.contains("vestibule restore"),
        "{line}"
    );
    server.terminate().unwrap();
    server.restart().unwrap();
    assert_eq!(warnings(&server), 0, "it is logged once: {}", server.stderr());
}

#[test]
fn probes_answer() {
    let test_server = TestServer::new();
    for path in ["/healthz", "/readyz"] {
        let answer = test_server.client.get(&format!("{}{path}", test_server.server.url())).unwrap();
        assert_eq!(answer.status, 200, "{path}");
    }
}

#[test]
fn sigterm_finishes_requests_in_flight_and_exits_with_0() {
    let mut test_server = TestServer::new();
    let (send, acknowledged) = channel();
    let writers: Vec<_> = (0..4)
        .map(|_| {
            let (url, key, send) = (test_server.server.url(), test_server.key.clone(), send.clone());
            std::thread::spawn(move || {
                let client = Client::new();
                while let Ok(answer) = client.mint(&url, &key) {
                    assert_eq!(answer.status, 201, "{answer:?}");
                    send.send(answer.location().unwrap().to_owned()).unwrap();
                }
            })
        })
        .collect();
    drop(send);
    let mut links: Vec<String> = acknowledged.iter().take(50).collect();
    let begun = Instant::now();
    assert_eq!(test_server.server.terminate().unwrap().code(), Some(0), "{}", test_server.server.stderr());
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    for writer in writers {
        writer.join().unwrap();
    }
    links.extend(acknowledged.try_iter());
    test_server.server.restart().unwrap();
    test_server.all_open(&links, "after SIGTERM");
    assert_eq!(test_server.invites().len(), links.len(), "every created invite was acknowledged");
}

#[test]
fn an_idle_connection_does_not_delay_shutdown() {
    let mut test_server = TestServer::new();
    let _idle = std::net::TcpStream::connect(test_server.server.addr()).unwrap();
    test_server.mint();
    let begun = Instant::now();
    assert_eq!(test_server.server.terminate().unwrap().code(), Some(0));
    assert!(begun.elapsed() < Duration::from_secs(11), "{:?}", begun.elapsed());
}

#[test]
fn a_port_in_use_is_reported() {
    let test_server = TestServer::new();
    let addr = test_server.server.addr().to_string();
    let directory = TempDir::new().unwrap();
    let data = directory.path().join("data");
    let args = ["--data-dir", data.to_str().unwrap(), "serve", "--host", HOST, "--listen", addr.as_str()];
    let output = CliOutput::of(vestibule_command(&args).unwrap()).unwrap();
    assert_eq!((output.code(), output.stdout.as_str()), (Some(1), ""), "{output}");
    assert_says(&output, &["Error: ", &addr, "in use"]);
}

#[test]
fn two_servers_may_share_one_database() {
    let test_server = TestServer::new();
    let other = Vestibule::builder().data_dir(test_server.server.data_dir()).start().unwrap();
    let answer = test_server.client.mint(&other.url(), &test_server.key).unwrap();
    assert_eq!(answer.status, 201);
    assert_eq!(test_server.status_of(answer.location().unwrap()), 200, "minted there, opened here");
    let link = test_server.mint();
    assert_eq!(
        test_server.client.open(&other.url(), &link).unwrap().status,
        200,
        "minted here, opened there"
    );
}

#[test]
fn the_seal_key_is_private_and_required() {
    let directory = left_behind();
    let key = seal_key(&directory.path().join("data"));
    assert_eq!(fs::metadata(&key).unwrap().permissions().mode() & 0o777, 0o600);
    let bytes = fs::read(&key).unwrap();
    fs::remove_file(&key).unwrap();
    let name = key.file_name().unwrap().to_str().unwrap();
    assert_says(&refused(directory.path(), &["--host", HOST]), &[name]);
    assert!(!key.exists(), "no new key is created for an existing database");

    let other = left_behind();
    fs::copy(seal_key(&other.path().join("data")), &key).unwrap();
    assert_says(&refused(directory.path(), &["--host", HOST]), &["key", "database"]);
    fs::write(&key, b"short").unwrap();
    assert_says(&refused(directory.path(), &["--host", HOST]), &[name]);

    fs::write(&key, bytes).unwrap();
    Vestibule::builder().data_dir(directory.path().join("data")).start().unwrap();
}

#[test]
fn a_newer_database_is_not_modified() {
    let directory = left_behind();
    let database = only_file(&directory.path().join("data"), is_database);
    let mut bytes = fs::read(&database).unwrap();
    // The schema's version, `PRAGMA user_version`: four bytes in the header of every SQLite file.
    bytes[60..64].copy_from_slice(&99_999_u32.to_be_bytes());
    fs::write(&database, &bytes).unwrap();
    assert_says(&refused(directory.path(), &["--host", HOST]), &["newer"]);
    assert!(fs::read(&database).unwrap() == bytes, "the file is unchanged");
}

#[test]
fn a_foreign_file_is_not_modified() {
    let directory = left_behind();
    let database = only_file(&directory.path().join("data"), is_database);
    fs::write(&database, b"Dear diary, ".repeat(1000)).unwrap();
    assert_says(&refused(directory.path(), &["--host", HOST]), &["database"]);
    assert!(fs::read(&database).unwrap().starts_with(b"Dear diary"));
}

#[test]
fn invalid_options_are_rejected_at_start() {
    let directory = TempDir::new().unwrap();
    let missing = directory.path().join("none.toml");
    for more in [
        &["--host", "not a host"][..],
        &["--host", HOST, "--config", missing.to_str().unwrap()],
        &["--host", HOST, "--database", "mysql://localhost/x"],
        &["--host", HOST, "--public-url", "ftp://localhost"],
        &["--host", HOST, "--public-url", "localhost"],
        &["--host", HOST, "--listen", "256.0.0.1:80"],
        &["--host", HOST, "--listen", "nonsense"],
    ] {
        let data = directory.path().join("data");
        let args = [&["--data-dir", data.to_str().unwrap(), "serve"], more].concat();
        let output = CliOutput::of(vestibule_command(&args).unwrap()).unwrap();
        assert!(matches!(output.code(), Some(1 | 2)), "{more:?}: {output}");
        assert_eq!(output.stdout, "", "{more:?}: {output}");
        assert!(!output.stderr.is_empty() && !output.stderr.contains("panicked"), "{more:?}: {output}");
    }
}

/// Creates an invite with the command line while the service runs, and returns its link.
fn minted(server: &Vestibule) -> String {
    let minted = server.cli(&["invites", "create", "example.com"]).unwrap();
    assert!(minted.success(), "{minted}");
    minted.text().to_owned()
}

fn started(directory: &TempDir, more: &[&str]) -> Vestibule {
    let mut server = Vestibule::builder().data_dir(directory.path().join("data")).host("example.com");
    for arg in more {
        server = server.arg(*arg);
    }
    server.start().unwrap()
}

#[test]
fn a_public_url_is_stored_until_it_is_replaced() {
    let directory = TempDir::new().unwrap();
    let mut server = started(&directory, &["--public-url", "https://chat.example.com/"]);
    let begin = "https://chat.example.com/invite/";
    assert!(minted(&server).starts_with(begin));
    assert!(server.stderr().contains(begin), "{}", server.stderr());
    assert!(server.terminate().unwrap().success());

    let mut server = started(&directory, &[]);
    assert!(minted(&server).starts_with(begin));
    let key = server.create_key("example.com").unwrap();
    let answer = Client::new().mint(&server.url(), &key).unwrap();
    assert!(answer.location().unwrap().starts_with(begin), "{answer:?}");
    let log = server.stderr();
    assert!(log.contains(begin) && !log.contains("WARN"), "{log}");
    assert!(server.terminate().unwrap().success());

    let server = started(&directory, &["--public-url", "https://other.example"]);
    assert!(minted(&server).starts_with("https://other.example/invite/"));
}

#[test]
fn loopback_links_are_warned_about() {
    let directory = TempDir::new().unwrap();
    let mut server = started(&directory, &[]);
    let begin = format!("{}/invite/", server.url());
    assert!(minted(&server).starts_with(&begin));
    let log = server.stderr();
    assert!(log.contains("WARN") && log.contains(&begin) && log.contains("--public-url"), "{log}");
    assert!(server.terminate().unwrap().success());
    // On another port, without a stored public URL.
    let server = started(&directory, &[]);
    assert!(minted(&server).starts_with(&format!("{}/invite/", server.url())));
}
