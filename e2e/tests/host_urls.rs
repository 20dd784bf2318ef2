//! Hosts with public URLs of their own, and hosts of one Prosody that move to Vestibule one at a time.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

mod common;
#[path = "common/versions.rs"]
mod versions;

use std::fs;
use std::path::PathBuf;

use common::HOST;
use tempfile::TempDir;
use versions::on_both_versions;
use vestibule_e2e::http::{Client, Response, token_of};
use vestibule_e2e::xmpp::Stream;
use vestibule_e2e::{CliOutput, Prosody, Version, Vestibule, vestibule_command};

/// The host with a public URL of its own.
const CLUB: &str = "club.example";
const COMMON_URL: &str = "https://localhost.example/join";
const CLUB_URL: &str = "https://chat.club.example/join";

/// A service for two hosts, and its configuration.
struct TwoHosts {
    server: Vestibule,
    client: Client,
    config: PathBuf,
    directory: TempDir,
}

impl TwoHosts {
    fn new() -> Self {
        let directory = TempDir::new().unwrap();
        let config = directory.path().join("vestibule.toml");
        fs::write(
            &config,
            format!(
                "public_url = \"{COMMON_URL}\"\n[hosts.\"{HOST}\"]\n[hosts.\"{CLUB}\"]\npublic_url = \"{CLUB_URL}/\"\n"
            ),
        )
        .unwrap();
        let server = Vestibule::builder().arg("--config").arg(&config).start().unwrap();
        Self { server, client: Client::new(), config, directory }
    }

    fn created(&self, host: &str) -> String {
        let output = self.server.cli(&["invites", "create", host]).unwrap();
        assert!(output.success(), "{output}");
        output.text().to_owned()
    }

    fn get(&self, path: &str) -> Response {
        self.client.get(&format!("{}{path}", self.server.url())).unwrap()
    }
}

#[test]
fn commands_and_apis_use_the_public_url_of_the_host() {
    let two = TwoHosts::new();
    for (host, url) in [(HOST, COMMON_URL), (CLUB, CLUB_URL)] {
        // Without --config: `serve` has stored the URLs.
        let begin = format!("{url}/invite/");
        assert!(two.created(host).starts_with(&begin), "{}", two.created(host));
        let key = two.server.create_key(host).unwrap();
        let made = two.client.mint(&two.server.url(), &key).unwrap();
        assert!(made.location().unwrap().starts_with(&begin), "{made:?}");
        let bearer = format!("Bearer {key}");
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let create = format!("{}/v1/invites", two.server.url());
        let made = two.client.send("POST", &create, &headers, Some(b"{}")).unwrap();
        let value: serde_json::Value = serde_json::from_slice(&made.body).unwrap();
        assert!(value["url"].as_str().unwrap().starts_with(&begin), "{value}");
        let sheet = two.directory.path().join(format!("{host}.html"));
        let output =
            two.server.cli(&["invites", "create", host, "--qr-sheet", sheet.to_str().unwrap()]).unwrap();
        assert!(output.success() && output.text().starts_with(&begin), "{output}");
        let text = fs::read_to_string(&sheet).unwrap();
        assert!(text.contains(begin.trim_start_matches("https://")), "{text}");
    }
    let log = two.server.stderr();
    assert!(log.contains(&format!("invite links begin with {CLUB_URL}/invite/")), "{log}");
}

#[test]
fn pages_use_the_public_url_of_the_host() {
    let two = TwoHosts::new();
    let (link, other) = (two.created(CLUB), two.created(HOST));
    let token = token_of(&link);
    let page = two.get(&format!("/join/invite/{token}")).text();
    assert!(page.contains(&link) && !page.contains("localhost.example"), "{page}");
    let page = two.get(&format!("/invite/{}", token_of(&other))).text();
    assert!(page.contains(&other) && !page.contains("chat.club.example"), "{page}");
    // A redirect stays on the domain of the request.
    let moved = two.get(&format!("/invites_page?{token}"));
    assert_eq!(moved.location(), Some(format!("/join/invite/{token}").as_str()), "{moved:?}");
}

