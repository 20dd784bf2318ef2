//! Proof that what a form asks for is so already.

use vestibule_core::{Password, PasswordVerdict, StoreError, Username};

use crate::pages::invited::Invited;

/// What is known of an account that a form asked for and did not get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proof {
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
    invited: &Invited<'_>,
    username: &Username,
    password: &Password,
) -> Result<Proof, StoreError> {
    let Invited { app, invite, .. } = invited;
    let Some(registrar) = &app.registrar else { return Ok(Proof::None) };
    if !app.invite_service.store().redeemed_by(invite.id, username).await? {
        return Ok(Proof::None);
    }
    let limit = &app.underway.wrong_passwords;
    if !limit.admit(invite.id, username, app.invite_service.now()) {
        return Ok(Proof::None);
    }
    Ok(match registrar.log_in(&invite.host, username, password).await {
        PasswordVerdict::Accepted => Proof::Done,
        PasswordVerdict::Rejected => {
            limit.failed(invite.id, username, app.invite_service.now());
            Proof::WrongPassword
        }
        PasswordVerdict::Undetermined => Proof::None,
    })
}
