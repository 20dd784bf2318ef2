//! The engine for many nodes: PostgreSQL.
//!
//! Nodes are equal and know nothing of each other; all that they share is the database, and nothing that
//! decides anything is kept in a node. Reads run at one moment of the database. What changes something runs
//! under the lock of its host (see [`session`]), most of it in batches (see [`lane`]).

mod account;
mod address;
mod asker;
mod batch;
mod census;
mod check;
mod claim;
mod complete;
mod edit;
mod events;
mod fault;
mod find;
mod hosts;
mod keys;
mod known;
mod lane;
mod list;
mod many;
mod meter;
mod migrate;
mod mint;
mod moment;
mod once;
mod op;
mod open;
mod pool;
mod queue;
mod reach;
mod record;
mod release;
mod reservation;
mod row;
pub(crate) mod rows;
mod session;
mod shared;
mod sweep;
mod tls;
mod turns;
mod work;

use std::{future::Future, sync::Arc};

use async_trait::async_trait;
use tokio::task::JoinHandle;
use vestibule_core::{
    AccountChange, Authority, BareJid, Census, Claim, ClaimId, Clock, Completion, Cursor, Edit, EventPage,
    EventQuery, Grant, Host, Invite, InviteDetails, InviteId, InvitePage, InviteQuery, KeyId, KeyRecord,
    NewBatch, NewClaim, NewInvite, NewKeyRecord, Once, RedemptionPage, RedemptionQuery, Retention, Scopes,
    Setting, Store, StoreError, StoredBatch, SweepStep, TokenCheck, TokenLookup, Username, Via,
};

pub(crate) use self::{address::Address, open::is_missing};
use self::{fault::Fault, lane::Lanes, shared::Shared};

/// The engine for many nodes.
pub(crate) struct PostgresStore {
    shared: Arc<Shared>,
    lanes: Arc<Lanes>,
    upkeep: JoinHandle<()>,
}

impl Drop for PostgresStore {
    fn drop(&mut self) {
        self.upkeep.abort();
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

    async fn remember_host(&self, host: &Host) -> Result<(), StoreError> {
        self.run(hosts::remember(self.shared(), host.clone())).await
    }

    async fn hosts(&self) -> Result<Vec<Host>, StoreError> {
        self.run(hosts::all(self.shared())).await
    }

    async fn setting(&self, setting: Setting) -> Result<Option<String>, StoreError> {
        self.run(hosts::setting(self.shared(), setting)).await
    }

    async fn remember_setting(&self, setting: Setting, value: &str) -> Result<(), StoreError> {
        self.run(hosts::set(self.shared(), setting, value.to_owned())).await
    }

    async fn settle(&self, setting: Setting, value: &str) -> Result<String, StoreError> {
        self.run(hosts::settle(self.shared(), setting, value.to_owned())).await
    }

    async fn insert_key(&self, by: &Authority, key: NewKeyRecord) -> Result<KeyRecord, StoreError> {
        self.run(keys::insert(self.shared(), by.clone(), key)).await
    }

    async fn keys(&self, by: &Authority) -> Result<Vec<KeyRecord>, StoreError> {
        self.run(keys::list(self.shared(), by.clone())).await
    }

    async fn delete_key(&self, by: &Authority, id: &KeyId) -> Result<(), StoreError> {
        self.run(keys::delete(self.shared(), by.clone(), id.clone())).await
    }

    async fn authorize(&self, by: &Authority, scopes: Scopes) -> Result<Grant, StoreError> {
        self.run(asker::authorize(self.shared(), by.clone(), scopes)).await
    }

    async fn insert_invites(
        &self,
        by: &Authority,
        invites: Vec<NewInvite>,
        once: Option<Once>,
    ) -> Result<Vec<Invite>, StoreError> {
        self.run(mint::mint(self.shared(), self.lanes(), by.clone(), invites, once)).await
    }

    async fn insert_batch(
        &self,
        by: &Authority,
        batch: Arc<NewBatch>,
        once: Option<Once>,
    ) -> Result<StoredBatch, StoreError> {
        self.run(many::insert(self.shared(), by.clone(), batch, once)).await
    }

    async fn invite_by_token(&self, token: TokenLookup) -> Result<Option<Invite>, StoreError> {
        self.run(find::open(self.shared(), token)).await
    }

    async fn invite(&self, by: &Authority, id: InviteId) -> Result<Option<InviteDetails>, StoreError> {
        self.run(find::show(self.shared(), by.clone(), id)).await
    }

    async fn redemptions(
        &self,
        by: &Authority,
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

    async fn invites(&self, by: &Authority, query: InviteQuery) -> Result<InvitePage, StoreError> {
        self.run(list::list(self.shared(), by.clone(), query)).await
    }

    async fn edit_invite(&self, by: &Authority, id: InviteId, edit: Edit) -> Result<Invite, StoreError> {
        self.run(edit::edit(self.shared(), by.clone(), id, edit)).await
    }

    async fn check(&self, by: &Authority, check: TokenCheck) -> Result<Invite, StoreError> {
        self.run(check::check(self.shared(), by.clone(), check)).await
    }

    async fn claim(&self, by: &Authority, claim: NewClaim) -> Result<Claim, StoreError> {
        self.run(claim::claim(self.shared(), self.lanes(), by.clone(), claim)).await
    }

    async fn complete(
        &self,
        by: &Authority,
        claim: ClaimId,
        jid: BareJid,
        via: Via,
    ) -> Result<Completion, StoreError> {
        self.run(complete::complete(self.shared(), self.lanes(), by.clone(), claim, jid, via)).await
    }

    async fn release(&self, by: &Authority, claim: ClaimId) -> Result<(), StoreError> {
        self.run(release::release(self.shared(), self.lanes(), by.clone(), claim)).await
    }

    async fn reservation(&self, by: &Authority, username: &Username) -> Result<Option<InviteId>, StoreError> {
        self.run(reservation::reservation(self.shared(), by.clone(), username.clone())).await
    }

    async fn account_changed(
        &self,
        by: &Authority,
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

    async fn events(&self, by: &Authority, query: EventQuery) -> Result<EventPage, StoreError> {
        self.run(events::events(self.shared(), by.clone(), query)).await
    }

    async fn sweep(&self, keep: Retention, from: Option<Cursor>) -> Result<SweepStep, StoreError> {
        self.run(sweep::sweep(self.shared(), keep, from)).await
    }

    async fn census(&self, from: Option<Cursor>) -> Result<Census, StoreError> {
        self.run(census::census(self.shared(), from)).await
    }

    async fn note_key_uses(&self) -> Result<(), StoreError> {
        self.run(keys::note_uses(self.shared())).await
    }

    async fn probe(&self) -> Result<(), StoreError> {
        self.run(hosts::probe(self.shared())).await
    }
}
