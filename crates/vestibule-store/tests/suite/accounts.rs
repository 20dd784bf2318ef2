use std::time::Duration;

use vestibule_core::{
    AccountChange, Action, Draft, EventQuery, InviteChanges, Kind, MintedInvite, RedemptionQuery, Refusal,
    State, rules,
};

use super::test_store::{TestStore, bound_to, name, refusal};

fn reset(username: &str) -> Draft {
    Draft { kind: Kind::PasswordReset, username: Some(name(username)), ..Draft::default() }
}

async fn state(test: &TestStore, by: &vestibule_core::Principal, minted: &MintedInvite) -> State {
    rules::state(&test.details(by, minted.invite.id).await.0, test.invite_service.now())
}

pub(crate) async fn a_new_reset_revokes_the_previous_one_and_reserves_nothing(test: TestStore) {
    let (by, other) = (test.operator("example.com").await, test.operator("example.org").await);
    let elsewhere = test.mint(&other, reset("bob")).await;
    let first = test.mint(&by, reset("bob")).await;
    let second = test.mint(&by, reset("bob")).await;
    assert_eq!(state(&test, &by, &first).await, State::Revoked);
    assert_eq!(state(&test, &by, &second).await, State::Pending);
    assert_eq!(state(&test, &other, &elsewhere).await, State::Pending);
    assert_eq!(test.store.reservation(&by, &name("bob")).await.unwrap(), None);
    // A reset neither blocks an account of that name nor is blocked by an invite bound to it.
    let bound = test.mint(&by, bound_to("bob")).await;
    let third = test.mint(&by, reset("bob")).await;
    assert!(test.claim(&by, &third, "bob").await.is_ok());
    test.redeem(&by, &bound, "bob").await;
    let events = test.store.events(&by, EventQuery { after: 0, limit: 100 }).await.unwrap().items;
    let revoked = events.iter().filter(|event| event.action == Action::InviteRevoked).count();
    assert_eq!(revoked, 2, "each in the audit log");
    // A restored reset revokes the others too.
    let restore = InviteChanges { revoked: Some(false), ..InviteChanges::default() };
    test.store.edit_invite(&by, first.invite.id, restore).await.unwrap();
    assert_eq!(state(&test, &by, &third).await, State::Revoked);
    assert_eq!(state(&test, &by, &first).await, State::Pending);
}

pub(crate) async fn concurrent_resets_leave_one_pending(test: TestStore) {
    let by = test.operator("example.com").await;
    let mints = (0..16).map(|_| {
        let (invite_service, by) = (test.invite_service.clone(), by.clone());
        tokio::spawn(async move { invite_service.mint(&by, reset("bob")).await.unwrap() })
    });
    let mut made = Vec::new();
    for mint in mints.collect::<Vec<_>>() {
        made.push(mint.await.unwrap());
    }
    let mut pending = 0;
    for minted in &made {
        pending += u32::from(state(&test, &by, minted).await == State::Pending);
    }
    assert_eq!(pending, 1);
}

pub(crate) async fn account_changes_revoke_dependent_invites(test: TestStore) {
    let (by, other) = (test.operator("example.com").await, test.operator("example.org").await);
    for change in AccountChange::ALL {
        let contact = Draft { kind: Kind::Contact, inviter: Some(name("ann")), ..Draft::default() };
        let both = Draft { kind: Kind::AccountAndContact, ..contact.clone() };
        let reset_link = test.mint(&by, reset("ann")).await;
        let made = [
            test.mint(&by, contact.clone()).await,
            test.mint(&by, both.clone()).await,
            test.mint(&by, Draft { max_uses: None, ..both }).await,
        ];
        let untouched = [
            (&by, test.mint(&by, Draft::default()).await),
            (&by, test.mint(&by, reset("bob")).await),
            (&by, test.mint(&by, Draft { inviter: Some(name("bob")), ..contact.clone() }).await),
            (&other, test.mint(&other, contact).await),
            (&other, test.mint(&other, reset("ann")).await),
        ];
        let revoked = test.store.account_changed(&by, &name("ann"), change).await.unwrap();
        assert_eq!(revoked, if change.revokes_created_invites() { 4 } else { 1 }, "{change}");
        assert_eq!(state(&test, &by, &reset_link).await, State::Revoked);
        for made in &made {
            let ends = state(&test, &by, made).await == State::Revoked;
            assert_eq!(ends, change.revokes_created_invites(), "{change}");
        }
        for (by, minted) in &untouched {
            assert_eq!(state(&test, by, minted).await, State::Pending, "{change}");
        }
        let left = test.store.account_changed(&by, &name("ann"), AccountChange::Deleted).await.unwrap();
        assert_eq!(left, if change.revokes_created_invites() { 0 } else { 3 }, "repeating is safe");
    }
}

