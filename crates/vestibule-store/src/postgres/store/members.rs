use std::sync::Arc;

use async_trait::async_trait;
use vestibule_core::{
    MemberDetails, MemberPage, MemberQuery, MemberStore, Principal, RevokedInvites, StoreError, Username,
};

use crate::{
    postgres::{
        PostgresStore,
        error::EngineError,
        transactions::{
            authorization::{authorize_and_charge, begin_read, begin_write},
            engine::EngineContext,
        },
    },
    verbs::members::{self, MemberRows},
};

async fn revoke_invites_of(
    engine: Arc<EngineContext>,
    by: Principal,
    username: Username,
    which: RevokedInvites,
) -> Result<u64, EngineError> {
    let mut left = match which {
        RevokedInvites::OfMember => vec![username],
        RevokedInvites::OfBranch => {
            let (tx, caller) = begin_read(&engine, &by, members::MANAGE_SCOPE).await?;
            let outcome = tx.branch(&caller, &username, members::MAX_BRANCH).await;
            tx.end(outcome).await?
        }
    };
    let caller = authorize_and_charge(&engine, &by, members::MANAGE_SCOPE).await?;
    let mut revoked = 0;
    while !left.is_empty() {
        let tx = begin_write(&engine, &caller).await?;
        let outcome = members::revoke_made(&tx, &caller, &left).await;
        let (more, done) = tx.end(outcome).await?;
        revoked += more;
        left.drain(..done);
    }
    Ok(revoked)
}

#[async_trait]
impl MemberStore for PostgresStore {
    async fn members(&self, by: &Principal, query: MemberQuery) -> Result<MemberPage, StoreError> {
        let (engine, by) = (self.engine(), by.clone());
        let list = async move {
            let (tx, caller) = begin_read(&engine, &by, members::SCOPE).await?;
            let outcome = members::list(&tx, &caller, query).await;
            tx.end(outcome).await
        };
        self.run(list).await
    }

    async fn member(&self, by: &Principal, username: &Username) -> Result<Option<MemberDetails>, StoreError> {
        let (engine, by, username) = (self.engine(), by.clone(), username.clone());
        let show = async move {
            let (tx, caller) = begin_read(&engine, &by, members::SCOPE).await?;
            let outcome = members::show(&tx, &caller, &username).await;
            tx.end(outcome).await
        };
        self.run(show).await
    }

    async fn set_may_invite(
        &self,
        by: &Principal,
        username: &Username,
        may_invite: bool,
    ) -> Result<(), StoreError> {
        let (engine, by, username) = (self.engine(), by.clone(), username.clone());
        let set = async move {
            let caller = authorize_and_charge(&engine, &by, members::MANAGE_SCOPE).await?;
            let tx = begin_write(&engine, &caller).await?;
            let outcome = members::set_may_invite(&tx, &caller, &username, may_invite).await;
            tx.end(outcome).await
        };
        self.run(set).await
    }

    async fn revoke_invites_of(
        &self,
        by: &Principal,
        username: &Username,
        which: RevokedInvites,
    ) -> Result<u64, StoreError> {
        self.run(revoke_invites_of(self.engine(), by.clone(), username.clone(), which)).await
    }
}
