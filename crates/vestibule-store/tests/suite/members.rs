use std::time::Duration;

use vestibule_core::{
    AccountChange, Action, Draft, EventQuery, Kind, MemberQuery, Refusal, Retention, RevokedInvites, Scope,
    State, rules,
};

use super::{
    inviters::of,
    test_store::{START, TestStore, name, refusal},
};

/// The usernames on all pages.
async fn members(test: &TestStore, by: &vestibule_core::Principal, limit: u32) -> Vec<String> {
    let (mut found, mut before) = (Vec::new(), None);
    loop {
        let page = test.store.members(by, MemberQuery { before, limit }).await.unwrap();
        assert!(page.items.len() <= usize::try_from(limit).unwrap());
        found.extend(page.items.into_iter().map(|member| member.username.to_string()));
        before = page.next;
        if before.is_none() {
            return found;
        }
    }
}

pub(crate) async fn members_are_those_who_joined(test: TestStore) {
    let by = test.operator("example.com").await;
    let other = test.operator("example.org").await;
    let group = test.mint(&by, Draft { max_uses: None, ..Draft::default() }).await;
    let elsewhere = test.mint(&other, Draft { max_uses: None, ..Draft::default() }).await;
    for (number, username) in ["ann", "bob", "eve"].into_iter().enumerate() {
        test.advance(1_000);
        test.redeem(&by, &group, username).await;
        test.redeem(&other, &elsewhere, &format!("other{number}")).await;
        // An unfinished claim.
        test.advance(1_000);
        test.claim(&by, &group, &format!("gone{number}")).await.unwrap();
    }
    let from_ann = Draft { kind: Kind::AccountAndContact, inviter: Some(name("ann")), ..Draft::default() };
    let from_ann = test.mint(&by, from_ann).await;
    test.advance(1_000);
    test.redeem(&by, &from_ann, "dan").await;
    // Neither a contact nor a reset makes a member.
    let reset = Draft { kind: Kind::PasswordReset, username: Some(name("bob")), ..Draft::default() };
    let reset = test.mint(&by, reset).await;
    test.redeem(&by, &reset, "bob").await;
    for limit in [1, 2, 100] {
        assert_eq!(members(&test, &by, limit).await, ["dan", "eve", "bob", "ann"], "{limit}");
        assert_eq!(members(&test, &other, limit).await, ["other2", "other1", "other0"], "{limit}");
    }

    let ann = test.store.member(&by, &name("ann")).await.unwrap().unwrap();
    assert_eq!((ann.member.invite, &ann.member.invited_by), (group.invite.id, &None));
    assert_eq!(ann.invited.len(), 1);
    let dan = test.store.member(&by, &name("dan")).await.unwrap().unwrap();
    assert_eq!((&dan.member, &dan.invited), (&ann.invited[0], &vec![]));
    assert_eq!((&dan.member.invited_by, dan.member.invite), (&Some(name("ann")), from_ann.invite.id));
    assert_eq!(dan.member.joined_at, test.store.clock().now());
    for stranger in ["gone1", "other1", "nobody"] {
        assert!(test.store.member(&by, &name(stranger)).await.unwrap().is_none(), "{stranger}");
    }

    test.store.account_changed(&by, &name("dan"), AccountChange::Deleted).await.unwrap();
    assert!(test.store.member(&by, &name("dan")).await.unwrap().is_none());
    let newest = test.store.members(&by, MemberQuery { before: None, limit: 1 }).await.unwrap();
    assert!(newest.items[0].deleted_at.is_some(), "{newest:?}");
}

pub(crate) async fn a_member_stays_known_after_its_invite_was_purged(test: TestStore) {
    let by = test.operator("example.com").await;
    let group = test.mint(&by, Draft { max_uses: None, ..Draft::default() }).await;
    for username in ["ann", "bob"] {
        test.advance(1_000);
        test.redeem(&by, &group, username).await;
        let from = test.mint(&by, Draft { max_uses: None, ..of(username) }).await;
        test.advance(1_000);
        test.redeem(&by, &from, &format!("{username}-friend")).await;
    }
    let before = test.store.member(&by, &name("ann")).await.unwrap().unwrap();
    assert_eq!(before.invited[0].username, name("ann-friend"));
    let week = Duration::from_hours(30 * 24);
    test.advance(i64::try_from(week.as_millis()).unwrap());
    let now = test.invite_service.now();
    let keep = Retention {
        invites_over_before: now,
        events_before: START,
        failed_claims_before: START,
        members_before: None,
    };
    assert_eq!(test.purge_all(keep).await.0, 3, "all invites");
    assert!(test.store.invite(&by, group.invite.id).await.unwrap().is_none());
    assert_eq!(test.store.member(&by, &name("ann")).await.unwrap().unwrap(), before);
    assert_eq!(members(&test, &by, 3).await, ["bob-friend", "bob", "ann-friend", "ann"]);
    assert!(test.store.account_known(&group.invite.host, &name("ann")).await.unwrap());
    // A deletion that is reported later.
    test.store.account_changed(&by, &name("ann"), AccountChange::Absent).await.unwrap();
    assert!(test.store.member(&by, &name("ann")).await.unwrap().is_none());
    assert!(!test.store.account_known(&group.invite.host, &name("ann")).await.unwrap());
    // Members have an age of their own.
    let joined = test.store.member(&by, &name("bob")).await.unwrap().unwrap().member.joined_at;
    test.purge_all(Retention { members_before: Some(joined), ..keep }).await;
    assert_eq!(members(&test, &by, 3).await, ["bob-friend", "bob"]);
}

