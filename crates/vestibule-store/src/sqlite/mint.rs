//! Minting.

use vestibule_core::{Action, IdempotencyKey, Invite, Kind, NewInvite, Principal, Scopes, UsernameRefusal};

use super::{
    account::end_resets,
    grant::{Granted, authorize},
    idempotency,
    job::Fault,
    record::record,
    reservation::reserved_for,
    row::insert_invite,
    session::Session,
};

pub(super) fn mint(
    session: &Session<'_>,
    by: &Principal,
    invites: &[NewInvite],
    idempotency_key: Option<&IdempotencyKey>,
) -> Result<Vec<Invite>, Fault> {
    let needed: Scopes = invites.iter().flat_map(|new| new.draft.needed_scopes().iter()).collect();
    let granted = authorize(session, by, needed)?;
    if let Some(idempotency_key) = idempotency_key
        && let Some(minted) = idempotency::minted_before(session, &granted, invites, idempotency_key)?
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
    if let (Some(idempotency_key), Some(first_place)) = (idempotency_key, first_place) {
        idempotency::remember(session, &granted, &minted, first_place, idempotency_key)?;
    }
    Ok(minted)
}

fn record_minted(session: &Session<'_>, granted: &Granted, invite: &Invite) -> rusqlite::Result<()> {
    record(session, granted, Action::InviteCreated, &invite.id.to_string(), None)
}
