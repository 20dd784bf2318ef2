//! Finds out whether the outcome that a form asks for exists already.

use vestibule_core::{Password, PasswordVerdict, StoreError, Username};

use crate::pages::invite_context::InviteContext;

/// What is known of an account that a form asked for and did not get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PriorOutcome {
    /// The invite was redeemed by this name, and the account has this password.
    Done,
    /// The invite was redeemed by this name, and the password is not the account's.
    WrongPassword,
    /// Nothing is known.
    None,
}

/// Looks whether this invite was redeemed by this name, and then whether the password that was typed now is the
/// account's. That somebody redeemed it is no proof: it may have been somebody else, or the account may be gone.
pub(super) async fn find(
    ctx: &InviteContext<'_>,
    username: &Username,
    password: &Password,
) -> Result<PriorOutcome, StoreError> {
    let InviteContext { state, invite, .. } = ctx;
    let Some(registrar) = &state.registrar else { return Ok(PriorOutcome::None) };
    if !state.invite_service.store().redeemed_by(invite.id, username).await? {
        return Ok(PriorOutcome::None);
    }
    let limit = &state.in_flight_forms.wrong_passwords;
    if !limit.admit(invite.id, username, state.invite_service.now()) {
        return Ok(PriorOutcome::None);
    }
    Ok(match registrar.log_in(&invite.host, username, password).await {
        PasswordVerdict::Accepted => PriorOutcome::Done,
        PasswordVerdict::Rejected => {
            limit.failed(invite.id, username, state.invite_service.now());
            PriorOutcome::WrongPassword
        }
        PasswordVerdict::Undetermined => PriorOutcome::None,
    })
}
