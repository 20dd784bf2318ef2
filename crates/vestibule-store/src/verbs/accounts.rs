//! Rule 7: invites follow accounts.

use vestibule_core::{AccountChange, Scope, Username};

use super::rows::{AccountRows, Dependent};
use crate::caller::Caller;

/// The scope of [`changed`].
pub(crate) const SCOPE: Scope = Scope::Redeem;

/// Maximum number of invites that one transaction revokes, which keeps it short.
pub(crate) const STEP: u32 = 500;

/// Revokes at most [`STEP`] invites of each kind that depend on an account. Returns their number, and whether more may
/// remain.
pub(crate) async fn changed<T: AccountRows>(
    tx: &T,
    caller: &Caller,
    username: &Username,
    change: AccountChange,
) -> Result<(u64, bool), T::Error> {
    let resets = Dependent::Resets { except: None };
    let mut revoked = tx.revoke_dependent(caller, resets, username, STEP).await?;
    if change.revokes_created_invites() {
        revoked += tx.revoke_dependent(caller, Dependent::InvitesMade, username, STEP).await?;
    }
    if change == AccountChange::Deleted {
        tx.mark_account_deleted(caller, username).await?;
    }
    Ok((revoked, revoked >= u64::from(STEP)))
}
