//! The commands on the pages about tasks run as they stand.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;
use vestibule_e2e::{CliOutput, Vestibule, free_port, vestibule_binary};

use super::read;
use crate::common::TestServer;

/// Commands of other programs, which the tests do not run.
const OTHERS: [&str; 2] = ["systemctl ", "prosodyctl "];

/// A service for `example.com`, and a directory with a program `vestibule` that uses its data.
struct Fixture {
    test_server: TestServer,
    directory: TempDir,
    key: String,
}

impl Fixture {
    fn new() -> Self {
        let test_server =
            TestServer::of(Vestibule::builder().host("localhost").host("example.com").start().unwrap());
        let directory = TempDir::new().unwrap();
        let program = directory.path().join("vestibule");
        let binary = test_server.server.binary().display();
        let data = test_server.server.data_dir().display();
        fs::write(&program, format!("#!/bin/sh\nexec '{binary}' \"$@\" --data-dir '{data}'\n")).unwrap();
        fs::set_permissions(&program, Permissions::from_mode(0o755)).unwrap();
        let key =
            test_server.server.create_key_with("example.com", &["Web site", "--scope", "bridge"]).unwrap();
        Self { test_server, directory, key }
    }

    /// Redeems an invite as `ann`, so that there is a member.
    fn ann_joins(&self) {
        let call = |path: &str, body: &Value| {
            let url = format!("{}{path}", self.test_server.server.url());
            let bearer = format!("Bearer {}", self.key);
            let headers = [("authorization", &*bearer), ("content-type", "application/json")];
            let answer = self
                .test_server
                .client
                .send("POST", &url, &headers, Some(body.to_string().as_bytes()))
                .unwrap();
            assert!((200..300).contains(&answer.status), "{path}: {answer:?}");
            serde_json::from_str::<Value>(&answer.text()).unwrap()
        };
        let invite = call("/v1/invites", &json!({}));
        let claim = call("/v1/redemptions", &json!({ "token": invite["token"], "username": "ann" }));
        let complete = format!("/v1/redemptions/{}/complete", claim["claim"].as_str().unwrap());
        call(&complete, &json!({ "jid": "ann@example.com", "via": "ibr" }));
    }

    /// Runs a block of commands. `ID` is the id of the newest pending invite, or of the key.
    fn run(&self, block: &str) {
        let ours = block.lines().filter(|line| !OTHERS.iter().any(|other| line.starts_with(other)));
        let key_id = self.key.split('/').next().unwrap();
        let text = ours
            .collect::<Vec<_>>()
            .join("\n")
            .replace("ID/SECRET", &self.key)
            .replace("https://example.com/", &format!("{}/", self.test_server.server.url()))
            .replace("keys delete example.com ID", &format!("keys delete example.com {key_id}"))
            .replace("api/token/ID", &format!("api/token/{key_id}"))
            .replace("example.com ID", "example.com \"$ID\"")
            .replace(" --follow", "");
        let newest = "ID=$(vestibule invites list example.com --state pending | head -n 1 | cut -f 1)\n";
        let search = format!("{}:{}", self.directory.path().display(), std::env::var("PATH").unwrap());
        let mut command = Command::new("sh");
        command
            .args(["-eu", "-c", &format!("{newest}{text}")])
            .env("PATH", search)
            .current_dir(self.directory.path());
        let output = CliOutput::of(command).unwrap();
        assert!(output.success(), "{text}\n{output}");
    }
}

/// Returns the blocks of commands of a page: those without a language.
fn blocks(page: &str) -> Vec<String> {
    let parts = page.split("\n```").skip(1).step_by(2);
    parts.filter_map(|part| part.strip_prefix('\n')).map(str::to_owned).collect()
}

fn run_page(path: &str, fewest: usize) {
    let fixture = Fixture::new();
    fixture.ann_joins();
    let blocks = blocks(&read(path));
    assert!(blocks.len() >= fewest, "{path}: {blocks:?}");
    for block in blocks {
        fixture.run(&block);
    }
}

#[test]
fn a_class_is_invited() {
    run_page("docs/class.md", 7);
}

#[test]
fn a_family_is_invited() {
    run_page("docs/family.md", 6);
}

#[test]
fn an_association_is_invited() {
    run_page("docs/association.md", 6);
}

/// The block of the README that can be pasted whole, without its first two lines, which build the program and put it on
/// the search path.
#[test]
fn the_block_of_the_readme_runs_as_a_whole() {
    let readme = read("README.md");
    let block = readme.split_once("\n```sh\n").unwrap().1.split_once("\n```").unwrap().0;
    let (build, rest) = block.split_once("\nPATH=").unwrap();
    assert_eq!(build, "cargo build --release");
    let (_, rest) = rest.split_once('\n').unwrap();
    let directory = TempDir::new().unwrap();
    std::os::unix::fs::symlink(vestibule_binary().unwrap(), directory.path().join("vestibule")).unwrap();
    let addr = format!("127.0.0.1:{}", free_port().unwrap());
    let text =
        format!("trap '[ -z \"${{!-}}\" ] || kill $!; wait' EXIT\n{rest}").replace("127.0.0.1:8280", &addr);
    let search = format!("{}:{}", directory.path().display(), std::env::var("PATH").unwrap());
    let mut command = Command::new("sh");
    command.args(["-eu", "-c", &text]).current_dir(directory.path());
    command.env("PATH", search).env("VESTIBULE_LISTEN", &addr).env("VESTIBULE_CONFIG", "/dev/null");
    let output = CliOutput::of(command).unwrap();
    assert!(output.success(), "{output}");
    assert!(output.stdout.contains("201 Created"), "{output}");
    assert_eq!(output.stdout.matches("https://example.com/invite/").count(), 2, "{output}");
    assert!(output.stdout.contains("for the new neighbours"), "{output}");
}
