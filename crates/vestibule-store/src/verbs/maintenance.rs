//! Maintenance over all hosts: purges old rows and counts pending invites.

use std::collections::BTreeMap;

use vestibule_core::{
    ClaimId, Cursor, IDEMPOTENCY_KEY_LIFETIME, InviteId, PendingCounts, PurgeStep, Retention, rules,
};

use super::{
    batch,
    members::MemberRows,
    rows::{InviteRows, PurgeRows, RequestRows},
    sessions::{self, SessionRows},
    tombstones::TombstoneRows,
};
use crate::row_key::host_of;

/// Number of rows that one step of the purge scans: about a millisecond of a writer.
const PURGE_STEP: i64 = 500;

/// Number of rows that one step of the count scans: a few milliseconds of a reader.
const COUNT_STEP: i64 = 20_000;

/// Removes some of the rows that are past their retention.
pub(crate) async fn purge<T: PurgeRows + RequestRows + TombstoneRows + MemberRows + SessionRows>(
    tx: &T,
    keep: Retention,
    from: Option<Cursor>,
) -> Result<PurgeStep, T::Error> {
    if !tx.try_lock_purge().await? {
        return Ok(PurgeStep { removed: 0, next: None });
    }
    let replayable_since = tx.now().minus(IDEMPOTENCY_KEY_LIFETIME);
    tx.delete_requests_until(replayable_since, PURGE_STEP).await?;
    tx.delete_invite_tombstones(tx.now(), PURGE_STEP).await?;
    tx.delete_events_before(keep.events_before, PURGE_STEP).await?;
    sessions::purge(tx, PURGE_STEP).await?;
    if let Some(before) = keep.members_before {
        tx.delete_members_before(ClaimId::lowest(before), PURGE_STEP).await?;
    }
    let has_abandoned_rows = batch::purge(tx).await?;
    // An invite ends after its creation, so this keeps the invites whose request can be repeated.
    let over_before = keep.invites_over_before.min(replayable_since);
    let rows = tx.invites_after(from.map_or(0, |cursor| cursor.0), PURGE_STEP).await?;
    let is_full = i64::try_from(rows.len()) == Ok(PURGE_STEP);
    let last = rows.last().map(|(row_key, _)| Cursor(*row_key)).filter(|_| is_full);
    // Abandoned rows can fill a disk, so they do not wait for the next round.
    let next = last.or_else(|| has_abandoned_rows.then_some(from.unwrap_or(Cursor(0))));
    let mut kept = Vec::new();
    let mut over: BTreeMap<i64, Vec<InviteId>> = BTreeMap::new();
    for (row_key, invite) in rows {
        let Some(invite) = invite else { continue };
        if rules::is_over_since(&invite) < over_before {
            over.entry(host_of(row_key)).or_default().push(invite.id);
        } else {
            kept.push(invite.id);
        }
    }
    tx.delete_failed_claims(&kept, ClaimId::lowest(keep.failed_claims_before), PURGE_STEP).await?;
    let mut removed = 0;
    for (host_number, ids) in over {
        // Does not wait, because the transaction holds locks of other hosts. The next round tries again.
        if !tx.try_lock_host(host_number).await? {
            continue;
        }
        // An invite may have changed before the host was locked.
        let mut ids_over = Vec::with_capacity(ids.len());
        let mut tombstones = Vec::new();
        for invite in tx.invites_by_id(host_number, &ids).await? {
            if rules::is_over_since(&invite) >= over_before {
                continue;
            }
            ids_over.push(invite.id);
            if invite.id.is_imported() && invite.expires_at > tx.now() {
                tombstones.push((invite.id, invite.expires_at));
            }
        }
        tx.delete_invites(host_number, &ids_over).await?;
        if !tombstones.is_empty() {
            tx.insert_invite_tombstones(host_number, &tombstones).await?;
        }
        removed += u32::try_from(ids_over.len()).unwrap_or(u32::MAX);
    }
    Ok(PurgeStep { removed, next })
}

/// Counts pending invites among the next rows of all hosts.
pub(crate) async fn count_pending<T: InviteRows>(
    tx: &T,
    from: Option<Cursor>,
) -> Result<PendingCounts, T::Error> {
    let from = from.map_or(0, |cursor| cursor.0);
    let rows = tx.count_pending(from, COUNT_STEP).await?;
    let last = rows.iter().map(|row| row.last_row_key).fold(from, i64::max);
    let scanned: i64 = rows.iter().map(|row| row.scanned).sum();
    let pending = rows.into_iter().map(|row| (row.host, row.pending)).collect();
    Ok(PendingCounts { pending, next: (scanned == COUNT_STEP).then_some(Cursor(last)) })
}
