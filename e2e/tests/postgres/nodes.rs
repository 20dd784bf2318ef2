//! Several nodes without faults.

use std::thread;

use serde_json::{Value, json};
use vestibule_e2e::http::{Client, token_of};

use crate::common::HOST;
use crate::test_server::{TestServer, claim, node, post};

#[test]
fn a_deleted_key_and_a_new_link_apply_on_all_nodes() {
    let test_server = TestServer::new(3);
    let links: Vec<_> = (0..9).map(|number| test_server.minted(number % 3)).collect();
    for _ in 0..3 {
        test_server.all_open(&links);
    }
    let id = test_server.key.split('/').next().unwrap();
    let output = test_server.nodes[1].cli(&["keys", "delete", HOST, id]).unwrap();
    assert!(output.success(), "{output}");
    for node in 0..3 {
        assert_eq!(test_server.mint(node).status, 403);
    }
    // The command line of any node counts the invites of all.
    let list = test_server.nodes[2].cli(&["invites", "count", HOST]).unwrap();
    assert_eq!(list.text(), "9");
}

#[test]
fn revocations_and_bound_names_apply_on_all_nodes() {
    let test_server = TestServer::new(2);
    let token = token_of(&test_server.minted(0)).to_owned();
    let output = test_server.nodes[1].cli(&["invites", "revoke", HOST, &token]).unwrap();
    assert!(output.success(), "{output}");
    assert_eq!(test_server.post(0, "/v1/redemptions", &claim(&token, "ann")).status, 410);
    let bound = json!({ "username": "bob" });
    assert_eq!(test_server.post(0, "/v1/invites", &bound).status, 201);
    assert_eq!(test_server.post(1, "/v1/invites", &bound).status, 409);
    let open = token_of(&test_server.minted(1)).to_owned();
    assert_eq!(test_server.post(1, "/v1/redemptions", &claim(&open, "bob")).status, 409);
}

#[test]
fn one_of_many_claimers_on_three_nodes_gets_the_use() {
    let test_server = TestServer::new(3);
    let tokens: Vec<_> = (0..40).map(|number| token_of(&test_server.minted(number % 3)).to_owned()).collect();
    let claimers: Vec<_> = (0..12)
        .map(|claimer| {
            let (base, key) = (test_server.nodes[claimer % 3].url(), test_server.key.clone());
            let tokens = tokens.clone();
            thread::spawn(move || {
                let client = Client::new();
                let name = format!("rival{claimer}");
                let win = |token: &String| {
                    let answer = post(&client, &base, &key, "/v1/redemptions", &claim(token, &name));
                    if answer.status != 201 {
                        assert!(matches!(answer.status, 409 | 410), "held or used: {answer:?}");
                        return false;
                    }
                    let granted: Value = serde_json::from_slice(&answer.body).unwrap();
                    let path = format!("/v1/redemptions/{}/complete", granted["claim"].as_str().unwrap());
                    let done = post(&client, &base, &key, &path, &json!({ "jid": format!("{name}@{HOST}") }));
                    assert_eq!(done.status, 200, "{done:?}");
                    true
                };
                tokens.iter().map(win).collect::<Vec<_>>()
            })
        })
        .collect();
    let wins: Vec<Vec<bool>> = claimers.into_iter().map(|claimer| claimer.join().unwrap()).collect();
    for index in 0..tokens.len() {
        assert_eq!(wins.iter().filter(|wins| wins[index]).count(), 1);
    }
}

#[test]
fn nodes_can_start_and_stop_while_others_work() {
    let mut test_server = TestServer::new(2);
    let mut links = Vec::new();
    for number in 2..5 {
        let url = test_server.server.url("invites");
        let next = node(&test_server.directory, &url, number);
        links.push(test_server.minted(0));
        assert!(test_server.nodes[1].terminate().unwrap().success());
        test_server.nodes[1] = next;
        links.push(test_server.minted(1));
    }
    test_server.all_open(&links);
}
