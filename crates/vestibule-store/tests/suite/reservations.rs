use std::time::Duration;

use vestibule_core::{Draft, Expiry, InviteChanges, UsernameRefusal};

use super::bench::{Bench, bound_to, name, refusal};

pub(crate) async fn a_bound_name_is_held_until_it_is_used_revoked_or_expired(bench: Bench) {
    let by = bench.operator("example.com").await;
    let bob = name("bob");
    for ending in ["used", "revoked", "expired"] {
        let draft = Draft { expiry: Expiry::In(Duration::from_mins(1)), ..bound_to("bob") };
        let minted = bench.mint(&by, draft).await;
        assert_eq!(bench.store.reservation(&by, &bob).await.unwrap(), Some(minted.invite.id));
        let second = bench.invite_service.mint(&by, bound_to("Bob")).await;
        assert_eq!(refusal(second), UsernameRefusal::Reserved.into());
        match ending {
            "used" => bench.redeem(&by, &minted, "bob").await,
            "revoked" => {
                drop(bench.store.edit_invite(&by, minted.invite.id, InviteChanges::revoke()).await.unwrap())
            }
            _ => bench.advance(60_000),
        }
        assert_eq!(bench.store.reservation(&by, &bob).await.unwrap(), None, "{ending}");
    }
}

pub(crate) async fn nobody_else_may_claim_a_held_name(bench: Bench) {
    let (by, elsewhere) = (bench.operator("example.com").await, bench.operator("example.org").await);
    let bound = bench.mint(&by, bound_to("bob")).await;
    let open = bench.mint(&by, Draft::default()).await;
    assert_eq!(refusal(bench.claim(&by, &open, "bob").await), UsernameRefusal::Reserved.into());
    let check = bench.invite_service.check(&by, open.token.expose(), Some(&name("bob"))).await;
    assert_eq!(refusal(check), UsernameRefusal::Reserved.into());
    assert_eq!(refusal(bench.claim(&by, &bound, "eve").await), UsernameRefusal::NotAllowed.into());
    assert!(bench.claim(&by, &bound, "bob").await.is_ok());
    let theirs = bench.mint(&elsewhere, Draft::default()).await;
    assert!(bench.claim(&elsewhere, &theirs, "bob").await.is_ok());
}

pub(crate) async fn a_revoked_invite_gets_its_name_back_only_if_it_is_free(bench: Bench) {
    let by = bench.operator("example.com").await;
    let first = bench.mint(&by, bound_to("bob")).await;
    bench.store.edit_invite(&by, first.invite.id, InviteChanges::revoke()).await.unwrap();
    let second = bench.mint(&by, bound_to("bob")).await;
    let restore = InviteChanges { revoked: Some(false), ..InviteChanges::default() };
    let refused = bench.store.edit_invite(&by, first.invite.id, restore.clone()).await;
    assert_eq!(refusal(refused), UsernameRefusal::Reserved.into());
    bench.store.edit_invite(&by, second.invite.id, InviteChanges::revoke()).await.unwrap();
    bench.store.edit_invite(&by, first.invite.id, restore).await.unwrap();
    assert_eq!(bench.store.reservation(&by, &name("bob")).await.unwrap(), Some(first.invite.id));
}