pub(crate) async fn an_absent_account_keeps_what_was_created_for_a_person_to_come(test: TestStore) {
    let by = test.operator("example.com").await;
    let bridge = test.key(&by, "bridge").await;
    let contact = Draft { kind: Kind::Contact, inviter: Some(name("ann")), ..Draft::default() };
    let expected = async |minted: &MintedInvite, expected| {
        assert_eq!(state(&test, &by, minted).await, expected);
    };
    let absent =
        async || test.store.account_changed(&bridge, &name("ann"), AccountChange::Absent).await.unwrap();
    // The XMPP server created one in the name of its account, and an operator one for the person to come.
    let of_account = test.mint(&bridge, contact.clone()).await;
    let for_person = test.mint(&by, contact.clone()).await;
    let reset_link = test.mint(&by, reset("ann")).await;
    assert_eq!(absent().await, 2);
    expected(&of_account, State::Revoked).await;
    expected(&reset_link, State::Revoked).await;
    expected(&for_person, State::Pending).await;
    assert_eq!(absent().await, 0);
    // The person joins, so everything belongs to the account, which is deleted without a report.
    let invite = test.mint(&by, bound_to("ann")).await;
    test.redeem(&by, &invite, "ann").await;
    let draft = Draft { max_uses: None, ..contact.clone() };
    test.invite_service.mint_batch(&by, draft, 600, None).await.unwrap();
    assert_eq!(absent().await, 601, "in more than one step");
    expected(&for_person, State::Revoked).await;
    assert!(!test.store.account_known(&invite.invite.host, &name("ann")).await.unwrap());
    // The next person of that name.
    let for_another = test.mint(&by, contact).await;
    assert_eq!(absent().await, 0);
    expected(&for_another, State::Pending).await;
}

pub(crate) async fn deleting_an_account_revokes_all_its_invites(test: TestStore) {
    let by = test.operator("example.com").await;
    let draft = Draft { kind: Kind::Contact, inviter: Some(name("ann")), ..Draft::default() };
    test.invite_service.mint_batch(&by, draft, 1_200, None).await.unwrap();
    let revoked = test.store.account_changed(&by, &name("ann"), AccountChange::Deleted).await.unwrap();
    assert_eq!(revoked, 1_200);
}

pub(crate) async fn an_account_is_known_until_it_is_deleted(test: TestStore) {
    let (by, other) = (test.operator("example.com").await, test.operator("example.org").await);
    let minted = test.mint(&by, Draft { max_uses: None, ..Draft::default() }).await;
    let (host, id, bob) = (minted.invite.host.clone(), minted.invite.id, name("bob"));
    let known = async || {
        let known = test.store.account_known(&host, &bob).await.unwrap();
        assert_eq!(known, test.store.redeemed_by(id, &bob).await.unwrap());
        known
    };
    assert!(!known().await);
    let claim = test.claim(&by, &minted, "bob").await.unwrap();
    assert!(!known().await, "a claim is not an account");
    test.store.release(&by, claim.id).await.unwrap();
    assert!(!known().await);
    test.redeem(&by, &minted, "bob").await;
    assert!(known().await);
    test.store.account_changed(&other, &bob, AccountChange::Deleted).await.unwrap();
    test.store.account_changed(&by, &bob, AccountChange::PasswordChanged).await.unwrap();
    assert!(known().await);
    test.store.account_changed(&by, &bob, AccountChange::Deleted).await.unwrap();
    assert!(!known().await);
    test.redeem(&by, &minted, "bob").await;
    assert!(known().await, "a new account of the same name");
}

pub(crate) async fn redemption_pages_list_every_redemption(test: TestStore) {
    let by = test.operator("example.com").await;
    let minted = test.mint(&by, Draft { max_uses: None, ..Draft::default() }).await;
    for number in 0..250 {
        test.redeem(&by, &minted, &format!("user{number}")).await;
        test.advance(1);
    }
    let details = test.store.invite(&by, minted.invite.id).await.unwrap().unwrap();
    let mut names: Vec<_> = details.redemptions.items;
    let mut before = details.redemptions.next;
    assert_eq!(names.len(), 100);
    while before.is_some() {
        let query = RedemptionQuery { before, limit: 70 };
        let page = test.store.redemptions(&by, minted.invite.id, query).await.unwrap().unwrap();
        names.extend(page.items);
        before = page.next;
    }
    let names: Vec<_> = names.iter().map(|one| one.username.as_ref().unwrap().to_string()).collect();
    assert_eq!(names, (0..250).rev().map(|number| format!("user{number}")).collect::<Vec<_>>());
    let nobody = vestibule_core::InviteId::from_bytes([9; 16]);
    assert!(test.store.redemptions(&by, nobody, RedemptionQuery::FIRST).await.unwrap().is_none());
}

pub(crate) async fn a_revoked_invite_cannot_be_redeemed(test: TestStore) {
    let by = test.operator("example.com").await;
    let link = test.mint(&by, reset("ann")).await;
    test.store.account_changed(&by, &name("ann"), AccountChange::PasswordChanged).await.unwrap();
    test.advance(i64::try_from(Duration::from_secs(1).as_millis()).unwrap());
    let refused = refusal(test.claim(&by, &link, "ann").await);
    assert_eq!(refused, Refusal::Token(vestibule_core::TokenRefusal::Revoked));
}
