//! The storage seam.
//!
//! # Adding an operation
//!
//! Add the method here with the rule it keeps, add a test to the storage suite of `vestibule-store`, then
//! write it in each engine: one verb, one file. Whatever must be atomic is one method, so that an engine
//! can make it one transaction.
//!
//! # What an engine promises
//!
//! - When a method that changes something returns `Ok`, the change is on disk.
//! - When it returns an error, nothing was changed; but where the database was lost in the middle of a
//!   commit ([`StoreError::Unknown`]), nobody can know.
//! - The key of an [`Principal`] is checked in the same transaction that does the work.
//! - Every change of an invite or key writes its audit event in the same transaction.
//! - The cost of every method but [`InviteStore::invites`], [`InviteStore::events`],
//!   [`KeyStore::keys`] and [`MaintenanceStore::purge`] does not depend on how much is stored; the cost of those depends on what they return
//!   or scan.

use std::sync::Arc;

use async_trait::async_trait;
use jid::BareJid;

use crate::{
    AccountChange, AuthContext, Claim, ClaimId, Clock, Completion, Event, Host, IdempotencyKey, Invite,
    InviteChanges, InviteId, KeyId, KeyRecord, Kind, NewBatch, NewClaim, NewInvite, Principal, Redemption,
    Refusal, Scopes, State, StoredBatch, Timestamp, TokenLookup, Username, Via,
};

/// Why a call to the store failed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The rules say no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// Too much is ahead of it: somebody holds what it needs, or too much work is waiting. Nothing was changed, and
    /// trying again later may help. The text is for the log.
    #[error("too much is waiting for the database: {0}")]
    Busy(String),
    /// The database cannot do it now: full, unreachable. Trying again later may help. The text
    /// is for the log.
    #[error("the database cannot do this now: {0}")]
    Unavailable(String),
    /// The database was lost while it saved this: it may have been done, or not. The text is for the log.
    #[error(
        "it is not known whether this was saved, because the connection to the database was lost meanwhile: {0}"
    )]
    Unknown(String),
    /// A row holds what this version cannot read. The text is for the log.
    #[error("the database holds what this version cannot read: {0}")]
    Corrupt(String),
}

/// A place in a list, to go on from. Its meaning is the engine's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor(pub i64);

/// Which invites to list, newest first.
#[derive(Clone, Debug, Default)]
pub struct InviteQuery {
    /// Only those in this state.
    pub state: Option<State>,
    /// Only those of this kind.
    pub kind: Option<Kind>,
    /// Where to go on: the `next` of the page before.
    pub before: Option<Cursor>,
    /// At most so many.
    pub limit: u32,
}

/// A page of invites.
#[derive(Clone, Debug)]
pub struct InvitePage {
    /// The invites, newest first. There may be fewer than asked for, even none, while `next` is set:
    /// a page also ends after a bounded number of rows looked at.
    pub items: Vec<Invite>,
    /// Where to go on; `None` at the end.
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
    /// Where to go on: the `next` of the page before.
    pub before: Option<ClaimId>,
    /// At most so many.
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
    /// Where to go on; `None` at the end.
    pub next: Option<ClaimId>,
}

/// A token that somebody presents.
#[derive(Clone, Debug)]
pub struct CheckRequest {
    /// The invite, by its token.
    pub token: TokenLookup,
    /// The username that they mean to take, if it is known already.
    pub username: Option<Username>,
    /// When an earlier check was passed, such as that of a form that is sent now.
    pub admitted_at: Option<Timestamp>,
}

/// What is old enough to be removed.
#[derive(Clone, Copy, Debug)]
pub struct Retention {
    /// Invites that have been over since before this moment, with their claims.
    pub invites_over_before: Timestamp,
    /// Events that happened before this moment.
    pub events_before: Timestamp,
    /// Claims that came to nothing and were made before this moment.
    pub failed_claims_before: Timestamp,
}

/// Which events to list, oldest first.
#[derive(Clone, Copy, Debug, Default)]
pub struct EventQuery {
    /// Only those after this one: the `seq` of the last event seen; 0 from the beginning.
    pub after: i64,
    /// At most so many.
    pub limit: u32,
}

/// A page of events.
#[derive(Clone, Debug)]
pub struct EventPage {
    /// The events, oldest first.
    pub items: Vec<Event>,
    /// Where to go on; `None` at the end.
    pub next: Option<i64>,
}

/// What the service remembers about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    /// What links begin with, as the operator said last.
    PublicUrl,
    /// What links begin with where the operator never said: the address that the last `serve` listened at.
    ListenUrl,
    /// By what to know the seal key that belongs to this database.
    SealCheck,
    /// The probes of `doctor` that have come, newest first.
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

