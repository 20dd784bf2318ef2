//! A link that has expired: its holder asks for a renewal, the operator renews it, and the same link works.

use serde_json::{Value, json};
use vestibule_e2e::{Browser, Version};

use crate::common::{HOST, eventually};
use crate::messages::message;
use crate::test_server::{Invite, SOON, TestServer, close};
use crate::versions::on_both_versions;

on_both_versions!(an_expired_link_is_renewed_at_the_request_of_its_holder, a_request_needs_no_script);

fn expired(test_server: &TestServer) -> Invite {
    let invite = test_server.mint(&json!({ "expires_in": "1s", "inviter_name": "Ann" }));
    eventually("expired", SOON, || test_server.get(&invite.path()).0 == 404);
    invite
}

impl TestServer {
    fn cli(&self, args: &[&str]) -> String {
        let output = self.vestibule.cli(args).unwrap();
        assert!(output.success(), "{output}");
        output.text().to_owned()
    }
}

fn an_expired_link_is_renewed_at_the_request_of_its_holder(version: Version) {
    let test_server = TestServer::new(version);
    let invite = expired(&test_server);
    let tab = Browser::open(&invite.link).unwrap();
    assert_eq!(tab.text("h1").unwrap(), message("expired-heading", &[]));
    let invited = message("invited-by", &[("inviter", "Ann"), ("site", "Example Chat")]);
    assert_eq!(tab.text(".lead").unwrap(), invited);
    assert_eq!(tab.follow("form button").unwrap(), 404);
    assert_eq!(tab.text(".asked h2").unwrap(), message("asked-heading", &[]));
    assert_eq!(tab.count("form").unwrap(), 0);

    let list = test_server.cli(&["invites", "list", HOST, "--renewal-requested"]);
    assert_eq!((list.lines().count(), list.starts_with(&invite.id)), (1, true), "{list}");
    let shown: Value =
        serde_json::from_str(&test_server.cli(&["invites", "show", HOST, &invite.id, "--json"])).unwrap();
    let at = shown["renewal_requested_at"].as_str().expect("the time of the request");
    assert!(list.ends_with(at), "{list}");
    let events = test_server.cli(&["events", HOST]);
    let newest: Vec<&str> = events.lines().last().unwrap().split('\t').collect();
    assert_eq!(newest[2..5], ["invite.renewal-requested", &invite.id, "page"], "{events}");
    let line = format!("renewal of an invite requested host={HOST} invite={} by=page", invite.id);
    eventually("a log line", SOON, || test_server.vestibule.stderr().contains(&line));

    test_server.cli(&["invites", "edit", HOST, &invite.id, "--expires", "7d"]);
    assert_eq!(test_server.cli(&["invites", "list", HOST, "--renewal-requested"]), "");
    // The open page turns by itself, and the same link leads to an account.
    tab.until("h1", &message("invited-by-heading", &[("inviter", "Ann")])).unwrap();
    assert_eq!(tab.address().unwrap(), invite.link);
    test_server.redeem(&invite, "gertrud");
    close(tab);
    assert!(!test_server.vestibule.stderr().contains(&invite.token), "a log contains a token");
}

fn a_request_needs_no_script(version: Version) {
    let test_server = TestServer::new(version);
    let invite = expired(&test_server);
    let tab = Browser::open_without_scripts(&format!("{}?lang=de", invite.link)).unwrap();
    assert_eq!(tab.follow("form button").unwrap(), 404);
    assert_eq!(tab.address().unwrap(), format!("{}?lang=de", invite.link));
    assert_eq!(tab.count(".asked").unwrap(), 1);
    close(tab);
    // A refusal is a revocation.
    let revoked = test_server.vestibule.cli(&["invites", "revoke", HOST, "--renewal-requested", "--yes"]);
    assert_eq!(revoked.unwrap().stderr, "Revoked 1 invite.\n");
    let (_, page) = test_server.get(&invite.path());
    assert!(page.contains(&message("revoked-heading", &[])) && !page.contains("/renewal"), "{page}");
}
