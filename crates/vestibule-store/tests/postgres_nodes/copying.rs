//! Copying all data from a file to a server and back.

use std::{
    sync::{Arc, atomic::AtomicI64},
    time::Duration,
};

use private_postgres::USER;
use vestibule_core::{
    Draft, EventQuery, ForeignInvite, IdempotencyKey, ImportMode, InviteChanges, InviteQuery, Kind, NewKey,
    Policies, Principal, Setting, Source, Token,
};
use vestibule_store::{CopyError, CopyProgress, CopyReport, Database, Options, copy_store};

use crate::suite::{
    invites::shared_by_many,
    test_store::{SERVER, START, TestClock, TestStore, bound_to, fresh_name, name, postgres_database},
};

#[derive(Default)]
struct Count {
    expected: u64,
    copied: u64,
}

impl CopyProgress for Count {
    fn started(&mut self, rows: u64) {
        self.expected = rows;
    }

    fn copied(&mut self, _: &'static str, rows: u64) {
        self.copied += rows;
    }
}

async fn node(database: &Database, number: u64) -> TestStore {
    let clock = Arc::new(TestClock(AtomicI64::new(START.as_millis())));
    TestStore::node(database, &clock, false, number).await
}

async fn go(from: &Database, to: &Database) -> Result<Vec<CopyReport>, CopyError> {
    let clock = Arc::new(TestClock(AtomicI64::new(START.as_millis())));
    let mut count = Count::default();
    let moved = copy_store(from, to, Options::new(clock, Policies::default()), &mut count).await?;
    // The settings of the write probe are not copied.
    assert!(count.copied >= count.expected);
    Ok(moved)
}

/// Creates data of every kind.
async fn fill(test: &TestStore) -> (Principal, Principal) {
    test.store.set_setting_if_absent(Setting::SealCheck, "the seal's check").await.unwrap();
    test.store.set_setting(Setting::PublicUrl, "https://example.com").await.unwrap();
    let other = test.operator("a.example").await;
    let by = test.operator("example.com").await;
    let rate = Some("1000/min".parse().unwrap());
    let scopes = "bridge".parse().unwrap();
    let key = test.key_with(&by, NewKey { rate, scopes, ..NewKey::default() }).await;
    test.mint(&other, Draft::default()).await;
    let used = test
        .mint(&key, Draft { max_uses: None, note: Some("für alle".to_owned()), ..Draft::default() })
        .await;
    test.redeem(&key, &used, "ann").await;
    test.claim(&key, &used, "eve").await.unwrap();
    test.mint(&key, bound_to("bob")).await;
    let contact = Draft {
        kind: Kind::AccountAndContact,
        inviter: Some(name("ann")),
        groups: vec!["Chor".to_owned()],
        ..Draft::default()
    };
    let revoked = test.mint(&by, contact).await;
    test.store.edit_invite(&by, revoked.invite.id, InviteChanges::revoke()).await.unwrap();
    let idempotency_key = IdempotencyKey::new("k", b"3").unwrap();
    test.invite_service.mint_batch(&by, shared_by_many(), 3_000, Some(idempotency_key)).await.unwrap();
    test.store.note_key_uses().await.unwrap();
    leave_tombstones(test, &by).await;
    (by, key)
}

/// Deletes a key, and imports an invite that expires here before it expires in the import.
async fn leave_tombstones(test: &TestStore, by: &Principal) {
    let (deleted, _) = test.invite_service.create_key(by, NewKey::default()).await.unwrap();
    test.invite_service.delete_key(by, deleted.id.as_str()).await.unwrap();
    let invite = ForeignInvite {
        token: Token::parse_prosody("0123456789abcdef01234567").unwrap(),
        draft: Draft::default(),
        created_at: START,
        expires_at: START.plus(Duration::from_hours(48)),
        source: Source::import(),
    };
    let id = invite.token.lookup_key().id;
    test.invite_service.import_invites(by, vec![invite], ImportMode::Write, |_| ()).await.unwrap();
    let earlier =
        InviteChanges { expires_at: Some(START.plus(Duration::from_hours(24))), ..InviteChanges::default() };
    test.store.edit_invite(by, id, earlier).await.unwrap();
}

