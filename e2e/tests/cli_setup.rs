//! Setting up and looking: the configuration, declared keys and hosts, tables, and errors about the data directory.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

mod common;

use std::{fs, time::Duration};

use common::{HOST, TestServer, fails, misused, on};
use serde_json::{Value, json};
use tempfile::TempDir;
use vestibule_e2e::{CliOutput, Process, vestibule_command};

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn the_configuration_is_checked_without_a_start() {
    let place = TempDir::new().unwrap();
    let directory = place.path().join("data");
    let file = place.path().join("vestibule.toml");
    let check = |text: &str| {
        fs::write(&file, text).unwrap();
        on(&directory, &["config", "check", "--config", file.to_str().unwrap()])
    };
    let output =
        check("public_url = \"https://example.com\"\n[hosts.\"example.com\"]\nsite_name = \"Example\"\n");
    assert!(output.success() && output.stdout.is_empty() && output.stderr.is_empty(), "{output}");
    let output = check(
        "keep_invites = \"soon\"\nguess_rate = \"slow\"\npublic_url = \"https://example.com\"\n\
         [hosts.\"a.example\"]\ninvite_expiry = \"never\"\n[hosts.\"b.example\"]\nlanding_url = \"nowhere\"\n",
    );
    assert_eq!(output.code(), Some(1), "{output}");
    assert_eq!(output.stderr.lines().count(), 4, "one line per fault: {output}");
    for word in ["keep_invites", "guess_rate", "[hosts.\"a.example\"] invite_expiry", "landing_url"] {
        assert!(output.stderr.contains(word), "no {word}: {output}");
    }
    fails(&check("publik_url = \"https://example.com\"\n"), &["publik_url", "public_url"]);
    fails(&check("[hosts.\"a.example\"]\nlogo_file = \"/nowhere.png\"\n"), &["logo_file", "/nowhere.png"]);
    fails(&on(&directory, &["config", "check", "--config", "/nowhere"]), &["/nowhere"]);
    fails(&check("public_url = \"https://example.com\"\n"), &["no host is configured"]);

    // Every fault, of every kind, in its own line.
    let output = check(
        "publik_url = \"x\"\nlog = \"nonsense=\"\nlisten = \"nowhere\"\nkeep_events = 5\nidle_timeout = \"0s\"\n\
         max_connections = 0\nguess_rate = \"slow\"\nmetrics_from = [\"nowhere\"]\n\
         [hosts.\"a.example\"]\ninvite_expiry = \"never\"\nlanding_url = \"nowhere\"\nsite_nam = 1\n\
         [hosts.\"A.example\"]\napps = 5\n",
    );
    assert_eq!(output.code(), Some(1), "{output}");
    let faults = [
        "publik_url",
        "log: ",
        "listen: ",
        "keep_events: ",
        "idle_timeout",
        "max_connections",
        "guess_rate",
        "metrics_from",
        "] invite_expiry",
        "] landing_url",
        "site_nam",
        "] apps: ",
        "there is another section for a.example",
    ];
    assert_eq!(output.stderr.lines().count(), faults.len(), "{output}");
    for fault in faults {
        assert!(output.stderr.contains(fault), "no {fault}: {output}");
    }
    for directory in ["/proc/x/data", file.to_str().unwrap()] {
        let output = check(&format!("data_dir = \"{directory}\"\n[hosts.\"a.example\"]\n"));
        assert!(output.success(), "--data-dir has precedence: {output}");
        let mut command =
            vestibule_command(&["config", "check", "--config", file.to_str().unwrap()]).unwrap();
        command.env_remove("VESTIBULE_DATA_DIR");
        fails(&CliOutput::of(command).unwrap(), &["data directory"]);
    }

    fs::write(&file, "database = \"postgres://u:s3cret@127.0.0.1:1/x\"\n").unwrap();
    let output = on(&directory, &["config", "check", "--config", file.to_str().unwrap()]);
    assert!(output.success() && !output.to_string().contains("s3cret"), "{output}");
    assert!(!directory.exists(), "nothing is created");
    let shown = on(&directory, &["config", "show", "--config", file.to_str().unwrap()]);
    assert!(shown.success() && shown.stdout.contains("127.0.0.1:1"), "{shown}");
    assert!(shown.stderr.contains("Note: ") && !shown.to_string().contains("s3cret"), "{shown}");

    let shown = on(&directory, &["config", "show", "--public-url", "https://chat.example", "--json"]);
    let shown = json_of(&shown.stdout);
    assert_eq!((&shown["public_url"], &shown["hosts"]), (&json!("https://chat.example"), &json!([])));
    assert_eq!(shown["data_dir"], directory.to_str().unwrap());
    assert!(!directory.exists(), "nothing is created");
    assert!(on(&directory, &["hosts", "add", "a.example"]).success());
    let shown = on(&directory, &["config", "show"]).stdout;
    assert!(shown.contains("hosts\ta.example\n") && shown.contains("keep_invites\t90d\n"), "{shown}");
    assert!(shown.contains("log\tinfo\n"), "what the service logs: {shown}");
}

