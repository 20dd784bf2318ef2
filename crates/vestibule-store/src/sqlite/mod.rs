//! The embedded engine: one SQLite file in WAL mode.
//!
//! One lane writes, two read beside it: one for look-ups, one for lists, so that a long list holds no
//! look-up up. Several processes may have the file open; SQLite's locks keep them apart.

mod account;
mod batch;
mod check;
mod claim;
mod complete;
mod connect;
mod count_pending;
mod edit;
mod events;
mod find;
mod folder;
mod grant;
mod hosts;
mod idempotency;
mod job;
mod keys;
mod lane;
mod link;
mod list;
mod migrate;
mod mint;
mod purge;
mod record;
mod reservation;
mod row;
pub(crate) mod rows;
mod session;
mod worker;

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

use self::{connect::Role, lane::Lane, link::Link, session::Shared};
use crate::{Database, OpenError, Options, health::Health, key_uses::KeyUses, refused::Refused};

/// Claims that are looked at beside each other because they were refused a moment ago.
const LOOKS: usize = 2;

/// The embedded engine.
pub(crate) struct SqliteStore {
    writer: Arc<Lane>,
    lookups: Lane,
    lists: Lane,
    key_uses: Arc<KeyUses>,
    health: Arc<Health>,
    refused: Refused,
    /// Claims that are looked at beside each other because they were refused a moment ago: a flood of them waits here.
    looks: Semaphore,
    clock: Arc<dyn Clock>,
}