/// Returns all visible data of a host.
async fn all(test: &TestStore, by: &Principal) -> String {
    let invites =
        test.store.invites(by, InviteQuery { limit: 5_000, ..InviteQuery::default() }).await.unwrap();
    let events = test.store.events(by, EventQuery { after: 0, limit: 10_000 }).await.unwrap();
    let keys = test.store.keys(by).await.unwrap();
    let mut redemptions = Vec::new();
    for invite in invites.items.iter().filter(|invite| invite.uses > 0) {
        redemptions.push(test.store.invite(by, invite.id).await.unwrap());
    }
    assert!(invites.items.len() > 3_000 && events.items.len() > 3_000 && redemptions.len() == 1);
    let url = test.store.setting(Setting::PublicUrl).await.unwrap();
    format!("{:?} {:?} {keys:?} {redemptions:?} {url:?}", invites.items, events.items)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_copy_to_a_server_and_back_is_complete() {
    let place = tempfile::tempdir().unwrap();
    let file =
        |name: &str| format!("sqlite:{}", place.path().join(name).display()).parse::<Database>().unwrap();
    let (source, server, back) = (file("source.db"), postgres_database(), file("back.db"));
    let test = node(&source, 0).await;
    let (by, key) = fill(&test).await;
    let expected = all(&test, &by).await;
    drop(test);
    let moved = go(&source, &server).await.unwrap();
    for (table, count) in [("invites", 3_005), ("deleted_keys", 1), ("invite_tombstones", 1)] {
        assert!(moved.contains(&CopyReport { table, count }), "{moved:?}");
    }
    // A second time, as after an interrupted copy.
    assert_eq!(go(&source, &server).await.unwrap(), moved);
    let test = node(&server, 1).await;
    assert_eq!(all(&test, &by).await, expected);
    drop(test);
    assert_eq!(go(&server, &back).await.unwrap(), moved);
    let test = node(&back, 2).await;
    assert_eq!(all(&test, &by).await, expected);
    // The next host and the next invite get unused numbers.
    test.operator("b.example").await;
    test.mint(&key, Draft::default()).await;
    // The source is unchanged, and the copy, changed since, is not overwritten.
    let test = node(&source, 3).await;
    assert_eq!(all(&test, &by).await, expected);
    let refused = go(&source, &back).await.unwrap_err();
    assert!(matches!(refused, CopyError::Taken { .. }), "{refused}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_target_with_other_data_is_not_overwritten() {
    let place = tempfile::tempdir().unwrap();
    let source: Database = format!("sqlite:{}", place.path().join("source.db").display()).parse().unwrap();
    let test = node(&source, 0).await;
    fill(&test).await;
    let server = postgres_database();
    go(&source, &server).await.unwrap();
    // A new host gets its own number there.
    let moved = node(&server, 1).await;
    let by = moved.operator("example.com").await;
    moved.mint(&by, Draft::default()).await;
    moved.operator("c.example").await;
    let refused = go(&source, &server).await.unwrap_err();
    assert!(matches!(refused, CopyError::Taken { .. }), "{refused}");
    let foreign = postgres_database();
    let other = node(&foreign, 2).await;
    other.store.set_setting_if_absent(Setting::SealCheck, "another").await.unwrap();
    let refused = go(&source, &foreign).await.unwrap_err();
    assert!(refused.to_string().contains("its seal key is different"), "{refused}");
    let empty = postgres_database();
    node(&empty, 3).await;
    assert!(matches!(go(&empty, &server).await.unwrap_err(), CopyError::Nothing(_)));
    assert!(matches!(go(&source, &source).await.unwrap_err(), CopyError::Same(_)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_database_is_not_copied_into_itself_under_another_name() {
    let name = fresh_name();
    let socket: Database = SERVER.create_database(&name).unwrap().parse().unwrap();
    let network = format!("postgres://{USER}@127.0.0.1:{}/{name}", SERVER.port()).parse().unwrap();
    let test = node(&socket, 0).await;
    let (by, _) = fill(&test).await;
    let refused = go(&socket, &network).await.unwrap_err();
    assert!(matches!(refused, CopyError::Busy { .. }), "{refused}");
    assert_eq!(test.store.keys(&by).await.unwrap().len(), 1);
    let place = tempfile::tempdir().unwrap();
    let (file, link) = (place.path().join("a.db"), place.path().join("b.db"));
    let named = |path: &std::path::Path| format!("sqlite:{}", path.display()).parse::<Database>().unwrap();
    node(&named(&file), 1).await;
    std::os::unix::fs::symlink(&file, &link).unwrap();
    let refused = go(&named(&file), &named(&link)).await.unwrap_err();
    assert!(matches!(refused, CopyError::Same(_)), "{refused}");
}
