//! Members.

use vestibule_core::{ClaimId, MemberDetails, MemberPage, MemberQuery, Scope, Username};

use super::rows::MemberRows;
use crate::caller::Caller;

/// The scope of these verbs.
pub(crate) const SCOPE: Scope = Scope::InvitesRead;

/// Maximum number of claims that one page scans: those of other hosts and those that created no account are skipped.
const MAX_SCAN: usize = 5_000;

/// Number of rows that are read at once.
const CHUNK: usize = 500;

/// The columns of a member, which both engines read in this order.
macro_rules! member_columns {
    () => {
        "c.id, c.username, c.ended_at, c.via, c.account_deleted_at, i.id, i.inviter, i.source"
    };
}
pub(crate) use member_columns;

/// The column after [`member_columns!`]: whether the claim is one of a member.
pub(crate) const IS_MEMBER: usize = 8;

/// The condition that a claim created an account.
macro_rules! created_account {
    () => {
        "c.outcome = 'completed' AND c.username IS NOT NULL AND i.kind IN ('account', 'account-and-contact')"
    };
}
pub(crate) use created_account;

/// Lists members of the caller's host, newest claim first.
pub(crate) async fn list<T: MemberRows>(
    tx: &T,
    caller: &Caller,
    query: MemberQuery,
) -> Result<MemberPage, T::Error> {
    let limit = usize::try_from(query.limit).unwrap_or(usize::MAX).max(1);
    let mut before = query.before.map_or([0xff; 16], ClaimId::to_bytes);
    let mut page = MemberPage::default();
    let mut scanned = 0;
    loop {
        let rows = tx.members_before(caller, before, CHUNK).await?;
        let is_last = rows.len() < CHUNK;
        for (claim, member) in rows {
            if page.items.len() == limit || scanned == MAX_SCAN {
                page.next = Some(ClaimId::from_bytes(before));
                return Ok(page);
            }
            scanned += 1;
            before = claim.to_bytes();
            page.items.extend(member);
        }
        if is_last {
            return Ok(page);
        }
    }
}

/// Finds a member and those it invited.
pub(crate) async fn show<T: MemberRows>(
    tx: &T,
    caller: &Caller,
    username: &Username,
) -> Result<Option<MemberDetails>, T::Error> {
    let Some(member) = tx.member(caller, username).await? else { return Ok(None) };
    let invited = tx.invited_by(caller, username, MemberDetails::MAX_INVITED).await?;
    Ok(Some(MemberDetails { member, invited }))
}
