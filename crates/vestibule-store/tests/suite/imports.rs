use vestibule_core::{
    Draft, Expiry, ForeignInvite, ImportMode, ImportOutcome, InviteChanges, InviteQuery, KeyId, KeyRecord,
    Kind, LanguageTag, Message, NewKey, PresentedKey, Principal, Refusal, Scope, Scopes, SecretHash, Source,
    Timestamp, Token,
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
