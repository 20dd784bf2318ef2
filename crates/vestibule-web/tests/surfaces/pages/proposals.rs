//! Free usernames in the form and while somebody types.

use vestibule_core::{Draft, RegistrarError};

use super::{
    forms::{GOOD, register},
    html::{assert_links, assert_says, page_of},
};
use crate::surfaces::test_server::{Answer, TestServer, name};

/// The proposals in a form.
fn proposals(answer: &Answer) -> Vec<&str> {
    let names = answer.body.split("&amp;name=").skip(1).chain(answer.body.split("?name=").skip(1));
    names.filter_map(|rest| rest.split('"').next()).collect()
}

#[tokio::test]
async fn a_form_with_a_wrong_name_proposes_free_ones() {
    let server = TestServer::open().await;
    server.mint(Draft { username: Some(name("hans.mueller")), ..Draft::default() }).await;
    let page = format!("{}/register", page_of(&server.mint(Draft::default()).await.token));
    let answer = register(&server, &format!("{page}?lang=de&app=gajim"), "Hans Müller", GOOD).await;
    assert_eq!(answer.status.as_u16(), 422);
    assert_eq!(proposals(&answer), ["hans", "h.mueller", "hansmueller"]);
    assert_links(&answer, &format!("{page}?lang=de&app=gajim&name=h.mueller"));
    let chosen = server.get(&format!("{page}?name=h.mueller")).await;
    assert!(chosen.body.contains("value=\"h.mueller\""), "{}", chosen.body);
    assert_says(&chosen, &["Your address: h.mueller@example.com"]);
}

#[tokio::test]
async fn a_taken_name_is_followed_by_free_ones() {
    let server = TestServer::open().await;
    let other = server.mint(Draft::default()).await;
    server.redeem(&other, "gertrud2").await;
    let page = page_of(&server.mint(Draft::default()).await.token);
    // Only the XMPP server knows the account.
    server.registrar.has_account("gertrud", GOOD);
    let answer = register(&server, &format!("{page}/register"), "Gertrud", GOOD).await;
    assert_eq!(answer.status.as_u16(), 409);
    assert_eq!(proposals(&answer), ["gertrud3", "gertrud4", "gertrud5"]);
    assert!(answer.body.contains("<title>Error: "), "{}", answer.body);
    assert!(answer.body.contains("<a href=\"#username\">That username is taken."), "{}", answer.body);
    for (error, with) in [
        (RegistrarError::UsernameTaken, true),
        (RegistrarError::UsernameNotAllowed(String::new()), false),
        (RegistrarError::Busy, false),
    ] {
        server.registrar.answers(error);
        let answer = register(&server, &format!("{page}/register"), "juliet", GOOD).await;
        assert_eq!(proposals(&answer).is_empty(), !with, "{}", answer.body);
    }
}

#[tokio::test]
async fn names_are_proposed_while_somebody_types() {
    let server = TestServer::open().await;
    let other = server.mint(Draft::default()).await;
    server.redeem(&other, "anna").await;
    let page = page_of(&server.mint(Draft::default()).await.token);
    for (typed, address, expected) in [
        ("Juliet", Some("juliet@example.com"), &[][..]),
        ("anna", Some("anna@example.com"), &["anna2", "anna3", "anna4"]),
        ("Anna%20%C3%96", None, &["anna.o", "a.o", "annao"]),
        ("admin", Some("admin@example.com"), &[]),
        ("", None, &[]),
    ] {
        let answer = server.get(&format!("{page}/username?name={typed}")).await;
        let found: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(found["address"].as_str(), address, "{typed}: {found}");
        let names: Vec<_> =
            found["proposals"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
        assert_eq!(names, expected, "{typed}");
    }
    // A bound name has no alternatives.
    let bound = server.mint(Draft { username: Some(name("olivia")), ..Draft::default() }).await;
    let answer = register(&server, &format!("{}/register", page_of(&bound.token)), "anna", GOOD).await;
    assert_eq!((answer.status.as_u16(), proposals(&answer)), (422, vec![]));
}
