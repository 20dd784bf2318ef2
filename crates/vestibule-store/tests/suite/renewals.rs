//! Requests for the renewal of an invite.

use std::{sync::Arc, time::Duration};

use vestibule_core::{
    Action, Draft, EventQuery, Expiry, InviteChanges, InviteFilter, InviteQuery, MintedInvite, Principal,
    Retention, Source, State, Timestamp, rules,
};

use super::test_store::{TestStore, bound_to};

/// The lifetime of the invites in these tests.
const MINUTE: Duration = Duration::from_mins(1);

const DAY: i64 = 24 * 3_600_000;

fn brief(draft: Draft) -> Draft {
    Draft { expiry: Expiry::In(MINUTE), ..draft }
}

fn expires_in(test: &TestStore, span: Duration) -> InviteChanges {
    InviteChanges { expires_at: Some(test.invite_service.now().plus(span)), ..InviteChanges::default() }
}

impl TestStore {
    async fn asks(&self, minted: &MintedInvite) -> bool {
        self.store.request_renewal(minted.token.lookup_key()).await.unwrap()
    }

    /// The sources of the requests in the audit log.
    async fn requests(&self, by: &Principal) -> Vec<Source> {
        let events = self.store.events(by, EventQuery { after: 0, limit: 1_000 }).await.unwrap().items;
        let requests = events.into_iter().filter(|event| event.action == Action::InviteRenewalRequested);
        requests.map(|event| event.source).collect()
    }

    async fn asking(&self, by: &Principal, given: bool) -> Vec<vestibule_core::InviteId> {
        let filter = InviteFilter { renewal_requested: Some(given), ..InviteFilter::default() };
        // One at a time: the cursor keeps the filter.
        let (mut found, mut before) = (Vec::new(), None);
        loop {
            let query = InviteQuery { filter: filter.clone(), limit: 1, before };
            let page = self.store.invites(by, query).await.unwrap();
            found.extend(page.items.iter().map(|invite| invite.id));
            before = page.next;
            if before.is_none() {
                return found;
            }
        }
    }
}

pub(crate) async fn a_renewal_is_requested_once_a_day(test: TestStore) {
    let by = test.operator("example.com").await;
    let expired = test.mint(&by, brief(Draft::default())).await;
    test.advance(60_000);
    assert!(test.asks(&expired).await);
    let first = test.invite_service.now();
    test.advance(DAY - 1);
    assert!(!test.asks(&expired).await);
    assert_eq!(test.details(&by, expired.invite.id).await.0.renewal_requested_at, Some(first));
    test.advance(1);
    assert!(test.asks(&expired).await);
    assert!(!test.asks(&expired).await);
    assert_eq!(test.requests(&by).await, [Source::page(), Source::page()]);
}

pub(crate) async fn only_an_invite_that_can_be_renewed_is_asked_for(test: TestStore) {
    let by = test.operator("example.com").await;
    let pending = test.mint(&by, Draft::default()).await;
    let used = test.mint(&by, Draft::default()).await;
    test.redeem(&by, &used, "ann").await;
    let bound = test.mint(&by, bound_to("bob")).await;
    test.redeem(&by, &bound, "bob").await;
    let reserved = test.mint(&by, brief(bound_to("eve"))).await;
    let revoked = test.mint(&by, brief(Draft::default())).await;
    test.store.edit_invite(&by, revoked.invite.id, InviteChanges::revoke()).await.unwrap();
    test.advance(60_000);
    for (minted, expected) in
        [(&pending, false), (&used, true), (&bound, false), (&reserved, true), (&revoked, false)]
    {
        let invite = test.details(&by, minted.invite.id).await.0;
        let allowed = rules::renewal(&invite, test.invite_service.now());
        assert_eq!(allowed.is_some(), expected, "{invite:?}");
        assert_eq!(test.asks(minted).await, expected, "{invite:?}");
    }
    // The id alone is no proof.
    let mut lookup = reserved.token.lookup_key();
    lookup.hash = used.token.lookup_key().hash;
    test.advance(DAY);
    assert!(!test.store.request_renewal(lookup).await.unwrap());
    assert_eq!(test.requests(&by).await.len(), 2);
}

