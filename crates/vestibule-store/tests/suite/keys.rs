use std::time::Duration;

use vestibule_core::{
    Draft, Expiry, NewKey, PresentedKey, Principal, Refusal, Scope, Scopes, Setting, StoreError, rules,
};

use super::bench::{Bench, bridge, refusal};

pub(crate) async fn a_key_makes_none_that_may_do_more(bench: Bench) {
    let by = bench.operator("example.com").await;
    let manager = bench.key(&by, "keys:manage,invites:create").await;
    let wider = NewKey { scopes: bridge(), ..NewKey::default() };
    assert!(matches!(refusal(bench.invite_service.create_key(&manager, wider).await), Refusal::Invalid(_)));
    let equal = NewKey { scopes: "keys:manage,invites:create".parse().unwrap(), ..NewKey::default() };
    assert!(bench.invite_service.create_key(&manager, equal).await.is_ok());
}

pub(crate) async fn a_deleted_key_is_dead_at_once(bench: Bench) {
    let by = bench.operator("example.com").await;
    let (record, text) = bench.invite_service.create_key(&by, NewKey::default()).await.unwrap();
    let key = Principal::Key(PresentedKey::parse(&text.expose()).unwrap());
    bench.mint(&key, Draft::default()).await;
    bench.invite_service.delete_key(&by, record.id.as_str()).await.unwrap();
    assert_eq!(refusal(bench.invite_service.mint(&key, Draft::default()).await), Refusal::Unauthorized);
    let again = bench.invite_service.delete_key(&by, record.id.as_str()).await;
    assert_eq!(refusal(again), Refusal::NotFound("key"));
    let rubbish = bench.invite_service.delete_key(&by, "no/key").await;
    assert_eq!(refusal(rubbish), Refusal::NotFound("key"));
}

pub(crate) async fn keys_are_listed_oldest_first_for_their_host_alone(bench: Bench) {
    let (by, other) = (bench.operator("example.com").await, bench.operator("example.org").await);
    let make = |name: &str| NewKey { name: Some(name.to_owned()), ..NewKey::default() };
    for name in ["first", "second"] {
        bench.invite_service.create_key(&by, make(name)).await.unwrap();
        bench.advance(1);
    }
    let (theirs, _) = bench.invite_service.create_key(&other, make("theirs")).await.unwrap();
    let keys = bench.store.keys(&by).await.unwrap();
    let names: Vec<_> = keys.iter().map(|key| key.name.as_deref()).collect();
    assert_eq!(names, [Some("first"), Some("second")]);
    let foreign = bench.invite_service.delete_key(&by, theirs.id.as_str()).await;
    assert_eq!(refusal(foreign), Refusal::NotFound("key"));
}

pub(crate) async fn what_is_settled_first_stays(bench: Bench) {
    assert_eq!(bench.store.setting(Setting::SealCheck).await.unwrap(), None);
    assert_eq!(bench.store.set_setting_if_absent(Setting::SealCheck, "one").await.unwrap(), "one");
    assert_eq!(bench.store.set_setting_if_absent(Setting::SealCheck, "two").await.unwrap(), "one");
    bench.store.set_setting(Setting::PublicUrl, "http://a").await.unwrap();
    bench.store.set_setting(Setting::PublicUrl, "http://b").await.unwrap();
    assert_eq!(bench.store.setting(Setting::PublicUrl).await.unwrap().as_deref(), Some("http://b"));
}

pub(crate) async fn the_last_use_is_known_and_kept(bench: Bench) {
    let by = bench.operator("example.com").await;
    let key = bench.key(&by, "invites:create").await;
    let last_use = async || bench.store.keys(&by).await.unwrap()[0].last_used_at;
    assert_eq!(last_use().await, None);
    bench.mint(&key, Draft::default()).await;
    let first = bench.invite_service.now();
    assert_eq!(last_use().await, Some(first), "known before it is written");
    bench.store.note_key_uses().await.unwrap();
    assert_eq!(last_use().await, Some(first));
    bench.advance(1_000);
    bench.mint(&key, Draft::default()).await;
    assert_eq!(last_use().await, Some(bench.invite_service.now()));
    // A clock that went back does not undo it.
    bench.store.note_key_uses().await.unwrap();
    bench.advance(-5_000);
    bench.mint(&key, Draft::default()).await;
    bench.store.note_key_uses().await.unwrap();
    assert_eq!(last_use().await, Some(first.plus(Duration::from_secs(1))));
}

