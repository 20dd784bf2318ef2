//! Registrations that a disconnect or a reload of the module interrupts.

use std::fs;
use std::sync::Arc;

use serde_json::json;
use tempfile::TempDir;
use vestibule_e2e::xmpp::Stream;
use vestibule_e2e::{Prosody, Version, Vestibule};

use crate::common::{HOST, eventually};
use crate::relay::{Held, Mode, Relay};
use crate::test_server::{PASSWORD, SOON, TestServer, registration};
use crate::versions::on_both_versions;

on_both_versions!(
    a_disconnect_while_another_module_waits_creates_no_account,
    a_disconnect_while_an_invite_is_checked_again_spends_its_use,
    a_reload_while_a_use_is_claimed_keeps_the_account,
    an_interrupted_registration_is_forgotten_whoever_reads_the_store_first,
);

/// Closes a stream, and waits until Prosody has noticed.
fn hang_up(prosody: &Prosody, guest: Stream) {
    let closed = || prosody.log().matches("Client disconnected").count();
    let before = closed();
    drop(guest);
    eventually("the connection is closed", SOON, || closed() > before);
}

fn a_disconnect_while_another_module_waits_creates_no_account(version: Version) {
    let directory = TempDir::new().unwrap();
    let (file, log) = (directory.path().join("waits"), directory.path().join("log"));
    let settings =
        format!("slow_check_file = \"{}\"\nslow_check_log = \"{}\"", file.display(), log.display());
    let test_server =
        TestServer::with(version, |builder| builder.test_module("slow_check").config(&settings));
    let invite = test_server.mint(&json!({}));
    let noted = |line: &str| fs::read_to_string(&log).unwrap_or_default().matches(line).count();
    for round in 1..=3 {
        fs::write(&file, "").unwrap();
        let mut guest = test_server.admitted(&invite);
        guest.send(&registration("r", "juliet")).unwrap();
        eventually("the module waits", SOON, || noted("begins") == round);
        hang_up(&test_server.prosody, guest);
        fs::remove_file(&file).unwrap();
        eventually("the module has waited", SOON, || noted("has waited") == round);
    }
    let mut guest = test_server.admitted(&invite);
    assert!(guest.register("nurse", PASSWORD).unwrap().is_ok());
    test_server.becomes(&invite, "used");
    assert_eq!(test_server.prosody.accounts(), ["nurse"]);
}

fn a_disconnect_while_an_invite_is_checked_again_spends_its_use(version: Version) {
    let vestibule = Vestibule::builder().host(HOST).start().unwrap();
    let relay = Relay::start(Mode::To(vestibule.addr()));
    let test_server = TestServer::asking(vestibule, &relay.url(), version, |builder| builder);
    let invite = test_server.mint(&json!({}));
    let mut guest = test_server.admitted(&invite);
    test_server.reload_module();
    let held = Arc::new(Held::new("/v1/redemptions/check "));
    relay.set(Mode::Holds(test_server.vestibule.addr(), Arc::clone(&held)));
    guest.send(&registration("r", "juliet")).unwrap();
    held.wait();
    hang_up(&test_server.prosody, guest);
    held.release();
    test_server.becomes(&invite, "used");
    assert_eq!(test_server.redeemed_by(&invite).0, "juliet@localhost");
    assert_eq!(test_server.prosody.accounts(), ["juliet"]);
}

fn a_reload_while_a_use_is_claimed_keeps_the_account(version: Version) {
    let vestibule = Vestibule::builder().host(HOST).start().unwrap();
    let relay = Relay::start(Mode::To(vestibule.addr()));
    let test_server = TestServer::asking(vestibule, &relay.url(), version, |builder| builder);
    let invite = test_server.mint(&json!({}));
    let mut guest = test_server.admitted(&invite);
    let held = Arc::new(Held::new("/v1/redemptions "));
    relay.set(Mode::Holds(test_server.vestibule.addr(), Arc::clone(&held)));
    guest.send(&registration("r", "juliet")).unwrap();
    held.wait();
    test_server.reload_module();
    held.release();
    assert!(guest.answer("r", SOON).unwrap().is_ok());
    test_server.becomes(&invite, "used");
    assert!(test_server.can_log_in("juliet", PASSWORD), "{}", test_server.prosody.log());
    assert_eq!(test_server.redeemed_by(&invite).0, "juliet@localhost");
}

fn an_interrupted_registration_is_forgotten_whoever_reads_the_store_first(version: Version) {
    let mut test_server = TestServer::new(version);
    let (invite, next) = (test_server.mint(&json!({})), test_server.mint(&json!({})));
    let body = json!({ "token": invite.token, "username": "anna" });
    let (status, claimed) = test_server.api("POST", "/v1/redemptions", Some(&body));
    assert_eq!(status, 201, "{claimed}");
    let id = claimed["claim"].as_str().unwrap();
    // Written before the account is created, and Prosody ends.
    let item = format!(
        "return {{\n[\"{id}\"] = {{ [\"username\"] = \"anna\"; [\"jid\"] = \"anna@{HOST}\"; [\"uncertain\"] = true; \
         [\"via\"] = \"ibr\"; }};\n}};\n"
    );
    let directory = test_server.prosody.data_dir().join(HOST);
    fs::create_dir_all(&directory).unwrap();
    fs::write(directory.join("vestibule_completions.dat"), item).unwrap();
    test_server.prosody.kill_and_restart().unwrap();
    // Reads the store, unless the timer did so.
    let mut guest = test_server.admitted(&next);
    assert!(guest.register("nurse", PASSWORD).unwrap().is_ok());
    let stored = || test_server.prosody.stored_for_host("vestibule_completions").unwrap_or_default();
    eventually("it is forgotten", SOON, || !stored().contains(id));
    let body = json!({ "token": invite.token, "username": "benvolio" });
    let claim = || test_server.api("POST", "/v1/redemptions", Some(&body)).0;
    eventually("the use is free", SOON, || claim() == 201);
    assert_eq!(test_server.prosody.accounts(), ["nurse"]);
}
