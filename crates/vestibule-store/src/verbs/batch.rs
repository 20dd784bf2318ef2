//! Batches of identical invites, written in slices, between which other transactions run.
//!
//! The first transaction reserves the row keys and marks the batch as in progress; the last one removes the mark.
//! Until then its invites are invisible, also after a crash. An engine runs [`begin`], [`write_slice`] for each slice
//! and [`finish`], each in a transaction of its own, and [`remove`] if one of them fails.

use std::ops::Range;

use vestibule_core::{IdempotencyKey, Invite, NewBatch, NewToken, Refusal, StoredBatch, Timestamp};

use super::{
    idempotency,
    inviters::{self, InviterRows},
    rows::{PurgeRows, RequestRows, TransactionContext, VerbError},
};
use crate::{caller::Caller, row_key::host_of, slices::ABANDONED_AFTER};

/// Maximum number of rows that one transaction removes.
const STEP: i64 = 500;

/// The result of the first transaction.
#[derive(Clone)]
pub(crate) struct Plan {
    /// The fields that the invites have in common; id and token are those of the first.
    pub(crate) invite: Invite,
    pub(crate) first_row_key: i64,
    /// Whether the fields that never differ between new invites are stored once for all of them.
    pub(crate) shares_fields: bool,
}

/// The outcome of the first transaction.
#[expect(clippy::large_enum_variant, reason = "one for a batch of up to 10,000 invites")]
pub(crate) enum Begun {
    /// The same request has been completed before.
    Before(StoredBatch),
    Now(Box<Plan>),
}

/// Rows of batches in progress.
pub(crate) trait BatchRows: TransactionContext {
    /// Reserves row keys and marks them as a batch in progress; returns the first.
    async fn insert_batch(&self, caller: &Caller, count: usize) -> Result<i64, Self::Error>;
    /// Stores labels, data and presentation for all invites of a batch; `false` if each row is to have its own.
    async fn share_fields(&self, first_row_key: i64, invite: &Invite) -> Result<bool, Self::Error>;
    /// Writes invites of a batch from a row key on.
    async fn insert_slice(
        &self,
        caller: &Caller,
        plan: &Plan,
        tokens: &[NewToken],
        row_key: i64,
    ) -> Result<(), Self::Error>;
    /// Records that a batch is still in progress; `false` if nothing was written to it since `alive_since`.
    async fn touch_batch(&self, first_row_key: i64, alive_since: Timestamp) -> Result<bool, Self::Error>;
    /// Appends an event for each invite of a batch.
    async fn append_created_events(
        &self,
        caller: &Caller,
        plan: &Plan,
        tokens: &[NewToken],
    ) -> Result<(), Self::Error>;
}

/// The first transaction: reserves the row keys and writes the last invite.
pub(crate) async fn begin<T: BatchRows + RequestRows + InviterRows>(
    tx: &T,
    caller: &Caller,
    batch: &NewBatch,
    key: Option<&IdempotencyKey>,
) -> Result<Begun, T::Error> {
    if let Some(stored) = before(tx, caller, batch, key).await? {
        return Ok(Begun::Before(stored));
    }
    let count = batch.tokens.len();
    inviters::ensure_count_allowed(tx, caller, &batch.draft, count).await?;
    let policy = tx.policies().of(&caller.auth.host);
    let expires_at = inviters::expires_at(&batch.draft, caller, &policy, tx.now())?;
    let (host, source) = (caller.auth.host.clone(), caller.auth.source.clone());
    let nothing = || Refusal::field("count", "must be at least 1");
    let invite = batch.to_invite(host, source, tx.now(), expires_at).ok_or_else(nothing)?;
    let first_row_key = tx.insert_batch(caller, count).await?;
    let shares_fields = tx.share_fields(first_row_key, &invite).await?;
    let plan = Plan { invite, first_row_key, shares_fields };
    // The highest row key is taken, so the row keys of later invites follow it.
    insert(tx, caller, batch, &plan, count - 1..count).await?;
    Ok(Begun::Now(Box::new(plan)))
}

