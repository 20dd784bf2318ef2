//! Checks whether an earlier attempt with the same form has succeeded.

use vestibule_core::{Password, PasswordCheck, StoreError, Username};

use crate::pages::invite_context::InviteContext;

/// The state of the account after the registrar refused a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PriorOutcome {
    /// The username redeemed the invite, and the account has this password.
    Done,
    /// The username redeemed the invite, and the account has another password.
    WrongPassword,
    /// Unknown.
    None,
}

/// Checks whether this username redeemed the invite, and then whether the account has this password. The redemption
/// alone proves nothing: somebody else may have redeemed the invite, or the account may have been deleted.
pub(super) async fn find(
    ctx: &InviteContext,
    username: &Username,
    password: &Password,
) -> Result<PriorOutcome, StoreError> {
    let InviteContext { state, invite, .. } = ctx;
    let Some(registrar) = &state.registrar else { return Ok(PriorOutcome::None) };
    if !state.invite_service.store().redeemed_by(invite.id, username).await? {
        return Ok(PriorOutcome::None);
    }
    let limit = &state.in_flight_forms.password_attempts;
    if !limit.admit(invite.id, username, state.invite_service.now()) {
        return Ok(PriorOutcome::None);
    }
    Ok(match registrar.log_in(&invite.host, username, password).await {
        PasswordCheck::Accepted => PriorOutcome::Done,
        PasswordCheck::Rejected => {
            limit.failed(invite.id, username, state.invite_service.now());
            PriorOutcome::WrongPassword
        }
        PasswordCheck::Undetermined => PriorOutcome::None,
    })
}
