//! What people do on the pages.

use std::thread;

use serde_json::json;

use crate::common::HOST;
use crate::test_server::{Invite, PASSWORD, TestServer};
use crate::way::{Server, Way, on_every_way};

on_every_way!(
    the_page_creates_an_account,
    a_taken_name_is_refused_and_the_use_kept,
    a_bound_and_a_shared_invite,
    a_password_is_reset_on_the_page,
    a_form_sent_twice_creates_one_account,
    one_use_makes_one_account_and_one_name_one_owner,
);

fn the_page_creates_an_account(way: Way) {
    let test_server = TestServer::new(way);
    test_server.server.add_account("romeo", PASSWORD);
    let request = json!({ "kind": "account-and-contact", "inviter": "romeo", "groups": ["friends"] });
    let invite = test_server.create(&request);
    let page = test_server.page(&invite);
    // Only the browser creates accounts on this server.
    assert!(page.text().contains("/register\""), "{}", page.text());
    assert!(!page.text().contains("?register;preauth="), "{}", page.text());
    assert_eq!(page.header("link"), None);
    assert_eq!(
        page.text().contains("friends"),
        way.adds_contacts(),
        "groups that nobody joins are not shown"
    );
    let answer = test_server.register(&invite, "juliet");
    assert!(answer.status < 400, "{}\n{}", answer.text(), test_server.vestibule.stderr());
    assert!(test_server.can_log_in("juliet", PASSWORD));
    assert_eq!(test_server.redeemed_by(&invite), [format!("juliet@{HOST} web")]);
    if way.adds_contacts() {
        for (owner, contact) in [("juliet", "romeo"), ("romeo", "juliet")] {
            let expected = (format!("{contact}@{HOST}"), "both".to_owned());
            assert!(
                test_server.contacts(owner).contains(&expected),
                "{owner}: {:?}",
                test_server.contacts(owner)
            );
        }
    }
    assert_eq!(test_server.page(&invite).status, 404);
    test_server.assert_clean_log(&[&invite]);
    if let Server::Ejabberd(ejabberd) = &test_server.server {
        assert!(!ejabberd.log().contains(PASSWORD), "ejabberd logs the password");
    }
}

fn a_taken_name_is_refused_and_the_use_kept(way: Way) {
    let test_server = TestServer::new(way);
    test_server.server.add_account("romeo", "his own password");
    let invite = test_server.create(&json!({}));
    let answer = test_server.register(&invite, "romeo");
    assert_eq!(answer.status, 409, "{}", answer.text());
    assert!(answer.text().contains("taken"), "{}", answer.text());
    test_server.assert_unspent(&invite);
    assert!(test_server.can_log_in("romeo", "his own password"));
    assert!(test_server.register(&invite, "juliet").status < 400);
    assert_eq!(test_server.server.accounts(), ["juliet", "romeo"]);
}

fn a_bound_and_a_shared_invite(way: Way) {
    let test_server = TestServer::new(way);
    let bound = test_server.create(&json!({ "username": "jürgen" }));
    let shared = test_server.create(&json!({ "max_uses": 2 }));
    assert!(test_server.register(&bound, "juliet").status >= 400);
    assert!(test_server.register(&shared, "jürgen").status >= 400, "the name is reserved");
    assert!(test_server.register(&bound, "jürgen").status < 400, "{}", test_server.vestibule.stderr());
    assert!(test_server.can_log_in("jürgen", PASSWORD));
    for name in ["a", "b"] {
        assert!(test_server.register(&shared, name).status < 400);
    }
    assert_eq!(test_server.page(&shared).status, 404, "both uses are spent");
    assert_eq!(test_server.server.accounts(), ["a", "b", "jürgen"]);
}

fn a_password_is_reset_on_the_page(way: Way) {
    let test_server = TestServer::new(way);
    test_server.server.add_account("romeo", "forgotten");
    let invite = test_server.create(&json!({ "kind": "password-reset", "username": "romeo" }));
    let path = format!("/invite/{}/reset", invite.token);
    assert!(test_server.page(&invite).text().contains(&path));
    let answer = test_server.post(&path, &[("password", PASSWORD)]);
    assert!(answer.status < 400, "{}\n{}", answer.text(), test_server.vestibule.stderr());
    assert!(test_server.can_log_in("romeo", PASSWORD) && !test_server.can_log_in("romeo", "forgotten"));
    assert_eq!(test_server.show(&invite)["state"], "used");
    let nobody = test_server.create(&json!({ "kind": "password-reset", "username": "nobody" }));
    let answer = test_server.post(&format!("/invite/{}/reset", nobody.token), &[("password", PASSWORD)]);
    assert_eq!(answer.status, 409, "{}", answer.text());
    test_server.assert_unspent(&nobody);
    assert_eq!(test_server.server.accounts(), ["romeo"]);
}

fn a_form_sent_twice_creates_one_account(way: Way) {
    let test_server = TestServer::new(way);
    let invite = test_server.create(&json!({}));
    let path = format!("/invite/{}/register", invite.token);
    let grant = test_server.grant(&path);
    let fields = [("username", "juliet"), ("password", PASSWORD)];
    for _ in 0..2 {
        let answer = test_server.send_form(&path, &grant, &fields);
        assert!(answer.status < 400, "{}\n{}", answer.text(), test_server.vestibule.stderr());
    }
    let other = [("username", "juliet"), ("password", "another password 99")];
    assert!(test_server.send_form(&path, &grant, &other).status >= 400);
    assert_eq!(test_server.redeemed_by(&invite), [format!("juliet@{HOST} web")]);
}

/// Forms that arrive at the same time: with different names for one use, and with one name for many uses.
fn one_use_makes_one_account_and_one_name_one_owner(way: Way) {
    let test_server = TestServer::new(way);
    let (single, shared) = (test_server.create(&json!({})), test_server.create(&json!({ "max_uses": null })));
    let statuses = |invite: &Invite, names: &[String]| -> Vec<u16> {
        thread::scope(|scope| {
            let forms = names.iter().map(|name| scope.spawn(|| test_server.register(invite, name).status));
            forms.collect::<Vec<_>>().into_iter().map(|form| form.join().unwrap()).collect()
        })
    };
    let names: Vec<_> = (0..8).map(|number| format!("racer{number}")).collect();
    let won = |statuses: &[u16]| statuses.iter().filter(|status| **status < 400).count();
    let raced = statuses(&single, &names);
    assert_eq!(won(&raced), 1, "{raced:?}\n{}", test_server.vestibule.stderr());
    assert_eq!((test_server.redeemed_by(&single).len(), test_server.server.accounts().len()), (1, 1));
    let raced = statuses(&shared, &vec!["juliet".to_owned(); 8]);
    assert!(won(&raced) >= 1, "{raced:?}\n{}", test_server.vestibule.stderr());
    assert_eq!(test_server.redeemed_by(&shared), [format!("juliet@{HOST} web")]);
    assert_eq!(test_server.server.accounts().len(), 2);
}
