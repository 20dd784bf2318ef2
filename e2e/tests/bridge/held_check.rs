//! Checks of a token beside the completion of its claim.

use std::sync::Arc;
use std::thread;

use serde_json::json;
use vestibule_e2e::{Version, Vestibule};

use crate::common::{HOST, eventually};
use crate::relay::{HeldCheck, Mode, Relay};
use crate::test_server::{PASSWORD, SOON, TestServer, assert_refused};
use crate::versions::on_both_versions;

on_both_versions!(a_check_that_a_completion_overtakes_finds_the_invite_used);

fn a_check_that_a_completion_overtakes_finds_the_invite_used(version: Version) {
    let vestibule = Vestibule::builder().host(HOST).start().unwrap();
    let held = Arc::new(HeldCheck::default());
    let relay = Relay::start(Mode::HoldsCheck(vestibule.addr(), Arc::clone(&held)));
    let test_server = TestServer::asking(vestibule, &relay.url(), version, |builder| builder);
    let invite = test_server.mint(&json!({}));
    assert!(test_server.admitted(&invite).register("juliet", PASSWORD).unwrap().is_ok());
    held.wait_for_completion();
    thread::scope(|scope| {
        let second = scope.spawn(|| test_server.guest().preauth(&invite.token).unwrap());
        test_server.becomes(&invite, "used");
        eventually("Prosody has the answer to its completion", SOON, || {
            let waiting = test_server.prosody.stored_for_host("vestibule_completions");
            !waiting.is_some_and(|text| text.contains("juliet"))
        });
        held.release();
        assert_refused(&second.join().unwrap(), "cancel", "forbidden");
    });
}
