//! Concurrent claims of one invite and repeated requests: no use is granted twice, no invite is created twice, and
//! acknowledged changes survive `kill -9`.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what broke by panicking")]

mod common;

use std::collections::{BTreeSet, HashSet};
use std::sync::Barrier;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use common::{HOST, TestServer};
use serde_json::{Value, json};
use vestibule_e2e::http::{Client, Response, token_of};
use vestibule_e2e::{HarnessError, Vestibule};

const RACES: usize = 150;
const CLAIMERS: usize = 16;
/// The timeout of an acknowledgement.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Starts a server with a fixed public URL, and creates a key with all scopes.
fn test_server() -> TestServer {
    let server = Vestibule::builder().arg("--public-url").arg("https://example.com").start().unwrap();
    let key = server.create_key_with(HOST, &["Bridge", "--scope", "bridge"]).unwrap();
    TestServer { server, key, client: Client::new() }
}

/// A client with the address of the server and a key.
#[derive(Clone)]
struct Caller {
    base: String,
    bearer: String,
    client: Client,
}

impl Caller {
    fn new(test_server: &TestServer) -> Self {
        Self {
            base: test_server.server.url(),
            bearer: format!("Bearer {}", test_server.key),
            client: Client::new(),
        }
    }

    fn post(
        &self,
        path: &str,
        body: &Value,
        idempotency_key: Option<&str>,
    ) -> Result<Response, HarnessError> {
        let mut headers = vec![("authorization", self.bearer.as_str()), ("content-type", "application/json")];
        headers.extend(idempotency_key.map(|idempotency_key| ("idempotency-key", idempotency_key)));
        self.client.send("POST", &format!("{}{path}", self.base), &headers, Some(body.to_string().as_bytes()))
    }

    fn mint(&self, idempotency_key: &str) -> Result<Response, HarnessError> {
        self.post("/v1/invites", &json!({ "note": idempotency_key }), Some(idempotency_key))
    }

    fn claim(&self, token: &str, username: &str) -> Result<Response, HarnessError> {
        self.post("/v1/redemptions", &json!({ "token": token, "username": username }), None)
    }

    fn complete(&self, claim: &str, username: &str) -> Result<Response, HarnessError> {
        let jid = format!("{username}@{HOST}");
        self.post(&format!("/v1/redemptions/{claim}/complete"), &json!({ "jid": jid }), None)
    }
}

fn body(answer: &Response) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or_else(|_| panic!("JSON: {answer:?}"))
}

fn text(value: &Value, field: &str) -> String {
    value[field].as_str().unwrap_or_else(|| panic!("{field} in {value}")).to_owned()
}

/// Creates invites with `uses` uses and returns their tokens.
fn tokens(test_server: &TestServer, uses: usize, count: usize) -> Vec<String> {
    let (uses, count) = (uses.to_string(), count.to_string());
    let links = test_server.done(&["invites", "create", HOST, "--uses", &uses, "--count", &count]);
    links.lines().map(|link| token_of(link).to_owned()).collect()
}

/// All callers claim at once, and complete granted claims while others still claim. Returns their usernames.
fn race(callers: &[Caller], token: &str, number: usize) -> BTreeSet<String> {
    // Nothing before the barrier can fail, so all callers reach it.
    let start = Barrier::new(callers.len());
    let claimer = |caller: &Caller, username: String| {
        start.wait();
        let answer = caller.claim(token, &username).unwrap();
        if answer.status != 201 {
            // Until the winner completes its claim, the other contenders are asked to retry.
            let problem = (answer.status, text(&body(&answer), "type"));
            let is_lost =
                [(409, "urn:vestibule:problem:token-busy"), (410, "urn:vestibule:problem:token-used")]
                    .iter()
                    .any(|(status, uri)| (*status, *uri) == (problem.0, problem.1.as_str()));
            assert!(is_lost, "{answer:?}");
            return None;
        }
        let done = caller.complete(&text(&body(&answer), "claim"), &username).unwrap();
        assert_eq!((done.status, &body(&done)["over_use"]), (200, &json!(false)), "{done:?}");
        Some(username)
    };
    thread::scope(|scope| {
        let claimer = &claimer;
        let start = |(each, caller)| scope.spawn(move || claimer(caller, format!("user{number}-{each}")));
        let claimers: Vec<_> = callers.iter().enumerate().map(start).collect();
        claimers.into_iter().filter_map(|claimer| claimer.join().unwrap()).collect()
    })
}

#[test]
fn no_use_is_granted_twice() {
    let mut test_server = test_server();
    let callers: Vec<Caller> = (0..CLAIMERS).map(|_| Caller::new(&test_server)).collect();
    let mut winners = Vec::new();
    for uses in [1, 3] {
        for token in tokens(&test_server, uses, RACES / 2) {
            let redeemed = race(&callers, &token, winners.len());
            assert_eq!(redeemed.len(), uses, "{redeemed:?} redeemed an invite for {uses}");
            winners.push((token, redeemed));
        }
    }
    test_server.server.kill();
    for (token, redeemed) in &winners {
        let shown = test_server.done(&["invites", "show", HOST, token, "--json"]);
        let invite: Value = serde_json::from_str(&shown).unwrap();
        let redemptions = invite["redemptions"].as_array().unwrap();
        let known: BTreeSet<String> = redemptions.iter().map(|one| text(one, "username")).collect();
        assert_eq!((&known, redemptions.len()), (redeemed, redeemed.len()), "{invite}");
        assert_eq!((&invite["uses"], &invite["state"]), (&invite["max_uses"], &json!("used")), "{invite}");
    }
}

