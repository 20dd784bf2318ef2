//! The engine for many nodes: PostgreSQL.
//!
//! Nodes are equal and know nothing of each other; all that they share is the database, and nothing that
//! decides anything is kept in a node. Reads run at one moment of the database. What changes something runs
//! under the lock of its host (see [`tx`]), most of it in batches (see [`lane`]).

mod account;
mod address;
mod audit;
mod batch;
mod batch_statement;
mod batcher;
mod caller;
mod check;
mod claim;
mod complete;
mod count_pending;
mod create;
mod db_clock;
mod edit;
mod engine_context;
mod engine_error;
mod events;
mod find;
mod hosts;
mod idempotency;
mod item;
mod key_cache;
mod keys;
mod large_batch;
mod list;
mod lock_queue;
mod migrate;
mod open;
mod pool;
mod purge;
mod queue;
mod rate;
mod release;
mod reservation;
mod row;
mod server_connector;
pub(crate) mod table_io;
mod tls;
mod transaction;

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
use self::{batcher::Batcher, engine_context::EngineContext, engine_error::EngineError};

/// The engine for many nodes.
pub(crate) struct PostgresStore {
    engine: Arc<EngineContext>,
    batcher: Arc<Batcher>,
    maintenance: JoinHandle<()>,
}

impl Drop for PostgresStore {
    fn drop(&mut self) {
        self.maintenance.abort();
        self.engine.pool.close();
    }
}

impl PostgresStore {
    /// Does a piece of work to its end, also where its caller goes away meanwhile: a connection with a
    /// transaction under way is of no use to anybody else. Each of its steps is bounded in time.
    async fn run<R: Send + 'static>(
        &self,
        work: impl Future<Output = Result<R, EngineError>> + Send + 'static,
    ) -> Result<R, StoreError> {
        match tokio::spawn(work).await {
            Ok(outcome) => outcome.map_err(EngineError::into_error),
            Err(error) => Err(StoreError::Unknown(error.to_string())),
        }
    }

    fn engine(&self) -> Arc<EngineContext> {
        Arc::clone(&self.engine)
    }

    fn batcher(&self) -> Arc<Batcher> {
        Arc::clone(&self.batcher)
    }
}