#[test]
fn forms_are_accepted_from_the_public_url_of_the_host() {
    let two = TwoHosts::new();
    let token = token_of(&two.created(CLUB)).to_owned();
    let url = format!("{}/invite/{token}/register", two.server.url());
    let post = |origin: &str| {
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("origin", origin)];
        two.client.send("POST", &url, &headers, Some(b"username=&password=")).unwrap().status
    };
    // A form of this site is shown again, because it has no username.
    assert_eq!(post("https://chat.club.example"), 422);
    assert_eq!(post("https://localhost.example"), 403);
    assert_eq!(post("https://evil.example"), 403);
}

#[test]
fn a_public_url_with_another_path_is_refused() {
    let two = TwoHosts::new();
    for (value, reason) in [
        ("https://club.example", "its path must be that of public_url (\"/join\")"),
        ("club.example", "not a public URL"),
        ("https://club.example/static", "must not begin with /static"),
    ] {
        let text = format!("public_url = \"{COMMON_URL}\"\n[hosts.\"{CLUB}\"]\npublic_url = \"{value}\"\n");
        fs::write(&two.config, text).unwrap();
        let mut command = vestibule_command(&["serve", "--listen", "127.0.0.1:0", "--config"]).unwrap();
        command.arg(&two.config).arg("--data-dir").arg(two.directory.path().join("other"));
        common::fails(&CliOutput::of(command).unwrap(), &["[hosts.\"club.example\"] public_url: ", reason]);
    }
}

on_both_versions!(hosts_move_one_at_a_time);

fn hosts_move_one_at_a_time(version: Version) {
    let server = Vestibule::builder().host(HOST).host(CLUB).start().unwrap();
    let keys =
        [HOST, CLUB].map(|host| server.create_key_with(host, &["Prosody", "--scope", "bridge"]).unwrap());
    let mut prosody = Prosody::builder()
        .version(version)
        .bridge(&server.url(), &keys[0])
        .unbridged_host(CLUB)
        .config("Include \"vestibule_*.lua\"")
        .start()
        .unwrap();
    let c2s = prosody.c2s_addr().to_string();
    let doctor = |host: &str| {
        let output = server.cli(&["doctor", host, "--c2s", &c2s]).unwrap();
        output.stdout.lines().find(|line| line.contains(" bridge: ")).unwrap_or_default().to_owned()
    };
    assert!(doctor(HOST).starts_with("ok "), "{}", doctor(HOST));
    let finding = doctor(CLUB);
    assert!(finding.starts_with("FAIL") && finding.contains("no vestibule_key"), "{finding}");
    // An invite of Prosody's own, in the store of the host that has not moved.
    let generated = match version {
        Version::V012 => prosody.ctl(&["mod_invites", "generate", CLUB]),
        Version::V13 => prosody.ctl(&["shell", "invite", "create_account", CLUB]),
    };
    let text = generated.unwrap().text().to_owned();
    let token = text.split("preauth=").nth(1).unwrap_or_else(|| panic!("{text}"));
    let mut guest = Stream::open(prosody.c2s_addr(), CLUB).unwrap();
    assert!(guest.preauth(token).unwrap().is_ok());

    prosody
        .restart_with("vestibule_club.lua", &format!("Host \"{CLUB}\"\nvestibule_key = \"{}\"\n", keys[1]))
        .unwrap();
    for host in [HOST, CLUB] {
        assert!(doctor(host).starts_with("ok "), "{}\n{}", doctor(host), prosody.log());
        let link = server.cli(&["invites", "create", host]).unwrap().text().to_owned();
        let mut guest = Stream::open(prosody.c2s_addr(), host).unwrap();
        assert!(guest.preauth(token_of(&link)).unwrap().is_ok(), "{host}");
        assert!(guest.register("juliet", "secret").unwrap().is_ok(), "{host}");
    }
}
