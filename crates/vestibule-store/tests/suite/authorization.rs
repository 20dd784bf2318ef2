use std::time::Duration;

use vestibule_core::{
    AccountChange, Draft, EventQuery, Expiry, Host, InviteChanges, InviteQuery, Kind, NewKey, PresentedKey,
    Principal, RedemptionQuery, Refusal, Scope, Source,
};

use super::test_store::{TestStore, name, refusal};

pub(crate) async fn a_key_does_only_what_its_scopes_say(test: TestStore) {
    let by = test.operator("example.com").await;
    let minted = test.mint(&by, Draft::default()).await;
    let token = minted.token.expose();
    for scope in Scope::ALL {
        let key = test.key(&by, scope.as_str()).await;
        let list = test.store.invites(&key, InviteQuery { limit: 1, ..InviteQuery::default() }).await;
        let contact = Draft { kind: Kind::Contact, inviter: Some(name("ann")), ..Draft::default() };
        let by_ann = Draft { inviter: Some(name("ann")), ..Draft::default() };
        let reset = Draft { kind: Kind::PasswordReset, username: Some(name("ann")), ..Draft::default() };
        let grouped = Draft { groups: vec!["choir".to_owned()], ..Draft::default() };
        let outcomes = [
            (Scope::InvitesCreate, test.invite_service.mint(&key, Draft::default()).await.map(drop)),
            (Scope::InvitesCreate, test.invite_service.mint(&key, grouped).await.map(drop)),
            (Scope::InvitesContact, test.invite_service.mint(&key, contact).await.map(drop)),
            (Scope::InvitesContact, test.invite_service.mint(&key, by_ann).await.map(drop)),
            (Scope::InvitesReset, test.invite_service.mint(&key, reset).await.map(drop)),
            (
                Scope::InvitesRead,
                test.store.redemptions(&key, minted.invite.id, RedemptionQuery::FIRST).await.map(drop),
            ),
            (
                Scope::Redeem,
                test.store.account_changed(&key, &name("ann"), AccountChange::Disabled).await.map(drop),
            ),
            (Scope::InvitesRead, list.map(drop)),
            (Scope::InvitesRead, test.store.invite(&key, minted.invite.id).await.map(drop)),
            (
                Scope::InvitesManage,
                test.store.edit_invite(&key, minted.invite.id, InviteChanges::default()).await.map(drop),
            ),
            (Scope::InvitesManage, test.store.events(&key, EventQuery::default()).await.map(drop)),
            (Scope::Redeem, test.invite_service.check(&key, token, None).await.map(drop)),
            (Scope::Redeem, test.store.reservation(&key, &name("bob")).await.map(drop)),
            (Scope::KeysManage, test.store.keys(&key).await.map(drop)),
            (Scope::KeysManage, test.invite_service.delete_key(&key, "nokey").await.map(drop)),
        ];
        for (needed, outcome) in outcomes {
            match outcome {
                // `invites:manage` includes `invites:read`.
                Ok(()) if needed == Scope::InvitesRead => {
                    assert!(matches!(scope, Scope::InvitesRead | Scope::InvitesManage), "{scope}");
                }
                Err(error) if needed != scope => {
                    assert_eq!(refusal::<()>(Err(error)), Refusal::Forbidden(needed));
                }
                Err(error) => assert_eq!(refusal::<()>(Err(error)), Refusal::NotFound("key")),
                Ok(()) => assert_eq!(needed, scope),
            }
        }
    }
}

pub(crate) async fn a_wrong_unknown_or_expired_key_does_nothing(test: TestStore) {
    let by = test.operator("example.com").await;
    let expiry = Expiry::In(Duration::from_mins(1));
    let (_, api_key) =
        test.invite_service.create_key(&by, NewKey { expiry, ..NewKey::default() }).await.unwrap();
    let key = |api_key: &str| Principal::Key(PresentedKey::parse(api_key).unwrap());
    let good = key(&api_key.expose());
    let wrong = key(&format!("{}/{}", api_key.id, "x".repeat(36)));
    let unknown = key(&format!("AAAAAAAAAAAA/{}", "x".repeat(36)));
    for key in [&wrong, &unknown] {
        assert_eq!(refusal(test.invite_service.mint(key, Draft::default()).await), Refusal::Unauthorized);
    }
    assert!(test.invite_service.mint(&good, Draft::default()).await.is_ok());
    test.advance(60_000);
    assert_eq!(refusal(test.invite_service.mint(&good, Draft::default()).await), Refusal::Unauthorized);
}

