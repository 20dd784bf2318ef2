//! Completions, manual pages and help.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

use std::{collections::BTreeSet, fs, os::unix::fs::MetadataExt, process::Command};

use tempfile::TempDir;
use vestibule_e2e::{CliOutput, vestibule_command};

fn run(args: &[&str]) -> CliOutput {
    let place = TempDir::new().unwrap();
    let mut command = vestibule_command(args).unwrap();
    // Neither reads the settings.
    command.current_dir(place.path()).env("VESTIBULE_CONFIG", "/nowhere/vestibule.toml");
    let output = CliOutput::of(command).unwrap();
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0, "{args:?} created something");
    output
}

#[test]
fn bash_completes_commands_and_options() {
    let script = run(&["completions", "bash"]);
    assert!(script.success() && script.stderr.is_empty(), "{script}");
    let place = TempDir::new().unwrap();
    let file = place.path().join("vestibule.bash");
    fs::write(&file, &script.stdout).unwrap();
    for (words, wanted) in [
        (&["vestibule", "rest"][..], "restore"),
        (&["vestibule", "invites", "rev"], "revoke"),
        (&["vestibule", "keys", "create", "--sco"], "--scope"),
        (&["vestibule", "completions", "f"], "fish"),
    ] {
        let quoted = words.join(" ");
        let code = format!(
            "source {file}; COMP_WORDS=({quoted}); COMP_CWORD={last}; _vestibule vestibule {word} {before}; \
             echo \"${{COMPREPLY[@]}}\"",
            file = file.display(),
            last = words.len() - 1,
            word = words[words.len() - 1],
            before = words[words.len() - 2],
        );
        let done = Command::new("bash").args(["--norc", "-c", &code]).output().unwrap();
        let text = String::from_utf8_lossy(&done.stdout);
        assert!(text.split_whitespace().any(|word| word == wanted), "{words:?}: {text} {done:?}");
    }
    for (shell, mark) in [("zsh", "#compdef vestibule"), ("fish", "complete -c vestibule")] {
        let script = run(&["completions", shell]);
        assert!(script.success() && script.stdout.contains(mark), "{script}");
    }
    assert_eq!(run(&["completions", "tcsh"]).code(), Some(2));
}

#[test]
fn every_command_has_a_manual_page_and_help() {
    let place = TempDir::new().unwrap();
    let directory = place.path().join("share/man1");
    let output = run(&["man", directory.to_str().unwrap()]);
    assert!(output.success() && output.stderr.is_empty(), "{output}");
    let pages: BTreeSet<String> = fs::read_dir(&directory)
        .unwrap()
        .map(|page| page.unwrap().file_name().into_string().unwrap())
        .collect();
    for page in ["vestibule.1", "vestibule-serve.1", "vestibule-invites-create.1", "vestibule-backup.1"] {
        assert!(pages.contains(page), "{pages:?}");
    }
    for page in &pages {
        let path = directory.join(page);
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o644, "{page}");
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(".SH NAME") && text.contains(".SH SYNOPSIS"), "{page}: {text}");
        // The same command has help, in both forms.
        let name = page.trim_end_matches(".1").replace("migrate-store", "migrate store");
        let name = name.replace("login-link", "login link");
        let words = name.split('-').skip(1).map(|word| word.replace(' ', "-")).collect::<Vec<_>>();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let help = run(&[&["help"], &words[..]].concat());
        assert!(help.success() && help.stdout.contains("Usage:"), "{help}");
        assert!(help.stdout.contains("Global options:"), "{help}");
    }
}

#[test]
fn man_reports_a_directory_that_cannot_be_written() {
    let place = TempDir::new().unwrap();
    let file = place.path().join("file");
    fs::write(&file, "").unwrap();
    let output = run(&["man", file.join("man1").to_str().unwrap()]);
    assert_eq!(output.code(), Some(1), "{output}");
    assert!(output.stderr.starts_with("Error: cannot write "), "{output}");
}
