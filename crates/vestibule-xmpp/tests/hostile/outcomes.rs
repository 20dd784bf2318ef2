//! Lost answers to the registration request.

use std::time::Duration;

use vestibule_core::{Registrar, RegistrarError};
use vestibule_xmpp::Limits;

use crate::{
    fixture::{
        LOGIN, LONG_LIMITS, SHORT_LIMITS, error, login_answered, register, register_answered,
        register_within, registrar_for, registration, result, stream_opened, unencrypted, until_register,
        with,
    },
    server::{
        Server,
        Step::{self, Expect, Send, WaitForClose},
    },
};

const CLOSED: &str = "the server closed the connection without an answer";
const SILENT: &str = "the server did not answer in time";
const NOT_AUTHORIZED: &str = "<not-authorized/>";

fn unknown(reason: &str) -> RegistrarError {
    RegistrarError::Unknown(reason.to_owned())
}

/// A refused registration.
fn refused(kind: &str, condition: &str, text: &str) -> Vec<Step> {
    register_answered(error("vestibule-2", kind, condition, text))
}

/// A refused token.
fn token_refused() -> Vec<Step> {
    let answer = error("vestibule-1", "cancel", "forbidden", "");
    with(stream_opened(""), [Expect("</iq>"), Send(answer), Expect("</stream:stream>")])
}

#[tokio::test]
async fn a_lost_request_is_repeated() {
    let (outcome, received) =
        register(vec![until_register(), register_answered(result("vestibule-2"))]).await;
    assert_eq!(outcome, Ok(()));
    assert_eq!(received.len(), 2);
    // An incomplete answer counts as lost.
    let broken = with(until_register(), [Send("<iq type='result' id='vestibule-2'".to_owned())]);
    assert_eq!(register(vec![broken, register_answered(result("vestibule-2"))]).await.0, Ok(()));
    // So does a late one.
    let silent = with(until_register(), [WaitForClose]);
    let scripts = vec![silent, register_answered(result("vestibule-2"))];
    assert_eq!(register_within(SHORT_LIMITS, scripts).await.0, Ok(()));
}

#[tokio::test]
async fn a_created_account_is_detected_by_logging_in() {
    for second in
        [refused("cancel", "conflict", ""), token_refused(), refused("cancel", "forbidden", ""), vec![]]
    {
        let (outcome, received) =
            register(vec![until_register(), second, login_answered("success", "")]).await;
        assert_eq!(outcome, Ok(()));
        assert!(received[2].contains(LOGIN), "{}", received[2]);
        assert!(!received[2].contains("preauth"), "{}", received[2]);
    }
}

#[tokio::test]
async fn a_conclusive_refusal_of_the_second_request_is_reported() {
    let short = "The password is too short";
    for (second, expected) in [
        (refused("cancel", "conflict", ""), RegistrarError::UsernameTaken),
        (refused("modify", "not-acceptable", short), RegistrarError::PasswordNotAllowed(short.to_owned())),
        (refused("cancel", "not-allowed", "No."), RegistrarError::Refused("No.".to_owned())),
    ] {
        let (outcome, _) =
            register(vec![until_register(), second, login_answered("failure", NOT_AUTHORIZED)]).await;
        assert_eq!(outcome, Err(expected));
    }
}

#[tokio::test]
async fn an_undetermined_outcome_is_reported_as_unknown() {
    // The first request may still hold the use of the token.
    let (outcome, _) =
        register(vec![until_register(), token_refused(), login_answered("failure", NOT_AUTHORIZED)]).await;
    assert_eq!(outcome, Err(unknown(CLOSED)));
    let (outcome, _) = register(vec![
        until_register(),
        refused("wait", "service-unavailable", ""),
        login_answered("failure", NOT_AUTHORIZED),
    ])
    .await;
    assert_eq!(outcome, Err(unknown(CLOSED)));
    let (outcome, _) =
        register(vec![until_register(), until_register(), login_answered("failure", NOT_AUTHORIZED)]).await;
    assert_eq!(outcome, Err(unknown(CLOSED)));
    for login in [
        // No login offered, inconclusive logins, and no connection.
        with(stream_opened(""), [Expect("</stream:stream>")]),
        login_answered("failure", "<temporary-auth-failure/>"),
        login_answered("failure", "<account-disabled/>"),
        login_answered("challenge", ""),
        vec![],
    ] {
        let (outcome, _) = register(vec![until_register(), refused("cancel", "conflict", ""), login]).await;
        assert_eq!(outcome, Err(unknown(CLOSED)));
    }
    let (outcome, _) =
        register_within(SHORT_LIMITS, vec![with(until_register(), [WaitForClose]), vec![], vec![]]).await;
    assert_eq!(outcome, Err(unknown(SILENT)));
}

#[tokio::test]
async fn a_stopped_server_leaves_the_outcome_unknown() {
    let server = Server::start(vec![until_register()]).await;
    let registrar = registrar_for(unencrypted(server.address));
    // The server no longer accepts connections.
    assert_eq!(registrar.register(&registration()).await, Err(unknown(CLOSED)));
    server.received().await;
    let outcome = registrar.register(&registration()).await;
    let Err(RegistrarError::Unavailable(reason)) = outcome else { panic!("{outcome:?}") };
    assert!(reason.starts_with("no connection to 127.0.0.1:"), "{reason}");
}

#[tokio::test]
async fn the_total_time_is_bounded() {
    let brief = Limits { total: Duration::from_secs(1), ..LONG_LIMITS };
    let (outcome, _) = register_within(brief, vec![vec![Expect(">"), WaitForClose]]).await;
    assert_eq!(outcome, Err(RegistrarError::Unavailable(SILENT.to_owned())));
    let (outcome, _) = register_within(brief, vec![with(until_register(), [WaitForClose])]).await;
    assert_eq!(outcome, Err(unknown(SILENT)));
}
