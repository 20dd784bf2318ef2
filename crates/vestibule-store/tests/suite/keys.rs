use vestibule_core::{Authority, Draft, NewKey, PresentedKey, Refusal, Setting};

use super::bench::{Bench, bridge, refusal};

pub(crate) async fn a_key_makes_none_that_may_do_more(bench: Bench) {
    let by = bench.operator("example.com").await;
    let manager = bench.key(&by, "keys:manage,invites:create").await;
    let wider = NewKey { scopes: bridge(), ..NewKey::default() };
    assert!(matches!(refusal(bench.desk.create_key(&manager, wider).await), Refusal::Invalid(_)));
    let equal = NewKey { scopes: "keys:manage,invites:create".parse().unwrap(), ..NewKey::default() };
    assert!(bench.desk.create_key(&manager, equal).await.is_ok());
}

pub(crate) async fn a_deleted_key_is_dead_at_once(bench: Bench) {
    let by = bench.operator("example.com").await;
    let (record, text) = bench.desk.create_key(&by, NewKey::default()).await.unwrap();
    let key = Authority::Key(PresentedKey::parse(&text.expose()).unwrap());
    bench.mint(&key, Draft::default()).await;
    bench.desk.delete_key(&by, record.id.as_str()).await.unwrap();
    assert_eq!(refusal(bench.desk.mint(&key, Draft::default()).await), Refusal::Unauthorized);
    let again = bench.desk.delete_key(&by, record.id.as_str()).await;
    assert_eq!(refusal(again), Refusal::NotFound("key"));
    let rubbish = bench.desk.delete_key(&by, "no/key").await;
    assert_eq!(refusal(rubbish), Refusal::NotFound("key"));
}

pub(crate) async fn keys_are_listed_oldest_first_for_their_host_alone(bench: Bench) {
    let (by, other) = (bench.operator("example.com").await, bench.operator("example.org").await);
    let make = |name: &str| NewKey { name: Some(name.to_owned()), ..NewKey::default() };
    for name in ["first", "second"] {
        bench.desk.create_key(&by, make(name)).await.unwrap();
        bench.advance(1);
    }
    let (theirs, _) = bench.desk.create_key(&other, make("theirs")).await.unwrap();
    let keys = bench.store.keys(&by).await.unwrap();
    let names: Vec<_> = keys.iter().map(|key| key.name.as_deref()).collect();
    assert_eq!(names, [Some("first"), Some("second")]);
    let foreign = bench.desk.delete_key(&by, theirs.id.as_str()).await;
    assert_eq!(refusal(foreign), Refusal::NotFound("key"));
}

pub(crate) async fn what_is_settled_first_stays(bench: Bench) {
    assert_eq!(bench.store.setting(Setting::SealCheck).await.unwrap(), None);
    assert_eq!(bench.store.settle(Setting::SealCheck, "one").await.unwrap(), "one");
    assert_eq!(bench.store.settle(Setting::SealCheck, "two").await.unwrap(), "one");
    bench.store.remember_setting(Setting::PublicUrl, "http://a").await.unwrap();
    bench.store.remember_setting(Setting::PublicUrl, "http://b").await.unwrap();
    assert_eq!(bench.store.setting(Setting::PublicUrl).await.unwrap().as_deref(), Some("http://b"));
}
