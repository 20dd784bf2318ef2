use std::time::Duration;

use vestibule_core::{
    AccountChange, Action, Draft, EventQuery, InviteChanges, Kind, MintedInvite, RedemptionQuery, Refusal,
    State, rules,
};

use super::bench::{Bench, bound_to, name, refusal};

fn reset(username: &str) -> Draft {
    Draft { kind: Kind::PasswordReset, username: Some(name(username)), ..Draft::default() }
}

async fn state(bench: &Bench, by: &vestibule_core::Principal, minted: &MintedInvite) -> State {
    rules::state(&bench.details(by, minted.invite.id).await.0, bench.invite_service.now())
}

pub(crate) async fn a_new_reset_replaces_the_one_before_and_reserves_nothing(bench: Bench) {
    let (by, other) = (bench.operator("example.com").await, bench.operator("example.org").await);
    let elsewhere = bench.mint(&other, reset("bob")).await;
    let first = bench.mint(&by, reset("bob")).await;
    let second = bench.mint(&by, reset("bob")).await;
    assert_eq!(state(&bench, &by, &first).await, State::Revoked);
    assert_eq!(state(&bench, &by, &second).await, State::Pending);
    assert_eq!(state(&bench, &other, &elsewhere).await, State::Pending);
    assert_eq!(bench.store.reservation(&by, &name("bob")).await.unwrap(), None);
    // An account of that name may be made by an invite, and a link for a name that an invite is bound to.
    let bound = bench.mint(&by, bound_to("bob")).await;
    let third = bench.mint(&by, reset("bob")).await;
    assert!(bench.claim(&by, &third, "bob").await.is_ok());
    bench.redeem(&by, &bound, "bob").await;
    let events = bench.store.events(&by, EventQuery { after: 0, limit: 100 }).await.unwrap().items;
    let revoked = events.iter().filter(|event| event.action == Action::InviteRevoked).count();
    assert_eq!(revoked, 2, "each in the audit log");
    // One that is made good again replaces the others as well.
    let restore = InviteChanges { revoked: Some(false), ..InviteChanges::default() };
    bench.store.edit_invite(&by, first.invite.id, restore).await.unwrap();
    assert_eq!(state(&bench, &by, &third).await, State::Revoked);
    assert_eq!(state(&bench, &by, &first).await, State::Pending);
}

pub(crate) async fn resets_made_at_once_leave_one(bench: Bench) {
    let by = bench.operator("example.com").await;
    let mints = (0..16).map(|_| {
        let (invite_service, by) = (bench.invite_service.clone(), by.clone());
        tokio::spawn(async move { invite_service.mint(&by, reset("bob")).await.unwrap() })
    });
    let mut made = Vec::new();
    for mint in mints.collect::<Vec<_>>() {
        made.push(mint.await.unwrap());
    }
    let mut pending = 0;
    for minted in &made {
        pending += u32::from(state(&bench, &by, minted).await == State::Pending);
    }
    assert_eq!(pending, 1);
}

pub(crate) async fn invites_end_with_what_happens_to_accounts(bench: Bench) {
    let (by, other) = (bench.operator("example.com").await, bench.operator("example.org").await);
    for change in AccountChange::ALL {
        let contact = Draft { kind: Kind::Contact, inviter: Some(name("ann")), ..Draft::default() };
        let both = Draft { kind: Kind::AccountAndContact, ..contact.clone() };
        let reset_link = bench.mint(&by, reset("ann")).await;
        let made = [
            bench.mint(&by, contact.clone()).await,
            bench.mint(&by, both.clone()).await,
            bench.mint(&by, Draft { max_uses: None, ..both }).await,
        ];
        let untouched = [
            (&by, bench.mint(&by, Draft::default()).await),
            (&by, bench.mint(&by, reset("bob")).await),
            (&by, bench.mint(&by, Draft { inviter: Some(name("bob")), ..contact.clone() }).await),
            (&other, bench.mint(&other, contact).await),
            (&other, bench.mint(&other, reset("ann")).await),
        ];
        let revoked = bench.store.account_changed(&by, &name("ann"), change).await.unwrap();
        assert_eq!(revoked, if change.ends_invites_made() { 4 } else { 1 }, "{change}");
        assert_eq!(state(&bench, &by, &reset_link).await, State::Revoked);
        for made in &made {
            let ends = state(&bench, &by, made).await == State::Revoked;
            assert_eq!(ends, change.ends_invites_made(), "{change}");
        }
        for (by, minted) in &untouched {
            assert_eq!(state(&bench, by, minted).await, State::Pending, "{change}");
        }
        let left = bench.store.account_changed(&by, &name("ann"), AccountChange::Deleted).await.unwrap();
        assert_eq!(left, if change.ends_invites_made() { 0 } else { 3 }, "repeating is safe");
    }
}

