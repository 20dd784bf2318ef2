//! Minting.

use vestibule_core::{Action, Authority, Invite, Kind, NewInvite, Once, Scopes, UsernameRefusal};

use super::{
    account::end_resets,
    grant::{Granted, authorize},
    job::Fault,
    once,
    record::record,
    reservation::reserved_for,
    row::insert_invite,
    session::Session,
};

pub(super) fn mint(
    session: &Session<'_>,
    by: &Authority,
    invites: &[NewInvite],
    once: Option<&Once>,
) -> Result<Vec<Invite>, Fault> {
    let needed: Scopes = invites.iter().flat_map(|new| new.draft.needed_scopes().iter()).collect();
    let granted = authorize(session, by, needed)?;
    if let Some(once) = once
        && let Some(minted) = once::minted_before(session, &granted, invites, once)?
    {
        granted.take(session, 1)?;
        return Ok(minted);
    }
    granted.take(session, u32::try_from(invites.len()).unwrap_or(u32::MAX))?;
    let policy = session.shared.options.policies.of(&granted.grant.host);
    let mut minted = Vec::with_capacity(invites.len());
    let mut first_place = None;
    for new in invites {
        let expires_at = new.draft.expires_at(session.now, policy)?;
        new.draft.check_username(policy)?;
        if let Some(username) = &new.draft.username {
            if new.draft.kind == Kind::PasswordReset {
                end_resets(session, &granted, username, None)?;
            } else if reserved_for(session, granted.host_number, username)?.is_some() {
                return Err(UsernameRefusal::Reserved.into());
            }
        }
        let hash = new.hash;
        let invite = new.clone().into_invite(
            granted.grant.host.clone(),
            granted.grant.source.clone(),
            session.now,
            expires_at,
        );
        let place = insert_invite(session, granted.host_number, &invite, hash.as_bytes())?;
        first_place.get_or_insert(place);
        record_minted(session, &granted, &invite)?;
        minted.push(invite);
    }
    if let (Some(once), Some(first_place)) = (once, first_place) {
        once::remember(session, &granted, &minted, first_place, once)?;
    }
    Ok(minted)
}

fn record_minted(session: &Session<'_>, granted: &Granted, invite: &Invite) -> rusqlite::Result<()> {
    record(session, granted, Action::InviteCreated, &invite.id.to_string(), None)
}
