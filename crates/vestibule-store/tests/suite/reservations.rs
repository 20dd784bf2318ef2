use std::time::Duration;

use vestibule_core::{Draft, Expiry, InviteChanges, UsernameRefusal};

use super::test_store::{TestStore, bound_to, name, refusal};

pub(crate) async fn a_bound_name_is_reserved_until_use_revocation_or_expiry(test: TestStore) {
    let by = test.operator("example.com").await;
    let bob = name("bob");
    for ending in ["used", "revoked", "expired"] {
        let draft = Draft { expiry: Expiry::In(Duration::from_mins(1)), ..bound_to("bob") };
        let minted = test.mint(&by, draft).await;
        assert_eq!(test.store.reservation(&by, &bob).await.unwrap(), Some(minted.invite.id));
        let second = test.invite_service.mint(&by, bound_to("Bob")).await;
        assert_eq!(refusal(second), UsernameRefusal::Reserved.into());
        match ending {
            "used" => test.redeem(&by, &minted, "bob").await,
            "revoked" => {
                drop(test.store.edit_invite(&by, minted.invite.id, InviteChanges::revoke()).await.unwrap());
            }
            _ => test.advance(60_000),
        }
        assert_eq!(test.store.reservation(&by, &bob).await.unwrap(), None, "{ending}");
    }
}

pub(crate) async fn another_invite_cannot_claim_a_reserved_name(test: TestStore) {
    let (by, elsewhere) = (test.operator("example.com").await, test.operator("example.org").await);
    let bound = test.mint(&by, bound_to("bob")).await;
    let open = test.mint(&by, Draft::default()).await;
    assert_eq!(refusal(test.claim(&by, &open, "bob").await), UsernameRefusal::Reserved.into());
    let check = test.invite_service.check(&by, open.token.expose(), Some(&name("bob"))).await;
    assert_eq!(refusal(check), UsernameRefusal::Reserved.into());
    assert_eq!(refusal(test.claim(&by, &bound, "eve").await), UsernameRefusal::NotAllowed.into());
    assert!(test.claim(&by, &bound, "bob").await.is_ok());
    let theirs = test.mint(&elsewhere, Draft::default()).await;
    assert!(test.claim(&elsewhere, &theirs, "bob").await.is_ok());
}

pub(crate) async fn a_restored_invite_gets_its_name_back_only_if_free(test: TestStore) {
    let by = test.operator("example.com").await;
    let first = test.mint(&by, bound_to("bob")).await;
    test.store.edit_invite(&by, first.invite.id, InviteChanges::revoke()).await.unwrap();
    let second = test.mint(&by, bound_to("bob")).await;
    let restore = InviteChanges { revoked: Some(false), ..InviteChanges::default() };
    let refused = test.store.edit_invite(&by, first.invite.id, restore.clone()).await;
    assert_eq!(refusal(refused), UsernameRefusal::Reserved.into());
    test.store.edit_invite(&by, second.invite.id, InviteChanges::revoke()).await.unwrap();
    test.store.edit_invite(&by, first.invite.id, restore).await.unwrap();
    assert_eq!(test.store.reservation(&by, &name("bob")).await.unwrap(), Some(first.invite.id));
}