pub(crate) async fn none_can_make_more_than_itself(bench: Bench) {
    let by = bench.operator("example.com").await;
    let scopes = "keys:manage,redeem".parse().unwrap();
    let expiry = Expiry::In(Duration::from_hours(1));
    let rate = Some("100/min".parse().unwrap());
    let maker = NewKey { scopes, expiry, rate, ..NewKey::default() };
    let key = bench.key_with(&by, maker.clone()).await;
    let make = async |wanted: NewKey| match bench.invite_service.create_key(&key, wanted).await {
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

pub(crate) async fn a_key_ends_with_the_one_that_made_it_and_shares_its_rate(bench: Bench) {
    let by = bench.operator("example.com").await;
    let rate = Some("4/min".parse().unwrap());
    let scopes = "keys:manage,invites:create".parse().unwrap();
    let new = NewKey { scopes, rate, ..NewKey::default() };
    let (record, text) = bench.invite_service.create_key(&by, new.clone()).await.unwrap();
    let parent = Principal::Key(PresentedKey::parse(&text.expose()).unwrap());
    let child = bench.key_with(&parent, new.clone()).await;
    let grandchild = bench.key_with(&child, new).await;
    let listed = bench.store.keys(&by).await.unwrap();
    assert_eq!(listed[1].parent.as_ref(), Some(&record.id));
    // Two calls made the keys: two are left for all three.
    bench.mint(&grandchild, Draft::default()).await;
    bench.mint(&child, Draft::default()).await;
    for key in [&parent, &child, &grandchild] {
        let refused = refusal(bench.invite_service.mint(key, Draft::default()).await);
        assert!(matches!(refused, Refusal::RateLimited { .. }), "{refused:?}");
    }
    bench.invite_service.delete_key(&by, record.id.as_str()).await.unwrap();
    for key in [&parent, &child, &grandchild] {
        assert_eq!(refusal(bench.invite_service.mint(key, Draft::default()).await), Refusal::Unauthorized);
    }
    assert!(bench.store.keys(&by).await.unwrap().is_empty());
}

pub(crate) async fn a_key_deletes_none_that_may_do_more(bench: Bench) {
    let by = bench.operator("example.com").await;
    let manager = bench.key(&by, "keys:manage,redeem").await;
    let make = async |scopes: &str| {
        let new = NewKey { scopes: scopes.parse().unwrap(), ..NewKey::default() };
        bench.invite_service.create_key(&by, new).await.unwrap().0.id
    };
    let (bridge, plain) = (make("bridge").await, make("redeem").await);
    let refused = bench.invite_service.delete_key(&manager, bridge.as_str()).await;
    assert_eq!(refusal(refused), Refusal::Forbidden(Scope::InvitesCreate));
    bench.invite_service.delete_key(&manager, plain.as_str()).await.unwrap();
    bench.invite_service.delete_key(&by, bridge.as_str()).await.unwrap();
}

pub(crate) async fn a_host_has_a_bounded_number_of_keys(bench: Bench) {
    let (by, other) = (bench.operator("example.com").await, bench.operator("example.org").await);
    for _ in 0..rules::MAX_KEYS {
        bench.invite_service.create_key(&by, NewKey::default()).await.unwrap();
    }
    let refused = bench.invite_service.create_key(&by, NewKey::default()).await.map(drop);
    assert_eq!(refusal(refused), Refusal::LimitReached { what: "keys", limit: rules::MAX_KEYS });
    bench.invite_service.create_key(&other, NewKey::default()).await.unwrap();
}
