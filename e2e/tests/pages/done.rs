//! A form reports success only if it created the account: two people with one name, and deleted accounts.

use serde_json::json;
use vestibule_e2e::Version;
use vestibule_e2e::http::Client;
use vestibule_e2e::xmpp::Stream;

use crate::common::{HOST, eventually};
use crate::messages::message;
use crate::test_server::{Invite, PASSWORD, SOON, TestServer, post};
use crate::versions::on_both_versions;

on_both_versions!(
    the_second_form_with_one_name_fails,
    a_form_after_an_app_succeeds_only_with_its_password,
    an_app_after_a_form_is_refused,
    a_deleted_account_can_be_created_again,
    a_second_reset_form_fails,
    a_form_opened_before_expiry_can_be_sent_afterwards,
);

/// The password of another person.
const OTHER: &str = "velvet cactus 82 harbor";

impl TestServer {
    /// Sends a form without a browser, and returns the status and the heading of the page.
    fn fill_in(&self, invite: &Invite, form: &str, username: &str, password: &str) -> (u16, String) {
        self.fill_in_with(invite, form, "", username, password)
    }

    /// Like [`Self::fill_in`], with the grant of an opened form.
    fn fill_in_with(
        &self,
        invite: &Invite,
        form: &str,
        grant: &str,
        username: &str,
        password: &str,
    ) -> (u16, String) {
        let password = password.replace(' ', "+");
        let fields = format!("grant={grant}&username={username}&password={password}");
        let (status, text) = post(&self.client, &invite.page(form), &fields);
        let heading = text.split_once("<h1>").and_then(|(_, rest)| rest.split_once("</h1>"));
        let heading = heading.map_or(text.as_str(), |(heading, _)| heading);
        (status, heading.replace("<bdi>", "").replace("</bdi>", ""))
    }

    /// Opens a form and returns its grant.
    fn grant_of(&self, invite: &Invite, form: &str) -> String {
        let (status, text) = self.get(&format!("{}/{form}", invite.path()));
        assert_eq!(status, 200, "{text}");
        let (_, rest) = text.split_once("name=\"grant\" value=\"").expect("a grant");
        rest.split('"').next().unwrap().to_owned()
    }

    fn register_in_app(&self, invite: &Invite, username: &str, password: &str) -> bool {
        let mut guest = Stream::open(self.prosody.c2s_addr(), HOST).unwrap();
        guest.preauth(&invite.token).unwrap().is_ok() && guest.register(username, password).unwrap().is_ok()
    }

    fn has_uses(&self, invite: &Invite, uses: u64) {
        eventually("the use is recorded", SOON, || self.show(invite)["uses"] == uses);
    }
}

