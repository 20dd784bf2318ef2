//! The engine for many nodes: PostgreSQL.
//!
//! Nodes are equal and know nothing of each other; all that they share is the database, and nothing that
//! decides anything is kept in a node. Reads run at one moment of the database. What changes something runs
//! under the lock of its host (see [`session`]), most of it in batches (see [`lane`]).

mod account;
mod address;
mod asker;
mod batch;
mod check;
mod claim;
mod complete;
mod count_pending;
mod edit;
mod events;
mod fault;
mod find;
mod hosts;
mod idempotency;
mod keys;
mod known;
mod lane;
mod list;
mod many;
mod meter;
mod migrate;
mod mint;
mod moment;
mod op;
mod open;
mod pool;
mod purge;
mod queue;
mod reach;
mod record;
mod release;
mod reservation;
mod row;
pub(crate) mod rows;
mod session;
mod shared;
mod tls;
mod turns;
mod work;

use std::{future::Future, sync::Arc};

use async_trait::async_trait;
use tokio::task::JoinHandle;
use vestibule_core::{
    AccountChange, AuthContext, BareJid, CheckRequest, Claim, ClaimId, Clock, Completion, Cursor, EventPage,
    EventQuery, Host, IdempotencyKey, Invite, InviteChanges, InviteDetails, InviteId, InvitePage,
    InviteQuery, KeyId, KeyRecord, NewBatch, NewClaim, NewInvite, NewKeyRecord, PendingCounts, Principal,
    PurgeStep, RedemptionPage, RedemptionQuery, Retention, Scopes, Setting, Store, StoreError, StoredBatch,
    TokenLookup, Username, Via,
};

pub(crate) use self::{address::Address, open::is_missing};
use self::{fault::Fault, lane::Lanes, shared::Shared};

/// The engine for many nodes.
pub(crate) struct PostgresStore {
    shared: Arc<Shared>,
    lanes: Arc<Lanes>,
    maintenance: JoinHandle<()>,
}

impl Drop for PostgresStore {
    fn drop(&mut self) {
        self.maintenance.abort();
        self.shared.pool.close();
    }
}

impl PostgresStore {
    /// Does a piece of work to its end, also where its caller goes away meanwhile: a connection with a
    /// transaction under way is of no use to anybody else. Each of its steps is bounded in time.
    async fn run<R: Send + 'static>(
        &self,
        work: impl Future<Output = Result<R, Fault>> + Send + 'static,
    ) -> Result<R, StoreError> {
        match tokio::spawn(work).await {
            Ok(outcome) => outcome.map_err(Fault::into_error),
            Err(error) => Err(StoreError::Unknown(error.to_string())),
        }
    }

    fn shared(&self) -> Arc<Shared> {
        Arc::clone(&self.shared)
    }

    fn lanes(&self) -> Arc<Lanes> {
        Arc::clone(&self.lanes)
    }
}

