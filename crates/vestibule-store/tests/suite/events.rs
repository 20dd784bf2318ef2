use vestibule_core::{Action, Draft, EventQuery, InviteChanges};

use super::bench::Bench;

pub(crate) async fn every_change_writes_its_event(bench: Bench) {
    let by = bench.operator("example.com").await;
    let key = bench.key(&by, "bridge").await;
    let minted = bench.mint(&key, Draft { max_uses: Some(2), ..Draft::default() }).await;
    let claim = bench.claim(&key, &minted, "bob").await.unwrap();
    bench.store.release(&key, claim.id).await.unwrap();
    bench.redeem(&key, &minted, "bob").await;
    for revoked in [true, false] {
        let edit = InviteChanges { revoked: Some(revoked), ..InviteChanges::default() };
        bench.store.edit_invite(&by, minted.invite.id, edit).await.unwrap();
    }
    let edit = InviteChanges { max_uses: Some(Some(1)), ..InviteChanges::default() };
    bench.store.edit_invite(&by, minted.invite.id, edit).await.unwrap();
    let events = bench.store.events(&by, EventQuery { after: 0, limit: 100 }).await.unwrap();
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

pub(crate) async fn pages_follow_each_other(bench: Bench) {
    let by = bench.operator("example.com").await;
    let other = bench.operator("example.org").await;
    for _ in 0..5 {
        bench.mint(&by, Draft::default()).await;
        bench.mint(&other, Draft::default()).await;
    }
    let (mut after, mut seen) = (0, Vec::new());
    loop {
        let page = bench.store.events(&by, EventQuery { after, limit: 2 }).await.unwrap();
        assert!(page.items.len() <= 2);
        seen.extend(page.items.iter().map(|event| event.seq));
        match page.next {
            Some(next) => after = next,
            None => break,
        }
    }
    assert_eq!(seen, [1, 2, 3, 4, 5]);
}
