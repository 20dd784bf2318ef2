//! One host that is held, refused or slow, and the others beside it.

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
    bench::{Bench, SERVER, START, TestClock, fresh_name, refusal, via},
    figures::creates,
};

/// The space of the advisory locks of hosts ("Vest").
const LOCKS: i32 = 0x5665_7374;

async fn node(url: &str) -> Arc<Bench> {
    let clock = Arc::new(TestClock(AtomicI64::new(START.as_millis())));
    Arc::new(Bench::node(&url.parse().unwrap(), &clock, false, 0).await)
}

/// Holds the lock of the first host of a database for so long, from now on.
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

/// Clients that change things of the host that is held, in every way, until told to stop.
fn crowd(bench: &Arc<Bench>, by: &Principal, invite: vestibule_core::InviteId) -> Vec<JoinHandle<()>> {
    let client = |number: u32| {
        let (bench, by) = (Arc::clone(bench), by.clone());
        tokio::spawn(async move {
            loop {
                let outcome = if number.is_multiple_of(2) {
                    let note = Some(Some(number.to_string()));
                    bench
                        .store
                        .edit_invite(&by, invite, InviteChanges { note, ..InviteChanges::default() })
                        .await
                        .map(drop)
                } else {
                    bench.invite_service.mint(&by, Draft::default()).await.map(drop)
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
async fn a_host_that_is_held_costs_other_hosts_and_readiness_nothing() {
    let name = fresh_name();
    let bench = node(&SERVER.create_database(&name).unwrap()).await;
    let held = bench.operator("held.example").await;
    let free = bench.operator("free.example").await;
    let invite = bench.mint(&held, Draft::default()).await.invite.id;
    let holder = hold(&name, 6);
    let crowd = crowd(&bench, &held, invite);
    let (mut rounds, mut longest) = (0, Duration::ZERO);
    while !holder.is_finished() {
        let begun = Instant::now();
        bench.invite_service.mint(&free, Draft::default()).await.unwrap();
        bench.store.invites(&free, InviteQuery { limit: 1, ..InviteQuery::default() }).await.unwrap();
        bench.store.probe().await.unwrap();
        longest = longest.max(begun.elapsed());
        rounds += 1;
    }
    assert!(longest < Duration::from_secs(2), "{longest:?} in {rounds} rounds");
    crowd.iter().for_each(JoinHandle::abort);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "takes a while, and prints what it measures"]
async fn figures_of_a_held_host() {
    let name = fresh_name();
    let bench = node(&SERVER.create_database(&name).unwrap()).await;
    let held = bench.operator("held.example").await;
    let free = bench.operator("free.example").await;
    let invite = bench.mint(&held, Draft::default()).await.invite.id;
    for round in 1..=2 {
        let alone = creates(&bench, &free).await;
        let holder = hold(&name, 12);
        let crowd = crowd(&bench, &held, invite);
        let beside = creates(&bench, &free).await;
        let lasted = !holder.is_finished();
        crowd.iter().for_each(JoinHandle::abort);
        holder.await.unwrap();
        println!(
            "postgres: round {round}: creates alone {alone:.0}/s, beside a host that is held {beside:.0}/s: {:.2} \
             (held throughout: {lasted})",
            beside / alone
        );
    }
}

/// As many key rates are held as there are connections. Keys without a rate are not affected.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn rates_that_are_held_cost_other_hosts_nothing() {
    let name = fresh_name();
    let bench = node(&SERVER.create_database(&name).unwrap()).await;
    let held = bench.operator("held.example").await;
    let free = bench.operator("free.example").await;
    let mut keys = Vec::new();
    for _ in 0..12 {
        let rate = Some("6000/min".parse().unwrap());
        let (record, text) =
            bench.invite_service.create_key(&held, NewKey { rate, ..NewKey::default() }).await.unwrap();
        keys.push((record.id, Principal::Key(PresentedKey::parse(&text.expose()).unwrap())));
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
            let bench = Arc::clone(&bench);
            tokio::spawn(async move {
                let told = bench.invite_service.mint(&key, Draft::default()).await;
                assert!(matches!(told, Err(StoreError::Busy(_))), "{told:?}");
            })
        })
        .collect();
    let (invite, mut longest) = (bench.mint(&free, Draft::default()).await.invite.id, Duration::ZERO);
    while crowd.iter().any(|client| !client.is_finished()) {
        let begun = Instant::now();
        bench.store.edit_invite(&free, invite, InviteChanges::default()).await.unwrap();
        bench.mint(&free, Draft::default()).await;
        longest = longest.max(begun.elapsed());
    }
    assert!(longest < Duration::from_secs(2), "{longest:?}");
    for client in crowd {
        client.await.unwrap();
    }
    holder.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_waits_for_a_held_host_is_told_so_and_goes_on_after() {
    let name = fresh_name();
    let bench = node(&SERVER.create_database(&name).unwrap()).await;
    let by = bench.operator("held.example").await;
    let holder = hold(&name, 6);
    let begun = Instant::now();
    let told = bench.invite_service.mint(&by, Draft::default()).await;
    assert!(matches!(told, Err(StoreError::Busy(_))), "{told:?}");
    assert!(begun.elapsed() < Duration::from_secs(6), "{:?}", begun.elapsed());
    // One that is let go in time is waited for.
    bench.invite_service.mint(&by, Draft::default()).await.unwrap();
    holder.await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_refusal_takes_no_lock_and_few_statements() {
    let server = Server::start(&["fsync=off", "log_statement=all"]).unwrap();
    let bench = node(&server.create_database("invites").unwrap()).await;
    let by = bench.operator("example.com").await;
    let key = bench.key(&by, "bridge").await;
    let (used, other) = (bench.mint(&key, Draft::default()).await, bench.mint(&key, Draft::default()).await);
    bench.redeem(&key, &used, "ann").await;
    let claim = async |minted| bench.claim(&key, minted, "bob").await;
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
    // What came too late is read without the lock as well.
    let jid: vestibule_core::BareJid = "bob@example.com".parse().unwrap();
    bench.store.complete(&key, granted.id, jid.clone(), via()).await.unwrap();
    count();
    bench.store.complete(&key, granted.id, jid, via()).await.unwrap();
    bench.store.release(&key, granted.id).await.unwrap_err();
    let late = count();
    let locks = late.iter().filter(|line| line.contains("pg_advisory_xact_lock")).count();
    assert!(locks <= 2, "one lock for each batch: {late:#?}");
}

/// All statements of the service so far.
fn statements(server: &Server) -> Vec<String> {
    // The log comes through a pipe, in order: what came before this is there once this is.
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
async fn without_room_for_more_connections_those_that_there_are_go_on() {
    let (name, role) = (fresh_name(), fresh_name());
    let url = SERVER.create_database(&name).unwrap();
    SERVER
        .sql(
            &name,
            &format!("CREATE ROLE {role} LOGIN CONNECTION LIMIT 3; ALTER DATABASE {name} OWNER TO {role}"),
        )
        .unwrap();
    let bench = node(&url.replace("//vestibule@", &format!("//{role}@"))).await;
    let mut hosts = Vec::new();
    for number in 0..8 {
        hosts.push(bench.operator(&format!("h{number}.example")).await);
    }
    for _ in 0..3 {
        let clients = (0..32).map(|client| {
            let (bench, by) = (Arc::clone(&bench), hosts[client % 8].clone());
            tokio::spawn(async move {
                let minted = bench.mint(&by, Draft::default()).await;
                bench.invite_service.find(minted.token.expose()).await.unwrap().unwrap();
                bench.store.probe().await
            })
        });
        for client in clients.collect::<Vec<_>>() {
            client.await.unwrap().unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_a_batch_only_what_the_database_rejects_fails() {
    let name = fresh_name();
    let bench = node(&SERVER.create_database(&name).unwrap()).await;
    let by = bench.operator("example.com").await;
    SERVER.sql(&name, "ALTER TABLE invites ADD CONSTRAINT polite CHECK (note <> 'rude')").unwrap();
    // All of them wait for the same batch.
    let holder = hold(&name, 1);
    let minting = (0..200).map(|number| {
        let (bench, by) = (Arc::clone(&bench), by.clone());
        let note = Some(if number == 77 { "rude" } else { "kind" }.to_owned());
        tokio::spawn(async move { bench.invite_service.mint(&by, Draft { note, ..Draft::default() }).await })
    });
    let minting: Vec<_> = minting.collect();
    holder.await.unwrap();
    for (number, minted) in minting.into_iter().enumerate() {
        let minted = minted.await.unwrap();
        assert_eq!(minted.is_ok(), number != 77, "{number}: {minted:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_database_that_cannot_save_invites_is_not_ready() {
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
    let bench = node(&url.replace("//vestibule@", &format!("//{role}@"))).await;
    let by = bench.operator("example.com").await;
    bench.store.probe().await.unwrap();
    SERVER.sql(&name, &format!("REVOKE INSERT ON invites FROM {role}")).unwrap();
    bench.store.probe().await.unwrap_err();
    SERVER.sql(&name, &format!("GRANT INSERT ON invites TO {role}")).unwrap();
    bench.store.probe().await.unwrap();
    // As on a full disk: small rows go through, what needs room of its own does not.
    let full = "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS \
         $$ BEGIN RAISE 'no space left' USING ERRCODE = '53100'; END $$;
         CREATE TRIGGER full_disk BEFORE INSERT ON invites FOR EACH ROW EXECUTE FUNCTION full_disk()";
    SERVER.sql(&name, full).unwrap();
    bench.invite_service.mint(&by, Draft::default()).await.unwrap_err();
    bench.store.probe().await.unwrap_err();
    SERVER.sql(&name, "DROP TRIGGER full_disk ON invites").unwrap();
    bench.store.probe().await.unwrap();
    bench.mint(&by, Draft::default()).await;
    let left = SERVER.sql(&name, "SELECT count(*) FROM invites WHERE host = 0").unwrap();
    assert_eq!(left, "0");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_row_that_cannot_be_read_hides_no_other() {
    let name = fresh_name();
    let bench = node(&SERVER.create_database(&name).unwrap()).await;
    let by = bench.operator("example.com").await;
    crate::sqlite_file::unreadable::hides_no_other(&bench, &by, |sql| {
        SERVER.sql(&name, sql).unwrap();
    })
    .await;
}
