//! A write lock that somebody else holds.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use rusqlite::Connection;
use vestibule_core::{Draft, StoreError};

use crate::suite::bench::{Bench, START, TestClock};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn all_who_wait_for_a_held_lock_are_told_at_once_and_nobody_waits_at_the_end() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("a.db");
    let database = format!("sqlite:{}", path.display()).parse().unwrap();
    let clock = Arc::new(TestClock(START.as_millis().into()));
    let bench = Arc::new(Bench::node(&database, &clock, false, 0).await);
    let by = bench.operator("example.com").await;
    let holder = Connection::open(&path).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let begun = Instant::now();
    let waiting: Vec<_> = (0..50)
        .map(|_| {
            let (bench, by) = (Arc::clone(&bench), by.clone());
            tokio::spawn(async move { bench.invite_service.mint(&by, Draft::default()).await })
        })
        .collect();
    for minting in waiting {
        let minted = minting.await.unwrap();
        assert!(matches!(minted, Err(StoreError::Busy(_))), "{minted:?}");
    }
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    // Reading goes on, and so does writing once the lock is free.
    assert!(bench.store.hosts().await.unwrap().len() == 1);
    holder.execute_batch("ROLLBACK").unwrap();
    bench.mint(&by, Draft::default()).await;
    // Somebody waits while the service ends: it ends all the same.
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let (late, asker) = (Arc::clone(&bench), by.clone());
    let minting =
        tokio::spawn(async move { late.invite_service.mint(&asker, Draft::default()).await.map(drop) });
    tokio::task::yield_now().await;
    minting.abort();
    let _ = minting.await;
    let begun = Instant::now();
    drop(bench);
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
}
