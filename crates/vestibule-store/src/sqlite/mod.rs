//! The embedded engine: one SQLite file in WAL mode.
//!
//! One lane writes, two read beside it: one for look-ups, one for lists, so that a long list holds no
//! look-up up. Several processes may have the file open; SQLite's locks keep them apart.

mod account;
mod audit;
mod caller;
mod check;
mod checkpointer;
mod claim;
mod complete;
mod connect;
mod count_pending;
mod create;
mod database_thread;
mod edit;
mod events;
mod find;
mod hosts;
mod idempotency;
mod job;
mod job_runner;
mod keys;
mod large_batch;
mod list;
mod managed_connection;
mod migrate;
mod purge;
mod reservation;
mod row;
pub(crate) mod table_io;
mod transaction;

use std::{path::Path, sync::Arc};

use async_trait::async_trait;
use tokio::sync::Semaphore;
use vestibule_core::{
    AccountChange, AuthContext, BareJid, CheckRequest, Claim, ClaimId, Clock, Completion, Cursor, EventPage,
    EventQuery, Host, IdempotencyKey, Invite, InviteChanges, InviteDetails, InviteId, InvitePage,
    InviteQuery, KeyId, KeyRecord, NewBatch, NewClaim, NewInvite, NewKeyRecord, PendingCounts, Principal,
    PurgeStep, RedemptionPage, RedemptionQuery, Retention, Scopes, Setting, Store, StoreError, StoredBatch,
    TokenLookup, Username, Via,
};

use self::{
    connect::Role, database_thread::DatabaseThread, managed_connection::ManagedConnection,
    transaction::EngineContext,
};
use crate::{
    Database, OpenError, Options, health::Health, key_uses::KeyUses, recent_refusals::RecentRefusals,
};

/// Claims that are looked at beside each other because they were refused a moment ago.
const MAX_PREVIEWS: usize = 2;

/// The embedded engine.
pub(crate) struct SqliteStore {
    writer: Arc<DatabaseThread>,
    lookups: DatabaseThread,
    lists: DatabaseThread,
    key_uses: Arc<KeyUses>,
    health: Arc<Health>,
    recent_refusals: RecentRefusals,
    /// Claims that are looked at beside each other because they were refused a moment ago: a flood of them waits here.
    previews: Semaphore,
    clock: Arc<dyn Clock>,
}

impl SqliteStore {
    /// Opens the file, creates or migrates it where needed, and starts the lanes. Must be called inside a
    /// tokio runtime.
    pub(crate) fn open(path: &Path, options: Options) -> Result<Self, OpenError> {
        let database = Database::file(path);
        let unreachable = |reason: String| OpenError::Unreachable { database: database.clone(), reason };
        let open = |role| ManagedConnection::open(path, role).map_err(|error| open_error(&error, &database));
        let mut writer = open(Role::Writer)?;
        if let Some(connection) = writer.writable() {
            migrate::migrate(connection, &database)?;
        }
        let mut lookups = open(Role::Reader)?;
        let reader = lookups.get().map_err(|reason| unreachable(reason.to_owned()))?;
        if !writer.is_ready() {
            if !migrate::is_current(reader) {
                return Err(unreachable(
                    "it cannot be written, and its schema is not this version's".to_owned(),
                ));
            }
            tracing::warn!(%database, "the database cannot be written; invites are shown, but none is made");
        }
        let engine = EngineContext::new(options);
        let started =
            |lane: std::io::Result<DatabaseThread>| lane.map_err(|error| unreachable(error.to_string()));
        Ok(Self {
            key_uses: Arc::clone(&engine.key_uses),
            health: Arc::clone(&engine.health),
            recent_refusals: RecentRefusals::default(),
            previews: Semaphore::new(MAX_PREVIEWS),
            clock: Arc::clone(&engine.options.clock),
            lookups: started(DatabaseThread::reader("store-lookups", lookups, engine.clone()))?,
            lists: started(DatabaseThread::reader("store-lists", open(Role::Reader)?, engine.clone()))?,
            writer: Arc::new(started(DatabaseThread::writer(path, writer, engine))?),
        })
    }
}

