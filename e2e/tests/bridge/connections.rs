//! Connections to Vestibule are kept: no answer goes astray, and none is lost because one of them was.

use serde_json::json;
use vestibule_e2e::Version;

use crate::outage::relayed;
use crate::relay::Mode;
use crate::test_server::{PASSWORD, SOON, TestServer, assert_refused};
use crate::versions::on_both_versions;

/// What a registration asks: the check of its token, what the name's last owner left, the claim, its completion.
const QUESTIONS: usize = 4;

on_both_versions!(
    a_connection_serves_many_questions,
    a_restart_of_vestibule_between_two_questions_is_not_noticed,
    a_question_that_meets_a_dead_connection_is_asked_again,
    an_answer_that_comes_too_late_answers_no_later_question,
    an_answer_that_nobody_asked_for_answers_no_question,
    a_server_that_wants_to_hang_up_is_hung_up_on,
    many_streams_at_once_each_get_their_own_answer,
    what_may_not_be_asked_twice_is_asked_once,
    what_may_not_be_asked_twice_shares_a_connection_in_use,
);

pub(crate) fn had_no_trouble(test_server: &TestServer) {
    let log = test_server.prosody.log();
    assert!(!log.contains("Vestibule is unreachable"), "{log}");
    assert!(!log.to_lowercase().contains("traceback"), "{log}");
}

fn assert_forbidden(test_server: &TestServer) {
    assert_refused(&test_server.guest().preauth("nonsense").unwrap(), "cancel", "forbidden");
}

fn a_connection_serves_many_questions(version: Version) {
    let (test_server, relay) = relayed(version);
    for _ in 0..5 {
        assert_forbidden(&test_server);
    }
    test_server.is_well("juliet");
    assert_eq!(relay.count(), 1);
    had_no_trouble(&test_server);
}

fn a_restart_of_vestibule_between_two_questions_is_not_noticed(version: Version) {
    let (mut test_server, relay) = relayed(version);
    let invite = test_server.mint(&json!({}));
    let mut guest = test_server.admitted(&invite);
    test_server.vestibule.kill();
    test_server.vestibule.restart().unwrap();
    relay.set(Mode::To(test_server.vestibule.addr()));
    assert!(guest.register("juliet", PASSWORD).unwrap().is_ok());
    assert_eq!(test_server.redeemed_by(&invite).0, "juliet@localhost");
    had_no_trouble(&test_server);
}

fn a_question_that_meets_a_dead_connection_is_asked_again(version: Version) {
    let (test_server, relay) = relayed(version);
    relay.set(Mode::HangsUpOnSecond(test_server.vestibule.addr()));
    let invite = test_server.mint(&json!({}));
    assert!(test_server.admitted(&invite).register("juliet", PASSWORD).unwrap().is_ok());
    assert_eq!(test_server.redeemed_by(&invite).0, "juliet@localhost");
    // All but the first meet a connection that is hung up on.
    assert_eq!(relay.count(), QUESTIONS);
    had_no_trouble(&test_server);
}

fn an_answer_that_comes_too_late_answers_no_later_question(version: Version) {
    let (test_server, relay) = relayed(version);
    relay.set(Mode::HoldsSecond(test_server.vestibule.addr()));
    let invite = test_server.mint(&json!({}));
    test_server.admitted(&invite);
    let mut guest = test_server.guest();
    assert_refused(&guest.preauth(&invite.token).unwrap(), "wait", "service-unavailable");
    // On the same connection this would be answered with what the good token is still to be answered with.
    assert_forbidden(&test_server);
    assert!(guest.preauth(&invite.token).unwrap().is_ok());
    assert_eq!(relay.count(), 2);
}

fn an_answer_that_nobody_asked_for_answers_no_question(version: Version) {
    let (test_server, relay) = relayed(version);
    relay.set(Mode::Repeats(test_server.vestibule.addr()));
    let invite = test_server.mint(&json!({}));
    for _ in 0..5 {
        test_server.admitted(&invite);
        assert_forbidden(&test_server);
    }
    had_no_trouble(&test_server);
}

fn a_server_that_wants_to_hang_up_is_hung_up_on(version: Version) {
    let (test_server, relay) = relayed(version);
    relay.set(Mode::SaysClose(test_server.vestibule.addr()));
    let invite = test_server.mint(&json!({}));
    assert!(test_server.admitted(&invite).register("juliet", PASSWORD).unwrap().is_ok());
    assert_eq!(test_server.redeemed_by(&invite).0, "juliet@localhost");
    assert_eq!(relay.count(), QUESTIONS);
    had_no_trouble(&test_server);
}

fn many_streams_at_once_each_get_their_own_answer(version: Version) {
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
    had_no_trouble(&test_server);
}

fn what_may_not_be_asked_twice_is_asked_once(version: Version) {
    let (test_server, relay) = relayed(version);
    relay.set(Mode::HangsUpOnSecond(test_server.vestibule.addr()));
    let url = format!("{}/invites_api?key={}", test_server.prosody.http_url(), test_server.key);
    let mut made = 0;
    for _ in 0..4 {
        let answer = vestibule_e2e::http::Client::new().send("GET", &url, &[], None).unwrap();
        assert!(matches!(answer.status, 201 | 503), "{answer:?}");
        made += usize::from(answer.status == 201);
    }
    // Whoever is told 503 may try again: the question that met a dead connection was not asked twice.
    assert!(made >= 2, "{made}");
    assert_eq!(test_server.invites().len(), made);
}

fn what_may_not_be_asked_twice_shares_a_connection_in_use(version: Version) {
    let (test_server, relay) = relayed(version);
    let url = format!("{}/invites_api?key={}", test_server.prosody.http_url(), test_server.key);
    for _ in 0..5 {
        let answer = vestibule_e2e::http::Client::new().send("POST", &url, &[], Some(b"")).unwrap();
        assert_eq!(answer.status, 201, "{answer:?}");
    }
    assert!(relay.count() <= 3, "{} connections for five questions in a row", relay.count());
    assert_eq!(test_server.invites().len(), 5);
}
