//! Settings from the file, the environment and the flags, in ascending precedence.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

mod common;

use std::fs;
use std::time::Duration;

use common::{HOST, TestServer};
use tempfile::TempDir;
use vestibule_e2e::{CliOutput, Vestibule, vestibule_command};

/// The timeout of a start that must fail.
const REFUSED: Duration = Duration::from_secs(15);

/// Writes a configuration file into a temporary directory and returns both.
fn file(text: &str) -> (TempDir, String) {
    let directory = TempDir::new().unwrap();
    let path = directory.path().join("vestibule.toml");
    fs::write(&path, text).unwrap();
    let path = path.to_str().unwrap().to_owned();
    (directory, path)
}

fn minted_by(server: Vestibule) -> String {
    TestServer::of(server).mint()
}

#[test]
fn a_flag_beats_the_environment_which_beats_the_file() {
    let (_folder, path) = file("public_url = \"https://file.example/chat\"\n");
    let link = minted_by(Vestibule::builder().arg("--config").arg(&path).start().unwrap());
    assert!(link.starts_with("https://file.example/chat/invite/"), "{link}");

    let builder = || Vestibule::builder().arg("--config").arg(&path);
    let env = || builder().env("VESTIBULE_PUBLIC_URL", "https://env.example");
    let link = minted_by(env().start().unwrap());
    assert!(link.starts_with("https://env.example/invite/"), "{link}");

    let link = minted_by(env().arg("--public-url").arg("https://flag.example/").start().unwrap());
    assert!(link.starts_with("https://flag.example/invite/"), "{link}");
}

#[test]
fn the_environment_may_name_the_file_and_the_data_directory() {
    let (directory, path) = file("public_url = \"https://file.example\"\n");
    let data = directory.path().join("elsewhere");
    let server = Vestibule::builder().data_dir(&data).env("VESTIBULE_CONFIG", &path).start().unwrap();
    let test_server = TestServer::of(server);
    assert!(test_server.mint().starts_with("https://file.example/invite/"));
    // Without `--data-dir`: only the environment names the directory.
    let mut command = vestibule_command(&["keys", "list", HOST]).unwrap();
    command.env("VESTIBULE_DATA_DIR", &data).current_dir(directory.path());
    let output = CliOutput::of(command).unwrap();
    assert!(output.success() && output.stdout.lines().count() == 1, "{output}");
}

#[test]
fn hosts_can_be_configured_in_the_file() {
    let text = "[hosts.\"chat.example\"]\nsite_name = \"Example <Chat> & Co\"\ninvite_expiry = \"2d\"\n";
    let (_folder, path) = file(text);
    let test_server = TestServer::of(Vestibule::builder().arg("--config").arg(&path).start().unwrap());
    let key = test_server.server.create_key("chat.example").unwrap();
    let answer = test_server.client.mint(&test_server.server.url(), &key).unwrap();
    let page = test_server.client.open(&test_server.server.url(), answer.location().unwrap()).unwrap();
    assert_eq!(page.status, 200);
    assert!(page.text().contains("Example &lt;Chat&gt; &amp; Co"), "{}", page.text());
}

#[test]
fn an_unknown_setting_is_rejected_with_a_suggestion() {
    for (text, unknown, nearest) in [
        ("publik_url = \"https://x.example\"\n", "publik_url", "public_url"),
        ("lisen = \"127.0.0.1:0\"\n", "lisen", "listen"),
        ("[hosts.\"localhost\"]\nsite_nam = \"x\"\n", "site_nam", "site_name"),
        ("[host.\"localhost\"]\nsite_name = \"x\"\n", "host", "hosts"),
    ] {
        let output = with_file(text);
        assert_eq!(output.code(), Some(1), "{output}");
        let line = output.stderr.lines().last().unwrap_or_default();
        assert!(line.starts_with("Error: "), "{output}");
        assert!(line.contains(unknown) && line.contains(nearest), "{unknown}, {nearest}: {output}");
    }
}