impl SqliteStore {
    /// Opens the file, creates or migrates it where needed, and starts the lanes. Must be called inside a
    /// tokio runtime.
    pub(crate) fn open(path: &Path, options: Options) -> Result<Self, OpenError> {
        let database = Database::file(path);
        let unreachable = |reason: String| OpenError::Unreachable { database: database.clone(), reason };
        let open = |role| Link::open(path, role).map_err(|error| open_error(&error, &database));
        let mut writer = open(Role::Writer)?;
        if let Some(connection) = writer.writable() {
            migrate::migrate(connection, &database)?;
        }
        let mut lookups = open(Role::Reader)?;
        let reader = lookups.get().map_err(|reason| unreachable(reason.to_owned()))?;
        if !writer.is_good() {
            if !migrate::is_current(reader) {
                return Err(unreachable(
                    "it cannot be written, and its schema is not this version's".to_owned(),
                ));
            }
            tracing::warn!(%database, "the database cannot be written; invites are shown, but none is made");
        }
        let shared = Shared::new(options);
        let started = |lane: std::io::Result<Lane>| lane.map_err(|error| unreachable(error.to_string()));
        Ok(Self {
            key_uses: Arc::clone(&shared.key_uses),
            health: Arc::clone(&shared.health),
            refused: Refused::default(),
            looks: Semaphore::new(LOOKS),
            clock: Arc::clone(&shared.options.clock),
            lookups: started(Lane::reader("store-lookups", lookups, shared.clone()))?,
            lists: started(Lane::reader("store-lists", open(Role::Reader)?, shared.clone()))?,
            writer: Arc::new(started(Lane::writer(path, writer, shared))?),
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
        self.writer.run(move |session| hosts::remember(session, &host)).await
    }

    async fn hosts(&self) -> Result<Vec<Host>, StoreError> {
        self.lookups.run(hosts::all).await
    }

    async fn setting(&self, setting: Setting) -> Result<Option<String>, StoreError> {
        self.lookups.run(move |session| hosts::setting(session, setting)).await
    }

    async fn set_setting(&self, setting: Setting, value: &str) -> Result<(), StoreError> {
        let value = value.to_owned();
        self.writer.run(move |session| hosts::set(session, setting, &value)).await
    }

    async fn set_setting_if_absent(&self, setting: Setting, value: &str) -> Result<String, StoreError> {
        let value = value.to_owned();
        self.writer.run(move |session| hosts::set_setting_if_absent(session, setting, &value)).await
    }

    async fn insert_key(&self, by: &Principal, key: NewKeyRecord) -> Result<KeyRecord, StoreError> {
        let by = by.clone();
        self.writer.run(move |session| keys::insert(session, &by, &key)).await
    }

    async fn keys(&self, by: &Principal) -> Result<Vec<KeyRecord>, StoreError> {
        let by = by.clone();
        self.lists.run(move |session| keys::list(session, &by)).await
    }

    async fn delete_key(&self, by: &Principal, id: &KeyId) -> Result<(), StoreError> {
        let (by, id) = (by.clone(), id.clone());
        self.writer.run(move |session| keys::delete(session, &by, &id)).await
    }

    async fn authorize(&self, by: &Principal, scopes: Scopes) -> Result<AuthContext, StoreError> {
        let by = by.clone();
        self.lookups.run(move |session| Ok(grant::authorize(session, &by, scopes)?.grant)).await
    }

    async fn insert_invites(
        &self,
        by: &Principal,
        invites: Vec<NewInvite>,
        idempotency_key: Option<IdempotencyKey>,
    ) -> Result<Vec<Invite>, StoreError> {
        let by = by.clone();
        self.writer.run(move |session| mint::mint(session, &by, &invites, idempotency_key.as_ref())).await
    }

    async fn insert_batch(
        &self,
        by: &Principal,
        batch: Arc<NewBatch>,
        idempotency_key: Option<IdempotencyKey>,
    ) -> Result<StoredBatch, StoreError> {
        // To its end, also where its caller goes away meanwhile.
        let writing =
            tokio::spawn(batch::insert(Arc::clone(&self.writer), by.clone(), batch, idempotency_key));
        writing.await.unwrap_or_else(|error| Err(StoreError::Unknown(error.to_string())))
    }

    async fn invite_by_token(&self, token: TokenLookup) -> Result<Option<Invite>, StoreError> {
        self.lookups.run(move |session| find::by_token(session, token)).await
    }

    async fn invite(&self, by: &Principal, id: InviteId) -> Result<Option<InviteDetails>, StoreError> {
        let by = by.clone();
        self.lookups.run(move |session| find::show(session, &by, id)).await
    }

    async fn redemptions(
        &self,
        by: &Principal,
        id: InviteId,
        query: RedemptionQuery,
    ) -> Result<Option<RedemptionPage>, StoreError> {
        let by = by.clone();
        self.lists.run(move |session| find::redemptions(session, &by, id, query)).await
    }

    async fn redeemed_by(&self, id: InviteId, username: &Username) -> Result<bool, StoreError> {
        let username = username.clone();
        self.lookups.run(move |session| account::redeemed_by(session, id, &username)).await
    }

    async fn account_known(&self, host: &Host, username: &Username) -> Result<bool, StoreError> {
        let (host, username) = (host.clone(), username.clone());
        self.lookups.run(move |session| account::is_known(session, host.as_str(), &username)).await
    }

    async fn invites(&self, by: &Principal, query: InviteQuery) -> Result<InvitePage, StoreError> {
        let by = by.clone();
        self.lists.run(move |session| list::list(session, &by, &query)).await
    }

    async fn edit_invite(
        &self,
        by: &Principal,
        id: InviteId,
        edit: InviteChanges,
    ) -> Result<Invite, StoreError> {
        let by = by.clone();
        self.writer.run(move |session| edit::edit(session, &by, id, &edit)).await
    }

    async fn check(&self, by: &Principal, check: CheckRequest) -> Result<Invite, StoreError> {
        let by = by.clone();
        self.lookups.run(move |session| check::check(session, &by, &check)).await
    }

    async fn claim(&self, by: &Principal, claim: NewClaim) -> Result<Claim, StoreError> {
        let (by, invite) = (by.clone(), claim.token.id);
        // What was refused a moment ago will most likely be refused again; that takes nothing of the writer's time.
        if self.refused.holds(invite) {
            let (by, claim) = (by.clone(), claim.clone());
            let _few_at_a_time = self.looks.acquire().await;
            let looking = self.lookups.run(move |session| claim::look(session, &by, &claim));
            if let Some(refusal) = looking.await? {
                self.refused.note(invite);
                return Err(refusal.into());
            }
        }
        let outcome = self.writer.run(move |session| claim::claim(session, &by, &claim)).await;
        if matches!(outcome, Err(StoreError::Refused(_))) {
            self.refused.note(invite);
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
        self.writer.run(move |session| complete::complete(session, &by, claim, &jid, &via)).await
    }

    async fn release(&self, by: &Principal, claim: ClaimId) -> Result<(), StoreError> {
        let by = by.clone();
        self.writer.run(move |session| complete::release(session, &by, claim)).await
    }

    async fn reservation(&self, by: &Principal, username: &Username) -> Result<Option<InviteId>, StoreError> {
        let (by, username) = (by.clone(), username.clone());
        self.lookups.run(move |session| reservation::reservation(session, &by, &username)).await
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
                self.writer.run(move |session| account::changed(session, &by, &username, change)).await?;
            revoked += more;
            if !is_unfinished {
                return Ok(revoked);
            }
        }
    }

    async fn events(&self, by: &Principal, query: EventQuery) -> Result<EventPage, StoreError> {
        let by = by.clone();
        self.lists.run(move |session| events::events(session, &by, query)).await
    }

    async fn purge(&self, keep: Retention, from: Option<Cursor>) -> Result<PurgeStep, StoreError> {
        self.writer.run(move |session| purge::purge(session, keep, from)).await
    }

    async fn count_pending(&self, from: Option<Cursor>) -> Result<PendingCounts, StoreError> {
        self.lists.run(move |session| count_pending::count_pending(session, from)).await
    }

    async fn note_key_uses(&self) -> Result<(), StoreError> {
        let uses = Arc::new(self.key_uses.unwritten());
        if uses.is_empty() {
            return Ok(());
        }
        let noted = Arc::clone(&uses);
        self.writer.run(move |session| keys::note_uses(session, &noted)).await?;
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
