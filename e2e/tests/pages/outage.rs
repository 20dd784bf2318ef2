//! An unreachable XMPP server: the page reports it and keeps the input, and no use is lost.

use serde_json::json;
use vestibule_e2e::{Browser, Version};

use crate::messages::message;
use crate::test_server::{PASSWORD, SEND, TestServer, close, fill};
use crate::versions::on_both_versions;

on_both_versions!(an_unreachable_server_uses_up_no_invite);

fn an_unreachable_server_uses_up_no_invite(version: Version) {
    let mut test_server = TestServer::new(version);
    for (open, name) in
        [(Browser::open as fn(&str) -> _, "juliet"), (Browser::open_without_scripts, "rosaline")]
    {
        let invite = test_server.mint(&json!({}));
        let tab = open(&invite.page("register")).unwrap();
        test_server.prosody.stop().unwrap();
        fill(&tab, name, PASSWORD);
        assert_eq!(tab.follow(SEND).unwrap(), 503);
        assert!(tab.text("[role=alert]").unwrap().starts_with(&message("server-away-heading", &[])));
        assert_eq!(tab.value("#username").unwrap(), name, "the input is kept");
        let password = if tab.count("#tools").unwrap() > 0 { PASSWORD } else { "" };
        assert_eq!(tab.value("#password").unwrap(), password);
        assert!(!tab.html().unwrap().contains(PASSWORD));
        assert_eq!(test_server.show(&invite)["state"], "pending");
        test_server.prosody.restart().unwrap();
        tab.fill("#password", PASSWORD).unwrap();
        assert_eq!(tab.follow(SEND).unwrap(), 200);
        assert_eq!(tab.text("h1").unwrap(), message("youre-in", &[("name", name)]));
        close(tab);
        assert!(test_server.can_log_in(name, PASSWORD));
        test_server.becomes(&invite, "used");
    }
}
