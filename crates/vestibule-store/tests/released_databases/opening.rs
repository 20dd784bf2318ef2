//! This version opens the databases of every version, and finds everything in them.

use std::{
    fs,
    path::PathBuf,
    sync::{Arc, atomic::AtomicI64},
};

use serde_json::Value;
use vestibule_core::{
    Draft, Host, IdempotencyKey, ImportMode, ImportOutcome, KeyId, PresentedKey, Principal, Refusal,
    Retention, Setting, State, TokenRefusal, rules,
};

use super::{CONTENTS, POSTGRES, SQLITE, contents::listed, databases};
use crate::suite::test_store::{SERVER, TestClock, TestStore, fresh_name, name, refusal, via};

/// The folders of the versions.
fn versions() -> Vec<PathBuf> {
    let folders = fs::read_dir(databases()).unwrap().map(|entry| entry.unwrap().path());
    folders.filter(|path| path.is_dir()).collect()
}

#[test]
fn this_version_has_databases() {
    let folder = databases().join(env!("CARGO_PKG_VERSION"));
    assert!(folder.is_dir(), "a release adds its databases: see {}/README.md", databases().display());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn files_of_every_version_are_opened() {
    for version in versions() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(SQLITE);
        fs::copy(version.join(SQLITE), &file).unwrap();
        everything_is_found(&format!("sqlite:{}", file.display()), &version).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn dumps_of_every_version_are_opened() {
    for version in versions() {
        let database = fresh_name();
        let url = SERVER.create_database(&database).unwrap();
        SERVER.sql(&database, &fs::read_to_string(version.join(POSTGRES)).unwrap()).unwrap();
        everything_is_found(&url, &version).await;
    }
}

async fn everything_is_found(url: &str, version: &std::path::Path) {
    let contents: Value = serde_json::from_slice(&fs::read(version.join(CONTENTS)).unwrap()).unwrap();
    let opened_at = contents["opened_at"].as_i64().unwrap();
    let clock = Arc::new(TestClock(AtomicI64::new(opened_at)));
    let test = TestStore::node(&url.parse().unwrap(), &clock, false, 1).await;
    let by = test.operator("example.com").await;
    let found = listed(&test, &by).await;
    for list in ["invites", "keys", "events"] {
        assert_eq!(found[list], contents[list], "{list} of {}", version.display());
    }
    assert_eq!(test.store.hosts().await.unwrap().len(), 2);
    assert_eq!(test.store.setting(Setting::SealCheck).await.unwrap().as_deref(), Some("check"));
    tokens_are_unsealed(&test, &contents).await;
    invites_are_redeemed(&test, &contents).await;
    requests_are_repeated(&test, &contents).await;
    names_stay_reserved_and_accounts_known(&test, &by).await;
    deleted_keys_do_not_come_back(&test, &by, &contents).await;
    everything_is_purged(&test).await;
}

fn key(contents: &Value, which: &str) -> Principal {
    Principal::Key(PresentedKey::parse(contents["presented_keys"][which].as_str().unwrap()).unwrap())
}

fn token<'a>(contents: &'a Value, which: &str) -> &'a str {
    contents["tokens"][which].as_str().unwrap()
}

async fn tokens_are_unsealed(test: &TestStore, contents: &Value) {
    let tokens = contents["tokens"].as_object().unwrap();
    assert!(tokens.len() > 10);
    for (what, text) in tokens {
        let found = test.invite_service.find(text.as_str().unwrap()).await.unwrap();
        let (invite, token) = found.unwrap_or_else(|| panic!("{what}"));
        assert_eq!(test.invite_service.unseal_token(&invite).unwrap(), token, "{what}");
        let state = rules::state(&invite, test.invite_service.now());
        let expected = match what.as_str() {
            "revoked" => State::Revoked,
            "used" => State::Used,
            "expired" => State::Expired,
            _ => State::Pending,
        };
        assert_eq!(state, expected, "{what}");
    }
}

async fn invites_are_redeemed(test: &TestStore, contents: &Value) {
    let bridge = key(contents, "bridge");
    let service = &test.invite_service;
    // The claim of before holds its use, and is completed.
    let refused = service.claim(&bridge, token(contents, "claimed"), Some(name("tom")), None).await;
    assert!(matches!(refusal(refused), Refusal::Token(TokenRefusal::Busy { .. })));
    let claim = contents["claim"].as_str().unwrap().parse().unwrap();
    let done =
        test.store.complete(&bridge, claim, "carol@example.com".parse().unwrap(), via()).await.unwrap();
    assert!(!done.over_use);
    // A check that was passed before the invite expired still counts.
    let expired = token(contents, "expired");
    let refused = service.claim(&bridge, expired, Some(name("uma")), None).await;
    assert_eq!(refusal(refused), Refusal::Token(TokenRefusal::Expired));
    service.claim(&bridge, expired, Some(name("uma")), contents["admission"].as_str()).await.unwrap();
    service.claim(&bridge, token(contents, "bound"), Some(name("bob")), None).await.unwrap();
    service.claim(&bridge, token(contents, "batch 2"), Some(name("vic")), None).await.unwrap();
}

async fn requests_are_repeated(test: &TestStore, contents: &Value) {
    let request = IdempotencyKey::new("order-1", b"two").unwrap();
    let bridge = key(contents, "bridge");
    let again = test.invite_service.mint_batch(&bridge, Draft::default(), 2, Some(request)).await.unwrap();
    let tokens: Vec<_> = again.iter().map(|minted| minted.token.expose()).collect();
    assert_eq!(tokens, [token(contents, "first of a request"), token(contents, "second of a request")]);
    let portal = key(contents, "portal");
    test.mint(&portal, Draft::default()).await;
    let refused = test.invite_service.check(&portal, token(contents, "plain"), None).await.map(drop);
    assert!(matches!(refusal(refused), Refusal::Forbidden(_)));
}

async fn names_stay_reserved_and_accounts_known(test: &TestStore, by: &Principal) {
    let host = Host::parse("example.com").unwrap();
    assert!(test.store.reservation(by, &name("fay")).await.unwrap().is_some());
    for (username, known) in [("ann", true), ("dan", true), ("fay", false)] {
        assert_eq!(test.store.account_known(&host, &name(username)).await.unwrap(), known, "{username}");
    }
}

async fn deleted_keys_do_not_come_back(test: &TestStore, by: &Principal, contents: &Value) {
    let events = contents["events"].as_array().unwrap();
    let deleted = events.iter().find(|event| event["action"] == "key.deleted").unwrap();
    let mut key = test.store.keys(by).await.unwrap().remove(0);
    key.id = KeyId::parse(deleted["subject"].as_str().unwrap()).unwrap();
    let outcomes = test.store.import_keys(by, vec![key], ImportMode::Write).await.unwrap();
    assert_eq!(outcomes, [ImportOutcome::DeletedHere]);
}

async fn everything_is_purged(test: &TestStore) {
    test.advance(500 * 24 * 3_600_000);
    let now = test.invite_service.now();
    let keep = Retention {
        invites_over_before: now,
        events_before: now,
        failed_claims_before: now,
        members_before: None,
    };
    let (removed, _) = test.purge_all(keep).await;
    assert!(removed > 10, "{removed}");
}