#[test]
fn the_environment_counts_and_an_empty_variable_does_not() {
    let place = TempDir::new().unwrap();
    let run = |args: &[&str], variables: &[(&str, &str)]| {
        let mut command = vestibule_command(args).unwrap();
        command.envs(variables.iter().copied()).arg("--data-dir").arg(place.path().join("data"));
        CliOutput::of(command).unwrap()
    };
    let wrong =
        [("VESTIBULE_LISTEN", "nowhere"), ("VESTIBULE_HOST", "bad host!"), ("VESTIBULE_GUESS_RATE", "slow")];
    let output = run(&["config", "check"], &wrong);
    assert_eq!((output.code(), output.stderr.lines().count()), (Some(1), 3), "{output}");
    for (variable, _) in wrong {
        assert!(output.stderr.contains(&format!("Error: {variable}: ")), "{output}");
    }
    let right = [("VESTIBULE_LISTEN", "127.0.0.1:1234"), ("VESTIBULE_HOST", "a.example b.example")];
    let shown = json_of(&run(&["config", "show", "--json"], &right).stdout);
    assert_eq!(
        (&shown["listen"], &shown["hosts"]),
        (&json!("127.0.0.1:1234"), &json!(["a.example", "b.example"]))
    );

    let empty = ["CONFIG", "DATABASE", "SEAL_KEY_FILE", "LOG", "JSON", "LISTEN", "HOST", "TRUSTED_PROXIES"];
    let variables: Vec<_> = empty.iter().map(|name| (format!("VESTIBULE_{name}"), "")).collect();
    let variables: Vec<_> = variables.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    fails(&run(&["config", "check"], &variables), &["no host is configured"]);
}

#[test]
fn a_declared_key_is_created_once() {
    let test_server = TestServer::new();
    let place = TempDir::new().unwrap();
    let path = |name: &str| place.path().join(name).to_str().unwrap().to_owned();
    let keys = || test_server.done(&["keys", "list", HOST]).lines().count();
    let (file, declared) = (path("prosody.key"), ["keys", "create", HOST, "Prosody", "--scope", "bridge"]);
    let create = [&declared[..], &["--secret-file", &file, "--if-missing"]].concat();
    for _ in 0..3 {
        assert_eq!(test_server.done(&create), "");
        assert_eq!(keys(), 2);
    }
    let key = fs::read_to_string(&file).unwrap();
    assert_eq!(test_server.client.mint(&test_server.server.url(), key.trim()).unwrap().status, 201);
    test_server.fails(&create[..create.len() - 1], &["exists", "--if-missing"]);
    let weaker = ["keys", "create", HOST, "Prosody", "--secret-file", &file, "--if-missing"];
    test_server.fails(&weaker, &["other scopes", "bridge"]);
    // Without a file, the name counts.
    assert_ne!(test_server.done(&["keys", "create", HOST, "Portal", "--if-missing"]), "");
    assert_eq!(test_server.done(&["keys", "create", HOST, "Portal", "--if-missing"]), "");
    assert_eq!(keys(), 3);
    misused(&test_server.server.cli(&["keys", "create", HOST, "--if-missing"]).unwrap());

    let (id, secret) = key.trim().split_once('/').unwrap();
    for (text, word) in [
        (format!("{id}/{}", "x".repeat(36)), "another secret"),
        (format!("{id}/short"), "expected a key"),
        ("a b/c".to_owned(), "expected a key"),
        (String::new(), "expected a key"),
    ] {
        fs::write(path("wrong"), &text).unwrap();
        let wrong = path("wrong");
        let output = test_server.server.cli(&["keys", "create", HOST, "--secret-file", &wrong]).unwrap();
        fails(&output, &[word, &wrong]);
        assert!(!output.to_string().contains(secret), "{output}");
    }
    let nowhere = path("no/where");
    test_server.fails(&["keys", "create", HOST, "--secret-file", &nowhere], &["cannot write the key to"]);
    assert_eq!(keys(), 3);
}

