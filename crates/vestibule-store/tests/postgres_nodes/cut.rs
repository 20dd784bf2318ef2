//! A connection that is lost during a commit.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use private_postgres::{Server, USER};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy},
    net::{TcpListener, TcpStream},
    select,
    sync::Notify,
};
use vestibule_core::{Draft, IdempotencyKey, StoreError};

use crate::suite::test_store::{START, TestClock, TestStore};

/// Forwards bytes. Once armed, it forwards no answers and finally cuts all connections.
struct Proxy {
    address: SocketAddr,
    armed: Arc<AtomicBool>,
    cut: Arc<Notify>,
}

impl Proxy {
    async fn to(port: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (armed, cut) = (Arc::<AtomicBool>::default(), Arc::<Notify>::default());
        let (swallow, end) = (Arc::clone(&armed), Arc::clone(&cut));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
                let (swallow, end) = (Arc::clone(&swallow), Arc::clone(&end));
                tokio::spawn(async move {
                    let (mut from_client, mut to_client) = client.into_split();
                    let (mut from_server, mut to_server) = server.into_split();
                    let answers = async {
                        let mut bytes = vec![0; 1 << 16];
                        while let Ok(count @ 1..) = from_server.read(&mut bytes).await {
                            if !swallow.load(Ordering::SeqCst) {
                                to_client.write_all(&bytes[..count]).await.unwrap();
                            }
                        }
                    };
                    select! {
                        () = answers => {}
                        _ = copy(&mut from_client, &mut to_server) => {}
                        () = end.notified() => {}
                    }
                });
            }
        });
        Self { address, armed, cut }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_commit_cut_off_is_reported_as_unknown() {
    let server = Server::start(&["fsync=off"]).unwrap();
    server.create_database("invites").unwrap();
    let proxy = Proxy::to(server.port()).await;
    let database = format!("postgres://{USER}@{}/invites", proxy.address).parse().unwrap();
    let clock = Arc::new(TestClock(AtomicI64::new(START.as_millis())));
    let test = Arc::new(TestStore::node(&database, &clock, false, 0).await);
    let by = test.operator("example.com").await;
    let count = || server.sql("invites", "SELECT count(*) FROM invites").unwrap().parse::<u64>().unwrap();
    for repeatable in [false, true] {
        let idempotency_key = |key| repeatable.then(|| IdempotencyKey::new(key, b"1").unwrap());
        // The connections are open and their statements prepared.
        test.invite_service.mint_batch(&by, Draft::default(), 1, idempotency_key("warm")).await.unwrap();
        let (before, begun) = (count(), Instant::now());
        proxy.armed.store(true, Ordering::SeqCst);
        let (minter, asker, idempotency_key) = (Arc::clone(&test), by.clone(), idempotency_key("lost"));
        let minting = tokio::spawn(async move {
            minter.invite_service.mint_batch(&asker, Draft::default(), 1, idempotency_key).await
        });
        if !repeatable {
            // The whole transaction is sent at once, and committed.
            while count() == before {
                assert!(begun.elapsed() < Duration::from_secs(30), "{}", server.log());
            }
        }
        proxy.cut.notify_waiters();
        match minting.await.unwrap() {
            Err(StoreError::Unknown(_)) => assert!(!repeatable),
            // The commit was not sent.
            Err(StoreError::Busy(_) | StoreError::Unavailable(_)) => assert!(repeatable),
            other => panic!("{other:?}"),
        }
        proxy.armed.store(false, Ordering::SeqCst);
        while let Err(error) = test.store.probe().await {
            assert!(begun.elapsed() < Duration::from_secs(30), "{error}\n{}", server.log());
        }
        assert_eq!(count() - before, u64::from(!repeatable));
    }
}