#[async_trait]
impl Store for PostgresStore {
    fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.shared.moment) as Arc<dyn Clock>
    }

    async fn add_host(&self, host: &Host) -> Result<(), StoreError> {
        self.run(hosts::remember(self.shared(), host.clone())).await
    }

    async fn hosts(&self) -> Result<Vec<Host>, StoreError> {
        self.run(hosts::all(self.shared())).await
    }

    async fn setting(&self, setting: Setting) -> Result<Option<String>, StoreError> {
        self.run(hosts::setting(self.shared(), setting)).await
    }

    async fn set_setting(&self, setting: Setting, value: &str) -> Result<(), StoreError> {
        self.run(hosts::set(self.shared(), setting, value.to_owned())).await
    }

    async fn set_setting_if_absent(&self, setting: Setting, value: &str) -> Result<String, StoreError> {
        self.run(hosts::set_setting_if_absent(self.shared(), setting, value.to_owned())).await
    }

    async fn insert_key(&self, by: &Principal, key: NewKeyRecord) -> Result<KeyRecord, StoreError> {
        self.run(keys::insert(self.shared(), by.clone(), key)).await
    }

    async fn keys(&self, by: &Principal) -> Result<Vec<KeyRecord>, StoreError> {
        self.run(keys::list(self.shared(), by.clone())).await
    }

    async fn delete_key(&self, by: &Principal, id: &KeyId) -> Result<(), StoreError> {
        self.run(keys::delete(self.shared(), by.clone(), id.clone())).await
    }

    async fn authorize(&self, by: &Principal, scopes: Scopes) -> Result<AuthContext, StoreError> {
        self.run(asker::authorize(self.shared(), by.clone(), scopes)).await
    }

    async fn insert_invites(
        &self,
        by: &Principal,
        invites: Vec<NewInvite>,
        idempotency_key: Option<IdempotencyKey>,
    ) -> Result<Vec<Invite>, StoreError> {
        self.run(mint::mint(self.shared(), self.lanes(), by.clone(), invites, idempotency_key)).await
    }

    async fn insert_batch(
        &self,
        by: &Principal,
        batch: Arc<NewBatch>,
        idempotency_key: Option<IdempotencyKey>,
    ) -> Result<StoredBatch, StoreError> {
        self.run(many::insert(self.shared(), by.clone(), batch, idempotency_key)).await
    }

    async fn invite_by_token(&self, token: TokenLookup) -> Result<Option<Invite>, StoreError> {
        self.run(find::open(self.shared(), token)).await
    }

    async fn invite(&self, by: &Principal, id: InviteId) -> Result<Option<InviteDetails>, StoreError> {
        self.run(find::show(self.shared(), by.clone(), id)).await
    }

    async fn redemptions(
        &self,
        by: &Principal,
        id: InviteId,
        query: RedemptionQuery,
    ) -> Result<Option<RedemptionPage>, StoreError> {
        self.run(find::redemptions(self.shared(), by.clone(), id, query)).await
    }

    async fn redeemed_by(&self, id: InviteId, username: &Username) -> Result<bool, StoreError> {
        self.run(account::redeemed_by(self.shared(), id, username.clone())).await
    }

    async fn account_known(&self, host: &Host, username: &Username) -> Result<bool, StoreError> {
        self.run(account::is_known(self.shared(), host.clone(), username.clone())).await
    }

    async fn invites(&self, by: &Principal, query: InviteQuery) -> Result<InvitePage, StoreError> {
        self.run(list::list(self.shared(), by.clone(), query)).await
    }

    async fn edit_invite(
        &self,
        by: &Principal,
        id: InviteId,
        edit: InviteChanges,
    ) -> Result<Invite, StoreError> {
        self.run(edit::edit(self.shared(), by.clone(), id, edit)).await
    }

    async fn check(&self, by: &Principal, check: CheckRequest) -> Result<Invite, StoreError> {
        self.run(check::check(self.shared(), by.clone(), check)).await
    }

    async fn claim(&self, by: &Principal, claim: NewClaim) -> Result<Claim, StoreError> {
        self.run(claim::claim(self.shared(), self.lanes(), by.clone(), claim)).await
    }

    async fn complete(
        &self,
        by: &Principal,
        claim: ClaimId,
        jid: BareJid,
        via: Via,
    ) -> Result<Completion, StoreError> {
        self.run(complete::complete(self.shared(), self.lanes(), by.clone(), claim, jid, via)).await
    }

    async fn release(&self, by: &Principal, claim: ClaimId) -> Result<(), StoreError> {
        self.run(release::release(self.shared(), self.lanes(), by.clone(), claim)).await
    }

    async fn reservation(&self, by: &Principal, username: &Username) -> Result<Option<InviteId>, StoreError> {
        self.run(reservation::reservation(self.shared(), by.clone(), username.clone())).await
    }

    async fn account_changed(
        &self,
        by: &Principal,
        username: &Username,
        change: AccountChange,
    ) -> Result<u64, StoreError> {
        let mut revoked = 0;
        loop {
            let step = account::changed(self.shared(), by.clone(), username.clone(), change);
            let (more, is_unfinished) = self.run(step).await?;
            revoked += more;
            if !is_unfinished {
                return Ok(revoked);
            }
        }
    }

    async fn events(&self, by: &Principal, query: EventQuery) -> Result<EventPage, StoreError> {
        self.run(events::events(self.shared(), by.clone(), query)).await
    }

    async fn purge(&self, keep: Retention, from: Option<Cursor>) -> Result<PurgeStep, StoreError> {
        self.run(purge::purge(self.shared(), keep, from)).await
    }

    async fn count_pending(&self, from: Option<Cursor>) -> Result<PendingCounts, StoreError> {
        self.run(count_pending::count_pending(self.shared(), from)).await
    }

    async fn note_key_uses(&self) -> Result<(), StoreError> {
        self.run(keys::note_uses(self.shared())).await
    }

    async fn probe(&self) -> Result<(), StoreError> {
        self.run(hosts::probe(self.shared())).await
    }
}
