use std::time::Duration;

use vestibule_core::{
    Draft, Expiry, NewKey, PresentedKey, Principal, Refusal, Scope, Scopes, Setting, StoreError, rules,
};

use super::test_store::{TestStore, bridge, refusal};

pub(crate) async fn a_key_cannot_create_a_stronger_key(test: TestStore) {
    let by = test.operator("example.com").await;
    let manager = test.key(&by, "keys:manage,invites:create").await;
    let wider = NewKey { scopes: bridge(), ..NewKey::default() };
    assert!(matches!(refusal(test.invite_service.create_key(&manager, wider).await), Refusal::Invalid(_)));
    let equal = NewKey { scopes: "keys:manage,invites:create".parse().unwrap(), ..NewKey::default() };
    assert!(test.invite_service.create_key(&manager, equal).await.is_ok());
}

pub(crate) async fn a_deleted_key_stops_working_at_once(test: TestStore) {
    let by = test.operator("example.com").await;
    let (record, api_key) = test.invite_service.create_key(&by, NewKey::default()).await.unwrap();
    let key = Principal::Key(PresentedKey::parse(&api_key.expose()).unwrap());
    test.mint(&key, Draft::default()).await;
    test.invite_service.delete_key(&by, record.id.as_str()).await.unwrap();
    assert_eq!(refusal(test.invite_service.mint(&key, Draft::default()).await), Refusal::Unauthorized);
    let again = test.invite_service.delete_key(&by, record.id.as_str()).await;
    assert_eq!(refusal(again), Refusal::NotFound("key"));
    let rubbish = test.invite_service.delete_key(&by, "no/key").await;
    assert_eq!(refusal(rubbish), Refusal::NotFound("key"));
}

pub(crate) async fn keys_are_listed_oldest_first_per_host(test: TestStore) {
    let (by, other) = (test.operator("example.com").await, test.operator("example.org").await);
    let make = |name: &str| NewKey { name: Some(name.to_owned()), ..NewKey::default() };
    for name in ["first", "second"] {
        test.invite_service.create_key(&by, make(name)).await.unwrap();
        test.advance(1);
    }
    let (theirs, _) = test.invite_service.create_key(&other, make("theirs")).await.unwrap();
    let keys = test.store.keys(&by).await.unwrap();
    let names: Vec<_> = keys.iter().map(|key| key.name.as_deref()).collect();
    assert_eq!(names, [Some("first"), Some("second")]);
    let foreign = test.invite_service.delete_key(&by, theirs.id.as_str()).await;
    assert_eq!(refusal(foreign), Refusal::NotFound("key"));
}

pub(crate) async fn set_if_absent_keeps_the_first_value(test: TestStore) {
    assert_eq!(test.store.setting(Setting::SealCheck).await.unwrap(), None);
    assert_eq!(test.store.set_setting_if_absent(Setting::SealCheck, "one").await.unwrap(), "one");
    assert_eq!(test.store.set_setting_if_absent(Setting::SealCheck, "two").await.unwrap(), "one");
    test.store.set_setting(Setting::PublicUrl, "http://a").await.unwrap();
    test.store.set_setting(Setting::PublicUrl, "http://b").await.unwrap();
    assert_eq!(test.store.setting(Setting::PublicUrl).await.unwrap().as_deref(), Some("http://b"));
}

pub(crate) async fn the_last_use_of_a_key_is_tracked_and_stored(test: TestStore) {
    let by = test.operator("example.com").await;
    let key = test.key(&by, "invites:create").await;
    let last_use = async || test.store.keys(&by).await.unwrap()[0].last_used_at;
    assert_eq!(last_use().await, None);
    test.mint(&key, Draft::default()).await;
    let first = test.invite_service.now();
    assert_eq!(last_use().await, Some(first), "visible before it is stored");
    test.store.note_key_uses().await.unwrap();
    assert_eq!(last_use().await, Some(first));
    test.advance(1_000);
    test.mint(&key, Draft::default()).await;
    assert_eq!(last_use().await, Some(test.invite_service.now()));
    // A clock set back does not change it.
    test.store.note_key_uses().await.unwrap();
    test.advance(-5_000);
    test.mint(&key, Draft::default()).await;
    test.store.note_key_uses().await.unwrap();
    assert_eq!(last_use().await, Some(first.plus(Duration::from_secs(1))));
}

