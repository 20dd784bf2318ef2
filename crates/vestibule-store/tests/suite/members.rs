use vestibule_core::{AccountChange, Draft, Kind, MemberQuery};

use super::test_store::{TestStore, name};

/// The usernames on all pages.
async fn members(test: &TestStore, by: &vestibule_core::Principal, limit: u32) -> Vec<String> {
    let (mut found, mut before) = (Vec::new(), None);
    loop {
        let page = test.store.members(by, MemberQuery { before, limit }).await.unwrap();
        assert!(page.items.len() <= usize::try_from(limit).unwrap());
        found.extend(page.items.into_iter().map(|member| member.username.to_string()));
        before = page.next;
        if before.is_none() {
            return found;
        }
    }
}

pub(crate) async fn members_are_those_who_joined(test: TestStore) {
    let by = test.operator("example.com").await;
    let other = test.operator("example.org").await;
    let group = test.mint(&by, Draft { max_uses: None, ..Draft::default() }).await;
    let elsewhere = test.mint(&other, Draft { max_uses: None, ..Draft::default() }).await;
    for (number, username) in ["ann", "bob", "eve"].into_iter().enumerate() {
        test.advance(1_000);
        test.redeem(&by, &group, username).await;
        test.redeem(&other, &elsewhere, &format!("other{number}")).await;
        // An unfinished claim.
        test.advance(1_000);
        test.claim(&by, &group, &format!("gone{number}")).await.unwrap();
    }
    let from_ann = Draft { kind: Kind::AccountAndContact, inviter: Some(name("ann")), ..Draft::default() };
    let from_ann = test.mint(&by, from_ann).await;
    test.advance(1_000);
    test.redeem(&by, &from_ann, "dan").await;
    // Neither a contact nor a reset makes a member.
    let reset = Draft { kind: Kind::PasswordReset, username: Some(name("bob")), ..Draft::default() };
    let reset = test.mint(&by, reset).await;
    test.redeem(&by, &reset, "bob").await;
    for limit in [1, 2, 100] {
        assert_eq!(members(&test, &by, limit).await, ["dan", "eve", "bob", "ann"], "{limit}");
        assert_eq!(members(&test, &other, limit).await, ["other2", "other1", "other0"], "{limit}");
    }

    let ann = test.store.member(&by, &name("ann")).await.unwrap().unwrap();
    assert_eq!((ann.member.invite, &ann.member.invited_by), (group.invite.id, &None));
    assert_eq!(ann.invited.len(), 1);
    let dan = test.store.member(&by, &name("dan")).await.unwrap().unwrap();
    assert_eq!((&dan.member, &dan.invited), (&ann.invited[0], &vec![]));
    assert_eq!((&dan.member.invited_by, dan.member.invite), (&Some(name("ann")), from_ann.invite.id));
    assert_eq!(dan.member.joined_at, test.store.clock().now());
    for stranger in ["gone1", "other1", "nobody"] {
        assert!(test.store.member(&by, &name(stranger)).await.unwrap().is_none(), "{stranger}");
    }

    test.store.account_changed(&by, &name("dan"), AccountChange::Deleted).await.unwrap();
    assert!(test.store.member(&by, &name("dan")).await.unwrap().is_none());
    let newest = test.store.members(&by, MemberQuery { before: None, limit: 1 }).await.unwrap();
    assert!(newest.items[0].deleted_at.is_some(), "{newest:?}");
}
