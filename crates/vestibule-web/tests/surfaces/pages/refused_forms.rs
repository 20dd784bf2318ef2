//! Refused forms: the errors beside the fields, the kept input, and the unused invite.

use std::time::Duration;

use futures_util::future::join_all;
use vestibule_core::{Draft, InviteChanges, Kind, RegistrarError};
use vestibule_web::Templates;

use super::{
    forms::{GOOD, assert_welcome, register, send},
    html::{assert_safe, assert_says, assert_shows, page_of, words},
};
use crate::surfaces::{
    messages::message,
    test_server::{Answer, TestServer, WEEK, name},
};

/// Asserts that the form is shown again with the error and the username, but without the password.
fn assert_again(answer: &Answer, status: u16, typed: &str, password: &str, message: &str) {
    assert_eq!(answer.status.as_u16(), status, "{message}: {}", words(&answer.body));
    assert_safe(answer, message);
    assert_says(answer, &[message]);
    assert!(answer.body.contains(&format!("value=\"{typed}\"")), "{typed}: {}", answer.body);
    assert!(password.len() < 3 || !answer.body.contains(password), "{message}: {}", answer.body);
}

#[tokio::test]
async fn errors_of_fields_are_shown_beside_them() {
    let server = TestServer::open().await;
    let minted = server.mint(Draft::default()).await;
    let page = format!("{}/register", page_of(&minted.token));
    server.mint(Draft { username: Some(name("taken")), ..Draft::default() }).await;
    let long = "x".repeat(1001);
    for (username, password, status, key) in [
        ("", GOOD, 422, "name-empty"),
        ("two words", GOOD, 422, "name-invalid-try"),
        ("a@b@c", GOOD, 422, "name-invalid-try"),
        ("juliet@elsewhere.example", GOOD, 422, "name-invalid-try"),
        ("taken", GOOD, 409, "name-taken-try"),
        ("juliet", "", 422, "password-empty"),
        ("juliet", "s3cret", 422, "password-short"),
        ("juliet", "password1", 422, "password-weak"),
        ("juliet", "juliet2027", 422, "password-weak"),
        ("juliet", "tab\there and there", 422, "password-forbidden"),
        ("juliet", long.as_str(), 422, "password-long"),
    ] {
        let answer = register(&server, &page, username, password).await;
        let values: &[_] = if key == "password-short" { &[("count", "8")] } else { &[] };
        assert_again(&answer, status, username, password, &message(key, values));
    }
    // Both can be corrected at once.
    let answer = register(&server, &page, "taken", "s3cret").await;
    assert_again(&answer, 422, "taken", "s3cret", &message("name-taken-try", &[]));
    assert_says(&answer, &[&message("password-short", &[("count", "8")])]);
    assert_eq!(server.registrar.registered(), []);
    assert_welcome(&register(&server, &page, "juliet", GOOD).await, "juliet@example.com");
}

#[tokio::test]
async fn errors_of_the_xmpp_server_are_explained() {
    let server = TestServer::open().await;
    let page = format!("{}/register", page_of(&server.mint(Draft::default()).await.token));
    let text = || "No \"swearing\" & such.".to_owned();
    let reason = &[("reason", "No \"swearing\" & such.")][..];
    for (error, status, key, values) in [
        (RegistrarError::UsernameTaken, 409, "name-taken-try", &[][..]),
        (RegistrarError::UsernameNotAllowed(text()), 409, "name-refused", &[]),
        (RegistrarError::PasswordNotAllowed(String::new()), 422, "password-refused", &[]),
        (RegistrarError::Refused(text()), 502, "server-says", reason),
        (RegistrarError::TokenRefused, 502, "server-setup", &[]),
        (RegistrarError::NotBridged, 502, "server-setup", &[]),
        (RegistrarError::NotPermitted(text()), 502, "server-setup", &[]),
        (RegistrarError::EncryptionUnavailable, 502, "server-encryption", &[]),
        (RegistrarError::RequiresField("email".to_owned()), 502, "server-field", &[("field", "email")]),
        (RegistrarError::Busy, 503, "busy-heading", &[]),
        (RegistrarError::Unavailable("no route".to_owned()), 503, "server-away-heading", &[]),
        (RegistrarError::Unknown("it broke".to_owned()), 503, "server-unknown-heading", &[]),
    ] {
        server.registrar.answers(error.clone());
        let answer = register(&server, &page, "juliet", GOOD).await;
        assert_again(&answer, status, "juliet", GOOD, &message(key, values));
        assert!(!answer.body.contains("no route") && !answer.body.contains("it broke"), "{error:?}");
        assert_eq!(answer.header("retry-after"), (status == 503).then_some("60"), "{error:?}");
        assert!(answer.body.contains("class=\"alert\""), "{error:?}");
    }
    assert_welcome(&register(&server, &page, "juliet", GOOD).await, "juliet@example.com");
}

