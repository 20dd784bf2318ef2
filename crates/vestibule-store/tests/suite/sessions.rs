use std::sync::Arc;

use vestibule_core::{
    Action, Draft, EventQuery, LOGIN_LINK_LIFETIME, MemberQuery, Principal, Refusal, SESSION_IDLE_TIMEOUT,
    SESSION_LIFETIME, SessionSecret,
};

use super::test_store::{TestStore, refusal};

fn millis(span: std::time::Duration) -> i64 {
    i64::try_from(span.as_millis()).unwrap()
}

async fn log_in(test: &TestStore, by: &Principal, name: &str) -> SessionSecret {
    let (link, _) = test.invite_service.create_login_link(by, name).await.unwrap();
    test.invite_service.log_in(&link).await.unwrap().unwrap().0
}

pub(crate) async fn a_login_link_works_once_for_a_quarter_of_an_hour(test: TestStore) {
    let by = test.operator("example.com").await;
    let (link, expires_at) = test.invite_service.create_login_link(&by, "ann").await.unwrap();
    assert_eq!(expires_at, test.invite_service.now().plus(LOGIN_LINK_LIFETIME));
    let (secret, session) = test.invite_service.log_in(&link).await.unwrap().unwrap();
    assert_eq!((session.host.as_str(), session.name.as_str()), ("example.com", "ann"));
    assert!(test.invite_service.log_in(&link).await.unwrap().is_none(), "a second time");
    // Neither a secret of a session nor an unknown one is a link.
    assert!(test.invite_service.log_in(&secret).await.unwrap().is_none());
    let (late, _) = test.invite_service.create_login_link(&by, "ann").await.unwrap();
    test.advance(millis(LOGIN_LINK_LIFETIME));
    assert!(test.invite_service.log_in(&late).await.unwrap().is_none(), "too late");
    for name in ["", "a\nb", &"x".repeat(101)] {
        assert!(matches!(
            refusal(test.invite_service.create_login_link(&by, name).await),
            Refusal::Invalid(_)
        ));
    }
    // No key opens the console.
    let key = test.key(&by, "bridge").await;
    assert_eq!(refusal(test.invite_service.create_login_link(&key, "ann").await), Refusal::Unauthorized);
    assert_eq!(refusal(test.store.sessions(&key).await), Refusal::Unauthorized);
    let events = test.store.events(&by, EventQuery { after: 0, limit: 100 }).await.unwrap().items;
    let expected = [
        (Action::LoginLinkCreated, "cli"),
        (Action::SessionStarted, "web/ann"),
        (Action::LoginLinkCreated, "cli"),
    ];
    let found: Vec<_> = events
        .iter()
        .filter(|event| event.subject == "ann")
        .map(|event| (event.action, event.source.as_str()))
        .collect();
    assert_eq!(found, expected);
}

pub(crate) async fn a_session_does_what_an_operator_may_on_its_host(test: TestStore) {
    let (by, other) = (test.operator("example.com").await, test.operator("example.org").await);
    let elsewhere = test.mint(&other, Draft::default()).await;
    let session = Principal::Session(log_in(&test, &by, "ann").await.hash());
    let minted = test.mint(&session, Draft::default()).await;
    assert_eq!((minted.invite.host.as_str(), minted.invite.source.as_str()), ("example.com", "web/ann"));
    assert!(test.store.invite(&session, minted.invite.id).await.unwrap().is_some());
    assert!(test.store.invite(&session, elsewhere.invite.id).await.unwrap().is_none());
    test.store.members(&session, MemberQuery { before: None, limit: 10 }).await.unwrap();
    test.store.keys(&session).await.unwrap();
    let unknown = Principal::Session(SessionSecret::parse(&"x".repeat(43)).unwrap().hash());
    assert_eq!(refusal(test.invite_service.mint(&unknown, Draft::default()).await), Refusal::Unauthorized);
}

pub(crate) async fn a_session_ends_unused_or_after_its_lifetime(test: TestStore) {
    let by = test.operator("example.com").await;
    let hash = log_in(&test, &by, "ann").await.hash();
    let lives = async || {
        let live = test.store.use_session(hash).await.unwrap().is_some();
        let minted = test.invite_service.mint(&Principal::Session(hash), Draft::default()).await;
        assert_eq!(minted.is_ok(), live);
        live
    };
    let start = test.invite_service.now();
    while test.invite_service.now() < start.plus(SESSION_LIFETIME) {
        assert!(lives().await);
        test.advance(millis(SESSION_IDLE_TIMEOUT) - 1);
    }
    assert!(!lives().await, "after its lifetime");
    let hash = log_in(&test, &by, "ann").await.hash();
    test.advance(millis(SESSION_IDLE_TIMEOUT));
    assert!(test.store.use_session(hash).await.unwrap().is_none(), "unused");
    assert_eq!(test.store.sessions(&by).await.unwrap(), []);
}

pub(crate) async fn sessions_are_listed_and_ended_by_host(test: TestStore) {
    let (by, other) = (test.operator("example.com").await, test.operator("example.org").await);
    let ann = log_in(&test, &by, "ann").await.hash();
    test.advance(1);
    let bob = log_in(&test, &by, "bob").await.hash();
    let eve = log_in(&test, &other, "eve").await.hash();
    let names = async |by: &Principal| {
        let sessions = test.store.sessions(by).await.unwrap();
        sessions.into_iter().map(|session| session.name).collect::<Vec<_>>()
    };
    assert_eq!(names(&by).await, ["ann", "bob"]);
    assert_eq!(names(&Principal::Session(bob)).await, ["ann", "bob"]);
    assert!(!test.store.end_session(&by, eve.id()).await.unwrap(), "of another host");
    assert!(test.store.end_session(&Principal::Session(bob), ann.id()).await.unwrap());
    assert!(!test.store.end_session(&by, ann.id()).await.unwrap(), "it is over");
    assert!(test.store.use_session(ann).await.unwrap().is_none());
    assert_eq!(refusal(test.store.sessions(&Principal::Session(ann)).await), Refusal::Unauthorized);
    assert_eq!((names(&by).await, names(&other).await), (vec!["bob".to_owned()], vec!["eve".to_owned()]));
}

pub(crate) async fn concurrent_logins_start_one_session(test: TestStore) {
    let by = test.operator("example.com").await;
    let (link, _) = test.invite_service.create_login_link(&by, "ann").await.unwrap();
    let link = Arc::new(link);
    let logins = (0..16).map(|_| {
        let (service, link) = (test.invite_service.clone(), Arc::clone(&link));
        tokio::spawn(async move { service.log_in(&link).await.unwrap().is_some() })
    });
    let mut started = 0;
    for login in logins.collect::<Vec<_>>() {
        started += u32::from(login.await.unwrap());
    }
    assert_eq!((started, test.store.sessions(&by).await.unwrap().len()), (1, 1));
}
