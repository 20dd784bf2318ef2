//! The request that decides was sent, and no answer came.

use std::time::Duration;

use vestibule_core::{Registrar, RegistrarError};
use vestibule_xmpp::Limits;

use crate::{
    fixture::{
        HASTY, LOGIN, PATIENT, along, answered, asked, error, logged_in, opened, plain, register,
        register_within, registration, result, with,
    },
    server::{
        Server,
        Step::{self, Hear, Hold, Say},
    },
};

const CLOSED: &str = "the server closed the connection without an answer";
const SILENT: &str = "the server did not answer in time";
const FITS_NOT: &str = "<not-authorized/>";

fn unknown(words: &str) -> RegistrarError {
    RegistrarError::Unknown(words.to_owned())
}

/// A registration that is refused like this.
fn refused(kind: &str, condition: &str, text: &str) -> Vec<Step> {
    answered(error("vestibule-2", kind, condition, text))
}

/// A token that is refused.
fn token_refused() -> Vec<Step> {
    let answer = error("vestibule-1", "cancel", "forbidden", "");
    with(opened(""), [Hear("</iq>"), Say(answer), Hear("</stream:stream>")])
}

#[tokio::test]
async fn what_was_not_done_is_done() {
    let (outcome, heard) = register(vec![asked(), answered(result("vestibule-2"))]).await;
    assert_eq!(outcome, Ok(()));
    assert_eq!(heard.len(), 2);
    // An answer that breaks off is none.
    let broken = with(asked(), [Say("<iq type='result' id='vestibule-2'".to_owned())]);
    assert_eq!(register(vec![broken, answered(result("vestibule-2"))]).await.0, Ok(()));
    // Nor is one that comes too late.
    let silent = with(asked(), [Hold]);
    let scripts = vec![silent, answered(result("vestibule-2"))];
    assert_eq!(register_within(HASTY, scripts).await.0, Ok(()));
}

#[tokio::test]
async fn what_was_done_is_found_out() {
    for second in
        [refused("cancel", "conflict", ""), token_refused(), refused("cancel", "forbidden", ""), vec![]]
    {
        let (outcome, heard) = register(vec![asked(), second, logged_in("success", "")]).await;
        assert_eq!(outcome, Ok(()));
        assert!(heard[2].contains(LOGIN), "{}", heard[2]);
        assert!(!heard[2].contains("preauth"), "{}", heard[2]);
    }
}

#[tokio::test]
async fn what_met_both_requests_is_the_answer() {
    let short = "The password is too short";
    for (second, expected) in [
        (refused("cancel", "conflict", ""), RegistrarError::UsernameTaken),
        (refused("modify", "not-acceptable", short), RegistrarError::PasswordNotAllowed(short.to_owned())),
        (refused("cancel", "not-allowed", "No."), RegistrarError::Refused("No.".to_owned())),
    ] {
        let (outcome, _) = register(vec![asked(), second, logged_in("failure", FITS_NOT)]).await;
        assert_eq!(outcome, Err(expected));
    }
}

#[tokio::test]
async fn what_cannot_be_found_out_is_said() {
    // The first request may hold the use of the token at this moment.
    let (outcome, _) = register(vec![asked(), token_refused(), logged_in("failure", FITS_NOT)]).await;
    assert_eq!(outcome, Err(unknown(CLOSED)));
    let (outcome, _) =
        register(vec![asked(), refused("wait", "service-unavailable", ""), logged_in("failure", FITS_NOT)])
            .await;
    assert_eq!(outcome, Err(unknown(CLOSED)));
    let (outcome, _) = register(vec![asked(), asked(), logged_in("failure", FITS_NOT)]).await;
    assert_eq!(outcome, Err(unknown(CLOSED)));
    for login in [
        // No login on this stream; none that tells; and none at all.
        with(opened(""), [Hear("</stream:stream>")]),
        logged_in("failure", "<temporary-auth-failure/>"),
        logged_in("failure", "<account-disabled/>"),
        logged_in("challenge", ""),
        vec![],
    ] {
        let (outcome, _) = register(vec![asked(), refused("cancel", "conflict", ""), login]).await;
        assert_eq!(outcome, Err(unknown(CLOSED)));
    }
    let (outcome, _) = register_within(HASTY, vec![with(asked(), [Hold]), vec![], vec![]]).await;
    assert_eq!(outcome, Err(unknown(SILENT)));
}

#[tokio::test]
async fn a_server_that_is_gone_says_nothing() {
    let server = Server::start(vec![asked()]).await;
    let registrar = along(plain(server.address));
    // The one connection is over, and nobody listens any more.
    assert_eq!(registrar.register(&registration()).await, Err(unknown(CLOSED)));
    server.heard().await;
    let outcome = registrar.register(&registration()).await;
    let Err(RegistrarError::Unavailable(words)) = outcome else { panic!("{outcome:?}") };
    assert!(words.starts_with("no connection to 127.0.0.1:"), "{words}");
}

#[tokio::test]
async fn all_in_all_it_is_bounded() {
    let brief = Limits { total: Duration::from_secs(1), ..PATIENT };
    let (outcome, _) = register_within(brief, vec![vec![Hear(">"), Hold]]).await;
    assert_eq!(outcome, Err(RegistrarError::Unavailable(SILENT.to_owned())));
    let (outcome, _) = register_within(brief, vec![with(asked(), [Hold])]).await;
    assert_eq!(outcome, Err(unknown(SILENT)));
}
