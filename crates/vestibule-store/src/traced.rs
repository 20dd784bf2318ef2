//! A store whose verbs are spans of traces.

use std::{future::Future, sync::Arc};

use async_trait::async_trait;
use tracing::{Instrument, field::Empty};
use vestibule_core::{
    AccountChange, AuthContext, BareJid, CheckRequest, Claim, ClaimId, Clock, Completion, Cursor, EventPage,
    EventQuery, Host, HostStore, IdempotencyKey, ImportMode, ImportOutcome, ImportStore, ImportedInvite,
    Invite, InviteChanges, InviteDetails, InviteId, InvitePage, InviteQuery, InviteStore, KeyId, KeyRecord,
    KeyStore, MaintenanceStore, MemberDetails, MemberPage, MemberQuery, MemberStore, NewBatch, NewClaim,
    NewInvite, NewKeyRecord, OpenClaim, OpenClaims, PendingCounts, Principal, PurgeStep, RedemptionPage,
    RedemptionQuery, RedemptionStore, Retention, RevokedInvites, Scopes, Session, SessionHash, SessionId,
    SessionStore, Setting, Store, StoreError, StoredBatch, TRACE_TARGET, Timestamp, TokenLookup, Username,
    Via,
};

/// Makes a span of each call to a store. A span names the verb and the database system, and no argument.
pub(crate) struct TracedStore {
    store: Arc<dyn Store>,
    /// `db.system.name` in OpenTelemetry's semantic conventions.
    system: &'static str,
}

impl TracedStore {
    pub(crate) fn new(store: Arc<dyn Store>, system: &'static str) -> Self {
        Self { store, system }
    }

    async fn trace<T>(
        &self,
        verb: &'static str,
        call: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let span = tracing::info_span!(
            target: TRACE_TARGET,
            "store",
            otel.name = verb,
            otel.kind = "client",
            otel.status_code = Empty,
            db.system.name = self.system,
            db.operation.name = verb,
            "error.type" = Empty,
        );
        let outcome = call.instrument(span.clone()).await;
        if let Some(kind) = outcome.as_ref().err().and_then(error_type) {
            span.record("otel.status_code", "ERROR");
            span.record("error.type", kind);
        }
        outcome
    }
}

/// The kind of a failure. A refusal by the rules is an answer, not a failure.
fn error_type(error: &StoreError) -> Option<&'static str> {
    match error {
        StoreError::Refused(_) => None,
        StoreError::Busy(_) => Some("busy"),
        StoreError::Unavailable(_) => Some("unavailable"),
        StoreError::Unknown(_) => Some("outcome-unknown"),
        StoreError::Corrupt(_) => Some("corrupt"),
    }
}

#[async_trait]
impl HostStore for TracedStore {
    async fn add_host(&self, host: &Host) -> Result<(), StoreError> {
        self.trace("add_host", self.store.add_host(host)).await
    }

    async fn remove_host(&self, by: &Principal) -> Result<(), StoreError> {
        self.trace("remove_host", self.store.remove_host(by)).await
    }

    async fn hosts(&self) -> Result<Vec<Host>, StoreError> {
        self.trace("hosts", self.store.hosts()).await
    }

    async fn setting(&self, setting: Setting) -> Result<Option<String>, StoreError> {
        self.trace("setting", self.store.setting(setting)).await
    }

    async fn set_setting(&self, setting: Setting, value: &str) -> Result<(), StoreError> {
        self.trace("set_setting", self.store.set_setting(setting, value)).await
    }

    async fn set_setting_if_absent(&self, setting: Setting, value: &str) -> Result<String, StoreError> {
        self.trace("set_setting_if_absent", self.store.set_setting_if_absent(setting, value)).await
    }
}

#[async_trait]
impl KeyStore for TracedStore {
    async fn insert_key(&self, by: &Principal, key: NewKeyRecord) -> Result<KeyRecord, StoreError> {
        self.trace("insert_key", self.store.insert_key(by, key)).await
    }

