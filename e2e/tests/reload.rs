//! Notices to the service manager, and reloads of the configuration.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

mod common;

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::net::UnixDatagram;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use common::eventually;
use tempfile::TempDir;
use vestibule_e2e::http::Client;
use vestibule_e2e::{CliOutput, Vestibule, vestibule_command};

const HOST: &str = "example.com";
/// The timeout of what the service logs.
const LIMIT: Duration = Duration::from_secs(30);

/// A service that notifies this test, as it does systemd.
struct Service {
    directory: TempDir,
    notices: UnixDatagram,
    server: Vestibule,
    client: Client,
}

impl Service {
    fn start(config: &str) -> Self {
        let directory = TempDir::new().unwrap();
        let socket = directory.path().join("notify");
        let notices = UnixDatagram::bind(&socket).unwrap();
        notices.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let path = directory.path().join("vestibule.toml");
        fs::write(&path, config).unwrap();
        let server = Vestibule::builder()
            .data_dir(directory.path().join("data"))
            .host(HOST)
            .env("VESTIBULE_CONFIG", path)
            .env("NOTIFY_SOCKET", socket)
            .start()
            .unwrap();
        let service = Self { directory, notices, server, client: Client::new() };
        assert!(service.notice().starts_with("READY=1\nSTATUS=listening on http://127.0.0.1:"));
        service
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// The next notice.
    fn notice(&self) -> String {
        let mut notice = [0; 4096];
        let length = self.notices.recv(&mut notice).expect("a notice");
        String::from_utf8_lossy(&notice[..length]).into_owned()
    }

    /// Reloads with this configuration, and returns the status at its end.
    fn reload(&mut self, config: &str) -> String {
        fs::write(self.path("vestibule.toml"), config).unwrap();
        self.server.reload();
        assert!(self.notice().starts_with("RELOADING=1\n"));
        self.notice().strip_prefix("READY=1\nSTATUS=").expect("ready again").to_owned()
    }

    fn page(&self, link: &str) -> String {
        let answer = self.client.open(&self.server.url(), link).unwrap();
        assert_eq!(answer.status, 200, "{link}: {answer:?}");
        answer.text()
    }

    fn mint(&self, host: &str) -> String {
        let minted = self.server.cli(&["invites", "create", host]).unwrap();
        assert!(minted.success(), "{minted}");
        minted.text().to_owned()
    }
}

#[test]
fn hosts_pages_links_and_policies_are_reloaded() {
    let mut service = Service::start("[hosts.\"example.com\"]\nsite_name = \"Before\"\n");
    let key = service.server.create_key(HOST).unwrap();
    let link = service.mint(HOST);
    assert!(service.page(&link).contains("Before"));
    fs::create_dir(service.path("templates")).unwrap();
    fs::write(service.path("templates/missing.html"), "This is the reloaded template.").unwrap();
    let config = format!(
        "public_url = \"https://new.example/join\"\ntemplates_dir = \"{}\"\n[hosts.\"example.com\"]\n\
         site_name = \"After\"\ninvite_expiry = \"1h\"\n[hosts.\"second.example\"]\n",
        service.path("templates").display()
    );
    assert_eq!(service.reload(&config), "the configuration was reloaded");
    // The client's connection is older than the reload.
    assert!(service.page(&link).contains("After"));
    let missing = service.client.get(&format!("{}/nowhere", service.server.url())).unwrap();
    assert!(missing.text().contains("This is the reloaded template."), "{}", missing.text());
    let created = service.client.mint(&service.server.url(), &key).unwrap();
    let created = created.location().unwrap();
    assert!(created.starts_with("https://new.example/join/invite/"), "{created}");
    let token = created.rsplit('/').next().unwrap();
    let shown = service.server.cli(&["invites", "show", HOST, token, "--json"]).unwrap().json().unwrap();
    let time = |name: &str| shown[name].as_str().unwrap()[11..19].to_owned();
    let minutes = |time: String| {
        let (hours, rest) = time.split_once(':').unwrap();
        hours.parse::<u32>().unwrap() * 60 + rest[..2].parse::<u32>().unwrap()
    };
    let lifetime = (minutes(time("expires_at")) + 1440 - minutes(time("created_at"))) % 1440;
    assert_eq!(lifetime, 60, "the default expiry is an hour: {shown}");
    service.page(&service.mint("second.example"));
}

#[test]
fn limits_of_members_are_reloaded() {
    let mut service = Service::start("");
    let key = service.server.create_key_with(HOST, &["Bridge", "--scope", "bridge"]).unwrap();
    let create = |service: &Service| {
        let url = format!("{}/v1/invites", service.server.url());
        let bearer = format!("Bearer {key}");
        let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
        let body = b"{ \"kind\": \"contact\", \"inviter\": \"ann\" }";
        service.client.send("POST", &url, &headers, Some(body)).unwrap()
    };
    for _ in 0..2 {
        assert_eq!(create(&service).status, 201);
    }
    service.reload("[hosts.\"example.com\".limits]\nlive = 3\n");
    assert_eq!(create(&service).status, 201);
    let refused = create(&service);
    assert_eq!(refused.status, 409, "{refused:?}");
    let problem: serde_json::Value = serde_json::from_slice(&refused.body).unwrap();
    let limit = &problem["limit"];
    assert_eq!((&limit["name"], &limit["maximum"], &limit["used"]), (&"live".into(), &3.into(), &3.into()));
    assert!(limit["available_at"].is_string(), "{problem}");
    service.reload("[hosts.\"example.com\".limits.members.\"ann\"]\nlive = 4\n");
    assert_eq!(create(&service).status, 201);
    assert_eq!(create(&service).status, 409);
    service.reload("");
    assert_eq!(create(&service).status, 201);
}

#[test]
fn an_invalid_configuration_changes_nothing() {
    let good = "[hosts.\"example.com\"]\nsite_name = \"Good\"\n";
    let mut service = Service::start(good);
    let link = service.mint(HOST);
    for (config, reason) in [
        ("nonsense = 1\n".to_owned(), "nonsense"),
        (format!("{good}logo_file = \"/nonexistent.png\"\n"), "/nonexistent.png"),
        (format!("{good}accent = \"blue\"\n"), "accent"),
        (format!("public_url = \"ftp://x\"\n{good}"), "public_url"),
        (format!("templates_dir = \"/nonexistent\"\n{good}"), "templates_dir"),
    ] {
        let status = service.reload(&config);
        assert!(status.starts_with("the configuration was not reloaded: "), "{status}");
        assert!(status.contains(reason), "{status}");
        eventually("the log has the reason", LIMIT, || service.server.stderr().contains(&status));
        assert!(service.page(&link).contains("Good"), "after {config}");
    }
    assert_eq!(service.reload(good), "the configuration was reloaded");
}

#[test]
fn changes_that_need_a_restart_are_named() {
    let mut service = Service::start("keep_events = \"400d\"\n");
    let status = service.reload(
        "keep_events = \"300d\"\nidle_timeout = \"20s\"\ntrusted_proxies = []\n\
         [hosts.\"example.com\"]\nsite_name = \"New\"\n",
    );
    assert_eq!(status, "restart to apply changes of keep_events, idle_timeout, trusted_proxies");
    let line = "changes of keep_events, idle_timeout, trusted_proxies need a restart";
    eventually("the log names them", LIMIT, || service.server.stderr().contains(line));
    assert!(service.page(&service.mint(HOST)).contains("New"), "the rest is applied");
}

#[test]
fn the_end_is_announced_after_a_reload_too() {
    let mut service = Service::start("");
    assert_eq!(service.reload(""), "the configuration was reloaded");
    assert!(service.server.terminate().unwrap().success());
    assert!(service.notice().starts_with("STOPPING=1\n"));
}

#[test]
fn a_service_without_a_host_ends_with_78_under_a_service_manager() {
    let directory = TempDir::new().unwrap();
    let data = directory.path().join("data");
    let args = ["--data-dir", data.to_str().unwrap(), "serve", "--listen", "127.0.0.1:0"];
    for (manager, status) in [(None, 1), (Some("/nonexistent/notify"), 78)] {
        let mut command = vestibule_command(&args).unwrap();
        command.envs(manager.map(|socket| ("NOTIFY_SOCKET", socket)));
        let output = CliOutput::of(command).unwrap();
        assert_eq!(output.code(), Some(status), "{output}");
        assert!(output.stderr.contains("no host is configured"), "{output}");
    }
}

/// The stderr of a command whose `JOURNAL_STREAM` is `stream`, at the end or once it is ready to answer.
fn stderr_in_journal(stream: &str, args: &[&str]) -> String {
    let mut command = Command::new("sh");
    command.args(["-c", &format!("export JOURNAL_STREAM={stream}; exec \"$0\" \"$@\"")]);
    command.arg(vestibule_command(&["help"]).unwrap().get_program()).args(args);
    let mut service = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut ready = String::new();
    BufReader::new(service.stdout.take().unwrap()).read_line(&mut ready).unwrap();
    service.kill().unwrap();
    String::from_utf8(service.wait_with_output().unwrap().stderr).unwrap()
}

/// The journal reads the priority at the beginning of a line, if the stream is its own.
#[test]
fn log_lines_have_a_priority_in_the_journal() {
    let directory = TempDir::new().unwrap();
    let data = directory.path().join("data").display().to_string();
    let serve = ["--data-dir", &data, "serve", "--listen", "127.0.0.1:0", "--host", "a.example"];
    let own = "$(stat -L -c %d:%i /proc/self/fd/2)";
    let begins = |log: &str, begin: &[&str]| {
        assert!(!log.is_empty());
        log.lines().all(|line| begin.iter().any(|begin| line.starts_with(begin)))
    };
    let log = stderr_in_journal(own, &serve);
    assert!(begins(&log, &["<4>", "<6>"]), "{log}");
    let log = stderr_in_journal(own, &[&serve[..], &["--log-format", "json"]].concat());
    assert!(begins(&log, &["{"]), "{log}");
    let log = stderr_in_journal("1:1", &serve);
    assert!(!log.contains("<6>"), "{log}");
    let failed = stderr_in_journal(own, &["--data-dir", "/nonexistent", "hosts", "list"]);
    assert!(failed.starts_with("<3>Error: there is no Vestibule data"), "{failed}");
}

/// A service manager would restart the service for ever.
#[test]
fn a_fault_of_the_configuration_ends_with_78_under_a_service_manager() {
    let directory = TempDir::new().unwrap();
    let path = |name: &str| directory.path().join(name).display().to_string();
    let (data, file) = (path("data"), path("vestibule.toml"));
    let ends = |expected: &str| {
        for (manager, status) in [(None, 1), (Some("/nonexistent/notify"), 78)] {
            let args = ["--config", &file, "--data-dir", &data, "serve", "--listen", "127.0.0.1:0"];
            let mut command = vestibule_command(&args).unwrap();
            command.envs(manager.map(|socket| ("NOTIFY_SOCKET", socket)));
            let output = CliOutput::of(command).unwrap();
            assert_eq!(output.code(), Some(status), "{output}");
            assert!(output.stderr.contains(expected), "{output}");
        }
    };
    ends("cannot read the configuration file");
    for (text, expected) in [
        ("nonsense = 1\n[hosts.\"a.example\"]\n", "unknown setting"),
        ("[hosts.\"a.example\"\n", "line 1"),
        ("[hosts.\"a.example\"]\nlogo_file = \"/nonexistent/logo.svg\"\n", "/nonexistent/logo.svg"),
    ] {
        std::fs::write(&file, text).unwrap();
        ends(expected);
    }
    // A database that was sealed with a key that is missing.
    std::fs::write(&file, "[hosts.\"a.example\"]\n").unwrap();
    std::fs::remove_dir_all(&data).unwrap();
    let added = vestibule_command(&["--data-dir", &data, "hosts", "add", "a.example"]).unwrap();
    assert!(CliOutput::of(added).unwrap().success());
    std::fs::remove_file(directory.path().join("data/seal.key")).unwrap();
    ends("is missing, but the database was sealed with one");
}

#[test]
fn health_is_the_readiness_of_the_service() {
    let mut service = Service::start("");
    let listen = service.server.addr().to_string();
    let health = || {
        let mut command = vestibule_command(&["health"]).unwrap();
        command.env("VESTIBULE_LISTEN", &listen);
        CliOutput::of(command).unwrap()
    };
    let healthy = health();
    assert_eq!((healthy.code(), healthy.stdout.as_str(), healthy.stderr.as_str()), (Some(0), "", ""));
    service.server.kill();
    common::fails(&health(), &["cannot be reached", &listen]);
}

#[test]
fn the_bridge_is_installed_with_its_configuration() {
    let directory = TempDir::new().unwrap();
    let target = directory.path().join("modules");
    let target = target.to_str().unwrap();
    let install = || CliOutput::of(vestibule_command(&["prosody", "install", target]).unwrap()).unwrap();
    let output = install();
    assert!(output.success(), "{output}");
    for line in [&format!("plugin_paths = {{ \"{target}\" }}"), "vestibule_url = \"http://127.0.0.1:8280\""] {
        assert!(output.stdout.contains(line), "{output}");
    }
    fs::write(directory.path().join("modules/mod_invites.lua"), "-- Prosody's own").unwrap();
    common::fails(&install(), &["mod_invites.lua is not a module of Vestibule"]);
    let file = directory.path().join("modules/mod_invites.lua/below");
    let below =
        CliOutput::of(vestibule_command(&["prosody", "install", file.to_str().unwrap()]).unwrap()).unwrap();
    common::fails(&below, &["cannot write", "choose another directory"]);
}
