//! Making a database of this version: a handful of everything that an installation stores.

use std::{
    fs,
    sync::{Arc, atomic::AtomicI64},
    time::Duration,
};

use rusqlite::Connection;
use serde_json::{Map, Value, json};
use vestibule_core::{
    Draft, Expiry, IdempotencyKey, InviteChanges, InviterName, Kind, LanguageTag, Message, MintedInvite,
    NewBatch, NewKey, NewToken, PresentedKey, Principal, Randomness, RandomnessError, SealKey, Setting,
    Token,
};

use super::{CONTENTS, POSTGRES, SQLITE, contents::listed, databases};
use crate::suite::test_store::{SERVER, START, TestClock, TestStore, bound_to, fresh_name, name};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "writes the databases of a new version; see tests/databases/README.md"]
async fn write_databases_of_this_version() {
    let folder = databases().join(env!("CARGO_PKG_VERSION"));
    // Fails if the version has databases.
    fs::create_dir(&folder).unwrap();
    let scratch = tempfile::tempdir().unwrap();
    let file = scratch.path().join(SQLITE);
    let in_file = fill(&format!("sqlite:{}", file.display())).await;
    // All content goes into the file itself.
    let connection = Connection::open(&file).unwrap();
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    connection.close().unwrap();
    fs::copy(&file, folder.join(SQLITE)).unwrap();
    let database = fresh_name();
    let on_server = fill(&SERVER.create_database(&database).unwrap()).await;
    assert_eq!(in_file, on_server);
    fs::write(folder.join(POSTGRES), SERVER.dump(&database).unwrap()).unwrap();
    let contents = serde_json::to_string_pretty(&in_file).unwrap();
    fs::write(folder.join(CONTENTS), format!("{contents}\n")).unwrap();
}

/// Fills an empty database; returns what it contains, and the secrets that are not in it.
async fn fill(url: &str) -> Value {
    let clock = Arc::new(TestClock(AtomicI64::new(START.as_millis())));
    let test = TestStore::node(&url.parse().unwrap(), &clock, false, 0).await;
    let by = test.operator("example.com").await;
    let elsewhere = test.operator("example.org").await;
    test.store.set_setting_if_absent(Setting::SealCheck, "check").await.unwrap();
    let (keys, bridge) = make_keys(&test, &by).await;
    test.advance(1_000);

    let mut tokens = Map::new();
    let mut keep = |what: &str, minted: &MintedInvite| {
        tokens.insert(what.to_owned(), minted.token.expose().into());
    };
    keep("plain", &test.mint(&by, Draft::default()).await);
    keep("full", &test.mint(&by, full()).await);
    keep("bound", &test.mint(&by, bound_to("bob")).await);
    keep("elsewhere", &test.mint(&elsewhere, Draft::default()).await);
    let contact = Draft { kind: Kind::Contact, inviter: Some(name("ann")), ..Draft::default() };
    keep("contact", &test.mint(&by, contact).await);
    let reset = Draft { kind: Kind::PasswordReset, username: Some(name("ann")), ..Draft::default() };
    keep("reset", &test.mint(&by, reset).await);
    let revoked = test.mint(&by, Draft::default()).await;
    test.store.edit_invite(&by, revoked.invite.id, InviteChanges::revoke()).await.unwrap();
    keep("revoked", &revoked);

    let unlimited = test.mint(&by, Draft { max_uses: None, ..Draft::default() }).await;
    keep("unlimited", &unlimited);
    for username in ["ann", "eve"] {
        test.redeem(&bridge, &unlimited, username).await;
    }
    let used = test.mint(&by, Draft::default()).await;
    test.redeem(&bridge, &used, "dan").await;
    keep("used", &used);

    // Expired when the database is opened; its grant counts.
    let brief = Draft { expiry: Expiry::In(Duration::from_secs(1)), ..Draft::default() };
    let expired = test.mint(&by, brief).await;
    let admission = test.invite_service.check(&bridge, expired.token.expose(), None).await.unwrap().admission;
    keep("expired", &expired);
    test.advance(1_000);
    assert!(test.store.request_renewal(expired.token.lookup_key()).await.unwrap());

    let claimed = test.mint(&by, Draft::default()).await;
    let claim = test.claim(&bridge, &claimed, "carol").await.unwrap();
    keep("claimed", &claimed);

    let request = IdempotencyKey::new("order-1", b"two").unwrap();
    let repeatable =
        test.invite_service.mint_batch(&bridge, Draft::default(), 2, Some(request)).await.unwrap();
    keep("first of a request", &repeatable[0]);
    keep("second of a request", &repeatable[1]);
    for (number, token) in make_batch(&test, &by).await.iter().enumerate() {
        tokens.insert(format!("batch {number}"), token.expose().into());
    }
    test.store.note_key_uses().await.unwrap();

    let mut contents = listed(&test, &by).await;
    contents["opened_at"] = test.invite_service.now().plus(Duration::from_secs(10)).as_millis().into();
    contents["tokens"] = tokens.into();
    contents["presented_keys"] = keys.into();
    contents["admission"] = admission.into();
    contents["claim"] = claim.id.to_string().into();
    contents
}

