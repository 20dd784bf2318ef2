//! The log and error messages contain no token and no key.

use vestibule_core::{Draft, NewKey};

use super::{
    log,
    test_server::{TestServer, name},
};

#[tokio::test]
async fn no_secret_is_logged_or_repeated_in_an_error() {
    log::listen();
    let server = TestServer::open().await;
    let slow = NewKey { rate: Some("1/h".parse().unwrap()), ..NewKey::default() };
    let (key, slow) = (server.key().await, server.key_with(slow).await);
    let dead = server.mint(Draft { username: Some(name("bob")), ..Draft::default() }).await;
    server.redeem(&dead, "bob").await;
    let mut secrets: Vec<String> = [key.as_str(), slow.as_str()]
        .map(|key| key.split_once('/').unwrap().1.to_owned())
        .into_iter()
        .chain([dead.token.expose().to_owned(), "mistypedsecret".to_owned()])
        .collect();
    let id = key.split_once('/').unwrap().0;

    let mut errors = Vec::new();
    for key in [key.as_str(), slow.as_str(), slow.as_str(), &format!("{id}/mistypedsecret")] {
        let answer = server.get(&format!("/invites_api?redirect=1&key={key}")).await;
        if answer.status.as_u16() == 303 {
            secrets.push(answer.token().to_owned());
            let page = server.get(&format!("/invite/{}", answer.token())).await;
            assert_eq!(page.status.as_u16(), 200);
        } else {
            errors.push(answer);
        }
        errors.push(server.send("HEAD", &format!("/invites_api?key={key}"), &[]).await);
        errors.push(server.get(&format!("/nothing/{key}")).await);
    }
    errors.push(server.get(&format!("/invite/{}", dead.token.expose())).await);
    errors.push(server.get(&format!("/static/{}", dead.token.expose())).await);
    let claim =
        server.invite_service.claim(&server.operator, dead.token.expose(), Some(name("eve")), None).await;
    let refused = format!("{claim:?} {}", claim.as_ref().unwrap_err());
    server.break_randomness(true);
    errors.push(server.mint_with(&key).await);

    assert_eq!(secrets.len(), 6);
    let log = log::heard();
    assert!(log.contains("an invite could not be saved"), "missing in the log: {log}");
    for secret in &secrets {
        assert!(!log.contains(secret), "{secret} is in the log");
        assert!(!refused.contains(secret), "{secret} is in {refused}");
        for error in &errors {
            assert!(!format!("{error:?}").contains(secret), "{secret} is in {error:?}");
        }
    }
}