    async fn insert_key_if_missing(
        &self,
        by: &Principal,
        key: NewKeyRecord,
    ) -> Result<(KeyRecord, bool), StoreError> {
        self.trace("insert_key_if_missing", self.store.insert_key_if_missing(by, key)).await
    }

    async fn keys(&self, by: &Principal) -> Result<Vec<KeyRecord>, StoreError> {
        self.trace("keys", self.store.keys(by)).await
    }

    async fn delete_key(&self, by: &Principal, id: &KeyId) -> Result<(), StoreError> {
        self.trace("delete_key", self.store.delete_key(by, id)).await
    }

    async fn authorize(&self, by: &Principal, scopes: Scopes) -> Result<AuthContext, StoreError> {
        self.trace("authorize", self.store.authorize(by, scopes)).await
    }
}

#[async_trait]
impl InviteStore for TracedStore {
    async fn insert_invites(
        &self,
        by: &Principal,
        invites: Vec<NewInvite>,
        idempotency_key: Option<IdempotencyKey>,
    ) -> Result<Vec<Invite>, StoreError> {
        self.trace("insert_invites", self.store.insert_invites(by, invites, idempotency_key)).await
    }

    async fn insert_batch(
        &self,
        by: &Principal,
        batch: Arc<NewBatch>,
        idempotency_key: Option<IdempotencyKey>,
    ) -> Result<StoredBatch, StoreError> {
        self.trace("insert_batch", self.store.insert_batch(by, batch, idempotency_key)).await
    }

    async fn invite_by_token(&self, token: TokenLookup) -> Result<Option<Invite>, StoreError> {
        self.trace("invite_by_token", self.store.invite_by_token(token)).await
    }

    async fn invite(&self, by: &Principal, id: InviteId) -> Result<Option<InviteDetails>, StoreError> {
        self.trace("invite", self.store.invite(by, id)).await
    }

    async fn invites(&self, by: &Principal, query: InviteQuery) -> Result<InvitePage, StoreError> {
        self.trace("invites", self.store.invites(by, query)).await
    }

    async fn edit_invite(
        &self,
        by: &Principal,
        id: InviteId,
        edit: InviteChanges,
    ) -> Result<Invite, StoreError> {
        self.trace("edit_invite", self.store.edit_invite(by, id, edit)).await
    }

    async fn request_renewal(&self, token: TokenLookup) -> Result<bool, StoreError> {
        self.trace("request_renewal", self.store.request_renewal(token)).await
    }

    async fn events(&self, by: &Principal, query: EventQuery) -> Result<EventPage, StoreError> {
        self.trace("events", self.store.events(by, query)).await
    }
}

#[async_trait]
impl RedemptionStore for TracedStore {
    async fn check(&self, by: &Principal, check: CheckRequest) -> Result<Invite, StoreError> {
        self.trace("check", self.store.check(by, check)).await
    }

    async fn claim(&self, by: &Principal, claim: NewClaim) -> Result<Claim, StoreError> {
        self.trace("claim", self.store.claim(by, claim)).await
    }

    async fn complete(
        &self,
        by: &Principal,
        claim: ClaimId,
        jid: BareJid,
        via: Via,
    ) -> Result<Completion, StoreError> {
        self.trace("complete", self.store.complete(by, claim, jid, via)).await
    }

    async fn release(&self, by: &Principal, claim: ClaimId) -> Result<(), StoreError> {
        self.trace("release", self.store.release(by, claim)).await
    }

    async fn open_claims(&self, by: &Principal, which: OpenClaims) -> Result<Vec<OpenClaim>, StoreError> {
        self.trace("open_claims", self.store.open_claims(by, which)).await
    }

    async fn redemptions(
        &self,
        by: &Principal,
        id: InviteId,
        query: RedemptionQuery,
    ) -> Result<Option<RedemptionPage>, StoreError> {
        self.trace("redemptions", self.store.redemptions(by, id, query)).await
    }

    async fn redeemed_by(&self, id: InviteId, username: &Username) -> Result<bool, StoreError> {
        self.trace("redeemed_by", self.store.redeemed_by(id, username)).await
    }

