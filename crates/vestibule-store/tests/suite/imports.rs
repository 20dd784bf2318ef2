use std::time::Duration;

use vestibule_core::{
    Draft, Expiry, ForeignInvite, ImportMode, ImportOutcome, InviteChanges, InviteQuery, KeyId, KeyRecord,
    Kind, LanguageTag, Message, NewKey, PresentedKey, Principal, Refusal, Retention, Scope, Scopes,
    SecretHash, Source, Timestamp, Token,
};

use super::test_store::{START, TestStore, bound_to, name, refusal, via};

const DAY: i64 = 86_400_000;

/// A token of Prosody's form.
fn token(number: usize) -> Token {
    Token::parse(&format!("-_{number:022}")).unwrap()
}

fn foreign(number: usize, draft: Draft) -> ForeignInvite {
    ForeignInvite {
        token: token(number),
        draft,
        created_at: Timestamp::from_millis(START.as_millis() - DAY),
        expires_at: Timestamp::from_millis(START.as_millis() + DAY),
        source: Source::from_stored("ann@example.com/phone".to_owned()),
    }
}

async fn import(test: &TestStore, by: &Principal, invites: Vec<ForeignInvite>) -> Vec<ImportOutcome> {
    test.invite_service.import_invites(by, invites, ImportMode::Write, |_| ()).await.unwrap()
}

pub(crate) async fn an_imported_invite_works_with_its_old_token(test: TestStore) {
    let by = test.operator("example.com").await;
    let draft = Draft {
        groups: vec!["choir".to_owned()],
        roles: vec!["prosody:member".to_owned()],
        note: Some("from before".to_owned()),
        data: Some(serde_json::Map::from_iter([("x".to_owned(), 1.into())])),
        max_uses: None,
        message: Message::parse("Hello again").unwrap(),
        language: LanguageTag::parse("de").unwrap(),
        ..Draft::default()
    };
    assert_eq!(import(&test, &by, vec![foreign(1, draft.clone())]).await, [ImportOutcome::New]);
    let token = token(1);
    let found = test.store.invite_by_token(token.lookup_key()).await.unwrap().unwrap();
    assert_eq!(
        (&found.groups, &found.roles, &found.note, &found.data),
        (&draft.groups, &draft.roles, &draft.note, &draft.data)
    );
    assert_eq!((&found.message, &found.language), (&draft.message, &draft.language));
    assert_eq!(
        (found.created_at, found.expires_at, found.max_uses),
        (
            Timestamp::from_millis(START.as_millis() - DAY),
            Timestamp::from_millis(START.as_millis() + DAY),
            None
        )
    );
    assert_eq!(found.source.as_str(), "ann@example.com/phone");
    assert_eq!(test.invite_service.unseal_token(&found).unwrap(), token);
    for user in ["one", "two"] {
        let claim = test.invite_service.claim(&by, token.expose(), Some(name(user)), None).await.unwrap();
        let jid = format!("{user}@example.com").parse().unwrap();
        test.store.complete(&by, claim.id, jid, via()).await.unwrap();
    }
    assert_eq!(test.details(&by, found.id).await.0.uses, 2);
}

pub(crate) async fn a_repeated_import_changes_nothing(test: TestStore) {
    let (by, other) = (test.operator("example.com").await, test.operator("example.org").await);
    let invites: Vec<_> = (0..2_500).map(|number| foreign(number, Draft::default())).collect();
    let dry = test.invite_service.import_invites(&by, invites.clone(), ImportMode::DryRun, |_| ()).await;
    assert_eq!(dry.unwrap(), vec![ImportOutcome::New; 2_500]);
    assert!(
        test.store.invite_by_token(token(7).lookup_key()).await.unwrap().is_none(),
        "a dry run writes nothing"
    );
    let mut steps = Vec::new();
    let outcomes = test
        .invite_service
        .import_invites(&by, invites.clone(), ImportMode::Write, |done| steps.push(done))
        .await
        .unwrap();
    assert_eq!(outcomes, vec![ImportOutcome::New; 2_500]);
    assert_eq!(steps, [1_000, 2_000, 2_500]);
    let id = token(7).lookup_key().id;
    test.store.edit_invite(&by, id, InviteChanges::revoke()).await.unwrap();
    assert_eq!(import(&test, &by, invites.clone()).await, vec![ImportOutcome::Present; 2_500]);
    assert!(test.details(&by, id).await.0.revoked_at.is_some(), "an import does not restore");
    assert_eq!(import(&test, &other, vec![invites[3].clone()]).await, [ImportOutcome::OtherHost]);
    // An invite that is created later gets a row key of its own.
    let minted = test.mint(&by, Draft::default()).await;
    let query = InviteQuery { limit: 1, ..InviteQuery::default() };
    assert_eq!(test.store.invites(&by, query).await.unwrap().items[0].id, minted.invite.id);
}

