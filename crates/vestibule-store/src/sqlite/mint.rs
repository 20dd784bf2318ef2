//! Minting.

use vestibule_core::{Action, Authority, Invite, NewInvite, Scope, UsernameRefusal};

use super::{
    grant::grant, job::Fault, record::record, reservation::reserved_for, row::insert_invite, session::Session,
};

pub(super) fn mint(
    session: &Session<'_>,
    by: &Authority,
    invites: &[NewInvite],
) -> Result<Vec<Invite>, Fault> {
    let calls = u32::try_from(invites.len()).unwrap_or(u32::MAX);
    let granted = grant(session, by, Scope::InvitesCreate, calls)?;
    let policy = session.shared.options.policies.of(&granted.grant.host).invite_expiry;
    let mut minted = Vec::with_capacity(invites.len());
    for new in invites {
        let expires_at = new.draft.expires_at(session.now, policy)?;
        let (host, source) = (granted.grant.host.clone(), granted.grant.source.clone());
        if let Some(username) = &new.draft.username
            && reserved_for(session, granted.host_number, username)?.is_some()
        {
            return Err(UsernameRefusal::Reserved.into());
        }
        let hash = new.hash;
        let invite = new.clone().into_invite(host, source, session.now, expires_at);
        insert_invite(session, granted.host_number, &invite, hash.as_bytes())?;
        record(session, &granted, Action::InviteCreated, &invite.id.to_string(), None)?;
        minted.push(invite);
    }
    Ok(minted)
}