/// Creates an invite with many uses and one with one.
fn invites(test_server: &TestServer) -> [(Invite, &'static str); 2] {
    let many = json!({ "max_uses": 30 });
    [(test_server.mint(&many), "anna"), (test_server.mint(&json!({})), "portia")]
}

fn the_second_form_with_one_name_fails(version: Version) {
    let test_server = TestServer::new(version);
    for (invite, name) in invites(&test_server) {
        let welcome = (200, message("youre-in", &[("name", name)]));
        assert_eq!(test_server.fill_in(&invite, "register", name, PASSWORD), welcome);
        test_server.has_uses(&invite, 1);
        let (status, heading) = test_server.fill_in(&invite, "register", &name.to_uppercase(), OTHER);
        let expected = if name == "anna" {
            (409, message("register-heading", &[]))
        } else {
            (404, message("used-heading", &[]))
        };
        assert_eq!((status, heading), expected);
        assert!(test_server.can_log_in(name, PASSWORD) && !test_server.can_log_in(name, OTHER));
        // The first form is sent again.
        assert_eq!(test_server.fill_in(&invite, "register", name, PASSWORD), welcome);
        assert_eq!(test_server.show(&invite)["uses"], 1);
    }
    // Concurrently.
    let invite = test_server.mint(&json!({ "max_uses": 30 }));
    let url = &invite.page("register");
    let answers = std::thread::scope(|scope| {
        let forms = [PASSWORD, OTHER].map(|password| {
            let fields = format!("username=max&password={}", password.replace(' ', "+"));
            scope.spawn(move || post(&Client::new(), url, &fields).0)
        });
        forms.map(|form| form.join().unwrap())
    });
    let logins = [PASSWORD, OTHER].map(|password| test_server.can_log_in("max", password));
    assert!(logins[0] != logins[1], "{logins:?}");
    assert_eq!(answers.map(|status| status == 200), logins, "{answers:?}");
}

fn a_form_after_an_app_succeeds_only_with_its_password(version: Version) {
    let test_server = TestServer::new(version);
    for (invite, name) in invites(&test_server) {
        assert!(test_server.register_in_app(&invite, name, PASSWORD));
        test_server.has_uses(&invite, 1);
        let (status, _) = test_server.fill_in(&invite, "register", name, OTHER);
        assert_eq!(status, if name == "anna" { 409 } else { 404 });
        assert_eq!(
            test_server.fill_in(&invite, "register", name, PASSWORD),
            (200, message("youre-in", &[("name", name)]))
        );
        assert!(test_server.can_log_in(name, PASSWORD) && !test_server.can_log_in(name, OTHER));
        assert_eq!(test_server.show(&invite)["uses"], 1);
    }
}

fn an_app_after_a_form_is_refused(version: Version) {
    let test_server = TestServer::new(version);
    for (invite, name) in invites(&test_server) {
        assert_eq!(test_server.fill_in(&invite, "register", name, PASSWORD).0, 200);
        test_server.has_uses(&invite, 1);
        assert!(!test_server.register_in_app(&invite, name, OTHER));
        assert!(test_server.can_log_in(name, PASSWORD) && !test_server.can_log_in(name, OTHER));
    }
}

fn a_deleted_account_can_be_created_again(version: Version) {
    let test_server = TestServer::new(version);
    for (invite, name) in invites(&test_server) {
        assert_eq!(test_server.fill_in(&invite, "register", name, PASSWORD).0, 200);
        test_server.has_uses(&invite, 1);
        let deleted = test_server.prosody.ctl(&["deluser", &format!("{name}@{HOST}")]).unwrap();
        assert!(deleted.success() && !test_server.can_log_in(name, PASSWORD), "{deleted}");
        let (status, heading) = test_server.fill_in(&invite, "register", name, PASSWORD);
        if name == "anna" {
            assert_eq!((status, heading), (200, message("youre-in", &[("name", "anna")])));
        } else {
            assert_eq!((status, heading), (404, message("used-heading", &[])));
        }
        assert_eq!(test_server.can_log_in(name, PASSWORD), status == 200);
    }
}

fn a_second_reset_form_fails(version: Version) {
    let test_server = TestServer::new(version);
    let invite = test_server.mint_reset("benvolio");
    let done = (200, message("reset-done-heading", &[]));
    assert_eq!(test_server.fill_in(&invite, "reset", "", PASSWORD), done);
    test_server.becomes(&invite, "used");
    assert_eq!(test_server.fill_in(&invite, "reset", "", OTHER), (404, message("reset-used-heading", &[])));
    assert!(test_server.can_log_in("benvolio", PASSWORD) && !test_server.can_log_in("benvolio", OTHER));
    assert_eq!(test_server.fill_in(&invite, "reset", "", PASSWORD), done);
}

fn a_form_opened_before_expiry_can_be_sent_afterwards(version: Version) {
    let test_server = TestServer::new(version);
    test_server.prosody.add_account("carol", "the old password").unwrap();
    let soon = json!({ "expires_in": "15s" });
    let reset = json!({ "kind": "password-reset", "username": "carol", "expires_in": "15s" });
    let (account, reset) = (test_server.mint(&soon), test_server.mint(&reset));
    let grants = [test_server.grant_of(&account, "register"), test_server.grant_of(&reset, "reset")];
    for invite in [&account, &reset] {
        eventually("expired", SOON * 4, || test_server.get(&invite.path()).0 == 404);
    }
    assert_eq!(test_server.fill_in(&account, "register", "juliet", PASSWORD).0, 404);
    assert_eq!(test_server.fill_in(&reset, "reset", "", PASSWORD).0, 404);
    // A taken name does not use up the grant.
    let taken = test_server.fill_in_with(&account, "register", &grants[0], "carol", PASSWORD);
    assert_eq!(taken.0, 409, "{taken:?}");
    let welcome = (200, message("youre-in", &[("name", "juliet")]));
    assert_eq!(test_server.fill_in_with(&account, "register", &grants[0], "juliet", PASSWORD), welcome);
    let done = (200, message("reset-done-heading", &[]));
    assert_eq!(test_server.fill_in_with(&reset, "reset", &grants[1], "", PASSWORD), done);
    assert!(test_server.can_log_in("juliet", PASSWORD) && test_server.can_log_in("carol", PASSWORD));
    assert_eq!(test_server.redeemed_by(&account).0, format!("juliet@{HOST}"));
}
