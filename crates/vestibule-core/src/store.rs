//! The storage traits.
//!
//! # Adding an operation
//!
//! Add the method here with the rule it keeps, add a test to the storage suite of `vestibule-store`, then write it in
//! each engine: one verb, one file. Each atomic operation is one method, so that an engine can run it in one
//! transaction.
//!
//! # What an engine promises
//!
//! - When a method that changes something returns `Ok`, the change is on disk.
//! - When it returns an error, nothing was changed, except for [`StoreError::Unknown`], after which the outcome of a
//!   commit is unknown.
//! - The key of an [`Principal`] is checked in the same transaction that does the work.
//! - Every change of an invite or key writes its audit event in the same transaction.
//! - The cost of every method but [`InviteStore::invites`], [`InviteStore::events`],
//!   [`KeyStore::keys`] and [`MaintenanceStore::purge`] does not depend on how much is stored; the cost of those depends on what they return
//!   or scan.

use std::sync::Arc;

use async_trait::async_trait;
use jid::BareJid;

use crate::{
    AccountChange, AuthContext, Claim, ClaimId, Clock, Completion, Event, Host, IdempotencyKey, ImportMode,
    ImportOutcome, ImportedInvite, Invite, InviteChanges, InviteId, KeyId, KeyRecord, Kind, NewBatch, NewClaim, NewInvite, Principal, Redemption,
    Refusal, Scopes, State, StoredBatch, Timestamp, TokenLookup, Username, Via,
};

/// Why a call to the store failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The rules refuse it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Busy: a lock is held, or the queue is full. Nothing was changed; a later retry may succeed. The text is for
    /// the log.
    #[error("too much is waiting for the database: {0}")]
    Busy(String),
    /// Unavailable: the database is full or unreachable. A later retry may succeed. The text is for the log.
    #[error("the database cannot do this now: {0}")]
    Unavailable(String),
    /// The database was lost during the commit: the outcome is unknown. The text is for the log.
    #[error(
        "it is not known whether this was saved, because the connection to the database was lost meanwhile: {0}"
    )]
    Unknown(String),
    /// A row cannot be read by this version. The text is for the log.
    #[error("the database holds what this version cannot read: {0}")]
    Corrupt(String),
}

/// A position in a list. Opaque; defined by the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor(pub i64);

/// Which invites to list, newest first.
#[derive(Clone, Debug, Default)]
pub struct InviteQuery {
    /// Only those in this state.
    pub state: Option<State>,
    /// Only those of this kind.
    pub kind: Option<Kind>,
    /// Where to continue: the `next` of the previous page.
    pub before: Option<Cursor>,
    /// The most items to return.
    pub limit: u32,
}

/// A page of invites.
#[derive(Clone, Debug)]
pub struct InvitePage {
    /// The invites, newest first. A page may be short or empty while `next` is set, since it also ends after a
    /// bounded number of scanned rows.
    pub items: Vec<Invite>,
    /// Where to continue; `None` at the end.
    pub next: Option<Cursor>,
}

/// An invite, with the newest of its redemptions.
#[derive(Clone, Debug)]
pub struct InviteDetails {
    /// The invite.
    pub invite: Invite,
    /// The first page of its redemptions, of [`RedemptionQuery::FIRST`].
    pub redemptions: RedemptionPage,
}

/// Which redemptions of an invite to list, newest claim first.
#[derive(Clone, Copy, Debug)]
pub struct RedemptionQuery {
    /// Where to continue: the `next` of the previous page.
    pub before: Option<ClaimId>,
    /// The most items to return.
    pub limit: u32,
}

impl RedemptionQuery {
    /// The page that comes with an invite.
    pub const FIRST: Self = Self { before: None, limit: 100 };
}

/// A page of redemptions.
#[derive(Clone, Debug, Default)]
pub struct RedemptionPage {
    /// The redemptions, newest claim first.
    pub items: Vec<Redemption>,
    /// Where to continue; `None` at the end.
    pub next: Option<ClaimId>,
}

/// A presented token.
#[derive(Clone, Debug)]
pub struct CheckRequest {
    /// The invite, by its token.
    pub token: TokenLookup,
    /// The intended username, if known.
    pub username: Option<Username>,
    /// When an earlier check was passed, such as that of a submitted form.
    pub admitted_at: Option<Timestamp>,
}

/// Ages from which data is purged.
#[derive(Clone, Copy, Debug)]
pub struct Retention {
    /// Invites inactive since before this time, with their claims.
    pub invites_over_before: Timestamp,
    /// Events before this time.
    pub events_before: Timestamp,
    /// Failed claims made before this time.
    pub failed_claims_before: Timestamp,
}

/// Which events to list, oldest first.
#[derive(Clone, Copy, Debug, Default)]
pub struct EventQuery {
    /// Only those after this one: the `seq` of the last event seen; 0 from the beginning.
    pub after: i64,
    /// The most items to return.
    pub limit: u32,
}

/// A page of events.
#[derive(Clone, Debug)]
pub struct EventPage {
    /// The events, oldest first.
    pub items: Vec<Event>,
    /// Where to continue; `None` at the end.
    pub next: Option<i64>,
}

