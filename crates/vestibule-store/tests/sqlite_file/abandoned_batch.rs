//! A batch that was interrupted, such as by SIGKILL.

use std::sync::Arc;

use rusqlite::Connection;
use vestibule_core::{Draft, InviteQuery, Retention, Timestamp};

use crate::suite::test_store::{START, TestClock, TestStore};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_round_of_the_purge_removes_all_of_an_abandoned_batch() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a.db");
    let database = format!("sqlite:{}", path.display()).parse().unwrap();
    let clock = Arc::new(TestClock(START.as_millis().into()));
    let test = TestStore::node(&database, &clock, false, 0).await;
    let by = test.operator("example.com").await;
    test.invite_service.mint_batch(&by, Draft::default(), 1_300, None).await.unwrap();
    let editor = Connection::open(&path).unwrap();
    editor.execute_batch("INSERT INTO batches SELECT min(place), max(place), 1 FROM invites").unwrap();
    let kept = test.mint(&by, Draft::default()).await;
    let never = Timestamp::from_millis(0);
    test.purge_all(Retention {
        invites_over_before: never,
        events_before: never,
        failed_claims_before: never,
        members_before: None,
    })
    .await;
    let rows: i64 = editor.query_row("SELECT count(*) FROM invites", [], |row| row.get(0)).unwrap();
    assert_eq!(rows, 1);
    let page = test.store.invites(&by, InviteQuery { limit: 10, ..InviteQuery::default() }).await.unwrap();
    assert_eq!(page.items, [kept.invite]);
}
