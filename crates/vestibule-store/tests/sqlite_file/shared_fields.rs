//! The common fields of the invites of a batch are stored once.

use std::{sync::Arc, time::Duration};

use rusqlite::Connection;
use vestibule_core::{
    Draft, Expiry, Invite, InviteChanges, InviteQuery, Policies, Principal, Retention, Setting, Timestamp,
};
use vestibule_store::{CopyProgress, Options, copy_store};

use crate::suite::{
    invites::shared_by_many,
    test_store::{START, TestClock, TestStore},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn shared_fields_of_a_batch_are_stored_once_and_deleted_with_its_last_invite() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.db");
    let database = format!("sqlite:{}", path.display()).parse().unwrap();
    let clock = Arc::new(TestClock(START.as_millis().into()));
    let test = TestStore::node(&database, &clock, false, 0).await;
    let by = test.operator("example.com").await;
    let short = Draft { expiry: Expiry::In(Duration::from_secs(1)), ..shared_by_many() };
    let batch = test.invite_service.mint_batch(&by, short.clone(), 600, None).await.unwrap();
    test.invite_service.mint_batch(&by, short, 700, None).await.unwrap();
    // Without common fields, nothing is shared.
    test.invite_service.mint_batch(&by, Draft::default(), 600, None).await.unwrap();
    let reader = Connection::open(&path).unwrap();
    let count = |sql: &str| reader.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT count(*) FROM shared_fields"), 2);
    let own = "SELECT count(*) FROM invites WHERE coalesce(data, labels, presentation) IS NOT NULL";
    assert_eq!(count(own), 0);
    // Changes of other fields leave the shared ones shared.
    test.store.edit_invite(&by, batch[0].invite.id, InviteChanges::revoke()).await.unwrap();
    assert_eq!(count(own), 0);
    let nothing = InviteChanges { message: Some(None), inviter_name: Some(None), ..InviteChanges::default() };
    test.store.edit_invite(&by, batch[1].invite.id, nothing).await.unwrap();
    assert_eq!(count("SELECT count(*) FROM invites WHERE presentation = '{}'"), 1);
    assert_eq!(count(own), 1);
    test.advance(25 * 3_600_000);
    let never = Timestamp::from_millis(0);
    let keep = Retention {
        invites_over_before: test.invite_service.now(),
        events_before: never,
        failed_claims_before: never,
        members_before: None,
    };
    assert_eq!(test.purge_all(keep).await.0, 1_300);
    assert_eq!(count("SELECT count(*) FROM shared_fields"), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_copy_and_its_way_back_keep_shared_fields() {
    let directory = tempfile::tempdir().unwrap();
    let (here, there) = (directory.path().join("here.db"), directory.path().join("there.db"));
    let database = |path: &std::path::Path| format!("sqlite:{}", path.display()).parse().unwrap();
    let clock = Arc::new(TestClock(START.as_millis().into()));
    let original = {
        let test = TestStore::node(&database(&here), &clock, false, 0).await;
        let by = test.operator("example.com").await;
        test.store.set_setting_if_absent(Setting::SealCheck, "check").await.unwrap();
        let batch = test.invite_service.mint_batch(&by, shared_by_many(), 600, None).await.unwrap();
        let message = InviteChanges { message: Some(None), ..InviteChanges::default() };
        test.store.edit_invite(&by, batch[0].invite.id, message).await.unwrap();
        listed(&test, &by).await
    };
    assert_eq!(original[599].groups, shared_by_many().groups);
    assert_eq!((&original[0].message, &original[599].message), (&shared_by_many().message, &None));
    for (from, to) in [(&here, &there), (&there, &here)] {
        let options = Options::new(clock.clone(), Policies::default());
        copy_store(&database(from), &database(to), options, &mut NoProgress).await.unwrap();
        let test = TestStore::node(&database(to), &clock, false, 0).await;
        let by = test.operator("example.com").await;
        assert_eq!(listed(&test, &by).await, original);
    }
    // The copy back replaces the stored shared fields.
    let reader = Connection::open(&here).unwrap();
    let count = |sql: &str| reader.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT count(*) FROM shared_fields"), 0);
    assert_eq!(count("SELECT count(*) FROM invites WHERE shared_fields IS NOT NULL OR data IS NULL"), 0);
}

async fn listed(test: &TestStore, by: &Principal) -> Vec<Invite> {
    test.store.invites(by, InviteQuery { limit: 1_000, ..InviteQuery::default() }).await.unwrap().items
}

struct NoProgress;

impl CopyProgress for NoProgress {
    fn started(&mut self, _: u64) {}

    fn copied(&mut self, _: &'static str, _: u64) {}
}