/// Settings that the service stores about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// The public URL that was configured last.
    PublicUrl,
    /// The listen address of the last `serve`, used if no public URL was configured.
    ListenUrl,
    /// A check value of the seal key of this database.
    SealCheck,
    /// The probes of `doctor` that arrived, newest first.
    Probes,
}

impl Setting {
    /// The name under which it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PublicUrl => "public_url",
            Self::ListenUrl => "listen_url",
            Self::SealCheck => "seal_check",
            Self::Probes => "probes",
        }
    }
}

/// The result of one purge step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PurgeStep {
    /// How many invites were removed.
    pub removed: u32,
    /// Where the next step begins; `None` after the last invite.
    pub next: Option<Cursor>,
}

/// The result of one counting step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PendingCounts {
    /// Number of pending invites among those it scanned, by host; hosts without any may be missing.
    pub pending: Vec<(Host, u64)>,
    /// Where the next step begins; `None` after the last invite.
    pub next: Option<Cursor>,
}

/// Hosts and settings.
#[async_trait]
pub trait HostStore: Send + Sync {
    /// Adds a host; does nothing if it exists.
    async fn add_host(&self, host: &Host) -> Result<(), StoreError>;

    /// All hosts, by name.
    async fn hosts(&self) -> Result<Vec<Host>, StoreError>;

    /// Reads a setting.
    async fn setting(&self, setting: Setting) -> Result<Option<String>, StoreError>;

    /// Writes a setting.
    async fn set_setting(&self, setting: Setting, value: &str) -> Result<(), StoreError>;

    /// Writes a setting unless it is set, and returns the stored value, so that concurrent processes agree.
    async fn set_setting_if_absent(&self, setting: Setting, value: &str) -> Result<String, StoreError>;
}

/// API keys.
#[async_trait]
pub trait KeyStore: Send + Sync {
    /// Inserts a new key. A key can create only keys with no more power than itself, which are deleted with it; a
    /// host has at most [`crate::rules::MAX_KEYS`] ([`crate::Scope::KeysManage`]).
    async fn insert_key(&self, by: &Principal, key: NewKeyRecord) -> Result<KeyRecord, StoreError>;

    /// The keys of the host, oldest first ([`crate::Scope::KeysManage`]).
    async fn keys(&self, by: &Principal) -> Result<Vec<KeyRecord>, StoreError>;

    /// Deletes a key and those that it created; they stop working immediately on all nodes. A key can delete only
    /// keys with no more power than itself ([`crate::Scope::KeysManage`]).
    async fn delete_key(&self, by: &Principal, id: &KeyId) -> Result<(), StoreError>;

    /// Checks a principal for scopes, as every other method does itself. Does not count against the rate of a key.
    async fn authorize(&self, by: &Principal, scopes: Scopes) -> Result<AuthContext, StoreError>;
}

/// Invites and the audit log.
#[async_trait]
pub trait InviteStore: Send + Sync {
    /// Inserts invites, all or none ([`crate::Draft::needed_scopes`]). A bound username of a new account is reserved
    /// (rule 5); a name already reserved is refused. A password reset reserves nothing and revokes the pending one
    /// for the same account.
    ///
    /// If the same principal used the same `idempotency_key` within [`crate::IDEMPOTENCY_KEY_LIFETIME`], nothing is
    /// inserted and the first answer is returned unchanged; with another fingerprint the call fails with
    /// [`Refusal::IdempotencyMismatch`].
    async fn insert_invites(
        &self,
        by: &Principal,
        invites: Vec<NewInvite>,
        idempotency_key: Option<IdempotencyKey>,
    ) -> Result<Vec<Invite>, StoreError>;

    /// Like [`InviteStore::insert_invites`] for a batch too large for one transaction: it is written in slices,
    /// between which other work proceeds, and becomes visible when all of it is on disk. [`MaintenanceStore::purge`]
    /// removes the rest of an interrupted batch.
    async fn insert_batch(
        &self,
        by: &Principal,
        batch: Arc<NewBatch>,
        idempotency_key: Option<IdempotencyKey>,
    ) -> Result<StoredBatch, StoreError>;

    /// Finds an invite by its token. Unauthenticated: the token grants access to the invite.
    async fn invite_by_token(&self, token: TokenLookup) -> Result<Option<Invite>, StoreError>;

    /// Finds an invite of the host, with its newest redemptions ([`crate::Scope::InvitesRead`]). Without
    /// [`crate::Scope::InvitesManage`] its sealed token is left out, here and in lists.
    async fn invite(&self, by: &Principal, id: InviteId) -> Result<Option<InviteDetails>, StoreError>;

    /// Lists invites of the host ([`crate::Scope::InvitesRead`]).
    async fn invites(&self, by: &Principal, query: InviteQuery) -> Result<InvitePage, StoreError>;

    /// Changes an invite ([`crate::Scope::InvitesManage`]). Safe to repeat. Restoring a password reset revokes the
    /// other pending one for the same account.
    async fn edit_invite(
        &self,
        by: &Principal,
        id: InviteId,
        edit: InviteChanges,
    ) -> Result<Invite, StoreError>;