fn open_error(error: &rusqlite::Error, database: &Database) -> OpenError {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => OpenError::NotOurs(database.clone()),
        _ => OpenError::Unreachable { database: database.clone(), reason: error.to_string() },
    }
}

#[async_trait]
impl Store for SqliteStore {
    fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }

    async fn add_host(&self, host: &Host) -> Result<(), StoreError> {
        let host = host.clone();
        self.writer.run(move |tx| hosts::remember(tx, &host)).await
    }

    async fn hosts(&self) -> Result<Vec<Host>, StoreError> {
        self.lookups.run(hosts::all).await
    }

    async fn setting(&self, setting: Setting) -> Result<Option<String>, StoreError> {
        self.lookups.run(move |tx| hosts::setting(tx, setting)).await
    }

    async fn set_setting(&self, setting: Setting, value: &str) -> Result<(), StoreError> {
        let value = value.to_owned();
        self.writer.run(move |tx| hosts::set(tx, setting, &value)).await
    }

    async fn set_setting_if_absent(&self, setting: Setting, value: &str) -> Result<String, StoreError> {
        let value = value.to_owned();
        self.writer.run(move |tx| hosts::set_setting_if_absent(tx, setting, &value)).await
    }

    async fn insert_key(&self, by: &Principal, key: NewKeyRecord) -> Result<KeyRecord, StoreError> {
        let by = by.clone();
        self.writer.run(move |tx| keys::insert(tx, &by, &key)).await
    }

    async fn keys(&self, by: &Principal) -> Result<Vec<KeyRecord>, StoreError> {
        let by = by.clone();
        self.lists.run(move |tx| keys::list(tx, &by)).await
    }

    async fn delete_key(&self, by: &Principal, id: &KeyId) -> Result<(), StoreError> {
        let (by, id) = (by.clone(), id.clone());
        self.writer.run(move |tx| keys::delete(tx, &by, &id)).await
    }

    async fn authorize(&self, by: &Principal, scopes: Scopes) -> Result<AuthContext, StoreError> {
        let by = by.clone();
        self.lookups.run(move |tx| Ok(caller::authorize(tx, &by, scopes)?.auth)).await
    }

    async fn insert_invites(
        &self,
        by: &Principal,
        invites: Vec<NewInvite>,
        idempotency_key: Option<IdempotencyKey>,
    ) -> Result<Vec<Invite>, StoreError> {
        let by = by.clone();
        self.writer.run(move |tx| create::mint(tx, &by, &invites, idempotency_key.as_ref())).await
    }

    async fn insert_batch(
        &self,
        by: &Principal,
        batch: Arc<NewBatch>,
        idempotency_key: Option<IdempotencyKey>,
    ) -> Result<StoredBatch, StoreError> {
        // To its end, also where its caller goes away meanwhile.
        let writing =
            tokio::spawn(large_batch::insert(Arc::clone(&self.writer), by.clone(), batch, idempotency_key));
        writing.await.unwrap_or_else(|error| Err(StoreError::Unknown(error.to_string())))
    }

    async fn invite_by_token(&self, token: TokenLookup) -> Result<Option<Invite>, StoreError> {
        self.lookups.run(move |tx| find::by_token(tx, token)).await
    }

    async fn invite(&self, by: &Principal, id: InviteId) -> Result<Option<InviteDetails>, StoreError> {
        let by = by.clone();
        self.lookups.run(move |tx| find::show(tx, &by, id)).await
    }

    async fn redemptions(
        &self,
        by: &Principal,
        id: InviteId,
        query: RedemptionQuery,
    ) -> Result<Option<RedemptionPage>, StoreError> {
        let by = by.clone();
        self.lists.run(move |tx| find::redemptions(tx, &by, id, query)).await
    }

    async fn redeemed_by(&self, id: InviteId, username: &Username) -> Result<bool, StoreError> {
        let username = username.clone();
        self.lookups.run(move |tx| account::redeemed_by(tx, id, &username)).await
    }

    async fn account_known(&self, host: &Host, username: &Username) -> Result<bool, StoreError> {
        let (host, username) = (host.clone(), username.clone());
        self.lookups.run(move |tx| account::is_known(tx, host.as_str(), &username)).await
    }

    async fn invites(&self, by: &Principal, query: InviteQuery) -> Result<InvitePage, StoreError> {
        let by = by.clone();
        self.lists.run(move |tx| list::list(tx, &by, &query)).await
    }

    async fn edit_invite(
        &self,
        by: &Principal,
        id: InviteId,
        edit: InviteChanges,
    ) -> Result<Invite, StoreError> {
        let by = by.clone();
        self.writer.run(move |tx| edit::edit(tx, &by, id, &edit)).await
    }

    async fn check(&self, by: &Principal, check: CheckRequest) -> Result<Invite, StoreError> {
        let by = by.clone();
        self.lookups.run(move |tx| check::check(tx, &by, &check)).await
    }

    async fn claim(&self, by: &Principal, claim: NewClaim) -> Result<Claim, StoreError> {
        let (by, invite) = (by.clone(), claim.token.id);
        // What was refused a moment ago will most likely be refused again; that takes nothing of the writer's time.
        if self.recent_refusals.holds(invite) {
            let (by, claim) = (by.clone(), claim.clone());
            let _few_at_a_time = self.previews.acquire().await;
            let looking = self.lookups.run(move |tx| claim::preview(tx, &by, &claim));
            if let Some(refusal) = looking.await? {
                self.recent_refusals.note(invite);
                return Err(refusal.into());
            }
        }
        let outcome = self.writer.run(move |tx| claim::claim(tx, &by, &claim)).await;
        if matches!(outcome, Err(StoreError::Refused(_))) {
            self.recent_refusals.note(invite);
        }
        outcome
    }

    async fn complete(
        &self,
        by: &Principal,
        claim: ClaimId,
        jid: BareJid,
        via: Via,
    ) -> Result<Completion, StoreError> {
        let by = by.clone();
        self.writer.run(move |tx| complete::complete(tx, &by, claim, &jid, &via)).await
    }

    async fn release(&self, by: &Principal, claim: ClaimId) -> Result<(), StoreError> {
        let by = by.clone();
        self.writer.run(move |tx| complete::release(tx, &by, claim)).await
    }

    async fn reservation(&self, by: &Principal, username: &Username) -> Result<Option<InviteId>, StoreError> {
        let (by, username) = (by.clone(), username.clone());
        self.lookups.run(move |tx| reservation::reservation(tx, &by, &username)).await
    }

    async fn account_changed(
        &self,
        by: &Principal,
        username: &Username,
        change: AccountChange,
    ) -> Result<u64, StoreError> {
        let mut revoked = 0;
        loop {
            let (by, username) = (by.clone(), username.clone());
            let (more, is_unfinished) =
                self.writer.run(move |tx| account::changed(tx, &by, &username, change)).await?;
            revoked += more;
            if !is_unfinished {
                return Ok(revoked);
            }
        }
    }

    async fn events(&self, by: &Principal, query: EventQuery) -> Result<EventPage, StoreError> {
        let by = by.clone();
        self.lists.run(move |tx| events::events(tx, &by, query)).await
    }

    async fn purge(&self, absorb_rows: Retention, from: Option<Cursor>) -> Result<PurgeStep, StoreError> {
        self.writer.run(move |tx| purge::purge(tx, absorb_rows, from)).await
    }

    async fn count_pending(&self, from: Option<Cursor>) -> Result<PendingCounts, StoreError> {
        self.lists.run(move |tx| count_pending::count_pending(tx, from)).await
    }

    async fn note_key_uses(&self) -> Result<(), StoreError> {
        let uses = Arc::new(self.key_uses.unwritten());
        if uses.is_empty() {
            return Ok(());
        }
        let noted = Arc::clone(&uses);
        self.writer.run(move |tx| keys::note_uses(tx, &noted)).await?;
        self.key_uses.written(&uses);
        Ok(())
    }

    async fn probe(&self) -> Result<(), StoreError> {
        let was_failing = self.health.is_failing();
        self.writer.run(hosts::probe).await?;
        if was_failing {
            self.health.recovered();
        }
        Ok(())
    }
}
