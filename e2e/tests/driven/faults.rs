//! Outages, lost answers, crashes and missing rights.

use std::sync::Arc;
use std::thread;

use serde_json::json;
use vestibule_e2e::Ejabberd;

use crate::common::{HOST, eventually};
use crate::relay::{Held, Mode, Relay};
use crate::test_server::{PASSWORD, SOON, TestServer};
use crate::way::{RIGHTS, SECRET, Server, Way, on_every_api, on_every_way};

on_every_way!(an_outage_spends_nothing);

fn an_outage_spends_nothing(way: Way) {
    let mut test_server = TestServer::new(way);
    let invite = test_server.create(&json!({}));
    test_server.server.stop();
    for _ in 0..2 {
        let answer = test_server.register(&invite, "juliet");
        assert_eq!(answer.status, 503, "{}", answer.text());
        assert_eq!(answer.header("retry-after"), Some("60"));
    }
    let log = test_server.vestibule.stderr();
    assert_eq!(log.matches("registrations in the browser fail").count(), 1, "{log}");
    test_server.assert_unspent(&invite);
    test_server.server.restart();
    assert!(test_server.register(&invite, "juliet").status < 400);
    assert!(test_server.can_log_in("juliet", PASSWORD));
}

mod crashes {
    use super::{a_crash_before_the_answer_loses_nothing, a_lost_answer_is_found_out, on_every_api};
    use crate::way::Way;

    on_every_api!(crash, lost_answer);

    fn crash(way: Way) {
        a_crash_before_the_answer_loses_nothing(way);
    }

    fn lost_answer(way: Way) {
        a_lost_answer_is_found_out(way);
    }
}

/// A server behind a relay to its API.
fn relayed(way: Way) -> (TestServer, Relay) {
    let server = way.start();
    let api = server.ejabberd().api_url();
    let addr = api.trim_start_matches("http://").trim_end_matches("/api").parse().unwrap();
    let relay = Relay::start(Mode::To(addr));
    let settings = format!("accounts = \"ejabberd-api\"\napi_url = \"{}/api\"\n", relay.url());
    (TestServer::with(server, &settings), relay)
}

fn api_addr(test_server: &TestServer) -> std::net::SocketAddr {
    let api = test_server.server.ejabberd().api_url();
    api.trim_start_matches("http://").trim_end_matches("/api").parse().unwrap()
}

/// The process ends after the account was created, and before it knows.
fn a_crash_before_the_answer_loses_nothing(way: Way) {
    let (mut test_server, relay) = relayed(way);
    test_server.server.add_account("romeo", PASSWORD);
    // Which API this is must be known before.
    assert!(test_server.register(&test_server.create(&json!({})), "nurse").status < 400);
    let request = json!({ "kind": "account-and-contact", "inviter": "romeo" });
    let (again, background) = (test_server.create(&request), test_server.create(&request));
    for (invite, username) in [(&again, "juliet"), (&background, "tybalt")] {
        let held = Arc::new(Held::new("/api/register"));
        relay.set(Mode::Holds(api_addr(&test_server), Arc::clone(&held)));
        let path = format!("/invite/{}/register", invite.token);
        let grant = test_server.grant(&path);
        let fields = [("username", username), ("password", PASSWORD)];
        thread::scope(|scope| {
            let sending = {
                let (url, client) = (test_server.vestibule.url(), vestibule_e2e::http::Client::new());
                let form =
                    format!("username={username}&password={}&grant={grant}", PASSWORD.replace(' ', "+"));
                let path = path.clone();
                scope.spawn(move || {
                    let headers = [("content-type", "application/x-www-form-urlencoded")];
                    client.send("POST", &format!("{url}{path}"), &headers, Some(form.as_bytes())).is_err()
                })
            };
            held.wait();
            assert!(test_server.server.accounts().contains(&username.to_owned()));
            test_server.vestibule.kill();
            held.release();
            assert!(sending.join().unwrap(), "the browser gets no answer");
        });
        relay.set(Mode::To(api_addr(&test_server)));
        test_server.vestibule.restart().unwrap();
        if username == "juliet" {
            // The person sends the form again.
            let answer = test_server.send_form(&path, &grant, &fields);
            assert!(answer.status < 400, "{}\n{}", answer.text(), test_server.vestibule.stderr());
        }
        eventually("the registration is completed", SOON, || !test_server.redeemed_by(invite).is_empty());
        assert_eq!(test_server.redeemed_by(invite), [format!("{username}@{HOST} web")]);
        assert!(test_server.contacts(username).contains(&(format!("romeo@{HOST}"), "both".to_owned())));
        assert_eq!(test_server.page(invite).status, 404);
    }
    assert_eq!(test_server.server.accounts(), ["juliet", "nurse", "romeo", "tybalt"]);
}

fn a_lost_answer_is_found_out(way: Way) {
    let (test_server, relay) = relayed(way);
    assert!(test_server.register(&test_server.create(&json!({})), "nurse").status < 400);
    let invite = test_server.create(&json!({}));
    let held = Arc::new(Held::new("/api/register"));
    relay.set(Mode::Holds(api_addr(&test_server), Arc::clone(&held)));
    thread::scope(|scope| {
        let registering = scope.spawn(|| test_server.register(&invite, "juliet"));
        // The answer is held for longer than Vestibule waits for it, until the request is repeated.
        held.wait();
        let before = relay.count();
        eventually("the request is repeated", SOON, || relay.count() > before);
        held.release();
        let answer = registering.join().unwrap();
        assert!(answer.status < 400, "{}\n{}", answer.text(), test_server.vestibule.stderr());
    });
    assert_eq!(test_server.redeemed_by(&invite), [format!("juliet@{HOST} web")]);
    assert_eq!(test_server.server.accounts(), ["juliet", "nurse"]);
}

mod rights {
    use super::{missing_rights_are_named_once, on_every_api};
    use crate::way::Way;

    on_every_api!(missing_rights);

    fn missing_rights(way: Way) {
        missing_rights_are_named_once(way);
    }
}

fn missing_rights_are_named_once(way: Way) {
    let Way::Api(version) = way else { panic!("{way:?}") };
    let who = "{acl: vestibule}";
    let ejabberd = Ejabberd::builder().administered(version).api_rights(who, RIGHTS).start().unwrap();
    ejabberd.add_account("vestibule", SECRET).unwrap();
    let api = format!("accounts = \"ejabberd-api\"\napi_url = \"{}\"\n", ejabberd.api_url());
    let mut test_server = TestServer::with(Server::Ejabberd(Box::new(ejabberd)), &api);
    let invite = test_server.create(&json!({}));
    for _ in 0..2 {
        let answer = test_server.register(&invite, "juliet");
        assert_eq!(answer.status, 502, "{}", answer.text());
    }
    let log = test_server.vestibule.stderr();
    let warning = "does not permit this service to create accounts";
    assert_eq!(
        log.lines().filter(|line| line.contains(warning) && line.contains("WARN")).count(),
        1,
        "{log}"
    );
    test_server.assert_unspent(&invite);
    // The account has them.
    let account = format!("{api}api_user = \"vestibule@{HOST}\"\napi_password_file = \"SECRET\"\n");
    test_server.reconfigure(&account);
    let answer = test_server.register(&invite, "juliet");
    assert!(answer.status < 400, "{}\n{}", answer.text(), test_server.vestibule.stderr());
    test_server.assert_clean_log(&[&invite]);
}
