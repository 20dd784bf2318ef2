//! Probes and challenges of `doctor`.

use serde_json::json;
use vestibule_core::{Draft, Host, KeyId, NewKey, ProbeVerdict, Token, hex};

use super::super::test_server::{HOST, TestServer};

const CHECK: &str = "/v1/redemptions/check";
const BRIDGE: (&str, &str) = ("user-agent", "vestibule-bridge/0.0.9 Prosody/13.0");

#[tokio::test]
async fn a_probe_is_recorded_with_its_key_and_client() {
    let server = TestServer::open().await;
    let bridge = server.key_for("bridge").await;
    let (id, _) = bridge.split_once('/').unwrap();
    let weak = server.key_for("invites:create").await;
    let elsewhere = server.key_elsewhere().await;
    let wrong = format!("{id}/{}", "x".repeat(36));
    let accepted = |host: &str| ProbeVerdict::Accepted(Host::parse(host).unwrap());
    for (key, status, verdict, has_id) in [
        (bridge.as_str(), 404, accepted(HOST), true),
        (&elsewhere, 404, accepted("elsewhere.example"), true),
        (&weak, 403, ProbeVerdict::LacksScope, true),
        (&wrong, 401, ProbeVerdict::Rejected, true),
        ("unknown/unknown", 401, ProbeVerdict::Rejected, true),
        ("no-slash", 401, ProbeVerdict::Rejected, false),
    ] {
        let probe = server.invite_service.draw_probe().unwrap();
        let body = json!({ "token": probe.expose() });
        let answer = server.json_with("POST", CHECK, key, &[BRIDGE], body).await;
        assert_eq!(answer.status.as_u16(), status, "{key}: {}", answer.body);
        assert_eq!(answer.header("vestibule-version"), Some(env!("CARGO_PKG_VERSION")));
        let seen = server.invite_service.seen_probe(&probe).await.unwrap().expect(key);
        assert_eq!(seen.verdict, verdict, "{key}");
        let expected = key.split_once('/').filter(|_| has_id).map(|(id, _)| id);
        assert_eq!(seen.key.as_ref().map(KeyId::as_str), expected);
        assert_eq!(seen.client, BRIDGE.1);
    }
}

#[tokio::test]
async fn tokens_that_are_no_probes_are_not_recorded() {
    let server = TestServer::open().await;
    let key = server.key_with(NewKey { scopes: "bridge".parse().unwrap(), ..NewKey::default() }).await;
    let token = server.mint(Draft::default()).await.token;
    // A probe of another service.
    let stranger = TestServer::without_registrar().await.key().await;
    let unknown = Token::parse("0QXbC3d4E5f6G7h8J9kLmNpQrStU").unwrap();
    for key in [&key, &stranger] {
        for token in [&token, &unknown] {
            let answer = server.json("POST", CHECK, key, json!({ "token": token.expose() })).await;
            assert_eq!(answer.header("vestibule-version"), None, "only the bridge is told");
            assert_eq!(server.invite_service.seen_probe(token).await.unwrap(), None);
        }
    }
}

#[tokio::test]
async fn the_page_of_an_unknown_invite_answers_a_challenge() {
    let server = TestServer::open().await;
    let challenge = [7; 16];
    let text = hex::encode(&challenge);
    let proof = hex::encode(&server.invite_service.prove(challenge));
    let page = "/invite/0QXbC3d4E5f6G7h8J9kLmNpQrStU";
    let answer = server.send("GET", page, &[("vestibule-challenge", &text)]).await;
    assert_eq!((answer.status.as_u16(), answer.header("vestibule-proof")), (404, Some(proof.as_str())));
    for challenge in [&text[1..], "xyz", ""] {
        let answer = server.send("GET", page, &[("vestibule-challenge", challenge)]).await;
        assert_eq!(answer.header("vestibule-proof"), None, "{challenge}");
    }
    assert_eq!(server.get(page).await.header("vestibule-proof"), None);
    for (query, status) in
        [(format!("challenge={text}"), 200), (format!("challenge={text}0"), 400), ("a=1".to_owned(), 400)]
    {
        let answer = server.get(&format!("/.well-known/vestibule?{query}")).await;
        assert_eq!(answer.status.as_u16(), status, "{query}: {}", answer.body);
    }
}
