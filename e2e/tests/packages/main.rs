//! The packages, made from the binary under test: the Debian package in a system that systemd boots, and the image in a
//! container.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

#[path = "../common/mod.rs"]
mod common;
mod debian;
mod image;
mod machine;
mod release;

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use vestibule_e2e::CliOutput;

/// The timeout of a script.
const SCRIPT: Duration = Duration::from_mins(5);

/// An environment variable that skips these tests where containers cannot be started.
const NO_CONTAINERS: &str = "VESTIBULE_E2E_NO_CONTAINERS";

/// Returns whether the variable is set; tests are not skipped for other reasons.
fn is_disabled() -> bool {
    let off = std::env::var_os(NO_CONTAINERS).is_some();
    if off {
        eprintln!("skipped: {NO_CONTAINERS} is set");
    }
    off
}

/// Runs a script of `packaging/`, which must succeed. Packages are not compressed, to save time.
fn script(name: &str, args: &[&Path]) -> CliOutput {
    let mut script = Command::new(machine::repository().join("packaging").join(name));
    script.args(args).env("COMPRESSION", "none");
    succeeds(script)
}

/// Runs a command that must succeed.
fn succeeds(command: Command) -> CliOutput {
    let text = format!("{command:?}");
    let output = CliOutput::within(SCRIPT, command).unwrap();
    assert!(output.success(), "{text}: {output}");
    output
}
