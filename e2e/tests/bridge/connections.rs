//! Persistent connections to Vestibule: no response is lost or confused.

use serde_json::json;
use vestibule_e2e::Version;

use crate::outage::relayed;
use crate::relay::Mode;
use crate::test_server::{PASSWORD, SOON, TestServer, assert_refused};
use crate::versions::on_both_versions;

/// The requests of a registration: the check of the token, the account change, the claim and its completion.
const REQUESTS: usize = 4;

on_both_versions!(
    a_connection_serves_many_requests,
    a_restart_of_vestibule_between_requests_is_unnoticed,
    a_request_on_a_dead_connection_is_repeated,
    a_late_response_is_not_taken_for_that_of_a_later_request,
    an_unrequested_response_is_ignored,
    a_connection_is_closed_if_the_server_asks,
    concurrent_streams_get_their_own_responses,
    a_request_that_is_not_repeatable_is_sent_once,
    a_request_that_is_not_repeatable_shares_a_used_connection,
);

pub(crate) fn assert_no_outage(test_server: &TestServer) {
    let log = test_server.prosody.log();
    assert!(!log.contains("Vestibule is unreachable"), "{log}");
    assert!(!log.to_lowercase().contains("traceback"), "{log}");
}

fn assert_forbidden(test_server: &TestServer) {
    assert_refused(&test_server.guest().preauth("nonsense").unwrap(), "cancel", "forbidden");
}

fn a_connection_serves_many_requests(version: Version) {
    let (test_server, relay) = relayed(version);
    for _ in 0..5 {
        assert_forbidden(&test_server);
    }
    test_server.assert_works("juliet");
    assert_eq!(relay.count(), 1);
    assert_no_outage(&test_server);
}

fn a_restart_of_vestibule_between_requests_is_unnoticed(version: Version) {
    let (mut test_server, relay) = relayed(version);
    let invite = test_server.mint(&json!({}));
    let mut guest = test_server.admitted(&invite);
    test_server.vestibule.kill();
    test_server.vestibule.restart().unwrap();
    relay.set(Mode::To(test_server.vestibule.addr()));
    assert!(guest.register("juliet", PASSWORD).unwrap().is_ok());
    assert_eq!(test_server.redeemed_by(&invite).0, "juliet@localhost");
    assert_no_outage(&test_server);
}

fn a_request_on_a_dead_connection_is_repeated(version: Version) {
    let (test_server, relay) = relayed(version);
    relay.set(Mode::HangsUpOnSecond(test_server.vestibule.addr()));
    let invite = test_server.mint(&json!({}));
    assert!(test_server.admitted(&invite).register("juliet", PASSWORD).unwrap().is_ok());
    assert_eq!(test_server.redeemed_by(&invite).0, "juliet@localhost");
    // All but the first request meet a closed connection.
    assert_eq!(relay.count(), REQUESTS);
    assert_no_outage(&test_server);
}

fn a_late_response_is_not_taken_for_that_of_a_later_request(version: Version) {
    let (test_server, relay) = relayed(version);
    relay.set(Mode::HoldsSecond(test_server.vestibule.addr()));
    let invite = test_server.mint(&json!({}));
    test_server.admitted(&invite);
    let mut guest = test_server.guest();
    assert_refused(&guest.preauth(&invite.token).unwrap(), "wait", "service-unavailable");
    // On the same connection this request would get the response for the valid token.
    assert_forbidden(&test_server);
    assert!(guest.preauth(&invite.token).unwrap().is_ok());
    assert_eq!(relay.count(), 2);
}

fn an_unrequested_response_is_ignored(version: Version) {
    let (test_server, relay) = relayed(version);
    relay.set(Mode::Repeats(test_server.vestibule.addr()));
    let invite = test_server.mint(&json!({}));
    for _ in 0..5 {
        test_server.admitted(&invite);
        assert_forbidden(&test_server);
    }
    assert_no_outage(&test_server);
}

fn a_connection_is_closed_if_the_server_asks(version: Version) {
    let (test_server, relay) = relayed(version);
    relay.set(Mode::SaysClose(test_server.vestibule.addr()));
    let invite = test_server.mint(&json!({}));
    assert!(test_server.admitted(&invite).register("juliet", PASSWORD).unwrap().is_ok());
    assert_eq!(test_server.redeemed_by(&invite).0, "juliet@localhost");
    assert_eq!(relay.count(), REQUESTS);
    assert_no_outage(&test_server);
}

fn concurrent_streams_get_their_own_responses(version: Version) {
    let test_server = TestServer::new(version);
    let invites: Vec<_> = (0..20).map(|_| test_server.mint(&json!({}))).collect();
    let mut guests: Vec<_> = invites.iter().map(|_| test_server.guest()).collect();
    let shown: Vec<_> = guests
        .iter_mut()
        .zip(&invites)
        .enumerate()
        .map(|(at, (guest, invite))| {
            let token = if at % 2 == 0 { invite.token.as_str() } else { "nonsense" };
            guest.ask("set", &format!("<preauth xmlns='urn:xmpp:pars:0' token='{token}'/>")).unwrap()
        })
        .collect();
    for (at, (guest, asked)) in guests.iter_mut().zip(&shown).enumerate() {
        let reply = guest.answer(asked, SOON).unwrap();
        assert_eq!(reply.is_ok(), at % 2 == 0, "guest {at}: {reply:?}");
    }
    let asked: Vec<_> = guests
        .iter_mut()
        .enumerate()
        .map(|(at, guest)| guest.ask_to_register(&format!("guest{at}"), PASSWORD).unwrap())
        .collect();
    for (at, (guest, asked)) in guests.iter_mut().zip(&asked).enumerate() {
        assert_eq!(guest.answer(asked, SOON).unwrap().is_ok(), at % 2 == 0);
    }
    for (at, invite) in invites.iter().enumerate().step_by(2) {
        assert_eq!(test_server.redeemed_by(invite).0, format!("guest{at}@localhost"));
    }
    assert_no_outage(&test_server);
}

fn a_request_that_is_not_repeatable_is_sent_once(version: Version) {
    let (test_server, relay) = relayed(version);
    relay.set(Mode::HangsUpOnSecond(test_server.vestibule.addr()));
    let url = format!("{}/invites_api?key={}", test_server.prosody.http_url(), test_server.key);
    let mut made = 0;
    for _ in 0..4 {
        let answer = vestibule_e2e::http::Client::new().send("GET", &url, &[], None).unwrap();
        assert!(matches!(answer.status, 201 | 503), "{answer:?}");
        made += usize::from(answer.status == 201);
    }
    // A request on a dead connection gets a 503 and is not repeated.
    assert!(made >= 2, "{made}");
    assert_eq!(test_server.invites().len(), made);
}

fn a_request_that_is_not_repeatable_shares_a_used_connection(version: Version) {
    let (test_server, relay) = relayed(version);
    let url = format!("{}/invites_api?key={}", test_server.prosody.http_url(), test_server.key);
    for _ in 0..5 {
        let answer = vestibule_e2e::http::Client::new().send("POST", &url, &[], Some(b"")).unwrap();
        assert_eq!(answer.status, 201, "{answer:?}");
    }
    assert!(relay.count() <= 3, "{} connections for five sequential requests", relay.count());
    assert_eq!(test_server.invites().len(), 5);
}
