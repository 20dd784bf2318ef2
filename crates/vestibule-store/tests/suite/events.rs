use vestibule_core::{Action, Draft, EventQuery, InviteChanges};

use super::test_store::TestStore;

pub(crate) async fn every_change_writes_an_event(test: TestStore) {
    let by = test.operator("example.com").await;
    let key = test.key(&by, "bridge").await;
    let minted = test.mint(&key, Draft { max_uses: Some(2), ..Draft::default() }).await;
    let claim = test.claim(&key, &minted, "bob").await.unwrap();
    test.store.release(&key, claim.id).await.unwrap();
    test.redeem(&key, &minted, "bob").await;
    for revoked in [true, false] {
        let edit = InviteChanges { revoked: Some(revoked), ..InviteChanges::default() };
        test.store.edit_invite(&by, minted.invite.id, edit).await.unwrap();
    }
    let edit = InviteChanges { max_uses: Some(Some(1)), ..InviteChanges::default() };
    test.store.edit_invite(&by, minted.invite.id, edit).await.unwrap();
    let events = test.store.events(&by, EventQuery { after: 0, limit: 100 }).await.unwrap();
    let actions: Vec<_> = events.items.iter().map(|event| event.action).collect();
    assert_eq!(
        actions,
        [
            Action::KeyCreated,
            Action::InviteCreated,
            Action::InviteClaimed,
            Action::InviteReleased,
            Action::InviteClaimed,
            Action::InviteRedeemed,
            Action::InviteRevoked,
            Action::InviteRestored,
            Action::InviteEdited,
        ]
    );
    assert!(
        events.items.iter().enumerate().all(|(index, event)| event.seq == i64::try_from(index).unwrap() + 1)
    );
    assert!(events.items[1].source.as_str().starts_with("api/token/"));
    assert_eq!(events.items[1].subject, minted.invite.id.to_string());
    assert_eq!(events.items[5].detail.as_deref(), Some("bob@example.com"));
    assert_eq!(events.items[6].source.as_str(), "cli");
    let token = minted.token.expose();
    assert!(!format!("{:?}", events.items).contains(token));
}

pub(crate) async fn event_pages_are_contiguous(test: TestStore) {
    let by = test.operator("example.com").await;
    let other = test.operator("example.org").await;
    for _ in 0..5 {
        test.mint(&by, Draft::default()).await;
        test.mint(&other, Draft::default()).await;
    }
    let (mut after, mut seen) = (0, Vec::new());
    loop {
        let page = test.store.events(&by, EventQuery { after, limit: 2 }).await.unwrap();
        assert!(page.items.len() <= 2);
        seen.extend(page.items.iter().map(|event| event.seq));
        match page.next {
            Some(next) => after = next,
            None => break,
        }
    }
    assert_eq!(seen, [1, 2, 3, 4, 5]);
}