pub(crate) async fn a_key_reaches_only_its_own_host(test: TestStore) {
    let (ours, theirs) = (test.operator("example.com").await, test.operator("example.org").await);
    let key = test.key(&theirs, "bridge").await;
    let minted = test.mint(&ours, Draft::default()).await;
    assert_eq!(test.mint(&key, Draft::default()).await.invite.host.as_str(), "example.org");
    assert!(test.store.invite(&key, minted.invite.id).await.unwrap().is_none());
    let edit = test.store.edit_invite(&key, minted.invite.id, InviteChanges::revoke()).await;
    assert_eq!(refusal(edit), Refusal::NotFound("invite"));
    assert!(test.invite_service.check(&key, minted.token.expose(), None).await.is_err());
    assert!(test.claim(&key, &minted, "bob").await.is_err());
    assert!(test.claim(&ours, &minted, "bob").await.is_ok());
}

pub(crate) async fn a_rate_allows_a_burst_and_then_refuses(test: TestStore) {
    let by = test.operator("example.com").await;
    let rate = Some("2/min".parse().unwrap());
    let key = test.key_with(&by, NewKey { rate, ..NewKey::default() }).await;
    for _ in 0..2 {
        test.mint(&key, Draft::default()).await;
    }
    let refused = refusal(test.invite_service.mint(&key, Draft::default()).await);
    assert_eq!(refused, Refusal::RateLimited { retry_after: Duration::from_secs(30) });
    test.advance(30_000);
    test.mint(&key, Draft::default()).await;
    let batch = test.invite_service.mint_batch(&key, Draft::default(), 3, None).await;
    assert!(matches!(refusal(batch), Refusal::Invalid(_)));
}

pub(crate) async fn an_unknown_host_is_refused(test: TestStore) {
    let by = Principal::Operator { host: Host::parse("nowhere.example").unwrap(), source: Source::cli() };
    assert_eq!(refusal(test.invite_service.mint(&by, Draft::default()).await), Refusal::UnknownHost);
}

pub(crate) async fn roles_need_their_own_scope(test: TestStore) {
    let by = test.operator("example.com").await;
    let admins = Draft { roles: vec!["prosody:admin".to_owned()], ..Draft::default() };
    for (scopes, missing) in [
        ("invites:create", Some(Scope::InvitesRoles)),
        ("invites:roles", Some(Scope::InvitesCreate)),
        ("invites:create,invites:roles", None),
    ] {
        let key = test.key(&by, scopes).await;
        let one = test.invite_service.mint(&key, admins.clone()).await.map(drop);
        let many = test.invite_service.mint_batch(&key, admins.clone(), 20, None).await.map(drop);
        for outcome in [one, many] {
            match missing {
                Some(scope) => assert_eq!(refusal(outcome), Refusal::Forbidden(scope), "{scopes}"),
                None => outcome.unwrap(),
            }
        }
    }
}

pub(crate) async fn a_read_only_key_does_not_see_tokens(test: TestStore) {
    let by = test.operator("example.com").await;
    let minted = test.mint(&by, Draft::default()).await;
    let query = || InviteQuery { limit: 1, ..InviteQuery::default() };
    for (scopes, sees) in [("invites:read", false), ("invites:read,invites:manage", true)] {
        let key = test.key(&by, scopes).await;
        let shown = test.details(&key, minted.invite.id).await.0;
        let listed = test.store.invites(&key, query()).await.unwrap().items.remove(0);
        for invite in [shown, listed] {
            assert_eq!(test.invite_service.unseal_token(&invite).is_ok(), sees, "{scopes}");
        }
    }
}