    async fn account_known(&self, host: &Host, username: &Username) -> Result<bool, StoreError> {
        self.trace("account_known", self.store.account_known(host, username)).await
    }

    async fn reservation(&self, by: &Principal, username: &Username) -> Result<Option<InviteId>, StoreError> {
        self.trace("reservation", self.store.reservation(by, username)).await
    }

    async fn account_changed(
        &self,
        by: &Principal,
        username: &Username,
        change: AccountChange,
    ) -> Result<u64, StoreError> {
        self.trace("account_changed", self.store.account_changed(by, username, change)).await
    }
}

#[async_trait]
impl MemberStore for TracedStore {
    async fn members(&self, by: &Principal, query: MemberQuery) -> Result<MemberPage, StoreError> {
        self.trace("members", self.store.members(by, query)).await
    }

    async fn member(&self, by: &Principal, username: &Username) -> Result<Option<MemberDetails>, StoreError> {
        self.trace("member", self.store.member(by, username)).await
    }

    async fn set_may_invite(
        &self,
        by: &Principal,
        username: &Username,
        may_invite: bool,
    ) -> Result<(), StoreError> {
        self.trace("set_may_invite", self.store.set_may_invite(by, username, may_invite)).await
    }

    async fn revoke_invites_of(
        &self,
        by: &Principal,
        username: &Username,
        which: RevokedInvites,
    ) -> Result<u64, StoreError> {
        self.trace("revoke_invites_of", self.store.revoke_invites_of(by, username, which)).await
    }
}

#[async_trait]
impl SessionStore for TracedStore {
    async fn insert_login_link(
        &self,
        by: &Principal,
        link: SessionHash,
        name: &str,
        expires_at: Timestamp,
    ) -> Result<(), StoreError> {
        self.trace("insert_login_link", self.store.insert_login_link(by, link, name, expires_at)).await
    }

    async fn insert_session(
        &self,
        link: SessionHash,
        session: SessionHash,
    ) -> Result<Option<Session>, StoreError> {
        self.trace("insert_session", self.store.insert_session(link, session)).await
    }

    async fn use_session(&self, session: SessionHash) -> Result<Option<Session>, StoreError> {
        self.trace("use_session", self.store.use_session(session)).await
    }

    async fn sessions(&self, by: &Principal) -> Result<Vec<Session>, StoreError> {
        self.trace("sessions", self.store.sessions(by)).await
    }

    async fn end_session(&self, by: &Principal, id: SessionId) -> Result<bool, StoreError> {
        self.trace("end_session", self.store.end_session(by, id)).await
    }
}

#[async_trait]
impl ImportStore for TracedStore {
    async fn import_invites(
        &self,
        by: &Principal,
        invites: Vec<ImportedInvite>,
        mode: ImportMode,
    ) -> Result<Vec<ImportOutcome>, StoreError> {
        self.trace("import_invites", self.store.import_invites(by, invites, mode)).await
    }

    async fn import_keys(
        &self,
        by: &Principal,
        keys: Vec<KeyRecord>,
        mode: ImportMode,
    ) -> Result<Vec<ImportOutcome>, StoreError> {
        self.trace("import_keys", self.store.import_keys(by, keys, mode)).await
    }
}

#[async_trait]
impl MaintenanceStore for TracedStore {
    async fn purge(&self, keep: Retention, from: Option<Cursor>) -> Result<PurgeStep, StoreError> {
        self.trace("purge", self.store.purge(keep, from)).await
    }

    async fn count_pending(&self, from: Option<Cursor>) -> Result<PendingCounts, StoreError> {
        self.trace("count_pending", self.store.count_pending(from)).await
    }

    async fn note_key_uses(&self) -> Result<(), StoreError> {
        self.trace("note_key_uses", self.store.note_key_uses()).await
    }

    async fn probe(&self) -> Result<(), StoreError> {
        self.trace("probe", self.store.probe()).await
    }
}

impl Store for TracedStore {
    fn clock(&self) -> Arc<dyn Clock> {
        self.store.clock()
    }
}