pub(crate) async fn an_imported_name_is_reserved_once(test: TestStore) {
    let by = test.operator("example.com").await;
    test.mint(&by, bound_to("lena")).await;
    let bound = |number, username| foreign(number, bound_to(username));
    let reset = foreign(3, Draft { kind: Kind::PasswordReset, ..bound_to("lena") });
    let outcomes = import(&test, &by, vec![bound(1, "lena"), bound(2, "tom"), reset]).await;
    assert_eq!(outcomes, [ImportOutcome::UsernameReserved, ImportOutcome::New, ImportOutcome::New]);
    let taken = test.invite_service.mint(&by, bound_to("tom")).await;
    assert!(matches!(refusal(taken), Refusal::Username(_)));
}

fn key(host: &Principal, id: &str, secret: &str) -> KeyRecord {
    let Principal::Operator { host, .. } = host else { panic!("not an operator") };
    KeyRecord {
        id: KeyId::parse(id).unwrap(),
        host: host.clone(),
        name: Some("Portal".to_owned()),
        scopes: Scopes::default(),
        created_at: Timestamp::from_millis(5_000),
        expires_at: None,
        rate: None,
        last_used_at: None,
        parent: None,
        secret: SecretHash::of(secret),
    }
}

pub(crate) async fn an_imported_key_works_with_its_old_secret(test: TestStore) {
    let (by, other) = (test.operator("example.com").await, test.operator("example.org").await);
    let secret = "s".repeat(32);
    let import = async |by: &Principal, keys, mode| test.store.import_keys(by, keys, mode).await.unwrap();
    let keys = vec![key(&by, "-old_id1", &secret)];
    assert_eq!(import(&by, keys.clone(), ImportMode::DryRun).await, [ImportOutcome::New]);
    let presented = Principal::Key(PresentedKey::parse(&format!("-old_id1/{secret}")).unwrap());
    assert_eq!(refusal(test.invite_service.mint(&presented, Draft::default()).await), Refusal::Unauthorized);
    assert_eq!(import(&by, keys.clone(), ImportMode::Write).await, [ImportOutcome::New]);
    let minted = test.mint(&presented, Draft { expiry: Expiry::Policy, ..Draft::default() }).await;
    assert_eq!(minted.invite.source.as_str(), "api/token/-old_id1");
    let stored = test.store.keys(&by).await.unwrap().remove(0);
    assert_eq!((stored.created_at, stored.name.as_deref()), (Timestamp::from_millis(5_000), Some("Portal")));
    let outcomes = [
        import(&by, keys, ImportMode::Write).await,
        import(&by, vec![key(&by, "-old_id1", "other")], ImportMode::Write).await,
        import(&other, vec![key(&other, "-old_id1", &secret)], ImportMode::Write).await,
    ];
    assert_eq!(
        outcomes.concat(),
        [ImportOutcome::Present, ImportOutcome::OtherSecret, ImportOutcome::OtherHost]
    );
    // Only the operator imports.
    let manager =
        test.key_with(&by, NewKey { scopes: Scope::InvitesCreate.into(), ..NewKey::default() }).await;
    let refused = test.store.import_keys(&manager, vec![], ImportMode::Write).await;
    assert_eq!(refusal(refused), Refusal::Forbidden(Scope::KeysManage));
}