#[test]
fn several_hosts_come_from_the_environment() {
    let place = TempDir::new().unwrap();
    let mut command = vestibule_command(&["serve", "--listen", "127.0.0.1:0"]).unwrap();
    command.arg("--data-dir").arg(place.path().join("data"));
    command.env("VESTIBULE_HOST", "b.example a.example,c.example");
    let process = Process::spawn(command).unwrap();
    process.next_line(Duration::from_secs(30)).unwrap();
    let hosts = on(&place.path().join("data"), &["hosts", "list"]).stdout;
    assert_eq!(hosts, "a.example\nb.example\nc.example\n");
}

/// Runs a command on a terminal, made by `script` of util-linux.
fn on_terminal(test_server: &TestServer, arguments: &str, color: bool) -> String {
    let command = format!(
        "{} --data-dir {} {arguments}",
        test_server.server.binary().display(),
        test_server.server.data_dir().display()
    );
    let mut script = std::process::Command::new("script");
    script.args(["--quiet", "--return", "--command", &command, "/dev/null"]).env("TERM", "xterm");
    if color {
        script.env_remove("NO_COLOR");
    } else {
        script.env("NO_COLOR", "1");
    }
    let output = CliOutput::of(script).unwrap();
    assert!(output.success(), "{output}");
    output.stdout.replace('\r', "")
}

#[test]
fn tables_are_aligned_on_a_terminal() {
    let test_server = TestServer::new();
    let create = |args: &[&str]| {
        let made = test_server.done(&[&["invites", "create", "--json"], args].concat());
        json_of(&made)[0]["id"].as_str().unwrap().to_owned()
    };
    let first = create(&[HOST, "--note", "a note"]);
    let second = create(&["ann@localhost"]);
    test_server.done(&["invites", "revoke", &second]);
    let table = on_terminal(&test_server, "invites list", false);
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines.len(), 3, "{table}");
    let at = lines[0].find("STATE").unwrap();
    assert!(lines[1].starts_with(&second) && lines[1][at..].starts_with("revoked  account"), "{table}");
    assert!(lines[2].starts_with(&first) && lines[2][at..].starts_with("pending  account"), "{table}");
    assert!(!table.contains(['\t', '\u{1b}']), "{table}");
    let table = on_terminal(&test_server, "invites list", true);
    assert!(table.contains("\u{1b}[31mrevoked\u{1b}[0m"), "{table}");
    let keys = on_terminal(&test_server, "keys list", false);
    assert!(keys.contains("LAST USED") && keys.contains("invites:create"), "{keys}");
    // Other programs get two columns, or all if they ask for them.
    assert_eq!(test_server.done(&["keys", "list"]).split('\t').count(), 2);
    let long = test_server.server.cli(&["keys", "list", "--long"]).unwrap().stdout;
    assert_eq!(long.split('\t').count(), 6, "{long}");
}

#[test]
fn an_error_names_the_directory_and_the_reason() {
    let place = TempDir::new().unwrap();
    let mut command = vestibule_command(&["keys", "list", HOST]).unwrap();
    command.current_dir(place.path());
    let output = CliOutput::of(command).unwrap();
    let absolute = place.path().canonicalize().unwrap().join("vestibule-data");
    fails(&output, &["there is no Vestibule data in ./vestibule-data", absolute.to_str().unwrap()]);

    // Another user than the service's.
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let test_server = TestServer::new();
    let copy = place.path().join("vestibule");
    fs::copy(test_server.server.binary(), &copy).unwrap();
    for path in [place.path(), &copy, test_server.server.data_dir().parent().unwrap()] {
        fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    }
    let mut command = std::process::Command::new("setpriv");
    command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups", "--"]).arg(&copy);
    command.args(["keys", "list", HOST, "--data-dir"]).arg(test_server.server.data_dir());
    let output = CliOutput::of(command).unwrap();
    let directory = test_server.server.data_dir().to_str().unwrap();
    fails(&output, &[directory, "Permission denied", "as the user of the service"]);
}
