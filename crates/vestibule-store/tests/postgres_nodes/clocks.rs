//! Clocks that are changed while nodes run.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use vestibule_core::{Draft, StoreError};

use crate::suite::test_store::{SERVER, START, TestClock, TestStore, assert_busy, fresh_name};

const FIVE_MINUTES: i64 = 300_000;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn setting_the_clock_of_a_node_never_grants_a_use_twice() {
    let database = SERVER.create_database(&fresh_name()).unwrap().parse().unwrap();
    let mut nodes = Vec::new();
    for number in 0..2 {
        let clock = Arc::new(TestClock(AtomicI64::new(START.as_millis())));
        nodes.push(TestStore::node(&database, &clock, true, number).await);
    }
    let by = nodes[0].operator("example.com").await;
    for step in [FIVE_MINUTES, -FIVE_MINUTES] {
        for claimer in 0..2 {
            let minted = nodes[0].mint(&by, Draft::default()).await;
            // Before and after the change, the node's claims must be kept, and it must see those of other nodes.
            nodes[1].clock.0.fetch_add(step, Ordering::SeqCst);
            nodes[claimer].claim(&by, &minted, "ann").await.unwrap();
            nodes[1].clock.0.fetch_add(step, Ordering::SeqCst);
            let again = nodes[1 - claimer].claim(&by, &minted, "bob").await;
            assert!(matches!(again, Err(StoreError::Refused(_))), "{step} {claimer}: {again:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn setting_the_clock_of_the_database_never_grants_a_use_twice() {
    let name = fresh_name();
    let url = SERVER.create_database(&name).unwrap();
    // This function is found before PostgreSQL's own.
    let set = |ahead: i64| {
        let clock = format!(
            "CREATE OR REPLACE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS \
             $$ SELECT pg_catalog.clock_timestamp() + interval '{ahead} milliseconds' $$"
        );
        SERVER.sql(&name, &clock).unwrap();
    };
    set(0);
    SERVER.sql(&name, &format!("ALTER DATABASE {name} SET search_path = public, pg_catalog")).unwrap();
    let mut nodes = Vec::new();
    for number in 0..2 {
        let clock = Arc::new(TestClock(AtomicI64::new(START.as_millis())));
        nodes.push(TestStore::node(&url.parse().unwrap(), &clock, true, number).await);
    }
    let by = nodes[0].operator("example.com").await;
    let first = nodes[0].mint(&by, Draft::default()).await;
    nodes[0].claim(&by, &first, "ann").await.unwrap();
    set(-FIVE_MINUTES);
    // Leases last longer, also for the other node.
    assert_busy(nodes[1].claim(&by, &first, "bob").await);
    // A node compares the clocks with every change, and every few seconds.
    nodes[0].mint(&by, Draft::default()).await;
    let second = nodes[1].mint(&by, Draft::default()).await;
    nodes[1].claim(&by, &second, "ann").await.unwrap();
    set(0);
    for node in &nodes {
        let claimed = node.claim(&by, &second, "bob").await;
        assert!(matches!(claimed, Err(StoreError::Unavailable(_))), "{claimed:?}");
        // Other operations work.
        node.mint(&by, Draft::default()).await;
        node.store.probe().await.unwrap();
    }
}