pub(crate) async fn a_stopped_member_makes_no_invites(test: TestStore) {
    let by = test.operator("example.com").await;
    let bridge = test.key(&by, "bridge").await;
    let pending = test.mint(&bridge, of("ann")).await;
    for _ in 0..2 {
        test.store.set_may_invite(&by, &name("ann"), false).await.unwrap();
    }
    let stopped = || Refusal::InviterStopped(name("ann"));
    assert_eq!(refusal(test.invite_service.mint(&bridge, of("ann")).await), stopped());
    for count in [2, 600] {
        let refused = test.invite_service.mint_batch(&bridge, of("ann"), count, None).await;
        assert_eq!(refusal(refused), stopped(), "{count}");
    }
    // Others, and the operator, create invites as before; what is pending stays valid.
    test.mint(&bridge, of("bob")).await;
    test.mint(&by, of("ann")).await;
    test.redeem(&bridge, &pending, "dan").await;
    test.redeem(&by, &test.mint(&by, Draft::default()).await, "ann").await;
    let may_invite = async || test.store.member(&by, &name("ann")).await.unwrap().unwrap().may_invite;
    assert!(!may_invite().await);
    test.store.set_may_invite(&by, &name("ann"), true).await.unwrap();
    assert!(may_invite().await);
    test.mint(&bridge, of("ann")).await;
    let events = test.store.events(&by, EventQuery { after: 0, limit: 100 }).await.unwrap().items;
    let of_ann: Vec<_> =
        events.iter().filter(|event| event.subject == "ann").map(|event| event.action).collect();
    assert_eq!(of_ann, [Action::MemberStopped, Action::MemberAllowed], "each change once");
    // It takes a scope, and concerns one host.
    let reader = test.key(&by, "invites:read,invites:contact").await;
    let refused = test.store.set_may_invite(&reader, &name("ann"), false).await;
    assert_eq!(refusal(refused), Refusal::Forbidden(Scope::InvitesManage));
    let refused = test.store.revoke_invites_of(&reader, &name("ann"), RevokedInvites::OfMember).await;
    assert_eq!(refusal(refused), Refusal::Forbidden(Scope::InvitesManage));
    let other = test.operator("example.org").await;
    test.store.set_may_invite(&other, &name("ann"), false).await.unwrap();
    test.mint(&bridge, of("ann")).await;
}

pub(crate) async fn the_pending_invites_of_a_branch_are_revoked(test: TestStore) {
    let by = test.operator("example.com").await;
    let (bridge, other) = (test.key(&by, "bridge").await, test.operator("example.org").await);
    // ann invited bob and eve, bob invited dan, and dan invited ann, who had left.
    for (inviter, invited) in [("ann", "bob"), ("ann", "eve"), ("bob", "dan"), ("dan", "ann")] {
        let invite = test.mint(&bridge, of(inviter)).await;
        test.redeem(&bridge, &invite, invited).await;
    }
    let mut pending = Vec::new();
    for inviter in ["ann", "bob", "dan", "eve", "zoe"] {
        pending.push(test.mint(&bridge, of(inviter)).await);
    }
    let elsewhere = test.mint(&other, of("bob")).await;
    let revoke = async |username: &str, which| {
        test.store.revoke_invites_of(&by, &name(username), which).await.unwrap()
    };
    let states = async || {
        let mut states = Vec::new();
        for minted in &pending {
            states
                .push(rules::state(&test.details(&by, minted.invite.id).await.0, test.invite_service.now()));
        }
        states
    };
    let (open, revoked) = (State::Pending, State::Revoked);
    assert_eq!(revoke("eve", RevokedInvites::OfMember).await, 1);
    assert_eq!(states().await, [open, open, open, revoked, open]);
    // The circle ends.
    assert_eq!(revoke("bob", RevokedInvites::OfBranch).await, 3);
    assert_eq!(states().await, [revoked, revoked, revoked, revoked, open]);
    assert_eq!(revoke("bob", RevokedInvites::OfBranch).await, 0);
    let elsewhere = test.details(&other, elsewhere.invite.id).await.0;
    assert_eq!(rules::state(&elsewhere, test.invite_service.now()), open);
    // More than one transaction revokes.
    test.invite_service.mint_batch(&by, of("dan"), 1_200, None).await.unwrap();
    test.mint(&by, of("ann")).await;
    assert_eq!(revoke("ann", RevokedInvites::OfBranch).await, 1_201);
}
