//! The storage traits.
//!
//! # Adding an operation
//!
//! Add the method here, a test in the storage suite of `vestibule-store`, its logic in `vestibule-store/src/verbs`, and
//! the SQL of each engine. Each atomic operation is one method, so that an engine can run it in one transaction.
//!
//! # Guarantees of an engine
//!
//! - When a method that changes something returns `Ok`, the change is on disk.
//! - When it returns an error, nothing was changed, except for [`StoreError::Unknown`], after which the outcome of a
//!   commit is unknown.
//! - The key of a [`Principal`] is checked in the same transaction that does the work.
//! - Every change of an invite or key writes its audit event in the same transaction.
//! - The cost of a method does not depend on the amount of stored data, except for [`InviteStore::invites`],
//!   [`InviteStore::events`], [`MemberStore::members`], [`MemberStore::revoke_invites_of`], [`KeyStore::keys`],
//!   [`HostStore::remove_host`] and [`MaintenanceStore::purge`], whose cost depends on the number of rows that they
//!   return, change or scan.

use std::sync::Arc;

use async_trait::async_trait;
use jid::BareJid;

use crate::{
    AccountChange, AuthContext, CheckRequest, Claim, ClaimId, Clock, Completion, Cursor, EventPage,
    EventQuery, Host, IdempotencyKey, ImportMode, ImportOutcome, ImportedInvite, Invite, InviteChanges,
    InviteDetails, InviteId, InvitePage, InviteQuery, KeyId, KeyRecord, MemberDetails, MemberPage,
    MemberQuery, NewBatch, NewClaim, NewInvite, NewKeyRecord, OpenClaim, OpenClaims, PendingCounts,
    Principal, PurgeStep, RedemptionPage, RedemptionQuery, Refusal, Retention, RevokedInvites, Scopes,
    Session, SessionHash, SessionId, Setting, StoredBatch, Timestamp, TokenLookup, Username, Via,
};

/// Error of a call to the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The rules refuse it.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Busy: a lock is held, or the queue is full. Nothing was changed; a later retry may succeed. The text is for
    /// the log.
    #[error("the database is overloaded: {0}")]
    Busy(String),
    /// Unavailable: the database is full or unreachable. A later retry may succeed. The text is for the log.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// The database was lost during the commit: the outcome is unknown. The text is for the log.
    #[error("the connection to the database was lost, so the change may or may not have been saved: {0}")]
    Unknown(String),
    /// A row cannot be read by this version. The text is for the log.
    #[error("the database contains data that this version cannot read: {0}")]
    Corrupt(String),
}

/// Hosts and settings.
#[async_trait]
pub trait HostStore: Send + Sync {
    /// Adds a host; does nothing if it exists.
    async fn add_host(&self, host: &Host) -> Result<(), StoreError>;

    /// Removes a host, which must have neither keys nor pending invites. Its past stays, and [`HostStore::add_host`]
    /// brings it back.
    async fn remove_host(&self, by: &Principal) -> Result<(), StoreError>;

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

    /// Like [`KeyStore::insert_key`], unless the host has a key with this name: that one, and `false`. Concurrent calls
    /// insert one key ([`crate::Scope::KeysManage`]).
    async fn insert_key_if_missing(
        &self,
        by: &Principal,
        key: NewKeyRecord,
    ) -> Result<(KeyRecord, bool), StoreError>;

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

    /// Records that the holder of an invite asks for its renewal, if it can be renewed and no recent request stands
    /// ([`crate::rules::renewal`]). Returns whether it was recorded. Unauthenticated: the token grants it.
    async fn request_renewal(&self, token: TokenLookup) -> Result<bool, StoreError>;

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

    /// Lists claims of the host for which this service has to find out whether the account exists, oldest first, at
    /// most [`crate::MAX_OPEN_CLAIMS`] ([`crate::Scope::Redeem`]).
    async fn open_claims(&self, by: &Principal, which: OpenClaims) -> Result<Vec<OpenClaim>, StoreError>;

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

/// Members: the accounts of a host that were created with invites. They are known longer than their invites
/// ([`Retention::members_before`]).
#[async_trait]
pub trait MemberStore: Send + Sync {
    /// Lists the members of the host ([`crate::Scope::InvitesRead`]).
    async fn members(&self, by: &Principal, query: MemberQuery) -> Result<MemberPage, StoreError>;

    /// Finds a member, and whom it invited ([`crate::Scope::InvitesRead`]).
    async fn member(&self, by: &Principal, username: &Username) -> Result<Option<MemberDetails>, StoreError>;

    /// Stops an account of the host from inviting, or allows it again: keys create no invites in the name of a stopped
    /// one ([`crate::Scope::InvitesManage`]). Idempotent. The account may be one that no invite created.
    async fn set_may_invite(
        &self,
        by: &Principal,
        username: &Username,
        may_invite: bool,
    ) -> Result<(), StoreError>;

    /// Revokes the pending invites in the name of an account, and returns their number
    /// ([`crate::Scope::InvitesManage`]). Idempotent. An interrupted call has revoked some of them.
    async fn revoke_invites_of(
        &self,
        by: &Principal,
        username: &Username,
        which: RevokedInvites,
    ) -> Result<u64, StoreError>;
}

/// Sessions of the console. Only the hashes of their secrets are stored.
#[async_trait]
pub trait SessionStore: Send + Sync {
    /// Inserts a login link for a person. Only [`Principal::Operator`] and [`Principal::Session`] create links.
    async fn insert_login_link(
        &self,
        by: &Principal,
        link: SessionHash,
        name: &str,
        expires_at: Timestamp,
    ) -> Result<(), StoreError>;

    /// Starts a session with a login link, which is removed. `None` if the link is unknown, used or expired.
    /// Unauthenticated: the link grants it.
    async fn insert_session(
        &self,
        link: SessionHash,
        session: SessionHash,
    ) -> Result<Option<Session>, StoreError>;

    /// The live session with this hash, whose use is noted. Unauthenticated: the secret grants it.
    async fn use_session(&self, session: SessionHash) -> Result<Option<Session>, StoreError>;

    /// The live sessions of the host, oldest first. Not for keys.
    async fn sessions(&self, by: &Principal) -> Result<Vec<Session>, StoreError>;

    /// Ends a session of the host; `false` if there is none with this id. Not for keys.
    async fn end_session(&self, by: &Principal, id: SessionId) -> Result<bool, StoreError>;
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
pub trait Store:
    HostStore
    + KeyStore
    + InviteStore
    + RedemptionStore
    + MemberStore
    + SessionStore
    + ImportStore
    + MaintenanceStore
{
    /// The clock of this store, also used by [`crate::InviteService`].
    fn clock(&self) -> Arc<dyn Clock>;
}