/// A key that may do everything, one that it made, and one that was deleted. Returns the first two as they are presented,
/// and the first as a principal.
async fn make_keys(test: &TestStore, by: &Principal) -> (Map<String, Value>, Principal) {
    let bridge =
        NewKey { scopes: "bridge".parse().unwrap(), name: Some("Prosody".to_owned()), ..NewKey::default() };
    let (_, bridge) = test.invite_service.create_key(by, bridge).await.unwrap();
    let principal = Principal::Key(PresentedKey::parse(&bridge.expose()).unwrap());
    let portal = NewKey {
        scopes: "invites:create,invites:read".parse().unwrap(),
        name: Some("Portal".to_owned()),
        expiry: Expiry::In(Duration::from_hours(24)),
        rate: Some("60/min".parse().unwrap()),
    };
    let (_, portal) = test.invite_service.create_key(&principal, portal).await.unwrap();
    let (deleted, _) = test.invite_service.create_key(by, NewKey::default()).await.unwrap();
    test.invite_service.delete_key(by, deleted.id.as_str()).await.unwrap();
    let keys = [("bridge", bridge), ("portal", portal)];
    (keys.map(|(what, key)| (what.to_owned(), key.expose().as_str().into())).into_iter().collect(), principal)
}

fn full() -> Draft {
    Draft {
        kind: Kind::AccountAndContact,
        username: Some(name("fay")),
        inviter_roles: Vec::new(),
        inviter: Some(name("ann")),
        groups: vec!["Class 7b".to_owned(), "Schach ♟".to_owned()],
        roles: vec!["prosody:member".to_owned()],
        max_uses: Some(1),
        expiry: Expiry::In(Duration::from_hours(24 * 365)),
        note: Some("for Fay's \"phone\"\n".to_owned()),
        data: Some(Map::from_iter([("ticket".to_owned(), json!({ "number": [7, null, "ü"] }))])),
        message: Message::parse("Welcome, Fay! 🎉").unwrap(),
        inviter_name: InviterName::parse("Ann Capulet").unwrap(),
        language: LanguageTag::parse("pt-BR").unwrap(),
    }
}

/// A batch whose invites share labels and data. Batches of this size are written like this only by the engines' own
/// means, which are those of large batches.
async fn make_batch(test: &TestStore, by: &Principal) -> Vec<Token> {
    let draft = Draft {
        groups: vec!["choir".to_owned()],
        data: Some(Map::from_iter([("term".to_owned(), json!("spring"))])),
        ..Draft::default()
    };
    let seal = SealKey::new(&[7; 32]);
    let drawn: Vec<_> =
        (1..=3).map(|number| Token::draw(test.invite_service.now(), &Repeat(number)).unwrap()).collect();
    let sealed = |token: &Token| {
        let lookup = token.lookup_key();
        NewToken { id: lookup.id, hash: lookup.hash, sealed_token: seal.seal_token(lookup.id, token) }
    };
    let batch = NewBatch { draft, tokens: drawn.iter().map(sealed).collect() };
    test.store.insert_batch(by, Arc::new(batch), None).await.unwrap();
    drawn
}

/// One byte, repeated.
struct Repeat(u8);

impl Randomness for Repeat {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomnessError> {
        bytes.fill(self.0);
        Ok(())
    }
}
