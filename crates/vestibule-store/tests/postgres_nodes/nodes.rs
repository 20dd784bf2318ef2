//! Several nodes on one database.

use std::{
    sync::{Arc, atomic::AtomicI64},
    time::Duration,
};

use vestibule_core::{
    Action, Draft, EventQuery, Expiry, InviteChanges, InviterLimits, NewKey, Principal, Refusal,
    TokenRefusal, UsernameRefusal,
};

use crate::suite::inviters::{limit, limits, of};
use crate::suite::test_store::{
    SERVER, START, TestClock, TestStore, assert_busy, bound_to, fresh_name, name, postgres_database, refusal,
    via,
};

/// Nodes that share a clock.
async fn nodes(count: u64) -> Vec<Arc<TestStore>> {
    let database = postgres_database();
    let clock = Arc::new(TestClock(AtomicI64::new(START.as_millis())));
    let mut nodes = Vec::new();
    for number in 0..count {
        nodes.push(Arc::new(TestStore::node(&database, &clock, false, number).await));
    }
    nodes
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_key_deleted_on_one_node_stops_working_on_all() {
    let nodes = nodes(3).await;
    let by = nodes[0].operator("example.com").await;
    let key = nodes[0].key(&by, "bridge").await;
    let minted = nodes[1].mint(&key, Draft::default()).await;
    for node in &nodes {
        node.mint(&key, Draft::default()).await;
        node.invite_service.check(&key, minted.token.expose(), None).await.unwrap();
    }
    let Principal::Key(presented) = &key else { panic!("not a key") };
    nodes[2].invite_service.delete_key(&by, presented.id.as_str()).await.unwrap();
    for node in &nodes {
        assert_eq!(refusal(node.invite_service.mint(&key, Draft::default()).await), Refusal::Unauthorized);
        assert_eq!(
            refusal(node.invite_service.mint_batch(&key, Draft::default(), 50, None).await),
            Refusal::Unauthorized
        );
        assert_eq!(refusal(node.claim(&key, &minted, "bob").await), Refusal::Unauthorized);
        let check = node.invite_service.check(&key, minted.token.expose(), None).await;
        assert_eq!(refusal(check), Refusal::Unauthorized);
        let list = node.store.invites(&key, vestibule_core::InviteQuery::default()).await;
        assert_eq!(refusal(list.map(drop)), Refusal::Unauthorized);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn changes_on_one_node_apply_on_all() {
    let nodes = nodes(2).await;
    let by = nodes[0].operator("example.com").await;
    let revoked = nodes[0].mint(&by, Draft::default()).await;
    nodes[1].store.edit_invite(&by, revoked.invite.id, InviteChanges::revoke()).await.unwrap();
    assert_eq!(refusal(nodes[0].claim(&by, &revoked, "bob").await), TokenRefusal::Revoked.into());
    let bound = nodes[0].mint(&by, bound_to("bob")).await;
    let second = nodes[1].invite_service.mint(&by, bound_to("bob")).await;
    assert_eq!(refusal(second), UsernameRefusal::Reserved.into());
    let claim = nodes[1].claim(&by, &bound, "bob").await.unwrap();
    assert_busy(nodes[0].claim(&by, &bound, "bob").await);
    let jid: vestibule_core::BareJid = "bob@example.com".parse().unwrap();
    nodes[0].store.complete(&by, claim.id, jid.clone(), via()).await.unwrap();
    let again = nodes[1].store.complete(&by, claim.id, jid, via()).await.unwrap();
    assert!(!again.over_use);
    assert_eq!(nodes[1].store.reservation(&by, &name("bob")).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_limit_of_a_member_holds_across_nodes() {
    let nodes = nodes(3).await;
    let by = nodes[0].operator("example.com").await;
    let bridge = nodes[0].key(&by, "bridge").await;
    for node in &nodes {
        limit(node, limits(InviterLimits { live: Some(5), ..Default::default() }));
    }
    let tasks = (0..30).map(|number| {
        let (node, bridge) = (Arc::clone(&nodes[number % nodes.len()]), bridge.clone());
        tokio::spawn(async move { node.invite_service.mint(&bridge, of("ann")).await })
    });
    let mut created = 0;
    for task in tasks.collect::<Vec<_>>() {
        match task.await.unwrap() {
            Ok(_) => created += 1,
            answer => assert!(matches!(refusal(answer), Refusal::InviterLimit(_))),
        }
    }
    assert_eq!(created, 5);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_renewal_is_requested_once_across_nodes() {
    let nodes = nodes(3).await;
    let by = nodes[0].operator("example.com").await;
    for round in 1..=10 {
        let brief = Draft { expiry: Expiry::In(Duration::from_secs(1)), ..Draft::default() };
        let token = nodes[0].mint(&by, brief).await.token.lookup_key();
        nodes[0].advance(1_000);
        let asking = (0..12).map(|number| {
            let node = Arc::clone(&nodes[number % 3]);
            tokio::spawn(async move { node.store.request_renewal(token).await.unwrap() })
        });
        let mut recorded = 0;
        for task in asking.collect::<Vec<_>>() {
            recorded += usize::from(task.await.unwrap());
        }
        let events = nodes[1].store.events(&by, EventQuery { after: 0, limit: 1_000 }).await.unwrap().items;
        let requests = events.iter().filter(|event| event.action == Action::InviteRenewalRequested);
        assert_eq!((recorded, requests.count()), (1, round));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_use_and_a_name_are_taken_once_across_nodes() {
    let nodes = nodes(3).await;
    let by = nodes[0].operator("example.com").await;
    for round in 0..30 {
        let minted = Arc::new(nodes[0].mint(&by, Draft::default()).await);
        let contenders = (0..18).map(|contender| {
            let (node, by, minted) = (Arc::clone(&nodes[contender % 3]), by.clone(), Arc::clone(&minted));
            tokio::spawn(async move {
                let bound = node.invite_service.mint(&by, bound_to(&format!("name{round}"))).await.is_ok();
                (node.claim(&by, &minted, &format!("contender{contender}")).await.is_ok(), bound)
            })
        });
        let (mut claimed, mut bound) = (0, 0);
        for contender in contenders.collect::<Vec<_>>() {
            let (claim, name) = contender.await.unwrap();
            claimed += usize::from(claim);
            bound += usize::from(name);
        }
        assert_eq!((claimed, bound), (1, 1));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_rate_is_shared_by_all_nodes() {
    let nodes = nodes(3).await;
    let by = nodes[0].operator("example.com").await;
    let rate = Some("10/min".parse().unwrap());
    let key = nodes[0].key_with(&by, NewKey { rate, ..NewKey::default() }).await;
    let calls = (0..30).map(|call| {
        let (node, key) = (Arc::clone(&nodes[call % 3]), key.clone());
        tokio::spawn(async move { node.invite_service.mint(&key, Draft::default()).await })
    });
    let mut through = 0;
    for call in calls.collect::<Vec<_>>() {
        match call.await.unwrap() {
            Ok(_) => through += 1,
            refused => assert!(matches!(refusal(refused), Refusal::RateLimited { .. })),
        }
    }
    assert_eq!(through, 10);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_reader_of_the_audit_log_misses_no_event() {
    let nodes = nodes(3).await;
    let by = nodes[0].operator("example.com").await;
    let writers = (0..12).map(|writer| {
        let (node, by) = (Arc::clone(&nodes[writer % 3]), by.clone());
        tokio::spawn(async move {
            for _ in 0..40 {
                node.mint(&by, Draft::default()).await;
            }
        })
    });
    let writers: Vec<_> = writers.collect();
    let (mut after, mut seen) = (0, 0);
    while seen < 12 * 40 {
        let page = nodes[0].store.events(&by, EventQuery { after, limit: 50 }).await.unwrap();
        for event in page.items {
            assert_eq!(event.seq, after + 1, "no event is missed");
            after = event.seq;
            seen += 1;
        }
    }
    for writer in writers {
        writer.await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nodes_with_different_clocks_agree_on_lease_expiry() {
    let database_name = fresh_name();
    let database = SERVER.create_database(&database_name).unwrap().parse().unwrap();
    let mut nodes = Vec::new();
    // Five minutes slow, correct, and an hour fast; all of them far from the database's clock.
    for (number, offset) in [(0, -300_000), (1, 0), (2, 3_600_000)] {
        let clock = Arc::new(TestClock(AtomicI64::new(START.as_millis() + offset)));
        nodes.push(TestStore::node(&database, &clock, true, number).await);
    }
    let moments: Vec<_> = nodes.iter().map(|node| node.store.clock().now().as_millis()).collect();
    let spread = moments.iter().max().unwrap() - moments.iter().min().unwrap();
    assert!(spread < 5_000, "{moments:?}");
    let by = nodes[0].operator("example.com").await;
    let minted = nodes[2].mint(&by, Draft::default()).await;
    let claim = nodes[0].claim(&by, &minted, "bob").await.unwrap();
    assert!(claim.expires_at.since(nodes[2].store.clock().now()) > Duration::from_secs(50));
    assert_busy(nodes[1].claim(&by, &minted, "eve").await);
    // The lease ends a minute after the claim by the database's clock, for every node.
    SERVER.sql(&database_name, "UPDATE claims SET lease_until = lease_until - 66000").unwrap();
    assert!(nodes[2].claim(&by, &minted, "eve").await.is_ok());
}
