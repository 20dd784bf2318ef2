//! What the invites of a batch have in common is on the disk once.

use std::{sync::Arc, time::Duration};

use rusqlite::Connection;
use vestibule_core::{Draft, Expiry, Retention, Timestamp};

use crate::suite::{
    bench::{Bench, START, TestClock},
    invites::shared_by_many,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn labels_and_data_of_a_batch_are_written_once_and_end_with_its_last_invite() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let database = format!("sqlite:{}", path.display()).parse().unwrap();
    let clock = Arc::new(TestClock(START.as_millis().into()));
    let bench = Bench::node(&database, &clock, false, 0).await;
    let by = bench.operator("example.com").await;
    let short = Draft { expiry: Expiry::In(Duration::from_secs(1)), ..shared_by_many() };
    bench.invite_service.mint_batch(&by, short.clone(), 600, None).await.unwrap();
    bench.invite_service.mint_batch(&by, short, 700, None).await.unwrap();
    // Nothing is shared where nothing is common.
    bench.invite_service.mint_batch(&by, Draft::default(), 600, None).await.unwrap();
    let reader = Connection::open(&path).unwrap();
    let count = |sql: &str| reader.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count("SELECT count(*) FROM shared_fields"), 2);
    assert_eq!(count("SELECT count(*) FROM invites WHERE data IS NOT NULL OR labels IS NOT NULL"), 0);
    bench.advance(25 * 3_600_000);
    let never = Timestamp::from_millis(0);
    let keep = Retention {
        invites_over_before: bench.invite_service.now(),
        events_before: never,
        failed_claims_before: never,
    };
    assert_eq!(bench.purge_all(keep).await.0, 1_300);
    assert_eq!(count("SELECT count(*) FROM shared_fields"), 0);
}