#[tokio::test]
async fn a_bound_invite_suggests_no_other_name() {
    let server = TestServer::open().await;
    let bound = server.mint(Draft { username: Some(name("olivia")), ..Draft::default() }).await;
    let page = format!("{}/register", page_of(&bound.token));
    server.registrar.has_account("olivia", "her own password");
    let answer = register(&server, &page, "olivia", GOOD).await;
    assert_again(&answer, 409, "olivia@example.com", GOOD, &message("account-exists-heading", &[]));
    assert_says(&answer, &[&message("account-exists", &[("address", "olivia@example.com")])]);
    server.registrar.answers(RegistrarError::UsernameNotAllowed("No such names.".to_owned()));
    let answer = register(&server, &page, "olivia", GOOD).await;
    let says = message("server-says", &[("reason", "No such names.")]);
    assert_again(&answer, 409, "olivia@example.com", GOOD, &says);
    for key in ["name-taken", "name-taken-try", "name-refused"] {
        assert!(!words(&answer.body).contains(&message(key, &[])), "{key}: {}", answer.body);
    }
}

#[tokio::test]
async fn errors_of_a_reset_are_shown() {
    let server = TestServer::open().await;
    let draft = Draft { kind: Kind::PasswordReset, username: Some(name("ghost")), ..Draft::default() };
    let page = format!("{}/reset", page_of(&server.mint(draft).await.token));
    let answer = send(&server, &page, &[("password", GOOD)]).await;
    assert_eq!(answer.status.as_u16(), 409);
    assert_safe(&answer, "nobody");
    let ghost = message("no-account", &[("address", "ghost@example.com")]);
    assert_says(&answer, &[&message("no-account-heading", &[]), &ghost]);
    server.registrar.has_account("ghost", "the old password");
    let text = || "No such thing.".to_owned();
    let reason = &[("reason", "No such thing.")][..];
    for (error, status, key, values) in [
        (RegistrarError::UsernameTaken, 502, "server-refused-heading", &[][..]),
        (RegistrarError::PasswordNotAllowed(text()), 422, "server-says", reason),
        (RegistrarError::Refused(text()), 502, "server-says", reason),
        (RegistrarError::NotBridged, 502, "server-setup", &[]),
        (RegistrarError::RequiresField("email".to_owned()), 502, "server-field", &[("field", "email")]),
        (RegistrarError::Busy, 503, "busy", &[]),
        (RegistrarError::Unavailable(text()), 503, "server-away-heading", &[]),
        (RegistrarError::Unknown(text()), 503, "server-unknown-heading", &[]),
    ] {
        server.registrar.answers(error.clone());
        let answer = send(&server, &page, &[("password", GOOD)]).await;
        assert_eq!(answer.status.as_u16(), status, "{error:?}");
        assert_safe(&answer, key);
        assert_says(&answer, &[&message(key, values)]);
    }
    assert_eq!(server.registrar.registered(), []);
}

