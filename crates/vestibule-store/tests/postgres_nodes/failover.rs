//! A failover to a standby, and the return of the old primary.

use std::sync::{Arc, atomic::AtomicI64};

use private_postgres::{Server, USER};
use vestibule_core::{Draft, MintedInvite, StoreError};

use crate::suite::test_store::{START, TestClock, TestStore};

async fn mint(test: &TestStore, by: &vestibule_core::Principal) -> MintedInvite {
    loop {
        match test.invite_service.mint(by, Draft::default()).await {
            Ok(minted) => return minted,
            Err(StoreError::Busy(_) | StoreError::Unavailable(_) | StoreError::Unknown(_)) => {
                tokio::task::yield_now().await;
            }
            Err(error) => panic!("{error}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_superseded_primary_is_not_used_again() {
    let mut old = Server::start(&["fsync=off"]).unwrap();
    old.create_database("invites").unwrap();
    let spare = private_postgres::free_port().unwrap();
    // The URL names both; the first one is tried first.
    let hosts = format!("127.0.0.1:{},127.0.0.1:{spare}", old.port());
    let database = format!("postgres://{USER}@{hosts}/invites").parse().unwrap();
    let clock = Arc::new(TestClock(AtomicI64::new(START.as_millis())));
    let test = TestStore::node(&database, &clock, false, 0).await;
    let by = test.operator("example.com").await;
    mint(&test, &by).await;
    old.stop();
    let new = old.promoted_copy(spare).unwrap();
    mint(&test, &by).await;
    old.resume_service().unwrap();
    for _ in 0..3 {
        // All connections are replaced while both servers run.
        let cut =
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'vestibule'";
        new.sql("invites", cut).unwrap();
        mint(&test, &by).await;
    }
    // A node that starts now uses the new primary too.
    let later = TestStore::node(&database, &clock, false, 1).await;
    mint(&later, &by).await;
    let count = |server: &Server| server.sql("invites", "SELECT count(*) FROM invites").unwrap();
    assert_eq!((count(&old).as_str(), count(&new).as_str()), ("1", "6"));
}