    /// Lists the audit log of the host ([`crate::Scope::InvitesManage`]).
    async fn events(&self, by: &Principal, query: EventQuery) -> Result<EventPage, StoreError>;
}

/// Redemptions, and the accounts that result from them.
#[async_trait]
pub trait RedemptionStore: Send + Sync {
    /// Rule 1 ([`crate::Scope::Redeem`]): the invite, if its token is valid now and fits the username.
    async fn check(&self, by: &Principal, check: CheckRequest) -> Result<Invite, StoreError>;

    /// Rule 2 ([`crate::Scope::Redeem`]): claims one use for one username, for [`crate::LEASE`]. Repeated under the
    /// same grant for the same username, it returns the live claim.
    async fn claim(&self, by: &Principal, claim: NewClaim) -> Result<Claim, StoreError>;

    /// Rule 3 ([`crate::Scope::Redeem`]): completes a claim. Idempotent with the same JID; another one is
    /// [`Refusal::ClaimCompleted`].
    async fn complete(
        &self,
        by: &Principal,
        claim: ClaimId,
        jid: BareJid,
        via: Via,
    ) -> Result<Completion, StoreError>;

    /// Rule 4 ([`crate::Scope::Redeem`]): releases a claim. Idempotent.
    async fn release(&self, by: &Principal, claim: ClaimId) -> Result<(), StoreError>;

    /// Lists the redemptions of an invite of the host; `None` if there is no such invite
    /// ([`crate::Scope::InvitesRead`]).
    async fn redemptions(
        &self,
        by: &Principal,
        id: InviteId,
        query: RedemptionQuery,
    ) -> Result<Option<RedemptionPage>, StoreError>;

    /// Whether this username redeemed this invite. Requires only the token. Proves nothing about the current account.
    async fn redeemed_by(&self, id: InviteId, username: &Username) -> Result<bool, StoreError>;

    /// Whether an account of this name was created by an invite and has not been reported as deleted.
    /// Unauthenticated, like an attempt to register the name.
    async fn account_known(&self, host: &Host, username: &Username) -> Result<bool, StoreError>;

    /// Rule 5 ([`crate::Scope::Redeem`]): the live invite that a username is reserved for.
    async fn reservation(&self, by: &Principal, username: &Username) -> Result<Option<InviteId>, StoreError>;

    /// Rule 7 ([`crate::Scope::Redeem`]): revokes the invites that depend on a changed account, and returns their
    /// number. Idempotent.
    async fn account_changed(
        &self,
        by: &Principal,
        username: &Username,
        change: AccountChange,
    ) -> Result<u64, StoreError>;
}

/// Imports from other programs. Safe to repeat: what exists is never changed.
#[async_trait]
pub trait ImportStore: Send + Sync {
    /// Imports invites, in one transaction. The outcomes are in the order of the invites. No two of them may have the
    /// same token, or reserve the same username.
    async fn import_invites(
        &self,
        by: &Principal,
        invites: Vec<ImportedInvite>,
        mode: ImportMode,
    ) -> Result<Vec<ImportOutcome>, StoreError>;

    /// Imports keys, in one transaction. The outcomes are in the order of the keys. Their host is that of the
    /// principal; no two of them may have the same id.
    async fn import_keys(
        &self,
        by: &Principal,
        keys: Vec<KeyRecord>,
        mode: ImportMode,
    ) -> Result<Vec<ImportOutcome>, StoreError>;
}

/// Background work.
#[async_trait]
pub trait MaintenanceStore: Send + Sync {
    /// Scans a bounded number of invites of all hosts from `from` on and removes those older than the retention,
    /// except invites whose request may still be repeated ([`crate::IDEMPOTENCY_KEY_LIFETIME`]).
    async fn purge(&self, keep: Retention, from: Option<Cursor>) -> Result<PurgeStep, StoreError>;

    /// Counts the pending invites among a bounded number of them from `from` on, over all hosts.
    async fn count_pending(&self, from: Option<Cursor>) -> Result<PendingCounts, StoreError>;

    /// Persists the last use of keys. Called periodically: a write per request would cost as much as a create.
    async fn note_key_uses(&self) -> Result<(), StoreError>;

    /// Writes a small row, to check that writing works.
    async fn probe(&self) -> Result<(), StoreError>;
}

/// A storage engine. The module documentation lists its guarantees.
pub trait Store: HostStore + KeyStore + InviteStore + RedemptionStore + ImportStore + MaintenanceStore {
    /// The clock of this store, also used by [`crate::InviteService`].
    fn clock(&self) -> Arc<dyn Clock>;
}

/// A key to be inserted; its host is that of the [`Principal`].
#[derive(Clone, Debug)]
pub struct NewKeyRecord {
    /// The public half.
    pub id: KeyId,
    /// The hash of its secret.
    pub secret: crate::SecretHash,
    /// Its name.
    pub name: Option<String>,
    /// What it may do.
    pub scopes: crate::Scopes,
    /// When it expires.
    pub expiry: crate::Expiry,
    /// Its rate limit.
    pub rate: Option<crate::Rate>,
}
