//! Faults while clients create and claim invites.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use private_postgres::{Server, USER};
use serde_json::Value;
use vestibule_e2e::http::{Client, token_of};

use crate::common::{self, HOST};
use crate::disk::SmallDisk;
use crate::proxy::Proxy;
use crate::test_server::{SECONDS, TestServer, assert_refusal, claim};

/// Clients that create invites on every node until they are stopped, and their acknowledged links.
struct Minters {
    stop: Arc<AtomicBool>,
    threads: Vec<thread::JoinHandle<Vec<String>>>,
}

impl Minters {
    fn start(test_server: &TestServer) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let minter = |node: usize| {
            let (base, key, stop) =
                (test_server.nodes[node].url(), test_server.key.clone(), Arc::clone(&stop));
            thread::spawn(move || {
                let client = Client::new();
                let mut links = Vec::new();
                while !stop.load(Ordering::SeqCst) {
                    let answer = client.mint(&base, &key).unwrap();
                    match answer.location() {
                        Some(link) => links.push(link.to_owned()),
                        None => assert_refusal(&answer),
                    }
                }
                links
            })
        };
        Self {
            threads: (0..2 * test_server.nodes.len()).map(|n| minter(n % test_server.nodes.len())).collect(),
            stop,
        }
    }

    fn stop(self) -> Vec<String> {
        self.stop.store(true, Ordering::SeqCst);
        self.threads.into_iter().flat_map(|minter| minter.join().unwrap()).collect()
    }
}

/// Runs `fault`, which causes and repairs a fault, while invites are created. Asserts that everything recovers and no
/// invite is lost.
fn survives(name: &str, mut test_server: TestServer, fault: impl FnOnce(&mut TestServer)) {
    let before = test_server.minted(0);
    let minters = Minters::start(&test_server);
    fault(&mut test_server);
    let mut links = vec![before];
    let took = test_server.recovers(&mut links);
    links.extend(minters.stop());
    test_server.all_open(&links);
    let count = test_server.nodes[0].cli(&["invites", "count", HOST]).unwrap();
    let count: usize = count.text().parse().unwrap();
    assert!(count >= links.len(), "{} acknowledged, {count} there", links.len());
    // The beginning and the end of an outage are logged, not every failed request.
    for node in &test_server.nodes {
        let log = node.stderr();
        let errors = log.lines().filter(|line| line.contains("ERROR")).count();
        assert!(errors <= 40, "{name}: {errors} lines\n{log}");
    }
    eprintln!("{name}: {} acknowledged, {count} stored, works again after {took:?}", links.len());
}

/// Waits until a node is not ready.
fn becomes_unready(test_server: &TestServer, node: usize) {
    common::eventually("/readyz says so", Duration::from_secs(20), || test_server.ready(node) == 503);
    assert_refusal(&test_server.mint(node));
}

#[test]
fn nodes_survive_a_killed_database() {
    survives("killed and started again", TestServer::new(2), |test_server| {
        test_server.server.kill();
        becomes_unready(test_server, 0);
        becomes_unready(test_server, 1);
        test_server.server.resume_service().unwrap();
    });
}

#[test]
fn nodes_survive_cut_connections() {
    survives("connections cut", TestServer::new(2), |test_server| {
        for _ in 0..10 {
            let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                       WHERE application_name = 'vestibule'";
            test_server.server.sql("postgres", cut).unwrap();
            // Some requests succeed in between.
            let mut link = None;
            common::eventually("minting goes on", SECONDS, || {
                link = test_server.mint(0).location().map(str::to_owned);
                link.is_some()
            });
        }
    });
}

#[test]
fn nodes_survive_a_hanging_database() {
    survives("hangs", TestServer::new(2), |test_server| {
        test_server.server.freeze();
        becomes_unready(test_server, 0);
        becomes_unready(test_server, 1);
        test_server.server.thaw();
    });
}

#[test]
fn one_node_without_network_does_not_stop_the_others() {
    let server = Server::start(&[]).unwrap();
    server.create_database("invites").unwrap();
    let proxy = Proxy::to(server.port());
    let url = |port: u16| format!("postgres://{USER}@127.0.0.1:{port}/invites");
    let urls = [url(proxy.port()), url(server.port())];
    survives("network split", TestServer::on(server, &urls), |test_server| {
        proxy.split();
        becomes_unready(test_server, 0);
        // The other node works once the server has released the locks of the first.
        common::eventually("the other node works", SECONDS, || test_server.mint(1).status == 201);
        proxy.heal();
    });
}

#[test]
fn nodes_survive_a_full_disk() {
    let Some(disk) = SmallDisk::mount_of("size=120m") else { return };
    let directory = disk.path().join("server");
    std::fs::create_dir(&directory).unwrap();
    let settings = ["shared_buffers=16MB", "max_wal_size=32MB", "min_wal_size=32MB"];
    let server = Server::start_in(directory, &settings, &[]).unwrap();
    let url = server.create_database("invites").unwrap();
    survives("disk full", TestServer::on(server, &[url.clone(), url]), |test_server| {
        disk.fill();
        common::eventually("somebody notices", Duration::from_mins(1), || test_server.mint(0).status == 503);
        disk.make_room();
        // If it could not write its log, the server has ended.
        if test_server.server.sql("postgres", "SELECT 1").is_err() {
            test_server.server.stop();
            test_server.server.resume_service().unwrap();
        }
    });
}

