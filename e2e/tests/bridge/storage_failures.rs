//! Registrations while Prosody's storage fails: it then finds no account of any name.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;
use vestibule_e2e::{ProsodyBuilder, Version, Vestibule};

use crate::common::{HOST, eventually};
use crate::relay::{Mode, Relay};
use crate::test_server::{PASSWORD, TestServer};
use crate::versions::on_both_versions;

on_both_versions!(
    the_name_of_a_member_revokes_nothing,
    an_account_that_was_stored_before_the_failure_is_the_only_use,
    a_completion_is_read_once_storage_answers_after_a_restart,
);

const LIMIT: Duration = Duration::from_mins(1);

/// The storage of Prosody. It fails while its file exists.
struct Storage {
    _directory: TempDir,
    file: PathBuf,
}

impl Storage {
    fn new() -> Self {
        let directory = TempDir::new().unwrap();
        let file = directory.path().join("fails");
        Self { _directory: directory, file }
    }

    fn of(&self, builder: ProsodyBuilder) -> ProsodyBuilder {
        let settings = format!("storage = \"unreliable\"\nstorage_fails = \"{}\"", self.file.display());
        builder.test_module("witness").config(&settings)
    }

    fn fail(&self) {
        fs::write(&self.file, "").unwrap();
    }

    fn recover(&self) {
        fs::remove_file(&self.file).unwrap();
    }
}

fn the_name_of_a_member_revokes_nothing(version: Version) {
    let storage = Storage::new();
    let test_server = TestServer::with(version, |builder| storage.of(builder));
    let first = test_server.mint(&json!({}));
    assert!(test_server.admitted(&first).register("rosa", PASSWORD).unwrap().is_ok());
    test_server.becomes(&first, "used");
    let contact = test_server.mint(&json!({ "kind": "contact", "inviter": "rosa" }));
    let reset = test_server.mint(&json!({ "kind": "password-reset", "username": "rosa" }));
    let other = test_server.mint(&json!({}));
    let mut guest = test_server.admitted(&other);
    storage.fail();
    let reply = guest.register("rosa", PASSWORD).unwrap();
    assert_eq!(reply.refusal().map(|(kind, _)| kind), Some("wait"), "{reply:?}");
    storage.recover();
    for invite in [&contact, &reset, &other] {
        assert_eq!(test_server.show(invite)["state"], "pending");
    }
    assert!(!guest.register("rosa", PASSWORD).unwrap().is_ok());
    assert!(guest.register("paul", PASSWORD).unwrap().is_ok());
    test_server.becomes(&other, "used");
}

fn an_account_that_was_stored_before_the_failure_is_the_only_use(version: Version) {
    let storage = Storage::new();
    let test_server = TestServer::with(version, |builder| storage.of(builder));
    let invite = test_server.mint(&json!({}));
    let mut guest = test_server.admitted(&invite);
    let reply = guest.register("unlucky", PASSWORD).unwrap();
    storage.recover();
    // The account is deleted, or it is the use; the service learns of it once storage answers.
    let mut is_registered = reply.is_ok();
    if !is_registered {
        eventually("another account is created, or the use is spent", LIMIT, || {
            let mut second = test_server.guest();
            if second.preauth(&invite.token).unwrap().is_ok() {
                is_registered = second.register("second", PASSWORD).unwrap().is_ok();
            }
            is_registered || test_server.show(&invite)["state"] == "used"
        });
    }
    test_server.becomes(&invite, "used");
    let accounts: Vec<_> = ["unlucky", "second"]
        .into_iter()
        .filter(|name| test_server.can_log_in(name, PASSWORD))
        .map(|name| format!("{name}@localhost"))
        .collect();
    assert_eq!(accounts, [test_server.redeemed_by(&invite).0], "{}", test_server.prosody.log());
}

fn a_completion_is_read_once_storage_answers_after_a_restart(version: Version) {
    let storage = Storage::new();
    let vestibule = Vestibule::builder().host(HOST).start().unwrap();
    let relay = Relay::start(Mode::LosesCompletions(vestibule.addr()));
    let mut test_server = TestServer::asking(vestibule, &relay.url(), version, |builder| storage.of(builder));
    let (invite, other) = (test_server.mint(&json!({})), test_server.mint(&json!({})));
    assert!(test_server.admitted(&invite).register("rosa", PASSWORD).unwrap().is_ok());
    storage.fail();
    test_server.prosody.restart().unwrap();
    relay.set(Mode::To(test_server.vestibule.addr()));
    let mut guest = test_server.admitted(&other);
    let reply = guest.register("paul", PASSWORD).unwrap();
    assert_eq!(reply.refusal().map(|(kind, _)| kind), Some("wait"), "{reply:?}");
    storage.recover();
    test_server.becomes(&invite, "used");
    assert_eq!(test_server.redeemed_by(&invite).0, "rosa@localhost");
    assert!(guest.register("paul", PASSWORD).unwrap().is_ok());
}
