//! Compares the bridge with the modules that it replaces: the same calls of another module, in a Prosody with its own
//! modules and in one with the bridge. Every difference is in [`MEANT`](cases::MEANT) with its reason.
//!
//! No Debian package has `mod_http_admin_api`, `mod_invites_default_group`, `mod_invites_groups` and
//! `mod_invites_register_api`. `mod_invites_probe`, `mod_witness` and `mod_web_form` inspect, change, read and fire
//! what those do.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};
use vestibule_e2e::http::Client;
use vestibule_e2e::{Prosody, ProsodyBuilder, Version};

use crate::test_server::{PASSWORD, TestServer};
use crate::versions::on_both_versions;

mod cases;
mod shell;

use cases::{MEANT, Meant, cases, step};

on_both_versions!(the_functions_match_prosodys_own, create_account_reset_accepts_the_newer_arguments,);

fn ask(prosody: &Prosody, steps: &Value) -> Value {
    let url = format!("{}/invites_probe", prosody.http_url());
    let answer = Client::new().send("POST", &url, &[], Some(steps.to_string().as_bytes())).unwrap();
    assert_eq!(answer.status, 200, "{steps}: {answer:?}\n{}", prosody.log());
    serde_json::from_slice(&answer.body).expect("JSON")
}

/// Replaces tokens and times by comparable values.
fn comparable(value: &Value) -> Value {
    match value {
        Value::Object(fields) => {
            let mut fields = fields.clone();
            if let (Some(from), Some(to)) = (seconds(&fields, "created_at"), seconds(&fields, "expires")) {
                fields.insert("expires".to_owned(), json!((to - from).round()));
                fields.insert("created_at".to_owned(), json!("a time"));
            }
            if let Some(Value::String(token)) = fields.get("token").cloned() {
                let text = Value::Object(fields.clone()).to_string().replace(&token, "TOKEN");
                fields = serde_json::from_str(&text).expect("JSON");
            }
            Value::Object(fields.into_iter().map(|(name, value)| (name, comparable(&value))).collect())
        }
        Value::Array(items) => {
            // Items of the list of pending invites begin with the token.
            if let [Value::String(token), Value::Object(fields)] = items.as_slice()
                && fields.get("token").and_then(Value::as_str) == Some(token)
            {
                return json!(["TOKEN", comparable(&items[1])]);
            }
            Value::Array(items.iter().map(comparable).collect())
        }
        other => other.clone(),
    }
}

fn seconds(fields: &serde_json::Map<String, Value>, name: &str) -> Option<f64> {
    fields.get(name).and_then(Value::as_f64)
}

/// Collects all leaves by their paths.
fn leaves(value: &Value, path: &str, into: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            fields.iter().for_each(|(name, value)| leaves(value, &format!("{path}/{name}"), into));
        }
        Value::Array(items) if !items.is_empty() => {
            items.iter().enumerate().for_each(|(at, value)| leaves(value, &format!("{path}/{at}"), into));
        }
        leaf => {
            into.insert(path.to_owned(), leaf.clone());
        }
    }
}

/// Returns the entries of [`MEANT`] that explain a difference.
fn reasons(version: Version, case: &str, path: &str) -> Vec<usize> {
    let explains = |one: &Meant| {
        one.version.is_none_or(|only| only == version) && case.contains(one.case) && path.contains(one.path)
    };
    (0..MEANT.len()).filter(|at| explains(&MEANT[*at])).collect()
}

fn with_probe(builder: ProsodyBuilder) -> ProsodyBuilder {
    builder.test_module("invites_probe")
}

/// Starts a stock Prosody and one with the bridge, both with the account romeo.
fn pair(version: Version) -> (Prosody, TestServer) {
    let stock = with_probe(Prosody::builder().version(version).invites()).start().unwrap();
    let test_server = TestServer::with(version, with_probe);
    for prosody in [&stock, &test_server.prosody] {
        for username in ["romeo", "mercutio", "benvolio"] {
            prosody.add_account(username, PASSWORD).unwrap();
        }
    }
    (stock, test_server)
}

fn the_functions_match_prosodys_own(version: Version) {
    let (stock, test_server) = pair(version);
    let (mut differences, mut used) = (Vec::new(), BTreeSet::new());
    for case in cases(version) {
        let [expected, found] = [&stock, &test_server.prosody].map(|prosody| {
            let mut all = BTreeMap::new();
            leaves(&comparable(&ask(prosody, &case.steps)), "", &mut all);
            all
        });
        for path in expected.keys().chain(found.keys()).collect::<BTreeSet<_>>() {
            let (stock, ours) = (expected.get(path), found.get(path));
            let why = reasons(version, case.name, path);
            if stock != ours && why.is_empty() {
                differences.push(format!("{}{path}: stock {stock:?}, bridge {ours:?}", case.name));
            } else if stock != ours {
                used.extend(why);
            }
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    for (at, one) in MEANT.iter().enumerate() {
        let is_ours = one.version.is_none_or(|only| only == version);
        assert!(
            !is_ours || used.contains(&at),
            "no difference any more: {} {}: {}",
            one.case,
            one.path,
            one.why
        );
    }
}

fn create_account_reset_accepts_the_newer_arguments(version: Version) {
    let (_, test_server) = pair(version);
    let made = ask(
        &test_server.prosody,
        &json!([
            step("create_account_reset", json!(["romeo", { "email": "a@b" }, 600]), "a"),
            step("create_account_reset", json!(["mercutio", null, 600]), "b"),
        ]),
    );
    for at in 0..2 {
        let invite = &made[at]["values"][0];
        let life = invite["expires"].as_f64().unwrap_or_default()
            - invite["created_at"].as_f64().unwrap_or_default();
        assert!((life - 600.0).abs() < 3.0, "{made}");
        assert_eq!(invite["additional_data"]["allow_reset"], ["romeo", "mercutio"][at], "{made}");
    }
    assert_eq!(made[0]["values"][0]["additional_data"]["email"], "a@b", "{made}");
}
