//! Backup and restore of a database file: the drill of an operator, and the mistakes.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

mod common;

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt},
    path::{Path, PathBuf},
    thread,
};

use common::{HOST, TestServer, fails, misused, on, redeem};
use serde_json::{Value, json};
use tempfile::TempDir;
use vestibule_e2e::http::token_of;
use vestibule_e2e::{CliOutput, Vestibule};

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// The fields of each line.
fn table(output: &CliOutput) -> Vec<Vec<String>> {
    assert!(output.success(), "{output}");
    output.stdout.lines().map(|line| line.split('\t').map(str::to_owned).collect()).collect()
}

/// Creates an invite on the command line; returns its id and link.
fn create(test_server: &TestServer, note: &str) -> (String, String) {
    let made = test_server.done(&["invites", "create", HOST, "--note", note, "--json"]);
    let made: Value = serde_json::from_str(&made).unwrap();
    let field = |name: &str| made[0][name].as_str().unwrap().to_owned();
    (field("id"), field("url"))
}

#[test]
fn a_restore_brings_back_the_state_of_the_backup() {
    let mut test_server = TestServer::new();
    let place = TempDir::new().unwrap();
    let (file, twice) = (place.path().join("a backup.db"), place.path().join("again.db"));
    let bridge = test_server.server.create_key_with(HOST, &["Bridge", "--scope", "bridge"]).unwrap();
    let leaked = test_server.server.create_key_with(HOST, &["Leaked"]).unwrap();
    let leaked_id = leaked.split('/').next().unwrap();
    let (kept, revoked, used) =
        (create(&test_server, "kept"), create(&test_server, "revoked"), create(&test_server, "used"));

    let output = test_server.server.cli(&["backup", text(&file)]).unwrap();
    assert!(output.success() && output.stdout.is_empty(), "{output}");
    assert!(output.stderr.starts_with("Wrote 3 keys and 3 invites to "), "{output}");
    assert!(output.stderr.contains("seal.key"), "{output}");
    assert_eq!(fs::metadata(&file).unwrap().mode() & 0o777, 0o600);

    test_server.done(&["keys", "delete", HOST, leaked_id]);
    test_server.done(&["invites", "revoke", HOST, &revoked.0]);
    redeem(&test_server, &bridge, token_of(&used.1), "ann");
    let new = create(&test_server, "new");
    assert_eq!(test_server.status_of(&used.1), 404);

    // Not while the service runs, and without any effect.
    let output = test_server.server.cli(&["restore", text(&file)]).unwrap();
    fails(&output, &["in use by a running service", "nothing was changed", "vestibule.db"]);
    test_server.all_open([&kept.1, &new.1], "after the refused restore");
    assert!(test_server.server.is_running());

    // A crash leaves a WAL behind, which would undo the restore.
    test_server.server.kill();
    let wal = test_server.server.data_dir().join("vestibule.db-wal");
    assert!(fs::metadata(&wal).unwrap().len() > 0);
    let output = test_server.server.cli(&["restore", text(&file)]).unwrap();
    assert_eq!(
        table(&output),
        [
            ["key", HOST, leaked_id, "deleted", "Leaked"].map(str::to_owned),
            ["invite", HOST, &revoked.0, "revoked", "revoked"].map(str::to_owned),
            ["invite", HOST, &used.0, "used", "used"].map(str::to_owned),
        ]
    );
    assert!(output.stderr.contains("Valid again: 1 key and 2 invites."), "{output}");
    assert!(output.stderr.contains("missing now: 0 keys and 1 invite."), "{output}");
    let previous = previous(test_server.server.data_dir());
    assert!(output.stderr.contains(text(&previous)), "{output}");

    test_server.server.restart().unwrap();
    test_server.all_open([&kept.1, &revoked.1, &used.1], "after the restore");
    assert_eq!(test_server.status_of(&new.1), 404);
    assert_eq!(test_server.done(&["invites", "count", HOST]), "3");
    let answer = test_server.client.mint(&test_server.server.url(), &leaked).unwrap();
    assert_eq!(answer.status, 201);

    // The previous database is intact: going back is a restore too.
    test_server.server.terminate().unwrap();
    let moved = place.path().join("previous.db");
    fs::rename(&previous, &moved).unwrap();
    let output = test_server.server.cli(&["restore", text(&moved), "--json"]).unwrap();
    assert!(output.success(), "{output}");
    let report: Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!((&report["keys_again"], &report["invites_again"][0]["id"]), (&json!([]), &json!(new.0)));
    assert_eq!((&report["keys_missing"], &report["invites_missing"]), (&json!(1), &json!(1)));
    test_server.server.restart().unwrap();
    test_server.all_open([&kept.1, &new.1], "after going back");
    for link in [&revoked.1, &used.1] {
        assert_eq!(test_server.status_of(link), 404);
    }
    test_server.done(&["backup", text(&twice), "--json"]);
}

