use vestibule_core::{Draft, Host, InviteChanges, NewKey, Refusal, StoreError};

use super::test_store::TestStore;

pub(crate) async fn a_host_is_removed_when_nothing_works_there(test: TestStore) {
    let by = test.operator("example.com").await;
    let host = Host::parse("example.com").unwrap();
    test.operator("example.org").await;
    let refused =
        |outcome| assert!(matches!(outcome, Err(StoreError::Refused(Refusal::Invalid(_)))), "{outcome:?}");
    let (key, _) = test.invite_service.create_key(&by, NewKey::default()).await.unwrap();
    refused(test.store.remove_host(&by).await);
    test.store.delete_key(&by, &key.id).await.unwrap();
    let invite = test.mint(&by, Draft::default()).await;
    refused(test.store.remove_host(&by).await);
    test.store.edit_invite(&by, invite.invite.id, InviteChanges::revoke()).await.unwrap();
    test.store.remove_host(&by).await.unwrap();

    assert_eq!(test.store.hosts().await.unwrap(), [Host::parse("example.org").unwrap()]);
    let unknown = test.store.remove_host(&by).await;
    assert!(matches!(unknown, Err(StoreError::Refused(Refusal::UnknownHost))), "{unknown:?}");
    // Its past has a name, and returns with it.
    assert!(test.invite_service.find(invite.token.expose()).await.unwrap().is_some());
    test.store.add_host(&host).await.unwrap();
    assert_eq!(test.store.hosts().await.unwrap().len(), 2);
    assert!(test.store.invite(&by, invite.invite.id).await.unwrap().is_some());
}
