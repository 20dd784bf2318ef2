//! Rows that this version cannot read.

use std::{sync::Arc, time::Duration};

use rusqlite::Connection;
use vestibule_core::{Action, Draft, EventQuery, Expiry, InviteQuery, Principal, Retention};

use crate::suite::test_store::{START, TestClock, TestStore};

/// One unreadable invite, event, redemption and key stop neither the lists nor the purge. `run` runs SQL.
pub(crate) async fn hides_no_other(test: &TestStore, by: &Principal, run: impl Fn(&str)) {
    let short = Draft { expiry: Expiry::In(Duration::from_secs(1)), ..Draft::default() };
    let shared = Draft { max_uses: None, ..Draft::default() };
    let over = test.mint(by, short).await;
    let many = test.mint(by, shared).await;
    for name in ["ann", "bob"] {
        test.redeem(by, &many, name).await;
    }
    test.key(by, "bridge").await;
    test.key(by, "bridge").await;
    let broken = test.mint(by, Draft::default()).await;
    test.mint(by, Draft::default()).await;
    run(&format!(
        "UPDATE invites SET kind = 'riddle' WHERE created_at = {} AND place = (SELECT max(place) - 1 FROM invites)",
        broken.invite.created_at.as_millis()
    ));
    run("UPDATE events SET action = 'invite.danced' WHERE place = (SELECT min(place) FROM events)");
    run("UPDATE claims SET jid = '@@' WHERE username = 'ann'");
    run("UPDATE keys SET scopes = 'everything' WHERE id = (SELECT min(id) FROM keys)");
    let page = test.store.invites(by, InviteQuery { limit: 10, ..InviteQuery::default() }).await.unwrap();
    assert_eq!(page.items.len(), 3);
    let details = test.store.invite(by, many.invite.id).await.unwrap().unwrap();
    assert_eq!(details.redemptions.items.len(), 1);
    assert_eq!(test.store.keys(by).await.unwrap().len(), 1);
    let mut after = 0;
    let mut seen = 0;
    loop {
        let page = test.store.events(by, EventQuery { after, limit: 2 }).await.unwrap();
        seen += page.items.len();
        match page.next {
            Some(next) => after = next,
            None => break,
        }
    }
    assert_eq!(seen, 9);
    test.advance(200 * 24 * 3_600_000);
    let keep = Retention {
        invites_over_before: over.invite.expires_at.plus(Duration::from_secs(1)),
        failed_claims_before: START,
        events_before: START,
        members_before: None,
    };
    let step = test.store.purge(keep, None).await.unwrap();
    assert_eq!(step.removed, 1);
    let events = test.store.events(by, EventQuery { after, limit: 100 }).await.unwrap().items;
    assert!(events.iter().any(|event| event.action == Action::InvitePurged));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_unreadable_row_does_not_hide_others() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("a.db");
    let database = format!("sqlite:{}", path.display()).parse().unwrap();
    let clock = Arc::new(TestClock(START.as_millis().into()));
    let test = TestStore::node(&database, &clock, false, 0).await;
    let by = test.operator("example.com").await;
    let editor = Connection::open(&path).unwrap();
    hides_no_other(&test, &by, |sql| editor.execute_batch(sql).unwrap()).await;
}