/// The database that a restore replaced.
fn previous(directory: &Path) -> PathBuf {
    let found = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<_> = found
        .filter(|path| {
            let name = path.file_name().unwrap().to_str().unwrap();
            name.starts_with("vestibule.db.replaced-") && !name.contains("-wal") && !name.contains("-shm")
        })
        .collect();
    assert_eq!(found.len(), 1, "{found:?}");
    found.pop().unwrap()
}

#[test]
fn a_backup_is_consistent_while_invites_are_created() {
    let test_server = TestServer::new();
    let place = TempDir::new().unwrap();
    let before: Vec<String> = (0..20).map(|_| test_server.mint()).collect();
    let counts = thread::scope(|scope| {
        let writer = scope.spawn(|| (0..200).for_each(|_| drop(test_server.mint())));
        let mut counts = Vec::new();
        while !writer.is_finished() || counts.is_empty() {
            let file = place.path().join(format!("{}.db", counts.len()));
            let made = test_server.done(&["backup", text(&file), "--json"]);
            let made: Value = serde_json::from_str(&made).unwrap();
            assert_eq!(made["bytes"], json!(fs::metadata(&file).unwrap().len()));
            counts.push(made["invites"].as_u64().unwrap());
        }
        writer.join().unwrap();
        counts
    });
    assert!(counts.is_sorted() && counts[0] >= 20 && *counts.last().unwrap() <= 220, "{counts:?}");
    // A new machine: an empty data directory with the seal key.
    let directory = place.path().join("new");
    fs::create_dir(&directory).unwrap();
    fs::set_permissions(&directory, fs::Permissions::from_mode(0o700)).unwrap();
    fs::copy(test_server.server.data_dir().join("seal.key"), directory.join("seal.key")).unwrap();
    let output = on(&directory, &["restore", text(&place.path().join("0.db"))]);
    assert!(output.success() && output.stderr.contains("There was no database before"), "{output}");
    let restored = TestServer {
        server: Vestibule::builder().data_dir(&directory).start().unwrap(),
        key: test_server.key.clone(),
        client: vestibule_e2e::http::Client::new(),
    };
    restored.all_open(&before, "on the new machine");
    assert_eq!(restored.done(&["invites", "count", HOST]), counts[0].to_string());
    restored.mint();
}

