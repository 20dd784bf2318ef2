//! The size of the landing page.

use std::time::Duration;

use serde_json::{Value, json};
use vestibule_e2e::{Version, Vestibule, run_script};

use crate::common::{HOST, TestServer as Plain};
use crate::test_server::TestServer;

/// The most bytes, including headers, without compression.
const MOST_BYTES: u64 = 30_000;
const MOST_REQUESTS: usize = 3;

fn measure(origin: &str, paths: &[String]) -> Vec<Value> {
    let args: Vec<&str> = [origin].into_iter().chain(paths.iter().map(String::as_str)).collect();
    let output = run_script("weigh.mjs", &args, Duration::from_mins(3)).unwrap();
    assert!(output.success(), "{output}");
    let weights: Vec<Value> = output.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(weights.len(), paths.len() * 2, "{output}");
    weights
}

fn assert_light(weights: &[Value], most_requests: usize) {
    for weight in weights {
        println!("{weight}");
        let requests = weight["requests"].as_array().unwrap();
        let (html, bytes) = (&requests[0], weight["bytes"].as_u64().unwrap());
        assert!(html.as_str().unwrap().starts_with("/invite/") && requests.len() >= 2, "{weight}");
        assert!(bytes > 5_000, "the page came: {weight}");
        assert!(weight["compressed"].as_u64().unwrap() * 3 < bytes * 2, "{weight}");
        assert!(bytes <= MOST_BYTES && requests.len() <= most_requests, "{weight}");
    }
}

#[test]
fn the_first_page_is_light() {
    let test_server = Plain::of(Vestibule::builder().start().unwrap());
    let url = test_server.server.url();
    let wishes: [&[&str]; 3] = [&[], &["--contact", "romeo"], &["--kind", "contact", "--contact", "romeo"]];
    let minted = wishes.map(|wishes| {
        let link = test_server.done(&[&["invites", "create", HOST], wishes].concat());
        link.strip_prefix(&url).expect("our own link").to_owned()
    });
    assert_light(&measure(&url, &minted), MOST_REQUESTS);
}

#[test]
fn a_logo_costs_one_request_more() {
    let test_server = TestServer::new(Version::V012);
    let paths = [test_server.mint(&json!({})).path()];
    assert_light(&measure(&test_server.vestibule.url(), &paths), MOST_REQUESTS + 1);
}