/// A custom form that was copied from an earlier release: it shows only the alert.
#[tokio::test]
async fn a_template_without_field_errors_shows_them_above() {
    let mut templates = Templates::builtin();
    let own = "<!doctype html>{% if faults.any %}{% if faults.heading %}<b>{{ t(faults.heading) }}</b>\
        <p>{{ faults.text }}</p>{% else %}<p>{{ t(\"error-heading\") }}</p>{% endif %}{% endif %}";
    for template in ["register.html", "reset.html"] {
        templates.replace(template, own.to_owned()).unwrap();
    }
    templates.check().unwrap();
    let server = TestServer::of_templates(templates).await;
    let page = format!("{}/register", page_of(&server.mint(Draft::default()).await.token));
    let answer = register(&server, &page, "two words", "s3cret").await;
    assert_eq!(answer.status.as_u16(), 422);
    assert_says(&answer, &[&message("name-invalid-try", &[]), &message("password-short", &[("count", "8")])]);
    server.registrar.has_account("romeo", GOOD);
    assert_shows(&register(&server, &page, "romeo", GOOD).await, &["name-taken-try"]);
    let draft = Draft { kind: Kind::PasswordReset, username: Some(name("ghost")), ..Draft::default() };
    let page = format!("{}/reset", page_of(&server.mint(draft).await.token));
    let short = message("password-short", &[("count", "8")]);
    assert_says(&send(&server, &page, &[("password", "short")]).await, &[&short]);
    assert_shows(&send(&server, &page, &[("password", GOOD)]).await, &["no-account-heading"]);
}

#[tokio::test]
async fn an_invite_that_ends_while_its_form_is_open_has_its_page() {
    let server = TestServer::open().await;
    let revoked = server.mint(Draft::default()).await;
    let edit = InviteChanges::revoke();
    server.invite_service.store().edit_invite(&server.operator, revoked.invite.id, edit).await.unwrap();
    let used = server.mint(Draft::default()).await;
    server.redeem(&used, "romeo").await;
    let expired = server.mint(Draft::default()).await;
    for (minted, heading, wait) in [
        (&revoked, "revoked-heading", Duration::ZERO),
        (&used, "used-heading", Duration::ZERO),
        (&expired, "expired-heading", WEEK),
    ] {
        server.advance(wait);
        let answer = register(&server, &format!("{}/register", page_of(&minted.token)), "juliet", GOOD).await;
        assert_eq!(answer.status.as_u16(), 404, "{heading}");
        assert_shows(&answer, &[heading]);
    }
    assert_eq!(server.registrar.registered(), []);
}

#[tokio::test]
async fn of_concurrent_forms_for_one_use_one_succeeds() {
    let server = TestServer::open().await;
    let page = format!("{}/register", page_of(&server.mint(Draft::default()).await.token));
    let forms = (0..25).map(|number| {
        let (server, page) = (&server, &page);
        async move { register(server, page, &format!("guest{number}"), GOOD).await }
    });
    let mut welcomed = 0;
    for answer in join_all(forms).await {
        match answer.status.as_u16() {
            200 => welcomed += 1,
            404 => assert_shows(&answer, &["used-heading"]),
            503 => assert_shows(&answer, &["busy-heading"]),
            other => panic!("{other}: {}", words(&answer.body)),
        }
    }
    assert_eq!(welcomed, 1);
}

#[tokio::test]
async fn a_cross_site_form_is_refused() {
    let server = TestServer::open().await;
    let page = format!("{}/register", page_of(&server.mint(Draft::default()).await.token));
    let body = format!("username=juliet&password={GOOD}");
    let form = ("content-type", "application/x-www-form-urlencoded");
    for headers in [
        &[form, ("sec-fetch-site", "cross-site")][..],
        &[form, ("sec-fetch-site", "same-site")],
        &[form, ("origin", "https://evil.example")],
        &[("content-type", "application/json"), ("sec-fetch-site", "same-origin")],
        &[("content-type", "text/plain")],
        &[],
    ] {
        let answer = server.send_body("POST", &page, headers, body.clone()).await;
        assert_again(&answer, 403, "", GOOD, &message("form-foreign-heading", &[]));
    }
    let huge = format!("username=juliet&password={}", "x".repeat(20_000));
    assert_eq!(server.send_body("POST", &page, &[form], huge).await.status.as_u16(), 403);
    assert_eq!(server.registrar.registered(), []);
    // A browser without the headers that name the origin, such as a text browser.
    let answer = server.send_body("POST", &page, &[form], body).await;
    assert_eq!(answer.status.as_u16(), 303, "{}", words(&answer.body));
}

#[tokio::test]
async fn missing_form_fields_are_empty_and_unknown_ones_ignored() {
    let server = TestServer::open().await;
    let page = format!("{}/register", page_of(&server.mint(Draft::default()).await.token));
    let answer = send(&server, &page, &[("x", "y"), ("token", "other")]).await;
    assert_again(&answer, 422, "", "", &message("name-empty", &[]));
    assert_shows(&answer, &["password-empty"]);
}
