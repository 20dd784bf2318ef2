//! Members, and whether they may invite.

use vestibule_core::{Action, ClaimId, Member, MemberDetails, MemberPage, MemberQuery, Scope, Username};

use super::{
    accounts::STEP,
    inviters::{InviterRows, address},
    rows::{AccountRows, Dependent, Subject, TransactionContext},
};
use crate::caller::Caller;

/// The scope of [`list`] and [`show`].
pub(crate) const SCOPE: Scope = Scope::InvitesRead;

/// The scope of [`set_may_invite`] and [`revoke_made`].
pub(crate) const MANAGE_SCOPE: Scope = Scope::InvitesManage;

/// Maximum number of members of a branch.
pub(crate) const MAX_BRANCH: u32 = 100_000;

/// Number of members whose invites one transaction revokes.
pub(crate) const REVOKED_MEMBERS: usize = 100;

/// The columns of a member, which both engines read in this order.
macro_rules! member_columns {
    () => {
        "m.claim, m.username, m.joined_at, m.via, m.deleted_at, m.invite, m.inviter, m.source"
    };
}
pub(crate) use member_columns;

/// Accounts that were created with invites.
pub(crate) trait MemberRows: TransactionContext {
    /// At most `limit` members of the caller's host with lower claim ids, newest first, as far as they can be read.
    async fn members_before(
        &self,
        caller: &Caller,
        before: [u8; 16],
        limit: usize,
    ) -> Result<Vec<(ClaimId, Option<Member>)>, Self::Error>;
    /// The newest account with this username on the caller's host, unless it was deleted.
    async fn member(&self, caller: &Caller, username: &Username) -> Result<Option<Member>, Self::Error>;
    /// At most `limit` members that joined with invites of this one, newest first.
    async fn invited_by(
        &self,
        caller: &Caller,
        inviter: &Username,
        limit: u32,
    ) -> Result<Vec<Member>, Self::Error>;
    /// A member, those whom it invited, those whom they invited, and so on; at most `limit`.
    async fn branch(
        &self,
        caller: &Caller,
        username: &Username,
        limit: u32,
    ) -> Result<Vec<Username>, Self::Error>;
    /// Removes at most `limit` members whose claims are older.
    async fn delete_members_before(&self, before: ClaimId, limit: i64) -> Result<(), Self::Error>;
}

/// Lists members of the caller's host, newest claim first.
pub(crate) async fn list<T: MemberRows>(
    tx: &T,
    caller: &Caller,
    query: MemberQuery,
) -> Result<MemberPage, T::Error> {
    let limit = usize::try_from(query.limit).unwrap_or(usize::MAX - 1).max(1);
    let before = query.before.map_or([0xff; 16], ClaimId::to_bytes);
    // One row more than the page shows whether another page follows.
    let rows = tx.members_before(caller, before, limit + 1).await?;
    let next = super::last_if_more(&rows, limit);
    Ok(MemberPage { items: rows.into_iter().take(limit).filter_map(|(_, member)| member).collect(), next })
}

/// Finds a member and those it invited.
pub(crate) async fn show<T: MemberRows + InviterRows>(
    tx: &T,
    caller: &Caller,
    username: &Username,
) -> Result<Option<MemberDetails>, T::Error> {
    let Some(member) = tx.member(caller, username).await? else { return Ok(None) };
    let invited = tx.invited_by(caller, username, MemberDetails::MAX_INVITED).await?;
    let may_invite = !tx.is_stopped(&address(caller, username)).await?;
    Ok(Some(MemberDetails { member, invited, may_invite }))
}

/// Stops an account of the caller's host from inviting, or allows it again. The account may be one that no invite
/// created.
pub(crate) async fn set_may_invite<T: InviterRows>(
    tx: &T,
    caller: &Caller,
    username: &Username,
    may_invite: bool,
) -> Result<(), T::Error> {
    let address = address(caller, username);
    if tx.is_stopped(&address).await? != may_invite {
        return Ok(());
    }
    let action = if may_invite {
        tx.delete_stopped(&address).await?;
        Action::MemberAllowed
    } else {
        tx.insert_stopped(&address).await?;
        Action::MemberStopped
    };
    tx.append_event(caller, action, Subject::Member(username), None).await
}

/// Revokes at most [`STEP`] pending invites of each of these members, at most [`REVOKED_MEMBERS`] members. Returns the
/// number of revoked invites, and the number of members that have none any more.
pub(crate) async fn revoke_made<T: AccountRows>(
    tx: &T,
    caller: &Caller,
    members: &[Username],
) -> Result<(u64, usize), T::Error> {
    let mut revoked = 0;
    for (done, member) in members.iter().take(REVOKED_MEMBERS).enumerate() {
        let more = tx.revoke_dependent(caller, Dependent::InvitesMade, member, STEP).await?;
        revoked += more;
        if revoked >= u64::from(STEP) {
            // This one may have more.
            return Ok((revoked, if more < u64::from(STEP) { done + 1 } else { done }));
        }
    }
    Ok((revoked, members.len().min(REVOKED_MEMBERS)))
}
