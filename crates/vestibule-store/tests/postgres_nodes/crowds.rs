//! A host that is locked, refused or slow does not affect other hosts.

use std::{
    sync::{Arc, atomic::AtomicI64},
    time::{Duration, Instant},
};

use private_postgres::Server;
use tokio::task::{JoinHandle, spawn_blocking};
use vestibule_core::{
    Draft, InviteChanges, InviteQuery, NewKey, PresentedKey, Principal, StoreError, TokenRefusal,
};

use crate::suite::{
    figures::creates,
    test_store::{SERVER, START, TestClock, TestStore, fresh_name, refusal, via},
};

/// The first key of the advisory locks of hosts ("Vest").
const LOCKS: i32 = 0x5665_7374;

async fn node(url: &str) -> Arc<TestStore> {
    let clock = Arc::new(TestClock(AtomicI64::new(START.as_millis())));
    Arc::new(TestStore::node(&url.parse().unwrap(), &clock, false, 0).await)
}

/// Holds the lock of the first host of a database for `seconds`.
fn hold(name: &str, seconds: u32) -> JoinHandle<()> {
    let (name, held) = (name.to_owned(), name.to_owned());
    let holder = spawn_blocking(move || {
        SERVER.sql(&name, &format!("SELECT pg_advisory_lock({LOCKS}, 1), pg_sleep({seconds})")).unwrap();
    });
    let is_held = format!(
        "SELECT count(*) FROM pg_locks AS l JOIN pg_database AS d ON d.oid = l.database \
         WHERE l.locktype = 'advisory' AND l.granted AND d.datname = '{held}' AND l.objid = 1"
    );
    while SERVER.sql(&held, &is_held).unwrap() == "0" {}
    holder
}

