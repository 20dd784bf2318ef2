use std::sync::Arc;

use async_trait::async_trait;
use vestibule_core::{
    EventPage, EventQuery, IdempotencyKey, Invite, InviteChanges, InviteDetails, InviteId, InvitePage,
    InviteQuery, InviteStore, NewBatch, NewInvite, Principal, Scopes, StoreError, StoredBatch, TokenLookup,
};

use crate::{
    sqlite::{
        SqliteStore,
        authorization::{authorize, authorize_and_charge, charge},
        batch,
        statements::create::create,
    },
    verbs::{edit, events, idempotency, list, renewal, run_ready, show},
};

#[async_trait]
impl InviteStore for SqliteStore {
    async fn insert_invites(
        &self,
        by: &Principal,
        invites: Vec<NewInvite>,
        idempotency_key: Option<IdempotencyKey>,
    ) -> Result<Vec<Invite>, StoreError> {
        let by = by.clone();
        let insert = self.writer.run(move |tx| {
            let needed: Scopes = invites.iter().flat_map(|new| new.draft.needed_scopes().iter()).collect();
            let caller = authorize(tx, &by, needed)?;
            let key = idempotency_key.as_ref();
            charge(tx, &caller, run_ready(idempotency::calls(tx, &caller, key, invites.len()))?)?;
            run_ready(create(tx, &caller, &invites, key))
        });
        insert.await
    }

    async fn insert_batch(
        &self,
        by: &Principal,
        batch: Arc<NewBatch>,
        idempotency_key: Option<IdempotencyKey>,
    ) -> Result<StoredBatch, StoreError> {
        // Runs to its end even if the caller is cancelled.
        let writing =
            tokio::spawn(batch::insert(Arc::clone(&self.writer), by.clone(), batch, idempotency_key));
        writing.await.unwrap_or_else(|error| Err(StoreError::Unknown(error.to_string())))
    }

    async fn invite_by_token(&self, token: TokenLookup) -> Result<Option<Invite>, StoreError> {
        self.lookups.run(move |tx| run_ready(show::by_token_of_any_host(tx, token))).await
    }

    async fn invite(&self, by: &Principal, id: InviteId) -> Result<Option<InviteDetails>, StoreError> {
        let by = by.clone();
        let show = self.lookups.run(move |tx| {
            let caller = authorize_and_charge(tx, &by, show::SCOPE)?;
            run_ready(show::show(tx, &caller, id))
        });
        show.await
    }

    async fn invites(&self, by: &Principal, query: InviteQuery) -> Result<InvitePage, StoreError> {
        let by = by.clone();
        let list = self.lists.run(move |tx| {
            let caller = authorize_and_charge(tx, &by, list::SCOPE)?;
            run_ready(list::list(tx, &caller, &query))
        });
        list.await
    }

    async fn edit_invite(
        &self,
        by: &Principal,
        id: InviteId,
        edit: InviteChanges,
    ) -> Result<Invite, StoreError> {
        let by = by.clone();
        let edit = self.writer.run(move |tx| {
            let caller = authorize_and_charge(tx, &by, edit::SCOPE)?;
            run_ready(edit::edit(tx, &caller, id, &edit))
        });
        edit.await
    }

    async fn request_renewal(&self, token: TokenLookup) -> Result<bool, StoreError> {
        let request = self.writer.run(move |tx| {
            let Some(invite) = run_ready(show::by_token_of_any_host(tx, token))? else { return Ok(false) };
            let caller = authorize(tx, &renewal::originator(invite.host), renewal::SCOPE)?;
            run_ready(renewal::request(tx, &caller, invite.id))
        });
        request.await
    }

    async fn events(&self, by: &Principal, query: EventQuery) -> Result<EventPage, StoreError> {
        let by = by.clone();
        let list = self.lists.run(move |tx| {
            let caller = authorize_and_charge(tx, &by, events::SCOPE)?;
            run_ready(events::list(tx, &caller, query))
        });
        list.await
    }
}
