use async_trait::async_trait;
use vestibule_core::{
    MemberDetails, MemberPage, MemberQuery, MemberStore, Principal, RevokedInvites, StoreError, Username,
};

use crate::{
    sqlite::{
        SqliteStore,
        authorization::{authorize, authorize_and_charge},
    },
    verbs::{
        members::{self, MemberRows},
        run_ready,
    },
};

#[async_trait]
impl MemberStore for SqliteStore {
    async fn members(&self, by: &Principal, query: MemberQuery) -> Result<MemberPage, StoreError> {
        let by = by.clone();
        let list = self.lists.run(move |tx| {
            let caller = authorize_and_charge(tx, &by, members::SCOPE)?;
            run_ready(members::list(tx, &caller, query))
        });
        list.await
    }

    async fn member(&self, by: &Principal, username: &Username) -> Result<Option<MemberDetails>, StoreError> {
        let (by, username) = (by.clone(), username.clone());
        let show = self.lists.run(move |tx| {
            let caller = authorize_and_charge(tx, &by, members::SCOPE)?;
            run_ready(members::show(tx, &caller, &username))
        });
        show.await
    }

    async fn set_may_invite(
        &self,
        by: &Principal,
        username: &Username,
        may_invite: bool,
    ) -> Result<(), StoreError> {
        let (by, username) = (by.clone(), username.clone());
        let set = self.writer.run(move |tx| {
            let caller = authorize_and_charge(tx, &by, members::MANAGE_SCOPE)?;
            run_ready(members::set_may_invite(tx, &caller, &username, may_invite))
        });
        set.await
    }

    async fn revoke_invites_of(
        &self,
        by: &Principal,
        username: &Username,
        which: RevokedInvites,
    ) -> Result<u64, StoreError> {
        let (reader, root) = (by.clone(), username.clone());
        let branch = self.lists.run(move |tx| {
            let caller = authorize_and_charge(tx, &reader, members::MANAGE_SCOPE)?;
            match which {
                RevokedInvites::OfMember => Ok(vec![root.clone()]),
                RevokedInvites::OfBranch => run_ready(tx.branch(&caller, &root, members::MAX_BRANCH)),
            }
        });
        let mut left = branch.await?;
        let mut revoked = 0;
        while !left.is_empty() {
            let (by, members) = (by.clone(), left.clone());
            let step = self.writer.run(move |tx| {
                let caller = authorize(tx, &by, members::MANAGE_SCOPE)?;
                run_ready(members::revoke_made(tx, &caller, &members))
            });
            let (more, done) = step.await?;
            revoked += more;
            left.drain(..done);
        }
        Ok(revoked)
    }
}