#[test]
fn concurrent_repeats_of_a_request_create_one_invite() {
    const ROUNDS: usize = 20;
    let test_server = test_server();
    let callers: Vec<Caller> = (0..CLAIMERS).map(|_| Caller::new(&test_server)).collect();
    for round in 0..ROUNDS {
        let idempotency_key = format!("request-{round}");
        let start = Barrier::new(callers.len());
        let answers: Vec<Response> = thread::scope(|scope| {
            let repeat = |caller| {
                let (start, idempotency_key) = (&start, idempotency_key.as_str());
                let caller: &Caller = caller;
                scope.spawn(move || {
                    start.wait();
                    caller.mint(idempotency_key).unwrap()
                })
            };
            let repeats: Vec<_> = callers.iter().map(repeat).collect();
            repeats.into_iter().map(|repeat| repeat.join().unwrap()).collect()
        });
        for answer in &answers {
            assert_same(answer, &answers[0]);
        }
    }
    assert_eq!(test_server.invites().len(), ROUNDS);
}

#[test]
fn a_request_repeated_after_a_kill_gets_the_same_answer() {
    const ROUNDS: usize = 5;
    const WRITERS: usize = 8;
    let mut test_server = test_server();
    let mut acknowledged: Vec<(String, Response)> = Vec::new();
    for round in 0..ROUNDS {
        let names: Vec<String> = (0..WRITERS).map(|writer| format!("request-{round}-{writer}")).collect();
        let (send, first) = channel();
        let callers: Vec<_> = names
            .iter()
            .map(|idempotency_key| {
                let (caller, idempotency_key, send) =
                    (Caller::new(&test_server), idempotency_key.clone(), send.clone());
                thread::spawn(move || {
                    let answer = caller.mint(&idempotency_key).ok()?;
                    let _ = send.send(());
                    Some((idempotency_key, answer))
                })
            })
            .collect();
        first.recv_timeout(TIMEOUT).expect("the first acknowledgement");
        test_server.server.kill();
        acknowledged.extend(callers.into_iter().filter_map(|caller| caller.join().unwrap()));
        test_server.server.restart().unwrap();
        // Also those that were interrupted: each is created exactly once.
        for idempotency_key in &names {
            assert_eq!(Caller::new(&test_server).mint(idempotency_key).unwrap().status, 201);
        }
    }
    assert!(acknowledged.len() >= ROUNDS);
    for (idempotency_key, answer) in &acknowledged {
        assert_same(&Caller::new(&test_server).mint(idempotency_key).unwrap(), answer);
    }
    let notes: HashSet<String> = test_server.invites().iter().map(|invite| text(invite, "note")).collect();
    assert_eq!((test_server.invites().len(), notes.len()), (ROUNDS * WRITERS, ROUNDS * WRITERS));
}

/// Asserts that both responses are equal, except their request ID and date.
fn assert_same(answer: &Response, first: &Response) {
    assert_eq!(answer.status, 201, "{answer:?}");
    assert_eq!(answer.text(), first.text());
    assert_eq!(answer.location(), first.location());
}

#[test]
fn an_acknowledged_claim_can_be_completed_after_a_kill() {
    const WRITERS: usize = 8;
    const ENOUGH: usize = 200;
    let mut test_server = test_server();
    let (send, acknowledged) = channel();
    let writers: Vec<_> = tokens(&test_server, 1, WRITERS * ENOUGH)
        .chunks(ENOUGH)
        .map(|share| {
            let (caller, share, send) = (Caller::new(&test_server), share.to_vec(), send.clone());
            thread::spawn(move || {
                for token in share {
                    let username = token.to_lowercase();
                    let Ok(answer) = caller.claim(&token, &username) else { break };
                    assert_eq!(answer.status, 201, "{answer:?}");
                    let _ = send.send((token, username, text(&body(&answer), "claim")));
                }
            })
        })
        .collect();
    drop(send);
    // While all of them claim.
    let mut claims: Vec<_> =
        (0..ENOUGH).map(|_| acknowledged.recv_timeout(TIMEOUT).expect("claiming goes on")).collect();
    test_server.server.kill();
    for writer in writers {
        writer.join().unwrap();
    }
    claims.extend(acknowledged);
    test_server.server.restart().unwrap();
    let caller = Caller::new(&test_server);
    let complete = |caller: &Caller| -> Vec<String> {
        let done = claims.iter().map(|(_, username, claim)| caller.complete(claim, username).unwrap());
        done.map(|done| {
            assert_eq!((done.status, &body(&done)["over_use"]), (200, &json!(false)), "{done:?}");
            done.text()
        })
        .collect()
    };
    let completed = complete(&caller);
    test_server.server.kill();
    test_server.server.restart().unwrap();
    let caller = Caller::new(&test_server);
    assert_eq!(complete(&caller), completed, "repeated after another kill");
    for (token, ..) in claims.iter().take(10) {
        assert_eq!(caller.claim(token, "somebody-else").unwrap().status, 410);
    }
    let used = test_server.done(&["invites", "count", HOST, "--state", "used"]);
    assert_eq!(used, claims.len().to_string());
}
