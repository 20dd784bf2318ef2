//! Error messages about a database, and `migrate-store`.

use std::fs;

use private_postgres::Server;
use tempfile::TempDir;
use vestibule_e2e::{CliOutput, Vestibule, vestibule_command};

use crate::common::{self, HOST};
use crate::test_server::node;

fn run(args: &[&str], place: &TempDir) -> CliOutput {
    let mut command = vestibule_command(args).unwrap();
    command.arg("--data-dir").arg(place.path().join("data"));
    CliOutput::of(command).unwrap()
}

#[test]
fn errors_of_urls_name_the_solution() {
    let place = TempDir::new().unwrap();
    for (url, message) in [
        ("postgres://ann:s3cret@db.example", "the database name is missing"),
        ("postgres://ann:s3cret@db.example/x?sslmode=prefer", "verify-full"),
        ("postgres://ann:s3cret@db.example/x?colour=red", "colour"),
        ("mysql://ann@db.example/x", "postgres://USER@HOST/DATABASE"),
    ] {
        let output = run(&["keys", "list", HOST, "--database", url], &place);
        common::misused(&output);
        assert!(
            output.stderr.starts_with("Error: --database: ") && output.stderr.contains(message),
            "{output}"
        );
        assert!(!output.to_string().contains("s3cret"), "{output}");
    }
    let file = place.path().join("password");
    fs::write(&file, "").unwrap();
    let args = [
        "keys",
        "list",
        HOST,
        "--database",
        "postgres:///x",
        "--database-password-file",
        file.to_str().unwrap(),
    ];
    common::fails(&run(&args, &place), &["database_password_file", "expected a single line"]);
}

#[test]
fn data_can_be_moved_from_a_file_to_a_server() {
    let place = TempDir::new().unwrap();
    let data = place.path().join("data");
    let mut old =
        Vestibule::builder().data_dir(&data).arg("--public-url").arg("https://example.com").start().unwrap();
    let key = old.create_key(HOST).unwrap();
    let made = old.cli(&["invites", "create", HOST, "--count", "2500"]).unwrap();
    let links: Vec<_> = made.text().lines().map(str::to_owned).collect();
    assert!(old.terminate().unwrap().success());
    let server = Server::start(&[]).unwrap();
    let url = server.create_database("invites").unwrap();
    let from = format!("sqlite:{}", data.join("vestibule.db").display());
    for _ in 0..2 {
        let output = run(&["migrate-store", "--from", &from, "--to", &url], &place);
        assert!(output.success(), "{output}");
        assert!(output.text().contains("invites\t2500"), "{output}");
    }
    fs::copy(data.join("seal.key"), place.path().join("seal.key")).unwrap();
    let new = node(&place, &url, 0);
    let client = vestibule_e2e::http::Client::new();
    assert_eq!(client.mint(&new.url(), &key).unwrap().status, 201);
    for link in links.iter().step_by(100) {
        assert_eq!(client.open(&new.url(), link).unwrap().status, 200);
    }
    // The target was changed since: it is not overwritten.
    let output = run(&["migrate-store", "--from", &from, "--to", &url], &place);
    common::fails(&output, &["nothing was overwritten"]);
}