/// What one step of the sweep did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PurgeStep {
    /// How many invites were removed.
    pub removed: u32,
    /// Where the next step begins; `None` when all invites have been looked at.
    pub next: Option<Cursor>,
}

/// What one step of a census found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PendingCounts {
    /// How many of the invites it looked at are pending, by host; hosts may be missing.
    pub pending: Vec<(Host, u64)>,
    /// Where the next step begins; `None` when all invites have been looked at.
    pub next: Option<Cursor>,
}

/// Hosts and settings.
#[async_trait]
pub trait HostStore: Send + Sync {
    /// Remembers a host; does nothing if it is known.
    async fn add_host(&self, host: &Host) -> Result<(), StoreError>;

    /// All hosts that are known, by name.
    async fn hosts(&self) -> Result<Vec<Host>, StoreError>;

    /// Reads a setting.
    async fn setting(&self, setting: Setting) -> Result<Option<String>, StoreError>;

    /// Writes a setting.
    async fn set_setting(&self, setting: Setting, value: &str) -> Result<(), StoreError>;

    /// Writes a setting that was not set before, and answers what is set now: of several processes that
    /// start together, all go by the first.
    async fn set_setting_if_absent(&self, setting: Setting, value: &str) -> Result<String, StoreError>;
}

/// API keys.
#[async_trait]
pub trait KeyStore: Send + Sync {
    /// Keeps a new key. A key can make none that may do more than itself, and what it makes ends with it; a host has
    /// at most [`crate::rules::MAX_KEYS`] ([`crate::Scope::KeysManage`]).
    async fn insert_key(&self, by: &Principal, key: NewKeyRecord) -> Result<KeyRecord, StoreError>;

    /// The keys of the host, oldest first ([`crate::Scope::KeysManage`]).
    async fn keys(&self, by: &Principal) -> Result<Vec<KeyRecord>, StoreError>;

    /// Deletes a key and those that it made; they are dead at once, everywhere. A key can delete none that may do
    /// more than itself ([`crate::Scope::KeysManage`]).
    async fn delete_key(&self, by: &Principal, id: &KeyId) -> Result<(), StoreError>;

    /// Checks an authority for scopes, as every other method does for itself. Takes nothing from the rate
    /// of a key.
    async fn authorize(&self, by: &Principal, scopes: Scopes) -> Result<AuthContext, StoreError>;
}

/// Invites and the audit log.
#[async_trait]
pub trait InviteStore: Send + Sync {
    /// Mints invites, all or none ([`crate::Draft::needed_scopes`]). A bound username of a new account is reserved
    /// from here on (rule 5); one that is reserved already is refused. A password reset reserves nothing, and
    /// revokes the pending one for the same account.
    ///
    /// Where the same sender has minted with the same `idempotency_key` within [`crate::IDEMPOTENCY_KEY_LIFETIME`], nothing is minted,
    /// and the answer is the invites of then, as they were then; with another fingerprint it is
    /// [`Refusal::IdempotencyMismatch`].
    async fn insert_invites(
        &self,
        by: &Principal,
        invites: Vec<NewInvite>,
        idempotency_key: Option<IdempotencyKey>,
    ) -> Result<Vec<Invite>, StoreError>;

    /// The same for many invites that are all alike, and too many for one transaction: they are written in slices,
    /// between which other work goes on, and none can be seen until all are on disk. What is left of a batch that
    /// was broken off is removed by [`MaintenanceStore::purge`].
    async fn insert_batch(
        &self,
        by: &Principal,
        batch: Arc<NewBatch>,
        idempotency_key: Option<IdempotencyKey>,
    ) -> Result<StoredBatch, StoreError>;

    /// Finds an invite by its token. Open to the street: whoever has the token may see the invite.
    async fn invite_by_token(&self, token: TokenLookup) -> Result<Option<Invite>, StoreError>;

    /// Finds an invite of the host, with its newest redemptions ([`crate::Scope::InvitesRead`]). Without
    /// [`crate::Scope::InvitesManage`] its sealed token is left out, here and in lists.
    async fn invite(&self, by: &Principal, id: InviteId) -> Result<Option<InviteDetails>, StoreError>;

    /// Lists invites of the host ([`crate::Scope::InvitesRead`]).
    async fn invites(&self, by: &Principal, query: InviteQuery) -> Result<InvitePage, StoreError>;

    /// Changes an invite ([`crate::Scope::InvitesManage`]). Safe to repeat. A password reset that becomes good again
    /// revokes the other pending one for the same account.
    async fn edit_invite(
        &self,
        by: &Principal,
        id: InviteId,
        edit: InviteChanges,
    ) -> Result<Invite, StoreError>;