pub(crate) async fn a_renewed_or_revoked_invite_answers_the_request(test: TestStore) {
    let by = test.operator("example.com").await;
    let [one, two, three] = [
        test.mint(&by, brief(Draft::default())).await,
        test.mint(&by, brief(Draft::default())).await,
        test.mint(&by, Draft::default()).await,
    ];
    let other = test.operator("example.org").await;
    let elsewhere = test.mint(&other, brief(Draft::default())).await;
    test.redeem(&by, &three, "carol").await;
    test.advance(60_000);
    for minted in [&one, &two, &three, &elsewhere] {
        assert!(test.asks(minted).await);
    }
    let ids = [&one, &two, &three].map(|minted| minted.invite.id);
    assert_eq!(test.asking(&by, true).await, [ids[2], ids[1], ids[0]]);
    assert_eq!(test.asking(&by, false).await, []);
    // A note is no answer.
    let note = InviteChanges { note: Some(Some("asked".to_owned())), ..InviteChanges::default() };
    let noted = test.store.edit_invite(&by, ids[0], note).await.unwrap();
    assert!(noted.renewal_requested_at.is_some());
    let renewed = test.store.edit_invite(&by, ids[0], expires_in(&test, MINUTE)).await.unwrap();
    let revoked = test.store.edit_invite(&by, ids[1], InviteChanges::revoke()).await.unwrap();
    let again = InviteChanges { max_uses: Some(Some(2)), ..InviteChanges::default() };
    let reused = test.store.edit_invite(&by, ids[2], again).await.unwrap();
    for invite in [&renewed, &revoked, &reused] {
        assert_eq!(invite.renewal_requested_at, None);
        assert_eq!(test.details(&by, invite.id).await.0, *invite);
    }
    assert_eq!(test.asking(&by, true).await, []);
    assert_eq!(test.asking(&other, true).await, [elsewhere.invite.id]);
    let events = test.store.events(&by, EventQuery { after: 0, limit: 1_000 }).await.unwrap().items;
    let of = |id: vestibule_core::InviteId| {
        let own = events.iter().filter(move |event| event.subject == id.to_string());
        own.map(|event| event.action).skip(1).collect::<Vec<_>>()
    };
    assert_eq!(of(ids[1]), [Action::InviteRenewalRequested, Action::InviteRevoked]);
    assert_eq!(of(ids[0]), [Action::InviteRenewalRequested, Action::InviteEdited, Action::InviteEdited]);
    // The same token works, and its holder can ask again once it has expired again.
    assert_eq!(rules::state(&renewed, test.invite_service.now()), State::Pending);
    assert!(test.claim(&by, &one, "dan").await.is_ok());
    test.redeem(&by, &three, "frank").await;
    test.advance(60_000);
    assert!(test.asks(&one).await);
}

pub(crate) async fn concurrent_requests_are_recorded_once(test: TestStore) {
    let test = Arc::new(test);
    let by = test.operator("example.com").await;
    for round in 1..=20 {
        let minted = Arc::new(test.mint(&by, brief(Draft::default())).await);
        test.advance(60_000);
        let tasks: Vec<_> = (0..16)
            .map(|_| {
                let (test, minted) = (Arc::clone(&test), Arc::clone(&minted));
                tokio::spawn(async move { test.asks(&minted).await })
            })
            .collect();
        let mut recorded = 0;
        for task in tasks {
            recorded += usize::from(task.await.unwrap());
        }
        assert_eq!((recorded, test.requests(&by).await.len()), (1, round));
    }
}

pub(crate) async fn a_request_keeps_its_invite_from_the_purge(test: TestStore) {
    let by = test.operator("example.com").await;
    let [asked, forgotten] =
        [test.mint(&by, brief(Draft::default())).await, test.mint(&by, brief(Draft::default())).await];
    test.advance(10 * DAY);
    assert!(test.asks(&asked).await);
    test.advance(2 * DAY);
    let now = test.invite_service.now();
    let never = Timestamp::from_millis(0);
    let over_before = |moment| Retention {
        invites_over_before: moment,
        events_before: never,
        failed_claims_before: never,
        members_before: None,
    };
    test.purge_all(over_before(now.minus(Duration::from_hours(72)))).await;
    assert!(test.invite_service.find(asked.token.expose()).await.unwrap().is_some());
    assert!(test.invite_service.find(forgotten.token.expose()).await.unwrap().is_none());
    test.purge_all(over_before(now.minus(Duration::from_hours(47)))).await;
    assert!(test.invite_service.find(asked.token.expose()).await.unwrap().is_none());
    assert!(!test.asks(&asked).await);
}
