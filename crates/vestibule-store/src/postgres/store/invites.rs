use std::sync::Arc;

use async_trait::async_trait;
use vestibule_core::{
    EventPage, EventQuery, IdempotencyKey, Invite, InviteChanges, InviteDetails, InviteId, InvitePage,
    InviteQuery, InviteStore, NewBatch, NewInvite, Principal, StoreError, StoredBatch, TokenLookup,
};

use crate::{
    caller::Caller,
    postgres::{
        PostgresStore, batch,
        batching::batcher::Batcher,
        error::EngineError,
        statements::create::{CreateRequest, create_under_lock},
        transactions::{
            authorization::{
                authorize, authorize_and_charge, begin_read, begin_refusal_read, begin_write, charge,
            },
            engine::EngineContext,
            transaction::Transaction,
        },
    },
    verbs::{create, edit, events, inviters, list, renewal, show},
};

async fn insert(
    engine: Arc<EngineContext>,
    batcher: Arc<Batcher>,
    by: Principal,
    invites: Vec<NewInvite>,
    key: Option<IdempotencyKey>,
) -> Result<Vec<Invite>, EngineError> {
    let needed = invites.iter().flat_map(|new| new.draft.needed_scopes().iter()).collect();
    let caller = authorize(&engine, &by, needed).await?;
    let calls = batch::calls(&engine, &caller, key.as_ref(), invites.len()).await?;
    charge(&engine, &caller, calls).await?;
    // A batch statement does not count the invites of a member.
    let policy = engine.options.policies.of(&caller.auth.host);
    let is_limited = invites.iter().any(|new| inviters::is_number_limited(&new.draft, &caller, &policy));
    if let ([new], None, false) = (invites.as_slice(), &key, is_limited)
        && let Some(invite) = batcher.submit(CreateRequest::new(new.clone()), &caller).await?
    {
        return Ok(vec![invite]);
    }
    if key.is_none() {
        // A refusal needs no lock of the host.
        let (_permit, tx) = begin_refusal_read(&engine, &caller).await?;
        let outcome = ensure_creatable(&tx, &caller, &invites).await;
        tx.end(outcome).await?;
    }
    let tx = begin_write(&engine, &caller).await?;
    let outcome = create_under_lock(&tx, &caller, invites, key.as_ref()).await;
    tx.end(outcome).await
}

/// Refuses invites that the lock of the host would not allow either, as far as one can tell.
async fn ensure_creatable(
    tx: &Transaction,
    caller: &Caller,
    invites: &[NewInvite],
) -> Result<(), EngineError> {
    inviters::ensure_allowed(tx, caller, invites.iter().map(|new| &new.draft)).await?;
    create::ensure_all_free(tx, caller, invites).await
}

async fn edit(
    engine: Arc<EngineContext>,
    by: Principal,
    id: InviteId,
    changes: InviteChanges,
) -> Result<Invite, EngineError> {
    let caller = authorize_and_charge(&engine, &by, edit::SCOPE).await?;
    // A refusal, or an edit that changes nothing, needs no lock of the host.
    let (permit, tx) = begin_refusal_read(&engine, &caller).await?;
    let planned = edit::plan(&tx, &caller, id, &changes).await;
    let (before, after) = tx.end(planned).await?;
    drop(permit);
    if after == before {
        return Ok(after);
    }
    let tx = begin_write(&engine, &caller).await?;
    let outcome = edit::edit(&tx, &caller, id, &changes).await;
    tx.end(outcome).await
}

async fn request_renewal(engine: Arc<EngineContext>, token: TokenLookup) -> Result<bool, EngineError> {
    let tx = Transaction::statements(&engine).await?;
    let found = show::by_token_of_any_host(&tx, token).await;
    let Some(invite) = tx.end(found).await? else { return Ok(false) };
    let caller = authorize(&engine, &renewal::originator(invite.host), renewal::SCOPE.into()).await?;
    let tx = begin_write(&engine, &caller).await?;
    let outcome = renewal::request(&tx, &caller, invite.id).await;
    tx.end(outcome).await
}

#[async_trait]
impl InviteStore for PostgresStore {
    async fn insert_invites(
        &self,
        by: &Principal,
        invites: Vec<NewInvite>,
        idempotency_key: Option<IdempotencyKey>,
    ) -> Result<Vec<Invite>, StoreError> {
        self.run(insert(self.engine(), self.batcher(), by.clone(), invites, idempotency_key)).await
    }

    async fn insert_batch(
        &self,
        by: &Principal,
        batch: Arc<NewBatch>,
        idempotency_key: Option<IdempotencyKey>,
    ) -> Result<StoredBatch, StoreError> {
        self.run(batch::insert(self.engine(), by.clone(), batch, idempotency_key)).await
    }

    async fn invite_by_token(&self, token: TokenLookup) -> Result<Option<Invite>, StoreError> {
        let engine = self.engine();
        let find = async move {
            let tx = Transaction::statements(&engine).await?;
            let outcome = show::by_token_of_any_host(&tx, token).await;
            tx.end(outcome).await
        };
        self.run(find).await
    }

    async fn invite(&self, by: &Principal, id: InviteId) -> Result<Option<InviteDetails>, StoreError> {
        let (engine, by) = (self.engine(), by.clone());
        let show = async move {
            let (tx, caller) = begin_read(&engine, &by, show::SCOPE).await?;
            let outcome = show::show(&tx, &caller, id).await;
            tx.end(outcome).await
        };
        self.run(show).await
    }

    async fn invites(&self, by: &Principal, query: InviteQuery) -> Result<InvitePage, StoreError> {
        let (engine, by) = (self.engine(), by.clone());
        let list = async move {
            let (tx, caller) = begin_read(&engine, &by, list::SCOPE).await?;
            let outcome = list::list(&tx, &caller, &query).await;
            tx.end(outcome).await
        };
        self.run(list).await
    }

    async fn edit_invite(
        &self,
        by: &Principal,
        id: InviteId,
        changes: InviteChanges,
    ) -> Result<Invite, StoreError> {
        self.run(edit(self.engine(), by.clone(), id, changes)).await
    }

    async fn request_renewal(&self, token: TokenLookup) -> Result<bool, StoreError> {
        self.run(request_renewal(self.engine(), token)).await
    }

    async fn events(&self, by: &Principal, query: EventQuery) -> Result<EventPage, StoreError> {
        let (engine, by) = (self.engine(), by.clone());
        let list = async move {
            let (tx, caller) = begin_read(&engine, &by, events::SCOPE).await?;
            let outcome = events::list(&tx, &caller, query).await;
            tx.end(outcome).await
        };
        self.run(list).await
    }
}
