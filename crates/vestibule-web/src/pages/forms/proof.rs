//! Proof that what a form asks for is so already.

use vestibule_core::{Authority, InviteId, LogIn, Password, Source, StoreError, Username};

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
    if !redeemed_by(invited, invite.id, username).await? {
        return Ok(Proof::None);
    }
    let limit = &app.underway.wrong_passwords;
    if !limit.admit(invite.id, username, app.desk.now()) {
        return Ok(Proof::None);
    }
    Ok(match registrar.log_in(&invite.host, username, password).await {
        LogIn::Accepted => Proof::Done,
        LogIn::Rejected => {
            limit.failed(invite.id, username, app.desk.now());
            Proof::WrongPassword
        }
        LogIn::Undetermined => Proof::None,
    })
}

/// Whether the invite was redeemed by this username, on whichever way.
async fn redeemed_by(invited: &Invited<'_>, id: InviteId, username: &Username) -> Result<bool, StoreError> {
    let by = Authority::Operator { host: invited.invite.host.clone(), source: Source::service() };
    let found = invited.app.desk.store().invite(&by, id).await?;
    Ok(found.is_some_and(|(_, redemptions)| {
        redemptions.iter().any(|redemption| redemption.username.as_ref() == Some(username))
    }))
}
