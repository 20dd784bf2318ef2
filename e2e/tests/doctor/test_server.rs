//! A server and the output of `doctor`.

use std::path::{Path, PathBuf};

use tempfile::TempDir;
use vestibule_e2e::{CliOutput, Prosody, ProsodyBuilder, Vestibule, free_port};

use crate::common::HOST;

/// The bridge's modules.
pub(crate) const MODULES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../prosody");

/// A server, a key of the bridge, and a file with the key.
pub(crate) struct TestServer {
    pub(crate) server: Vestibule,
    pub(crate) key: String,
    pub(crate) directory: TempDir,
}

impl TestServer {
    pub(crate) fn new() -> Self {
        let server = Vestibule::builder().host(HOST).host("other.example").start().unwrap();
        let key = server.create_key_with(HOST, &["Prosody", "--scope", "bridge"]).unwrap();
        Self { server, key, directory: TempDir::new().unwrap() }
    }

    pub(crate) fn file(&self, key: &str) -> PathBuf {
        let path = self.directory.path().join("key");
        std::fs::write(&path, format!("{key}\n")).unwrap();
        path
    }

    /// Starts a Prosody with the bridge to this server.
    pub(crate) fn prosody(&self, modules: &[&str]) -> Prosody {
        self.prosody_with(modules, |builder| builder)
    }

    /// Like [`Self::prosody`], with more settings.
    pub(crate) fn prosody_with(
        &self,
        modules: &[&str],
        more: impl FnOnce(ProsodyBuilder) -> ProsodyBuilder,
    ) -> Prosody {
        let mut prosody = Prosody::builder()
            .plugin_path(Path::new(MODULES))
            .module("http")
            .config(&format!("vestibule_url = \"{}\"", self.server.url()))
            .config(&format!("vestibule_key = \"{}\"", self.key));
        for module in modules {
            prosody = prosody.module(module);
        }
        more(prosody).start().unwrap()
    }

    /// Writes a configuration with these settings of the XMPP route.
    pub(crate) fn configured(&self, xmpp: &str) -> PathBuf {
        let path = self.directory.path().join("vestibule.toml");
        std::fs::write(&path, format!("[hosts.\"{HOST}\".xmpp]\n{xmpp}")).unwrap();
        path
    }

    /// Runs `doctor` for `host` with the server's address, and never asks an XMPP server that this machine may run.
    pub(crate) fn doctor(&self, host: &str, more: &[&str]) -> CliOutput {
        let (url, unused) = (self.server.url(), unused_addr());
        let mut args = vec!["doctor", host, "--url", &url];
        if !more.contains(&"--c2s") && !more.contains(&"--config") {
            args.extend(["--c2s", unused.as_str()]);
        }
        let output = self.server.cli(&[&args, more].concat()).unwrap();
        for key in self.key.split('/').skip(1) {
            assert!(!output.to_string().contains(key), "no secret is printed: {output}");
        }
        output
    }

    /// Like [`Self::doctor`], with a key in a file.
    pub(crate) fn doctor_with(&self, key: &str, more: &[&str]) -> CliOutput {
        let file = self.file(key);
        let secret = key.split('/').nth(1).unwrap();
        let output = self.doctor(HOST, &[&["--key-file", file.to_str().unwrap()], more].concat());
        assert!(!output.to_string().contains(secret), "no secret is printed: {output}");
        output
    }
}

/// An address on which nothing listens.
pub(crate) fn unused_addr() -> String {
    format!("127.0.0.1:{}", free_port().unwrap())
}

/// Asserts that a line begins with `begin` and contains all of `texts`.
pub(crate) fn says(output: &CliOutput, begin: &str, texts: &[&str]) {
    let found = output
        .stdout
        .lines()
        .any(|line| line.starts_with(begin) && texts.iter().all(|word| line.contains(word)));
    assert!(found, "no line {begin:?} with {texts:?} in: {output}");
}

/// Asserts that it failed, with this line.
pub(crate) fn fails(output: &CliOutput, begin: &str, texts: &[&str]) {
    says(output, begin, texts);
    assert_eq!(output.code(), Some(1), "{output}");
    assert!(output.stderr.starts_with("Error: ") && output.stderr.contains("failed"), "{output}");
}

/// Returns a Prosody with Vestibule's modules and these settings of the bridge.
pub(crate) fn bridged(url: &str, key: &str) -> ProsodyBuilder {
    Prosody::builder()
        .plugin_path(Path::new(MODULES))
        .module("invites")
        .module("invites_register")
        .config(&format!("vestibule_url = \"{url}\""))
        .config(&format!("vestibule_key = \"{key}\""))
}