#[test]
fn acknowledged_claims_survive_a_killed_node() {
    let mut test_server = TestServer::new(2);
    for round in 0..3 {
        let tokens: Vec<_> = (0..60).map(|_| token_of(&test_server.minted(1)).to_owned()).collect();
        let granted = claims_until_killed(&mut test_server, &tokens, round);
        for (token, claim_id) in &granted {
            let answer = test_server.post(1, "/v1/redemptions", &claim(token, "late"));
            assert_eq!(answer.status, 409, "a granted use was granted again: {answer:?}");
            let path = format!("/v1/redemptions/{claim_id}/complete");
            let jid = format!("{}@{HOST}", name_of(token, &tokens));
            let done = test_server.post(1, &path, &serde_json::json!({ "jid": jid }));
            assert_eq!(done.status, 200, "an acknowledged claim was lost: {done:?}");
            let done: Value = serde_json::from_slice(&done.body).unwrap();
            assert_eq!(done["over_use"], false, "{done}");
        }
        eprintln!("killed during claims: {} of {} acknowledged", granted.len(), tokens.len());
        test_server.nodes[0].restart().unwrap();
    }
}

fn name_of(token: &str, tokens: &[String]) -> String {
    format!("user{}", tokens.iter().position(|known| known == token).unwrap())
}

/// Four clients claim on the first node, which is killed meanwhile. Returns the acknowledged claims.
fn claims_until_killed(
    test_server: &mut TestServer,
    tokens: &[String],
    round: usize,
) -> Vec<(String, String)> {
    let (send, acknowledged) = std::sync::mpsc::channel();
    let clients: Vec<_> = (0..4)
        .map(|client| {
            let (base, key, send) = (test_server.nodes[0].url(), test_server.key.clone(), send.clone());
            let all = tokens.to_vec();
            thread::spawn(move || {
                let http = Client::new();
                for token in all.iter().skip(client).step_by(4) {
                    let bearer = format!("Bearer {key}");
                    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
                    let body = claim(token, &name_of(token, &all)).to_string();
                    let path = format!("{base}/v1/redemptions");
                    // No response: the node was killed.
                    let Ok(answer) = http.send("POST", &path, &headers, Some(body.as_bytes())) else {
                        return;
                    };
                    assert_eq!(answer.status, 201, "{answer:?}");
                    let granted: Value = serde_json::from_slice(&answer.body).unwrap();
                    let claim_id = granted["claim"].as_str().unwrap().to_owned();
                    if send.send((token.clone(), claim_id)).is_err() {
                        return;
                    }
                }
            })
        })
        .collect();
    drop(send);
    let mut granted: Vec<_> = acknowledged.iter().take(10 + 8 * round).collect();
    test_server.nodes[0].kill();
    for client in clients {
        client.join().unwrap();
    }
    granted.extend(acknowledged.try_iter());
    granted
}

#[test]
fn a_node_without_its_database_fails_to_start() {
    let place = tempfile::TempDir::new().unwrap();
    let mut wrong =
        vestibule_e2e::vestibule_command(&["serve", "--host", HOST, "--listen", "127.0.0.1:0"]).unwrap();
    wrong.env("VESTIBULE_DATABASE", "postgres://ann:s3cret@127.0.0.1:1/invites");
    wrong.env("VESTIBULE_DATA_DIR", place.path());
    // The log would contain the outage too.
    wrong.env("VESTIBULE_LOG", "off");
    let output = vestibule_e2e::CliOutput::of(wrong).unwrap();
    common::fails(&output, &["postgres://ann@127.0.0.1:1/invites", "refused"]);
    assert!(!output.to_string().contains("s3cret"));
}

#[test]
fn a_form_keeps_what_was_typed_while_the_database_is_away() {
    let mut test_server = TestServer::new(1);
    let path =
        test_server.minted(0).split_once("/invite/").map(|(_, token)| format!("/invite/{token}/register"));
    let url = format!("{}{}", test_server.nodes[0].url(), path.unwrap());
    let send = |body: &str| {
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        Client::new().send("POST", &url, &headers, Some(body.as_bytes())).unwrap()
    };
    test_server.server.kill();
    becomes_unready(&test_server, 0);
    let answer = send("username=gertrud&password=lamp+orchid+47+teapot");
    assert_eq!(answer.status, 503, "{answer:?}");
    assert!(answer.header("retry-after").is_some(), "{answer:?}");
    let page = answer.text();
    assert!(page.contains("name=\"username\" value=\"gertrud\"") && !page.contains("teapot"), "{page}");
    test_server.server.resume_service().unwrap();
    common::eventually("the form is shown again", SECONDS, || {
        // The button sends no password.
        let answer = send("username=gertrud");
        answer.status == 422 && answer.text().contains("value=\"gertrud\"")
    });
}
