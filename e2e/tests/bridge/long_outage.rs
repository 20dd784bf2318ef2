//! An outage longer than a lease: completions are sent before other requests.
//!
//! `VESTIBULE_OUTAGE_ACCOUNTS` sets the number of accounts, `VESTIBULE_OUTAGE_SECONDS` the duration; the defaults are
//! few accounts and slightly more than a lease.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::json;
use vestibule_e2e::Version;
use vestibule_e2e::xmpp::Stream;

use crate::common::eventually;
use crate::outage::relayed;
use crate::relay::Mode;
use crate::test_server::{Invite, PASSWORD, TestServer, assert_refused};
use crate::versions::on_both_versions;

const LIMIT: Duration = Duration::from_mins(1);

on_both_versions!(no_use_is_granted_twice_after_an_outage, a_registration_interrupted_by_a_crash_is_reported);

fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// Registers all guests at once and returns those who succeeded.
fn register_all(guests: Vec<Stream>) -> Vec<usize> {
    let mut asked: Vec<_> = guests.into_iter().enumerate().collect();
    let ids: Vec<_> = asked
        .iter_mut()
        .map(|(at, guest)| guest.ask_to_register(&format!("guest{at}"), PASSWORD).unwrap())
        .collect();
    let answers =
        asked.iter_mut().zip(&ids).map(|((at, guest), id)| (*at, guest.answer(id, LIMIT).unwrap().is_ok()));
    answers.filter(|(_, ok)| *ok).map(|(at, _)| at).collect()
}

/// Waits until the leases have expired.
#[allow(clippy::disallowed_methods, reason = "the test is about time")]
fn pass(outage: Duration) {
    let over = Instant::now() + outage;
    while let Some(left) = over.checked_duration_since(Instant::now()) {
        thread::sleep(left);
    }
}

fn uses(test_server: &TestServer, invite: &Invite) -> u64 {
    test_server.show(invite)["uses"].as_u64().expect("a number")
}

fn no_use_is_granted_twice_after_an_outage(version: Version) {
    let accounts = usize::try_from(setting("VESTIBULE_OUTAGE_ACCOUNTS", 12)).expect("a number of accounts");
    let outage = Duration::from_secs(setting("VESTIBULE_OUTAGE_SECONDS", 62));
    let (mut test_server, relay) = relayed(version);
    let invites: Vec<_> = (0..accounts).map(|_| test_server.mint(&json!({}))).collect();
    let guests: Vec<_> = invites.iter().map(|invite| test_server.admitted(invite)).collect();
    relay.set(Mode::LosesCompletions(test_server.vestibule.addr()));
    let made = register_all(guests);
    assert!(!made.is_empty(), "{}", test_server.prosody.log());
    test_server.vestibule.kill();
    relay.set(Mode::Says(Vec::new()));
    pass(outage);
    test_server.vestibule.restart().unwrap();
    relay.set(Mode::To(test_server.vestibule.addr()));
    // Others use the same tokens at once.
    let mut second = Vec::new();
    for (at, invite) in invites.iter().enumerate() {
        let mut guest = test_server.guest();
        if guest.preauth(&invite.token).unwrap().is_ok() {
            second.push((at, guest.register(&format!("other{at}"), PASSWORD).unwrap().is_ok()));
        }
    }
    for (at, is_in) in &second {
        assert!(!is_in || !made.contains(at), "the use of guest{at} was granted twice");
    }
    for at in &made {
        let invite = &invites[*at];
        eventually("the account is recorded", LIMIT, || uses(&test_server, invite) == 1);
        assert_eq!(test_server.redeemed_by(invite).0, format!("guest{at}@localhost"));
        assert_refused(&test_server.guest().preauth(&invite.token).unwrap(), "cancel", "forbidden");
    }
    println!("{} of {accounts} accounts were created before the outage, all recorded after it", made.len());
    let log = test_server.prosody.log();
    assert!(!log.to_lowercase().contains("traceback") && !log.contains("did not record"), "{log}");
    assert!(
        test_server
            .prosody
            .stored_for_host("vestibule_completions")
            .is_none_or(|text| !text.contains("guest"))
    );
}

fn a_registration_interrupted_by_a_crash_is_reported(version: Version) {
    let (mut test_server, relay) = relayed(version);
    let invite = test_server.mint(&json!({}));
    let mut guest = test_server.admitted(&invite);
    relay.set(Mode::LosesCompletions(test_server.vestibule.addr()));
    assert!(guest.register("juliet", PASSWORD).unwrap().is_ok());
    test_server.prosody.kill_and_restart().unwrap();
    relay.set(Mode::To(test_server.vestibule.addr()));
    eventually("the account is recorded", LIMIT, || uses(&test_server, &invite) == 1);
    assert_eq!(test_server.redeemed_by(&invite).0, "juliet@localhost");
}