    /// Lists the audit log of the host ([`crate::Scope::InvitesManage`]).
    async fn events(&self, by: &Principal, query: EventQuery) -> Result<EventPage, StoreError>;
}

/// Redeeming invites, and the accounts that come of it.
#[async_trait]
pub trait RedemptionStore: Send + Sync {
    /// Rule 1 ([`crate::Scope::Redeem`]): the invite, if its token is good now and fits the username.
    async fn check(&self, by: &Principal, check: CheckRequest) -> Result<Invite, StoreError>;

    /// Rule 2 ([`crate::Scope::Redeem`]): takes one use for one username, for [`crate::LEASE`]. Repeated under the
    /// same admission for the same username, it answers the claim that is live already.
    async fn claim(&self, by: &Principal, claim: NewClaim) -> Result<Claim, StoreError>;

    /// Rule 3 ([`crate::Scope::Redeem`]): spends the use for good. Safe to repeat with the same address; another one
    /// is [`Refusal::ClaimCompleted`].
    async fn complete(
        &self,
        by: &Principal,
        claim: ClaimId,
        jid: BareJid,
        via: Via,
    ) -> Result<Completion, StoreError>;

    /// Rule 4 ([`crate::Scope::Redeem`]): gives the use back. Safe to repeat.
    async fn release(&self, by: &Principal, claim: ClaimId) -> Result<(), StoreError>;

    /// Lists the redemptions of an invite of the host; `None` where there is no such invite
    /// ([`crate::Scope::InvitesRead`]).
    async fn redemptions(
        &self,
        by: &Principal,
        id: InviteId,
        query: RedemptionQuery,
    ) -> Result<Option<RedemptionPage>, StoreError>;

    /// Whether this invite was redeemed by this username. Needs no authority beyond the token. It
    /// proves nothing about the account as it is now.
    async fn redeemed_by(&self, id: InviteId, username: &Username) -> Result<bool, StoreError>;

    /// Whether an account of this name came by one of our invites and has not been deleted since, as far as the XMPP
    /// server said. Needs no authority, like trying to register the name.
    async fn account_known(&self, host: &Host, username: &Username) -> Result<bool, StoreError>;

    /// Rule 5 ([`crate::Scope::Redeem`]): the live invite that a username is reserved for.
    async fn reservation(&self, by: &Principal, username: &Username) -> Result<Option<InviteId>, StoreError>;

    /// Rule 7 ([`crate::Scope::Redeem`]): an account has changed, so the invites that depend on it are revoked. The
    /// answer is how many were. Safe to repeat.
    async fn account_changed(
        &self,
        by: &Principal,
        username: &Username,
        change: AccountChange,
    ) -> Result<u64, StoreError>;
}

/// What runs in the background.
#[async_trait]
pub trait MaintenanceStore: Send + Sync {
    /// Looks at a bounded number of invites from `from` on, of all hosts, and removes what `keep` says is old
    /// enough; but no invite whose maker may still ask for it again ([`crate::IDEMPOTENCY_KEY_LIFETIME`]).
    async fn purge(&self, keep: Retention, from: Option<Cursor>) -> Result<PurgeStep, StoreError>;

    /// Counts the invites that are pending, among a bounded number of them from `from` on, of all hosts.
    async fn count_pending(&self, from: Option<Cursor>) -> Result<PendingCounts, StoreError>;

    /// Writes down when keys were last used, as far as it is not yet. To be called every now and then: a
    /// write for each request would cost as much as minting.
    async fn note_key_uses(&self) -> Result<(), StoreError>;

    /// Writes something small to the disk, to know that writing works.
    async fn probe(&self) -> Result<(), StoreError>;
}

/// The storage of the service. See the documentation of this module for what an engine promises.
pub trait Store: HostStore + KeyStore + InviteStore + RedemptionStore + MaintenanceStore {
    /// The clock that this store goes by. Whoever notes moments beside it ([`crate::InviteService`]) goes by the same.
    fn clock(&self) -> Arc<dyn Clock>;
}

/// A key on its way into the store; its host is that of the [`Principal`].
#[derive(Clone, Debug)]
pub struct NewKeyRecord {
    /// The public half.
    pub id: KeyId,
    /// The hash of its secret.
    pub secret: crate::SecretHash,
    /// What the operator calls it.
    pub name: Option<String>,
    /// What it may do.
    pub scopes: crate::Scopes,
    /// When it ends.
    pub expiry: crate::Expiry,
    /// How fast it may be used.
    pub rate: Option<crate::Rate>,
}
