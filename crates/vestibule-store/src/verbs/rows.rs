//! Row primitives that an engine provides inside a transaction.
//!
//! The futures of SQLite are ready at once, because a transaction runs on a thread of its own; see
//! [`super::run_ready`].

use vestibule_core::{
    Action, Claim, ClaimId, Event, Host, Invite, InviteId, KeyId, KeyRecord, NewClaim, OpenClaim, OpenClaims,
    Policies, PreauthGrant, Redemption, Refusal, Setting, Timestamp, TokenHash, TokenRefusal, Username,
    UsernameRefusal,
};

use crate::{caller::Caller, key_uses::KeyUses};

/// The error of an engine, for the verbs.
pub(crate) trait VerbError: From<Refusal> + From<TokenRefusal> + From<UsernameRefusal> {
    /// A row has a value that this version cannot read.
    fn corrupt(what: String) -> Self;
    /// The request may be repeated later.
    fn unavailable(reason: &str) -> Self;
}

/// The subject of an event.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject<'a> {
    Invite(InviteId),
    Key(&'a KeyId),
    Member(&'a Username),
    /// A person in the console, by name.
    Person(&'a str),
}

/// A transaction in progress: its time and its context.
pub(crate) trait TransactionContext {
    type Error: VerbError;

    /// The time at which the transaction happens.
    fn now(&self) -> Timestamp;

    /// The policies of all hosts.
    fn policies(&self) -> &Policies;

    /// The last uses of keys that are not stored yet.
    fn key_uses(&self) -> &KeyUses;

    /// Appends an event to the audit log of the caller's host.
    async fn append_event(
        &self,
        caller: &Caller,
        action: Action,
        subject: Subject<'_>,
        detail: Option<&str>,
    ) -> Result<(), Self::Error>;
}

/// Hosts and settings.
pub(crate) trait HostRows: TransactionContext {
    async fn insert_host(&self, host: &Host) -> Result<(), Self::Error>;
    async fn hosts(&self) -> Result<Vec<Host>, Self::Error>;
    /// Marks the caller's host as removed; `false` if it has keys or pending invites.
    async fn remove_host(&self, caller: &Caller) -> Result<bool, Self::Error>;
    async fn setting(&self, setting: Setting) -> Result<Option<String>, Self::Error>;
    async fn set_setting(&self, setting: Setting, value: &str) -> Result<(), Self::Error>;
    /// Does nothing if the setting has a value.
    async fn insert_setting(&self, setting: Setting, value: &str) -> Result<(), Self::Error>;
}

/// Keys.
pub(crate) trait KeyRows: TransactionContext {
    async fn count_keys(&self, caller: &Caller) -> Result<u32, Self::Error>;
    async fn insert_key(&self, caller: &Caller, key: &KeyRecord) -> Result<(), Self::Error>;
    /// The keys of the caller's host, oldest first, without unreadable ones.
    async fn keys(&self, caller: &Caller) -> Result<Vec<KeyRecord>, Self::Error>;
    async fn key(&self, caller: &Caller, id: &KeyId) -> Result<Option<KeyRecord>, Self::Error>;
    /// The key and its descendants, itself first.
    async fn key_family(&self, id: &KeyId) -> Result<Vec<KeyId>, Self::Error>;
    /// Deletes a key and its rate state.
    async fn delete_key(&self, id: &KeyId) -> Result<(), Self::Error>;
    /// Raises the last use of these keys.
    async fn store_key_uses(&self, uses: &[(KeyId, Timestamp)]) -> Result<(), Self::Error>;
}

/// A row of a page; `None` if this version cannot read it, which the engine counts and logs.
pub(crate) type PageRow<K, R> = (K, Option<R>);

/// Pending invites of one host in a range of row keys.
pub(crate) struct PendingRows {
    pub(crate) host: Host,
    pub(crate) pending: u64,
    /// The highest row key in the range.
    pub(crate) last_row_key: i64,
    /// Number of rows in the range.
    pub(crate) scanned: i64,
}

/// A set of invites of a host that has an index.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Of<'a> {
    All,
    /// Those bound to a username.
    Username(&'a Username),
    /// Those in the name of a member.
    Inviter(&'a Username),
    /// Those with an unanswered request for a renewal.
    RenewalRequested,
}

/// Invites.
pub(crate) trait InviteRows: TransactionContext {
    /// An invite of any host with the hash of its token.
    async fn invite_of_any_host(&self, id: InviteId) -> Result<Option<(Invite, TokenHash)>, Self::Error>;
    /// An invite of the caller's host with the hash of its token.
    async fn invite(&self, caller: &Caller, id: InviteId)
    -> Result<Option<(Invite, TokenHash)>, Self::Error>;
    /// At most `limit` of these invites of the caller's host with lower row keys, in descending order.
    async fn invites_before(
        &self,
        caller: &Caller,
        of: Of<'_>,
        row_key: i64,
        limit: usize,
    ) -> Result<Vec<PageRow<i64, Invite>>, Self::Error>;
    /// Writes the fields that an edit can change.
    async fn update_invite(&self, invite: &Invite) -> Result<(), Self::Error>;
    /// Notes a request for the renewal of an invite; `false` if `rules::renewal` does not allow one now.
    async fn set_renewal_requested(&self, id: InviteId) -> Result<bool, Self::Error>;
    /// The live invite that reserves `username` on the caller's host.
    async fn reserved_for(
        &self,
        caller: &Caller,
        username: &Username,
    ) -> Result<Option<InviteId>, Self::Error>;
    /// Counts pending invites among the next `limit` rows of all hosts.
    async fn count_pending(&self, after: i64, limit: i64) -> Result<Vec<PendingRows>, Self::Error>;
}

/// The pending invites that depend on an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dependent {
    /// Password resets for the account, except this one.
    Resets { except: Option<InviteId> },
    /// Invites created by the account.
    InvitesMade,
    /// Those of them that the caller created for the account.
    InvitesMadeByCaller,
}

/// Accounts, as far as claims and members tell about them.
pub(crate) trait AccountRows: TransactionContext {
    /// Revokes at most `limit` pending invites and appends their events. Returns their number.
    async fn revoke_dependent(
        &self,
        caller: &Caller,
        which: Dependent,
        username: &Username,
        limit: u32,
    ) -> Result<u64, Self::Error>;
    /// Marks the claims that created an account, and the member.
    async fn mark_account_deleted(&self, caller: &Caller, username: &Username) -> Result<(), Self::Error>;
    async fn is_account_known(&self, host: &Host, username: &Username) -> Result<bool, Self::Error>;
    async fn is_redeemed_by(&self, id: InviteId, username: &Username) -> Result<bool, Self::Error>;
}

/// A stored claim.
pub(crate) struct StoredClaim {
    pub(crate) invite: InviteId,
    pub(crate) outcome: Option<String>,
    pub(crate) over_use: bool,
    pub(crate) username: Option<String>,
    /// The address that completed it.
    pub(crate) jid: Option<String>,
    /// The row key of the invite, its uses and its limit.
    pub(crate) row_key: i64,
    pub(crate) uses: u32,
    pub(crate) max_uses: Option<u32>,
}

/// The live claims on an invite.
#[derive(Default)]
pub(crate) struct LiveClaimRows {
    pub(crate) count: u32,
    pub(crate) first_ends_at: Option<Timestamp>,
    /// Whether one of them was made under the same preauth grant.
    pub(crate) under_same_grant: bool,
}

/// Claims.
pub(crate) trait ClaimRows: TransactionContext {
    async fn claim(&self, caller: &Caller, id: ClaimId) -> Result<Option<StoredClaim>, Self::Error>;
    /// The live claim under this grant for this username.
    async fn claim_of_grant(
        &self,
        caller: &Caller,
        grant: PreauthGrant,
        username: Option<&Username>,
    ) -> Result<Option<Claim>, Self::Error>;
    /// The live claims with ids above `oldest`, without the one that the new claim replaces.
    async fn live_claims(&self, claim: &NewClaim, oldest: ClaimId) -> Result<LiveClaimRows, Self::Error>;
    /// The number of claims with ids above `since` under this grant.
    async fn count_claims_of_grant(&self, grant: PreauthGrant, since: ClaimId) -> Result<u32, Self::Error>;
    /// The number of failed claims on an invite, and the start of the window in which they are counted.
    async fn failed_claims(&self, invite: InviteId) -> Result<(u32, Timestamp), Self::Error>;
    /// At most [`vestibule_core::MAX_OPEN_CLAIMS`] claims of the caller's host that this service made to create an account, without an
    /// outcome, oldest first.
    async fn open_claims(&self, caller: &Caller, which: OpenClaims) -> Result<Vec<OpenClaim>, Self::Error>;
    /// At most `limit` redemptions of an invite with lower claim ids, newest first.
    async fn redemptions_before(
        &self,
        invite: InviteId,
        before: [u8; 16],
        limit: usize,
    ) -> Result<Vec<PageRow<ClaimId, Redemption>>, Self::Error>;
}

/// The audit log.
pub(crate) trait EventRows: TransactionContext {
    /// At most `limit` events of the caller's host with sequence numbers above `after`, oldest first.
    async fn events_after(
        &self,
        caller: &Caller,
        after: i64,
        limit: usize,
    ) -> Result<Vec<PageRow<i64, Event>>, Self::Error>;
}

/// A request stored under its idempotency key.
pub(crate) struct StoredRequest {
    pub(crate) fingerprint: [u8; 32],
    /// The row key of its first invite; the others follow.
    pub(crate) first_row_key: i64,
    pub(crate) count: i64,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

/// The generated values of an invite: its id, the hash of its token, and the sealed token.
pub(crate) type StoredToken = (InviteId, TokenHash, Vec<u8>);

/// Requests with an idempotency key.
pub(crate) trait RequestRows: TransactionContext {
    async fn request(&self, id: &[u8; 32], since: Timestamp) -> Result<Option<StoredRequest>, Self::Error>;
    /// Replaces an older request with the same id.
    async fn insert_request(&self, id: &[u8; 32], request: &StoredRequest) -> Result<(), Self::Error>;
    /// The tokens of a request, in order of row keys.
    async fn tokens_of_request(&self, request: &StoredRequest) -> Result<Vec<StoredToken>, Self::Error>;
    async fn delete_requests_until(&self, until: Timestamp, limit: i64) -> Result<(), Self::Error>;
}

/// Rows that the purge removes.
pub(crate) trait PurgeRows: TransactionContext {
    /// Takes the lock of the purge; `false` if another process purges.
    async fn try_lock_purge(&self) -> Result<bool, Self::Error>;
    /// Takes the lock of a host; `false` if another process holds it.
    async fn try_lock_host(&self, host_number: i64) -> Result<bool, Self::Error>;
    /// Removes at most `limit` old events of each host. The newest event of a host stays, because new row keys
    /// follow the highest one.
    async fn delete_events_before(&self, before: Timestamp, limit: i64) -> Result<(), Self::Error>;
    /// The first row key of a batch without a new slice since `before`.
    async fn abandoned_batch(&self, before: Timestamp) -> Result<Option<i64>, Self::Error>;
    /// The last row key of a batch in progress.
    async fn batch_end(&self, first_row_key: i64) -> Result<Option<i64>, Self::Error>;
    /// Removes at most `limit` invites in a range of row keys. Returns their number.
    async fn delete_invites_in(&self, from: i64, until: i64, limit: i64) -> Result<u64, Self::Error>;
    /// Ends a batch: its invites become visible.
    async fn delete_batch(&self, first_row_key: i64) -> Result<(), Self::Error>;
    /// The next `limit` invites of all hosts by row key.
    async fn invites_after(&self, after: i64, limit: i64) -> Result<Vec<PageRow<i64, Invite>>, Self::Error>;
    /// Removes failed claims with ids below `before` on these invites.
    async fn delete_failed_claims(
        &self,
        invites: &[InviteId],
        before: ClaimId,
        limit: i64,
    ) -> Result<(), Self::Error>;
    /// The invites with these ids.
    async fn invites_by_id(&self, host_number: i64, ids: &[InviteId]) -> Result<Vec<Invite>, Self::Error>;
    /// Removes invites of a host with their claims, and appends their events.
    async fn delete_invites(&self, host_number: i64, ids: &[InviteId]) -> Result<(), Self::Error>;
}