pub(crate) async fn a_key_cannot_grant_more_than_it_has(test: TestStore) {
    let by = test.operator("example.com").await;
    let scopes = "keys:manage,redeem".parse().unwrap();
    let expiry = Expiry::In(Duration::from_hours(1));
    let rate = Some("100/min".parse().unwrap());
    let maker = NewKey { scopes, expiry, rate, ..NewKey::default() };
    let key = test.key_with(&by, maker.clone()).await;
    let make = async |wanted: NewKey| match test.invite_service.create_key(&key, wanted).await {
        Ok(_) => Vec::new(),
        Err(StoreError::Refused(Refusal::Invalid(errors))) => {
            errors.iter().map(|error| error.field.clone()).collect()
        }
        Err(error) => panic!("{error}"),
    };
    assert!(make(maker.clone()).await.is_empty());
    assert_eq!(make(NewKey { scopes: Scopes::ALL, ..maker.clone() }).await, ["scopes"]);
    assert_eq!(make(NewKey { expiry: Expiry::Policy, ..maker.clone() }).await, ["expires_in"]);
    assert_eq!(make(NewKey { rate: None, ..maker }).await, ["rate"]);
}

pub(crate) async fn a_key_ends_with_its_parent_and_shares_its_rate(test: TestStore) {
    let by = test.operator("example.com").await;
    let rate = Some("4/min".parse().unwrap());
    let scopes = "keys:manage,invites:create".parse().unwrap();
    let new = NewKey { scopes, rate, ..NewKey::default() };
    let (record, api_key) = test.invite_service.create_key(&by, new.clone()).await.unwrap();
    let parent = Principal::Key(PresentedKey::parse(&api_key.expose()).unwrap());
    let child = test.key_with(&parent, new.clone()).await;
    let grandchild = test.key_with(&child, new).await;
    let listed = test.store.keys(&by).await.unwrap();
    assert_eq!(listed[1].parent.as_ref(), Some(&record.id));
    // Two calls created the keys: two remain for all three.
    test.mint(&grandchild, Draft::default()).await;
    test.mint(&child, Draft::default()).await;
    for key in [&parent, &child, &grandchild] {
        let refused = refusal(test.invite_service.mint(key, Draft::default()).await);
        assert!(matches!(refused, Refusal::RateLimited { .. }), "{refused:?}");
    }
    test.invite_service.delete_key(&by, record.id.as_str()).await.unwrap();
    for key in [&parent, &child, &grandchild] {
        assert_eq!(refusal(test.invite_service.mint(key, Draft::default()).await), Refusal::Unauthorized);
    }
    assert!(test.store.keys(&by).await.unwrap().is_empty());
}

pub(crate) async fn a_key_cannot_delete_a_stronger_key(test: TestStore) {
    let by = test.operator("example.com").await;
    let manager = test.key(&by, "keys:manage,redeem").await;
    let make = async |scopes: &str| {
        let new = NewKey { scopes: scopes.parse().unwrap(), ..NewKey::default() };
        test.invite_service.create_key(&by, new).await.unwrap().0.id
    };
    let (bridge, plain) = (make("bridge").await, make("redeem").await);
    let refused = test.invite_service.delete_key(&manager, bridge.as_str()).await;
    assert_eq!(refusal(refused), Refusal::Forbidden(Scope::InvitesCreate));
    test.invite_service.delete_key(&manager, plain.as_str()).await.unwrap();
    test.invite_service.delete_key(&by, bridge.as_str()).await.unwrap();
}

pub(crate) async fn the_number_of_keys_per_host_is_limited(test: TestStore) {
    let (by, other) = (test.operator("example.com").await, test.operator("example.org").await);
    for _ in 0..rules::MAX_KEYS {
        test.invite_service.create_key(&by, NewKey::default()).await.unwrap();
    }
    let refused = test.invite_service.create_key(&by, NewKey::default()).await.map(drop);
    assert_eq!(refusal(refused), Refusal::LimitReached { what: "keys", limit: rules::MAX_KEYS });
    test.invite_service.create_key(&other, NewKey::default()).await.unwrap();
}

pub(crate) async fn concurrent_creates_of_a_missing_key_create_one(test: TestStore) {
    let (by, other) = (test.operator("example.com").await, test.operator("example.org").await);
    let new = || NewKey { name: Some("Portal".to_owned()), ..NewKey::default() };
    let mut creates = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let (service, by, new) = (test.invite_service.clone(), by.clone(), new());
        creates.spawn(async move { service.create_key_if_missing(&by, new).await.unwrap() });
    }
    let made = creates.join_all().await;
    let ids: Vec<_> = made.iter().map(|(record, _)| &record.id).collect();
    assert!(ids.windows(2).all(|pair| pair[0] == pair[1]), "{ids:?}");
    assert_eq!(made.iter().filter(|(_, text)| text.is_some()).count(), 1);
    assert_eq!(test.store.keys(&by).await.unwrap().len(), 1);
    // Another host, and another name.
    assert!(test.invite_service.create_key_if_missing(&other, new()).await.unwrap().1.is_some());
    let named = NewKey { name: Some("Shop".to_owned()), ..NewKey::default() };
    assert!(test.invite_service.create_key_if_missing(&by, named).await.unwrap().1.is_some());
}
