//! Uses the description of the API in other programs: two linters find nothing, and the clients of two generators
//! compile and work with a real service.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

mod common;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use common::{HOST, TestServer};
use tempfile::TempDir;
use vestibule_e2e::CliOutput;

/// The directory of the settings and programs of these tests.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi");

/// The directory into which `scripts/needs.sh` installs npm packages.
const NODE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/openapi");

/// The directory into which it installs programs from `PyPI`.
const PYTHON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/openapi-client/bin");

/// Returns a command of a program that `scripts/needs.sh` installs.
fn tool(directory: &str, name: &str) -> Command {
    let path = Path::new(directory).join(name);
    assert!(path.exists(), "{} is missing; run scripts/needs.sh", path.display());
    let mut command = Command::new(path);
    command.env("REDOCLY_TELEMETRY", "off").env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true").env("CI", "1");
    command
}

fn node(name: &str) -> Command {
    tool(&format!("{NODE}/node_modules/.bin"), name)
}

/// The timeout of a compiler.
const TIMEOUT: Duration = Duration::from_mins(5);

/// Runs a command that must end with 0.
fn done(command: Command) -> CliOutput {
    let output = CliOutput::within(TIMEOUT, command).unwrap();
    assert!(output.success(), "{output}");
    output
}

/// A service, a key with all scopes, and the service's description of the API.
struct Api {
    test_server: TestServer,
    key: String,
    /// A directory below the npm packages, so that programs find them.
    directory: TempDir,
}

impl Api {
    fn new() -> Self {
        let test_server = TestServer::new();
        let key = test_server.done(&["keys", "create", HOST, "Client", "--scope", "bridge"]);
        let directory = tempfile::tempdir_in(NODE).expect("run scripts/needs.sh");
        let description =
            test_server.client.get(&format!("{}/openapi.json", test_server.server.url())).unwrap();
        fs::write(directory.path().join("openapi.json"), description.body).unwrap();
        Self { test_server, key, directory }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Sets the environment variables with the address and the key.
    fn with_access(&self, mut command: Command) -> Command {
        command.env("VESTIBULE_URL", self.test_server.server.url()).env("VESTIBULE_KEY", &self.key);
        command.current_dir(self.directory.path());
        command
    }

    fn copy(&self, names: &[&str]) {
        for name in names {
            fs::copy(Path::new(FOLDER).join(name), self.path(name)).unwrap();
        }
    }
}

/// Returns the description in the repository and that of the service.
fn description_files(api: &Api) -> [PathBuf; 2] {
    [Path::new(FOLDER).join("../../docs/openapi.json"), api.path("openapi.json")]
}

#[test]
fn redocly_finds_no_errors() {
    let api = Api::new();
    for description in description_files(&api) {
        let mut lint = node("redocly");
        lint.args(["lint", "--format", "json", "--config", &format!("{FOLDER}/redocly.yaml")])
            .arg(&description);
        let output = done(lint);
        let report: serde_json::Value = serde_json::from_str(&output.stdout).expect("a report");
        let totals = &report["totals"];
        assert_eq!((&totals["errors"], &totals["warnings"]), (&0.into(), &0.into()), "{output}");
    }
}

#[test]
fn spectral_finds_no_errors() {
    let api = Api::new();
    for description in description_files(&api) {
        let mut lint = node("spectral");
        lint.args(["lint", "--fail-severity", "hint", "--ruleset", &format!("{FOLDER}/spectral.yaml")])
            .arg(&description);
        let output = done(lint);
        assert!(output.stdout.contains("No results"), "{output}");
    }
}

#[test]
fn a_typescript_client_compiles_and_works() {
    let api = Api::new();
    api.copy(&["client.ts", "tsconfig.json", "package.json"]);
    let mut generate = node("openapi-typescript");
    generate.arg(api.path("openapi.json")).arg("--output").arg(api.path("schema.d.ts"));
    done(generate);
    let mut compile = node("tsc");
    compile.arg("--project").arg(api.path("tsconfig.json"));
    done(compile);
    let mut run = Command::new("node");
    run.arg(api.path("client.js"));
    let output = done(api.with_access(run));
    let expected = "account,account,account for Ann false 201 urn:vestibule:problem:not-found";
    assert_eq!(output.text(), expected, "{output}");
}

#[test]
fn a_python_client_works() {
    let api = Api::new();
    api.copy(&["client.py"]);
    let mut generate = tool(PYTHON, "openapi-python-client");
    fs::write(api.path("config.yaml"), "package_name_override: vestibule_client\npost_hooks: []\n").unwrap();
    generate.args(["generate", "--meta", "none", "--fail-on-warning"]);
    generate.arg("--path").arg(api.path("openapi.json")).arg("--config").arg(api.path("config.yaml"));
    generate.arg("--output-path").arg(api.path("vestibule_client"));
    done(generate);
    let mut run = tool(PYTHON, "python");
    run.env("PYTHONDONTWRITEBYTECODE", "1").arg(api.path("client.py"));
    assert_eq!(done(api.with_access(run)).text(), "ok");
}
