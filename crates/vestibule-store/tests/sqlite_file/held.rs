//! A write lock that another process holds.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use rusqlite::Connection;
use vestibule_core::{Draft, StoreError};

use crate::suite::test_store::{START, TestClock, TestStore};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_held_write_lock_fails_all_waiting_jobs_at_once_and_shutdown_does_not_wait() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("a.db");
    let database = format!("sqlite:{}", path.display()).parse().unwrap();
    let clock = Arc::new(TestClock(START.as_millis().into()));
    let test = Arc::new(TestStore::node(&database, &clock, false, 0).await);
    let by = test.operator("example.com").await;
    let holder = Connection::open(&path).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let begun = Instant::now();
    let waiting: Vec<_> = (0..50)
        .map(|_| {
            let (test, by) = (Arc::clone(&test), by.clone());
            tokio::spawn(async move { test.invite_service.mint(&by, Draft::default()).await })
        })
        .collect();
    for minting in waiting {
        let minted = minting.await.unwrap();
        assert!(matches!(minted, Err(StoreError::Busy(_))), "{minted:?}");
    }
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    // Reads work, and writes work once the lock is released.
    assert!(test.store.hosts().await.unwrap().len() == 1);
    holder.execute_batch("ROLLBACK").unwrap();
    test.mint(&by, Draft::default()).await;
    // A waiting job does not delay the shutdown.
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let (late, asker) = (Arc::clone(&test), by.clone());
    let minting =
        tokio::spawn(async move { late.invite_service.mint(&asker, Draft::default()).await.map(drop) });
    tokio::task::yield_now().await;
    minting.abort();
    let _ = minting.await;
    let begun = Instant::now();
    drop(test);
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
}