pub(crate) async fn an_account_that_made_many_invites_takes_them_all_along(bench: Bench) {
    let by = bench.operator("example.com").await;
    let draft = Draft { kind: Kind::Contact, inviter: Some(name("ann")), ..Draft::default() };
    bench.invite_service.mint_batch(&by, draft, 1_200, None).await.unwrap();
    let revoked = bench.store.account_changed(&by, &name("ann"), AccountChange::Deleted).await.unwrap();
    assert_eq!(revoked, 1_200);
}

pub(crate) async fn an_account_is_known_until_it_is_deleted(bench: Bench) {
    let (by, other) = (bench.operator("example.com").await, bench.operator("example.org").await);
    let minted = bench.mint(&by, Draft { max_uses: None, ..Draft::default() }).await;
    let (host, id, bob) = (minted.invite.host.clone(), minted.invite.id, name("bob"));
    let known = async || {
        let known = bench.store.account_known(&host, &bob).await.unwrap();
        assert_eq!(known, bench.store.redeemed_by(id, &bob).await.unwrap());
        known
    };
    assert!(!known().await);
    let claim = bench.claim(&by, &minted, "bob").await.unwrap();
    assert!(!known().await, "claimed is not made");
    bench.store.release(&by, claim.id).await.unwrap();
    assert!(!known().await);
    bench.redeem(&by, &minted, "bob").await;
    assert!(known().await);
    bench.store.account_changed(&other, &bob, AccountChange::Deleted).await.unwrap();
    bench.store.account_changed(&by, &bob, AccountChange::PasswordChanged).await.unwrap();
    assert!(known().await);
    bench.store.account_changed(&by, &bob, AccountChange::Deleted).await.unwrap();
    assert!(!known().await);
    bench.redeem(&by, &minted, "bob").await;
    assert!(known().await, "an account that came back");
}

pub(crate) async fn redemptions_are_listed_whole(bench: Bench) {
    let by = bench.operator("example.com").await;
    let minted = bench.mint(&by, Draft { max_uses: None, ..Draft::default() }).await;
    for number in 0..250 {
        bench.redeem(&by, &minted, &format!("user{number}")).await;
        bench.advance(1);
    }
    let details = bench.store.invite(&by, minted.invite.id).await.unwrap().unwrap();
    let mut names: Vec<_> = details.redemptions.items;
    let mut before = details.redemptions.next;
    assert_eq!(names.len(), 100);
    while before.is_some() {
        let query = RedemptionQuery { before, limit: 70 };
        let page = bench.store.redemptions(&by, minted.invite.id, query).await.unwrap().unwrap();
        names.extend(page.items);
        before = page.next;
    }
    let names: Vec<_> = names.iter().map(|one| one.username.as_ref().unwrap().to_string()).collect();
    assert_eq!(names, (0..250).rev().map(|number| format!("user{number}")).collect::<Vec<_>>());
    let nobody = vestibule_core::InviteId::from_bytes([9; 16]);
    assert!(bench.store.redemptions(&by, nobody, RedemptionQuery::FIRST).await.unwrap().is_none());
}

pub(crate) async fn what_was_revoked_lets_nobody_in(bench: Bench) {
    let by = bench.operator("example.com").await;
    let link = bench.mint(&by, reset("ann")).await;
    bench.store.account_changed(&by, &name("ann"), AccountChange::PasswordChanged).await.unwrap();
    bench.advance(i64::try_from(Duration::from_secs(1).as_millis()).unwrap());
    let refused = refusal(bench.claim(&by, &link, "ann").await);
    assert_eq!(refused, Refusal::Token(vestibule_core::TokenRefusal::Revoked));
}