#[test]
fn a_setting_of_the_wrong_type_is_rejected() {
    for (text, message) in [
        ("public_url = 5\n", "line 1"),
        ("listen = \"nowhere\"\n", "listen"),
        ("[hosts.\"localhost\"]\ninvite_expiry = \"soon\"\n", "invite_expiry"),
        ("[hosts.\"not a host\"]\n", "not a host"),
        ("public_url = \n", "line 1"),
        ("trusted_proxies = [\"nowhere\"]\n[hosts.\"localhost\"]\n", "trusted_proxies"),
        ("public_url = \"https://a.example/invite\"\n[hosts.\"localhost\"]\n", "must not begin with /invite"),
        ("[hosts.\"localhost\"]\naccent = \"blue\"\n", "[hosts.\"localhost\"] accent: expected a colour"),
        ("[hosts.\"localhost\"]\nlogo_file = \"/nowhere.svg\"\n", "logo_file: cannot read /nowhere.svg"),
        ("[hosts.\"localhost\"]\ncss_file = \"/nowhere.css\"\n", "css_file: cannot read /nowhere.css"),
        ("[hosts.\"localhost\"]\nwebchat_url = \"chat\"\n", "webchat_url: expected a URL"),
        ("[hosts.\"localhost\"]\napps_show = [\"monall\"]\n", "names the app \"monall\""),
        ("[[hosts.\"localhost\".apps]]\nnam = \"x\"\n", "did you mean \"name\"?"),
        ("[[hosts.\"localhost\".apps]]\nname = \"x\"\ndevices = [\"tv\"]\n", "the device \"tv\""),
        ("data_dir = \"\"\n[hosts.\"localhost\"]\n", "data_dir: it is empty"),
        ("[hosts.\"localhost\"]\ninvite_expiry = \"2 weeks\"\n", "not a duration: expected a whole number"),
        ("[hosts.\"localhost\"]\nlisten = \"x\"\n", "put it above the first [section]"),
        ("[hosts.example.com]\n", "put the domain in quotes"),
        ("templates_dir = \"/nowhere\"\n[hosts.\"localhost\"]\n", "templates_dir: cannot read /nowhere"),
    ] {
        let output = with_file(text);
        assert_eq!(output.code(), Some(1), "{text}: {output}");
        assert!(output.stderr.contains(message), "no {message:?}: {output}");
        assert!(!output.stderr.contains("panicked"), "{output}");
    }
}

#[test]
fn custom_templates_and_styles_are_used_and_checked_at_start() {
    let directory = TempDir::new().unwrap();
    let path = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    fs::create_dir(path("templates")).unwrap();
    fs::write(path("own.css"), "main { outline: none }").unwrap();
    fs::write(path("logo.svg"), "<svg xmlns=\"http://www.w3.org/2000/svg\"/>").unwrap();
    let text = format!(
        "templates_dir = {:?}\n[hosts.\"localhost\"]\ncss_file = {:?}\nlogo_file = {:?}\naccent = \"#aa3311\"\n",
        path("templates"),
        path("own.css"),
        path("logo.svg"),
    );
    let template = path("templates/missing.html");
    let own = "{% extends \"page.html\" %}\n{% block main %}<h1>Oh no, {{ t(what) }}</h1>{% endblock %}\n";
    fs::write(&template, own).unwrap();
    fs::write(path("templates/notes.txt"), "no template").unwrap();
    let (_file, config) = file(&text);
    let test_server = TestServer::of(Vestibule::builder().arg("--config").arg(&config).start().unwrap());
    let missing = test_server.client.get(&format!("{}/invite/x", test_server.server.url())).unwrap();
    assert!(missing.text().contains("<h1>Oh no, "), "{}", missing.text());
    assert!(missing.text().contains("/static/logo-"), "{}", missing.text());

    for (name, source, message) in [
        ("missing.html", "\n\n{{ nonsense }}", "templates_dir: missing.html, line 3: "),
        ("missing.html", "{% block %}", "templates_dir: missing.html, line 1: "),
        ("welcom.html", "", "templates_dir: welcom.html: there is no such template"),
    ] {
        fs::write(path(&format!("templates/{name}")), source).unwrap();
        let output = with_file(&text);
        assert!(output.code() == Some(1) && output.stderr.contains(message), "{message}: {output}");
    }
}

/// Runs `serve` with this file, which must fail.
fn with_file(text: &str) -> CliOutput {
    let (directory, path) = file(text);
    let data = directory.path().join("data");
    let mut command = vestibule_command(&["serve", "--config", &path, "--data-dir"]).unwrap();
    command.arg(&data);
    if !text.starts_with("listen") {
        command.args(["--listen", "127.0.0.1:0"]);
    }
    CliOutput::within(REFUSED, command).unwrap()
}

#[test]
fn the_xmpp_route_is_checked_at_start() {
    let place = "[hosts.\"localhost\".xmpp] ";
    for (settings, message) in [
        ("c2s = \"127.0.0.1\"", "c2s: expected a name or an address, and a port"),
        ("tls = \"ssl\"", "tls: expected \"starttls\", \"direct\", or \"none\""),
        (
            "c2s = \"xmpp.example:5222\"\ntls = \"none\"",
            "tls: without encryption only an address of this machine",
        ),
        ("ca_file = \"/nowhere/ca.pem\"", "ca_file: cannot read /nowhere/ca.pem"),
        ("cert_sha256 = \"00\"", "cert_sha256: expected the SHA-256 of the certificate"),
    ] {
        let (_folder, path) = file(&format!("{place}\n{settings}\n"));
        let command = vestibule_command(&["--config", &path, "serve", "--listen", "127.0.0.1:0"]).unwrap();
        let output = CliOutput::within(REFUSED, command).unwrap();
        common::fails(&output, &[place, message]);
    }
    let (_folder, path) = file(&format!("{place}\nc2s = \"127.0.0.1:5222\"\ntls = \"none\"\n"));
    let server = Vestibule::builder().arg("--config").arg(&path).start().unwrap();
    assert!(!server.stderr().contains("does nothing"), "{}", server.stderr());
}