pub(crate) async fn a_deleted_key_is_not_imported_again(test: TestStore) {
    let (by, other) = (test.operator("example.com").await, test.operator("example.org").await);
    let import = async |by: &Principal, mode| {
        let keys = vec![key(by, "old_id1", &"s".repeat(32))];
        test.store.import_keys(by, keys, mode).await.unwrap().remove(0)
    };
    assert_eq!(import(&by, ImportMode::Write).await, ImportOutcome::New);
    test.invite_service.delete_key(&by, "old_id1").await.unwrap();
    for mode in [ImportMode::DryRun, ImportMode::Write] {
        assert_eq!(import(&by, mode).await, ImportOutcome::DeletedHere);
        assert_eq!(import(&other, mode).await, ImportOutcome::OtherHost);
    }
    assert!(test.store.keys(&by).await.unwrap().is_empty());
    // The purge keeps the tombstone, whatever the age.
    test.advance(4_000 * DAY);
    let now = test.invite_service.now();
    test.purge_all(Retention {
        invites_over_before: now,
        events_before: now,
        failed_claims_before: now,
        members_before: None,
    })
    .await;
    assert_eq!(import(&by, ImportMode::Write).await, ImportOutcome::DeletedHere);
    // The operator may create it again, and delete it again.
    assert_eq!(import(&by, ImportMode::WriteAgain).await, ImportOutcome::New);
    assert_eq!(import(&by, ImportMode::Write).await, ImportOutcome::Present);
    test.invite_service.delete_key(&by, "old_id1").await.unwrap();
    assert_eq!(import(&by, ImportMode::Write).await, ImportOutcome::DeletedHere);
}

pub(crate) async fn a_purged_invite_is_not_imported_again(test: TestStore) {
    let (by, other) = (test.operator("example.com").await, test.operator("example.org").await);
    let expires_at = Timestamp::from_millis(START.as_millis() + 10 * DAY);
    let invites: Vec<_> =
        (0..4).map(|number| ForeignInvite { expires_at, ..foreign(number, Draft::default()) }).collect();
    import(&test, &by, invites.clone()).await;
    let claim = test.invite_service.claim(&by, token(0).expose(), Some(name("ann")), None).await.unwrap();
    test.store.complete(&by, claim.id, "ann@example.com".parse().unwrap(), via()).await.unwrap();
    let edit = async |number, changes| {
        test.store.edit_invite(&by, token(number).lookup_key().id, changes).await.unwrap();
    };
    edit(1, InviteChanges::revoke()).await;
    // It expires here before it expires in the import.
    let expiry = |at| InviteChanges { expires_at: Some(at), ..InviteChanges::default() };
    edit(2, expiry(START.plus(Duration::from_hours(1)))).await;
    test.advance(2 * DAY);
    let now = test.invite_service.now();
    let never = Timestamp::from_millis(0);
    let keep = Retention {
        invites_over_before: now,
        events_before: never,
        failed_claims_before: never,
        members_before: None,
    };
    assert_eq!(test.purge_all(keep).await.0, 3);
    let again = import(&test, &by, invites.clone()).await;
    assert_eq!(again[..3], [ImportOutcome::DeletedHere; 3]);
    assert_eq!(again[3], ImportOutcome::Present);
    assert_eq!(import(&test, &other, vec![invites[0].clone()]).await, [ImportOutcome::OtherHost]);
    assert!(test.store.invite_by_token(token(0).lookup_key()).await.unwrap().is_none());
    // The tombstones end when the import counts the invites as expired, and not before.
    test.advance(8 * DAY - 1);
    test.purge_all(keep).await;
    assert_eq!(import(&test, &by, invites[..3].to_vec()).await, [ImportOutcome::DeletedHere; 3]);
    test.advance(1);
    test.purge_all(keep).await;
    let dry = test.invite_service.import_invites(&by, invites, ImportMode::DryRun, |_| ()).await.unwrap();
    assert_eq!(dry[..3], [ImportOutcome::New; 3]);
}