/// A transaction between the first and the last one.
pub(crate) async fn write_slice<T: BatchRows>(
    tx: &T,
    caller: &Caller,
    batch: &NewBatch,
    plan: &Plan,
    range: Range<usize>,
) -> Result<(), T::Error> {
    touch(tx, plan).await?;
    insert(tx, caller, batch, plan, range).await
}

/// The last transaction: appends the events and makes the invites visible. Returns what an equal request, which was
/// finished first, has created.
pub(crate) async fn finish<T: BatchRows + RequestRows + PurgeRows + InviterRows>(
    tx: &T,
    caller: &Caller,
    batch: &NewBatch,
    plan: &Plan,
    key: Option<&IdempotencyKey>,
) -> Result<Option<StoredBatch>, T::Error> {
    if let Some(stored) = before(tx, caller, batch, key).await? {
        return Ok(Some(stored));
    }
    touch(tx, plan).await?;
    // Its own invites count by now, and those that others made meanwhile.
    inviters::ensure_count_allowed(tx, caller, &batch.draft, 0).await?;
    tx.append_created_events(caller, plan, &batch.tokens).await?;
    if let Some(key) = key {
        idempotency::store(tx, caller, &plan.invite, batch.tokens.len(), plan.first_row_key, key).await?;
    }
    tx.delete_batch(plan.first_row_key).await?;
    Ok(None)
}

/// The batch as it is stored.
pub(crate) fn stored(batch: &NewBatch, plan: &Plan) -> StoredBatch {
    let tokens = batch.tokens.iter().map(|token| (token.id, token.sealed_token.clone())).collect();
    StoredBatch { invite: plan.invite.clone(), tokens }
}

async fn before<T: RequestRows>(
    tx: &T,
    caller: &Caller,
    batch: &NewBatch,
    key: Option<&IdempotencyKey>,
) -> Result<Option<StoredBatch>, T::Error> {
    match key {
        Some(key) => idempotency::batch_created_before(tx, caller, batch, key).await,
        None => Ok(None),
    }
}

/// Prevents the purge from treating the batch as abandoned.
async fn touch<T: BatchRows>(tx: &T, plan: &Plan) -> Result<(), T::Error> {
    let is_alive = tx.touch_batch(plan.first_row_key, tx.now().minus(ABANDONED_AFTER)).await?;
    let late = || T::Error::unavailable("the batch took too long, or the clock has jumped");
    if is_alive { Ok(()) } else { Err(late()) }
}

async fn insert<T: BatchRows>(
    tx: &T,
    caller: &Caller,
    batch: &NewBatch,
    plan: &Plan,
    range: Range<usize>,
) -> Result<(), T::Error> {
    let row_key = plan.first_row_key + i64::try_from(range.start).unwrap_or(i64::MAX);
    tx.insert_slice(caller, plan, &batch.tokens[range], row_key).await
}

/// Removes a part of a batch in progress, whose host is locked; `true` when nothing is left of it.
pub(crate) async fn remove<T: PurgeRows>(tx: &T, first_row_key: i64) -> Result<bool, T::Error> {
    let Some(last_row_key) = tx.batch_end(first_row_key).await? else { return Ok(true) };
    if tx.delete_invites_in(first_row_key, last_row_key, STEP).await? == STEP.unsigned_abs() {
        return Ok(false);
    }
    // The last row reserves the row keys, so it is removed together with the mark.
    tx.delete_invites_in(last_row_key, last_row_key + 1, 1).await?;
    tx.delete_batch(first_row_key).await?;
    Ok(true)
}

/// Removes a part of one abandoned batch; `true` if there may be more to remove.
pub(super) async fn purge<T: PurgeRows>(tx: &T) -> Result<bool, T::Error> {
    let abandoned = tx.abandoned_batch(tx.now().minus(ABANDONED_AFTER)).await?;
    let Some(first_row_key) = abandoned else { return Ok(false) };
    if !tx.try_lock_host(host_of(first_row_key)).await? {
        return Ok(false);
    }
    remove(tx, first_row_key).await?;
    Ok(true)
}