/// Starts clients that make every kind of change on the locked host, until they are aborted.
fn crowd(test: &Arc<TestStore>, by: &Principal, invite: vestibule_core::InviteId) -> Vec<JoinHandle<()>> {
    let client = |number: u32| {
        let (test, by) = (Arc::clone(test), by.clone());
        tokio::spawn(async move {
            loop {
                let outcome = if number.is_multiple_of(2) {
                    let note = Some(Some(number.to_string()));
                    test.store
                        .edit_invite(&by, invite, InviteChanges { note, ..InviteChanges::default() })
                        .await
                        .map(drop)
                } else {
                    test.invite_service.mint(&by, Draft::default()).await.map(drop)
                };
                match outcome {
                    Ok(()) | Err(StoreError::Busy(_)) => {}
                    Err(error) => panic!("{error}"),
                }
            }
        })
    };
    (0..48).map(client).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_locked_host_does_not_affect_other_hosts_or_readiness() {
    let name = fresh_name();
    let test = node(&SERVER.create_database(&name).unwrap()).await;
    let held = test.operator("held.example").await;
    let free = test.operator("free.example").await;
    let invite = test.mint(&held, Draft::default()).await.invite.id;
    let holder = hold(&name, 6);
    let crowd = crowd(&test, &held, invite);
    let (mut rounds, mut longest) = (0, Duration::ZERO);
    while !holder.is_finished() {
        let begun = Instant::now();
        test.invite_service.mint(&free, Draft::default()).await.unwrap();
        test.store.invites(&free, InviteQuery { limit: 1, ..InviteQuery::default() }).await.unwrap();
        test.store.probe().await.unwrap();
        longest = longest.max(begun.elapsed());
        rounds += 1;
    }
    assert!(longest < Duration::from_secs(2), "{longest:?} in {rounds} rounds");
    crowd.iter().for_each(JoinHandle::abort);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "takes a while, and prints what it measures"]
async fn figures_of_a_locked_host() {
    let name = fresh_name();
    let test = node(&SERVER.create_database(&name).unwrap()).await;
    let held = test.operator("held.example").await;
    let free = test.operator("free.example").await;
    let invite = test.mint(&held, Draft::default()).await.invite.id;
    for round in 1..=2 {
        let alone = creates(&test, &free).await;
        let holder = hold(&name, 12);
        let crowd = crowd(&test, &held, invite);
        let beside = creates(&test, &free).await;
        let lasted = !holder.is_finished();
        crowd.iter().for_each(JoinHandle::abort);
        holder.await.unwrap();
        println!(
            "postgres: round {round}: creates alone {alone:.0}/s, beside a locked host {beside:.0}/s: {:.2} \
             (held throughout: {lasted})",
            beside / alone
        );
    }
}

/// The rates of as many keys are locked as there are connections. Keys without a rate are not affected.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn locked_rates_do_not_affect_other_hosts() {
    let name = fresh_name();
    let test = node(&SERVER.create_database(&name).unwrap()).await;
    let held = test.operator("held.example").await;
    let free = test.operator("free.example").await;
    let mut keys = Vec::new();
    for _ in 0..12 {
        let rate = Some("6000/min".parse().unwrap());
        let (record, api_key) =
            test.invite_service.create_key(&held, NewKey { rate, ..NewKey::default() }).await.unwrap();
        keys.push((record.id, Principal::Key(PresentedKey::parse(&api_key.expose()).unwrap())));
    }
    let locks: Vec<_> = keys
        .iter()
        .map(|(id, _)| format!("pg_advisory_lock(hashtextextended('vestibule meter {id}', 0))"))
        .collect();
    let (database, sql) = (name.clone(), format!("SELECT {}, pg_sleep(6)", locks.join(", ")));
    let holder = spawn_blocking(move || SERVER.sql(&database, &sql).unwrap());
    let are_held = format!(
        "SELECT count(*) FROM pg_locks AS l JOIN pg_database AS d ON d.oid = l.database \
         WHERE l.locktype = 'advisory' AND l.granted AND d.datname = '{name}'"
    );
    while SERVER.sql(&name, &are_held).unwrap().parse::<usize>().unwrap() < keys.len() {}
    let crowd: Vec<_> = keys
        .into_iter()
        .map(|(_, key)| {
            let test = Arc::clone(&test);
            tokio::spawn(async move {
                let outcome = test.invite_service.mint(&key, Draft::default()).await;
                assert!(matches!(outcome, Err(StoreError::Busy(_))), "{outcome:?}");
            })
        })
        .collect();
    let (invite, mut longest) = (test.mint(&free, Draft::default()).await.invite.id, Duration::ZERO);
    while crowd.iter().any(|client| !client.is_finished()) {
        let begun = Instant::now();
        test.store.edit_invite(&free, invite, InviteChanges::default()).await.unwrap();
        test.mint(&free, Draft::default()).await;
        longest = longest.max(begun.elapsed());
    }
    assert!(longest < Duration::from_secs(2), "{longest:?}");
    for client in crowd {
        client.await.unwrap();
    }
    holder.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn work_waiting_for_a_locked_host_is_refused_as_busy_and_resumes_later() {
    let name = fresh_name();
    let test = node(&SERVER.create_database(&name).unwrap()).await;
    let by = test.operator("held.example").await;
    let holder = hold(&name, 6);
    let begun = Instant::now();
    let outcome = test.invite_service.mint(&by, Draft::default()).await;
    assert!(matches!(outcome, Err(StoreError::Busy(_))), "{outcome:?}");
    assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
    // A lock that is released in time is waited for.
    test.invite_service.mint(&by, Draft::default()).await.unwrap();
    holder.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_refusal_takes_no_lock_and_few_statements() {
    let server = Server::start(&["fsync=off", "log_statement=all"]).unwrap();
    let test = node(&server.create_database("invites").unwrap()).await;
    let by = test.operator("example.com").await;
    let key = test.key(&by, "bridge").await;
    let (used, other) = (test.mint(&key, Draft::default()).await, test.mint(&key, Draft::default()).await);
    test.redeem(&key, &used, "ann").await;
    let claim = async |minted| test.claim(&key, minted, "bob").await;
    assert_eq!(refusal(claim(&used).await), TokenRefusal::Used.into());
    let mut lines = statements(&server);
    let mut count = || {
        let before = std::mem::replace(&mut lines, statements(&server));
        lines[before.len()..].to_vec()
    };
    let granted = claim(&other).await.unwrap();
    let success = count();
    assert_eq!(refusal(claim(&used).await), TokenRefusal::Used.into());
    let refused = count();
    assert!(refused.len() <= 2 * success.len(), "{refused:#?}\n{success:#?}");
    assert!(refused.iter().all(|line| !line.contains("advisory")), "{refused:#?}");
    // Operations on an ended claim are refused without the lock too.
    let jid: vestibule_core::BareJid = "bob@example.com".parse().unwrap();
    test.store.complete(&key, granted.id, jid.clone(), via()).await.unwrap();
    count();
    test.store.complete(&key, granted.id, jid, via()).await.unwrap();
    test.store.release(&key, granted.id).await.unwrap_err();
    let late = count();
    let locks = late.iter().filter(|line| line.contains("pg_advisory_xact_lock")).count();
    assert!(locks <= 2, "one lock for each batch: {late:#?}");
}

/// Returns all statements of the service so far.
fn statements(server: &Server) -> Vec<String> {
    // The log is ordered: all earlier statements are there once the mark is.
    let mark = fresh_name();
    server.sql("postgres", &format!("SELECT '{mark}'")).unwrap();
    let log = loop {
        let log = server.log();
        if log.contains(&mark) {
            break log;
        }
    };
    let sent = |line: &&str| line.contains("LOG:  statement: ") || line.contains("LOG:  execute ");
    let ours = |line: &&str| sent(line) && !line.contains("SELECT 'test");
    log.lines().filter(ours).map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn open_connections_keep_working_when_the_server_is_full() {
    let (name, role) = (fresh_name(), fresh_name());
    let url = SERVER.create_database(&name).unwrap();
    SERVER
        .sql(
            &name,
            &format!("CREATE ROLE {role} LOGIN CONNECTION LIMIT 3; ALTER DATABASE {name} OWNER TO {role}"),
        )
        .unwrap();
    let test = node(&url.replace("//vestibule@", &format!("//{role}@"))).await;
    let mut hosts = Vec::new();
    for number in 0..8 {
        hosts.push(test.operator(&format!("h{number}.example")).await);
    }
    for _ in 0..3 {
        let clients = (0..32).map(|client| {
            let (test, by) = (Arc::clone(&test), hosts[client % 8].clone());
            tokio::spawn(async move {
                let minted = test.mint(&by, Draft::default()).await;
                test.invite_service.find(minted.token.expose()).await.unwrap().unwrap();
                test.store.probe().await
            })
        });
        for client in clients.collect::<Vec<_>>() {
            client.await.unwrap().unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn only_the_rejected_item_of_a_batch_fails() {
    let name = fresh_name();
    let test = node(&SERVER.create_database(&name).unwrap()).await;
    let by = test.operator("example.com").await;
    SERVER.sql(&name, "ALTER TABLE invites ADD CONSTRAINT polite CHECK (note <> 'rude')").unwrap();
    // All of these are in the same batch.
    let holder = hold(&name, 1);
    let minting = (0..200).map(|number| {
        let (test, by) = (Arc::clone(&test), by.clone());
        let note = Some(if number == 77 { "rude" } else { "kind" }.to_owned());
        tokio::spawn(async move { test.invite_service.mint(&by, Draft { note, ..Draft::default() }).await })
    });
    let minting: Vec<_> = minting.collect();
    holder.await.unwrap();
    for (number, minted) in minting.into_iter().enumerate() {
        let minted = minted.await.unwrap();
        assert_eq!(minted.is_ok(), number != 77, "{number}: {minted:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_database_that_cannot_store_invites_is_not_ready() {
    let (name, role) = (fresh_name(), fresh_name());
    let url = SERVER.create_database(&name).unwrap();
    node(&url).await;
    SERVER
        .sql(
            &name,
            &format!(
                "CREATE ROLE {role} LOGIN;
                 GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
                 GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}"
            ),
        )
        .unwrap();
    let test = node(&url.replace("//vestibule@", &format!("//{role}@"))).await;
    let by = test.operator("example.com").await;
    test.store.probe().await.unwrap();
    SERVER.sql(&name, &format!("REVOKE INSERT ON invites FROM {role}")).unwrap();
    test.store.probe().await.unwrap_err();
    SERVER.sql(&name, &format!("GRANT INSERT ON invites TO {role}")).unwrap();
    test.store.probe().await.unwrap();
    // As on a full disk: small rows can be written, large ones cannot.
    let full = "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS \
         $$ BEGIN RAISE 'no space left' USING ERRCODE = '53100'; END $$;
         CREATE TRIGGER full_disk BEFORE INSERT ON invites FOR EACH ROW EXECUTE FUNCTION full_disk()";
    SERVER.sql(&name, full).unwrap();
    test.invite_service.mint(&by, Draft::default()).await.unwrap_err();
    test.store.probe().await.unwrap_err();
    SERVER.sql(&name, "DROP TRIGGER full_disk ON invites").unwrap();
    test.store.probe().await.unwrap();
    test.mint(&by, Draft::default()).await;
    let left = SERVER.sql(&name, "SELECT count(*) FROM invites WHERE host = 0").unwrap();
    assert_eq!(left, "0");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_unreadable_row_does_not_hide_others() {
    let name = fresh_name();
    let test = node(&SERVER.create_database(&name).unwrap()).await;
    let by = test.operator("example.com").await;
    crate::sqlite_file::unreadable::hides_no_other(&test, &by, |sql| {
        SERVER.sql(&name, sql).unwrap();
    })
    .await;
}