#[test]
fn a_wrong_backup_changes_nothing() {
    let mut test_server = TestServer::new();
    let place = TempDir::new().unwrap();
    let path = |name: &str| place.path().join(name);
    let links: Vec<String> = (0..300).map(|_| test_server.mint()).collect();
    test_server.done(&["backup", text(&path("good.db"))]);
    test_server.server.terminate().unwrap();
    let good = fs::read(path("good.db")).unwrap();

    fs::write(path("text.db"), "this is no database\n".repeat(100)).unwrap();
    fs::write(path("empty.db"), "").unwrap();
    fs::write(path("half.db"), &good[..good.len() / 2]).unwrap();
    let mut flipped = good.clone();
    let middle = good.len() / 2;
    flipped[middle..middle + 4096].fill(0x5a);
    fs::write(path("flipped.db"), flipped).unwrap();
    let directory = test_server.server.data_dir().to_owned();
    for (file, texts) in [
        (path("missing.db"), &["cannot read the backup", "No such file"][..]),
        (path("text.db"), &["is not a backup of Vestibule"]),
        (path("empty.db"), &["is not a backup of Vestibule"]),
        (place.path().to_owned(), &["is not a backup of Vestibule"]),
        (path("half.db"), &["is damaged, use another backup"]),
        (path("flipped.db"), &["is damaged, use another backup"]),
        (directory.join("vestibule.db"), &["is the database itself"]),
    ] {
        fails(&on(&directory, &["restore", text(&file)]), texts);
    }

    // Another seal key, and none.
    let other = TestServer::new();
    let other_key = other.server.data_dir().join("seal.key");
    let output = on(&directory, &["restore", text(&path("good.db")), "--seal-key-file", text(&other_key)]);
    fails(&output, &["does not match this backup", "nothing was changed", text(&other_key)]);
    let nowhere = path("nowhere");
    fails(&on(&nowhere, &["restore", text(&path("good.db"))]), &["seal.key is missing"]);
    assert!(!nowhere.exists(), "a mistake creates no data directory");

    let names = |directory: &Path| {
        let names = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name());
        let mut names: Vec<_> = names.collect();
        names.sort();
        names
    };
    assert_eq!(names(&directory), ["seal.key", "vestibule.db"], "nothing is left behind");
    test_server.server.restart().unwrap();
    test_server.all_open(&links, "after the refused restores");
}

#[test]
fn a_damaged_database_can_be_replaced() {
    let mut test_server = TestServer::new();
    let place = TempDir::new().unwrap();
    let file = place.path().join("good.db");
    let link = test_server.mint();
    test_server.done(&["backup", text(&file)]);
    test_server.server.terminate().unwrap();
    let database = test_server.server.data_dir().join("vestibule.db");
    fs::write(&database, "destroyed").unwrap();
    let output = test_server.server.cli(&["restore", text(&file)]).unwrap();
    assert!(output.success() && output.stderr.contains("previous database cannot be read"), "{output}");
    assert_eq!(fs::read(previous(test_server.server.data_dir())).unwrap(), b"destroyed");
    test_server.server.restart().unwrap();
    test_server.all_open([&link], "after the restore");
}

#[test]
fn a_backup_does_not_replace_a_file_unasked() {
    let test_server = TestServer::new();
    let place = TempDir::new().unwrap();
    let file = place.path().join("backup.db");
    test_server.done(&["backup", text(&file)]);
    let first = fs::metadata(&file).unwrap().ino();
    test_server.fails(&["backup", text(&file)], &["exists", "--overwrite"]);
    assert_eq!(fs::metadata(&file).unwrap().ino(), first);
    test_server.mint();
    test_server.done(&["backup", "--overwrite", text(&file)]);
    assert_ne!(fs::metadata(&file).unwrap().ino(), first);
    let own = test_server.server.data_dir().join("vestibule.db");
    test_server.fails(&["backup", "--overwrite", text(&own)], &["is the database itself"]);
    let other = TestServer::new();
    let page = place.path().join("page.html");
    fs::write(&page, "not a backup").unwrap();
    let data = test_server.server.data_dir();
    for file in [
        data.join("vestibule.db-wal"),
        data.join("vestibule.db-shm"),
        data.join("seal.key"),
        other.server.data_dir().join("vestibule.db"),
        page.clone(),
    ] {
        let before = fs::read(&file).unwrap();
        test_server
            .fails(&["backup", "--overwrite", text(&file)], &["is not a backup", "choose another name"]);
        assert_eq!(fs::read(&file).unwrap(), before, "{}", file.display());
    }
    fs::remove_file(page).unwrap();
    test_server.fails(&["backup", text(&place.path().join("no/where.db"))], &["no", "No such file"]);
    misused(&test_server.server.cli(&["backup"]).unwrap());
    let directory = place.path().join("data");
    fails(&on(&directory, &["backup", text(&place.path().join("x"))]), &["there is no Vestibule data in"]);
    assert!(!directory.exists() && !place.path().join("x").exists());
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1, "no temporary file is left");
}
