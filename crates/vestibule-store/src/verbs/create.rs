//! Creation of invites: the logic that both engines share.

use vestibule_core::{Invite, Kind, NewInvite, Policies, Refusal, Timestamp, Username, UsernameRefusal};

use super::{inviters, rows::InviteRows};
use crate::caller::Caller;

/// The invite that a caller's request makes, under the policy of the host.
pub(crate) fn to_invite(
    new: &NewInvite,
    caller: &Caller,
    policies: &Policies,
    now: Timestamp,
) -> Result<Invite, Refusal> {
    let policy = policies.of(&caller.auth.host);
    let expires_at = inviters::expires_at(&new.draft, caller, &policy, now)?;
    new.draft.check_username(&policy)?;
    Ok(new.clone().into_invite(caller.auth.host.clone(), caller.auth.source.clone(), now, expires_at))
}

/// The usernames that these invites would reserve.
pub(crate) fn reserving(invites: &[NewInvite]) -> impl Iterator<Item = &Username> {
    let reserving = invites.iter().filter(|new| new.draft.kind != Kind::PasswordReset);
    reserving.filter_map(|new| new.draft.username.as_ref())
}

/// Refuses a username that a live invite reserves.
pub(crate) async fn ensure_free<T: InviteRows>(
    tx: &T,
    caller: &Caller,
    username: &Username,
) -> Result<(), T::Error> {
    match tx.reserved_for(caller, username).await? {
        Some(_) => Err(UsernameRefusal::Reserved.into()),
        None => Ok(()),
    }
}

/// Refuses invites whose username a live invite reserves.
pub(crate) async fn ensure_all_free<T: InviteRows>(
    tx: &T,
    caller: &Caller,
    invites: &[NewInvite],
) -> Result<(), T::Error> {
    for username in reserving(invites) {
        ensure_free(tx, caller, username).await?;
    }
    Ok(())
}