#[async_trait]
impl Store for PostgresStore {
    fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.engine.clock) as Arc<dyn Clock>
    }

    async fn add_host(&self, host: &Host) -> Result<(), StoreError> {
        self.run(hosts::remember(self.engine(), host.clone())).await
    }

    async fn hosts(&self) -> Result<Vec<Host>, StoreError> {
        self.run(hosts::all(self.engine())).await
    }

    async fn setting(&self, setting: Setting) -> Result<Option<String>, StoreError> {
        self.run(hosts::setting(self.engine(), setting)).await
    }

    async fn set_setting(&self, setting: Setting, value: &str) -> Result<(), StoreError> {
        self.run(hosts::set(self.engine(), setting, value.to_owned())).await
    }

    async fn set_setting_if_absent(&self, setting: Setting, value: &str) -> Result<String, StoreError> {
        self.run(hosts::set_setting_if_absent(self.engine(), setting, value.to_owned())).await
    }

    async fn insert_key(&self, by: &Principal, key: NewKeyRecord) -> Result<KeyRecord, StoreError> {
        self.run(keys::insert(self.engine(), by.clone(), key)).await
    }

    async fn keys(&self, by: &Principal) -> Result<Vec<KeyRecord>, StoreError> {
        self.run(keys::list(self.engine(), by.clone())).await
    }

    async fn delete_key(&self, by: &Principal, id: &KeyId) -> Result<(), StoreError> {
        self.run(keys::delete(self.engine(), by.clone(), id.clone())).await
    }

    async fn authorize(&self, by: &Principal, scopes: Scopes) -> Result<AuthContext, StoreError> {
        self.run(caller::check_authorization(self.engine(), by.clone(), scopes)).await
    }

    async fn insert_invites(
        &self,
        by: &Principal,
        invites: Vec<NewInvite>,
        idempotency_key: Option<IdempotencyKey>,
    ) -> Result<Vec<Invite>, StoreError> {
        self.run(create::mint(self.engine(), self.batcher(), by.clone(), invites, idempotency_key)).await
    }

    async fn insert_batch(
        &self,
        by: &Principal,
        batch: Arc<NewBatch>,
        idempotency_key: Option<IdempotencyKey>,
    ) -> Result<StoredBatch, StoreError> {
        self.run(large_batch::insert(self.engine(), by.clone(), batch, idempotency_key)).await
    }

    async fn invite_by_token(&self, token: TokenLookup) -> Result<Option<Invite>, StoreError> {
        self.run(find::open(self.engine(), token)).await
    }

    async fn invite(&self, by: &Principal, id: InviteId) -> Result<Option<InviteDetails>, StoreError> {
        self.run(find::show(self.engine(), by.clone(), id)).await
    }

    async fn redemptions(
        &self,
        by: &Principal,
        id: InviteId,
        query: RedemptionQuery,
    ) -> Result<Option<RedemptionPage>, StoreError> {
        self.run(find::redemptions(self.engine(), by.clone(), id, query)).await
    }

    async fn redeemed_by(&self, id: InviteId, username: &Username) -> Result<bool, StoreError> {
        self.run(account::redeemed_by(self.engine(), id, username.clone())).await
    }

    async fn account_known(&self, host: &Host, username: &Username) -> Result<bool, StoreError> {
        self.run(account::is_known(self.engine(), host.clone(), username.clone())).await
    }

    async fn invites(&self, by: &Principal, query: InviteQuery) -> Result<InvitePage, StoreError> {
        self.run(list::list(self.engine(), by.clone(), query)).await
    }

    async fn edit_invite(
        &self,
        by: &Principal,
        id: InviteId,
        edit: InviteChanges,
    ) -> Result<Invite, StoreError> {
        self.run(edit::edit(self.engine(), by.clone(), id, edit)).await
    }

    async fn check(&self, by: &Principal, check: CheckRequest) -> Result<Invite, StoreError> {
        self.run(check::check(self.engine(), by.clone(), check)).await
    }

    async fn claim(&self, by: &Principal, claim: NewClaim) -> Result<Claim, StoreError> {
        self.run(claim::claim(self.engine(), self.batcher(), by.clone(), claim)).await
    }

    async fn complete(
        &self,
        by: &Principal,
        claim: ClaimId,
        jid: BareJid,
        via: Via,
    ) -> Result<Completion, StoreError> {
        self.run(complete::complete(self.engine(), self.batcher(), by.clone(), claim, jid, via)).await
    }

    async fn release(&self, by: &Principal, claim: ClaimId) -> Result<(), StoreError> {
        self.run(release::release(self.engine(), self.batcher(), by.clone(), claim)).await
    }

    async fn reservation(&self, by: &Principal, username: &Username) -> Result<Option<InviteId>, StoreError> {
        self.run(reservation::reservation(self.engine(), by.clone(), username.clone())).await
    }

    async fn account_changed(
        &self,
        by: &Principal,
        username: &Username,
        change: AccountChange,
    ) -> Result<u64, StoreError> {
        let mut revoked = 0;
        loop {
            let step = account::changed(self.engine(), by.clone(), username.clone(), change);
            let (more, is_unfinished) = self.run(step).await?;
            revoked += more;
            if !is_unfinished {
                return Ok(revoked);
            }
        }
    }

    async fn events(&self, by: &Principal, query: EventQuery) -> Result<EventPage, StoreError> {
        self.run(events::events(self.engine(), by.clone(), query)).await
    }

    async fn purge(&self, absorb_rows: Retention, from: Option<Cursor>) -> Result<PurgeStep, StoreError> {
        self.run(purge::purge(self.engine(), absorb_rows, from)).await
    }

    async fn count_pending(&self, from: Option<Cursor>) -> Result<PendingCounts, StoreError> {
        self.run(count_pending::count_pending(self.engine(), from)).await
    }

    async fn note_key_uses(&self) -> Result<(), StoreError> {
        self.run(keys::note_uses(self.engine())).await
    }

    async fn probe(&self) -> Result<(), StoreError> {
        self.run(hosts::probe(self.engine())).await
    }
}
