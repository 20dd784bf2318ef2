//! Measurements of how one kind of work slows down another: ratios within one run, because rates depend on the
//! machine.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use serde_json::Map;
use tokio::{task::JoinHandle, time::sleep};
use vestibule_core::{Draft, MintedInvite, Principal};

use super::test_store::TestStore;

const CLIENTS: usize = 64;
const SPAN: Duration = Duration::from_secs(4);

/// Returns the creates per second of [`CLIENTS`] clients.
pub(crate) async fn creates(test: &Arc<TestStore>, by: &Principal) -> f64 {
    let (stop, count) = (Arc::<AtomicBool>::default(), Arc::<AtomicU64>::default());
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (test, by) = (Arc::clone(test), by.clone());
            let (stop, count) = (Arc::clone(&stop), Arc::clone(&count));
            tokio::spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    test.mint(&by, Draft::default()).await;
                    count.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    sleep(SPAN).await;
    stop.store(true, Ordering::Relaxed);
    for client in clients {
        client.await.unwrap();
    }
    f64::from(u32::try_from(count.load(Ordering::Relaxed)).unwrap()) / SPAN.as_secs_f64()
}

/// Starts [`CLIENTS`] clients that claim a used invite, until they are aborted.
fn refused(
    test: &Arc<TestStore>,
    by: &Principal,
    used: &Arc<MintedInvite>,
    count: &Arc<AtomicU64>,
) -> Vec<JoinHandle<()>> {
    let client = |number| {
        let (test, by, used) = (Arc::clone(test), by.clone(), Arc::clone(used));
        let count = Arc::clone(count);
        tokio::spawn(async move {
            loop {
                test.claim(&by, &used, &format!("eve{number}")).await.unwrap_err();
                count.fetch_add(1, Ordering::Relaxed);
            }
        })
    };
    (0..CLIENTS).map(client).collect()
}

/// Measures creates beside refused claims on the same host.
pub(crate) async fn refusals(engine: &str, test: TestStore) {
    let test = Arc::new(test);
    let by = test.operator("example.com").await;
    let key = test.key(&by, "bridge").await;
    let used = Arc::new(test.mint(&key, Draft::default()).await);
    test.redeem(&key, &used, "ann").await;
    for round in 1..=2 {
        let alone = creates(&test, &key).await;
        let count = Arc::<AtomicU64>::default();
        let crowd = refused(&test, &key, &used, &count);
        let beside = creates(&test, &key).await;
        crowd.iter().for_each(JoinHandle::abort);
        let refusals = f64::from(u32::try_from(count.load(Ordering::Relaxed)).unwrap()) / SPAN.as_secs_f64();
        println!(
            "{engine}: round {round}: creates alone {alone:.0}/s, beside {refusals:.0} refused claims a second \
             {beside:.0}/s: {:.2}",
            beside / alone
        );
    }
}

/// Returns the current and the peak memory of this process in MiB.
fn memory() -> (f64, f64) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let of = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
    };
    (of("VmRSS:"), of("VmHWM:"))
}

/// Measures a batch of ten thousand invites with large data, and single creates beside it.
pub(crate) async fn batch(engine: &str, test: TestStore) {
    let test = Arc::new(test);
    let by = test.operator("example.com").await;
    test.mint(&by, Draft::default()).await;
    // Reset the peak.
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    let (before, _) = memory();
    let data = Map::from_iter([("a".to_owned(), "x".repeat(16_000).into())]);
    let full = Draft { data: Some(data), ..Draft::default() };
    let (maker, asker) = (Arc::clone(&test), by.clone());
    let begun = Instant::now();
    let minting =
        tokio::spawn(async move { maker.invite_service.mint_many(&asker, full, 10_000, None).await });
    let (mut longest, mut count) = (Duration::ZERO, 0);
    while !minting.is_finished() {
        let begun = Instant::now();
        test.mint(&by, Draft::default()).await;
        longest = longest.max(begun.elapsed());
        count += 1;
    }
    assert_eq!(minting.await.unwrap().unwrap().into_iter().count(), 10_000);
    println!(
        "{engine}: 10,000 invites with 16 KB of data in {:.1?}: {:.0} MiB more peak memory; {count} creates \
         beside it, the longest {longest:.1?}",
        begun.elapsed(),
        memory().1 - before
    );
}
