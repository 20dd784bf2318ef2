//! Outages of the database.

use std::{
    sync::{Arc, atomic::AtomicI64},
    time::{Duration, Instant},
};

use private_postgres::Server;
use vestibule_core::{Draft, MintedInvite, StoreError};

use crate::suite::test_store::{START, TestClock, TestStore};

/// The longest time after an outage until all requests succeed.
const SECONDS: Duration = Duration::from_secs(5);

async fn node(server: &Server) -> TestStore {
    let database = server.create_database("invites").unwrap().parse().unwrap();
    let clock = Arc::new(TestClock(AtomicI64::new(START.as_millis())));
    TestStore::node(&database, &clock, false, 0).await
}

/// Repeats a request until it succeeds. Every refusal before must be retryable.
async fn recovers(test: &TestStore, by: &vestibule_core::Principal) -> MintedInvite {
    let begun = Instant::now();
    loop {
        match test.invite_service.mint(by, Draft::default()).await {
            Ok(minted) => return minted,
            Err(StoreError::Busy(_) | StoreError::Unavailable(_) | StoreError::Unknown(_))
                if begun.elapsed() < SECONDS =>
            {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            Err(error) => panic!("after {:?}: {error}", begun.elapsed()),
        }
    }
}

async fn kept(test: &TestStore, minted: &[MintedInvite]) {
    for one in minted {
        assert!(test.invite_service.find(one.token.expose()).await.unwrap().is_some());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_killed_database_is_used_again_after_restart() {
    let mut server = Server::start(&[]).unwrap();
    let test = node(&server).await;
    let by = test.operator("example.com").await;
    let key = test.key(&by, "bridge").await;
    let mut minted = Vec::new();
    for _ in 0..2 {
        for _ in 0..20 {
            minted.push(test.mint(&key, Draft::default()).await);
        }
        server.kill();
        let refused = test.invite_service.mint(&key, Draft::default()).await;
        let lost =
            matches!(refused, Err(StoreError::Busy(_) | StoreError::Unavailable(_) | StoreError::Unknown(_)));
        assert!(lost, "{refused:?}");
        assert!(test.store.probe().await.is_err());
        // No request waits for a database that is known to be unavailable.
        let begun = Instant::now();
        assert!(test.invite_service.find(minted[0].token.expose()).await.is_err());
        assert!(begun.elapsed() < Duration::from_secs(1));
        server.resume_service().unwrap();
        minted.push(recovers(&test, &key).await);
        kept(&test, &minted).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn lost_connections_are_replaced() {
    let server = Server::start(&["fsync=off"]).unwrap();
    let test = Arc::new(node(&server).await);
    let by = test.operator("example.com").await;
    let mut minted = Vec::new();
    for _ in 0..5 {
        let work: Vec<_> = (0..50)
            .map(|_| {
                let (test, by) = (Arc::clone(&test), by.clone());
                tokio::spawn(async move { test.invite_service.mint(&by, Draft::default()).await })
            })
            .collect();
        let cut =
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'vestibule'";
        server.sql("invites", cut).unwrap();
        for one in work {
            match one.await.unwrap() {
                Ok(done) => minted.push(done),
                Err(error) => {
                    assert!(
                        matches!(
                            error,
                            StoreError::Busy(_) | StoreError::Unavailable(_) | StoreError::Unknown(_)
                        ),
                        "{error}"
                    );
                }
            }
        }
        minted.push(recovers(&test, &by).await);
    }
    kept(&test, &minted).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_hanging_database_fails_requests_in_bounded_time() {
    let server = Server::start(&["fsync=off"]).unwrap();
    let test = node(&server).await;
    let by = test.operator("example.com").await;
    let minted = test.mint(&by, Draft::default()).await;
    server.freeze();
    let begun = Instant::now();
    let lost = test.invite_service.mint(&by, Draft::default()).await;
    assert!(matches!(lost, Err(StoreError::Unknown(_))), "{lost:?}");
    assert!(begun.elapsed() < Duration::from_secs(12), "{:?}", begun.elapsed());
    let begun = Instant::now();
    assert!(test.store.probe().await.is_err());
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    server.thaw();
    recovers(&test, &by).await;
    kept(&test, &[minted]).await;
}
