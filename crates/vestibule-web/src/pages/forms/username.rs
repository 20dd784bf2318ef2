//! Checks of usernames.

use vestibule_core::{
    CheckRequest, Invite, Principal, Refusal, Source, StoreError, Username, UsernameRefusal,
};

use super::form_error::FormError;
use crate::pages::invite_context::InviteContext;

/// Checks the typed text: a username, or an address at the host of the invite.
pub(super) fn check(invite: &Invite, typed: &str) -> Result<Username, FormError> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(FormError::new("name-empty"));
    }
    let username = Username::parse_at(typed, &invite.host).map_err(|_| FormError::new("name-invalid"))?;
    match &invite.username {
        Some(bound) if *bound != username => {
            Err(FormError::new("name-not-yours").with_username(bound.as_str()))
        }
        _ => Ok(username),
    }
}

/// The reason why this invite cannot take the name, apart from existing accounts: another invite reserves it, or the
/// host forbids it.
pub(super) async fn refusal(
    ctx: &InviteContext,
    username: &Username,
) -> Result<Option<FormError>, StoreError> {
    let InviteContext { state, invite, token, .. } = ctx;
    let by = Principal::Operator { host: invite.host.clone(), source: Source::service() };
    let check =
        CheckRequest { token: token.lookup_key(), username: Some(username.clone()), admitted_at: None };
    match state.invite_service.store().check(&by, check).await {
        Err(StoreError::Refused(Refusal::Username(UsernameRefusal::Forbidden(_)))) => {
            Ok(Some(FormError::new("name-refused")))
        }
        Err(StoreError::Refused(Refusal::Username(_))) => Ok(Some(FormError::new("name-taken"))),
        // The state of the invite is checked elsewhere.
        Ok(_) | Err(StoreError::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The same, also if an account with this name was created with an invite. Other accounts are known only to the XMPP
/// server, which reports them only during a registration.
pub(super) async fn refusal_or_taken(
    ctx: &InviteContext,
    username: &Username,
) -> Result<Option<FormError>, StoreError> {
    if let Some(error) = refusal(ctx, username).await? {
        return Ok(Some(error));
    }
    let known = ctx.state.invite_service.store().account_known(&ctx.invite.host, username).await?;
    Ok(known.then(|| FormError::new("name-taken")))
}
