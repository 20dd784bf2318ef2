//! Concurrent registrations.

use std::time::Duration;

use serde_json::json;
use vestibule_e2e::Version;
use vestibule_e2e::xmpp::Stream;

use crate::test_server::{PASSWORD, TestServer};
use crate::versions::on_both_versions;

const LIMIT: Duration = Duration::from_secs(20);
const NAMES: [&str; 5] = ["abraham", "balthasar", "gregory", "peter", "sampson"];

on_both_versions!(
    five_clients_with_one_use_create_one_account,
    five_clients_with_three_uses_create_three_accounts,
    five_clients_with_one_name_create_one_account,
);

/// Registers on all streams before it reads any answer, and returns the successful ones; `wish` returns the username
/// and password of a name.
fn registered(
    streams: &mut [Stream],
    wish: impl Fn(&'static str) -> (&'static str, &'static str),
) -> Vec<&'static str> {
    let mut asked = Vec::new();
    for (stream, name) in streams.iter_mut().zip(NAMES) {
        let (username, password) = wish(name);
        asked.push(stream.ask_to_register(username, password).unwrap());
    }
    let mut successful = Vec::new();
    for ((stream, name), id) in streams.iter_mut().zip(NAMES).zip(asked) {
        if stream.answer(&id, LIMIT).unwrap().is_ok() {
            successful.push(name);
        }
    }
    successful
}

/// Registers on five admitted streams at once, and returns the names with an account.
fn register_at_once(test_server: &TestServer, wishes: &serde_json::Value) -> Vec<&'static str> {
    let invite = test_server.mint(wishes);
    let mut streams: Vec<_> = NAMES.iter().map(|_| test_server.admitted(&invite)).collect();
    let successful = registered(&mut streams, |name| (name, PASSWORD));
    let there: Vec<&str> = NAMES.into_iter().filter(|name| test_server.can_log_in(name, PASSWORD)).collect();
    assert_eq!(successful, there, "the accounts of the successful registrations");
    test_server.becomes(&invite, "used");
    assert_eq!(test_server.show(&invite)["redemptions"].as_array().map(Vec::len), Some(there.len()));
    there
}

fn five_clients_with_one_use_create_one_account(version: Version) {
    let test_server = TestServer::new(version);
    let there = register_at_once(&test_server, &json!({}));
    assert_eq!(there.len(), 1, "{there:?}");
}

fn five_clients_with_three_uses_create_three_accounts(version: Version) {
    let test_server = TestServer::new(version);
    let there = register_at_once(&test_server, &json!({ "max_uses": 3 }));
    assert_eq!(there.len(), 3, "{there:?}");
}

fn five_clients_with_one_name_create_one_account(version: Version) {
    let test_server = TestServer::new(version);
    let invites: Vec<_> = NAMES.iter().map(|_| test_server.mint(&json!({}))).collect();
    let mut streams: Vec<_> = invites.iter().map(|invite| test_server.admitted(invite)).collect();
    let successful = registered(&mut streams, |password| ("juliet", password));
    assert_eq!(successful.len(), 1, "{successful:?}");
    let fits: Vec<&str> = NAMES.into_iter().filter(|word| test_server.can_log_in("juliet", word)).collect();
    assert_eq!(successful, fits, "the password of the successful registration");
    let used = |place: &usize| test_server.show(&invites[*place])["state"] == "used";
    crate::common::eventually("one invite is used", LIMIT, || (0..NAMES.len()).any(|place| used(&place)));
    let used: Vec<&str> = (0..NAMES.len()).filter(used).map(|place| NAMES[place]).collect();
    assert_eq!(used, successful, "the invite of the successful registration");
}
